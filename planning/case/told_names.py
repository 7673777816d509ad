"""Names of files in what leaves a case: a file may be called after a patient, so a case without identifiers tells none.

A plan that is compared with another study keeps what that study's file is called, for the person who chose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planning.case.model import Case, PlanRecord

ANOTHER_STUDY = "another study"
# what of a plan's inputs and results is told against another study, and the key under which that is named
COMPARED = (("comparison", "with"), ("growth", "case"), ("remnant_after", "case"))


def without_file_names(case: Case, plan: PlanRecord) -> PlanRecord:
    """The plan without names of other studies' files, unless the case keeps identifiers; itself where it has none."""
    if case.identifiers_kept:
        return plan
    inputs, results = (_without(case, held) for held in (plan.inputs, plan.results))
    return plan if inputs is plan.inputs and results is plan.results else replace(plan, inputs=inputs, results=results)


def _without(case: Case, held: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = {}
    for part, key in COMPARED:
        found = held.get(part)
        # a plan of the same case is named as the person named it
        if isinstance(found, Mapping) and found.get(key) and found[key] not in case.plans:
            changed[part] = {**found, key: ANOTHER_STUDY}
    return {**held, **changed} if changed else held
