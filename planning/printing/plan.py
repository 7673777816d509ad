"""From parts to files, and what the files are worth: each is read back before it takes its name."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError, MeasurementError, UsageError
from planning.files.mesh_formats import stl
from planning.files.meshes import ENDINGS, MeshObject, companions, read_meshes, write_meshes
from planning.files.place import exists, writing
from planning.findings import Finding
from planning.geometry import FloatArray, Plane
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count, self_intersections
from planning.printing.judge import object_row, row_findings
from planning.printing.parts import Piece, PrintPart, closed, simplified
from planning.printing.proof import distances_mm
from planning.printing.solids import CLEARANCE_MM, PEG_RADII_MM, Peg, halves, hollowed, place_pegs, with_base, with_pegs
from planning.progress import CancelToken, Progress, no_progress
from planning.surface import surface_from_mask

# a file each for several parts
APART = (".stl", ".ply")


@dataclass(frozen=True, slots=True, eq=False)
class PegPair:
    """A peg and the numbers of its two pieces."""

    peg: Peg
    socket_piece: int
    peg_piece: int


def make_print(
    parts: Sequence[PrintPart],
    out_path: Path,
    *,
    tolerance_mm: float = 0.1,
    hollow_mm: float | None = None,
    cut: Plane | None = None,
    pegs: bool = False,
    base: bool = False,
    bed_mm: Sequence[float] | None = None,
    draco: bool = False,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Mesh, hollow, cut, peg, simplify, write, read back and compare: the contract's `print`.

    A part that the plane cuts becomes NAME_1 (on the side the normal points to) and NAME_2; with `pegs` the second
    carries pegs and the first their sockets. `base` joins a plate to the largest piece. Several pieces in .stl or .ply
    become one file each, OUT-NAME; OUT.mm.txt beside .stl files says what the format cannot: the unit, names, sizes. `draco`
    packs a .glb. Raises UsageError for options or endings of a later version, InputError for an
    existing file without `force`; Cancelled. Files appear whole or not at all.
    """
    out_path = Path(out_path)
    _check_options(out_path, tolerance_mm, cut, pegs, draco)
    _check_folder(out_path)
    beside = [*companions(out_path), *_note_of(out_path)]
    _refuse_existing([*_targets(out_path, [part.name for part in parts]), *beside], force)
    findings: list[Finding] = []
    pieces: list[Piece] = []
    for number, part in enumerate(parts):
        if cancel is not None:
            cancel.raise_if_set()
        progress(0.5 * number / len(parts), f"Meshing {part.name}")
        pieces += _pieces(part, hollow_mm, cut, findings)
    pairs: list[PegPair] = []
    if pegs and cut is not None:
        pieces, pairs = _pegged(pieces, cut, findings)
    if base:
        number, mesh = with_base([piece.planned for piece in pieces])
        pieces[number] = replace(pieces[number], planned=mesh)
    objects = []
    for number, piece in enumerate(pieces):
        if cancel is not None:
            cancel.raise_if_set()
        progress(0.5 + 0.15 * number / len(pieces), f"Simplifying {piece.name}")
        objects.append(MeshObject(piece.name, printable(piece.planned, tolerance_mm), piece.part.color))
    targets = _targets(out_path, [piece.name for piece in pieces])
    _refuse_existing(targets, force)
    with writing(out_path), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=out_path.parent) as folder:
        drafts = [Path(folder) / target.name for target in targets]
        groups = [[item] for item in objects] if len(targets) > 1 else [objects]
        placements = [write_meshes(draft, group, draco=draco) for draft, group in zip(drafts, groups)]
        back = _placed(drafts, groups, placements)
        rows = []
        for number, (piece, mesh) in enumerate(zip(pieces, back, strict=True)):
            if cancel is not None:
                cancel.raise_if_set()
            progress(0.65 + 0.35 * number / len(pieces), f"Comparing {piece.name}")
            rows.append(object_row(piece, mesh, bed_mm))
            findings += row_findings(rows[-1], piece)
        told_pegs = [_peg_row(pair, pieces, back) for pair in pairs]
        for note in _note_of(out_path):
            words = stl.note([(draft.name, item) for draft, group in zip(drafts, groups) for item in group])
            (Path(folder) / note.name).write_text(words, encoding="utf-8", newline="\n")
        for written in sorted(Path(folder).iterdir()):
            written.replace(out_path.with_name(written.name))
    return {
        "files": [str(path) for path in (*targets, *companions(out_path))],
        "beside": [str(path) for path in _note_of(out_path)],
        "objects": rows,
        "pegs": told_pegs,
        "placement": placements[0].tolist(),
        "warnings": [finding.as_json() for finding in findings],
    }


