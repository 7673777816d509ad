"""Step 4: an aortic aneurysm: the neck below the lowest renal artery, the sac, and where a graft could end below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import mark, text_quantity, tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.base import as_list
from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction, TableRow, paragraph, plain
from app.panels.rows import Heading
from app.panels.vessels.names import ANEURYSM, RENAL
from app.panels.vessels.step import VesselStep, nearest_station, value_row
from app.theme.tokens import DARK, PLANS
from planning.case.vessel_plans import with_evar, without_evar
from planning.geometry import FloatArray
from planning.vessel.beside import with_readings
from planning.vessel.evar import DIAMETERS_AT_MM, LIMITS
from viewers.keys import key_hint, keys_line
from viewers.overlay import ContourItem, PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel

SIDES = ("right", "left")
SHORT = mark("The neck is too short, or nothing closed lies there")
NO_END = mark("The lumen widens by 10 % nowhere below")
NO_AXIS = mark("Too little of the vessel lies above or below for its direction")
HELD_NAMES: Mapping[str, str] = {
    "length": mark("Neck length"),
    "infrarenal": mark("Infrarenal angle"),
    "suprarenal": mark("Suprarenal angle"),
    "diameter": mark("Neck diameter"),
}
Evar = Mapping[str, Any]


class AneurysmStep(VesselStep):
    """Neck, sac and landing zones."""

    number = ANEURYSM

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        # what the hand shows before it lets go, which the case never sees
        self._preview: Evar | None = None
        self._dragged: FloatArray | None = None
        self._help = paragraph("")
        self._head = Heading(tr("Neck and sac"), "vessel_without_evar", tr("Remove"))
        self._head.followed.connect(self._remove)
        self._below = Heading(tr("Below the fork"))
        self.iliacs = NumberTable(definitions.VESSEL_ANEURYSM)
        self.iliacs.row_clicked.connect(self.row_chosen)
        self._limits_head = Heading(tr("Usual instructions for use"))
        self.limits = NumberTable(definitions.VESSEL_LIMITS)
        self._source = paragraph("", "hint")
        below = (self._below, self.iliacs, self._limits_head, self.limits, self._source)
        self.set_body(self._help, self._head, below=below)

    @property
    def evar(self) -> Evar | None:
        """The numbers shown: those under the hand, else the plan's."""
        results = self.work.results
        if self._preview is not None:
            return self._preview
        return None if results is None else results.get("evar")

    @property
    def is_asked(self) -> bool:
        """True once a neck was asked for, whether it could be measured or not."""
        return self.work.plan is not None and self.work.plan.inputs.get("evar") is not None

    @property
    def renal_mm(self) -> FloatArray | None:
        """Where the lowest renal artery was put; the neck's upper end without."""
        if self._dragged is not None:
            return self._dragged
        plan = self.work.plan
        asked = None if plan is None else plan.inputs.get("evar")
        if asked is None:
            return None
        if asked["lowest_renal_mm"] is not None:
            return np.asarray(asked["lowest_renal_mm"], dtype=np.float64)
        return None if self.evar is None else np.asarray(self.evar["lowest_renal"]["position_mm"], dtype=np.float64)

    def result(self) -> str:
        """Neck and sac."""
        evar = None if self.work.results is None else self.work.results.get("evar")
        if evar is None:
            return ""
        sac = evar["aneurysm"]
        return tr("no aneurysm") if sac is None else text_quantity(sac["max_diameter_mm"], "mm")

    def entered(self) -> None:
        """The vessel itself, at the sac."""
        self.panel.show_part(None)
        self.panel.views.look()

    def left(self) -> None:
        """Nothing is asked for or under the hand."""
        self._preview = self._dragged = None
        self.work.placer.stop()

    def arrangement(self) -> Arrangement | None:
        """Slices while the renal artery is clicked."""
        return None if self.work.placer.asked == RENAL else super().arrangement()

    # the renal artery

    def _ask(self) -> None:
        self.panel.straighten()
        renal = self.renal_mm
        if renal is not None:
            self.panel.fly_asked.emit(renal)
        self.work.placer.ask_from(RENAL, (RENAL,))
        self.work.changed.emit()

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """The lowest renal artery was clicked."""
        if key != RENAL:
            return False
        self.work.placer.stop()
        self._keep(as_list(position_mm))
        return True

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """It follows the hand, the numbers with it; the case takes it on release."""
        plan = self.work.plan
        if key != RENAL or plan is None:
            return False
        if self.work.is_read_only or self.work.is_dirty:
            return True
        if finished:
            self._keep(as_list(position_mm))
            return True
        self._dragged = np.asarray(position_mm, dtype=np.float64)
        asked = {"evar": {"lowest_renal_mm": as_list(position_mm)}}
        self._preview = with_readings(plan.results, asked)["evar"]
        self.work.changed.emit()
        return True

    def from_here(self) -> None:
        """The section that is shown lies at the lowest renal artery."""
        station = self.panel.views.station
        if station is not None:
            self._keep([float(value) for value in station["position_mm"]])

    def from_top(self) -> None:
        """The neck begins at the vessel's upper end."""
        self._keep(None)

    def _keep(self, place: Sequence[float] | None) -> None:
        plan = self.work.plan
        self._preview = self._dragged = None
        if plan is None or self.work.is_read_only:
            return
        is_first = not self.is_asked
        self.work.keep(with_evar(plan, place))
        evar = self.evar
        if is_first and evar is not None:
            target = evar["aneurysm"] or evar["lowest_renal"]
            self._fly(None, target["position_mm"])
        else:
            self.panel.views.look()
            self.work.changed.emit()

    def _remove(self) -> None:
        if self.work.plan is not None:
            self.work.keep(without_evar(self.work.plan))

    # showing

    def refresh(self) -> None:
        """Numbers with their places; what is missing says why."""
        results, evar = self.work.results, self.evar
        if results is None:
            return
        is_stale = self.work.is_dirty
        asked = self.work.placer.asked == RENAL
        self._help.setText(
            tr("Click where the lowest renal artery leaves the aorta.")
            if asked
            else ""
            if evar is not None
            else tr(
                "Place the lowest renal artery: click it in the slices, or go along the vessel and "
                "take the section that is shown. Without it the neck is counted from the upper end."
            )
        )
        self._help.setVisible(bool(self._help.text()))
        sac = None if evar is None else evar["aneurysm"]
        if evar is None or sac is None:
            self.great.set_text(tr("Greatest diameter below"), "–", stale=True)
        else:
            origin = "automatic" if self.work.plan is None or not self._is_by_hand else "edited"
            self.great.set_number(tr("Greatest diameter"), sac["max_diameter_mm"], "mm", origin=origin, stale=is_stale)
        self._head.set_link("" if self.work.is_read_only else tr("Remove"))
        for widget in (self._head, self.table, self._below, self.iliacs, self._limits_head, self.limits, self._source):
            widget.setVisible(evar is not None)
        if evar is not None:
            self.table.set_rows(neck_rows(evar), is_stale)
            self.iliacs.set_rows(self._iliac_rows(evar["iliac"]), is_stale)
            self.limits.set_rows(limit_rows(evar), is_stale)
            self._source.setText(
                tr(
                    "Lumen, inner to inner. {upper}{limits_source}.",
                    upper=evar["limits_source"][0].upper(),
                    limits_source=evar["limits_source"][1:],
                )
            )
        self.say(self._notes(results, evar))

    @property
    def _is_by_hand(self) -> bool:
        plan = self.work.plan
        return plan is not None and (plan.inputs.get("evar") or {}).get("lowest_renal_mm") is not None

    def _iliac_rows(self, iliac: Mapping[str, Any]) -> list[TableRow]:
        rows = []
        for side in SIDES:
            found = iliac[side]
            rows.append(
                value_row(
                    f"landing_{side}",
                    tr("{side} landing zone", side=tr(side.capitalize())),
                    found["mean_diameter_mm"],
                    "mm",
                    meaning=_landing_meaning(found),
                    reason=found["reason"],
                )
            )
            rows.append(
                value_row(
                    f"iliac_{side}",
                    tr("{side} common iliac", side=tr(side.capitalize())),
                    found["length_mm"],
                    "mm",
                    meaning=tr("Length from the fork of the aorta to the internal iliac artery"),
                    reason=found["reason"],
                )
            )
            rows.append(
                value_row(
                    f"widest_{side}",
                    tr("Greatest there"),
                    found["greatest_mm"],
                    "mm",
                    meaning=tr(
                        "Greatest diameter of the {side} common iliac artery, 12 mm below the fork and farther",
                        side=side,
                    ),
                    reason=found["reason"],
                )
            )
        return rows

    def _notes(self, results: Mapping[str, Any], evar: Evar | None) -> list[Note]:
        notes = []
        if evar is None and self.is_asked:
            notes += [Note(*split_sentences(one["text"])) for one in results["warnings"] if one["code"] == "evar_lost"]
        if self._preview is None and self._dragged is not None:
            notes.append(Note(tr("This place is not at the vessel"), tr("Let go where the artery leaves the aorta.")))
        if evar is None:
            return notes
        missing = [side for side in SIDES if evar["iliac"][side]["reason"]]
        if missing:
            reasons = dict.fromkeys(evar["iliac"][side]["reason"] for side in missing)
            both = (
                tr("Both landing zones are")
                if len(missing) == 2
                else tr("The {missing} landing zone is", missing=missing[0])
            )
            notes.append(
                Note(
                    tr("{both} not measured", both=both), tr("{join}. Branches are in step 3.", join=". ".join(reasons))
                )
            )
        codes = ("no_renal", "no_neck_end")
        notes += [Note(*split_sentences(one["text"])) for one in evar["warnings"] if one["code"] in codes]
        return notes

    def row_chosen(self, key: str) -> None:
        """Fly to where a number was taken."""
        evar = self.evar
        if evar is None:
            return
        for table in (self.table, self.iliacs):
            table.set_selected(key)
        found = place_of(evar, key)
        if found is not None:
            self._fly(*found)

    def _fly(self, part: int | None, place_mm: Sequence[float]) -> None:
        self.panel.show_part(part)
        vessel = self.panel.views.vessel
        if vessel is not None:
            self.panel.views.go_to(nearest_station(vessel.stations, place_mm))
        self.work.changed.emit()

    def actions(self) -> StepActions:
        """Place the artery, then the report."""
        if self.work.is_read_only:
            return StepActions(self.write_action, (), tr("← → station"))
        if self.work.is_busy:
            return StepActions(self.write_action, (self.stop_action,), "")
        blocked = self.panel.stale_words
        here = PanelAction("vessel_renal_here", tr("Renal here"), self.from_here, "scan-line", blocked=blocked, key="E")
        if not self.is_asked:
            place = PanelAction("vessel_place_renal", tr("Place lowest renal"), self._ask, blocked=blocked, key="Enter")
            top = PanelAction("vessel_from_top", tr("From upper end"), self.from_top, blocked=blocked)
            return StepActions(place, (here, top), self._hint)
        click = PanelAction("vessel_place_renal", tr("Click renal"), self._ask, "crosshair", blocked=blocked)
        return StepActions(self.write_action, (here, click), self._hint)

    @property
    def _hint(self) -> str:
        rest = keys_line(tr("← → station"), key_hint(tr("{key} here"), "edit_step"))
        return tr("Click places · Esc stops") if self.work.placer.asked else rest

    # drawing

    def items(self) -> list[PlanItem]:
        """The renal artery, the neck's ends, the widest section and both landing zones."""
        drawn: list[PlanItem] = []
        evar, results, renal = self.evar, self.work.results, self.renal_mm
        if renal is not None:
            movable = not self.work.is_read_only
            drawn.append(
                PointItem(key=RENAL, position_mm=renal, color=PLANS["b"], label=tr("Lowest renal"), movable=movable)
            )
        if evar is None or results is None:
            return drawn
        sac, neck_end = evar["aneurysm"], evar["neck"]["to_mm"]
        # the greatest section's own width stands in it: no words above it
        rings = [("neck_begin", evar["lowest_renal"]["position_mm"], tr("Neck"))]
        if neck_end is not None:
            rings.append(("neck_end", neck_end, tr("Neck ends")))
        if sac is not None:
            rings.append(("sac", sac["position_mm"], ""))
        for key, place, caption in rings:
            station = results["stations"][nearest_station(results["stations"], place)]
            points = np.asarray(station["contour_mm"], dtype=np.float64).reshape(-1, 3)
            if len(points) >= 3:
                drawn.append(
                    ContourItem(
                        key=key,
                        points_mm=points,
                        color=PLANS["b"],
                        fill_opacity=0.0,
                        dots=False,
                        solid=False,
                        caption=caption,
                    )
                )
        for side in SIDES:
            found = evar["iliac"][side]
            if found["landing_mm"] is not None:
                place = np.asarray(found["landing_mm"], dtype=np.float64)
                label = f"{side.capitalize()} {plain(found['mean_diameter_mm'], 'mm')}"
                drawn.append(
                    PointItem(
                        key=f"landing_{side}",
                        position_mm=place,
                        color=DARK["t1"],
                        label=label,
                        movable=False,
                        deep=True,
                    )
                )
        return drawn


