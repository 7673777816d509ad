"""A structure under the hand over a slice: drawn once, then only the pixels that a change covers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from viewers.label_layer import CORNERS, OUTLINE_PX, covered_box, edge_cover, packed, rgb_of
from viewers.paint_live import LIVE_FILL, LiveLabel, Spans
from viewers.pane_geometry import PaneGeometry
from viewers.reslice import Box

LIVE_OUTLINE_PX = OUTLINE_PX + 0.4
# slopes and outlines at the border of a part are known this many pixels further in
BORDER_PX = 4


class LiveLayer:
    """Keeps a pane's picture of one LiveLabel."""

    def __init__(self) -> None:
        self._key: tuple[Any, ...] = ()
        self._version = -1
        self._pixels: npt.NDArray[np.uint32] | None = None
        self._smooth = self._fill = True
        self._table_of = ""
        self._table = np.zeros(256, dtype=np.uint32)

    def picture(self, live: LiveLabel, geometry: PaneGeometry, *, fill: bool, smooth: bool) -> npt.NDArray[np.uint32]:
        """(height, width) premultiplied ARGB32; the array stays the same while the plane stays."""
        key = (live, live.color, geometry.key, fill, smooth)
        if key != self._key or self._version != live.version or self._pixels is None:
            width, height = geometry.device_size
            if self._pixels is None or self._pixels.shape != (height, width):
                self._pixels = np.zeros((height, width), dtype=np.uint32)
            else:
                self._pixels.fill(0)
            self._key, self._fill, self._smooth, self._version = key, fill, smooth, live.version
            box = covered_box(live.reslicer.grid, geometry, reach_px=2)
            if box is not None:
                self._draw(live, geometry, box)
        return self._pixels

    def forget(self) -> None:
        """Nothing is under the hand any more: neither its voxels nor its picture are kept."""
        self._key, self._pixels = (), None

    def patch(self, live: LiveLabel, geometry: PaneGeometry, spans: Spans) -> Box | None:
        """Draw anew what a changed box covers; the device pixels touched, None when the plane misses it.

        Does nothing when the picture is of another plane or an older state: the next `picture` draws all of it.
        """
        is_next = self._version == live.version - 1 and self._key[:3] == (live, live.color, geometry.key)
        if self._pixels is None or not is_next:
            return None
        self._version = live.version
        box = touched_box(live, geometry, spans)
        if box is not None:
            self._draw(live, geometry, box)
        return box

    def _draw(self, live: LiveLabel, geometry: PaneGeometry, box: Box) -> None:
        assert self._pixels is not None
        width, height = geometry.device_size
        left, top, right, bottom = box
        wide = (
            max(left - BORDER_PX, 0),
            max(top - BORDER_PX, 0),
            min(right + BORDER_PX, width),
            min(bottom + BORDER_PX, height),
        )
        field = live.reslicer.cut(geometry, kind="linear" if self._smooth else "nearest", box=wide)
        alpha = cover_of(field.astype(np.float32, copy=False), geometry.ratio, self._fill)
        if self._table_of != live.color:
            levels = np.arange(256, dtype=np.float64)[:, None] / 255.0
            self._table = packed(np.append(rgb_of(live.color), 255.0) * levels)
            self._table_of = live.color
        inner = alpha[top - wide[1] : bottom - wide[1], left - wide[0] : right - wide[0]]
        self._pixels[top:bottom, left:right] = self._table.take(inner)


def cover_of(field: npt.NDArray[np.float32], ratio: float, fill: bool) -> npt.NDArray[np.uint8]:
    """How much of the structure's colour each pixel has: a thin fill inside, the outline full."""
    inside = field > 0.5
    alpha = inside.view(np.uint8) * np.uint8(round(255 * LIVE_FILL) if fill else 0)
    flat, cover = edge_cover(field, inside, LIVE_OUTLINE_PX * ratio / 2, 0.0)
    alphas = alpha.reshape(-1)
    alphas[flat] = np.rint(255.0 * cover + (1.0 - cover) * alphas.take(flat)).astype(np.uint8)
    return alpha


def touched_box(live: LiveLabel, geometry: PaneGeometry, spans: Spans) -> Box | None:
    """Device pixels that may look different after a change of a box, None when the pane's plane misses it."""
    start = np.array([span.start for span in reversed(spans)], dtype=np.float64)
    size = np.array([span.stop - span.start for span in reversed(spans)], dtype=np.float64)
    # between voxels values are interpolated: a change reaches one voxel further
    corners = live.grid.to_world(start - 1.0 + CORNERS * (size + 1.0))
    heights = geometry.distance_mm(corners)
    if heights.min() > 0 or heights.max() < 0:
        return None
    reach = int(np.ceil(LIVE_OUTLINE_PX * geometry.ratio)) + 1
    places = geometry.to_screen(corners) * geometry.ratio
    left, top = np.floor(places.min(axis=0)).astype(int) - reach
    right, bottom = np.ceil(places.max(axis=0)).astype(int) + reach
    width, height = geometry.device_size
    box = (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
    return box if box[2] > box[0] and box[3] > box[1] else None
