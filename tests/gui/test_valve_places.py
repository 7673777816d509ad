"""The valve step elsewhere than in a native annulus: a mitral valve placed by clicks, a prosthesis stated by its size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from app.jobs import JobRunner
from app.panels.heart import HeartPanel
from app.panels.quantities import NumberField, plain
from app.panels.tavr.names import VALVE
from app.panels.tavr.step_valve import IN_VALVE, MITRAL, NATIVE, PLACES
from app.panes.look import pane_look
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.commands import SetPlan
from planning.case.model import PlanRecord
from planning.case.tavr_plans import tavr_record
from planning.geometry import unit
from planning.phantoms.cardiac import CardiacPhantom, cardiac_phantom
from planning.phantoms.cardiac_anatomy import APEX, MITRAL_MM
from planning.tavr.in_valve import PROSTHESIS
from planning.tavr.inputs import TavrInputs
from viewers.overlay import ContourItem, PaneContent, PointItem, WireItem
from viewers.slice_pane import SlicePane

pytestmark = pytest.mark.gui
LONG_MS = 120_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def phantom() -> CardiacPhantom:
    return cardiac_phantom(root_only=True, spacing_mm=(0.9, 0.9, 0.9))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, phantom: CardiacPhantom) -> PlanRecord:
    with make_case(tmp_path_factory.mktemp("record") / "heart.theatrum", phantom.volume) as document:
        inputs = TavrInputs(hinges_mm=phantom.truth.hinges_mm, hinge_sources=("automatic",) * 3)
        return tavr_record(document, "tavr", inputs, parts=frozenset())


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path, phantom: CardiacPhantom, record: PlanRecord) -> Iterator[HeartPanel]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    jobs = JobRunner()
    session = Session(make_case(tmp_path / "heart.theatrum", phantom.volume), jobs)
    session.do(SetPlan(record))
    made = HeartPanel(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 760)
    made.show()
    made.entered()
    made.go_to(VALVE)
    yield made
    jobs.shutdown()
    session.close()


def _slice(qtbot: QtBot, panel: HeartPanel) -> SlicePane:
    """The annulus pane, wired to the panel as in the window."""
    pane = SlicePane("axial", panel.session.view, pane_look())
    qtbot.addWidget(pane)
    pane.resize(400, 400)
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


def _choose(panel: HeartPanel, key: str) -> None:
    """As by the arrow keys in the list of places."""
    box = panel.findChild(QComboBox, "valve_place")
    assert box is not None
    box.setFocus()
    keys = list(PLACES)
    steps = keys.index(key) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def _ring(count: int = 8, radius_mm: float = 14.0) -> np.ndarray:
    axis = unit(np.array(APEX))
    first = unit(np.cross(axis, (0.0, 0.0, 1.0)))
    around = np.arange(count)[:, None] * (2.0 * np.pi / count)
    turned = np.cos(around) * first + np.sin(around) * np.cross(axis, first)
    return np.array(MITRAL_MM) + radius_mm * turned


def _settled(qtbot: QtBot, panel: HeartPanel) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.active and not panel.is_stale, timeout=LONG_MS)


def test_a_mitral_valve_by_clicks_is_kept_moved_and_undone(qtbot: QtBot, panel: HeartPanel) -> None:
    step, view = panel.valve, panel.session.view
    _choose(panel, MITRAL)
    assert panel.arrangement() is None
    assert view.state.placing == "mitral_0"
    pane = _slice(qtbot, panel)
    # the plane of the mitral annulus, as the hand would turn to it
    view.align("", np.array(MITRAL_MM), -unit(np.array(APEX)), 60.0)
    for place in _ring(6):
        QTest.mouseClick(pane, LEFT, NONE, _at(pane, place))
    assert len(panel.work.mitral.points) == 6
    assert view.state.placing == "mitral_6"
    _settled(qtbot, panel)
    qtbot.waitUntil(lambda: panel.results is not None and bool(panel.results.get("mitral")), timeout=LONG_MS)
    assert panel.results is not None
    found = panel.results["mitral"]
    assert panel.plan is not None
    assert len(panel.plan.inputs["mitral"]["annulus_mm"]) == 6
    assert found["annulus"]["area_mm2"] == pytest.approx(np.pi * 14.0**2, rel=0.1)
    assert step.great.value_text == plain(found["area_mm2"], "mm²")
    drawn = {type(item): item for item in panel.items() if item.key in ("neo_lvot", "mitral_valve")}
    assert {ContourItem, WireItem} <= set(drawn)
    # the main button accepts, a secondary one ends placing at the narrowest section
    QTest.mouseClick(panel.findChild(QPushButton, "mitral_points"), LEFT)
    assert view.state.tool == "cross"
    assert view.state.pinned["axial"].title == "Neo-LVOT"
    assert np.allclose(view.state.pinned["axial"].origin_mm, found["position_mm"], atol=0.01)
    # a wider device leaves less
    box = panel.findChild(QComboBox, "mitral_choice")
    assert box is not None
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: panel.results["mitral"]["model"] != found["model"], timeout=LONG_MS)  # type: ignore[index]
    assert panel.session.document.undo()
    assert panel.results["mitral"]["model"] == found["model"]
    assert panel.session.document.undo()
    assert panel.results["mitral"] is None
    assert panel.results["annulus"]["area_mm2"] > 0


def test_too_few_points_are_a_draft_that_is_taken_back(qtbot: QtBot, panel: HeartPanel) -> None:
    _choose(panel, MITRAL)
    pane = _slice(qtbot, panel)
    panel.session.view.align("", np.array(MITRAL_MM), -unit(np.array(APEX)), 60.0)
    for place in _ring(3):
        QTest.mouseClick(pane, LEFT, NONE, _at(pane, place))
    assert panel.drafted() == "a point of the mitral annulus"
    panel.take_back()
    assert len(panel.work.mitral.points) == 2
    panel.reset_point("mitral_0")
    assert len(panel.work.mitral.points) == 1
    assert panel.results is not None
    assert panel.results["mitral"] is None
    # points of the native plan stay
    assert sum(isinstance(item, PointItem) and item.key.startswith("hinge") for item in panel.items()) == 3


def test_too_few_points_are_there_again_when_the_case_is_opened_again(qtbot: QtBot, panel: HeartPanel) -> None:
    _choose(panel, MITRAL)
    for number, place in enumerate(_ring(3)):
        panel.point_placed(f"mitral_{number}", place)
    again = HeartPanel(panel.session)
    qtbot.addWidget(again)
    assert np.allclose(again.work.mitral.points, _ring(3))
    assert again.valve.implanted_in == MITRAL
    # another plan has none of them, a renamed one has them still, and points of another phase are not this one's
    work = again.work
    assert work.plan is not None
    first = work.plan
    again.session.do(SetPlan(replace(first, name="second")))
    again.session.do(SetPlan(replace(first, name="later", inputs={**first.inputs, "phase": 1})))
    for name in ("second", "later"):
        work.open(name)
        assert work.mitral.points == []
    work.open(first.name)
    assert len(work.mitral.points) == 3
    assert work.rename("called anew")
    work.open("second")
    work.open("called anew")
    assert len(work.mitral.points) == 3
    work.mitral.clear()
    third = HeartPanel(panel.session)
    qtbot.addWidget(third)
    third.work.open("called anew")
    assert third.work.mitral.points == []
    assert third.valve.implanted_in == NATIVE


def test_a_prosthesis_is_stated_by_its_inner_diameter(qtbot: QtBot, panel: HeartPanel) -> None:
    _settled(qtbot, panel)
    assert panel.valve.implanted_in == NATIVE
    _choose(panel, IN_VALVE)
    titles = [callout.title for callout in panel.valve.callouts]
    assert "Inner diameter not known" in titles
    field = panel.findChild(NumberField, "inner_diameter")
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "18")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.results is not None
    assert panel.results["in_valve"]["inner_diameter_mm"] == 18.0
    assert {"left", "right"} == set(panel.results["obstruction"])
    assert all(side["cusp_mm"] is None for side in panel.results["obstruction"].values())
    assert panel.results["in_valve"]["sizes"][0]["fits"]
    qtbot.waitUntil(lambda: panel.work.placed.can_place, timeout=LONG_MS)
    _choose(panel, NATIVE)
    assert panel.results["in_valve"] is None
    assert panel.results["obstruction"]["left"]["cusp_mm"] is not None
    assert panel.session.document.undo()
    assert panel.results["in_valve"] is not None


def test_a_prosthesis_that_the_scan_shows_is_asked_for_its_size(panel: HeartPanel, record: PlanRecord) -> None:
    results = {**record.results, "quality": {"ok": False, "reasons": [PROSTHESIS]}}
    panel.session.do(SetPlan(replace(record, results=results)))
    assert panel.valve.implanted_in == IN_VALVE
    field = panel.findChild(NumberField, "inner_diameter")
    assert field is not None
    assert field.isVisible()
    assert "Inner diameter not known" in [callout.title for callout in panel.valve.callouts]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "60")
    QTest.keyClick(field, Qt.Key.Key_Return)
    # beyond what any prosthesis has
    assert panel.results is not None
    assert not panel.results.get("in_valve")
