"""The files that secure a line: who judges the partner, our certificate and its key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.i18n import mark, tr
from app.panels.labels import IconButton
from app.theme.style import current_look, set_kind
from planning.errors import InputError
from planning.pacs.node import Tls

FILES = (
    ("authority", mark("Authority"), mark("Who judges the partner’s certificate, as PEM")),
    ("certificate", mark("Our certificate"), mark("Shown to the partner, as PEM; may be left out")),
    ("key", mark("Its key"), mark("As PEM, without a pass-phrase")),
)
# what is pasted may be of any length, which no number is
PORT_PX, PORT_FIGURES = 84, 12
PEM = mark("Certificates (*.pem *.crt *.key);;All files (*)")


class TlsFields(QWidget):
    """A tick and, while it is set, three files. choose: asks a person for a file. `changed` after every change."""

    changed = Signal()

    def __init__(
        self, identifier: str, choose: Callable[[str, str], Path | None], tls: Tls | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        self._choose = choose
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.tick = QCheckBox(tr("Secured line (TLS)"))
        self.tick.setObjectName(f"{identifier}_tls")
        self.tick.setChecked(tls is not None)
        self.tick.toggled.connect(self._show)
        column.addWidget(self.tick)
        self._box = QWidget()
        set_kind(self._box, "clear")
        grid = QGridLayout(self._box)
        grid.setContentsMargins(26, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        self.fields: dict[str, QLineEdit] = {}
        for row, (key, name, hint) in enumerate(FILES):
            field = QLineEdit(getattr(tls, key, None) or "")
            field.setObjectName(f"{identifier}_{key}")
            field.setAccessibleName(tr(name))
            field.setToolTip(tr(hint))
            field.textChanged.connect(self.changed)
            self.fields[key] = field
            label = QLabel(tr(name))
            set_kind(label, "label")
            label.setBuddy(field)
            button = IconButton(f"{identifier}_{key}_choose", tr("Choose"))
            button.setAccessibleName(tr("Choose: {name}", name=tr(name)))
            button.clicked.connect(lambda _checked=False, key=key, name=name: self._ask(key, name))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(button, row, 2)
        self.name = QLineEdit(getattr(tls, "name", None) or "")
        self.name.setObjectName(f"{identifier}_tls_name")
        self.name.setAccessibleName(tr("Name in its certificate"))
        self.name.setPlaceholderText(tr("as the host"))
        self.name.textChanged.connect(self.changed)
        label = QLabel(tr("Name in its certificate"))
        set_kind(label, "label")
        label.setBuddy(self.name)
        grid.addWidget(label, len(FILES), 0)
        grid.addWidget(self.name, len(FILES), 1, 1, 2)
        grid.setColumnStretch(1, 1)
        column.addWidget(self._box)
        self._box.setVisible(tls is not None)

    def tls(self) -> Tls | None:
        """What was given; None without the tick. Raises InputError where the authority is missing or files cannot be used."""
        if not self.tick.isChecked():
            return None
        given = {key: field.text().strip() for key, field in self.fields.items()}
        if not given["authority"]:
            raise InputError(
                mark("A secured line needs the file of an authority"), mark("Choose it, or take the tick away"), "tls"
            )
        found = Tls(
            given["authority"], given["certificate"] or None, given["key"] or None, self.name.text().strip() or None
        )
        # files that cannot be used are told now, not at the first question
        found.client()
        return found

    def _show(self, on: bool) -> None:
        self._box.setVisible(on)
        self.changed.emit()

    def _ask(self, key: str, name: str) -> None:
        path = self._choose(tr(name), tr(PEM))
        if path is not None:
            self.fields[key].setText(str(path))


def side_by_side(wide: QLineEdit, port: QLineEdit) -> QWidget:
    """A field and, behind it, a short one for a port."""
    holder = QWidget()
    set_kind(holder, "clear")
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    port.setMaximumWidth(current_look().px(PORT_PX))
    port.setMaxLength(PORT_FIGURES)
    row.addWidget(wide, 1)
    row.addWidget(port)
    holder.setFocusProxy(wide)
    return holder
