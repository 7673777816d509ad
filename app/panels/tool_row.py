"""Tools as a row of buttons, icon over name, of which one may be in the hand; each has a key while its step is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.i18n import said, tr
from app.key_loan import KeyLoan
from app.keymap import current_keymap, key_words
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind
from viewers.keys import KeyFollower


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool. key: of the keyboard, while the step is open."""

    id: str
    word: str
    tip: str
    icon: str
    key: str


class _ToolButton(QToolButton):
    def __init__(self, identifier: str, spec: ToolSpec) -> None:
        super().__init__()
        self._icon = spec.icon
        self.setObjectName(f"{identifier}_{spec.id}")
        set_kind(self, "tool")
        self.setText(tr(spec.word))
        self.setAccessibleName(tr(spec.tip))
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(18, 18))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The icon takes the theme's colour, the button the text's size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_icon"):
            self._fit()

    def _fit(self) -> None:
        self.setIcon(icon(self._icon, color("t2"), color("acc"), color("t3")))
        self.setFixedHeight(current_look().px(48))


class ToolRow(QWidget, KeyFollower):
    """`chosen`: the tool that a button or its key asks for, "" to put the one in the hand down."""

    chosen = Signal(str)

    def __init__(self, identifier: str, specs: Sequence[ToolSpec]) -> None:
        super().__init__()
        self._specs = tuple(specs)
        set_kind(self, "clear")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.buttons: dict[str, _ToolButton] = {}
        self._keys: list[QShortcut] = []
        self._loan: KeyLoan | None = None
        # where the keys hold now, and what others of the step do
        self._place: tuple[QWidget, Mapping[str, Callable[[], object]]] | None = None
        self._identifier = identifier
        self._in_hand = self._blocked = ""
        for spec in self._specs:
            button = _ToolButton(identifier, spec)
            button.clicked.connect(lambda _=False, tool=spec.id: self._ask(tool))
            line.addWidget(button, 1)
            self.buttons[spec.id] = button

    def _key_of(self, spec: ToolSpec) -> str:
        """The key that is bound to a tool now."""
        known = current_keymap()
        binding = f"{self._identifier}:{spec.id}"
        return known.first(binding) if binding in known.bindings else spec.key

    def _tip(self, spec: ToolSpec) -> str:
        key = key_words(self._key_of(spec))
        return f"{tr(spec.tip)} ({key})" if key else tr(spec.tip)

    def _ask(self, tool: str) -> None:
        button = self.buttons[tool]
        if button.isEnabled():
            # the step says which tool is in the hand; until then the button stays as it was
            button.setChecked(tool == self._in_hand)
            self.chosen.emit("" if tool == self._in_hand else tool)

    def listen(self, window: QWidget, others: Mapping[str, Callable[[], object]] = MappingProxyType({})) -> None:
        """The keys of the tools hold in this window from now on. Esc is the window's own, here too: a second one for the
        panel would make it mean two things, and then it does nothing.

        others: what further keys of the row do, by the last part of their binding's id.
        """
        if self._keys:
            return
        self._place = window, others
        acts: list[tuple[str, Callable[[], object]]] = [
            (self._key_of(spec), partial(self._ask, spec.id)) for spec in self._specs
        ]
        acts += [(current_keymap().first(f"{self._identifier}:{name}"), act) for name, act in others.items()]
        # all of them: a key with two meanings would do nothing at all
        self._loan = KeyLoan(window, [key for key, _ in acts if key])
        for bound, act in acts:
            key = QShortcut(QKeySequence(bound), window)
            key.activated.connect(act)
            self._keys.append(key)

    def keys_bound(self) -> None:
        """The keys that hold are those that are bound now."""
        place = self._place
        if place is not None:
            self.be_silent()
            self.listen(*place)
            self.show_tool(self._in_hand, self._blocked)

    def be_silent(self) -> None:
        """The keys mean nothing any more."""
        self._place = None
        for key in self._keys:
            key.setParent(None)
            key.deleteLater()
        self._keys = []
        if self._loan is not None:
            self._loan.give_back()
            self._loan = None

    def show_tool(self, tool: str, blocked: str) -> None:
        """Which one is in the hand. blocked: why none can be taken, "" when they can."""
        self._in_hand, self._blocked = tool, blocked
        for spec in self._specs:
            button = self.buttons[spec.id]
            button.setChecked(spec.id == tool)
            button.setEnabled(not blocked)
            button.setToolTip(said(blocked) or self._tip(spec))
