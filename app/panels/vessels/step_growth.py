"""Step 5: the same vessel in another study: what grew, by how much, and whether the measurement can tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.i18n import local, mark, tr
from app.jobs import Job
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.notes import Note, note_of, split_sentences
from app.panels.parts import NumberField, NumberTable, PanelAction, TableRow, paragraph, plain
from app.panels.rows import FieldRow, choice_box
from app.panels.vessels.names import GROWTH
from app.panels.vessels.step import VesselStep, nearest_station, value_row
from app.theme.tokens import PLANS
from planning.case.vessel_plans import (
    CASE_SUFFIX,
    study_date,
    vessels_of_file,
    with_comparison,
    with_years,
    without_comparison,
)
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress
from planning.vessel.compare import EDGE_MM, PLACE_MM
from viewers.overlay import PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel

NONE, FROM_FILE = mark("Choose a study"), mark("Another case…")
FILES = mark("Cases and plans (*.theatrum *.json)")
DAYS_A_YEAR = 365.25
LEAST_YEARS, MOST_YEARS = 0.01, 50.0
NOT_TOLD = mark("no change that the measurement can tell")
METHODS: Mapping[str, str] = {
    "place": mark("Both vessels lie at one place and are compared there"),
    "widths": mark("Laid together where their widths agree best"),
    "start": mark("Laid together at their first points"),
}
SURE = mark(
    "Twice the standard uncertainty of a difference of two diameters ({edge:g} mm of edge each), of the scatter "
    "between neighbouring places, and of a place {place:g} mm off"
)


def _sure() -> str:
    return tr(SURE, edge=EDGE_MM, place=PLACE_MM)


class GrowthStep(VesselStep):
    """What changed since another study."""

    number = GROWTH

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        # vessel plans of files that were chosen, and when their scan was made
        self._files: dict[str, Mapping[str, Any]] = {}
        self._dates: dict[str, str] = {}
        self._help = paragraph("")
        self.box = choice_box("growth_with", tr("Earlier study"), [NONE])
        self.box.activated.connect(self._chosen)
        self._entries: list[str] = []
        self.years = NumberField("growth_years", tr("Years between"), "years", LEAST_YEARS, MOST_YEARS, 0.5)
        self.years.entered.connect(self._years_entered)
        self._years_row = FieldRow(tr("Years between"), self.years)
        self.here = NumberTable(definitions.VESSEL_GROWTH)
        self.set_body(self._help, FieldRow(tr("Since"), self.box, wide=True), self._years_row, below=(self.here,))

    @property
    def comparison(self) -> Mapping[str, Any] | None:
        """The plan's comparison."""
        results = self.work.results
        return None if results is None else results.get("comparison")

    @property
    def asked(self) -> Mapping[str, Any] | None:
        """What it was asked for."""
        plan = self.work.plan
        return None if plan is None else plan.inputs.get("comparison")

    def result(self) -> str:
        """The greatest growth, where it is sure."""
        found = self.comparison
        if found is None:
            return ""
        grown = found["greatest_growth"]
        return f"{signed(grown['growth_mm'])} mm" if grown["is_certain"] else tr("no change")

    def entered(self) -> None:
        """Both lumens in one chart."""
        self.panel.show_part(None)
        self.panel.views.look()

    # choosing

    def choices(self) -> list[str]:
        """Other vessel plans of this case, then those of files."""
        return [*(name for name in self.work.plans() if name != self.work.name), *self._files]

    def _chosen(self, index: int) -> None:
        entry = self._entries[index]
        if entry == FROM_FILE:
            self._ask_file()
        elif entry == NONE:
            if self.work.plan is not None and self.asked is not None:
                self.work.keep(without_comparison(self.work.plan))
        else:
            self.compare(entry)
        self.work.changed.emit()

    def _ask_file(self) -> None:
        self.panel.open_file_asked.emit(tr("Choose the earlier study"), FILES, self.open_file)

    def open_file(self, path: Path) -> None:
        """Read another case or plan and compare with its vessel."""
        if path.resolve() == self.session.path.resolve():
            self.work.problems["growth"] = Note(
                tr("This is the case that is open"), tr("Choose its plans in the list.")
            )
            self.work.changed.emit()
            return
        self.work.problems.pop("growth", None)
        is_case = path.suffix.lower() == CASE_SUFFIX

        def work(progress: Progress, cancel: CancelToken) -> tuple[dict[str, Mapping[str, Any]], str]:
            return vessels_of_file(path), study_date(path) if is_case else ""

        self.session.jobs.submit(
            Job(
                key="earlier study",
                title=tr("Reading {name}", name=path.name),
                work=work,
                done=partial(self._opened, path),
                failed=self._failed,
                subject=self.session.label,
            )
        )

    def _opened(self, path: Path, found: tuple[dict[str, Mapping[str, Any]], str]) -> None:
        vessels, date = found
        labels = {f"{path.stem}: {name}": results for name, results in vessels.items()}
        self._files.update(labels)
        self._dates.update(dict.fromkeys(labels, date))
        # the vessel of the same name, else the first
        alike = f"{path.stem}: {self.work.name}"
        self.compare(alike if alike in labels else next(iter(labels)))

    def _failed(self, error: TheatrumError) -> None:
        self.work.problems["growth"] = note_of(error)
        self.work.changed.emit()

    def compare(self, entry: str) -> None:
        """Compare with a plan of this case or of a file that was read."""
        plan = self.work.plan
        before = self._files.get(entry)
        if before is None and entry in self.session.case.plans:
            before = self.session.case.plans[entry].results
        if plan is None or before is None:
            return
        self.work.problems.pop("growth", None)
        try:
            changed = with_comparison(plan, entry, before, self._years_since(entry))
        except TheatrumError as error:
            self._failed(error)
            return
        self.work.keep(changed)
        found = self.comparison
        if found is not None:
            self._fly(found["greatest_growth"]["position_mm"])
        self.work.changed.emit()

    def _years_since(self, entry: str) -> float | None:
        """From the dates of both scans; None where one is missing or they are of one day."""
        image = self.session.image
        dates = [self._dates.get(entry, ""), "" if image is None else image.study.get("study_date", "")]
        try:
            first, last = (datetime.strptime(date, "%Y%m%d") for date in dates)
        except ValueError:
            return None
        years = (last - first).days / DAYS_A_YEAR
        return years if LEAST_YEARS <= years <= MOST_YEARS else None

    def _years_entered(self, years: float) -> None:
        if self.work.plan is not None and self.asked is not None:
            self.work.keep(with_years(self.work.plan, years))

    # showing

    def refresh(self) -> None:
        """The choice, the growth, and both lumens at the section shown."""
        if self.work.results is None:
            return
        found, asked, is_stale = self.comparison, self.asked, self.work.is_dirty
        self._fill_box()
        self._years_row.setVisible(asked is not None)
        self.years.set_value(None if asked is None else asked["years"])
        self.years.setEnabled(not self.work.is_read_only)
        self._help.setText(
            ""
            if asked is not None
            else tr("Compare with another vessel plan of this case, or with an earlier study’s case file.")
        )
        self._help.setVisible(bool(self._help.text()))
        self.table.setVisible(found is not None)
        self.here.setVisible(found is not None)
        if found is None:
            self.great.set_text(tr("Greatest growth"), "–", stale=True)
        else:
            grown = found["greatest_growth"]
            note = "" if grown["is_certain"] else tr("Within the uncertainty")
            value, spread = grown["growth_mm"], grown["uncertainty_mm"]
            self.great.set_number(
                tr("Greatest growth"), value, "mm", spread, note=note, origin="automatic", stale=is_stale
            )
            self.table.set_rows(growth_rows(found), is_stale)
            self.here.set_rows(self._here_rows(found), is_stale)
        self.say(self._notes(found, asked))

    def _fill_box(self) -> None:
        asked = self.asked
        entries = [NONE, *self.choices()]
        if asked is not None and asked["with"] not in entries:
            entries.append(asked["with"])
        entries.append(FROM_FILE)
        if entries != self._entries:
            self._entries = entries
            self.box.clear()
            self.box.addItems([tr(one) for one in entries])
        self.box.setCurrentIndex(0 if asked is None else entries.index(asked["with"]))
        self.box.setEnabled(not self.work.is_read_only)

    def _here_rows(self, found: Mapping[str, Any]) -> list[TableRow]:
        station, row = self.panel.views.station, self._row_here(found)
        if station is None:
            return []
        reason = tr("The other study has no section here")
        both = [(None, "")] * 2 if row is None else [_widths(row["before"]), _widths(row["after"])]
        change = None if row is None else row["growth_mm"]
        spread = None if row is None else row["uncertainty_mm"]
        return [
            value_row("here", tr("Section at"), station["s_mm"], "mm", clickable=False),
            *(
                value_row(key, name, area, "mm", reason=reason, share=share, clickable=False)
                for key, name, (area, share) in (
                    ("here_before", tr("Before"), both[0]),
                    ("here_after", tr("Now"), both[1]),
                )
            ),
            value_row(
                "here_change",
                tr("Change"),
                change,
                "mm",
                reason=reason,
                meaning=_sure(),
                spread=spread,
                clickable=False,
            ),
        ]

    def _row_here(self, found: Mapping[str, Any]) -> Mapping[str, Any] | None:
        station = self.panel.views.station
        if station is None or not found["stations"]:
            return None
        row = min(found["stations"], key=lambda one: abs(one["s_mm"] - station["s_mm"]))
        near: Mapping[str, Any] | None = row if abs(row["s_mm"] - station["s_mm"]) <= 1.0 else None
        return near

    def _notes(self, found: Mapping[str, Any] | None, asked: Mapping[str, Any] | None) -> list[Note]:
        notes = []
        if "growth" in self.work.problems:
            notes.append(self.work.problems["growth"])
        if found is None:
            if asked is not None and self.work.results is not None:
                lost = [one for one in self.work.results["warnings"] if one["code"] == "comparison_lost"]
                notes += [Note(*split_sentences(one["text"])) for one in lost]
            return notes
        if not found["greatest_growth"]["is_certain"]:
            notes.append(
                Note(tr("No change that the measurement can tell"), tr("It lies within the uncertainty."), "ok")
            )
        notes += [Note(*split_sentences(one["text"])) for one in found["warnings"]]
        return notes

    def row_chosen(self, key: str) -> None:
        """Fly to where it grew or shrank most."""
        found = self.comparison
        if found is None or key not in ("greatest_growth", "greatest_shrinkage"):
            return
        self.table.set_selected(key)
        self._fly(found[key]["position_mm"])

    def _fly(self, place_mm: Any) -> None:
        vessel = self.panel.views.vessel
        if vessel is not None:
            self.panel.views.go_to(nearest_station(vessel.stations, place_mm))

    def actions(self) -> StepActions:
        """Choose a study, then the report."""
        hint = tr("← → station")
        if self.work.is_read_only:
            return StepActions(self.write_action, (), hint)
        blocked = self.panel.stale_words
        if self.asked is None:
            file = PanelAction("vessel_growth_file", tr("Choose a case"), self._ask_file, blocked=blocked, key="Enter")
            return StepActions(file, (), tr("Enter chooses"))
        other = PanelAction(
            "vessel_growth_file", tr("Another case"), self._ask_file, "folder-open", blocked=blocked, key="E"
        )
        return StepActions(self.write_action, (other,), hint)

    def items(self) -> list[PlanItem]:
        """Where it grew most."""
        found = self.comparison
        if found is None or not found["greatest_growth"]["is_certain"]:
            return []
        grown = found["greatest_growth"]
        return [
            PointItem(
                key="greatest_growth",
                position_mm=grown["position_mm"],
                color=PLANS["b"],
                label=f"{signed(grown['growth_mm'])} mm",
                movable=False,
                deep=True,
            )
        ]


