"""A cardiac CT with analytic truth: aortic root on a tilted axis, its neighbours, coronaries and calcium.

The root is written in its own cylinder coordinates (angle, height above the annulus plane): at height zero the lumen is
exactly the ellipse whose sizes are the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, frozen_array, unit
from planning.phantoms.shapes import Canvas, Field, Shape, column, ellipsoid, grown, joined, smooth_noise, without
from planning.section import Frame, measure_contour
from planning.volume import Mask, Volume

FIELD_MM = (196.0, 196.0, 150.0)
ROOT_FIELD_MM = (86.0, 86.0, 86.0)
CENTER_MM = (4.0, 6.0, 14.0)
NORMAL = (-0.60, -0.12, 0.79)
SEMI_AXES_MM = (13.1, 10.7)
AXIS_DEG = 35.0
JUNCTION_MM = 21.0
LUMEN_HU, WALL_HU, LEAFLET_HU, CALCIUM_HU = 390.0, 70.0, 120.0, 1050.0
WALL_MM, LEAFLET_MM = 1.6, 0.7
OSTIUM_HEIGHTS_MM = (13.5, 16.0)
OSTIUM_RADIUS_MM = 1.9
POINT_SPREAD_MM, NOISE_HU = 0.42, 19.0
COAPTATION_MM = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class CardiacTruth:
    """What a measurement of the phantom should find.

    hinges_mm: (3, 3) N, R, L. ostia_mm: (2, 3) lowest rim points, left and right. contour_mm: (720, 3) annulus.
    """

    hinges_mm: FloatArray
    ostia_mm: FloatArray
    contour_mm: FloatArray
    normal: FloatArray
    area_mm2: float
    perimeter_mm: float
    min_diameter_mm: float
    max_diameter_mm: float
    ostium_heights_mm: tuple[float, float]
    junction_height_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class CardiacPhantom:
    """The CT, its structures and its truth."""

    volume: Volume
    structures: Mapping[str, Mask]
    truth: CardiacTruth


def _frame() -> Frame:
    return Frame.of(np.zeros(3), unit(NORMAL))


def _hinge_angles(frame: Frame) -> FloatArray:
    """N, R, L: the right cusp faces forward, the others follow by a third of a turn."""
    forward = frame.to_plane(np.array((0.0, -1.0, 0.0)))
    right = float(np.arctan2(forward[1], forward[0]))
    third = 2.0 * np.pi / 3.0
    return np.array((right - third, right, right + third))


def annulus_radius(angles: npt.ArrayLike) -> FloatArray:
    """Radius of the annulus ellipse at angles from the frame's `right`, mm."""
    turned = np.asarray(angles, dtype=np.float64) - np.radians(AXIS_DEG)
    a, b = SEMI_AXES_MM
    return np.asarray(a * b / np.sqrt((b * np.cos(turned)) ** 2 + (a * np.sin(turned)) ** 2))


def root_radius(angles: npt.ArrayLike, heights: npt.ArrayLike) -> FloatArray:
    """Lumen radius at angle and height above the annulus: LVOT, ellipse at zero, three sinuses, junction, tube."""
    angle, height = np.asarray(angles), np.asarray(heights, dtype=np.float64)
    share = np.clip(height / JUNCTION_MM, 0.0, 1.0)
    round_up = share * share * (3.0 - 2.0 * share)
    base = (1.0 - round_up) * annulus_radius(angle) + round_up * 14.2
    bulge = np.where((height > 0) & (height < JUNCTION_MM), np.sin(np.pi * share) ** 1.5, 0.0)
    lobes = 0.62 + 0.38 * np.cos(3.0 * (angle - _hinge_angles(_frame())[1]))
    flare = np.clip(-height, 0.0, 14.0)
    return np.asarray(base + 4.2 * bulge * lobes + 0.010 * flare**2)


