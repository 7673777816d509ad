"""A vessel between two placed points: lumen along its centreline, its least and greatest place, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.jobs import Job
from app.pane_grid import Arrangement
from app.panels.base import Planner, PlanRow
from app.panels.drafts import keep_draft, kept_draft
from app.panels.notes import Note, note_of, show_notes, split_sentences
from app.panels.parts import (
    Callout,
    HeroNumber,
    NumberTable,
    PanelAction,
    PanelFrame,
    StepInfo,
    TableRow,
    number_row,
    page,
    paragraph,
)
from app.panels.placing import PointPlacer
from app.panels.rows import FieldRow, NameField
from app.panels.vessel_views import MeasuredVessel, VesselViews, nearest
from app.session import Session
from app.theme.tokens import PLANS
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import free_plan_name, vessel_record
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from planning.units import text_position, text_quantity
from viewers.overlay import PathItem, PlanItem, PointItem
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewState

NAMES = ("Two points", "Lumen")
ENDS, LUMEN = range(2)
POINTS = ("vessel_start", "vessel_end")
POINT_NAMES: Mapping[str, str] = {"vessel_start": "First point", "vessel_end": "Second point"}
POINT_HELP: Mapping[str, str] = {
    "vessel_start": "Click inside the vessel where it shall begin.",
    "vessel_end": "Click inside the same vessel where it shall end.",
}
POINT_LABELS: Mapping[str, str] = {"vessel_start": "A", "vessel_end": "B"}


class VesselPanel(Planner):
    """The guided panel of a vessel measurement."""

    module = "vessel"
    preset = "cta"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._step = ENDS
        self._name = ""
        self.placer = PointPlacer(session)
        self._dirty = False
        self._problem: Note | None = None
        self.views = VesselViews(session, "vessel_", self)
        self._shown_plan: PlanRecord | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.frame = PanelFrame()
        box.addWidget(self.frame)
        self.frame.step_chosen.connect(self.go_to)
        self.frame.back.connect(self.previous_step)
        self._make_pages()
        self._name_field = NameField("plan_name", "Name of the plan")
        self._name_row = FieldRow("Plan name", self._name_field, wide=True)
        self._name_row.setVisible(False)
        self.frame.add_above(self._name_row)
        self._name_field.entered.connect(self._rename)
        self._name_field.closed.connect(lambda: self._name_row.setVisible(False))
        self._menu = QMenu(self.frame)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.frame.set_menu(self._menu)
        session.view.changed.connect(self._on_view)
        plans = self._plans()
        self._take_plan(plans[0] if plans else "")
        if self.plan is not None:
            self._step = LUMEN
        elif not self._read_only:
            kept = (kept_draft(session.path, "vessel") or {}).get("points_mm", {})
            self.placer.begin({key: place for key, place in kept.items() if key in POINTS and len(place) == 3})
        self._show()

    def _make_pages(self) -> None:
        self._heroes = [HeroNumber() for _ in NAMES]
        self._tables = [NumberTable() for _ in NAMES]
        self._callouts = [[Callout(f"vessel_{step}_{n}") for n in range(2)] for step in range(len(NAMES))]
        self._help = paragraph("")
        self._here = NumberTable()
        self.frame.add_page(self._heroes[ENDS], page(self._help, self._tables[ENDS], *self._callouts[ENDS]))
        lumen = page(self._tables[LUMEN], self._here, *self._callouts[LUMEN])
        self.frame.add_page(self._heroes[LUMEN], lumen)
        self._tables[ENDS].row_clicked.connect(self._point_row)
        self._tables[LUMEN].row_clicked.connect(self._number_row)
        self.views.moved.connect(self._station_moved)
        self._callouts[ENDS][0].followed.connect(self._measured_points_again)

    # --- the plan -------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """The open step, from 0."""
        return self._step

    @property
    def plan(self) -> PlanRecord | None:
        """The plan shown, as the case has it."""
        return self.session.case.plans.get(self._name)

    @property
    def results(self) -> Mapping[str, Any] | None:
        """Its numbers."""
        return None if self.plan is None else self.plan.results

    @property
    def station(self) -> int:
        """The station that the panes show; −1 for none."""
        return self.views.at

    def _plans(self) -> list[str]:
        return [name for name, plan in self.session.case.plans.items() if plan.kind == "vessel"]

    def _take_plan(self, name: str) -> None:
        self._name = name or free_plan_name(self.session.case, "vessel")
        self._read_plan()

    def _read_plan(self) -> None:
        plan = self.plan
        self._shown_plan = plan
        self._dirty, self._problem = False, None
        if plan is None:
            self.views.show(None)
            return
        ends = (plan.inputs["from_mm"], plan.inputs["to_mm"])
        last = self.placer.last
        self.placer.begin(dict(zip(POINTS, ends)))
        self.placer.last = last
        keep_draft(self.session.path, "vessel", None)
        results = plan.results
        self.views.show(
            MeasuredVessel(
                "", results["centerline_mm"], results["stations"], results["length_mm"], results["minimum"]["s_mm"]
            )
        )

    def case_changed(self) -> None:
        """Undo, redo and other changes."""
        before, now = self._shown_plan, self.plan
        same = [] if before is None else [name for name in self._plans() if self._is_same(name, before)]
        if now is not before:
            if now is None and same:
                # it was renamed
                self._take_plan(same[0])
            elif now is None:
                self.placer.points.pop(self.placer.last or POINTS[-1], None)
                self._read_plan()
                plans = self._plans()
                if plans:
                    self._take_plan(plans[0])
                else:
                    self._step = ENDS
                    self._straighten()
                    if self.isVisible():
                        self.placer.ask(*POINTS)
            else:
                self._read_plan()
                if self._step == LUMEN:
                    self.views.look()
            self.scene_changed.emit()
        self._show()

    def _is_same(self, name: str, plan: PlanRecord) -> bool:
        other = self.session.case.plans[name]
        return other.created == plan.created and other.inputs == plan.inputs

    def drafted(self) -> str:
        """The first end before there are numbers, or all that differs from the plan's numbers."""
        if self._read_only:
            return ""
        if self.plan is not None:
            return "moved points" if self._dirty else ""
        return "point" if self.placer.points else ""

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        for state in self.session.jobs.active:
            if state.job.key == f"plan {self._name}":
                state.cancel.set()
        if self.plan is not None:
            self._measured_points_again()
            return
        self.placer.take_last()
        self._keep_draft()
        self._problem, self._dirty = None, False
        if self._step == ENDS:
            self.placer.ask(*POINTS)
        self._show()
        self.scene_changed.emit()

    def _keep_draft(self) -> None:
        if self._read_only or self.plan is not None:
            return
        keys = list(self.placer.points)
        draft = {"points_mm": dict(zip(keys, self.placer.places(keys)))} if keys else None
        keep_draft(self.session.path, "vessel", draft)

    # --- points ---------------------------------------------------------------------------------------------------

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click put an end down; the second one measures."""
        if key not in POINTS or self._read_only:
            return
        self.placer.put(key, position_mm)
        self._keep_draft()
        self._points_changed(finished=True)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """An end follows the hand; the lumen is measured on release."""
        if key not in self.placer.points or self._read_only:
            return
        self.placer.points[key] = np.asarray(position_mm, dtype=np.float64)
        self._keep_draft()
        self._points_changed(finished)

    def reset_point(self, key: str) -> None:
        """Take an end away and ask for it again."""
        if key not in self.placer.points or self._read_only:
            return
        del self.placer.points[key]
        self._dirty = self.plan is not None
        self._step = ENDS
        self._straighten()
        self.placer.ask(*POINTS)
        self._show()
        self.scene_changed.emit()

    def _points_changed(self, finished: bool) -> None:
        self._dirty, self._problem = True, None
        if finished and len(self.placer.points) == len(POINTS):
            self._measure()
        self._show()
        self.scene_changed.emit()

    @property
    def _read_only(self) -> bool:
        return self.placer.is_read_only

    def _start_over(self) -> None:
        self.placer.begin({})
        self._keep_draft()
        self._problem = None
        self._dirty = self.plan is not None
        self.placer.ask(*POINTS)
        self._show()
        self.scene_changed.emit()

    def _measured_points_again(self) -> None:
        self.placer.stop()
        self._read_plan()
        self._show()
        self.scene_changed.emit()

    def _measure(self) -> None:
        document, name = self.session.document, self._name
        start, end = self.placer.places(POINTS)

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return vessel_record(document, name, start, end, source="workstation", progress=progress, cancel=cancel)

        def still_wanted() -> bool:
            has_both = self.placer.has(POINTS)
            return self._name == name and has_both and self.placer.places(POINTS) == [start, end]

        self.session.jobs.submit(
            Job(
                key=f"plan {name}",
                title="Measuring the vessel",
                work=work,
                done=self._measured,
                failed=self._not_measured,
                still_wanted=still_wanted,
                subject=self.session.label,
            )
        )

    def _measured(self, record: PlanRecord) -> None:
        self._dirty, self._problem = False, None
        self.session.do(SetPlan(record))

    def _not_measured(self, error: TheatrumError) -> None:
        self._problem = note_of(error)
        self._show()
        self.scene_changed.emit()

    # --- stations -------------------------------------------------------------------------------------------------

    def go_to_station(self, index: int) -> None:
        """Show the section of a station in the panes."""
        self.views.go_to(index)

    def _station_moved(self) -> None:
        self._show()
        self.scene_changed.emit()

    def arrangement(self) -> Arrangement | None:
        """Section, 3D, strip and chart once there is a lumen; slices while points are placed."""
        return self.views.arrangement() if self._step == LUMEN and self.results is not None else None

    def panes(self) -> Mapping[str, PlanPane]:
        """Strip and chart."""
        return self.views.panes() if self.results is not None else {}

    def _number_row(self, key: str) -> None:
        results = self.results
        if results is None or key not in ("minimum", "maximum"):
            return
        self._tables[LUMEN].set_selected(key)
        self.go_to_station(nearest(results["stations"], results[key]["s_mm"]))

    def _point_row(self, key: str) -> None:
        if key not in self.placer.points:
            if not self._read_only:
                self.placer.ask_from(key, POINTS)
            return
        self.session.view.set(selected_point=key)
        self.fly_asked.emit(self.placer.points[key])

    # --- steps ----------------------------------------------------------------------------------------------------

    def entered(self) -> None:
        """Ask for points, or show the narrowest section."""
        self._enter_step()
        self._show()
        self.scene_changed.emit()

    def left(self) -> None:
        """Planes go straight again for the next place of work."""
        self.placer.stop()
        self._straighten()

    def go_to(self, step: int) -> None:
        """Open a step, as far as there are numbers for it."""
        if step == self._step or (step == LUMEN and self.results is None):
            return
        self.placer.stop()
        self._step = step
        self._enter_step()
        self._show()
        self.scene_changed.emit()

    def next_step(self) -> None:
        """Ctrl+PgDn."""
        self.go_to(min(self._step + 1, LUMEN))

    def previous_step(self) -> None:
        """Ctrl+PgUp, Back."""
        self.go_to(max(self._step - 1, ENDS))

    def accept(self) -> None:
        """The main action, unless something is missing."""
        main, _ = self._actions()
        if not main.blocked:
            main.run()

    def edit(self) -> None:
        """Move the ends."""
        self.go_to(ENDS)

    def _accept_ends(self) -> None:
        self.go_to(LUMEN)
        self.frame.focus_main()

    def _enter_step(self) -> None:
        if self._step == ENDS:
            self._straighten()
            if not self.placer.has(POINTS):
                self.placer.ask(*POINTS)
        elif self.results is not None:
            self.views.look()

    def _straighten(self) -> None:
        if self.session.view.state.frame_name == "vessel":
            self.session.view.straighten()

    def _actions(self) -> tuple[PanelAction, tuple[PanelAction, ...]]:
        if self._step == LUMEN:
            write = PanelAction(
                "vessel_write_report", "Write report", partial(self.module_asked.emit, "report"), key="Enter"
            )
            move = PanelAction("vessel_move_ends", "Move ends", partial(self.go_to, ENDS), "waypoints", key="E")
            new = PanelAction("vessel_new", "Another vessel", partial(self._open_plan, ""), "plus")
            return write, () if self._read_only else (move, new)
        missing = self.placer.missing(POINTS)
        blocked = f"Place the {POINT_NAMES[missing[0]].lower()}" if missing else ""
        if missing and self._read_only:
            blocked = "This case is open to read"
        elif not missing and self._problem is not None:
            blocked = self._problem.title
        elif not missing and self._dirty:
            blocked = "Wait for the new numbers"
        over = PanelAction("vessel_start_over", "Start over", self._start_over, "rotate-ccw")
        accept = PanelAction("vessel_accept", "Accept ends", self._accept_ends, blocked=blocked, key="Enter")
        return accept, (over,) if self.placer.points and not self._read_only else ()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.placing, old.tool, old.selected_point) != (new.placing, new.tool, new.selected_point):
            self._show()

    # --- showing --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self.frame.set_title(self._title())
        lumen = text_quantity(self.results["minimum"]["min_diameter_mm"], "mm") if self.results is not None else ""
        is_placed = len(self.placer.points) == len(POINTS)
        self.frame.set_steps(
            [
                StepInfo(NAMES[ENDS], "2 points" if is_placed else "", self._step > ENDS),
                StepInfo(NAMES[LUMEN], lumen, False, self.results is not None),
            ],
            self._step,
        )
        if self._step == ENDS:
            self._show_ends()
        else:
            self._show_lumen()
        self.frame.show_page(self._step)
        main, others = self._actions()
        placing = self.session.view.state.tool == "place"
        hint = (
            "Click places · Esc stops"
            if placing
            else "Enter accepts"
            if self._step == ENDS
            else "← → station · E moves"
        )
        self.frame.set_actions(main, others, hint, "Back" if self._step else "")

    def _title(self) -> str:
        return "Vessel plan" + self._name.removeprefix("vessel") if self._name.startswith("vessel") else self._name

    def _fill_menu(self) -> None:
        can_change = self.plan is not None and not self._read_only
        menu = self._menu
        menu.clear()
        group = QActionGroup(menu)
        for name in self._plans():
            action = QAction(name, menu, checkable=True, checked=name == self._name)
            action.triggered.connect(partial(self._open_plan, name))
            group.addAction(action)
            menu.addAction(action)
        if self._plans():
            menu.addSeparator()
        for identifier, text, run in (
            ("new_plan", "New vessel plan", partial(self._open_plan, "")),
            ("rename_plan", "Rename plan", self.ask_name),
            ("delete_plan", "Delete this plan", self._delete_plan),
        ):
            action = QAction(text, menu, objectName=identifier, enabled=can_change)
            action.triggered.connect(lambda _=False, run=run: run())
            menu.addAction(action)

    def ask_name(self) -> None:
        """Type another name for the plan."""
        self._name_row.setVisible(True)
        self._name_field.start(self._name)
        self._name_field.setFocus()

    def _rename(self, name: str) -> None:
        self._name_row.setVisible(False)
        if name in self.session.case.plans:
            self.session.said.emit(f"There is a plan {name} already")
            return
        before, self._name = self._name, name
        if not self.session.do(RenamePlan(before, name)):
            self._name = before
        self._show()

    def _open_plan(self, name: str, checked: bool = False) -> None:
        self.placer.stop()
        self.placer.begin({})
        self._take_plan(name)
        self._step = LUMEN if self.plan is not None else ENDS
        self._enter_step()
        self._show()
        self.scene_changed.emit()

    def _delete_plan(self) -> None:
        if self.plan is not None and self.session.do(RemovePlan(self._name)):
            self.session.said.emit("Vessel plan deleted")

    def _show_ends(self) -> None:
        placing = self.session.view.state.placing if self.session.view.state.tool == "place" else ""
        self._heroes[ENDS].set_text(
            "Points placed", f"{len(self.placer.points)} of 2", "points", stale=len(self.placer.points) < 2
        )
        self._help.setText(POINT_HELP.get(placing, "Drag a point to move it, or select it and use the arrow keys."))
        rows = []
        for key in POINTS:
            place = self.placer.points.get(key)
            status = "click in the image" if key == placing else "by hand" if place is not None else "not placed"
            detail = "" if place is None else text_position(place)
            rows.append(TableRow(key, POINT_NAMES[key], "", swatch=PLANS["a"], detail=detail, status=status))
        self._tables[ENDS].set_rows(rows)
        self._tables[ENDS].set_selected(placing or self.session.view.state.selected_point)
        note = self._problem
        if note is not None and self.plan is not None:
            note = Note(note.title, note.text, note.state, "Undo move")
        show_notes(self._callouts[ENDS], [note] if note is not None else [])

    def _show_lumen(self) -> None:
        results = self.results
        if results is None:
            return
        least, greatest = results["minimum"], results["maximum"]
        self._heroes[LUMEN].set_number(
            "Least diameter", least["min_diameter_mm"], "mm", origin="automatic", stale=self._dirty
        )
        self._tables[LUMEN].set_rows(
            [
                _placed_row("minimum", "Least diameter", least["min_diameter_mm"], least["s_mm"]),
                _placed_row("maximum", "Greatest diameter", greatest["max_diameter_mm"], greatest["s_mm"]),
                number_row("length", "Length", results["length_mm"], "mm", clickable=False),
                number_row("chord", "Straight distance", results["chord_mm"], "mm", clickable=False),
                number_row("tortuosity", "Tortuosity", results["tortuosity"], clickable=False),
            ],
            self._dirty,
        )
        self._here.set_rows(self._station_rows(results), self._dirty)
        show_notes(self._callouts[LUMEN], [Note(*split_sentences(finding["text"])) for finding in results["warnings"]])

    def _station_rows(self, results: Mapping[str, Any]) -> list[TableRow]:
        station = self.views.station
        if station is None:
            return []
        reason = "The lumen is not closed here: branch or edge of the scan"
        rows = [
            number_row("here", "Section at", station["s_mm"], "mm", clickable=False),
            number_row("here_least", "Least", station["min_diameter_mm"], "mm", reason=reason, clickable=False),
            number_row("here_greatest", "Greatest", station["max_diameter_mm"], "mm", reason=reason, clickable=False),
            number_row("here_area", "Area", station["area_mm2"], "mm²", reason=reason, clickable=False),
        ]
        if station["calcium_arc_deg"] is not None:
            rows.append(number_row("here_calcium", "Calcium arc", station["calcium_arc_deg"], "°", clickable=False))
        return rows

    # --- what is drawn --------------------------------------------------------------------------------------------

    def items(self) -> tuple[PlanItem, ...]:
        """Centreline, the shown section's contour, both ends."""
        drawn: list[PlanItem] = []
        results = self.results
        if results is not None and not self._dirty:
            line = np.asarray(results["centerline_mm"], dtype=np.float64)
            drawn.append(PathItem(key="centerline", points_mm=line, color=PLANS["a"]))
            if self._step == LUMEN:
                drawn += self.views.section_items()
        drawn += [
            PointItem(
                key=key, position_mm=place, color=PLANS["a"], label=POINT_LABELS[key], movable=not self._read_only
            )
            for key, place in self.placer.points.items()
            if "vessel_ends" not in self.session.view.state.hidden
        ]
        return tuple(drawn)

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """Centreline, section and ends for the structures panel."""
        listed = []
        results = self.results
        if results is not None:
            length = text_quantity(results["length_mm"], "mm")
            listed.append(PlanRow("centerline", "Centreline", PLANS["a"], length))
            listed.append(PlanRow("section", "Section", PLANS["a"]))
        if self.placer.points:
            listed.append(PlanRow("vessel_ends", "Ends", PLANS["a"], str(len(self.placer.points))))
        return "Vessel", tuple(listed)


def _placed_row(key: str, name: str, value: float, s_mm: float) -> TableRow:
    row = number_row(key, name, value, "mm")
    return TableRow(row.key, row.name, row.value, row.unit, share=f"at {s_mm:.0f}\u202fmm")
