"""What 3D costs: processor time of the first frame, of frames while turning and at rest. Prints; asserts nothing.

Run: python tests/benchmarks/bench_scene.py [thousands of triangles …]
Processor time counts all threads of this process, so a software driver's own threads are in it.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from scenes import scene_look, sphere_mesh

from app.rendering import MOST_VOXELS_SLOW
from app.session import LIGHT_TRIANGLES
from planning.geometry import Grid, Plane
from planning.volume import Volume
from viewers.overlay import SceneContent, SurfaceItem, TreeItem, VolumeItem
from viewers.rendering import reduced
from viewers.scene_pane import ScenePane
from viewers.view_state import ViewModel, ViewState

SIZES = ((338, 356), (690, 716))
THOUSANDS = (50, 200, 500)
MOVES = 12


def settle(pane: ScenePane) -> None:
    end = time.monotonic() + 60.0
    while not pane.is_settled() and time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def content(thousands: int) -> SceneContent:
    """A translucent cut organ and two solid things in it."""
    plane = Plane(np.zeros(3), np.array([1.0, 0.3, 0.0]))
    rings = round((1000 * thousands / 3 / 4) ** 0.5)
    return SceneContent(
        surfaces=(
            SurfaceItem(
                key="organ", mesh=sphere_mesh(60.0, rings=rings), color="#DD8265", split=(plane,), split_color="#9FB0C4"
            ),
            SurfaceItem(key="vessel", mesh=sphere_mesh(20.0, (0, 0, 40), rings), color="#3B82E0", opacity=0.6),
            SurfaceItem(key="tumor", mesh=sphere_mesh(12.0, (-25, 0, 0), rings), color="#FFD65C"),
        )
    )


def turn(pane: ScenePane) -> list[tuple[float, float]]:
    """Processor and wall ms of each frame while the hand turns."""
    found = []
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(100, 100))
    for step in range(1, MOVES + 1):
        QTest.mouseMove(pane, QPoint(100 + 9 * step, 100 + 2 * step))
        start, wall = time.process_time(), time.monotonic()
        QApplication.processEvents()
        found.append((1000 * (time.process_time() - start), 1000 * (time.monotonic() - wall)))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(208, 124))
    settle(pane)
    return found


def at_rest(pane: ScenePane) -> list[tuple[float, float]]:
    """The same of frames in full quality."""
    found = []
    for _ in range(3):
        # one change by itself is drawn in full quality
        time.sleep(0.25)
        pane.stage.changed()
        start, wall = time.process_time(), time.monotonic()
        settle(pane)
        QApplication.processEvents()
        found.append((1000 * (time.process_time() - start), 1000 * (time.monotonic() - wall)))
    return found


def text(pairs: list[tuple[float, float]]) -> str:
    """Medians of processor and wall ms."""
    cpu, wall = np.median(np.array(pairs), axis=0)
    return f"{cpu:6.0f} / {wall:5.0f}"


def bench(size: tuple[int, int], thousands: int) -> None:
    shown = content(thousands)
    pane = ScenePane(ViewModel(ViewState()), scene_look())
    pane.resize(*size)
    pane.show()
    QApplication.processEvents()
    pane.set_content(shown)
    start, wall = time.process_time(), time.monotonic()
    pane.start()
    settle(pane)
    first = (1000 * (time.process_time() - start), 1000 * (time.monotonic() - wall))
    turning, rest = turn(pane), at_rest(pane)
    host = type(pane.stage.host).__name__
    pane.close()
    print(
        f"{size[0]:4d} x {size[1]:<4d} {thousands:5d} k  first {text([first])}   turning {text(turning)}"
        f"   at rest {text(rest)}   {host}",
        flush=True,
    )


def structures(count: int, is_light: bool) -> tuple[SurfaceItem, ...]:
    """Organs of 40,000 triangles each, half of them translucent, as a case's structures are meshed."""
    from planning.simplify import simplified

    found = []
    for number in range(count):
        turn = 2.0 * np.pi * number / count
        mesh = sphere_mesh(28.0, (60.0 * np.cos(turn), 10.0 * (number % 3), 60.0 * np.sin(turn)), rings=100)
        light = simplified(mesh, LIGHT_TRIANGLES) if is_light else None
        opacity = 0.5 if number % 2 else 1.0
        found.append(SurfaceItem(key=f"s{number}", mesh=mesh, color="#DD8265", opacity=opacity, light=light))
    return tuple(found)


