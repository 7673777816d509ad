"""What leaves a measured vessel: every piece of bright lumen that touches its wall at one place, followed outwards.

The measured sections say where the vessel itself is; what is left of the lumen falls into pieces. A piece that touches
the vessel along a longer stretch lies beside it (a vein, another artery) and is no branch; what goes on at the vessel's
two ends is the vessel. Where a branch opens into something much wider (a kidney, a chamber of the heart) it ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.progress import Progress, no_progress
from planning.vessel.path import LEAST_LUMEN_HU, averaged, brightness_at, crop_box
from planning.vessel.tracing import trace
from planning.vessel.tree import Branch, branches_of, lumen_graph
from planning.volume import Volume

MARGIN_MM, MOST_VOXELS = 110.0, 30_000_000
TISSUE_HU, TISSUE_SHARE, LEVEL_SHARE = 60.0, 0.3, 0.5
BONE_OVER_HU, LEAST_BONE_HU, BONE_SHARE = 250.0, 650.0, 1.6
# the vessel itself with its blurred edge
TUBE_SHARE, TUBE_MM = 1.12, 0.8
LEAST_PIECE_MM3, MOST_PIECE_MM3 = 60.0, 60_000.0
MOST_TOUCH_MM, TOUCH_WIDTHS = 12.0, 2.5
# of a wide piece: how far it is followed, and how bright its middle stays
NEAR_MM, BRIGHT_SHARE = 60.0, 0.75
LEAST_DEPTH_MM, LEAST_BRANCH_MM, ON_LINE_MM = 0.7, 10.0, 4.0
OSTIUM_MM, OPENS_SHARE, OPENS_MM = 15.0, 1.8, 2.0
# a branch is drawn towards its parent at first
FLARE_MM, ORIGIN_MM, ORIGIN_SHARE, ORIGIN_SPARE_MM = 3.0, 12.0, 1.5, 2.0
MOST_OF_PIECE, MOST_WIDE_PIECES = 12, 40


@dataclass(frozen=True, slots=True, eq=False)
class Offshoot:
    """A branch: number of its parent (−1: the measured vessel), line from the middle of the parent, and rough radii.

    line_mm: (N, 3). mean_diameter_mm: half-level estimate.
    """

    parent: int
    line_mm: FloatArray
    mean_diameter_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class _Tube:
    """The measured vessel: (N, 3) line, (N,) radii and places along it."""

    line_mm: FloatArray
    radii_mm: FloatArray
    along_mm: FloatArray


def find_offshoots(
    volume: Volume, results: Mapping[str, Any], *, progress: Progress = no_progress
) -> tuple[list[Offshoot], list[Finding]]:
    """The branches of a measured vessel (the contract's numbers) and theirs, longest first within each piece.

    Raises MeasurementError where the vessel's own lumen is not bright.
    """
    from scipy import ndimage

    tube = _tube(results)
    part = _around(volume, tube.line_mm)
    every = max(1, len(tube.line_mm) // 40)
    lumen = float(np.median([brightness_at(part, place) for place in tube.line_mm[::every]]))
    is_hu = volume.quantity == "HU"
    if is_hu and lumen < LEAST_LUMEN_HU:
        raise MeasurementError(
            f"There is no contrast in this vessel ({lumen:.0f} HU)", "Branches need a bright lumen", "no_contrast"
        )
    tissue = TISSUE_HU if is_hu else TISSUE_SHARE * lumen
    level = tissue + LEVEL_SHARE * (lumen - tissue)
    hard = max(lumen + BONE_OVER_HU, LEAST_BONE_HU) if is_hu else BONE_SHARE * lumen
    progress(0.1, "Finding branches")
    inside = (part.voxels > level) & (part.voxels <= hard)
    if is_hu:
        inside &= ~_bone(part, lumen)
    own = _tube_mask(part.grid, tube)
    labels, _ = ndimage.label(inside & ~own)
    progress(0.3, "Finding branches")
    touching = ndimage.binary_dilation(own, np.ones((3, 3, 3), dtype=bool)) & ~own
    volumes = np.bincount(labels.ravel()) * float(np.prod(part.grid.spacing_mm))
    # the pieces that touch, the largest first
    numbers = [n for n in np.unique(labels[touching]) if n and volumes[n] >= LEAST_PIECE_MM3]
    numbers.sort(key=lambda n: -volumes[n])
    found: list[Offshoot] = []
    findings: list[Finding] = []
    boxes = ndimage.find_objects(labels)
    for count, number in enumerate(numbers[:MOST_WIDE_PIECES]):
        progress(0.3 + 0.7 * count / min(len(numbers), MOST_WIDE_PIECES), "Following branches")
        box = boxes[number - 1]
        piece = labels[box] == number
        start = (box[2].start, box[1].start, box[0].start)
        grid = part.grid.cropped(start, (piece.shape[2], piece.shape[1], piece.shape[0]))
        forks = _forks(piece & touching[box], grid, tube)
        is_wide = volumes[number] > MOST_PIECE_MM3
        # a branch leaves at one place: where it touches at others, it comes back
        for fork in forks if is_wide else forks[:1]:
            if not is_wide:
                branches = _followed(piece, grid, fork, MOST_OF_PIECE)
            else:
                bright = tissue + BRIGHT_SHARE * (lumen - tissue)
                branches = [_bright(part, one, bright) for one in _followed(*_near(piece, grid, fork), fork, 1)]
            found += _joined(part, branches, tube, fork, lumen, level, len(found))
    if any(volumes[n] > MOST_PIECE_MM3 for n in numbers):
        findings.append(
            Finding(
                "wide_parts",
                "This vessel is joined to wide bright parts (heart, kidney, another vessel): branches end where they open.",
            )
        )
    return found, findings


def _tube(results: Mapping[str, Any]) -> _Tube:
    line = np.asarray(results["centerline_mm"], dtype=np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    closed = [row for row in results["stations"] if row["closed"]]
    at = np.array([row["s_mm"] for row in closed])
    radii = 0.5 * np.array([row["max_diameter_mm"] for row in closed])
    return _Tube(line, np.interp(along, at, radii), along)


def _around(volume: Volume, line_mm: FloatArray) -> Volume:
    from planning.access.scene import along_patient

    low, high = crop_box(volume.grid, line_mm, MARGIN_MM)
    box = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    size = (box.shape[2], box.shape[1], box.shape[0])
    grid = volume.grid.cropped((int(low[0]), int(low[1]), int(low[2])), size)
    every = 1
    while box.size / every**3 > MOST_VOXELS:
        every += 1
    if every > 1:
        box, grid = averaged(box, grid, (every, every, every))
    return along_patient(Volume(grid, box, quantity=volume.quantity))


def _tube_mask(grid: Grid, tube: _Tube) -> npt.NDArray[np.bool_]:
    """Voxels of the vessel itself: a ball about every place of its line, as wide as the section there."""
    mask = np.zeros(grid.size_ijk[::-1], dtype=bool)
    reach_mm = TUBE_SHARE * tube.radii_mm + TUBE_MM
    # places nearer than half a voxel say nothing new
    kept = np.unique(np.round(tube.along_mm / max(0.5 * float(grid.spacing_mm.min()), 0.25)), return_index=True)[1]
    size = np.array(grid.size_ijk)
    for place, reach in zip(tube.line_mm[kept], reach_mm[kept], strict=True):
        low, high = crop_box(grid, place[None], float(reach))
        low, high = np.clip(low, 0, size), np.clip(high, 0, size)
        index = np.stack(np.meshgrid(*[np.arange(low[n], high[n]) for n in (2, 1, 0)], indexing="ij"), axis=-1)
        away = np.linalg.norm(grid.to_world(index.reshape(-1, 3)[:, ::-1]) - place, axis=1).reshape(index.shape[:3])
        mask[low[2] : high[2], low[1] : high[1], low[0] : high[0]] |= away <= reach
    return mask


def _forks(touch: npt.NDArray[np.bool_], grid: Grid, tube: _Tube) -> list[FloatArray]:
    """Where a piece leaves the vessel: the middles of the patches that it touches, the largest first.

    Not at the vessel's ends, where it goes on, and not along it, where the piece lies beside.
    """
    from scipy import ndimage
    from scipy.spatial import cKDTree

    patches, count = ndimage.label(touch, np.ones((3, 3, 3), dtype=bool))
    tree = cKDTree(tube.line_mm)
    found: list[tuple[int, FloatArray]] = []
    for number in range(1, count + 1):
        places = grid.to_world(np.argwhere(patches == number)[:, ::-1])
        near = tree.query(places)[1]
        along, radius = tube.along_mm[near], float(np.median(tube.radii_mm[near]))
        middle = float(np.median(along))
        if middle < radius or middle > tube.along_mm[-1] - radius:
            # the vessel goes on
            continue
        chord = float(np.ptp(along))
        across = places - places.mean(axis=0)
        width = 4.0 * float(np.sqrt(np.linalg.eigvalsh(np.cov(across.T))[1])) if len(places) > 3 else 0.0
        if chord > max(MOST_TOUCH_MM, TOUCH_WIDTHS * width) + radius:
            # it lies beside
            continue
        found.append((len(places), places[int(np.argmin(np.linalg.norm(across, axis=1)))]))
    return [np.asarray(place) for _, place in sorted(found, key=lambda one: -one[0])]


def _bone(part: Volume, lumen_hu: float) -> npt.NDArray[np.bool_]:
    """Bone with its marrow, which is as bright as a vessel."""
    from planning.access.iliacs import bone_on
    from planning.access.scene import Coarse, bone_of

    coarse = Coarse.of(part)
    return bone_on(bone_of(part, coarse, lumen_hu).whole, coarse, part)


def _near(piece: npt.NDArray[np.bool_], grid: Grid, fork: FloatArray) -> tuple[npt.NDArray[np.bool_], Grid]:
    """What of a wide piece lies near the place where it leaves."""
    low, high = crop_box(grid, fork[None], NEAR_MM)
    part = piece[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    size = (part.shape[2], part.shape[1], part.shape[0])
    return part, grid.cropped((int(low[0]), int(low[1]), int(low[2])), size)


def _bright(part: Volume, branch: Branch, level: float) -> Branch:
    """The branch as far as its middle is as bright as the vessel: through marrow, muscle or noise it is not."""
    index = np.rint(part.grid.to_index(branch.points_mm)).astype(int)[:, ::-1]
    values = _medians(part.voxels[tuple(index.T)].astype(np.float64))
    dark = np.flatnonzero(values < level)
    end = max(int(dark[0]) if len(dark) else len(values), 1)
    return replace(branch, points_mm=branch.points_mm[:end], depth_mm=branch.depth_mm[:end])


def _medians(values: FloatArray) -> FloatArray:
    """Running medians of five."""
    from scipy import ndimage

    return np.asarray(ndimage.median_filter(values, 5, mode="nearest"))


def _followed(piece: npt.NDArray[np.bool_], grid: Grid, fork: FloatArray, most: int) -> list[Branch]:
    """The branches of a piece from where it leaves the vessel."""
    graph = lumen_graph(piece, grid, fork)
    if not len(graph.points_mm) or float(graph.depth_mm.max()) < LEAST_DEPTH_MM:
        return []
    return branches_of(graph, LEAST_BRANCH_MM, most)


def _joined(
    part: Volume,
    branches: list[Branch],
    tube: _Tube,
    fork: FloatArray,
    lumen_hu: float,
    level_hu: float,
    first: int,
) -> list[Offshoot]:
    """Smooth lines of a piece's branches, each until it opens into something wide, from the middle of its parent."""
    found: list[Offshoot] = []
    numbers: dict[int, int] = {}
    for n, branch in enumerate(branches):
        if branch.parent >= 0 and branch.parent not in numbers:
            # it leaves what was not followed so far
            continue
        if branch.parent >= 0 and not _is_at(found[numbers[branch.parent] - first].line_mm, branch.points_mm[0]):
            # it leaves the parent where that has opened into something wide
            continue
        points, depth = _until_wide(branch)
        length = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()) if len(points) > 1 else 0.0
        if length < LEAST_BRANCH_MM:
            continue
        try:
            seen = trace(part, points, lumen_hu, level_hu)
            line, width = seen.line.points_mm, 2.0 * float(np.median(seen.radii_mm[seen.closed]))
        except MeasurementError:
            line, width = points, 2.0 * float(np.median(depth))
        parent_line = tube.line_mm if branch.parent < 0 else found[numbers[branch.parent] - first].line_mm
        start = _origin(parent_line, fork if branch.parent < 0 else points[0], line)
        numbers[n] = first + len(found)
        parent = -1 if branch.parent < 0 else numbers[branch.parent]
        found.append(Offshoot(parent, np.concatenate([start[None], line]), width))
    return found


