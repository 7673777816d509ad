"""The place of work for structures: the list, and three steps that find liver, vessels and tumours by clicks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from app.called_so import called_so, is_called_so
from app.i18n import mark, structure_name, text_position, tr
from app.jobs import Job
from app.out_of_sight import OutOfSight
from app.pane_grid import Arrangement
from app.panels.guide import GuidedPlanner
from app.panels.parts import StepInfo
from app.panels.segment.by_hand_step import ByHandStep
from app.panels.segment.by_hand_work import HandWork
from app.panels.segment.draft import LIVER, STROKES, TUMOR, VESSELS
from app.panels.segment.draft_work import DraftWork
from app.panels.segment.guided_step import GuidedStep
from app.panels.segment.label_files import LABEL_FILES, read_labels
from app.panels.segment.step_liver import LiverStep
from app.panels.segment.step_models import ModelStep
from app.panels.segment.step_strokes import StrokesStep
from app.panels.segment.step_tumors import TumorStep
from app.panels.segment.step_vessels import VesselStep
from app.panels.segment.stroke_work import StrokeWork
from app.panels.segment.structures_step import SegmentStep
from app.panels.segment.work import GuideWork
from app.presets import find_preset
from app.scene_content import first_hidden
from app.session import Session
from planning.case.commands import AddStructure, Batch, RecolourStructure, RemoveStructure, RenameStructure
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from planning.registry import structure_style
from viewers.overlay import LabelItem, PlanItem, SurfaceItem
from viewers.paint_hand import PaintHand
from viewers.paint_live import LiveLabel
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane
from viewers.view_state import ViewState

LIST = 0
STEP_OF = {LIVER: 1, VESSELS: 2, TUMOR: 3}
MODELS, BY_STROKES, BY_HAND = 4, 5, 6
# places beside the way from liver to tumours
ASIDE = (LIST, MODELS, BY_STROKES, BY_HAND)
MARK_WORDS = {
    LIVER: mark("mark of the liver"),
    VESSELS: mark("mark of the vessels"),
    TUMOR: mark("mark of a tumour"),
    STROKES: mark("stroke"),
}
# vessels and tumours lie in the liver
CLEAR_OPACITY = 0.38


class SegmentPanel(GuidedPlanner):
    """Module "segment"."""

    module = "segment"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.is_reading = False
        self._other_grid: Path | None = None
        self._has_set_window = False
        self.work = GuideWork(session, self)
        self.strokes = StrokeWork(session, self)
        self.frame.set_title(tr("Segment"))
        self.page = SegmentStep(self)
        self.models = ModelStep(self)
        self.by_strokes = StrokesStep(self)
        self.hand = HandWork(session, self)
        self.by_hand = ByHandStep(self, self.hand)
        guided = (LiverStep(self), VesselStep(self), TumorStep(self))
        self.start_steps((self.page, *guided, self.models, self.by_strokes, self.by_hand))
        self.frame.add_foot(self.models.gate)
        self.models.gate.setVisible(False)
        # the list is no step of the way
        self.frame.step_chosen.disconnect(self.go_to)
        self.frame.step_chosen.connect(lambda number: self.go_to(number + 1))
        # the list, strokes and the hand need no prepared scan
        steps: tuple[tuple[DraftWork, list[QWidget]], ...] = (
            (self.work, [step.body for step in guided]),
            (self.strokes, [self.by_strokes.body]),
        )
        for work, bodies in steps:
            away = OutOfSight(self, bodies, work.let_go)
            work.changed.connect(away.made)
        self.work.changed.connect(self._work_changed)
        self.strokes.changed.connect(self._work_changed)
        self.hand.changed.connect(self._hand_changed)
        session.view.changed.connect(self._view_changed)

    @property
    def chosen(self) -> str:
        """The structure that is selected, "" for none."""
        selected = self.session.view.state.selected
        return selected if selected in self.session.case.structures else ""

    @property
    def guided(self) -> GuidedStep | None:
        """The open step, None while the list is shown."""
        step = self.step
        return step if isinstance(step, GuidedStep) else None

    # what the window asks

    def entered(self) -> None:
        """Marks of before a crash are shown again."""
        if self.work.was_at:
            target, self.work.was_at = self.work.was_at, ""
            self.find_by_clicks(target)
            self.session.said.emit(tr("Your clicks of before are there again."))
            return
        if self.strokes.was_at:
            self.strokes.was_at = ""
            self.open_strokes(self.strokes.draft.name)
            self.session.said.emit(tr("Your strokes of before are there again."))
            return
        super().entered()

    def case_changed(self) -> None:
        """Structures came, went or changed."""
        self.work.case_changed()
        self.strokes.case_changed()
        self.hand.case_changed()
        for target, number in STEP_OF.items():
            if not self.work.is_done(target):
                self.where.accepted.discard(number)
        self.refresh()
        self.scene_changed.emit()

    def show_steps(self) -> None:
        """The three steps; the list stands before them and has none."""
        if self.where.current in ASIDE:
            self.frame.set_steps((), 0)
            return
        infos = [
            StepInfo(tr(step.name), step.result(), number in self.where.accepted, True)
            for number, step in enumerate(self.steps)
            if number not in ASIDE
        ]
        self.frame.set_steps(infos, self.where.current - 1)

    def stroke_drawn(self, key: str, points_mm: FloatArray, turned: bool) -> None:
        """A click or stroke in a slice."""
        step = self.guided
        if step is not None and key == step.target:
            step.marked(points_mm, turned)

    def drafted(self) -> str:
        """The stroke under the hand, or the newest mark that is not in the case."""
        if self.hand.is_drawing:
            return MARK_WORDS[STROKES]
        step = self.guided
        return MARK_WORDS[step.target] if step is not None and step.is_open else ""

    def unkept(self) -> str:
        """A tool's answer that was not applied: marks are kept, and what is painted is in the case."""
        outcome = self.hand.outcome
        return tr("change that is not applied") if outcome is not None and not outcome.is_nothing else ""

    def take_back(self) -> None:
        """It goes; what was done before it stays."""
        if self.hand.is_drawing:
            self.hand.cancel()
        elif self.guided is not None:
            self.guided.work.take_back(self.guided.target)

    def undrafted(self) -> str:
        """A mark that was taken back."""
        step = self.guided
        return MARK_WORDS[step.target] if step is not None and step.draft.undone else ""

    def bring_again(self) -> None:
        """The mark that was taken back last comes again."""
        if self.guided is not None:
            self.guided.work.bring_again(self.guided.target)

    def closed(self) -> None:
        """No process outlives its case."""
        self.strokes.close()
        self.step.left()

    def items(self) -> tuple[PlanItem, ...]:
        """The marks of the open step."""
        return self.guided.items() if self.guided is not None else ()

    def labels(self) -> tuple[LabelItem, ...]:
        """The preview of the open step."""
        if self.is_by_hand:
            return self.by_hand.labels()
        return self.guided.labels() if self.guided is not None else ()

    @property
    def is_by_hand(self) -> bool:
        """True while the editor is open."""
        return self.where.current == BY_HAND

    def live(self) -> LiveLabel | None:
        """The structure under the hand."""
        return self.hand.live if self.is_by_hand else None

    def paint_hand(self) -> PaintHand | None:
        """What paints and cuts."""
        return self.hand if self.is_by_hand and self.hand.live is not None else None

    def arrangement(self) -> Arrangement | None:
        """Models have a table below two slices."""
        return self.models.arrangement() if self.where.current == MODELS else None

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """The table of what a model finds, once it is wanted."""
        return {"found": self.models.table} if self.where.current == MODELS else {}

    def left_column(self) -> QWidget | None:
        """The models stand in the structures' place."""
        return self.models.list if self.where.current == MODELS else None

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The same in 3D."""
        if self.is_by_hand:
            return self.by_hand.surfaces()
        return self.guided.surfaces() if self.guided is not None else ()

    def replaced(self) -> frozenset[str]:
        """Structures that a preview of another shape stands for."""
        if self.is_by_hand:
            return self.by_hand.replaced()
        return self.guided.replaced() if self.guided is not None else frozenset()

    def opacities(self) -> Mapping[str, float]:
        """One looks into the liver while its vessels and tumours are found."""
        return {name: self.opacity_of(name) for name in self.session.case.structures}

    def opacity_of(self, name: str) -> float:
        """3D opacity of a structure, or of its preview."""
        inside = self.where.current in (STEP_OF[VESSELS], STEP_OF[TUMOR])
        if self.is_by_hand:
            inside = bool(self.hand.name) and structure_style(self.hand.name).kind != "organ"
        return CLEAR_OPACITY if inside and structure_style(name).kind == "organ" else 1.0

    # models

    def open_models(self) -> None:
        """The models of this machine."""
        self.go_to(MODELS)
        self.frame.focus_main()

    def open_strokes(self, name: str = "") -> None:
        """Strokes for a structure of the case; "" goes on with those in hand, or begins a new one."""
        if name or not self.strokes.is_open(STROKES):
            self.by_strokes.begin(name)
        self.go_to(BY_STROKES)
        self.frame.focus_main()

    def open_by_hand(self, tool: str = "", name: str = "") -> None:
        """The segment editor with a structure and a tool in the hand; "" keeps what is chosen."""
        if name:
            self.session.view.set(selected=name)
        self.go_to(BY_HAND)
        if tool:
            self.by_hand.choose_tool(tool)
        self.refresh()
        self.scene_changed.emit()

    def _hand_changed(self) -> None:
        if self.is_by_hand:
            self.by_hand.follow_tool()
            self.refresh()
            self.scene_changed.emit()

    def leave_models(self) -> None:
        """The list of structures again."""
        self.go_to(LIST)

    def accept_step(self) -> None:
        """The open step is accepted; after the last one comes nothing."""
        if self.where.current + 1 == MODELS:
            self.where.accepted.add(self.where.current)
            self.refresh()
            self.frame.focus_main()
        else:
            super().accept_step()

    def next_step(self) -> None:
        """Ctrl+PgDn: the models are no step of the way."""
        if self.where.current + 1 < MODELS:
            super().next_step()

    def previous_step(self) -> None:
        """Ctrl+PgUp, Back."""
        if self.where.current in (MODELS, BY_STROKES, BY_HAND):
            self.leave_models()
        else:
            super().previous_step()

    # guided steps

    def find_by_clicks(self, target: str) -> None:
        """Open the step that finds a target."""
        if not self._has_set_window:
            self._has_set_window = True
            preset = find_preset("liver")
            self.session.view.set(window=preset.window_hu, level=preset.level_hu, preset=preset.name)
        self.go_to(STEP_OF[target])
        self.frame.focus_main()

    def _work_changed(self) -> None:
        self.refresh()
        self.scene_changed.emit()

    def _view_changed(self, old: ViewState, new: ViewState) -> None:
        # the editor's hand works on while the panel is hidden (F11)
        if self.is_by_hand and self.hand.live is not None:
            self.hand.view_changed(old, new)
            if old.selected != new.selected and new.selected in self.session.case.structures:
                self.hand.open(new.selected)
            elif (old.tool, old.brush_mm) != (new.tool, new.brush_mm):
                self.refresh()
            return
        if not self.isVisible():
            return
        if self.is_by_hand and old.selected != new.selected and new.selected in self.session.case.structures:
            self.hand.open(new.selected)
            return
        if old.selected != new.selected or (self.guided is not None and old.tool != new.tool):
            self.refresh()

    # files

    def ask_file(self) -> None:
        """Ask the window for a label map."""
        self.open_file_asked.emit(tr("Add structures"), LABEL_FILES, self.read_file)

    def read_file(self, path: Path, resample: bool = False) -> None:
        """Read a label map in a job and add its structures as one step."""
        self._other_grid = None
        self.is_reading = True
        self.page.show_problem(None)
        self.session.jobs.submit(
            Job(
                key="labels",
                title=tr("Reading the label map"),
                work=partial(read_labels, self.session.document.reader(), Path(path), resample),
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
        if self.session.do(Batch(commands, mark("Add structures"))):
            names = tuple(command.structure.name for command in commands)
            self.page.show_added(names)
            # the body's outline would stand before all else in 3D, as it does not when the case is opened again
            view, covering = self.session.view, first_hidden(self.session) & set(names)
            view.set(
                hidden=view.state.hidden | covering, selected=next((n for n in names if n not in covering), names[0])
            )
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
        if is_called_so(name, self.session.case.structures, but=old):
            self.session.failed.emit(called_so(name))
            self.refresh()
        elif self.session.do(RenameStructure(old, name)):
            self.session.view.set(selected=name)
        else:
            self.refresh()

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
        picked = QColorDialog.getColor(before, self, tr("Colour of {display}", display=structure_name(self.chosen)))
        if picked.isValid():
            self.recolour(picked.name().upper())

    def remove(self) -> None:
        """Out of the case; undo brings it back."""
        chosen = self.chosen
        if chosen and self.session.do(RemoveStructure(chosen)):
            self.session.view.set(selected="")
            self.session.said.emit(tr("{display} removed. Undo brings it back.", display=structure_name(chosen)))

    def fly_to(self, name: str) -> None:
        """The crosshair into a structure."""
        self.fly_asked.emit(self.session.mask(name).centroid_mm())
        self.session.said.emit(f"{structure_name(name)}: {text_position(self.session.mask(name).centroid_mm())}")

    def fly_to_chosen(self) -> None:
        """The crosshair into the chosen structure."""
        if self.chosen:
            self.fly_to(self.chosen)
