"""Step 7: a valve drawn into the root, a prosthesis or the mitral annulus; every size at every depth beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QComboBox

from app.i18n import mark, text_quantity, tr
from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.notes import Note
from app.panels.parts import NumberField, PanelAction, paragraph, plain
from app.panels.rows import FieldRow, choice_box
from app.panels.tavr import rows, valves
from app.panels.tavr.mitral_part import MitralPart
from app.panels.tavr.names import VALVE
from app.panels.tavr.probability import ProbabilityCard
from app.panels.tavr.step import TavrStep
from app.panels.tavr.valve_drawing import (
    DEPTH_KEY,
    LEAST_DEPTH_MM,
    MOST_DEPTH_MM,
    POST_KEY,
    STEP_MM,
    depth_at,
    distance_items,
    nearest_column,
    turned_deg,
    valve_items,
)
from app.panes.look import panel_look
from app.panes.matrix_pane import MatrixPane
from app.theme.tokens import DARK
from planning.geometry import FloatArray
from planning.tavr.in_valve import INNER_MM, PROSTHESIS
from viewers.overlay import PlanItem
from viewers.plan_pane import PlanPane
from viewers.view_state import PaneView, vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

PANES = ("axial", "matrix", "coronal", "3d")
# what the valve goes into
NATIVE, IN_VALVE, MITRAL = "native", "in_valve", "mitral"
PLACES: Mapping[str, str] = {
    NATIVE: mark("Native aortic valve"),
    IN_VALVE: mark("Aortic prosthesis"),
    MITRAL: mark("Mitral annulus"),
}
LONG_AXIS_REACH_MM = 92.0
VERIFY = mark("Verify sizes against the maker’s instructions.")


class ValveStep(TavrStep):
    """The valve, its oversizing and its distances."""

    number = VALVE

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._devices: tuple[tuple[str, str], ...] = ()
        self.box: QComboBox = choice_box("valve_choice", tr("Valve"), ())
        self.box.activated.connect(self._box_chosen)
        self.depth = NumberField("valve_depth", tr("Depth below annulus"), "mm", LEAST_DEPTH_MM, MOST_DEPTH_MM, STEP_MM)
        self.depth.entered.connect(lambda value: self.work.placed.place(True, depth_mm=value))
        self._depth_row = FieldRow(tr("Depth below annulus"), self.depth)
        self._choice_row = FieldRow(tr("Valve"), self.box, wide=True)
        self._probability = ProbabilityCard()
        self._verify = paragraph(VERIFY)
        self._asked_place: str | None = None
        self.place: QComboBox = choice_box("valve_place", tr("Implanted in"), [PLACES[key] for key in PLACES])
        self.place.activated.connect(lambda number: self.choose_place(tuple(PLACES)[number]))
        self.inner = NumberField("inner_diameter", tr("True inner diameter"), "mm", *INNER_MM, 0.5)
        self.inner.entered.connect(self.work.placed.state_prosthesis)
        self._inner_row = FieldRow(tr("True inner diameter"), self.inner)
        self.mitral = MitralPart(self)
        self._aortic = (self._choice_row, self._probability, self._depth_row)
        above = (FieldRow(tr("Implanted in"), self.place, wide=True), self._inner_row, *self._aortic, *self.mitral.rows)
        self.set_body(*above, below=(self._verify,))
        self._panes: dict[str, PlanPane] = {}

    def panes(self) -> Mapping[str, PlanPane]:
        """The matrix, made at the first visit."""
        if not self._panes and self.panel.open_step is self:
            self.matrix = MatrixPane(self.session.view, panel_look())
            self.matrix.table.chosen.connect(self._cell_chosen)
            self._panes = {"matrix": self.matrix}
            self.refresh()
        return self._panes

    def arrangement(self) -> Arrangement | None:
        """Annulus, matrix, long axis, 3D; slices and 3D for a mitral valve."""
        return None if self.is_mitral else Arrangement(PANES)

    # what it goes into

    @property
    def implanted_in(self) -> str:
        """What the person chose, else what the plan and the scan say."""
        if self._asked_place is not None:
            return self._asked_place
        results, plan = self.work.results, self.work.plan
        if plan is not None and plan.inputs.get("in_valve"):
            return IN_VALVE
        if plan is not None and self.work.mitral.points and plan.inputs.get("mitral") is None:
            # points that were placed when the case was last open go on
            return MITRAL
        return IN_VALVE if results is not None and PROSTHESIS in results["quality"]["reasons"] else NATIVE

    @property
    def is_mitral(self) -> bool:
        """True while a mitral valve is worked on."""
        return self.implanted_in == MITRAL

    def choose_place(self, key: str) -> None:
        """Another place of implantation; a native valve has no inner diameter."""
        self._asked_place = key
        plan = self.work.plan
        if key == NATIVE and plan is not None and plan.inputs.get("in_valve"):
            self.work.placed.state_prosthesis(None)
        self.left()
        self.entered()
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def left(self) -> None:
        """The annulus pane follows the crosshair again, and no point is asked for."""
        self.work.placer.stop()
        self.session.view.pin({})

    def words(self) -> str:
        """The valve, or how many sizes fit."""
        results = self.work.results
        if results is None:
            return ""
        if self.is_mitral:
            return self.mitral.words()
        valve = results.get("valve")
        return valves.valve_name(valve) if valve and valve["chosen"] else valves.fitting_row(results).value

    def entered(self) -> None:
        """Look at the annulus; the long axis goes through the left ostium."""
        self.panel.align()
        self.turn_to("ostium_left")
        view = self.session.view
        pane = view.state.pane("coronal")
        if pane.center_mm is not None:
            view.set_pane("coronal", PaneView(pane.center_mm, reach_mm=LONG_AXIS_REACH_MM))
        self.work.placed.prepare()
        if self.is_mitral:
            self.mitral.entered()

    def realigned(self) -> None:
        """The neo-LVOT's plane stays in its pane."""
        if self.is_mitral and not self.work.placer.asked:
            self.mitral.show_narrowest()

    def turn_to(self, landmark: str) -> None:
        """Long axis 1 goes through a landmark of the plan."""
        numbers = self.numbers
        place = numbers["landmarks"].get(landmark) if numbers is not None else None
        if place is not None:
            self.panel.turn_long_axis(np.asarray(place["position_mm"]))

    # the hand

    def _box_chosen(self, number: int) -> None:
        model, size = self._devices[number]
        self.work.placed.place(True, model=model, size=size)

    def _cell_chosen(self, model: str, size: str, depth_mm: float) -> None:
        self.work.placed.place(True, model=model, size=size, depth_mm=depth_mm)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """The square moves the valve, a post turns it."""
        if self.is_mitral and self.mitral.point_moved(key, position_mm, finished):
            return True
        numbers, valve = self.numbers, self.work.placed.valve
        if numbers is None or valve is None or not key.startswith((DEPTH_KEY, POST_KEY)):
            return False
        if key == DEPTH_KEY:
            self.work.placed.place(finished, depth_mm=depth_at(numbers["annulus"], position_mm))
        else:
            post = int(key.removeprefix(POST_KEY))
            turn = turned_deg(valve, numbers["annulus"], post, position_mm)
            self.work.placed.place(finished, rotation_deg=round(turn, 1))
        return True

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """A point of the mitral annulus."""
        return self.is_mitral and self.mitral.point_placed(key, position_mm)

    def point_reset(self, key: str) -> bool:
        """A point of the mitral annulus away."""
        return self.is_mitral and self.mitral.point_reset(key)

    def row_chosen(self, key: str) -> None:
        """The long axis turns to where the number is taken."""
        if self.is_mitral:
            self.mitral.row_chosen(key)
        elif key.startswith("vtc"):
            self.turn_to(f"ostium_{key.split('_')[1]}")
        elif key == "septum_minus_depth_mm":
            self.turn_to("commissure_nr")
        elif key == "vtstj_mm" and self.numbers is not None and self.numbers["stj"].get("position_mm") is not None:
            self.session.view.set(cross_mm=vec(self.numbers["stj"]["position_mm"]))

    def _align_posts(self) -> None:
        turn = None if self.work.placed.room is None else self.work.placed.room.aligned_deg()
        if turn is not None:
            self.work.placed.place(True, rotation_deg=turn)

    def _choose(self) -> None:
        """The proposal becomes the person's."""
        valve = self.work.placed.valve
        if valve is not None and not valve["chosen"]:
            self.work.placed.place(True)
        self.panel.accept_step()

    # showing

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Valve, oversizing, probability, distances, obstruction."""
        valve, is_old = numbers.get("valve"), self.work.is_old("valve")
        where = self.implanted_in
        self.place.setCurrentIndex(tuple(PLACES).index(where))
        self._inner_row.setVisible(where == IN_VALVE)
        for widget in (*self._aortic, self._verify):
            widget.setVisible(where != MITRAL)
        for widget in self.mitral.rows:
            widget.setVisible(where == MITRAL)
        if where == MITRAL:
            self.mitral.show(self.work.is_stale)
            return
        inside = numbers.get("in_valve")
        self.inner.setEnabled(not (self.work.is_read_only or self.work.is_stale))
        self.inner.set_value(inside["inner_diameter_mm"] if inside else None)
        self._fill_box(numbers, valve)
        row = valves.row_of(numbers, valve)
        self._depth_row.setVisible(valve is not None)
        self._probability.setVisible(row is not None)
        if valve is None or row is None:
            is_good = numbers["quality"]["ok"]
            caption = tr("No size fits") if is_good else tr("No size is proposed")
            self.great.set_text(caption, "–")
            native = valves.device_rows(numbers, 6)
            self.table.set_rows(valves.in_valve_rows(inside) if where == IN_VALVE else native, is_old)
            self.say([*self._in_valve_notes(numbers), *rows.step_notes(numbers, VALVE)])
        else:
            self._show_valve(numbers, valve, row, is_old)
        if self._panes:
            at = None if valve is None else (valve["model"], valve["size"], nearest_column(valve["depth_mm"]))
            self.matrix.show_rows(numbers.get("matrix") or (), at, self.work.placed.can_place)

    def _show_valve(
        self, numbers: Mapping[str, Any], valve: Mapping[str, Any], row: Mapping[str, Any], is_old: bool
    ) -> None:
        annulus = numbers["annulus"]
        percent, basis = valve["oversizing_percent"], valve["oversizing_basis"]
        figures = f"{'+' if percent >= 0 else ''}{plain(percent, '%')}"
        unsure = row["oversizing_uncertainty_percent"]
        key, unit = ("area_mm2", "mm²") if basis == "area" else ("perimeter_mm", "mm")
        own = row["nominal_area_mm2"] if basis == "area" else np.pi * row["nominal_diameter_mm"]
        note = tr("{valve} on {annulus}", valve=plain(own, unit), annulus=text_quantity(annulus[key], unit))
        inside = numbers.get("in_valve")
        if self.implanted_in == IN_VALVE and inside:
            inner, outer = inside["inner_diameter_mm"], float(row["nominal_diameter_mm"])
            over = 100.0 * (outer / inner - 1.0)
            figures, basis, unsure = f"{'+' if over >= 0 else ''}{plain(over, '%')}", tr("inner diameter"), None
            note = tr("{valve} in {prosthesis}", valve=plain(outer, "mm"), prosthesis=text_quantity(inner, "mm"))
        self.great.set_text(
            tr("Oversizing by {basis}", basis=basis),
            figures,
            "%",
            "" if unsure is None else plain(unsure, "%"),
            note=note,
            stale=is_old,
        )
        family = [device for device in numbers["devices"] if device["model"] == valve["model"]]
        readers = rows.between_readers(annulus, key)
        spread = annulus["uncertainty"].get(key) if readers is None else readers
        source = tr("from {annulus}", annulus=text_quantity(annulus[key], unit, spread)) + (
            "" if readers is None else tr(", between readers")
        )
        # on a poor scan none was computed, and in a prosthesis the native annulus says nothing of it
        is_told = numbers["quality"]["ok"] and self.implanted_in == NATIVE
        self._probability.show_sizes(family if is_told else (), str(valve["size"]), source)
        self._probability.setToolTip(rows.uncertainty_tip(annulus) if basis == "area" else "")
        self.depth.set_value(valve["depth_mm"])
        self.depth.setEnabled(self.work.placed.can_place)
        own_rows = valves.in_valve_rows(inside) if self.implanted_in == IN_VALVE else []
        self.table.set_rows([*own_rows, *valves.placed_rows(valve)], is_old)
        notes = [*self._in_valve_notes(numbers), *rows.step_notes(numbers, VALVE)]
        if row["borderline"]:
            notes.append(Note(tr("Between sizes"), tr("Both are drawn in the bar. Look at each in the matrix.")))
        if valve["septum_minus_depth_mm"] is None:
            notes.append(Note(tr("Septum not measured"), tr("Depth is not held against it.")))
        told = valves.obstruction_notes(numbers["obstruction"])
        # at most two: what is wrong comes before what is not known, and that before what is well
        order = {"bad": 0, "warn": 1, "ok": 2}
        self.say(sorted([*notes, *told], key=lambda note: order[note.state]))
        self._verify.setVisible(bool(row["unchecked"]) or not row["checked"])

    def _in_valve_notes(self, numbers: Mapping[str, Any]) -> list[Note]:
        """What is asked of the person where a prosthesis stands in the annulus."""
        if self.implanted_in != IN_VALVE or numbers.get("in_valve"):
            return []
        text = tr("Type the prosthesis’s true inner diameter, as its maker states it.")
        return [Note(tr("Inner diameter not known"), text, "bad")]

    def _fill_box(self, numbers: Mapping[str, Any], valve: Mapping[str, Any] | None) -> None:
        listed = tuple((device["model"], device["size"]) for device in numbers["devices"])
        if listed != self._devices:
            self._devices = listed
            self.box.clear()
            self.box.addItems([valves.device_name(device) for device in numbers["devices"]])
        self.box.setEnabled(self.work.placed.can_place)
        self.box.setCurrentIndex(-1 if valve is None else listed.index((valve["model"], valve["size"])))

    def items(self) -> list[PlanItem]:
        """The valve and its distances."""
        numbers = self.numbers
        hidden = self.session.view.state.hidden
        if self.is_mitral:
            return self.mitral.items()
        if numbers is None or numbers.get("valve") is None or self.work.is_stale or "valve" in hidden:
            return []
        return [*distance_items(numbers), *valve_items(numbers, movable=self.work.placed.can_place)]

    @property
    def annulus_shown(self) -> str:
        """Bare: the valve stands in it."""
        return "none"

    def rows(self) -> list[PlanRow]:
        """The valve, and what it must keep away from."""
        numbers = self.numbers
        if numbers is None:
            return []
        if self.is_mitral:
            return self.mitral.plan_rows()
        listed, valve = [], numbers.get("valve")
        if valve is not None:
            name = tr("Valve, {size_words}", size_words=valves.size_words(valve))
            listed.append(PlanRow("valve", name, DARK["t1"], text_quantity(valve["depth_mm"], "mm")))
        if (numbers.get("stj") or {}).get("contour_mm"):
            listed.append(PlanRow("stj", "STJ", DARK["t3"], text_quantity(numbers["stj"]["mean_diameter_mm"], "mm")))
        return listed

    def actions(self) -> StepActions:
        """Choose the valve drawn."""
        if self.is_mitral:
            return self.done(tr("Accept neo-LVOT"), *self.mitral.actions(), blocked=self.mitral.blocked)
        valve = self.work.placed.valve
        others = []
        if valve is not None and not self.work.is_read_only:
            blocked = "" if valve["commissure_deg"] is not None else tr("The commissures were not found")
            wait = "" if self.work.placed.can_place else tr("Wait for the calcium")
            others.append(
                PanelAction("heart_align_posts", tr("Align posts"), self._align_posts, "refresh-ccw", blocked or wait)
            )
        if not self.work.is_read_only:
            others.append(PanelAction("heart_other_valve", tr("Other valve"), self._open_box, "list-filter", key="E"))
        hint = tr("Drag the square: depth · 0.5 mm")
        if valve is None:
            closed = tr("This case is open to read") if self.work.is_read_only else tr("Wait for the calcium")
            blocked = self.busy or ("" if self.work.placed.can_place else closed)
            by_hand = PanelAction(
                "heart_accept", tr("Choose a size by hand"), self._open_box, blocked=blocked, key="Enter"
            )
            return StepActions(by_hand, (), tr("Enter opens the list"))
        name = valves.size_words(valve)
        text = tr("Keep {name}", name=name) if valve["chosen"] else tr("Choose {name}", name=name)
        ready = self.work.is_read_only or valve["chosen"] or self.work.placed.can_place
        blocked = self.busy or ("" if ready else tr("Wait for the calcium"))
        choose = PanelAction("heart_accept", text, self._choose, blocked=blocked, key="Enter")
        return StepActions(choose, tuple(others), hint)

    def _open_box(self) -> None:
        self.box.setFocus()
        self.box.showPopup()
