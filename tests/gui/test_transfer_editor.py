"""The editor of colours and opacities by value, by real events."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from rays_scene import LEFT, NO_KEY

from app.panels.render_parts import ImagePart, image_note
from app.panels.transfer_editor import TransferEditor
from app.render_presets import AUTOMATIC
from app.rendering import DrawnImage
from planning.geometry import Grid
from planning.volume import Volume
from viewers.rendering import Rendering, Stop, opacity_at

pytestmark = pytest.mark.gui


@pytest.fixture
def editor(qtbot: QtBot) -> TransferEditor:
    made = TransferEditor()
    qtbot.addWidget(made)
    made.resize(280, 168)
    made.show_histogram(np.linspace(-1000.0, 1000.0, 257), np.ones(256))
    made.show_stops((Stop(0.0, "#000000", 0.0), Stop(200.0, "#FF0000", 0.3), Stop(600.0, "#FFFFFF", 0.9)), forget=True)
    made.show()
    return made


def pull(editor: TransferEditor, start: QPointF, end: QPointF, held: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mousePress(editor, LEFT, held, start.toPoint())
    for share in (0.5, 1.0):
        event = QMouseEvent(QEvent.Type.MouseMove, start + share * (end - start), start, LEFT, LEFT, held)
        QApplication.sendEvent(editor, event)
    QTest.mouseRelease(editor, LEFT, held, end.toPoint())


def test_points_are_dragged_added_removed_and_all_of_it_is_taken_back(editor: TransferEditor) -> None:
    first = editor.stops
    told: list[Any] = []
    editor.edited.connect(told.append)
    there = editor.place_of(first[1])
    pull(editor, there, there + QPointF(20.0, -30.0))
    moved = editor.stops
    assert moved[1].hu > 250.0
    assert moved[1].opacity > 0.35
    assert (moved[0], moved[2]) == (first[0], first[2])
    assert editor.chosen == 1
    assert told[-1] == moved
    place = editor.place_of(Stop(-500.0, "#000000", 0.5))
    QTest.mouseDClick(editor, LEFT, NO_KEY, place.toPoint())
    assert len(editor.stops) == 4
    assert editor.stops[0].hu == pytest.approx(-500.0, abs=12.0)
    assert editor.chosen == 0
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.stops == moved
    for _ in range(2):
        QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.stops == moved
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.stops == first
    assert not editor.can_undo
    QTest.keyClick(editor, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert editor.stops == moved


def test_a_point_cannot_pass_its_neighbours_and_shift_moves_all(editor: TransferEditor) -> None:
    there = editor.place_of(editor.stops[1])
    pull(editor, there, there + QPointF(400.0, 0.0))
    assert editor.stops[1].hu == editor.stops[2].hu - 1.0
    editor.undo()
    before = editor.stops
    pull(editor, there, there + QPointF(20.0, 0.0), Qt.KeyboardModifier.ShiftModifier)
    steps = {round(after.hu - stop.hu, 6) for stop, after in zip(before, editor.stops, strict=True)}
    assert len(steps) == 1
    assert steps.pop() > 50.0
    assert [stop.opacity for stop in editor.stops] == [stop.opacity for stop in before]


def test_the_editor_works_by_keys_alone(editor: TransferEditor) -> None:
    first = editor.stops
    QTest.keyClick(editor, Qt.Key.Key_PageUp)
    QTest.keyClick(editor, Qt.Key.Key_PageUp)
    assert editor.chosen == 1
    QTest.keyClick(editor, Qt.Key.Key_Right)
    QTest.keyClick(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert editor.stops[1].hu == first[1].hu + 5.0
    assert editor.stops[1].opacity == pytest.approx(first[1].opacity + 0.1)
    QTest.keyClick(editor, Qt.Key.Key_Insert)
    assert len(editor.stops) == 4
    values = np.linspace(-1000.0, 1000.0, 50)
    assert np.allclose(opacity_at(editor.stops, values), opacity_at((*first[:1], editor.stops[1], first[2]), values))
    assert "point 3 of 4" in editor.accessibleName()


def test_only_values_that_are_hounsfield_units_are_called_so(qtbot: QtBot) -> None:
    part = ImagePart()
    qtbot.addWidget(part)
    part.editor.show_stops((Stop(0.0, "#000000", 0.0), Stop(200.0, "#FF0000", 0.3)), forget=True)
    part.editor._choose(1)
    part.hu.set_value(200.0)
    for unit, ending in (("HU", "HU"), ("SUV", "SUV"), ("", "")):
        part.show_histogram(np.linspace(0.0, 500.0, 257), np.ones(256), unit)
        assert part.hu.text().endswith(ending)
        assert ("HU" in part.hu.text() + part.editor.accessibleName()) is (unit == "HU")


@pytest.mark.parametrize(
    ("unit", "most", "step", "words"),
    [("SUV", 10.0, 0.1, "4.10\u202fSUV"), ("", 3000.0, 10.0, "1\u202f210"), ("", 25000.0, 100.0, "10\u202f100")],
)
def test_points_move_and_are_told_as_finely_as_the_values_of_the_image(
    qtbot: QtBot, unit: str, most: float, step: float, words: str
) -> None:
    part = ImagePart()
    qtbot.addWidget(part)
    part.editor.resize(400, 170)
    part.show_histogram(np.linspace(0.0, most, 257), np.ones(256), unit)
    part.editor.show_stops(
        (Stop(0.2 * most, "#000000", 0.0), Stop(0.4 * most, "#FF0000", 0.2), Stop(0.9 * most, "#FFFFFF", 0.6)),
        forget=True,
    )
    part.editor._choose(1)
    part._wanted = Rendering(shows_volume=True)
    qtbot.keyClick(part.editor, Qt.Key.Key_Right)
    assert part.editor.stops[1].hu == pytest.approx(0.4 * most + step)
    part._show_point(1)
    assert part.hu.text() == words
    # the whole range lies in the picture, and the last point can be dragged as far as the image goes
    assert part.editor._span()[0] <= 0.0 < most <= part.editor._span()[1]
    place = part.editor.place_of(part.editor.stops[2]).toPoint()
    qtbot.mousePress(part.editor, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(part.editor, QPoint(part.editor.width() - 20, place.y()))
    qtbot.mouseRelease(part.editor, Qt.MouseButton.LeftButton)
    assert part.editor.stops[2].hu > 0.95 * most
    grabbed = part.editor.grab()
    assert not grabbed.isNull()


def test_a_preset_for_ct_is_called_so_where_another_scan_is_drawn() -> None:
    grid = Grid.from_parts((4, 4, 4), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    voxels = np.zeros((4, 4, 4), dtype=np.int16)
    notes = [
        image_note(DrawnImage(volume, volume, np.zeros(2), np.zeros(1), None))
        for volume in (Volume(grid, voxels, quantity=quantity) for quantity in ("HU", ""))
    ]
    assert notes == [
        "Drawn from every voxel of the scan.",
        "Presets are for CT: move the points to the values of this scan.",
    ]
    other = Volume(grid, voxels, quantity="")
    assert "what this scan holds" in image_note(DrawnImage(other, other, np.zeros(2), np.zeros(1), None), AUTOMATIC)
