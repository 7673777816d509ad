"""The segment editor: the structure chosen, a grid of tools, the settings of the one in the hand, and the last steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QToolButton, QWidget

from app.called_so import called_so, is_called_so
from app.i18n import mark, structure_name, text_quantity, tr
from app.panels.guide import Step, StepActions
from app.panels.labels import hairline
from app.panels.notes import problem_words
from app.panels.parts import Callout, PanelAction, page, paragraph
from app.panels.rows import FieldRow, Heading, NameField
from app.panels.segment.by_hand_choices import band_words
from app.panels.segment.by_hand_compute import Outcome
from app.panels.segment.by_hand_keys import HandKeys
from app.panels.segment.by_hand_pages import BandRow, histogram_of, tool_pages
from app.panels.segment.by_hand_parts import StepLine, StepList, ToolGrid
from app.panels.segment.by_hand_settings import (
    BRUSHES,
    COMPUTING,
    ERASE,
    PAINT,
    SCISSORS,
    SEEDS,
    THRESHOLD,
    TOOLS,
)
from app.panels.segment.by_hand_steps import step_lines
from app.panels.segment.by_hand_words import free_name, new_name, over_words, small
from app.panels.segment.by_hand_work import HandWork
from app.panels.segment.swatch import Swatch
from app.step_places import step_place_mm
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind
from planning.by_hand.values import value_scale
from planning.case.commands import LockStructure, TickStructure
from planning.errors import CaseError
from planning.registry import structure_style
from viewers.keys import key_hint, keys_line, with_key
from viewers.overlay import LabelItem, SurfaceItem
from viewers.paint_live import LIVE_FILL
from viewers.paint_scene import SceneScissors
from viewers.scene_pane import ScenePane

if TYPE_CHECKING:
    from app.panels.segment.panel import SegmentPanel
    from planning.volume import Mask

MOST_STEPS = 5
HATCH_OPACITY = 0.55
NEW = mark("New structure")
# what a hand takes first
FIRST_KEYS = (
    ("hand_tool:paint", mark("{key} paints")),
    ("hand_tool:erase", mark("{key} erases")),
    ("hand_tool:scissors", mark("{key} cuts")),
)

# no preview, and neither labels nor surfaces of one
NOTHING_DRAWN: tuple[Outcome | None, tuple[LabelItem, ...], tuple[SurfaceItem, ...]] = (None, (), ())
BRUSH_KEYS = ("hand_tool:swap", "hand_tool:shape", "hand_tool:band")


class StructureButton(QToolButton):
    """The structure that is edited, with its colour; its menu has the others."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hand_structure")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(12, 12))
        # no taller than the title beside it
        self.setMaximumHeight(current_look().px(24))
        set_kind(self, "chooser")
        self._menu = QMenu(self)
        self.setMenu(self._menu)

    @property
    def entries(self) -> QMenu:
        """The menu, filled by the editor."""
        return self._menu

    def show_structure(self, words: str, value: str, tip: str) -> None:
        """Another structure; value: its colour."""
        room = max(self.window().width() // 10, 110)
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setText(f" {shown}")
        self.setIcon(color_icon(value) if value else QIcon())
        self.setAccessibleName(tr("Structure: {words}", words=words))
        self.setToolTip(tip)


def color_icon(value: str) -> QIcon:
    """A small square of a colour."""
    pixels = QPixmap(24, 24)
    pixels.setDevicePixelRatio(2.0)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(value))
    painter.drawRoundedRect(1, 1, 10, 10, 2, 2)
    painter.end()
    return QIcon(pixels)


