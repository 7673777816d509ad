"""The panes of the TAVR steps by real events: views, valve, contour, root, access; and what survives a crash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

import app.panels.tavr.root_finder as finder_module
from app.jobs import JobRunner
from app.pane_grid import Arrangement, pane_places
from app.panels.heart import HeartPanel
from app.panels.quantities import TableRowButton
from app.panels.tavr.names import ANNULUS, CALCIUM, REPORT, ROOT, VALVE, VIEWS
from app.panels.tavr.route_card import RouteCard
from app.panels.tavr.valve_drawing import DEPTH_KEY
from app.panes.look import pane_look
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.access.plan import ranked
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.tavr_plans import AutomaticStart, tavr_record
from planning.phantoms.cardiac import CardiacPhantom, cardiac_phantom
from planning.tavr.inputs import TavrInputs
from planning.tavr.live import LiveRoot
from viewers.overlay import LabelItem, PaneContent, PathItem, PointItem
from viewers.slice_pane import SlicePane
from viewers.tracks import CircleTrack, LineTrack, RayTrack
from viewers.view_state import PinnedPlane, ViewModel, ViewState

pytestmark = pytest.mark.gui
LONG_MS = 120_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def phantom() -> CardiacPhantom:
    return cardiac_phantom(root_only=True)


@pytest.fixture(scope="module")
def automatic(phantom: CardiacPhantom) -> dict[str, object]:
    """What a search would have found: the truth, with a second estimate 1.8 mm off at one hinge."""
    hinges = phantom.truth.hinges_mm
    second = hinges + np.array([[1.8], [0.2], [0.2]]) * phantom.truth.normal
    return {
        "hinges_mm": hinges.tolist(),
        "hinge_confidence": [0.6, 0.9, 0.9],
        "ostia_mm": [place.tolist() for place in phantom.truth.ostia_mm],
        "hinges_second_mm": second.tolist(),
        "second": {"normal": phantom.truth.normal.tolist(), "origin_mm": hinges.mean(axis=0).tolist()},
        "confidence": 0.8,
    }


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, phantom: CardiacPhantom, automatic: dict) -> PlanRecord:
    """The plan of the points found, measured once."""
    with make_case(tmp_path_factory.mktemp("record") / "heart.theatrum", phantom.volume) as document:
        inputs = TavrInputs(hinges_mm=phantom.truth.hinges_mm, hinge_sources=("automatic",) * 3, automatic=automatic)
        return tavr_record(document, "tavr", inputs, parts=frozenset())


@pytest.fixture
def session(tmp_path: Path, phantom: CardiacPhantom) -> Iterator[Session]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    jobs = JobRunner()
    made = Session(make_case(tmp_path / "heart.theatrum", phantom.volume), jobs)
    yield made
    jobs.shutdown()
    made.close()


def _panel(qtbot: QtBot, session: Session) -> HeartPanel:
    made = HeartPanel(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 760)
    made.show()
    made.entered()
    return made


@pytest.fixture
def panel(qtbot: QtBot, session: Session, record: PlanRecord) -> HeartPanel:
    """The panel of a case that has the plan."""
    session.do(SetPlan(record))
    return _panel(qtbot, session)


def _click(panel: HeartPanel, name: str) -> None:
    button = panel.findChild(QPushButton, name)
    assert button is not None, name
    QTest.mouseClick(button, LEFT)


def _settled(qtbot: QtBot, panel: HeartPanel) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.active and not panel.is_stale, timeout=LONG_MS)


def _slice(qtbot: QtBot, panel: HeartPanel, name: str) -> SlicePane:
    """A slice pane that is wired to the panel as in the window."""
    pane = SlicePane(name, panel.session.view, pane_look())
    qtbot.addWidget(pane)
    pane.resize(360, 360)
    pane.point_moved.connect(panel.point_moved)

    def show() -> None:
        pane.set_content(PaneContent(volume=panel.session.volume(), items=panel.items()))

    panel.scene_changed.connect(show)
    show()
    pane.show()
    return pane


def _at(pane: SlicePane, place: np.ndarray) -> QPoint:
    x, y = pane.geometry_px().to_screen(place)
    return QPoint(round(float(x)), round(float(y)))


def _drag(pane: SlicePane, start: QPoint, by: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(pane, LEFT, keys, start)
    for part in (1, 2, 3):
        # QTest's own move carries no keys, and none are held here
        QTest.mouseMove(pane, start + by * part / 3)
    QTest.mouseRelease(pane, LEFT, keys, start + by)


def test_the_root_is_found_and_an_edited_hinge_keeps_its_automatic_place(
    qtbot: QtBot, session: Session, phantom: CardiacPhantom, automatic: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = TavrInputs(hinges_mm=phantom.truth.hinges_mm, hinge_sources=("automatic",) * 3, automatic=automatic)
    monkeypatch.setattr(finder_module, "automatic_inputs", lambda *args, **kwargs: AutomaticStart(found, None, None))
    panel = _panel(qtbot, session)
    panel.go_to(ROOT)
    _click(panel, "heart_find_root")
    qtbot.waitUntil(lambda: panel.plan is not None, timeout=LONG_MS)
    _settled(qtbot, panel)
    assert session.view.state.frame_name == "root"
    assert session.view.state.tool == "cross"
    callout = panel.root.callouts[0]
    assert callout.title == "Look at the NCC hinge"
    _click(panel, "callout_heart_1_0_link")
    state = session.view.state
    assert state.selected_point == "hinge_ncc"
    # the long axis goes through the root's axis and the hinge
    normal = state.axes("coronal")[2]
    assert abs((phantom.truth.hinges_mm[0] - np.array(state.cross_mm)) @ normal) < 0.05
    assert {item.key for item in panel.items() if isinstance(item, PointItem) and item.shape == "ring"} == {
        "second_hinge_ncc"
    }
    panel.point_moved("hinge_ncc", phantom.truth.hinges_mm[0] + 1.2 * phantom.truth.normal, True)
    _settled(qtbot, panel)
    assert panel.results is not None
    mark = panel.results["landmarks"]["hinge_ncc"]
    assert mark["source"] == "edited"
    assert np.allclose(mark["automatic_mm"], phantom.truth.hinges_mm[0])
    row = panel.findChild(TableRowButton, "row_hinge_ncc")
    assert row is not None
    assert row.row.status == "moved 1.2\u202fmm"
    assert panel.results["root"]["look_here"] == []
    # what a dragged hinge needs is let go out of sight, and made again for one that is still chosen
    live = panel.work.live
    monkeypatch.setattr(LiveRoot, "prepare", lambda *_: "another")
    live.forget()
    live.prepare()
    live.forget()
    _settled(qtbot, panel)
    assert live._root is None
    panel.entered()
    qtbot.waitUntil(lambda: live._root == "another", timeout=LONG_MS)
    _click(panel, "heart_back_to_automatic")
    _settled(qtbot, panel)
    assert panel.results["landmarks"]["hinge_ncc"]["source"] == "automatic"


def test_a_search_that_fails_says_so_and_leaves_the_hand_free(qtbot: QtBot, session: Session) -> None:
    panel = _panel(qtbot, session)
    panel.go_to(ROOT)
    _click(panel, "heart_find_root")
    qtbot.waitUntil(lambda: not panel.work.finder.is_finding, timeout=LONG_MS)
    if panel.plan is None and not panel.work.placer.points:
        assert panel.root.callouts[0].title
        assert session.view.state.placing == "hinge_ncc"


def test_the_contour_is_pulled_by_a_handle_and_let_go(qtbot: QtBot, panel: HeartPanel) -> None:
    panel.go_to(ANNULUS)
    pane = _slice(qtbot, panel, "axial")
    assert panel.results is not None
    before = panel.results["annulus"]["area_mm2"]
    assert not [item for item in panel.items() if item.key.startswith("annulus_handle")]
    _click(panel, "heart_edit_contour")
    handles = [item for item in panel.items() if isinstance(item, PointItem) and item.key.startswith("annulus_handle")]
    assert len(handles) == 12
    handle = handles[2]
    center = np.asarray(panel.results["annulus"]["centroid_mm"])
    outward = handle.position_mm - center
    end = _at(pane, handle.position_mm + 2.0 * outward / np.linalg.norm(outward))
    start = _at(pane, handle.position_mm)
    _drag(pane, start, end - start)
    _settled(qtbot, panel)
    assert panel.results["annulus"]["area_mm2"] > before + 5.0
    assert panel.results["annulus"]["source"] == "edited"
    assert len(panel.plan.inputs["annulus_pins_mm"]) == 1  # type: ignore[union-attr]
    _click(panel, "heart_follow_image")
    _settled(qtbot, panel)
    assert panel.results["annulus"]["area_mm2"] == pytest.approx(before, abs=0.5)


def test_a_valve_is_dragged_in_half_millimetres_turned_and_chosen_in_the_table(qtbot: QtBot, panel: HeartPanel) -> None:
    panel.go_to(VALVE)
    matrix = panel.panes()["matrix"]
    assert panel.arrangement() == Arrangement(("axial", "matrix", "coronal", "3d"))
    qtbot.addWidget(matrix)
    qtbot.waitUntil(lambda: panel.work.placed.can_place, timeout=LONG_MS)
    matrix.resize(340, 360)
    matrix.show()
    table = panel.valve.matrix.table
    fitting = [row for row in table.rows if row["fits"]]
    row = fitting[-1]
    top = table._tops()[table.rows.index(row)]
    column = table.columns(row["cells"])[3][0]
    QTest.mouseClick(table, LEFT, NONE, QPoint(round(column.center().x()), round(top) + 10))
    _settled(qtbot, panel)
    assert panel.plan is not None
    valve = panel.plan.inputs["valve"]
    assert (valve["model"], valve["size"], valve["depth_mm"]) == (row["model"], row["size"], 5.0)
    steps = panel.session.document.journal_length
    qtbot.waitUntil(lambda: panel.work.placed.can_place, timeout=LONG_MS)
    pane = _slice(qtbot, panel, "coronal")
    (square,) = [item for item in panel.items() if item.key == DEPTH_KEY]
    assert isinstance(square, PointItem)
    _drag(pane, _at(pane, square.position_mm), QPoint(0, -7))
    _settled(qtbot, panel)
    depth = panel.plan.inputs["valve"]["depth_mm"]
    assert depth < 5.0
    assert (2.0 * depth).is_integer()
    assert panel.session.document.journal_length == steps + 1
    qtbot.waitUntil(lambda: panel.work.placed.can_place, timeout=LONG_MS)
    _click(panel, "heart_align_posts")
    _settled(qtbot, panel)
    assert panel.results["valve"]["commissure_deg"] < 10.0  # type: ignore[index]
    panel.session.undo()
    panel.session.undo()
    assert panel.work.placed.valve["depth_mm"] == 5.0  # type: ignore[index]
    panel.accept()
    assert panel.where.current == REPORT


def test_views_are_typed_added_and_turned_in_fluoroscopy(qtbot: QtBot, panel: HeartPanel) -> None:
    panel.go_to(VIEWS)
    panes = panel.panes()
    for pane in panes.values():
        qtbot.addWidget(pane)
        pane.resize(330, 340)
        pane.show()
    step = panel.views
    qtbot.waitUntil(lambda: all(pane.is_settled() for pane in panes.values()), timeout=LONG_MS)
    step.lao.setFocus()
    step.lao.selectAll()
    QTest.keyClicks(step.lao, "20 RAO")
    QTest.keyClick(step.lao, Qt.Key.Key_Return)
    assert step.angle is not None
    assert step.angle[0] == -20.0
    assert step.lao.text() == "RAO 20°"
    step.lao.selectAll()
    QTest.keyClicks(step.lao, "north")
    QTest.keyClick(step.lao, Qt.Key.Key_Return)
    assert step.lao.property("state") == "bad"
    assert step.angle[0] == -20.0
    first = step.first
    QTest.mousePress(first, LEFT, NONE, QPoint(100, 150))
    QTest.mouseMove(first, QPoint(140, 150))
    QTest.mouseRelease(first, LEFT, NONE, QPoint(140, 150))
    assert step.angle[0] == pytest.approx(-10.0, abs=0.6)
    _click(panel, "heart_add_view")
    assert panel.plan is not None
    assert panel.plan.inputs["views"][0]["lao_deg"] == pytest.approx(-10.0, abs=0.6)
    assert panel.findChild(TableRowButton, "row_view_0") is not None
    qtbot.waitUntil(lambda: all(pane.is_settled() for pane in panes.values()), timeout=LONG_MS)
    # the hinges lie on the annulus's edge in the three-cusp view
    step.choose("three_cusp")
    hinges = np.array(panel.work.hinges_mm())
    places = first.to_pane(hinges)
    away = places - places.mean(axis=0)
    assert np.linalg.svd(away)[1][1] < 2.5


def test_changing_steps_never_opens_a_window(qtbot: QtBot, panel: HeartPanel) -> None:
    # what a test before this one left open is not this panel's
    before = [panel, *(widget for widget in QApplication.topLevelWidgets() if widget.isVisible())]
    for step in (CALCIUM, VIEWS, VALVE, REPORT):
        panel.go_to(step)
        panes = list(panel.panes().values())
        # what a layout shows, it shows a turn later
        qtbot.wait(40)
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        assert not [widget for widget in shown if widget not in panes and widget not in before], step


def test_calcium_is_shown_as_a_slab_and_painted_by_cusp(qtbot: QtBot, panel: HeartPanel) -> None:
    panel.go_to(CALCIUM)
    assert panel.session.view.state.pinned["axial"].slab_mm > 0
    assert set(panel.panes()) >= {"sectors"}
    qtbot.waitUntil(lambda: bool(panel.labels()), timeout=LONG_MS)
    assert all(isinstance(item, LabelItem) for item in panel.labels())
    assert {item.key for item in panel.surfaces()} == {item.key for item in panel.labels()}
    panel.go_to(ANNULUS)
    assert not panel.labels()
    assert not panel.session.view.state.pinned


def _route(key: str, name: str, least_mm: float, offset: float) -> dict[str, object]:
    along = np.arange(0.0, 60.0, 1.0)
    stations = []
    angles = np.linspace(0.0, 2.0 * np.pi, 36, endpoint=False)
    for s in along:
        width = least_mm + 0.05 * abs(s - 30.0)
        place = np.array((offset, 0.0, -18.0 + s))
        ring = place + width / 2 * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
        stations.append(
            {
                "s_mm": float(s),
                "position_mm": place.tolist(),
                "tangent": [0.0, 0.0, 1.0],
                "min_diameter_mm": width,
                "max_diameter_mm": width + 0.4,
                "area_mm2": np.pi * width**2 / 4,
                "calcium_arc_deg": 40.0 if 20 < s < 30 else 0.0,
                "contour_mm": ring.tolist() if s > 3 else [],
                "closed": s > 3,
            }
        )
    line = [station["position_mm"] for station in stations]
    return {
        "key": key,
        "name": name,
        "rank": 0,
        "state": "ok",
        "text": "over 5.5",
        "from_mm": line[0],
        "to_mm": line[-1],
        "source": "automatic",
        "reaches_groin": True,
        "length_mm": 59.0,
        "chord_mm": 58.0,
        "tortuosity": 1.02,
        "minimum": {
            "s_mm": 30.0,
            "min_diameter_mm": least_mm,
            "uncertainty_mm": 0.2,
            "position_mm": line[30],
            "calcium_arc_deg": 40.0,
            "area_diameter_mm": least_mm + 0.2,
        },
        "bends_deg": [],
        "sharpest_bend_deg": 12.0,
        "angle_sum_deg": 20.0,
        "sheath_ratio": None,
        "sheath": None,
        "stations": stations,
        "centerline_mm": line,
        "closed_at_mm": None,
        "calcium": {"greatest_arc_deg": 40.0, "circumferential_mm": 0.0},
        "reason": "",
    }


def test_routes_are_ranked_chosen_by_click_and_judged_for_a_sheath(
    qtbot: QtBot, session: Session, record: PlanRecord
) -> None:
    rows = ranked(
        [_route("left_femoral", "Left femoral", 5.0, 6.0), _route("right_femoral", "Right femoral", 7.0, -6.0)]
    )
    access = {"routes": rows, "missing": [{"key": "left_carotid", "text": "not in scan"}], "sheath": None}
    session.do(SetPlan(replace(record, results={**record.results, "access": access})))
    panel = _panel(qtbot, session)
    panel.go_to(REPORT)
    cards = {card.key: card for card in panel.findChildren(RouteCard)}
    assert cards["right_femoral"].isChecked()
    assert panel.arrangement() == Arrangement(("axial", "3d", "strip", "chart"), "vessel")
    panes = panel.panes()
    strip, chart = panes["strip"], panes["chart"]
    for pane, height in ((strip, 196), (chart, 156)):
        qtbot.addWidget(pane)
        pane.resize(640, height)
        pane.show()
    views = panel.access._views
    assert views is not None
    assert views.at == 30
    assert session.view.state.pinned["axial"].title == "Section"
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert views.at == 31
    # the same place on the strip and on the chart
    middle = QPoint(46 + (640 - 60) // 2, 100)
    QTest.mouseClick(strip, LEFT, NONE, middle)
    on_strip = views.at
    QTest.mouseClick(panel.access._views.chart.chart, LEFT, NONE, QPoint(middle.x() - 2, 80))
    assert abs(views.at - on_strip) <= 1
    QTest.keyClick(strip, Qt.Key.Key_X)
    assert panel.access.chosen == "left_femoral"
    QTest.mouseClick(cards["right_femoral"], LEFT)
    assert panel.access.chosen == "right_femoral"
    panel.work.routes.choose_sheath("eSheath 14F")
    assert panel.results is not None
    by_key = {row["key"]: row for row in panel.results["access"]["routes"]}
    assert by_key["right_femoral"]["state"] == "ok"
    assert by_key["left_femoral"]["state"] == "bad"
    assert by_key["right_femoral"]["sheath_ratio"] == pytest.approx(6.0 / 7.0)
    assert [item for item in panel.items() if isinstance(item, PathItem) and item.key == "sheath"]
    _click(panel, "heart_accept")
    assert panel.plan.inputs["route"] == "right_femoral"  # type: ignore[union-attr]
    assert panel.findChild(QPushButton, "heart_write_report") is not None


def test_unfinished_points_survive_a_crash(qtbot: QtBot, tmp_path: Path, phantom: CardiacPhantom) -> None:
    path = tmp_path / "case.theatrum"
    make_case(path, phantom.volume).close()
    jobs = JobRunner()
    session = Session(Document.open(path), jobs)
    panel = _panel(qtbot, session)
    panel.go_to(ROOT)
    panel.point_placed("hinge_ncc", phantom.truth.hinges_mm[0])
    panel.point_placed("hinge_rcc", phantom.truth.hinges_mm[1])
    # the first panel is never told to close
    again = HeartPanel(session)
    qtbot.addWidget(again)
    assert again.where.current == ROOT
    assert again.drafted() == "RCC hinge"
    assert np.allclose(again.work.placer.points["hinge_ncc"], phantom.truth.hinges_mm[0])
    again.work.take_back()
    again.work.take_back()
    third = HeartPanel(session)
    qtbot.addWidget(third)
    assert third.drafted() == ""
    jobs.shutdown()
    session.close()


def test_a_plan_is_renamed_and_that_is_undone(panel: HeartPanel) -> None:
    panel.head.ask_name()
    field = panel.head.field
    assert field.isVisible()
    QTest.keyClicks(field, "before TAVR")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert list(panel.session.case.plans) == ["before TAVR"]
    assert panel.plan is not None
    panel.session.undo()
    assert panel.work.name == "tavr"
    assert panel.plan is not None


def test_comma_and_full_stop_turn_the_long_axes(qtbot: QtBot, panel: HeartPanel) -> None:
    panel.go_to(ANNULUS)
    pane = _slice(qtbot, panel, "coronal")
    before = panel.session.view.state
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Comma)
    after = panel.session.view.state
    turned = np.degrees(np.arccos(np.clip(before.axes("coronal")[2] @ after.axes("coronal")[2], -1, 1)))
    assert turned == pytest.approx(1.0, abs=1e-6)
    assert after.frame_name == "annulus"
    assert np.allclose(before.axes("axial")[0], after.axes("axial")[0])
    QTest.keyClick(pane, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    back = panel.session.view.state
    assert np.degrees(np.arccos(np.clip(back.axes("coronal")[2] @ after.axes("coronal")[2], -1, 1))) == pytest.approx(
        0.1, abs=1e-3
    )


def test_places_of_panes() -> None:
    state = ViewState()
    step = Arrangement(("s_curve", "fluoroscopy_1", "carm", "fluoroscopy_2"))
    assert set(pane_places(state, 680, 720, step)) == set(step.panes)
    one = pane_places(replace(state, maximised="carm"), 680, 720, step)
    assert list(one) == ["carm"]
    assert set(pane_places(replace(state, layout="1+3"), 680, 720, step)) == set(step.panes)
    vessel = pane_places(state, 680, 720, Arrangement(("axial", "3d", "strip", "chart"), "vessel"))
    assert vessel["strip"].height() == 196
    assert vessel["chart"].height() == 156
    assert vessel["strip"].width() == vessel["chart"].width() == 676
    low = pane_places(state, 680, 420, Arrangement(("axial", "3d", "strip", "chart"), "vessel"))
    assert low["axial"].height() > 150


def test_a_pinned_plane_is_moved_by_nothing_but_its_own_scrolling() -> None:
    view = ViewModel(ViewState())
    plane = PinnedPlane(
        title="LVOT", origin_mm=(1.0, 2.0, 3.0), frame=((1, 0, 0), (0, 1, 0), (0, 0, 1)), height_mm=-4.0
    )
    view.pin({"axial": plane})
    view.set(cross_mm=(9.0, 9.0, 9.0))
    assert np.allclose(view.state.pinned["axial"].through_mm, (1.0, 2.0, 3.0))
    view.scroll_pinned("axial", 1.5)
    assert np.allclose(view.state.pinned["axial"].through_mm, (1.0, 2.0, 4.5))
    view.straighten()
    assert not view.state.pinned


def test_tracks() -> None:
    line = LineTrack(np.zeros(3), np.array((0.0, 0.0, -1.0)), 0.5, 0.05, (0.0, 10.0))
    assert np.allclose(line.nearest(np.array((3.0, 1.0, -4.2))), (0, 0, -4.0))
    assert np.allclose(line.nearest(np.array((0.0, 0.0, -4.22)), fine=True), (0, 0, -4.2))
    assert np.allclose(line.nearest(np.array((0.0, 0.0, 5.0))), (0, 0, 0))
    assert np.allclose(line.nudged(np.array((0.0, 0.0, -4.0)), np.array((0.0, 0.0, -0.25))), (0, 0, -4.5))
    assert np.allclose(line.nudged(np.array((0.0, 0.0, -4.0)), np.array((0.25, 0.0, 0.0))), (0, 0, -4.0))
    circle = CircleTrack(np.zeros(3), np.array((0.0, 0.0, 1.0)), 13.0)
    assert np.allclose(circle.nearest(np.array((5.0, 0.0, 7.0))), (13.0, 0, 0))
    ray = RayTrack(np.zeros(3), np.array((1.0, 0.0, 0.0)), (4.0, 26.0))
    assert np.allclose(ray.nearest(np.array((1.0, 5.0, 0.0))), (4.0, 0, 0))
