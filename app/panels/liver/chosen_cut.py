"""What is particular to the chosen resection: the handles of a deformable cut, the margin of an ablation zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import text_quantity, tr
from app.panels import definitions
from app.panels.labels import judge_least
from app.panels.liver.cuts import plane_angles_deg
from app.panels.parts import NumberField, NumberTable, TableRow, paragraph, plain
from app.panels.rows import FieldRow, choice_box
from app.theme.style import set_kind

if TYPE_CHECKING:
    from app.panels.liver.work import LiverWork
    from planning.liver.resection import AblationResection

NETS = (4, 6, 8, 10, 12, 16)
SURE_PERCENT = 90.0


class ChosenCut(QWidget):
    """Shown below the list of resections; empty for kinds that have nothing of their own."""

    def __init__(self, work: LiverWork) -> None:
        super().__init__()
        set_kind(self, "clear")
        self.work = work
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.net = choice_box("cut_net", tr("Handles of the cut"), [f"{n} × {n}" for n in NETS])
        self.net.activated.connect(lambda row: work.hand.set_net(work.chosen, NETS[row]))
        self.net.setToolTip(tr("More handles bend a smaller part of the cut"))
        self._net_row = FieldRow(tr("Handles"), self.net)
        self.turn = NumberField("cut_turn", tr("Cut turned about the head axis"), "°", -180.0, 180.0, 1.0)
        self.turn.entered.connect(lambda degrees: work.hand.set_angles(work.chosen, turn_deg=degrees))
        self.tilt = NumberField("cut_tilt", tr("Cut tilted to the head"), "°", -90.0, 90.0, 1.0)
        self.tilt.entered.connect(lambda degrees: work.hand.set_angles(work.chosen, tilt_deg=degrees))
        self._angle_rows = (
            FieldRow(tr("Turned, 0° left, 90° back"), self.turn),
            FieldRow(tr("Tilted to the head"), self.tilt),
        )
        for field in (self.turn, self.tilt):
            field.decimals = 1
        self.margins = NumberTable(definitions.ABLATION)
        self._source = paragraph("", "hint")
        for widget in (*self._angle_rows, self._net_row, self.margins, self._source):
            box.addWidget(widget)

    def refresh(self) -> None:
        """For the chosen resection."""
        from planning.liver.resection import AblationResection, SheetResection

        cuts, number = self.work.draft.resections, self.work.chosen
        cut = cuts[number] if 0 <= number < len(cuts) else None
        is_sheet, is_zone = isinstance(cut, SheetResection), isinstance(cut, AblationResection)
        plane = self.work.hand.plane_of(number)
        self.setVisible(is_sheet or is_zone or plane is not None)
        for row in self._angle_rows:
            row.setVisible(plane is not None)
        if plane is not None:
            turn, tilt = plane_angles_deg(plane)
            self.turn.set_value(turn)
            self.tilt.set_value(tilt)
        self._net_row.setVisible(is_sheet)
        self.margins.setVisible(is_zone)
        self._source.setVisible(is_zone)
        if isinstance(cut, SheetResection):
            count = cut.heights_mm.shape[0]
            self.net.setCurrentIndex(NETS.index(count) if count in NETS else -1)
        if isinstance(cut, AblationResection):
            self._show_zone(number, cut)

    def _show_zone(self, number: int, cut: AblationResection) -> None:
        from planning.liver.ablation import zones

        asked = self.work.draft.asked_mm
        found = self.work.rest.ablations.get(number, {}) if self.work.rest is not None else {}
        rows = []
        for tumor, margin in found.items():
            value, chance = margin.minimum_mm, margin.probability
            rows.append(
                TableRow(
                    f"ablative_{tumor}",
                    tr("Ablative margin, T{tumor}", tumor=tumor),
                    plain(value, "mm"),
                    "mm",
                    state="" if value is None else judge_least(value, None, asked),
                    reason=tr("All of the tumour lies at the capsule") if value is None else "",
                    clickable=False,
                )
            )
            if chance is not None:
                rows.append(
                    TableRow(
                        f"chance_{tumor}",
                        tr("Chance of {wanted_mm:g} mm all round", wanted_mm=margin.wanted_mm),
                        plain(100.0 * chance, "%", 0),
                        "%",
                        state=judge_least(100.0 * chance, None, SURE_PERCENT),
                        reason=tr(
                            "With a needle {lateral_mm:g} mm off on each axis and {depth_mm:g} mm in depth (1 SD)",
                            lateral_mm=margin.error.lateral_mm,
                            depth_mm=margin.error.depth_mm,
                        ),
                        clickable=False,
                    )
                )
        self.margins.set_rows(rows)
        self.margins.setVisible(bool(rows))
        row = next((one for one in zones() if one.name == cut.device), None)
        size = (
            text_quantity(2.0 * cut.long_mm, "mm") + tr(" along the needle, ") + text_quantity(2.0 * cut.short_mm, "mm")
        )
        source = "" if row is None else f" {row.source[:1].upper()}{row.source[1:]}."
        self._source.setText(tr("{size} across.{source}", size=size, source=source))
