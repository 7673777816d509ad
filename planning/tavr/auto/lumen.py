"""The lumen of root and ascending aorta as voxels, for pictures in 3D."""

from __future__ import annotations

import numpy as np

from planning.geometry import FloatArray
from planning.tavr.auto.fit import FittedRoot
from planning.volume import Mask, Volume

LATTICE_MM = 2.0
SHARE = 0.6
LOWEST_MM = 4.0


def root_lumen(volume: Volume, root: FittedRoot, centerline_mm: FloatArray) -> Mask:
    """Bright voxels inside the followed wall, from 4 mm under the hinges to the top of the arch."""
    from scipy import ndimage
    from scipy.spatial import cKDTree

    frame, wall = root.frame, root.wall
    hinge = float(root.crown.levels_mm.mean())
    over = (centerline_mm - frame.origin_mm) @ frame.normal
    line = centerline_mm[over > hinge]
    chain = root.site.chain
    _, near = cKDTree(chain.centers_mm).query(line)
    radii = chain.radii_mm[near]
    low, high = line.min(axis=0) - 26.0, line.max(axis=0) + 26.0
    shape = np.ceil((high - low) / LATTICE_MM).astype(int) + 1
    axes = [low[n] + LATTICE_MM * np.arange(shape[n]) for n in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    away, nearest = cKDTree(line).query(points)
    outside = away - (1.12 * radii[nearest] + 1.0)
    # in the root itself the wall is known by angle and level
    w = (points - frame.origin_mm) @ frame.normal
    plane = frame.to_plane(points)
    radius = np.hypot(plane[..., 0], plane[..., 1])
    known = (w > hinge - LOWEST_MM - 2.0) & (w < wall.heights_mm[-1]) & (radius < 40.0)
    edge = wall.radius_at(np.arctan2(plane[..., 1], plane[..., 0]), w)
    outside = np.where(known, np.minimum(radius - edge - 0.5, 20.0), outside)
    outside = np.maximum(outside, hinge - LOWEST_MM - w)
    corners = np.array(np.meshgrid(*[(low[n], high[n]) for n in range(3)])).reshape(3, -1).T
    index = volume.grid.to_index(corners)
    size = np.array(volume.grid.size_ijk)
    first = np.clip(np.floor(index.min(axis=0)).astype(int), 0, size - 1)
    last = np.clip(np.ceil(index.max(axis=0)).astype(int) + 1, first + 1, size)
    box = (slice(first[2], last[2]), slice(first[1], last[1]), slice(first[0], last[0]))
    inside = volume.voxels[box] > SHARE * root.blood_hu
    # where each voxel lies on the lattice is linear in its index
    matrix = volume.grid.world_from_index[:3, :3] / LATTICE_MM
    start = (volume.grid.to_world(first) - low) / LATTICE_MM
    part = ndimage.affine_transform(
        outside.astype(np.float32),
        matrix[:, ::-1],
        offset=start,
        output_shape=inside.shape,
        order=1,
        mode="constant",
        cval=20.0,
        output=np.float32,
    )
    inside &= part < 0.0
    labels, count = ndimage.label(inside)
    if count > 1:
        sizes = np.bincount(labels.ravel())
        sizes[0] = 0
        inside = labels == int(np.argmax(sizes))
    ni, nj, nk = (int(n) for n in first)
    return Mask(volume.grid, (ni, nj, nk), inside)
