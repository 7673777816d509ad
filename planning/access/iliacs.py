"""The arteries from the aorta to the groins: where the aorta forks and where each side ends, found without a click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.access.aorta import AortaChain
from planning.access.scene import Bone, Coarse
from planning.geometry import FloatArray
from planning.vessel.path import crop_box
from planning.vessel.tree import LumenGraph, branches_of, lumen_graph
from planning.volume import Volume

SIDES = (("right", -1.0), ("left", 1.0))
ROOT_ABOVE_MM, TOP_ABOVE_MM = 30.0, 14.0
ASIDE_MM, BEFORE_MM, BEHIND_MM = 130.0, 130.0, 75.0
AORTA_SHARE = 0.72
HEAD_HALF_MM, HEAD_ASIDE_MM, HEAD_BEHIND_MM = 3.0, 55.0, 10.0
BORDER_MM, LEAST_ROUTE_MM = 6.0, 15.0
MIRRORED_MM, MIRRORED_BEHIND_MM = 28.0, 9.0
"""How far an artery may run from the other side's mirror image; the deep branch turns backwards."""
DEEP_BEHIND_MM, TURNS_BEHIND_MM, DEEP_SHARE, LEAST_BEFORE = 4.0, 2.0, 0.85, 10
MOST_LUMEN_MM3, LEVEL_SHARES = 420_000.0, (0.5, 0.62, 0.74)
LEAST_DEPTH_MM, NECK_VOXELS = 0.9, 1.3


@dataclass(frozen=True, slots=True, eq=False)
class SideWay:
    """A rough way from the aorta to one groin.

    points_mm: (N, 3) from the root in the aorta. reach: "groin", "scan" (ends with the scan) or "closed".
    """

    points_mm: FloatArray
    reach: str


@dataclass(frozen=True, slots=True, eq=False)
class Iliacs:
    """Ways by side ("right", "left"), the half level they were found at, and the fork if there is one."""

    ways: Mapping[str, SideWay]
    level_hu: float
    has_fork: bool
    scan_bottom_mm: float


def find_iliacs(
    volume: Volume,
    coarse: Coarse,
    aorta: AortaChain,
    bone: Bone,
    heads: Mapping[str, tuple[FloatArray, float]],
    middle_mm: FloatArray,
) -> Iliacs:
    """Ways from the lower aorta to both groins, as far as lumen and scan go. volume: along the patient."""
    root = _root(aorta)
    bottom = float(volume.grid.to_world(np.zeros(3))[2])
    part = _region(volume, root)
    for share in LEVEL_SHARES:
        level = aorta.tissue_hu + share * (aorta.lumen_hu - aorta.tissue_hu)
        graph = _graph(part, coarse, bone, aorta, level, root)
        if len(graph.points_mm) * part.grid.voxel_mm3 < MOST_LUMEN_MM3:
            break
    found: dict[str, SideWay] = {}
    ends = {side: _end(graph, side, sign, heads, middle_mm, bottom, root) for side, sign in SIDES}
    for side, _ in SIDES:
        end = ends[side]
        if end is not None:
            number, reach = end
            found[side] = SideWay(graph.points_mm[graph.way(number)], reach)
    for side, sign in SIDES:
        other_reach = [way.reach for way in found.values()]
        if side not in found and other_reach == ["groin"]:
            other = found.get("left" if side == "right" else "right")
            way = _stump(graph, sign, other, middle_mm, root, float(part.grid.spacing_mm.min()))
            if way is not None:
                found[side] = SideWay(way, "closed")
    return Iliacs(found, level, len(found) == 2, bottom)


