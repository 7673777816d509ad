"""The Agatston score in the window: a series without contrast is chosen, scored at the valve, moved and kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app.jobs import JobRunner
from app.panels.heart import HeartPanel
from app.panels.tavr.names import CALCIUM
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.commands import AddImage, SetPlan
from planning.case.document import Document
from planning.case.model import Image
from planning.case.tavr_plans import tavr_record
from planning.geometry import Grid
from planning.phantoms.cardiac import CardiacPhantom, cardiac_phantom
from planning.provenance import Provenance
from planning.tavr.inputs import TavrInputs
from planning.volume import Volume

pytestmark = pytest.mark.gui
LONG_MS = 120_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SIDE_MM = 6.0


@pytest.fixture(scope="module")
def phantom() -> CardiacPhantom:
    return cardiac_phantom(root_only=True, spacing_mm=(0.9, 0.9, 0.9))


def _plain_scan(middle_mm: np.ndarray) -> Volume:
    """Soft tissue with a block of 500 HU, 6 mm each way, 6 mm to the left of the valve's middle."""
    grid = Grid.from_parts((100, 100, 27), (1.0, 1.0, 3.0), tuple(middle_mm - (49.5, 49.5, 39.0)))
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.size_ijk], indexing="ij"), -1)
    away = np.abs(grid.to_world(index) - (middle_mm + (6.0, 0.0, 0.0)))
    voxels = np.where((away < SIDE_MM / 2).all(axis=-1), 500, 45)
    return Volume(grid, voxels.transpose(2, 1, 0).astype(np.int16))


def _middle(phantom: CardiacPhantom) -> np.ndarray:
    return phantom.truth.hinges_mm.mean(axis=0) + 8.0 * phantom.truth.normal


def _with_plain_scan(document: Document, phantom: CardiacPhantom) -> None:
    volume = _plain_scan(_middle(phantom))
    array = document.store.put_array(volume.voxels)
    document.do(
        AddImage(
            Image(
                name="Plain CT",
                modality="CT",
                grid=volume.grid,
                arrays=(array,),
                phases=("",),
                provenance=Provenance("test"),
            )
        )
    )


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path, phantom: CardiacPhantom) -> Iterator[HeartPanel]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    jobs = JobRunner()
    document = make_case(tmp_path / "heart.theatrum", phantom.volume)
    _with_plain_scan(document, phantom)
    document.do(
        SetPlan(tavr_record(document, "tavr", TavrInputs(hinges_mm=phantom.truth.hinges_mm), parts=frozenset()))
    )
    session = Session(document, jobs)
    made = HeartPanel(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 760)
    made.show()
    made.entered()
    made.go_to(CALCIUM)
    yield made
    jobs.shutdown()
    session.close()


def test_a_series_is_scored_moved_and_undone(qtbot: QtBot, panel: HeartPanel) -> None:
    box = panel.findChild(QComboBox, "agatston_series")
    assert box is not None
    assert [box.itemText(n) for n in range(box.count())] == ["Not scored", "Plain CT"]
    panel.panes()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: bool((panel.results or {}).get("agatston")), timeout=LONG_MS)
    assert panel.results is not None
    score = panel.results["agatston"]
    # 6 x 6 mm in two slabs of 3 mm, weight 4
    assert score["score"] == pytest.approx(2 * SIDE_MM**2 * 4.0)
    assert score["image"] == "Plain CT"
    assert all(np.linalg.norm(np.array(island["center_mm"]) - score["center_mm"]) < 8.0 for island in score["islands"])
    assert any(row.key == "agatston" for row in panel.open_step.agatston.rows())  # type: ignore[attr-defined]
    # what was kept beside the root moves no picture
    assert panel.session.view.state.pinned["axial"].slab_mm > 0
    arrangement = panel.arrangement()
    assert arrangement is not None
    assert "score" in arrangement.panes
    pane = panel.panes()["score"]
    qtbot.addWidget(pane)
    pane.resize(320, 320)
    pane.show()
    qtbot.waitUntil(lambda: pane._image is not None, timeout=LONG_MS)  # type: ignore[attr-defined]
    # 40 mm to the right nothing lies in the ball
    asked = np.array(score["center_mm"]) - (34.0, 0.0, 0.0)
    at = pane.screen_of(asked)  # type: ignore[attr-defined]
    QTest.mouseClick(pane, LEFT, NONE, QPoint(round(at.x()), round(at.y())))
    qtbot.waitUntil(lambda: panel.results["agatston"]["score"] == 0.0, timeout=LONG_MS)  # type: ignore[index]
    assert np.linalg.norm(np.array(panel.results["agatston"]["center_mm"]) - asked) < 1.0
    assert panel.session.document.undo()
    assert panel.results["agatston"]["score"] > 0
    box.setCurrentIndex(1)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert panel.results["agatston"] is None


def test_the_planned_scan_itself_cannot_be_chosen_and_contrast_is_refused(qtbot: QtBot, panel: HeartPanel) -> None:
    part = panel.open_step.agatston  # type: ignore[attr-defined]
    assert part.series == ("Plain CT",)
    part.measure("CT", np.array(panel.results["annulus"]["centroid_mm"]))  # type: ignore[index]
    qtbot.waitUntil(lambda: part.problem is not None, timeout=LONG_MS)
    assert "carries contrast" in part.problem.title
    assert not panel.results.get("agatston")  # type: ignore[union-attr]
