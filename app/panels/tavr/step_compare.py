"""Two TAVR plans beside each other: both drawn in the same panes, their numbers and what lies between them below.

It is no step of the plan: the panel shows it in a step's place until a person goes on with one of the plans. The open plan
is always one of the two; the other is the one that was looked at last.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import mark, text_quantity, tr
from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.liver.plan_card import PlanCard
from app.panels.notes import Note
from app.panels.parts import PanelAction, page
from app.panels.tavr import rows
from app.panels.tavr.compare_rows import columns, compared, row_names, told, valve_words
from app.panels.tavr.names import ANNULUS, HINGES, OSTIA, POINT_LABELS
from app.panels.tavr.step import TavrStep
from app.panels.tavr.step_dimensions import level_plane
from app.panes.compare_pane import ComparePane
from app.panes.look import panel_look
from app.panes.plan_colors import plan_color
from planning.case.model import PlanRecord
from planning.tavr.beside import Difference
from viewers.overlay import ContourItem, DistanceItem, PlanItem, PointItem
from viewers.plan_pane import PlanPane
from viewers.view_state import PinnedPlane, aligned_frame, vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

REACH_MM = 60.0
TABLE = "tavr_table"
# what a plan's row in the list is known by
PLAN_KEY = "compared plan "
# rows whose place lies in the annulus's own plane
IN_ANNULUS = ("area", "perimeter", "longest", "shortest", "calcium", "oversizing", "depth")
# which level of the root a row is about
LEVELS = {"lvot": "lvot", "calcium_lvot": "lvot", "sinus": "sinuses", "stj": "stj", "ascending": "ascending"}


class CompareStep(TavrStep):
    """Shown in a step's place while two plans are compared."""

    number = ANNULUS
    name = mark("Compare plans")

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.name = CompareStep.name
        self._cards: dict[str, PlanCard] = {}
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.body = page(self._list, *self.callouts)
        # the plan whose planes are shown, the plan beside the open one, and the row that was clicked
        self.at, self._other, self._row = "", "", -1
        self._table: ComparePane | None = None

    # what is compared

    @property
    def plans(self) -> dict[str, PlanRecord]:
        """The case's TAVR plans."""
        return {name: self.session.case.plans[name] for name in self.work.plans()}

    def pair(self) -> tuple[PlanRecord, PlanRecord] | None:
        """The open plan and the one beside it, in the case's order; None while there are no two."""
        plans = self.plans
        base = self.work.name if self.work.name in plans else next(iter(plans), "")
        others = [name for name in plans if name != base]
        if not others:
            return None
        other = self._other if self._other in others else others[0]
        first, second = (plan for name, plan in plans.items() if name in (base, other))
        return first, second

    def _colors(self) -> dict[str, str]:
        names = tuple(self.plans)
        return {name: plan_color(name, names) for name in names}

    # the panel

    def entered(self) -> None:
        """Both annuli in the open plan's plane."""
        self.at, self._row = self.work.name, -1
        self.panel.align()
        self._look()

    def left(self) -> None:
        """Planes follow the crosshair again."""
        self.session.view.pin({})

    def refresh(self) -> None:
        """Cards, what is said of the two, and the table."""
        pair = self.pair()
        if pair is None:
            return
        if self.at not in (pair[0].name, pair[1].name):
            self.at = pair[0].name
        self._show_cards()
        found = compared(*pair)
        self.say(self._notes(pair, found))
        if self._table is not None:
            names = tuple(self.plans)
            inks = [plan_color(plan.name, names, on_panel=True) for plan in pair]
            self._table.show_plans(row_names(found), columns(pair, (inks[0], inks[1]), found), self.at)

    def _show_cards(self) -> None:
        plans, names = self.plans, tuple(self.plans)
        for name in [name for name in self._cards if name not in plans]:
            card = self._cards.pop(name)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for number, (name, plan) in enumerate(plans.items()):
            if name not in self._cards:
                self._cards[name] = PlanCard(name)
                self._cards[name].clicked.connect(partial(self.look_at, name))
                self._column.insertWidget(number, self._cards[name])
            card = self._cards[name]
            area = text_quantity(plan.results["annulus"]["area_mm2"], "mm²")
            words = tr("Annulus {area}, valve {valve}.", area=area, valve=valve_words(plan.results))
            ink = plan_color(name, names, on_panel=True)
            card.show_plan(number + 1, ink, words, is_at=name == self.at, is_chosen=False)

    def _notes(self, pair: tuple[PlanRecord, PlanRecord], found: tuple[Difference, ...]) -> list[Note]:
        notes = []
        first, second = (_taken_in(plan) for plan in pair)
        if first != second:
            words = tr("{first} is of {image}, {second} of {other}.", first=pair[0].name, image=first,
                       second=pair[1].name, other=second)  # fmt: skip
            notes.append(Note(tr("The plans are of different images"), words))
        more, known = told(found)
        title = tr("%n of {known} numbers (differs|differ) by more than their ±", "", more, known=known)
        words = tr("Of the others nobody can say, or both plans agree within what the measurement can tell.")
        notes.append(Note(title, words, state="warn" if more else "ok"))
        return notes

    def look_at(self, name: str) -> None:
        """The panes stand in this plan's planes."""
        if name != self.work.name:
            self._other = name
        self.at = name
        self._look()
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def actions(self) -> StepActions:
        """Go on with the plan that is looked at."""
        return StepActions(
            PanelAction("compare_go_on", tr("Go on with {name}", name=self.at), self._go_on, key="Enter"),
            (PanelAction("compare_end", tr("End comparing"), partial(self.panel.compare_plans, False), "x"),),
            tr("Rows fly to where they were taken"),
        )

    def _go_on(self) -> None:
        at = self.at
        self.panel.compare_plans(False)
        self.panel.choose_plan(at)

    # the planes

    def _row_chosen(self, number: int) -> None:
        self._row = number
        self._look()
        self.panel.scene_changed.emit()

    @property
    def key(self) -> str:
        """The row that was clicked, "" for none and for those that lie nowhere."""
        pair = self.pair()
        found = () if pair is None else compared(*pair)
        return found[self._row].key if 0 <= self._row < len(found) else ""

    def _look(self) -> None:
        """The axial pane into the plane in which the chosen row's number was taken, of the plan that is looked at."""
        plan = self.plans.get(self.at)
        if plan is None:
            return
        numbers, key = plan.results, self.key
        annulus = numbers["annulus"]
        plane = None if not key or key in IN_ANNULUS else level_plane(numbers, rows.plane_of(_level_key(key)))
        if plane is None:
            middle = vec(np.asarray(annulus["centroid_mm"]))
            plane = PinnedPlane(title=tr("Annulus"), origin_mm=middle, frame=aligned_frame(annulus["normal"]))
        view = self.session.view
        view.pin({"axial": plane}, REACH_MM if "axial" not in view.state.pinned else 0.0)
        place = rows.place_of(numbers, rows.plane_of(_level_key(key))) if key else None
        view.set(cross_mm=vec(place) if place is not None else plane.origin_mm)

    # the panes

    def arrangement(self) -> Arrangement | None:
        """Both plans in one slice and in 3D, the table below."""
        return Arrangement(("axial", "3d", TABLE), "pair") if self.pair() is not None else None

    def panes(self) -> Mapping[str, PlanPane]:
        """The table, made when it is first wanted."""
        if self._table is None and self.panel.step is self:
            self._table = ComparePane(self.session.view, panel_look(), name=TABLE, leads=True)
            self._table.chosen.connect(self.look_at)
            self._table.row_chosen.connect(self._row_chosen)
            self.refresh()
        return {} if self._table is None else {TABLE: self._table}

    @property
    def shows_root(self) -> bool:
        """Both roots are drawn here."""
        return False

    def items(self) -> list[PlanItem]:
        """Annulus, hinges and ostia of both plans in their colours, and the level that the chosen row is about."""
        pair = self.pair()
        colors, key = self._colors(), self.key
        drawn: list[PlanItem] = []
        hidden = self.session.view.state.hidden
        for plan in pair or ():
            if f"{PLAN_KEY}{plan.name}" in hidden:
                continue
            drawn += _drawn(plan, colors[plan.name], key, is_at=plan.name == self.at)
        return drawn

    def rows(self) -> list[PlanRow]:
        """Each plan, to be hidden."""
        colors = self._colors()
        return [PlanRow(f"{PLAN_KEY}{plan.name}", plan.name, colors[plan.name]) for plan in self.pair() or ()]


