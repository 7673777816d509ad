"""The guided vessel panel: two clicks give a lumen, the chart leads the panes along it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from roots import make_tube

from app.jobs import JobRunner
from app.panels.quantities import TableRowButton
from app.panels.vessel import VesselPanel
from app.panels.vessels.names import ENDS, LUMEN
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.commands import SetPlan
from planning.case.model import PlanRecord
from planning.case.plans import vessel_record
from viewers.overlay import ContourItem, PathItem, PointItem

pytestmark = pytest.mark.gui
LONG_MS = 120_000
T = np.linspace(0, 1, 2000)
CURVE = np.stack([0 * T + 0.2, 0 * T - 0.1, 45 * T], 1)
RADIUS = 3.5 * (1 - 0.4 * np.exp(-(((T - 0.5) * 45 / 5) ** 2)))


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path):
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    jobs = JobRunner()
    session = Session(make_case(tmp_path / "vessel.theatrum", make_tube(CURVE, RADIUS)), jobs)
    made = VesselPanel(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 720)
    made.show()
    made.entered()
    yield made
    jobs.shutdown()
    session.close()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> PlanRecord:
    """The plan between the two ends, measured once."""
    with make_case(tmp_path_factory.mktemp("record") / "vessel.theatrum", make_tube(CURVE, RADIUS)) as document:
        return vessel_record(document, "vessel", CURVE[200].tolist(), CURVE[-200].tolist())


def _quiet(qtbot: QtBot, panel: VesselPanel) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.active, timeout=LONG_MS)


def _place(panel: VesselPanel) -> None:
    for key, place in zip(("vessel_start", "vessel_end"), (CURVE[200], CURVE[-200])):
        assert panel.session.view.state.placing == key
        panel.point_placed(key, place)


def test_two_clicks_measure_the_vessel(qtbot: QtBot, panel: VesselPanel) -> None:
    assert panel.where.current == ENDS
    _place(panel)
    _quiet(qtbot, panel)
    main = panel.findChild(QPushButton, "vessel_accept")
    assert main is not None
    QTest.mouseClick(main, Qt.MouseButton.LeftButton)
    assert panel.where.current == LUMEN
    results = panel.results
    assert results is not None
    assert results["minimum"]["min_diameter_mm"] == pytest.approx(2 * RADIUS.min(), abs=0.3)
    # the panes stand across the narrowest place
    state = panel.session.view.state
    assert state.frame_name == "vessel"
    assert abs(state.frame[2][2]) > 0.99
    assert state.cross_mm[2] == pytest.approx(22.5, abs=1.5)
    kinds = [type(item) for item in panel.items()]
    assert kinds.count(PathItem) == 1
    assert kinds.count(ContourItem) == 1
    assert kinds.count(PointItem) == 2


def test_the_chart_flies_to_its_station(panel: VesselPanel, record: PlanRecord) -> None:
    panel.session.do(SetPlan(record))
    panel.go_to(LUMEN)
    panes = panel.panes()
    assert set(panel.arrangement().panes) == {"axial", "3d", *panes}  # type: ignore[union-attr]
    panel.views.chart.resize(640, 156)
    panel.views.chart.show()
    chart = panel.views.chart.chart
    QApplication.processEvents()
    plot = chart._plot()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(round(plot.left()) + 1, round(plot.center().y())))
    assert panel.station == 0
    near_start = panel.session.view.state.cross_mm[2]
    assert near_start == pytest.approx(CURVE[200][2], abs=1.5)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert panel.station == 1
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert panel.session.view.state.cross_mm[2] == pytest.approx(CURVE[-200][2], abs=1.5)
    # N puts the panes across the vessel again
    panel.session.view.straighten()
    assert panel.look_at_plane()
    assert panel.session.view.state.frame_name == "vessel"
    assert tuple(panel.session.view.state.pinned) == ("axial",)
    row = panel.findChild(TableRowButton, "row_minimum")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert panel.session.view.state.cross_mm[2] == pytest.approx(22.5, abs=1.5)


def test_undo_takes_the_measurement_back_and_asks_for_the_last_point(panel: VesselPanel, record: PlanRecord) -> None:
    panel.session.do(SetPlan(record))
    panel.go_to(LUMEN)
    panel.session.undo()
    assert panel.where.current == ENDS
    assert panel.results is None
    assert panel.session.view.state.placing == "vessel_end"
    assert panel.session.view.state.frame_name == ""
    panel.session.redo()
    assert panel.results is not None


def test_a_point_beside_the_vessel_is_said_calmly(qtbot: QtBot, panel: VesselPanel) -> None:
    panel.point_placed("vessel_start", CURVE[200] + (14, 0, 0))
    panel.point_placed("vessel_end", CURVE[-200] + (14, 0, 0))
    _quiet(qtbot, panel)
    assert panel.plan is None
    callout = panel.ends.callouts[0]
    assert callout.isVisible()
    assert callout.title
    main = panel.frame.footer.main_button
    assert main is not None
    assert not main.isEnabled()
