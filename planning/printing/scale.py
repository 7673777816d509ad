"""Models smaller or larger than life: parts are scaled before anything is made of them, so that walls, pegs, gaps, marks and
bases keep their true millimetres; places are told in the patient all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import UsageError
from planning.files.mesh_formats.objects import PURPOSE
from planning.geometry import Grid, Plane
from planning.mesh import SurfaceMesh
from planning.printing.options import PrintOptions
from planning.printing.parts import PrintPart, closed
from planning.surface import surface_from_mask
from planning.volume import Mask

# files whose own text says that their coordinates are the scan's millimetres
IN_THE_SCAN = (".obj", ".ply")
# of a row: what is a place
PLACES = ("min_wall_at_mm", "deviation_at_mm")


def scaled(parts: Sequence[PrintPart], options: PrintOptions) -> tuple[list[PrintPart], PrintOptions]:
    """Parts, cut and open ends times `options.scale` about the origin of LPS. Raises UsageError for a cut guide, whose slot is
    for a saw."""
    scale = options.scale
    cut = options.cut
    made = []
    for part in parts:
        if part.kind == "guide":
            raise UsageError("A cut guide is printed in true size only", "Leave the scale or the guide out")
        # the surface is found at the scan's own size: smoothing is in millimetres
        solid = part.solid if part.solid is not None else closed(surface_from_mask(part.mask, kind=part.kind))
        made.append(
            replace(part, mask=_mask(part.mask, scale), solid=SurfaceMesh(solid.points_mm * scale, solid.triangles))
        )
    ends = tuple((x * scale, y * scale, z * scale) for x, y, z in options.open_at_mm)
    plane = None if cut is None else Plane(np.asarray(cut.origin_mm) * scale, cut.normal)
    return made, replace(options, cut=plane, open_at_mm=ends)


def check_scaled(out_path: Path) -> None:
    """Raises UsageError for a file that says of itself to lie in the scan."""
    if out_path.suffix.lower() in IN_THE_SCAN:
        raise UsageError(
            f"A {out_path.suffix.lower()} file keeps the scan's millimetres", "Use .3mf or .stl, or leave the scale out"
        )


def scaled_title(scale: float) -> str:
    """What a file says of itself whose model is not life size; empty for one that is."""
    return "" if scale == 1.0 else f"{PURPOSE}. Scale: {100.0 * scale:g} % of life size"


def add_scale(note: Path, scale: float) -> None:
    """Say it in the text beside STL files."""
    words = f"Scale: {100.0 * scale:g} % of life size; coordinates are those of the scan times {scale:g}.\n"
    note.write_text(note.read_text(encoding="utf-8") + words, encoding="utf-8", newline="\n")


def _mask(mask: Mask, scale: float) -> Mask:
    matrix = np.array(mask.grid.world_from_index, dtype=np.float64)
    matrix[:3] *= scale
    return Mask(Grid(mask.grid.size_ijk, matrix), mask.start_ijk, mask.voxels, count=mask.count)


def in_patient(row: Mapping[str, Any], scale: float) -> dict[str, Any]:
    """What is told of an object with its places in LPS mm of the patient, and the structure's own volume."""
    told = dict(row)
    for key in PLACES:
        if told.get(key) is not None:
            told[key] = place_in_patient(told[key], scale)
    told["faults"] = [{**fault, "at_mm": place_in_patient(fault["at_mm"], scale)} for fault in row["faults"]]
    told["structure_volume_ml"] = row["structure_volume_ml"] / scale**3
    return told


def place_in_patient(at_mm: Sequence[float], scale: float) -> list[float]:
    """LPS mm of a place of the model."""
    return [float(value) / scale for value in at_mm]
