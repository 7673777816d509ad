"""The phases of a moving scan: read ahead in a job, kept within a budget, shown only once they are there."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.jobs import Job, JobRunner
from planning.case.document import Document
from planning.case.model import ArrayRef, Image
from planning.case.plans import planning_image
from planning.errors import TheatrumError
from planning.kept import Kept
from planning.progress import CancelToken, Progress
from planning.volume import Volume
from viewers.view_state import ViewModel

# as much as the case's own cache, which holds the same arrays
BUDGET_BYTES = 1 << 30
JOB_KEY = "phase voxels"


class PhaseReader(QObject):
    """Lives on the GUI thread and never waits for the disk. `ready`: a phase's voxels can be shown."""

    ready = Signal(int)

    def __init__(
        self,
        document: Document,
        jobs: JobRunner,
        view: ViewModel,
        parent: QObject | None = None,
        *,
        budget_bytes: int = BUDGET_BYTES,
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._view, self._budget = document, jobs, view, budget_bytes
        self._kept: Kept[ArrayRef, Volume] = Kept(budget_bytes, lambda volume: volume.voxels.nbytes, least=1)
        self._unreadable: set[ArrayRef] = set()
        self._queue: list[int] = []
        self._is_reading = False
        self._asked: int | None = None

    @property
    def image(self) -> Image | None:
        """The image that is planned on."""
        return planning_image(self._document.case) if self._document.case.images else None

    @property
    def labels(self) -> tuple[str, ...]:
        """What its phases are called."""
        return () if self.image is None else self.image.phases

    @property
    def shown_label(self) -> str:
        """What the phase that is shown is called, "" on a scan of one phase."""
        return self.labels[min(self._view.state.phase, len(self.labels) - 1)] if self.is_moving else ""

    @property
    def is_moving(self) -> bool:
        """True for a scan of several phases."""
        return len(self.labels) > 1

    @property
    def room(self) -> int:
        """How many phases the budget holds, one at least."""
        image = self.image
        if image is None:
            return 1
        each = int(image.grid.shape_kji[0] * image.grid.shape_kji[1] * image.grid.shape_kji[2]) * 2
        return max(self._budget // max(each, 1), 1)

    def has(self, phase: int) -> bool:
        """True when a phase can be shown at once."""
        image = self.image
        return image is not None and image.arrays[phase] in self._kept

    def volume(self, phase: int) -> Volume | None:
        """A phase's voxels, read here when nobody read them before. Raises CaseError for damaged ones."""
        image = self.image
        if image is None:
            return None
        phase = min(phase, len(image.arrays) - 1)
        reference = image.arrays[phase]
        found = self._kept.get(reference)
        if found is None:
            found = self._kept[reference] = self._document.volume(image.name, phase)
        return found

    def show(self, phase: int) -> None:
        """Show a phase now, or as soon as it is read; another wish meanwhile replaces this one."""
        if not 0 <= phase < len(self.labels):
            return
        if self.has(phase):
            self._asked = None
            self._view.set(phase=phase)
            return
        self._asked = phase
        self.fetch((phase, *self._queue))

    def fetch(self, phases: Iterable[int]) -> None:
        """Read these next, in their order, as far as the budget goes; what was asked before is forgotten."""
        self._queue = [phase for phase in dict.fromkeys(phases) if not self._is_done(phase)][: self.room]
        self._go_on()

    def fetch_around(self, phase: int) -> None:
        """The neighbours of a phase, so that a step to them shows at once."""
        count = len(self.labels)
        if count > 1 and self.room > 2:
            self.fetch(((phase + 1) % count, (phase - 1) % count))

    def _is_done(self, phase: int) -> bool:
        return self.has(phase) or (self.image is not None and self.image.arrays[phase] in self._unreadable)

    def _go_on(self) -> None:
        image = self.image
        if self._is_reading or image is None:
            return
        self._queue = [phase for phase in self._queue if not self._is_done(phase)]
        if not self._queue:
            return
        phase = self._queue.pop(0)
        reference, name, document = image.arrays[phase], image.name, self._document

        def work(progress: Progress, cancel: CancelToken) -> Volume:
            return document.volume(name, phase)

        def done(volume: Volume) -> None:
            self._is_reading = False
            self._kept[reference] = volume
            self.ready.emit(phase)
            if self._asked == phase:
                self.show(phase)
            self._go_on()

        def failed(error: TheatrumError) -> None:
            self._is_reading = False
            self._unreadable.add(reference)
            self._asked = None if self._asked == phase else self._asked
            self._go_on()

        self._is_reading = True
        self._jobs.submit(
            Job(
                key=JOB_KEY,
                title=tr("Reading the phases"),
                work=work,
                done=done,
                failed=failed,
                quiet=True,
                computes=False,
            )
        )
