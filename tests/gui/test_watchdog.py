"""A turn of the event loop that holds the window is listed with what ran; a window that only waits is not."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import watchdog
from app.watchdog import Watchdog

pytestmark = pytest.mark.gui


def _hold(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_slow_turn_is_listed_with_what_ran(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "OURS", (__name__.split(".")[0],))
    with Watchdog(limit_ms=100.0) as dog:
        qtbot.wait(60)
        assert dog.turns == []
        QTimer.singleShot(0, lambda: _hold(0.2))
        qtbot.waitUntil(lambda: bool(dog.turns), timeout=10_000)
        beats = dog.beats
    (turn,) = dog.turns
    assert turn.cpu_ms >= 195.0
    assert "_hold" in turn.where
    assert dog.by_place()[0][:2] == (turn.where, 1)
    qtbot.wait(30)
    assert dog.beats == beats


class _Marks(QWidget):
    """Paints nothing, after Qt painted what lies below it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing."""


def test_what_qt_does_before_it_calls_a_function_is_not_told_of_that_function(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "OURS", (__name__.split(".")[0],))
    below = QLabel()
    qtbot.addWidget(below)
    below.setWordWrap(True)
    below.setText("<b>many words</b> " * 20_000)
    below.resize(1500, 1200)
    marks = _Marks(below)
    marks.resize(1500, 1200)
    with Watchdog(limit_ms=60.0) as dog:
        qtbot.wait(20)
        below.show()
        qtbot.waitUntil(lambda: bool(dog.turns), timeout=10_000)
    assert "paintEvent" not in dog.turns[0].where


def test_a_place_beyond_the_window_is_told_with_the_part_of_the_window_that_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def frames(*names: str) -> object:
        """The innermost first."""
        made = None
        for name in reversed(names):
            scope = {"__name__": name.rpartition(".")[0]}
            code = SimpleNamespace(co_qualname=name.rpartition(".")[2], co_code=b"\0")
            made = SimpleNamespace(f_globals=scope, f_code=code, f_lineno=7, f_lasti=0, f_back=made)
        return made

    def place(*names: str) -> str:
        return watchdog._our_place(frames(*names))  # type: ignore[arg-type]

    monkeypatch.setattr(watchdog, "BEGINS", frozenset())
    assert place("numpy.dot", "planning.geometry.to_index", "planning.liver.near", "app.work.evaluate", "app.x.y") == (
        "planning.geometry.to_index:7 for app.work.evaluate"
    )
    assert place("app.work.evaluate", "app.x.y") == "app.work.evaluate:7"
    assert place("viewers.pane.paint", "app.launch.run") == "viewers.pane.paint:7"
    assert place("numpy.dot", "app.launch.run") == ""
