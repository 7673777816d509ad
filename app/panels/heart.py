"""TAVR planning step by step: scan, hinge points, annulus, root, calcium, views, valve sizes, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.out_of_sight import OutOfSight
from app.pane_grid import Arrangement
from app.panels.base import PlanRow, kept_reach_mm
from app.panels.guide import GuidedPlanner, Step
from app.panels.plan_head import PlanHead, ShownPlans
from app.panels.standing import AGAIN, READ_ONLY, StandingWords, standing_words
from app.panels.tavr.drawing import annulus_item
from app.panels.tavr.names import ACCEPTED_NAMES, ANNULUS, HINGES, OSTIA, POINT_LABELS, ROOT, SCAN
from app.panels.tavr.step import TavrStep
from app.panels.tavr.step_access import AccessStep
from app.panels.tavr.step_annulus import AnnulusStep
from app.panels.tavr.step_calcium import CalciumStep
from app.panels.tavr.step_compare import PLAN_KEY, CompareStep
from app.panels.tavr.step_dimensions import DimensionsStep
from app.panels.tavr.step_root import RootStep
from app.panels.tavr.step_scan import ScanStep
from app.panels.tavr.step_valve import ValveStep
from app.panels.tavr.step_views import ViewsStep
from app.panels.tavr.work import Results, TavrWork
from app.session import Session
from app.theme.tokens import HINGES as HINGE_COLORS
from app.theme.tokens import PLANS
from planning.case.model import PlanRecord
from planning.case.standing import standing_of
from planning.geometry import FloatArray, detector_direction
from planning.registry import structure_style
from viewers.overlay import LabelItem, PlanItem, PointItem, SurfaceItem
from viewers.plan_pane import PlanPane
from viewers.view_state import Camera, ViewState, aligned_frame, vec

ANNULUS_REACH_MM = 60.0
ROOT_HALF_HEIGHT_MM = 60.0


class HeartPanel(GuidedPlanner):
    """The guided panel of TAVR planning."""

    module = "heart"
    preset = "cta"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.work = TavrWork(session, self)
        OutOfSight(self, (self,), self.work.live.forget)
        self._root_shown = False
        self.root, self.annulus, self.views = RootStep(self), AnnulusStep(self), ViewsStep(self)
        self.valve, self.access = ValveStep(self), AccessStep(self)
        self.start_steps(
            (
                ScanStep(self),
                self.root,
                self.annulus,
                DimensionsStep(self),
                CalciumStep(self),
                self.views,
                self.valve,
                self.access,
            )
        )
        # no step of the plan, but shown in a step's place
        self.compare = CompareStep(self)
        self._compare_page = self.frame.add_page(None, self.compare.body)
        self._is_comparing = False
        self.head = PlanHead(self.frame, "tavr", self._plans_shown, self, compares=True)
        self.head.compared.connect(partial(self.compare_plans, True))
        self.head.opened.connect(self._open_plan)
        self.head.renamed.connect(self.work.rename)
        self.head.deleted.connect(self._delete_plan)
        self.work.changed.connect(self._changed)
        session.view.changed.connect(self._on_view)
        if self.plan is not None:
            # a plan that was made before: its points were accepted, its annulus is looked at first
            self._start_at(ANNULUS, {SCAN, ROOT, *self.work.accepted})
        elif self.work.placer.points:
            self._start_at(ROOT, {SCAN})
        self._changed()

    def entered(self) -> None:
        """A hinge that is still chosen can be dragged again with all numbers."""
        super().entered()
        if self.session.view.state.selected_point in HINGES:
            self.work.live.prepare()

    # what the plan is

    @property
    def plan(self) -> PlanRecord | None:
        """The plan shown, as the case has it."""
        return self.work.plan

    @property
    def results(self) -> Results | None:
        """Its numbers."""
        return self.work.results

    @property
    def is_stale(self) -> bool:
        """True while points differ from those of the plan's numbers."""
        return self.work.is_stale

    @property
    def step(self) -> Step:
        """The open step, or the comparison in its place."""
        return self.compare if self._is_comparing else super().step

    @property
    def shown_step(self) -> int:
        """None while plans are compared."""
        return -1 if self._is_comparing else self.where.current

    def compare_plans(self, wanted: bool) -> None:
        """Two plans beside each other, or the open step again."""
        if wanted == self._is_comparing or (wanted and self.compare.pair() is None):
            return
        self.step.left()
        self.work.placer.stop()
        self._is_comparing = wanted
        self.frame.show_page(self._compare_page if wanted else self.where.current)
        self.step.entered()
        self._changed()

    @property
    def open_step(self) -> TavrStep:
        """The open step."""
        step = self.step
        assert isinstance(step, TavrStep)
        return step

    def standing_words(self) -> StandingWords | None:
        """Numbers follow from the image alone, so only another version of the program can give others."""
        if self.plan is None or self.is_stale:
            return None
        busy = tr("Measuring the plan again") if self.work.is_measuring else ""
        blocked = READ_ONLY if self.work.is_read_only else busy
        return standing_words(standing_of(self.session.case, self.plan), (), link=AGAIN, blocked=blocked)

    def take_new_numbers(self) -> None:
        """The whole plan is measured again."""
        self.work.measure_again()

    def used_structures(self) -> tuple[str, ...]:
        """Numbers come from the image alone; simulated pictures fill the case's aorta."""
        return self.views.used_structures() if self.step is self.views else ()

    def _start_at(self, number: int, accepted: set[int]) -> None:
        self.where.accepted = accepted
        self.where.current = number
        self.frame.show_page(number)

    def case_changed(self) -> None:
        """Undo, redo and other changes: the points are those of the plan."""
        if self._is_comparing and (self.plan is None or self.compare.pair() is None):
            self.compare_plans(False)
        if not self.work.case_changed():
            self.refresh()
            return
        placer = self.work.placer
        if self.plan is None:
            if self.where.current > ROOT:
                self._start_at(ROOT, self.where.accepted & {SCAN})
            if self.isVisible():
                placer.ask(*HINGES)
        else:
            self._take_accepted()
            if placer.round == HINGES and placer.has(HINGES):
                placer.stop()
            state = self.session.view.state
            if state.frame_name == "annulus" and not self._is_aligned(state):
                self._align_to(kept_reach_mm(state, "annulus", ANNULUS_REACH_MM))
                self.open_step.realigned()
        self._changed()

    def previous_step(self) -> None:
        """Back; from the comparison to the step that it stands for."""
        if self._is_comparing:
            self.compare_plans(False)
        else:
            super().previous_step()

    def accept_step(self) -> None:
        """The open step is accepted, and the plan keeps that."""
        accepted = self.where.current
        super().accept_step()
        self.work.keep_accepted(accepted)

    def _take_accepted(self) -> None:
        """What is accepted as the plan has it; scan, points, valve and route stay as they are."""
        self.where.accepted = (self.where.accepted - set(ACCEPTED_NAMES)) | self.work.accepted

    def drafted(self) -> str:
        """The last point placed before there are numbers, or all that differs from the plan's numbers."""
        return self.work.drafted()

    def unkept(self) -> str:
        """Points that were moved and have no numbers yet."""
        return self.work.unkept()

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        self.work.take_back()
        self._take_accepted()
        if self.plan is None:
            if self.where.current > ROOT:
                self._start_at(ROOT, self.where.accepted & {SCAN})
            if self.where.current == ROOT:
                self.work.placer.ask(*HINGES)
        self._changed()

    # the hand

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click put down a point of the open step, a hinge or an ostium."""
        if self._is_comparing or self.work.edits.refuse_elsewhere() or self.open_step.point_placed(key, position_mm):
            return
        # what was accepted belongs to the old place
        self.where.accepted &= {SCAN}
        self.work.edits.place(key, position_mm)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        if self._is_comparing or self.open_step.point_moved(key, position_mm, finished):
            return
        if self.work.source_of(key) and not self.work.is_read_only:
            self.where.accepted &= {SCAN}
            self.work.edits.move(key, position_mm, finished)

    def reset_point(self, key: str) -> None:
        """Delete on a point: a hinge is asked for again, ostia are searched in the image again."""
        if self._is_comparing or self.open_step.point_reset(key):
            return
        if self.work.edits.reset(key):
            self._start_at(ROOT, self.where.accepted)
            self.work.placer.ask(*HINGES)
        self._changed()

    def left(self) -> None:
        """Stop asking for points; the planes go straight again for the next place of work."""
        super().left()
        self.work.placer.stop()
        if self.session.view.state.frame_name in ("annulus", "root", "mitral"):
            self.session.view.straighten()

    def go_to(self, number: int) -> None:
        """Open a step; all but the first begin in the phase that their numbers are of."""
        if 0 <= number < len(self.steps) and self.steps[number].is_reachable():
            self.compare_plans(False)
        if number != SCAN and self.plan is not None and self.work.beat.is_moving:
            self.session.phases.show(self.work.decided.phase)
        super().go_to(number)

    # views

    def look_at_plane(self) -> bool:
        """The open step's own plane, else the annulus."""
        if isinstance(self.open_step, AccessStep):
            return self.open_step.look_at_plane()
        if self._annulus_shown() is None:
            return False
        self.align()
        return True

    def align(self) -> None:
        """Look at the annulus plane."""
        self._align_to(ANNULUS_REACH_MM)

    def _align_to(self, reach_mm: float) -> None:
        annulus = self._annulus_shown()
        if annulus is None:
            return
        self.session.view.align("annulus", annulus["centroid_mm"], annulus["normal"], reach_mm)
        self.show_root(np.asarray(annulus["centroid_mm"]))

    def _is_aligned(self, state: ViewState) -> bool:
        """Whether the panes lie in the annulus as it is; what else of a plan changed moves no picture."""
        annulus = self._annulus_shown()
        return (
            annulus is not None
            and bool(np.allclose(state.frame_origin_mm, annulus["centroid_mm"], atol=1e-6))
            and bool(np.allclose(state.frame[2], aligned_frame(annulus["normal"])[2], atol=1e-6))
        )

    def _annulus_shown(self) -> Mapping[str, Any] | None:
        """The plan's annulus, or how it lies in another phase that is shown."""
        if self.results is None:
            return None
        followed = self.work.beat.row if self.work.beat.is_elsewhere else None
        found: Mapping[str, Any] = self.results["annulus"] if followed is None else followed
        return found

    def show_root(self, center_mm: FloatArray) -> None:
        """Turn 3D to the root, once; afterwards the view belongs to the hand."""
        if not self._root_shown:
            self._root_shown = True
            self.session.view.set(camera=_root_camera(center_mm))

    def turn_long_axis(self, position_mm: FloatArray) -> None:
        """Long axis 1 turns about the crosshair until it goes through a place; the annulus's picture stays."""
        state = self.session.view.state
        if state.frame_name != "annulus":
            return
        right, down = (np.asarray(axis) for axis in state.frame[:2])
        rest = np.asarray(position_mm) - np.asarray(state.frame_origin_mm)
        angle = float(np.arctan2(rest @ down, rest @ right))
        # of both half turns the smaller one, so that left and right stay where they were
        angle -= np.pi * round(angle / np.pi)
        turned = state.with_turn("axial", angle)
        self.session.view.become(replace(turned, frame_name="annulus"))

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        def said(state: ViewState) -> tuple[object, ...]:
            return state.placing, state.tool, state.phase, state.selected_point

        if old.selected_point != new.selected_point and new.selected_point in HINGES:
            # who takes a hinge is about to move it
            self.work.live.prepare()
        if old.phase != new.phase:
            if new.frame_name == "annulus":
                # the plane goes with the ring
                self._align_to(kept_reach_mm(new, "annulus", ANNULUS_REACH_MM))
            self.scene_changed.emit()
        if said(old) != said(new):
            self.refresh()
        turned = old.hidden ^ new.hidden
        if turned & {"annulus", "hinges", "ostia"} or any(key.startswith(PLAN_KEY) for key in turned):
            self.scene_changed.emit()

    # showing

    def _changed(self) -> None:
        self.work.beat.begin()
        self.frame.set_title(self._title())
        self.refresh()
        self.scene_changed.emit()

    def _title(self) -> str:
        return tr(self.compare.name) if self._is_comparing else self.head.title(self.work.name)

    def _plans_shown(self) -> ShownPlans:
        can_change = self.plan is not None and not self.work.is_read_only
        return ShownPlans(tuple(self.work.plans()), self.work.name, can_change)

    def choose_plan(self, name: str) -> None:
        """Open another plan."""
        if name != self.work.name:
            self._open_plan(name)

    def _open_plan(self, name: str) -> None:
        self.compare_plans(False)
        self.open_step.left()
        self.work.placer.stop()
        self.work.open(name)
        if self.plan is not None:
            self._start_at(ANNULUS, {SCAN, ROOT, *self.work.accepted})
        else:
            self._start_at(ROOT, {SCAN})
        self.open_step.entered()
        self._changed()

    def _delete_plan(self) -> None:
        title = self._title()
        if self.work.delete():
            self.session.said.emit(tr("{title} deleted", title=title))

    # what is drawn

    def arrangement(self) -> Arrangement | None:
        """The open step's panes."""
        return self.open_step.arrangement()

    def panes(self) -> Mapping[str, PlanPane]:
        """Panes of the steps that were visited."""
        steps = (*(step for step in self.steps if isinstance(step, TavrStep)), self.compare)
        return {name: pane for step in steps for name, pane in step.panes().items()}

    def colors(self) -> dict[str, str]:
        """Colours of the points."""
        coronary = structure_style("coronaries").color
        return {
            **{key: HINGE_COLORS[key.removeprefix("hinge_")] for key in HINGES},
            **dict.fromkeys(OSTIA, coronary),
        }

    def items(self) -> tuple[PlanItem, ...]:
        """Contour with its diameters, hinges, ostia, and what the open step adds."""
        hidden = self.session.view.state.hidden
        drawn: list[PlanItem] = []
        if self.work.beat.is_elsewhere:
            # points and levels of the plan lie elsewhere in this phase
            return tuple(self.work.beat.items())
        if not self.open_step.shows_root:
            return tuple(self.open_step.items())
        annulus = self._annulus()
        if annulus is not None:
            drawn.append(annulus_item(annulus, self.open_step.annulus_shown))
        drawn += self.open_step.items()
        if "ostia" not in hidden:
            drawn += self._ostium_items()
        if "hinges" not in hidden:
            drawn += self._hinge_items()
        return tuple(drawn)

    def labels(self) -> tuple[LabelItem, ...]:
        """What the open step paints."""
        return self.open_step.labels()

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The same in 3D."""
        return self.open_step.surfaces()

    def _annulus(self) -> Mapping[str, Any] | None:
        if "annulus" in self.work.preview:
            found: Mapping[str, Any] = self.work.preview["annulus"]
            return found
        return self.results["annulus"] if self.results is not None and not self.is_stale else None

    def _hinge_items(self) -> list[PlanItem]:
        colors = self.colors()
        return [
            PointItem(
                key=key,
                position_mm=self.work.placer.points[key],
                color=colors[key],
                label=POINT_LABELS[key],
                movable=not self.work.is_read_only,
            )
            for key in HINGES
            if key in self.work.placer.points
        ]

    def _ostium_items(self) -> list[PlanItem]:
        found = self.results["landmarks"] if self.results is not None else {}
        colors, placer = self.colors(), self.work.placer
        drawn: list[PlanItem] = []
        for key in OSTIA:
            if key not in placer.points and (key not in found or placer.round == OSTIA):
                continue
            place = placer.points[key] if key in placer.points else np.asarray(found[key]["position_mm"])
            drawn.append(
                PointItem(
                    key=key,
                    position_mm=place,
                    color=colors[key],
                    label=POINT_LABELS[key],
                    movable=not self.work.is_read_only,
                )
            )
        return drawn

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """Annulus, hinges and ostia for the structures panel; while plans are compared these."""
        if self._is_comparing:
            return tr("Plans"), tuple(self.compare.rows())
        listed = []
        if self.results is not None or self.work.preview:
            listed.append(PlanRow("annulus", tr("Annulus plane"), PLANS["a"]))
        hinges = sum(key in self.work.placer.points for key in HINGES)
        if hinges:
            listed.append(PlanRow("hinges", tr("Hinge points"), HINGE_COLORS["rcc"], str(hinges)))
        ostia = len(self._ostium_items())
        if ostia:
            listed.append(PlanRow("ostia", tr("Coronary ostia"), self.colors()[OSTIA[0]], str(ostia)))
        return tr("Plan"), (*listed, *self.open_step.rows())

    def opacities(self) -> Mapping[str, float]:
        """The root is seen through, so that hinges and annulus show."""
        faint = {name: 0.45 for name in self.session.case.structures if structure_style(name).group == "Heart"}
        seen = {name: 1.0 if "calcium" in name.lower() else value for name, value in faint.items()}
        return {**seen, **self.open_step.opacities()}


def _root_camera(center_mm: FloatArray) -> Camera:
    """The root from the right front, as heart teams look at it: RAO 35, CAU 2."""
    return Camera(vec(center_mm), vec(detector_direction(-35.0, -2.0)), (0.0, 0.0, 1.0), ROOT_HALF_HEIGHT_MM)
