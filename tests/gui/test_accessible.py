"""Every widget that a hand can use says what it is: a name for tests, one for screen readers, and a tooltip with its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from accessible import faults_of
from kidney_case import kidney_document
from liver_case import liver_document
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog

from app.launch import make_application
from app.panels.guide import GuidedPlanner
from app.rail import MODULES
from app.settings import Settings
from app.theme.icons import icon
from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation

pytestmark = pytest.mark.gui


@pytest.fixture
def window() -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.hide()
    made.deleteLater()


def _walk(window: Workstation, name: str, modules: tuple[str, ...]) -> set[str]:
    faults: set[str] = set()
    page = window.page
    assert page is not None
    for module in modules:
        planner = page.panel(module)
        wait_settled(window)
        steps = len(planner.steps) if isinstance(planner, GuidedPlanner) else 1
        for step in range(steps):
            if isinstance(planner, GuidedPlanner):
                planner.go_to(step)
                wait_settled(window)
            faults |= faults_of(window, f"{name}, {module} {step + 1}")
    return faults


def _open(window: Workstation, path: Path) -> None:
    window.open_paths([path], module="study")
    wait_until(lambda: window.session is not None and window.session.path == path, "opening", 60.0)
    wait_settled(window)


@pytest.mark.slow
def test_every_widget_of_every_place_says_what_it_is(window: Workstation, tmp_path: Path) -> None:
    wait_settled(window)
    faults = faults_of(window, "start")
    liver_document(tmp_path / "liver.theatrum").close()
    _open(window, tmp_path / "liver.theatrum")
    faults |= _walk(window, "liver", tuple(module for module in MODULES if module != "kidney"))
    kidney_document(tmp_path / "kidney.theatrum").close()
    _open(window, tmp_path / "kidney.theatrum")
    faults |= _walk(window, "kidney", ("kidney",))
    assert not faults, "\n".join(sorted(faults))


def test_every_sheet_says_what_it_is(window: Workstation, tmp_path: Path) -> None:
    liver_document(tmp_path / "liver.theatrum").close()
    _open(window, tmp_path / "liver.theatrum")
    faults: set[str] = set()
    for action in ("palette", "shortcuts", "about", "settings", "case_details", "jobs", "case_history", "deidentify"):
        window.actions_[action].trigger()
        turn(80)
        faults |= faults_of(window, action)
        for sheet in QApplication.topLevelWidgets():
            if isinstance(sheet, QDialog) and sheet.isVisible():
                faults |= faults_of(sheet, action)
                sheet.reject()
        turn(80)
    assert not faults, "\n".join(sorted(faults))


def test_every_action_is_told_with_its_key(window: Workstation) -> None:
    for action in window.actions_.all():
        assert action.objectName()
        keys = action.shortcuts()
        if keys and action.isEnabled():
            assert action.toolTip().endswith(")"), action.objectName()


def test_a_sign_without_room_is_no_picture(qapp: QApplication) -> None:
    assert icon("camera", "#FFFFFF").pixmap(QSize(0, 0)).isNull()
    assert not icon("camera", "#FFFFFF").pixmap(QSize(16, 16)).isNull()
