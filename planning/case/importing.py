"""A study into a new case, a label map into an open one, and what a case holds."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.alternation import Alternation, alternation_findings
from planning.case.commands import AddImage, AddStructure, Batch, Command, SetIdentifiers
from planning.case.document import Document
from planning.case.keys import MAGIC, CaseKey
from planning.case.manifest import trust_json
from planning.case.model import ArrayRef, Case, Image, SourceSeries, Structure
from planning.case.parts_left import written_aside
from planning.case.plans import planning_image
from planning.case.schema import FORMAT_VERSION
from planning.case.standing import standing_of
from planning.case.store import CHUNK_SLICES, ArrayWriter, put_in_place
from planning.dicom.load import stream_series
from planning.dicom.model import LoadedImage
from planning.errors import CaseError, InputError
from planning.files.place import exists, writing
from planning.findings import Finding
from planning.progress import CancelToken, Progress, no_progress
from planning.provenance import APPLICATION_VERSION, Provenance
from planning.registry import structure_style
from planning.volume import LabelMap, Mask

# of a study's facts: a digest of the frame of reference, equal for scans that share one
FRAME_KEY = "frame"
# a case is an SQLite file
CASE_START = b"SQLite format 3\x00"


def import_study(
    paths: Sequence[Path],
    case_path: Path,
    *,
    series: str | int | None = None,
    labels: Path | None = None,
    names: Path | None = None,
    keep_identifiers: bool = False,
    fill_missing: bool = False,
    force: bool = False,
    key: CaseKey | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    tell: Callable[[Document], None] | None = None,
) -> Path:
    """One series, and a label map on its grid, as a new case at `case_path`; it appears whole or not at all.

    Voxels are packed while later slices are still decoded. `tell` sees the case before it is closed, which spares
    opening and checking it again. key: to encrypt the case with from its first byte on.
    Raises InputError, DicomError, GeometryError or CaseError
    with what to do; Cancelled when asked to stop. Returns the case's path.
    """
    case_path = Path(case_path)
    if exists(case_path) and case_path.is_dir():
        raise CaseError(f"{case_path.name} is a folder", "Name a file for the case", "exists")
    if exists(case_path) and not force:
        raise CaseError(f"{case_path.name} exists already", "Choose another name or use --force", "exists")
    if exists(case_path):
        _check_replaceable(case_path, (*paths, labels, names))
    if not case_path.parent.is_dir():
        raise CaseError(f"The folder of {case_path.name} does not exist", "Make it first", "no_folder")
    if not os.access(case_path.parent, os.W_OK):
        raise CaseError(
            f"Nothing can be written in the folder of {case_path.name}", "Choose another folder", "read_only"
        )
    with written_aside(case_path) as part:
        with Document.create(part, force=True, draft=True, key=key) as document:
            _import_into(document, paths, series, keep_identifiers, fill_missing, progress, cancel)
            if labels is not None:
                progress(0.95, "Adding the structures")
                add_labels(document, labels, names=names)
            if tell is not None:
                tell(document)
        put_in_place(part, case_path)
    progress(1.0, "")
    return case_path


def _check_replaceable(case_path: Path, read: Sequence[Path | None]) -> None:
    """Refuse to put a case in the place of what it is made from, or of a file that is no case: a scan may be the only one."""
    if any(path is not None and path.exists() and path.samefile(case_path) for path in read):
        raise CaseError(f"{case_path.name} is itself read here", "Choose another name for the case", "exists")
    with writing(case_path), case_path.open("rb") as file:
        start = file.read(len(CASE_START))
    if start not in (b"", CASE_START) and not start.startswith(MAGIC):
        raise CaseError(f"{case_path.name} is no case, so it is not replaced", "Choose another name", "exists")


class ReleaseOrder:
    """Gives blocks back in the order they came, whichever is finished first.

    Whoever fills the blocks reuses them in turn and is told only that one is free, not which: a later one that is
    packed sooner would free a place that is still being read, and wrong voxels would be stored without a word.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[list[bool]] = deque()

    def ticket(self, give_back: Callable[[], None]) -> Callable[[], None]:
        """What to call, once, when the next block is no longer needed."""
        finished = [False]
        with self._lock:
            self._waiting.append(finished)

        def release() -> None:
            with self._lock:
                finished[0] = True
                count = 0
                while self._waiting and self._waiting[0][0]:
                    self._waiting.popleft()
                    count += 1
            for _ in range(count):
                give_back()

        return release


