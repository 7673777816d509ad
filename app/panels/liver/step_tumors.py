"""Step 3 of the liver panel: the tumours, each with its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.guide import StepActions
from app.panels.liver.step_parts import LiverStep, StructureChoice
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import Heading
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


class TumorStep(LiverStep):
    """3: the tumours, each with its size."""

    name = "Tumours"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._table = NumberTable()
        self._table.row_clicked.connect(self._fly)
        self._table.row_hovered.connect(self._hover)
        self._waiting = paragraph("", "hint")
        self._choice = StructureChoice("liver_tumors", "Tumours are", ("lesion",))
        self._choice.list.ticked.connect(lambda name, on: self.set_role("tumors", name, on))
        self._note = Callout("tumors")
        self._head = Heading("Longest diameter and volume")
        self.body = page(self._waiting, self._head, self._table, self._note, self._choice)

    def result(self) -> str:
        """How many."""
        model = self.work.model
        if model is None:
            return ""
        return f"{len(model.tumors)} tumour{'' if len(model.tumors) == 1 else 's'}" if model.tumors else "none"

    def refresh(self) -> None:
        """Sizes of each."""
        roles, model = self.work.draft.roles, self.work.model
        self._choice.show_choices(self.choices(roles.tumors), self.of_kind("lesion"))
        self._waiting.setText(self.waiting_words())
        self._waiting.setVisible(bool(self.waiting_words()))
        if model is None:
            self._hero.set_text("Tumours", "–", stale=True)
            self._head.setVisible(False)
            self._table.set_rows([])
            self._note.clear()
            return
        self._head.setVisible(bool(model.tumors))
        largest = max((t.longest_diameter_mm for t in model.tumors), default=None)
        note = "" if largest is None else f"largest {text_quantity(largest, 'mm')}"
        self._hero.set_text("Tumours", str(len(model.tumors)), note=note)
        structures = self.panel.session.case.structures
        self._table.set_rows(
            [
                TableRow(
                    f"tumor_{t.id}",
                    f"T{t.id}",
                    plain(t.longest_diameter_mm, "mm"),
                    "mm",
                    share=text_quantity(t.volume_ml, "ml"),
                    swatch=structures[t.structure].color if t.structure in structures else "",
                )
                for t in model.tumors
            ]
        )
        words = self.finding_words("tumor_specks", "empty_tumor")
        if not model.tumors:
            self._note.show_note("No tumour is chosen", "Volumes are planned; there is no margin to measure.")
        elif words:
            self._note.show_note("Look at the tumours", f"{words[0]}.")
        else:
            self._note.clear()

    def _tumor(self, key: str) -> object | None:
        model = self.work.model
        tumors = model.tumors if model is not None else ()
        return next((t for t in tumors if key == f"tumor_{t.id}"), None)

    def _fly(self, key: str) -> None:
        tumor = self._tumor(key)
        if tumor is not None:
            self.panel.fly_asked.emit(tumor.centroid_mm)  # type: ignore[attr-defined]

    def _hover(self, key: str) -> None:
        tumor = self._tumor(key)
        self.panel.session.view.set(selected=tumor.structure if tumor is not None else "")  # type: ignore[attr-defined]

    def left(self) -> None:
        """Nothing stays marked."""
        self._hover("")

    def actions(self) -> StepActions:
        """Accept tumours."""
        blocked = "" if self.work.model is not None or self.work.problem is not None else "Preparing the liver"
        return StepActions(
            PanelAction("accept_tumors", "Accept tumours", self.panel.accept_step, blocked=blocked, key="Enter"),
            hint="Enter accepts",
        )
