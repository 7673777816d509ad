"""Results of a case as DICOM objects in a folder: one road for the command line and the window."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from planning.case.dicom_reference import measured_of, plan_phase, reference_of, segments_of
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.case.standing import told_plan
from planning.dicom.objects.groups_measured import Measured
from planning.dicom.objects.labels import Segment, SegmentPlace
from planning.dicom.objects.library import tables_for_now
from planning.dicom.objects.series import IMPLEMENTATION, ReferenceSeries, headers, new_uid, save
from planning.errors import CaseError, InputError, UsageError
from planning.files.place import exists, writing
from planning.findings import Finding
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.registry import canonical_name

# kind of object, number of its series: high, so that archives list them behind the scan
NUMBERS = {
    "image": 1,
    "seg": 901,
    "labelmap": 902,
    "sr": 903,
    "rtstruct": 904,
    "pdf": 905,
    "stl": 906,
    "obj": 907,
    "sc": 908,
}
KINDS = tuple(NUMBERS)
USUAL = ("seg", "sr", "rtstruct", "pdf", "stl")
OF_STRUCTURES = ("seg", "labelmap", "rtstruct", "stl", "obj")
OF_PLANS = ("sr", "pdf", "sc")
# these refer to images and mean nothing without them
OF_IMAGES = (*OF_STRUCTURES, "sr")
# whose objects are made by highdicom
OF_LIBRARY = ("seg", "labelmap", "sr")
IMAGES = "image"
# names of an export's files below its folder, and how many bytes hold who wrote one
OURS = re.compile(r"image/\d{5,}\.dcm|(seg|labelmap|sr|rtstruct|report|stl|obj|sc)(-[^/]*)?\.dcm")
HEAD_BYTES = 1024


class Drawing(Protocol):
    """Who draws what goes into objects."""

    def report(self, document: Document, plans: Sequence[str]) -> bytes:
        """The plans' report as PDF."""

    def pictures(self, document: Document, plan: PlanRecord) -> list[tuple[str, bytes]]:
        """(caption, PNG) of a plan's pictures."""


@dataclass(slots=True)
class _Work:
    """What the objects of one export share."""

    document: Document
    reference: ReferenceSeries
    sources: list[Any]
    segments: list[Segment]
    plans: list[PlanRecord]
    folder: Path
    drawing: Drawing
    cancel: CancelToken | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    by_hand: list[Measured] = field(default_factory=list)
    segmentations: list[Any] = field(default_factory=list)
    places: dict[str, SegmentPlace] = field(default_factory=dict)

    def keep(self, kind: str, made: Any, name: str, **told: Any) -> None:
        """Write an object and remember what it is."""
        taken = {row["file"] for row in self.rows}
        file, count = f"{name}.dcm", 1
        while file in taken:
            count += 1
            file = f"{name}-{count}.dcm"
        save(made, self.folder / file, self.reference)
        row = {"file": file, "kind": kind, "sop_class": str(made.SOPClassUID), "sop_instance": str(made.SOPInstanceUID)}
        self.rows.append({**row, **told})


