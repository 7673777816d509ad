"""The shapes of the hepatic phantom's abdomen: LPS mm, liver on the patient's right (−x), +y back, +z head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.phantoms.shapes import (
    Field,
    Shape,
    column,
    common,
    ellipsoid,
    grown,
    half_space,
    joined,
    without,
)

BODY_XY = (164.0, 114.0)
MUSCLE_XY = (149.0, 98.0)
CAVITY_XY = (136.0, 85.0)
RIBS_XY = (142.0, 91.0)


def superellipse(
    radii_xy: tuple[float, float], exponent: float = 2.3, center_y: float = 0.0, flare: float = 0.0
) -> Shape:
    """The cross-section of a trunk; flare: growth of both radii per mm of z."""
    power = np.float32(exponent)

    def distance(x: Field, y: Field, z: Field) -> Field:
        scale = 1.0 + np.float32(flare) * z
        u = np.abs(x) / (np.float32(radii_xy[0]) * scale)
        v = np.abs(y - np.float32(center_y)) / (np.float32(radii_xy[1]) * scale)
        level = (u**power + v**power) ** (1.0 / power)
        inverse = np.float32(1.0) / np.maximum(level, np.float32(1e-3)) ** (power - 1.0)
        steep = inverse * np.sqrt(
            (u ** (power - 1.0) / np.float32(radii_xy[0])) ** 2 + (v ** (power - 1.0) / np.float32(radii_xy[1])) ** 2
        )
        return np.asarray((level - 1.0) / np.maximum(steep, np.float32(1e-4)))

    return distance


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Organs:
    """The abdomen's solids."""

    dome: Shape
    liver: Shape
    gallbladder: Shape
    spleen: Shape
    stomach: Shape
    kidney_left: Shape
    kidney_right: Shape
    heart: Shape
    lung: Shape
    fissures: Shape


def rotation(generator: np.random.Generator, most_deg: float) -> FloatArray:
    """(3, 3) a turn about a random axis by up to `most_deg`."""
    axis = generator.normal(size=3)
    x, y, z = axis / np.linalg.norm(axis)
    angle = np.radians(generator.uniform(-most_deg, most_deg))
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross))


