"""One open case in the window: the document, its display state, and what is computed from it and kept.

The bridge between the document's plain callbacks and Qt signals. Everything here lives on the GUI thread; jobs get
what they need as arguments.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.i18n import display_name, said, tr
from app.jobs import Job, JobRunner, JobState
from app.kept_files import KeptFiles, NoFiles
from app.kept_surfaces import Recipe, keep_surfaces, kept_surfaces
from app.phase_reader import PhaseReader
from app.samples import label_words
from app.step_places import step_place_mm
from planning.case.commands import Command, RenameMeasurement, RenameStructure
from planning.case.document import Change, Document
from planning.case.model import ArrayRef, Case, Image, Structure
from planning.case.plans import planning_image
from planning.errors import CaseError, TheatrumError
from planning.geometry import FloatArray, Grid
from planning.kept import Kept
from planning.loading import load_meshing
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress
from planning.volume import Mask, Volume
from viewers.keys import with_key
from viewers.view_memory import view_as_text, view_from_text
from viewers.view_state import ViewModel, ViewState, vec

logger = logging.getLogger(__name__)

MOST_VESSEL_VOXELS = 400_000
# an edited structure is meshed again when the hand rests for so long
MESH_AFTER_MS = 700
# surfaces that undo and redo may bring back; the document holds former voxels
FORMER_SURFACE_BYTES = 8 << 20
# a structure; more would turn too slowly where the processor draws
MOST_TRIANGLES = 40_000
# of the mesh that is drawn instead while things move
LIGHT_TRIANGLES = 8_000
# where a case keeps how it was looked at last, beside the journal
VIEW_KEY = "view"
Surfaces = tuple[SurfaceMesh, SurfaceMesh | None]
# voxels in their place: equal ones of two structures may lie in two places
Shape = tuple[ArrayRef, tuple[int, int, int], bytes]


class Session(QObject):
    """An open case. `changed` comes after each step is on the disk; `said` is one line for the strip."""

    changed = Signal(object)
    surfaces_changed = Signal()
    said = Signal(str)
    # the same of a step that lies somewhere in the patient: (words, LPS mm)
    said_at = Signal(str, object)
    failed = Signal(object)

    def __init__(self, document: Document, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.jobs = jobs
        self.files = NoFiles() if document.encrypted else KeptFiles()
        self._kept_view = document.store.meta(VIEW_KEY) or ""
        self.view = ViewModel(self._first_view(), self)
        self.phases = PhaseReader(document, jobs, self.view, self)
        self._masks: Kept[Shape, Mask] = Kept(0, lambda mask: mask.voxels.nbytes, self._in_use)
        # each with the one of few triangles, where there is one
        self._surfaces: Kept[Shape, Surfaces] = Kept(FORMER_SURFACE_BYTES, _surface_bytes, self._in_use)
        # told before the step that brings them
        self._coming: set[Shape] = set()
        self._reading = threading.Lock()
        # what the newest surface of each structure was made of, and the job that makes the next one
        self._meshed: dict[str, Shape] = {}
        self._meshing: dict[str, JobState] = {}
        self._mesh_later = QTimer(self)
        self._mesh_later.setSingleShot(True)
        self._mesh_later.setInterval(MESH_AFTER_MS)
        self._mesh_later.timeout.connect(lambda: self.request_surfaces(rested=True))
        self._unsubscribe = document.subscribe(self._on_change)

    @property
    def case(self) -> Case:
        """The case now."""
        return self.document.case

    @property
    def path(self) -> Path:
        """The case's file."""
        return self.document.path

    @property
    def label(self) -> str:
        """What the case is called on screen: its label, else its file's name."""
        return label_words(self.case.label) or self.path.stem

    @property
    def facts(self) -> str:
        """What is known of the patient without a name: "74 y · female · CT 2026-03-11"."""
        image = self.image
        if image is None:
            return ""
        study = image.study
        age = study.get("age", "").lstrip("0").lower()
        years = f"{age.removesuffix('y')} y" if age.endswith("y") else age
        sex = {"M": tr("male"), "F": tr("female")}.get(study.get("sex", ""), "")
        date = study.get("study_date", "")
        dated = f"{image.modality} {date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 else ""
        return " · ".join(part for part in (years, sex, dated) if part)

    @property
    def image(self) -> Image | None:
        """The image that is planned on."""
        return planning_image(self.case) if self.case.images else None

    def volume(self, phase: int | None = None) -> Volume | None:
        """A phase's voxels; None for the shown one's."""
        return self.phases.volume(self.view.state.phase if phase is None else phase)

    def mask(self, name: str) -> Mask:
        """A structure's voxels, kept while the structure stays the same."""
        reference = shape_of(self.case.structures[name])
        with self._reading:
            found = self._masks.get(reference)
            if found is None:
                found = self._masks[reference] = self.document.mask(name)
            return found

    def take_masks(self, masks: Mapping[str, Mask]) -> None:
        """Voxels of structures that were read beside the window."""
        with self._reading:
            for name, mask in masks.items():
                self._masks[shape_of(self.case.structures[name])] = mask

    def doubt(self, name: str) -> Mask | None:
        """Where the model that found a structure is not sure of it, kept like its voxels; None where nothing is known."""
        shape = _doubt_of(self.case.structures[name])
        if shape is None:
            return None
        with self._reading:
            found = self._masks.get(shape)
            if found is None:
                found = self.document.doubt(name)
                assert found is not None
                self._masks[shape] = found
            return found

    def surface(self, name: str) -> SurfaceMesh | None:
        """A structure's surface, or None while it is still being made (`request_surfaces` starts that)."""
        return self._surface_of(shape_of(self.case.structures[name]))

    def _surface_of(self, shape: Shape) -> SurfaceMesh | None:
        found = self._surfaces.get(shape)
        return None if found is None else found[0]

    def former_surface(self, name: str) -> SurfaceMesh | None:
        """The surface that a structure had before its newest edit, None for none or where nothing is left of it."""
        if not self.case.structures[name].voxel_count:
            return None
        meshed = self._meshed.get(name)
        return None if meshed is None else self._surface_of(meshed)

    def light_surface(self, name: str) -> SurfaceMesh | None:
        """The same with few triangles, for a scene that moves; None where there is none."""
        shape = shape_of(self.case.structures[name])
        found = self._surfaces.get(shape if shape in self._surfaces else self._meshed.get(name, shape))
        return None if found is None else found[1]

    def know(self, array: ArrayRef, mask: Mask, surface: SurfaceMesh | None) -> None:
        """What is known of a structure before a step adds it: neither is read or made again."""
        shape = _placed(array, mask.start_ijk, mask.grid)
        self._coming.add(shape)
        with self._reading:
            self._masks[shape] = mask
        if surface is not None:
            self._surfaces[shape] = surface, None

    def request_surfaces(self, *, rested: bool = False, first: Collection[str] = ()) -> None:
        """Mesh every visible structure that has no surface yet, one job each; an edited one once the hand rests.

        first: names of those that come before the others; among them those that take longest, so that no thread is left
        with one of them at the end.
        """
        hidden = self.view.state.hidden

        def turn(row: tuple[str, Structure]) -> tuple[bool, int]:
            return row[0] not in first, -math.prod(row[1].array.shape)

        for name, structure in sorted(self.case.structures.items(), key=turn):
            if shape_of(structure) in self._surfaces or name in hidden or not structure.voxel_count:
                continue
            key = f"mesh {structure.array.sha256} at {structure.start_ijk}"
            if any(state.job.key == key for state in self.jobs.active):
                continue
            if not rested and self.former_surface(name) is not None:
                self._mesh_later.start()
                continue
            if name in self._meshing:
                # of a shape that is not there any more
                self._meshing[name].cancel.set()
            self._meshing[name] = self.jobs.submit(self._mesh_job(name, key))

    def is_coming(self, name: str) -> bool:
        """True while a structure's first surface is being made."""
        state = self._meshing.get(name)
        return state is not None and state.status in ("waiting", "running")

    @property
    def is_at_rest(self) -> bool:
        """True when no surface waits for the hand to rest."""
        return not self._mesh_later.isActive()

    def _mesh_job(self, name: str, key: str) -> Job:
        from planning.registry import structure_style

        structure, style = self.case.structures[name], structure_style(name)
        reference, reader, files = shape_of(structure), self.document.reader(), self.files
        # a preview breaks thin vessels into beads
        kind = "vessel" if style.kind == "vessel" and structure.voxel_count <= MOST_VESSEL_VOXELS else "preview"
        recipe = Recipe.of(structure, kind, MOST_TRIANGLES, LIGHT_TRIANGLES)

        def work(progress: Progress, cancel: CancelToken) -> tuple[SurfaceMesh, SurfaceMesh]:
            kept = kept_surfaces(files, recipe)
            if kept is not None:
                return kept
            load_meshing()
            cancel.raise_if_set()
            from planning.shading import shaded
            from planning.simplify import simplified
            from planning.surface import surface_from_mask

            mesh = surface_from_mask(reader.mask(name), kind=kind)
            progress(0.8, "")
            cancel.raise_if_set()
            whole = shaded(simplified(mesh, MOST_TRIANGLES))
            made = whole, shaded(simplified(whole, LIGHT_TRIANGLES))
            keep_surfaces(files, recipe, *made)
            return made

        def done(found: tuple[SurfaceMesh, SurfaceMesh]) -> None:
            if name in self.case.structures:
                self._meshed[name] = reference
            self._surfaces[reference] = found
            self._meshing.pop(name, None)
            self.surfaces_changed.emit()

        return Job(
            key=key,
            title=tr("Meshing {display}", display=display_name(style.display)),
            work=work,
            done=done,
            subject=self.label,
            # a surface that is kept needs none of the libraries; one that is made asks for them
            computes=False,
        )

    def do(self, command: Command) -> bool:
        """Do one step. False when it was refused; the reason goes to `failed`."""
        try:
            self._raise_if_gone()
            self.document.do(command)
        except TheatrumError as error:
            self.failed.emit(error)
            return False
        return True

    @property
    def can_undo(self) -> bool:
        """True when there is a step to take back. The scan stays: nothing can be seen or planned without it."""
        return self.document.can_undo and not self.document.undo_empties

    def undo(self) -> None:
        """Take the newest step back and say which."""
        if not self.can_undo:
            self.said.emit(tr("Nothing to undo"))
            return
        title, place = self.document.undo_text, self._newest_place()
        try:
            self._raise_if_gone()
            self.document.undo()
        except CaseError as error:
            self.said.emit(error.what)
            return
        self._say_step(tr("Undone: {title}", title=said(title)), place)

    def redo(self) -> None:
        """Bring the undone step back and say which."""
        title = self.document.redo_text
        try:
            self._raise_if_gone()
            self.document.redo()
        except CaseError as error:
            self.said.emit(error.what)
            return
        self._say_step(tr("Done again: {title}", title=said(title)), self._newest_place())

    def _newest_place(self) -> FloatArray | None:
        steps = self.document.newest_steps(1)
        return step_place_mm(steps[0][0], self.case) if steps else None

    def _say_step(self, words: str, place_mm: FloatArray | None) -> None:
        if place_mm is None:
            self.said.emit(words)
        else:
            self.said_at.emit(words, place_mm)

    def close(self) -> None:
        """Let go of the file; everything is on the disk already."""
        self._unsubscribe()
        self._mesh_later.stop()
        self._keep_view()
        try:
            self.document.close()
        except CaseError as error:
            # each step was written when it was done; a file that is gone or locked keeps no window open
            logger.warning("the case file was not folded: %s", error)

    def _raise_if_gone(self) -> None:
        # an open file that was deleted takes every step and keeps none
        if not self.path.exists():
            raise CaseError(
                "The case file is not there any more", with_key("Save the case as another file", "save_as"), "gone"
            )

    def _on_change(self, change: Change) -> None:
        self._meshed = {name: shape for name, shape in self._meshed.items() if name in change.new.structures}
        self._coming.clear()
        with self._reading:
            self._masks.trim()
        self._surfaces.trim()
        if isinstance(change.command, RenameStructure | RenameMeasurement):
            # taken back and done again too
            self.view.follow_name(change.command.old, change.command.new)
        self.changed.emit(change)

    def forget_former(self) -> None:
        """Let go of what was read, of surfaces that no structure has now and of voxels that no pane shows; undo, redo and who
        asks for them find them in files."""
        self.document.forget_read()
        self._surfaces.keep_only(self._in_use())
        hidden = self.view.state.hidden
        seen = [item for name, item in self.case.structures.items() if name not in hidden]
        doubts = {shape for item in seen if (shape := _doubt_of(item)) is not None}
        with self._reading:
            self._masks.keep_only({shape_of(item) for item in seen} | doubts | {*tuple(self._coming)})

    def _in_use(self) -> set[Shape]:
        """What structures of the case are and are drawn with; an edited one by its last surface until it is meshed."""
        structures = self.case.structures.values()
        doubts = {shape for item in structures if (shape := _doubt_of(item)) is not None}
        # a job's thread may ask while the window changes these
        return {shape_of(item) for item in structures} | doubts | {*tuple(self._meshed.values()), *tuple(self._coming)}

    def restore_view(self) -> None:
        """Look at the case as it was left; a new one stays as it is."""
        kept = view_from_text(self._kept_view, self.view.state) if self._kept_view else None
        if kept is not None and self.image is not None and bool(self.image.grid.contains(kept.cross_mm)):
            self.view.become(kept)

    def _keep_view(self) -> None:
        """The view stays as it is for the next time, outside undo; a case that is read only keeps none."""
        kept = view_as_text(self.view.state)
        if self.document.read_only or kept == self._kept_view or not self.path.exists():
            return
        try:
            self.document.store.set_meta(VIEW_KEY, kept)
            self._kept_view = kept
        except CaseError as error:
            logger.warning("the view was not kept: %s", error)

    def _first_view(self) -> ViewState:
        image = self.image
        if image is None:
            return ViewState()
        cross = image.grid.center_mm
        # the middle of the voxel, so that the first picture is a measured slice and not a mean of two
        cross = image.grid.to_world(np.rint(image.grid.to_index(cross)))
        return ViewState(cross_mm=vec(cross))


def _surface_bytes(surfaces: Surfaces) -> int:
    whole, light = surfaces
    return whole.nbytes + (0 if light is None else light.nbytes)


def _placed(array: ArrayRef, start_ijk: tuple[int, int, int], grid: Grid) -> Shape:
    return array, start_ijk, grid.world_from_index.tobytes()


def shape_of(structure: Structure) -> Shape:
    """A structure's voxels with where they lie."""
    return _placed(structure.array, structure.start_ijk, structure.grid)


def _doubt_of(structure: Structure) -> Shape | None:
    doubt = structure.doubt
    return None if doubt is None else _placed(doubt.array, doubt.start_ijk, structure.grid)
