"""Territories of vessel branches, and what a resection does to them.

Rule: each organ voxel belongs to the named branch whose centreline is nearest (Euclidean, mm; the branch's radius is
not subtracted). Trunks own nothing where branches below them exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Vector
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.cava import find_cava
from planning.liver.distance import distance_to_mm
from planning.liver.graph import IntArray
from planning.liver.regions import SIDE_TOLERANCE_MM, Region
from planning.liver.tree import VesselTree
from planning.progress import CancelToken
from planning.volume import Mask

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

MOST_TERRITORIES = 8
LARGE_SHARE = 1.0 / 6.0
LEAST_SHARE = 0.04
LEAST_LENGTH_MM = 12.0
CLOSED_GAP_MM = 6.0
CLOSING_STEP_MM = 1.6
QUERY_VOXELS = 400_000
QUERY_WORKERS = 2
BLOCK_MM = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class TreeTerritories:
    """A tree, its named branches, and which part of the organ each point of it feeds or drains.

    names: of the territories. branch: (N,) number of the named branch of each tree point, −1 for trunks.
    in_organ: (N,) True for tree points in the organ (its vessel channels counted in). cava: (N,) True for points of the
    vena cava: it owns nothing and stays, whatever is removed about it.
    nearest: (M,) tree point of each organ voxel, voxels in C order of the organ's box.
    volumes_ml: of each territory; they part the organ. segment_names, segment: Couinaud's segments and (N,) which of
    them each point supplies, −1 for stems, where they are named by branches of this tree.
    """

    tree: VesselTree
    names: tuple[str, ...]
    branch: IntArray
    in_organ: npt.NDArray[np.bool_]
    nearest: npt.NDArray[np.int32]
    volumes_ml: tuple[float, ...]
    cava: npt.NDArray[np.bool_]
    segment_names: tuple[str, ...] = ()
    segment: IntArray | None = None

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
        return removed & self.in_organ & ~self.cava

    def meets_cava(self, regions: Sequence[Region]) -> float:
        """Length in mm of the vena cava that lies in what the regions remove of the organ."""
        inside = np.zeros(len(self.in_organ), dtype=bool)
        for region in regions:
            inside |= region.signed_mm(self.tree.points_mm) > SIDE_TOLERANCE_MM
        return float(self.tree.step_mm[inside & self.in_organ & self.cava].sum())

    def removed_by(self, region: Region) -> npt.NDArray[np.bool_]:
        """(N,) by the branch where the region takes whole branches of this tree, else by the place."""
        whole = self.takes_whole(region)
        return whole if whole.any() else region.signed_mm(self.tree.points_mm) > SIDE_TOLERANCE_MM

    def takes_whole(self, region: Region) -> npt.NDArray[np.bool_]:
        """(N,) True for the points of branches that the region takes with all of themselves, and of their stems where
        every branch of a stem is taken: that is where a surgeon divides them."""
        whole = [number for number, name in enumerate(self.names) if name in region.branches]
        taken = self._with_stems(np.isin(self.branch, whole), self.branch >= 0)
        if self.segment is not None:
            taken |= self._with_stems(self.takes_segments(region), self.segment >= 0)
        return taken

    def _with_stems(self, taken: npt.NDArray[np.bool_], owners: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        if not taken.any():
            return taken
        tree = self.tree
        has = tree.count_below(taken) > 0
        misses = tree.count_below(owners & ~taken) > 0
        return taken | (~owners & has & ~misses & ~self.cava)

    def takes_segments(self, region: Region) -> npt.NDArray[np.bool_]:
        """(N,) True for the points of segments that the region takes with all of themselves."""
        if self.segment is None:
            return np.zeros(len(self.branch), dtype=bool)
        whole = [number for number, name in enumerate(self.segment_names) if name in region.branches]
        return np.isin(self.segment, whole)

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


@dataclass(frozen=True, slots=True, eq=False)
class ClosedOrgan:
    """The organ with gaps up to 12 mm wide closed: vessels that were cut out of it lie within.

    grid: of the whole organ's box. closed: bool `[k, j, i]` on every `stride`-th voxel of it, `pad` voxels wider.
    """

    grid: Grid
    closed: npt.NDArray[np.bool_]
    stride: npt.NDArray[np.int64]
    pad: npt.NDArray[np.int64]

    @classmethod
    def of(cls, organ: Mask, kept: KeptSteps = NOTHING_KEPT) -> ClosedOrgan:
        """The closed organ of a mask."""
        spacing = organ.grid.spacing_mm
        stride = np.maximum(np.floor(CLOSING_STEP_MM / spacing), 1).astype(np.int64)
        coarse = organ.voxels[:: stride[2], :: stride[1], :: stride[0]]
        step = spacing * stride
        pad = np.ceil(CLOSED_GAP_MM / step).astype(np.int64) + 1
        inside = np.pad(coarse, [(int(n), int(n)) for n in pad[::-1]])
        if not coarse.any():
            return cls(organ.box_grid, inside, stride, pad)

        def make() -> dict[str, npt.NDArray[Any]]:
            grown = distance_to_mm(inside, step) <= CLOSED_GAP_MM
            return {"closed": (distance_to_mm(~grown, step) > CLOSED_GAP_MM) | inside}

        return cls(organ.box_grid, kept.arrays("closed organ", (organ,), make)["closed"], stride, pad)

    def contains(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) True for the (N, 3) points in it."""
        index = np.rint(self.grid.to_index(points_mm) / self.stride + self.pad).astype(np.intp)
        upper = np.array(self.closed.shape[::-1]) - 1
        reachable = ((index >= 0) & (index <= upper)).all(axis=1)
        i, j, k = np.clip(index, 0, upper).T
        return np.asarray(self.closed[k, j, i] & reachable)


