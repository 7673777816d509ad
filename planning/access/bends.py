"""How winding a way is: length over chord, bends between tangents 10 mm before and after, calcium along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.centerline import Centerline
from planning.geometry import FloatArray

REACH_MM, LEAST_DEG, WHOLE = 10.0, 30.0, 0.97


@dataclass(frozen=True, slots=True)
class Bends:
    """Bends of more than 30° in order along the way, where they are, the sharpest of all, and the sum of those."""

    angles_deg: tuple[float, ...]
    at_mm: tuple[float, ...]
    sharpest_deg: float
    sum_deg: float


def bends_of(line: Centerline) -> Bends:
    """Angle between the directions 10 mm before and after each point; a bend is a greatest angle with its surroundings.

    A way shorter than 20 mm has none.
    """
    s = line.arc_length_mm
    inner = (s >= s[0] + REACH_MM) & (s <= s[-1] - REACH_MM)
    if not inner.any():
        return Bends((), (), 0.0, 0.0)
    angles = _turn_deg(line, s[inner])
    at = s[inner]
    kept_angles: list[float] = []
    kept_at: list[float] = []
    for n in np.argsort(-angles, kind="stable"):
        if angles[n] <= LEAST_DEG:
            break
        if all(abs(at[n] - other) >= 2.0 * REACH_MM for other in kept_at):
            # a short bend is seen whole from many places: its own is the middle of them
            whole = (np.abs(at - at[n]) <= 2.0 * REACH_MM) & (angles >= WHOLE * angles[n])
            kept_angles.append(float(angles[n]))
            kept_at.append(float(at[whole].mean()))
    order = np.argsort(kept_at)
    return Bends(
        tuple(kept_angles[n] for n in order),
        tuple(kept_at[n] for n in order),
        float(angles.max()),
        float(sum(kept_angles)),
    )


def _turn_deg(line: Centerline, at_mm: FloatArray) -> FloatArray:
    def direction(where: FloatArray) -> FloatArray:
        found = np.stack([np.interp(where, line.arc_length_mm, line.tangents[:, n]) for n in range(3)], axis=1)
        return np.asarray(found / np.linalg.norm(found, axis=1)[:, None])

    cosine = (direction(at_mm - REACH_MM) * direction(at_mm + REACH_MM)).sum(axis=1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
