"""CPU milliseconds a frame of a slice pane, own work only, and of an oblique cut beside other programs. Prints, asserts nothing.

Run with QT_QPA_PLATFORM=offscreen (or on a screen): python tests/benchmarks/bench_panes.py [--size 512]. The line "look-up"
is a fixed piece of NumPy work beside every row: on a machine that others use all figures rise with it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from app.allocator import keep_picture_memory
from app.launch import paint_in_one_thread
from planning.geometry import Grid, Plane, unit
from planning.volume import Mask, Volume
from viewers.overlay import ContourItem, CutItem, LabelItem, PaneContent, PartsItem, PointItem
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import PaneLook
from viewers.reslice import Reslicer
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, STRAIGHT, ViewModel, ViewState, aligned_frame, vec

PANE_PX = (620, 500)
FRAMES = 24
# of the issue, medians: a slice with overlays (straight), window and level
SLICE_GOALS_MS = {"axial": 8.0, "coronal": 8.0, "sagittal": 12.0}
WINDOW_GOAL_MS = 5.0
OBLIQUE_PX = 512
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
    keep_picture_memory()
    paint_in_one_thread()
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
    print(f"pane {PANE_PX[0]}×{PANE_PX[1]}, volume {size}³ int16; CPU ms least / median")
    compare_oblique(content.volume)
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
                goal = SLICE_GOALS_MS[name] if what == "slice, 8 structures" and words == "straight" else None
                goal = WINDOW_GOAL_MS if what == "window/level" else goal
                told = "" if goal is None else f"   goal {goal:g}"
                print(f"{name:9} {words:9} {what:22} {least:6.1f} / {median:5.1f}{told}")
            print(f"{name:9} {words:9} {'look-up':22} {look_up_ms():14.2f}")
            pane.close()


def look_up_ms() -> float:
    """Median CPU ms of a window's look-up over a pane's pixels."""
    values = np.random.default_rng(0).integers(0, 65536, PANE_PX[::-1], dtype=np.uint16)
    table, spent = np.arange(65536, dtype=np.uint32), []
    for _ in range(FRAMES):
        start = time.process_time()
        table.take(values)
        spent.append(1000 * (time.process_time() - start))
    return float(np.median(spent))


def compare_oblique(volume: Volume) -> None:
    """One oblique plane of OBLIQUE_PX² pixels: ours, vtkImageReslice, SimpleITK and torch, linear, in turn."""
    right, down, normal = (np.array(axis) for axis in aligned_frame((0.4, -0.25, 0.88)))
    spacing = float(volume.grid.spacing_mm[0])

    def geometry(number: int) -> PaneGeometry:
        return PaneGeometry(
            center_mm=volume.grid.center_mm + (number - FRAMES / 2) * spacing * normal,
            right=right,
            down=down,
            normal=normal,
            mm_per_px=spacing,
            width=OBLIQUE_PX,
            height=OBLIQUE_PX,
        )

    reslicer = Reslicer.of_volume(volume)
    roads = {"ours": lambda number: reslicer.cut(geometry(number)), "vtkImageReslice": _vtk_road(reslicer, geometry)}
    for name, make in (("SimpleITK", _itk_road), ("torch", _torch_road)):
        try:
            roads[name] = make(volume, reslicer, geometry)
        except ImportError:
            print(f"oblique {OBLIQUE_PX}²: {name} is not installed")
    spent: dict[str, list[float]] = {name: [] for name in roads}
    for number in range(FRAMES + 1):
        for name, road in roads.items():
            start = time.process_time()
            road(number)
            # the first one of each makes what is kept
            if number:
                spent[name].append(1000 * (time.process_time() - start))
    medians = {name: float(np.median(times)) for name, times in spent.items()}
    least = min(value for name, value in medians.items() if name != "ours")
    for name, value in medians.items():
        print(f"oblique {OBLIQUE_PX}² {name:16} {min(spent[name]):6.1f} / {value:5.1f}")
    print(f"oblique {OBLIQUE_PX}²: {medians['ours'] / least:.2f} × the fastest of the others   goal 1.0")


def _vtk_road(reslicer: Reslicer, geometry: Callable[[int], PaneGeometry]) -> Callable[[int], object]:
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkCommonMath import vtkMatrix4x4
    from vtkmodules.vtkImagingCore import vtkImageReslice

    image = vtkImageData()
    image.SetDimensions(*reslicer.grid.size_ijk)
    image.GetPointData().SetScalars(numpy_to_vtk(reslicer.voxels.reshape(-1), deep=False))
    reslice, matrix = vtkImageReslice(), vtkMatrix4x4()
    reslice.SetInputData(image)
    reslice.SetOutputDimensionality(2)
    reslice.SetOutputOrigin(0.0, 0.0, 0.0)
    reslice.SetOutputSpacing(1.0, 1.0, 1.0)
    reslice.SetOutputExtent(0, OBLIQUE_PX - 1, 0, OBLIQUE_PX - 1, 0, 0)
    reslice.SetBackgroundLevel(-32768)
    reslice.SetInterpolationModeToLinear()

    def road(number: int) -> object:
        pixels = reslicer._pixels(geometry(number))
        across = np.cross(pixels.column, pixels.row)
        for column, vector in enumerate((pixels.column, pixels.row, across, pixels.first)):
            for line in range(3):
                matrix.SetElement(line, column, float(vector[line]))
        reslice.SetResliceAxes(matrix)
        reslice.Update()
        return vtk_to_numpy(reslice.GetOutput().GetPointData().GetScalars())

    return road


def _itk_road(volume: Volume, reslicer: Reslicer, geometry: Callable[[int], PaneGeometry]) -> Callable[[int], object]:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(volume.voxels)
    resample = SimpleITK.ResampleImageFilter()
    resample.SetSize((OBLIQUE_PX, OBLIQUE_PX, 1))
    resample.SetInterpolator(SimpleITK.sitkLinear)
    resample.SetDefaultPixelValue(-32768)

    def road(number: int) -> object:
        pixels = reslicer._pixels(geometry(number))
        axes = np.stack([pixels.column, pixels.row, np.cross(pixels.column, pixels.row)], axis=1)
        spacing = np.linalg.norm(axes, axis=0)
        resample.SetOutputSpacing(spacing.tolist())
        resample.SetOutputDirection((axes / spacing).reshape(-1).tolist())
        resample.SetOutputOrigin(pixels.first.tolist())
        return SimpleITK.GetArrayViewFromImage(resample.Execute(image))

    return road


def _torch_road(volume: Volume, reslicer: Reslicer, geometry: Callable[[int], PaneGeometry]) -> Callable[[int], object]:
    import torch

    voxels = torch.from_numpy(volume.voxels.astype(np.float32))[None, None]
    size = np.array(volume.grid.size_ijk)
    steps = torch.arange(OBLIQUE_PX, dtype=torch.float32)

    def road(number: int) -> object:
        pixels = reslicer._pixels(geometry(number))
        column, row, first = (
            torch.tensor(2.0 * vector / (size - 1), dtype=torch.float32)
            for vector in (pixels.column, pixels.row, pixels.first)
        )
        places = (first - 1.0) + steps[:, None, None] * row + steps[None, :, None] * column
        return torch.nn.functional.grid_sample(voxels, places[None, None], align_corners=True).numpy()

    return road


def shifted(content: PaneContent, number: int) -> object:
    """The cut at another place, as a drag shows it."""
    from viewers.plan_shapes import Preview

    item = next(item for item in content.items if isinstance(item, CutItem))
    return Preview("cut", Plane(item.plane.origin_mm + number * item.plane.normal, item.plane.normal))


if __name__ == "__main__":
    main()
