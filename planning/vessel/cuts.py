"""Plane sections of a surface: exact, and only the loop round the centreline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.centerline import Centerline
from planning.edge import EdgeModel
from planning.geometry import FloatArray, frozen_array
from planning.mesh import SurfaceMesh
from planning.section import (
    CURVE_POINTS,
    Contour,
    Frame,
    Measures,
    equal_angles,
    fourier_basis,
    measure_contour,
)

MOST_RADII = 3.0
LOOP_POINTS = 360
NO_EDGE = EdgeModel(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One closed loop of a surface in a plane, as a smooth contour for drawing and as exact measures."""

    contour: Contour
    measures: Measures


def cut_along(mesh: SurfaceMesh, line: Centerline, radii_mm: FloatArray) -> list[Cut | None]:
    """The loop that holds each point of the line; None where the surface is open there or the loop is not the vessel's.

    radii_mm: (N,) about how wide the vessel is; only triangles within a few of them are looked at.
    """
    from scipy.spatial import cKDTree

    corners = mesh.points_mm[mesh.triangles]
    centers = corners.mean(axis=1)
    widest = float(np.linalg.norm(corners - centers[:, None], axis=2).max()) if len(centers) else 0.0
    tree = cKDTree(centers)
    found: list[Cut | None] = []
    for n, point in enumerate(line.points_mm):
        frame = Frame.of(point, line.tangents[n], line.normals[n])
        near = np.array(tree.query_ball_point(point, MOST_RADII * float(radii_mm[n]) + 3.0 + widest), dtype=np.int64)
        loop = _loop_round(mesh, mesh.triangles[near], frame) if len(near) else None
        found.append(None if loop is None else _as_cut(frame, loop))
    return found


def _loop_round(mesh: SurfaceMesh, triangles: npt.NDArray[np.int32], frame: Frame) -> FloatArray | None:
    """(M, 2) plane points in order of the smallest closed loop that holds the frame's origin."""
    used, local = np.unique(triangles, return_inverse=True)
    rows = local.reshape(-1, 3)
    points = mesh.points_mm[used]
    height = (points - frame.origin_mm) @ frame.normal
    height = np.where(np.abs(height) < 1e-9, 1e-9, height)
    side = height > 0
    crossed = side[rows].any(axis=1) & ~side[rows].all(axis=1)
    rows = rows[crossed]
    if not len(rows):
        return None
    ends = []
    for a, b in ((0, 1), (1, 2), (2, 0)):
        low, high = np.minimum(rows[:, a], rows[:, b]), np.maximum(rows[:, a], rows[:, b])
        ends.append(np.where(side[rows[:, a]] != side[rows[:, b]], low * np.int64(len(used)) + high, -1))
    keys = np.sort(np.stack(ends, axis=1), axis=1)[:, 1:]
    edges, numbers = np.unique(keys, return_inverse=True)
    pairs = numbers.reshape(-1, 2)
    low, high = edges // len(used), edges % len(used)
    share = height[low] / (height[low] - height[high])
    plane = frame.to_plane(points[low] + share[:, None] * (points[high] - points[low]))
    best: tuple[float, FloatArray] | None = None
    for loop in _closed_loops(pairs, len(edges)):
        outline = plane[loop]
        area = _signed_area(outline)
        if _holds_origin(outline) and (best is None or abs(area) < best[0]):
            best = abs(area), outline if area > 0 else outline[::-1]
    return None if best is None else best[1]


def _closed_loops(pairs: npt.NDArray[np.int64], count: int) -> list[list[int]]:
    """Chains of segments that end where they begin; a chain with a loose end is left out."""
    beside: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        beside[a].append(int(b))
        beside[b].append(int(a))
    free = np.ones(count, dtype=bool)
    loops = []
    for start in range(count):
        if not free[start] or len(beside[start]) != 2:
            continue
        loop, before, here = [start], -1, start
        free[start] = False
        while True:
            onward = [other for other in beside[here] if other != before]
            following = onward[0] if onward else -1
            if following < 0 or len(beside[following]) != 2:
                loop = []
                break
            if following == start:
                break
            if not free[following]:
                loop = []
                break
            free[following] = False
            loop.append(following)
            before, here = here, following
        if len(loop) >= 3:
            loops.append(loop)
    return loops


def _signed_area(outline: FloatArray) -> float:
    following = np.roll(outline, -1, axis=0)
    return 0.5 * float((outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]).sum())


def _holds_origin(outline: FloatArray) -> bool:
    turn = np.diff(np.unwrap(np.arctan2(*np.concatenate([outline, outline[:1]]).T[::-1])))
    return bool(abs(turn.sum()) > np.pi)


def _as_cut(frame: Frame, outline: FloatArray) -> Cut | None:
    following = np.roll(outline, -1, axis=0)
    cross = outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]
    middle = ((outline + following) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum())
    moved = outline - middle
    if not _holds_origin(moved):
        return None
    closed = np.concatenate([moved, moved[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0.0, along[-1], LOOP_POINTS, endpoint=False)
    even = np.stack([np.interp(at, along, closed[:, n]) for n in range(2)], axis=1)
    angles, radii = np.arctan2(even[:, 1], even[:, 0]), np.hypot(even[:, 0], even[:, 1])
    coefficients, *_ = np.linalg.lstsq(fourier_basis(angles), radii, rcond=None)
    moved_frame = Frame(frozen_array(frame.to_world(middle[None])[0]), frame.right, frame.up, frame.normal)
    contour = Contour(
        moved_frame,
        frozen_array(fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients),
        0.0,
        0.0,
        NO_EDGE,
        0.0,
        0.0,
        1.0,
        frozen_array(coefficients),
        frozen_array(np.zeros((len(coefficients), len(coefficients)))),
    )
    return Cut(contour, measure_contour(moved))
