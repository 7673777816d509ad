"""Sections of the lumen along a centreline: in the image, or cut from a mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.centerline import Centerline
from planning.edge import EdgeModel
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken
from planning.section import Contour, Frame, Measures, Sampler, common_edge, find_contour
from planning.vessel.calcified import with_calcium
from planning.vessel.steady import steadied

WIDEST_MM = 26.0
VESSEL_ORDER = 4
PLAIN_ORDER = 2
"""Of the curves on which blur and wall are read: one that follows the noise makes the edge look sharper than it is."""
RAYS = 96
JUMP, LONGER, AREA_STEP = 1.6, 1.14, 0.12
OPEN_TRUST, USUAL_WITHIN_MM = 0.96, 20.0
LEAST_TRUSTED = 0.55
ANEW_EVERY, FOLLOW_TRUST, FOLLOW_SHARE = 5, 0.9, 0.2
CALCIUM_OVER_HU = 100.0
ARC_STEP_DEG = 3.0
WIDE_MM = 5.0

FindSection = Callable[[Frame, float, float | None], Contour]


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """A section of the vessel; contour and measures are None where the lumen is not one closed curve.

    calcium_arcs_deg: (from, to) of the calcium about the contour; 0 is its first point, angles run on as its points do.
    None where the image was not looked at.
    """

    s_mm: float
    position_mm: FloatArray
    tangent: FloatArray
    contour: Contour | None
    measures: Measures | None
    calcium_arcs_deg: tuple[tuple[float, float], ...] | None

    @property
    def calcium_arc_deg(self) -> float | None:
        """How much of the circumference is calcified."""
        return (
            None if self.calcium_arcs_deg is None else float(sum(end - start for start, end in self.calcium_arcs_deg))
        )

    def as_json(self) -> dict[str, Any]:
        """The contract's station."""
        numbers: dict[str, Any] = dict.fromkeys(
            ("area_mm2", "perimeter_mm", "area_diameter_mm", "min_diameter_mm", "max_diameter_mm")
        )
        if self.measures is not None:
            found = self.measures.as_json()
            numbers = {key: found[key] for key in numbers}
        return {
            "s_mm": self.s_mm,
            "position_mm": self.position_mm.tolist(),
            "tangent": self.tangent.tolist(),
            **numbers,
            "closed": self.measures is not None,
            "calcium_arc_deg": self.calcium_arc_deg,
            "calcium_arcs_deg": [list(arc) for arc in self.calcium_arcs_deg or ()],
            "contour_mm": [] if self.contour is None else self.contour.points_mm[::6].tolist(),
        }


def image_sections(sampler: Sampler, model: EdgeModel | None, *, follow: bool = False) -> FindSection:
    """Sections by the blurred edge of the lumen in the image, all with the vessel's own blur and wall.

    follow: sections are asked for one after the other, a millimetre apart; most then start from the one before, which
    saves a third of the time. Every few begin anew, as do those that are narrower, wider or less clear than expected.
    """
    before: list[Contour] = []
    asked = 0

    def find(frame: Frame, radius_mm: float, lumen_hu: float | None) -> Contour:
        nonlocal asked
        asked += 1
        last = before.pop() if before else None
        if last is not None and asked % ANEW_EVERY and _is_alike(last, frame, radius_mm):
            try:
                found = plain(frame, radius_mm, lumen_hu, last)
            except MeasurementError:
                found = None
            if found is not None and found.trusted >= FOLLOW_TRUST and _is_alike(found, frame, radius_mm):
                return checked(frame, radius_mm, lumen_hu, found)
        try:
            found = plain(frame, radius_mm, lumen_hu, None)
        except MeasurementError as error:
            if lumen_hu is None or error.code != "unclear_edge":
                raise
            calcified = with_calcium(sampler, frame, None, _reach_mm(radius_mm), lumen_hu, model, VESSEL_ORDER)
            if calcified is None:
                raise
            return calcified
        return checked(frame, radius_mm, lumen_hu, found)

    def plain(frame: Frame, radius_mm: float, lumen_hu: float | None, last: Contour | None) -> Contour:
        return find_contour(
            sampler,
            frame,
            _reach_mm(radius_mm),
            model=model,
            lumen_hu=lumen_hu,
            rounds=1,
            order=VESSEL_ORDER,
            rays=RAYS,
            follow=last,
        )

    def checked(frame: Frame, radius_mm: float, lumen_hu: float | None, found: Contour) -> Contour:
        known_hu = found.lumen_hu if lumen_hu is None else lumen_hu
        lined = with_calcium(sampler, frame, found, _reach_mm(radius_mm), known_hu, model, VESSEL_ORDER)
        if follow and lined is found and found.trusted >= FOLLOW_TRUST:
            before.append(found)
        return lined or found

    return find


