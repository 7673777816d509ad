"""What a person corrected in the vessel trees: each by one click, kept as data and applied in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from planning.errors import UsageError
from planning.findings import Finding
from planning.liver.graph import GAP_MM, VesselGraph
from planning.liver.places import Place, place_from_json
from planning.liver.tree import VesselTree, nearest_point, rooted
from planning.units import text_place

TREES = ("portal", "hepatic")
BEYOND = ("drop", "root")
CLICK_MM = 15.0
"""A click farther than this from every vessel corrects nothing."""


@dataclass(frozen=True, slots=True)
class Reassign:
    """The branch at a place, with all beyond it, belongs to this tree; where it does already, it is sure to."""

    at_mm: Place
    tree: str
    kind: ClassVar[str] = "reassign"


@dataclass(frozen=True, slots=True)
class Cut:
    """The vessel ends at a place. What is beyond is loose ("drop"), or begins a tree of its own ("root")."""

    at_mm: Place
    beyond: str = "drop"
    kind: ClassVar[str] = "cut"


@dataclass(frozen=True, slots=True)
class Join:
    """Two pieces go on into one another: the smaller one grows from the larger."""

    at_mm: Place
    to_mm: Place
    kind: ClassVar[str] = "join"


@dataclass(frozen=True, slots=True)
class Root:
    """The tree's blood comes (portal) or goes (hepatic) at this place."""

    at_mm: Place
    tree: str
    kind: ClassVar[str] = "root"


TreeCorrection = Reassign | Cut | Join | Root


@dataclass(frozen=True, slots=True, eq=False)
class TreeSet:
    """The trees that corrections change. loose: pieces that belong to neither."""

    portal: VesselTree | None
    hepatic: VesselTree | None
    loose: VesselTree | None = None

    def of(self, kind: str) -> VesselTree | None:
        """The tree of that kind: "portal", "hepatic" or "loose"."""
        return {"portal": self.portal, "hepatic": self.hepatic, "loose": self.loose}[kind]

    def with_tree(self, kind: str, tree: VesselTree | None) -> TreeSet:
        """The set with another tree of that kind."""
        kept = tree if tree is not None and len(tree.parent) else None
        return TreeSet(
            kept if kind == "portal" else self.portal,
            kept if kind == "hepatic" else self.hepatic,
            kept if kind == "loose" else self.loose,
        )


def correction_as_json(correction: TreeCorrection) -> dict[str, Any]:
    """The correction as a plan's inputs keep it."""
    found: dict[str, Any] = {"kind": correction.kind, "at_mm": list(correction.at_mm)}
    match correction:
        case Reassign(tree=tree) | Root(tree=tree):
            found["tree"] = tree
        case Cut(beyond=beyond):
            found["beyond"] = beyond
        case Join(to_mm=to_mm):
            found["to_mm"] = list(to_mm)
    return found


def correction_from_json(value: Mapping[str, Any]) -> TreeCorrection:
    """A correction from a plan's inputs. Raises UsageError for one that is not known or not whole."""
    kind = value.get("kind")
    at_mm = place_from_json(value.get("at_mm"))
    match kind:
        case "reassign":
            return Reassign(at_mm, _one_of(value.get("tree"), TREES, "tree"))
        case "root":
            return Root(at_mm, _one_of(value.get("tree"), TREES, "tree"))
        case "cut":
            return Cut(at_mm, _one_of(value.get("beyond", "drop"), BEYOND, "beyond"))
        case "join":
            return Join(at_mm, place_from_json(value.get("to_mm")))
    raise UsageError(f"There is no correction '{kind}' of a vessel tree", "Use reassign, cut, join or root")


def _one_of(value: Any, known: Sequence[str], what: str) -> str:
    if value not in known:
        raise UsageError(f"'{value}' is no {what} of a correction", f"Use {' or '.join(known)}")
    return str(value)


def apply_corrections(trees: TreeSet, corrections: Sequence[TreeCorrection]) -> tuple[TreeSet, tuple[Finding, ...]]:
    """The trees after all corrections in order, and a warning for each that found nothing to correct."""
    findings = []
    for number, correction in enumerate(corrections, start=1):
        match correction:
            case Reassign():
                trees, reason = _reassigned(trees, correction)
            case Cut():
                trees, reason = _cut(trees, correction)
            case Join():
                trees, reason = _joined(trees, correction)
            case Root():
                trees, reason = _rerooted(trees, correction)
        if reason:
            findings.append(Finding("tree_correction", f"Tree correction {number} ({correction.kind}): {reason}"))
    return trees, tuple(findings)


def _find(trees: TreeSet, at_mm: Place, kinds: Sequence[str]) -> tuple[str, int, float]:
    """Kind of tree and number of the point nearest to a place, and its distance; "" where there is no tree."""
    best = ("", -1, np.inf)
    for kind in kinds:
        tree = trees.of(kind)
        if tree is not None:
            point, gap = nearest_point(tree, np.array(at_mm))
            if gap < best[2]:
                best = (kind, point, gap)
    return best


def _nothing_near(at_mm: Place) -> str:
    return f"there is no vessel within {CLICK_MM:.0f} mm of {text_place(at_mm)}"


