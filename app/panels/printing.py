"""Printing step by step: parts, shape, checks on a draft that was read back, and the file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import inside, mark, said, structure_name, text_quantity, text_value, tr
from app.jobs import Job
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import GuidedPlanner, Step, StepActions
from app.panels.labels import STATE_ICONS, state_token, text_font
from app.panels.notes import problem_words
from app.panels.parts import (
    Callout,
    HeroNumber,
    NumberField,
    NumberTable,
    PanelAction,
    TableRow,
    number_row,
    page,
    paragraph,
)
from app.panels.print_work import (
    FILES,
    FINENESS,
    LEAST_WALL_MM,
    PRINTERS,
    Check,
    PrintWish,
    checks_of,
    copy_draft,
    first_wish,
    make_draft,
    plan_choices,
    plan_part_ml,
    proof_of,
    spoken_part,
)
from app.panels.rows import FieldRow, Heading, choice_box
from app.session import Session
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind
from planning.case.printing import structures_of
from planning.errors import TheatrumError
from planning.registry import canonical_name

PARTS, SHAPE, CHECK, WRITE = range(4)
WALL_RANGE_MM = (0.4, 20.0)
FIRST_WALL_MM = 3.0
# what a cut guide is like: name, least, most, step
GUIDE_FIELDS = {
    "slot_mm": (mark("Slot"), 0.8, 6.0, 0.1),
    "clearance_mm": (mark("Gap to the liver"), 0.0, 2.0, 0.1),
    "thickness_mm": (mark("Thickness"), 1.5, 8.0, 0.5),
    "wing_mm": (mark("Width on each side"), 8.0, 30.0, 1.0),
}


class CheckLine(QAbstractButton):
    """A check with its sign; a click goes to the object it speaks of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = Check("", "")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_check(self, check: Check) -> None:
        """Another check."""
        self.check = check
        self.setObjectName(f"check_{check.key}")
        word = {"ok": tr("met"), "warn": tr("look here"), "bad": tr("not met")}.get(check.state, "")
        self.setAccessibleName(", ".join(part for part in (check.name, check.value, word) if part))
        self.setToolTip(spoken_part(check.at) if check.at else self.accessibleName())
        self.setFixedHeight(current_look().px(26))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, current_look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, name, value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, check = QRectF(self.rect()), self.check
        if check.at and self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("s3")))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        name = STATE_ICONS.get(check.state, "info")
        draw_icon(painter, name, color(state_token(check.state, "t3")), QRectF(8, rect.center().y() - 7, 14, 14))
        bad = check.state in ("warn", "bad")
        painter.setFont(text_font(13 if bad else 12, 600 if bad else 400))
        painter.setPen(QColor(color("t1" if bad else "t3")))
        painter.drawText(
            rect.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, check.value
        )
        room = rect.width() - 46 - painter.fontMetrics().horizontalAdvance(check.value)
        painter.setFont(text_font(13))
        painter.setPen(QColor(color("t1" if bad else "t2")))
        shown = painter.fontMetrics().elidedText(check.name, Qt.TextElideMode.ElideRight, max(int(room), 20))
        painter.drawText(rect.adjusted(31, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class CheckCard(QFrame):
    """All checks. `followed`: the object a check speaks of."""

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(4, 6, 4, 6)
        self._box.setSpacing(0)
        self._lines: list[CheckLine] = []

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is shown."""
        return tuple(line.check for line in self._lines if not line.isHidden())

    def show_checks(self, checks: list[Check]) -> None:
        """Other checks; none hides the card."""
        while len(self._lines) < len(checks):
            line = CheckLine(self)
            line.clicked.connect(lambda _=False, made=line: made.check.at and self.followed.emit(made.check.at))
            self._lines.append(line)
            self._box.addWidget(line)
        for n, line in enumerate(self._lines):
            line.setVisible(n < len(checks))
            if n < len(checks):
                line.show_check(checks[n])
        self.setVisible(bool(checks))


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

    def _cut_plans(self) -> list[str]:
        return [name for name, plan in self.panel.session.case.plans.items() if plan.kind == "liver"]

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
        plans = self._cut_plans()
        entries = [tr("Not cut"), *(tr("By plan {name}", name=name) for name in plans)]
        if [self.cut.itemText(n) for n in range(self.cut.count())] != entries:
            self.cut.clear()
            self.cut.addItems(entries)
        self._cut_row.setVisible(bool(plans))
        self.cut.setCurrentIndex(plans.index(wish.cut_plan) + 1 if wish.cut_plan in plans else 0)
        self.pegs.setVisible(bool(wish.cut_plan))
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
        plan = self._cut_plans()[number - 1] if number else ""
        self.panel.ask(replace(self.panel.wish, cut_plan=plan, pegs=self.panel.wish.pegs and bool(plan)))

    def actions(self) -> StepActions:
        """Check model."""
        return StepActions(
            PanelAction("print_check", tr("Check model"), self.panel.check_model, key="Enter"),
            hint=tr("Enter checks"),
            back=tr("Back: parts"),
        )


class CheckStep(Step):
    """3: what the draft is worth."""

    name = mark("Check")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self._waiting = paragraph("", "hint")
        self.checks = CheckCard()
        self.checks.followed.connect(panel.show_part)
        self._notes = (Callout("print"), Callout("print_2"))
        self._at = ["", ""]
        for n, note in enumerate(self._notes):
            note.followed.connect(partial(self._follow, n))
        self._proof_head = Heading(tr("Proof: draft file read back"))
        self.proof = NumberTable()
        self.body = page(self._waiting, self.checks, *self._notes, self._proof_head, self.proof)

    def is_reachable(self) -> bool:
        """With something to print."""
        return bool(self.panel.wish.part_count)

    def entered(self) -> None:
        """Coming here asks for the check."""
        if self.panel.draft is None and self.panel.problem is None and not self.panel.is_checking:
            self.panel.check_model()

    def result(self) -> str:
        """How many checks are not met."""
        result = self.panel.draft
        if result is None:
            return ""
        count = sum(check.state == "bad" for check in checks_of(result, self.panel.wish))
        return tr("all met") if not count else tr("{count} to look at", count=count)

    def refresh(self) -> None:
        """The checks, what is wrong, and the proof."""
        result, problem = self.panel.draft, self.panel.problem
        words = ""
        if result is None and problem is None:
            words = (
                tr("Measuring again…") if self.panel.was_checked else tr("Meshing, writing a draft, reading it back…")
            )
            if not self.panel.is_checking:
                words = tr("The model was not checked yet.")
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        self.checks.show_checks([] if result is None else checks_of(result, self.panel.wish))
        self._show_notes()
        self._proof_head.setVisible(result is not None)
        if result is None:
            self.proof.set_rows([])
            return
        proof = proof_of(result)
        volume = ("+" if proof.volume_percent > 0 else "") + text_value(proof.volume_percent, 2)
        self.proof.set_rows(
            [
                number_row("mean", tr("Mean deviation"), proof.mean_mm, "mm", decimals=2, clickable=False),
                number_row("largest", tr("Largest deviation"), proof.largest_mm, "mm", decimals=2, clickable=False),
                TableRow(
                    "volume",
                    tr("Volume, {part}", part=inside(spoken_part(proof.volume_of))),
                    volume,
                    "%",
                    clickable=False,
                ),
            ]
        )

    def _show_notes(self) -> None:
        notes = self._texts()[: len(self._notes)]
        self._at = [text[3] for text in notes] + [""] * (len(self._notes) - len(notes))
        for n, note in enumerate(self._notes):
            if n < len(notes):
                title, words, state, at = notes[n]
                note.show_note(title, words, state, tr("Show") if at else "")
            else:
                note.clear()

    def _texts(self) -> list[tuple[str, str, str, str]]:
        """(title, words, state, object) of what is wrong, the gravest first."""
        if self.panel.problem is not None:
            return [(*problem_words(self.panel.problem), "bad", "")]
        result = self.panel.draft
        if result is None:
            return []
        found = []
        for check in checks_of(result, self.panel.wish):
            if check.state != "bad":
                continue
            part = spoken_part(check.at)
            if check.key == "wall":
                thin = [row for row in result["objects"] if (row["min_wall_mm"] or 99.0) < LEAST_WALL_MM]
                more = tr(" and {thin} more", thin=len(thin) - 1) if len(thin) > 1 else ""
                words = tr(
                    "{part}{more}: 1 % of the wall is thinner than {value}; it may break off.",
                    part=part,
                    more=more,
                    value=check.value,
                )
                found.append((tr("Wall thinner than {limit:g} mm", limit=LEAST_WALL_MM), words, "bad", check.at))
            elif check.key == "size":
                found.append(
                    (
                        tr("Too large for the plate"),
                        tr("{part} is {size} mm.", part=part, size=check.value),
                        "bad",
                        check.at,
                    )
                )
            else:
                title = tr("A surface cuts itself") if check.key == "crossing" else tr("Not one closed solid")
                found.append((title, tr("{part}: look at it in the slicer.", part=part), "bad", check.at))
        told = {"not_closed", "bed", "loose_parts"}
        for item in result["warnings"]:
            if item["code"] not in told:
                head = item["text"].partition(": ")[0]
                rest = said(item["text"]).partition(": ")[2]
                found.append(
                    (spoken_part(head), f"{rest[:1].upper()}{rest[1:]}", "warn", head if head in self._names() else "")
                )
        return found

    def _names(self) -> set[str]:
        result = self.panel.draft
        return {row["name"] for row in result["objects"]} if result is not None else set()

    def _follow(self, number: int) -> None:
        if self._at[number]:
            self.panel.show_part(self._at[number])

    def actions(self) -> StepActions:
        """Accept model, or check it."""
        back = tr("Back: shape")
        if self.panel.draft is None and not self.panel.is_checking:
            return StepActions(
                PanelAction("print_check", tr("Check model"), self.panel.check_model, key="Enter"),
                hint=tr("Enter checks"),
                back=back,
            )
        waiting = "" if self.panel.draft is not None else tr("Measuring")
        checks = [] if self.panel.draft is None else checks_of(self.panel.draft, self.panel.wish)
        words = tr("Accept as is") if any(check.state == "bad" for check in checks) else tr("Accept model")
        return StepActions(
            PanelAction("accept_model", words, self.panel.accept_step, blocked=waiting, key="Enter"),
            hint=tr("Enter accepts"),
            back=back,
        )


class WriteStep(Step):
    """4: the file."""

    name = mark("Write file")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self._table = NumberTable()
        self._note = Callout("print_file")
        self._note.followed.connect(panel.show_folder)
        self._limit = paragraph(tr("Digital step only. The printer adds its own error, about 0.3 mm."), "hint")
        self.body = page(self._table, self._note, self._limit)

    def is_reachable(self) -> bool:
        """After a check."""
        return self.panel.draft is not None

    def result(self) -> str:
        """The file's name."""
        return self.panel.written[0].name if self.panel.written else ""

    def refresh(self) -> None:
        """What is written and where it went."""
        result, written = self.panel.draft, self.panel.written
        if result is None:
            return
        files = len(result["files"])
        self._hero.set_text(
            tr("To write"),
            str(files),
            tr("file") if files == 1 else tr("files"),
            note=self.panel.wish.ending[1:].upper(),
        )
        triangles = sum(row["triangles"] for row in result["objects"])
        self._table.set_rows(
            [
                TableRow("objects", tr("Objects"), str(len(result["objects"])), clickable=False),
                TableRow("triangles", tr("Triangles"), text_value(triangles, 0), clickable=False),
                number_row(
                    "material", tr("Volume"), sum(row["volume_ml"] for row in result["objects"]), "ml", clickable=False
                ),
            ]
        )
        if self.panel.write_problem is not None:
            self._note.show_note(*problem_words(self.panel.write_problem), "bad")
        elif written:
            proof = proof_of(result)
            more = tr(" and {written} more", written=len(written) - 1) if len(written) > 1 else ""
            self._note.show_note(
                f"{written[0].name}{more}",
                tr("Read back and compared: {words}.", words=proof.words),
                proof.state,
                tr("Show in folder"),
            )
        else:
            self._note.clear()

    def actions(self) -> StepActions:
        """Write file."""
        writing = tr("Writing") if self.panel.is_writing else ""
        return StepActions(
            PanelAction("write_model", tr("Write file"), self.panel.write_file, blocked=writing, key="Enter"),
            hint=tr("Enter writes"),
            back=tr("Back: check"),
        )


class PrintPanel(GuidedPlanner):
    """Module "print"."""

    module = "print"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.wish = first_wish(session.case, session.view.state.hidden)
        self.draft: dict[str, Any] | None = None
        self.problem: TheatrumError | None = None
        self.write_problem: TheatrumError | None = None
        self.written: list[Path] = []
        self.is_checking = self.is_writing = self.was_checked = False
        self._touched = False
        self._sources = self._source_key()
        self._folder = tempfile.TemporaryDirectory(prefix="theatrum-print-")
        self.destroyed.connect(self._folder.cleanup)
        self.frame.set_title(tr("Print"))
        self.start_steps((PartsStep(self), ShapeStep(self), CheckStep(self), WriteStep(self)))

    def _source_key(self) -> tuple[Any, ...]:
        case = self.session.case
        structures = tuple((name, item.array.sha256) for name, item in case.structures.items())
        plans = tuple((name, id(plan.results)) for name, plan in case.plans.items() if plan.kind == "liver")
        return structures, plans

    def used_structures(self) -> tuple[str, ...]:
        """What is ticked, and what ticked parts of plans are made of."""
        plans = self.session.case.plans
        of_plans = [name for plan, _ in self.wish.plan_parts if plan in plans for name in structures_of(plans[plan])]
        return (*self.wish.structures, *of_plans)

    def ask(self, wish: PrintWish) -> None:
        """Another wish; a check made before is over."""
        if wish == self.wish:
            self.refresh()
            return
        self.wish, self._touched = wish, True
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self.was_checked = self.was_checked or self.draft is not None
        self.draft = self.problem = self.write_problem = None
        self.written = []
        self.where.accepted -= {CHECK, WRITE}
        for state in self.session.jobs.active:
            if state.job.key == "print check":
                self.session.jobs.cancel(state)
        self.is_checking = False

    def case_changed(self) -> None:
        """What is printed may be another one now."""
        key = self._source_key()
        if key == self._sources:
            # a tick may have come or gone
            self.refresh()
            return
        self._sources = key
        case = self.session.case
        if self._touched:
            self.wish = replace(
                self.wish,
                structures=tuple(name for name in self.wish.structures if name in case.structures),
                plan_parts=tuple(pair for pair in self.wish.plan_parts if pair[0] in case.plans),
                cut_plan=self.wish.cut_plan if self.wish.cut_plan in case.plans else "",
            )
        else:
            self.wish = first_wish(case, self.session.view.state.hidden)
        self._forget()
        if not self.step.is_reachable():
            self.go_to(PARTS)
        self.refresh()

    def check_model(self) -> None:
        """Write a draft, read it back and compare, in a job."""
        self.where.accepted |= {PARTS, SHAPE}
        if self.where.current != CHECK:
            # opening the step checks
            self.go_to(CHECK)
            return
        if self.draft is not None:
            return
        wish = self.wish
        self.is_checking, self.problem = True, None
        target = Path(self._folder.name) / f"draft{wish.ending}"
        for old in target.parent.glob("draft*"):
            old.unlink()
        self.session.jobs.submit(
            Job(
                key="print check",
                title=tr("Checking the model"),
                work=partial(make_draft, self.session.document.reader(), wish, target),
                done=self._checked,
                failed=self._not_checked,
                still_wanted=lambda: self.wish is wish,
                subject=self.session.label,
            )
        )
        self.refresh()

    def _checked(self, result: dict[str, Any]) -> None:
        self.is_checking, self.draft = False, result
        self.refresh()
        self.frame.focus_main()

    def _not_checked(self, error: TheatrumError) -> None:
        self.is_checking, self.problem = False, error
        self.refresh()

    def show_part(self, name: str) -> None:
        """The crosshair to a part, and its structure marked."""
        place = self.draft["places"].get(name) if self.draft is not None else None
        if place is not None:
            self.fly_asked.emit(place)
        from planning.case.printing import part_name

        stems = {part_name(structure, set()): structure for structure in self.session.case.structures}
        structure = stems.get(name) or stems.get(name.rpartition("_")[0], "")
        self.session.view.set(selected=structure)

    def write_file(self) -> None:
        """Ask where, then put the checked draft there."""
        plan = f"-plan-{canonical_name(self.wish.plan_parts[0][0])}" if self.wish.plan_parts else ""
        words = next(words for words, ending in FILES.items() if ending == self.wish.ending).partition(",")[0]
        self.save_asked.emit(f"model{plan}{self.wish.ending}", f"{words} (*{self.wish.ending})", self.write_to)

    def write_to(self, path: Path) -> None:
        """Copy the draft that was checked to its place."""
        if self.draft is None:
            return
        target = Path(path)
        if target.suffix.lower() != self.wish.ending:
            target = target.with_name(target.name + self.wish.ending)
        self.is_writing, self.write_problem = True, None
        self.session.jobs.submit(
            Job(
                key="print write",
                title=tr("Writing the model"),
                work=partial(_copied, list(self.draft["files"]), target),
                done=self._written,
                failed=self._not_written,
                subject=self.session.label,
            )
        )
        self.refresh()

    def _written(self, files: list[str]) -> None:
        self.is_writing = False
        self.written = [Path(file) for file in files]
        self.where.accepted.add(WRITE)
        self.refresh()

    def _not_written(self, error: TheatrumError) -> None:
        self.is_writing, self.write_problem = False, error
        self.refresh()

    def show_folder(self) -> None:
        """Open the folder of the file in the system's own browser."""
        if self.written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written[0].parent)))


def _copied(files: list[str], target: Path, progress: Any, cancel: Any) -> list[str]:
    from planning.errors import CaseError

    try:
        return copy_draft(files, "draft", target)
    except OSError as error:
        raise CaseError(
            f"{target.name} cannot be written", f"{error.strerror or error}. Choose another folder"
        ) from error
