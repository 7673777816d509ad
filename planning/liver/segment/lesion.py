"""One lesion by shape-limited region competition: it grows from its marks, held to the ellipsoid it makes itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.ellipsoid import Ellipsoid, roundness
from planning.liver.segment.rim import falls_short, out_to_line, out_to_marks, with_rim
from planning.liver.segment.settle import settle
from planning.liver.segment.working import BoolArray, FieldArray, bounds_of, check, deepest_about, depth_mm, within_mm
from planning.progress import CancelToken

SIGMA_MM = 1.6
WEIGHT = 0.35
START_RADIUS_MM = 5.0
# how far beyond its own ellipsoid a lesion may reach in one turn; a drawn line says more than a click
REACH_CLICK, REACH_LINE = 1.45, 1.35
ROUNDS = 14
NEAR_LIVER = 0.2
SETTLED = 0.01
# what was drawn stands where the HU leave less of it than this, or spill into a shape that is less of an ellipsoid
COLLAPSED, SPILT = 0.45, 0.6
SEEN_HU = 25.0
# a lesion hangs together through more than this part of its own depth
NECK_PART, MOST_NECK_MM = 0.25, 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """mask: bool `[k, j, i]`; own_hu, around_hu: the two modes it was told apart by."""

    mask: BoolArray
    own_hu: float
    around_hu: float


def grow_lesion(
    image: FieldArray,
    around_hu: float,
    sd_hu: float,
    *,
    allowed: BoolArray,
    marks: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    line: Ellipsoid | None,
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> Lesion:
    """The lesion under marks, (n, 3) voxels `[k, j, i]` of image.

    image: lightly smoothed HU. around_hu: the liver's there. sd_hu: of image in plain liver. allowed: voxels it may take.
    outside: "not this" voxels. line: the ellipsoid of a line drawn from rim to rim, or None for clicks. The mask is empty
    where no voxel near the marks may be taken. Raises Cancelled.
    """
    from scipy import ndimage

    first_hu = around_hu
    own_hu = middle_hu(image, marks) if line is not None else _clicked_hu(image, marks, around_hu)
    push = _push_away(image, own_hu, outside, spacing_kji_mm)
    lean = _lean(image, own_hu, around_hu, sd_hu, allowed) + push
    shape = line or _first_shape(lean, marks, spacing_kji_mm)
    reach = REACH_LINE if line is not None else REACH_CLICK
    before = np.zeros(image.shape, dtype=bool)
    for _ in range(ROUNDS):
        level = shape.level(image.shape, spacing_kji_mm)
        around_hu = _shell_hu(image, level, allowed & ~before, own_hu, around_hu, first_hu)
        lean = _lean(image, own_hu, around_hu, sd_hu, allowed) + push
        shape_weight = _shape_weight(abs(around_hu - own_hu) / sd_hu, line is not None)
        evidence = (1.0 - shape_weight) * lean + shape_weight * np.clip(2.5 * (level - 1.0), -1.0, 1.0)
        evidence[~allowed] = 3.0
        evidence[level > reach] = 3.0
        held = settle(
            evidence < 0.0,
            evidence.astype(np.float32),
            sigma_voxels=SIGMA_MM / spacing_kji_mm,
            weight=WEIGHT,
            turns=6,
            still_below=3,
            cancel=cancel,
        )
        check(cancel)
        held = _own_piece(held, marks, spacing_kji_mm)
        if not held.any():
            held = (level < 1.0) & allowed
        if np.count_nonzero(held != before) <= SETTLED * np.count_nonzero(held):
            break
        before = held
        fitted = Ellipsoid.fitted(held, spacing_kji_mm) if held.any() else shape
        shape = fitted if line is None else _between(line, fitted)
    meant = line or Ellipsoid.ball(marks[0] * spacing_kji_mm, START_RADIUS_MM)
    drawn = meant.level(image.shape, spacing_kji_mm) < 1.0
    unseen = abs(around_hu - (middle_hu(image, marks) if line is not None else own_hu)) < SEEN_HU
    collapsed = np.count_nonzero(held & drawn) < COLLAPSED * np.count_nonzero(drawn)
    if unseen and (collapsed or roundness(held, spacing_kji_mm) < SPILT):
        # its HU tell it badly (a bright ring about a dark middle, or hardly any difference): what was drawn stands
        core, held = meant, drawn & allowed
    elif not held.any():
        # no voxel near the marks may be taken
        return Lesion(held, own_hu, around_hu)
    else:
        core = Ellipsoid.fitted(held, spacing_kji_mm)
    if line is None:
        whole = out_to_marks(core, marks[~held[tuple(marks.T)]] * spacing_kji_mm)
    elif core is line:
        whole = line
    else:
        whole = out_to_line(core, line) if falls_short(held, line, spacing_kji_mm) else None
    if whole is not None:
        held = with_rim(
            image,
            around_hu,
            sd_hu,
            whole,
            unseen=unseen,
            allowed=allowed,
            push=push,
            spacing_kji_mm=spacing_kji_mm,
            cancel=cancel,
        )
    return Lesion(np.asarray(ndimage.binary_fill_holes(held)), own_hu, around_hu)


def _lean(image: FieldArray, own_hu: float, around_hu: float, sd_hu: float, allowed: BoolArray) -> FieldArray:
    """−1 like the lesion … +1 like the liver; 0 lies nearer to the liver than the middle, for a lesion is darkest deep
    inside and its rim is nearly liver: a fifth of the way, or 1.5 standard deviations where that is more.
    """
    gap = around_hu - own_hu
    sign = -1.0 if gap < 0.0 else 1.0
    step = max(min(0.5 * abs(gap), max(NEAR_LIVER * abs(gap), 1.5 * sd_hu)), 0.5 * sd_hu)
    lean = np.clip(sign * (image - around_hu) / step + 1.0, -1.0, 1.0).astype(np.float32)
    lean[~allowed] = 3.0
    return np.asarray(lean, dtype=np.float32)


def _shape_weight(told_apart: float, is_line: bool) -> float:
    """How much the ellipsoid counts against the HU: wholly for a drawn line on a lesion that cannot be seen."""
    seen = float(np.clip(told_apart / 4.0, 0.0, 1.0))
    return 0.9 - 0.6 * seen if is_line else 0.6 - 0.4 * seen


def _shell_hu(
    image: FieldArray, level: FieldArray, outside: BoolArray, own_hu: float, around_hu: float, first_hu: float
) -> float:
    """The liver's HU just outside the lesion, moved by 5 HU a turn and 16 in all at most."""
    nearer = np.abs(image - around_hu) < np.abs(image - own_hu)
    shell = image[(level > 1.2) & (level < 2.0) & outside & nearer & (np.abs(image - around_hu) < 30.0)]
    if shell.size <= 50:
        return around_hu
    turned = np.clip(np.median(shell), around_hu - 5.0, around_hu + 5.0)
    return float(np.clip(turned, first_hu - 16.0, first_hu + 16.0))


