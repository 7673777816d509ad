"""How probable each size is: one bar shared by the sizes of a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.i18n import tr
from app.panels.labels import text_font
from app.panels.tavr.valves import probability_words
from app.theme.style import color, current_look, set_kind

PADDING_PX = 12


class ProbabilityCard(QFrame):
    """Name and figures above, the bar, and below what it comes from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("valve_probability")
        set_kind(self, "card")
        self._sizes: tuple[tuple[str, float], ...] = ()
        self._chosen, self._source = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_sizes(self, family: Sequence[Mapping[str, Any]], chosen: str, source: str) -> None:
        """family: the plan's "devices" of one model; chosen: the size drawn; source: "from 476 ± 9 mm²". No family: no card."""
        sized = [(str(row["size"]), float(row["probability"])) for row in family]
        best = sorted(range(len(sized)), key=lambda n: -sized[n][1])[:2]
        here = next((n for n, (size, _) in enumerate(sized) if size == chosen), best[0] if best else 0)
        shown = sorted({*best, here}) if sized else []
        self._sizes = tuple(sized[n] for n in shown)
        self._chosen, self._source = chosen, source
        words = ", ".join(f"{size}: {probability_words(share)}" for size, share in self._sizes)
        told = tr("Probability of the size. {words}, {source}", words=words, source=source)
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.setVisible(bool(self._sizes))
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines and a bar."""
        return QSize(200, current_look().px(56))

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        """Figures of the sizes shown; the bar is as long as their sum."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, right = current_look(), self.width() - PADDING_PX
        line = QRectF(PADDING_PX, look.px(5), self.width() - 2 * PADDING_PX, look.px(22))
        painter.setFont(text_font(13))
        painter.setPen(QColor(color("t2")))
        name_font, name_ink = painter.font(), painter.pen()
        x = float(right)
        for size, share in reversed(self._sizes):
            for text, weight, ink in ((probability_words(share), 600, "t1"), (size, 400, "t2")):
                painter.setFont(text_font(12 if weight == 400 else 13, weight))
                painter.setPen(QColor(color(ink)))
                x -= painter.fontMetrics().horizontalAdvance(text)
                middle = line.center().y() + painter.fontMetrics().capHeight() / 2
                painter.drawText(QPointF(x, middle), text)
                x -= 6
            x -= 8
        painter.setFont(name_font)
        painter.setPen(name_ink)
        # the figures are never covered: the name gives way
        name = painter.fontMetrics().elidedText(tr("Probability"), Qt.TextElideMode.ElideRight, int(x - PADDING_PX))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        top, width = look.px(29), self.width() - 2.0 * PADDING_PX
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3")))
        painter.drawRoundedRect(QRectF(PADDING_PX, top, width, 6), 3, 3)
        left = float(PADDING_PX)
        for size, share in self._sizes:
            part = width * min(max(share, 0.0), 1.0)
            painter.setBrush(QColor(color("acc" if size == self._chosen else "t3")))
            if part >= 1.0:
                painter.drawRoundedRect(QRectF(left, top, max(part - 1.5, 1.5), 6), 3, 3)
            left += part
        painter.setFont(text_font(11))
        painter.setPen(QColor(color("t3")))
        foot = QRectF(PADDING_PX + 3, look.px(36), width, look.px(17))
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, self._source)
