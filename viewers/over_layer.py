"""Another image over a slice: cut at the pane's own pixels by place in the patient, whatever the two grids are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from viewers.color_maps import colored
from viewers.image_layer import cut_view
from viewers.overlay import OverItem
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Reslicer


class OverLayer:
    """Keeps values and colours apart: another opacity, map or window never cuts again."""

    def __init__(self) -> None:
        self._reslicer: Reslicer | None = None
        self._values_key: tuple[Any, ...] = ()
        self._values: npt.NDArray[Any] = np.zeros((0, 0), dtype=np.int16)
        self._picture_key: tuple[Any, ...] = ()
        self._picture: npt.NDArray[np.uint32] | None = None

    def picture(
        self, item: OverItem, geometry: PaneGeometry, slab_mm: float = 0.0, kind: str = "max"
    ) -> npt.NDArray[np.uint32]:
        """(height, width) premultiplied ARGB32, clear where the other image has nothing.

        slab_mm: thickness about the plane of which one value is shown: the greatest, the least or the mean (`kind`).
        """
        if self._reslicer is None or self._reslicer.voxels is not item.volume.voxels:
            self._reslicer = Reslicer.of_volume(item.volume)
            self._values_key = ()
        values_key = (geometry.key, item.smooth, slab_mm, kind)
        if values_key != self._values_key:
            self._values = cut_view(self._reslicer, geometry, "linear" if item.smooth else "nearest", slab_mm, kind)
            self._values_key = values_key
            self._picture_key = ()
        picture_key = (item.colors, item.opacity, item.window, item.level)
        if self._picture is None or picture_key != self._picture_key:
            self._picture = colored(self._values, item.colors, item.opacity, item.window, item.level)
            self._picture_key = picture_key
        return self._picture
