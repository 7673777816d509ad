"""A ball that rays draw in a 3D pane, the colours seen there, and a hand that drags in it."""

from __future__ import annotations

import numpy as np
from golden import rgb_array
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from planning.geometry import Grid
from planning.volume import Volume
from viewers.overlay import VolumeItem
from viewers.rendering import Stop
from viewers.scene.camera import ANTERIOR, HEAD
from viewers.scene_pane import ScenePane
from viewers.view_state import Camera, ViewState

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
SOLID = (Stop(100.0, "#F0D080", 0.0), Stop(300.0, "#F0D080", 0.98))
RADIUS = 30.0


def ball_image(radius_mm: float = RADIUS, center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Volume:
    """500 HU in a ball, 200 HU on its surface, air around it, 2 mm voxels."""
    grid = Grid.from_parts((48, 48, 48), (2.0, 2.0, 2.0), (-47.0, -47.0, -47.0))
    k, j, i = np.indices(grid.shape_kji)
    far = np.linalg.norm(grid.to_world(np.stack([i, j, k], axis=-1)) - center_mm, axis=-1)
    # the edge is as soft as a scan's
    return Volume(grid, np.clip(200.0 - 250.0 * (far - radius_mm), -1000.0, 500.0).astype(np.int16))


# 160 mm high
FROM_THE_FRONT = ViewState(show_crosshair=False, camera=Camera((0.0, 0.0, 0.0), ANTERIOR, HEAD, 80.0))
IMAGE = VolumeItem(key="image", volume=ball_image(), stops=SOLID)


def colors(pane: ScenePane) -> np.ndarray:
    return rgb_array(pane.grab_picture()).astype(int)


def color_at(pane: ScenePane, place_mm: tuple[float, float, float]) -> np.ndarray:
    x, y = pane.projection().to_screen(place_mm)
    return colors(pane)[round(y), round(x)]


def drag(pane: ScenePane, start: tuple[float, float], end: tuple[float, float], release: bool = True) -> None:
    first, last = QPoint(*(round(v) for v in start)), QPoint(*(round(v) for v in end))
    QTest.mousePress(pane, LEFT, NO_KEY, first)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(pane, first + (last - first) * share)
    if release:
        QTest.mouseRelease(pane, LEFT, NO_KEY, last)
