"""The segment editor's work: one structure under the hand, strokes as they are drawn, previews, and steps into the case.

A stroke lives in `LiveLabel` until the button is released; then it is one step of the case. What a computing tool would do
is computed in a job and shown in the structure's place until it is applied. Nothing here moves view or crosshair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.i18n import mark, said, structure_name, tr
from app.jobs import Job
from app.panels.segment.by_hand_choices import band_at, band_of, band_words, first_band, require_here, rules_of
from app.panels.segment.by_hand_compute import Outcome, Task, compute, cut_out
from app.panels.segment.by_hand_keep import Keeper
from app.panels.segment.by_hand_preview import Preview
from app.panels.segment.by_hand_settings import (
    AND,
    BRUSHES,
    COMBINE,
    COMPUTING,
    EMPTY,
    ERASE,
    FIRST_BRUSH_MM,
    GIVE_WAY,
    ISLANDS,
    PAINT,
    SCISSORS,
    SEEDS,
    THRESHOLD,
    TOOLS,
    HandSettings,
)
from app.panels.segment.by_hand_words import held_up_words, outcome_words, small
from app.session import Session
from planning.by_hand.values import HU, ValueScale, value_scale
from planning.case.commands import Command
from planning.case.model import Structure
from planning.errors import InputError, TheatrumError
from planning.geometry import FloatArray, Vector
from planning.progress import CancelToken, Progress
from planning.registry import structure_style
from planning.volume import Mask, Volume
from viewers.paint_hand import PAINT as PAINT_HAND
from viewers.paint_hand import SCISSORS as SCISSORS_HAND
from viewers.paint_hand import SPOT, Spot
from viewers.paint_live import LiveLabel, box_of
from viewers.pane_chrome import TITLES, pane_title
from viewers.view_state import ViewState, vec

if TYPE_CHECKING:
    from planning.by_hand.patches import Patch
    from planning.by_hand.rules import Rules
    from planning.by_hand.scissors import Projection
    from planning.by_hand.strokes import Stroke

# these follow the hand and are soon done: the strip does not speak of them
SOON_DONE = (THRESHOLD, COMBINE, ISLANDS)
# what they find depends on the image
BY_VALUES = (THRESHOLD, SEEDS)
WORDS = {tool.id: tool.word for tool in TOOLS}
DOING = {
    THRESHOLD: mark("Looking for values"),
    ISLANDS: mark("Looking for islands"),
    "grow": mark("Growing"),
    "smooth": mark("Smoothing"),
    "fill_holes": mark("Filling holes"),
    "fill_between": mark("Filling between slices"),
    SEEDS: mark("Growing from seeds"),
    COMBINE: mark("Combining"),
    "hollow": mark("Hollowing"),
    SCISSORS: mark("Cutting"),
}


class HandWork(QObject):
    """`changed`: what is shown or can be done is different. It is the panes' PaintHand as well."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.settings = HandSettings()
        self.tool = ""
        self.name = ""
        self.live: LiveLabel | None = None
        self.brush_mm = FIRST_BRUSH_MM
        self._array: object = None
        self._beside: dict[str, object] = {}
        # the shape that the live label has while no stroke is drawn
        self._shown: Mask | None = None
        self._stroke: Stroke | None = None
        self._rules: Rules | None = None
        self._title = ""
        self._is_committing = self._has_bands = False
        self.at_mm: Vector | None = None
        self._preview = Preview(session, self._compute, self._failed, self)
        self._keeper = Keeper(session, self._do, self._not_kept)

    # what is edited

    @property
    def display(self) -> str:
        """The structure as a person reads it."""
        return structure_name(self.name) if self.name else ""

    @property
    def structure(self) -> Structure | None:
        """The structure in the case, None for none."""
        return self.session.case.structures.get(self.name)

    def open(self, name: str) -> None:
        """Edit a structure of the case from now on, "" for none."""
        self._drop_stroke()
        self.drop_preview()
        self.name = name if name in self.session.case.structures else ""
        structure = self.structure
        if structure is None:
            self.live, self._array, self._shown = None, None, None
        else:
            self._array, self._beside = structure.array, self._others()
            self._shown = self.session.mask(self.name)
            self.live = LiveLabel(self.name, self._shown, structure.color)
            self._prepare()
            self._first_bands()
            view = self.session.view
            if self.name in view.state.hidden:
                view.set(hidden=view.state.hidden - {self.name})
        if self.tool and self.blocked(self.tool):
            self.put_down()
        elif self.tool in COMPUTING:
            self.ask_preview()
        self.changed.emit()

    def _prepare(self) -> None:
        """The first stroke on a large structure is as quick as all others."""
        document, name = self.session.document, self.name

        def work(progress: Progress, cancel: CancelToken) -> None:
            from planning.by_hand.editing import prepare_edits

            prepare_edits(document, name)

        self.session.jobs.submit(
            Job(
                key="by hand ready",
                title=tr("Getting ready to paint"),
                work=work,
                quiet=True,
                subject=self.session.label,
            )
        )

    def _first_bands(self) -> None:
        """Values of the structure as it is, until somebody chooses others."""
        volume = self._volume()
        if volume is None or self._has_bands or self.live is None:
            return
        band = band_of(volume, self.live.mask()) or first_band(volume)
        if band is not None:
            self.settings = replace(self.settings, band_hu=band, threshold_hu=band)

    def _show(self, mask: Mask) -> None:
        """Another shape under the hand: of one that came by edits from what is shown, only their box is looked at."""
        shown, self._shown = self._shown, mask
        if self.live is None:
            return
        box = mask.changed_box(shown) if shown is not None else None
        if box is None:
            self.live.become(mask)
        elif all(span.stop > span.start for span in box):
            self.live.put(box, box_of(mask, box))

    def close(self) -> None:
        """Nothing is edited any more."""
        self.put_down()
        self.live, self._array, self._shown, self.name = None, None, None, ""

    def case_changed(self) -> None:
        """The structure may have another shape, by undo or by this very work."""
        structure = self.structure
        if structure is None:
            if self.name:
                self.open("")
            return
        if self.live is None:
            return
        self.live.color = structure.color
        before, self._beside = self._beside, self._others()
        if structure.array == self._array:
            if self.tool and self.blocked(self.tool):
                self.put_down()
            elif self._beside != before and (self.outcome is not None or self.is_computing):
                # what it would take from the others, and what they allow, is not the same any more
                self._ask_again()
            return
        self._array = structure.array
        if self._is_committing:
            # what is on screen is what was kept
            self._shown = self.session.mask(self.name)
            return
        self._drop_stroke()
        self.drop_preview()
        self._show(self.session.mask(self.name))
        if self.tool and self.blocked(self.tool):
            self.put_down()
        elif self.tool in COMPUTING:
            self.ask_preview()

    def _others(self) -> dict[str, object]:
        """The shapes of all but the chosen structure, and which are locked."""
        cases = self.session.case.structures
        return {name: (item.array, item.locked) for name, item in cases.items() if name != self.name}

    def _ask_again(self) -> None:
        if self.tool in COMPUTING:
            self.ask_preview()
        else:
            self.drop_preview()
            self.changed.emit()

    # tools

    def blocked(self, tool: str) -> str:
        """Why a tool cannot be taken, "" when it can."""
        if self.session.document.read_only:
            return tr("This case is open to read")
        structure = self.structure
        if structure is None:
            return tr("Choose or make a structure first")
        if self.is_locked(self.name):
            return tr("{display} is locked. Unlock it to change it", display=self.display)
        image = self.session.image
        if image is None or not image.grid.is_same(structure.grid):
            return tr("{display} lies on another image's grid", display=self.display)
        has_others = len(self.session.case.structures) > 1
        if tool in (COMBINE, SEEDS) and not has_others:
            return tr("There is no other structure")
        if tool not in (PAINT, THRESHOLD, COMBINE) and not structure.voxel_count:
            return tr("{display} is empty. Paint or use a threshold first", display=self.display)
        return ""

    def all_blocked(self) -> dict[str, str]:
        """Tools that cannot be taken, and why."""
        return {tool.id: why for tool in TOOLS if (why := self.blocked(tool.id))}

    def is_locked(self, name: str) -> bool:
        """True when no tool may change a structure."""
        structure = self.session.case.structures.get(name)
        return structure is not None and structure.locked

    def is_here(self, name: str) -> bool:
        """True for a structure on the grid of the chosen one."""
        chosen, structure = self.structure, self.session.case.structures.get(name)
        return chosen is not None and structure is not None and structure.grid.is_same(chosen.grid)

    def unheeded(self) -> tuple[str, ...]:
        """Structures that "Paint over" speaks of as it stands and cannot heed: they lie on another image's grid."""
        over, cases = self.settings.over, self.session.case.structures
        if self.structure is None or not (over in (EMPTY, GIVE_WAY) or over.startswith(AND)):
            return ()
        return tuple(name for name, item in cases.items() if item.voxel_count and not self.is_here(name))

    def take(self, tool: str) -> bool:
        """Take a tool into the hand, "" puts it down. False when it cannot be; the reason is said."""
        why = self.blocked(tool) if tool else ""
        if why:
            self.session.said.emit(f"{why}.")
            return False
        self._drop_stroke()
        self.drop_preview()
        self.tool = tool
        self._hold()
        if tool in COMPUTING:
            self.ask_preview()
        self.changed.emit()
        return True

    def put_down(self) -> None:
        """No tool; what was not applied is forgotten."""
        if self.tool:
            self.take("")

    def _hold(self) -> None:
        """What the hand does in the panes with this tool."""
        view, hand = self.session.view, "cross"
        if self.tool in BRUSHES:
            hand = PAINT_HAND
        elif self.tool == SCISSORS:
            hand = SCISSORS_HAND
        elif self.tool == ISLANDS and self.settings.islands in ("keep", "remove"):
            hand = SPOT
        brush_mm = self.brush_mm if hand == PAINT_HAND else 0.0
        view.set(tool=hand, placing="", selected_point="", brush_mm=brush_mm, refuses=self.tool == ERASE)

    def view_changed(self, old: ViewState, new: ViewState) -> None:
        """The hand took another tool of the window, or the brush another size."""
        if self.tool in BRUSHES and new.tool == PAINT_HAND and new.brush_mm > 0:
            self.brush_mm = new.brush_mm
        if old.phase != new.phase and self.tool in BY_VALUES:
            # tools act on the phase that is shown; until it is computed for that one nothing can be applied
            self.ask_preview()
            self.changed.emit()
        was_ours = old.tool in (PAINT_HAND, SCISSORS_HAND, SPOT)
        if was_ours and new.tool not in (PAINT_HAND, SCISSORS_HAND, SPOT) and self.tool in (*BRUSHES, SCISSORS):
            self._drop_stroke()
            self.drop_preview()
            self.tool = ""
            view = self.session.view
            view.set(brush_mm=0.0, refuses=False)

    def set_settings(self, **changes: object) -> None:
        """Other settings; what is shown follows."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._has_bands |= bool({"band_hu", "threshold_hu"} & set(changes))
        self._hold()
        if self.tool in COMPUTING:
            self.ask_preview()
        self.changed.emit()

    def set_brush(self, brush_mm: float) -> None:
        """Another size of the brush."""
        self.brush_mm = brush_mm
        if self.tool in BRUSHES:
            self.session.view.set(brush_mm=brush_mm)

    def swap(self) -> None:
        """Painting becomes erasing and back."""
        if self.tool in BRUSHES:
            self.take(PAINT if self.tool == ERASE else ERASE)

    # inputs

    def masks(self) -> dict[str, Mask]:
        """All structures on the image's grid."""
        structure = self.structure
        if structure is None:
            return {}
        cases, grid = self.session.case.structures, structure.grid
        return {name: self.session.mask(name) for name, item in cases.items() if item.grid.is_same(grid)}

    def rules(self, masks: Mapping[str, Mask]) -> Rules:
        """What may be changed, by what was chosen in "Paint over" and, with a brush, by the band.

        Raises InputError when a structure that was chosen does not lie here.
        """
        require_here(self.settings, self.tool, self.session.case.structures, masks)
        band_hu = self.settings.band_hu if self.settings.banded and self.tool in BRUSHES else None
        return rules_of(self.settings.over, self.name, masks, filter(self.is_locked, masks), band_hu)

    def _volume(self) -> Volume | None:
        volume = self.session.volume()
        structure = self.structure
        return volume if volume is not None and structure and volume.grid.is_same(structure.grid) else None

    def scale(self) -> ValueScale:
        """How the values of the image that is drawn on are told."""
        volume = self._volume()
        return HU if volume is None else value_scale(volume)

    # strokes: what the panes ask

    @property
    def cuts_by_corners(self) -> bool:
        """Scissors take corner after corner."""
        return self.settings.by_corners

    def begin(self, spot: Spot, turned: bool) -> bool:
        """A stroke begins."""
        from planning.by_hand.holes import slices_facing
        from planning.by_hand.strokes import Brush, Stroke

        self._drop_stroke()
        why = self.blocked(PAINT)
        if why or self.live is None or self.tool not in BRUSHES:
            if why:
                self.session.said.emit(f"{why}.")
            return False
        masks = self.masks()
        erases = (self.tool == ERASE) != turned
        kind: Literal["disc", "sphere"] = "sphere" if self.settings.ball else "disc"
        try:
            self._rules = self.rules(masks)
            brush = Brush(kind, self.brush_mm / 2, normal=None if self.settings.ball else spot.geometry.normal)
            self._stroke = Stroke(
                masks[self.name],
                brush,
                self._rules,
                volume=self._volume(),
                erase=erases,
                smart=self.settings.smart,
            )
        except InputError as error:
            self.session.said.emit(f"{said(error.what)}.")
            return False
        self._title = self._step_title(mark("Eraser stroke") if erases else mark("Brush stroke"), spot)
        # what lies between painted slices is looked for along the plane that is painted in
        normal = spot.geometry.normal
        self.settings = replace(
            self.settings, between=slices_facing(self.live.mask().grid, normal), painted_normal=vec(normal)
        )
        self.extend(spot)
        return True

    def extend(self, spot: Spot) -> None:
        """The stroke goes on to here."""
        if self._stroke is None or self.live is None:
            return
        box = self._stroke.move(spot.position_mm)
        if box is not None:
            self.live.follow(self._stroke, box)

    def finish(self) -> None:
        """The stroke becomes one step."""
        stroke, rules = self._stroke, self._rules
        self._stroke = self._rules = None
        if stroke is None or rules is None:
            return
        patch = stroke.patch()
        if patch is None:
            self._tell_held_up(stroke)
            return
        self.commit(rules.spread(self.name, patch, stroke.mask), self._title)

    def _tell_held_up(self, stroke: Stroke) -> None:
        locked = {name: mask for name, mask in self.masks().items() if self.is_locked(name)}
        why = held_up_words(stroke, self.settings.over, locked, self._volume())
        if why:
            self.session.said.emit(why)

    def cancel(self) -> None:
        """As if the stroke had never been."""
        self._drop_stroke()

    def _drop_stroke(self) -> None:
        stroke, self._stroke, self._rules = self._stroke, None, None
        if stroke is None or stroke.box is None or self.live is None:
            return
        self.live.flip(stroke.box, np.array(stroke.changed[stroke.box]))

    @property
    def is_drawing(self) -> bool:
        """True while a stroke is under the hand."""
        return self._stroke is not None

    def touch(self, spot: Spot) -> None:
        """A click at an island."""
        self.at_mm = spot.position_mm
        self.ask_preview()

    def pick(self, spot: Spot) -> None:
        """The value here becomes the middle of the band, or of the threshold."""
        volume = self._volume()
        if volume is None or not bool(volume.grid.contains(spot.position_mm)):
            return
        band = band_at(volume, spot.position_mm)
        if self.tool == THRESHOLD:
            self.set_settings(threshold_hu=band)
        else:
            self.set_settings(band_hu=band, banded=True)
        low, high = band_words(band, self.scale())
        self.session.said.emit(tr("Values from {low} to {high}", low=low, high=high))

    # scissors

    def cut(self, spot: Spot, outline_mm: FloatArray, keeps: bool) -> None:
        """An outline was drawn in a slice."""
        from planning.by_hand.scissors import Projection

        geometry = spot.geometry
        projection = Projection.of_plane(geometry.center_mm, geometry.right, geometry.down)
        away = outline_mm - geometry.center_mm
        polygon = np.stack([away @ geometry.right, away @ geometry.down], axis=-1)
        title = self._step_title("Scissors", spot)
        self._cut(polygon, projection, keeps, self.settings.cut_depth_mm, title, at_once=True)

    def cut_through(self, polygon: FloatArray, matrix: FloatArray, keeps: bool) -> None:
        """An outline was drawn in 3D: matrix (4, 4) leads from LPS mm to its plane. Shown in red first."""
        from planning.by_hand.scissors import Projection

        title = f"Scissors on {small(structure_style(self.name).display)}, 3D{self._at_phase()}"
        self._cut(polygon, Projection.of_camera(matrix), keeps, None, title, at_once=False)

    def _cut(
        self,
        polygon: FloatArray,
        projection: Projection,
        keeps: bool,
        depth_mm: float | None,
        title: str,
        *,
        at_once: bool,
    ) -> None:
        why = self.blocked(SCISSORS)
        if why:
            self.session.said.emit(f"{why}.")
            return
        self.drop_preview()
        does = "keep" if keeps and self.settings.cut_does == "erase" else self.settings.cut_does
        masks = self.masks()
        try:
            rules = self.rules(masks)
        except InputError as error:
            self.session.said.emit(f"{said(error.what)}.")
            return
        task = Task(
            tool=SCISSORS,
            name=self.name,
            settings=replace(self.settings, cut_does=does, cut_depth_mm=depth_mm),
            masks=masks,
            rules=rules,
            volume=self._volume(),
        )
        self._title = title
        work = partial(cut_out, task, polygon, projection)
        self._submit(SCISSORS, work, self._cut_done if at_once else self._computed)

    def _cut_done(self, outcome: Outcome) -> None:
        if outcome.is_nothing:
            if outcome.task.settings.cut_does == "fill":
                self.session.said.emit(tr("Nothing can be added there."))
            else:
                self.session.said.emit(tr("Nothing of {small} lies there.", small=small(self.display)))
            self.changed.emit()
            return
        if self.live is not None:
            self._show(outcome.after)
        self.commit(outcome.patches, self._title)

    # previews

    def ask_preview(self) -> None:
        """Compute what the tool would do, a moment after the last change."""
        if self.tool in COMPUTING:
            self._preview.ask()

    @property
    def outcome(self) -> Outcome | None:
        """What a computing tool would do, once it is known."""
        return self._preview.outcome

    @property
    def problem(self) -> TheatrumError | None:
        """Why a computing tool cannot."""
        return self._preview.problem

    @property
    def is_computing(self) -> bool:
        """True while a job computes what the tool would do."""
        return self._preview.is_computing

    @property
    def is_awaited(self) -> bool:
        """True while the preview is not of the settings as they are now."""
        return self._preview.is_awaited

    def drop_preview(self) -> None:
        """The structure as it is in the case."""
        had = self._preview.drop()
        if had and self.live is not None and self.name in self.session.case.structures:
            self._show(self.session.mask(self.name))
        if self.tool != ISLANDS:
            self.at_mm = None

    def _free_others(self) -> frozenset[str]:
        """Other structures that may be changed."""
        names = frozenset(self.session.case.structures) - {self.name}
        return frozenset(name for name in names if not self.is_locked(name) and self.is_here(name))

    def lacks(self) -> str:
        """What must be chosen before the tool can compute, "" for nothing."""
        others = self._free_others()
        if self.tool == SEEDS and not others & self.settings.seeds_with:
            return tr("Tick the structures that grow with it")
        if self.tool == COMBINE and self.settings.with_other not in set(self.session.case.structures) - {self.name}:
            return tr("Choose the other structure")
        if self.tool == ISLANDS and self.settings.islands in ("keep", "remove") and self.at_mm is None:
            return tr("Click one of its parts")
        return ""

    def _compute(self) -> None:
        why = self.blocked(self.tool)
        if why or not self.tool:
            return
        if self.lacks():
            self.drop_preview()
            self.changed.emit()
            return
        masks = self.masks()
        try:
            rules = self.rules(masks)
        except TheatrumError as error:
            self._failed(error)
            return
        task = Task(
            tool=self.tool,
            name=self.name,
            settings=replace(
                self.settings,
                seeds_with=self.settings.seeds_with & self._free_others(),
                smooth_with=self.settings.smooth_with & self._free_others(),
            ),
            masks=masks,
            rules=rules,
            volume=self._volume(),
            at_mm=self.at_mm,
        )
        self._title = f"{WORDS[self.tool]} on {small(structure_style(self.name).display)}{self._at_phase()}"
        self._submit(self.tool, partial(compute, task), self._computed)

    def _submit(
        self, tool: str, work: Callable[[Progress, CancelToken], Outcome], done: Callable[[Outcome], None]
    ) -> None:
        array = self._array
        self._preview.run(
            f"{tr(DOING[tool])}: {small(self.display)}",
            work,
            done,
            wanted=lambda: self.tool == tool and self._array == array,
            quiet=tool in SOON_DONE,
        )
        self.changed.emit()

    def _computed(self, outcome: Outcome) -> None:
        self._preview.outcome = outcome
        if self.live is not None:
            self._show(outcome.after)
        self.changed.emit()

    def _failed(self, error: TheatrumError) -> None:
        # what other settings gave is not what Enter would apply now
        self.drop_preview()
        self._preview.problem = error
        self.changed.emit()

    def apply(self) -> None:
        """What the preview shows becomes one step, and the tool is put down."""
        outcome = self.outcome
        if outcome is None or outcome.is_nothing or self.is_awaited:
            return
        # the preview stays on screen and is the case's shape a moment later
        self._preview.outcome = None
        tool = self.tool
        self.commit(outcome.patches, self._title, outcome.parts)
        if tool != SCISSORS:
            self.take("")

    @property
    def preview_words(self) -> str:
        """What the preview would change: "+2.1 ml, −0.3 ml"."""
        return self.lacks() if self.outcome is None else outcome_words(self.outcome)

    # into the case

    def commit(self, patches: Mapping[str, Patch], title: str, parts: tuple[Mask, ...] = ()) -> None:
        """One step of the case; what is shown stays meanwhile."""
        self._keeper.keep(self.name, patches, title, parts)

    def _do(self, command: Command) -> None:
        self._is_committing = True
        try:
            is_done = self.session.do(command)
        finally:
            self._is_committing = False
        if not is_done:
            self._restore()
        self.changed.emit()

    def _not_kept(self, error: TheatrumError) -> None:
        self._restore()
        self.session.failed.emit(error)
        self.changed.emit()

    def _restore(self) -> None:
        """The case refused: what is shown is the case's shape again."""
        if self.live is not None and self.name in self.session.case.structures:
            self._show(self.session.mask(self.name))

    def _step_title(self, what: str, spot: Spot) -> str:
        # the journal is English, as all data; the window says it in its language
        state = self.session.view.state
        pane = TITLES.get((state.frame_name, spot.pane), spot.pane)
        _, position = pane_title(state, spot.pane)
        return f"{what} on {small(structure_style(self.name).display)}, {small(pane)} {position}{self._at_phase()}"

    def _at_phase(self) -> str:
        phase = self.session.phases.shown_label
        return f", in the phase of {phase}" if phase else ""