def middle_hu(image: FieldArray, marks: npt.NDArray[np.int64]) -> float:
    """Median under the marks; of a line drawn rim to rim its middle half."""
    quarter = len(marks) // 4
    middle = marks[quarter : len(marks) - quarter]
    values = [image[tuple(slice(max(int(at) - 1, 0), int(at) + 2) for at in mark)].ravel() for mark in middle]
    return float(np.median(np.concatenate(values)))


def _clicked_hu(image: FieldArray, marks: npt.NDArray[np.int64], around_hu: float) -> float:
    """The most different of the clicks' own HU on the first one's side of the liver's: a second one near the rim lies on
    half-liver voxels, or on a ring or a vessel that the lesion's middle is not like.
    """
    values = [middle_hu(image, mark[None]) - around_hu for mark in marks]
    alike = [value for value in values if value * values[0] >= 0.0]
    return around_hu + max(alike, key=abs)


def _push_away(
    image: FieldArray, own_hu: float, outside: npt.NDArray[np.int64], spacing_kji_mm: Vector
) -> FieldArray | np.float32:
    """Round each "not this" mark the lesion loses, surely within 3 mm, then less, to 12 mm where the HU is alike."""
    from scipy import ndimage

    if not len(outside):
        return np.float32(0.0)
    far = np.ones(image.shape, dtype=bool)
    far[tuple(outside.T)] = False
    away = ndimage.distance_transform_edt(far, sampling=spacing_kji_mm)
    other_hu = float(np.median(image[tuple(outside.T)]))
    alike = np.abs(image - other_hu) < np.abs(image - own_hu)
    push = np.where(away < 3.0, 3.0, np.where(alike, 2.0, 1.2) * np.clip(1.0 - (away - 3.0) / 9.0, 0.0, 1.0))
    return np.asarray(push, dtype=np.float32)


def _first_shape(lean: FieldArray, marks: npt.NDArray[np.int64], spacing_kji_mm: Vector) -> Ellipsoid:
    """The largest ball of the lesion's own HU about a click, or the marks' own ellipsoid when there are several."""
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(ndimage.gaussian_filter(lean, 1.0) < 0.0, sampling=spacing_kji_mm)
    radius = max(float(depth[tuple(marks.T)].max()), START_RADIUS_MM)
    points = marks * spacing_kji_mm
    spread = 0.5 * float(np.linalg.norm(np.ptp(points, axis=0)))
    return Ellipsoid.ball(points.mean(axis=0), max(radius, spread + 2.0))


def _own_piece(held: BoolArray, marks: npt.NDArray[np.int64], spacing_kji_mm: Vector) -> BoolArray:
    """What hangs together with the marks through more than a thin neck, a quarter of the lesion's depth."""
    from scipy import ndimage

    pieces, _ = ndimage.label(held)
    ours = np.unique(pieces[tuple(marks.T)])
    held = np.isin(pieces, ours[ours > 0])
    if not held.any():
        return held
    box = bounds_of(held, 2)
    piece = held[box]
    marks = marks[held[tuple(marks.T)]] - np.array([part.start for part in box])
    depth = depth_mm(piece, spacing_kji_mm)
    deepest = tuple(deepest_about(depth, marks, spacing_kji_mm).T)
    neck_mm = min(NECK_PART * float(depth[deepest].max()), MOST_NECK_MM)
    cores, _ = ndimage.label(depth > neck_mm)
    numbers = np.unique(cores[deepest])
    core = np.isin(cores, numbers[numbers > 0])
    if not core.any():
        return held
    own = np.zeros_like(held)
    own[box] = piece & within_mm(core, neck_mm + 1.5, spacing_kji_mm)
    return own


def _between(line: Ellipsoid, fitted: Ellipsoid) -> Ellipsoid:
    """The fitted shape, its centre and size held near the drawn line's."""
    most = 0.5 * float(line.radii.max())
    shift = fitted.center - line.center
    far = float(np.linalg.norm(shift))
    center = line.center + shift * min(1.0, most / max(far, 1e-6))
    return Ellipsoid(center, np.clip(fitted.radii, 0.5 * line.radii.min(), 1.1 * line.radii.max()), fitted.axes)
