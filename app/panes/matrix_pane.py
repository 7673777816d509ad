"""Sizes against depths: in each cell what comes closest to its limit there, its name and its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from app.i18n import local, said, text_value, tr
from app.panels.labels import STATE_ICONS, text_font
from app.theme.fonts import font
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind
from planning.units import MINUS, THIN_SPACE
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

ROW_PX, GAP_PX, HEAD_PX, FOOT_PX, BASIS_PX = 36, 2, 26, 24, 20
NAME_PX, PERCENT_PX, INSET_PX = 44, 54, 10
# a state's sign where it stands above the figures, at any size of text
SIGN_ABOVE_PX = 11
# of one depth: below it figures run into each other, so fewer depths are shown and the percentage stands below the size
LEAST_COLUMN_PX, LEAST_COLUMN_SCALED_PX = 38, 27
SHORT_NAMES = {
    "SAPIEN 3": "S3",
    "SAPIEN 3 Ultra RESILIA": "S3UR",
    "Evolut FX": "FX",
    "Navitor": "NV",
    "ACURATE neo2": "AN2",
    "Myval": "MV",
}
UNKNOWN = "–"


def short_name(model: str, size: str) -> str:
    """ "S3 26": the model's initials where the table has none."""
    short = SHORT_NAMES.get(model) or "".join(word[0] for word in model.split())
    return f"{short} {size}"


def signed(value: float, decimals: int = 1) -> str:
    """ "+1.1", "−0.9"."""
    return f"{'+' if value >= 0 else ''}{text_value(value, decimals)}"


def cell_words(cell: Mapping[str, Any]) -> tuple[str, str]:
    """(figures, name) of what a cell shows."""
    value, name = cell["value_mm"], cell["nearest"] or ""
    if value is None:
        return UNKNOWN, name
    return (signed(value) if name == "Septum" else text_value(value, 1)), name


