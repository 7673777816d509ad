"""How far the sub-voxel tumour surface is off, and the fit of the margin's uncertainty to it.

Run as a file; prints the errors and the fit. `--write` stores the fit in assets/liver_margin_calibration.json.
A margin to a plane is the plane's distance less how far the tumour reaches towards it: its error is that of the reach.
The tumours are balls, ellipsoids, lobed and touching ones of bench_margin_kinds, of another seed than its table. Ends,
where a tumour reaches farther than in any direction beside it, count more than their share: zones and wedges meet them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench_margin_kinds import Shape, shapes
from scipy import sparse
from scipy.optimize import linprog

from planning.geometry import Grid, unit
from planning.liver.margin_spread import (
    CALIBRATION,
    FOLLOWING_POWER,
    LEAST_UNCERTAINTY_MM,
    Bluntness,
    margin_terms,
    margin_uncertainty_mm,
    wall_uncertainty_mm,
)
from planning.liver.realise import between
from planning.liver.regions import FieldRegion
from planning.liver.subvoxel import fit_subvoxel_surface
from planning.liver.tumors import LEAST_VOXELS
from planning.volume import Mask

SLICES_MM = (0.8, 1.0, 1.5, 2.5, 5.0)
SHAPES, DIRECTIONS, FITTED = 16, 400, 24
SHARE = 0.95
TOGETHER, TOGETHER_MM, TOGETHER_WALL = 1.1, 0.02, 0.02
"""Errors about one tumour go together: a seed holds fewer tumours than rows, and another seed was covered by less."""
POLE = 0.9
BESIDE = 20
"""Directions that an end must reach farther than: of 400 those within about 25°."""
ENDS_COUNT = 4
HALVES, FACING = 16, 0.3
WALLS, WALL_HALF_MM = 80, 16.0
WALL_PARTS = np.arange(0.0, 0.31, 0.01)
SEED = 101


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One voxelised tumour. ways: (N, 3) unit directions along the grid's axes; error: (N,) reported less true, mm.

    radius_mm, across_mm: (N,), (N, 3) of the tumour's end in each direction.
    ends: (N,) True where it reaches farther than beside it.
    """

    spacing: np.ndarray
    radius_mm: np.ndarray
    across_mm: np.ndarray
    ways: np.ndarray
    error: np.ndarray
    ends: np.ndarray

    @property
    def slice_mm(self) -> float:
        """Slice thickness."""
        return float(self.spacing[2])

    @property
    def terms(self) -> np.ndarray:
        """(N, 4) what a, cap, bend and edge are multiplied with; see `margin_uncertainty_mm`."""
        return margin_terms(self.spacing, self.radius_mm, self.ways, self.across_mm)

    @property
    def spread_mm(self) -> np.ndarray:
        """(N,) the ± as it stands."""
        return margin_uncertainty_mm(self.spacing, self.radius_mm, self.ways, across_mm=self.across_mm)

    @property
    def fitted(self) -> np.ndarray:
        """Numbers of the directions that are fitted: some of all, those along the axes, and the ends several times."""
        return np.concatenate(
            [np.arange(FITTED), np.flatnonzero(self.straight), np.repeat(np.flatnonzero(self.ends), ENDS_COUNT)]
        )

    @property
    def straight(self) -> np.ndarray:
        """(N,) True for the directions across the slices: a plane may be laid along them."""
        return np.isin(np.arange(len(self.ways)), (DIRECTIONS + 2, DIRECTIONS + 5))


def cases(slice_mm: float, generator: np.random.Generator) -> Iterator[Case]:
    """Every shape on grids of one slice thickness."""
    for shape in shapes(generator, SHAPES):
        in_plane = generator.uniform(0.6, 0.8)
        spacing = np.array((in_plane, in_plane, slice_mm))
        reach = shape.reach_mm + 2.0 * slice_mm + 2.0
        low = shape.middle - reach + generator.uniform(-0.5, 0.5, 3) * spacing
        size = np.ceil(2.0 * reach / spacing).astype(int)
        grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, low)
        points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
        mask = Mask.from_full(grid, shape.inside(points).reshape(grid.shape_kji))
        if mask.voxel_count >= LEAST_VOXELS and shape.name != "at the capsule":
            yield _case(shape, mask, generator)


