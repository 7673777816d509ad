"""The S-curve as a pane: every C-arm view with the annulus edge on."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.panels.s_curve import SCurveChart
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

INSET_PX = 8


class SCurvePane(PlanPane):
    """Title and chart."""

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("s_curve", view, look, tr("S-curve"), parent)
        self.chart = SCurveChart(self)
        self.setFocusProxy(self.chart)
        self.chart.pressed.connect(self.activate)
        self.set_detail(tr("views with the annulus edge on"))

    def place_children(self) -> None:
        """The chart takes all below the title."""
        box = self.content_rect.toRect()
        self.chart.setGeometry(box.adjusted(INSET_PX, 0, -INSET_PX, -INSET_PX))
        self.chart.update()