def cardiac_truth() -> CardiacTruth:
    """The truth, without making the image."""
    frame = _frame()
    angles = _hinge_angles(frame)
    around = np.arange(720) * (2.0 * np.pi / 720)
    radii = annulus_radius(around)
    curve = np.stack([radii * np.cos(around), radii * np.sin(around)], axis=-1)
    found = measure_contour(curve)
    at = annulus_radius(angles)
    hinges = frame.to_world(np.stack([at * np.cos(angles), at * np.sin(angles)], axis=-1))
    ostia = [_wall_point(frame, angles[2], OSTIUM_HEIGHTS_MM[0]), _wall_point(frame, angles[1], OSTIUM_HEIGHTS_MM[1])]
    return CardiacTruth(
        frozen_array(hinges),
        frozen_array(ostia),
        frozen_array(frame.to_world(curve)),
        frame.normal,
        found.area_mm2,
        found.perimeter_mm,
        found.min_diameter_mm,
        found.max_diameter_mm,
        OSTIUM_HEIGHTS_MM,
        JUNCTION_MM,
    )


def _wall_point(frame: Frame, angle: float, height: float) -> FloatArray:
    radius = float(root_radius(angle, height))
    return np.asarray(
        frame.to_world(np.array([radius * np.cos(angle), radius * np.sin(angle)])) + height * frame.normal
    )


def cardiac_phantom(
    *, seed: int = 0, spacing_mm: tuple[float, float, float] = (0.7, 0.7, 0.75), root_only: bool = False
) -> CardiacPhantom:
    """The phantom of one seed, to the voxel. root_only: a small field round the root, for quick checks.

    structures: aorta, left_ventricle, left_atrium, right_atrium, right_ventricle, pulmonary_artery, myocardium,
    coronaries, calcium.
    """
    generator = np.random.default_rng(seed)
    spacing = np.asarray(spacing_mm, dtype=np.float64)
    size = np.rint(np.array(ROOT_FIELD_MM if root_only else FIELD_MM) / spacing).astype(int)
    origin = np.array(CENTER_MM) - (size - 1) / 2.0 * spacing
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, origin)
    canvas = Canvas(grid, -1000.0)
    texture = smooth_noise(grid.shape_kji, (3.0 / spacing)[::-1].tolist(), generator)
    structures: dict[str, Mask] = {}
    _paint_chest(canvas, texture)
    _paint_chambers(canvas, texture, structures)
    _paint_root(canvas, generator, structures)
    voxels = _scanned(canvas, generator)
    return CardiacPhantom(Volume(grid, voxels), MappingProxyType(structures), cardiac_truth())


def _paint_chest(canvas: Canvas, texture: Field) -> None:
    """Lungs, fat of the mediastinum and heart sac, spine, breastbone, chest wall."""
    canvas.paint(column((4.0, 6.0), (150.0, 112.0)), -855.0 + 26.0 * texture)
    wall = without(column((4.0, 6.0), (150.0, 112.0)), column((4.0, 6.0), (128.0, 93.0)))
    canvas.paint(wall, 45.0 + 12.0 * texture)
    sac = joined(ellipsoid((14.0, -12.0, -20.0), (76.0, 66.0, 66.0)), column((-4.0, 22.0), (42.0, 62.0)), 24.0)
    canvas.paint(sac, -88.0 + 9.0 * texture)
    vertebra = column((2.0, 92.0), (22.0, 18.0))
    canvas.paint(vertebra, 520.0)
    canvas.paint(grown(vertebra, -2.2), 190.0 + 45.0 * texture)
    canal = column((2.0, 116.0), (9.0, 8.0))
    canvas.paint(canal, 30.0)
    sternum = column((-2.0, -92.0), (20.0, 6.5), (0.0, 0.12))
    canvas.paint(sternum, 430.0)
    canvas.paint(grown(sternum, -1.8), 140.0 + 40.0 * texture)


