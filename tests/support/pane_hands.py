"""A slice pane in the hand: real mouse, wheel and key events, and what the pane tells."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from planning.geometry import Grid
from planning.volume import Volume
from viewers.overlay import PaneContent
from viewers.pane_look import PaneLook
from viewers.slice_pane import SlicePane
from viewers.view_state import ViewModel, ViewState

LOOK = PaneLook(
    accent="#62ADFF",
    text="#E9EDF1",
    text_soft="#AAB5C0",
    halo="#000000",
    warn="#F7C04A",
    plane_colors={"axial": "#FF7B6E", "sagittal": "#FFD45E", "coronal": "#4CCFA2", "3d": "#9AA8B6"},
    font_family="Inter",
)
WIDTH, HEIGHT = 340, 300
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def plain_volume(value: int = 40) -> Volume:
    grid = Grid.from_parts((100, 90, 60), (1.0, 1.0, 2.0), (-50.0, -45.0, -60.0))
    return Volume(grid, np.full(grid.shape_kji, value, dtype=np.int16))


class Signals:
    """Remembers what a signal brought."""

    def __init__(self, signal: object) -> None:
        self.got: list[tuple[object, ...]] = []
        signal.connect(lambda *values: self.got.append(values))  # type: ignore[attr-defined]


def shown_pane(
    qtbot, name: str = "axial", state: ViewState | None = None, content: PaneContent | None = None
) -> SlicePane:
    """A pane on screen with the keyboard's focus."""
    # away from the pane, or the real pointer's place under Xvfb hovers
    model = ViewModel(state or ViewState(active=name))
    pane = SlicePane(name, model, LOOK)
    qtbot.addWidget(pane)
    model.setParent(pane)
    pane.resize(WIDTH, HEIGHT)
    pane.set_content(content or PaneContent(volume=plain_volume()))
    pane.show()
    qtbot.waitExposed(pane)
    pane.setFocus()
    return pane


def settle(pane: SlicePane) -> None:
    end = time.monotonic() + 5.0
    while time.monotonic() < end:
        QApplication.processEvents()
        if pane.is_settled():
            return
        # full quality comes a moment after the last change; a busy machine takes longer than a count of turns
        time.sleep(0.005)
    raise AssertionError("the pane never settles")


def mouse(
    pane: SlicePane,
    kind: QEvent.Type,
    x: float,
    y: float,
    button: Qt.MouseButton = Qt.MouseButton.NoButton,
    buttons: Qt.MouseButton | None = None,
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    held = button if buttons is None else buttons
    place = QPointF(x, y)
    QApplication.sendEvent(pane, QMouseEvent(kind, place, pane.mapToGlobal(place), button, held, keys))


def drag(
    pane: SlicePane,
    start: tuple[float, float],
    end: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NONE,
    *,
    release: bool = True,
) -> None:
    mouse(pane, QEvent.Type.MouseMove, *start, buttons=Qt.MouseButton.NoButton, keys=keys)
    mouse(pane, QEvent.Type.MouseButtonPress, *start, button, keys=keys)
    for share in (0.3, 0.7, 1.0):
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        mouse(pane, QEvent.Type.MouseMove, x, y, buttons=button, keys=keys)
    if release:
        mouse(pane, QEvent.Type.MouseButtonRelease, *end, button, buttons=Qt.MouseButton.NoButton, keys=keys)


def wheel(
    pane: SlicePane, angle: int, keys: Qt.KeyboardModifier = NONE, x: float = 170, y: float = 150, pixels: int = 0
):
    place = QPointF(x, y)
    event = QWheelEvent(
        place,
        pane.mapToGlobal(place),
        QPoint(0, pixels),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)


def on_screen(pane: SlicePane, position: object) -> tuple[float, float]:
    """The event position whose pixel's middle lies at a place in the patient."""
    x, y = pane.geometry_px().to_screen(position) - 0.5
    return float(x), float(y)


def grey(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width()].astype(np.float64)
