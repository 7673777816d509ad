"""A vessel plan between two points: one pure function from image and points to the contract's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress, no_progress
from planning.section import Sampler
from planning.vessel.inside import mask_from_mesh, mask_volume
from planning.vessel.lumen import Station, find_centroids, find_stations, image_sections, typical_sigma_mm
from planning.vessel.path import MARGINS_MM, check_points, find_path, find_region
from planning.volume import Mask, Volume

CENTER_STEP_MM = 1.5
FINEST_STEP_MM = 1.0


def make_vessel_plan(
    volume: Volume,
    start_mm: npt.ArrayLike,
    end_mm: npt.ArrayLike,
    *,
    mask: Mask | None = None,
    mesh: SurfaceMesh | None = None,
    step_mm: float = 1.0,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Lumen between two LPS points: the contract's `vessel` without "plan".

    Lengths are along the smoothed line of section centroids; the least diameter is a running median of three stations.
    With `mask` or `mesh` the lumen is that structure's inside instead of the image's contrast.
    Raises MeasurementError with what to do; Cancelled when asked to stop.
    """
    points = np.array([np.asarray(start_mm, dtype=np.float64), np.asarray(end_mm, dtype=np.float64)])
    check_points(points, volume.grid)
    if not 0.1 <= step_mm <= 50.0:
        raise MeasurementError(f"Stations every {step_mm:g} mm are not possible", "Use 0.1 to 50 mm", "step")
    if mesh is not None:
        mask = mask_from_mesh(mesh)
    lumen = volume if mask is None else mask_volume(mask)
    progress(0.05, "Finding the vessel")
    path, findings = _path(lumen, points)
    line = Centerline.through(_thinned(path), CENTER_STEP_MM, 0.4)
    sampler = Sampler.around(lumen, line.points_mm[:: max(1, len(line.points_mm) // 60)], 30.0)
    radii = _first_radii(sampler, line)
    sigma = typical_sigma_mm(sampler, line, radii)
    find = image_sections(sampler, sigma)
    centers, radii = find_centroids(find, line, radii, cancel)
    progress(0.35, "Finding the centreline")
    # sections are taken at a millimetre or closer whatever is shown: the narrowest place must not fall between two
    every = max(1, int(np.ceil(step_mm / FINEST_STEP_MM - 1e-9)))
    line, radii = _recentred(line, centers, radii, points, step_mm / every)
    stations = find_stations(
        find,
        sampler if mask is None else None,
        line,
        radii,
        lambda part: progress(0.4 + 0.6 * part, "Measuring sections"),
        cancel,
    )
    return _as_json(line, stations, every, [*findings, *_openings(stations), *_coarse(volume)])


def _path(volume: Volume, points: FloatArray) -> tuple[FloatArray, tuple[Finding, ...]]:
    last: MeasurementError | None = None
    for margin in MARGINS_MM:
        region = find_region(volume, points, margin)
        try:
            return find_path(region, points)
        except MeasurementError as error:
            # the vessel may leave the box and come back: a larger one is tried before saying so
            if error.code != "no_way":
                raise
            last = error
    assert last is not None
    raise last


def _thinned(path: FloatArray) -> FloatArray:
    """About every 2 mm: the voxel steps of the path are not the vessel's."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    count = max(4, round(along[-1] / 2.0) + 1)
    at = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(at, along, path[:, n]) for n in range(3)], axis=1)


def _first_radii(sampler: Sampler, line: Centerline) -> FloatArray:
    """A first guess of each section's reach: where rays fall to half, median over directions."""
    angles = np.radians(np.arange(0, 360, 15))
    reach = np.arange(0.0, 26.0, 0.4)
    radii = np.empty(len(line.points_mm))
    for n, (point, tangent, normal) in enumerate(zip(line.points_mm, line.tangents, line.normals)):
        other = np.cross(tangent, normal)
        directions = np.cos(angles)[:, None] * normal + np.sin(angles)[:, None] * other
        values = np.nan_to_num(sampler.at(point + directions[:, None, :] * reach[:, None]), nan=-1024.0)
        middle = float(np.median(values[:, :4]))
        low = float(np.percentile(values, 10))
        below = values < low + 0.5 * (middle - low)
        first = np.where(below.any(axis=1), below.argmax(axis=1), len(reach) - 1)
        radii[n] = max(1.0, float(np.percentile(reach[first], 60)))
    return np.asarray(radii)


def _recentred(
    line: Centerline, centers: FloatArray, radii: FloatArray, points: FloatArray, step_mm: float
) -> tuple[Centerline, FloatArray]:
    """The line through the centroids, from the level of the first point to that of the last."""
    smooth = Centerline.through(centers, 0.25, 0.15)
    at = [
        int(
            np.argmin(
                np.abs((smooth.points_mm - point) @ smooth.tangents[end])
                + 0.2 * np.linalg.norm(smooth.points_mm - point, axis=1)
            )
        )
        for point, end in zip(points, (0, -1))
    ]
    part = smooth.points_mm[min(at) : max(at) + 1]
    if len(part) < 4:
        raise MeasurementError("The two points lie at one place of the vessel", "Move them apart", "one_place")
    final = Centerline.through(part, step_mm, 0.02)
    near = np.array([int(np.argmin(np.linalg.norm(line.points_mm - point, axis=1))) for point in final.points_mm])
    return final, radii[near]


def _openings(stations: Sequence[Station]) -> list[Finding]:
    lost = [station.s_mm for station in stations if station.measures is None]
    if not lost:
        return []
    return [
        Finding(
            "not_closed",
            f"The lumen is not closed at {lost[0]:.0f} mm"
            + (f" and {len(lost) - 1} other places" if len(lost) > 1 else "")
            + ": branch or edge of the scan. These sections are left out.",
        )
    ]


def _coarse(volume: Volume) -> list[Finding]:
    thickest = float(volume.grid.spacing_mm.max())
    if thickest <= 1.55:
        return []
    return [
        Finding("thick_slices", f"Voxels are {thickest:.1f} mm; diameters can be off by half a millimetre and more.")
    ]


def _as_json(line: Centerline, stations: Sequence[Station], every: int, findings: Sequence[Finding]) -> dict[str, Any]:
    closed = [(n, station) for n, station in enumerate(stations) if station.measures is not None]
    if len(closed) < 3:
        raise MeasurementError(
            "No closed section was found between these points", "Choose points inside the vessel", "not_closed"
        )
    least = np.array([station.measures.min_diameter_mm for _, station in closed if station.measures])
    most = np.array([station.measures.max_diameter_mm for _, station in closed if station.measures])
    by_area = np.array([station.measures.area_diameter_mm for _, station in closed if station.measures])
    steady_least, steady_most, steady_area = (_running_median(values) for values in (least, most, by_area))
    low, high = int(np.argmin(steady_least)), int(np.argmax(steady_most))
    return {
        "length_mm": line.length_mm,
        "chord_mm": line.chord_mm,
        "tortuosity": line.length_mm / max(line.chord_mm, 1e-9),
        "centerline_mm": line.points_mm.tolist(),
        "stations": [station.as_json() for station in stations[::every]],
        "minimum": {
            "s_mm": closed[low][1].s_mm,
            "min_diameter_mm": float(steady_least[low]),
            "area_diameter_mm": float(steady_area[low]),
        },
        "maximum": {
            "s_mm": closed[high][1].s_mm,
            "max_diameter_mm": float(steady_most[high]),
            "area_diameter_mm": float(steady_area[high]),
        },
        "warnings": [finding.as_json() for finding in findings],
    }


def _running_median(values: FloatArray) -> FloatArray:
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray(np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0))
