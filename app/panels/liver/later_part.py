"""The plan's remnant as a later study measured it: entered, or taken from a plan on that study. Nothing is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.liver.growth_rows import growth_rows, scan_day, show_day
from app.panels.liver.study_choice import StudyChoice, read_days, study_entry
from app.panels.parts import NumberField, NumberTable, TableRow, page, plain
from app.panels.rows import FieldRow, Heading, NameField
from planning.case.liver_asides import REMNANT_RANGE_ML, remnant_after_asked
from planning.case.model import PlanRecord
from planning.errors import TheatrumError

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

NONE, ENTERED = mark("Not measured"), mark("Entered")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a remnant comes from, until its days are known. plan, case: "" where it is entered."""

    ml: float | None
    plan: str = ""
    case: str = ""

    @property
    def entry(self) -> str:
        """As the list names it."""
        return study_entry(self.plan, self.case) if self.plan else ENTERED


class LaterPart(QWidget):
    """`asked_changed`: what the plan's "remnant_after" shall be, or None."""

    asked_changed = Signal(object)

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__()
        self._panel, self._work = panel, panel.work
        self.source = StudyChoice(panel, "later_study", "later", (NONE, ENTERED))
        self.source.own_chosen.connect(self._own_chosen)
        self.source.plan_chosen.connect(self.take_later)
        self.remnant = NumberField("remnant_after", tr("Remnant without tumour"), "ml", *REMNANT_RANGE_ML, 10.0)
        self.remnant.entered.connect(self._entered)
        self.before, self.after = NameField("later_first", tr("First day")), NameField("later_second", tr("Later day"))
        self._rows = (
            FieldRow(tr("Remnant without tumour"), self.remnant),
            FieldRow(tr("Day of this study"), self.before, wide=True),
            FieldRow(tr("Day of the later"), self.after, wide=True),
        )
        for field in (self.before, self.after):
            field.entered.connect(lambda _: self._try())
        self.numbers = NumberTable(definitions.GROWN)
        self.numbers.setObjectName("later_numbers")
        self._waiting: _Source | None = None
        content = page(
            Heading(tr("Remnant on a later study")),
            FieldRow(tr("Later study"), self.source.box, wide=True),
            *self._rows,
            self.numbers,
            spacing=6,
        )
        self.setLayout(content.layout())

    def refresh(self) -> None:
        """What the plan asks and what it says."""
        asked = self._work.draft.asides.get("remnant_after")
        source = self._waiting
        if source is None and asked is not None:
            source = _Source(float(asked["ml"]), str(asked["plan"]), str(asked["case"]))
        self.source.show_entry(NONE if source is None else source.entry)
        for row in self._rows:
            row.setVisible(source is not None)
        self.remnant.set_value(None if source is None else source.ml)
        self.remnant.setReadOnly(source is not None and bool(source.plan))
        if asked is not None and self._waiting is None:
            for field, key in ((self.before, "before_on"), (self.after, "after_on")):
                show_day(field, str(asked[key]))
        saved = self._work.saved
        self.numbers.set_rows(_rows(None if saved is None else saved.results.get("remnant_after")))

    # what a person enters

    def _own_chosen(self, entry: str) -> None:
        if entry == ENTERED:
            self._wait(_Source(None))
            return
        self._waiting = None
        self.asked_changed.emit(None)
        self.refresh()

    def take_later(self, plan: PlanRecord, case: str, day: str) -> None:
        """The remnant of this plan. day: of its scan where it is known, else it is asked for."""
        if day:
            show_day(self.after, day)
        self._wait(_Source(float(plan.results["flr_ml"]), plan.name, case))

    def _wait(self, source: _Source) -> None:
        """This is the remnant, as soon as the days are known."""
        self._waiting = source
        if not self.before.text():
            show_day(self.before, scan_day(self._panel.session.case))
        self._try()
        self.refresh()

    def _entered(self, ml: float) -> None:
        self._wait(_Source(ml))

    def _try(self) -> None:
        asked = self._work.draft.asides.get("remnant_after")
        source = self._waiting
        if source is None and asked is not None:
            source = _Source(float(asked["ml"]), str(asked["plan"]), str(asked["case"]))
        days = read_days(self._rows[1:], (self.before, self.after), needed=False)
        if source is None or source.ml is None or len(days) < 2:
            return
        try:
            found = remnant_after_asked(source.ml, days[0], days[1], plan=source.plan, case=source.case)
        except TheatrumError as error:
            self._rows[2].complain(str(error))
            return
        self._waiting = None
        self.asked_changed.emit(found)


def _rows(after: Mapping[str, Any] | None) -> list[TableRow]:
    """The remnant as it was measured, of which liver, and how it grew."""
    if after is None:
        return []
    share = "" if after["flr_percent"] is None else text_quantity(after["flr_percent"], "%")
    rows = [
        TableRow(
            "measured",
            tr("Measured remnant"),
            plain(after["flr_ml"], "ml"),
            "ml",
            share=share,
            reason=tr("Of the liver without tumour of this plan’s own scan"),
            clickable=False,
        )
    ]
    if after["sflr_percent"] is not None:
        rows.append(
            TableRow("measured_sflr", tr("Measured sFLR"), plain(after["sflr_percent"], "%"), "%", clickable=False)
        )
    return [*rows, *growth_rows(after["growth"])]
