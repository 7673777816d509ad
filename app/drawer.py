"""The left panel of a narrow window: it lies over the panes while it is wanted, instead of beside them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QSplitter, QWidget

# of the page's width at most
MOST_SHARE = 0.45
WATCHED = (QEvent.Type.MouseButtonPress, QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class Drawer(QObject):
    """Moves the panel between the splitter's first place and one over the panes. A click beside it or Esc closes it.

    `closed`: by Esc; the keyboard wants another place.
    """

    closed = Signal()

    def __init__(self, page: QWidget, panel: QWidget, splitter: QSplitter) -> None:
        super().__init__(page)
        self._page, self._panel, self._splitter = page, panel, splitter
        self._width = panel.width()
        self.is_over = False
        panel.installEventFilter(self)

    def lie_over(self, over: bool) -> None:
        """Over the panes, or beside them again. Whether it is shown is for the page to say."""
        if over == self.is_over:
            return
        self.is_over = over
        if over:
            self._panel.setParent(self._page)
            self.place(self._width)
        else:
            self._splitter.insertWidget(0, self._panel)
            self._splitter.setStretchFactor(0, 0)
            self._splitter.setStretchFactor(1, 1)
        self._watch()

    def _watch(self) -> None:
        """Look at the whole program's events only while it is open: each of them costs."""
        application = QApplication.instance()
        assert application is not None
        if self.is_over and self._panel.isVisible():
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    def place(self, width: int) -> None:
        """Give it this width at the panes' left edge."""
        self._width = width
        if self.is_over:
            room = self._splitter.geometry()
            most = max(round(self._page.width() * MOST_SHARE), self._panel.minimumWidth())
            self._panel.setGeometry(QRect(room.left(), room.top(), min(width, most), room.height()))
            self._panel.raise_()

    def open(self) -> None:
        """It was shown: over everything, with the keyboard in it."""
        self._panel.raise_()
        first = self._panel.findChild(QWidget, "structures_list")
        if first is not None and first.isVisible():
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._panel and kind in (QEvent.Type.Show, QEvent.Type.Hide):
            self._watch()
        if kind not in WATCHED or not self.is_over or not self._panel.isVisible():
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._page.window():
            return False
        inside = watched is self._panel or self._panel.isAncestorOf(watched)
        if kind == QEvent.Type.MouseButtonPress and self._splitter.isAncestorOf(watched) and not inside:
            # the click is still the pane's
            self._panel.hide()
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and inside and not _typed_in(watched):
            # the key is asked for before the window takes it to leave a tool
            event.accept()
            if kind == QEvent.Type.KeyPress:
                self._panel.hide()
                self.closed.emit()
            return True
        return False


def _typed_in(widget: QWidget) -> bool:
    """True for a field whose own Esc takes back what was typed."""
    return isinstance(widget, QLineEdit) and bool(widget.text())