def find_territories(
    tree: VesselTree,
    organ: Mask,
    cancel: CancelToken | None = None,
    closed: ClosedOrgan | None = None,
    kept: KeptSteps = NOTHING_KEPT,
) -> TreeTerritories | None:
    """The organ parted among the tree's main branches; None when the tree does not reach into the organ.

    From each root the largest branch (by length in the organ) is divided at its forks until no branch holds more than
    a sixth of the tree or there are 8 territories; branches under 4 % or 12 mm are not named.
    """
    in_organ = (closed or ClosedOrgan.of(organ)).contains(tree.points_mm)
    cava = find_cava(tree) if tree.kind == "hepatic" else np.zeros(len(in_organ), dtype=bool)
    length = tree.sum_below(np.where(in_organ & ~cava, tree.step_mm, 0.0))
    starts = _branch_starts(tree, length)
    if not starts:
        return None
    branch = np.where(cava, -1, numbered_below(tree, starts))
    nearest = nearest_points(tree.points_mm, np.where(in_organ, branch, -1), organ, cancel, kept)
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
        cava=cava,
        nearest=nearest,
        volumes_ml=tuple(float(counts[n] * voxel_ml) for n in used),
    )


def numbered_below(tree: VesselTree, starts: Sequence[int]) -> IntArray:
    """(N,) for each point the number of the last start on its way from the root, −1 without one."""
    number = np.full(len(tree.parent), -1, dtype=np.int64)
    number[list(starts)] = np.arange(len(starts))
    found = number.tolist()
    for point, above in enumerate(tree.parent.tolist()):
        if found[point] < 0 and above >= 0:
            found[point] = found[above]
    return np.array(found, dtype=np.int64)


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


def nearest_points(
    points_mm: FloatArray,
    branch: IntArray,
    organ: Mask,
    cancel: CancelToken | None = None,
    kept: KeptSteps = NOTHING_KEPT,
) -> npt.NDArray[np.int32]:
    """(M,) for each organ voxel (C order of the box) the tree point nearest to it, of those with a branch (≥ 0).

    Blocks of about 1.6 mm are asked by their middle; only where a block and its 26 neighbours name different branches
    is each voxel asked. So the branch is the voxel's own, and the point along it right to half a block.
    """

    def make() -> dict[str, npt.NDArray[Any]]:
        # neighbours along a row mostly have one point: a fifth of the bytes
        nearest = _nearest_points(points_mm, branch, organ, cancel)
        first = np.flatnonzero(np.diff(nearest, prepend=-1))
        return {"point": nearest[first], "count": np.diff(first, append=len(nearest)).astype(np.int32)}

    found = kept.arrays("nearest points", (points_mm, branch, organ), make)
    return np.repeat(found["point"], found["count"])


