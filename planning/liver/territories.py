"""Territories of vessel branches, and what a resection does to them.

Rule: each organ voxel belongs to the named branch whose centreline is nearest (Euclidean, mm; the branch's radius is
not subtracted). Trunks own nothing where branches below them exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from planning.liver.distance import distance_to_mm
from planning.liver.graph import IntArray
from planning.liver.regions import SIDE_TOLERANCE_MM, Region
from planning.liver.tree import VesselTree
from planning.progress import CancelToken
from planning.volume import Mask

MOST_TERRITORIES = 8
LARGE_SHARE = 1.0 / 6.0
LEAST_SHARE = 0.04
LEAST_LENGTH_MM = 12.0
CLOSED_GAP_MM = 6.0
CLOSING_STEP_MM = 1.6
QUERY_VOXELS = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class TreeTerritories:
    """A tree, its named branches, and which part of the organ each point of it feeds or drains.

    names: of the territories. branch: (N,) number of the named branch of each tree point, −1 for trunks.
    in_organ: (N,) True for tree points in the organ (its vessel channels counted in).
    nearest: (M,) tree point of each organ voxel, voxels in C order of the organ's box.
    volumes_ml: of each territory; they part the organ.
    """

    tree: VesselTree
    names: tuple[str, ...]
    branch: IntArray
    in_organ: npt.NDArray[np.bool_]
    nearest: npt.NDArray[np.int32]
    volumes_ml: tuple[float, ...]

    def territory_mask(self, name: str, organ: Mask) -> npt.NDArray[np.bool_]:
        """bool `[k, j, i]` of the organ's box: the voxels of one territory."""
        voxels = np.zeros(organ.voxels.shape, dtype=bool)
        voxels[organ.voxels] = self.branch[self.nearest] == self.names.index(name)
        return voxels

    def removed_points(self, regions: Sequence[Region]) -> npt.NDArray[np.bool_]:
        """(N,) True for the tree points in the organ that the regions remove."""
        removed = np.zeros(len(self.in_organ), dtype=bool)
        for region in regions:
            removed |= self.removed_by(region)
        return removed & self.in_organ

    def removed_by(self, region: Region) -> npt.NDArray[np.bool_]:
        """(N,) by the branch where the region takes whole branches of this tree, else by the place."""
        whole = [number for number, name in enumerate(self.names) if name in region.branches]
        if whole:
            return np.isin(self.branch, whole)
        return region.signed_mm(self.tree.points_mm) > SIDE_TOLERANCE_MM

    def lost_points(self, regions: Sequence[Region]) -> npt.NDArray[np.bool_]:
        """(N,) True for the tree points that are removed or whose way to the root is cut."""
        return self.tree.any_above(self.removed_points(regions))


@dataclass(frozen=True, slots=True, eq=False)
class VesselCut:
    """Where the cut passes through a branch."""

    name: str
    tree: str
    diameter_mm: float
    at_mm: Vector


def find_territories(tree: VesselTree, organ: Mask, cancel: CancelToken | None = None) -> TreeTerritories | None:
    """The organ parted among the tree's main branches; None when the tree does not reach into the organ.

    From each root the largest branch (by length in the organ) is divided at its forks until no branch holds more than
    a sixth of the tree or there are 8 territories; branches under 4 % or 12 mm are not named.
    """
    in_organ = _points_in_closed_organ(tree.points_mm, organ)
    length = tree.sum_below(np.where(in_organ, tree.step_mm, 0.0))
    starts = _branch_starts(tree, length)
    if not starts:
        return None
    branch = np.full(len(tree.parent), -1, dtype=np.int64)
    for number, start in enumerate(starts):
        branch[start] = number
    for point, above in enumerate(tree.parent.tolist()):
        if branch[point] < 0 and above >= 0:
            branch[point] = branch[above]
    nearest = _nearest_points(tree.points_mm, np.flatnonzero((branch >= 0) & in_organ), organ, cancel)
    counts = np.bincount(branch[nearest], minlength=len(starts))
    used = [int(n) for n in np.argsort(-counts, kind="stable") if counts[n]]
    rank = np.full(len(starts) + 1, -1, dtype=np.int64)
    rank[used] = np.arange(len(used))
    voxel_ml = organ.grid.voxel_mm3 / 1000.0
    return TreeTerritories(
        tree=tree,
        names=tuple(f"{tree.kind}_{n}" for n in range(1, len(used) + 1)),
        branch=rank[branch],
        in_organ=in_organ,
        nearest=nearest,
        volumes_ml=tuple(float(counts[n] * voxel_ml) for n in used),
    )


