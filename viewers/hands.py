"""Mouse, wheel and trackpad of a slice pane, in both mouse schemes: events in, drags and view changes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent

from planning.geometry import FloatArray, Vector
from viewers import drags
from viewers.curved_cuts import PullDrag
from viewers.gestures import (
    ALL_SLICES,
    FAST_SLICES,
    TRACKPAD_SLICE_PX,
    WHEEL_NOTCH,
    ZOOM_NOTCH,
    Figures,
    WheelSteps,
    drag_zoom,
    zoomed,
)
from viewers.hits import Hit
from viewers.key_hand import KeyHand
from viewers.keyboard import Keyboard
from viewers.measure_drags import OPEN_ENDED, MeasureDrag, WordsDrag
from viewers.measures import PLACES, TOOLS, begun_items
from viewers.nudges import Nudges
from viewers.overlay import CurvedCutItem, CutItem, PlanItem, PointItem, ValueItem
from viewers.paint_hand import (
    PAINT,
    PAINT_TOOLS,
    SCISSORS,
    CutOutDrag,
    PaintDrag,
    Spot,
    TouchDrag,
    outline_items,
    stepped_brush_mm,
)
from viewers.pane_geometry import clamped_inside, moved_by_slices, slice_step_mm
from viewers.stroke_drag import MARK_TOOLS, StrokeDrag
from viewers.view_state import vec

if TYPE_CHECKING:
    from viewers.slice_pane import SlicePane

Button, Modifier, Key = Qt.MouseButton, Qt.KeyboardModifier, Qt.Key
# no line ends with so many places; a place set twice
NEVER = 1_000_000
SAME_PLACE_MM = 0.01
HIT_CURSORS = {
    "point": "move",
    "cut_move": "move",
    "cut_turn": "turn",
    "cut_pull": "move",
    "line": "move",
    "turn": "turn",
    "slab": "move",
    "words": "move",
}


class Hands:
    """The state of the hand over one pane."""

    def __init__(self, pane: SlicePane) -> None:
        self.pane = pane
        self.drag: drags.Drag | None = None
        self.place: FloatArray | None = None
        self.hit: Hit | None = None
        # places of a measurement that waits for more
        self.begun: tuple[Vector, ...] = ()
        # the last of them was set by a key
        self._by_keys = False
        self.nudge = Nudges(pane)
        self.keys = KeyHand(self)
        self.keyboard = Keyboard(self)
        self._wheel, self._pad = WheelSteps(WHEEL_NOTCH), WheelSteps(TRACKPAD_SLICE_PX)
        self._own_scroll = False
        self.figures = Figures()
        # Ctrl is down: marks mean their contrary
        self.turns = False

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        pane, place = self.pane, self.pane.place_of(event.position())
        self.nudge.finish()
        self.keys.check()
        self.keys.lift()
        self.place = place
        if event.button() == Button.LeftButton and self.drag is None and not self.begun and pane.numbers.open_at(place):
            return
        self.figures = Figures()
        if event.buttons() & Button.LeftButton and event.buttons() & Button.RightButton:
            self.cancel()
            self.drag = drags.WindowDrag(pane, place)
        elif self.drag is None:
            self.drag = self._drag_for(event.button(), event.modifiers(), place)
        pane.refresh_hand()

    def _drag_for(self, button: Qt.MouseButton, keys: Qt.KeyboardModifier, place: FloatArray) -> drags.Drag | None:
        pane = self.pane
        if button == Button.RightButton:
            return drags.ZoomDrag(pane, place)
        if button == Button.MiddleButton:
            return drags.PanDrag(pane, place)
        if button != Button.LeftButton:
            return None
        if Key.Key_W in self.keyboard.held:
            return drags.WindowDrag(pane, place)
        painting = self._paint_drag(place, keys)
        if painting is not None:
            return painting
        if Key.Key_Space in self.keyboard.held or keys & Modifier.ShiftModifier:
            return drags.PanDrag(pane, place)
        tool = pane.model.state.tool
        if tool == "place":
            return drags.PlaceDrag(pane, place)
        return self._mark_drag(place, keys) or self._handle_drag(place) or self._image_drag(place)

    def tool_drag(self, place: FloatArray, keys: Qt.KeyboardModifier) -> drags.Drag | None:
        """What a press begins with a tool that draws, marks or measures; None with another."""
        return self._paint_drag(place, keys) or self._mark_drag(place, keys)

    def _mark_drag(self, place: FloatArray, keys: Qt.KeyboardModifier) -> drags.Drag | None:
        pane, tool = self.pane, self.pane.model.state.tool
        if tool in MARK_TOOLS:
            return StrokeDrag(pane, place, tool, keys)
        return MeasureDrag(pane, place, tool, self.begun) if tool in TOOLS else None

    def _paint_drag(self, place: FloatArray, keys: Qt.KeyboardModifier) -> drags.Drag | None:
        """What edits a structure by hand; Shift and Space pan as in every tool, Ctrl+Shift takes a value."""
        pane = self.pane
        hand, tool = pane.paint_hand, pane.model.state.tool
        if hand is None or Key.Key_Space in self.keyboard.held:
            return None
        if keys & Modifier.ShiftModifier:
            return TouchDrag(pane, place, hand, picks=True) if keys & Modifier.ControlModifier else None
        if tool not in PAINT_TOOLS:
            return None
        if tool == PAINT:
            return PaintDrag(pane, place, hand, keys)
        if tool == SCISSORS:
            return CutOutDrag(pane, place, hand, self.begun)
        return TouchDrag(pane, place, hand, picks=False)

    def close_outline(self, keys: Qt.KeyboardModifier) -> None:
        """The corners of the scissors' outline, or of a measurement, are all there."""
        hand, corners = self.pane.paint_hand, np.array(self.begun)
        self.begun = ()
        if self.pane.model.state.tool in TOOLS:
            self.pane.tell_measured(self.pane.model.state.tool, corners)
            self.pane.refresh_hand()
            return
        if hand is not None:
            spot = Spot(self.pane.pane_name, self.pane.geometry_px(), corners[-1])
            hand.cut(spot, corners, bool(keys & Modifier.ShiftModifier))
        self.pane.refresh_hand()

    def place_at_cross(self) -> None:
        """Enter puts the point that is asked for at the crosshair; while more are asked for, arrows go on with slices."""
        model = self.pane.model
        self.pane.tell_placed(np.array(model.state.cross_mm))
        if model.state.tool == "place":
            model.set(selected_point="")

    @property
    def is_outline(self) -> bool:
        """True while an outline of corners could be closed, or a line of many places ended."""
        tool = self.pane.model.state.tool
        return len(self.begun) >= 3 if tool == SCISSORS else len(self.begun) >= OPEN_ENDED.get(tool, NEVER)

    def place_by_key(self) -> None:
        """A measuring tool's next place is the crosshair; a second time at one place ends a line of many."""
        pane, tool = self.pane, self.pane.model.state.tool
        place = np.array(pane.model.state.cross_mm)
        ends = bool(self.begun) and float(np.linalg.norm(place - self.begun[-1])) < SAME_PLACE_MM
        if self.is_outline and (ends or not self._by_keys):
            self.close_outline(Modifier.NoModifier)
            return
        places = (*self.begun, place)
        self._by_keys = True
        is_whole = len(places) == PLACES[tool] or tool == "calliper"
        self.begun = () if is_whole else places
        if is_whole:
            pane.tell_measured(tool, np.array(places))
        pane.refresh_hand()

    def _handle_drag(self, place: FloatArray) -> drags.Drag | None:
        hit = self.pane.find_hit(place, self.hit)
        if hit is None:
            return None
        if hit.kind == "line":
            return drags.LineDrag(self.pane, place, hit.key)
        if hit.kind == "turn":
            return drags.TurnDrag(self.pane, place, hit.key)
        if hit.kind == "slab":
            return drags.SlabDrag(self.pane, place, hit.key)
        item = self.pane.item(hit.key)
        if isinstance(item, PointItem):
            return drags.PointDrag(self.pane, place, item)
        if isinstance(item, ValueItem):
            return WordsDrag(self.pane, place, item, self.pane.words_middle(item.key))
        if isinstance(item, CurvedCutItem):
            return PullDrag(self.pane, place, item, self.pane.curved_trace(item))
        if isinstance(item, CutItem):
            return drags.CutDrag(self.pane, place, item, turn=hit.kind == "cut_turn")
        return None

    def _image_drag(self, place: FloatArray) -> drags.Drag:
        if self.pane.model.state.mouse_scheme == "radiology":
            return drags.WindowDrag(self.pane, place)
        return drags.CrossDrag(self.pane, place)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button."""
        pane, place = self.pane, self.pane.place_of(event.position())
        self.keys.check()
        if self.keys.is_down:
            return
        self.place = place
        self.turns = bool(event.modifiers() & Modifier.ControlModifier)
        if self.drag is not None:
            self.drag.move(place, event.modifiers())
        elif event.modifiers() & Modifier.ShiftModifier and not event.buttons():
            pane.model.set(cross_mm=vec(clamped_inside(pane.grid, pane.geometry_px().to_world(place))))
        pane.refresh_hand()

    def release(self, event: QMouseEvent) -> None:
        """A button went up; the last one of both ends a window/level drag."""
        if self.drag is None or event.buttons() & (Button.LeftButton | Button.RightButton | Button.MiddleButton):
            return
        self.finish(self.pane.place_of(event.position()))

    def finish(self, place: FloatArray) -> None:
        """The drag is over."""
        drag, self.drag = self.drag, None
        self.figures = Figures()
        if drag is None:
            return
        if isinstance(drag, MeasureDrag):
            self.begun, self._by_keys = drag.kept, False
        elif isinstance(drag, CutOutDrag) and drag.by_corners:
            self.begun = tuple(drag.places_mm)
        drag.finish(place)
        self.pane.refresh_hand()

    def double(self, event: QMouseEvent) -> None:
        """A double click on empty image maximises, on a crosshair's line it resets that plane, on a slab's square that slab.

        A measurement that its first press has begun is given up for it; other tools and handles take it as a second press.
        """
        pane, self.place = self.pane, self.pane.place_of(event.position())
        # a pen or a finger comes down without having pointed there
        self.hit = pane.find_hit(self.place, self.hit)
        is_plain = event.button() == Button.LeftButton and not self.keyboard.held and not event.modifiers()
        state = pane.model.state
        if is_plain and state.tool == "cross" and self.hit is not None and self.hit.kind in ("line", "turn", "slab"):
            self._reset(self.hit)
            return
        begins_measure = state.tool in TOOLS and len(self.begun) <= 1
        if is_plain and (begins_measure or (state.tool == "cross" and self.hit is None)):
            self.cancel()
            pane.maximise_asked.emit(pane.pane_name)
            return
        if self.is_outline and event.button() == Button.LeftButton:
            self.close_outline(event.modifiers())
            return
        self.press(event)

    def _reset(self, hit: Hit) -> None:
        model, name = self.pane.model, self.pane.pane_name
        if hit.kind == "slab":
            model.become(model.state.with_slab(hit.key, 0.0))
        else:
            model.mark_entry("reset")
            model.become(model.state.with_plane_reset(hit.key, name))
        self.pane.refresh_hand()

    def cancel(self) -> bool:
        """Drop the gesture that is going on. False when there was none."""
        drag, self.drag = self.drag, None
        self.figures, self.keys.is_down = Figures(), False
        was_open, self.begun = bool(self.begun), ()
        if drag is not None:
            drag.cancel()
        if drag is not None or was_open:
            self.pane.refresh_hand()
        return drag is not None or was_open

    def leave(self) -> None:
        """The mouse left the pane."""
        if self.keys.is_down:
            return
        self.place = None
        self._own_scroll = False
        self.pane.refresh_hand()

    def lost_focus(self) -> None:
        """Keys that were held count as released, a nudge burst as finished."""
        self.keyboard.held.clear()
        self.turns = False
        self.nudge.finish()
        self.keys.lift()
        self.pane.refresh_hand()

    @property
    def is_drawing(self) -> bool:
        """True while the hand, or keys, draw what belongs to the image that is shown."""
        return isinstance(self.drag, (PaintDrag, CutOutDrag, MeasureDrag, StrokeDrag))

    def forget_line(self) -> None:
        """Another tool was taken: a measurement that was begun is dropped, and what keys were drawing."""
        self.begun = ()
        if self.keys.is_down:
            self.cancel()
        if self.place is None and self.pane.hasFocus():
            # without a mouse the tool is seen where keys would use it
            self.keys.follow()

    def wheel(self, event: QWheelEvent) -> None:
        """Slices; with Shift ten at a time; with Ctrl zoom about the hand."""
        phase = event.phase()
        if phase == Qt.ScrollPhase.ScrollBegin:
            self._own_scroll = True
        if phase == Qt.ScrollPhase.ScrollMomentum and not self._own_scroll:
            return
        pixels, angle = event.pixelDelta(), event.angleDelta()
        # Shift and Alt turn a wheel sideways on some systems
        by_pixels = (pixels.y() or pixels.x()) if not pixels.isNull() else 0
        by_angle = angle.y() or angle.x()
        if event.modifiers() & Modifier.ControlModifier:
            factor = drag_zoom(by_pixels) if by_pixels else ZOOM_NOTCH ** (by_angle / WHEEL_NOTCH)
            self._zoom(factor, self.pane.place_of(event.position()))
            return
        steps = self._pad.add(by_pixels) if by_pixels else self._wheel.add(by_angle)
        is_shifted = bool(event.modifiers() & Modifier.ShiftModifier)
        if steps and is_shifted and self.pane.model.state.tool == PAINT:
            self.resize_brush(steps)
        elif steps:
            self.step(steps * (FAST_SLICES if is_shifted else 1))

    def resize_brush(self, steps: int) -> None:
        """A larger or smaller brush."""
        model = self.pane.model
        model.set(brush_mm=stepped_brush_mm(model.state.brush_mm, float(self.pane.grid.spacing_mm.min()), steps))
        self.pane.refresh_hand()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom by two fingers."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(1.0 + event.value(), self.pane.place_of(event.position()))
        return True

    def _zoom(self, factor: float, place: FloatArray) -> None:
        pane = self.pane
        view = zoomed(pane.geometry_px(), factor, place, pane.fit_mm_per_px)
        pane.model.set_pane(pane.pane_name, view)

    def step(self, count: int) -> None:
        """The crosshair goes this many slices along the pane's normal."""
        pane = self.pane
        state = pane.model.state
        normal = state.axes(pane.pane_name)[2]
        if pane.pane_name in state.pinned:
            # the plane's own steps; home and end have no meaning for it
            if abs(count) < ALL_SLICES:
                pane.model.scroll_pinned(pane.pane_name, count * slice_step_mm(pane.grid, normal))
            return
        pane.model.set(cross_mm=vec(moved_by_slices(pane.grid, np.array(state.cross_mm), normal, count)))
        if self.drag is not None and self.place is not None:
            self.drag.slice_changed(self.place)

    @property
    def is_measuring(self) -> bool:
        """True with a tool in the hand that takes places."""
        tool = self.pane.model.state.tool
        return tool in TOOLS and tool != "freehand"

    @property
    def amount_text(self) -> str:
        """What stands beside the hand while it drags: the figures that were typed, or how far it has come."""
        if self.drag is None:
            return ""
        if not self.figures.text:
            return self.drag.amount_text
        unit = self.drag.amount_unit
        return f"{self.figures.text}{unit}" if unit == "°" else f"{self.figures.text} {unit}"

    @property
    def cursor(self) -> str:
        """The pointer to show."""
        if self.drag is not None:
            return self.drag.cursor
        if Key.Key_W in self.keyboard.held:
            return "window"
        if Key.Key_Space in self.keyboard.held:
            return "hand"
        if self.pane.numbers.lit:
            return "type"
        if self.hit is not None and self.pane.model.state.tool == "cross":
            return HIT_CURSORS[self.hit.kind]
        return "cross"

    @property
    def has_brush(self) -> bool:
        """True while a brush is shown at the hand."""
        state = self.pane.model.state
        is_marking = self.drag is None or isinstance(self.drag, (StrokeDrag, PaintDrag))
        is_brush = state.tool in MARK_TOOLS or (state.tool == PAINT and self.pane.paint_hand is not None)
        return self.place is not None and state.brush_mm > 0 and is_brush and is_marking

    @property
    def refuses(self) -> bool:
        """True when the next mark, or the one being drawn, means "not this"."""
        turned = self.drag.turned if isinstance(self.drag, (StrokeDrag, PaintDrag)) else self.turns
        return self.pane.model.state.refuses != turned

    @property
    def live_places_mm(self) -> FloatArray:
        """(N, 3) places of the measurement being drawn, the hand's own last; none while nothing is begun."""
        if isinstance(self.drag, MeasureDrag):
            return self.drag.places_mm
        if self.drag is not None or not self.begun or self.place is None:
            return np.array(self.begun).reshape(-1, 3)
        return np.array([*self.begun, self.pane.geometry_px().to_world(self.place)])

    @property
    def live_line_mm(self) -> FloatArray | None:
        """(2, 3) ends of the distance being drawn."""
        places = self.live_places_mm
        return places if self.pane.model.state.tool == "distance" and len(places) == 2 else None

    def live_items(self, color: str, turned_color: str) -> tuple[PlanItem, ...]:
        """A mark, or any other measurement, being drawn."""
        if isinstance(self.drag, StrokeDrag):
            return self.drag.items(turned_color if self.refuses else color)
        if isinstance(self.drag, CutOutDrag):
            return outline_items(np.array(self.drag.places_mm), color if self.drag.keeps else turned_color)
        tool, places = self.pane.model.state.tool, self.live_places_mm
        if tool == SCISSORS:
            return outline_items(places, turned_color)
        if tool not in TOOLS or not len(places):
            return ()
        geometry = self.pane.geometry_px()
        items = begun_items(tool, places, geometry.right, geometry.down, geometry.normal, color)
        if isinstance(self.drag, MeasureDrag) and self.drag.glass_mm is not None:
            # the magnifier names the number
            return tuple(item for item in items if not isinstance(item, ValueItem))
        return items
