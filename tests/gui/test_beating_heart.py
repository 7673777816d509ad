"""A moving scan in the window: phases by bar, keys and chart, the annulus followed, the plan moved to systole."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beating import BeatingRoot, make_beating_root
from cases import make_case, make_moving_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.jobs import JobRunner
from app.launch import make_application
from app.panels.heart import HeartPanel
from app.panels.tavr.names import ANNULUS, HINGES, SCAN
from app.phase_reader import PhaseReader
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import SetPlan
from planning.case.model import PlanRecord
from planning.case.tavr_plans import tavr_record
from planning.tavr.inputs import TavrInputs
from planning.volume import Volume
from viewers.overlay import ContourItem, PointItem
from viewers.view_state import ViewModel

pytestmark = pytest.mark.gui
LEFT, NONE, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
PHASES, START, SYSTOLE = 4, 3, 1
LONG_MS = 40_000


@pytest.fixture(scope="module")
def root() -> BeatingRoot:
    return make_beating_root(phases=PHASES, spacing_mm=(0.9, 0.9, 0.9), seed=3, size_mm=58.0)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, root: BeatingRoot) -> tuple[PlanRecord, PlanRecord]:
    """The plan in diastole from the true hinges, measured once: with and without its curve."""
    path = tmp_path_factory.mktemp("record") / "beating.theatrum"
    inputs = TavrInputs(hinges_mm=root.hinges_mm[START], phase=START)
    with make_moving_case(path, root.volumes, root.labels) as document:
        alone = tavr_record(document, "tavr", inputs, parts=frozenset())
        whole = tavr_record(document, "tavr", inputs, parts=frozenset(("phases",)))
    return whole, alone


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.windowHandle().requestActivate()
    qtbot.waitActive(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.hide()
    made.deleteLater()


def _open(qtbot: QtBot, window: Workstation, path: Path, root: BeatingRoot, record: PlanRecord | None) -> CasePage:
    with make_moving_case(path, root.volumes, root.labels) as document:
        if record is not None:
            document.do(SetPlan(record))
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([path], module="heart")
    assert window.page is not None
    return window.page


def _heart(page: CasePage) -> HeartPanel:
    panel = page.panel("heart")
    assert isinstance(panel, HeartPanel)
    return panel


def _button(page: CasePage, name: str) -> QAbstractButton:
    found = page.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


@pytest.fixture
def planned(
    qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot, records: tuple[PlanRecord, PlanRecord]
) -> CasePage:
    page = _open(qtbot, window, tmp_path / "beating.theatrum", root, records[0])
    wait_settled(window)
    return page


def test_the_bar_belongs_to_moving_scans(qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot) -> None:
    make_case(tmp_path / "still.theatrum", root.volumes[0]).close()
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "still.theatrum"])
    assert window.page is not None
    assert not window.page.phase_bar.isVisible()
    QTest.keyClick(window.page.slices["axial"], Qt.Key.Key_A)
    assert not window.page.cine.is_playing


def test_phases_by_bar_and_keys(qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot) -> None:
    page = _open(qtbot, window, tmp_path / "beating.theatrum", root, None)
    bar, state = page.phase_bar, page.session.view
    assert bar.isVisible()
    assert bar.height() == 28
    track = bar.track
    QTest.mouseClick(track, LEFT, NONE, QPoint(round(track.x_of(2)), 8))
    qtbot.waitUntil(lambda: state.state.phase == 2, timeout=5000)
    assert "50 %" in track.accessibleName()
    # the panes show its voxels, and say so
    qtbot.waitUntil(lambda: page.slices["axial"]._content.volume is page.session.volume(2), timeout=5000)
    assert page.slices["axial"]._content.volume.phase == root.labels[2]
    QTest.keyClick(track, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: state.state.phase == 3, timeout=5000)
    page.slices["axial"].setFocus()
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: state.state.phase == 0, timeout=5000)
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Left, ALT)
    qtbot.waitUntil(lambda: state.state.phase == 3, timeout=5000)


def test_the_film_plays_in_a_circle_and_stops_when_nobody_looks(
    qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot
) -> None:
    page = _open(qtbot, window, tmp_path / "beating.theatrum", root, None)
    seen: list[int] = []
    page.session.view.changed.connect(lambda old, new: seen.append(new.phase) if old.phase != new.phase else None)
    field = page.findChild(QLineEdit, "cine_rate")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "20")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.cine.rate_per_s == 20.0
    QTest.mouseClick(_button(page, "cine_play"), LEFT)
    assert page.cine.is_playing
    qtbot.waitUntil(lambda: len(seen) >= 2 * PHASES, timeout=20000)
    # no phase is skipped
    assert all((now - before) % PHASES == 1 for before, now in itertools.pairwise(seen))
    # a person takes the knob: the film stays there
    track = page.phase_bar.track
    QTest.mouseClick(track, LEFT, NONE, QPoint(round(track.x_of(1)), 8))
    assert not page.cine.is_playing
    assert page.session.view.state.phase == 1
    page.slices["axial"].setFocus()
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_A)
    assert page.cine.is_playing
    window.hide()
    assert not page.cine.is_playing


def test_reading_keeps_to_its_budget_and_leaves_the_gui_thread_alone(
    qtbot: QtBot, tmp_path: Path, root: BeatingRoot
) -> None:
    jobs, view = JobRunner(), ViewModel()
    document = make_moving_case(tmp_path / "beating.theatrum", root.volumes, root.labels)
    threads: set[int] = set()
    read = document.volume

    class Noticed:
        """The document, with who reads its voxels."""

        case = document.case

        @staticmethod
        def volume(name: str, phase: int = 0) -> Volume:
            threads.add(threading.get_ident())
            return read(name, phase)

    each = root.volumes[0].voxels.nbytes
    reader = PhaseReader(Noticed(), jobs, view, budget_bytes=round(2.5 * each))  # type: ignore[arg-type]
    assert reader.room == 2
    for phase in (2, 0, 3):
        reader.show(phase)
    # the last wish counts
    qtbot.waitUntil(lambda: view.state.phase == 3, timeout=5000)
    assert sum(reader.has(phase) for phase in range(PHASES)) <= 2
    reader.fetch(range(PHASES))
    qtbot.waitUntil(lambda: not jobs.active, timeout=5000)
    assert sum(reader.has(phase) for phase in range(PHASES)) == 2
    assert threads
    assert threading.get_ident() not in threads
    jobs.shutdown()
    document.close()


def test_a_plan_without_a_curve_gets_one(
    qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot, records: tuple[PlanRecord, PlanRecord]
) -> None:
    page = _open(qtbot, window, tmp_path / "beating.theatrum", root, records[1])
    panel = _heart(page)
    beat = panel.work.beat
    qtbot.waitUntil(lambda: page.session.view.state.phase == START, timeout=5000)
    qtbot.waitUntil(lambda: beat.is_following, timeout=5000)
    panel.go_to(SCAN)
    assert beat.message() == "Following the annulus."
    QTest.mouseClick(_button(page, "heart_stop_following"), LEFT)
    qtbot.waitUntil(lambda: not page.session.jobs.active, timeout=LONG_MS)
    assert beat.phases is None
    # what a person stopped does not begin again by itself
    panel.case_changed()
    assert not beat.is_following
    QTest.mouseClick(_button(page, "heart_follow"), LEFT)
    qtbot.waitUntil(lambda: beat.phases is not None, timeout=LONG_MS)
    areas = np.array([row["area_mm2"] for row in beat.phases["curve"]])
    assert np.abs(areas / root.areas_mm2 - 1.0).max() < 0.015
    assert beat.phases["systole"] == SYSTOLE


def test_the_ring_goes_with_the_phase(qtbot: QtBot, window: Workstation, planned: CasePage, root: BeatingRoot) -> None:
    panel = _heart(planned)
    panel.go_to(ANNULUS)
    assert planned.session.view.state.phase == START
    assert {item.key for item in panel.items() if isinstance(item, PointItem)} >= set(HINGES)
    planned.slices["axial"].setFocus()
    QTest.keyClick(planned.slices["axial"], Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: planned.session.view.state.phase == 0, timeout=5000)
    (ring,) = [item for item in panel.items() if isinstance(item, ContourItem)]
    points = [item for item in panel.items() if isinstance(item, PointItem)]
    assert not any(point.movable for point in points)
    places = np.array([point.position_mm for point in points])
    assert np.linalg.norm(places - root.hinges_mm[0], axis=1).max() < 0.6
    # the annulus pane is the plane of this phase's ring
    state = planned.session.view.state
    away = (ring.points_mm - np.array(state.frame_origin_mm)) @ np.array(state.frame[2])
    assert np.abs(away).max() < 0.1
    assert panel.annulus.callouts[0].title == f"Numbers are of {root.labels[START]}"
    panel.go_to(ANNULUS + 1)
    assert planned.session.view.state.phase == START


def test_chart_table_and_the_way_to_systole(
    qtbot: QtBot, window: Workstation, planned: CasePage, root: BeatingRoot
) -> None:
    panel, session = _heart(planned), planned.session
    panel.go_to(SCAN)
    wait_settled(window)
    assert planned.grid.shown == ("axial", "phases", "coronal", "sagittal")
    step = panel.steps[SCAN]
    chart = planned.plan_panes["phases"]
    QTest.mouseClick(chart, LEFT, NONE, QPoint(round(chart.x_of(2)), chart.height() // 2))
    qtbot.waitUntil(lambda: session.view.state.phase == 2, timeout=5000)
    assert root.labels[2] in chart.accessibleName()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: session.view.state.phase == 1, timeout=5000)
    rows = {row.key: row for row in step._phases.rows}
    assert rows[f"phase_{SYSTOLE}"].detail == "systole"
    assert rows[f"phase_{START}"].detail == "plan"
    best, own = (float(rows[f"phase_{n}"].value) for n in (SYSTOLE, START))
    assert best / root.areas_mm2[SYSTOLE] == pytest.approx(1.0, abs=0.015)
    note = step.callouts[0]
    assert note.title.startswith("Widest at 25 %: +")
    assert best - own > 10.0
    curve = panel.work.beat.phases["curve"]
    note.followed.emit()
    qtbot.waitUntil(lambda: panel.work.beat.planned_phase == SYSTOLE and not panel.is_stale, timeout=LONG_MS)
    plan = panel.plan
    assert plan is not None
    assert plan.inputs["hinge_sources"] == ["automatic"] * 3
    assert plan.results["phase"] == root.labels[SYSTOLE]
    assert plan.results["annulus"]["area_mm2"] == pytest.approx(root.areas_mm2[SYSTOLE], rel=0.015)
    # the same ring: the curve stays, and is not measured again
    assert plan.results["phases"]["curve"] == curve
    assert plan.results["phases"]["measured_phase"] == SYSTOLE
    assert session.view.state.phase == SYSTOLE
    assert not any(note.isVisible() and note.title.startswith("Widest") for note in step.callouts)
    session.undo()
    assert panel.work.beat.planned_phase == START
    qtbot.waitUntil(lambda: session.view.state.phase == START, timeout=5000)
    assert np.allclose(panel.work.hinges_mm(), root.hinges_mm[START])


def test_a_phase_that_could_not_be_followed_is_said_and_not_planned_in(
    qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot, records: tuple[PlanRecord, PlanRecord]
) -> None:
    whole = records[0]
    curve = [dict(row) for row in whole.results["phases"]["curve"]]
    curve[0] |= {"area_mm2": None, "uncertainty_mm2": None, "contour_mm": None, "reason": "the root moved too far"}
    lost = replace(whole, results={**whole.results, "phases": {**whole.results["phases"], "curve": curve}})
    page = _open(qtbot, window, tmp_path / "beating.theatrum", root, lost)
    wait_settled(window)
    panel = _heart(page)
    panel.go_to(SCAN)
    page.session.phases.show(0)
    qtbot.waitUntil(lambda: page.session.view.state.phase == 0, timeout=5000)
    step = panel.steps[SCAN]
    assert step.callouts[1].title == "Not measured at 0 %"
    assert step.callouts[1].words == "The root moved too far."
    use = _button(page, "heart_accept")
    assert not use.isEnabled()
    assert "could not be measured in 0 %" in use.toolTip()
    # no ring of another phase over this image
    assert panel.items() == ()


def test_points_of_a_new_plan_belong_to_the_phase_they_were_put_in(
    qtbot: QtBot, window: Workstation, tmp_path: Path, root: BeatingRoot
) -> None:
    page = _open(qtbot, window, tmp_path / "beating.theatrum", root, None)
    panel = _heart(page)
    note = panel.steps[SCAN].callouts[0]
    assert note.title == "Systole is near 25 % of R–R"
    note.followed.emit()
    qtbot.waitUntil(lambda: page.session.view.state.phase == SYSTOLE, timeout=5000)
    QTest.mouseClick(_button(page, "heart_accept"), LEFT)
    for key, place in zip(HINGES, root.hinges_mm[SYSTOLE], strict=True):
        panel.point_placed(key, place)
    # the person looks elsewhere while it is measured
    page.session.phases.show(0)
    qtbot.waitUntil(lambda: panel.plan is not None and panel.work.beat.phases is not None, timeout=LONG_MS)
    assert panel.plan.inputs["phase"] == SYSTOLE
    assert panel.plan.results["annulus"]["area_mm2"] == pytest.approx(root.areas_mm2[SYSTOLE], rel=0.015)
