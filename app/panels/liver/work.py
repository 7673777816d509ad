"""What the liver panel works on: the draft of a plan, the prepared liver, the numbers, and the way into the case.

The draft may run ahead of the case while a hand drags; `commit` measures it whole in a job and issues one command.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Job
from app.panels.liver.at_rest import AtRest, at_rest
from app.panels.liver.cuts import CutStore, flipped, needs_building, reach_sheet, settled, sheet_mesh
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.document import Document
from planning.case.liver_asides import asides_of, choose_plan, with_asides
from planning.case.model import Case, PlanRecord
from planning.errors import TheatrumError
from planning.geometry import FloatArray, Plane
from planning.liver.roles import LiverRoles, guess_roles
from planning.progress import CancelToken, Progress
from planning.provenance import now_utc
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.liver.cut_map import CutMap
    from planning.liver.model import LiverModel, LiverNumbers
    from planning.liver.regions import Region
    from planning.liver.resection import Resection, SheetResection
    from planning.liver.territories import VesselCut
    from planning.mesh import SurfaceMesh

ASKED_MM = 5.0
LEAST_REMNANT_PERCENT = 40.0
# ticks of several structures in a row are one preparation
SETTLE_MS = 500
REST_MS = 150
KEPT_MODELS = 3
VESSELS_S = 0.15
# a pull of less is none: the cut stays exactly as it was
NO_PULL_MM = 1e-6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LiverDraft:
    """A liver plan as it is being made."""

    name: str
    roles: LiverRoles
    resections: tuple[Resection, ...] = ()
    weight_kg: float | None = None
    height_cm: float | None = None
    asked_mm: float = ASKED_MM
    remnant_percent: float = LEAST_REMNANT_PERCENT
    # growth, graft and choice, as `planning.case.liver_asides` keeps them
    asides: Mapping[str, Any] = field(default_factory=dict)
    # what was said of trees and segments, as `planning.liver.anatomy` keeps it
    anatomy: Mapping[str, Any] | None = None


def draft_of(plan: PlanRecord, cuts: CutStore | None = None) -> LiverDraft:
    """The draft that gives this plan; resections that `cuts` knows stay the same objects."""
    inputs = plan.inputs
    return LiverDraft(
        name=plan.name,
        roles=LiverRoles(*(tuple(inputs[role]) for role in ("organ", "tumors", "portal", "hepatic"))),
        resections=(cuts or CutStore()).read(inputs["resections"]),
        weight_kg=inputs.get("weight_kg"),
        height_cm=inputs.get("height_cm"),
        asked_mm=float(inputs.get("asked_margin_mm") or ASKED_MM),
        remnant_percent=float(inputs.get("least_remnant_percent") or LEAST_REMNANT_PERCENT),
        asides=asides_of(plan),
        anatomy=inputs.get("anatomy"),
    )


def liver_plans(case: Case) -> dict[str, PlanRecord]:
    """The case's liver plans by name, in their order."""
    return {name: plan for name, plan in case.plans.items() if plan.kind == "liver"}


