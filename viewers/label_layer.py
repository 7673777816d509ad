"""Structures over a slice: fill and outline of each mask, blended once into one picture and kept.

The mask is sampled smoothly; its edge is where the sampled value is a half. Near it, value over slope is the distance
to the edge in pixels, from which the outline's cover follows: sharp at every zoom without stroking a path.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid, Plane
from planning.kept import Kept
from planning.volume import Mask
from viewers.cut_values import slab_planes
from viewers.overlay import LabelItem, Side, Split
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Box, Reslicer

OUTLINE_PX, SELECTED_OUTLINE_PX = 1.4, 2.4
# the removed part is tinted stronger, it must be told from a grey organ
REMOVED_FACTOR, MOST_OPACITY = 2.0, 0.6
# a curved border is asked for at points this far apart
SIDE_STEP_PX = 3
# one bit of a code a colour, so that a table blends everything that overlaps at once
BITS = 12
# voxels of structures that are hidden now and may be shown again, a pane
HIDDEN_BYTES = 8 << 20
HATCH_PX, HATCH_LINE_PX = 4.0, 1.5
CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=np.float64)
# where the mask's value rises by less than these parts of a clean edge, its outline fades out and is gone
EVENED_VOXELS, LEAST_LEFT, GRAZING_SLOPES = 1.6, 0.7, (0.5, 0.8)


@dataclass(frozen=True, slots=True, eq=False)
class MaskSlice:
    """A structure where a pane cuts it. box: device pixels covered; inside: bool in the box.

    edge_index: (N,) flat indices into the whole pane, edge_cover: (N,) 0 … 1.
    """

    box: Box
    inside: npt.NDArray[np.bool_]
    edge_index: npt.NDArray[np.intp]
    edge_cover: npt.NDArray[np.float32]


class LabelLayer:
    """Makes the overlay picture of a pane; keeps slices of masks while the plane stays."""

    def __init__(self) -> None:
        self._shown: frozenset[int] = frozenset()
        self._masks: Kept[int, tuple[Mask, Reslicer]] = Kept(
            HIDDEN_BYTES, lambda kept: kept[0].voxels.nbytes, lambda: self._shown
        )
        self._slices: dict[tuple[Any, ...], MaskSlice | None] = {}
        self._geometry: tuple[Any, ...] = ()
        self._picture_key: tuple[Any, ...] = ()
        self._picture: npt.NDArray[np.uint32] | None = None
        # the device pixels that may be more than transparent in the picture
        self.box: Box = (0, 0, 0, 0)

    def picture(
        self,
        items: Sequence[LabelItem],
        geometry: PaneGeometry,
        *,
        fill: bool,
        smooth: bool,
        selected: str,
        quick: bool = False,
        slab_mm: float = 0.0,
    ) -> npt.NDArray[np.uint32] | None:
        """(height, width) premultiplied ARGB32, or None when no structure is cut.

        slab_mm: thickness through which projected items are drawn. quick: oblique masks are sampled at every second
        pixel (while the plane moves).
        """
        # the items are kept in the key itself: an id alone could come again after an item was freed
        key = (geometry.key, tuple(items), fill, smooth, selected, quick, slab_mm)
        if key != self._picture_key:
            self._picture = self._draw(items, geometry, fill, smooth, selected, quick, slab_mm)
            self._picture_key = key
        return self._picture

    def _draw(
        self,
        items: Sequence[LabelItem],
        geometry: PaneGeometry,
        fill: bool,
        smooth: bool,
        selected: str,
        quick: bool,
        slab_mm: float,
    ) -> npt.NDArray[np.uint32] | None:
        if geometry.key != self._geometry:
            self._slices.clear()
            self._geometry = geometry.key
        self._forget([item.mask for item in items])
        cuts = []
        for item in items:
            width_px = SELECTED_OUTLINE_PX if item.key == selected else OUTLINE_PX
            cut = self._slice(item.mask, geometry, width_px, smooth, quick, slab_mm if item.projected else 0.0)
            if cut is not None:
                cuts.append((item, cut))
        if not cuts:
            return None
        width, height = geometry.device_size
        self.box = _joined_box([cut.box for _, cut in cuts])
        picture = _fills(cuts, geometry) if fill else np.zeros((height, width), dtype=np.uint32)
        for item, cut in cuts:
            if not item.hatched:
                _blend_edge(picture.reshape(-1), cut, item.color)
        return picture

    def _forget(self, shown: Sequence[Mask]) -> None:
        """Drop slices and arrays of masks that are not shown, once they are many."""
        self._shown = frozenset(map(id, shown))
        self._masks.trim()
        self._slices = {key: cut for key, cut in self._slices.items() if key[0] in self._masks}

    def _slice(
        self, mask: Mask, geometry: PaneGeometry, width_px: float, smooth: bool, quick: bool, slab_mm: float
    ) -> MaskSlice | None:
        key = (id(mask), width_px, smooth, quick, slab_mm)
        if key not in self._slices:
            known = self._masks.get(id(mask))
            if known is None:
                known = self._masks[id(mask)] = mask, Reslicer.of_mask(mask, is_still=True)
            self._slices[key] = cut_mask(known[1], mask, geometry, width_px, smooth, quick, slab_mm)
        return self._slices[key]


def cut_mask(
    reslicer: Reslicer,
    mask: Mask,
    geometry: PaneGeometry,
    width_px: float,
    smooth: bool,
    quick: bool = False,
    slab_mm: float = 0.0,
) -> MaskSlice | None:
    """A structure where the pane cuts it, or anywhere in a slab about its plane; None where it does not lie there."""
    box = covered_box(reslicer.grid, geometry, reach_px=2, slab_mm=slab_mm)
    if box is None:
        return None
    left, top, right, _ = box
    straight = reslicer.is_straight(geometry)
    planes = [geometry] if slab_mm <= 0 else slab_planes(geometry, slab_mm)
    field = _cut_field(reslicer, planes[0], box, smooth, quick and not straight)
    for plane in planes[1:]:
        field = np.maximum(field, _cut_field(reslicer, plane, box, smooth, quick and not straight))
    full_slope = 0.0
    if smooth and not straight and not quick and slab_mm <= 0:
        # a plane that grazes a flat end of a structure meets stairs of voxels: evened out, and not outlined
        voxel_px = float(mask.grid.spacing_mm.min()) / geometry.mm_per_px * geometry.ratio
        evened, slope = _evened(field, EVENED_VOXELS * voxel_px)
        # specks of a voxel or two would vanish by that; they stay as they are
        if np.count_nonzero(evened > 0.5) >= LEAST_LEFT * np.count_nonzero(field > 0.5):
            field, full_slope = evened, slope
    inside = field > 0.5
    if not inside.any():
        return None
    half_px = width_px * geometry.ratio / 2
    flat, cover = edge_cover(field, inside, half_px, full_slope)
    # from places in the box to places in the pane
    pane_width = geometry.device_size[0]
    index = flat + (flat // (right - left)) * (pane_width - right + left) + (top * pane_width + left)
    return MaskSlice(box, inside, index, cover)


def _cut_field(
    reslicer: Reslicer, geometry: PaneGeometry, box: Box, smooth: bool, coarse: bool
) -> npt.NDArray[np.float32]:
    if coarse and smooth:
        return reslicer.cut_coarse(geometry, box).astype(np.float32, copy=False)
    return reslicer.cut(geometry, kind="linear" if smooth else "nearest", box=box).astype(np.float32, copy=False)


def _evened(field: npt.NDArray[np.float32], width_px: float) -> tuple[npt.NDArray[np.float32], float]:
    """Mean over about `width_px` both ways, and the slope that a clean edge has after it; zero is assumed outside.

    Widths are odd, an even one would shift the edge by half a pixel; narrow ones become weights of 1, 2, 1.
    """
    width = 2 * round((width_px - 1) / 2) + 1
    if width < 3:
        padded = np.pad(field, 1)
        rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
        return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / np.float32(16), 0.5
    reach = width // 2
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (reach + 1, reach)
        sums = np.cumsum(np.pad(field, pad), axis=axis, dtype=np.float32)
        upper = sums[width:] if axis == 0 else sums[:, width:]
        lower = sums[:-width] if axis == 0 else sums[:, :-width]
        field = (upper - lower) / np.float32(width)
    return field, 1.0 / width


@functools.lru_cache(maxsize=256)
def _corners_mm(box_grid: Grid) -> npt.NDArray[np.float64]:
    return box_grid.to_world(CORNERS * box_grid.size_ijk - 0.5)


def covered_box(box_grid: Grid, geometry: PaneGeometry, reach_px: int, slab_mm: float = 0.0) -> Box | None:
    """Device pixels that a mask's box may cover, or None when the plane (with its slab) misses it."""
    places = geometry.to_pane(_corners_mm(box_grid))
    (low_x, low_y, low_mm), (high_x, high_y, high_mm) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    if low_mm > slab_mm / 2 or high_mm < -slab_mm / 2:
        return None
    width, height = geometry.device_size
    left, top = math.floor(low_x) - reach_px, math.floor(low_y) - reach_px
    right, bottom = math.ceil(high_x) + reach_px, math.ceil(high_y) + reach_px
    box = (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
    return box if box[2] > box[0] and box[3] > box[1] else None


def edge_cover(
    field: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_], half_px: float, full_slope: float
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """(flat indices into the field, cover) of the outline's pixels."""
    height, width = field.shape
    held = inside.reshape(-1)
    across, along = held[1:] != held[:-1], held[width:] != held[:-width]
    # the end of a row is no neighbour of the next one's start
    across[width - 1 :: width] = False
    near = np.zeros(held.shape, dtype=bool)
    for step, edge in ((1, across), (width, along)):
        near[step:] |= edge
        near[:-step] |= edge
    for _ in range(math.ceil(half_px - 0.5)):
        grown = near.copy()
        for step in (1, width):
            grown[step:] |= near[:-step]
            grown[:-step] |= near[step:]
        near = grown
    flat = np.flatnonzero(near)
    sides = flat - 1, flat + 1, flat - width, flat + width
    if _touches_border(near.reshape(height, width)):
        rows, columns = np.divmod(flat, width)
        beyond = columns == 0, columns == width - 1, rows == 0, rows == height - 1
        for there, is_beyond in zip(sides, beyond, strict=True):
            np.copyto(there, flat, where=is_beyond)
    values = field.reshape(-1)
    here = values.take(flat)
    slope = np.hypot(_slope(values, here, *sides[:2]), _slope(values, here, *sides[2:]))
    distance = np.abs(here - 0.5) / np.maximum(slope, 1e-3)
    cover = np.minimum(np.maximum(half_px + 0.5 - distance, 0.0), 1.0)
    if full_slope > 0:
        weakest, weak = GRAZING_SLOPES
        cover *= np.clip((slope / full_slope - weakest) / (weak - weakest), 0.0, 1.0)
    kept = np.flatnonzero(cover > 0.02)
    return flat.take(kept), cover.take(kept)


def _touches_border(near: npt.NDArray[np.bool_]) -> bool:
    """True where any pixel of the outermost rows and columns is set."""
    return bool(near[0].any() or near[-1].any() or near[:, 0].any() or near[:, -1].any())


def _slope(
    values: npt.NDArray[np.float32],
    here: npt.NDArray[np.float32],
    before: npt.NDArray[np.intp],
    after: npt.NDArray[np.intp],
) -> npt.NDArray[np.float32]:
    """The steeper of both one-sided differences: right for ramps, and for the cliffs of masks that are zoomed out."""
    steps = values.take((before, after))
    steps -= here
    np.abs(steps, out=steps)
    return np.asarray(np.maximum(steps[0], steps[1]))


def _fills(cuts: Sequence[tuple[LabelItem, MaskSlice]], geometry: PaneGeometry) -> npt.NDArray[np.uint32]:
    """Premultiplied fills of all structures, the later ones over the earlier ones."""
    width, height = geometry.device_size
    groups: list[list[tuple[Box, npt.NDArray[np.bool_], str, float]]] = [[]]
    for item, cut in cuts:
        parts = _parts(item, cut, geometry)
        if len(groups[-1]) + len(parts) > BITS:
            groups.append([])
        groups[-1] += parts
    picture = np.zeros((height, width), dtype=np.uint32)
    for group in groups:
        kind = np.uint8 if len(group) <= 8 else np.uint16
        x0, y0, x1, y1 = _joined_box([box for box, _, _, _ in group])
        code = np.zeros((y1 - y0, x1 - x0), dtype=kind)
        for bit, ((left, top, right, bottom), inside, _, _) in enumerate(group):
            flags = inside.view(np.uint8).astype(kind, copy=False)
            code[top - y0 : bottom - y0, left - x0 : right - x0] |= flags << kind(bit)
        table = _blend_table(tuple((color, opacity) for _, _, color, opacity in group))
        part = picture[y0:y1, x0:x1]
        part[...] = table.take(code, mode="clip") if group is groups[0] else over(table.take(code), part)
    return picture


def _joined_box(boxes: Sequence[Box]) -> Box:
    """The least box that holds all of them."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _parts(
    item: LabelItem, cut: MaskSlice, geometry: PaneGeometry
) -> list[tuple[Box, npt.NDArray[np.bool_], str, float]]:
    """The structure's fill: whole, or what is kept and what is removed."""
    if item.hatched:
        return [(cut.box, cut.inside & _stripes(cut.box, geometry.ratio), item.color, item.fill_opacity)]
    if not item.split:
        return [(cut.box, cut.inside, item.color, item.fill_opacity)]
    removed = cut.inside & beyond_any(item.split, cut.box, geometry)
    stronger = min(REMOVED_FACTOR * item.fill_opacity, MOST_OPACITY)
    return [
        (cut.box, cut.inside & ~removed, item.color, item.fill_opacity),
        (cut.box, removed, item.split_color or item.color, stronger),
    ]


def _stripes(box: Box, ratio: float) -> npt.NDArray[np.bool_]:
    """Bool in a box of device pixels: diagonal stripes that stand still while the box moves."""
    left, top, right, bottom = box
    period = max(round(HATCH_PX * ratio), 2)
    diagonal = np.arange(left, right)[None, :] + np.arange(top, bottom)[:, None]
    return np.asarray(diagonal % period < max(round(HATCH_LINE_PX * ratio), 1))


def beyond_any(splits: Sequence[Split], box: Box, geometry: PaneGeometry) -> npt.NDArray[np.bool_]:
    """Bool in a box of device pixels: True on the normal's side of any of the planes, and on any of the sides."""
    left, top, right, bottom = box
    first, column, row = geometry.pixel_steps()
    beyond = np.zeros((bottom - top, right - left), dtype=bool)
    for split in splits:
        if isinstance(split, Plane):
            start = float((first - split.origin_mm) @ split.normal)
            along = np.arange(left, right) * float(column @ split.normal)
            down = np.arange(top, bottom)[:, None] * float(row @ split.normal)
            beyond |= (along + (start + down)) > 0
        else:
            beyond |= _on_side(split, box, geometry)
    return beyond


def _on_side(side: Side, box: Box, geometry: PaneGeometry) -> npt.NDArray[np.bool_]:
    """A side asked at every few pixels, straight between them: its border is smooth and its answers are dear."""
    left, top, right, bottom = box
    first, column, row = geometry.pixel_steps()
    step = max(round(SIDE_STEP_PX * geometry.ratio), 1)
    columns = np.arange(left, right + step, step, dtype=np.float64)
    rows = np.arange(top, bottom + step, step, dtype=np.float64)
    points = first + rows[:, None, None] * row + columns[:, None] * column
    values = side.signed_mm(points.reshape(-1, 3)).reshape(len(rows), len(columns)).astype(np.float32)
    wide = _stretched(values.T, step, right - left)
    return np.asarray(_stretched(np.ascontiguousarray(wide.T), step, bottom - top) > 0.0)


def _stretched(values: npt.NDArray[np.float32], step: int, count: int) -> npt.NDArray[np.float32]:
    """Rows `step` apart as `count` rows, linear between."""
    at, between = np.divmod(np.arange(count), step)
    share = (between / np.float32(step)).astype(np.float32)[:, None]
    return values[at] * (1.0 - share) + values[at + 1] * share


def rgb_of(color: str) -> npt.NDArray[np.float64]:
    return np.array([int(color[n : n + 2], 16) for n in (1, 3, 5)], dtype=np.float64)


@functools.lru_cache(maxsize=16)
def _blend_table(colors: tuple[tuple[str, float], ...]) -> npt.NDArray[np.uint32]:
    """(2^n,) premultiplied ARGB32 of every combination of n colours, the later ones over the earlier ones."""
    codes = np.arange(1 << len(colors))
    rgba = np.zeros((len(codes), 4))
    for bit, (color, opacity) in enumerate(colors):
        hit = (codes >> bit & 1).astype(bool)
        source = np.append(rgb_of(color) * opacity, 255.0 * opacity)
        rgba[hit] = source + rgba[hit] * (1.0 - opacity)
    return packed(rgba)


def packed(rgba: npt.NDArray[np.float64]) -> npt.NDArray[np.uint32]:
    whole = np.clip(np.rint(rgba), 0, 255).astype(np.uint32)
    return np.asarray(whole[..., 3] << 24 | whole[..., 0] << 16 | whole[..., 1] << 8 | whole[..., 2], dtype=np.uint32)


def _unpacked(pixels: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    return np.stack([(pixels >> shift & 255) for shift in (16, 8, 0, 24)], axis=-1).astype(np.float64)


def over(upper: npt.NDArray[np.uint32], lower: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """One premultiplied picture over another of the same shape; only pixels where both show are computed."""
    result = np.where(upper == 0, lower, upper)
    both = (upper != 0) & (lower != 0)
    top = _unpacked(upper[both])
    result[both] = packed(top + _unpacked(lower[both]) * (1.0 - top[:, 3:] / 255.0))
    return result


def _blend_edge(flat: npt.NDArray[np.uint32], cut: MaskSlice, color: str) -> None:
    """Draw an outline into the (height * width,) picture."""
    if not cut.edge_index.size:
        return
    cover = cut.edge_cover[:, None].astype(np.float64)
    # as bytes from blue to opacity; between two bytes nothing can leave their range
    source = np.append(rgb_of(color)[::-1], 255.0)
    under = flat.take(cut.edge_index).view(np.uint8).reshape(-1, 4)
    mixed = source * cover
    mixed += under * (1.0 - cover)
    flat[cut.edge_index] = np.rint(mixed, out=mixed).astype(np.uint8).view(np.uint32)[:, 0]
