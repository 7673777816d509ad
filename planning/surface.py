"""Closed surfaces from masks: a smooth distance field per structure, contoured where the mesh keeps the volume.

One smoothing for all ruins vessels by tens of per cent, so its width follows the structure's own thickness, and the
level is found by bisection on the mesh's volume.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.distances import depth_mm, distance_to_mm, near_mm
from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh
from planning.surface_pieces import beside_each_other, bridged, pieces_of, solid_count
from planning.volume import Mask

PAD = 4
THICK_SLICE = 1.6
BISECTIONS = 10
VOLUME_TOLERANCE = 2e-4
FINEST_MM = 0.3
CORNER_MM = 0.01
MOST_FIELD_VOXELS = 60_000_000
# a piece falls apart or is lost by smoothing: then it is smoothed less
LESS_SMOOTH = (1.0, 0.5, 0.0)
MOST_PIECES = 150
PREVIEW_VOXELS, PICTURE_VOXELS = 1_500_000, 20_000_000


def surface_from_mask(mask: Mask, *, kind: str = "auto") -> SurfaceMesh:
    """The structure's surface in LPS mm, closed, outward.

    kind: "vessel" smooths less than "organ", "lesion", "bone", "other" or "auto"; "preview" is fast and coarser, "picture"
    as fast but as fine as the voxels, for what is only looked at.
    A structure at the scan's border is closed by a cap. Raises MeasurementError for an empty structure.
    """
    if not mask.voxel_count:
        raise MeasurementError("The structure is empty", "Segment it first", "empty")
    if kind in ("preview", "picture"):
        return _preview(mask, PREVIEW_VOXELS if kind == "preview" else PICTURE_VOXELS)
    pieces = pieces_of(mask)
    if len(pieces) > MOST_PIECES:
        return _piece_surface(mask, kind, 0)
    return beside_each_other([_piece_surface(piece, kind, 1) for piece in pieces])


def _piece_surface(mask: Mask, kind: str, wanted: int) -> SurfaceMesh:
    """One surface of a mask; wanted: how many pieces it has to have (0: as it comes), for which it is smoothed less."""
    wanted_mm3 = mask.voxel_count * mask.grid.voxel_mm3
    field, grid, sigma = distance_field(bridged(mask) if wanted else mask, kind)
    found = None
    for less in LESS_SMOOTH:
        try:
            mesh = _contour_with_volume(_smoothed(field, grid, less * sigma), grid, wanted_mm3)
        except MeasurementError:
            # nothing is left of something very small: smooth less
            continue
        found = found or mesh
        if not wanted or solid_count(mesh) == wanted:
            return mesh
    if found is None:
        raise MeasurementError("The structure is too small for a surface", "Leave it out", "too_small")
    return found


def smoothing_mm(grid: Grid, radius_mm: float, kind: str) -> float:
    """Gaussian width: at most a quarter of the structure's own radius, at least 0.4 of the finest voxel."""
    voxel = float(grid.spacing_mm.min())
    wanted = 0.5 * voxel if kind == "vessel" else max(0.8, 0.6 * float(grid.spacing_mm.max()))
    return float(max(0.4 * voxel, min(wanted, 0.25 * radius_mm)))


def distance_field(mask: Mask, kind: str) -> tuple[npt.NDArray[np.float32], Grid, float]:
    """(signed distance `[k, j, i]`, positive inside, its grid, the smoothing's width in mm).

    Distances to voxel centres of the other side, halved between them, so that zero lies between voxels; thick slices
    are interpolated by a cubic to about the in-plane size. Where no smoothing and no level can reach, the distance
    outside is only known to be large.
    """
    grid = _padded_grid(mask)
    inside = np.pad(mask.voxels, PAD)
    spacing = grid.spacing_mm[::-1]
    within = depth_mm(inside, spacing)
    radius = float(np.percentile(within[inside], 97))
    if _refinement(within.size, grid) is not None:
        # the spline between thick slices takes all of a column into account
        fine, fine_grid = _refined(within - distance_to_mm(inside, spacing), grid)
        return fine, fine_grid, smoothing_mm(fine_grid, radius, kind)
    sigma = smoothing_mm(grid, radius, kind)
    reach_mm = max(_clipped_at_mm(sigma), 3.0 * float(spacing.max()))
    return within - near_mm(inside, spacing, reach_mm), grid, sigma


