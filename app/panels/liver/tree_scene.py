"""What step 2 of the liver panel shows in the panes: trees, doubtful branches, marks, and what a click would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import text_quantity, tr
from app.panels.base import PlanRow
from app.panels.liver.tree_drawing import Pictures
from app.panels.liver.tree_mending import Marked
from app.panels.liver.tree_places import TreePlace, doubtful_branches
from app.theme.tokens import DARK
from viewers.overlay import PlanItem, PointItem

if TYPE_CHECKING:
    from planning.liver.corrections import TreeSet
    from planning.liver.tree import VesselTree

# a mark shows in slices this near to its place
MARK_NEAR_MM = 8.0


def trees_of(trees: TreeSet) -> list[VesselTree]:
    """Those that are there, the loose pieces last."""
    return [tree for tree in (trees.portal, trees.hepatic, trees.loose) if tree is not None]


def tree_title(kind: str) -> str:
    """ "Portal tree" as a row's name."""
    return {"portal": tr("Portal tree"), "hepatic": tr("Hepatic tree"), "loose": tr("Loose pieces")}[kind]


def tree_rows(trees: TreeSet, colors: Mapping[str, str]) -> tuple[PlanRow, ...]:
    """The trees in the list of structures, each to be hidden."""
    return tuple(
        PlanRow(
            f"tree_{tree.kind}",
            tree_title(tree.kind),
            colors[tree.kind],
            text_quantity(float(tree.step_mm.sum()) / 10.0, "cm"),
        )
        for tree in trees_of(trees)
    )


def _root_items(trees: TreeSet, colors: Mapping[str, str]) -> list[PlanItem]:
    """Where the blood of each tree, or of each of its pieces, comes in or goes out."""
    return [
        PointItem(
            key=f"root_{tree.kind}_{number}",
            position_mm=tree.points_mm[root],
            color=colors[tree.kind],
            label=tr("Root") if number == 0 else "",
            movable=False,
            shape="square",
            within_mm=MARK_NEAR_MM,
        )
        for tree in trees_of(trees)
        if tree.kind != "loose"
        for number, root in enumerate(tree.roots.tolist())
    ]


class TreeScene:
    """Items that stay the same objects while what they show stays."""

    def __init__(self) -> None:
        self._pictures = Pictures()
        self._still: tuple[tuple[object, ...], list[PlanItem]] | None = None

    def items(
        self,
        trees: TreeSet,
        colors: Mapping[str, str],
        places: Sequence[TreePlace],
        chosen: str,
        marked: Sequence[Marked],
        *,
        with_roots: bool,
    ) -> tuple[PlanItem, ...]:
        """Everything of the step. chosen: key of the place that is looked at. with_roots: where the trees begin."""
        key = (*trees_of(trees), *colors.values(), tuple(places), chosen, with_roots)
        if (
            self._still is None
            or len(self._still[0]) != len(key)
            or any(a is not b and a != b for a, b in zip(self._still[0], key, strict=True))
        ):
            roots = _root_items(trees, colors) if with_roots else []
            self._still = (key, [*self._rest(trees, colors, places, chosen), *roots])
        return (*self._still[1], *self._changes(trees, colors, marked))

    def _rest(
        self, trees: TreeSet, colors: Mapping[str, str], places: Sequence[TreePlace], chosen: str
    ) -> list[PlanItem]:
        items: list[PlanItem] = [*self._pictures.items(trees_of(trees), colors)]
        for tree in (trees.portal, trees.hepatic):
            doubtful = doubtful_branches(tree) if tree is not None else []
            if tree is not None and doubtful:
                flags = np.zeros(len(tree.parent), dtype=bool)
                flags[np.concatenate([branch.points for branch in doubtful])] = True
                picture = self._pictures.of(tree)
                items.append(picture.doubtful(f"doubt_{tree.kind}", flags, DARK["warn"]))
        for place in places:
            items.append(
                PointItem(
                    key=place.key,
                    position_mm=place.at_mm,
                    color=DARK["warn"],
                    label=str(place.number),
                    movable=False,
                    shape="ring" if place.kind == "doubt" else "square",
                    within_mm=None if place.key == chosen else MARK_NEAR_MM,
                )
            )
        return items

    def _changes(self, trees: TreeSet, colors: Mapping[str, str], marked: Sequence[Marked]) -> list[PlanItem]:
        items: list[PlanItem] = []
        for number, one in enumerate(marked):
            tree = trees.of(one.kind)
            if tree is None or len(tree.parent) != len(one.flags):
                continue
            color = DARK["t1"] if one.becomes == one.kind else colors[one.becomes]
            picture = self._pictures.of(tree)
            items.append(picture.marked(f"tree_mark_{number}", one.flags, color, one.aim.place_mm, one.words))
        return items
