"""Ends, branches, aneurysm and growth in the vessel workplace, by clicks and drags."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from aneurysms import SAC_RADIUS_MM, make_aneurysm, renal_mm
from arteries import Pelvis
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox
from pytestqt.qtbot import QtBot
from roots import make_tube

from app.jobs import JobRunner
from app.panels.quantities import TableRowButton
from app.panels.vessel import VesselPanel
from app.panels.vessels.names import ANEURYSM, BRANCH_END, BRANCHES, ENDS, GROWTH, LUMEN, RENAL
from app.panes.look import pane_look
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.vessel_plans import measured_again, with_tree
from planning.vessel.branches import others
from viewers.overlay import ContourItem, PaneContent, PathItem, PointItem
from viewers.slice_pane import SlicePane

pytestmark = pytest.mark.gui
LONG_MS = 240_000
LOW_Z_MM = -75.0


@pytest.fixture(scope="module")
def pelvis() -> Pelvis:
    return make_aneurysm((1.4, 1.4, 1.8), low_z_mm=LOW_Z_MM)


@pytest.fixture(scope="module")
def planned(pelvis: Pelvis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with the aorta down to the right iliac artery measured and its branches found."""
    path = tmp_path_factory.mktemp("aorta") / "aorta.theatrum"
    aorta, right = pelvis.arteries["aorta"].curve_mm, pelvis.arteries["right"].curve_mm
    low = right[int(np.argmax(right[:, 2] < LOW_Z_MM + 6.0))]
    with make_case(path, pelvis.volume) as document:
        top = aorta[int(np.argmax(aorta[:, 2] < 122.0))]
        document.do(SetPlan(with_tree(document, measured_again(document, None, "vessel", top.tolist(), low.tolist()))))
    return path


def _panel(qtbot: QtBot, document: Document, jobs: JobRunner) -> VesselPanel:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    session = Session(document, jobs)
    made = VesselPanel(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 900)
    made.show()
    made.entered()
    return made


@pytest.fixture
def panel(qtbot: QtBot, planned: Path, tmp_path: Path):
    path = tmp_path / "aorta.theatrum"
    shutil.copyfile(planned, path)
    jobs = JobRunner()
    made = _panel(qtbot, Document.open(path), jobs)
    yield made
    jobs.shutdown()
    made.session.close()


def _quiet(qtbot: QtBot, panel: VesselPanel) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)


def _click(panel: VesselPanel, name: str) -> None:
    found = panel.findChild(QAbstractButton, name)
    assert found is not None, name
    assert found.isEnabled(), name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def _row(panel: VesselPanel, key: str) -> TableRowButton:
    """The row of this key in the step that is open."""
    found = [row for row in panel.open_step.body.findChildren(TableRowButton, f"row_{key}") if row.isVisible()]
    assert found, key
    return found[0]


def _renal_branch(panel: VesselPanel, pelvis: Pelvis, side: str = "right") -> dict:
    end = pelvis.arteries[f"{side}_renal"].curve_mm[-1]
    return min(panel.branches.branches, key=lambda row: float(np.linalg.norm(np.array(row["end_mm"]) - end)))


def test_ends_are_found_from_one_click(qtbot: QtBot, tmp_path: Path) -> None:
    t = np.linspace(0, 1, 2000)
    curve = np.stack([0 * t + 0.2, 0 * t - 0.1, 45 * t], 1)
    jobs = JobRunner()
    panel = _panel(qtbot, make_case(tmp_path / "tube.theatrum", make_tube(curve, np.full(2000, 3.5))), jobs)
    assert panel.where.current == ENDS
    # a tube of 45 mm is no aorta: that is said, and nothing is made
    _click(panel, "vessel_find_ends")
    _quiet(qtbot, panel)
    assert panel.plan is None
    assert "aorta" in panel.ends.callouts[0].title
    panel.point_placed("vessel_start", curve[1000])
    _click(panel, "vessel_find_ends")
    _quiet(qtbot, panel)
    assert panel.plan is not None
    assert panel.plan.inputs["ends"] == "automatic"
    assert panel.results is not None
    assert panel.results["length_mm"] == pytest.approx(45.0, abs=14.0)
    assert panel.ends.table.row("vessel_start").status == "automatic"
    panel.point_moved("vessel_start", curve[400], True)
    assert panel.drafted() == "moved points"
    _quiet(qtbot, panel)
    assert panel.plan.inputs["ends"] == "by hand"
    panel.session.undo()
    assert panel.plan.inputs["ends"] == "automatic"
    jobs.shutdown()
    panel.session.close()


