"""A draft of what shall be printed: made in a temporary folder, read back and judged; plain functions, without widgets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.i18n import structure_name, tr
from app.panels.printing.wish import PrintWish, options_of
from planning.case.document import Document
from planning.case.trust import require_ticked
from planning.errors import CaseError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.printing.parts import PrintPart
from planning.printing.plan import Known, PrintedObject, printed
from planning.printing.proof import sha256_of
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.registry import canonical_name, structure_style

# the name's beginning of the files that are checked
DRAFT = "draft"
# what printing says before an object's name
NAMED = ("Meshing", "Simplifying", "Comparing")
# these name each other, or their objects' files
TEXTS = (".obj", ".mtl", ".txt")


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """told: the contract's `print` of the draft's files, with what gathering the parts had to say. objects: as read back.
    places: LPS mm of each object's structure. wish: what it was made for."""

    told: dict[str, Any]
    objects: tuple[PrintedObject, ...]
    places: Mapping[str, list[float] | None]
    wish: PrintWish

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What is told of each object."""
        return list(self.told["objects"])

    @property
    def files(self) -> list[str]:
        """All files of the draft, those beside it too."""
        return [*self.told["files"], *self.told["beside"]]

    def object_named(self, name: str) -> PrintedObject | None:
        """An object by its name."""
        return next((item for item in self.objects if item.name == name), None)


@dataclass(slots=True, eq=False)
class Kept:
    """What a next draft need not make again: the parts with what they were gathered for, and what objects are worth.

    A job that was stopped may go on for a moment beside the next one: each keeps key and parts at once, and uses its own.
    """

    gathered: tuple[object, tuple[list[PrintPart], list[Finding]]] | None = None
    known: Known = field(default_factory=dict)

    def forget_others(self, count: int) -> None:
        """Only the newest judgements are kept: each holds a surface."""
        for oldest in list(self.known)[: max(0, len(self.known) - count)]:
            self.known.pop(oldest, None)


def gather_parts(
    document: Document, wish: PrintWish, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> tuple[list[PrintPart], list[Finding]]:
    """The parts of a wish, and what must be known of them. Raises CaseError when nothing is left to print, InputError for
    what only a person may let be used."""
    from planning.case.guiding import printed_parts
    from planning.case.plan_parts import PlanSolids
    from planning.case.printing import part_name, print_parts
    from planning.liver.guide import GuideShape

    parts: list[PrintPart] = []
    findings: list[Finding] = []
    plans = tuple(dict.fromkeys(plan for plan, _ in wish.plan_parts))
    shape = GuideShape(wish.slot_mm, wish.guide_gap_mm, wish.thickness_mm, wish.wing_mm)
    for plan in plans:
        before = f"{canonical_name(plan)}_" if len(plans) > 1 else ""
        solids = PlanSolids(document, plan, progress=progress, cancel=cancel)
        made, told = printed_parts(
            solids, [part for own, part in wish.plan_parts if own == plan], shape, progress, cancel
        )
        parts += [replace(part, name=f"{before}{part.name}") for part in made]
        findings += told
    require_ticked(document.case, wish.structures)
    if wish.along and wish.structures:
        parts += print_parts(document, wish.structures, wish.along, along_plan=True)
    else:
        taken = {part.name for part in parts}
        for name in wish.structures:
            key, color = part_name(name, taken), document.case.structures[name].color
            parts.append(PrintPart(key, document.mask(name), color, structure_style(name).kind))
    parts = [part for part in parts if part.mask.voxel_count]
    if not parts:
        raise CaseError("Nothing is chosen to print", "Tick a part first")
    return parts, findings


def make_draft(
    document: Document,
    wish: PrintWish,
    target: Path,
    progress: Progress,
    cancel: CancelToken,
    kept: Kept | None = None,
    source: object = None,
) -> Draft:
    """The wish as a file at `target`, read back and compared. kept: of the draft before, `source` tells what its parts were
    made from. Raises what gathering, options and printing raise."""
    kept = kept or Kept()
    options = options_of(wish, document.case)
    progress(0.0, tr("Gathering the parts"))
    shape = (wish.slot_mm, wish.guide_gap_mm, wish.thickness_mm, wish.wing_mm)
    key = (source, wish.structures, wish.plan_parts, wish.along, shape)
    gathered = kept.gathered
    if source is None or gathered is None or gathered[0] != key:
        gathered = kept.gathered = key, gather_parts(document, wish, part_of(progress, 0.0, 0.3), cancel)
    parts, findings = gathered[1]
    told_on = _with_spoken_names(part_of(progress, 0.3, 1.0))
    result = printed(parts, target, options, force=True, progress=told_on, cancel=cancel, known=kept.known)
    kept.forget_others(2 * len(result.objects))
    places = {part.name: part.mask.centroid_mm().tolist() for part in parts}
    told = {
        **result.told,
        "warnings": [*(finding.as_json() for finding in findings), *result.told["warnings"]],
    }
    return Draft(told, result.objects, {row["name"]: _place(row["name"], places) for row in told["objects"]}, wish)


def _with_spoken_names(progress: Progress) -> Progress:
    """Progress that says "Portal vein" where printing says the object's name in the file."""

    def spoken(fraction: float, text: str = "") -> None:
        doing, _, name = text.rpartition(" ")
        progress(fraction, f"{doing} {structure_name(name)}" if doing in NAMED else text)

    return spoken


