"""Another image over a slice: cut at the pane's own pixels by place in the patient, whatever the two grids are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from viewers.color_maps import colored
from viewers.cut_values import CutValues
from viewers.overlay import OverItem
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Kind, Reslicer


class OverLayer:
    """Keeps values and colours apart: another opacity, map or window never cuts again."""

    def __init__(self) -> None:
        self.cut = CutValues()
        self._picture_key: tuple[Any, ...] = ()
        self._picture: npt.NDArray[np.uint32] | None = None

    def picture(
        self,
        item: OverItem,
        geometry: PaneGeometry,
        slab_mm: float = 0.0,
        kind: str = "max",
        *,
        quick: bool = False,
        later: bool = False,
    ) -> npt.NDArray[np.uint32]:
        """(height, width) premultiplied ARGB32 at `cut.ratio`, clear where the other image has nothing.

        slab_mm: thickness about the plane of which one value is shown: the greatest, the least or the mean (`kind`).
        quick, later: of `CutValues.cut`.
        """
        reslicer = self.cut.reslicer
        if reslicer is None or reslicer.voxels is not item.volume.voxels:
            self.cut.set_reslicer(Reslicer.of_volume(item.volume))
            self._picture_key = ()
        way: Kind = "linear" if item.smooth else "nearest"
        self.cut.cut(geometry, way, quick=quick, later=later, slab_mm=slab_mm, slab_kind=kind)
        picture_key = (self.cut.key, item.colors, item.opacity, item.window, item.level)
        if self._picture is None or picture_key != self._picture_key:
            self._picture = colored(self.cut.values, item.colors, item.opacity, item.window, item.level)
            self._picture_key = picture_key
        return self._picture
