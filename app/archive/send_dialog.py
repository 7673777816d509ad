"""What of a case goes to which archive, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from app.archive.kept import known_archives
from app.archive.node_dialog import node_words
from app.archive.origin import kept_origin
from app.archive.receiver import Receiver
from app.archive.sending import Delivery, Refusal, send_results
from app.dialogs.message import ConfirmDialog
from app.dialogs.sheet import Sheet, close_button
from app.i18n import mark, said, structure_name, tr
from app.jobs import Job
from app.panels.cards import Callout
from app.panels.choices import Choice, ChoiceList
from app.panels.labels import IconButton, paragraph
from app.panels.rows import FieldRow, choice_box
from app.session import Session
from app.texts import error_text
from app.theme.style import set_kind
from planning.case.dicom_out import OF_IMAGES, OF_PLANS, OF_STRUCTURES
from planning.case.dicom_reference import reference_of
from planning.errors import TheatrumError
from planning.pacs.node import Address, Node, WebNode
from planning.progress import stoppable

# kind, words, ticked at first
KINDS = (
    ("seg", mark("Structures as a segmentation (SEG)"), True),
    ("sr", mark("Measurements as a structured report (SR)"), True),
    ("pdf", mark("Report (PDF)"), True),
    ("rtstruct", mark("Structures as contours (RTSTRUCT)"), False),
    ("stl", mark("Structures as surfaces (STL)"), False),
    ("sc", mark("The plans’ pictures (SC)"), False),
)
MOST_REFUSED = 8


class SendDialog(Sheet):
    """`archives_asked`: no archive is known, and the person wants to add one."""

    enter_accepts = False
    archives_asked = Signal()

    def __init__(self, session: Session, receiver: Receiver, parent: QWidget | None = None) -> None:
        super().__init__(parent, "send_archive_dialog", tr("Send to archive"), 540)
        self._session, self._receiver = session, receiver
        self._delivered: Callable[[Delivery], None] = lambda _: None
        self._failed: Callable[[TheatrumError], None] = lambda _: None
        self._cut_off: Callable[[str], None] = lambda _: None
        self._ticked = {kind for kind, _, ticked in KINDS if ticked and not self._blocked(kind)}
        self.add_heading(tr("Send to archive"))
        self.told = Callout("send_archive")
        self.told.followed.connect(self._add)
        try:
            self._known = known_archives()
        except TheatrumError as error:
            self._known = Address()
            self._complain(error)
        self.chooser = choice_box("send_archive_node", mark("Archive"), [])
        names = [node.name for node in self._known.nodes]
        self.chooser.addItems(names)
        origin = kept_origin(session.document).casefold()
        first = next((at for at, name in enumerate(names) if name.casefold() == origin), 0)
        self.chooser.setCurrentIndex(first if names else -1)
        self.chooser.currentIndexChanged.connect(self._refresh)
        self._row = FieldRow(mark("Archive"), self.chooser, wide=True)
        self.body.addWidget(self._row)
        self._where = paragraph("", "hint")
        self.body.addWidget(self._where)
        heading = QLabel(tr("What is sent"))
        set_kind(heading, "heading")
        self.body.addWidget(heading)
        self.kinds = ChoiceList("send_archive_kinds", tr("What is sent"))
        self.kinds.ticked.connect(self._tick)
        self.body.addWidget(self.kinds)
        self.identity = Callout("send_archive_identity")
        self.body.addWidget(self.identity)
        self.commit = QCheckBox(tr("Ask the archive’s word that it keeps them"))
        self.commit.setObjectName("send_archive_commit")
        self.body.addWidget(self.commit)
        self.body.addWidget(self.told)
        self._cancel = IconButton("send_archive_cancel", tr("Cancel"))
        self._cancel.clicked.connect(self.reject)
        self.send = IconButton("send_archive_send", tr("Send"), kind="main")
        self.send.setAutoDefault(False)
        self.send.clicked.connect(self._send)
        self.add_buttons(self._cancel, self.send)
        self._refresh()

    def when_ended(
        self,
        delivered: Callable[[Delivery], None],
        failed: Callable[[TheatrumError], None],
        cut_off: Callable[[str], None],
    ) -> None:
        """Who is told what became of it; the dialog is gone by then, and perhaps the case too.

        cut_off: gets the archive's name where it was stopped, by a person or with its case, after a part had left.
        """
        self._delivered, self._failed, self._cut_off = delivered, failed, cut_off

    def first_focus(self) -> QWidget | None:
        """The safe way out."""
        return self._cancel

    @property
    def node(self) -> Node | WebNode | None:
        """The archive that is chosen."""
        at = self.chooser.currentIndex()
        return self._known.nodes[at] if 0 <= at < len(self._known.nodes) else None

    def _blocked(self, kind: str) -> str:
        case = self._session.case
        if kind in OF_STRUCTURES and not case.structures:
            return tr("No structures yet")
        return tr("No plan yet") if kind in OF_PLANS and not case.plans else ""

    def _count(self, kind: str) -> str:
        """Of how many plans or structures: all of the case go."""
        case = self._session.case
        if kind in OF_PLANS:
            return tr("%n plan(s)", "", len(case.plans))
        return tr("%n structure(s)", "", len(case.structures))

    def _tick(self, kind: str, on: bool) -> None:
        self._ticked = self._ticked | {kind} if on else self._ticked - {kind}
        self._refresh()

    def _refresh(self) -> None:
        node = self.node
        rows = []
        for kind, words, _ in KINDS:
            blocked = self._blocked(kind)
            value = blocked or self._count(kind)
            rows.append(Choice(kind, tr(words), value=value, ticked=kind in self._ticked, blocked=blocked))
        self.kinds.set_rows(rows)
        words = "" if node is None else node_words(node)
        if node is not None and node.name.casefold() == kept_origin(self._session.document).casefold():
            words = tr("{where}. The case’s images came from here.", where=words)
        self._where.setText(words)
        for widget in (self._row, self._where):
            widget.setVisible(node is not None)
        is_web = isinstance(node, WebNode)
        self.commit.setEnabled(not is_web)
        self.commit.setToolTip(
            tr("DICOMweb has no storage commitment")
            if is_web
            else tr("Storage commitment; the archive answers to this computer’s port")
        )
        if is_web:
            self.commit.setChecked(False)
        self._show_identity()
        self.send.setEnabled(node is not None and bool(self._ticked))
        if node is None and not self.told.isVisibleTo(self):
            self.told.show_note(
                tr("No archive yet"), tr("Add one on the archive page first."), "warn", mark("Add archive")
            )
        self.adjustSize()
        self._centre()

    def _show_identity(self) -> None:
        """Whether the patient's name goes with it is said before anything goes."""
        case = self._session.case
        if case.identifiers_kept:
            text = tr("They were kept on import. The archive files the results under this patient.")
            self.identity.show_note(tr("The patient’s name and number go with them"), text, "warn")
            return
        text = tr(
            "They were removed on import. The archive files the results under “Anonymous”, not under the patient."
        )
        if self._writes_image():
            image = tr("The image itself goes with them, for the results refer to it.")
            text = f"{text} {image}"
        self.identity.show_note(tr("They go without name and number"), text, "ok")

    def _writes_image(self) -> bool:
        if not self._ticked & set(OF_IMAGES):
            return False
        try:
            return not reference_of(self._session.case, 0).is_source
        except TheatrumError:
            return False

    def _add(self) -> None:
        self.reject()
        self.archives_asked.emit()

    def _complain(self, error: TheatrumError) -> None:
        words = error_text(error)
        self.told.show_note(words.title, " ".join(part for part in (words.text, words.hint) if part), "bad")

    def _send(self) -> None:
        node = self.node
        if node is None or not self._ticked:
            return
        named = self._session.case.identifiers_kept
        question = tr("Send the patient’s name and number to {name}?", name=node.name)
        text = tr("What an archive has, this program cannot take back.")
        if named and not ConfirmDialog(question, text, mark("Keep here"), mark("Send"), parent=self).ask():
            return
        self._submit(node)
        self.accept()

    def _submit(self, node: Node | WebNode) -> None:
        session, receiver, own = self._session, self._receiver.listener, self._known.own
        kinds = [kind for kind, _, _ in KINDS if kind in self._ticked]
        commit, reader, delivered = self.commit.isChecked(), session.document.reader(), self._delivered
        begun, cut_off = threading.Event(), self._cut_off

        def stopped() -> None:
            if begun.is_set():
                cut_off(node.name)

        session.jobs.submit(
            Job(
                key="archive send",
                title=tr("Sending to {name}", name=node.name),
                work=lambda progress, cancel: stoppable(
                    lambda: send_results(
                        reader,
                        node,
                        own,
                        kinds,
                        None,
                        progress,
                        cancel,
                        commit=commit,
                        receiver=receiver,
                        begins=begun.set,
                    ),
                    cancel,
                ),
                done=delivered,
                failed=self._failed,
                stopped=stopped,
                subject=session.label,
            )
        )


