"""The first two steps of printing: which parts, and how they are made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from app.i18n import mark, structure_name, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import Step, StepActions
from app.panels.parts import (
    HeroNumber,
    NumberField,
    PanelAction,
    page,
    paragraph,
)
from app.panels.print_work import (
    FILES,
    FINENESS,
    PRINTERS,
    plan_choices,
    plan_part_ml,
    plane_cuts,
)
from app.panels.rows import FieldRow, Heading, choice_box

if TYPE_CHECKING:
    from app.panels.printing import PrintPanel

WALL_RANGE_MM = (0.4, 20.0)
FIRST_WALL_MM = 3.0
# what a cut guide is like: name, least, most, step
GUIDE_FIELDS = {
    "slot_mm": (mark("Slot"), 0.8, 6.0, 0.1),
    "clearance_mm": (mark("Gap to the liver"), 0.0, 2.0, 0.1),
    "thickness_mm": (mark("Thickness"), 1.5, 8.0, 0.5),
    "wing_mm": (mark("Width on each side"), 8.0, 30.0, 1.0),
}


class PartsStep(Step):
    """1: tick what is printed."""

    name = mark("Parts")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self._plan_head, self._structure_head = (
            Heading(tr("From plans"), "print_plan_more", tr("All parts")),
            Heading(tr("Structures"), "print_all", tr("All")),
        )
        self.plans = ChoiceList("print_plan_parts", tr("Parts of plans"))
        self.structures = ChoiceList("print_structures", tr("Structures"))
        self.plans.ticked.connect(self._tick_plan)
        self.structures.ticked.connect(self._tick)
        self._structure_head.followed.connect(self._all)
        self._shows_all_parts = False
        self._plan_head.followed.connect(self._toggle_parts)
        self._none = paragraph(tr("Nothing segmented yet."), "hint")
        self.body = page(self._plan_head, self.plans, self._structure_head, self.structures, self._none, spacing=2)

    def _chosen_ml(self) -> float:
        wish, case = self.panel.wish, self.panel.session.case
        total = sum(case.structures[name].volume_ml for name in wish.structures)
        return total + sum(plan_part_ml(case.plans[plan], part) or 0.0 for plan, part in wish.plan_parts)

    def result(self) -> str:
        """How many parts."""
        count = self.panel.wish.part_count
        return tr("%n part(s)", "", count) if count else ""

    def refresh(self) -> None:
        """Everything that could be printed."""
        wish, case = self.panel.wish, self.panel.session.case
        count = wish.part_count
        self._hero.set_text(
            tr("Chosen"),
            str(count),
            tr("part") if count == 1 else tr("parts"),
            note=text_quantity(self._chosen_ml(), "ml"),
        )
        rows = []
        for name, plan in case.plans.items():
            if plan.kind == "liver":
                for part, words, swatch in plan_choices(plan):
                    if not (self._shows_all_parts or part in ("kept", "removed") or (name, part) in wish.plan_parts):
                        continue
                    ml = plan_part_ml(plan, part)
                    said = "" if ml is None else text_quantity(ml, "ml")
                    rows.append(
                        Choice(
                            f"{name}\n{part}",
                            tr("{words}, plan {name}", words=words, name=name),
                            said,
                            swatch,
                            (name, part) in wish.plan_parts,
                        )
                    )
        self._plan_head.setVisible(bool(rows))
        self._plan_head.set_link(tr("Fewer") if self._shows_all_parts else tr("All parts"))
        self.plans.set_rows(rows)
        self.structures.set_rows(
            [
                Choice(
                    name,
                    structure_name(name),
                    text_quantity(item.volume_ml, "ml"),
                    item.color,
                    name in wish.structures,
                    "" if item.voxel_count else tr("It has no voxels"),
                )
                for name, item in case.structures.items()
            ]
        )
        self._structure_head.setVisible(bool(case.structures))
        every = all(name in wish.structures for name, item in case.structures.items() if item.voxel_count)
        self._structure_head.set_link(tr("None") if every else tr("All"))
        self._none.setVisible(not case.structures)

    def _tick(self, name: str, on: bool) -> None:
        chosen = {*self.panel.wish.structures, name} if on else set(self.panel.wish.structures) - {name}
        order = tuple(n for n in self.panel.session.case.structures if n in chosen)
        self.panel.ask(replace(self.panel.wish, structures=order))

    def _tick_plan(self, key: str, on: bool) -> None:
        plan, _, part = key.partition("\n")
        parts = tuple(pair for pair in self.panel.wish.plan_parts if pair != (plan, part))
        self.panel.ask(replace(self.panel.wish, plan_parts=(*parts, (plan, part)) if on else parts))

    def _toggle_parts(self) -> None:
        """Parts by cut, vessels, tumours and guides too, or what is kept and removed alone."""
        self._shows_all_parts = not self._shows_all_parts
        self.refresh()

    def _all(self) -> None:
        every = tuple(name for name, item in self.panel.session.case.structures.items() if item.voxel_count)
        self.panel.ask(replace(self.panel.wish, structures=() if self.panel.wish.structures == every else every))

    def actions(self) -> StepActions:
        """Next: shape."""
        blocked = "" if self.panel.wish.part_count else tr("Tick a part first")
        return StepActions(
            PanelAction("print_shape", tr("Next: shape"), self.panel.accept_step, blocked=blocked, key="Enter"),
            hint=tr("Space ticks · Enter goes on"),
        )


class ShapeStep(Step):
    """2: how it is made."""

    name = mark("Shape")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self.inside = choice_box("print_inside", tr("Inside"), (tr("Solid"), tr("Hollow")))
        self.inside.activated.connect(self._inside_chosen)
        self.wall = NumberField("print_wall", tr("Wall"), "mm", *WALL_RANGE_MM, 0.5)
        self.wall.entered.connect(lambda value: panel.ask(replace(panel.wish, hollow_mm=value)))
        self._wall_row = FieldRow(tr("Wall"), self.wall)
        self.cut = choice_box("print_cut", tr("Cut"), (tr("Not cut"),))
        self.cut.activated.connect(self._cut_chosen)
        self._cut_row = FieldRow(tr("Cut"), self.cut, wide=True)
        self.pegs = QCheckBox(tr("Pegs and sockets"))
        self.pegs.setObjectName("print_pegs")
        self.pegs.setToolTip(tr("Two of unequal size join the halves one way, 0.3 mm apart on each side"))
        self.pegs.clicked.connect(lambda on: panel.ask(replace(panel.wish, pegs=on)))
        self.base = QCheckBox(tr("Base plate"))
        self.base.setObjectName("print_base")
        self.base.setToolTip(tr("A plate under the largest part, joined to it"))
        self.base.clicked.connect(lambda on: panel.ask(replace(panel.wish, base=on)))
        self.printer = choice_box("print_bed", tr("Printer's space"), tuple(tr(words) for words in PRINTERS))
        self.printer.activated.connect(lambda n: panel.ask(replace(panel.wish, bed_mm=list(PRINTERS.values())[n])))
        self.fineness = choice_box("print_tolerance", tr("Fineness"), tuple(tr(words) for words in FINENESS))
        self.fineness.activated.connect(
            lambda n: panel.ask(replace(panel.wish, tolerance_mm=list(FINENESS.values())[n]))
        )
        self.file = choice_box("print_file", tr("File"), tuple(tr(words) for words in FILES))
        self.file.activated.connect(lambda n: panel.ask(replace(panel.wish, ending=list(FILES.values())[n])))
        self._guide_fields = {
            key: NumberField(f"guide_{key}", words, "mm", low, high, step)
            for key, (words, low, high, step) in GUIDE_FIELDS.items()
        }
        for key, field in self._guide_fields.items():
            field.entered.connect(lambda value, k=key: panel.ask(replace(panel.wish, **{k: value})))
        rows = [FieldRow(GUIDE_FIELDS[key][0], field) for key, field in self._guide_fields.items()]
        words = tr("For research and teaching only. The wing with the hole lies on the part that is removed.")
        self._guide = page(Heading(tr("Cut guide")), *rows, paragraph(words, "hint"), spacing=8)
        self.body = page(
            FieldRow(tr("Inside"), self.inside, wide=True),
            self._wall_row,
            self._cut_row,
            self.pegs,
            self.base,
            self._guide,
            Heading(tr("Printer and file")),
            FieldRow("Space", self.printer, wide=True),
            FieldRow(tr("Surface to"), self.fineness, wide=True),
            FieldRow(tr("File"), self.file, wide=True),
            spacing=8,
        )

    def _cut_words(self, cut: tuple[str, int]) -> str:
        name, number = cut
        is_only = len(self.panel.session.case.plans[name].results["resections"]) == 1
        return tr("By plan {name}", name=name) if is_only else tr("By cut {n} of plan {name}", n=number, name=name)

    def result(self) -> str:
        """Solid or hollow."""
        wish = self.panel.wish
        return (
            tr("solid")
            if wish.hollow_mm is None
            else tr("wall {hollow_mm}", hollow_mm=text_quantity(wish.hollow_mm, "mm"))
        )

    def refresh(self) -> None:
        """The wish."""
        wish = self.panel.wish
        self._hero.set_text(tr("Scale"), "100", "%", note=tr("true size"))
        self.inside.setCurrentIndex(0 if wish.hollow_mm is None else 1)
        self._wall_row.setVisible(wish.hollow_mm is not None)
        self.wall.set_value(wish.hollow_mm)
        cuts = list(plane_cuts(self.panel.session.case))
        entries = [tr("Not cut"), *map(self._cut_words, cuts)]
        if [self.cut.itemText(n) for n in range(self.cut.count())] != entries:
            self.cut.clear()
            self.cut.addItems(entries)
        self._cut_row.setVisible(bool(cuts))
        self.cut.setCurrentIndex(cuts.index(wish.cut) + 1 if wish.cut in cuts else 0)
        self.pegs.setVisible(wish.cut is not None)
        self.pegs.setChecked(wish.pegs)
        self.base.setChecked(wish.base)
        self._guide.setVisible(wish.has_guide)
        for key, field in self._guide_fields.items():
            field.set_value(getattr(wish, key))
        self.printer.setCurrentIndex(list(PRINTERS.values()).index(wish.bed_mm))
        self.fineness.setCurrentIndex(list(FINENESS.values()).index(wish.tolerance_mm))
        self.file.setCurrentIndex(list(FILES.values()).index(wish.ending))

    def _inside_chosen(self, number: int) -> None:
        self.panel.ask(replace(self.panel.wish, hollow_mm=FIRST_WALL_MM if number else None))

    def _cut_chosen(self, number: int) -> None:
        cut = list(plane_cuts(self.panel.session.case))[number - 1] if number else None
        self.panel.ask(replace(self.panel.wish, cut=cut, pegs=self.panel.wish.pegs and cut is not None))

    def actions(self) -> StepActions:
        """Check model."""
        return StepActions(
            PanelAction("print_check", tr("Check model"), self.panel.check_model, key="Enter"),
            hint=tr("Enter checks"),
            back=tr("Back: parts"),
        )
