"""The real window, in front and with the keyboard: for tests that act on it as a person does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.launch import make_application
from app.settings import Settings
from app.window_states import wait_until
from app.workstation import Workstation


@contextmanager
def window_in_front(*, is_attended: bool) -> Iterator[Workstation]:
    """is_attended: whether it asks questions that a person would answer."""
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = is_attended
    made.resize(1280, 800)
    made.show()
    made.windowHandle().requestActivate()
    wait_until(made.isActiveWindow, "coming to the front", 10.0)
    try:
        yield made
    finally:
        made.jobs.shutdown()
        made.close_case(show_start=False)
        made.hide()
        made.deleteLater()
