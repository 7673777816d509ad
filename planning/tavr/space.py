"""The root as a valve sees it: ostia, junction, calcium, septum and commissures in the annulus's own coordinates.

Made once for a root; every size, depth and rotation is then measured in it at next to no cost (`planning.tavr.valve`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.section import Frame, Measures, Sampler
from planning.tavr.projections import normal_covariance
from planning.tavr.uncertainty import HINGE_SIGMA_MM
from planning.volume import Volume

LOWEST_MM, HIGHEST_MM, FARTHEST_MM, BIN_MM = -12.0, 45.0, 24.0, 0.25
COMMISSURES = ("nr", "rl", "ln")


@dataclass(frozen=True, slots=True, eq=False)
class CalciumCloud:
    """Calcium as points, each standing for `cell_mm3`."""

    points_mm: FloatArray
    cell_mm3: float


def calcium_cloud(sampler: Sampler, center_mm: FloatArray, normal: FloatArray, threshold_hu: float) -> CalciumCloud:
    """What lies above the threshold near the root, on half-voxel points: −12 … 45 mm along the normal, 24 mm about it."""
    from scipy import ndimage

    world_from_index = np.linalg.inv(sampler.index_from_world)
    start, stop = _box(sampler, center_mm, normal)
    values = sampler.coefficients[start[2] : stop[2], start[1] : stop[1], start[0] : stop[0]]
    if not values.size:
        return CalciumCloud(np.empty((0, 3)), 0.0)
    # the spline's values at the voxels; what lies between them is sampled only next to calcium
    for axis in range(3):
        values = ndimage.correlate1d(values, np.array((1.0, 4.0, 1.0)) / 6.0, axis=axis, mode="nearest")
    near = ndimage.binary_dilation(values > threshold_hu, np.ones((3, 3, 3), dtype=bool))
    index = np.argwhere(near)[:, ::-1] + start.astype(np.float64)
    points = index @ world_from_index[:3, :3].T + world_from_index[:3, 3]
    rest = points - center_mm
    height = rest @ normal
    radius = np.linalg.norm(rest - height[:, None] * normal, axis=1)
    index = index[(height > LOWEST_MM - 1) & (height < HIGHEST_MM + 1) & (radius < FARTHEST_MM + 1)]
    halves = np.array([(i, j, k) for i in (-0.25, 0.25) for j in (-0.25, 0.25) for k in (-0.25, 0.25)])
    fine = (index[:, None] + halves).reshape(-1, 3) @ world_from_index[:3, :3].T + world_from_index[:3, 3]
    if not len(fine):
        return CalciumCloud(np.empty((0, 3)), 0.0)
    inside = np.nan_to_num(sampler.at(fine), nan=-1024.0) > threshold_hu
    return CalciumCloud(fine[inside], float(abs(np.linalg.det(world_from_index[:3, :3]))) / 8.0)


def _box(
    sampler: Sampler, center_mm: FloatArray, normal: FloatArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and one past the last index (i, j, k) of the part that can hold the cloud."""
    ends = center_mm + np.array([[LOWEST_MM], [HIGHEST_MM]]) * normal
    corners = np.array(np.meshgrid(*[(-FARTHEST_MM, FARTHEST_MM)] * 3)).reshape(3, -1).T
    world = (ends[:, None] + corners).reshape(-1, 3)
    index = world @ sampler.index_from_world[:3, :3].T + sampler.index_from_world[:3, 3]
    size = np.array(sampler.coefficients.shape[::-1])
    start = np.clip(np.floor(index.min(axis=0)).astype(np.int64), 0, size)
    return start, np.clip(np.ceil(index.max(axis=0)).astype(np.int64) + 1, start, size)


@dataclass(frozen=True, slots=True, eq=False)
class RootSpace:
    """What a valve stands in, in the annulus's own coordinates: (right, up, height) mm about the contour's centroid.

    ostia: (3,) or None, left and right. junction: (N, 3) wall of the sinotubular junction, or None. calcium_mm3:
    (H, R + 1) volume within each height bin's radius edges; calcium_share: its relative 95 % half-width.
    commissures_rad: NR, RL, LN about the normal, or None. tilt: (3, 3) covariance of the frame's normal, rad², in the
    same coordinates.
    """

    frame: Frame
    ostia: tuple[FloatArray | None, FloatArray | None]
    junction: FloatArray | None
    calcium_mm3: FloatArray
    calcium_share: float
    septum_mm: float | None
    septum_spread_mm: float
    commissures_rad: FloatArray | None
    tilt: FloatArray


