"""The margin's error over every kind of cut and many tumour shapes, against analytic truth. Prints, asserts nothing.

Run as a file: `python tests/benchmarks/bench_margin_kinds.py [--slices 1,2.5,5] [--seed N] [--shapes N] [--markdown]`.
The seed differs from the one that the margin's ± was fitted with. Truth: the least signed distance from dense places
of the analytic cut inside the analytic organ to dense places of the analytic tumour (both within 0.01 mm).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from planning.geometry import Grid, Plane, plane_basis, unit
from planning.liver.margin import CutSurface, measure_margins
from planning.liver.model import LiverModel
from planning.liver.realise import between
from planning.liver.regions import FieldRegion, PlaneRegion, Region
from planning.liver.resection import (
    AblationResection,
    PlaneResection,
    SurfaceResection,
    WedgeResection,
)
from planning.liver.sheet import flat_sheet, pull_sheet
from planning.mesh import SurfaceMesh
from planning.volume import Mask

ORGAN_MM = 62.0
TRUTH_MM = 0.2
SLICES_MM = (1.0, 2.5, 5.0)
ASKED_MM = {1.0: 0.1, 2.5: 0.2, 5.0: 0.4}
SHARE = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A tumour of overlapping ellipsoids: name, and of each its middle, semi-axes and turn."""

    name: str
    parts: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]

    def inside(self, points: np.ndarray) -> np.ndarray:
        """(N,) True inside any part."""
        found = np.zeros(len(points), dtype=bool)
        for center, axes, turn in self.parts:
            found |= (((points - center) @ turn / axes) ** 2).sum(axis=1) <= 1.0
        return found

    def surface(self) -> np.ndarray:
        """(N, 3) places of the surface, about TRUTH_MM apart."""
        places = []
        for number, (center, axes, turn) in enumerate(self.parts):
            count = int(4.0 * np.pi * axes.max() ** 2 / TRUTH_MM**2)
            own = center + (sphere(count) * axes) @ turn.T
            for other, part in enumerate(self.parts):
                if other != number:
                    own = own[~Shape("", (part,)).inside(own)]
            places.append(own)
        return np.concatenate(places)

    @property
    def middle(self) -> np.ndarray:
        """(3,) mean of the parts' middles."""
        return np.mean([center for center, _, _ in self.parts], axis=0)

    @property
    def reach_mm(self) -> float:
        """No place of it is farther from its middle."""
        return max(float(np.linalg.norm(c - self.middle) + a.max()) for c, a, _ in self.parts)


class Truth:
    """Signed distances to an analytic tumour."""

    def __init__(self, shape: Shape) -> None:
        from scipy.spatial import cKDTree

        self.shape = shape
        self.tree = cKDTree(shape.surface())

    def least(self, places: np.ndarray) -> float:
        """The least signed distance of (N, 3) places; the deepest one where the tumour is cut."""
        rough = np.linalg.norm(places - self.shape.middle, axis=1)
        places = places[rough <= rough.min() + 2.0 * self.shape.reach_mm]
        inside = self.shape.inside(places)
        if inside.any():
            distance, _ = self.tree.query(places[inside])
            return -float(distance.max())
        # a few places first: most others are then known to be farther without being measured
        first, _ = self.tree.query(places[::97])
        distance, _ = self.tree.query(places, distance_upper_bound=float(first.min()) + 1e-3)
        # places of the surface lie about TRUTH_MM apart: half-way between them a distance is over-read
        return float(np.sqrt(max(float(distance.min()) ** 2 - TRUTH_MM**2 / 6.0, 0.0)))


def sphere(count: int) -> np.ndarray:
    """(count, 3) unit vectors, evenly spread."""
    numbers = np.arange(count)
    along = 1.0 - 2.0 * (numbers + 0.5) / count
    turn = numbers * np.pi * (3.0 - np.sqrt(5.0))
    beside = np.sqrt(1.0 - along**2)
    return np.stack([beside * np.cos(turn), beside * np.sin(turn), along], axis=1)


def random_turn(generator: np.random.Generator) -> np.ndarray:
    """(3, 3) rotation, all directions equally likely."""
    turn, upper = np.linalg.qr(generator.normal(size=(3, 3)))
    turn = turn * np.sign(np.diag(upper))
    return turn if np.linalg.det(turn) > 0 else turn[:, ::-1]