def neck_rows(evar: Evar) -> list[TableRow]:
    """Neck, angles and sac as rows."""
    neck, sac = evar["neck"], evar["aneurysm"]
    rows = [
        value_row(
            "neck_length",
            tr("Neck length"),
            neck["length_mm"],
            "mm",
            meaning=tr("From the lowest renal artery to where the mean diameter stays 10 % above that at the artery"),
            reason=NO_END,
        )
    ]
    rows += [
        value_row(
            f"neck_{at:.0f}",
            tr("Neck at {at:.0f} mm", at=at),
            neck[f"d{at:.0f}_mm"],
            "mm",
            meaning=tr("Mean of least and greatest width {at:.0f} mm below the lowest renal artery, lumen only", at=at),
            reason=SHORT,
        )
        for at in DIAMETERS_AT_MM
    ]
    conical = "" if neck["shape"] is None else str(neck["shape"])
    rows += [
        value_row(
            "conicity",
            tr("Conicity"),
            neck["conicity_percent"],
            "%",
            meaning=tr("100 · (D15 − D0) / D0; conical above 10 %"),
            reason=SHORT,
            share=conical,
            clickable=False,
        ),
        value_row(
            "neck_calcium",
            tr("Calcium arc"),
            neck["calcium_arc_deg"],
            "°",
            meaning=tr("Greatest arc of calcium about a section of the neck"),
            reason=tr("Calcium was not looked for in this kind of image"),
            clickable=False,
        ),
        value_row(
            "suprarenal",
            tr("Suprarenal angle"),
            evar["suprarenal_deg"],
            "°",
            meaning=tr("Between the axes of the aorta 25 mm above and of the neck"),
            reason=NO_AXIS,
        ),
        value_row(
            "infrarenal",
            tr("Infrarenal angle"),
            evar["infrarenal_deg"],
            "°",
            meaning=tr("Between the axes of the neck and of the sac’s first 45 mm"),
            reason=NO_AXIS,
        ),
        value_row(
            "sac",
            tr("Greatest diameter"),
            None if sac is None else sac["max_diameter_mm"],
            "mm",
            meaning=tr("Greatest width of a section below the neck, lumen only: thrombus is not in it"),
            reason=NO_END,
        ),
        value_row(
            "sac_length",
            tr("Wider than 1.5 × neck"),
            None if sac is None else sac["length_over_1_5_mm"],
            "mm",
            meaning=tr("Length of the stretch whose mean diameter is at least 1.5 times that at the renal artery"),
            reason=NO_END,
            clickable=False,
        ),
        value_row(
            "graft",
            tr("Graft 10–20 % over"),
            evar["graft_mm"]["low_mm"],
            "mm",
            meaning=tr("Greatest neck diameter with 10 and 20 % oversizing"),
            share=tr("to {width:.1f}", width=evar["graft_mm"]["high_mm"]),
            clickable=False,
        ),
    ]
    return rows


