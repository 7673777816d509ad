"""What the eight steps of the TAVR plan share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.base import PlanRow
from app.panels.guide import Step, StepActions
from app.panels.notes import Note, show_notes
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, page
from app.panels.tavr.names import NAMES, ROOT, SCAN
from planning.geometry import FloatArray
from viewers.keys import key_hint, keys_line
from viewers.overlay import LabelItem, PlanItem, SurfaceItem
from viewers.plan_pane import PlanPane

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class TavrStep(Step):
    """A step with a great number, a table and at most two callouts."""

    number = 0

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.panel, self.work, self.session = panel, panel.work, panel.session
        self.name = NAMES[self.number]
        self.hero = self.great = HeroNumber(definitions.TAVR_HEROES[self.number])
        self.table = NumberTable(definitions.TAVR_TABLES[self.number])
        self.callouts = [Callout(f"heart_{self.number}_{n}") for n in range(2)]
        self.table.row_clicked.connect(self._row_clicked)

    def set_body(self, *above: QWidget, below: tuple[QWidget, ...] = (), is_long: bool = False) -> None:
        """The scrolling part: what stands above the table, the table, callouts, the rest.

        is_long: the table is longer than the panel, so the callouts stand before it.
        """
        parts = (*self.callouts, self.table) if is_long else (self.table, *self.callouts)
        self.body = page(*above, *parts, *below)

    @property
    def numbers(self) -> Mapping[str, Any] | None:
        """The plan's numbers, those under the hand included."""
        return self.work.shown

    @property
    def is_accepted(self) -> bool:
        """True once the person has accepted the step."""
        return self.number in self.panel.where.accepted

    def is_reachable(self) -> bool:
        """Scan and points always, numbers once there are some."""
        return self.number <= ROOT or self.work.results is not None

    def result(self) -> str:
        """The step's result once it is accepted."""
        return self.words() if self.is_accepted else ""

    def words(self) -> str:
        """The step's result in words."""
        return ""

    def refresh(self) -> None:
        """Show the numbers of now."""
        if self.numbers is not None:
            self.show_numbers(self.numbers)

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Show these numbers of the plan."""

    def say(self, notes: list[Note]) -> None:
        """The step's callouts; before them, that the panes show another phase than the numbers are of."""
        elsewhere = self.work.beat.elsewhere_note() if self.number != SCAN else None
        if elsewhere is not None:
            notes = [elsewhere, *(replace(note, link="") for note in notes)]
        show_notes(self.callouts, notes)

    def _row_clicked(self, key: str) -> None:
        self.table.set_selected(key)
        self.row_chosen(key)

    def row_chosen(self, key: str) -> None:
        """A number was clicked."""

    def accept_action(self, text: str, blocked: str = "") -> PanelAction:
        """The main action that accepts this step."""
        return PanelAction("heart_accept", text, self.panel.accept_step, blocked=blocked or self.busy, key="Enter")

    @property
    def busy(self) -> str:
        """Why nothing can be accepted now, "" when it can."""
        return tr("Wait for the new numbers") if self.work.is_stale else ""

    def done(self, text: str, *others: PanelAction, hint: str = "", blocked: str = "") -> StepActions:
        """The footer of a step that is accepted."""
        edits = any(action.key == "E" for action in others)
        keys = hint or keys_line(tr("Enter accepts"), key_hint(tr("{key} edits"), "edit_step") if edits else "")
        return StepActions(self.accept_action(text, blocked), others, keys)

    @property
    def align_action(self) -> PanelAction:
        """Back to the annulus plane."""
        return PanelAction("heart_align", tr("Show annulus"), self.panel.align, "scan", key="N")

    @property
    def hinges_action(self) -> PanelAction:
        """Back to the points."""
        return PanelAction(
            "heart_move_hinges", tr("Move hinges"), partial(self.panel.go_to, ROOT), "waypoints", key="E"
        )

    def arrangement(self) -> Arrangement | None:
        """Which panes the step shows; None for slices and 3D."""
        return None

    def panes(self) -> Mapping[str, PlanPane]:
        """Panes of the step's own."""
        return {}

    def items(self) -> list[PlanItem]:
        """What this step draws beside annulus, hinges and ostia."""
        return []

    def labels(self) -> tuple[LabelItem, ...]:
        """Voxels that this step paints in slices."""
        return ()

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """Surfaces that this step adds in 3D."""
        return ()

    def realigned(self) -> None:
        """The panes went to a moved annulus while the step is open: its own planes go with them."""

    def opacities(self) -> Mapping[str, float]:
        """3D opacity of the case's structures that are not opaque in this step."""
        return {}

    @property
    def shows_root(self) -> bool:
        """Whether annulus, hinges and ostia are drawn in this step."""
        return True

    @property
    def annulus_shown(self) -> str:
        """How the annulus is drawn in this step: see `annulus_item`."""
        return ""

    def rows(self) -> list[PlanRow]:
        """Lines of the structures panel for what this step adds."""
        return []

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A movable point of this step is dragged; True when it was one."""
        return False

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """A click put down a point that this step asked for; True when it was one."""
        return False

    def point_reset(self, key: str) -> bool:
        """Delete on a point of this step; True when it was one."""
        return False
