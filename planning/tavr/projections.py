"""C-arm views: the S-curve on which the annulus is seen edge on, the named points on it, and what a room reaches.

Signs as in the contract: LAO and CRA positive; d = (sin a·cos c, −cos a·cos c, sin c) is the direction from patient to
detector. Source of the construction: the annulus is edge on when d is perpendicular to its normal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError, UsageError
from planning.geometry import FloatArray, Vector, carm_angles_deg, detector_direction, unit

STEP_DEG = 2.5
CIRCLE_POINTS = 360
SEARCH_POINTS = 7200
HALF_WIDTHS = 2.0


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """How far a C-arm goes to either side and to head and feet, degrees."""

    lao_deg: float = 50.0
    cra_deg: float = 30.0

    def reaches(self, lao_deg: float, cra_deg: float) -> bool:
        """Whether the view lies within both limits."""
        return abs(lao_deg) <= self.lao_deg + 1e-9 and abs(cra_deg) <= self.cra_deg + 1e-9


@dataclass(frozen=True, slots=True)
class Reachable:
    """The view nearest to a wanted one within the room; foreshortening |d·n| is 0 on the S-curve."""

    lao_deg: float
    cra_deg: float
    away_deg: float
    foreshortening: float


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


def s_circle(normal: Vector, count: int = CIRCLE_POINTS) -> FloatArray:
    """(count, 2) LAO and CRA of the circle of views d ⟂ normal with the detector in front, equally apart on the sphere.

    Smooth where the S-curve over LAO is steep (small n_z) and free of its jump at n_z = 0. Runs from LAO −90 to 90; an
    axis straight from back to front has no such half and gives all of its circle.
    """
    d = _circle(unit(normal), 2 * count)
    front = d[:, 1] <= 1e-12
    if front.all() or not front.any():
        angles = _angles(d)
        return angles[np.argsort(angles[:, 0], kind="stable")][::2]
    # one unbroken run of front views, its beginning turned to the start
    first = int(np.flatnonzero(front & ~np.roll(front, 1))[0])
    run = np.roll(d, -first, axis=0)[: int(front.sum())]
    angles = _angles(run)
    return angles if angles[0, 0] <= angles[-1, 0] else angles[::-1]


def _circle(n: Vector, count: int) -> FloatArray:
    side = np.cross(n, np.eye(3)[int(np.argmin(np.abs(n)))])
    u = side / np.linalg.norm(side)
    t = np.arange(count) * (2.0 * np.pi / count)
    return np.asarray(np.cos(t)[:, None] * u + np.sin(t)[:, None] * np.cross(n, u))


def _angles(d: FloatArray) -> FloatArray:
    angles = np.degrees(np.stack([np.arctan2(d[:, 0], -d[:, 1]), np.arcsin(np.clip(d[:, 2], -1.0, 1.0))], axis=-1))
    # straight from head or feet any LAO will do: the neighbour's keeps the curve in one piece
    pole = np.hypot(d[:, 0], d[:, 1]) < 1e-9
    if pole.any() and not pole.all():
        known = np.flatnonzero(~pole)
        nearest = known[np.argmin(np.abs(known[None] - np.flatnonzero(pole)[:, None]), axis=1)]
        angles[pole, 0] = angles[nearest, 0]
    return np.asarray(angles)


def normal_covariance(hinges_mm: npt.ArrayLike, sigmas_mm: npt.ArrayLike) -> FloatArray:
    """(3, 3) covariance, rad², of the unit normal of the plane through hinges (3, 3) placed with these SDs (3,).

    First order: only a hinge's error along the normal tilts the plane. 1 mm at one of three hinges 12 mm from the
    middle tilts it by 3.2°.
    """
    hinges = np.asarray(hinges_mm, dtype=np.float64)
    n = unit(np.cross(hinges[1] - hinges[0], hinges[2] - hinges[0]))
    covariance = np.zeros((3, 3))
    double_area = float(np.linalg.norm(np.cross(hinges[1] - hinges[0], hinges[2] - hinges[0])))
    for number, sigma in enumerate(np.asarray(sigmas_mm, dtype=np.float64)):
        # raising one hinge turns the plane about the side opposite to it
        opposite = hinges[(number + 2) % 3] - hinges[(number + 1) % 3]
        slope = np.cross(n, opposite) / double_area
        covariance += sigma**2 * np.outer(slope, slope)
    return covariance


def spread_deg(normal_cov: FloatArray, lao_deg: float, cra_deg: float) -> float:
    """95 % half-width, degrees, by which a view on the S-curve may miss the annulus's edge."""
    d = detector_direction(lao_deg, cra_deg)
    return float(np.degrees(HALF_WIDTHS * np.sqrt(max(float(d @ normal_cov @ d), 0.0))))


