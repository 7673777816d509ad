"""Guided segmentation in the real window: clicks and strokes, previews, taking back, accepting, stopping, coming again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from guided_scene import (
    AIR_AT,
    HEPATIC_AT,
    LESION_AT,
    LESION_MM,
    NEIGHBOUR_AT,
    PLAIN_AT,
    PORTAL_AT,
    GuidedScene,
    dice,
    guided_document,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from segment_window import panel_of, press, shown_window, shut

from app.launch import make_application
from app.panels.drafts import kept_draft
from app.panels.liver import LiverPanel
from app.panels.segment.draft import LIVER, TUMOR, VESSELS
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.document import Document
from planning.case.guided import kept_marks
from viewers.overlay import PathItem, PointItem

pytestmark = pytest.mark.gui
LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
LONG_MS = 180_000


@pytest.fixture(scope="module")
def scene() -> GuidedScene:
    return GuidedScene()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> Iterator[Workstation]:
    guided_document(tmp_path / "case.theatrum", scene).close()
    made = shown_window(qtbot, tmp_path / "case.theatrum")
    yield made
    shut(made)


def on_screen(window: Workstation, place: tuple[float, float, float], pane: str = "axial") -> QPoint:
    """Where a place lies in a pane that shows its slice."""
    x, y = window.page.slices[pane].geometry_px().to_screen(np.array(place))
    return QPoint(round(x), round(y))


def look_at(window: Workstation, place: tuple[float, float, float]) -> None:
    window.page.session.view.fly_to(np.array(place))
    QTest.qWait(20)


def click(window: Workstation, place: tuple[float, float, float], keys: Qt.KeyboardModifier = NONE) -> None:
    look_at(window, place)
    pane = window.page.slices["axial"]
    QTest.mouseClick(pane, LEFT, keys, on_screen(window, place))


def draw(window: Workstation, *places: tuple[float, float, float], keys: Qt.KeyboardModifier = NONE) -> None:
    look_at(window, places[0])
    pane = window.page.slices["axial"]
    points = [on_screen(window, place) for place in places]
    QTest.mousePress(pane, LEFT, keys, points[0])
    for point in points[1:]:
        QTest.mouseMove(pane, point)
        QTest.qWait(5)
    QTest.mouseRelease(pane, LEFT, keys, points[-1])


def found(qtbot: QtBot, window: Workstation, target: str) -> None:
    work = panel_of(window).work
    qtbot.waitUntil(lambda: not work.is_running(target) and not window.jobs.active, timeout=LONG_MS)


def callouts(window: Workstation) -> str:
    return " ".join(label.text() for label in panel_of(window).guided.body.findChildren(QLabel) if label.isVisible())


def test_from_a_bare_scan_to_a_liver_that_can_be_planned(qtbot: QtBot, window: Workstation, scene: GuidedScene) -> None:
    # the liver's place, looked at too early, takes what is found later
    for module in ("liver", "segment"):
        window.page.show_module(module)
    press(window, "find_liver")
    panel, session = panel_of(window), window.page.session
    assert (session.view.state.tool, session.view.state.placing) == ("stroke", LIVER)
    steps = session.document.journal_length
    click(window, PLAIN_AT)
    found(qtbot, window, LIVER)
    (preview,) = panel.labels()
    assert dice(preview.mask.full(), scene.liver) > 0.95
    assert [item.key for item in panel.surfaces()] == ["liver"]
    assert session.document.journal_length == steps
    assert panel.guided._counts.row("clicks").value == "1"
    press(window, "accept_liver")
    assert session.document.journal_length == steps + 1
    assert session.surface("liver") is not None
    assert session.case.structures["liver"].provenance.source == "guided, 1 click"
    assert panel.where.current == 2

    click(window, PORTAL_AT)
    assert panel.guided.kind == "hepatic"
    click(window, HEPATIC_AT)
    found(qtbot, window, VESSELS)
    assert [label.key for label in panel.labels()] == ["guide_all_vessels", "portal_vein", "hepatic_veins"]
    press(window, "accept_vessels")
    assert session.document.journal_length == steps + 2
    assert session.view.state.tool == "line"

    x, y, z = LESION_AT
    draw(window, (x - LESION_MM, y, z), (x, y, z), (x + LESION_MM, y, z))
    found(qtbot, window, TUMOR)
    assert dice(panel.labels()[0].mask.full(), scene.lesion) > 0.85
    assert panel.guided._counts.row("strokes").value == "1"
    press(window, "accept_tumor")
    assert list(session.case.structures) == ["liver", "portal_vein", "hepatic_veins", "tumor_1"]
    press(window, "go_plan_liver")
    liver = window.page.planner
    assert isinstance(liver, LiverPanel)
    roles = liver.work.draft.roles
    assert (roles.organ, roles.tumors) == (("liver",), ("tumor_1",))
    assert (roles.portal, roles.hepatic) == (("portal_vein",), ("hepatic_veins",))
    window.jobs.cancel_all()


def test_more_clicks_correct_and_undo_takes_them_back_one_by_one(
    qtbot: QtBot, window: Workstation, scene: GuidedScene
) -> None:
    press(window, "find_liver")
    panel, session = panel_of(window), window.page.session
    click(window, PLAIN_AT)
    found(qtbot, window, LIVER)
    click(window, NEIGHBOUR_AT)
    found(qtbot, window, LIVER)
    with_it = panel.labels()[0].mask
    assert np.mean(with_it.full()[scene.neighbour]) > 0.8
    QTest.keyClick(window.page.slices["axial"], Qt.Key.Key_Z, CONTROL)
    without = panel.labels()[0].mask
    assert not panel.work.is_running(LIVER)
    assert np.mean(without.full()[scene.neighbour]) < 0.05
    x, y, z = NEIGHBOUR_AT
    draw(window, NEIGHBOUR_AT, (x + 6.0, y, z), (x + 12.0, y + 4.0, z), keys=CONTROL)
    found(qtbot, window, LIVER)
    marks = panel.work.drafts[LIVER].marks
    assert [mark.kind for mark in marks] == ["this", "not"]
    assert len(marks[1].points_mm) == 3
    assert {type(item) for item in panel.items()} == {PointItem, PathItem}
    press(window, "accept_liver")
    kept = session.case.structures["liver"]
    assert kept.provenance.source == "guided, 1 click, 1 stroke"
    window.actions_["undo"].trigger()
    assert "liver" not in session.case.structures
    press(window, "panel_back")
    assert panel.work.is_open(LIVER)
    for _ in range(2):
        window.actions_["undo"].trigger()
    assert not panel.work.drafts[LIVER].marks
    assert session.document.journal_length >= 1


def test_a_click_that_cannot_be_used_is_taken_back_and_told(qtbot: QtBot, window: Workstation) -> None:
    press(window, "find_liver")
    panel = panel_of(window)
    click(window, AIR_AT)
    found(qtbot, window, LIVER)
    assert not panel.work.drafts[LIVER].marks
    assert "no liver" in callouts(window)
    click(window, PLAIN_AT)
    found(qtbot, window, LIVER)
    assert "no liver" not in callouts(window)
    assert panel.work.drafts[LIVER].is_current


def test_vessels_and_tumours_ask_for_the_liver_first(qtbot: QtBot, window: Workstation) -> None:
    press(window, "find_vessels")
    panel = panel_of(window)
    assert "No liver in this case" in callouts(window)
    assert window.page.session.view.state.tool == "cross"
    press(window, "callout_vessels_first_link")
    assert panel.where.current == 1
    panel.go_to(3)
    assert panel.guided.main().blocked == "Find the liver first"


def test_a_stopped_computation_leaves_no_part_of_a_label(qtbot: QtBot, window: Workstation) -> None:
    press(window, "find_liver")
    panel = panel_of(window)
    found(qtbot, window, LIVER)
    click(window, PLAIN_AT)
    state = next(state for state in window.jobs.active if state.job.key == "guide liver")
    window.jobs.cancel(state)
    # at once, however long the job itself goes on
    assert not panel.work.is_running(LIVER)
    assert not panel.work.drafts[LIVER].marks
    assert panel.labels() == ()
    assert "Stopped" in callouts(window)
    found(qtbot, window, LIVER)
    assert panel.labels() == ()
    assert not window.page.session.case.structures


def test_a_found_liver_is_gone_on_with_after_reopening(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> None:
    path = tmp_path / "again.theatrum"
    guided_document(path, scene).close()
    first = shown_window(qtbot, path)
    press(first, "find_liver")
    click(first, PLAIN_AT)
    found(qtbot, first, LIVER)
    assert kept_draft(first.page.session, "segment")["liver"]["marks"]
    # as a crash would: nothing accepted
    shut(first)
    second = shown_window(qtbot, path)
    panel = panel_of(second)
    assert panel.where.current == 1
    found(qtbot, second, LIVER)
    assert len(panel.labels()) == 1
    press(second, "accept_liver")
    assert kept_draft(second.page.session, "segment") is None
    shut(second)
    third = shown_window(qtbot, path)
    panel = panel_of(third)
    assert panel.where.current == 0
    press(third, "find_liver")
    assert not panel.work.is_open(LIVER)
    assert len(panel.work.drafts[LIVER].marks) == 1
    click(third, NEIGHBOUR_AT)
    found(qtbot, third, LIVER)
    assert panel.replaced() == {"liver"}
    press(third, "accept_liver")
    assert third.page.session.case.structures["liver"].provenance.source == "guided, 2 clicks"
    shut(third)
    with Document.open(path, read_only=True) as document:
        assert len(kept_marks(document.case.structures["liver"])) == 2


def test_a_tumour_of_the_list_is_gone_on_with_and_a_new_one_begun(qtbot: QtBot, window: Workstation) -> None:
    press(window, "find_tumor")
    panel, session = panel_of(window), window.page.session
    click(window, LESION_AT)
    found(qtbot, window, TUMOR)
    assert "No liver in this case" in callouts(window)
    press(window, "accept_tumor")
    assert panel.guided.tumor == "tumor_2"
    rows = panel.guided.list
    place = rows.visualRect(rows.model().index(0, 0)).center()
    QTest.mouseClick(rows.viewport(), LEFT, pos=place)
    assert panel.guided.tumor == "tumor_1"
    assert not panel.work.is_open(TUMOR)
    x, y, z = LESION_AT
    click(window, (x + 5.0, y, z))
    found(qtbot, window, TUMOR)
    press(window, "accept_tumor")
    assert session.case.structures["tumor_1"].provenance.source == "guided, 2 clicks"
    assert list(session.case.structures) == ["tumor_1"]
    assert panel.guided.tumor == "tumor_2"


def test_by_keyboard_the_crosshair_is_the_click_and_esc_puts_the_tool_away(qtbot: QtBot, window: Workstation) -> None:
    press(window, "find_liver")
    panel, view = panel_of(window), window.page.session.view
    look_at(window, PLAIN_AT)
    pane = window.page.slices["axial"]
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_E)
    found(qtbot, window, LIVER)
    assert panel.work.drafts[LIVER].is_current
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert view.state.tool == "cross"
    before = view.state.cross_mm
    QTest.mouseClick(pane, LEFT, NONE, QPoint(100, 100))
    assert view.state.cross_mm != before
    assert len(panel.work.drafts[LIVER].marks) == 1
    press(window, "mark_liver_not")
    assert (view.state.tool, panel.guided.kind) == ("stroke", "not")
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert "liver" in window.page.session.case.structures


def test_a_case_open_to_read_shows_why_nothing_can_be_marked(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> None:
    path = tmp_path / "read.theatrum"
    guided_document(path, scene).close()
    make_application(Settings())
    window = Workstation(Settings())
    window.show()
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([path], module="segment", read_only=True)
    wait_settled(window)
    panel = panel_of(window)
    assert not panel.findChild(QAbstractButton, "find_liver").isEnabled()
    panel.go_to(1)
    assert window.page.session.view.state.tool == "cross"
    click(window, PLAIN_AT)
    assert not panel.work.drafts[LIVER].marks
    shut(window)


def test_closing_while_it_computes_keeps_the_click(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> None:
    path = tmp_path / "closing.theatrum"
    guided_document(path, scene).close()
    first = shown_window(qtbot, path)
    press(first, "find_liver")
    click(first, PLAIN_AT)
    assert panel_of(first).work.is_running(LIVER)
    image = first.page.session.image
    first.close_case(show_start=False)
    qtbot.waitUntil(lambda: not first.jobs.active, timeout=LONG_MS)
    shut(first)
    with Document.open(path) as document:
        closed = SimpleNamespace(path=path, document=document, image=image)
        assert len(kept_draft(closed, "segment")["liver"]["marks"]) == 1
    other = tmp_path / "other.theatrum"
    guided_document(other, GuidedScene(liver_hu=90.0)).close()
    path.write_bytes(other.read_bytes())
    second = shown_window(qtbot, path)
    assert not panel_of(second).work.drafts[LIVER].marks
    shut(second)
