"""The hand that paints, cuts and points in a slice: brush strokes, outlines of scissors, single places.

Whoever edits gives panes a `PaintHand`; the drags here tell it what the mouse does and never touch view or crosshair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import Qt

from planning.geometry import FloatArray, Vector
from viewers.drags import Bench, Drag
from viewers.gestures import DRAG_PX
from viewers.overlay import PathItem
from viewers.pane_geometry import PaneGeometry

if TYPE_CHECKING:
    from viewers.overlay import PlanItem

PAINT, SCISSORS, SPOT = "paint", "scissors", "spot"
PAINT_TOOLS = (PAINT, SCISSORS, SPOT)
LEAST_BRUSH_MM, MOST_BRUSH_MM = 0.2, 200.0
# below so many voxels the brush grows by one voxel a step, above by a tenth
FEW_VOXELS, LARGER = 10, 1.1
# corners of an outline nearer to each other tell nothing new
OUTLINE_STEP_PX = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where the hand is: the pane's name, its plane and scale, and the place in LPS mm."""

    pane: str
    geometry: PaneGeometry
    position_mm: Vector


class PaintHand(Protocol):
    """What edits a structure by the hand's gestures. Places are LPS mm."""

    @property
    def cuts_by_corners(self) -> bool:
        """True when scissors take corner after corner, False when the outline follows the hand."""

    @property
    def is_drawing(self) -> bool:
        """True from `begin` on, until the stroke is finished, cancelled or dropped by the editor itself."""

    def begin(self, spot: Spot, turned: bool) -> bool:
        """A stroke begins; turned: Ctrl asks for the contrary. False when nothing can be painted (the reason is said)."""

    def extend(self, spot: Spot) -> None:
        """The stroke goes on in a straight line to here."""

    def finish(self) -> None:
        """The stroke is done: it becomes one step."""

    def cancel(self) -> None:
        """Esc: as if the stroke had never been."""

    def cut(self, spot: Spot, outline_mm: FloatArray, keeps: bool) -> None:
        """Scissors went round (N, 3) places on a pane's plane; keeps: what lies outside goes instead."""

    def touch(self, spot: Spot) -> None:
        """A click that points to something, e.g. an island."""

    def pick(self, spot: Spot) -> None:
        """Ctrl+Shift+click: take the value here."""


class PaintBench(Bench, Protocol):
    """A pane that can be painted in."""

    @property
    def paint_hand(self) -> PaintHand | None: ...


def stepped_brush_mm(brush_mm: float, voxel_mm: float, steps: int) -> float:
    """Another brush diameter: ± 1 voxel below ten voxels, else ± 10 %."""
    size = brush_mm
    for _ in range(abs(steps)):
        is_small = size < FEW_VOXELS * voxel_mm - 1e-6 or (steps < 0 and size <= FEW_VOXELS * voxel_mm + 1e-6)
        if steps > 0:
            size = size + voxel_mm if is_small else size * LARGER
        else:
            size = size - voxel_mm if is_small else max(size / LARGER, FEW_VOXELS * voxel_mm)
    return float(min(max(size, max(LEAST_BRUSH_MM, voxel_mm / 2)), MOST_BRUSH_MM))


class _HandDrag(Drag):
    """A drag that tells a PaintHand."""

    on_slice = True

    def __init__(self, bench: PaintBench, place: FloatArray, hand: PaintHand) -> None:
        super().__init__(bench, place)
        self.hand = hand

    def spot(self, place: FloatArray) -> Spot:
        """What the hand says of a screen place."""
        return Spot(self.bench.pane_name, self.geometry, self.geometry.to_world(place))


class PaintDrag(_HandDrag):
    """A brush stroke. Ctrl at the press turns painting into erasing and back."""

    def __init__(self, bench: PaintBench, place: FloatArray, hand: PaintHand, keys: Qt.KeyboardModifier) -> None:
        super().__init__(bench, place, hand)
        self.turned = bool(keys & Qt.KeyboardModifier.ControlModifier)
        self.paints = hand.begin(self.spot(place), self.turned)

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        if self.paints:
            self.hand.extend(self.spot(place))

    def finish(self, place: FloatArray) -> None:
        if self.paints:
            self.hand.finish()

    def cancel(self) -> None:
        if self.paints:
            self.hand.cancel()


class CutOutDrag(_HandDrag):
    """An outline for scissors: it follows the hand, or takes one corner a press. Shift while drawing keeps the inside."""

    def __init__(self, bench: PaintBench, place: FloatArray, hand: PaintHand, begun: tuple[Vector, ...]) -> None:
        super().__init__(bench, place, hand)
        self.by_corners = hand.cuts_by_corners
        self.places_mm: list[Vector] = [*(begun if self.by_corners else ()), self.geometry.to_world(place)]
        self.keeps, self._last = False, place
        # corners that wait for more
        self.kept: tuple[Vector, ...] = ()

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.keeps = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        here = self.geometry.to_world(place)
        if self.by_corners:
            self.places_mm[-1] = here
        elif float(np.linalg.norm(place - self._last)) >= OUTLINE_STEP_PX:
            self._last = place
            self.places_mm.append(here)

    def finish(self, place: FloatArray) -> None:
        if self.by_corners:
            return
        reach = np.ptp(self.geometry.to_screen(np.array(self.places_mm)), axis=0)
        if len(self.places_mm) >= 3 and float(reach.max()) >= DRAG_PX:
            self.hand.cut(self.spot(place), np.array(self.places_mm), self.keeps)


class TouchDrag(_HandDrag):
    """A click at a place; a drag moves it before it lands. picks: the value is asked for."""

    def __init__(self, bench: PaintBench, place: FloatArray, hand: PaintHand, *, picks: bool) -> None:
        super().__init__(bench, place, hand)
        self.picks = picks

    def finish(self, place: FloatArray) -> None:
        (self.hand.pick if self.picks else self.hand.touch)(self.spot(place))


def outline_items(places_mm: FloatArray, color: str) -> tuple[PlanItem, ...]:
    """The outline while it is drawn, with a thin line back to its beginning."""
    if len(places_mm) < 2:
        return ()
    items: list[PlanItem] = [PathItem(key="scissors", points_mm=places_mm, color=color, width_px=2.0)]
    if len(places_mm) > 2:
        back = np.array([places_mm[-1], places_mm[0]])
        items.append(PathItem(key="scissors:back", points_mm=back, color=color, width_px=1.0, dashed=True))
    return tuple(items)