class DeliveryDialog(Sheet):
    """What an archive did not take, and why; what it does not answer for."""

    def __init__(self, delivery: Delivery, parent: QWidget | None = None) -> None:
        title = tr("Not everything is at {name}", name=delivery.node) if delivery.refused else delivered_words(delivery)
        super().__init__(parent, "delivery_dialog", title, 540)
        self.add_heading(title)
        taken = delivery.stored + delivery.there_before
        self.body.addWidget(
            paragraph(tr("{taken} of {count} objects are there.", taken=taken, count=delivery.objects), "label")
        )
        for number, refusal in enumerate(delivery.refused[:MOST_REFUSED]):
            callout = Callout(f"refused_{number}")
            callout.show_note(refused_words(refusal), _sentence(said(refusal.why)), "bad")
            self.body.addWidget(callout)
        more = len(delivery.refused) - MOST_REFUSED
        if more > 0:
            self.body.addWidget(paragraph(tr("and {count} more", count=more)))
        if delivery.doubt:
            callout = Callout("delivery_doubt")
            callout.show_note(tr("The archive gave no word that it keeps them"), said(delivery.doubt), "warn")
            self.body.addWidget(callout)
        elif delivery.kept is not None and delivery.kept < taken:
            callout = Callout("delivery_kept")
            text = tr("It answers for {kept} of {taken}. Send again later.", kept=delivery.kept, taken=taken)
            callout.show_note(tr("The archive does not keep all of them"), text, "bad")
            self.body.addWidget(callout)
        for number, warning in enumerate(delivery.warnings[:MOST_REFUSED]):
            callout = Callout(f"delivery_warning_{number}")
            callout.show_note("", warning, "warn")
            self.body.addWidget(callout)
        self._close = close_button(self)
        self.add_buttons(self._close)

    def first_focus(self) -> QWidget | None:
        """The way out."""
        return self._close


