"""What lies under the hand in a slice pane: points before lines, the selected before others, the nearest wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray
from viewers.curved_cuts import CurvedTraces
from viewers.gestures import HYSTERESIS_PX, LINE_HIT_PX, PLANE_HIT_PX, POINT_HIT_PX
from viewers.overlay import CurvedCutItem, CutItem, PlanItem, PointItem
from viewers.pane_chrome import CROSS_GAP_PX, CrossLine
from viewers.pane_geometry import PaneGeometry
from viewers.plan_shapes import TraceCache, is_seen_from, nearness

# along a crosshair's arm: the inner third moves the plane, the outer third turns the other two
INNER, OUTER = 1 / 3, 2 / 3
INSIDE_THIRD = (1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True)
class Hit:
    """kind: "point", "cut_move", "cut_turn", "cut_pull", "line", "turn" or "slab". key: of the item, or the crossing plane's
    name.
    """

    kind: str
    key: str

    @property
    def mark(self) -> str:
        """What is highlighted."""
        return f"{self.kind} {self.key}" if self.kind in ("turn", "slab") else self.key


def find_hit(
    place: FloatArray,
    geometry: PaneGeometry,
    items: Sequence[PlanItem],
    lines: Sequence[CrossLine],
    traces: TraceCache,
    curved: CurvedTraces,
    *,
    selected: str,
    before: Hit | None,
    handles: bool,
) -> Hit | None:
    """What a press at a screen place would take.

    before: what was under the hand; it holds on a little longer. handles: whether the crosshair's are shown here.
    """
    return _point(place, geometry, items, selected, before) or _line(
        place, geometry, items, lines if handles else (), traces, curved, before
    )


def _point(
    place: FloatArray, geometry: PaneGeometry, items: Sequence[PlanItem], selected: str, before: Hit | None
) -> Hit | None:
    best: tuple[bool, float, Hit] | None = None
    for item in items:
        if not isinstance(item, PointItem) or not item.movable:
            continue
        if nearness(float(geometry.distance_mm(item.position_mm))) <= 0 or not is_seen_from(item, geometry):
            continue
        hit = Hit("point", item.key)
        distance = float(np.linalg.norm(geometry.to_screen(item.position_mm) - place))
        if distance > POINT_HIT_PX + (HYSTERESIS_PX if hit == before else 0.0):
            continue
        rank = (item.key != selected, distance, hit)
        if best is None or rank[:2] < best[:2]:
            best = rank
    return best[2] if best else None


def _line(
    place: FloatArray,
    geometry: PaneGeometry,
    items: Sequence[PlanItem],
    lines: Sequence[CrossLine],
    traces: TraceCache,
    curved: CurvedTraces,
    before: Hit | None,
) -> Hit | None:
    found: list[tuple[float, Hit]] = []
    for item in items:
        if isinstance(item, CutItem) and item.movable:
            trace = traces.trace(item, geometry)
            if trace is None:
                continue
            distance, part = trace.part_at(place)
            inside = INSIDE_THIRD[0] <= part <= INSIDE_THIRD[1]
            hit = Hit("cut_move" if inside else "cut_turn", item.key)
            if distance <= PLANE_HIT_PX + (HYSTERESIS_PX if hit == before else 0.0):
                # plan geometry lies above the crosshair, so it is taken first where both are near
                found.append((distance - PLANE_HIT_PX, hit))
        elif isinstance(item, CurvedCutItem) and item.movable:
            distance, _ = curved.trace(item, geometry).nearest(place)
            hit = Hit("cut_pull", item.key)
            if distance <= PLANE_HIT_PX + (HYSTERESIS_PX if hit == before else 0.0):
                found.append((distance - PLANE_HIT_PX, hit))
    for line in lines:
        hit = _cross_line(place, geometry, line, before)
        if hit is not None:
            found.append((hit[0], hit[1]))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _cross_line(
    place: FloatArray, geometry: PaneGeometry, line: CrossLine, before: Hit | None
) -> tuple[float, Hit] | None:
    near: list[tuple[float, Hit]] = []
    for kind, handles in (("turn", line.handles(geometry)), ("slab", line.slab_handles(geometry))):
        hit = Hit(kind, line.plane)
        for handle in handles:
            distance = float(np.linalg.norm(place - handle))
            if distance <= POINT_HIT_PX + (HYSTERESIS_PX if hit == before else 0.0):
                near.append((distance - POINT_HIT_PX, hit))
    if near:
        return min(near, key=lambda pair: pair[0])
    rest = place - line.center
    along = float(rest @ line.direction)
    distance = float(np.linalg.norm(rest - along * line.direction))
    forward, backward = line.arms(geometry)
    arm = forward if along >= 0 else backward
    if arm <= 0 or abs(along) < CROSS_GAP_PX:
        return None
    share = abs(along) / arm
    if INNER < share < OUTER:
        return None
    if share >= OUTER and not line.handles(geometry):
        return None
    hit = Hit("line" if share <= INNER else "turn", line.plane)
    limit = LINE_HIT_PX + (HYSTERESIS_PX if hit == before else 0.0)
    return (distance, hit) if distance <= limit else None
