"""What this process holds in memory, told apart: for whoever looks for what a long run of the window has gained.

Nothing here runs unless THEATRUM_MONKEY_MEMORY is set; counting takes seconds, for every object of Python's is looked at.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from viewers.below import below

IS_ASKED = bool(os.environ.get("THEATRUM_MONKEY_MEMORY"))
LARGE_BYTES = 1 << 20
OWN = ("app.", "planning.")
# of which a window with one case open has one
ALONE = ("CasePage", "Session", "Document", "LiverModel")
MB = float(1 << 20)
MOST_LINES, MOST_HOLDERS = 14, 60
NO_HOLDERS = ("frame", "list_iterator", "deque_iterator", "module", "type", "ObjectType")


class _Mallinfo2(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """MB by kind of memory, MB of large arrays by owner and shape, and counts of objects by class."""

    mb: dict[str, float]
    arrays_mb: dict[str, float]
    vtk: Counter[str]
    qt: Counter[str]
    python: Counter[str] = field(repr=False)
    doubled: str = ""

    @classmethod
    def now(cls, window: QObject) -> Held:
        """What is held at this moment, after what can go is gone."""
        gc.collect()
        objects = gc.get_objects()
        kinds = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in objects)
        vtk = Counter({name: count for name, count in kinds.items() if name.startswith("vtk")})
        qt = Counter(type(one).__name__ for one in below(window, QObject))
        arrays = _arrays_mb(objects)
        mb = {**_mapped_mb(), **_malloc_mb(), "Python's arenas": _python_mb(), "arrays": sum(arrays.values())}
        mb["vtk's data"] = _vtk_mb(objects)
        return cls(mb, arrays, vtk, qt, kinds, _doubled(objects))

    def text(self) -> str:
        """All kinds of memory in one line."""
        return ", ".join(f"{name} {mb:.0f}" for name, mb in self.mb.items())

    def since(self, before: Held) -> str:
        """What there is more of than before, the largest first."""
        lines = [f"memory MB now: {self.text()}"]
        lines.append(
            "gained: " + ", ".join(f"{name} {self.mb[name] - before.mb.get(name, 0):+.0f}" for name in self.mb)
        )
        more = {name: mb - before.arrays_mb.get(name, 0.0) for name, mb in self.arrays_mb.items()}
        for name, mb in sorted(more.items(), key=lambda pair: -pair[1])[:MOST_LINES]:
            if mb > 0.5:
                lines.append(f"  arrays {mb:+7.1f} MB  {name}")
        for what, now, then in (
            ("vtk", self.vtk, before.vtk),
            ("Qt", self.qt, before.qt),
            ("Python", self.python, before.python),
        ):
            gained = (now - then).most_common(MOST_LINES)
            lines.append(f"  {what}: " + ", ".join(f"{name} +{count}" for name, count in gained))
        return "\n".join((*lines, self.doubled))


def _malloc_mb() -> dict[str, float]:
    ask = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if ask is None:
        return {}
    ask.restype = _Mallinfo2
    told = ask()
    return {
        "live": (told.uordblks + told.hblkhd) / MB,
        "of it mapped": told.hblkhd / MB,
        "free but kept": told.fordblks / MB,
    }


def _mapped_mb() -> dict[str, float]:
    """Resident memory by what it is mapped from."""
    path = Path("/proc/self/smaps")
    if not path.exists():
        return {}
    sizes: Counter[str] = Counter()
    kind = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        head = re.match(r"[0-9a-f]+-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)", line)
        if head:
            name, rights = head[3], head[2]
            if name == "[heap]":
                kind = "heap"
            elif name.startswith("/"):
                kind = "shared files" if re.match(r"/(dev/shm|SYSV|memfd)", name) else "files"
            else:
                kind = "anonymous code" if "x" in rights else "anonymous"
        elif line.startswith("Rss:"):
            sizes["resident"] += int(line.split()[1])
            sizes[kind] += int(line.split()[1])
        elif line.startswith("AnonHugePages:"):
            sizes["huge pages"] += int(line.split()[1])
    return {name: kilobytes / 1024.0 for name, kilobytes in sizes.items()}


def _python_mb() -> float:
    """Arenas of Python's own allocator, which goes past malloc."""
    tell = getattr(sys, "_debugmallocstats", None)
    if tell is None:
        return 0.0
    with tempfile.TemporaryFile() as file:
        sys.stderr.flush()
        own = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            tell()
        finally:
            os.dup2(own, 2)
            os.close(own)
        file.seek(0)
        told = file.read().decode("ascii", "replace")
    found = re.search(r"(\d[\d,]*) arenas \* (\d[\d,]*) bytes/arena", told)
    return int(found[1].replace(",", "")) * int(found[2].replace(",", "")) / MB if found else 0.0


