"""The annulus from given hinges against analytic roots: asked and reached. Run as a file; prints, asserts nothing."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from roots import make_root

from planning.geometry import detector_direction
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs
from planning.tavr.plan import make_tavr_plan

CASES = [
    ("0.5 mm, 20 HU", (12.0, 10.0, (0.5, 0.5, 0.5), 20.0), {}),
    ("0.6 mm, steep", (14.0, 10.5, (0.6, 0.6, 0.8), 20.0), {"tilt_deg": 55.0}),
    ("1 mm slices", (12.5, 9.5, (0.6, 0.6, 1.0), 20.0), {"tilt_deg": 35.0}),
    ("wide blur", (13.0, 10.5, (0.6, 0.6, 0.8), 15.0), {"blur_mm": 0.9}),
    ("wide blur, thin wall", (12.0, 10.0, (0.6, 0.6, 0.8), 15.0), {"blur_mm": 0.9, "wall_mm": 1.1}),
    ("thin wall in fat", (12.0, 9.5, (0.5, 0.5, 0.6), 20.0), {"wall_mm": 1.0, "blur_mm": 0.6}),
    ("no wall, muscle", (12.5, 10.0, (0.6, 0.6, 0.6), 20.0), {"wall_mm": 0.0, "outside_hu": 50.0}),
    ("250 HU", (13.0, 11.0, (0.6, 0.6, 0.8), 20.0), {"lumen_hu": 250.0}),
    ("600 HU", (11.0, 9.0, (0.5, 0.5, 0.6), 30.0), {"lumen_hu": 600.0}),
    ("small", (9.5, 8.0, (0.5, 0.5, 0.5), 20.0), {}),
    ("trefoil", (12.5, 10.5, (0.5, 0.5, 0.6), 15.0), {"dent": 0.02}),
]
HEAD = f"{'case':22} {'area %':>7} {'min mm':>7} {'max mm':>7} {'views °':>8} {'covered':>8} {'s':>5}"


def _row(name: str, volume: object, hinges: np.ndarray, normal: np.ndarray, truth: object) -> tuple[float, ...]:
    start = time.perf_counter()
    plan = make_tavr_plan(volume, TavrInputs(hinges_mm=hinges))  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    annulus, spread = plan["annulus"], plan["annulus"]["uncertainty"]
    names = ("area_mm2", "min_diameter_mm", "max_diameter_mm")
    area, least, most = (annulus[key] - getattr(truth, key) for key in names)
    covered = all(abs(off) <= spread[key] for off, key in zip((area, least, most), names, strict=True))
    views = [*plan["projections"]["s_curve"], plan["projections"]["three_cusp"], plan["projections"]["cusp_overlap"]]
    miss = max(abs(float(detector_direction(view["lao_deg"], view["cra_deg"]) @ normal)) for view in views)
    percent, degrees = 100.0 * area / truth.area_mm2, float(np.degrees(np.arcsin(miss)))  # type: ignore[attr-defined]
    print(
        f"{name:22} {percent:+7.2f} {least:+7.3f} {most:+7.3f} {degrees:8.4f} {'yes' if covered else 'NO':>8} {seconds:5.1f}"
    )
    return percent, least, most, degrees


def main() -> None:
    """One line for each root, then the worst."""
    print(HEAD)
    rows = []
    for number, (name, sizes, options) in enumerate(CASES):
        root = make_root(*sizes, seed=100 + number, **options)
        rows.append(_row(name, root.volume, root.hinges_mm, root.normal, root.truth))
    phantom = cardiac_phantom(root_only=True)
    truth = phantom.truth
    rows.append(_row("sample case's root", phantom.volume, truth.hinges_mm, truth.normal, truth))
    worst = np.abs(np.array(rows)).max(axis=0)
    print(f"{'worst':22} {worst[0]:7.2f} {worst[1]:7.3f} {worst[2]:7.3f} {worst[3]:8.4f}")
    print(f"{'asked':22} {1.0:7.2f} {0.2:7.3f} {0.2:7.3f} {0.5:8.4f}")


if __name__ == "__main__":
    main()
