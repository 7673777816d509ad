"""The chest and heart round the cardiac phantom's root: LPS mm with the annulus's middle at the origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, unit
from planning.phantoms.growth import GrowingTree, spread_points
from planning.phantoms.hepatic_anatomy import superellipse
from planning.phantoms.scene import Scene, cut, overlap, union
from planning.phantoms.shapes import Canvas, Field, column, ellipsoid
from planning.phantoms.skeleton import CHEST_EXPONENT, paint_ribs, paint_spine
from planning.volume import Mask

LUMEN_HU, WALL_HU = 390.0, 70.0
FAT_HU, MUSCLE_HU, MYOCARDIUM_HU = -94.0, 58.0, 112.0
LEFT_ATRIUM_HU, RIGHT_HU, PULMONARY_HU, CAVA_HU = 372.0, 205.0, 285.0, 235.0
SPINE_XY = (2.0, 90.0)
CHEST_XY, CHEST_MIDDLE_XY = (119.0, 96.0), (2.0, 14.0)
APEX = (0.68, -0.46, -0.57)
BASE_MM = (14.0, 12.0, -15.0)
MITRAL_MM = (19.0, 27.0, -15.0)

LEFT_MAIN = (22.0, -4.0, 17.0)
CORONARY_ROUTES = (
    (
        ((LEFT_MAIN, (36.0, -22.0, 2.0), (50.0, -38.0, -18.0), (62.0, -48.0, -38.0), (70.0, -46.0, -56.0)), 1.9, 0.9),
        ((LEFT_MAIN, (42.0, 8.0, -2.0), (56.0, 26.0, -18.0), (50.0, 36.0, -36.0), (36.0, 32.0, -52.0)), 1.6, 0.9),
        (((44.0, -30.0, -9.0), (58.0, -24.0, -18.0), (70.0, -16.0, -32.0)), 1.1, 0.8),
    ),
    (
        (
            (
                (-18.0, -34.0, 8.0),
                (-30.0, -38.0, -8.0),
                (-34.0, -34.0, -30.0),
                (-28.0, -16.0, -50.0),
                (-4.0, 10.0, -52.0),
                (10.0, 18.0, -50.0),
            ),
            1.9,
            1.1,
        ),
        (((-30.0, -38.0, -8.0), (-18.0, -58.0, -24.0), (2.0, -66.0, -42.0)), 1.0, 0.8),
    ),
)
"""Way-points near the heart's surface, first and last radius: left (anterior, circumflex, diagonal), right (main, acute)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Heart:
    """Distances on the scene's lattice."""

    cavity: Field
    muscle: Field
    left_atrium: Field
    right_atrium: Field
    right_ventricle: Field
    pulmonary: Field
    cava: Field
    mitral_way: Field
    tricuspid_way: Field
    surface: Field
    sac: Field
    great_vessels: Field

    def on_surface(self, scene: Scene, points: FloatArray, above_mm: float) -> FloatArray:
        """(N, 3) points moved along the gradient until they lie `above_mm` over the chambers' outer surface."""
        from scipy import ndimage

        gradient = np.gradient(self.surface, scene.step_mm)
        moved = points.astype(np.float64).copy()
        for _ in range(8):
            index = ((moved - scene.low) / scene.step_mm)[:, ::-1].T
            value = ndimage.map_coordinates(self.surface, index, order=1, mode="nearest")
            slope = np.stack([ndimage.map_coordinates(g, index, order=1, mode="nearest") for g in gradient[::-1]], 1)
            steep = np.maximum((slope**2).sum(axis=1), 0.2)
            moved += np.clip((above_mm - value) / steep, -4.0, 4.0)[:, None] * slope
        return moved


def curve(points: Sequence[tuple[float, ...]], count: int) -> FloatArray:
    """(count, 3) a smooth line through the points."""
    from scipy.interpolate import splev, splprep

    spline, _ = splprep(np.array(points, dtype=np.float64).T, k=min(3, len(points) - 1), s=0.0)
    return np.asarray(np.array(splev(np.linspace(0.0, 1.0, count), spline)).T)


def painted_tube(canvas: Canvas, line: FloatArray, first: float, last: float, hu: float, wall_mm: float) -> None:
    """A vessel with its wall, on straight coordinates."""
    if wall_mm:
        paint_tube(canvas, line, (first, last), WALL_HU, wall_mm)
    paint_tube(canvas, line, (first, last), hu)


