"""Step 6 of the liver panel: two to four plans beside each other, ranked with a reason each, and one chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import inside, mark, said, text_quantity, tr
from app.pane_grid import Arrangement
from app.panels.guide import StepActions
from app.panels.liver.compare_rows import column_of, dots_of, row_names
from app.panels.liver.comparing import Comparing, is_on
from app.panels.liver.cuts import branch_label
from app.panels.liver.draft import liver_plans
from app.panels.liver.plan_card import BandLegend, PlanCard
from app.panels.liver.step_parts import LiverStep
from app.panels.parts import Callout, PanelAction, page, paragraph
from app.panels.standing import stored_earlier
from app.panes.compare_pane import ComparePane
from app.panes.flat_map_pane import FlatMap, FlatMapPane
from app.panes.look import pane_look, panel_look
from app.panes.pareto_pane import ParetoPane
from app.panes.plan_colors import plan_color
from planning.case.liver_asides import is_chosen
from planning.case.model import PlanRecord
from planning.case.standing import standing_of
from planning.liver.compare import Limits, PlanRow, compare_plans, rank_plans, say_place
from planning.liver.describe import branch_words, say_resections
from viewers.keys import key_hint
from viewers.overlay import SceneContent
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane
from viewers.view_state import Camera

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

MOST_PLANS = 4
LEAST_WIDE_MM = 3.0


class CompareStep(LiverStep):
    """6: the plans of the case beside each other."""

    name = mark("Compare plans")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.comparing = Comparing(panel.session, self)
        self.comparing.changed.connect(panel.scene_changed)
        self.comparing.changed.connect(self._show_panes)
        panel.session.surfaces_changed.connect(self._show_panes)
        panel.work.changed.connect(self._forget_former)
        self.at = ""
        # a person wants to see slices and 3D in this step
        self.is_aside = False
        self._is_settling = False
        self._asked = paragraph("", "label")
        self._cards: dict[str, PlanCard] = {}
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._note = Callout("compare")
        self._note.followed.connect(self._follow_note)
        self._note_at: Sequence[float] | None = None
        self._legend = BandLegend()
        self.body = page(self._asked, self._list, self._note, self._legend)
        self._scenes: list[ScenePane] = []
        self._maps: list[FlatMapPane] = []
        self._table: ComparePane | None = None
        self._pareto: ParetoPane | None = None

    # what is compared

    @property
    def plans(self) -> dict[str, PlanRecord]:
        """The case's liver plans."""
        return liver_plans(self.panel.session.case)

    @property
    def limits(self) -> Limits:
        """What the panel's plan is held against holds for all of them."""
        return Limits(self.work.draft.asked_mm, self.work.draft.remnant_percent)

    def ranked(self) -> tuple[PlanRow, ...]:
        """Best first."""
        return rank_plans(compare_plans([(name, plan.results) for name, plan in self.plans.items()]), self.limits)

    def shown(self) -> list[PlanRecord]:
        """At most four plans in the case's order: the best ones, and the one that is looked at."""
        plans = self.plans
        best = [row.name for row in self.ranked()]
        best = [*[name for name in best if name == self.at], *[name for name in best if name != self.at]][:MOST_PLANS]
        return [plan for name, plan in plans.items() if name in best]

    def is_reachable(self) -> bool:
        """There must be a plan."""
        return self.work.saved is not None

    def result(self) -> str:
        """The chosen plan."""
        chosen = [name for name, plan in self.plans.items() if is_chosen(plan)]
        return tr("plan {chosen}", chosen=chosen[0]) if chosen else ""

    # the panel

    def entered(self) -> None:
        """The plan that was worked on is looked at."""
        self.at, self.is_aside = self.work.draft.name, False
        # while panes take their places the keyboard wanders through them
        self._is_settling = True
        QTimer.singleShot(0, self, self._settled)
        for pane in self._scenes:
            pane.start()

    def _settled(self) -> None:
        self._is_settling = False
        self._mark_column()

    def left(self) -> None:
        """The panel is a plan's again."""
        self.panel.show_title()

    def _forget_former(self) -> None:
        if self.comparing.keep_only(self.work.model) and self.panel.step is not self:
            # the panes show it still, unseen
            for scene in self._scenes:
                scene.set_content(SceneContent())
            for flat in self._maps:
                flat.show_map(None, "")

    def refresh(self) -> None:
        """Cards in their order, and what the panes show."""
        self.panel.frame.set_title(self.name)
        plans, ranked, limits = self.plans, self.ranked(), self.limits
        if self.at not in plans and ranked:
            self.at = ranked[0].name
        what = tr("viable") if any(row.is_viable for row in ranked) else tr("remnant")
        self._asked.setText(
            tr(
                "Asked: margin {margin_mm:g} mm · {what} {remnant_percent:g} %",
                margin_mm=limits.margin_mm,
                what=what,
                remnant_percent=limits.remnant_percent,
            )
        )
        self._show_cards(plans, ranked, limits)
        self._show_note(plans)
        self._legend.show_limit(limits.margin_mm)
        self._legend.setVisible(any(plan.results["tumors"] for plan in plans.values()))
        if self.panel.step is self:
            self.comparing.ask(self.shown(), self.work.model, self.work.draft.roles)
            self._show_panes()

    def _show_cards(self, plans: Mapping[str, PlanRecord], ranked: Sequence[PlanRow], limits: Limits) -> None:
        for name in [name for name in self._cards if name not in plans]:
            card = self._cards.pop(name)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        rows = [_in_words(row) for row in ranked]
        for number, row in enumerate(ranked):
            card = self._cards.get(row.name)
            if card is None:
                card = self._cards[row.name] = PlanCard(row.name)
                card.clicked.connect(partial(self.look_at, row.name))
            if self._column.indexOf(card) != number:
                self._column.insertWidget(number, card)
            ink = plan_color(row.name, tuple(plans), on_panel=True)
            stored = stored_earlier(standing_of(self.panel.session.case, plans[row.name]))
            words = " ".join(part for part in (said(say_place(rows[number], rows, limits)), stored) if part)
            card.show_plan(
                number + 1,
                ink,
                words,
                is_at=row.name == self.at,
                is_chosen=is_chosen(plans[row.name]),
                is_beaten=bool(row.beaten_by),
            )

    def _show_note(self, plans: Mapping[str, PlanRecord]) -> None:
        """What the plan that is looked at costs in vessels; or that there is nothing to compare it with."""
        self._note_at = None
        if len(plans) < 2:
            self._note.show_note(
                tr("Make a second plan to compare"), tr("Copy this one and change its cut."), "", tr("Copy")
            )
            return
        plan = plans.get(self.at)
        cut = [] if plan is None else [one for one in plan.results["vessels_cut"] if one["diameter_mm"] > LEAST_WIDE_MM]
        if plan is None or not cut:
            self._note.clear()
            return
        widest = max(cut, key=lambda one: one["diameter_mm"])
        words = tr("{diameter_mm} wide.", diameter_mm=text_quantity(widest["diameter_mm"], "mm"))
        perfusion = plan.results.get("perfusion")
        if perfusion:
            # of all that the plan cuts, not of this one branch
            words += " " + tr(
                "In all {congested} would be congested, {dark} without inflow.",
                congested=text_quantity(perfusion["congested_ml"], "ml"),
                dark=text_quantity(perfusion["devascularised_ml"], "ml"),
            )
        name = inside(branch_label(widest["name"]))
        self._note_at = widest["at_mm"]
        self._note.show_note(
            tr("{plan} cuts {branch}", plan=self.at, branch=name),
            words,
            "warn",
            tr("Show"),
        )

    def _follow_note(self) -> None:
        if self._note_at is not None:
            self.panel.fly_asked.emit(np.array(self._note_at))
        else:
            self._copy()

    def look_at(self, name: str) -> None:
        """This plan is the one that the buttons mean."""
        if name in self.plans and name != self.at:
            self.at = name
            self._mark_column()
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _mark_column(self) -> None:
        """The ring is about the plan's 3D view."""
        names = [plan.name for plan in self.shown()]
        if self.panel.step is self and len(names) > 1 and self.at in names:
            self.panel.session.view.set(active=f"plan_{names.index(self.at)}")

    def actions(self) -> StepActions:
        """Choose the plan that is looked at."""
        return StepActions(
            PanelAction("choose_plan", tr("Choose plan {at}", at=self.at), self._choose, key="Enter"),
            (
                PanelAction("compare_new", tr("New plan"), self._new, "plus"),
                PanelAction("compare_copy", tr("Copy {at}", at=self.at), self._copy, "copy"),
            ),
            key_hint(tr("{key} unlinks the views"), "link_views"),
        )

    def _choose(self) -> None:
        if self.work.choose_for_good(self.at):
            self.work.choose(self.at)
            self.panel.accept_step()

    def _new(self) -> None:
        self.work.new_plan()
        self.panel.go_to_resection()

    def _copy(self) -> None:
        self.work.choose(self.at)
        self.work.copy_plan()
        self.panel.go_to_resection()

    # the panes

    def arrangement(self) -> Arrangement | None:
        """A column for each plan; slices and 3D while there is one plan only."""
        count = len(self.shown())
        if count < 2 or self.is_aside:
            return None
        scenes = [f"plan_{n}" for n in range(count)]
        maps = [f"flat_{n}" for n in range(count)]
        return Arrangement((*scenes, *maps, "compare_table", "pareto"), "compare")

    def panes(self) -> dict[str, PlanPane | ScenePane]:
        """Made when they are first wanted; a column more with each plan."""
        is_open = self.panel.step is self
        count = len(self.shown()) if is_open else 0
        view, look = self.panel.session.view, pane_look()
        made = False
        while count >= 2 and len(self._scenes) < count:
            number, made = len(self._scenes), True
            scene = ScenePane(view, look, name=f"plan_{number}")
            scene.measures = False
            scene.camera_moved.connect(partial(self._camera_moved, number))
            scene.activated.connect(lambda _, n=number: self._look_at_column(n))
            flat = FlatMapPane(view, look, f"flat_{number}")
            flat.place_asked.connect(lambda place: view.set(cross_mm=place))
            flat.activated.connect(lambda _, n=number: self._look_at_column(n))
            self._scenes.append(scene)
            self._maps.append(flat)
            scene.start()
        if made and self._table is None:
            self._table, self._pareto = ComparePane(view, panel_look()), ParetoPane(view, panel_look())
            self._table.chosen.connect(self.look_at)
            self._pareto.chosen.connect(self.look_at)
        if made:
            self._show_panes()
        found: dict[str, PlanPane | ScenePane] = {pane.pane_name: pane for pane in (*self._scenes, *self._maps)}
        if self._table is not None and self._pareto is not None:
            found |= {"compare_table": self._table, "pareto": self._pareto}
        return found

    def _look_at_column(self, number: int) -> None:
        shown = self.shown()
        is_meant = self.panel.step is self and not self._is_settling
        if is_meant and number < len(shown) and shown[number].name != self.at:
            self.look_at(shown[number].name)

    def _camera_moved(self, number: int, camera: Camera) -> None:
        """All plans are seen from one side."""
        for other, pane in enumerate(self._scenes):
            if other != number:
                pane.follow(camera)

    def _show_panes(self) -> None:
        if self._table is None or self._pareto is None or self.panel.step is not self:
            return
        plans, shown, limits = self.plans, self.shown(), self.limits
        names = tuple(plans)
        rows = {row.name: row for row in self.ranked()}
        for plan, scene, flat in zip(shown, self._scenes, self._maps):
            title = tr("Plan {name}", name=plan.name) if len(plan.name) == 1 else plan.name
            known = is_on(plan, self.work.draft.roles)
            words = said(say_resections(plan.inputs["resections"]))
            scene.set_plan(
                title, plan_color(plan.name, names), words if known else tr("On other structures: open it first")
            )
            scene.set_content(self.comparing.scene(plan, limits.margin_mm))
            self._show_flat(flat, plan, rows[plan.name])
        labels = row_names(shown)
        self._table.show_plans(
            tuple(tr(label) for label in labels),
            [column_of(plan, rows[plan.name], limits, names, labels) for plan in shown],
            self.at,
        )
        dots, left_out = dots_of([rows[plan.name] for plan in shown], names)
        viable = all(rows[plan.name].is_viable for plan in shown)
        self._pareto.show_plans(
            dots,
            self.at,
            asked=(limits.margin_mm, limits.remnant_percent),
            remnant=tr("viable remnant") if viable else tr("remnant"),
            left_out=left_out,
        )

    def _show_flat(self, pane: FlatMapPane, plan: PlanRecord, row: PlanRow) -> None:
        picture = self.comparing.picture(plan)
        if picture is None or not len(picture.flat.flat_mm):
            pane.show_map(None, tr("Drawing the map") if picture is None else tr("The cut does not meet the liver"))
            return
        least = _least_place(plan, row)
        words = "" if least is None else text_quantity(row.margin_mm, "mm")
        pane.show_map(FlatMap(picture.flat, self.limits.margin_mm, least_mm=least, least=words))


def _least_place(plan: PlanRecord, row: PlanRow) -> Any:
    """Where the cut comes nearest to a tumour that is removed or divided, None without one."""
    for one in plan.results["margin"]["by_tumor"]:
        if one.get("side") != "kept" and one["minimum_mm"] == row.margin_mm and one.get("at_mm") is not None:
            return np.array(one["at_mm"])
    return None


def _in_words(row: PlanRow) -> PlanRow:
    """The row with its branches' names as people say them."""
    words = [branch_words(name) for name in row.cut_names]
    return replace(row, cut_names=tuple(name[:1].lower() + name[1:] for name in words))
