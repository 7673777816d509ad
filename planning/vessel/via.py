"""A way led by hand: it goes through places that a person gave, where the automatic one goes astray."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray

DOUBLED_MM = 2.5
OFF_SHARE, OFF_MM = 1.5, 2.0


def joined(legs: Sequence[FloatArray]) -> FloatArray:
    """(N, 3) one way from (M, 3) legs that each begin where the last one ends.

    A place at the side of a wide lumen makes the way go there and back: that stretch is left out. The way then runs past
    the place, in the middle of the same lumen.
    """
    from scipy.spatial import cKDTree

    way = legs[0]
    for leg in legs[1:]:
        away, nearest = cKDTree(way).query(leg)
        is_doubled = away <= DOUBLED_MM
        # the last place before the two part
        last = len(leg) - 1 if is_doubled.all() else max(int(np.argmin(is_doubled)) - 1, 0)
        way = np.concatenate([way[: int(nearest[last]) + 1], leg[last:]])
    return way


def check_via(line_mm: FloatArray, radii_mm: FloatArray, via_mm: FloatArray) -> None:
    """Raise MeasurementError where the (N, 3) line with (N,) radii of its lumen does not go through a (3,) place."""
    for number, place in enumerate(via_mm):
        away = np.linalg.norm(line_mm - place, axis=1)
        n = int(np.argmin(away))
        if away[n] > OFF_SHARE * radii_mm[n] + OFF_MM:
            raise MeasurementError(
                f"The way does not go on from its point {number + 1}: it lies in a side branch",
                "Place it in the vessel between the two ends",
                "via",
            )


def in_order(line_mm: FloatArray, via_mm: Sequence[FloatArray]) -> list[FloatArray]:
    """Places in the order in which an (N, 3) line comes by."""
    return sorted(via_mm, key=lambda place: int(np.argmin(np.linalg.norm(line_mm - place, axis=1))))
