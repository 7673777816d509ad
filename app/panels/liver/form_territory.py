"""A resection by territory: the branches whose liver goes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.jobs import Job
from app.panels.choices import Choice, ChoiceList
from app.panels.frame import PanelAction
from app.panels.liver.cuts import branch_label
from app.panels.liver.forms import AddForm
from app.panels.parts import paragraph
from planning.progress import CancelToken, Progress
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.resection import TerritoryResection


class TerritoryForm(AddForm):
    """Ticked names of branches; all of what they own is removed."""

    key = "territory"
    title = "Territories to remove"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.names = ChoiceList("territory_names", "Territories to remove")
        self._rule = paragraph("Each place belongs to the nearest named branch.", "hint")
        self.add(self.names, self._rule)
        self.names.ticked.connect(self._ticked)
        self._chosen: set[str] = set()

    def opened(self) -> None:
        """Nothing is ticked."""
        self._chosen.clear()
        self.note.clear()
        self._list()

    def _ticked(self, name: str, on: bool) -> None:
        self._chosen = self._chosen | {name} if on else self._chosen - {name}
        self._list()
        self.changed.emit()

    def _list(self) -> None:
        model = self.work.model
        parts = [part for part in (model.portal, model.hepatic) if part is not None] if model is not None else []
        colors = self.panel.tree_colors()
        self.names.set_rows(
            [
                Choice(
                    name,
                    branch_label(name),
                    text_quantity(ml, "ml"),
                    swatch=colors.get(part.tree.kind, ""),
                    ticked=name in self._chosen,
                )
                for part in parts
                for name, ml in zip(part.names, part.volumes_ml, strict=True)
            ]
        )

    def main(self) -> PanelAction:
        """Remove them."""
        blocked = "Building the territory" if self.is_working else "" if self._chosen else "Tick a territory"
        return PanelAction("make_territory", "Remove these", self._make, blocked=blocked, key="Enter")

    def _make(self) -> None:
        from planning.liver.resection import TerritoryResection

        model = self.work.model
        if model is None or not self._chosen:
            return
        order = [row.key for row in self.names.rows if row.key in self._chosen]
        self.is_working = True
        self.panel.session.jobs.submit(
            Job(
                key="liver territory",
                title="Building the territory",
                work=partial(_built, model, TerritoryResection(tuple(order))),
                done=self._take,
                failed=self.fail,
                still_wanted=lambda: self.work.model is model,
                subject=self.panel.session.label,
            )
        )
        self.changed.emit()

    def _take(self, cut: TerritoryResection) -> None:
        self.work.add(cut)
        self.done()


def _built(model: LiverModel, cut: TerritoryResection, progress: Progress, cancel: CancelToken) -> TerritoryResection:
    model.regions([cut])
    return cut
