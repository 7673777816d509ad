"""What was done to a case: every step, when and by which version; searchable, to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.dialogs.sheet import Sheet, close_button
from app.i18n import mark, said, tr
from app.jobs import Job
from app.panels.labels import IconButton, paragraph, text_font
from app.session import Session
from app.texts import day_and_time, parse_time
from app.theme.style import color
from planning.case.outgoing import STOPPED
from planning.case.trail import OUT, SENT, WRITTEN, TrailStep, trail
from planning.progress import CancelToken, Progress

_Index = QModelIndex | QPersistentModelIndex
LIST_PX = 400
PADDING = 10
WHAT = {
    "undone": mark("Undone: {step}"),
    "done again": mark("Done again: {step}"),
    WRITTEN: mark("Written out: {step}"),
    SENT: mark("Sent: {step}, to {name}"),
}


def step_words(step: TrailStep) -> str:
    """The step as a sentence."""
    words = _out_words(step.text) if step.what in OUT else said(step.text)
    return tr(WHAT[step.what], step=words, name=said(step.to)) if step.what in WHAT else words


def _out_words(text: str) -> str:
    """What went out: "report (.pdf)", "results (SEG, SR), stopped on the way"."""
    kind, _, detail = text.removesuffix(STOPPED).removesuffix(")").partition(" (")
    words = tr("{what} ({detail})", what=said(kind), detail=said(detail)) if detail else said(kind)
    return tr("{what}, stopped on the way", what=words) if text.endswith(STOPPED) else words


def searched_text(step: TrailStep) -> str:
    """What is looked through for a step; putting thousands into words takes longer than a letter may."""
    return f"{step_words(step)} {step_time(step)} {step.version}".casefold()


def step_number(step: TrailStep) -> str:
    """What went out is no step and has none of its own."""
    return "" if step.what in OUT else str(step.number)


def step_time(step: TrailStep) -> str:
    """When it was done, in the time of this computer."""
    then = parse_time(step.time_utc)
    return day_and_time(then) if then is not None else step.time_utc


class _Steps(QAbstractListModel):
    """The steps that are searched for, the newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.all: tuple[TrailStep, ...] = ()
        self.shown: tuple[TrailStep, ...] = ()
        self._texts: tuple[str, ...] = ()

    def show_steps(self, steps: Sequence[TrailStep], texts: Sequence[str]) -> None:
        self.all, self._texts = tuple(reversed(steps)), tuple(reversed(texts))
        self.find("")

    def find(self, wanted: str) -> None:
        self.beginResetModel()
        wanted = wanted.strip().casefold()
        self.shown = tuple(step for step, text in zip(self.all, self._texts, strict=True) if wanted in text)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        step = self.shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line_of(step)
        if role == Qt.ItemDataRole.ToolTipRole:
            return step_words(step)
        return step if role == Qt.ItemDataRole.UserRole else None


def line_of(step: TrailStep) -> str:
    """One step as a line of text, tabs between: number, time, words, version."""
    words = step_words(step)
    if step.is_undone:
        words = tr("{step} (undone later)", step=words)
    return "\t".join((step_number(step), step_time(step), words, step.version))


