"""Couinaud's segments from the branches of the portal tree, named by where they run between the hepatic veins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.liver.couinaud import (
    NUMERALS,
    S1,
    S2,
    S3,
    S4,
    S5,
    S6,
    S7,
    S8,
    Couinaud,
    CouinaudInputs,
    SegmentName,
    SegmentSurfaces,
    angles_about,
    boundary_through,
    couinaud_by_landmarks,
    couinaud_of,
    left_surface,
    surfaces_from_landmarks,
)
from planning.liver.graph import IntArray
from planning.liver.territories import TreeTerritories, nearest_points, numbered_below
from planning.liver.tree import VesselTree
from planning.progress import CancelToken
from planning.volume import Mask

UNIT_SHARE = 1.0 / 30.0
LEAST_UNIT_MM = 5.0
LEAST_VEIN_SHARE = 0.06
MIDDLE_DEG = (85.0, 155.0)
"""Between these directions about the cava runs the middle vein; before them the left, beyond them the right one."""
LAST_DEG = 265.0
LEFT_SHARE = (0.08, 0.6)
LEAST_APART = 0.7
STEM_RADIUS = 0.6
CLICK_MM = 15.0
DOUBTFUL = 0.6
LEAST_NAMED = 0.6
"""Below this share of length in the segment that it is named after, a tree does not lie as the segments want it."""
CAUDATE_MM = 30.0
MOST_PLACES = 3
CAVA_HALF_MM = 12.0
STILL_CAVA = 0.9

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MainFork:
    """Where the left portal vein leaves. left: (N,) True for its points. apart: 0.5…1, how clearly it runs to the left
    and all others to the right."""

    point: int
    left: BoolArray
    apart: float


def find_main_fork(portal: TreeTerritories) -> MainFork | None:
    """The branch that parts the tree best into left and right (patient's x); None where none does."""
    tree = portal.tree
    length = np.where(portal.in_organ, tree.step_mm, 0.0)
    below = tree.sum_below(length)
    total = float(length.sum())
    children = np.bincount(tree.parent[tree.parent >= 0], minlength=len(tree.parent))
    starts = [
        point
        for point, above in enumerate(tree.parent.tolist())
        if above >= 0 and children[above] > 1 and LEFT_SHARE[0] * total <= below[point] <= LEFT_SHARE[1] * total
    ]
    best: MainFork | None = None
    for point in starts:
        left = tree.below(point)
        fork_x = tree.points_mm[tree.parent[point], 0]
        leftwards = tree.points_mm[:, 0] > fork_x
        others_here = ~left & ~_on_the_way(tree, point)
        own = float((length * (left & leftwards)).sum() / max(length[left].sum(), 1e-9))
        others = float((length * (others_here & ~leftwards)).sum() / max(length[others_here].sum(), 1e-9))
        apart = min(own, others)
        # of branches that are as good the largest: the vein itself, not the first of its branches
        if best is None or apart > best.apart + 0.02 or (apart > best.apart - 0.02 and left.sum() > best.left.sum()):
            best = MainFork(point, left, apart)
    return best if best is not None and best.apart >= LEAST_APART else None


def _on_the_way(tree: VesselTree, point: int) -> BoolArray:
    """(N,) True for the points between a point and its root."""
    found = np.zeros(len(tree.parent), dtype=bool)
    above = int(tree.parent[point])
    while above >= 0:
        found[above] = True
        above = int(tree.parent[above])
    return found


def find_veins(hepatic: TreeTerritories) -> tuple[FloatArray, dict[str, FloatArray]]:
    """((A, 3) axis of the cava, rising; (P, 3) centrelines of the "right", "middle" and "left" hepatic vein, of those
    that are found). A vein is known by its direction about the cava; a common end of two is divided."""
    tree = hepatic.tree
    below = tree.sum_below(np.where(hepatic.in_organ, tree.step_mm, 0.0))
    children = tree.children()
    total = float(below[tree.roots].sum())
    line, starts = _cava(tree, children, below, total)
    axis = _rising(line)
    least = LEAST_VEIN_SHARE * total
    found: dict[str, list[int]] = {"right": [], "middle": [], "left": []}
    waiting = [start for start in starts if below[start] >= least]
    while waiting:
        start = waiting.pop()
        parts = _fork(children, below, start, least)
        sides = {_side(hepatic, axis, part) for part in parts} - {""}
        own = _side(hepatic, axis, start)
        if len(sides) > 1:
            waiting += parts
        elif own:
            found[own].append(start)
    return axis, {
        name: tree.points_mm[_stem(children, below, max(roots, key=lambda root: float(below[root])))]
        for name, roots in found.items()
        if roots
    }


def _cava(
    tree: VesselTree, children: Sequence[Sequence[int]], below: FloatArray, total: float
) -> tuple[FloatArray, list[int]]:
    """(A, 3) points of the vena cava as far as the tree holds it, and the first points of what leaves it."""
    roots = [int(root) for root in tree.roots if below[root] >= LEAST_VEIN_SHARE * total]
    if len(roots) > 1:
        # the veins alone, without the cava: it runs where they begin
        return tree.points_mm[roots].mean(axis=0, keepdims=True), roots
    line = roots or tree.roots[:1].tolist()
    while True:
        following = max(children[line[-1]], key=lambda child: float(below[child]), default=-1)
        if following < 0 or below[following] < STILL_CAVA * total:
            break
        line.append(following)
    on_line = set(line)
    starts = [child for point in line for child in children[point] if child not in on_line]
    return tree.points_mm[line], starts


def _rising(points_mm: FloatArray) -> FloatArray:
    """Points sorted by height, each height once."""
    order = np.argsort(points_mm[:, 2], kind="stable")
    points = points_mm[order]
    return np.asarray(points[np.append(True, np.diff(points[:, 2]) > 1e-6)])


def _fork(children: Sequence[Sequence[int]], below: FloatArray, start: int, least: float) -> list[int]:
    """The large branches of the first fork beyond a point that has more than one; none at an end."""
    point = start
    while True:
        large = [child for child in children[point] if below[child] >= least]
        if len(large) != 1:
            return large
        point = large[0]


def _side(part: TreeTerritories, axis: FloatArray, start: int) -> str:
    """Which vein begins there: by the median direction of all of it about the cava."""
    own = part.tree.below(start) & part.in_organ
    if not own.any():
        return ""
    angle = float(np.median(angles_about(axis, part.tree.points_mm[own])))
    if angle < MIDDLE_DEG[0]:
        return "left"
    if angle < MIDDLE_DEG[1]:
        return "middle"
    return "right" if angle < LAST_DEG else ""


def _stem(children: Sequence[Sequence[int]], below: FloatArray, root: int) -> list[int]:
    """The points of the vein along its larger branches."""
    line = [root]
    while children[line[-1]]:
        line.append(max(children[line[-1]], key=lambda child: float(below[child])))
    return line


def surfaces_from_trees(
    portal: TreeTerritories, hepatic: TreeTerritories, fork: MainFork
) -> tuple[SegmentSurfaces | None, str]:
    """The surfaces through the three hepatic veins, the umbilical portion and the portal fork; None with the reason."""
    axis, veins = find_veins(hepatic)
    missing = [name for name in ("right", "middle", "left") if name not in veins]
    if missing:
        return None, f"the {' and the '.join(missing)} hepatic vein cannot be told in the tree"
    umbilical = _umbilical_portion(portal, fork)
    boundaries = [boundary_through(axis, umbilical), *(boundary_through(axis, veins[n]) for n in ("middle", "right"))]
    order = [float(np.median(one.angle_deg)) for one in boundaries]
    if not order[0] < order[1] < order[2]:
        return None, "the umbilical portion, the middle and the right vein do not follow each other from left to right"
    start = veins["left"][0]
    along, normal, bow = left_surface(start, veins["left"][1:])
    return (
        SegmentSurfaces(
            axis_mm=axis,
            bifurcation_mm=portal.tree.points_mm[portal.tree.parent[fork.point]],
            umbilical=boundaries[0],
            middle=boundaries[1],
            right=boundaries[2],
            left_mm=start,
            left_along=along,
            left_normal=normal,
            left_bow=bow,
            caudate=None,
        ),
        "",
    )


def _umbilical_portion(portal: TreeTerritories, fork: MainFork) -> FloatArray:
    """(1, 3) the foremost point of the left portal vein where it is still thick."""
    tree = portal.tree
    own = np.flatnonzero(fork.left)
    thick = float(np.median(tree.radius_mm[own[:10]]))
    stem = own[tree.radius_mm[own] >= STEM_RADIUS * thick]
    return tree.points_mm[[stem[int(tree.points_mm[stem, 1].argmin())]]]


def couinaud_by_branches(
    portal: TreeTerritories,
    hepatic: TreeTerritories,
    organ: Mask,
    names: Sequence[SegmentName] = (),
    cancel: CancelToken | None = None,
) -> tuple[Couinaud | None, tuple[Finding, ...]]:
    """The segments as territories of portal branches; None with a warning where the naming is not possible.

    The main fork tells left from right. Each branch then takes the segment that most of its far length lies in, by surfaces
    through the hepatic veins and the level of the fork; a right branch never takes a left segment, nor the other way
    round. names: what a person named, over all rules. Each organ voxel belongs to the nearest named branch.
    """
    fork = find_main_fork(portal)
    if fork is None:
        return None, (_not_possible("the portal tree has no clear fork into a left and a right vein"),)
    surfaces, reason = surfaces_from_trees(portal, hepatic, fork)
    if surfaces is None:
        return None, (_not_possible(reason),)
    tree = portal.tree
    starts = _unit_starts(portal)
    if not starts:
        return None, (_not_possible("the portal tree has no branch of 5 mm in the organ"),)
    unit_of = numbered_below(tree, starts)
    segment, sure = _named(portal, unit_of, len(starts), fork, surfaces)
    findings = []
    for one in names:
        gaps = np.linalg.norm(tree.points_mm - np.array(one.at_mm), axis=1)
        gaps[unit_of < 0] = np.inf
        if gaps.min() > CLICK_MM:
            findings.append(Finding("segment_name", f"There is no portal branch near the place named {one.segment}"))
            continue
        segment[unit_of[gaps.argmin()]], sure[unit_of[gaps.argmin()]] = NUMERALS.index(one.segment), 1.0
    length = np.bincount(unit_of[unit_of >= 0], np.where(portal.in_organ, tree.step_mm, 0.0)[unit_of >= 0], len(starts))
    weight = np.bincount(segment, length, 8)
    overall = float((length * sure).sum() / max(length.sum(), 1e-9))
    if overall < LEAST_NAMED:
        return None, (
            _not_possible(f"only {100.0 * overall:.0f} % of the portal branches' length lies as they want it"),
        )
    findings += _doubts(portal, unit_of, sure)
    point_segment = np.where(unit_of >= 0, segment[unit_of], -1)
    nearest = nearest_points(tree.points_mm, np.where(portal.in_organ, point_segment, -1), organ, cancel)
    confidence = np.bincount(segment, length * sure, 8) / np.maximum(weight, 1e-9) * min(1.0, fork.apart / 0.9)
    found = couinaud_of("branches", point_segment[nearest].astype(np.uint8), confidence, organ, point_segment, findings)
    return found, ()


def _doubts(portal: TreeTerritories, unit_of: IntArray, sure: FloatArray) -> list[Finding]:
    """A warning with places where branches lie between two segments."""
    doubtful = np.flatnonzero(sure < DOUBTFUL).tolist()
    if not doubtful:
        return []
    middles = [portal.tree.points_mm[(unit_of == unit) & portal.in_organ].mean(axis=0) for unit in doubtful]
    places = ", ".join("(" + ", ".join(f"{v:.0f}" for v in middle) + ") mm" for middle in middles[:MOST_PLACES])
    more = f" and {len(doubtful) - MOST_PLACES} more" if len(doubtful) > MOST_PLACES else ""
    return [
        Finding(
            "segments_doubtful",
            f"{len(doubtful)} of {len(sure)} portal branches lie between two segments: look at {places}{more}",
        )
    ]


def find_couinaud(
    portal: TreeTerritories | None,
    hepatic: TreeTerritories | None,
    organ: Mask,
    inputs: CouinaudInputs,
    cancel: CancelToken | None = None,
) -> tuple[Couinaud | None, tuple[Finding, ...]]:
    """The segments by all eight landmarks where these are given, else by branches where both trees are there."""
    findings: tuple[Finding, ...] = ()
    if inputs.landmarks:
        surfaces, findings = surfaces_from_landmarks(dict(inputs.landmarks), None if hepatic is None else hepatic.tree)
        if surfaces is not None:
            found = couinaud_by_landmarks(organ, surfaces)
            return found, (*findings, *found.findings)
    if portal is None or hepatic is None:
        return None, findings
    branched, notes = couinaud_by_branches(portal, hepatic, organ, inputs.names, cancel)
    return branched, (*findings, *notes, *(branched.findings if branched is not None else ()))


def _not_possible(reason: str) -> Finding:
    return Finding("no_couinaud", f"Segments I–VIII are not named: {reason}; set the landmarks to have them")


def _unit_starts(portal: TreeTerritories) -> list[int]:
    """First points of the branches that are named: subtrees of at most a thirtieth of the tree in the organ."""
    tree = portal.tree
    below = tree.sum_below(np.where(portal.in_organ, tree.step_mm, 0.0))
    children = tree.children()
    most = UNIT_SHARE * float(below[tree.roots].sum())
    waiting = [int(root) for root in tree.roots]
    found = []
    while waiting:
        start = waiting.pop()
        line = [start]
        while len(children[line[-1]]) == 1:
            line.append(children[line[-1]][0])
        if below[start] <= most or not children[line[-1]]:
            if below[start] >= LEAST_UNIT_MM:
                found.append(start)
            continue
        waiting += children[line[-1]]
    return sorted(found)


def _named(
    portal: TreeTerritories, unit_of: IntArray, count: int, fork: MainFork, surfaces: SegmentSurfaces
) -> tuple[IntArray, FloatArray]:
    """Segment of each unit by most of its length, more so towards its ends, and that share."""
    tree = portal.tree
    own = np.flatnonzero((unit_of >= 0) & portal.in_organ)
    number = surfaces.segments(tree.points_mm[own])
    votes = np.zeros((count, 8))
    # a branch supplies what lies about its far end: it often crosses the boundary on its way there
    np.add.at(votes, (unit_of[own], number), (tree.step_mm * _way_along(tree, unit_of))[own])
    share = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-9)
    left = np.zeros(count, dtype=bool)
    left[unit_of[fork.left & (unit_of >= 0)]] = True
    allowed = np.zeros((count, 8))
    allowed[:, [S2, S3, S4]] = left[:, None]
    allowed[:, [S5, S6, S7, S8]] = ~left[:, None]
    bound = share * allowed
    lost = bound.sum(axis=1) == 0.0
    # a branch that runs wholly on the other side is judged by the nearest of its own
    bound[lost] = _nearest_allowed(tree, unit_of, lost, left, surfaces)[lost]
    segment = bound.argmax(axis=1).astype(np.int64)
    sure = share[np.arange(count), segment]
    for unit in np.flatnonzero(_caudate_units(portal, unit_of, count, fork, surfaces)).tolist():
        segment[unit], sure[unit] = S1, DOUBTFUL
    return segment, sure