def _case(shape: Shape, mask: Mask, generator: np.random.Generator) -> Case:
    surface = fit_subvoxel_surface(mask).mesh.points_mm - shape.middle
    ways = generator.normal(size=(DIRECTIONS, 3))
    ways = np.concatenate([ways / np.linalg.norm(ways, axis=1)[:, None], np.eye(3), -np.eye(3)])
    reaches = [
        (center - shape.middle) @ ways.T + np.linalg.norm((ways @ turn) * axes, axis=1)
        for center, axes, turn in shape.parts
    ]
    found = (surface @ ways.T).max(axis=0)
    beside = np.argsort(-(ways @ ways.T), axis=1)[:, :BESIDE]
    end, ends = Bluntness.of(mask), found >= found[beside].max(axis=1)
    radius, across = end.radius_mm(ways), end.across_mm(ways)
    return Case(mask.grid.spacing_mm, radius, across, ways, np.max(reaches, axis=0) - found, ends)


def fitted(measured: list[Case]) -> np.ndarray:
    """Coefficients ≥ 0 of u below which SHARE of the errors lie: quantile regression as a linear program.

    Errors count by the slice thickness that they belong to: thick slices must not drown thin ones.
    """
    weight = [1.0 / case.spacing.max() for case in measured]
    design = np.concatenate([w * case.terms[case.fitted] for w, case in zip(weight, measured, strict=True)])
    error = np.concatenate([w * case.error[case.fitted] for w, case in zip(weight, measured, strict=True)])
    count, terms = design.shape
    cost = np.concatenate([np.zeros(terms), np.full(count, SHARE), np.full(count, 1.0 - SHARE)])
    equal = sparse.hstack([sparse.csr_matrix(design), sparse.identity(count), -sparse.identity(count)]).tocsr()
    answer = linprog(cost, A_eq=equal, b_eq=error, bounds=[(0, None)] * (terms + 2 * count), method="highs")
    return np.asarray(answer.x[:terms])


def covering(fit: np.ndarray, measured: list[Case]) -> np.ndarray:
    """The fit made larger until SHARE of the errors lie below it for each slice thickness, in every part of directions.

    The parts: all, towards the slices, straight across them, and ends. One thickness or direction must not borrow its
    coverage from another.
    """
    factor = 1.0
    for slice_mm in SLICES_MM:
        own = [case for case in measured if case.slice_mm == slice_mm]
        ratio = np.concatenate([case.error / (case.terms @ fit) for case in own])
        towards = np.concatenate([np.abs(case.ways[:, 2]) > POLE for case in own])
        ends = np.concatenate([case.ends for case in own])
        straight = np.concatenate([case.straight for case in own])
        parts = (ratio, ratio[towards], ratio[ends], ratio[straight])
        factor = max(factor, *(float(np.quantile(part, SHARE, method="higher")) for part in parts))
    return TOGETHER * factor * fit + np.array([TOGETHER_MM, 0.0, 0.0, 0.0])


def following(fit: np.ndarray, measured: list[Case], generator: np.random.Generator) -> float:
    """What is added, times the greatest step to FOLLOWING_POWER, where a cut follows the measured surface: the worst place counts.

    A wedge stays equally far from half of the tumour's surface, so that its true margin is off by the greatest of all
    errors there; SHARE of halves are covered.
    """
    extra = [0.0]
    for slice_mm in SLICES_MM:
        own = []
        for case in measured:
            if case.slice_mm == slice_mm:
                more = case.error - np.maximum(case.terms @ fit, LEAST_UNCERTAINTY_MM)
                out = generator.normal(size=(3, HALVES))
                facing = case.ways @ (out / np.linalg.norm(out, axis=0)) < FACING
                worst = np.where(facing, more[:, None], -np.inf).max(axis=0)
                own += list(worst / case.spacing.max() ** FOLLOWING_POWER)
        extra.append(float(np.quantile(own, SHARE, method="higher")))
    return max(extra)


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """One wall between voxels. way: (3,) along the grid's axes towards it; error: reported less true, mm."""

    spacing: np.ndarray
    way: np.ndarray
    error: float


