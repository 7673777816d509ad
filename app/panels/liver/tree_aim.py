"""Which vessel a hand points to, and what a tool would change there: pure numbers on the trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from viewers.pointing import Pointing

if TYPE_CHECKING:
    from planning.liver.corrections import Place, TreeCorrection, TreeSet
    from planning.liver.tree import VesselTree

TOOLS = ("give", "cut", "join", "root")
KINDS = ("portal", "hepatic", "loose")
# a vessel this far beside the pointer's tip is still meant
REACH_PX = 9.0
NEAR_PLANE_MM = 2.0
# a pixel beside the middle weighs as much as this depth in 3D
DEPTH_WEIGHT = 0.05
ON_LINE_MM = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """A point of a tree. kind: "portal", "hepatic" or "loose"."""

    kind: str
    point: int
    place_mm: Vector


def aim_at(trees: TreeSet, kinds: Sequence[str], pointing: Pointing, slab_mm: float) -> Aim | None:
    """The vessel under the hand: in a slice of those near its plane or in its slab, in 3D the nearest to the viewer."""
    best: tuple[float, Aim] | None = None
    for kind in kinds:
        tree = trees.of(kind)
        if tree is None:
            continue
        beside, depth = _beside_and_depth(tree.points_mm, pointing)
        reach = np.maximum(tree.radius_mm, REACH_PX * pointing.mm_per_px)
        if pointing.pane == "3d":
            meant = beside <= reach
            cost = np.maximum(beside - tree.radius_mm, 0.0) / max(pointing.mm_per_px, 1e-6) - DEPTH_WEIGHT * depth
        else:
            meant = (beside <= reach) & (np.abs(depth) <= np.maximum(max(slab_mm / 2.0, NEAR_PLANE_MM), tree.radius_mm))
            cost = beside + 1e-3 * np.abs(depth)
        if not meant.any():
            continue
        point = int(np.where(meant, cost, np.inf).argmin())
        if best is None or cost[point] < best[0]:
            best = (float(cost[point]), Aim(kind, point, tree.points_mm[point]))
    return None if best is None else best[1]


def aim_near(trees: TreeSet, kinds: Sequence[str], place_mm: FloatArray) -> Aim | None:
    """The vessel nearest to a place, None where there is none that a click there would mean."""
    from planning.liver.corrections import CLICK_MM
    from planning.liver.tree import nearest_point

    best: tuple[float, Aim] | None = None
    for kind in kinds:
        tree = trees.of(kind)
        if tree is not None:
            point, gap = nearest_point(tree, place_mm)
            if gap <= CLICK_MM and (best is None or gap < best[0]):
                best = (gap, Aim(kind, point, tree.points_mm[point]))
    return None if best is None else best[1]


def is_on_line(pointing: Pointing, place_mm: FloatArray) -> bool:
    """Whether a place is one that the hand points to."""
    beside, _ = _beside_and_depth(np.asarray(place_mm)[None], pointing)
    return bool(beside[0] <= ON_LINE_MM)


def _beside_and_depth(points_mm: FloatArray, pointing: Pointing) -> tuple[FloatArray, FloatArray]:
    """(N,) distance from the line of sight, and (N,) how much nearer to the viewer than the place pointed at."""
    offset = points_mm - pointing.place_mm
    depth = offset @ pointing.toward
    across = offset - depth[:, None] * pointing.toward
    return np.sqrt(np.einsum("ij,ij->i", across, across)), depth


def other_tree(trees: TreeSet, aim: Aim) -> str:
    """The tree that a given branch goes to: the other one, or the one that a loose piece is nearest to."""
    if aim.kind != "loose":
        return "hepatic" if aim.kind == "portal" else "portal"
    loose = trees.loose
    assert loose is not None
    own = loose.points_mm[same_piece(loose, aim.point)]
    gaps = {kind: _gap(own, trees.of(kind)) for kind in KINDS[:2]}
    return min(gaps, key=lambda kind: gaps[kind])


def _gap(points_mm: FloatArray, tree: VesselTree | None) -> float:
    from scipy.spatial import cKDTree

    return np.inf if tree is None else float(cKDTree(tree.points_mm).query(points_mm)[0].min())


def same_piece(tree: VesselTree, point: int) -> npt.NDArray[np.bool_]:
    """(N,) True for what hangs together with a point."""
    _, piece = tree.graph().pieces()
    return np.asarray(piece == piece[point])


def changed_by(trees: TreeSet, tool: str, aim: Aim) -> npt.NDArray[np.bool_]:
    """(N,) True for the points of the aimed tree that the tool would change."""
    from planning.liver.corrections import branch_start

    tree = trees.of(aim.kind)
    assert tree is not None
    if tool == "give":
        return tree.below(branch_start(tree, aim.point))
    if tool == "cut":
        return tree.below(aim.point)
    return same_piece(tree, aim.point)


def correction_of(trees: TreeSet, tool: str, aim: Aim, first: Aim | None, beyond: str) -> TreeCorrection:
    """What the tool does at a vessel. first: where a join began. beyond: of a cut, "drop" or "root"."""
    from planning.liver.corrections import Cut, Join, Reassign, Root

    at = place_of(aim.place_mm)
    match tool:
        case "give":
            return Reassign(at, other_tree(trees, aim))
        case "cut":
            return Cut(at, beyond)
        case "join" if first is not None:
            return Join(place_of(first.place_mm), at)
    return Root(at, aim.kind)


def place_of(place_mm: FloatArray) -> Place:
    """A place as a correction keeps it."""
    x, y, z = (round(float(v), 2) for v in place_mm)
    return x, y, z
