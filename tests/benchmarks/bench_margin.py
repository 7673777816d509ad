"""How far the sub-voxel tumour surface is off, and the fit of the margin's uncertainty to it.

Run as a file; prints the errors and the fit. `--write` stores the fit in assets/liver_margin_calibration.json.
Two errors are measured: how far a tumour reaches in a direction, which is the error of a margin to a plane, and how far
single places of the true surface lie outside the measured one, which is that of a cut that bends around the tumour.
The tumours are balls, ellipsoids, lobed and touching ones of bench_margin_kinds, of other seeds than its table.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench_margin_kinds import Shape, shapes, sphere
from scipy import sparse
from scipy.optimize import linprog

from planning.geometry import Grid, unit
from planning.liver.margin import MarginTarget
from planning.liver.margin_spread import (
    CALIBRATION,
    LEAST_UNCERTAINTY_MM,
    following_terms,
    margin_terms,
    margin_uncertainty_mm,
    wall_uncertainty_mm,
)
from planning.liver.realise import between
from planning.liver.regions import FieldRegion
from planning.liver.tumors import find_tumors
from planning.volume import Mask

SLICES_MM = (0.8, 1.0, 1.5, 2.5, 5.0)
SHAPES, DIRECTIONS, FITTED = 10, 400, 30
PLACES = 900
SHARE, FOLLOWING_SHARE = 0.95, 0.99
"""A wedge of a ball is never to be below what was asked; of odd tumours SHARE are held, which is more of all wedges."""
TOGETHER, TOGETHER_MM, TOGETHER_WALL, TOGETHER_FOLLOWING = 1.1, 0.02, 0.02, 1.3
"""Errors about one tumour go together: a seed holds fewer tumours than rows, and another seed was covered by less."""
POLE = 0.9
BESIDE = 20
"""Directions that an end must reach farther than: of 400 those within about 25°."""
ENDS_COUNT = 3
HALVES, FACING = 16, 0.3
WALLS, WALL_HALF_MM = 80, 16.0
WALL_PARTS = np.arange(0.0, 0.31, 0.01)
SEEDS = "101,202"
ROUND, ODD = ("ball", "small ball"), (("ellipsoid",), ("lobed", "two touching"))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One voxelised tumour. ways: (N, 3) unit directions along the grid's axes; error: (N,) reported less true, mm.

    ends: (N,) True where it reaches farther than beside it. place_ways: (M, 3) directions in which places of the true
    surface look; sunk: (M,) how far they lie outside the measured one, mm. terms, place_terms: (N, 4), (M, 4) what a,
    cap, bend and odd are multiplied with. spread_mm: (N,) the ± as it stands.
    """

    name: str
    spacing: np.ndarray
    oddness: float
    ways: np.ndarray
    error: np.ndarray
    ends: np.ndarray
    place_ways: np.ndarray
    sunk: np.ndarray
    terms: np.ndarray
    place_terms: np.ndarray
    spread_mm: np.ndarray

    @property
    def slice_mm(self) -> float:
        """Slice thickness."""
        return float(self.spacing[2])

    @property
    def towards(self) -> np.ndarray:
        """(N,) True for the directions towards the slices."""
        return np.asarray(np.abs(self.ways[:, 2]) > POLE)

    @property
    def straight(self) -> np.ndarray:
        """(N,) True for the directions across the slices: a plane may be laid along them."""
        return np.isin(np.arange(len(self.ways)), (DIRECTIONS + 2, DIRECTIONS + 5))

    def sunk_more(self, fit: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """(HALVES,) the most that a place sinks beyond its ±, over the halves of the surface that wedges follow."""
        out = generator.normal(size=(3, HALVES))
        facing = self.place_ways @ (out / np.linalg.norm(out, axis=0)) < FACING
        more = self.sunk - np.maximum(self.place_terms @ fit, LEAST_UNCERTAINTY_MM)
        return np.asarray(np.where(facing, more[:, None], -np.inf).max(axis=0))


def cases(slice_mm: float, seed: int) -> Iterator[Case]:
    """Every shape on grids of one slice thickness."""
    generator = np.random.default_rng([seed, int(10.0 * slice_mm)])
    for shape in shapes(generator, SHAPES):
        if shape.name == "at the capsule":
            continue
        in_plane = generator.uniform(0.6, 0.8)
        spacing = np.array((in_plane, in_plane, slice_mm))
        reach = shape.reach_mm + 2.0 * slice_mm + 2.0
        low = shape.middle - reach + generator.uniform(-0.5, 0.5, 3) * spacing
        size = np.ceil(2.0 * reach / spacing).astype(int)
        grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, low)
        points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
        mask = Mask.from_full(grid, shape.inside(points).reshape(grid.shape_kji))
        tumors, _ = find_tumors([("tumor", mask)])
        if len(tumors) == 1:
            yield _case(shape, MarginTarget.of(tumors[0]), generator)


