"""A vessel's sheet in a strip pane: laid straight, or curved as it runs and rolled out flat; pixels ↔ patient both ways."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from planning.centerline import Centerline
from planning.geometry import FloatArray
from planning.vessel.reformat import Straightened, Stretched
from planning.volume import Volume

# a first look at how high the curved sheet is
COARSE_MM = 2.0


class Sheet(Protocol):
    """`rect`: where the picture lies in the pane, in logical pixels."""

    @property
    def rect(self) -> QRectF: ...
    def picture(self, volume: Volume) -> npt.NDArray[np.int16]: ...
    def to_world(self, x: float, y: float) -> FloatArray: ...
    def to_screen(self, points_mm: npt.ArrayLike) -> tuple[FloatArray, FloatArray]: ...


class StraightSheet:
    """Along the vessel to the right over the whole plot, across it upwards from −half_mm to half_mm."""

    def __init__(self, line: Centerline, plot: QRectF, half_mm: float, turn_deg: float, ratio: float) -> None:
        self.rect = plot
        self._size = (max(round(plot.width() * ratio), 2), max(round(plot.height() * ratio), 2))
        self._map = Straightened.of(line, *self._size, half_width_mm=half_mm, turn_deg=turn_deg)

    def picture(self, volume: Volume) -> npt.NDArray[np.int16]:
        """(height, width) values at the plot's device pixels."""
        return np.asarray(np.rint(self._map.sampled(volume)[::-1]), dtype=np.int16)

    def to_world(self, x: float, y: float) -> FloatArray:
        """(3,) LPS mm of a place in the pane."""
        columns, rows = self._size
        column = (x - self.rect.left()) / self.rect.width() * (columns - 1)
        row = (self.rect.bottom() - y) / self.rect.height() * (rows - 1)
        return self._map.to_world((row, column))

    def to_screen(self, points_mm: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """(N, 2) places in the pane of (N, 3) points, and (N,) how far each lies off the sheet in mm."""
        columns, rows = self._size
        at, off = self._map.to_pixel(np.asarray(points_mm, dtype=np.float64).reshape(-1, 3))
        x = self.rect.left() + at[:, 1] / (columns - 1) * self.rect.width()
        y = self.rect.bottom() - at[:, 0] / (rows - 1) * self.rect.height()
        return np.stack([x, y], axis=1), off


class CurvedSheet:
    """The vessel with its bends, lengths along it kept, one scale both ways; as large as the plot holds.

    Raises MeasurementError where the vessel runs straight away from this view.
    """

    def __init__(self, line: Centerline, plot: QRectF, half_mm: float, turn_deg: float, ratio: float) -> None:
        coarse = Stretched.of(line, turn_deg=turn_deg, pixel_mm=COARSE_MM, margin_mm=half_mm)
        length, height = float(coarse.flat_mm[-1]), coarse.rows * COARSE_MM
        self.mm_per_px = max(length / max(plot.width(), 1.0), height / max(plot.height(), 1.0))
        self._pixel_mm = self.mm_per_px / ratio
        self._map = Stretched.of(line, turn_deg=turn_deg, pixel_mm=self._pixel_mm, margin_mm=half_mm)
        self._ratio = ratio
        wide, high = len(self._map.flat_mm) / ratio, self._map.rows / ratio
        self.rect = QRectF(plot.center().x() - wide / 2, plot.center().y() - high / 2, wide, high)

    def picture(self, volume: Volume) -> npt.NDArray[np.int16]:
        """(height, width) values at the picture's device pixels."""
        return np.asarray(np.rint(self._map.sampled(volume)[::-1]), dtype=np.int16)

    def to_world(self, x: float, y: float) -> FloatArray:
        """(3,) LPS mm of a place in the pane."""
        column = (x - self.rect.left()) * self._ratio - 0.5
        row = (self.rect.bottom() - y) * self._ratio - 0.5
        return self._map.to_world((row, column))

    def to_screen(self, points_mm: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """(N, 2) places in the pane of (N, 3) points, and (N,) how far each lies off the sheet in mm."""
        at, off = self._map.to_pixel(np.asarray(points_mm, dtype=np.float64).reshape(-1, 3))
        x = self.rect.left() + (at[:, 1] + 0.5) / self._ratio
        y = self.rect.bottom() - (at[:, 0] + 0.5) / self._ratio
        return np.stack([x, y], axis=1), off
