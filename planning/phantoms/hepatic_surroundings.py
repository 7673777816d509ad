"""Everything round the hepatic phantom's liver: wall, lungs, table, heart, bowel, spleen, kidneys, great vessels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from planning.phantoms import hepatic_anatomy as anatomy
from planning.phantoms.growth import GrowingTree, spread_points
from planning.phantoms.scene import Scene, cut, overlap
from planning.phantoms.shapes import Field, column, ellipsoid
from planning.phantoms.tube import smooth_line
from planning.volume import Mask

FAT_HU, MUSCLE_HU = -102.0, 57.0
BACK_MM = 110.0


def _line(scene: Scene, points: npt.ArrayLike, radii: npt.ArrayLike) -> Field:
    return scene.tube(*smooth_line(np.asarray(points, dtype=np.float64), radii), reach_mm=12.0)


def paint_trunk(scene: Scene, organs: anatomy.Organs) -> None:
    """Table, skin, fat, the layered muscular wall, what lies between the organs, the diaphragm."""
    x, y, z = scene.straight
    top = np.float32(BACK_MM + 4.0) - 16.0 * (x / 170.0) ** 2
    table = np.broadcast_to(np.maximum(top - y, y - top - np.float32(13.0)), scene.shape_zyx).astype(np.float32)
    scene.paint(table, 260.0)
    scene.paint(table + 1.7, -925.0)
    back = np.asarray(y - np.float32(BACK_MM) + 15.0 * (x / 170.0) ** 2, np.float32)
    slow, fine = scene.noise(9.0), scene.noise(4.0)
    body = overlap(scene.field(anatomy.superellipse(anatomy.BODY_XY, flare=-1.5e-4)), back, 12.0)
    scene.paint(body, 20.0)
    scene.paint(body + 2.0, FAT_HU - 4.0 + 4.0 * slow)
    wall = scene.field(anatomy.superellipse(anatomy.MUSCLE_XY, center_y=1.0))
    cavity = scene.field(anatomy.superellipse(anatomy.CAVITY_XY, center_y=-1.0))
    scene.paint(overlap(wall + 0.7 * fine, back + 6.0), MUSCLE_HU + 7.0 * fine)
    bx, by, _ = scene.bent
    # the flank's three layers, the sheath of the straight muscles, the white line
    flank = np.maximum(np.float32(52.0) - np.abs(bx), np.abs(by) - np.float32(62.0))
    for depth in (4.3, 8.8):
        seam = np.abs(cavity - np.float32(depth)) - np.float32(0.55) - 0.35 * fine
        scene.paint(np.asarray(np.maximum(seam, flank), np.float32), -60.0)
    front = by + np.float32(40.0)
    edge = np.abs(np.abs(bx) - np.float32(54.0) + 0.18 * (by + 90.0) + 2.0 * slow) - np.float32(0.7) - 0.5 * fine
    white = np.minimum(np.abs(bx) - np.float32(1.4) - 0.6 * fine, edge)
    under_ribs = scene.bent[2] + np.float32(14.0) + 0.4 * np.abs(bx)
    white = np.maximum(np.maximum(np.maximum(white, front), wall), under_ribs)
    scene.paint(np.asarray(white, np.float32), FAT_HU + 50.0)
    scene.paint(cavity, FAT_HU + 8.0 * slow + 5.0 * fine)
    dome = scene.field(organs.dome)
    sheet = np.maximum(np.maximum(dome, -(dome + np.float32(2.6))), cavity - np.float32(1.0))
    scene.paint(np.asarray(np.maximum(sheet, np.float32(4.0) - z), np.float32), 52.0)
    for side in (-1.0, 1.0):
        _paint_back_muscles(scene, side, fine)


def _paint_back_muscles(scene: Scene, side: float, fine: Field) -> None:
    hu = MUSCLE_HU + 6.0 * fine
    scene.paint(scene.field(column((side * 29.0, 88.0), (25.0, 14.0))) + 0.8 * fine, hu)
    septum = scene.field(column((side * 34.0, 88.0), (0.9, 11.0)))
    scene.paint(septum + 0.7 * fine, 0.0)
    psoas = _line(
        scene,
        [(side * 27.0, 54.0, 8.0), (side * 31.0, 53.0, -30.0), (side * 38.0, 50.0, -80.0), (side * 44.0, 46.0, -116.0)],
        (4.0, 9.0, 14.0, 16.0),
    )
    scene.paint(psoas, hu)
    lumborum = _line(scene, [(side * 54.0, 66.0, -40.0), (side * 60.0, 68.0, -116.0)], (8.0, 11.0))
    scene.paint(lumborum, hu)
    crus = _line(
        scene, [(side * 15.0 + 2.0, 30.0, 50.0), (side * 16.0, 36.0, 0.0), (side * 15.0, 40.0, -40.0)], (3.2, 4.2, 2.6)
    )
    scene.paint(crus, hu)


def paint_lungs(scene: Scene, organs: anatomy.Organs, generator: np.random.Generator) -> None:
    """Lung bases with their vessels."""
    lung = scene.field(organs.lung)
    y = scene.straight[1]
    air = -868.0 + 55.0 * np.clip((y + 50.0) / 140.0, 0.0, 1.0) + 9.0 * scene.noise(5.0)
    scene.paint(lung, np.broadcast_to(air, scene.shape_zyx).astype(np.float32))
    x, y, z = scene.straight
    deep = np.argwhere(lung < -2.0)
    deep = deep[generator.permutation(len(deep))[:20_000]]
    places = np.stack([x.reshape(-1)[deep[:, 2]], y.reshape(-1)[deep[:, 1]], z.reshape(-1)[deep[:, 0]]], 1).astype(
        float
    )
    for side in (-1.0, 1.0):
        own = places[side * places[:, 0] > 0]
        tree = GrowingTree.from_stems([np.array(((side * 38.0, 34.0, 150.0), (side * 56.0, 38.0, 118.0)))])
        tree.grow(spread_points(own, 200, generator), np.zeros((0, 3)), 0.0, 2)
        starts, ends, first, last = tree.segments(0.55)
        thick = (np.minimum(first, 3.6), np.minimum(last, 3.6))
        field, where = scene.canvas.tube_distance(starts, ends, *thick, reach_mm=1.5)
        # those that would cross the diaphragm end at it
        field = np.maximum(field, scene.at(lung, where))
        scene.canvas.paint_distance(field, where, 60.0)


def paint_neighbours(scene: Scene, organs: anatomy.Organs, artery_hu: float, structures: dict[str, Mask]) -> None:
    """Heart, stomach, spleen, kidneys, pancreas, bowel, the great vessels outside the liver."""
    slow, fine = scene.noise(8.0), scene.noise(3.2)
    heart = scene.field(organs.heart)
    scene.paint(heart - 4.0, FAT_HU + 6.0 * slow)
    scene.paint(heart, 104.0 + 3.0 * slow)
    left = scene.field(ellipsoid((44.0, -28.0, 126.0), (27.0, 21.0, 30.0)))
    right = overlap(heart + 3.4, scene.field(ellipsoid((0.0, -48.0, 122.0), (37.0, 26.0, 36.0))), 4.0)
    right = cut(right, left - 10.0, 3.0) + 0.8 * fine
    scene.paint(np.minimum(left, right), 158.0 + 5.0 * slow)
    stomach = scene.field(organs.stomach)
    folds = np.abs(scene.noise(5.0))
    scene.paint(stomach, 78.0 + 4.0 * fine)
    lumen = np.asarray(stomach + 3.6 + 1.5 * folds, np.float32)
    food = 18.0 + 16.0 * np.maximum(scene.noise(4.0), 0.0)
    scene.paint(lumen, np.asarray(food, np.float32))
    level = scene.straight[1] + np.float32(24.0) + 0.0 * stomach
    scene.paint(np.asarray(np.maximum(lumen, level), np.float32), -940.0)
    structures["stomach"] = scene.mask(stomach)
    _paint_bowel(scene)
    spleen = scene.field(organs.spleen)
    scene.paint(spleen, 124.0 + 2.5 * slow)
    structures["spleen"] = scene.mask(spleen)
    for name, shape in (("kidney_left", organs.kidney_left), ("kidney_right", organs.kidney_right)):
        kidney = scene.field(shape)
        scene.paint(kidney, 202.0)
        pyramids = np.maximum(kidney + np.float32(6.0), np.float32(0.35) - scene.noise(6.5)) * np.float32(3.0)
        scene.paint(np.asarray(pyramids, np.float32), 158.0)
        scene.paint(kidney + np.float32(15.5) + 1.6 * slow, -70.0)
        scene.paint(kidney + np.float32(19.0) + 1.6 * slow, 12.0)
        structures[name] = scene.mask(kidney)
        gland = np.sign(scene.straight[0][0, 0, :][np.argmin(kidney.min(axis=(0, 1)))])
        _paint_adrenal(scene, float(gland))
    aorta = _line(
        scene,
        [(14.0, 30.0, -115.0), (13.0, 26.0, -40.0), (12.0, 27.0, 30.0), (13.0, 32.0, 115.0)],
        (9.0, 9.5, 10.5, 11.5),
    )
    scene.paint(aorta - 1.0, 70.0)
    scene.paint(aorta, artery_hu)
    structures["aorta"] = scene.mask(aorta)
    for line, radius, hu in (
        (((13, 18, -18), (12, 2, -24), (30, 0, -26), (60, 14, -8), (84, 22, 6)), 3.0, artery_hu - 4.0),
        (((12, 2, -24), (-8, -6, -16), (-26, -4, -8)), 2.2, artery_hu - 10.0),
        (((13, 20, -34), (12, 4, -44), (14, -4, -114)), 3.6, artery_hu - 4.0),
        (((14, 27, -46), (36, 36, -38), (46, 40, -36)), 2.8, artery_hu - 4.0),
        (((13, 27, -50), (-30, 36, -54), (-46, 40, -54)), 2.8, artery_hu - 4.0),
        (((-18, 22, -44), (12, 13, -46), (36, 34, -42), (46, 40, -40)), 3.8, 170.0),
    ):
        scene.paint(_line(scene, line, (radius,) * len(line)), hu)


def _paint_adrenal(scene: Scene, side: float) -> None:
    root = np.array((side * 34.0 + (4.0 if side > 0 else 0.0), 38.0, 12.0 if side > 0 else 0.0))
    for tip in ((side * 6.0, 12.0, -12.0), (-side * 5.0, 12.0, -12.0), (0.0, -9.0, 6.0)):
        scene.paint(_line(scene, [root, root + tip], (2.6, 1.8)), 78.0)


def _paint_bowel(scene: Scene) -> None:
    """Pancreas, duodenum, colon, loops of small bowel and the vessels of their mesentery."""
    lobules = scene.noise(3.0)
    pancreas = _line(
        scene, [(-8.0, -6, -52), (4, -12, -44), (30, -8, -34), (58, 8, -20), (76, 18, -6)], (12.0, 10.0, 9.0, 8.5, 7.0)
    )
    scene.paint(np.asarray(pancreas + 1.3 * lobules, np.float32), 92.0 + 8.0 * lobules)
    stool = -10.0 + 60.0 * scene.noise(3.4)
    folds = np.abs(scene.noise(3.4))
    for path, radius, content in (
        ([(-34, -12, -52), (-36, 4, -70), (-24, 6, -92), (6, 4, -104)], 11.0, 24.0),
        (
            [(-108, 10, -114), (-104, -14, -88), (-84, -38, -84), (-40, -60, -92), (10, -66, -86), (60, -60, -70)],
            15.0,
            stool,
        ),
        ([(60, -60, -70), (98, -30, -50), (112, 10, -70), (114, 22, -114)], 14.0, stool),
        ([(30, -34, -60), (58, -26, -74), (30, -20, -88), (4, -38, -96), (40, -46, -104), (78, -20, -100)], 10.5, 30.0),
        ([(-46, -30, -100), (-20, -26, -110), (-60, -6, -112)], 11.0, 30.0),
        ([(82, 0, -60), (92, 22, -84), (70, 30, -104), (52, 16, -112)], 10.5, 26.0),
        ([(-76, -8, -106), (-58, -46, -112), (-20, -54, -114)], 11.0, 22.0),
    ):
        loop = _line(scene, path, (radius,) * len(path))
        scene.paint(loop, 84.0)
        scene.paint(np.asarray(loop + np.float32(2.2) + 1.1 * folds, np.float32), content)
    gas = _line(scene, [(-84.0, -46, -82), (-40, -70, -90), (10, -75, -84), (60, -70, -68)], (6.0, 8.0, 7.0, 8.0))
    scene.paint(np.asarray(gas + 2.4 * scene.noise(9.0), np.float32), -930.0)
    for end in ((44, -30, -66), (60, -24, -92), (20, -34, -106), (-30, -24, -100), (-60, -14, -98), (84, 4, -82)):
        way: Any = [(10.0, -2.0, -70.0), tuple(0.5 * (np.array(end) + (10, -2, -70)) + (0, 4, 2)), end]
        scene.paint(_line(scene, way, (2.0, 1.5, 0.9)), 150.0)
