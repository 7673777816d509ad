"""How far the distance and the contact between a tumour and a vessel are off, and what share their ± holds. Prints.

Tubes of 1.5 to 5 mm radius beside balls of 4 to 15 mm, every direction, on grids of four slice thicknesses.
"""

from __future__ import annotations

import numpy as np
from bench_margin_kinds import sphere
from scipy.spatial import cKDTree

from planning.geometry import Grid, unit
from planning.liver.margin import MarginTarget
from planning.liver.neighbours import CONTACT_MM, _faces, contact_uncertainty_mm, wall_mm
from planning.liver.tumors import find_tumors
from planning.volume import Mask

SLICES_MM = (1.0, 1.5, 2.5, 5.0)
PHANTOMS = 60
LEAST_CM2 = 0.05


def measured(slice_mm: float, generator: np.random.Generator) -> np.ndarray | None:
    """(6,) error of the distance and its ±, true contact, error of the contact and its ±; None where nothing is left."""
    in_plane = generator.uniform(0.6, 0.8)
    spacing = np.array((in_plane, in_plane, slice_mm))
    ball, tube, gap = generator.uniform(4.0, 15.0), generator.uniform(1.5, 5.0), generator.uniform(0.0, 6.0)
    axis = unit(generator.normal(size=3))
    beside = unit(np.cross(axis, generator.normal(size=3)))
    middle = generator.uniform(-0.5, 0.5, 3) * spacing
    line = middle + (ball + gap + tube) * beside

    def to_wall(places: np.ndarray) -> np.ndarray:
        away = places - line
        return np.linalg.norm(away - (away @ axis)[:, None] * axis, axis=1) - tube

    reach = ball + gap + 2.0 * tube + 5.0
    size = np.ceil(2.0 * reach / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, np.full(3, -reach))
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    inside = np.linalg.norm(places - middle, axis=1) <= ball
    vessel = (to_wall(places) <= 0.0) & ~inside
    tumors, _ = find_tumors([("tumor", Mask.from_full(grid, inside.reshape(grid.shape_kji)))])
    if len(tumors) != 1 or not vessel.any():
        return None
    target = MarginTarget.of(tumors[0])
    wall = wall_mm(Mask.from_full(grid, vessel.reshape(grid.shape_kji)))
    wall = wall[np.linalg.norm(wall, axis=1) < reach - 1.0]
    distance, on_tumor = target.nearest(wall)
    best = int(distance.argmin())
    spread = contact_uncertainty_mm(target, wall[best] - on_tumor[best])
    true_cm2 = float((to_wall(middle + ball * sphere(8000)) <= CONTACT_MM).mean()) * 4.0 * np.pi * ball**2 / 100.0
    centers, areas = _faces(target)
    away, _ = cKDTree(wall).query(centers)
    less, contact, more = (float(areas[away <= CONTACT_MM + by].sum()) / 100.0 for by in (-spread, 0.0, spread))
    return np.array([distance[best] - gap, spread, true_cm2, contact - true_cm2, max(more - contact, contact - less)])


def main() -> None:
    """One line for each slice thickness."""
    print("slice mm  distance: bias    sd   mean ±  held %   contact cm²: mean   bias    sd   mean ±  held %")
    for slice_mm in SLICES_MM:
        generator = np.random.default_rng(round(10 * slice_mm) + 1)
        rows = np.array([row for _ in range(PHANTOMS) if (row := measured(slice_mm, generator)) is not None])
        touching = rows[rows[:, 2] > LEAST_CM2]
        print(
            f"{slice_mm:8.1f}  {rows[:, 0].mean():+14.2f} {rows[:, 0].std():6.2f} {rows[:, 1].mean():6.2f} "
            f"{100.0 * np.mean(np.abs(rows[:, 0]) <= rows[:, 1]):8.0f} {touching[:, 2].mean():18.2f} "
            f"{touching[:, 3].mean():+7.2f} {touching[:, 3].std():5.2f} {touching[:, 4].mean():6.2f} "
            f"{100.0 * np.mean(np.abs(touching[:, 3]) <= touching[:, 4]):7.0f}"
        )


if __name__ == "__main__":
    main()
