"""Branching vessel trees that fill a space: each new end joins the nearest branch; radii follow Murray's law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray

STEP_MM = 4.0
MURRAY_EXPONENT = 2.7
"""Between Murray's 3 (Proc Natl Acad Sci 1926;12:207) and 2, as measured in portal trees."""


@dataclass(slots=True)
class GrowingTree:
    """Nodes (N, 3) mm with parents; node 0 is the root."""

    points: list[FloatArray]
    parents: list[int]

    @classmethod
    def from_stems(cls, stems: Sequence[npt.ArrayLike]) -> GrowingTree:
        """A tree of polylines in mm; each begins at the node of the tree nearest to its first point."""
        tree = cls([], [])
        for stem in stems:
            line = np.asarray(stem, dtype=np.float64)
            last = -1 if not tree.points else tree.nearest(line[0])
            if last < 0:
                tree.points.append(line[0])
                tree.parents.append(-1)
                last = 0
            for target in line[1:]:
                last = tree.extend(last, target)
        return tree

    def array(self) -> FloatArray:
        """(N, 3) nodes."""
        return np.array(self.points)

    def nearest(self, point: FloatArray) -> int:
        """The node nearest to a point."""
        return int(((self.array() - point) ** 2).sum(axis=1).argmin())

    def extend(self, start: int, target: FloatArray) -> int:
        """A straight way from a node to a point in steps of about 4 mm; the last new node."""
        begin = self.points[start]
        count = max(int(np.ceil(np.linalg.norm(target - begin) / STEP_MM)), 1)
        last = start
        for n in range(1, count + 1):
            self.points.append(begin + (target - begin) * (n / count))
            self.parents.append(last)
            last = len(self.points) - 1
        return last

    def grow(self, targets: FloatArray, avoid: FloatArray, clearance_mm: float, first_node: int = 1) -> None:
        """Join each target from the node it is best reached from, forwards of the branch; skip where the way comes
        within the clearance of `avoid` (M, 3). first_node: nodes before it carry no branches."""
        for target in targets:
            nodes = self.array()
            parents = np.maximum(np.array(self.parents), 0)
            way = target - nodes
            length = np.linalg.norm(way, axis=1)
            forward = nodes - nodes[parents]
            cosine = (way * forward).sum(axis=1) / np.maximum(length * np.linalg.norm(forward, axis=1), 1e-6)
            cost = length * (1.6 - 0.6 * cosine)
            cost[:first_node] = np.inf
            cost[cosine < 0.1] += 1e3
            for start in np.argsort(cost)[:3]:
                if length[start] < STEP_MM or not np.isfinite(cost[start]):
                    break
                line = nodes[start] + (target - nodes[start]) * np.linspace(0.15, 1.0, 12)[:, None]
                gaps = np.linalg.norm(line[:, None] - avoid, axis=2) if len(avoid) else np.full((1, 1), np.inf)
                if gaps.min() >= clearance_mm:
                    self.extend(int(start), target)
                    break

    def segments(
        self,
        leaf_radius_mm: float,
        least_stem_radius_mm: float = 0.0,
        stem_nodes: int = 0,
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Starts, ends (S, 3) and their radii (S,), smoothed; every fork keeps Σ r^2.7."""
        parents = np.array(self.parents)
        power = np.zeros(len(parents))
        is_leaf = np.bincount(parents[1:], minlength=len(parents)) == 0
        power[is_leaf] = leaf_radius_mm**MURRAY_EXPONENT
        for node in range(len(parents) - 1, 0, -1):
            power[parents[node]] += power[node]
        radius = power ** (1.0 / MURRAY_EXPONENT)
        radius[:stem_nodes] = np.maximum(radius[:stem_nodes], least_stem_radius_mm)
        points = self.array()
        child = np.arange(1, len(parents))
        count = 1.0 + (parents >= 0) + np.bincount(parents[1:], minlength=len(parents))
        for _ in range(4):
            total = points.copy()
            np.add.at(total, parents[1:], points[child])
            total[child] += points[parents[1:]]
            inner = ~is_leaf & (parents >= 0)
            points[inner] = (total / count[:, None])[inner]
        return points[parents[1:]], points[child], radius[parents[1:]], radius[child]


def spread_points(candidates: FloatArray, count: int, generator: np.random.Generator) -> FloatArray:
    """(count, 3) of the candidates, each far from those before it: coarse cover first, detail later."""
    first = int(generator.integers(len(candidates)))
    chosen = [first]
    gap = ((candidates - candidates[first]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        following = int(gap.argmax())
        chosen.append(following)
        gap = np.minimum(gap, ((candidates - candidates[following]) ** 2).sum(axis=1))
    return np.asarray(candidates[chosen])
