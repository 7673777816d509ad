"""The plan's annulus through the heartbeat: followed in a job, drawn in the phase shown, planned in another phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import mark, tr
from app.jobs import Job
from app.panels.notes import Note, note_of
from app.panels.quantities import TableRow, number_row
from app.panels.tavr.drawing import annulus_item
from app.panels.tavr.names import HINGES, POINT_LABELS
from app.panes.phase_axis import phase_name
from app.theme.tokens import HINGES as HINGE_COLORS
from planning.case.tavr_plans import likely_systole, measure_beat
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress
from planning.tavr.inputs import TavrInputs
from planning.tavr.phases import carried
from planning.tavr.uncertainty import is_systolic
from viewers.overlay import PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

JOB_KEY = "follow annulus"
FOLLOWING = mark("Following the annulus")


class Heartbeat:
    """What a moving scan adds to a TAVR plan; knows nothing on a scan of one phase."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work
        self.problem: Note | None = None
        # what was followed by itself already: once stopped or undone, only the person starts it again
        self._begun: list[Any] = []

    @property
    def labels(self) -> tuple[str, ...]:
        """What the scan's phases are called."""
        return self._work.session.phases.labels

    @property
    def is_moving(self) -> bool:
        """True for a scan of several phases."""
        return len(self.labels) > 1

    @property
    def shown_phase(self) -> int:
        """The phase in the panes."""
        return max(min(self._work.session.view.state.phase, len(self.labels) - 1), 0)

    @property
    def planned_phase(self) -> int | None:
        """The phase that the plan's numbers are of, None without a plan."""
        plan = self._work.plan
        return None if plan is None else int(plan.inputs.get("phase") or 0)

    @property
    def is_elsewhere(self) -> bool:
        """True while the panes show another phase than the plan's points belong to."""
        planned = self.planned_phase
        return self.is_moving and planned is not None and planned != self.shown_phase

    @property
    def phases(self) -> Mapping[str, Any] | None:
        """The plan's "phases", None while nobody followed its annulus."""
        results = self._work.results
        found = None if results is None else results.get("phases")
        return found if found and len(found["curve"]) == len(self.labels) else None

    @property
    def row(self) -> Mapping[str, Any] | None:
        """The annulus in the phase shown; None where there is none."""
        phases = self.phases
        if phases is None:
            return None
        row: Mapping[str, Any] = phases["curve"][self.shown_phase]
        return None if row["area_mm2"] is None or row.get("contour_mm") is None else row

    # following

    @property
    def is_following(self) -> bool:
        """True while the job runs."""
        return any(state.job.key == JOB_KEY and not state.cancel.is_set for state in self._work.session.jobs.active)

    def begin(self) -> None:
        """Follow the annulus of a plan that nobody followed yet; once for each plan's hinges."""
        plan = self._work.plan
        if plan is None or not self.is_moving or self.phases is not None or self._work.is_stale:
            return
        asked = (plan.inputs["hinges_mm"], plan.inputs.get("phase"))
        if not self._work.is_read_only and asked not in self._begun:
            self.follow()

    def follow(self) -> None:
        """Follow the annulus through all phases; one step of the case."""
        work, plan = self._work, self._work.plan
        if plan is None or work.is_read_only or self.is_following:
            return
        document, inputs = work.session.document, TavrInputs.from_json(plan.inputs)
        asked = (plan.inputs["hinges_mm"], plan.inputs.get("phase"))
        self._begun.append(asked)
        self.problem = None

        def run(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            return measure_beat(document, inputs, progress=progress, cancel=cancel)

        def done(found: dict[str, Any]) -> None:
            work.keep_results(phases=found)

        def failed(error: TheatrumError) -> None:
            self.problem = note_of(error)
            work.changed.emit()

        def still_wanted() -> bool:
            now = work.plan
            return now is not None and (now.inputs["hinges_mm"], now.inputs.get("phase")) == asked

        work.session.jobs.submit(
            Job(
                key=JOB_KEY,
                title=FOLLOWING,
                work=run,
                done=done,
                failed=failed,
                still_wanted=still_wanted,
                subject=work.session.label,
            )
        )
        work.changed.emit()

    def stop(self) -> None:
        """Not wanted now."""
        for state in self._work.session.jobs.active:
            if state.job.key == JOB_KEY:
                self._work.session.jobs.cancel(state)
        self._work.changed.emit()

    # planning in another phase

    @property
    def blocked(self) -> str:
        """Why the plan cannot move to the phase shown, "" when it can."""
        if not self.is_elsewhere:
            return ""
        if self.phases is None:
            return FOLLOWING if self.is_following else tr("Follow the annulus first")
        if self.row is None:
            return tr(
                "The annulus could not be measured in {phase_name}",
                phase_name=phase_name(self.labels, self.shown_phase),
            )
        return ""

    def use(self, phase: int) -> None:
        """Plan in this phase from the hinges that were followed into it."""
        phases = self.phases
        if phases is None or self._work.is_read_only or phases["curve"][phase]["area_mm2"] is None:
            return
        self._work.session.phases.show(phase)
        self._work.plan_in_phase(phase, np.asarray(phases["curve"][phase]["hinges_mm"], dtype=np.float64))

    def use_systole(self) -> None:
        """Plan in the phase of the widest annulus."""
        if self.phases is not None and self.phases["systole"] is not None:
            self.use(int(self.phases["systole"]))

    # words

    def table(self) -> list[TableRow]:
        """The phases to choose from with their areas; none on a scan of one."""
        if not self.is_moving:
            return []
        phases, planned, made = self.phases, self.planned_phase, []
        for n in range(len(self.labels)):
            name, row = phase_name(self.labels, n), None if phases is None else phases["curve"][n]
            if row is None:
                made.append(
                    TableRow(f"phase_{n}", name, "", share=tr("plan", "the phase of the plan") if n == planned else "")
                )
                continue
            words = [
                word
                for word, is_so in (
                    ("plan", n == planned),
                    ("systole", phases is not None and n == phases["systole"]),
                    (str(row["reason"]), row["area_mm2"] is None),
                )
                if is_so
            ]
            area = number_row(
                f"phase_{n}", name, row["area_mm2"], "mm²", row["uncertainty_mm2"], reason=str(row["reason"])
            )
            made.append(replace(area, detail=", ".join(words)))
        return made

    def message(self) -> str:
        """What stands where the curve would be."""
        if self.phases is not None:
            return tr("The annulus could not be measured in any phase.")
        if self._work.plan is None:
            return tr("The curve comes with the plan: find the root in step 2.")
        if self.is_following:
            return f"{FOLLOWING}."
        return tr("The annulus was not followed through the heartbeat.")

    def notes(self) -> list[Note]:
        """Where the annulus is wider, and which phases it could not be followed into."""
        if not self.is_moving:
            return []
        if self._work.plan is None:
            return self._first_notes()
        if self.problem is not None:
            return [self.problem]
        phases = self.phases
        if phases is None:
            return []
        notes = []
        curve, systole, planned = phases["curve"], phases["systole"], self.planned_phase
        if systole is not None and planned is not None and systole != planned:
            wider = "" if curve[planned]["area_mm2"] is None else _more(curve[systole], curve[planned])
            name = _short_phase(self.labels, systole)
            link = "" if self._work.is_read_only else tr("Use systole")
            notes.append(
                Note(
                    tr("Widest at {name}{wider}", name=name, wider=wider), tr("Sizes are chosen in systole."), link=link
                )
            )
        lost = [n for n, row in enumerate(curve) if row["area_mm2"] is None]
        if lost:
            names = ", ".join(_short_phase(self.labels, n) for n in lost)
            notes.append(
                Note(tr("Not measured at {names}", names=names), _reasons([str(curve[n]["reason"]) for n in lost]))
            )
        return notes

    def elsewhere_note(self) -> Note | None:
        """That the panes show another phase than the plan's; None while they show it, or move."""
        if not self.is_elsewhere or self._work.is_stale:
            return None
        planned = phase_name(self.labels, self._work.decided.phase)
        return Note(
            tr("Numbers are of {planned}", planned=planned),
            tr("The panes show {phase_name}.", phase_name=phase_name(self.labels, self.shown_phase)),
        )

    def _first_notes(self) -> list[Note]:
        likely = likely_systole(self.labels)
        if likely == self.shown_phase or is_systolic(self.labels[self.shown_phase]):
            return []
        name = phase_name(self.labels, likely)
        return [
            Note(
                tr("Systole is near {name}", name=name),
                tr("In diastole the annulus reads about 24 mm² smaller."),
                link=tr("Show it"),
            )
        ]

    def follow_note(self) -> None:
        """The link of the first note."""
        if self._work.plan is None:
            self._work.session.phases.show(likely_systole(self.labels))
        else:
            self.use_systole()

    # drawing

    def items(self) -> list[PlanItem]:
        """The annulus as it was followed into the phase shown: its ring and hinges, which no hand moves."""
        row = self.row
        if row is None:
            return []
        drawn: list[PlanItem] = [annulus_item(row, "none")]
        for key, place in zip(HINGES, np.asarray(row["hinges_mm"], dtype=np.float64), strict=True):
            drawn.append(
                PointItem(
                    key=f"followed_{key}",
                    position_mm=place,
                    color=HINGE_COLORS[key.removeprefix("hinge_")],
                    label=POINT_LABELS[key],
                    movable=False,
                    shape="ring",
                )
            )
        return drawn

    def carried_to(self, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """The curve of now for a plan of these inputs, None where it is of another ring."""
        phase = int(inputs.get("phase") or 0)
        return carried(self.phases, phase, inputs["hinges_mm"])


def _more(best: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    more = best["area_mm2"] - own["area_mm2"]
    return f": {more:+.0f}\u202fmm²"


def _reasons(reasons: list[str]) -> str:
    first = next(iter(dict.fromkeys(reason for reason in reasons if reason)), "")
    return f"{first[:1].upper()}{first[1:].rstrip('.')}." if first else ""


def _short_phase(labels: Sequence[str], phase: int) -> str:
    """ "35 %", where all that is told is of the R–R interval."""
    return labels[phase].replace(" of R–R", "") or phase_name(labels, phase)
