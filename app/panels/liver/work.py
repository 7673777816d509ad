"""What the liver panel works on: the draft of a plan, the prepared liver, the numbers, and the way into the case.

The draft may run ahead of the case while a hand drags; `commit` measures it whole in a job and issues one command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Job
from app.session import Session
from planning.case.commands import RemovePlan, RenamePlan, SetPlan
from planning.case.document import Document
from planning.case.model import Case, PlanRecord
from planning.errors import TheatrumError
from planning.geometry import Plane
from planning.liver.roles import LiverRoles, guess_roles
from planning.progress import CancelToken, Progress
from planning.provenance import now_utc
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.liver.cut_map import CutMap
    from planning.liver.model import LiverModel, LiverNumbers
    from planning.liver.resection import PlaneResection

ASKED_MM = 5.0
LEAST_REMNANT_PERCENT = 40.0
# ticks of several structures in a row are one preparation
SETTLE_MS = 500
REST_MS = 150
KEPT_MODELS = 3


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LiverDraft:
    """A liver plan as it is being made."""

    name: str
    roles: LiverRoles
    resections: tuple[PlaneResection, ...] = ()
    weight_kg: float | None = None
    height_cm: float | None = None
    asked_mm: float = ASKED_MM
    remnant_percent: float = LEAST_REMNANT_PERCENT


def draft_of(plan: PlanRecord) -> LiverDraft:
    """The draft that gives this plan."""
    from planning.liver.resection import resection_from_json

    inputs = plan.inputs
    return LiverDraft(
        name=plan.name,
        roles=LiverRoles(*(tuple(inputs[role]) for role in ("organ", "tumors", "portal", "hepatic"))),
        resections=tuple(resection_from_json(row) for row in inputs["resections"]),
        weight_kg=inputs.get("weight_kg"),
        height_cm=inputs.get("height_cm"),
        asked_mm=float(inputs.get("asked_margin_mm") or ASKED_MM),
        remnant_percent=float(inputs.get("least_remnant_percent") or LEAST_REMNANT_PERCENT),
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
        self.cut_map: CutMap | None = None
        self.problem: TheatrumError | None = None
        self.by_hand = False
        self.is_dragging = False
        self._models: dict[tuple[Any, ...], LiverModel] = {}
        self._prepared_for: tuple[Any, ...] = ()
        self._proposed: tuple[PlaneResection, ...] = ()
        self._settle = self._timer(SETTLE_MS, self.prepare)
        self._rest = self._timer(REST_MS, self._ask_map)
        plans = liver_plans(session.case)
        self._known = frozenset(plans)
        if plans:
            self.saved = list(plans.values())[-1]
            self.draft = draft_of(self.saved)
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
        return tuple(
            (role, name, structures[name].array)
            for role, names in self.draft.roles.as_mapping().items()
            for name in names
            if name in structures
        )

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
        self.model = self.numbers = self.cut_map = None
        if not self.draft.roles.organ:
            self.changed.emit()
            return
        self.session.jobs.submit(
            Job(
                key="liver",
                title="Preparing the liver",
                work=partial(_prepared, self.session.document.reader(), self.draft.roles.as_mapping()),
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
        if not self.draft.resections:
            self.propose()
        self.evaluate(at_rest=True)
        if self.saved is not None and draft_of(self.saved).roles != self.draft.roles:
            self.commit()
        self.changed.emit()

    def _not_prepared(self, error: TheatrumError) -> None:
        self.problem = error
        self.changed.emit()

    def set_roles(self, roles: LiverRoles) -> None:
        """Other structures; the liver is prepared again when the choice rests."""
        if roles != self.draft.roles:
            self.draft = replace(self.draft, roles=roles)
            self.model = self.numbers = self.cut_map = self.problem = None
            self._settle.start()
            self.changed.emit()

    # resections

    def propose(self) -> None:
        """A first cut beyond the largest tumour that stays, in a job; without tumours through the liver's middle."""
        from planning.liver.resection import PlaneResection

        model, draft = self.model, self.draft
        if model is None:
            return
        left = [t for t, share in zip(model.tumors, self._shares(), strict=True) if share < 1.0]
        if not left:
            plane = Plane(model.organ.centroid_mm(), np.array((-1.0, 0.0, 0.0)))
            self._take_proposal(draft, plane)
            return
        existing = tuple(PlaneResection(plane) for plane in self.planes())
        self.session.jobs.submit(
            Job(
                key="liver proposal",
                title="Placing the first cut" if not existing else "Placing another cut",
                work=partial(_proposed, model, left[0], draft.asked_mm, existing),
                done=partial(self._take_proposal, draft),
                failed=self.failed.emit,
                still_wanted=lambda: self.draft is draft and self.model is model,
                subject=self.session.label,
            )
        )

    def start_again(self) -> None:
        """All cuts away and a new first proposal."""
        self.draft = replace(self.draft, resections=())
        self.numbers = self.cut_map = None
        self.propose()
        self.changed.emit()

    def _shares(self) -> tuple[float, ...]:
        if self.numbers is not None:
            return self.numbers.removed_share
        return (0.0,) * (len(self.model.tumors) if self.model is not None else 0)

    def _take_proposal(self, draft: LiverDraft, plane: Plane) -> None:
        from planning.liver.resection import PlaneResection

        is_first = not draft.resections
        self.draft = replace(draft, resections=(*draft.resections, PlaneResection(plane)))
        if is_first:
            self._proposed = self.draft.resections
            self.by_hand = False
        self.evaluate(at_rest=True)
        self.changed.emit()
        if not is_first or self.saved is not None:
            self.commit()

    def planes(self) -> tuple[Plane, ...]:
        """The cuts with their normals to what is removed; () before the liver is ready."""
        if self.model is None:
            return ()
        from planning.liver.regions import PlaneRegion

        regions = self.model.regions(self.draft.resections)
        return tuple(region.plane for region in regions if isinstance(region, PlaneRegion))

    def move_plane(self, number: int, plane: Plane, finished: bool) -> None:
        """The hand moves a cut; on release the plan goes into the case."""
        from planning.liver.resection import PlaneResection

        planes = self.planes()
        if not 0 <= number < len(planes):
            return
        moved = tuple(PlaneResection(plane if n == number else other) for n, other in enumerate(planes))
        self.draft = replace(self.draft, resections=moved)
        self.by_hand = True
        self.is_dragging = not finished
        self.evaluate(at_rest=finished)
        self.changed.emit()
        if finished:
            self.commit()

    def flip(self, number: int) -> None:
        """The other side of a cut is removed."""
        planes = self.planes()
        self.move_plane(number, Plane(planes[number].origin_mm, -planes[number].normal), True)

    def remove_plane(self, number: int) -> None:
        """One cut less."""
        from planning.liver.resection import PlaneResection

        planes = self.planes()
        if len(planes) > 1:
            kept = tuple(PlaneResection(plane) for n, plane in enumerate(planes) if n != number)
            self._change(resections=kept)

    def reach_margin(self) -> None:
        """Move the cut that is nearest to a tumour until the margin asked for is there."""
        from planning.liver.proposal import reach_margin
        from planning.liver.resection import PlaneResection

        if self.model is None or self.numbers is None or not self.draft.resections:
            return
        resections = tuple(PlaneResection(plane) for plane in self.planes())
        least = self.numbers.minimum
        number = least.cut_index if least is not None else 0
        try:
            plane = reach_margin(self.model, resections, number, self.draft.asked_mm)
        except TheatrumError as error:
            self.failed.emit(error)
            return
        self.move_plane(number, plane, True)

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
        self.numbers = None
        if self.model is None or not self.draft.resections:
            return
        try:
            self.numbers = self.model.evaluate(self.draft.resections, alone=False, only_least=True)
        except TheatrumError as error:
            self.failed.emit(error)
            return
        self.cut_map = None
        if at_rest:
            self._rest.start()

    def _ask_map(self) -> None:
        model, draft = self.model, self.draft
        if model is None or not draft.resections or not model.targets or self.is_dragging:
            return
        self.session.jobs.submit(
            Job(
                key="cut map",
                title="Colouring the cut",
                work=partial(_mapped, model, draft.resections),
                done=self._take_map,
                still_wanted=lambda: self.draft is draft and self.model is model,
                subject=self.session.label,
                quiet=True,
            )
        )

    def _take_map(self, cut_map: CutMap) -> None:
        self.cut_map = cut_map
        self.map_changed.emit()

    # into the case and back

    @property
    def is_saved(self) -> bool:
        """True when the case holds the draft as it is."""
        if self.saved is None:
            return False
        kept = draft_of(self.saved)
        return (
            kept.name == self.draft.name
            and kept.roles == self.draft.roles
            and _same_cuts(kept.resections, self.draft.resections)
            and (kept.weight_kg, kept.height_cm) == (self.draft.weight_kg, self.draft.height_cm)
            and (kept.asked_mm, kept.remnant_percent) == (self.draft.asked_mm, self.draft.remnant_percent)
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
                done=self._put,
                failed=self.failed.emit,
                still_wanted=lambda: self.draft is draft,
                subject=self.session.label,
            )
        )

    def _put(self, record: PlanRecord) -> None:
        self.saved = record
        if not self.session.do(SetPlan(record)):
            self.saved = self.session.case.plans.get(record.name)

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
            self.saved = None
            self.draft = replace(self.draft, resections=self._proposed)
            self.evaluate(at_rest=True)
        self._drop_missing()
        self.changed.emit()

    def _load(self, plan: PlanRecord) -> None:
        self.saved = plan
        self.draft = draft_of(plan)
        self.by_hand = plan.edited
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
        self.saved = None
        self.draft = replace(self.draft, name=free_letter(self.session.case), resections=())
        self.numbers = self.cut_map = None
        self.propose()
        self.changed.emit()

    def copy_plan(self) -> None:
        """The same plan under the next letter, to change and compare."""
        if self.saved is None:
            return
        name = free_letter(self.session.case)
        copied = replace(self.saved, name=name, created=now_utc())
        self.saved, self.draft = copied, replace(self.draft, name=name)
        self._put(copied)

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
        name, self.saved = self.draft.name, None
        others = [plan for other, plan in liver_plans(self.session.case).items() if other != name]
        self.draft = draft_of(others[-1]) if others else replace(self.draft, resections=self._proposed)
        self.saved = others[-1] if others else None
        self.session.do(RemovePlan(name))
        if not others and not self._proposed:
            self.propose()
        self.prepare()
        self.evaluate(at_rest=True)
        self.changed.emit()


