"""Step 2: hinges and ostia, placed or found, each movable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.panels.guide import StepActions
from app.panels.notes import Note
from app.panels.parts import PanelAction, paragraph
from app.panels.tavr import rows
from app.panels.tavr.names import HINGES, OSTIA, POINT_HELP, POINT_NAMES, ROOT
from app.panels.tavr.step import TavrStep

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class RootStep(TavrStep):
    """Where the hinges are."""

    number = ROOT

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._help = paragraph("")
        self.set_body(self._help)
        self.callouts[0].followed.connect(self.work.measured_points_again)

    def words(self) -> str:
        """How many points there are."""
        results = self.work.results
        if results is None:
            return ""
        found = sum(key in results["landmarks"] for key in OSTIA)
        return f"3 hinges, {found} {'ostium' if found == 1 else 'ostia'}"

    def entered(self) -> None:
        """Ask for what is missing."""
        if not self.work.has_hinges:
            self.work.placer.ask(*HINGES)

    def left(self) -> None:
        """Ask for nothing."""
        self.work.placer.stop()

    def refresh(self) -> None:
        """The points, and what is asked for."""
        placer = self.work.placer
        placed = 3 - len(placer.missing(HINGES))
        self.great.set_text(
            "Hinge points placed", f"{placed} of 3", "hinges", origin="edited" if placed == 3 else "", stale=placed < 3
        )
        placing = placer.asked
        words = POINT_HELP.get(placing, "")
        if placing in HINGES and not placed:
            words = f"Place the hinges by hand. {words}"
        elif not placing:
            words = "Drag a point to move it, or select it and use the arrow keys."
        self._help.setText(words)
        self.table.set_rows(rows.point_rows(placer.points, self.work.results, self.panel.colors(), placing))
        self.table.set_selected(placing or self.session.view.state.selected_point)
        self.say(self._notes())

    def _notes(self) -> list[Note]:
        problem, results = self.work.problem, self.work.results
        if problem is not None:
            link = "Undo move" if self.work.plan is not None else ""
            return [Note(problem.title, problem.text, problem.state, link)]
        return rows.step_notes(results, ROOT) if results is not None and not self.work.is_stale else []

    def actions(self) -> StepActions:
        """Accept root, once three hinges are measured."""
        missing = self.work.placer.missing(HINGES)
        blocked = ""
        if missing and self.work.is_read_only:
            blocked = "This case is open to read"
        elif missing:
            blocked = f"Place the {POINT_NAMES[missing[0]]}"
        elif self.work.problem is not None:
            blocked = self.work.problem.title
        others = []
        if not self.work.is_read_only:
            if self.work.results is not None and not missing:
                others.append(PanelAction("heart_place_ostia", "Place ostia", self.place_ostia, "circle-dot", key="E"))
            if self.work.placer.points:
                others.append(PanelAction("heart_start_over", "Start over", self._start_over, "rotate-ccw"))
        hint = "Click places · Esc stops" if self.session.view.state.tool == "place" else ""
        return self.done("Accept root", *others, hint=hint, blocked=blocked)

    def place_ostia(self) -> None:
        """Both ostia by hand."""
        for key in OSTIA:
            self.work.placer.points.pop(key, None)
        self.work.placer.ask(*OSTIA)
        self.work.changed.emit()

    def _start_over(self) -> None:
        self.work.clear()
        self.work.placer.ask(*HINGES)
        self.work.changed.emit()

    def row_chosen(self, key: str) -> None:
        """Go to a point, or ask for it."""
        points, results = self.work.placer.points, self.work.results
        if key in points:
            self.session.view.set(selected_point=key)
            self.panel.fly_asked.emit(points[key])
        elif key in HINGES and not self.work.is_read_only:
            self.work.placer.ask_from(key, HINGES)
        elif results is not None and key in results["landmarks"]:
            self.panel.fly_asked.emit(np.asarray(results["landmarks"][key]["position_mm"]))
