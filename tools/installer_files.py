"""What every Linux installer adds to the built folder: menu entries, file types, icons; and names that both makers use."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "packaging")]

from bundle import EPOCH, FOLDER, needed_from_system  # noqa: E402
from installer_icons import write_hicolor  # noqa: E402

from planning.provenance import APPLICATION_VERSION  # noqa: E402

__all__ = [
    "APPLICATION_VERSION",
    "EPOCH",
    "FOLDER",
    "ROOT",
    "architecture",
    "require_bundle",
    "system_packages",
    "write_share",
]

DESKTOP_FILES = ("org.theatrum.Theatrum.desktop", "org.theatrum.Theatrum.Folder.desktop")
# loaded by name while the program runs, so that no file tells of them: the software driver, its loader, the pointers'
# pictures that VTK asks for at its first window, a font for signs that the program's own font lacks
BY_NAME = ("libgl1", "libegl1", "libgl1-mesa-dri", "libxcursor1", "fonts-dejavu-core | fonts-liberation")


def require_bundle() -> Path:
    """The built folder. Ends with a sentence where there is none."""
    if not (FOLDER / "theatrum").is_file():
        raise SystemExit("There is no dist/theatrum. Make it first: make bundle")
    return FOLDER


def architecture() -> str:
    """As the kernel names it, for file names."""
    return platform.machine()


def write_share(share: Path) -> None:
    """applications/, mime/packages/ and icons/ below a `share` folder."""
    applications, types = share / "applications", share / "mime" / "packages"
    for folder in (applications, types):
        folder.mkdir(parents=True, exist_ok=True)
    for name in DESKTOP_FILES:
        shutil.copyfile(ROOT / "packaging" / name, applications / name)
    shutil.copyfile(ROOT / "packaging" / "theatrum-mime.xml", types / "theatrum.xml")
    write_hicolor(share / "icons")


def system_packages(folder: Path) -> list[str]:
    """The Debian packages that the folder's files need, as a package's Depends names them, sorted."""
    found = set(BY_NAME)
    for library in needed_from_system(folder):
        if library.startswith("ld-linux"):
            continue
        path = _place(library)
        told = ""
        for candidate in (path, path.resolve(), Path("/usr") / str(path.resolve()).lstrip("/")):
            done = subprocess.run(["dpkg", "-S", str(candidate)], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                told = done.stdout.partition(":")[0]
                break
        if not told:
            raise SystemExit(f"No package of this system holds {library}")
        plain = told.removesuffix("t64")
        # newer releases added t64 to the names of some libraries; either may be there
        found.add(_versioned(plain) if plain in _LEAST else f"{plain} | {plain}t64" if plain in _RENAMED else plain)
    return sorted(found)


_RENAMED = ("libglib2.0-0", "libcups2", "libssl3", "libpng16-16")
_LEAST = {"libstdc++6": "12", "libc6": ""}


def _versioned(package: str) -> str:
    least = _LEAST[package] or platform.libc_ver()[1]
    return f"{package} (>= {least})"


def _place(library: str) -> Path:
    told = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    for line in told.splitlines():
        name, _, rest = line.strip().partition(" ")
        if name == library and ("x86-64" in rest or "AArch64" in rest):
            return Path(rest.rpartition("=> ")[2])
    raise SystemExit(f"{library} is needed and not on this computer; see tools/setup.sh for the system's libraries")
