"""The frame of every guided panel: title and step, stepper, hero, what scrolls, and actions always in one place."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import mark, said, tr
from app.panels.labels import ElidedLabel, IconButton, hairline
from app.panels.stepper import TALL_WINDOW_PX, StepInfo, Stepper
from app.theme.icons import icon
from app.theme.style import color, set_kind
from viewers.keys import show_key

PADDING = 16
GAP_PX = 6


@dataclass(frozen=True, slots=True)
class PanelAction:
    """A button of the footer. blocked: why it cannot be pressed now, "" when it can. key: shown in the tooltip."""

    id: str
    text: str
    run: Callable[[], None]
    icon: str = ""
    blocked: str = ""
    key: str = ""


# the actions that a step's keys stand for
KEY_IDS: Mapping[str, str] = MappingProxyType({"Enter": "accept", "E": "edit_step", "N": "align"})


class Footer(QWidget):
    """At most two secondary actions, the one main action, and a line with Back and the keys."""

    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(10)
        self._second_box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._second_box.setSpacing(8)
        box.addLayout(self._second_box)
        self._main_box = QVBoxLayout()
        box.addLayout(self._main_box)
        line = QHBoxLayout()
        line.setSpacing(8)
        self._back = IconButton("panel_back", tr("Back"), kind="back")
        show_key(self._back, tr("Previous step"), "previous_step")
        self._back.clicked.connect(self.back)
        self._hint = ElidedLabel(kind="hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._back)
        line.addWidget(self._hint, 1)
        box.addLayout(line)
        self._seconds: list[IconButton] = []
        self._main: IconButton | None = None
        self._actions: tuple[PanelAction, ...] = ()
        self._looks: list[tuple[str, str, str, str, str]] = []
        # the main action is blocked and gets the keyboard when it is not
        self._awaited = False
        self._rested: QWidget | None = None

    @property
    def main_button(self) -> IconButton | None:
        """The main action's button."""
        return self._main

    def set_actions(
        self, main: PanelAction | None, secondary: Sequence[PanelAction] = (), hint: str = "", back: str = mark("Back")
    ) -> None:
        """Other actions. hint: the keys ("Enter accepts · E edits"); back: "" hides it.

        Buttons whose look stays are kept, so that focus stays and a drag does not rebuild them.
        """
        actions = (*secondary, *([main] if main is not None else []))
        looks = [(action.id, action.text, action.icon, action.blocked, action.key) for action in actions]
        is_same = looks == self._looks and (main is None) == (self._main is None)
        self._actions = actions
        if not is_same:
            self._looks = looks
            self._rebuild(main, secondary)
        blocked = main.blocked if main is not None else ""
        self._hint.setText(said(blocked or hint))
        self._back.setText(tr(back or "Back"))
        self._back.setVisible(bool(back))

    def _rebuild(self, main: PanelAction | None, secondary: Sequence[PanelAction]) -> None:
        had_focus = self._wants_keyboard()
        for button in [*self._seconds, *([self._main] if self._main else [])]:
            # a layout shows new children a turn later: one that is replaced at once would come up as a window of its own
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self._seconds = [self._button(action, "second") for action in secondary]
        for button in self._seconds:
            self._second_box.addWidget(button, 1)
        self._main = None
        if main is not None:
            self._main = self._button(main, "main")
            self._main_box.addWidget(self._main)
            if had_focus:
                self.take_keyboard()
        self._arrange()
        self._order()

    def take_keyboard(self, rest: QWidget | None = None) -> None:
        """Put the keyboard on the main action; one that is blocked gets it when it can be pressed.

        rest: where the keyboard waits while there is nothing to press and no way back.
        """
        button = self._main
        self._awaited = button is not None and not button.isEnabled()
        if button is not None and not self._awaited:
            rest = button
        elif self._back.isVisible():
            rest = self._back
        if rest is not None:
            rest.setFocus(Qt.FocusReason.OtherFocusReason)
        self._rested = QApplication.focusWidget()

    def _wants_keyboard(self) -> bool:
        """True where the main action has the keyboard, or waits for it and no hand has gone elsewhere since."""
        awaited, self._awaited = self._awaited, False
        is_there = self._main is not None and self._main.hasFocus()
        return is_there or (awaited and QApplication.focusWidget() is self._rested)

    def _run(self, identifier: str) -> None:
        for action in self._actions:
            if action.id == identifier and not action.blocked:
                action.run()
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two buttons that do not fit side by side stand below each other."""
        super().resizeEvent(event)
        self._arrange()

    def _button(self, action: PanelAction, kind: str) -> IconButton:
        button = IconButton(action.id, action.text, action.icon, kind)
        button.clicked.connect(lambda _=False, name=action.id: self._run(name))
        button.setEnabled(not action.blocked)
        tip = said(action.blocked or action.text)
        known = KEY_IDS.get(action.key, "") if not action.blocked else ""
        show_key(button, tip, *([known] if known else []))
        # long translations must not widen the panel
        button.setMinimumWidth(40)
        return button

    def _arrange(self) -> None:
        gap = self._second_box.spacing()
        half = (self.width() - gap * (len(self._seconds) - 1)) // max(len(self._seconds), 1)
        # the style's padding may shrink before words are cut
        widest = max((button.tightest_width() for button in self._seconds), default=0)
        side = QBoxLayout.Direction.LeftToRight if widest <= half else QBoxLayout.Direction.TopToBottom
        if self._second_box.direction() != side:
            self._second_box.setDirection(side)
            self.updateGeometry()

    def _order(self) -> None:
        chain: list[QWidget] = [*self._seconds, *([self._main] if self._main else []), self._back]
        for first, second in itertools.pairwise(chain):
            QWidget.setTabOrder(first, second)


class PanelFrame(QWidget):
    """Layout of a guided panel. Pages are made once; `show_page` changes between them.

    `step_chosen`: index of a step clicked in the stepper. `back`: the footer's Back.
    """

    step_chosen = Signal(int)
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 14, 0, 10)
        box.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(PADDING, 0, PADDING, 0)
        head.setSpacing(10)
        head.addLayout(self._make_title())
        self.stepper = Stepper()
        self.stepper.chosen.connect(self.step_chosen)
        self._line = hairline()
        head.addWidget(self.stepper)
        head.addWidget(self._line)
        self._heroes = QVBoxLayout()
        self._heroes.setSpacing(0)
        head.addLayout(self._heroes)
        box.addLayout(head)
        # what is scrolled never touches the steps
        box.addSpacing(GAP_PX)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        set_kind(inner, "clear")
        self._bodies = QVBoxLayout(inner)
        self._bodies.setContentsMargins(PADDING, 10 - GAP_PX, PADDING, 8)
        self._bodies.setSpacing(0)
        self._bodies.addStretch(1)
        self._scroll.setWidget(inner)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_widths)
        box.addWidget(self._scroll, 1)
        self.footer = Footer()
        self.footer.back.connect(self.back)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(PADDING, 0, PADDING, 0)
        self._foot.setSpacing(8)
        self._foot.addWidget(self.footer)
        box.addLayout(self._foot)
        self._pages: list[tuple[QWidget | None, QWidget]] = []

    def _make_title(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self._title = ElidedLabel(kind="title")
        self._step = QLabel()
        set_kind(self._step, "hint")
        self._menu = QToolButton()
        self._menu.setObjectName("panel_menu")
        self._menu.setAccessibleName(tr("More"))
        self._menu.setToolTip(tr("More"))
        self._menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu.setIconSize(QSize(16, 16))
        self._menu.setFixedSize(26, 26)
        self._menu.setVisible(False)
        line.addWidget(self._title, 1)
        line.addWidget(self._step)
        line.addWidget(self._menu)
        self._title_line = line
        return line

    def set_title(self, text: str) -> None:
        """The panel's name: "TAVR plan"."""
        self._title.setText(tr(text))

    def set_corner(self, widget: QWidget) -> None:
        """Something at the right of the title, e.g. what is worked on."""
        self._title_line.addWidget(widget)

    def set_menu(self, menu: QMenu | None) -> None:
        """What the … button opens; None hides it."""
        if menu is not None:
            self._menu.setMenu(menu)
        self._menu.setVisible(menu is not None)
        self._menu.setIcon(icon("ellipsis", color("t2")))

    def set_steps(self, steps: Sequence[StepInfo], current: int) -> None:
        """The stepper and "Step 3 of 8"; a panel of one step shows neither. current: -1 while no step is open."""
        several = len(steps) > 1
        words = tr("Step {current} of {steps}", current=current + 1, steps=len(steps))
        self.stepper.setVisible(several)
        self._step.setText(words if several and current >= 0 else "")
        had = len(self.stepper.buttons)
        self.stepper.set_steps(steps, current)
        if len(self.stepper.buttons) != had:
            # pages are made before the steps are known; Tab goes down the panel
            for first, second in itertools.pairwise((self._menu, *self.stepper.buttons)):
                QWidget.setTabOrder(first, second)
        self._line.setVisible(several and self.stepper.is_tall)

    def add_page(self, hero: QWidget | None, body: QWidget) -> int:
        """A step's content: its hero stays, its body scrolls. Gives the page's number."""
        set_kind(body, "clear")
        self._pages.append((hero, body))
        if hero is not None:
            hero.setVisible(False)
            self._heroes.addWidget(hero)
        body.setVisible(False)
        self._bodies.insertWidget(self._bodies.count() - 1, body)
        return len(self._pages) - 1

    def add_above(self, widget: QWidget) -> None:
        """Something between the stepper and every step's hero, e.g. a field for the plan's name."""
        self._heroes.insertWidget(0, widget)

    def add_foot(self, widget: QWidget) -> None:
        """Something above the footer's buttons that never scrolls away."""
        self._foot.insertWidget(0, widget)

    def show_widget(self, widget: QWidget) -> None:
        """Scroll until a widget of the page can be seen."""
        QTimer.singleShot(0, lambda: self._scroll.ensureWidgetVisible(widget, 0, 12))

    def show_page(self, number: int) -> None:
        """Show one page and hide the others."""
        for n, (hero, body) in enumerate(self._pages):
            if hero is not None:
                hero.setVisible(n == number)
            body.setVisible(n == number)
        self._scroll.verticalScrollBar().setValue(0)

    def set_actions(
        self, main: PanelAction | None, secondary: Sequence[PanelAction] = (), hint: str = "", back: str = mark("Back")
    ) -> None:
        """The footer's buttons; see Footer.set_actions."""
        self.footer.set_actions(main, secondary, hint, back)

    def focus_main(self) -> None:
        """Put the keyboard on the main action."""
        there = (child for child in self.findChildren(QWidget) if child.isVisible() and child.isEnabled())
        self.footer.take_keyboard(next((c for c in there if c.focusPolicy() & Qt.FocusPolicy.TabFocus), None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A high window has room for the list of steps."""
        super().resizeEvent(event)
        self._choose_stepper()

    def showEvent(self, event: QShowEvent) -> None:
        """The window is known now."""
        super().showEvent(event)
        self._choose_stepper()

    def changeEvent(self, event: QEvent) -> None:
        """The menu's icon takes the theme's colour."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._menu.setIcon(icon("ellipsis", color("t2")))

    def _keep_widths(self, low: int, high: int) -> None:
        """The scroll bar lies in the padding, so that nothing moves when it appears."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if high > low else 0
        self._bodies.setContentsMargins(PADDING, 10, PADDING - bar, 8)

    def _choose_stepper(self) -> None:
        self.stepper.set_tall(self.window().height() >= TALL_WINDOW_PX)
        self._line.setVisible(self.stepper.is_tall and self.stepper.isVisibleTo(self))


def page(*widgets: QWidget, spacing: int = 10) -> QWidget:
    """A body of these widgets below each other."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for widget in widgets:
        box.addWidget(widget)
    return made