def walls(slice_mm: float, generator: np.random.Generator) -> Iterator[Wall]:
    """Flat and bent walls before balls, whose own surface is exact; a third of them nearly along the voxels' faces."""
    for number in range(WALLS):
        in_plane = generator.uniform(0.6, 0.8)
        spacing = np.array((in_plane, in_plane, slice_mm))
        normal = unit(generator.normal(size=3))
        if number % 3 == 0:
            normal = unit(np.eye(3)[generator.integers(3)] + 0.05 * generator.normal(size=3))
        low = -WALL_HALF_MM + generator.uniform(-0.5, 0.5, 3) * spacing
        size = np.ceil(2.0 * WALL_HALF_MM / spacing).astype(int)
        grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, low)
        places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
        bent = generator.uniform(25.0, 60.0)
        signed = bent - np.linalg.norm(places - bent * normal, axis=1) if number % 2 else places @ normal
        removed = (signed > 0.0).reshape(grid.shape_kji)
        mesh = FieldRegion.of("territory", grid, between(removed, ~removed, spacing), removed).mesh
        points = np.concatenate([mesh.points_mm, mesh.points_mm[mesh.triangles].mean(axis=1)])
        # the distances that a wall is made of are not known beyond the grid
        points = points[np.abs(points).max(axis=1) < WALL_HALF_MM - slice_mm / 2.0]
        for radius, gap in ((3.0, 1.0), (3.0, 6.0), (10.0, 1.0), (10.0, 6.0)):
            away = points - generator.choice((-1.0, 1.0)) * (radius + gap) * normal
            distance = np.linalg.norm(away, axis=1)
            nearest = int(distance.argmin())
            yield Wall(spacing, away[nearest], float(distance[nearest]) - radius - gap)


def wall_part(measured: dict[float, list[Wall]]) -> float:
    """The least share of a slanting step below which, with half a step of a straight one, SHARE of the walls lie.

    For each slice thickness on its own. `wall_uncertainty_mm` with the stored share is linear in it.
    """
    stored = json.loads(_stored().read_text(encoding="utf-8"))["fit"]["wall"]

    def held(own: list[Wall], part: float) -> float:
        more = [(part - stored) * float((w.way / np.linalg.norm(w.way)) ** 2 @ w.spacing) for w in own]
        spread = [wall_uncertainty_mm(w.spacing, w.way) for w in own]
        return float(np.mean([w.error <= u + m for w, u, m in zip(own, spread, more, strict=True)]))

    least = next(part for part in WALL_PARTS if all(held(own, part) >= SHARE for own in measured.values()))
    return float(least) + TOGETHER_WALL


def _stored() -> Path:
    return Path(__file__).parents[2] / "assets" / CALIBRATION


def main() -> None:
    """Measure, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the fit")
    parser.add_argument("--seed", type=int, default=SEED, help="another one tries the fit that is stored")
    arguments = parser.parse_args()
    generator = np.random.default_rng(arguments.seed)
    measured: list[Case] = []
    print(
        "slice mm   bias    sd     p95   worst   mean ±   now covers %, towards the slices, at ends, straight across; both sides %"
    )
    for slice_mm in SLICES_MM:
        own = list(cases(slice_mm, generator))
        measured += own
        error = np.concatenate([case.error for case in own])
        spread = np.concatenate([case.spread_mm for case in own])
        towards = np.concatenate([np.abs(case.ways[:, 2]) > POLE for case in own])
        ends = np.concatenate([case.ends for case in own])
        straight = np.concatenate([case.straight for case in own])
        covered, both = error <= spread, np.abs(error) <= spread
        print(
            f"{slice_mm:8.1f} {error.mean():+.3f}  {error.std():.3f}  {np.quantile(error, SHARE):+.3f}  "
            f"{np.abs(error).max():.3f}    {spread.mean():.2f}    {100 * covered.mean():.1f}   "
            f"{100 * covered[towards].mean():.1f}   {100 * covered[ends].mean():.1f}   "
            f"{100 * covered[straight].mean():.1f}   {100 * both.mean():.1f}"
        )
    print("walls: slice mm   bias    sd     p95   now covers %")
    found_walls = {slice_mm: list(walls(slice_mm, generator)) for slice_mm in SLICES_MM}
    for slice_mm, standing in found_walls.items():
        error = np.array([wall.error for wall in standing])
        covered = error <= [wall_uncertainty_mm(wall.spacing, wall.way) for wall in standing]
        print(
            f"{slice_mm:15.1f} {error.mean():+.3f}  {error.std():.3f}  {np.quantile(error, SHARE):+.3f}  "
            f"{100 * covered.mean():.1f}"
        )
    found = covering(fitted(measured), measured)
    halves = following(found, measured, np.random.default_rng(arguments.seed + 1))
    rounded = [float(np.ceil(value * 1e4) / 1e4) for value in (*found, halves)]
    fit = dict(zip(("a_mm", "cap", "bend", "edge", "following"), rounded, strict=True))
    fit["wall"] = wall_part(found_walls)
    print(f"fit of u: {fit}")
    if arguments.write:
        path = _stored()
        path.write_text(json.dumps({"fit": fit}) + "\n", encoding="utf-8")
        print(f"stored in {path.name}")


if __name__ == "__main__":
    main()
