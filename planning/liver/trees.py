"""The portal and the hepatic tree of a liver, from two labels or from one that holds both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.cava import rooted_at_cava
from planning.liver.corrections import Root, TreeCorrection, TreeSet, apply_corrections
from planning.liver.graph import Joint, VesselGraph, chains_of, graph_of, joined
from planning.liver.organ import NamedMask, OrganLookup
from planning.liver.split import LOOK_HERE, Bridge, split_trees
from planning.liver.tree import (
    FoundTree,
    VesselTree,
    branches_of,
    find_tree,
    grown_tree,
    merged_mask,
    with_volume_radii,
)
from planning.units import text_place
from planning.volume import Mask

SHARED = 0.5
"""One label for both trees: this share of the smaller one's voxels is in the other one."""
ROOT_RADIUS = 0.45
ROOT_MM = 20.0
MOST_PLACES = 3


@dataclass(frozen=True, slots=True, eq=False)
class LiverTrees:
    """trees: after the corrections. bridges: where the two touched in one label. joints: gaps that were bridged."""

    trees: TreeSet
    bridges: tuple[Bridge, ...]
    joints: tuple[Joint, ...]
    findings: tuple[Finding, ...]

    @property
    def portal(self) -> VesselTree | None:
        """The portal tree."""
        return self.trees.portal

    @property
    def hepatic(self) -> VesselTree | None:
        """The hepatic venous tree."""
        return self.trees.hepatic


@dataclass(frozen=True, slots=True, eq=False)
class VesselPieces:
    """What the vessels of two labels hold before anybody corrects anything. found: portal, hepatic."""

    found: tuple[FoundTree, FoundTree]

    def trees(self, corrections: Sequence[TreeCorrection] = ()) -> LiverTrees:
        """Both trees as the labels say, corrected in order."""
        portal, hepatic = self.found
        loose = _joint_loose([one.loose for one in self.found if one.loose is not None])
        findings = [*portal.findings, *hepatic.findings]
        joints = (*portal.joints, *hepatic.joints)
        return _corrected(TreeSet(portal.tree, hepatic.tree, loose), (), joints, findings, corrections)


@dataclass(frozen=True, slots=True, eq=False)
class SharedVessels:
    """One label that holds both trees, as a graph that is cut in two for each set of corrections."""

    mask: Mask
    organ: OrganLookup
    graph: VesselGraph
    joints: tuple[Joint, ...]

    def trees(self, corrections: Sequence[TreeCorrection] = ()) -> LiverTrees:
        """The trees cut apart between their roots: those that a correction names, else by position."""
        trees, bridges, findings = _apart(self.mask, self.graph, self.organ, corrections)
        return _corrected(trees, bridges, self.joints, findings, corrections)


TreeSource = VesselPieces | SharedVessels


def tree_source(
    portal: Sequence[NamedMask], hepatic: Sequence[NamedMask], organ: Mask, kept: KeptSteps = NOTHING_KEPT
) -> TreeSource:
    """The slow half of making trees, done once for all corrections.

    Where the same voxels are named for both, the tree is cut in two between its roots (`split`). In other cases the
    labels say which tree a vessel belongs to.
    """
    masks = [merged_mask([mask for _, mask in part], organ.grid) for part in (portal, hepatic)]
    lookup = OrganLookup.of(organ)
    if portal and hepatic and _shared(masks[0], masks[1]) >= SHARED:
        mask = merged_mask(masks, organ.grid)
        return SharedVessels(mask, lookup, *joined(graph_of(mask, kept=kept)))
    parts = zip(masks, (portal, hepatic), ("portal", "hepatic"), strict=True)
    first, second = (
        find_tree(mask, kind, lookup, kept) if part else FoundTree(None, None, (), (_not_given(kind),))
        for mask, part, kind in parts
    )
    if second.tree is not None:
        tree = rooted_at_cava(second.tree)
        notes = () if tree is second.tree else (_no_cava(tree),)
        second = replace(second, tree=tree, findings=(*second.findings, *notes))
    return VesselPieces((first, second))


