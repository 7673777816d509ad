"""Any structure by strokes: choose it, say "this" and "not this" in the slices, look, keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QComboBox, QWidget

from app.i18n import inside, mark, structure_name, text_quantity, tr
from app.panels.guide import StepActions
from app.panels.notes import Note
from app.panels.parts import PanelAction, TableRow
from app.panels.rows import FieldRow, NameField, choice_box
from app.panels.segment.draft import STROKES, AnyMark, Draft, StrokeDraft
from app.panels.segment.guided_step import BRUSH_MM, GuidedStep
from app.panels.tool_row import ToolRow, ToolSpec
from inference.interactive.prompts import Kind, Prompt, flat_axis
from planning.case.guided import NOT, THIS
from planning.geometry import FloatArray
from viewers.overlay import SurfaceItem
from viewers.stroke_drag import BOX, CLICK, LASSO, STROKE

if TYPE_CHECKING:
    from app.panels.segment.panel import SegmentPanel
    from app.panels.segment.stroke_work import StrokeWork

TOOLS = (
    ToolSpec(CLICK, mark("Click"), mark("Click into it"), "mouse-pointer-click", "K"),
    ToolSpec(STROKE, mark("Scribble"), mark("Draw a line through it"), "brush", "B"),
    ToolSpec(BOX, mark("Box"), mark("Drag a box round it, from corner to corner"), "square-dashed", "V"),
    ToolSpec(LASSO, mark("Lasso"), mark("Draw round it in one slice"), "lasso", "Y"),
)
PROMPTS: dict[str, Kind] = {CLICK: "point", STROKE: "scribble", BOX: "box", LASSO: "lasso"}
NAMES: dict[str, str] = {
    "point": mark("Click"),
    "scribble": mark("Scribble"),
    "box": mark("Box"),
    "lasso": mark("Lasso"),
}
HINTS = {
    CLICK: mark("Click into it."),
    STROKE: mark("Draw a line through it."),
    BOX: mark("Drag a box round it, in one slice."),
    LASSO: mark("Draw round it, in one slice."),
}
# a click names a ball of this size
CLICK_MM = 6.0
NEW, OWN = mark("New structure"), mark("Own strokes")


class StrokesStep(GuidedStep):
    """Corrects a structure of the case, or makes a new one."""

    name = mark("Correct by strokes")
    target = STROKES
    open_word, marks_word = mark("not kept"), mark("Strokes")
    work: StrokeWork

    def __init__(self, panel: SegmentPanel) -> None:
        super().__init__(panel)
        self.tool = STROKE

    def find_work(self) -> StrokeWork:
        """Drafts of strokes."""
        return self.panel.strokes

    def before(self) -> Sequence[QWidget]:
        """Which structure, and the tools."""
        self.structure = choice_box("stroke_structure", tr("The structure that strokes are for"), ())
        self.structure.activated.connect(self._pick)
        self.name_field = NameField("stroke_name", tr("Name of the new structure"))
        self.name_field.entered.connect(self._rename)
        self._name_row = FieldRow(tr("Name"), self.name_field, wide=True)
        self.tools = ToolRow("stroke_tool", TOOLS)
        self.tools.chosen.connect(self.choose_tool)
        return (FieldRow(tr("Structure"), self.structure, wide=True), self._name_row, self.tools)

    def extra(self) -> Sequence[QWidget]:
        """Who answers, where there is a choice."""
        self.engine = choice_box("stroke_engine", tr("What answers the strokes"), ())
        self.engine.activated.connect(lambda n: self.work.use(self.engine.itemData(n)))
        self._engine_row = FieldRow(tr("Answered by"), self.engine, wide=True)
        return (self._engine_row,)

    @property
    def draft(self) -> StrokeDraft:
        """The strokes in hand."""
        return self.work.draft

    @property
    def display(self) -> str:
        """The structure as a person reads it."""
        return structure_name(self.draft.name)

    # words

    def guidance(self) -> str:
        """What to do now."""
        if self.work.is_preparing and not self.draft.marks:
            return tr("Preparing the scan; draw already. {HINTS}", HINTS=HINTS[self.tool])
        if not self.draft.marks and self.draft.initial is not None:
            return tr("Draw where it is missing; with Ctrl, where it is too much.")
        if not self.draft.marks:
            return tr("{HINTS} Then draw “not this” round it, in two or three slices.", HINTS=HINTS[self.tool])
        return tr("Go on where it is wrong, in any plane. Ctrl says the contrary.")

    def blocked(self) -> str:
        """Why nothing can be drawn."""
        return self.work.blocked()

    def kept_names(self) -> tuple[str, ...]:
        """The structure, where the case has it."""
        return (self.draft.name,) if self.draft.name in self.panel.session.case.structures else ()

    def caption(self) -> str:
        """The structure."""
        return self.display

    def accept_words(self) -> str:
        """With its name."""
        return tr("Keep {name}", name=inside(self.display))

    def main(self) -> PanelAction:
        """Nothing waits to be kept."""
        return PanelAction("leave_strokes", tr("Done"), self.panel.leave_models, key="Enter")

    def notes(self) -> list[Note]:
        """What an engine refused, strokes that wait elsewhere."""
        found = [note for note in (self.work.refused,) if note is not None]
        # what is in the case already was chosen on purpose
        found += [note for note in super().notes() if "in the case already" not in note.title]
        if self.is_open and self.work.is_outdated:
            found.append(
                Note(
                    tr("{display} changed meanwhile", display=self.display),
                    tr("Keeping gives it the shape of these strokes."),
                )
            )
        others = [name for name in self.work.waiting() if name != self.draft.name]
        if others:
            names = ", ".join(structure_name(name) for name in others)
            found.append(Note(tr("Strokes wait to be kept"), tr("{names}: choose it above to go on.", names=names), ""))
        return found

    def accepted(self) -> None:
        """It is in the case; strokes go on."""
        self.panel.session.view.set(selected=self.draft.name)
        self.panel.refresh()
        self.panel.scene_changed.emit()
        self.panel.frame.focus_main()

    # the hand

    def hold_tool(self) -> None:
        """The brush as large as what the tool names."""
        brush_mm = CLICK_MM if self.tool == CLICK else BRUSH_MM
        view = self.panel.session.view
        view.set(tool=self.tool, placing=self.target, brush_mm=brush_mm, refuses=self.kind == NOT)

    def choose_tool(self, tool: str) -> None:
        """Take a tool, "" to put the one in the hand away."""
        if not tool:
            self.put_away()
            self.refresh()
            return
        self.tool = tool
        self.take_tool(self.kind)

    def swap(self) -> None:
        """ "This" becomes "not this" and back."""
        self.take_tool(THIS if self.kind == NOT else NOT)

    def mark(self, kind: str, points_mm: FloatArray) -> None:
        """One more prompt; a press without a drag is a click with every tool."""
        prompt: Kind = "point" if len(points_mm) == 1 else PROMPTS[self.tool]
        self.work.mark(prompt, kind == THIS, points_mm)

    def sense(self, mark: AnyMark) -> str:
        """This or not this."""
        assert isinstance(mark, Prompt)
        return THIS if mark.positive else NOT

    def mark_name(self, mark: AnyMark) -> str:
        """The tool that made it."""
        assert isinstance(mark, Prompt)
        return NAMES[mark.kind]

    def line_of(self, mark: AnyMark) -> FloatArray:
        """Boxes and lassos are closed."""
        assert isinstance(mark, Prompt)
        if mark.kind == "lasso":
            return np.concatenate([mark.points_mm, mark.points_mm[:1]])
        image = self.panel.session.image
        if mark.kind != "box" or image is None:
            return mark.points_mm
        first, last = image.grid.to_index(mark.points_mm)
        # the array's axes run backwards through the index
        across = [axis for axis in range(3) if axis != 2 - flat_axis(mark, image.grid)]
        corners = np.array([first] * 5)
        corners[1:3, across[0]] = last[across[0]]
        corners[2:4, across[1]] = last[across[1]]
        return image.grid.to_world(corners)

    def entered(self) -> None:
        """Keys of the tools hold; what is installed is looked up."""
        self.work.find_models()
        self._show_engines()
        super().entered()
        self.panel.frame.set_title(self.name)
        others = {"swap": self.swap, "refuse": self._refuse_by_scribble}
        self.tools.listen(self.panel.window(), others)

    def _refuse_by_scribble(self) -> None:
        self.tool = STROKE
        self.take_tool(NOT)

    def left(self) -> None:
        """Strokes stay as they are."""
        super().left()
        self.tools.be_silent()
        self.panel.frame.set_title(tr("Segment"))

    # what is shown

    def refresh(self) -> None:
        """Structure, tools, engine; then as every guided step."""
        blocked = self.blocked()
        self.tools.show_tool(self.tool if self.has_tool else "", blocked)
        self._show_structures()
        is_new = self.draft.name not in self.panel.session.case.structures and self.draft.initial is None
        self._name_row.setVisible(is_new)
        if is_new and not self.name_field.isModified():
            self.name_field.start(self.draft.name)
            self.name_field.deselect()
        for n in range(self.engine.count()):
            if self.engine.itemData(n) is self.work.model:
                self.engine.setCurrentIndex(n)
        super().refresh()

    def count_rows(self, draft: Draft) -> list[TableRow]:
        """Strokes for and against."""
        this = sum(self.sense(mark) == THIS for mark in draft.marks)
        words = tr("{this} this, {marks} not", this=this, marks=len(draft.marks) - this)
        return [TableRow("strokes", tr("Strokes"), words, clickable=False)]

    def fact_rows(self, draft: Draft) -> list[TableRow]:
        """Whether a network had a say."""
        by = draft.found.by if draft.found is not None else ""
        title = next((f"{m.manifest.title} {m.manifest.version}" for m in self.work.models if m.key == by), by)
        return [TableRow("network", tr("With"), title, clickable=False)] if by else []

    def _show_structures(self) -> None:
        case, waiting = self.panel.session.case, self.work.waiting()
        names = [*case.structures, *(name for name in waiting if name not in case.structures)]
        rows = [(structure_name(name), name) for name in names]
        if self.draft.name in names:
            rows.append((tr(NEW), ""))
        else:
            rows.append((tr(NEW), self.draft.name))
        _fill(self.structure, rows, self.draft.name)
        self.structure.setToolTip(
            ", ".join(
                f"{structure_name(name)}: {text_quantity(one.volume_ml, 'ml')}"
                for name, one in case.structures.items()
                if name == self.draft.name
            )
            or self.structure.accessibleName()
        )

    def _show_engines(self) -> None:
        self.engine.clear()
        self.engine.addItem(tr(OWN), None)
        for model in self.work.models:
            self.engine.addItem(model.manifest.title, model)
        self._engine_row.setVisible(bool(self.work.models))

    def _pick(self, number: int) -> None:
        name = self.structure.itemData(number)
        self.begin(name)

    def begin(self, name: str) -> None:
        """Work on a structure of the case, "" for a new one."""
        if name:
            self.work.choose(name)
        else:
            self.work.new()
        if name in self.panel.session.case.structures:
            self.panel.fly_asked.emit(self.panel.session.mask(name).centroid_mm())

    def _rename(self, name: str) -> None:
        self._name_row.complain(self.work.rename(name))
        self.refresh()
        self.panel.show_actions()

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The preview's surface stays until the kept structure has its own, finer one."""
        session, name = self.panel.session, self.draft.name
        waits = not self.is_open and name in session.case.structures and session.surface(name) is None
        is_it = waits and bool(self.draft.base(session.case)) and self.draft.is_current
        return self.found_surfaces() if is_it else super().surfaces()

    # buttons

    def actions(self) -> StepActions:
        """As every guided step, but nothing empty is kept."""
        actions = replace(super().actions(), back="Back to structures")
        actions = replace(actions, hint=tr("Enter keeps") if self.is_open else actions.hint)
        found = self.draft.found
        is_empty = found is not None and not any(mask.voxel_count for mask in found.masks.values())
        if self.is_open and self.draft.is_current and is_empty and actions.main is not None:
            actions = replace(actions, main=replace(actions.main, blocked="Nothing is marked as “this” yet"))
        return actions


def _fill(box: QComboBox, rows: Sequence[tuple[str, str]], chosen: str) -> None:
    """Entries of a box, told as (words, data), and the one that stands in it."""
    if [(box.itemText(n), box.itemData(n)) for n in range(box.count())] != list(rows):
        box.clear()
        for words, data in rows:
            box.addItem(words, data)
    for n, (_, data) in enumerate(rows):
        if data == chosen:
            box.setCurrentIndex(n)
