"""What is closed is let go: counted objects, not resident memory, which depends on the allocator."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from golden import rgb_array
from liver_case import liver_document
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from scenes import settle, shown_pane, sphere_mesh

from app.case_page import CasePage
from app.dialogs.palette import CommandPalette
from app.jobs import Job, JobRunner
from app.launch import make_application
from app.letting_go import LOOK_EVERY_MS
from app.out_of_sight import OutOfSight
from app.panels.segment.draft import KEPT_BYTES, Draft, key_of
from app.panels.segment.scans import PreparedScans
from app.session import Session
from app.settings import Settings
from app.window_states import turn, wait_until
from app.workstation import Workstation
from planning.case.document import Document
from planning.case.guided import Guided, Mark
from planning.errors import TheatrumError
from planning.geometry import Grid
from planning.progress import CancelToken, Progress
from planning.volume import Mask, Volume
from viewers.overlay import SceneContent, SurfaceItem
from viewers.reslice import Reslicer

pytestmark = pytest.mark.gui
KINDS = (CasePage, Session, Volume, Reslicer)


class Large:
    """Stands for voxels that a job holds."""

    def told(self) -> None:
        """Takes an answer."""


def _alive(*kinds: type) -> list[object]:
    gc.collect()
    return [one for one in gc.get_objects() if type(one) in kinds]


def _new(before: list[object], *kinds: type) -> list[str]:
    # windows of other tests may let go of theirs meanwhile, so those are not counted
    known = {id(one) for one in before}
    return [type(one).__name__ for one in _alive(*kinds) if id(one) not in known]


def test_a_closed_case_leaves_nothing_behind(tmp_path: Path) -> None:
    make_application(Settings())
    window = Workstation(Settings())
    window.show()
    case = tmp_path / "liver.theatrum"
    with liver_document(case):
        pass
    before = _alive(*KINDS)
    for _ in range(2):
        window.open_paths([case])
        wait_until(lambda: window.session is not None, "opening", 60.0)
        wait_until(lambda: not window.jobs.active, "resting", 60.0)
        assert "CasePage" in _new(before, *KINDS)
        _open_and_leave_menus(window)
        window.close_case()
        # once its jobs have ended (app/letting_go.py)
        turn(2 * LOOK_EVERY_MS + 100)
        assert _new(before, *KINDS) == []
    window.jobs.shutdown()
    window.hide()
    window.deleteLater()


def _open_and_leave_menus(window: Workstation) -> None:
    """Menus whose entries hold the page, by a right click on a structure, a pane and the 3D view, and of the case."""
    page, actions, place = window.page, window.case_actions, QPoint(40, 40)
    assert page is not None
    before = len(window.findChildren(QMenu))

    def leave() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert len(menu.actions()) > 1
        QTest.keyClick(menu, Qt.Key.Key_Escape)

    def on_pane(active: str) -> None:
        page.session.view.set(active=active)
        actions._pane_menu(place)

    for ask in (
        lambda: actions._structure_menu("structure", "liver", place),
        lambda: on_pane("axial"),
        lambda: on_pane("3d"),
        lambda: actions._add_menu(place),
        window._chip_menu,
    ):
        QTimer.singleShot(100, leave)
        ask()
    turn(20)
    window.actions_["palette"].trigger()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert len(window.findChildren(QMenu)) == before


@pytest.mark.parametrize("fails", [False, True])
def test_an_ended_job_is_listed_without_what_it_worked_on(fails: bool) -> None:
    make_application(Settings())
    jobs = JobRunner()

    def submit() -> None:
        held = Large()

        def work(progress: Progress, cancel: CancelToken) -> object:
            inside = held
            if fails:
                raise TheatrumError("refused")
            return inside

        jobs.submit(Job(key="a", title="A", work=work, done=lambda _: held.told()))

    submit()
    wait_until(lambda: not jobs.active, "the job", 10.0)
    turn(20)
    assert [state.title for state in jobs.states] == ["A"]
    assert jobs.states[0].status == ("failed" if fails else "done")
    assert _alive(Large) == []
    jobs.shutdown()


def test_former_surfaces_of_a_structure_are_kept_by_their_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import session as module
    from planning.case.commands import RemoveStructure, RenameStructure
    from planning.mesh import SurfaceMesh

    make_application(Settings())
    jobs = JobRunner()
    with liver_document(tmp_path / "liver.theatrum") as document:
        names = list(document.case.structures)
    monkeypatch.setattr(module, "FORMER_SURFACE_BYTES", 0)
    session = Session(Document.open(tmp_path / "liver.theatrum"), jobs)
    before = _alive(SurfaceMesh)
    session.request_surfaces()
    wait_until(lambda: not jobs.active, "meshing", 60.0)
    assert all(session.surface(name) is not None and session.light_surface(name) is not None for name in names)
    many = len(_new(before, SurfaceMesh))
    # another name for the same shape: nothing is meshed again
    assert session.do(RenameStructure(names[0], "other"))
    assert session.surface("other") is not None
    session.request_surfaces()
    assert not jobs.active
    assert session.do(RemoveStructure("other"))
    assert len(_new(before, SurfaceMesh)) == many - 2
    session.undo()
    assert session.surface("other") is None
    session.request_surfaces()
    wait_until(lambda: not jobs.active, "meshing", 60.0)
    assert session.surface("other") is not None
    session.close()
    jobs.shutdown()


def test_at_rest_no_surface_stays_that_no_structure_has(tmp_path: Path) -> None:
    from planning.case.commands import RemoveStructure
    from planning.mesh import SurfaceMesh

    make_application(Settings())
    jobs = JobRunner()
    with liver_document(tmp_path / "liver.theatrum") as document:
        name, *others = document.case.structures
    session = Session(Document.open(tmp_path / "liver.theatrum"), jobs)
    before = _alive(SurfaceMesh)
    session.request_surfaces()
    wait_until(lambda: not jobs.active, "meshing", 60.0)
    many = len(_new(before, SurfaceMesh))
    assert session.do(RemoveStructure(name))
    assert len(_new(before, SurfaceMesh)) == many
    session.forget_former()
    assert len(_new(before, SurfaceMesh)) == many - 2
    assert all(session.surface(other) is not None for other in others)
    session.close()
    jobs.shutdown()


def test_at_rest_no_voxels_stay_of_what_is_hidden(tmp_path: Path) -> None:
    make_application(Settings())
    jobs = JobRunner()
    with liver_document(tmp_path / "liver.theatrum") as document:
        hidden, seen, *_ = document.case.structures
    session = Session(Document.open(tmp_path / "liver.theatrum"), jobs)
    count = session.mask(hidden).voxel_count
    kept, gone = session.mask(seen), weakref.ref(session.mask(hidden))
    session.view.set(hidden=frozenset({hidden}))
    session.forget_former()
    gc.collect()
    assert gone() is None
    assert session.mask(seen) is kept
    assert session.mask(hidden).voxel_count == count
    session.close()
    jobs.shutdown()


def test_what_is_large_is_let_go_some_time_after_it_left_the_screen(qtbot: QtBot) -> None:
    first, second = QWidget(), QWidget()
    for widget in (first, second):
        qtbot.addWidget(widget)
        widget.show()
    gone: list[str] = []
    away = OutOfSight(first, (first, second), lambda: gone.append("all"), after_ms=60)
    first.hide()
    qtbot.wait(150)
    assert gone == []
    second.hide()
    qtbot.wait(20)
    first.show()
    qtbot.wait(150)
    assert gone == []
    first.hide()
    qtbot.waitUntil(lambda: gone == ["all"])
    # a job that was not done yet brings it while nobody looks
    away.made()
    qtbot.waitUntil(lambda: gone == ["all", "all"])
    second.show()
    away.made()
    qtbot.wait(150)
    assert gone == ["all", "all"]


def test_a_scan_prepared_for_clicks_is_let_go_unless_a_job_is_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from planning.case.model import ArrayRef
    from planning.liver.segment import liver
    from planning.progress import no_progress

    monkeypatch.setattr(liver, "prepare_scan", lambda volume, **_: Large())
    scans, array, cancel = PreparedScans(), ArrayRef("a", "int16", (1, 1, 1)), CancelToken()
    scans.scan(array, lambda: None, no_progress, cancel)  # type: ignore[arg-type,return-value]
    with scans._alone(cancel):
        scans.forget()
    assert len(_alive(Large)) == 1
    scans.forget()
    assert _alive(Large) == []


def _answer(grid: Grid, count: int) -> Guided:
    marks = tuple(Mark("this", np.full((1, 3), float(n))) for n in range(1, count + 1))
    mask = Mask(grid, (0, 0, 0), np.ones(grid.shape_kji, dtype=bool))
    return Guided(
        masks={"liver": mask}, confidence={}, marks=marks, facts=(), findings=(), seconds=0.1, cpu_seconds=0.1
    )


def test_former_answers_of_a_draft_are_kept_by_their_bytes_and_go_when_nobody_looks() -> None:
    from planning.case.model import Case

    draft = Draft("liver", ("liver",))
    grid = Grid.from_parts((256, 256, 128), (1.0, 1.0, 1.0))
    answers = [_answer(grid, count) for count in range(1, 7)]
    for answer in answers:
        draft.take(answer)
    each = answers[0].masks["liver"].voxels.nbytes
    # the grid's own matrix counts, too
    assert len(draft.kept) == (KEPT_BYTES - 1) // each < len(answers)
    assert draft.kept.get(key_of(answers[-1].marks)) is answers[-1]
    # what is open stays, what the case has as it is goes
    draft.marks = answers[-1].marks
    draft.let_go(Case())
    assert len(draft.kept) == 0
    assert draft.found is answers[-1]
    assert draft.labels
    draft.marks = ()
    draft.let_go(Case())
    assert draft.found is None
    assert not draft.labels


def test_a_scene_that_nobody_looks_at_gives_its_drawing_memory_back_and_comes_again(qtbot: QtBot) -> None:
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(40.0), color="#D04030")
    pane = shown_pane(qtbot, SceneContent(surfaces=(ball,)))
    host, before = pane.stage.host, rgb_array(pane.grab_picture())
    assert host is not None
    if host.widget is not None:
        pytest.skip("a graphics card keeps what it draws with")
    pane.stage._away_timer.setInterval(30)
    pane.hide()
    pane.show()
    qtbot.wait(90)
    assert pane.stage.host is host, "who looks again soon finds it as it was"
    settle(qtbot, pane)
    pane.hide()
    qtbot.waitUntil(lambda: pane.stage.host is None and pane.stage.scene is None)
    picture = pane.stage.picture()
    assert picture is not None
    assert len(np.unique(rgb_array(picture).reshape(-1, 3), axis=0)) > 10
    pane.set_content(SceneContent(surfaces=(replace(ball, color="#3B82E0"),)))
    pane.show()
    settle(qtbot, pane)
    assert pane.stage._left is None
    after = rgb_array(pane.grab_picture())
    middle = before.shape[0] // 2, before.shape[1] // 2
    assert before[middle][0] > before[middle][2]
    assert after[middle][2] > after[middle][0]
