"""Structures found by a few clicks and strokes: from marks to masks to one step of the case.

The window and `theatrum guide` take this one road. What was clicked stays with the structure (its provenance), so that
clicks and strokes can be counted later and a structure can be gone on with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.case.commands import AddStructure, Batch, Command, ReplaceStructure
from planning.case.document import Document
from planning.case.model import Case, Structure
from planning.errors import InputError
from planning.findings import Finding
from planning.geometry import FloatArray, frozen_array
from planning.liver.graph import VesselGraph, graph_of
from planning.liver.roles import guess_roles
from planning.liver.segment.liver import PreparedScan, segment_liver
from planning.liver.segment.strokes import Stroke
from planning.liver.segment.tumors import segment_tumor
from planning.liver.segment.vessels import segment_vessels
from planning.liver.vessel_parts import part_vessels
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.provenance import Provenance
from planning.registry import structure_style
from planning.volume import Mask, union

SOURCE = "guided"
THIS, NOT, PORTAL, HEPATIC = "this", "not", "portal", "hepatic"
MARK_KINDS = (THIS, NOT, PORTAL, HEPATIC)
LIVER, PORTAL_VEIN, HEPATIC_VEINS = "liver", "portal_vein", "hepatic_veins"
# a liver filled by contrast through the portal vein lies above; without contrast it has 45 to 65 HU
PORTAL_PHASE_HU = 85.0
USUAL_LIVER_ML = (500.0, 3500.0)
# a tumour that bulges out of a liver that was found without it
OUTSIDE_LIVER_MM = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A click (one place) or a stroke (several). points_mm: (n, 3) LPS mm. kind: one of MARK_KINDS."""

    kind: str
    points_mm: FloatArray

    def __post_init__(self) -> None:
        if self.kind not in MARK_KINDS:
            raise InputError(f"A mark cannot be '{self.kind[:40]}'", f"It is one of {', '.join(MARK_KINDS)}")
        # the stroke's own checks hold for every mark
        points = Stroke(self.points_mm).points_mm
        object.__setattr__(self, "points_mm", frozen_array(points))

    @property
    def is_click(self) -> bool:
        """True for one place."""
        return len(self.points_mm) == 1

    @property
    def text(self) -> str:
        """ "this 10.0,-4.5,88.0" with all places, as the provenance keeps it."""
        places = " ".join(",".join(f"{value:.3f}" for value in place) for place in self.points_mm.tolist())
        return f"{self.kind} {places}"

    @classmethod
    def from_text(cls, text: str) -> Mark:
        """The mark of a `text`. Raises InputError for another one."""
        kind, _, rest = text.partition(" ")
        try:
            points = np.array([[float(value) for value in place.split(",")] for place in rest.split()])
        except ValueError:
            points = np.zeros((0, 3))
        return cls(kind, points)


Marks = tuple[Mark, ...]


def count_marks(marks: Sequence[Mark]) -> tuple[int, int]:
    """(clicks, strokes)."""
    clicks = sum(mark.is_click for mark in marks)
    return clicks, len(marks) - clicks


def count_words(marks: Sequence[Mark]) -> str:
    """ "2 clicks, 1 stroke"."""
    counted = zip(count_marks(marks), ("click", "stroke"), strict=True)
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counted if n) or "no click"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Guided:
    """What the marks gave.

    masks: structure's name → voxels on the image's grid. confidence: 0 … 1 by the same names, None where not told.
    facts: (name, value, unit) worth telling. seconds: wall time of the computation; cpu_seconds: of this process meanwhile.
    """

    masks: Mapping[str, Mask]
    confidence: Mapping[str, float | None]
    marks: Marks
    facts: tuple[tuple[str, float, str], ...]
    findings: tuple[Finding, ...]
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class FoundVessels:
    """All vessels of a liver, before clicks say which are which. sd_hu: of the smoothed liver."""

    mask: Mask
    graph: VesselGraph
    above_liver_hu: float
    sd_hu: float


