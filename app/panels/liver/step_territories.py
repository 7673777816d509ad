"""Step 4 of the liver panel: how much liver hangs on each branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.guide import StepActions
from app.panels.liver.step_parts import LiverStep, branch_name
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import Heading
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


class TerritoryStep(LiverStep):
    """4: how much liver hangs on each branch."""

    name = "Territories"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._waiting = paragraph("", "hint")
        self._portal_head, self._hepatic_head = Heading("By portal branch"), Heading("By hepatic vein")
        self._portal, self._hepatic = NumberTable(), NumberTable()
        for table in (self._portal, self._hepatic):
            table.row_clicked.connect(self._fly)
        self._note = Callout("territories")
        self._note.followed.connect(lambda: panel.go_to(1))
        self.body = page(self._waiting, self._note, self._portal_head, self._portal, self._hepatic_head, self._hepatic)

    def result(self) -> str:
        """How many branches have a territory."""
        count = self._count()
        return f"{count} branches" if count else "none" if self.work.model is not None else ""

    def _count(self) -> int:
        model = self.work.model
        parts = (model.portal, model.hepatic) if model is not None else ()
        return next((len(part.names) for part in parts if part is not None), 0)

    def refresh(self) -> None:
        """ml of each branch."""
        model = self.work.model
        self._waiting.setText(self.waiting_words())
        self._waiting.setVisible(bool(self.waiting_words()))
        count = self._count()
        self._hero.set_text("Territories", str(count) if model is not None else "–", stale=model is None)
        parts = (
            {"portal": None, "hepatic": None} if model is None else {"portal": model.portal, "hepatic": model.hepatic}
        )
        for key, head, table in (
            ("portal", self._portal_head, self._portal),
            ("hepatic", self._hepatic_head, self._hepatic),
        ):
            part = parts[key]
            head.setVisible(part is not None)
            rows = []
            if part is not None and model is not None:
                whole = model.voxels.count * model.voxel_ml
                rows = [
                    TableRow(
                        name,
                        branch_name(name, "Branch" if key == "portal" else "Vein"),
                        plain(ml, "ml"),
                        "ml",
                        share=text_quantity(100.0 * ml / whole, "%"),
                    )
                    for name, ml in zip(part.names, part.volumes_ml, strict=True)
                ]
            table.set_rows(rows)
        if model is not None and not count:
            self._note.show_note(
                "No vessel tree is chosen", "Territories follow the branches of a tree.", "warn", "Vessels"
            )
        else:
            self._note.clear()

    def _fly(self, name: str) -> None:
        if self.work.model is not None:
            self.panel.fly_asked.emit(self.work.model.territory_mask(name).centroid_mm())

    def actions(self) -> StepActions:
        """Accept territories."""
        ready = self.work.model is not None or self.work.problem is not None
        word = "Accept territories" if self._count() or not ready else "Go on without territories"
        return StepActions(
            PanelAction(
                "accept_territories",
                word,
                self.panel.accept_step,
                blocked="" if ready else "Preparing the liver",
                key="Enter",
            ),
            hint="Enter accepts",
        )
