"""Closed surfaces from masks: a smooth distance field per structure, contoured where the mesh keeps the volume.

One smoothing for all ruins vessels by tens of per cent, so its width follows the structure's own thickness, and the
level is found by bisection on the mesh's volume.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh
from planning.volume import Mask

PAD = 4
THICK_SLICE = 1.6
BISECTIONS = 10
VOLUME_TOLERANCE = 2e-4
FINEST_MM = 0.3
MOST_FIELD_VOXELS = 60_000_000


def surface_from_mask(mask: Mask, *, kind: str = "auto") -> SurfaceMesh:
    """The structure's surface in LPS mm, closed, outward.

    kind: "vessel" smooths less than "organ", "lesion", "bone", "other" or "auto"; "preview" is fast and coarser.
    A structure at the scan's border is closed by a cap. Raises MeasurementError for an empty structure.
    """
    if not mask.voxel_count:
        raise MeasurementError("The structure is empty", "Segment it first", "empty")
    if kind == "preview":
        return _preview(mask)
    field, grid, radius_mm = distance_field(mask)
    sigma = smoothing_mm(grid, radius_mm, kind)
    smooth = _smoothed(field, grid, sigma)
    return _contour_with_volume(smooth, grid, mask.voxel_count * mask.grid.voxel_mm3)


def smoothing_mm(grid: Grid, radius_mm: float, kind: str) -> float:
    """Gaussian width: at most a quarter of the structure's own radius, at least 0.4 of the finest voxel."""
    voxel = float(grid.spacing_mm.min())
    wanted = 0.5 * voxel if kind == "vessel" else max(0.8, 0.6 * float(grid.spacing_mm.max()))
    return float(max(0.4 * voxel, min(wanted, 0.25 * radius_mm)))


def distance_field(mask: Mask) -> tuple[npt.NDArray[np.float32], Grid, float]:
    """(signed distance `[k, j, i]`, positive inside, its grid, typical radius in mm).

    Distances to voxel centres of the other side, halved between them, so that zero lies between voxels; thick slices
    are interpolated by a cubic to about the in-plane size.
    """
    from scipy import ndimage

    grid = _padded_grid(mask)
    inside = np.pad(mask.voxels, PAD)
    spacing = grid.spacing_mm[::-1]
    within = ndimage.distance_transform_edt(inside, sampling=spacing)
    without = ndimage.distance_transform_edt(~inside, sampling=spacing)
    field = (within - without).astype(np.float32)
    ridge = within[inside]
    radius = float(np.percentile(ridge, 97))
    return (*_refined(field, grid), radius)


def _padded_grid(mask: Mask) -> Grid:
    nk, nj, ni = (n + 2 * PAD for n in mask.voxels.shape)
    i, j, k = mask.start_ijk
    matrix = mask.grid.world_from_index.copy()
    matrix[:3, 3] = mask.grid.to_world((i - PAD, j - PAD, k - PAD))
    return Grid((ni, nj, nk), matrix)


def _refined(field: npt.NDArray[np.float32], grid: Grid) -> tuple[npt.NDArray[np.float32], Grid]:
    from scipy import ndimage

    spacing = grid.spacing_mm
    finest = max(float(spacing.min()), FINEST_MM)
    factors = np.maximum(1, np.rint(spacing / finest)).astype(int)
    if (
        factors.max() == 1
        or spacing.max() < THICK_SLICE * finest
        or field.size * int(np.prod(factors)) > MOST_FIELD_VOXELS
    ):
        return field, grid
    size = (np.array(grid.size_ijk) - 1) * factors + 1
    matrix = grid.world_from_index.copy()
    matrix[:3, :3] = matrix[:3, :3] / factors
    fine = field
    for axis, factor in enumerate(factors[::-1]):
        if factor > 1:
            count = (fine.shape[axis] - 1) * int(factor) + 1
            zoom = [1.0] * 3
            zoom[axis] = count / fine.shape[axis]
            fine = ndimage.zoom(fine, zoom, order=3, mode="nearest", grid_mode=False)
    return np.asarray(fine, dtype=np.float32), Grid((int(size[0]), int(size[1]), int(size[2])), matrix)


