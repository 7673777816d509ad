"""A turn of the event loop that holds the window is listed with what ran; a window that only waits is not."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QTimer
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
