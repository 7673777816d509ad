"""The guided liver plan: a proposal at the margin asked for, live numbers while dragging, one undo step a gesture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from guided_panel import at_rest, click, shown_panel
from liver_case import TUMORS, close_session, liver_document, open_session
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.liver import COMPARE, REPORT, RESECTION, LiverPanel
from app.panels.liver.cuts import plane_angles_deg
from app.panels.quantities import NumberField, TableRowButton
from planning.case.commands import RemoveStructure, SetPlan
from planning.case.plans import liver_record
from planning.geometry import Plane
from planning.kept import array_bytes
from planning.liver.anatomy import LiverAnatomy
from planning.liver.corrections import Cut
from planning.liver.model import no_regions
from planning.liver.resection import PlaneResection
from viewers.overlay import CutItem, DistanceItem, MarginMapItem

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path):
    with shown_panel(qtbot, liver_document(tmp_path / "liver.theatrum"), LiverPanel, height=720) as made:
        yield made


def _choose_kind(qtbot: QtBot, panel: LiverPanel, name: str) -> None:
    """An entry of the Add menu, by its button and the keyboard."""
    click(panel, "add_cut")
    menu = panel.resection.menu.menu
    qtbot.waitUntil(menu.isVisible)
    action = panel.findChild(QAction, name)
    assert action.isEnabled(), action.toolTip()
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def _cuts(panel: LiverPanel) -> list[CutItem]:
    return [item for item in panel.items() if isinstance(item, CutItem)]


def _margin_mm(panel: LiverPanel) -> float:
    numbers = panel.work.numbers
    assert numbers is not None
    assert numbers.minimum is not None
    return numbers.minimum.minimum_mm


def test_from_the_scan_to_a_kept_plan_by_the_main_button(qtbot: QtBot, panel: LiverPanel) -> None:
    for button in ("accept_liver", "accept_vessels", "accept_tumors", "accept_territories"):
        click(panel, button)
    assert panel.where.current == RESECTION
    assert panel.where.accepted == {0, 1, 2, 3}
    assert not panel.session.case.plans
    spread = panel.work.numbers.minimum.uncertainty_mm
    assert _margin_mm(panel) - spread == pytest.approx(5.0, abs=0.02)
    click(panel, "keep_plan")
    at_rest(qtbot, panel)
    assert list(panel.session.case.plans) == ["A"]
    assert panel.where.current == COMPARE
    click(panel, "choose_plan")
    assert panel.where.current == REPORT
    plan = panel.session.case.plans["A"]
    assert not plan.edited
    assert plan.results["removed_voxels"] + plan.results["kept_voxels"] == plan.results["organ_voxels"]
    assert plan.results["removed_ml"] + plan.results["kept_ml"] == pytest.approx(plan.results["organ_ml"], abs=1e-9)
    with qtbot.waitSignal(panel.module_asked) as asked:
        click(panel, "go_report")
    assert asked.args == ["report"]


def test_numbers_follow_the_hand_and_the_case_only_its_release(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    (cut,) = _cuts(panel)
    steps = panel.session.document.journal_length
    before = panel.work.numbers
    assert before is not None
    margins, removed = [], []
    for way in (0.5, 1.0, 1.5):
        panel.plane_moved("cut", Plane(cut.plane.origin_mm + way * cut.plane.normal, cut.plane.normal), False)
        margins.append(_margin_mm(panel))
        removed.append(panel.work.numbers.removed_voxels)
        assert not any(isinstance(item, MarginMapItem) for item in panel.items())
    assert margins == sorted(margins, reverse=True)
    assert removed == sorted(removed, reverse=True)
    assert margins[-1] == pytest.approx(_margin_of(before) - 1.5, abs=0.05)
    assert "short of 5" in panel.resection.margin_card._words.text()
    (pill,) = [item for item in panel.items() if isinstance(item, DistanceItem)]
    assert pill.pill
    assert pill.text == f"{margins[-1]:.1f}\u202fmm"
    assert panel.session.document.journal_length == steps
    panel.plane_moved("cut", _cuts(panel)[0].plane, True)
    at_rest(qtbot, panel)
    assert panel.session.document.journal_length == steps + 1
    plan = panel.session.case.plans["A"]
    assert plan.edited
    assert plan.results["margin"]["minimum_mm"] == pytest.approx(margins[-1])
    assert plan.results["removed_voxels"] == removed[-1]
    (mapped,) = [item for item in panel.items() if isinstance(item, MarginMapItem)]
    assert mapped.values_mm.min() == pytest.approx(margins[-1], abs=0.3)


def _margin_of(numbers: object) -> float:
    return float(numbers.minimum.minimum_mm)  # type: ignore[attr-defined]


def test_the_angles_of_a_plane_are_typed(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    before = panel.work.hand.plane_of(0)
    assert before is not None
    on_it = before.project(np.array(panel.session.view.state.cross_mm))
    panel.session.view.set(cross_mm=tuple(on_it.tolist()))
    for name, text in (("cut_turn", "170"), ("cut_tilt", "-12.5")):
        field = panel.findChild(NumberField, name)
        assert field is not None
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    at_rest(qtbot, panel)
    plane = panel.work.hand.plane_of(0)
    assert plane is not None
    turn, tilt = plane_angles_deg(plane)
    assert (turn, tilt) == (pytest.approx(170.0), pytest.approx(-12.5))
    assert plane.signed_distance_mm(on_it) == pytest.approx(0.0, abs=1e-9)
    assert panel.session.case.plans["A"].edited
    assert panel.findChild(NumberField, "cut_turn").value == pytest.approx(170.0)


def test_undo_and_redo_bring_the_cut_back(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    (first,) = _cuts(panel)
    places = []
    for way in (4.0, 8.0):
        panel.plane_moved("cut", Plane(first.plane.origin_mm - way * first.plane.normal, first.plane.normal), True)
        at_rest(qtbot, panel)
        places.append(_cuts(panel)[0].plane.origin_mm)
    panel.session.undo()
    at_rest(qtbot, panel)
    assert _cuts(panel)[0].plane.origin_mm == pytest.approx(places[0])
    assert panel.session.case.plans["A"].results["margin"]["minimum_mm"] == pytest.approx(_margin_mm(panel))
    panel.session.undo()
    at_rest(qtbot, panel)
    assert not panel.session.case.plans
    assert _cuts(panel)[0].plane.origin_mm == pytest.approx(first.plane.origin_mm)
    panel.session.redo()
    panel.session.redo()
    at_rest(qtbot, panel)
    assert _cuts(panel)[0].plane.origin_mm == pytest.approx(places[1])
    assert panel.work.is_saved


def test_reach_add_flip_and_remove_by_their_buttons(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    (cut,) = _cuts(panel)
    panel.plane_moved("cut", Plane(cut.plane.origin_mm + 3.0 * cut.plane.normal, cut.plane.normal), True)
    at_rest(qtbot, panel)
    panel.resection.margin_field.setFocus()
    panel.resection.margin_field.selectAll()
    QTest.keyClicks(panel.resection.margin_field, "8")
    QTest.keyClick(panel.resection.margin_field, Qt.Key.Key_Return)
    at_rest(qtbot, panel)
    button = panel.findChild(QPushButton, "reach_margin")
    assert "8" in button.text()
    click(panel, "reach_margin")
    at_rest(qtbot, panel)
    spread = panel.work.numbers.minimum.uncertainty_mm
    assert _margin_mm(panel) - spread == pytest.approx(8.0, abs=0.02)
    assert panel.session.case.plans["A"].inputs["asked_margin_mm"] == 8.0
    removed = panel.work.numbers.removed_voxels
    _choose_kind(qtbot, panel, "add_plane")
    at_rest(qtbot, panel)
    assert len(_cuts(panel)) == 2
    assert panel.work.numbers.removed_voxels > removed
    assert panel.work.numbers.removed_share == (1.0, 1.0)
    click(panel, "remove_cut_2")
    at_rest(qtbot, panel)
    assert panel.work.numbers.removed_voxels == removed
    click(panel, "choose_cut_1", QAbstractButton)
    click(panel, "flip_cut_1")
    at_rest(qtbot, panel)
    assert panel.work.numbers.kept_voxels == pytest.approx(removed, abs=500)
    assert panel.session.document.undo_text == "Plan A"


def test_body_weight_is_asked_for_where_it_is_missing(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    row = panel.resection.table.row("weight")
    assert row.value == "–"
    assert row.reason == "Body weight is missing"
    button = panel.findChild(TableRowButton, "row_weight")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    field = panel.resection.weight_field
    qtbot.waitUntil(field.isVisible)
    QTest.keyClicks(field, "4 kg")
    QTest.keyClick(field, Qt.Key.Key_Return)
    at_rest(qtbot, panel)
    numbers = panel.work.numbers
    flr_ml = (numbers.kept_voxels - numbers.kept_tumor_voxels) * panel.work.model.voxel_ml
    assert panel.resection.table.row("weight").value == f"{100 * flr_ml / 4000:.2f}"
    assert panel.work.draft.weight_kg == 4.0


def test_plans_are_copied_renamed_deleted_and_chosen_from_the_menu(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    click(panel, "keep_plan")
    at_rest(qtbot, panel)

    def choose(name: str) -> None:
        panel._fill_menu()
        action = panel.findChild(QAction, name)
        assert action is not None, name
        assert action.isEnabled(), name
        action.trigger()
        at_rest(qtbot, panel)

    choose("copy_plan")
    assert list(panel.session.case.plans) == ["A", "B"]
    assert panel.work.draft.name == "B"
    choose("rename_plan")
    field = panel._name_field
    assert field.isVisible()
    QTest.keyClicks(field, "Left first")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert list(panel.session.case.plans) == ["A", "Left first"]
    panel.session.undo()
    assert panel.work.draft.name == "B"
    choose("delete_plan")
    assert list(panel.session.case.plans) == ["A"]
    assert panel.work.draft.name == "A"
    panel.session.undo()
    choose("choose_plan_B")
    panel.go_to(RESECTION)
    assert panel.frame._title.whole_text() == "Liver plan B"
    choose("new_plan")
    assert panel.work.draft.name == "C"
    assert not panel.work.is_saved


def test_without_trees_or_tumours_the_plan_says_what_is_missing(qtbot: QtBot, panel: LiverPanel) -> None:
    for name in ("portal_vein", "hepatic_veins", "tumor_1", "tumor_2"):
        panel.session.do(RemoveStructure(name))
    at_rest(qtbot, panel)
    panel.go_to(RESECTION)
    assert panel.work.numbers is not None
    assert panel.resection.viable_card._words.text() == "Needs both vessel trees"
    assert panel.resection.margin_card._words.text() == "No tumour is chosen"
    button = panel.findChild(QPushButton, "reach_margin")
    assert not button.isEnabled()
    click(panel, "keep_plan")
    at_rest(qtbot, panel)
    assert panel.session.case.plans["A"].results["margin"]["minimum_mm"] is None


def test_a_cut_beside_the_liver_says_so(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(RESECTION)
    panel.plane_moved("cut", Plane(np.array((-300.0, 0.0, 0.0)), np.array((-1.0, 0.0, 0.0))), True)
    at_rest(qtbot, panel)
    note = panel.resection.notes[0]
    assert note.title == "The cut does not meet the liver"
    click(panel, "callout_cut_link")
    at_rest(qtbot, panel)
    assert panel.work.numbers.removed_voxels > 0


def test_a_plan_made_elsewhere_opens_at_its_cut(qtbot: QtBot, tmp_path: Path) -> None:
    document = liver_document(tmp_path / "planned.theatrum")
    plane = Plane(np.array(TUMORS[0][0]) + (20.0, 0.0, 0.0), np.array((-1.0, 0.0, 0.0)))
    said = LiverAnatomy(corrections=(Cut((38.0, 2.0, 4.0)),))
    document.do(
        SetPlan(liver_record(document, "liver", [PlaneResection(plane, "tumor")], weight_kg=70.0, anatomy=said))
    )
    session = open_session(document)
    made = LiverPanel(session)
    qtbot.addWidget(made)
    made.show()
    made.entered()
    at_rest(qtbot, made)
    assert made.where.current == RESECTION
    # coloured territories under a plan are asked for
    assert "territories" in session.view.state.hidden
    assert made.work.is_saved
    assert made.work.draft.weight_kg == 70.0
    assert _margin_mm(made) == pytest.approx(document.case.plans["liver"].results["margin"]["minimum_mm"])
    assert made.splits()["liver"][0].normal == pytest.approx((-1.0, 0.0, 0.0))
    # what was said of the trees elsewhere outlives a change made here
    made.work.set_body(72.0, None)
    at_rest(qtbot, made)
    assert document.case.plans["liver"].inputs["weight_kg"] == 72.0
    assert LiverAnatomy.from_json(document.case.plans["liver"].inputs["anatomy"]) == said
    close_session(session)


def test_changed_roles_prepare_the_liver_again(qtbot: QtBot, panel: LiverPanel) -> None:
    panel.go_to(2)
    choice = panel.steps[2]._choice.list
    row = [row.key for row in choice.rows].index("tumor_2")
    place = choice.visualRect(choice.model().index(row, 0)).center()
    QTest.mouseClick(choice.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.work.draft.roles.tumors == ("tumor_1",)
    assert panel.work.model is None
    at_rest(qtbot, panel)
    assert len(panel.work.model.tumors) == 1


def test_the_crosshair_comes_to_the_place_that_decides_unless_the_hand_moved_it(qtbot: QtBot, tmp_path: Path) -> None:
    for moved in (False, True):
        document = liver_document(tmp_path / f"place{moved}.theatrum")
        plane = Plane(np.array(TUMORS[0][0]) + (18.0, 0.0, 0.0), np.array((-1.0, 0.0, 0.0)))
        document.do(SetPlan(liver_record(document, "A", [PlaneResection(plane)])))
        session = open_session(document)
        made = LiverPanel(session)
        qtbot.addWidget(made)
        made.show()
        made.entered()
        if moved:
            session.view.set(cross_mm=(3.0, 2.0, 1.0))
        at_rest(qtbot, made)
        wanted = (3.0, 2.0, 1.0) if moved else made.work.numbers.minimum.at_mm
        assert session.view.state.cross_mm == pytest.approx(tuple(wanted))
        close_session(session)


def test_former_livers_are_kept_by_what_they_have_for_themselves(
    qtbot: QtBot, panel: LiverPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = panel.work
    at_rest(qtbot, panel)
    first = work.model
    assert first is not None
    room = work._models._nbytes(first)
    assert 0 < room < array_bytes(first)
    assert list(work._models) == [work.model_key()]
    # as if the organ's other anatomy were asked for again and again
    monkeypatch.setattr(work._models, "_most_bytes", 2 * room)
    for number in range(5):
        key = (*work.model_key()[:-1], f"anatomy {number}")
        work._take_model(key, replace(first, built=no_regions(), near={}))
    assert len(work._models) == 3
    # regions that were built on a liver later count too
    assert work.model is not None
    work.model.built["large"] = np.zeros(3 * room, dtype=np.uint8)  # type: ignore[index,assignment]
    work._take_model((*work.model_key()[:-1], "another"), replace(first, built=no_regions(), near={}))
    assert (*work.model_key()[:-1], "anatomy 4") not in work._models
    work._take_model(("other structures", "None"), first)
    assert len(work._models) == 1
    # nobody looks: what is in use stays
    cut = work.draft.resections[0]
    first.built[cut] = first.built["spare"] = np.zeros(8, dtype=np.uint8)  # type: ignore[index,assignment]
    work._models[("other structures", "more")] = replace(first, built=no_regions())
    work.let_go()
    assert list(work._models) == [("other structures", "None")]
    assert list(first.built) == [cut]


def test_a_liver_of_the_same_structures_shares_its_voxels_with_the_one_before(qtbot: QtBot, panel: LiverPanel) -> None:
    work = panel.work
    at_rest(qtbot, panel)
    first = work.model
    assert first is not None
    # as another plan comes, or this one as it was before: its liver is none of those that are ready
    work.draft = replace(work.draft, anatomy=LiverAnatomy(corrections=(Cut((38.0, 2.0, 4.0)),)).as_json())
    work.model = work.numbers = None
    work.prepare()
    at_rest(qtbot, panel)
    assert work.model is not None
    assert work.model is not first
    assert work.model.voxels is first.voxels
