"""The vessel plan under the hand: its points, what is being measured, and what goes into the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.jobs import Job, JobState
from app.panels.base import as_list
from app.panels.drafts import keep_draft, kept_draft
from app.panels.notes import Note, note_of
from app.panels.placing import PointPlacer
from app.panels.vessels.names import POINTS
from app.panels.way_points import Places
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import free_plan_name
from planning.case.vessel_plans import automatic_ends, measured_again, with_lumen_edits
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress, part_of
from planning.vessel.edits import LumenEdit

Results = Mapping[str, Any]
Work = Callable[[Progress, CancelToken], PlanRecord]
ENDS_SHARE = 0.3


class VesselWork(QObject):
    """One vessel plan. `changed`: something that is shown differs; `taken`: another plan, or other numbers of it."""

    changed = Signal()
    taken = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.placer = PointPlacer(session)
        self.name = ""
        # where the way between the ends is led through
        self.via_mm: Places = []
        # points differ from those of the numbers
        self.is_dirty = False
        # by what was asked for: "ends", "branches", "growth"
        self.problems: dict[str, Note] = {}
        self._read: PlanRecord | None = None
        session.jobs.finished.connect(self._ended)
        plans = self.plans()
        self._take(plans[0] if plans else "")
        if self.plan is None and not self.is_read_only:
            kept = (kept_draft(session, "vessel") or {}).get("points_mm", {})
            self.placer.begin({key: place for key, place in kept.items() if key in POINTS and len(place) == 3})

    # what there is

    @property
    def plan(self) -> PlanRecord | None:
        """The plan shown, as the case has it."""
        return self.session.case.plans.get(self.name)

    @property
    def results(self) -> Results | None:
        """Its numbers."""
        return None if self.plan is None else self.plan.results

    @property
    def is_read_only(self) -> bool:
        """True where nothing may be changed."""
        return self.placer.is_read_only

    @property
    def is_busy(self) -> bool:
        """True while the vessel or something beside it is measured."""
        return any(state.job.key == self._key and not state.cancel.is_set for state in self.session.jobs.active)

    def plans(self) -> list[str]:
        """The case's vessel plans."""
        return [name for name, plan in self.session.case.plans.items() if plan.kind == "vessel"]

    @property
    def _key(self) -> str:
        return tr("plan {name}", name=self.name)

    # which plan

    def open(self, name: str) -> None:
        """Another plan, "" for a new one."""
        self.placer.stop()
        self.placer.begin({})
        self.via_mm = []
        self._take(name)

    def rename(self, name: str) -> None:
        """Another name for the plan."""
        if name in self.session.case.plans:
            self.session.said.emit(tr("There is a plan {name} already", name=name))
            return
        before, self.name = self.name, name
        if not self.session.do(RenamePlan(before, name)):
            self.name = before
        self.changed.emit()

    def delete(self) -> bool:
        """The plan leaves the case."""
        return self.plan is not None and self.session.do(RemovePlan(self.name))

    def case_changed(self) -> bool:
        """Undo, redo and other changes; True when the plan is another one or has other numbers."""
        before, now = self._read, self.plan
        if now is before:
            return False
        renamed = [] if before is None else [name for name in self.plans() if self._is_same(name, before)]
        if now is None and renamed:
            self._take(renamed[0])
        elif now is None:
            self.placer.points.pop(self.placer.last or POINTS[-1], None)
            self._read_plan()
            if self.plans():
                self._take(self.plans()[0])
        else:
            self._read_plan()
        return True

    def _is_same(self, name: str, plan: PlanRecord) -> bool:
        other = self.session.case.plans[name]
        return other.created == plan.created and other.inputs == plan.inputs

    def _take(self, name: str) -> None:
        self.name = name or free_plan_name(self.session.case, "vessel")
        self._read_plan()

    def _read_plan(self) -> None:
        plan = self._read = self.plan
        self.is_dirty = False
        self.problems.clear()
        if plan is not None:
            last = self.placer.last
            self.placer.begin(dict(zip(POINTS, (plan.inputs["from_mm"], plan.inputs["to_mm"]), strict=True)))
            self.via_mm = [list(place) for place in plan.inputs.get("via_mm") or ()]
            self.placer.last = last
            keep_draft(self.session, "vessel", None)
        self.taken.emit()

    # ends

    def place(self, key: str, position_mm: FloatArray) -> None:
        """A click put an end down; the second one measures."""
        self.placer.put(key, position_mm)
        self._points_changed(finished=True)

    def move(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """An end follows the hand; the lumen is measured on release."""
        self.placer.points[key] = np.asarray(position_mm, dtype=np.float64)
        self._points_changed(finished)

    def reset(self, key: str) -> bool:
        """Take an end away; False when there is none."""
        if key not in self.placer.points or self.is_read_only:
            return False
        del self.placer.points[key]
        self.is_dirty = self.plan is not None
        return True

    def lead(self, via_mm: Places, finished: bool) -> None:
        """The way goes through these places; it is measured on release."""
        self.via_mm = via_mm
        self._points_changed(finished)

    def start_over(self) -> None:
        """No ends."""
        self.placer.begin({})
        self.via_mm = []
        self._keep_draft()
        self.problems.clear()
        self.is_dirty = self.plan is not None

    def drafted(self) -> str:
        """The first end before there are numbers, or all that differs from the plan's numbers."""
        if self.is_read_only:
            return ""
        if self.plan is not None:
            return tr("moved points") if self.is_dirty else ""
        return "point" if self.placer.points else ""

    def unkept(self) -> str:
        """Points that were moved and have no numbers yet: all else is in the case or kept."""
        return self.drafted() if self.plan is not None else ""

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        self.stop()
        if self.plan is not None:
            self.measured_points_again()
            return
        self.placer.take_last()
        self._keep_draft()
        self.problems.clear()
        self.is_dirty = False

    def measured_points_again(self) -> None:
        """The ends that the numbers are of."""
        self.placer.stop()
        self._read_plan()
        self.changed.emit()

    def _points_changed(self, finished: bool) -> None:
        self._keep_draft()
        self.is_dirty = True
        self.problems.clear()
        if finished and self.placer.has(POINTS):
            self._measure()
        self.changed.emit()

    def _keep_draft(self) -> None:
        if self.is_read_only or self.plan is not None:
            return
        keys = list(self.placer.points)
        draft = {"points_mm": dict(zip(keys, self.placer.places(keys), strict=True))} if keys else None
        keep_draft(self.session, "vessel", draft)

    # measuring

    def _measure(self) -> None:
        document, name, plan = self.session.document, self.name, self.plan
        start, end = self.placer.places(POINTS)
        via = self.via_mm

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return measured_again(
                document, plan, name, start, end, via_mm=via, source="workstation", progress=progress, cancel=cancel
            )

        def still_wanted() -> bool:
            has_both = self.placer.has(POINTS) and self.via_mm == via
            return self.name == name and has_both and self.placer.places(POINTS) == [start, end]

        self._submit("ends", tr("Measuring the vessel"), work, still_wanted)

    def find_ends(self) -> None:
        """Both ends of the vessel that holds the first point, of the aorta without one; then its lumen."""
        document, name, plan = self.session.document, self.name, self.plan
        self.placer.stop()
        self.problems.clear()
        before = dict(self.placer.points)
        placed = next((before[key] for key in POINTS if key in before), None)
        seed = None if placed is None else as_list(placed)

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            ends = automatic_ends(document, seed, progress=part_of(progress, 0.0, ENDS_SHARE), cancel=cancel)
            return measured_again(
                document,
                plan,
                name,
                as_list(ends.start_mm),
                as_list(ends.end_mm),
                ends="automatic",
                via_mm=(),
                source="workstation",
                progress=part_of(progress, ENDS_SHARE, 1.0),
                cancel=cancel,
            )

        def still_wanted() -> bool:
            now = self.placer.points
            return self.name == name and now.keys() == before.keys() and all(now[key] is before[key] for key in now)

        self._submit("ends", tr("Finding the ends of the vessel"), work, still_wanted)

    def edit_lumen(self, edits: Sequence[LumenEdit]) -> None:
        """Sections pulled by hand; one step of the case."""
        if self.plan is not None:
            self.keep(with_lumen_edits(self.plan, edits))

    def beside(self, topic: str, title: str, change: Callable[[PlanRecord, Progress, CancelToken], PlanRecord]) -> None:
        """Long work that makes this plan another one; dropped when the plan changes meanwhile. topic: its problem's."""
        plan = self.plan
        if plan is None or self.is_read_only:
            return
        self.problems.pop(topic, None)

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return change(plan, progress, cancel)

        self._submit(topic, title, work, lambda: self.plan is plan)

    def keep(self, plan: PlanRecord) -> None:
        """This is the plan now."""
        if not self.is_read_only:
            self.session.do(SetPlan(plan))

    def stop(self) -> None:
        """Stop what is measured."""
        for state in self.session.jobs.active:
            if state.job.key == self._key:
                self.session.jobs.cancel(state)
        self.changed.emit()

    def _ended(self, state: JobState) -> None:
        if state.job.key == self._key:
            self.changed.emit()

    def _submit(self, topic: str, title: str, work: Work, still_wanted: Callable[[], bool]) -> None:
        def failed(error: TheatrumError) -> None:
            self.problems[topic] = note_of(error)
            self.changed.emit()

        self.session.jobs.submit(
            Job(
                key=self._key,
                title=title,
                work=work,
                done=self.keep,
                failed=failed,
                still_wanted=still_wanted,
                subject=self.session.label,
            )
        )
        self.changed.emit()
