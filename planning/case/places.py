"""Where a case lies: on this machine's own disk, or on another machine's."""

from __future__ import annotations

import sys
from pathlib import Path

NETWORK_KINDS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smb2",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "davfs",
        "ncpfs",
        "lustre",
        "beegfs",
    }
    | {f"fuse.{kind}" for kind in ("glusterfs", "sshfs", "davfs", "rclone", "smbnetfs")}
)
MOUNTS = Path("/proc/self/mounts")


def is_network(path: Path) -> bool:
    """True for a file on a share, as far as the system tells (Linux: its table of mounts; Windows: names and drives)."""
    place = path.resolve()
    if sys.platform == "win32":
        import ctypes

        remote_drive = 4
        root = place.anchor
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == remote_drive
    try:
        table = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return _kind_at(str(place), table) in NETWORK_KINDS


def _kind_at(place: str, table: str) -> str:
    """The kind of the innermost mount that holds a place; of two at the same place the later one."""
    longest, kind = -1, ""
    for line in table.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= longest:
            longest, kind = len(point), parts[2]
    return kind