def export_dicom(
    document: Document,
    out: Path,
    kinds: Sequence[str],
    drawing: Drawing,
    *,
    plans: Sequence[str] | None = None,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Write the objects of these kinds (none: all usual ones that the case has) into the folder `out`.

    plans: names; None takes all. The image is written too where results need one to refer to and the case does not know
    the scanner's. Answers {"files", "objects", "refers_to", "identifiers", "warnings"}. The folder appears whole or not at
    all. Raises UsageError, InputError, CaseError, MeasurementError, Cancelled.
    """
    out = Path(out)
    _check_place(out, force)
    names = _plan_names(document, plans)
    by_hand = document.case.measurements if plans is None else {}
    wanted = _kinds(document, kinds, names, bool(by_hand))
    phase, said = plan_phase(document.case, names)
    reference = reference_of(document.case, phase)
    if IMAGES in wanted and reference.is_source:
        raise UsageError(
            "The case refers to the scanner's own images, which are not written again", "Leave --image out"
        )
    needs_image = not reference.is_source and any(kind in OF_IMAGES for kind in wanted)
    if needs_image and IMAGES not in wanted:
        wanted = [IMAGES, *wanted]
    segments: list[Segment] = []
    if any(kind in OF_STRUCTURES for kind in wanted):
        segments, left_out = segments_of(document, list(document.case.structures), phase)
        said += left_out
        if not segments:
            raise CaseError("No structure of this case lies on its image", "Leave out what is made of structures")
    with (
        writing(out),
        tempfile.TemporaryDirectory(prefix=".theatrum-", dir=out.parent) as staging,
        warnings.catch_warnings(),
        tables_for_now(loads=any(kind in OF_LIBRARY for kind in wanted)),
    ):
        # a patient's name of one part is as the scanner wrote it
        warnings.simplefilter("ignore")
        folder = Path(staging) / "made"
        folder.mkdir()
        told = [told_plan(document.case, document.case.plans[name]) for name in names]
        work = _Work(document, reference, headers(reference), segments, told, folder, drawing, cancel, warnings=said)
        work.by_hand, left_out = measured_of(document.case, by_hand, phase)
        work.warnings += left_out
        for number, kind in enumerate(wanted):
            if cancel is not None:
                cancel.raise_if_set()
            MAKERS[kind](work, phase, part_of(progress, number / len(wanted), (number + 1) / len(wanted)))
        # another may have written there in the minutes since it was looked at
        _check_place(out, force)
        _put_in_place(folder, out, Path(staging))
    progress(1.0, "")
    return {
        "folder": str(out),
        "files": [str(path) for path in sorted(out.rglob("*.dcm"))],
        "objects": work.rows,
        "refers_to": "source" if reference.is_source else ("written" if IMAGES in wanted else "nothing"),
        "identifiers": reference.person.is_named,
        "warnings": [finding.as_json() for finding in work.warnings],
    }


def _plan_names(document: Document, plans: Sequence[str] | None) -> list[str]:
    known = document.case.plans
    for name in plans or ():
        if name not in known:
            raise CaseError(f"There is no plan named '{name}'", known_names(name, known))
    return list(known) if plans is None else list(dict.fromkeys(plans))


def _kinds(document: Document, asked: Sequence[str], plans: Sequence[str], has_measured: bool) -> list[str]:
    """What is made, in the order of KINDS: the binary segmentation before the report that refers to it."""
    has = {
        **dict.fromkeys(OF_STRUCTURES, bool(document.case.structures)),
        **dict.fromkeys(OF_PLANS, bool(plans)),
        "sr": bool(plans) or has_measured,
        IMAGES: True,
    }
    if not asked:
        found = [kind for kind in KINDS if kind in USUAL and has[kind]]
        if not found:
            raise CaseError("This case has no structures and no plans", "Add structures or make a plan first")
        return found
    for kind in asked:
        if not has[kind]:
            hint = (
                "Plan first: theatrum tavr, vessel, liver or kidney"
                if kind in OF_PLANS
                else "Add structures first: theatrum labels CASE add FILE"
            )
            raise CaseError(f"This case has nothing for --{kind}", hint)
    return [kind for kind in KINDS if kind in asked]


def _check_place(out: Path, force: bool) -> None:
    """Only a folder that holds nothing but such objects is ever replaced."""
    if not out.parent.is_dir():
        raise InputError(f"The folder of {out.name} does not exist", "Make it first", "no_folder")
    if not exists(out):
        return
    if not out.is_dir():
        raise InputError(f"{out.name} is a file", "Name a folder", "exists")
    held = [path for path in out.rglob("*") if path.is_file()]
    if held and not force:
        raise InputError(f"{out.name} holds files already", "Choose another folder or use --force", "exists")
    if not all(_is_ours(path, out) for path in held):
        raise InputError(
            f"{out.name} holds other files than such objects, so it is not replaced", "Choose another folder", "exists"
        )


def _is_ours(path: Path, out: Path) -> bool:
    """Whether a file was written by an export, by its name and by who says in it to have written it: never a scan."""
    if not OURS.fullmatch(path.relative_to(out).as_posix()):
        return False
    with path.open("rb") as file:
        return IMPLEMENTATION.encode("ascii") in file.read(HEAD_BYTES)


def _put_in_place(folder: Path, out: Path, staging: Path) -> None:
    # a temporary folder is the owner's alone; what is handed on has the usual rights
    folder.chmod(0o755)
    before = staging / "before"
    if out.exists():
        out.rename(before)
    try:
        folder.rename(out)
    except OSError:
        if before.exists():
            before.rename(out)
        raise
    with contextlib.suppress(OSError):
        shutil.rmtree(before, ignore_errors=True)


def _image(work: _Work, phase: int, progress: Progress) -> None:
    from planning.dicom.objects.images import write_images

    image = planning_image(work.document.case)
    volume = work.document.volume(image.name, phase)
    paths, step = write_images(
        work.reference, volume.voxels, work.folder / IMAGES, progress=progress, cancel=work.cancel
    )
    if step != 1.0:
        work.warnings.append(
            Finding("rounded", f"The image's values are not whole numbers; they are written in steps of {step:.3g}.")
        )
    work.rows.append(
        {
            "file": IMAGES,
            "kind": IMAGES,
            "sop_class": work.reference.sop_class,
            "series_instance": work.reference.series,
            "slices": len(paths),
        }
    )


def _seg(work: _Work, phase: int, progress: Progress) -> None:
    _segmentations(work, "seg", progress)


def _label_map(work: _Work, phase: int, progress: Progress) -> None:
    _segmentations(work, "labelmap", progress)


def _segmentations(work: _Work, kind: str, progress: Progress) -> None:
    from planning.dicom.objects.labels import segmentation_files

    progress(0.0, "Writing the segmentation")
    is_map = kind == "labelmap"
    made, places = segmentation_files(work.reference, work.sources, work.segments, NUMBERS[kind], label_map=is_map)
    if not work.segmentations:
        work.segmentations, work.places = made, places
    for file, one in enumerate(made):
        inside = [name for name, place in places.items() if place.file == file]
        work.keep(kind, one, kind if len(made) == 1 else f"{kind}-{file + 1}", structures=inside)
    if len(made) > 1:
        text = f"Structures overlap, so they lie in {len(made)} files; no voxel is lost."
        work.warnings.append(Finding("overlap", text))


def _sr(work: _Work, phase: int, progress: Progress) -> None:
    from planning.dicom.objects.groups import groups_of
    from planning.dicom.objects.groups_measured import measured_groups
    from planning.dicom.objects.report import report_object

    series = new_uid()
    volumes = {name: work.document.case.structures[name].volume_ml for name in work.places}
    for number, plan in enumerate(work.plans):
        progress(number / len(work.plans), f"Writing the measurements of {plan.name}")
        groups = groups_of(plan.kind, plan.results, volumes)
        comments = [str(one["text"]) for one in plan.results.get("warnings", ())]
        title = f"Plan {plan.name} ({plan.kind}), {plan.created}"
        made = report_object(
            work.reference,
            work.sources,
            work.segmentations,
            work.places,
            groups,
            comments,
            title,
            NUMBERS["sr"],
            number + 1,
            series,
        )
        numbers = sum(len(group.numbers) for group in groups)
        work.keep("sr", made, f"sr-{_plain(plan.name, number)}", plan=plan.name, groups=len(groups), numbers=numbers)
    groups = measured_groups(work.by_hand)
    if groups:
        made = report_object(
            work.reference,
            work.sources,
            [],
            {},
            groups,
            (),
            "Measurements by hand",
            NUMBERS["sr"],
            len(work.plans) + 1,
            series,
        )
        work.keep("sr", made, "sr-by-hand", groups=len(groups), numbers=sum(len(group.numbers) for group in groups))


def _rtstruct(work: _Work, phase: int, progress: Progress) -> None:
    from planning.dicom.objects.rtstruct import structure_set

    made = structure_set(
        work.reference, work.sources, work.segments, NUMBERS["rtstruct"], progress=progress, cancel=work.cancel
    )
    work.keep("rtstruct", made, "rtstruct", structures=[one.name for one in work.segments])


def _pdf(work: _Work, phase: int, progress: Progress) -> None:
    from planning.dicom.objects.encapsulated import pdf_object

    progress(0.0, "Writing the report")
    names = [plan.name for plan in work.plans]
    content = work.drawing.report(work.document, names)
    told = ", ".join(_told_name(work, number) for number in range(len(names)))
    made = pdf_object(work.reference, content, f"Report of {told}", NUMBERS["pdf"])
    work.keep("pdf", made, "report", plans=names)


def _surfaces(kind: str) -> Callable[[_Work, int, Progress], None]:
    def make(work: _Work, phase: int, progress: Progress) -> None:
        from planning.dicom.objects.encapsulated import OBJ, STL, surface_object
        from planning.files.meshes import MeshObject, write_meshes
        from planning.registry import structure_style
        from planning.surface import surface_from_mask

        series = new_uid()
        for number, segment in enumerate(work.segments):
            if work.cancel is not None:
                work.cancel.raise_if_set()
            progress(number / len(work.segments), f"Meshing {segment.name}")
            mesh = surface_from_mask(segment.mask, kind=structure_style(segment.name).kind)
            with tempfile.TemporaryDirectory(prefix="theatrum-") as place:
                path = Path(place) / f"surface.{kind}"
                write_meshes(path, [MeshObject(segment.name, mesh, segment.color)])
                content = path.read_bytes()
            if kind == "obj":
                # the materials' file stays behind
                content = b"\n".join(one for one in content.splitlines() if not one.startswith((b"mtllib", b"usemtl")))
            made = surface_object(
                work.reference,
                work.sources,
                content,
                STL if kind == "stl" else OBJ,
                segment.name,
                segment.code,
                NUMBERS[kind],
                number + 1,
                series,
            )
            told = {"structures": [segment.name], "triangles": len(mesh.triangles), "volume_ml": mesh.volume_ml}
            work.keep(kind, made, f"{kind}-{_plain(segment.name, number)}", **told)

    return make


def _captures(work: _Work, phase: int, progress: Progress) -> None:
    from planning.dicom.objects.captures import capture_object

    series, count = new_uid(), 0
    for number, plan in enumerate(work.plans):
        progress(number / len(work.plans), f"Drawing {plan.name}")
        for caption, png in work.drawing.pictures(work.document, plan):
            count += 1
            words = f"{_told_name(work, number)}: {caption}"
            made = capture_object(work.reference, png, words, NUMBERS["sc"], count, series)
            work.keep("sc", made, f"sc-{count:03d}", plan=plan.name)


def _told_name(work: _Work, number: int) -> str:
    """What an object's title calls a plan. A person may have named it after the patient: where the objects are said to name
    nobody, it is told by what it is, "liver plan 1"."""
    plan = work.plans[number]
    return plan.name if work.reference.person.is_named else f"{plan.kind} plan {number + 1}"


def _plain(name: str, number: int) -> str:
    """A part of a file's name; a name in another script becomes its number."""
    return canonical_name(name)[:40] or str(number + 1)


MAKERS: dict[str, Callable[[_Work, int, Progress], None]] = {
    "image": _image,
    "seg": _seg,
    "labelmap": _label_map,
    "sr": _sr,
    "rtstruct": _rtstruct,
    "pdf": _pdf,
    "stl": _surfaces("stl"),
    "obj": _surfaces("obj"),
    "sc": _captures,
}
