"""The mitral part of the valve step: annulus points by hand, a device in them, the neo-LVOT at its narrowest section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QComboBox, QWidget

from app.i18n import text_quantity, text_value, tr
from app.panels.base import PlanRow
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberField, PanelAction
from app.panels.quantities import TableRow, number_row
from app.panels.rows import FieldRow, choice_box
from app.panels.tavr.mitral_hand import CODES, MOST_POINTS, POINT_KEY
from app.theme.tokens import DARK, PLANS
from planning.geometry import FloatArray
from planning.tavr.mitral import LEAST_POINTS
from planning.tavr.stent import frame_lines_mm
from viewers.overlay import ContourItem, NoteItem, PlanItem, PointItem, WireItem
from viewers.view_state import PinnedPlane, aligned_frame, vec

if TYPE_CHECKING:
    from app.panels.tavr.step_valve import ValveStep

REACH_MM = 60.0
SHARE_PERCENT = (50.0, 100.0)
ORDER = {"bad": 0, "warn": 1, "unknown": 2, "ok": 3}


class MitralPart:
    """Widgets, numbers and drawing of a mitral valve; the step shows them instead of the aortic ones."""

    def __init__(self, step: ValveStep) -> None:
        self._step, self._work, self._session = step, step.work, step.session
        self.hand = step.work.mitral
        names = [f"{size} mm, {model}" for model, size in self.hand.devices]
        self.box: QComboBox = choice_box("mitral_choice", tr("Mitral valve"), names)
        self.box.activated.connect(lambda number: self.hand.choose(*self.hand.devices[number]))
        self.share = NumberField("mitral_share", tr("In the ventricle"), "%", *SHARE_PERCENT, 5.0)
        self.share.entered.connect(lambda value: self.hand.set_share(value / 100.0))
        self.rows: tuple[QWidget, ...] = (
            FieldRow(tr("Mitral valve"), self.box, wide=True),
            FieldRow(tr("In the ventricle"), self.share),
        )

    # views

    def entered(self) -> None:
        """The narrowest section, or the heart as it lies while points are placed."""
        self.hand.prepare()
        if self.hand.is_whole:
            self.show_narrowest()
        elif not self._work.is_read_only:
            self.ask()

    def ask(self) -> None:
        """Ask for the next point."""
        view = self._session.view
        view.pin({})
        if not self.hand.points:
            # the plane through the right hinge also shows the mitral valve, behind the other two cusps
            self._step.turn_to("hinge_rcc")
        if len(self.hand.points) < MOST_POINTS:
            view.set(tool="place", placing=f"{POINT_KEY}{len(self.hand.points)}")

    def show_narrowest(self) -> None:
        """The annulus pane becomes the section where least is left; crosshair there."""
        found = self.hand.shown
        if found is None:
            return
        self._work.placer.stop()
        middle, normal = np.asarray(found["position_mm"]), np.asarray(found["normal"])
        view = self._session.view
        view.fly_to(middle)
        plane = PinnedPlane(title=tr("Neo-LVOT"), origin_mm=vec(middle), frame=aligned_frame(normal))
        view.pin({"axial": plane}, REACH_MM)
        self._step.panel.turn_long_axis(np.asarray(found["annulus"]["center_mm"]))

    # the hand

    def point_placed(self, key: str, place_mm: FloatArray) -> bool:
        """A click put a point of the annulus down; the next one is asked for."""
        if not key.startswith(POINT_KEY):
            return False
        self.hand.put(place_mm)
        if len(self.hand.points) < MOST_POINTS:
            self._session.view.set(placing=f"{POINT_KEY}{len(self.hand.points)}")
        else:
            self._work.placer.stop()
        return True

    def point_moved(self, key: str, place_mm: FloatArray, finished: bool) -> bool:
        """A point is dragged."""
        if not key.startswith(POINT_KEY):
            return False
        self.hand.move(int(key.removeprefix(POINT_KEY)), place_mm, finished)
        return True

    def point_reset(self, key: str) -> bool:
        """Delete takes a point away."""
        if not key.startswith(POINT_KEY):
            return False
        self.hand.remove(int(key.removeprefix(POINT_KEY)))
        return True

    def row_chosen(self, key: str) -> None:
        """Fly to where the number is taken."""
        if key.startswith("phase_"):
            phases = (self.hand.shown or {}).get("phases") or {"rows": ()}
            row = phases["rows"][int(key.removeprefix("phase_"))]
            self._session.phases.show(row["phase"])
            if row["position_mm"] is not None:
                self._session.view.fly_to(row["position_mm"])
        elif key == "mitral_annulus":
            found = self.hand.shown
            if found is not None:
                self._session.view.pin({})
                self._session.view.align(
                    "mitral", found["annulus"]["center_mm"], -np.asarray(found["annulus"]["axis"]), REACH_MM
                )
        else:
            self.show_narrowest()

    # showing

    def words(self) -> str:
        """The step's result."""
        found = self.hand.shown
        return "" if found is None else tr("neo-LVOT {area_mm2}", area_mm2=text_quantity(found["area_mm2"], "mm²"))

    def show(self, is_old: bool) -> None:
        """Great number, table and callouts of now."""
        hand, step = self.hand, self._step
        self.box.setCurrentIndex(hand.devices.index(hand.device) if hand.device in hand.devices else -1)
        self.share.set_value(100.0 * hand.depth_share)
        for field in (self.box, self.share):
            field.setEnabled(not self._work.is_read_only)
        found = hand.shown
        if found is None:
            step.great.set_text(
                tr("Mitral annulus"),
                tr("{count} of {whole}", count=len(hand.points), whole=LEAST_POINTS),
                tr("points"),
                stale=not hand.is_whole,
            )
            step.table.set_rows([])
            step.say(self._first_notes())
            return
        worst = min((row["state"] for row in found["thresholds"]), key=lambda state: ORDER[state])
        step.great.set_number(
            tr("Neo-LVOT, least area"), found["area_mm2"], "mm²", found["uncertainty_mm2"], state=worst, stale=is_old
        )
        step.table.set_rows(mitral_rows(found, self._work.beat.labels), is_old)
        step.say(self._notes(found))

    def _first_notes(self) -> list[Note]:
        if self.hand.problem is not None:
            return [self.hand.problem]
        if self.hand.is_whole:
            return [Note(tr("Reading the outflow tract"), tr("The neo-LVOT comes in a moment."))]
        text = tr(
            "Click six points or more round the mitral annulus, in any pane; turn the planes with comma and full stop."
        )
        return [Note(tr("Place the mitral annulus"), text)]

    def _notes(self, found: Mapping[str, Any]) -> list[Note]:
        if self.hand.problem is not None:
            return [self.hand.problem]
        notes = [limits_note(found)]
        results = self._work.results or {"warnings": ()}
        notes += [Note(*split_sentences(said["text"])) for said in results["warnings"] if said["code"] in CODES]
        if found["phases"] is None:
            text = tr("End-systole alone overestimates the risk; look at the other phases too.")
            notes.append(
                Note(
                    tr("Told of one phase: {phase}", phase=found["phase"])
                    if found["phase"]
                    else tr("Told of one phase"),
                    text,
                )
            )
        return notes

    def actions(self) -> tuple[PanelAction, ...]:
        """Place points, measure the other phases."""
        if self._work.is_read_only:
            return ()
        is_placing = self._work.placer.asked.startswith(POINT_KEY)
        made = [
            PanelAction("mitral_points", tr("Done placing"), self._done, "check", key="E")
            if is_placing and self.hand.is_whole
            else PanelAction(
                "mitral_points",
                tr("Add points") if self.hand.points else tr("Place annulus"),
                self.ask,
                "circle-dot",
                tr("Click in the image") if is_placing else "",
                key="E",
            )
        ]
        if self._work.beat.is_moving and self.hand.shown is not None:
            blocked = self.hand.follow_blocked
            made.append(PanelAction("mitral_phases", tr("All phases"), self.hand.follow, "activity", blocked))
        elif self.hand.points:
            made.append(PanelAction("mitral_clear", tr("No mitral valve"), self.hand.clear, "trash-2"))
        return tuple(made)

    @property
    def blocked(self) -> str:
        """Why the neo-LVOT cannot be accepted, "" when it can."""
        return "" if self.hand.shown is not None else tr("Place the mitral annulus")

    def _done(self) -> None:
        self._work.placer.stop()
        self.show_narrowest()

    # drawing

    def items(self) -> list[PlanItem]:
        """Points, annulus, frame, and the narrowest section with what is left of it."""
        drawn: list[PlanItem] = [
            PointItem(
                key=f"{POINT_KEY}{n}",
                position_mm=place,
                color=PLANS["a"],
                label="",
                movable=not self._work.is_read_only,
                shape="small",
            )
            for n, place in enumerate(self.hand.points)
        ]
        found = self.hand.shown
        return drawn if found is None else [*drawn, *mitral_items(found)]

    def plan_rows(self) -> list[PlanRow]:
        """Lines of the structures panel."""
        found = self.hand.shown
        if found is None:
            return []
        annulus = text_quantity(found["annulus"]["area_mm2"], "mm²")
        return [
            PlanRow("mitral_annulus", tr("Mitral annulus"), PLANS["a"], annulus),
            PlanRow("mitral_valve", tr("Mitral valve, {size} mm", size=found["size"]), DARK["t1"], ""),
            PlanRow("neo_lvot", tr("Neo-LVOT"), _color(found), text_quantity(found["area_mm2"], "mm²")),
        ]


