"""A dragged hinge: how long every number takes, and how far the quick ones are from the plan's. Prints, asserts nothing."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from roots_b import make_root_b

from planning.geometry import FloatArray
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs
from planning.tavr.live import LiveRoot
from planning.tavr.plan import make_tavr_plan
from planning.volume import Volume

MOVES_MM = (0.0, 0.5, 1.0, 2.0)
REPEATS = 10
NUMBERS = {
    "annulus mm²": ("annulus", "area_mm2"),
    "P mm": ("annulus", "perimeter_mm"),
    "min mm": ("annulus", "min_diameter_mm"),
    "max mm": ("annulus", "max_diameter_mm"),
    "LVOT 4 mm²": ("lvot", 2, "area_mm2"),
    "sinus mm": ("sinuses", "mean_mm"),
    "STJ mm": ("stj", "mean_diameter_mm"),
    "STJ height": ("stj", "height_mm"),
    "left height": ("coronaries", "left_height_mm"),
    "calcium mm³": ("calcium", "total_mm3"),
}


def _number(plan: object, path: tuple[object, ...]) -> float:
    for key in path:
        try:
            plan = plan[key]  # type: ignore[index]
        except (IndexError, KeyError, TypeError):
            return float("nan")
    return float("nan") if plan is None else float(plan)  # type: ignore[arg-type]


def _compare(name: str, volume: Volume, hinges: FloatArray) -> None:
    start = time.perf_counter()
    live = LiveRoot.prepare(volume, TavrInputs(hinges_mm=hinges))
    print(f"{name}: prepared in {time.perf_counter() - start:.1f} s")
    print(f"{'moved':>6} {'ms':>5} {'CPU':>5} {'plan s':>6}  " + "  ".join(f"{key:>15}" for key in NUMBERS))
    for move in MOVES_MM:
        moved = hinges + move / np.sqrt(3.0) * np.random.default_rng(7).normal(size=(3, 3))
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter(), time.process_time()
            quick = live.measure(moved)
            times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
        start = time.perf_counter()
        settled = make_tavr_plan(volume, TavrInputs(hinges_mm=moved))
        seconds = time.perf_counter() - start
        wall_ms, cpu_ms = 1000.0 * np.median(times, axis=0)
        cells = [
            f"{_number(settled, path):8.2f}{_number(quick, path) - _number(settled, path):+7.2f}"
            for path in NUMBERS.values()
        ]
        print(f"{move:6.1f} {wall_ms:5.0f} {cpu_ms:5.0f} {seconds:6.1f}  " + "  ".join(cells))
    print(f"{'asked':>6} {100:5d}")


def main() -> None:
    """The sample case's root and one of the second generator."""
    phantom = cardiac_phantom(root_only=True)
    _compare("sample case's root", phantom.volume, np.array(phantom.truth.hinges_mm))
    root = make_root_b(3, 0.8, 20.0)
    _compare("second generator, 0.8 mm", root.volume, root.hinges_mm)


if __name__ == "__main__":
    main()
