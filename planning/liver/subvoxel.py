"""The sub-voxel surface of a segmented lesion: the smoothest one that its voxels allow, and that keeps their volume.

The usual surfaces put margins off by a third of a voxel: the staircase, the raw mask contour, and also a smoothed
distance map, which keeps the flat steps that a grid cuts off a round tumour (up to 0.45 mm along the grid's axes at
1 mm). Here the signed distance (outside − inside) is smoothed by a wide Gaussian and then corrected, again smoothly,
until every voxel centre lies on the side that the segmentation says; the level is the one whose mesh encloses as
much as the voxels do. Axes with steps above 1.5 mm are first interpolated by cubic splines to about 0.8 mm.
`tests/benchmarks/bench_margin.py` measures the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.mesh import SurfaceMesh
from planning.volume import Mask

THICK_STEP_MM = 1.5
FINE_STEP_MM = 0.8
SMOOTHING_RADIUS_SHARE = 0.25
SMOOTHING_LEAST_MM = 1.5
SMOOTHING_LEAST_STEPS = 1.0
SMOOTHING_MOST_MM = 3.5
LEAST_CORRECTIONS, MOST_CORRECTIONS = 15, 60
CORRECTED_SAMPLES = 1.5e8
"""Large tumours have smooth surfaces after few corrections, and each of these costs as many samples as they have."""
STABLE_GAIN = 1.9
CORRECTED_MM = 0.01
PADDING_MM = 4.0
VOLUME_TOLERANCE = 1e-4
BISECTIONS = 24


@dataclass(frozen=True, slots=True, eq=False)
class SubvoxelSurface:
    """A closed surface and the field it was contoured in.

    mesh: LPS mm. grid: where the field's samples lie. field_mm: float32 `[k, j, i]`, smoothed signed distance less
    the contoured level: negative inside, zero on the surface.
    """

    mesh: SurfaceMesh
    grid: Grid
    field_mm: npt.NDArray[np.float32]

    def is_inside(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) True where the linearly interpolated field is negative; False outside the field's box."""
        from scipy import ndimage

        index = self.grid.to_index(points_mm)[:, ::-1].T
        values = ndimage.map_coordinates(self.field_mm, index, order=1, mode="constant", cval=PADDING_MM)
        return np.asarray(values < 0.0)


def fit_subvoxel_surface(mask: Mask, kept: KeptSteps = NOTHING_KEPT) -> SubvoxelSurface:
    """The volume-keeping smooth surface of a mask with at least one voxel; closed by a cap at the grid's border."""
    found = kept.arrays("tumour surface", (mask,), lambda: _fitted(mask))
    field_mm = found["field_mm"]
    nk, nj, ni = field_mm.shape
    mesh = SurfaceMesh(found["points_mm"], found["triangles"])
    return SubvoxelSurface(mesh, Grid((ni, nj, nk), found["world_from_index"]), field_mm)


def _fitted(mask: Mask) -> dict[str, npt.NDArray[Any]]:
    """What a mask's `SubvoxelSurface` consists of."""
    field, grid = _signed_distance(mask)
    wanted_mm3 = mask.voxel_count * mask.grid.voxel_mm3
    level, points, triangles = _level_with_volume(field, grid, wanted_mm3)
    return {
        "points_mm": grid.to_world(points),
        "triangles": triangles.astype(np.int32),
        "world_from_index": grid.world_from_index,
        "field_mm": np.asarray(field - np.float32(level), dtype=np.float32),
    }


def _signed_distance(mask: Mask) -> tuple[npt.NDArray[np.float32], Grid]:
    """The smooth signed distance of a mask in a padded box, and the box's grid."""
    from scipy import ndimage

    spacing = mask.grid.spacing_mm
    pad = np.maximum(np.ceil(PADDING_MM / spacing), 3).astype(int)
    inside = np.pad(mask.voxels, [(int(n), int(n)) for n in pad[::-1]])
    sampling = spacing[::-1]
    field = ndimage.distance_transform_edt(~inside, sampling=sampling)
    field -= ndimage.distance_transform_edt(inside, sampling=sampling)
    matrix = mask.grid.world_from_index.copy()
    matrix[:3, 3] = mask.grid.to_world(np.array(mask.start_ijk) - pad)
    finer = np.where(spacing > THICK_STEP_MM, np.rint(spacing / FINE_STEP_MM), 1).astype(int)
    field = _refined(field, finer[::-1])
    matrix[:3, :3] /= finer
    nk, nj, ni = field.shape
    grid = Grid((ni, nj, nk), matrix)
    radius_mm = np.cbrt(0.75 * mask.voxel_count * mask.grid.voxel_mm3 / np.pi)
    least_mm = max(SMOOTHING_LEAST_MM, SMOOTHING_LEAST_STEPS * float(spacing.max()))
    sigma_mm = np.clip(SMOOTHING_RADIUS_SHARE * radius_mm, least_mm, max(least_mm, SMOOTHING_MOST_MM))
    return _smoothest(field.astype(np.float32), inside, finer[::-1], (sigma_mm / grid.spacing_mm)[::-1]), grid


