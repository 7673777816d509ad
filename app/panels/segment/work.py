"""The work behind guided segmentation: marks come in, jobs find structures, one step puts them into the case.

Every mark starts a computation; a newer one replaces it. What is found is a preview until it is accepted. A mark that
cannot be used, or whose computation was stopped, is taken back: the draft always is what the last finished one gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.jobs import Job, JobState
from app.panels.drafts import keep_draft, kept_draft
from app.panels.notes import Note, note_of
from app.panels.segment.draft import LIVER, TUMOR, VESSELS, Draft, key_of
from app.panels.segment.scans import PreparedScans
from app.session import MOST_TRIANGLES, MOST_VESSEL_VOXELS, Session
from planning.case.guided import (
    HEPATIC_VEINS,
    PORTAL_VEIN,
    FoundVessels,
    Guided,
    Mark,
    Marks,
    free_tumor_name,
    guide_liver,
    guide_tumor,
    guide_vessels,
    guided_structures,
    kept_marks,
    liver_parts,
    step_of,
)
from planning.case.guided import LIVER as LIVER_NAME
from planning.case.model import ArrayRef
from planning.errors import CaseError, InputError, TheatrumError
from planning.geometry import FloatArray
from planning.liver.roles import guess_roles
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress, part_of
from planning.registry import structure_style
from planning.volume import Mask, union

MODULE = "segment"
PREPARE = "guide scan"
TITLES = {LIVER: "Finding the liver", VESSELS: "Parting the vessels", TUMOR: "Finding the tumour"}


class GuideWork(QObject):
    """Drafts of one case. `changed`: marks, previews or what runs differ."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._scans = PreparedScans()
        self._running: dict[str, JobState] = {}
        self.problem: Note | None = None
        # what a draft that was kept from before was for
        self.was_at = ""
        self.drafts = {
            LIVER: Draft(LIVER, (LIVER_NAME,)),
            VESSELS: Draft(VESSELS, (PORTAL_VEIN, HEPATIC_VEINS)),
            TUMOR: Draft(TUMOR, (free_tumor_name(session.case),)),
        }
        session.jobs.stopped.connect(self._stopped)
        session.jobs.finished.connect(self._ended)
        self._bring_back()

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

    def is_preparing(self) -> bool:
        """True while the scan, or the vessels of the liver, are made ready for clicks."""
        return any(self.is_running(key) for key in (PREPARE, "vessels of the liver"))

    def is_done(self, target: str) -> bool:
        """True when the case has structures of this kind."""
        roles = guess_roles(list(self.session.case.structures))
        if target == LIVER:
            return bool(roles.organ)
        return bool(roles.portal or roles.hepatic) if target == VESSELS else bool(roles.tumors)

    def liver_names(self) -> tuple[str, ...]:
        """The structures that vessels are looked for in."""
        roles = guess_roles(list(self.session.case.structures))
        return roles.organ

    def all_vessels(self) -> FoundVessels | None:
        """Everything that looks like a vessel in the liver of now, None while that is not known."""
        arrays = self._liver_arrays()
        return self._scans.has_vessels(arrays) if len(arrays) > 1 else None

    # the hand

    def mark(self, target: str, kind: str, points_mm: FloatArray) -> None:
        """One more click or stroke."""
        draft, mark = self.drafts[target], Mark(kind, points_mm)
        if self.is_read_only or draft.doubled(mark):
            return
        draft.note = None
        draft.marks = (*draft.marks, mark)
        self._compute(draft)

    def take_back(self, target: str) -> None:
        """The newest mark goes."""
        draft = self.drafts[target]
        draft.note = None
        draft.marks = draft.marks[:-1]
        self._compute(draft)

    def start_over(self, target: str) -> None:
        """All marks go; the case stays as it is."""
        draft = self.drafts[target]
        draft.marks, draft.note = (), None
        self._compute(draft)

    def begin_tumor(self, name: str = "") -> None:
        """A new tumour, or one that was found by marks before, to be gone on with."""
        case = self.session.case
        draft = Draft(TUMOR, (name or free_tumor_name(case),))
        draft.marks = draft.base(case)
        self._forget_job(TUMOR)
        self.drafts[TUMOR] = draft
        self._tell()

    def accept(self, target: str) -> bool:
        """What was found goes into the case as one step. False when there is nothing whole to accept."""
        draft, session = self.drafts[target], self.session
        if not draft.is_current or draft.found is None or not self.is_open(target) or self.is_running(target):
            return False
        try:
            structures = guided_structures(session.document, draft.found)
        except CaseError as error:
            session.failed.emit(error)
            return False
        for one in structures:
            mask, surface = draft.surfaces.get(one.name, (None, None))
            found = draft.found.masks[one.name]
            session.know(one.array, found, surface if mask is found else None)
        if not session.do(step_of(session.case, structures)):
            return False
        words = " and ".join(structure_style(name).display.lower() for name in draft.found.masks)
        session.said.emit(f"{words[:1].upper()}{words[1:]} kept. Undo takes it back.")
        self._keep()
        return True

    # getting ready

    def prepare(self) -> None:
        """Everything that needs no click, while the person still looks for the place."""
        source = self._source()
        if source is None or self.is_running(PREPARE):
            return
        array, volume = source

        def work(progress: Progress, cancel: CancelToken) -> None:
            self._scans.scan(array, volume, progress, cancel)

        self._submit(PREPARE, PREPARE, "Preparing the scan", work, self._prepared, self._unprepared)

    def find_vessels(self) -> None:
        """All vessels of the liver, so that a click only says which are which."""
        source, names, arrays = self._source(), self.liver_names(), self._liver_arrays()
        key = "vessels of the liver"
        if source is None or not names or self.is_running(key) or self._scans.has_vessels(arrays) is not None:
            return
        masks = [self.session.mask(name) for name in names]
        work = partial(_vessels, self._scans, source, arrays, masks)
        self._submit(key, key, "Finding the vessels", work, lambda _: self._tell(), self._unprepared)

    def open(self, target: str) -> None:
        """A target's step is shown: marks of the case's own structure are gone on with, and open ones computed."""
        draft = self.drafts[target]
        if not draft.marks:
            draft.marks = draft.base(self.session.case)
        if self.is_open(target) and not draft.is_current and not self.is_running(target):
            self._compute(draft)

    def case_changed(self) -> None:
        """Undo, redo, other structures: a tumour's name may be taken or free."""
        draft, case = self.drafts[TUMOR], self.session.case
        if not draft.marks and draft.names[0] in case.structures:
            self.begin_tumor()
        self._keep()

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

    def _liver_arrays(self) -> tuple[ArrayRef, ...]:
        """The scan's array and those of the liver, by which found vessels are known again."""
        source, case = self._source(), self.session.case
        return () if source is None else (source[0], *(case.structures[name].array for name in self.liver_names()))

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
                self._submit(target, f"guide {target}", TITLES[target], work, done, failed)
        self._tell()

    def _work(self, draft: Draft, marks: Marks) -> Any:
        """What a job does for the marks, with everything it needs from the GUI thread."""
        source = self._source()
        if source is None:
            return None
        if draft.array != source[0]:
            # found in another phase of the scan
            draft.forget(source[0])
        if draft.target == LIVER:
            return partial(_liver, self._scans, source, marks)
        names = self.liver_names()
        if draft.target == VESSELS:
            masks = [self.session.mask(name) for name in names]
            if not masks:
                self._refuse(
                    draft, marks, InputError("There is no liver to look for vessels in", "Find the liver first")
                )
                return None
            return partial(_parted, self._scans, source, self._liver_arrays(), masks, marks)
        parts = [name for name in liver_parts(list(self.session.case.structures)) if name not in draft.names]
        return partial(_tumor, self._scans, source, marks, draft.names[0], [self.session.mask(name) for name in parts])

    def _submit(self, key: str, job: str, title: str, work: Any, done: Any, failed: Any) -> None:
        self._running[key] = self.session.jobs.submit(
            Job(key=job, title=title, work=partial(_told, work), done=done, failed=failed, subject=self.session.label)
        )

    def _forget_job(self, target: str) -> None:
        state = self._running.pop(target, None)
        if state is not None:
            state.cancel.set()

    def _take(self, draft: Draft, marks: Marks, found: Guided) -> None:
        if draft is self.drafts[draft.target] and draft.key == key_of(marks):
            self._show(draft, found)
            self._tell()

    def _show(self, draft: Draft, found: Guided) -> None:
        draft.take(found)
        view = self.session.view
        view.set(hidden=view.state.hidden - frozenset(found.masks))
        self.session.jobs.submit(
            Job(
                key=f"guide mesh {draft.target}",
                title="Meshing the preview",
                work=partial(_surfaces, dict(found.masks)),
                done=partial(self._meshed, draft, found),
                still_wanted=lambda: draft.found is found,
                subject=self.session.label,
                quiet=True,
            )
        )

    def _meshed(self, draft: Draft, found: Guided, surfaces: dict[str, SurfaceMesh]) -> None:
        draft.surfaces = {name: (found.masks[name], surface) for name, surface in surfaces.items()}
        self.changed.emit()

    def _refuse(self, draft: Draft, marks: Marks, error: TheatrumError) -> None:
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
                draft.note = Note("Stopped", "The last click was taken back.")
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
            target: {"names": list(draft.names), "marks": list(draft.key), "scan": self._scan_sha()}
            for target, draft in self.drafts.items()
            if draft.is_open(case)
        }
        keep_draft(self.session.path, MODULE, kept or None)

    def _scan_sha(self) -> str:
        """The scan that marks lie in: a case of the same path may hold another one."""
        image = self.session.image
        return "" if image is None else image.arrays[0].sha256

    def _bring_back(self) -> None:
        """Marks of before a crash; what they give is computed when their step is opened."""
        kept = None if self.is_read_only else kept_draft(self.session.path, MODULE)
        for target, draft in self.drafts.items():
            found = _read_kept((kept or {}).get(target), self._scan_sha())
            if found is not None:
                draft.names, draft.marks = found
                self.was_at = self.was_at or target


