"""Makes dist/theatrum: the window and the command line as one folder that runs without Python. `make bundle` calls it.

Steps: PyInstaller by packaging/theatrum.spec, symbols stripped, licence texts and bill of materials added, checks. It ends
with the share of each part. Usage: .venv-installer/bin/python tools/bundle.py [--keep] (--keep: PyInstaller's last folder)
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging"), str(ROOT / "tools")]

import bundle_parts  # noqa: E402  (found only once the path is set)
import contents  # noqa: E402

from planning.provenance import APPLICATION_VERSION  # noqa: E402

FOLDER, WORK = ROOT / "dist" / "theatrum", ROOT / "build" / "theatrum"
# what was asked of the unpacked program
MOST_MB = 1500
# the time that all files and documents carry, so that two builds of the same sources agree
EPOCH = 1_767_225_600


def build() -> None:
    """Run PyInstaller; its output goes to build/bundle.log."""
    log = ROOT / "build" / "bundle.log"
    log.parent.mkdir(exist_ok=True)
    print(f"Collecting the program (some minutes; told in {log.relative_to(ROOT)})", flush=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--distpath", str(ROOT / "dist")]
    command += ["--workpath", str(ROOT / "build"), str(ROOT / "packaging" / "theatrum.spec")]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(EPOCH), "OPENBLAS_NUM_THREADS": "1"}
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise SystemExit(f"The program could not be collected:\n{tail}")


def elf_files(folder: Path) -> list[Path]:
    """Every program and library below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in files if _is_elf(path))


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def thin(folder: Path) -> None:
    """Take away what analysis could not tell: texts of torch's modules that nothing reads, spaces in a large table."""
    languages = [path.stem.removeprefix("theatrum_") for path in (ROOT / "assets" / "i18n").glob("theatrum_*.qm")]
    for path in sorted((folder / "_internal").rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        place = path.relative_to(folder / "_internal").as_posix()
        is_text = place.startswith("torch/") and place.endswith(".py")
        if not contents.is_wanted(place, languages) or (is_text and not _is_read(path)):
            path.unlink()
    for path in (folder / "_internal" / "highdicom" / "_standard").glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")


def _is_read(path: Path) -> bool:
    return contents.READ_AS_TEXT.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def strip(folder: Path) -> None:
    """Take the symbols away that only a debugger needs, but not where that breaks a library."""
    files = [
        path
        for path in elf_files(folder)
        if not any(word in path.as_posix() for word in contents.NEVER_STRIPPED) and path.parent != folder
    ]

    def one(path: Path) -> None:
        subprocess.run(["strip", "--strip-unneeded", str(path)], check=True, capture_output=True)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, files))


def needed_from_system(folder: Path) -> set[str]:
    """Names of the libraries that the folder's files load and that do not lie in it."""
    files = elf_files(folder)
    inside = {path.name for path in folder.rglob("*.so*")}
    wanted: set[str] = set()
    for start in range(0, len(files), 200):
        told = subprocess.run(
            ["readelf", "-d", *map(str, files[start : start + 200])], capture_output=True, text=True, check=True
        ).stdout
        wanted |= set(re.findall(r"\(NEEDED\).*\[(.+?)\]", told))
    return wanted - inside


def check(folder: Path) -> list[str]:
    """What is wrong with a built folder, as sentences; empty where nothing is."""
    faults = [f"{name} is carried, and must come from the system" for name in _carried_system(folder)]
    faults += [
        f"{name} is needed, not carried and not known as the system's"
        for name in sorted(needed_from_system(folder))
        if not contents.from_the_system(name)
    ]
    faults += [f"{path.name} is under the GPL" for path in folder.rglob("*readline*")]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6
    if size > MOST_MB:
        faults.append(f"{size:.0f} MB, at most {MOST_MB} are allowed")
    return faults


def _carried_system(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*.so*") if ".libs/" not in path.as_posix())
    return sorted(path.name for path in found if contents.from_the_system(path.name))


def shares(folder: Path) -> list[tuple[str, float]]:
    """(part, MB) of what lies in the folder, largest first; a library's `.libs` count to it."""
    sizes: dict[str, float] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            place = path.relative_to(folder).parts
            name = place[1] if place[0] == "_internal" and len(place) > 2 else place[0] if len(place) == 1 else "other"
            name = place[0] if place[0] == "licences" else name.removesuffix(".libs")
            name = "other" if name.endswith(".dist-info") else name
            sizes[name] = sizes.get(name, 0.0) + path.stat().st_size / 1e6
    return sorted(sizes.items(), key=lambda item: -item[1])


def add_papers(folder: Path) -> list[str]:
    """Licence texts, bill of materials, and the packages' descriptions that are not needed taken away. Returns faults."""
    internal = folder / "_internal"
    modules = bundle_parts.archive_modules(WORK / "PYZ-00.toc")
    packages = bundle_parts.carried_packages(internal, modules)
    kept = {Path(str(package._path)).name for package in packages}  # type: ignore[attr-defined]
    for description in internal.glob("*.dist-info"):
        if description.name not in kept:
            shutil.rmtree(description)
    parts = [*bundle_parts.python_parts(packages), *bundle_parts.own_parts(folder)]
    if sys.platform == "linux":
        parts += bundle_parts.system_parts(internal, WORK / "COLLECT-00.toc")
    bundle_parts.write_texts(parts, folder / "licences")
    document = bundle_parts.bill_of_materials(parts, APPLICATION_VERSION, EPOCH)
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (folder / "theatrum.cdx.json").write_text(text, encoding="utf-8")
    print(f"{len(parts)} parts of others inside, each with its licence")
    return bundle_parts.check_parts(parts)


def main() -> int:
    """Build, strip, add, check, and tell."""
    if "--keep" not in sys.argv[1:]:
        build()
    thin(FOLDER)
    if sys.platform == "linux":
        strip(FOLDER)
    faults = add_papers(FOLDER)
    if sys.platform == "linux":
        faults += check(FOLDER)
    listed = shares(FOLDER)
    for name, size_mb in listed[:20]:
        print(f"{size_mb:8.1f} MB  {name}")
    rest = sum(size for _, size in listed[20:])
    print(f"{rest:8.1f} MB  {len(listed[20:])} others\n{sum(size for _, size in listed):8.1f} MB  in all")
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
