"""`write_patient`: a case's structures, or a liver plan's parts, as a page for the patient and a turning film."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.patient.model import PatientModel, patient_model
from app.patient.words import LANGUAGES, is_own_name
from planning.case.document import Document
from planning.case.plans import find_structures
from planning.case.printing import liver_plan, print_parts
from planning.case.trust import trust_notes
from planning.errors import InputError, UsageError
from planning.files.place import exists, writing
from planning.findings import Finding
from planning.printing.parts import PrintPart
from planning.progress import CancelToken, Progress, no_progress

PAGES, FILMS = (".html", ".htm"), (".gif", ".webp")
# what a plan's two parts lie among
PLAN_ROLES = ("tumors", "portal", "hepatic")


def write_patient(
    document: Document,
    page: Path | None,
    *,
    film: Path | None = None,
    structures: Sequence[str] | None = None,
    plan: str | None = None,
    language: str = "en",
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Write the page, the film, or both; returns {"files", "parts", "tolerance_mm", "bytes", "warnings"}.

    structures: None takes all, or those of the plan. plan: a liver plan, shown as the part it removes and the part that
    stays. tolerance_mm: the largest distance, measured, between what is shown and the full surfaces. Raises UsageError,
    InputError, CaseError, MeasurementError, Cancelled. Files appear whole or not at all.
    """
    _check(page, film, language, force)
    parts = _parts(document, structures, plan)
    model = patient_model(parts, language, progress=_share(progress, 0.0, 0.6), cancel=cancel)
    folder_of = page if page is not None else film
    assert folder_of is not None
    size = 0
    with writing(folder_of), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=folder_of.parent) as folder:
        drafts: list[tuple[Path, Path]] = []
        if page is not None:
            drafts.append((Path(folder) / page.name, page))
            size = _write_page(drafts[-1][0], model, language, plan is not None, _share(progress, 0.6, 0.75), cancel)
        if film is not None:
            from app.patient.pictures import film as draw

            # what is said against it names the person's own file
            drafts.append((Path(folder) / film.name, film))
            draw(model, drafts[-1][0], language, _share(progress, 0.75, 1.0), cancel)
        if cancel is not None:
            cancel.raise_if_set()
        for draft, target in drafts:
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
            draft.chmod(0o644)
            draft.replace(target)
    notes = [*trust_notes(document.case, shown_names(document, structures, plan)), *_own_names(model)]
    return {
        "files": [str(path) for path in (page, film) if path is not None],
        "language": language,
        "parts": [
            {
                "name": part.key,
                "label": part.label,
                "triangles": len(part.mesh.triangles),
                "deviation_max_mm": part.deviation_mm,
            }
            for part in model.parts
        ],
        "tolerance_mm": model.deviation_mm,
        "bytes": size,
        "warnings": [note.as_json() for note in notes],
    }


def _own_names(model: PatientModel) -> list[Finding]:
    named = [part.label for part in model.parts if is_own_name(part.key)]
    if not named:
        return []
    text = (
        f"These parts keep the names that a person gave: {', '.join(named)}. Read them before the page is given away."
    )
    return [Finding("own_names", text)]


def _check(page: Path | None, film: Path | None, language: str, force: bool) -> None:
    if page is None and film is None:
        raise UsageError("Nothing is to be written", "Give -o OUT.html, --movie OUT.gif or both")
    if language not in LANGUAGES:
        raise UsageError(f"There is no page in the language '{language}'", f"Use one of {', '.join(LANGUAGES)}")
    for path, endings, what in ((page, PAGES, "A patient's page"), (film, FILMS, "A film")):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise UsageError(f"{what} ends in {' or '.join(endings)}, got '{path.name}'", "Choose one of these endings")
        if not path.parent.is_dir():
            raise InputError(f"The folder of {path.name} does not exist", "Make it first", "no_folder")
        if exists(path) and not force:
            raise InputError(f"{path.name} exists already", "Choose another name or use --force", "exists")
        if path.is_dir():
            raise InputError(f"{path.name} is a folder", "Choose another name", "exists")


def shown_names(document: Document, structures: Sequence[str] | None, plan: str | None) -> list[str]:
    """Names of the structures that the page shows or is made of."""
    names: list[str] = []
    if plan is not None:
        inputs = liver_plan(document, plan).inputs
        names = [*inputs["organ"], *(name for role in PLAN_ROLES for name in inputs[role])]
    if structures is not None or plan is None:
        names += list(find_structures(document.case, structures) if structures else document.case.structures)
    return [name for name in dict.fromkeys(names) if name in document.case.structures]


def _parts(document: Document, structures: Sequence[str] | None, plan: str | None) -> list[PrintPart]:
    if plan is None or structures is not None:
        return print_parts(document, structures, plan)
    inputs = liver_plan(document, plan).inputs
    beside = list(dict.fromkeys(name for role in PLAN_ROLES for name in inputs[role]))
    return print_parts(document, beside or None, plan)


def _write_page(
    draft: Path,
    model: PatientModel,
    language: str,
    with_plan: bool,
    progress: Progress,
    cancel: CancelToken | None,
) -> int:
    from app.patient.page import MOST_BYTES
    from app.patient.page import page as page_text
    from app.patient.pictures import stills

    text = page_text(model, language, stills(model, language, progress, cancel), with_plan=with_plan)
    data = text.encode("utf-8")
    if len(data) > MOST_BYTES:
        raise InputError("This page would be larger than 15 MB", "Choose fewer structures", "size")
    draft.write_bytes(data)
    return len(data)


def _share(progress: Progress, start: float, end: float) -> Progress:
    return lambda fraction, text="": progress(start + (end - start) * fraction, text)
