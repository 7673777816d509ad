"""A tumour from one or two strokes: a click into it, or a line drawn across it from rim to rim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.findings import Finding
from planning.geometry import Grid, Vector
from planning.liver.segment.beyond import WIDE_BAY_MM, beyond, wall_depth_mm
from planning.liver.segment.edge import on_image
from planning.liver.segment.ellipsoid import Ellipsoid, roundness
from planning.liver.segment.lesion import Lesion, grow_lesion, middle_hu
from planning.liver.segment.liver import PreparedScan
from planning.liver.segment.strokes import Stroke, stroke_indices
from planning.liver.segment.working import BoolArray, FieldArray, check, depth_mm, onto
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

SMOOTH_MM = 1.1
# an edge blurs this far into the organ
RIM_MM = 2.2
REACH_MM = 45.0
LINE_FROM_MM = 4.0
# the short diameters of a lesion whose long one was drawn, as a share of it. Made lesions differ little from 0.75 to 1: of
# 72 lines across wavy ellipsoids 0.9 was best by 0.01 of Dice; a real lesion that hardly differs from the liver, better at
# 0.85 than at 0.9 by 0.03, is why it stays at what it was (docs/guided-segmentation.md has both)
ACROSS_PART = 0.85
# the tumour may bulge this far out of the given liver
BULGE_MM = 1.5
PALE_SD = 2.5
# beyond the given liver a tumour goes on only through tissue as near to its own HU as this
ALIKE_HU = 25.0
LEAST_ADDED = 0.02
ROUNDER = 0.005


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TumorSegmentation:
    """mask: on the image's grid. mean_hu: the tumour's, liver_hu: round it. confidence: 0 … 1, their difference against
    four standard deviations of the smoothed image. strokes: how many were used.
    """

    mask: Mask
    mean_hu: float
    liver_hu: float
    confidence: float
    strokes: int
    findings: tuple[Finding, ...]


def segment_tumor(
    scan: PreparedScan,
    strokes: Sequence[Stroke],
    *,
    liver: Mask | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> TumorSegmentation:
    """One tumour.

    strokes: an inside click grows from there; an inside line of 4 mm or more runs from rim to rim along the longest
    diameter and gives the size; further inside clicks belong to it too, outside ones do not. liver: the closed organ, on
    the image's grid, when it is known; the tumour stays in it but for 1.5 mm.
    Raises InputError when no inside stroke is given or one lies outside the image; Cancelled.
    """
    inside = [stroke for stroke in strokes if stroke.is_inside]
    if not inside:
        raise InputError("No stroke says where the tumour is", "Click into the tumour or draw a line across it")
    if liver is not None and not liver.grid.is_same(scan.volume.grid):
        raise InputError("The liver lies on another grid than the image", "Segment it on this image")
    progress(0.0, "reading the strokes")
    room = _Room(scan, strokes, liver)
    check(cancel)
    line = _line(strokes, room.grid)
    progress(0.3, "growing the tumour")
    lesion = _grown(room, strokes, line, cancel)
    mask = on_image(lesion.mask, room.grid, scan.volume.grid, np.full(3, 0.8))
    progress(1.0)
    told_apart = abs(lesion.around_hu - lesion.own_hu) / room.sd_hu
    return TumorSegmentation(
        mask=mask,
        mean_hu=lesion.own_hu,
        liver_hu=lesion.around_hu,
        confidence=float(np.clip(told_apart / 4.0, 0.0, 1.0)),
        strokes=len(strokes),
        findings=_findings(mask, lesion, told_apart),
    )


def _grown(room: _Room, strokes: Sequence[Stroke], line: Ellipsoid | None, cancel: CancelToken | None) -> Lesion:
    """The lesion within the liver, or the one that goes on beyond it where that makes a rounder whole of it.

    A liver drawn without part of a tumour cuts it flat, and what is added rounds it off; what leaks into a muscle or a
    bowel beside it does not.
    """
    marks = room.marks([stroke for stroke in strokes if stroke.is_inside])
    outside = room.marks([stroke for stroke in strokes if not stroke.is_inside])

    def grown(allowed: BoolArray) -> Lesion:
        return grow_lesion(
            room.image,
            room.liver_hu,
            room.sd_hu,
            allowed=allowed,
            marks=marks,
            outside=outside,
            line=line,
            spacing_kji_mm=room.spacing,
            cancel=cancel,
        )

    within = grown(room.allowed)
    if not room.beyond.any():
        return within
    wider = grown(room.allowed | room.beyond)
    added = wider.mask & room.beyond
    if np.count_nonzero(added) < LEAST_ADDED * np.count_nonzero(wider.mask):
        return within
    rounder = roundness(wider.mask, room.spacing) > roundness(within.mask, room.spacing) + ROUNDER
    named = (added[tuple(marks.T)]).any()
    return wider if rounder or named else within


class _Room:
    """Fine voxels within REACH_MM of the strokes, and what they say about liver and noise."""

    def __init__(self, scan: PreparedScan, strokes: Sequence[Stroke], liver: Mask | None) -> None:
        from scipy import ndimage

        self._whole, self._image_grid = scan.edge.coarse, scan.volume.grid
        index = np.concatenate([stroke_indices(s, self._image_grid, self._whole) for s in strokes if s.is_inside])
        self.spacing: Vector = self._whole.spacing_mm[::-1]
        reach = np.ceil(REACH_MM / self.spacing).astype(int)
        low = np.maximum(index.min(axis=0) - reach, 0)
        high = np.minimum(index.max(axis=0) + reach + 1, self._whole.shape_kji)
        self._low = low
        (k0, j0, i0), (nk, nj, ni) = low.tolist(), (high - low).tolist()
        self.grid: Grid = self._whole.cropped((i0, j0, k0), (ni, nj, nk))
        raw = np.clip(scan.fine[k0 : k0 + nk, j0 : j0 + nj, i0 : i0 + ni], -150.0, 300.0)
        self.image: FieldArray = ndimage.gaussian_filter(raw, SMOOTH_MM / self.spacing).astype(np.float32)
        self.allowed, self.beyond = self._allowed(scan, liver, index)
        self.image = _smoothed_within(raw, self.allowed, self.image, self.spacing)
        self.liver_hu, self.sd_hu = self._plain_liver(index)

    def _allowed(
        self, scan: PreparedScan, liver: Mask | None, index: npt.NDArray[np.int64]
    ) -> tuple[BoolArray, BoolArray]:
        """Soft tissue of the liver, and beyond it what looks like the tumour itself, out to the wall: the liver may have
        been drawn without part of it.
        """
        from scipy import ndimage

        soft = self.image > 0.0
        if liver is None:
            return soft, np.zeros_like(soft)
        places = _nearest(self.grid, self._image_grid)
        k, j, i = (np.clip(place, 0, size - 1) for place, size in zip(places, self._image_grid.shape_kji, strict=True))
        organ = liver.full()[np.ix_(k, j, i)]
        bulged = ndimage.distance_transform_edt(~organ, sampling=self.spacing) <= BULGE_MM
        own_hu = middle_hu(self.image, index - self._low)
        alike = soft & (np.abs(self.image - own_hu) < ALIKE_HU)
        alike = soft & (ndimage.distance_transform_edt(~alike, sampling=self.spacing) <= BULGE_MM)
        allowed = soft & bulged
        return allowed, alike & self._beyond(scan, liver, index) & ~allowed

    def _beyond(self, scan: PreparedScan, liver: Mask, index: npt.NDArray[np.int64]) -> BoolArray:
        working, spacing = scan.blocks.coarse, scan.spacing_kji_mm
        marks = np.rint(working.to_index(self._whole.to_world(index[:, ::-1]))).astype(np.int64)[:, ::-1]
        marks = np.clip(marks, 0, np.array(working.shape_kji) - 1)
        pad = np.ceil((REACH_MM + WIDE_BAY_MM) / spacing).astype(int)
        low = np.maximum(marks.min(axis=0) - pad, 0)
        high = np.minimum(marks.max(axis=0) + pad + 1, working.shape_kji)
        box = tuple(slice(int(first), int(last)) for first, last in zip(low, high, strict=True))
        (k0, j0, i0), (nk, nj, ni) = low.tolist(), (high - low).tolist()
        grid = working.cropped((i0, j0, k0), (ni, nj, nk))
        places = _nearest(grid, self._image_grid)
        k, j, i = (np.clip(place, 0, size - 1) for place, size in zip(places, self._image_grid.shape_kji, strict=True))
        organ = liver.full()[np.ix_(k, j, i)]
        away = np.ones(organ.shape, dtype=bool)
        away[tuple((marks - low).T)] = False
        under_skin = scan.neighbours.under_skin_mm[box]
        wall_mm = wall_depth_mm(organ, under_skin, depth_mm(away, spacing))
        zone = beyond(organ, under_skin, wall_mm, spacing) & scan.neighbours.soft[box]
        return onto(zone.astype(np.float32), grid, self.grid) > 0.5

    def _plain_liver(self, index: npt.NDArray[np.int64]) -> tuple[float, float]:
        """Mode and spread of the brighter tissue within 30 mm of the strokes: liver, if the click lies in one."""
        from scipy import ndimage

        marked = np.ones(self.image.shape, dtype=bool)
        marked[tuple((index - self._low).T)] = False
        near = ndimage.distance_transform_edt(marked, sampling=self.spacing) <= 35.0
        values = self.image[near & self.allowed & (self.image > 20.0) & (self.image < 250.0)]
        if values.size < 100:
            raise InputError("There is no liver tissue round the stroke", "Click into a tumour of the liver")
        counts, edges = np.histogram(values, bins=np.arange(20.0, 251.0, 2.0))
        smooth = np.convolve(counts, np.array((1.0, 2.0, 3.0, 2.0, 1.0)) / 9.0, mode="same")
        mode = float(edges[int(smooth.argmax())] + 1.0)
        above = values[(values >= mode) & (values < mode + 25.0)] - mode
        # in tissue without any noise all values lie in the lower half of the mode's bin
        spread = float(np.median(above)) if above.size else 0.0
        return mode, max(1.4826 * spread, 2.0)

    def marks(self, strokes: Sequence[Stroke]) -> npt.NDArray[np.int64]:
        """Voxels under the strokes, (n, 3) `[k, j, i]` here; those beyond reach are left out."""
        parts = [stroke_indices(s, self._image_grid, self._whole) - self._low for s in strokes]
        index = np.concatenate([np.zeros((0, 3), dtype=np.int64), *parts])
        return np.asarray(index[((index >= 0) & (index < np.array(self.image.shape))).all(axis=1)])


def _smoothed_within(raw: FieldArray, allowed: BoolArray, plain: FieldArray, spacing: Vector) -> FieldArray:
    """Smoothed over inner voxels alone: at the organ's edge fat and lung would make a dark rim that looks like lesion."""
    from scipy import ndimage

    inner = ndimage.distance_transform_edt(allowed, sampling=spacing) > RIM_MM
    sigma = SMOOTH_MM / spacing
    weight = ndimage.gaussian_filter(inner.astype(np.float32), sigma)
    total = ndimage.gaussian_filter(np.where(inner, raw, 0.0).astype(np.float32), sigma)
    return np.where(weight > 0.02, total / np.maximum(weight, 0.02), plain).astype(np.float32)


