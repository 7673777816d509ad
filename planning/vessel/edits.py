"""A vessel's lumen corrected by hand: sections pulled through places, and all that follows from them.

An edit holds for the station that it was made at: its contour goes exactly through the pulled places, smooth and
periodic. Along the vessel the same pull holds for 1.5 mm on either side, which is the stretch that a least lumen is
read over, and fades out to nothing at 4 mm. What the image told stays in the station, and nothing is lost by an edit.
Calcium is left as it was found. Everything here works on a plan's numbers; the image is not needed again.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import InputError, MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, frozen_array
from planning.section import CURVE_POINTS, Frame, equal_angles, fourier_basis, measure_contour, polar_points

HELD_MM, REACH_MM = 1.5, 4.0
HANDLE_STEP_DEG, SAME_HANDLE_DEG = 45.0, 3.0
HANDLE_ANGLES_DEG = tuple(HANDLE_STEP_DEG * n for n in range(8))
SOFT_RAD = 0.4
FARTHEST_MM = 8.0
PIN_SIGMA_MM, PIN_EXACT_MM = 0.3, 0.01
WIDTH_UNCERTAINTY_MM = 2.0 * float(np.sqrt(2.0)) * PIN_SIGMA_MM
"""Of a width between two edges that a hand put, each as sure as 0.3 mm: half of the 95 % interval."""
LEAST_RADIUS_MM = 0.4
ASIDE_MM, ASKEW_COSINE = 3.0, 0.85
GUESS_WITHIN_MM, GUESS_POINTS = 15.0, 60
SECTION_KEYS = ("area_mm2", "perimeter_mm", "area_diameter_mm", "min_diameter_mm", "max_diameter_mm")
KEPT_KEYS = (*SECTION_KEYS, "closed", "contour_mm")
DROPPED = "edit_dropped"

Station = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class LumenEdit:
    """Where a section's edge was pulled: position_mm (3,) and normal (3,) of the section, pins_mm (N, 3); LPS mm."""

    position_mm: FloatArray
    normal: FloatArray
    pins_mm: FloatArray

    def as_json(self) -> dict[str, Any]:
        """As a plan's inputs keep it."""
        return {
            "position_mm": self.position_mm.tolist(),
            "normal": self.normal.tolist(),
            "pins_mm": self.pins_mm.tolist(),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> LumenEdit:
        """Of a plan's inputs. Raises InputError for what is no edit."""
        try:
            place, normal = (np.asarray(row[key], dtype=np.float64).reshape(3) for key in ("position_mm", "normal"))
            pins = np.asarray(row["pins_mm"], dtype=np.float64).reshape(-1, 3)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError(
                "An edited section is not understood", "Each needs position_mm, normal and pins_mm in LPS mm", "edits"
            ) from error
        length = float(np.linalg.norm(normal))
        if not (np.isfinite(place).all() and np.isfinite(pins).all() and np.isfinite(length) and length > 1e-9):
            raise InputError("An edited section has no plane", "Give a normal that is not zero", "edits")
        return cls(frozen_array(place), frozen_array(normal / length), frozen_array(pins))


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A closed curve across a vessel: r(θ) about the frame's origin, as Fourier coefficients."""

    frame: Frame
    coefficients: FloatArray

    def points_mm(self, count: int) -> FloatArray:
        """(count, 3) LPS at equal angles."""
        return self.frame.to_world(polar_points(self.radii_mm(equal_angles(count))))

    def radii_mm(self, angles: FloatArray) -> FloatArray:
        """(N,) at (N,) angles from `right` to `up`."""
        return np.asarray(fourier_basis(angles) @ self.coefficients)

    def about(self, frame: Frame) -> Section:
        """The same curve about the origin of another frame in its plane."""
        return _through(self.points_mm(CURVE_POINTS), frame)


@dataclass(frozen=True, slots=True, eq=False)
class EditedLumen:
    """Stations with the edits that hold on them. findings: edits that were dropped, in words."""

    stations: tuple[Station, ...]
    edits: tuple[LumenEdit, ...]
    findings: tuple[Finding, ...]


def edits_of(rows: Sequence[Mapping[str, Any]] | None) -> tuple[LumenEdit, ...]:
    """The edits of a plan's inputs. Raises InputError for what is none."""
    if rows is not None and not isinstance(rows, list | tuple):
        raise InputError("The edited sections are no list", "Give a list, or a plan that was exported", "edits")
    return tuple(LumenEdit.from_json(row) for row in rows or ())


def automatic_station(station: Station) -> dict[str, Any]:
    """The station as the image told it."""
    return {**{key: value for key, value in station.items() if key not in ("edited", "automatic")}, **_told(station)}


def _told(station: Station) -> dict[str, Any]:
    return dict(station.get("automatic") or {})


def section_at(stations: Sequence[Station], number: int) -> Section | None:
    """The station's curve; where its lumen is not closed, a guess from those before and behind. None without any."""
    station = stations[number]
    if len(station["contour_mm"]) >= 3:
        return _section(station)
    at = float(station["s_mm"])
    closed = [n for n, other in enumerate(stations) if len(other["contour_mm"]) >= 3]
    before = [n for n in closed if n < number and at - stations[n]["s_mm"] <= GUESS_WITHIN_MM]
    behind = [n for n in closed if n > number and stations[n]["s_mm"] - at <= GUESS_WITHIN_MM]
    beside = before[-1:] + behind[:1]
    if not beside:
        return None
    away = np.array([abs(stations[n]["s_mm"] - at) for n in beside])
    share = np.array([1.0]) if len(beside) == 1 else away[::-1] / away.sum()
    frame = Frame.of(np.asarray(station["position_mm"]), np.asarray(station["tangent"]))
    angles = equal_angles(CURVE_POINTS)
    radii = np.zeros(CURVE_POINTS)
    for weight, n in zip(share, beside, strict=True):
        other = _section(stations[n])
        radii += weight * other.radii_mm(_angles_in(other.frame, frame, angles))
    return Section(frame, _fitted(angles, radii))


def _section(station: Station) -> Section:
    """Through the contour's points, 0 at the first of them; the middle is that of its area."""
    points = np.asarray(station["contour_mm"], dtype=np.float64).reshape(-1, 3)
    normal = np.asarray(station["tangent"], dtype=np.float64)
    rough = Frame.of(points.mean(axis=0), normal, points[0] - points.mean(axis=0))
    plane = rough.to_plane(points)
    following = np.roll(plane, -1, axis=0)
    cross = plane[:, 0] * following[:, 1] - following[:, 0] * plane[:, 1]
    middle = rough.to_world(((plane + following) * cross[:, None]).sum(axis=0)[None] / (3.0 * cross.sum()))[0]
    return _through(points, Frame.of(middle, normal, points[0] - middle))


def _through(points_mm: FloatArray, frame: Frame) -> Section:
    plane = frame.to_plane(points_mm)
    return Section(frame, _fitted(np.arctan2(plane[:, 1], plane[:, 0]), np.hypot(plane[:, 0], plane[:, 1])))


@dataclass(frozen=True, slots=True, eq=False)
class Handle:
    """A place on a contour where a hand may pull, at an angle about the section's middle. is_pulled: it was."""

    angle_deg: float
    place_mm: FloatArray
    is_pulled: bool


def handles_at(
    stations: Sequence[Station], number: int, edit: LumenEdit | None = None
) -> tuple[FloatArray, tuple[Handle, ...]] | None:
    """(3,) middle of a station's section and its handles; None where there is nothing to pull.

    There are eight at fixed angles about the middle of what the image told, so that a pulled place stays at its handle,
    and one at each place of the edit that lies at none of them.
    """
    base = section_at([automatic_station(station) for station in stations], number)
    if base is None:
        return None
    shown = base if len(stations[number]["contour_mm"]) < 3 else _section(stations[number]).about(base.frame)
    pins = np.empty(0) if edit is None else _degrees_about(base, edit.pins_mm)
    free = [angle for angle in HANDLE_ANGLES_DEG if all(_apart_deg(angle, pin) > 0.5 * HANDLE_STEP_DEG for pin in pins)]
    angles = np.array([*free, *pins])
    # a place pulled along 0° may lie at 359.99° of it
    named = np.round(angles, 1) % 360.0
    order = np.argsort(named)
    radians = np.radians(angles)
    places = base.frame.to_world(shown.radii_mm(radians)[:, None] * np.stack([np.cos(radians), np.sin(radians)], 1))
    handles = tuple(Handle(float(named[n]), places[n], bool(n >= len(free))) for n in order)
    return base.frame.origin_mm, handles


def with_pin(
    stations: Sequence[Station],
    edits: Sequence[LumenEdit],
    number: int,
    angle_deg: float,
    place_mm: npt.ArrayLike | None,
) -> tuple[LumenEdit, ...]:
    """The edits with a station's handle at this place; None: no longer pulled there."""
    own = edit_at(stations, edits, number)
    station = stations[number]
    base = section_at([automatic_station(one) for one in stations], number)
    pins = np.empty((0, 3)) if own is None else own.pins_mm
    if base is not None and len(pins):
        apart = np.array([_apart_deg(angle_deg, pin) for pin in _degrees_about(base, pins)])
        pins = pins[apart > SAME_HANDLE_DEG]
    if place_mm is not None:
        pins = np.concatenate([pins, np.asarray(place_mm, dtype=np.float64).reshape(1, 3)])
    place, normal = (np.asarray(station[key], dtype=np.float64) for key in ("position_mm", "tangent"))
    new = LumenEdit(place, normal, pins)
    kept = [edit if edit is not own else new for edit in edits]
    return tuple(edit for edit in (kept if own is not None else [*kept, new]) if len(edit.pins_mm))


def edit_at(stations: Sequence[Station], edits: Sequence[LumenEdit], number: int) -> LumenEdit | None:
    """The edit of a station."""
    return next((edit for edit in edits if station_of(stations, edit) == number), None)


def _degrees_about(section: Section, places_mm: FloatArray) -> FloatArray:
    plane = section.frame.to_plane(places_mm)
    return np.asarray(np.degrees(np.arctan2(plane[:, 1], plane[:, 0])) % 360.0)


def _apart_deg(first: float, second: float) -> float:
    return abs((first - second + 180.0) % 360.0 - 180.0)


def _fitted(angles: FloatArray, radii: FloatArray) -> FloatArray:
    coefficients, *_ = np.linalg.lstsq(fourier_basis(angles), radii, rcond=None)
    return np.asarray(coefficients)


def _angles_in(frame: Frame, other: Frame, angles: FloatArray) -> FloatArray:
    """Angles in `frame` of the directions that have these angles in `other`."""
    directions = np.cos(angles)[:, None] * other.right + np.sin(angles)[:, None] * other.up
    return np.arctan2(directions @ frame.up, directions @ frame.right)


def pulled(section: Section, pins_mm: npt.ArrayLike) -> Section:
    """The curve drawn through (N, 3) LPS pins, each dropped onto the plane along its normal.

    A pull fades out within about 40° on either side. Raises MeasurementError for a pin more than 8 mm from the curve,
    and for a curve that crosses itself.
    """
    pins = np.asarray(pins_mm, dtype=np.float64).reshape(-1, 3)
    if not len(pins):
        return section
    plane = section.frame.to_plane(pins)
    angles, radii = np.arctan2(plane[:, 1], plane[:, 0]), np.hypot(plane[:, 0], plane[:, 1])
    basis = fourier_basis(angles)
    pull = radii - basis @ section.coefficients
    if np.abs(pull).max() > FARTHEST_MM:
        raise MeasurementError("A place is too far from the lumen's edge", "Pull it less far", "pin")
    m = np.concatenate([[0], np.repeat(np.arange(1, len(section.coefficients) // 2 + 1), 2)])
    # a band-limited bell: what a Gaussian of this width has in each harmonic
    bell = np.exp(-0.5 * (m * SOFT_RAD) ** 2)
    bell[0] *= 0.5
    gain = (bell[:, None] * basis.T) @ np.linalg.inv(
        basis @ (bell[:, None] * basis.T) + PIN_EXACT_MM**2 * np.eye(len(pins))
    )
    found = Section(section.frame, section.coefficients + gain @ pull)
    if found.radii_mm(equal_angles(CURVE_POINTS)).min() <= LEAST_RADIUS_MM:
        raise MeasurementError("The pulled contour crosses itself", "Pull it less far", "pin")
    return found


def weight_at(away_mm: float) -> float:
    """How much of a pull holds at a distance along the vessel: 1 to 1.5 mm, 0 from 4 mm on, smooth between."""
    share = float(np.clip((abs(away_mm) - HELD_MM) / (REACH_MM - HELD_MM), 0.0, 1.0))
    return 0.5 + 0.5 * float(np.cos(np.pi * share))


def station_of(stations: Sequence[Station], edit: LumenEdit) -> int | None:
    """The station that an edit was made at; None where the vessel does not go through its place any more."""
    if not stations:
        return None
    places = np.array([station["position_mm"] for station in stations], dtype=np.float64)
    number = int(np.argmin(np.linalg.norm(places - edit.position_mm, axis=1)))
    normal = np.asarray(stations[number]["tangent"], dtype=np.float64)
    off = edit.position_mm - places[number]
    along = float(off @ normal)
    step = _step_mm(stations)
    is_there = abs(along) <= 0.5 * step + 0.25 and float(np.linalg.norm(off - along * normal)) <= ASIDE_MM
    return number if is_there and float(normal @ edit.normal) >= ASKEW_COSINE else None


def _step_mm(stations: Sequence[Station]) -> float:
    along = np.array([station["s_mm"] for station in stations], dtype=np.float64)
    return float(np.median(np.diff(along))) if len(along) > 1 else 1.0


def edit_stations(stations: Sequence[Station], edits: Sequence[LumenEdit]) -> EditedLumen:
    """Stations with their sections pulled; edits made before are taken out first, so that these are all there are.

    A station that a hand changed has "edited": "here" or "near", and "automatic": its numbers and contour before. An
    edit whose station no longer exists, or whose places are no longer near the edge, is dropped and told.
    """
    plain = [automatic_station(station) for station in stations]
    own: dict[int, Section] = {}
    told: dict[int, Section] = {}
    kept: dict[int, LumenEdit] = {}
    findings = []
    for edit in edits:
        if not len(edit.pins_mm):
            continue
        number = station_of(plain, edit)
        section = None if number is None else section_at(plain, number)
        try:
            if number is None or section is None:
                raise MeasurementError("The vessel does not go through it any more", "", "pin")
            # a hand pulled what it saw: the image's edge with what edits made earlier did to it
            seen = _faded(plain, number, section, own, told)
            own[number], told[number], kept[number] = pulled(seen, edit.pins_mm), section, edit
        except MeasurementError as error:
            findings.append(_dropped(edit, error))
    changed: list[Station] = list(plain)
    for number in _reached(plain, own):
        station, section = plain[number], own.get(number)
        if section is None:
            if len(station["contour_mm"]) < 3:
                continue
            section = _faded(plain, number, _section(station), own, told)
        changed[number] = _with_section(station, section, "here" if number in own else "near")
    return EditedLumen(tuple(changed), tuple(kept[n] for n in sorted(kept)), tuple(findings))


def _dropped(edit: LumenEdit, error: MeasurementError) -> Finding:
    x, y, z = edit.position_mm
    return Finding(
        DROPPED, f"The section edited by hand at ({x:.1f}, {y:.1f}, {z:.1f}) was dropped: {_lower(error.what)}."
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _reached(stations: Sequence[Station], own: Mapping[int, Section]) -> list[int]:
    edited = [float(stations[n]["s_mm"]) for n in own]
    return [
        n
        for n, station in enumerate(stations)
        if n in own or any(weight_at(float(station["s_mm"]) - s) > 0.0 for s in edited)
    ]


def _faded(
    stations: Sequence[Station],
    number: int,
    section: Section,
    own: Mapping[int, Section],
    told: Mapping[int, Section],
) -> Section:
    """A section with its share of the pulls beside it; where several reach it they are averaged, not added up."""
    angles = equal_angles(CURVE_POINTS)
    total, weights = np.zeros(CURVE_POINTS), 0.0
    for n, edited in own.items():
        weight = weight_at(float(stations[number]["s_mm"]) - float(stations[n]["s_mm"]))
        if n != number and weight > 0.0:
            at = _angles_in(edited.frame, section.frame, angles)
            total += weight * (edited.radii_mm(at) - told[n].radii_mm(at))
            weights += weight
    if not weights:
        return section
    radii = section.radii_mm(angles) + total / max(weights, 1.0)
    return Section(section.frame, _fitted(angles, np.maximum(radii, LEAST_RADIUS_MM)))


def _with_section(station: Station, section: Section, edited: str) -> dict[str, Any]:
    measures = measure_contour(polar_points(section.radii_mm(equal_angles(CURVE_POINTS)))).as_json()
    count = len(station["contour_mm"]) or GUESS_POINTS
    return {
        **station,
        **{key: measures[key] for key in SECTION_KEYS},
        "closed": True,
        "contour_mm": np.round(section.points_mm(count), 3).tolist(),
        "edited": edited,
        "automatic": {key: station[key] for key in KEPT_KEYS},
    }


def unsure_mm(station: Station) -> float | None:
    """Half of the 95 % interval of a section's diameters; None where it was not estimated."""
    return WIDTH_UNCERTAINTY_MM if is_edited(station) else station.get("uncertainty_mm")


def is_edited(station: Station) -> bool:
    """True where a hand changed the section, here or near it."""
    return bool(station.get("edited"))


def edited_widths(stations: Sequence[Station], key: str) -> tuple[FloatArray, FloatArray]:
    """(N,) places along the vessel and widths of the closed stations, in mm; automatic ones steadied along the vessel.

    Steadying takes the image's noise out. What a hand drew has none and is not moved, and does not move others.
    """
    told = [{**station, **_told(station)} for station in stations]
    closed = [n for n, station in enumerate(told) if station[key] is not None]
    values = np.array([np.nan if station[key] is None else station[key] for station in stations], dtype=np.float64)
    if len(closed) >= 3:
        steady = _steadied(tuple(told[n]["s_mm"] for n in closed), tuple(told[n][key] for n in closed))
        for n, value in zip(closed, steady, strict=True):
            if not is_edited(stations[n]):
                values[n] = value
    seen = np.isfinite(values)
    return np.array([station["s_mm"] for station in stations], dtype=np.float64)[seen], values[seen]


@functools.lru_cache(maxsize=32)
def _steadied(along_mm: tuple[float, ...], values: tuple[float, ...]) -> FloatArray:
    """Remembered, because only what was drawn by hand differs while a hand is at work."""
    from planning.vessel.steady import steady_widths

    return frozen_array(steady_widths(np.array(along_mm), np.array(values)))


def with_lumen_edits(results: Mapping[str, Any], edits: Sequence[LumenEdit]) -> tuple[dict[str, Any], EditedLumen]:
    """A vessel plan's numbers with these edits and no others, and the edits that hold.

    The least and greatest diameter are found again; what the image alone told of them stays under "automatic".
    """
    lumen = edit_stations(results["stations"], edits)
    told = {**results, **(results.get("automatic") or {})}
    warnings = [one for one in results["warnings"] if one["code"] != DROPPED]
    plain = {key: value for key, value in told.items() if key != "automatic"}
    plain |= {"stations": list(lumen.stations), "warnings": [*warnings, *(one.as_json() for one in lumen.findings)]}
    if not lumen.edits:
        return plain, lumen
    extremes = {
        "minimum": _extreme(lumen.stations, told["minimum"], "min_diameter_mm", 1.0),
        "maximum": _extreme(lumen.stations, told["maximum"], "max_diameter_mm", -1.0),
    }
    return {**plain, **extremes, "automatic": {key: told[key] for key in extremes}}, lumen


def _extreme(stations: Sequence[Station], told: Mapping[str, Any], key: str, sign: float) -> dict[str, Any]:
    along, values = edited_widths(stations, key)
    best = int(np.argmin(sign * values))
    at = np.array([station["s_mm"] for station in stations], dtype=np.float64)
    reached = at[[is_edited(station) for station in stations]]
    # the image's own may lie between two of the stations that are listed
    is_kept = not len(reached) or float(np.abs(reached - told["s_mm"]).min()) > 0.5 * _step_mm(stations)
    if is_kept and sign * told[key] <= sign * values[best] + 1e-9:
        return {**told, "edited": False}
    own = stations[int(np.argmin(np.abs(at - along[best])))]
    by_area = dict(zip(*edited_widths(stations, "area_diameter_mm"), strict=True))
    return {
        **told,
        "s_mm": float(along[best]),
        key: float(values[best]),
        "area_diameter_mm": float(by_area[along[best]]),
        "uncertainty_mm": unsure_mm(own),
        "edited": is_edited(own),
    }
