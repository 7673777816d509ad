"""Couinaud's segments from the branches of the portal tree, named by where they run between the hepatic veins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import FloatArray, Vector
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.corrections import branch_start
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
from planning.liver.places import Place
from planning.liver.territories import TreeTerritories, nearest_points, numbered_below
from planning.liver.tree import VesselTree, nearest_point
from planning.progress import CancelToken
from planning.units import text_place
from planning.volume import Mask

UNIT_SHARE = 1.0 / 30.0
LEAST_UNIT_MM = 5.0
LEAST_VEIN_SHARE = 0.06
MIDDLE_DEG = (85.0, 155.0)
"""Between these directions about the cava runs the middle vein; before them the left, beyond them the right one."""
LAST_DEG = 265.0
COMMON_END_MM = 40.0
"""Veins with a common end join within this distance of the cava; forks farther out are branches of one vein."""
LEFT_SHARE = (0.08, 0.6)
LEAST_APART = 0.7
STEM_RADIUS, STILL_THICK = 0.6, 0.75
CLICK_MM = 15.0
DOUBTFUL = 0.6
LEAST_AGREED = 0.5
"""Below this overlap of its two shapes, by portal branches and by hepatic veins, a segment is unsure."""
AGREEMENT_VOXELS = 60_000
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


def find_main_fork(portal: TreeTerritories, leftwards: BoolArray | None = None) -> MainFork | None:
    """The branch that parts the tree best into left and right; None where none does.

    leftwards: (N,) True for the tree's points left of the middle hepatic vein; without one, of the fork itself.
    """
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
        is_left = leftwards
        if is_left is None:
            is_left = tree.points_mm[:, 0] > tree.points_mm[tree.parent[point], 0]
        others_here = ~left & ~_on_the_way(tree, point)
        own = float((length * (left & is_left)).sum() / max(length[left].sum(), 1e-9))
        others = float((length * (others_here & ~is_left)).sum() / max(length[others_here].sum(), 1e-9))
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
    that are found). A vein is known by its direction about the cava; a common end of two, near the cava, is divided."""
    tree = hepatic.tree
    below = tree.sum_below(np.where(hepatic.in_organ, tree.step_mm, 0.0))
    # where a vein forks it goes on in the part that holds more blood
    blood = tree.sum_below(np.where(hepatic.in_organ, tree.step_mm * tree.radius_mm**2, 0.0))
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
        if len(sides) > 1 and _from_axis(axis, tree.points_mm[parts[0]]) <= COMMON_END_MM:
            waiting += parts
        elif own:
            found[own].append(start)
    return axis, {
        name: tree.points_mm[_stem(children, blood, max(roots, key=lambda root: float(below[root])))]
        for name, roots in found.items()
        if roots
    }


def _from_axis(axis: FloatArray, point_mm: Vector) -> float:
    """Distance of a point from an axis at its height, across the body."""
    there = [np.interp(point_mm[2], axis[:, 2], axis[:, n]) for n in (0, 1)]
    return float(np.hypot(*(point_mm[:2] - there)))


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


def _stem(children: Sequence[Sequence[int]], blood: FloatArray, root: int) -> list[int]:
    """The points of the vein along its larger branches."""
    line = [root]
    while children[line[-1]]:
        line.append(max(children[line[-1]], key=lambda child: float(blood[child])))
    return line


def surfaces_from_trees(
    portal: TreeTerritories, axis: FloatArray, veins: Mapping[str, FloatArray], fork: MainFork
) -> tuple[SegmentSurfaces | None, str]:
    """The surfaces through the three hepatic veins of `find_veins`, the umbilical portion and the portal fork; None with
    the reason."""
    boundaries = [boundary_through(axis, umbilical_portion(portal, fork))]
    boundaries += [boundary_through(axis, veins[name]) for name in ("middle", "right")]
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


def umbilical_portion(portal: TreeTerritories, fork: MainFork) -> FloatArray:
    """(1, 3) the foremost point of the left portal vein as far as it runs on thick from where it leaves."""
    tree = portal.tree
    own = np.flatnonzero(fork.left)
    thick = float(np.median(tree.radius_mm[own[:10]]))
    thin = fork.left & (tree.radius_mm < STILL_THICK * thick)
    # what lies beyond a thin stretch is a branch, however wide it grows again; a single thin point is none
    above = np.maximum(tree.parent, 0)
    stem = np.flatnonzero(fork.left & ~tree.any_above(thin & thin[above] & thin[above[above]]))
    return tree.points_mm[[stem[int(tree.points_mm[stem, 1].argmin())]]]


