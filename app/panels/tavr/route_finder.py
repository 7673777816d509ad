"""The access routes of a plan: looked for beside the root, which they do not follow from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.jobs import Job
from app.panels.notes import Note, note_of
from planning.case.model import PlanRecord
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

JOB_KEY = "find access"
# what a plan's routes follow from
ACCESS_OF = ("phase", "sheath", "access")


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
        plan, volume = self._work.plan, self._work.volume()
        if plan is None or volume is None or self._work.is_read_only:
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
            self._work.keep(inputs, {"access": found})

        self._work.session.jobs.submit(
            Job(
                key=JOB_KEY,
                title="Finding the iliac arteries",
                work=work,
                done=done,
                failed=self._failed,
                still_wanted=lambda: (
                    self._work.plan is not None and self._work.plan.inputs.get("phase") == plan.inputs.get("phase")
                ),
                subject=self._work.session.label,
            )
        )
        self._work.changed.emit()

    def choose_sheath(self, name: str | None) -> None:
        """The same routes for another sheath; nothing is measured again."""
        plan = self._work.plan
        if plan is None or self._work.is_read_only or not plan.results["access"].get("routes"):
            return
        from planning.access.plan import with_sheath

        self._work.keep({"sheath": name}, {"access": with_sheath(plan.results["access"], name)})

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