def _is_alike(contour: Contour, frame: Frame, radius_mm: float) -> bool:
    """Whether a contour is about as wide as expected in this frame, and lies about its origin."""
    wide = abs(float(contour.radii_mm.mean()) / radius_mm - 1.0) < FOLLOW_SHARE
    off = contour.frame.origin_mm - frame.origin_mm
    aside = off - (off @ frame.normal) * frame.normal
    return bool(wide and np.linalg.norm(aside) < 0.25 * radius_mm)


def _reach_mm(radius_mm: float) -> float:
    return min(WIDEST_MM, 1.9 * radius_mm + 3.0)


def vessel_edge(sampler: Sampler, line: Centerline, radii_mm: FloatArray) -> EdgeModel | None:
    """One blur and wall for the whole vessel, from a dozen sections. None when hardly any can be measured."""
    last = len(line.points_mm) - 1
    numbers = np.unique(np.clip(np.linspace(2, last - 2, 13).astype(int), 0, last))
    frames = [Frame.of(line.points_mm[n], line.tangents[n], line.normals[n]) for n in numbers]
    reaches = [_reach_mm(float(radii_mm[n])) for n in numbers]
    return common_edge(sampler, frames, reaches, order=PLAIN_ORDER, rays=RAYS)


@dataclass(frozen=True, slots=True, eq=False)
class Lumen:
    """Sections along a line. contours: None where there is no closed one. radii_mm, lumen_hu: (N,) everywhere."""

    contours: tuple[Contour | None, ...]
    radii_mm: FloatArray
    lumen_hu: FloatArray


def find_lumen(
    find: FindSection,
    line: Centerline,
    radii_mm: FloatArray,
    lumen_hu: FloatArray | None = None,
    told: Callable[[float], None] = lambda part: None,
    cancel: CancelToken | None = None,
) -> Lumen:
    """A section at each point of the line; those that belong to a branch or a neighbour as well are left out."""
    contours: list[Contour | None] = []
    for n, position in enumerate(line.points_mm):
        if cancel is not None:
            cancel.raise_if_set()
        told(n / len(line.points_mm))
        frame = Frame.of(position, line.tangents[n], line.normals[n])
        contour: Contour | None
        try:
            contour = find(frame, float(radii_mm[n]), None if lumen_hu is None else float(lumen_hu[n]))
        except MeasurementError:
            contour = None
        if contour is not None and (
            contour.trusted < LEAST_TRUSTED
            or np.linalg.norm(contour.frame.origin_mm - position) > max(1.5, 0.6 * radii_mm[n])
        ):
            contour = None
        contours.append(contour)
    contours = unshared(line.arc_length_mm, contours)
    return Lumen(tuple(contours), _radii(line, contours, radii_mm), _brightness(line, contours))


def unshared(along_mm: FloatArray, contours: Sequence[Contour | None]) -> list[Contour | None]:
    """The sections without those that hold a branch as well.

    Such a section is longer than is usual for the vessel, though no wider, and it becomes so at once or where its edge
    is open towards the branch; an eccentric widening comes gradually and stays.
    """
    count = len(contours)
    least, most, area, open_edge = (np.full(count, np.nan) for _ in range(4))
    for n, contour in enumerate(contours):
        if contour is not None:
            found = contour.measures()
            least[n], most[n], area[n] = found.min_diameter_mm, found.max_diameter_mm, found.area_mm2
            open_edge[n] = contour.trusted < OPEN_TRUST
    ratio = most / least
    suspect, seed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    for n in range(count):
        near = (np.abs(along_mm - along_mm[n]) <= USUAL_WITHIN_MM) & np.isfinite(area)
        if not np.isfinite(area[n]) or near.sum() < 5:
            continue
        usual_most, usual_ratio = (float(np.percentile(values[near], 35)) for values in (most, ratio))
        usual_area = float(np.median(area[(np.abs(along_mm - along_mm[n]) <= 7.0) & np.isfinite(area)]))
        suspect[n] = most[n] > LONGER * usual_most and ratio[n] > LONGER * usual_ratio
        # beside a section that has no closed edge at all the step counts as great
        beside = [area[m] for m in (n - 1, n + 1) if 0 <= m < count]
        steps = [abs(other / area[n] - 1.0) if np.isfinite(other) else 1.0 for other in beside]
        seed[n] = area[n] > JUMP * usual_area or (suspect[n] and (open_edge[n] or max(steps, default=0.0) > AREA_STEP))
    shared = seed.copy()
    for order in (range(1, count), range(count - 2, -1, -1)):
        for n in order:
            shared[n] |= suspect[n] and shared[n - 1 if order.step > 0 else n + 1]
    return [None if drop else contour for drop, contour in zip(shared, contours, strict=True)]


