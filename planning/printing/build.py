"""From parts to the solid pieces of a model: surfaces, walls, hollows, cuts, pegs, base. All in LPS mm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import Plane, Vector
from planning.mesh import SurfaceMesh
from planning.printing.base import with_base, with_marks
from planning.printing.hands import Hands, Job
from planning.printing.hollow import Hollow, drained, hollowed, walled
from planning.printing.lettering import can_write
from planning.printing.options import PrintOptions
from planning.printing.orient import least_supports
from planning.printing.parts import Piece, PrintPart, closed
from planning.printing.pegs import PEG_RADII_MM, Peg, place_pegs, share_face
from planning.printing.printers import Process, catalogue
from planning.printing.solids import bodies, halves, mesh_of, solid_of
from planning.printing.split import bed_cuts
from planning.progress import CancelToken, Progress, no_progress
from planning.surface import surface_from_mask

SHELL_OPACITY = 0.3
SHELL_KINDS = ("organ",)
# what a boolean leaves of a wall where two lumens graze each other
CRUMB_MM3 = 5.0
UP = np.array((0.0, 0.0, 1.0))
# holes where no printer is named
USUAL_PROCESS = "sla"
# about how long a surface takes for each voxel of its box
VOXEL_S = 5e-7


@dataclass(frozen=True, slots=True, eq=False)
class PegPair:
    """A peg and the numbers of its two pieces."""

    peg: Peg
    socket_piece: int
    peg_piece: int


@dataclass(slots=True, eq=False)
class Built:
    """The pieces of a model, the pegs between them, what was added, and what must be known of them.

    lumens: surfaces round which walls were made; filled: of parts before they were hollowed. Both by the part's name.
    """

    pieces: list[Piece] = field(default_factory=list)
    pairs: list[PegPair] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    drain_holes: int = 0
    open_ends: int = 0
    met_ends: set[tuple[float, ...]] = field(default_factory=set)
    marks: tuple[str, ...] = ()
    scale_mm: float | None = None
    lumens: dict[str, SurfaceMesh] = field(default_factory=dict)
    filled: dict[str, SurfaceMesh] = field(default_factory=dict)

    def tell(self, code: str, text: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(code, text))


def build(
    parts: Sequence[PrintPart],
    options: PrintOptions,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    hands: Hands | None = None,
) -> Built:
    """All pieces as asked. Raises MeasurementError where a part cannot be made, Cancelled."""
    built = Built()
    jobs = [Job(surface_of, (part,), VOXEL_S * part.mask.voxels.size, f"Meshing {part.name}") for part in parts]
    surfaces = (hands or Hands(large=False)).all_of(jobs, progress, cancel)
    for part, surface in zip(parts, surfaces, strict=True):
        if cancel is not None:
            cancel.raise_if_set()
        mesh = _solid(part, surface, options, built)
        is_shell = options.shell and part.kind in SHELL_KINDS
        built.pieces.append(
            Piece(part.name, part, mesh, part.mask.volume_ml, opacity=SHELL_OPACITY if is_shell else 1.0)
        )
    for place in options.open_at_mm:
        if place not in built.met_ends:
            words = ", ".join(f"{value:g}" for value in place)
            built.tell("no_end", f"No vessel ends near {words}: nothing was opened there.")
    if options.vessel_walls_mm is not None and not any(part.is_lumen for part in parts):
        built.tell("no_vessel", "No vessel is among the parts: no wall was made.")
    if len(built.lumens) > 1:
        _open_into_each_other(built)
    if options.shell:
        _make_room(built)
    if options.cut is not None:
        _cut(built, options.cut)
    if options.split and options.room_mm is not None:
        _split(built, options.room_mm, options.pegs)
    if options.pegs:
        _peg(built, options.gap_mm)
    if options.marks:
        _mark(built)
    if options.base:
        _set_on_base(built, options.label, options.scale)
    built.pieces = _named_apart(built.pieces)
    progress(1.0, "")
    return built


def surface_of(part: PrintPart) -> SurfaceMesh:
    """A part's closed surface, made from its mask where it was not made already."""
    return part.solid if part.solid is not None else closed(surface_from_mask(part.mask, kind=part.kind))


def _solid(part: PrintPart, mesh: SurfaceMesh, options: PrintOptions, built: Built) -> SurfaceMesh:
    if part.kind == "guide" and part.solid is not None:
        # it has its own shape, and the cut is what it is for
        return mesh
    if options.vessel_walls_mm is not None and part.is_lumen:
        built.lumens[part.name] = mesh
        wall = walled(mesh, part.mask, options.vessel_walls_mm, options.open_at_mm)
        built.open_ends += wall.openings
        built.met_ends |= {tuple(place) for place in options.open_at_mm} - set(wall.missed)
        if not wall.openings:
            built.tell("closed_wall", f"{part.name}: the wall has no open end. Name ends with --open.")
        return wall.mesh
    return mesh if options.hollow_mm is None else _hollow(part.name, mesh, options, built)


