"""What an object of a printed file is worth, as the contract tells it, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count, is_manifold, min_wall_mm, self_intersections
from planning.printing.parts import Piece
from planning.printing.proof import deviation_mm

LARGEST_VOLUME_ERROR = {"vessel": 0.02}


def object_row(piece: Piece, mesh: SurfaceMesh, bed_mm: Sequence[float] | None) -> dict[str, Any]:
    """What the contract's `print` tells of one object of a file; mesh: as read back, in LPS mm."""
    mean, largest = deviation_mm(mesh, piece.planned)
    size = np.ptp(mesh.points_mm, axis=0)
    return {
        "name": piece.name,
        "triangles": len(mesh.triangles),
        "volume_ml": mesh.volume_ml,
        "planned_volume_ml": piece.planned.volume_ml,
        "structure_volume_ml": piece.structure_ml,
        "watertight": mesh.is_watertight,
        "manifold": is_manifold(mesh),
        "self_intersections": self_intersections(mesh),
        "components": component_count(mesh),
        "min_wall_mm": min_wall_mm(mesh),
        "deviation_mean_mm": mean,
        "deviation_max_mm": largest,
        "size_mm": size.tolist(),
        "fits_bed": None if bed_mm is None else bool((np.sort(size) <= np.sort(np.asarray(bed_mm))).all()),
    }


def row_findings(row: dict[str, Any], piece: Piece) -> list[Finding]:
    """What a person must know of an object before printing it."""
    found = []
    most = LARGEST_VOLUME_ERROR.get(piece.part.kind, 0.005)
    off = row["volume_ml"] / row["planned_volume_ml"] - 1.0
    if abs(off) > most:
        found.append(Finding("volume", f"{piece.name}: the model holds {100 * off:+.1f} % of the planned volume."))
    if not row["watertight"] or not row["manifold"] or row["self_intersections"]:
        found.append(
            Finding("not_closed", f"{piece.name}: the surface is not one closed solid. Check it in the slicer.")
        )
    if row["components"] > 1:
        found.append(Finding("loose_parts", f"{piece.name}: {row['components']} separate pieces."))
    if row["fits_bed"] is False:
        found.append(Finding("bed", f"{piece.name} does not fit the printer's bed."))
    return found
