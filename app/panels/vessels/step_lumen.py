"""Step 2: the lumen along the vessel, its least and greatest place, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction, paragraph
from app.panels.rows import Heading
from app.panels.section_rows import edit_help, edited_words, station_rows
from app.panels.vessel_views import nearest
from app.panels.vessels.names import ENDS, LUMEN
from app.panels.vessels.step import VesselStep, value_row
from planning.case.vessel_plans import with_lumen_edits
from planning.geometry import FloatArray
from planning.vessel.edits import LumenEdit
from viewers.keys import key_hint, keys_line

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel

MEANINGS: Mapping[str, str] = {
    "minimum": mark("Least distance between parallel jaws about the lumen, steadied along the vessel"),
    "maximum": mark("Greatest distance between parallel jaws about the lumen, steadied along the vessel"),
    "length": mark("Along the smoothed line of the sections’ middles"),
    "chord": mark("From the first point straight to the second"),
    "tortuosity": mark("Length over straight distance"),
}


class LumenStep(VesselStep):
    """What the vessel measures."""

    number = LUMEN

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        # numbers that the hand shows before it lets go, which the case never sees
        self._preview: Mapping[str, Any] | None = None
        self._help = paragraph(edit_help())
        self.here = NumberTable(definitions.SECTION)
        self._edits_head = Heading("", "lumen_reset_all", tr("Reset all"))
        self._edits_head.followed.connect(panel.views.reset_all)
        self.set_body(self._help, below=(self.here, self._edits_head))
        panel.views.pulled.connect(self._pulled)
        panel.views.refused.connect(self.session.said)

    def result(self) -> str:
        """The least diameter."""
        results = self.work.results
        return "" if results is None else text_quantity(results["minimum"]["min_diameter_mm"], "mm")

    def entered(self) -> None:
        """The whole vessel at its station."""
        self.panel.show_part(None)
        self.panel.views.look()

    def left(self) -> None:
        """No handles elsewhere."""
        self._preview = None
        self.panel.views.set_editing(False)

    # the section under the hand

    def _pulled(self, edits: tuple[LumenEdit, ...], finished: bool) -> None:
        """A section was pulled: what follows from it is shown at once, and in the case on release."""
        plan = self.work.plan
        self._preview = None
        if plan is None or self.work.is_read_only or self.work.is_dirty:
            return
        if finished:
            self.work.edit_lumen(edits)
            return
        if [edit.as_json() for edit in edits] != list(plan.inputs.get("lumen_edits") or ()):
            self._preview = with_lumen_edits(plan, edits).results
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A handle of the section."""
        return self.panel.views.point_moved(key, position_mm, finished)

    def point_reset(self, key: str) -> bool:
        """A pulled handle is let go."""
        return self.panel.views.reset_point(key)

    def _toggle_editing(self) -> None:
        self.panel.views.set_editing(not self.panel.views.is_editing)
        self.panel.views.look()
        self.panel.refresh()
        self.panel.scene_changed.emit()

    # showing

    def refresh(self) -> None:
        """Numbers of the vessel and of the section shown, those under the hand included."""
        plan = self.work.plan
        results = self._preview if self._preview is not None else self.work.results
        if results is None or plan is None:
            return
        is_stale = self.work.is_dirty
        least, greatest = results["minimum"], results["maximum"]
        origin = "edited" if least.get("edited") else "automatic"
        self.great.set_number(
            tr("Least diameter"),
            least["min_diameter_mm"],
            "mm",
            least.get("uncertainty_mm"),
            origin=origin,
            stale=is_stale,
        )
        rows = [
            value_row(
                key,
                name,
                found[width],
                "mm",
                meaning=MEANINGS[key],
                detail=tr("at {place:.0f}\u202fmm", place=found["s_mm"]),
                spread=found.get("uncertainty_mm"),
            )
            for key, name, found, width in (
                ("minimum", tr("Least diameter", "in a row"), least, "min_diameter_mm"),
                ("maximum", tr("Greatest diameter", "in a row"), greatest, "max_diameter_mm"),
            )
        ]
        rows += [
            value_row(key, name, value, unit, meaning=MEANINGS[key], clickable=False)
            for key, name, value, unit in (
                ("length", tr("Length"), results["length_mm"], "mm"),
                ("chord", tr("Straight distance"), results["chord_mm"], "mm"),
                ("tortuosity", tr("Tortuosity"), results["tortuosity"], ""),
            )
        ]
        told = results.get("automatic")
        if told is not None:
            beside = value_row(
                "automatic",
                tr("Automatic least"),
                told["minimum"]["min_diameter_mm"],
                "mm",
                spread=told["minimum"].get("uncertainty_mm"),
                clickable=False,
                meaning=tr("The least diameter as the image alone tells it"),
            )
            rows.insert(1, beside)
        self.table.set_rows(rows, is_stale)
        self._help.setVisible(self.panel.views.is_editing)
        count = len(plan.inputs.get("lumen_edits") or ())
        self._edits_head.setVisible(bool(count))
        self._edits_head.text.setText(edited_words(count))
        self._edits_head.set_link("" if self.work.is_read_only else tr("Reset all"))
        self.here.set_rows(station_rows(self.panel.views.station), is_stale)
        self.say([Note(*split_sentences(finding["text"])) for finding in results["warnings"]])

    def row_chosen(self, key: str) -> None:
        """Fly to the narrowest or the widest place."""
        results = self.work.results
        if results is None or key not in ("minimum", "maximum"):
            return
        self.table.set_selected(key)
        self.panel.views.go_to(nearest(results["stations"], results[key]["s_mm"]))

    def actions(self) -> StepActions:
        """The report, or other ends."""
        if self.work.is_read_only:
            return StepActions(self.write_action, (), tr("← → station"))
        views = self.panel.views
        if views.is_editing:
            finish = PanelAction("lumen_edit_contour", tr("Done"), self._toggle_editing, "check", key="E")
            blocked = "" if views.is_edited_here else tr("This section was not edited")
            back = PanelAction("lumen_reset_section", tr("Reset section"), views.reset_section, "rotate-ccw", blocked)
            return StepActions(self.write_action, (finish, back), tr("Drag a handle · ← → station"))
        edit = PanelAction(
            "lumen_edit_contour", tr("Edit contour"), self._toggle_editing, "spline", self.panel.stale_words, key="E"
        )
        move = PanelAction("vessel_move_ends", tr("Move ends"), partial(self.panel.go_to, ENDS), "waypoints")
        return StepActions(
            self.write_action, (edit, move), keys_line(tr("← → station"), key_hint(tr("{key} edits"), "edit_step"))
        )