def limit_rows(evar: Evar) -> list[TableRow]:
    """The usual and the extended limits: held, not held, or not measured."""
    rows = []
    for key, name in HELD_NAMES.items():
        usual, extended = (evar["limits"][which]["held"][key] for which in LIMITS)
        words, state = (
            (tr("not measured"), "")
            if usual is None
            else ("within", "ok")
            if usual
            else (tr("extended only"), "warn")
            if extended
            else ("outside", "bad")
        )
        rows.append(
            TableRow(f"held_{key}", name, "", state=state, status=words, reason=_limits_words(key), clickable=False)
        )
    return rows


def _limits_words(key: str) -> str:
    usual, extended = (_limits(which) for which in ("usual", "extended"))
    if key == "diameter":
        (low, high), (lower, higher) = usual["diameter_mm"], extended["diameter_mm"]
        return tr(
            "Usual {low:g}–{high:g} mm, extended {lower:g}–{higher:g} mm",
            low=low,
            high=high,
            lower=lower,
            higher=higher,
        )
    name, unit, word = ("length_mm", "mm", tr("at least")) if key == "length" else (f"{key}_deg", "°", tr("at most"))
    return tr(
        "Usual {word} {usual:g} {unit}, extended {word} {extended:g} {unit}",
        word=word,
        usual=usual[name],
        unit=unit,
        extended=extended[name],
    ).replace(" °", "°")


