"""The archive's page: which archive, what is asked for, what it has, and what of it comes here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.archive.answer_area import AnswerArea
from app.archive.asking import MOST_STUDIES, Answer, ask_series, ask_studies
from app.archive.fetch_card import FetchCard
from app.archive.fetching import Chosen, fetch_chosen
from app.archive.kept import forget_archive, images_here, keep_archive, keep_own, known_archives, remove_received
from app.archive.node_dialog import NodeDialog, node_words
from app.archive.own_dialog import OwnDialog
from app.archive.query_form import QueryForm
from app.archive.receive_card import ReceiveCard
from app.archive.receiver import Receiver
from app.archive.rows import ArchiveRow, series_row, study_row
from app.dialogs.message import ConfirmDialog
from app.i18n import mark, said, tr
from app.jobs import Job, JobRunner, JobState
from app.panels.labels import ElidedLabel, FactRow, IconButton, paragraph
from app.panels.rows import choice_box
from app.theme.style import current_look, set_kind
from planning.errors import TheatrumError
from planning.pacs.node import Address, Node, WebNode
from planning.pacs.query import Wish
from planning.progress import stoppable

LEFT_PX, RIGHT_PX = 268, 320


class ArchiveScreen(QWidget):
    """`open_asked` with folders to look for series in; `back_asked`. choose: asks a person for a file."""

    open_asked = Signal(object)
    back_asked = Signal()

    def __init__(
        self,
        jobs: JobRunner,
        receiver: Receiver,
        choose: Callable[[str, str], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._receiver, self._choose = jobs, receiver, choose
        self.known = Address()
        self._asked: tuple[Node | WebNode, Wish, int] | None = None
        self._asking: JobState | None = None
        self._fetching: JobState | None = None
        # a fetch that was stopped still holds our port for a moment
        self._port = threading.Lock()
        self._fetched: tuple[Node | WebNode, tuple[Chosen, ...]] | None = None
        self.setObjectName("archive_screen")
        self.setAccessibleName(tr("Archive"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "page")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = self._make_left()
        self.area = AnswerArea()
        self._side = self._make_side()
        row.addWidget(self._left)
        row.addWidget(self.area, 1)
        row.addWidget(self._side)
        self._wire()
        self.load()

    def _wire(self) -> None:
        area, tree = self.area, self.area.tree
        area.add_asked.connect(self.add_node)
        area.again_asked.connect(self._ask_again)
        area.more_asked.connect(self._ask_more)
        area.stop_asked.connect(self._stop_asking)
        tree.chosen.connect(self._show_chosen)
        tree.series_asked.connect(self._ask_series)
        tree.taken.connect(self._take)
        self.form.asked.connect(self.search)
        self.receive.switched.connect(self._switch)
        self.receive.own_asked.connect(self.edit_own)
        self.receive.open_asked.connect(lambda: self.open_asked.emit(list(self._receiver.whole.studies)))
        self.fetch.stop_asked.connect(self._stop_fetching)
        self.fetch.go_on_asked.connect(self._go_on)
        self.fetch.open_asked.connect(self._open_fetched)
        self._jobs.changed.connect(self._follow)
        self._jobs.finished.connect(self._job_ended)
        self._receiver.came.connect(lambda _: self._look_again())
        # the time that is left runs on between two images
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._follow)

    # building

    def _make_left(self) -> QWidget:
        left = QWidget()
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(left, "left")
        whole = QVBoxLayout(left)
        whole.setContentsMargins(0, 0, 0, 12)
        whole.setSpacing(10)
        inside = QWidget()
        set_kind(inside, "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 14, 4)
        column.setSpacing(6)
        self._head = QWidget()
        set_kind(self._head, "clear")
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        title = QLabel(tr("Archive"))
        set_kind(title, "heading")
        head.addWidget(title, 1)
        self._edit = IconButton("archive_edit", tr("Edit"), kind="inline")
        self._edit.setToolTip(tr("Change, test or remove this archive"))
        self._edit.clicked.connect(self.edit_node)
        self._add = IconButton("archive_add", tr("Add"), kind="inline")
        self._add.setToolTip(tr("Add an archive"))
        self._add.clicked.connect(self.add_node)
        head.addWidget(self._edit)
        head.addSpacing(8)
        head.addWidget(self._add)
        column.addWidget(self._head)
        self.chooser = choice_box("archive_chooser", mark("Archive"), [])
        self.chooser.currentIndexChanged.connect(self._node_changed)
        column.addWidget(self.chooser)
        self._where = ElidedLabel("", "hint")
        self._where.setObjectName("archive_where")
        column.addWidget(self._where)
        self.form = QueryForm()
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("archive_left")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        whole.addWidget(scroll, 1)
        self.receive = ReceiveCard(self._receiver)
        holder = QHBoxLayout()
        holder.setContentsMargins(14, 0, 14, 0)
        holder.addWidget(self.receive)
        whole.addLayout(holder)
        return left

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(side, "right")
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        self._name = ElidedLabel("", "title")
        self._name.setObjectName("archive_chosen")
        column.addWidget(self._name)
        self._facts = QFrame()
        self._facts.setObjectName("archive_facts")
        set_kind(self._facts, "card")
        self._rows = QVBoxLayout(self._facts)
        self._rows.setContentsMargins(12, 10, 12, 10)
        self._rows.setSpacing(8)
        self._hint = paragraph("", "hint")
        self._hint.setObjectName("archive_hint")
        inside = QWidget()
        set_kind(inside, "clear")
        facts = QVBoxLayout(inside)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(10)
        facts.addWidget(self._facts)
        facts.addWidget(self._hint)
        facts.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        column.addWidget(scroll, 1)
        self.fetch = FetchCard()
        column.addWidget(self.fetch)
        self._remove = IconButton("archive_remove_files", tr("Remove from this computer"), "trash-2", kind="back")
        self._remove.clicked.connect(self._remove_files)
        self._second = IconButton("archive_second", tr("Open"))
        self._second.clicked.connect(self._open_chosen)
        self._main = IconButton("archive_main", tr("Fetch"), kind="main")
        self._main.clicked.connect(self._take)
        for button in (self._remove, self._second, self._main):
            column.addWidget(button)
        foot = QHBoxLayout()
        self._back = IconButton("archive_back", tr("Back"), kind="back")
        self._back.setToolTip(tr("Back (Esc)"))
        self._back.clicked.connect(self.back_asked)
        self._keys = ElidedLabel("", "hint")
        self._keys.setObjectName("archive_keys")
        self._keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self._back)
        foot.addWidget(self._keys, 1)
        column.addLayout(foot)
        return side

    # archives

    def load(self, choose: str = "") -> None:
        """Read the list of archives anew; choose: the one to show."""
        try:
            self.known = known_archives()
        except TheatrumError as error:
            self.known = Address()
            self.area.show_error(error)
            return
        wanted = choose or self.chooser.currentText()
        names = [node.name for node in self.known.nodes]
        self.chooser.blockSignals(True)
        self.chooser.clear()
        self.chooser.addItems(names)
        self.chooser.setCurrentIndex(names.index(wanted) if wanted in names else 0 if names else -1)
        self.chooser.blockSignals(False)
        self.receive.show_own(self.known.own)
        self._node_changed()

    @property
    def node(self) -> Node | WebNode | None:
        """The archive that is chosen."""
        at = self.chooser.currentIndex()
        return self.known.nodes[at] if 0 <= at < len(self.known.nodes) else None

    def _node_changed(self) -> None:
        node = self.node
        self._where.setText("" if node is None else node_words(node))
        for widget in (self.chooser, self._where, self._head, self.form, self._main):
            widget.setVisible(node is not None)
        self._stop_asking()
        self._asked = None
        self.area.tree.show_studies(())
        if node is None:
            self.area.show_no_archive(self.known.own)
        else:
            self.area.show_nothing_asked(node.name)
        self._show_chosen()

    def add_node(self) -> None:
        """A new archive."""
        dialog = NodeDialog(None, self.known, self._jobs, self._choose, self)
        dialog.kept.connect(partial(self._keep_node, ""))
        dialog.open()

    def edit_node(self) -> None:
        """The chosen archive's entry."""
        node = self.node
        if node is None:
            return
        dialog = NodeDialog(node, self.known, self._jobs, self._choose, self)
        dialog.kept.connect(partial(self._keep_node, node.name))
        dialog.removed.connect(lambda: self._change(lambda: forget_archive(node.name)))
        dialog.open()

    def _keep_node(self, before: str, node: Node | WebNode) -> None:
        self._change(lambda: keep_archive(node, before), node.name)

    def edit_own(self) -> None:
        """What this computer is called."""
        dialog = OwnDialog(self.known.own, self._choose, self)
        dialog.kept.connect(lambda own: self._change(lambda: keep_own(own)))
        dialog.open()

    def _change(self, change: Callable[[], Address], choose: str = "") -> None:
        try:
            change()
        except TheatrumError as error:
            self.area.show_error(error)
            return
        self.receive.complain(None)
        self.load(choose)

    # asking

    def search(self) -> None:
        """Ask the archive for studies."""
        node, wish = self.node, self.form.wish()
        if node is not None and wish is not None:
            self._ask(node, wish, MOST_STUDIES)

    def _ask(self, node: Node | WebNode, wish: Wish, most: int) -> None:
        own = self.known.own
        self._asked = (node, wish, most)
        self.area.show_asking(node.name)
        self._asking = self._jobs.submit(
            Job(
                key="archive ask",
                of_case=False,
                title=tr("Asking {name}", name=node.name),
                work=lambda progress, cancel: stoppable(lambda: ask_studies(node, own, wish, most), cancel),
                done=lambda answer: self._answered(node, most, answer),
                quiet=True,
                computes=False,
            )
        )

    def _answered(self, node: Node | WebNode, most: int, answer: Answer) -> None:
        if answer.error is not None:
            self.area.show_error(answer.error)
            return
        rows = [study_row(row) for row in answer.rows if row["StudyInstanceUID"]]
        if not rows:
            self.area.show_nothing_found(node.name)
            return
        self.area.show_studies(node.name, rows, most if answer.has_more else 0)
        self.area.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_again(self) -> None:
        if self._asked is not None:
            self._ask(*self._asked)
        else:
            self.load()

    def _ask_more(self) -> None:
        if self._asked is not None:
            node, wish, most = self._asked
            self._ask(node, wish, 5 * most)

    def _stop_asking(self) -> None:
        if self._asking is not None and self._asking in self._jobs.active:
            self._jobs.cancel(self._asking)

    def _ask_series(self, study: str) -> None:
        if self._asked is None:
            return
        asked, own = self._asked, self.known.own
        node = asked[0]

        def done(answer: Answer) -> None:
            rows = [series_row(row, study) for row in answer.rows if row["SeriesInstanceUID"]]
            note = said(str(answer.error)) if answer.error is not None else ""
            self.area.tree.show_series(study, rows, note)

        self._jobs.submit(
            Job(
                key=f"archive series {study}",
                of_case=False,
                title=tr("Asking {name}", name=node.name),
                work=lambda progress, cancel: stoppable(lambda: ask_series(node, own, study), cancel),
                done=done,
                # another archive may list the same study, and has other series of it
                still_wanted=lambda: self._asked is asked,
                quiet=True,
                computes=False,
            )
        )

    # what is chosen

    def _show_chosen(self) -> None:
        rows = self.area.tree.chosen_rows()
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        facts = rows[0].facts if len(rows) == 1 else self._sum_facts(rows)
        for name, value in facts:
            self._rows.addWidget(FactRow(name, value))
        self._facts.setVisible(bool(facts))
        self._name.setText(rows[0].title if len(rows) == 1 else tr("%n chosen", "", len(rows)) if rows else "")
        self._name.setVisible(bool(rows))
        self._show_actions(rows)

    @staticmethod
    def _sum_facts(rows: Sequence[ArchiveRow]) -> tuple[tuple[str, str], ...]:
        told = [row.told for row in rows if row.told is not None]
        if not rows or len(told) < len(rows):
            return ()
        return ((tr("Images"), str(sum(told))),)

    def _show_actions(self, rows: Sequence[ArchiveRow]) -> None:
        here = sum(row.here for row in rows)
        is_whole = bool(rows) and all(row.is_whole for row in rows)
        told = [row.told for row in rows if row.told is not None]
        busy = self._fetching is not None
        words = tr("Fetch")
        if is_whole:
            words = tr("Open")
        elif here:
            words = tr("Fetch the rest")
        elif rows and len(told) == len(rows):
            words = tr("Fetch %n image(s)", "", sum(told))
        self._main.setText(words)
        self._main.setAccessibleName(words)
        self._main.setEnabled(bool(rows) and (is_whole or not busy))
        self._main.setToolTip(
            "" if self._main.isEnabled() else tr("One at a time") if busy else tr("Choose a study first")
        )
        fetched = self._fetched[1] if self._fetched is not None else ()
        self.fetch.show_open(not is_whole or tuple(row.chosen for row in rows) != fetched)
        self._second.setVisible(bool(here) and not is_whole)
        self._remove.setVisible(bool(here) and not busy)
        hint = ""
        if not rows and self.node is not None:
            hint = tr("Choose studies or series to fetch. Several with Ctrl or Shift.")
        elif here:
            hint = tr("The files here hold name and number. A case made of them does not, unless you keep them.")
        elif rows:
            hint = tr("What a series is good for is told once it is here.")
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if busy and rows and not is_whole:
            self._keys.setText(tr("One at a time"))
        else:
            self._keys.setText("" if not rows else tr("Enter opens") if is_whole else tr("Enter fetches"))

    def _take(self) -> None:
        """The main thing: open what is here, fetch what is not."""
        rows = self.area.tree.chosen_rows()
        if not rows or not self._main.isEnabled() or self._asked is None:
            return
        if all(row.is_whole for row in rows):
            self._open_chosen()
        else:
            self._fetch(self._asked[0], tuple(row.chosen for row in rows))

    def _open_chosen(self) -> None:
        self.open_asked.emit([row.chosen.folder for row in self.area.tree.chosen_rows() if row.here])

    def _remove_files(self) -> None:
        rows = self.area.tree.chosen_rows()
        chosen = [(row.study, row.series) for row in rows if row.here]
        count = sum(images_here(study, series) for study, series in chosen)
        question = tr("Remove %n image(s) from this computer?", "", count)
        text = tr("The archive keeps its own. Cases that were made of them stay.")
        if ConfirmDialog(question, text, mark("Keep them"), mark("Remove"), parent=self).ask():
            remove_received(chosen)
            self.fetch.hide()
            self._look_again()

    def _look_again(self) -> None:
        """What is here may have changed."""
        rows = self.area.tree.rows()
        self.area.tree.refresh(
            {(row.study, row.series): replace(row, here=images_here(row.study, row.series)) for row in rows}
        )

    # fetching

    def _fetch(self, node: Node | WebNode, chosen: tuple[Chosen, ...]) -> None:
        own, receiver = self.known.own, self._receiver.listener
        self._fetched = (node, chosen)
        self._fetching = self._jobs.submit(
            Job(
                key="archive fetch",
                of_case=False,
                title=tr("Fetching from {name}", name=node.name),
                work=lambda progress, cancel: stoppable(
                    lambda: fetch_chosen(node, own, chosen, progress, cancel, receiver, port=self._port), cancel
                ),
                done=self.fetch.show_done,
                failed=lambda error: self.fetch.show_failed(error, self._here()),
                computes=False,
            )
        )
        self._tick.start()
        self._follow()
        self._show_chosen()

    def _here(self) -> int:
        chosen = self._fetched[1] if self._fetched is not None else ()
        return sum(images_here(one.study, one.series) for one in chosen)

    def _follow(self) -> None:
        state, asked = self._fetching, self._fetched
        if state is not None and asked is not None and state.status in ("waiting", "running"):
            self.fetch.show_running(state, asked[0].name)

    def _job_ended(self, state: JobState) -> None:
        if state is self._asking:
            self._asking = None
            if state.status == "cancelled" and self.area.is_asking and self.node is not None:
                self.area.show_nothing_asked(self.node.name)
        if state is not self._fetching:
            return
        self._fetching = None
        self._tick.stop()
        if state.status == "cancelled":
            self.fetch.show_stopped(self._here())
        self._look_again()

    def _stop_fetching(self) -> None:
        if self._fetching is not None:
            self._jobs.cancel(self._fetching)

    def _go_on(self) -> None:
        if self._fetched is not None and self._fetching is None:
            self._fetch(*self._fetched)

    def _open_fetched(self) -> None:
        if self._fetched is not None:
            self.open_asked.emit([one.folder for one in self._fetched[1] if images_here(one.study, one.series)])

    # receiving

    def _switch(self, on: bool) -> None:
        self.receive.complain(None)
        if not on:
            self._receiver.switch_off()
            return
        known = tuple(node for node in self.known.nodes if isinstance(node, Node))
        try:
            self._receiver.switch_on(self.known.own, known, only_known=self.receive.only_known.isChecked())
        except TheatrumError as error:
            self.receive.complain(error)

    # keys and sizes

    def showEvent(self, event: QShowEvent) -> None:
        """What is here may have changed meanwhile, the list of archives too."""
        super().showEvent(event)
        try:
            if known_archives() != self.known:
                self.load()
        except TheatrumError as error:
            self.area.show_error(error)
        self._look_again()
        if self.focusWidget() is None:
            # now it would be the first one of the page: the pages' stack gives the keys to that afterwards
            QTimer.singleShot(0, self, self._take_keys)

    def _take_keys(self) -> None:
        first = self.form.name if self.node is not None else self.area.add
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_asked.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sides grow with the text."""
        super().resizeEvent(event)
        larger = current_look().text_scale_percent / 100 - 1
        wide = 1.0 if self.width() < 1500 else 1.15
        self._left.setFixedWidth(round(LEFT_PX * (1 + 0.55 * larger) * wide))
        self._side.setFixedWidth(round(RIGHT_PX * (1 + 0.4 * larger) * wide))
