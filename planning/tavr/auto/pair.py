"""A valve of two cusps without a raphe: two sinuses, a crown of two leaflets, two lowest points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planning.geometry import FloatArray, unit
from planning.tavr.auto.crown import Crown, SheetField, best_pair, fit_crown
from planning.tavr.auto.fit import FittedRoot, hinge_levels, leaflet_sheets
from planning.tavr.auto.local import ANGLES

FAINT_THIRD_LOBE_MM, FAINT_LEAFLET, NEAR_SINUS_MM = 0.55, 0.55, 3.0
BETTER_MEAN, BETTER_LEAST = 0.05, 0.15


def sinus_waves_mm(root: FittedRoot) -> tuple[float, float]:
    """Second and third harmonic of the wall at the sinuses: an oval's and a trefoil's."""
    turn = 2.0 * np.pi * np.arange(ANGLES) / ANGLES
    near = np.abs(root.wall.heights_mm - root.sinus_level_mm) <= NEAR_SINUS_MM
    radii = root.wall.radii_mm[near].mean(axis=0)
    two, three = ((2.0 / ANGLES) * float(np.abs(radii @ np.exp(-1j * m * turn))) for m in (2, 3))
    return two, three


def as_pair(root: FittedRoot) -> FittedRoot | None:
    """The root with the crown of two leaflets where that is seen better than one of three, else None.

    Its crown still has three points, as a plane needs them: the two lowest ones, and last the one on the wall between
    them towards the back, in the plane through both that lies most nearly across the root's axis.
    """
    if sinus_waves_mm(root)[1] >= FAINT_THIRD_LOBE_MM and root.crown.support.min() >= FAINT_LEAFLET:
        return None
    seen = leaflet_sheets(root.lattice, root.wall, root.blood_hu, root.thick_mm)
    levels = hinge_levels(root.sinus_level_mm)
    pair = fit_crown(seen, root.wall, best_pair(SheetField(seen, root.wall), levels), levels)
    better = pair.support.mean() > root.crown.support.mean() + BETTER_MEAN
    if not better or pair.support.min() < root.crown.support.min() + BETTER_LEAST:
        return None
    return replace(root, crown=_with_third(root, pair))


def _with_third(root: FittedRoot, pair: Crown) -> Crown:
    points = root.on_wall(pair.angles, pair.levels_mm)
    along, axis = unit(points[1] - points[0]), root.axis()
    normal = unit(axis - (axis @ along) * along)
    half = 0.5 * float(np.mod(pair.angles[1] - pair.angles[0], 2.0 * np.pi))
    between = pair.angles[0] + np.array((half, half + np.pi))
    # the frame's `right` looks to the front
    angle = between[int(np.argmin(np.cos(between) * (root.frame.right @ np.array((0.0, -1.0, 0.0)))))]
    level = float(pair.levels_mm.mean())
    for _ in range(4):
        point = root.on_wall(np.array(angle), np.array(level))
        level -= float((point - points[0]) @ normal) / float(root.frame.normal @ normal)

    def and_mean(values: FloatArray, last: float | None = None) -> FloatArray:
        return np.append(values, values.mean() if last is None else last)

    return Crown(
        and_mean(pair.angles, float(angle)),
        and_mean(pair.levels_mm, level),
        and_mean(pair.rises_mm),
        and_mean(pair.lean_wall),
        and_mean(pair.lean_free),
        pair.sag_per_mm,
        and_mean(pair.support),
    )
