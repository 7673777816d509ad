"""Step 2: hinges and ostia, found or placed, each looked at through the root and movable."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import tr
from app.panels.guide import StepActions
from app.panels.notes import Note
from app.panels.parts import PanelAction, paragraph
from app.panels.tavr import rows
from app.panels.tavr.drawing import estimate_items, root_items
from app.panels.tavr.names import HINGES, OSTIA, POINT_HELP, POINT_NAMES, ROOT
from app.panels.tavr.step import TavrStep
from planning.geometry import FloatArray
from viewers.overlay import PlanItem
from viewers.view_state import vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

REACH_MM, CUSP_LEVEL_MM = 60.0, 9.0


class RootStep(TavrStep):
    """Where the points are, who placed them, and where to look again."""

    number = ROOT

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._help = paragraph("")
        self.set_body(self._help)
        self.callouts[0].followed.connect(self._follow)
        self.work.found.connect(self._look_at_root)

    def words(self) -> str:
        """How many points there are."""
        results = self.work.results
        if results is None:
            return ""
        found = sum(key in results["landmarks"] for key in OSTIA)
        return tr("3 hinges, %n (ostium|ostia)", "", found)

    # views

    def entered(self) -> None:
        """Ask for what is missing, or look along the root."""
        if not self.work.has_hinges:
            self.work.placer.ask(*HINGES)
        else:
            self._look_at_root()

    def left(self) -> None:
        """Ask for nothing."""
        self.work.placer.stop()

    def _axis(self) -> tuple[FloatArray, FloatArray]:
        """A point on the root's axis at the cusps, and the axis: of the root found, else across the hinges."""
        hinges = np.array(self.work.hinges_mm())
        normal = np.cross(hinges[1] - hinges[0], hinges[2] - hinges[0])
        normal /= max(float(np.linalg.norm(normal)), 1e-9)
        found = self.work.decided.automatic
        if found is not None and found.get("second") is not None:
            normal = np.asarray(found["second"]["normal"])
        return hinges.mean(axis=0) + CUSP_LEVEL_MM * normal, normal

    def _look_at_root(self) -> None:
        if self.panel.open_step is self and self.work.has_hinges:
            origin, normal = self._axis()
            self.session.view.align("root", origin, normal, REACH_MM)
            self.panel.show_root(origin)

    def look_at(self, key: str) -> None:
        """Root axis 1 turns about the root until it goes through a point; the cusp level goes to its height."""
        place = self._place(key)
        if place is None or not self.work.has_hinges:
            return
        view = self.session.view
        if view.state.frame_name != "root":
            self._look_at_root()
        state = view.state
        right, down, normal = (np.asarray(axis) for axis in state.frame)
        origin = np.asarray(state.frame_origin_mm)
        rest = place - origin
        angle = float(np.arctan2(rest @ down, rest @ right))
        # of both half turns the smaller one, so that left and right stay where they were
        angle -= np.pi * round(angle / np.pi)
        turned = replace(state.with_turn("axial", angle), frame_name="root", frame_origin_mm=state.frame_origin_mm)
        view.become(replace(turned, cross_mm=vec(origin + float(rest @ normal) * normal), selected_point=key))

    def _place(self, key: str) -> FloatArray | None:
        if key in self.work.placer.points:
            return self.work.placer.points[key]
        found = self.work.landmarks.get(key)
        return None if found is None else np.asarray(found["position_mm"])

    # showing

    def refresh(self) -> None:
        """The points, and what is asked for."""
        placer, work = self.work.placer, self.work
        placed = 3 - len(placer.missing(HINGES))
        by_hand = any(work.source_of(key) != "automatic" for key in HINGES if key in placer.points)
        origin = "" if placed < 3 else "edited" if by_hand else "automatic"
        caption = tr("Hinge points placed") if by_hand or placed < 3 else tr("Hinge points found")
        self.great.set_text(
            caption, tr("{count} of {whole}", count=placed, whole=3), tr("hinges"), origin=origin, stale=placed < 3
        )
        placing = placer.asked
        self._help.setText(self._words(placing, placed))
        self.table.set_rows(rows.point_rows(self.work, self.panel.colors(), placing))
        self.table.set_selected(placing or self.session.view.state.selected_point)
        self.say(self._notes())

    def _words(self, placing: str, placed: int) -> str:
        if self.work.finder.is_finding:
            return tr("Looking for the aortic root. It can be stopped below.")
        words = POINT_HELP.get(placing, "")
        if placing in HINGES and not placed:
            return tr("Find the root, or place the hinges by hand. {words}", words=words)
        if not placing:
            return tr(
                "Drag a point to move it, or select it and use the arrow keys. Comma and full stop turn the planes."
            )
        return words

    def _notes(self) -> list[Note]:
        problem, results = self.work.problem, self.work.results
        if problem is not None:
            link = tr("Undo move") if self.work.plan is not None else ""
            return [Note(problem.title, problem.text, problem.state, link)]
        if results is None or self.work.is_stale:
            return []
        return [*rows.look_here_notes(results), *rows.unsure_notes(results), *rows.step_notes(results, ROOT)]

    def _follow(self) -> None:
        """The first callout's link."""
        if self.work.problem is not None:
            self.work.measured_points_again()
            return
        look = rows.look_here(self.work.results)
        if look:
            self.look_at(look[0]["landmark"])

    @property
    def annulus_shown(self) -> str:
        """Bare: the points are looked at."""
        return "none"

    def items(self) -> list[PlanItem]:
        """Other estimates beside the points, the root's line and its commissures."""
        return [*root_items(self.work), *estimate_items(self.work, self.panel.colors())]

    # actions

    def actions(self) -> StepActions:
        """Find the root, then accept it."""
        work = self.work
        missing = work.placer.missing(HINGES)
        if len(missing) == len(HINGES) and not work.is_read_only and work.plan is None:
            return self._find_actions()
        blocked = ""
        if missing and work.is_read_only:
            blocked = tr("This case is open to read")
        elif missing:
            blocked = tr("Place the {POINT_NAMES}", POINT_NAMES=POINT_NAMES[missing[0]])
        elif work.problem is not None:
            blocked = work.problem.title
        hint = tr("Click places · Esc stops") if self.session.view.state.tool == "place" else ""
        return self.done(tr("Accept root"), *self._others(not missing), hint=hint, blocked=blocked)

    def _find_actions(self) -> StepActions:
        blocked = tr("Looking for the root") if self.work.finder.is_finding else ""
        blocked = blocked or ("" if self.session.image is not None else tr("This case has no image"))
        find = PanelAction("heart_find_root", tr("Find the root"), self.work.finder.find, blocked=blocked, key="Enter")
        others = ()
        if self.work.finder.is_finding:
            others = (PanelAction("heart_stop_finding", tr("Stop"), self.work.finder.stop, "x"),)
        hint = tr("Click places · Esc stops") if self.session.view.state.tool == "place" else tr("Enter finds")
        return StepActions(find, others, hint)

    def _others(self, is_complete: bool) -> list[PanelAction]:
        work, others = self.work, []
        if work.is_read_only:
            return []
        chosen = self.session.view.state.selected_point
        if work.source_of(chosen) == "edited" and work.edits.automatic_mm(chosen) is not None:
            back = PanelAction(
                "heart_back_to_automatic", tr("Back to automatic"), lambda: self.panel.reset_point(chosen), "rotate-ccw"
            )
            others.append(back)
        if work.results is not None and is_complete:
            others.append(PanelAction("heart_place_ostia", tr("Place ostia"), self.place_ostia, "circle-dot", key="E"))
        if work.placer.points and len(others) < 2:
            others.append(PanelAction("heart_start_over", tr("Start over"), self._start_over, "rotate-ccw"))
        return others

    def place_ostia(self) -> None:
        """Both ostia by hand."""
        for key in OSTIA:
            self.work.placer.points.pop(key, None)
        self.work.placer.ask(*OSTIA)
        self.work.changed.emit()

    def _start_over(self) -> None:
        self.work.edits.clear()
        self.session.view.straighten()
        self.work.placer.ask(*HINGES)
        self.work.changed.emit()

    def row_chosen(self, key: str) -> None:
        """Go to a point, or ask for it."""
        if self._place(key) is not None:
            self.look_at(key)
        elif key in HINGES and not self.work.is_read_only:
            self.work.placer.ask_from(key, HINGES)
        elif key in OSTIA and not self.work.is_read_only and self.work.has_hinges:
            self.work.placer.ask_from(key, (key,))