def _paint_chambers(canvas: Canvas, texture: Field, structures: dict[str, Mask]) -> None:
    """The heart about the root; the left ventricle's cavity opens into the outflow tract."""
    frame = _frame()
    apex = unit((0.66, -0.52, -0.54))
    middle = -20.0 * frame.normal + 26.0 * apex
    axes = np.stack([apex, unit(np.cross(apex, (0, 0, 1.0))), np.zeros(3)], axis=1)
    axes[:, 2] = np.cross(axes[:, 0], axes[:, 1])
    cavity = ellipsoid(middle, (42.0, 21.0, 22.0), axes)
    muscle = without(grown(cavity, 10.0), _above(frame, 2.0), 3.0)
    right_ventricle = without(ellipsoid((-8.0, -46.0, -34.0), (40.0, 24.0, 32.0)), grown(cavity, 11.0), 4.0)
    left_atrium = without(ellipsoid((6.0, 47.0, 6.0), (33.0, 21.0, 25.0)), _root_shape(frame, 3.2), 3.0)
    right_atrium = without(ellipsoid((-48.0, 2.0, -14.0), (21.0, 25.0, 29.0)), _root_shape(frame, 3.0), 3.0)
    for name, shape, hu in (
        ("right_ventricle", right_ventricle, 215.0),
        ("right_atrium", right_atrium, 190.0),
        ("left_atrium", left_atrium, 375.0),
    ):
        canvas.paint(grown(shape, 2.0), 95.0)
        canvas.paint(shape, hu + 6.0 * texture)
        structures[name] = canvas.mask(*canvas.distance(shape))
    canvas.paint(muscle, 112.0 + 7.0 * texture)
    structures["myocardium"] = canvas.mask(*canvas.distance(without(muscle, cavity)))
    trunk = _line(
        ((6.0, -44.0, -8.0), (12.0, -38.0, 12.0), (20.0, -22.0, 34.0), (24.0, 2.0, 52.0), (30.0, 22.0, 54.0)), 12.5
    )
    _paint_tube(canvas, trunk, 12.5, 12.5, 300.0, 1.2)
    structures["pulmonary_artery"] = _tube_mask(canvas, trunk, 12.5, 12.5)
    cava = _line(((-44.0, 10.0, 4.0), (-43.0, 12.0, 40.0), (-40.0, 12.0, 95.0)), 8.5)
    _paint_tube(canvas, cava, 9.0, 8.5, 230.0, 1.0)
    canvas.paint(cavity, LUMEN_HU - 8.0 + 6.0 * texture)
    structures["left_ventricle"] = canvas.mask(*canvas.distance(without(cavity, _above(frame, 0.0))))


def _above(frame: Frame, height: float) -> Shape:
    normal = frame.normal.astype(np.float32)

    def distance(x: Field, y: Field, z: Field) -> Field:
        return np.asarray(np.float32(height) - (x * normal[0] + y * normal[1] + z * normal[2]))

    return distance


def _cylinder(frame: Frame, x: Field, y: Field, z: Field) -> tuple[Field, Field, Field]:
    """(angle, radius, height) in the root's own coordinates."""
    right, up, normal = (axis.astype(np.float32) for axis in (frame.right, frame.up, frame.normal))
    u = x * right[0] + y * right[1] + z * right[2]
    v = x * up[0] + y * up[1] + z * up[2]
    return np.arctan2(v, u), np.hypot(u, v), np.asarray(x * normal[0] + y * normal[1] + z * normal[2])


def _root_shape(frame: Frame, grow_mm: float) -> Shape:
    """The root's lumen from 14 mm below the annulus to 30 mm above, offset outwards."""

    def distance(x: Field, y: Field, z: Field) -> Field:
        angle, radius, height = _cylinder(frame, x, y, z)
        side = radius - root_radius(angle, height).astype(np.float32) - np.float32(grow_mm)
        return np.asarray(np.maximum(side, np.maximum(np.float32(-14.0) - height, height - np.float32(30.0))))

    return distance