def _nearest(grid: Grid, other: Grid) -> tuple[npt.NDArray[np.int64], ...]:
    """For each axis k, j, i the nearest voxel of `other` (parallel axes) to each voxel of grid."""
    start = other.to_index(grid.to_world((0.0, 0.0, 0.0)))[::-1]
    step = (grid.spacing_mm / other.spacing_mm)[::-1]
    return tuple(
        np.rint(first + each * np.arange(size)).astype(np.int64)
        for first, each, size in zip(start, step, grid.shape_kji, strict=True)
    )


def _line(strokes: Sequence[Stroke], grid: Grid) -> Ellipsoid | None:
    """The ellipsoid of the longest line, its short diameters from a second line where there is one; further clicks move
    its surface.
    """
    lines = sorted((s for s in strokes if s.is_inside and s.length_mm >= LINE_FROM_MM), key=lambda s: -s.length_mm)
    if not lines:
        return None
    step = grid.spacing_mm[::-1]
    first, last = (grid.to_index(lines[0].points_mm[end])[::-1] * step for end in (0, -1))
    ratio = float(np.clip(lines[1].length_mm / lines[0].length_mm, 0.4, 1.0)) if len(lines) > 1 else ACROSS_PART
    shape = Ellipsoid.across(first, last, ratio)
    for stroke in strokes:
        if stroke.length_mm < LINE_FROM_MM:
            shape = shape.moved_to(grid.to_index(stroke.points_mm[0])[::-1] * step, stroke.is_inside)
    return shape


def _findings(mask: Mask, lesion: Lesion, told_apart: float) -> tuple[Finding, ...]:
    found = []
    if told_apart < PALE_SD:
        found.append(
            Finding(
                "tumor_pale",
                f"The tumour's {lesion.own_hu:.0f} HU hardly differ from the liver's {lesion.around_hu:.0f}: "
                "its shape is mostly the ellipsoid of the strokes",
            )
        )
    if not mask.voxel_count:
        found.append(Finding("tumor_empty", "Nothing was found under the stroke: draw a line across the tumour"))
    return tuple(found)
