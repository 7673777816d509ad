"""Mending of the vessel trees by one click: which tool the hand holds, what it points to, what a click would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import mark, text_quantity, tr
from app.panels.liver.tree_aim import (
    Aim,
    aim_at,
    aim_near,
    changed_by,
    correction_of,
    is_on_line,
    other_tree,
)
from app.panels.liver.tree_places import tree_words
from planning.geometry import FloatArray
from viewers.pointing import Pointing

if TYPE_CHECKING:
    import numpy.typing as npt

    from planning.liver.corrections import TreeCorrection, TreeSet

HINTS = {
    "give": mark("Click a branch: it goes to the other tree with all beyond it."),
    "cut": mark("Click where a vessel ends. What is beyond leaves its tree."),
    "join": mark("Click the piece, then the vessel that it goes on into."),
    "root": mark("Click where the blood of a tree comes in or goes out."),
}
MAIN_SHARE = 0.5
STILL_PX = 4.0
SECOND = mark("Now click the vessel that it goes on into.")


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """What a click would change. kind, flags: (N,) points of that tree. becomes: the tree that they go to, or "".

    words: beside the hand.
    """

    aim: Aim
    kind: str
    flags: npt.NDArray[np.bool_]
    becomes: str
    words: str


class Mending:
    """The tool in the hand. `tool` is "" while none is."""

    def __init__(self) -> None:
        self.tool = ""
        self.beyond = "drop"
        # the piece that a join begins with
        self.first: Aim | None = None
        self.aim: Aim | None = None
        self._pointing: Pointing | None = None
        self._slab_mm = 0.0
        # where the hand clicked last: until it moves, nothing is marked over what it did
        self._clicked: Pointing | None = None

    def take(self, tool: str) -> None:
        """Another tool, "" to put it down."""
        self.tool, self.first, self.aim, self._clicked = tool, None, None, None

    @property
    def hint(self) -> str:
        """What to do with it."""
        return SECOND if self.first is not None else HINTS.get(self.tool, "")

    def point(self, trees: TreeSet | None, kinds: Sequence[str], pointing: Pointing | None, slab_mm: float) -> bool:
        """The hand is elsewhere; True where it means another place of a vessel. kinds: of the trees it can mean."""
        before, self._pointing, self._slab_mm = self.aim, pointing, slab_mm
        if self._clicked is not None and not _is_still(self._clicked, pointing):
            self._clicked = None
        self.aim = self._meant(trees, kinds) if self._clicked is None else None
        if before is None or self.aim is None:
            return before is not self.aim
        return (before.kind, before.point) != (self.aim.kind, self.aim.point)

    def _meant(self, trees: TreeSet | None, kinds: Sequence[str]) -> Aim | None:
        if not self.tool or trees is None or self._pointing is None:
            return None
        return aim_at(trees, kinds, self._pointing, self._slab_mm)

    def aim_of(self, trees: TreeSet, kinds: Sequence[str], place_mm: FloatArray) -> Aim | None:
        """What a click at a place means: what is under the hand, or for a place that the keyboard named the nearest."""
        if self._pointing is not None and is_on_line(self._pointing, place_mm):
            return self._meant(trees, kinds)
        return aim_near(trees, kinds, place_mm)

    def made(self) -> None:
        """A correction was made: the hand sees what it did before it is told what the next click would do."""
        self.aim = self.first = None
        self._clicked = self._pointing

    def find_again(self, trees: TreeSet, kinds: Sequence[str]) -> None:
        """Other trees: what is under the hand and where a join began have other numbers."""
        self.aim = self._meant(trees, kinds) if self._clicked is None else None
        self.first = None if self.first is None else aim_near(trees, kinds, self.first.place_mm)

    def correction(self, trees: TreeSet, aim: Aim) -> TreeCorrection | None:
        """The correction of a click; None where a join has its first piece only now."""
        if self.tool == "join" and self.first is None:
            self.first = aim
            return None
        made = correction_of(trees, self.tool, aim, self.first, self.beyond)
        self.first = None
        return made

    def marked(self, trees: TreeSet) -> tuple[Marked, ...]:
        """What is under the hand, and where a join began."""
        found = []
        if self.first is not None and _is_there(trees, self.first):
            found.append(Marked(self.first, self.first.kind, _joining(trees, self.first), self.first.kind, ""))
        if self.aim is not None and self.tool and _is_there(trees, self.aim):
            found.append(self._marked(trees, self.aim))
        return tuple(found)

    def _marked(self, trees: TreeSet, aim: Aim) -> Marked:
        flags = _joining(trees, aim) if self.tool == "join" else changed_by(trees, self.tool, aim)
        tree = trees.of(aim.kind)
        assert tree is not None
        length = text_quantity(float(tree.step_mm[flags].sum()), "mm")
        if self.tool == "give":
            becomes = other_tree(trees, aim)
            return Marked(aim, aim.kind, flags, becomes, tr("to the {tree_words}", tree_words=tree_words(becomes)))
        if self.tool == "cut":
            is_dropped = self.beyond == "drop"
            words = (
                tr("{length} beyond", length=length)
                if is_dropped
                else tr("{length} with a root of its own", length=length)
            )
            return Marked(aim, aim.kind, flags, "loose" if is_dropped else aim.kind, words)
        if self.tool == "join":
            words = (
                tr("{length} of the {tree_words}", length=length, tree_words=tree_words(aim.kind))
                if flags.any()
                else tr("the {tree_words}", tree_words=tree_words(aim.kind))
            )
            return Marked(aim, aim.kind, flags, aim.kind, words)
        # the whole tree would be too much: the place alone
        return Marked(
            aim,
            aim.kind,
            np.zeros(len(flags), dtype=bool),
            aim.kind,
            tr("root of the {tree_words}", tree_words=tree_words(aim.kind)),
        )


def _is_still(clicked: Pointing, pointing: Pointing | None) -> bool:
    if pointing is None or pointing.pane != clicked.pane:
        return False
    away = np.linalg.norm(pointing.place_mm - clicked.place_mm)
    return bool(away <= STILL_PX * pointing.mm_per_px)


def _joining(trees: TreeSet, aim: Aim) -> npt.NDArray[np.bool_]:
    """(N,) True for the piece that a join takes; nothing of a tree's main piece, which all of the picture would be."""
    tree = trees.of(aim.kind)
    assert tree is not None
    flags = changed_by(trees, "join", aim)
    is_main = aim.kind != "loose" and float(tree.step_mm[flags].sum()) > MAIN_SHARE * float(tree.step_mm.sum())
    return np.zeros(len(flags), dtype=bool) if is_main else flags


def _is_there(trees: TreeSet, aim: Aim) -> bool:
    tree = trees.of(aim.kind)
    return tree is not None and aim.point < len(tree.parent)


def correction_words(correction: TreeCorrection) -> str:
    """A correction in the list of those made."""
    from planning.liver.corrections import Cut, Join, Reassign

    if isinstance(correction, Join):
        return tr("Pieces joined")
    if isinstance(correction, Cut):
        return tr("Vessel cut") if correction.beyond == "drop" else tr("Cut, with a root of its own")
    words = tree_words(correction.tree)
    return (
        tr("Branch to the {words}", words=words)
        if isinstance(correction, Reassign)
        else tr("Root of the {words}", words=words)
    )
