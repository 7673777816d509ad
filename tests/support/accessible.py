"""What a hand can use in a window and does not say what it is: for tests, for screen readers, for a newcomer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane
from viewers.slice_pane import SlicePane

USED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
PANES = (SlicePane, ScenePane, PlanPane)


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


def faults_of(root: QWidget, place: str) -> set[str]:
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
