"""Length and least diameter of vessels against their truth at 0.6 mm voxels. Run as a file; prints, asserts nothing."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from roots import make_tube

from planning.vessel.plan import make_vessel_plan

T = np.linspace(0.0, 1.0, 3000)


def _straight(length: float) -> np.ndarray:
    return np.stack([0.2 + 0.25 * length * T, -0.1 + 0.1 * length * T, 0.96 * length * T], axis=1)


def _arc(radius: float, turn: float) -> np.ndarray:
    return np.stack([radius * np.cos(turn * T), radius * np.sin(turn * T), 0.13 + 4.0 * T], axis=1)


def _helix(radius: float, rise: float, turns: float) -> np.ndarray:
    angle = 2.0 * np.pi * turns * T
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), rise * turns * T], axis=1)


def _along(curve: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])


def _narrowed(curve: np.ndarray, radius: float, depth: float, width: float) -> np.ndarray:
    away = _along(curve) - 0.5 * _along(curve)[-1]
    return radius * (1.0 - depth * np.exp(-((away / width) ** 2)))


CURVES = {
    "straight 8 mm": (_straight(55.0), lambda c: np.full(len(c), 4.0), {}),
    "straight 4 mm": (_straight(50.0), lambda c: np.full(len(c), 2.0), {}),
    "arc, 45 % stenosis": (_arc(35.0, 1.6), lambda c: _narrowed(c, 3.5, 0.45, 5.0), {}),
    "arc, short 50 %": (_arc(35.0, 1.6), lambda c: _narrowed(c, 4.0, 0.5, 2.5), {}),
    "helix 6.5 mm": (_helix(14.0, 30.0, 1.2), lambda c: np.full(len(c), 3.25), {}),
    "helix, 60 % stenosis": (_helix(14.0, 40.0, 0.9), lambda c: _narrowed(c, 4.0, 0.6, 7.0), {}),
    "30 HU noise": (_arc(35.0, 1.6), lambda c: _narrowed(c, 3.5, 0.4, 5.0), {"noise_hu": 30.0}),
    "aorta 22 mm": (_arc(60.0, 1.0), lambda c: np.full(len(c), 11.0), {}),
}


def main() -> None:
    """One line for each vessel, then the worst."""
    print(f"{'case':22} {'length %':>9} {'least mm':>9} {'of mm':>6} {'s':>6}")
    rows = []
    for number, (name, (curve, make_radius, options)) in enumerate(CURVES.items()):
        radius = make_radius(curve)
        volume = make_tube(curve, radius, seed=200 + number, **options)
        first, last = (int(np.searchsorted(_along(curve), at)) for at in (5.0, _along(curve)[-1] - 5.0))
        start = time.perf_counter()
        plan = make_vessel_plan(volume, curve[first], curve[last])
        seconds = time.perf_counter() - start
        length = _along(curve)[last] - _along(curve)[first]
        least = 2.0 * float(radius[first:last].min())
        rows.append((100.0 * (plan["length_mm"] / length - 1.0), plan["minimum"]["min_diameter_mm"] - least))
        print(f"{name:22} {rows[-1][0]:+9.2f} {rows[-1][1]:+9.3f} {least:6.2f} {seconds:6.1f}")
    worst = np.abs(np.array(rows)).max(axis=0)
    print(f"{'worst':22} {worst[0]:9.2f} {worst[1]:9.3f}")
    print(f"{'asked':22} {1.0:9.2f} {0.3:9.3f}")


if __name__ == "__main__":
    main()