def band_deg(normal: Vector, normal_cov: FloatArray, curve: Sequence[dict[str, float]]) -> list[float]:
    """95 % half-width of the curve in CRA at each of its points' LAO, at most 90°: large where the curve is steep."""
    n = unit(normal)
    widths = []
    for point in curve:
        a = np.radians(point["lao_deg"])
        lean = n[1] * np.cos(a) - n[0] * np.sin(a)
        slope = max(float(np.hypot(lean, n[2])), 1e-6)
        widths.append(min(90.0, spread_deg(normal_cov, point["lao_deg"], point["cra_deg"]) / slope))
    return widths


def three_cusp_view(hinges_mm: FloatArray, normal: Vector) -> dict[str, float]:
    """The view with the right cusp in the middle: d along the in-plane part of R − (N + L) / 2."""
    noncoronary, right, left = np.asarray(hinges_mm, dtype=np.float64)
    return _view(right - (noncoronary + left) / 2.0, normal, in_front=False)


def cusp_overlap_view(hinges_mm: FloatArray, normal: Vector) -> dict[str, float]:
    """The view along the line of left and right hinge, detector in front of the patient: N stands alone."""
    _, right, left = np.asarray(hinges_mm, dtype=np.float64)
    return _view(left - right, normal, in_front=True)


def noncoronary_over_right_view(hinges_mm: FloatArray, normal: Vector) -> dict[str, float]:
    """The view along the line of non-coronary and right hinge, detector in front of the patient: L stands alone."""
    noncoronary, right, _ = np.asarray(hinges_mm, dtype=np.float64)
    return _view(right - noncoronary, normal, in_front=True)


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
    return abs(float(detector_direction(lao_deg, cra_deg) @ unit(normal)))


def nearest_reachable(normal: Vector, lao_deg: float, cra_deg: float, room: RoomLimits) -> Reachable:
    """The view of the room nearest in angle to the wanted one: on the S-curve where the room reaches any of it.

    Else the view of the room that foreshortens the annulus least.
    """
    n, wanted = unit(normal), detector_direction(lao_deg, cra_deg)
    on_curve = _circle(n, SEARCH_POINTS)
    angles = _angles(on_curve)
    inside = (np.abs(angles[:, 0]) <= room.lao_deg) & (np.abs(angles[:, 1]) <= room.cra_deg)
    if inside.any():
        best = int(np.flatnonzero(inside)[np.argmax(on_curve[inside] @ wanted)])
        lao, cra = angles[best]
    else:
        side = np.stack(
            np.meshgrid(np.linspace(-room.lao_deg, room.lao_deg, 401), np.linspace(-room.cra_deg, room.cra_deg, 241)),
            axis=-1,
        ).reshape(-1, 2)
        a, c = np.radians(side).T
        d = np.stack([np.sin(a) * np.cos(c), -np.cos(a) * np.cos(c), np.sin(c)], axis=-1)
        lao, cra = side[int(np.argmin(np.abs(d @ n)))]
    reached = detector_direction(float(lao), float(cra))
    away = float(np.degrees(np.arccos(np.clip(reached @ wanted, -1.0, 1.0))))
    return Reachable(float(lao), float(cra), away, abs(float(reached @ n)))


def beyond_words(lao_deg: float, cra_deg: float, room: RoomLimits) -> str:
    """ "CAU 38° is beyond 30°"; "" in reach."""
    if abs(cra_deg) > room.cra_deg + 1e-9:
        return f"{'CRA' if cra_deg > 0 else 'CAU'} {abs(cra_deg):.0f}° is beyond {room.cra_deg:.0f}°"
    if abs(lao_deg) > room.lao_deg + 1e-9:
        return f"{'LAO' if lao_deg > 0 else 'RAO'} {abs(lao_deg):.0f}° is beyond {room.lao_deg:.0f}°"
    return ""