def shapes(generator: np.random.Generator, count: int) -> Iterator[Shape]:
    """Balls, ellipsoids, lobed ones, touching pieces, and ones at the capsule; radii 2 to 22 mm."""
    straight = np.eye(3)
    for _ in range(count):
        at = generator.uniform(-14.0, 14.0, 3)
        radius = float(np.exp(generator.uniform(np.log(3.0), np.log(20.0))))
        yield Shape("ball", ((at, np.full(3, radius), straight),))
        yield Shape("small ball", ((at, np.full(3, generator.uniform(2.0, 4.0)), straight),))
        yield Shape("ellipsoid", ((at, generator.uniform(4.0, 22.0, 3), random_turn(generator)),))
        lobe = generator.uniform(5.0, 12.0)
        lobes = [
            (
                at + lobe * w * np.array((1.0, 1.0, 1.0)) * 0.8,
                lobe * generator.uniform(0.6, 1.0, 3),
                random_turn(generator),
            )
            for w in [generator.normal(size=3) / 1.8 for _ in range(3)]
        ]
        yield Shape("lobed", tuple(lobes))
        first, second = generator.uniform(3.0, 10.0, 2)
        way = unit(generator.normal(size=3))
        yield Shape(
            "two touching",
            ((at, np.full(3, first), straight), (at + (first + second - 0.2) * way, np.full(3, second), straight)),
        )
        own = generator.uniform(4.0, 14.0)
        yield Shape("at the capsule", (((ORGAN_MM - own) * unit(generator.normal(size=3)), np.full(3, own), straight),))


Scene = tuple[str, Region, np.ndarray]


