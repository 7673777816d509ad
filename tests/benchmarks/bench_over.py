"""CPU milliseconds of drawing another image over a slice: own work only. Prints, asserts nothing.

Run: python tests/benchmarks/bench_over.py. A pane of 620 × 500; the CT of 512³ is a large second scan, the PET of
168 × 168 × 120 lies on a coarser, shifted grid.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from planning.geometry import Grid
from planning.volume import Volume
from viewers.over_layer import OverLayer
from viewers.overlay import OverItem
from viewers.pane_geometry import PaneGeometry, pane_geometry
from viewers.view_state import ViewState

PANE_PX = (620, 500)
FRAMES = 25


def median_ms(frame: Callable[[int], object]) -> float:
    """Median of the thread's own CPU time over some frames."""
    taken = []
    for number in range(FRAMES):
        start = time.thread_time()
        frame(number)
        taken.append(1000.0 * (time.thread_time() - start))
    return float(np.median(taken))


def main() -> None:
    """Print a line for each image and plane."""
    random = np.random.default_rng(0)
    grid = Grid.from_parts((512, 512, 512), (0.7, 0.7, 0.7))
    coarse = Grid.from_parts((168, 168, 120), (2.5, 2.5, 3.0), (-10.0, -10.0, -5.0))
    images = {
        "CT 512": (Volume(grid, random.integers(-1000, 1000, grid.shape_kji, dtype=np.int16)), 400.0),
        "PET 168": (Volume(coarse, random.random(coarse.shape_kji, dtype=np.float32) * 8), 8.0),
    }
    for name, (volume, window) in images.items():
        item = OverItem(volume=volume, name=name, colors="hot", opacity=0.5, window=window, level=window / 2)
        for pane in ("axial", "coronal", "sagittal"):
            layer = OverLayer()

            def at(number: int, pane: str = pane) -> PaneGeometry:
                place = 178.0 + 0.7 * number
                return pane_geometry(ViewState(cross_mm=(place, place, place)), pane, grid, *PANE_PX, 1.0)

            moving = median_ms(lambda number, layer=layer, item=item, at=at: layer.picture(item, at(number)))
            here = at(0)
            layer.picture(item, here)
            fading = median_ms(
                lambda number, layer=layer, item=item, here=here: layer.picture(
                    replace(item, opacity=0.3 + 0.01 * number), here
                )
            )
            print(f"{name:8} {pane:9} slice change {moving:5.1f} ms   opacity {fading:4.1f} ms")


if __name__ == "__main__":
    main()
