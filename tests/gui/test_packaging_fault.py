"""A fault of the program's own: told calmly, and the log is offered; what a crash left is in the log at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.crash import CrashWatch, short_place
from app.dialogs.fault import FaultDialog, save_log
from app.log import WithoutPaths
from app.paths import log_file, state_folder

CRASH = """
import faulthandler, os, sys
sys.path.insert(0, {root!r})
from app.crash import CrashWatch
CrashWatch().start()
os.abort()
"""


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path))


def test_what_a_crash_left_comes_into_the_log_once(project_root: Path, caplog: pytest.LogCaptureFixture) -> None:
    ended = subprocess.run([sys.executable, "-c", CRASH.format(root=str(project_root))], check=False)
    assert ended.returncode != 0
    with caplog.at_level(logging.ERROR):
        watch = CrashWatch()
        assert watch.start()
    watch.end()
    assert "Fatal Python error: Aborted" in caplog.text
    assert not list(state_folder().glob("crash-*"))
    again = CrashWatch()
    assert not again.start()
    again.end()


def test_an_orderly_end_leaves_nothing_to_tell() -> None:
    watch = CrashWatch()
    assert not watch.start()
    assert list(state_folder().glob("crash-*"))
    watch.end()
    assert not list(state_folder().glob("crash-*"))


def test_a_place_survives_the_logs_filter_and_folders_do_not() -> None:
    line = '  File "/home/doe/theatrum/app/panes/latest.py", line 12 in draw'
    record = logging.LogRecord("app", logging.ERROR, "", 0, "%s", (short_place(line),), None)
    WithoutPaths().filter(record)
    assert record.getMessage() == '  File "panes.latest", line 12 in draw'


def test_the_dialog_offers_the_log(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = FaultDialog(ended=True)
    qtbot.addWidget(dialog)
    dialog.show()
    save = dialog.findChild(QAbstractButton, "choice_dialog_save")
    assert save is not None
    assert dialog.first_focus() is not save, "Enter does the safe thing"
    assert dialog.findChild(QAbstractButton, "choice_dialog_folder") is not None
    log_file().write_text("one line\n", encoding="utf-8")
    save_log(tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "one line\n"
