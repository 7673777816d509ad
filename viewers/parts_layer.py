"""An organ parted into pieces over a slice: fill and border of every part from one array of codes, and its name's place.

Every voxel has one code, so the picture is one slice of codes and a table of colours, whatever the number of parts.
Where parts meet, each pixel takes the code that most of the eight voxels around it want, weighted by how near they are:
borders are then as smooth as a structure's outline and not made of voxels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from viewers.label_layer import covered_box, packed, rgb_of
from viewers.overlay import PartsItem
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import STRAIGHT_TOLERANCE_VOXELS, Box, Reslicer

Codes = npt.NDArray[np.uint8]
# the border between two parts, each side in its own colour
BORDER_PX = 1.4
BORDER_OPACITY = 0.9
CHOSEN_FACTOR = 2.2
# names stand where the part is at least this wide to all sides
NAME_ROOM_PX = 11.0
NAME_GRID_PX = 4
MOST_COLORS = 255


@dataclass(frozen=True, slots=True, eq=False)
class PartsPicture:
    """pixels: (height, width) premultiplied ARGB32. names: (screen place (2,), number of the part), largest room first."""

    pixels: npt.NDArray[np.uint32]
    names: tuple[tuple[FloatArray, int], ...]


class PartsLayer:
    """Keeps the picture while plane and parts stay."""

    def __init__(self) -> None:
        self._reslicer: Reslicer | None = None
        self._codes: Codes | None = None
        self._key: tuple[Any, ...] = ()
        self._picture: PartsPicture | None = None

    def picture(
        self, item: PartsItem, geometry: PaneGeometry, *, fill: bool, smooth: bool, quick: bool = False
    ) -> PartsPicture | None:
        """None where the plane misses the organ. quick: borders are left as voxels have them (while the plane moves)."""
        # the item is kept in the key itself: an id alone could come again after an item was freed
        key = (geometry.key, item, fill, smooth, quick)
        if key != self._key:
            self._picture = self._draw(item, geometry, fill, smooth and not quick)
            self._key = key
        return self._picture

    def _draw(self, item: PartsItem, geometry: PaneGeometry, fill: bool, smooth: bool) -> PartsPicture | None:
        if self._reslicer is None or self._codes is not item.codes:
            self._codes = item.codes
            self._reslicer = Reslicer(item.codes, item.grid, 0)
        box = covered_box(item.grid, geometry, reach_px=2)
        if box is None:
            return None
        codes = self._reslicer.cut(geometry, kind="nearest", box=box).astype(np.uint8)
        if not codes.any():
            return None
        edge = borders(codes)
        if smooth:
            voxel_px = float(item.grid.spacing_mm.max()) / geometry.mm_per_px * geometry.ratio
            vote(codes, widened(edge, int(np.ceil(voxel_px))), item, geometry, box)
            edge = borders(codes)
        width, height = geometry.device_size
        pixels = np.zeros((height, width), dtype=np.uint32)
        left, top, right, bottom = box
        part = pixels[top:bottom, left:right]
        if fill:
            part[:] = _table(item, item.fill_opacity).take(codes)
        line = edge & (codes > 0)
        if BORDER_PX * geometry.ratio > 2.0:
            line = widened(line, round(BORDER_PX * geometry.ratio / 2.0) - 1) & (codes > 0)
        part[line] = _table(item, BORDER_OPACITY).take(codes[line])
        return PartsPicture(pixels, _names(codes, edge, box, geometry, item))


def borders(codes: Codes) -> npt.NDArray[np.bool_]:
    """True on both sides of every change of code."""
    edge = np.zeros(codes.shape, dtype=bool)
    across, along = codes[:, 1:] != codes[:, :-1], codes[1:] != codes[:-1]
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    edge[1:] |= along
    edge[:-1] |= along
    return edge


def widened(flags: npt.NDArray[np.bool_], by_px: int) -> npt.NDArray[np.bool_]:
    """Flags grown by some pixels along rows and columns."""
    if by_px <= 0:
        return flags
    for axis in (0, 1):
        sums = np.cumsum(
            np.pad(flags.astype(np.int32), [(by_px + 1, by_px) if n == axis else (0, 0) for n in (0, 1)]), axis
        )
        width = 2 * by_px + 1
        flags = (sums[width:] - sums[:-width] if axis == 0 else sums[:, width:] - sums[:, :-width]) > 0
    return flags


def vote(codes: Codes, where: npt.NDArray[np.bool_], item: PartsItem, geometry: PaneGeometry, box: Box) -> None:
    """Give the pixels at `where` the code with the greatest weight among the voxels around them.

    The weights are those of linear interpolation: of four voxels in a plane along the grid, of eight in others.
    """
    rows, columns = np.nonzero(where)
    if not rows.size:
        return
    first, column, row = geometry.pixel_steps()
    to_index = item.grid.index_from_world[:3, :3]
    start = to_index @ (first + box[0] * column + box[1] * row - item.grid.origin_mm)
    across, down = to_index @ column, to_index @ row
    size, strides = np.array(item.grid.size_ijk), np.array((1, *np.cumprod(item.grid.size_ijk[:2])))
    flat = item.codes.reshape(-1)
    starts, inside = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=bool)
    # of each axis: how far the pixel is on its way to the next voxel; an axis that the plane does not follow has none
    steps: list[tuple[int, npt.NDArray[np.float32]]] = []
    for axis in range(3):
        place = start[axis] + columns * across[axis] + rows * down[axis]
        inside &= (place >= -0.5) & (place < size[axis] - 0.5)
        np.clip(place, 0.0, size[axis] - 1.0, out=place)
        is_across = (
            max(abs(across[axis]) * codes.shape[1], abs(down[axis]) * codes.shape[0]) < STRAIGHT_TOLERANCE_VOXELS
        )
        if is_across or size[axis] == 1:
            starts += np.rint(place).astype(np.int64) * strides[axis]
            continue
        low = np.minimum(place.astype(np.int64), size[axis] - 2)
        starts += low * strides[axis]
        steps.append((int(strides[axis]), (place - low).astype(np.float32)))
    corners, weights = [flat[starts]], [np.ones(len(rows), dtype=np.float32)]
    offsets = [0]
    for stride, share in steps:
        further = [offset + stride for offset in offsets]
        corners += [flat[starts + offset] for offset in further]
        weights = [weight * (1 - share) for weight in weights] + [weight * share for weight in weights]
        offsets += further
    best, most = corners[0].copy(), np.zeros(len(rows), dtype=np.float32)
    for own in corners:
        total = np.zeros(len(rows), dtype=np.float32)
        for other, weight in zip(corners, weights, strict=True):
            total += weight * (other == own)
        better = total > most
        best[better], most[better] = own[better], total[better]
    codes[rows, columns] = np.where(inside, best, np.uint8(0))


def _table(item: PartsItem, opacity: float) -> npt.NDArray[np.uint32]:
    """(n + 1,) premultiplied colours of the codes; the chosen part is filled more strongly."""
    rgba = np.zeros((MOST_COLORS + 1, 4))
    for number, color in enumerate(item.colors):
        own = opacity * (CHOSEN_FACTOR if number == item.chosen and opacity < BORDER_OPACITY else 1.0)
        rgba[number + 1] = np.append(rgb_of(color) * own, 255.0 * own)
    return packed(rgba)


def _names(
    codes: Codes, edge: npt.NDArray[np.bool_], box: Box, geometry: PaneGeometry, item: PartsItem
) -> tuple[tuple[FloatArray, int], ...]:
    """Where each part has most room, on a grid of few pixels, for the parts that have enough."""
    from scipy import ndimage

    step = max(round(NAME_GRID_PX * geometry.ratio), 1)
    rows, columns = codes.shape[0] // step, codes.shape[1] // step
    if rows < 3 or columns < 3:
        return ()
    blocks = edge[: rows * step, : columns * step].reshape(rows, step, columns, step).any(axis=(1, 3))
    coarse = codes[step // 2 :: step, step // 2 :: step][:rows, :columns]
    room = ndimage.distance_transform_edt(np.pad(~blocks & (coarse > 0), 1))[1:-1, 1:-1]
    found = []
    for code in range(1, len(item.colors) + 1):
        own = np.where(coarse == code, room, 0.0)
        at = int(own.argmax())
        most = float(own.reshape(-1)[at]) * step / geometry.ratio
        if most >= NAME_ROOM_PX:
            row, column = divmod(at, columns)
            place = np.array((box[0] + (column + 0.5) * step, box[1] + (row + 0.5) * step)) / geometry.ratio
            found.append((most, place, code - 1))
    found.sort(key=lambda one: -one[0])
    return tuple((place, number) for _, place, number in found)