class _Table(QWidget):
    """The scrolling rows. `chosen`: model, size, depth in mm."""

    chosen = Signal(str, str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("valve_matrix")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rows: tuple[Mapping[str, Any], ...] = ()
        self.at: tuple[str, str, float] | None = None
        self.can_choose = True

    def show_rows(self, rows: Sequence[Mapping[str, Any]], at: tuple[str, str, float] | None, can_choose: bool) -> None:
        """Rows of the plan's "matrix" and the valve that is drawn."""
        self.rows, self.at, self.can_choose = tuple(rows), at, can_choose
        self.setFixedHeight(self.wanted_height())
        words = tr("Size and depth")
        if at is not None:
            words = tr(
                "Size and depth, {valve} {size} at {depth:g} millimetres chosen", valve=at[0], size=at[1], depth=at[2]
            )
        self.setAccessibleName(words)
        self.update()

    @property
    def is_narrow(self) -> bool:
        """Whether the depths of a row have no room beside size and percentage."""
        most = max((len(row["cells"]) for row in self.rows), default=1)
        return (self.width() - self._left(narrow=False) - INSET_PX) / max(most, 1) < self._least_column()

    @staticmethod
    def _least_column() -> float:
        return max(LEAST_COLUMN_PX, current_look().px(LEAST_COLUMN_SCALED_PX))

    @staticmethod
    def _left(*, narrow: bool) -> float:
        """Where the depths begin."""
        look = current_look()
        return INSET_PX + look.px(NAME_PX) + (0 if narrow else look.px(PERCENT_PX)) + 6.0

    def _tops(self) -> list[float]:
        """The upper edge of each row; a line of words stands where the basis changes, in a narrow table above the first."""
        scale, y, tops, basis = current_look().px(100) / 100.0, 0.0, [], None
        is_narrow = self.is_narrow
        for row in self.rows:
            if (basis is not None or is_narrow) and row["basis"] != basis:
                y += BASIS_PX * scale
            basis = row["basis"]
            tops.append(y)
            y += ROW_PX * scale
        return tops

    def wanted_height(self) -> int:
        """Height of all rows."""
        tops = self._tops()
        return round(tops[-1] + current_look().px(ROW_PX)) + 2 if tops else 10

    def sizeHint(self) -> QSize:
        return QSize(240, self.wanted_height())

    def columns(self, cells: Sequence[Mapping[str, Any]]) -> list[tuple[QRectF, Mapping[str, Any]]]:
        """Left edge and width of each depth that is shown, with its cell: those about the chosen one where not all fit."""
        is_narrow = self.is_narrow
        left = self._left(narrow=is_narrow)
        room = self.width() - left - INSET_PX
        shown = list(cells)
        if is_narrow and cells:
            count = min(max(int(room / self._least_column()), 1), len(cells))
            depth = self.at[2] if self.at is not None else float(cells[0]["depth_mm"])
            near = min(range(len(cells)), key=lambda n: abs(cells[n]["depth_mm"] - depth))
            first = min(max(near - count // 2, 0), len(cells) - count)
            shown = shown[first : first + count]
        width = room / max(len(shown), 1)
        return [(QRectF(left + n * width, 0, width - GAP_PX, 1), cell) for n, cell in enumerate(shown)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table has one line of words more."""
        super().resizeEvent(event)
        self.setFixedHeight(self.wanted_height())

    def cell_at(self, place: QPointF) -> tuple[Mapping[str, Any], Mapping[str, Any] | None] | None:
        """The row and, where it fits, the cell under a place."""
        for row, top in zip(self.rows, self._tops(), strict=True):
            if top <= place.y() < top + current_look().px(ROW_PX):
                for column, cell in self.columns(row["cells"]):
                    if row["fits"] and column.left() <= place.x() <= column.right() + GAP_PX:
                        return row, cell
                return row, None
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        found = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None and found[1] is not None:
            self._choose(found[0], found[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position())
        can = self.can_choose and found is not None and found[1] is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = steps.get(Qt.Key(event.key()))
        fitting = [row for row in self.rows if row["fits"]]
        if step is None or not fitting:
            super().keyPressEvent(event)
            return
        here = next((n for n, row in enumerate(fitting) if self.at and (row["model"], row["size"]) == self.at[:2]), 0)
        row = fitting[min(max(here + step[0], 0), len(fitting) - 1)]
        depths = [cell["depth_mm"] for cell in row["cells"]]
        near = 0 if self.at is None else min(range(len(depths)), key=lambda n: abs(depths[n] - self.at[2]))  # type: ignore[index]
        self._choose(row, row["cells"][min(max(near + step[1], 0), len(depths) - 1)])

    def _choose(self, row: Mapping[str, Any], cell: Mapping[str, Any]) -> None:
        if self.can_choose:
            self.chosen.emit(str(row["model"]), str(row["size"]), float(cell["depth_mm"]))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if found is None else _tip(*found), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, basis, is_narrow = current_look(), None, self.is_narrow
        for row, top in zip(self.rows, self._tops(), strict=True):
            if (basis is not None or is_narrow) and row["basis"] != basis:
                self._basis(painter, row["basis"], top)
            basis = row["basis"]
            box = QRectF(0, top, self.width(), look.px(ROW_PX) - GAP_PX)
            is_chosen = self.at is not None and (row["model"], row["size"]) == self.at[:2]
            self._paint_name(painter, row, box, is_chosen)
            if row["fits"]:
                for column, cell in self.columns(row["cells"]):
                    at = is_chosen and self.at is not None and abs(cell["depth_mm"] - self.at[2]) < 0.26
                    self._paint_cell(painter, cell, QRectF(column.left(), top, column.width(), box.height()), at)
            else:
                columns = [column for column, _ in self.columns(row["cells"])]
                whole = QRectF(columns[0].left(), top, columns[-1].right() - columns[0].left(), box.height())
                self._paint_reason(
                    painter, said(str(row["reason"])), whole, "bad" if row.get("judged", True) else "warn"
                )

    def _basis(self, painter: QPainter, basis: str, top: float) -> None:
        look = current_look()
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t2")))
        box = QRectF(0, top - look.px(BASIS_PX), INSET_PX + look.px(NAME_PX) + look.px(PERCENT_PX), look.px(BASIS_PX))
        side = Qt.AlignmentFlag.AlignRight
        if self.is_narrow:
            box, side = QRectF(INSET_PX, box.top(), self.width() - INSET_PX, box.height()), Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, basis_words(basis))

    def _paint_name(self, painter: QPainter, row: Mapping[str, Any], box: QRectF, is_chosen: bool) -> None:
        look = current_look()
        weight = 600 if row["fits"] else 400
        painter.setPen(QColor(color("acc" if is_chosen else "t1" if row["fits"] else "t2")))
        painter.setFont(text_font(12, weight))
        left = QRectF(INSET_PX, box.top(), look.px(NAME_PX) + 8, box.height())
        right = QRectF(INSET_PX + look.px(NAME_PX), box.top(), look.px(PERCENT_PX), box.height())
        side = Qt.AlignmentFlag.AlignRight
        if self.is_narrow:
            half = box.height() / 2
            left.setHeight(half)
            right, side = QRectF(INSET_PX, box.top() + half, left.width(), half), Qt.AlignmentFlag.AlignLeft
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, short_name(str(row["model"]), str(row["size"])))
        painter.setFont(text_font(11, 600 if row["fits"] else 400))
        percent = f"{signed(row['oversizing_percent'])}{THIN_SPACE}%"
        painter.drawText(right, side | Qt.AlignmentFlag.AlignVCenter, percent)

    def _paint_cell(self, painter: QPainter, cell: Mapping[str, Any], box: QRectF, is_chosen: bool) -> None:
        state = str(cell["state"])
        ground = {"ok": "oks", "warn": "warns", "bad": "bads"}.get(state, "s2")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color(ground)))
        painter.drawRoundedRect(box, 4, 4)
        figures, name = cell_words(cell)
        ink = color(state) if state in STATE_ICONS else color("t2")
        painter.setFont(text_font(12, 600))
        width = painter.fontMetrics().horizontalAdvance(figures)
        size = current_look().px(11)
        has_icon = state in STATE_ICONS and width + size + 6 <= box.width()
        x = box.center().x() - (width + (size + 4 if has_icon else 0)) / 2
        # large figures leave no room beside them: a colour alone tells no state, so its sign stands above them
        is_above = state in STATE_ICONS and not has_icon
        middle = box.top() + box.height() * (0.48 if is_above else 0.32)
        if is_above:
            side = min(SIGN_ABOVE_PX, box.height() / 4)
            sign = QRectF(box.center().x() - side / 2, box.top() + box.height() * 0.06, side, side)
            draw_icon(painter, STATE_ICONS[state], ink, sign)
        if has_icon:
            draw_icon(painter, STATE_ICONS[state], ink, QRectF(x, middle - size / 2, size, size))
            x += size + 4
        painter.setPen(QColor(ink))
        painter.drawText(QPointF(x, middle + painter.fontMetrics().capHeight() / 2), figures)
        painter.setPen(QColor(color("t2")))
        top = 0.62 if is_above else 0.52
        line = QRectF(box.left() - 2, box.top() + box.height() * top, box.width() + 4, box.height() * (0.96 - top))
        # a name of three letters says nothing when it is cut: rather small than shortened
        painter.setFont(text_font(11))
        if painter.fontMetrics().horizontalAdvance(said(name)) > line.width():
            painter.setFont(font(11))
        shown = painter.fontMetrics().elidedText(said(name), Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)
        if is_chosen:
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0, 0, 0, 0), 5, 5)

    def _paint_reason(self, painter: QPainter, reason: str, box: QRectF, state: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s2")))
        painter.drawRoundedRect(box, 4, 4)
        size, edge = current_look().px(13), 4 if self.is_narrow else 10
        draw_icon(
            painter,
            STATE_ICONS[state],
            color(state),
            QRectF(box.left() + edge, box.center().y() - size / 2, size, size),
        )
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t2")))
        line = box.adjusted(size + edge + min(edge, 8), 0, -2 if self.is_narrow else -6, 0)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        if painter.fontMetrics().horizontalAdvance(reason) > line.width():
            # rather small, and in two lines, than without its unit
            painter.setFont(font(11))
        if painter.fontMetrics().horizontalAdvance(reason) > line.width():
            wrapped = flags | int(Qt.TextFlag.TextWordWrap)
            needed = painter.fontMetrics().boundingRect(line.toRect(), wrapped, reason)
            if needed.height() <= line.height() and needed.width() <= line.width():
                painter.drawText(line, wrapped, reason)
                return
        shown = painter.fontMetrics().elidedText(reason, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, flags, shown)


def basis_words(basis: str) -> str:
    """What the percentages above the rows are of."""
    return tr("by area") if basis == "area" else tr("by perimeter")


def _tip(row: Mapping[str, Any], cell: Mapping[str, Any] | None) -> str:
    """Everything a cell knows, in lines."""
    name = f"{row['model']} {row['size']}, {row['maker']}"
    if cell is None:
        return f"{name}\n{said(str(row['reason']))}" if row["reason"] else name
    lines = [tr("{name}, {depth_mm:g} mm below the annulus", name=name, depth_mm=cell["depth_mm"])]
    if not cell.get("advised_depth", True):
        lines.append(tr("Depth outside what is advised"))
    for key, words in (
        ("vtc_left_mm", tr("VTC left")),
        ("vtc_right_mm", tr("VTC right")),
        ("vtstj_mm", "VTSTJ"),
        ("septum_minus_depth_mm", tr("Septum minus depth")),
    ):
        value = cell[key]
        figures = tr("–, not measured") if value is None else local(f"{value:.1f} mm".replace("-", MINUS))
        lines.append(f"{words} {figures}")
    return "\n".join(lines)


class MatrixPane(PlanPane):
    """Heading, depths, rows, and what a cell says."""

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("matrix", view, look, tr("Size and depth"), parent)
        self.set_detail(tr("mm below the annulus"))
        self.least_detail = "mm"
        self.table = _Table()
        self._wants_chosen = False
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_kind(self.table, "clear")
        self._scroll.setWidget(self.table)
        self._scroll.viewport().setAutoFillBackground(False)
        self.table.setAutoFillBackground(False)
        self.setFocusProxy(self.table)
        self.table.chosen.connect(lambda *_: self.activate())

    def show_rows(self, rows: Sequence[Mapping[str, Any]], at: tuple[str, str, float] | None, can_choose: bool) -> None:
        """Rows of the plan's "matrix"; at: model, size and depth of the valve drawn."""
        is_first = not self.table.rows
        self.table.show_rows(rows, at, can_choose)
        self._wants_chosen = self._wants_chosen or (is_first and at is not None)
        QTimer.singleShot(0, self, self._show_chosen)
        self.update()

    def _show_chosen(self) -> None:
        """The valve that is drawn comes into sight once rows and pane have their sizes, and when the pane has another."""
        if not self._wants_chosen or self.table.at is None or not self.isVisible():
            return
        tops = dict(zip([(row["model"], row["size"]) for row in self.table.rows], self.table._tops(), strict=True))
        row_px, top = current_look().px(ROW_PX), tops.get(self.table.at[:2], 0.0)
        self._scroll.ensureVisible(0, round(top + row_px / 2), 0, round(1.5 * row_px))
        self._wants_chosen = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # the scroll bar learns the rows' height a turn later
        QTimer.singleShot(0, self, self._show_chosen)

    def place_children(self) -> None:
        """Rows between fixed headings."""
        look, box = current_look(), self.content_rect
        before = self._scroll.size()
        self._scroll.setGeometry(
            0,
            round(box.top() + look.px(HEAD_PX)),
            self.width(),
            max(round(box.height() - look.px(HEAD_PX) - look.px(FOOT_PX)), 10),
        )
        if self._scroll.size() != before:
            # in a pane of another size the chosen row lies elsewhere
            self._wants_chosen = self.table.at is not None
            QTimer.singleShot(0, self, self._show_chosen)

    def paint_content(self, painter: QPainter) -> None:
        look, box = current_look(), self.content_rect
        middle = box.top() + look.px(HEAD_PX) / 2
        painter.setFont(text_font(12))
        painter.setPen(QColor(self.look.text_soft))
        cap = painter.fontMetrics().capHeight() / 2
        painter.drawText(QPointF(INSET_PX, middle + cap), tr("Size"))
        if self.table.rows:
            first = basis_words(str(self.table.rows[0]["basis"]))
            right = INSET_PX + look.px(NAME_PX) + look.px(PERCENT_PX)
            if not self.table.is_narrow:
                painter.drawText(QPointF(right - painter.fontMetrics().horizontalAdvance(first), middle + cap), first)
            for column, cell in self.table.columns(self.table.rows[0]["cells"]):
                at = self.table.at is not None and abs(cell["depth_mm"] - self.table.at[2]) < 0.26
                painter.setFont(text_font(12, 600 if at else 400))
                painter.setPen(QColor(self.look.text if at else self.look.text_soft))
                text = local(f"{cell['depth_mm']:g}")
                x = column.center().x() - painter.fontMetrics().horizontalAdvance(text) / 2
                painter.drawText(QPointF(x, middle + cap), text)
        painter.setFont(text_font(12))
        painter.setPen(QColor(self.look.text_soft))
        low = self.height() - look.px(FOOT_PX) / 2
        words = tr("Each cell: what comes closest to its limit, mm") if self.table.rows else tr("No sizes yet")
        room = int(self.width() - 2 * INSET_PX)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(INSET_PX, low + cap), shown)
