"""How finished pieces lie in the file: as in the patient, or turned for few supports and laid on plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.nest import nested
from planning.printing.options import PrintOptions
from planning.printing.orient import Standing, least_supports, standing_of, turn_down
from planning.printing.parts import Piece


@dataclass(frozen=True, slots=True, eq=False)
class Lying:
    """Where a piece lies. plate: from 0. from_lps: (4, 4) rigid, the identity for a piece as it is in the patient.
    standing: what its supports take, None where nothing was asked of it."""

    plate: int
    from_lps: FloatArray
    standing: Standing | None = None

    @property
    def to_lps(self) -> FloatArray:
        """(4, 4) back to where the piece is in the patient."""
        return np.asarray(np.linalg.inv(self.from_lps), dtype=np.float64)


def lay_out(pieces: Sequence[Piece], meshes: Sequence[SurfaceMesh], options: PrintOptions) -> list[Lying]:
    """A place for each piece; meshes: in LPS mm as they are written. A piece with a base keeps its feet down."""
    if not options.orient and not options.nest:
        return [Lying(0, np.eye(4)) for _ in pieces]
    standings = [
        least_supports(mesh) if options.orient and not piece.upright else standing_of(mesh, np.eye(3))
        for piece, mesh in zip(pieces, meshes, strict=True)
    ]
    bed = options.room_mm
    if options.nest and bed is not None:
        standings = [
            standing if piece.upright else _within(mesh, standing, bed)
            for piece, mesh, standing in zip(pieces, meshes, standings, strict=True)
        ]
    turned = [mesh.points_mm @ standing.turn.T for mesh, standing in zip(meshes, standings, strict=True)]
    if options.nest and bed is not None:
        sizes = [(float(size[0]), float(size[1])) for size in (np.ptp(points, axis=0) for points in turned)]
        spots = nested(sizes, (bed[0], bed[1]))
        return [
            _lying(points, standing, spot.plate, (spot.x_mm, spot.y_mm), spot.turned)
            for points, standing, spot in zip(turned, standings, spots, strict=True)
        ]
    return _in_a_row(turned, standings)


def _within(mesh: SurfaceMesh, standing: Standing, bed_mm: tuple[float, float, float]) -> Standing:
    """Another right-angled turn where a piece does not fit its plate as it stands, the one with the least supports."""

    def fits(turn: FloatArray) -> bool:
        size = np.ptp(mesh.points_mm @ turn.T, axis=0)
        return bool(size[2] <= bed_mm[2] and (np.sort(size[:2]) <= np.sort(np.asarray(bed_mm[:2]))).all())

    if fits(standing.turn):
        return standing
    ways = [turn_down(side * np.eye(3)[axis]) for axis in range(3) for side in (-1.0, 1.0)]
    others = [standing_of(mesh, turn) for turn in ways if fits(turn)]
    return min(others, key=lambda other: other.support_ml, default=standing)


def _in_a_row(turned: Sequence[FloatArray], standings: Sequence[Standing]) -> list[Lying]:
    from planning.printing.nest import GAP_MM

    found, x = [], 0.0
    for points, standing in zip(turned, standings, strict=True):
        found.append(_lying(points, standing, 0, (x, 0.0), False))
        x += float(np.ptp(points[:, 0])) + GAP_MM
    return found


def _lying(points: FloatArray, standing: Standing, plate: int, corner: tuple[float, float], turned: bool) -> Lying:
    turn = standing.turn
    if turned:
        quarter = np.array(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
        turn, points = quarter @ turn, points @ quarter.T
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = np.array((*corner, 0.0)) - points.min(axis=0)
    return Lying(plate, matrix, standing)


def layout_findings(
    pieces: Sequence[Piece], meshes: Sequence[SurfaceMesh], places: Sequence[Lying], options: PrintOptions
) -> list[Finding]:
    """What does not fit on its plate."""
    bed = options.room_mm
    if not options.nest or bed is None:
        return []
    found = []
    for piece, mesh, place in zip(pieces, meshes, places, strict=True):
        points = mesh.points_mm @ place.from_lps[:3, :3].T + place.from_lps[:3, 3]
        if (points.max(axis=0) > np.asarray(bed) + 1e-6).any():
            found.append(Finding("plate", f"{piece.name}: it does not fit on its plate as it stands. Split it."))
    return found