def paint_tube(
    canvas: Canvas, line: FloatArray, radii_mm: tuple[float, float], hu: float, wider_mm: float = 0.0
) -> None:
    """A tapering tube, on straight coordinates."""
    radii = np.linspace(radii_mm[0], radii_mm[1], len(line))
    field, where = canvas.tube_distance(line[:-1], line[1:], radii[:-1], radii[1:], reach_mm=wider_mm + 3.0)
    canvas.paint_distance(field - np.float32(wider_mm), where, hu)


def tube_mask(canvas: Canvas, line: FloatArray, first: float, last: float) -> Mask:
    """The voxels in a vessel's lumen."""
    radii = np.linspace(first, last, len(line))
    return canvas.mask(*canvas.tube_distance(line[:-1], line[1:], radii[:-1], radii[1:]))


def _axes(along: Sequence[float]) -> FloatArray:
    first = unit(along)
    second = unit(np.cross(first, (0.0, 0.0, 1.0)))
    return np.stack([first, second, np.cross(first, second)], axis=1)


def _tube(scene: Scene, points: Sequence[tuple[float, ...]], radii: Sequence[float], *, bent: bool = True) -> Field:
    line = curve(points, 5 * len(points))
    widths = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(radii)), radii)
    return scene.tube(line, widths, bent=bent)


