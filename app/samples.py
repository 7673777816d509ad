"""The two bundled sample cases, made once from the phantoms and kept in the user's data folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from app.i18n import mark, tr
from app.paths import data_folder
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.provenance import APPLICATION_VERSION, Provenance
from planning.volume import Mask

SampleKind = Literal["heart", "liver"]
KINDS: tuple[SampleKind, ...] = ("heart", "liver")
EDITION = 4
"""Counted up when the phantoms change, so that samples made before are made anew."""
LABELS: Mapping[SampleKind, str] = {"heart": mark("Sample heart"), "liver": mark("Sample liver")}
MAKING: Mapping[SampleKind, str] = {"heart": mark("Making the sample heart"), "liver": mark("Making the sample liver")}


def label_words(label: str) -> str:
    """A case's label on screen: the samples are named in the window's language, what a person wrote stays."""
    return tr(label) if label in LABELS.values() else label


def sample_path(kind: SampleKind) -> Path:
    """Where a sample case lies; version and edition in the name make a new program make new samples."""
    return data_folder() / "samples" / f"sample-{kind}-{APPLICATION_VERSION}-{EDITION}.theatrum"


def sample_case(kind: SampleKind, progress: Progress = no_progress, cancel: CancelToken | None = None) -> Path:
    """Path of a sample case, made at the first call."""
    target = sample_path(kind)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        make_sample(kind, target, progress, cancel)
    return target


def make_sample(
    kind: SampleKind, target: Path, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> None:
    """Make a sample case the way a real one is made: phantom → DICOM series → import → structures. Raises Cancelled."""
    from planning.case.commands import AddStructure, Batch, SetLabel
    from planning.case.document import Document
    from planning.case.importing import import_study
    from planning.dicom.write import write_ct_series
    from planning.files.place import copy_into_place

    progress(0.0, tr(MAKING[kind]))
    phantom = _phantom(kind, part_of(progress, 0.0, 0.6), cancel)
    progress(0.6, tr("Writing it as DICOM"))
    with tempfile.TemporaryDirectory(prefix="theatrum-sample-") as folder:
        series = Path(folder) / "series"
        write_ct_series(phantom.volume, series, description=LABELS[kind])
        if cancel is not None:
            cancel.raise_if_set()
        draft = Path(folder) / "case.theatrum"
        import_study([series], draft, progress=part_of(progress, 0.65, 0.85), cancel=cancel)
        with Document.open(draft) as document:
            commands: list[Any] = [SetLabel(LABELS[kind])]
            for number, (name, mask) in enumerate(phantom.structures.items()):
                progress(0.85 + 0.1 * number / len(phantom.structures), tr("Writing the case"))
                if cancel is not None:
                    cancel.raise_if_set()
                commands.append(AddStructure(_structure(document, name, mask)))
            document.do(Batch(tuple(commands), mark("Structures of the sample")))
        progress(0.95, tr("Writing the case"))
        if cancel is not None:
            cancel.raise_if_set()
        copy_into_place(draft, target)
    progress(1.0, "")


def _phantom(kind: SampleKind, progress: Progress, cancel: CancelToken | None) -> Any:
    if kind == "heart":
        from planning.phantoms.cardiac import cardiac_phantom

        return cardiac_phantom(progress=progress, cancel=cancel)
    from planning.phantoms.hepatic import hepatic_phantom

    return hepatic_phantom(progress=progress, cancel=cancel)


def _structure(document: Any, name: str, mask: Mask) -> Any:
    from planning.case.model import Structure
    from planning.registry import structure_style

    grid = next(iter(document.case.images.values())).grid
    # the DICOM road rounds positions to its decimal strings; the structure takes the image's own grid
    placed = Mask(grid, mask.start_ijk, mask.voxels)
    start, reference = document.put_mask(placed)
    return Structure(
        name=name,
        grid=grid,
        start_ijk=start,
        array=reference,
        voxel_count=placed.voxel_count,
        color=structure_style(name).color,
        source="imported",
        confidence=None,
        provenance=Provenance("phantom"),
    )
