"""The grey picture of a pane, kept in two steps: values cut from the volume, then window and level by table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from planning.geometry import Vector
from planning.volume import Volume
from viewers.lut import OUTSIDE, windowed
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Box, Kind, Reslicer, reduced
from viewers.slab_work import SlabWork

# an oblique slice of more pixels takes longer than half a frame (42 ns a pixel)
MOST_QUICK_PIXELS = 200_000
# a slab that takes longer is made in slices of time
AT_ONCE_S = 0.012
# planes of a slab lie this far apart
SLAB_STEP_MM = 0.8


class ImageLayer:
    """Keeps what it made last: a window/level drag never cuts again, a repaint does not even look up."""

    def __init__(self) -> None:
        self.volume: Volume | None = None
        self.reslicer: Reslicer | None = None
        self._values_key: tuple[Any, ...] = ()
        self._values: npt.NDArray[Any] = np.zeros((0, 0), dtype=np.int16)
        self._values_ratio = 1.0
        self._work: tuple[tuple[Any, ...], SlabWork] | None = None
        self._image_key: tuple[Any, ...] = ()
        self._pixels: npt.NDArray[np.uint32] = np.zeros((0, 0), dtype=np.uint32)
        self._image = QImage()

    def set_volume(self, volume: Volume | None) -> None:
        """Another image (or phase)."""
        if volume is self.volume:
            return
        self.volume = volume
        self.reslicer = None if volume is None else Reslicer.of_volume(volume)
        self._values_key, self._image_key, self._work = (), (), None

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
        reslicer = self.reslicer
        if reslicer is None:
            return None
        kind: Kind = "linear" if smooth else "nearest"
        is_oblique = not reslicer.is_straight(geometry)
        values_key = self._key(geometry, kind, slab_mm, slab_kind, SLAB_STEP_MM)
        if quick or not is_oblique or slab_mm <= 0 or values_key == self._values_key:
            self._work = None
        else:
            work = self._slab(values_key, geometry, kind, slab_mm, slab_kind)
            if work.go_on(AT_ONCE_S if later else np.inf):
                self._work = None
                self._take(values_key, work.values, geometry.ratio)
            else:
                quick = True
        if quick and is_oblique:
            width, height = geometry.device_size
            if width * height > MOST_QUICK_PIXELS:
                geometry = replace(geometry, ratio=geometry.ratio / 2)
            values_key = self._key(geometry, kind, slab_mm, slab_kind, 2.0 * SLAB_STEP_MM)
        if values_key != self._values_key:
            step_mm = SLAB_STEP_MM * (2.0 if quick else 1.0)
            self._take(values_key, cut_view(reslicer, geometry, kind, slab_mm, slab_kind, step_mm), geometry.ratio)
        image_key = (values_key, window, level)
        if image_key != self._image_key:
            self._pixels = windowed(self._values, window, level)
            self._image = shared_image(self._pixels, geometry.ratio, QImage.Format.Format_RGB32)
            self._image_key = image_key
        return self._image

    @property
    def is_unfinished(self) -> bool:
        """True while something quicker is shown in the place of the slab that was asked for last."""
        return self._work is not None

    def go_on(self, for_s: float) -> bool:
        """Work on the slab that was asked for last for about so long; True when it can be shown."""
        return self._work is None or self._work[1].go_on(for_s)

    @staticmethod
    def _key(geometry: PaneGeometry, kind: Kind, slab_mm: float, slab_kind: str, step_mm: float) -> tuple[Any, ...]:
        # a slab of fewer planes is another picture, a plane is the same one however it is asked for
        return geometry.key, kind, slab_mm, slab_kind, step_mm if slab_mm > 0 else 0.0

    def _slab(
        self, key: tuple[Any, ...], geometry: PaneGeometry, kind: Kind, slab_mm: float, slab_kind: str
    ) -> SlabWork:
        """The work on a slab; any other one is left where it is."""
        assert self.reslicer is not None
        if self._work is None or self._work[0] != key:
            self._work = key, SlabWork(self.reslicer, slab_planes(geometry, slab_mm), kind, slab_kind)
        return self._work[1]

    def _take(self, key: tuple[Any, ...], values: npt.NDArray[Any], ratio: float) -> None:
        self._values, self._values_ratio, self._values_key = values, ratio, key

    def shown_at(self, place_px: npt.NDArray[np.float64]) -> float | None:
        """The value that is drawn at a screen place, None outside the image."""
        column, row = (int(at) for at in np.floor(np.asarray(place_px) * self._values_ratio))
        height, width = self._values.shape
        if not (0 <= row < height and 0 <= column < width):
            return None
        value = float(self._values[row, column])
        return None if value == OUTSIDE else value

    def value_at(self, position_mm: Vector) -> float | None:
        """The voxel's value at a place, None outside."""
        return None if self.volume is None else self.volume.value_at(position_mm)


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
