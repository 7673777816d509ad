"""Pieces of a mask, so that a surface keeps them all: none lost by smoothing, none parted at voxels that meet in an edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planning.mesh import SurfaceMesh
from planning.volume import Mask

BoolArray = npt.NDArray[np.bool_]
MOST_ROUNDS = 6
# half of the 20 neighbours across an edge or a corner: each pair is met once, edges first
DIAGONALS = tuple(
    sorted(
        (
            (k, j, i)
            for k in (-1, 0, 1)
            for j in (-1, 0, 1)
            for i in (-1, 0, 1)
            if abs(k) + abs(j) + abs(i) > 1 and (k, j, i) > (0, 0, 0)
        ),
        key=lambda step: sum(map(abs, step)),
    )
)


def pieces_of(mask: Mask) -> list[Mask]:
    """The parts of a mask that meet nowhere, not even in a corner; each in a box of its own, largest first."""
    from scipy import ndimage

    labels, count = ndimage.label(mask.voxels, np.ones((3, 3, 3)))
    if count <= 1:
        return [mask]
    found = []
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        own = labels[box] == number
        start = tuple(int(mask.start_ijk[axis] + box[2 - axis].start) for axis in range(3))
        found.append(Mask(mask.grid, (start[0], start[1], start[2]), own))
    return sorted(found, key=lambda piece: -piece.voxel_count)


def bridged(mask: Mask) -> Mask:
    """The mask with a voxel or two more where its parts meet in an edge or a corner of voxels only.

    A surface would part there; with them it stays one piece, and its volume is held to that of the mask anyway.
    """
    from scipy import ndimage

    if not mask.voxel_count:
        return mask
    voxels = mask.voxels.copy()
    for _ in range(MOST_ROUNDS):
        labels, count = ndimage.label(voxels)
        if count <= ndimage.label(voxels, np.ones((3, 3, 3)))[1]:
            break
        _bridge(voxels, labels, count)
    return Mask(mask.grid, mask.start_ijk, voxels)


def _bridge(voxels: BoolArray, labels: npt.NDArray[np.int32], count: int) -> None:
    """One bridge between any two parts that meet across an edge or a corner, in place."""
    joined = np.arange(count + 1)

    def root(number: int) -> int:
        while joined[number] != number:
            number = int(joined[number])
        return number

    size = np.array(voxels.shape)
    for step in DIAGONALS:
        here = tuple(slice(max(0, -d), n - max(0, d)) for d, n in zip(step, size, strict=True))
        there = tuple(slice(max(0, d), n - max(0, -d)) for d, n in zip(step, size, strict=True))
        one, other = labels[here], labels[there]
        for place in np.argwhere((one > 0) & (other > 0) & (one != other)):
            a, b = root(int(one[tuple(place)])), root(int(other[tuple(place)]))
            if a == b:
                continue
            joined[a] = b
            at = place + [max(0, -d) for d in step]
            # along one axis after the other, without the last step, which arrives
            for axis in [axis for axis in range(3) if step[axis]][:-1]:
                at[axis] += step[axis]
                voxels[tuple(at)] = True


def solid_count(mesh: SurfaceMesh) -> int:
    """Sheets of a closed surface that look outwards: its pieces, hollows not counted."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges = np.concatenate([mesh.triangles[:, (0, 1)], mesh.triangles[:, (1, 2)]])
    graph = coo_matrix((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(len(mesh.points_mm),) * 2)
    labels = connected_components(graph, directed=False)[1][mesh.triangles[:, 0]]
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] - mesh.points_mm[0] for n in range(3))
    return int(np.count_nonzero(np.bincount(labels, np.einsum("ij,ij->i", a, np.cross(b, c))) > 0.0))


def beside_each_other(meshes: Sequence[SurfaceMesh]) -> SurfaceMesh:
    """Surfaces as one, points of none shared."""
    if len(meshes) == 1:
        return meshes[0]
    shift = np.cumsum([0, *(len(mesh.points_mm) for mesh in meshes[:-1])])
    return SurfaceMesh(
        np.concatenate([mesh.points_mm for mesh in meshes]),
        np.concatenate([mesh.triangles + start for mesh, start in zip(meshes, shift, strict=True)]).astype(np.int32),
    )
