"""Step 6: C-arm views that see the annulus edge on, in a chart, in the room and as fluoroscopy would show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import mark, text_value, tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.parts import NumberTable, PanelAction
from app.panels.s_curve import NamedView
from app.panels.tavr import views
from app.panels.tavr.angle_field import AngleField, NamedField
from app.panels.tavr.fluoroscope import Fluoroscope
from app.panels.tavr.names import HINGES, VIEWS
from app.panels.tavr.step import TavrStep
from app.panes.carm_pane import CArmPane
from app.panes.look import pane_look, panel_look
from app.panes.s_curve_pane import SCurvePane
from app.room import room_limits
from app.theme.style import current_look, set_kind
from app.theme.tokens import DARK, LIGHT_PLANS, PLANS
from app.theme.tokens import HINGES as HINGE_COLORS
from planning.tavr.fluoroscopy import plan_lines_mm
from planning.tavr.projections import RoomLimits, foreshortening, nearest_reachable
from viewers.fluoroscopy_pane import DrawnLine, FluoroscopyPane, Tag
from viewers.plan_pane import PlanPane

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

# the chart of views ends here
FARTHEST_LAO_DEG, FARTHEST_CRA_DEG = 90.0, 60.0
EDGE_ON = 0.01
NAMES = {"three_cusp": mark("Three-cusp"), "cusp_overlap": mark("Cusp overlap"), "ncc_over_rcc": mark("NCC over RCC")}
PANES = ("s_curve", "fluoroscopy_1", "carm", "fluoroscopy_2")


class ViewsStep(TavrStep):
    """Named views, views of one's own, and where the C-arm stands."""

    number = VIEWS

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.angle: tuple[float, float] | None = None
        # the view that is looked at, and the one beside it
        self.chosen, self.beside = "three_cusp", "cusp_overlap"
        self.limits = _limits_deg()
        self.carm_table = NumberTable(definitions.TAVR_CARM)
        self.lao = AngleField("carm_lao", "LAO", "RAO", FARTHEST_LAO_DEG)
        self.cra = AngleField("carm_cra", "CRA", "CAU", FARTHEST_CRA_DEG)
        self.lao.entered.connect(lambda value: self.turn(value, self.angle[1] if self.angle else 0.0))
        self.cra.entered.connect(lambda value: self.turn(self.angle[0] if self.angle else 0.0, value))
        self.set_body(below=(self._fields(), self.carm_table))
        for callout in self.callouts:
            callout.followed.connect(self._use_reachable)
        self._panes: dict[str, PlanPane] = {}

    def _fields(self) -> QWidget:
        made = QWidget()
        set_kind(made, "clear")
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(NamedField(tr("LAO / RAO"), self.lao))
        line.addWidget(NamedField(tr("CRA / CAU"), self.cra))
        return made

    # panes

    def panes(self) -> Mapping[str, PlanPane]:
        """Made at the first visit."""
        if not self._panes and self.panel.open_step is self:
            view, jobs = self.session.view, self.session.jobs
            self.chart = SCurvePane(view, panel_look())
            self.carm = CArmPane(view, pane_look(), jobs)
            self.first, self.second = (FluoroscopyPane(f"fluoroscopy_{n}", view, pane_look()) for n in (1, 2))
            self.scope = Fluoroscope(self.session, (self.first, self.second), self)
            self.chart.chart.view_chosen.connect(self.choose)
            self.chart.chart.angle_asked.connect(self.turn)
            self.first.angle_asked.connect(self.turn)
            self.second.angle_asked.connect(self.turn)
            self._panes = dict(zip(PANES, (self.chart, self.first, self.carm, self.second), strict=True))
            self.panel.refresh()
        return self._panes

    def arrangement(self) -> Arrangement | None:
        """Chart, room and two pictures."""
        return Arrangement(PANES)

    def used_structures(self) -> tuple[str, ...]:
        """What simulated pictures are made of beside the scan."""
        return self.scope.used_structures() if self._panes else ()

    # what is chosen

    def words(self) -> str:
        """The three-cusp view."""
        results = self.work.results
        return "" if results is None else views.carm_words(results["projections"]["three_cusp"])

    def entered(self) -> None:
        """Turn to the chosen view."""
        self.choose(self.chosen)

    def _views(self) -> list[dict[str, Any]]:
        """Named views of the numbers of now, then those that the person added."""
        if self.numbers is None:
            return []
        projections, normal = self.numbers["projections"], np.asarray(self.numbers["annulus"]["normal"])
        room = RoomLimits(*self.limits)
        named = projections.get("named") or [
            {"key": key, "name": NAMES[key], **projections[key]} for key in ("three_cusp", "cusp_overlap")
        ]
        own = [{**view, "key": f"view_{n}"} for n, view in enumerate(self.work.views)]
        listed = []
        for view in (*named, *own):
            lao, cra = view["lao_deg"], view["cra_deg"]
            is_near = room.reaches(lao, cra)
            instead = None if is_near else nearest_reachable(normal, lao, cra, room)
            listed.append({**view, "instead": None if instead is None else (instead.lao_deg, instead.cra_deg)})
        return listed

    def choose(self, key: str) -> None:
        """Turn to a view of the list."""
        view = next((view for view in self._views() if view["key"] == key), None)
        if view is None:
            return
        if key == self.beside:
            self.beside = self.chosen
        self.chosen = key
        self.turn(view["lao_deg"], view["cra_deg"])

    row_chosen = choose

    def turn(self, lao_deg: float, cra_deg: float) -> None:
        """The C-arm there; the 3D view stays where the hand left it."""
        self.angle = (lao_deg, cra_deg)
        self.refresh()

    def _use_reachable(self) -> None:
        for view in self._views():
            if view["instead"] is not None:
                self.turn(*view["instead"])
                return

    def _add(self) -> None:
        if self.angle is not None:
            self.work.keep_views([*self.work.views, _own_view(self.angle, len(self.work.views))])

    def _forget(self) -> None:
        number = int(self.chosen.removeprefix("view_"))
        kept = [view for n, view in enumerate(self.work.views) if n != number]
        self.chosen = "three_cusp"
        self.work.keep_views(kept)

    # showing

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Curve, named views, room."""
        # the settings may have been changed while the step is open
        self.limits = _limits_deg()
        listed, is_old = self._views(), self.work.is_old("projections")
        if self.chosen not in [view["key"] for view in listed]:
            self.chosen = listed[0]["key"]
        palette = list((LIGHT_PLANS if current_look().theme == "light" else PLANS).values())
        named = [
            NamedView(
                view["key"],
                view["name"],
                view["lao_deg"],
                view["cra_deg"],
                palette[n % len(palette)],
                view.get("spread_deg"),
                view["instead"],
            )
            for n, view in enumerate(listed)
        ]
        chosen = next(view for view in named if view.key == self.chosen)
        at = self.angle or (chosen.lao_deg, chosen.cra_deg)
        is_there = np.allclose(at, (chosen.lao_deg, chosen.cra_deg), atol=0.5)
        caption = (
            tr("{name} view", name=tr(chosen.name))
            if is_there and not chosen.key.startswith("view_")
            else tr("C-arm now")
        )
        self.great.set_text(caption, views.carm_words({"lao_deg": at[0], "cra_deg": at[1]}), stale=is_old)
        self.table.set_rows(views.view_rows(named), is_old)
        self.table.set_selected(chosen.key if is_there else "")
        self.lao.set_value(at[0])
        self.cra.set_value(at[1])
        missed = foreshortening(np.asarray(numbers["annulus"]["normal"]), *at)
        self.carm_table.set_rows(views.carm_rows(100.0 * missed, self.limits))
        self.say(views.room_notes(named, self.limits))
        if self._panes:
            self._show_panes(numbers, named, at, missed)

    def _show_panes(
        self, numbers: Mapping[str, Any], named: list[NamedView], at: tuple[float, float], missed: float
    ) -> None:
        projections, annulus = numbers["projections"], numbers["annulus"]
        chart = self.chart.chart
        curve = np.array([(point["lao_deg"], point["cra_deg"]) for point in projections["s_curve"]])
        chart.set_curve(curve, named, self.limits, projections.get("band_deg"))
        off = tr("annulus open by {value} %", value=text_value(100.0 * missed, 0)) if missed > EDGE_ON else ""
        chart.set_angle(at, off)
        self.carm.look_from(*at)
        lines, tags = _drawn(numbers)
        for pane in (self.first, self.second):
            pane.show_plan(lines, tags)
        middle = annulus["centroid_mm"]
        here = next(
            (tr(view.name) for view in named if np.allclose(at, (view.lao_deg, view.cra_deg), atol=0.5)), tr("C-arm")
        )
        self.scope.look(self.first, *at, middle, here)
        other = next((view for view in named if view.key == self.beside), named[-1])
        self.scope.look(self.second, other.lao_deg, other.cra_deg, middle, tr(other.name))

    def actions(self) -> StepActions:
        """Keep these views."""
        others = []
        if not self.work.is_read_only and self.work.plan is not None and not self.work.is_stale:
            if self.chosen.startswith("view_"):
                others.append(PanelAction("heart_forget_view", tr("Forget view"), self._forget, "trash-2"))
            else:
                others.append(PanelAction("heart_add_view", tr("Add this view"), self._add, "plus", key="E"))
        if self._panes and self.scope.lumen is not None:
            words = tr("As scanned") if self.scope.has_contrast else tr("Contrast")
            others.append(PanelAction("heart_contrast", words, self._toggle_contrast, "contrast"))
        return self.done(tr("Keep these views"), *others, hint=tr("Drag along the curve · Shift 5°"))

    def _toggle_contrast(self) -> None:
        self.scope.set_contrast(not self.scope.has_contrast)
        self.panel.refresh()


def _own_view(angle: tuple[float, float], number: int) -> dict[str, Any]:
    return {
        "name": tr("View {number}", number=number + 1),
        "lao_deg": round(angle[0], 1),
        "cra_deg": round(angle[1], 1),
    }


def _drawn(numbers: Mapping[str, Any]) -> tuple[dict[str, DrawnLine], tuple[Tag, ...]]:
    """Cusp arcs, annulus and a chosen valve, and the letters of the hinges."""
    colors = {f"cusp_{key}": color for key, color in HINGE_COLORS.items()}
    lines = {}
    valve = numbers.get("valve")
    shown = numbers if valve is not None and valve["chosen"] else {**numbers, "valve": None}
    for key, points in plan_lines_mm(shown).items():
        is_valve = key.startswith(("valve", "post"))
        color = PLANS["a"] if key == "annulus" else DARK["t1"] if is_valve else colors[key]
        lines[key] = DrawnLine(points, color, 1.0 if is_valve else 1.8)
    landmarks = numbers["landmarks"]
    tags = tuple(
        Tag(key[-3].upper(), np.asarray(landmarks[key]["position_mm"]), HINGE_COLORS[key.removeprefix("hinge_")])
        for key in HINGES
        if key in landmarks
    )
    return lines, tags


def _limits_deg() -> tuple[float, float]:
    room = room_limits()
    return room.lao_deg, room.cra_deg
