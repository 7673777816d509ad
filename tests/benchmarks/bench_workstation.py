"""The whole window on a 512 x 512 x 512 case with eight structures: each thing that a hand does, by real events.

Medians of this process's own CPU milliseconds, all threads summed, each with all that follows in the same turn of the
event loop: the pane under the hand, the other panes, the texts. Prints beside the bar; asserts nothing. The case is made
once under out/bench. Run off screen or on a private screen: python tests/benchmarks/bench_workstation.py [--size 512]

What is measured without the window lies in bench_panes, bench_paint, bench_paint_window, bench_scene, bench_live,
bench_liver_live; starting in bench_window. docs/workstation-speed.md has the table.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "" if os.environ.get("DISPLAY") else "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.launch import make_application
from app.panels.base import Planner
from app.settings import Settings
from app.window_states import planned_sample, turn, wait_settled, wait_until
from app.workstation import Workstation
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, vec

PROJECT = Path(__file__).resolve().parents[2]
FRAMES, MOVES = 24, 20
SLICE_MS = {"axial": 8.0, "coronal": 8.0, "sagittal": 12.0}
NAMES = ("liver", "spleen", "kidney_left", "kidney_right", "aorta", "portal_vein", "hepatic_veins", "tumor_1")
HEAVY = ("torch", "matplotlib", "highdicom", "SimpleITK", "openvino")
NONE, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


def big_case(size: int) -> Path:
    """A case of size³ int16 voxels of noise with eight balls; made at the first time."""
    from cases import add_structures, make_case

    from planning.geometry import Grid
    from planning.volume import Mask, Volume

    path = PROJECT / "out" / "bench" / f"window-{size}.theatrum"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    spacing = 0.7 * 512 / size
    grid = Grid.from_parts((size, size, size), (spacing,) * 3, (-0.5 * (size - 1) * spacing,) * 3)
    slab = np.random.default_rng(0).integers(-60, 200, (min(size, 64), size, size), dtype=np.int16)
    voxels = np.concatenate([slab] * -(-size // len(slab)))[:size]
    masks = {}
    for number, name in enumerate(NAMES):
        reach = round(size * (0.18 - 0.012 * number))
        k, j, i = np.ogrid[-reach : reach + 1, -reach : reach + 1, -reach : reach + 1]
        angle = 2.0 * np.pi * number / len(NAMES)
        middle = np.rint(size / 2 + size * 0.22 * np.array((np.cos(angle), np.sin(angle), 0.0))).astype(int)
        start = tuple(int(n) for n in middle - reach)
        masks[name] = Mask(grid, start, k**2 + j**2 + i**2 < reach**2)  # type: ignore[arg-type]
    part = path.with_suffix(".part.theatrum")
    part.unlink(missing_ok=True)
    with make_case(part, Volume(grid, voxels)) as document:
        add_structures(document, masks)
    part.rename(path)
    return path


def cpu_ms(act: Callable[[int], None], count: int = FRAMES) -> tuple[float, float]:
    """(median, nine of ten under) CPU ms of an act and all that the event loop does for it."""
    act(0)
    QApplication.processEvents()
    spent = []
    for number in range(1, count + 1):
        start = time.process_time()
        act(number)
        # what is asked for later than at once (linked panes, texts) is part of it
        for _ in range(3):
            QApplication.processEvents()
        spent.append(1000.0 * (time.process_time() - start))
    return float(np.median(spent)), float(np.quantile(spent, 0.9))


def tell(what: str, found: tuple[float, float], bar_ms: float | None) -> None:
    """One line of the table."""
    bar = f"bar {bar_ms:g}" if bar_ms is not None else ""
    print(f"{what:58} {found[0]:7.1f} ms   nine of ten under {found[1]:7.1f}   {bar}", flush=True)


def send(widget: QWidget, kind: QEvent.Type, place: QPointF, held: Qt.MouseButton = LEFT) -> None:
    """A mouse event as a hand makes it."""
    button = NONE if kind == QEvent.Type.MouseMove else LEFT
    QApplication.sendEvent(
        widget, QMouseEvent(kind, place, QPointF(widget.mapToGlobal(place.toPoint())), button, held, PLAIN)
    )


def looks(window: Workstation) -> None:
    """Slices, window and level: each pane alone, then all four in the window."""
    page = window.page
    assert page is not None
    view = page.session.view
    center = np.array(view.state.cross_mm)
    step = float(page.session.volume().grid.spacing_mm[0])  # type: ignore[union-attr]
    for name in SLICES:
        pane = page.slices[name]
        normal = view.state.axes(name)[2]
        view.set(maximised=name, active=name)
        wait_settled(window)
        pane.resize(620, 500)

        def to_slice(number: int, normal: np.ndarray = normal) -> None:
            view.set(cross_mm=vec(center + (number - FRAMES / 2) * step * normal))

        tell(f"slice changed, {name} pane of 620 x 500 alone, overlays", cpu_ms(to_slice), SLICE_MS[name])
        tell(f"window changed, {name} pane alone", cpu_ms(lambda number: view.set(window=400.0 + number)), 5.0)
    view.set(maximised="", active="axial", cross_mm=vec(center))
    wait_settled(window)
    normal = view.state.axes("axial")[2]
    tell(
        "slice changed, all panes of the window (three lines move)",
        cpu_ms(lambda number: view.set(cross_mm=vec(center + (number - FRAMES / 2) * step * normal))),
        None,
    )
    view.set(cross_mm=vec(center))
    wait_settled(window)


def turns(window: Workstation) -> None:
    """3D turned by a drag: CPU and the clock."""
    page = window.page
    assert page is not None
    pane = page.scene
    place = QPointF(pane.rect().center())
    send(pane, QEvent.Type.MouseButtonPress, place)
    spent, frames = [], []
    for number in range(1, MOVES + 1):
        start, wall = time.process_time(), time.perf_counter()
        send(pane, QEvent.Type.MouseMove, place + QPointF(5.0 * number, 2.0 * number))
        for _ in range(3):
            QApplication.processEvents()
        spent.append(1000.0 * (time.process_time() - start))
        frames.append(time.perf_counter() - wall)
    send(pane, QEvent.Type.MouseButtonRelease, place, NONE)
    wait_settled(window)
    found = float(np.median(spent)), float(np.quantile(spent, 0.9))
    size = f"{pane.width()} x {pane.height()}"
    tell(f"3D turned, 8 structures, {size}", found, 1000.0 / 15.0)
    print(f"{'':58} {1000.0 / found[0]:7.0f} frames a second by CPU, {1.0 / np.median(frames):.0f} by the clock")


def toggles(window: Workstation) -> None:
    """A structure hidden and shown again: what it costs, and how many surfaces are made for it."""
    page = window.page
    assert page is not None
    meshed: list[str] = []
    runner, submit = window.jobs, window.jobs.submit

    def noted(job):  # type: ignore[no-untyped-def]
        if job.key.startswith("mesh"):
            meshed.append(job.key)
        return submit(job)

    runner.submit = noted  # type: ignore[method-assign]
    found = cpu_ms(lambda number: page.session.view.toggle_hidden("spleen"), 8)
    wait_settled(window)
    runner.submit = submit  # type: ignore[method-assign]
    tell("structure hidden or shown, all panes and 3D", found, None)
    print(f"{'':58} {len(meshed):7d} surfaces made for it, bar 0")


def paints(window: Workstation) -> None:
    """Strokes of the segment editor on the structure: an event is a mouse move with all repainting."""
    page = window.page
    assert page is not None
    page.show_module("segment")
    view = page.session.view
    view.set(selected="liver")
    wait_settled(window)
    page.fly_to(page.session.mask("liver").centroid_mm())
    pane: SlicePane = page.slices["axial"]
    pane.setFocus()
    wait_settled(window)
    QTest.keyClick(pane, Qt.Key.Key_B)
    turn(200)
    if view.state.tool != "paint":
        print(f"paint: the tool in the hand is {view.state.tool!r}, nothing measured")
        return
    steps = page.session.document.journal_length
    start = QPointF(pane.rect().center()) - QPointF(60, 0)
    send(pane, QEvent.Type.MouseButtonPress, start)
    QApplication.processEvents()
    tell(
        "paint, one event of a stroke, all panes follow",
        cpu_ms(
            lambda number: send(pane, QEvent.Type.MouseMove, start + QPointF(4.0 * number, 9.0 * np.sin(number / 5.0))),
            30,
        ),
        8.0,
    )
    wall, cpu = time.perf_counter(), time.process_time()
    send(pane, QEvent.Type.MouseButtonRelease, start + QPointF(120, 0), NONE)
    QApplication.processEvents()
    released = 1000.0 * (time.process_time() - cpu), 1000.0 * (time.perf_counter() - wall)
    wait_until(lambda: page.session.document.journal_length > steps or not window.jobs.active, "the stroke", 60.0)
    kept = 1000.0 * (time.perf_counter() - wall)
    print(
        f"{'stroke released, own work at once':58} {released[0]:7.1f} ms   in the case after {kept:.0f} ms by the clock"
    )
    wait_settled(window)


def numbers_ms(move: Callable[[int], None]) -> tuple[tuple[float, float], tuple[float, float]]:
    """(median, nine of ten under) of the GUI thread's CPU ms for a move's numbers, and of all CPU with panes and 3D."""
    alone, whole = [], []
    for number in range(MOVES + 1):
        thread, cpu = time.thread_time(), time.process_time()
        move(number)
        alone.append(1000.0 * (time.thread_time() - thread))
        for _ in range(3):
            QApplication.processEvents()
        whole.append(1000.0 * (time.process_time() - cpu))
    return tuple(
        (float(np.median(spent[1:])), float(np.quantile(spent[1:], 0.9)))  # type: ignore[return-value]
        for spent in (alone, whole)
    )


def planned(window: Workstation, kind: str, folder: Path, step: int) -> Planner:
    """The planned sample case at a step of its panel."""
    path = planned_sample(kind, folder)  # type: ignore[arg-type]
    window.open_paths([path], module=kind)
    wait_until(lambda: window.session is not None and window.session.path == path, "opening")
    wait_settled(window)
    page = window.page
    assert page is not None
    planner = page.planner
    assert planner is not None
    planner.go_to(step)  # type: ignore[attr-defined]
    wait_settled(window)
    return planner


def drags(window: Workstation, folder: Path) -> None:
    """A liver's cut and a root's hinge dragged in the sample cases."""
    from planning.geometry import Plane

    planned(window, "liver", folder, 4)
    assert window.page is not None
    # as a hand in the axial pane tells it
    pane: SlicePane = window.page.slices["axial"]
    cut = pane.chosen_cut
    assert cut is not None
    plane, key = cut.plane, cut.key
    found = numbers_ms(
        lambda n: pane.plane_moved.emit(key, Plane(plane.origin_mm + 0.2 * n * plane.normal, plane.normal), False)
    )
    tell("liver's cut dragged, its numbers", found[0], 50.0)
    tell("liver's cut dragged, numbers, panes and 3D", found[1], None)
    window.close_case()
    planned(window, "heart", folder, 1)
    assert window.page is not None
    beside: SlicePane = window.page.slices["axial"]
    hinge = np.array(window.page.session.case.plans["tavr"].inputs["hinges_mm"][1])
    found = numbers_ms(lambda n: beside.point_moved.emit("hinge_rcc", hinge + (0.05 * n, 0.0, 0.0), False))
    tell("root's hinge dragged, at once (numbers follow in a thread)", found[0], 50.0)
    tell("root's hinge dragged, numbers, panes and 3D", found[1], None)
    window.close_case()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=512)
    size = parser.parse_args().size
    source = big_case(size)
    with tempfile.TemporaryDirectory(prefix="theatrum-bench-") as scratch:
        folder = Path(scratch)
        os.environ.setdefault("THEATRUM_HOME", str(folder / "home"))
        case = folder / "case.theatrum"
        shutil.copyfile(source, case)
        make_application(Settings())
        window = Workstation(Settings())
        window.is_attended = False
        window.resize(1280, 800)
        window.show()
        window.windowHandle().requestActivate()
        print(f"{size}³ int16, {len(NAMES)} structures, window 1280 x 800; own CPU ms, median")
        wall, cpu = time.perf_counter(), time.process_time()
        window.open_paths([case], module="study")
        wait_until(lambda: window.place == "case", "opening")
        first = time.perf_counter() - wall
        wait_settled(window)
        print(
            f"{'opened: first slices':58} {first:7.1f} s    3D and all surfaces {time.perf_counter() - wall:.1f} s by the "
            f"clock, {time.process_time() - cpu:.1f} s CPU"
        )
        print(f"{'loaded of ' + ', '.join(HEAVY):58} {', '.join(n for n in HEAVY if n in sys.modules) or 'none'}")
        for part in (looks, turns, toggles, paints):
            part(window)
        window.close_case()
        drags(window, folder)
        window.jobs.shutdown()
        window.hide()


if __name__ == "__main__":
    main()