def _color(found: Mapping[str, Any]) -> str:
    worst = min((row["state"] for row in found["thresholds"]), key=lambda state: ORDER[state])
    return DARK[worst]


def mitral_items(found: Mapping[str, Any]) -> list[PlanItem]:
    """Of a plan's "mitral": annulus, frame, lumen where least is left, and what is left."""
    axis = np.asarray(found["frame"]["axis"])
    struts, _ = frame_lines_mm({"frame": {**found["frame"], "posts_deg": [0.0], "posts_mm": [0.0, 0.0]}})
    outline = np.asarray(found["annulus"]["outline_mm"])
    drawn: list[PlanItem] = [
        ContourItem(
            key="mitral_annulus", points_mm=outline, color=PLANS["a"], fill_opacity=0.0, dots=False, solid=False
        ),
        WireItem(key="mitral_valve", lines_mm=tuple(struts), color=DARK["t1"], axis=axis),
        ContourItem(
            key="neo_lumen",
            points_mm=np.asarray(found["lumen_mm"]),
            color=DARK["t2"],
            fill_opacity=0.0,
            dots=False,
            chord=False,
            width_px=1.2,
            solid=False,
        ),
    ]
    if found["left_mm"]:
        color = _color(found)
        drawn.append(
            ContourItem(
                key="neo_lvot", points_mm=np.asarray(found["left_mm"]), color=color, fill_opacity=0.3, dots=False
            )
        )
        words = tr("neo-LVOT {area_mm2}", area_mm2=text_quantity(found["area_mm2"], "mm²"))
        drawn.append(
            NoteItem(
                key="neo_lvot",
                position_mm=np.asarray(found["position_mm"]),
                text=words,
                color=color,
                corner=True,
                along=np.asarray(found["normal"]),
            )
        )
    return drawn


