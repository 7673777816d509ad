"""The liver's 3D picture: how clear it is, parts moved apart; pictures for the operating room; parts and guides to print."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from guided_panel import LONG_MS, at_rest, shown_panel
from liver_case import liver_document
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from app.panels.liver import RESECTION, LiverPanel
from app.panels.liver.panel import REPORT
from app.panels.liver.pictures_apart import GLASS
from app.panels.liver.step_report import ReportStep
from app.panels.printing.draft import make_draft
from app.panels.printing.wish import PrintWish, plan_choices
from app.report import surfaces
from app.scene_content import ContentBuilder
from planning.progress import CancelToken
from viewers.overlay import CutItem, MarginMapItem, SceneContent

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path):
    with shown_panel(qtbot, liver_document(tmp_path / "liver.theatrum"), LiverPanel, surfaces=True) as made:
        made.go_to(RESECTION)
        yield made


def scene_of(panel: LiverPanel) -> SceneContent:
    return ContentBuilder(panel.session, lambda: ()).scene(panel)


def test_parts_move_apart_by_the_slider_and_the_picture_says_so(qtbot: QtBot, panel: LiverPanel) -> None:
    before, numbers = scene_of(panel), panel.work.numbers
    assert before.note == ""
    slider = panel.findChild(QSlider, "parts_apart")
    assert slider is not None
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert panel.session.view.state.apart_mm == 20.0
    # asked for by the picture itself, in a job
    scene_of(panel)
    at_rest(qtbot, panel)
    after = scene_of(panel)
    assert after.note == "Parts moved apart 20\u202fmm"
    moved = {item.key: np.array(item.moved_mm) for item in after.surfaces if np.any(item.moved_mm)}
    plane = panel.work.hand.plane_of(0)
    assert plane is not None
    assert {key.partition("\n")[0] for key in moved} >= {"liver", "tumor_1"}
    for shift in moved.values():
        np.testing.assert_allclose(shift, 20.0 * plane.normal, atol=1e-6)
    liver = [item for item in after.surfaces if item.key.partition("\n")[0] == "liver"]
    assert len(liver) == 2
    maps = [item for item in after.items if isinstance(item, MarginMapItem)]
    assert len(maps) == 2
    assert not any(isinstance(item, CutItem) for item in after.items)
    # slices keep everything in its place
    assert any(isinstance(item, CutItem) for item in panel.items())
    assert panel.work.numbers is numbers
    panel.session.view.toggle_hidden("liver")
    assert not any(item.key.partition("\n")[0] == "liver" for item in scene_of(panel).surfaces)
    panel.session.view.toggle_hidden("liver")
    field = panel.findChild(QLineEdit, "parts_apart_mm")
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert scene_of(panel).note == ""


def test_the_liver_is_as_clear_as_one_chooses(panel: LiverPanel) -> None:
    box = panel.findChild(QComboBox, "liver_look")
    assert box is not None
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert panel.session.view.state.organ_opacity == GLASS
    assert panel.opacities()["liver"] == GLASS
    slider = panel.findChild(QSlider, "liver_opacity")
    assert slider is not None
    assert slider.value() == 14
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert panel.session.view.state.organ_opacity == 1.0
    assert box.currentText() == "Solid"


def test_pictures_for_the_operating_room_are_written_into_a_folder(
    qtbot: QtBot, panel: LiverPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # edges need not be smooth here, and a quarter of the pixels is drawn in a quarter of the time
    monkeypatch.setattr(surfaces, "OVERSAMPLING", 1)
    panel.keep_plan()
    qtbot.waitUntil(lambda: panel.work.is_saved, timeout=LONG_MS)
    at_rest(qtbot, panel)
    asked = []
    panel.save_asked.connect(lambda name, kinds, use: asked.append(name) or use(tmp_path / name))
    step = panel.steps[REPORT]
    assert isinstance(step, ReportStep)
    pictures = step.pictures
    pictures.ask()
    assert asked == ["pictures-plan-a"]
    at_rest(qtbot, panel)
    assert pictures.folder == tmp_path / "pictures-plan-a"
    names = sorted(path.name for path in pictures.folder.iterdir())
    assert {"1-front.png", "2-below.png", "3-cut.png", "6-apart.png", "theatre.pdf", "theatre.png"} <= set(names)
    for name in names:
        if name.endswith(".png"):
            with Image.open(pictures.folder / name) as image:
                assert image.size == ((3840, 2160) if name == "theatre.png" else (2560, 1600))
                assert not image.info.get("Author")
                # drawn on, and no lone colour
                assert len(image.resize((64, 40)).getcolors(4096) or range(4096)) > 50


def test_a_plans_parts_and_its_guide_can_be_ticked_and_are_proved(
    qtbot: QtBot, panel: LiverPanel, tmp_path: Path
) -> None:
    panel.keep_plan()
    qtbot.waitUntil(lambda: panel.work.is_saved, timeout=LONG_MS)
    at_rest(qtbot, panel)
    name = panel.work.draft.name
    rows = plan_choices(panel.session.case.plans[name])
    assert [row[0] for row in rows[:2]] == ["kept", "removed"]
    assert "guide" in [row[0] for row in rows]
    wish = PrintWish(plan_parts=((name, "removed"), (name, "vessels_removed"), (name, "guide")), wing_mm=12.0)
    assert wish.has_guide
    draft = make_draft(panel.session.document, wish, tmp_path / "draft.3mf", lambda f, w="": None, CancelToken())
    told, objects = draft.told, {row["name"]: row for row in draft.rows}
    assert {"removed", "guide"} <= set(objects)
    assert any(key.startswith(("portal", "hepatic")) for key in objects)
    assert all(row["watertight"] and row["self_intersections"] == 0 for row in objects.values())
    assert told["warnings"][0]["code"] == "research"
    assert draft.places["guide"] is not None
