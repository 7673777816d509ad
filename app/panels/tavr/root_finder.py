"""The program looks for the root of a plan that has no points yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.i18n import tr
from app.jobs import Job
from app.panels.tavr.names import HINGES
from planning.case.tavr_plans import automatic_inputs
from planning.progress import CancelToken, Progress
from planning.tavr.inputs import TavrInputs

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

JOB_KEY = "find root"


class RootFinder:
    """The search for hinges; what it finds is measured at once."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work

    @property
    def is_finding(self) -> bool:
        """True while the root is looked for."""
        return any(state.job.key == JOB_KEY and not state.cancel.is_set for state in self._work.session.jobs.active)

    def stop(self) -> None:
        """The search is not wanted any more."""
        self._work.stop_job(JOB_KEY)

    def find(self) -> None:
        """Look for the root in the shown phase; its points are measured at once."""
        if self._work.is_read_only or self._work.session.image is None or self.is_finding:
            return
        document, phase = self._work.session.document, self._work.session.view.state.phase
        self._work.problem = None

        def work(progress: Progress, cancel: CancelToken) -> TavrInputs:
            return automatic_inputs(document, phase, progress=progress, cancel=cancel).inputs

        self._work.session.jobs.submit(
            Job(
                key=JOB_KEY,
                title=tr("Finding the root"),
                work=work,
                done=self._found,
                failed=self._work.not_measured,
                still_wanted=lambda: self._work.plan is None and not self._work.placer.points,
                subject=self._work.session.label,
            )
        )
        self._work.changed.emit()

    def _found(self, inputs: TavrInputs) -> None:
        self._work.placer.stop()
        self._work.placer.begin(dict(zip(HINGES, inputs.hinges_mm, strict=True)))
        self._work.sources = dict.fromkeys(HINGES, "automatic")
        self._work.decided = replace(self._work.decided, automatic=inputs.automatic, phase=inputs.phase)
        self._work.points_changed(finished=True)
        self._work.found.emit()
