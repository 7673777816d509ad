"""A thick oblique slab cut in slices of time: tens of planes of a large pane would hold the event loop for a second."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from viewers.oblique import BLOCK_PIXELS
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Kind, Reduction, Reslicer


class SlabWork:
    """(height, width) `values`, whole once `go_on` has said so; the same as `reduced` of all planes.

    planes: the pane's picture moved through the slab, all oblique to the voxels. Strips of rows are finished one after the
    other, so that nothing but the next strip is held half done.
    """

    def __init__(self, reslicer: Reslicer, planes: Sequence[PaneGeometry], kind: Kind, slab_kind: str) -> None:
        width, height = planes[0].device_size
        dtype = np.int16 if reslicer.voxels.dtype == np.int16 else np.float32
        self.values: npt.NDArray[Any] = np.empty((height, width), dtype=dtype)
        self.is_whole = False
        self._steps = self._cut(reslicer, planes, kind, slab_kind)

    def go_on(self, for_s: float = np.inf) -> bool:
        """Work for about so long; True when the values are whole."""
        end = time.perf_counter() + for_s
        for _ in self._steps:
            if time.perf_counter() >= end:
                return False
        self.is_whole = True
        return True

    def _cut(self, reslicer: Reslicer, planes: Sequence[PaneGeometry], kind: Kind, slab_kind: str) -> Iterator[None]:
        height, width = self.values.shape
        step = max(BLOCK_PIXELS // max(width, 1), 1)
        for top in range(0, height, step):
            rows = range(top, min(top + step, height))
            found = Reduction(slab_kind)
            for plane in planes:
                found.add(reslicer.cut_rows(plane, rows, kind=kind))
                yield
            self.values[rows.start : rows.stop] = found.result()
