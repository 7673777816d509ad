"""Three scribbled slices of a liver through the real window: what a person sees, and after how long.

Run as a file under a screen (xvfb-run); prints, asserts nothing. The strokes are those of `bench_interactive.py` (seed 0),
drawn by mouse events in the axial pane of a window of 1280 x 800, a pixel's place for each: a cross through each piece of
the slice, then a ring. Every stroke is answered before the next. "wall": from the button's release until slices and 3D
show the answer; "process": what the answering process took of it by the wall; "CPU": of its threads; "window": processor
time of the window's own thread in all, and in the longest turn of its event loop.

    xvfb-run -a -s "-screen 0 2600x1700x24" python tests/benchmarks/bench_strokes_window.py [--without] [--structure liver]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1] / "support"), str(HERE.parent)]

from bench_interactive import _dice, _scan, scribbled  # noqa: E402
from cases import make_case  # noqa: E402

from app.launch import make_application  # noqa: E402
from app.panels.segment import SegmentPanel  # noqa: E402
from app.panels.segment.draft import STROKES  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.window_states import wait_settled, wait_until  # noqa: E402
from app.workstation import Workstation  # noqa: E402
from inference.interactive.prompts import Prompt  # noqa: E402

LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def _drawn(window: Workstation, prompt: Prompt) -> None:
    """The prompt's line by the mouse."""
    page = window.page
    assert page is not None
    pane = page.slices["axial"]
    places = pane.geometry_px().to_screen(prompt.points_mm)
    points = [QPoint(round(float(x)), round(float(y))) for x, y in places]
    keys = NONE if prompt.positive else CONTROL
    QTest.mousePress(pane, LEFT, keys, points[0])
    for point in points[1:]:
        QTest.mouseMove(pane, point)
    QTest.mouseRelease(pane, LEFT, keys, points[-1])


def _answered(window: Workstation, panel: SegmentPanel) -> tuple[float, float, float]:
    """(seconds until all is shown; processor seconds of this thread in all, and in the longest turn of its loop)."""
    began, own, longest = time.perf_counter(), time.thread_time(), 0.0
    page, calm = window.page, 0
    assert page is not None
    while calm < 2:
        turn = time.thread_time()
        QApplication.processEvents()
        longest = max(longest, time.thread_time() - turn)
        is_shown = not panel.strokes.is_running(STROKES) and panel.strokes.draft.is_current and page.is_settled
        calm = calm + 1 if is_shown else 0
        time.sleep(0.002)
    return time.perf_counter() - began, time.thread_time() - own, longest


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--structure", default="liver")
    parser.add_argument("--without", action="store_true", help="no network's prior")
    chosen = parser.parse_args()
    volume, structures, _ = _scan("ircad01")
    label, known = structures[chosen.structure]
    make_application(Settings())
    window = Workstation(Settings())
    window.is_attended = False
    window.resize(1280, 800)
    window.show()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.theatrum"
        make_case(path, volume).close()
        window.open_paths([path], module="segment")
        wait_until(lambda: window.place == "case", "opening")
        wait_settled(window)
        page = window.page
        assert page is not None
        panel = page.planner
        assert isinstance(panel, SegmentPanel)
        began = time.perf_counter()
        panel.open_strokes()
        panel.strokes.rename("structure_a" if chosen.without else known)
        wait_settled(window)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; ready after {time.perf_counter() - began:.1f} s")
        print("| slice | stroke | Dice | wall s | process s | CPU s | window: CPU s, longest turn |")
        print("|---|---|---|---|---|---|---|")
        for number, prompts in enumerate(scribbled(label, volume.grid, 0), start=1):
            page.session.view.fly_to(prompts[0].points_mm[0])
            wait_settled(window)
            for prompt in prompts:
                _drawn(window, prompt)
                wall, own, turn = _answered(window, panel)
                found = panel.strokes.draft.found
                assert found is not None
                (mask,) = found.masks.values()
                dice = _dice(mask.full(), label)
                sense = "this" if prompt.positive else "not this"
                times = f"{wall:.2f} | {found.seconds:.2f} | {found.cpu_seconds:.2f} | {own:.2f}, {turn:.3f}"
                print(f"| {number} | {sense} | {dice:.3f} | {times} |", flush=True)
        steps = page.session.document.journal_length
        panel.accept()
        wait_settled(window)
        kept = next(iter(page.session.case.structures.values()))
        added = page.session.document.journal_length - steps
        print(f"kept: {kept.provenance.source}, {added} step, load {os.getloadavg()[0]:.1f}")
        window.jobs.shutdown()
        window.close_case(show_start=False)


if __name__ == "__main__":
    main()
