"""The window's font: Inter in three static cuts, tabular figures everywhere."""

from __future__ import annotations

import functools
import importlib.resources

from PySide6.QtGui import QFont, QFontDatabase

FAMILY = "Inter"
BASE_PX = 13
WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}


@functools.cache
def load_fonts() -> None:
    """Add the bundled cuts to Qt after QApplication was made; a second call adds none again, which lays all text out anew."""
    for cut in ("Regular", "Medium", "SemiBold"):
        data = importlib.resources.files("assets").joinpath(f"fonts/Inter-{cut}.ttf").read_bytes()
        QFontDatabase.addApplicationFontFromData(data)


def font(size_px: int = BASE_PX, weight: int = 400, text_scale_percent: int = 100) -> QFont:
    """Inter at a size in logical pixels (scaled by the text scale) and a weight of 400, 500 or 600."""
    made = QFont(FAMILY)
    made.setPixelSize(max(1, round(size_px * text_scale_percent / 100)))
    made.setWeight(WEIGHTS[weight])
    # without it 1111 is narrower than 8888 and live numbers jump
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
