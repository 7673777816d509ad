"""What the list of recent cases says of a case, in the language that the window speaks when it is shown."""

from __future__ import annotations

from app.i18n import tr
from app.plan_titles import counted
from app.settings import CaseTold, RecentCase
from app.texts import person_text
from planning.case.model import Case


def case_told(case: Case) -> CaseTold:
    """A case as the settings keep it; nothing that names the patient."""
    image = next(iter(case.images.values()), None)
    study = {} if image is None else image.study
    return CaseTold(
        age=study.get("age", ""),
        sex=study.get("sex", ""),
        modality="" if image is None else image.modality,
        year=study.get("year", ""),
        plans=tuple(plan.kind for plan in case.plans.values()),
        structures=len(case.structures),
    )


def told_words(told: CaseTold) -> tuple[str, str]:
    """(facts, status): "74 y · female · CT 2026", "TAVR plan"."""
    if told.is_encrypted:
        return "", tr("Encrypted")
    person = person_text({"age": told.age, "sex": told.sex})
    facts = " · ".join(part for part in (person, f"{told.modality} {told.year}".strip()) if part)
    if told.plans:
        return facts, counted(told.plans)
    if told.structures:
        return facts, tr("%n structure(s), no plan yet", "", told.structures)
    return facts, tr("No plan yet")


def recent_words(case: RecentCase) -> tuple[str, str]:
    """(facts, status) of a recent case; one that an older program remembered keeps the words it was told in."""
    return (case.facts, case.status) if case.told is None else told_words(case.told)
