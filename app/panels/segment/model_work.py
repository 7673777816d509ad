"""Models behind the window: which are there, what is asked of one, its run in a process of its own, and what it found.

A run touches nothing: what it found comes as one step of the case, or not at all. A run that is stopped or whose process
dies leaves the case as it was, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.i18n import local, mark, tr
from app.jobs import Job, JobState
from app.models import network_cache, zoo
from app.panels.notes import Note, note_of
from app.scene_content import first_hidden
from app.session import Session
from planning.case.commands import TickStructure
from planning.case.document import Document
from planning.case.model import Structure
from planning.errors import InputError, TheatrumError
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from inference.confidence.verdict import StructureRecord
    from inference.keeping import Check, Estimate
    from inference.manifest import Label
    from inference.pipeline import RunOptions
    from inference.road import Found
    from inference.zoo import BrokenModel, InstalledModel

RUN, ADD, CHECK, TIME = "model run", "model add", "model check", "model time"
DEVICES = (
    ("auto", mark("Automatic")),
    ("cpu", mark("Processor")),
    ("cuda", mark("NVIDIA card")),
    ("mps", mark("Apple graphics")),
)
QUALITIES = (("fast", mark("Fast")), ("standard", mark("Standard")), ("best", mark("Best")))


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """What is told of a run whose structures lie in the case. records: every structure that was asked for.

    Not the run itself: its labels and masks are a hundred megabytes, which nothing needs beside the case's own.
    """

    model_key: str
    records: tuple[StructureRecord, ...]
    words: str
    at: str

    @classmethod
    def of(cls, found: Found) -> Ran:
        """In words: "Theatrum CT body 1.0: 34 s, 2.1 GB, bf16"."""
        run, manifest = found.run, found.model.manifest
        memory = local(f"{run.peak_memory_mb / 1024:.1f} GB")
        words = f"{manifest.title} {manifest.version}: {run.seconds:.0f} s, {memory}, {run.precision}"
        return cls(found.model.key, found.records, words, f"{datetime.now():%H:%M}")


class ModelWork(QObject):
    """One case's work with models. `changed`: anything that is shown differs."""

    changed = Signal()
    _saw = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.zoo = zoo()
        self.models: tuple[InstalledModel, ...] = ()
        self.broken: tuple[BrokenModel, ...] = ()
        # what could not be added, by its name, until another is added
        self.refused: dict[str, str] = {}
        self.chosen_key = ""
        self.wanted: dict[str, frozenset[str]] = {}
        self.device, self.quality = "auto", "standard"
        self.has_read = False
        self.note: Note | None = None
        self.ran: Ran | None = None
        # ml by the model's names, told while a run goes on; None while it told nothing yet
        self.seen_ml: Mapping[str, float] | None = None
        self.checks: tuple[Check, ...] = ()
        self._states: dict[str, JobState] = {}
        self._number = 0
        session.jobs.stopped.connect(self._stopped)
        session.jobs.finished.connect(self._ended)
        self._saw.connect(self._take_seen, Qt.ConnectionType.QueuedConnection)

    # what is there

    def look(self) -> None:
        """Read the list of models anew."""
        self.models = tuple(self.zoo.installed())
        self.broken = tuple(self.zoo.broken())
        keys = [model.key for model in self.models]
        if self.chosen_key not in keys:
            self.chosen_key = keys[0] if keys else ""
        self.changed.emit()

    @property
    def model(self) -> InstalledModel | None:
        """The model whose card is shown."""
        return next((model for model in self.models if model.key == self.chosen_key), None)

    def is_locked(self, model: InstalledModel) -> bool:
        """True while its licence waits for a person."""
        return not self.zoo.is_accepted(model)

    def choose(self, key: str) -> None:
        """Another model's card."""
        if key != self.chosen_key and any(model.key == key for model in self.models):
            self.chosen_key, self.has_read, self.note, self.checks = key, False, None, ()
            self.changed.emit()

    def is_running(self, key: str = RUN) -> bool:
        """True while a job of ours runs."""
        state = self._states.get(key)
        return state is not None and state in self.session.jobs.active and not state.cancel.is_set

    @property
    def running_state(self) -> JobState | None:
        """The run that goes on."""
        return self._states.get(RUN) if self.is_running() else None

    @staticmethod
    def labels(model: InstalledModel) -> tuple[Label, ...]:
        """What a model can be asked for."""
        from inference.road import labels_of

        return labels_of(model.manifest)

    # what is asked

    def structures(self) -> frozenset[str]:
        """What is ticked to be found."""
        model = self.model
        if model is None:
            return frozenset()
        every = frozenset(label.name for label in self.labels(model))
        return self.wanted.get(model.key, every)

    def tick(self, name: str, wanted: bool) -> None:
        """A structure shall be found, or not."""
        model = self.model
        if model is not None:
            self.wanted[model.key] = self.structures() | {name} if wanted else self.structures() - {name}
            self.changed.emit()

    def tick_all(self, wanted: bool) -> None:
        """All of them, or none."""
        model = self.model
        if model is not None:
            every = frozenset(label.name for label in self.labels(model))
            self.wanted[model.key] = every if wanted else frozenset()
            self.changed.emit()

    def set_device(self, device: str) -> None:
        """Where it runs."""
        self.device = device
        self.changed.emit()

    def set_quality(self, quality: str) -> None:
        """How carefully."""
        self.quality = quality
        self.changed.emit()

    def read_licence(self, read: bool) -> None:
        """The tick of the licence gate."""
        self.has_read = read
        self.changed.emit()

    def options(self) -> RunOptions:
        """What a run now would be asked."""
        from inference.pipeline import RunOptions

        model, wanted = self.model, self.structures()
        known = self.labels(model) if model is not None else ()
        names = tuple(label.name for label in known if label.name in wanted)
        every = len(names) == len(known)
        return RunOptions(
            structures=() if every else names, device=self.device, quality=self.quality, cache=network_cache()
        )

    def estimate(self) -> Estimate | None:
        """What a run will take; None while this computer never ran the model this way."""
        from inference.keeping import estimate

        model, image = self.model, self.session.image
        if model is None or image is None or not self.structures():
            return None
        return estimate(self.zoo, image.grid, model, self.options())

    # work

    def blocked(self) -> str:
        """Why no run can be started, "" when it can."""
        model = self.model
        if model is None:
            return tr("Add a model first")
        if self.session.document.read_only:
            return tr("This case is open to read")
        if model.manifest.kind != "segmentation":
            return tr("This model answers to clicks; it does not run by itself")
        if self.is_locked(model) and not self.has_read:
            return tr("Tick the licence to run")
        if not self.structures():
            return tr("Tick what shall be found")
        return ""

    def run(self) -> None:
        """Find the ticked structures in a process of its own."""
        model, image = self.model, self.session.image
        if self.blocked() or self.is_running() or model is None or image is None:
            return
        if self.is_locked(model):
            self.zoo.accept(model)
        self.note, self.seen_ml = None, None
        known = self.estimate()
        number = self._number = self._number + 1
        saw = partial(self._saw.emit, number)
        self._submit(
            Job(
                key=RUN,
                title=tr("Running {title}", title=model.manifest.title),
                work=partial(_found, self.session.document.reader(), image.name, model, self.options(), saw),
                done=self._take,
                failed=self._failed,
                subject=self.session.label,
                expected_s=known.seconds if known is not None and known.measured == "run" else None,
            )
        )

    def stop(self) -> None:
        """Stop the run; its process is ended at once."""
        state = self.running_state
        if state is not None:
            self.session.jobs.cancel(state)

    def add(self, path: Path) -> None:
        """Read a model from a folder or file, in the throw-away child."""
        self.note = None
        self._submit(
            Job(
                key=ADD,
                title=tr("Reading {name}", name=path.name),
                work=partial(_added, path),
                done=self._take_model,
                failed=partial(self._not_added, path),
            )
        )

    def remove(self) -> None:
        """Take the chosen model away."""
        model = self.model
        if model is None:
            return
        try:
            self.zoo.remove(model.manifest.id, model.manifest.version)
        except InputError as error:
            self.note = note_of(error)
            self.changed.emit()
            return
        self.note = None
        self.session.said.emit(tr("{title} removed", title=model.manifest.title))
        self.look()

    def check(self) -> None:
        """Try the chosen model."""
        model = self.model
        if model is not None and not self.is_running(CHECK):
            self.note, self.checks = None, ()
            self._submit(
                Job(
                    key=CHECK,
                    title=tr("Trying {title}", title=model.manifest.title),
                    work=partial(_checked, model),
                    done=self._take_checks,
                    failed=self._failed,
                )
            )

    def use(self, name: str, wanted: bool) -> None:
        """A person lets plans use a structure, or not."""
        self.session.do(TickStructure(name, wanted))

    def _submit(self, job: Job) -> None:
        self._states[job.key] = self.session.jobs.submit(job)
        self.changed.emit()

    # answers

    def _take_seen(self, number: int, volumes_ml: Mapping[str, float]) -> None:
        # a run that was stopped may still have told something
        if number == self._number and self.is_running():
            self.seen_ml = volumes_ml
            self.changed.emit()

    def _take(self, answer: tuple[Found, tuple[Structure, ...]]) -> None:
        from inference.road import found_command

        found, structures = answer
        for name, structure in zip(found.masks, structures, strict=True):
            self.session.know(structure.array, found.masks[name], None)
            if structure.doubt is not None:
                self.session.know(structure.doubt.array, found.doubt[name], None)
        if not self.session.do(found_command(self.session.case, structures, found)):
            return
        # what encloses everything else is shown by a click on its eye
        covering = first_hidden(self.session) & {one.name for one in structures}
        if covering:
            self.session.view.set(hidden=self.session.view.state.hidden | covering)
        self.ran = Ran.of(found)
        self.note = None if structures else Note(found.findings[-1].text, tr("The case keeps what was looked for."))
        self.session.said.emit(tr("{words}. Nothing left this computer.", words=self.ran.words))
        self.changed.emit()

    def _failed(self, error: TheatrumError) -> None:
        note = note_of(error)
        kept = "" if "case is unchanged" in note.text else tr(" The case is as it was.")
        self.note = Note(note.title, f"{note.text}{kept}".strip(), "bad")
        self.changed.emit()

    def _take_model(self, model: InstalledModel) -> None:
        self.refused.clear()
        self.chosen_key = model.key
        parity = model.manifest.parity
        words = (
            ""
            if parity is None
            else tr("{value:.2f} % of voxels as {against}.", value=100 * parity.equal_voxels, against=parity.against)
        )
        self.note = Note(tr("{title} added", title=model.manifest.title), words, "ok")
        self.look()

    def _not_added(self, path: Path, error: TheatrumError) -> None:
        note = note_of(error)
        self.refused = {path.name: note.title}
        self.note = Note(tr("{name} was not added", name=path.name), f"{note.title}. {note.text}", "bad")
        self.changed.emit()

    def _take_checks(self, checks: tuple[Check, ...]) -> None:
        self.checks = checks
        wrong = next((check for check in checks if not check.ok), None)
        seconds = sum(check.seconds for check in checks)
        self.note = (
            Note(
                tr("The model works here"),
                tr("Files, weights and a small run, {seconds:.1f} s.", seconds=seconds),
                "ok",
            )
            if wrong is None
            else Note(
                tr("{capitalize}: not as they should be", capitalize=wrong.name.capitalize()), wrong.detail, "bad"
            )
        )
        self.changed.emit()

    def _stopped(self, state: JobState) -> None:
        if state is self._states.get(RUN):
            self.note = Note(tr("Stopped"), tr("Nothing was kept; the case is as it was."), "")
            self.changed.emit()

    def _ended(self, state: JobState) -> None:
        if state in self._states.values():
            self.changed.emit()


def _found(
    document: Document,
    image: str,
    model: InstalledModel,
    options: RunOptions,
    saw: Callable[[Mapping[str, float]], object],
    progress: Progress,
    cancel: CancelToken,
) -> tuple[Found, tuple[Structure, ...]]:
    """A job's work: what was found, and its structures; their voxels lie in the file."""
    from inference.road import find_structures, found_structures

    volume = document.volume(image)
    found = find_structures(zoo(), model, volume, options, progress, cancel, saw)
    return found, tuple(replace(one, phase=volume.phase) for one in found_structures(document, found))


def _added(path: Path, progress: Progress, cancel: CancelToken) -> InstalledModel:
    from inference.keeping import add_model

    return add_model(zoo(), path, progress=progress, cancel=cancel)


def _checked(model: InstalledModel, progress: Progress, cancel: CancelToken) -> tuple[Check, ...]:
    from inference.keeping import check_model

    return check_model(zoo(), model, progress, cancel)