def _corrected(
    trees: TreeSet,
    bridges: tuple[Bridge, ...],
    joints: tuple[Joint, ...],
    findings: list[Finding],
    corrections: Sequence[TreeCorrection],
) -> LiverTrees:
    trees, notes = apply_corrections(trees, corrections)
    doubts = [doubt for tree in (trees.portal, trees.hepatic) if tree is not None for doubt in _doubts(tree)]
    return LiverTrees(trees, bridges, joints, (*findings, *notes, *doubts))


def _not_given(kind: str) -> Finding:
    return Finding(
        f"no_{kind}_tree", f"No {kind} tree is given: territories, cut vessels and the viable remnant leave it out"
    )


def _no_cava(tree: VesselTree) -> Finding:
    places = "; ".join(text_place(tree.points_mm[root]) for root in tree.roots[:MOST_PLACES])
    return Finding(
        "no_cava",
        f"The hepatic veins come without the vena cava: they were taken to meet it where they are thick, at {places}; "
        "name the cava as a hepatic structure, or set the root",
    )


def _shared(first: Mask, second: Mask) -> float:
    """Share of the smaller mask's voxels that lie in the other."""
    least = min(first.voxel_count, second.voxel_count)
    if not least:
        return 0.0
    whole = first.full()
    return float(np.count_nonzero(whole[second.box_kji] & second.voxels) / least)


def _joint_loose(pieces: Sequence[VesselTree]) -> VesselTree | None:
    if len(pieces) < 2:
        return pieces[0] if pieces else None
    first, second = pieces
    parent = np.where(second.parent < 0, -1, second.parent + len(first.parent))
    return VesselTree(
        "loose",
        np.concatenate([first.points_mm, second.points_mm]),
        np.concatenate([first.radius_mm, second.radius_mm]),
        np.concatenate([first.parent, parent]),
        np.concatenate([first.step_mm, second.step_mm]),
        np.concatenate([first.confidence, second.confidence]),
    )


def _apart(
    mask: Mask, graph: VesselGraph, organ: OrganLookup, corrections: Sequence[TreeCorrection]
) -> tuple[TreeSet, tuple[Bridge, ...], list[Finding]]:
    """The two trees of one label."""
    clicked = {
        tree: [_closest(graph, one.at_mm) for one in corrections if isinstance(one, Root) and one.tree == tree]
        for tree in ("portal", "hepatic")
    }
    findings: list[Finding] = []
    portal, hepatic = clicked["portal"], clicked["hepatic"]
    if not len(graph.edges):
        return TreeSet(None, None), (), [_no_roots()]
    if not portal or not hepatic:
        places = roots_by_position(graph, organ)
        portal, hepatic = portal or places[0], hepatic or places[1]
        if not portal or not hepatic:
            # a person sees what there is, and names the roots on it
            return TreeSet(None, None, _loose(graph)), (), [_no_roots()]
        findings.append(
            Finding(
                "roots_by_position",
                "Both trees lie in one structure; their roots were chosen by position: check that "
                f"{text_place(graph.points_mm[portal[0]])} is the portal trunk and "
                f"{text_place(graph.points_mm[hepatic[0]])} the vena cava",
            )
        )
    # only roots decide where it is cut: a branch that is given changes itself and what is beyond it, nothing else
    split = split_trees(graph, portal, hepatic)
    trees = []
    for kind, part, roots in (("portal", split.portal, portal), ("hepatic", split.hepatic, hepatic)):
        measured = with_volume_radii(part.graph, mask)
        own = [_closest(measured, graph.points_mm[root]) for root in roots]
        found = grown_tree(kind, measured, part.confidence, (), own, organ)
        findings += found.findings
        trees.append(found.tree)
    if split.bridges:
        places_text = "; ".join(text_place(bridge.at_mm) for bridge in split.bridges[:MOST_PLACES])
        more = f" and {len(split.bridges) - MOST_PLACES} more" if len(split.bridges) > MOST_PLACES else ""
        findings.append(
            Finding(
                "trees_touch",
                f"Portal and hepatic veins touch in {len(split.bridges)} places, where they were cut apart: "
                f"{places_text}{more}",
            )
        )
    loose = None if split.loose is None else _loose(split.loose)
    if loose is not None:
        findings.append(
            Finding("loose_vessels", "Pieces of vessel that touch neither tree are left out; join them by a click")
        )
    return TreeSet(trees[0], trees[1], loose), split.bridges, findings