def _line(points: tuple[tuple[float, float, float], ...], radius: float) -> FloatArray:
    from scipy.interpolate import splev, splprep

    spline, _ = splprep(np.array(points).T, k=min(3, len(points) - 1), s=0.0)
    return np.asarray(np.array(splev(np.linspace(0.0, 1.0, max(12, round(8 * len(points)))), spline)).T)


def _aorta_line(frame: Frame) -> FloatArray:
    start = 24.0 * frame.normal
    return _line(
        (
            tuple(start),
            tuple(34.0 * frame.normal),
            (-27.0, -3.0, 52.0),
            (-20.0, 10.0, 74.0),
            (4.0, 36.0, 82.0),
            (20.0, 58.0, 62.0),
            (21.0, 64.0, 30.0),
            (19.0, 65.0, -20.0),
            (16.0, 64.0, -75.0),
        ),
        14.0,
    )


def _paint_tube(canvas: Canvas, line: FloatArray, first: float, last: float, hu: float, wall_mm: float) -> None:
    radii = np.linspace(first, last, len(line))
    field, where = canvas.tube_distance(line[:-1], line[1:], radii[:-1], radii[1:], reach_mm=wall_mm + 3.0)
    canvas.paint_distance(field - np.float32(wall_mm), where, WALL_HU)
    canvas.paint_distance(field, where, hu)


def _tube_mask(canvas: Canvas, line: FloatArray, first: float, last: float) -> Mask:
    radii = np.linspace(first, last, len(line))
    return canvas.mask(*canvas.tube_distance(line[:-1], line[1:], radii[:-1], radii[1:]))


def _paint_root(canvas: Canvas, generator: np.random.Generator, structures: dict[str, Mask]) -> None:
    """Wall, lumen, leaflets, arch, coronaries, calcium: painted last, since they lie on top of all else."""
    frame = _frame()
    box = ((-52.0, -46.0, -26.0), (34.0, 42.0, 40.0))
    line = _aorta_line(frame)
    wall = without(_root_shape(frame, WALL_MM), _above_not(frame, 3.0))
    canvas.paint(wall, WALL_HU, box)
    _paint_tube(canvas, line, 14.2, 11.0, LUMEN_HU, WALL_MM)
    lumen = _root_shape(frame, 0.0)
    canvas.paint(lumen, LUMEN_HU, box)
    _paint_leaflets(canvas, frame, box)
    root, where = canvas.distance(without(lumen, _above_not(frame, 0.0)), box)
    aorta = canvas.mask(root, where).full() | _tube_mask(canvas, line, 14.2, 11.0).full()
    structures["aorta"] = Mask.from_full(canvas.grid, aorta)
    structures["coronaries"] = _paint_coronaries(canvas, frame)
    structures["calcium"] = _paint_calcium(canvas, frame, generator)


def _above_not(frame: Frame, below_mm: float) -> Shape:
    """Everything lower than `below_mm` under the annulus."""
    above = _above(frame, -below_mm)
    return lambda x, y, z: np.asarray(-above(x, y, z))