def _case(shape: Shape, target: MarginTarget, generator: np.random.Generator) -> Case:
    spacing, form = target.tumor.mask.grid.spacing_mm, target.form
    ways = generator.normal(size=(DIRECTIONS, 3))
    ways = np.concatenate([ways / np.linalg.norm(ways, axis=1)[:, None], np.eye(3), -np.eye(3)])
    reaches = [
        (center - shape.middle) @ ways.T + np.linalg.norm((ways @ turn) * axes, axis=1)
        for center, axes, turn in shape.parts
    ]
    found = ((target.surface.mesh.points_mm - shape.middle) @ ways.T).max(axis=0)
    beside = np.argsort(-(ways @ ways.T), axis=1)[:, :BESIDE]
    ends = found >= found[beside].max(axis=1)
    places, place_ways = _places(shape)
    sunk, _ = target.nearest(places)
    terms, place_terms = (
        margin_terms(spacing, form.radius_mm(each), each, target.oddness) for each in (ways, place_ways)
    )
    spread = margin_uncertainty_mm(spacing, form.radius_mm(ways), ways, oddness=target.oddness)
    error = np.max(reaches, axis=0) - found
    return Case(shape.name, spacing, target.oddness, ways, error, ends, place_ways, sunk, terms, place_terms, spread)


