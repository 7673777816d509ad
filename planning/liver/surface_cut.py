"""A cut along a surface from a file: closed ones remove their inside, open ones must part the organ in two.

The surface becomes a signed distance on a 1 mm net about the organ: exact to the triangles near them, by distance to
the near places farther away. The side comes from a fill of the inside for closed surfaces, from the nearest triangle's
face near open ones and from there by flooding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.filled import filled
from planning.geometry import FloatArray, Grid
from planning.liver.distance import distance_to_mm
from planning.liver.regions import FieldRegion
from planning.liver.resection import SurfaceResection
from planning.mesh import SurfaceMesh

if TYPE_CHECKING:
    from planning.liver.model import LiverModel

STEP_MM = 1.0
AROUND_MM = 4.0
NEAR_MM = 2.0
SAMPLE_MM = 0.7
NEAREST = 6
MOST_TRIANGLES = 400_000
MIXED_SHARE = 0.02


def surface_region(model: LiverModel, resection: SurfaceResection) -> FieldRegion:
    """The region of a surface. Raises MeasurementError for one that misses the organ or does not part it."""
    mesh = _welded(resection.mesh)
    if not len(mesh.triangles):
        raise MeasurementError("The surface has no triangles", "Choose another file", "empty")
    if len(mesh.triangles) > MOST_TRIANGLES:
        raise MeasurementError(
            f"The surface has {len(mesh.triangles)} triangles", f"Make it coarser than {MOST_TRIANGLES}", "too_fine"
        )
    rim = _rim(mesh)
    grid = _grid(model)
    corners = model.corners_mm
    if (mesh.points_mm.max(axis=0) < corners.min(axis=0)).any() or (
        mesh.points_mm.min(axis=0) > corners.max(axis=0)
    ).any():
        raise MeasurementError(
            "The surface does not meet the organ", "Surfaces are read as LPS millimetres; check the file", "no_cut"
        )
    if len(rim):
        _check_rim(model, rim)
        field = _open_field(model, mesh, grid)
    else:
        field = _closed_field(mesh, grid)
    region = FieldRegion.of("surface", grid, field)
    if len(rim) and resection.remove == "tumor":
        return _tumor_side(model, region)
    return region


def _tumor_side(model: LiverModel, region: FieldRegion) -> FieldRegion:
    total = model.tumor_voxels
    if not total:
        raise MeasurementError(
            "The side with the tumour cannot be removed: no tumour is named", "Name the tumours", "no_tumor"
        )
    removed = int(model.codes.removed(model.voxels.removed([region]))[model.codes.tumor != 0].sum())
    return region if 2 * removed >= total else FieldRegion.of("surface", region.grid, -region.field_mm)


def _welded(mesh: SurfaceMesh) -> SurfaceMesh:
    """Points of one place made one: files often repeat them for every triangle; triangles without area go."""
    _, first, place = np.unique(np.round(mesh.points_mm, 4), axis=0, return_index=True, return_inverse=True)
    triangles = place.reshape(-1)[mesh.triangles]
    a, b, c = triangles.T
    return SurfaceMesh(mesh.points_mm[first], triangles[(a != b) & (b != c) & (c != a)].astype(np.int32))


def _rim(mesh: SurfaceMesh) -> FloatArray:
    """(N, 3) middles of the edges that only one triangle has."""
    t = mesh.triangles.astype(np.int64)
    edges = np.sort(np.concatenate([t[:, (0, 1)], t[:, (1, 2)], t[:, (2, 0)]]), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    return np.asarray(mesh.points_mm[unique[count == 1]].mean(axis=1))


def _check_rim(model: LiverModel, rim_mm: FloatArray) -> None:
    inside = model.lookup.contains(rim_mm)
    if inside.any():
        place = rim_mm[inside].mean(axis=0)
        nearest = rim_mm[inside][np.linalg.norm(rim_mm[inside] - place, axis=1).argmin()]
        where = ", ".join(f"{value:.1f}" for value in nearest)
        raise MeasurementError(
            f"The surface ends or has a hole inside the organ, near {where} mm",
            "Close the hole, or make it reach beyond the organ",
            "hole",
        )


def _grid(model: LiverModel) -> Grid:
    low, high = model.corners_mm.min(axis=0) - AROUND_MM, model.corners_mm.max(axis=0) + AROUND_MM
    size = np.ceil((high - low) / STEP_MM).astype(int) + 1
    return Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (STEP_MM,) * 3, low)


def _near(mesh: SurfaceMesh, grid: Grid) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray]:
    """Numbers of the grid's points within 2 mm of the surface, their distances, and the side by the nearest face."""
    from scipy.spatial import cKDTree

    from planning.liver.margin import nearest_on_triangles

    samples, owner = _samples(mesh)
    index = np.rint(grid.to_index(samples)).astype(np.intp)
    reach = int(np.ceil(NEAR_MM / STEP_MM)) + 1
    inside = ((index >= -reach) & (index < np.array(grid.size_ijk) + reach)).all(axis=1)
    touched = np.zeros(grid.shape_kji, dtype=bool)
    i, j, k = np.clip(index[inside], 0, np.array(grid.size_ijk) - 1).T
    touched[k, j, i] = True
    if not touched.any():
        return np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0)
    flat = np.flatnonzero((distance_to_mm(touched, grid.spacing_mm) <= NEAR_MM + STEP_MM).reshape(-1))
    ni, nj, _ = grid.size_ijk
    points = grid.to_world(np.stack([flat % ni, flat // ni % nj, flat // (ni * nj)], axis=1))
    _, close = cKDTree(samples).query(points, k=min(NEAREST, len(samples)))
    triangles = owner[np.asarray(close).reshape(len(points), -1)]
    corners = mesh.points_mm[mesh.triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    face /= np.maximum(np.linalg.norm(face, axis=1), 1e-12)[:, None]
    best = np.full(len(points), np.inf)
    facing = np.zeros(len(points))
    for column in range(triangles.shape[1]):
        chosen = triangles[:, column]
        away = points - nearest_on_triangles(points, corners[chosen])
        distance = np.linalg.norm(away, axis=1)
        turned = (away * face[chosen]).sum(axis=1)
        nearer, equal = distance < best - 1e-6, np.abs(distance - best) <= 1e-6
        facing = np.where(nearer, turned, np.where(equal, facing + turned, facing))
        best = np.minimum(best, distance)
    return flat, best, np.where(facing >= 0.0, 1.0, -1.0)


def _samples(mesh: SurfaceMesh) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Points on the surface closer than 0.7 mm to each other, with their triangles."""
    corners = mesh.points_mm[mesh.triangles]
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    parts = np.maximum(np.ceil(longest / SAMPLE_MM), 1).astype(int)
    points, owners = [], []
    for count in np.unique(parts):
        own = np.flatnonzero(parts == count)
        a, b = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
        kept = a + b <= count
        u, v = a[kept] / count, b[kept] / count
        weights = np.stack([1.0 - u - v, u, v], axis=1)
        points.append(np.einsum("wc,tcx->twx", weights, corners[own]).reshape(-1, 3))
        owners.append(np.repeat(own, len(weights)))
    return np.concatenate(points), np.concatenate(owners)


def _closed_field(mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.float32]:
    flat, distance, _ = _near(mesh, grid)
    inside = filled(mesh, grid)
    if not inside.any():
        raise MeasurementError("The surface encloses nothing of the organ", "Check that it is in LPS mm", "no_cut")
    return _with_near(np.where(inside, 1.0, -1.0), flat, distance, grid)


def _open_field(model: LiverModel, mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    flat, distance, side = _near(mesh, grid)
    sign = np.zeros(grid.shape_kji)
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    organ = model.lookup.contains(points).reshape(grid.shape_kji)
    if not flat.size or not organ.reshape(-1)[flat].any():
        raise MeasurementError("The surface does not meet the organ", "Check that it is in LPS mm", "no_cut")
    band = np.zeros(grid.shape_kji, dtype=bool)
    near = flat[distance <= NEAR_MM]
    band.reshape(-1)[near] = True
    sign.reshape(-1)[near] = side[distance <= NEAR_MM]
    labels, _ = ndimage.label(organ & ~band)
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        wide = tuple(slice(max(part.start - 1, 0), part.stop + 1) for part in box)
        own = labels[wide] == number
        touching = sign[wide][ndimage.binary_dilation(own) & band[wide]]
        sign[wide][own] = _one_side(touching, grid, box)
    # what lies outside the organ takes the side of the nearest place that has one
    open_places = sign == 0.0
    nearest = ndimage.distance_transform_edt(open_places, return_distances=False, return_indices=True)
    return _with_near(sign[tuple(nearest)], flat, distance, grid)


def _one_side(touching: FloatArray, grid: Grid, box: tuple[slice, ...]) -> float:
    """The side of a piece of the organ by what it touches. Raises MeasurementError where it touches both."""
    if not len(touching):
        return 0.0
    positive = float((touching > 0.0).mean())
    if MIXED_SHARE < positive < 1.0 - MIXED_SHARE:
        k, j, i = ((part.start + part.stop) / 2.0 for part in box)
        where = ", ".join(f"{value:.0f}" for value in grid.to_world(np.array([i, j, k])))
        raise MeasurementError(
            f"The surface does not part the organ in two: both its sides meet near {where} mm",
            "Give one surface that cuts right through",
            "hole",
        )
    return 1.0 if positive >= 0.5 else -1.0


def _with_near(
    sign: FloatArray, flat: npt.NDArray[np.intp], distance: FloatArray, grid: Grid
) -> npt.NDArray[np.float32]:
    touched = np.zeros(grid.shape_kji, dtype=bool)
    touched.reshape(-1)[flat[distance <= STEP_MM]] = True
    if not touched.any():
        return np.asarray(100.0 * sign, dtype=np.float32)
    field = np.maximum(distance_to_mm(touched, grid.spacing_mm), np.float32(NEAR_MM))
    near = distance <= NEAR_MM
    field.reshape(-1)[flat[near]] = distance[near]
    return np.asarray(field * sign, dtype=np.float32)
