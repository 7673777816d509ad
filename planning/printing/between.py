"""What is between the objects of a printed file: pairs that stand in each other, or so near that they grow together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planning.findings import Finding
from planning.mesh import SurfaceMesh
from planning.printing.faults import Fault, place
from planning.printing.files import APART, moved_by
from planning.printing.gaps import clearance_faults
from planning.printing.layout import Lying
from planning.printing.options import PrintOptions
from planning.printing.parts import Piece
from planning.progress import CancelToken


def pair_faults(
    pieces: Sequence[Piece],
    back: Sequence[SurfaceMesh],
    places: Sequence[Lying],
    options: PrintOptions,
    ending: str,
    cancel: CancelToken | None = None,
) -> list[Fault]:
    """The faults between objects as they lie in one file. back: as read back, LPS mm; `at_mm` is in LPS mm of the first.

    Held against the gap between peg and socket: what lies nearer is printed as one. Pieces of one cut that stay where they
    were lie face to face, as does an organ that is seen through with what fills it: of these only what both claim is told.
    Objects in files or on plates of their own cannot meet.
    """
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
    numbers = {piece.name: number for number, piece in enumerate(pieces)}
    found = clearance_faults(
        named, options.gap_mm, film_mm=options.tolerance_mm, meant=meant, apart=apart, cancel=cancel
    )
    if not is_moved:
        return found
    told = []
    for fault in found:
        to_lps = places[numbers[fault.of.split(", ")[0]]].to_lps
        told.append(replace(fault, at_mm=place(to_lps[:3, :3] @ np.array(fault.at_mm) + to_lps[:3, 3])))
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
