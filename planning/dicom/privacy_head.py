"""Where the face of a head lies: the sheet in front of which everything is taken away. Pure geometry, LPS mm.

The crown is found as the highest skin; lengths are shares of the head's own, from front to back. From the brows down, the
sheet runs behind the deepest skin of its neighbourhood, so that nose, lips, eyes and chin are before it and its own shape is
nobody's; above the brows nothing is taken. What lies behind a fifth of the head's length from the brows stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from planning.errors import MeasurementError

FloatArray = npt.NDArray[np.float64]

STEP_MM = 2.0
SKIN_HU = -300.0
# thinner things before the skin (tubes, straps) are no skin
OPENED_STEPS = 2
# a head's length from front to back, and how wide it is for its length
LENGTHS_MM = (110.0, 260.0)
WIDTHS = (0.55, 1.05)
BROW_FROM, BROW_TO, CHIN = 0.44, 0.52, 1.4
# where a face has nose and lips, whatever else it has
NOSE_FROM, NOSE_TO = 0.62, 0.8
HALF_FACE = 0.42
DEEPEST = 0.2
NEIGHBOURHOOD_MM, BEHIND_MM, SMOOTH_MM = 28.0, 8.0, 5.0
CROWN_AREA_MM2 = 800.0
# the face that was looked for must be worth taking away, and must not be half of the head
LEAST_MEAN_MM, MOST_SHARE = 5.0, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """y_mm `[z, x]`: what lies before it (smaller y) is taken away; -inf where nothing is. From `low_mm` (x, z) in steps."""

    y_mm: FloatArray
    low_mm: tuple[float, float]

    def before(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """True for points `[…, 3]` that are taken away."""
        x = (points_mm[..., 0] - self.low_mm[0]) / STEP_MM
        z = (points_mm[..., 2] - self.low_mm[1]) / STEP_MM
        low = float(np.min(self.y_mm[np.isfinite(self.y_mm)], initial=0.0)) - 1e3
        sheet = np.where(np.isfinite(self.y_mm), self.y_mm, low)
        at = ndimage.map_coordinates(sheet, np.stack([z, x]), order=1, mode="constant", cval=low)
        return np.asarray(points_mm[..., 1] < at)


def face_sheet(values: npt.NDArray[Any], world_from_index: FloatArray, *, is_ct: bool) -> Sheet:
    """The sheet of a head.

    values: `[k, j, i]`, HU for CT. world_from_index: 4×4, LPS mm of (i, j, k). Raises MeasurementError with a plain reason.
    """
    low, skin = _skin(values, world_from_index, is_ct=is_ct)
    crown = _crown(skin)
    length, center = _measure(skin, crown)
    front = _front(skin)
    steps = np.arange(skin.shape[0])
    # from the crown down, in lengths of the head
    down = (crown - steps) * STEP_MM / length
    is_face = (down >= BROW_FROM) & (down <= CHIN)
    if not is_face.any():
        raise MeasurementError("the scan ends above the face")
    beside = np.abs(np.arange(skin.shape[2]) - center) * STEP_MM <= HALF_FACE * length
    brow = (down >= BROW_FROM - 0.05) & (down <= BROW_TO)
    near = np.abs(np.arange(skin.shape[2]) - center) * STEP_MM <= 0.15 * length
    at_brow = front[np.ix_(brow, near)]
    if not np.isfinite(at_brow).any():
        raise MeasurementError("the brows are not found")
    y_brow = float(np.nanmedian(np.where(np.isfinite(at_brow), at_brow, np.nan)))
    limit = y_brow + DEEPEST * length / STEP_MM
    nose = front[np.ix_((down >= NOSE_FROM) & (down <= NOSE_TO), near)]
    if nose.size and np.mean(nose <= limit) < 0.5:
        # a brain without its skull, or a head whose face was taken before: what would go is brain
        raise MeasurementError("no face is found in it")
    filled = np.where(np.isfinite(front), np.minimum(front, limit), limit)
    size = int(NEIGHBOURHOOD_MM / STEP_MM) | 1
    full = ndimage.gaussian_filter(ndimage.maximum_filter(filled, size), SMOOTH_MM / STEP_MM) + BEHIND_MM / STEP_MM
    full = np.minimum(full, limit)
    ramp = np.clip((down - BROW_FROM) / (BROW_TO - BROW_FROM), 0.0, 1.0)[:, None]
    before_skin = filled - 2.0
    sheet = before_skin + ramp * np.maximum(full - before_skin, 0.0)
    wanted = is_face[:, None] & beside[None, :]
    _check(skin, front, sheet, wanted)
    y_mm = np.where(wanted, low[1] + sheet * STEP_MM, -np.inf)
    return Sheet(y_mm, (float(low[0]), float(low[2])))


def _skin(
    values: npt.NDArray[Any], world_from_index: FloatArray, *, is_ct: bool
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """(LPS of the first voxel, `[z, y, x]` body without the air around it) on a straight grid of STEP_MM."""
    size = np.array(values.shape[::-1])
    corners = np.array([[i, j, k, 1] for i in (0, size[0] - 1) for j in (0, size[1] - 1) for k in (0, size[2] - 1)])
    world = (world_from_index @ corners.T)[:3]
    low, high = world.min(axis=1), world.max(axis=1)
    count = np.floor((high - low) / STEP_MM).astype(int) + 1
    inverse = np.linalg.inv(world_from_index)
    x, y = np.meshgrid(*(low[n] + STEP_MM * np.arange(count[n]) for n in (0, 1)))
    if is_ct:
        least = SKIN_HU
    else:
        least = 0.5 * _otsu(values)
    body = np.zeros(count[::-1], dtype=bool)
    for z in range(count[2]):
        points = np.stack([x, y, np.full_like(x, low[2] + z * STEP_MM)], axis=-1)
        index = np.rint(points @ inverse[:3, :3].T + inverse[:3, 3]).astype(int)
        inside = ((index >= 0) & (index < size)).all(axis=-1)
        found = index[inside]
        body[z][inside] = values[found[:, 2], found[:, 1], found[:, 0]] > least
    body = ndimage.binary_opening(body, ndimage.generate_binary_structure(3, 1), iterations=OPENED_STEPS)
    labels, many = ndimage.label(body)
    if not many:
        raise MeasurementError("no head is found in it")
    largest = 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))
    return low, labels == largest


def _otsu(values: npt.NDArray[Any]) -> float:
    """The value that parts dark from bright best."""
    high = float(np.percentile(values, 99.5))
    counts, edges = np.histogram(np.clip(values, None, high), 256)
    middles = 0.5 * (edges[1:] + edges[:-1])
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(middles[int(np.nanargmax(spread))])


def _crown(skin: npt.NDArray[np.bool_]) -> int:
    areas = skin.sum(axis=(1, 2)) * STEP_MM**2
    crown = int(np.flatnonzero(areas > 0)[-1])
    if areas[min(crown + 1, len(areas) - 1)] > CROWN_AREA_MM2 or (
        crown >= len(areas) - 2 and areas[crown] > CROWN_AREA_MM2
    ):
        raise MeasurementError("the crown of the head is not in the scan")
    return crown


def _measure(skin: npt.NDArray[np.bool_], crown: int) -> tuple[float, float]:
    """(length from front to back in mm, x of the middle in steps) over the upper part of the head."""
    rows = skin[max(0, crown - int(100 / STEP_MM)) : crown + 1]
    ys, xs = np.flatnonzero(rows.any(axis=(0, 2))), np.flatnonzero(rows.any(axis=(0, 1)))
    length, width = (ys[-1] - ys[0] + 1) * STEP_MM, (xs[-1] - xs[0] + 1) * STEP_MM
    if not LENGTHS_MM[0] <= length <= LENGTHS_MM[1] or not WIDTHS[0] <= width / length <= WIDTHS[1]:
        raise MeasurementError(f"what is highest in it is no head ({length:.0f} by {width:.0f} mm)")
    return float(length), float(xs[0] + xs[-1]) / 2


def _front(skin: npt.NDArray[np.bool_]) -> FloatArray:
    """y in steps of the first skin `[z, x]`; infinite where there is none."""
    return np.where(skin.any(axis=1), skin.argmax(axis=1).astype(np.float64), np.inf)


def _check(skin: npt.NDArray[np.bool_], front: FloatArray, sheet: FloatArray, wanted: npt.NDArray[np.bool_]) -> None:
    seen = wanted & np.isfinite(front)
    if not seen.any():
        raise MeasurementError("no face is found in it")
    moved_mm = np.maximum(sheet - front, 0.0)[seen] * STEP_MM
    taken = skin & wanted[:, None, :] & (np.arange(skin.shape[1])[None, :, None] < sheet[:, None, :])
    heights = np.flatnonzero(wanted.any(axis=1))
    share = taken.sum() / max(1, int(skin[heights[0] :].sum()))
    if float(moved_mm.mean()) < LEAST_MEAN_MM:
        raise MeasurementError("no face is found in it")
    if share > MOST_SHARE:
        raise MeasurementError("too much of the head would go with the face")
