"""Where plan geometry meets a pane: pure numbers, shared by what is drawn and by what the hand can take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Plane, Vector
from planning.volume import Mask
from viewers.overlay import ContourItem, CutItem, DistanceItem, LabelItem, NoteItem, PlanItem, PointItem, Split
from viewers.pane_geometry import PaneGeometry
from viewers.turning import crossed

# a point within this of the plane is drawn in full, then it fades and is gone at the second limit
NEAR_MM, GONE_MM = 2.0, 15.0
IN_PLANE_MM = 0.5
# a pane looks along, or across, a direction when the cosine of the angle between them is on this side
ALONG, ACROSS = 0.97, 0.5
TRACE_STEP_PX = 1.0
# handles of a cut stand at these parts of its trace; between them (the inside third) the hand moves the plane
HANDLES = (1 / 6, 0.5, 5 / 6)
GAP_TO_JOIN_PX = 6.0


def nearness(distance_mm: float) -> float:
    """1 within NEAR_MM of the plane, falling to 0 at GONE_MM."""
    return min(max((GONE_MM - abs(distance_mm)) / (GONE_MM - NEAR_MM), 0.0), 1.0)


def lies_in(points_mm: FloatArray, geometry: PaneGeometry) -> bool:
    """True when all points are on the pane's plane."""
    return bool(np.abs(geometry.distance_mm(points_mm)).max() <= IN_PLANE_MM)


def is_seen_from(item: PointItem | NoteItem | DistanceItem, geometry: PaneGeometry) -> bool:
    """Whether a pane looks from where an item wants to be seen."""
    if isinstance(item, PointItem):
        away_mm = abs(float(geometry.distance_mm(item.position_mm)))
        if item.deep or (item.within_mm is not None and away_mm > item.within_mm):
            return False
    if item.along is not None and abs(float(item.along @ geometry.normal)) < ALONG:
        return False
    return item.across is None or abs(float(item.across @ geometry.normal)) <= ACROSS


def crossings(points_mm: FloatArray, geometry: PaneGeometry, *, closed: bool) -> FloatArray:
    """(M, 3) places where a curve goes through the pane's plane, in order along the line they make."""
    heights = geometry.distance_mm(points_mm)
    following = np.roll(np.arange(len(points_mm)), -1)
    if not closed:
        following = following[:-1]
    start = np.arange(len(following))
    crossed = np.flatnonzero((heights[start] > 0) != (heights[following] > 0))
    a, b = points_mm[start[crossed]], points_mm[following[crossed]]
    share = heights[start[crossed]] / (heights[start[crossed]] - heights[following[crossed]])
    found = a + share[:, None] * (b - a)
    if len(found) < 2:
        return found
    spread = found - found.mean(axis=0)
    line = spread[np.argmax(np.linalg.norm(spread, axis=1))]
    return np.asarray(found[np.argsort(spread @ line)])


