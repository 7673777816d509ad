"""Step 6: C-arm views that see the annulus edge on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable
from app.panels.s_curve import NamedView, SCurveChart
from app.panels.tavr import views
from app.panels.tavr.names import VIEWS
from app.panels.tavr.step import TavrStep
from app.settings import load_settings
from app.theme.style import current_look
from app.theme.tokens import LIGHT_PLANS, PLANS
from planning.tavr.projections import foreshortening

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class ViewsStep(TavrStep):
    """The S-curve, its named views and where the C-arm stands."""

    number = VIEWS

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.angle: tuple[float, float] | None = None
        self.chosen = "three_cusp"
        self.limits = room_limits()
        self.curve = SCurveChart()
        self.carm = NumberTable()
        self.set_body(self.curve, below=(self.carm,))
        self.curve.view_chosen.connect(self.choose)
        self.curve.angle_asked.connect(self.turn)

    def words(self) -> str:
        """The three-cusp view."""
        results = self.work.results
        return "" if results is None else views.carm_words(results["projections"]["three_cusp"])

    def entered(self) -> None:
        """Turn to the chosen view."""
        self.limits = room_limits()
        self.choose(self.chosen)

    def choose(self, key: str) -> None:
        """Turn to a named view."""
        if self.numbers is None or key not in ("three_cusp", "cusp_overlap"):
            return
        self.chosen = key
        view = self.numbers["projections"][key]
        self.turn(view["lao_deg"], view["cra_deg"])

    row_chosen = choose

    def turn(self, lao_deg: float, cra_deg: float) -> None:
        """The C-arm and the 3D view there."""
        self.angle = (lao_deg, cra_deg)
        self.panel.carm_asked.emit(lao_deg, cra_deg)
        self.refresh()

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Curve, named views, room."""
        projections, is_old = numbers["projections"], self.work.is_old("projections")
        plans = LIGHT_PLANS if current_look().theme == "light" else PLANS
        named = [
            NamedView(key, name, projections[key]["lao_deg"], projections[key]["cra_deg"], plans[plan])
            for key, name, plan in (("three_cusp", "Three-cusp", "a"), ("cusp_overlap", "Cusp overlap", "b"))
        ]
        chosen = next(view for view in named if view.key == self.chosen)
        self.great.set_text(f"{chosen.name} view", views.carm_words(projections[chosen.key]), stale=is_old)
        curve = np.array([(point["lao_deg"], point["cra_deg"]) for point in projections["s_curve"]])
        self.curve.set_curve(curve, named, self.limits)
        self.curve.set_angle(self.angle)
        beyond = {view.key: views.reach_of(projections[view.key], self.limits) for view in named}
        self.table.set_rows(views.view_rows(named, beyond), is_old)
        self.table.set_selected(chosen.key)
        normal = np.asarray(numbers["annulus"]["normal"])
        now = None if self.angle is None else 100.0 * foreshortening(normal, *self.angle)
        self.carm.set_rows(views.carm_rows(self.angle, now, self.limits))
        notes = [Note(*split_sentences(words)) for words in beyond.values() if words]
        self.say(notes or [Note("Both views are in reach", state="ok")])

    def actions(self) -> StepActions:
        """Keep these views."""
        return self.done("Keep these views", hint="Drag along the curve · Shift 5°")


def room_limits() -> tuple[float, float]:
    """What the room reaches in LAO/RAO and CRA/CAU, degrees."""
    settings = load_settings()
    return settings.room_limit_lao_deg, settings.room_limit_cra_deg
