"""Where the leaflets meet the wall: the last of the pocket is thinner than a voxel, but the wall itself darkens there.

Just inside the wall the image reads blood mixed with wall, evenly up and down, and darker where a leaflet sets in. The
lower edge of that dark band at half its depth goes with the hinges, whatever form the leaflet has farther inside.
"""

from __future__ import annotations

import numpy as np

from planning.geometry import FloatArray
from planning.tavr.auto.crown import Crown
from planning.tavr.auto.local import Lattice, Wall

INSIDE_MM = np.array((0.2, 0.4, 0.6))
ARC_DEG = np.arange(-20.0, 20.1, 4.0)
STEP_MM, REACH_MM, SEARCH_MM, REST_MM = 0.25, 4.0, 2.0, 3.0
LEAST_DEPTH = 0.06


def foot_heights(lattice: Lattice, wall: Wall, crown: Crown, blood_hu: float) -> FloatArray:
    """(3,) heights over the fitted crown's hinges of the dark band's lower edge, mm; NaN where there is no band."""
    from scipy import ndimage

    arc = np.radians(ARC_DEG)
    over = np.arange(-REACH_MM, REACH_MM + 1e-6, STEP_MM)
    found = np.full(3, np.nan)
    for n in range(3):
        angle, inside, height = np.meshgrid(crown.angles[n] + arc, INSIDE_MM, over, indexing="ij")
        rise = crown.rises_mm[n] * (arc / np.radians(60.0)) ** 2
        height = crown.levels_mm[n] + rise[:, None, None] * np.exp(-crown.sag_per_mm * inside) + height
        radius = wall.radius_at(angle, height) - inside
        at = lattice.index(radius * np.cos(angle), radius * np.sin(angle), height)
        # calcium is no blood, but no brighter than it either
        values = ndimage.map_coordinates(np.minimum(lattice.values, np.float32(blood_hu)), at, order=1)
        profile = ndimage.gaussian_filter1d(np.median(values, axis=0).mean(axis=0) / blood_hu, 1.0)
        below, above = (float(profile[np.abs(over - end) <= 0.5].mean()) for end in (-REST_MM, REST_MM))
        dark = np.interp(over, (-REST_MM, REST_MM), (below, above)) - profile
        near = np.flatnonzero(np.abs(over) <= SEARCH_MM)
        first = deepest = int(near[np.argmax(dark[near])])
        if dark[deepest] < LEAST_DEPTH:
            continue
        half = 0.5 * float(dark[deepest])
        while first > 0 and dark[first] > half:
            first -= 1
        step = max(float(dark[first + 1] - dark[first]), 1e-6)
        found[n] = over[first] + STEP_MM * float(np.clip((half - dark[first]) / step, 0.0, 1.0))
    return found