def _smoothed(field: npt.NDArray[np.float32], grid: Grid, sigma_mm: float) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    clipped = np.clip(field, -6.0 * sigma_mm - 4.0, 6.0 * sigma_mm + 4.0)
    return np.asarray(ndimage.gaussian_filter(clipped, sigma_mm / grid.spacing_mm[::-1], output=np.float32))


def _contour_with_volume(field: npt.NDArray[np.float32], grid: Grid, wanted_mm3: float) -> SurfaceMesh:
    spread = float(grid.spacing_mm.max())
    low, high = -spread, spread
    mesh = contour(field, grid, 0.0)
    level = 0.0
    for _ in range(BISECTIONS):
        volume = mesh.volume_ml * 1000.0
        if abs(volume - wanted_mm3) <= VOLUME_TOLERANCE * wanted_mm3:
            break
        if volume > wanted_mm3:
            low = level
        else:
            high = level
        # the secant through the surface's own area lands almost there; bisection only guards it
        area = max(surface_area_mm2(mesh), 1e-6)
        level = float(
            np.clip(level + (volume - wanted_mm3) / area, low + 0.02 * (high - low), high - 0.02 * (high - low))
        )
        mesh = contour(field, grid, level)
        if not len(mesh.triangles):
            raise MeasurementError("The structure is too small for a surface", "Leave it out", "too_small")
    return mesh


def surface_area_mm2(mesh: SurfaceMesh) -> float:
    """Sum of the triangles' areas."""
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] for n in range(3))
    return float(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())


def contour(field: npt.NDArray[np.float32], grid: Grid, level: float) -> SurfaceMesh:
    """The surface where the field equals the level, its inside (above the level) outward-oriented."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    ni, nj, nk = grid.size_ijk
    image = vtkImageData()
    image.SetDimensions(ni, nj, nk)
    flat = np.ascontiguousarray(field).reshape(-1)
    # vtk does not keep the array alive; `flat` outlives the filter here
    image.GetPointData().SetScalars(numpy_to_vtk(flat, deep=False))
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, float(level))
    edges.ComputeNormalsOff()
    edges.ComputeGradientsOff()
    edges.ComputeScalarsOff()
    edges.Update()
    output = edges.GetOutput()
    if not output.GetNumberOfPolys():
        return SurfaceMesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32))
    points: FloatArray = grid.to_world(vtk_to_numpy(output.GetPoints().GetData()).astype(np.float64))
    triangles = vtk_to_numpy(output.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    mesh = _without_slivers(SurfaceMesh(points, triangles))
    return mesh if mesh.volume_ml >= 0 else SurfaceMesh(mesh.points_mm, mesh.triangles[:, ::-1])


def _without_slivers(mesh: SurfaceMesh) -> SurfaceMesh:
    """Points that fell together where the contour meets a grid point are merged, and the empty triangles dropped."""
    rounded = np.round(mesh.points_mm, 6)
    _, first, inverse = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    triangles = inverse.reshape(-1)[mesh.triangles]
    good = (
        (triangles[:, 0] != triangles[:, 1])
        & (triangles[:, 1] != triangles[:, 2])
        & (triangles[:, 0] != triangles[:, 2])
    )
    return SurfaceMesh(mesh.points_mm[first], triangles[good])


def _preview(mask: Mask) -> SurfaceMesh:
    from scipy import ndimage

    grid = _padded_grid(mask)
    inside = np.pad(mask.voxels, PAD)
    every = 1
    while inside.size / every**3 > 1_500_000:
        every += 1
    soft = ndimage.gaussian_filter(
        inside.astype(np.float32), 0.6 * every * float(grid.spacing_mm.min()) / grid.spacing_mm[::-1]
    )
    if every > 1:
        # thick slices are not thinned further
        steps = np.maximum(1, np.rint(every * float(grid.spacing_mm.min()) / grid.spacing_mm)).astype(int)
        soft = soft[:: steps[2], :: steps[1], :: steps[0]]
        matrix = grid.world_from_index.copy()
        matrix[:3, :3] = matrix[:3, :3] * steps
        soft = np.pad(soft, ((0, 1), (0, 1), (0, 1)))
        grid = Grid((soft.shape[2], soft.shape[1], soft.shape[0]), matrix)
    mesh = contour(np.ascontiguousarray(soft), grid, 0.5)
    if len(mesh.triangles) == 0:
        mesh = contour(np.ascontiguousarray(soft), grid, 0.5 * float(soft.max()))
    return mesh
