"""The middle of the archive's page: the tree of studies, or why there is none yet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.archive.results import ResultTree
from app.archive.rows import ArchiveRow
from app.i18n import text_value, tr
from app.panels.labels import ElidedLabel, IconButton, IconMark, paragraph
from app.texts import error_text
from app.theme.style import set_kind
from planning.errors import TheatrumError
from planning.pacs.node import Own

TEXT_PX = 460


class AnswerArea(QWidget):
    """`add_asked`, `again_asked`, `more_asked`, `stop_asked`: its buttons."""

    add_asked = Signal()
    again_asked = Signal()
    more_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_note())
        self._pages.addWidget(self._make_list())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.is_asking = False

    def _make_note(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(40, 24, 40, 24)
        column.setSpacing(10)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        self._sign = IconMark("hard-drive", "acc", 36)
        column.addWidget(self._sign, 0, centre)
        column.addSpacing(4)
        self._title = paragraph("", "title")
        self._title.setObjectName("archive_note_title")
        self._title.setAlignment(centre)
        column.addLayout(_in_the_middle(self._title, TEXT_PX + 60))
        self._text = paragraph("", "label")
        self._text.setObjectName("archive_note_text")
        self._text.setAlignment(centre)
        column.addLayout(_in_the_middle(self._text, TEXT_PX))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        # how long an archive thinks nobody knows
        self._bar.setRange(0, 0)
        self._bar.setFixedWidth(240)
        self._bar.setAccessibleName(tr("Progress"))
        column.addWidget(self._bar, 0, centre)
        column.addSpacing(4)
        self.add = IconButton("archive_add_first", tr("Add archive"), kind="main")
        self.add.setMinimumWidth(200)
        self.add.clicked.connect(self.add_asked)
        self.again = IconButton("archive_again", tr("Try again"), kind="main")
        self.again.setMinimumWidth(160)
        self.again.clicked.connect(self.again_asked)
        self.stop = IconButton("archive_stop", tr("Stop"))
        self.stop.clicked.connect(self.stop_asked)
        for button in (self.add, self.again, self.stop):
            column.addWidget(button, 0, centre)
        column.addStretch(3)
        return page

    def _make_list(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 14, 16, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._count = QLabel()
        self._count.setObjectName("archive_count")
        set_kind(self._count, "title")
        self._of = ElidedLabel("", "hint")
        head.addWidget(self._count)
        head.addWidget(self._of, 1)
        column.addLayout(head)
        self.tree = ResultTree()
        column.addWidget(self.tree, 1)
        self._more = QWidget()
        set_kind(self._more, "clear")
        foot = QHBoxLayout(self._more)
        foot.setContentsMargins(0, 0, 0, 0)
        self._more_text = paragraph("", "hint")
        self._more_text.setObjectName("archive_more_text")
        self.more = IconButton("archive_more", tr("Show more"))
        self.more.clicked.connect(self.more_asked)
        foot.addWidget(self._more_text, 1)
        foot.addWidget(self.more)
        column.addWidget(self._more)
        return page

    @property
    def words(self) -> str:
        """What the note says, "" while studies are listed."""
        return f"{self._title.text()} {self._text.text()}".strip() if self._pages.currentIndex() == 0 else ""

    def _note(self, sign: str, token: str, title: str, text: str = "", button: QWidget | None = None) -> None:
        self.is_asking = button is self.stop
        self._sign.set_icon(sign, token)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._bar.setVisible(self.is_asking)
        for one in (self.add, self.again, self.stop):
            one.setVisible(one is button)
        self._pages.setCurrentIndex(0)

    def show_no_archive(self, own: Own) -> None:
        """No archive is known."""
        text = tr(
            "Its administrator knows AE title, host and port, and has to be told what this computer is: "
            "{title}, port {port}.",
            title=own.title,
            port=own.port,
        )
        self._note("hard-drive", "acc", tr("No archive yet"), text, self.add)

    def show_nothing_asked(self, name: str) -> None:
        """An archive is chosen, and nothing was asked."""
        self._note(
            "search", "t3", tr("What is looked for?"), tr("Fill in what is known and search in {name}.", name=name)
        )

    def show_asking(self, name: str) -> None:
        """A question is under way."""
        self._note("hard-drive", "acc", tr("Asking {name}", name=name), "", self.stop)

    def show_nothing_found(self, name: str) -> None:
        """The archive has nothing like this."""
        text = tr("Fewer fields, or * for letters that are not known, find more.")
        self._note("search", "t3", tr("{name} has nothing like this", name=name), text)

    def show_error(self, error: TheatrumError) -> None:
        """Why there is no answer, and what can be done."""
        words = error_text(error)
        text = " ".join(part for part in (words.text, words.hint) if part)
        self._note("octagon-alert", "bad", words.title, text, self.again)

    def show_studies(self, name: str, rows: Sequence[ArchiveRow], cut_at: int) -> None:
        """What the archive has. cut_at: how many were asked for where it has more, else 0."""
        self.is_asking = False
        self._count.setText(tr("%n (study|studies)", "", len(rows)))
        self._of.setText(name)
        self._more.setVisible(cut_at > 0)
        if cut_at:
            text = tr(
                "These are the first {count}; there are more. Fill in more, or show more.",
                count=text_value(cut_at, 0),
            )
            self._more_text.setText(text)
        self.tree.show_studies(rows)
        self._pages.setCurrentIndex(1)


def _in_the_middle(label: QLabel, width_px: int) -> QHBoxLayout:
    """Lines that are not longer than the eye likes."""
    label.setMaximumWidth(width_px)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(label, 100)
    row.addStretch(1)
    return row
