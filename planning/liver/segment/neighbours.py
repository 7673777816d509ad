"""What the liver is not, found before anybody clicks: air, fat, bone, the wall between the ribs; then what is far
brighter than the liver and thick: kidneys, aorta, cava, heart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.geometry import Vector
from planning.liver.segment.working import BoolArray, FieldArray, check, depth_mm, within_mm
from planning.progress import CancelToken

BODY_ABOVE_HU = -300.0
SOFT_ABOVE_HU = 0.0
BONE_ABOVE_HU = 200.0
# half the thickness of a rib's bright core is less; vertebrae, kidneys and great vessels are thicker
RIB_DEPTH_MM = 7.0
RIB_UNDER_SKIN_MM = 55.0
RIB_LEAST_ML = 0.3
# a ball this large dips 2 mm between two ribs and still rolls along the inside of the chest
RIB_BALL_MM = 40.0
# half of the widest gap between two ribs
RIB_GAP_MM = 15.0
# vessels in the liver are thinner than this radius; kidneys, aorta, cava and the heart's chambers are not
GREAT_RADIUS_MM = 7.0


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Masks `[k, j, i]` on the working grid.

    soft: tissue in the body that could be an organ. chest_wall: ribs and what lies between them. under_skin_mm: depth below
    the body's surface, float32.
    """

    soft: BoolArray
    chest_wall: BoolArray
    under_skin_mm: FieldArray


def find_neighbours(
    image: FieldArray, still: FieldArray, spacing_kji_mm: Vector, cancel: CancelToken | None = None
) -> Neighbours:
    """Look round without a click.

    image: block means, HU. still: the same, denoised. Both float32 `[k, j, i]`. Raises Cancelled.
    """
    body = _body(image)
    check(cancel)
    under_skin = depth_mm(body, spacing_kji_mm)
    check(cancel)
    wall = _chest_wall(image, body, under_skin, spacing_kji_mm, cancel)
    return Neighbours((still > SOFT_ABOVE_HU) & body & ~wall, wall, under_skin)


def _body(image: FieldArray) -> BoolArray:
    """The largest piece above air, slice by slice without holes: lungs and gas are in it."""
    from scipy import ndimage

    pieces, count = ndimage.label(ndimage.binary_opening(image > BODY_ABOVE_HU, iterations=2))
    if not count:
        return image > BODY_ABOVE_HU
    largest = pieces == 1 + int(np.argmax(np.bincount(pieces.ravel())[1:]))
    return np.stack([ndimage.binary_fill_holes(layer) for layer in largest])


def _chest_wall(
    image: FieldArray, body: BoolArray, under_skin: FieldArray, spacing_kji_mm: Vector, cancel: CancelToken | None
) -> BoolArray:
    """Ribs and the muscle between them: a closing of the ribs by a ball too large to slip through.

    Contrast in kidneys and great vessels is told from ribs by its thickness and by how deep it lies under the skin.
    """
    from scipy import ndimage

    bright = (image > BONE_ABOVE_HU) & body
    thick = depth_mm(bright, spacing_kji_mm) > RIB_DEPTH_MM
    thin = bright & ~within_mm(thick, RIB_DEPTH_MM + 2.0, spacing_kji_mm)
    pieces, count = ndimage.label(thin, structure=np.ones((3, 3, 3)))
    if not count:
        return np.zeros(image.shape, dtype=bool)
    names = np.arange(1, count + 1)
    sizes = ndimage.sum_labels(thin, pieces, names) * float(np.prod(spacing_kji_mm)) / 1000.0
    depths = ndimage.mean(under_skin, pieces, names)
    ribs = np.isin(pieces, names[(sizes >= RIB_LEAST_ML) & (depths <= RIB_UNDER_SKIN_MM)])
    check(cancel)
    near = within_mm(ribs, RIB_BALL_MM, spacing_kji_mm)
    check(cancel)
    closed = (depth_mm(near, spacing_kji_mm) > RIB_BALL_MM) & within_mm(ribs, RIB_GAP_MM, spacing_kji_mm)
    return np.asarray((closed | ribs | bright & ~thick & within_mm(ribs, 2.5, spacing_kji_mm)) & body)


def great_and_bright(excess: FieldArray, above_hu: float, spacing_kji_mm: Vector) -> BoolArray:
    """Thick things brighter than the liver: kidneys, aorta, cava, the heart's chambers.

    excess: HU above the liver's local mean.
    """
    bright = excess > above_hu
    core = depth_mm(bright, spacing_kji_mm) > GREAT_RADIUS_MM
    return bright & within_mm(core, GREAT_RADIUS_MM + 1.0, spacing_kji_mm)
