"""CPU milliseconds a frame of a slice pane, own work only. Prints; asserts nothing.

Run with QT_QPA_PLATFORM=offscreen (or on a screen): python tests/benchmarks/bench_panes.py [--size 512]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from planning.geometry import Grid, Plane, unit
from planning.volume import Mask, Volume
from viewers.overlay import ContourItem, CutItem, LabelItem, PaneContent, PartsItem, PointItem
from viewers.pane_look import PaneLook
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, STRAIGHT, ViewModel, ViewState, aligned_frame, vec

PANE_PX = (620, 500)
FRAMES = 24
GOAL_MS = 16.0
COLORS = ("#E0503F", "#DDA793", "#5B86C4", "#6F9FD8", "#FF9A62", "#DD8265", "#E2B8FF", "#3B82E0")


def make_content(size: int) -> PaneContent:
    """A noisy volume of size³ with eight balls, one of them split by a cut, a contour and three points."""
    grid = Grid.from_parts((size, size, size), (0.7, 0.7, 0.7))
    noise = np.random.default_rng(0).integers(-200, 400, (size, size, size), dtype=np.int16)
    center, k = grid.center_mm, np.arange(size)
    labels = []
    for number, color in enumerate(COLORS):
        angle = 2 * np.pi * number / len(COLORS)
        middle = size / 2 + size * 0.22 * np.array((0.0, np.sin(angle), np.cos(angle)))
        reach = size * (0.18 - 0.012 * number)
        flat = (k[:, None] - middle[1]) ** 2 + (k - middle[2]) ** 2
        inside = (k[:, None, None] - middle[0]) ** 2 + flat < reach**2
        labels.append(LabelItem(key=f"ball {number}", mask=Mask.from_full(grid, inside), color=color))
    organ = labels[0].mask
    plane = Plane(organ.centroid_mm(), unit((0.8, 0.5, 0.2)))
    labels[0] = LabelItem(key="ball 0", mask=organ, color=COLORS[0], split=(plane,), split_color="#9FB0C4")
    around = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    ring = center + 13 * (np.cos(around)[:, None] * np.eye(3)[0] + np.sin(around)[:, None] * np.eye(3)[1])
    items = (
        ContourItem(key="annulus", points_mm=ring, color="#35D6E6"),
        CutItem(key="cut", plane=plane, organ=organ, color="#35D6E6"),
        *(PointItem(key=f"p{n}", position_mm=ring[120 * n], color="#FFC02E", label=f"P{n}") for n in range(3)),
    )
    return PaneContent(volume=Volume(grid, noise), labels=tuple(labels), items=items)


def make_parts(content: PaneContent) -> PartsItem:
    """A ball of the liver's size in eight parts that meet in its middle."""
    assert content.volume is not None
    grid = content.volume.grid
    z, y, x = (np.arange(n, dtype=np.float32) - n / 2 for n in grid.shape_kji)
    side = (x > 0.2 * y[:, None]).astype(np.uint8) + 2 * (y[:, None] > -0.3 * x).astype(np.uint8)
    codes = side + 4 * (z[:, None, None] > 0.1 * x).astype(np.uint8) + np.uint8(1)
    inside = z[:, None, None] ** 2 + y[:, None] ** 2 + x**2 < (0.35 * grid.size_ijk[0]) ** 2
    ball = Mask.from_full(grid, inside)
    return PartsItem(
        key="parts",
        codes=np.ascontiguousarray(np.where(inside, codes, np.uint8(0))[ball.box_kji]),
        grid=ball.box_grid,
        colors=COLORS,
        names=("I", "II", "III", "IV", "V", "VI", "VII", "VIII"),
        middles_mm=np.zeros((8, 3)),
    )


def cpu_ms(pane: SlicePane, change: Callable[[int], None]) -> tuple[float, float]:
    """(least, median) process CPU ms of a change and its picture; threads are summed."""
    spent = []
    for number in range(FRAMES):
        start = time.process_time()
        change(number)
        pane.repaint()
        spent.append(1000 * (time.process_time() - start))
    return min(spent), float(np.median(spent))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=512)
    size = parser.parse_args().size
    application = QApplication([])
    look = PaneLook(
        accent="#62ADFF",
        text="#E9EDF1",
        text_soft="#AAB5C0",
        halo="#000000",
        warn="#F7C04A",
        plane_colors=dict.fromkeys((*SLICES, "3d"), "#FF7B6E"),
        font_family="Inter",
    )
    content = make_content(size)
    bare = PaneContent(volume=content.volume, items=content.items)
    parted = PaneContent(volume=content.volume, items=content.items, parts=make_parts(content))
    assert content.volume is not None
    grid = content.volume.grid
    print(f"pane {PANE_PX[0]}×{PANE_PX[1]}, volume {size}³ int16, goal {GOAL_MS:g} ms; CPU ms least / median")
    for name in SLICES:
        for frame, words in ((STRAIGHT, "straight"), (aligned_frame((0.4, -0.25, 0.88)), "oblique")):
            model = ViewModel(ViewState(cross_mm=vec(grid.center_mm), frame=frame, active=name))
            pane = SlicePane(name, model, look)
            pane.resize(*PANE_PX)
            pane.show()
            normal = model.state.axes(name)[2]

            def to_slice(number: int, model: ViewModel = model, normal: np.ndarray = normal) -> None:
                model.set(cross_mm=vec(grid.center_mm + (number - FRAMES / 2) * 0.7 * normal))

            def to_window(number: int, model: ViewModel = model) -> None:
                model.set(window=400.0 + number)

            def to_cut(number: int, pane: SlicePane = pane) -> None:
                pane.hands.drag = None
                pane.show_preview(shifted(content, number))

            def nothing(number: int) -> None:
                pass

            rows = []
            for shown, what in (
                (bare, "slice, no structures"),
                (content, "slice, 8 structures"),
                (parted, "slice, 8 parts"),
            ):
                pane.set_content(shown)
                application.processEvents()
                rows.append((what, cpu_ms(pane, to_slice)))
            rows.append(("window/level", cpu_ms(pane, to_window)))
            rows.append(("cut dragged", cpu_ms(pane, to_cut)))
            pane.show_preview(None)
            rows.append(("repaint only", cpu_ms(pane, nothing)))
            for what, (least, median) in rows:
                print(f"{name:9} {words:9} {what:22} {least:6.1f} / {median:5.1f}")
            pane.close()


def shifted(content: PaneContent, number: int) -> object:
    """The cut at another place, as a drag shows it."""
    from viewers.plan_shapes import Preview

    item = next(item for item in content.items if isinstance(item, CutItem))
    return Preview("cut", Plane(item.plane.origin_mm + number * item.plane.normal, item.plane.normal))


if __name__ == "__main__":
    main()