def _reassigned(trees: TreeSet, correction: Reassign) -> tuple[TreeSet, str]:
    kind, point, gap = _find(trees, correction.at_mm, (*TREES, "loose"))
    if gap > CLICK_MM:
        return trees, _nothing_near(correction.at_mm)
    source = trees.of(kind)
    assert source is not None
    moved = source.below(branch_start(source, point))
    if kind == correction.tree:
        return _sure(trees, source, moved), ""
    piece = source.part(moved)
    trees = trees.with_tree(kind, source.part(~moved))
    target = trees.of(correction.tree)
    sure = replace(piece, kind=correction.tree, confidence=np.ones(len(piece.parent)))
    if target is None:
        return trees.with_tree(correction.tree, sure), ""
    gap, own, other = _closest(piece, target)
    if gap > GAP_MM:
        return (
            trees.with_tree(correction.tree, _together(correction.tree, target, sure)),
            f"the nearest {correction.tree} vessel is {gap:.0f} mm away: the branch stays apart with a root of its own",
        )
    return trees.with_tree(correction.tree, _together(correction.tree, target, sure, (other, own))), ""


def _sure(trees: TreeSet, tree: VesselTree, flags: npt.NDArray[np.bool_]) -> TreeSet:
    """The flagged points are beyond doubt their tree's; the same set where they were."""
    if not (tree.confidence[flags] < 1.0).any():
        return trees
    return trees.with_tree(tree.kind, replace(tree, confidence=np.where(flags, 1.0, tree.confidence)))


def branch_start(tree: VesselTree, point: int) -> int:
    """The first point of the branch that a point lies on: just beyond the fork."""
    children = np.bincount(tree.parent[tree.parent >= 0], minlength=len(tree.parent))
    while tree.parent[point] >= 0 and children[tree.parent[point]] == 1:
        point = int(tree.parent[point])
    return point


def _cut(trees: TreeSet, correction: Cut) -> tuple[TreeSet, str]:
    kind, point, gap = _find(trees, correction.at_mm, TREES)
    if gap > CLICK_MM:
        return trees, _nothing_near(correction.at_mm)
    tree = trees.of(kind)
    assert tree is not None
    if correction.beyond == "drop":
        beyond = tree.below(point)
        piece = replace(tree.part(beyond), kind="loose", confidence=np.zeros(int(beyond.sum())))
        loose = piece if trees.loose is None else _together("loose", trees.loose, piece)
        return trees.with_tree(kind, tree.part(~beyond)).with_tree("loose", loose), ""
    parent = tree.parent.copy()
    step = tree.step_mm.copy()
    parent[point], step[point] = -1, 0.0
    return trees.with_tree(kind, replace(tree, parent=parent, step_mm=step)), ""


def _joined(trees: TreeSet, correction: Join) -> tuple[TreeSet, str]:
    ends = []
    for place in (correction.at_mm, correction.to_mm):
        kind, point, gap = _find(trees, place, (*TREES, "loose"))
        if gap > CLICK_MM:
            return trees, _nothing_near(place)
        tree = trees.of(kind)
        assert tree is not None
        _, piece = tree.graph().pieces()
        own = piece == piece[point]
        ends.append((kind, point, own, float(tree.step_mm[own].sum())))
    if ends[0][0] == ends[1][0] and ends[0][2][ends[1][1]]:
        return trees, "both places lie on one vessel already"
    # a loose piece joins a tree, whatever their lengths
    small, large = sorted(ends, key=lambda end: (end[0] != "loose", end[3]))
    target_kind, target_point = large[0], large[1]
    source = trees.of(small[0])
    assert source is not None
    numbers = np.cumsum(small[2]) - 1
    piece_tree = replace(source.part(small[2]), kind=target_kind)
    piece_point = int(numbers[small[1]])
    target = trees.of(target_kind)
    assert target is not None
    if small[0] == target_kind:
        target = source.part(~small[2])
        target_point = int((np.cumsum(~small[2]) - 1)[target_point])
    else:
        trees = trees.with_tree(small[0], source.part(~small[2]))
    return trees.with_tree(target_kind, _together(target_kind, target, piece_tree, (target_point, piece_point))), ""


def _rerooted(trees: TreeSet, correction: Root) -> tuple[TreeSet, str]:
    kind, point, gap = _find(trees, correction.at_mm, (correction.tree,))
    if gap > CLICK_MM:
        return trees, _nothing_near(correction.at_mm)
    tree = trees.of(kind)
    assert tree is not None
    graph = tree.graph()
    _, piece = graph.pieces()
    roots = [point, *(int(root) for root in tree.roots if piece[root] != piece[point])]
    return trees.with_tree(kind, rooted(kind, graph, roots, tree.confidence)), ""


def _closest(piece: VesselTree, target: VesselTree) -> tuple[float, int, int]:
    """The least gap between two trees and the point of each."""
    from scipy.spatial import cKDTree

    gaps, others = cKDTree(target.points_mm).query(piece.points_mm)
    own = int(np.argmin(gaps))
    return float(gaps[own]), own, int(others[own])


def _together(kind: str, target: VesselTree, piece: VesselTree, link: tuple[int, int] | None = None) -> VesselTree:
    """Both trees as one. link: (point of target, point of piece) that follow each other; else both keep their roots."""
    shift = len(target.parent)
    first, second = target.graph(), piece.graph()
    edges = [first.edges, second.edges + shift]
    roots = target.roots.tolist()
    if link is None:
        roots += (piece.roots + shift).tolist()
    else:
        edges.append(np.array([(link[0], link[1] + shift)], dtype=np.int64))
        # other pieces that came along keep their own roots
        _, part = second.pieces()
        roots += [int(root) + shift for root in piece.roots if part[root] != part[link[1]]]
    graph = VesselGraph(
        np.concatenate([target.points_mm, piece.points_mm]),
        np.concatenate([target.radius_mm, piece.radius_mm]),
        np.concatenate(edges),
    )
    return rooted(kind, graph, roots, np.concatenate([target.confidence, piece.confidence]))