def _is_at(line_mm: FloatArray, point_mm: FloatArray) -> bool:
    return float(np.linalg.norm(line_mm - point_mm, axis=1).min()) <= ON_LINE_MM


def _until_wide(branch: Branch) -> tuple[FloatArray, FloatArray]:
    """The branch up to where it is much wider than near its origin."""
    points, depth = branch.points_mm, branch.depth_mm
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    typical = float(np.percentile(depth[along <= OSTIUM_MM], 75))
    wide = np.flatnonzero((depth > OPENS_SHARE * typical + OPENS_MM) & (along > 0.5 * OSTIUM_MM))
    end = int(wide[0]) if len(wide) else len(points)
    return points[:end], depth[:end]


def _origin(parent_mm: FloatArray, fork: FloatArray, line_mm: FloatArray) -> FloatArray:
    """Where a branch begins in the middle of its parent.

    Half way between where it touches, which lies too far down a branch that leaves at a slant, and where its direction
    run backwards meets the parent, which lies too far up one that bends.
    """
    away = np.linalg.norm(parent_mm - fork, axis=1)
    touch = int(np.argmin(away))
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line_mm, axis=0), axis=1))])
    first, last = (
        np.array([np.interp(s, along, line_mm[:, n]) for n in range(3)])
        for s in (min(FLARE_MM, 0.3 * along[-1]), min(ORIGIN_MM, along[-1]))
    )
    back = (first - last) / max(float(np.linalg.norm(first - last)), 1e-9)
    # no farther up or down the parent than it is wide
    near = np.flatnonzero(away <= ORIGIN_SHARE * away[touch] + ORIGIN_SPARE_MM)
    reach = np.clip((parent_mm[near] - first) @ back, 0.0, None)
    misses = np.linalg.norm(parent_mm[near] - (first + reach[:, None] * back), axis=1)
    return np.asarray(parent_mm[(touch + int(near[int(np.argmin(misses))])) // 2])
