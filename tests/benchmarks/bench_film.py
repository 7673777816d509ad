"""What a turning film of the sample liver costs: processor time of its own process, a picture and for a whole film.

Run: xvfb-run -a python tests/benchmarks/bench_film.py [seconds of film]
Prints; asserts nothing. The film is made as the window makes it, by `app.studio.make`; a second, shorter one of the same
height tells what is spent before the first picture.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.files import ratio_for
from app.launch import make_application
from app.settings import Settings
from app.studio import FRAMES_PER_S, Film, Shot, make, shot_of
from app.window_states import open_and_wait, planned_sample, wait_settled
from app.workstation import Workstation
from planning.progress import CancelToken

HEIGHTS = (480, 720, 1080)
KINDS = (".gif", ".webp", ".png")
SHORT_S = 0.5


def spent_s() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def film_of(shot: Shot, seconds: float, kind: str, folder: Path) -> tuple[float, float, float, float]:
    """(CPU s, s by the clock, s from the last picture to the end, MB) of one film."""
    last = begun = time.perf_counter()

    def told(fraction: float, text: str = "") -> None:
        nonlocal last
        last = time.perf_counter()

    before = spent_s()
    made = make(shot, Film(seconds), folder / f"turn-{shot.ratio:.3f}-{seconds:g}{kind}", told, CancelToken())
    end = time.perf_counter()
    files = made.iterdir() if made.is_dir() else [made]
    return spent_s() - before, end - begun, end - last, sum(file.stat().st_size for file in files) / 1e6


def stopped_s(shot: Shot, folder: Path) -> float:
    """From the wish to stop, after the third picture, until nothing is left of the film."""
    cancel = CancelToken()
    count, asked = 0, 0.0

    def told(fraction: float, text: str = "") -> None:
        nonlocal count, asked
        count += 1
        if count == 3:
            asked = time.perf_counter()
            cancel.set()

    try:
        make(shot, Film(20.0), folder / "stopped.gif", told, cancel)
    except Exception:
        assert asked
    return time.perf_counter() - asked


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    make_application(Settings())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        window = Workstation(Settings())
        window.is_attended = False
        window.resize(1280, 800)
        window.show()
        open_and_wait(window, planned_sample("liver", folder), "liver", [])
        wait_settled(window)
        assert window.page is not None
        pane = window.page.scene
        print(f"3D pane {pane.width()} × {pane.height()}, {len(pane.content.surfaces)} surfaces")
        for height in HEIGHTS:
            shot = shot_of(pane, ratio_for((pane.width(), pane.height()), height))
            for kind in KINDS:
                short_cpu, *_ = film_of(shot, SHORT_S, kind, folder)
                cpu, clock, tail, size_mb = film_of(shot, seconds, kind, folder)
                pictures = round(seconds * FRAMES_PER_S)
                each = (cpu - short_cpu) / (pictures - round(SHORT_S * FRAMES_PER_S))
                print(
                    f"{height} px {kind}: {each * 1000:.0f} ms CPU a picture, {cpu - each * pictures:.1f} s before the "
                    f"first; 8 s film ({8 * FRAMES_PER_S} pictures) {cpu + each * (8 * FRAMES_PER_S - pictures):.0f} s CPU; "
                    f"{clock / pictures * 1000:.0f} ms by the clock, {tail:.1f} s after the last picture, {size_mb:.1f} MB",
                    flush=True,
                )
            print(f"{height} px stopped after {stopped_s(shot, folder):.2f} s")
        window.jobs.shutdown()
        window.close_case(show_start=False)


if __name__ == "__main__":
    main()
