"""Panes in windows of their own, e.g. on a second screen: dragged out by the title, brought back by Esc or closing.

Their keys are the window's: every action works there too. Where each stood is kept for the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.pane_grid import PaneGrid
from app.research_foot import ResearchFoot
from app.theme.style import set_kind

FIRST_SIZE = (900, 760)
LEAST_SIZE = (320, 280)
# the title's height and how far a drag must leave the pane before it comes out
TITLE_PX, OUT_PX = 30, 24
# the buttons in the pane's other corner keep their clicks
BUTTONS_PX = 150
Place = tuple[int, int, int, int]


def on_a_screen(place: QRect) -> bool:
    """True where enough of a window's title would be seen on the screens there are now."""
    title = QRect(place.left(), place.top(), place.width(), TITLE_PX)
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(title)
        if seen.width() >= 80 and seen.height() >= 8:
            return True
    return False


class PaneWindow(QWidget):
    """A window around one pane. `returned`: it is wanted back."""

    returned = Signal(str)
    files_dropped = Signal(object)

    def __init__(self, name: str, title: str, owner: QWidget, leave: Callable[[], bool]) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self._owner, self._leave = owner, leave
        self.pane_name = name
        self.setObjectName(f"pane_window_{name}")
        # never a patient's name
        self.setWindowTitle(f"{title} – Theatrum")
        self.setMinimumSize(*LEAST_SIZE)
        self.setAcceptDrops(True)
        set_kind(self, "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(ResearchFoot())

    def hold(self, pane: QWidget) -> None:
        """Take the pane in."""
        self._column.insertWidget(0, pane, 1)
        pane.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A study is opened wherever it is dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """As dropped on the main window."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def event(self, event: QEvent) -> bool:
        """A key that a tool means is no shortcut, as in the main window."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and QApplication.sendEvent(self._owner, event) and event.isAccepted():
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nothing in the pane wanted leaves the tool, then what is chosen, and then brings the pane back."""
        if event.key() == Qt.Key.Key_Escape:
            if not self._leave():
                self.close()
            return
        # a tool's keys hold in the main window, whichever window the pane is in
        QApplication.sendEvent(self._owner, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The pane goes back before its window is gone."""
        self.returned.emit(self.pane_name)
        super().closeEvent(event)


class PaneWindows(QObject):
    """Takes panes out of the grid and brings them back. `changed`: another pane is out, or one stands elsewhere.

    title_of: a pane's name on its window. actions: what works there by key. leave: what Esc leaves first, False when there
    is nothing.
    """

    changed = Signal()
    files_dropped = Signal(object)

    def __init__(
        self,
        grid: PaneGrid,
        title_of: Callable[[str], str],
        actions: Callable[[], Sequence[QAction]],
        leave: Callable[[], bool],
    ) -> None:
        super().__init__(grid)
        self._grid, self._title_of, self._actions, self._leave = grid, title_of, actions, leave
        self._windows: dict[str, PaneWindow] = {}
        self._places: dict[str, Place] = {}
        self._drag = _TitleDrag(self._come_out, self)

    @property
    def out(self) -> tuple[str, ...]:
        """Names of the panes that have windows."""
        return tuple(self._windows)

    @property
    def places(self) -> Mapping[str, Place]:
        """Where each pane's window stands or stood last: left, top, width, height."""
        return {**self._places, **{name: _place_of(window) for name, window in self._windows.items()}}

    def window_of(self, name: str) -> PaneWindow | None:
        """A pane's own window."""
        return self._windows.get(name)

    def remember(self, places: Mapping[str, Place]) -> None:
        """Where windows stood the last time."""
        self._places |= {name: place for name, place in places.items() if len(place) == 4}

    def watch(self, name: str, pane: QWidget) -> None:
        """Let a pane be dragged out by its title."""
        self._drag.watch(name, pane)

    def toggle(self, name: str) -> None:
        """Out into a window, or back."""
        if name in self._windows:
            self._windows[name].close()
        else:
            self.take_out(name)

    def take_out(self, name: str, at: QPoint | None = None) -> None:
        """Give a pane a window of its own: where the hand is, else where it stood last, else on another screen."""
        if name in self._windows:
            return
        window = PaneWindow(name, self._title_of(name), self._grid.window(), self._leave)
        window.setGeometry(self._place_for(name, at))
        window.hold(self._grid.send_away(name))
        window.addActions([action for action in self._actions() if action.objectName() != "leave"])
        window.returned.connect(self._back)
        window.files_dropped.connect(self.files_dropped)
        self._windows[name] = window
        window.show()
        window.activateWindow()
        self._grid.pane(name).setFocus(Qt.FocusReason.OtherFocusReason)  # type: ignore[union-attr]
        self.changed.emit()

    def close_all(self) -> None:
        """Bring every pane back, e.g. before the case is closed; which were out stays known."""
        for window in tuple(self._windows.values()):
            window.close()

    def _back(self, name: str) -> None:
        window = self._windows.pop(name)
        self._places[name] = _place_of(window)
        self._grid.take_back(name)
        window.deleteLater()
        self.changed.emit()

    def _come_out(self, name: str, at: QPoint) -> None:
        self.take_out(name, at)

    def _place_for(self, name: str, at: QPoint | None) -> QRect:
        if at is not None:
            width, height = self._places.get(name, (0, 0, *FIRST_SIZE))[2:]
            return QRect(at.x() - width // 3, at.y() - TITLE_PX // 2, width, height)
        kept = QRect(*self._places[name]) if name in self._places else QRect()
        if kept.isValid() and on_a_screen(kept):
            return kept
        own = self._grid.window().windowHandle()
        mine = own.screen() if own is not None else QGuiApplication.primaryScreen()
        others = [screen for screen in QGuiApplication.screens() if screen is not mine]
        room = (others[0] if others else mine).availableGeometry()
        width, height = (min(size, room_px - 40) for size, room_px in zip(FIRST_SIZE, (room.width(), room.height())))
        return QRect(room.center().x() - width // 2, room.center().y() - height // 2, width, height)


def _place_of(window: QWidget) -> Place:
    place = window.geometry()
    return place.x(), place.y(), place.width(), place.height()


class _TitleDrag(QObject):
    """Waits for a drag that begins on a pane's title and leaves the pane; a click there is the pane's own."""

    def __init__(self, out: Callable[[str, QPoint], None], parent: QObject) -> None:
        super().__init__(parent)
        self._out = out
        self._names: dict[QWidget, str] = {}
        self._held: tuple[QWidget, QMouseEvent] | None = None
        self._is_told = False

    def watch(self, name: str, pane: QWidget) -> None:
        self._names[pane] = name
        pane.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_told or not isinstance(watched, QWidget) or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and self._is_title(watched, event):
            self._held = (watched, event.clone())
            return True
        if self._held is None or self._held[0] is not watched:
            return False
        if kind == QEvent.Type.MouseMove:
            if not watched.rect().adjusted(-OUT_PX, -OUT_PX, OUT_PX, OUT_PX).contains(event.position().toPoint()):
                self._held = None
                self._out(self._names[watched], event.globalPosition().toPoint())
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            # nothing was dragged: the pane gets the click that it would have had
            pressed, self._held = self._held[1], None
            self._is_told = True
            QApplication.sendEvent(watched, pressed)
            QApplication.sendEvent(watched, event)
            self._is_told = False
            return True
        return False

    @staticmethod
    def _is_title(pane: QWidget, event: QMouseEvent) -> bool:
        place: QPointF = event.position()
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        return plain and place.y() < TITLE_PX and place.x() < pane.width() - BUTTONS_PX