@dataclass(frozen=True, slots=True, eq=False)
class NamedBranches:
    """segment: (N,) number in `NUMERALS` that each point of the portal tree supplies, −1 for stems. sure: (N,) 0…1.

    said: (N,) True where a person named it. units: (N,) number of the branch that was named as a whole, −1 for stems.
    """

    segment: IntArray
    sure: FloatArray
    said: BoolArray
    units: IntArray


def couinaud_by_branches(
    portal: TreeTerritories,
    hepatic: TreeTerritories | None,
    organ: Mask,
    names: Sequence[SegmentName] = (),
    cancel: CancelToken | None = None,
    kept: KeptSteps = NOTHING_KEPT,
) -> tuple[Couinaud | None, tuple[Finding, ...]]:
    """The segments as territories of portal branches; None with a warning where the naming is not possible.

    The main fork tells left from right. Each branch then takes the segment that most of its far length lies in, by surfaces
    through the hepatic veins and the level of the fork; a right branch never takes a left segment, nor the other way
    round. names: what a person named, in order, over all rules: a branch with all beyond it. Each organ voxel belongs
    to the nearest named branch; where the program cannot name any, to the nearest one that a person named.
    """
    surfaces, found, reason = _automatic(portal, hepatic)
    if found is None and not names:
        return None, (_not_possible(reason),)
    if found is None:
        count = len(portal.tree.parent)
        nothing = np.full(count, -1, dtype=np.int64)
        found = NamedBranches(nothing, np.zeros(count), np.zeros(count, dtype=bool), nothing)
    found, findings = _with_names(portal, found, names)
    if not (portal.in_organ & (found.segment >= 0)).any():
        return None, (*findings, _not_possible(reason))
    own = np.where(portal.in_organ, found.segment, -1)
    nearest = nearest_points(portal.tree.points_mm, own, organ, cancel, kept)
    number = found.segment[nearest].astype(np.uint8)
    confidence = _confidence(portal, found, number, surfaces, organ)
    there = [int(n) for n in np.unique(number)]
    unsure = [n for n in there if confidence[n] < LEAST_AGREED]
    if surfaces is None:
        findings.append(Finding("segments_by_hand", f"Only the branches named by hand are segments: {reason}"))
    elif 2 * len(unsure) > len(there):
        listed = ", ".join(NUMERALS[n] for n in unsure)
        return None, (*findings, _not_possible(f"portal branches and hepatic veins do not agree on {listed}"))
    doubts = _doubts(portal, found)
    if doubts:
        findings.append(_doubts_said(doubts, int(found.units.max()) + 1))
    findings += [
        Finding(
            "segment_unsure",
            f"Segment {NUMERALS[n]} is unsure: its portal branches and the hepatic veins agree over "
            f"{100.0 * confidence[n]:.0f} % of it only",
        )
        for n in unsure
    ]
    parted = couinaud_of("branches", number, confidence, organ, found.segment, findings)
    return replace(parted, doubts=doubts), ()


def _automatic(
    portal: TreeTerritories, hepatic: TreeTerritories | None
) -> tuple[SegmentSurfaces | None, NamedBranches | None, str]:
    """What the program names by itself and the surfaces that it went by; both None with the reason where it cannot."""
    if hepatic is None:
        return None, None, "there is no hepatic vein tree"
    axis, veins = find_veins(hepatic)
    missing = [name for name in ("right", "middle", "left") if name not in veins]
    if missing:
        return None, None, f"the {' and the '.join(missing)} hepatic vein cannot be told in the tree"
    tree = portal.tree
    middle = boundary_through(axis, veins["middle"])
    fork = find_main_fork(portal, angles_about(axis, tree.points_mm) < middle.at(tree.points_mm[:, 2]))
    if fork is None:
        return None, None, "the portal tree has no clear fork into a left and a right vein"
    surfaces, reason = surfaces_from_trees(portal, axis, veins, fork)
    if surfaces is None:
        return None, None, reason
    starts = _unit_starts(portal)
    if not starts:
        return None, None, "the portal tree has no branch of 5 mm in the organ"
    units = numbered_below(tree, starts)
    segment, sure = _named(portal, units, len(starts), fork, surfaces)
    own = units >= 0
    length = np.where(portal.in_organ & own, tree.step_mm, 0.0)
    overall = float((length * sure[units]).sum() / max(length.sum(), 1e-9))
    if overall < LEAST_NAMED:
        return None, None, f"only {100.0 * overall:.0f} % of the portal branches' length lies as they want it"
    found = NamedBranches(
        np.where(own, segment[units], -1), np.where(own, sure[units], 0.0), np.zeros(len(own), dtype=bool), units
    )
    return surfaces, found, ""


