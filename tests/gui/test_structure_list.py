"""The list of structures: chosen, hidden, named, locked, searched, and empty; by real events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cases import add_structures, make_case
from PySide6.QtCore import QPoint, Qt, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from two_series import (
    CONTROL,
    LEFT,
    NONE,
    ball,
    body_volume,
    button_of,
    opened,
    shut,
    two_series_case,
    wait_for,
)

from app.case_page import CasePage
from app.structures_panel import source_text
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.trust import Trust

pytestmark = pytest.mark.gui


def _row(page: CasePage, key: str) -> QPoint:
    rows = page.structures.list
    number = next(n for n, row in enumerate(rows.rows.rows) if row.key == key)
    return rows.visualRect(rows.rows.index(number)).center() + QPoint(20, 0)


def _click(page: CasePage, key: str, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(page.structures.list.viewport(), LEFT, keys, _row(page, key))


def test_several_are_chosen_hidden_made_clear_and_deleted_in_one_step(page: CasePage, window: Workstation) -> None:
    _click(page, "liver")
    _click(page, "spleen", CONTROL)
    assert set(page.structures.chosen) == {"liver", "spleen"}
    QTest.keyClick(page.structures.list, Qt.Key.Key_Space)
    assert page.session.view.state.hidden == {"liver", "spleen"}
    assert set(page.structures.chosen) == {"liver", "spleen"}
    QTest.keyClick(page.structures.list, Qt.Key.Key_Space)
    assert not page.session.view.state.hidden
    page.structures.bar.slider.setValue(40)
    assert dict(page.session.view.state.opacities) == {"liver": 0.4, "spleen": 0.4}
    wait_settled(window)
    surfaces = {item.key: item.opacity for item in page.scene._content.surfaces}
    assert surfaces["liver"] == pytest.approx(0.4)
    assert surfaces["tumor_1"] == 1.0
    page.structures.list.setFocus()
    QTest.keyClick(page.structures.list, Qt.Key.Key_Delete)
    assert set(page.session.case.structures) == {"tumor_1"}
    page.session.undo()
    assert set(page.session.case.structures) == {"liver", "spleen", "tumor_1"}


def test_what_is_chosen_elsewhere_while_ctrl_is_held_is_chosen_alone(page: CasePage) -> None:
    _click(page, "spleen")
    # Delete would take all that is chosen: what an undo or a tool chooses with Ctrl down is not one more
    QTest.keyPress(page.slices["axial"], Qt.Key.Key_Control, CONTROL)
    page.session.view.set(selected="liver")
    QTest.qWait(20)
    assert page.structures.chosen == ("liver",)
    QTest.keyRelease(page.slices["axial"], Qt.Key.Key_Control)


def test_a_locked_structure_shows_its_lock_and_is_not_deleted(page: CasePage, window: Workstation) -> None:
    _click(page, "spleen")
    QTest.mouseClick(page.structures.bar.lock, LEFT)
    assert page.session.case.structures["spleen"].locked
    assert next(row for row in page.structures.list.rows.rows if row.key == "spleen").locked
    assert not page.structures.bar.delete.isEnabled()
    assert "unlock" in page.structures.bar.delete.toolTip().lower()
    window.actions_["delete"].trigger()
    assert "spleen" in page.session.case.structures
    assert "locked" in window.strip._text.text()
    window.actions_["lock"].trigger()
    assert not page.session.case.structures["spleen"].locked


def test_f2_names_a_structure_in_its_row(page: CasePage, window: Workstation) -> None:
    _click(page, "spleen")
    page.structures.list.setFocus()
    window.actions_["rename"].trigger()
    editor = page.structures.list.findChild(QLineEdit, "row_name")
    assert editor is not None
    # as the row calls it, and left so it is no new name
    assert editor.text() == "Spleen"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(20)
    assert "spleen" in page.session.case.structures
    assert "Spleen" not in page.session.case.structures
    window.actions_["rename"].trigger()
    editor = page.structures.list.findChild(QLineEdit, "row_name")
    assert editor is not None
    warned: list[str] = []
    told = qInstallMessageHandler(lambda kind, context, text: warned.append(text))
    window.actions_["rename"].trigger()
    qInstallMessageHandler(told)
    assert warned == [], "asked for again it goes on"
    assert page.structures.list.findChild(QLineEdit, "row_name") is editor
    QTest.keyClicks(editor, "left one")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: "left one" in page.session.case.structures)
    assert "left one" in page.session.case.structures
    assert page.session.view.state.selected == "left one"
    window.actions_["rename"].trigger()
    editor = page.structures.list.findChild(QLineEdit, "row_name")
    QTest.keyClicks(editor, "never")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QTest.qWait(20)
    assert "left one" in page.session.case.structures
    assert "never" not in page.session.case.structures


def test_solo_is_for_all_chosen_and_brings_the_others_back(page: CasePage, window: Workstation) -> None:
    _click(page, "liver")
    _click(page, "tumor_1", CONTROL)
    QTest.mouseClick(page.structures.bar.solo, LEFT)
    assert page.session.view.state.hidden == {"spleen"}
    window.actions_["solo"].trigger()
    assert not page.session.view.state.hidden


def test_solo_shows_what_was_hidden_and_gives_back_what_was_hidden_before(page: CasePage, window: Workstation) -> None:
    view, solo = page.session.view, window.actions_["solo"]
    view.set(hidden=frozenset({"spleen"}))
    for name in ("spleen", "liver", "tumor_1"):
        _click(page, name)
        solo.trigger()
        assert view.state.hidden == {"liver", "spleen", "tumor_1"} - {name}
    solo.trigger()
    assert view.state.hidden == {"spleen"}


def test_the_search_field_leads_into_the_list_by_keys(page: CasePage, window: Workstation) -> None:
    field = page.structures.find
    field.setFocus()
    QTest.keyClicks(field, "spl")
    assert [row.key for row in page.structures.list.rows.rows if row.kind == "structure"] == ["spleen"]
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert window.focusWidget() is page.structures.list
    assert page.session.view.state.selected == "spleen"
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_showing_and_hiding_meshes_nothing_and_what_is_hidden_is_never_meshed(qtbot: QtBot, tmp_path: Path) -> None:
    path = two_series_case(tmp_path / "mesh.theatrum")
    window = opened(qtbot, path)
    try:
        page = window.page
        assert page is not None
        meshed: list[str] = []
        window.jobs.finished.connect(lambda state: meshed.append(state.job.key) if "mesh" in state.job.key else None)
        page.session.view.set(hidden=frozenset({"spleen"}))
        wait_settled(window)
        for _ in range(3):
            page.session.view.toggle_hidden("liver")
            wait_settled(window)
        assert meshed == []
        # one that is hidden when it comes waits for the eye
        page.session.view.set(hidden=frozenset({"spleen", "late"}))
        grid = page.session.case.images["CT"].grid
        add_structures(page.session.document, {"late": ball(grid, (10, 0, 5), 7.0)})
        wait_settled(window)
        assert meshed == []
        page.session.view.toggle_hidden("late")
        wait_settled(window)
        assert len(meshed) == 1
    finally:
        shut(window)


def test_an_empty_list_offers_ways_to_begin(qtbot: QtBot, tmp_path: Path) -> None:
    with make_case(tmp_path / "bare.theatrum", body_volume()):
        pass
    window = opened(qtbot, tmp_path / "bare.theatrum")
    try:
        page = window.page
        assert page is not None
        buttons = [button_of(page.structures, name) for name in ("empty_find_structures", "empty_paint")]
        assert all(button.isVisible() for button in buttons)
        QTest.mouseClick(buttons[1], LEFT)
        assert page.module == "segment"
        page.show_module("study")
        QTest.mouseClick(button_of(page.structures, "empty_find_structures"), LEFT)
        assert page.module == "segment"
        page.structures.find.setText("xyz")
        assert page.structures._empty_text.text() == "Nothing matches “xyz”."
    finally:
        shut(window)


def test_what_a_model_said_is_not_told_of_a_shape_that_a_hand_changed(page: CasePage) -> None:
    first = next(iter(page.session.case.structures.values()))
    trust = Trust(light="green", confidence=0.97, model="liver", version="0.2")
    found = replace(first, source="automatic", trust=trust)
    assert source_text(found).split("\n")[:2] == ["Found by liver 0.2", "Trust: sure, 97 % likely right"]
    changed = source_text(replace(found, source="edited")).split("\n")
    assert changed[:2] == ["Found by liver 0.2, changed by hand", "Trust before the change: sure, 97 % likely right"]


def test_no_two_structures_are_shown_by_one_name(page: CasePage, window: Workstation) -> None:
    told: list[object] = []
    page.session.failed.disconnect(window.tell_error)
    page.session.failed.connect(told.append)
    try:
        page.structures.renamed.emit("structure", "spleen", "LIVER")
        assert [str(error) for error in told] == [
            "There is a structure called Liver. Choose a name that no other structure has"
        ]
        assert set(page.session.case.structures) == {"liver", "spleen", "tumor_1"}
        # its own name may be written in another way
        page.structures.renamed.emit("structure", "spleen", "Spleen")
        assert "Spleen" in page.session.case.structures
    finally:
        page.session.failed.disconnect(told.append)
        page.session.failed.connect(window.tell_error)


def test_a_hidden_structure_stays_hidden_by_another_name_and_when_that_is_taken_back(page: CasePage) -> None:
    view = page.session.view
    view.set(hidden=frozenset({"spleen"}), selected="spleen")
    view.set_opacity(("spleen",), 0.4)
    acts = (
        ("Milz", lambda: page.structures.renamed.emit("structure", "spleen", "Milz")),
        ("spleen", page.session.undo),
        ("Milz", page.session.redo),
    )
    for name, act in acts:
        act()
        assert (view.state.hidden, view.state.selected) == ({name}, name)
        assert dict(view.state.opacities) == {name: 0.4}
