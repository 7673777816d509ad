"""Every widget that a hand can use says what it is: a name for tests, one for screen readers, and a tooltip with its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kidney_case import kidney_document
from liver_case import liver_document
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from app.launch import make_application
from app.panels.guide import GuidedPlanner
from app.rail import MODULES
from app.settings import Settings
from app.theme.icons import icon
from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane
from viewers.slice_pane import SlicePane

pytestmark = pytest.mark.gui
USED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
PANES = (SlicePane, ScenePane, PlanPane)


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


def _used(root: QWidget) -> list[QWidget]:
    """Widgets that a hand can use, without the parts that they are made of."""
    found = []
    for kind in (*USED, *PANES):
        for widget in root.findChildren(kind):
            parent = widget.parentWidget()
            is_part = isinstance(parent, (QComboBox, QAbstractSpinBox, QAbstractItemView)) or isinstance(
                widget, QScrollBar
            )
            if widget.isVisible() and not is_part and widget.objectName() != "qt_spinbox_lineedit":
                found.append(widget)
    return found


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _faults(root: QWidget, place: str) -> set[str]:
    """What a screen reader, a test or a newcomer would miss."""
    faults = set()
    for widget in _used(root):
        told = f"{place}: {type(widget).__name__} {widget.objectName() or _text(widget)!r}"
        if not widget.objectName() or widget.objectName().startswith("qt_"):
            faults.add(f"{told} has no name for tests")
        if not (widget.accessibleName() or _text(widget).strip()):
            faults.add(f"{told} has no name for screen readers")
        # what shows words says itself what it does; a sign alone, or what cannot be pressed now, must be told
        is_sign = isinstance(widget, (QAbstractButton, QAbstractSlider, QComboBox)) and not _text(widget).strip()
        if not widget.toolTip() and (is_sign or not widget.isEnabled()):
            faults.add(f"{told} has no tooltip")
    for view in root.findChildren(QAbstractItemView):
        model = view.model()
        if not view.isVisible() or model is None or isinstance(view.parentWidget(), QComboBox):
            continue
        for row in range(min(model.rowCount(), 12)):
            index = model.index(row, 0)
            said = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data(Qt.ItemDataRole.DisplayRole)
            if not said:
                faults.add(f"{place}: row {row} of {view.objectName() or type(view).__name__} says nothing")
    return faults


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
            faults |= _faults(window, f"{name}, {module} {step + 1}")
    return faults


def _open(window: Workstation, path: Path) -> None:
    window.open_paths([path], module="study")
    wait_until(lambda: window.session is not None and window.session.path == path, "opening", 60.0)
    wait_settled(window)


@pytest.mark.slow
def test_every_widget_of_every_place_says_what_it_is(window: Workstation, tmp_path: Path) -> None:
    wait_settled(window)
    faults = _faults(window, "start")
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
    for action in ("palette", "shortcuts", "about", "settings", "case_details", "jobs"):
        window.actions_[action].trigger()
        turn(80)
        faults |= _faults(window, action)
        for sheet in QApplication.topLevelWidgets():
            if isinstance(sheet, QDialog) and sheet.isVisible():
                faults |= _faults(sheet, action)
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
