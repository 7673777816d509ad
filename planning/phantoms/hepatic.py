"""A portal-venous CT of the upper abdomen with liver tumours whose shape is known exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Plane, Vector, frozen_array
from planning.phantoms import hepatic_anatomy as anatomy
from planning.phantoms.growth import GrowingTree, spread_points
from planning.phantoms.hepatic_skeleton import paint_ribs, paint_spine
from planning.phantoms.shapes import Canvas, Field, column, common, ellipsoid, grown, half_space, smooth_noise
from planning.volume import Mask, Volume

FIELD_MM = (346.0, 270.0, 225.0)
LIVER_HU, PORTAL_HU, HEPATIC_HU, CAVA_HU, AORTA_HU = 112.0, 178.0, 168.0, 158.0, 166.0
NOISE_HU = 12.0
POINT_SPREAD_MM = 0.5

Slices = tuple[slice, slice, slice]


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

    def plane_margin_mm(self, plane: Plane) -> float:
        """Least distance of the surface from an endless plane; negative by how far the plane would have to move
        until it no longer cuts."""
        reach = float(np.linalg.norm((plane.normal @ self.axes) * self.radii_mm))
        return float(abs(plane.signed_distance_mm(self.center_mm)) - reach)


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


def hepatic_phantom(*, seed: int = 0, spacing_mm: tuple[float, float, float] = (0.8, 0.8, 1.25)) -> HepaticPhantom:
    """A phantom of 346×270×225 mm; one seed, one patient, to the voxel.

    structures: liver, portal_vein, hepatic_veins, vena_cava, tumor_1 …, gallbladder, spleen, kidney_left,
    kidney_right, aorta, stomach. A voxel belongs to a structure when its centre does.
    """
    generator = np.random.default_rng(seed)
    spacing = np.asarray(spacing_mm, dtype=np.float64)
    size = tuple(int(n) for n in np.rint(np.array(FIELD_MM) / spacing))
    grid = Grid.from_parts((size[0], size[1], size[2]), spacing, -(np.array(size) - 1) / 2.0 * spacing)
    canvas = Canvas(grid)
    organs = anatomy.make_organs(generator)
    tumors = _make_tumors(generator)
    texture = smooth_noise(grid.shape_kji, (3.0 / spacing)[::-1].tolist(), generator)
    structures: dict[str, Mask] = {}
    _paint_trunk(canvas, organs, texture)
    paint_spine(canvas, generator)
    paint_ribs(canvas, anatomy.RIBS_XY)
    _paint_neighbours(canvas, organs, texture, structures)
    _paint_liver(canvas, organs, tumors, texture, generator, structures)
    voxels = _scanned(canvas, generator)
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


def _paint_trunk(canvas: Canvas, organs: anatomy.Organs, texture: Field) -> None:
    """Skin, fat, the muscular wall, what lies between the organs, and the lungs."""
    body = anatomy.superellipse(anatomy.BODY_XY, flare=-1.5e-4)
    canvas.paint(body, 20.0)
    canvas.paint(grown(body, -2.0), -106.0 + 3.0 * texture)
    muscle, where = canvas.distance(anatomy.superellipse(anatomy.MUSCLE_XY, center_y=1.0))
    streaks = muscle + 1.1 * texture
    canvas.paint_distance(streaks, where, 56.0 + 5.0 * texture)
    cavity = anatomy.superellipse(anatomy.CAVITY_XY, center_y=-1.0)
    canvas.paint(cavity, -98.0 + 7.0 * texture)
    canvas.paint(common(anatomy.shell(organs.dome, 3.0), grown(cavity, 1.0)), 52.0)
    for side in (-1.0, 1.0):
        canvas.paint(column((side * 29.0, 86.0), (24.0, 14.0)), 58.0 + 6.0 * texture)
        canvas.paint(
            column((side * 33.0, 52.0), (13.0, 14.0), (-side * 0.12, 0.0)),
            60.0 + 4.0 * texture,
            ((-70.0, 20.0, -115.0), (70.0, 80.0, 0.0)),
        )
    canvas.paint(organs.lung, -835.0 + 22.0 * texture, ((-150.0, -100.0, -60.0), (150.0, 100.0, 115.0)))


def _paint_neighbours(canvas: Canvas, organs: anatomy.Organs, texture: Field, structures: dict[str, Mask]) -> None:
    """Heart, stomach, spleen, kidneys, pancreas, bowel, the great vessels outside the liver."""
    upper = ((-60.0, -100.0, 60.0), (120.0, 60.0, 115.0))
    canvas.paint(grown(organs.heart, 3.0), -70.0, upper)
    canvas.paint(organs.heart, 108.0, upper)
    canvas.paint(grown(organs.heart, -11.0), 156.0, upper)
    left = ((20.0, -70.0, -60.0), (140.0, 90.0, 90.0))
    canvas.paint(organs.stomach, 72.0, left)
    canvas.paint(grown(organs.stomach, -4.5), 14.0, left)
    gas = common(grown(organs.stomach, -5.0), half_space((0.0, -22.0, 0.0), (0.0, 1.0, 0.0)))
    canvas.paint(gas, -930.0, left)
    structures["stomach"] = canvas.mask(*canvas.distance(organs.stomach, left))
    _paint_bowel(canvas)
    spleen, where = canvas.distance(organs.spleen, left)
    canvas.paint_distance(spleen, where, 124.0 + 2.0 * texture[where])
    structures["spleen"] = canvas.mask(spleen, where)
    for name, kidney, side in (("kidney_left", organs.kidney_left, 1.0), ("kidney_right", organs.kidney_right, -1.0)):
        box = ((min(side * 22.0, side * 98.0), 5.0, -114.0), (max(side * 22.0, side * 98.0), 84.0, 30.0))
        distance, where = canvas.distance(kidney, box)
        canvas.paint_distance(distance, where, 204.0)
        pyramids = distance + 8.0 + 2.4 * texture[where]
        canvas.paint_distance(pyramids, where, 168.0)
        canvas.paint_distance(distance + 17.0 + 1.5 * texture[where], where, -55.0)
        structures[name] = canvas.mask(distance, where)
    aorta = np.array([(14.0, 30.0, -115.0), (13.0, 26.0, -40.0), (12.0, 27.0, 30.0), (13.0, 32.0, 115.0)])
    structures["aorta"] = _paint_line(canvas, aorta, (9.0, 9.5, 10.5, 11.5), AORTA_HU)
    for line, radius in (
        (((13, 18, -18), (12, 2, -24), (30, 0, -26), (60, 14, -8), (84, 22, 6)), 3.0),
        (((13, 20, -34), (12, 4, -44), (14, -4, -114)), 3.6),
        (((14, 27, -46), (36, 36, -38), (46, 40, -36)), 2.8),
        (((13, 27, -50), (-30, 36, -54), (-46, 40, -54)), 2.8),
    ):
        points = np.array(line, dtype=np.float64)
        _paint_line(canvas, points, (radius,) * len(points), AORTA_HU - 4.0)


def _paint_bowel(canvas: Canvas) -> None:
    """Pancreas, duodenum, colon and a few loops of small bowel."""
    _paint_line(
        canvas,
        np.array([(-8.0, -6, -52), (4, -12, -44), (30, -8, -34), (58, 8, -20), (76, 18, -6)]),
        (12.0, 10.0, 9.0, 8.5, 7.0),
        96.0,
    )
    for path, radius, content in (
        (((-34, -12, -52), (-36, 4, -70), (-24, 6, -92), (6, 4, -104)), 11.0, 24.0),
        (
            (
                (-108, 10, -112),
                (-104, -14, -88),
                (-84, -38, -84),
                (-40, -60, -92),
                (10, -66, -86),
                (60, -60, -70),
                (98, -30, -50),
                (112, 10, -70),
                (114, 22, -114),
            ),
            15.0,
            -40.0,
        ),
        (((30, -34, -60), (58, -26, -74), (30, -20, -88), (4, -38, -96), (40, -46, -104), (78, -20, -100)), 11.0, 34.0),
        (((-46, -30, -100), (-20, -26, -110), (-60, -6, -112)), 11.0, 30.0),
    ):
        points = np.array(path, dtype=np.float64)
        _paint_line(canvas, points, (radius,) * len(points), 66.0)
        _paint_line(canvas, points, (radius - 2.8,) * len(points), content)
    gas = np.array([(-84.0, -46, -82), (-40, -68, -90), (10, -74, -84), (60, -68, -68)])
    _paint_line(canvas, gas, (7.0,) * 4, -900.0)


def _smooth_line(points: FloatArray, radii: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """A curve through the points in steps of about 3 mm, and its radii."""
    from scipy.interpolate import PchipInterpolator

    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    steps = np.linspace(0.0, along[-1], max(int(along[-1] / 3.0), 2))
    return PchipInterpolator(along, points)(steps), PchipInterpolator(along, np.asarray(radii, dtype=np.float64))(steps)


def _line_distance(canvas: Canvas, points: FloatArray, radii: npt.ArrayLike) -> tuple[Field, Slices]:
    line, radius = _smooth_line(points, radii)
    return canvas.tube_distance(line[:-1], line[1:], radius[:-1], radius[1:])


def _paint_line(canvas: Canvas, points: FloatArray, radii: npt.ArrayLike, hu: float) -> Mask:
    distance, where = _line_distance(canvas, points, radii)
    canvas.paint_distance(distance, where, hu)
    return canvas.mask(distance, where)


def _paint_liver(
    canvas: Canvas,
    organs: anatomy.Organs,
    tumors: tuple[TruthEllipsoid, ...],
    texture: Field,
    generator: np.random.Generator,
    structures: dict[str, Mask],
) -> None:
    cava_line = np.array(
        [(-20.0, 24.0, -115.0), (-20.0, 22.0, -20.0), (-19.0, 21.0, 40.0), (-12.0, 12.0, 92.0), (-8.0, 6.0, 115.0)]
    )
    cava_radii = (10.5, 10.5, 11.5, 12.5, 13.0)
    cava, cava_at = _line_distance(canvas, cava_line, cava_radii)
    _line, _radius = _smooth_line(cava_line, cava_radii)
    liver, where = canvas.distance(organs.liver, anatomy.LIVER_BOX)
    x, y, z = canvas.coordinates(where)
    groove = np.full(liver.shape, np.float32(9.0))
    _merge(groove, where, cava, cava_at)
    liver = np.maximum(liver, np.float32(0.8) - groove)
    for tumor in tumors:
        liver = np.minimum(liver, grown(ellipsoid(tumor.center_mm, tumor.radii_mm, tumor.axes), 1.5)(x, y, z))
    canvas.paint_distance(liver, where, LIVER_HU + 2.5 * texture[where])
    portal, hepatic = _grow_trees(canvas, liver, where, tumors, generator)
    trunk = np.array([(8.0, -2.0, -114.0), (7.0, 0.0, -80.0), (5.0, 4.0, -52.0)])
    splenic = np.array([(5.0, 4.0, -52.0), (34.0, 12.0, -32.0), (60.0, 20.0, -14.0), (82.0, 26.0, 4.0)])
    lines = [_smooth_line(trunk, (5.0, 5.4, 6.6)), _smooth_line(splenic, (5.6, 4.4, 4.0, 3.6))]
    portal_parts = [portal, *((p[:-1], p[1:], r[:-1], r[1:]) for p, r in lines)]
    portal_field, portal_at = canvas.tube_distance(*_segments(portal_parts))
    hepatic_field, hepatic_at = canvas.tube_distance(*hepatic)
    canvas.paint_distance(hepatic_field, hepatic_at, HEPATIC_HU)
    canvas.paint_distance(cava, cava_at, CAVA_HU + 5.0 * texture[cava_at])
    canvas.paint_distance(portal_field, portal_at, PORTAL_HU)
    for number, tumor in enumerate(tumors, start=1):
        shape = ellipsoid(tumor.center_mm, tumor.radii_mm, tumor.axes)
        reach = float(tumor.radii_mm.max()) + 4.0
        box = ((tumor.center_mm - reach).tolist(), (tumor.center_mm + reach).tolist())
        distance, at = canvas.distance(shape, box)
        canvas.paint_distance(distance, at, 84.0 + 4.0 * texture[at])
        canvas.paint_distance(distance + 0.35 * float(tumor.radii_mm.min()) + 0.8 * texture[at], at, 62.0)
        structures[f"tumor_{number}"] = _ellipsoid_mask(canvas.grid, tumor)
    gallbladder, at = canvas.distance(organs.gallbladder, anatomy.LIVER_BOX)
    canvas.paint_distance(gallbladder, at, 46.0)
    canvas.paint_distance(gallbladder + 1.6, at, 8.0)
    portal_mask = canvas.mask(portal_field, portal_at)
    hepatic_voxels = canvas.mask(hepatic_field, hepatic_at).full()
    cava_mask = canvas.mask(cava, cava_at)
    hepatic_voxels[cava_mask.box_kji] &= ~cava_mask.voxels
    hepatic_voxels[portal_mask.box_kji] &= ~portal_mask.voxels
    structures["liver"] = canvas.mask(liver, where)
    structures["portal_vein"] = portal_mask
    structures["hepatic_veins"] = Mask.from_full(canvas.grid, hepatic_voxels)
    structures["vena_cava"] = cava_mask
    structures["gallbladder"] = canvas.mask(gallbladder, at)


def _segments(parts: Sequence[tuple[FloatArray, ...]]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Starts, ends and radii of several trees as one."""
    starts, ends, first, last = (np.concatenate(part) for part in zip(*parts, strict=True))
    return starts, ends, first, last


