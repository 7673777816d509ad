"""What a computing tool would do: asked for a moment after the last change, computed in a job, there until it is dropped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.jobs import Job
from app.panels.segment.by_hand_compute import Outcome
from app.session import Session
from planning.errors import InputError, TheatrumError
from planning.progress import CancelToken, Progress

# a setting that is still moving is not computed for yet
PREVIEW_AFTER_MS = 120
KEY = "by hand"


class Preview(QObject):
    """One preview at a time. compute: begins the job (`run`) once the hand rests; failed: told why nothing came of it."""

    def __init__(
        self,
        session: Session,
        compute: Callable[[], None],
        failed: Callable[[TheatrumError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._failed = session, failed
        self.outcome: Outcome | None = None
        self.problem: TheatrumError | None = None
        self.is_computing = False
        self._asks = QTimer(self)
        self._asks.setSingleShot(True)
        self._asks.setInterval(PREVIEW_AFTER_MS)
        self._asks.timeout.connect(compute)

    @property
    def is_awaited(self) -> bool:
        """True while what is there is not of the settings as they are now."""
        return self.is_computing or self._asks.isActive()

    def ask(self) -> None:
        """Compute a moment from now; asked again, a moment from then."""
        self._asks.start()

    def drop(self) -> bool:
        """No preview, and none that is on its way. True when there was one to be seen."""
        self._asks.stop()
        for state in self._session.jobs.active:
            if state.job.key == KEY:
                state.cancel.set()
        self.is_computing, self.problem = False, None
        had, self.outcome = self.outcome, None
        return had is not None

    def run(
        self,
        title: str,
        work: Callable[[Progress, CancelToken], Outcome],
        done: Callable[[Outcome], None],
        *,
        wanted: Callable[[], bool],
        quiet: bool,
    ) -> None:
        """The job. wanted: asked before `done`; quiet: the strip does not speak of it."""
        self.is_computing, self.problem = True, None

        def tried(progress: Progress, cancel: CancelToken) -> Outcome | InputError:
            # what cannot be done stands in the panel beside the settings, it is no failure to be read later
            try:
                return work(progress, cancel)
            except InputError as error:
                return error

        def answered(found: Outcome | InputError) -> None:
            self.is_computing = False
            if isinstance(found, InputError):
                self._failed(found)
            else:
                done(found)

        self._session.jobs.submit(
            Job(
                key=KEY,
                title=title,
                work=tried,
                done=answered,
                failed=self._failed,
                still_wanted=wanted,
                subject=self._session.label,
                quiet=quiet,
            )
        )
