"""The guided kidney plan by real events: letters and their slices, clamps, a wedge, and what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from guided_panel import LONG_MS, at_rest, click, shown_panel
from kidney_case import kidney_document
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.kidney import KidneyPanel
from app.panels.kidney.panel import CLAMP, REPORT, RESECTION, SCAN, SCORE
from app.panels.quantities import TableRowButton
from app.rail import MODULES, Rail
from planning.case.commands import RemoveStructure
from planning.case.kidney_plans import kidney_record
from planning.geometry import Plane
from planning.kidney.roles import KidneyRoles
from planning.liver.resection import resection_from_json
from viewers.overlay import CutItem, DistanceItem, NoteItem, PathItem

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path):
    with shown_panel(qtbot, kidney_document(tmp_path / "kidney.theatrum"), KidneyPanel, height=720) as made:
        yield made


def _tick(panel: KidneyPanel, name: str) -> None:
    view = panel.clamp.list
    row = next(n for n in range(view.model().rowCount()) if view.model().rows[n].key == name)
    rect = view.visualRect(view.model().index(row, 0))
    place = rect.center()
    place.setX(rect.left() + 14)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_each_letter_is_drawn_in_the_slice_that_proves_it(qtbot: QtBot, panel: KidneyPanel) -> None:
    click(panel, "accept_kidney")
    assert panel.where.current == SCORE
    state = panel.session.view.state
    assert state.frame_name == "renal"
    (line,) = [item for item in panel.items() if isinstance(item, DistanceItem)]
    assert np.linalg.norm(line.ends_mm[1] - line.ends_mm[0]) == pytest.approx(26.0, abs=0.6)
    click(panel, "row_renal_L", TableRowButton)
    assert panel.session.view.state.active == "coronal"
    assert len([item for item in panel.items() if isinstance(item, PathItem)]) == 3
    click(panel, "row_renal_E", TableRowButton)
    (outline,) = [item for item in panel.items() if isinstance(item, PathItem)]
    assert np.ptp(outline.points_mm[:, 2]) == pytest.approx(0.0, abs=1e-6)
    (note,) = [item for item in panel.items() if isinstance(item, NoteItem)]
    assert "% outside" in note.text
    click(panel, "row_renal_N", TableRowButton)
    (way,) = [item for item in panel.items() if isinstance(item, DistanceItem)]
    letter = next(one for one in panel.work.scores[0].letters if one.letter == "N")
    assert np.linalg.norm(way.ends_mm[1] - way.ends_mm[0]) == pytest.approx(letter.value, abs=0.01)
    # both ends lie in the pane's plane
    normal = np.array(panel.session.view.state.frame[2])
    assert abs((way.ends_mm[1] - way.ends_mm[0]) @ normal) < 1e-6
    click(panel, "accept_score")
    assert panel.session.view.state.frame_name == ""


def test_clamps_are_chosen_by_ticks_and_go_into_the_plan(qtbot: QtBot, panel: KidneyPanel) -> None:
    panel.go_to(CLAMP)
    first = panel.work.clamped()
    assert len(first) == 1
    before = panel.work.flow.ischaemic_ml
    other = next(one.name for one in panel.work.clamps() if one.name not in first)
    _tick(panel, other)
    assert set(panel.work.clamped()) == {*first, other}
    assert panel.work.flow.ischaemic_ml > before
    qtbot.waitUntil(lambda: panel.parts() is not None, timeout=LONG_MS)
    _tick(panel, first[0])
    assert panel.clamp._short.title == "It would bleed"
    click(panel, "clamp_proposed")
    assert panel.work.clamped() == first
    _tick(panel, other)
    panel.go_to(RESECTION)
    click(panel, "keep_plan")
    at_rest(qtbot, panel)
    assert panel.where.current == REPORT
    plan = panel.session.case.plans["A"]
    assert set(plan.inputs["clamp"]) == {*first, other}
    assert plan.results["clamping"]["ischaemic_kept_ml"] == pytest.approx(panel.work.flow.ischaemic_ml)
    assert plan.results["resections"] == []


def test_a_wedge_a_drag_and_one_undo_a_gesture(qtbot: QtBot, panel: KidneyPanel) -> None:
    panel.go_to(RESECTION)
    menu = panel.resection.menu.menu
    click(panel, "add_cut")
    qtbot.waitUntil(menu.isVisible)
    names = {action.objectName() for action in menu.actions()}
    assert {"add_plane", "add_wedge", "add_territory", "add_surface"} <= names
    assert not {"add_occlusion", "add_ablation"} & names
    menu.setActiveAction(panel.findChild(QAction, "add_wedge"))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    click(panel, "make_wedge")
    at_rest(qtbot, panel)
    plan = panel.session.case.plans["A"]
    margin = plan.results["margin"]
    assert margin["minimum_mm"] - margin["uncertainty_mm"] == pytest.approx(5.0, abs=0.1)
    assert panel.work.flow.devascularised_ml == pytest.approx(plan.results["perfusion"]["devascularised_ml"])
    assert panel.resection.kept_card._words.text().startswith(f"{panel.work.flow.kept_ml:.1f}")
    assert not panel.resection.cuts.rows[0].stage.isVisible()
    # a plane beside it is dragged, and taken back by one undo
    panel.work.propose()
    at_rest(qtbot, panel)
    (plane,) = [item for item in panel.items() if isinstance(item, CutItem)]
    removed = panel.session.case.plans["A"].results["removed_voxels"]
    for step in (2.0, 4.0, 6.0):
        moved = Plane(plane.plane.origin_mm - step * plane.plane.normal, plane.plane.normal)
        panel.plane_moved(plane.key, moved, step == 6.0)
    at_rest(qtbot, panel)
    assert panel.session.case.plans["A"].results["removed_voxels"] != removed
    panel.session.undo()
    at_rest(qtbot, panel)
    assert panel.session.case.plans["A"].results["removed_voxels"] == removed
    # the last cut may go: a score is a plan of its own
    panel.work.remove(1)
    at_rest(qtbot, panel)
    click(panel, "remove_cut_1")
    at_rest(qtbot, panel)
    assert panel.session.case.plans["A"].results["resections"] == []


def test_window_and_command_line_make_the_same_plan(qtbot: QtBot, panel: KidneyPanel) -> None:
    panel.go_to(RESECTION)
    panel.work.propose()
    at_rest(qtbot, panel)
    click(panel, "keep_plan")
    at_rest(qtbot, panel)
    plan = panel.session.case.plans["A"]
    roles = KidneyRoles(**{role: tuple(plan.inputs[role]) for role in KidneyRoles().as_mapping()})
    cuts = [resection_from_json(row) for row in plan.inputs["resections"]]
    again = kidney_record(panel.session.document, "A", roles, cuts)
    assert again.results == plan.results


def test_what_is_missing_is_said_and_a_removed_tumour_leaves_the_panel_whole(qtbot: QtBot, panel: KidneyPanel) -> None:
    panel.session.do(RemoveStructure("renal_artery"))
    at_rest(qtbot, panel)
    panel.go_to(CLAMP)
    assert "No artery is named" in panel.clamp._waiting.text()
    panel.session.do(RemoveStructure("renal_sinus"))
    at_rest(qtbot, panel)
    panel.go_to(SCAN)
    assert panel.step._note.title == "No sinus is named"
    clear = panel.opacities()["kidney"]
    panel.session.do(RemoveStructure("kidney_tumor"))
    at_rest(qtbot, panel)
    # nothing to look for inside: on black a clear kidney would only be dark
    assert panel.opacities()["kidney"] > clear + 0.2
    assert panel.step._missing.title == "No tumour is chosen"
    panel.go_to(SCORE)
    assert panel.items() == ()
    panel.go_to(RESECTION)
    assert panel.work.flow.kept_percent == pytest.approx(100.0)


def test_the_rail_shows_the_kidney_where_there_is_one(qtbot: QtBot, panel: KidneyPanel) -> None:
    names = [*(f"module_{module}" for module in MODULES), "shortcuts", "about"]
    rail = Rail({name: QAction(name, panel) for name in names})
    qtbot.addWidget(rail)
    case = panel.session.case
    rail.show_places(case, "study")
    assert not rail._buttons["kidney"].isHidden()
    panel.session.do(RemoveStructure("kidney_tumor"))
    rail.show_places(panel.session.case, "study")
    assert rail._buttons["kidney"].isHidden()
    rail.show_places(panel.session.case, "kidney")
    assert not rail._buttons["kidney"].isHidden()


def test_plans_are_copied_renamed_and_deleted(qtbot: QtBot, panel: KidneyPanel) -> None:
    panel.go_to(RESECTION)
    click(panel, "keep_plan")
    at_rest(qtbot, panel)
    panel._fill_menu()
    panel.findChild(QAction, "copy_plan").trigger()
    at_rest(qtbot, panel)
    assert set(panel.session.case.plans) == {"A", "B"}
    assert panel.frame._title.text() == "Kidney plan B"
    panel.work.propose()
    at_rest(qtbot, panel)
    assert panel.session.case.plans["A"].results["resections"] == []
    assert len(panel.session.case.plans["B"].results["resections"]) == 1
    panel.work.rename("polar")
    at_rest(qtbot, panel)
    assert panel.frame._title.text() == "Kidney plan polar"
    panel._fill_menu()
    panel.findChild(QAction, "delete_plan").trigger()
    at_rest(qtbot, panel)
    assert set(panel.session.case.plans) == {"A"}
    assert panel.work.draft.resections == ()
    # undo brings the plan back with its cut
    panel.session.undo()
    at_rest(qtbot, panel)
    panel.work.choose("polar")
    at_rest(qtbot, panel)
    assert len(panel.work.draft.resections) == 1
    assert panel.work.numbers is not None