def _clipped_at_mm(sigma_mm: float) -> float:
    """No distance beyond this changes a surface that is smoothed so."""
    return 6.0 * sigma_mm + 4.0


def _padded_grid(mask: Mask) -> Grid:
    nk, nj, ni = (n + 2 * PAD for n in mask.voxels.shape)
    i, j, k = mask.start_ijk
    matrix = mask.grid.world_from_index.copy()
    matrix[:3, 3] = mask.grid.to_world((i - PAD, j - PAD, k - PAD))
    return Grid((ni, nj, nk), matrix)


def _refinement(voxels: int, grid: Grid) -> npt.NDArray[np.int_] | None:
    """How many samples along (i, j, k) each voxel becomes; None where slices are not thick, or there would be too many."""
    spacing = grid.spacing_mm
    finest = max(float(spacing.min()), FINEST_MM)
    factors = np.maximum(1, np.rint(spacing / finest)).astype(int)
    is_thick = factors.max() > 1 and spacing.max() >= THICK_SLICE * finest
    return factors if is_thick and voxels * int(np.prod(factors)) <= MOST_FIELD_VOXELS else None


def _refined(field: npt.NDArray[np.float32], grid: Grid) -> tuple[npt.NDArray[np.float32], Grid]:
    factors = _refinement(field.size, grid)
    if factors is None:
        return field, grid
    size = (np.array(grid.size_ijk) - 1) * factors + 1
    matrix = grid.world_from_index.copy()
    matrix[:3, :3] = matrix[:3, :3] / factors
    fine = field
    for axis, factor in enumerate(factors[::-1]):
        if factor > 1:
            fine = _cubic_between(fine, axis, int(factor))
    return np.asarray(fine, dtype=np.float32), Grid((int(size[0]), int(size[1]), int(size[2])), matrix)


def _cubic_between(field: npt.NDArray[np.float32], axis: int, factor: int) -> npt.NDArray[np.float32]:
    """factor − 1 new samples between neighbours along an axis, on the cubic spline through the old ones."""
    from scipy import ndimage

    values = np.moveaxis(ndimage.spline_filter1d(field, order=3, axis=axis, output=np.float32, mode="mirror"), axis, 0)
    padded = np.concatenate([values[1:2], values, values[-2:-1], values[-3:-2]])
    count = len(values)
    fine = np.empty(((count - 1) * factor + 1, *values.shape[1:]), dtype=np.float32)
    for phase in range(factor):
        t = phase / factor
        weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
        last = count if phase == 0 else count - 1
        fine[phase::factor] = sum(np.float32(w / 6.0) * padded[n : n + last] for n, w in enumerate(weights))
    return np.ascontiguousarray(np.moveaxis(fine, 0, axis))


def _smoothed(field: npt.NDArray[np.float32], grid: Grid, sigma_mm: float) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    if sigma_mm <= 0.0:
        return field
    most = _clipped_at_mm(sigma_mm)
    clipped = np.clip(field, -most, most)
    return np.asarray(ndimage.gaussian_filter(clipped, sigma_mm / grid.spacing_mm[::-1], output=np.float32))


def _contour_with_volume(field: npt.NDArray[np.float32], grid: Grid, wanted_mm3: float) -> SurfaceMesh:
    spread = float(grid.spacing_mm.max())
    low, high = -spread, spread
    level = 0.0
    points, triangles = _index_contour(field, level)
    for _ in range(BISECTIONS):
        volume, area = _volume_and_area(points, triangles, grid)
        if abs(volume - wanted_mm3) <= VOLUME_TOLERANCE * wanted_mm3:
            break
        if volume > wanted_mm3:
            low = level
        else:
            high = level
        # the secant through the surface's own area lands almost there; bisection only guards it
        level = float(
            np.clip(
                level + (volume - wanted_mm3) / max(area, 1e-6), low + 0.02 * (high - low), high - 0.02 * (high - low)
            )
        )
        points, triangles = _index_contour(field, level)
        if not len(triangles):
            raise MeasurementError("The structure is too small for a surface", "Leave it out", "too_small")
    return _finished(_raw_contour(_off_level(field, level), grid, level), grid)