def signed(value_mm: float) -> str:
    """A change with its sign."""
    return f"+{plain(value_mm, 'mm')}" if value_mm > 0 else plain(value_mm, "mm")


def growth_rows(found: Mapping[str, Any]) -> list[TableRow]:
    """What grew, what shrank, on the whole."""
    rows = []
    for key, name in (("greatest_growth", tr("Greatest growth")), ("greatest_shrinkage", tr("Least growth"))):
        one = found[key]
        words = "" if one["is_certain"] else tr(NOT_TOLD)
        rows.append(
            TableRow(
                key,
                name,
                signed(one["growth_mm"]),
                "mm",
                plain(one["uncertainty_mm"], "mm"),
                detail=tr(
                    "{before:.1f} → {after:.1f} mm at {place:.0f} mm",
                    before=one["before_mm"],
                    after=one["after_mm"],
                    place=one["s_mm"],
                ),
                status="" if one["is_certain"] else tr("within the ±"),
                reason=_sure() if not words else f"{words[0].upper()}{words[1:]}. {_sure()}",
            )
        )
    yearly = found["greatest_growth"]["per_year_mm"]
    spread = None if not found["years"] else found["greatest_growth"]["uncertainty_mm"] / found["years"]
    rows.append(
        value_row(
            "per_year",
            tr("Growth a year"),
            yearly,
            "mm",
            spread=spread,
            reason=tr("Give the years between the studies"),
            meaning=tr("Greatest growth over the years between"),
            clickable=False,
        )
    )
    rows.append(
        value_row(
            "mean_growth",
            tr("Mean growth"),
            found["mean_growth_mm"],
            "mm",
            meaning=tr("Of the area diameter over all places that both studies have"),
            clickable=False,
        )
    )
    change = found["length_after_mm"] - found["length_before_mm"]
    rows.append(
        value_row(
            "length_change",
            tr("Length, then now"),
            found["length_after_mm"],
            "mm",
            share=signed(change),
            clickable=False,
        )
    )
    return rows


def _widths(one: Mapping[str, float]) -> tuple[float | None, str]:
    """Area diameter, and least and greatest in words."""
    return one["area_diameter_mm"], local(f"{one['min_diameter_mm']:.1f}–{one['max_diameter_mm']:.1f}")
