"""Guided segmentation: clicks and strokes for a liver, its vessels and tumours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QObject

from app.i18n import mark, tr
from app.panels.segment.draft import LIVER, TUMOR, VESSELS, Draft
from app.panels.segment.draft_work import PREPARE, DraftWork
from app.panels.segment.scans import PreparedScans
from app.session import Session
from planning.case.commands import Command
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
from planning.case.model import ArrayRef, Structure
from planning.errors import InputError
from planning.geometry import FloatArray
from planning.liver.roles import guess_roles
from planning.progress import CancelToken, Progress, part_of
from planning.volume import Mask, union

MODULE = "segment"
TITLES = {LIVER: mark("Finding the liver"), VESSELS: mark("Parting the vessels"), TUMOR: mark("Finding the tumour")}


class GuideWork(DraftWork):
    """Drafts of liver, vessels and tumours."""

    module = MODULE
    titles: ClassVar[Mapping[str, str]] = TITLES

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        self._scans = PreparedScans()
        drafts = (
            Draft(LIVER, (LIVER_NAME,)),
            Draft(VESSELS, (PORTAL_VEIN, HEPATIC_VEINS)),
            Draft(TUMOR, (free_tumor_name(session.case),)),
        )
        super().__init__(session, drafts, parent)

    # what is there

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
        self.add(target, Mark(kind, points_mm))

    def begin_tumor(self, name: str = "") -> None:
        """A new tumour, or one that was found by marks before, to be gone on with."""
        case = self.session.case
        draft = Draft(TUMOR, (name or free_tumor_name(case),))
        draft.marks = draft.base(case)
        self._forget_job(TUMOR)
        self.drafts[TUMOR] = draft
        self._tell()

    # getting ready

    def prepare(self) -> None:
        """Everything that needs no click, while the person still looks for the place."""
        source = self._source()
        if source is None or self.is_running(PREPARE):
            return
        array, volume = source

        def work(progress: Progress, cancel: CancelToken) -> None:
            self._scans.scan(array, volume, progress, cancel)

        self._submit(PREPARE, PREPARE, tr("Preparing the scan"), work, self._prepared, self._unprepared)

    def let_go(self) -> None:
        """What was made ready goes, too."""
        super().let_go()
        self._scans.forget()

    def find_vessels(self) -> None:
        """All vessels of the liver, so that a click only says which are which."""
        source, names, arrays = self._source(), self.liver_names(), self._liver_arrays()
        key = "vessels of the liver"
        if source is None or not names or self.is_running(key) or self._scans.has_vessels(arrays) is not None:
            return
        masks = [self.session.mask(name) for name in names]
        work = partial(_vessels, self._scans, source, arrays, masks)
        self._submit(key, key, tr("Finding the vessels"), work, lambda _: self._tell(), self._unprepared)

    def case_changed(self) -> None:
        """Undo, redo, other structures: a tumour's name may be taken or free."""
        draft, case = self.drafts[TUMOR], self.session.case
        if not draft.marks and draft.names[0] in case.structures:
            self.begin_tumor()
        self._keep()

    # inside

    def _structures(self, draft: Draft, found: Guided) -> tuple[tuple[Structure, ...], Command]:
        phase = self._phase_of(draft)
        structures = tuple(replace(one, phase=phase) for one in guided_structures(self.session.document, found))
        return structures, step_of(self.session.case, structures)

    def _read_kept(self, draft: Draft, kept: Mapping[str, Any]) -> None:
        names, marks = tuple(map(str, kept["names"])), tuple(Mark.from_text(str(text)) for text in kept["marks"])
        if names and marks:
            draft.names, draft.marks = names, marks

    def _liver_arrays(self) -> tuple[ArrayRef, ...]:
        """The scan's array and those of the liver, by which found vessels are known again."""
        source, case = self._source(), self.session.case
        return () if source is None else (source[0], *(case.structures[name].array for name in self.liver_names()))

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


def tumors_found_by_marks(session: Session) -> frozenset[str]:
    """Tumours of the case that can be gone on with."""
    case = session.case
    return frozenset(name for name in guess_roles(list(case.structures)).tumors if kept_marks(case.structures[name]))


# what jobs do


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
