"""The base of all dialogs: a card without a native frame over the dimmed window.

Opened over its window's middle; Esc is the safe way out; afterwards the focus is where it was.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.i18n import mark, tr
from app.panels.labels import ElidedLabel, IconButton
from app.theme.style import current_look, set_kind
from app.theme.tokens import DIMMED

DIM_OPACITY = 0.55
MARGIN = 24


class Dimmer(QWidget):
    """Darkens the whole window under a dialog; nothing under it can be clicked, and it does not keep the keys."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("dimmer")
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the window's size; a window that gets the keys hands them to the dialog over it."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        elif event.type() == QEvent.Type.WindowActivate and self.isVisible():
            # without a window manager it may become the active one, and its shortcuts would take the dialog's Esc
            QTimer.singleShot(0, self, activate_dialog)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Black, half clear."""
        shade = QColor(DIMMED)
        shade.setAlphaF(DIM_OPACITY)
        QPainter(self).fillRect(self.rect(), shade)


def activate_dialog() -> None:
    """The keys to the dialog that keeps all other windows from them, if there is one."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None and dialog.isVisible():
        dialog.activateWindow()


class Sheet(QDialog):
    """A dialog as a card. `body` takes the content. width: of the card at 100 % text, in px.

    enter_accepts: Enter in a field presses the main button; where fields apply by themselves it only commits them.
    """

    enter_accepts = True

    def __init__(self, parent: QWidget | None, name: str, title: str, width: int = 520) -> None:
        window = parent.window() if parent is not None else None
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        # a dialog is shown once; its window need not keep it
        self.finished.connect(self.deleteLater)
        set_kind(self, "clear")
        self._width = width
        self._dimmer: Dimmer | None = None
        self._focus_before: QWidget | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        self.card = QFrame()
        self.card.setObjectName(f"{name}_card")
        set_kind(self.card, "sheet")
        outer.addWidget(self.card)
        self.body = QVBoxLayout(self.card)
        self.body.setContentsMargins(MARGIN, MARGIN, MARGIN, 22)
        self.body.setSpacing(12)
        self._fit_card()

    def card_width(self) -> int:
        """The card's width now: grows with the text, stays inside the window."""
        wanted = round(self._width * max(1.0, (current_look().text_scale_percent + 100) / 200))
        room = self._room_size()
        return min(wanted, room.width() - 2 * MARGIN)

    def most_height(self) -> int:
        """How high the card may become."""
        return self._room_size().height() - 2 * MARGIN

    def _room_size(self) -> QSize:
        parent = self.parentWidget()
        if parent is not None and parent.isVisible():
            return parent.size()
        screen = QApplication.primaryScreen()
        return screen.availableGeometry().size() if screen is not None else QSize(1280, 800)

    def _fit_card(self) -> None:
        self.card.setFixedWidth(self.card_width())
        self.card.setMaximumHeight(self.most_height())

    def first_focus(self) -> QWidget | None:
        """The widget that has the focus when the dialog opens: the safe one."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus; from a field it takes the main one only where that is meant."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
                return
            if not self.enter_accepts:
                return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Dim the window, stand in its middle, take the focus and say the title to a screen reader."""
        super().showEvent(event)
        if event.spontaneous():
            return
        parent = self.parentWidget()
        before = QApplication.focusWidget()
        self._focus_before = before if before is not None and before.window() is parent else None
        if parent is not None and parent.isVisible():
            self._dimmer = Dimmer(parent)
        self._fit_card()
        self.adjustSize()
        self._centre()
        # without a native frame not every window manager gives it the keys by itself
        self.raise_()
        self.activateWindow()
        first = self.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Light again, and the focus back."""
        super().hideEvent(event)
        if event.spontaneous():
            return
        if self._dimmer is not None and shiboken6.isValid(self._dimmer):
            self._dimmer.hide()
            self._dimmer.deleteLater()
        self._dimmer = None
        before, self._focus_before = self._focus_before, None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.window().activateWindow()
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _centre(self) -> None:
        parent = self.parentWidget()
        if parent is None or not parent.isVisible():
            return
        middle = parent.mapToGlobal(parent.rect().center())
        self.move(middle - QPoint(self.width() // 2, self.height() // 2))

    def add_heading(self, title: str, right: QWidget | None = None) -> QHBoxLayout:
        """The card's first line: its title, and something small at the right."""
        row = QHBoxLayout()
        row.setSpacing(12)
        label = ElidedLabel(title, "dialogtitle")
        row.addWidget(label, 1)
        if right is not None:
            row.addWidget(right)
        self.body.addLayout(row)
        return row

    def add_buttons(self, *buttons: QWidget, left: QWidget | None = None) -> None:
        """The card's last line: buttons at the right, at most one quiet one at the left."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(9)
        if left is not None:
            row.addWidget(left)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.body.addLayout(row)


def close_button(sheet: QDialog, text: str = mark("Close")) -> IconButton:
    """The button that leaves a sheet which has nothing to decide."""
    button = IconButton(f"{sheet.objectName()}_close", tr(text))
    button.setDefault(True)
    button.clicked.connect(sheet.accept)
    return button


def grab_with_dialogs(window: QWidget) -> QImage:
    """The window as a person sees it: with the dialogs that stand over it. For pictures of the real window."""
    picture = window.grab()
    painter = QPainter(picture)
    for sheet in window.findChildren(QDialog):
        if sheet.isVisible():
            painter.drawPixmap(window.mapFromGlobal(sheet.mapToGlobal(QPoint(0, 0))), sheet.grab())
    painter.end()
    return picture.toImage()