def image(side: int) -> Volume:
    """A noisy body with bright vessels in it, `side` voxels along each axis."""
    steps = np.linspace(-1.0, 1.0, side, dtype=np.float32)
    z, y, x = np.meshgrid(steps, steps, steps, indexing="ij", sparse=True)
    inside = x**2 + y**2 + z**2 < 0.8
    vessels = (np.sin(9.0 * x) + np.sin(9.0 * y) + np.sin(9.0 * z)) > 1.6
    noise = np.random.default_rng(0).normal(0.0, 15.0, (side, side, side)).astype(np.float32)
    voxels = np.where(inside & vessels, 350.0, np.where(inside, 60.0, -1000.0)) + noise
    return Volume(Grid.from_parts((side,) * 3, (200.0 / side,) * 3, (-100.0,) * 3), voxels.astype(np.int16))


def bench_orbit(size: tuple[int, int]) -> None:
    """The case of the bar: 512³ voxels and 8 structures, turned by the hand; then the image itself in it, by rays."""
    from app.render_presets import built_in

    start = time.process_time()
    whole = image(512)
    seen = reduced(whole, MOST_VOXELS_SLOW)
    print(f"image reduced to {seen.grid.size_ijk} in {1000 * (time.process_time() - start):.0f} ms with its making")
    del whole
    stops = next(preset.stops for preset in built_in() if preset.id == "vessels")
    drawn = VolumeItem(key="image", volume=seen, stops=stops)
    for words, shown in (
        ("8 structures, whole meshes", SceneContent(surfaces=structures(8, False))),
        ("8 structures, light meshes", SceneContent(surfaces=structures(8, True))),
        ("the same with silhouettes", SceneContent(surfaces=structures(8, True), silhouettes=True)),
        ("image by rays", SceneContent(volume=drawn)),
        ("image and 8 structures", SceneContent(volume=drawn, surfaces=structures(8, True))),
    ):
        pane = ScenePane(ViewModel(ViewState()), scene_look())
        pane.resize(*size)
        pane.show()
        QApplication.processEvents()
        pane.set_content(shown)
        pane.start()
        settle(pane)
        turning, rest = turn(pane), at_rest(pane)
        pane.close()
        cpu, wall = np.median(np.array(turning), axis=0)
        print(
            f"{size[0]:4d} x {size[1]:<4d} {words:28s} turning {cpu:5.0f} / {wall:4.0f} ms"
            f" = {1000 / cpu:4.0f} a second of one processor"
            f"   at rest {text(rest)}",
            flush=True,
        )


def tree(branches: int, moved: int) -> TreeItem:
    """A fan of branches from the middle; one of them lies elsewhere when moved is 1."""
    lines, points = [], []
    turn = np.linspace(0.0, 2.0 * np.pi, branches, endpoint=False)
    for number, angle in enumerate(turn + 0.05 * moved * (np.arange(branches) == 0)):
        along = np.linspace(5.0, 52.0, 40)
        lines.append(np.arange(40 * number, 40 * number + 40))
        points.append(np.stack([along * np.cos(angle), 6.0 * np.sin(0.2 * along), along * np.sin(angle)], axis=1))
    places = np.concatenate(points)
    return TreeItem(
        key="tree", points_mm=places, radius_mm=np.full(len(places), 1.5), lines=tuple(lines), color="#E2B8FF"
    )


def bench_branch(size: tuple[int, int], thousands: int) -> None:
    """One branch of a tree in a translucent organ is drawn otherwise: all drawn again, and only what changed."""
    surfaces = tuple(replace(item, opacity=0.5) for item in content(thousands).surfaces)
    pane = ScenePane(ViewModel(ViewState()), scene_look())
    pane.resize(*size)
    pane.show()
    pane.set_content(SceneContent(surfaces=surfaces, items=(tree(40, 0),)))
    pane.start()
    settle(pane)
    taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for number in range(1, 9):
        is_whole = number % 2 == 0
        time.sleep(0.25)
        if is_whole:
            pane.stage.scene.set_bands(pane.stage._bands)
        start, wall = time.process_time(), time.monotonic()
        pane.set_content(SceneContent(surfaces=surfaces, items=(tree(40, number % 2),)))
        settle(pane)
        QApplication.processEvents()
        taken[is_whole].append((1000 * (time.process_time() - start), 1000 * (time.monotonic() - wall)))
    pane.close()
    words = [f"{cpu:6.0f} / {wall:5.0f}" for cpu, wall in (np.median(taken[key], axis=0) for key in (True, False))]
    print(f"{size[0]:4d} x {size[1]:<4d} {thousands:5d} k  a branch: all {words[0]}   its part {words[1]}", flush=True)


def main() -> None:
    application = QApplication([])
    print("processor ms / wall ms, median")
    for size in SIZES:
        bench_orbit(size)
        for thousands in [int(word) for word in sys.argv[1:]] or THOUSANDS:
            bench(size, thousands)
            bench_branch(size, thousands)
    application.quit()


if __name__ == "__main__":
    main()