def test_a_chosen_branch_is_measured_shown_named_and_removed(qtbot: QtBot, panel: VesselPanel, pelvis: Pelvis) -> None:
    panel.go_to(BRANCHES)
    count = len(panel.branches.branches)
    assert count >= 4
    renal = _renal_branch(panel, pelvis)
    assert _row(panel, f"branch_{renal['id']}").row.value.startswith("≈")
    QTest.mouseClick(_row(panel, f"branch_{renal['id']}"), Qt.MouseButton.LeftButton)
    _quiet(qtbot, panel)
    # straightened view and sections are the branch's now
    assert panel.part == renal["id"]
    assert panel.views.vessel is not None
    assert panel.views.vessel.name == renal["name"]
    chosen = panel.branches.chosen
    assert chosen is not None
    assert chosen["measured"]["minimum"]["min_diameter_mm"] == pytest.approx(4.8, abs=0.6)
    assert not _row(panel, f"branch_{renal['id']}").row.value.startswith("≈")
    lines = [item for item in panel.items() if isinstance(item, PathItem) and item.key.startswith("branch_")]
    assert len(lines) == count
    field = panel.branches.name_field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "Right renal")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert _row(panel, f"branch_{renal['id']}").row.name == "Right renal"
    assert "Right renal" in {row.name for row in panel.rows()[1]}
    panel.session.undo()
    assert _row(panel, f"branch_{renal['id']}").row.name == renal["name"]
    assert panel.part == renal["id"]
    _click(panel, "vessel_remove_branch")
    assert len(panel.branches.branches) == count - 1
    assert panel.part is None
    panel.session.undo()
    assert len(panel.branches.branches) == count


def test_a_branch_is_added_by_a_click_and_a_miss_is_said_calmly(
    qtbot: QtBot, panel: VesselPanel, pelvis: Pelvis
) -> None:
    panel.go_to(BRANCHES)
    renal = _renal_branch(panel, pelvis)
    panel.branches.choose(None)
    from planning.case.vessel_plans import without_branch

    assert panel.plan is not None
    panel.work.keep(without_branch(panel.plan, renal["id"]))
    count = len(panel.branches.branches)
    _click(panel, "vessel_add_branch")
    assert panel.session.view.state.placing == BRANCH_END
    # the slices come back to click in
    assert panel.arrangement() is None
    panel.point_placed(BRANCH_END, pelvis.arteries["right_renal"].curve_mm[-14])
    _quiet(qtbot, panel)
    assert panel.arrangement() is not None
    assert len(panel.branches.branches) == count + 1
    assert panel.branches.branches[-1]["source"] == "by hand"
    _click(panel, "vessel_add_branch")
    panel.point_placed(BRANCH_END, np.array([80.0, 40.0, 60.0]))
    _quiet(qtbot, panel)
    assert len(panel.branches.branches) == count + 1
    assert panel.branches.callouts[0].isVisible()
    assert panel.branches.callouts[0].title


def test_branches_are_found_again_and_stopped(qtbot: QtBot, panel: VesselPanel) -> None:
    panel.go_to(BRANCHES)
    before = panel.plan
    _click(panel, "vessel_measure_branches")
    _click(panel, "vessel_stop")
    _quiet(qtbot, panel)
    assert panel.plan is before
    main = panel.frame.footer.main_button
    assert main is not None
    assert main.isEnabled()