def _read_kept(kept: Any, scan_sha: str) -> tuple[tuple[str, ...], Marks] | None:
    """(names, marks) of a draft that was kept for this scan; None for anything else."""
    if not isinstance(kept, Mapping) or kept.get("scan") != scan_sha:
        return None
    try:
        names, marks = (tuple(map(str, kept["names"])), tuple(Mark.from_text(str(text)) for text in kept["marks"]))
    except (KeyError, TypeError, InputError):
        return None
    return (names, marks) if names and marks else None


def tumors_found_by_marks(session: Session) -> frozenset[str]:
    """Tumours of the case that can be gone on with."""
    case = session.case
    return frozenset(name for name in guess_roles(list(case.structures)).tumors if kept_marks(case.structures[name]))


# what jobs do


def _told(work: Any, progress: Progress, cancel: CancelToken) -> Any:
    """The work, whose steps are told as the strip writes them."""

    def capital(fraction: float, text: str = "") -> None:
        progress(fraction, text[:1].upper() + text[1:])

    return work(capital, cancel)


def _liver(
    scans: PreparedScans, source: tuple[ArrayRef, Any], marks: Marks, progress: Progress, cancel: CancelToken
) -> Guided:
    scan = scans.scan(*source, part_of(progress, 0.0, 0.3), cancel)
    return guide_liver(scan, marks, progress=part_of(progress, 0.3, 1.0), cancel=cancel)