def check_print_place(out_path: Path, force: bool) -> None:
    """What can be told of the file before its parts are made. Raises UsageError, InputError."""
    _check_options(out_path, 0.1, None, False, False)
    _check_folder(out_path)
    if out_path.suffix.lower() not in APART:
        _refuse_existing([out_path, *companions(out_path)], force)


def _note_of(out_path: Path) -> list[Path]:
    """The text beside STL files."""
    return [out_path.with_suffix(".mm.txt")] if out_path.suffix.lower() == ".stl" else []


def _check_folder(out_path: Path) -> None:
    if not out_path.parent.is_dir():
        raise InputError(f"The folder of {out_path.name} does not exist", "Make it first", "no_folder")


def _check_options(out_path: Path, tolerance_mm: float, cut: Plane | None, pegs: bool, draco: bool) -> None:
    ending = out_path.suffix.lower()
    if ending not in ENDINGS or ending == ".vtp":
        raise UsageError(
            f"Nothing is printed to '{ending or out_path.name}' in this version",
            "Use .3mf, .stl, .obj, .ply, .glb or .usdz",
        )
    if draco and ending != ".glb":
        raise UsageError(f"Draco packs .glb files, not '{ending}'", "Write a .glb, or leave --draco out")
    if pegs and cut is None:
        raise UsageError("Pegs join the two halves of a cut", "Give --cut too")
    if tolerance_mm > 5.0:
        raise UsageError(f"A tolerance of {tolerance_mm:g} mm is too coarse for a model", "Use 5 mm or less")


def _targets(out_path: Path, names: Sequence[str]) -> list[Path]:
    if out_path.suffix.lower() not in APART or len(names) == 1:
        return [out_path]
    return [out_path.with_name(f"{out_path.stem}-{name}{out_path.suffix.lower()}") for name in names]


def _refuse_existing(targets: Sequence[Path], force: bool) -> None:
    for target in targets:
        if exists(target) and not force:
            raise InputError(f"{target.name} exists already", "Choose another name or use --force", "exists")


def _pieces(part: PrintPart, hollow_mm: float | None, cut: Plane | None, findings: list[Finding]) -> list[Piece]:
    """The part's solid, hollowed and cut as asked."""
    if part.kind == "guide" and part.solid is not None:
        # it has its own shape, and the cut is what it is for
        return [Piece(part.name, part, part.solid, part.mask.volume_ml)]
    mesh = part.solid if part.solid is not None else closed(surface_from_mask(part.mask, kind=part.kind))
    if hollow_mm is not None:
        shell = hollowed(mesh, hollow_mm)
        if shell is mesh:
            findings.append(
                Finding(
                    "not_hollowed", f"{part.name}: nowhere thick enough for a wall of {hollow_mm:g} mm, left solid."
                )
            )
        elif cut is None:
            findings.append(
                Finding(
                    "closed_hollow",
                    f"{part.name}: the hollow is closed. Resin and powder need holes to get out; filament does not.",
                )
            )
        mesh = shell
    if cut is None:
        return [Piece(part.name, part, mesh, part.mask.volume_ml)]
    try:
        sides = halves(mesh, cut)
    except MeasurementError:
        findings.append(Finding("not_cut", f"{part.name}: the surface is not one closed solid and was not cut."))
        return [Piece(part.name, part, mesh, part.mask.volume_ml)]
    first, second = sides
    if first is None or second is None:
        return [Piece(part.name, part, mesh, part.mask.volume_ml)]
    above = _share_above(part, cut)
    return [
        Piece(f"{part.name}_1", part, first, part.mask.volume_ml * above),
        Piece(f"{part.name}_2", part, second, part.mask.volume_ml * (1.0 - above)),
    ]


def _share_above(part: PrintPart, plane: Plane) -> float:
    """The share of the structure's voxels whose centre lies on the side that the normal points to."""
    kji = np.argwhere(part.mask.voxels)
    points = part.mask.box_grid.to_world(kji[:, ::-1].astype(np.float64))
    return float(np.count_nonzero(plane.signed_distance_mm(points) > 0) / len(kji))


