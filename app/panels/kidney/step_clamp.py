"""Step 3 of the kidney panel: which branches of the artery to clamp, and what is then without blood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.base import PlanRow
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import StepActions
from app.panels.kidney.step import KidneyStep, branch_words
from app.panels.liver.territory_view import TerritoryView
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import Heading
from app.theme.tokens import DARK, PLANS
from planning.units import THIN_SPACE
from viewers.overlay import PartsItem, PointItem

if TYPE_CHECKING:
    from app.panels.kidney.panel import KidneyPanel
    from planning.kidney.clamping import ClampTerritory

CLAMPED = PLANS["a"]
FILL = 0.4
LEAST_SHOWN = 0.005


class ClampStep(KidneyStep):
    """3: selective clamping."""

    name = mark("Clamp")

    def __init__(self, panel: KidneyPanel) -> None:
        super().__init__(panel)
        self.view = TerritoryView(self.work)
        self.view.changed.connect(panel.scene_changed)
        self.hero = self._hero = HeroNumber(definitions.ISCHAEMIC)
        self._waiting = paragraph("", "hint")
        self._head = Heading(tr("Clamped branches"), "clamp_proposed", tr("As proposed"))
        self._head.followed.connect(lambda: self.work.set_clamp(None))
        self.list = ChoiceList("clamp_branches", tr("Clamped branches"))
        self.list.ticked.connect(self._ticked)
        self.list.picked.connect(self._fly)
        self.table = NumberTable(definitions.KIDNEY_CLAMP)
        self.table.setObjectName("clamp_table")
        self._short = Callout("clamp_short")
        self._rule = paragraph(
            tr(
                "A voxel belongs to the branch whose centreline is nearest. Proposed is each branch "
                "that feeds at least 2{THIN_SPACE}% of a tumour that is cut, with its margin.",
                THIN_SPACE=THIN_SPACE,
            ),
            "hint",
        )
        self.body = page(self._waiting, self._head, self.list, self._short, self.table, self._rule)

    def is_reachable(self) -> bool:
        """With a kidney."""
        return bool(self.work.draft.roles.organ)

    def result(self) -> str:
        """What is without blood."""
        flow = self.work.flow
        return "" if flow is None or flow.ischaemic_ml is None else text_quantity(flow.ischaemic_ml, "ml")

    def _missing_words(self) -> str:
        """Why there is nothing to clamp."""
        model = self.work.model
        if model is None:
            return self.waiting_words()
        words = self.finding_words("no_artery", "no_clamp", "no_artery_tree")
        return tr("{words}. Choose it in step 1.", words=words[0]) if words and not self.work.clamps() else ""

    def refresh(self) -> None:
        """The branches, what they feed, and what clamping leaves."""
        clamps, flow, chosen = self.work.clamps(), self.work.flow, self.work.clamped()
        words = self._missing_words()
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        for widget in (self._head, self.list, self.table, self._rule):
            widget.setVisible(bool(clamps))
        if not clamps or flow is None:
            self._hero.set_text(tr("Kept without blood"), "–", stale=self.work.model is None)
            self._short.clear()
            return
        percent = flow.ischaemic_percent
        note = "" if percent is None else tr("{percent:.0f} % of what is kept", percent=percent)
        self._hero.set_text(tr("Kept without blood while clamped"), plain(flow.ischaemic_ml, "ml"), "ml", note=note)
        self._head.set_link("" if self.work.draft.clamp is None else tr("As proposed"))
        self.list.set_rows(
            [
                Choice(
                    one.name,
                    branch_words(one.name),
                    fed_words(one),
                    CLAMPED if one.name in chosen else self.panel.organ_color(),
                    one.name in chosen,
                )
                for one in clamps
            ]
        )
        self._show_table(clamps, chosen)

    def _show_table(self, clamps: tuple[ClampTerritory, ...], chosen: tuple[str, ...]) -> None:
        from planning.kidney.plan import COVERED, covered_share

        model, flow = self.work.kidney, self.work.flow
        assert model is not None
        assert flow is not None
        rows = []
        short: list[str] = []
        operated = model.operated(self.work.numbers)
        for tumor in model.tumors:
            share = covered_share(clamps, chosen, tumor.id)
            is_short = share < COVERED and tumor.id in operated
            short += [f"T{tumor.id}"] if is_short and chosen else []
            rows.append(
                TableRow(
                    f"covered_{tumor.id}",
                    tr(
                        "Of T{id} with {asked_mm:g}{THIN_SPACE}mm",
                        id=tumor.id,
                        asked_mm=self.work.draft.asked_mm,
                        THIN_SPACE=THIN_SPACE,
                    ),
                    plain(100.0 * share, "%", 0),
                    "%",
                    state="bad" if is_short else "ok" if tumor.id in operated else "",
                    clickable=False,
                )
            )
        territory, tumor_ml = model.territory_ml(chosen), model.territory_tumor_ml(chosen)
        parenchyma = None if territory is None or tumor_ml is None else territory - tumor_ml
        rows += [
            TableRow(
                "clamp_territory", tr("Behind the clamps, with tumour"), plain(territory, "ml"), "ml", clickable=False
            ),
            TableRow("clamp_parenchyma", tr("The same without tumour"), plain(parenchyma, "ml"), "ml", clickable=False),
            TableRow("main_clamp", tr("Kept parenchyma, main clamp"), plain(flow.kept_ml, "ml"), "ml", clickable=False),
        ]
        self.table.set_rows(rows)
        if short:
            self._short.show_note(
                tr("It would bleed"),
                tr("Other branches feed part of {join} and the margin.", join=", ".join(short)),
                "bad",
            )
        elif not chosen:
            self._short.show_note(tr("Nothing is clamped"), tr("Tick a branch."), "warn")
        else:
            self._short.clear()

    def items(self) -> tuple[PointItem, ...]:
        """Where the clamps sit."""
        chosen = self.work.clamped()
        return tuple(
            PointItem(
                key=f"clamp_{number + 1}",
                position_mm=one.clamp_mm,
                color=CLAMPED if one.name in chosen else DARK["t3"],
                # branches often leave the trunk at one place
                label=branch_words(one.name) if one.name in chosen else "",
                movable=False,
                shape="square" if one.name in chosen else "small",
            )
            for number, one in enumerate(self.work.clamps())
        )

    def rows(self) -> tuple[PlanRow, ...]:
        """The branches for the structures panel; the clamp of each can be hidden."""
        names = [branch_words(one.name) for one in self.work.clamps()]
        return tuple(PlanRow(one.key, name, one.color) for one, name in zip(self.items(), names, strict=True))

    def parts(self) -> PartsItem | None:
        """The clamped territories in their colours, the others in the kidney's own."""
        field = self.view.field
        if field is None:
            return None
        chosen = self.work.clamped()
        own = self.panel.organ_color()
        return PartsItem(
            key="clamped",
            codes=field.codes,
            grid=field.grid,
            colors=tuple(CLAMPED if name in chosen else own for name in field.names),
            names=tuple(n.rpartition("_")[2] for n in field.names),
            middles_mm=field.middles_mm,
            fill_opacity=FILL,
        )

    def parted(self) -> Mapping[str, npt.NDArray[np.uint8]]:
        """The kidney's surface in the same colours."""
        return self.view.surface_codes(self.work.draft.roles.organ)

    def _ticked(self, name: str, on: bool) -> None:
        chosen = set(self.work.clamped())
        chosen = chosen | {name} if on else chosen - {name}
        self.work.set_clamp([one.name for one in self.work.clamps() if one.name in chosen])

    def _fly(self, name: str) -> None:
        place = next((one.clamp_mm for one in self.work.clamps() if one.name == name), None)
        if place is not None:
            self.panel.fly_asked.emit(place)

    def actions(self) -> StepActions:
        """Accept clamps."""
        text = tr("Accept clamps") if self.work.clamps() else tr("Go on without")
        return StepActions(
            PanelAction("accept_clamps", text, self.panel.accept_step, key="Enter"), hint=tr("Enter accepts")
        )


def fed_words(clamp: ClampTerritory) -> str:
    """ "34.2 ml · T1 62 %"."""
    fed = [
        f"T{number} {100.0 * share:.0f}{THIN_SPACE}%" for number, share in clamp.margins.items() if share >= LEAST_SHOWN
    ]
    return " · ".join([text_quantity(clamp.volume_ml, "ml"), *fed[:2]])
