"""A section's edge pulled by the mouse, a way led through a click, a route excluded: in the window, undone, kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from roots import make_tube

from app.jobs import JobRunner
from app.panels.base import Planner
from app.panels.heart import HeartPanel
from app.panels.quantities import TableRowButton
from app.panels.rows import NameField
from app.panels.tavr.names import REPORT
from app.panels.tavr.route_card import RouteCard, route_facts
from app.panels.vessel import VesselPanel
from app.panels.vessels.names import ENDS, LUMEN
from app.panes.look import pane_look
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.access.plan import find_access
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import vessel_record
from planning.case.tavr_plans import tavr_record
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs
from planning.volume import Volume
from viewers.overlay import NoteItem, PaneContent, PathItem, PointItem
from viewers.slice_pane import SlicePane
from viewers.tracks import RayTrack

pytestmark = pytest.mark.gui
LONG_MS = 120_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
T = np.linspace(0, 1, 1200)
HALF = np.pi * T
# a straight artery and a bow beside it that leaves it and comes back: two ways
STRAIGHT = np.stack([0 * T + 0.2, 0 * T - 0.1, 60 * T], 1)
BOW = np.stack([20 * np.sin(HALF), 0 * T, 8 + 44 * T], 1)
NARROW = 3.5 * (1 - 0.4 * np.exp(-(((T - 0.5) * 60 / 5) ** 2)))
START, END = STRAIGHT[60], STRAIGHT[-60]


@pytest.fixture(scope="module")
def volume() -> Volume:
    curve = np.concatenate([STRAIGHT, BOW])
    return make_tube(curve, np.concatenate([NARROW, np.full(len(BOW), 2.5)]), spacing=0.8)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, volume: Volume) -> PlanRecord:
    with make_case(tmp_path_factory.mktemp("record") / "vessel.theatrum", volume) as document:
        return vessel_record(document, "vessel", START.tolist(), END.tolist())


@pytest.fixture
def session(tmp_path: Path, volume: Volume) -> Iterator[Session]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    jobs = JobRunner()
    made = Session(make_case(tmp_path / "vessel.theatrum", volume), jobs)
    yield made
    jobs.shutdown()
    made.close()


def _shown(qtbot: QtBot, session: Session, made: Any) -> Any:
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 760)
    made.show()
    made.entered()
    return made


@pytest.fixture
def panel(qtbot: QtBot, session: Session, record: PlanRecord) -> VesselPanel:
    session.do(SetPlan(record))
    made: VesselPanel = _shown(qtbot, session, VesselPanel(session))
    made.go_to(LUMEN)
    return made


def _slice(qtbot: QtBot, panel: Planner, name: str = "axial") -> SlicePane:
    """A slice pane that is wired to the panel as in the window."""
    pane = SlicePane(name, panel.session.view, pane_look())
    qtbot.addWidget(pane)
    pane.resize(420, 420)
    pane.point_moved.connect(panel.point_moved)
    pane.point_placed.connect(panel.point_placed)

    def show() -> None:
        pane.set_content(PaneContent(volume=panel.session.volume(), items=panel.items()))

    panel.scene_changed.connect(show)
    show()
    pane.show()
    return pane


def _at(pane: SlicePane, place: np.ndarray) -> QPoint:
    x, y = pane.geometry_px().to_screen(place)
    return QPoint(round(float(x)), round(float(y)))


def _drag(pane: SlicePane, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(pane, LEFT, NONE, start)
    for part in (1, 2, 3):
        QTest.mouseMove(pane, start + (end - start) * part / 3)
    QTest.mouseRelease(pane, LEFT, NONE, end)


def _click(panel: Planner, name: str) -> None:
    # new buttons are shown a turn later
    QApplication.processEvents()
    found = [button for button in panel.findChildren(QPushButton, name) if button.isVisibleTo(panel)]
    assert found, name
    QTest.mouseClick(found[0], LEFT)


def _handles(panel: Planner) -> list[PointItem]:
    return [item for item in panel.items() if isinstance(item, PointItem) and item.key.startswith("lumen_handle_")]


def _pull(pane: SlicePane, panel: Planner, number: int, by_mm: float) -> None:
    handle = _handles(panel)[number]
    track = handle.track
    assert isinstance(track, RayTrack)
    _drag(pane, _at(pane, handle.position_mm), _at(pane, handle.position_mm + by_mm * track.direction))


def _row(panel: Planner, key: str) -> TableRowButton:
    row = panel.findChild(TableRowButton, f"row_{key}")
    assert row is not None, key
    return row


def test_a_handle_pulls_the_section_and_every_number_follows(qtbot: QtBot, panel: VesselPanel) -> None:
    before = panel.results
    assert before is not None
    narrowest = panel.station
    pane = _slice(qtbot, panel)
    assert not _handles(panel)
    _click(panel, "lumen_edit_contour")
    assert len(_handles(panel)) == 8
    moved: list[float] = []
    panel.scene_changed.connect(lambda: moved.append(panel.views.station["area_mm2"]))  # type: ignore[index]
    radius = before["stations"][narrowest]["area_diameter_mm"] / 2.0 + 1.0
    for number in range(8):
        # a pull takes its neighbours a little way with it
        handle = _handles(panel)[number]
        track = handle.track
        assert isinstance(track, RayTrack)
        _pull(pane, panel, number, radius - float(np.linalg.norm(handle.position_mm - track.center_mm)))
    # the panes follow the hand before the case knows
    assert len(moved) > 8
    results = panel.results
    assert results is not None
    station, was = results["stations"][narrowest], before["stations"][narrowest]
    assert station["edited"] == "here"
    # as near as a hand hits a pixel
    assert station["area_diameter_mm"] == pytest.approx(2.0 * radius, abs=0.15)
    assert station["automatic"]["area_mm2"] == was["area_mm2"]
    assert results["minimum"]["min_diameter_mm"] > before["minimum"]["min_diameter_mm"] + 0.5
    assert results["automatic"]["minimum"] == before["minimum"]
    assert len(panel.plan.inputs["lumen_edits"]) == 1  # type: ignore[union-attr]
    assert all(handle.shape == "square" for handle in _handles(panel))
    # beside what was drawn stands what the image told
    (note,) = [item for item in panel.items() if isinstance(item, NoteItem) and item.key == "section_edited"]
    assert note.text.startswith("Edited; automatic 4")
    assert [item for item in panel.items() if isinstance(item, PathItem) and item.key == "section_automatic"]
    assert _row(panel, "here_least").row.share.startswith("automatic 4")
    assert _row(panel, "automatic").row.value == f"{before['minimum']['min_diameter_mm']:.1f}"
    # one undo step for each pull
    panel.session.undo()
    assert panel.results["stations"][narrowest]["area_mm2"] < station["area_mm2"]  # type: ignore[index]
    panel.session.redo()
    assert panel.results == results


def test_a_section_and_all_sections_go_back_to_the_image(qtbot: QtBot, panel: VesselPanel) -> None:
    before = panel.results
    pane = _slice(qtbot, panel)
    QTest.keyClick(panel.views.strip, Qt.Key.Key_Left)
    panel.edit()
    assert panel.views.is_editing
    _pull(pane, panel, 2, 1.2)
    panel.go_to_station(5)
    _pull(pane, panel, 6, 1.2)
    assert len(panel.plan.inputs["lumen_edits"]) == 2  # type: ignore[union-attr]
    _click(panel, "lumen_reset_section")
    assert len(panel.plan.inputs["lumen_edits"]) == 1  # type: ignore[union-attr]
    assert "edited" not in panel.results["stations"][5]  # type: ignore[index]
    _pull(pane, panel, 0, 1.0)
    # Delete lets one handle go
    pulled = next(handle for handle in _handles(panel) if handle.shape == "square")
    panel.reset_point(pulled.key)
    assert len(panel.plan.inputs["lumen_edits"]) == 1  # type: ignore[union-attr]
    _click(panel, "lumen_reset_all")
    assert panel.results == before
    assert not panel.plan.inputs["lumen_edits"]  # type: ignore[union-attr]
    _click(panel, "lumen_edit_contour")
    assert not _handles(panel)


def test_escape_takes_a_pull_back_and_a_pull_through_the_middle_is_refused(qtbot: QtBot, panel: VesselPanel) -> None:
    before = panel.results
    pane = _slice(qtbot, panel)
    _click(panel, "lumen_edit_contour")
    handle = _handles(panel)[0]
    start = _at(pane, handle.position_mm)
    QTest.mousePress(pane, LEFT, NONE, start)
    QTest.mouseMove(pane, start + QPoint(12, 0))
    QTest.mouseMove(pane, start + QPoint(25, 0))
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    QTest.mouseRelease(pane, LEFT, NONE, start)
    assert panel.results is before
    assert panel.views.station == before["stations"][panel.station]  # type: ignore[index]
    # across the middle nothing comes out that is no closed curve
    _pull(pane, panel, 0, -30.0)
    stations = panel.results["stations"]  # type: ignore[index]
    assert all(station["area_mm2"] > 1.0 for station in stations if station["closed"])


def test_edits_survive_a_reload_and_go_where_the_vessel_no_longer_is(
    qtbot: QtBot, tmp_path: Path, volume: Volume, record: PlanRecord
) -> None:
    path = tmp_path / "kept.theatrum"
    make_case(path, volume).close()
    jobs = JobRunner()
    session = Session(Document.open(path), jobs)
    session.do(SetPlan(record))
    panel: VesselPanel = _shown(qtbot, session, VesselPanel(session))
    panel.go_to(LUMEN)
    pane = _slice(qtbot, panel)
    panel.go_to_station(8)
    _click(panel, "lumen_edit_contour")
    _pull(pane, panel, 4, 1.0)
    panel.go_to_station(40)
    _pull(pane, panel, 4, 1.0)
    results = panel.results
    session.close()
    again = Session(Document.open(path), jobs)
    reloaded: VesselPanel = _shown(qtbot, again, VesselPanel(again))
    assert reloaded.results == results
    assert len(reloaded.plan.inputs["lumen_edits"]) == 2  # type: ignore[union-attr]
    # the vessel begins later: the first edit's section is gone, and that is said
    reloaded.go_to(ENDS)
    reloaded.point_moved("vessel_start", STRAIGHT[500], True)
    qtbot.waitUntil(lambda: not again.jobs.active, timeout=LONG_MS)
    assert len(reloaded.plan.inputs["lumen_edits"]) == 1  # type: ignore[union-attr]
    assert [one["code"] for one in reloaded.results["warnings"] if one["code"] == "edit_dropped"] == ["edit_dropped"]  # type: ignore[index]
    assert [station["s_mm"] for station in reloaded.results["stations"] if station.get("edited") == "here"]  # type: ignore[index]
    jobs.shutdown()
    again.close()


def test_a_click_leads_the_way_and_a_drag_and_delete_change_it(qtbot: QtBot, panel: VesselPanel) -> None:
    before = panel.results
    assert before is not None
    panel.go_to(ENDS)
    pane = _slice(qtbot, panel, "coronal")
    panel.session.view.set(cross_mm=(10.0, 0.0, 30.0))
    _click(panel, "vessel_add_via")
    assert panel.session.view.state.placing == "vessel_via"
    QTest.mouseClick(pane, LEFT, NONE, _at(pane, np.array((20.0, 0.0, 30.0))))
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)
    led = panel.results
    assert led is not None
    assert led["length_mm"] > before["length_mm"] + 8.0
    assert max(station["position_mm"][0] for station in led["stations"]) > 17.0
    assert len(panel.plan.inputs["via_mm"]) == 1  # type: ignore[union-attr]
    assert _row(panel, "vessel_via_0").row.status == "by hand"
    (point,) = [item for item in panel.items() if item.key == "vessel_via_0"]
    assert isinstance(point, PointItem)
    assert point.movable
    # dragged back into the straight artery the way is the short one again
    _drag(pane, _at(pane, point.position_mm), _at(pane, STRAIGHT[600]))
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)
    assert panel.results["length_mm"] == pytest.approx(before["length_mm"], abs=0.5)  # type: ignore[index]
    panel.session.undo()
    assert panel.results["length_mm"] == led["length_mm"]  # type: ignore[index]
    panel.reset_point("vessel_via_0")
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)
    assert not panel.plan.inputs["via_mm"]  # type: ignore[union-attr]
    assert panel.results["length_mm"] == pytest.approx(before["length_mm"], abs=0.1)  # type: ignore[index]
    # beside every vessel there is no way, and that is said calmly
    _click(panel, "vessel_add_via")
    QTest.mouseClick(pane, LEFT, NONE, _at(pane, np.array((-14.0, 0.0, 30.0))))
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)
    assert panel.work.problems["ends"].title
    panel.take_back()
    assert not panel.work.via_mm


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory, volume: Volume) -> PlanRecord:
    """A heart plan whose two routes lie in the tubes; its root is a phantom's and is not looked at here."""
    phantom = cardiac_phantom(root_only=True)
    inputs = TavrInputs(hinges_mm=phantom.truth.hinges_mm, sheath="Python 14F")
    with make_case(tmp_path_factory.mktemp("root") / "heart.theatrum", phantom.volume) as document:
        root = tavr_record(document, "tavr", inputs, parts=frozenset())
    ends = {"from_mm": END.tolist(), "to_mm": START.tolist()}
    placed = {"left_femoral": ends, "right_femoral": {**ends, "via_mm": [[20.0, 0.0, 30.0]]}}
    found = find_access(volume, sheath="Python 14F", ends=placed)
    return replace(root, inputs={**root.inputs, "access": placed}, results={**root.results, "access": found})