def _arrays_mb(objects: Iterable[object]) -> dict[str, float]:
    """MB of arrays of a megabyte and more by who holds them, each once. Views count for the array whose memory they are."""
    mb: Counter[str] = Counter()
    seen: set[int] = set()
    for owner in objects:
        for part in gc.get_referents(owner):
            if not isinstance(part, np.ndarray):
                continue
            base = part
            while isinstance(base.base, np.ndarray):
                base = base.base
            if base.nbytes < LARGE_BYTES or id(base) in seen:
                continue
            seen.add(id(base))
            beyond = "" if base.base is None else f" of {type(base.base).__name__}"
            mb[f"{_owner(owner)}: {base.dtype} {base.shape}{beyond}"] += base.nbytes / MB
    return dict(mb)


def _doubled(objects: list[object]) -> str:
    """Who holds each of what should be there once and is there more than once."""
    lines = []
    # the wrapper of an object of Qt does not tell the collector of its attributes
    owners = {id(vars(one)): one for one in objects if isinstance(one, QObject)}
    for kind in ALONE:
        there = [one for one in objects if type(one).__name__ == kind and type(one).__module__.startswith(OWN)]
        lines.append(f"  {len(there)} {kind}")
        for one in there if len(there) > 1 else ():
            lines.append(f"    {id(one):x} {type(one).__module__}.{kind}")
            lines += _holders(one, {id(there), id(objects), id(owners)}, owners)
    return "\n".join(lines)


def _holders(one: object, known: set[int], owners: dict[int, object]) -> list[str]:
    """A tree of those who refer to an object, breadth first and up to some size."""
    lines: list[str] = []
    ahead: deque[tuple[object, int]] = deque([(one, 0)])
    known |= {id(lines), id(ahead), id(known)}
    while ahead and len(lines) < MOST_HOLDERS:
        this, depth = ahead.popleft()
        holders = gc.get_referrers(this)
        if id(this) in owners:
            holders.append(owners[id(this)])
        known.add(id(holders))
        for holder in holders:
            if id(holder) in known or type(holder).__name__ in NO_HOLDERS:
                continue
            known.add(id(holder))
            named = (
                ",".join(str(key)[:30] for key, value in holder.items() if value is this)
                if isinstance(holder, dict)
                else ""
            )
            lines.append(
                f"      {depth} {id(holder):x} {type(holder).__qualname__} {getattr(holder, '__qualname__', '')} {named}"
                f" holds {type(this).__qualname__} {id(this):x}"
            )
            ahead.append((holder, depth + 1))
        del holders
    return lines


def _owner(owner: object) -> str:
    """The class of an array's owner; of plain containers and cells with who holds those."""
    names, one = [], owner
    for _ in range(4):
        names.append(type(one).__qualname__)
        if not isinstance(one, dict | tuple | list | set) and type(one).__name__ not in ("cell", "method"):
            break
        holders = [h for h in gc.get_referrers(one) if type(h).__name__ not in ("frame", "list_iterator")]
        holders = [h for h in holders if not (isinstance(h, list) and len(h) > 50_000)]
        if not holders:
            break
        one = holders[0]
    return " in ".join(names)


def _vtk_mb(objects: Iterable[object]) -> float:
    """MB of the data sets and arrays of VTK that Python still knows, arrays of a data set with it."""
    kilobytes = 0
    for one in objects:
        if type(one).__name__ in ("vtkPolyData", "PolyData", "vtkImageData", "ImageData"):
            known: Any = one
            kilobytes += known.GetActualMemorySize()
    return kilobytes / 1024.0
