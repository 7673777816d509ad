"""How far the sub-voxel tumour surface is off, and the fit of the margin's uncertainty to it.

Run as a file; prints the errors and the fit. `--write` stores the fit in assets/liver_margin_calibration.json.
A margin to a plane is the plane's distance less how far the tumour reaches towards it: its error is that of the reach.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

from planning.geometry import Grid
from planning.liver.margin import CALIBRATION, margin_uncertainty_mm
from planning.liver.subvoxel import fit_subvoxel_surface
from planning.volume import Mask

SLICES_MM = (0.8, 1.0, 1.5, 2.5, 5.0)
IN_PLANE_MM = 0.8
ELLIPSOIDS, DIRECTIONS = 40, 60
ASKED_MM = {0.8: 0.2, 1.0: 0.2}
SHARE = 0.95


def random_turn(generator: np.random.Generator) -> np.ndarray:
    """(3, 3) rotation, all directions equally likely."""
    turn, upper = np.linalg.qr(generator.normal(size=(3, 3)))
    turn = turn * np.sign(np.diag(upper))
    return turn if np.linalg.det(turn) > 0 else turn[:, ::-1]


def errors(slice_mm: float, generator: np.random.Generator) -> np.ndarray:
    """(N, 2) rows: radius of the ball of the same volume, reported less true margin; both mm."""
    rows = []
    spacing = np.array((IN_PLANE_MM, IN_PLANE_MM, slice_mm))
    for _ in range(ELLIPSOIDS):
        axes, turn = generator.uniform(5.0, 22.0, 3), random_turn(generator)
        size = np.ceil(2.0 * (axes.max() + 3.0 * slice_mm) / spacing).astype(int)
        grid = Grid.from_parts(tuple(int(n) for n in size), spacing)
        center = grid.center_mm + generator.uniform(-0.5, 0.5, 3) * spacing
        points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T) - center
        inside = ((points @ turn / axes) ** 2).sum(axis=1).reshape(grid.shape_kji) <= 1.0
        surface = fit_subvoxel_surface(Mask.from_full(grid, inside)).mesh.points_mm - center
        normals = generator.normal(size=(DIRECTIONS, 3))
        normals /= np.linalg.norm(normals, axis=1)[:, None]
        true = np.linalg.norm((normals @ turn) * axes, axis=1)
        found = (surface @ normals.T).max(axis=0)
        rows.append(np.stack([np.full(DIRECTIONS, np.cbrt(axes.prod())), true - found], axis=1))
    return np.concatenate(rows)


def fitted(slices: np.ndarray, radii: np.ndarray, error: np.ndarray) -> dict[str, float]:
    """a, b, c ≥ 0 of u = a + b·h + c·h²/r below which SHARE of the errors lie: quantile regression as a linear program."""
    design = np.stack([np.ones_like(slices), slices, slices**2 / radii], axis=1)
    count = len(error)
    cost = np.concatenate([np.zeros(3), np.full(count, SHARE), np.full(count, 1.0 - SHARE)])
    equal = np.hstack([design, np.eye(count), -np.eye(count)])
    answer = linprog(cost, A_eq=equal, b_eq=error, bounds=[(0, None)] * (3 + 2 * count), method="highs")
    return dict(zip(("a_mm", "b", "c"), (round(float(v), 4) for v in answer.x[:3]), strict=True))


def covering(fit: dict[str, float], measured: dict[float, np.ndarray]) -> dict[str, float]:
    """The fit with `a_mm` raised until SHARE of the errors lie below it at each slice thickness, not only on the whole.

    measured: slice thickness in mm → rows of `errors`. One thickness must not borrow its coverage from another.
    """
    lacking = [0.0]
    for slice_mm, rows in measured.items():
        step_mm = max(slice_mm, IN_PLANE_MM)
        below = fit["a_mm"] + fit["b"] * step_mm + fit["c"] * step_mm**2 / rows[:, 0]
        lacking.append(float(np.quantile(rows[:, 1] - below, SHARE, method="higher")))
    return {**fit, "a_mm": float(np.ceil((fit["a_mm"] + max(lacking)) * 1000.0) / 1000.0)}


def main() -> None:
    """Measure, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the fit")
    arguments = parser.parse_args()
    generator = np.random.default_rng(20)
    print("slice mm   bias    sd     p95   worst   asked   now covers %")
    slices, radii, error = [], [], []
    measured: dict[float, np.ndarray] = {}
    for slice_mm in SLICES_MM:
        rows = measured[slice_mm] = errors(slice_mm, generator)
        step = np.array((IN_PLANE_MM, IN_PLANE_MM, slice_mm))
        covered = np.mean([off <= margin_uncertainty_mm(step, radius) for radius, off in rows])
        asked = ASKED_MM.get(slice_mm)
        print(
            f"{slice_mm:8.1f} {rows[:, 1].mean():+.3f}  {rows[:, 1].std():.3f}  {np.quantile(rows[:, 1], 0.95):+.3f}  "
            f"{np.abs(rows[:, 1]).max():.3f}   {'–' if asked is None else asked}    {100 * covered:.1f}"
        )
        # a third of the rows is enough for the fit and keeps it quick
        slices += [max(slice_mm, IN_PLANE_MM)] * len(rows[::3])
        radii += list(rows[::3, 0])
        error += list(rows[::3, 1])
    fit = covering(fitted(np.array(slices), np.array(radii), np.array(error)), measured)
    print(f"fit of u = a + b·h + c·h²/r: {fit}")
    if arguments.write:
        path = Path(__file__).parents[2] / "assets" / CALIBRATION
        path.write_text(json.dumps({"fit": fit}) + "\n", encoding="utf-8")
        print(f"stored in {path.name}")


if __name__ == "__main__":
    main()