def _off_level(field: npt.NDArray[np.float32], level: float) -> npt.NDArray[np.float32]:
    """The field with no value nearer than CORNER_MM to the level.

    Where a grid point lies on the surface, the contour's points round it fall together and sheets touch in them; a
    hundredth of a millimetre keeps them apart.
    """
    at, corner = np.float32(level), np.float32(CORNER_MM)
    near = np.flatnonzero(np.abs(field - at).reshape(-1) < corner)
    moved = np.array(field, dtype=np.float32)
    flat = moved.reshape(-1)
    flat[near] = np.where(flat[near] < at, at - corner, at + corner)
    return moved


def surface_area_mm2(mesh: SurfaceMesh) -> float:
    """Sum of the triangles' areas."""
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] for n in range(3))
    return float(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())


def contour(field: npt.NDArray[np.float32], grid: Grid, level: float) -> SurfaceMesh:
    """The surface where the field equals the level, its inside (above the level) outward-oriented."""
    return _finished(_raw_contour(field, grid, level), grid)


def closed_contour(field: npt.NDArray[np.float32], grid: Grid, level: float) -> SurfaceMesh:
    """As `contour`, with samples on the level moved off it, so that no sheets touch in a point."""
    return _finished(_raw_contour(_off_level(field, level), grid, level), grid)


def _volume_and_area(points: FloatArray, triangles: npt.NDArray[np.int32], grid: Grid) -> tuple[float, float]:
    """(mm³, mm²) of a closed surface whose (N, 3) points are indices of a grid, whichever way it is turned."""
    numbers = [np.ascontiguousarray(triangles[:, n]) for n in range(3)]
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = (
        tuple(column[corner] for column in map(np.ascontiguousarray, points.T)) for corner in numbers
    )
    ux, uy, uz, vx, vy, vz = bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az
    normal = np.stack([uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx])
    volume = float(normal[0] @ ax + normal[1] @ ay + normal[2] @ az) / 6.0
    # areas follow a map by its cofactors
    matrix = grid.world_from_index[:3, :3]
    turned = (np.linalg.det(matrix) * np.linalg.inv(matrix).T) @ normal
    area = 0.5 * float(np.sqrt(np.einsum("ij,ij->j", turned, turned)).sum())
    return abs(volume) * grid.voxel_mm3, area


def _raw_contour(field: npt.NDArray[np.float32], grid: Grid, level: float) -> SurfaceMesh:
    points, triangles = _index_contour(field, level)
    return SurfaceMesh(grid.to_world(points), triangles)


def _index_contour(field: npt.NDArray[np.float32], level: float) -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """((N, 3) indices, (T, 3) triangles) where the field equals the level."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    nk, nj, ni = field.shape
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
        return np.zeros((0, 3)), np.zeros((0, 3), np.int32)
    points = vtk_to_numpy(output.GetPoints().GetData()).astype(np.float64)
    return points, vtk_to_numpy(output.GetPolys().GetConnectivityArray()).reshape(-1, 3)


def _finished(mesh: SurfaceMesh, grid: Grid) -> SurfaceMesh:
    """Points that fell together where the contour meets a grid point are merged, the empty triangles dropped, and the
    surface turned outward."""
    if not len(mesh.triangles):
        return mesh
    index = grid.to_index(mesh.points_mm)
    # a contour's points lie on the grid's edges: only those at an edge's end can coincide
    at_corner = np.flatnonzero(np.abs(index - np.rint(index)).max(axis=1) < 2e-5)
    triangles = mesh.triangles.astype(np.int64)
    if len(at_corner):
        _, first, inverse = np.unique(np.rint(index[at_corner]), axis=0, return_index=True, return_inverse=True)
        becomes = np.arange(len(mesh.points_mm), dtype=np.int64)
        becomes[at_corner] = at_corner[first][inverse.reshape(-1)]
        triangles = becomes[triangles]
        a, b, c = triangles.T
        triangles = triangles[(a != b) & (b != c) & (a != c)]
    used, numbers = np.unique(triangles, return_inverse=True)
    whole = SurfaceMesh(mesh.points_mm[used], numbers.reshape(-1, 3).astype(np.int32))
    return whole if whole.volume_ml >= 0 else SurfaceMesh(whole.points_mm, whole.triangles[:, ::-1])


def _preview(mask: Mask, most_voxels: int) -> SurfaceMesh:
    from scipy import ndimage

    grid = _padded_grid(mask)
    inside = np.pad(mask.voxels, PAD)
    every = 1
    while inside.size / every**3 > most_voxels:
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
