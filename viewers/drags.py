"""What one press of a mouse button becomes: each gesture of the slice pane as a small object that lives until release.

A drag works on the geometry at its press, so that the picture moving under the hand does not feed back into it.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import Qt

from planning.geometry import FloatArray, Grid, Plane, Vector
from planning.units import text_quantity, text_value
from viewers.gestures import DRAG_PX, drag_zoom, dragged_window, panned, snapped, turn_angle, zoomed
from viewers.overlay import CutItem, PointItem
from viewers.pane_geometry import PaneGeometry, clamped_inside
from viewers.plan_shapes import Preview
from viewers.turning import turned_plane
from viewers.view_state import ViewModel, ViewState, vec

NO_KEYS = Qt.KeyboardModifier.NoModifier
PIVOT_NEAR_MM = 3.0
LEAST_SLAB_MM = 0.5


class Bench(Protocol):
    """What a drag needs of its pane."""

    @property
    def model(self) -> ViewModel: ...
    @property
    def pane_name(self) -> str: ...
    @property
    def grid(self) -> Grid: ...
    @property
    def least_window(self) -> float: ...
    @property
    def fit_mm_per_px(self) -> float: ...
    def geometry_px(self) -> PaneGeometry: ...
    def show_preview(self, preview: Preview | None) -> None: ...
    def tell_point(self, key: str, position_mm: Vector, finished: bool) -> None: ...
    def tell_plane(self, key: str, plane: Plane, finished: bool) -> None: ...
    def tell_placed(self, position_mm: Vector) -> None: ...
    def tell_measured(self, kind: str, points_mm: FloatArray) -> None: ...
    def tell_stroke(self, points_mm: FloatArray, turned: bool) -> None: ...
    def ask_menu(self, place: FloatArray) -> None: ...


class Drag:
    """A gesture between press and release. `threshold` px must be left before it begins to act."""

    cursor = "cross"
    threshold = 0.0
    # True where a wheel step during the drag must put the hand on the new slice
    on_slice = False
    # what figures typed during the drag mean: "mm", "°", or "" where there is nothing to type
    amount_unit = ""

    def __init__(self, bench: Bench, place: FloatArray) -> None:
        self.bench, self.start = bench, place
        self.geometry = bench.geometry_px()
        self.before = bench.model.state
        self.begun = False
        self.here = place
        self._fixed: float | None = None

    def move(self, place: FloatArray, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """The hand is here now."""
        if not self.begun and float(np.linalg.norm(place - self.start)) < self.threshold:
            return
        self.begun = True
        self.here = place
        if self._fixed is None:
            self.follow(place, keys)

    def fix(self, amount: float | None) -> None:
        """Typed figures hold the amount, in the direction that the hand took; None lets it go again."""
        self._fixed = amount
        if amount is not None:
            self.begun = True
        self.follow(self.here if amount is None else self.place_for(amount), NO_KEYS)

    def place_for(self, amount: float) -> FloatArray:
        """The screen place at which the drag has this amount."""
        way = self.here - self.start
        length = float(np.linalg.norm(way))
        direction = way / length if length > 1e-9 else np.array((1.0, 0.0))
        return np.asarray(self.start + direction * (amount / self.geometry.mm_per_px))

    @property
    def amount(self) -> float | None:
        """How far it has come, None where that says nothing."""
        return None

    @property
    def amount_text(self) -> str:
        """The amount at the hand, "" for none."""
        amount = self.amount
        if amount is None or not self.begun:
            return ""
        return f"{text_value(amount, 1)}°" if self.amount_unit == "°" else text_quantity(amount, self.amount_unit)

    def _along(self, normal: Vector, amount: float) -> FloatArray:
        """The screen place that is `amount` mm further along a direction, on the side where the hand is."""
        flat = np.array((normal @ self.geometry.right, normal @ self.geometry.down))
        side = -1.0 if float((self.here - self.start) @ flat) < 0 else 1.0
        return np.asarray(self.start + side * amount * flat / float(flat @ flat) / self.geometry.mm_per_px)

    def _about(self, center_mm: Vector, amount: float) -> FloatArray:
        """The screen place that is `amount` degrees further about a centre, the way that the hand turns."""
        center = self.geometry.to_screen(center_mm)
        (x, y), (u, v) = self.start - center, self.here - center
        turn = np.radians(amount if x * v - y * u >= 0 else -amount)
        cosine, sine = float(np.cos(turn)), float(np.sin(turn))
        return np.asarray(center + np.array((cosine * x - sine * y, sine * x + cosine * y)))

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        """Act on a place that counts."""

    def slice_changed(self, place: FloatArray) -> None:
        """The wheel turned during the drag."""
        if self.on_slice:
            self.geometry = self.bench.geometry_px()
            if self.begun:
                self.follow(place, NO_KEYS)

    def finish(self, place: FloatArray) -> None:
        """The button was released."""

    def cancel(self) -> None:
        """Esc: everything as before the press."""

    def moved_mm(self, place: FloatArray) -> Vector:
        """(3,) how far the hand has come, in the pane's plane."""
        return self.geometry.to_world(place) - self.geometry.to_world(self.start)

    @property
    def glass_mm(self) -> Vector | None:
        """Where the magnifier looks, None for no magnifier."""
        return None

    @property
    def glass_moved_mm(self) -> float | None:
        """Distance that the magnifier names."""
        return None

    @property
    def glass_words(self) -> tuple[str, ...]:
        """More lines beside the magnifier."""
        return ()