def net(middle: np.ndarray, normal: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places (N, 2) of a dense plane net and its two axes."""
    u, v = plane_basis(normal)
    side = np.arange(-reach, reach, 0.25)
    a, b = (part.reshape(-1) for part in np.meshgrid(side, side))
    return np.stack([a, b], axis=1), u, v


def ball_mesh(center: np.ndarray, axes: np.ndarray, turn: np.ndarray, step_mm: float) -> SurfaceMesh:
    """A closed outward ellipsoid whose triangles are about a step wide."""
    from planning.liver.regions import EllipsoidRegion

    mesh = EllipsoidRegion(np.zeros(3), np.array((0.0, 0, 1)), 1.0, 1.0).surface(np.zeros((8, 3)), step_mm / axes.max())
    return SurfaceMesh(center + (mesh.points_mm * axes) @ turn.T, mesh.triangles[:, ::-1])


def cuts(
    model: LiverModel, shape: Shape, generator: np.random.Generator, wanted: Callable[[str], bool]
) -> Iterator[Scene]:
    """(kind, region, (N, 3) dense places of the analytic cut) of one tumour; the same whichever kinds are wanted."""

    def way() -> np.ndarray:
        return unit(generator.normal(size=3))

    def beyond(normal: np.ndarray, gap: float) -> np.ndarray:
        reach = max(float((c - shape.middle) @ normal + np.linalg.norm((normal @ t) * a)) for c, a, t in shape.parts)
        return shape.middle + (reach + gap) * normal

    for gap in (generator.uniform(0.5, 12.0), generator.uniform(0.5, 12.0), -generator.uniform(0.5, 2.0)):
        normal = way()
        plane = Plane(beyond(normal, gap), -normal)
        if wanted("plane"):
            places, u, v = net(plane.origin_mm, normal, 60.0)
            yield "plane", PlaneRegion(plane), plane.origin_mm + places[:, :1] * u + places[:, 1:] * v
    for gap in (generator.uniform(1.0, 10.0), generator.uniform(1.0, 10.0)):
        normal = way()
        base = PlaneResection(Plane(beyond(normal, gap), -normal))
        sheet = flat_sheet(base, model.corners_mm, (8, 8))
        for _ in range(4):
            sheet = pull_sheet(sheet, base.plane.origin_mm + generator.normal(size=3) * 18.0, generator.normal() * 5.0)
        if wanted("deformable"):
            (region,) = model.regions([sheet])
            yield "deformable", region, region.surface(model.corners_mm, 0.25).points_mm
    margin, out = generator.uniform(3.0, 10.0), way()
    if wanted("wedge"):
        (region,) = model.regions([WedgeResection(1, margin, out)])
        yield "wedge", region, split(region.surface(model.corners_mm, 1.0), 3)
    # a territory is voxels; its border is flat, or bent about a far middle
    grid = model.organ.box_grid
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    for bent in (False, True):
        normal = way()
        at = beyond(normal, generator.uniform(1.0, 8.0))
        radius = generator.uniform(25.0, 60.0)
        around = at + radius * normal
        kind = "territory, bent" if bent else "territory, flat"
        if not wanted(kind):
            continue
        signed = radius - np.linalg.norm(places - around, axis=1) if bent else (places - at) @ normal
        removed = model.organ.voxels & (signed > 0.0).reshape(grid.shape_kji)
        kept = model.organ.voxels & ~removed
        if not removed.any() or not kept.any():
            continue
        region = FieldRegion.of("territory", grid, between(removed, kept, grid.spacing_mm), removed)
        flat, u, v = net(at, normal, 60.0)
        if bent:
            ball = sphere(int(4.0 * np.pi * radius**2 / 0.3**2))
            yield kind, region, around + radius * ball[ball @ -normal > 0.3]
        else:
            yield kind, region, at + flat[:, :1] * u + flat[:, 1:] * v
    # open surface from a file: a ball's cap, wide
    normal = way()
    at = beyond(normal, generator.uniform(1.0, 8.0))
    side = np.arange(-130.0, 131.0, 2.0)
    u, v = plane_basis(normal)
    a, b = (part.reshape(-1) for part in np.meshgrid(side, side, indexing="ij"))
    wave = generator.uniform(-3.0, 3.0, 2)

    def height(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return wave[0] * np.cos(a / 12.0) + wave[1] * np.sin(b / 15.0) - wave[0]

    from planning.liver.regions import net_triangles

    points = at + a[:, None] * u + b[:, None] * v + height(a, b)[:, None] * normal
    mesh = SurfaceMesh(points, net_triangles(len(side), len(side)))
    if wanted("surface file, open"):
        (region,) = model.regions([SurfaceResection(mesh)])
        yield "surface file, open", region, split(near(mesh, shape, 30.0), 8)
    axes = np.full(3, shape.reach_mm + generator.uniform(2.0, 6.0)) * generator.uniform(0.9, 1.3, 3)
    closed = ball_mesh(shape.middle + generator.normal(size=3) * 1.5, axes, random_turn(generator), 1.0)
    if wanted("surface file, closed"):
        (region,) = model.regions([SurfaceResection(closed)])
        yield "surface file, closed", region, split(closed, 4)
    gap = generator.uniform(2.0, 8.0)
    zone = AblationResection(
        shape.middle + generator.normal(size=3),
        shape.middle + 70.0 * way(),
        shape.reach_mm * 1.2 + gap,
        shape.reach_mm + gap,
    )
    if wanted("ablation"):
        (region,) = model.regions([zone])
        yield "ablation", region, region.surface(model.corners_mm, 0.25).points_mm
    # every place of the cut equally near: the hardest for a least value
    (center, axes, _) = shape.parts[0]
    if len(shape.parts) == 1 and np.ptp(axes) == 0.0:
        gap = generator.uniform(2.0, 8.0)
        zone = AblationResection(center, center + 70.0 * way(), axes[0] + gap, axes[0] + gap)
        if wanted("concentric ablation"):
            (region,) = model.regions([zone])
            yield "concentric ablation", region, region.surface(model.corners_mm, 0.25).points_mm
        if wanted("concentric surface"):
            mesh = ball_mesh(center, axes + gap, np.eye(3), 1.0)
            (region,) = model.regions([SurfaceResection(mesh)])
            yield "concentric surface", region, split(mesh, 4)


def near(mesh: SurfaceMesh, shape: Shape, beyond_mm: float) -> SurfaceMesh:
    """The triangles of a mesh that may hold the nearest place."""
    middle = mesh.points_mm[mesh.triangles].mean(axis=1)
    held = np.linalg.norm(middle - shape.middle, axis=1) <= shape.reach_mm + beyond_mm
    return SurfaceMesh(mesh.points_mm, mesh.triangles[held])


def split(mesh: SurfaceMesh, parts: int) -> np.ndarray:
    """(N, 3) places on triangles, `parts` to each side."""
    corners = mesh.points_mm[mesh.triangles]
    a, b = np.meshgrid(np.arange(parts + 1), np.arange(parts + 1), indexing="ij")
    kept = a + b <= parts
    u, v = a[kept] / parts, b[kept] / parts
    return np.einsum("wc,tcx->twx", np.stack([1.0 - u - v, u, v], axis=1), corners).reshape(-1, 3)


def scenes(
    slice_mm: float, count: int, seed: int, only: str = "", kinds: str = ""
) -> Iterator[tuple[str, str, float, float, float, float]]:
    """Rows of (shape, kind, radius, true, reported, u), all mm. kinds: beginnings of kinds' names, by commas; all."""
    generator = np.random.default_rng(seed)
    for shape in shapes(generator, count):
        in_plane = generator.uniform(0.6, 0.8)
        spacing = np.array((in_plane, in_plane, slice_mm))
        # only as much of the organ as the cuts near the tumour can meet
        reach = min(shape.reach_mm + 22.0, ORGAN_MM + 4.0)
        low = np.maximum(shape.middle - reach, -ORGAN_MM - 4.0) + generator.uniform(-0.5, 0.5, 3) * spacing
        high = np.minimum(shape.middle + reach, ORGAN_MM + 4.0)
        grid = Grid.from_parts(tuple(int(n) for n in np.ceil((high - low) / spacing)), spacing, low)
        places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
        organ = np.linalg.norm(places, axis=1) <= ORGAN_MM
        inside = shape.inside(places)
        if only and only not in shape.name:
            continue
        tumors = [("tumor", Mask.from_full(grid, inside.reshape(grid.shape_kji)))]
        model = LiverModel.prepare(
            organ=[("liver", Mask.from_full(grid, (organ | inside).reshape(grid.shape_kji)))], tumors=tumors
        )
        if len(model.tumors) != 1:
            continue
        truth = Truth(shape)
        box = model.corners_mm.min(axis=0), model.corners_mm.max(axis=0)
        for kind, region, cut in cuts(model, shape, generator, lambda kind: kind.startswith(tuple(kinds.split(",")))):
            held = (np.linalg.norm(cut, axis=1) <= ORGAN_MM) & ((cut >= box[0]) & (cut <= box[1])).all(axis=1)
            if not held.any():
                continue
            (found,) = measure_margins(CutSurface((region,), model.lookup, model.corners_mm), model.targets)
            if found is None:
                continue
            yield (
                shape.name,
                kind,
                model.tumors[0].radius_mm,
                truth.least(cut[held]),
                found.minimum_mm,
                found.uncertainty_mm,
            )


def table(rows: list[tuple[str, str, float, float, float, float]], column: int, slice_mm: float) -> list[str]:
    """One line for each kind or shape: bias, sd, extremes, share at most u above the truth (unsafe side), and within u."""
    lines = []
    for name in sorted({row[column] for row in rows}):
        own = np.array([row[2:] for row in rows if row[column] == name])
        error = own[:, 2] - own[:, 1]
        lines.append(
            f"| {slice_mm:g} | {name} | {len(own)} | {error.mean():+.3f} | {error.std():.3f} | {error.min():+.2f} | "
            f"{error.max():+.2f} | {own[:, 3].mean():.2f} | {100.0 * np.mean(error <= own[:, 3]):.1f} | "
            f"{100.0 * np.mean(np.abs(error) <= own[:, 3]):.1f} |"
        )
    return lines


HEAD = (
    "| slice mm | {} | n | bias | sd | least | greatest | mean ± | not above true + u % | within u % |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Measure and print two tables: by kind of cut and by shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", default="1,2.5,5")
    parser.add_argument("--seed", type=int, default=71)
    parser.add_argument("--shapes", type=int, default=4, help="of each shape")
    parser.add_argument("--only", default="", help="part of a shape's name")
    parser.add_argument("--kinds", default="", help="beginnings of kinds of cut, by commas")
    parser.add_argument("--raw", help="numpy file for all rows")
    arguments = parser.parse_args()
    kinds, forms, kept = [], [], []
    for slice_mm in (float(text) for text in arguments.slices.split(",")):
        rows = list(scenes(slice_mm, arguments.shapes, arguments.seed, arguments.only, arguments.kinds))
        kept += [(slice_mm, *row) for row in rows]
        kinds += table(rows, 1, slice_mm)
        forms += table([row for row in rows if "concentric" not in row[1]], 0, slice_mm)
    print(HEAD.format("cut"), *kinds, "", HEAD.format("tumour"), *forms, sep="\n")
    if arguments.raw:
        np.save(arguments.raw, np.array(kept, dtype=object), allow_pickle=True)


if __name__ == "__main__":
    main()