def _radii(line: Centerline, contours: Sequence[Contour | None], before_mm: FloatArray) -> FloatArray:
    closed = [n for n, contour in enumerate(contours) if contour is not None]
    if not closed:
        return np.array(before_mm)
    known = [float(np.sqrt(contours[n].measures().area_mm2 / np.pi)) for n in closed]  # type: ignore[union-attr]
    return np.interp(line.arc_length_mm, line.arc_length_mm[closed], known)


def _brightness(line: Centerline, contours: Sequence[Contour | None]) -> FloatArray:
    """(N,) HU of the lumen: from the wide sections within 15 mm, because blur darkens a narrow one to its middle."""
    rows = [
        (n, contour, 2.0 * np.sqrt(contour.measures().area_mm2 / np.pi))
        for n, contour in enumerate(contours)
        if contour
    ]
    if not rows:
        return np.zeros(len(line.points_mm))
    at = line.arc_length_mm[[n for n, _, _ in rows]]
    value = np.array([contour.lumen_hu for _, contour, _ in rows])
    width = np.array([diameter for _, _, diameter in rows])
    wide = width >= min(WIDE_MM, float(np.percentile(width, 70)))
    found = np.empty(len(line.points_mm))
    for n, s in enumerate(line.arc_length_mm):
        away = np.abs(at[wide] - s)
        found[n] = float(np.median(value[wide][away <= max(15.0, float(np.sort(away)[min(4, len(away) - 1)]))]))
    return found


def stations_of(sampler: Sampler | None, line: Centerline, lumen: Lumen, blur_mm: float) -> list[Station]:
    """The sections as stations: steadied along the vessel, with what calcium lies at them."""
    stations = []
    for n, contour in enumerate(steadied(line.arc_length_mm, lumen.contours, blur_mm)):
        measures = None if contour is None else contour.measures()
        arcs = None if contour is None or sampler is None else calcium_arcs_deg(sampler, contour)
        stations.append(
            Station(float(line.arc_length_mm[n]), line.points_mm[n], line.tangents[n], contour, measures, arcs)
        )
    return stations


def calcium_arcs_deg(sampler: Sampler, contour: Contour) -> tuple[tuple[float, float], ...]:
    """Arcs (from, to) of the circumference with more than lumen + 100 HU within 1.5 mm of the edge.

    Angles about the contour's middle from `right` to `up`, where 0 is its first point; `to` may exceed 360.
    """
    angles = np.radians(np.arange(0.0, 360.0, ARC_STEP_DEG))
    radii = contour.radius_at_mm(angles)
    offsets = np.arange(-0.5, 1.51, 0.25)
    reach = radii[:, None] + offsets
    plane = np.stack([reach * np.cos(angles)[:, None], reach * np.sin(angles)[:, None]], axis=-1)
    values = np.nan_to_num(sampler.at(contour.frame.to_world(plane)), nan=-1024.0)
    limit = contour.lumen_hu + max(CALCIUM_OVER_HU, 4.0 * contour.noise_hu)
    return arcs_of(np.asarray((values > limit).any(axis=1)))


def arcs_of(is_inside: npt.NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """Arcs (from, to) in degrees of the rays that are True; each of the equally spaced rays stands for its own share."""
    if is_inside.all():
        return ((0.0, 360.0),)
    step = 360.0 / len(is_inside)
    first = int(np.argmin(is_inside))
    edges = np.diff(np.append(np.roll(is_inside, -first), False).astype(np.int8))
    begins = (np.flatnonzero(edges == 1) + 0.5 + first) * step % 360.0
    widths = (np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)) * step
    return tuple((float(begin), float(begin + width)) for begin, width in zip(begins, widths, strict=True))
