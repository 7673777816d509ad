"""Painted pieces of the start screen: the place to drop a study, a recent case, a sample."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.case_told import recent_words
from app.i18n import tr
from app.menus import passing_menu
from app.panels.labels import text_font
from app.samples import label_words
from app.settings import RecentCase
from app.theme.icons import draw_icon
from app.theme.style import color, current_look

DROP_RADIUS, CARD_RADIUS, PICTURE_RADIUS = 12.0, 8.0, 5.0
ELIDE = Qt.TextElideMode.ElideRight
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def draw_picture(painter: QPainter, box: QRectF, picture: QPixmap | None, icon: str, radius: float) -> None:
    """A picture filling a rounded box, cut at its edges; a calm sign on grey where there is none."""
    painter.save()
    shape = QPainterPath()
    shape.addRoundedRect(box, radius, radius)
    painter.setClipPath(shape)
    is_none = picture is None or picture.isNull()
    painter.fillRect(box, QColor(color("s3" if is_none else "pane")))
    if picture is None or picture.isNull():
        size = min(28.0, box.height() / 2)
        place = QRectF(box.center().x() - size / 2, box.center().y() - size / 2, size, size)
        draw_icon(painter, icon, color("t3"), place)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = max(box.width() / picture.width(), box.height() / picture.height())
        width, height = box.width() / scale, box.height() / scale
        source = QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
        painter.drawPixmap(box, picture, source)
    painter.restore()


class DropZone(QWidget):
    """A dashed rounded box that lights up while something is held over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drop_zone")
        self._is_lit = False

    @property
    def is_lit(self) -> bool:
        """True while something is held over it."""
        return self._is_lit

    def set_lit(self, lit: bool) -> None:
        """Light up or not."""
        if lit != self._is_lit:
            self._is_lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(color("acc" if self._is_lit else "line2")), 2.0 if self._is_lit else 1.5)
        pen.setDashPattern([6.0, 4.0])
        painter.setPen(pen)
        painter.setBrush(QColor(color("soft" if self._is_lit else "s1")))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), DROP_RADIUS, DROP_RADIUS)


class _Card(QAbstractButton):
    """A button that paints itself; knows hover and keyboard focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._is_hovered = False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Lighter."""
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """As before."""
        self._is_hovered = False
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs another height."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter works like Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def _ring(self, painter: QPainter, box: QRectF, radius: float) -> None:
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)


