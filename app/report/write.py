"""`write_report`: plans of a case into a PDF, HTML, CSV or JSON file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.i18n import in_source
from app.report.content import Picture, ReportContent
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.standing import told_plan
from planning.errors import CaseError, InputError, UsageError
from planning.files.place import writing
from planning.naming import known_names

ENDINGS = (".pdf", ".html", ".csv", ".json")


def write_report(
    document: Document, plan_names: Sequence[str] | None, path: Path, *, force: bool = False
) -> dict[str, Any]:
    """Write the named plans (None: all) and return {"files", "plans", "pages"?, "warnings"}; each of the warnings has the
    name of its plan beside it where there are several.

    Raises UsageError for another ending, CaseError for an unknown plan or a case without one, InputError for an
    existing file without `force`. The file appears whole or not at all.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"A report ends in {', '.join(ENDINGS)}, got '{path.name}'", "Choose one of these endings")
    if path.exists() and not force:
        raise InputError(f"{path.name} exists already", "Choose another name or use --force", "exists")
    if not path.parent.is_dir():
        raise InputError(f"The folder of {path.name} does not exist", "Make it first", "no_folder")
    plans = [told_plan(document.case, plan) for plan in chosen_plans(document, plan_names)]
    # of several plans each warning says whose it is
    whose = [{"plan": plan.name} if len(plans) > 1 else {} for plan in plans]
    warnings = [
        {**warning, **of_plan}
        for plan, of_plan in zip(plans, whose, strict=True)
        for warning in plan.results.get("warnings", [])
    ]
    with (
        writing(path),
        tempfile.NamedTemporaryFile(dir=path.parent, prefix=".theatrum-", suffix=path.suffix, delete=False) as draft,
    ):
        part = Path(draft.name)
    try:
        _write(document, plans, part, path.suffix.lower())
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return {"files": [str(path)], "plans": [plan.name for plan in plans], "warnings": warnings}


def chosen_plans(document: Document, plan_names: Sequence[str] | None) -> list[PlanRecord]:
    """The plans to report, in the order asked for. Raises CaseError for an unknown name or an empty case."""
    plans = document.case.plans
    if not plans:
        raise CaseError("This case has no plan yet", "Plan first: theatrum tavr, vessel, liver or kidney")
    for name in plan_names or ():
        if name not in plans:
            raise CaseError(f"There is no plan named '{name}'", known_names(name, plans))
    return [plans[name] for name in (plan_names or plans)]


def _write(document: Document, plans: Sequence[PlanRecord], path: Path, ending: str) -> None:
    # tables and JSON are read by programs: English and decimal points in every language of the window
    with in_source() if ending in (".csv", ".json") else contextlib.nullcontext():
        _write_in_words(document, plans, path, ending)


def _write_in_words(document: Document, plans: Sequence[PlanRecord], path: Path, ending: str) -> None:
    from app.report.by_hand import measurement_rows, with_measurements

    contents = [report_content(document, plan, pictures=ending in (".pdf", ".html")) for plan in plans]
    # they belong to the case, so they stand behind its last plan
    contents[-1] = with_measurements(contents[-1], document.case)
    if ending == ".csv":
        from app.report.rows import write_csv

        write_csv(plans, contents, path, measurement_rows(document.case))
    elif ending == ".json":
        from app.report.tree import write_json

        write_json(plans, contents, path)
    elif ending == ".html":
        from app.report.page import write_html

        write_html(contents, path)
    else:
        from app.report.pdf import write_pdf

        write_pdf(contents, path)


def report_pictures(document: Document, plan: PlanRecord) -> list[Picture]:
    """The pictures of one plan's report, those of its first page first."""
    from app.report.kidney_pictures import kidney_pictures
    from app.report.pictures import liver_pictures, vessel_pictures
    from app.report.tavr_pictures import tavr_pictures

    if plan.kind == "tavr":
        return tavr_pictures(document, plan).all()
    if plan.kind == "kidney":
        return kidney_pictures(document, plan).all()
    return {"liver": liver_pictures, "vessel": vessel_pictures}[plan.kind](document, plan)


def report_content(document: Document, plan: PlanRecord, *, pictures: bool = True) -> ReportContent:
    """The content of one plan's report, with its pictures or only its words and numbers."""
    from app.report.kidney_content import kidney_content
    from app.report.kidney_pictures import kidney_pictures
    from app.report.liver_content import liver_content
    from app.report.tavr_content import tavr_content
    from app.report.tavr_pictures import tavr_pictures
    from app.report.vessel_content import vessel_content
    from app.room import room_limits

    if document.case.plans.get(plan.name) is plan:
        plan = told_plan(document.case, plan)
    if plan.kind == "tavr":
        return tavr_content(document, plan, tavr_pictures(document, plan) if pictures else None, room_limits())
    if plan.kind == "kidney":
        return kidney_content(document, plan, kidney_pictures(document, plan) if pictures else None)
    makers = {"liver": liver_content, "vessel": vessel_content}
    if plan.kind not in makers:
        raise CaseError(f"The plan '{plan.name}' is of an unknown kind '{plan.kind}'", "Update Theatrum to report it")
    return makers[plan.kind](document, plan, report_pictures(document, plan) if pictures else [])
