"""Which series of a study to open: all of them by what they serve, with what is wrong in plain words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.message import ConfirmDialog
from app.i18n import said, tr
from app.jobs import Job, JobRunner, JobState
from app.panels.labels import ElidedLabel, FactRow, IconButton, IconMark, paragraph
from app.screens.preview import Picture, SlicePreview, series_window
from app.screens.series_list import SeriesList
from app.screens.series_text import (
    SEPARATOR,
    fact_rows,
    grouped_numbers,
    image_count,
    problem_texts,
    series_name,
    study_title,
)
from app.texts import date_text, error_text
from app.theme.style import current_look, set_kind
from planning.dicom.fitness import Fitness, rank_series
from planning.dicom.model import ScanResult, SeriesInfo, SeriesPreview
from planning.errors import Cancelled, InputError
from planning.progress import CancelToken, Progress
from viewers.keys import show_key

PREVIEW_AFTER_MS = 120
MOST_LISTED = 12


class SeriesBrowser(QWidget):
    """First what is being read, then the list. `open_asked`: (SeriesInfo, keep identifiers, fill missing slices).

    `add_asked`: (SeriesInfo, fill missing slices), where a case is open that the series can join.
    """

    open_asked = Signal(object, bool, bool)
    add_asked = Signal(object, bool)
    back_asked = Signal()
    archive_asked = Signal()

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.paths: tuple[Path, ...] = ()
        self._result: ScanResult | None = None
        self._reading: JobState | None = None
        self._busy = False
        self._open_case, self._adding = "", False
        self._previews: dict[str, SeriesPreview | str] = {}
        self.setObjectName("series_browser")
        self.setAccessibleName(tr("Series"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "page")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_reading())
        self._pages.addWidget(self._make_choice())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(PREVIEW_AFTER_MS)
        self._wait.timeout.connect(self._load_preview)
        jobs.changed.connect(self._follow_reading)
        for before, after in itertools.pairwise(
            (self.list, self.fill, self.keep, self._open_button, self._add_button, self._back, self._archive)
        ):
            QWidget.setTabOrder(before, after)

    # building

    def _make_reading(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconMark("folder-search", "acc", 36), 0, centre)
        self.reading_text = QLabel(tr("Reading the folder"))
        self.reading_text.setObjectName("browser_reading")
        set_kind(self.reading_text, "title")
        column.addWidget(self.reading_text, 0, centre)
        self.reading_bar = QProgressBar()
        self.reading_bar.setTextVisible(False)
        self.reading_bar.setRange(0, 1000)
        self.reading_bar.setFixedWidth(320)
        self.reading_bar.setAccessibleName(tr("Progress"))
        column.addWidget(self.reading_bar, 0, centre)
        self._stop = IconButton("browser_stop", tr("Stop"))
        self._stop.clicked.connect(self._stop_reading)
        column.addWidget(self._stop, 0, centre)
        column.addStretch(3)
        return page

    def _make_choice(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._make_left(), 1)
        self._side = self._make_side()
        row.addWidget(self._side)
        return page

    def _make_left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(24, 19, 21, 14)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._title = ElidedLabel("", "title")
        self._title.setObjectName("browser_title")
        self._title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._about = ElidedLabel("", "hint")
        self._about.setObjectName("browser_about")
        sorted_by = QLabel(tr("Sorted by use"))
        set_kind(sorted_by, "hint")
        head.addWidget(self._title)
        head.addWidget(self._about, 1)
        head.addWidget(sorted_by)
        column.addLayout(head)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(8)
        column.addLayout(self._notes)
        self.list = SeriesList()
        self.list.chosen.connect(self._show_series)
        self.list.open_asked.connect(lambda: self._add() if self._adding else self._open())
        column.addWidget(self.list, 1)
        self._skipped = QLabel()
        self._skipped.setObjectName("browser_skipped")
        set_kind(self._skipped, "hint")
        column.addWidget(self._skipped)
        return left

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(side, "right")
        self._column = column = QVBoxLayout(side)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        self.preview = SlicePreview()
        column.addWidget(self.preview)
        self._name = ElidedLabel("", "title")
        self._name.setObjectName("series_name")
        column.addWidget(self._name)
        self._facts_area = self._make_facts()
        column.addWidget(self._facts_area, 1)
        self.fill = QCheckBox(tr("Fill in missing slices"))
        self.fill.setObjectName("fill_missing")
        self.fill.setToolTip(tr("Missing slices are interpolated; they stay marked in the case and in every report"))
        self.fill.toggled.connect(self._refresh_open)
        column.addWidget(self.fill)
        self.keep = QCheckBox(tr("Keep name and number in the case"))
        self.keep.setObjectName("keep_identifiers")
        self.keep.setToolTip(tr("Otherwise they are removed on import"))
        self.keep.clicked.connect(self._confirm_keep)
        column.addWidget(self.keep)
        self._open_button = IconButton("open_series", tr("Open series"), kind="main")
        self._open_button.setToolTip(tr("Open this series (Enter)"))
        self._open_button.clicked.connect(self._open)
        column.addWidget(self._open_button)
        self._add_button = IconButton("add_to_case", tr("Add to the open case"))
        self._add_button.clicked.connect(self._add)
        self._add_button.hide()
        column.addWidget(self._add_button)
        foot = QHBoxLayout()
        self._back = IconButton("browser_back", tr("Back"), kind="back")
        self._back.setToolTip(tr("Back (Esc)"))
        self._back.clicked.connect(self.back_asked)
        self._keys = ElidedLabel("", "hint")
        self._keys.setObjectName("browser_keys")
        self._keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._archive = IconButton("browser_archive", tr("Archive"), kind="back")
        show_key(self._archive, tr("Fetch a study from an archive, or receive one"), "archive")
        self._archive.clicked.connect(self.archive_asked)
        foot.addWidget(self._back)
        foot.addSpacing(10)
        foot.addWidget(self._archive)
        foot.addWidget(self._keys, 1)
        column.addLayout(foot)
        return side

    def _make_facts(self) -> QWidget:
        self._facts = QFrame()
        self._facts.setObjectName("series_facts")
        set_kind(self._facts, "card")
        self._rows = QVBoxLayout(self._facts)
        self._rows.setContentsMargins(12, 10, 12, 10)
        self._rows.setSpacing(9)
        self._problems = QVBoxLayout()
        self._problems.setSpacing(8)
        inside = QWidget()
        set_kind(inside, "clear")
        self._facts_column = column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._facts)
        column.addLayout(self._problems)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        return scroll

    # reading

    def show_reading(self, state: JobState | str) -> None:
        """Show that files are being read: a job to follow and to stop, or only words."""
        self._reading = state if isinstance(state, JobState) else None
        self.reading_text.setText(grouped_numbers(state if isinstance(state, str) else state.title))
        self.reading_bar.setValue(0)
        self._stop.setVisible(self._reading is not None)
        self._pages.setCurrentIndex(0)
        if self._reading is not None:
            self._stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_reading(self) -> None:
        state = self._reading
        if state is not None and self._pages.currentIndex() == 0:
            self.reading_text.setText(grouped_numbers(state.title))
            self.reading_bar.setValue(round(1000 * state.fraction))

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._jobs.cancel(self._reading)

    # the list

    def show_scan(
        self, result: ScanResult, paths: Sequence[Path], open_case: str = "", *, adding: bool = False
    ) -> None:
        """List what a scan found. paths: what was scanned, for pictures and for the import.

        open_case: label of the case that is open, "" for none. adding: a series for it is looked for, and nothing else.
        """
        self._open_case, self._adding = open_case, adding and bool(open_case)
        self.paths = tuple(paths)
        self._result, self._reading = result, None
        self._previews = {}
        self.keep.setChecked(False)
        self.set_busy(False)
        self._title.setText(study_title(result))
        self._about.setText(self._about_text(result))
        self._fit_title()
        self._show_notes(result)
        ranked = rank_series(result.series)
        several = any(finding.code == "several_patients" for finding in result.findings)
        self._pages.setCurrentIndex(1)
        self.list.show_series(ranked, several)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_scan(self) -> bool:
        """True when the list is shown and the chosen series' picture was asked for."""
        return self._result is not None and self._pages.currentIndex() == 1 and not self._wait.isActive()

    @property
    def current(self) -> Fitness | None:
        """The chosen series."""
        return self.list.current()

    def set_busy(self, busy: bool) -> None:
        """While the chosen series is being opened nothing else can be."""
        self._busy = busy
        self._open_button.setText(tr("Building the volume") if busy else tr("Open series"))
        self.list.setEnabled(not busy)
        self._show_ways()
        self._refresh_open()

    def _show_ways(self) -> None:
        """A series opens a case of its own, joins the open one, or either."""
        self._open_button.setVisible(not self._adding)
        self._add_button.setVisible(bool(self._open_case))
        self._add_button.setText(tr("Add to {case}", case=self._open_case))
        words = tr("Keep plans on the first image and show this one over or beside it")
        self._add_button.setToolTip(f"{words} ({tr('Enter')})" if self._adding else words)
        set_kind(self._add_button, "main" if self._adding else "")
        if self._adding and self._busy:
            self._add_button.setText(tr("Building the volume"))

    def _fit_title(self) -> None:
        # as wide as its words, at most half of the line
        whole = self._title.fontMetrics().horizontalAdvance(self._title.whole_text()) + 4
        self._title.setFixedWidth(max(24, min(whole, (self.width() - self._side.width()) // 2)))

    @staticmethod
    def _about_text(result: ScanResult) -> str:
        dates = {info.facts.get("study_date", "") for info in result.series} - {""}
        parts = [date_text(dates.pop())] if len(dates) == 1 else []
        parts.append(tr("%n (series|series)", "", len(result.series)))
        parts.append(tr("%n image(s)", "", sum(image_count(info) for info in result.series)))
        return SEPARATOR.join(parts)

    def _show_notes(self, result: ScanResult) -> None:
        _clear(self._notes)
        for finding in result.findings:
            self._notes.addWidget(_note(finding.text, "warn"))
        count = len(result.skipped)
        self._skipped.setVisible(count > 0)
        self._skipped.setText(tr("%n other file(s) (is|are) left out.", "", count))
        lines = [f"{item.file}: {said(item.reason)}" for item in result.skipped[:MOST_LISTED]]
        if count > MOST_LISTED:
            lines.append(tr("and {count} more", count=count - MOST_LISTED))
        self._skipped.setToolTip("\n".join(lines))

    # the chosen series

    def _show_series(self) -> None:
        fitness = self.current
        if fitness is None:
            return
        info = fitness.series
        self._name.setText(series_name(info))
        _clear(self._rows)
        for name, value in fact_rows(fitness):
            self._rows.addWidget(FactRow(name, value))
        _clear(self._problems)
        for text in problem_texts(fitness):
            self._problems.addWidget(_note(text, "warn" if fitness.usable else "bad"))
        self.fill.setVisible(info.fillable and not info.importable)
        self.fill.setChecked(False)
        # only files of a hospital carry names
        self.keep.setVisible(info.middle is not None and not self._adding)
        self._refresh_open()
        self._fit_preview()
        self._show_picture(info)

    def _refresh_open(self) -> None:
        fitness = self.current
        needs_fill = fitness is not None and fitness.series.fillable and not fitness.series.importable
        can_open = fitness is not None and fitness.usable and (not needs_fill or self.fill.isChecked())
        for button in (self._open_button, self._add_button):
            button.setEnabled(can_open and not self._busy)
        if self._busy:
            text = tr("Stop it in the line below")
        elif fitness is not None and not fitness.usable:
            text = tr("This series cannot be opened")
        elif not can_open:
            text = tr("Tick to fill in, or choose another")
        else:
            text = tr("Enter adds") if self._adding else tr("Enter opens")
        self._keys.setText(text)

    def _confirm_keep(self, wanted: bool) -> None:
        if (
            wanted
            and not ConfirmDialog(
                tr("Keep name and number in the case?"),
                tr("Whoever gets the case file or a report of it can read them. Pictures and models leave them out."),
                safe=tr("Remove them"),
                danger=tr("Keep them"),
                parent=self,
            ).ask()
        ):
            self.keep.setChecked(False)

    def _open(self) -> None:
        fitness = self.current
        if fitness is not None and self._open_button.isEnabled():
            fill = self.fill.isVisibleTo(self) and self.fill.isChecked()
            keep = self.keep.isVisibleTo(self) and self.keep.isChecked()
            self.open_asked.emit(fitness.series, keep, fill)

    def _add(self) -> None:
        fitness = self.current
        if fitness is not None and self._add_button.isEnabled() and self._open_case:
            self.add_asked.emit(fitness.series, self.fill.isVisibleTo(self) and self.fill.isChecked())

    # its picture

    def _show_picture(self, info: SeriesInfo) -> None:
        known = self._previews.get(info.id)
        if isinstance(known, SeriesPreview):
            self.preview.show_picture(self._picture(info, known))
        elif isinstance(known, str):
            self.preview.show_note(known)
        else:
            small = _small_picture(info)
            if small is None:
                self.preview.show_note("")
            else:
                self.preview.show_picture(self._picture(info, small))
            self._wait.start()

    def _load_preview(self) -> None:
        fitness, result = self.current, self._result
        if fitness is None or result is None:
            return
        info, paths = fitness.series, self.paths

        def work(progress: Progress, cancel: CancelToken) -> SeriesPreview | str:
            from planning.dicom.preview import read_preview

            try:
                return read_preview(paths, info.id, cancel, found=result)
            except Cancelled:
                raise
            except InputError as error:
                # the list says already what is wrong with it
                return f"{error_text(error).title}."

        def done(found: SeriesPreview | str) -> None:
            self._previews[info.id] = found
            self._show_picture(info)

        def still_wanted() -> bool:
            current = self.current
            return self._result is result and current is not None and current.series.id == info.id

        self._jobs.submit(
            Job(key="preview", title=tr("Reading a slice"), work=work, done=done, still_wanted=still_wanted, quiet=True)
        )

    def _picture(self, info: SeriesInfo, found: SeriesPreview) -> Picture:
        fitness = self.current
        assert fitness is not None
        window, level = series_window(fitness, found.pixels)
        place = grouped_numbers(tr("{count} of {whole}", count=found.slice_number, whole=found.slice_count))
        return Picture(found.pixels, found.spacing_mm, found.right, found.down, window, level, place)

    # keys and sizes

    def showEvent(self, event: QShowEvent) -> None:
        """A picture that was not read because the page was left is read now."""
        super().showEvent(event)
        current = self.current
        if current is not None and current.series.id not in self._previews:
            self._wait.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is read for a page that nobody sees."""
        super().hideEvent(event)
        self._wait.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            if self._pages.currentIndex() == 0 and self._reading is not None:
                self._stop_reading()
            else:
                self.back_asked.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture gives way before the facts do."""
        super().resizeEvent(event)
        scale = current_look().text_scale_percent / 100
        width = 400 if self.width() < 1500 else 480
        self._side.setFixedWidth(round(width * (1 + (scale - 1) * 0.4)))
        self._fit_preview()
        self._fit_title()

    def _fit_preview(self) -> None:
        column, most = self._column, 300 if self.width() < 1500 else 380
        margins = column.contentsMargins()
        wide = self._side.width() - margins.left() - margins.right()
        items = [column.itemAt(n) for n in range(column.count())]
        others = [one for one in items if one.widget() not in (self.preview, self._facts_area) and not one.isEmpty()]
        taken = margins.top() + margins.bottom() + column.spacing() * (len(others) + 1)
        taken += sum(one.sizeHint().height() for one in others) + self._facts_column.totalHeightForWidth(wide)
        self.preview.setFixedHeight(max(150, min(most, self.height() - taken)))


def _small_picture(info: SeriesInfo) -> SeriesPreview | None:
    """The list's small picture as a stand-in, until the slice itself is read."""
    small = info.thumbnail
    if small is None:
        return None
    columns, rows, count = info.size_ijk
    i, j = info.spacing_mm[:2] if info.spacing_mm is not None else (1.0, 1.0)
    spacing = (j * rows / small.shape[0], i * columns / small.shape[1])
    right, down = None, None
    if info.direction is not None:
        axes = tuple(zip(*info.direction))
        right, down = axes[0], axes[1]
    middle = info.middle
    number, total = (middle.number, middle.count) if middle is not None else (count // 2 + 1, count)
    return SeriesPreview(small, spacing, number, total, right, down, "HU" if info.modality == "CT" else "")


def _note(text: str, state: str) -> QFrame:
    frame = QFrame()
    set_kind(frame, "card", state)
    row = QHBoxLayout(frame)
    row.setContentsMargins(10, 8, 10, 8)
    row.setSpacing(9)
    sign = "triangle-alert" if state == "warn" else "octagon-alert"
    row.addWidget(IconMark(sign, state, 15), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(paragraph(text, "label"), 1)
    return frame


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
