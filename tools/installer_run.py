"""Makes dist/theatrum-VERSION-ARCH.run from dist/theatrum: a shell script with the packed program after its last line.

gzip, since a small system has neither zstd nor xz. Usage: .venv-installer/bin/python tools/installer_run.py
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bundle import needed_from_system
from installer_files import (
    APPLICATION_VERSION,
    EPOCH,
    ROOT,
    architecture,
    require_bundle,
    system_packages,
    write_share,
)

SCRIPT = ROOT / "packaging" / "installer.sh"
WORK = ROOT / "build" / "run"


def pack(folder: Path, target: Path, level: int = 6) -> None:
    """A tar of the folder's content, gzipped; the same content gives the same bytes."""
    names = sorted(path.name for path in folder.iterdir())
    tar = ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{EPOCH}", "--format=gnu"]
    with target.open("wb") as out:
        packing = subprocess.Popen([*tar, "-cf", "-", "-C", str(folder), *names], stdout=subprocess.PIPE)
        subprocess.run(["gzip", f"-{level}", "-n"], stdin=packing.stdout, stdout=out, check=True)
        if packing.wait():
            raise SystemExit("tar could not pack the program")


def header(values: dict[str, str]) -> bytes:
    """The script with its values; @LINES@ becomes the number of the payload's first line."""
    text = SCRIPT.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text.replace("'@LINES@'", f"'{text.count(chr(10)) + 1}'").encode()


def write_run(folder: Path, target: Path, *, libraries: str, packages: str, version: str = APPLICATION_VERSION) -> None:
    """Pack `folder` into `target` behind the script."""
    payload = target.with_suffix(".tar.gz")
    pack(folder, payload)
    with payload.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size_kb = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) // 1000
    head = header(
        {
            "VERSION": version,
            "BUILD": digest[:8],
            "SHA256": digest,
            "SIZE_KB": str(size_kb),
            "GLIBC": platform.libc_ver()[1],
            "MACHINE": architecture(),
            "LIBRARIES": libraries,
            "PACKAGES": packages,
        }
    )
    with target.open("wb") as out, payload.open("rb") as packed:
        out.write(head)
        shutil.copyfileobj(packed, out, 1 << 20)
    payload.unlink()
    target.chmod(0o755)


def main() -> int:
    """Make the installer and tell its size."""
    folder = require_bundle()
    if WORK.exists():
        shutil.rmtree(WORK)
    WORK.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-al", str(folder), str(WORK)], check=True)
    write_share(WORK / "integration")
    libraries = sorted(name for name in needed_from_system(folder) if not name.startswith("ld-linux"))
    packages = [name.partition(" ")[0] for name in system_packages(folder)]
    target = ROOT / "dist" / f"theatrum-{APPLICATION_VERSION}-{architecture()}.run"
    write_run(WORK, target, libraries=" ".join(libraries), packages=" ".join(packages))
    shutil.rmtree(WORK)
    print(f"{target.stat().st_size / 1e6:8.1f} MB  {target.relative_to(ROOT)}   (sh {target.relative_to(ROOT)})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
