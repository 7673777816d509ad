"""Places of the vessel trees that are worth a look: where the trees touch, and branches that may belong elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.geometry import Vector
from planning.units import text_quantity

if TYPE_CHECKING:
    from planning.liver.corrections import TreeSet
    from planning.liver.tree import TreeBranch, VesselTree
    from planning.liver.trees import LiverTrees

MOST_PLACES = 12


@dataclass(frozen=True, slots=True, eq=False)
class TreePlace:
    """A row. kind: "touch", "doubt" or "loose". tree: of a doubtful branch. number: what its mark says."""

    kind: str
    number: int
    at_mm: Vector
    name: str
    detail: str
    tree: str = ""

    @property
    def key(self) -> str:
        """Of its row and its mark."""
        return f"look_{self.number}"


def tree_words(kind: str) -> str:
    """ "portal" and "hepatic" as they are said."""
    return {"portal": "portal tree", "hepatic": "hepatic venous tree", "loose": "loose piece"}[kind]


def doubtful_branches(tree: VesselTree) -> list[TreeBranch]:
    """Branches of little confidence, longest first."""
    from planning.liver.split import LOOK_HERE
    from planning.liver.tree import branches_of

    doubtful = [branch for branch in branches_of(tree) if branch.confidence < LOOK_HERE]
    return sorted(doubtful, key=lambda branch: -branch.length_mm)


def places_to_look(found: LiverTrees, trees: TreeSet) -> list[TreePlace]:
    """All of them, those where the trees touch first. trees: as they are shown."""
    places: list[TreePlace] = []
    for bridge in sorted(found.bridges, key=lambda bridge: -bridge.radius_mm):
        wide = f"{text_quantity(2.0 * bridge.radius_mm, 'mm')} wide"
        places.append(TreePlace("touch", len(places) + 1, bridge.at_mm, "Trees touch", f"{wide}, cut apart here"))
    doubts = [
        (branch, tree)
        for tree in (trees.portal, trees.hepatic)
        if tree is not None
        for branch in doubtful_branches(tree)
    ]
    for branch, tree in sorted(doubts, key=lambda one: -one[0].length_mm):
        middle = tree.points_mm[branch.points[len(branch.points) // 2]]
        detail = f"{tree_words(tree.kind)}, {text_quantity(branch.length_mm, 'mm')} long"
        places.append(TreePlace("doubt", len(places) + 1, middle, "Doubtful branch", detail, tree.kind))
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
