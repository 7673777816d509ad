"""Which other study a plan is held against: another liver plan of the case, one of another case, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.i18n import mark, tr
from app.jobs import Job
from app.panels.liver.draft import liver_plans, other_studies
from app.panels.liver.growth_rows import read_study
from app.panels.rows import FieldRow, NameField, choice_box

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

CASES = mark("Theatrum cases (*.theatrum)")
ANOTHER = mark("Another case…")
NOT_A_DAY = mark("A day like 2026-03-01 is needed")


def study_entry(plan: str, case: str) -> str:
    """As the list names a plan; case: "" for one of the same."""
    return tr("Plan {plan} of {case}", plan=plan, case=case) if case else tr("Plan {plan}", plan=plan)


class StudyChoice(QObject):
    """The list and the way into another case. own: entries that are no study, the first of them for none.

    `own_chosen`: one of these. `plan_chosen`: a plan, the case it lies in ("" for the same), the day of its scan ("" where
    it is not known).
    """

    own_chosen = Signal(str)
    plan_chosen = Signal(object, str, str)

    def __init__(self, panel: LiverPanel, identifier: str, which: str, own: Sequence[str]) -> None:
        super().__init__(panel)
        self._panel, self._which, self._own = panel, which, tuple(own)
        self.box = choice_box(identifier, tr("Earlier study") if which == "earlier" else tr("Later study"), self._own)
        self.box.activated.connect(self._chosen)
        self._shown = self._own[0]
        self._entries: list[str] = list(self._own)

    def show_entry(self, entry: str) -> None:
        """What there is to choose from, with this entry chosen; one that is not among it is added."""
        self._shown = entry
        case, draft = self._panel.session.case, self._panel.work.draft
        names = list(other_studies(case, draft))
        entries = [*self._own, *(study_entry(name, "") for name in names), ANOTHER]
        if entry not in entries:
            entries.insert(-1, entry)
        if entries != self._entries:
            self._entries = entries
            self.box.clear()
            self.box.addItems([tr(one) for one in entries])
            for number, name in enumerate(names, start=len(self._own)):
                self.box.setItemData(number, name)
        self.box.setCurrentIndex(entries.index(entry))

    def _chosen(self, number: int) -> None:
        text, name = self._entries[number], self.box.itemData(number)
        plan = liver_plans(self._panel.session.case).get(name) if name else None
        if text in self._own:
            self.own_chosen.emit(text)
        elif plan is not None:
            self.plan_chosen.emit(plan, "", "")
        elif text == ANOTHER:
            self._panel.open_file_asked.emit(
                tr("Choose the {which} study", which=self._which), tr(CASES), self.open_case
            )
            # until a file is chosen the list says what holds
            self.show_entry(self._shown)

    def open_case(self, path: Path) -> None:
        """The study is a plan of another case."""
        self._panel.session.jobs.submit(
            Job(
                key=f"{self._which} study",
                title=tr("Reading the {which} study", which=self._which),
                work=partial(read_study, path, self._panel.work.draft.name),
                done=lambda found: self.plan_chosen.emit(*found),
                failed=self._panel.work.failed.emit,
                subject=self._panel.session.label,
            )
        )


def read_days(rows: Sequence[FieldRow], fields: Sequence[NameField], *, needed: bool) -> list[date]:
    """The days in these fields; a row whose field holds none complains, an empty one only where it is needed."""
    days = []
    for row, field in zip(rows, fields, strict=True):
        try:
            days.append(date.fromisoformat(field.text().strip()))
            row.complain("")
        except ValueError:
            row.complain(NOT_A_DAY if needed or field.text() else "")
    return days
