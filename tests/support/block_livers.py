"""A liver that is a block: trees, territories and remnants can be computed by hand.

The organ is 105 × 60 × 42 mm with its lowest corner at the origin. Both trees enter in the plane x = 45 and run to both
ends along x; so what lies at x < 45 is the left branch's and the rest is the right one's, of either tree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.geometry import FloatArray, Grid, Plane
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.model import LiverModel
from planning.liver.resection import PlaneResection
from planning.volume import Mask

SIZE_MM = np.array((105.0, 60.0, 42.0))
FORK_MM = 45.0
SPACING_MM = 1.5
Ball = tuple[tuple[float, float, float], float]
TUMORS: tuple[Ball, ...] = (((12.0, 30.0, 21.0), 6.0), ((88.0, 30.0, 21.0), 7.5))
PORTAL = (
    ((45.0, 72.0, 18.0), (45.0, 36.0, 18.0), 4.5),
    ((45.0, 36.0, 18.0), (6.0, 36.0, 18.0), 3.0),
    ((45.0, 36.0, 18.0), (99.0, 36.0, 18.0), 3.0),
)
HEPATIC = (
    ((45.0, 24.0, 54.0), (45.0, 24.0, 27.0), 4.5),
    ((45.0, 24.0, 27.0), (6.0, 24.0, 27.0), 3.0),
    ((45.0, 24.0, 27.0), (99.0, 24.0, 27.0), 3.0),
)


def block_liver(tumors: Sequence[Ball] = TUMORS, steps: KeptSteps = NOTHING_KEPT) -> LiverModel:
    """The block with these tumours. portal_1 and hepatic_1 are the right branches, portal_2 and hepatic_2 the left."""
    low, high = np.array((-6.0, -6.0, -6.0)), SIZE_MM + (6.0, 15.0, 15.0)
    size = np.rint((high - low) / SPACING_MM).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (SPACING_MM,) * 3, low + SPACING_MM / 2.0)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)

    def mask(inside: np.ndarray) -> Mask:
        return Mask.from_full(grid, inside.reshape(grid.shape_kji))

    inside = ((places > 0.0) & (places < SIZE_MM)).all(axis=1)
    balls = [
        (f"tumor_{n}", mask(np.linalg.norm(places - np.array(at), axis=1) <= radius))
        for n, (at, radius) in enumerate(tumors, 1)
    ]
    return LiverModel.prepare(
        organ=[("liver", mask(inside))],
        tumors=balls,
        portal=[("portal_vein", mask(_tubes(places, PORTAL)))],
        hepatic=[("hepatic_veins", mask(_tubes(places, HEPATIC)))],
        steps=steps,
    )


def _tubes(places: FloatArray, tubes: Sequence[tuple[tuple[float, ...], tuple[float, ...], float]]) -> np.ndarray:
    inside = np.zeros(len(places), dtype=bool)
    for start, end, radius in tubes:
        a, along = np.array(start), np.array(end) - np.array(start)
        share = np.clip(((places - a) @ along) / (along @ along), 0.0, 1.0)
        inside |= np.linalg.norm(places - a - share[:, None] * along, axis=1) <= radius
    return inside


def beyond(x_mm: float, *, left: bool = False) -> PlaneResection:
    """A cut across x that removes the right end, or the left one."""
    return PlaneResection(Plane((x_mm, 30.0, 21.0), (-1.0 if left else 1.0, 0.0, 0.0)))
