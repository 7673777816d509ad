"""The TAVR plan that the panel works on: points, what was asked beside them, numbers, and the jobs that measure.

While a point is dragged the annulus is measured again beside the hand (one quiet job at a time, always with the newest
place); on release one job measures the whole root and one command puts the plan into the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.jobs import Job
from app.panels.drafts import keep_draft, kept_draft
from app.panels.notes import Note, note_of
from app.panels.placing import PointPlacer
from app.panels.tavr.names import HINGES, OSTIA, POINT_NAMES
from app.panels.tavr.valve_room import ValveRoom
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import free_plan_name, tavr_record
from planning.errors import MeasurementError, TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from planning.tavr.plan import measure_annulus_live
from planning.tavr.valve import DEFAULT_DEPTH_MM

LIVE_KEY = "annulus beside the hand"
Results = Mapping[str, Any]


class TavrWork(QObject):
    """`changed`: anything that is shown is different."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.placer = PointPlacer(session)
        self.name = ""
        self.sources: dict[str, str] = {}
        self.preview: Mapping[str, Any] = {}
        self.is_stale = False
        self.problem: Note | None = None
        self.room: ValveRoom | None = None
        self._live_again = False
        self._shown: PlanRecord | None = None
        plans = self.plans()
        self.open(plans[0] if plans else "")
        if self.plan is None:
            self._take_draft()

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
        self.sources = {}
        self._read()

    def delete(self) -> bool:
        """Remove the plan from the case."""
        return self.plan is not None and self.session.do(RemovePlan(self.name))

    def rename(self, name: str) -> bool:
        """Another name for the plan in the case."""
        if self.plan is None:
            return False
        if name in self.session.case.plans:
            self.session.said.emit(f"There is a plan {name} already")
            return False
        before, self.name = self.name, name
        if self.session.do(RenamePlan(before, name)):
            return True
        self.name = before
        return False

    def _read(self) -> None:
        plan = self.plan
        self._shown = plan
        self.preview, self.is_stale, self.problem = {}, False, None
        if plan is None:
            return
        inputs = plan.inputs
        points = dict(zip(HINGES, inputs["hinges_mm"]))
        given = inputs.get("ostia_mm") or ()
        points |= {key: place for key, place in zip(OSTIA, given) if place is not None}
        last = self.placer.last
        self.placer.begin(points)
        self.placer.last = last
        self.sources = dict(zip(HINGES, inputs.get("hinge_sources") or ()))
        keep_draft(self.session.path, "heart", None)

    def case_changed(self) -> bool:
        """Undo, redo and other changes. True when the plan is another one than was shown."""
        before, now = self._shown, self.plan
        if now is before:
            return False
        same = [name for name in self.plans() if before is not None and self._is_same(name, before)]
        if now is None and same:
            # it was renamed
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
        else:
            self._read()
        return True

    def _is_same(self, name: str, plan: PlanRecord) -> bool:
        other = self.session.case.plans[name]
        return other.created == plan.created and other.inputs == plan.inputs

    # views of one's own

    @property
    def views(self) -> list[dict[str, Any]]:
        """C-arm views that the person added: name, lao_deg, cra_deg."""
        return [] if self.plan is None else list(self.plan.inputs.get("views") or ())

    def keep_views(self, views: Sequence[Mapping[str, Any]]) -> None:
        """Other views in the plan; no number follows from them."""
        if self.plan is not None and not self.is_read_only and not self.is_stale:
            kept = [dict(view) for view in views]
            self.session.do(SetPlan(replace(self.plan, inputs={**self.plan.inputs, "views": kept})))

    # the valve

    @property
    def valve(self) -> Mapping[str, Any] | None:
        """The valve drawn, as the hand has it now."""
        shown = self.shown
        return None if shown is None else shown.get("valve")

    def prepare_valve(self) -> None:
        """Read the root's calcium once for this plan, so that a valve can be moved by hand."""
        results, volume = self.results, self.session.volume()
        if results is None or volume is None or (self.room is not None and self.room.results is results):
            return

        def work(progress: Progress, cancel: CancelToken) -> ValveRoom:
            return ValveRoom.of(volume, results)

        self.session.jobs.submit(
            Job(
                key="valve room",
                title="Preparing the valve",
                work=work,
                done=self._take_room,
                still_wanted=lambda: self.results is results,
                quiet=True,
            )
        )

    def _take_room(self, room: ValveRoom) -> None:
        self.room = room
        self.changed.emit()

    @property
    def can_place_valve(self) -> bool:
        """True when a valve can follow the hand."""
        room = self.room
        return room is not None and room.results is self.results and not (self.is_stale or self.is_read_only)

    def place_valve(self, finished: bool, **changes: Any) -> None:
        """Another model, size, depth_mm or rotation_deg; on release one step of the case."""
        if not self.can_place_valve or self.room is None:
            return
        before = self.valve
        known = {} if before is None else {key: before[key] for key in ("model", "size", "depth_mm", "rotation_deg")}
        asked = {"depth_mm": DEFAULT_DEPTH_MM, "rotation_deg": 0.0, **known, **changes}
        self.preview = {**self.preview, **self.room.placed(asked)}
        if finished:
            self._settle_valve(self.room, asked)
        self.changed.emit()

    def _settle_valve(self, room: ValveRoom, asked: Mapping[str, Any]) -> None:
        plan = self.plan

        def work(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            return room.settled(asked)

        def done(found: dict[str, Any]) -> None:
            if plan is not None:
                inputs = {**plan.inputs, "valve": dict(asked)}
                self.session.do(SetPlan(replace(plan, inputs=inputs, results={**plan.results, **found})))

        self.session.jobs.submit(
            Job(
                key="valve settled",
                title="Placing the valve",
                work=work,
                done=done,
                still_wanted=lambda: self.plan is plan,
                quiet=True,
            )
        )

    # drafts

    def drafted(self) -> str:
        """The last point placed before there are numbers, or all that differs from the plan's numbers."""
        if self.is_read_only:
            return ""
        if self.plan is not None:
            return "moved points" if self.is_stale else ""
        points = self.placer.points
        return POINT_NAMES[list(points)[-1]] if points else ""

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        for state in self.session.jobs.active:
            if state.job.key == f"plan {self.name}":
                state.cancel.set()
        if self.plan is not None:
            self.measured_points_again()
            return
        self.placer.take_last()
        self.preview, self.problem, self.is_stale = {}, None, False
        self._keep_draft()
        self.changed.emit()

    def measured_points_again(self) -> None:
        """Back to the points of the plan's numbers."""
        self.placer.stop()
        self._read()
        self.changed.emit()

    def _keep_draft(self) -> None:
        if self.is_read_only or self.plan is not None:
            return
        keys = list(self.placer.points)
        draft = {"points_mm": dict(zip(keys, self.placer.places(keys))), "sources": self.sources} if keys else None
        keep_draft(self.session.path, "heart", draft)

    def _take_draft(self) -> None:
        draft = None if self.is_read_only else kept_draft(self.session.path, "heart")
        points = (draft or {}).get("points_mm", {})
        self.placer.begin({key: place for key, place in points.items() if key in POINT_NAMES and len(place) == 3})
        self.sources = {key: str(source) for key, source in (draft or {}).get("sources", {}).items()}

    # points

    @property
    def has_hinges(self) -> bool:
        """True when all three are placed."""
        return self.placer.has(HINGES)

    def hinges_mm(self) -> list[list[float]]:
        """(3, 3) N, R, L as JSON floats."""
        return self.placer.places(HINGES)

    def ostia_mm(self) -> list[list[float]] | None:
        """(2, 3) left and right as given by hand, None while they are the image's."""
        return self.placer.places(OSTIA) if self.placer.has(OSTIA) else None

    def place(self, key: str, position_mm: FloatArray) -> None:
        """A click put a hinge or an ostium down: the next one is asked for, the last one measures."""
        if key not in POINT_NAMES or self.is_read_only:
            return
        self.placer.put(key, position_mm)
        self.sources[key] = "given"
        self._keep_draft()
        if key in OSTIA and self.ostia_mm() is None:
            self.changed.emit()
            return
        self.points_changed(finished=True)

    def move(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        if key not in self.placer.points or self.is_read_only:
            return
        self.placer.points[key] = np.asarray(position_mm, dtype=np.float64)
        self.sources[key] = "edited"
        self._keep_draft()
        self.points_changed(finished)

    def points_changed(self, finished: bool) -> None:
        """Numbers belong to another place now; measured when the hand lets go, roughly before."""
        self.is_stale, self.problem = True, None
        if self.has_hinges:
            if finished:
                self.measure()
            else:
                self._live()
        self.changed.emit()

    def reset(self, key: str) -> bool:
        """A hinge is taken away (True: it is to be placed again); ostia are searched in the image again."""
        if self.is_read_only:
            return False
        if key in HINGES and key in self.placer.points:
            del self.placer.points[key]
            self.is_stale, self.preview = self.plan is not None, {}
            self._keep_draft()
            return True
        if key in OSTIA and self.placer.points.keys() & set(OSTIA):
            for name in OSTIA:
                self.placer.points.pop(name, None)
            self.points_changed(finished=True)
        return False

    def clear(self) -> None:
        """All points away."""
        self.placer.begin({})
        self.preview, self.problem = {}, None
        self.is_stale = self.plan is not None
        self._keep_draft()

    # measuring

    def _live(self) -> None:
        """The annulus at the hand's place: one job at a time, the next one takes the newest place."""
        if any(state.job.key == LIVE_KEY for state in self.session.jobs.active):
            self._live_again = True
            return
        volume = self.session.volume()
        if volume is None:
            return
        self._live_again = False
        hinges = np.array(self.hinges_mm())

        def work(progress: Progress, cancel: CancelToken) -> Mapping[str, Any] | MeasurementError:
            try:
                return live_numbers(measure_annulus_live(volume, hinges).as_json())
            except MeasurementError as error:
                # a place on the way is no failure: it is said in the panel while the hand goes on
                return error

        self.session.jobs.submit(
            Job(key=LIVE_KEY, title="Measuring the annulus", work=work, done=self._live_done, quiet=True)
        )

    def _live_done(self, value: Mapping[str, Any] | MeasurementError) -> None:
        if not self.is_stale:
            return
        if isinstance(value, MeasurementError):
            self.preview, self.problem = {}, note_of(value)
        else:
            self.preview, self.problem = value, None
        if self._live_again and self.has_hinges:
            self._live()
        self.changed.emit()

    def measure(self) -> None:
        """The whole root from the points of now, with the threshold that the plan has."""
        self.measure_with(self.plan.inputs.get("calcium_hu") if self.plan is not None else None)

    def measure_with(self, calcium_hu: float | None) -> None:
        """The whole root from the points of now; one undo step when it is done. None: the lumen's own threshold."""
        document, name = self.session.document, self.name
        before = self.plan
        hinges, ostia = self.hinges_mm(), self.ostia_mm()
        phase = self.session.view.state.phase

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return tavr_record(
                document,
                name,
                hinges,
                ostia_mm=ostia,
                calcium_hu=calcium_hu,
                phase=phase,
                source="workstation",
                edited=before is not None,
            )

        def still_wanted() -> bool:
            return (hinges, ostia, name) == (
                self.hinges_mm() if self.has_hinges else None,
                self.ostia_mm(),
                self.name,
            )

        self.is_stale = True
        self.session.jobs.submit(
            Job(
                key=f"plan {name}",
                title="Measuring the root",
                work=work,
                done=self._measured,
                failed=self._not_measured,
                still_wanted=still_wanted,
                subject=self.session.label,
            )
        )
        self._live()

    def _measured(self, record: PlanRecord) -> None:
        self.is_stale, self.preview, self.problem = False, {}, None
        self.session.do(SetPlan(record))

    def _not_measured(self, error: TheatrumError) -> None:
        self.problem = note_of(error)
        self.preview = {}
        self.changed.emit()


def live_numbers(annulus: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a plan that follow from an annulus measured beside the hand."""
    normal = np.asarray(annulus["normal"])
    return {"annulus": annulus, "angulation_deg": float(np.degrees(np.arctan2(abs(normal[0]), abs(normal[2]))))}
