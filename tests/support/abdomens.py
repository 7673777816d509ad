"""Abdomens of varied livers for the guided segmentation, none of which any constant was chosen by.

Livers differ in shape (long right lobe, wide left lobe, small), size, HU and noise; the neighbours that touch it differ in
contrast: heart over the dome, stomach and spleen at the left lobe, gallbladder, right kidney, pancreas and bowel under it,
the wall of muscle without fat between. Phases: portal-venous, early portal, late, pale (fatty) liver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid
from planning.phantoms.growth import GrowingTree
from planning.phantoms.hepatic_anatomy import rotation, superellipse
from planning.phantoms.scene import Scene, cut, overlap, scanned, union
from planning.phantoms.shapes import Canvas, Field, column, ellipsoid
from planning.phantoms.skeleton import paint_ribs, paint_spine
from planning.volume import Volume

FIELD_MM = (330.0, 250.0, 250.0)
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Phase:
    """HU of what the contrast reaches."""

    liver: float
    vessels: float
    spleen: float
    kidney: float
    heart: float
    gut: float


PHASES = {
    "portal": Phase(112.0, 170.0, 122.0, 195.0, 155.0, 80.0),
    "early": Phase(85.0, 135.0, 140.0, 180.0, 180.0, 75.0),
    "late": Phase(98.0, 125.0, 105.0, 150.0, 125.0, 70.0),
    "pale": Phase(72.0, 150.0, 118.0, 190.0, 150.0, 78.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Abdomen:
    """volume; organ: the closed liver; tumors: each lesion; all bool `[k, j, i]`. phase: its name."""

    volume: Volume
    organ: BoolArray
    tumors: tuple[BoolArray, ...]
    phase: str


def abdomen(seed: int, *, spacing_mm: tuple[float, float, float] = (1.5, 1.5, 2.0)) -> Abdomen:
    """One person; LPS mm, liver at −x. The phase goes round with the seed."""
    draw = np.random.default_rng([seed, 77])
    names = tuple(PHASES)
    phase = PHASES[names[seed % len(names)]]
    size = tuple(int(n) for n in np.rint(np.array(FIELD_MM) / spacing_mm))
    grid = Grid.from_parts((size[0], size[1], size[2]), spacing_mm, -(np.array(size) - 1) / 2.0 * spacing_mm)
    canvas = Canvas(grid)
    scene = Scene(canvas, draw, step_mm=3.0, bends=((4.0, 35.0), (1.2, 11.0)))
    slow, fine = scene.noise(9.0), scene.noise(4.0)
    around = _paint_trunk(scene, draw, slow, fine)
    liver = _liver(scene, draw, around)
    _paint_neighbours(scene, draw, phase, around, liver, fine)
    paint_spine(canvas, draw)
    paint_ribs(canvas, (142.0, 91.0))
    scene.paint(liver, phase.liver + 2.0 * slow + 2.0 * scene.noise(30.0))
    _paint_vessels(scene, draw, phase, liver)
    lesions = _lesions(scene, draw, liver)
    for lesion, hu in lesions:
        scene.paint(lesion, phase.liver - hu + 3.0 * fine)
    organ = scene.mask(liver).full()
    tumors = tuple(scene.mask(lesion).full() & organ for lesion, _ in lesions)
    noise_hu = float(draw.uniform(9.0, 20.0))
    voxels = scanned(canvas, draw, point_spread_mm=0.6, noise_hu=noise_hu, middle_xy=np.zeros(2))
    return Abdomen(Volume(grid, voxels), organ, tumors, names[seed % len(names)])


@dataclass(frozen=True, slots=True, eq=False)
class _Trunk:
    cavity: Field
    dome: Field


def _paint_trunk(scene: Scene, draw: np.random.Generator, slow: Field, fine: Field) -> _Trunk:
    """Skin, fat, the wall, the fat of the cavity, lungs over the diaphragm."""
    wall = scene.field(superellipse((149.0, 98.0)))
    thin = float(draw.uniform(9.0, 15.0))
    scene.paint(wall - np.float32(draw.uniform(6.0, 18.0)), -105.0 + 4.0 * slow)
    scene.paint(wall, 56.0 + 6.0 * fine)
    cavity = np.asarray(wall + np.float32(thin), np.float32)
    scene.paint(cavity, -100.0 + 6.0 * slow)
    height = draw.uniform(80.0, 100.0)
    right = scene.field(ellipsoid((-66.0, 0.0, -20.0), (82.0, 94.0, height + 20.0)))
    left = scene.field(ellipsoid((66.0, 4.0, -24.0), (80.0, 90.0, height + 12.0)))
    dome = union(right, left, 36.0)
    lungs = overlap(cavity, -dome)
    lungs = cut(lungs, scene.field(column((4.0, 20.0), (46.0, 66.0))), 8.0)
    scene.paint(lungs, -860.0)
    return _Trunk(cavity, np.asarray(dome, np.float32))


def _liver(scene: Scene, draw: np.random.Generator, around: _Trunk) -> Field:
    def near(value: float, share: float) -> float:
        return value * float(draw.uniform(1.0 - share, 1.0 + share))

    turn = rotation(draw, 14.0)
    right = scene.field(
        ellipsoid((-72.0, 0.0, near(14.0, 0.9)), (near(60.0, 0.1), near(76.0, 0.1), near(80.0, 0.2)), turn)
    )
    far = draw.uniform(-20.0, 50.0)
    left = scene.field(
        ellipsoid(
            (near(0.0, 1.0), -42.0, 38.0), (60.0 + 0.5 * far, near(34.0, 0.2), near(30.0, 0.25)), rotation(draw, 16.0)
        )
    )
    body = union(right, left, float(draw.uniform(16.0, 34.0)))
    if draw.random() < 0.35:
        tongue = scene.field(ellipsoid((-96.0, 0.0, -55.0), (24.0, 44.0, near(50.0, 0.2))))
        body = union(body, tongue, 18.0)
    # no fat between: the wall itself bounds it
    body = overlap(body, np.asarray(around.cavity + np.float32(draw.uniform(0.0, 2.5)), np.float32), 5.0)
    body = overlap(body, np.asarray(around.dome + np.float32(3.0), np.float32), 6.0)
    body = cut(body, scene.field(column((4.0, 62.0), (46.0, 36.0))), 10.0)
    hilum = scene.field(ellipsoid((near(-6.0, 1.0), 8.0, -26.0), (38.0, 22.0, 30.0), rotation(draw, 20.0)))
    return cut(body, hilum, 8.0)


def _paint_neighbours(
    scene: Scene, draw: np.random.Generator, phase: Phase, around: _Trunk, liver: Field, fine: Field
) -> None:
    """Each lies at the liver with or without a layer of fat, some press into it."""

    def shift(most: float) -> npt.NDArray[np.float64]:
        return draw.uniform(-most, most, 3)

    def touching(field: Field) -> Field:
        return cut(field, liver - np.float32(max(float(draw.uniform(-2.0, 3.0)), 0.0)))

    inner = np.asarray(around.cavity + np.float32(2.0), np.float32)
    heart = scene.field(ellipsoid(np.array((24.0, -34.0, 118.0)) + shift(6.0), (58.0, 44.0, 40.0)))
    scene.paint(touching(np.asarray(heart - np.float32(3.0), np.float32)), -80.0)
    scene.paint(touching(heart), 105.0)
    scene.paint(touching(np.asarray(heart + np.float32(7.0), np.float32)), phase.heart)
    stomach = scene.field(
        ellipsoid(np.array((72.0, -14.0, 26.0)) + shift(12.0), (44.0, 38.0, 48.0), rotation(draw, 25.0))
    )
    stomach = touching(overlap(overlap(stomach, inner, 4.0), around.dome, 4.0))
    scene.paint(stomach, phase.gut + 4.0 * fine)
    full = float(draw.choice((20.0, 40.0, 70.0)))
    scene.paint(np.asarray(stomach + np.float32(4.0), np.float32), full + 6.0 * fine)
    spleen = scene.field(
        ellipsoid(np.array((100.0, 34.0, 16.0)) + shift(6.0), (30.0, 44.0, 50.0), rotation(draw, 20.0))
    )
    scene.paint(touching(overlap(overlap(spleen, inner, 4.0), around.dome, 4.0)), phase.spleen)
    bowel = [
        *(
            (-30.0, -40.0, -66.0),
            (20.0, -58.0, -44.0),
            (-84.0, -40.0, -78.0),
            (50.0, -50.0, -80.0),
            (0.0, -20.0, -90.0),
        ),
        *((-60.0, -62.0, -52.0), (-100.0, -20.0, -96.0), (30.0, -40.0, -70.0), (-14.0, -64.0, -30.0)),
    ]
    for place in bowel:
        loop = scene.field(ellipsoid(np.array(place) + shift(14.0), draw.uniform(15.0, 36.0, 3), rotation(draw, 60.0)))
        loop = touching(overlap(loop, inner, 3.0))
        scene.paint(loop, phase.gut + 5.0 * fine)
        scene.paint(np.asarray(loop + np.float32(3.5), np.float32), float(draw.choice((-850.0, 15.0, 45.0))))
    pancreas = scene.field(
        ellipsoid(np.array((10.0, -2.0, -34.0)) + shift(6.0), (44.0, 14.0, 15.0), rotation(draw, 20.0))
    )
    scene.paint(touching(pancreas), phase.gut + 12.0 + 5.0 * fine)
    for side, z in ((-1.0, -50.0), (1.0, -34.0)):
        kidney = touching(scene.field(ellipsoid(np.array((side * 62.0, 44.0, z)) + shift(6.0), (27.0, 25.0, 52.0))))
        scene.paint(kidney, phase.kidney)
        scene.paint(np.asarray(kidney + np.float32(14.0), np.float32), 30.0)
        crus = scene.field(ellipsoid((side * 14.0, 34.0, 30.0), (7.0, 12.0, 70.0)))
        scene.paint(touching(crus), 58.0)
    aorta = scene.field(column((12.0, 30.0), (10.0, 10.0)))
    scene.paint(aorta, phase.heart + 5.0)
    cava = touching(scene.field(column((-18.0, 24.0), (11.0, 10.0))))
    scene.paint(cava, phase.vessels - 8.0)
    bladder = scene.field(
        ellipsoid(np.array((-40.0, -38.0, -40.0)) + shift(8.0), (13.0, 27.0, 16.0), rotation(draw, 30.0))
    )
    scene.paint(touching(np.asarray(bladder, np.float32)), 12.0)


def _paint_vessels(scene: Scene, draw: np.random.Generator, phase: Phase, liver: Field) -> None:
    """Trees that fill the liver, kept inside it."""
    x, y, z = scene.straight
    deep = np.argwhere(liver < -8.0)
    deep = deep[draw.permutation(len(deep))[:150]]
    places = np.stack([x.reshape(-1)[deep[:, 2]], y.reshape(-1)[deep[:, 1]], z.reshape(-1)[deep[:, 0]]], axis=1)
    tree = GrowingTree.from_stems([np.array(((-12.0, 4.0, -20.0), (-30.0, 0.0, 0.0), (-66.0, -6.0, 12.0)))])
    tree.grow(places.astype(np.float64), np.zeros((0, 3)), 0.0, 2)
    starts, ends, first, last = tree.segments(0.9)
    field, at = scene.canvas.tube_distance(starts, ends, np.minimum(first, 6.0), np.minimum(last, 6.0))
    scene.canvas.paint_distance(np.maximum(field, scene.at(liver, at)), at, phase.vessels)


def _lesions(scene: Scene, draw: np.random.Generator, liver: Field) -> list[tuple[Field, float]]:
    """Three lesions, 15 to 50 HU darker: a large one at the surface, a middle and a small one inside."""
    x, y, z = scene.straight
    made = []
    for radius, low, high in ((27.0, -14.0, -4.0), (13.0, -24.0, -8.0), (8.5, -30.0, -9.0)):
        inside = np.argwhere((liver > low) & (liver < high))
        k, j, i = inside[draw.integers(len(inside))]
        center = np.array((x.reshape(-1)[i], y.reshape(-1)[j], z.reshape(-1)[k]))
        radii = radius * draw.uniform(0.8, 1.2, 3)
        lesion = overlap(scene.field(ellipsoid(center, radii, rotation(draw, 60.0))), liver)
        made.append((lesion, float(draw.uniform(22.0, 50.0))))
    return made
