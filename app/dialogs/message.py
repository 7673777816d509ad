"""Errors, confirmations and choices, as one card each. Enter does the safe thing, Esc too."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.dialogs.sheet import Sheet
from app.i18n import language, mark, tr
from app.panels.labels import IconButton, IconMark, paragraph
from app.texts import error_text
from app.theme.style import set_kind
from planning.errors import Cancelled, TheatrumError
from planning.provenance import APPLICATION_VERSION

# a sign of a state has the state's colour
STATE_OF_ICON = {"octagon-alert": "bad", "triangle-alert": "warn"}


class _Message(Sheet):
    """Icon, title, sentences and buttons."""

    def __init__(
        self, parent: QWidget | None, name: str, icon: str, token: str, title: str, sentences: Sequence[str]
    ) -> None:
        super().__init__(parent, name, title)
        self.setAccessibleDescription(" ".join(sentences))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconMark(icon, token, 22), 0, Qt.AlignmentFlag.AlignTop)
        heading = QLabel(title)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(heading, "dialogtitle")
        heading.setWordWrap(True)
        heading.setObjectName(f"{name}_title")
        head.addWidget(heading, 1)
        self.body.addLayout(head)
        for number, sentence in enumerate(text for text in sentences if text):
            line = paragraph(sentence, "label")
            line.setObjectName(f"{name}_text_{number}")
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(line)
        self._safe: QPushButton | None = None

    def first_focus(self) -> QWidget | None:
        """The safe button."""
        return self._safe


class ErrorDialog(_Message):
    """What happened, why it matters, what to do; details only behind "Copy details"."""

    def __init__(
        self,
        what: str,
        why_or_hint: str = "",
        action: str = mark("Close"),
        details: str = "",
        *,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        todo = tr("What you can do: {hint}", hint=_within(hint)) if hint else ""
        super().__init__(parent, "error_dialog", "octagon-alert", "bad", what, (why_or_hint, todo))
        self._details = details
        self._safe = IconButton("error_dialog_action", tr(action), kind="main")
        self._safe.setDefault(True)
        self._safe.clicked.connect(self.accept)
        copy = None
        if details:
            copy = IconButton("error_dialog_copy", tr("Copy details"), kind="back")
            # copying leaves Enter with the main button
            copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            copy.clicked.connect(lambda: self._copy(copy))
        self.add_buttons(self._safe, left=copy)

    def _copy(self, button: QPushButton) -> None:
        QGuiApplication.clipboard().setText(self._details)
        button.setText(tr("Copied"))


class ConfirmDialog(_Message):
    """A question before something that undo cannot bring back. `ask` is True only for the other button.

    harmless: nothing is lost either way; the other button is the main one and not red.
    """

    def __init__(
        self,
        question: str,
        text: str = "",
        safe: str = mark("Keep open"),
        danger: str = mark("Stop and close"),
        *,
        parent: QWidget | None = None,
        harmless: bool = False,
    ) -> None:
        icon, token = ("info", "acc") if harmless else ("triangle-alert", "warn")
        super().__init__(parent, "confirm_dialog", icon, token, question, (text,))
        self._safe = IconButton("confirm_dialog_safe", tr(safe))
        self._safe.clicked.connect(self.reject)
        other = IconButton("confirm_dialog_danger", tr(danger), kind="main" if harmless else "danger")
        other.clicked.connect(self.accept)
        self._safe.setDefault(True)
        self.add_buttons(self._safe, other)

    def ask(self) -> bool:
        """Show it and wait for the answer."""
        return self.exec() == int(self.DialogCode.Accepted)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on: its key, the button's words, and whether it is the one most people want."""

    key: str
    text: str
    main: bool = False


class ChoiceDialog(_Message):
    """A question with several answers. `ask` gives the answer's key, "" for the safe way out."""

    def __init__(
        self,
        question: str,
        text: str,
        choices: Sequence[Choice],
        safe: str = mark("Cancel"),
        *,
        icon: str = "info",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, "choice_dialog", icon, STATE_OF_ICON.get(icon, "acc"), question, (text,))
        self._chosen = ""
        self._safe = IconButton("choice_dialog_safe", tr(safe))
        self._safe.clicked.connect(self.reject)
        self._safe.setDefault(True)
        buttons: list[QPushButton] = [self._safe]
        for choice in choices:
            button = IconButton(f"choice_dialog_{choice.key}", choice.text, kind="main" if choice.main else "")
            button.clicked.connect(self._taker(choice.key))
            buttons.append(button)
        self.add_buttons(*buttons)

    def _taker(self, key: str) -> Callable[[], None]:
        def take() -> None:
            self._chosen = key
            self.accept()

        return take

    def ask(self) -> str:
        """Show it and wait for the answer."""
        return self._chosen if self.exec() == int(self.DialogCode.Accepted) else ""


class TextDialog(_Message):
    """A line of text to give: a name, a label. `ask` gives it without spaces around, None when it was left."""

    def __init__(
        self,
        question: str,
        text: str,
        value: str = "",
        action: str = mark("Rename"),
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, "text_dialog", "pencil", "acc", question, (text,))
        self.field = QLineEdit(value)
        self.field.setObjectName("text_dialog_field")
        self.field.setAccessibleName(question)
        self.field.selectAll()
        self.body.addWidget(self.field)
        cancel = IconButton("text_dialog_safe", tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._take = IconButton("text_dialog_take", tr(action), kind="main")
        self._take.setDefault(True)
        self._take.clicked.connect(self.accept)
        self.add_buttons(cancel, self._take)
        self.field.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        self._take.setEnabled(bool(self.field.text().strip()))

    def first_focus(self) -> QWidget | None:
        """The text."""
        return self.field

    def ask(self) -> str | None:
        """Show it and wait."""
        given = self.exec() == int(self.DialogCode.Accepted)
        return self.field.text().strip() if given else None


def _within(hint: str) -> str:
    """A sentence behind a colon; German goes on with a capital letter there only for a whole sentence, which it is."""
    return hint[:1].lower() + hint[1:] if language() == "en" else hint


def error_details(error: TheatrumError) -> str:
    """What a person may send to those who can help: the error and the versions, no case."""
    what, hint = getattr(error, "what", str(error)), getattr(error, "hint", "")
    lines = [
        f"Theatrum {APPLICATION_VERSION}, {platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"{datetime.now():%Y-%m-%d %H:%M:%S}",
        f"{type(error).__name__} {getattr(error, 'code', '')}".strip(),
        what,
        hint,
    ]
    return "\n".join(line for line in lines if line)


def error_dialog(parent: QWidget | None, error: TheatrumError) -> ErrorDialog:
    """The dialog for an expected error, in the window's words."""
    words = error_text(error)
    return ErrorDialog(words.title, words.text, words.action, error_details(error), hint=words.hint, parent=parent)


def ask_to_read(parent: QWidget | None, error: TheatrumError) -> bool:
    """A case that another window has can still be looked at."""
    words = error_text(error)
    text = tr("It can be looked at as it is now. Nothing can be changed in it here.")
    return ConfirmDialog(words.title, text, mark("Close"), mark("Open to read"), parent=parent, harmless=True).ask()


def show_error(parent: QWidget | None, error: TheatrumError) -> None:
    """Tell of an expected error; a stop that was asked for says nothing."""
    if not isinstance(error, Cancelled):
        error_dialog(parent, error).exec()
