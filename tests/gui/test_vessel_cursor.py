"""The crosshair of the slices in a straightened or curved vessel, and a place in the vessel in the slices: by real events."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pane_hands import LEFT, LOOK, NONE, SHIFT, mouse
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from planning.geometry import Grid
from planning.volume import Volume
from viewers.strip_pane import StripPane
from viewers.view_state import STRAIGHT, PinnedPlane, ViewModel, ViewState

pytestmark = pytest.mark.gui

STEP_MM = 1.0


def arch() -> np.ndarray:
    """A vessel along a half circle of 40 mm, (N, 3)."""
    angle = np.linspace(np.pi, 0.0, 127)
    return np.stack([40.0 * np.cos(angle), np.zeros_like(angle), 40.0 * np.sin(angle) - 10.0], axis=1)


def stations(line: np.ndarray) -> list[dict[str, Any]]:
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    tangents = np.gradient(line, along, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1)[:, None]
    return [
        {
            "s_mm": float(s),
            "position_mm": place.tolist(),
            "tangent": tangent.tolist(),
            "max_diameter_mm": 8.0,
            "contour_mm": [],
        }
        for s, place, tangent in zip(along, line, tangents, strict=True)
    ]


@pytest.fixture
def pane(qtbot) -> StripPane:
    """The arch, bright in a dark scan, its sections 1 mm apart; a chosen section stands in the view."""
    grid = Grid.from_parts((120, 60, 90), (1.0, 1.0, 1.0), (-60.0, -30.0, -30.0))
    line = arch()
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], axis=-1))
    off_circle = np.hypot(places[..., 0], places[..., 2] + 10.0) - 40.0
    inside = np.hypot(off_circle, places[..., 1]) < 4.0
    voxels = np.where(inside, 400, 0).astype(np.int16)
    model = ViewModel(ViewState(cross_mm=(0.0, 0.0, 30.0), window=800, level=200))
    strip = StripPane("strip", model, LOOK, "#35D6E6")
    qtbot.addWidget(strip)
    model.setParent(strip)
    strip.resize(700, 200)
    strip.show_vessel(Volume(grid, voxels), line, stations(line))

    def stand(number: int) -> None:
        strip.set_station(number)
        at = stations(line)[number]
        model.align("vessel", at["position_mm"], at["tangent"])

    strip.station_chosen.connect(stand)
    strip.show()
    qtbot.waitExposed(strip)
    return strip


@pytest.mark.parametrize("is_curved", [False, True])
def test_a_click_in_the_vessel_puts_the_crosshair_of_all_views_there_and_chooses_the_section(
    pane: StripPane, is_curved: bool
) -> None:
    chosen: list[int] = []
    pane.station_chosen.connect(chosen.append)
    if is_curved:
        QTest.keyClick(pane, Qt.Key.Key_S)
        assert pane.is_curved
    wanted = np.array(stations(arch())[40]["position_mm"]) * 1.0
    sheet = pane._sheet
    assert sheet is not None
    ((x, y),), _ = sheet.to_screen(wanted)
    QTest.mouseClick(pane, LEFT, NONE, QPoint(round(x), round(y)))
    assert abs(chosen[-1] - 40) <= 1
    assert np.linalg.norm(np.array(pane.model.state.cross_mm) - wanted) < 1.0


@pytest.mark.parametrize("is_curved", [False, True])
def test_the_crosshair_of_the_other_views_stands_at_its_place_in_the_vessel(pane: StripPane, is_curved: bool) -> None:
    if is_curved:
        pane.toggle_curved()
    before = pane.grab_picture()
    place = np.array(stations(arch())[80]["position_mm"])
    pane.model.set(cross_mm=tuple(place.tolist()))
    after = pane.grab_picture()
    assert after != before
    sheet = pane._sheet
    assert sheet is not None
    ((x, y),), (off,) = sheet.to_screen(place)
    assert off < 0.5
    assert np.linalg.norm(sheet.to_world(x, y) - place) < 0.5
    # an arm of the cross, white on the vessel
    color = after.pixelColor(round(x), round(y) - 6)
    assert min(color.red(), color.green(), color.blue()) > 180


def test_shift_and_move_leads_the_crosshair_and_a_plain_move_only_reads(pane: StripPane) -> None:
    sheet = pane._sheet
    assert sheet is not None
    before = pane.model.state
    mouse(pane, QEvent.Type.MouseMove, 300, 100, buttons=Qt.MouseButton.NoButton)
    assert pane.model.state == before
    assert np.allclose(pane._under, sheet.to_world(300, 100))
    assert pane._volume.value_at(pane._under) == 400.0
    mouse(pane, QEvent.Type.MouseMove, 420, 60, buttons=Qt.MouseButton.NoButton, keys=SHIFT)
    assert np.allclose(pane.model.state.cross_mm, sheet.to_world(420, 60))


def test_the_wheel_goes_from_section_to_section(pane: StripPane) -> None:
    pane.station_chosen.emit(50)
    for angle, keys, wanted in ((120, NONE, 51), (-120, NONE, 50), (120, SHIFT, 60)):
        place = QPointF(300, 100)
        event = QWheelEvent(
            place,
            pane.mapToGlobal(place),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(pane, event)
        assert pane._at == wanted


def test_the_position_line_goes_with_a_section_pane_that_is_scrolled(pane: StripPane) -> None:
    pane.station_chosen.emit(50)
    at = stations(arch())[50]
    plane = PinnedPlane(title="Section", origin_mm=tuple(at["position_mm"]), frame=STRAIGHT)
    pane.model.pin({"axial": plane})
    before = pane._section_at()
    pane.model.scroll_pinned("axial", 3.0)
    after = pane._section_at()
    assert before is not None
    assert after is not None
    assert np.allclose(after - before, 3.0 * np.array(at["tangent"]))


def test_the_button_for_the_bends_names_its_key_and_what_it_does(pane: StripPane) -> None:
    button = pane.findChild(QAbstractButton, "strip_curved")
    assert button is not None
    assert button.toolTip() == "Show the vessel with its bends (S)"
    button.click()
    assert pane.is_curved
    assert pane.title == "Curved"
    assert button.accessibleName() == "Show the vessel straightened, S"
    assert pane.rect().contains(button.geometry())
