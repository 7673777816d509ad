"""Diameters along a vessel as a pane below its strip, on the same axis."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.panels.station_chart import StationChart
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.strip_pane import LEFT_PX, RIGHT_PX
from viewers.view_state import ViewModel


class DiameterPane(PlanPane):
    """The chart takes the whole pane; its legend is the title."""

    def __init__(self, name: str, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__(name, view, look, tr("Diameter, mm"), parent)
        self.chart = StationChart(self, insets_px=(LEFT_PX, RIGHT_PX))
        self.setFocusProxy(self.chart)
        self.chart.pressed.connect(self.activate)

    def place_children(self) -> None:
        """All of the pane but its ring."""
        self.chart.setGeometry(self.rect().adjusted(2, 2, -2, -2))
        self.chart.update()

    def _paint_title(self, painter: QPainter) -> None:
        """The chart's legend says it."""