def _pegged(pieces: list[Piece], cut: Plane, findings: list[Finding]) -> tuple[list[Piece], list[PegPair]]:
    made = list(pieces)
    pairs: list[PegPair] = []
    for number in range(len(made) - 1):
        first, second = made[number], made[number + 1]
        if first.part is not second.part:
            continue
        found = place_pegs(first.planned, second.planned, cut)
        if len(found) < len(PEG_RADII_MM):
            findings.append(
                Finding(
                    "pegs_left_out",
                    f"{first.part.name}: the cut has room for {len(found)} of {len(PEG_RADII_MM)} pegs.",
                )
            )
        if not found:
            continue
        sockets, plugs = with_pegs(first.planned, second.planned, found)
        made[number], made[number + 1] = replace(first, planned=sockets), replace(second, planned=plugs)
        pairs += [PegPair(peg, number, number + 1) for peg in found]
    return made, pairs


def _peg_row(pair: PegPair, pieces: Sequence[Piece], back: Sequence[SurfaceMesh]) -> dict[str, Any]:
    """A peg and the least gap round it, measured between the two surfaces as read back."""
    peg, plug = pair.peg, back[pair.peg_piece]
    rest = plug.points_mm - peg.at_mm
    height = rest @ peg.axis
    radius = np.linalg.norm(rest - height[:, None] * peg.axis, axis=1)
    rim = plug.points_mm[(radius < 1.05 * peg.radius_mm) & (height > 0.5 * peg.length_mm)]
    gap = float(distances_mm(rim, back[pair.socket_piece]).min()) if len(rim) else None
    return {
        "peg_on": pieces[pair.peg_piece].name,
        "socket_in": pieces[pair.socket_piece].name,
        "at_mm": peg.at_mm.tolist(),
        "axis": peg.axis.tolist(),
        "diameter_mm": 2.0 * peg.radius_mm,
        "length_mm": peg.length_mm,
        "asked_gap_mm": CLEARANCE_MM,
        "gap_mm": gap,
    }


def printable(planned: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh:
    """The solid with fewer triangles, as far as it stays one closed surface that does not cross itself and loses no
    piece; itself where that fails."""
    pieces = component_count(planned)
    for tolerance in (tolerance_mm, tolerance_mm / 4.0):
        slim = simplified(planned, tolerance)
        if slim.is_watertight and component_count(slim) == pieces and not self_intersections(slim):
            return slim
    return planned


def _placed(
    drafts: Sequence[Path], groups: Sequence[Sequence[MeshObject]], placements: Sequence[FloatArray]
) -> list[SurfaceMesh]:
    """Every object as read back from its file, in LPS mm."""
    return [
        SurfaceMesh(mesh.points_mm @ placement[:3, :3].T + placement[:3, 3], mesh.triangles)
        for draft, group, placement in zip(drafts, groups, placements)
        for mesh in _read_back(draft, group)
    ]


def _read_back(path: Path, group: Sequence[MeshObject]) -> list[SurfaceMesh]:
    if path.suffix.lower() != ".obj":
        found = read_meshes(path)
        if len(found) > 1:
            # some formats keep their own order; names tell which part is which
            by_name = dict(found)
            return [_merged(by_name[item.name]) for item in group]
        return [_merged(mesh) for _, mesh in found]
    # one reader gives all objects as one surface: part it again by what was written
    whole = read_meshes(path)[0][1]
    parts: list[SurfaceMesh] = []
    at = 0
    for item in group:
        count = len(item.mesh.triangles)
        parts.append(_merged(SurfaceMesh(whole.points_mm, whole.triangles[at : at + count])))
        at += count
    return parts


def _merged(mesh: SurfaceMesh) -> SurfaceMesh:
    """STL keeps no shared points: equal ones are joined again, as every slicer does."""
    bits = np.ascontiguousarray(mesh.points_mm + 0.0).view(np.uint64)
    mixed = bits * np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
    keys = mixed[:, 0] ^ (mixed[:, 1] >> np.uint64(7)) ^ (mixed[:, 2] << np.uint64(3))
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return SurfaceMesh(mesh.points_mm[first], inverse.reshape(-1)[mesh.triangles].astype(np.int32))