class ByHandStep(Step):
    """Paints, cuts and computes on one structure."""

    name = mark("Segment")

    def __init__(self, panel: SegmentPanel, work: HandWork) -> None:
        super().__init__(panel)
        self.panel, self.work = panel, work
        self.is_making = False
        self.grid = ToolGrid("hand_tool", TOOLS)
        self.grid.chosen.connect(self.choose_tool)
        self.hero = page(self.grid, hairline(), spacing=10)
        self.chooser = StructureButton()
        self.chooser.setVisible(False)
        self.chooser.entries.aboutToShow.connect(self._fill_menu)
        panel.frame.set_corner(self.chooser)
        self._note = Callout("by_hand")
        self._pages = tool_pages(work)
        self._histogram_of: object = None
        self.maker = self._make_maker()
        self.idle = paragraph("", "hint")
        self._preview = paragraph("", "label")
        self._preview.setObjectName("hand_preview")
        self.steps_head = Heading(tr("Steps"))
        self.list = StepList()
        self.list.asked.connect(self._step_asked)
        self._places: list[npt.NDArray[np.float64] | None] = []
        self._drawn = NOTHING_DRAWN
        pages = list(dict.fromkeys(self._pages.values()))
        self._line = hairline()
        self.body = page(
            self._note, self.maker, *pages, self.idle, self._preview, self._line, self.steps_head, self.list, spacing=8
        )
        self.scissors: SceneScissors | None = None
        acts: dict[str, Callable[[], object]] = {
            f"hand_tool:{tool.id}": partial(self.choose_tool, tool.id) for tool in TOOLS if tool.key
        }
        acts |= {
            "hand_tool:swap": work.swap,
            "hand_tool:shape": self._turn_shape,
            "hand_tool:band": self._turn_band,
        }
        self.keys = HandKeys(
            acts,
            self.leave_tool,
            lambda: bool(work.tool) or self.is_making,
            self._active_pane,
            # without a brush in the hand D measures, as everywhere else
            lambda identifier: identifier not in BRUSH_KEYS or work.tool in BRUSHES,
        )

    def _make_maker(self) -> QWidget:
        """Name and colour of a new structure."""
        from app.panels.segment.structures_step import SWATCHES

        self.new_name = NameField("new_structure_name", tr("Name of the new structure"))
        self.new_name.entered.connect(lambda _: self.make())
        self._name_row = FieldRow(tr("Name"), self.new_name, wide=True)
        colors = QWidget()
        set_kind(colors, "clear")
        line = QHBoxLayout(colors)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(1)
        self._swatches: list[Swatch] = []
        for name in SWATCHES:
            style = structure_style(name)
            swatch = Swatch(style.color, style.display)
            swatch.clicked.connect(lambda _=False, value=style.color: self._choose_color(value))
            self._swatches.append(swatch)
            line.addWidget(swatch)
        line.addStretch(1)
        self.new_color = self._swatches[0].value
        return page(Heading(NEW), self._name_row, colors, spacing=8)

    # going about

    def entered(self) -> None:
        """Keys hold; the structure that is selected is edited."""
        self.panel.frame.set_title(tr("Segment"))
        self.chooser.setVisible(True)
        self.keys.listen(self.panel.window())
        self.work.open(self.panel.chosen or self.work.name)

    def left(self) -> None:
        """No tool stays in the hand."""
        self.keys.be_silent()
        self.is_making = False
        self.chooser.setVisible(False)
        self.work.close()
        self._drawn = NOTHING_DRAWN
        self._cut_in_3d(False)

    def _active_pane(self) -> QWidget | None:
        found = self.panel.window().findChild(QWidget, f"pane_{self.panel.session.view.state.active}")
        return found if isinstance(found, QWidget) else None

    def choose_tool(self, tool: str) -> None:
        """Take a tool, "" puts the one in the hand away."""
        if tool and not self.work.name and not self.panel.session.document.read_only:
            if self.panel.session.case.structures:
                self.panel.session.said.emit(tr("Choose a structure in the list, or make a new one."))
            self.start_making()
            return
        self.is_making = False
        self.work.take(tool)
        if not tool:
            self._focus_pane()

    def _focus_pane(self) -> None:
        pane = self._active_pane()
        if pane is not None:
            pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_tool(self) -> None:
        """Esc: what is shown of a cut first, then the tool."""
        if self.is_making:
            self.is_making = False
            self.panel.refresh()
        elif self.work.tool == SCISSORS and self.work.outcome is not None:
            self.work.drop_preview()
            self.work.changed.emit()
        else:
            self.work.put_down()

    def _turn_shape(self) -> None:
        self.work.set_settings(ball=not self.work.settings.ball)
        self.panel.session.said.emit(tr("Brush: ball") if self.work.settings.ball else tr("Brush: disc"))

    def _turn_band(self) -> None:
        settings = self.work.settings
        self.work.set_settings(banded=not settings.banded)
        low, high = band_words(settings.band_hu, self.work.scale())
        self.panel.session.said.emit(
            tr("The brush takes all values")
            if settings.banded
            else tr("The brush takes {low} to {high} only", low=low, high=high)
        )

    # the structure

    def start_making(self) -> None:
        """Ask for a new structure's name and colour."""
        case = self.panel.session.case
        self.work.put_down()
        self.is_making = True
        self.new_name.start(new_name(case.structures))
        used = {item.color.lower() for item in case.structures.values()}
        free = [swatch.value for swatch in self._swatches if swatch.value.lower() not in used]
        self._choose_color(free[0] if free else self._swatches[0].value)
        self._name_row.complain("")
        self.panel.refresh()
        self.new_name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.new_name.selectAll()

    def _choose_color(self, value: str) -> None:
        self.new_color = value
        for swatch in self._swatches:
            swatch.is_current = swatch.value == value
            swatch.update()

    def make(self) -> None:
        """The new structure is there, and the brush is in the hand."""
        from planning.by_hand import editing

        session, name = self.panel.session, self.new_name.text().strip()
        image = session.image
        if image is None or not self.is_making:
            return
        try:
            if is_called_so(name, session.case.structures):
                raise called_so(name)
            phase = session.phases.shown_label
            command = editing.new_structure(session.document, name, self.new_color, image.grid, phase)
        except CaseError as error:
            self._name_row.complain(f"{error.what}. {error.hint}." if error.hint else f"{error.what}.")
            return
        self.is_making = False
        if session.do(command):
            session.view.set(selected=name)
            self.work.open(name)
            self.work.take(PAINT)
            self._focus_pane()
        self.panel.refresh()

    def copy(self) -> None:
        """A copy of the structure, which is then edited."""
        from planning.by_hand import editing

        session, name = self.panel.session, self.work.name
        new = free_name(f"{name}_copy", session.case.structures)
        if name and session.do(editing.copy_structure(session.case, name, new)):
            session.view.set(selected=new)

    def lock(self) -> None:
        """Lock the structure, or unlock it."""
        structure = self.work.structure
        if structure is None:
            return
        self.panel.session.do(LockStructure(self.work.name, not structure.locked))
        self.panel.refresh()

    def _fill_menu(self) -> None:
        menu, session = self.chooser.entries, self.panel.session
        menu.clear()
        for name, item in session.case.structures.items():
            lock = " (locked)" if self.work.is_locked(name) else ""
            words = f"{structure_name(name)}{lock}\t{text_quantity(item.volume_ml, 'ml')}"
            act = menu.addAction(color_icon(item.color), words)
            act.triggered.connect(lambda _=False, key=name: session.view.set(selected=key))
        menu.addSeparator()
        can_change = not session.document.read_only
        menu.addAction(icon("plus", color("t2")), NEW, self.start_making).setEnabled(can_change)
        if self.work.name:
            menu.addAction(icon("copy", color("t2")), tr("Copy"), self.copy).setEnabled(can_change)
            is_locked = self.work.is_locked(self.work.name)
            words = tr("Unlock") if is_locked else tr("Lock")
            menu.addAction(icon("lock-open" if is_locked else "lock", color("t2")), words, self.lock).setEnabled(
                can_change
            )

    # what is shown

    def refresh(self) -> None:
        """Structure, tools, settings, preview, steps."""
        work = self.work
        structure = work.structure
        focused = QApplication.focusWidget()
        locked = bool(work.name) and work.is_locked(work.name)
        self.idle.setText(
            " ".join((tr("Take a tool."), keys_line(*(key_hint(tr(text), key) for key, text in FIRST_KEYS))))
        )
        tip = with_key(tr("Structure that is edited"), "previous_structure", "next_structure")
        words = tr("{display} (locked)", display=work.display) if locked else work.display
        self.chooser.show_structure(words or tr("No structure"), structure.color if structure else "", tip)
        blocked = work.all_blocked() if work.name or self.panel.session.document.read_only else {}
        self.grid.show_tool(work.tool, blocked)
        self.maker.setVisible(self.is_making)
        shown = None if self.is_making else self._pages.get(work.tool)
        for one in dict.fromkeys(self._pages.values()):
            one.setVisible(one is shown)
        if shown is not None:
            self._show_histogram()
            shown.refresh()
        self.idle.setVisible(shown is None and not self.is_making and not locked)
        self._show_note(locked)
        self._show_preview()
        self._show_steps()
        if focused is not None and self.body.isAncestorOf(focused) and not focused.isVisibleTo(self.body):
            # the keyboard does not wander off with settings that are gone
            self._focus_pane()

    def _show_note(self, locked: bool) -> None:
        if locked:
            self._note.show_note(
                tr("{display} is locked", display=self.work.display),
                tr("Unlock it in the menu above to change it."),
                "",
            )
        elif self.work.problem is not None:
            self._note.show_note(*problem_words(self.work.problem), "warn")
        elif unheeded := self.work.unheeded():
            names = ", ".join(map(structure_name, unheeded))
            self._note.show_note(
                tr("Not known here: {names}", names=names),
                tr(
                    "Drawn on another image: “Paint over: {over}” does not heed that.",
                    over=over_words(self.work.settings.over),
                ),
                "warn",
            )
        else:
            self._note.clear()

    def _show_histogram(self) -> None:
        volume = self.panel.session.volume()
        if volume is None or volume is self._histogram_of:
            return
        self._histogram_of = volume
        scale = value_scale(volume)
        found = histogram_of(volume, scale)
        for row in self.body.findChildren(BandRow):
            row.show_values(scale, *found)

    def _show_preview(self) -> None:
        work = self.work
        words = work.preview_words
        if work.is_computing:
            words = tr("Computing…")
        self._preview.setText(words)
        self._preview.setVisible(bool(words) and (work.tool in COMPUTING or work.tool == SCISSORS))

    def _show_steps(self) -> None:
        found = step_lines(self.panel.session.document, self.work.name, MOST_STEPS) if self.work.name else []
        self._places = [step_place_mm(step.command, self.panel.session.case) for step in found]
        can_undo = self.panel.session.can_undo
        lines = [StepLine(step.words, step.change, step.is_newest and can_undo) for step in found]
        self.steps_head.setVisible(bool(lines))
        self._line.setVisible(bool(lines))
        self.list.show_steps(lines)

    def _step_asked(self, number: int) -> None:
        if number < len(self.list.lines) and self.list.lines[number].newest:
            self.panel.session.undo()
        elif number < len(self._places) and self._places[number] is not None:
            self.panel.fly_asked.emit(self._places[number])

    def actions(self) -> StepActions:
        """Accept, or what the tool needs."""
        work, back = self.work, tr("Back")
        if self.is_making:
            main = PanelAction("make_structure", tr("Make structure"), self.make, key="Enter")
            return StepActions(main, (), tr("Enter makes it · Esc leaves"), back)
        outcome = work.outcome
        if work.tool in COMPUTING or (work.tool == SCISSORS and outcome is not None):
            why = ""
            if work.is_awaited or outcome is None:
                why = work.lacks() or (tr("Computing") if work.problem is None else problem_words(work.problem)[0])
            elif outcome.is_nothing:
                why = tr("Nothing would change")
            words = tr("Cut") if work.tool == SCISSORS else tr("Apply")
            main = PanelAction("apply_tool", words, work.apply, blocked=why, key="Enter")
            hint = (
                tr("Enter cuts · Esc leaves it") if work.tool == SCISSORS else tr("Enter applies · Esc leaves the tool")
            )
            return StepActions(main, (), hint, back)
        structure = work.structure
        if structure is None:
            main = PanelAction("new_structure", tr(NEW), self.start_making, key="Enter")
            if self.panel.session.document.read_only:
                main = PanelAction("new_structure", tr(NEW), self.start_making, blocked=tr("This case is open to read"))
            return StepActions(main, (), tr("Enter begins"), back)
        why = "" if structure.voxel_count else tr("Nothing is painted yet")
        main = PanelAction(
            "accept_structure", tr("Accept {small}", small=small(work.display)), self.accept, blocked=why, key="Enter"
        )
        return StepActions(main, (), self._hint(), back)

    def _hint(self) -> str:
        tool = self.work.tool
        if tool in BRUSHES:
            return tr("Ctrl paints · Esc leaves the tool") if tool == ERASE else tr("Ctrl erases · Esc leaves the tool")
        if tool == SCISSORS:
            return tr("Shift keeps the inside · Esc leaves the tool")
        return tr("Enter accepts")

    def accept(self) -> None:
        """The structure is as it should be: a model's doubt about it is settled, and the list is shown."""
        structure, name = self.work.structure, self.work.name
        if structure is None:
            return
        self.work.put_down()
        if structure.trust is not None and not structure.trust.checked and not self.panel.session.document.read_only:
            self.panel.session.do(TickStructure(name))
        self.panel.session.said.emit(
            tr(
                "{display} accepted: {volume_ml}",
                display=structure_name(name),
                volume_ml=text_quantity(structure.volume_ml, "ml"),
            )
        )
        self.panel.leave_models()

    # what panes draw

    def labels(self) -> tuple[LabelItem, ...]:
        """What a preview would add and take away, hatched."""
        outcome = self.work.outcome
        if outcome is None:
            self._drawn = NOTHING_DRAWN
            return ()
        # the same items as long as it is the same preview: panes keep what they drew
        if self._drawn[0] is not outcome:
            self._drawn = (outcome, self._labels_of(outcome), self._surfaces_of(outcome))
        return self._drawn[1]

    def _labels_of(self, outcome: Outcome) -> tuple[LabelItem, ...]:
        parts: list[tuple[str, Mask | None, str]] = [("lost", outcome.lost, color("bad"))]
        if outcome.task.tool not in (THRESHOLD, SEEDS, SCISSORS):
            parts.append(("gained", outcome.gained, color("acc")))
        hatches = [
            LabelItem(key=f"by hand\n{key}", mask=mask, color=value, fill_opacity=HATCH_OPACITY, hatched=True)
            for key, mask, value in parts
            if mask is not None
        ]
        structures = self.panel.session.case.structures
        grown = [
            LabelItem(key=name, mask=mask, color=structures[name].color, fill_opacity=LIVE_FILL)
            for name, mask in outcome.others.items()
            if name in structures
        ]
        return (*grown, *hatches)

    def replaced(self) -> frozenset[str]:
        """A surface that shows in red what a cut would take."""
        return frozenset({self.work.name}) if self.surfaces() else frozenset()

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The structure with what a cut in 3D would take in red."""
        self.labels()
        return self._drawn[2] if self.work.outcome is not None else ()

    def _surfaces_of(self, outcome: Outcome) -> tuple[SurfaceItem, ...]:
        session = self.panel.session
        if outcome.lost is None or outcome.task.tool != SCISSORS:
            return ()
        structure = self.work.structure
        mesh = session.surface(self.work.name) if structure is not None else None
        if mesh is None or structure is None:
            return ()
        index = np.rint(outcome.lost.box_grid.to_index(mesh.points_mm)).astype(int)
        size = np.array(outcome.lost.box_grid.size_ijk)
        # a surface's points lie at the outer faces of voxels, so the nearest voxel inside is asked as well
        index = np.clip(index, -1, size)
        inside = ((index >= 0) & (index < size)).all(axis=1)
        codes = np.zeros(len(index), dtype=np.uint8)
        i, j, k = np.clip(index, 0, size - 1).T
        from scipy import ndimage

        wide = ndimage.binary_dilation(outcome.lost.voxels)
        codes[inside] = wide[k, j, i][inside]
        return (SurfaceItem(key=self.work.name, mesh=mesh, color=structure.color, codes=codes, colors=(color("bad"),)),)

    def follow_tool(self) -> None:
        """Scissors cut in 3D too."""
        self._cut_in_3d(self.work.tool == SCISSORS and self.work.live is not None)

    def _cut_in_3d(self, wanted: bool) -> None:
        if not wanted:
            if self.scissors is not None:
                self.scissors.put_away()
            return
        if self.scissors is None:
            scene = self.panel.window().findChild(ScenePane, "pane_3d")
            if not isinstance(scene, ScenePane):
                return
            self.scissors = SceneScissors(scene, self.work.cut_through, color("bad"), color("acc"))
        self.scissors.take()
