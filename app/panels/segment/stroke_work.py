"""Strokes for any structure: a draft for each, an engine in a process of its own, one step of the case for what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtCore import QObject

from app.i18n import mark, tr
from app.models import zoo
from app.panels.drafts import kept_draft
from app.panels.notes import Note, note_of
from app.panels.segment.by_hand_words import new_name
from app.panels.segment.draft import STROKES, AnyMarks, Draft, Stroked, StrokeDraft
from app.panels.segment.draft_work import PREPARE, DraftWork
from app.panels.segment.stroke_engine import StrokeEngine, known_as
from app.session import Session
from inference.interactive.prompts import Kind, Prompt, flat_axis
from planning.case.commands import Command
from planning.case.model import ArrayRef, Structure
from planning.errors import InputError, ModelError, TheatrumError
from planning.geometry import FloatArray, Grid
from planning.progress import CancelToken, Progress
from planning.registry import canonical_name

if TYPE_CHECKING:
    from inference.zoo import InstalledModel

LOOK = "stroke network"
# of a draft whose own name is read in a moment
UNREAD = ""


class StrokeWork(DraftWork):
    """Drafts of strokes, one for each structure that was begun; the one in hand is `draft`."""

    module = STROKES
    titles: ClassVar[Mapping[str, str]] = {STROKES: mark("Following the strokes")}
    mark_word = "stroke"
    keeps_surfaces = False

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        self._engine = StrokeEngine()
        # interactive models that may answer instead of the program's own strokes, and the chosen one
        self.models: tuple[InstalledModel, ...] = ()
        self.model: InstalledModel | None = None
        # why the chosen one does not answer
        self.refused: Note | None = None
        self._network: InstalledModel | None = None
        super().__init__(session, (StrokeDraft(STROKES, (new_name(session.case.structures),)),), parent)

    @property
    def draft(self) -> StrokeDraft:
        """The draft in hand."""
        draft = self.drafts[STROKES]
        assert isinstance(draft, StrokeDraft)
        return draft

    @property
    def is_preparing(self) -> bool:
        """True while the scan is made ready for strokes."""
        return self.is_running(PREPARE)

    @property
    def is_outdated(self) -> bool:
        """True when the case's structure is not the one that the strokes in hand correct."""
        draft = self.draft
        return self._sha(draft.name) != draft.initial_sha and not draft.base(self.session.case)

    def waiting(self) -> Mapping[str, int]:
        """Structures with strokes that are not kept: how many."""
        case = self.session.case
        return {draft.names[0]: len(draft.marks) for draft in self.drafts.values() if draft.is_open(case)}

    # what is worked on

    def choose(self, name: str) -> None:
        """Go on with this structure of the case, or with a new one of this name; other strokes wait as they are."""
        draft = self.draft
        if name == draft.name:
            if self.is_open(STROKES) or draft.initial_sha == self._sha(name):
                return
        elif self.is_open(STROKES):
            self.drafts[_shelf(draft.name)] = draft
        self._forget_job(STROKES)
        waiting = self.drafts.pop(_shelf(name), None)
        self.drafts[STROKES] = waiting if waiting is not None else self._begun(name)
        self.open(STROKES)
        self._look()
        self._tell()

    def new(self) -> None:
        """A structure that the case does not have yet."""
        self.choose(new_name([*self.session.case.structures, *self.waiting()]))

    def rename(self, name: str) -> str:
        """Another name for the new structure; why it cannot have it, "" when it has."""
        if name in self.session.case.structures or _shelf(name) in self.drafts:
            return tr("There is one of this name: choose it above")
        if not canonical_name(name):
            return tr("A name has letters")
        self.draft.rename(name)
        self._look()
        self._tell()
        return ""

    def _begun(self, name: str) -> StrokeDraft:
        draft = StrokeDraft(STROKES, (name,))
        if name in self.session.case.structures:
            draft.initial, draft.initial_sha = self.session.mask(name), self._sha(name)
        return draft

    def _sha(self, name: str) -> str:
        structure = self.session.case.structures.get(name)
        return "" if structure is None else structure.array.sha256

    def blocked(self) -> str:
        """Why no stroke can be drawn, "" when one can."""
        if self.is_read_only:
            return tr("This case is open to read")
        if self.session.image is None:
            return tr("There is no scan in this case")
        initial = self.draft.initial
        if initial is not None and not initial.grid.is_same(self.session.image.grid):
            return tr("This structure lies on another grid than the scan")
        return ""

    # the hand

    def mark(self, kind: Kind, positive: bool, points_mm: FloatArray) -> None:
        """One more prompt, whatever tool made it."""
        grid = self._grid()
        if grid is None or self.blocked():
            return
        try:
            prompt = Prompt.checked(kind, positive, _held_inside(points_mm, grid), grid)
            if kind == "box":
                flat_axis(prompt, grid)
        except InputError as error:
            in_slice = kind == "box" and "lasso" in error.what
            words = InputError("A box must lie in one slice of the image", error.hint) if in_slice else error
            self.draft.note = note_of(words)
            self._tell()
            return
        self.add(STROKES, prompt)

    def _grid(self) -> Grid | None:
        image = self.session.image
        return None if image is None else image.grid

    # engines

    def find_models(self) -> None:
        """What is installed: models that take prompts, and the one whose network is asked first."""
        known = zoo()
        installed = known.installed()
        self.models = tuple(model for model in installed if model.manifest.kind == "interactive")
        try:
            shipped = known.find()
        except ModelError:
            self._network = None
            return
        self._network = shipped if known.is_accepted(shipped) else None

    def use(self, model: InstalledModel | None) -> None:
        """Who answers from now on; None: the program's own strokes."""
        if model is not None and not zoo().is_accepted(model):
            self.refused = Note(
                tr("The licence of {title} is not accepted", title=model.manifest.title),
                tr("Find by a model shows it."),
            )
            self._tell()
            return
        self._forget_job(PREPARE)
        self.model, self.refused = model, None
        for draft in self.drafts.values():
            draft.kept.clear()
        self.prepare()
        self._tell()

    def prepare(self) -> None:
        """The scan for the engine, while the person still looks for the place."""
        source = self._source()
        if source is None or self.is_running(PREPARE) or self.is_read_only:
            return
        work = partial(self._engine.prepare, *source, self.model)
        self._submit(PREPARE, "stroke scan", tr("Preparing the scan"), work, self._prepared, self._unprepared)

    def _prepared(self, answer: object) -> None:
        super()._prepared(answer)
        self._look()

    def _unprepared(self, error: TheatrumError) -> None:
        """An engine that cannot run here says so before any stroke, and the program's own takes its place."""
        if self.model is None:
            super()._unprepared(error)
            return
        self.model, self.refused = None, note_of(error)
        self.prepare()
        self._tell()

    def _look(self) -> None:
        """Ask the network of this machine about the scan, when it may know the structure."""
        source, network = self._source(), self._network
        if source is None or network is None or self.model is not None or self.draft.initial is not None:
            return
        if self._engine.has_view(source[0]) or self.is_running(LOOK) or not self._is_known(network):
            return
        work = partial(self._engine.look, *source, network)
        self._submit(
            LOOK, LOOK, tr("Asking {title}", title=network.manifest.title), work, lambda _: self._tell(), self._unlooked
        )

    def _is_known(self, network: InstalledModel) -> bool:
        return bool(known_as(self.draft.name, tuple(label.name for label in network.manifest.labels)))

    def _unlooked(self, error: TheatrumError) -> None:
        self.problem = Note(
            tr("The network did not answer"), tr("{title}. Strokes work without it.", title=note_of(error).title)
        )
        self._tell()

    # inside

    def close(self) -> None:
        """The case is closed."""
        self._engine.close()

    def case_changed(self) -> None:
        """Undo, redo, another shape: a structure without open strokes is begun from what the case has now."""
        draft = self.draft
        if not draft.is_open(self.session.case) and not draft.base(self.session.case):
            self.drafts[STROKES] = self._begun(draft.name)
        self._keep()

    def _work(self, draft: Draft, marks: AnyMarks) -> Any:
        source = self._source()
        if source is None or not isinstance(draft, StrokeDraft):
            return None
        if draft.array != source[0]:
            draft.forget(source[0])
        return partial(_stroked, self._engine, source, self.model, marks, draft)

    def _show(self, draft: Draft, found: Any) -> None:
        if draft.names != tuple(found.masks):
            # renamed while it was computed
            found = replace(found, masks=dict(zip(draft.names, found.masks.values(), strict=True)))
        draft.take(found)
        view = self.session.view
        view.set(hidden=view.state.hidden - frozenset(found.masks))
        surfaces = [] if found.surface is None else [found.surface]
        draft.surfaces = dict(zip(found.masks, zip(found.masks.values(), surfaces, strict=False), strict=False))

    def _structures(self, draft: Draft, found: Any) -> tuple[tuple[Structure, ...], Command]:
        from inference.interactive.keeping import stroke_command

        (mask,) = found.masks.values()
        document, phase = self.session.document, self._phase_of(draft)
        command = stroke_command(document, draft.names[0], mask, found.marks, found.by, phase=phase)
        return (command.structure,), command

    def _kept_more(self, draft: Draft) -> Mapping[str, Any]:
        return {"initial": draft.initial_sha if isinstance(draft, StrokeDraft) else ""}

    def _bring_back(self) -> None:
        """Every structure's strokes; those in hand last time are in hand again."""
        kept = None if self.is_read_only else kept_draft(self.session, self.module)
        for key in kept or {}:
            self.drafts.setdefault(key, StrokeDraft(STROKES, (UNREAD,)))
        super()._bring_back()
        for key, draft in list(self.drafts.items()):
            if key != STROKES and not draft.marks:
                del self.drafts[key]
        waits = next((key for key in self.drafts if key != STROKES), None)
        if waits is not None and not self.draft.marks:
            self.drafts[STROKES] = self.drafts.pop(waits)
        self.was_at = STROKES if self.was_at else ""

    def _read_kept(self, draft: Draft, kept: Mapping[str, Any]) -> None:
        grid, name, sha = self._grid(), str(kept["names"][0]), str(kept["initial"])
        if grid is None or not isinstance(draft, StrokeDraft) or sha != self._sha(name):
            return
        marks = tuple(Prompt.from_text(str(text), grid) for text in kept["marks"])
        draft.names, draft.marks = (name,), marks
        draft.initial, draft.initial_sha = (self.session.mask(name), sha) if sha else (None, "")


def _held_inside(points_mm: FloatArray, grid: Grid) -> FloatArray:
    """A line that the hand drew beyond the image goes along its border; one wholly outside stays there."""
    if not grid.contains(points_mm).any():
        return points_mm
    return grid.to_world(np.clip(grid.to_index(points_mm), 0.0, np.array(grid.size_ijk) - 1.0))


def _shelf(name: str) -> str:
    return f"{STROKES} {name}"


def _stroked(
    engine: StrokeEngine,
    source: tuple[ArrayRef, Any],
    model: InstalledModel | None,
    marks: tuple[Prompt, ...],
    draft: StrokeDraft,
    progress: Progress,
    cancel: CancelToken,
) -> Stroked:
    """A job's work."""
    name, initial = draft.name, draft.initial
    answer, by = engine.answer(*source, model, marks, initial, name, progress, cancel)
    return Stroked(
        masks={name: answer.mask},
        surface=answer.surface,
        marks=marks,
        seconds=answer.seconds,
        cpu_seconds=answer.cpu_seconds,
        by=by,
    )