def test_the_neck_follows_the_renal_artery_under_the_hand(qtbot: QtBot, panel: VesselPanel, pelvis: Pelvis) -> None:
    panel.go_to(ANEURYSM)
    _click(panel, "vessel_place_renal")
    assert panel.session.view.state.placing == RENAL
    renal = renal_mm(pelvis)
    panel.point_placed(RENAL, renal)
    assert panel.results is not None
    evar = panel.results["evar"]
    assert evar["aneurysm"]["max_diameter_mm"] == pytest.approx(2 * SAC_RADIUS_MM, abs=0.6)
    # the panes stand at the sac
    assert np.linalg.norm(panel.session.view.state.cross_mm - np.array(evar["aneurysm"]["position_mm"])) < 1.5
    rings = {item.key for item in panel.items() if isinstance(item, ContourItem)}
    assert rings >= {"neck_begin", "neck_end", "sac"}
    (mark,) = [item for item in panel.items() if isinstance(item, PointItem) and item.key == RENAL]
    assert mark.movable
    steps = panel.session.document.journal_length
    panel.point_moved(RENAL, renal + (0.0, 0.0, -6.0), False)
    # under the hand: shown, not in the case
    assert panel.session.document.journal_length == steps
    shown = panel.aneurysm.evar
    assert shown is not None
    assert shown["neck"]["length_mm"] == pytest.approx(evar["neck"]["length_mm"] - 6.0, abs=1.0)
    assert float(_row(panel, "neck_length").row.value) == pytest.approx(shown["neck"]["length_mm"], abs=0.06)
    panel.point_moved(RENAL, renal + (0.0, 0.0, -6.0), True)
    assert panel.session.document.journal_length == steps + 1
    assert panel.results["evar"]["neck"]["length_mm"] == pytest.approx(shown["neck"]["length_mm"], abs=1e-9)
    panel.session.undo()
    assert panel.results["evar"]["neck"]["length_mm"] == pytest.approx(evar["neck"]["length_mm"], abs=1e-9)
    QTest.mouseClick(_row(panel, "neck_0"), Qt.MouseButton.LeftButton)
    assert panel.session.view.state.cross_mm[2] == pytest.approx(renal[2], abs=1.5)
    # tooltips say what a number means, and why one is missing
    assert "mean diameter" in _row(panel, "neck_length").row.reason
    assert any("was not measured" in row.reason for row in panel.aneurysm.iliacs.rows)


def test_the_renal_artery_is_clicked_and_dragged_in_a_slice(qtbot: QtBot, panel: VesselPanel, pelvis: Pelvis) -> None:
    panel.go_to(ANEURYSM)
    _click(panel, "vessel_place_renal")
    pane = SlicePane("coronal", panel.session.view, pane_look())
    qtbot.addWidget(pane)
    pane.resize(420, 420)
    pane.point_placed.connect(panel.point_placed)
    pane.point_moved.connect(panel.point_moved)

    def show() -> None:
        pane.set_content(PaneContent(volume=panel.session.volume(), items=panel.items()))

    panel.scene_changed.connect(show)
    renal = renal_mm(pelvis)
    panel.session.view.set(cross_mm=tuple(renal))
    show()
    pane.show()

    def at(place: np.ndarray) -> QPoint:
        x, y = pane.geometry_px().to_screen(place)
        return QPoint(round(float(x)), round(float(y)))

    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=at(renal))
    assert panel.plan is not None
    assert panel.plan.inputs["evar"]["lowest_renal_mm"] == pytest.approx(renal, abs=1.5)
    neck = panel.plan.results["evar"]["neck"]["length_mm"]
    # the section stands at the sac now; straight slices through the artery again
    panel.session.view.straighten()
    panel.session.view.set(cross_mm=tuple(renal))
    show()
    start = at(np.array(panel.plan.inputs["evar"]["lowest_renal_mm"]))
    end = at(renal + (0.0, 0.0, -8.0))
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    for part in (1, 2):
        QTest.mouseMove(pane, start + (end - start) * part / 2)
    assert panel.aneurysm.evar is not None
    assert panel.aneurysm.evar["neck"]["length_mm"] == pytest.approx(neck - 8.0, abs=1.5)
    assert panel.plan.results["evar"]["neck"]["length_mm"] == neck
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=end)
    assert panel.plan.results["evar"]["neck"]["length_mm"] == pytest.approx(neck - 8.0, abs=1.5)


def test_the_neck_begins_at_the_section_shown_or_at_the_top_and_goes(panel: VesselPanel) -> None:
    panel.go_to(ANEURYSM)
    panel.views.go_to(20)
    _click(panel, "vessel_renal_here")
    assert panel.results is not None
    assert panel.plan is not None
    place = panel.results["stations"][20]["position_mm"]
    assert panel.plan.inputs["evar"]["lowest_renal_mm"] == pytest.approx(place)
    _click(panel, "vessel_without_evar")
    assert "evar" not in panel.results
    _click(panel, "vessel_from_top")
    assert panel.plan.inputs["evar"] == {"lowest_renal_mm": None}
    assert panel.aneurysm.callouts[0].isVisible()


