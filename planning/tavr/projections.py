"""C-arm views: the S-curve on which the annulus is seen edge on, and the named points on it.

Signs as in the contract: LAO and CRA positive; d = (sin a·cos c, −cos a·cos c, sin c) is the direction from patient to
detector. Source of the construction: the annulus is edge on when d is perpendicular to its normal.
"""

from __future__ import annotations

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, carm_angles_deg, unit

STEP_DEG = 2.5


def s_curve(normal: Vector) -> list[dict[str, float]]:
    """Views with LAO −90 … 90 in steps of 2.5°, each on d·normal = 0 and each finite.

    tan c = (n_y·cos a − n_x·sin a) / n_z; where n_z is zero the curve runs over the poles and c is ±90 or 0.
    """
    n = unit(normal)
    curve = []
    for lao in np.arange(-90.0, 90.0 + 1e-9, STEP_DEG):
        a = np.radians(lao)
        lean = n[1] * np.cos(a) - n[0] * np.sin(a)
        # atan of the ratio, safe for n_z = 0, kept within ±90°
        cra = float(np.degrees(np.arctan2(lean, n[2]))) if n[2] >= 0 else float(np.degrees(np.arctan2(-lean, -n[2])))
        curve.append({"lao_deg": float(lao), "cra_deg": cra})
    return curve


def three_cusp_view(hinges_mm: FloatArray, normal: Vector) -> dict[str, float]:
    """The view with the right cusp in the middle: d along the in-plane part of R − (N + L) / 2."""
    noncoronary, right, left = np.asarray(hinges_mm, dtype=np.float64)
    return _view(right - (noncoronary + left) / 2.0, normal, in_front=False)


def cusp_overlap_view(hinges_mm: FloatArray, normal: Vector) -> dict[str, float]:
    """The view along the line of left and right hinge, detector in front of the patient."""
    _, right, left = np.asarray(hinges_mm, dtype=np.float64)
    return _view(left - right, normal, in_front=True)


def _view(direction: Vector, normal: Vector, *, in_front: bool) -> dict[str, float]:
    n = unit(normal)
    flat = direction - (direction @ n) * n
    if np.linalg.norm(flat) < 1e-6:
        raise MeasurementError("The hinge points do not define a view", "Move them apart", "hinges")
    d = unit(flat)
    # the detector is in front when d points to the patient's front, which is −y
    if in_front and d[1] > 0:
        d = -d
    lao, cra = carm_angles_deg(d)
    return {"lao_deg": lao, "cra_deg": cra}


def foreshortening(normal: Vector, lao_deg: float, cra_deg: float) -> float:
    """|d·n|: sine of the angle by which a view misses the annulus's edge."""
    from planning.geometry import detector_direction

    return abs(float(detector_direction(lao_deg, cra_deg) @ unit(normal)))