def _branch_starts(tree: VesselTree, length: FloatArray) -> list[int]:
    """First points of the named branches."""
    below = tree.children()
    roots = np.flatnonzero(tree.parent < 0)
    total = float(length[roots].sum())
    least = max(LEAST_LENGTH_MM, LEAST_SHARE * total)

    def fork(point: int) -> list[int]:
        while True:
            large = [child for child in below[point] if length[child] >= least]
            if len(large) != 1:
                return large
            point = large[0]

    starts = [int(root) for root in roots if length[root] >= least]
    finished: list[int] = []
    while starts and len(starts) + len(finished) < MOST_TERRITORIES:
        starts.sort(key=lambda point: -length[point])
        largest = starts.pop(0)
        if length[largest] <= LARGE_SHARE * total:
            starts.insert(0, largest)
            break
        parts = fork(largest)
        if parts:
            starts += parts
        else:
            finished.append(largest)
    return starts + finished


def _points_in_closed_organ(points_mm: FloatArray, organ: Mask) -> npt.NDArray[np.bool_]:
    """(N,) True for points in the organ after closing gaps up to 12 mm wide: vessels cut out of it lie within."""
    spacing = organ.grid.spacing_mm
    stride = np.maximum(np.floor(CLOSING_STEP_MM / spacing), 1).astype(int)
    coarse = organ.voxels[:: stride[2], :: stride[1], :: stride[0]]
    if not coarse.any():
        return np.zeros(len(points_mm), dtype=bool)
    step = spacing * stride
    pad = np.ceil(CLOSED_GAP_MM / step).astype(int) + 1
    inside = np.pad(coarse, [(int(n), int(n)) for n in pad[::-1]])
    grown = distance_to_mm(inside, step) <= CLOSED_GAP_MM
    closed = (distance_to_mm(~grown, step) > CLOSED_GAP_MM) | inside
    index = np.rint(organ.box_grid.to_index(points_mm) / stride + pad).astype(np.intp)
    upper = np.array(closed.shape[::-1]) - 1
    reachable = ((index >= 0) & (index <= upper)).all(axis=1)
    i, j, k = np.clip(index, 0, upper).T
    return np.asarray(closed[k, j, i] & reachable)


def _nearest_points(
    points_mm: FloatArray, allowed: npt.NDArray[np.intp], organ: Mask, cancel: CancelToken | None
) -> npt.NDArray[np.int32]:
    """(M,) for each organ voxel the allowed tree point nearest to its centre."""
    from scipy.spatial import cKDTree

    tree = cKDTree(points_mm[allowed])
    grid = organ.box_grid
    k, j, i = np.nonzero(organ.voxels)
    nearest = np.empty(len(k), dtype=np.int32)
    for start in range(0, len(k), QUERY_VOXELS):
        if cancel is not None:
            cancel.raise_if_set()
        part = slice(start, start + QUERY_VOXELS)
        _, found = tree.query(grid.to_world(np.stack([i[part], j[part], k[part]], axis=1)))
        nearest[part] = allowed[found]
    return nearest


def find_vessel_cuts(territories: TreeTerritories, regions: Sequence[Region]) -> tuple[VesselCut, ...]:
    """Where the tree passes from what is kept to what is removed, or back; crossings of one vessel within its own
    width count once. Thickest first."""
    tree = territories.tree
    heights = np.stack([region.signed_mm(tree.points_mm) for region in regions])
    outside = np.logical_or.reduce([territories.removed_by(region) for region in regions])
    above = tree.parent
    leads = tree.sum_below(np.where(territories.branch >= 0, 1.0, 0.0)) > 0.0
    crossing = np.flatnonzero(
        (above >= 0) & (outside != outside[above]) & (territories.in_organ | territories.in_organ[above])
    )
    cuts: list[VesselCut] = []
    for point in crossing[np.argsort(-tree.radius_mm[crossing], kind="stable")].tolist():
        parent = int(above[point])
        start, end = heights[:, parent].max(), heights[:, point].max()
        # a branch that goes as a whole is divided where it begins
        share = float(start / (start - end)) if start * end < 0.0 else 1.0
        at_mm = tree.points_mm[parent] + share * (tree.points_mm[point] - tree.points_mm[parent])
        around = np.linalg.norm(tree.points_mm - at_mm, axis=1) <= 2.0
        diameter_mm = 2.0 * float(np.median(tree.radius_mm[around])) if around.any() else 2.0 * tree.radius_mm[point]
        number = int(territories.branch[point])
        name = territories.names[number] if number >= 0 else f"{tree.kind}_{'trunk' if leads[point] else 'side_branch'}"
        if all(cut.name != name or np.linalg.norm(cut.at_mm - at_mm) > max(4.0, cut.diameter_mm) for cut in cuts):
            cuts.append(VesselCut(name, tree.kind, diameter_mm, at_mm))
    return tuple(cuts)
