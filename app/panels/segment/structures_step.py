"""The structures of the case as a list, what can be done to the chosen one, and the ways to get more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import mark, structure_name, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import Step, StepActions
from app.panels.labels import IconButton
from app.panels.notes import problem_words
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph
from app.panels.rows import FieldRow, Heading, NameField
from app.panels.segment.by_hand_keys import HandKeys
from app.panels.segment.by_hand_parts import ToolGrid
from app.panels.segment.by_hand_settings import ERASE, PAINT, SCISSORS, TOOLS
from app.panels.segment.finders import FinderRow
from app.panels.segment.swatch import Swatch
from app.theme.style import set_kind
from planning.case.model import Structure
from planning.errors import TheatrumError
from planning.registry import structure_style

if TYPE_CHECKING:
    from app.panels.segment.panel import SegmentPanel

SOURCES = {
    "imported": mark("from a file"),
    "automatic": "automatic",
    "painted": "painted",
    "edited": mark("edited by hand"),
}
# the usual structures' colours, each once, to choose from
SWATCHES = (
    "aorta",
    "coronaries",
    "liver",
    "tumor",
    "bone",
    "gallbladder",
    "bile_ducts",
    "vena_cava",
    "hepatic_veins",
    "portal_vein",
    "spleen",
    "calcium",
)


class SegmentStep(Step):
    """What is there, and what can be had."""

    name = mark("Segment")

    def __init__(self, panel: SegmentPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self._note = Callout("labels")
        self._note.followed.connect(panel.take_nearest)
        self.finders = FinderRow()
        self.finders.asked.connect(panel.find_by_clicks)
        self._none = paragraph(
            tr(
                "Nothing segmented yet. Click the liver, its vessels and tumours in the scan, draw "
                "any structure by strokes, or add a label map (NIfTI, NRRD, MHA or DICOM SEG): one "
                "structure for each label, named by a file beside it (same name, .json)."
            ),
            "hint",
        )
        self.list = ChoiceList("segment_structures", tr("Structures"), ticks=False)
        self.list.picked.connect(lambda name: panel.session.view.set(selected=name))
        self.list.opened.connect(panel.fly_to)
        self._facts = NumberTable()
        self.name_field = NameField("structure_name", tr("Name of the structure"))
        self.name_field.entered.connect(panel.rename)
        self._name_row = FieldRow(tr("Name"), self.name_field, wide=True)
        self._swatches: list[Swatch] = []
        self._color_row = QWidget()
        set_kind(self._color_row, "clear")
        line = QHBoxLayout(self._color_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(1)
        for name in SWATCHES:
            style = structure_style(name)
            swatch = Swatch(style.color, style.display)
            swatch.clicked.connect(partial(panel.recolour, style.color))
            self._swatches.append(swatch)
            line.addWidget(swatch)
        line.addStretch(1)
        self._color_head = Heading(tr("Colour"), "other_color", tr("Other"))
        self._color_head.followed.connect(panel.choose_color)
        self.chosen = page(self._name_row, self._color_head, self._color_row, self._facts, spacing=8)
        self.tools = ToolGrid("list_tool", TOOLS)
        self.tools.chosen.connect(panel.open_by_hand)
        opens = {f"hand_tool:{tool}": partial(panel.open_by_hand, tool) for tool in (PAINT, ERASE, SCISSORS)}
        self.keys = HandKeys(opens, lambda: None, lambda: False, lambda: None)
        self.by_model = IconButton("open_models", tr("Find by a model"), "brain")
        self.by_model.clicked.connect(panel.open_models)
        self.by_strokes = IconButton("open_strokes", tr("Correct by strokes"), "brush")
        self.by_strokes.clicked.connect(lambda: panel.open_strokes(panel.chosen))
        self.body = page(
            self._note,
            self.tools,
            self.by_model,
            self.by_strokes,
            Heading(tr("Find by clicks")),
            self.finders,
            self._none,
            self.list,
            self.chosen,
        )

    def entered(self) -> None:
        """B and the like open the editor."""
        self.keys.listen(self.panel.window())

    def left(self) -> None:
        """Its keys mean something else elsewhere."""
        self.keys.be_silent()

    def refresh(self) -> None:
        """The structures and the one chosen."""
        case = self.panel.session.case
        count = len(case.structures)
        self._hero.set_text(tr("Structures"), str(count))
        read_only = self.panel.session.document.read_only
        self.tools.show_tool(
            "", dict.fromkeys(self.tools.buttons, tr("This case is open to read")) if read_only else {}
        )
        self.list.set_rows(
            [
                Choice(name, structure_name(name), text_quantity(item.volume_ml, "ml"), item.color)
                for name, item in case.structures.items()
            ]
        )
        self.finders.block(tr("This case is open to read") if self.panel.session.document.read_only else "")
        self._none.setVisible(count == 0)
        chosen = self.panel.chosen
        was = self.list.blockSignals(True)
        self.list.pick(chosen)
        self.list.blockSignals(was)
        self.chosen.setVisible(bool(chosen))
        if not chosen:
            return
        item = case.structures[chosen]
        if not self.name_field.isModified():
            self.name_field.start(structure_name(chosen))
            self.name_field.deselect()
        for swatch in self._swatches:
            swatch.is_current = swatch.value.lower() == item.color.lower()
            swatch.update()
        rows = [
            TableRow("voxels", tr("Voxels"), f"{item.voxel_count:,}".replace(",", "\u202f"), clickable=False),
            TableRow("source", tr("Made"), SOURCES.get(item.source, item.source), clickable=False),
            *_guided_rows(item),
        ]
        if item.confidence is not None:
            rows.append(TableRow("confidence", tr("Trust"), f"{100 * item.confidence:.0f}", "%", clickable=False))
        self._facts.set_rows(rows)

    def show_problem(self, error: TheatrumError | None, can_resample: bool = False) -> None:
        """What was wrong with the file, and whether it can be taken all the same."""
        if error is None:
            self._note.clear()
            return
        title, words = problem_words(error)
        if can_resample:
            head, _, difference = title.partition(": ")
            nearest = tr("It can be taken by nearest neighbour; edges move by up to half a voxel.")
            self._note.show_note(head, f"{difference[:1].upper()}{difference[1:]}. {nearest}", "warn", tr("Take it"))
        else:
            self._note.show_note(title, words, "bad")

    def show_added(self, names: tuple[str, ...]) -> None:
        """How many structures came."""
        count = len(names)
        self._note.show_note(tr("%n structure(s) added", "", count), "", "ok")

    def actions(self) -> StepActions:
        """Add from a file."""
        reading = tr("Reading the label map") if self.panel.is_reading else ""
        locked = tr("This case is open to read") if self.panel.session.document.read_only else ""
        secondary = ()
        if self.panel.chosen:
            secondary = (
                PanelAction("show_structure", tr("Show"), self.panel.fly_to_chosen, "crosshair", key="E"),
                PanelAction("remove_structure", tr("Remove"), self.panel.remove, "trash-2", locked),
            )
        return StepActions(
            PanelAction(
                "add_from_file", tr("Add from a file"), self.panel.ask_file, blocked=reading or locked, key="Enter"
            ),
            secondary,
            tr("Enter adds · double-click shows") if self.panel.chosen else tr("Enter adds"),
        )


def _guided_rows(item: Structure) -> list[TableRow]:
    """How many clicks and strokes a structure was found with, nothing for another one."""
    from inference.interactive.keeping import SOURCE
    from planning.case.guided import count_words, kept_marks

    if item.provenance.source.startswith(f"{SOURCE}, "):
        count = len(item.provenance.inputs)
        words = tr("%n stroke(s)", "", count)
        return [
            TableRow(
                "marks",
                tr("Found with") if item.source == "automatic" else tr("Corrected with"),
                words,
                clickable=False,
            )
        ]
    marks = kept_marks(item)
    return [TableRow("marks", tr("Found with"), count_words(marks), clickable=False)] if marks else []