class _Painter(QStyledItemDelegate):
    """Number and time grey, the step, the version at the right; what was undone stands struck out."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, int(QFontMetricsF(text_font(13, 400)).height()) + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        step: TrailStep = index.data(Qt.ItemDataRole.UserRole)
        state: Any = option
        rect = QRectF(state.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("soft")))
            painter.drawRoundedRect(rect, 5, 5)
        small = text_font(12, 400)
        wide = QFontMetricsF(small).horizontalAdvance
        left = rect.left() + PADDING
        number_width, time_width = wide("00000"), wide(step_time(step)) + 8
        version_width = wide(step.version)
        painter.setFont(small)
        painter.setPen(QColor(color("t3")))
        painter.drawText(QRectF(left, rect.top(), number_width, rect.height()), _MIDDLE, step_number(step))
        left += number_width + PADDING
        painter.drawText(QRectF(left, rect.top(), time_width, rect.height()), _MIDDLE, step_time(step))
        left += time_width + PADDING
        right = rect.right() - PADDING - version_width
        painter.drawText(QRectF(right, rect.top(), version_width, rect.height()), _MIDDLE, step.version)
        font = text_font(13, 400)
        font.setStrikeOut(step.is_undone)
        painter.setFont(font)
        painter.setPen(QColor(color("t3" if step.is_undone else "t1")))
        room = right - PADDING - left
        words = QFontMetricsF(font).elidedText(step_words(step), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, rect.top(), room, rect.height()), _MIDDLE, words)
        painter.restore()


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class CaseHistoryDialog(Sheet):
    """The audit trail of the open case."""

    enter_accepts = False

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, "case_history", tr("What was done"), 760)
        self.add_heading(tr("What was done"))
        self._search = QLineEdit()
        self._search.setObjectName("case_history_search")
        self._search.setPlaceholderText(tr("Find a step"))
        self._search.setAccessibleName(tr("Find a step"))
        self._search.setEnabled(False)
        self.body.addWidget(self._search)
        self.steps = _Steps(self)
        self.list = QListView()
        self.list.setObjectName("case_history_list")
        self.list.setAccessibleName(tr("Steps, the newest first"))
        self.list.setModel(self.steps)
        self.list.setItemDelegate(_Painter(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(min(LIST_PX, self.most_height() - 280))
        self.body.addWidget(self.list)
        self._told = paragraph(tr("Reading the steps"))
        self.body.addWidget(self._told)
        self._copy = IconButton("case_history_copy", tr("Copy as text"), "copy")
        self._copy.setEnabled(False)
        self._copy.clicked.connect(self._copy_text)
        self._close = close_button(self)
        self.add_buttons(self._copy, self._close)
        self._search.textChanged.connect(self._find)
        self._read(session)

    def first_focus(self) -> QWidget | None:
        """The way out."""
        return self._close

    def _read(self, session: Session) -> None:
        # in the background: a long history holds many large plans
        reader, cancelled = session.document.reader(), CancelToken()
        self.finished.connect(lambda: cancelled.set())

        def work(progress: Progress, cancel: CancelToken) -> tuple[tuple[TrailStep, ...], list[str]]:
            steps = tuple(trail(reader))
            return steps, [searched_text(step) for step in steps]

        session.jobs.submit(
            Job(
                key="case_history",
                title=tr("Reading the steps"),
                work=work,
                done=self._show,
                failed=lambda error: self._told.setText(said(error.what)),
                still_wanted=lambda: not cancelled.is_set,
                quiet=True,
                computes=False,
            )
        )

    def _show(self, found: tuple[tuple[TrailStep, ...], list[str]]) -> None:
        steps, texts = found
        self.steps.show_steps(steps, texts)
        self._search.setEnabled(True)
        self._copy.setEnabled(bool(steps))
        self._tell()

    def _find(self, wanted: str) -> None:
        self.steps.find(wanted)
        self._tell()

    def _tell(self) -> None:
        count, shown = len(self.steps.all), len(self.steps.shown)
        steps = sum(step.what not in OUT for step in self.steps.all)
        words = (
            tr("%n step(s)", "", steps) if shown == count else tr("{shown} of {count} steps", shown=shown, count=count)
        )
        kept = tr("Nothing is ever taken out of this list: each step holds the hash of the one before.")
        self._told.setText(f"{words}. {kept}")

    def _copy_text(self) -> None:
        chosen = sorted(index.row() for index in self.list.selectedIndexes())
        rows = [self.steps.shown[row] for row in chosen] if len(chosen) > 1 else self.steps.shown
        QGuiApplication.clipboard().setText("\n".join(line_of(step) for step in rows))
        self._told.setText(tr("Copied %n step(s)", "", len(rows)))