def _place(name: str, places: Mapping[str, list[float]]) -> list[float] | None:
    """The part's own place; a cut part's pieces are called NAME_1, NAME_1_2, NAME_part_1 and the like."""
    while name and name not in places:
        name = name.rpartition("_")[0]
    return places.get(name)


def laid_out(draft: Draft, plate: int) -> list[tuple[PrintedObject, FloatArray]]:
    """The objects of a plate (from 0) with (4, 4) from LPS mm to the plate's own mm: x to the right, y to the back, z up,
    the middle of its floor at 0.

    Nested pieces lie as the file says; others stand together as in the patient, their lowest point on the floor.
    """
    own = [item for item in draft.objects if item.plate == plate]
    room = draft.wish.room_mm
    if draft.wish.nest and room is not None:
        shift = np.array((-0.5 * room[0], -0.5 * room[1], 0.0))
    else:
        lows, highs = np.full(3, np.inf), np.full(3, -np.inf)
        for item in own:
            points = item.mesh.points_mm @ item.from_lps[:3, :3].T + item.from_lps[:3, 3]
            lows, highs = np.minimum(lows, points.min(axis=0)), np.maximum(highs, points.max(axis=0))
        middle = 0.5 * (lows + highs)
        shift = -np.array((middle[0], middle[1], lows[2]))
    laid = []
    for item in own:
        matrix = np.array(item.from_lps, dtype=np.float64)
        matrix[:3, 3] += shift
        laid.append((item, matrix))
    return laid


def size_on_plate_mm(laid: Sequence[tuple[PrintedObject, FloatArray]]) -> FloatArray:
    """(3,) of all objects of a plate together."""
    lows, highs = np.full(3, np.inf), np.full(3, -np.inf)
    for item, matrix in laid:
        points = item.mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3]
        lows, highs = np.minimum(lows, points.min(axis=0)), np.maximum(highs, points.max(axis=0))
    return np.asarray(highs - lows)


def draft_targets(files: Sequence[str], draft_stem: str, target: Path) -> list[Path]:
    """Where each of a draft's files goes under the chosen name: several objects may be a file each."""
    found = []
    for source in map(Path, files):
        # what stands after the name: "-liver", ".mm.txt", ".3mf"
        found.append(target.with_name(target.stem + source.name.removeprefix(draft_stem)))
    return found


def copy_draft(files: Sequence[str], draft_stem: str, target: Path, sha256: Mapping[str, str]) -> list[str]:
    """The draft's files under the chosen name; each appears whole or not at all, and is read again to be the same.

    Files that name each other get the new names inside. sha256: hex digests of the files that were checked, by their names
    in the draft. Raises OSError, CaseError for one that was not written as it is, or is not what was checked.
    """
    written = []
    targets = draft_targets(files, draft_stem, target)
    names = {Path(source).name: wanted.name for source, wanted in zip(files, targets, strict=True)}
    for source, wanted in zip(map(Path, files), targets, strict=True):
        content = source.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != sha256.get(source.name, digest):
            raise CaseError("The model is not the one that was checked", "Go back to the check and write it again")
        if source.suffix in TEXTS:
            content = _renamed(content, names)
            digest = hashlib.sha256(content).hexdigest()
        part = wanted.with_name(f".{wanted.name}.part")
        try:
            part.write_bytes(content)
            if sha256_of(part) != digest:
                raise CaseError(f"{wanted.name} was not written as it is", "Choose another folder and write it again")
            part.replace(wanted)
        finally:
            part.unlink(missing_ok=True)
        written.append(str(wanted))
    return written


def _renamed(content: bytes, names: Mapping[str, str]) -> bytes:
    """A text in which each file's name is the one that it gets."""
    for old, new in sorted(names.items(), key=lambda pair: -len(pair[0])):
        content = content.replace(old.encode("utf-8"), new.encode("utf-8"))
    return content
