"""Where the C-arm stands over the patient; drag to walk round it."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.jobs import JobRunner
from app.panes.carm_scene import carm_surfaces
from app.panes.latest import LatestJob
from app.theme.tokens import DARK
from planning.geometry import Vector
from planning.progress import CancelToken, Progress
from planning.units import text_carm
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

DEG_PER_PX = 0.5
HALF_HEIGHT_MM = 830.0
MIDDLE_MM = (0.0, 20.0, -90.0)
MOST_PICTURE_PX = 520
# from the patient's left and feet, a little above
AZIMUTH_DEG, RISE_DEG = 32.0, 28.0


class CArmPane(PlanPane):
    """A picture of the room, drawn beside the event loop."""

    on_panel = False

    def __init__(self, view: ViewModel, look: PaneLook, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("carm", view, look, tr("C-arm"), parent)
        self._angles: tuple[float, float] | None = None
        self._walk = [AZIMUTH_DEG, RISE_DEG]
        self._press: tuple[QPointF, float, float] | None = None
        self._picture: QImage | None = None
        self._job = LatestJob(jobs, "c-arm picture", tr("Drawing the C-arm"), self._show_picture)
        self._wants = False
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def look_from(self, lao_deg: float, cra_deg: float) -> None:
        """The arm stands there."""
        if self._angles != (lao_deg, cra_deg):
            self._angles = (lao_deg, cra_deg)
            self.setAccessibleName(tr("C-arm, detector at {text_carm}", text_carm=text_carm(lao_deg, cra_deg)))
            self._draw()

    def is_settled(self) -> bool:
        return not self.isVisible() or not (self._job.is_busy or self._wants)

    def _draw(self) -> None:
        self.update()
        if self._angles is None or not self.isVisible():
            self._wants = self._angles is not None
            return
        self._wants = False
        share = min(1.0, MOST_PICTURE_PX / max(self.width(), self.height(), 1))
        size = (max(round(self.width() * share), 2), max(round(self.height() * share), 2))
        self._job.ask(partial(_rendered, self._angles, self._towards(), size))

    def _towards(self) -> Vector:
        azimuth, rise = np.radians(self._walk)
        level = np.array((np.cos(azimuth), 0.0, -np.sin(azimuth)))
        return np.asarray(np.cos(rise) * level + np.sin(rise) * np.array((0.0, -1.0, 0.0)))

    def _show_picture(self, pixels: npt.NDArray[np.uint8]) -> None:
        height, width, _ = pixels.shape
        self._picture = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.update()

    def paint_content(self, painter: QPainter) -> None:
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._picture)
        if self._angles is None:
            return
        low = self.height() - 15.0
        step = 17.0 * max(self.look.text_scale, 1.0)
        words = text_carm(*self._angles).replace("° ", "°  ")
        self.texts.draw(painter, QPointF(10.0, low), words, TextStyle(self.look.text, 12.0, 500))
        self.texts.draw(painter, QPointF(10.0, low - step), tr("Detector"), TextStyle(self.look.text_soft, 11.0, 500))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = (event.position(), *self._walk)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, azimuth, rise = self._press
        moved = event.position() - start
        self._walk = [azimuth - moved.x() * DEG_PER_PX, float(np.clip(rise + moved.y() * DEG_PER_PX, -20.0, 85.0))]
        self._draw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()


def _rendered(
    angles: tuple[float, float], towards: Vector, size_px: tuple[int, int], progress: Progress, cancel: CancelToken
) -> npt.NDArray[np.uint8]:
    from app.report.surfaces import render_surfaces

    return render_surfaces(
        carm_surfaces(*angles),
        size_px=size_px,
        background=DARK["pane"],
        from_direction=towards,
        up=(0.0, -1.0, 0.0),
        within_mm=(np.array(MIDDLE_MM), HALF_HEIGHT_MM),
    )
