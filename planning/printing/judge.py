"""What an object of a printed file is worth, as the contract tells it, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count, is_manifold
from planning.printing.crossing import crossing_faults, crossings
from planning.printing.edges import EdgeTable, edge_faults
from planning.printing.faults import Fault
from planning.printing.gaps import BedFit, bed_faults, bed_fit
from planning.printing.hands import Job
from planning.printing.parts import Piece
from planning.printing.printers import Process
from planning.printing.proof import (
    LARGEST_LIMIT_MM,
    LEAST_DICE,
    LEAST_DICE_OTHER,
    MEAN_LIMIT_MM,
    Deviation,
    both_ways,
    dice_of_surfaces,
    dice_with_voxels,
    one_way,
)
from planning.printing.shells import narrow_faults, shell_faults
from planning.printing.walls import Walls, walls

LARGEST_VOLUME_ERROR = {"vessel": 0.02}
# a hollow part has less than this of what its structure holds
WALL_SHARE = 0.5
# the faults tell all; a sentence is said of the largest, and none of what rounds to nothing
TOLD_NARROW_ML, MOST_TOLD = 0.05, 3
# what a 0.4 mm nozzle prints where it is held; free-standing walls need more
USUAL_WALL_MM = 0.8
# about how many seconds things take, for each point of a surface or voxel of a box
POINT_S, DICE_S, CROSSING_S, FORM_S, VOXEL_S, WALLS_S = 4e-6, 2e-6, 1e-5, 4e-6, 1e-8, 0.4


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
    seen = [job.done() for job in looks_at(piece, mesh, bed_mm, asked)]
    return row_of(piece, mesh, bed_mm, asked, seen)


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """What an object's surface is by itself."""

    shells: list[Fault]
    edges: list[Fault]
    narrow: list[Fault]
    is_manifold: bool
    components: int
    fit: BedFit | None


def looks_at(piece: Piece, mesh: SurfaceMesh, bed_mm: Sequence[float] | None, asked: Limits) -> list[Job]:
    """All that has to be measured of an object, which `row_of` needs in this order; none waits for another."""
    words = f"Comparing {piece.name}"
    voxels = piece.part.mask
    points = len(mesh.points_mm), len(piece.planned.points_mm)
    jobs = [
        Job(one_way, (mesh, piece.planned), POINT_S * points[0], words),
        Job(one_way, (piece.planned, mesh), POINT_S * points[1], words),
        Job(dice_of_surfaces, (mesh, piece.planned, voxels.grid.spacing_mm), DICE_S * sum(points), words),
        Job(crossings, (mesh,), CROSSING_S * points[0], words),
        Job(walls, (mesh, asked.wall_mm), WALLS_S, words),
        Job(_form_of, (mesh, bed_mm, asked.hole_mm), FORM_S * points[0], words),
    ]
    if is_whole_structure(piece):
        jobs.append(Job(dice_with_voxels, (mesh, voxels), VOXEL_S * voxels.voxels.size, words))
    return jobs


def _form_of(mesh: SurfaceMesh, bed_mm: Sequence[float] | None, hole_mm: float) -> _Form:
    return _Form(
        shell_faults(mesh),
        edge_faults(mesh, EdgeTable.of(mesh)),
        narrow_faults(mesh, hole_mm),
        is_manifold(mesh),
        component_count(mesh),
        None if bed_mm is None else bed_fit(mesh, bed_mm),
    )


def row_of(
    piece: Piece, mesh: SurfaceMesh, bed_mm: Sequence[float] | None, asked: Limits, seen: Sequence[Any]
) -> dict[str, Any]:
    """The row of `object_row` from what the looks at the object saw."""
    there, back, dice, crossing, found, form = seen[:6]
    faults = [*form.edges, *crossing_faults(mesh, crossing), *form.shells]
    faults += [] if found is None else found.faults
    faults += form.narrow
    if form.fit is not None and bed_mm is not None:
        faults += bed_faults(mesh, bed_mm, form.fit)
    return {
        "name": piece.name,
        "triangles": len(mesh.triangles),
        "volume_ml": mesh.volume_ml,
        "planned_volume_ml": piece.planned.volume_ml,
        "structure_volume_ml": piece.structure_ml,
        "watertight": mesh.is_watertight,
        "manifold": form.is_manifold,
        "self_intersections": len(crossing.pairs),
        "components": form.components,
        **_wall_keys(found, asked),
        **_proof_keys(piece, both_ways(there, back), dice, seen[6] if len(seen) > 6 else None),
        "size_mm": np.ptp(mesh.points_mm, axis=0).tolist(),
        "fits_bed": None if form.fit is None else form.fit.fits,
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


def _proof_keys(piece: Piece, apart: Deviation, dice: float, dice_voxels: float | None) -> dict[str, Any]:
    """Distances from the planned solid, the overlap with it on half voxels, and with the voxels themselves where the piece
    is a whole structure."""
    # a wall is thin as vessels are, whatever it is round
    is_wall = piece.planned.volume_ml < WALL_SHARE * piece.structure_ml
    least = LEAST_DICE["vessel"] if is_wall else LEAST_DICE.get(piece.part.kind, LEAST_DICE_OTHER)
    holds = apart.mean_mm <= MEAN_LIMIT_MM and apart.largest_mm <= LARGEST_LIMIT_MM and dice >= least
    return {
        "deviation_mean_mm": apart.mean_mm,
        "deviation_max_mm": apart.largest_mm,
        "deviation_at_mm": list(apart.at_mm),
        "deviation_limits_mm": [MEAN_LIMIT_MM, LARGEST_LIMIT_MM],
        "reference": "planned solid" if dice_voxels is None else "segmentation surface",
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
        apart = 100.0 * abs(off)
        if off < 0:
            text = f"{piece.name}: the model holds {apart:.1f} % less volume than planned."
        else:
            text = f"{piece.name}: the model holds {apart:.1f} % more volume than planned."
        found.append(Finding("volume", text))
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
