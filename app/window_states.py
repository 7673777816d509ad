"""Bring the real window into a named state and wait until it has drawn: for screenshots, the tour and tests."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.dialogs.sheet import grab_with_dialogs
from app.jobs import JobState
from app.sample_painting import paint_veins, rest_brush
from app.sample_strokes import draw_heart, rest_hand
from app.samples import SampleKind, sample_case
from app.settings import load_settings
from app.workstation import Workstation
from planning.errors import InputError, TheatrumError

MOST_WAIT_S = 240.0
CALM_TURNS = 4
# state → (sample, module)
MODULE_STATES: dict[str, tuple[SampleKind, str]] = {
    "views": ("liver", "study"),
    "tavr": ("heart", "heart"),
    "valve": ("heart", "heart"),
    "projections": ("heart", "heart"),
    "vessel": ("heart", "vessel"),
    "liver": ("liver", "liver"),
    "compare": ("liver", "liver"),
    "segment": ("liver", "segment"),
    "models": ("liver", "segment"),
    "strokes": ("liver", "segment"),
    "print": ("liver", "print"),
    "report": ("heart", "report"),
    "send": ("liver", "report"),
}
# folder, sample, description, files left out
SAMPLE_SERIES: tuple[tuple[str, SampleKind, str, slice], ...] = (
    ("heart", "heart", "Sample heart, CTA", slice(0)),
    ("liver", "liver", "Sample liver, portal venous", slice(0)),
    ("gap", "liver", "Sample liver, four slices lost", slice(84, 88)),
)
# pictures of finding structures: their case has no plan yet
UNPLANNED = ("segment", "models", "strokes")
# steps of guided panels that a state stands for, counted from 0
STEPS = {"tavr": 2, "projections": 5, "valve": 6, "liver": 4, "compare": 5, "models": 4, "strokes": 5, "print": 2}


def turn(milliseconds: int = 15) -> None:
    """Let the event loop run for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(done: Callable[[], bool], what: str, seconds: float = MOST_WAIT_S) -> None:
    """Run the event loop until something holds. Raises TheatrumError when it takes too long."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TheatrumError(f"The window did not finish {what} in {seconds:.0f} s")
        turn()


def wait_settled(window: Workstation) -> None:
    """Until no job runs and every visible view has drawn, several turns in a row."""
    calm = 0
    end = time.monotonic() + MOST_WAIT_S
    while calm < CALM_TURNS:
        turn(30)
        page = window.page
        drawn = page is None or window.place != "case" or (page.is_settled and page.session.is_at_rest)
        settled = not window.jobs.active and drawn
        calm = calm + 1 if settled else 0
        if time.monotonic() > end:
            raise TheatrumError(f"The window did not come to rest in {MOST_WAIT_S:.0f} s")


def picture(window: Workstation) -> QImage:
    """What a person sees of the window now, with the pages and sheets that lie over it."""
    QApplication.sendPostedEvents()
    return grab_with_dialogs(window)


def save_screenshot(out: Path, state: str, path: Path | None, size: tuple[int, int], theme: str) -> None:
    """Open the window in a state, wait for every view, save its picture and close. Raises InputError."""
    from app.launch import make_application

    settings = load_settings().model_copy(update={"theme": theme})
    make_application(settings, theme)
    window = Workstation(settings)
    window.is_attended = False
    failures: list[TheatrumError] = []
    window.jobs.finished.connect(lambda job: _note(failures, job))
    window.resize(*size)
    window.show()
    try:
        with tempfile.TemporaryDirectory(prefix="theatrum-picture-") as folder:
            show_state(window, state, path, Path(folder), failures)
            wait_settled(window)
            if failures:
                raise failures[0]
            window.jobs.cancel_all()
            shown = picture(window)
            window.close_case(show_start=False)
        if not shown.save(str(out)):
            raise InputError(f"{out.name} cannot be written", "Choose another place", "not_written")
    finally:
        window.jobs.shutdown()
        window.close_case(show_start=False)
        window.hide()
        window.deleteLater()


def _note(failures: list[TheatrumError], state: JobState) -> None:
    if state.status == "failed" and state.error is not None:
        failures.append(state.error)


def open_and_wait(
    window: Workstation, path: Path, module: str, failures: list[TheatrumError], *, read_only: bool = False
) -> None:
    """Open a case or a scan and wait until it is on screen."""
    window.open_paths([path], module=module, read_only=read_only)
    wait_until(lambda: bool(failures) or window.place == "case" or _listed(window), "opening")
    if failures:
        raise failures[0]
    if window.place == "browser":
        window.browser.findChild(QAbstractButton, "open_series").click()
        wait_until(lambda: bool(failures) or window.place == "case", "the import")
        if failures:
            raise failures[0]
        if window.page is not None and module:
            window.page.show_module(module)


def _listed(window: Workstation) -> bool:
    return window.place == "browser" and not window.jobs.active and window.browser.has_scan


def show_state(window: Workstation, state: str, path: Path | None, folder: Path, failures: list[TheatrumError]) -> None:
    """Bring an open window into one of the states of the contract.

    Without a path the matching sample is planned in `folder`, so that the user's own sample stays as it is; a given
    case is opened to read, so that a picture never changes it.
    """
    if state == "start":
        return
    if state == "browser":
        window.open_paths([path if path is not None else sample_study()])
        wait_until(lambda: bool(failures) or _listed(window), "reading")
        return
    if state == "archive":
        window.show_archive()
        return
    if state == "shortcuts":
        if path is not None:
            open_and_wait(window, path, "study", failures)
        window.actions_["shortcuts"].trigger()
        return
    sample, module = MODULE_STATES[state]
    chosen = path if path is not None else planned_sample(sample, folder, state)
    open_and_wait(window, chosen, module, failures, read_only=path is not None)
    if window.page is not None and state == "segment" and path is None:
        paint_veins(window.page, window.page.panel(module))
        wait_settled(window)
        rest_brush(window.page)
        return
    if window.page is not None and state == "send":
        window.send_to_archive()
    if window.page is None or state not in STEPS:
        return
    panel = window.page.panel(module)
    panel.go_to(STEPS[state])
    if state == "strokes" and path is None:
        for _ in draw_heart(panel):
            wait_settled(window)
        rest_hand(window.page)


def planned_sample(kind: SampleKind, folder: Path, state: str = "") -> Path:
    """A copy of a sample case with the demo's plans in it, as far as a state shows them, and others that it shows beside them."""
    from app.sample_plans import plan_compared, plan_sample, plan_vessel
    from planning.case.document import Document

    target = folder / f"{kind}.theatrum"
    shutil.copyfile(sample_case(kind), target)
    if state in UNPLANNED:
        return target
    with Document.open(target) as document:
        if state == "compare":
            plan_compared(document)
            return target
        plan_sample(kind, document)
        if state == "vessel":
            plan_vessel(document)
    return target


def sample_study() -> Path:
    """A folder with both samples as DICOM and one with slices missing, made at the first time."""
    from app.paths import data_folder
    from planning.case.document import Document
    from planning.case.plans import planning_image
    from planning.dicom.write import write_ct_series

    folder = data_folder() / "samples" / "study"
    for name, kind, description, missing in SAMPLE_SERIES:
        if (folder / name).is_dir():
            continue
        with Document.open(sample_case(kind), read_only=True) as document:
            volume = document.volume(planning_image(document.case).name)
        part = folder / f".{name}.part"
        files = write_ct_series(volume, part, description=description)
        for file in files[missing]:
            file.unlink()
        part.rename(folder / name)
    return folder
