"""Closing a case by its key asks while its work is running, as closing the window does: a step on its way would be lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import make_case
from measure_window import open_again
from pane_hands import plain_volume
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import workstation
from app.jobs import Job
from app.launch import make_application
from app.settings import Settings
from app.workstation import Workstation

pytestmark = pytest.mark.gui


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    make_case(tmp_path / "case.theatrum", plain_volume()).close()
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.show()
    open_again(made, tmp_path / "case.theatrum")
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.hide()
    made.deleteLater()


def test_closing_a_case_while_it_works_asks(qtbot: QtBot, window: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Keeping(workstation.ConfirmDialog):
        def __init__(self, title: str, text: str, *, safe: str, danger: str, parent: QWidget) -> None:
            super().__init__(title, text, safe=safe, danger=danger, parent=parent)
            asked.append(text)

        def ask(self) -> bool:
            return False

    monkeypatch.setattr(workstation, "ConfirmDialog", Keeping)
    page = window.page
    assert page is not None
    held = threading.Event()
    job = Job(
        key="keep", title="Keeping the change", work=lambda progress, cancel: held.wait(20), subject=page.session.label
    )
    window.jobs.submit(job)
    window.actions_["close_case"].trigger()
    assert window.page is page
    assert asked == ["“Keeping the change” is not done and would have to start again. Everything else is saved."]
    held.set()
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=20_000)
    window.actions_["close_case"].trigger()
    assert window.page is None
    assert len(asked) == 1
