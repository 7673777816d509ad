"""The guided TAVR panel: hinges by hand give the annulus, every gesture is one undo step, the hand sees it at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.jobs import JobRunner
from app.panels.heart import HeartPanel
from app.panels.notes import split_sentences
from app.panels.quantities import NumberField, TableRowButton
from app.panels.tavr.drawing import caliper_ends
from app.panels.tavr.names import ANNULUS, DIMENSIONS, HINGES, NAMES, ROOT, VIEWS
from app.panels.tavr.valves import fitting_row, ranked_devices
from app.panels.tavr.views import reach_of
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.tavr_plans import tavr_record
from planning.phantoms.cardiac import CardiacPhantom, cardiac_phantom
from planning.tavr.inputs import TavrInputs
from viewers.overlay import ContourItem, DistanceItem, PointItem

pytestmark = pytest.mark.gui
LONG_MS = 120_000


@pytest.fixture(scope="module")
def phantom() -> CardiacPhantom:
    return cardiac_phantom(root_only=True)


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path, phantom: CardiacPhantom):
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    jobs = JobRunner()
    session = Session(make_case(tmp_path / "heart.theatrum", phantom.volume), jobs)
    made = HeartPanel(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 720)
    made.show()
    made.entered()
    yield made
    jobs.shutdown()
    session.close()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, phantom: CardiacPhantom) -> PlanRecord:
    """The plan from the true hinges, measured once."""
    with make_case(tmp_path_factory.mktemp("record") / "heart.theatrum", phantom.volume) as document:
        return tavr_record(document, "tavr", TavrInputs(hinges_mm=phantom.truth.hinges_mm), parts=frozenset())


@pytest.fixture
def planned(panel: HeartPanel, record: PlanRecord) -> HeartPanel:
    """The panel of a case that has the plan."""
    panel.session.do(SetPlan(record))
    panel.go_to(ROOT)
    return panel


def _click(panel: HeartPanel, name: str) -> None:
    button = panel.findChild(QPushButton, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _place(panel: HeartPanel, hinges: np.ndarray) -> None:
    for key, place in zip(HINGES, hinges):
        assert panel.session.view.state.placing == key
        panel.point_placed(key, np.asarray(place))


def _measured(qtbot: QtBot, panel: HeartPanel) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.active and not panel.is_stale, timeout=LONG_MS)


def _annulus(panel: HeartPanel) -> ContourItem:
    (found,) = [item for item in panel.items() if isinstance(item, ContourItem) and item.key == "annulus"]
    return found


def test_from_three_clicks_to_every_step(qtbot: QtBot, panel: HeartPanel, phantom: CardiacPhantom) -> None:
    _click(panel, "heart_accept")
    assert panel.where.current == ROOT
    assert panel.session.view.state.tool == "place"
    button = panel.frame.footer.main_button
    assert button is not None
    assert button.text() == "Find the root"
    panel.point_placed("hinge_ncc", phantom.truth.hinges_mm[0])
    button = panel.frame.footer.main_button
    assert button is not None
    assert not button.isEnabled()
    assert "RCC hinge" in button.toolTip()
    for key, place in zip(HINGES[1:], phantom.truth.hinges_mm[1:]):
        assert panel.session.view.state.placing == key
        panel.point_placed(key, place)
    assert panel.session.view.state.tool == "cross"
    _measured(qtbot, panel)
    results = panel.results
    assert results is not None
    assert results["annulus"]["area_mm2"] == pytest.approx(phantom.truth.area_mm2, rel=0.01)
    _click(panel, "heart_accept")
    assert panel.where.current == ANNULUS
    state = panel.session.view.state
    assert state.frame_name == "annulus"
    assert abs(np.dot(state.frame[2], phantom.truth.normal)) > 0.999
    contour = _annulus(panel)
    assert [float(text) for _, text in contour.diameters] == pytest.approx(
        [phantom.truth.max_diameter_mm, phantom.truth.min_diameter_mm], abs=0.4
    )
    for step in range(ANNULUS, len(NAMES) - 1):
        assert panel.where.current == step
        qtbot.waitUntil(lambda: not panel.open_step.actions().main.blocked, timeout=LONG_MS)  # type: ignore[union-attr]
        panel.accept()
    # this scan holds the root only: the search for routes ends with words
    qtbot.waitUntil(lambda: not panel.work.routes.is_finding, timeout=LONG_MS)
    assert "not in it" in panel.access.callouts[0].title or "scan" in panel.access.callouts[0].title
    asked: list[str] = []
    panel.module_asked.connect(asked.append)
    _click(panel, "heart_write_report")
    _click(panel, "heart_measure_vessel")
    assert asked == ["report", "vessel"]


def test_moving_a_hinge_is_seen_at_once_and_is_one_undo_step(
    qtbot: QtBot, planned: HeartPanel, phantom: CardiacPhantom
) -> None:
    panel = planned
    panel.go_to(ANNULUS)
    session = panel.session
    steps = session.document.journal_length
    first = panel.results["annulus"]["normal"]  # type: ignore[index]
    moved = phantom.truth.hinges_mm[1] + 3.0 * phantom.truth.normal
    for part in (0.3, 0.6, 1.0):
        panel.point_moved("hinge_rcc", phantom.truth.hinges_mm[1] + part * 3.0 * phantom.truth.normal, False)
    assert session.document.journal_length == steps
    qtbot.waitUntil(lambda: not session.jobs.active, timeout=LONG_MS)
    # the preview belongs to the newest place, not to one on the way
    shown = _annulus(panel).points_mm
    away = (moved - shown.mean(axis=0)) @ np.linalg.svd(shown - shown.mean(axis=0))[2][2]
    assert abs(away) < 0.1
    panel.point_moved("hinge_rcc", moved, True)
    assert panel.is_stale
    main = panel.frame.footer.main_button
    assert main is not None
    assert not main.isEnabled()
    _measured(qtbot, panel)
    assert session.document.journal_length == steps + 1
    assert np.degrees(np.arccos(np.dot(first, panel.results["annulus"]["normal"]))) > 3.0  # type: ignore[index]
    session.undo()
    assert panel.results["annulus"]["normal"] == first  # type: ignore[index]
    (hinge,) = [item for item in panel.items() if isinstance(item, PointItem) and item.key == "hinge_rcc"]
    assert np.allclose(hinge.position_mm, phantom.truth.hinges_mm[1])
    session.redo()
    (hinge,) = [item for item in panel.items() if isinstance(item, PointItem) and item.key == "hinge_rcc"]
    assert np.allclose(hinge.position_mm, moved)
    session.undo()
    session.undo()
    assert panel.plan is None
    assert panel.where.current == ROOT
    assert session.view.state.placing == "hinge_lcc"


def test_impossible_hinges_are_said_calmly_and_change_nothing(
    qtbot: QtBot, planned: HeartPanel, phantom: CardiacPhantom
) -> None:
    panel = planned
    area = panel.results["annulus"]["area_mm2"]  # type: ignore[index]
    panel.point_moved("hinge_rcc", phantom.truth.hinges_mm[0] + np.array((1.0, 0.0, 0.5)), True)
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)
    main = panel.frame.footer.main_button
    assert main is not None
    assert not main.isEnabled()
    callout = panel.root.callouts[0]
    assert callout.isVisible()
    assert "Hinge points" in callout.title
    assert panel.results["annulus"]["area_mm2"] == area  # type: ignore[index]
    _click(panel, "callout_heart_1_0_link")
    assert not panel.is_stale
    assert not callout.isVisible()


def test_hinges_named_in_the_wrong_order_are_warned_of(
    qtbot: QtBot, panel: HeartPanel, phantom: CardiacPhantom
) -> None:
    panel.go_to(ROOT)
    _place(panel, phantom.truth.hinges_mm[[0, 2, 1]])
    _measured(qtbot, panel)
    assert "aorta seems to lie below this plane" in panel.root.callouts[0].title


def test_what_was_accepted_stays_with_the_plan_until_a_hinge_moves(
    qtbot: QtBot, planned: HeartPanel, phantom: CardiacPhantom
) -> None:
    planned.go_to(ANNULUS)
    _click(planned, "heart_accept")
    assert planned.where.current == DIMENSIONS
    _click(planned, "heart_accept")
    kept = planned.session.case.plans["tavr"].inputs["accepted"]
    assert list(kept) == ["annulus", "dimensions"]
    # taken back like every other step of the case
    planned.session.undo()
    assert planned.where.accepted & {ANNULUS, DIMENSIONS} == {ANNULUS}
    planned.session.redo()
    assert planned.where.accepted >= {ANNULUS, DIMENSIONS}
    planned.point_moved("hinge_ncc", phantom.truth.hinges_mm[0] + np.array((0.0, 0.0, 0.5)), True)
    qtbot.waitUntil(lambda: not planned.is_stale, timeout=60_000)
    assert not planned.session.case.plans["tavr"].inputs["accepted"]
    assert not planned.where.accepted & {ANNULUS, DIMENSIONS}


def test_numbers_of_the_root_fly_to_their_place(qtbot: QtBot, planned: HeartPanel, phantom: CardiacPhantom) -> None:
    panel = planned
    panel.go_to(DIMENSIONS)
    row = panel.findChild(TableRowButton, "row_lvot")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    shown = panel.session.view.state.pinned
    assert [shown[pane].title for pane in ("axial", "coronal", "sagittal")] == ["LVOT", "Sinuses", "STJ"]
    below = np.dot(np.array(shown["axial"].origin_mm) - panel.results["annulus"]["centroid_mm"], phantom.truth.normal)  # type: ignore[index]
    assert below == pytest.approx(-4.0, abs=0.05)
    row = panel.findChild(TableRowButton, "row_ascending")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert panel.session.view.state.pinned["sagittal"].title == "Ascending aorta"
    heights = [item for item in panel.items() if isinstance(item, DistanceItem)]
    assert heights
    panel.go_to(VIEWS)
    # leaving the step gives the planes back to the crosshair
    assert not panel.session.view.state.pinned
    row = panel.findChild(TableRowButton, "row_cusp_overlap")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    view = panel.results["projections"]["cusp_overlap"]  # type: ignore[index]
    assert panel.views.angle == (view["lao_deg"], view["cra_deg"])
    panes = panel.panes()
    assert set(panel.arrangement().panes) == set(panes)  # type: ignore[union-attr]
    panel.views.chart.resize(340, 350)
    panel.views.chart.show()
    chart = panel.views.chart.chart
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart._to_px(45.0, chart._on_curve(45.0)).toPoint())
    assert panel.views.angle[0] == pytest.approx(45.0, abs=1.0)
    assert panel.views.carm_table.row("foreshortening").value in ("0.0", "0.1")


def test_ostia_placed_by_hand_replace_the_found_ones(
    qtbot: QtBot, planned: HeartPanel, phantom: CardiacPhantom
) -> None:
    panel = planned
    _click(panel, "heart_place_ostia")
    for key, place in zip(("ostium_left", "ostium_right"), phantom.truth.ostia_mm):
        assert panel.session.view.state.placing == key
        panel.point_placed(key, place)
    _measured(qtbot, panel)
    results = panel.results
    assert results is not None
    assert results["landmarks"]["ostium_left"]["source"] == "given"
    heights = results["coronaries"]
    assert [heights["left_height_mm"], heights["right_height_mm"]] == pytest.approx(
        phantom.truth.ostium_heights_mm, abs=0.5
    )
    panel.reset_point("ostium_left")
    _measured(qtbot, panel)
    # one goes back to the image, the other stays where the hand put it
    assert panel.results["landmarks"]["ostium_left"]["source"] == "automatic"  # type: ignore[index]
    assert panel.results["landmarks"]["ostium_right"]["source"] == "given"  # type: ignore[index]


def test_a_case_opened_to_read_is_shown_and_never_changed(
    qtbot: QtBot, tmp_path: Path, phantom: CardiacPhantom, record: PlanRecord
) -> None:
    path = tmp_path / "read.theatrum"
    with make_case(path, phantom.volume) as document:
        document.do(SetPlan(record))
    jobs = JobRunner()
    session = Session(Document.open(path, read_only=True), jobs)
    panel = HeartPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    panel.entered()
    assert panel.where.current == ANNULUS
    panel.go_to(ROOT)
    panel.point_moved("hinge_rcc", phantom.truth.hinges_mm[1] + 1.0, True)
    panel.reset_point("hinge_ncc")
    assert not panel.is_stale
    # voxels are read ahead for the panes; nothing is measured
    assert all(state.job.key == "phase voxels" for state in jobs.active)
    assert session.view.state.tool == "cross"
    assert not any(item.movable for item in panel.items() if isinstance(item, PointItem))
    jobs.shutdown()
    session.close()


def test_typed_numbers(qtbot: QtBot) -> None:
    field = NumberField("margin", "Margin", "mm", 0.0, 30.0, 1.0)
    qtbot.addWidget(field)
    heard: list[float] = []
    field.entered.connect(heard.append)
    field.set_value(5.0)
    field.show()
    for typed in ("4.7", "4,7", "0.47 cm", "4.7 mm"):
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard == pytest.approx([4.7] * 4)
    field.selectAll()
    QTest.keyClicks(field, "+2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value == pytest.approx(6.7)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert field.value == pytest.approx(7.6)
    field.selectAll()
    QTest.keyClicks(field, "99")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value == pytest.approx(7.6)
    assert field.property("state") == "bad"
    assert field.text() == "99"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.property("state") == ""


def test_calipers_of_an_ellipse() -> None:
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    points = np.stack([13 * np.cos(angles), 10 * np.sin(angles), 0 * angles], 1)
    normal = np.array((0.0, 0.0, 1.0))
    longest, shortest = (caliper_ends(points, normal, longest=value) for value in (True, False))
    assert np.allclose(np.abs(longest[:, 0]), 13, atol=0.02)
    assert np.allclose(longest[:, 1], 0, atol=0.3)
    assert np.allclose(np.abs(shortest[:, 1]), 10, atol=0.02)
    assert np.allclose(shortest[:, 0], 0, atol=0.3)


def test_words() -> None:
    assert split_sentences("The edge is unclear. Check it.") == ("The edge is unclear", "Check it.")
    assert split_sentences("The LVOT has no closed edge at 2, 3 mm.") == ("The LVOT has no closed edge at 2, 3 mm", "")
    limits = (50.0, 30.0)
    assert reach_of({"lao_deg": 3.0, "cra_deg": -38.0}, limits) == "CAU 38° is beyond 30°"
    assert reach_of({"lao_deg": -3.0, "cra_deg": 12.0}, limits) == ""


def test_no_size_is_preferred_where_several_fit() -> None:
    def device(model: str, fits: bool, probability: float) -> dict[str, object]:
        return {
            "model": model,
            "size": "26",
            "fits": fits,
            "probability": probability,
            "oversizing_area_percent": 9.0,
            "oversizing_perimeter_percent": None,
        }

    devices = [device("One", True, 0.9991), device("Two", True, 0.9999), device("Three", False, 0.0)]
    results = {"devices": devices, "quality": {"ok": True}}
    assert [item["model"] for item in ranked_devices(results)] == ["One", "Two", "Three"]
    row = fitting_row(results)
    assert (row.name, row.value, row.detail) == ("Sizes for the annulus", "2 sizes", "One, 26 mm · Two, 26 mm")
    assert fitting_row({"devices": devices[2:], "quality": {"ok": True}}).value == "none"
    poor = fitting_row({"devices": devices[2:], "quality": {"ok": False}})
    assert poor.value == "–"
    assert "not good enough" in poor.reason
