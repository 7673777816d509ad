"""Structures out of DICOM objects: segmentations, contours, surfaces. Runs in the disposable child."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.contour_sets import STRUCTURE_SET, read_structure_set
from planning.dicom.damaged import refused_as
from planning.dicom.header import quiet_pydicom
from planning.dicom.segmentation import SEGMENTATION_CLASSES, read_segmentation
from planning.errors import GeometryError, InputError
from planning.geometry import Grid
from planning.mesh import SurfaceMesh

SURFACES = {"1.2.840.10008.5.1.4.1.1.104.3": ".stl", "1.2.840.10008.5.1.4.1.1.104.4": ".obj"}
# in voxels: how far centres may lie apart that are the same
ON_VOXEL = 0.01
Labels = tuple[list[npt.NDArray[Any]], Grid, dict[int, str]]


def read_label_object(path: Path, name: str, grid: Grid | None, resample: bool) -> Labels:
    """(layers of labels `[k, j, i]`, grid, names) of a DICOM SEG, RTSTRUCT or encapsulated surface.

    grid: the image's, for what has none of its own. Raises InputError, DicomError or GeometryError.
    """
    pydicom = quiet_pydicom()
    known = "Use NIfTI, NRRD, MHA, DICOM SEG or RTSTRUCT"
    with refused_as(InputError(f"{name} is no label map that can be read", known, "labels")):
        dataset = pydicom.dcmread(path)
        sop_class = str(dataset.get("SOPClassUID"))
        dataset.file_meta.get("TransferSyntaxUID", "")
    if sop_class in SEGMENTATION_CLASSES:
        return _extended(*read_segmentation(dataset, name), grid)
    if sop_class != STRUCTURE_SET and sop_class not in SURFACES:
        raise InputError(f"{name} is a DICOM file, but no segmentation", "Name a DICOM SEG file or RTSTRUCT", "labels")
    if grid is None:
        raise InputError(f"{name} has no grid of its own", "Add it to a case: theatrum labels CASE add FILE", "labels")
    if sop_class == STRUCTURE_SET:
        layers, names = read_structure_set(dataset, name, grid, resample)
        return layers, grid, names
    with refused_as(InputError(f"{name} holds no surface", "Ask for the file again", "mesh")):
        content = bytes(dataset.EncapsulatedDocument)[: int(dataset.get("EncapsulatedDocumentLength", 0)) or None]
        title = str(dataset.get("DocumentTitle", "")).strip()
        units = [str(one.CodeValue) for one in dataset.get("MeasurementUnitsCodeSequence") or ()]
    if units not in ([], ["mm"]):
        raise GeometryError(f"The surface in {name} is not in millimetres", "Write it in millimetres", "unit")
    inside = _inside(content, SURFACES[sop_class], name, grid)
    return [inside.astype(np.uint8)], grid, {1: title or "surface"}


def _extended(layers: list[npt.NDArray[Any]], own: Grid, names: dict[int, str], grid: Grid | None) -> Labels:
    """A segmentation on the image's grid where its frames are slices of it; left as it is where they are not.

    Frames without a segment are usually left out, so that what is read is shorter than the image.
    """
    if grid is None or own.is_same(grid, ON_VOXEL * float(grid.spacing_mm.min())):
        return layers, own, names
    # along each of its axes: which of the image's axes, which way, from where
    matrix = grid.index_from_world @ own.world_from_index
    axes, start = np.rint(matrix[:3, :3]), np.rint(matrix[:3, 3]).astype(int)
    is_lattice = np.array_equal(np.abs(axes).sum(axis=0), np.ones(3)) and abs(round(np.linalg.det(axes))) == 1
    last = start + axes @ (np.array(own.size_ijk) - 1)
    far = np.abs(matrix[:3] @ np.array([*(np.array(own.size_ijk) - 1), 1.0]) - last).max()
    off = max(float(far), float(np.abs(matrix[:3, 3] - start).max()))
    inside = np.stack([start, last])
    if not is_lattice or off > ON_VOXEL or (inside < 0).any() or (inside >= np.array(grid.size_ijk)).any():
        return layers, own, names
    # image axis n is the segmentation's axis from[n]; arrays are [k, j, i]
    of_axis = [int(np.flatnonzero(axes[n])[0]) for n in range(3)]
    flips = tuple(slice(None, None, int(axes[n, of_axis[n]])) for n in (2, 1, 0))
    low = np.minimum(start, last).astype(int)
    size = [own.size_ijk[of_axis[n]] for n in range(3)]
    box = tuple(slice(low[n], low[n] + size[n]) for n in (2, 1, 0))
    extended = []
    for layer in layers:
        whole = np.zeros(grid.shape_kji, dtype=layer.dtype)
        whole[box] = layer.transpose([2 - of_axis[n] for n in (2, 1, 0)])[flips]
        extended.append(whole)
    return extended, grid, names


def _inside(content: bytes, kind: str, name: str, grid: Grid) -> npt.NDArray[np.bool_]:
    """bool `[k, j, i]`: voxels whose centre lies inside the surface."""
    from planning.files.meshes import whole_in_lps
    from planning.filled import filled

    with tempfile.TemporaryDirectory(prefix="theatrum-") as folder:
        path = Path(folder) / f"surface{kind}"
        path.write_bytes(content)
        mesh = whole_in_lps(path)
    if not mesh.is_watertight:
        raise GeometryError(f"The surface in {name} is not closed", "Write a closed surface", "open")
    if not grid.contains(mesh.points_mm).all():
        raise GeometryError(
            f"The surface in {name} reaches beyond the image", "Choose the scan it was made on", "outside"
        )
    # in the image's own indices, where its axes are those of the samples whatever way it lies in the patient
    return filled(SurfaceMesh(grid.to_index(mesh.points_mm), mesh.triangles), Grid.from_parts(grid.size_ijk))