def _places(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """Places of the true surface (M, 3) and the unit directions in which they look."""
    places, ways = [], []
    for number, (center, axes, turn) in enumerate(shape.parts):
        ball = sphere(PLACES)
        own, way = center + (ball * axes) @ turn.T, (ball / axes) @ turn.T
        others = [part for other, part in enumerate(shape.parts) if other != number]
        free = ~Shape("", tuple(others)).inside(own)
        places.append(own[free])
        ways.append(way[free] / np.linalg.norm(way[free], axis=1)[:, None])
    return np.concatenate(places), np.concatenate(ways)


def fitted(measured: Sequence[Case], generator: np.random.Generator) -> np.ndarray:
    """Coefficients ≥ 0 of a, cap and bend below which SHARE of the errors lie: quantile regression as a linear program.

    Errors count by the slice thickness that they belong to: thick slices must not drown thin ones. Ends count more than
    their share: zones and wedges meet them.
    """
    rows, errors = [], []
    for case in measured:
        ends = np.repeat(np.flatnonzero(case.ends), ENDS_COUNT)
        chosen = np.concatenate([np.arange(FITTED), np.flatnonzero(case.straight), ends])
        places = generator.integers(0, len(case.sunk), FITTED)
        rows.append(np.concatenate([case.terms[chosen, :3], case.place_terms[places, :3]]) / case.slice_mm)
        errors.append(np.concatenate([case.error[chosen], case.sunk[places]]) / case.slice_mm)
    design, error = np.concatenate(rows), np.concatenate(errors)
    count, terms = design.shape
    cost = np.concatenate([np.zeros(terms), np.full(count, SHARE), np.full(count, 1.0 - SHARE)])
    equal = sparse.hstack([sparse.csr_matrix(design), sparse.identity(count), -sparse.identity(count)]).tocsr()
    answer = linprog(cost, A_eq=equal, b_eq=error, bounds=[(0, None)] * (terms + 2 * count), method="highs")
    return np.asarray(answer.x[:terms])


def quantile(parts: Sequence[np.ndarray], share: float = SHARE) -> float:
    """The least value that a share of all parts' values do not exceed."""
    return float(np.quantile(np.concatenate(parts), share, method="higher"))


def covering(fit: np.ndarray, own: Sequence[Case]) -> float:
    """The factor that the fit of round tumours needs so that SHARE of the errors lie below it, in every part of them.

    The parts: all directions, those towards the slices, those straight across them, and places. None must borrow its
    coverage from another.
    """
    ratio = [case.error / (case.terms[:, :3] @ fit) for case in own]
    places = [case.sunk / (case.place_terms[:, :3] @ fit) for case in own]
    towards = [each[case.towards] for case, each in zip(own, ratio, strict=True)]
    straight = [each[case.straight] for case, each in zip(own, ratio, strict=True)]
    return max(quantile(parts) for parts in (ratio, towards, straight, places))


def odd_part(fit: np.ndarray, own: Sequence[Case]) -> float:
    """What odd tumours of one kind need beside the fit of round ones, for their directions and places."""
    reach = [(case.error - case.terms[:, :3] @ fit) / case.terms[:, 3] for case in own]
    places = [(case.sunk - case.place_terms[:, :3] @ fit) / case.place_terms[:, 3] for case in own]
    return max(quantile(reach), quantile(places))


def following(fit: np.ndarray, measured: Sequence[Case], seed: int) -> tuple[float, float]:
    """What is added where a cut follows the measured surface, for round tumours and for odd ones: the worst place counts.

    A wedge stays equally far from half of the tumour's surface, so that its true margin is off by the greatest of all
    errors there; FOLLOWING_SHARE and SHARE of halves are covered.
    """
    generator = np.random.default_rng(seed)
    more = [(case, case.sunk_more(fit, generator), following_terms(case.spacing, case.oddness)) for case in measured]

    def needed(names: tuple[str, ...], part: Callable[[np.ndarray, np.ndarray], np.ndarray], share: float) -> float:
        by_slice = [
            [part(sunk, terms) for case, sunk, terms in more if case.slice_mm == slice_mm and case.name in names]
            for slice_mm in SLICES_MM
        ]
        return max(0.0, *(quantile(own, share) for own in by_slice if own))

    plain = needed(ROUND, lambda sunk, terms: sunk / terms[0], FOLLOWING_SHARE)
    return plain, max(needed(names, lambda sunk, terms: (sunk - plain * terms[0]) / terms[1], SHARE) for names in ODD)


def whole_fit(measured: Sequence[Case], seed: int) -> dict[str, float]:
    """Round tumours give a, cap and bend, the others what is added for oddness, all of them what wedges add."""
    slices = sorted({case.slice_mm for case in measured})
    round_ones = [case for case in measured if case.name in ROUND]
    fit = fitted(round_ones, np.random.default_rng(seed))
    fit *= max(covering(fit, [case for case in round_ones if case.slice_mm == slice_mm]) for slice_mm in slices)
    odd = max(
        odd_part(fit, [case for case in measured if case.slice_mm == slice_mm and case.name in names])
        for slice_mm in slices
        for names in ODD
    )
    full = TOGETHER * np.array([*fit, max(odd, 0.0)]) + np.array([TOGETHER_MM, 0.0, 0.0, 0.0])
    values = (*full, *(TOGETHER_FOLLOWING * part for part in following(full, measured, seed)))
    keys = ("a_mm", "cap", "bend", "odd", "following", "following_odd")
    return {key: float(np.ceil(value * 1e4) / 1e4) for key, value in zip(keys, values, strict=True)}


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """One wall between voxels. way: (3,) along the grid's axes towards it; error: reported less true, mm."""

    spacing: np.ndarray
    way: np.ndarray
    error: float


def walls(slice_mm: float, seed: int) -> Iterator[Wall]:
    """Flat and bent walls before balls, whose own surface is exact; a third of them nearly along the voxels' faces."""
    generator = np.random.default_rng([seed, int(10.0 * slice_mm), 1])
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
    parser.add_argument("--seeds", default=SEEDS, help="other ones try the fit that is stored")
    parser.add_argument("--slices", default=",".join(f"{slice_mm:g}" for slice_mm in SLICES_MM))
    arguments = parser.parse_args()
    seeds = [int(text) for text in arguments.seeds.split(",")]
    slices = [float(text) for text in arguments.slices.split(",")]
    measured: list[Case] = []
    print(
        "slice mm   bias    sd     p95   worst   mean ±   "
        "now covers %, towards the slices, at ends, straight across, places; both sides %"
    )
    for slice_mm in slices:
        own = [case for seed in seeds for case in cases(slice_mm, seed)]
        measured += own
        print(_line(slice_mm, own))
    print("walls: slice mm   bias    sd     p95   now covers %")
    found_walls = {slice_mm: [wall for seed in seeds for wall in walls(slice_mm, seed)] for slice_mm in slices}
    for slice_mm, standing in found_walls.items():
        error = np.array([wall.error for wall in standing])
        covered = error <= [wall_uncertainty_mm(wall.spacing, wall.way) for wall in standing]
        print(
            f"{slice_mm:15.1f} {error.mean():+.3f}  {error.std():.3f}  {np.quantile(error, SHARE):+.3f}  "
            f"{100 * covered.mean():.1f}"
        )
    fit = {**whole_fit(measured, seeds[0]), "wall": wall_part(found_walls)}
    print(f"fit of u: {fit}")
    if arguments.write:
        path = _stored()
        path.write_text(json.dumps({"fit": fit}) + "\n", encoding="utf-8")
        print(f"stored in {path.name}")


def _line(slice_mm: float, own: Sequence[Case]) -> str:
    """What the ± that is stored holds at one slice thickness."""
    fit = json.loads(_stored().read_text(encoding="utf-8"))["fit"]
    stored = np.array([fit[key] for key in ("a_mm", "cap", "bend", "odd")])
    error, spread = (np.concatenate([getattr(case, key) for case in own]) for key in ("error", "spread_mm"))
    parts = [np.concatenate([getattr(case, key) for case in own]) for key in ("towards", "ends", "straight")]
    places = [case.sunk <= np.maximum(case.place_terms @ stored, LEAST_UNCERTAINTY_MM) for case in own]
    covered, both = error <= spread, np.abs(error) <= spread
    shares = [covered.mean(), *(covered[part].mean() for part in parts), np.concatenate(places).mean(), both.mean()]
    return (
        f"{slice_mm:8.1f} {error.mean():+.3f}  {error.std():.3f}  {np.quantile(error, SHARE):+.3f}  "
        f"{np.abs(error).max():.3f}    {spread.mean():.2f}    " + "   ".join(f"{100 * share:.1f}" for share in shares)
    )


if __name__ == "__main__":
    main()
