"""A series in words: its line in the list, its facts, and what is wrong with it."""

from __future__ import annotations

import re

import numpy as np

from app.i18n import mark, said, text_value, tr
from app.texts import person_text
from planning.dicom.fitness import Badge, Fitness, field_mm, has_contrast
from planning.dicom.model import ScanResult, SeriesInfo
from planning.units import THIN_SPACE

BADGES: dict[Badge, tuple[str, str]] = {
    "tavr": (mark("Best for TAVR"), "ok"),
    "access": (mark("Best for access"), "ok"),
    "liver": (mark("Best for liver"), "ok"),
    "moving": (mark("Moving"), "acc"),
}
POSITIONS = {"H": mark("head first"), "F": mark("feet first")}
LYING = {
    "S": mark("on the back"),
    "P": mark("face down"),
    "DR": mark("on the right side"),
    "DL": mark("on the left side"),
}
SEPARATOR = " · "


def grouped_numbers(text: str) -> str:
    """Numbers of four and more figures with a thin space between thousands."""
    return re.sub(r"\d{4,}", lambda found: text_value(int(found[0]), 0), text)


def series_name(info: SeriesInfo) -> str:
    """Its description, or what it is and its number."""
    return info.description.strip() or f"{info.modality or 'Series'} {info.index}".strip()


def image_count(info: SeriesInfo) -> int:
    """How many images it holds: files, or frames where a file holds many."""
    return max(info.file_count, info.size_ijk[2] * info.phases if info.spacing_mm is not None else info.file_count)


def size_text(info: SeriesInfo) -> str:
    """ "512 × 512 × 412", phases first where there are several."""
    size = " × ".join(text_value(value, 0) for value in info.size_ijk)
    return (
        tr("{phases} × {size_ijk} slices", phases=info.phases, size_ijk=text_value(info.size_ijk[2], 0))
        if info.phases > 1
        else size
    )


def spacing_text(info: SeriesInfo) -> str:
    """ "0.38 × 0.38 × 0.75 mm"; the slice distance without needless figures."""
    if info.spacing_mm is None:
        return ""
    i, j, k = info.spacing_mm
    third = text_value(k, 2) if abs(k * 10 - round(k * 10)) > 1e-2 else text_value(k, 1)
    return f"{text_value(i, 2)} × {text_value(j, 2)} × {third}{THIN_SPACE}mm"


def line_text(info: SeriesInfo, with_person: bool = False) -> str:
    """What stands below the name in the list."""
    person = person_text(info.facts) if with_person else ""
    if info.spacing_mm is None:
        return SEPARATOR.join(part for part in (person, tr("%n image(s)", "", info.file_count)) if part)
    parts = [person, size_text(info)]
    if info.phases > 1:
        parts.append(said(_phase_text(info).replace(" of R–R", "")))
    else:
        parts.append(spacing_text(info))
    parts.append(tr("gated") if info.facts.get("gated") == "yes" else "")
    parts.append(tr("contrast") if has_contrast(info) else "")
    return SEPARATOR.join(part for part in parts if part)


def phase_text(info: SeriesInfo) -> str:
    """ "35 % of R–R", "0 to 90 % of R–R"."""
    return said(_phase_text(info))


def _phase_text(info: SeriesInfo) -> str:
    return re.sub(r"^([\d.]+) % of R–R to ", r"\1 to ", info.facts.get("phase", ""))


def short_problem(text: str) -> str:
    """A problem in one line of the list; where the gap lies is told beside the picture."""
    begin, end = tr(", the widest gap lies"), tr("mm from the first slice")
    return re.sub(f"{re.escape(begin)} .*?{re.escape(end)}", "", text)


def problem_texts(fitness: Fitness) -> tuple[str, ...]:
    """What is wrong or to be known, worst first; empty when nothing is."""
    info = fitness.series
    if info.kind == "localizer":
        return (tr("A scout image. It cannot be used for planning."),)
    texts = []
    for problem in info.problems:
        filled = problem.code == "missing_slices" and info.fillable and not info.importable
        texts.append(
            tr("{text} They can be filled in and stay marked.", text=said(problem.text))
            if filled
            else said(problem.text)
        )
    if info.modality not in ("CT", "MR", "PT", "NM", "OT", "") and not info.importable and not texts:
        texts.append(tr("{modality} is no volume.", modality=info.modality))
    return (*texts, *(said(note.text) for note in fitness.notes))


def fact_rows(fitness: Fitness) -> list[tuple[str, str]]:
    """(name, value) for the table beside the picture."""
    info = fitness.series
    rows = [(tr("Patient"), person_text(info.facts)), (tr("Phase"), phase_text(info))]
    rows.append((tr("Voxel"), spacing_text(info)))
    field = field_mm(info)
    if field is not None:
        sides = " × ".join(text_value(value, 0) for value in field)
        rows.append((tr("Field of view"), f"{sides}{THIN_SPACE}mm"))
    rows.append((tr("Orientation"), orientation_text(info)))
    if info.importable and info.spacing_mm is not None and info.middle is not None:
        rows.append((tr("Spacing"), tr("even, checked on %n slice(s)", "", info.size_ijk[2])))
    if info.modality == "CT" and info.middle is not None and info.spacing_mm is not None:
        rows.append((tr("Contrast"), tr("yes") if has_contrast(info) else tr("not stated")))
    rows.append((tr("Kernel"), info.facts.get("kernel", "")))
    if info.spacing_mm is None:
        rows.append((tr("Images"), text_value(info.file_count, 0)))
    return [(name, value) for name, value in rows if value]


def orientation_text(info: SeriesInfo) -> str:
    """ "axial, feet first, on the back"; what the files do not say is left out."""
    parts = []
    if info.direction is not None:
        normal = np.abs(np.array(info.direction)[:, 2])
        name = (tr("sagittal"), tr("coronal"), tr("axial"))[int(normal.argmax())]
        parts.append(name if normal.max() > 0.985 else tr("{name}, oblique", name=name))
    position = info.facts.get("patient_position", "").upper()
    if position[:1] in POSITIONS:
        parts.append(tr(POSITIONS[position[0]]))
        parts.append(tr(LYING.get(position[2:], "")))
    return ", ".join(part for part in parts if part)


def study_title(result: ScanResult) -> str:
    """The study's description; words for several or none."""
    if any(finding.code == "several_patients" for finding in result.findings):
        return tr("Several patients")
    names = {info.facts.get("study_description", "").strip() for info in result.series} - {""}
    if len(names) == 1:
        return names.pop()
    if names:
        return tr("Several studies")
    kinds = {info.modality for info in result.series} - {""}
    return tr("{modality} study", modality=kinds.pop()) if len(kinds) == 1 else tr("Study")
