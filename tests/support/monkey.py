"""A person without sense: random clicks, drags, wheels, keys and typed text on the real widgets of the window.

Every act goes through the event loop, also through the nested ones of menus and dialogs, so that nothing is called that
a hand could not reach. Never quits, never opens a system dialog, writes only to its own folder.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import random
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QWidget,
)

from app.allocator import give_back
from app.dialogs.palette import CommandPalette
from app.rail import MODULES
from app.unexpected import forget_last_error
from app.workstation import Workstation
from viewers.overlay import PointItem
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane
from viewers.slice_pane import SlicePane

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
LETTERS = tuple(getattr(Qt.Key, f"Key_{letter}") for letter in "ABCDEFGHIJKLMNOPRSTUVXYZ0123456789")
OTHERS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
    *(Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Comma, Qt.Key.Key_Period, Qt.Key.Key_F2),
)
TYPED = ("4.7", "4,7", "4.7 mm", "0.47 cm", "+2", "-1e9", "abc", "", "12 RAO", "Häßlich “x”", "999999999999", "nan")
# what would end the run, or leave the program
NEVER = frozenset({"quit", "rail_about_link"})
MOST_INSIDE = 6
KEPT_ACTS = 60


@dataclass(slots=True)
class Found:
    """What went wrong: words of each finding with the acts before it, and how often."""

    words: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, key: str, details: str) -> None:
        self.counts[key] += 1
        self.words.setdefault(key, details)

    def text(self) -> str:
        return "\n\n".join(f"{self.counts[key]}× {key}\n{self.words[key]}" for key in self.counts)


class Monkey(QObject):
    """Acts on one window. `folder`: where chosen files lie. `case`: opened again when the window left it."""

    def __init__(self, window: Workstation, case: Path, folder: Path, seed: int) -> None:
        super().__init__()
        self.window, self.case, self.folder = window, case, folder
        self.dice = random.Random(seed)
        self.found = Found()
        self.acts: deque[str] = deque(maxlen=KEPT_ACTS)
        self.done = 0
        self.kinds: Counter[str] = Counter()
        self.after: Callable[[int], None] = lambda done: None
        self._wanted = 0
        self._loop: QEventLoop | None = None
        self._busy = False
        self._inside = 0
        self._away = 0
        self._depth = 0
        self.log: Callable[[str], None] = lambda text: None

    # running

    def run(self, count: int) -> None:
        """That many more acts; returns when menus and dialogs are closed again."""
        self._wanted = self.done + count
        self._loop = QEventLoop()
        QTimer.singleShot(0, self._tick)
        self._loop.exec()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window never closes, also where a row of the search of commands asks for it."""
        if watched is not self.window or event.type() != QEvent.Type.Close:
            return False
        # an event that is only kept away counts as accepted: the window would be hidden, and every later act reach nothing
        event.ignore()
        return True

    def _tick(self) -> None:
        over = self._over()
        if self._busy:
            # a drag is under way: its own turns of the loop come here too, and those of a dialog that opens meanwhile
            QTimer.singleShot(5, self._tick)
            self._inside = self._inside + 1 if over is not None else 0
            if self._inside > MOST_INSIDE:
                self._leave(over)
            return
        if self.done >= self._wanted and over is None:
            assert self._loop is not None
            self._loop.quit()
            return
        QTimer.singleShot(self.dice.choice((0, 0, 0, 10, 30)), self._tick)
        self._inside = self._inside + 1 if over is not None else 0
        if not self._has_keyboard(over):
            return
        if self.done >= self._wanted or self._inside > MOST_INSIDE:
            self._leave(over)
            return
        self.done += 1
        if not self.window.isVisible():
            self.found.note("the window is hidden, and acts reach nothing", self.recent())
        try:
            self._act(over)
        except RuntimeError as error:
            # a widget may die between being chosen and being used; anything else is a finding
            if "already deleted" not in str(error):
                raise
        self.after(self.done)

    def _has_keyboard(self, over: QWidget | None) -> bool:
        """A screen without a window manager gives the keyboard back to nobody: the window or dialog that has the hand takes it.
        False where the dialog closed meanwhile."""
        if over is None and not self.window.isActiveWindow():
            self.window.activateWindow()
        elif over is not None and over is QApplication.activeModalWidget() and not over.isActiveWindow():
            over.activateWindow()
            # no hand is as quick: the keys would come while the list that it opens is there, when Qt takes no notice of
            # them, and the window behind would have the dialog's Esc for ever
            self._busy = True
            try:
                QTest.qWaitForWindowActive(over, 200)
            finally:
                self._busy = False
            return shiboken6.isValid(over)
        return True

    def _over(self) -> QWidget | None:
        """The menu, dialog or palette that has the hand now."""
        palette = self.window.findChild(CommandPalette)
        shown = palette if palette is not None and palette.isVisible() else None
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or shown

    def _leave(self, over: QWidget | None) -> None:
        if over is None:
            return
        focused = over.focusWidget() or over
        self._say(f"Esc on {_name(over)} at {_name(focused)}")
        QTest.keyClick(focused, Qt.Key.Key_Escape)
        if self._inside > MOST_INSIDE + 8 and shiboken6.isValid(over) and over.isVisible():
            self.found.note(f"Esc does not leave {_name(over)}", f"{_keyboard()} {self.recent()}")
            over.close()

    def _say(self, what: str) -> None:
        self.acts.append(what)
        self.log(f"{self.done:5d} {what}")

    def recent(self) -> str:
        """The last acts."""
        return "after: " + " | ".join(list(self.acts)[-12:])

    # acts

    def _act(self, over: QWidget | None) -> None:
        if isinstance(over, QMenu):
            self._in_menu(over)
            return
        if over is not None:
            self._in_dialog(over)
            return
        if self.window.place != "case":
            self._away += 1
            if self._away > 3 and not self.window.jobs.active:
                self._away = 0
                self._say("the case is opened again")
                self.window.open_paths([self.case])
                return
        acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (22, self._click_widget),
            (12, self._work),
            (12, self._key),
            (14, self._drag),
            (8, self._click_pane),
            (7, self._wheel),
            (3, self._menu_click),
            (2, self._double),
            (9, self._history),
            (4, self._place),
            (5, self._shortcut),
            (3, self._type),
            (1, self._size),
            (2, self._region),
        )
        act = self.dice.choices([run for _, run in acts], [weight for weight, _ in acts])[0]
        self.kinds[act.__name__.strip("_")] += 1
        act()

    def _in_menu(self, menu: QMenu) -> None:
        entries = [a for a in menu.actions() if a.isEnabled() and a.isVisible() and a.objectName() not in NEVER]
        if not entries or self.dice.random() < 0.25:
            self._say("Esc in a menu")
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return
        entry = self.dice.choice(entries)
        self._say(f"menu entry {entry.text()!r}")
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())

    def _in_dialog(self, over: QWidget) -> None:
        choice = self.dice.random()
        if choice < 0.2:
            self._leave(over)
        elif choice < 0.7:
            self._click_widget(over)
        elif choice < 0.85:
            self._type(over)
        else:
            self._key(over)

    def _click_widget(self, root: QWidget | None = None) -> None:
        root = root or self.window
        kinds = (QAbstractButton, QComboBox, QAbstractItemView, QAbstractSpinBox, QLineEdit, QAbstractSlider)
        there = [w for w in _shown(root) if w.isEnabled() and (isinstance(w, kinds) or _is_clickable(w))]
        there = [w for w in there if w.objectName() not in NEVER and _is_seen(w)]
        if not there:
            return
        widget = self.dice.choice(there)
        if isinstance(widget, QAbstractItemView):
            self._click_row(widget)
            return
        area = widget.rect()
        place = area.center() if self.dice.random() < 0.8 else self._place_in(area)
        keys = self.dice.choice((NONE,) * 8 + (SHIFT, CONTROL))
        self._say(f"click {_name(widget)}")
        QTest.mouseClick(widget, LEFT, keys, place)

    def _work(self) -> None:
        """What changes a case: the panel's own buttons, a point of the plan moved, a measurement drawn."""
        choice, page = self.dice.random(), self.window.page
        if page is None or choice < 0.5:
            self._click_widget(page.right if page is not None else None)
            return
        slices = [pane for pane in page.slices.values() if pane.isVisible() and _is_seen(pane)]
        if not slices:
            return
        pane = self.dice.choice(slices)
        pane.setFocus()
        if choice < 0.75:
            keys = (Qt.Key.Key_D, NONE), (Qt.Key.Key_D, SHIFT), (Qt.Key.Key_D, CONTROL), (Qt.Key.Key_D, CONTROL | SHIFT)
            key = self.dice.choice((*keys, (Qt.Key.Key_G, NONE), (Qt.Key.Key_U, NONE), (Qt.Key.Key_B, NONE)))
            self._say(f"tool {key[1].name} {key[0].name} on {_name(pane)}")
            QTest.keyClick(pane, *key)
            self._drag(pane)
            return
        items = [item for item in pane._content.items if isinstance(item, PointItem)]
        places = [pane.geometry_px().to_screen(item.position_mm) for item in items]
        inside = [QPoint(int(x), int(y)) for x, y in places if 0 <= x < pane.width() and 0 <= y < pane.height()]
        if inside:
            self._drag(pane, self.dice.choice(inside))

    def _click_row(self, view: QAbstractItemView) -> None:
        model = view.model()
        rows = model.rowCount() if model is not None else 0
        if not rows:
            return
        index = model.index(self.dice.randrange(rows), 0)
        area = view.visualRect(index).intersected(view.viewport().rect())
        if area.isEmpty():
            view.scrollTo(index)
            area = view.visualRect(index).intersected(view.viewport().rect())
        place = self._place_in(area)
        act = self.dice.randrange(5)
        self._say(
            f"row {index.row()} {str(index.data())[:40]!r} of {_name(view)} ({('click', 'click', 'click', 'double', 'menu')[act]})"
        )
        if act < 3:
            QTest.mouseClick(view.viewport(), LEFT, NONE, place)
        elif act == 3:
            QTest.mouseDClick(view.viewport(), LEFT, NONE, place)
        else:
            QTest.mouseClick(view.viewport(), RIGHT, NONE, place)

    def _panes(self) -> list[QWidget]:
        return [w for w in _shown(self.window) if isinstance(w, (SlicePane, ScenePane, PlanPane)) and _is_seen(w)]

    def _pane(self) -> QWidget | None:
        panes = self._panes()
        return self.dice.choice(panes) if panes else None

    def _place_in(self, area: Any) -> QPoint:
        return area.topLeft() + QPoint(
            self.dice.randrange(max(area.width(), 1)), self.dice.randrange(max(area.height(), 1))
        )

    def _drag(self, pane: QWidget | None = None, start: QPoint | None = None) -> None:
        is_meant = pane is not None
        pane = pane or self._pane()
        if pane is None:
            return
        start = start or self._place_in(pane.rect())
        button = LEFT if is_meant else self.dice.choice((LEFT, LEFT, LEFT, RIGHT, MIDDLE))
        keys = NONE if is_meant else self.dice.choice((NONE, NONE, NONE, SHIFT, CONTROL))
        steps = self.dice.randrange(2, 8)
        by = QPoint(self.dice.randrange(-25, 26), self.dice.randrange(-25, 26))
        cancels = self.dice.random() < 0.1
        self._say(f"drag {_name(pane)} {button.name} {steps}×({by.x()}, {by.y()}){' Esc' if cancels else ''}")
        self._busy = True
        try:
            QTest.mouseMove(pane, start)
            QTest.mousePress(pane, button, keys, start)
            place = start
            for _ in range(steps):
                place += by
                # with the button held, as a hand moves: QTest's own move says no button
                _move(pane, place, button, keys)
                QApplication.processEvents()
                if not shiboken6.isValid(pane):
                    return
            if cancels:
                QTest.keyClick(pane, Qt.Key.Key_Escape)
        finally:
            self._busy = False
        if shiboken6.isValid(pane):
            QTest.mouseRelease(pane, button, keys, place)

    def _click_pane(self) -> None:
        pane = self._pane()
        if pane is not None:
            place, keys = self._place_in(pane.rect()), self.dice.choice((NONE, NONE, NONE, SHIFT, CONTROL))
            self._say(f"click in {_name(pane)} {place.x()},{place.y()}")
            QTest.mouseMove(pane, place)
            QTest.mouseClick(pane, LEFT, keys, place)

    def _double(self) -> None:
        pane = self._pane()
        if pane is not None:
            place = self._place_in(pane.rect())
            self._say(f"double-click in {_name(pane)}")
            QTest.mouseClick(pane, LEFT, NONE, place)
            QTest.mouseDClick(pane, LEFT, NONE, place)

    def _menu_click(self) -> None:
        pane = self._pane()
        if pane is not None:
            self._say(f"right click in {_name(pane)}")
            QTest.mouseClick(pane, RIGHT, NONE, self._place_in(pane.rect()))

    def _wheel(self) -> None:
        pane = self._pane()
        if pane is None:
            return
        place = self._place_in(pane.rect())
        keys = self.dice.choice((NONE, NONE, SHIFT, CONTROL))
        self._say(f"wheel in {_name(pane)}")
        for _ in range(self.dice.randrange(1, 4)):
            QApplication.sendEvent(
                pane,
                QWheelEvent(
                    QPointF(place),
                    QPointF(pane.mapToGlobal(place)),
                    QPoint(),
                    QPoint(0, self.dice.choice((-120, 120))),
                    Qt.MouseButton.NoButton,
                    keys,
                    Qt.ScrollPhase.NoScrollPhase,
                    False,
                ),
            )

    def _key(self, root: QWidget | None = None) -> None:
        target = QApplication.focusWidget()
        if root is None and self.dice.random() < 0.6:
            target = self._pane() or target
            if target is not None:
                target.setFocus()
        target = target or root or self.window
        key = self.dice.choice(LETTERS + OTHERS * 2)
        keys = self.dice.choice((NONE,) * 6 + (SHIFT, SHIFT, CONTROL, ALT))
        if keys == CONTROL and key in (Qt.Key.Key_Q, Qt.Key.Key_W):
            return
        self._say(f"key {keys.name} {key.name} on {_name(target)}")
        QTest.keyClick(target, key, keys)

    def _press(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        """A key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, keys)

    def _history(self) -> None:
        undo = self.dice.random() < 0.6
        self._say("undo" if undo else "redo")
        self._press(Qt.Key.Key_Z, CONTROL if undo else CONTROL | SHIFT)

    def _place(self) -> None:
        number = self.dice.randrange(1, len(MODULES) + 1)
        self._say(f"place Ctrl+{number}")
        self._press(getattr(Qt.Key, f"Key_{number}"), CONTROL)

    def _shortcut(self) -> None:
        key, keys = self.dice.choice(
            (
                (Qt.Key.Key_K, CONTROL),
                (Qt.Key.Key_F1, NONE),
                (Qt.Key.Key_Comma, CONTROL),
                (Qt.Key.Key_F11, NONE),
                (Qt.Key.Key_B, CONTROL),
                (Qt.Key.Key_B, CONTROL | SHIFT),
                (Qt.Key.Key_PageDown, CONTROL),
                (Qt.Key.Key_PageDown, CONTROL),
                (Qt.Key.Key_PageUp, CONTROL),
                (Qt.Key.Key_S, CONTROL),
                (Qt.Key.Key_S, CONTROL | SHIFT),
                (Qt.Key.Key_E, CONTROL),
                (Qt.Key.Key_L, CONTROL),
                (Qt.Key.Key_F2, NONE),
            )
        )
        self._say(f"keys {keys.name} {key.name}")
        self._press(key, keys)

    def _type(self, root: QWidget | None = None) -> None:
        fields = [f for f in _shown(root or self.window) if isinstance(f, QLineEdit) and f.isEnabled()]
        fields = [f for f in fields if _is_seen(f) and not f.isReadOnly()]
        if not fields:
            return
        target, text = self.dice.choice(fields), self.dice.choice(TYPED)
        self._say(f"type {text!r} into {_name(target)}")
        target.setFocus()
        target.selectAll()
        _write(target, text)
        if shiboken6.isValid(target):
            QTest.keyClick(target, self.dice.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab)))

    def _size(self) -> None:
        width, height = self.dice.choice(((1280, 800), (1120, 700), (1500, 960), (1160, 1000)))
        self._say(f"size {width}×{height}")
        self.window.resize(width, height)

    def _region(self) -> None:
        key, keys = self.dice.choice(((Qt.Key.Key_F6, NONE), (Qt.Key.Key_Tab, CONTROL), (Qt.Key.Key_Tab, NONE)))
        self._say(f"keys {keys.name} {key.name}")
        self._press(key, keys)

    # what a system dialog would ask

    def choose_open(self, title: str, kinds: str) -> Path | None:
        """A file of its own folder that may fit, or none."""
        files = sorted(path for path in self.folder.iterdir() if path.is_file())
        return self.dice.choice([None, *files])

    def choose_folder(self, title: str) -> Path | None:
        """Its own folder, or none."""
        target = self.folder / f"folder{self.dice.randrange(3)}"
        target.mkdir(exist_ok=True)
        return self.dice.choice((None, target))

    def choose_save(self, title: str, name: str, kinds: str) -> Path | None:
        """A place in its own folder, or none."""
        from app.files import with_ending

        endings = kinds.split(";;")
        target = with_ending(self.folder / f"saved{self.dice.randrange(4)}-{name}", self.dice.choice(endings))
        return self.dice.choice((None, target))


def _is_seen(widget: QWidget) -> bool:
    """True when a hand would hit the widget's middle, not what lies over it."""
    place = widget.mapToGlobal(widget.rect().center())
    hit = QApplication.widgetAt(place)
    return hit is not None and (hit is widget or widget.isAncestorOf(hit) or hit.isAncestorOf(widget))


def _shown(root: QWidget) -> list[QWidget]:
    """What is visible below a widget. What lies in a hidden page is not looked at: that is most of a window."""
    found: list[QWidget] = []
    ahead: list[QWidget] = [root]
    while ahead:
        seen = [one for one in ahead.pop().children() if isinstance(one, QWidget) and one.isVisible()]
        found += seen
        ahead += seen
    return found


def _is_clickable(widget: QWidget) -> bool:
    """Whether a widget of our own answers a click without being a button: it takes a hand's cursor or the focus."""
    return type(widget).__module__.split(".")[0] == "app" and (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        or widget.cursor().shape() == Qt.CursorShape.PointingHandCursor
    )


def _name(widget: QWidget) -> str:
    kind, name = type(widget).__name__, widget.objectName() or widget.accessibleName()
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{kind} {name or text!r}"


def _keyboard() -> str:
    """Who has the keys now, and which windows are there."""
    now = {
        "active": QApplication.activeWindow(),
        "focus": QApplication.focusWidget(),
        "popup": QApplication.activePopupWidget(),
        "modal": QApplication.activeModalWidget(),
    }
    told = [f"{what} {_name(widget) if widget is not None else 'none'}" for what, widget in now.items()]
    shown = [_name(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    asked = QGuiApplication.focusWindow()
    return f"{', '.join(told)}, keys of {asked.objectName() if asked else 'none'}, shown {', '.join(shown)};"


def _write(widget: QWidget, text: str) -> None:
    """Typed text; QTest's own typing knows ASCII only."""
    for letter in text:
        if shiboken6.isValid(widget):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, NONE, letter))


def _move(widget: QWidget, place: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    at = QPointF(place)
    where = QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, where, Qt.MouseButton.NoButton, button, keys))


