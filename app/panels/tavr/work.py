"""The TAVR plan that the panel works on: points, what was decided beside them, its numbers.

While a point is dragged `live` measures beside the hand; on release one job measures the whole root and one command
puts the plan into the case. `edits` changes points, `finder` looks for the root, `routes` for access, `placed` draws a
valve, `beat` follows the annulus through the heartbeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.jobs import Job
from app.panels.drafts import keep_draft
from app.panels.notes import Note, note_of
from app.panels.placing import PointPlacer
from app.panels.tavr.beat import Heartbeat
from app.panels.tavr.edits import PointEdits
from app.panels.tavr.live import LiveNumbers
from app.panels.tavr.mitral_hand import MitralHand
from app.panels.tavr.names import ACCEPTED_NAMES, CALCIUM, HINGES, OSTIA, POINT_NAMES
from app.panels.tavr.root_finder import RootFinder
from app.panels.tavr.route_finder import RouteFinder
from app.panels.tavr.valve_placer import ValvePlacer
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import free_plan_name
from planning.case.tavr_plans import tavr_record
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from planning.tavr.inputs import TavrInputs
from planning.volume import Volume

NOTHING_DECIDED = TavrInputs(hinges_mm=np.zeros((3, 3)))
Results = Mapping[str, Any]


class TavrWork(QObject):
    """`changed`: anything that is shown is different."""

    changed = Signal()
    # the program found the root
    found = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.placer = PointPlacer(session)
        self.name = ""
        self.sources: dict[str, str] = {}
        # what else was decided: threshold, pins of the contour, sheath …; points lie in the placer
        self.decided = NOTHING_DECIDED
        self.preview: Mapping[str, Any] = {}
        self.is_stale = False
        self.problem: Note | None = None
        self.beat = Heartbeat(self)
        self.edits, self.live = PointEdits(self), LiveNumbers(self)
        self.finder, self.routes, self.placed = RootFinder(self), RouteFinder(self), ValvePlacer(self)
        self.mitral = MitralHand(self)
        self._shown: PlanRecord | None = None
        plans = self.plans()
        self.open(plans[0] if plans else "")
        if self.plan is None:
            self.edits.take_draft()

    # the plan in the case

    @property
    def plan(self) -> PlanRecord | None:
        """The plan shown, as the case has it."""
        return self.session.case.plans.get(self.name)

    @property
    def results(self) -> Results | None:
        """Its numbers."""
        return None if self.plan is None else self.plan.results

    @property
    def shown(self) -> Results | None:
        """Its numbers with those that follow the hand now; None before the first measurement."""
        results = self.results
        if results is None:
            return None
        return {**results, **self.preview} if self.preview else results

    def is_old(self, *keys: str) -> bool:
        """True while these parts of the numbers belong to an older place."""
        return self.is_stale and not all(key in self.preview for key in keys)

    @property
    def is_read_only(self) -> bool:
        """True where nothing may be changed."""
        return self.placer.is_read_only

    def plans(self) -> list[str]:
        """Names of the case's TAVR plans."""
        return [name for name, plan in self.session.case.plans.items() if plan.kind == "tavr"]

    def open(self, name: str) -> None:
        """Show this plan; "" begins a new one."""
        self.name = name or free_plan_name(self.session.case, "tavr")
        self.placer.begin({})
        self.sources, self.decided = {}, NOTHING_DECIDED
        self._read()

    def delete(self) -> bool:
        """Remove the plan from the case."""
        return self.plan is not None and self.session.do(RemovePlan(self.name))

    def rename(self, name: str) -> bool:
        """Another name for the plan in the case."""
        if self.plan is None:
            return False
        if name in self.session.case.plans:
            self.session.said.emit(tr("There is a plan {name} already", name=name))
            return False
        before, self.name = self.name, name
        self.mitral.renamed(before, name)
        if self.session.do(RenamePlan(before, name)):
            return True
        self.mitral.renamed(name, before)
        self.name = before
        return False

    def _read(self) -> None:
        before, plan = self._shown, self.plan
        self._shown = plan
        self.preview, self.is_stale, self.problem = {}, False, None
        self.mitral.read()
        if plan is None:
            return
        self.decided = TavrInputs.from_json(plan.inputs)
        if before is None or before.inputs.get("phase") != plan.inputs.get("phase"):
            # the points belong to a phase, and are seen in it first
            self.session.phases.show(self.decided.phase)
        points = dict(zip(HINGES, self.decided.hinges_mm, strict=True))
        points |= {key: place for key, place in zip(OSTIA, self.decided.ostia_mm, strict=True) if place is not None}
        last = self.placer.last
        self.placer.begin(points)
        self.placer.last = last
        self.sources = dict(zip(HINGES, self.decided.hinge_sources, strict=True))
        self.sources |= dict(zip(OSTIA, self.decided.ostia_sources, strict=True))
        keep_draft(self.session, "heart", None)

    def case_changed(self) -> bool:
        """Undo, redo and other changes. True when the plan is another one than was shown."""
        before, now = self._shown, self.plan
        if now is before:
            return False
        same = [name for name in self.plans() if before is not None and self._is_same(name, before)]
        if now is None and same:
            # it was renamed
            self.mitral.renamed(self.name, same[0])
            self.open(same[0])
        elif now is None:
            # the step that placed the last hinge was taken back
            hinges = {key: place for key, place in self.placer.points.items() if key in HINGES}
            hinges.pop(self.placer.last or HINGES[-1], None)
            self.placer.begin(hinges)
            self._read()
            plans = self.plans()
            if plans:
                self.open(plans[0])
        elif before is not None and self.is_stale and _same_points(before, now):
            # routes, a valve or views came in while the hand is at work: its points stay
            self._shown = now
            kept = TavrInputs.from_json(now.inputs)
            self.decided = replace(
                self.decided,
                valve=kept.valve,
                sheath=kept.sheath,
                access=kept.access,
                lumen_edits=kept.lumen_edits,
                excluded=kept.excluded,
                views=kept.views,
                route=kept.route,
                mitral=kept.mitral,
                in_valve=kept.in_valve,
                agatston=kept.agatston,
            )
        else:
            self._read()
        return True

    def _is_same(self, name: str, plan: PlanRecord) -> bool:
        other = self.session.case.plans[name]
        return other.created == plan.created and other.inputs == plan.inputs

    # views of one's own

    @property
    def views(self) -> tuple[Mapping[str, Any], ...]:
        """C-arm views that the person added: name, lao_deg, cra_deg."""
        return self.decided.views

    def keep_views(self, views: Sequence[Mapping[str, Any]]) -> None:
        """Other views in the plan; no number follows from them."""
        if self.plan is not None and not self.is_read_only and not self.is_stale:
            self.keep({"views": [dict(view) for view in views]}, {})

    def keep_results(self, **parts: Any) -> None:
        """Numbers that were measured beside the root's, into the plan of now."""
        self.keep({}, parts)

    def volume(self) -> Volume | None:
        """The voxels that the points belong to: of the plan's phase, else of the one shown."""
        return self.session.volume(None if self.plan is None else self.decided.phase)

    def keep(self, inputs: Mapping[str, Any], results: Mapping[str, Any]) -> None:
        """One step of the case: the plan of now with these parts changed; nothing without a plan."""
        plan = self.plan
        if plan is None:
            return
        # the same numbers stay the same object: what was prepared for them still fits
        found = {**plan.results, **results} if results else plan.results
        kept = {**plan.inputs, **inputs}
        is_edited = TavrInputs.from_json(kept).is_edited
        self.session.do(SetPlan(replace(plan, inputs=kept, results=found, edited=is_edited)))

    @property
    def accepted(self) -> set[int]:
        """Steps whose numbers a person accepted as they are."""
        return {number for number, name in ACCEPTED_NAMES.items() if name in self.decided.accepted}

    def keep_accepted(self, number: int) -> None:
        """The person accepted a step's numbers; the report says so."""
        name, kept = ACCEPTED_NAMES.get(number), self.decided.accepted
        if name is None or name in kept or self.plan is None or self.is_read_only or self.is_stale:
            return
        self.keep({"accepted": [*kept, name]}, {})

    def stop_job(self, key: str) -> None:
        """A job is not wanted any more."""
        for state in self.session.jobs.active:
            if state.job.key == key:
                self.session.jobs.cancel(state)
        self.changed.emit()

    # drafts

    def drafted(self) -> str:
        """The last point placed before there are numbers, or all that differs from the plan's numbers."""
        if self.is_read_only:
            return ""
        if self.plan is not None:
            return tr("moved points") if self.is_stale else self.mitral.drafted()
        points = self.placer.points
        return POINT_NAMES[list(points)[-1]] if points else ""

    def unkept(self) -> str:
        """Points that were moved and have no numbers yet: all else is in the case or kept."""
        return tr("moved points") if self.plan is not None and self.is_stale and not self.is_read_only else ""

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        for state in self.session.jobs.active:
            if state.job.key == f"plan {self.name}":
                state.cancel.set()
        if self.plan is not None and not self.is_stale and self.mitral.drafted():
            self.mitral.remove(len(self.mitral.points) - 1)
            return
        if self.plan is not None:
            self.measured_points_again()
            return
        self.placer.take_last()
        self.preview, self.problem, self.is_stale = {}, None, False
        self.edits.keep_draft()
        self.changed.emit()

    def measured_points_again(self) -> None:
        """Back to the points of the plan's numbers."""
        self.placer.stop()
        self._read()
        self.changed.emit()

    # points

    @property
    def has_hinges(self) -> bool:
        """True when all three are placed."""
        return self.placer.has(HINGES)

    def hinges_mm(self) -> list[list[float]]:
        """(3, 3) N, R, L as JSON floats."""
        return self.placer.places(HINGES)

    def source_of(self, key: str) -> str:
        """ "given", "automatic" or "edited"; "" for a point that is not there."""
        if key in self.placer.points:
            return self.sources.get(key, "given")
        return "automatic" if key in self.landmarks else ""

    @property
    def landmarks(self) -> Mapping[str, Any]:
        """The landmarks of the plan's numbers."""
        found: Mapping[str, Any] = {} if self.results is None else self.results["landmarks"]
        return found

    def asked(self) -> TavrInputs:
        """Everything that the numbers follow from, as it is now."""
        points, sources = self.placer.points, self.sources
        left, right = (points.get(key) for key in OSTIA)
        first, second, third = (sources.get(key, "given") for key in HINGES)
        return replace(
            self.decided,
            hinges_mm=np.array(self.hinges_mm()),
            hinge_sources=(first, second, third),
            ostia_mm=(left, right),
            ostia_sources=(sources.get(OSTIA[0], "given"), sources.get(OSTIA[1], "given")),
        )

    def points_changed(self, finished: bool) -> None:
        """Numbers belong to another place now; measured when the hand lets go, roughly before."""
        self.is_stale, self.problem = True, None
        # nobody has seen the numbers to come
        self.decided = replace(self.decided, accepted=())
        if self.has_hinges:
            if finished:
                self.measure()
            else:
                self.live.begin()
        self.changed.emit()

    def plan_in_phase(self, phase: int, hinges_mm: FloatArray) -> None:
        """The whole plan in another heart phase, from hinges that were followed into it.

        What was set or found in the old phase's image lies elsewhere now: ostia and septum are searched again; points of
        a mitral annulus go where they were followed to, and are placed anew where they were not.
        """
        self.placer.stop()
        self.placer.begin(dict(zip(HINGES, hinges_mm, strict=True)))
        self.sources = dict.fromkeys(HINGES, "automatic")
        self.decided = replace(
            self.decided,
            phase=phase,
            automatic=None,
            annulus_pins_mm=None,
            septum_mm=None,
            mitral=self.mitral.followed_to(phase),
        )
        # live numbers were prepared in the old phase's image
        self.live.forget()
        self.points_changed(finished=True)

    def measure_with(self, calcium_hu: float | None) -> None:
        """Another threshold for calcium; None: the lumen's own."""
        kept = tuple(name for name in self.decided.accepted if name != ACCEPTED_NAMES[CALCIUM])
        self.decided = replace(self.decided, calcium_hu=calcium_hu, accepted=kept)
        self.measure()

    def measure(self) -> None:
        """The whole root from what is decided now; one undo step when it is done."""
        document, name, before = self.session.document, self.name, self.plan
        asked = self.asked()
        wanted = asked.as_json()

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return tavr_record(
                document,
                name,
                asked,
                parts=frozenset(),
                before=before,
                source="workstation",
                progress=progress,
                cancel=cancel,
            )

        def still_wanted() -> bool:
            return self.name == name and self.has_hinges and self.asked().as_json() == wanted

        self.is_stale = True
        self.session.jobs.submit(
            Job(
                key=f"plan {name}",
                title=tr("Measuring the root"),
                work=work,
                done=self._measured,
                failed=self.not_measured,
                still_wanted=still_wanted,
                subject=self.session.label,
            )
        )
        self.live.begin()

    def measure_again(self) -> None:
        """Everything of the plan anew, from what was decided: root, routes, heartbeat and what is measured beside them."""
        document, name, plan = self.session.document, self.name, self.plan
        if plan is None or self.is_read_only or self.is_stale:
            return
        # nobody has seen the numbers to come
        asked = replace(TavrInputs.from_json(plan.inputs), accepted=(), route=None)

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return tavr_record(document, name, asked, source="workstation", progress=progress, cancel=cancel)

        self.problem = None
        self.session.jobs.submit(
            Job(
                key=f"plan {name}",
                title=tr("Measuring the plan again"),
                work=work,
                done=lambda record: self.session.do(SetPlan(record)),
                failed=self.not_measured,
                still_wanted=lambda: self.plan is plan and not self.is_stale,
                subject=self.session.label,
            )
        )
        self.changed.emit()

    @property
    def is_measuring(self) -> bool:
        """True while a job measures the plan."""
        return any(
            state.job.key == f"plan {self.name}" and not state.cancel.is_set for state in self.session.jobs.active
        )

    def _measured(self, record: PlanRecord) -> None:
        record = self.routes.carried_to(record)
        if record.results["phases"] is None:
            # followed while the root was measured
            record = replace(record, results={**record.results, "phases": self.beat.carried_to(record.inputs)})
        self.is_stale, self.preview, self.problem = False, {}, None
        self.session.do(SetPlan(record))
        self.beat.begin()

    def not_measured(self, error: TheatrumError) -> None:
        """What stood in the way is said in the panel."""
        self.problem = note_of(error)
        self.preview = {}
        self.changed.emit()


def _same_points(first: PlanRecord, second: PlanRecord) -> bool:
    """Whether two plans' roots follow from the same points."""
    keys = ("hinges_mm", "hinge_sources", "ostia_mm", "annulus_pins_mm", "septum_mm", "calcium_hu", "phase")
    return all(first.inputs.get(key) == second.inputs.get(key) for key in keys)
