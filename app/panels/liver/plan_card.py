"""A plan of a comparison as a card: its rank, and why it stands there; and what the colours on the cuts mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.i18n import tr
from app.panels.labels import text_font
from app.panes.plan_colors import paint_plan_dot
from app.theme.icons import draw_icon
from app.theme.style import color, current_look
from app.theme.tokens import DARK

PADDING_PX, HEAD_PX, DOT_PX, ICON_PX = 12.0, 24.0, 10.0, 15.0
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class PlanCard(QAbstractButton):
    """Clicked: this plan is looked at."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan_name = name
        self.setObjectName(f"card_plan_{name}")
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._rank, self._ink, self._words, self._is_chosen, self._is_beaten = 0, "", "", False, False
        self.setToolTip(tr("Look at plan {name}", name=name))

    def nextCheckState(self) -> None:
        """A click looks at this plan; it never takes the look away."""
        self.setChecked(True)

    def show_plan(
        self, rank: int, ink: str, words: str, *, is_at: bool, is_chosen: bool, is_beaten: bool = False
    ) -> None:
        """Its place among the plans, colour and sentence. is_at: looked at; is_chosen: the case's chosen plan."""
        self._rank, self._ink, self._words, self._is_chosen, self._is_beaten = rank, ink, words, is_chosen, is_beaten
        self.setChecked(is_at)
        chosen = tr(", chosen") if is_chosen else ""
        self.setAccessibleName(
            tr(
                "{rank}, plan {plan_name}{chosen}: {words}",
                rank=rank,
                plan_name=self.plan_name,
                chosen=chosen,
                words=words,
            )
        )
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """Head and the wrapped sentence."""
        # as wide as it is painted, inside the rim
        room = QRectF(0, 0, max(width - 2 - 2 * PADDING_PX, 40.0), 4000.0)
        words = QFontMetricsF(text_font(13)).boundingRect(room, WRAPPED, self._words)
        return round(current_look().px(HEAD_PX) + words.height() + 1.5 * PADDING_PX)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 60 else 280
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(color("acc")), 2) if self.isChecked() or self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("soft" if self.isChecked() else "s3" if self.underMouse() else "s2")))
        painter.drawRoundedRect(box, 8, 8)
        middle = PADDING_PX / 2 + current_look().px(HEAD_PX) / 2
        font = text_font(13)
        painter.setFont(font)
        painter.setPen(QColor(color("t3")))
        cap = QFontMetricsF(font).capHeight()
        painter.drawText(QPointF(PADDING_PX, middle + cap / 2), str(self._rank))
        x = PADDING_PX + QFontMetricsF(font).horizontalAdvance("0") + 12.0
        ground = QColor(color("s2"))
        paint_plan_dot(painter, QPointF(x, middle), DOT_PX / 2, QColor(self._ink), ground, is_beaten=self._is_beaten)
        strong = text_font(13, 600)
        painter.setFont(strong)
        painter.setPen(QColor(color("t1")))
        mark = ICON_PX + 8.0 if self._is_chosen else 0.0
        title = tr("Plan {plan_name}", plan_name=self.plan_name) if len(self.plan_name) == 1 else self.plan_name
        room = box.width() - x - PADDING_PX - 12.0 - mark
        title = QFontMetricsF(strong).elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(x + 12.0, middle + cap / 2), title)
        if self._is_chosen:
            place = QRectF(box.right() - PADDING_PX - ICON_PX, middle - ICON_PX / 2, ICON_PX, ICON_PX)
            draw_icon(painter, "check", color("ok"), place)
        painter.setFont(text_font(13))
        painter.setPen(QColor(color("t2")))
        top = PADDING_PX / 2 + current_look().px(HEAD_PX)
        painter.drawText(box.adjusted(PADDING_PX, top, -PADDING_PX, 0.0), WRAPPED, self._words)


class BandLegend(QWidget):
    """The bands of the margin on the cut: below what is asked, up to twice that, above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("margin_legend")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._asked_mm = 5.0

    def show_limit(self, asked_mm: float) -> None:
        """The margin asked for."""
        self._asked_mm = asked_mm
        self.setAccessibleName(tr("Margin on the cut, millimetres: {join}", join=", ".join(self.words())))
        self.update()

    def words(self) -> tuple[str, str, str]:
        """ "below 5", "5 to 10", "above 10"."""
        asked = self._asked_mm
        return (
            tr("below {asked:g}", asked=asked),
            tr("{low:g} to {high:g}", low=asked, high=2 * asked),
            tr("above {value:g}", value=2 * asked),
        )

    def sizeHint(self) -> QSize:
        return QSize(200, current_look().px(50))

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = text_font(12)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(color("t2")))
        painter.drawText(QPointF(0.0, metrics.ascent()), tr("Margin on the cut, mm"))
        width = self.width() / 3.0
        top = metrics.height() + 5.0
        for number, (token, text) in enumerate(zip(("bad", "warn", "ok"), self.words(), strict=True)):
            left = number * width
            painter.setPen(Qt.PenStyle.NoPen)
            # the colours of maps and 3D, which lie on black in both themes: a key of other colours is none
            painter.setBrush(QColor(DARK[token]))
            painter.drawRoundedRect(QRectF(left, top, width - 4.0, 6.0), 2, 2)
            painter.setPen(QColor(color("t1")))
            painter.drawText(QPointF(left, top + 8.0 + metrics.ascent()), text)