def _nearest_points(
    points_mm: FloatArray, branch: IntArray, organ: Mask, cancel: CancelToken | None
) -> npt.NDArray[np.int32]:
    from scipy import ndimage
    from scipy.spatial import cKDTree

    allowed = np.flatnonzero(branch >= 0)
    tree = cKDTree(points_mm[allowed])
    grid = organ.box_grid
    size = np.maximum(np.rint(BLOCK_MM / grid.spacing_mm), 1).astype(np.intp)
    count = -(-np.array(organ.voxels.shape[::-1]) // size)
    ni, nj, nk = (int(n) for n in count)
    wide = np.zeros((nk * size[2], nj * size[1], ni * size[0]), dtype=bool)
    wide[: organ.voxels.shape[0], : organ.voxels.shape[1], : organ.voxels.shape[2]] = organ.voxels
    filled = wide.reshape(nk, size[2], nj, size[1], ni, size[0]).any(axis=(1, 3, 5))
    blocks = np.argwhere(filled)
    point = np.full(filled.shape, -1, dtype=np.int32)
    point[filled] = _ask(tree, allowed, grid.to_world(blocks[:, ::-1] * size + (size - 1) / 2.0), cancel)
    named = np.where(filled, branch[point], -1).astype(np.int16)
    most = ndimage.maximum_filter(named, 3, mode="nearest")
    least = ndimage.minimum_filter(np.where(filled, named, np.int16(2**15 - 1)), 3, mode="nearest")
    shape_k, shape_j, shape_i = (np.arange(n) // s for n, s in zip(organ.voxels.shape, size[::-1], strict=True))
    number = ((shape_k[:, None, None] * nj + shape_j[:, None]) * ni + shape_i).astype(np.int32)[organ.voxels]
    nearest: npt.NDArray[np.int32] = point.reshape(-1)[number]
    border = np.flatnonzero((most != least).reshape(-1)[number])
    k, j, i = np.unravel_index(np.flatnonzero(organ.voxels.reshape(-1))[border], organ.voxels.shape)
    nearest[border] = _ask(tree, allowed, grid.to_world(np.stack([i, j, k], axis=1)), cancel)
    return nearest


def _ask(
    tree: cKDTree, allowed: npt.NDArray[np.intp], places: FloatArray, cancel: CancelToken | None
) -> npt.NDArray[np.int32]:
    """The allowed point nearest to each place."""
    nearest = np.empty(len(places), dtype=np.int32)
    for start in range(0, len(places), QUERY_VOXELS):
        if cancel is not None:
            cancel.raise_if_set()
        part = slice(start, start + QUERY_VOXELS)
        _, found = tree.query(places[part], workers=QUERY_WORKERS)
        nearest[part] = allowed[found]
    return nearest


def find_vessel_cuts(territories: TreeTerritories, regions: Sequence[Region]) -> tuple[VesselCut, ...]:
    """Where the tree passes from what stays to what is removed, or back; crossings of one vessel within its own width
    count once. What lies out of the organ stays, and a vessel that comes out of what is removed there is cut no second
    time. Thickest first."""
    tree = territories.tree
    heights = np.stack([region.signed_mm(tree.points_mm) for region in regions])
    above = tree.parent
    led_to = tree.count_below(territories.branch >= 0)
    # a branch that goes as a whole is divided at its fork, though that may lie before the organ
    reaches = tree.count_below(territories.in_organ) > 0
    whole = np.logical_or.reduce([territories.takes_whole(region) for region in regions]) & reaches
    removed = territories.removed_points(regions) | whole
    segments = np.logical_or.reduce([territories.takes_segments(region) for region in regions])
    again = ~territories.in_organ & ~territories.cava & tree.any_above(removed)
    enters = removed & ~removed[above] & ~again[above]
    leaves = ~removed & removed[above] & territories.in_organ
    crossing = np.flatnonzero((above >= 0) & (enters | leaves))
    cuts: list[VesselCut] = []
    for point in crossing[np.argsort(-tree.radius_mm[crossing], kind="stable")].tolist():
        parent = int(above[point])
        start, end = heights[:, parent].max(), heights[:, point].max()
        if start * end < 0.0:
            share = float(start / (start - end))
            at_mm = tree.points_mm[parent] + share * (tree.points_mm[point] - tree.points_mm[parent])
        else:
            at_mm = tree.points_mm[_out_of_lumen(tree, parent, point)]
        around = (np.linalg.norm(tree.points_mm - at_mm, axis=1) <= 2.0) & ~territories.cava
        diameter_mm = 2.0 * float(np.median(tree.radius_mm[around])) if around.any() else 2.0 * tree.radius_mm[point]
        number = int(territories.branch[point])
        if (segment := _segment_of(territories, segments, point)) is not None:
            name = f"{tree.kind}_{segment}"
        elif number >= 0:
            name = territories.names[number]
        else:
            name = f"{tree.kind}_{_stem_word(int(led_to[point]), int(led_to.max()))}"
        if all(cut.name != name or np.linalg.norm(cut.at_mm - at_mm) > max(4.0, cut.diameter_mm) for cut in cuts):
            cuts.append(VesselCut(name, tree.kind, diameter_mm, at_mm))
    return tuple(cuts)


def _out_of_lumen(tree: VesselTree, parent: int, point: int) -> int:
    """Where a branch that goes as a whole is divided: its first point out of the lumen of the vessel it leaves."""
    below = tree.children()
    reach = float(tree.radius_mm[parent])
    while below[point] and float(np.linalg.norm(tree.points_mm[point] - tree.points_mm[parent])) < reach:
        point = max(below[point], key=lambda child: float(tree.radius_mm[child]))
    return point


def _segment_of(territories: TreeTerritories, taken: npt.NDArray[np.bool_], point: int) -> str | None:
    """The segment that goes with all of itself when the vessel is divided there; None where it is none or several."""
    if territories.segment is None:
        return None
    found = np.unique(territories.segment[taken & territories.tree.below(point)])
    return territories.segment_names[found[0]] if len(found) == 1 else None


def _stem_word(led_to: int, most: int) -> str:
    """What a vessel is that has no name of its own: it leads to all named branches, to some, or to none."""
    if led_to <= 0:
        return "side_branch"
    return "trunk" if led_to >= most else "stem"
