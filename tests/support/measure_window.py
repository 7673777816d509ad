"""One window on a case with a tube of contrast, and a hand that measures in its panes by real events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from cases import make_case
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.case_page import CasePage
from app.launch import make_application
from app.settings import Settings
from app.window_states import wait_settled, wait_until
from app.workstation import Workstation
from planning.case.model import Measurement
from planning.geometry import Grid, unit
from planning.measure.kinds import readings
from planning.volume import Volume
from viewers.slice_pane import SlicePane
from viewers.view_state import ViewState

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
AXIS = unit((0.3, -0.2, 1.0))
RADIUS_MM = 9.0


def _volume() -> Volume:
    """A tube of contrast 18 mm wide that leans in a block of tissue."""
    grid = Grid.from_parts((72, 66, 54), (1.0, 1.0, 1.0), (-35.5, -32.5, -26.5))
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)
    away = np.linalg.norm(points - (points @ AXIS)[..., None] * AXIS, axis=-1)
    edge = 1.0 / (1.0 + np.exp((away - RADIUS_MM) / 0.35))
    noise = np.random.default_rng(1).normal(0, 8, away.shape)
    return Volume(grid, np.rint(40 + 310 * edge + noise).astype(np.int16))


@contextmanager
def measure_window(folder: Path) -> Iterator[Workstation]:
    """The window on a case of its own, shut at the end."""
    path = folder / "case.theatrum"
    make_case(path, _volume()).close()
    make_application(Settings())
    made = Workstation(Settings())
    made.show()
    made.windowHandle().requestActivate()
    open_again(made, path)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


def untouched(window: Workstation) -> CasePage:
    """The case as it was opened, straight planes through its middle."""
    page = window.page
    assert page is not None
    wait_settled(window)
    while page.session.can_undo:
        page.session.undo()
    plain = ViewState(show_crosshair=True, camera=page.session.view.state.camera)
    page.session.view.become(plain)
    for pane in page.slices.values():
        pane.hands.cancel()
    wait_settled(window)
    return page


def open_again(window: Workstation, path: Path) -> None:
    window.open_paths([path], module="study")
    wait_until(lambda: window.place == "case", "opening")
    wait_settled(window)


def place_of(pane: SlicePane, point_mm: object) -> QPoint:
    x, y = pane.geometry_px().to_screen(point_mm)
    return QPoint(round(x - 0.5), round(y - 0.5))


def press_key(pane: SlicePane, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    pane.setFocus()
    QTest.keyClick(pane, key, keys)


def drag(pane: SlicePane, start: QPoint, end: QPoint, *, release: bool = True) -> None:
    # a hand is never as quick as the next turn, in which panes are told what the case has
    QApplication.processEvents()
    QTest.mousePress(pane, LEFT, NONE, start)
    for step in range(1, 9):
        here = QPointF(start + (end - start) * step / 8)
        moved = QMouseEvent(QEvent.Type.MouseMove, here, pane.mapToGlobal(here), LEFT, LEFT, NONE)
        QApplication.sendEvent(pane, moved)
    if release:
        QTest.mouseRelease(pane, LEFT, NONE, end)


def only(page: CasePage) -> Measurement:
    (item,) = page.session.case.measurements.values()
    return item


def numbers(item: Measurement) -> dict[str, float]:
    return {reading.name: reading.value for reading in readings(item.kind, item.points_mm, item.outline_mm)}


def rim(pane: SlicePane, degrees: float, radius_mm: float) -> QPoint:
    geometry = pane.geometry_px()
    angle = np.radians(degrees)
    return place_of(pane, radius_mm * (np.cos(angle) * geometry.right + np.sin(angle) * geometry.down))


def wheel(pane: SlicePane, notches: int, keys: Qt.KeyboardModifier = NONE) -> None:
    place = QPointF(pane.rect().center())
    delta = QPoint(0, 120 * notches)
    event = QWheelEvent(
        place,
        pane.mapToGlobal(place),
        QPoint(),
        delta,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)


def click(pane: SlicePane, point_mm: object) -> None:
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, point_mm))
