"""What the kidney panel works on: the liver's work with a kidney's model, roles and clamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.panels.liver.cuts import CutStore
from app.panels.liver.draft import ASKED_MM, LiverDraft, free_letter
from app.panels.liver.tasks import Measured
from app.panels.liver.work import LiverWork
from planning.case.document import Document
from planning.case.kidney_plans import roles_of
from planning.case.model import Case, PlanRecord
from planning.kidney.roles import KidneyRoles, guess_kidney
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from planning.kidney.clamping import ClampTerritory
    from planning.kidney.model import KidneyFlow, KidneyModel
    from planning.kidney.score import KidneyTumor
    from planning.liver.model import LiverModel


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KidneyDraft(LiverDraft):
    """A kidney plan as it is being made. clamp: names of artery branches, None for the proposed ones."""

    clamp: tuple[str, ...] | None = None

    @property
    def kidney_roles(self) -> KidneyRoles:
        """The structures' names by what they are to the kidney."""
        assert isinstance(self.roles, KidneyRoles)
        return self.roles

    def beside_cuts(self) -> tuple[Any, ...]:
        """All but the resections, for comparison."""
        return (*LiverDraft.beside_cuts(self), self.clamp)


def kidney_draft_of(plan: PlanRecord, cuts: CutStore) -> KidneyDraft:
    """The draft that gives this plan; resections that `cuts` knows stay the same objects."""
    inputs = plan.inputs
    clamp = inputs.get("clamp")
    return KidneyDraft(
        name=plan.name,
        roles=roles_of(plan),
        resections=cuts.read(inputs["resections"]),
        asked_mm=float(inputs.get("asked_margin_mm") or ASKED_MM),
        clamp=None if clamp is None else tuple(clamp),
    )


class KidneyWork(LiverWork):
    """The same road as the liver's; a plan may be kept without a resection."""

    kind = "kidney"
    needs_cut = has_stages = False
    draft: KidneyDraft
    flow: KidneyFlow | None = None
    _clamps: tuple[KidneyModel, float, tuple[ClampTerritory, ...]] | None = None

    # of the kidney

    def _first_draft(self) -> KidneyDraft:
        return KidneyDraft(name=free_letter(self.session.case), roles=self._guess())

    def _guess(self) -> KidneyRoles:
        return guess_kidney(tuple(self.session.case.structures))

    def _read(self, plan: PlanRecord) -> KidneyDraft:
        return kidney_draft_of(plan, self._cuts)

    def _preparing(self, before: LiverModel | None) -> Callable[[Progress, CancelToken], LiverModel]:
        return partial(prepared_kidney, self.session.document.reader(), self.draft.kidney_roles)

    def _recording(self, model: LiverModel, draft: LiverDraft) -> Callable[[Progress, CancelToken], PlanRecord]:
        from planning.kidney.model import KidneyModel

        assert isinstance(model, KidneyModel)
        assert isinstance(draft, KidneyDraft)
        return partial(recorded_kidney, self.session.case, model, draft, self.by_hand)

    def _start_cuts(self) -> None:
        """A score and its clamps are a plan of their own: a cut is made when it is asked for."""

    # what the steps read

    @property
    def kidney(self) -> KidneyModel | None:
        """The prepared kidney."""
        from planning.kidney.model import KidneyModel

        return self.model if isinstance(self.model, KidneyModel) else None

    @property
    def scores(self) -> tuple[KidneyTumor, ...]:
        """The tumours with their letters."""
        return self.kidney.scores if self.kidney is not None else ()

    def clamps(self) -> tuple[ClampTerritory, ...]:
        """The artery's branches, for the margin asked for."""
        model, margin = self.kidney, self.draft.asked_mm
        if model is None:
            return ()
        if self._clamps is None or self._clamps[0] is not model or self._clamps[1] != margin:
            self._clamps = (model, margin, model.clamps(margin))
        return self._clamps[2]

    def clamped(self) -> tuple[str, ...]:
        """The branches that are clamped: those chosen, else those proposed."""
        from planning.kidney.clamping import proposed_clamps

        clamps, model = self.clamps(), self.kidney
        if model is None:
            return ()
        if self.draft.clamp is None:
            return proposed_clamps(clamps, model.operated(self.numbers))
        return tuple(one.name for one in clamps if one.name in self.draft.clamp)

    def set_clamp(self, names: Sequence[str] | None) -> None:
        """Other branches are clamped; None takes the proposed ones again."""
        chosen = None if names is None else tuple(names)
        if chosen != self.draft.clamp:
            self.by_hand = True
            self._change(clamp=chosen)

    def evaluate(self, *, at_rest: bool, found: Measured | None = None) -> None:
        """The numbers of the draft at once, with the blood that is left."""
        super().evaluate(at_rest=at_rest, found=found)
        model, numbers, cuts = self.kidney, self.numbers, self.draft.resections
        if not cuts:
            self.vessel_cuts = ()
            numbers = None if model is None else model.evaluate((), alone=False)
        self.flow = None if model is None or numbers is None else model.flow(cuts, self.clamped(), numbers)

    def remove(self, number: int) -> None:
        """One resection less; a kidney plan may have none."""
        if len(self.draft.resections) > 1 or number != 0:
            super().remove(number)
            return
        self.chosen, self.by_hand = 0, True
        self.rest = None
        self.draft = replace(self.draft, stages=())
        self._cut_changed((), finished=True)


def prepared_kidney(document: Document, roles: KidneyRoles, progress: Progress, cancel: CancelToken) -> KidneyModel:
    """The kidney of these structures; a job."""
    from planning.case.kidney_plans import kidney_model

    return kidney_model(document, roles, progress, cancel)


def recorded_kidney(
    case: Case, model: KidneyModel, draft: KidneyDraft, by_hand: bool, progress: Progress, cancel: CancelToken
) -> PlanRecord:
    """The whole plan, measured; a job."""
    from planning.case.kidney_plans import kidney_record_of

    cancel.raise_if_set()
    return kidney_record_of(
        case,
        draft.name,
        model,
        draft.roles.as_mapping(),
        draft.resections,
        draft.asked_mm,
        draft.clamp,
        source="window",
        edited=by_hand,
    )
