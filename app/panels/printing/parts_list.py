"""Everything that can be printed, to tick: parts of plans, structures, and what is added to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import inside, structure_name, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.labels import paragraph
from app.panels.printing.wish import LABEL, PrintWish, liver_plans, plan_choices, plan_part_ml
from app.panels.rows import Heading
from app.theme.style import set_kind
from app.theme.tokens import PLANS, REMOVED
from planning.case.model import Case

BASE, MARKS, CASE_LABEL, PEGS = "base", "marks", "label", "pegs"
INSET_PX = 8


@dataclass(frozen=True, slots=True)
class PartsSeen:
    """What the list shows. states: of rows, by key."""

    case: Case
    wish: PrintWish
    states: Mapping[str, str]


class PartsList(QWidget):
    """`asked`: another wish. `picked`: the row that a hand or the keyboard is on: a structure's name, or "plan, line break,
    part"."""

    asked = Signal(object)
    picked = Signal(str)

    def __init__(self, before: str = "", parent: QWidget | None = None) -> None:
        """before: what the names of its lists begin with, where there is more than one of it."""
        super().__init__(parent)
        set_kind(self, "clear")
        self._seen: PartsSeen | None = None
        self._shows_all_parts = False
        self._plan_head = Heading(tr("From plans"), f"{before}print_plan_more", tr("All parts"))
        self._structure_head = Heading(tr("Structures"), f"{before}print_all", tr("All"))
        self._also_head = Heading(tr("Also"))
        self.plans = ChoiceList(f"{before}print_plan_parts", tr("Parts of plans"))
        self.structures = ChoiceList(f"{before}print_structures", tr("Structures"))
        self.also = ChoiceList(f"{before}print_also", tr("Also"))
        self._none = paragraph(tr("Nothing segmented yet."), "hint")
        self.plans.ticked.connect(self._tick_plan)
        self.structures.ticked.connect(self._tick)
        self.also.ticked.connect(self._tick_also)
        for part in (self.plans, self.structures):
            part.picked.connect(self.picked)
        self._structure_head.followed.connect(self._all)
        self._plan_head.followed.connect(self._toggle_parts)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        widgets = (self._plan_head, self.plans, self._structure_head, self.structures, self._none)
        for widget in (*widgets, self._also_head, self.also):
            box.addWidget(widget)
        box.addStretch(1)
        if before:
            # in a column of its own the words stand over the rows, which keep a rim for what is picked
            for head in (self._plan_head, self._structure_head, self._also_head):
                head.set_inset(INSET_PX)
            self._none.setContentsMargins(INSET_PX, 0, INSET_PX, 0)

    def show_parts(self, seen: PartsSeen) -> None:
        """Everything that could be printed."""
        self._seen = seen
        case, wish = seen.case, seen.wish
        rows = self._plan_rows(seen)
        plans = liver_plans(case)
        self._plan_head.setVisible(bool(rows))
        self._plan_head.text.setText(tr("From plan {name}", name=plans[0]) if len(plans) == 1 else tr("From plans"))
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
                    seen.states.get(name, ""),
                )
                for name, item in case.structures.items()
            ]
        )
        self._structure_head.setVisible(bool(case.structures))
        self._structure_head.text.setText(tr("Inside") if wish.plan_parts else tr("Structures"))
        every = all(name in wish.structures for name, item in case.structures.items() if item.voxel_count)
        self._structure_head.set_link(tr("None") if every else tr("All"))
        self._none.setVisible(not case.structures)
        self._also_head.setVisible(bool(case.structures))
        self.also.set_rows(self._also_rows(wish) if case.structures else [])

    def _plan_rows(self, seen: PartsSeen) -> list[Choice]:
        wish, rows = seen.wish, []
        plans = liver_plans(seen.case)
        for name in plans:
            plan = seen.case.plans[name]
            for part, words, swatch in plan_choices(plan):
                if not (self._shows_all_parts or part in ("kept", "removed") or (name, part) in wish.plan_parts):
                    continue
                ml = plan_part_ml(plan, part)
                key = f"{name}\n{part}"
                rows.append(
                    Choice(
                        key,
                        words if len(plans) == 1 else tr("{name}: {words}", name=name, words=inside(words)),
                        "" if ml is None else text_quantity(ml, "ml"),
                        swatch,
                        (name, part) in wish.plan_parts,
                        state=seen.states.get(key, ""),
                    )
                )
        return rows

    @staticmethod
    def _also_rows(wish: PrintWish) -> list[Choice]:
        no_base = "" if wish.base else tr("It stands on the base plate: tick that first")
        no_cut = "" if wish.is_parted else tr("Nothing is cut that pegs could join")
        return [
            Choice(BASE, tr("Base plate"), "", REMOVED, wish.base, note=tr("With scale bar, R and L")),
            Choice(MARKS, tr("R and L marks"), "", REMOVED, wish.marks, note=tr("Engraved in the largest part")),
            Choice(CASE_LABEL, tr("Label on the base"), "", REMOVED, wish.base and bool(wish.label), no_base),
            Choice(PEGS, tr("Pegs and sockets"), "", PLANS["a"], wish.pegs and wish.is_parted, no_cut),
        ]

    @property
    def _wish(self) -> PrintWish:
        assert self._seen is not None
        return self._seen.wish

    def _tick(self, name: str, on: bool) -> None:
        assert self._seen is not None
        chosen = {*self._wish.structures, name} if on else set(self._wish.structures) - {name}
        order = tuple(n for n in self._seen.case.structures if n in chosen)
        self.asked.emit(replace(self._wish, structures=order))

    def _tick_plan(self, key: str, on: bool) -> None:
        plan, _, part = key.partition("\n")
        parts = tuple(pair for pair in self._wish.plan_parts if pair != (plan, part))
        self.asked.emit(replace(self._wish, plan_parts=(*parts, (plan, part)) if on else parts))

    def _tick_also(self, key: str, on: bool) -> None:
        wish = self._wish
        changed = {
            BASE: lambda: replace(wish, base=on),
            MARKS: lambda: replace(wish, marks=on),
            CASE_LABEL: lambda: replace(wish, label=LABEL if on else ""),
            PEGS: lambda: replace(wish, pegs=on),
        }[key]()
        self.asked.emit(changed)

    def _toggle_parts(self) -> None:
        """Parts by cut, vessels, tumours and guides too, or what is kept and removed alone."""
        self._shows_all_parts = not self._shows_all_parts
        if self._seen is not None:
            self.show_parts(self._seen)

    def _all(self) -> None:
        assert self._seen is not None
        every = tuple(name for name, item in self._seen.case.structures.items() if item.voxel_count)
        self.asked.emit(replace(self._wish, structures=() if self._wish.structures == every else every))
