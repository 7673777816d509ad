"""What step 2 of the liver panel draws: both trees, loose pieces, doubtful branches, and what a tool would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from viewers.overlay import IntArray, TreeItem, TreeMarkItem

if TYPE_CHECKING:
    from planning.liver.tree import VesselTree

# skeletons step from voxel to voxel; the eye sees the line behind them
SMOOTHINGS = 12
LINE_PX, DOUBT_PX = 2.0, 3.0
DOUBT_SWELL = 1.08


@dataclass(frozen=True, slots=True, eq=False)
class TreePicture:
    """A tree as it is drawn: (N, 3) and (N,) evened out along its branches, and the points of each branch from the fork
    that it leaves."""

    points_mm: FloatArray
    radius_mm: FloatArray
    lines: tuple[IntArray, ...]

    def item(self, key: str, color: str) -> TreeItem:
        """All of it."""
        return TreeItem(
            key=key, points_mm=self.points_mm, radius_mm=self.radius_mm, lines=self.lines, color=color, width_px=LINE_PX
        )

    def marked(self, key: str, flags: npt.NDArray[np.bool_], color: str, at_mm: Vector, words: str) -> TreeMarkItem:
        """The flagged points, which the hand is about to change."""
        return TreeMarkItem(
            key=key, points_mm=self.points_mm, lines=self._part(flags), color=color, at_mm=at_mm, words=words
        )

    def doubtful(self, key: str, flags: npt.NDArray[np.bool_], color: str) -> TreeItem:
        """The flagged branches, dashed."""
        return TreeItem(
            key=key,
            points_mm=self.points_mm,
            radius_mm=self.radius_mm,
            lines=self._part(flags),
            color=color,
            width_px=DOUBT_PX,
            swell=DOUBT_SWELL,
            dashed=True,
        )

    def _part(self, flags: npt.NDArray[np.bool_]) -> tuple[IntArray, ...]:
        """The lines as far as they are flagged; each begins a step before, so that nothing is left out."""
        found = []
        for line in self.lines:
            inside = np.flatnonzero(flags[line])
            if len(inside) and inside[-1] > 0:
                found.append(line[max(int(inside[0]) - 1, 0) : int(inside[-1]) + 1])
        return tuple(found)


def picture_of(tree: VesselTree) -> TreePicture:
    """How a tree is drawn."""
    count = len(tree.parent)
    children = np.bincount(tree.parent[tree.parent >= 0], minlength=count)
    follower = np.full(count, -1, dtype=np.int64)
    follower[tree.parent[tree.parent >= 0]] = np.flatnonzero(tree.parent >= 0)
    follower[children != 1] = -1
    points, radius = tree.points_mm.copy(), tree.radius_mm.copy()
    # points between two others; forks and ends stay where they are
    inner = np.flatnonzero((follower >= 0) & (tree.parent >= 0))
    for _ in range(SMOOTHINGS):
        for values in (points, radius):
            values[inner] = (values[tree.parent[inner]] + 2.0 * values[inner] + values[follower[inner]]) / 4.0
    return TreePicture(points, radius, _lines(tree, follower))


def _lines(tree: VesselTree, follower: IntArray) -> tuple[IntArray, ...]:
    """The points of each branch, from the fork that it leaves. follower: (N,) the one that follows, −1 at forks and ends."""
    parent, after = tree.parent.tolist(), follower.tolist()
    found = []
    for first, before in enumerate(parent):
        if before >= 0 and after[before] == first:
            continue
        line = [first] if before < 0 else [before, first]
        while after[line[-1]] >= 0:
            line.append(after[line[-1]])
        if len(line) > 1:
            found.append(np.array(line, dtype=np.int64))
    return tuple(found)


class Pictures:
    """Pictures and items of trees, the same objects while trees and colours stay."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[VesselTree, TreePicture]] = {}
        self._items: dict[str, tuple[TreePicture, str, TreeItem]] = {}

    def of(self, tree: VesselTree) -> TreePicture:
        """How it is drawn."""
        kept = self._pictures.get(tree.kind)
        if kept is None or kept[0] is not tree:
            kept = (tree, picture_of(tree))
            self._pictures[tree.kind] = kept
        return kept[1]

    def items(self, trees: Sequence[VesselTree], colors: Mapping[str, str]) -> list[TreeItem]:
        """Whole trees in their colours."""
        found = []
        for tree in trees:
            picture, color = self.of(tree), colors[tree.kind]
            kept = self._items.get(tree.kind)
            if kept is None or kept[0] is not picture or kept[1] != color:
                kept = (picture, color, picture.item(f"tree_{tree.kind}", color))
                self._items[tree.kind] = kept
            found.append(kept[2])
        return found