def _same_cuts(first: tuple[PlaneResection, ...], second: tuple[PlaneResection, ...]) -> bool:
    return len(first) == len(second) and all(
        # reading a plan makes its normals unit again, which may turn the last bit
        np.allclose(a.plane.origin_mm, b.plane.origin_mm, rtol=0.0, atol=1e-9)
        and np.allclose(a.plane.normal, b.plane.normal, rtol=0.0, atol=1e-9)
        and a.remove == b.remove
        for a, b in zip(first, second, strict=True)
    )


def _prepared(
    document: Document, roles: Mapping[str, tuple[str, ...]], progress: Progress, cancel: CancelToken
) -> LiverModel:
    from planning.liver.model import LiverModel

    def masks(names: Iterable[str]) -> list[tuple[str, Mask]]:
        return [(name, document.mask(name)) for name in names if name in document.case.structures]

    used = {name for names in roles.values() for name in names}
    return LiverModel.prepare(
        organ=masks(roles["organ"]),
        tumors=masks(roles["tumors"]),
        portal=masks(roles["portal"]),
        hepatic=masks(roles["hepatic"]),
        others=masks(name for name in document.case.structures if name not in used),
        progress=progress,
        cancel=cancel,
    )


def _proposed(
    model: LiverModel,
    tumor: Any,
    asked_mm: float,
    others: tuple[PlaneResection, ...],
    progress: Progress,
    cancel: CancelToken,
) -> Plane:
    from planning.liver.proposal import propose_plane

    return propose_plane(model, tumor, asked_mm, others, progress=progress, cancel=cancel)


def _mapped(
    model: LiverModel, resections: tuple[PlaneResection, ...], progress: Progress, cancel: CancelToken
) -> CutMap:
    from planning.liver.cut_map import map_cut

    return map_cut(model.organ, model.regions(resections), model.targets, cancel=cancel)


def _recorded(
    case: Case, model: LiverModel, draft: LiverDraft, by_hand: bool, progress: Progress, cancel: CancelToken
) -> PlanRecord:
    from planning.case.plans import liver_record_of

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
        source="window",
        edited=by_hand,
    )
