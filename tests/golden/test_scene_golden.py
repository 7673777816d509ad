"""The 3D pane beside pictures that a person has looked at: a heart's root and a liver with its cut, in simple bodies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from golden import check_golden
from PySide6.QtGui import QPainter
from scenes import ball_mask, settle, shown_pane, sphere_mesh

from app.theme.fonts import load_fonts
from app.theme.tokens import DARK, HINGES, PLANS, REMOVED
from planning.geometry import FloatArray, Grid, Plane, Vector, plane_basis
from planning.mesh import SurfaceMesh
from planning.volume import Volume
from viewers.overlay import (
    ContourItem,
    CutItem,
    DistanceItem,
    MarginMapItem,
    PathItem,
    PlanItem,
    PointItem,
    SceneContent,
    SurfaceItem,
    VolumeItem,
)
from viewers.rendering import Rendering, Stop, box_planes
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui


@pytest.fixture(autouse=True)
def _painted(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEATRUM_GL", "software")
    load_fonts()


def ellipse(center: Vector, normal: Vector, long_mm: float, short_mm: float) -> FloatArray:
    right, down = plane_basis(normal)
    turn = np.linspace(0.0, 2.0 * np.pi, 72, endpoint=False)
    return np.asarray(center + long_mm * np.outer(np.cos(turn), right) + short_mm * np.outer(np.sin(turn), down))


def test_root(qtbot: Any) -> None:
    normal = np.array([0.25, -0.30, 0.92])
    rim = ellipse(np.zeros(3), normal, 14.0, 11.0)
    points = [
        PointItem(key=key, position_mm=rim[place], color=HINGES[key], label=key.upper())
        for key, place in (("rcc", 58), ("lcc", 8), ("ncc", 33))
    ]
    path = np.stack([np.linspace(0, 15, 30), np.linspace(0, 10, 30), np.linspace(0, 50, 30)], axis=1)
    items: tuple[PlanItem, ...] = (
        ContourItem(key="annulus", points_mm=rim, color=PLANS["a"], fill_opacity=0.25),
        *points,
        PathItem(key="axis", points_mm=path, color=PLANS["b"]),
    )
    surfaces = (
        SurfaceItem(key="aorta", mesh=sphere_mesh(24.0, (4.0, 2.0, 20.0)), color="#E0503F", opacity=0.55),
        SurfaceItem(key="left_ventricle", mesh=sphere_mesh(30.0, (8.0, -4.0, -32.0)), color="#DDA793"),
    )
    state = ViewState(selected_point="ncc", active="3d")
    pane = shown_pane(qtbot, SceneContent(surfaces=surfaces, items=items), state, (338, 356))
    pane.look_from_carm(-35.0, 12.0)
    check_golden(pane.grab_picture(), "scene_root")


def cut_surface(plane: Plane, radius_mm: float) -> SurfaceMesh:
    right, down = plane_basis(plane.normal)
    turn, away = np.linspace(0, 2 * np.pi, 73)[:-1], np.linspace(0.0, 1.0, 25)[1:]
    reach = np.sqrt(radius_mm**2 - float(plane.origin_mm @ plane.normal) ** 2)
    middle = plane.normal * float(plane.origin_mm @ plane.normal)
    rings = [middle + reach * a * (np.outer(np.cos(turn), right) + np.outer(np.sin(turn), down)) for a in away]
    points = np.concatenate([middle[None], *rings])
    n = np.arange(72)
    fan = np.stack([np.zeros(72, int), 1 + n, 1 + (n + 1) % 72], -1)
    bands = []
    for ring in range(24 - 1):
        a, b = 1 + ring * 72 + n, 1 + ring * 72 + (n + 1) % 72
        bands += [np.stack([a, a + 72, b + 72], -1), np.stack([a, b + 72, b], -1)]
    return SurfaceMesh(points, np.concatenate([fan, *bands]))


def liver_content(with_map: bool) -> SceneContent:
    plane = Plane(np.array([-15.0, 0.0, 0.0]), np.array([-1.0, -0.6, 0.2]))
    tumor = plane.origin_mm + 14.0 * plane.normal + np.array([0.0, 0.0, 18.0])
    items: list[PlanItem] = [CutItem(key="cut", plane=plane, organ=ball_mask(60.0), color=PLANS["a"])]
    if with_map:
        mesh = cut_surface(plane, 60.0)
        values = np.linalg.norm(mesh.points_mm - tumor, axis=1) - 12.0
        place = mesh.points_mm[int(np.argmin(values))]
        items += [
            MarginMapItem(key="map", mesh=mesh, values_mm=values, asked_mm=8.0),
            DistanceItem(key="least", ends_mm=np.stack([tumor, place]), color=DARK["bad"], text="4.7 mm", pill=True),
        ]
    surfaces = (
        SurfaceItem(key="liver", mesh=sphere_mesh(60.0), color="#DD8265", split=(plane,), split_color=REMOVED),
        SurfaceItem(key="tumor", mesh=sphere_mesh(12.0, tumor), color="#FFD65C"),
    )
    return SceneContent(surfaces=surfaces, items=tuple(items))


@pytest.mark.parametrize("with_map", [True, False], ids=["map", "sheet"])
def test_liver(qtbot: Any, with_map: bool) -> None:
    pane = shown_pane(qtbot, liver_content(with_map), ViewState(cross_mm=(-20.0, -20.0, 10.0)), (338, 356))
    pane.look_from((-0.75, -0.65, 0.25), (0.0, 0.0, 1.0))
    pane.fit()
    check_golden(pane.grab_picture(), f"scene_liver_{'map' if with_map else 'sheet'}")


def test_image_with_its_box_structures_and_silhouettes(qtbot: Any) -> None:
    """A bright branching vessel in a body drawn by rays, cropped on one side, a structure with its rim beside it."""
    grid = Grid.from_parts((64, 64, 64), (2.0, 2.0, 2.0), (-63.0, -63.0, -63.0))
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], axis=-1))
    x, y, z = places.transpose(3, 0, 1, 2)
    body = (x / 58.0) ** 2 + (y / 44.0) ** 2 + (z / 58.0) ** 2
    trunk = np.hypot(x - 6.0 * np.sin(z / 18.0), y) - 9.0
    branch = np.hypot(z - 0.6 * np.abs(x), y + 6.0) - 5.0
    vessel = np.minimum(trunk, np.where(np.abs(x) < 44.0, branch, 20.0))
    voxels = np.where(body < 1.0, 40.0, -1000.0) + np.clip(310.0 - 140.0 * vessel, 0.0, 380.0) * (body < 1.0)
    box = ((-63.0, -63.0, -63.0), (26.0, 64.0, 64.0))
    stops = (Stop(120.0, "#6E1B14", 0.0), Stop(260.0, "#C7442F", 0.4), Stop(420.0, "#FFD9B0", 0.9))
    item = VolumeItem(
        key="image", volume=Volume(grid, voxels.astype(np.int16)), stops=stops, keep=box_planes(box), box_mm=box
    )
    organ = SurfaceItem(key="organ", mesh=sphere_mesh(16.0, (-30.0, -20.0, -26.0)), color="#9D6CA2", opacity=0.6)
    wanted = Rendering(shows_volume=True, shows_box=True, box_mm=box)
    state = ViewState(cross_mm=(0.0, 0.0, 0.0), rendering=wanted)
    content = SceneContent(volume=item, surfaces=(organ,), silhouettes=True)
    pane = shown_pane(qtbot, content, state, (338, 356))
    pane.look_from((0.35, -0.85, 0.3), (0.0, 0.0, 1.0))
    pane.set_camera(replace(pane.camera(), focus_mm=(0.0, 0.0, 0.0), half_height_mm=86.0))
    settle(qtbot, pane)
    image = pane.grab_picture()
    painter = QPainter(image)
    # with the handles, but not the ring of the pane that has the keyboard
    pane._painter.paint(painter, replace(pane._facts(), active=False))
    painter.end()
    check_golden(image, "scene_image")
