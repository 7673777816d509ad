"""Makes dist/theatrum: the window and the command line as one folder that runs without Python. `make bundle` calls it.

Steps: PyInstaller by packaging/theatrum.spec, symbols stripped, licence texts and bill of materials added, checks. It ends
with the share of each part. Usage: .venv-installer/bin/python tools/bundle.py [--keep] (--keep: PyInstaller's last folder)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging"), str(ROOT / "tools")]

import bundle_parts  # noqa: E402  (found only once the path is set)
import contents  # noqa: E402
from bundle_asked import loaded_in_a_process, not_carried  # noqa: E402
from bundle_thin import (  # noqa: E402
    drop_descriptions,
    drop_unneeded_libraries,
    elf_files,
    needed,
    shorten_unicode,
    strip,
    thin,
)

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


def needed_from_system(folder: Path) -> set[str]:
    """Names of the libraries that the folder's files load and that do not lie in it."""
    inside = {path.name for path in folder.rglob("*.so*")}
    return needed(elf_files(folder)) - inside


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
    drop_descriptions(internal, {Path(str(package._path)).name for package in packages})  # type: ignore[attr-defined]
    parts = [*bundle_parts.python_parts(packages), *bundle_parts.own_parts(folder)]
    if sys.platform == "linux":
        parts += bundle_parts.system_parts(internal, WORK / "COLLECT-00.toc")
    bundle_parts.write_texts(parts, folder / "licences")
    document = bundle_parts.bill_of_materials(parts, APPLICATION_VERSION, EPOCH)
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (folder / "theatrum.cdx.json").write_text(text, encoding="utf-8")
    inner = sum(part.kind == "inside" for part in parts)
    print(f"{len(parts) - inner} parts of others inside, each with its licence, and {inner} within them")
    asked = {*contents.HIDDEN, *loaded_in_a_process()}
    faults = [f"{name} is asked for and not carried" for name in not_carried(asked, internal, modules)]
    faults += [
        f"VTK's {name} is not known in packaging/inside.py" for name in bundle_parts.unknown_inside_vtk(internal)
    ]
    return [*faults, *bundle_parts.check_parts(parts)]


def main() -> int:
    """Build, strip, add, check, and tell."""
    if "--keep" not in sys.argv[1:]:
        build()
    thin(FOLDER)
    if sys.platform == "linux":
        strip(FOLDER)
        shorten_unicode(FOLDER)
        drop_unneeded_libraries(FOLDER)
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
