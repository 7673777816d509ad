"""The list of series: painted rows with picture, name, size, the worst problem and badges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.i18n import tr
from app.panels.labels import text_font
from app.screens.cards import CARD_RADIUS, PICTURE_RADIUS, draw_picture
from app.screens.preview import series_window
from app.screens.series_text import BADGES, SEPARATOR, line_text, problem_texts, series_name, short_problem
from app.theme.icons import draw_icon
from app.theme.style import color, current_look
from app.thumbnails import grey_image
from planning.dicom.fitness import Fitness

GAP = 10
PICTURE = QSize(92, 68)
ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
FITNESS = Qt.ItemDataRole.UserRole
LINE = Qt.ItemDataRole.UserRole + 1
PROBLEMS = Qt.ItemDataRole.UserRole + 2
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def thumbnail_picture(fitness: Fitness) -> QPixmap | None:
    """The series' small picture in the window that shows what it is for; None where it has none."""
    pixels = fitness.series.thumbnail
    if pixels is None or not pixels.size:
        return None
    window, level = series_window(fitness, pixels)
    picture = QPixmap.fromImage(grey_image(pixels, window, level))
    spacing = fitness.series.spacing_mm
    if spacing is not None and abs(spacing[0] - spacing[1]) > 0.01 * spacing[1]:
        height = round(picture.height() * spacing[1] / spacing[0])
        picture = picture.scaled(picture.width(), max(1, height))
    return picture


class _Series(QAbstractListModel):
    """The ranked series."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Fitness, ...] = ()
        self._with_person = False
        self.pictures: dict[str, QPixmap | None] = {}

    def show_rows(self, rows: Sequence[Fitness], with_person: bool) -> None:
        """Other series."""
        self.beginResetModel()
        self._rows, self._with_person = tuple(rows), with_person
        self.pictures = {item.series.id: thumbnail_picture(item) for item in rows}
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for the eye and for screen readers."""
        if not index.isValid():
            return None
        item = self._rows[index.row()]
        problems = problem_texts(item)
        if role == Qt.ItemDataRole.DisplayRole:
            return series_name(item.series)
        line = line_text(item.series, self._with_person)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((series_name(item.series), line, *problems))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            badges = [tr(BADGES[badge][0]) for badge in item.badges]
            return ", ".join([series_name(item.series), line, *badges, *problems])
        return {int(FITNESS): item, int(LINE): line, int(PROBLEMS): problems}.get(int(role))


class _Row(QStyledItemDelegate):
    """Paints a series."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """88 px at 100 % text and the gap below."""
        return QSize(200, _row_height() + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One series."""
        item: Fitness = index.data(FITNESS)
        box = QRectF(option.rect.adjusted(1, 1, -1, -GAP))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(color("acc")), 2.0 if focused else 1.2) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("soft" if chosen else "s3" if hovered else "s2")))
        painter.drawRoundedRect(box, CARD_RADIUS, CARD_RADIUS)
        scale = current_look().text_scale_percent / 100
        size = QSize(round(PICTURE.width() * min(scale, 1.25)), round(PICTURE.height() * min(scale, 1.25)))
        picture = QRectF(box.left() + 11, box.center().y() - size.height() / 2, size.width(), size.height())
        model = index.model()
        assert isinstance(model, _Series)
        if not item.usable:
            painter.setOpacity(0.6)
        draw_picture(painter, picture, model.pictures.get(item.series.id), "image", PICTURE_RADIUS)
        painter.setOpacity(1.0)
        right = self._paint_badges(painter, item, box, chosen)
        self._paint_words(painter, index, item, int(picture.right()) + 15, int(right) - 12, box)
        painter.restore()

    @staticmethod
    def _paint_badges(painter: QPainter, item: Fitness, box: QRectF, chosen: bool) -> float:
        painter.setFont(text_font(11, 600))
        metrics = QFontMetrics(painter.font())
        right = box.right() - 15
        for badge in reversed(item.badges):
            words, token = BADGES[badge]
            text = tr(words)
            width, height = metrics.horizontalAdvance(text) + 22, metrics.height() + 8
            pill = QRectF(right - width, box.center().y() - height / 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            # the row's own colour is the pill's when it is chosen
            painter.setBrush(QColor(color("oks" if token == "ok" else "s1" if chosen else "soft")))
            painter.drawRoundedRect(pill, 5, 5)
            painter.setPen(QColor(color(token)))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            right = pill.left() - 8
        return right

    @staticmethod
    def _paint_words(painter: QPainter, index: Index, item: Fitness, left: int, right: int, box: QRectF) -> None:
        problems: tuple[str, ...] = index.data(PROBLEMS)
        lines = [
            (series_name(item.series), (13, 600), "t1" if item.usable else "t3"),
            *((text, (12, 400), "t3") for text in _in_lines(index.data(LINE), right - left, 1 if problems else 2)),
        ]
        if problems:
            more = tr("  and {problems} more", problems=len(problems) - 1) if len(problems) > 1 else ""
            lines.append((f"{short_problem(problems[0])}{more}", (13, 400), "t2"))
        heights = [QFontMetrics(text_font(*kind)).lineSpacing() + 3 for _, kind, _ in lines]
        y = int(box.center().y() - sum(heights) / 2)
        for number, ((text, kind, token), height) in enumerate(zip(lines, heights)):
            painter.setFont(text_font(*kind))
            x = left
            if problems and number == 2:
                sign, state = ("triangle-alert", "warn") if item.usable else ("circle-alert", "bad")
                draw_icon(painter, sign, color(state), QRectF(x, y + (height - 14) / 2, 14, 14))
                x += 20
            painter.setPen(QColor(color(token)))
            shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, max(20, right - x))
            painter.drawText(QRect(x, y, max(20, right - x), height), LEFT_MIDDLE, shown)
            y += height


def _in_lines(line: str, room_px: int, most: int) -> list[str]:
    """A line's parts in as few lines as hold them whole, `most` at the most."""
    metrics = QFontMetrics(text_font(12))
    parts, lines = line.split(SEPARATOR), [""]
    for part in parts:
        longer = f"{lines[-1]}{SEPARATOR}{part}" if lines[-1] else part
        if lines[-1] and len(lines) < most and metrics.horizontalAdvance(longer) > room_px:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


def _row_height() -> int:
    lines = sum(QFontMetrics(text_font(*kind)).lineSpacing() + 3 for kind in ((13, 600), (12, 400), (13, 400)))
    return max(90, lines + 24)


class SeriesList(QListView):
    """`chosen` when another series is; `open_asked` by Enter or a double click."""

    chosen = Signal()
    open_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._series = _Series()
        self.setObjectName("series_list")
        self.setAccessibleName(tr("Series"))
        self.setModel(self._series)
        self.setItemDelegate(_Row(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        self.doubleClicked.connect(lambda _: self.open_asked.emit())

    def show_series(self, ranked: Sequence[Fitness], with_person: bool) -> None:
        """List these and choose the first."""
        self._series.show_rows(ranked, with_person)
        if ranked:
            self.setCurrentIndex(self._series.index(0))
            self.scrollToTop()

    def current(self) -> Fitness | None:
        """The chosen series."""
        index = self.currentIndex()
        found = index.data(FITNESS) if index.isValid() else None
        return found if isinstance(found, Fitness) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Esc is for the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_asked.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)
