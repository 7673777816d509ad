"""The steps of the plan that is worked on, below its resections; hidden for a plan of one stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import mark, text_quantity, tr
from app.panels.labels import IconButton
from app.panels.liver.compare_rows import tumors_left
from app.panels.liver.cut_numbers import judge_remnant, standard_factor
from app.panels.liver.cuts import branch_label
from app.panels.liver.stage_table import StageCell, StageRow, StageTable
from app.panels.parts import paragraph, plain
from app.panels.rows import Heading
from app.theme.style import set_kind
from planning.liver.staging import OCCLUSIONS

if TYPE_CHECKING:
    from app.panels.liver.work import LiverWork
    from planning.liver.model import LiverModel
    from planning.liver.stages import StagedNumbers, StepNumbers

HEADS: Mapping[str, str] = {"before": "occluded", "stage_1": mark("stage 1"), "stage_2": mark("stage 2")}
MOST_NAMES = 3


class StagesPart(QWidget):
    """`occlusion_asked`: the occluded branches shall be others."""

    occlusion_asked = Signal()

    def __init__(self, work: LiverWork) -> None:
        super().__init__()
        set_kind(self, "clear")
        self.work = work
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.occluded = paragraph("", "hint")
        self.change = IconButton("change_occlusion", tr("Change"), kind="inline")
        self.end = IconButton("end_occlusion", tr("Do not occlude"), kind="inline")
        self.change.clicked.connect(self.occlusion_asked)
        self.end.clicked.connect(lambda: work.set_occlusion(None))
        self._buttons = QWidget()
        set_kind(self._buttons, "clear")
        line = QHBoxLayout(self._buttons)
        line.setContentsMargins(8, 0, 0, 0)
        line.setSpacing(14)
        line.addWidget(self.change)
        line.addWidget(self.end)
        line.addStretch(1)
        self.table = StageTable()
        self.measured = paragraph("", "hint")
        for widget in (Heading(tr("Stages")), self.occluded, self._buttons, self.table, self.measured):
            box.addWidget(widget)
        work.map_changed.connect(self.refresh)

    def refresh(self) -> None:
        """The steps of now; while the hand drags they are those of before."""
        draft, rest, model = self.work.draft, self.work.rest, self.work.model
        self.setVisible(draft.staging.is_staged)
        if not draft.staging.is_staged:
            return
        staged = None if rest is None or rest.staging != draft.staging else rest.staged
        occlusion = draft.occlusion
        self.occluded.setVisible(occlusion is not None)
        self._buttons.setVisible(occlusion is not None)
        if occlusion is not None:
            names = [branch_label(name) for name in occlusion.branches]
            more = tr(" and {names} more", names=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
            self.occluded.setText(f"{', '.join(names[:MOST_NAMES])}{more} {OCCLUSIONS[occlusion.way]}.")
        if staged is None or model is None:
            self.table.show_steps((), ())
            self.measured.setText(tr("The stages follow when the hand rests."))
            return
        after = self._after()
        self.table.show_steps(
            [HEADS[step.name] for step in staged.steps],
            stage_rows(model, staged, draft.remnant_percent, standard_factor(model, draft), after),
        )
        self.measured.setText(_words(after, staged))

    def _after(self) -> Mapping[str, Any] | None:
        """The remnant as it was measured later, of the plan that is kept."""
        saved = self.work.saved
        return saved.results.get("remnant_after") if saved is not None and self.work.is_saved else None


def stage_rows(
    model: LiverModel, staged: StagedNumbers, limit: float, factor: float | None, after: Mapping[str, Any] | None
) -> Sequence[StageRow]:
    """The table's rows. The last step's remnant and what was measured later are held against the limit; factor: see
    `standard_factor`."""
    ml, tissue = model.voxel_ml, model.voxels.count - model.tumor_voxels
    steps, last = staged.steps, staged.steps[-1]

    def cells(value: Any) -> tuple[StageCell, ...]:
        return tuple(value(step) for step in steps)

    def share(step: StepNumbers, part: float | None) -> StageCell:
        percent = None if part is None or not tissue else 100.0 * part / tissue
        judged = step is last and percent is not None
        return StageCell(
            plain(percent, "%"), judge_remnant(percent, factor, limit)[0] if judged and percent is not None else ""
        )

    def viable(step: StepNumbers) -> float | None:
        flow = step.numbers.perfusion
        return None if flow is None else flow.viable_ml / ml

    def left(step: StepNumbers) -> StageCell:
        shares = zip(model.tumors, step.numbers.removed_share, strict=True)
        ids = [tumor.id for tumor, part in shares if part < 1.0]
        return StageCell(tumors_left(ids, 2 if len(ids) <= 2 else 1), "bad" if ids and step is last else "")

    def margin(step: StepNumbers) -> StageCell:
        pairs = zip(step.numbers.margins, step.numbers.removed_share, strict=True)
        met = [one.minimum_mm for one, part in pairs if one is not None and part > 0.0]
        return StageCell(plain(min(met), "mm") if met else "–")

    rows = [
        StageRow(tr("Removed, ml"), cells(lambda step: StageCell(plain(step.removed_voxels * ml, "ml", 0)))),
        StageRow(tr("Remnant, ml"), cells(lambda step: StageCell(plain(_remnant(step) * ml, "ml", 0)))),
        StageRow(tr("Remnant, %"), cells(lambda step: share(step, _remnant(step)))),
        StageRow(tr("Viable, %"), cells(lambda step: share(step, viable(step)))),
        StageRow(tr("Margin, mm"), cells(margin)),
        StageRow(tr("Tumours left"), cells(left)),
    ]
    if after is not None:
        empty = tuple(StageCell("") for _ in steps[:-1])
        percent = after["flr_percent"]
        state = "" if percent is None else judge_remnant(percent, factor, limit)[0]
        rows.insert(4, StageRow(tr("Measured, %"), (*empty, StageCell(plain(percent, "%"), state))))
    return rows


def _remnant(step: StepNumbers) -> int:
    return step.numbers.kept_voxels - step.numbers.kept_tumor_voxels


def _words(after: Mapping[str, Any] | None, staged: StagedNumbers) -> str:
    """How the remnant grew between, as far as it was measured."""
    if after is None:
        return tr("Growth is not measured: enter a later study at the report.") if len(staged.steps) > 1 else ""
    return tr(
        "Measured on {after_on}: {flr_ml}; of the liver of the plan’s scan.",
        after_on=after["after_on"],
        flr_ml=text_quantity(after["flr_ml"], "ml"),
    )