def _paint_leaflets(canvas: Canvas, frame: Frame, box: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    """Three thin cusps from their crown-shaped attachment to the middle, where they meet."""
    where = canvas.region(box)
    x, y, z = canvas.coordinates(where)
    angle, radius, height = _cylinder(frame, x, y, z)
    away = np.abs(np.angle(np.exp(3j * (angle - _hinge_angles(frame)[1])))) / 3.0
    crown = 15.5 * (away / (np.pi / 3.0)) ** 2
    share = np.clip(radius / root_radius(angle, crown).astype(np.float32), 0.0, 1.0)
    sheet = crown * share**3 + COAPTATION_MM * (1.0 - share**1.6)
    steep = np.sqrt(1.0 + (14.0 / np.maximum(root_radius(angle, crown), 1.0)) ** 2)
    field = np.abs(height - sheet) / steep - LEAFLET_MM / 2.0
    field = np.maximum(field, radius - root_radius(angle, height))
    canvas.paint_distance(field.astype(np.float32), where, LEAFLET_HU)


def _paint_coronaries(canvas: Canvas, frame: Frame) -> Mask:
    """Left main with its two branches, and the right coronary; each ostium's lowest rim is the truth."""
    truth = cardiac_truth()
    inside = []
    ends = (
        ((24.0, 6.0, 12.0), (40.0, -10.0, -4.0), (52.0, -34.0, -30.0), (54.0, -46.0, -52.0)),
        ((-18.0, -30.0, 12.0), (-34.0, -34.0, -6.0), (-46.0, -26.0, -34.0), (-36.0, -8.0, -50.0)),
    )
    for rim, points in zip(truth.ostia_mm, ends):
        middle = rim + OSTIUM_RADIUS_MM * frame.normal
        inwards = frame.to_plane(middle)
        outward = frame.to_world(inwards / np.linalg.norm(inwards)) - frame.origin_mm
        line = _line((tuple(middle - 2.5 * outward), tuple(middle), tuple(middle + 4.0 * outward), *points), 1.9)
        _paint_tube(canvas, line, OSTIUM_RADIUS_MM, 1.1, LUMEN_HU, 0.6)
        inside.append(_tube_mask(canvas, line, OSTIUM_RADIUS_MM, 1.1).full())
        branch = _line(
            (
                tuple(line[len(line) // 3]),
                tuple(line[len(line) // 3] + (10.0, 12.0, -14.0)),
                tuple(line[len(line) // 3] + (16.0, 30.0, -34.0)),
            ),
            1.5,
        )
        if rim is truth.ostia_mm[0]:
            _paint_tube(canvas, branch, 1.5, 1.0, LUMEN_HU, 0.6)
    # the wall of the tube has closed the lumen where it begins: open it again
    canvas.paint(_root_shape(frame, -0.2), LUMEN_HU, ((-52.0, -46.0, 0.0), (34.0, 42.0, 40.0)))
    _paint_leaflets(canvas, frame, ((-52.0, -46.0, -26.0), (34.0, 42.0, 40.0)))
    return Mask.from_full(canvas.grid, np.logical_or.reduce(inside))


def _paint_calcium(canvas: Canvas, frame: Frame, generator: np.random.Generator) -> Mask:
    """Lumps on the cusps, above the annulus plane so that its edge stays the truth's."""
    whole = np.zeros(canvas.grid.shape_kji, dtype=bool)
    for number, hinge in enumerate(_hinge_angles(frame)):
        for _ in range((4, 2, 3)[number]):
            angle = hinge + generator.uniform(-0.6, 0.6)
            height = generator.uniform(4.0, 10.0)
            radius = float(root_radius(angle, height)) * generator.uniform(0.45, 0.8)
            center = frame.to_world(np.array([radius * np.cos(angle), radius * np.sin(angle)])) + height * frame.normal
            lump = ellipsoid(center, generator.uniform(1.0, 2.1, 3))
            box = ((center - 4.0).tolist(), (center + 4.0).tolist())
            canvas.paint(lump, CALCIUM_HU, box)
            field, where = canvas.distance(lump, box)
            whole[where] |= field <= 0.0
    return Mask.from_full(canvas.grid, whole)


def _scanned(canvas: Canvas, generator: np.random.Generator) -> npt.NDArray[np.int16]:
    """Point spread, correlated noise, whole HU, and the round field of a scanner."""
    from scipy import ndimage

    spacing = canvas.grid.spacing_mm
    image = ndimage.gaussian_filter(canvas.hu, (POINT_SPREAD_MM / spacing)[::-1], truncate=3.0)
    image += np.float32(NOISE_HU) * smooth_noise(canvas.grid.shape_kji, (0.35, 0.7, 0.7), generator)
    return np.asarray(np.clip(np.rint(image), -1024, 3071).astype(np.int16))
