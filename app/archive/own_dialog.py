"""What this computer calls itself, and who can reach it while it receives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from app.archive.tls_fields import TlsFields, side_by_side
from app.dialogs.sheet import Sheet
from app.i18n import mark, tr
from app.panels.cards import Callout
from app.panels.labels import IconButton, paragraph
from app.panels.rows import choice_box
from app.texts import error_text
from app.theme.style import set_kind
from planning.errors import InputError, TheatrumError
from planning.pacs.node import LOOPBACK, Own

EVERYWHERE = "0.0.0.0"
PLACES = ((LOOPBACK, mark("This computer alone")), (EVERYWHERE, mark("Every computer that reaches this one")))
REACH = {
    LOOPBACK: mark("Only programs on this computer can send here."),
    EVERYWHERE: mark("Every computer that reaches this one through the network can try to send here."),
}


def reach_words(own: Own) -> str:
    """Who can send here, in a sentence."""
    if own.address in REACH:
        return tr(REACH[own.address])
    return tr("Computers that reach {address} can try to send here.", address=own.address)


class OwnDialog(Sheet):
    """`kept` with what this computer is called from now on. choose: asks a person for a file."""

    kept = Signal(object)

    def __init__(self, own: Own, choose: Callable[[str, str], Path | None], parent: QWidget | None = None) -> None:
        super().__init__(parent, "archive_own", tr("This computer"), 520)
        self.add_heading(tr("This computer"))
        self.body.addWidget(
            paragraph(tr("Tell the archive’s administrator this AE title, the computer’s address and the port."))
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.title = self._line("archive_own_title", tr("AE title"), own.title)
        self.port = self._line("archive_own_port", tr("Port"), str(own.port))
        self._add(tr("AE title, port"), side_by_side(self.title, self.port))
        places = PLACES if own.address in REACH else (*PLACES, (own.address, own.address))
        self._places = [address for address, _ in places]
        self.place = choice_box("archive_own_place", tr("Receives from"), [words for _, words in places])
        self.place.setCurrentIndex(self._places.index(own.address))
        self.place.currentIndexChanged.connect(self._show_reach)
        self._add(tr("Receives from"), self.place)
        self.body.addLayout(self._grid)
        self.reach = Callout("archive_reach")
        self.body.addWidget(self.reach)
        self.tls = TlsFields("archive_own", choose, own.tls)
        self.tls.changed.connect(self._grown)
        self.body.addWidget(self.tls)
        self.told = Callout("archive_own")
        self.body.addWidget(self.told)
        cancel = IconButton("archive_own_cancel", tr("Cancel"))
        cancel.clicked.connect(self.reject)
        keep = IconButton("archive_own_keep", tr("Keep"), kind="main")
        keep.setDefault(True)
        keep.clicked.connect(self._take)
        self.add_buttons(cancel, keep)
        self._show_reach()

    @staticmethod
    def _line(identifier: str, name: str, value: str) -> QLineEdit:
        field = QLineEdit(value)
        field.setObjectName(identifier)
        field.setAccessibleName(name)
        return field

    def _add(self, name: str, widget: QWidget) -> None:
        label = QLabel(name)
        set_kind(label, "label")
        label.setBuddy(widget)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(widget, row, 1)

    def first_focus(self) -> QWidget | None:
        """The title."""
        return self.title

    def _show_reach(self) -> None:
        address = self._places[self.place.currentIndex()]
        if address == LOOPBACK:
            self.reach.show_note("", tr(REACH[LOOPBACK]), "ok")
        else:
            text = tr("Switch it on only in a network that is trusted, or with a secured line.")
            self.reach.show_note(reach_words(Own(address=address)), text, "warn")
        self._grown()

    def _grown(self) -> None:
        self.adjustSize()
        self._centre()

    def own(self) -> Own:
        """What was typed. Raises InputError."""
        port = self.port.text().strip()
        if not port.isdecimal() or int(port) < 1:
            raise InputError(f"'{port[:12]}' is no port", "Give a number from 1 to 65535", "node")
        found = Own(self.title.text().strip(), self._places[self.place.currentIndex()], int(port), self.tls.tls())
        if found.tls is not None:
            # a receiver without a certificate of its own can secure nothing
            found.tls.server()
        return found

    def _take(self) -> None:
        try:
            own = self.own()
        except TheatrumError as error:
            words = error_text(error)
            self.told.show_note(words.title, " ".join(part for part in (words.text, words.hint) if part), "bad")
            self._grown()
            return
        self.kept.emit(own)
        self.accept()