class PanDrag(Drag):
    """Shifts the picture."""

    cursor = "grab"

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.bench.model.set_pane(self.bench.pane_name, panned(self.geometry, place - self.start))

    def cancel(self) -> None:
        self.bench.model.set_pane(self.bench.pane_name, self.before.pane(self.bench.pane_name))


class ZoomDrag(Drag):
    """Enlarges about the press; without a drag it is the right click."""

    cursor = "zoom"
    threshold = DRAG_PX

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        factor = drag_zoom(float(self.start[1] - place[1]))
        view = zoomed(self.geometry, factor, self.start, self.bench.fit_mm_per_px)
        self.bench.model.set_pane(self.bench.pane_name, view)

    def finish(self, place: FloatArray) -> None:
        if not self.begun:
            self.bench.ask_menu(self.start)

    def cancel(self) -> None:
        self.bench.model.set_pane(self.bench.pane_name, self.before.pane(self.bench.pane_name))


class WindowDrag(Drag):
    """Window and level."""

    cursor = "window"

    def __init__(self, bench: Bench, place: FloatArray) -> None:
        super().__init__(bench, place)
        self.least = bench.least_window

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        dx, dy = (place - self.start).tolist()
        window, level = dragged_window(self.before.window, self.before.level, dx, dy, self.least)
        if (window, level) != (self.bench.model.state.window, self.bench.model.state.level):
            self.bench.model.set(window=window, level=level, preset="")

    def cancel(self) -> None:
        self.bench.model.set(window=self.before.window, level=self.before.level, preset=self.before.preset)


class CrossDrag(Drag):
    """The crosshair jumps to the press and follows."""

    on_slice = True

    def __init__(self, bench: Bench, place: FloatArray) -> None:
        super().__init__(bench, place)
        self.begun = True
        self.follow(place, NO_KEYS)

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.bench.model.set(cross_mm=vec(clamped_inside(self.bench.grid, self.geometry.to_world(place))))

    def cancel(self) -> None:
        self.bench.model.set(cross_mm=self.before.cross_mm)


class LineDrag(Drag):
    """One crossing plane follows the hand along its normal. Ctrl: a tenth."""

    cursor = "move"
    threshold = DRAG_PX
    amount_unit = "mm"

    def __init__(self, bench: Bench, place: FloatArray, plane: str) -> None:
        super().__init__(bench, place)
        self.normal = self.before.axes(plane)[2]
        self.shift = 0.0

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.shift = float(self.moved_mm(place) @ self.normal)
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.shift /= 10.0
        shifted = np.array(self.before.cross_mm) + self.shift * self.normal
        self.bench.model.set(cross_mm=vec(clamped_inside(self.bench.grid, shifted)))

    def place_for(self, amount: float) -> FloatArray:
        return self._along(self.normal, amount)

    @property
    def amount(self) -> float | None:
        return abs(self.shift)

    def cancel(self) -> None:
        self.bench.model.set(cross_mm=self.before.cross_mm)


