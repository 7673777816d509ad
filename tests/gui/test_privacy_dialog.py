"""The window writes DICOM files without identifiers: a folder in, a folder out, and what was left is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from byte_search import found_in
from planted import planted_series
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.message import ChoiceDialog
from app.dialogs.privacy import PrivacyDialog, PrivacyWish, free_folder
from app.jobs import Job
from app.launch import make_application
from app.privacy_job import start
from app.settings import Settings
from app.workstation import Workstation
from planning.dicom.privacy import Made
from planning.dicom.privacy_file import LEFT_OUT
from planning.dicom.privacy_profile import PrivacyOptions
from planning.findings import Finding

pytestmark = pytest.mark.gui
LONG_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.jobs.shutdown()
    made.hide()
    made.deleteLater()


def press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QAbstractButton, name)
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())


def test_a_folder_is_written_anew_without_its_names(
    qtbot: QtBot, window: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, words = planted_series(tmp_path / "scans")
    monkeypatch.setattr(window.files, "choose_folder", lambda title: source)
    window.actions_["deidentify"].trigger()
    dialog = window.findChild(PrivacyDialog)
    qtbot.waitExposed(dialog)
    assert not dialog.findChild(QAbstractButton, "privacy_main").isEnabled()
    press(dialog, "privacy_source")
    assert not dialog.warning.isVisible()
    press(dialog, "privacy_dates_shifted")
    assert dialog.options() == PrivacyOptions(shifted=True)
    told: list[str] = []

    def close() -> None:
        shown = QApplication.activeModalWidget()
        if shown is None or shown.findChild(QAbstractButton, "choice_dialog_safe") is None:
            QTimer.singleShot(100, window, close)
            return
        told.extend(label.text() for label in shown.findChildren(QLabel))
        press(shown, "choice_dialog_safe")

    press(dialog, "privacy_main")
    QTimer.singleShot(100, window, close)
    qtbot.waitUntil(lambda: bool(told), timeout=LONG_MS)
    target = source.parent / "de-identified"
    assert any(target.rglob("*.dcm"))
    assert found_in([target], words) == {}
    assert any("written" in text for text in told)
    assert not any("--" in text for text in told)


def test_what_points_to_the_person_is_warned_of(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = PrivacyDialog(lambda title: tmp_path, "2026c")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    tick = dialog.findChild(QCheckBox, "privacy_patient")
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert not dialog.warning.isVisible()
    QTest.keyClick(dialog.findChild(QCheckBox, "privacy_uids"), Qt.Key.Key_Space)
    assert dialog.warning.isVisible()
    assert dialog.options() == PrivacyOptions(patient=True, uids=True)


def test_an_existing_folder_is_never_written_into(tmp_path: Path) -> None:
    (tmp_path / "de-identified").mkdir()
    assert free_folder(tmp_path) == tmp_path / "de-identified-2"


def test_a_second_folder_stops_no_first_one_and_warnings_come_first(
    window: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Job] = []
    monkeypatch.setattr(window.jobs, "submit", asked.append)
    for name in ("one", "two"):
        start(window, PrivacyWish(tmp_path / name, tmp_path / f"{name}-open", PrivacyOptions()))
    assert len({job.key for job in asked}) == 2
    assert not any(str(tmp_path) in job.key for job in asked)
    told: list[str] = []
    monkeypatch.setattr(ChoiceDialog, "__init__", lambda self, title, text, *rest, **more: told.append(text))
    monkeypatch.setattr(ChoiceDialog, "ask", lambda self: "")
    reasons = Counter(dict.fromkeys(list(LEFT_OUT)[:8], 1))
    asked[0].done(Made(files=3, left_out=reasons, warnings=[Finding("burned_in", "Look at each of them.")]))
    assert told[0].splitlines()[1] == "Look at each of them."