@pytest.fixture
def heart(qtbot: QtBot, session: Session, routed: PlanRecord) -> HeartPanel:
    session.do(SetPlan(routed))
    made: HeartPanel = _shown(qtbot, session, HeartPanel(session))
    made.go_to(REPORT)
    return made


def _routes(panel: HeartPanel) -> dict[str, Any]:
    assert panel.results is not None
    return {row["key"]: row for row in panel.results["access"]["routes"]}


def test_a_route_drawn_wider_is_ranked_again(qtbot: QtBot, heart: HeartPanel) -> None:
    before = _routes(heart)
    first = next(key for key, row in before.items() if row["rank"] == 1)
    other = next(key for key in before if key != first)
    cards = {card.key: card for card in heart.findChildren(RouteCard)}
    QTest.mouseClick(cards[other], LEFT)
    assert heart.access.chosen == other
    _click(heart, "heart_accept")
    assert heart.plan.inputs["route"] == other  # type: ignore[union-attr]
    pane = _slice(qtbot, heart)
    _click(heart, "route_edit_contour")
    narrowest = heart.access._views.at  # type: ignore[union-attr]
    shown: list[float] = []
    heart.scene_changed.connect(lambda: shown.append(heart.access.route["minimum"]["min_diameter_mm"]))  # type: ignore[index]
    for at in (narrowest, narrowest - 3, narrowest + 3):
        heart.access._views.go_to(at)  # type: ignore[union-attr]
        for number in range(8):
            handle = _handles(heart)[number]
            track = handle.track
            assert isinstance(track, RayTrack)
            _pull(pane, heart, number, 4.0 - float(np.linalg.norm(handle.position_mm - track.center_mm)))
    # the card's numbers followed the hand
    assert len({round(value, 2) for value in shown}) > 10
    now = _routes(heart)[other]
    assert now["minimum"]["min_diameter_mm"] > before[other]["minimum"]["min_diameter_mm"] + 0.5
    assert now["automatic"]["minimum"] == before[other]["minimum"]
    assert now["sheath_ratio"] < before[other]["sheath_ratio"]
    assert "Edited by hand at" in now["reason"]
    # nobody accepted this lumen
    assert heart.plan.inputs["route"] is None  # type: ignore[union-attr]
    assert ("Automatic least", f"{before[other]['minimum']['min_diameter_mm']:.1f}", "mm") in route_facts(now)
    # another sheath and another valve leave what was drawn
    heart.work.routes.choose_sheath("eSheath 16F")
    assert _routes(heart)[other]["minimum"] == now["minimum"]
    assert _routes(heart)[first]["minimum"] == before[first]["minimum"]
    _click(heart, "route_reset_all")
    assert _routes(heart)[other]["minimum"] == before[other]["minimum"]
    assert heart.plan.inputs["lumen_edits"] is None  # type: ignore[union-attr]