class SlabDrag(Drag):
    """The square at a line's end: the hand's distance from the line is half the slab. Shift: whole millimetres."""

    cursor = "move"
    threshold = DRAG_PX
    amount_unit = "mm"

    def __init__(self, bench: Bench, place: FloatArray, plane: str) -> None:
        super().__init__(bench, place)
        self.plane = plane
        self.normal = self.before.axes(plane)[2]
        self.thickness = self.before.slab_mm(plane)

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        away = float((self.geometry.to_world(place) - np.array(self.before.cross_mm)) @ self.normal)
        thickness = 2.0 * abs(away)
        if keys & Qt.KeyboardModifier.ControlModifier:
            was = self.before.slab_mm(self.plane)
            thickness = was + (thickness - was) / 10.0
        if keys & Qt.KeyboardModifier.ShiftModifier:
            thickness = float(round(thickness))
        # back on the line there is no slab any more
        self.thickness = 0.0 if thickness < LEAST_SLAB_MM else thickness
        self._become(self.before.with_slab(self.plane, self.thickness))

    def place_for(self, amount: float) -> FloatArray:
        flat = np.array((self.normal @ self.geometry.right, self.normal @ self.geometry.down))
        cross = self.geometry.to_screen(self.before.cross_mm)
        return np.asarray(cross + 0.5 * abs(amount) * flat / float(flat @ flat) / self.geometry.mm_per_px)

    @property
    def amount(self) -> float | None:
        return self.thickness

    def cancel(self) -> None:
        self._become(self.before)

    def _become(self, wanted: ViewState) -> None:
        self.bench.model.set(slabs=wanted.slabs, slab_last_mm=wanted.slab_last_mm)


class TurnDrag(Drag):
    """The other two planes turn about the crosshair, or one alone while the padlock is open.

    plane: the line that is held. Shift: whole steps of 5°. Ctrl: a tenth.
    """

    cursor = "turn"
    threshold = DRAG_PX
    amount_unit = "°"

    def __init__(self, bench: Bench, place: FloatArray, plane: str) -> None:
        super().__init__(bench, place)
        self.plane, self.angle = plane, 0.0

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        center = np.array(self.before.cross_mm)
        start, now = self.geometry.to_world(self.start), self.geometry.to_world(place)
        angle = turn_angle(self.geometry, center, start, now)
        if keys & Qt.KeyboardModifier.ControlModifier:
            angle /= 10.0
        if keys & Qt.KeyboardModifier.ShiftModifier:
            angle = snapped(angle)
        self.angle = angle
        if not angle:
            self._become(self.before)
        elif self.before.is_free:
            self._become(self.before.with_plane_turned(self.plane, self.bench.pane_name, angle))
        else:
            self._become(self.before.with_turn(self.bench.pane_name, angle))

    def place_for(self, amount: float) -> FloatArray:
        return self._about(np.array(self.before.cross_mm), amount)

    @property
    def amount(self) -> float | None:
        return abs(float(np.degrees(self.angle)))

    def cancel(self) -> None:
        self._become(self.before)

    def _become(self, wanted: ViewState) -> None:
        self.bench.model.set(
            frame=wanted.frame,
            free=wanted.free,
            turns=wanted.turns,
            frame_name=wanted.frame_name,
            frame_origin_mm=wanted.frame_origin_mm,
        )


