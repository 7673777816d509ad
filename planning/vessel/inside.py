"""A structure or a surface as a lumen of its own, so that both are measured like an image."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.filled import filled
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.volume import Mask, Volume

BRIGHT_HU, BLUR_VOXELS = 400.0, 0.8
PADDING_MM = 6.0
FINEST_MM, MOST_VOXELS = 0.6, 3e6


def mask_volume(mask: Mask) -> Volume:
    """The mask as a softly bright lumen on its own box, widened by a dark border."""
    from scipy import ndimage

    if not mask.voxel_count:
        raise MeasurementError("The structure is empty", "Choose another one", "empty")
    pad = np.ceil(PADDING_MM / mask.grid.spacing_mm).astype(int)
    start = np.maximum(np.array(mask.start_ijk) - pad, 0)
    stop = np.minimum(np.array(mask.start_ijk) + np.array(mask.voxels.shape[::-1]) + pad, mask.grid.size_ijk)
    size = stop - start
    whole = np.zeros(size[::-1], dtype=np.float32)
    at = np.array(mask.start_ijk) - start
    nk, nj, ni = mask.voxels.shape
    whole[at[2] : at[2] + nk, at[1] : at[1] + nj, at[0] : at[0] + ni][mask.voxels] = BRIGHT_HU
    soft = ndimage.gaussian_filter(whole, BLUR_VOXELS)
    grid = mask.grid.cropped((int(start[0]), int(start[1]), int(start[2])), (int(size[0]), int(size[1]), int(size[2])))
    return Volume(grid, soft)


def mesh_volume(mesh: SurfaceMesh) -> Volume:
    """The inside of a closed or open surface as a softly bright lumen on a fine grid of its own.

    Open ends are closed by cones. Raises MeasurementError when nothing lies inside.
    """
    from scipy import ndimage

    low, high = mesh.points_mm.min(axis=0) - PADDING_MM, mesh.points_mm.max(axis=0) + PADDING_MM
    fine = max(FINEST_MM, float(np.cbrt(np.prod(high - low) / MOST_VOXELS)))
    size = np.maximum(np.ceil((high - low) / fine).astype(int), 4)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (fine, fine, fine), low)
    inside = filled(capped(mesh), grid)
    if inside.sum() < 20:
        raise MeasurementError("The surface encloses nothing", "Check that it is in LPS millimetres", "empty")
    soft = ndimage.gaussian_filter(np.where(inside, np.float32(BRIGHT_HU), np.float32(0.0)), BLUR_VOXELS)
    return Volume(grid, soft)


def capped(mesh: SurfaceMesh) -> SurfaceMesh:
    """The surface with a cone over every open end, as high as the end is wide across; itself when it is closed.

    A flat lid would end the lumen at the plane of the opening, where a centreline still has to be told from the wall.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    t = mesh.triangles.astype(np.int64)
    edges = np.concatenate([t[:, (0, 1)], t[:, (1, 2)], t[:, (2, 0)]])
    if not len(_once(edges)):
        return mesh
    # points of one place are one point: files often repeat them for every triangle
    _, place = np.unique(np.round(mesh.points_mm, 5), axis=0, return_inverse=True)
    first = _once(place.reshape(-1)[edges])
    loose = edges[first]
    # each edge's third corner lies inwards of the opening
    third = np.concatenate([t[:, 2], t[:, 0], t[:, 1]])[first]
    if not len(loose):
        return mesh
    places = place.reshape(-1)[loose]
    count_places = int(place.max()) + 1
    _, label = connected_components(
        coo_matrix((np.ones(len(loose)), (places[:, 0], places[:, 1])), shape=(count_places, count_places)),
        directed=False,
    )
    points, triangles = [mesh.points_mm], [t]
    start = len(mesh.points_mm)
    for number in np.unique(label[places[:, 0]]):
        here = label[places[:, 0]] == number
        own = loose[here]
        rim = mesh.points_mm[own].reshape(-1, 3)
        middle = rim.mean(axis=0)
        across = np.linalg.svd(rim - middle, full_matrices=False)[2][2]
        outward = np.sign(float((middle - mesh.points_mm[third[here]].mean(axis=0)) @ across)) * across
        points.append((middle + np.linalg.norm(rim - middle, axis=1).mean() * outward)[None])
        # the other way round than the edge runs in its own triangle
        triangles.append(np.stack([own[:, 1], own[:, 0], np.full(len(own), start)], axis=1))
        start += 1
    return SurfaceMesh(np.concatenate(points), np.concatenate(triangles).astype(np.int32))


def _once(edges: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Numbers of the (N, 2) edges that no other triangle has."""
    low, high = edges.min(axis=1), edges.max(axis=1)
    _, first, count = np.unique(low * (high.max() + 1) + high, return_index=True, return_counts=True)
    return np.asarray(first[count == 1])