def make_heart(scene: Scene, root: Field, aorta_line: FloatArray, above: Field, normal: FloatArray) -> Heart:
    """The chambers about the root; root, above: its lumen and the half-space over the annulus, as straight fields."""
    x, y, z = scene.bent
    apex = unit(APEX)
    base = np.array(BASE_MM)
    axes = _axes(APEX)
    grain, coarse = scene.noise(3.5), scene.noise(8.0)
    plain = scene.field(ellipsoid(base + 34.0 * apex, (47.0, 22.5, 23.5), axes))
    behind_base = np.float32(-2.0) - ((x - base[0]) * apex[0] + (y - base[1]) * apex[1] + (z - base[2]) * apex[2])
    outflow = _tube(
        scene, (tuple(-9.0 * normal), tuple(-18.0 * normal + 6 * apex), tuple(base + 22 * apex)), (11, 13, 14)
    )
    low = np.float32(-5.0)
    # trabeculae roughen the wall towards the apex
    along = np.clip(-behind_base / 60.0, 0.0, 1.0)
    cavity = union(overlap(plain, behind_base, 6.0), outflow, 6.0) + along * (np.float32(0.9) * grain + 0.5)
    cavity = np.maximum(cavity, -(above + low))
    outer = overlap(plain - (np.float32(10.5) - 4.5 * along**3 + 0.5 * coarse), behind_base - 3.0, 7.0)
    outer = union(outer, outflow - 4.0, 8.0)
    muscle = np.maximum(outer, -(above + np.float32(-2.5)))
    guard = root - np.float32(3.2)
    right_ventricle = union(
        scene.field(ellipsoid((10.0, -42.0, -38.0), (47.0, 23.0, 25.0), _axes((0.86, -0.3, -0.42)))),
        _tube(scene, ((2.0, -48.0, -26.0), (10.0, -43.0, -8.0), (11.0, -39.0, 10.0)), (17.0, 15.0, 12.5)),
        14.0,
    )
    right_ventricle = cut(cut(right_ventricle, outer - 0.6, 4.0), guard, 3.0) + np.float32(0.8) * grain
    left_atrium = scene.field(ellipsoid((6.0, 43.0, 7.0), (33.0, 19.0, 25.0)))
    left_atrium = union(left_atrium, scene.field(ellipsoid((43.0, 15.0, 15.0), (9.0, 17.0, 11.0))), 9.0)
    for points in (
        ((-18.0, 44.0, 16.0), (-42.0, 47.0, 24.0), (-66.0, 54.0, 34.0)),
        ((-18.0, 47.0, -4.0), (-40.0, 55.0, -8.0), (-62.0, 64.0, -16.0)),
        ((28.0, 42.0, 20.0), (48.0, 43.0, 26.0), (72.0, 46.0, 38.0)),
        ((28.0, 50.0, -4.0), (46.0, 56.0, -8.0), (66.0, 64.0, -16.0)),
    ):
        left_atrium = union(left_atrium, _tube(scene, points, (8.0, 6.0, 3.5)), 7.0)
    descending = scene.tube(aorta_line[::3], np.linspace(14.2, 11.0, len(aorta_line[::3])), bent=False)
    left_atrium = cut(cut(left_atrium, guard, 3.0), descending - 3.4, 2.0)
    left_atrium = cut(left_atrium, outer - 1.5, 3.0)
    right_atrium = scene.field(ellipsoid((-45.0, 6.0, -20.0), (22.0, 27.0, 33.0)))
    appendage = scene.field(ellipsoid((-30.0, -25.0, 9.0), (13.0, 19.0, 15.0))) + np.float32(1.3) * grain
    right_atrium = cut(cut(union(right_atrium, appendage, 10.0), guard, 3.0), left_atrium - 2.6, 2.0)
    right_atrium = cut(cut(right_atrium, outer - 3.0, 3.0), right_ventricle - 2.0, 3.0)
    cava = union(
        _tube(scene, ((-44.0, 7.0, -4.0), (-45.0, 6.0, 24.0), (-43.0, 4.0, 58.0), (-38.0, 2.0, 97.0)), (10, 9, 9, 9)),
        _tube(scene, ((-42.0, 16.0, -40.0), (-38.0, 22.0, -58.0), (-34.0, 26.0, -80.0)), (13, 13, 13)),
    )
    arms = (
        (
            ((10, -39, 8), (14, -35, 25), (22, -14, 42), (26, 10, 50), (44, 32, 54), (70, 46, 44)),
            (13, 12.5, 12, 11, 9, 6),
        ),
        (((25, 4, 48), (4, 22, 45), (-26, 27, 41), (-50, 32, 36), (-70, 38, 26)), (10, 9.5, 9, 7.5, 5)),
    )
    trunk, right_arm = (_tube(scene, points, radii) for points, radii in arms)
    pulmonary = union(trunk, right_arm, 4.0)
    pulmonary = cut(cut(pulmonary, guard, 2.0), descending - 2.6, 1.5)
    mitral = unit(np.array(BASE_MM) + 14.0 * apex - np.array((12.0, 42.0, 0.0)))
    centre = np.array(MITRAL_MM)
    mitral_way = _tube(scene, (tuple(centre - 11 * mitral), tuple(centre), tuple(centre + 12 * mitral)), (13, 13.5, 11))
    mitral_way = np.maximum(mitral_way, -(above + low))
    mitral_way = np.maximum(mitral_way, -guard)
    tricuspid_way = _tube(scene, ((-40.0, -4.0, -24.0), (-27.0, -15.0, -28.0), (-12.0, -28.0, -34.0)), (12, 14, 12))
    tricuspid_way = np.maximum(tricuspid_way, -(outer - 2.0))
    surface = outer
    for chamber, wall in ((right_ventricle, 2.5), (right_atrium, 1.5), (left_atrium, 1.5)):
        surface = union(surface, chamber - np.float32(wall), 6.0)
    surface = np.minimum(surface, root - np.float32(2.0))
    sac = surface
    for vessel in (
        scene.tube(aorta_line[:22:3], np.full(len(aorta_line[:22:3]), 14.0), bent=False),
        np.maximum(pulmonary, z - np.float32(44.0)),
    ):
        sac = union(sac, vessel - np.float32(1.0), 14.0)
    # the grooves between chambers and vessels are full of fat, not of lung
    for middle, radii in (((14.0, 4.0, 26.0), (36.0, 32.0, 24.0)), ((0.0, 9.0, -28.0), (27.0, 18.0, 22.0))):
        sac = union(sac, scene.field(ellipsoid(middle, radii)), 12.0)
    fat = np.clip(4.5 + 2.2 * scene.noise(22.0), 1.0, 9.0)
    return Heart(
        cavity=np.asarray(cavity, np.float32),
        muscle=np.asarray(muscle, np.float32),
        left_atrium=left_atrium,
        right_atrium=right_atrium,
        right_ventricle=np.asarray(right_ventricle, np.float32),
        pulmonary=pulmonary,
        cava=cava,
        mitral_way=np.asarray(mitral_way, np.float32),
        tricuspid_way=np.asarray(tricuspid_way, np.float32),
        surface=np.asarray(surface, np.float32),
        sac=cut(np.asarray(_smoothed(sac) - fat, np.float32), domes(scene) - 1.0, 3.0),
        great_vessels=descending,
    )


def _smoothed(field: Field) -> Field:
    from scipy import ndimage

    return np.asarray(ndimage.gaussian_filter(field, 2.5), dtype=np.float32)


