"""What the liver panel works on: the draft of a plan, the prepared liver, the numbers, and the way into the case.

The draft may run ahead of the case while a hand drags; `commit` measures it whole in a job and issues one command.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.i18n import tr
from app.jobs import Job
from app.panels.liver.at_rest import AtRest, at_rest
from app.panels.liver.cuts import CutStore, needs_building, settled, sheet_mesh
from app.panels.liver.draft import LiverDraft, draft_of, free_letter, plans_of, unchosen
from app.panels.liver.glimpse import Glimpse
from app.panels.liver.hand import CutHand
from app.panels.liver.tasks import Measured, built, measured, numbers_of, prepared, proposed, recorded
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.liver_asides import asked_again, choose_plan, with_asides
from planning.case.model import PlanRecord
from planning.case.pending import Pending, keep_pending, read_pending
from planning.case.trust import not_looked_at
from planning.errors import TheatrumError
from planning.geometry import Plane
from planning.kept import Kept, array_bytes
from planning.liver.roles import LiverRoles, guess_roles
from planning.progress import CancelToken, Progress
from planning.provenance import now_utc

if TYPE_CHECKING:
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.cut_map import CutMap
    from planning.liver.limit import RemnantLimit
    from planning.liver.model import LiverModel, LiverNumbers
    from planning.liver.regions import Region
    from planning.liver.resection import Resection
    from planning.liver.staging import Occlusion
    from planning.liver.territories import VesselCut
    from planning.liver.volumetry import SizeFormulas
    from planning.mesh import SurfaceMesh

# ticks of several structures in a row are one preparation
SETTLE_MS = 500
REST_MS = 150
# livers of the same structures with other anatomy, which undo asks for: what each has for itself
FORMER_MODEL_BYTES = 64 << 20
VESSELS_S = 0.15


class LiverWork(QObject):
    """`changed`: the draft, the numbers or the model are others. `failed`: something could not be done, as a callout.

    What differs where another organ is planned on the same engine stands in the methods below "of the liver".
    """

    kind = "liver"
    # whether a plan is none without a resection, and may have several stages
    needs_cut = has_stages = True

    changed = Signal()
    map_changed = Signal()
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.saved: PlanRecord | None = None
        self.model: LiverModel | None = None
        self.numbers: LiverNumbers | None = None
        # beside the numbers: what each resection removes, its sheet for 3D, and the branches that are cut
        self.regions: tuple[Region, ...] = ()
        self.meshes: tuple[SurfaceMesh | None, ...] = ()
        self.vessel_cuts: tuple[VesselCut, ...] = ()
        self.rest: AtRest | None = None
        self.chosen = 0
        self.problem: TheatrumError | None = None
        self.by_hand = False
        self.is_dragging = False
        self._prepared_for: tuple[Any, ...] = ()
        self._models: Kept[tuple[Any, ...], LiverModel] = Kept(
            FORMER_MODEL_BYTES, _own_bytes, lambda: (self._prepared_for,)
        )
        self._was_waiting = False
        self._proposed: tuple[Resection, ...] = ()
        self._cuts = CutStore()
        # the draft that the saved plan was made of
        self._kept: LiverDraft | None = None
        self._vessels_at = 0.0
        self.hand = CutHand(self)
        self.glimpse = Glimpse(self)
        self._settle = self._timer(SETTLE_MS, self.prepare)
        self._rest = self._timer(REST_MS, self._ask_rest)
        plans = self.plans()
        self._known = frozenset(plans)
        if plans:
            self.saved = list(plans.values())[-1]
            self.draft = self._kept = self._read(self.saved)
        else:
            self.draft = self._first_draft()
        self._guessed = self._guess()
        self._take_pending()

    def _timer(self, milliseconds: int, run: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(run)
        return timer

    # of the liver

    def _first_draft(self) -> LiverDraft:
        """A plan of the structures that the names speak of."""
        return LiverDraft(name=free_letter(self.session.case), roles=self._guess())

    def _guess(self) -> LiverRoles:
        return guess_roles(tuple(self.session.case.structures))

    def _read(self, plan: PlanRecord) -> LiverDraft:
        return draft_of(plan, self._cuts)

    def _preparing(self, before: LiverModel | None) -> Callable[[Progress, CancelToken], LiverModel]:
        """The job that makes the organ ready."""
        document = self.session.document.reader()
        return partial(
            prepared, document, self.draft.roles.as_mapping(), self.draft.anatomy, before, self.session.files
        )

    def _recording(self, model: LiverModel, draft: LiverDraft) -> Callable[[Progress, CancelToken], PlanRecord]:
        """The job that measures a plan whole."""
        return partial(recorded, self.session.case, model, draft, self.by_hand)

    def _start_cuts(self) -> None:
        """What a new plan begins with."""
        self.propose()

    def plans(self) -> dict[str, PlanRecord]:
        """The case's plans of this kind by name, in their order."""
        return plans_of(self.session.case, self.kind)

    # the organ made ready

    def model_key(self) -> tuple[Any, ...]:
        """Which structures, and what was said of their anatomy: what the ready organ follows from."""
        structures = self.session.case.structures
        named = tuple(
            (role, name, structures[name].array)
            for role, names in self.draft.roles.as_mapping().items()
            for name in names
            if name in structures
        )
        return (*named, repr(self.draft.anatomy))

    @property
    def is_preparing(self) -> bool:
        """True while the liver of these structures, with what was said of its anatomy, is not ready."""
        waits = self.problem is None and bool(self.draft.roles.organ) and not self._is_ready
        return waits and not self.is_waiting

    @property
    def is_waiting(self) -> bool:
        """True while a person has not let a structure be used that a model is not sure of."""
        names = [name for found in self.draft.roles.as_mapping().values() for name in found]
        return bool(not_looked_at(self.session.case, names))

    @property
    def _is_ready(self) -> bool:
        return self.model is not None and self._prepared_for == self.model_key()

    def prepare(self) -> None:
        """Make the liver of the chosen structures ready, in a job, unless it is."""
        self._settle.stop()
        key = self.model_key()
        if self._is_ready:
            return
        self.problem = None
        known = self._models.get(key)
        if known is not None:
            self._take_model(key, known)
            return
        # of the same structures the trees and numbers stay in sight until the new ones are there
        before = self.model if self._prepared_for[:-1] == key[:-1] else None
        if before is None:
            self.model = self.numbers = self.rest = None
        if not self.draft.roles.organ or self.is_waiting:
            self.model = self.numbers = self.rest = None
            self._was_waiting = self.is_waiting
            self.changed.emit()
            return
        self.glimpse.ask()
        self.session.jobs.submit(
            Job(
                key=self.kind,
                title=tr("Preparing the {kind}", kind=self.kind),
                work=partial(measured, self._preparing(self._alike(key)), self.draft.resections, self.draft.occlusion),
                done=lambda found: self._take_model(key, *found),
                failed=self._not_prepared,
                still_wanted=lambda: key == self.model_key(),
                subject=self.session.label,
            )
        )
        self.changed.emit()

    def _alike(self, key: tuple[Any, ...]) -> LiverModel | None:
        """One of the same structures, whose voxels a new one shares: made anew, both would hold a hundred megabytes."""
        alike = (other for other in reversed(tuple(self._models)) if other[:-1] == key[:-1])
        return next((self._models[other] for other in alike), None)

    def _take_model(self, key: tuple[Any, ...], model: LiverModel, found: Measured | None = None) -> None:
        if any(other[:-1] != key[:-1] for other in self._models):
            # of other structures: nothing is shared, so each would be large
            self._models.clear()
        if self.model is not None and self._prepared_for in self._models:
            # with the regions that were built since
            self._models[self._prepared_for] = self.model
        self.model, self._prepared_for = model, key
        self._models[key] = model
        self._settle_sides()
        if not self.draft.resections:
            self._start_cuts()
        self.evaluate(at_rest=True, found=found)
        if self._is_owed():
            self.commit()
        self.changed.emit()

    def _is_owed(self) -> bool:
        """Whether the case must hear of structures or of anatomy that the kept plan does not have."""
        if self._kept is None or self.saved is None:
            return self.draft.anatomy is not None
        return (self._kept.roles, self._kept.anatomy) != (self.draft.roles, self.draft.anatomy)

    def _not_prepared(self, error: TheatrumError) -> None:
        self.problem = error
        self.changed.emit()

    def let_go(self) -> None:
        """Nobody looks: former livers of other anatomy, and regions of cuts that are not there now. Undo makes them again."""
        self._models.keep_only({self.model_key(), *(() if self.model is None else (self._prepared_for,))})
        if self.model is not None:
            self.model.built.keep_only(self.draft.resections)

    def set_roles(self, roles: LiverRoles) -> None:
        """Other structures; the liver is prepared again when the choice rests."""
        if roles != self.draft.roles:
            self.draft = replace(self.draft, roles=roles)
            self.model = self.numbers = self.rest = self.problem = None
            self._settle.start()
            self.changed.emit()

    def set_anatomy(self, anatomy: LiverAnatomy) -> None:
        """Other corrections, landmarks or names: trees, territories and numbers follow in a job, then the case."""
        said = anatomy.as_json() if anatomy.is_said else None
        if said != self.draft.anatomy:
            self.draft, self.by_hand = replace(self.draft, anatomy=said), True
            self._keep_pending()
            self.prepare()
            self.changed.emit()

    def _keep_pending(self) -> None:
        """On the disk before anything is computed of it."""
        if self.session.document.read_only:
            return
        said = Pending(self.draft.name, self.draft.roles.as_mapping(), self.draft.anatomy)
        try:
            keep_pending(self.session.document, self.kind, said)
        except TheatrumError as error:
            self.failed.emit(error)

    def _take_pending(self) -> None:
        """Go on with what was said last time and not measured."""
        found = read_pending(self.session.document, self.kind)
        if found is None:
            return
        plan = self.plans().get(found.plan)
        if plan is not None:
            self.saved = plan
            self.draft = self._kept = self._read(plan)
        elif self.saved is not None:
            # it was a new plan beside those that are kept
            self.saved = self._kept = None
            self.draft = self._first_draft()
        roles = replace(self.draft.roles, **found.roles)
        self.draft, self.by_hand = replace(self.draft, name=found.plan, roles=roles, anatomy=found.anatomy), True

    # resections

    def propose(self, *, bend: bool = False) -> None:
        """A plane beyond the largest tumour that stays, in a job; without one through the liver's middle.

        bend: as a deformable cut.
        """
        model, draft = self.model, self.draft
        if model is None:
            return
        left = [t for t, share in zip(model.tumors, self.shares(), strict=True) if share < 1.0]
        if not left:
            plane = Plane(model.organ.centroid_mm(), np.array((-1.0, 0.0, 0.0)))
            self._take_proposal(draft, bend, plane)
            return
        self.session.jobs.submit(
            Job(
                key=f"{self.kind} proposal",
                title=tr("Placing the first cut") if not draft.resections else tr("Placing another cut"),
                work=partial(proposed, model, left[0], draft.asked_mm, draft.resections),
                done=partial(self._take_proposal, draft, bend),
                failed=self.failed.emit,
                still_wanted=lambda: self.draft is draft and self.model is model,
                subject=self.session.label,
            )
        )

    def start_again(self) -> None:
        """All cuts away and a new first proposal."""
        self.draft = replace(self.draft, resections=(), stages=(), occlusion=None)
        self._forget_cuts()
        self.propose()
        self.changed.emit()

    def _forget_cuts(self) -> None:
        # until the next cut is proposed nothing of those before may be drawn or told
        self.numbers = self.rest = None
        self.regions, self.meshes, self.vessel_cuts = (), (), ()

    def shares(self) -> tuple[float, ...]:
        if self.numbers is not None:
            return self.numbers.removed_share
        return (0.0,) * (len(self.model.tumors) if self.model is not None else 0)

    def _take_proposal(self, draft: LiverDraft, bend: bool, plane: Plane) -> None:
        from planning.liver.resection import PlaneResection
        from planning.liver.sheet import flat_sheet

        if draft.resections:
            cut = PlaneResection(plane)
            self.add(flat_sheet(cut, self.model.corners_mm) if bend and self.model else cut, by_hand=False)
            return
        self.draft = replace(draft, resections=(PlaneResection(plane),))
        self._proposed, self.chosen, self.by_hand = self.draft.resections, 0, False
        self.evaluate(at_rest=True)
        self.changed.emit()
        if self.saved is not None or self._is_owed():
            self.commit()

    def add(self, cut: Resection, *, by_hand: bool = True) -> None:
        """One more resection; it is the chosen one."""
        self.chosen = len(self.draft.resections)
        self.by_hand = self.by_hand or by_hand
        self._cut_changed((*self.draft.resections, cut), finished=True)

    def put(self, number: int, cut: Resection, *, finished: bool = True) -> None:
        """Another resection in the place of one; while a hand drags it is not finished."""
        cuts = self.draft.resections
        if 0 <= number < len(cuts):
            self.by_hand = True
            self._cut_changed((*cuts[:number], cut, *cuts[number + 1 :]), finished=finished)

    def remove(self, number: int) -> None:
        """One resection less; the last one stays."""
        cuts = self.draft.resections
        if len(cuts) > 1 and 0 <= number < len(cuts):
            self.by_hand = True
            self.chosen = max(min(self.chosen - (number < self.chosen), len(cuts) - 2), 0)
            stages = self.draft.staging.of_resection
            self.draft = replace(self.draft, stages=(*stages[:number], *stages[number + 1 :]))
            self._cut_changed((*cuts[:number], *cuts[number + 1 :]), finished=True)

    def choose_cut(self, number: int) -> None:
        """Show the handles of this resection."""
        if number != self.chosen and 0 <= number < len(self.draft.resections):
            self.chosen = number
            self.changed.emit()

    def _cut_changed(self, cuts: tuple[Resection, ...], *, finished: bool) -> None:
        self.draft = replace(self.draft, resections=cuts)
        self.is_dragging = not finished
        if finished:
            self.hand.let_go()
        self.evaluate(at_rest=finished)
        self.changed.emit()
        if finished:
            self.commit()

    def _settle_sides(self) -> None:
        """Cuts that remove the tumour's side are kept with the side itself: a drag must not turn them."""
        if self.model is None:
            return
        try:
            cuts = tuple(settled(self.model, cut) for cut in self.draft.resections)
        except TheatrumError as error:
            self.failed.emit(error)
            return
        if any(a is not b for a, b in zip(cuts, self.draft.resections, strict=True)):
            is_kept = self._kept is self.draft
            self.draft = replace(self.draft, resections=cuts)
            self._kept = self.draft if is_kept else self._kept

    def set_limits(self, *, asked_mm: float | None = None, limit: RemnantLimit | None = None) -> None:
        """Another margin or remnant asked for."""
        asked = self.draft.asked_mm if asked_mm is None else asked_mm
        least = self.draft.limit if limit is None else limit
        if (asked, least) != (self.draft.asked_mm, self.draft.limit):
            self._change(asked_mm=asked, remnant_percent=least.least_percent, condition=least.condition)

    def set_formulas(self, formulas: SizeFormulas) -> None:
        """Other formulas of the standard liver volume lead."""
        if formulas != self.draft.formulas:
            self._change(formulas=formulas)

    def set_stage(self, number: int, stage: int) -> None:
        """A resection is done at another stage."""
        stages = self.draft.staging.of_resection
        if stages[number] != stage:
            self._change(stages=(*stages[:number], stage, *stages[number + 1 :]))

    def set_occlusion(self, occlusion: Occlusion | None) -> None:
        """Other portal branches are occluded, or none."""
        if occlusion != self.draft.occlusion:
            self._change(occlusion=occlusion)

    def set_body(self, weight_kg: float | None, height_cm: float | None) -> None:
        """The patient's size."""
        if (weight_kg, height_cm) != (self.draft.weight_kg, self.draft.height_cm):
            self._change(weight_kg=weight_kg, height_cm=height_cm)

    def _change(self, **changes: Any) -> None:
        self.draft = replace(self.draft, **changes)
        self.evaluate(at_rest=True)
        self.changed.emit()
        if self.saved is not None:
            self.commit()

    def evaluate(self, *, at_rest: bool, found: Measured | None = None) -> None:
        """The numbers of the draft at once; the map of the cut follows when the hand rests.

        found: these numbers where a job has measured them already.
        """
        # resections that are built once keep their region, and with it their sheet
        drawn = dict(zip(self.regions, self.meshes, strict=True))
        self.numbers, self.regions, self.meshes = None, (), ()
        model, cuts = self.model, self.draft.resections
        if model is None or not cuts:
            return
        if needs_building(model, cuts):
            self._build()
            return
        try:
            self._measure(model, cuts, found, at_rest=at_rest)
        except TheatrumError as error:
            self.numbers, self.regions, self.vessel_cuts = None, (), ()
            self.failed.emit(error)
            return
        self.meshes = tuple(drawn[region] if region in drawn else sheet_mesh(model, region) for region in self.regions)
        self.rest = None if self.rest is None or not at_rest else self.rest.without_map()
        if at_rest:
            self._rest.start()

    def _measure(
        self, model: LiverModel, cuts: tuple[Resection, ...], found: Measured | None, *, at_rest: bool
    ) -> None:
        if found is not None and found.cuts is cuts and found.occlusion == self.draft.occlusion:
            self.numbers, self.regions, self.vessel_cuts = found.numbers, found.regions, found.vessel_cuts
            return
        self.numbers = numbers_of(model, cuts, self.draft.occlusion)
        self.regions = model.regions(cuts)
        # while a hand drags the vessels follow a little later than the numbers
        if at_rest or time.monotonic() - self._vessels_at > VESSELS_S:
            self.vessel_cuts, self._vessels_at = model.vessel_cuts(cuts), time.monotonic()

    def _build(self) -> None:
        """Wedges, territories and surfaces of a plan that was opened are made again in a job."""
        model, draft = self.model, self.draft
        assert model is not None
        self.session.jobs.submit(
            Job(
                key=f"{self.kind} regions",
                title=tr("Building the resections"),
                work=partial(built, model, draft.resections, draft.occlusion),
                done=self._after_building,
                failed=self.failed.emit,
                still_wanted=lambda: self.draft.resections is draft.resections and self.model is model,
                subject=self.session.label,
            )
        )

    def _after_building(self, found: Measured | None) -> None:
        self.evaluate(at_rest=True, found=found)
        self.changed.emit()

    def _ask_rest(self) -> None:
        model, draft = self.model, self.draft
        if model is None or not self.regions or self.is_dragging:
            return
        self.session.jobs.submit(
            Job(
                key=f"{self.kind} cut map",
                title=tr("Colouring the cut"),
                work=partial(at_rest, model, draft.resections, draft.staging),
                done=self._take_rest,
                still_wanted=lambda: (
                    self.draft.resections is draft.resections
                    and self.draft.staging == draft.staging
                    and self.model is model
                ),
                subject=self.session.label,
                quiet=True,
            )
        )

    def _take_rest(self, found: AtRest) -> None:
        self.rest = found
        self.glimpse.keep()
        self.map_changed.emit()

    @property
    def cut_map(self) -> CutMap | None:
        """The cut with its margins, when the hand rests."""
        return self.rest.cut_map if self.rest is not None else None

    # into the case and back

    @property
    def is_saved(self) -> bool:
        """True when the case holds the draft as it is."""
        kept, draft = self._kept, self.draft
        if self.saved is None or kept is None:
            return False
        return kept is draft or (
            kept.beside_cuts() == draft.beside_cuts()
            and len(kept.resections) == len(draft.resections)
            and all(a is b for a, b in zip(kept.resections, draft.resections, strict=True))
        )

    @property
    def can_commit(self) -> bool:
        """True when there is a plan to measure and an organ ready for it."""
        return self.model is not None and self._is_ready and bool(self.draft.resections or not self.needs_cut)

    def commit(self, *, again: bool = False) -> None:
        """Measure the whole plan in a job and put it into the case as one step. again: though the case holds it."""
        if again:
            self.draft = replace(self.draft, asides=asked_again(self.session.case, self.draft.asides))
        model, draft = self.model, self.draft
        if model is None or not self.can_commit or (self.is_saved and not again):
            return
        self.session.jobs.submit(
            Job(
                key=f"{self.kind} plan",
                title=tr("Measuring plan {name}", name=draft.name),
                work=self._recording(model, draft),
                done=partial(self._put, draft),
                failed=self.failed.emit,
                still_wanted=lambda: self.draft is draft,
                subject=self.session.label,
            )
        )

    def _put(self, draft: LiverDraft, record: PlanRecord) -> None:
        self.saved, self._kept = record, draft
        self._cuts.keep(record.inputs["resections"], draft.resections)
        if not self.session.do(SetPlan(record)):
            self.saved = self.session.case.plans.get(record.name)
            self._kept = None if self.saved is None else self._read(self.saved)
        self.glimpse.keep()

    def case_changed(self) -> None:
        """Read the plan again: after undo and redo it may be another one, or gone."""
        plans = self.plans()
        plan = plans.get(self.draft.name)
        if plan is None and self.saved is not None:
            # a plan of a name that was not there before is this one under another name
            created = self.saved.created
            new = [other for name, other in plans.items() if name not in self._known]
            plan = next((other for other in new if other.created == created), None)
        self._known = frozenset(plans)
        is_other = plan is not None and plan is not self.saved
        if plan is not None and is_other:
            self._load(plan)
        elif plan is None and self.saved is not None:
            self.saved = self._kept = None
            self.draft = replace(self.draft, resections=self._proposed, anatomy=None)
            self.chosen = 0
            self.evaluate(at_rest=True)
        self._drop_missing()
        if self._was_waiting and not self.is_waiting:
            self._was_waiting = False
            self.prepare()
        if self.model is not None and not self._is_ready and not is_other:
            self.prepare()
        self.changed.emit()

    def _load(self, plan: PlanRecord) -> None:
        self.saved = plan
        shown = self.draft.resections
        self.draft = self._kept = self._read(plan)
        self.by_hand = plan.edited
        self.hand.let_go()
        self.chosen = min(self.chosen, len(self.draft.resections) - 1)
        self._settle_sides()
        are_others = len(shown) != len(self.draft.resections) or any(
            a is not b for a, b in zip(shown, self.draft.resections, strict=True)
        )
        if are_others:
            # what was measured at rest was of other resections
            self.rest = None
        if self._is_ready:
            self.evaluate(at_rest=True)
            return
        if are_others:
            self.model = self.numbers = None
        self.prepare()

    def _drop_missing(self) -> None:
        structures = self.session.case.structures
        roles = self.draft.roles
        there = {role: tuple(n for n in names if n in structures) for role, names in roles.as_mapping().items()}
        kept = replace(roles, **there)
        guessed, before = self._guess(), self._guessed
        self._guessed = guessed
        # structures that came meanwhile have their roles too, unless a person chose others or a plan stands on them
        if not kept.organ or (self.saved is None and roles == before):
            kept = guessed
        if kept != roles:
            self.set_roles(kept)

    # several plans

    def choose(self, name: str) -> None:
        """Work on another plan of the case."""
        plan = self.plans().get(name)
        if plan is not None and name != self.draft.name:
            self._load(plan)
            self.changed.emit()

    def new_plan(self) -> None:
        """Start another plan on the same structures."""
        self.saved = self._kept = None
        self.chosen = 0
        asides = unchosen(self.draft.asides)
        name = free_letter(self.session.case)
        self.draft = replace(self.draft, name=name, resections=(), stages=(), occlusion=None, asides=asides)
        self._forget_cuts()
        self._start_cuts()
        self.changed.emit()

    def copy_plan(self) -> None:
        """The same plan under the next letter, to change and compare."""
        if self.saved is None:
            return
        name = free_letter(self.session.case)
        asides = unchosen(self.draft.asides)
        copied = with_asides(replace(self.saved, name=name, created=now_utc()), asides)
        self.draft = replace(self.draft, name=name, asides=asides)
        self._put(self.draft, copied)

    def set_asides(self, asides: Mapping[str, Any]) -> None:
        """Other questions beside the resection; what it does is not measured again."""
        if asides == self.draft.asides:
            return
        was_saved = self.is_saved
        self.draft = replace(self.draft, asides=asides)
        if was_saved and self.saved is not None:
            self._put(self.draft, with_asides(self.saved, asides))
        else:
            self.commit()
        self.changed.emit()

    def choose_for_good(self, name: str) -> bool:
        """Make a plan the case's chosen one; True when it is."""
        step = choose_plan(self.session.case, name)
        return step is None or self.session.do(step)

    def rename(self, name: str) -> None:
        """Another name for the plan."""
        if self.saved is None:
            self.draft = replace(self.draft, name=name)
            self.changed.emit()
            return
        self.session.do(RenamePlan(self.draft.name, name))

    def delete(self) -> None:
        """The plan out of the case; the newest other one is shown, or a new draft."""
        if self.saved is None:
            return
        name, self.saved, self.chosen = self.draft.name, None, 0
        others = [plan for other, plan in self.plans().items() if other != name]
        self.draft = self._read(others[-1]) if others else replace(self.draft, resections=self._proposed)
        self.saved, self._kept = (others[-1], self.draft) if others else (None, None)
        self.session.do(RemovePlan(name))
        if not others and not self._proposed:
            self._start_cuts()
        self.prepare()
        self.evaluate(at_rest=True)
        self.changed.emit()


def _own_bytes(model: LiverModel) -> int:
    """What a model does not share with others of the same structures."""
    return array_bytes(model.branching, model.codes, model.built)
