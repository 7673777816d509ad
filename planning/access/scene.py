"""A scan laid out along the patient: axes towards left, back and head, whatever way it was stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid
from planning.vessel.path import averaged
from planning.volume import Volume

COARSE_MM = 2.0
BONE_OVER_HU, LEAST_BONE_HU, LEAST_BONE_MM3 = 170.0, 480.0, 4000.0
CLOSING_MM, HOLE_MM2 = 5.0, 2500.0
HEAD_DEPTH_MM, HEAD_ASIDE_MM = 16.0, 50.0


def along_patient(volume: Volume) -> Volume:
    """The same voxels with i towards left, j towards back, k towards head as nearly as the stored axes allow."""
    direction = volume.grid.direction
    order = [0, 0, 0]
    left = {0, 1, 2}
    # the most decided axes choose first
    for row in np.argsort(-np.abs(direction).max(axis=1)):
        column = max(left, key=lambda c: abs(direction[row, c]))
        order[row] = column
        left.remove(column)
    matrix = volume.grid.world_from_index
    columns, origin = matrix[:3, order].copy(), matrix[:3, 3].copy()
    voxels = np.transpose(volume.voxels, [2 - order[2 - axis] for axis in range(3)])
    for world in range(3):
        if columns[world, world] < 0:
            axis = 2 - world
            origin += columns[:, world] * (voxels.shape[axis] - 1)
            columns[:, world] = -columns[:, world]
            voxels = np.flip(voxels, axis)
    new = np.eye(4)
    new[:3, :3], new[:3, 3] = columns, origin
    grid = Grid((voxels.shape[2], voxels.shape[1], voxels.shape[0]), new)
    return Volume(grid, np.ascontiguousarray(voxels), quantity=volume.quantity, phase=volume.phase)


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """The scan in voxels of about 2 mm along the patient's axes: float32 `[k, j, i]`."""

    hu: npt.NDArray[np.float32]
    grid: Grid

    @classmethod
    def of(cls, volume: Volume) -> Coarse:
        """Means of blocks."""
        every = np.maximum(np.rint(COARSE_MM / volume.grid.spacing_mm).astype(int), 1)
        hu, grid = averaged(volume.voxels, volume.grid, (int(every[0]), int(every[1]), int(every[2])))
        return cls(hu, grid)

    def middle_mm(self) -> FloatArray:
        """(3,) middle of the body: the median place of what is not air."""
        inside = np.argwhere(self.hu[::4, ::4, ::4] > -300.0) * 4
        return self.grid.center_mm if not len(inside) else self.grid.to_world(np.median(inside[:, ::-1], axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Bone:
    """Bone with its marrow on the coarse grid. inner: without its outermost voxel. whole: with a voxel too much."""

    inner: npt.NDArray[np.bool_]
    whole: npt.NDArray[np.bool_]
    hard_hu: float


def bone_of(volume: Volume, coarse: Coarse, lumen_hu: float) -> Bone:
    """Large pieces brighter than any contrast, holes filled slice by slice.

    volume: along the patient, as the coarse one was made from. Calcium in walls comes in small pieces and stays out.
    """
    from scipy import ndimage

    hard_hu = max(lumen_hu + BONE_OVER_HU, LEAST_BONE_HU)
    hard = _any_above(volume, coarse, hard_hu)
    labels, count = ndimage.label(hard, structure=np.ones((3, 3, 3)))
    if not count:
        return Bone(hard, hard, hard_hu)
    large = np.bincount(labels.ravel()) * coarse.grid.voxel_mm3 >= LEAST_BONE_MM3
    large[0] = False
    bone = large[labels]
    reach = np.maximum(np.rint(0.5 * CLOSING_MM / coarse.grid.spacing_mm).astype(int), 1)[::-1]
    closed = ndimage.binary_closing(np.pad(bone, 3), np.ones((1, 2 * reach[1] + 1, 2 * reach[2] + 1)))[3:-3, 3:-3, 3:-3]
    pixel = float(np.prod(coarse.grid.spacing_mm[:2]))
    found = closed.copy()
    for k in range(len(closed)):
        if closed[k].any():
            filled = ndimage.binary_fill_holes(closed[k])
            holes, holes_count = ndimage.label(filled & ~closed[k])
            if holes_count:
                small = np.bincount(holes.ravel()) * pixel <= HOLE_MM2
                small[0] = False
                found[k] |= small[holes]
    inner = ndimage.binary_erosion(found, np.ones((1, 3, 3)), border_value=1)
    return Bone(np.asarray(inner), np.asarray(found), hard_hu)


def _any_above(volume: Volume, coarse: Coarse, hu: float) -> npt.NDArray[np.bool_]:
    """Coarse voxels that hold a voxel above a value."""
    blocks = np.maximum(np.array(volume.voxels.shape) // np.array(coarse.hu.shape), 1)
    shape = np.array(coarse.hu.shape)
    found = np.zeros(coarse.hu.shape, dtype=bool)
    for k, j, i in np.ndindex(*(int(n) for n in blocks)):
        part = volume.voxels[k :: blocks[0], j :: blocks[1], i :: blocks[2]]
        found |= part[: shape[0], : shape[1], : shape[2]] > hu
    return found


def hip_heads(
    coarse: Coarse, bone: Bone, middle_mm: FloatArray, below_mm: float
) -> dict[str, tuple[FloatArray, float]]:
    """Centre (LPS mm) and radius of the balls of the hips, "right" and "left": the thickest bone on either side.

    below_mm: only bone with a lesser z counts; above it are ribs and shoulders.
    """
    from scipy import ndimage

    every = max(1, round(4.0 / float(coarse.grid.spacing_mm.max())))
    part = bone.inner[::every, ::every, ::every]
    depth = ndimage.distance_transform_edt(
        np.pad(part, 1), sampling=tuple(float(v) for v in coarse.grid.spacing_mm[::-1] * every)
    )[1:-1, 1:-1, 1:-1]
    found: dict[str, tuple[FloatArray, float]] = {}
    deep = np.argwhere(depth >= HEAD_DEPTH_MM)
    if not len(deep):
        return found
    places = coarse.grid.to_world(deep[:, ::-1] * every)
    depths = depth[tuple(deep.T)]
    for side, sign in (("right", -1.0), ("left", 1.0)):
        own = ((places[:, 0] - middle_mm[0]) * sign > HEAD_ASIDE_MM) & (places[:, 2] < below_mm)
        if own.any():
            best = float(depths[own].max())
            near = own & (depths >= best - 2.5)
            found[side] = (np.asarray(np.median(places[near], axis=0)), best)
    return found
