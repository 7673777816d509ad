"""The settings of the image in 3D in the real window: box, presets, clips, C-arm, saved pictures."""

from __future__ import annotations

import errno
import gc
import os
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from liver_case import liver_document
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot
from rays_scene import LEFT, NO_KEY, drag

from app.dialogs.message import TextDialog
from app.launch import make_application
from app.panels.base import PlanRow
from app.panels.render import RenderPanel
from app.render_presets import AUTOMATIC, OWN, automatic_preset, find_preset, own_presets
from app.rendering import SceneRendering
from app.scene_content import ContentBuilder
from app.settings import Settings
from app.window_states import wait_settled, wait_until
from app.workstation import Workstation
from planning.geometry import Plane, carm_angles_deg
from planning.volume import Volume
from viewers.overlay import ContourItem, CutItem, SceneContent
from viewers.rendering import Rendering
from viewers.scene.painting import OverlayPainter

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def case_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "case.theatrum"
    liver_document(path).close()
    return path


@pytest.fixture(scope="module")
def window(qapp: QApplication, case_path: Path) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    made.open_paths([case_path])
    end = 400
    while made.place != "case" and end:
        QTest.qWait(50)
        end -= 1
    wait_settled(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


@pytest.fixture
def panel(window: Workstation) -> Iterator[RenderPanel]:
    page = window.page
    assert page is not None
    page.session.view.set(rendering=type(page.session.view.state.rendering)())
    window.actions_["rendering"].trigger()
    found = page.findChild(RenderPanel)
    assert found is not None
    assert page.right.currentWidget() is found
    yield found
    if page.right.currentWidget() is found:
        window.actions_["rendering"].trigger()


def click(panel: RenderPanel, name: str) -> None:
    button = panel.findChild(QAbstractButton, name)
    assert button is not None, name
    assert button.isEnabled(), f"{name}: {button.toolTip()}"
    QTest.mouseClick(button, LEFT, NO_KEY, QPoint(10, button.height() // 2))


def choose(panel: RenderPanel, name: str, data: str) -> None:
    box = panel.findChild(QComboBox, name)
    assert box is not None
    number = box.findData(data)
    assert number >= 0, data
    box.setCurrentIndex(number)
    box.activated.emit(number)


def typed(panel: RenderPanel, name: str, text: str) -> None:
    field = panel.findChild(QLineEdit, name)
    assert field is not None
    assert field.isEnabled(), name
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_the_image_comes_from_a_job_and_the_case_stays_as_it_is(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    before, steps = page.session.case, page.session.document.can_undo
    assert "image" not in page.scene.accessibleName()
    assert page.scene.content.volume is None
    click(panel, "render_shows")
    wait_settled(window)
    state = page.session.view.state.rendering
    assert state.preset == "liver", "a case with a liver starts with the liver's preset"
    item = page.scene.content.volume
    assert item is not None
    assert item.stops == find_preset("liver").stops
    assert page.session.case is before
    assert page.session.document.can_undo == steps
    made = [job for job in window.jobs.states if job.job.key == "3d image"]
    assert len(made) == 1
    # another look takes nothing but the look
    choose(panel, "render_preset", "bone")
    wait_settled(window)
    assert page.scene.content.volume.volume is item.volume
    assert page.scene.content.volume.stops == find_preset("bone").stops
    assert len([job for job in window.jobs.states if job.job.key == "3d image"]) == 1
    click(panel, "render_shows")
    assert page.session.view.state.rendering.stops, "the look is kept for the next time"
    wait_settled(window)
    assert page.scene.content.volume is None


def test_an_image_that_is_no_ct_starts_with_a_preset_of_its_own_values(
    window: Workstation, panel: RenderPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.page.session
    volume = session.volume()
    pet = Volume(volume.grid, ((volume.voxels + 1024.0) / 200.0).astype(np.float32), quantity="SUV")
    box = panel.findChild(QComboBox, "render_preset")
    assert box.findData(AUTOMATIC) < 0
    monkeypatch.setattr(session, "volume", lambda *_: pet)
    click(panel, "render_shows")
    state = session.view.state.rendering
    assert (state.preset, state.stops) == (AUTOMATIC, automatic_preset(pet).stops)
    assert box.currentData() == AUTOMATIC
    # one of CT can be taken all the same, and it comes back
    choose(panel, "render_preset", "bone")
    assert session.view.state.rendering.stops == find_preset("bone").stops
    choose(panel, "render_preset", AUTOMATIC)
    assert session.view.state.rendering.stops == automatic_preset(pet).stops
    monkeypatch.undo()
    panel.refresh()
    assert box.findData(AUTOMATIC) < 0
    wait_settled(window)


def test_hiding_and_showing_a_structure_meshes_nothing(window: Workstation) -> None:
    page = window.page
    count = len([job for job in window.jobs.states if job.job.key.startswith("mesh")])
    for _ in range(2):
        page.session.view.toggle_hidden("liver")
        wait_settled(window)
    assert len([job for job in window.jobs.states if job.job.key.startswith("mesh")]) == count
    assert page.session.light_surface("liver") is not None


def test_a_box_is_typed_and_reset(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    field = panel.findChild(QLineEdit, "render_box_x0")
    assert not field.isEnabled()
    click(panel, "render_shows")
    wait_settled(window)
    typed(panel, "render_box_x0", "-1,5 cm")
    assert page.session.view.state.rendering.box_mm[0][0] == -15.0
    wait_settled(window)
    assert page.scene.content.volume.box_mm[0][0] == -15.0
    typed(panel, "render_box_z1", "9999")
    # nothing is cut down in silence
    assert panel.box.complaint.isVisible()
    assert "possible" in panel.box.complaint.text()
    before = page.session.view.state.rendering.box_mm
    typed(panel, "render_box_x1", "-14")
    assert page.session.view.state.rendering.box_mm == before
    assert field.text().startswith("−15.0")
    click(panel, "render_box")
    assert page.scene.box_mm is not None
    click(panel, "render_box_reset")
    assert page.session.view.state.rendering.box_mm is None


def test_the_chosen_points_numbers_are_typed_and_kept_as_a_preset(
    window: Workstation, panel: RenderPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = window.page
    click(panel, "render_shows")
    choose(panel, "render_preset", "bone")
    wait_settled(window)
    assert not panel.image.hu.isEnabled()
    assert "Choose a point" in panel.image.hu.toolTip()
    QTest.keyClick(panel.image.editor, Qt.Key.Key_PageUp)
    QTest.keyClick(panel.image.editor, Qt.Key.Key_PageUp)
    typed(panel, "render_hu", "350")
    typed(panel, "render_opacity", "12.5")
    stop = page.session.view.state.rendering.stops[1]
    assert (stop.hu, stop.opacity) == (350.0, 0.125)
    typed(panel, "render_hu", "3900")
    assert panel.image.hu.property("state") == "bad", "a value beyond the next point is refused, not put beside that"
    assert page.session.view.state.rendering.stops[1] == stop
    QTest.keyClick(panel.image.hu, Qt.Key.Key_Escape)
    typed(panel, "render_opacity", "140")
    assert panel.image.opacity.property("state") == "bad", "what is not possible stays to be mended"
    assert page.session.view.state.rendering.stops[1] == stop
    QTest.keyClick(panel.image.opacity, Qt.Key.Key_Escape)
    monkeypatch.setattr(TextDialog, "ask", lambda self: "  Skull ")
    refused: list[object] = []
    page.session.failed.connect(refused.append)
    with monkeypatch.context() as full:

        def no_room(*_: object) -> None:
            raise OSError(errno.ENOSPC, "no room")

        full.setattr(os, "replace", no_room)
        click(panel, "render_keep")
    assert "disk is full" in str(refused[0])
    assert own_presets() == ()
    click(panel, "render_keep")
    (kept,) = own_presets()
    assert (kept.id, kept.stops[1]) == (OWN + "Skull", stop)
    assert page.session.view.state.rendering.preset == kept.id
    click(panel, "render_undo")
    assert page.session.view.state.rendering.stops[1].opacity != 0.125
    click(panel, "render_reset")
    assert page.session.view.state.rendering.stops == kept.stops
    click(panel, "render_forget")
    assert own_presets() == ()


def test_a_slices_plane_cuts_the_view_and_goes_with_the_slice(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    flip = panel.look.flip
    assert not flip.isEnabled()
    assert "Choose a clip plane" in flip.toolTip()
    choose(panel, "render_clip", "slice:coronal")
    wait_settled(window)
    clip = page.scene.content.clip
    assert np.allclose(clip.normal, (0.0, 1.0, 0.0))
    x, y, z = page.session.view.state.cross_mm
    page.session.view.set(cross_mm=(x, y + 8.0, z))
    wait_settled(window)
    assert page.scene.content.clip.origin_mm[1] == pytest.approx(clip.origin_mm[1] + 8.0), "it goes with the slice"
    view = page.session.view
    view.set_free(True)
    view.become(view.state.with_plane_turned("coronal", "axial", 0.3))
    wait_settled(window)
    assert page.scene.content.clip.normal @ (0.0, 1.0, 0.0) == pytest.approx(np.cos(0.3)), "turned by itself too"
    view.set_free(False)
    wait_settled(window)
    click(panel, "render_flip")
    wait_settled(window)
    assert np.allclose(page.scene.content.clip.normal, (0.0, -1.0, 0.0))
    click(panel, "render_clip_surfaces")
    wait_settled(window)
    assert page.scene.content.clip is None
    assert not panel.look.occlusion.isEnabled()
    assert "graphics card" in panel.look.occlusion.toolTip()


def test_a_plans_planes_cut_with_what_is_kept_on_their_side(window: Workstation) -> None:
    cut = Plane(np.array([5.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    turn = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    rim = np.stack([12.0 * np.cos(turn), 10.0 * np.sin(turn), np.full(40, 7.0)], axis=1)
    items = (
        CutItem(key="cut", plane=cut, organ=None, color="#35D6E6"),
        ContourItem(key="annulus", points_mm=rim, color="#35D6E6"),
    )
    rows = (PlanRow("cut", "Plane 1", "#35D6E6"),)
    planner = SimpleNamespace(items=lambda: items, rows=lambda: ("Plan A", rows))
    session = window.page.session
    made = SceneRendering(session, lambda: planner, lambda: True)
    found = made.clips()
    assert found["cut"][0] == "Plane 1"
    assert np.allclose(found["cut"][1].normal, (-1.0, 0.0, 0.0)), "what is removed goes"
    assert np.allclose(found["annulus"][1].normal, (0.0, 0.0, 1.0))
    assert found["annulus"][1].origin_mm[2] == pytest.approx(7.0)
    session.view.set(rendering=Rendering(clip="annulus", flipped=True))
    clip = made.decorated(SceneContent()).clip
    assert np.allclose(clip.normal, (0.0, 0.0, -1.0))
    assert made.decorated(SceneContent()).clip is clip, "the same plane is the same object"
    session.view.set(rendering=Rendering(clip="gone"))
    assert made.decorated(SceneContent()).clip is None, "a plane that is not there any more cuts nothing"
    made.deleteLater()


def test_the_views_own_menu_turns_it(window: Workstation, qtbot: QtBot) -> None:
    page = window.page
    QTest.mouseClick(page.scene, LEFT, NO_KEY, QPoint(20, 60))
    seen: list[str] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        seen.extend(action.text() for action in menu.actions())
        (sides,) = [action.menu() for action in menu.actions() if action.menu() is not None]
        next(action for action in sides.actions() if action.text().endswith("Shift+H")).trigger()
        menu.close()

    QTimer.singleShot(200, look)
    page.pane_menu_asked.emit(page.scene.mapToGlobal(QPoint(20, 60)))
    assert "3D view settings" in seen
    assert len(seen) <= 8
    assert np.allclose(page.scene.camera().direction, (0.0, 0.0, 1.0))


def test_the_panel_reads_and_sets_the_c_arm_and_esc_leaves_it(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    typed(panel, "render_lao", "RAO 30")
    typed(panel, "render_cra", "-12")
    assert np.allclose(carm_angles_deg(page.scene.camera().direction), (-30.0, -12.0), atol=1e-6)
    click(panel, "render_side_L")
    assert panel.side.lao.text() == "LAO 90°"
    drag(page.scene, (60.0, 150.0), (100.0, 150.0))
    assert panel.side.lao.text() != "LAO 90°", "read out while the hand turns"
    panel.close_button.setFocus()
    QTest.keyClick(panel.close_button, Qt.Key.Key_Escape)
    assert page.right.currentWidget() is page.planner


def test_a_scan_without_structures_says_how_to_see_it_in_3d(
    window: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = window.page
    assert ContentBuilder(page.session, tuple).scene(None).hint == "", "there are structures"
    empty = SimpleNamespace(
        case=replace(page.session.case, structures={}), view=page.session.view, phases=page.session.phases
    )
    content = ContentBuilder(empty, tuple).scene(None)
    assert "3D view settings" in content.hint
    page.session.view.set(rendering=Rendering(silhouettes=True))
    assert page.rendering.decorated(content).hint == content.hint
    page.session.view.set(rendering=Rendering(shows_volume=True))
    assert page.rendering.decorated(content).hint == ""
    said: list[str] = []
    page.scene.set_content(content)
    monkeypatch.setattr(OverlayPainter, "_message", lambda painter, on, text, space: said.append(text))
    page.scene.overlay.grab()
    assert said == [content.hint]
    page.scene.grab_picture()
    assert said == [content.hint], "a picture for a letter has no hints"


def test_enter_takes_a_typed_angle_and_accepts_no_step(
    window: Workstation, panel: RenderPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, accepted = window.page, []
    monkeypatch.setattr(page.planner, "accept", lambda: accepted.append(1))
    # keys of the window act in an active one only
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    typed(panel, "render_lao", "RAO 30")
    assert not accepted
    panel.side.lao.selectAll()
    QTest.keyClicks(panel.side.lao, "400")
    QTest.keyClick(panel.side.lao, Qt.Key.Key_Return)
    assert not accepted, "what cannot be taken is said, and the step stays"
    QTest.keyClick(panel.side.lao, Qt.Key.Key_Escape)
    assert panel.side.lao.text() == "RAO 30°"
    page.scene.edit_angles()
    field = page.scene.findChild(QLineEdit, "pane_3d_angles")
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "LAO 20 CRA 5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not accepted
    assert np.allclose(carm_angles_deg(page.scene.camera().direction), (20.0, 5.0), atol=1e-6)
    page.scene.setFocus()
    QTest.keyClick(page.scene, Qt.Key.Key_Return)
    assert accepted, "with the focus in a pane Enter accepts the step"


def test_the_window_saves_a_large_picture_beside_its_work(
    window: Workstation, panel: RenderPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, offered = tmp_path / "large.png", []

    def choose_save(title: str, name: str, kinds: str) -> Path:
        offered.append(name)
        return out

    monkeypatch.setattr(window.files, "choose_save", choose_save)
    scene = window.page.scene
    click(panel, "render_picture")
    assert [job.title for job in window.jobs.active], "it is a job, with progress and cancel"
    wait_settled(window)
    with Image.open(out) as picture:
        assert picture.width == round(2 * scene.devicePixelRatioF() * scene.width())
        assert np.array(picture).max() > 100
    assert window.session.label not in offered[0]
    assert window.session.label.encode() not in out.read_bytes()


def test_every_control_has_a_name_and_a_tooltip(panel: RenderPanel) -> None:
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in panel.findChildren(kind):
            if widget.isVisibleTo(panel):
                assert widget.objectName(), widget
                assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), widget.objectName()


def test_an_image_that_3d_does_not_show_any_more_is_let_go_and_comes_back(
    window: Workstation, panel: RenderPanel
) -> None:
    page = window.page
    assert page is not None
    rendering, view = page.rendering, page.session.view
    rendering._away.setInterval(50)
    view.set(rendering=Rendering(shows_volume=True))
    QTest.qWait(150)
    wait_settled(window)
    assert rendering.image is not None, "what is shown stays"
    # by whoever: the open panel has shown its histogram
    assert rendering.image.caster is not None
    caster = weakref.ref(rendering.image.caster)
    view.set(rendering=Rendering())
    wait_until(lambda: rendering.image is None, "letting go of the image")
    wait_settled(window)
    gc.collect()
    assert caster() is None
    view.set(rendering=Rendering(shows_volume=True))
    wait_settled(window)
    assert rendering.image is not None
    view.set(rendering=Rendering())