def _turned(about_y_deg: float, about_z_deg: float = 0.0) -> FloatArray:
    a, b = np.radians([about_y_deg, about_z_deg])
    about_y = np.array([[np.cos(a), 0.0, np.sin(a)], [0.0, 1.0, 0.0], [-np.sin(a), 0.0, np.cos(a)]])
    about_z = np.array([[np.cos(b), -np.sin(b), 0.0], [np.sin(b), np.cos(b), 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(about_z @ about_y)


def make_organs(generator: np.random.Generator) -> Organs:
    """The organs with a little of one person's own measure."""

    def near(value: float, share: float = 0.03) -> float:
        return value * float(generator.uniform(1.0 - share, 1.0 + share))

    cavity = superellipse(CAVITY_XY, center_y=-1.0)
    inner = grown(cavity, -3.5)
    dome = joined(ellipsoid((-66, 0, -20), (80, 92, 117)), ellipsoid((66, 6, -24), (80, 90, 110)), 36.0)
    kidney_right = _kidney((-61, 42, -54), 9.0, -18.0)
    kidney_left = _kidney((60, 44, -34), -9.0, 18.0)
    gallbladder = ellipsoid((-40, -38, -42), (12, 27, 15), _turned(20.0, -24.0))
    right = ellipsoid((-68, -2, 16), (near(66), near(80), near(82)), _turned(-8.0))
    left = ellipsoid((4, -40, 40), (near(76), 34, near(30)), _turned(-10.0, 14.0))
    middle = ellipsoid((-24, -18, 26), (50, 46, 44))
    body = joined(joined(right, middle, 30.0), left, 26.0)
    under = joined(ellipsoid((-2, 8, -26), (36, 20, 28)), grown(ellipsoid((-40, -38, -54), (12, 30, 22)), 1.0), 10.0)
    stomach = joined(ellipsoid((78, 6, 32), (36, 38, 38), _turned(-16.0)), ellipsoid((76, -26, 0), (25, 26, 40)), 22.0)
    stomach = joined(stomach, ellipsoid((44, -42, -26), (42, 15, 15), _turned(14.0, 10.0)), 12.0)
    liver = common(common(body, grown(dome, -4.0), 8.0), inner, 6.0)
    liver = without(liver, under, 7.0)
    liver = without(liver, joined(column((0, 60), (46, 36)), grown(kidney_right, 5.0), 12.0), 8.0)
    liver = without(without(liver, grown(gallbladder, 1.2), 2.0), grown(stomach, 4.0), 5.0)
    fissures = joined(
        ellipsoid((10, -66, 16), (2.6, 28, 24), _turned(0.0, 6.0)),
        ellipsoid((2, 2, 40), (2.2, 20, 18), _turned(0.0, 62.0)),
    )
    liver = without(liver, fissures, 3.0)
    spleen = ellipsoid((104, 34, 16), (27, 44, near(50, 0.08)), _turned(14.0, 24.0))
    spleen = common(common(spleen, grown(dome, -4.0), 4.0), inner, 4.0)
    spleen = without(without(spleen, grown(stomach, 4.0), 4.0), grown(kidney_left, 5.0), 5.0)
    heart = ellipsoid((28, -34, 122), (60, 44, 42), _turned(-12.0))
    mediastinum = joined(column((4, 30), (28, 62)), grown(heart, 4.0), 14.0)
    recess = half_space((0.0, 0.0, 22.0), (0.0, -0.75, -1.0))
    lung = common(without(without(grown(cavity, -2.0), dome, 2.0), mediastinum, 6.0), recess, 4.0)
    return Organs(
        dome=dome,
        liver=liver,
        gallbladder=gallbladder,
        spleen=spleen,
        stomach=stomach,
        kidney_left=kidney_left,
        kidney_right=kidney_right,
        heart=heart,
        lung=lung,
        fissures=fissures,
    )


def _kidney(center: npt.ArrayLike, about_y_deg: float, about_z_deg: float) -> Shape:
    """A bean whose hilum looks to the spine."""
    c = np.asarray(center, dtype=np.float64)
    axes = _turned(about_y_deg, about_z_deg)
    inward = -np.sign(c[0])
    return without(ellipsoid(c, (27, 25, 53), axes), ellipsoid(c + (inward * 27, -6, 0), (15, 12, 15)), 6.0)


def portal_stems(generator: np.random.Generator) -> list[FloatArray]:
    """Portal trunk and its first branches, from the confluence behind the pancreas to the porta and on."""
    fork = np.array([-21.0, 0.0, -2.0]) + generator.uniform(-1.5, 1.5, 3)
    right = np.array([-46.0, 2.0, 2.0]) + generator.uniform(-2.0, 2.0, 3)
    return [
        np.array([(5.0, 4.0, -52.0), (-6.0, 4.0, -30.0), fork]),
        np.array([fork, right, (-64, -20, 18)]),
        np.array([right, (-72, 24, -4)]),
        np.array([fork, (-4, -18, 12), (6, -34, 26), (10, -46, 32)]),
    ]


def portal_segment_stems(generator: np.random.Generator) -> list[FloatArray]:
    """A stem into each of Couinaud's segments, from the branches of `portal_stems`: right ones (V to VIII), II, III and
    both parts of IV from the umbilical portion, and a thin one from the fork to the caudate lobe."""

    def near(*places: tuple[float, float, float]) -> FloatArray:
        line = np.array(places, dtype=np.float64)
        line[1:] += generator.uniform(-1.5, 1.5, (len(line) - 1, 3))
        return line

    front, behind, umbilical = (-64.0, -20.0, 18.0), (-72.0, 24.0, -4.0), (6.0, -34.0, 26.0)
    return [
        near(front, (-66.0, -22.0, 54.0)),
        near(front, (-76.0, -38.0, -20.0)),
        near(behind, (-66.0, 36.0, 28.0), (-60.0, 38.0, 50.0)),
        near(behind, (-90.0, 38.0, -34.0)),
        near(umbilical, (26.0, -22.0, 44.0), (46.0, -28.0, 46.0)),
        near((10.0, -46.0, 32.0), (30.0, -60.0, 26.0), (48.0, -60.0, 30.0)),
        near(umbilical, (-12.0, -40.0, 42.0)),
        near(umbilical, (-16.0, -52.0, 8.0)),
        near((-21.0, 0.0, -2.0), (-7.0, 9.0, 20.0)),
    ]


def hepatic_stems(generator: np.random.Generator) -> list[list[FloatArray]]:
    """Right vein; middle and left vein with their common end. Each begins in the vena cava."""

    def shift() -> FloatArray:
        return generator.uniform(-2.0, 2.0, 3)

    meeting = np.array([-16.0, 2.0, 57.0])
    right = [np.array([(-19.0, 18.0, 55.0), (-48, 10, 54) + shift(), (-76, 4, 26) + shift(), (-84, 6, -22)])]
    left = [
        np.array([(-15.0, 17.0, 56.0), meeting, (-28, -16, 46) + shift(), (-42, -34, 14) + shift(), (-50, -36, -14)]),
        np.array([meeting, (2, -18, 54) + shift(), (26, -34, 50)]),
    ]
    return [right, left]