def chords(item: ContourItem, geometry: PaneGeometry) -> FloatArray:
    """(M, 2, 2) screen ends of the pieces of a pane's plane that lie inside a contour."""
    found = geometry.to_screen(crossings(item.points_mm, geometry, closed=True))
    return np.asarray(found[: len(found) // 2 * 2].reshape(-1, 2, 2))


def near_pieces(points_mm: FloatArray, geometry: PaneGeometry, within_mm: float = NEAR_MM) -> list[FloatArray]:
    """Screen polylines of the runs of an open curve that lie near the plane."""
    near = np.abs(geometry.distance_mm(points_mm)) <= within_mm
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
    places = geometry.to_screen(points_mm)
    return [places[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b - a >= 2]


@dataclass(frozen=True, slots=True, eq=False)
class CutTrace:
    """A cut plane in a pane. pieces: screen polylines inside the organ. ends: (2, 2) first and last place."""

    pieces: tuple[FloatArray, ...]
    ends: FloatArray

    @property
    def handles(self) -> FloatArray:
        """(3, 2) screen places of the handles: turn, move, turn."""
        return np.array([self.ends[0] + part * (self.ends[1] - self.ends[0]) for part in HANDLES])

    def part_at(self, place: FloatArray) -> tuple[float, float]:
        """(distance in px, part 0 … 1 along the trace) of a screen place."""
        along = self.ends[1] - self.ends[0]
        length2 = float(along @ along)
        part = float(np.clip((place - self.ends[0]) @ along / length2, 0.0, 1.0)) if length2 > 0 else 0.5
        return float(np.linalg.norm(place - (self.ends[0] + part * along))), part


def cut_trace(plane: Plane, organ: Mask | None, geometry: PaneGeometry) -> CutTrace | None:
    """Where a plane crosses the pane, limited to the organ; None when it does not."""
    direction = crossed(plane.normal, geometry.normal)
    length = float(np.linalg.norm(direction))
    if length < 1e-3:
        return None
    direction /= length
    towards = crossed(geometry.normal, direction)
    # the point of both planes that is nearest to the middle of the pane
    height = float((geometry.center_mm - plane.origin_mm) @ plane.normal)
    through = geometry.center_mm - height / float(towards @ plane.normal) * towards
    box = None if organ is None else organ.bounds_mm()
    reach = _reach(geometry) if box is None else max(_reach(geometry), float(np.ptp(box, axis=0).max()))
    step = TRACE_STEP_PX * geometry.mm_per_px
    count = min(int(reach / step) + 1, 4000)
    along = np.linspace(-reach, reach, 2 * count + 1)
    if box is not None:
        # a ball round the organ's box: what lies farther along the line needs no question
        radius = float(np.linalg.norm(np.ptp(box, axis=0))) / 2
        along = along[np.abs(along - float((box.mean(axis=0) - through) @ direction)) <= radius]
    points = through + along[:, None] * direction
    inside = np.ones(len(points), dtype=bool) if organ is None else is_inside(organ, points)
    if not inside.any():
        return None
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    pieces = [geometry.to_screen(points[[a, b - 1]]) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    joined = [pieces[0]]
    for piece in pieces[1:]:
        # a vessel or a ragged border must not chop the line
        if np.linalg.norm(piece[0] - joined[-1][1]) <= GAP_TO_JOIN_PX:
            joined[-1] = np.array([joined[-1][0], piece[1]])
        else:
            joined.append(piece)
    return CutTrace(tuple(joined), np.array([joined[0][0], joined[-1][1]]))


def _reach(geometry: PaneGeometry) -> float:
    return float(np.hypot(geometry.width, geometry.height)) * geometry.mm_per_px


def is_inside(mask: Mask, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
    """(N,) True for the (N, 3) points whose nearest voxel centre the mask holds."""
    index = np.rint(mask.box_grid.to_index(points_mm)).astype(np.intp)
    size = np.array(mask.voxels.shape[::-1])
    within = ((index >= 0) & (index < size)).all(axis=1)
    result = np.zeros(len(index), dtype=bool)
    i, j, k = index[within].T
    result[within] = mask.voxels[k, j, i]
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """An item under the hand, drawn before anybody else has answered. value: (3,) position or a Plane."""

    key: str
    value: Vector | Plane

    def items(self, items: tuple[PlanItem, ...]) -> tuple[PlanItem, ...]:
        """The items with the dragged one at its new place."""
        return tuple(self._moved(item) if item.key == self.key else item for item in items)

    def labels(self, labels: tuple[LabelItem, ...], items: tuple[PlanItem, ...]) -> tuple[LabelItem, ...]:
        """Structures that the dragged cut splits, split where it is now."""
        if not isinstance(self.value, Plane):
            return labels
        old = next((item.plane for item in items if isinstance(item, CutItem) and item.key == self.key), None)
        moved = self.value
        return tuple(
            replace(label, split=tuple(moved if _is_same(split, old) else split for split in label.split))
            if any(_is_same(split, old) for split in label.split)
            else label
            for label in labels
        )

    def _moved(self, item: PlanItem) -> PlanItem:
        if isinstance(item, PointItem) and not isinstance(self.value, Plane):
            return replace(item, position_mm=self.value)
        if isinstance(item, CutItem) and isinstance(self.value, Plane):
            return replace(item, plane=self.value)
        return item


def _is_same(split: Split, other: Plane | None) -> bool:
    if other is None or not isinstance(split, Plane):
        return False
    return bool(np.array_equal(split.origin_mm, other.origin_mm) and np.array_equal(split.normal, other.normal))


class TraceCache:
    """Traces of cuts, kept while plane, organ and geometry stay: an item that is made anew may say the same."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], Mask | None, CutTrace | None]] = {}

    def trace(self, item: CutItem, geometry: PaneGeometry) -> CutTrace | None:
        """The trace of an item in a pane."""
        key = (geometry.key, *item.plane.origin_mm.tolist(), *item.plane.normal.tolist())
        found = self._kept.get(item.key)
        if found is not None and found[1] is item.organ and found[0] == key:
            return found[2]
        trace = cut_trace(item.plane, item.organ, geometry)
        self._kept[item.key] = (key, item.organ, trace)
        return trace


def outward(points: Mapping[str, FloatArray], key: str) -> FloatArray:
    """(2,) unit screen direction in which a point's name stands clear of the others; right when it is alone."""
    if len(points) < 2:
        return np.array((1.0, 0.0))
    middle = np.mean(list(points.values()), axis=0)
    away = points[key] - middle
    length = float(np.linalg.norm(away))
    return away / length if length > 4.0 else np.array((1.0, 0.0))
