"""Pieces that are larger than the printer's bed, cut by planes until all fit."""

from __future__ import annotations

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import Plane
from planning.mesh import SurfaceMesh
from planning.printing.pegs import EXTRA_DEPTH_MM, PEG_RADII_MM
from planning.printing.solids import halves

MOST_PIECES = 64
SLACK_MM = 1.0
LONGEST_PEG_MM = 3.0 * max(PEG_RADII_MM) + EXTRA_DEPTH_MM


def fits(mesh: SurfaceMesh, bed_mm: tuple[float, float, float], less_mm: float = 0.0) -> bool:
    """Whether a piece fits the bed, turned by right angles as it likes."""
    size = np.sort(np.ptp(mesh.points_mm, axis=0))
    return bool((size <= np.sort(np.asarray(bed_mm)) - less_mm).all())


def bed_cuts(mesh: SurfaceMesh, bed_mm: tuple[float, float, float], pegs: bool) -> list[tuple[int, Plane]]:
    """The cuts that make every piece fit: (number of the piece that is cut, plane), to be done in this order. A cut piece's
    side above the plane keeps its number, the other one comes to the end.

    pegs: leave room for what stands out of a cut. Raises MeasurementError for far too many pieces.
    """
    less = SLACK_MM + (LONGEST_PEG_MM if pegs else 0.0)
    pieces, cuts = [mesh], []
    number = 0
    while number < len(pieces):
        piece = pieces[number]
        if fits(piece, bed_mm, less if len(pieces) > 1 else 0.0):
            number += 1
            continue
        plane = _across(piece, bed_mm, less)
        first, second = halves(piece, plane)
        if first is None or second is None or len(pieces) >= MOST_PIECES:
            raise MeasurementError(
                "The part is too large for this bed", "Choose a larger printer, or print it in parts", "too_large"
            )
        pieces[number] = first
        pieces.append(second)
        cuts.append((number, plane))
    return cuts


def _across(mesh: SurfaceMesh, bed_mm: tuple[float, float, float], less_mm: float) -> Plane:
    """Half-way along the side that is farthest over, each side of the piece held against the bed's in order of size."""
    size = np.ptp(mesh.points_mm, axis=0)
    order = np.argsort(size)
    over = size[order] / (np.sort(np.asarray(bed_mm)) - less_mm)
    axis = int(order[int(over.argmax())])
    normal = np.zeros(3)
    normal[axis] = 1.0
    return Plane((mesh.points_mm.min(axis=0) + mesh.points_mm.max(axis=0)) / 2.0, normal)