def refused_words(refusal: Refusal) -> str:
    """What was refused: "Structures as surfaces (STL): Liver"."""
    words = {kind: tr(name) for kind, name, _ in KINDS}.get(refusal.kind, tr("Images"))
    if refusal.count > 1:
        return tr("{words}: {count} objects", words=words, count=refusal.count)
    name = structure_name(refusal.name) if refusal.kind in OF_STRUCTURES else refusal.name
    return f"{words}: {name}" if name else words


def is_calm(delivery: Delivery) -> bool:
    """True where nothing is left to look at: a line in the strip is enough."""
    taken = delivery.stored + delivery.there_before
    return not delivery.refused and not delivery.doubt and delivery.kept in (None, taken)


def delivered_words(delivery: Delivery) -> str:
    """ "4 objects are at hospital, which answers for them"."""
    count = delivery.stored + delivery.there_before
    words = tr("%n object(s) (is|are) at {name}", "", count, name=delivery.node)
    if delivery.kept is not None and delivery.kept == count:
        return tr("{words}; it keeps them by its word", words=words)
    return words


def tell_delivery(window: QWidget, say: Callable[..., None], delivery: Delivery) -> None:
    """A line where all is well, with what is to be known about it behind a link; else what was refused."""
    if is_calm(delivery):
        details = (lambda: DeliveryDialog(delivery, window).open()) if delivery.warnings else None
        say(delivered_words(delivery), state="ok", action=tr("Details") if details else "", run=details)
    else:
        DeliveryDialog(delivery, window).open()


def cut_off_words(name: str) -> str:
    """What is said of a sending that was stopped on its way."""
    return tr("Sending to {name} was stopped: a part may be there already. Sending again sends the rest.", name=name)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
