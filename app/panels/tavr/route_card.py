"""One access route as a card: rank, least lumen against the sheath, and what makes it hard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.i18n import said, text_value, tr
from app.panels.labels import STATE_ICONS, state_token, text_font
from app.theme.icons import draw_icon
from app.theme.style import color, current_look
from planning.access.sheaths import CLASSIC_LIMIT, LATER_LIMIT
from planning.units import THIN_SPACE

PADDING_PX, LINE_PX = 12, 23
# the ratio bar reaches from here to there
BAR_FROM, BAR_TO = 0.75, 1.75


def route_facts(route: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, figures, unit) of the card's lines."""
    facts = []
    if route.get("automatic") is not None:
        told = route["automatic"]["minimum"]
        facts.append((tr("Automatic least"), "–" if told is None else text_value(told["min_diameter_mm"], 1), "mm"))
    facts.append((tr("Length"), text_value(route["length_mm"], 1), "mm"))
    if route["tortuosity"] is not None:
        facts.append((tr("Tortuosity"), text_value(route["tortuosity"], 2), ""))
    bends = route["bends_deg"]
    if len(bends) > 1:
        facts.append((tr("Bends over 30°"), " · ".join(f"{angle:.0f}" for angle in bends), "°"))
    elif route["sharpest_bend_deg"] is not None:
        facts.append((tr("Sharpest bend"), text_value(route["sharpest_bend_deg"], 0), "°"))
    least = route["minimum"]
    if least is not None and least["calcium_arc_deg"] is not None:
        facts.append((tr("Calcium arc at the minimum"), text_value(least["calcium_arc_deg"], 0), "°"))
    if route["calcium"]["circumferential_mm"]:
        facts.append((tr("Circumferential calcium"), text_value(route["calcium"]["circumferential_mm"], 0), "mm"))
    return facts


