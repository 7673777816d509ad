"""Portal branches whose flow is stopped before or with the first stage, so that the rest grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.i18n import mark, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.frame import PanelAction
from app.panels.liver.cuts import branch_label
from app.panels.liver.forms import AddForm
from app.panels.parts import paragraph
from app.panels.rows import FieldRow, choice_box
from planning.liver.staging import Occlusion

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel

# short enough for the box
WAYS = {
    "before": mark("Embolised before"),
    "embolise": mark("Embolised at stage 1"),
    "ligate": mark("Ligated at stage 1"),
}


class OcclusionForm(AddForm):
    """Ticked portal branches or segments, and how they are occluded."""

    key = "occlusion"
    title = mark("Portal branches to occlude")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.way = choice_box("occlusion_way", tr("How"), list(WAYS.values()))
        self.names = ChoiceList("occlusion_names", tr("Portal branches to occlude"))
        self._sum = paragraph("", "hint")
        self.add(FieldRow(tr("How"), self.way, wide=True), self.names, self._sum)
        self.names.ticked.connect(self._ticked)
        self._chosen: set[str] = set()
        # as the form was opened
        self._first: frozenset[str] = frozenset()

    def opened(self) -> None:
        """What the plan occludes."""
        occlusion = self.work.draft.occlusion
        self._chosen = set() if occlusion is None else set(occlusion.branches)
        self.way.setCurrentIndex(list(WAYS).index("before" if occlusion is None else occlusion.way))
        self.note.clear()
        self._list()
        # branches that are there no more are ticked no more
        self._first = frozenset(self._chosen)

    def _ticked(self, name: str, on: bool) -> None:
        self._chosen = self._chosen | {name} if on else self._chosen - {name}
        self._list()
        self.changed.emit()

    def _list(self) -> None:
        model = self.work.model
        if model is None or model.portal is None:
            self.names.set_rows([])
            return
        color = self.panel.tree_colors().get("portal", "")
        volumes = dict(zip(model.portal.names, model.portal.volumes_ml, strict=True))
        if model.couinaud is not None and model.portal.segment is not None:
            volumes |= dict(zip(model.couinaud.names, model.couinaud.volumes_ml, strict=True))
        self._chosen &= set(volumes)
        self.names.set_rows(
            [
                Choice(
                    name,
                    branch_label(name),
                    text_quantity(ml, "ml"),
                    swatch=color if name in model.portal.names else "",
                    ticked=name in self._chosen,
                )
                for name, ml in volumes.items()
            ]
        )
        self._sum.setText(
            _sum_words(model, sorted(self._chosen)) if self._chosen else tr("The rest is what will grow.")
        )

    def held(self) -> str:
        """Ticks that differ from the form as it was opened."""
        return tr("ticked portal branches") if self._chosen != self._first else ""

    def main(self) -> PanelAction:
        """Occlude them."""
        blocked = "" if self._chosen else tr("Tick a portal branch")
        return PanelAction("make_occlusion", tr("Occlude these"), self._make, blocked=blocked, key="Enter")

    def _make(self) -> None:
        if self._chosen:
            order = tuple(row.key for row in self.names.rows if row.key in self._chosen)
            self.work.set_occlusion(Occlusion(order, list(WAYS)[self.way.currentIndex()]))
            self.closed.emit()


def _sum_words(model: LiverModel, branches: list[str]) -> str:
    """ "Occluded 812 ml; 545 ml keep their portal flow." """
    from planning.liver.stages import occluded_points

    assert model.portal is not None
    closed = int(np.count_nonzero(occluded_points(model, branches)[model.portal.nearest]))
    parts = [text_quantity(count * model.voxel_ml, "ml") for count in (closed, model.voxels.count - closed)]
    return tr("Occluded: {parts}. {parts2} keep their portal flow.", parts=parts[0], parts2=parts[1])
