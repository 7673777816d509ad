"""Pictures of a plan for the operating room, written by a job into a folder that the person names."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.jobs import Job, JobState
from app.panels.notes import problem_words
from app.panels.parts import Callout, page
from app.went_out import note_in_window, what_of
from planning.case.document import Document
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress
from planning.registry import canonical_name

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


class PicturesPart(QWidget):
    """What became of the pictures; `ask` writes them."""

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__()
        self._panel = panel
        self.folder: Path | None = None
        self.is_writing = False
        self._note = Callout("pictures")
        self._note.followed.connect(self._show_folder)
        panel.session.jobs.finished.connect(self._over)
        box = page(self._note)
        self.setLayout(box.layout())

    def ask(self) -> None:
        """Ask for a folder, then write the pictures of the plan that is worked on."""
        plan = self._panel.work.saved
        if plan is not None:
            name = f"pictures-plan-{canonical_name(plan.name) or 'liver'}"
            self._panel.save_asked.emit(name, tr("Folder (*)"), partial(self.write_to, plan.name))

    def write_to(self, plan: str, folder: Path) -> None:
        """Write the pictures in a job."""
        session = self._panel.session
        self.is_writing, self.folder = True, None
        self._note.clear()
        session.jobs.submit(
            Job(
                key="pictures",
                title=tr("Drawing pictures for the operating room"),
                work=partial(_written, session.document.reader(), plan, Path(folder)),
                done=self._done,
                failed=self._failed,
                subject=session.label,
            )
        )
        self._panel.show_actions()

    def _done(self, result: dict[str, Any]) -> None:
        self.is_writing, self.folder = False, Path(result["files"][0]).parent
        count = len(result["views"])
        words = tr("{count} views and a page for the theatre’s screen, without the patient’s name.", count=count)
        self._note.show_note(tr("Pictures of plan {plan}", plan=result["plan"]), words, "ok", tr("Show in folder"))
        self._panel.show_actions()

    def _failed(self, error: TheatrumError) -> None:
        self.is_writing = False
        self._note.show_note(*problem_words(error), "bad")
        self._panel.show_actions()

    def _over(self, state: JobState) -> None:
        """A job that was cancelled tells nobody else."""
        if state.job.key == "pictures" and state.status == "cancelled":
            self.is_writing = False
            self._panel.show_actions()

    def _show_folder(self) -> None:
        if self.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))


def _written(document: Document, plan: str, folder: Path, progress: Progress, cancel: CancelToken) -> dict[str, Any]:
    from app.report.theatre import write_pictures

    # the person agreed in the file chooser
    made = write_pictures(document, plan, folder, force=True, progress=progress, cancel=cancel)
    note_in_window(document, what_of("pictures of a plan", folder))
    return made
