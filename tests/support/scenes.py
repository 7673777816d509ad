"""Bodies of known shape for the 3D pane, and the pane itself, shown and settled."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.theme.fonts import FAMILY
from app.theme.tokens import DARK, PLANES
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.volume import Mask
from viewers.overlay import SceneContent
from viewers.pane_look import PaneLook
from viewers.scene_pane import ScenePane
from viewers.view_state import ViewModel, ViewState


def scene_look() -> PaneLook:
    """The dark look, as the window gives it."""
    return PaneLook(
        accent=DARK["acc"],
        text=DARK["t1"],
        text_soft=DARK["t2"],
        halo=DARK["pane"],
        warn=DARK["warn"],
        plane_colors=PLANES,
        font_family=FAMILY,
        ok=DARK["ok"],
        bad=DARK["bad"],
    )


def sphere_mesh(radius_mm: float, center_mm: npt.ArrayLike = (0.0, 0.0, 0.0), rings: int = 48) -> SurfaceMesh:
    """A sphere of 4 * rings² triangles."""
    tilt = np.linspace(0.0, np.pi, rings + 1)
    turn = np.linspace(0.0, 2.0 * np.pi, 2 * rings, endpoint=False)
    ones = np.ones(2 * rings)
    directions = np.stack(
        [np.outer(np.sin(tilt), np.cos(turn)), np.outer(np.sin(tilt), np.sin(turn)), np.outer(np.cos(tilt), ones)], -1
    )
    row, column = np.meshgrid(np.arange(rings), np.arange(2 * rings), indexing="ij")
    a, b = row * 2 * rings + column, row * 2 * rings + (column + 1) % (2 * rings)
    c, d = a + 2 * rings, b + 2 * rings
    triangles = np.concatenate([np.stack([a, c, d], -1).reshape(-1, 3), np.stack([a, d, b], -1).reshape(-1, 3)])
    return SurfaceMesh(np.asarray(center_mm) + radius_mm * directions.reshape(-1, 3), triangles)


def ball_mask(radius_mm: float) -> Mask:
    """A ball about the origin on 2 mm voxels."""
    half = int(radius_mm / 2.0) + 2
    grid = Grid.from_parts((2 * half + 1,) * 3, (2.0, 2.0, 2.0), (-2.0 * half,) * 3)
    steps = 2.0 * np.arange(-half, half + 1)
    z, y, x = np.meshgrid(steps, steps, steps, indexing="ij")
    return Mask(grid, (0, 0, 0), x**2 + y**2 + z**2 <= radius_mm**2)


def shown_pane(
    qtbot: Any, content: SceneContent, state: ViewState | None = None, size: tuple[int, int] = (300, 300)
) -> ScenePane:
    """A started pane that has drawn everything."""
    view = ViewModel(state or ViewState())
    pane = ScenePane(view, scene_look())
    view.setParent(pane)
    qtbot.addWidget(pane)
    pane.resize(*size)
    pane.show()
    pane.set_content(content)
    pane.start()
    settle(qtbot, pane)
    return pane


def settle(qtbot: Any, pane: ScenePane) -> None:
    """Wait until the pane has nothing left to draw."""
    qtbot.waitUntil(pane.is_settled, timeout=30_000)
