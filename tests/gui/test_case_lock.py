"""An open case is encrypted, asks for its pass-phrase at the next opening, gets another one and loses it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from cases import make_case
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from segment_window import shown_window, shut

from app import case_lock
from app.jobs import JobState
from app.settings import CaseTold
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case import encrypting, keys
from planning.case.commands import SetLabel
from planning.case.encrypting import encrypt_case
from planning.case.keys import is_encrypted
from planning.geometry import Grid
from planning.progress import CancelToken, Progress
from planning.volume import Volume

pytestmark = pytest.mark.gui
GRID = Grid.from_parts((24, 20, 16), (1.0, 1.0, 1.0))
FIRST, SECOND = "blue horse seven", "another horse eight"
LONG_MS = 30_000


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # a guess costs a second and 256 MB otherwise
    monkeypatch.setitem(keys.COSTS, keys.STANDARD, keys.Cost(64, 1, 1))
    made = tmp_path / "case-0003.theatrum"
    with make_case(made, Volume(GRID, np.full(GRID.shape_kji, 40, dtype=np.int16))) as document:
        document.do(SetLabel("Case 0003"))
    return made


@pytest.fixture
def window(qtbot: QtBot, path: Path) -> Iterator[Workstation]:
    made = shown_window(qtbot, path)
    made.is_attended = True
    yield made
    made.is_attended = False
    shut(made)
    keys.forget()


def answered(window: QWidget, act: Callable[[QWidget], None]) -> list[str]:
    """What the next dialog is called, once it is there and `act` was done to it."""
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        # a key that comes before the screen has given it the focus is the window's behind it
        if dialog is None or not dialog.isActiveWindow():
            QTimer.singleShot(50, window, look)
            return
        seen.append(dialog.objectName())
        act(dialog)

    QTimer.singleShot(50, window, look)
    return seen


def typed(dialog: QWidget, **texts: str) -> None:
    for name, text in texts.items():
        field = dialog.findChild(QLineEdit, name)
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)


def press(dialog: QWidget, name: str) -> None:
    QTest.mouseClick(dialog.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)


def new_one(text: str) -> Callable[[QWidget], None]:
    def act(dialog: QWidget) -> None:
        main = dialog.findChild(QAbstractButton, "new_passphrase_main")
        typed(dialog, new_passphrase_first="short", new_passphrase_second="short")
        assert not main.isEnabled()
        typed(dialog, new_passphrase_first=text, new_passphrase_second=text[:-1])
        assert not main.isEnabled()
        typed(dialog, new_passphrase_second=text)
        press(dialog, "new_passphrase_main")

    return act


def opens_again(qtbot: QtBot, window: Workstation) -> None:
    qtbot.waitUntil(lambda: window.session is not None and not window.jobs.active, timeout=LONG_MS)
    wait_settled(window)
    assert window.session.case.label == "Case 0003"


def changed(qtbot: QtBot, window: Workstation, text: str) -> None:
    seen = answered(window, new_one(text))
    window.actions_["encrypt_case"].trigger()
    assert seen == ["new_passphrase"]
    opens_again(qtbot, window)


def test_it_is_encrypted_opened_changed_and_decrypted(qtbot: QtBot, window: Workstation, path: Path) -> None:
    steps = window.session.document.journal_length
    changed(qtbot, window, FIRST)
    assert is_encrypted(path)
    assert b"Case 0003" not in path.read_bytes()
    assert window.session.document.journal_length == steps
    assert window.settings.recent[0].told == CaseTold(is_encrypted=True)
    window.close_case()
    keys.forget()
    window.open_paths([path])
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=LONG_MS)
    dialog = QApplication.activeModalWidget()
    assert dialog.objectName() == "passphrase"
    typed(dialog, passphrase_field="wrong horse seven")
    press(dialog, "passphrase_main")
    wrong = dialog.findChild(QLabel, "passphrase_wrong")
    qtbot.waitUntil(lambda: "does not open" in wrong.text(), timeout=LONG_MS)
    assert dialog.isVisible()
    assert window.session is None
    typed(dialog, passphrase_field=FIRST)
    QTest.keyClick(dialog.findChild(QLineEdit, "passphrase_field"), Qt.Key.Key_Return)
    opens_again(qtbot, window)
    changed(qtbot, window, SECOND)
    window.close_case()
    keys.forget()
    with pytest.raises(Exception, match="does not open"):
        keys.unlock(path, FIRST)
    keys.unlock(path, SECOND)
    window.open_paths([path])
    opens_again(qtbot, window)
    seen = answered(window, lambda dialog: press(dialog, "confirm_dialog_danger"))
    window.actions_["decrypt_case"].trigger()
    assert seen == ["confirm_dialog"]
    opens_again(qtbot, window)
    assert not is_encrypted(path)
    assert window.session.document.journal_length == steps


def test_leaving_the_dialog_changes_nothing(qtbot: QtBot, window: Workstation, path: Path) -> None:
    before = path.read_bytes()
    seen = answered(window, lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    window.actions_["encrypt_case"].trigger()
    assert seen == ["new_passphrase"]
    assert path.read_bytes() == before
    assert window.session is not None
    window.actions_["decrypt_case"].trigger()
    assert window.strip.findChild(QLabel, "strip_text").text() == "This case is not encrypted."


def test_leaving_while_a_pass_phrase_is_tried_ends_the_trying(
    qtbot: QtBot, window: Workstation, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypted(window, path)
    may_end = threading.Event()

    def slow(path: Path, typed: str) -> keys.CaseKey:
        may_end.wait(LONG_MS / 1000)
        return keys.unlock(path, typed)

    monkeypatch.setattr(case_lock, "unlock", slow)
    window.open_paths([path])
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=LONG_MS)
    dialog = QApplication.activeModalWidget()
    typed(dialog, passphrase_field=FIRST)
    press(dialog, "passphrase_main")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    # the dialog is gone for good before the key is there
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog), timeout=LONG_MS)
    may_end.set()
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=LONG_MS)
    assert window.session is None


def encrypted(window: Workstation, path: Path) -> None:
    """The case closed, encrypted, and its key forgotten."""
    window.close_case()
    encrypt_case(path, FIRST)
    keys.forget()


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set to let an encryption end; until then it is under way, and can be stopped."""
    may_end, real = threading.Event(), encrypting.encrypt_case

    def slow(path: Path, passphrase: str, *, cancel: CancelToken, progress: Progress) -> keys.CaseKey:
        while not may_end.wait(0.02):
            cancel.raise_if_set()
        return real(path, passphrase, progress=progress, cancel=cancel)

    monkeypatch.setattr(encrypting, "encrypt_case", slow)
    yield may_end
    may_end.set()


def under_way(window: Workstation) -> JobState:
    answered(window, new_one(FIRST))
    window.actions_["encrypt_case"].trigger()
    assert window.session is None
    return next(state for state in window.jobs.active if state.job.key == "rewrite_case")


def test_a_case_whose_encryption_was_stopped_opens_as_it_was(
    qtbot: QtBot, window: Workstation, path: Path, held_up: threading.Event
) -> None:
    window.jobs.cancel(under_way(window))
    opens_again(qtbot, window)
    assert not is_encrypted(path)


def test_a_case_that_was_opened_while_another_is_encrypted_stays(
    qtbot: QtBot, window: Workstation, path: Path, held_up: threading.Event
) -> None:
    other = path.with_name("case-0004.theatrum")
    make_case(other, Volume(GRID, np.full(GRID.shape_kji, 40, dtype=np.int16))).close()
    under_way(window)
    window.open_paths([other])
    qtbot.waitUntil(lambda: window.session is not None and window.session.path == other, timeout=LONG_MS)
    held_up.set()
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=LONG_MS)
    assert is_encrypted(path)
    assert window.session.path == other
