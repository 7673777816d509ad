"""The access routes of a plan: looked for beside the root, which they do not follow from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.i18n import tr
from app.jobs import Job
from app.panels.notes import Note, note_of
from planning.case.model import PlanRecord
from planning.case.tavr_plans import corrected_access, measure_access, measure_route
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress
from planning.tavr.inputs import TavrInputs

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork
    from planning.access.corrections import Corrected

JOB_KEY = "find access"
# what a person decides about routes
DECIDED = ("sheath", "access", "lumen_edits", "excluded")
# what a plan's routes follow from
ACCESS_OF = ("phase", *DECIDED)


class RouteFinder:
    """The search for routes, the sheath they are judged with and the one that was accepted."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work
        self.problem: Note | None = None

    @property
    def is_finding(self) -> bool:
        """True while the routes are looked for."""
        return any(state.job.key == JOB_KEY and not state.cancel.is_set for state in self._work.session.jobs.active)

    @property
    def is_wanted(self) -> bool:
        """True while nobody has looked for routes on this plan."""
        results = self._work.results
        if results is None or self._work.is_read_only or self.is_finding or self.problem is not None:
            return False
        access = results["access"]
        if access.get("routes"):
            return False
        missing = access.get("missing")
        return not missing or any(one["key"] == "all" for one in missing)

    def stop(self) -> None:
        """The search is not wanted any more."""
        self._work.stop_job(JOB_KEY)

    def find(self, **changes: Any) -> None:
        """Look for the routes with the sheath and ends of now, or with these; one step of the case."""
        plan = self._work.plan
        if plan is None or self._work.is_read_only:
            return
        document, results = self._work.session.document, plan.results
        inputs = TavrInputs.from_json({**plan.inputs, **changes})

        def work(progress: Progress, cancel: CancelToken) -> Corrected:
            return measure_access(document, inputs, results, progress=progress, cancel=cancel)

        self._submit(tr("Finding the iliac arteries"), work, inputs)

    def place(self, key: str, ends: Mapping[str, Any]) -> None:
        """One route between these ends, {"from_mm", "to_mm", "via_mm"}; the others stay."""
        plan = self._work.plan
        if plan is None or self._work.is_read_only:
            return
        document, access = self._work.session.document, plan.results["access"]
        placed = {**(plan.inputs.get("access") or {}), key: dict(ends)}
        inputs = TavrInputs.from_json({**plan.inputs, "access": placed})

        def work(progress: Progress, cancel: CancelToken) -> Corrected:
            return measure_route(document, inputs, access, key, progress=progress, cancel=cancel)

        self._submit(tr("Following the artery"), work, inputs)

    def _submit(self, title: str, work: Callable[[Progress, CancelToken], Corrected], inputs: TavrInputs) -> None:
        phase = inputs.phase
        self.problem = None

        def done(found: Corrected) -> None:
            # the root may have been measured again meanwhile, and routes judged otherwise; ways do not follow from that
            plan = self._work.plan
            if plan is not None:
                now = TavrInputs.from_json({**plan.inputs, "access": inputs.as_json()["access"]})
                self._keep(corrected_access(found.access, now), now)

        self._work.session.jobs.submit(
            Job(
                key=JOB_KEY,
                title=title,
                work=work,
                done=done,
                failed=self._failed,
                still_wanted=lambda: (
                    self._work.plan is not None and (self._work.plan.inputs.get("phase") or 0) == phase
                ),
                subject=self._work.session.label,
            )
        )
        self._work.changed.emit()

    def _keep(self, found: Corrected, inputs: TavrInputs) -> None:
        asked = inputs.as_json()
        kept = {**{key: asked[key] for key in DECIDED}, "lumen_edits": found.lumen_edits or None}
        plan = self._work.plan
        if plan is not None and _fate(plan.results["access"], asked["route"]) != _fate(found.access, asked["route"]):
            # nobody accepted this lumen
            kept["route"] = None
        self._work.keep(kept, {"access": found.access})

    def correct(self, **changes: Any) -> None:
        """Other "lumen_edits" or "excluded" routes, or another "sheath"; nothing is measured again."""
        plan = self._work.plan
        if plan is None or self._work.is_read_only or not plan.results["access"].get("routes"):
            return
        inputs = TavrInputs.from_json({**plan.inputs, **changes})
        self._keep(corrected_access(plan.results["access"], inputs), inputs)

    def choose_sheath(self, name: str | None) -> None:
        """The same routes for another sheath."""
        self.correct(sheath=name)

    def corrected(self, **changes: Any) -> Mapping[str, Any]:
        """The plan's access as it would be with these changes; for what the hand shows before it lets go."""
        plan = self._work.plan
        assert plan is not None
        return corrected_access(plan.results["access"], TavrInputs.from_json({**plan.inputs, **changes})).access

    def keep_route(self, key: str) -> None:
        """The person accepted a route."""
        if not self._work.is_read_only:
            self._work.keep({"route": key}, {})

    def _failed(self, error: TheatrumError) -> None:
        self.problem = note_of(error)
        self._work.changed.emit()

    def carried_to(self, record: PlanRecord) -> PlanRecord:
        """A plan that was measured meanwhile, with the routes of now where they are still its own."""
        now = self._work.plan
        routes = () if now is None else now.results["access"].get("routes") or now.results["access"].get("missing")
        if now is None or not routes or any(now.inputs.get(key) != record.inputs.get(key) for key in ACCESS_OF):
            return record
        return replace(record, results={**record.results, "access": now.results["access"]})


def _fate(access: Mapping[str, Any], key: str | None) -> tuple[Any, Any]:
    """What a person looked at when they accepted a route."""
    row = next((row for row in access.get("routes") or () if row["key"] == key), None)
    return (None, None) if row is None else (row["minimum"], row.get("excluded"))
