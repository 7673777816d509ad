"""Step 8: the routes ranked for a sheath, one of them in section, strip and chart; then the report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.pane_grid import Arrangement
from app.panels.base import PlanRow, as_list
from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import PanelAction, TableRow, paragraph
from app.panels.rows import FieldRow, choice_box
from app.panels.tavr import rows
from app.panels.tavr.names import REPORT
from app.panels.tavr.route_card import RouteCard
from app.panels.tavr.step import TavrStep
from app.panels.vessel_views import MeasuredVessel, VesselViews
from app.theme.style import set_kind
from app.theme.tokens import DARK, PLANS
from planning.access.sheaths import catalogue
from planning.geometry import FloatArray
from planning.units import text_quantity
from viewers.overlay import PathItem, PlanItem, PointItem
from viewers.plan_pane import PlanPane
from viewers.view_state import Camera, vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

NO_SHEATH = "Choose a sheath"
ENDS = ("route_from", "route_to")
SIDES = {"right_femoral": "right", "left_femoral": "left"}
VIEW_MARGIN, SHORT_LETTERS = 1.15, 22


class AccessStep(TavrStep):
    """Which way in."""

    number = REPORT

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.hero = None
        self.chosen = ""
        self._is_seen = False
        self._help = paragraph("")
        self.box: QComboBox = choice_box("sheath_choice", "Sheath", [NO_SHEATH, *(s.name for s in catalogue())])
        self.box.activated.connect(self._sheath_chosen)
        self._sheath_row = FieldRow("Sheath", self.box, wide=True)
        self._cards_box = QWidget()
        set_kind(self._cards_box, "clear")
        self._column = QVBoxLayout(self._cards_box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._cards: dict[str, RouteCard] = {}
        self.set_body(self._help, self._sheath_row, self._cards_box, is_long=True)
        self._views: VesselViews | None = None

    # panes

    @property
    def routes(self) -> list[Mapping[str, Any]]:
        """The plan's routes by rank."""
        results = self.work.results
        return [] if results is None else list(results["access"].get("routes") or ())

    @property
    def route(self) -> Mapping[str, Any] | None:
        """The one that is shown."""
        return next((route for route in self.routes if route["key"] == self.chosen), None)

    @property
    def has_sections(self) -> bool:
        """True when the route has anything to show in section."""
        return self.route is not None and len(self.route["stations"]) > 1

    def panes(self) -> Mapping[str, PlanPane]:
        """Strip and chart, made with the first route."""
        if self._views is None:
            return {}
        return self._views.panes()

    def arrangement(self) -> Arrangement | None:
        """Section, 3D, strip, chart; slices while there is no route."""
        return self._views.arrangement() if self._views is not None and self.has_sections else None

    def entered(self) -> None:
        """Show the best route, or look for routes."""
        self._choose_best()
        if self.routes:
            self._show_route(look=True)
        elif self.work.routes.is_wanted:
            self.work.routes.find()

    def left(self) -> None:
        """Planes go straight again."""
        if self.session.view.state.frame_name == "vessel":
            self.session.view.straighten()

    def _choose_best(self) -> None:
        keys = [route["key"] for route in self.routes]
        if self.chosen not in keys:
            accepted = self.work.decided.route
            self.chosen = accepted if accepted in keys else keys[0] if keys else ""

    def _show_route(self, *, look: bool) -> None:
        route = self.route
        if route is None or not self.has_sections:
            return
        if self._views is None:
            self._views = VesselViews(self.session, "", self)
            self._views.moved.connect(self._station_moved)
            self._views.other_asked.connect(self._other_side)
        sheath = self.work.results["access"].get("sheath") if self.work.results is not None else None
        least = route["minimum"]
        self._views.show(
            MeasuredVessel(
                SIDES.get(route["key"], route["name"]),
                route["centerline_mm"],
                route["stations"],
                route["length_mm"],
                None if least is None else least["s_mm"],
                None if sheath is None else sheath["outer_mm"],
                None if sheath is None else sheath["least_vessel_mm"],
                "fork" if route["key"] in SIDES else "",
            )
        )
        if look and self.panel.open_step is self:
            self._views.look()
            self._look_in_3d()

    def _look_in_3d(self) -> None:
        """All routes from the front, once; afterwards the view belongs to the hand."""
        lines = [np.asarray(route["centerline_mm"]) for route in self.routes if len(route["centerline_mm"]) > 1]
        if self._is_seen or not lines:
            return
        self._is_seen = True
        points = np.concatenate(lines)
        low, high = points.min(axis=0), points.max(axis=0)
        half = VIEW_MARGIN * max(float(np.ptp(points[:, 2])), float(np.ptp(points[:, 0]))) / 2.0
        self.session.view.set(camera=Camera(vec((low + high) / 2.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0), half))

    def _station_moved(self) -> None:
        self.panel.scene_changed.emit()

    def choose(self, key: str) -> None:
        """Show another route."""
        self.chosen = key
        self._show_route(look=True)
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _other_side(self) -> None:
        keys = [route["key"] for route in self.routes]
        if len(keys) > 1:
            self.choose(keys[(keys.index(self.chosen) + 1) % len(keys)])

    def _sheath_chosen(self, number: int) -> None:
        self.work.routes.choose_sheath(None if number == 0 else self.box.itemText(number))

    # showing

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Cards by rank, what is missing, and what the report leads with."""
        self._choose_best()
        routes, access = self.routes, numbers["access"]
        sheath = access.get("sheath")
        self._help.setText(self._words())
        self._help.setVisible(bool(self._help.text()))
        self._sheath_row.setVisible(bool(routes))
        self.box.setEnabled(not self.work.is_read_only)
        self.box.setCurrentText(sheath["name"] if sheath else NO_SHEATH)
        for key in [key for key in self._cards if key not in [route["key"] for route in routes]]:
            self._cards.pop(key).deleteLater()
        for number, route in enumerate(routes):
            card = self._cards.get(route["key"]) or self._card(route["key"])
            card.show_route(route, route["key"] == self.chosen)
            self._column.insertWidget(number, card)
            card.setVisible(True)
        self._show_route(look=False)
        missing = [
            TableRow(f"missing_{one['key']}", _missing_name(one["key"]), "", share=_short(one["text"]), clickable=False)
            for one in access.get("missing") or ()
            if routes and one["key"] != "all"
        ]
        self.table.set_rows([*missing, *(rows.summary_rows(numbers) if not routes else [])], self.work.is_stale)
        self.table.setVisible(bool(missing) or not routes)
        self.say(self._notes(numbers))

    def _card(self, key: str) -> RouteCard:
        card = RouteCard(key)
        card.clicked.connect(lambda _=False, key=key: self.choose(key))
        self._cards[key] = card
        return card

    def _words(self) -> str:
        if self.work.routes.is_finding:
            return "Looking for the arteries from the aorta to both groins. It can be stopped below."
        return ""

    def _notes(self, numbers: Mapping[str, Any]) -> list[Note]:
        access, sheath = numbers["access"], numbers["access"].get("sheath")
        notes = []
        if self.work.routes.problem is not None:
            notes.append(self.work.routes.problem)
        if not self.routes and not self.work.routes.is_finding:
            told = [one["text"] for one in access.get("missing") or () if one["key"] in (*SIDES, "all")]
            if told:
                notes.append(Note(*split_sentences(told[0])))
        notes += [Note(*split_sentences(one["text"])) for one in access.get("warnings") or ()]
        if self.routes and sheath is not None and not sheath["checked"]:
            notes.append(Note("Sheath data are not checked", "Verify them against the IFU."))
        return notes

    def items(self) -> list[PlanItem]:
        """Routes in 3D, the section shown, the least places, and the ends that may be moved."""
        drawn: list[PlanItem] = []
        hidden = self.session.view.state.hidden
        for route in self.routes:
            line = np.asarray(route["centerline_mm"], dtype=np.float64).reshape(-1, 3)
            if len(line) < 2 or route["key"] in hidden:
                continue
            is_shown = route["key"] == self.chosen
            drawn.append(
                PathItem(key=route["key"], points_mm=line, color=PLANS["a"] if is_shown else DARK["t3"], deep=True)
            )
            drawn += _least_items(route, is_shown)
        if self._views is not None and self.has_sections:
            drawn += self._views.section_items()
        return [*drawn, *self._end_items()]

    def _end_items(self) -> list[PlanItem]:
        route = self.route
        if route is None or not self.has_sections:
            return []
        return [
            PointItem(
                key=key,
                position_mm=np.asarray(route[f"{name}_mm"], dtype=np.float64),
                color=PLANS["a"],
                label=label,
                movable=not self.work.is_read_only,
            )
            for key, name, label in zip(ENDS, ("from", "to"), ("A", "B"), strict=True)
            if route.get(f"{name}_mm") is not None
        ]

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """An end of the route; it is followed again on release."""
        route = self.route
        if key not in ENDS or route is None:
            return False
        if finished:
            ends = {"from_mm": as_list(route["from_mm"]), "to_mm": as_list(route["to_mm"])}
            ends["from_mm" if key == ENDS[0] else "to_mm"] = as_list(position_mm)
            placed = {**(self.work.decided.access or {}), route["key"]: ends}
            self.work.routes.find(access=placed)
        return True

    @property
    def shows_root(self) -> bool:
        """The access is looked at."""
        return not self.has_sections

    def rows(self) -> list[PlanRow]:
        """The routes."""
        listed = []
        for route in self.routes:
            least = route["minimum"]
            value = "" if least is None else text_quantity(least["min_diameter_mm"], "mm")
            listed.append(
                PlanRow(route["key"], route["name"], PLANS["a"] if route["key"] == self.chosen else DARK["t3"], value)
            )
        return listed

    # actions

    def words(self) -> str:
        """The accepted route."""
        route = next((route for route in self.routes if route["key"] == self.work.decided.route), None)
        return "" if route is None else str(route["name"])

    def actions(self) -> StepActions:
        """Accept a route, then write the report."""
        ask = self.panel.module_asked.emit
        if self.work.routes.is_finding:
            stop = PanelAction("heart_stop_finding", "Stop", self.work.routes.stop, "x")
            wait = PanelAction(
                "heart_accept", "Accept route", self._accept, blocked="Looking for the arteries", key="Enter"
            )
            return StepActions(wait, (stop,), "")
        vessel = PanelAction("heart_measure_vessel", "Other vessel", partial(ask, "vessel"), "route")
        write = PanelAction("heart_write_report", "Write report", partial(ask, "report"), key="Enter")
        others = [vessel]
        if not self.work.is_read_only:
            again = "Find again" if self.routes else "Find routes"
            others.append(PanelAction("heart_find_routes", again, self._find_again, "search", key="E"))
        route = self.route
        if route is None or self.work.is_read_only or self.work.decided.route == route["key"]:
            return StepActions(write, tuple(others), "Enter writes")
        name = f"Accept {str(route['name']).lower()}"
        accept = PanelAction("heart_accept", name, self._accept, key="Enter", blocked=self.busy)
        return StepActions(accept, tuple(others), "← → station · X other side")

    def _find_again(self) -> None:
        self.work.routes.problem = None
        self.work.routes.find(access=None)

    def _accept(self) -> None:
        self.work.routes.keep_route(self.chosen)
        self.panel.where.accepted.add(self.number)
        self.panel.refresh()
        self.panel.frame.focus_main()


def _least_items(route: Mapping[str, Any], is_shown: bool) -> list[PlanItem]:
    least = route["minimum"]
    if least is None:
        return []
    color = DARK["bad"] if route["state"] == "bad" else PLANS["a"] if is_shown else DARK["t2"]
    place = np.asarray(least["position_mm"], dtype=np.float64)
    label = text_quantity(least["min_diameter_mm"], "mm")
    return [
        PointItem(key=f"least_{route['key']}", position_mm=place, color=color, label=label, movable=False, deep=True)
    ]


def _short(text: str) -> str:
    """What fits at the end of a line."""
    return text if len(text) <= SHORT_LETTERS else "not in scan"


def _missing_name(key: str) -> str:
    return key.replace("_", " ").capitalize()
