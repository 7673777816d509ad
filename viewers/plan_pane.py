"""A pane that shows something else than a slice or the 3D view: a chart, a table, a projection. Same chrome."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from viewers.language import tr
from viewers.measures import NOT_HERE, TOOLS
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.view_state import ViewModel, ViewState

MARGIN_PX, SQUARE_PX, TITLE_Y, TITLE_PX = 10.0, 10.0, 16.0, 30.0


class PlanPane(QWidget):
    """Title, ring and focus like every pane; subclasses draw what lies below the title by `paint_content`.

    on_panel: True for charts and tables, which take the theme's colours; False for pictures, which lie on black.
    """

    activated = Signal(str)
    maximise_asked = Signal(str)
    # why nothing came of a hand's wish, for the strip
    said = Signal(str)
    on_panel = True

    def __init__(self, name: str, view: ViewModel, look: PaneLook, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane_name, self.model, self.look = name, view, look
        self.title, self.detail = tr(title), ""
        # what of the detail may not give way: its unit
        self.least_detail = ""
        self.square = look.plane_colors["3d"]
        self.texts = TextPainter(look)
        self.setObjectName(f"pane_{name}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(80, 80)
        self.setAccessibleName(title)
        view.changed.connect(self._on_view)

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self.look = look
        self.square = look.plane_colors["3d"]
        self.texts = TextPainter(look)
        self.place_children()
        self.update()

    def set_detail(self, detail: str) -> None:
        """What stands beside the title."""
        if detail != self.detail:
            self.detail = detail
            self.setAccessibleName(f"{self.title}, {detail}" if detail else self.title)
            self.update()

    @property
    def is_active(self) -> bool:
        """True while keys go to this pane."""
        return self.model.state.active == self.pane_name

    @property
    def detail_color(self) -> str:
        """Pictures may be bright behind it."""
        return self.look.text_soft if self.on_panel else self.look.text

    @property
    def title_px(self) -> float:
        """Height of the title's line."""
        return TITLE_PX * max(self.look.text_scale, 1.0)

    @property
    def content_rect(self) -> QRectF:
        """Where the content lies."""
        return QRectF(0.0, self.title_px, self.width(), max(self.height() - self.title_px, 1.0))

    def is_settled(self) -> bool:
        """True when the pane shows what it knows."""
        return True

    def grab_picture(self) -> QImage:
        """The pane as an image, without the ring."""
        ratio = self.devicePixelRatioF()
        picture = QImage(
            max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1), QImage.Format.Format_RGB32
        )
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        self._paint(painter)
        painter.end()
        return picture

    def paint_content(self, painter: QPainter) -> None:
        """Draw what lies below the title (`content_rect`), or all of the pane for a picture."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)
        if self.is_active:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.look.accent), 1.5))
            painter.drawRect(QRectF(0.75, 0.75, self.width() - 1.5, self.height() - 1.5))
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self.look.halo))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        self.paint_content(painter)
        painter.restore()
        self._paint_title(painter)

    def _paint_title(self, painter: QPainter) -> None:
        middle = TITLE_Y * max(self.look.text_scale, 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.square))
        painter.drawRoundedRect(QRectF(MARGIN_PX, middle - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX), 2.5, 2.5)
        strong, soft = TextStyle(self.look.text, 12.5, 600), TextStyle(self.detail_color, 12.5, 400)
        left = MARGIN_PX + SQUARE_PX + 7
        least = self.texts.width(self.least_detail, soft) + 18 if self.least_detail else 0.0
        title = self.texts.elided(self.title, strong, self.width() - left - MARGIN_PX - least)
        taken = self.texts.draw(painter, QPointF(left, middle), title, strong)
        room = self.width() - taken.right() - 18
        if self.detail and room > (least or 30) - 1:
            shown = self.texts.elided(self.detail, soft, room)
            if self.least_detail and shown != self.detail:
                shown = self.least_detail
            self.texts.draw(painter, QPointF(taken.right() + 9, middle), shown, soft)

    def place_children(self) -> None:
        """Put child widgets where they belong; called when the size or the look differs."""

    def activate(self) -> None:
        """Keys go to this pane now."""
        self.activated.emit(self.pane_name)
        self.model.set(active=self.pane_name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_children()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activate()
        if event.button() == Qt.MouseButton.LeftButton and not self.on_panel and self.model.state.tool in TOOLS:
            self.said.emit(tr(NOT_HERE))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() <= self.title_px:
            self.maximise_asked.emit(self.pane_name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.activate()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if old.active != new.active and self.pane_name in (old.active, new.active):
            self.update()
