"""Portal and hepatic veins in a segmented liver: brighter than the parenchyma round them, and tubes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.geometry import Grid, Vector
from planning.liver.segment.edge import box_on, on_image
from planning.liver.segment.liver import PreparedScan
from planning.liver.segment.strokes import Stroke, stroke_indices
from planning.liver.segment.working import BoolArray, FieldArray, check, depth_mm, onto
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

BACKGROUND_SIGMA_MM = 10.0
SCALES_MM = (1.2, 2.0, 3.2)
SMOOTH_MM = 0.8
STRONG_SD, WEAK_SD = 2.6, 1.3
THICK_SD = 3.0
LEAST_ML = 0.15
# vessels leave the organ here: seeds may lie on the trunk outside it
OUTSIDE_MM = 6.0
RIM_MM = 3.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VesselSegmentation:
    """mask: on the image's grid. above_liver_hu: how much brighter its core is. sd_hu: of the smoothed liver.
    strokes: how many were used; without any, every piece of 0.15 ml is kept.
    """

    mask: Mask
    above_liver_hu: float
    sd_hu: float
    strokes: int


def segment_vessels(
    scan: PreparedScan,
    liver: Mask,
    strokes: Sequence[Stroke] = (),
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> VesselSegmentation:
    """Contrast-filled vessels in the liver and 6 mm round it.

    liver: the closed organ on the image's grid. strokes: with inside ones only the pieces they touch are kept (a click
    on the portal trunk, one on a hepatic vein); pieces under outside ones are dropped. Portal and hepatic veins that
    touch come as one piece: planning.liver.tree cuts them apart.
    Raises InputError when the liver is empty or a stroke lies outside the image; Cancelled.
    """
    from scipy import ndimage

    if not liver.voxel_count:
        raise InputError("There is no liver to look for vessels in", "Segment the liver first")
    progress(0.0, "subtracting the liver's own HU")
    box, grid = box_on(scan.edge.coarse, liver.voxels, liver.box_grid)
    spacing: Vector = grid.spacing_mm[::-1]
    organ = onto(liver.voxels.astype(np.float32), liver.box_grid, grid) > 0.5
    organ &= _within_box(liver, grid)
    raw = np.clip(scan.fine[box], -100.0, 350.0)
    excess, sd = _excess(raw, organ, spacing, cancel)
    check(cancel)
    progress(0.3, "looking for tubes")
    tubes = _tubeness(excess, spacing, cancel)
    check(cancel)
    near = depth_mm(~organ, spacing) <= OUTSIDE_MM
    inner = depth_mm(organ, spacing) > RIM_MM
    strong = (np.maximum(tubes, excess) > STRONG_SD * sd) & (excess > STRONG_SD * sd) & inner
    weak = near & (excess > WEAK_SD * sd) & ((tubes > WEAK_SD * sd) | (excess > THICK_SD * sd))
    check(cancel)
    pieces, _ = ndimage.label(weak, structure=np.ones((3, 3, 3)))
    keep = _kept(pieces, strong, strokes, scan, grid)
    mask = np.isin(pieces, keep[keep > 0])
    progress(1.0)
    core = excess[mask & (depth_mm(mask, spacing) >= spacing.max())]
    return VesselSegmentation(
        mask=on_image(mask, grid, scan.volume.grid, np.full(3, 0.4)),
        above_liver_hu=float(np.median(core)) if core.size else 0.0,
        sd_hu=sd,
        strokes=len(strokes),
    )


def _within_box(liver: Mask, grid: Grid) -> BoolArray:
    """Voxels of grid whose centres lie in the mask's box: beyond it there is no liver."""
    size = np.array(liver.voxels.shape[::-1])
    inside = []
    for axis in range(3):
        steps = np.zeros((grid.size_ijk[axis], 3))
        steps[:, axis] = np.arange(grid.size_ijk[axis])
        at = liver.box_grid.to_index(grid.to_world(steps))[:, axis]
        inside.append((at >= -0.5) & (at <= size[axis] - 0.5))
    i, j, k = inside
    return np.asarray(k[:, None, None] & j[None, :, None] & i[None, None, :])