class _Packer:
    """Gives blocks to the case's writers as they arrive."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._writers: dict[int, ArrayWriter] = {}
        self._extremes: list[float] = []
        self._likeness: dict[int, Alternation] = {}
        self._order = ReleaseOrder()

    def __call__(
        self,
        phase: int,
        first: int,
        block: npt.NDArray[Any],
        shape_kji: tuple[int, int, int],
        give_back: Callable[[], None],
    ) -> None:
        if phase not in self._writers:
            self._writers[phase] = self._document.store.array_writer(block.dtype, shape_kji)
        self._extremes += [float(block.min()), float(block.max())]
        self._likeness.setdefault(phase, Alternation()).add(block)
        self._writers[phase].write(block, self._order.ticket(give_back))

    def findings(self) -> tuple[Finding, ...]:
        """What the voxels say against being one acquisition."""
        return alternation_findings(tuple(self._likeness.values()))

    def finish(self) -> tuple[tuple[ArrayRef, ...], float, float]:
        references = tuple(self._writers[phase].finish() for phase in sorted(self._writers))
        return references, min(self._extremes), max(self._extremes)

    def abandon(self) -> None:
        for writer in self._writers.values():
            writer.abandon()


def _import_into(
    document: Document,
    paths: Sequence[Path],
    series: str | int | None,
    keep_identifiers: bool,
    fill_missing: bool,
    progress: Progress,
    cancel: CancelToken | None,
) -> None:
    loaded, references, low, high = _streamed(document, paths, series, keep_identifiers, fill_missing, progress, cancel)
    commands: list[Command] = [AddImage(_image(loaded, references, low, high))]
    if loaded.identifiers:
        commands.append(SetIdentifiers(loaded.identifiers))
    document.do(commands[0] if len(commands) == 1 else Batch(tuple(commands), f"Import {loaded.name}"))


def _streamed(
    document: Document,
    paths: Sequence[Path],
    series: str | int | None,
    keep_identifiers: bool,
    fill_missing: bool,
    progress: Progress,
    cancel: CancelToken | None,
) -> tuple[LoadedImage, tuple[ArrayRef, ...], float, float]:
    """A series whose voxels lie in the case's file, with the least and the greatest of them."""
    packer = _Packer(document)
    try:
        loaded = stream_series(
            paths,
            packer,
            CHUNK_SLICES,
            series,
            fill_missing=fill_missing,
            keep_identifiers=keep_identifiers,
            progress=progress,
            cancel=cancel,
        )
        progress(0.9, "Writing the case")
        references, low, high = packer.finish()
    finally:
        packer.abandon()
    return replace(loaded, findings=(*loaded.findings, *packer.findings())), references, low, high


def _image(
    loaded: LoadedImage,
    references: tuple[ArrayRef, ...],
    low: float,
    high: float,
    name: str = "",
    more: Sequence[Finding] = (),
) -> Image:
    return Image(
        name=name or loaded.name,
        modality=loaded.modality,
        grid=loaded.grid,
        arrays=references,
        phases=loaded.phases,
        quantity=loaded.quantity,
        minimum=low,
        maximum=high,
        filled_slices=loaded.filled_slices,
        study=MappingProxyType(dict(loaded.study)),
        findings=(*loaded.findings, *more),
        provenance=Provenance(loaded.source),
        series=None if loaded.series is None else SourceSeries(*loaded.series),
    )


