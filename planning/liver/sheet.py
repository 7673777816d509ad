"""The deformable cut: a net of control heights, the height field it spans, and how hands change it.

h(a, b) = Σ B_i(u) B_j(v) N_ij with uniform cubic B-splines; u runs over 0 … m − 3 along the net's length. The cut is the
height field on a 1 mm lattice, linear between: every count and distance asks that one surface.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Plane, Vector, plane_basis, unit
from planning.liver.regions import LATTICE_MM, SheetRegion
from planning.liver.resection import PlaneResection, SheetResection

SMALLEST_NET, LARGEST_NET = 4, 40
BENDING = 1e-4
STRAIGHT_SHARE = 0.15
LEAST_LINE_POINTS = 3
BEYOND_MM = 5.0


def sheet_region(cut: SheetResection) -> SheetRegion:
    """The region of a deformable cut."""
    across, along = (_lattice(half) for half in cut.half_mm)
    m, n = cut.heights_mm.shape
    heights = _weights(across, cut.half_mm[0], m) @ cut.heights_mm @ _weights(along, cut.half_mm[1], n).T
    return SheetRegion.of(cut.base, cut.right, cut.down, (-cut.half_mm[0], -cut.half_mm[1]), heights)


def flat_sheet(cut: PlaneResection, corners_mm: FloatArray, shape: tuple[int, int] = (6, 6)) -> SheetResection:
    """A plane as a net that can be bent, as large as an organ with these (8, 3) box corners needs."""
    right, down = plane_basis(cut.plane.normal)
    if np.cross(right, down) @ cut.plane.normal < 0.0:
        right, down = down, right
    half = _half_mm(corners_mm, cut.plane.origin_mm, right, down)
    return SheetResection(cut.plane, right, half, np.zeros(shape), cut.remove)


def fit_sheet(
    line_mm: FloatArray,
    corners_mm: FloatArray,
    *,
    inside_mm: Vector,
    toward_mm: Vector,
    shape: tuple[int, int] = (6, 6),
) -> SheetResection:
    """The flattest deformable cut through a line that was drawn on the capsule.

    line_mm: (N, 3) places of the line. corners_mm: (8, 3) of the organ's box. inside_mm: the organ's middle, that a
    nearly straight line is cut through to. toward_mm: a place on the side to remove. Heights meet the line by least
    squares with a small bending energy. Raises MeasurementError for a line of fewer than 3 places or no length.
    """
    points = np.asarray(line_mm, dtype=np.float64).reshape(-1, 3)
    if len(points) < LEAST_LINE_POINTS or not np.isfinite(points).all() or np.ptp(points, axis=0).max() < BEYOND_MM:
        raise MeasurementError("The drawn line is too short for a cut", "Draw it across the capsule", "line")
    middle = points.mean(axis=0)
    _, sizes, axes = np.linalg.svd(points - middle)
    if sizes[1] < STRAIGHT_SHARE * sizes[0]:
        inward = np.asarray(inside_mm) - middle
        inward = inward - (inward @ axes[0]) * axes[0]
        if float(np.linalg.norm(inward)) < 1.0:
            raise MeasurementError("The drawn line is straight and runs through the middle", "Draw a curve", "line")
        axes = np.stack([axes[0], unit(inward), np.cross(axes[0], unit(inward))])
    normal = axes[2] if (np.asarray(toward_mm) - middle) @ axes[2] >= 0.0 else -axes[2]
    right = axes[0]
    down = np.cross(normal, right)
    half = _half_mm(corners_mm, middle, right, down)
    away = points - middle
    rows = _outer(_weights(away @ right, half[0], shape[0]), _weights(away @ down, half[1], shape[1]))
    bending = np.sqrt(BENDING) * _second_differences(shape)
    heights, *_ = np.linalg.lstsq(
        np.concatenate([rows, bending]), np.concatenate([away @ normal, np.zeros(len(bending))]), rcond=None
    )
    return SheetResection(Plane(middle, normal), right, half, heights.reshape(shape))


def pull_sheet(cut: SheetResection, place_mm: Vector, by_mm: float) -> SheetResection:
    """The cut raised by `by_mm` at the place of the base below `place_mm`; only the control heights around it change."""
    away = np.asarray(place_mm, dtype=np.float64) - cut.base.origin_mm
    m, n = cut.heights_mm.shape
    u = _weights(np.array([away @ cut.right]), cut.half_mm[0], m)[0]
    v = _weights(np.array([away @ cut.down]), cut.half_mm[1], n)[0]
    share = np.outer(u, v)
    return replace(cut, heights_mm=cut.heights_mm + by_mm * share / float((share**2).sum()))


def with_net(cut: SheetResection, shape: tuple[int, int]) -> SheetResection:
    """The same surface, as well as a net of another resolution can follow it. Raises MeasurementError out of 4 … 40."""
    if not all(SMALLEST_NET <= n <= LARGEST_NET for n in shape):
        raise MeasurementError(
            f"A net of {shape[0]} × {shape[1]} cannot be used", f"Choose {SMALLEST_NET} to {LARGEST_NET}", "net"
        )
    across, along = (_lattice(half) for half in cut.half_mm)
    m, n = cut.heights_mm.shape
    heights = _weights(across, cut.half_mm[0], m) @ cut.heights_mm @ _weights(along, cut.half_mm[1], n).T
    first = np.linalg.lstsq(_weights(across, cut.half_mm[0], shape[0]), heights, rcond=None)[0]
    second = np.linalg.lstsq(_weights(along, cut.half_mm[1], shape[1]), first.T, rcond=None)[0]
    return replace(cut, heights_mm=second.T)


def handles_mm(cut: SheetResection) -> FloatArray:
    """(m, n, 3) places of the surface that belong to each control height, for handles."""
    m, n = cut.heights_mm.shape
    across, along = (half * np.linspace(-1.0, 1.0, count) for half, count in zip(cut.half_mm, (m, n), strict=True))
    heights = _weights(across, cut.half_mm[0], m) @ cut.heights_mm @ _weights(along, cut.half_mm[1], n).T
    places = cut.base.origin_mm + across[:, None, None] * cut.right + along[:, None] * cut.down
    return np.asarray(places + heights[..., None] * cut.base.normal)


def _lattice(half_mm: float) -> FloatArray:
    return np.asarray(-half_mm + LATTICE_MM * np.arange(int(np.ceil(2.0 * half_mm / LATTICE_MM)) + 1), dtype=np.float64)


def _half_mm(corners_mm: FloatArray, origin_mm: Vector, right: Vector, down: Vector) -> tuple[float, float]:
    away = corners_mm - origin_mm
    across, along = (float(np.abs(away @ axis).max()) + BEYOND_MM for axis in (right, down))
    return across, along


def _weights(places_mm: FloatArray, half_mm: float, count: int) -> FloatArray:
    """(L, count) weights of control heights at places along one side of the net, constant beyond its ends."""
    u = np.clip((places_mm + half_mm) / (2.0 * half_mm), 0.0, 1.0) * (count - 3)
    first = np.minimum(u.astype(np.intp), count - 4)
    t = u - first
    basis = np.stack([(1.0 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], axis=1) / 6.0
    weights = np.zeros((len(u), count))
    np.put_along_axis(weights, first[:, None] + np.arange(4), basis, axis=1)
    return weights


def _outer(first: FloatArray, second: FloatArray) -> FloatArray:
    """(L, m·n) products of (L, m) and (L, n)."""
    return np.asarray((first[:, :, None] * second[:, None, :]).reshape(len(first), -1))


def _second_differences(shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Thin-plate energy of a net: second differences along both sides and twice the mixed ones."""
    m, n = shape
    d1, d2 = np.diff(np.eye(m), 2, axis=0), np.diff(np.eye(n), 2, axis=0)
    e1, e2 = np.diff(np.eye(m), axis=0), np.diff(np.eye(n), axis=0)
    return np.concatenate([np.kron(d1, np.eye(n)), np.kron(np.eye(m), d2), np.sqrt(2.0) * np.kron(e1, e2)])