def paint_heart(scene: Scene, heart: Heart, structures: dict[str, Mask]) -> None:
    """Sac, walls and blood, from outside inwards."""
    slow = scene.noise(7.0)
    scene.paint(heart.sac, FAT_HU + 7.0 * slow)
    z = scene.bent[2]
    pericardium = np.maximum(np.abs(heart.sac + np.float32(1.0)) - np.float32(0.6), z - np.float32(30.0))
    scene.paint(pericardium, 38.0)
    for chamber, wall in ((heart.right_ventricle, 2.6), (heart.right_atrium, 1.6), (heart.left_atrium, 1.5)):
        scene.paint(chamber - np.float32(wall), 92.0)
    scene.paint(heart.muscle, MYOCARDIUM_HU + 6.0 * slow)
    scene.paint(heart.pulmonary - np.float32(1.2), WALL_HU)
    scene.paint(heart.cava - np.float32(1.0), WALL_HU)
    # contrast is not yet mixed in the right heart: streams of more and less
    streams = RIGHT_HU + 24.0 * scene.noise(9.0)
    scene.paint(heart.tricuspid_way, streams)
    scene.paint(heart.right_ventricle, streams)
    scene.paint(heart.right_atrium, streams - 16.0)
    # the blood from below carries no contrast yet
    scene.paint(
        heart.cava, np.asarray(CAVA_HU + 20.0 * slow - 115.0 * np.clip(-(z + 24.0) / 22.0, 0.0, 1.0), np.float32)
    )
    scene.paint(heart.pulmonary, PULMONARY_HU + 8.0 * slow)
    scene.paint(np.maximum(heart.mitral_way, -heart.muscle - np.float32(0.2)), LEFT_ATRIUM_HU)
    scene.paint(heart.left_atrium, LEFT_ATRIUM_HU + 4.0 * slow)
    scene.paint(heart.cavity, LUMEN_HU - 6.0 + 4.0 * slow)
    scene.paint(heart.mitral_way, LUMEN_HU - 10.0)
    _paint_valves(scene, heart)
    for name, field in (
        ("right_ventricle", heart.right_ventricle),
        ("right_atrium", heart.right_atrium),
        ("left_atrium", heart.left_atrium),
        ("pulmonary_artery", heart.pulmonary),
        ("left_ventricle", heart.cavity),
        ("myocardium", cut(heart.muscle, np.minimum(heart.cavity, heart.mitral_way))),
    ):
        mask = scene.mask(field)
        if mask.voxel_count:
            structures[name] = mask


def _paint_valves(scene: Scene, heart: Heart) -> None:
    """Mitral and tricuspid leaflets as open funnels, and the two papillary muscles."""
    apex = unit(APEX)
    x, y, z = scene.bent
    mitral = unit(np.array(BASE_MM) + 14.0 * apex - np.array((12.0, 42.0, 0.0)))
    for centre, along, rim, way in (
        (np.array(MITRAL_MM) + 2.0 * mitral, mitral, 13.2, heart.mitral_way),
        (np.array((-26.0, -16.0, -28.0)), unit((0.68, -0.62, -0.38)), 14.0, heart.tricuspid_way),
    ):
        dx, dy, dz = x - centre[0], y - centre[1], z - centre[2]
        height = dx * along[0] + dy * along[1] + dz * along[2]
        radius = np.sqrt(np.maximum(dx * dx + dy * dy + dz * dz - height * height, 0.0))
        sheet = np.abs(radius - (np.float32(rim) - 0.72 * height)) * 0.81 - np.float32(0.8)
        sheet = np.maximum(sheet, np.maximum(-height, height - np.float32(11.0)))
        scene.paint(np.asarray(np.maximum(sheet, way - 1.0), np.float32), 105.0)
    base = np.array(BASE_MM)
    side, other = _axes(APEX)[:, 1], _axes(APEX)[:, 2]
    for turn in (0.9, 2.5):
        out = np.cos(turn) * side - np.sin(turn) * other
        foot, tip = base + 56 * apex + 15 * out, base + 28 * apex + 11 * out
        papilla = scene.tube(np.array([foot, (foot + tip) / 2 + 1.5 * out, tip]), np.array([5.0, 4.2, 2.6]))
        scene.paint(papilla, MYOCARDIUM_HU)


