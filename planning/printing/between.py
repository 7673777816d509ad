"""What is between the objects of a printed file: pairs that stand in each other, or so near that they grow together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.faults import Fault, place
from planning.printing.files import APART, moved_by
from planning.printing.gaps import clearance_faults
from planning.printing.hands import Job
from planning.printing.layout import Lying
from planning.printing.options import PrintOptions
from planning.printing.parts import Piece

# about how many seconds pairs take for each point of all surfaces
PAIR_S = 1.2e-5


def pair_faults(
    pieces: Sequence[Piece],
    back: Sequence[SurfaceMesh],
    places: Sequence[Lying],
    options: PrintOptions,
    ending: str,
) -> list[Fault]:
    """The faults between objects as they lie in one file. back: as read back, LPS mm; `at_mm` is in LPS mm of the first.

    Held against the gap between peg and socket: what lies nearer is printed as one. Pieces of one cut that stay where they
    were lie face to face, as does an organ that is seen through with what fills it: of these only what both claim is told.
    Objects in files or on plates of their own cannot meet.
    """
    return [fault for job in pair_jobs(pieces, back, places, options, ending) for fault in job.done()]


def pair_jobs(
    pieces: Sequence[Piece],
    back: Sequence[SurfaceMesh],
    places: Sequence[Lying],
    options: PrintOptions,
    ending: str,
) -> list[Job]:
    """The work of `pair_faults`: each job makes a list of faults."""
    if ending in APART or len(pieces) < 2:
        return []
    is_moved = options.nest or options.orient
    named = [
        (piece.name, moved_by(mesh, lying.from_lps) if is_moved else mesh)
        for piece, mesh, lying in zip(pieces, back, places, strict=True)
    ]
    pairs = [(a, b) for a in range(len(pieces)) for b in range(a + 1, len(pieces))]
    apart = {(a, b) for a, b in pairs if places[a].plate != places[b].plate}
    meant = set() if is_moved else {(a, b) for a, b in pairs if _belong(pieces[a], pieces[b])}
    to_lps = {piece.name: lying.to_lps for piece, lying in zip(pieces, places, strict=True)} if is_moved else {}
    effort = PAIR_S * sum(len(mesh.points_mm) for mesh in back)
    given = (named, options.gap_mm, options.tolerance_mm, meant, apart, to_lps)
    return [Job(_found, given, effort, f"Comparing {pieces[-1].name}")]


def _found(
    named: Sequence[tuple[str, SurfaceMesh]],
    least_mm: float,
    film_mm: float,
    meant: set[tuple[int, int]],
    apart: set[tuple[int, int]],
    to_lps: dict[str, FloatArray],
) -> list[Fault]:
    found = clearance_faults(named, least_mm, film_mm=film_mm, meant=meant, apart=apart)
    if not to_lps:
        return found
    told = []
    for fault in found:
        matrix = to_lps[fault.of.split(", ")[0]]
        told.append(replace(fault, at_mm=place(matrix[:3, :3] @ np.array(fault.at_mm) + matrix[:3, 3])))
    return told


def _belong(one: Piece, other: Piece) -> bool:
    """Whether two pieces were one, or one is seen through with room for the other."""
    whole = one.part is other.part or (one.part.whole != "" and one.part.whole == other.part.whole)
    return whole or min(one.opacity, other.opacity) < 1.0


def pair_findings(faults: Sequence[Fault]) -> list[Finding]:
    """What a person must know of them: the worst pair of each kind, and how many there are."""
    found = []
    overlaps = sorted((one for one in faults if one.kind == "overlap"), key=lambda one: -one.measure)
    if overlaps:
        one, other = overlaps[0].of.split(", ")
        found.append(
            Finding(
                "overlap",
                f"{one}: stands in {other} with {overlaps[0].measure:.1f} ml, {len(overlaps)} pair(s) in all. "
                "The slicer decides which one is printed there.",
            )
        )
    near = sorted((one for one in faults if one.kind == "clearance"), key=lambda one: one.measure)
    if near:
        one, other = near[0].of.split(", ")
        found.append(
            Finding(
                "clearance",
                f"{one}: {near[0].measure:.2f} mm from {other}, {len(near)} pair(s) in all. They may grow together.",
            )
        )
    return found
