"""A structure under the hand: its voxels in an array that changes in place, and who is told which box changed.

While a structure is edited, panes draw it from here and not from the case: a stroke shows at once, and what it changed
costs the pixels of its box however large the scan is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planning.by_hand.strokes import Stroke
from planning.geometry import Grid
from planning.volume import Mask
from viewers.reslice import Reslicer

# what the box is grown by when a change leaves it: at least so many voxels, or this part of its size
GROW_VOXELS, GROW_PART = 16, 0.25
LIVE_FILL = 0.30
Spans = tuple[slice, slice, slice]


class LiveLabel:
    """One structure's voxels for panes and tools. All boxes are slices `[k, j, i]` of the whole grid."""

    def __init__(self, key: str, mask: Mask, color: str) -> None:
        self.key, self.color = key, color
        self.grid: Grid = mask.grid
        self._listeners: list[Callable[[Spans], None]] = []
        # one more with each change
        self.version = 0
        self.load(mask)

    def load(self, mask: Mask) -> None:
        """Begin again from a mask of the same grid; nobody is told."""
        # a voxel wider on all sides: edges at the box's border are drawn as they are within a larger one
        wide = [
            slice(max(box.start - 1, 0), min(box.stop + 1, size))
            for box, size in zip(mask.box_kji, self.grid.shape_kji, strict=True)
        ]
        self._start = (wide[2].start, wide[1].start, wide[0].start)
        self._voxels: npt.NDArray[np.bool_] = box_of(mask, (wide[0], wide[1], wide[2]))
        self._reslicer: Reslicer | None = None
        self.version += 1

    @property
    def reslicer(self) -> Reslicer:
        """Cuts the voxels as they are now."""
        if self._reslicer is None:
            self._reslicer = Reslicer.of_mask(self.mask())
        return self._reslicer

    def mask(self) -> Mask:
        """The voxels as a mask that shares their memory: it changes with them."""
        return Mask(self.grid, self._start, self._voxels)

    def inside(self, spans: Spans) -> npt.NDArray[np.bool_]:
        """Bool of a box, its own copy; False where the structure has never been."""
        found = np.zeros(tuple(s.stop - s.start for s in spans), dtype=bool)
        mine, theirs = self._overlap(spans)
        if mine is not None:
            found[theirs] = self._voxels[mine]
        return found

    def flip(self, spans: Spans, changed: npt.NDArray[np.bool_]) -> None:
        """Turn these voxels of a box over, and tell the panes."""
        self.put(spans, self.inside(spans) ^ changed)

    def put(self, spans: Spans, inside: npt.NDArray[np.bool_]) -> None:
        """Another content of a box, told to the panes."""
        self._hold(spans)
        mine, theirs = self._overlap(spans)
        assert mine is not None
        self._voxels[mine] = inside[theirs]
        self._tell(spans)

    def follow(self, stroke: Stroke, spans: Spans) -> None:
        """What a stroke's last move changed, all of it in this box, told to the panes."""
        if stroke.fresh is None:
            self.put(spans, stroke.after(spans))
            return
        # of a large brush a thin shell: its box is much larger
        self._hold(spans)
        _, wide, long = self.grid.shape_kji
        _, nj, ni = self._voxels.shape
        i, j, k = self._start
        places = stroke.fresh
        places = places + places // long * (ni - long) + places // (long * wide) * ((nj - wide) * ni)
        self._voxels.reshape(-1)[places - ((k * nj + j) * ni + i)] = not stroke.erase
        self._tell(spans)

    def _tell(self, spans: Spans) -> None:
        self.version += 1
        for listener in tuple(self._listeners):
            listener(spans)

    def become(self, mask: Mask) -> None:
        """Another shape, e.g. after undo; only the box that differs is told."""
        spans = differing(self.mask(), mask)
        if spans is not None:
            self.flip(spans, self.inside(spans) ^ box_of(mask, spans))

    def subscribe(self, listener: Callable[[Spans], None]) -> Callable[[], None]:
        """Be told of every changed box; call the answer to be left alone."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def _overlap(self, spans: Spans) -> tuple[Spans | None, Spans]:
        """(slices of the own array, slices of an array of the box) that mean the same voxels."""
        mine, theirs = [], []
        for axis, span in enumerate(spans):
            start = self._start[2 - axis]
            low, high = max(span.start, start), min(span.stop, start + self._voxels.shape[axis])
            if high <= low:
                return None, spans
            mine.append(slice(low - start, high - start))
            theirs.append(slice(low - span.start, high - span.start))
        return (mine[0], mine[1], mine[2]), (theirs[0], theirs[1], theirs[2])

    def _hold(self, spans: Spans) -> None:
        """Make the array large enough for a box."""
        low, high, fits = [], [], True
        for axis, span in enumerate(spans):
            start, size, whole = self._start[2 - axis], self._voxels.shape[axis], self.grid.shape_kji[axis]
            fits &= start <= span.start and span.stop <= start + size
            room = max(GROW_VOXELS, round(GROW_PART * size))
            low.append(start if span.start >= start else max(span.start - room, 0))
            high.append(start + size if span.stop <= start + size else min(span.stop + room, whole))
        if fits:
            return
        grown = np.zeros(tuple(b - a for a, b in zip(low, high, strict=True)), dtype=bool)
        at = tuple(
            slice(self._start[2 - axis] - low[axis], self._start[2 - axis] - low[axis] + self._voxels.shape[axis])
            for axis in range(3)
        )
        grown[at] = self._voxels
        self._start, self._voxels, self._reslicer = (low[2], low[1], low[0]), grown, None


def box_of(mask: Mask, spans: Spans) -> npt.NDArray[np.bool_]:
    """Bool of a box of a mask's grid."""
    found = np.zeros(tuple(s.stop - s.start for s in spans), dtype=bool)
    mine, theirs = [], []
    for span, box in zip(spans, mask.box_kji, strict=True):
        low, high = max(span.start, box.start), min(span.stop, box.stop)
        if high <= low:
            return found
        mine.append(slice(low - box.start, high - box.start))
        theirs.append(slice(low - span.start, high - span.start))
    found[tuple(theirs)] = mask.voxels[tuple(mine)]
    return found


def differing(first: Mask, second: Mask) -> Spans | None:
    """The smallest box in which two masks of one grid differ, None when they are equal."""
    boxes = [
        slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(first.box_kji, second.box_kji, strict=True)
    ]
    whole: Spans = (boxes[0], boxes[1], boxes[2])
    return shrunk(whole, box_of(first, whole) ^ box_of(second, whole))


def shrunk(spans: Spans, changed: npt.NDArray[np.bool_]) -> Spans | None:
    """The smallest box round the True voxels of a box, None when there are none."""
    found = []
    for axis, span in enumerate(spans):
        hit = np.flatnonzero(changed.any(axis=tuple(a for a in range(3) if a != axis)))
        if not hit.size:
            return None
        found.append(slice(span.start + int(hit[0]), span.start + int(hit[-1]) + 1))
    return found[0], found[1], found[2]