def limits_note(found: Mapping[str, Any]) -> Note:
    """The area against both published limits."""
    worst = min(found["thresholds"], key=lambda row: ORDER[row["state"]])
    if worst["state"] == "bad":
        title = tr("Obstruction of the outflow tract likely")
    elif worst["state"] == "warn":
        title = tr("Within its uncertainty of a limit")
    else:
        title = tr("Over both limits")
    limits = " and ".join(text_value(row["limit_mm2"], 0) for row in found["thresholds"])
    authors = ", ".join(str(row["source"]).partition(",")[0] for row in found["thresholds"])
    text = tr("Held against {limits} mm² ({authors}).", limits=limits, authors=authors)
    if not found["touched"]:
        text = tr("The frame stands in no plane of the tract; the tract’s own least area is given. {text}", text=text)
    return Note(title, text, worst["state"])


def mitral_rows(found: Mapping[str, Any], labels: tuple[str, ...]) -> list[TableRow]:
    """Tract, share left, limits, annulus and phases."""
    annulus = found["annulus"]
    rows = [
        number_row("neo_tract", tr("Outflow tract there"), found["lvot_mm2"], "mm²"),
        number_row("neo_left", tr("Left of it"), found["left_percent"], "%"),
    ]
    for row in found["thresholds"]:
        name = tr("Over {limit_mm2} mm²", limit_mm2=text_value(row["limit_mm2"], 0))
        words = {"ok": "yes", "warn": "close", "bad": "no"}[row["state"]]
        rows.append(TableRow(f"limit_{row['limit_mm2']:g}", name, words, state=row["state"], reason=str(row["source"])))
    rows += [
        number_row("mitral_annulus", tr("Mitral annulus, projected"), annulus["area_mm2"], "mm²"),
        number_row("mitral_diameter", tr("Its mean diameter"), annulus["mean_diameter_mm"], "mm", clickable=False),
    ]
    phases = found["phases"]
    if phases is not None:
        rows.append(number_row("mean", tr("Mean of all phases"), phases["mean_mm2"], "mm²", clickable=False))
        for n, row in enumerate(phases["rows"]):
            name = str(row["label"]) or tr("Phase {phase}", phase=row["phase"] + 1)
            rows.append(
                number_row(
                    f"phase_{n}", name, row["area_mm2"], "mm²", row["uncertainty_mm2"], reason=str(row["reason"])
                )
            )
    return rows
