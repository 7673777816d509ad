"""Cuts that are no planes in a slice pane: the line where the pane crosses them, and the hand that pulls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt

from planning.geometry import FloatArray, Vector
from planning.volume import Mask
from viewers.drags import Bench, Drag
from viewers.gestures import DRAG_PX
from viewers.overlay import CurvedCutItem, Side
from viewers.pane_geometry import PaneGeometry
from viewers.plan_shapes import HANDLES, is_inside

# the border is asked for on a net of pixels this far apart, and is straight between
NET_PX = 3.0
SHORTEST_PX = 4.0
LEAST_FOR_THREE_PX = 80.0
CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class CurvedTrace:
    """The line of a cut in a pane: screen polylines inside the organ."""

    pieces: tuple[FloatArray, ...]

    @property
    def handles(self) -> FloatArray:
        """(H, 2) places of handles on the longest piece; the hand may take any other place as well."""
        if not self.pieces:
            return np.zeros((0, 2))
        piece = max(self.pieces, key=_length)
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(piece, axis=0), axis=1))])
        parts = np.array(HANDLES if along[-1] >= LEAST_FOR_THREE_PX else (0.5,))
        return np.stack([np.interp(parts * along[-1], along, piece[:, axis]) for axis in (0, 1)], axis=1)

    def nearest(self, place: FloatArray) -> tuple[float, FloatArray]:
        """Distance in px and (2,) the place on the line that is nearest to a screen place."""
        best, found = float("inf"), np.zeros(2)
        for piece in self.pieces:
            start, along = piece[:-1], np.diff(piece, axis=0)
            squared = np.maximum((along**2).sum(axis=1), 1e-12)
            share = np.clip(((place - start) * along).sum(axis=1) / squared, 0.0, 1.0)
            feet = start + share[:, None] * along
            away = np.hypot(*(feet - place).T)
            number = int(np.argmin(away))
            if away[number] < best:
                best, found = float(away[number]), feet[number]
        return best, found


def curved_trace(side: Side, organ: Mask | None, geometry: PaneGeometry, others: Sequence[Side] = ()) -> CurvedTrace:
    """Where a side's border crosses the pane, limited to the organ and to what no other side holds."""
    low, high = np.zeros(2), np.array((geometry.width, geometry.height))
    if organ is not None:
        corners = organ.box_grid.to_world(CORNERS * np.array(organ.voxels.shape[::-1]) - 0.5)
        heights = geometry.distance_mm(corners)
        if heights.min() > 0.0 or heights.max() < 0.0:
            return CurvedTrace(())
        places = geometry.to_screen(corners)
        low, high = np.maximum(low, places.min(axis=0)), np.minimum(high, places.max(axis=0))
    if (high - low < NET_PX).any():
        return CurvedTrace(())
    x, y = (np.arange(a, b + NET_PX, NET_PX) for a, b in zip(low, high, strict=True))
    net = np.stack(np.meshgrid(x, y), axis=-1)
    values = side.signed_mm(geometry.to_world(net).reshape(-1, 3)).reshape(net.shape[:2])
    ends, places = _segments(values, net)
    if organ is not None and len(ends):
        middles = geometry.to_world(places[ends].mean(axis=1))
        ends = ends[is_inside(organ, middles)]
    for other in others:
        if len(ends):
            ends = ends[other.signed_mm(geometry.to_world(places[ends].mean(axis=1))) <= 0.0]
    return CurvedTrace(tuple(piece for piece in _chains(ends, places) if _length(piece) >= SHORTEST_PX))


