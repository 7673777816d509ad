"""Closing a case by its key, or opening another one, asks while its work is running, as closing the window does: a step
on its way would be lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import make_case
from measure_window import open_again
from pane_hands import plain_volume
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import leaving
from app.jobs import Job
from app.launch import make_application
from app.settings import Settings
from app.workstation import Workstation
from planning.case.commands import SetLabel
from planning.progress import CancelToken, Progress

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


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person is asked, who keeps the case open."""
    told: list[str] = []

    class Keeping(leaving.ConfirmDialog):
        def __init__(self, title: str, text: str, *, safe: str, danger: str, parent: QWidget) -> None:
            super().__init__(title, text, safe=safe, danger=danger, parent=parent)
            told.append(text)

        def ask(self) -> bool:
            return False

    monkeypatch.setattr(leaving, "ConfirmDialog", Keeping)
    return told


def test_closing_a_case_while_it_works_asks(qtbot: QtBot, window: Workstation, asked: list[str]) -> None:
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


def test_all_work_that_would_be_lost_is_counted_by_what_was_asked_for(
    qtbot: QtBot, window: Workstation, asked: list[str]
) -> None:
    page, held = window.page, threading.Event()
    assert page is not None

    def work(progress: Progress, cancel: CancelToken) -> bool:
        progress(0.4, "Reading slice 40 of 100")
        return held.wait(20)

    for key, title in (("keep", "Keeping the change"), ("find", "Finding vessels"), ("write", "Writing")):
        window.jobs.submit(Job(key=key, title=title, work=work, subject=page.session.label))
    qtbot.waitUntil(lambda: window.jobs.active[0].title == "Reading slice 40 of 100", timeout=20_000)
    window.actions_["close_case"].trigger()
    assert asked == [
        "“Keeping the change” and 2 more are not done and would have to start again. Everything else is saved."
    ]
    held.set()
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=20_000)


def test_opening_another_case_while_one_works_asks_and_keeps_it(
    qtbot: QtBot, window: Workstation, asked: list[str], tmp_path: Path
) -> None:
    other = tmp_path / "other.theatrum"
    make_case(other, plain_volume()).close()
    page, held, kept = window.page, threading.Event(), []
    assert page is not None
    job = Job(
        key="keep",
        title="Keeping the change",
        work=lambda progress, cancel: held.wait(20),
        done=kept.append,
        subject=page.session.label,
    )
    window.is_attended = True
    window.jobs.submit(job)
    # a case may have another name by the time that its work is done
    page.session.do(SetLabel("Renamed"))
    window.open_paths([other])
    qtbot.waitUntil(lambda: bool(asked), timeout=20_000)
    qtbot.waitUntil(lambda: str(other) in [recent.path for recent in window.settings.recent], timeout=20_000)
    assert window.page is page
    assert window.place == "case"
    held.set()
    qtbot.waitUntil(lambda: kept == [True], timeout=20_000)
    # what was refused is open to nobody else, and can be opened once the work is done
    with qtbot.waitSignal(window.opened, timeout=20_000):
        window.open_paths([other])
    assert window.session is not None
    assert window.session.path == other
    assert len(asked) == 1
    window.is_attended = False


def test_a_line_that_is_being_clicked_is_asked_about(qtbot: QtBot, window: Workstation, asked: list[str]) -> None:
    page = window.page
    assert page is not None
    window.is_attended = True
    pane = page.slices["axial"]
    page.session.view.set(tool="polyline")
    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(pane.width() // 2, pane.height() // 2))
    window.actions_["close_case"].trigger()
    assert window.page is page
    assert asked == ["Not in the case yet, and lost: what is being drawn. Everything else is saved."]
    window.close()
    assert window.isVisible()
    assert len(asked) == 2
    pane.hands.cancel()
    window.actions_["close_case"].trigger()
    assert window.page is None
    assert len(asked) == 2
    window.is_attended = False


def test_a_measurement_whose_values_are_still_read_is_asked_about(window: Workstation, asked: list[str]) -> None:
    page = window.page
    assert page is not None
    held = threading.Event()
    # as Measuring reads them: quiet in the strip, and a step of the case when it is done
    page.measuring._submit("values", "Reading the values", lambda progress, cancel: held.wait(20), lambda _: None)
    window.actions_["close_case"].trigger()
    held.set()
    assert window.page is page
    assert len(asked) == 1
    assert "Reading the values" in asked[0]


def test_of_several_cases_the_opened_one_is_named(qtbot: QtBot, window: Workstation, tmp_path: Path) -> None:
    places = [tmp_path / "first.theatrum", tmp_path / "second.theatrum"]
    for place in places:
        make_case(place, plain_volume()).close()
    with qtbot.waitSignal(window.opened, timeout=20_000):
        window.open_paths(places)
    assert window.session is not None
    assert window.session.path == places[0]
    told = window.strip.findChild(QLabel, "strip_text")
    qtbot.waitUntil(
        lambda: told.text() == "One case is open at a time: of 2 files first.theatrum is opened", timeout=6000
    )