class RouteCard(QAbstractButton):
    """Clicked: its vessel is shown."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setObjectName(f"route_{key}")
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._route: Mapping[str, Any] = {}
        self._name = self._words = ""
        self._facts: list[tuple[str, str, str]] = []

    def show_route(self, route: Mapping[str, Any], chosen: bool) -> None:
        """The plan's route."""
        self._route, self._facts = route, route_facts(route)
        self.setChecked(chosen)
        least = route["minimum"]
        by_hand = tr(" by hand") if least is not None and least.get("edited") else ""
        width = (
            tr("not measured")
            if least is None
            else tr(
                "least {min_diameter_mm:.1f} millimetres{by_hand}",
                min_diameter_mm=least["min_diameter_mm"],
                by_hand=by_hand,
            )
        )
        self._name, self._words = said(str(route["name"])), said(str(route["text"]))
        self.setAccessibleName(f"{route['rank']}, {self._name}: {width}, {self._words}")
        self.setToolTip(said(str(route["reason"])))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Head, number, bar and lines."""
        look = current_look()
        return QSize(200, look.px(86) + len(self._facts) * look.px(LINE_PX) + 6)

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything of the card."""
        if not self._route:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(color("acc")), 2) if self.isChecked() or self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3" if self.underMouse() and not self.isChecked() else "s2")))
        painter.drawRoundedRect(box, 8, 8)
        look = current_look()
        inner = box.adjusted(PADDING_PX, 6, -PADDING_PX, -4)
        self._head(painter, QRectF(inner.left(), inner.top(), inner.width(), look.px(22)))
        self._number(painter, QRectF(inner.left(), inner.top() + look.px(22), inner.width(), look.px(28)))
        self._bar(painter, QRectF(inner.left(), inner.top() + look.px(52), inner.width(), look.px(26)))
        y = inner.top() + look.px(79)
        for name, figures, unit in self._facts:
            self._fact(painter, QRectF(inner.left(), y, inner.width(), look.px(LINE_PX)), name, figures, unit)
            y += look.px(LINE_PX)

    def _head(self, painter: QPainter, line: QRectF) -> None:
        state = str(self._route["state"])
        right = line.right()
        if state in STATE_ICONS:
            size = current_look().px(15)
            icon = QRectF(right - size, line.center().y() - size / 2, size, size)
            draw_icon(painter, STATE_ICONS[state], color(state), icon)
            right -= size + 6
        painter.setFont(text_font(12))
        name = f"{self._route['rank']}  {self._name}"
        wanted = QFontMetricsF(text_font(13, 600)).horizontalAdvance(name)
        room = max(right - line.left() - wanted - 10, 40.0)
        shown = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, int(room))
        painter.setPen(QColor(color(state_token(state, "t2"))))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(line.left(), line.top(), right - line.left(), line.height()), flags, shown)
        painter.setFont(text_font(13, 600))
        painter.setPen(QColor(color("t1")))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)

    def _number(self, painter: QPainter, line: QRectF) -> None:
        least = self._route["minimum"]
        baseline = line.bottom() - 5
        painter.setFont(text_font(24, 600))
        painter.setPen(QColor(color("t1")))
        figures = "–" if least is None else text_value(least["min_diameter_mm"], 1)
        painter.drawText(QPointF(line.left(), baseline), figures)
        x = line.left() + painter.fontMetrics().horizontalAdvance(figures) + 7
        if least is not None:
            painter.setFont(text_font(13))
            painter.setPen(QColor(color("t2")))
            painter.drawText(QPointF(x, baseline), "mm")
            x += painter.fontMetrics().horizontalAdvance("mm") + 8
            painter.setFont(text_font(12))
            painter.setPen(QColor(color("t3")))
            spread = f"± {text_value(least['uncertainty_mm'], 1)}"
            painter.drawText(QPointF(x, baseline), spread)
            x += painter.fontMetrics().horizontalAdvance(spread) + 7
            if least.get("edited"):
                # as everywhere where a number is by hand
                size = current_look().px(13)
                draw_icon(painter, "pencil", color("t3"), QRectF(x, baseline - size + 2, size, size))
                x += size + 7
        ratio = self._route["sheath_ratio"]
        painter.setFont(text_font(13, 600))
        painter.setPen(QColor(color("t1")))
        shown = "–" if ratio is None else text_value(ratio, 2)
        right = line.right() - painter.fontMetrics().horizontalAdvance(shown)
        painter.drawText(QPointF(right, baseline), shown)
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t2")))
        # a word never lies over the number beside it
        room = max(int(right - 7 - x), 0)
        word = painter.fontMetrics().elidedText(tr("sheath ratio"), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(right - 7 - painter.fontMetrics().horizontalAdvance(word), baseline), word)

    def _bar(self, painter: QPainter, line: QRectF) -> None:
        """Grey with ticks at both limits: never a traffic light."""
        ratio, top = self._route["sheath_ratio"], line.top() + 3

        def at(value: float) -> float:
            share = (value - BAR_FROM) / (BAR_TO - BAR_FROM)
            return line.left() + min(max(share, 0.0), 1.0) * line.width()

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3" if not self.underMouse() or self.isChecked() else "line2")))
        painter.drawRoundedRect(QRectF(line.left(), top, line.width(), 4), 2, 2)
        if ratio is not None:
            painter.setBrush(QColor(color("t3")))
            painter.drawRoundedRect(QRectF(line.left(), top, max(at(ratio) - line.left(), 3), 4), 2, 2)
        painter.setFont(text_font(11))
        for limit in (CLASSIC_LIMIT, LATER_LIMIT):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("t1")))
            painter.drawRect(QRectF(at(limit) - 1, top - 3, 2, 10))
            painter.setPen(QColor(color("t3")))
            words = text_value(limit, 2)
            x = at(limit) - painter.fontMetrics().horizontalAdvance(words) / 2
            painter.drawText(QPointF(x, top + 9 + painter.fontMetrics().ascent()), words)

    def _fact(self, painter: QPainter, line: QRectF, name: str, figures: str, unit: str) -> None:
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t2")))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        tail = f"{THIN_SPACE}{unit}" if unit else ""
        width = painter.fontMetrics().horizontalAdvance("mm") + 5
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(line.right() - width + 2, line.top(), width, line.height()), flags, tail)
        painter.setFont(text_font(13, 600))
        painter.setPen(QColor(color("t1")))
        box = QRectF(line.left(), line.top(), line.width() - width, line.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | flags, figures)