def _excess(raw: FieldArray, organ: BoolArray, spacing: Vector, cancel: CancelToken | None) -> tuple[FieldArray, float]:
    """HU above the local parenchyma, lightly smoothed, and its spread in the liver.

    The parenchyma's mean is taken twice: the second time without what stood out the first time.
    """
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(raw, SMOOTH_MM / spacing).astype(np.float32)
    plain = depth_mm(organ, spacing) > RIM_MM
    sigma = BACKGROUND_SIGMA_MM / spacing
    middle = float(np.median(smooth[plain])) if plain.any() else float(np.median(smooth[organ]))
    use = plain & (np.abs(smooth - middle) < 30.0)
    excess, sd = smooth - np.float32(middle), 10.0
    for _ in range(2):
        check(cancel)
        weight = ndimage.gaussian_filter(use.astype(np.float32), sigma)
        total = ndimage.gaussian_filter(np.where(use, smooth, 0.0).astype(np.float32), sigma)
        excess = (smooth - (total + 1e-3 * middle) / (weight + 1e-3)).astype(np.float32)
        values = excess[use]
        sd = max(1.4826 * float(np.median(np.abs(values - np.median(values)))), 2.0)
        use = plain & (np.abs(excess) < 2.0 * sd)
    return excess, sd


def _tubeness(excess: FieldArray, spacing: Vector, cancel: CancelToken | None) -> FieldArray:
    """Sato's measure for bright tubes in HU: −√(λ1·λ2) of the scaled Hessian where both are negative, best of scales."""
    from scipy import ndimage

    best = np.zeros(excess.shape, dtype=np.float32)
    limited = np.clip(excess, -30.0, 80.0)
    for scale in SCALES_MM:
        check(cancel)
        sigma = np.maximum(scale / spacing, 0.6)
        width = sigma * spacing
        parts = {}
        for first in range(3):
            for second in range(first, 3):
                check(cancel)
                order = [0, 0, 0]
                order[first] += 1
                order[second] += 1
                seen = ndimage.gaussian_filter(limited, sigma, order=order, truncate=3.0)
                parts[first, second] = seen * (width[first] * width[second] / (spacing[first] * spacing[second]))
        check(cancel)
        candidates = np.flatnonzero((parts[0, 0] + parts[1, 1] + parts[2, 2]).ravel() < 0.0)
        tensor = np.empty((candidates.size, 3, 3), dtype=np.float32)
        for (first, second), part in parts.items():
            tensor[:, first, second] = tensor[:, second, first] = part.ravel()[candidates]
        check(cancel)
        low, high = _two_least(tensor)
        found = np.zeros(excess.size, dtype=np.float32)
        found[candidates] = np.sqrt(np.maximum(-low, 0.0) * np.maximum(-high, 0.0))
        best = np.maximum(best, found.reshape(excess.shape))
    return best


def _two_least(tensor: FieldArray) -> tuple[FieldArray, FieldArray]:
    """The two least eigenvalues of (n, 3, 3) symmetric matrices, in closed form."""
    mean = np.trace(tensor, axis1=1, axis2=2) / 3.0
    rest = tensor - mean[:, None, None] * np.eye(3, dtype=np.float32)
    spread = np.sqrt(np.maximum((rest**2).sum(axis=(1, 2)) / 6.0, 1e-12))
    half = np.clip(np.linalg.det(rest) / (2.0 * spread**3), -1.0, 1.0)
    angle = np.arccos(half) / 3.0
    least = mean + 2.0 * spread * np.cos(angle + 2.0 * np.pi / 3.0)
    most = mean + 2.0 * spread * np.cos(angle)
    return np.asarray(least, dtype=np.float32), np.asarray(3.0 * mean - least - most, dtype=np.float32)


def _kept(
    pieces: npt.NDArray[np.int32], strong: BoolArray, strokes: Sequence[Stroke], scan: PreparedScan, grid: Grid
) -> npt.NDArray[np.int64]:
    """Numbers of the pieces with a strong voxel and of some size; those the strokes touch, where there are strokes."""
    sizes = np.bincount(pieces.ravel())
    large = np.flatnonzero(sizes * grid.voxel_mm3 / 1000.0 >= LEAST_ML)
    found = np.intersect1d(large, np.unique(pieces[strong]))
    asked, refused = (
        [_touched(pieces, s, scan, grid) for s in strokes if s.is_inside],
        [_touched(pieces, s, scan, grid) for s in strokes if not s.is_inside],
    )
    if asked:
        found = np.intersect1d(found, np.concatenate(asked))
    if refused:
        found = np.setdiff1d(found, np.concatenate(refused))
    return np.asarray(found, dtype=np.int64)


def _touched(pieces: npt.NDArray[np.int32], stroke: Stroke, scan: PreparedScan, grid: Grid) -> npt.NDArray[np.int32]:
    """Pieces within two voxels of a stroke."""
    start = np.rint(scan.edge.coarse.to_index(grid.origin_mm)).astype(np.int64)[::-1]
    numbers = []
    for k, j, i in stroke_indices(stroke, scan.volume.grid, scan.edge.coarse) - start:
        near = pieces[max(k - 2, 0) : k + 3, max(j - 2, 0) : j + 3, max(i - 2, 0) : i + 3]
        numbers.append(near.ravel())
    return np.unique(np.concatenate(numbers))
