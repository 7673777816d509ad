"""Diameters of made-up vessels against their truth, and how often their ± holds it. Run as a file: [first seed] [count].

Tubes of 3.4 to 18 mm, straight, bent or wound, with and without a narrowing, in any direction; voxels of 0.4 to 0.9 mm in
plane and 0.5 to 2.5 mm across, blur of 0.35 to 0.8 mm, noise of 5 to 35 HU, before fat or muscle. Each is drawn twice as
fine in each direction, blurred and averaged. Prints; asserts nothing.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

sys.path.insert(0, str(Path(__file__).parent))

from bench_vessel import _along, _arc, _helix, _narrowed, _straight

from planning.errors import MeasurementError
from planning.geometry import Grid
from planning.vessel.plan import make_vessel_plan
from planning.volume import Volume

FINER, APART_MM = 2, 6.0


def make_vessel(rng: np.random.Generator) -> tuple[Volume, np.ndarray, np.ndarray]:
    """(image, (N, 3) curve, (N,) radii)."""
    kind = int(rng.integers(5))
    widest = float(np.exp(rng.uniform(np.log(1.7), np.log(5.0 if kind == 2 else 9.0))))
    bend = max(35.0, 3.0 * widest)
    curve = [_straight(60.0), _arc(bend, 60.0 / bend), _helix(14.0, 35.0, 0.9), _straight(60.0), _arc(60.0, 1.0)][kind]
    radius = np.full(len(curve), widest)
    if rng.random() < 0.6:
        radius = _narrowed(curve, widest, rng.uniform(0.1, 0.55), rng.uniform(2.5, 9.0))
    curve = curve @ Rotation.random(random_state=int(rng.integers(1 << 30))).as_matrix()
    across, along = rng.uniform(0.4, 0.9), float(rng.choice([0.5, 0.6, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5]))
    spacing = np.array([across, across, along])
    low, high = curve.min(0) - widest - 8.0, curve.max(0) + widest + 8.0
    grid = Grid.from_parts(tuple(int(n) for n in np.ceil((high - low) / spacing)), tuple(spacing), tuple(low))
    fine = Grid.from_parts(
        tuple(n * FINER for n in grid.size_ijk),
        tuple(spacing / FINER),
        tuple(low - spacing / 2 + spacing / 2 / FINER),
    )
    points = fine.to_world(np.indices(fine.shape_kji).reshape(3, -1)[::-1].T)
    away, nearest = cKDTree(curve[::4]).query(points, distance_upper_bound=widest + 12.0)
    near = np.minimum(nearest, len(curve[::4]) - 1)
    rim = np.where(np.isfinite(away), away, widest + 12.0) - radius[::4][near]

    def cover(distance: np.ndarray) -> np.ndarray:
        return 0.5 * (1.0 - np.tanh(distance / 0.15))

    blood, outside = rng.uniform(220.0, 450.0), float(rng.choice([-90.0, 45.0]))
    drawn = outside + (60.0 - outside) * cover(rim - rng.uniform(1.0, 2.0)) + (blood - 60.0) * cover(rim)
    blurred = ndimage.gaussian_filter(drawn.reshape(fine.shape_kji), rng.uniform(0.35, 0.8) / (spacing[::-1] / FINER))
    k, j, i = grid.shape_kji
    voxels = blurred.reshape(k, FINER, j, FINER, i, FINER).mean((1, 3, 5))
    noise = ndimage.gaussian_filter(rng.normal(size=voxels.shape), 0.6)
    voxels = voxels + noise / noise.std() * rng.uniform(5.0, 35.0)
    return Volume(grid, np.round(voxels).astype(np.int16)), curve, radius


def main() -> None:
    """Bias, scatter and how often ± holds, of both extremes and of all sections."""
    first, count = (int(word) for word in (sys.argv[1:3] if len(sys.argv) > 2 else ("0", "100")))
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    refused = 0
    for seed in range(first, first + count):
        volume, curve, radius = make_vessel(np.random.default_rng(seed))
        along = _along(curve)
        start, end = np.searchsorted(along, (APART_MM, along[-1] - APART_MM))
        try:
            plan = make_vessel_plan(volume, curve[start], curve[end])
        except MeasurementError as error:
            refused += 1
            print(f"seed {seed}: {error.what}")
            continue
        part, tree = radius[start:end], cKDTree(curve)
        for key, width, true in (
            ("minimum", "min_diameter_mm", part.min()),
            ("maximum", "max_diameter_mm", part.max()),
        ):
            found[f"{key} of the vessel"].append((plan[key][width] - 2.0 * true, plan[key]["uncertainty_mm"]))
        for row in plan["stations"]:
            true = 2.0 * radius[tree.query(row["position_mm"])[1]]
            for width in ("min_diameter_mm", "area_diameter_mm", "max_diameter_mm") if row["closed"] else ():
                found[f"{width} of sections"].append((row[width] - true, row["uncertainty_mm"]))
    print(f"{count - refused} vessels measured, {refused} refused")
    print(f"{'what':30} {'n':>6} {'bias mm':>8} {'sd':>6} {'mean ±':>7} {'held %':>7}")
    for name, pairs in found.items():
        error, unsure = np.array(pairs).T
        held = 100.0 * float((np.abs(error) <= unsure).mean())
        print(f"{name:30} {len(error):6} {error.mean():+8.3f} {error.std():6.3f} {unsure.mean():7.2f} {held:7.1f}")


if __name__ == "__main__":
    main()