def free_letter(case: Case) -> str:
    """ "A", "B", …: the first letter that no plan has."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return next((letter for letter in letters if letter not in case.plans), f"Plan {len(case.plans) + 1}")


class LiverWork(QObject):
    """`changed`: the draft, the numbers or the model are others. `failed`: something could not be done, as a callout."""

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
        self._models: dict[tuple[Any, ...], LiverModel] = {}
        self._prepared_for: tuple[Any, ...] = ()
        self._proposed: tuple[Resection, ...] = ()
        self._cuts = CutStore()
        # the draft that the saved plan was made of
        self._kept: LiverDraft | None = None
        self._vessels_at = 0.0
        self._held: tuple[int, SheetResection, Region] | None = None
        self._settle = self._timer(SETTLE_MS, self.prepare)
        self._rest = self._timer(REST_MS, self._ask_rest)
        plans = liver_plans(session.case)
        self._known = frozenset(plans)
        if plans:
            self.saved = list(plans.values())[-1]
            self.draft = self._kept = draft_of(self.saved, self._cuts)
        else:
            self.draft = LiverDraft(name=free_letter(session.case), roles=guess_roles(tuple(session.case.structures)))

    def _timer(self, milliseconds: int, run: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(run)
        return timer

    # the liver made ready

    def _model_key(self) -> tuple[Any, ...]:
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
        """True while the liver of these structures is not ready."""
        return self.model is None and self.problem is None and bool(self.draft.roles.organ)

    def prepare(self) -> None:
        """Make the liver of the chosen structures ready, in a job, unless it is."""
        self._settle.stop()
        key = self._model_key()
        if self.model is not None and key == self._prepared_for:
            return
        self.problem = None
        if key in self._models:
            self._take_model(key, self._models[key])
            return
        self.model = self.numbers = self.rest = None
        if not self.draft.roles.organ:
            self.changed.emit()
            return
        self.session.jobs.submit(
            Job(
                key="liver",
                title="Preparing the liver",
                work=partial(
                    _prepared, self.session.document.reader(), self.draft.roles.as_mapping(), self.draft.anatomy
                ),
                done=partial(self._take_model, key),
                failed=self._not_prepared,
                still_wanted=lambda: key == self._model_key(),
                subject=self.session.label,
            )
        )
        self.changed.emit()

    def _take_model(self, key: tuple[Any, ...], model: LiverModel) -> None:
        self._models[key] = model
        while len(self._models) > KEPT_MODELS:
            del self._models[next(iter(self._models))]
        self.model, self._prepared_for = model, key
        self._settle_sides()
        if not self.draft.resections:
            self.propose()
        self.evaluate(at_rest=True)
        if self.saved is not None and self._kept is not None and self._kept.roles != self.draft.roles:
            self.commit()
        self.changed.emit()

    def _not_prepared(self, error: TheatrumError) -> None:
        self.problem = error
        self.changed.emit()

    def set_roles(self, roles: LiverRoles) -> None:
        """Other structures; the liver is prepared again when the choice rests."""
        if roles != self.draft.roles:
            self.draft = replace(self.draft, roles=roles)
            self.model = self.numbers = self.rest = self.problem = None
            self._settle.start()
            self.changed.emit()

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
                key="liver proposal",
                title="Placing the first cut" if not draft.resections else "Placing another cut",
                work=partial(_proposed, model, left[0], draft.asked_mm, draft.resections),
                done=partial(self._take_proposal, draft, bend),
                failed=self.failed.emit,
                still_wanted=lambda: self.draft is draft and self.model is model,
                subject=self.session.label,
            )
        )

    def start_again(self) -> None:
        """All cuts away and a new first proposal."""
        self.draft = replace(self.draft, resections=())
        self.numbers = self.rest = None
        self.propose()
        self.changed.emit()

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
        if self.saved is not None:
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
            self._held = None
        self.evaluate(at_rest=finished)
        self.changed.emit()
        if finished:
            self.commit()

    def plane_of(self, number: int) -> Plane | None:
        """The plane of a cut that is one, its normal to what is removed."""
        from planning.liver.resection import PlaneResection

        cuts = self.draft.resections
        cut = cuts[number] if 0 <= number < len(cuts) else None
        return cut.plane if isinstance(cut, PlaneResection) else None

    def move_plane(self, number: int, plane: Plane, finished: bool) -> None:
        """The hand moves a plane; on release the plan goes into the case."""
        from planning.liver.resection import PlaneResection

        if self.plane_of(number) is not None:
            self.put(number, PlaneResection(plane), finished=finished)

    def pull(self, number: int, place_mm: FloatArray, finished: bool) -> None:
        """The hand pulls a deformable cut: it shall go through this place, as it was when the hand took it."""
        from planning.liver.resection import SheetResection
        from planning.liver.sheet import pull_sheet, sheet_region

        cuts = self.draft.resections
        cut = cuts[number] if 0 <= number < len(cuts) else None
        if not isinstance(cut, SheetResection):
            return
        if self._held is None or self._held[0] != number:
            self._held = (number, cut, sheet_region(cut))
        _, start, region = self._held
        by_mm = float(region.signed_mm(place_mm[None])[0])
        self.put(number, pull_sheet(start, place_mm, by_mm) if abs(by_mm) > NO_PULL_MM else start, finished=finished)

    def move_point(self, number: int, part: str, place_mm: FloatArray, finished: bool) -> None:
        """The hand moves a part of a resection: an end of a needle, or a deformable cut's handle or line."""
        from planning.liver.resection import AblationResection

        cuts = self.draft.resections
        cut = cuts[number] if 0 <= number < len(cuts) else None
        if not isinstance(cut, AblationResection):
            self.pull(number, place_mm, finished)
            return
        try:
            moved = replace(cut, entry_mm=place_mm) if part == "entry" else replace(cut, target_mm=place_mm)
        except TheatrumError as error:
            self.failed.emit(error)
            return
        self.put(number, moved, finished=finished)

    def bend(self, number: int) -> None:
        """A plane becomes a cut that can be bent."""
        from planning.liver.resection import PlaneResection
        from planning.liver.sheet import flat_sheet

        plane = self.plane_of(number)
        if plane is not None and self.model is not None:
            self.put(number, flat_sheet(PlaneResection(plane), self.model.corners_mm))

    def set_net(self, number: int, count: int) -> None:
        """Another resolution of a deformable cut's net."""
        from planning.liver.resection import SheetResection
        from planning.liver.sheet import with_net

        cut = self.draft.resections[number]
        if isinstance(cut, SheetResection) and cut.heights_mm.shape != (count, count):
            self.put(number, with_net(cut, (count, count)))

    def flip(self, number: int) -> None:
        """The other side of a cut is removed."""
        other = flipped(self.draft.resections[number])
        if other is not None:
            self.put(number, other)

    def reach_margin(self) -> None:
        """Move the cut that is nearest to a tumour until the margin asked for is there."""
        from planning.liver.proposal import reach_margin
        from planning.liver.resection import PlaneResection, SheetResection

        if self.model is None or not self.draft.resections:
            return
        number, cuts = self.nearest_cut, self.draft.resections
        cut = cuts[number]
        try:
            if isinstance(cut, SheetResection):
                self.put(number, reach_sheet(self.model, cuts, number, self.draft.asked_mm))
            elif isinstance(cut, PlaneResection):
                self.put(number, PlaneResection(reach_margin(self.model, cuts, number, self.draft.asked_mm)))
        except TheatrumError as error:
            self.failed.emit(error)

    @property
    def nearest_cut(self) -> int:
        """Number of the resection that comes nearest to a tumour."""
        least = self.numbers.minimum if self.numbers is not None else None
        return least.cut_index if least is not None else 0

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

    def set_limits(self, *, asked_mm: float | None = None, remnant_percent: float | None = None) -> None:
        """Another margin or remnant asked for."""
        asked = self.draft.asked_mm if asked_mm is None else asked_mm
        percent = self.draft.remnant_percent if remnant_percent is None else remnant_percent
        if (asked, percent) != (self.draft.asked_mm, self.draft.remnant_percent):
            self._change(asked_mm=asked, remnant_percent=percent)

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

    def evaluate(self, *, at_rest: bool) -> None:
        """The numbers of the draft at once; the map of the cut follows when the hand rests."""
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
            self.numbers = model.evaluate(cuts, alone=False, only_least=True)
            self.regions = model.regions(cuts)
            # while a hand drags the vessels follow a little later than the numbers
            if at_rest or time.monotonic() - self._vessels_at > VESSELS_S:
                self.vessel_cuts, self._vessels_at = model.vessel_cuts(cuts), time.monotonic()
        except TheatrumError as error:
            self.numbers, self.regions, self.vessel_cuts = None, (), ()
            self.failed.emit(error)
            return
        self.meshes = tuple(drawn[region] if region in drawn else sheet_mesh(model, region) for region in self.regions)
        self.rest = None if self.rest is None or not at_rest else self.rest.without_map()
        if at_rest:
            self._rest.start()

    def _build(self) -> None:
        """Wedges, territories and surfaces of a plan that was opened are made again in a job."""
        model, draft = self.model, self.draft
        assert model is not None
        self.session.jobs.submit(
            Job(
                key="liver regions",
                title="Building the resections",
                work=partial(_built, model, draft.resections),
                done=lambda _: self._after_building(),
                failed=self.failed.emit,
                still_wanted=lambda: self.draft.resections is draft.resections and self.model is model,
                subject=self.session.label,
            )
        )

    def _after_building(self) -> None:
        self.evaluate(at_rest=True)
        self.changed.emit()

    def _ask_rest(self) -> None:
        model, draft = self.model, self.draft
        if model is None or not self.regions or self.is_dragging:
            return
        self.session.jobs.submit(
            Job(
                key="cut map",
                title="Colouring the cut",
                work=partial(at_rest, model, draft.resections),
                done=self._take_rest,
                still_wanted=lambda: self.draft.resections is draft.resections and self.model is model,
                subject=self.session.label,
                quiet=True,
            )
        )

    def _take_rest(self, found: AtRest) -> None:
        self.rest = found
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
            _beside_cuts(kept) == _beside_cuts(draft)
            and len(kept.resections) == len(draft.resections)
            and all(a is b for a, b in zip(kept.resections, draft.resections, strict=True))
        )

    def commit(self) -> None:
        """Measure the whole plan in a job and put it into the case as one step."""
        model, draft = self.model, self.draft
        if model is None or not draft.resections or self.is_saved:
            return
        self.session.jobs.submit(
            Job(
                key="liver plan",
                title=f"Measuring plan {draft.name}",
                work=partial(_recorded, self.session.case, model, draft, self.by_hand),
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
            self._kept = None if self.saved is None else draft_of(self.saved, self._cuts)

    def case_changed(self) -> None:
        """Read the plan again: after undo and redo it may be another one, or gone."""
        plans = liver_plans(self.session.case)
        plan = plans.get(self.draft.name)
        if plan is None and self.saved is not None:
            # a plan of a name that was not there before is this one under another name
            created = self.saved.created
            new = [other for name, other in plans.items() if name not in self._known]
            plan = next((other for other in new if other.created == created), None)
        self._known = frozenset(plans)
        if plan is not None and plan is not self.saved:
            self._load(plan)
        elif plan is None and self.saved is not None:
            self.saved = self._kept = None
            self.draft = replace(self.draft, resections=self._proposed)
            self.chosen = 0
            self.evaluate(at_rest=True)
        self._drop_missing()
        self.changed.emit()

    def _load(self, plan: PlanRecord) -> None:
        self.saved = plan
        self.draft = self._kept = draft_of(plan, self._cuts)
        self.by_hand, self._held = plan.edited, None
        self.chosen = min(self.chosen, len(self.draft.resections) - 1)
        self._settle_sides()
        if self._model_key() != self._prepared_for or self.model is None:
            self.prepare()
        else:
            self.evaluate(at_rest=True)

    def _drop_missing(self) -> None:
        structures = self.session.case.structures
        roles = self.draft.roles
        kept = LiverRoles(*(tuple(n for n in names if n in structures) for names in roles.as_mapping().values()))
        if not kept.organ:
            kept = guess_roles(tuple(structures))
        if kept != roles:
            self.set_roles(kept)
        elif self.model is not None and self._model_key() != self._prepared_for:
            self.prepare()

    # several plans

    def choose(self, name: str) -> None:
        """Work on another plan of the case."""
        plan = liver_plans(self.session.case).get(name)
        if plan is not None and name != self.draft.name:
            self._load(plan)
            self.changed.emit()

    def new_plan(self) -> None:
        """Start another plan on the same structures."""
        self.saved = self._kept = None
        self.chosen = 0
        asides = _unchosen(self.draft.asides)
        self.draft = replace(self.draft, name=free_letter(self.session.case), resections=(), asides=asides)
        self.numbers = self.rest = None
        self.propose()
        self.changed.emit()

    def copy_plan(self) -> None:
        """The same plan under the next letter, to change and compare."""
        if self.saved is None:
            return
        name = free_letter(self.session.case)
        asides = _unchosen(self.draft.asides)
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
        others = [plan for other, plan in liver_plans(self.session.case).items() if other != name]
        self.draft = draft_of(others[-1], self._cuts) if others else replace(self.draft, resections=self._proposed)
        self.saved, self._kept = (others[-1], self.draft) if others else (None, None)
        self.session.do(RemovePlan(name))
        if not others and not self._proposed:
            self.propose()
        self.prepare()
        self.evaluate(at_rest=True)
        self.changed.emit()


def _beside_cuts(draft: LiverDraft) -> tuple[Any, ...]:
    """All of a draft but its resections, for comparison."""
    limits = (draft.asked_mm, draft.remnant_percent)
    return (draft.name, draft.roles, draft.weight_kg, draft.height_cm, *limits, dict(draft.asides))


def _unchosen(asides: Mapping[str, Any]) -> dict[str, Any]:
    """A new plan is not the chosen one."""
    return {key: value for key, value in asides.items() if key != "chosen"}


def _prepared(
    document: Document,
    roles: Mapping[str, tuple[str, ...]],
    said: Mapping[str, Any] | None,
    progress: Progress,
    cancel: CancelToken,
) -> LiverModel:
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.model import LiverModel

    anatomy = LiverAnatomy.from_json(said)

    def masks(names: Iterable[str]) -> list[tuple[str, Mask]]:
        return [(name, document.mask(name)) for name in names if name in document.case.structures]

    used = {name for names in roles.values() for name in names}
    return LiverModel.prepare(
        organ=masks(roles["organ"]),
        tumors=masks(roles["tumors"]),
        portal=masks(roles["portal"]),
        hepatic=masks(roles["hepatic"]),
        others=masks(name for name in document.case.structures if name not in used),
        corrections=anatomy.corrections,
        segments=anatomy.segments,
        progress=progress,
        cancel=cancel,
    )


def _proposed(
    model: LiverModel,
    tumor: Any,
    asked_mm: float,
    others: tuple[Resection, ...],
    progress: Progress,
    cancel: CancelToken,
) -> Plane:
    from planning.liver.proposal import propose_plane

    return propose_plane(model, tumor, asked_mm, others, progress=progress, cancel=cancel)


def _built(model: LiverModel, cuts: tuple[Resection, ...], progress: Progress, cancel: CancelToken) -> None:
    for number, cut in enumerate(cuts):
        cancel.raise_if_set()
        progress(number / len(cuts), "Building the resections")
        model.regions([cut])


def _recorded(
    case: Case, model: LiverModel, draft: LiverDraft, by_hand: bool, progress: Progress, cancel: CancelToken
) -> PlanRecord:
    from planning.case.plans import liver_record_of
    from planning.liver.anatomy import LiverAnatomy

    cancel.raise_if_set()
    return liver_record_of(
        case,
        draft.name,
        model,
        draft.roles.as_mapping(),
        draft.resections,
        weight_kg=draft.weight_kg,
        height_cm=draft.height_cm,
        asked_margin_mm=draft.asked_mm,
        least_remnant_percent=draft.remnant_percent,
        anatomy=LiverAnatomy.from_json(draft.anatomy),
        asides=draft.asides,
        source="window",
        edited=by_hand,
    )
