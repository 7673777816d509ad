"""The second step of printing: how the parts are made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox

from app.i18n import mark, text_quantity, text_value, tr
from app.panels.guide import Step, StepActions
from app.panels.parts import Callout, HeroNumber, NumberField, PanelAction, page, paragraph
from app.panels.printing.printer_box import MaterialBox, PrinterBox
from app.panels.printing.wish import FINENESS, PrintWish, liver_plans, plane_cuts
from app.panels.rows import FieldRow, Heading, NameField, choice_box

if TYPE_CHECKING:
    from app.panels.printing.panel import PrintPanel

WALL_RANGE_MM = (0.4, 20.0)
GAP_RANGE_MM = (0.05, 1.0)
BED_RANGE_MM = (30.0, 2000.0)
SCALE_RANGE_PERCENT = (10.0, 400.0)
FIRST_WALL_MM, FIRST_VESSEL_WALL_MM = 3.0, 1.2
LONGEST_LABEL = 32
# what a cut guide is like: name, least, most, step
GUIDE_FIELDS = {
    "slot_mm": (mark("Slot"), 0.8, 6.0, 0.1),
    "guide_gap_mm": (mark("Gap to the liver"), 0.0, 2.0, 0.1),
    "thickness_mm": (mark("Thickness"), 1.5, 8.0, 0.5),
    "wing_mm": (mark("Width on each side"), 8.0, 30.0, 1.0),
}
AXES = (mark("Width"), mark("Depth"), mark("Height"))


class ShapeStep(Step):
    """2: how it is made."""

    name = mark("Shape")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self._problem = Callout("print_shape")
        self._make_inside()
        self._make_cut()
        self._make_plate()
        self._make_guide()
        self.body = page(
            self._problem,
            FieldRow(tr("Scale"), self.scale),
            FieldRow(tr("Inside"), self.inside, wide=True),
            self._wall_row,
            self.drain,
            self._vessels_row,
            self._vessel_wall_row,
            self.shell,
            Heading(tr("Cut and joined")),
            self._cut_row,
            self.pegs,
            self._gap_row,
            Heading(tr("Base and marks")),
            self.base,
            self._label_row,
            self.marks,
            self._guide,
            Heading(tr("Printer")),
            FieldRow(tr("Printer"), self.printer, wide=True),
            *self._bed_rows,
            self._material_row,
            self.orient,
            self.nest,
            self.split,
            FieldRow(tr("Surface to"), self.fineness, wide=True),
            spacing=8,
        )

    # made once

    def _make_inside(self) -> None:
        self.scale = NumberField("print_scale", tr("Scale"), "%", *SCALE_RANGE_PERCENT, 5.0)
        self.scale.decimals = 0
        self.scale.setToolTip(tr("Of life size; walls, pegs and gaps stay as they are"))
        self.scale.entered.connect(lambda value: self._ask(scale=round(value) / 100.0))
        self.inside = choice_box("print_inside", tr("Inside"), (tr("Solid"), tr("Hollow")))
        self.inside.activated.connect(lambda n: self._ask(hollow_mm=FIRST_WALL_MM if n else None))
        self.wall = self._field("print_wall", tr("Wall"), WALL_RANGE_MM, 0.5, "hollow_mm")
        self._wall_row = FieldRow(tr("Wall"), self.wall)
        self.drain = self._box("print_drain", tr("Drain holes"), "drain", "")
        self.vessels = choice_box(
            "print_vessels", tr("Vessels"), (tr("Filled, as a cast"), tr("Walls, open at the ends"))
        )
        self.vessels.activated.connect(lambda n: self._ask(vessel_walls_mm=FIRST_VESSEL_WALL_MM if n else None))
        self._vessels_row = FieldRow(tr("Vessels"), self.vessels, wide=True)
        self.vessel_wall = self._field("print_vessel_wall", tr("Vessel wall"), WALL_RANGE_MM, 0.1, "vessel_walls_mm")
        self._vessel_wall_row = FieldRow(tr("Vessel wall"), self.vessel_wall)
        self.shell = self._box(
            "print_shell",
            tr("Organs seen through, with room inside"),
            "shell",
            tr("What lies in an organ is cut out of it"),
        )

    def _make_cut(self) -> None:
        self.cut = choice_box("print_cut", tr("Cut"), (tr("Not cut"),))
        self.cut.activated.connect(self._cut_chosen)
        self._cut_row = FieldRow(tr("Cut"), self.cut, wide=True)
        self.pegs = self._box("print_pegs", tr("Pegs and sockets"), "pegs", "")
        self.gap = self._field("print_gap", tr("Gap on each side"), GAP_RANGE_MM, 0.05, "clearance_mm")
        self.gap.decimals = 2
        self._gap_row = FieldRow(tr("Gap on each side"), self.gap)

    def _make_plate(self) -> None:
        self.base = self._box(
            "print_base", tr("Base plate with scale bar"), "base", tr("Under the largest part, joined to it")
        )
        self.label = NameField("print_label", tr("Label on the base"))
        self.label.setMaxLength(LONGEST_LABEL)
        self.label.entered.connect(lambda words: self._ask(label=words))
        self._label_row = FieldRow(tr("Label"), self.label, wide=True)
        self.label.setToolTip(tr("Never a patient's name or number"))
        self.marks = self._box("print_marks", tr("R and L marks"), "marks", tr("Engraved in the largest part"))
        self.printer = PrinterBox("print_printer")
        self.printer.asked.connect(self.panel.ask)
        self.material = MaterialBox("print_material")
        self.material.asked.connect(self.panel.ask)
        self._material_row = FieldRow(tr("Material"), self.material, wide=True)
        self.bed = [NumberField(f"print_bed_{axis}", tr(AXES[axis]), "mm", *BED_RANGE_MM, 10.0) for axis in range(3)]
        self._bed_rows = [FieldRow(tr(AXES[axis]), field) for axis, field in enumerate(self.bed)]
        for axis, field in enumerate(self.bed):
            field.entered.connect(lambda value, axis=axis: self._bed_entered(axis, value))
        self.orient = self._box("print_orient", tr("Turn for least supports"), "orient", "")
        self.nest = self._box("print_nest", tr("Side by side on plates"), "nest", "")
        self.split = self._box("print_split", tr("Cut what is too large"), "split", "")
        self.fineness = choice_box("print_tolerance", tr("Fineness"), tuple(tr(words) for words in FINENESS))
        self.fineness.activated.connect(lambda n: self._ask(tolerance_mm=list(FINENESS.values())[n]))

    def _make_guide(self) -> None:
        self._guide_fields = {
            key: self._field(f"guide_{key}", words, (low, high), step, key)
            for key, (words, low, high, step) in GUIDE_FIELDS.items()
        }
        rows = [FieldRow(GUIDE_FIELDS[key][0], field) for key, field in self._guide_fields.items()]
        words = tr("For research and teaching only. The wing with the hole lies on the part that is removed.")
        self._guide = page(Heading(tr("Cut guide")), *rows, paragraph(words, "hint"), spacing=8)

    def _field(self, identifier: str, name: str, limits: tuple[float, float], step: float, key: str) -> NumberField:
        field = NumberField(identifier, name, "mm", *limits, step)
        field.entered.connect(lambda value: self._ask(**{key: value}))
        return field

    def _box(self, identifier: str, words: str, key: str, tip: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(identifier)
        box.setToolTip(tip or words)
        box.setProperty("tip", tip)
        box.clicked.connect(lambda on: self._ask(**{key: on}))
        return box

    def _ask(self, **changes: Any) -> None:
        # a shape that is another one has nothing of the repairs
        self.panel.ask(replace(self.panel.wish, **changes))

    # shown

    def result(self) -> str:
        """Solid or hollow."""
        wish = self.panel.wish
        return (
            tr("solid")
            if wish.hollow_mm is None
            else tr("wall {hollow_mm}", hollow_mm=text_quantity(wish.hollow_mm, "mm"))
        )

    def refresh(self) -> None:
        """The wish, and why something cannot be had."""
        wish = self.panel.wish
        true_size = tr("true size") if wish.scale == 1.0 else tr("smaller than life")
        if wish.scale > 1.0:
            true_size = tr("larger than life")
        self._hero.set_text(tr("Scale"), text_value(100.0 * wish.scale, 0), "%", note=true_size)
        self.scale.set_value(100.0 * wish.scale)
        problem = self.panel.shape_problem()
        if problem is None:
            self._problem.clear()
        else:
            self._problem.show_note(problem.what, f"{problem.hint}.", "bad")
        self._show_inside(wish)
        self._show_cut(wish)
        self._show_printer(wish)
        self._guide.setVisible(wish.has_guide)
        for key, field in self._guide_fields.items():
            field.set_value(getattr(wish, key))

    def _show_inside(self, wish: PrintWish) -> None:
        self.inside.setCurrentIndex(0 if wish.hollow_mm is None else 1)
        self._wall_row.setVisible(wish.hollow_mm is not None)
        self.wall.set_value(wish.hollow_mm)
        process = wish.process
        self.drain.setVisible(wish.hollow_mm is not None)
        needs_none = process is not None and not process.drain_holes
        _show_box(self.drain, wish.drain, tr("Filament leaves nothing in a hollow") if needs_none else "")
        kinds = self.panel.kinds()
        has_vessels = self.panel.has_lumens()
        self._vessels_row.setVisible(has_vessels)
        self.vessels.setCurrentIndex(0 if wish.vessel_walls_mm is None else 1)
        self._vessel_wall_row.setVisible(has_vessels and wish.vessel_walls_mm is not None)
        self.vessel_wall.set_value(wish.vessel_walls_mm)
        self.shell.setVisible("organ" in kinds and len(kinds) > 1)
        _show_box(self.shell, wish.shell, "")

    def _show_cut(self, wish: PrintWish) -> None:
        cuts = self._cuts()
        entries = [tr("Not cut"), *(words for words, _ in cuts)]
        if [self.cut.itemText(n) for n in range(self.cut.count())] != entries:
            self.cut.clear()
            self.cut.addItems(entries)
        self._cut_row.setVisible(bool(cuts))
        chosen = [change for _, change in cuts]
        now: dict[str, Any] = {"cut": wish.cut, "along": wish.along}
        self.cut.setCurrentIndex(chosen.index(now) + 1 if now in chosen else 0)
        _show_box(
            self.pegs, wish.pegs and wish.is_parted, "" if wish.is_parted else tr("Nothing is cut that pegs could join")
        )
        self._gap_row.setVisible(wish.pegs and wish.is_parted)
        self.gap.set_value(self.panel.gap_mm())
        self.base.setChecked(wish.base)
        self._label_row.setVisible(wish.base)
        if not self.label.isModified():
            self.label.start(wish.label)
        self.marks.setChecked(wish.marks)

    def _cuts(self) -> list[tuple[str, dict[str, Any]]]:
        """(words, what they ask) of each cut that can be had."""
        case, wish = self.panel.session.case, self.panel.wish
        flat = plane_cuts(case)
        found: list[tuple[str, dict[str, Any]]] = []
        for name, number in flat:
            is_only = len(case.plans[name].results["resections"]) == 1
            words = tr("By plan {name}", name=name) if is_only else tr("By cut {n} of plan {name}", n=number, name=name)
            found.append((words, {"cut": (name, number), "along": ""}))
        if wish.structures:
            for name in liver_plans(case):
                words = tr("Ticked structures along plan {name}", name=name)
                found.append((words, {"cut": None, "along": name}))
        return found

    def _cut_chosen(self, number: int) -> None:
        none: dict[str, Any] = {"cut": None, "along": ""}
        change = self._cuts()[number - 1][1] if number else none
        self._ask(**change)

    def _show_printer(self, wish: PrintWish) -> None:
        self.printer.show_wish(wish)
        self.material.show_wish(wish)
        self._material_row.setVisible(bool(wish.materials))
        for axis, (row, field) in enumerate(zip(self._bed_rows, self.bed, strict=True)):
            row.setVisible(wish.bed_mm is not None)
            field.set_value(None if wish.bed_mm is None else wish.bed_mm[axis])
        _show_box(self.orient, wish.orient, "")
        no_room = "" if wish.room_mm is not None else tr("Choose a printer first")
        _show_box(self.nest, wish.nest and not no_room, no_room)
        _show_box(self.split, wish.split and not no_room, no_room)
        self.fineness.setCurrentIndex(list(FINENESS.values()).index(wish.tolerance_mm))

    def _bed_entered(self, axis: int, value: float) -> None:
        size = list(self.panel.wish.bed_mm or ())
        if size:
            size[axis] = value
            self._ask(bed_mm=(size[0], size[1], size[2]))

    def actions(self) -> StepActions:
        """Check model."""
        problem = self.panel.shape_problem()
        blocked = "" if problem is None else problem.what
        if not self.panel.wish.part_count:
            blocked = tr("Tick a part first")
        return StepActions(
            PanelAction("print_check", tr("Check model"), self.panel.check_model, blocked=blocked, key="Enter"),
            hint=tr("Enter checks"),
            back=tr("Back: parts"),
        )


def _show_box(box: QCheckBox, on: bool, blocked: str) -> None:
    """A tick, and why it cannot be set."""
    box.setChecked(on)
    box.setEnabled(not blocked)
    box.setToolTip(blocked or str(box.property("tip") or box.text()))
    box.setAccessibleDescription(blocked)
