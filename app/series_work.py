"""From folders to a case: the list of series that are there, a new case of one of them, or one more in the open case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n import said, tr
from app.jobs import Job, JobState
from app.opening import ImportRequest, import_series, next_case_path
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.workstation import Workstation
    from planning.case.commands import AddImage


class SeriesWork:
    """What the window has to do with its list of series."""

    def __init__(self, window: Workstation) -> None:
        self._window = window
        # the list was asked for on the page of archives
        self._browses_archive = False

    def look_for(self, paths: Sequence[Path], *, adding: bool = False) -> None:
        """List what is in files and folders. adding: a series for the open case is looked for."""
        from planning.dicom.scan import scan

        window = self._window
        given = tuple(paths)

        def done(result: object) -> None:
            session = window.session
            can_add = session is not None and not session.document.read_only
            window.browser.show_scan(result, given, session.label if session and can_add else "", adding=adding)
            window.show_place("browser", window.browser)

        def failed(error: TheatrumError) -> None:
            self.leave()
            window.tell_error(error)

        state = window.jobs.submit(
            Job(
                key="scan",
                of_case=False,
                title=tr("Reading the folder"),
                work=lambda progress, cancel: scan(given, progress=progress, cancel=cancel),
                done=done,
                failed=failed,
                computes=False,
            )
        )
        window.browser.show_reading(state)
        if window.place != "browser":
            # a second search from the list goes back to where the first one came from
            self._browses_archive = window.place == "archive"
        window.show_place("browser", window.browser)

    def open_chosen(self, series: object, keep_identifiers: bool, fill_missing: bool) -> None:
        """The chosen series as a new case."""
        window = self._window
        request = ImportRequest(
            paths=window.browser.paths,
            series=getattr(series, "id"),  # noqa: B009
            keep_identifiers=keep_identifiers,
            fill_missing=fill_missing,
        )
        target = next_case_path()

        window.browser.set_busy(True)
        window.jobs.submit(
            Job(
                key="import",
                of_case=False,
                title=tr("Building the volume"),
                work=partial(import_series, request, target),
                done=self._imported,
                failed=self._not_built,
            )
        )

    def add_chosen(self, series: object, fill_missing: bool) -> None:
        """One more series into the open case; the plans stay on its first image."""
        from planning.case.importing import image_command

        window = self._window
        session, paths = window.session, window.browser.paths
        if session is None:
            return
        document = session.document

        def work(progress: Progress, cancel: CancelToken) -> AddImage:
            identifier = getattr(series, "id")  # noqa: B009
            return image_command(
                document, paths, series=identifier, fill_missing=fill_missing, progress=progress, cancel=cancel
            )

        def done(command: AddImage) -> None:
            window.browser.set_busy(False)
            if not session.do(command) or window.page is None:
                return
            window.show_place("case", window.page)
            window.page.second.choose(command.image.name)
            told = next((finding for finding in command.image.findings if finding.code == "another_person"), None)
            window.strip.say(
                said(told.text) if told is not None else tr("Added {name} to the case", name=command.image.name),
                action=tr("Compare"),
                run=window.actions_["layout_compare"].trigger,
                state="warn" if told is not None else "ok",
            )

        window.browser.set_busy(True)
        window.jobs.submit(
            Job(
                key="import",
                of_case=False,
                title=tr("Building the volume"),
                work=work,
                done=done,
                failed=self._not_built,
                still_wanted=lambda: window.session is session,
            )
        )

    def _not_built(self, error: TheatrumError) -> None:
        self._window.browser.set_busy(False)
        self._window.tell_error(error)

    def _imported(self, path: Path) -> None:
        window = self._window
        window.browser.set_busy(False)
        window.open_case(path, module="study")

    def leave(self) -> None:
        """Back to where the list was asked for."""
        if self._browses_archive:
            # one more series of the same study may be wanted
            self._browses_archive = False
            self._window.show_archive()
        else:
            self._window.leave_archive()

    def job_ended(self, state: JobState) -> None:
        """A person stopped reading a folder or building a volume."""
        if state.job.key in ("scan", "import") and state.status == "cancelled" and self._window.place == "browser":
            self._window.browser.set_busy(False)
            if state.job.key == "scan" and not self._window.jobs.active:
                self.leave()