def named_views(
    hinges_mm: FloatArray, normal: Vector, normal_cov: FloatArray, room: RoomLimits | None = None
) -> list[dict[str, Any]]:
    """Three-cusp, cusp overlap, and non-coronary over right, each with its spread and what the room reaches instead."""
    views = (
        ("three_cusp", "Three-cusp", three_cusp_view(hinges_mm, normal)),
        ("cusp_overlap", "Cusp overlap", cusp_overlap_view(hinges_mm, normal)),
        ("ncc_over_rcc", "NCC over RCC", noncoronary_over_right_view(hinges_mm, normal)),
    )
    rows = [
        {"key": key, "name": name, **view, "spread_deg": spread_deg(normal_cov, view["lao_deg"], view["cra_deg"])}
        for key, name, view in views
    ]
    return within_room(rows, normal, RoomLimits() if room is None else room)


def within_room(views: Sequence[Mapping[str, Any]], normal: Vector, room: RoomLimits) -> list[dict[str, Any]]:
    """The same views with "reachable", what this room reaches instead (None in reach), and "text"."""
    rows = []
    for view in views:
        lao, cra = view["lao_deg"], view["cra_deg"]
        beyond = beyond_words(lao, cra, room)
        instead = nearest_reachable(normal, lao, cra, room) if beyond else None
        rows.append(
            {
                **view,
                "reachable": None
                if instead is None
                else {
                    "lao_deg": instead.lao_deg,
                    "cra_deg": instead.cra_deg,
                    "away_deg": instead.away_deg,
                    "foreshortening": instead.foreshortening,
                },
                "text": beyond or "in reach",
            }
        )
    return rows


def projections(
    hinges_mm: FloatArray, normal: Vector, sigmas_mm: npt.ArrayLike, room: RoomLimits | None = None
) -> dict[str, Any]:
    """The plan's "projections": S-curve with its band, the circle for drawing, the contract's views, the named ones.

    sigmas_mm: (3,) SD of each hinge's place, mm.
    """
    covariance = normal_covariance(hinges_mm, sigmas_mm)
    curve = s_curve(normal)
    return {
        "s_curve": curve,
        "band_deg": band_deg(normal, covariance, curve),
        "circle": [{"lao_deg": float(lao), "cra_deg": float(cra)} for lao, cra in s_circle(normal, 90)],
        "three_cusp": three_cusp_view(hinges_mm, normal),
        "cusp_overlap": cusp_overlap_view(hinges_mm, normal),
        "named": named_views(hinges_mm, normal, covariance, room),
    }


_ANGLE = re.compile(r"^\s*([a-z]*)\s*([+\-\u2212]?)\s*(\d+(?:[.,]\d*)?|[.,]\d+)\s*°?\s*([a-z]*)\s*$", re.IGNORECASE)


def parse_carm_angle(text: str, positive: str, negative: str, limit_deg: float = 180.0) -> float:
    """A typed angle in degrees: "LAO 13", "13 RAO", "-13", "rao13°". `positive` and `negative` name the two sides.

    Raises UsageError for anything else, for two sides that contradict each other, and beyond the limit.
    """
    found = _ANGLE.match(text)
    hint = f"Type {positive} 13, {negative} 13 or −13"
    if found is None:
        raise UsageError(f"{text.strip() or 'Nothing'} is not an angle", hint)
    before, sign, digits, after = found.groups()
    words = [word.upper() for word in (before, after) if word]
    sides = {positive: 1.0, negative: -1.0} | {positive[0]: 1.0, negative[0]: -1.0}
    if len(words) > 1 or any(word not in sides for word in words) or (words and sign in ("-", "\u2212")):
        raise UsageError(f"{text.strip()} is not an angle with {positive} or {negative}", hint)
    side = sides[words[0]] if words else (-1.0 if sign in ("-", "\u2212") else 1.0)
    value = side * float(digits.replace(",", "."))
    if abs(value) > limit_deg:
        raise UsageError(f"{text.strip()} is beyond {limit_deg:g}°", hint)
    return value