class _Clock:
    """Wall and processor seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def taken(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._cpu


def guide_liver(
    scan: PreparedScan, marks: Marks, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Guided:
    """The liver of the marks. Raises InputError as `segment_liver` does; Cancelled."""
    clock = _Clock()
    found = segment_liver(scan, _strokes(marks), progress=progress, cancel=cancel)
    if not found.mask.voxel_count:
        raise InputError("No liver was found at the click", "Click into plain liver tissue")
    seconds, cpu = clock.taken()
    return Guided(
        masks=MappingProxyType({LIVER: found.mask}),
        confidence=MappingProxyType({LIVER: found.confidence}),
        marks=marks,
        facts=(
            ("Parenchyma", found.mean_hu, "HU"),
            ("Lesions closed in", found.lesions_ml, "ml"),
            ("Edge told by the image", 100.0 * found.confidence, "%"),
        ),
        findings=(*_liver_findings(found.mask, found.mean_hu), *found.findings),
        seconds=seconds,
        cpu_seconds=cpu,
    )


def find_vessels(
    scan: PreparedScan, liver: Mask, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> FoundVessels:
    """All that is bright and long in a liver: needs no click, so it can be done before any comes."""
    found = segment_vessels(scan, liver, (), progress=part_of(progress, 0.0, 0.5), cancel=cancel)
    if cancel is not None:
        cancel.raise_if_set()
    progress(0.5, "following the vessels")
    graph = graph_of(found.mask, cancel)
    progress(1.0)
    return FoundVessels(found.mask, graph, found.above_liver_hu, found.sd_hu)


def guide_vessels(found: FoundVessels, marks: Marks, *, cancel: CancelToken | None = None) -> Guided:
    """Portal and hepatic veins by the marks of those kinds; what "not" marks lie on goes.

    Raises InputError when no mark asks for a vessel or one lies on none; Cancelled.
    """
    clock = _Clock()
    places = {kind: _middles(marks, kind) for kind in (PORTAL, HEPATIC, NOT)}
    parts = part_vessels(
        found.mask,
        found.graph,
        portal=places[PORTAL],
        hepatic=places[HEPATIC],
        neither=places[NOT],
        cancel=cancel,
    )
    masks = {
        name: mask for name, mask in ((PORTAL_VEIN, parts.portal), (HEPATIC_VEINS, parts.hepatic)) if mask is not None
    }
    seconds, cpu = clock.taken()
    touching = len(parts.touching_mm)
    findings = []
    if touching:
        times = "in 1 place" if touching == 1 else f"in {touching} places"
        findings.append(
            Finding(
                "trees_touch",
                f"Portal and hepatic veins touch {times} and were cut apart there: look at the border, and click on a "
                "branch that went to the wrong side",
            )
        )
    if found.above_liver_hu < 2.0 * found.sd_hu or found.above_liver_hu < 20.0:
        findings.append(
            Finding(
                "vessels_pale",
                f"The vessels are only {found.above_liver_hu:.0f} HU brighter than the liver: many will be missing",
            )
        )
    return Guided(
        masks=MappingProxyType(masks),
        confidence=MappingProxyType(dict.fromkeys(masks)),
        marks=marks,
        facts=(("Above the liver", found.above_liver_hu, "HU"),),
        findings=tuple(findings),
        seconds=seconds,
        cpu_seconds=cpu,
    )


def guide_tumor(
    scan: PreparedScan,
    marks: Marks,
    name: str,
    *,
    liver: Mask | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Guided:
    """One tumour of the marks, under a name. Raises InputError as `segment_tumor` does, or for marks off the liver;
    Cancelled.
    """
    clock = _Clock()
    if liver is not None:
        _check_in_liver(liver, marks)
    found = segment_tumor(scan, _strokes(marks), liver=liver, progress=progress, cancel=cancel)
    if not found.mask.voxel_count:
        raise InputError("Nothing was found under the click", "Draw a line across the tumour, from rim to rim")
    seconds, cpu = clock.taken()
    return Guided(
        masks=MappingProxyType({name: found.mask}),
        confidence=MappingProxyType({name: found.confidence}),
        marks=marks,
        facts=(("Tumour", found.mean_hu, "HU"), ("Liver round it", found.liver_hu, "HU")),
        findings=found.findings,
        seconds=seconds,
        cpu_seconds=cpu,
    )


def closed_liver(names: Sequence[str], mask_of: Callable[[str], Mask]) -> Mask | None:
    """The liver with its tumours and inner vessels, as far as names tell; None where there is none.

    names: of the case's structures. mask_of: gives a structure's voxels.
    """
    parts = liver_parts(names)
    return union([mask_of(name) for name in parts]) if parts else None


def liver_parts(names: Sequence[str]) -> tuple[str, ...]:
    """The structures that make the closed liver; none where no liver is named."""
    roles = guess_roles(names)
    return tuple(dict.fromkeys((*roles.organ, *roles.tumors))) if roles.organ else ()


def free_tumor_name(case: Case) -> str:
    """ "tumor_1", "tumor_2", …: the first that no structure has."""
    number = 1
    while f"tumor_{number}" in case.structures:
        number += 1
    return f"tumor_{number}"


def kept_marks(structure: Structure) -> Marks:
    """The marks that a structure was made of; none when it came another way."""
    kept = structure.provenance
    if not kept.source.startswith(SOURCE):
        return ()
    try:
        return tuple(Mark.from_text(text) for text in kept.inputs)
    except InputError:
        # written by another version
        return ()


def guided_command(document: Document, found: Guided) -> Command:
    """The one step that puts what was found into the case; its voxels lie in the file already.

    A structure of the name is given the new shape and keeps its colour.
    """
    return step_of(document.case, guided_structures(document, found))


def guided_structures(document: Document, found: Guided) -> tuple[Structure, ...]:
    """What was found as structures that no step has put into the case yet; their voxels lie in the file already."""
    structures = []
    for name, mask in found.masks.items():
        start, reference = document.put_mask(mask)
        before = document.case.structures.get(name)
        structures.append(
            Structure(
                name=name,
                grid=mask.grid,
                start_ijk=start,
                array=reference,
                voxel_count=mask.voxel_count,
                color=structure_style(name).color if before is None else before.color,
                source="automatic",
                confidence=found.confidence[name],
                provenance=Provenance(
                    f"{SOURCE}, {count_words(found.marks)}", tuple(mark.text for mark in found.marks)
                ),
            )
        )
    return tuple(structures)


def step_of(case: Case, structures: Sequence[Structure]) -> Command:
    """Adds each structure, or gives the one of its name the new shape, in one step."""
    commands: tuple[Command, ...] = tuple(
        ReplaceStructure(one) if one.name in case.structures else AddStructure(one) for one in structures
    )
    if len(commands) == 1:
        return commands[0]
    names = " and ".join(structure_style(one.name).display.lower() for one in structures)
    return Batch(commands, f"Find {names}")


def _strokes(marks: Marks) -> list[Stroke]:
    return [Stroke(mark.points_mm, mark.kind != NOT) for mark in marks]


def _middles(marks: Marks, kind: str) -> list[FloatArray]:
    """One place for each mark of a kind: the click, or the middle of the stroke."""
    return [mark.points_mm[len(mark.points_mm) // 2] for mark in marks if mark.kind == kind]


def _liver_findings(mask: Mask, mean_hu: float) -> list[Finding]:
    findings = []
    if mean_hu < PORTAL_PHASE_HU:
        findings.append(
            Finding(
                "no_portal_phase",
                f"The liver has {mean_hu:.0f} HU: this is no portal-venous scan. Vessels and tumours may not be seen; "
                "check every border",
            )
        )
    low, high = USUAL_LIVER_ML
    if not low <= mask.volume_ml <= high:
        size = "small" if mask.volume_ml < low else "large"
        findings.append(
            Finding("liver_size", f"{mask.volume_ml:.0f} ml are {size} for a liver: was the click in the liver?")
        )
    return findings


def _check_in_liver(liver: Mask, marks: Marks) -> None:
    """Raises InputError when none of the marks' places lies in the liver or near it."""
    places = np.concatenate([mark.points_mm for mark in marks if mark.kind != NOT] or [np.zeros((0, 3))])
    if not len(places) or _reaches(liver, places):
        return
    raise InputError("The click lies outside the liver", "Click into a tumour of the liver")


def _reaches(liver: Mask, places: FloatArray) -> bool:
    spacing = liver.grid.spacing_mm[::-1]
    reach = np.ceil(OUTSIDE_LIVER_MM / spacing).astype(int)
    size = np.array(liver.voxels.shape)
    index: npt.NDArray[np.int64] = np.rint(liver.box_grid.to_index(places)).astype(np.int64)[:, ::-1]
    for at in index:
        low, high = np.clip(at - reach, 0, size), np.clip(at + reach + 1, 0, size)
        part = liver.voxels[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
        if part.size and np.argwhere(part).size:
            away = (np.argwhere(part) + low - at) * spacing
            if float(np.linalg.norm(away, axis=1).min()) <= OUTSIDE_LIVER_MM:
                return True
    return False