def _level_key(key: str) -> str:
    return "lvot" if key == "calcium_lvot" else key


def _taken_in(plan: PlanRecord) -> str:
    """Which image and phase a plan is of."""
    image, phase = plan.inputs.get("image") or "", plan.results.get("phase")
    label = phase.get("label", "") if isinstance(phase, Mapping) else str(phase or "")
    return "  ".join(part for part in (str(image), label) if part)


def _drawn(plan: PlanRecord, color: str, key: str, *, is_at: bool) -> list[PlanItem]:
    results = plan.results
    drawn: list[PlanItem] = [_ring(f"{plan.name} annulus", results["annulus"]["contour_mm"], color)]
    level = next((part for name, part in LEVELS.items() if key.startswith(name)), "")
    contour = _contour(results, level)
    if contour:
        drawn.append(_ring(f"{plan.name} {level}", contour, color))
    for point in (*HINGES, *OSTIA):
        found = results["landmarks"].get(point)
        if found is None:
            continue
        drawn.append(
            PointItem(
                key=f"{plan.name} {point}",
                position_mm=np.asarray(found["position_mm"]),
                color=color,
                # names stand once; the plan is told by its colour and its card
                label=POINT_LABELS[point] if is_at else "",
                movable=False,
                shape="small" if is_at else "ring",
            )
        )
    if key.startswith("ostium"):
        drawn += _height(plan, color, key.removeprefix("ostium_"))
    if key == "septum" and (results.get("septum") or {}).get("line_mm") is not None:
        ends = np.asarray(results["septum"]["line_mm"], dtype=np.float64)
        words = text_quantity(results["septum"]["membranous_mm"], "mm")
        drawn.append(DistanceItem(key=f"{plan.name} septum", ends_mm=ends, color=color, text=words, flat=True))
    return drawn


def _ring(key: str, contour_mm: Any, color: str) -> ContourItem:
    points = np.asarray(contour_mm, dtype=np.float64)
    return ContourItem(key=key, points_mm=points, color=color, fill_opacity=0.0, dots=False)


def _contour(results: Mapping[str, Any], level: str) -> Any:
    if level == "lvot":
        nearest = rows.nearest_lvot(results)
        return None if nearest is None else nearest.get("contour_mm")
    part = {"sinuses": "sinuses", "stj": "stj", "ascending": "ascending_aorta"}.get(level)
    return None if part is None else results[part].get("contour_mm")


def _height(plan: PlanRecord, color: str, side: str) -> list[PlanItem]:
    results = plan.results
    place, height = results["landmarks"].get(f"ostium_{side}"), results["coronaries"][f"{side}_height_mm"]
    if place is None or height is None:
        return []
    origin, normal = (np.asarray(results["annulus"][name]) for name in ("origin_mm", "normal"))
    top = np.asarray(place["position_mm"])
    ends = np.stack([top, top - float((top - origin) @ normal) * normal])
    words = text_quantity(height, "mm")
    return [DistanceItem(key=f"{plan.name} height", ends_mm=ends, color=color, text=words, across=normal)]
