"""Places of the vessel trees that are worth a look: where the trees touch, and branches that may belong elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.i18n import tr
from planning.geometry import Vector

if TYPE_CHECKING:
    from planning.liver.corrections import TreeSet
    from planning.liver.tree import TreeBranch, VesselTree
    from planning.liver.trees import LiverTrees

MOST_PLACES = 12
GUESSED_ROOTS = "roots_by_position"


@dataclass(frozen=True, slots=True, eq=False)
class TreePlace:
    """A row. kind: "root", "touch" or "doubt". tree: whose root or branch it is, "" where the trees touch. number: what
    its mark says. size_mm: width of what joins the trees, length of a branch; None of a root.
    """

    kind: str
    number: int
    at_mm: Vector
    name: str
    size_mm: float | None = None
    tree: str = ""

    @property
    def key(self) -> str:
        """Of its row and its mark."""
        return f"look_{self.number}"

    def is_same(self, other: TreePlace) -> bool:
        """Whether another list means the same place."""
        return (self.kind, self.tree) == (other.kind, other.tree) and bool((self.at_mm == other.at_mm).all())


def tree_words(kind: str) -> str:
    """ "portal" and "hepatic" as they are said."""
    return {"portal": tr("portal tree"), "hepatic": tr("hepatic tree"), "loose": tr("loose piece")}[kind]


def doubtful_branches(tree: VesselTree) -> list[TreeBranch]:
    """Branches of little confidence, longest first."""
    from planning.liver.split import LOOK_HERE
    from planning.liver.tree import branches_of

    if not (tree.confidence < LOOK_HERE).any():
        return []
    doubtful = [branch for branch in branches_of(tree) if branch.confidence < LOOK_HERE]
    return sorted(doubtful, key=lambda branch: -branch.length_mm)


def places_to_look(found: LiverTrees, trees: TreeSet, named: Sequence[str] = ()) -> list[TreePlace]:
    """All of them: roots chosen by position, places where the trees touch, doubtful branches.

    trees: as they are shown. named: trees whose root a person has named.
    """
    places: list[TreePlace] = []
    if any(finding.code == GUESSED_ROOTS for finding in found.findings):
        for tree in (trees.portal, trees.hepatic):
            if tree is not None and tree.kind not in named:
                root = tree.points_mm[int(tree.roots[0])]
                name = tr("Portal root") if tree.kind == "portal" else tr("Hepatic root")
                places.append(TreePlace("root", len(places) + 1, root, name, None, tree.kind))
    for bridge in sorted(found.bridges, key=lambda bridge: -bridge.radius_mm):
        places.append(TreePlace("touch", len(places) + 1, bridge.at_mm, tr("Trees touch"), 2.0 * bridge.radius_mm))
    doubts = [
        (branch, tree)
        for tree in (trees.portal, trees.hepatic)
        if tree is not None
        for branch in doubtful_branches(tree)
    ]
    for branch, tree in sorted(doubts, key=lambda one: -one[0].length_mm):
        middle = tree.points_mm[branch.points[len(branch.points) // 2]]
        places.append(TreePlace("doubt", len(places) + 1, middle, tr("Doubtful branch"), branch.length_mm, tree.kind))
    return places


def loose_pieces(trees: TreeSet) -> list[tuple[Vector, float]]:
    """(middle, length mm) of each piece that belongs to neither tree, longest first."""
    import numpy as np

    loose = trees.loose
    if loose is None:
        return []
    count, piece = loose.graph().pieces()
    found = []
    for number in range(count):
        own = np.flatnonzero(piece == number)
        found.append((loose.points_mm[own[len(own) // 2]], float(loose.step_mm[own].sum())))
    return sorted(found, key=lambda one: -one[1])