def test_landing_zones_fly_to_their_own_artery(qtbot: QtBot, panel: VesselPanel, pelvis: Pelvis) -> None:
    panel.go_to(BRANCHES)
    rows = panel.branches.branches
    left = min(rows, key=lambda row: float(np.linalg.norm(np.array(row["fork_mm"]) - pelvis.fork_mm)))
    panel.branches.choose(left["id"])
    _quiet(qtbot, panel)
    panel.go_to(ANEURYSM)
    panel.point_placed(RENAL, renal_mm(pelvis))
    for side, part in (("right", None), ("left", left["id"])):
        QTest.mouseClick(_row(panel, f"landing_{side}"), Qt.MouseButton.LeftButton)
        assert panel.part == part
        assert panel.results is not None
        place = panel.results["evar"]["iliac"][side]["landing_mm"]
        assert np.linalg.norm(panel.session.view.state.cross_mm - np.array(place)) < 1.5


def test_growth_is_told_with_its_uncertainty_and_both_lumens(
    qtbot: QtBot, panel: VesselPanel, planned: Path, tmp_path: Path
) -> None:
    assert panel.results is not None
    rows = [
        {**row, **{key: row[key] - 2.0 for key in ("min_diameter_mm", "max_diameter_mm")}, "area_mm2": _less(row, 2.0)}
        if row["closed"]
        else row
        for row in panel.results["stations"]
    ]
    before = tmp_path / "earlier.json"
    before.write_text(json.dumps({**panel.results, "plan": "vessel", "stations": rows}))
    panel.go_to(GROWTH)
    asked = []
    panel.open_file_asked.connect(lambda title, kinds, use: asked.append(use))
    _click(panel, "vessel_growth_file")
    (use,) = asked
    use(before)
    _quiet(qtbot, panel)
    found = panel.growth.comparison
    assert found is not None
    assert found["greatest_growth"]["growth_mm"] == pytest.approx(2.0, abs=0.1)
    assert len(panel.views.chart.chart._before) == len(found["stations"])
    assert panel.growth.table.row("per_year").value == "–"
    years = panel.growth.years
    years.setFocus()
    years.selectAll()
    QTest.keyClicks(years, "2")
    QTest.keyClick(years, Qt.Key.Key_Return)
    assert panel.growth.table.row("per_year").value == "1.0"
    # the section shown in both studies
    panel.views.go_to(30)
    assert panel.growth.here.row("here_change").value == "2.0"
    # another place of work of the same plan does not show the other study
    panel.go_to(LUMEN)
    assert not len(panel.views.chart.chart._before)
    panel.go_to(GROWTH)
    box = panel.findChild(QComboBox, "growth_with")
    assert box is not None
    assert box.currentText() == "earlier: vessel"
    # the same vessel itself: nothing grew that the measurement could tell
    same = tmp_path / "same.json"
    same.write_text(json.dumps({**panel.results, "plan": "vessel"}))
    panel.growth.open_file(same)
    _quiet(qtbot, panel)
    assert panel.growth.callouts[0].title == "No change that the measurement can tell"
    panel.growth.open_file(panel.session.path)
    assert "open" in panel.growth.callouts[0].title
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    panel.growth.open_file(wrong)
    _quiet(qtbot, panel)
    assert "no vessel plan" in panel.growth.callouts[0].title
    panel.growth.open_file(planned)
    _quiet(qtbot, panel)
    assert panel.growth.asked is not None
    assert panel.growth.asked["with"] == "aorta: vessel"


def test_everything_is_there_after_the_case_was_closed(qtbot: QtBot, panel: VesselPanel, pelvis: Pelvis) -> None:
    panel.go_to(ANEURYSM)
    panel.point_placed(RENAL, renal_mm(pelvis))
    assert panel.results is not None
    neck = panel.results["evar"]["neck"]
    path = panel.session.path
    panel.session.close()
    again = _panel(qtbot, Document.open(path), panel.session.jobs)
    assert again.results is not None
    assert again.results["evar"]["neck"] == neck
    assert len(others(again.results["tree"])) == len(again.branches.branches) >= 4
    again.go_to(ANEURYSM)
    assert _row(again, "neck_length").row.value == f"{neck['length_mm']:.1f}"
    again.session.close()


def _less(row: dict, by_mm: float) -> float:
    return float(np.pi * (row["area_diameter_mm"] - by_mm) ** 2 / 4.0)
