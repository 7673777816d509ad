"""Structures of the case: added from a label map, renamed, recoloured, taken out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QHBoxLayout, QWidget

from app.jobs import Job
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import GuidedPlanner, Step, StepActions
from app.panels.notes import problem_words
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph
from app.panels.rows import FieldRow, Heading, NameField
from app.session import Session
from app.theme.style import color, set_kind
from planning.case.commands import AddStructure, Batch, RecolourStructure, RemoveStructure, RenameStructure
from planning.case.document import Document
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress
from planning.registry import structure_style
from planning.units import text_position, text_quantity

LABEL_FILES = "Label maps (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)"
SOURCES = {"imported": "from a file", "automatic": "automatic", "painted": "painted", "edited": "edited by hand"}
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


class Swatch(QAbstractButton):
    """A colour to choose; the present one is ringed."""

    def __init__(self, value: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value, self.is_current = value, False
        self.setObjectName(f"color_{value.lstrip('#').lower()}")
        self.setAccessibleName(f"Colour of {name}")
        self.setToolTip(name)
        self.setFixedSize(20, 20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """A small square."""
        return QSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Square and ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.value))
        painter.drawRoundedRect(self.rect().adjusted(3, 3, -3, -3), 4, 4)
        if self.is_current or self.hasFocus():
            painter.setPen(QPen(QColor(color("acc" if self.hasFocus() else "t1")), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)


class SegmentStep(Step):
    """The panel's only page."""

    name = "Segment"

    def __init__(self, panel: SegmentPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self._note = Callout("labels")
        self._note.followed.connect(panel.take_nearest)
        self._none = paragraph(
            "Nothing segmented yet. A label map of this scan (NIfTI, NRRD, MHA or DICOM SEG) adds one structure for "
            "each label; a names file beside it (same name, .json) names them.",
            "hint",
        )
        self.list = ChoiceList("segment_structures", "Structures", ticks=False)
        self.list.picked.connect(lambda name: panel.session.view.set(selected=name))
        self.list.opened.connect(panel.fly_to)
        self._facts = NumberTable()
        self.name_field = NameField("structure_name", "Name of the structure")
        self.name_field.entered.connect(panel.rename)
        self._name_row = FieldRow("Name", self.name_field, wide=True)
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
        self._color_head = Heading("Colour", "other_color", "Other")
        self._color_head.followed.connect(panel.choose_color)
        self.chosen = page(self._name_row, self._color_head, self._color_row, self._facts, spacing=8)
        self.body = page(self._note, self._none, self.list, self.chosen)

    def refresh(self) -> None:
        """The structures and the one chosen."""
        case = self.panel.session.case
        count = len(case.structures)
        self._hero.set_text("Structures", str(count))
        self.list.set_rows(
            [
                Choice(name, structure_style(name).display, text_quantity(item.volume_ml, "ml"), item.color)
                for name, item in case.structures.items()
            ]
        )
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
            self.name_field.start(chosen)
            self.name_field.deselect()
        for swatch in self._swatches:
            swatch.is_current = swatch.value.lower() == item.color.lower()
            swatch.update()
        rows = [
            TableRow("voxels", "Voxels", f"{item.voxel_count:,}".replace(",", "\u202f"), clickable=False),
            TableRow("source", "Made", SOURCES.get(item.source, item.source), clickable=False),
        ]
        if item.confidence is not None:
            rows.append(TableRow("confidence", "Trust", f"{100 * item.confidence:.0f}", "%", clickable=False))
        self._facts.set_rows(rows)

    def show_problem(self, error: TheatrumError | None, can_resample: bool = False) -> None:
        """What was wrong with the file, and whether it can be taken all the same."""
        if error is None:
            self._note.clear()
            return
        title, words = problem_words(error)
        if can_resample:
            head, _, difference = title.partition(": ")
            nearest = "It can be taken by nearest neighbour; edges move by up to half a voxel."
            self._note.show_note(head, f"{difference[:1].upper()}{difference[1:]}. {nearest}", "warn", "Take it")
        else:
            self._note.show_note(title, words, "bad")

    def show_added(self, names: tuple[str, ...]) -> None:
        """How many structures came."""
        count = len(names)
        self._note.show_note(f"{count} structure{'' if count == 1 else 's'} added", "", "ok")

    def actions(self) -> StepActions:
        """Add from a file."""
        reading = "Reading the label map" if self.panel.is_reading else ""
        locked = "This case is open to read" if self.panel.session.document.read_only else ""
        secondary = ()
        if self.panel.chosen:
            secondary = (
                PanelAction("show_structure", "Show", self.panel.fly_to_chosen, "crosshair", key="E"),
                PanelAction("remove_structure", "Remove", self.panel.remove, "trash-2", locked),
            )
        return StepActions(
            PanelAction(
                "add_from_file", "Add from a file", self.panel.ask_file, blocked=reading or locked, key="Enter"
            ),
            secondary,
            "Enter adds · double-click shows" if self.panel.chosen else "Enter adds",
        )


class SegmentPanel(GuidedPlanner):
    """Module "segment"."""

    module = "segment"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.is_reading = False
        self._other_grid: Path | None = None
        self.frame.set_title("Segment")
        self.page = SegmentStep(self)
        self.start_steps((self.page,))
        session.view.changed.connect(self._view_changed)

    @property
    def chosen(self) -> str:
        """The structure that is selected, "" for none."""
        selected = self.session.view.state.selected
        return selected if selected in self.session.case.structures else ""

    def case_changed(self) -> None:
        """Structures came, went or changed."""
        self.refresh()

    def _view_changed(self, old: object, new: object) -> None:
        if getattr(old, "selected", None) != getattr(new, "selected", None) and self.isVisible():
            self.refresh()

    # files

    def ask_file(self) -> None:
        """Ask the window for a label map."""
        self.open_file_asked.emit("Add structures", LABEL_FILES, self.read_file)

    def read_file(self, path: Path, resample: bool = False) -> None:
        """Read a label map in a job and add its structures as one step."""
        self._other_grid = None
        self.is_reading = True
        self.page.show_problem(None)
        self.session.jobs.submit(
            Job(
                key="labels",
                title="Reading the label map",
                work=partial(_commands, self.session.document.reader(), Path(path), resample),
                done=self._add,
                failed=partial(self._not_read, Path(path)),
                subject=self.session.label,
            )
        )
        self.refresh()

    def take_nearest(self) -> None:
        """Take the label map of another grid by nearest neighbour."""
        if self._other_grid is not None:
            self.read_file(self._other_grid, resample=True)

    def _add(self, commands: tuple[AddStructure, ...]) -> None:
        self.is_reading = False
        if self.session.do(Batch(commands, "Add structures")):
            names = tuple(command.structure.name for command in commands)
            self.page.show_added(names)
            self.session.view.set(selected=names[0])
        self.refresh()

    def _not_read(self, path: Path, error: TheatrumError) -> None:
        self.is_reading = False
        is_other_grid = getattr(error, "code", "") == "other_grid"
        self._other_grid = path if is_other_grid else None
        self.page.show_problem(error, is_other_grid)
        self.refresh()

    # the chosen structure

    def rename(self, name: str) -> None:
        """Another name; what is hidden stays hidden."""
        old = self.chosen
        if not old or name == old:
            return
        if not self.session.do(RenameStructure(old, name)):
            self.refresh()
            return
        hidden = self.session.view.state.hidden
        self.session.view.set(selected=name, hidden=(hidden - {old}) | {name} if old in hidden else hidden)

    def recolour(self, value: str) -> None:
        """Another colour."""
        chosen = self.chosen
        if chosen and self.session.case.structures[chosen].color.lower() != value.lower():
            self.session.do(RecolourStructure(chosen, value))

    def choose_color(self) -> None:
        """Any colour."""
        if not self.chosen:
            return
        before = QColor(self.session.case.structures[self.chosen].color)
        picked = QColorDialog.getColor(before, self, f"Colour of {structure_style(self.chosen).display}")
        if picked.isValid():
            self.recolour(picked.name().upper())

    def remove(self) -> None:
        """Out of the case; undo brings it back."""
        chosen = self.chosen
        if chosen and self.session.do(RemoveStructure(chosen)):
            self.session.view.set(selected="")
            self.session.said.emit(f"{structure_style(chosen).display} removed. Undo brings it back.")

    def fly_to(self, name: str) -> None:
        """The crosshair into a structure."""
        self.fly_asked.emit(self.session.mask(name).centroid_mm())
        self.session.said.emit(
            f"{structure_style(name).display}: {text_position(self.session.mask(name).centroid_mm())}"
        )

    def fly_to_chosen(self) -> None:
        """The crosshair into the chosen structure."""
        if self.chosen:
            self.fly_to(self.chosen)


def names_file(path: Path) -> Path | None:
    """The names beside a label map: labels.nii.gz → labels.json; None where there is none."""
    stem = path.name
    for ending in (".gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm"):
        stem = stem.removesuffix(ending)
    beside = path.with_name(f"{stem}.json")
    return beside if beside.is_file() else None


def _commands(
    document: Document, path: Path, resample: bool, progress: Progress, cancel: CancelToken
) -> tuple[AddStructure, ...]:
    from planning.case.importing import label_commands

    cancel.raise_if_set()
    return label_commands(document, path, names=names_file(path), resample=resample)
