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
from planning.phantoms import cardiac_anatomy as anatomy
from planning.phantoms.cardiac_anatomy import LUMEN_HU, WALL_HU, curve, painted_tube, tube_mask
from planning.phantoms.scene import Scene, scanned
from planning.phantoms.shapes import Canvas, Field, Shape, ellipsoid, without
from planning.progress import CancelToken, Progress, no_progress, work_told
from planning.section import Frame, measure_contour
from planning.volume import Mask, Volume

FIELD_MM = (224.0, 207.0, 150.0)
# voxels reckoned for each voxel of the grid until the whole phantom is made
WORK = 33.8
ROOT_FIELD_MM = (86.0, 86.0, 86.0)
CENTER_MM = (8.0, 14.0, 14.0)
ROOT_CENTER_MM = (4.0, 6.0, 14.0)
NORMAL = (-0.60, -0.12, 0.79)
SEMI_AXES_MM = (13.1, 10.7)
AXIS_DEG = 35.0
JUNCTION_MM = 21.0
LEAFLET_HU, CALCIUM_HU = 120.0, 1050.0
WALL_MM, LEAFLET_MM = 1.6, 0.7
OSTIUM_HEIGHTS_MM = (13.5, 16.0)
OSTIUM_RADIUS_MM = 1.9
POINT_SPREAD_MM, NOISE_HU = 0.42, 21.0
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
    *,
    seed: int = 0,
    spacing_mm: tuple[float, float, float] = (0.7, 0.7, 0.75),
    root_only: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> CardiacPhantom:
    """The phantom of one seed, to the voxel. root_only: a small field round the root, for quick checks. Raises Cancelled.

    structures: aorta, left_ventricle, left_atrium, right_atrium, right_ventricle, pulmonary_artery, myocardium,
    coronaries, calcium.
    """
    generator = np.random.default_rng(seed)
    spacing = np.asarray(spacing_mm, dtype=np.float64)
    size = np.rint(np.array(ROOT_FIELD_MM if root_only else FIELD_MM) / spacing).astype(int)
    origin = np.array(ROOT_CENTER_MM if root_only else CENTER_MM) - (size - 1) / 2.0 * spacing
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, origin)
    canvas = Canvas(grid, -1000.0, work_told(WORK, progress, cancel))
    frame = _frame()
    scene = Scene(canvas, generator, straight_near=np.zeros(3), straight_mm=20.0)
    root = scene.straight_field(_root_shape(frame, 0.0))
    line = _aorta_line(frame)
    heart = anatomy.make_heart(scene, root, line, scene.straight_field(_above(frame, 0.0)), frame.normal)
    structures: dict[str, Mask] = {}
    if not root_only:
        anatomy.paint_chest(scene, heart, generator)
    anatomy.paint_heart(scene, heart, structures)
    _paint_root(scene, heart, line, generator, structures)
    voxels = scanned(
        canvas,
        generator,
        point_spread_mm=POINT_SPREAD_MM,
        noise_hu=NOISE_HU,
        middle_xy=np.array(CENTER_MM[:2]),
    )
    return CardiacPhantom(Volume(grid, voxels), MappingProxyType(structures), cardiac_truth())


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


def _aorta_line(frame: Frame) -> FloatArray:
    return curve(
        (
            tuple(24.0 * frame.normal),
            tuple(34.0 * frame.normal),
            (-27.0, -3.0, 52.0),
            (-20.0, 10.0, 74.0),
            (4.0, 36.0, 82.0),
            (20.0, 58.0, 62.0),
            (21.0, 64.0, 30.0),
            (19.0, 65.0, -20.0),
            (16.0, 64.0, -75.0),
        ),
        64,
    )


ROOT_BOX = ((-52.0, -46.0, -26.0), (34.0, 42.0, 40.0))


def _paint_root(
    scene: Scene,
    heart: anatomy.Heart,
    line: FloatArray,
    generator: np.random.Generator,
    structures: dict[str, Mask],
) -> None:
    """Wall, lumen, leaflets, arch, coronaries, calcium: painted last, since they lie on top of all else."""
    canvas, frame = scene.canvas, _frame()
    wall = without(_root_shape(frame, WALL_MM), _above_not(frame, 3.0))
    canvas.paint(wall, WALL_HU, ROOT_BOX)
    anatomy.paint_arch_branches(canvas, line)
    painted_tube(canvas, line, 14.2, 11.0, LUMEN_HU, WALL_MM)
    anatomy.paint_arch_branches(canvas, line, wall_mm=0.0)
    canvas.paint(_root_shape(frame, 0.0), LUMEN_HU, ROOT_BOX)
    lumen, where = canvas.distance(without(_root_shape(frame, 0.0), _above_not(frame, 0.0)), ROOT_BOX)
    aorta = canvas.mask(lumen, where).full() | tube_mask(canvas, line, 14.2, 11.0).full()
    structures["aorta"] = Mask.from_full(canvas.grid, aorta)
    structures["coronaries"] = _paint_coronaries(scene, heart, frame)
    # the walls of the coronaries have closed the lumen where they begin: open it again
    canvas.paint(_root_shape(frame, -0.2), LUMEN_HU, ((-52.0, -46.0, 0.0), (34.0, 42.0, 40.0)))
    _paint_leaflets(canvas, frame, ROOT_BOX)
    structures["calcium"] = _paint_calcium(canvas, frame, generator)


def _paint_coronaries(scene: Scene, heart: anatomy.Heart, frame: Frame) -> Mask:
    """Left main with its branches, and the right coronary, along the heart's surface; each ostium's lowest rim is the
    truth."""
    canvas, truth = scene.canvas, cardiac_truth()
    vessels: list[tuple[FloatArray, float, float]] = []
    for rim, routes in zip(truth.ostia_mm, anatomy.CORONARY_ROUTES, strict=True):
        middle = rim + OSTIUM_RADIUS_MM * frame.normal
        inwards = frame.to_plane(middle)
        outward = frame.to_world(inwards / np.linalg.norm(inwards)) - frame.origin_mm
        stem = (middle - 2.5 * outward, middle, middle + 4.0 * outward)
        for number, (points, first, last) in enumerate(routes):
            on_heart = heart.on_surface(scene, np.array(points), 2.2)
            begin = stem if number == 0 or points[0] is routes[0][0][0] else ()
            route = curve((*(tuple(p) for p in begin), *(tuple(p) for p in on_heart)), 60)
            vessels.append((route, first, last))
    # all walls before all lumens: the wall of one branch must not close the lumen of the stem that it leaves
    for route, first, last in vessels:
        anatomy.paint_tube(canvas, route, (first, last), WALL_HU, 0.6)
    whole = np.zeros(canvas.grid.shape_kji, dtype=bool)
    for route, first, last in vessels:
        anatomy.paint_tube(canvas, route, (first, last), LUMEN_HU)
        whole |= tube_mask(canvas, route, first, last).full()
    return Mask.from_full(canvas.grid, whole)


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
