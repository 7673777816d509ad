"""From what a person gave (a case, files, a folder) to an open case: the jobs in between and where cases are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.i18n import tr
from app.paths import cases_folder
from planning.case.document import Document
from planning.case.plans import planning_image
from planning.errors import Cancelled
from planning.progress import CancelToken, Progress
from planning.volume import Mask

CASE_ENDING = ".theatrum"


def is_case(path: Path) -> bool:
    """True for a case file by its name."""
    return path.suffix.lower() == CASE_ENDING


def next_case_path() -> Path:
    """A free file for a new case, numbered so that no patient's name is needed."""
    folder = cases_folder()
    numbers = [int(path.stem[5:]) for path in folder.glob("case-*.theatrum") if path.stem[5:].isdigit()]
    return folder / f"case-{max(numbers, default=0) + 1:04d}{CASE_ENDING}"


def case_label(path: Path) -> str:
    """ "Case 0007" for a numbered file, else the file's own name."""
    number = path.stem[5:]
    if path.stem.startswith("case-") and number.isdigit():
        return tr("Case {number}", number=number)
    return "".join(letter if letter.isprintable() else " " for letter in path.stem)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A series that a person chose in the browser."""

    paths: tuple[Path, ...]
    series: str | int | None
    keep_identifiers: bool = False
    fill_missing: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A case that was opened. masks: voxels of the structures that are seen first; the document knows them while these
    are held."""

    document: Document
    masks: Mapping[str, Mask]


def open_document(path: Path, read_only: bool, progress: Progress, cancel: CancelToken) -> Opened:
    """Open a case and read its image and what is seen in it, so that the first picture waits for nothing.

    Raises CaseError.
    """
    from app.scene_content import covering_structures

    progress(0.1, tr("Opening the case"))
    document = Document.open(path, read_only=read_only, beside=read_only)
    masks: dict[str, Mask] = {}
    try:
        if document.case.images:
            document.volume(planning_image(document.case).name)
        for name in document.case.structures.keys() - covering_structures(document.case):
            cancel.raise_if_set()
            masks[name] = document.mask(name)
        cancel.raise_if_set()
    except BaseException:
        document.close()
        raise
    return Opened(document, masks)


def import_series(request: ImportRequest, target: Path, progress: Progress, cancel: CancelToken) -> Path:
    """Import the chosen series into a new case, labelled by its number. Raises as `import_study`."""
    from app.archive.origin import keep_origin, origin_of
    from planning.case.commands import SetLabel
    from planning.case.importing import import_study

    progress(0.0, tr("Building the volume"))
    import_study(
        request.paths,
        target,
        series=request.series,
        keep_identifiers=request.keep_identifiers,
        fill_missing=request.fill_missing,
        progress=progress,
        cancel=cancel,
    )
    with Document.open(target) as document:
        document.do(SetLabel(case_label(target)))
        keep_origin(document, origin_of(request.paths))
    if cancel.is_set:
        # nobody would open it any more
        target.unlink()
        raise Cancelled("stopped")
    return target


def given_paths(paths: Sequence[Path]) -> tuple[Path | None, tuple[Path, ...]]:
    """(the case to open, or None; the paths to look for series in)."""
    cases = [path for path in paths if is_case(path)]
    return (cases[0], ()) if cases else (None, tuple(paths))