class _Errors(logging.Handler):
    def __init__(self, monkey: Monkey) -> None:
        super().__init__(logging.ERROR)
        self._monkey = monkey

    def emit(self, record: logging.LogRecord) -> None:
        """Every error that the program logs is a finding, with the place of its exception."""
        details = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        last = details.strip().splitlines()[-1:] or [""]
        self._monkey.found.note(f"logged: {record.getMessage()} {last[0]}", f"{details}{self._monkey.recent()}")


@contextlib.contextmanager
def let_loose(monkey: Monkey) -> Iterator[None]:
    """Exceptions, logged errors and Qt's warnings become findings; system dialogs answer from the monkey's folder."""
    import threading as threads

    from PySide6.QtGui import QDesktopServices
    from PySide6.QtWidgets import QColorDialog

    def hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        forget_last_error()
        lines = traceback.format_exception(kind, error, trace)
        place = traceback.extract_tb(trace)[-1] if trace else None
        at = f"{place.filename.rsplit('/', 2)[-1]}:{place.lineno}" if place else ""
        monkey.found.note(f"exception: {kind.__name__}: {error} at {at}", "".join(lines) + monkey.recent())

    def message(kind: object, context: object, text: str) -> None:
        if "propagateSizeHints" not in text:
            monkey.found.note(f"Qt: {text}", monkey.recent())

    window, files = monkey.window, monkey.window.files
    before = sys.excepthook, threads.excepthook, files.choose_open, files.choose_folder, files.choose_save
    own_color, own_open = QColorDialog.getColor, QDesktopServices.openUrl
    sys.excepthook = hook
    threads.excepthook = lambda told: hook(told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback)
    files.choose_open, files.choose_folder = monkey.choose_open, monkey.choose_folder  # type: ignore[method-assign]
    files.choose_save = monkey.choose_save  # type: ignore[method-assign]
    QColorDialog.getColor = staticmethod(lambda *_, **__: QColor(monkey.dice.randrange(1 << 24)))  # type: ignore[method-assign,assignment]
    QDesktopServices.openUrl = staticmethod(lambda *_: True)  # type: ignore[method-assign,assignment]
    handler = _Errors(monkey)
    logging.getLogger().addHandler(handler)
    window.installEventFilter(monkey)
    told = qInstallMessageHandler(message)
    try:
        yield
    finally:
        qInstallMessageHandler(told)
        window.removeEventFilter(monkey)
        logging.getLogger().removeHandler(handler)
        QColorDialog.getColor, QDesktopServices.openUrl = own_color, own_open  # type: ignore[method-assign]
        sys.excepthook, threads.excepthook = before[:2]
        files.choose_open, files.choose_folder, files.choose_save = before[2:]  # type: ignore[method-assign]


def memory_mb() -> float:
    """Resident memory of this process after everything that can go is gone; 0 where it cannot be asked."""
    gc.collect()
    # memory that malloc keeps for later is no leak
    give_back()
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1]) / 1024.0


def threads_alive() -> int:
    """Python's threads now."""
    return threading.active_count()
