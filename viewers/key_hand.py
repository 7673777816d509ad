"""A tool in the hand without a mouse: Ctrl and arrows move the crosshair in the plane, Shift+Enter puts the tool down
there and lifts it again.

Between the two, the drag that a mouse would have begun follows the crosshair, so that a stroke by keys is a stroke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from planning.geometry import FloatArray
from viewers.paint_hand import PAINT_TOOLS, SPOT, CutOutDrag, PaintDrag
from viewers.pane_geometry import clamped_inside
from viewers.stroke_drag import CLICK, MARK_TOOLS
from viewers.view_state import vec

if TYPE_CHECKING:
    from viewers.hands import Hands

Key, Modifier = Qt.Key, Qt.KeyboardModifier
ENTER = (Key.Key_Return, Key.Key_Enter)
# (right, up)
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, 1), Key.Key_Down: (0, -1)}
CROSS_MM, CROSS_FAST_MM = 1.0, 10.0
FREEHAND = "freehand"
# down and up at one press
AT_ONCE = (SPOT, CLICK)
SWITCH, PICK = Modifier.ShiftModifier, Modifier.ShiftModifier | Modifier.ControlModifier


class KeyHand:
    """What keys do with the tool of one pane."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self.is_down = False

    @property
    def _tool(self) -> str:
        return self._hands.pane.model.state.tool

    @property
    def cross_px(self) -> FloatArray:
        """Screen place of the crosshair, in the plane that a drag has."""
        hands = self._hands
        geometry = hands.pane.geometry_px() if hands.drag is None else hands.drag.geometry
        return geometry.to_screen(np.array(hands.pane.model.state.cross_mm))

    def check(self) -> None:
        """A stroke that its editor dropped, by another tool or undo, is under the hand no more."""
        drag = self._hands.drag
        if self.is_down and isinstance(drag, PaintDrag) and not drag.hand.is_drawing:
            self._hands.cancel()

    def takes(self, key: int, keys: Qt.KeyboardModifier) -> bool:
        """True for a key that moves the crosshair in the plane, or uses the tool there."""
        if key in ARROWS:
            return keys in (Modifier.ControlModifier, PICK)
        if key not in ENTER:
            return False
        if self.is_down:
            return True
        if keys == PICK and self._hands.pane.paint_hand is not None:
            return True
        if self._tool == FREEHAND and not keys:
            return True
        is_used = self._tool in MARK_TOOLS or self._tool == FREEHAND
        is_painting = self._tool in PAINT_TOOLS and self._hands.pane.paint_hand is not None
        return (is_used and keys in (SWITCH, PICK)) or (is_painting and keys == SWITCH)

    def press(self, key: int, keys: Qt.KeyboardModifier) -> None:
        """A key that it takes went down."""
        if key in ARROWS:
            self._move(ARROWS[Key(key)], CROSS_FAST_MM if keys & Modifier.ShiftModifier else CROSS_MM)
        elif self.is_down:
            self.lift()
        else:
            self._put_down(keys)

    def _put_down(self, keys: Qt.KeyboardModifier) -> None:
        hands = self._hands
        if hands.drag is not None:
            return
        picks = keys == PICK and self._tool not in MARK_TOOLS
        # Shift with the mouse would pan; of the keys only what they say of the tool goes on
        turned = keys if picks else keys & Modifier.ControlModifier
        hands.place = self.cross_px
        hands.drag = hands.tool_drag(hands.place, turned)
        self.is_down = hands.drag is not None
        is_corner = isinstance(hands.drag, CutOutDrag) and hands.drag.by_corners
        at_once = picks or self._tool in AT_ONCE or is_corner
        if self.is_down and at_once:
            self.lift()
        hands.pane.refresh_hand()

    def lift(self) -> None:
        """The tool leaves the image at the crosshair: what was drawn is done."""
        if self.is_down:
            self.is_down = False
            self._hands.finish(self.cross_px)

    def _move(self, way: tuple[int, int], step_mm: float) -> None:
        hands = self._hands
        pane = hands.pane
        geometry = pane.geometry_px()
        by_mm = step_mm * (way[0] * geometry.right - way[1] * geometry.down)
        cross = np.array(pane.model.state.cross_mm) + by_mm
        pane.model.set(cross_mm=vec(clamped_inside(pane.grid, cross)))
        self.follow()

    def follow(self) -> None:
        """The crosshair went elsewhere: the hand is there, and so is what it draws."""
        hands = self._hands
        if self._tool == "cross":
            # the crosshair itself is what is seen
            return
        hands.place = self.cross_px
        if self.is_down and hands.drag is not None:
            hands.drag.move(hands.place)
        hands.pane.refresh_hand()
