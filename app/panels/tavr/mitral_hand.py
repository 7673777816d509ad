"""A mitral valve under the hand: annulus points, device and depth, and what it leaves of the outflow tract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import tr
from app.jobs import Job
from app.panels.base import as_list
from app.panels.drafts import keep_draft, kept_draft
from app.panels.notes import Note, note_of
from app.panes.latest import LatestJob
from planning.errors import InputError, MeasurementError, TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from planning.tavr.mitral import LEAST_POINTS, find_mitral_device, mitral_devices
from planning.tavr.mitral_plan import PlanTract, mitral_through_beat

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

MOST_POINTS = 16
POINT_KEY = "mitral_"
DRAFT = "mitral"
TRACT_KEY, BEAT_KEY = "outflow tract", "neo-LVOT through the heartbeat"
# findings that a new neo-LVOT replaces
CODES = ("mitral", "tract_open")


class MitralHand:
    """Points and device as they are now; each change of six points or more is one step of the case."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work
        self._devices = mitral_devices()
        self.points: list[FloatArray] = []
        self.device = (self._devices[0].model, self._devices[0].size)
        self.share: float | None = None
        self.preview: Mapping[str, Any] | None = None
        self.problem: Note | None = None
        self._tract: PlanTract | None = None
        self._tract_of: Mapping[str, Any] | None = None
        self._latest = LatestJob(work.session.jobs, "neo-LVOT", tr("Measuring the neo-LVOT"), self._take)

    @property
    def devices(self) -> tuple[tuple[str, str], ...]:
        """Model and size of every mitral valve of the catalogue."""
        return tuple((device.model, device.size) for device in self._devices)

    @property
    def shown(self) -> Mapping[str, Any] | None:
        """The neo-LVOT as the hand has it now; None where there is none."""
        if self.preview is not None:
            return self.preview
        results = self._work.results
        return None if results is None else results.get("mitral")

    @property
    def depth_share(self) -> float:
        """Part of the frame that stands in the ventricle."""
        return find_mitral_device(*self.device).ventricular_share if self.share is None else self.share

    @property
    def is_whole(self) -> bool:
        """True with enough points to measure."""
        return len(self.points) >= LEAST_POINTS

    def read(self) -> None:
        """Points and device of the plan; where it has none, those of its unfinished round, which outlives the case's closing."""
        plan = self._work.plan
        asked = None if plan is None else plan.inputs.get("mitral")
        self.preview, self.problem = None, None
        if plan is None:
            self.points = []
        elif asked is not None:
            self._take_asked(asked)
            self._keep_draft()
        else:
            self.points = []
            draft = self._drafts().get(plan.name)
            try:
                # points of another phase lie beside this one's annulus
                if isinstance(draft, Mapping) and draft.get("phase") == self._phase:
                    # raises for a device that the catalogue has no more
                    find_mitral_device(draft["model"], draft["size"])
                    self._take_asked(draft)
            except (KeyError, TypeError, ValueError, InputError):
                self.points = []

    def _take_asked(self, asked: Mapping[str, Any]) -> None:
        points = np.asarray(asked["annulus_mm"], dtype=np.float64).reshape(-1, 3)
        if not np.isfinite(points).all():
            raise ValueError(points.shape)
        self.points = list(points)
        self.device, self.share = (asked["model"], asked["size"]), asked.get("ventricular_share")

    # a round that is not in the case yet

    @property
    def _phase(self) -> int:
        plan = self._work.plan
        return 0 if plan is None else int(plan.inputs.get("phase") or 0)

    def _drafts(self) -> dict[str, Any]:
        return {} if self._work.is_read_only else kept_draft(self._work.session, DRAFT) or {}

    def _keep_draft(self) -> None:
        """Points of this plan outlive the case's closing until they are in it."""
        plan = self._work.plan
        if plan is None or self._work.is_read_only:
            return
        drafts = self._drafts()
        before = drafts.pop(plan.name, None)
        asked = plan.inputs.get("mitral")
        if self.points and (asked is None or len(asked["annulus_mm"]) != len(self.points)):
            points = [as_list(point) for point in self.points]
            drafts[plan.name] = {**self.asked(), "annulus_mm": points, "phase": self._phase}
        elif before is None:
            return
        keep_draft(self._work.session, DRAFT, drafts or None)

    def renamed(self, before: str, after: str) -> None:
        """The plan has another name."""
        drafts = self._drafts()
        if before in drafts:
            keep_draft(self._work.session, DRAFT, {after: drafts.pop(before), **drafts})

    def drafted(self) -> str:
        """A point that is not in the case yet: too few are placed."""
        return tr("a point of the mitral annulus") if self.points and not self.is_whole else ""

    # the tract

    @property
    def is_ready(self) -> bool:
        """True while the outflow tract of this plan is known."""
        results = self._work.results
        return self._tract is not None and results is not None and self._fits(results)

    def _fits(self, results: Mapping[str, Any]) -> bool:
        of = self._tract_of
        return of is not None and all(of[key] == results[key] for key in ("annulus", "lvot"))

    def prepare(self) -> None:
        """Cut the outflow tract once for this plan, so that a device can be moved in it by hand."""
        results, volume = self._work.results, self._work.volume()
        if results is None or volume is None or self._fits(results):
            return
        phase = str(results["phase"])
        self._tract, self._tract_of = None, results

        def work(progress: Progress, cancel: CancelToken) -> PlanTract:
            return PlanTract.of(volume, results, phase)

        def done(tract: PlanTract) -> None:
            self._tract = tract
            if self.is_whole and self.shown is None:
                self.measure(finished=True)
            self._work.changed.emit()

        self._work.session.jobs.submit(
            Job(
                key=TRACT_KEY,
                title=tr("Reading the outflow tract"),
                work=work,
                done=done,
                failed=self._failed,
                still_wanted=lambda: self._work.results is not None and self._fits(self._work.results),
                quiet=True,
            )
        )

    def _failed(self, error: TheatrumError) -> None:
        self.problem = note_of(error)
        self._work.changed.emit()

    # the hand

    def put(self, place_mm: FloatArray) -> None:
        """Another point of the annulus."""
        self.points.append(np.asarray(place_mm, dtype=np.float64))
        self.measure(finished=True)

    def move(self, number: int, place_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        self.points[number] = np.asarray(place_mm, dtype=np.float64)
        self.measure(finished)

    def remove(self, number: int) -> None:
        """A point away."""
        del self.points[number]
        self.measure(finished=True)

    def clear(self) -> None:
        """No mitral valve in this plan."""
        self.points, self.preview, self.problem = [], None, None
        self._keep_draft()
        self._keep(None, None)

    def choose(self, model: str, size: str) -> None:
        """Another device."""
        self.device, self.share = (model, size), None
        self.measure(finished=True)

    def set_share(self, share: float) -> None:
        """Another part of the frame in the ventricle."""
        self.share = share
        self.measure(finished=True)

    def asked(self) -> dict[str, Any]:
        """What the numbers follow from."""
        model, size = self.device
        return {
            "model": model,
            "size": size,
            "annulus_mm": [[float(v) for v in point] for point in self.points],
            "ventricular_share": self.share,
        }

    def measure(self, finished: bool) -> None:
        """The neo-LVOT of now; on release one step of the case."""
        if finished:
            self._keep_draft()
        tract = self._tract
        if not self.is_whole or tract is None or self._work.is_read_only or self._work.is_stale or not self.is_ready:
            if finished and not self.is_whole and self.shown is not None:
                self.preview = None
                self._keep(None, None)
            self._work.changed.emit()
            return
        asked = self.asked()

        def work(progress: Progress, cancel: CancelToken) -> Any:
            try:
                return asked, tract.neo_lvot(asked), finished
            except MeasurementError as error:
                return asked, error, finished

        self._latest.ask(work)
        self._work.changed.emit()

    def _take(self, answer: tuple[dict[str, Any], Any, bool]) -> None:
        asked, found, finished = answer
        if isinstance(found, MeasurementError):
            self.preview, self.problem = None, note_of(found)
        else:
            self.preview, self.problem = found, None
            if finished and self.is_ready:
                self._keep(asked, found)
        self._work.changed.emit()

    def _keep(self, asked: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> None:
        results = self._work.results
        if results is None or self._work.is_read_only:
            return
        warnings = [said for said in results["warnings"] if said["code"] not in CODES]
        warnings += () if found is None else found["warnings"]
        self._work.keep({"mitral": asked}, {"mitral": found, "warnings": warnings})

    # through the heartbeat

    @property
    def is_following(self) -> bool:
        """True while the other phases are measured."""
        return any(state.job.key == BEAT_KEY and not state.cancel.is_set for state in self._work.session.jobs.active)

    @property
    def follow_blocked(self) -> str:
        """Why the other phases cannot be measured now, "" when they can."""
        if self.is_following:
            return tr("Measuring the other phases")
        if self._work.beat.phases is None:
            return tr("Follow the annulus first, in step 1")
        return "" if self.shown is not None else tr("Place the mitral annulus first")

    def followed_to(self, phase: int) -> dict[str, Any] | None:
        """`TavrInputs.mitral` with the annulus as it was followed into a phase; None where it was not."""
        plan = self._work.plan
        asked = None if plan is None else plan.inputs.get("mitral")
        phases = (self.shown or {}).get("phases") or {"rows": ()}
        if asked is None or phase >= len(phases["rows"]) or phases["rows"][phase]["annulus_mm"] is None:
            return None
        return {**asked, "annulus_mm": phases["rows"][phase]["annulus_mm"]}

    def follow(self) -> None:
        """The neo-LVOT of every phase; one step of the case."""
        plan, session = self._work.plan, self._work.session
        found = None if plan is None else plan.results.get("mitral")
        image = session.image
        if plan is None or found is None or image is None or self._work.is_read_only or self.follow_blocked:
            return
        document, inputs, results = session.document, plan.inputs, plan.results

        def work(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            return mitral_through_beat(
                lambda phase: document.volume(image.name, phase),
                image.phases,
                int(inputs.get("phase") or 0),
                inputs["mitral"],
                results,
                progress=progress,
                cancel=cancel,
            )

        def done(phases: dict[str, Any]) -> None:
            now = self._work.results
            if now is not None and now.get("mitral") is not None:
                self._work.keep({}, {"mitral": {**now["mitral"], "phases": phases}})

        session.jobs.submit(
            Job(
                key=BEAT_KEY,
                title=tr("Following the mitral annulus"),
                work=work,
                done=done,
                failed=self._failed,
                still_wanted=lambda: (
                    self._work.plan is not None and self._work.plan.inputs.get("mitral") == inputs["mitral"]
                ),
                subject=session.label,
            )
        )
        self._work.changed.emit()