def image_command(
    document: Document,
    paths: Sequence[Path],
    *,
    series: str | int | None = None,
    fill_missing: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> AddImage:
    """The command that adds one more series to an open case; its voxels lie in the case's file already.

    Plans stay on the first image; this one is shown over it or beside it. Its identifiers are never kept. May run in
    another thread than the document's own. Raises as `import_study`, and CaseError for a series that is in the case.
    """
    loaded, references, low, high = _streamed(document, paths, series, False, fill_missing, progress, cancel)
    known = {image.arrays: image.name for image in document.case.images.values()}
    if references in known:
        raise CaseError(f"This series is in the case already, as {known[references]}", "Choose another one", "exists")
    first = next(iter(document.case.images.values()), None)
    more = (
        () if first is None else (*another_person(first.study, loaded.study), *other_frame(first.study, loaded.study))
    )
    progress(1.0, "")
    return AddImage(_image(loaded, references, low, high, free_image_name(document.case, loaded.name), more))


def free_image_name(case: Case, wanted: str) -> str:
    """ "CT", "CT 2", … : the first of these that no image of the case has."""
    number = 1
    while (name := wanted if number == 1 else f"{wanted} {number}") in case.images:
        number += 1
    return name


def another_person(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Finding, ...]:
    """What speaks against two scans being of one person; nothing where the files do not say."""
    sexes = {"M": "a man", "F": "a woman"}
    one, two = (sexes.get(study.get("sex", "")) for study in (first, second))
    if one is None or two is None or one == two:
        return ()
    return (
        Finding(
            "another_person", f"The first scan is of {one}, this one of {two}. Check that both are of the same person."
        ),
    )


def other_frame(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Finding, ...]:
    """What must be known before two scans are laid over each other: whether they share one frame of reference.

    Scanners give one frame to scans between which the patient did not leave the table.
    """
    one, two = first.get(FRAME_KEY, ""), second.get(FRAME_KEY, "")
    if not one or not two:
        return (
            Finding(
                "frame_unknown",
                "The files do not say whether both scans lie in one frame of reference. The overlay goes by their "
                "coordinates and may be off.",
            ),
        )
    if one == two:
        return ()
    return (
        Finding(
            "other_frame",
            "The scans have different frames of reference: the patient may have moved in between. The overlay goes by "
            "their coordinates and is not registered.",
        ),
    )


def add_labels(
    document: Document, path: Path, names: Path | Mapping[int, str] | None = None, resample: bool = False
) -> tuple[str, ...]:
    """Every label of a map as a structure of its own, in one undoable step; returns their names.

    Raises InputError for an empty map, GeometryError for another grid (unless `resample`), CaseError for a name taken.
    """
    commands = label_commands(document, path, names, resample)
    document.do(Batch(commands, "Add structures"))
    return tuple(command.structure.name for command in commands)


def label_commands(
    document: Document, path: Path, names: Path | Mapping[int, str] | None = None, resample: bool = False
) -> tuple[AddStructure, ...]:
    """The commands of `add_labels` before any is done; the voxels lie in the case's file already.

    May run in another thread than the document's own. Raises as `add_labels`.
    """
    from planning.files.labels import on_grid, read_label_maps, read_names

    image = planning_image(document.case)
    named = read_names(names) if isinstance(names, Path) else names
    maps = [on_grid(one, image.grid, resample) for one in read_label_maps(Path(path), named, image.grid, resample)]
    commands = [AddStructure(_structure(document, labels, value, name, path)) for labels, value, name in _present(maps)]
    if not commands:
        raise InputError(f"{Path(path).name} holds no label", "Check that it belongs to this scan", "empty")
    taken = [command.structure.name for command in commands if command.structure.name in document.case.structures]
    if taken:
        raise CaseError(f"The case has a structure named '{taken[0]}' already", "Rename or remove it first", "exists")
    return tuple(commands)


def _present(maps: Sequence[LabelMap]) -> list[tuple[LabelMap, int, str]]:
    """Every structure of these maps in the order of their values; a name that comes twice gets its value behind it."""
    found = sorted(
        ((int(value), number) for number, one in enumerate(maps) for value in np.unique(one.voxels) if value)
    )
    taken: set[str] = set()
    present = []
    for value, number in found:
        name = maps[number].names[value]
        name = f"{name} {value}" if name in taken else name
        taken.add(name)
        present.append((maps[number], value, name))
    return present


def _structure(document: Document, labels: LabelMap, value: int, name: str, path: Path) -> Structure:
    mask = Mask.from_full(labels.grid, labels.voxels == value)
    start, reference = document.put_mask(mask)
    return Structure(
        name=name,
        grid=labels.grid,
        start_ijk=start,
        array=reference,
        voxel_count=mask.voxel_count,
        color=structure_style(name).color,
        source="imported",
        confidence=None,
        provenance=Provenance(f"label map {Path(path).suffix.lstrip('.')}", (str(value),)),
    )


def image_sha256(image: Image) -> str:
    """The hash of the image's voxels; for several phases, of their hashes in order."""
    if len(image.arrays) == 1:
        return image.arrays[0].sha256
    import hashlib

    return hashlib.sha256("".join(array.sha256 for array in image.arrays).encode()).hexdigest()


def case_info(document: Document) -> dict[str, Any]:
    """What a case holds, with the contract's keys of `info`."""
    case: Case = document.case
    return {
        "case": str(document.path),
        "format_version": FORMAT_VERSION,
        "application_version": APPLICATION_VERSION,
        "images": [_image_info(image) for image in case.images.values()],
        "structures": [_structure_info(document, item) for item in case.structures.values()],
        "plans": [
            {"name": plan.name, "kind": plan.kind, "created": plan.created, "edited": plan.edited}
            for plan in case.plans.values()
        ],
        "journal": document.journal_length,
        "identifiers_kept": case.identifiers_kept,
        "warnings": [
            *(finding.as_json() for image in case.images.values() for finding in image.findings),
            *(
                Finding(one.code, f"Plan {plan.name}: {one.text}").as_json()
                for plan in case.plans.values()
                for one in standing_of(case, plan).findings()
            ),
        ],
    }


def _image_info(image: Image) -> dict[str, Any]:
    return {
        "name": image.name,
        "modality": image.modality,
        "size_ijk": list(image.grid.size_ijk),
        "spacing_mm": image.grid.spacing_mm.tolist(),
        "origin_mm": image.grid.origin_mm.tolist(),
        "direction": image.grid.direction.tolist(),
        "phases": len(image.arrays),
        "phase_labels": list(image.phases),
        "min_hu": image.minimum,
        "max_hu": image.maximum,
        "sha256": image_sha256(image),
        "filled_slices": list(image.filled_slices),
    }


def _structure_info(document: Document, structure: Structure) -> dict[str, Any]:
    mask = document.mask(structure.name)
    return {
        "name": structure.name,
        "voxels": structure.voxel_count,
        "volume_ml": structure.volume_ml,
        "bounds_mm": mask.bounds_mm().tolist(),
        "centroid_mm": mask.centroid_mm().tolist(),
        "source": structure.source,
        "confidence": structure.confidence,
        "trust": None if structure.trust is None else trust_json(structure.trust),
    }
