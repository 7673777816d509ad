"""A case of two scans and a tracer's picture, opened in the real window; and a hand on its panes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.launch import make_application
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import AddImage
from planning.case.model import Image
from planning.geometry import Grid
from planning.provenance import Provenance
from planning.volume import Mask, Volume

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HOT_MM = np.array((12.0, -9.0, 6.0))
SIZE = (1400, 900)


def _points(grid: Grid) -> np.ndarray:
    return grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)


def body_volume(shift: float = 0.0) -> Volume:
    grid = Grid.from_parts((64, 60, 40), (1.5, 1.5, 2.0), (-48.0, -45.0, -40.0))
    inside = np.linalg.norm((_points(grid) - (shift, 0, 0)) / (40, 36, 36), axis=-1) <= 1
    voxels = np.where(inside, 60, -1000) + np.random.default_rng(1).normal(0, 10, inside.shape)
    return Volume(grid, voxels.astype(np.int16))


def tracer_volume() -> Volume:
    """Another grid: coarser, turned about its axis and shifted; one hot spot at HOT_MM."""
    turn = np.radians(20.0)
    direction = np.array(((np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1.0)))
    matrix = np.eye(4)
    matrix[:3, :3] = direction * 3.0
    matrix[:3, 3] = -direction @ (13 * 3.0, 12 * 3.0, 11 * 3.0) + (2.2, 1.1, -0.7)
    grid = Grid((27, 25, 23), matrix)
    values = 9.0 * np.exp(-((np.linalg.norm(_points(grid) - HOT_MM, axis=-1) / 6.0) ** 2))
    return Volume(grid, values.astype(np.float32))


def ball(grid: Grid, center: tuple[float, float, float], radius: float) -> Mask:
    return Mask.from_full(grid, np.linalg.norm(_points(grid) - center, axis=-1) <= radius)


def image_of(reference: object, name: str, modality: str, volume: Volume, quantity: str, **study: str) -> Image:
    return Image(
        name=name,
        modality=modality,
        grid=volume.grid,
        arrays=(reference,),
        quantity=quantity,
        study=study,
        provenance=Provenance("test"),
    )


def two_series_case(path: Path) -> Path:
    first, second, tracer = body_volume(), body_volume(4.0), tracer_volume()
    with make_case(path, first) as document:
        balls = {"liver": ((0, 0, 0), 24.0), "spleen": ((20, 10, 0), 8.0), "tumor_1": ((-8, 2, 3), 6.0)}
        add_structures(document, {name: ball(first.grid, *place) for name, place in balls.items()})
        for name, modality, volume, quantity in (("CT 2", "CT", second, "HU"), ("PT", "PT", tracer, "")):
            document.do(
                AddImage(
                    image_of(document.store.put_array(volume.voxels), name, modality, volume, quantity, frame="ab")
                )
            )
    return path


def opened(
    qtbot: QtBot | None,
    path: Path,
    settings: Settings | None = None,
    *,
    attended: bool = False,
    module: str = "study",
) -> Workstation:
    make_application(Settings())
    made = Workstation(settings or Settings())
    made.is_attended = attended
    made.resize(*SIZE)
    made.show()
    made.open_paths([path], module=module)
    end = 400
    while made.place != "case" and end:
        QTest.qWait(25)
        end -= 1
    wait_settled(made)
    return made


def shut(window: Workstation) -> None:
    """Without the question that a person is asked while work is running."""
    window.jobs.shutdown()
    window.close_case(show_start=False)
    window.hide()
    window.deleteLater()


class TwoSeries:
    """The window on such a case, as it was at first whenever its page is asked for."""

    def __init__(self, window: Workstation) -> None:
        assert window.page is not None
        self.window, self._first = window, window.page.session.view.state

    def page(self) -> CasePage:
        """The page, nothing of an earlier test in it."""
        page = self.window.page
        assert page is not None
        page.windows.close_all()
        self.window.windowHandle().requestActivate()
        assert QTest.qWaitForWindowActive(self.window)
        self.window.resize(*SIZE)
        while page.session.can_undo and page.session.document.undo_text != "Import PT":
            page.session.undo()
        page.structures.find.clear()
        page.session.view.become(replace(self._first, layout="2x2"))
        wait_settled(self.window)
        return page


@contextmanager
def two_series_window(paths: pytest.TempPathFactory) -> Iterator[TwoSeries]:
    """One window for a module of tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(paths.mktemp("home")))
        made = opened(None, two_series_case(paths.mktemp("case") / "two.theatrum"))
        yield TwoSeries(made)
        shut(made)


def pixels(picture: QImage) -> np.ndarray:
    shown = picture.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(shown.constBits(), dtype=np.uint8)
    rows = data.reshape(shown.height(), shown.bytesPerLine())[:, : 4 * shown.width()]
    return rows.reshape(shown.height(), -1, 4).copy()


def wheel(pane: QWidget, steps: int, keys: Qt.KeyboardModifier = NONE) -> None:
    place = QPointF(pane.rect().center())
    event = QWheelEvent(
        place, pane.mapToGlobal(place), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane, event)


def drag(widget: QWidget, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(widget, button, NONE, start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(widget, start + (end - start) * share)
        QTest.qWait(5)
    QTest.mouseRelease(widget, button, NONE, end)


def button_of(parent: QWidget, name: str) -> QAbstractButton:
    found = parent.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def wait_for(done, tries: int = 800) -> None:
    while not done():
        QTest.qWait(25)
        tries -= 1
        assert tries, "nothing happened"
