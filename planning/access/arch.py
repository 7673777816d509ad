"""The arteries that leave the arch of the aorta for the arms and the neck, as far as the scan goes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from planning.access.aorta import AortaChain
from planning.access.iliacs import SIDES, bone_on
from planning.access.scene import Bone, Coarse
from planning.geometry import FloatArray
from planning.vessel.path import averaged, crop_box
from planning.vessel.tree import LumenGraph, lumen_graph
from planning.volume import Volume

FINE_MM = 1.4
ASIDE_MM, BEFORE_MM, BEHIND_MM, BELOW_MM = 170.0, 120.0, 60.0, 25.0
LEVEL_SHARES, MOST_LUMEN_VOXELS = (0.5, 0.62, 0.74), 260_000
THICK_SHARE = 0.62
ARM_MM, ARM_MOST_MM, ABOVE_ARCH_MM = 62.0, 120.0, 12.0
NECK_ABOVE_MM, NECK_ASIDE_MM, TOP_MM = 35.0, 60.0, 6.0
DENSE_SHARE, DENSE_OVER_HU, LEAST_VEIN_MM3 = 1.3, 110.0, 1200.0
MOST_DETOUR = 1.7
LEAST_MM, NECK_VOXELS, LEAST_DEPTH_MM, MOST_DEPTH_MM = 35.0, 1.05, 1.3, 9.0


def find_arch_vessels(
    volume: Volume, coarse: Coarse, aorta: AortaChain, bone: Bone, middle_mm: FloatArray
) -> Mapping[str, FloatArray]:
    """(N, 3) ways by route key from the arch outwards; keys that are not in the scan or not sure are left out.

    A way that squeezes through a single voxel has left the artery for a vein or bone and is not given.
    """
    root = aorta.points_mm[0]
    top = float(volume.grid.to_world(np.array((0, 0, volume.grid.size_ijk[2] - 1)))[2])
    if top < root[2] + ABOVE_ARCH_MM:
        return {}
    part = _region(volume, root, top)
    radius = float(np.median(aorta.radii_mm[: max(3, len(aorta.radii_mm) // 3)]))
    dense = _dense_veins(part, aorta.lumen_hu)
    for share in LEVEL_SHARES:
        level = aorta.tissue_hu + share * (aorta.lumen_hu - aorta.tissue_hu)
        inside = part.voxels > level
        hard = part.voxels > bone.hard_hu
        inside &= ~bone_on(bone.inner, coarse, part) & ~(hard & bone_on(bone.whole, coarse, part))
        inside &= ~dense
        graph = lumen_graph(inside, part.grid, root, hard, largest=MOST_LUMEN_VOXELS)
        if len(graph.points_mm):
            break
    if not len(graph.points_mm):
        return {}
    thick = graph.depth_mm >= THICK_SHARE * radius
    if not thick.any():
        return {}
    arch_top = float(graph.points_mm[thick, 2].max())
    found: dict[str, FloatArray] = {}
    for side, sign in SIDES:
        aside = (graph.points_mm[:, 0] - middle_mm[0]) * sign
        height = graph.points_mm[:, 2]
        deep = graph.depth_mm >= LEAST_DEPTH_MM
        arm = deep & (aside >= ARM_MM) & (aside <= ARM_MOST_MM) & (height > arch_top - ABOVE_ARCH_MM)
        neck = deep & (aside > 0) & (aside < NECK_ASIDE_MM) & (height >= top - TOP_MM)
        if arm.any():
            way = _way(graph, int(np.argmax(np.where(arm, aside, -np.inf))), thick, part)
            if way is not None:
                found[f"{side}_subclavian"] = way
        if neck.any() and top > arch_top + NECK_ABOVE_MM:
            way = _way(graph, int(np.argmax(np.where(neck, graph.depth_mm, -1.0))), thick, part)
            if way is not None:
                found[f"{side}_carotid"] = way
    return found


def scan_reaches_neck(volume: Volume, aorta: AortaChain) -> bool:
    """Whether the scan goes far enough above the arch for these arteries to be in it."""
    top = float(volume.grid.to_world(np.array((0, 0, volume.grid.size_ijk[2] - 1)))[2])
    return top > float(aorta.points_mm[0, 2]) + NECK_ABOVE_MM


def _region(volume: Volume, root: FloatArray, top_mm: float) -> Volume:
    low_mm = np.array((root[0] - ASIDE_MM, root[1] - BEFORE_MM, root[2] - BELOW_MM))
    high_mm = np.array((root[0] + ASIDE_MM, root[1] + BEHIND_MM, top_mm))
    low, high = crop_box(volume.grid, np.array([low_mm, high_mm]), 0.0)
    box = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    start, size = (int(low[0]), int(low[1]), int(low[2])), (box.shape[2], box.shape[1], box.shape[0])
    grid = volume.grid.cropped(start, size)
    every = np.maximum(np.rint(FINE_MM / grid.spacing_mm).astype(int), 1)
    if every.max() > 1:
        box, grid = averaged(box, grid, (int(every[0]), int(every[1]), int(every[2])))
    return Volume(grid, box, quantity=volume.quantity)


def _dense_veins(part: Volume, lumen_hu: float) -> npt.NDArray[np.bool_]:
    """Veins that carry the injected contrast, much brighter than arteries, with the rim that blur gives them."""
    from scipy import ndimage

    bright = part.voxels > max(DENSE_SHARE * lumen_hu, lumen_hu + DENSE_OVER_HU)
    labels, count = ndimage.label(bright)
    if not count:
        return bright
    large = np.bincount(labels.ravel()) * part.grid.voxel_mm3 >= LEAST_VEIN_MM3
    large[0] = False
    return np.asarray(ndimage.binary_dilation(large[labels], iterations=2))


def _way(graph: LumenGraph, end: int, thick: npt.NDArray[np.bool_], part: Volume) -> FloatArray | None:
    """The way from where it leaves the thick arch; None when it is short, or is no artery all along."""
    way = graph.way(end)
    in_arch = np.flatnonzero(thick[way])
    if not len(in_arch):
        return None
    way = way[int(in_arch[-1]) :]
    length = float(graph.along_mm[way[-1]] - graph.along_mm[way[0]])
    depth = graph.depth_mm[way[2:]]
    least = NECK_VOXELS * float(part.grid.spacing_mm.min())
    if length < LEAST_MM or len(depth) < 5 or depth.min() <= least or np.median(depth) > MOST_DEPTH_MM:
        return None
    chord = float(np.linalg.norm(graph.points_mm[way[-1]] - graph.points_mm[way[0]]))
    return graph.points_mm[way] if length <= MOST_DETOUR * chord else None