def _open_into_each_other(built: Built) -> None:
    """Takes each lumen out of the others' walls: where two meet, as at a heart's valves, blood goes on."""
    import manifold3d

    for number, piece in enumerate(built.pieces):
        if piece.part.name not in built.lumens:
            continue
        origin = piece.planned.points_mm.mean(axis=0)
        wall = solid_of(piece.planned, origin)
        for name, lumen in built.lumens.items():
            if name != piece.part.name:
                wall = wall - solid_of(lumen, origin)
        left = bodies(wall, CRUMB_MM3)
        if not left:
            raise MeasurementError(f"Nothing is left of the wall of {piece.name}", "Print it alone", "walls")
        built.pieces[number] = replace(piece, planned=mesh_of(manifold3d.Manifold.compose(left), origin))


def _hollow(name: str, mesh: SurfaceMesh, options: PrintOptions, built: Built) -> SurfaceMesh:
    wall_mm = options.hollow_mm
    assert wall_mm is not None
    hollow = hollowed(mesh, wall_mm)
    if not hollow.cavities:
        built.tell("not_hollowed", f"{name}: nowhere thick enough for a wall of {wall_mm:g} mm, left solid.")
        return mesh
    built.filled[name] = mesh
    process = options.process or next(one for one in catalogue().processes if one.name == USUAL_PROCESS)
    if options.process is not None and wall_mm < process.least_hollow_mm:
        built.tell(
            "hollow_wall", f"{name}: {process.title} wants a wall of {process.least_hollow_mm:g} mm round a hollow."
        )
    if options.drain and process.drain_holes:
        up = least_supports(hollow.shell).turn[2] if options.orient else UP
        return _drained(name, hollow, up, process, built)
    if options.cut is None:
        built.tell(
            "closed_hollow",
            f"{name}: the hollow is closed. Resin and powder need holes to get out; filament does not.",
        )
    return hollow.shell


def _drained(name: str, hollow: Hollow, up: Vector, process: Process, built: Built) -> SurfaceMesh:
    mesh, holes = drained(hollow, up, process.drain_holes, process.drain_mm)
    built.drain_holes += holes
    built.tell("drain", f"{name}: {holes} holes of {process.drain_mm:g} mm let resin or powder out.")
    return mesh


def _make_room(built: Built) -> None:
    """Takes all other parts out of those that are seen through, so that each place belongs to one material, and what is
    hollow in them stays so."""
    inside = [piece for piece in built.pieces if piece.opacity >= 1.0]
    hollow = {**built.filled, **built.lumens}
    for number, piece in enumerate(built.pieces):
        if piece.opacity >= 1.0 or not inside:
            continue
        origin = piece.planned.points_mm.mean(axis=0)
        solid = solid_of(piece.planned, origin)
        for other in inside:
            solid = solid - solid_of(other.planned, origin)
            if other.part.name in hollow:
                solid = solid - solid_of(hollow[other.part.name], origin)
        if solid.is_empty():
            raise MeasurementError(f"Nothing is left of {piece.name} round the other parts", "Print it alone", "shell")
        built.pieces[number] = replace(piece, planned=mesh_of(solid, origin))
    if all(piece.opacity >= 1.0 for piece in built.pieces):
        built.tell("no_shell", "No organ is among the parts: nothing is seen through.")


def _cut(built: Built, plane: Plane) -> None:
    made: list[Piece] = []
    for piece in built.pieces:
        made += [piece] if piece.part.kind == "guide" else _halved(piece, plane, built)
    if len(made) == len(built.pieces):
        built.tell("cut_misses", "The plane meets no part: nothing was cut.")
    built.pieces = made


def _halved(piece: Piece, plane: Plane, built: Built) -> list[Piece]:
    try:
        first, second = halves(piece.planned, plane)
    except MeasurementError:
        built.tell("not_cut", f"{piece.name}: the surface is not one closed solid and was not cut.")
        return [piece]
    if first is None or second is None:
        return [piece]
    return [
        _side(piece, f"{piece.name}_1", first, plane, 1),
        _side(piece, f"{piece.name}_2", second, plane, -1),
    ]


def _side(piece: Piece, name: str, mesh: SurfaceMesh, plane: Plane, side: int) -> Piece:
    sides = (*piece.sides, (plane, side))
    return replace(piece, name=name, planned=mesh, sides=sides, structure_ml=_ml_on(piece.part, sides))


