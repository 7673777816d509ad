"""The hand's arithmetic in slice panes: thresholds, wheel steps, window/level, zoom. No widgets here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from planning.geometry import FloatArray
from planning.units import parse_number
from viewers.lut import LEAST_WINDOW, window_decimals
from viewers.pane_geometry import PaneGeometry
from viewers.view_state import PaneView, vec

# logical pixels
DRAG_PX, HYSTERESIS_PX = 4.0, 4.0
POINT_HIT_PX, LINE_HIT_PX, PLANE_HIT_PX = 12.0, 7.0, 9.0
WHEEL_NOTCH, TRACKPAD_SLICE_PX = 120, 24
# to the first and last slice
FAST_SLICES, ALL_SLICES = 10, 1_000_000
ZOOM_NOTCH, ZOOM_PER_PX = 1.15, 0.01
WINDOW_PER_PX = 1 / 400
MOST_WINDOW, MOST_LEVEL = 65_000.0, 32_000.0
LEAST_MM_PER_PX, MOST_OF_FIT = 0.01, 4.0
NUDGE_MM, NUDGE_FAST_MM, NUDGE_FINE_MM = 0.25, 1.0, 0.05
NUDGE_BURST_MS = 800
# a key held for longer than this was no press
PEEK_S = 0.4
SNAP_DEG = 5.0


@dataclass(slots=True)
class WheelSteps:
    """Adds up wheel and trackpad movement to whole steps; the rest waits for the next event."""

    per_step: float = WHEEL_NOTCH
    rest: float = field(default=0.0)

    def add(self, amount: float) -> int:
        """Whole steps that are full now. A change of direction drops what waited."""
        if self.rest * amount < 0:
            self.rest = 0.0
        self.rest += amount
        steps = int(self.rest / self.per_step)
        self.rest -= steps * self.per_step
        return steps


@dataclass(slots=True)
class Figures:
    """What is typed while a hand drags: figures fix the amount, Backspace takes the last one away."""

    text: str = ""

    def type(self, typed: str) -> bool:
        """Take one typed sign; False when it is none of a number."""
        if typed == "\b":
            self.text = self.text[:-1]
        elif typed in ("-", "\u2212"):
            # a minus turns the sign whenever it is typed
            self.text = self.text[1:] if self.text.startswith("-") else f"-{self.text}"
        elif typed in tuple("0123456789") or (typed in (".", ",") and not any(mark in self.text for mark in ".,")):
            self.text += typed
        else:
            return False
        return True

    def value(self, unit: str) -> float | None:
        """The number so far, None for none."""
        return parse_number(self.text, unit)


def dragged_window(
    window: float, level: float, dx: float, dy: float, least: float = LEAST_WINDOW
) -> tuple[float, float]:
    """Window and level after a drag: right is wider, up is brighter (a lower level), in proportion to the window.

    least: the narrowest window of the image. Both come as finely as they are told.
    """
    wider = min(max(window * (1.0 + dx * WINDOW_PER_PX), least), MOST_WINDOW)
    raised = min(max(level + dy * window * WINDOW_PER_PX, -MOST_LEVEL), MOST_LEVEL)
    decimals = window_decimals(wider)
    return max(round(wider, decimals), least), float(round(raised, decimals))


def zoomed(geometry: PaneGeometry, factor: float, about: FloatArray, fit_mm_per_px: float) -> PaneView:
    """The pane enlarged by a factor with the place under the hand kept where it is."""
    scale = min(max(geometry.mm_per_px / factor, LEAST_MM_PER_PX), fit_mm_per_px * MOST_OF_FIT)
    anchor = geometry.to_world(about)
    offset = (about - np.array((geometry.width, geometry.height)) / 2) * scale
    center = anchor - offset[0] * geometry.right - offset[1] * geometry.down
    return PaneView(center_mm=vec(center), mm_per_px=scale)


def panned(geometry: PaneGeometry, by_px: FloatArray) -> PaneView:
    """The pane with its picture shifted by logical pixels."""
    shift = by_px * geometry.mm_per_px
    center = geometry.center_mm - shift[0] * geometry.right - shift[1] * geometry.down
    return PaneView(center_mm=vec(center), mm_per_px=geometry.mm_per_px)


def drag_zoom(up_px: float) -> float:
    """Zoom factor of a drag; up enlarges."""
    return math.exp(up_px * ZOOM_PER_PX)


def turn_angle(geometry: PaneGeometry, center_mm: FloatArray, start_mm: FloatArray, now_mm: FloatArray) -> float:
    """Radians about the pane's normal from one place to another as seen from a centre."""
    first, second = start_mm - center_mm, now_mm - center_mm
    return float(np.arctan2(np.cross(first, second) @ geometry.normal, first @ second))


def snapped(angle_rad: float) -> float:
    """The nearest multiple of SNAP_DEG."""
    step = math.radians(SNAP_DEG)
    return round(angle_rad / step) * step
