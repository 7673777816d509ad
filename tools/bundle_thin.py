"""What is taken away from a collected folder, because analysis could not tell that nothing reads it. `bundle.py` calls it."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "packaging"), str(ROOT / "tools")]

import bundle_elf  # noqa: E402  (found only once the path is set)
import bundle_icu  # noqa: E402
import contents  # noqa: E402


def elf_files(folder: Path) -> list[Path]:
    """Every program and library below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in files if _is_elf(path))


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def needed(files: list[Path]) -> set[str]:
    """Names of the libraries that these load when they are loaded."""
    wanted: set[str] = set()
    for start in range(0, len(files), 200):
        told = subprocess.run(
            ["readelf", "-d", *map(str, files[start : start + 200])], capture_output=True, text=True, check=True
        ).stdout
        wanted |= set(re.findall(r"\(NEEDED\).*\[(.+?)\]", told))
    return wanted


def thin(folder: Path) -> None:
    """Take away unwanted files, texts of torch's modules, most of the DICOM standard's tables, and second copies."""
    internal = folder / "_internal"
    languages = _languages()
    for path in sorted(internal.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        place = path.relative_to(internal).as_posix()
        is_text = place.startswith("torch/") and place.endswith(".py")
        if not contents.is_wanted(place, languages) or (is_text and not _is_read(path)):
            path.unlink()
    _shorten_tables(internal / "highdicom" / "_standard")
    if sys.platform == "linux":
        _join_copies(internal)


def _languages() -> list[str]:
    """What the window speaks besides English."""
    return [path.stem.removeprefix("theatrum_") for path in (ROOT / "assets" / "i18n").glob("theatrum_*.qm")]


def _is_read(path: Path) -> bool:
    return contents.READ_AS_TEXT.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def _shorten_tables(folder: Path) -> None:
    """Of the standard's modules only those of the objects that `contents` names; no spaces."""
    kinds = json.loads((folder / "iod_module_map.json").read_text(encoding="utf-8"))
    kept = {module["key"] for kind in kinds if contents.DICOM_KINDS.fullmatch(kind) for module in kinds[kind]}
    for path in folder.glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "module_attribute_map.json":
            told = {module: rows for module, rows in told.items() if module in kept}
        path.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")


def _join_copies(internal: Path) -> None:
    """Two wheels that bring the same library in folders of their own share one file."""
    first: dict[str, Path] = {}
    for path in sorted(internal.glob("*.libs/*.so*")):
        other = first.setdefault(path.name, path)
        if path is not other and not path.is_symlink() and filecmp.cmp(path, other, shallow=False):
            path.unlink()
            path.symlink_to(os.path.relpath(other, path.parent))


def strip(folder: Path) -> None:
    """Take the symbols away that only a debugger needs, but not where that breaks a library, and empty room inside."""
    files = [
        path
        for path in elf_files(folder)
        if not any(word in path.as_posix() for word in contents.NEVER_STRIPPED) and path.parent != folder
    ]

    def one(path: Path) -> None:
        if bundle_elf.has_symbols(path):
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=True, capture_output=True)
        bundle_elf.close_gaps(path)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, files))


def shorten_unicode(folder: Path) -> None:
    """Of Unicode's tables those of our languages; Qt's library holds 190 encodings and all of the world's."""
    for library in (folder / "_internal" / "PySide6" / "Qt" / "lib").glob("libicudata.so.*"):
        bundle_icu.shorten(library, _languages())


def drop_unneeded_libraries(folder: Path) -> None:
    """Libraries of the system and of Qt that only something loads which is not carried: a plugin for another desktop."""
    internal = folder / "_internal"
    places = (internal, internal / "PySide6" / "Qt" / "lib")
    while True:
        wanted = needed(elf_files(folder))
        gone = [
            path
            for place in places
            for path in place.glob("lib*.so*")
            if not path.is_symlink() and path.name not in wanted and not path.name.startswith("libpython")
        ]
        for path in gone:
            path.unlink()
        if not gone:
            break
    for path in internal.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()


def drop_descriptions(internal: Path, kept: Iterable[str]) -> None:
    """Packages' descriptions that nothing asks for, and of the others what only pip reads: licences lie in `licences`."""
    names = set(kept)
    for description in internal.glob("*.dist-info"):
        if description.name not in names:
            shutil.rmtree(description)
            continue
        for path in description.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in ("METADATA", "entry_points.txt", "top_level.txt"):
                path.unlink()
