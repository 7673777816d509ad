"""Step 3: the branches of the vessel: found, named, measured when chosen, added at a click, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import mark, text_position, text_quantity, tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import FieldRow, Heading, NameField
from app.panels.vessel_views import nearest
from app.panels.vessels.names import BRANCH_END, BRANCHES
from app.panels.vessels.step import VesselStep, value_row
from app.theme.tokens import DARK, PLANS
from planning.case.vessel_plans import (
    with_branch_name,
    with_branch_to,
    with_branches_measured,
    with_tree,
    without_branch,
)
from planning.geometry import FloatArray
from planning.vessel.branches import others
from viewers.keys import key_hint, keys_line
from viewers.overlay import PathItem, PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel

MAIN = "main"
MEASURED = mark("Least diameter, steadied along the vessel, and length")
ROUGH = mark("Half-level estimate; choose the branch to measure its sections")
UNKNOWN = mark("Choose the branch to measure its sections")
LENGTH_MEANING = mark("From the middle of the vessel that it leaves, along the smoothed line")
Row = Mapping[str, Any]


class BranchesStep(VesselStep):
    """What leaves the vessel."""

    number = BRANCHES

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        self._help = paragraph("")
        self.heading = Heading("", "vessel_remove_branch", tr("Remove"))
        self.heading.followed.connect(self._remove)
        self.name_field = NameField("branch_name", tr("Name of the branch"))
        self.name_field.entered.connect(self._rename)
        self._name_row = FieldRow(tr("Name"), self.name_field, wide=True)
        self.detail = NumberTable(definitions.VESSEL_BRANCH)
        self.detail.row_clicked.connect(self._detail_chosen)
        self.body = page(self._help, self.table, self.heading, self._name_row, self.detail, *self.callouts)

    @property
    def branches(self) -> list[Row]:
        """The branches beside the plan's own vessel."""
        results = self.work.results
        return [] if results is None else others(results.get("tree"))

    @property
    def chosen(self) -> Row | None:
        """The branch that is shown, None for the vessel itself."""
        return next((row for row in self.branches if row["id"] == self.panel.part), None)

    @property
    def is_looked_for(self) -> bool:
        """True once branches were looked for or one was added."""
        results = self.work.results
        return results is not None and results.get("tree") is not None

    def result(self) -> str:
        """How many."""
        count = len(self.branches)
        return (
            ""
            if not self.is_looked_for
            else tr("{count} branch", count=count)
            if count == 1
            else tr("{count} branches", count=count)
        )

    def entered(self) -> None:
        """The part that was chosen last, or the vessel."""
        self.panel.show_part(self.panel.part)
        self.panel.views.look()

    def left(self) -> None:
        """Stop asking for a branch's end."""
        self.work.placer.stop()

    def arrangement(self) -> Arrangement | None:
        """Slices while a branch is clicked, else the chosen one in section, strip and chart."""
        return None if self.work.placer.asked == BRANCH_END else super().arrangement()

    # choosing

    def row_chosen(self, key: str) -> None:
        """Show the vessel or a branch; one that has no sections yet is measured."""
        self.choose(None if key == MAIN else int(key.removeprefix("branch_")))

    def choose(self, number: int | None) -> None:
        """Show a branch, None for the vessel itself."""
        self.panel.show_part(number)
        row = self.chosen
        if row is not None and row["measured"] is None:
            self.panel.fly_asked.emit(np.asarray(row["end_mm"], dtype=np.float64))
            if not row["reason"] and not self.work.is_busy:
                self._measure([row["id"]], tr("Measuring {name}", name=row["name"]))
        else:
            self.panel.views.look()
        self.work.changed.emit()

    def _detail_chosen(self, key: str) -> None:
        row = self.chosen
        if row is None:
            return
        measured = row["measured"]
        if key in ("branch_fork", "branch_end"):
            place = row["fork_mm"] if key == "branch_fork" else row["end_mm"]
            self.panel.fly_asked.emit(np.asarray(place, dtype=np.float64))
        elif measured is not None and key in ("minimum", "maximum"):
            self.panel.views.go_to(nearest(measured["stations"], measured[key]["s_mm"]))

    # changing

    def _find(self) -> None:
        document = self.session.document
        self.work.beside(
            "branches",
            tr("Finding branches"),
            lambda plan, told, cancel: with_tree(document, plan, progress=told, cancel=cancel),
        )

    def _measure(self, numbers: list[int], title: str) -> None:
        document = self.session.document
        self.work.beside(
            "branches",
            title,
            lambda plan, told, cancel: with_branches_measured(document, plan, numbers, progress=told, cancel=cancel),
        )

    def _ask(self) -> None:
        self.panel.straighten()
        self.work.placer.ask(BRANCH_END)
        self.work.changed.emit()

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """A click in a branch: it is followed there and measured."""
        if key != BRANCH_END:
            return False
        self.work.placer.stop()
        document = self.session.document
        self.work.beside(
            "branches",
            tr("Following the branch"),
            lambda plan, told, cancel: with_branch_to(document, plan, position_mm, progress=told, cancel=cancel),
        )
        return True

    def _rename(self, name: str) -> None:
        plan, row = self.work.plan, self.chosen
        if plan is not None and row is not None:
            self.work.keep(with_branch_name(plan, row["id"], name))

    def _remove(self) -> None:
        plan, row = self.work.plan, self.chosen
        if plan is None or row is None:
            return
        self.panel.show_part(None)
        self.work.keep(without_branch(plan, row["id"]))
        self.session.said.emit(tr("{name} removed", name=row["name"]))

    # showing

    def refresh(self) -> None:
        """The vessel and its branches, and the chosen one's numbers."""
        results, rows = self.work.results, self.branches
        if results is None:
            return
        is_stale, chosen = self.work.is_dirty, self.chosen
        if chosen is None:
            self.great.set_text(tr("Branches"), str(len(rows)) if self.is_looked_for else "–", origin=self._origin())
        else:
            self._show_great(chosen)
        asked = self.work.placer.asked == BRANCH_END
        self._help.setText(tr("Click inside the branch where it shall end.") if asked else self._words())
        self._help.setVisible(bool(self._help.text()))
        least = results["minimum"]["min_diameter_mm"]
        ink = PLANS["a"] if chosen is None else DARK["t3"]
        listed = [_listed(MAIN, tr("This vessel"), results["length_mm"], least, ink, MEASURED, is_rough=False)]
        for row in rows:
            measured = row["measured"]
            width = row["mean_diameter_mm"] if measured is None else measured["minimum"]["min_diameter_mm"]
            color = PLANS["a"] if row is chosen else DARK["t3"]
            tip = row["reason"] or (ROUGH if measured is None else MEASURED)
            listed.append(
                _listed(
                    f"branch_{row['id']}", row["name"], row["length_mm"], width, color, tip, is_rough=measured is None
                )
            )
        self.table.set_rows(listed, is_stale)
        self.table.set_selected(MAIN if chosen is None else f"branch_{chosen['id']}")
        for widget in (self.heading, self._name_row, self.detail):
            widget.setVisible(chosen is not None)
        if chosen is not None:
            self.heading.text.setText(chosen["name"])
            self.heading.set_link("" if self.work.is_read_only else tr("Remove"))
            self.name_field.setEnabled(not self.work.is_read_only)
            if not self.name_field.isModified():
                self.name_field.start(chosen["name"])
                self.name_field.deselect()
            self.detail.set_rows(self._detail_rows(chosen), is_stale)
        self.say(self._notes(results))

    def _show_great(self, row: Row) -> None:
        measured = row["measured"]
        if measured is None:
            self.great.set_number(
                tr("{name}, about", name=row["name"]), row["mean_diameter_mm"], "mm", note=tr("Half level"), stale=True
            )
            return
        origin = "edited" if row["source"] == "by hand" else "automatic"
        value = measured["minimum"]["min_diameter_mm"]
        self.great.set_number(
            tr("{name}, least", name=row["name"]), value, "mm", origin=origin, stale=self.work.is_dirty
        )

    def _origin(self) -> str:
        return "" if not self.is_looked_for or any(row["source"] == "by hand" for row in self.branches) else "automatic"

    def _words(self) -> str:
        if self.work.is_busy:
            return tr("This can be stopped below.")
        if not self.is_looked_for:
            return tr(
                "The branches of this vessel are found from its lumen. Each can be renamed, removed "
                "or added by a click."
            )
        return ""

    def _detail_rows(self, row: Row) -> list[TableRow]:
        measured = row["measured"]
        reason = row["reason"] or tr("Not measured yet")
        parent = next((other["name"] for other in self.branches if other["id"] == row["parent"]), tr("this vessel"))
        found = [
            value_row(
                key,
                name,
                None if measured is None else measured[key][width],
                "mm",
                reason=reason,
                detail="" if measured is None else tr("at {place:.0f}\u202fmm", place=measured[key]["s_mm"]),
                spread=None if measured is None else measured[key].get("uncertainty_mm"),
            )
            for key, name, width in (
                ("minimum", tr("Least diameter", "in a row"), "min_diameter_mm"),
                ("maximum", tr("Greatest diameter", "in a row"), "max_diameter_mm"),
            )
        ]
        found.append(
            value_row("branch_length", tr("Length"), row["length_mm"], "mm", meaning=LENGTH_MEANING, clickable=False)
        )
        if measured is not None:
            found.append(value_row("branch_tortuosity", tr("Tortuosity"), measured["tortuosity"], "", clickable=False))
        found.append(
            TableRow(
                "branch_fork",
                tr("Leaves {parent}", parent=parent),
                "",
                detail=text_position(row["fork_mm"]),
                status=" ",
            )
        )
        found.append(TableRow("branch_end", tr("Ends"), "", detail=text_position(row["end_mm"]), status=" "))
        return found

    def _notes(self, results: Mapping[str, Any]) -> list[Note]:
        notes = []
        if "branches" in self.work.problems:
            notes.append(self.work.problems["branches"])
        chosen = self.chosen
        if chosen is not None and chosen["reason"]:
            notes.append(Note(tr("{name} has no sections", name=chosen["name"]), f"{chosen['reason']}."))
        if chosen is not None and chosen["measured"] is not None:
            notes += [Note(*split_sentences(one["text"])) for one in chosen["measured"]["warnings"]]
        tree = results.get("tree")
        if tree is not None:
            notes += [Note(*split_sentences(one["text"])) for one in tree["warnings"]]
        return notes

    def actions(self) -> StepActions:
        """Find or measure branches, add one, then the report."""
        if self.work.is_read_only:
            return StepActions(self.write_action, (), tr("← → station"))
        if self.work.is_busy:
            return StepActions(self.write_action, (self.stop_action,), "")
        add = PanelAction(
            "vessel_add_branch", tr("Add branch"), self._ask, "plus", blocked=self.panel.stale_words, key="E"
        )
        if not self.is_looked_for:
            blocked = self.panel.stale_words
            find = PanelAction("vessel_find_branches", tr("Find branches"), self._find, blocked=blocked, key="Enter")
            return StepActions(find, (add,), tr("Enter finds"))
        rest = [row["id"] for row in self.branches if row["measured"] is None and not row["reason"]]
        if rest:
            run = partial(self._measure, rest, tr("Measuring branches"))
            other = PanelAction(
                "vessel_measure_branches", tr("Measure all"), run, "ruler", blocked=self.panel.stale_words
            )
        else:
            other = PanelAction(
                "vessel_find_branches", tr("Find again"), self._find, "search", blocked=self.panel.stale_words
            )
        rest = keys_line(tr("← → station"), key_hint(tr("{key} adds"), "edit_step"))
        hint = tr("Click places · Esc stops") if self.work.placer.asked else rest
        return StepActions(self.write_action, (add, other), hint)

    # drawing

    def items(self) -> list[PlanItem]:
        """Names of the branches at their ends."""
        hidden = self.session.view.state.hidden
        return [
            PointItem(
                key=f"branch_end_{row['id']}",
                position_mm=np.asarray(row["end_mm"], dtype=np.float64),
                color=PLANS["a"] if row["id"] == self.panel.part else DARK["t2"],
                label=row["name"],
                movable=False,
                shape="small",
                deep=True,
            )
            for row in self.branches
            if f"branch_{row['id']}" not in hidden
        ]