def _root(aorta: AortaChain) -> FloatArray:
    """A place in the lower aorta: above the last disc that is as wide as the aorta is."""
    usual = float(np.median(aorta.radii_mm[: max(3, len(aorta.radii_mm) // 2)]))
    wide = np.flatnonzero(aorta.radii_mm >= AORTA_SHARE * usual)
    last = aorta.points_mm[int(wide[-1])] if len(wide) else aorta.points_mm[-1]
    above = aorta.points_mm[:, 2] >= last[2] + ROOT_ABOVE_MM
    return np.asarray(aorta.points_mm[int(np.flatnonzero(above)[-1])] if above.any() else aorta.points_mm[0])


def _region(volume: Volume, root: FloatArray) -> Volume:
    low_mm = np.array((root[0] - ASIDE_MM, root[1] - BEFORE_MM, volume.grid.to_world(np.zeros(3))[2]))
    high_mm = root + (ASIDE_MM, BEHIND_MM, TOP_ABOVE_MM)
    low, high = crop_box(volume.grid, np.array([low_mm, high_mm]), 0.0)
    box = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    size = (int(high[0] - low[0]), int(high[1] - low[1]), int(high[2] - low[2]))
    grid = volume.grid.cropped((int(low[0]), int(low[1]), int(low[2])), size)
    return Volume(grid, box, quantity=volume.quantity)


def bone_on(bone: npt.NDArray[np.bool_], coarse: Coarse, part: Volume) -> npt.NDArray[np.bool_]:
    """A coarse mask on the voxels of a part of the same scan."""
    picks = []
    for axis in range(3):
        index = np.zeros((part.voxels.shape[axis], 3))
        index[:, 2 - axis] = np.arange(len(index))
        at = np.rint(coarse.grid.to_index(part.grid.to_world(index))[:, 2 - axis]).astype(int)
        picks.append(np.clip(at, 0, bone.shape[axis] - 1))
    return bone[np.ix_(*picks)]


def _graph(part: Volume, coarse: Coarse, bone: Bone, aorta: AortaChain, level: float, root: FloatArray) -> LumenGraph:
    inside = part.voxels > level
    hard = part.voxels > bone.hard_hu
    inside &= ~bone_on(bone.inner, coarse, part)
    inside &= ~(hard & bone_on(bone.whole, coarse, part))
    return lumen_graph(inside, part.grid, root, hard)


def _end(
    graph: LumenGraph,
    side: str,
    sign: float,
    heads: Mapping[str, tuple[FloatArray, float]],
    middle_mm: FloatArray,
    bottom_mm: float,
    root: FloatArray,
) -> tuple[int, str] | None:
    """Number of the last voxel of a side's artery and whether it is the groin or the scan's end; None when neither."""
    if not len(graph.points_mm):
        return None
    at = graph.points_mm
    aside = (at[:, 0] - middle_mm[0]) * sign > 0
    deep = graph.depth_mm >= LEAST_DEPTH_MM
    head = heads.get(side)
    if head is None and heads:
        other = next(iter(heads.values()))
        head = np.array((2.0 * middle_mm[0] - other[0][0], other[0][1], other[0][2])), other[1]
    if head is not None:
        center, _ = head
        near = (
            aside
            & deep
            & (np.abs(at[:, 2] - center[2]) <= HEAD_HALF_MM)
            & (np.abs(at[:, 0] - center[0]) <= HEAD_ASIDE_MM)
            & (at[:, 1] <= center[1] + HEAD_BEHIND_MM)
        )
        # the artery before the ball of the hip; a deep branch lies behind it
        numbers = np.flatnonzero(near)
        if len(numbers):
            return int(numbers[np.argmax(graph.depth_mm[numbers])]), "groin"
        return None
    low = aside & deep & (at[:, 2] <= bottom_mm + BORDER_MM) & (at[:, 2] < root[2] - LEAST_ROUTE_MM)
    numbers = np.flatnonzero(low)
    if not len(numbers):
        return None
    # of several vessels that leave the scan the foremost wide one goes to the groin
    score = graph.depth_mm[numbers] - 0.05 * at[numbers, 1]
    return int(numbers[np.argmax(score)]), "scan"


def _stump(
    graph: LumenGraph,
    sign: float,
    other: SideWay | None,
    middle_mm: FloatArray,
    root: FloatArray,
    least_voxel_mm: float,
) -> FloatArray | None:
    """The way to where a closed artery ends; None when nothing of it is open.

    Of the branches on that side the one that follows the mirror image of the other side's artery farthest.
    """
    from scipy.spatial import cKDTree

    mirrored = None
    if other is not None:
        mirrored = cKDTree(other.points_mm * (-1.0, 1.0, 1.0) + (2.0 * middle_mm[0], 0.0, 0.0))
    best: tuple[float, FloatArray] | None = None
    for branch in branches_of(graph):
        end = branch.points_mm[-1]
        if (end[0] - middle_mm[0]) * sign < 4.0 or end[2] > root[2] - ROOT_ABOVE_MM:
            continue
        numbers = graph.way(graph.nearest(end))
        # past a neck of a single voxel lies a neighbour, bone or vein, not the artery
        neck = graph.depth_mm[numbers[1:]] <= NECK_VOXELS * least_voxel_mm
        numbers = numbers[: int(np.argmax(neck))] if neck.any() else numbers
        if len(numbers) < 5:
            continue
        way = graph.points_mm[numbers]
        if mirrored is None:
            score = float(-way[-1][2])
        else:
            away, near = mirrored.query(way)
            behind = way[:, 1] - mirrored.data[near, 1]
            astray = (away > MIRRORED_MM) | (behind > MIRRORED_BEHIND_MM)
            last = int(np.argmax(astray)) - 1 if astray.any() else len(way) - 1
            last = _before_deep_branch(behind[: last + 1], graph.depth_mm[numbers][: last + 1])
            if last < 1:
                continue
            way = way[: last + 1]
            score = float(near[last])
        if best is None or score > best[0]:
            best = score, way
    return None if best is None else best[1]


def _before_deep_branch(behind_mm: FloatArray, depth_mm: FloatArray) -> int:
    """Number of the last voxel of a way to a stump that lies before the deep branch, if the way runs into that.

    behind_mm: how far each lies behind the other side's mirror image. The branch turns backwards and is narrower; where
    the artery is closed at its origin the way would follow it and tell a place too far down.
    """
    last = len(behind_mm) - 1
    if last < LEAST_BEFORE:
        return last
    usual = float(np.median(behind_mm))
    start = int(np.flatnonzero(behind_mm <= usual + TURNS_BEHIND_MM)[-1])
    if behind_mm[last] - usual < DEEP_BEHIND_MM or start < LEAST_BEFORE:
        return last
    before, after = np.median(depth_mm[max(0, start - 25) : start]), np.median(depth_mm[start:])
    return start if after < DEEP_SHARE * before else last
