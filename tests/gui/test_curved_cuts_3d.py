"""Cuts that are no planes in the 3D pane: what they remove is grey, their sheet, their handles under the hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from scenes import settle, shown_pane, sphere_mesh

from app.theme.tokens import PLANS, REMOVED
from planning.geometry import Plane
from planning.liver.regions import PlaneRegion
from viewers.overlay import CurvedCutItem, PointItem, SceneContent, SurfaceItem
from viewers.scene.adapters.curved import CurvedCutView
from viewers.scene.adapters.margin import MarginView
from viewers.scene_pane import ScenePane
from viewers.tracks import LineTrack
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
RED = "#D04030"
BALL = SurfaceItem(key="ball", mesh=sphere_mesh(40.0), color=RED)
# as a side, not as a plane that the driver could clip by
SIDE = PlaneRegion(Plane(np.array((5.0, 0.0, 0.0)), np.array((1.0, 0.0, 0.0))))


def color_at(pane: ScenePane, place: tuple[float, float, float]) -> np.ndarray:
    x, y = pane.projection().to_screen(place)
    ratio = pane.devicePixelRatioF()
    shown = pane.grab_picture().pixelColor(round(x * ratio), round(y * ratio))
    return np.array((shown.red(), shown.green(), shown.blue()))


def test_what_a_curved_cut_removes_is_grey_and_a_drag_rebuilds_nothing(qtbot: Any) -> None:
    item = replace(BALL, color=RED, split=(SIDE,), split_color=REMOVED)
    pane = shown_pane(qtbot, SceneContent(surfaces=(item,)), ViewState(show_crosshair=False))
    kept, removed = color_at(pane, (-15.0, 0.0, 0.0)), color_at(pane, (22.0, 0.0, 0.0))
    assert kept[0] > 2 * kept[2], "red"
    assert removed[2] > removed[0] > 0, "the removed part's grey-blue"
    (view,) = pane.stage.scene._views.values()
    actors = view.actors
    away = PlaneRegion(Plane(np.array((-25.0, 0.0, 0.0)), np.array((-1.0, 0.0, 0.0))))
    pane.set_content(SceneContent(surfaces=(replace(item, split=(away,)),)))
    settle(qtbot, pane)
    assert view.actors == actors
    assert color_at(pane, (22.0, 0.0, 0.0))[0] > 2 * color_at(pane, (22.0, 0.0, 0.0))[2]
    # a plane and a side together
    both = (away, Plane(np.array((10.0, 0.0, 0.0)), np.array((1.0, 0.0, 0.0))))
    pane.set_content(SceneContent(surfaces=(replace(item, split=both),)))
    settle(qtbot, pane)
    assert color_at(pane, (22.0, 0.0, 0.0))[2] > color_at(pane, (22.0, 0.0, 0.0))[0]
    pane.set_content(SceneContent(surfaces=(replace(item, split=both[1:]),)))
    settle(qtbot, pane)
    assert color_at(pane, (-15.0, 0.0, 0.0))[0] > 2 * color_at(pane, (-15.0, 0.0, 0.0))[2]


def test_the_sheet_of_a_curved_cut_gives_way_to_the_margin_map(qtbot: Any) -> None:
    from viewers.overlay import MarginMapItem

    mesh = PlaneRegion(Plane(np.zeros(3), np.array((1.0, 0.3, 0.0)))).surface(
        np.array([(-20.0,) * 3, (20.0,) * 3]), 4.0
    )
    cut = CurvedCutItem(key="cut", side=SIDE, organ=None, color=PLANS["a"], mesh=mesh)
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(cut,)))
    views = {type(view): view for view in pane.stage.scene._views.values()}
    assert all(actor.GetVisibility() for actor in views[CurvedCutView].actors)
    mapped = MarginMapItem(key="margin_map", mesh=mesh, values_mm=np.full(len(mesh.points_mm), 7.0), asked_mm=5.0)
    pane.set_content(SceneContent(surfaces=(BALL,), items=(cut, mapped)))
    settle(qtbot, pane)
    views = {type(view): view for view in pane.stage.scene._views.values()}
    assert not any(actor.GetVisibility() for actor in views[CurvedCutView].actors)
    assert all(actor.GetVisibility() for actor in views[MarginView].actors)


def test_a_chosen_handle_is_dragged_along_its_normal(qtbot: Any) -> None:
    place, normal = np.array((15.0, -45.0, 10.0)), np.array((0.8, 0.6, 0.0))
    handle = PointItem(
        key="cut:1:2", position_mm=place, color=PLANS["a"], label="", shape="small", track=LineTrack(place, normal, 0.1)
    )
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(handle,)))
    x, y = (round(v) for v in pane.projection().to_screen(place))
    QTest.mouseClick(pane, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x, y))
    assert pane.view.state.selected_point == "cut:1:2"
    moved: list[Any] = []
    pane.point_moved.connect(lambda *told: moved.append(told))
    QTest.mousePress(pane, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x, y))
    for step in (6, 14, 24):
        QTest.mouseMove(pane, QPoint(x + step, y))
    QTest.mouseRelease(pane, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x + 24, y))
    key, position, finished = moved[-1]
    assert (key, finished) == ("cut:1:2", True)
    went = position - place
    assert np.cross(went, normal) == pytest.approx(np.zeros(3), abs=1e-9)
    # under the hand across the picture, though the normal points partly into it
    assert float(np.abs(went[0])) == pytest.approx(24 * pane.projection().mm_per_px, abs=0.2)