def _vessels(
    scans: PreparedScans,
    source: tuple[ArrayRef, Any],
    arrays: tuple[ArrayRef, ...],
    liver: list[Mask],
    progress: Progress,
    cancel: CancelToken,
) -> FoundVessels:
    scan = scans.scan(*source, part_of(progress, 0.0, 0.2), cancel)
    return scans.vessels(scan, arrays, liver, part_of(progress, 0.2, 1.0), cancel)


def _parted(
    scans: PreparedScans,
    source: tuple[ArrayRef, Any],
    arrays: tuple[ArrayRef, ...],
    liver: list[Mask],
    marks: Marks,
    progress: Progress,
    cancel: CancelToken,
) -> Guided:
    found = _vessels(scans, source, arrays, liver, part_of(progress, 0.0, 0.9), cancel)
    return guide_vessels(found, marks, cancel=cancel)


def _tumor(
    scans: PreparedScans,
    source: tuple[ArrayRef, Any],
    marks: Marks,
    name: str,
    liver: list[Mask],
    progress: Progress,
    cancel: CancelToken,
) -> Guided:
    scan = scans.scan(*source, part_of(progress, 0.0, 0.5), cancel)
    closed = union(liver) if liver else None
    return guide_tumor(scan, marks, name, liver=closed, progress=part_of(progress, 0.5, 1.0), cancel=cancel)


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
