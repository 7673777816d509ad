"""Keys of a slice pane: what belongs to it rather than to the window, and what each does."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from viewers.gestures import ALL_SLICES, FAST_SLICES, PEEK_S, Figures
from viewers.key_hand import ENTER
from viewers.paint_hand import PAINT

if TYPE_CHECKING:
    from viewers.hands import Hands

Modifier, Key = Qt.KeyboardModifier, Qt.Key
SLICE_KEYS = {
    Key.Key_Up: 1,
    Key.Key_Down: -1,
    Key.Key_PageUp: FAST_SLICES,
    Key.Key_PageDown: -FAST_SLICES,
    Key.Key_Home: ALL_SLICES,
    Key.Key_End: -ALL_SLICES,
}
# plans whose long axes turn about the axis of what they show, whichever pane has the keys
AXIS_FRAMES = ("root", "annulus")
TURN_DEG, TURN_FAST_DEG, TURN_FINE_DEG = 1.0, 5.0, 0.1
# Shift+, and Shift+. are other characters on most keyboards
TURN_KEYS = {
    Key.Key_Comma: 1.0,
    Key.Key_Less: 1.0,
    Key.Key_Semicolon: 1.0,
    Key.Key_Period: -1.0,
    Key.Key_Greater: -1.0,
    Key.Key_Colon: -1.0,
}
HELD_KEYS = (Key.Key_W, Key.Key_Space)
# what a key switches only as long as it is held, when it is held longer than a press
PEEKS = ("show_overlays", "probe", "magnifier")


class Keyboard:
    """held: keys that mean something as long as they are down."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.pane = hands, hands.pane
        self.held: set[int] = set()
        # the key that went down last, when, and what its shortcut may switch as it was then
        self._peek: tuple[int, float, tuple[bool, ...]] | None = None

    def takes(self, event: QKeyEvent) -> bool:
        """True for keys that belong to the pane rather than to a shortcut of the window."""
        key, keys = event.key(), _plain(event.modifiers())
        self.hands.keys.check()
        if self._is_figure(event) or _asks_menu(event):
            return True
        if key == Key.Key_Escape:
            return self.hands.drag is not None or bool(self.hands.begun)
        if key == Key.Key_Backspace and self.hands.is_measuring and self.hands.begun:
            return not keys
        if key in ENTER and self.hands.keys.takes(key, keys):
            return True
        if key in ENTER:
            is_place = self.pane.model.state.tool == "place" or self.hands.is_measuring
            return (is_place and not keys) or self.hands.is_outline
        if key in HELD_KEYS:
            return not keys
        nudged = self.hands.nudge.takes(key, keys)
        if nudged is not None:
            return nudged
        if key in TURN_KEYS and self.pane.model.state.tool == PAINT and not keys:
            return True
        if key in TURN_KEYS:
            is_shifted = bool(keys & Modifier.ShiftModifier)
            is_plain = key in (Key.Key_Comma, Key.Key_Period)
            return self.pane.pane_name not in self.pane.model.state.pinned and (is_plain or is_shifted)
        return self.hands.keys.takes(key, keys) or (key in SLICE_KEYS and not keys)

    def press(self, event: QKeyEvent) -> bool:
        """A key went down; False when it is not the pane's."""
        if event.key() == Key.Key_Control:
            self.hands.turns = True
            self.pane.refresh_hand()
        if not self.takes(event):
            return False
        key = event.key()
        if _asks_menu(event):
            self.pane.ask_menu(self.pane.geometry_px().to_screen(self.pane.model.state.cross_mm))
            return True
        if self._is_figure(event):
            self._type(event)
            return True
        if key == Key.Key_Escape:
            return self.hands.cancel()
        if key == Key.Key_Backspace:
            # the place that was set last
            self.hands.begun = self.hands.begun[:-1]
            self.pane.refresh_hand()
            return True
        if key in HELD_KEYS:
            self.held.add(key)
            self.pane.refresh_hand()
            return True
        keys = _plain(event.modifiers())
        if key in ENTER and self.hands.keys.takes(key, keys):
            # a key that is held means one press
            if not event.isAutoRepeat():
                self.hands.keys.press(key, keys)
            return True
        if key in ENTER:
            if self.hands.is_measuring:
                self.hands.place_by_key()
            elif self.hands.is_outline:
                self.hands.close_outline(event.modifiers())
            else:
                self.hands.place_at_cross()
            return True
        if self.hands.nudge.press(key, keys):
            return True
        if key in TURN_KEYS and self.pane.model.state.tool == PAINT and not _plain(event.modifiers()):
            self.hands.resize_brush(-int(TURN_KEYS[Key(key)]))
            return True
        if key in TURN_KEYS:
            self._turn(TURN_KEYS[Key(key)], event.modifiers())
            return True
        if self.hands.keys.takes(key, keys):
            self.hands.keys.press(key, keys)
        else:
            self.hands.step(SLICE_KEYS[Key(key)])
        return True

    def _is_figure(self, event: QKeyEvent) -> bool:
        """True for a sign that fixes the amount of the drag that is going on, and for the Enter that ends it."""
        if self.hands.drag is None or not self.hands.drag.amount_unit:
            return False
        if event.key() in (Key.Key_Return, Key.Key_Enter):
            return bool(self.hands.figures.text)
        return Figures(self.hands.figures.text).type(_sign(event))

    def _type(self, event: QKeyEvent) -> None:
        drag = self.hands.drag
        if drag is None:
            return
        if event.key() in (Key.Key_Return, Key.Key_Enter):
            self.hands.finish(drag.here)
        else:
            self.hands.figures.type(_sign(event))
            drag.fix(self.hands.figures.value(drag.amount_unit))
        self.pane.refresh_hand()

    def note(self, event: QKeyEvent) -> None:
        """A key went down, before any shortcut acts on it."""
        if not event.isAutoRepeat():
            self._peek = (event.key(), time.monotonic(), self._peek_state())

    def _peek_state(self) -> tuple[bool, ...]:
        return tuple(bool(getattr(self.pane.model.state, name)) for name in PEEKS)

    def _end_peek(self, event: QKeyEvent) -> None:
        """A key that was held for longer than a press takes back what it switched."""
        peek, self._peek = self._peek, None
        if peek is None or peek[0] != event.key() or time.monotonic() - peek[1] < PEEK_S:
            return
        before, now = peek[2], self._peek_state()
        for name, was, there in zip(PEEKS, before, now, strict=True):
            if was != there:
                self.pane.model.set(**{name: was})

    def _turn(self, way: float, keys: Qt.KeyboardModifier) -> None:
        """The other two planes about this pane's normal through the crosshair; a root's about its own axis."""
        step = TURN_DEG
        if keys & Modifier.ShiftModifier:
            step = TURN_FAST_DEG
        elif keys & Modifier.ControlModifier:
            step = TURN_FINE_DEG
        model = self.pane.model
        angle = float(np.radians(way * step))
        if model.state.is_free and self.hands.hit is not None and self.hands.hit.kind in ("line", "turn"):
            # the plane whose line is under the hand, by itself
            model.become(model.state.with_plane_turned(self.hands.hit.key, self.pane.pane_name, angle))
            return
        about = "axial" if model.state.frame_name in AXIS_FRAMES else self.pane.pane_name
        model.become(model.state.with_turn(about, angle))

    def release(self, event: QKeyEvent) -> bool:
        """A key went up; False when it is not one that is held."""
        if event.key() == Key.Key_Control:
            self.hands.turns = False
            self.pane.refresh_hand()
        if not event.isAutoRepeat():
            self._end_peek(event)
        if event.key() not in HELD_KEYS:
            return False
        if not event.isAutoRepeat():
            self.held.discard(event.key())
            self.pane.refresh_hand()
        return True


def _asks_menu(event: QKeyEvent) -> bool:
    """Shift+F10 where the system itself makes no menu event of it."""
    is_key = event.key() == Key.Key_F10 and _plain(event.modifiers()) == Modifier.ShiftModifier
    return is_key and sys.platform != "win32"


def _sign(event: QKeyEvent) -> str:
    """The sign that a key types, Backspace as one."""
    is_plain = not _plain(event.modifiers()) & ~Modifier.ShiftModifier
    return "\b" if event.key() == Key.Key_Backspace else event.text() if is_plain else ""


def _plain(keys: Qt.KeyboardModifier) -> Qt.KeyboardModifier:
    """Without the mark that a key lies on the number pad."""
    return keys & ~Modifier.KeypadModifier
