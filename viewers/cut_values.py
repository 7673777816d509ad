"""The values that a pane shows of one image: cut anew only where other ones are asked for, thick slabs in slices of time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Kind, Reslicer, reduced
from viewers.slab_work import SlabWork

# an oblique slice of more pixels takes longer than half a frame (42 ns a pixel)
MOST_QUICK_PIXELS = 200_000
# a slab that takes longer is made in slices of time
AT_ONCE_S = 0.012
# planes of a slab lie this far apart
SLAB_STEP_MM = 0.8
Key = tuple[Any, ...]


class CutValues:
    """values: (height, width) at `ratio` device pixels a logical one. key: equal for equal values."""

    def __init__(self) -> None:
        self.reslicer: Reslicer | None = None
        self.forget()

    def forget(self) -> None:
        """Let go of what was cut."""
        self.key: Key = ()
        self.values: npt.NDArray[Any] = np.zeros((0, 0), dtype=np.int16)
        self.ratio = 1.0
        self._work: tuple[Key, SlabWork] | None = None

    def set_reslicer(self, reslicer: Reslicer | None) -> None:
        """Another image."""
        self.reslicer = reslicer
        self.forget()

    def cut(
        self,
        geometry: PaneGeometry,
        kind: Kind,
        *,
        quick: bool = False,
        later: bool = False,
        slab_mm: float = 0.0,
        slab_kind: str = "max",
    ) -> None:
        """Values of the pane's plane, or of a slab about it, at the pane's device pixels.

        quick: a large oblique picture is cut at half the resolution, a slab at half its planes (while the plane moves). later:
        a slab that takes long is cut so until `go_on` has made it whole.
        """
        reslicer = self.reslicer
        assert reslicer is not None
        is_oblique = not reslicer.is_straight(geometry)
        key = _key(geometry, kind, slab_mm, slab_kind, SLAB_STEP_MM)
        if quick or not is_oblique or slab_mm <= 0 or key == self.key:
            self._work = None
        else:
            work = self._slab(reslicer, key, geometry, kind, slab_mm, slab_kind)
            if work.go_on(AT_ONCE_S if later else np.inf):
                self._work = None
                self._take(key, work.values, geometry.ratio)
            else:
                quick = True
        if quick and is_oblique:
            width, height = geometry.device_size
            if width * height > MOST_QUICK_PIXELS:
                geometry = replace(geometry, ratio=geometry.ratio / 2)
            key = _key(geometry, kind, slab_mm, slab_kind, 2.0 * SLAB_STEP_MM)
        if key != self.key:
            step_mm = SLAB_STEP_MM * (2.0 if quick else 1.0)
            self._take(key, cut_view(reslicer, geometry, kind, slab_mm, slab_kind, step_mm), geometry.ratio)

    @property
    def is_unfinished(self) -> bool:
        """True while something quicker stands in the place of the slab that was asked for last."""
        return self._work is not None

    def go_on(self, for_s: float) -> bool:
        """Work on the slab that was asked for last for about so long; True when it can be shown."""
        return self._work is None or self._work[1].go_on(for_s)

    def _slab(
        self, reslicer: Reslicer, key: Key, geometry: PaneGeometry, kind: Kind, slab_mm: float, slab_kind: str
    ) -> SlabWork:
        """The work on a slab; any other one is left where it is."""
        if self._work is None or self._work[0] != key:
            self._work = key, SlabWork(reslicer, slab_planes(geometry, slab_mm), kind, slab_kind)
        return self._work[1]

    def _take(self, key: Key, values: npt.NDArray[Any], ratio: float) -> None:
        self.key, self.values, self.ratio = key, values, ratio


def _key(geometry: PaneGeometry, kind: Kind, slab_mm: float, slab_kind: str, step_mm: float) -> Key:
    # a slab of fewer planes is another picture, a plane is the same one however it is asked for
    return geometry.key, kind, slab_mm, slab_kind, step_mm if slab_mm > 0 else 0.0


def cut_view(
    reslicer: Reslicer,
    geometry: PaneGeometry,
    kind: Kind,
    slab_mm: float,
    slab_kind: str,
    step_mm: float = SLAB_STEP_MM,
) -> npt.NDArray[Any]:
    """(height, width) values of a pane's plane, or of a slab about it where `slab_mm` is above 0."""
    if slab_mm <= 0:
        return reslicer.cut(geometry, kind=kind)
    straight = reslicer.cut_slab(geometry, slab_mm, slab_kind, smooth=kind == "linear")
    if straight is not None:
        return straight
    return reduced((reslicer.cut(at, kind=kind) for at in slab_planes(geometry, slab_mm, step_mm)), slab_kind)


def slab_planes(geometry: PaneGeometry, slab_mm: float, step_mm: float = SLAB_STEP_MM) -> list[PaneGeometry]:
    """The pane's picture moved through a slab about its plane, from one face to the other."""
    count = max(round(slab_mm / step_mm), 1) + 1
    offsets = np.linspace(-slab_mm / 2, slab_mm / 2, count)
    return [replace(geometry, center_mm=geometry.center_mm + offset * geometry.normal) for offset in offsets]
