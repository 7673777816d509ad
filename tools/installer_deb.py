"""Makes dist/theatrum_VERSION_ARCH.deb from dist/theatrum. Usage: .venv-installer/bin/python tools/installer_deb.py"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from installer_files import (
    APPLICATION_VERSION,
    EPOCH,
    FOLDER,
    ROOT,
    require_bundle,
    system_packages,
    write_share,
)

TREE = ROOT / "build" / "deb"
MOST_MB = 400

CONTROL = """\
Package: theatrum
Version: {version}
Architecture: {architecture}
Maintainer: The Theatrum authors <theatrum@localhost>
Installed-Size: {size_kb}
Depends: {depends}
Recommends: libcups2 | libcups2t64, shared-mime-info, desktop-file-utils, hicolor-icon-theme, xdg-utils
Section: science
Priority: optional
Description: surgical planning from a CT: heart, vessels, liver
 Opens a CT, measures what an operation depends on, plans it, and writes a report
 and printable models. Everything runs on this computer, without a network.
 .
 Research use only. Not a medical device. Every number must be checked by a
 physician.
"""


def make_tree() -> None:
    """The package's files in build/deb; the program's own are hard links to the built folder's."""
    if TREE.exists():
        shutil.rmtree(TREE)
    (TREE / "opt").mkdir(parents=True)
    subprocess.run(["cp", "-al", str(FOLDER), str(TREE / "opt" / "theatrum")], check=True)
    (TREE / "usr" / "bin").mkdir(parents=True)
    (TREE / "usr" / "bin" / "theatrum").symlink_to("/opt/theatrum/theatrum")
    write_share(TREE / "usr" / "share")
    papers = TREE / "usr" / "share" / "doc" / "theatrum"
    papers.mkdir(parents=True)
    shutil.copyfile(ROOT / "packaging" / "copyright", papers / "copyright")


def architecture() -> str:
    """As Debian names it."""
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def write_control() -> None:
    """DEBIAN/control and the sums of all files."""
    files = sorted(path for path in TREE.rglob("*") if path.is_file() and not path.is_symlink())
    size_kb = sum(path.stat().st_size for path in files) // 1024
    meta = TREE / "DEBIAN"
    meta.mkdir()
    text = CONTROL.format(
        version=APPLICATION_VERSION,
        architecture=architecture(),
        size_kb=size_kb,
        depends=", ".join(system_packages(FOLDER)),
    )
    (meta / "control").write_text(text, encoding="utf-8")
    sums = (f"{_md5(path)}  {path.relative_to(TREE).as_posix()}\n" for path in files)
    (meta / "md5sums").write_text("".join(sums), encoding="utf-8")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def main() -> int:
    """Make the package and tell its size."""
    require_bundle()
    make_tree()
    write_control()
    target = ROOT / "dist" / f"theatrum_{APPLICATION_VERSION}_{architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(TREE), str(target)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    shutil.rmtree(TREE)
    size_mb = target.stat().st_size / 1e6
    print(f"{size_mb:8.1f} MB  {target.relative_to(ROOT)}   (sudo apt install ./{target.relative_to(ROOT)})")
    if size_mb > MOST_MB:
        print(f"error: {size_mb:.0f} MB, at most {MOST_MB} are allowed", file=sys.stderr)
    return int(size_mb > MOST_MB)


if __name__ == "__main__":
    raise SystemExit(main())
