"""Dialogs by keyboard and mouse: the safe way is the easy one, and the focus comes back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.actions import BINDINGS
from app.dialogs.about import LIBRARIES, AboutDialog, installed_parts
from app.dialogs.case_details import CaseDetailsDialog
from app.dialogs.jobs_list import JobsList
from app.dialogs.message import Choice, ChoiceDialog, ConfirmDialog, TextDialog, error_dialog, show_error
from app.dialogs.palette import CommandPalette, PaletteEntry, open_palette
from app.dialogs.recovery import RecoveryDialog, last_edit
from app.dialogs.settings_dialog import SettingsDialog
from app.dialogs.sheet import Dimmer, Sheet, grab_with_dialogs
from app.dialogs.shortcuts import ShortcutSheet
from app.jobs import Job, JobRunner
from app.keymap import Keymap
from app.panels.quantities import NumberField
from app.session import Session
from app.settings import Settings, load_settings, save_settings
from app.texts import RESEARCH_ONLY
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.commands import SetIdentifiers
from planning.errors import Cancelled, GeometryError, MeasurementError
from planning.geometry import Grid
from planning.volume import Volume

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
SERIES_ERROR = GeometryError(
    "This series cannot be opened. 38 slices are missing, the widest gap lies 60.0 to 98.0 mm from the first slice",
    "Fill them with --fill-missing, or choose another series",
    code="series",
)


@pytest.fixture
def window(qtbot: QtBot):
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    main = QMainWindow()
    body = QWidget()
    column = QVBoxLayout(body)
    field = QLineEdit()
    field.setObjectName("below")
    column.addWidget(field)
    main.setCentralWidget(body)
    main.resize(1280, 800)
    qtbot.addWidget(main)
    main.show()
    qtbot.waitExposed(main)
    main.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    yield main
    apply_look(application, Look())


def button(parent: QWidget, name: str) -> QPushButton:
    found = parent.findChild(QPushButton, name)
    assert found is not None, name
    return found


def while_open(act: Callable[[QWidget], None]) -> None:
    """Do something with the modal dialog that opens next, once it has the keyboard; after 10 s without one, all the same."""
    end = time.monotonic() + 10.0

    def run() -> None:
        dialog, focus = QApplication.activeModalWidget(), QApplication.focusWidget()
        if (dialog is None or focus is None or not dialog.isAncestorOf(focus)) and time.monotonic() < end:
            # a key pressed too early would go elsewhere, and nothing would ever close the dialog
            QTimer.singleShot(20, run)
            return
        assert dialog is not None
        act(dialog)

    QTimer.singleShot(80, run)


def press(key: Qt.Key) -> Callable[[QWidget], None]:
    return lambda dialog: QTest.keyClick(QApplication.focusWidget() or dialog, key)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_the_safe_answer_is_the_easy_one(window: QMainWindow, key: Qt.Key) -> None:
    while_open(press(key))
    assert ConfirmDialog("Close while work is running?", "It would start again.", parent=window).ask() is False


def test_the_other_answer_needs_a_decision(window: QMainWindow) -> None:
    while_open(lambda dialog: QTest.mouseClick(button(dialog, "confirm_dialog_danger"), LEFT))
    assert ConfirmDialog("Close while work is running?", "", parent=window).ask() is True


def test_enter_presses_what_has_the_focus(window: QMainWindow) -> None:
    def act(dialog: QWidget) -> None:
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.objectName() == "confirm_dialog_danger"
        QTest.keyClick(focused, Qt.Key.Key_Return)

    while_open(act)
    assert ConfirmDialog("Question?", "", parent=window).ask() is True


def test_focus_starts_at_the_safe_button_and_comes_back(window: QMainWindow, qtbot: QtBot) -> None:
    seen: list[str] = []

    def act(dialog: QWidget) -> None:
        focus = QApplication.focusWidget()
        seen.append(focus.objectName() if focus is not None else "")
        assert window.findChild(Dimmer) is not None
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    while_open(act)
    ConfirmDialog("Question?", "Text.", parent=window).ask()
    assert seen == ["confirm_dialog_safe"]
    below = window.findChild(QLineEdit, "below")
    assert below is not None
    qtbot.waitUntil(below.hasFocus)
    qtbot.waitUntil(lambda: window.findChild(Dimmer) is None)
    qtbot.waitUntil(lambda: window.findChild(Sheet) is None)


def test_an_error_says_what_why_and_what_to_do(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = error_dialog(window, SERIES_ERROR)
    dialog.open()
    qtbot.waitExposed(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "This series cannot be opened" in texts
    assert any("A volume built from them would be wrong." in text for text in texts)
    assert "What you can do: choose another series." in texts
    assert not any("--" in text for text in texts)
    QTest.mouseClick(button(dialog, "error_dialog_copy"), LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "GeometryError series" in copied
    assert "38 slices are missing" in copied
    assert button(dialog, "error_dialog_copy").text() == "Copied"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_stop_that_was_asked_for_is_no_error(window: QMainWindow) -> None:
    show_error(window, Cancelled("stopped"))
    assert QApplication.activeModalWidget() is None


def test_choices_and_texts_give_what_was_chosen(window: QMainWindow) -> None:
    choices = [Choice("nearest", "Take nearest voxels", main=True), Choice("leave", "Leave it out")]
    while_open(lambda dialog: QTest.mouseClick(button(dialog, "choice_dialog_leave"), LEFT))
    assert ChoiceDialog("Another grid", "", choices, parent=window).ask() == "leave"
    while_open(press(Qt.Key.Key_Return))
    assert ChoiceDialog("Another grid", "", choices, parent=window).ask() == ""

    def type_name(dialog: QWidget) -> None:
        field = dialog.findChild(QLineEdit, "text_dialog_field")
        assert field is not None
        QTest.keyClicks(field, "  Case 7 ")
        QTest.keyClick(field, Qt.Key.Key_Return)

    while_open(type_name)
    assert TextDialog("Rename case", "", "Case 1", parent=window).ask() == "Case 7"
    while_open(press(Qt.Key.Key_Escape))
    assert TextDialog("Rename case", "", "Case 1", parent=window).ask() is None


def test_pictures_of_the_window_hold_its_dialog(window: QMainWindow, qtbot: QtBot) -> None:
    before = grab_with_dialogs(window)
    dialog = error_dialog(window, SERIES_ERROR)
    dialog.open()
    qtbot.waitExposed(dialog)
    after = grab_with_dialogs(window)
    middle = after.rect().center()
    assert after.pixelColor(middle) != before.pixelColor(middle)
    # the window around it is darker
    assert after.pixelColor(5, 5).lightness() < before.pixelColor(5, 5).lightness()
    dialog.reject()


# the command palette


def entries(ran: list[str]) -> list[PaletteEntry]:
    rows = (
        ("annulus", "Go to annulus", "TAVR, step 3", ("Ctrl", "3"), True),
        ("align", "Align planes to annulus", "", ("N",), True),
        ("edit", "Edit annulus contour", "", ("E",), False),
        ("open", "Open case", "", ("Ctrl", "O"), True),
        *((f"more {n}", f"Other thing {n}", "", (), True) for n in range(20)),
    )
    return [
        PaletteEntry(
            i, title, hint, "circle", keys, lambda i=i: ran.append(i), enabled, "" if enabled else "No annulus"
        )
        for i, title, hint, keys, enabled in rows
    ]


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def palette(window: QMainWindow, qtbot: QtBot, ran: list[str]) -> CommandPalette:
    opened = open_palette(window, entries(ran))
    qtbot.waitUntil(opened.field.hasFocus)
    return opened


def test_letters_find_and_enter_runs(palette: CommandPalette, ran: list[str], window: QMainWindow) -> None:
    assert palette.count.text() == "24 of 24"
    QTest.keyClicks(palette.field, "ann")
    assert palette.count.text() == "3 of 24"
    assert palette.titles()[0] == "Go to annulus"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["annulus"]
    assert not palette.isVisible()
    below = window.findChild(QLineEdit, "below")
    assert below is not None
    assert below.hasFocus()
    assert load_settings().palette_uses == {"annulus": 1}


def test_arrows_choose_and_wrap(palette: CommandPalette, ran: list[str]) -> None:
    QTest.keyClicks(palette.field, "ann")
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == 2
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 0
    QTest.keyClick(palette.field, Qt.Key.Key_PageDown)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["align"]


def test_what_cannot_run_says_why(palette: CommandPalette, ran: list[str]) -> None:
    QTest.keyClicks(palette.field, "edit ann")
    assert palette.titles() == ("Edit annulus contour",)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == []
    assert palette.isVisible()
    assert palette.count.text() == "No annulus"


def test_nothing_found_says_so_and_escape_leaves(palette: CommandPalette) -> None:
    QTest.keyClicks(palette.field, "xyz")
    assert palette.empty.isVisible()
    assert palette.empty.text() == "Nothing matches “xyz”."
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_mouse_runs_and_leaves(palette: CommandPalette, ran: list[str], window: QMainWindow) -> None:
    QTest.keyClicks(palette.field, "open case")
    place = palette.list.visualRect(palette.list.model().index(0, 0)).center()
    QTest.mouseClick(palette.list.viewport(), LEFT, pos=place)
    assert ran == ["open"]
    open_palette(window, entries(ran))
    QTest.mouseClick(palette, LEFT, pos=QPoint(10, 700))
    assert not palette.isVisible()


def test_what_is_used_most_comes_first(window: QMainWindow, ran: list[str]) -> None:
    for _ in range(3):
        opened = open_palette(window, entries(ran))
        QTest.keyClicks(opened.field, "other thing 7")
        QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert open_palette(window, entries(ran)).titles()[0] == "Other thing 7"
    # whoever holds older settings does not set the counts back
    save_settings(Settings())
    assert load_settings().palette_uses == {"more 7": 3}


def test_keys_of_the_window_below_do_nothing_meanwhile(window: QMainWindow, ran: list[str], qtbot: QtBot) -> None:
    below: list[str] = []
    action = QAction("Below", window)
    action.setShortcut(QKeySequence("Ctrl+3"))
    action.triggered.connect(lambda: below.append("below"))
    window.addAction(action)
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert below == ["below"]
    opened = open_palette(window, entries(ran))
    QTest.keyClick(opened.field, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert below == ["below"]
    QTest.keyClick(opened.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not opened.isVisible()


# sheets


def test_shortcuts_are_searched(window: QMainWindow, qtbot: QtBot) -> None:
    sheet = ShortcutSheet(Keymap(BINDINGS, {}), window)
    sheet.show()
    qtbot.waitExposed(sheet)
    qtbot.waitUntil(sheet.field.hasFocus)
    QTest.keyClicks(sheet.field, "open case")
    shown = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
    assert "Open case" in shown
    assert "Slice" not in shown
    assert "Any pane" not in shown
    QTest.keyClicks(sheet.field, "q")
    assert sheet.empty.text() == "Nothing matches “open caseq”."
    assert sheet.empty.isVisible()
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(ShortcutSheet) is None)


@pytest.fixture
def sheet(window: QMainWindow, qtbot: QtBot) -> Iterator[ShortcutSheet]:
    opened = ShortcutSheet(Keymap(BINDINGS, {}), window)
    opened.show()
    qtbot.waitExposed(opened)
    yield opened
    opened.reject()


def test_a_key_is_bound_by_a_click_and_a_press(sheet: ShortcutSheet, qtbot: QtBot) -> None:
    button = sheet.keys["layout_3d"]
    QTest.mouseClick(button, LEFT)
    assert button.is_waiting
    with qtbot.waitSignal(sheet.bound) as told:
        QTest.keyClick(button, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert told.args[0].differences == {"layout_3d": ("Ctrl+Alt+3",)}
    assert not button.is_waiting
    assert "Ctrl+Alt+3" in button.accessibleName()
    # its own key again: none of its own, so nothing is saved
    with qtbot.waitSignal(sheet.bound) as told:
        QTest.mouseClick(sheet.reset, LEFT)
    assert told.args[0].differences == {}


def test_a_taken_key_is_told_in_words_and_can_be_taken(sheet: ShortcutSheet, qtbot: QtBot) -> None:
    button = sheet.keys["layout_2x2"]
    QTest.mouseClick(button, LEFT)
    QTest.keyClick(button, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert sheet.note.text() == "Ctrl+B is “Structures panel” already. Taken from it, that has no key."
    assert sheet.keymap.differences == {}
    with qtbot.waitSignal(sheet.bound) as told:
        QTest.mouseClick(sheet.take, LEFT)
    assert told.args[0].differences == {"layout_2x2": ("Ctrl+B",), "left_panel": ()}
    with qtbot.waitSignal(sheet.bound) as told:
        QTest.mouseClick(sheet._reset_all, LEFT)
    assert told.args[0].differences == {}


def test_keys_that_panes_need_are_refused_and_esc_leaves(sheet: ShortcutSheet) -> None:
    button = sheet.keys["fit"]
    QTest.mouseClick(button, LEFT)
    QTest.keyClick(button, Qt.Key.Key_Up)
    assert sheet.note.text() == "↑ is the slice in every pane."
    assert not sheet.take.isVisible()
    QTest.mouseClick(button, LEFT)
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert not button.is_waiting
    assert sheet.keymap.differences == {}


def test_enter_and_esc_are_fixed(sheet: ShortcutSheet) -> None:
    # every footer and dialog says what they do, so they are in the list as they are and nothing takes them
    assert "accept" not in sheet.keys
    assert "leave" not in sheet.keys
    assert Keymap(BINDINGS, {"accept": ("F9",)}).keys("accept") == ("Return", "Enter")
    conflict = sheet.keymap.conflict("cine", "Esc")
    assert conflict is not None
    assert conflict.owner == ""


def test_keys_that_are_held_are_shown_as_they_are_bound(sheet: ShortcutSheet, qtbot: QtBot) -> None:
    row = next(row for row, caps in sheet._rows if "@probe" in caps)
    assert row.accessibleName() == "H+V+M"
    button = sheet.keys["probe"]
    QTest.mouseClick(button, LEFT)
    QTest.keyClick(button, Qt.Key.Key_Q)
    assert row.accessibleName() == "H+Q+M"


def test_a_tool_may_have_a_key_of_the_panes_but_not_one_of_its_own_kind(sheet: ShortcutSheet) -> None:
    # D measures in panes; while strokes are drawn it may mean something else
    assert sheet.keymap.conflict("stroke_tool:box", "D") is None
    conflict = sheet.keymap.conflict("stroke_tool:box", "K")
    assert conflict is not None
    assert conflict.owner == "stroke_tool:click"
    assert sheet.keymap.conflict("tree_tool:cut", "K") is None


def test_backspace_leaves_an_action_without_a_key(sheet: ShortcutSheet, qtbot: QtBot) -> None:
    button = sheet.keys["cine"]
    QTest.mouseClick(button, LEFT)
    with qtbot.waitSignal(sheet.bound) as told:
        QTest.keyClick(button, Qt.Key.Key_Backspace)
    assert told.args[0].differences == {"cine": ()}


def test_about_names_what_the_program_is_not_and_its_parts(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = AboutDialog(window)
    dialog.open()
    qtbot.waitExposed(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert RESEARCH_ONLY in texts
    assert {"Inter", "OFL 1.1", "Lucide icons", "ISC"} <= set(texts)
    dialog.reject()
    parts = installed_parts()
    assert {name for name, _, _ in parts} == set(LIBRARIES)
    assert all(version and licence and "GPL" not in licence.replace("LGPL", "") for _, version, licence in parts)


def test_about_lists_what_an_installation_carries(
    window: QMainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    part = {"name": "libssl3", "version": "3.0", "licenses": [{"license": {"name": "Apache-2.0 and more"}}]}
    part |= {"components": [{"name": "zlib", "licenses": [{"license": {"id": "Zlib"}}]}]}
    model = {"name": "theatrum-ct-body", "version": "0.2.0", "licenses": [{"license": {"id": "Apache-2.0"}}]}
    runtime = {"name": "GCC-runtime", "version": "12", "licenses": [{"expression": "GPL-3.0 WITH an-exception"}]}
    (tmp_path / "theatrum.cdx.json").write_text(json.dumps({"components": [part, model, runtime]}), encoding="utf-8")
    monkeypatch.setattr("app.dialogs.about.installed_folder", lambda: tmp_path)
    dialog = AboutDialog(window)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"libssl3", "Apache-2.0 and more", "GCC-runtime", "GPL-3.0 WITH an-exception"} <= set(texts)
    assert {"libssl3: zlib", "Zlib"} <= set(texts)
    assert "Inter" not in texts
    where = dialog.findChild(QLabel, "about_texts")
    assert where is not None
    assert str(tmp_path / "licences") in where.text()


def test_a_window_that_gets_the_keys_under_a_dialog_hands_them_to_it(
    window: QMainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = SettingsDialog(Settings(), window)
    dialog.open()
    qtbot.waitExposed(dialog)
    asked: list[bool] = []
    monkeypatch.setattr(dialog, "activateWindow", lambda: asked.append(True))
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: asked == [True])
    dialog.reject()
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.wait(20)
    assert asked == [True]


def test_settings_apply_at_once_and_say_their_limits(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(), window)
    applied: list[Settings] = []
    dialog.applied.connect(applied.append)
    dialog.open()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.mouseClick(button(dialog, "settings_theme_light"), LEFT)
    assert applied[-1].theme == "light"
    QTest.mouseClick(button(dialog, "settings_mouse_radiology"), LEFT)
    assert applied[-1].mouse_scheme == "radiology"
    text = dialog.findChild(QComboBox, "settings_text_scale")
    assert text is not None
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_End)
    assert applied[-1].text_scale_percent == 150
    size = dialog.findChild(QComboBox, "settings_interface_scale")
    assert size is not None
    QTest.keyClick(size, Qt.Key.Key_End)
    assert applied[-1].interface_scale_percent == 200
    hint = dialog.findChild(QLabel, "settings_hint")
    assert hint is not None
    assert hint.text() == "The interface size changes after a restart."
    room = dialog.findChild(NumberField, "settings_room_cra")
    assert room is not None
    room.setFocus()
    QTest.keyClick(room, Qt.Key.Key_Down)
    assert applied[-1].room_limit_cra_deg == 29.0
    room.selectAll()
    QTest.keyClicks(room, "900")
    QTest.keyClick(room, Qt.Key.Key_Tab)
    assert "1 to 60" in hint.text()
    assert applied[-1].room_limit_cra_deg == 29.0
    dialog.reject()


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path):
    volume = Volume(Grid.from_parts((8, 7, 6), (0.7, 0.7, 1.0), (0, 0, 0)), np.zeros((6, 7, 8), dtype=np.int16))
    document = make_case(tmp_path / "case-0007.theatrum", volume)
    runner = JobRunner()
    opened = Session(document, runner)
    yield opened
    opened.close()
    runner.shutdown()


def test_case_details_rename_as_one_step(window: QMainWindow, qtbot: QtBot, session: Session) -> None:
    dialog = CaseDetailsDialog(session, window)
    dialog.open()
    qtbot.waitExposed(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "CT, 8 × 7 × 6" in texts
    assert "Name and number were removed on import." in texts
    field = dialog.findChild(QLineEdit, "case_label")
    assert field is not None
    field.setFocus()
    QTest.keyClicks(field, "Case 7")
    steps = session.document.journal_length
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.accept()
    assert session.case.label == "Case 7"
    assert session.document.journal_length == steps + 1


def test_identity_is_shown_only_on_asking(window: QMainWindow, qtbot: QtBot, session: Session) -> None:
    session.do(SetIdentifiers({"name": "Doe^Jane", "number": "42"}))
    dialog = CaseDetailsDialog(session, window)
    dialog.open()
    qtbot.waitExposed(dialog)

    def shown() -> set[str]:
        return {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}

    assert "Doe^Jane" not in shown()
    QTest.mouseClick(button(dialog, "case_identity_show"), LEFT)
    qtbot.waitUntil(lambda: "Doe^Jane" in shown())
    dialog.reject()


def test_a_case_that_was_not_closed_is_found(window: QMainWindow, session: Session, tmp_path: Path) -> None:
    found = last_edit(session.path)
    assert found is not None
    assert abs((datetime.now() - found).total_seconds()) < 60
    assert last_edit(tmp_path / "other.theatrum") is None
    log = tmp_path / "other.theatrum-wal"
    log.write_bytes(b"x")
    stamp = datetime(2026, 3, 11, 10, 38, 12).timestamp()
    os.utime(log, (stamp, stamp))
    edited = last_edit(tmp_path / "other.theatrum")
    assert edited is not None
    dialog = RecoveryDialog("Case 0147", edited, window, now=datetime(2026, 3, 11, 12, 0))
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Work from 10:38 was found" in texts
    assert "Theatrum stopped without closing “Case 0147”. Every step up to 10:38:12 is here." in texts
    while_open(press(Qt.Key.Key_Return))
    assert dialog.ask() == "continue"


def test_the_job_list_follows_stops_and_forgets(window: QMainWindow, qtbot: QtBot) -> None:
    runner = JobRunner()
    strip = QWidget(window)
    strip.setGeometry(0, 768, 1280, 32)
    strip.show()
    listed = JobsList(runner, window)
    listed.popup(strip)
    assert listed.empty.isVisible()
    assert listed.empty.text() == "Nothing is running."

    def slow(progress, cancel):
        for step in range(2000):
            progress(step / 2000, "")
            time.sleep(0.005)
            cancel.raise_if_set()

    def bad(progress, cancel):
        raise MeasurementError("Memory was full", "Try the small model")

    runner.submit(Job(key="bad", title="Liver segmentation", work=bad))
    runner.submit(Job(key="hidden", title="Quiet", work=lambda progress, cancel: time.sleep(0.01), quiet=True))
    qtbot.waitUntil(lambda: not runner.active)
    for name in ("a", "b", "c"):
        runner.submit(Job(key=name, title=f"Meshing {name}", work=slow, subject="Case 1"))
    qtbot.waitUntil(lambda: listed.summary.text() == "2 running · 1 waiting")
    rows = listed.rows()
    assert [row.state.job.key for row in rows] == ["a", "b", "c", "bad"]
    texts = [label.text() for label in rows[3].findChildren(QLabel)]
    assert "Stopped: Memory was full. Try the small model." in texts
    for row in rows[:3]:
        stop = row.findChild(QAbstractButton)
        assert stop is not None
        QTest.mouseClick(stop, LEFT)
    qtbot.waitUntil(lambda: not runner.active, timeout=5000)
    runner.forget(rows[3].state)
    qtbot.waitUntil(lambda: "bad" not in [row.state.job.key for row in listed.rows()])
    listed.close()
    runner.shutdown()


@pytest.mark.parametrize(("theme", "scale"), [("dark", 100), ("light", 150)])
def test_everything_fits_into_the_smallest_window(
    window: QMainWindow, qtbot: QtBot, session: Session, theme: str, scale: int
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_look(application, Look(theme, scale))
    window.resize(1120, 700)
    sheets = [
        error_dialog(window, SERIES_ERROR),
        ConfirmDialog("Close while work is running?", "“Meshing” would start again.", parent=window),
        ShortcutSheet(Keymap(BINDINGS, {}), window),
        AboutDialog(window),
        SettingsDialog(Settings(), window),
        CaseDetailsDialog(session, window),
    ]
    for sheet in sheets:
        sheet.open()
        qtbot.waitExposed(sheet)
        assert sheet.width() <= 1120
        assert sheet.height() <= 700
        for child in sheet.findChildren(QAbstractButton):
            if child.isVisible() and child.parentWidget() is sheet.card:
                words = child.fontMetrics().horizontalAdvance(child.text())
                assert child.width() >= words, child.objectName()
                assert sheet.rect().contains(child.mapTo(sheet, child.rect().bottomRight())), child.objectName()
        unnamed = [
            child
            for child in sheet.findChildren(QAbstractButton)
            if child.isVisible() and not (child.accessibleName() and child.objectName())
        ]
        assert not unnamed
        sheet.reject()
