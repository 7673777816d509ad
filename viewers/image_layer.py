"""The grey picture of a pane, kept in two steps: values cut from the volume, then window and level by table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from planning.geometry import Vector
from planning.volume import Volume
from viewers.cut_values import CutValues
from viewers.lut import OUTSIDE, windowed
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Box, Reslicer


class ImageLayer:
    """Keeps what it made last: a window/level drag never cuts again, a repaint does not even look up."""

    def __init__(self) -> None:
        self.volume: Volume | None = None
        self.cut = CutValues()
        self._image_key: tuple[Any, ...] = ()
        self._pixels: npt.NDArray[np.uint32] = np.zeros((0, 0), dtype=np.uint32)
        self._image = QImage()

    def set_volume(self, volume: Volume | None) -> None:
        """Another image (or phase)."""
        if volume is self.volume:
            return
        self.volume = volume
        self.cut.set_reslicer(None if volume is None else Reslicer.of_volume(volume))
        self._image_key = ()

    @property
    def reslicer(self) -> Reslicer | None:
        """What cuts the image, None without one."""
        return self.cut.reslicer

    def image(
        self,
        geometry: PaneGeometry,
        window: float,
        level: float,
        *,
        smooth: bool,
        quick: bool = False,
        later: bool = False,
        slab_mm: float = 0.0,
        slab_kind: str = "max",
    ) -> QImage | None:
        """The picture at the pane's device pixels, None without a volume.

        slab_mm: over this thickness about the plane the greatest ("max"), least ("min") or "mean" value. quick: a large
        oblique picture is cut at half the resolution, a slab at half its planes (while the plane moves). later: a slab that
        takes long is shown so until `go_on` has made it whole.
        """
        if self.reslicer is None:
            return None
        self.cut.cut(
            geometry,
            "linear" if smooth else "nearest",
            quick=quick,
            later=later,
            slab_mm=slab_mm,
            slab_kind=slab_kind,
        )
        image_key = (self.cut.key, window, level)
        if image_key != self._image_key:
            self._pixels = windowed(self.cut.values, window, level)
            self._image = shared_image(self._pixels, self.cut.ratio, QImage.Format.Format_RGB32)
            self._image_key = image_key
        return self._image

    def shown_at(self, place_px: npt.NDArray[np.float64]) -> float | None:
        """The value that is drawn at a screen place, None outside the image."""
        column, row = (int(at) for at in np.floor(np.asarray(place_px) * self.cut.ratio))
        height, width = self.cut.values.shape
        if not (0 <= row < height and 0 <= column < width):
            return None
        value = float(self.cut.values[row, column])
        return None if value == OUTSIDE else value

    def value_at(self, position_mm: Vector) -> float | None:
        """The voxel's value at a place, None outside."""
        return None if self.volume is None else self.volume.value_at(position_mm)


def shared_image(pixels: npt.NDArray[np.uint32], ratio: float, layout: QImage.Format) -> QImage:
    """A QImage over the memory of (height, width) pixels; the array must live as long as the image."""
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, layout)
    image.setDevicePixelRatio(ratio)
    return image


def shared_part(
    pixels: npt.NDArray[np.uint32], box: Box, ratio: float, layout: QImage.Format
) -> tuple[QPointF, QImage]:
    """(where it is drawn, a QImage over the memory) of a box of device pixels of a whole (height, width) picture."""
    left, top, right, bottom = box
    width = pixels.shape[1]
    flat = pixels.reshape(-1)[top * width + left : (bottom - 1) * width + right]
    image = QImage(flat.data, right - left, bottom - top, 4 * width, layout)
    image.setDevicePixelRatio(ratio)
    return QPointF(left / ratio, top / ratio), image
