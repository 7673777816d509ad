"""Step 8: the routes ranked for a sheath, one of them in section, strip and chart; then the report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.i18n import inside, mark, said, text_quantity, tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.base import PlanRow, as_list
from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction, TableRow, paragraph
from app.panels.rows import FieldRow, Heading, NameField, choice_box
from app.panels.section_rows import edit_help, edited_words, station_rows
from app.panels.tavr import rows
from app.panels.tavr.names import REPORT
from app.panels.tavr.route_card import RouteCard
from app.panels.tavr.route_ends import KEYS, RouteEnds
from app.panels.tavr.step import TavrStep
from app.panels.vessel_views import MeasuredVessel, VesselViews
from app.panels.way_points import HELP, WayPoints, moved_place, with_place
from app.theme.style import set_kind
from app.theme.tokens import DARK, PLANS
from planning.access.sheaths import catalogue
from planning.geometry import FloatArray
from planning.vessel.edits import LumenEdit, edits_of
from viewers.language import word
from viewers.overlay import PathItem, PlanItem, PointItem
from viewers.plan_pane import PlanPane
from viewers.view_state import Camera, vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

NO_SHEATH = mark("Choose a sheath")
DRAG_WORDS = mark("Drag a handle · ← → station")
ENDS, VIA, MISSING = ("route_from", "route_to"), "route_via", "missing_"
SIDES = {"right_femoral": "right", "left_femoral": "left"}
VIEW_MARGIN, SHORT_LETTERS = 1.15, 22


class AccessStep(TavrStep):
    """Which way in."""

    number = REPORT

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.hero = None
        self.chosen = ""
        # a route to be shown once it is there
        self._wanted = ""
        self._is_seen = False
        self._help = paragraph("")
        self.box: QComboBox = choice_box("sheath_choice", tr("Sheath"), [NO_SHEATH, *(s.name for s in catalogue())])
        self.box.activated.connect(self._sheath_chosen)
        self._sheath_row = FieldRow(tr("Sheath"), self.box, wide=True)
        self._cards_box = QWidget()
        set_kind(self._cards_box, "clear")
        self._column = QVBoxLayout(self._cards_box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._cards: dict[str, RouteCard] = {}
        # the access that the hand shows before it lets go, which the case never sees
        self._preview: Mapping[str, Any] | None = None
        self._dragged: list[list[float]] | None = None
        self.via, self.ends = WayPoints(VIA), RouteEnds(self.work.placer)
        self._why = NameField("route_why", tr("Why the route is excluded"))
        self._why_row = FieldRow(tr("Why"), self._why, wide=True)
        self._why_row.setVisible(False)
        self._why.entered.connect(self._exclude)
        self._why.closed.connect(lambda: self._why_row.setVisible(False))
        self._route_head = Heading("", "route_exclude", tr("Exclude"))
        self._route_head.followed.connect(self._ask_why)
        self._edits_head = Heading("", "route_reset_all", tr("Reset all"))
        self._edits_head.followed.connect(self._reset_all)
        self._via_head = Heading(tr("On the way"), "route_add_via", tr("Add a point"))
        self._via_head.followed.connect(self._ask_on_the_way)
        self.here, self.through = NumberTable(definitions.SECTION), NumberTable(definitions.WAY_POINTS)
        self.through.row_clicked.connect(self._via_chosen)
        self._other_head = Heading(tr("Another way in"), "route_other_vessel", tr("Other vessel"))
        self._other_head.followed.connect(partial(panel.module_asked.emit, "vessel"))
        self.set_body(
            self._help,
            self._sheath_row,
            self._cards_box,
            self._route_head,
            self._why_row,
            self.here,
            self._edits_head,
            self._via_head,
            self.through,
            below=(self._other_head,),
            is_long=True,
        )
        self._views: VesselViews | None = None

    # panes

    @property
    def routes(self) -> list[Mapping[str, Any]]:
        """The routes by rank, as the hand has them now."""
        access = self.access
        return [] if access is None else list(access.get("routes") or ())

    @property
    def access(self) -> Mapping[str, Any] | None:
        """The plan's access, or what the hand makes of it now."""
        results = self.work.results
        if results is None:
            return None
        found: Mapping[str, Any] = results["access"] if self._preview is None else self._preview
        return found

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
        """Section, 3D, strip, chart; slices while there is no route or a point of it is clicked."""
        is_asked = self.work.placer.asked == VIA or self.ends.is_asked
        return self._views.arrangement() if self._views is not None and self.has_sections and not is_asked else None

    def entered(self) -> None:
        """Show the best route, or look for routes."""
        self._choose_best()
        if self.routes:
            self._show_route(look=True)
        elif self.work.routes.is_wanted:
            self.work.routes.find()

    def left(self) -> None:
        """Planes go straight again, and nothing is asked for."""
        self._preview = self._dragged = None
        self._why_row.setVisible(False)
        self.work.placer.stop()
        if self._views is not None:
            self._views.set_editing(False)
        self._straighten()

    def look_at_plane(self) -> bool:
        """The route's section at the station."""
        if self._views is None or self._views.station is None:
            return False
        self._views.look()
        return True

    def _straighten(self) -> None:
        if self.session.view.state.frame_name == "vessel":
            self.session.view.straighten()

    def _choose_best(self) -> None:
        keys = [route["key"] for route in self.routes]
        if self._wanted in keys:
            self.chosen, self._wanted = self._wanted, ""
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
            self._views.pulled.connect(self._pulled)
            self._views.refused.connect(self.session.said)
        sheath = None if self.access is None else self.access.get("sheath")
        least = route["minimum"]
        self._views.show(
            MeasuredVessel(
                word(SIDES[route["key"]]) if route["key"] in SIDES else said(route["name"]),
                route["centerline_mm"],
                route["stations"],
                route["length_mm"],
                None if least is None else least["s_mm"],
                None if sheath is None else sheath["outer_mm"],
                None if sheath is None else sheath["least_vessel_mm"],
                "fork" if route["key"] in SIDES else "",
                self._edits(route["key"]),
                not self.work.is_read_only,
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
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def choose(self, key: str) -> None:
        """Show another route."""
        self.chosen, self._wanted = key, ""
        self._why_row.setVisible(False)
        self._show_route(look=True)
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _other_side(self) -> None:
        keys = [route["key"] for route in self.routes]
        if len(keys) > 1:
            self.choose(keys[(keys.index(self.chosen) + 1) % len(keys)])

    def _sheath_chosen(self, number: int) -> None:
        self.work.routes.choose_sheath(None if number == 0 else self.box.itemText(number))

    # the section under the hand

    def _edits(self, key: str) -> tuple[LumenEdit, ...]:
        return edits_of((self.work.decided.lumen_edits or {}).get(key))

    def _pulled(self, edits: tuple[LumenEdit, ...], finished: bool) -> None:
        """A section of the route shown was pulled: least lumen, ratio and rank follow, on release in the case."""
        before = dict(self.work.decided.lumen_edits or {})
        kept = {**before, self.chosen: [edit.as_json() for edit in edits]}
        lumen_edits = {key: rows for key, rows in kept.items() if rows} or None
        if finished:
            self._preview = None
            self.panel.where.accepted.discard(self.number)
            self.work.routes.correct(lumen_edits=lumen_edits)
            return
        is_taken_back = (lumen_edits or {}) == before
        self._preview = None if is_taken_back else self.work.routes.corrected(lumen_edits=lumen_edits)
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _toggle_editing(self) -> None:
        if self._views is not None:
            self._views.set_editing(not self._views.is_editing)
            self._views.look()
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _reset_section(self) -> None:
        if self._views is not None:
            self._views.reset_section()

    def _reset_all(self) -> None:
        if self._views is not None:
            self._views.reset_all()

    @property
    def is_editing(self) -> bool:
        """Whether the section has handles."""
        return self._views is not None and self._views.is_editing

    # excluded

    def _ask_why(self) -> None:
        """Ask for the reason, or take the route back in."""
        excluded = dict(self.work.decided.excluded or {})
        if self.chosen in excluded:
            del excluded[self.chosen]
            self.work.routes.correct(excluded=excluded or None)
            return
        self._why_row.setVisible(True)
        self._why.start("")
        self._why.setPlaceholderText(tr("Reason, Enter"))
        self._why.setFocus()

    def _exclude(self, why: str) -> None:
        self.work.routes.correct(excluded={**(self.work.decided.excluded or {}), self.chosen: why})

    # places on the way

    @property
    def via_mm(self) -> list[list[float]]:
        """Where the route shown is led through, as the hand has it."""
        if self._dragged is not None:
            return self._dragged
        return [list(place) for place in (self.work.decided.access or {}).get(self.chosen, {}).get("via_mm") or ()]

    def row_chosen(self, key: str) -> None:
        """A route that was not found: its ends are asked for."""
        if key.startswith(MISSING) and not self.work.is_read_only:
            self._ask_ends(key.removeprefix(MISSING))

    def _ask_ends(self, key: str) -> None:
        self._straighten()
        self.ends.ask(key)
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _ask_on_the_way(self) -> None:
        """A place on the way; both ends where there is no way yet."""
        if self.has_sections:
            self._ask_via()
        elif self.route is not None:
            self._ask_ends(self.route["key"])

    def _ask_via(self) -> None:
        self._straighten()
        route = self.route
        if route is not None and route["minimum"] is not None:
            self.panel.fly_asked.emit(np.asarray(route["minimum"]["position_mm"]))
        self.work.placer.ask_from(VIA, (VIA,))
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _via_chosen(self, key: str) -> None:
        number = self.via.number(key, self.via_mm)
        if number is not None:
            self.session.view.set(selected_point=key)
            self.panel.fly_asked.emit(np.asarray(self.via_mm[number]))

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """A place that the route shown goes through, or an end of one that was not found."""
        route = self.route
        if key in KEYS:
            ends = self.ends.placed(key, position_mm)
            if ends is not None:
                self._wanted = self.ends.route
                self.work.routes.place(self.ends.route, ends)
            self.panel.refresh()
            self.panel.scene_changed.emit()
            return True
        if key != VIA:
            return False
        self.work.placer.stop()
        if route is not None and self.has_sections:
            self._lead(with_place(route["centerline_mm"], self.via_mm, position_mm))
            if self._views is not None:
                self._views.look()
        return True

    def point_reset(self, key: str) -> bool:
        """A place on the way is taken out, or a pulled handle let go."""
        number = self.via.number(key, self.via_mm)
        if number is None:
            return self._views is not None and self._views.reset_point(key)
        if not self.work.is_read_only:
            self._lead(moved_place(self.via_mm, number, None))
        return True

    def _lead(self, via_mm: list[list[float]]) -> None:
        route = self.route
        if route is not None:
            ends = {"from_mm": as_list(route["from_mm"]), "to_mm": as_list(route["to_mm"])}
            ends = {**ends, **(self.work.decided.access or {}).get(route["key"], {}), "via_mm": via_mm}
            self.work.routes.place(route["key"], ends)

    # showing

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Cards by rank, the section shown, what is missing, and what the report leads with."""
        self._choose_best()
        access = self.access or numbers["access"]
        routes = self.routes
        sheath = access.get("sheath")
        self._help.setText(self._words())
        self._help.setVisible(bool(self._help.text()))
        self._sheath_row.setVisible(bool(routes))
        self.box.setEnabled(not self.work.is_read_only)
        self.box.setCurrentText(sheath["name"] if sheath else tr(NO_SHEATH))
        for key in [key for key in self._cards if key not in [route["key"] for route in routes]]:
            self._cards.pop(key).deleteLater()
        for number, route in enumerate(routes):
            card = self._cards.get(route["key"]) or self._card(route["key"])
            card.show_route(route, route["key"] == self.chosen)
            self._column.insertWidget(number, card)
            # the section's numbers stand right below while a hand is at work
            card.setVisible(not self.is_editing or route["key"] == self.chosen)
        if self._preview is None:
            # while a hand is at work the panes have more than the plan
            self._show_route(look=False)
        self._show_section()
        missing = [
            TableRow(
                f"{MISSING}{one['key']}",
                _missing_name(one["key"]),
                "",
                share=_short(one["text"]),
                reason=tr("{rstrip}. Click to place its ends by hand.", rstrip=one["text"].rstrip(".")),
                clickable=not self.work.is_read_only,
            )
            for one in access.get("missing") or ()
            if one["key"] != "all"
        ]
        self.table.set_rows([*missing, *(rows.summary_rows(numbers) if not routes else [])], self.work.is_stale)
        self.table.setVisible(bool(missing) or not routes)
        self.say(self._notes(access))

    def _show_section(self) -> None:
        """The section shown, what was edited of the route, and where it is led through."""
        route, can_change = self.route, not self.work.is_read_only
        is_shown = route is not None and self.has_sections and self._views is not None
        self.here.setVisible(is_shown)
        for widget in (self._route_head, self._via_head):
            widget.setVisible(route is not None)
        if route is not None:
            self._route_head.text.setText(str(route["name"]))
            self._route_head.set_link(
                (tr("Take back in") if "excluded" in route else tr("Exclude")) if can_change else ""
            )
            self._via_head.text.setText(tr("On the way") if is_shown else tr("Its ends"))
            self._via_head.set_link((tr("Add a point") if is_shown else tr("Place by hand")) if can_change else "")
        self.through.setVisible(is_shown and bool(self.via_mm))
        self._other_head.setVisible(bool(self.routes))
        self._edits_head.setVisible(False)
        if route is None or not is_shown or self._views is None:
            return
        self.here.set_rows(station_rows(self._views.station), self.work.is_stale)
        count = len(self._edits(route["key"]))
        if count:
            self._edits_head.setVisible(True)
            self._edits_head.text.setText(edited_words(count))
            self._edits_head.set_link(tr("Reset all") if can_change else "")
        self.through.set_rows(self.via.rows(self.via_mm), self.work.routes.is_finding)

    def _card(self, key: str) -> RouteCard:
        card = RouteCard(key)
        card.clicked.connect(lambda _=False, key=key: self.choose(key))
        self._cards[key] = card
        return card

    def _words(self) -> str:
        if self.work.routes.is_finding:
            return tr("Looking for the arteries from the aorta to both groins. It can be stopped below.")
        if self.work.placer.asked == VIA:
            return HELP
        return edit_help() if self.is_editing else self.ends.words()

    def _notes(self, access: Mapping[str, Any]) -> list[Note]:
        sheath = access.get("sheath")
        notes = []
        if self.work.routes.problem is not None:
            notes.append(self.work.routes.problem)
        if not self.routes and not self.work.routes.is_finding:
            told = [one["text"] for one in access.get("missing") or () if one["key"] in (*SIDES, "all")]
            if told:
                notes.append(Note(*split_sentences(told[0])))
        notes += [Note(*split_sentences(one["text"])) for one in access.get("warnings") or ()]
        if self.routes and sheath is not None and not sheath["checked"]:
            notes.append(Note(tr("Sheath data are not checked"), tr("Verify them against the IFU.")))
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
        return [*drawn, *self._end_items(), *self.ends.items()]

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
        ] + self.via.items(self.via_mm, movable=not self.work.is_read_only)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A handle of the section, an end of the route or a place on it; the way is followed again on release."""
        route, number = self.route, self.via.number(key, self.via_mm)
        if self._views is not None and self._views.point_moved(key, position_mm, finished):
            return True
        if route is None or (key not in ENDS and number is None):
            return False
        if self.work.is_read_only:
            return True
        if number is not None:
            places = moved_place(self.via_mm, number, position_mm)
            self._dragged = None if finished else places
            if finished:
                self._lead(places)
        elif finished:
            ends = {"from_mm": as_list(route["from_mm"]), "to_mm": as_list(route["to_mm"]), "via_mm": self.via_mm}
            ends["from_mm" if key == ENDS[0] else "to_mm"] = as_list(position_mm)
            self.work.routes.place(route["key"], ends)
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
            stop = PanelAction("heart_stop_finding", tr("Stop"), self.work.routes.stop, "x")
            wait = PanelAction(
                "heart_accept", tr("Accept route"), self._accept, blocked=tr("Looking for the arteries"), key="Enter"
            )
            return StepActions(wait, (stop,), "")
        write = PanelAction("heart_write_report", tr("Write report"), partial(ask, "report"), key="Enter")
        route, can_change = self.route, not self.work.is_read_only
        if route is None:
            vessel = PanelAction("heart_measure_vessel", tr("Other vessel"), partial(ask, "vessel"), "route")
            find = PanelAction("heart_find_routes", tr("Find routes"), self._find_again, "search", key="E")
            return StepActions(write, (vessel, find) if can_change else (vessel,), tr("Enter writes"))
        others = self._route_actions() if can_change else ()
        if not can_change or self.work.decided.route == route["key"]:
            return StepActions(write, others, tr("Enter writes") if not self.is_editing else DRAG_WORDS)
        name = tr("Accept {name}", name=inside(said(str(route["name"]))))
        accept = PanelAction("heart_accept", name, self._accept, key="Enter", blocked=self._unfit(route))
        return StepActions(accept, others, DRAG_WORDS if self.is_editing else tr("← → station · X other side"))

    def _unfit(self, route: Mapping[str, Any]) -> str:
        """Why the route cannot be accepted now."""
        return tr("This route is excluded") if "excluded" in route else self.busy

    def _route_actions(self) -> tuple[PanelAction, ...]:
        again = PanelAction("heart_find_routes", tr("Find again"), self._find_again, "search")
        if not self.has_sections or self._views is None:
            return (again,)
        if not self.is_editing:
            edit = PanelAction(
                "route_edit_contour", tr("Edit contour"), self._toggle_editing, "spline", self.busy, key="E"
            )
            return edit, again
        finish = PanelAction("route_edit_contour", tr("Done"), self._toggle_editing, "check", key="E")
        blocked = "" if self._views.is_edited_here else tr("This section was not edited")
        back = PanelAction("route_reset_section", tr("Reset section"), self._reset_section, "rotate-ccw", blocked)
        return finish, back

    def _find_again(self) -> None:
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
    return text if len(text) <= SHORT_LETTERS else tr("not in scan")


def _missing_name(key: str) -> str:
    return key.replace("_", " ").capitalize()
