"""The cut laid flat: each resection's patch beside the one before, with how much the map stretches or shrinks it.

A plane keeps its lengths; a deformable cut is seen along its base's normal; other cuts along the mean normal of their
patch. A triangle's distortion is its true area over its area on the map: 1 keeps areas, 2 hides half of it, and a fold
(a triangle seen from behind) is infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, Vector, plane_basis, unit
from planning.liver.cut_map import CutMap
from planning.liver.regions import PlaneRegion, Region, SheetRegion

BESIDE_MM = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class FlatFrame:
    """How one patch lies on the map: a place p is at ((p − origin)·right, (p − origin)·down) + shift_mm."""

    origin_mm: Vector
    right: Vector
    down: Vector
    shift_mm: FloatArray

    def place(self, points_mm: FloatArray) -> FloatArray:
        """(…, 2) millimetres on the map of (…, 3) points."""
        away = points_mm - self.origin_mm
        return np.asarray(np.stack([away @ self.right, away @ self.down], axis=-1) + self.shift_mm)


@dataclass(frozen=True, slots=True, eq=False)
class Resectogram:
    """A cut map laid flat. flat_mm: (V, 2). distortion: (T,) true area over map area. frames: one for each region."""

    cut: CutMap
    flat_mm: FloatArray
    distortion: FloatArray
    frames: tuple[FlatFrame, ...]

    @property
    def folded_share(self) -> float:
        """Share of the true area that the map shows from behind."""
        areas = _areas_3d(self.cut)
        return float(areas[np.isinf(self.distortion)].sum() / areas.sum()) if areas.size else 0.0


def lay_flat(cut: CutMap, regions: Sequence[Region]) -> Resectogram:
    """The map of a cut of these regions."""
    flat = np.zeros((len(cut.mesh.points_mm), 2))
    frames: list[FlatFrame] = []
    edge = 0.0
    for number, region in enumerate(regions):
        own = cut.cut_of == number
        origin, right, down = _axes(cut, region, own)
        patch = FlatFrame(origin, right, down, np.zeros(2)).place(cut.mesh.points_mm[own])
        low = patch.min(axis=0) if len(patch) else np.zeros(2)
        frame = FlatFrame(origin, right, down, np.array((edge, 0.0)) - low)
        flat[own] = patch + frame.shift_mm
        frames.append(frame)
        edge += float(np.ptp(patch[:, 0])) + BESIDE_MM if len(patch) else 0.0
    signed = _areas_2d(flat[cut.mesh.triangles])
    true = _areas_3d(cut)
    # each frame's own sense decides which way round is seen from the front
    sense = np.array([float(np.sign(np.cross(f.right, f.down) @ _mean_normal(cut, n))) for n, f in enumerate(frames)])
    owner = cut.cut_of[cut.mesh.triangles[:, 0]] if len(cut.mesh.triangles) else np.zeros(0, dtype=np.intp)
    facing = signed * (sense[owner] if len(frames) else 1.0)
    with np.errstate(divide="ignore"):
        distortion = np.where(facing > 0.0, true / np.maximum(facing, 1e-12), np.inf)
    return Resectogram(cut, flat, distortion, tuple(frames))


def _axes(cut: CutMap, region: Region, own: np.ndarray) -> tuple[Vector, Vector, Vector]:
    if isinstance(region, PlaneRegion):
        return (region.plane.origin_mm, *plane_basis(region.plane.normal))
    if isinstance(region, SheetRegion):
        return (region.base.origin_mm, *plane_basis(region.base.normal))
    points = cut.mesh.points_mm[own]
    number = int(cut.cut_of[np.flatnonzero(own)[0]]) if own.any() else -1
    normal = _mean_normal(cut, number)
    return (points.mean(axis=0) if len(points) else np.zeros(3), *plane_basis(normal))


def _mean_normal(cut: CutMap, number: int) -> Vector:
    """(3,) unit mean normal of a region's patch; straight up where it has none."""
    own = cut.mesh.triangles[cut.cut_of[cut.mesh.triangles[:, 0]] == number]
    a, b, c = (cut.mesh.points_mm[own[:, n]] for n in range(3))
    total = np.cross(b - a, c - a).sum(axis=0) if len(own) else np.zeros(3)
    return unit(total) if float(np.linalg.norm(total)) > 1e-9 else np.array((0.0, 0.0, 1.0))


def _areas_3d(cut: CutMap) -> FloatArray:
    a, b, c = (cut.mesh.points_mm[cut.mesh.triangles[:, n]] for n in range(3))
    return np.asarray(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1))


def _areas_2d(corners: FloatArray) -> FloatArray:
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray(0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]))
