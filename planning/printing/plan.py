"""From parts to files, and what the files are worth: each is read back before it takes its name."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planning.files.meshes import MeshObject, companions
from planning.files.place import writing
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.between import pair_faults, pair_findings, pair_jobs
from planning.printing.build import Built, PegPair, build
from planning.printing.faults import Fault
from planning.printing.files import (
    APART,
    Drafts,
    check_ending,
    check_folder,
    moved_by,
    note_of,
    read_back,
    refuse_existing,
    targets_of,
    write_drafts,
    write_note,
)
from planning.printing.fixing import Fixed, fix_pieces, wanted_fixes
from planning.printing.hands import LARGE_TRIANGLES, LARGE_VOXELS, Hands, Job
from planning.printing.judge import USUAL_WALL_MM, Limits, is_whole_structure, looks_at, row_findings, row_of
from planning.printing.layout import Lying, lay_out, layout_findings
from planning.printing.mending import Wish
from planning.printing.options import PrintOptions
from planning.printing.parts import Piece, PrintPart
from planning.printing.pegs import measured_gap_mm
from planning.printing.printers import estimate
from planning.printing.proof import sha256_of
from planning.printing.scale import add_scale, check_scaled, in_patient, place_in_patient, scaled, scaled_title
from planning.progress import CancelToken, Progress, no_progress

# fewer triangles move the sides of pegs and sockets by half of this at most
PEG_TOLERANCE_MM = 0.04
# a file's own rounding moves the points of an object that is otherwise the same by less than this
SAME_MM = 5e-4
# saving triangles takes up to this of a wall that was thickened
SPARE_WALL_MM = 0.05
# a fix may bring out what another has to mend
MENDINGS = 2
# about how many seconds saving triangles takes for each point
SLIM_S = 8e-6
Known = MutableMapping[bytes, tuple[SurfaceMesh, dict[str, Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class PrintedObject:
    """An object of the file as it was read back. mesh: LPS mm, times the model's scale. plate: from 0. from_lps: (4, 4)
    from there to where it lies on the plate."""

    name: str
    mesh: SurfaceMesh
    color: str
    opacity: float
    plate: int
    from_lps: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """What `printed` made. told: the contract's `print`. objects: in the order of `told["objects"]`."""

    told: dict[str, Any]
    objects: tuple[PrintedObject, ...]


