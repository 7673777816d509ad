"""Parts of a vessel tree that hold what their voxels hold.

A tree's surface holds its voxels' volume as a whole; thin branches hold some per cent less than their voxels, the trunk a
little more. A part of it is therefore cut from the tree's surface moved evenly, by hundredths of a millimetre.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from planning.geometry import FloatArray, Vector
from planning.mesh import SurfaceMesh
from planning.printing.crossing import crossings
from planning.printing.solids import solid_of
from planning.printing.uncross import uncrossed

ROUNDS = 3
NEAR_ENOUGH = 5e-3
MOST_MM = 0.15
# what uncrossing may move a point beside
ASIDE_MM = 0.05


def holding(
    surface: SurfaceMesh, origin_mm: Vector, part: Callable[[Any], Any], wanted_mm3: float, as_it_is: Any = None
) -> Any:
    """`part` of the solid of a closed surface, the surface moved outwards or inwards by MOST_MM at most until the part
    holds `wanted_mm3`. As it is where nothing is wanted, or where a moved surface would cut itself.

    as_it_is: the part of the surface where it stands, if that is known.
    """
    as_it_is = part(solid_of(surface, origin_mm)) if as_it_is is None else as_it_is
    area = float(as_it_is.surface_area())
    off = float(as_it_is.volume()) - wanted_mm3
    if wanted_mm3 <= 0.0 or area <= 0.0 or abs(off) <= NEAR_ENOUGH * wanted_mm3:
        return as_it_is
    outward = _outward(surface)
    at_mm, slope, found, moved = 0.0, area, as_it_is, surface
    for _ in range(ROUNDS):
        further = float(np.clip(at_mm - off / slope, -MOST_MM, MOST_MM))
        if further == at_mm:
            break
        moved = SurfaceMesh(surface.points_mm + further * outward, surface.triangles)
        found = part(solid_of(moved, origin_mm))
        before, off = off, float(found.volume()) - wanted_mm3
        # the secant; its sign is known, and a part with hardly any surface of its own does not run away
        slope = max((off - before) / (further - at_mm), 0.2 * area)
        at_mm = further
        if abs(off) <= NEAR_ENOUGH * wanted_mm3:
            break
    crossing = crossings(moved)
    if not len(crossing.pairs):
        return found
    apart = uncrossed(moved, crossing, ASIDE_MM)
    return as_it_is if apart is None else part(solid_of(apart, origin_mm))


def _outward(surface: SurfaceMesh) -> FloatArray:
    """(V, 3) unit normals of a closed surface's points, each triangle weighted by its area."""
    a, b, c = (surface.points_mm[surface.triangles[:, n]] for n in range(3))
    facing = np.cross(b - a, c - a)
    sums = np.zeros_like(surface.points_mm)
    for n in range(3):
        for axis in range(3):
            sums[:, axis] += np.bincount(surface.triangles[:, n], facing[:, axis], minlength=len(sums))
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12))
