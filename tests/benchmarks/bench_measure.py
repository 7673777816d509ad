"""CPU milliseconds of what measuring by hand does while the hand moves: values of regions, ± of numbers, places of words.

Prints medians of own work, asserts nothing. Run with QT_QPA_PLATFORM=offscreen: python tests/benchmarks/bench_measure.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from planning.geometry import FloatArray, Grid, plane_basis, unit
from planning.measure.kinds import curve_mm
from planning.measure.regions import region_mean, region_readings
from planning.measure.spread import with_spread
from planning.volume import Volume
from viewers.measures import measure_items
from viewers.overlay import PaneContent
from viewers.pane_look import PaneLook
from viewers.slice_pane import SlicePane
from viewers.view_state import ViewModel, ViewState, vec

TIMES, PANE_PX, MEASURED = 15, (620, 500), 20
PLANES = {"straight": (0.0, 0.0, 1.0), "oblique": (0.4, -0.3, 1.0), "diagonal": (1.0, 1.0, 1.0)}
NOTHING = np.empty((0, 3))


def median_ms(work: Callable[[], object]) -> float:
    """Median CPU time of a call."""
    spent = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        spent.append(1000.0 * (time.process_time() - start))
    return float(np.median(spent))


def oval(normal: FloatArray, radius_mm: float) -> tuple[FloatArray, FloatArray]:
    """Points and outline of an ellipse about the middle."""
    right, down = plane_basis(normal)
    ends = np.array([-right, right, -0.7 * down, 0.7 * down]) * radius_mm
    outline = curve_mm("oval", ends)
    assert outline is not None
    return ends, outline


def main() -> None:
    """Print all rows."""
    grid = Grid.from_parts((320, 320, 240), (0.7, 0.7, 0.9), (-112.0, -112.0, -108.0))
    volume = Volume(grid, np.random.default_rng(0).normal(80, 20, grid.shape_kji).astype(np.int16))
    for name, direction in PLANES.items():
        normal = unit(direction)
        for radius in (10.0, 40.0):
            points, outline = oval(normal, radius)
            mean = median_ms(lambda outline=outline, normal=normal: region_mean(volume, outline, normal))
            whole = median_ms(lambda outline=outline, normal=normal: region_readings(volume, outline, normal))
            print(
                f"{name:9} region of {np.pi * 0.7 * radius**2:5.0f} mm²: mean {mean:6.2f} ms, all numbers {whole:6.2f} ms"
            )
    points, outline = oval(unit(PLANES["oblique"]), 20.0)
    print(f"± of an ellipse's numbers  {median_ms(lambda: with_spread('oval', points, grid)):6.2f} ms")
    print(f"± of a drawn outline       {median_ms(lambda: with_spread('freehand', outline, grid)):6.2f} ms")
    paint(volume)


def paint(volume: Volume) -> None:
    """A pane's picture with and without measurements."""
    application = QApplication.instance() or QApplication([])
    rng = np.random.default_rng(1)
    items = []
    for number in range(MEASURED):
        ends = np.array([(*rng.uniform(-60, 60, 2), 0.0), (*rng.uniform(-60, 60, 2), 0.0)])
        items += measure_items(f"D {number}", "distance", ends, np.eye(3)[2], NOTHING, "#E9EDF1")
    planes = {"axial": "#FF7B6E", "coronal": "#4CCFA2", "sagittal": "#FFD45E", "3d": "#9AA8B6"}
    look = PaneLook(
        accent="#62ADFF",
        text="#E9EDF1",
        text_soft="#AAB5C0",
        halo="#000000",
        warn="#F7C04A",
        plane_colors=planes,
        font_family="sans-serif",
    )
    pane = SlicePane("axial", ViewModel(ViewState(cross_mm=vec((0.0, 0.0, 0.0)))), look)
    pane.resize(*PANE_PX)
    for words, shown in (("without measurements", ()), (f"with {MEASURED} distances", tuple(items))):
        pane.set_content(PaneContent(volume=volume, items=shown))
        pane.grab_picture()
        print(f"pane {words:22} {median_ms(pane.grab_picture):6.2f} ms")
    application.processEvents()


if __name__ == "__main__":
    main()
