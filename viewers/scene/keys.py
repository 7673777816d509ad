"""A 3D pane without a mouse: Ctrl and arrows move the crosshair over the picture, Enter is a click on what lies under it.

The same keys as in slices (`viewers/key_hand.py`). The crosshair keeps its depth; a place is taken on the nearest surface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from viewers.key_hand import ARROWS, CROSS_FAST_MM, CROSS_MM, ENTER, PICK
from viewers.measures import TOOLS_3D
from viewers.scene.camera import axes
from viewers.view_state import vec

if TYPE_CHECKING:
    from viewers.scene_pane import ScenePane

Modifier = Qt.KeyboardModifier
SAME_PX = 0.5


class SceneKeys:
    """What keys do at the crosshair of one pane."""

    def __init__(self, pane: ScenePane) -> None:
        self._pane = pane
        # where on the screen Enter took a place last, None once a mouse did
        self._last_px: tuple[float, float] | None = None

    @property
    def cross_px(self) -> tuple[float, float]:
        """Where the crosshair is seen, in logical pixels."""
        x, y = self._pane.projection().to_screen(np.array(self._pane.view.state.cross_mm))
        return float(x), float(y)

    def moves(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """True for a key that moves the crosshair."""
        return key in ARROWS and _plain(held) in (Modifier.ControlModifier, PICK)

    def places(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """True for a key that takes the place under the crosshair with the tool in the hand."""
        state = self._pane.view.state
        is_used = state.tool in TOOLS_3D or (state.tool == "place" and bool(state.placing))
        return key in ENTER and not _plain(held) and is_used

    def move(self, key: int, held: Qt.KeyboardModifier) -> None:
        """The crosshair over the picture: 1 mm, with Shift 10, and never out of what is shown."""
        pane, box = self._pane, self._pane.stage.box()
        right, up, _ = axes(pane.camera())
        across, high = ARROWS[Qt.Key(key)]
        step_mm = CROSS_FAST_MM if held & Modifier.ShiftModifier else CROSS_MM
        before = np.array(pane.view.state.cross_mm)
        cross = before + step_mm * (across * right + high * up)
        if box is not None:
            # one that lies outside already may come nearer
            cross = np.clip(cross, np.minimum(box[0], before), np.maximum(box[1], before))
        pane.view.set(cross_mm=vec(cross))

    def took_by_key(self) -> None:
        """Enter took a place here."""
        self._last_px = self.cross_px

    def took_by_mouse(self) -> None:
        """The last place was clicked."""
        self._last_px = None

    @property
    def has_gone_on(self) -> bool:
        """Whether the crosshair has left the place that Enter took last: only then Enter means another one."""
        return self._last_px is not None and float(np.hypot(*np.subtract(self.cross_px, self._last_px))) > SAME_PX


def _plain(held: Qt.KeyboardModifier) -> Qt.KeyboardModifier:
    """Without the mark that a key lies on the number pad."""
    return held & ~Modifier.KeypadModifier
