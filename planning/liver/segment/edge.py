"""The organ's edge on finer voxels: half-way between the HU on both sides, where they differ."""

from __future__ import annotations

import numpy as np

from planning.geometry import Grid, Vector
from planning.liver.segment.settle import settle
from planning.liver.segment.working import Blocks, BoolArray, FieldArray, bounds_of, check, depth_mm, onto, outside_mm
from planning.progress import CancelToken
from planning.volume import Mask

BAND_MM = 4.0
# of the finer grid round the organ, beyond the band by what blurs into it
PAD_MM = 8.0
SIDE_REACH_MM = 10.0
SIDE_SIGMA_MM = 4.0
BLUR_MM = 0.8
SIGMA_MM = 1.3
WEIGHT = 0.4
TURNS = 8
SURE_SD = 3.0


def refined(
    fine: FieldArray,
    edge: Blocks,
    whole: BoolArray,
    grid: Grid,
    *,
    inside_hu: FieldArray,
    still: FieldArray,
    sd_hu: float,
    closed: BoolArray,
    cancel: CancelToken | None = None,
) -> tuple[Mask, float]:
    """The mask on the image's own grid, and which part of the surface has a neighbour of clearly other HU.

    fine: block means on edge.coarse. whole, inside_hu (the liver's mean), still (denoised): on `grid`.
    closed: voxels of `grid` that the edge never enters, whatever their HU. It moves by BAND_MM at most. Raises Cancelled.
    """
    from scipy import ndimage

    spacing = grid.spacing_mm[::-1]
    if not whole.any():
        return Mask.from_full(edge.fine, np.zeros(edge.fine.shape_kji, dtype=bool)), 0.0
    check(cancel)
    inner_mm = depth_mm(whole, spacing)
    check(cancel)
    outer_mm = outside_mm(whole, SIDE_REACH_MM, spacing)
    check(cancel)
    ours, theirs = _sides(inner_mm, outer_mm, still, inside_hu, spacing)
    check(cancel)
    rim = whole & ~ndimage.binary_erosion(whole)
    confidence = float(np.mean(np.abs(ours - theirs)[rim] > SURE_SD * sd_hu))
    box, box_grid = box_on(edge.coarse, whole, grid)
    signed = outer_mm - inner_mm
    # the distance counts from voxel centres: half a voxel more than to the surface on both sides, so 0 lies between
    here = onto(signed, grid, box_grid)
    steps = box_grid.spacing_mm[::-1]
    check(cancel)
    image = ndimage.gaussian_filter(fine[box], BLUR_MM / steps, truncate=2.5)
    image = np.clip(image, -200.0, 400.0)
    inner, outer = onto(ours, grid, box_grid), onto(theirs, grid, box_grid)
    gap = outer - inner
    sure = np.clip(np.abs(gap) / (2.0 * SURE_SD * sd_hu), 0.0, 1.0)
    gap = np.where(np.abs(gap) < 1.0, 1.0, gap)
    evidence = np.clip((2.0 * image - inner - outer) / gap, -1.0, 1.0) * sure
    barred = (onto(closed.astype(np.float32), grid, box_grid) > 0.5) & (here > 0.0)
    check(cancel)
    settled = settle(
        here < 0.0,
        evidence.astype(np.float32),
        sigma_voxels=SIGMA_MM / steps,
        weight=WEIGHT,
        turns=TURNS,
        still_below=100,
        may_change=(np.abs(here) <= BAND_MM) & ~barred,
        cancel=cancel,
    )
    check(cancel)
    settled = ndimage.binary_fill_holes(_largest_pieces(settled))
    return on_image(settled, box_grid, edge.fine, SIGMA_MM / steps), confidence


def _sides(
    inner_mm: FieldArray, outer_mm: FieldArray, still: FieldArray, inside_hu: FieldArray, spacing: Vector
) -> tuple[FieldArray, FieldArray]:
    """Local mean HU inside and outside, each from voxels that no edge blurs, carried on to the edge."""
    from scipy import ndimage

    sigma = SIDE_SIGMA_MM / spacing
    inner = inner_mm > 1.5 * spacing.max()
    outer = (outer_mm > 1.5 * spacing.max()) & (outer_mm < SIDE_REACH_MM)
    means = []
    for where, fallback in ((inner, inside_hu), (outer, np.full_like(still, -80.0))):
        weight = ndimage.gaussian_filter(where.astype(np.float32), sigma)
        total = ndimage.gaussian_filter(np.where(where, still, 0.0).astype(np.float32), sigma)
        means.append(((total + 1e-3 * fallback) / (weight + 1e-3)).astype(np.float32))
    return means[0], means[1]


def box_on(target: Grid, whole: BoolArray, grid: Grid) -> tuple[tuple[slice, slice, slice], Grid]:
    """The part of the target grid that holds the mask with PAD_MM round it."""
    box = bounds_of(whole, np.ceil(PAD_MM / grid.spacing_mm[::-1]).astype(int))
    first = target.to_index(grid.to_world([part.start for part in box[::-1]]))
    last = target.to_index(grid.to_world([part.stop - 1 for part in box[::-1]]))
    low = np.clip(np.floor(first).astype(int), 0, None)
    high = np.minimum(np.ceil(last).astype(int) + 1, target.size_ijk)
    (i0, j0, k0), (ni, nj, nk) = low.tolist(), (high - low).tolist()
    part = target.cropped((i0, j0, k0), (ni, nj, nk))
    return (slice(low[2], high[2]), slice(low[1], high[1]), slice(low[0], high[0])), part


def _largest_pieces(mask: BoolArray) -> BoolArray:
    """Pieces of at least a fiftieth of the largest."""
    from scipy import ndimage

    pieces, count = ndimage.label(mask)
    if count < 2:
        return mask
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    return np.asarray((sizes >= sizes.max() / 50.0)[pieces])


def on_image(settled: BoolArray, grid: Grid, image: Grid, sigma: Vector) -> Mask:
    """The mask's half level on the image's voxels."""
    from scipy import ndimage

    soft = ndimage.gaussian_filter(settled.astype(np.float32), 0.5 * sigma, truncate=3.0)
    box, box_grid = box_on(image, settled, grid)
    inside = onto(soft, grid, box_grid) > 0.5
    start = tuple(part.start for part in box[::-1])
    return Mask(image, (int(start[0]), int(start[1]), int(start[2])), inside)
