"""Texts that do not fit: every visible widget of a window measured against the room that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)

from app.panels.labels import ElidedLabel

TOLERANCE_PX, ARROW_PX, FIELD_PX = 2, 24, 8


def clipped(root: QWidget) -> list[str]:
    """Each text that is cut, or shortened without a tooltip that tells the whole: "name: what, text"."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            found += [f"{widget.objectName() or type(widget).__name__}: {what}" for what in _faults(widget)]
    return found


def _faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, ElidedLabel):
        if QLabel.text(widget) != widget.whole_text() and not widget.toolTip():
            yield f"shortened without a tooltip, {widget.whole_text()!r}"
    elif isinstance(widget, QLabel):
        yield from _label(widget)
    elif isinstance(widget, QAbstractButton):
        yield from _button(widget)
    elif isinstance(widget, QComboBox):
        need = widget.fontMetrics().horizontalAdvance(widget.currentText())
        if need > widget.width() - ARROW_PX and not widget.toolTip():
            yield f"{need} px in {widget.width()} without a tooltip, {widget.currentText()!r}"
    elif isinstance(widget, QLineEdit):
        shown = widget.text() or widget.placeholderText()
        need = widget.fontMetrics().horizontalAdvance(shown)
        if need > widget.width() - FIELD_PX:
            yield f"{need} px in a field of {widget.width()}, {shown!r}"
    yield from _outside(widget)


def _label(label: QLabel) -> Iterator[str]:
    text = label.text()
    if not text:
        return
    if not label.wordWrap():
        if label.sizeHint().width() > label.width() + TOLERANCE_PX:
            yield f"{label.sizeHint().width()} px in {label.width()}, {text!r}"
        return
    need = label.heightForWidth(label.width())
    if need > label.height() + TOLERANCE_PX:
        yield f"{need} px high in {label.height()}, {text!r}"
    words = re.sub(r"<[^>]*>", " ", text).split()
    longest = max((label.fontMetrics().horizontalAdvance(word) for word in words), default=0)
    if longest > label.contentsRect().width() + TOLERANCE_PX:
        yield f"a word of {longest} px in {label.contentsRect().width()}, {text!r}"


def _button(button: QAbstractButton) -> Iterator[str]:
    text = button.text().replace("&", "")
    icon_only = Qt.ToolButtonStyle.ToolButtonIconOnly
    # others paint themselves and shorten there
    if not text or not isinstance(button, (QPushButton, QToolButton, QCheckBox, QRadioButton)):
        return
    if isinstance(button, QToolButton) and button.toolButtonStyle() == icon_only and not button.icon().isNull():
        return
    lines = text.split("\n")
    need = max(button.fontMetrics().horizontalAdvance(line) for line in lines)
    if isinstance(button, (QCheckBox, QRadioButton)):
        need = button.sizeHint().width()
    if need > button.width():
        yield f"{need} px in a button of {button.width()}, {text!r}"
    if button.fontMetrics().height() * len(lines) > button.height() + TOLERANCE_PX:
        yield f"{button.fontMetrics().height()} px high in a button of {button.height()}, {text!r}"


def _outside(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    if parent is None or isinstance(parent.parentWidget(), QAbstractScrollArea):
        return
    if isinstance(widget, (QLabel, QAbstractButton, QComboBox, QLineEdit)):
        box = widget.geometry()
        if not parent.rect().adjusted(-TOLERANCE_PX, -TOLERANCE_PX, TOLERANCE_PX, TOLERANCE_PX).contains(box):
            yield f"stands out of its parent, {box} in {parent.size()}"
