"""Resection volumes, margins and their sum against ellipsoids. Run as a file; prints, asserts nothing."""

from __future__ import annotations

import time

import numpy as np

from planning.geometry import Grid, Plane
from planning.liver.plan import PlaneResection, make_liver_plan
from planning.volume import Mask

ORGAN_MM = np.array((85.0, 60.0, 52.0))
SPACINGS = ((0.8, 0.8, 0.8), (0.8, 0.8, 1.0), (1.0, 1.0, 1.0), (0.7, 0.7, 1.5), (0.7, 0.7, 2.5))
CASES_EACH = 4


def _turn(generator: np.random.Generator) -> np.ndarray:
    turn, _ = np.linalg.qr(generator.normal(size=(3, 3)))
    return turn if np.linalg.det(turn) > 0 else -turn


def _ellipsoid(grid: Grid, center: np.ndarray, turn: np.ndarray, axes: np.ndarray) -> Mask:
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T) - center
    return Mask.from_full(grid, (((points @ turn) / axes) ** 2).sum(axis=1).reshape(grid.shape_kji) <= 1.0)


def _above(center: np.ndarray, turn: np.ndarray, axes: np.ndarray, plane: Plane) -> float:
    """Volume of the part of an ellipsoid on the normal's side, ml."""
    reach = np.linalg.norm((turn.T @ plane.normal) * axes)
    at = float(np.clip((plane.origin_mm - center) @ plane.normal / reach, -1.0, 1.0))
    return float(4.0 / 3.0 * np.pi * axes.prod() / 1000.0 * (2.0 - 3.0 * at + at**3) / 4.0)


def main() -> None:
    """One line for each voxel size, then the worst."""
    print(f"{'voxels mm':16} {'removed %':>10} {'kept %':>8} {'margin mm':>10} {'sum exact':>10} {'s':>5}")
    worst = np.zeros(3)
    for number, spacing in enumerate(SPACINGS):
        rows, exact, seconds = [], True, 0.0
        for case in range(CASES_EACH):
            generator = np.random.default_rng(10 * number + case)
            frame = _turn(generator)
            size = tuple(int(180.0 / step) for step in spacing)
            grid = Grid.from_parts(size, spacing, generator.uniform(-50, 50, 3), frame)
            center, lie, tumor_axes = grid.center_mm, _turn(generator), generator.uniform(6.0, 16.0, 3)
            tumor_turn = _turn(generator)
            tumor_center = center + lie @ (generator.uniform(-0.35, 0.35, 3) * ORGAN_MM)
            normal = generator.normal(size=3)
            normal /= np.linalg.norm(normal)
            gap = generator.uniform(1.0, 12.0)
            reach = float(np.linalg.norm((tumor_turn.T @ normal) * tumor_axes))
            plane = Plane(tumor_center - (reach + gap) * normal, normal)
            organ = _ellipsoid(grid, center, lie, ORGAN_MM)
            tumor = _ellipsoid(grid, tumor_center, tumor_turn, tumor_axes)
            start = time.perf_counter()
            plan = make_liver_plan(
                organ=[("liver", organ)], tumors=[("tumor", tumor)], resections=[PlaneResection(plane)]
            )
            seconds += time.perf_counter() - start
            removed = _above(center, lie, ORGAN_MM, plane)
            whole = 4.0 / 3.0 * np.pi * ORGAN_MM.prod() / 1000.0
            rows.append(
                (
                    100.0 * (plan["removed_ml"] / removed - 1.0),
                    100.0 * (plan["kept_ml"] / (whole - removed) - 1.0),
                    plan["margin"]["minimum_mm"] - gap,
                )
            )
            exact &= plan["removed_ml"] + plan["kept_ml"] == plan["organ_ml"]
        most = np.abs(np.array(rows)).max(axis=0)
        if max(spacing) <= 1.0:
            worst = np.maximum(worst, most)
        name = " × ".join(f"{step:g}" for step in spacing)
        print(
            f"{name:16} {most[0]:10.3f} {most[1]:8.3f} {most[2]:10.3f} {'yes' if exact else 'NO':>10} "
            f"{seconds / CASES_EACH:5.2f}"
        )
    print(f"{'worst to 1 mm':16} {worst[0]:10.3f} {worst[1]:8.3f} {worst[2]:10.3f}")
    print(f"{'asked':16} {0.5:10.3f} {0.5:8.3f} {0.2:10.3f} {'yes':>10}")


if __name__ == "__main__":
    main()
