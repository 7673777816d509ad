"""Beside the resection: growth of the remnant since an earlier study or to a later one, and a living donor's graft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.i18n import mark, text_value, tr
from app.panels import definitions
from app.panels.liver.growth_rows import growth_rows, limit_row, scan_day, show_day
from app.panels.liver.later_part import LaterPart
from app.panels.liver.study_choice import StudyChoice, read_days, study_entry
from app.panels.parts import NumberField, NumberTable, TableRow, page, plain
from app.panels.rows import FieldRow, Heading, NameField
from planning.case.liver_asides import graft_asked, growth_asked
from planning.case.model import PlanRecord
from planning.errors import TheatrumError

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

NONE = mark("None")
RECIPIENT_KG, FACTOR = (2.0, 400.0), (0.5, 1.2)


class AsidesPart(QWidget):
    """Fields and numbers; what is entered goes into the plan as one step."""

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__()
        self._panel, self._work = panel, panel.work
        self.earlier = StudyChoice(panel, "growth_plan", "earlier", (NONE,))
        self.earlier.own_chosen.connect(lambda _: self._none_chosen())
        self.earlier.plan_chosen.connect(self.take_earlier)
        self.before, self.after = (
            NameField("growth_before", tr("Earlier day")),
            NameField("growth_after", tr("Later day")),
        )
        self._before_row, self._after_row = (
            FieldRow(tr("Earlier day"), self.before, wide=True),
            FieldRow(tr("Later day"), self.after, wide=True),
        )
        self.before.entered.connect(lambda _: self._dated())
        self.after.entered.connect(lambda _: self._dated())
        self._growth = NumberTable(definitions.GROWN)
        self._growth.setObjectName("growth_numbers")
        self.later = LaterPart(panel)
        self.later.asked_changed.connect(lambda asked: self._set("remnant_after", asked))
        self.recipient = NumberField("graft_recipient", tr("Recipient’s weight"), "kg", *RECIPIENT_KG, 1.0)
        self.recipient.entered.connect(lambda _: self._grafted())
        self.factor = NumberField("graft_factor", tr("Graft for each ml"), "g", *FACTOR, 0.05)
        self.factor.entered.connect(lambda _: self._grafted())
        self._factor_row = FieldRow(tr("Graft for each ml of CT"), self.factor)
        self._graft = NumberTable(definitions.GROWN)
        self._graft.setObjectName("graft_numbers")
        # the plan that was chosen and waits for its days
        self._waiting: tuple[PlanRecord, str] | None = None
        content = page(
            Heading(tr("Growth since an earlier study")),
            FieldRow(tr("Earlier study"), self.earlier.box, wide=True),
            self._before_row,
            self._after_row,
            self._growth,
            self.later,
            Heading(tr("Living donor")),
            FieldRow(tr("Recipient’s weight"), self.recipient),
            self._factor_row,
            self._graft,
            spacing=6,
        )
        self.setLayout(content.layout())

    def refresh(self) -> None:
        """What the plan asks and what it says."""
        asides = self._work.draft.asides
        plan = self._work.saved
        results: Mapping[str, Any] = {} if plan is None else plan.results
        growth, graft = asides.get("growth"), asides.get("graft")
        self.earlier.show_entry(self._entry(growth))
        is_asked = growth is not None or self._waiting is not None
        for row, field, key in (
            (self._before_row, self.before, "before_on"),
            (self._after_row, self.after, "after_on"),
        ):
            row.setVisible(is_asked)
            if growth is not None:
                show_day(field, str(growth[key]))
        self._growth.set_rows(growth_rows(results.get("growth")))
        self.later.refresh()
        self.recipient.set_value(None if graft is None else graft["recipient_kg"])
        self.factor.set_value(1.0 if graft is None else graft["factor_g_per_ml"])
        self._factor_row.setVisible(graft is not None)
        self._graft.set_rows(_graft_rows(results.get("graft")))

    def _entry(self, growth: Mapping[str, Any] | None) -> str:
        """What the list of studies shows."""
        if self._waiting is not None:
            return study_entry(self._waiting[0].name, self._waiting[1])
        return NONE if growth is None else study_entry(growth["plan"], growth["case"])

    # what a person enters

    def _none_chosen(self) -> None:
        self._waiting = None
        self._set("growth", None)
        self.refresh()

    def take_earlier(self, plan: PlanRecord, case: str, day: str) -> None:
        """This plan is the earlier one. day: of its scan where it is known, else it is asked for."""
        self._waiting = (plan, case)
        show_day(self.before, day)
        if not self.after.text():
            show_day(self.after, scan_day(self._panel.session.case))
        self._dated()
        self.refresh()

    def _dated(self) -> None:
        rows, fields = (self._before_row, self._after_row), (self.before, self.after)
        days = read_days(rows, fields, needed=True)
        if len(days) < 2:
            return
        growth = self._work.draft.asides.get("growth")
        try:
            if self._waiting is not None:
                asked = growth_asked(self._waiting[0], days[0], days[1], self._waiting[1])
            elif growth is not None:
                asked = {**growth, "before_on": days[0].isoformat(), "after_on": days[1].isoformat()}
            else:
                return
            self._set("growth", asked)
            self._waiting = None
        except TheatrumError as error:
            self._after_row.complain(str(error))

    def _grafted(self) -> None:
        kg, factor = self.recipient.value, self.factor.value
        self._set("graft", None if kg is None else graft_asked(kg, factor or 1.0))

    def _set(self, key: str, asked: Mapping[str, Any] | None) -> None:
        asides = {name: value for name, value in self._work.draft.asides.items() if name != key}
        self._work.set_asides(asides if asked is None else {**asides, key: dict(asked)})


def _graft_rows(graft: Mapping[str, Any] | None) -> list[TableRow]:
    if graft is None:
        return []
    limits = graft["limits"]
    return [
        limit_row("graft", tr("Graft"), text_value(graft["graft_g"], 0), "g", None, None, ""),
        limit_row(
            "grwr",
            tr("Graft / recipient"),
            text_value(graft["grwr_percent"], 2),
            "%",
            graft["enough_graft"],
            limits["grwr_percent"],
            "",
        ),
        limit_row(
            "donor",
            tr("The donor keeps"),
            plain(graft["donor_remnant_percent"], "%"),
            "%",
            graft["enough_donor_remnant"],
            limits["donor_remnant_percent"],
            "",
        ),
    ]