def _ml_on(part: PrintPart, sides: Sequence[tuple[Plane, int]]) -> float:
    """What the structure's voxels hold on these sides of cuts; a voxel that a cut passes through counts by its share."""
    kji = np.argwhere(part.mask.voxels)
    points = part.mask.box_grid.to_world(kji[:, ::-1].astype(np.float64))
    share = np.ones(len(kji))
    for plane, side in sides:
        # half of what a voxel measures along the normal
        reach = 0.5 * float(np.abs(part.mask.grid.world_from_index[:3, :3].T @ plane.normal).max())
        share *= np.clip(0.5 + side * plane.signed_distance_mm(points) / (2.0 * reach), 0.0, 1.0)
    return float(share.sum() * part.mask.grid.voxel_mm3 / 1000.0)


def _split(built: Built, bed_mm: tuple[float, float, float], pegs: bool) -> None:
    made: list[Piece] = []
    for piece in built.pieces:
        cuts = bed_cuts(piece.planned, bed_mm, pegs)
        own = [piece]
        for number, plane in cuts:
            first, second = halves(own[number].planned, plane)
            assert first is not None
            assert second is not None
            own.append(_side(own[number], piece.name, second, plane, -1))
            own[number] = _side(own[number], piece.name, first, plane, 1)
        if cuts:
            own = [replace(one, name=f"{piece.name}_{n}") for n, one in enumerate(own, start=1)]
            built.tell("split", f"{piece.name}: cut into {len(own)} pieces that fit the bed.")
        made += own
    built.pieces = made


def _peg(built: Built, gap_mm: float) -> None:
    """Pegs between all pieces that lie face to face over a cut."""
    wanted: dict[str, int] = {}
    placed: dict[str, int] = {}
    for first, second, plane in _neighbours(built.pieces):
        one, other = built.pieces[first], built.pieces[second]
        if plane is not None and not share_face(one.planned, other.planned, plane):
            # pieces of several cuts may lie on both sides of a plane and not meet
            continue
        found = place_pegs(one.planned, other.planned, plane, gap_mm)
        name = one.part.whole or one.part.name
        wanted[name] = wanted.get(name, 0) + len(PEG_RADII_MM)
        placed[name] = placed.get(name, 0) + len(found)
        if not found:
            continue
        built.pieces[first] = one.joined(found, ())
        built.pieces[second] = other.joined((), found)
        built.pairs += [PegPair(peg, first, second) for peg in found]
    for name, count in wanted.items():
        if placed[name] < count:
            built.tell("pegs_left_out", f"{name}: the cut has room for {placed[name]} of {count} pegs.")


def _neighbours(pieces: Sequence[Piece]) -> list[tuple[int, int, Plane | None]]:
    """(piece that gets sockets, piece that gets pegs, the flat cut between them or None for a plan's cut)."""
    found: list[tuple[int, int, Plane | None]] = []
    for a, one in enumerate(pieces):
        for b, other in enumerate(pieces):
            if a == b:
                continue
            if one.part is other.part:
                found += [
                    (a, b, plane)
                    for plane, side in one.sides
                    if side > 0 and any(plane is own and under < 0 for own, under in other.sides)
                ]
            elif a < b and one.part.whole and one.part.whole == other.part.whole:
                found.append((a, b, None))
    return found


def _named_apart(pieces: list[Piece]) -> list[Piece]:
    """No two of one name: a half of "tumor" is called tumor_1 only where no other part is.

    Files and what is read back go by these names; of two of the same, one file would replace the other.
    """
    if len({piece.name for piece in pieces}) == len(pieces):
        return pieces
    taken: set[str] = set()
    names: dict[int, str] = {}
    # whole parts keep their names
    for number in sorted(range(len(pieces)), key=lambda n: bool(pieces[n].sides)):
        own, stem = pieces[number], pieces[number].part.name
        if number in names:
            continue
        together = [n for n, one in enumerate(pieces) if one.part is own.part] if own.sides else [number]
        tails = [pieces[n].name.removeprefix(stem) for n in together]
        while any(f"{stem}{tail}" in taken for tail in tails):
            stem = f"{stem}_part"
        names |= {n: f"{stem}{tail}" for n, tail in zip(together, tails, strict=True)}
        taken |= {names[n] for n in together}
    return [replace(piece, name=names[number]) for number, piece in enumerate(pieces)]


def _mark(built: Built) -> None:
    number = max(range(len(built.pieces)), key=lambda n: built.pieces[n].planned.volume_ml)
    mesh, built.marks = with_marks(built.pieces[number].planned)
    if built.marks:
        built.pieces[number] = replace(built.pieces[number], planned=mesh, exact=True)
    if len(built.marks) < 2:
        built.tell("marks", f"{built.pieces[number].name}: the surface has no room for both R and L.")


def _set_on_base(built: Built, label: str, model_scale: float) -> None:
    if not can_write(label):
        built.tell("label", "Some letters of the label are not in the program's font and were left out.")
    based = with_base([piece.planned for piece in built.pieces], label, model_scale)
    built.scale_mm = based.scale_mm
    piece = built.pieces[based.number]
    built.pieces[based.number] = replace(piece, planned=based.mesh, upright=True)
