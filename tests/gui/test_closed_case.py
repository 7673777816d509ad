"""A closed case leaves nothing behind in the window, also where something still refers to a part of its page."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from front_window import window_in_front
from liver_case import liver_document
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.panels.guide import GuidedPlanner
from app.rail import MODULES
from app.window_states import turn, wait_until
from app.workstation import Workstation

pytestmark = pytest.mark.gui


@pytest.fixture
def window() -> Iterator[Workstation]:
    with window_in_front(is_attended=True) as made:
        yield made


def _rest(window: Workstation) -> None:
    turn(20)
    wait_until(lambda: not window.jobs.active, "its work", 60.0)


def _open_and_visit(window: Workstation, case: Path) -> None:
    window.open_paths([case])
    wait_until(lambda: window.place == "case" and window.page is not None, "opening", 60.0)
    page = window.page
    assert page is not None
    for module in MODULES:
        page.show_module(module)
        planner = page.planner
        for number in range(len(planner.steps)) if isinstance(planner, GuidedPlanner) else ():
            planner.go_to(number)
            turn(1)
    _rest(window)


def _watched(window: Workstation) -> dict[str, weakref.ref[object]]:
    page = window.page
    assert page is not None
    named = {"page": page, "session": page.session, "document": page.session.document}
    return {name: weakref.ref(one) for name, one in named.items()} | {
        name: weakref.ref(page.panel(name)) for name in MODULES
    }


def _alive(watched: dict[str, weakref.ref[object]]) -> list[str]:
    gc.collect()
    return [name for name, known in watched.items() if known() is not None]


def test_a_closed_case_leaves_nothing(window: Workstation, tmp_path: Path) -> None:
    with liver_document(tmp_path / "liver.theatrum"):
        pass
    _open_and_visit(window, tmp_path / "liver.theatrum")
    watched = _watched(window)
    window.close_case()
    _rest(window)
    wait_until(lambda: not _alive(watched), "letting go of the case", 10.0)


def test_a_part_that_something_still_refers_to_keeps_no_case(window: Workstation, tmp_path: Path) -> None:
    with liver_document(tmp_path / "liver.theatrum"):
        pass
    window.open_paths([tmp_path / "liver.theatrum"])
    wait_until(lambda: window.place == "case" and window.page is not None, "opening", 60.0)
    page = window.page
    assert page is not None
    page.show_module("liver")
    page.show_module("segment")
    _rest(window)
    document = weakref.ref(page.session.document)
    held: list[QObject] = [page, page.session, *page.findChildren(QWidget)]
    del page
    window.close_case()
    wait_until(lambda: not _alive({"document": document}), "letting go of the case", 10.0)
    assert held
    assert not any(shiboken6.isValid(one) for one in held[:2])