def _merge(field: Field, where: Slices, other: Field, other_at: Slices) -> None:
    """Take the lesser of two distances where their regions overlap, into the first."""
    ours, theirs = [], []
    for a, b in zip(where, other_at, strict=True):
        first, last = max(a.start, b.start), min(a.stop, b.stop)
        ours.append(slice(first - a.start, last - a.start))
        theirs.append(slice(first - b.start, last - b.start))
    field[tuple(ours)] = np.minimum(field[tuple(ours)], other[tuple(theirs)])


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
    canvas: Canvas, liver: Field, where: Slices, tumors: tuple[TruthEllipsoid, ...], generator: np.random.Generator
) -> tuple[Segments, Segments]:
    """Portal and hepatic vein segments that fill the liver, keep apart and go round the tumours."""
    x, y, z = canvas.coordinates(where)
    deep = liver < -6.0
    for tumor in tumors:
        deep = deep & (ellipsoid(tumor.center_mm, tumor.radii_mm, tumor.axes)(x, y, z) > 5.0)
    inside = np.argwhere(deep)
    inside = inside[generator.permutation(len(inside))[:20_000]]
    candidates = np.stack(
        [x.reshape(-1)[inside[:, 2]], y.reshape(-1)[inside[:, 1]], z.reshape(-1)[inside[:, 0]]], axis=1
    ).astype(np.float64)
    lesions = np.concatenate([_shell_points(tumor) for tumor in tumors])
    portal = GrowingTree.from_stems(anatomy.portal_stems(generator))
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


def _scanned(canvas: Canvas, generator: np.random.Generator) -> npt.NDArray[np.int16]:
    """What a scanner makes of the canvas: point spread, correlated noise, whole HU."""
    from scipy import ndimage

    spacing = canvas.grid.spacing_mm
    blurred = ndimage.gaussian_filter(canvas.hu, (POINT_SPREAD_MM / spacing)[::-1], truncate=3.0)
    fine = smooth_noise(canvas.grid.shape_kji, (0.35, 0.75, 0.75), generator)
    blurred += np.float32(NOISE_HU) * fine
    return np.asarray(np.clip(np.rint(blurred), -1024, 3071).astype(np.int16))
