"""Sections of the lumen along a centreline: in the image, or cut from a mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken
from planning.section import CURVE_POINTS, Contour, Frame, Measures, Sampler, equal_angles, find_contour, fourier_basis

WIDEST_MM = 26.0
VESSEL_ORDER = 4
JUMP = 1.7
CALCIUM_OVER_HU = 100.0

FindSection = Callable[[Frame, float], Contour]


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """A section of the vessel; contour and measures are None where the lumen is not one closed curve."""

    s_mm: float
    position_mm: FloatArray
    tangent: FloatArray
    contour: Contour | None
    measures: Measures | None
    calcium_arc_deg: float | None

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
            "contour_mm": [] if self.contour is None else self.contour.points_mm[::6].tolist(),
        }


def image_sections(sampler: Sampler, sigma_mm: float | None) -> FindSection:
    """Sections by the blurred edge of the lumen in the image."""

    def find(frame: Frame, radius_mm: float) -> Contour:
        reach = min(WIDEST_MM, 1.9 * radius_mm + 3.0)
        return find_contour(sampler, frame, reach, sigma_mm=sigma_mm, rounds=1, order=VESSEL_ORDER)

    return find


def typical_sigma_mm(sampler: Sampler, line: Centerline, radii_mm: FloatArray) -> float | None:
    """One blur for the whole vessel: the median over a dozen sections. None when hardly any can be measured."""
    found = []
    for n in np.unique(np.linspace(2, len(line.points_mm) - 3, 13).astype(int)):
        if not 0 <= n < len(line.points_mm):
            continue
        frame = Frame.of(line.points_mm[n], line.tangents[n], line.normals[n])
        try:
            found.append(image_sections(sampler, None)(frame, float(radii_mm[n])).sigma_mm)
        except MeasurementError:
            continue
    return float(np.median(found)) if len(found) >= 3 else None


def find_centroids(
    find: FindSection, line: Centerline, radii_mm: FloatArray, cancel: CancelToken | None = None
) -> tuple[FloatArray, FloatArray]:
    """(N, 3) lumen centroids and (N,) radii along a line; where there is no closed section the line's own point stays."""
    points, radii = np.array(line.points_mm), np.array(radii_mm)
    for n in range(len(points)):
        if cancel is not None:
            cancel.raise_if_set()
        frame = Frame.of(line.points_mm[n], line.tangents[n], line.normals[n])
        try:
            contour = find(frame, float(radii[n]))
        except MeasurementError:
            continue
        moved = contour.frame.origin_mm - line.points_mm[n]
        radius = contour.measures().area_diameter_mm / 2.0
        # a centroid far off belongs to a branch or neighbour, not to this vessel
        if np.linalg.norm(moved) <= 0.75 * max(radii[n], 2.0):
            points[n] = contour.frame.origin_mm
            radii[n] = radius
    return points, radii


def find_stations(
    find: FindSection,
    sampler: Sampler | None,
    line: Centerline,
    radii_mm: FloatArray,
    told: Callable[[float], None],
    cancel: CancelToken | None = None,
) -> list[Station]:
    """A section at each point of the line; those that are shared with another vessel or open are not closed."""
    contours: list[Contour | None] = []
    for n, position in enumerate(line.points_mm):
        if cancel is not None:
            cancel.raise_if_set()
        told(n / len(line.points_mm))
        frame = Frame.of(position, line.tangents[n], line.normals[n])
        contour: Contour | None
        try:
            contour = find(frame, float(radii_mm[n]))
        except MeasurementError:
            contour = None
        if contour is not None and np.linalg.norm(contour.frame.origin_mm - position) > max(1.5, 0.5 * radii_mm[n]):
            contour = None
        contours.append(contour)
    stations = []
    for n, contour in enumerate(steadied(contours)):
        measures = None if contour is None else contour.measures()
        arc = None if contour is None or sampler is None else calcium_arc_deg(sampler, contour)
        stations.append(
            Station(float(line.arc_length_mm[n]), line.points_mm[n], line.tangents[n], contour, measures, arc)
        )
    return without_jumps(stations)


def steadied(contours: Sequence[Contour | None]) -> list[Contour | None]:
    """Each curve averaged with its neighbours' (1 : 2 : 1), whose frames do not twist.

    The least width of a noisy curve is too small, and the least of many such widths more so; a vessel changes little
    from one millimetre to the next, its noise does.
    """
    dense = equal_angles(CURVE_POINTS)
    smooth: list[Contour | None] = []
    for n, contour in enumerate(contours):
        if contour is None:
            smooth.append(None)
            continue
        around = [
            contour,
            contour,
            *(other for other in (*contours[max(0, n - 1) : n], *contours[n + 1 : n + 2]) if other),
        ]
        coefficients = np.mean([other.coefficients for other in around], axis=0)
        smooth.append(replace(contour, coefficients=coefficients, radii_mm=fourier_basis(dense) @ coefficients))
    return smooth


def without_jumps(stations: Sequence[Station]) -> list[Station]:
    """Sections whose area leaps beyond their neighbours' are shared with a branch: not closed, no numbers."""
    areas = np.array([np.nan if item.measures is None else item.measures.area_mm2 for item in stations])
    kept = []
    for n, item in enumerate(stations):
        around = areas[max(0, n - 6) : n + 7]
        around = around[np.isfinite(around)]
        usual = float(np.median(around)) if len(around) else np.nan
        if item.measures is not None and np.isfinite(usual) and item.measures.area_mm2 > JUMP * usual:
            item = Station(item.s_mm, item.position_mm, item.tangent, None, None, None)
        kept.append(item)
    return kept


def calcium_arc_deg(sampler: Sampler, contour: Contour) -> float:
    """Degrees of the circumference with more than lumen + 100 HU within 1.5 mm of the edge."""
    angles = np.radians(np.arange(0.0, 360.0, 3.0))
    radii = contour.radius_at_mm(angles)
    offsets = np.arange(-0.5, 1.51, 0.25)
    reach = radii[:, None] + offsets
    plane = np.stack([reach * np.cos(angles)[:, None], reach * np.sin(angles)[:, None]], axis=-1)
    values = np.nan_to_num(sampler.at(contour.frame.to_world(plane)), nan=-1024.0)
    limit = contour.lumen_hu + max(CALCIUM_OVER_HU, 4.0 * contour.noise_hu)
    return float(3.0 * (values > limit).any(axis=1).sum())