def root_space(results: Mapping[str, Any], cloud: CalciumCloud | None, sigmas_mm: npt.ArrayLike) -> RootSpace:
    """From a plan's results, once for every root; sizes, depths and rotations then cost next to nothing.

    sigmas_mm: (3,) SD of each hinge's place. Uses annulus, landmarks, "stj"'s contour and "septum" where they are there.
    """
    annulus, landmarks = results["annulus"], results.get("landmarks") or {}
    normal = np.asarray(annulus["normal"], dtype=np.float64)
    frame = Frame.of(np.asarray(annulus["centroid_mm"], dtype=np.float64), normal)
    axes = np.stack([frame.right, frame.up, frame.normal])

    def local(points: npt.ArrayLike) -> FloatArray:
        return np.asarray((np.asarray(points, dtype=np.float64) - frame.origin_mm) @ axes.T)

    def place(key: str) -> FloatArray | None:
        return local(landmarks[key]["position_mm"]) if key in landmarks else None

    hinges = np.array([landmarks[f"hinge_{cusp}"]["position_mm"] for cusp in ("ncc", "rcc", "lcc")])
    at = [place(f"commissure_{pair}") for pair in COMMISSURES]
    known = [point for point in at if point is not None]
    junction = (results.get("stj") or {}).get("contour_mm")
    septum, calcium = results.get("septum") or {}, results.get("calcium") or {}
    total = float(calcium.get("total_mm3") or 0.0)
    return RootSpace(
        frame,
        (place("ostium_left"), place("ostium_right")),
        None if not junction else local(junction),
        _calcium_below(None if cloud is None else local(cloud.points_mm), 0.0 if cloud is None else cloud.cell_mm3),
        float(calcium.get("uncertainty_mm3") or 0.0) / total if total > 0 else 0.0,
        septum.get("membranous_mm"),
        float(septum.get("uncertainty_mm") or 0.0),
        np.array([np.arctan2(point[1], point[0]) for point in known]) if len(known) == len(COMMISSURES) else None,
        axes @ normal_covariance(hinges, sigmas_mm) @ axes.T,
    )


def _calcium_below(points: FloatArray | None, cell_mm3: float) -> FloatArray:
    heights = np.arange(LOWEST_MM, HIGHEST_MM + 1e-9, BIN_MM)
    radii = np.arange(0.0, FARTHEST_MM + 1e-9, BIN_MM)
    if points is None:
        return np.zeros((len(heights) - 1, len(radii)))
    bins, rings = len(heights) - 1, len(radii) - 1
    row = np.floor((points[:, 2] - LOWEST_MM) / BIN_MM).astype(np.int64)
    ring = np.floor(np.hypot(points[:, 0], points[:, 1]) / BIN_MM).astype(np.int64)
    inside = (row >= 0) & (row < bins) & (ring < rings)
    counts = np.bincount(row[inside] * rings + ring[inside], minlength=bins * rings).reshape(bins, rings)
    return np.pad(np.cumsum(counts, axis=1) * cell_mm3, ((0, 0), (1, 0)))


def valve_space(volume: Volume, results: Mapping[str, Any]) -> RootSpace:
    """The space of a kept plan with its image's calcium, for a valve that is dragged."""
    annulus, landmarks = results["annulus"], results["landmarks"]
    center, normal = np.asarray(annulus["centroid_mm"]), np.asarray(annulus["normal"])
    sampler = Sampler.around(volume, center[None], HIGHEST_MM + FARTHEST_MM)
    cloud = calcium_cloud(sampler, center, normal, float(results["calcium"]["threshold_hu"]))
    sigmas = [hinge_sigma_mm(landmarks[f"hinge_{cusp}"]["source"]) for cusp in ("ncc", "rcc", "lcc")]
    return root_space(results, cloud, sigmas)


def hinge_sigma_mm(source: str) -> float:
    """SD of a hinge's place by who placed it."""
    return HINGE_SIGMA_MM.get(source, HINGE_SIGMA_MM["automatic"])


def annulus_measures(results: Mapping[str, Any]) -> Measures:
    """The annulus's sizes from a plan's results."""
    annulus = results["annulus"]
    return Measures(
        *(float(annulus[key]) for key in ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm"))
    )
