"""Off-screen pictures as a graphics card draws them: any driver is taken for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from rays_scene import FROM_THE_FRONT, IMAGE, LEFT, NO_KEY, colors, drag
from scenes import settle, shown_pane, sphere_mesh

from app.rendering import DrawnImage, ReducedImages
from viewers.overlay import SceneContent, SurfaceItem
from viewers.scene import host as hosts
from viewers.scene.adapters import volume as rays
from viewers.scene.scene import Scene

pytestmark = pytest.mark.gui

WALL = SurfaceItem(key="wall", mesh=sphere_mesh(40.0, (0.0, 60.0, 0.0)), color="#D0D0D0")
LUMP = SurfaceItem(key="lump", mesh=sphere_mesh(12.0, (0.0, 18.0, 0.0)), color="#D0D0D0")
HOLLOWS = SceneContent(surfaces=(WALL, LUMP), occlusion=True)
SIZE = (120, 100)
BANDS = ("#FF0000", "#FFFF00", "#00FF00", "#808080")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "is_software_driver", lambda name: False)


@pytest.mark.usefixtures("card")
def test_a_card_is_known_before_anything_is_drawn(qtbot: Any) -> None:
    scene = Scene(BANDS)
    host = hosts.ImageHost(scene, lambda: None)
    assert not host.is_slow
    scene.set_content(replace(HOLLOWS, volume=IMAGE))
    assert scene.renderer.GetUseSSAO()
    mapper = scene._volume._mapper
    assert mapper.IsA("vtkGPUVolumeRayCastMapper")
    assert not mapper.GetAutoAdjustSampleDistances(), "the card would leave out rays by itself"
    assert mapper.GetSampleDistance() == pytest.approx(rays.REST_STEP * IMAGE.volume.grid.spacing_mm.min())
    scene.use_gpu(False)
    assert not scene.renderer.GetUseSSAO()
    assert scene.take_stale() is None
    host.close()


@pytest.mark.usefixtures("card")
def test_a_card_casts_fewer_rays_while_the_view_turns_and_all_at_rest(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE), FROM_THE_FRONT, SIZE)
    monkeypatch.setattr(hosts, "MOST_MOVING_RAYS", pane.width() * pane.height() / 4)
    mapper, finest = pane.stage.scene._volume._mapper, float(IMAGE.volume.grid.spacing_mm.min())
    drag(pane, (40.0, 40.0), (60.0, 45.0), release=False)
    QApplication.processEvents()
    assert mapper.GetImageSampleDistance() == pytest.approx(2.0, abs=0.01)
    assert mapper.GetSampleDistance() == pytest.approx(rays.MOVING_STEP * finest)
    QTest.mouseRelease(pane, LEFT, NO_KEY, pane.rect().center())
    settle(qtbot, pane)
    assert mapper.GetImageSampleDistance() == 1.0
    assert mapper.GetSampleDistance() == pytest.approx(rays.REST_STEP * finest)


def test_rays_lie_farther_apart_only_where_a_picture_is_large() -> None:
    assert hosts.rays_apart_px(1000, 1000) == 1.0
    assert hosts.rays_apart_px(300, 200) == 1.0
    assert hosts.rays_apart_px(2000, 2000) == pytest.approx(2.0)


@pytest.mark.usefixtures("card")
def test_hollows_are_as_dark_at_the_edges_of_tiles(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = shown_pane(qtbot, HOLLOWS, FROM_THE_FRONT, (200, 160))
    whole = colors(pane)
    monkeypatch.setattr(hosts, "MOST_SIDE_PX", 200)
    # nothing of what smooths edges hides a tile's own
    monkeypatch.setattr("viewers.scene.patch.RIM_PX", 2)
    pane.stage.scene.set_ground((0.0, 0.0, 0.0))
    tiled = colors(pane)
    assert whole.max() > 100
    # the card looks about in other directions in each tile: grains, no edges
    assert (np.abs(tiled - whole).max(axis=-1) > 8).mean() < 0.001


@pytest.mark.usefixtures("card")
def test_what_a_change_darkens_beside_it_is_drawn_anew(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # only large pictures keep a frame there
    monkeypatch.setattr(hosts, "MOST_SIDE_PX", 200)
    pane = shown_pane(qtbot, HOLLOWS, FROM_THE_FRONT, (200, 160))
    pane.set_content(replace(HOLLOWS, surfaces=(WALL, replace(LUMP, color="#4060D0"))))
    settle(qtbot, pane)
    assert pane.stage.scene.take_stale() == []
    scene = pane.stage.scene
    scene.set_content(replace(HOLLOWS, surfaces=(WALL,)))
    assert scene.take_stale() is None
    scene.set_content(SceneContent(surfaces=(WALL,)))
    scene.take_stale()
    scene.set_content(SceneContent(surfaces=(WALL, LUMP)))
    assert len(scene.take_stale()) == 1


@pytest.mark.usefixtures("card")
def test_depths_are_read_from_the_cards_own_picture(qtbot: Any) -> None:
    pane = shown_pane(qtbot, HOLLOWS, FROM_THE_FRONT, SIZE)
    host = pane.stage.host
    assert host._frame is None
    assert host.depth_at(0.5, 0.5) < host.depth_at(0.5, 0.3) < 1.0
    assert host.depth_at(0.01, 0.01) == 1.0


def test_an_image_prepared_for_the_processor_is_made_anew_once_a_card_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, asked = [True], []
    images = ReducedImages(None, lambda: IMAGE.volume, lambda: slow[0], "3d image")
    monkeypatch.setattr(images, "_request", asked.append)
    images._have(DrawnImage(IMAGE.volume, IMAGE.volume, np.zeros(2), np.zeros(1), object()))
    assert images.asked() is not None
    assert not asked
    slow[0] = False
    assert images.asked() is not None, "drawn meanwhile"
    assert asked == [IMAGE.volume]
    images._have(DrawnImage(IMAGE.volume, IMAGE.volume, np.zeros(2), np.zeros(1), None))
    images.asked()
    assert len(asked) == 1
