"""Opening a case, again and again in fresh processes: how soon it is usable, and whether it ever brings the program down.

`python tests/benchmarks/bench_opening.py [TIMES] [CASE ...]`: the planned sample cases where none is named, each so often.
Threads change places every 20 microseconds in every second run and the top bar is painted all the time, which finds races
that an idle machine never shows. The first run of a case finds nothing kept on the disk, the others find everything.
"3D usable" is the first picture with every visible surface and, where the case has a liver plan, its cut. Seconds by the
clock and of the process's own processor time are told from the click. Nothing is asserted but that no process ends badly.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TIMES = 10
LONGEST_S = 300
CODE = """
import faulthandler, os, sys, time
faulthandler.enable()
is_hard = sys.argv[2] == "hard"
if is_hard:
    sys.setswitchinterval(2e-5)
from pathlib import Path
from app.launch import make_application, prepare_display
prepare_display(needs_person=False, scale=None)
from app.settings import load_settings
settings = load_settings()
application = make_application(settings)
from PySide6.QtCore import QTimer
from app.warming import Warming
from app.watchdog import Watchdog
from app.workstation import Workstation
from viewers.overlay import CutItem, MarginMapItem
window = Workstation(settings)
window.is_attended = False
warming = Warming(window, lambda: window.page is None)
window.resize(1280, 800)
window.show()
begun = None
def tell(what):
    print(what, time.time() - begun[0], time.process_time() - begun[1], flush=True)
def begin():
    global begun
    begun = time.time(), time.process_time()
    window.opened.connect(lambda: QTimer.singleShot(0, lambda: tell("slices")))
    window.open_paths([Path(sys.argv[1])])
    tick.start(5)
def usable():
    page = window.page
    if page is None or not page.scene.is_started or not page.scene.is_settled():
        return
    session, content = page.session, page.scene.stage._content
    wanted = {name for name, one in session.case.structures.items() if one.voxel_count} - session.view.state.hidden
    has_cut = any(isinstance(item, CutItem | MarginMapItem) for item in content.items)
    if wanted <= {item.key for item in content.surfaces} and (page.module != "liver" or has_cut):
        tell("3D")
        slow = max(dog.turns, key=lambda turn: turn.cpu_ms, default=None)
        if slow is not None:
            print("turn", slow.cpu_ms / 1000.0, slow.wall_ms / 1000.0, slow.where.replace(" ", "_"))
        sys.stdout.flush()
        os._exit(0)
dog = Watchdog(parent=window)
tick = QTimer()
tick.timeout.connect(usable)
hammer = QTimer()
hammer.timeout.connect(window.top.repaint)
if is_hard:
    hammer.start(1)
QTimer.singleShot(1500, begin)
application.exec()
"""


def one_opening(case: Path, way: str) -> tuple[dict[str, tuple[float, float]], str]:
    """What was reached ("slices", "3D", and the longest "turn"), each with seconds by the clock and processor seconds; what
    went wrong, "" for nothing."""
    with tempfile.TemporaryDirectory(prefix="theatrum-bench-") as folder:
        # an opening that is broken off leaves a log beside its file
        copy = Path(shutil.copy(case, folder))
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(copy), way],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=LONGEST_S,
        )
    rows = [line.split() for line in done.stdout.splitlines()]
    found = {row[0]: (float(row[1]), float(row[2])) for row in rows if row and row[0] in ("slices", "3D", "turn")}
    return found, "" if done.returncode == 0 and "3D" in found else f"{done.returncode}\n{done.stderr[-4000:]}"


def main() -> int:
    """Print what each case took, the first time and later; 1 when any process ended badly."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    given = [Path(text).resolve() for text in sys.argv[2:]]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="theatrum-bench-") as folder:
        os.environ.setdefault("THEATRUM_HOME", str(Path(folder) / "home"))
        sys.path.insert(0, str(PROJECT))
        if not given:
            from app.window_states import planned_sample

            given = [planned_sample("liver", Path(folder)), planned_sample("heart", Path(folder))]
        for case in given:
            later: dict[str, list[tuple[float, float]]] = {}
            for number in range(times):
                found, wrong = one_opening(case, "hard" if number % 2 else "plain")
                if wrong:
                    failed += 1
                    print(f"{case.name} run {number} ended badly: {wrong}", flush=True)
                elif number == 0:
                    print(f"{case.stem:<8} the first time: " + _words({key: [row] for key, row in found.items()}))
                elif number % 2 == 0:
                    for key, row in found.items():
                        later.setdefault(key, []).append(row)
            print(f"{case.stem:<8} later:          " + _words(later), flush=True)
    print(f"{failed} of {times * len(given)} openings ended badly")
    return 1 if failed else 0


def _words(found: dict[str, list[tuple[float, float]]]) -> str:
    told = []
    for key, rows in found.items():
        first, second = (statistics.median(column) for column in zip(*rows, strict=True))
        clock, cpu = (second, first) if key == "turn" else (first, second)
        told.append(f"{'longest turn' if key == 'turn' else key} {clock:.2f} s, CPU {cpu:.2f} s")
    return "; ".join(told) or "nothing"


if __name__ == "__main__":
    raise SystemExit(main())
