"""The first outline of a lumen on rays from its middle: how bright it is, and the closed path round it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.edge import LEAST_CONTRAST_HU
from planning.errors import MeasurementError
from planning.geometry import FloatArray

RAY_STEP_MM = 0.1
INSIDE_MM, OUTSIDE_MM = 1.2, 2.0


def lumen_level(profiles: FloatArray, radii: FloatArray) -> tuple[float, float]:
    """Median and robust spread near the middle: leaflets and specks of calcium do not move a median."""
    for reach in (5.0, 3.0, 1.5, 0.8):
        inner = profiles[:, radii < reach]
        weights_rows = inner[:, 1:].ravel()
        median = float(np.nanmedian(weights_rows))
        spread = float(1.4826 * np.nanmedian(np.abs(weights_rows - median)))
        low = float(np.nanpercentile(weights_rows, 20))
        if median - low < max(4.0 * spread, 40.0) and low > 0.75 * median:
            break
    return median, max(spread, 1.0)


def whole_lumen_level(profiles: FloatArray, radii: FloatArray, path: FloatArray, lumen: float, noise: float) -> float:
    """Median of the whole lumen away from its edge, once that is known: less noisy than its middle alone."""
    inner = profiles[(radii[None, :] < path[:, None] - 2.0) & (radii[None, :] > 0.5)]
    inner = inner[np.abs(inner - lumen) < 4.0 * noise + 20.0]
    return float(np.median(inner)) if inner.size > 500 else lumen


def _below(profiles: FloatArray, lumen: float) -> tuple[float, FloatArray]:
    """A value typical of what surrounds the lumen, and each ray's profile, beyond the scan's end as at its end.

    The end is no edge: beside an atrium it would be the sharpest of all and draw the path out to it.
    """
    last = np.maximum.accumulate(np.where(np.isnan(profiles), 0, np.arange(profiles.shape[1])), axis=1)
    filled = np.take_along_axis(profiles, last, axis=1)
    least = np.minimum.accumulate(filled, axis=1)[:, -1]
    outside = float(np.median(np.clip(least, -200.0, lumen)))
    return outside, filled


def closed_path(profiles: FloatArray, radii: FloatArray, lumen: float) -> FloatArray:
    """(RAYS,) radii of the closed path of greatest contrast between 1.2 mm inside and 2 mm outside.

    A leaflet in the lumen is a sharper step than the wall but is bright again behind: the wide outer mean passes it by.
    """
    outside, filled = _below(profiles, lumen)
    if lumen - outside < LEAST_CONTRAST_HU:
        raise MeasurementError(
            f"There is no contrast here ({lumen:.0f} HU in the middle, {outside:.0f} HU around)",
            "Choose a place inside the lumen",
            "no_contrast",
        )
    # calcium at the blood counts as outside as soon as it is clearly brighter than blood
    bright = filled > lumen + max(60.0, 0.25 * (lumen - outside))
    clipped = np.clip(filled, outside - 0.25 * (lumen - outside), lumen)
    clipped = np.where(bright & (np.cumsum(bright, axis=1) > 2), outside + 0.35 * (lumen - outside), clipped)
    inside_mean = _running(clipped, round(INSIDE_MM / RAY_STEP_MM), before=True)
    outside_mean = _running(clipped, round(OUTSIDE_MM / RAY_STEP_MM), before=False)
    score = (inside_mean - outside_mean) / (lumen - outside)
    # once the ray has been in the wall, a later edge belongs to a neighbour
    quarter = outside + 0.25 * (lumen - outside)
    settled = np.cumsum(filled < quarter, axis=1) * RAY_STEP_MM > 0.8
    cost = -score + 0.6 * settled
    cost[:, radii < 1.0] = 2.0
    start = int(np.nanargmin(cost.mean(axis=0)))
    return np.asarray(radii[_cyclic_path(cost, start)])


def _running(values: FloatArray, count: int, *, before: bool) -> FloatArray:
    padded = np.concatenate(
        [np.repeat(values[:, :1], count, axis=1), values, np.repeat(values[:, -1:], count, axis=1)], axis=1
    )
    total = np.cumsum(padded, axis=1)
    means = (total[:, count:] - total[:, :-count]) / count
    return np.asarray(means[:, : values.shape[1]] if before else means[:, count : count + values.shape[1]])


def _cyclic_path(cost: FloatArray, start: int, step: int = 3) -> npt.NDArray[np.intp]:
    """Least-cost closed path over (ray, radius), run round three times; the middle turn is kept."""
    rays, count = cost.shape
    smooth = 0.02 * np.abs(np.arange(-step, step + 1))[:, None]
    total = np.full(count + 2 * step, np.inf)
    total[step + max(0, start - 40) : step + start + 41] = 0.0
    windows = np.lib.stride_tricks.sliding_window_view(total, count)
    back = np.empty((3 * rays, count), dtype=np.intp)
    for n in range(3 * rays):
        options = windows + smooth
        np.argmin(options, axis=0, out=back[n])
        total[step : step + count] = options.min(axis=0) + cost[n % rays]
    at = int(np.argmin(total[step : step + count]))
    path = np.empty(3 * rays, dtype=np.intp)
    for n in range(3 * rays - 1, -1, -1):
        path[n] = at
        at = int(np.clip(at + int(back[n, at]) - step, 0, count - 1))
    return path[rays : 2 * rays]
