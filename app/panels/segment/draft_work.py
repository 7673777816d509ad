"""The work behind drafts of structures: marks come in, jobs find structures, one step puts them into the case.

Every mark starts a computation; a newer one replaces it. What is found is a preview until it is accepted. A mark that
cannot be used, or whose computation was stopped, is taken back: the draft always is what the last finished one gave.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from app.i18n import inside, structure_name, tr
from app.jobs import Job, JobState
from app.panels.drafts import keep_draft, kept_draft
from app.panels.notes import Note, note_of
from app.panels.segment.draft import AnyFound, AnyMark, AnyMarks, Draft, key_of
from app.session import MOST_TRIANGLES, MOST_VESSEL_VOXELS, Session
from planning.case.commands import Command
from planning.case.model import ArrayRef, Structure
from planning.errors import InputError, TheatrumError
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress
from planning.registry import structure_style
from planning.volume import Mask

PREPARE = "guide scan"


class DraftWork(QObject):
    """Drafts of one case. `changed`: marks, previews or what runs differ."""

    changed = Signal()

    # what the drafts are kept under, and what a person reads while each target is computed
    module = ""
    titles: ClassVar[Mapping[str, str]] = {}
    mark_word = "click"
    # whether a preview's surface is as good as the case's own
    keeps_surfaces = True

    def __init__(self, session: Session, drafts: Sequence[Draft], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._running: dict[str, JobState] = {}
        self.problem: Note | None = None
        # what a draft that was kept from before was for
        self.was_at = ""
        self.drafts = {draft.target: draft for draft in drafts}
        session.jobs.stopped.connect(self._stopped)
        session.jobs.finished.connect(self._ended)
        self._bring_back()

    # what subclasses say

    @abstractmethod
    def prepare(self) -> None:
        """Everything that needs no mark, while the person still looks for the place."""

    @abstractmethod
    def _work(self, draft: Draft, marks: AnyMarks) -> Any:
        """What a job does for the marks, with everything it needs from the GUI thread; None when it cannot be done."""

    @abstractmethod
    def _structures(self, draft: Draft, found: Any) -> tuple[tuple[Structure, ...], Command]:
        """What was found as structures, and the step that puts them into the case. Raises InputError."""

    @abstractmethod
    def _read_kept(self, draft: Draft, kept: Mapping[str, Any]) -> None:
        """Take what was kept of a draft. Raises InputError, KeyError, TypeError for what is none."""

    def _kept_more(self, draft: Draft) -> Mapping[str, Any]:
        """What is kept of a draft besides its names and marks."""
        return {}

    # what is there

    @property
    def is_read_only(self) -> bool:
        """True where nothing may be changed."""
        return self.session.document.read_only

    def is_open(self, target: str) -> bool:
        """True when a draft holds what the case does not know."""
        return self.drafts[target].is_open(self.session.case)

    def is_running(self, target: str) -> bool:
        """True while a draft's marks are worked on."""
        state = self._running.get(target)
        return state is not None and state in self.session.jobs.active and not state.cancel.is_set

    # the hand

    def add(self, target: str, mark: AnyMark) -> None:
        """One more mark."""
        draft = self.drafts[target]
        if self.is_read_only or draft.doubled(mark):
            return
        draft.note = None
        draft.marks, draft.undone = (*draft.marks, mark), ()
        self._compute(draft)

    def take_back(self, target: str) -> None:
        """The newest mark goes."""
        draft = self.drafts[target]
        draft.note = None
        draft.marks, draft.undone = draft.marks[:-1], (*draft.undone, *draft.marks[-1:])
        self._compute(draft)

    def bring_again(self, target: str) -> None:
        """The mark that was taken back last comes again."""
        draft = self.drafts[target]
        draft.note = None
        draft.marks, draft.undone = (*draft.marks, *draft.undone[-1:]), draft.undone[:-1]
        self._compute(draft)

    def start_over(self, target: str) -> None:
        """All marks go; the case stays as it is."""
        draft = self.drafts[target]
        draft.marks, draft.undone, draft.note = (), (), None
        self._compute(draft)

    def accept(self, target: str) -> bool:
        """What was found goes into the case as one step. False when there is nothing whole to accept."""
        draft, session = self.drafts[target], self.session
        if not draft.is_current or draft.found is None or not self.is_open(target) or self.is_running(target):
            return False
        try:
            structures, command = self._structures(draft, draft.found)
        except InputError as error:
            session.failed.emit(error)
            return False
        for one in structures:
            mask, surface = draft.surfaces.get(one.name, (None, None))
            found = draft.found.masks[one.name]
            session.know(one.array, found, surface if mask is found and self.keeps_surfaces else None)
        if not session.do(command):
            return False
        words = " and ".join(inside(structure_name(name)) for name in draft.found.masks)
        session.said.emit(tr("{upper}{words} kept. Undo takes it back.", upper=words[:1].upper(), words=words[1:]))
        self._keep()
        return True

    def open(self, target: str) -> None:
        """A target's step is shown: marks of the case's own structure are gone on with, and open ones computed."""
        draft = self.drafts[target]
        if not draft.marks:
            draft.marks = draft.base(self.session.case)
        if self.is_open(target) and not draft.is_current and not self.is_running(target):
            self._compute(draft)

    def let_go(self) -> None:
        """Nobody looks for anything now: what can be made again, or lies in the case, is large."""
        for draft in self.drafts.values():
            draft.let_go(self.session.case)

    # inside

    def _tell(self) -> None:
        self._keep()
        self.changed.emit()

    def _source(self) -> tuple[ArrayRef, Any] | None:
        """The array of the phase shown, and a way to its voxels that a job may take."""
        image = self.session.image
        if image is None:
            return None
        phase = min(self.session.view.state.phase, len(image.arrays) - 1)
        shown = self.session.volume()
        if shown is not None:
            return image.arrays[phase], lambda: shown
        return image.arrays[phase], partial(self.session.document.reader().volume, image.name, phase)

    def _phase_of(self, draft: Draft) -> str:
        """The phase of a moving scan that a draft was found in, whichever is shown by now; "" for a scan of one phase."""
        image = self.session.image
        if image is None or len(image.arrays) < 2 or draft.array not in image.arrays:
            return ""
        return image.phases[image.arrays.index(draft.array)]

    def _compute(self, draft: Draft) -> None:
        target, marks = draft.target, draft.marks
        self._forget_job(target)
        known = draft.kept.get(key_of(marks))
        if not marks or key_of(marks) == key_of(draft.base(self.session.case)):
            # what the case has is shown, or nothing
            draft.found, draft.labels = None, ()
        elif known is not None:
            self._show(draft, known)
        else:
            work = self._work(draft, marks)
            if work is not None:
                done, failed = partial(self._take, draft, marks), partial(self._refuse, draft, marks)
                self._submit(target, f"guide {target}", self.titles[target], work, done, failed)
        self._tell()

    def _submit(self, key: str, job: str, title: str, work: Any, done: Any, failed: Any) -> None:
        self._running[key] = self.session.jobs.submit(
            Job(key=job, title=title, work=partial(_told, work), done=done, failed=failed, subject=self.session.label)
        )

    def _forget_job(self, target: str) -> None:
        state = self._running.pop(target, None)
        if state is not None:
            state.cancel.set()

    def _take(self, draft: Draft, marks: AnyMarks, found: AnyFound) -> None:
        if draft is self.drafts[draft.target] and draft.key == key_of(marks):
            self._show(draft, found)
            self._tell()

    def _show(self, draft: Draft, found: AnyFound) -> None:
        draft.take(found)
        view = self.session.view
        view.set(hidden=view.state.hidden - frozenset(found.masks))
        self.session.jobs.submit(
            Job(
                key=f"guide mesh {draft.target}",
                title=tr("Meshing the preview"),
                work=partial(_surfaces, dict(found.masks)),
                done=partial(self._meshed, draft, found),
                still_wanted=lambda: draft.found is found,
                subject=self.session.label,
                quiet=True,
            )
        )

    def _meshed(self, draft: Draft, found: AnyFound, surfaces: dict[str, SurfaceMesh]) -> None:
        draft.surfaces = {name: (found.masks[name], surface) for name, surface in surfaces.items()}
        self.changed.emit()

    def _refuse(self, draft: Draft, marks: AnyMarks, error: TheatrumError) -> None:
        """Marks that gave nothing: the newest goes, and what was found before stands."""
        if draft is not self.drafts[draft.target] or draft.key != key_of(marks):
            return
        draft.marks = marks[:-1]
        self._compute(draft)
        draft.note = note_of(error)
        self._tell()

    def _prepared(self, _: object) -> None:
        self.problem = None
        self._tell()

    def _unprepared(self, error: TheatrumError) -> None:
        self.problem = note_of(error)
        self._tell()

    def _stopped(self, state: JobState) -> None:
        """A person stopped a job: its mark is taken back at once, whenever the job itself ends."""
        for target, draft in self.drafts.items():
            if self._running.get(target) is state:
                self._running.pop(target)
                draft.marks = draft.marks[:-1]
                self._compute(draft)
                draft.note = Note(tr("Stopped"), tr("The last {mark_word} was taken back.", mark_word=self.mark_word))
                self._tell()

    def _ended(self, state: JobState) -> None:
        if state in self._running.values():
            self.changed.emit()

    # what a crash must not take

    def _keep(self) -> None:
        if self.is_read_only:
            return
        case = self.session.case
        kept = {
            key: {
                "names": list(draft.names),
                "marks": list(draft.key),
                **self._kept_more(draft),
            }
            for key, draft in self.drafts.items()
            if draft.is_open(case)
        }
        keep_draft(self.session, self.module, kept or None)

    def _bring_back(self) -> None:
        """Marks of before a crash; what they give is computed when their step is opened."""
        kept = None if self.is_read_only else kept_draft(self.session, self.module)
        for target, draft in self.drafts.items():
            one = (kept or {}).get(target)
            if not isinstance(one, Mapping):
                continue
            try:
                self._read_kept(draft, one)
            except (KeyError, TypeError, InputError):
                continue
            if draft.marks:
                self.was_at = self.was_at or target


# what jobs do


def _told(work: Any, progress: Progress, cancel: CancelToken) -> Any:
    """The work, whose steps are told as the strip writes them."""

    def capital(fraction: float, text: str = "") -> None:
        progress(fraction, text[:1].upper() + text[1:])

    return work(capital, cancel)


def _surfaces(masks: Mapping[str, Mask], progress: Progress, cancel: CancelToken) -> dict[str, SurfaceMesh]:
    from planning.simplify import simplified
    from planning.surface import surface_from_mask

    surfaces = {}
    for name, mask in masks.items():
        cancel.raise_if_set()
        if mask.voxel_count:
            # as the session does for a structure of the case: it will be that
            thin = structure_style(name).kind == "vessel" and mask.voxel_count <= MOST_VESSEL_VOXELS
            mesh = surface_from_mask(mask, kind="vessel" if thin else "preview")
            cancel.raise_if_set()
            surfaces[name] = simplified(mesh, MOST_TRIANGLES)
    return surfaces
