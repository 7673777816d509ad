"""The bar under the panes of a moving scan: play, the phases as ticks along the heartbeat, the rate."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.cine import RATES_PER_S, Cine
from app.i18n import tr
from app.panels.labels import text_font
from app.panels.quantities import NumberField
from app.panes.phase_axis import PhaseAxis, phase_name
from app.phase_reader import PhaseReader
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind
from viewers.keys import show_key
from viewers.view_state import ViewModel, ViewState

BAR_PX = 28
KNOB_PX, TICK_PX, EDGE_PX = 5.0, 6.0, 14.0


class PhaseTrack(QWidget):
    """The ticks. `chosen`: a click, a drag or the keys took a phase."""

    chosen = Signal(int)
    play_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phase_track")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        show_key(self, tr("Phases"), "previous_phase", "next_phase")
        self._labels: tuple[str, ...] = ()
        self._phase, self._hovered = 0, -1

    def set_phases(self, labels: Sequence[str]) -> None:
        """The scan's phases."""
        self._labels = tuple(labels)
        self.set_phase(self._phase)

    def set_phase(self, phase: int) -> None:
        """The phase that is shown."""
        self._phase = phase
        if phase < len(self._labels):
            name = phase_name(self._labels, phase)
            self.setAccessibleName(
                tr("{name}, {number} of {count}", name=name, number=phase + 1, count=len(self._labels))
            )
        self.update()

    @property
    def axis(self) -> PhaseAxis:
        """The heartbeat along the widget."""
        return PhaseAxis(self._labels, EDGE_PX, self.width() - 2 * EDGE_PX)

    def x_of(self, phase: int) -> float:
        """Where a phase's tick stands, in logical pixels."""
        return self.axis.x_of(phase)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the phase under the hand."""
        if event.button() == Qt.MouseButton.LeftButton and self._labels:
            self.chosen.emit(self.axis.at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The knob follows the hand."""
        at = self.axis.at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton and at != self._phase and at >= 0:
            self.chosen.emit(at)
        if at != self._hovered:
            self._hovered = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the hand."""
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One phase with the arrows, the ends with Home and End, Space plays."""
        if event.key() == Qt.Key.Key_Space:
            self.play_asked.emit()
            return
        target = self.axis.after_key(event, self._phase)
        if target is None:
            super().keyPressEvent(event)
        else:
            self.chosen.emit(target)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line, ticks with their percentages, knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        axis, line_y = self.axis, 9.0
        painter.setPen(QPen(QColor(color("line2")), 1.2))
        painter.drawLine(QPointF(EDGE_PX, line_y), QPointF(self.width() - EDGE_PX, line_y))
        for n in range(len(axis)):
            painter.setPen(QPen(QColor(color("t1" if n == self._hovered else "t3")), 1.4))
            painter.drawLine(QPointF(axis.x_of(n), line_y - TICK_PX / 2), QPointF(axis.x_of(n), line_y + TICK_PX / 2))
        font, bold = text_font(11), text_font(11, 600)
        metrics = QFontMetricsF(bold)
        text_y = self.height() - 3.0 - metrics.descent()
        for n, text, left in axis.tick_words(metrics, self._phase):
            painter.setFont(bold if n == self._phase else font)
            painter.setPen(QColor(color("t1" if n in (self._phase, self._hovered) else "t3")))
            painter.drawText(QPointF(left, text_y), text)
        if self._phase < len(self._labels):
            painter.setPen(QPen(QColor(color("s1")), 1.5))
            painter.setBrush(QColor(color("acc")))
            painter.drawEllipse(QPointF(self.x_of(self._phase), line_y), KNOB_PX, KNOB_PX)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(color("acc")), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class PhaseBar(QWidget):
    """Shown for moving scans only."""

    def __init__(self, reader: PhaseReader, cine: Cine, view: ViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phase_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "strip")
        self._reader, self._cine, self._view = reader, cine, view
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 8, 0)
        row.setSpacing(6)
        self.play = QToolButton()
        self.play.setObjectName("cine_play")
        self.play.setIconSize(QSize(14, 14))
        self.play.clicked.connect(cine.toggle)
        self.track = PhaseTrack()
        self.track.chosen.connect(self._choose)
        self.track.play_asked.connect(cine.toggle)
        self._unit = QLabel()
        set_kind(self._unit, "caption")
        self.rate = NumberField("cine_rate", tr("Frame rate"), "fps", *RATES_PER_S, 1.0)
        set_kind(self.rate, "small")
        self.rate.entered.connect(cine.set_rate)
        for widget in (self.play, self.track, self._unit, self.rate):
            row.addWidget(widget, 1 if widget is self.track else 0)
        cine.changed.connect(self._show_cine)
        view.changed.connect(self._on_view)
        self.fit()

    def refresh(self) -> None:
        """The case's scan may be another; only once the bar has its place, else it would be a window of its own."""
        labels = self._reader.labels
        self.setVisible(self._reader.is_moving)
        self.track.set_phases(labels)
        self.track.set_phase(self._view.state.phase)
        self._unit.setText(self.track.axis.unit)
        self._show_cine()

    def fit(self) -> None:
        """As high as the words are at this text size."""
        look = current_look()
        self.setFixedHeight(max(BAR_PX, look.px(BAR_PX)))
        self.play.setFixedSize(look.px(26), look.px(24))
        self.rate.setFixedWidth(look.px(68))
        self._show_cine()

    def _show_cine(self) -> None:
        is_playing = self._cine.is_playing
        self.play.setIcon(icon("pause" if is_playing else "play", color("t1")))
        words = tr("Pause") if is_playing else tr("Play")
        self.play.setToolTip(f"{words} (A)")
        self.play.setAccessibleName(tr("{words} the heartbeat, A", words=words))
        self.rate.set_value(self._cine.rate_per_s)

    def _choose(self, phase: int) -> None:
        self._cine.pause()
        self._reader.show(phase)

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if old.phase != new.phase:
            self.track.set_phase(new.phase)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the film stops."""
        super().hideEvent(event)
        self._cine.pause()
