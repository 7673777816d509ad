"""A quick centreline: rays of all stations at once, moved to the middle of what they see, and smoothed.

The edge is taken where the image falls half way to the tissue, or rises into calcium. That is good to a fraction of a
millimetre for the middle of a lumen, not for its width: `planning.vessel.lumen` measures that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.section import equal_angles
from planning.volume import Volume

RAYS = 32
RAY_STEP_MM = 0.4
CENTER_STEP_MM = 1.5
CENTER_SMOOTHING_MM = 0.1
FIRST_SMOOTHING_MM = 0.4
ROUNDS = 3
OPEN, USUAL_WITHIN_MM = 1.45, 9.0
LEAST_CLOSED = 0.6
OFF_LINE_MM = 0.15
BRIGHT_WITHIN_MM, WIDE_MM = 15.0, 5.0
OVER_LUMEN_HU, NOISES, OVER_CONTRAST = 150.0, 5.0, 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """What rays see along a line.

    centers_mm: (N, 3) middles, on the line where nothing closed is seen. radii_mm: (N,) of equal area. closed: (N,).
    weights: (N,) 0 … 1, how much a middle counts. edges_mm: (N, RAYS) ray lengths, NaN where open. calcified: (N, RAYS)
    rays that end at calcium. lumen_hu, noise_hu: (N,) along the vessel. seen_hu: (N,) median value near the line itself.
    """

    line: Centerline
    centers_mm: FloatArray
    radii_mm: FloatArray
    closed: npt.NDArray[np.bool_]
    weights: FloatArray
    edges_mm: FloatArray
    calcified: npt.NDArray[np.bool_]
    lumen_hu: FloatArray
    noise_hu: float
    seen_hu: FloatArray


def trace(volume: Volume, path_mm: FloatArray, lumen_hu: float, level_hu: float, *, widest_mm: float = 26.0) -> Traced:
    """Middles and radii along a rough path through a lumen.

    lumen_hu: brightness of the lumen. level_hu: half way from it to the tissue. widest_mm: longest radius looked for.
    Raises MeasurementError when hardly any closed section is seen.
    """
    line = Centerline.through(thinned(path_mm, 2.0), CENTER_STEP_MM, FIRST_SMOOTHING_MM)
    for number in range(ROUNDS):
        seen = look_round(volume, line, lumen_hu, level_hu, widest_mm=widest_mm)
        if seen.closed.sum() < 3:
            raise MeasurementError(
                "No closed section was found between these points", "Choose points inside the vessel", "not_closed"
            )
        if number < ROUNDS - 1:
            line = steady_line(seen.centers_mm[seen.closed], seen.weights[seen.closed], CENTER_STEP_MM)
    return seen


def thinned(path_mm: FloatArray, step_mm: float) -> FloatArray:
    """(M, 3) about every `step_mm` along (N, 3): the voxel steps of a path are not the vessel's."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path_mm, axis=0), axis=1))])
    count = max(4, round(along[-1] / step_mm) + 1)
    at = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(at, along, path_mm[:, n]) for n in range(3)], axis=1)


def linear_values(volume: Volume, points_mm: FloatArray) -> FloatArray:
    """(…,) values at (…, 3) LPS points by linear interpolation; −1024 outside."""
    from scipy import ndimage

    index = np.moveaxis(volume.grid.to_index(points_mm)[..., ::-1], -1, 0)
    return np.asarray(
        ndimage.map_coordinates(volume.voxels, index, order=1, mode="constant", cval=-1024.0, output=np.float32),
        dtype=np.float64,
    )


