"""How far a file's surface, as read back, lies from the segmentation's own sub-voxel surface."""

from __future__ import annotations

import numpy as np

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.checks import locator_of

SAMPLES = 20_000
MOST_VERTICES = 250_000


def surface_samples_mm(mesh: SurfaceMesh, count: int = SAMPLES) -> FloatArray:
    """Area-weighted points on the surface (fixed seed) and its vertices."""
    generator = np.random.default_rng(7)
    corners = mesh.points_mm[mesh.triangles]
    areas = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    chosen = generator.choice(len(areas), size=count, p=areas / areas.sum())
    a, b = np.sqrt(generator.random(count)), generator.random(count)
    weights = np.stack([1 - a, a * (1 - b), a * b], axis=1)
    vertices = mesh.points_mm[:: max(1, len(mesh.points_mm) // MOST_VERTICES)]
    return np.concatenate([np.einsum("ij,ijk->ik", weights, corners[chosen]), vertices])


def distances_mm(points_mm: FloatArray, mesh: SurfaceMesh) -> FloatArray:
    """(N,) unsigned distances of (N, 3) points from a surface."""
    from vtkmodules.vtkCommonCore import mutable
    from vtkmodules.vtkCommonDataModel import vtkGenericCell

    locator, surface = locator_of(mesh)
    cell, number, part, squared, nearest = vtkGenericCell(), mutable(0), mutable(0), mutable(0.0), [0.0] * 3
    found = np.empty(len(points_mm))
    for n, point in enumerate(points_mm):
        locator.FindClosestPoint(point, nearest, cell, number, part, squared)
        found[n] = float(squared)
    del surface
    return np.asarray(np.sqrt(np.maximum(found, 0.0)))


def deviation_mm(written: SurfaceMesh, reference: SurfaceMesh) -> tuple[float, float]:
    """(mean, largest) distance, the greater of both directions each. Both surfaces in LPS mm."""
    there = distances_mm(surface_samples_mm(written), reference)
    back = distances_mm(surface_samples_mm(reference), written)
    return max(float(there.mean()), float(back.mean())), max(float(there.max()), float(back.max()))
