"""A resection by territory: the branches or segments whose liver goes, or an anatomical resection by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.jobs import Job
from app.panels.choices import Choice, ChoiceList
from app.panels.frame import PanelAction
from app.panels.liver.cuts import branch_label
from app.panels.liver.forms import AddForm
from app.panels.parts import paragraph
from app.panels.rows import FieldRow, choice_box
from planning.liver.anatomical import possible_resections
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.resection import TerritoryResection

CHOSEN = mark("Chosen below")


class TerritoryForm(AddForm):
    """Ticked names of segments and branches; all of what they own is removed. A named resection ticks its segments."""

    key = "territory"
    title = mark("Territories to remove")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.named = choice_box("territory_named", tr("Anatomical resection"), ())
        self._named_row = FieldRow(tr("Resection"), self.named, wide=True)
        self.names = ChoiceList("territory_names", tr("Territories to remove"))
        self._rule = paragraph("", "hint")
        self.add(self._named_row, self.names, self._rule)
        self.named.activated.connect(self._take_named)
        self.names.ticked.connect(self._ticked)
        self._chosen: set[str] = set()
        # as the form was opened
        self._first: frozenset[str] = frozenset()

    def opened(self) -> None:
        """Nothing is ticked, or what the edited resection takes."""
        from planning.liver.resection import TerritoryResection

        self._chosen = set(self.edited.names) if isinstance(self.edited, TerritoryResection) else set()
        self._first = frozenset(self._chosen)
        self.note.clear()
        segments = self._segments()
        self.named.clear()
        self.named.addItems([tr(CHOSEN), *(one.words for one in possible_resections(segments))])
        self._named_row.setVisible(bool(segments))
        self._rule.setText(
            tr("Each place belongs to the nearest named branch.")
            if segments or self.work.kind != "liver"
            else tr("Each place belongs to the nearest named branch. Resections by name need the segments: step 4.")
        )
        self._list()

    def _segments(self) -> tuple[str, ...]:
        couinaud = self.work.model.couinaud if self.work.model is not None else None
        return () if couinaud is None else couinaud.names

    def _take_named(self, row: int) -> None:
        """Tick just the segments of the resection, or leave all as it is."""
        if row > 0:
            self._chosen = set(possible_resections(self._segments())[row - 1].segments)
        self._list()
        self.changed.emit()

    def _ticked(self, name: str, on: bool) -> None:
        self._chosen = self._chosen | {name} if on else self._chosen - {name}
        self._list()
        self.changed.emit()

    def _list(self) -> None:
        model = self.work.model
        if model is None:
            self.names.set_rows([])
            return
        parts = [part for part in (model.portal, model.hepatic) if part is not None]
        colors = self.panel.tree_colors()
        possible = [set(one.segments) for one in possible_resections(self._segments())]
        self.named.setCurrentIndex(possible.index(self._chosen) + 1 if self._chosen in possible else 0)
        segments = () if model.couinaud is None else zip(model.couinaud.names, model.couinaud.volumes_ml, strict=True)
        self.names.set_rows(
            [
                *(
                    Choice(name, branch_label(name), text_quantity(ml, "ml"), ticked=name in self._chosen)
                    for name, ml in segments
                ),
                *(
                    Choice(
                        name,
                        branch_label(name),
                        text_quantity(ml, "ml"),
                        swatch=colors.get(part.tree.kind, ""),
                        ticked=name in self._chosen,
                    )
                    for part in parts
                    for name, ml in zip(part.names, part.volumes_ml, strict=True)
                ),
            ]
        )

    def held(self) -> str:
        """Ticks that differ from the form as it was opened."""
        return tr("ticked territories") if self._chosen != self._first else ""

    def main(self) -> PanelAction:
        """Remove them."""
        blocked = tr("Building the territory") if self.is_working else "" if self._chosen else tr("Tick a territory")
        return PanelAction("make_territory", tr("Remove these"), self._make, blocked=blocked, key="Enter")

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
                title=tr("Building the territory"),
                work=partial(_built, model, TerritoryResection(tuple(order))),
                done=self.take,
                failed=self.fail,
                still_wanted=lambda: self.work.model is model,
                subject=self.panel.session.label,
            )
        )
        self.changed.emit()


def _built(model: LiverModel, cut: TerritoryResection, progress: Progress, cancel: CancelToken) -> TerritoryResection:
    model.regions([cut], cancel)
    return cut
