"""Where a lesion at the organ's surface may go on beyond what is known as organ: into its bays, and out to the wall."""

from __future__ import annotations

import numpy as np

from planning.geometry import Vector
from planning.liver.segment.working import BoolArray, FieldArray, depth_mm, within_mm

WIDE_BAY_MM = 40.0
# the organ's hull and the body's wall are no farther apart than this where a lesion bulges between them
OUTWARD_MM = 15.0
# the organ near a lesion touches the wall somewhere within this
WALL_FROM_MM = 60.0


def closed_mm(mask: BoolArray, radius_mm: float, spacing_kji_mm: Vector) -> BoolArray:
    """Morphological closing by a ball."""
    return depth_mm(within_mm(mask, radius_mm, spacing_kji_mm), spacing_kji_mm) > radius_mm


def wall_depth_mm(organ: BoolArray, under_skin_mm: FieldArray, away_mm: FieldArray) -> float:
    """How deep under the skin the organ begins near a lesion: what lies nearer to the skin is wall. 0 without an organ.

    away_mm: distance from the lesion's mark.
    """
    near = organ & (away_mm < WALL_FROM_MM)
    return float(np.percentile(under_skin_mm[near], 1.0)) if near.any() else 0.0


def beyond(organ: BoolArray, under_skin_mm: FieldArray, wall_mm: float, spacing_kji_mm: Vector) -> BoolArray:
    """The organ's bays (a 40 mm closing) and the 15 mm between them and the wall, but never the wall itself.

    organ: bool, under_skin_mm: depth below the body's surface; both `[k, j, i]`.
    """
    hull = closed_mm(organ, WIDE_BAY_MM, spacing_kji_mm)
    outer = (under_skin_mm < wall_mm + OUTWARD_MM) & within_mm(hull, OUTWARD_MM, spacing_kji_mm)
    return (hull | outer) & (under_skin_mm >= wall_mm)