def make_print(
    parts: Sequence[PrintPart],
    out_path: Path,
    options: PrintOptions | None = None,
    *,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """What `printed` tells."""
    return printed(parts, out_path, options, force=force, progress=progress, cancel=cancel).told


def printed(
    parts: Sequence[PrintPart],
    out_path: Path,
    options: PrintOptions | None = None,
    *,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    known: Known | None = None,
) -> Printed:
    """Build, simplify, lay out, write, read back and compare: the contract's `print`.

    A part that the plane cuts becomes NAME_1 (on the side the normal points to) and NAME_2; with pegs the second
    carries pegs and the first their sockets. A base joins the largest piece. Several pieces in .stl or .ply become one
    file each, OUT-NAME, several plates one each, OUT-plate_1; OUT.mm.txt beside .stl files says what the format cannot:
    the unit, names, sizes. Raises UsageError for options or endings of a later version, InputError for an existing file
    without `force`; Cancelled. Files appear whole or not at all.
    known: what objects were found to be worth before; one whose planned solid is the same to the bit, and that was
    read back the same but for the file's rounding, is not judged again.
    """
    options, out_path = options or PrintOptions(), Path(out_path)
    check_ending(out_path, options.draco)
    check_folder(out_path)
    beside = [*companions(out_path), *note_of(out_path)]
    refuse_existing([*targets_of(out_path, [part.name for part in parts], [0])[0], *beside], force)
    if options.scale != 1.0:
        check_scaled(out_path)
        parts, options = scaled(parts, options)
    with Hands(large=_are_large(parts)) as hands:
        return _printed(parts, out_path, options, force, progress, cancel, known, hands)


def _are_large(parts: Sequence[PrintPart]) -> bool:
    """Whether a model takes so long that a second process is worth its start."""
    voxels = sum(part.mask.voxels.size for part in parts if part.solid is None)
    triangles = sum(len(part.solid.triangles) for part in parts if part.solid is not None)
    return voxels / LARGE_VOXELS + triangles / LARGE_TRIANGLES > 1.0


def _printed(
    parts: Sequence[PrintPart],
    out_path: Path,
    options: PrintOptions,
    force: bool,
    progress: Progress,
    cancel: CancelToken | None,
    known: Known | None,
    hands: Hands,
) -> Printed:
    built = build(parts, options, lambda f, words="": progress(0.5 * f, words), cancel, hands)
    fixes, known = options.fixes, {} if known is None and options.mend is not None else known
    with writing(out_path), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=out_path.parent) as folder:
        made = _made(built, fixes, out_path, Path(folder), options, force, progress, cancel, known, hands)
        for _ in range(0 if options.mend is None else MENDINGS):
            further = _further_fixes(made, options)
            if not further:
                break
            fixes = (*fixes, *further)
            for stale in Path(folder).iterdir():
                stale.unlink()
            made = _made(built, fixes, out_path, Path(folder), options, force, progress, cancel, known, hands)
        drafts, pieces, places, objects, back = made.drafts, made.pieces, made.places, made.objects, made.back
        findings = [*built.findings, *layout_findings(pieces, made.meshes, places, options)]
        for row, piece in zip(made.rows, pieces, strict=True):
            findings += row_findings(row, piece)
        between = made.between
        if between is None:
            between = pair_faults(pieces, back, places, options, out_path.suffix.lower())
        findings += pair_findings(between)
        told_pegs = [_peg_row(pair, pieces, back) for pair in built.pairs]
        for note in note_of(out_path):
            write_note(drafts, Path(folder) / note.name, objects)
            if options.scale != 1.0:
                add_scale(Path(folder) / note.name, options.scale)
        sha256 = {path.name: sha256_of(path) for path in drafts.paths}
        if cancel is not None:
            # what is not wanted any more must not take the place of what is
            cancel.raise_if_set()
        # another may have written there in the minutes since it was looked at
        refuse_existing([*made.targets, *companions(out_path), *note_of(out_path)], force)
        for written in sorted(Path(folder).iterdir()):
            written.replace(out_path.with_name(written.name))
    told = {
        "files": [str(path) for path in (*made.targets, *companions(out_path))],
        "beside": [str(path) for path in note_of(out_path)],
        "sha256": sha256,
        "read_by": drafts.reader,
        "objects": [{**row, **_place_row(n, places[n], drafts, options.scale)} for n, row in enumerate(made.rows)],
        "pegs": [{**peg, "at_mm": place_in_patient(peg["at_mm"], options.scale)} for peg in told_pegs],
        "placement": _placement(0, places[0], drafts, options.scale),
        "scale": options.scale,
        "faults": [
            {**row, "at_mm": place_in_patient(row["at_mm"], options.scale)} for row in map(Fault.as_json, between)
        ],
        **_told(built, objects, places, options),
        "fixes": [one.as_json() for one in made.fixed],
        "warnings": [finding.as_json() for finding in findings],
    }
    seen = zip(pieces, back, objects, places, strict=True)
    return Printed(
        told,
        tuple(
            PrintedObject(piece.name, mesh, item.color, item.opacity, place.plate, place.from_lps)
            for piece, mesh, item, place in seen
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """The drafts of a model with what went into them and what they are worth, each list in the order of the objects."""

    pieces: list[Piece]
    fixed: list[Fixed]
    meshes: list[SurfaceMesh]
    places: list[Lying]
    objects: list[MeshObject]
    targets: list[Path]
    drafts: Drafts
    back: list[SurfaceMesh]
    rows: list[dict[str, Any]]
    between: list[Fault] | None


def _made(
    built: Built,
    fixes: Sequence[tuple[str, str]],
    out_path: Path,
    folder: Path,
    options: PrintOptions,
    force: bool,
    progress: Progress,
    cancel: CancelToken | None,
    known: Known | None,
    hands: Hands,
) -> _Made:
    pieces, fixed = fix_pieces(built.pieces, fixes, _fix_wish(options))
    meshes = _slim(pieces, options.tolerance_mm, progress, cancel, hands)
    places = lay_out(pieces, meshes, options)
    objects = [
        MeshObject(piece.name, moved_by(mesh, place.from_lps), piece.part.color, piece.opacity)
        for piece, mesh, place in zip(pieces, meshes, places, strict=True)
    ]
    targets, groups = targets_of(out_path, [piece.name for piece in pieces], [place.plate for place in places])
    refuse_existing(targets, force)
    drafts = write_drafts(folder, targets, groups, objects, draco=options.draco, title=scaled_title(options.scale))
    back = [moved_by(mesh, place.to_lps) for mesh, place in zip(read_back(drafts, objects), places, strict=True)]
    # between two rounds of mending nobody asks what lies between the objects
    pairs = pair_jobs(pieces, back, places, options, out_path.suffix.lower()) if options.mend is None else []
    rows, seen = _judged(pieces, back, options, known, pairs, hands, progress, cancel)
    between = None if options.mend is not None else [fault for one in seen for fault in one]
    return _Made(pieces, fixed, meshes, places, objects, targets, drafts, back, rows, between)


def _further_fixes(made: _Made, options: PrintOptions) -> list[tuple[str, str]]:
    """What the faults still found ask for, as far as it was not tried before."""
    process = options.process
    drains = process is not None and process.drain_holes > 0
    tried = {(one.of, one.fix) for one in made.fixed}
    wanted = wanted_fixes(made.rows, made.pieces, options.mend or (), drains=drains)
    return [one for one in wanted if one not in tried]


def _fix_wish(options: PrintOptions) -> Wish:
    """What a fix has to reach by the printer's process."""
    process = options.process
    if process is None:
        return Wish(USUAL_WALL_MM + SPARE_WALL_MM)
    wall = process.least_wall_mm + SPARE_WALL_MM
    return Wish(wall, process.drain_mm, process.drain_holes) if process.drain_holes else Wish(wall)


def _judged(
    pieces: Sequence[Piece],
    back: Sequence[SurfaceMesh],
    options: PrintOptions,
    known: Known | None,
    besides: Sequence[Job],
    hands: Hands,
    progress: Progress,
    cancel: CancelToken | None,
) -> tuple[list[dict[str, Any]], list[Any]]:
    """(the objects' rows, what the jobs `besides` made)."""
    limits = Limits.of(options.process)
    rows: dict[int, dict[str, Any]] = {}
    keys: dict[int, bytes] = {}
    jobs: list[Job] = []
    looks: dict[int, slice] = {}
    for number, (piece, mesh) in enumerate(zip(pieces, back, strict=True)):
        if known is not None:
            keys[number] = _key(piece, options, limits)
            before = known.get(keys[number])
            if before is not None and _is_same(mesh, before[0]):
                rows[number] = dict(before[1])
                continue
        own = looks_at(piece, mesh, options.room_mm, limits)
        looks[number] = slice(len(jobs), len(jobs) + len(own))
        jobs += own

    def part_way(fraction: float, text: str = "") -> None:
        progress(0.65 + 0.35 * fraction, text)

    seen = hands.all_of([*jobs, *besides], part_way, cancel)
    for number, own_looks in looks.items():
        row = row_of(pieces[number], back[number], options.room_mm, limits, seen[own_looks])
        if known is not None:
            known[keys[number]] = (back[number], row)
        rows[number] = dict(row)
    return [in_patient(rows[number], options.scale) for number in range(len(pieces))], seen[len(jobs) :]


def _key(piece: Piece, options: PrintOptions, limits: Limits) -> bytes:
    """Names all that an object is judged by, but for what was read back."""
    # what the row is told of: the limits that its kind is held to, and whether it is held against voxels too
    held = (piece.structure_ml, piece.part.kind, is_whole_structure(piece))
    hashed = hashlib.blake2b(repr((piece.name, *held, options.room_mm, limits)).encode())
    hashed.update(piece.planned.points_mm.tobytes())
    hashed.update(piece.planned.triangles.tobytes())
    return hashed.digest()


def _is_same(one: SurfaceMesh, two: SurfaceMesh) -> bool:
    """Whether two readings of an object differ by no more than a file rounds: as many points are joined in both."""
    if one.triangles.shape != two.triangles.shape or one.points_mm.shape != two.points_mm.shape:
        return False
    # corner by corner: the order of the points follows from their bits
    apart = np.abs(one.points_mm[one.triangles] - two.points_mm[two.triangles])
    return float(apart.max(initial=0.0)) <= SAME_MM


def check_print_place(out_path: Path, force: bool) -> None:
    """What can be told of the file before its parts are made. Raises UsageError, InputError."""
    check_ending(out_path)
    check_folder(out_path)
    if out_path.suffix.lower() not in APART:
        refuse_existing([out_path, *companions(out_path)], force)


def _slim(
    pieces: Sequence[Piece], tolerance_mm: float, progress: Progress, cancel: CancelToken | None, hands: Hands
) -> list[SurfaceMesh]:
    def part_way(fraction: float, text: str = "") -> None:
        progress(0.5 + 0.15 * fraction, text)

    jobs = [
        Job(
            Piece.slim,
            (piece, tolerance_mm, PEG_TOLERANCE_MM),
            SLIM_S * len(piece.planned.points_mm),
            f"Simplifying {piece.name}",
        )
        for piece in pieces
    ]
    return hands.all_of(jobs, part_way, cancel)


def _placement(number: int, place: Lying, drafts: Drafts, scale: float) -> list[list[float]]:
    """(4, 4) from the file to LPS mm of the patient for one object."""
    matrix = np.diag((1.0 / scale,) * 3 + (1.0,)) @ place.to_lps @ drafts.placement_of(number)
    return [[float(value) for value in row] for row in matrix]


def _place_row(number: int, place: Lying, drafts: Drafts, scale: float) -> dict[str, Any]:
    row: dict[str, Any] = {"plate": place.plate + 1, "placement": _placement(number, place, drafts, scale)}
    if place.standing is not None:
        row["overhang_cm2"] = place.standing.overhang_cm2
        row["support_ml"] = place.standing.support_ml
        row["height_mm"] = place.standing.height_mm
    return row


def _told(
    built: Built, objects: Sequence[MeshObject], places: Sequence[Lying], options: PrintOptions
) -> dict[str, Any]:
    """What was added, by which printer's rules, and what it will take."""
    told: dict[str, Any] = {
        "printer": None if options.chosen_printer is None else options.chosen_printer.name,
        "plates": len({place.plate for place in places}),
        "drain_holes": built.drain_holes,
        "open_ends": built.open_ends,
        "marks": list(built.marks),
        "scale_bar_mm": built.scale_mm,
        "estimate": None,
    }
    material = options.chosen_material
    if material is not None:
        heights: dict[int, float] = {}
        for item, place in zip(objects, places, strict=True):
            height = float(np.ptp(item.mesh.points_mm[:, 2]))
            heights[place.plate] = max(heights.get(place.plate, 0.0), height)
        told["estimate"] = estimate([item.mesh for item in objects], list(heights.values()), material)
    return told


def _peg_row(pair: PegPair, pieces: Sequence[Piece], back: Sequence[SurfaceMesh]) -> dict[str, Any]:
    """A peg and the least gap round it, measured between the two surfaces as read back."""
    peg = pair.peg
    return {
        "peg_on": pieces[pair.peg_piece].name,
        "socket_in": pieces[pair.socket_piece].name,
        "at_mm": peg.at_mm.tolist(),
        "axis": peg.axis.tolist(),
        "diameter_mm": 2.0 * peg.radius_mm,
        "length_mm": peg.length_mm,
        "asked_gap_mm": peg.clearance_mm,
        "gap_mm": measured_gap_mm(peg, back[pair.socket_piece], back[pair.peg_piece]),
    }
