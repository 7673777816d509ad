"""What the parts about growth share: the numbers against their limits, and a plan read from another case."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.i18n import tr
from app.panels.parts import TableRow, plain
from app.panels.rows import NameField
from planning.case.model import Case, PlanRecord
from planning.progress import CancelToken, Progress


def scan_day(case: Case) -> str:
    """ "2026-03-01" of a case's scan, "" where it is not known."""
    image = next(iter(case.images.values()), None)
    day = "" if image is None else str(image.study.get("study_date", ""))
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 else ""


def show_day(field: NameField, day: str) -> None:
    """A day in its field, unless it is typed into."""
    if not field.isModified():
        field.start(day)
        field.deselect()


def read_study(path: Path, name: str, progress: Progress, cancel: CancelToken) -> tuple[PlanRecord, str, str]:
    """The liver plan of this name in another case, else its newest; the file's name and the day of its scan."""
    from planning.case.document import Document
    from planning.case.liver_asides import newest_liver_plan

    with Document.open(path, read_only=True) as document:
        return newest_liver_plan(document, name, path.name), path.name, scan_day(document.case)


def growth_rows(growth: Mapping[str, Any] | None) -> list[TableRow]:
    """Degree of hypertrophy, kinetic and relative growth."""
    if growth is None:
        return []
    limits = growth["limits"]
    return [
        limit_row(
            "hypertrophy",
            tr("Hypertrophy (DH)"),
            plain(growth["degree_of_hypertrophy_points"], "%"),
            "points",
            growth["enough_hypertrophy"],
            limits["degree_of_hypertrophy_points"],
            limits["source"],
        ),
        limit_row(
            "kinetic",
            tr("Kinetic growth"),
            plain(growth["kinetic_growth_percent_per_week"], "%"),
            "%/week",
            growth["enough_kinetic_growth"],
            limits["kinetic_growth_percent_per_week"],
            limits["source"],
        ),
        limit_row(
            "relative", tr("Relative growth"), plain(growth["relative_growth_percent"], "%"), "%", None, None, ""
        ),
    ]


def limit_row(
    key: str, name: str, value: str, unit: str, is_enough: bool | None, limit: float | None, source: str
) -> TableRow:
    """A number against its limit; the source stands below it."""
    state = "" if is_enough is None else "ok" if is_enough else "bad"
    words = ""
    if limit is not None and is_enough is not None:
        words = tr("above {value:g}", value=limit) if is_enough else tr("under {value:g}", value=limit)
    return TableRow(key, name, value, unit, state=state, status=words, detail=source.split(",")[0], clickable=False)
