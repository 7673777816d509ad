"""A portal-venous CT of the upper abdomen with liver tumours whose shape is known exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from planning.geometry import FloatArray, Grid, Vector, frozen_array
from planning.phantoms import hepatic_anatomy as anatomy
from planning.phantoms import hepatic_surroundings as around
from planning.phantoms.growth import GrowingTree, spread_points
from planning.phantoms.scene import Scene, cut, scanned
from planning.phantoms.shapes import Canvas, Field, ellipsoid
from planning.phantoms.skeleton import paint_ribs, paint_spine
from planning.phantoms.tube import smooth_line
from planning.progress import CancelToken, Progress, no_progress, work_told
from planning.volume import Mask, Volume

FIELD_MM = (346.0, 270.0, 225.0)
LIVER_HU, PORTAL_HU, HEPATIC_HU, CAVA_HU, AORTA_HU = 112.0, 178.0, 168.0, 158.0, 166.0
NOISE_HU = 12.0
# voxels reckoned for each voxel of the grid until the phantom is made
WORK = 23.3
POINT_SPREAD_MM = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class TruthEllipsoid:
    """A tumour: center (3,) LPS mm, radii (3,) mm along the unit columns of `axes` (3, 3)."""

    center_mm: Vector
    radii_mm: Vector
    axes: FloatArray

    @property
    def volume_ml(self) -> float:
        """4/3·π·abc."""
        return float(4.0 / 3.0 * np.pi * np.prod(self.radii_mm) / 1000.0)

    @property
    def longest_diameter_mm(self) -> float:
        """Twice the greatest radius."""
        return float(2.0 * self.radii_mm.max())


@dataclass(frozen=True, slots=True, eq=False)
class HepaticTruth:
    """What is known exactly: the tumours, in the order of `tumor_1`, `tumor_2`, …"""

    tumors: tuple[TruthEllipsoid, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HepaticPhantom:
    """The CT, its structures (the liver holds its vessels and tumours), and the truth."""

    volume: Volume
    structures: Mapping[str, Mask]
    truth: HepaticTruth


def hepatic_phantom(
    *,
    seed: int = 0,
    spacing_mm: tuple[float, float, float] = (0.8, 0.8, 1.25),
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> HepaticPhantom:
    """A phantom of 346×270×225 mm; one seed, one patient, to the voxel.

    structures: liver, portal_vein, hepatic_veins, vena_cava, tumor_1 …, gallbladder, spleen, kidney_left,
    kidney_right, aorta, stomach. A voxel belongs to a structure when its centre does. Raises Cancelled.
    """
    generator = np.random.default_rng(seed)
    spacing = np.asarray(spacing_mm, dtype=np.float64)
    size = tuple(int(n) for n in np.rint(np.array(FIELD_MM) / spacing))
    grid = Grid.from_parts((size[0], size[1], size[2]), spacing, -(np.array(size) - 1) / 2.0 * spacing)
    canvas = Canvas(grid, told=work_told(WORK, progress, cancel))
    scene = Scene(canvas, generator, step_mm=2.2, bends=((3.2, 30.0), (1.0, 10.0)))
    organs = anatomy.make_organs(generator)
    tumors = _make_tumors(generator)
    structures: dict[str, Mask] = {}
    around.paint_trunk(scene, organs)
    around.paint_lungs(scene, organs, generator)
    paint_spine(canvas, generator)
    paint_ribs(canvas, anatomy.RIBS_XY)
    around.paint_neighbours(scene, organs, AORTA_HU, structures)
    _paint_liver(scene, organs, tumors, generator, structures)
    voxels = scanned(
        canvas, generator, point_spread_mm=POINT_SPREAD_MM, noise_hu=NOISE_HU, middle_xy=np.array((0.0, 0.0))
    )
    return HepaticPhantom(Volume(grid, voxels), MappingProxyType(structures), HepaticTruth(tumors))


def _make_tumors(generator: np.random.Generator) -> tuple[TruthEllipsoid, ...]:
    plan = (
        ((-94.0, 26.0, 36.0), (19.0, 16.0, 21.0), 3.0),
        ((-72.0, -44.0, 14.0), (9.5, 8.0, 11.0), 3.0),
        ((38.0, -46.0, 38.0), (7.0, 8.5, 6.5), 1.5),
    )
    return tuple(
        TruthEllipsoid(
            frozen_array(np.array(center) + generator.uniform(-shift, shift, 3)),
            frozen_array(np.array(radii) * generator.uniform(0.93, 1.07, 3)),
            frozen_array(anatomy.rotation(generator, 60.0)),
        )
        for center, radii, shift in plan
    )


def _paint_liver(
    scene: Scene,
    organs: anatomy.Organs,
    tumors: tuple[TruthEllipsoid, ...],
    generator: np.random.Generator,
    structures: dict[str, Mask],
) -> None:
    canvas = scene.canvas
    cava_line = np.array(
        [(-20.0, 24.0, -115.0), (-20.0, 22.0, -20.0), (-19.0, 21.0, 40.0), (-12.0, 12.0, 92.0), (-8.0, 6.0, 115.0)]
    )
    line, radius = smooth_line(cava_line, (10.5, 10.5, 11.5, 12.5, 13.0))
    cava = scene.tube(line, radius)
    slow, mottled = scene.noise(7.0), scene.noise(3.4)
    liver = cut(scene.field(organs.liver), cava - np.float32(0.8))
    for tumor in tumors:
        held = ellipsoid(tumor.center_mm, tumor.radii_mm, tumor.axes)
        liver = np.minimum(liver, scene.straight_field(held) - np.float32(1.5))
    scene.paint(liver, LIVER_HU + 2.0 * slow + 1.6 * mottled)
    portal, hepatic = _grow_trees(scene, liver, tumors, generator)
    trunk = np.array([(8.0, -2.0, -114.0), (7.0, 0.0, -80.0), (5.0, 4.0, -52.0)])
    splenic = np.array([(5.0, 4.0, -52.0), (34.0, 12.0, -32.0), (60.0, 20.0, -14.0), (82.0, 26.0, 4.0)])
    lines = [smooth_line(trunk, (5.0, 5.4, 6.6)), smooth_line(splenic, (5.6, 4.4, 4.0, 3.6))]
    portal_parts = [portal, *((p[:-1], p[1:], r[:-1], r[1:]) for p, r in lines)]
    portal_field, portal_at = canvas.tube_distance(*_segments(portal_parts))
    hepatic_field, hepatic_at = canvas.tube_distance(*hepatic)
    canvas.paint_distance(hepatic_field, hepatic_at, HEPATIC_HU)
    scene.paint(cava, CAVA_HU + 6.0 * slow)
    canvas.paint_distance(portal_field, portal_at, PORTAL_HU)
    fine_texture = scene.at(mottled)
    for number, tumor in enumerate(tumors, start=1):
        shape = ellipsoid(tumor.center_mm, tumor.radii_mm, tumor.axes)
        reach = float(tumor.radii_mm.max()) + 4.0
        box = ((tumor.center_mm - reach).tolist(), (tumor.center_mm + reach).tolist())
        distance, at = canvas.distance(shape, box)
        canvas.paint_distance(distance, at, 84.0 + 4.0 * fine_texture[at])
        canvas.paint_distance(distance + 0.35 * float(tumor.radii_mm.min()) + 1.1 * fine_texture[at], at, 62.0)
        structures[f"tumor_{number}"] = _ellipsoid_mask(canvas.grid, tumor)
    gallbladder = scene.field(organs.gallbladder)
    scene.paint(gallbladder, 46.0)
    scene.paint(gallbladder + 1.6, 8.0)
    portal_mask = canvas.mask(portal_field, portal_at)
    hepatic_voxels = canvas.mask(hepatic_field, hepatic_at).full()
    cava_mask = scene.mask(cava)
    hepatic_voxels[cava_mask.box_kji] &= ~cava_mask.voxels
    hepatic_voxels[portal_mask.box_kji] &= ~portal_mask.voxels
    structures["liver"] = scene.mask(liver)
    structures["portal_vein"] = portal_mask
    structures["hepatic_veins"] = Mask.from_full(canvas.grid, hepatic_voxels)
    structures["vena_cava"] = cava_mask
    structures["gallbladder"] = scene.mask(gallbladder)


def _segments(parts: Sequence[tuple[FloatArray, ...]]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Starts, ends and radii of several trees as one."""
    starts, ends, first, last = (np.concatenate(part) for part in zip(*parts, strict=True))
    return starts, ends, first, last


