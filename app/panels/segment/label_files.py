"""Label maps from files: which names stand beside one, and the steps that add its structures."""

from __future__ import annotations

from pathlib import Path

from app.i18n import mark
from planning.case.commands import AddStructure
from planning.case.document import Document
from planning.progress import CancelToken, Progress

LABEL_FILES = mark("Label maps (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)")


def names_file(path: Path) -> Path | None:
    """The names beside a label map: labels.nii.gz → labels.json; None where there is none."""
    stem = path.name
    for ending in (".gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm"):
        stem = stem.removesuffix(ending)
    beside = path.with_name(f"{stem}.json")
    return beside if beside.is_file() else None


def read_labels(
    document: Document, path: Path, resample: bool, progress: Progress, cancel: CancelToken
) -> tuple[AddStructure, ...]:
    """A job's work: the commands of a label map; its voxels lie in the case's file afterwards."""
    from planning.case.importing import label_commands

    cancel.raise_if_set()
    return label_commands(document, path, names=names_file(path), resample=resample)
