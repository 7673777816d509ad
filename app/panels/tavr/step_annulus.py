"""Step 3: the annulus, its numbers, and a contour that can be pulled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QLabel

from app.i18n import text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.parts import NumberTable, PanelAction, paragraph
from app.panels.tavr import rows, valves
from app.panels.tavr.drawing import HANDLE_KEY, handle_items, unclear_items
from app.panels.tavr.names import ANNULUS, HINGES
from app.panels.tavr.step import TavrStep
from app.theme.style import set_kind
from planning.geometry import FloatArray
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

SAME_PIN_DEG = 16.0


class AnnulusStep(TavrStep):
    """Area, diameters, eccentricity, angle."""

    number = ANNULUS

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.hovered = ""
        self.is_editing = False
        self._pins: list[FloatArray] = []
        self._sizes_title = QLabel(tr("Valve sizes at this annulus"))
        set_kind(self._sizes_title, "heading")
        self.sizes = NumberTable(definitions.TAVR_SIZES)
        self._sizes_note = paragraph("")
        self.set_body(below=(self._sizes_title, self.sizes, self._sizes_note))
        self.table.row_hovered.connect(self._row_hovered)
        self.callouts[0].followed.connect(self._follow)

    def words(self) -> str:
        """The area."""
        results = self.work.results
        return "" if results is None else text_quantity(results["annulus"]["area_mm2"], "mm²")

    def entered(self) -> None:
        """Look at the annulus plane."""
        self.panel.align()

    def left(self) -> None:
        """Handles belong to this step."""
        self.is_editing = False

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """The annulus, live while a hinge or the contour is dragged."""
        annulus, is_old = numbers["annulus"], self.work.is_old("annulus")
        spread = None if is_old else annulus["uncertainty"]["area_mm2"]
        self.great.set_number(tr("Annulus area"), annulus["area_mm2"], "mm²", spread, origin=self.origin, stale=is_old)
        self.great.tell("" if spread is None else rows.uncertainty_tip(annulus))
        self.table.set_rows(rows.annulus_rows(annulus, numbers["angulation_deg"]), is_old)
        notes = [self.work.problem] if self.work.problem is not None else []
        if not self.work.is_stale:
            notes += [*rows.look_here_notes(numbers), *rows.step_notes(numbers, ANNULUS)]
        self.say(notes)
        self._show_sizes(numbers)

    @property
    def origin(self) -> str:
        """Where the numbers came from."""
        if self.is_accepted:
            return "accepted"
        is_automatic = all(self.work.source_of(key) == "automatic" for key in HINGES) and not self.work.edits.pins_mm
        return "automatic" if is_automatic else "edited"

    def _show_sizes(self, numbers: Mapping[str, Any]) -> None:
        """A high window has room for the sizes of one family."""
        is_shown = self.panel.frame.stepper.is_tall and numbers["quality"]["ok"]
        for widget in (self._sizes_title, self.sizes, self._sizes_note):
            widget.setVisible(is_shown)
        if is_shown:
            family, note = valves.family_rows(numbers)
            self.sizes.set_rows(family, self.work.is_old("devices"))
            self._sizes_note.setText(note)

    def _row_hovered(self, key: str) -> None:
        if key != self.hovered:
            self.hovered = key
            self.panel.scene_changed.emit()

    @property
    def annulus_shown(self) -> str:
        """The hovered diameter alone."""
        return self.hovered

    def row_chosen(self, key: str) -> None:
        """All of them lie in the annulus plane."""
        self.panel.align()

    def _follow(self) -> None:
        """Show the hinge that two estimates disagree on."""
        look = rows.look_here(self.work.results)
        if look and self.work.problem is None:
            self.panel.go_to(self.panel.root.number)
            self.panel.root.look_at(look[0]["landmark"])

    # the contour

    def items(self) -> list[PlanItem]:
        """Arcs that are unclear, and handles while the contour is edited."""
        numbers = self.numbers
        if numbers is None or (self.work.is_stale and "annulus" not in self.work.preview):
            return []
        annulus = numbers["annulus"]
        handles = (
            handle_items(annulus, self.work.edits.pins_mm) if self.is_editing and not self.work.is_read_only else []
        )
        return [*unclear_items(annulus), *handles]

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A handle pulls the contour through the hand's place."""
        numbers = self.numbers
        if not key.startswith(HANDLE_KEY) or numbers is None:
            return False
        if not self._pins:
            self._pins = self.work.edits.pins_mm
        center = np.asarray(numbers["annulus"]["centroid_mm"])
        others = [pin for pin in self._pins if _apart_deg(pin - center, position_mm - center) > SAME_PIN_DEG]
        self.panel.where.accepted &= {0, 1}
        self.work.edits.pull([*others, np.asarray(position_mm)], finished)
        if finished:
            self._pins = []
        return True

    def _toggle_editing(self) -> None:
        self.is_editing = not self.is_editing
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _follow_image(self) -> None:
        self.work.edits.pull([], True)

    def accept_action(self, text: str, blocked: str = "") -> PanelAction:
        """The main action; the routes are looked for meanwhile."""
        return PanelAction("heart_accept", text, self._accept, blocked=blocked or self.busy, key="Enter")

    def _accept(self) -> None:
        self.panel.accept_step()
        if self.work.routes.is_wanted:
            self.work.routes.find()

    def actions(self) -> StepActions:
        """Accept annulus."""
        if self.work.is_read_only:
            return self.done(tr("Accept annulus"), self.align_action)
        if not self.is_editing:
            edit = PanelAction("heart_edit_contour", tr("Edit contour"), self._toggle_editing, "spline", key="E")
            move = PanelAction("heart_move_hinges", tr("Move hinges"), self.hinges_action.run, "waypoints")
            return self.done(tr("Accept annulus"), edit, move)
        finish = PanelAction("heart_edit_contour", tr("Done"), self._toggle_editing, "check", key="E")
        blocked = "" if self.work.edits.pins_mm else tr("Nothing was pulled")
        back = PanelAction("heart_follow_image", tr("Back to automatic"), self._follow_image, "rotate-ccw", blocked)
        return self.done(tr("Accept annulus"), finish, back, hint=tr("Drag a handle to pull the contour"))


def _apart_deg(first: FloatArray, second: FloatArray) -> float:
    cosine = float(first @ second) / max(float(np.linalg.norm(first) * np.linalg.norm(second)), 1e-9)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
