"""Fewer triangles for drawing and printing; never for measuring."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

# the library keeps its mesh in one global place and lets other threads run meanwhile
_ONE_AT_A_TIME = threading.Lock()
# that place grows to the largest mesh it ever had, some 300 bytes a triangle, by doublings (131,072 triangles, 65,536 points),
# and is never given back
PIECE_TRIANGLES = 110_000
# where seams are long one pass leaves more than was asked for
MOST_PASSES, ENOUGH = 5, 1.02
ONE_TRIANGLE = np.eye(3), np.arange(3, dtype=np.int32).reshape(1, 3)
IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]


def simplified(mesh: SurfaceMesh, most_triangles: int, *, keep_rims: bool = False) -> SurfaceMesh:
    """The surface with at most about `most_triangles` by quadric edge collapse; itself when it has no more.

    keep_rims: points of open rims stay where they are and keep their order. A large mesh is worked on in pieces, one after
    the other, so that the library's memory stays small.
    Source: M. Garland, P. Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997.
    """
    if len(mesh.triangles) <= most_triangles:
        return mesh
    points = mesh.points_mm.astype(np.float32).astype(np.float64)
    triangles: IntArray = mesh.triangles.astype(np.int32)
    with _ONE_AT_A_TIME:
        for number in range(MOST_PASSES):
            if number and len(triangles) <= ENOUGH * most_triangles:
                break
            if len(triangles) <= PIECE_TRIANGLES:
                points, triangles = _collapsed(points, triangles, most_triangles, keep_rims)
                break
            share = most_triangles / len(triangles)
            # another pass has its seams elsewhere, so that those of the first get fewer triangles as well
            pieces = _pieces(points, triangles, number)
            points, triangles = _in_pieces(points, triangles, share**0.5 if number == 0 else share, pieces, keep_rims)
        # empties its list of collapsed edges, a small block for each
        _collapsed(*ONE_TRIANGLE, 1, False)
    return SurfaceMesh(points, triangles)


def _collapsed(points: FloatArray, triangles: IntArray, most: int, keep_rims: bool) -> tuple[FloatArray, IntArray]:
    import fast_simplification

    made: tuple[FloatArray, IntArray] = fast_simplification.simplify(
        points, triangles, target_count=most, preserve_border=keep_rims
    )
    return made


def _pieces(points: FloatArray, triangles: IntArray, number: int) -> IntArray:
    """(T,) which slab across the longest side each triangle belongs to; those of another pass are shifted by a half."""
    axis = int(np.argmax(np.ptp(points, axis=0)))
    order = np.argsort(points[triangles, axis].sum(axis=1), kind="stable")
    slabs = -(-len(triangles) // PIECE_TRIANGLES)
    pieces = np.empty(len(triangles), dtype=np.int32)
    pieces[order] = (np.arange(len(triangles)) / (len(triangles) / slabs) + 0.5 * (number % 2)).astype(np.int32)
    return pieces


def _in_pieces(
    points: FloatArray, triangles: IntArray, share: float, pieces: IntArray, keep_rims: bool
) -> tuple[FloatArray, IntArray]:
    """The mesh with a share of each piece's triangles; points that pieces have in common stay, and come first."""
    fixed = _of_several(triangles, pieces, len(points))
    if keep_rims:
        fixed[_on_rims(triangles)] = True
    place = np.cumsum(fixed, dtype=np.int32) - 1
    made_points, made_triangles, count = [points[fixed]], [], int(np.count_nonzero(fixed))
    for piece in range(int(pieces.max()) + 1):
        own = triangles[pieces == piece]
        used = np.unique(own)
        # what stays comes first: it keeps its order, so that the pieces join again without a search
        stays = used[fixed[used]]
        used = np.concatenate([stays, used[~fixed[used]]])
        numbers = np.empty(len(points), dtype=np.int32)
        numbers[used] = np.arange(len(used), dtype=np.int32)
        # next to what stays nothing can be saved, and what is asked of the others must not ruin them
        bound = int(np.count_nonzero(fixed[own].any(axis=1)))
        most = max(int(share * len(own)), bound + int(0.5 * share * (len(own) - bound)))
        slim = _collapsed(points[used], numbers[own], most, True)
        if not np.array_equal(slim[0][: len(stays)], points[stays]):
            # where sheets touch in one point only, it is no rim of a piece and may have moved
            slim = points[used], numbers[own]
        inner = slim[0][len(stays) :]
        made_points.append(inner)
        made_triangles.append(
            np.concatenate([place[stays], np.arange(count, count + len(inner), dtype=np.int32)])[slim[1]]
        )
        count += len(inner)
    return np.concatenate(made_points), np.concatenate(made_triangles)


def _of_several(triangles: IntArray, pieces: IntArray, count: int) -> BoolArray:
    """(N,) True for points that triangles of more than one piece have."""
    least, most = np.full(count, np.iinfo(np.int32).max, dtype=np.int32), np.full(count, -1, dtype=np.int32)
    for corner in range(3):
        np.minimum.at(least, triangles[:, corner], pieces)
        np.maximum.at(most, triangles[:, corner], pieces)
    return np.asarray(least < most)


def _on_rims(triangles: IntArray) -> IntArray:
    """Numbers of the points on edges that one triangle has alone."""
    edges = np.sort(np.concatenate([triangles[:, pair] for pair in ((0, 1), (1, 2), (2, 0))]), axis=1)
    keys, counts = np.unique(edges[:, 0].astype(np.int64) << 32 | edges[:, 1], return_counts=True)
    alone = keys[counts == 1]
    return np.unique(np.concatenate([alone >> 32, alone & 0xFFFFFFFF])).astype(np.int32)