def _limits(which: str) -> Mapping[str, Any]:
    return LIMITS[which]


def _landing_meaning(found: Mapping[str, Any]) -> str:
    if found["mean_diameter_mm"] is None:
        return ""
    least, most = found["min_diameter_mm"], found["max_diameter_mm"]
    return tr(
        "Mean diameter of the last 15 mm before the internal iliac artery; least "
        "{least:.1f}, greatest {most:.1f} mm. Verify against the IFU",
        least=least,
        most=most,
    )


def place_of(evar: Evar, key: str) -> tuple[int | None, Sequence[float]] | None:
    """Branch (None: the vessel itself) and place (3,) where a number was taken; None for one that lies nowhere."""
    neck, sac = evar["neck"], evar["aneurysm"]
    start = evar["lowest_renal"]["position_mm"]
    places: dict[str, Sequence[float] | None] = {
        "neck_length": neck["to_mm"],
        "neck_0": start,
        "suprarenal": start,
        "infrarenal": neck["to_mm"],
        "sac": None if sac is None else sac["position_mm"],
    }
    places.update({f"neck_{at:.0f}": place for at, place in zip(DIAMETERS_AT_MM, evar["neck_places_mm"], strict=True)})
    for side in SIDES:
        if key.endswith(side):
            found = evar["iliac"][side]
            what = {"landing": "landing_mm", "iliac": "internal_mm", "widest": "greatest_at_mm"}[key.partition("_")[0]]
            return None if found[what] is None else (found["branch"], found[what])
    place = places.get(key)
    return None if place is None else (None, place)