def test_a_route_is_excluded_with_a_reason_and_taken_back_in(heart: HeartPanel) -> None:
    first = heart.access.routes[0]["key"]
    assert heart.access.chosen == first
    _click(heart, "route_exclude")
    field = heart.findChild(NameField, "route_why")
    assert field is not None
    QTest.keyClicks(field, "graft in the groin")
    QTest.keyClick(field, Qt.Key.Key_Return)
    row = _routes(heart)[first]
    assert (row["state"], row["text"], row["rank"]) == ("excluded", "excluded: graft in the groin", 2)
    main = heart.frame.footer.main_button
    assert main is not None
    assert not main.isEnabled()
    assert heart.plan.inputs["excluded"] == {first: "graft in the groin"}  # type: ignore[union-attr]
    heart.session.undo()
    assert _routes(heart)[first]["rank"] == 1
    heart.session.redo()
    _click(heart, "route_exclude")
    assert _routes(heart)[first]["rank"] == 1
    assert heart.plan.inputs["excluded"] is None  # type: ignore[union-attr]


def test_a_route_is_led_through_a_click(qtbot: QtBot, heart: HeartPanel) -> None:
    before, other = (_routes(heart)[key] for key in ("left_femoral", "right_femoral"))
    heart.access.choose("left_femoral")
    _click(heart, "route_add_via")
    assert heart.session.view.state.placing == "route_via"
    pane = _slice(qtbot, heart, "coronal")
    heart.session.view.set(cross_mm=(10.0, 0.0, 30.0))
    QTest.mouseClick(pane, LEFT, NONE, _at(pane, np.array((20.0, 0.0, 30.0))))
    qtbot.waitUntil(lambda: not heart.session.jobs.active, timeout=LONG_MS)
    led = _routes(heart)["left_femoral"]
    assert led["length_mm"] > before["length_mm"] + 8.0
    assert led["source"] == "given"
    assert len(heart.plan.inputs["access"]["left_femoral"]["via_mm"]) == 1  # type: ignore[union-attr]
    # the other route is as it was
    assert _routes(heart)["right_femoral"]["stations"] == other["stations"]
    heart.reset_point("route_via_0")
    qtbot.waitUntil(lambda: not heart.session.jobs.active, timeout=LONG_MS)
    assert _routes(heart)["left_femoral"]["length_mm"] == pytest.approx(before["length_mm"], abs=0.1)
    # where there is no vessel the routes stay, and the reason is said
    kept = _routes(heart)
    heart.access.point_placed("route_via", np.array((-14.0, 0.0, 30.0)))
    qtbot.waitUntil(lambda: not heart.session.jobs.active, timeout=LONG_MS)
    assert _routes(heart) == kept
    assert heart.work.routes.problem is not None


