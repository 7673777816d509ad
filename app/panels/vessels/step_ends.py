"""Step 1: both ends, clicked or found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.i18n import inside, mark, text_position, tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.notes import Note
from app.panels.parts import NumberTable, PanelAction, TableRow, paragraph
from app.panels.rows import Heading
from app.panels.vessels.names import ENDS, POINT_HELP, POINT_NAMES, POINTS, VIA
from app.panels.vessels.step import READ_ONLY, VesselStep
from app.panels.way_points import HELP as VIA_HELP
from app.panels.way_points import WayPoints, moved_place, with_place
from app.theme.tokens import PLANS
from planning.geometry import FloatArray
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel


class EndsStep(VesselStep):
    """Where the vessel begins and ends."""

    number = ENDS

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        self._help = paragraph("")
        self.via = WayPoints(VIA)
        self._via_head = Heading(tr("On the way"), "vessel_add_via", tr("Add a point"))
        self._via_head.followed.connect(self._ask_via)
        self.through = NumberTable(definitions.WAY_POINTS)
        self.through.row_clicked.connect(self.row_chosen)
        self.set_body(self._help, below=(self._via_head, self.through))
        self.callouts[0].followed.connect(self.work.measured_points_again)

    def result(self) -> str:
        """How many points."""
        return tr("2 points") if self.work.placer.has(POINTS) else ""

    def entered(self) -> None:
        """Ask for the points that are missing."""
        self.panel.straighten()
        if not self.work.placer.has(POINTS) and not self.work.is_busy:
            self.work.placer.ask(*POINTS)

    def left(self) -> None:
        """Ask for nothing."""
        self.work.placer.stop()

    def arrangement(self) -> Arrangement | None:
        """Slices and 3D."""
        return None

    def refresh(self) -> None:
        """The points and where they came from."""
        placer, plan = self.work.placer, self.work.plan
        asked = placer.asked
        count = sum(key in placer.points for key in POINTS)
        self.great.set_text(
            tr("Points placed"), tr("{count} of {whole}", count=count, whole=2), tr("points"), stale=count < 2
        )
        words = {**POINT_HELP, VIA: VIA_HELP}
        self._help.setText(tr(words.get(asked, mark("Drag a point to move it, or select it and use the arrow keys."))))
        is_found = plan is not None and not self.work.is_dirty and plan.inputs.get("ends") == "automatic"
        origin = "automatic" if is_found else tr("by hand")
        rows = []
        for key in POINTS:
            place = placer.points.get(key)
            status = tr("click in the image") if key == asked else origin if place is not None else tr("not placed")
            detail = "" if place is None else text_position(place)
            rows.append(TableRow(key, POINT_NAMES[key], "", swatch=PLANS["a"], detail=detail, status=status))
        self.table.set_rows(rows)
        self.table.set_selected(asked or self.session.view.state.selected_point)
        self._via_head.setVisible(
            (self.work.results is not None and not self.work.is_read_only) or bool(self.work.via_mm)
        )
        self._via_head.set_link("" if self.work.is_read_only or self.work.is_busy else tr("Add a point"))
        self.through.setVisible(bool(self.work.via_mm))
        self.through.set_rows(self.via.rows(self.work.via_mm), self.work.is_dirty)
        self.through.set_selected(self.session.view.state.selected_point)
        note = self.work.problems.get("ends")
        if note is not None and plan is not None and self.work.is_dirty:
            note = Note(note.title, note.text, note.state, tr("Undo move"))
        self.say([note] if note is not None else [])

    def row_chosen(self, key: str) -> None:
        """Fly to a point, or ask for it."""
        placer = self.work.placer
        number = self.via.number(key, self.work.via_mm)
        if number is not None:
            self.session.view.set(selected_point=key)
            self.panel.fly_asked.emit(np.asarray(self.work.via_mm[number]))
        elif key in placer.points:
            self.session.view.set(selected_point=key)
            self.panel.fly_asked.emit(placer.points[key])
        elif not self.work.is_read_only:
            placer.ask_from(key, POINTS)

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """A click put an end down, or a place that the way goes through."""
        results = self.work.results
        if key == VIA:
            self.work.placer.stop()
            if results is not None and not self.work.is_read_only:
                self.work.lead(with_place(results["centerline_mm"], self.work.via_mm, position_mm), True)
            return True
        if key not in POINTS:
            return False
        if not self.work.is_read_only:
            self.work.place(key, position_mm)
        return True

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A place on the way follows the hand; the lumen is measured on release."""
        number = self.via.number(key, self.work.via_mm)
        if number is not None and not self.work.is_read_only:
            self.work.lead(moved_place(self.work.via_mm, number, position_mm), finished)
        return number is not None

    def point_reset(self, key: str) -> bool:
        """A place on the way is taken out."""
        number = self.via.number(key, self.work.via_mm)
        if number is not None and not self.work.is_read_only:
            self.work.lead(moved_place(self.work.via_mm, number, None), True)
        return number is not None

    def _ask_via(self) -> None:
        self.work.placer.ask_from(VIA, (VIA,))
        self.work.changed.emit()

    def via_items(self) -> list[PlanItem]:
        """The places on the way."""
        return self.via.items(self.work.via_mm, movable=not self.work.is_read_only)

    def actions(self) -> StepActions:
        """Accept the ends, find them, or start over."""
        placer, is_dirty = self.work.placer, self.work.is_dirty
        missing = placer.missing(POINTS)
        blocked = tr("Place the {point}", point=inside(tr(POINT_NAMES[missing[0]]))) if missing else ""
        problem = self.work.problems.get("ends")
        if self.work.is_busy:
            blocked = tr("Wait for the new numbers")
        elif missing and self.work.is_read_only:
            blocked = READ_ONLY
        elif not missing and is_dirty:
            blocked = problem.title if problem is not None else tr("Wait for the new numbers")
        accept = PanelAction("vessel_accept", tr("Accept ends"), self.panel.accept_step, blocked=blocked, key="Enter")
        hint = tr("Click places · Esc stops") if placer.asked else tr("Enter accepts")
        if self.work.is_read_only:
            return StepActions(accept, (), hint)
        if self.work.is_busy:
            return StepActions(accept, (self.stop_action,), "")
        others = [PanelAction("vessel_find_ends", tr("Find ends"), self.work.find_ends, "search", key="E")]
        if placer.points:
            others.append(PanelAction("vessel_start_over", tr("Start over"), self._start_over, "rotate-ccw"))
        return StepActions(accept, tuple(others), hint)

    def _start_over(self) -> None:
        self.work.start_over()
        self.work.placer.ask(*POINTS)
        self.work.changed.emit()