def _smoothest(
    field: npt.NDArray[np.float32],
    inside: npt.NDArray[np.bool_],
    finer_kji: npt.NDArray[np.int_],
    sigma_voxels: FloatArray,
) -> npt.NDArray[np.float32]:
    """The field smoothed, then corrected until the samples at the voxel centres have their segmentation's sign.

    Each correction is itself smoothed, so that the result stays a sum of Gaussians: the flattest surface between
    the inner and the outer voxels (accelerated gradient steps on a one-sided least-squares fit, Beck and Teboulle,
    SIAM J Imaging Sci 2009;2:183). Only voxels beside the border are ever on the wrong side: the smoothed sum of
    these bounds how much one step may correct and stay stable.
    """
    from scipy import ndimage

    def smoothed(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.asarray(ndimage.gaussian_filter(values, sigma_voxels, mode="nearest", truncate=2.5))

    centres = tuple(slice(None, None, int(step)) for step in finer_kji)
    sign = np.where(inside, np.float32(1.0), np.float32(-1.0))
    touching = np.ones((3, 3, 3), dtype=bool)
    correction = np.zeros_like(field)
    correction[centres] = ndimage.binary_dilation(inside, touching) & ~ndimage.binary_erosion(inside, touching)
    gain = np.float32(STABLE_GAIN / float(smoothed(correction)[centres].max()))
    smooth = smoothed(field)
    ahead, momentum = smooth, 1.0
    rounds = np.clip(CORRECTED_SAMPLES / field.size, LEAST_CORRECTIONS, MOST_CORRECTIONS)
    for _ in range(int(rounds)):
        wrong_mm = np.maximum(sign * ahead[centres], 0.0)
        if float(wrong_mm.max()) <= CORRECTED_MM:
            return ahead
        correction[centres] = -gain * sign * wrong_mm
        before, smooth = smooth, ahead + smoothed(correction)
        previous, momentum = momentum, 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * momentum**2))
        ahead = smooth + np.float32((previous - 1.0) / momentum) * (smooth - before)
    return smooth


def _refined(field: FloatArray, factors_kji: npt.NDArray[np.int_]) -> FloatArray:
    """The field with `factor` samples per old step on each axis, by cubic splines; old samples stay where they are."""
    from scipy import interpolate

    for axis, factor in enumerate(factors_kji):
        if factor > 1:
            old = np.arange(field.shape[axis])
            new = np.arange((field.shape[axis] - 1) * factor + 1) / factor
            field = interpolate.make_interp_spline(old, field, k=3, axis=axis)(new)
    return field


def _level_with_volume(
    field: npt.NDArray[np.float32],
    grid: Grid,
    wanted_mm3: float,
) -> tuple[float, FloatArray, npt.NDArray[np.int64]]:
    """Level, points (index) and triangles of the contour that encloses the wanted volume."""
    low, high = float(field.min()), 0.9 * PADDING_MM
    level = 0.0
    for _ in range(BISECTIONS):
        if not low < level < high:
            level = 0.5 * (low + high)
        points, triangles, voxels = contour(field, level)
        got_mm3 = voxels * grid.voxel_mm3
        if abs(got_mm3 - wanted_mm3) <= VOLUME_TOLERANCE * wanted_mm3:
            break
        if got_mm3 < wanted_mm3:
            low = level
        else:
            high = level
        area_mm2 = _area_mm2(grid.to_world(points), triangles)
        level = level + (wanted_mm3 - got_mm3) / area_mm2 if area_mm2 > 0.0 else 0.5 * (low + high)
    return level, points, triangles


def _area_mm2(points: FloatArray, triangles: npt.NDArray[np.int64]) -> float:
    if not len(triangles):
        return 0.0
    a, b, c = (points[triangles[:, n]] for n in range(3))
    return float(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())


def contour(field: npt.NDArray[np.float32], level: float) -> tuple[FloatArray, npt.NDArray[np.int64], float]:
    """Points (V, 3) as indices i, j, k, outward triangles (T, 3) and enclosed voxels of one level of the field."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    image = vtkImageData()
    image.SetDimensions(*field.shape[::-1])
    # The array must outlive the filter: VTK does not hold it.
    values = np.ascontiguousarray(field, dtype=np.float32)
    image.GetPointData().SetScalars(numpy_to_vtk(values.reshape(-1), deep=False))
    contour = vtkFlyingEdges3D()
    contour.SetInputData(image)
    contour.ComputeNormalsOff()
    contour.ComputeGradientsOff()
    contour.ComputeScalarsOff()
    contour.SetValue(0, level)
    contour.Update()
    surface = contour.GetOutput()
    if surface.GetNumberOfPolys() == 0:
        return np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64), 0.0
    points = vtk_to_numpy(surface.GetPoints().GetData()).astype(np.float64)
    triangles = vtk_to_numpy(surface.GetPolys().GetConnectivityArray()).reshape(-1, 3).astype(np.int64)
    a, b, c = (points[triangles[:, n]] - points[0] for n in range(3))
    enclosed = float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)
    if enclosed < 0.0:
        return points, np.ascontiguousarray(triangles[:, ::-1]), -enclosed
    return points, triangles, enclosed