def _segments(values: FloatArray, net: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """(S, 2) numbers of places and (P, 2) places of the zero line, by two triangles a cell; shared edges share places."""
    rows, columns = values.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.reshape(-1) for part in (number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]))
    flat, points = values.reshape(-1), net.reshape(-1, 2)
    above = flat > 0.0
    triangles = np.concatenate([np.stack([a, b, d], axis=1), np.stack([a, d, c], axis=1)])
    mixed = above[triangles].sum(axis=1) % 3 != 0
    triangles = triangles[mixed]
    # the corner that is alone on its side comes first
    lonely = (above[triangles] != (above[triangles].sum(axis=1) == 2)[:, None]).argmax(axis=1)
    turned = np.take_along_axis(triangles, (lonely[:, None] + np.arange(3)) % 3, axis=1)
    edges = np.sort(np.concatenate([turned[:, (0, 1)], turned[:, (0, 2)]]), axis=1)
    unique, inverse = np.unique(edges, axis=0, return_inverse=True)
    if not len(unique):
        return np.zeros((0, 2), dtype=np.intp), np.zeros((0, 2))
    start, end = flat[unique[:, 0]], flat[unique[:, 1]]
    share = (start / np.where(start == end, 1.0, start - end))[:, None]
    places = points[unique[:, 0]] + share * (points[unique[:, 1]] - points[unique[:, 0]])
    return np.asarray(inverse.reshape(2, -1).T, dtype=np.intp), places


def _chains(ends: npt.NDArray[np.intp], places: FloatArray) -> list[FloatArray]:
    """Segments joined to polylines."""
    beside: dict[int, list[int]] = {}
    for first, second in ends.tolist():
        beside.setdefault(first, []).append(second)
        beside.setdefault(second, []).append(first)
    # open lines are walked from an end, closed ones from anywhere
    order = sorted(beside, key=lambda point: len(beside[point]) == 2)
    left = {point: list(others) for point, others in beside.items()}
    found = []
    for point in order:
        while left[point]:
            walk = [point]
            while left[walk[-1]]:
                following = left[walk[-1]].pop()
                left[following].remove(walk[-1])
                walk.append(following)
            found.append(places[walk])
    return found


def _length(piece: FloatArray) -> float:
    return float(np.linalg.norm(np.diff(piece, axis=0), axis=1).sum())


class CurvedTraces:
    """Lines of curved cuts, kept while item and geometry stay."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], CurvedCutItem, CurvedTrace]] = {}

    def trace(self, item: CurvedCutItem, geometry: PaneGeometry) -> CurvedTrace:
        """The line of an item in a pane."""
        found = self._kept.get(item.key)
        if found is not None and found[0] == geometry.key and _is_same(found[1], item):
            return found[2]
        trace = curved_trace(item.side, item.organ, geometry, item.others)
        self._kept[item.key] = (geometry.key, item, trace)
        return trace


def _is_same(first: CurvedCutItem, second: CurvedCutItem) -> bool:
    """Whether both have one line."""
    return (
        first.side is second.side
        and first.organ is second.organ
        and len(first.others) == len(second.others)
        and all(a is b for a, b in zip(first.others, second.others, strict=True))
    )


class PullDrag(Drag):
    """The line of a curved cut is pulled: the cut shall go through the place that the hand brings it to."""

    cursor = "move"
    threshold = DRAG_PX

    def __init__(self, bench: Bench, place: FloatArray, item: CurvedCutItem, trace: CurvedTrace) -> None:
        super().__init__(bench, place)
        self.key = item.key
        self.origin = self.geometry.to_world(trace.nearest(place)[1])
        self.position = self.origin

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        moved = self.moved_mm(place)
        self.position = self.origin + (0.1 * moved if keys & Qt.KeyboardModifier.ControlModifier else moved)
        self.bench.tell_point(self.key, self.position, False)

    def finish(self, place: FloatArray) -> None:
        if self.begun:
            self.bench.tell_point(self.key, self.position, True)

    def cancel(self) -> None:
        if self.begun:
            self.bench.tell_point(self.key, self.origin, False)

    @property
    def glass_moved_mm(self) -> float | None:
        return float(np.linalg.norm(self.position - self.origin))

    @property
    def glass_mm(self) -> Vector | None:
        return None
