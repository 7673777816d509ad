"""Which images a case's results refer to in DICOM, and its structures as segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from planning.case.document import Document
from planning.case.manifest import dumps, grid_json
from planning.case.measured import numbers_of
from planning.case.model import Case, Image, Measurement, Structure
from planning.case.plans import planning_image
from planning.case.untrue_slices import LOST_SLICES, untrue_measured
from planning.dicom.objects.codes import Coded
from planning.dicom.objects.groups_measured import Measured
from planning.dicom.objects.labels import Segment
from planning.dicom.objects.series import MR_IMAGE_STORAGE, NO_NAME, Person, ReferenceSeries
from planning.dicom.write import CT_IMAGE_STORAGE, made_uid
from planning.findings import Finding
from planning.registry import structure_style

SEXES = ("F", "M", "O")
# what DICOM calls how a structure came to be; an imported one may be anything
MADE_BY = {"automatic": "AUTOMATIC", "painted": "MANUAL"}
SAME_GRID_MM = 1e-3


def measured_of(case: Case, items: Mapping[str, Measurement], phase: int) -> tuple[list[Measured], list[Finding]]:
    """Measurements by hand that were taken on the image and phase that results refer to, and a word for those that were not.

    Those that reach into lost slices are left out: a reader of coded numbers sees no words beside them.
    """
    image = planning_image(case)
    shown = image.phases[phase] if len(image.phases) > 1 else ""
    found, others, said = [], [], []
    for item in items.values():
        untrue = untrue_measured(case, item)
        if untrue is not None:
            left_out = ", and is left out" if untrue.code == LOST_SLICES else ""
            said.append(Finding(untrue.code, f"{item.name}: {untrue.text}{left_out}."))
            if left_out:
                continue
        if item.image in ("", image.name) and item.phase in ("", shown):
            numbers = numbers_of(case, item)
            found.append(Measured(item.name, item.kind, np.array(item.points_mm, dtype=np.float64), numbers))
        else:
            others.append(item.name)
    if not others:
        return found, said
    text = f"Measured on another image or phase than the results refer to, and left out: {', '.join(others)}."
    return found, [*said, Finding("measured_elsewhere", text)]


def reference_of(case: Case, phase: int) -> ReferenceSeries:
    """The series that results refer to: the scanner's own where the case knows it, else one that is written beside them.

    UIDs of a written one follow from its voxels and grid, so that results exported later refer to the same images.
    Raises CaseError for a case without images.
    """
    image = planning_image(case)
    person = person_of(case, image)
    if image.series is not None:
        known = image.series
        return ReferenceSeries(
            image.grid,
            image.modality,
            known.study,
            known.series,
            known.frame_of_reference,
            known.sop_class,
            known.instances[phase],
            person,
            is_source=True,
        )
    key = f"theatrum|{image.arrays[phase].sha256}|{dumps(grid_json(image.grid))}|{int(person.is_named)}"
    study, series, frame = (made_uid(f"{key}|{part}") for part in ("study", "series", "frame"))
    return ReferenceSeries(
        image.grid,
        image.modality,
        study,
        series,
        frame,
        MR_IMAGE_STORAGE if image.modality == "MR" else CT_IMAGE_STORAGE,
        tuple(made_uid(f"{key}|{k}") for k in range(image.grid.size_ijk[2])),
        person,
        is_source=False,
    )


def person_of(case: Case, image: Image) -> Person:
    """Who the patient is, or a number that tells two nameless patients apart and says nothing else."""
    said = case.identifiers
    sex = image.study.get("sex", "")
    sex = sex if sex in SEXES else ""
    if not case.identifiers_kept:
        digits = made_uid(f"theatrum patient|{image.arrays[0].sha256}")[-10:]
        return Person(NO_NAME, f"ANON{digits}", sex=sex)
    return Person(
        said.get("name", ""),
        said.get("number", ""),
        _date(said.get("birth date", "")),
        sex,
        _date(said.get("study date", "")),
        said.get("accession", "")[:16],
        is_named=True,
    )


def _date(text: str) -> str:
    return text if len(text) == 8 and text.isdecimal() else ""


def segments_of(document: Document, names: Sequence[str], phase: int = 0) -> tuple[list[Segment], list[Finding]]:
    """The named structures as segments, and what must be said: what was left out (on other grids than the image's, empty
    ones), and what was made in another phase than the one of this number that the objects refer to."""
    image = planning_image(document.case)
    grid, shown = image.grid, image.phases[phase]
    found, left_out, elsewhere = [], [], []
    for name in names:
        structure = document.case.structures[name]
        if not structure.voxel_count:
            left_out.append(Finding("empty", f"{name} is empty and left out."))
        elif not structure.grid.is_same(grid, SAME_GRID_MM):
            left_out.append(Finding("other_grid", f"{name} lies on another image's grid and is left out."))
        else:
            found.append(_segment(document, structure))
            if structure.phase not in ("", shown):
                elsewhere.append(f"{name} ({structure.phase})")
    if elsewhere:
        text = f"Made in another phase than the images that the objects refer to ({shown}): {', '.join(elsewhere)}."
        left_out.append(Finding("other_phase", text))
    return found, left_out


def _segment(document: Document, structure: Structure) -> Segment:
    style = structure_style(structure.name)
    program = structure.provenance.source if structure.trust is None else structure.trust.model
    return Segment(
        structure.name,
        document.mask(structure.name),
        structure.color,
        None if style.code is None else Coded(style.code[1], style.code[0], style.code[2]),
        style.kind == "lesion",
        MADE_BY.get(structure.source, "SEMIAUTOMATIC"),
        program or "Theatrum",
    )


def plan_phase(case: Case, plans: Sequence[str]) -> tuple[int, list[Finding]]:
    """Number of the phase that results refer to, from 0, and what must be said where the image has several."""
    image = planning_image(case)
    if len(image.arrays) == 1:
        return 0, []
    asked = {case.plans[name].inputs.get("phase") for name in plans}
    numbers = sorted(int(one) for one in asked if isinstance(one, int | np.integer) and 0 <= one < len(image.arrays))
    phase = numbers[0] if numbers else 0
    label = image.phases[phase] or f"number {phase + 1}"
    text = f"The image has {len(image.arrays)} phases; the objects refer to the images of {label}."
    if len(numbers) > 1:
        text += " The plans were made on several; each report says which."
    return phase, [Finding("phase", text)]