def branch_items(rows: list[Row], part: int | None, hidden: frozenset[str]) -> list[PlanItem]:
    """The lines of the branches; the shown one in the plan's colour."""
    drawn: list[PlanItem] = []
    for row in rows:
        key = f"branch_{row['id']}"
        if key in hidden or len(row["centerline_mm"]) < 2:
            continue
        line = np.asarray(row["centerline_mm"], dtype=np.float64)
        color = PLANS["a"] if row["id"] == part else DARK["t3"]
        drawn.append(PathItem(key=key, points_mm=line, color=color))
    return drawn


def branch_rows(rows: list[Row], part: int | None) -> list[PlanRow]:
    """The branches for the structures panel."""
    return [
        PlanRow(
            f"branch_{row['id']}",
            row["name"],
            PLANS["a"] if row["id"] == part else DARK["t3"],
            text_quantity(row["mean_diameter_mm"], "mm")
            if row["measured"] is None
            else text_quantity(row["measured"]["minimum"]["min_diameter_mm"], "mm"),
        )
        for row in rows
    ]


def _listed(
    key: str, name: str, length_mm: float, width_mm: float | None, color: str, tip: str, *, is_rough: bool
) -> TableRow:
    """Least width, and the length in grey; a width that was not measured is about so much."""
    width = plain(width_mm, "mm")
    length = tr("{plain} mm long", plain=plain(length_mm, "mm", 0))
    if width_mm is None:
        return TableRow(key, name, width, share=length, swatch=color, reason=UNKNOWN)
    return TableRow(key, name, f"≈\u202f{width}" if is_rough else width, "mm", share=length, swatch=color, reason=tip)