def _ellipsoid_mask(grid: Grid, tumor: TruthEllipsoid) -> Mask:
    """Voxels whose centre lies in the ellipsoid, in float64."""
    corners = np.array([tumor.center_mm - tumor.radii_mm.max() - 2.0, tumor.center_mm + tumor.radii_mm.max() + 2.0])
    low, high = np.rint(grid.to_index(corners)).astype(int)
    axes = [np.arange(first, last + 1) for first, last in zip(low, high, strict=True)]
    index = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    inside = ((((grid.to_world(index) - tumor.center_mm) @ tumor.axes) / tumor.radii_mm) ** 2).sum(axis=-1) <= 1.0
    return Mask(grid, (int(low[0]), int(low[1]), int(low[2])), np.ascontiguousarray(inside.transpose(2, 1, 0)))


Segments = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _grow_trees(
    scene: Scene, liver: Field, tumors: tuple[TruthEllipsoid, ...], generator: np.random.Generator
) -> tuple[Segments, Segments]:
    """Portal and hepatic vein segments that fill the liver, keep apart and go round the tumours."""
    x, y, z = scene.straight
    deep = liver < -6.0
    for tumor in tumors:
        deep = deep & (ellipsoid(tumor.center_mm, tumor.radii_mm, tumor.axes)(x, y, z) > 5.0)
    inside = np.argwhere(deep)
    inside = inside[generator.permutation(len(inside))[:20_000]]
    candidates = np.stack(
        [x.reshape(-1)[inside[:, 2]], y.reshape(-1)[inside[:, 1]], z.reshape(-1)[inside[:, 0]]], axis=1
    ).astype(np.float64)
    lesions = np.concatenate([_shell_points(tumor) for tumor in tumors])
    portal = GrowingTree.from_stems([*anatomy.portal_stems(generator), *anatomy.portal_segment_stems(generator)])
    first_portal = int(np.linalg.norm(portal.array() - portal.points[0], axis=1).argmin()) + 13
    veins = [GrowingTree.from_stems(stems) for stems in anatomy.hepatic_stems(generator)]
    stem_counts = (len(portal.points), *(len(vein.points) for vein in veins))
    targets = spread_points(candidates, 260, generator)
    vein_nodes = np.concatenate([vein.array() for vein in veins])
    for round_number in range(4):
        part = targets[round_number * 65 : (round_number + 1) * 65]
        portal.grow(part[::2], np.concatenate([lesions, vein_nodes]), 3.2, first_portal)
        for vein in veins:
            others = np.concatenate([lesions, portal.array(), *(v.array() for v in veins if v is not vein)])
            own = part[1::2]
            gaps = [np.linalg.norm(own[:, None] - v.array(), axis=2).min(axis=1) for v in veins]
            mine = own[np.argmin(gaps, axis=0) == next(n for n, v in enumerate(veins) if v is vein)]
            vein.grow(mine, others, 3.2, 3)
        vein_nodes = np.concatenate([vein.array() for vein in veins])
    portal_segments = portal.segments(0.95, 2.6, stem_counts[0])
    hepatic_segments = [vein.segments(1.0, 2.4, count) for vein, count in zip(veins, stem_counts[1:], strict=True)]
    merged = tuple(np.concatenate(part) for part in zip(*hepatic_segments, strict=True))
    return portal_segments, (merged[0], merged[1], merged[2], merged[3])


def _shell_points(tumor: TruthEllipsoid) -> FloatArray:
    """(N, 3) points all over an ellipsoid's surface (Fibonacci lattice)."""
    n = np.arange(220) + 0.5
    polar, turn = np.arccos(1.0 - 2.0 * n / 220.0), np.pi * (1.0 + 5.0**0.5) * n
    ball = np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], axis=1)
    return np.asarray(tumor.center_mm + (ball * tumor.radii_mm) @ tumor.axes.T)
