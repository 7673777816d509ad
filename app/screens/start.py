"""The first page: a study to drop or open, the cases worked on before, two samples to try."""

from __future__ import annotations

import importlib.resources
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.i18n import mark, tr
from app.jobs import Job, JobRunner
from app.panels.labels import IconButton, IconMark, paragraph
from app.samples import KINDS, SampleKind, sample_path
from app.screens.cards import DropZone, RecentCard, SampleCard
from app.settings import RecentCase, Settings
from app.texts import parse_time, when_text
from app.theme.style import set_kind
from app.thumbnails import make_thumbnail, thumbnail_path
from planning.errors import CaseError
from planning.progress import CancelToken, Progress
from viewers.keys import show_key

SHOWN_AT_FIRST = 3
SAMPLES: dict[SampleKind, tuple[str, str, str]] = {
    "heart": (mark("Heart sample"), mark("TAVR, step by step"), "heart-pulse"),
    "liver": (mark("Liver sample"), mark("Resection and margin"), "layers"),
}


class StartScreen(QWidget):
    """Tells what a person wants to open. jobs: draws pictures of cases that have none; without it they stay plain."""

    paths_dropped = Signal(object)
    folder_asked = Signal()
    case_asked = Signal()
    file_asked = Signal()
    archive_asked = Signal()
    recent_chosen = Signal(str)
    recent_removed = Signal(str)
    sample_chosen = Signal(str)

    def __init__(self, jobs: JobRunner | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._recent: tuple[RecentCase, ...] = ()
        self._shows_all = False
        self._tried: set[str] = set()
        self.setObjectName("start_screen")
        self.setAccessibleName(tr("Start"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "page")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(40)
        self.zone = self._make_zone()
        self._row.addStretch(1)
        self._row.addWidget(self.zone, 590)
        self._row.addWidget(self._make_right(), 537)
        self._row.addStretch(1)
        self._set_margins()

    def _make_zone(self) -> DropZone:
        zone = DropZone()
        zone.setMaximumWidth(760)
        zone.setMinimumWidth(380)
        column = QVBoxLayout(zone)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        column.addStretch(3)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconMark("folder-open", "acc", 40), 0, centre)
        column.addSpacing(20)
        title = QLabel(tr("Drop a study here"))
        set_kind(title, "big")
        column.addWidget(title, 0, centre)
        column.addSpacing(8)
        for text in (tr("A folder, a zip, a CD, single files, or a case."), tr("DICOM, NIfTI, NRRD and MHA are read.")):
            line = paragraph(text, "label")
            line.setAlignment(centre)
            column.addWidget(line)
        column.addSpacing(18)
        folder = IconButton("open_folder", tr("Open folder"), kind="main")
        show_key(folder, tr("Open a folder with a study"), "open_folder")
        folder.setMinimumWidth(220)
        folder.clicked.connect(self.folder_asked)
        column.addWidget(folder, 0, centre)
        column.addSpacing(8)
        others = QHBoxLayout()
        others.setSpacing(9)
        case = IconButton("open_case", tr("Open case"))
        show_key(case, tr("Open a case"), "open_case")
        case.clicked.connect(self.case_asked)
        file = IconButton("open_file", tr("Open file"))
        file.setToolTip(tr("Open a scan that is one file, or a zip"))
        file.clicked.connect(self.file_asked)
        archive = IconButton("open_archive", tr("Archive"))
        show_key(archive, tr("Fetch a study from an archive, or receive one"), "archive")
        archive.clicked.connect(self.archive_asked)
        others.addStretch(1)
        others.addWidget(case)
        others.addWidget(file)
        others.addWidget(archive)
        others.addStretch(1)
        column.addLayout(others)
        column.addStretch(4)
        promise = QHBoxLayout()
        promise.setSpacing(8)
        promise.addStretch(1)
        promise.addWidget(IconMark("shield", "t3", 15))
        shield = QLabel(tr("Names and numbers are removed on import unless you keep them."))
        shield.setObjectName("start_promise")
        set_kind(shield, "hint")
        self._promise = shield
        promise.addWidget(shield)
        promise.addStretch(1)
        column.addLayout(promise)
        return zone

    def _make_right(self) -> QWidget:
        inside = QWidget()
        set_kind(inside, "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        title = QLabel(tr("Recent cases"))
        set_kind(title, "title")
        head.addWidget(title, 1)
        self._all = IconButton("recent_show_all", tr("Show all"), kind="back")
        self._all.clicked.connect(self._toggle_all)
        head.addWidget(self._all)
        column.addLayout(head)
        column.addSpacing(9)
        self._none = paragraph(tr("Cases that you open are listed here."), "hint")
        self._none.setObjectName("recent_none")
        column.addWidget(self._none)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        column.addLayout(self._cards)
        column.addSpacing(24)
        samples_title = QLabel(tr("Try a sample"))
        set_kind(samples_title, "title")
        column.addWidget(samples_title)
        column.addSpacing(9)
        samples = QHBoxLayout()
        samples.setSpacing(16)
        self.samples: dict[SampleKind, SampleCard] = {}
        for kind in KINDS:
            card = SampleCard(kind, tr(SAMPLES[kind][0]), tr(SAMPLES[kind][1]), SAMPLES[kind][2])
            card.setMaximumWidth(300)
            card.clicked.connect(lambda _checked=False, kind=kind: self.sample_chosen.emit(kind))
            self.samples[kind] = card
            samples.addWidget(card, 10)
        samples.addStretch(1)
        column.addLayout(samples)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("start_right")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setMaximumWidth(680)
        self._scroll = scroll
        return scroll

    def refresh(self, settings: Settings) -> None:
        """Show the recent cases of these settings and the samples' pictures."""
        self._recent = settings.recent
        self._fill()
        for kind, card in self.samples.items():
            path = sample_path(kind)
            own = _picture(path)
            card.set_picture(own or _shipped_picture(kind))
            if own is None and path.exists():
                self._draw(path, card)

    def cards(self) -> tuple[RecentCard, ...]:
        """The recent cases that are shown, from top to bottom."""
        found = (self._cards.itemAt(place).widget() for place in range(self._cards.count()))
        return tuple(card for card in found if isinstance(card, RecentCard))

    def _fill(self) -> None:
        for card in self.cards():
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        shown = self._recent if self._shows_all else self._recent[:SHOWN_AT_FIRST]
        now = datetime.now().astimezone()
        for number, case in enumerate(shown):
            card = self._card(number, case, now)
            self._cards.addWidget(card)
        self._none.setVisible(not self._recent)
        self._all.setVisible(len(self._recent) > SHOWN_AT_FIRST)
        self._all.setText(tr("Show fewer") if self._shows_all else tr("Show all"))
        self._all.setAccessibleName(self._all.text())

    def _card(self, number: int, case: RecentCase, now: datetime) -> RecentCard:
        path = Path(case.path)
        opened = parse_time(case.opened)
        # a look at the disk for at most twelve files
        is_there = path.exists()
        picture = _picture(path)
        card = RecentCard(case, is_there, when_text(opened, now) if opened else case.opened, picture)
        card.setObjectName(f"recent_{number}")
        card.chosen.connect(self.recent_chosen)
        card.remove_asked.connect(self._remove)
        if is_there and picture is None:
            self._draw(path, card)
        return card

    def _draw(self, path: Path, card: RecentCard | SampleCard) -> None:
        """Draw the picture of a case that has none yet, beside the window's work."""
        if self._jobs is None or str(path) in self._tried:
            return
        self._tried.add(str(path))

        def work(progress: Progress, cancel: CancelToken) -> Path | None:
            try:
                return make_thumbnail(path)
            except CaseError:
                # opened elsewhere or damaged: opening it says so, a missing picture need not
                return None

        def done(found: Path | None) -> None:
            if found is not None:
                self._show_picture(path, QPixmap(str(found)))

        self._jobs.submit(
            Job(key=f"thumbnail {path}", title=tr("Drawing a case"), work=work, done=done, quiet=True, computes=False)
        )

    def _show_picture(self, path: Path, picture: QPixmap) -> None:
        for card in self.cards():
            if Path(card.case.path) == path:
                card.set_picture(picture)
        for kind, sample in self.samples.items():
            if sample_path(kind) == path:
                sample.set_picture(picture)

    def _remove(self, path: str) -> None:
        self._recent = tuple(case for case in self._recent if case.path != path)
        self._fill()
        self.recent_removed.emit(path)

    def _toggle_all(self) -> None:
        self._shows_all = not self._shows_all
        self._fill()
        if not self._shows_all:
            self._scroll.verticalScrollBar().setValue(0)

    def showEvent(self, event: QShowEvent) -> None:
        """The page itself has the focus: Tab comes to its first button, and nothing is ringed before."""
        super().showEvent(event)
        # the text size may have changed meanwhile
        self._set_margins()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Closer edges in a small window."""
        super().resizeEvent(event)
        self._set_margins()

    def _set_margins(self) -> None:
        side = 57 if self.width() >= 1200 else 32
        roomy = self.height() >= 690
        # one line where it fits, else two
        self._promise.ensurePolished()
        whole = self._promise.fontMetrics().horizontalAdvance(self._promise.text())
        self._promise.setWordWrap(whole > self.zone.width() - 90)
        self._row.setContentsMargins(side, 40 if roomy else 22, side - 4, 37 if roomy else 20)

    # things dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders are welcome."""
        if _dropped(event.mimeData()):
            self.zone.set_lit(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went away."""
        self.zone.set_lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """They are here."""
        self.zone.set_lit(False)
        paths = _dropped(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)


def _dropped(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _picture(path: Path) -> QPixmap | None:
    found = thumbnail_path(path)
    picture = QPixmap(str(found)) if found.exists() else QPixmap()
    return None if picture.isNull() else picture


def _shipped_picture(kind: SampleKind) -> QPixmap:
    """Of a sample that is not made yet, as `make_thumbnail` draws it."""
    picture = QPixmap()
    picture.loadFromData(importlib.resources.files("assets").joinpath(f"samples/{kind}.png").read_bytes())
    return picture