def paint_arch_branches(canvas: Canvas, line: FloatArray, *, wall_mm: float = 1.0) -> None:
    """The three vessels of the arch, as far as the scan reaches."""
    top = float(line[:, 2].max())
    arch = np.flatnonzero(line[:, 2] > top - 7.0)
    for share, radius in ((0.08, 5.5), (0.5, 3.6), (0.9, 4.4)):
        start = line[arch[int(share * (len(arch) - 1))]]
        painted_tube(
            canvas,
            np.array([start, start + (0.0, -2.0, 14.0), start + (1.0, -4.0, 26.0)]),
            radius,
            radius,
            LUMEN_HU,
            wall_mm,
        )


def paint_chest(scene: Scene, heart: Heart, generator: np.random.Generator) -> None:
    """Chest wall, lungs with their vessels, mediastinum, airways, gullet, diaphragm and what lies under it."""
    canvas = scene.canvas
    slow, fine = scene.noise(7.0), scene.noise(4.5)
    x, y, z = scene.bent
    shifted = (x - np.float32(CHEST_MIDDLE_XY[0]), y - np.float32(CHEST_MIDDLE_XY[1]), z)
    chest = np.asarray(superellipse(CHEST_XY, CHEST_EXPONENT)(*shifted), np.float32)
    chest = np.broadcast_to(chest, scene.shape_zyx).astype(np.float32)
    scene.paint(chest - 40.0, 30.0)
    scene.paint(chest - 38.0, FAT_HU - 8.0 + 6.0 * slow)
    scene.paint(chest - 24.0 - 2.0 * slow, MUSCLE_HU + 8.0 * fine)
    seam = np.abs(chest - np.float32(13.5) - 1.2 * slow) - np.float32(0.9) - 0.7 * fine
    scene.paint(np.asarray(np.maximum(seam, 30.0 - np.abs(x - 2.0)), np.float32), FAT_HU + 20.0)
    scene.paint(chest - 1.6, FAT_HU)
    for side in (-1.0, 1.0):
        back = scene.field(column((SPINE_XY[0] + side * 27.0, SPINE_XY[1] + 27.0), (23.0, 15.0)))
        scene.paint(back + 0.8 * fine, MUSCLE_HU + 6.0 * fine)
    lung = _lungs(scene, heart, chest)
    scene.paint(chest, FAT_HU + 6.0 * slow)
    dependent = np.clip((y + 40.0) / 130.0, 0.0, 1.0)
    scene.paint(lung, -872.0 + 62.0 * dependent + 9.0 * scene.noise(5.0) + 7.0 * scene.noise(14.0))
    _paint_lung_vessels(scene, heart, lung, generator)
    _paint_under_diaphragm(scene, chest, slow)
    _paint_airways(scene)
    paint_spine(canvas, generator, at_xy=SPINE_XY, pitch_mm=26.0, size=0.86)
    paint_ribs(
        canvas,
        (CHEST_XY[0] + 6.5, CHEST_XY[1] + 6.0),
        center_xy=CHEST_MIDDLE_XY,
        numbers=tuple(range(-3, 9)),
        pitch_mm=24.0,
        last_floating=-3,
    )
    breastbone = scene.field(column((2.0, -88.0), (19.0, 5.5), (0.0, 0.06)))
    scene.paint(breastbone, 400.0)
    scene.paint(breastbone + 1.8, 135.0 + 30.0 * scene.noise(3.0))


def _lungs(scene: Scene, heart: Heart, chest: Field) -> Field:
    middle = union(heart.sac - np.float32(1.5), scene.field(column((3.0, 84.0), (23.0, 26.0))), 14.0)
    middle = union(middle, heart.great_vessels - 4.5, 8.0)
    middle = union(middle, np.minimum(heart.cava - 3.0, heart.pulmonary - 3.0), 9.0)
    middle = union(middle, scene.field(ellipsoid((-4.0, 8.0, 70.0), (36.0, 44.0, 46.0))), 10.0)
    middle = union(middle, scene.field(ellipsoid((0.0, -70.0, 60.0), (12.0, 30.0, 70.0))), 10.0)
    lung = cut(chest + 1.0, middle, 3.0)
    return cut(lung, domes(scene) - 2.5, 2.0)


def domes(scene: Scene) -> Field:
    """The two halves of the diaphragm."""
    right = scene.field(ellipsoid((-58.0, 6.0, -118.0), (82.0, 92.0, 76.0)))
    left = scene.field(ellipsoid((66.0, 8.0, -128.0), (76.0, 88.0, 74.0)))
    return union(right, left, 20.0)