def look_round(
    volume: Volume, line: Centerline, lumen_hu: float, level_hu: float, *, widest_mm: float = 26.0
) -> Traced:
    """What rays from each point of a line see; nothing is moved."""
    from scipy import ndimage

    angles = equal_angles(RAYS)
    reach = np.arange(0.0, widest_mm + RAY_STEP_MM, RAY_STEP_MM)
    other = np.cross(line.tangents, line.normals)
    rays = np.cos(angles)[:, None] * line.normals[:, None] + np.sin(angles)[:, None] * other[:, None]
    values = linear_values(volume, line.points_mm[:, None, None] + rays[:, :, None] * reach[:, None])
    smooth = ndimage.gaussian_filter1d(values, 0.7, axis=1, mode="wrap")
    smooth = ndimage.uniform_filter1d(smooth, 3, axis=2, mode="nearest")
    inner = values[:, :, : max(2, round(1.2 / RAY_STEP_MM))].reshape(len(values), -1)
    seen = np.median(inner, axis=1)
    bright = _along(line, seen, np.full(len(seen), WIDE_MM), lumen_hu)
    noise = float(1.4826 * np.median(np.abs(inner - seen[:, None])))
    over = np.maximum(bright, lumen_hu) + max(OVER_LUMEN_HU, NOISES * noise, OVER_CONTRAST * (lumen_hu - level_hu))
    below, above = smooth < level_hu, smooth > over[:, None, None]
    ends = below | above
    first = np.where(ends.any(axis=2), ends.argmax(axis=2), len(reach) - 1)
    stations, numbers = np.indices(first.shape)
    calcified = above[stations, numbers, first]
    here, before = smooth[stations, numbers, first], smooth[stations, numbers, np.maximum(first - 1, 0)]
    limit = np.where(calcified, over[:, None], level_hu)
    step = np.clip((limit - before) / np.where(here == before, 1.0, here - before), 0.0, 1.0)
    edges = np.maximum(reach[np.maximum(first - 1, 0)] + step * RAY_STEP_MM * (first > 0), 0.0)
    edges[~ends.any(axis=2)] = np.nan
    middle = np.nanmedian(np.where(np.isfinite(edges), edges, widest_mm), axis=1)
    near = max(1, round(USUAL_WITHIN_MM / max(float(np.median(np.diff(line.arc_length_mm))), 0.1)))
    usual = ndimage.median_filter(middle, 2 * near + 1, mode="nearest")
    edges[edges > np.maximum(OPEN * usual, 1.5)[:, None]] = np.nan
    seen_share = np.isfinite(edges).mean(axis=1)
    dark = (seen < level_hu) & (middle < 0.8)
    closed = (seen_share >= LEAST_CLOSED) & ~dark
    filled = np.where(np.isfinite(edges), edges, middle[:, None])
    x, y = filled * np.cos(angles), filled * np.sin(angles)
    x1, y1 = np.roll(x, -1, axis=1), np.roll(y, -1, axis=1)
    cross = x * y1 - x1 * y
    area = np.maximum(0.5 * cross.sum(axis=1), 1e-3)
    shift = np.stack([((x + x1) * cross).sum(axis=1), ((y + y1) * cross).sum(axis=1)], axis=1) / (6.0 * area[:, None])
    length = np.linalg.norm(shift, axis=1)
    shift *= np.minimum(1.0, np.maximum(middle, 0.5) / np.maximum(length, 1e-9))[:, None]
    shift[~closed] = 0.0
    centers = line.points_mm + shift[:, :1] * line.normals + shift[:, 1:] * other
    radii = np.sqrt(area / np.pi)
    widths = np.stack([x.max(axis=1) - x.min(axis=1), y.max(axis=1) - y.min(axis=1)])
    longer = widths.max(axis=0) / np.maximum(widths.min(axis=0), 0.4)
    wide = np.maximum(radii / ndimage.median_filter(radii, 2 * near + 1, mode="nearest") - 1.0, 0.0) / 0.12
    long = np.maximum(longer - ndimage.median_filter(longer, 2 * near + 1, mode="nearest"), 0.0) / 0.2
    weights = np.where(closed, seen_share**2 / (1.0 + wide**2 + long**2), 0.0)
    return Traced(
        line, centers, radii, closed, weights, edges, calcified & np.isfinite(edges),
        _along(line, seen, 2.0 * radii, lumen_hu), max(noise, 1.0), seen,
    )  # fmt: skip


def _along(line: Centerline, seen_hu: FloatArray, widths_mm: FloatArray, lumen_hu: float) -> FloatArray:
    """(N,) HU of the lumen: the brighter half of the wide places within 15 mm, because blur darkens a narrow one."""
    wide = (widths_mm >= min(WIDE_MM, float(np.percentile(widths_mm, 60)))) & (seen_hu > 0.6 * lumen_hu)
    if not wide.any():
        return np.full(len(seen_hu), lumen_hu)
    at, value = line.arc_length_mm[wide], seen_hu[wide]
    found = np.empty(len(seen_hu))
    for n, s in enumerate(line.arc_length_mm):
        away = np.abs(at - s)
        found[n] = np.median(value[away <= max(BRIGHT_WITHIN_MM, float(np.sort(away)[min(4, len(away) - 1)]))])
    return found


def steady_line(
    centers_mm: FloatArray, weights: FloatArray, step_mm: float, smoothing_mm: float = CENTER_SMOOTHING_MM
) -> Centerline:
    """A smooth line through middles that those off it do not bend: branches pull theirs aside."""
    from scipy.spatial import cKDTree

    counted = weights
    for _ in range(3):
        line = Centerline.through(centers_mm, 0.5, smoothing_mm, weights=np.sqrt(np.maximum(counted, 1e-4)))
        off = cKDTree(line.points_mm).query(centers_mm)[0]
        counted = weights / (1.0 + (off / max(2.0 * float(np.median(off)), OFF_LINE_MM)) ** 2)
    return Centerline.through(centers_mm, step_mm, smoothing_mm, weights=np.sqrt(np.maximum(counted, 1e-4)))
