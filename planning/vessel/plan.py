"""A vessel plan between two points: one pure function from image and points to the contract's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from planning.vessel.cuts import cut_along
from planning.vessel.inside import mask_volume, mesh_volume
from planning.vessel.lumen import Station, find_lumen, image_sections, stations_of, unshared, vessel_edge
from planning.vessel.path import MARGINS_MM, MOST_FINE_VOXELS, MOST_VOXELS, check_points, find_path, find_region
from planning.vessel.steady import steady_widths
from planning.vessel.tracing import Traced, steady_line, trace
from planning.vessel.tree import lumen_graph, near_forks
from planning.vessel.via import check_via, joined
from planning.vessel.widths import FAINT_RATIO, contrast_to_noise, width_uncertainty_mm
from planning.volume import Mask, Volume

END_REACH_MM = 5.0
FINEST_STEP_MM = 1.0
MOST_TREE_VOXELS = 500_000
MOST_LUMEN_HU, LIKE_LUMEN_HU, LIKE_TISSUE_HU = 1000.0, 380.0, 60.0


def make_vessel_plan(
    volume: Volume,
    start_mm: npt.ArrayLike,
    end_mm: npt.ArrayLike,
    *,
    mask: Mask | None = None,
    mesh: SurfaceMesh | None = None,
    via_mm: npt.ArrayLike | None = None,
    step_mm: float = 1.0,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Lumen between two LPS points: the contract's `vessel` without "plan".

    via_mm: (N, 3) places in the lumen that the way goes through, in order from start to end.
    Lengths are along the smoothed line of section centroids; the least diameter is steadied along
    the vessel.
    With `mask` or `mesh` the lumen is that structure's inside instead of the image's contrast.
    Raises MeasurementError with what to do; Cancelled when asked to stop.
    """
    points = way_points(start_mm, end_mm, via_mm)
    check_points(points, volume.grid)
    if not 0.1 <= step_mm <= 50.0:
        raise MeasurementError(f"Stations every {step_mm:g} mm are not possible", "Use 0.1 to 50 mm", "step")
    in_image = mask is None and mesh is None
    lumen = volume
    if mesh is not None:
        lumen = mesh_volume(mesh)
    elif mask is not None:
        lumen = mask_volume(mask)
    progress(0.05, "Finding the vessel")
    path, level_hu, lumen_hu, findings = find_way(lumen, points)
    seen = trace(lumen, path, lumen_hu, level_hu)
    # sections are taken at a millimetre or closer whatever is shown: the narrowest place must not fall between two
    every = max(1, int(np.ceil(step_mm / FINEST_STEP_MM - 1e-9)))
    check_via(seen.line.points_mm, seen.radii_mm, points[1:-1])
    line, nearest = line_between(seen, points[[0, -1]], step_mm / every)
    progress(0.2, "Measuring sections")
    radii = seen.radii_mm[nearest]
    shared = None if in_image else _near_forks(lumen, line, radii, level_hu)
    if mesh is not None:
        stations = _cut_stations(mesh, line, radii, shared)
    else:
        sampler = Sampler.around(lumen, line.points_mm[:: max(1, len(line.points_mm) // 60)], 30.0)
        bright = seen.lumen_hu[nearest]
        if lumen.quantity != "HU" or lumen_hu > MOST_LUMEN_HU:
            sampler, bright = _like_ct(sampler, bright, lumen_hu, level_hu)
        model = vessel_edge(sampler, line, radii)
        second = find_lumen(
            image_sections(sampler, model),
            line,
            radii,
            bright,
            lambda part: progress(0.25 + 0.75 * part, "Measuring sections"),
            cancel,
        )
        if shared is not None:
            kept = tuple(None if drop else contour for drop, contour in zip(shared, second.contours, strict=True))
            second = replace(second, contours=kept)
        voxel_mm = float(lumen.grid.spacing_mm.mean()) / np.sqrt(12.0)
        blur_mm = 0.0 if model is None else float(np.hypot(model.sigma_mm, voxel_mm))
        stations = stations_of(sampler if in_image else None, line, second, blur_mm)
    # a surface is taken as it is given: nothing is known of how sure it is
    spacing_mm = None if mesh is not None else float(lumen.grid.spacing_mm.max())
    return _as_json(
        line, stations, every, [*findings, *_openings(stations), *_coarse(volume), *_faint(stations)], spacing_mm
    )


def _like_ct(sampler: Sampler, bright: FloatArray, lumen_hu: float, level_hu: float) -> tuple[Sampler, FloatArray]:
    """Values of another kind of image moved to where blood and tissue lie in a CT: the edge's fit knows walls in HU."""
    tissue = 2.0 * level_hu - lumen_hu
    gain = (LIKE_LUMEN_HU - LIKE_TISSUE_HU) / (lumen_hu - tissue)
    moved = (sampler.coefficients - np.float32(tissue)) * np.float32(gain) + np.float32(LIKE_TISSUE_HU)
    return replace(sampler, coefficients=moved), (bright - tissue) * gain + LIKE_TISSUE_HU


def _near_forks(lumen: Volume, line: Centerline, radii_mm: FloatArray, level_hu: float) -> npt.NDArray[np.bool_] | None:
    """Where sections of a structure or surface are shared at a fork; None for one too large to look for its branches."""
    inside = lumen.voxels > level_hu
    if np.count_nonzero(inside) > MOST_TREE_VOXELS:
        return None
    graph = lumen_graph(inside, lumen.grid, line.points_mm[0])
    return near_forks(graph, line.points_mm, line.arc_length_mm, radii_mm)


def _cut_stations(
    mesh: SurfaceMesh, line: Centerline, radii_mm: FloatArray, shared: npt.NDArray[np.bool_] | None
) -> list[Station]:
    """Exact cuts of the surface; those that hold a branch as well are left out."""
    cuts = cut_along(mesh, line, radii_mm)
    if shared is not None:
        cuts = [None if drop else cut for drop, cut in zip(shared, cuts, strict=True)]
    kept = unshared(line.arc_length_mm, [None if cut is None else cut.contour for cut in cuts])
    return [
        Station(
            float(line.arc_length_mm[n]),
            line.points_mm[n],
            line.tangents[n],
            contour,
            None if contour is None or cut is None else cut.measures,
            None,
        )
        for n, (cut, contour) in enumerate(zip(cuts, kept, strict=True))
    ]


def way_points(start_mm: npt.ArrayLike, end_mm: npt.ArrayLike, via_mm: npt.ArrayLike | None = None) -> FloatArray:
    """(N, 3) start, places on the way, end. Raises MeasurementError for what are no places."""
    start, end = (np.asarray(point, dtype=np.float64).reshape(1, 3) for point in (start_mm, end_mm))
    via = np.empty((0, 3)) if via_mm is None else np.asarray(via_mm, dtype=np.float64)
    if via.size % 3:
        raise MeasurementError("A place on the way is not three numbers", "Give x, y and z in mm", "via")
    return np.concatenate([start, via.reshape(-1, 3), end])


def find_way(volume: Volume, points: FloatArray) -> tuple[FloatArray, float, float, tuple[Finding, ...]]:
    """(M, 3) path through the lumen from the first of (N, 3) points over the others to the last.

    With it half level and brightness of the darkest leg, and what was done on the way.
    """
    legs: list[tuple[FloatArray, float, float, tuple[Finding, ...]]] = []
    for n in range(len(points) - 1):
        past_mm = sum(float(np.linalg.norm(np.diff(leg[0], axis=0), axis=1).sum()) for leg in legs)
        legs.append(_find_leg(volume, points[n : n + 2], past_mm))
    _, level_hu, lumen_hu, _ = min(legs, key=lambda leg: leg[2])
    findings = [finding for leg in legs for finding in leg[3]]
    return joined([leg[0] for leg in legs]), level_hu, lumen_hu, tuple(dict.fromkeys(findings))


def _find_leg(
    volume: Volume, points: FloatArray, past_mm: float
) -> tuple[FloatArray, float, float, tuple[Finding, ...]]:
    """The way between (2, 3) points, as `find_way` tells it; past_mm: what lies before it."""
    last: MeasurementError | None = None
    for margin in MARGINS_MM:
        for most_voxels in (MOST_VOXELS, MOST_FINE_VOXELS):
            region = find_region(volume, points, margin, most_voxels)
            try:
                path, findings = find_path(region, points, past_mm)
            except MeasurementError as error:
                # the vessel may leave the box and come back, or be too narrow for averaged voxels
                if error.code != "no_way":
                    raise
                last = error
                if not region.is_coarse:
                    break
                continue
            return path, region.level_hu, region.lumen_hu, findings
    assert last is not None
    raise last


def find_centerline(volume: Volume, points_mm: npt.ArrayLike, step_mm: float = 1.0) -> Centerline:
    """The centreline from the first of (N, 3) LPS points over the others to the last, without sections.

    Quick, and as long as `make_vessel_plan` says.
    """
    points = np.asarray(points_mm, dtype=np.float64)
    check_points(points, volume.grid)
    path, level_hu, lumen_hu, _ = find_way(volume, points)
    seen = trace(volume, path, lumen_hu, level_hu)
    check_via(seen.line.points_mm, seen.radii_mm, points[1:-1])
    return line_between(seen, points[[0, -1]], step_mm)[0]


def line_between(
    seen: Traced, points: FloatArray, step_mm: float, on_mm: float = END_REACH_MM
) -> tuple[Centerline, npt.NDArray[np.intp]]:
    """The line through the middles from the level of the first point to that of the last, and (N,) nearest old points.

    Places without a middle of their own are bridged. The ends run straight on for up to `on_mm`, in case a point lies
    beyond them.
    """
    from scipy.spatial import cKDTree

    smooth = steady_line(seen.centers_mm[seen.closed], seen.weights[seen.closed], 0.25)
    reach = np.arange(0.25, on_mm, 0.25)[:, None]
    whole = np.concatenate(
        [
            (smooth.points_mm[0] - reach * smooth.tangents[0])[::-1],
            smooth.points_mm,
            smooth.points_mm[-1] + reach * smooth.tangents[-1],
        ]
    )
    first, last = _level(whole, points[0]), _level(whole, points[1])
    if last - first < 3.0:
        raise MeasurementError("The two points lie at one place of the vessel", "Move them apart", "one_place")
    at = np.concatenate([[first], np.arange(np.ceil(first + 1e-6), last), [last]])
    part = np.stack([np.interp(at, np.arange(len(whole)), whole[:, n]) for n in range(3)], axis=1)
    final = Centerline.through(part, step_mm, 0.01)
    return final, cKDTree(seen.line.points_mm).query(final.points_mm)[1]


def _level(curve: FloatArray, point: FloatArray) -> float:
    """Place (fractional number) on a curve of (N, 3) close points where the plane across it holds the point."""
    near = int(np.argmin(np.linalg.norm(curve - point, axis=1)))
    near = int(np.clip(near, 1, len(curve) - 2))
    step = (curve[near + 1] - curve[near - 1]) / 2.0
    return float(np.clip(near + (point - curve[near]) @ step / (step @ step), 0.0, len(curve) - 1.0))


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


def _faint(stations: Sequence[Station]) -> list[Finding]:
    ratio = contrast_to_noise(stations)
    if ratio >= FAINT_RATIO:
        return []
    return [
        Finding(
            "faint_lumen",
            f"The blood is only {ratio:.1f} times the noise brighter than tissue: diameters may read too small by half a "
            "millimetre and more.",
        )
    ]


def _as_json(
    line: Centerline, stations: Sequence[Station], every: int, findings: Sequence[Finding], spacing_mm: float | None
) -> dict[str, Any]:
    contrast = contrast_to_noise(stations)

    def unsure_mm(station: Station) -> float | None:
        return None if spacing_mm is None else width_uncertainty_mm(station, spacing_mm, contrast)

    closed = [(n, station) for n, station in enumerate(stations) if station.measures is not None]
    if len(closed) < 3:
        raise MeasurementError(
            "No closed section was found between these points", "Choose points inside the vessel", "not_closed"
        )
    along = np.array([station.s_mm for _, station in closed])
    least, most, by_area = (
        steady_widths(along, np.array([getattr(station.measures, name) for _, station in closed]))
        for name in ("min_diameter_mm", "max_diameter_mm", "area_diameter_mm")
    )
    low, high = int(np.argmin(least)), int(np.argmax(most))
    return {
        "length_mm": line.length_mm,
        "chord_mm": line.chord_mm,
        "tortuosity": line.length_mm / max(line.chord_mm, 1e-9),
        "centerline_mm": line.points_mm.tolist(),
        "stations": [{**station.as_json(), "uncertainty_mm": unsure_mm(station)} for station in stations[::every]],
        "minimum": {
            "s_mm": closed[low][1].s_mm,
            "min_diameter_mm": float(least[low]),
            "area_diameter_mm": float(by_area[low]),
            "uncertainty_mm": unsure_mm(closed[low][1]),
        },
        "maximum": {
            "s_mm": closed[high][1].s_mm,
            "max_diameter_mm": float(most[high]),
            "area_diameter_mm": float(by_area[high]),
            "uncertainty_mm": unsure_mm(closed[high][1]),
        },
        "warnings": [finding.as_json() for finding in findings],
    }