def _with_names(
    portal: TreeTerritories, found: NamedBranches, names: Sequence[SegmentName]
) -> tuple[NamedBranches, list[Finding]]:
    """What a person named over what was named before, and a warning for each place without a branch."""
    tree = portal.tree
    segment, sure, said = found.segment.copy(), found.sure.copy(), found.said.copy()
    findings = []
    for one in names:
        point, gap = nearest_point(tree, np.array(one.at_mm))
        if gap > CLICK_MM:
            findings.append(Finding("segment_name", f"There is no portal branch near the place named {one.segment}"))
            continue
        beyond = tree.below(branch_start(tree, point))
        said |= beyond
        # the stem of named branches owns nothing: what lies about it is theirs
        kept_stems = beyond & (segment < 0) & (found.units < 0) & bool((found.units >= 0).any())
        segment[beyond & ~kept_stems] = NUMERALS.index(one.segment)
        sure[beyond] = 1.0
    return NamedBranches(segment, sure, said, found.units), findings


def _confidence(
    portal: TreeTerritories,
    found: NamedBranches,
    number: npt.NDArray[np.uint8],
    surfaces: SegmentSurfaces | None,
    organ: Mask,
) -> FloatArray:
    """(8,) of each segment: what a person said is sure, the rest as far as branches and veins give the same shape.

    The caudate lobe has no border by veins: it is as sure as its branches.
    """
    own = found.segment >= 0
    length = np.where(portal.in_organ, portal.tree.step_mm, 0.0)[own]
    whole = np.maximum(np.bincount(found.segment[own], length, 8), 1e-9)
    by_hand = np.bincount(found.segment[own], length * found.said[own], 8) / whole
    named = np.bincount(found.segment[own], length * found.sure[own], 8) / whole
    if surfaces is None:
        return np.asarray(named)
    agreed = np.minimum(named, _agreement(number, surfaces, organ))
    agreed[S1] = named[S1]
    return np.asarray(by_hand + (1.0 - by_hand) * agreed)


def _agreement(number: npt.NDArray[np.uint8], surfaces: SegmentSurfaces, organ: Mask) -> FloatArray:
    """(8,) Dice of each segment by branches and by surfaces through the veins, asked at every few voxels."""
    step = max(len(number) // AGREEMENT_VOXELS, 1)
    flat = np.flatnonzero(organ.voxels.reshape(-1))[::step]
    k, j, i = np.unravel_index(flat, organ.voxels.shape)
    other = surfaces.segments(organ.box_grid.to_world(np.stack([i, j, k], axis=1)))
    mine = number[::step]
    both = np.bincount(mine[mine == other], minlength=8)
    return np.asarray(2.0 * both / np.maximum(np.bincount(mine, minlength=8) + np.bincount(other, minlength=8), 1))


def _doubts(portal: TreeTerritories, found: NamedBranches) -> tuple[Place, ...]:
    """Middles of the branches that lie between two segments and that nobody named."""
    places: list[Place] = []
    for unit in np.unique(found.units[found.units >= 0]):
        own = (found.units == unit) & portal.in_organ
        if own.any() and found.sure[own].min() < DOUBTFUL and not found.said[own].all():
            x, y, z = portal.tree.points_mm[own].mean(axis=0).tolist()
            places.append((x, y, z))
    return tuple(places)


def _doubts_said(doubts: Sequence[Place], count: int) -> Finding:
    places = "; ".join(text_place(middle) for middle in doubts[:MOST_PLACES])
    more = f" and {len(doubts) - MOST_PLACES} more" if len(doubts) > MOST_PLACES else ""
    return Finding(
        "segments_doubtful",
        f"{len(doubts)} of {count} portal branches {'lies' if len(doubts) == 1 else 'lie'} between two segments: "
        f"look at {places}{more}",
    )


def find_couinaud(
    portal: TreeTerritories | None,
    hepatic: TreeTerritories | None,
    organ: Mask,
    inputs: CouinaudInputs,
    cancel: CancelToken | None = None,
    kept: KeptSteps = NOTHING_KEPT,
) -> tuple[Couinaud | None, tuple[Finding, ...]]:
    """The segments by all eight landmarks where these are given, else by branches where both trees are there."""
    findings: tuple[Finding, ...] = ()
    if inputs.landmarks and inputs.method != "branches":
        surfaces, findings = surfaces_from_landmarks(dict(inputs.landmarks), None if hepatic is None else hepatic.tree)
        if surfaces is not None:
            found = couinaud_by_landmarks(organ, surfaces)
            return found, (*findings, *found.findings)
    if portal is None or (hepatic is None and not inputs.names):
        return None, findings
    branched, notes = couinaud_by_branches(portal, hepatic, organ, inputs.names, cancel, kept)
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
