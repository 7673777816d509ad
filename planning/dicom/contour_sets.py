"""An RT Structure Set on an image's grid. Runs in the disposable child.

Voxels whose centre lies inside belong to a structure. Contours of one plane are taken by turns: one inside another is a
hole, which holds for keyholes, for CLOSEDPLANAR_XOR and for how most programs write holes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.damaged import refused_as
from planning.dicom.objects.contours import filled_slice
from planning.dicom.segmentation import into_layers
from planning.errors import GeometryError, InputError
from planning.geometry import FloatArray, Grid

STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
CLOSED = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR")
# in slices: how far a contour may lie off its slice, and planes count as one
OFF_SLICE, ONE_PLANE = 0.1, 0.02
MOST_CLOSED_POINTS = 5_000_000
Planes = dict[float, list[FloatArray]]


def read_structure_set(
    dataset: Any, name: str, grid: Grid, resample: bool
) -> tuple[list[npt.NDArray[Any]], dict[int, str]]:
    """(layers of labels `[k, j, i]` on the grid, names by ROI number). ROIs without closed contours are left out.

    Without `resample` every contour has to lie on a slice, and slices between contours have to have theirs. Raises
    InputError for a set without closed contours, GeometryError for one that lies otherwise.
    """
    with refused_as(InputError(f"{name} is damaged in its contours", "Ask for the file again", "labels")):
        names = {
            int(one.ROINumber): str(one.get("ROIName", "")).strip()
            for one in dataset.get("StructureSetROISequence", ())
        }
        regions = {
            int(one.ReferencedROINumber): _planes(one, name, grid) for one in dataset.get("ROIContourSequence", ())
        }
    regions = {number: planes for number, planes in regions.items() if planes}
    if not regions:
        raise InputError(f"{name} holds no closed contours", "Name an RTSTRUCT with contours", "empty")
    is_on_slices = all(abs(k - round(k)) <= OFF_SLICE for planes in regions.values() for k in planes)
    step = _step(regions, is_on_slices)
    # contours of one slice may lie a little apart
    together = 2.0 * OFF_SLICE if is_on_slices else min(OFF_SLICE, 0.5 * step)
    if not resample and (not is_on_slices or round(step) != 1):
        apart = (
            f"{step * float(grid.spacing_mm[2]):.2f} mm apart, the image's slices {float(grid.spacing_mm[2]):.2f} mm"
        )
        raise GeometryError(
            f"The contours of {name} lie on other planes than the image's slices ({apart})",
            "Use --resample to take the nearest contour for each slice",
            "other_grid",
        )
    layers: list[npt.NDArray[Any]] = []
    for value, number in enumerate(sorted(regions), start=1):
        into_layers(layers, _filled(regions[number], grid, step, together), value)
    wide = np.uint16 if len(regions) > 255 else np.uint8
    told = {value: names.get(number) or f"ROI {number}" for value, number in enumerate(sorted(regions), start=1)}
    return [layer.astype(wide) for layer in layers], told


def _planes(region: Any, name: str, grid: Grid) -> Planes:
    """Rings (N, 2) as (i, j) by their place along k, all in fractional indices."""
    found: Planes = defaultdict(list)
    total = 0
    for contour in region.get("ContourSequence") or ():
        if str(contour.get("ContourGeometricType", "")) not in CLOSED:
            continue
        points = np.array(_numbers(contour.ContourData), dtype=np.float64).reshape(-1, 3)
        total += len(points)
        if total > MOST_CLOSED_POINTS or not np.isfinite(points).all():
            raise ValueError("contours beyond what a structure can have")
        if len(points) < 3:
            continue
        index = grid.to_index(points)
        if np.ptp(index[:, 2]) > OFF_SLICE:
            raise GeometryError(
                f"The contours of {name} are not parallel to the image's slices",
                "Choose the scan they were drawn on",
                "plane",
            )
        if not grid.contains(points, 1.0).all():
            raise GeometryError(
                f"The contours of {name} reach beyond the image", "Choose the scan they were drawn on", "outside"
            )
        k = float(index[:, 2].mean())
        plane = next((one for one in found if abs(one - k) <= ONE_PLANE), k)
        found[plane].append(index[:, :2])
    return dict(found)


def _numbers(value: Any) -> Any:
    """Of more than 64 kB, with explicit kinds, programs write numbers as bytes of no known kind."""
    return value.decode("ascii").strip(" \0").split("\\") if isinstance(value, bytes) else value


def _step(regions: dict[int, Planes], is_on_slices: bool) -> float:
    """The usual distance of neighbouring contours in slices; 1 where no structure has two."""
    places = [sorted({float(round(k)) if is_on_slices else k for k in planes}) for planes in regions.values()]
    gaps = np.concatenate([np.diff(own) for own in places])
    return float(np.median(gaps)) if len(gaps) else 1.0


def _filled(planes: Planes, grid: Grid, step: float, together: float) -> npt.NDArray[np.bool_]:
    """bool `[k, j, i]`; together: planes within this many slices of the nearest one hold for a slice as that does."""
    inside = np.zeros(grid.shape_kji, dtype=bool)
    places = np.array(sorted(planes))
    # a contour holds for half the way to the next one, and no farther where there is none
    reach = max(step, 1.0) / 2.0 + ONE_PLANE
    for k in range(grid.size_ijk[2]):
        nearest = float(places[np.argmin(np.abs(places - k))])
        if abs(nearest - k) <= reach:
            for place in places[np.abs(places - nearest) <= together]:
                inside[k] |= filled_slice(planes[float(place)], inside.shape[1:])
    return inside