def _loose(graph: VesselGraph) -> VesselTree | None:
    """All pieces of a graph that are long enough to be seen, as pieces of no tree."""
    found = grown_tree("loose", graph, np.zeros(len(graph.points_mm)))
    return _joint_loose([piece for piece in (found.tree, found.loose) if piece is not None])


def _no_roots() -> Finding:
    return Finding(
        "no_tree_roots",
        "Both trees lie in one structure, and where the portal trunk and the vena cava enter could not be found: "
        "click on each once",
    )


def _closest(graph: VesselGraph, at_mm: npt.ArrayLike) -> int:
    return int(np.linalg.norm(graph.points_mm - np.asarray(at_mm, dtype=np.float64), axis=1).argmin())


def roots_by_position(graph: VesselGraph, organ: OrganLookup) -> tuple[list[int], list[int]]:
    """(portal, hepatic) root points of a graph that holds both trees; empty where none can be told.

    Root-like ends are about half as thick as the thickest end or more. Hepatic: the one nearest to the head; others in
    the upper half of the organ, too. Portal: of those that the hepatic root reaches only through a much thinner vessel,
    the thickest in the lower half, rather outside the organ.
    """
    degree = graph.degree
    ends: dict[int, float] = {}
    for chain in chains_of(graph):
        for line in (chain.points, chain.points[::-1]):
            if degree[line[0]] == 1:
                points = np.array(line)
                along = np.cumsum(np.linalg.norm(np.diff(graph.points_mm[points], axis=0), axis=1))
                last = points[: 1 + int(np.searchsorted(along, ROOT_MM))]
                ends[line[0]] = float(np.median(graph.radius_mm[last])) * min(1.0, float(along[-1]) / 6.0)
    if not ends:
        return [], []
    middle = float(organ.middle_mm[2])
    points = np.array(sorted(ends, key=lambda end: -ends[end]))
    height = graph.points_mm[points, 2]
    thick = np.array([ends[int(point)] for point in points])
    upper = points[(height > middle) & (thick >= ROOT_RADIUS * thick[height > middle].max(initial=0.0))]
    if not upper.size:
        return [], []
    top = int(upper[graph.points_mm[upper, 2].argmax()])
    reach = _narrowest(graph, top)
    apart = points[(reach[points] < 0.6 * thick) & (height <= middle)]
    if not apart.size:
        return [], []
    value = [ends[int(point)] * (1.0 if not organ.contains(graph.points_mm[[point]])[0] else 0.6) for point in apart]
    portal = int(apart[int(np.argmax(value))])
    others = [int(p) for p in upper if p != top and reach[p] < 0.6 * ends[int(p)] and ends[int(p)] >= 0.6 * ends[top]]
    return [portal], [top, *others]


def _narrowest(graph: VesselGraph, start: int) -> FloatArray:
    """(N,) the least radius on the way from a point to each other that is nowhere thinner than need be."""
    import heapq

    beside = graph.neighbours()
    radius = graph.radius_mm.tolist()
    width = np.zeros(len(radius))
    width[start] = radius[start]
    queue = [(-radius[start], start)]
    while queue:
        negative, point = heapq.heappop(queue)
        if -negative < width[point]:
            continue
        for other in beside[point]:
            through = min(-negative, radius[other])
            if through > width[other]:
                width[other] = through
                heapq.heappush(queue, (-through, other))
    return width


def _doubts(tree: VesselTree) -> list[Finding]:
    """A warning where branches are hardly more likely of this tree than of the other."""
    doubtful = [branch for branch in branches_of(tree) if branch.confidence < LOOK_HERE]
    if not doubtful:
        return []
    doubtful.sort(key=lambda branch: -branch.length_mm)
    places = "; ".join(text_place(tree.points_mm[one.points[len(one.points) // 2]]) for one in doubtful[:MOST_PLACES])
    more = f" and {len(doubtful) - MOST_PLACES} more" if len(doubtful) > MOST_PLACES else ""
    return [
        Finding(
            f"{tree.kind}_doubtful",
            f"{len(doubtful)} branch{'' if len(doubtful) == 1 else 'es'} of the {tree.kind} tree may belong elsewhere: "
            f"look at {places}{more}",
        )
    ]
