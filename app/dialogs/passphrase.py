"""Pass-phrases of encrypted cases: one to open with, and a new one, typed twice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.dialogs.sheet import Sheet
from app.i18n import tr
from app.panels.labels import IconButton, IconMark, paragraph
from app.theme.icons import icon
from app.theme.style import color, set_kind
from planning.case.keys import LEAST_LETTERS, MOST_LETTERS


class SecretField(QLineEdit):
    """A field whose letters are dots until the eye in it is pressed; while they are, nothing of it can be copied."""

    def __init__(self, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setPlaceholderText(spoken)
        self.setMaxLength(MOST_LETTERS)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._show)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        # Qt makes a button of it that no key reaches
        self._button = self.findChildren(QToolButton)[-1]
        self._button.setObjectName(f"{name}_eye")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.installEventFilter(self)
        self._show(False)

    def _show(self, on: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        words = tr("Hide the pass-phrase") if on else tr("Show the pass-phrase")
        self._eye.setToolTip(words)
        self._button.setAccessibleName(words)
        self._draw_eye()

    def _draw_eye(self) -> None:
        # the button draws no frame: its colour tells that it has the keys
        token = "acc" if self._button.hasFocus() else "t2"
        self._eye.setIcon(icon("eye-off" if self._eye.isChecked() else "eye", color(token)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The eye shows whether it has the keys."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._draw_eye()
        return super().eventFilter(watched, event)


class _SecretSheet(Sheet):
    """A lock, a title, sentences, fields, what is wrong, and two buttons."""

    def __init__(self, parent: QWidget | None, name: str, title: str, text: str, main: str) -> None:
        super().__init__(parent, name, title)
        self.setAccessibleDescription(text)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconMark("lock", "acc", 22), 0, Qt.AlignmentFlag.AlignTop)
        heading = QLabel(title)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(heading, "dialogtitle")
        heading.setWordWrap(True)
        head.addWidget(heading, 1)
        self.body.addLayout(head)
        self.body.addWidget(paragraph(text, "label"))
        self.fields = QWidget()
        set_kind(self.fields, "clear")
        self.wrong = paragraph("")
        self.wrong.setObjectName(f"{name}_wrong")
        self._main = IconButton(f"{name}_main", main, kind="main")
        self._main.setDefault(True)
        self._cancel = IconButton(f"{name}_cancel", tr("Cancel"))
        self._cancel.clicked.connect(self.reject)
        self._secrets: list[SecretField] = []

    def _add_field(self, field: SecretField) -> None:
        self._secrets.append(field)
        self.body.addWidget(field)
        field.textEdited.connect(self._edited)

    def _edited(self) -> None:
        self.wrong.setText("")
        self._show_main(self.is_complete())

    def _show_main(self, enabled: bool) -> None:
        """A main button that cannot be pressed says what it waits for."""
        self._main.setEnabled(enabled)
        self._main.setToolTip("" if enabled else self.wrong.text() or tr("Type the pass-phrase first"))

    def is_complete(self) -> bool:
        """True when the main button may be pressed: where nothing more is wanted, when every field holds something."""
        return all(field.text() for field in self._secrets)

    def first_focus(self) -> QWidget | None:
        """The field."""
        return self._secrets[0]

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing typed outlives the dialog; a window that is only put away for a while keeps it."""
        for field in self._secrets if not event.spontaneous() else ():
            field.clear()
        super().hideEvent(event)


class PassphraseDialog(_SecretSheet):
    """Asks for a case's pass-phrase. try_it: called with it; it answers by `accept` or `say_wrong`, later."""

    def __init__(self, label: str, try_it: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "passphrase",
            tr("“{label}” is encrypted", label=label),
            tr("Type its pass-phrase to open it. Nothing is sent or kept outside this computer's memory."),
            tr("Open"),
        )
        self._try = try_it
        self._field = SecretField("passphrase_field", tr("Pass-phrase"))
        self._add_field(self._field)
        self.body.addWidget(self.wrong)
        self.add_buttons(self._cancel, self._main)
        self._main.clicked.connect(self._tried)
        self._edited()

    def _tried(self) -> None:
        self._field.setEnabled(False)
        set_kind(self.wrong, "hint")
        self.wrong.setText(tr("Trying it, about a second"))
        self._show_main(False)
        self._try(self._field.text())

    def say_wrong(self, words: str) -> None:
        """It does not open the case; the field is free again."""
        set_kind(self.wrong, "hint", "bad")
        self.wrong.setText(words)
        self._field.setEnabled(True)
        self._field.selectAll()
        self._field.setFocus()
        self._show_main(True)


class NewPassphraseDialog(_SecretSheet):
    """A new pass-phrase, twice. `ask` gives it, "" when nothing is to be done. can_keep: offers the system's keyring."""

    def __init__(self, title: str, main: str, *, can_keep: bool, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "new_passphrase",
            title,
            tr(
                "Without the pass-phrase nobody can open the case again, Theatrum neither. "
                "Undo, plans and pictures stay in the case as they are. What lay unencrypted on the disk may be readable "
                "until it is written over; copies and backups stay as they are."
            ),
            main,
        )
        self._first = SecretField("new_passphrase_first", tr("New pass-phrase"))
        self._second = SecretField("new_passphrase_second", tr("The same again"))
        self._add_field(self._first)
        self._add_field(self._second)
        self.keep = QCheckBox(tr("Keep the key in this computer's keyring"))
        self.keep.setObjectName("new_passphrase_keep")
        self.keep.setVisible(can_keep)
        self.body.addWidget(self.keep)
        self.body.addWidget(self.wrong)
        self.add_buttons(self._cancel, self._main)
        self._main.clicked.connect(self.accept)
        self.chosen = ""
        self._edited()

    def is_complete(self) -> bool:
        """Long enough, and twice the same."""
        first, second = self._first.text(), self._second.text()
        set_kind(self.wrong, "hint")
        if len(first) < LEAST_LETTERS:
            self.wrong.setText(
                tr("At least {count} letters. Several words are easy to keep in mind.", count=LEAST_LETTERS)
            )
            return False
        if first != second:
            self.wrong.setText(tr("Type it again below.") if first.startswith(second) else tr("The two differ."))
            return False
        self.wrong.setText(tr("Both are the same."))
        return True

    def ask(self) -> str:
        """Show it and wait; the pass-phrase, "" for none."""
        return self.chosen if self.exec() == int(self.DialogCode.Accepted) else ""

    def accept(self) -> None:
        """Take what was typed before the fields are cleared."""
        if self.is_complete():
            self.chosen = self._first.text()
            super().accept()
