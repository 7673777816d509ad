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
from app.panels.tavr.beat import Heartbeat
from app.panels.tavr.live import live_work, root_work
from app.panels.tavr.names import ACCEPTED_NAMES, CALCIUM, HINGES, OSTIA, POINT_NAMES
from app.panels.tavr.valve_room import ValveRoom
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import free_plan_name
from planning.case.tavr_plans import automatic_inputs, tavr_record
from planning.errors import MeasurementError, TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from planning.tavr.inputs import TavrInputs
from planning.tavr.live import LiveRoot
from planning.tavr.valve import DEFAULT_DEPTH_MM
from planning.volume import Volume

LIVE_KEY, FIND_KEY, ACCESS_KEY = "annulus beside the hand", "find root", "find access"
# what a plan's routes follow from
ACCESS_OF = ("phase", "sheath", "access")
# parts of a plan that the space for a valve is made of
ROOM_OF = ("annulus", "landmarks", "calcium", "stj", "devices", "coronaries")
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
        self.access_problem: Note | None = None
        self.beat = Heartbeat(self)
        self.room: ValveRoom | None = None
        self._live_again = False
        self._live_root: LiveRoot | None = None
        self._live_of: Results | None = None
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
            self.session.said.emit(f"There is a plan {name} already")
            return False
        before, self.name = self.name, name
        if self.session.do(RenamePlan(before, name)):
            return True
        self.name = before
        return False

    def _read(self) -> None:
        before, plan = self._shown, self.plan
        self._shown = plan
        self.preview, self.is_stale, self.problem = {}, False, None
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
        elif before is not None and self.is_stale and _same_points(before, now):
            # routes, a valve or views came in while the hand is at work: its points stay
            self._shown = now
            kept = TavrInputs.from_json(now.inputs)
            self.decided = replace(
                self.decided,
                valve=kept.valve,
                sheath=kept.sheath,
                access=kept.access,
                views=kept.views,
                route=kept.route,
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
            self._keep(self.plan, {"views": [dict(view) for view in views]}, {})

    def keep_results(self, **parts: Any) -> None:
        """Numbers that were measured beside the root's, into the plan of now."""
        if self.plan is not None:
            self._keep(self.plan, {}, parts)

    def volume(self) -> Volume | None:
        """The voxels that the points belong to: of the plan's phase, else of the one shown."""
        return self.session.volume(None if self.plan is None else self.decided.phase)

    def _keep(self, plan: PlanRecord, inputs: Mapping[str, Any], results: Mapping[str, Any]) -> None:
        """One step of the case: a plan of which only these parts differ."""
        # the same numbers stay the same object: what was prepared for them still fits
        found = {**plan.results, **results} if results else plan.results
        self.session.do(SetPlan(replace(plan, inputs={**plan.inputs, **inputs}, results=found)))

    @property
    def accepted(self) -> set[int]:
        """Steps whose numbers a person accepted as they are."""
        return {number for number, name in ACCEPTED_NAMES.items() if name in self.decided.accepted}

    def keep_accepted(self, number: int) -> None:
        """The person accepted a step's numbers; the report says so."""
        name, kept = ACCEPTED_NAMES.get(number), self.decided.accepted
        if name is None or name in kept or self.plan is None or self.is_read_only or self.is_stale:
            return
        self._keep(self.plan, {"accepted": [*kept, name]}, {})

    # the valve

    @property
    def valve(self) -> Mapping[str, Any] | None:
        """The valve drawn, as the hand has it now."""
        shown = self.shown
        return None if shown is None else shown.get("valve")

    def prepare_valve(self) -> None:
        """Read the root's calcium once for this plan, so that a valve can be moved by hand."""
        results, volume = self.results, self.volume()
        if results is None or volume is None or self._room_fits:
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
    def _room_fits(self) -> bool:
        """Whether the space was made of the root as it is; valve and access may differ."""
        room, results = self.room, self.results
        if room is None or results is None:
            return False
        return room.results is results or all(room.results[key] == results[key] for key in ROOM_OF)

    @property
    def can_place_valve(self) -> bool:
        """True when a valve can follow the hand."""
        return self._room_fits and not (self.is_stale or self.is_read_only)

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
        def work(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            return room.settled(asked)

        def done(found: dict[str, Any]) -> None:
            if self.plan is not None:
                self._keep(self.plan, {"valve": dict(asked)}, found)

        self.session.jobs.submit(
            Job(
                key="valve settled",
                title="Placing the valve",
                work=work,
                done=done,
                still_wanted=lambda: self.room is room and self._room_fits,
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
        places = dict(zip(keys, self.placer.places(keys)))
        draft = {"points_mm": places, "sources": self.sources, "phase": self.decided.phase} if keys else None
        keep_draft(self.session.path, "heart", draft)

    def _take_draft(self) -> None:
        draft = None if self.is_read_only else kept_draft(self.session.path, "heart")
        points = (draft or {}).get("points_mm", {})
        self.placer.begin({key: place for key, place in points.items() if key in POINT_NAMES and len(place) == 3})
        self.sources = {key: str(source) for key, source in (draft or {}).get("sources", {}).items()}
        if self.placer.points:
            self.decided = replace(self.decided, phase=int((draft or {}).get("phase", 0)))
            self.session.phases.show(self.decided.phase)

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

    def place(self, key: str, position_mm: FloatArray) -> None:
        """A click put a hinge or an ostium down: the next one is asked for, the last one measures."""
        if key not in POINT_NAMES or self.is_read_only:
            return
        if self.beat.is_elsewhere:
            # a point of another phase would not fit the others
            self.session.phases.show(self.decided.phase)
            self.session.said.emit("This is the plan's phase. Place the point here, or use the other phase in step 1")
            return
        if self.plan is None:
            self.decided = replace(self.decided, phase=self.session.view.state.phase)
        self.placer.put(key, position_mm)
        self.sources[key] = "given"
        self._keep_draft()
        if key in OSTIA and self.placer.round:
            self.changed.emit()
            return
        self.points_changed(finished=True)

    def move(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        if self.is_read_only or not self.source_of(key):
            return
        was_automatic = self.source_of(key) != "given"
        self.placer.points[key] = np.asarray(position_mm, dtype=np.float64)
        self.sources[key] = "edited" if was_automatic else "given"
        self._keep_draft()
        self.points_changed(finished)

    def points_changed(self, finished: bool) -> None:
        """Numbers belong to another place now; measured when the hand lets go, roughly before."""
        self.is_stale, self.problem = True, None
        # nobody has seen the numbers to come
        self.decided = replace(self.decided, accepted=())
        if self.has_hinges:
            if finished:
                self.measure()
            else:
                self._live()
        self.changed.emit()

    def automatic_mm(self, key: str) -> FloatArray | None:
        """Where the automatic search had a point, None where it had none."""
        found = self.decided.automatic
        if found is not None and key in HINGES:
            return np.asarray(found["hinges_mm"][HINGES.index(key)], dtype=np.float64)
        place = self.landmarks.get(key, {}).get("automatic_mm")
        return None if place is None else np.asarray(place, dtype=np.float64)

    def reset(self, key: str) -> bool:
        """A point back to its automatic place. True when it has none and is to be placed again."""
        if self.is_read_only or key not in self.placer.points:
            return False
        automatic = self.automatic_mm(key)
        if key in HINGES and automatic is not None:
            self.placer.points[key] = automatic
            self.sources[key] = "automatic"
            self.points_changed(finished=True)
        elif key in HINGES:
            del self.placer.points[key]
            self.is_stale, self.preview = self.plan is not None, {}
            self._keep_draft()
            return True
        else:
            # searched in the image again
            del self.placer.points[key]
            self.points_changed(finished=True)
        return False

    def pull(self, pins_mm: Sequence[FloatArray], finished: bool) -> None:
        """The annulus's contour goes through these places; none lets it follow the image again."""
        if self.is_read_only or self.plan is None:
            return
        self.decided = replace(self.decided, annulus_pins_mm=np.array(pins_mm) if len(pins_mm) else None)
        self.points_changed(finished)

    def set_septum(self, ends_mm: Sequence[FloatArray]) -> None:
        """The membranous septum's upper and lower end as a hand put them."""
        if not self.is_read_only and self.plan is not None:
            self.decided = replace(self.decided, septum_mm=np.array(ends_mm))
            self.points_changed(finished=True)

    @property
    def pins_mm(self) -> list[FloatArray]:
        """Where the contour was pulled by hand."""
        pins = self.decided.annulus_pins_mm
        return [] if pins is None else list(pins)

    def clear(self) -> None:
        """All points away."""
        self.placer.begin({})
        self.sources, self.decided = {}, replace(self.decided, automatic=None, annulus_pins_mm=None)
        self.preview, self.problem = {}, None
        self.is_stale = self.plan is not None
        self._keep_draft()

    # measuring

    def _live(self) -> None:
        """The annulus at the hand's place: one job at a time, the next one takes the newest place."""
        if any(state.job.key == LIVE_KEY for state in self.session.jobs.active):
            self._live_again = True
            return
        volume = self.volume()
        if volume is None:
            return
        self._live_again = False
        root = self._live_root
        if root is not None and self._live_of is self.results and self._pins_are_the_plans:
            work = root_work(root, self.hinges_mm())
        else:
            work = live_work(volume, self.hinges_mm(), self.pins_mm)
        self.session.jobs.submit(
            Job(key=LIVE_KEY, title="Measuring the annulus", work=work, done=self._live_done, quiet=True)
        )

    @property
    def _pins_are_the_plans(self) -> bool:
        kept = None if self.plan is None else self.plan.inputs.get("annulus_pins_mm")
        return len(kept or ()) == len(self.pins_mm) and np.allclose(np.array(kept or ()), np.array(self.pins_mm))

    def prepare_live(self) -> None:
        """Read the root once for this plan, so that every number follows a dragged hinge."""
        plan, volume = self.plan, self.volume()
        if plan is None or volume is None or self.is_read_only or self.is_stale or self._live_of is plan.results:
            return
        self._live_of, self._live_root = plan.results, None

        def work(progress: Progress, cancel: CancelToken) -> LiveRoot | None:
            try:
                return LiveRoot.prepare(volume, plan.inputs, plan.results)
            except MeasurementError:
                # the annulus alone follows the hand then
                return None

        self.session.jobs.submit(
            Job(
                key="live root",
                title="Preparing live numbers",
                work=work,
                done=self._take_live,
                still_wanted=lambda: self.results is plan.results,
                quiet=True,
            )
        )

    def _take_live(self, root: LiveRoot | None) -> None:
        self._live_root = root

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

    def plan_in_phase(self, phase: int, hinges_mm: FloatArray) -> None:
        """The whole plan in another heart phase, from hinges that were followed into it.

        What was set or found in the old phase's image lies elsewhere now: ostia and septum are searched again.
        """
        self.placer.stop()
        self.placer.begin(dict(zip(HINGES, hinges_mm, strict=True)))
        self.sources = dict.fromkeys(HINGES, "automatic")
        self.decided = replace(self.decided, phase=phase, automatic=None, annulus_pins_mm=None, septum_mm=None)
        # live numbers were prepared in the old phase's image
        self._live_root = self._live_of = None
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
                edited="edited" in (*asked.hinge_sources, *asked.ostia_sources) or asked.annulus_pins_mm is not None,
                progress=progress,
                cancel=cancel,
            )

        def still_wanted() -> bool:
            return self.name == name and self.has_hinges and self.asked().as_json() == wanted

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
        now = self.plan
        routes = () if now is None else now.results["access"].get("routes") or now.results["access"].get("missing")
        if now is not None and routes and all(now.inputs.get(key) == record.inputs.get(key) for key in ACCESS_OF):
            # found while the root was measured; it does not follow from it
            record = replace(record, results={**record.results, "access": now.results["access"]})
        if record.results["phases"] is None:
            # followed while the root was measured
            record = replace(record, results={**record.results, "phases": self.beat.carried_to(record.inputs)})
        self.is_stale, self.preview, self.problem = False, {}, None
        self.session.do(SetPlan(record))
        self.beat.begin()

    def _not_measured(self, error: TheatrumError) -> None:
        self.problem = note_of(error)
        self.preview = {}
        self.changed.emit()

    # found by the program

    @property
    def is_finding(self) -> bool:
        """True while the root is looked for."""
        return any(state.job.key == FIND_KEY and not state.cancel.is_set for state in self.session.jobs.active)

    def stop_finding(self) -> None:
        """The search is not wanted any more."""
        for state in self.session.jobs.active:
            if state.job.key in (FIND_KEY, ACCESS_KEY):
                self.session.jobs.cancel(state)
        self.changed.emit()

    def find_root(self) -> None:
        """Look for the root in the shown phase; its points are measured at once."""
        if self.is_read_only or self.session.image is None or self.is_finding:
            return
        document, phase = self.session.document, self.session.view.state.phase
        self.problem = None

        def work(progress: Progress, cancel: CancelToken) -> TavrInputs:
            return automatic_inputs(document, phase, progress=progress, cancel=cancel)[0]

        self.session.jobs.submit(
            Job(
                key=FIND_KEY,
                title="Finding the root",
                work=work,
                done=self._found,
                failed=self._not_measured,
                still_wanted=lambda: self.plan is None and not self.placer.points,
                subject=self.session.label,
            )
        )
        self.changed.emit()

    def _found(self, inputs: TavrInputs) -> None:
        self.placer.stop()
        self.placer.begin(dict(zip(HINGES, inputs.hinges_mm, strict=True)))
        self.sources = dict.fromkeys(HINGES, "automatic")
        self.decided = replace(self.decided, automatic=inputs.automatic, phase=inputs.phase)
        self.points_changed(finished=True)
        self.found.emit()

    # access

    @property
    def is_finding_access(self) -> bool:
        """True while the routes are looked for."""
        return any(state.job.key == ACCESS_KEY and not state.cancel.is_set for state in self.session.jobs.active)

    @property
    def wants_access(self) -> bool:
        """True while nobody has looked for routes on this plan."""
        results = self.results
        if results is None or self.is_read_only or self.is_finding_access or self.access_problem is not None:
            return False
        access = results["access"]
        if access.get("routes"):
            return False
        missing = access.get("missing")
        return not missing or any(one["key"] == "all" for one in missing)

    def find_access(self, **changes: Any) -> None:
        """Look for the routes with the sheath and ends of now, or with these; one step of the case."""
        plan, volume = self.plan, self.volume()
        if plan is None or volume is None or self.is_read_only:
            return
        inputs = {"sheath": plan.inputs.get("sheath"), "access": plan.inputs.get("access"), **changes}
        hint = np.asarray(plan.results["annulus"]["origin_mm"])

        def work(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            from planning.access.plan import find_access

            return find_access(
                volume,
                aorta_hint_mm=hint,
                sheath=inputs["sheath"],
                ends=inputs["access"],
                progress=progress,
                cancel=cancel,
            )

        def done(found: dict[str, Any]) -> None:
            # the root may have been measured again meanwhile; the routes do not follow from it
            if self.plan is not None:
                self._keep(self.plan, inputs, {"access": found})

        self.session.jobs.submit(
            Job(
                key=ACCESS_KEY,
                title="Finding the iliac arteries",
                work=work,
                done=done,
                failed=self._no_access,
                still_wanted=lambda: (
                    self.plan is not None and self.plan.inputs.get("phase") == plan.inputs.get("phase")
                ),
                subject=self.session.label,
            )
        )
        self.changed.emit()

    def choose_sheath(self, name: str | None) -> None:
        """The same routes for another sheath; nothing is measured again."""
        plan = self.plan
        if plan is None or self.is_read_only or not plan.results["access"].get("routes"):
            return
        from planning.access.plan import with_sheath

        self._keep(plan, {"sheath": name}, {"access": with_sheath(plan.results["access"], name)})

    def keep_route(self, key: str) -> None:
        """The person accepted a route."""
        if self.plan is not None and not self.is_read_only:
            self._keep(self.plan, {"route": key}, {})

    def _no_access(self, error: TheatrumError) -> None:
        self.access_problem = note_of(error)
        self.changed.emit()


def _same_points(first: PlanRecord, second: PlanRecord) -> bool:
    """Whether two plans' roots follow from the same points."""
    keys = ("hinges_mm", "hinge_sources", "ostia_mm", "annulus_pins_mm", "septum_mm", "calcium_hu", "phase")
    return all(first.inputs.get(key) == second.inputs.get(key) for key in keys)
