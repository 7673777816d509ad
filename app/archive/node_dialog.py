"""One archive's entry: its name here, how it is reached, and a try before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.archive.asking import time_to_answer
from app.archive.tls_fields import TlsFields, side_by_side
from app.dialogs.sheet import Sheet
from app.i18n import mark, text_value, tr
from app.jobs import Job, JobRunner, JobState
from app.panels.cards import Callout
from app.panels.labels import IconButton
from app.panels.rows import choice_box
from app.texts import error_text
from app.theme.style import set_kind
from planning.errors import InputError, TheatrumError
from planning.pacs.node import GET, MOVE, Address, Node, WebNode, place
from planning.progress import stoppable

WAYS = ((GET, mark("On the same line (C-GET)")), (MOVE, mark("The archive sends to us (C-MOVE)")))
DICOM, WEB = 0, 1


class NodeDialog(Sheet):
    """`kept` with the new entry, `removed` where it shall go. choose: asks a person for a file."""

    kept = Signal(object)
    removed = Signal()

    def __init__(
        self,
        node: Node | WebNode | None,
        known: Address,
        jobs: JobRunner,
        choose: Callable[[str, str], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        title = tr("Add archive") if node is None else tr("Edit archive")
        super().__init__(parent, "archive_node", title, 540)
        self._own, self._jobs = known.own, jobs
        self._others = {one.name.casefold() for one in known.nodes if node is None or one.name != node.name}
        self._testing: JobState | None = None
        self.add_heading(title)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.name = self._field("archive_node_name", tr("Name here"), node.name if node else "", "PACS")
        self._kinds = QButtonGroup(self)
        self._add(tr("Speaks"), self._kind_row())
        dicom = node if isinstance(node, Node) else None
        web = node if isinstance(node, WebNode) else None
        self.title = self._field("archive_node_title", tr("AE title"), dicom.title if dicom else "", "ARCHIVE")
        self.host = self._line("archive_node_host", tr("Host"), dicom.host if dicom else "", "10.1.2.3")
        self.port = self._line("archive_node_port", tr("Port"), str(dicom.port) if dicom else "", "104")
        self._place = side_by_side(self.host, self.port)
        self._add(tr("Host, port"), self._place)
        self.way = choice_box("archive_node_way", tr("Images come"), [words for _, words in WAYS])
        self.way.setCurrentIndex([way for way, _ in WAYS].index(dicom.by) if dicom else 0)
        self._add(tr("Images come"), self.way)
        self.url = self._field(
            "archive_node_url", tr("Address"), web.url if web else "", "https://archive.hospital/dicom-web"
        )
        self.body.addLayout(self._grid)
        self.tls = TlsFields("archive_node", choose, node.tls if node else None)
        self.tls.changed.connect(self._edited)
        self.body.addWidget(self.tls)
        self.told = Callout("archive_node")
        self.body.addWidget(self.told)
        self._buttons(is_new=node is None)
        self._kinds.button(WEB if web else DICOM).setChecked(True)
        self._show_kind(WEB if web else DICOM)
        self._kinds.idClicked.connect(self._show_kind)
        self._kinds.idClicked.connect(self._edited)
        for field in (self.name, self.title, self.host, self.port, self.url):
            field.textEdited.connect(self._edited)
        jobs.changed.connect(self._follow)

    def _kind_row(self) -> QWidget:
        holder = QWidget()
        set_kind(holder, "clear")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for number, (key, words) in enumerate((("dicom", "DICOM"), ("web", "DICOMweb"))):
            button = QPushButton(words)
            button.setObjectName(f"archive_node_{key}")
            button.setAccessibleName(tr("Speaks {language}", language=words))
            button.setCheckable(True)
            set_kind(button, "choice")
            self._kinds.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        return holder

    @staticmethod
    def _line(identifier: str, name: str, value: str, example: str) -> QLineEdit:
        field = QLineEdit(value)
        field.setObjectName(identifier)
        field.setAccessibleName(name)
        field.setPlaceholderText(example)
        return field

    def _field(self, identifier: str, name: str, value: str, example: str) -> QLineEdit:
        field = self._line(identifier, name, value, example)
        self._add(name, field)
        return field

    def _add(self, name: str, widget: QWidget) -> None:
        label = QLabel(name)
        set_kind(label, "label")
        label.setBuddy(widget)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(widget, row, 1)

    def _buttons(self, *, is_new: bool) -> None:
        self._test = IconButton("archive_node_test", tr("Test"))
        self._test.setToolTip(tr("Ask whether it is there"))
        self._test.clicked.connect(self.test)
        cancel = IconButton("archive_node_cancel", tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._keep = IconButton("archive_node_keep", tr("Add") if is_new else tr("Keep"), kind="main")
        self._keep.setDefault(True)
        self._keep.clicked.connect(self._take)
        remove = None
        if not is_new:
            remove = IconButton("archive_node_remove", tr("Remove"), kind="back")
            remove.setToolTip(tr("Take this archive off the list; what came from it stays"))
            remove.clicked.connect(self._remove)
        self.add_buttons(self._test, cancel, self._keep, left=remove)

    def first_focus(self) -> QWidget | None:
        """The name."""
        return self.name

    def _show_kind(self, kind: int) -> None:
        shown = {self.url: kind == WEB}
        shown |= dict.fromkeys((self.title, self._place, self.way), kind == DICOM)
        for row in range(self._grid.rowCount()):
            field, label = self._grid.itemAtPosition(row, 1), self._grid.itemAtPosition(row, 0)
            if field is not None and label is not None and field.widget() in shown:
                field.widget().setVisible(shown[field.widget()])
                label.widget().setVisible(shown[field.widget()])
        self._grown()

    def _edited(self) -> None:
        """What was told is not of what stands there now."""
        self._stop_testing()
        self.told.clear()
        self._grown()

    def _grown(self) -> None:
        self.adjustSize()
        self._centre()

    def node(self) -> Node | WebNode:
        """What was typed. Raises InputError."""
        name, tls = self.name.text().strip(), self.tls.tls()
        if not name:
            raise InputError(
                mark("A name is missing"), mark("Give the archive a name by which it is chosen here"), "node"
            )
        if name.casefold() in self._others:
            raise InputError(f"{name} exists already", mark("Choose another name"), "node")
        if self._kinds.checkedId() == WEB:
            return WebNode(name, self.url.text().strip(), tls)
        port = self.port.text().strip()
        if not port.isdecimal():
            raise InputError(
                mark("The port is missing") if not port else f"'{port[:12]}' is no port",
                mark("Often 104 or 11112"),
                "node",
            )
        return Node(
            name, self.host.text().strip(), int(port), self.title.text().strip(), tls, WAYS[self.way.currentIndex()][0]
        )

    def _take(self) -> None:
        try:
            node = self.node()
        except TheatrumError as error:
            self._complain(error)
            return
        self.kept.emit(node)
        self.accept()

    def _remove(self) -> None:
        self.removed.emit()
        self.accept()

    def _complain(self, error: TheatrumError) -> None:
        words = error_text(error)
        self.told.show_note(words.title, " ".join(part for part in (words.text, words.hint) if part), "bad")
        self._grown()

    def test(self) -> None:
        """Ask whether it is there, beside the window's work."""
        try:
            node = self.node()
        except TheatrumError as error:
            self._complain(error)
            return
        own = self._own

        def done(seconds: float | TheatrumError) -> None:
            if isinstance(seconds, TheatrumError):
                self._complain(seconds)
                return
            self.told.show_note(
                tr("{name} answers", name=node.name), tr("After {seconds} s.", seconds=text_value(seconds, 2)), "ok"
            )
            self._grown()

        def work(progress: object, cancel: object) -> float | TheatrumError:
            try:
                return stoppable(lambda: time_to_answer(node, own), cancel)  # type: ignore[arg-type]
            except TheatrumError as error:
                return error

        self.told.clear()
        self._testing = self._jobs.submit(
            Job(
                key="archive test",
                of_case=False,
                title=tr("Asking {name}", name=node.name),
                work=work,
                done=done,
                still_wanted=self.isVisible,
                quiet=True,
                computes=False,
            )
        )
        self._follow()

    def _follow(self) -> None:
        busy = self._testing is not None and self._testing in self._jobs.active
        self._test.setEnabled(not busy)
        self._test.setText(tr("Asking …") if busy else tr("Test"))

    def done(self, result: int) -> None:
        """A test that still runs is of no use any more."""
        self._stop_testing()
        super().done(result)

    def _stop_testing(self) -> None:
        testing, self._testing = self._testing, None
        if testing is not None and testing in self._jobs.active:
            self._jobs.cancel(testing)


def node_words(node: Node | WebNode) -> str:
    """Where an archive is, in a line."""
    return node.url if isinstance(node, WebNode) else f"{node.title}@{place(node.host, node.port)}"
