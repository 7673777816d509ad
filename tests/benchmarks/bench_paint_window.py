"""CPU milliseconds of a paint event in slice panes, own work only: stroke, changed pixels of all panes, brush and texts.

Three panes of 620 x 500 px over a scan with eight structures. Prints; asserts nothing. Run with QT_QPA_PLATFORM=offscreen:
python tests/benchmarks/bench_paint_window.py [--slices 512]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from bench_panes import COLORS, PANE_PX
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.launch import paint_in_one_thread
from planning.by_hand.rules import Rules
from planning.by_hand.strokes import Brush, Stroke
from planning.geometry import FloatArray, Grid
from planning.volume import Mask, Volume
from viewers.overlay import LabelItem, PaneContent
from viewers.paint_hand import PAINT, Spot
from viewers.paint_live import LiveLabel
from viewers.pane_look import PaneLook
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, ViewModel, ViewState, vec

EVENTS = 60
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    """What the editor does at each event of a stroke."""

    cuts_by_corners = False

    def __init__(self, mask: Mask, live: LiveLabel, volume: Volume) -> None:
        self.mask, self.live, self.volume = mask, live, volume
        self.brush, self.banded, self.smart = Brush("sphere", 6.0), False, False
        self.stroke: Stroke | None = None

    def begin(self, spot: Spot, turned: bool) -> bool:
        rules = Rules(band_hu=(-100.0, 300.0) if self.banded else None)
        self.stroke = Stroke(self.mask, self.brush, rules, volume=self.volume, erase=turned, smart=self.smart)
        self.extend(spot)
        return True

    def extend(self, spot: Spot) -> None:
        assert self.stroke is not None
        box = self.stroke.move(spot.position_mm)
        if box is not None:
            self.live.follow(self.stroke, box)

    def finish(self) -> None:
        self.cancel()

    def cancel(self) -> None:
        stroke, self.stroke = self.stroke, None
        if stroke is not None and stroke.box is not None:
            self.live.flip(stroke.box, np.array(stroke.changed[stroke.box]))

    def cut(self, spot: Spot, outline_mm: FloatArray, keeps: bool) -> None: ...
    def touch(self, spot: Spot) -> None: ...
    def pick(self, spot: Spot) -> None: ...


def make_scan(slices: int) -> tuple[Volume, list[LabelItem]]:
    """A noisy scan of 512 x 512 x slices with eight balls."""
    grid = Grid.from_parts((512, 512, slices), (0.8, 0.8, 0.6))
    slab = np.random.default_rng(0).integers(-200, 400, (64, 512, 512), dtype=np.int16)
    voxels = np.concatenate([slab] * (slices // 64 + 1))[:slices]
    labels = []
    for number, color in enumerate(COLORS):
        reach = 90 - 6 * number
        k, j, i = np.ogrid[-reach : reach + 1, -reach : reach + 1, -reach : reach + 1]
        angle = 2 * np.pi * number / len(COLORS)
        start = (
            int(256 + 110 * np.cos(angle)) - reach,
            int(256 + 110 * np.sin(angle)) - reach,
            slices // 2 - reach,
        )
        mask = Mask(grid, start, k**2 + j**2 + i**2 < reach**2)
        labels.append(LabelItem(key=f"ball {number}", mask=mask, color=color))
    return Volume(grid, voxels), labels


def send(pane: SlicePane, kind: QEvent.Type, x: float, y: float) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    place = QPointF(x, y)
    QApplication.sendEvent(pane, QMouseEvent(kind, place, QPointF(pane.mapToGlobal(place)), button, held, NONE))


def run(pane: SlicePane, words: str) -> None:
    """One stroke across the pane; prints the median and the dearest tenth of its events with all repainting."""
    spent = []
    send(pane, QEvent.Type.MouseButtonPress, 180, 250)
    QApplication.processEvents()
    for number in range(EVENTS):
        start = time.process_time()
        send(pane, QEvent.Type.MouseMove, 180 + 4 * number, 250 + 40 * np.sin(number / 6))
        QApplication.processEvents()
        spent.append(1000 * (time.process_time() - start))
    start = time.process_time()
    send(pane, QEvent.Type.MouseButtonRelease, 180 + 4 * EVENTS, 250)
    QApplication.processEvents()
    print(f"{words:34} {np.median(spent):6.2f} ms, nine of ten under {np.quantile(spent, 0.9):6.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--slices", type=int, default=512)
    slices = parser.parse_args().slices
    paint_in_one_thread()
    application = QApplication([])
    volume, labels = make_scan(slices)
    chosen, others = labels[0], labels[1:]
    live = LiveLabel(chosen.key, chosen.mask, chosen.color)
    hand = Hand(chosen.mask, live, volume)
    cross = volume.grid.to_world(np.rint(volume.grid.to_index(chosen.mask.centroid_mm())))
    view = ViewModel(ViewState(cross_mm=vec(cross), tool=PAINT, brush_mm=12.0, selected=chosen.key))
    window = QWidget()
    window.resize(3 * PANE_PX[0], PANE_PX[1])
    panes = {}
    planes = dict.fromkeys((*SLICES, "3d"), "#FF7B6E")
    colors = {"accent": "#62ADFF", "text": "#E9EDF1", "text_soft": "#AAB5C0", "halo": "#000000", "warn": "#F7C04A"}
    look = PaneLook(**colors, plane_colors=planes, font_family="Inter")
    for number, name in enumerate(SLICES):
        pane = SlicePane(name, view, look, window)
        pane.setGeometry(number * PANE_PX[0], 0, *PANE_PX)
        pane.set_content(PaneContent(volume=volume, labels=tuple(others), live=live, hand=hand))
        panes[name] = pane
    window.show()
    application.processEvents()
    print(f"512 x 512 x {slices}, 8 structures, three panes, ball of 12 mm:")
    for name, pane in panes.items():
        view.set(active=name)
        run(pane, f"{name}, plain")
    hand.banded = True
    run(panes["axial"], "axial, only between two values")
    hand.smart = True
    run(panes["axial"], "axial, stops at edges")
    hand.banded = hand.smart = False
    for size in (40.0, 100.0):
        hand.brush = Brush("sphere", size / 2)
        view.set(brush_mm=size, active="axial")
        run(panes["axial"], f"axial, ball of {size:.0f} mm")
    view.set(brush_mm=12.0)
    hand.brush = Brush("sphere", 6.0)
    view.become(view.state.with_turn("sagittal", 0.4))
    application.processEvents()
    run(panes["axial"], "oblique, plain")


if __name__ == "__main__":
    main()
