"""The probe: mean and SD of the voxels in a small disc under the hand, in the pane's plane; a click keeps the same numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from planning.geometry import FloatArray, Vector
from planning.units import THIN_SPACE
from planning.volume import Volume
from viewers.language import text_value, tr
from viewers.pane_chrome import value_decimals
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import PaneLook, TextPainter, TextStyle

TEXT_GAP_PX, TOP_PX = 12.0, 34.0


def probe_reading(volume: Volume, position_mm: Vector, normal: Vector) -> tuple[str, str]:
    """("431 HU  SD 22", "Ø 4 mm, 74 voxels"); "–" where the disc lies outside the scan."""
    from planning.measure.regions import PROBE_RADIUS_MM, probe_glance

    found = probe_glance(volume, position_mm, normal)
    if found is None:
        return "–", tr("outside")
    mean, spread, count = found
    decimals = value_decimals(mean, volume.quantity)
    unit = f"{THIN_SPACE}{volume.quantity}" if volume.quantity else ""
    beside = "" if spread is None else f"  SD {text_value(spread, decimals)}"
    return (
        f"{text_value(mean, decimals)}{unit}{beside}",
        tr("Ø {size} mm, %n voxel(s)", "", count, size=f"{2 * PROBE_RADIUS_MM:g}").replace(" mm", f"{THIN_SPACE}mm"),
    )


def draw_probe(
    painter: QPainter,
    texts: TextPainter,
    look: PaneLook,
    geometry: PaneGeometry,
    place: FloatArray,
    reading: tuple[str, str],
) -> None:
    """The disc in its true size, hollow, with its numbers beside it."""
    from planning.measure.regions import PROBE_RADIUS_MM

    radius = PROBE_RADIUS_MM / geometry.mm_per_px
    center = QPointF(*place.tolist())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((look.halo_color(0.8), 3.0), (QColor(look.text), 1.0)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(center, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    strong, soft = TextStyle(look.text, 13.0, 600), TextStyle(look.text_soft, 12.0, 500)
    wide = max(texts.width(reading[0], strong), texts.width(reading[1], soft))
    is_right = place[0] + radius + TEXT_GAP_PX + wide <= geometry.width - 6
    x = place[0] + radius + TEXT_GAP_PX if is_right else place[0] - radius - TEXT_GAP_PX
    line = texts.height(strong) + 2
    y = min(max(float(place[1]) + radius * 0.7, TOP_PX), geometry.height - 2 * line - 40)
    align = "left" if is_right else "right"
    texts.draw(painter, QPointF(float(x), y), reading[0], strong, align)
    texts.draw(painter, QPointF(float(x), y + line), reading[1], soft, align)