def _way_along(tree: VesselTree, unit_of: IntArray) -> FloatArray:
    """(N,) length of the way from where its unit begins to each point."""
    way = tree.step_mm.tolist()
    for point, above in enumerate(tree.parent.tolist()):
        if above >= 0 and unit_of[above] == unit_of[point]:
            way[point] += way[above]
    return np.array(way)


def _nearest_allowed(
    tree: VesselTree, unit_of: IntArray, lost: BoolArray, left: BoolArray, surfaces: SegmentSurfaces
) -> FloatArray:
    """(U, 8) one vote for units that lie wholly on the other side of the middle vein: IV, or V or VIII, next to it."""
    votes = np.zeros((len(lost), 8))
    for unit in np.flatnonzero(lost).tolist():
        middle = tree.points_mm[unit_of == unit].mean(axis=0)
        upper = middle[2] > surfaces.bifurcation_mm[2]
        votes[unit, S4 if left[unit] else S8 if upper else S5] = 1.0
    return votes


def _caudate_units(
    portal: TreeTerritories, unit_of: IntArray, count: int, fork: MainFork, surfaces: SegmentSurfaces
) -> BoolArray:
    """(U,) True for thin branches that leave about the main fork backwards and stay before the cava, left of its right
    wall: those of the caudate lobe."""
    tree = portal.tree
    found = np.zeros(count, dtype=bool)
    at = tree.points_mm[tree.parent[fork.point]]
    for unit in range(count):
        own = np.flatnonzero((unit_of == unit) & portal.in_organ)
        if not own.size:
            continue
        points = tree.points_mm[own]
        root = int(np.flatnonzero(unit_of == unit)[0])
        above = int(tree.parent[root])
        cava = np.array([np.interp(points[:, 2], surfaces.axis_mm[:, 2], surfaces.axis_mm[:, n]) for n in (0, 1)]).T
        gap = np.linalg.norm(points[:, :2] - cava, axis=1)
        found[unit] = (
            above >= 0
            and float(np.linalg.norm(tree.points_mm[above] - at)) <= CAUDATE_MM
            and float(tree.radius_mm[root]) < STEM_RADIUS * float(tree.radius_mm[above])
            and bool((gap <= CAUDATE_MM).all())
            and float(points[:, 1].mean()) > at[1]
            and float((points[:, 0] - cava[:, 0]).mean()) > -CAVA_HALF_MM
        )
    return found
