"""A vessel step by step: its ends, its lumen, its branches, an aneurysm of it, and what grew since another study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget

from app.i18n import text_quantity, tr
from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.guide import GuidedPlanner
from app.panels.plan_head import PlanHead, ShownPlans
from app.panels.standing import AGAIN, READ_ONLY, StandingWords, standing_words
from app.panels.vessel_views import MeasuredVessel, VesselViews
from app.panels.vessels.names import ENDS, GROWTH, LUMEN, POINT_LABELS, POINTS
from app.panels.vessels.step import VesselStep
from app.panels.vessels.step_aneurysm import AneurysmStep
from app.panels.vessels.step_branches import BranchesStep, branch_items, branch_rows
from app.panels.vessels.step_ends import EndsStep
from app.panels.vessels.step_growth import GrowthStep
from app.panels.vessels.step_lumen import LumenStep
from app.panels.vessels.work import VesselWork
from app.session import Session
from app.theme.tokens import DARK, PLANS
from planning.case.model import PlanRecord
from planning.case.standing import standing_of
from planning.case.vessel_plans import measured_anew
from planning.geometry import FloatArray
from planning.vessel.edits import edits_of
from viewers.overlay import PathItem, PlanItem, PointItem
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewState


class VesselPanel(GuidedPlanner):
    """The guided panel of a vessel measurement."""

    module = "vessel"
    preset = "cta"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.work = VesselWork(session, self)
        self.views = VesselViews(session, "vessel_", self)
        # the branch that section, strip and chart show; None: the plan's own vessel
        self.part: int | None = None
        self._shown: tuple[int | None, Any] | None = None
        self.branches, self.aneurysm, self.growth = BranchesStep(self), AneurysmStep(self), GrowthStep(self)
        self.ends = EndsStep(self)
        self.start_steps((self.ends, LumenStep(self), self.branches, self.aneurysm, self.growth))
        self.head = PlanHead(self.frame, "vessel", self._plans_shown, self)
        self.head.opened.connect(self.open_plan)
        self.head.renamed.connect(self.work.rename)
        self.head.deleted.connect(self._delete_plan)
        self.work.changed.connect(self._changed)
        self.work.taken.connect(self._take)
        self.views.moved.connect(self._changed)
        session.view.changed.connect(self._on_view)
        self._take()
        if self.plan is not None:
            self._start_at(LUMEN)
        self._changed()

    # what the plan is

    @property
    def plan(self) -> PlanRecord | None:
        """The plan shown, as the case has it."""
        return self.work.plan

    @property
    def results(self) -> Mapping[str, Any] | None:
        """Its numbers."""
        return self.work.results

    @property
    def open_step(self) -> VesselStep:
        """The open step."""
        step = self.step
        assert isinstance(step, VesselStep)
        return step

    @property
    def station(self) -> int:
        """The station that the panes show; −1 for none."""
        return self.views.at

    def standing_words(self) -> StandingWords | None:
        """Of the plan's stored numbers, where another version measured them or its structure changed."""
        if self.plan is None or self.work.is_dirty:
            return None
        busy = tr("Wait for the new numbers") if self.work.is_busy else ""
        blocked = READ_ONLY if self.work.is_read_only else busy
        return standing_words(standing_of(self.session.case, self.plan), (), link=AGAIN, blocked=blocked)

    def take_new_numbers(self) -> None:
        """The vessel and its branches are measured again."""
        document = self.session.document
        self.work.beside(
            "ends",
            tr("Measuring the vessel again"),
            lambda plan, progress, cancel: measured_anew(document, plan, progress=progress, cancel=cancel),
        )

    @property
    def stale_words(self) -> str:
        """Why nothing beside the lumen can be asked now, "" when it can."""
        return tr("Wait for the new numbers") if self.work.is_dirty else ""

    def _start_at(self, number: int) -> None:
        self.where.current = number
        self.where.accepted = {ENDS} if number > ENDS else set()
        self.frame.show_page(number)

    def choose_plan(self, name: str) -> None:
        """Open another plan."""
        self.open_plan(name)

    def open_plan(self, name: str) -> None:
        """Another plan, "" for a new one."""
        self.open_step.left()
        self.work.open(name)
        self._start_at(LUMEN if self.plan is not None else ENDS)
        self.open_step.entered()
        self._changed()

    def _delete_plan(self) -> None:
        if self.work.delete():
            self.session.said.emit(tr("Vessel plan deleted"))

    def _plans_shown(self) -> ShownPlans:
        can_change = self.plan is not None and not self.work.is_read_only
        return ShownPlans(tuple(self.work.plans()), self.work.name, can_change)

    def case_changed(self) -> None:
        """Undo, redo and other changes."""
        if not self.work.case_changed():
            self.refresh()
            return
        if self.plan is None:
            self.straighten()
            if self.where.current != ENDS:
                self._start_at(ENDS)
            if self.isVisible():
                self.work.placer.ask(*POINTS)
        elif self.where.current != ENDS:
            self.views.look()
        self._changed()

    def _take(self) -> None:
        """Another plan or other numbers: the part that was shown stays where it can."""
        known = {row["id"] for row in self.branches.branches}
        self.show_part(self.part if self.part in known else None)

    # points

    def drafted(self) -> str:
        """The first end before there are numbers, or all that differs from the plan's numbers."""
        return self.work.drafted()

    def unkept(self) -> str:
        """Points that were moved and have no numbers yet."""
        return self.work.unkept()

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        self.work.take_back()
        if self.plan is None and self.where.current == ENDS:
            self.work.placer.ask(*POINTS)
        self._changed()

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click put a point down."""
        if not self.open_step.point_placed(key, position_mm):
            self.ends.point_placed(key, position_mm)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        if self.open_step.point_moved(key, position_mm, finished) or self.ends.point_moved(key, position_mm, finished):
            return
        if key in self.work.placer.points and not self.work.is_read_only:
            self.work.move(key, position_mm, finished)

    def reset_point(self, key: str) -> None:
        """Take an end away and ask for it again, or what the step has of its own back."""
        if self.open_step.point_reset(key) or self.ends.point_reset(key) or not self.work.reset(key):
            return
        self.straighten()
        self._start_at(ENDS)
        self.work.placer.ask(*POINTS)
        self._changed()

    # views

    def show_part(self, number: int | None) -> None:
        """A branch in section, strip and chart, or the vessel itself; a branch without sections leaves them as they are."""
        self.part = number
        results = self.results
        if results is None:
            self._shown = None
            self.views.show(None)
            return
        row = next((row for row in self.branches.branches if row["id"] == number), None)
        if row is None:
            self._show_vessel(None, "", results, "")
        elif row["measured"] is not None:
            self._show_vessel(number, row["name"], row["measured"], "fork")

    def _show_vessel(self, part: int | None, name: str, numbers: Mapping[str, Any], begins: str) -> None:
        at, before = self.views.at, self._shown
        self._shown = part, numbers["centerline_mm"]
        least = numbers["minimum"]["s_mm"]
        vessel = MeasuredVessel(
            name,
            numbers["centerline_mm"],
            numbers["stations"],
            numbers["length_mm"],
            least,
            begins=begins,
            edits=edits_of(self.plan.inputs.get("lumen_edits")) if part is None and self.plan is not None else (),
            can_edit=part is None and not self.work.is_read_only,
        )
        self.views.show(vessel)
        is_same = before is not None and before[0] == part and before[1] == numbers["centerline_mm"]
        if is_same and 0 <= at < len(numbers["stations"]):
            # other numbers of the same sections: the hand's place stays
            self.views.stand_at(at)

    def looked_at_mm(self) -> npt.ArrayLike:
        """The measured vessel."""
        return () if self.results is None else self.results["centerline_mm"]

    def look_at_plane(self) -> bool:
        """The section at the station."""
        if self.results is None or self.views.station is None:
            return False
        self.views.look()
        return True

    def straighten(self) -> None:
        """The slices stand straight again."""
        if self.session.view.state.frame_name == "vessel":
            self.session.view.straighten()

    def arrangement(self) -> Arrangement | None:
        """The open step's panes."""
        return self.open_step.arrangement() if self.results is not None else None

    def panes(self) -> Mapping[str, PlanPane]:
        """Strip and chart."""
        return self.views.panes() if self.results is not None else {}

    def go_to_station(self, index: int) -> None:
        """Show the section of a station in the panes."""
        self.views.go_to(index)

    def go_to(self, number: int) -> None:
        """Open a step; only the last one shows the other study."""
        super().go_to(number)
        self._show_before()

    def left(self) -> None:
        """Planes go straight again for the next place of work."""
        super().left()
        self.work.placer.stop()
        self.straighten()

    def entered(self) -> None:
        """Ask for points, or show the section."""
        super().entered()
        self.scene_changed.emit()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.placing, old.tool, old.selected_point) != (new.placing, new.tool, new.selected_point):
            self.refresh()
            if old.placing != new.placing:
                self.scene_changed.emit()
        if old.selected != new.selected and new.selected.startswith("branch_"):
            self._select(new.selected)

    def _select(self, key: str) -> None:
        """A branch was chosen in the structures panel."""
        number = int(key.removeprefix("branch_"))
        if self.isVisible() and any(row["id"] == number for row in self.branches.branches):
            self.go_to(self.steps.index(self.branches))
            self.branches.choose(number)

    def _changed(self) -> None:
        self.frame.set_title(self.head.title(self.work.name))
        self._show_before()
        self.refresh()
        self.scene_changed.emit()

    def _show_before(self) -> None:
        """The other study's lumen in the chart, in the step that compares."""
        found = self.growth.comparison
        rows = found["stations"] if found is not None and self.where.current == GROWTH else ()
        self.views.chart.chart.set_before(rows)

    # drawing

    def items(self) -> tuple[PlanItem, ...]:
        """Centreline, branches, the shown section's contour, what the step adds, both ends."""
        drawn: list[PlanItem] = []
        results, hidden = self.results, self.session.view.state.hidden
        if results is not None and not self.work.is_dirty:
            line = np.asarray(results["centerline_mm"], dtype=np.float64)
            color = PLANS["a"] if self.part is None else DARK["t3"]
            drawn.append(PathItem(key="centerline", points_mm=line, color=color))
            drawn += branch_items(self.branches.branches, self.part, hidden)
            if self.where.current != ENDS:
                drawn += self.views.section_items()
                drawn += self.open_step.items()
        if "vessel_ends" not in hidden:
            drawn += self.ends.via_items()
            drawn += [
                PointItem(
                    key=key,
                    position_mm=self.work.placer.points[key],
                    color=PLANS["a"],
                    label=POINT_LABELS[key],
                    movable=not self.work.is_read_only,
                )
                for key in POINTS
                if key in self.work.placer.points
            ]
        return tuple(drawn)

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """Centreline, section, ends and branches for the structures panel."""
        listed = []
        results = self.results
        if results is not None:
            length = text_quantity(results["length_mm"], "mm")
            ink = PLANS["a"] if self.part is None else DARK["t3"]
            listed.append(PlanRow("centerline", tr("Centreline"), ink, length))
            listed.append(PlanRow("section", tr("Section"), PLANS["a"]))
        if self.work.placer.points:
            listed.append(PlanRow("vessel_ends", tr("Ends"), PLANS["a"], str(len(self.work.placer.points))))
        return tr("Vessel"), (*listed, *branch_rows(self.branches.branches, self.part), *self.open_step.rows())
