"""TAVR planning step by step: scan, hinge points, annulus, root, calcium, views, valve sizes, report.

The hand gives the hinges; everything else follows from them by `tavr_record`. While a hinge is dragged the annulus is
measured again beside the hand (one quiet job at a time, always with the newest place); on release one job measures the
whole root and one command puts the plan into the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.jobs import Job
from app.panels import heart_text as text
from app.panels.base import Planner, PlanRow, as_list, kept_reach_mm
from app.panels.heart_text import HINGES, OSTIA, Note
from app.panels.parts import (
    Callout,
    HeroNumber,
    NumberField,
    NumberTable,
    PanelAction,
    PanelFrame,
    StepInfo,
    page,
    paragraph,
    plain,
)
from app.panels.s_curve import NamedView, SCurveChart
from app.session import Session
from app.settings import load_settings
from app.theme.style import current_look, set_kind
from app.theme.tokens import HINGES as HINGE_COLORS
from app.theme.tokens import LIGHT_PLANS, PLANS
from planning.case.commands import RemovePlan, SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import free_plan_name, tavr_record
from planning.errors import InputError, MeasurementError, TheatrumError
from planning.geometry import FloatArray, detector_direction
from planning.progress import CancelToken, Progress
from planning.registry import structure_style
from planning.tavr.plan import AnnulusPreview, measure_annulus_live
from planning.tavr.projections import foreshortening
from planning.units import text_quantity
from viewers.overlay import ContourItem, DistanceItem, PlanItem, PointItem
from viewers.view_state import Camera, ViewState, vec

NAMES = (
    "Scan and phase",
    "Aortic root",
    "Annulus",
    "Root dimensions",
    "Calcium",
    "Projections",
    "Valve",
    "Access and report",
)
SCAN, ROOT, ANNULUS, DIMENSIONS, CALCIUM, VIEWS, VALVE, REPORT = range(8)
LIVE_KEY = "annulus beside the hand"
SIZES_SHOWN = 6
POINT_LABELS = {
    "hinge_ncc": "NCC",
    "hinge_rcc": "RCC",
    "hinge_lcc": "LCC",
    "ostium_left": "LCA",
    "ostium_right": "RCA",
}
THRESHOLD_HU = (150.0, 2500.0)
ANNULUS_REACH_MM = 60.0
ROOT_HALF_HEIGHT_MM = 60.0


class HeartPanel(Planner):
    """The guided panel of TAVR planning."""

    module = "heart"
    preset = "cta"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._step = SCAN
        self._accepted: set[int] = set()
        self._name = ""
        self._points: dict[str, FloatArray] = {}
        self._last_placed = ""
        self._placing_round: tuple[str, ...] = ()
        self._preview: AnnulusPreview | None = None
        self._live_again = False
        self._dirty = False
        self._problem: Note | None = None
        self._hovered = ""
        self._angle: tuple[float, float] | None = None
        self._root_shown = False
        self._chosen_view = "three_cusp"
        self._limits = _room_limits()
        self._menu_of: tuple[str, ...] | None = None
        self._shown_plan: PlanRecord | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.frame = PanelFrame()
        box.addWidget(self.frame)
        self.frame.step_chosen.connect(self.go_to)
        self.frame.back.connect(self.previous_step)
        self._make_pages()
        session.view.changed.connect(self._on_view)
        plans = self._plans()
        self._take_plan(plans[0] if plans else "")
        if self.plan is not None:
            # a plan that was made before: its points were accepted, its annulus is looked at first
            self._accepted = {SCAN, ROOT}
            self._step = ANNULUS
        self._show()

    # --- the pages, made once -------------------------------------------------------------------------------------

    def _make_pages(self) -> None:
        self._heroes = [HeroNumber() for _ in NAMES]
        self._tables = [NumberTable() for _ in NAMES]
        self._callouts = [[Callout(f"heart_{step}_{n}") for n in range(2)] for step in range(len(NAMES))]
        self._phases = NumberTable()
        self._phases_title = QLabel("Phases")
        set_kind(self._phases_title, "heading")
        self._help = paragraph("")
        self._curve = SCurveChart()
        self._carm = NumberTable()
        self._threshold = NumberField("calcium_threshold", "Threshold", "HU", *THRESHOLD_HU, 10.0)
        self._sizes_note = paragraph("")
        extra: dict[int, tuple[list[QWidget], list[QWidget]]] = {
            SCAN: ([], [self._phases_title, self._phases]),
            ROOT: ([self._help], []),
            CALCIUM: ([], [self._threshold_row()]),
            VIEWS: ([self._curve], [self._carm]),
            VALVE: ([], [self._sizes_note]),
        }
        for step, table in enumerate(self._tables):
            before, after = extra.get(step, ([], []))
            self.frame.add_page(self._heroes[step], page(*before, table, *self._callouts[step], *after))
            table.row_clicked.connect(partial(self._row_clicked, step))
        self._tables[ANNULUS].row_hovered.connect(self._row_hovered)
        self._phases.row_clicked.connect(lambda key: self.session.view.set(phase=int(key.removeprefix("phase_"))))
        self._curve.view_chosen.connect(self._choose_view)
        self._curve.angle_asked.connect(self._turn)
        self._threshold.entered.connect(self._set_threshold)
        self._callouts[ROOT][0].followed.connect(self._measured_points_again)

    def _threshold_row(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel("Threshold")
        set_kind(label, "label")
        label.setBuddy(self._threshold)
        row.addWidget(label)
        row.addStretch(1)
        self._threshold.setMaximumWidth(current_look().px(110))
        self._threshold.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self._threshold)
        return made

    # --- what the plan is -----------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """The open step, from 0."""
        return self._step

    @property
    def plan(self) -> PlanRecord | None:
        """The plan shown, as the case has it."""
        return self.session.case.plans.get(self._name)

    @property
    def results(self) -> Mapping[str, Any] | None:
        """Its numbers."""
        return None if self.plan is None else self.plan.results

    @property
    def is_stale(self) -> bool:
        """True while points differ from those of the plan's numbers."""
        return self._dirty

    def _plans(self) -> list[str]:
        return [name for name, plan in self.session.case.plans.items() if plan.kind == "tavr"]

    def _take_plan(self, name: str) -> None:
        """Show this plan; "" begins a new one."""
        self._name = name or free_plan_name(self.session.case, "tavr")
        self._read_plan()

    def _read_plan(self) -> None:
        plan = self.plan
        self._shown_plan = plan
        self._preview, self._dirty, self._problem = None, False, None
        if plan is None:
            return
        self._points = dict(zip(HINGES, np.asarray(plan.inputs["hinges_mm"], dtype=np.float64)))
        if plan.inputs.get("ostia_mm") is not None:
            self._points |= dict(zip(OSTIA, np.asarray(plan.inputs["ostia_mm"], dtype=np.float64)))

    def case_changed(self) -> None:
        """Undo, redo and other changes: the points are those of the plan."""
        before, now = self._shown_plan, self.plan
        if now is before:
            self._show()
            return
        if now is None:
            # the step that placed the last hinge was taken back
            hinges = {key: place for key, place in self._points.items() if key in HINGES}
            hinges.pop(self._last_placed or HINGES[-1], None)
            self._points = hinges
            self._read_plan()
            plans = self._plans()
            if plans:
                self._take_plan(plans[0])
            else:
                self._step = min(self._step, ROOT)
                self._accepted &= {SCAN}
                if self.isVisible():
                    self._start_placing(HINGES)
        else:
            self._read_plan()
            if self._hinges_complete() and self._placing_round == HINGES:
                self._end_placing()
            state = self.session.view.state
            if state.frame_name == "annulus":
                self._align_to(kept_reach_mm(state, "annulus", ANNULUS_REACH_MM))
        self._show()
        self.scene_changed.emit()

    def drafted(self) -> str:
        """The last point placed before there are numbers, or all that differs from the plan's numbers."""
        if self._read_only:
            return ""
        if self.plan is not None:
            return "moved points" if self._dirty else ""
        return text.POINT_NAMES[list(self._points)[-1]] if self._points else ""

    def take_back(self) -> None:
        """Ctrl+Z before the numbers are in the case."""
        for state in self.session.jobs.active:
            if state.job.key == f"plan {self._name}":
                state.cancel.set()
        if self.plan is not None:
            self._measured_points_again()
            return
        if self._points:
            self._points.popitem()
        self._preview, self._problem, self._dirty = None, None, False
        self._step = min(self._step, ROOT)
        if self._step == ROOT:
            self._start_placing(HINGES)
        self._show()
        self.scene_changed.emit()

    def _hinges_complete(self) -> bool:
        return all(key in self._points for key in HINGES)

    def _hinges_mm(self) -> list[list[float]]:
        return [as_list(self._points[key]) for key in HINGES]

    def _ostia_mm(self) -> list[list[float]] | None:
        return [as_list(self._points[key]) for key in OSTIA] if all(key in self._points for key in OSTIA) else None

    # --- points ---------------------------------------------------------------------------------------------------

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click put a hinge or an ostium down: the next one is asked for, the last one measures."""
        if key not in (*HINGES, *OSTIA) or self._read_only:
            return
        self._points[key] = np.asarray(position_mm, dtype=np.float64)
        self._last_placed = key
        self.session.view.set(selected_point=key)
        self._continue_placing()
        if key in OSTIA and self._ostia_mm() is None:
            self._show()
            self.scene_changed.emit()
            return
        self._points_changed(finished=True)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        if key not in self._points or self._read_only:
            return
        self._points[key] = np.asarray(position_mm, dtype=np.float64)
        self._points_changed(finished)

    def reset_point(self, key: str) -> None:
        """There is no automatic place of a hinge: it is taken away and asked for again. Ostia are searched again."""
        if self._read_only:
            return
        if key in HINGES and key in self._points:
            del self._points[key]
            self._dirty, self._preview = self.plan is not None, None
            self._step = ROOT
            self._start_placing(HINGES)
        elif key in OSTIA and self._points.keys() & set(OSTIA):
            for name in OSTIA:
                self._points.pop(name, None)
            self._points_changed(finished=True)
        self._show()
        self.scene_changed.emit()

    def _points_changed(self, finished: bool) -> None:
        self._dirty, self._problem = True, None
        # what was accepted belongs to the old place
        self._accepted &= {SCAN}
        if self._hinges_complete():
            if finished:
                self._measure()
            else:
                self._live()
        self._show()
        self.scene_changed.emit()

    @property
    def _read_only(self) -> bool:
        return self.session.document.read_only

    def _start_placing(self, keys: tuple[str, ...]) -> None:
        if self._read_only:
            return
        self._placing_round = keys
        self._continue_placing()

    def _continue_placing(self) -> None:
        """Ask for the first point of this round that is missing."""
        missing = [key for key in self._placing_round if key not in self._points]
        if not missing:
            self._end_placing()
            return
        self.session.view.set(tool="place", placing=missing[0])

    def _end_placing(self) -> None:
        self._placing_round = ()
        if self.session.view.state.tool == "place":
            self.session.view.set(tool="cross", placing="")

    def _place_ostia(self) -> None:
        for key in OSTIA:
            self._points.pop(key, None)
        self._start_placing(OSTIA)
        self._show()
        self.scene_changed.emit()

    def _start_over(self) -> None:
        self._points = {}
        self._preview, self._problem = None, None
        self._dirty = self.plan is not None
        self._start_placing(HINGES)
        self._show()
        self.scene_changed.emit()

    def _measured_points_again(self) -> None:
        """Back to the points of the plan's numbers."""
        self._end_placing()
        self._read_plan()
        self._show()
        self.scene_changed.emit()

    # --- measuring ------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        """The annulus at the hand's place: one job at a time, the next one takes the newest place."""
        if any(state.job.key == LIVE_KEY for state in self.session.jobs.active):
            self._live_again = True
            return
        volume = self.session.volume()
        if volume is None:
            return
        self._live_again = False
        hinges = np.array([self._points[key] for key in HINGES])

        def work(progress: Progress, cancel: CancelToken) -> AnnulusPreview | MeasurementError:
            try:
                return measure_annulus_live(volume, hinges)
            except MeasurementError as error:
                # a place on the way is no failure: it is said in the panel while the hand goes on
                return error

        self.session.jobs.submit(
            Job(key=LIVE_KEY, title="Measuring the annulus", work=work, done=self._live_done, quiet=True)
        )

    def _live_done(self, value: AnnulusPreview | MeasurementError) -> None:
        if not self._dirty:
            return
        if isinstance(value, MeasurementError):
            self._preview, self._problem = None, _note_of(value)
        else:
            self._preview, self._problem = value, None
        if self._live_again and self._hinges_complete():
            self._live()
        self._show()
        self.scene_changed.emit()

    def _measure(self) -> None:
        """The whole root from the points of now, with the threshold that the plan has."""
        self._measure_with(self.plan.inputs.get("calcium_hu") if self.plan is not None else None)

    def _measure_with(self, calcium_hu: float | None) -> None:
        """The whole root from the points of now; one undo step when it is done."""
        document, name = self.session.document, self._name
        before = self.plan
        hinges, ostia = self._hinges_mm(), self._ostia_mm()
        phase = self.session.view.state.phase

        def work(progress: Progress, cancel: CancelToken) -> PlanRecord:
            return tavr_record(
                document,
                name,
                hinges,
                ostia_mm=ostia,
                calcium_hu=calcium_hu,
                phase=phase,
                source="workstation",
                edited=before is not None,
            )

        def still_wanted() -> bool:
            return (hinges, ostia, name) == (
                self._hinges_mm() if self._hinges_complete() else None,
                self._ostia_mm(),
                self._name,
            )

        self._dirty = True
        self.session.jobs.submit(
            Job(
                key=f"plan {name}",
                title="Measuring the root",
                work=work,
                done=self._measured,
                failed=self._not_measured,
                still_wanted=still_wanted,
                subject=self.session.label,
            )
        )
        self._live()

    def _measured(self, record: PlanRecord) -> None:
        self._dirty, self._preview, self._problem = False, None, None
        self.session.do(SetPlan(record))

    def _not_measured(self, error: TheatrumError) -> None:
        self._problem = _note_of(error)
        self._preview = None
        self._show()
        self.scene_changed.emit()

    def _set_threshold(self, value: float) -> None:
        if self.results is not None and self._hinges_complete():
            self._measure_with(value)
            self._show()

    def _relative_threshold(self) -> None:
        self._measure_with(None)
        self._show()

    # --- steps ----------------------------------------------------------------------------------------------------

    def entered(self) -> None:
        """Set the views up for the open step."""
        self._enter_step()
        self._show()
        self.scene_changed.emit()

    def left(self) -> None:
        """Stop asking for points; the planes go straight again for the next place of work."""
        self._end_placing()
        if self.session.view.state.frame_name == "annulus":
            self.session.view.straighten()

    def go_to(self, step: int) -> None:
        """Open a step, as far as there are numbers for it."""
        if not self._reachable(step) or step == self._step:
            return
        self._end_placing()
        self._step = step
        self._enter_step()
        self._show()
        self.scene_changed.emit()

    def next_step(self) -> None:
        """Ctrl+PgDn."""
        if self._step + 1 < len(NAMES):
            self.go_to(self._step + 1)

    def previous_step(self) -> None:
        """Ctrl+PgUp, Back."""
        if self._step:
            self.go_to(self._step - 1)

    def accept(self) -> None:
        """The main action, unless something is missing."""
        main, _ = self._actions()
        if main.blocked:
            return
        main.run()

    def edit(self) -> None:
        """The first secondary action."""
        _, others = self._actions()
        if others and not others[0].blocked:
            others[0].run()

    def _reachable(self, step: int) -> bool:
        return step <= ROOT or self.results is not None

    def _enter_step(self) -> None:
        if self._step == ROOT and not self._hinges_complete():
            self._start_placing(HINGES)
        if self._step in (ANNULUS, DIMENSIONS, CALCIUM, VALVE) and self.results is not None:
            self._align()
        if self._step == VIEWS and self.results is not None:
            self._limits = _room_limits()
            self._choose_view(self._chosen_view)

    def _accept_step(self) -> None:
        self._accepted.add(self._step)
        if (
            self._step == SCAN
            and self.plan is not None
            and self.plan.inputs.get("phase") != self.session.view.state.phase
        ):
            self._measure()
        self.go_to(self._step + 1)
        self.frame.focus_main()

    def _align(self) -> None:
        self._align_to(ANNULUS_REACH_MM)

    def _align_to(self, reach_mm: float) -> None:
        annulus = self.results["annulus"] if self.results is not None else None
        if annulus is None:
            return
        self.session.view.align("annulus", annulus["centroid_mm"], annulus["normal"], reach_mm)
        if not self._root_shown:
            # once; afterwards the 3D view belongs to the hand
            self._root_shown = True
            self.session.view.set(camera=_root_camera(annulus))

    def _actions(self) -> tuple[PanelAction, tuple[PanelAction, ...]]:
        move = PanelAction("heart_move_hinges", "Move hinges", partial(self.go_to, ROOT), "waypoints", key="E")
        align = PanelAction("heart_align", "Show annulus", self._align, "scan", key="N")
        accept = partial(PanelAction, "heart_accept", run=self._accept_step, key="Enter")
        busy = "Wait for the new numbers" if self._dirty else ""
        if self._step == SCAN:
            several = self.session.image is not None and len(self.session.image.phases) > 1
            blocked = "" if self.session.image is not None else "This case has no image"
            return accept(text="Use this phase" if several else "Use this scan", blocked=blocked), ()
        if self._step == ROOT:
            return self._root_actions(busy)
        if self._step == ANNULUS:
            return accept(text="Accept annulus", blocked=busy), (move, align)
        if self._step == DIMENSIONS:
            blocked = "This case is open to read" if self._read_only else ""
            ostia = PanelAction("heart_place_ostia", "Place ostia", self._ask_ostia, "circle-dot", blocked, "E")
            return accept(text="Accept dimensions", blocked=busy), (ostia, align)
        if self._step == CALCIUM:
            others: tuple[PanelAction, ...] = ()
            if self.results is not None and self.results["calcium"]["method"] == "fixed" and not self._read_only:
                others = (
                    PanelAction(
                        "heart_calcium_relative", "Use the lumen’s threshold", self._relative_threshold, "rotate-ccw"
                    ),
                )
            return accept(text="Accept calcium", blocked=busy), others
        if self._step == VIEWS:
            return accept(text="Keep these views", blocked=busy), ()
        if self._step == VALVE:
            return accept(text="Accept sizes", blocked=busy), (align,)
        vessel = PanelAction(
            "heart_measure_vessel", "Measure a vessel", partial(self.module_asked.emit, "vessel"), "route"
        )
        write = PanelAction(
            "heart_write_report", "Write report", partial(self.module_asked.emit, "report"), key="Enter"
        )
        return write, (vessel,)

    def _root_actions(self, busy: str) -> tuple[PanelAction, tuple[PanelAction, ...]]:
        missing = [key for key in HINGES if key not in self._points]
        blocked = busy
        if missing and self._read_only:
            blocked = "This case is open to read"
        elif missing:
            blocked = f"Place the {text.POINT_NAMES[missing[0]]}"
        elif self._problem is not None:
            blocked = self._problem.title
        others = []
        if self._read_only:
            return PanelAction("heart_accept", "Accept root", self._accept_step, blocked=blocked, key="Enter"), ()
        if self.results is not None and not missing:
            others.append(PanelAction("heart_place_ostia", "Place ostia", self._place_ostia, "circle-dot", key="E"))
        if self._points:
            others.append(PanelAction("heart_start_over", "Start over", self._start_over, "rotate-ccw"))
        return PanelAction("heart_accept", "Accept root", self._accept_step, blocked=blocked, key="Enter"), tuple(
            others
        )

    def _ask_ostia(self) -> None:
        self.go_to(ROOT)
        self._place_ostia()

    # --- what is clicked ------------------------------------------------------------------------------------------

    def _row_clicked(self, step: int, key: str) -> None:
        results = self.results
        self._tables[step].set_selected(key)
        if step == ROOT:
            self._point_row(key)
        elif results is None:
            return
        elif step == ANNULUS:
            self._align()
        elif step == DIMENSIONS:
            place = text.root_place(results, key)
            if place is not None:
                self._fly_root(*place)
        elif step == VIEWS:
            self._choose_view(key)

    def _point_row(self, key: str) -> None:
        if key not in self._points:
            if key in HINGES and not self._read_only:
                self._placing_round = HINGES
                self.session.view.set(tool="place", placing=key)
            elif self.results is not None and key in self.results["landmarks"]:
                self.fly_asked.emit(np.asarray(self.results["landmarks"][key]["position_mm"]))
            return
        self.session.view.set(selected_point=key)
        self.fly_asked.emit(self._points[key])

    def _fly_root(self, position_mm: FloatArray, height_mm: float | None) -> None:
        annulus = self.results["annulus"] if self.results is not None else None
        if annulus is None:
            return
        if height_mm is None:
            self.fly_asked.emit(position_mm)
            return
        self._align()
        center = np.asarray(annulus["centroid_mm"]) + height_mm * np.asarray(annulus["normal"])
        self.session.view.set(cross_mm=vec(center))

    def _row_hovered(self, key: str) -> None:
        if key != self._hovered:
            self._hovered = key
            self.scene_changed.emit()

    def _choose_view(self, key: str) -> None:
        if self.results is None or key not in ("three_cusp", "cusp_overlap"):
            return
        self._chosen_view = key
        view = self.results["projections"][key]
        self._turn(view["lao_deg"], view["cra_deg"])

    def _turn(self, lao_deg: float, cra_deg: float) -> None:
        self._angle = (lao_deg, cra_deg)
        self.carm_asked.emit(lao_deg, cra_deg)
        self._show()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.placing, old.tool, old.phase, old.selected_point) != (
            new.placing,
            new.tool,
            new.phase,
            new.selected_point,
        ):
            self._show()
        if old.hidden != new.hidden and (old.hidden ^ new.hidden) & {"annulus", "hinges", "ostia"}:
            self.scene_changed.emit()

    # --- showing --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Everything the panel says, from the state of now."""
        self.frame.set_title(self._title())
        self._show_menu()
        self.frame.set_steps([self._step_info(n) for n in range(len(NAMES))], self._step)
        (
            self._show_scan,
            self._show_root,
            self._show_annulus,
            self._show_dimensions,
            self._show_calcium,
            self._show_views,
            self._show_valve,
            self._show_report,
        )[self._step]()
        self.frame.show_page(self._step)
        main, others = self._actions()
        self.frame.set_actions(main, others, self._hint(others), "Back" if self._step else "")

    def _title(self) -> str:
        if self._name == "tavr":
            return "TAVR plan"
        return f"TAVR plan {self._name.removeprefix('tavr ')}" if self._name.startswith("tavr ") else self._name

    def _show_menu(self) -> None:
        made_of = (*self._plans(), self._name)
        if made_of != self._menu_of:
            self._menu_of = made_of
            self._menu = self._make_menu()
            self.frame.set_menu(self._menu)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self.frame)
        group = QActionGroup(menu)
        for name in self._plans():
            action = QAction(name, menu, checkable=True, checked=name == self._name)
            action.triggered.connect(partial(self._open_plan, name))
            group.addAction(action)
            menu.addAction(action)
        if self._plans():
            menu.addSeparator()
        new = menu.addAction("New TAVR plan", partial(self._open_plan, ""))
        new.setEnabled(self.plan is not None and not self._read_only)
        delete = menu.addAction("Delete this plan", self._delete_plan)
        delete.setEnabled(self.plan is not None and not self._read_only)
        return menu

    def _open_plan(self, name: str, checked: bool = False) -> None:
        self._end_placing()
        self._points, self._last_placed = {}, ""
        self._take_plan(name)
        self._accepted = {SCAN, ROOT} if self.plan is not None else {SCAN}
        self._step = ANNULUS if self.plan is not None else ROOT
        self._enter_step()
        self._show()
        self.scene_changed.emit()

    def _delete_plan(self) -> None:
        if self.plan is not None and self.session.do(RemovePlan(self._name)):
            self.session.said.emit(f"{self._title()} deleted")

    def _step_info(self, step: int) -> StepInfo:
        done = step in self._accepted
        return StepInfo(NAMES[step], self._step_result(step) if done else "", done, self._reachable(step))

    def _step_result(self, step: int) -> str:
        results = self.results
        if step == SCAN:
            image = self.session.image
            label = image.phases[min(self.session.view.state.phase, len(image.phases) - 1)] if image is not None else ""
            return label or "phase not stated"
        if results is None:
            return ""
        annulus = results["annulus"]
        found = sum(key in results["landmarks"] for key in OSTIA)
        return {
            ROOT: f"3 hinges, {found} {'ostium' if found == 1 else 'ostia'}",
            ANNULUS: text_quantity(annulus["area_mm2"], "mm²"),
            DIMENSIONS: f"LCA {text_quantity(results['coronaries']['left_height_mm'], 'mm')}",
            CALCIUM: text_quantity(results["calcium"]["total_mm3"], "mm³"),
            VIEWS: text.carm_words(results["projections"]["three_cusp"]),
            VALVE: text.fitting_row(results).value,
        }.get(step, "")

    def _hint(self, others: tuple[PanelAction, ...]) -> str:
        if self._step == ROOT and self.session.view.state.tool == "place":
            return "Click places · Esc stops"
        if self._step == VIEWS:
            return "Drag along the curve · Shift 5°"
        edits = any(action.key == "E" for action in others)
        words = "Enter writes" if self._step == REPORT else "Enter accepts"
        return f"{words} · E edits" if edits else words

    def _say(self, step: int, notes: list[Note]) -> None:
        for n, callout in enumerate(self._callouts[step]):
            if n < len(notes):
                callout.show_note(notes[n].title, notes[n].text, notes[n].state, notes[n].link)
            else:
                callout.clear()

    def _show_scan(self) -> None:
        image = self.session.image
        hero, results = self._heroes[SCAN], self.results
        if image is None:
            hero.set_text("Heart phase", "–")
            self._tables[SCAN].set_rows(())
            self._say(SCAN, [Note("This case has no image", "Import a CT first.")])
            return
        phase = min(self.session.view.state.phase, len(image.phases) - 1)
        label = image.phases[phase]
        if label.endswith("%"):
            hero.set_text("Heart phase", label.removesuffix("%").strip(), "% of R–R")
        else:
            hero.set_text("Heart phase", label or "–", note="" if label else "not stated in the scan")
        self._tables[SCAN].set_rows(text.scan_rows(image, phase, results), self._dirty)
        self._phases.set_rows(text.phase_rows(image))
        self._phases.set_selected(f"phase_{phase}")
        self._phases_title.setVisible(len(image.phases) > 1)
        notes = [Note(*text.split_sentences(finding.text)) for finding in image.findings]
        if not label:
            notes.append(Note("The heart phase is not known", "In diastole the annulus reads about 24 mm² smaller."))
        self._say(SCAN, notes)

    def _show_root(self) -> None:
        placed = sum(key in self._points for key in HINGES)
        self._heroes[ROOT].set_text(
            "Hinge points placed", f"{placed} of 3", "hinges", origin="edited" if placed == 3 else "", stale=placed < 3
        )
        placing = self.session.view.state.placing if self.session.view.state.tool == "place" else ""
        words = text.POINT_HELP.get(placing, "")
        if placing in HINGES and not placed:
            words = f"Place the hinges by hand. {words}"
        elif not placing:
            words = "Drag a point to move it, or select it and use the arrow keys."
        self._help.setText(words)
        self._tables[ROOT].set_rows(text.point_rows(self._points, self.results, self._colors(), placing))
        self._tables[ROOT].set_selected(placing or self.session.view.state.selected_point)
        self._say(ROOT, self._root_notes())

    def _root_notes(self) -> list[Note]:
        if self._problem is not None:
            link = "Undo move" if self.plan is not None else ""
            return [Note(self._problem.title, self._problem.text, self._problem.state, link)]
        return text.step_notes(self.results, ROOT) if self.results is not None and not self._dirty else []

    def _show_annulus(self) -> None:
        results = self.results
        if results is None:
            return
        hero, origin = self._heroes[ANNULUS], self._origin(ANNULUS)
        if self._preview is not None:
            shown = text.annulus_of(self._preview.contour.measures())
            normal = self._preview.frame.normal
            angle = float(np.degrees(np.arctan2(abs(normal[0]), abs(normal[2]))))
            hero.set_number("Annulus area", shown["area_mm2"], "mm²", origin="edited")
            self._tables[ANNULUS].set_rows(text.annulus_rows(shown, angle))
        else:
            annulus = results["annulus"]
            spread = None if self._dirty else annulus["uncertainty"]["area_mm2"]
            hero.set_number("Annulus area", annulus["area_mm2"], "mm²", spread, origin=origin, stale=self._dirty)
            self._tables[ANNULUS].set_rows(text.annulus_rows(annulus, results["angulation_deg"]), self._dirty)
        notes = [self._problem] if self._problem is not None else []
        self._say(ANNULUS, notes + ([] if self._dirty else text.step_notes(results, ANNULUS)))

    def _origin(self, step: int) -> str:
        # the hinges were set by hand, so nothing that follows from them is wholly automatic
        return "accepted" if step in self._accepted else "edited"

    def _show_dimensions(self) -> None:
        results = self.results
        if results is None:
            return
        height = results["coronaries"]["left_height_mm"]
        low = height is not None and height < text.LOW_CORONARY_MM
        found = results["landmarks"].get("ostium_left", {}).get("source", "")
        self._heroes[DIMENSIONS].set_number(
            "LCA height",
            height,
            "mm",
            origin="automatic" if found == "automatic" else "edited" if found else "",
            state="warn" if low else "",
            stale=self._dirty,
        )
        rows = [row for row in text.root_rows(results) if row.key != "ostium_left"]
        self._tables[DIMENSIONS].set_rows(rows, self._dirty)
        self._say(DIMENSIONS, text.step_notes(results, DIMENSIONS))

    def _show_calcium(self) -> None:
        results = self.results
        if results is None:
            return
        calcium = results["calcium"]
        self._heroes[CALCIUM].set_number(
            "Calcium of root and LVOT", calcium["total_mm3"], "mm³", origin="automatic", stale=self._dirty
        )
        self._tables[CALCIUM].set_rows(text.calcium_rows(calcium), self._dirty)
        self._threshold.set_value(calcium["threshold_hu"])
        self._threshold.setEnabled(not self._read_only)
        self._say(CALCIUM, text.calcium_notes(calcium))

    def _show_views(self) -> None:
        results = self.results
        if results is None:
            return
        limits = self._limits
        projections = results["projections"]
        plans = LIGHT_PLANS if current_look().theme == "light" else PLANS
        named = [
            NamedView(key, name, projections[key]["lao_deg"], projections[key]["cra_deg"], plans[plan])
            for key, name, plan in (("three_cusp", "Three-cusp", "a"), ("cusp_overlap", "Cusp overlap", "b"))
        ]
        chosen = next(view for view in named if view.key == self._chosen_view)
        self._heroes[VIEWS].set_text(f"{chosen.name} view", text.carm_words(projections[chosen.key]), stale=self._dirty)
        curve = np.array([(point["lao_deg"], point["cra_deg"]) for point in projections["s_curve"]])
        self._curve.set_curve(curve, named, limits)
        self._curve.set_angle(self._angle)
        beyond = {view.key: text.reach_of(projections[view.key], limits) for view in named}
        self._tables[VIEWS].set_rows(text.view_rows(named, beyond), self._dirty)
        self._tables[VIEWS].set_selected(chosen.key)
        normal = np.asarray(results["annulus"]["normal"])
        now = None if self._angle is None else 100.0 * foreshortening(normal, *self._angle)
        self._carm.set_rows(text.carm_rows(self._angle, now, limits))
        notes = [Note(*text.split_sentences(words)) for words in beyond.values() if words]
        self._say(VIEWS, notes or [Note("Both views are in reach", state="ok")])

    def _show_valve(self) -> None:
        results = self.results
        if results is None:
            return
        fitting = text.fitting_devices(results)
        hero = self._heroes[VALVE]
        if not fitting:
            caption = "Oversizing" if results["quality"]["ok"] else "The scan is not good enough to choose a size"
            hero.set_text(caption, "–", note="no size fits" if results["quality"]["ok"] else "")
        elif len(fitting) > 1:
            hero.set_text("Sizes that fit", str(len(fitting)), note="none is preferred", stale=self._dirty)
        else:
            value, basis = text.oversizing(fitting[0])
            figures = "–" if value is None else f"{'+' if value >= 0 else ''}{plain(value, '%')}"
            hero.set_text(f"Oversizing by {basis}", figures, "%", note=text.device_name(fitting[0]), stale=self._dirty)
        self._tables[VALVE].set_rows(text.device_rows(results, SIZES_SHOWN), self._dirty)
        self._sizes_note.setText(
            f"The {SIZES_SHOWN} nearest of {len(results['devices'])} sizes. "
            "Verify sizes against the maker’s instructions."
        )
        self._say(VALVE, text.step_notes(results, VALVE))

    def _show_report(self) -> None:
        results = self.results
        if results is None:
            return
        vessels = [plan for plan in self.session.case.plans.values() if plan.kind == "vessel"]
        hero = self._heroes[REPORT]
        if vessels:
            least = min(plan.results["minimum"]["min_diameter_mm"] for plan in vessels)
            hero.set_number("Smallest diameter of the access", least, "mm", origin="automatic")
        else:
            hero.set_text("Smallest diameter of the access", "–", note="no vessel measured")
        self._tables[REPORT].set_rows(text.summary_rows(results), self._dirty)
        notes = text.step_notes(results, REPORT) if not vessels else []
        self._say(REPORT, notes)

    # --- what is drawn --------------------------------------------------------------------------------------------

    def _colors(self) -> dict[str, str]:
        coronary = structure_style("coronaries").color
        return {
            **{key: HINGE_COLORS[key.removeprefix("hinge_")] for key in HINGES},
            **dict.fromkeys(OSTIA, coronary),
        }

    def items(self) -> tuple[PlanItem, ...]:
        """Contour with its diameters, hinges, ostia; coronary heights in their step."""
        hidden = self.session.view.state.hidden
        drawn: list[PlanItem] = []
        contour = self._contour_item()
        if contour is not None:
            drawn.append(contour)
        if self._step == DIMENSIONS and self.results is not None and not self._dirty:
            drawn += self._height_items(self.results)
        colors = self._colors()
        if "ostia" not in hidden:
            drawn += self._ostium_items(colors)
        if "hinges" not in hidden:
            drawn += [
                PointItem(
                    key=key,
                    position_mm=self._points[key],
                    color=colors[key],
                    label=POINT_LABELS[key],
                    movable=not self._read_only,
                )
                for key in HINGES
                if key in self._points
            ]
        return tuple(drawn)

    def _contour_item(self) -> ContourItem | None:
        if self._preview is not None:
            points, normal = self._preview.contour.points_mm, self._preview.frame.normal
        elif self.results is not None and not self._dirty:
            annulus = self.results["annulus"]
            points, normal = np.asarray(annulus["contour_mm"]), np.asarray(annulus["normal"])
        else:
            return None
        wanted = [longest for key, longest in (("longest", True), ("shortest", False)) if self._hovered in (key, "")]
        if self._hovered not in ("longest", "shortest"):
            wanted = [True, False]
        diameters = []
        for longest in wanted:
            ends = text.caliper_ends(points, normal, longest=longest)
            diameters.append((ends, plain(float(np.linalg.norm(ends[1] - ends[0])), "mm")))
        return ContourItem(key="annulus", points_mm=points, color=PLANS["a"], diameters=tuple(diameters))

    def _ostium_items(self, colors: Mapping[str, str]) -> list[PlanItem]:
        found = self.results["landmarks"] if self.results is not None else {}
        drawn: list[PlanItem] = []
        for key in OSTIA:
            by_hand = key in self._points
            if not by_hand and (key not in found or self._placing_round == OSTIA):
                continue
            place = self._points[key] if by_hand else np.asarray(found[key]["position_mm"])
            # automatic ostia are not dragged: both would have to be called given by hand
            drawn.append(
                PointItem(
                    key=key,
                    position_mm=place,
                    color=colors[key],
                    label=POINT_LABELS[key],
                    movable=by_hand and not self._read_only,
                )
            )
        return drawn

    def _height_items(self, results: Mapping[str, Any]) -> list[PlanItem]:
        origin, normal = (np.asarray(results["annulus"][key]) for key in ("origin_mm", "normal"))
        drawn: list[PlanItem] = []
        for side in ("left", "right"):
            place, height = results["landmarks"].get(f"ostium_{side}"), results["coronaries"][f"{side}_height_mm"]
            if place is None or height is None:
                continue
            top = np.asarray(place["position_mm"])
            ends = np.stack([top, top - float((top - origin) @ normal) * normal])
            drawn.append(
                DistanceItem(key=f"height_{side}", ends_mm=ends, color=PLANS["a"], text=text_quantity(height, "mm"))
            )
        return drawn

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """Annulus, hinges and ostia for the structures panel."""
        listed = []
        if self.results is not None or self._preview is not None:
            listed.append(PlanRow("annulus", "Annulus plane", PLANS["a"]))
        hinges = sum(key in self._points for key in HINGES)
        if hinges:
            listed.append(PlanRow("hinges", "Hinge points", HINGE_COLORS["rcc"], str(hinges)))
        ostia = len(self._ostium_items(self._colors()))
        if ostia:
            listed.append(PlanRow("ostia", "Coronary ostia", self._colors()[OSTIA[0]], str(ostia)))
        return "Plan", tuple(listed)

    def opacities(self) -> Mapping[str, float]:
        """The root is seen through, so that hinges and annulus show."""
        faint = {name: 0.45 for name in self.session.case.structures if structure_style(name).group == "Heart"}
        return {name: 1.0 if "calcium" in name.lower() else value for name, value in faint.items()}


def _room_limits() -> tuple[float, float]:
    settings = load_settings()
    return settings.room_limit_lao_deg, settings.room_limit_cra_deg


def _note_of(error: TheatrumError) -> Note:
    if isinstance(error, InputError):
        return Note(error.what, f"{error.hint}." if error.hint else "")
    return Note(str(error))


def _root_camera(annulus: Mapping[str, Any]) -> Camera:
    """The root from the right front, as heart teams look at it: RAO 35, CAU 2."""
    return Camera(
        vec(annulus["centroid_mm"]), vec(detector_direction(-35.0, -2.0)), (0.0, 0.0, 1.0), ROOT_HALF_HEIGHT_MM
    )