class PointDrag(Drag):
    """A landmark follows the hand in the pane's plane; its depth stays. The press selects it."""

    cursor = "move"
    threshold = DRAG_PX
    amount_unit = "mm"

    def __init__(self, bench: Bench, place: FloatArray, item: PointItem) -> None:
        super().__init__(bench, place)
        self.item = item
        self.position = np.array(item.position_mm, dtype=np.float64)
        bench.model.set(selected_point=item.key)

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.position = np.asarray(self.item.position_mm + self.moved_mm(place))
        if self.item.track is not None:
            fine = bool(keys & Qt.KeyboardModifier.ControlModifier)
            self.position = self.item.track.nearest(self.position, fine=fine)
        self.bench.show_preview(Preview(self.item.key, self.position))
        self.bench.tell_point(self.item.key, self.position, False)

    def finish(self, place: FloatArray) -> None:
        self.bench.show_preview(None)
        if self.begun:
            self.bench.tell_point(self.item.key, self.position, True)

    def cancel(self) -> None:
        self.bench.show_preview(None)
        if self.begun:
            self.bench.tell_point(self.item.key, np.array(self.item.position_mm), False)

    @property
    def glass_mm(self) -> Vector | None:
        # a valve's handles need no look at the pixels under them
        return None if self.item.shape == "square" else self.position

    @property
    def glass_moved_mm(self) -> float | None:
        return float(np.linalg.norm(self.position - self.item.position_mm))


def cut_pivot(plane: Plane, cross_mm: Vector) -> Vector:
    """(3,) what a cut turns about: the crosshair's foot on its plane when it is near it, else the plane's own origin."""
    place = cross_mm if abs(float(plane.signed_distance_mm(cross_mm))) <= PIVOT_NEAR_MM else plane.origin_mm
    return np.asarray(plane.project(place))


class CutDrag(Drag):
    """A resection plane: its middle moves it along its normal, its ends turn it in this pane."""

    cursor = "move"
    threshold = DRAG_PX

    def __init__(self, bench: Bench, place: FloatArray, item: CutItem, *, turn: bool) -> None:
        super().__init__(bench, place)
        self.item, self.turn = item, turn
        self.plane = item.plane
        self.cursor = "turn" if turn else "move"
        self.amount_unit = "°" if turn else "mm"
        self._amount = 0.0
        self.pivot = cut_pivot(item.plane, np.array(self.before.cross_mm))

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        plane = self.item.plane
        if self.turn:
            start, now = self.geometry.to_world(self.start), self.geometry.to_world(place)
            center = self.geometry.to_world(self.geometry.to_screen(self.pivot))
            angle = turn_angle(self.geometry, center, start, now)
            if keys & Qt.KeyboardModifier.ControlModifier:
                angle /= 10.0
            if keys & Qt.KeyboardModifier.ShiftModifier:
                angle = snapped(angle)
            self._amount = abs(float(np.degrees(angle)))
            self.plane = turned_plane(plane, self.pivot, self.geometry.normal, angle)
        else:
            shift = float(self.moved_mm(place) @ plane.normal)
            if keys & Qt.KeyboardModifier.ControlModifier:
                shift /= 10.0
            self._amount = abs(shift)
            self.plane = Plane(plane.origin_mm + shift * plane.normal, plane.normal)
        self.bench.show_preview(Preview(self.item.key, self.plane))
        self.bench.tell_plane(self.item.key, self.plane, False)

    def place_for(self, amount: float) -> FloatArray:
        return self._about(self.pivot, amount) if self.turn else self._along(self.item.plane.normal, amount)

    @property
    def amount(self) -> float | None:
        return self._amount

    def finish(self, place: FloatArray) -> None:
        self.bench.show_preview(None)
        if self.begun:
            self.bench.tell_plane(self.item.key, self.plane, True)

    def cancel(self) -> None:
        self.bench.show_preview(None)
        if self.begun:
            self.bench.tell_plane(self.item.key, self.item.plane, False)


class PlaceDrag(Drag):
    """A new point: it may be moved under the magnifier and lands on release."""

    on_slice = True

    def __init__(self, bench: Bench, place: FloatArray) -> None:
        super().__init__(bench, place)
        self.position = self.geometry.to_world(place)
        self.begun = True

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.position = self.geometry.to_world(place)

    def finish(self, place: FloatArray) -> None:
        self.bench.tell_placed(self.position)

    @property
    def glass_mm(self) -> Vector | None:
        return self.position

    @property
    def glass_moved_mm(self) -> float | None:
        return float(np.linalg.norm(self.position - self.geometry.to_world(self.start)))
