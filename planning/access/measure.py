"""One route measured: sections along it, its least lumen, where it is closed, its bends and its calcium."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.access.bends import Bends, bends_of
from planning.centerline import Centerline
from planning.edge import EdgeModel
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken
from planning.section import Sampler
from planning.vessel.lumen import Station, find_lumen, image_sections, stations_of, vessel_edge
from planning.vessel.steady import steady_widths
from planning.vessel.tracing import Traced
from planning.vessel.widths import contrast_to_noise, width_uncertainty_mm
from planning.volume import Volume

STEP_MM = 1.0
SAMPLE_REACH_MM = 17.0
LEAST_OVER_MM = 3.0
CLOSED_MM, CLOSED_CALCIUM_MM = 2.5, 3.5
CIRCUMFERENTIAL_DEG, NOTABLE_DEG = 270.0, 90.0


@dataclass(frozen=True, slots=True)
class Least:
    """The least lumen of a route: of the least widths their running median over 3 mm, where it is least."""

    s_mm: float
    min_diameter_mm: float
    area_diameter_mm: float
    uncertainty_mm: float
    position_mm: tuple[float, float, float]
    calcium_arc_deg: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A route. closed_at_mm: where its lumen ends before its end, None when it is open all the way."""

    line: Centerline
    stations: tuple[Station, ...]
    least: Least | None
    bends: Bends
    closed_at_mm: float | None
    greatest_arc_deg: float | None
    circumferential_mm: float


def closed_from_mm(seen: Traced, level_hu: float) -> float | None:
    """Arc length at which a traced line has no lumen, dark or calcium, over a few millimetres; None if it has all along.

    One dark or bright sample is noise, and a short tight place still has blood in its middle.
    """
    step = float(np.median(np.diff(seen.line.arc_length_mm)))
    bright = seen.lumen_hu + 0.9 * (seen.lumen_hu - level_hu) + 100.0
    for hit, needed_mm in ((seen.seen_hu < level_hu, CLOSED_MM), (seen.seen_hu > bright, CLOSED_CALCIUM_MM)):
        run = 0
        for n, is_hit in enumerate(hit):
            run = run + 1 if is_hit else 0
            if run * step >= needed_mm:
                return float(seen.line.arc_length_mm[n - run + 1])
    return None


def measure_route(
    volume: Volume,
    line: Centerline,
    radii_mm: FloatArray,
    lumen_hu: FloatArray,
    *,
    shared: npt.NDArray[np.bool_] | None = None,
    model: EdgeModel | None = None,
    closed_at_mm: float | None = None,
    told: Callable[[float], None] = lambda part: None,
    cancel: CancelToken | None = None,
) -> Measured:
    """Sections, bends and calcium of a route along its line.

    radii_mm, lumen_hu: (N,) first guesses on the line. shared: (N,) True where a section would hold another vessel too.
    """
    sampler = Sampler.around(volume, line.points_mm[::4], SAMPLE_REACH_MM)
    if model is None:
        model = vessel_edge(sampler, line, radii_mm)
    lumen = find_lumen(image_sections(sampler, model, follow=True), line, radii_mm, lumen_hu, told, cancel)
    if shared is not None:
        lumen = replace(
            lumen, contours=tuple(None if drop else c for drop, c in zip(shared, lumen.contours, strict=True))
        )
    spacing = float(volume.grid.spacing_mm.mean())
    blur = 0.0 if model is None else float(np.hypot(model.sigma_mm, spacing / np.sqrt(12.0)))
    stations = tuple(stations_of(sampler, line, lumen, blur))
    arcs = [station.calcium_arc_deg for station in stations if station.calcium_arc_deg is not None]
    step = float(np.median(np.diff(line.arc_length_mm)))
    return Measured(
        line,
        stations,
        least_of(stations, float(volume.grid.spacing_mm.max())),
        bends_of(line),
        closed_at_mm,
        max(arcs) if arcs else None,
        step * sum(arc > CIRCUMFERENTIAL_DEG for arc in arcs),
    )


def least_of(stations: Sequence[Station], spacing_mm: float) -> Least | None:
    """The least lumen over at least 3 mm. None without three closed sections in a row."""
    closed = [station for station in stations if station.measures is not None]
    if len(closed) < 3:
        return None
    at = np.array([station.s_mm for station in closed])
    width = steady_widths(at, np.array([station.measures.min_diameter_mm for station in closed]))  # type: ignore[union-attr]
    found = least_place(at, width)
    if found is None:
        return None
    n, least_mm = found
    own = closed[n]
    assert own.measures is not None
    unsure = width_uncertainty_mm(own, spacing_mm, contrast_to_noise(stations))
    assert unsure is not None
    x, y, z = (float(v) for v in own.position_mm)
    return Least(own.s_mm, least_mm, own.measures.area_diameter_mm, unsure, (x, y, z), own.calcium_arc_deg)


def least_place(at_mm: FloatArray, widths_mm: FloatArray) -> tuple[int, float] | None:
    """Number and width of the least running median over 3 mm. None without three sections in a row."""
    median = np.full(len(at_mm), np.inf)
    for n, s in enumerate(at_mm):
        near = np.abs(at_mm - s) <= 0.5 * LEAST_OVER_MM + 1e-9
        if near.sum() >= 3:
            median[n] = np.median(widths_mm[near])
    if not np.isfinite(median).any():
        return None
    n = int(np.argmin(median))
    return n, float(median[n])


def check_length(line: Centerline) -> None:
    """Raise MeasurementError for a route too short to be measured."""
    if line.length_mm < 8.0:
        raise MeasurementError("The route is shorter than 8 mm", "Move its ends apart", "one_place")