def _paint_under_diaphragm(scene: Scene, chest: Field, slow: Field) -> None:
    """Diaphragm, liver, stomach and spleen, where the scan's lowest slices meet them."""
    dome = overlap(domes(scene), chest + 1.0, 2.0)
    scene.paint(dome - 2.5, 60.0)
    scene.paint(dome, FAT_HU)
    liver = overlap(scene.field(ellipsoid((-52.0, 0.0, -112.0), (96.0, 96.0, 70.0))), dome + 1.0, 4.0)
    scene.paint(liver, 92.0 + 4.0 * slow)
    stomach = overlap(scene.field(ellipsoid((62.0, -6.0, -96.0), (34.0, 40.0, 34.0))), dome + 3.0, 3.0)
    scene.paint(stomach, 70.0)
    scene.paint(stomach + 4.0, -600.0)
    spleen = overlap(scene.field(ellipsoid((92.0, 52.0, -92.0), (22.0, 38.0, 34.0))), dome + 2.0, 3.0)
    scene.paint(spleen, 138.0 + 8.0 * slow)


def _paint_airways(scene: Scene) -> None:
    fork = (-12.0, 50.0, 60.0)
    for points, radii in (
        (((-17.0, 46.0, 100.0), (-15.0, 48.0, 80.0), fork), (8.0, 8.0, 7.5)),
        ((fork, (-32.0, 49.0, 46.0), (-52.0, 52.0, 34.0), (-68.0, 56.0, 18.0)), (7.0, 6.0, 4.6, 2.6)),
        (
            (fork, (4.0, 45.0, 50.0), (24.0, 43.0, 44.0), (50.0, 47.0, 36.0), (70.0, 54.0, 22.0)),
            (6.6, 6, 5.4, 4.2, 2.4),
        ),
    ):
        field = _tube(scene, points, radii)
        scene.paint(field - 1.3, 40.0)
        scene.paint(field, -985.0)
    gullet = _tube(
        scene, ((-10.0, 64.0, 98.0), (-4.0, 66.0, 40.0), (-1.0, 69.0, -10.0), (6.0, 64.0, -70.0)), (6, 6, 6.5, 7)
    )
    scene.paint(gullet, 44.0)
    gas = _tube(scene, ((-9.0, 63.0, 98.0), (-4.0, 65.5, 40.0), (-1.0, 68.0, 8.0)), (2.6, 1.6, 0.6))
    scene.paint(gas, -700.0)
    azygos = _tube(scene, ((-12.0, 76.0, 80.0), (-11.0, 77.0, 20.0), (-9.0, 77.0, -70.0)), (3.6, 3.2, 2.8))
    scene.paint(azygos, 105.0)


def _paint_lung_vessels(scene: Scene, heart: Heart, lung: Field, generator: np.random.Generator) -> None:
    """Arteries and veins that fill each lung from its hilum."""
    canvas = scene.canvas
    x, y, z = scene.straight
    deep = np.argwhere(lung < -2.5)
    if not len(deep):
        return
    deep = deep[generator.permutation(len(deep))[:24_000]]
    places = np.stack([x.reshape(-1)[deep[:, 2]], y.reshape(-1)[deep[:, 1]], z.reshape(-1)[deep[:, 0]]], 1).astype(
        float
    )
    for side, hila in (
        (-1.0, (((-44.0, 36, 36), (-72.0, 44, 24)), ((-44.0, 50, 6), (-66.0, 60, -14)))),
        (1.0, (((50.0, 36, 52), (74.0, 48, 42)), ((46.0, 52, 2), (68.0, 62, -14)))),
    ):
        own = places[side * (places[:, 0] - 4.0) > 0]
        for hilum, hu in zip(hila, (PULMONARY_HU - 20.0, LEFT_ATRIUM_HU - 30.0), strict=True):
            tree = GrowingTree.from_stems([np.array(hilum, dtype=np.float64)])
            tree.grow(spread_points(own, 300, generator), np.zeros((0, 3)), 0.0, 2)
            starts, ends, first, last = tree.segments(0.52)
            field, where = canvas.tube_distance(
                starts, ends, np.minimum(first, 4.6), np.minimum(last, 4.6), reach_mm=1.5
            )
            canvas.paint_distance(field, where, hu)
