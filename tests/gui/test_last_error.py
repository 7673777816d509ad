"""What an event that failed worked on goes when the error was told."""

from __future__ import annotations

import gc
import sys
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.unexpected import handle_exceptions
from app.window_states import turn
from planning.errors import InputError

pytestmark = pytest.mark.gui


class Case:
    """Stands for what is large."""


def test_the_last_error_of_an_event_keeps_nothing_alive(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    window: Any = SimpleNamespace(tell_error=lambda error: told.append(error.what))
    monkeypatch.setattr(sys, "excepthook", handle_exceptions(window))
    known: list[weakref.ref[Case]] = []

    def fails() -> None:
        case = Case()
        known.append(weakref.ref(case))
        raise InputError("No such file", "Choose another")

    QTimer.singleShot(0, fails)
    turn(50)
    gc.collect()
    assert told == ["No such file"]
    assert known[0]() is None
