"""Numbers that follow a dragged hinge or contour handle, in the plan's own shape.

One quiet job at a time measures the annulus beside the hand, always with the newest place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import tr
from app.jobs import Job
from app.panels.notes import note_of
from planning.errors import MeasurementError
from planning.progress import CancelToken, Progress
from planning.tavr.inputs import TavrInputs
from planning.tavr.live import LiveRoot
from planning.tavr.pins import pull_contour
from planning.tavr.plan import measure_annulus_live
from planning.volume import Volume

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

JOB_KEY = "annulus beside the hand"


class LiveNumbers:
    """The preview of a plan whose points are under the hand."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work
        self._again = False
        self._root: LiveRoot | None = None
        self._of: Mapping[str, Any] | None = None

    def begin(self) -> None:
        """The annulus at the hand's place: one job at a time, the next one takes the newest place."""
        if any(state.job.key == JOB_KEY for state in self._work.session.jobs.active):
            self._again = True
            return
        volume = self._work.volume()
        if volume is None:
            return
        self._again = False
        root = self._root
        if root is not None and self._of is self._work.results:
            # pins that the plane has left behind do not stop a drag of a hinge: only pulled ones are new
            pins = None if self._pins_are_the_plans else self._work.edits.pins_mm
            work = root_work(root, self._work.hinges_mm(), pins)
        else:
            work = live_work(volume, self._work.hinges_mm(), self._work.edits.pins_mm)
        self._work.session.jobs.submit(
            Job(key=JOB_KEY, title=tr("Measuring the annulus"), work=work, done=self._done, quiet=True)
        )

    @property
    def _pins_are_the_plans(self) -> bool:
        kept = None if self._work.plan is None else self._work.plan.inputs.get("annulus_pins_mm")
        pins = self._work.edits.pins_mm
        return len(kept or ()) == len(pins) and np.allclose(np.array(kept or ()), np.array(pins))

    def prepare(self) -> None:
        """Read the root once for this plan, so that every number follows a dragged hinge."""
        plan, volume = self._work.plan, self._work.volume()
        if plan is None or volume is None or self._work.is_read_only or self._work.is_stale or self._of is plan.results:
            return
        self._of, self._root = plan.results, None

        def work(progress: Progress, cancel: CancelToken) -> LiveRoot | None:
            try:
                return LiveRoot.prepare(volume, TavrInputs.from_json(plan.inputs), plan.results)
            except MeasurementError:
                # the annulus alone follows the hand then
                return None

        self._work.session.jobs.submit(
            Job(
                key="live root",
                title=tr("Preparing live numbers"),
                work=work,
                done=self._take,
                still_wanted=lambda: self._of is plan.results is self._work.results,
                quiet=True,
            )
        )

    def _take(self, root: LiveRoot | None) -> None:
        self._root = root

    def _done(self, value: Mapping[str, Any] | MeasurementError) -> None:
        if not self._work.is_stale:
            return
        if isinstance(value, MeasurementError):
            self._work.preview, self._work.problem = {}, note_of(value)
        else:
            self._work.preview, self._work.problem = value, None
        if self._again and self._work.has_hinges:
            self.begin()
        self._work.changed.emit()

    def forget(self) -> None:
        """What was prepared belongs to another image, or nobody looks at the plan any more."""
        self._root = self._of = None


def live_work(volume: Volume, hinges_mm: Sequence[Sequence[float]], pins_mm: Sequence[Sequence[float]]) -> Any:
    """A job's work: the annulus of these hinges drawn through these pins, or the error that they make."""
    hinges = np.array(hinges_mm)

    def work(progress: Progress, cancel: CancelToken) -> Mapping[str, Any] | MeasurementError:
        try:
            preview = measure_annulus_live(volume, hinges)
            pulled = pull_contour(preview.contour, np.array(pins_mm)) if len(pins_mm) else preview.contour
            return live_numbers(replace(preview, contour=pulled).as_json())
        except MeasurementError as error:
            # a place on the way is no failure: it is said in the panel while the hand goes on
            return error

    return work


def root_work(
    root: LiveRoot, hinges_mm: Sequence[Sequence[float]], pins_mm: Sequence[Sequence[float]] | None = None
) -> Any:
    """A job's work: every number of the plan at these hinges and pins, or the error that they make."""
    hinges = np.array(hinges_mm)

    def work(progress: Progress, cancel: CancelToken) -> Mapping[str, Any] | MeasurementError:
        try:
            numbers = root.measure(hinges, pins_mm)
        except MeasurementError as error:
            return error
        # routes and phases do not follow from hinges
        return {key: value for key, value in numbers.items() if key not in ("access", "phases")}

    return work


def live_numbers(annulus: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a plan that follow from an annulus measured beside the hand."""
    normal = np.asarray(annulus["normal"])
    return {"annulus": annulus, "angulation_deg": float(np.degrees(np.arctan2(abs(normal[0]), abs(normal[2]))))}