def test_a_route_that_was_not_found_is_placed_by_two_clicks(qtbot: QtBot, heart: HeartPanel) -> None:
    row = _row(heart, "missing_left_subclavian")
    assert "place its ends by hand" in row.row.reason
    QTest.mouseClick(row, LEFT)
    assert heart.session.view.state.placing == "route_begin"
    assert "Left subclavian" in heart.access._help.text()
    pane = _slice(qtbot, heart, "coronal")
    heart.session.view.set(cross_mm=(10.0, 0.0, 30.0))
    QTest.mouseClick(pane, LEFT, NONE, _at(pane, END))
    assert heart.session.view.state.placing == "route_end"
    QTest.mouseClick(pane, LEFT, NONE, _at(pane, STRAIGHT[760]))
    qtbot.waitUntil(lambda: not heart.session.jobs.active, timeout=LONG_MS)
    placed = _routes(heart)["left_subclavian"]
    assert placed["length_mm"] == pytest.approx(float(END[2] - STRAIGHT[760][2]), abs=1.5)
    assert heart.access.chosen == "left_subclavian"
    assert not [one for one in heart.results["access"]["missing"] if one["key"] == "left_subclavian"]  # type: ignore[index]
    heart.session.undo()
    assert "left_subclavian" not in _routes(heart)
