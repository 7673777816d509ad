"""Random hands on the real window: nothing raises, nothing warns, nothing leaks, and undo finds the way back.

`make monkey` lets it act 2,000 times on each planned sample case (THEATRUM_MONKEY=2000, THEATRUM_MONKEY_SEED=…), and lists
turns of the event loop over 32 ms; the suite does a short run on a small liver.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from front_window import window_in_front
from liver_case import liver_document
from monkey import Monkey, let_loose, memory_mb
from monkey_memory import IS_ASKED, Held
from one_step import case_hash, in_one_step
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import out_of_sight
from app.allocator import keep_picture_memory
from app.case_page import CasePage
from app.jobs import Job
from app.launch import paint_in_one_thread
from app.panels.guide import GuidedPlanner
from app.rail import MODULES
from app.report.dicom_drawing import ReportDrawing
from app.report.write import write_report
from app.settings import Settings
from app.watchdog import Watchdog
from app.window_states import planned_sample, turn, wait_until
from app.workstation import Workstation
from planning.case.commands import RecolourStructure
from planning.case.dicom_out import export_dicom
from planning.case.document import Document
from planning.errors import InputError
from planning.loading import load
from planning.progress import CancelToken, Progress
from viewers.rendering import Rendering
from viewers.scene import stage
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui
ACTS = int(os.environ.get("THEATRUM_MONKEY", "0"))
SEED = int(os.environ.get("THEATRUM_MONKEY_SEED", "1"))
# the short run of the suite
FEW, MOST_S = 160, 45.0
# memory is counted at one place in one view, size and look, with what is off the screen let go at once and no job at work:
# first when each place with its steps and sheets was visited once, for a first visit loads libraries and makes widgets that
# no later one makes again, and each structure was seen once, for its surface stays, so that none is ever meshed twice; last
# when all acts are undone, for what a person added to the case is no leak
MOST_GROWTH_MB, AWAY_MS = 50.0, 1000
# a place that was left before its job had ended would count as growth when it is visited again
VISIT_S = 600.0
AT_ONCE = 250
SIZE = (1280, 800)
# what the first DICOM object, USD file, question to an archive and PDF need: 50, 80, up to 20 and 5 MB once; what the first
# path by hand, surface of a lumen and image in 3D need, some 30; and what the first pass-phrase asks the system's keyring with, 8
LATE_LIBRARIES = (
    *("highdicom.seg", "highdicom.sr", "pxr.Usd", "pxr.UsdGeom", "pxr.UsdShade", "pxr.UsdUtils"),
    *("app.archive.archives", "reportlab.pdfgen.canvas", "keyring.backends.SecretService"),
    *("scipy.interpolate", "scipy.optimize", "skimage.measure"),
    *("vtkmodules.vtkRenderingVolume", "vtkmodules.vtkRenderingVolumeOpenGL2", "vtkmodules.vtkImagingMath"),
)
SHEETS = ("palette", "shortcuts", "settings", "about")
if ACTS:
    # OpenGL on the processor keeps what one to three turns of drawing beside this thread were told, up to 36 MB each, until it
    # draws again; how many it began is chance, so two equal pictures differ by 36 MB. In this thread it keeps none
    os.environ.setdefault("LP_NUM_THREADS", "0")
    # as the program begins; the suite's own application is there before the window asks for one
    keep_picture_memory()
    paint_in_one_thread()


@pytest.fixture
def window() -> Iterator[Workstation]:
    with window_in_front(is_attended=True) as made:
        yield made


def _open(window: Workstation, case: Path) -> None:
    window.open_paths([case])
    wait_until(
        lambda: window.place == "case" and window.session is not None and window.session.path == case, "opening", 60.0
    )


def _rest(window: Workstation, seconds: float = 60.0) -> None:
    calm, end = 0, time.monotonic() + seconds
    while calm < 4 and time.monotonic() < end:
        turn(30)
        calm = 0 if window.jobs.active else calm + 1
    for state in window.jobs.active:
        # what takes so long is stopped as a person does
        window.jobs.cancel(state)
    while window.jobs.active and time.monotonic() < end + seconds:
        turn(30)


def test_a_hand_that_asks_to_leave_stays_before_a_shown_window(window: Workstation, tmp_path: Path) -> None:
    monkey = Monkey(window, tmp_path / "none.theatrum", tmp_path, SEED)
    with let_loose(monkey):
        window.actions_["quit"].trigger()
        turn(50)
        assert window.isVisible()
        window.close()
        assert window.isVisible()


def test_memory_is_counted_in_panes_of_one_size(window: Workstation, tmp_path: Path) -> None:
    with liver_document(tmp_path / "liver.theatrum"):
        pass
    _open(window, tmp_path / "liver.theatrum")
    page = window.page
    assert page is not None
    place = Place.of(window)
    window.resize(*SIZE)
    page.show_module("segment")
    turn(50)
    sizes = [page.pane(name).size() for name in page.grid.shown]
    window.actions_["image_only"].trigger()
    turn(50)
    assert [page.pane(name).size() for name in page.grid.shown] != sizes
    _go_to_the_counting_place(window, place)
    assert [page.pane(name).size() for name in page.grid.shown] == sizes


def test_a_dialog_that_comes_while_memory_is_counted_is_left(window: Workstation) -> None:
    with _nobody_answers():
        # returns once the dialog is closed
        window.tell_error(InputError("Nothing was found", "Choose another folder"))
    assert QApplication.activeModalWidget() is None


def _write_once(window: Workstation, folder: Path) -> None:
    """A report and a case's DICOM objects: the first two of each load fonts, tables and code for the process's whole life."""
    assert window.session is not None
    folder.mkdir()
    document = window.session.document.reader()
    plans = list(document.case.plans)

    def work(progress: Progress, cancel: CancelToken) -> None:
        write_report(document, plans, folder / "report.pdf")
        export_dicom(document, folder / "dicom", (), ReportDrawing(), plans=plans)

    state = window.jobs.submit(Job(key="first", title="first", work=work))
    # 60 s of work: on a busy machine that took longer than five minutes
    _rest(window, 3.0 * VISIT_S)
    assert state.status == "done"


def _visit_everything(window: Workstation, folder: Path) -> None:
    # some acts load a library for the process's whole life, as a place's first visit does
    load(LATE_LIBRARIES)
    for name in ("first", "second"):
        _write_once(window, folder / name)
    page = window.page
    assert page is not None
    for module in MODULES:
        page.show_module(module)
        _rest(window, VISIT_S)
        planner = page.planner
        for number in range(len(planner.steps)) if isinstance(planner, GuidedPlanner) else ():
            planner.go_to(number)
            _rest(window, VISIT_S)
    for sheet in SHEETS:
        QTimer.singleShot(300, _leave_sheet)
        window.actions_[sheet].trigger()
        turn(400)
    _see_every_structure(page)


def _see_every_structure(page: CasePage) -> None:
    session = page.session
    before = session.view.state
    session.view.set(hidden=frozenset())
    session.request_surfaces()
    wanted = [name for name, one in session.case.structures.items() if one.voxel_count]
    wait_until(lambda: all(session.surface(name) is not None for name in wanted), "surfaces", VISIT_S)
    _draw_whole(page)
    session.view.become(before)


def _leave_sheet() -> None:
    sheet = QApplication.activeModalWidget() or QApplication.focusWidget()
    assert sheet is not None
    QTest.keyClick(sheet.focusWidget() or sheet, Qt.Key.Key_Escape)


@dataclass(frozen=True, slots=True)
class Place:
    """Where memory is counted: the case at its structures, seen as it was opened."""

    case: Path
    view: ViewState
    sides: tuple[bool, bool]

    @classmethod
    def of(cls, window: Workstation) -> Place:
        _rest(window)
        page = window.page
        assert page is not None
        view = replace(page.session.view.state, layout="2x2", maximised="", rendering=Rendering())
        return cls(page.session.path, view, (page.left.isVisible(), page.right.isVisible()))


def _counted(window: Workstation, place: Place, first: list[Held] | None = None) -> float:
    """MB in memory at the counting place. first: what was held when counting began; where it is asked for, what is more is
    told."""
    with _nobody_answers():
        _go_to_the_counting_place(window, place)
    counted = memory_mb()
    if IS_ASKED and first is not None:
        now = Held.now(window)
        first.extend(() if first else (now,))
        print(now.since(first[0]), file=sys.__stderr__, flush=True)
    return counted


@contextlib.contextmanager
def _nobody_answers() -> Iterator[None]:
    """What a job that ends meanwhile tells in a dialog is left with Esc: a run once waited for a person for good."""
    timer = QTimer(interval=200)

    def leave() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Escape)

    timer.timeout.connect(leave)
    timer.start()
    try:
        yield
    finally:
        timer.stop()


def _go_to_the_counting_place(window: Workstation, place: Place) -> None:
    _rest(window)
    case, look = place.case, Settings()
    window.resize(*SIZE)
    window.apply_settings(
        window.settings.model_copy(update={"theme": look.theme, "text_scale_percent": look.text_scale_percent})
    )
    if window.session is None or window.session.path != case or window.page is None:
        _open(window, case)
    page, session = window.page, window.session
    assert page is not None
    assert session is not None
    page.windows.close_all()
    if not window.top.isVisible():
        # without what stands round the panes these are a fifth larger, and with them every picture
        window.actions_["image_only"].trigger()
    page.show_module("segment")
    # the list of structures: each step shows things of its own in 3D
    assert isinstance(page.planner, GuidedPlanner)
    page.planner.go_to(0)
    session.view.become(place.view)
    sides = ("left_panel", page.left), ("right_panel", page.right)
    for (toggle, side), was_shown in zip(sides, place.sides, strict=True):
        if side.isVisible() != was_shown:
            window.actions_[toggle].trigger()
    _rest(window)
    _draw_whole(page)
    turn(2 * AWAY_MS)
    # 3D begins anew when it was still for a while, and what drew it again meanwhile (an image read anew) puts that off
    _draw_whole(page)
    end = time.monotonic() + 20.0
    while page.scene.is_slow and page.scene.stage.pictures > 1 and time.monotonic() < end:
        turn(30)
    _draw_whole(page)
    _rest(window)


def _draw_whole(page: CasePage, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not page.is_settled and time.monotonic() < end:
        turn(30)


def _undo_all(window: Workstation) -> int:
    page, session, done = window.page, window.session, 0
    assert page is not None
    assert session is not None
    while (page.draft or session.can_undo) and done < 20_000:
        page.undo()
        done += 1
    turn(30)
    return done


def _let_go(
    window: Workstation, place: Place, folder: Path, acts: int, seconds: float, first: list[Held] | None = None
) -> tuple[Monkey, list[float]]:
    case = place.case
    monkey = Monkey(window, case, folder, SEED)
    memory, end = [], time.monotonic() + seconds
    with let_loose(monkey):
        while monkey.done < acts and time.monotonic() < end:
            monkey.run(min(AT_ONCE if ACTS else 20, acts - monkey.done))
            if ACTS:
                memory.append(_counted(window, place, first))
        if window.session is None or window.session.path != case:
            _open(window, case)
        _rest(window)
    return monkey, memory


def test_random_hands_break_nothing_and_undo_finds_the_way_back(window: Workstation, tmp_path: Path) -> None:
    with liver_document(tmp_path / "liver.theatrum"):
        pass
    case = in_one_step(tmp_path / "liver.theatrum", tmp_path / "case.theatrum")
    folder = tmp_path / "files"
    folder.mkdir()
    _open(window, case)
    assert window.session is not None
    before = case_hash(window.session.case)
    # however few acts a busy machine has time for, something is there to undo
    assert window.session.do(RecolourStructure("liver", "#112233"))
    assert case_hash(window.session.case) != before
    monkey, _ = _let_go(window, Place.of(window), folder, FEW, MOST_S)
    assert monkey.done > 20
    assert monkey.found.text() == ""
    _undo_all(window)
    assert case_hash(window.session.case) == before
    window.close_case()
    with Document.open(case) as document:
        assert case_hash(document.case) == before


@pytest.mark.slow
@pytest.mark.skipif(not ACTS, reason="make monkey runs it")
@pytest.mark.parametrize("kind", ["heart", "liver"])
def test_thousands_of_random_acts(
    window: Workstation, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_sight, "AFTER_MS", AWAY_MS)
    monkeypatch.setattr(stage, "AWAY_MS", AWAY_MS)
    planned = planned_sample(kind, tmp_path, {"heart": "vessel", "liver": "compare"}[kind])  # type: ignore[arg-type]
    case = in_one_step(planned, tmp_path / "case.theatrum")
    folder = tmp_path / "files"
    folder.mkdir()
    _open(window, case)
    assert window.session is not None
    before = case_hash(window.session.case)
    logging.getLogger("app.watchdog").setLevel(logging.ERROR)
    place = Place.of(window)
    cold = _counted(window, place)
    (tmp_path / "visits").mkdir()
    _visit_everything(window, tmp_path / "visits")
    first: list[Held] = []
    warm = _counted(window, place, first)
    assert case_hash(window.session.case) == before
    with Watchdog() as dog:
        monkey, memory = _let_go(window, place, folder, ACTS, 3600.0, first)
    steps = _undo_all(window)
    after = case_hash(window.session.case)
    end = _counted(window, place, first)
    with capsys.disabled():
        told = ", ".join(f"{one:.0f}" for one in memory)
        print(f"\n{kind}, seed {SEED}: {monkey.done} acts, {steps} steps undone")
        print(f"memory: opened {cold:.0f} MB, visited {warm:.0f}, each {AT_ONCE} acts {told}, undone {end:.0f}")
        print(monkey.found.text() or "nothing found")
        print(f"{len(dog.turns)} turns of the event loop over 32 ms:")
        for where, count, median, most in dog.by_place()[:30]:
            print(f"  {count:4d} × median {median:5.0f} ms, most {most:5.0f} ms  {where}")
    assert after == before
    assert monkey.found.text() == ""
    assert end - warm < MOST_GROWTH_MB
