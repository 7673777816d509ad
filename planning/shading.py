"""Normals for looking at surfaces of voxels; never for measuring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

SMOOTHINGS = 4


def shaded(mesh: SurfaceMesh) -> SurfaceMesh:
    """The same surface with its normals for shading, found beforehand so that drawing it waits for nothing."""
    return mesh if mesh.normals is not None else replace(mesh, normals=vertex_normals(mesh))


def vertex_normals(mesh: SurfaceMesh) -> npt.NDArray[np.float32]:
    """(V, 3) unit normals for shading: the triangles' own weighted by area, then evened out between neighbours."""
    points, triangles = mesh.points_mm, mesh.triangles
    a, b, c = (points[triangles[:, n]] for n in range(3))
    faces = np.cross(b - a, c - a)
    corners = triangles.T.reshape(-1)
    sums = np.empty((len(points), 3))
    for axis in range(3):
        sums[:, axis] = np.bincount(corners, np.tile(faces[:, axis], 3), minlength=len(points))
    normals = _unit_rows(sums)
    # voxels leave terraces; the light sees the shape behind them, the triangles stay as they are
    for _ in range(SMOOTHINGS):
        means = normals[triangles].sum(axis=1)
        for axis in range(3):
            sums[:, axis] = np.bincount(corners, np.tile(means[:, axis], 3), minlength=len(points))
        normals = _unit_rows(sums)
    return normals.astype(np.float32)


def _unit_rows(vectors: FloatArray) -> FloatArray:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / np.maximum(lengths, 1e-30)[:, None])
