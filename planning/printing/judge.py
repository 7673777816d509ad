"""What an object of a printed file is worth, as the contract tells it, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count, is_manifold
from planning.printing.crossing import crossing_faults, crossings
from planning.printing.edges import EdgeTable, edge_faults
from planning.printing.gaps import bed_faults, bed_fit
from planning.printing.parts import Piece
from planning.printing.printers import Process
from planning.printing.proof import (
    LARGEST_LIMIT_MM,
    LEAST_DICE,
    LEAST_DICE_OTHER,
    MEAN_LIMIT_MM,
    deviation,
    dice_of_surfaces,
    dice_with_voxels,
)
from planning.printing.shells import narrow_faults, shell_faults, shells_of
from planning.printing.walls import Walls, walls

LARGEST_VOLUME_ERROR = {"vessel": 0.02}
# a hollow part has less than this of what its structure holds
WALL_SHARE = 0.5
# the faults tell all; a sentence is said of the largest, and none of what rounds to nothing
TOLD_NARROW_ML, MOST_TOLD = 0.05, 3
# what a 0.4 mm nozzle prints where it is held; free-standing walls need more
USUAL_WALL_MM = 0.8


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process needs: the least wall, and the least way out of a hollow (0: anything stays in that likes)."""

    wall_mm: float = USUAL_WALL_MM
    hole_mm: float = 0.0

    @classmethod
    def of(cls, process: Process | None) -> Limits:
        """Those of a process; the usual ones where none is named."""
        if process is None:
            return cls()
        return cls(process.least_wall_mm, process.drain_mm if process.drain_holes else 0.0)


def object_row(
    piece: Piece, mesh: SurfaceMesh, bed_mm: Sequence[float] | None, limits: Limits | None = None
) -> dict[str, Any]:
    """What the contract's `print` tells of one object of a file; mesh: as read back, in LPS mm."""
    asked = limits or Limits()
    # two halves of about the same length; their long loops in numpy and VTK let go of the interpreter
    with ThreadPoolExecutor(1) as beside:
        proof = beside.submit(_proof_keys, piece, mesh)
        crossing = crossings(mesh)
        shells = shells_of(mesh)
        found = walls(mesh, asked.wall_mm)
        faults = [*edge_faults(mesh, EdgeTable.of(mesh)), *crossing_faults(mesh, crossing), *shell_faults(mesh, shells)]
        faults += [] if found is None else found.faults
        faults += narrow_faults(mesh, asked.hole_mm)
        proved = proof.result()
    fit = None if bed_mm is None else bed_fit(mesh, bed_mm)
    if fit is not None and bed_mm is not None:
        faults += bed_faults(mesh, bed_mm, fit)
    return {
        "name": piece.name,
        "triangles": len(mesh.triangles),
        "volume_ml": mesh.volume_ml,
        "planned_volume_ml": piece.planned.volume_ml,
        "structure_volume_ml": piece.structure_ml,
        "watertight": mesh.is_watertight,
        "manifold": is_manifold(mesh),
        "self_intersections": len(crossing.pairs),
        "components": component_count(mesh),
        **_wall_keys(found, asked),
        **proved,
        "size_mm": np.ptp(mesh.points_mm, axis=0).tolist(),
        "fits_bed": None if fit is None else fit.fits,
        "faults": [fault.as_json() for fault in faults],
    }


def _wall_keys(found: Walls | None, asked: Limits) -> dict[str, Any]:
    told: dict[str, Any] = {"wall_limit_mm": asked.wall_mm}
    if found is None:
        none = {"min_wall_mm": None, "min_wall_at_mm": None, "wall_percentile_mm": None}
        return {**told, **none, "thin_mm2": 0.0, "wall_shares": []}
    return {
        **told,
        "min_wall_mm": found.least_mm,
        "min_wall_at_mm": list(found.least_at),
        "wall_percentile_mm": found.percentile_mm,
        "thin_mm2": found.thin_mm2,
        "wall_shares": list(found.shares),
    }


def _proof_keys(piece: Piece, mesh: SurfaceMesh) -> dict[str, Any]:
    """Distances from the planned solid, the overlap with it on half voxels, and with the voxels themselves where the piece
    is a whole structure."""
    apart = deviation(mesh, piece.planned)
    dice = dice_of_surfaces(mesh, piece.planned, piece.part.mask.grid.spacing_mm)
    is_whole = is_whole_structure(piece)
    dice_voxels = dice_with_voxels(mesh, piece.part.mask) if is_whole else None
    # a wall is thin as vessels are, whatever it is round
    is_wall = piece.planned.volume_ml < WALL_SHARE * piece.structure_ml
    least = LEAST_DICE["vessel"] if is_wall else LEAST_DICE.get(piece.part.kind, LEAST_DICE_OTHER)
    holds = apart.mean_mm <= MEAN_LIMIT_MM and apart.largest_mm <= LARGEST_LIMIT_MM and dice >= least
    return {
        "deviation_mean_mm": apart.mean_mm,
        "deviation_max_mm": apart.largest_mm,
        "deviation_at_mm": list(apart.at_mm),
        "deviation_limits_mm": [MEAN_LIMIT_MM, LARGEST_LIMIT_MM],
        "reference": "segmentation surface" if is_whole else "planned solid",
        "samples": apart.samples,
        "dice": dice,
        "dice_voxels": dice_voxels,
        "least_dice": least,
        "is_proved": bool(holds and (dice_voxels is None or dice_voxels >= least)),
    }


def is_whole_structure(piece: Piece) -> bool:
    """Whether a piece is the segmentation's own surface: not cut, hollowed, pegged, marked or set on a base."""
    touched = piece.part.solid is not None or piece.sides or piece.exact or piece.upright or piece.opacity < 1.0
    most = LARGEST_VOLUME_ERROR.get(piece.part.kind, 0.005)
    return not touched and abs(piece.planned.volume_ml - piece.structure_ml) <= most * piece.structure_ml


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
    found += _fault_findings(row, piece.name)
    if row["deviation_mean_mm"] > MEAN_LIMIT_MM or row["deviation_max_mm"] > LARGEST_LIMIT_MM:
        found.append(
            Finding(
                "deviation",
                f"{piece.name}: the file lies {row['deviation_mean_mm']:.2f} mm on average and "
                f"{row['deviation_max_mm']:.2f} mm at most from what was planned.",
            )
        )
    return found


def _fault_findings(row: dict[str, Any], name: str) -> list[Finding]:
    """Thin walls and what stays in hollows, in words with places."""
    found = []
    thin = [fault for fault in row["faults"] if fault["kind"] == "thin_wall"]
    if thin:
        least = min(thin, key=lambda fault: float(fault["measure"]))
        words = (
            f"{name}: walls under {row['wall_limit_mm']:g} mm over {row['thin_mm2']:.0f} mm² in {len(thin)} place(s), "
            f"down to {least['measure']:.2f} mm at {_spoken(least)}."
        )
        found.append(Finding("thin_wall", words))
    narrow = [fault for fault in row["faults"] if fault["kind"] == "narrow" and fault["measure"] >= TOLD_NARROW_ML]
    for fault in sorted(narrow, key=lambda one: -float(one["measure"]))[:MOST_TOLD]:
        words = f"{name}: {fault['measure']:.1f} ml at {_spoken(fault)} have no way out that is wide enough."
        found.append(Finding("narrow", words))
    return found


def _spoken(fault: dict[str, Any]) -> str:
    return ", ".join(f"{value:.0f}" for value in fault["at_mm"])