class RecentCard(_Card):
    """A case opened before: picture, label, facts, one line on how far it is, when it was opened.

    `remove_asked` takes it off the list (menu or Del); a case whose file is gone is grey and opens nothing.
    """

    remove_asked = Signal(str)
    chosen = Signal(str)

    def __init__(
        self, case: RecentCase, is_there: bool, when: str, picture: QPixmap | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.case, self.is_there = case, is_there
        self._when, self._picture = when, picture
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        label = label_words(case.label) or Path(case.path).stem
        self._label = label
        self._facts, status = recent_words(case)
        self._status = status if is_there else tr("The file is not there")
        spoken = ", ".join(part for part in (label, self._facts, self._status, when) if part)
        self.setAccessibleName(spoken)
        self.setToolTip(
            "" if is_there else tr("{label} was moved or deleted. Right-click to remove it from the list.", label=label)
        )
        self.clicked.connect(self._click)

    def set_picture(self, picture: QPixmap) -> None:
        """A picture that was drawn meanwhile."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        """96 px at 100 % text."""
        return QSize(300, max(96, self._text_height() + 24))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but never lower."""
        return QSize(200, self.sizeHint().height())

    def _text_height(self) -> int:
        return sum(QFontMetrics(text_font(*kind)).lineSpacing() for kind in ((14, 600), (12, 400), (13, 400))) + 4

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """One entry."""
        menu = passing_menu(self)
        menu.setObjectName("recent_menu")
        menu.addAction(tr("Remove from list"), self._remove)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del removes it from the list."""
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
            return
        super().keyPressEvent(event)

    def _remove(self) -> None:
        self.remove_asked.emit(self.case.path)

    def _click(self) -> None:
        if self.is_there:
            self.chosen.emit(self.case.path)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3" if self._is_hovered and self.is_there else "s2")))
        painter.drawRoundedRect(box, CARD_RADIUS, CARD_RADIUS)
        if not self.is_there and self._picture is not None:
            painter.setOpacity(0.55)
        height = self.height() - 20
        picture = QRectF(10, 10, 104, min(height, 76 * current_look().text_scale_percent / 100))
        picture.moveTop((self.height() - picture.height()) / 2)
        draw_picture(painter, picture, self._picture, "image", PICTURE_RADIUS)
        painter.setOpacity(1.0)
        self._paint_words(painter, int(picture.right()) + 14)
        self._ring(painter, box, CARD_RADIUS)

    def _paint_words(self, painter: QPainter, left: int) -> None:
        right = self.width() - 15
        painter.setFont(text_font(12))
        small = QFontMetrics(painter.font())
        painter.setPen(QColor(color("t3")))
        when_width = small.horizontalAdvance(self._when)
        painter.drawText(right - when_width, 10 + small.ascent() + 1, self._when)
        lines = [(self._label, (14, 600), "t1" if self.is_there else "t3")]
        if self._facts:
            lines.append((self._facts, (12, 400), "t3"))
        if self._status:
            lines.append((self._status, (13, 400), "t2"))
        total = sum(QFontMetrics(text_font(*kind)).lineSpacing() + 2 for _, kind, _ in lines)
        y = (self.height() - total) // 2
        for number, (text, kind, token) in enumerate(lines):
            painter.setFont(text_font(*kind))
            metrics = QFontMetrics(painter.font())
            height = metrics.lineSpacing() + 2
            x = left
            if text is self._status:
                # a plan is no report and no signature: nothing here says that a case is finished
                sign, sign_token = ("circle-dot", "acc") if self.is_there else ("circle-alert", "t3")
                draw_icon(painter, sign, color(sign_token), QRectF(x, y + (height - 15) / 2, 15, 15))
                x += 20
            room = right - x - (when_width + 12 if number == 0 else 0)
            painter.setPen(QColor(color(token)))
            painter.drawText(QRect(x, y, room, height), LEFT_MIDDLE, metrics.elidedText(text, ELIDE, room))
            y += height


class SampleCard(_Card):
    """A sample case: its picture, what it is, what it shows."""

    def __init__(self, kind: str, title: str, hint: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._title, self._hint, self._icon = title, hint, icon
        self._picture: QPixmap | None = None
        self.setObjectName(f"sample_{kind}")
        self.setAccessibleName(f"{title}, {hint}")
        self.setToolTip(hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_picture(self, picture: QPixmap | None) -> None:
        """The sample's picture, None while it is not made yet."""
        self._picture = picture
        self.update()

    @property
    def has_picture(self) -> bool:
        """True when its picture is shown."""
        return self._picture is not None and not self._picture.isNull()

    def _line_heights(self) -> tuple[int, int]:
        return QFontMetrics(text_font(13)).lineSpacing() + 4, QFontMetrics(text_font(12)).lineSpacing() + 2

    def sizeHint(self) -> QSize:
        """A picture of 128 px and two lines."""
        return QSize(232, 128 + 6 + sum(self._line_heights()))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but never lower."""
        return QSize(150, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, self.width(), 128)
        draw_picture(painter, box, self._picture, self._icon, CARD_RADIUS - 2)
        if self._is_hovered and not self.hasFocus():
            painter.setPen(QPen(QColor(color("line2")), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), CARD_RADIUS - 2, CARD_RADIUS - 2)
        self._ring(painter, box, CARD_RADIUS - 2)
        first, second = self._line_heights()
        y = 134
        for text, size, token, height in ((self._title, 13, "t1", first), (self._hint, 12, "t3", second)):
            painter.setFont(text_font(size))
            painter.setPen(QColor(color(token)))
            shown = QFontMetrics(painter.font()).elidedText(text, ELIDE, self.width())
            painter.drawText(QRect(0, y, self.width(), height), LEFT_MIDDLE, shown)
            y += height
