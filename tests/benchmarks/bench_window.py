"""From the start of the process to the first painted frame, to a usable start screen, and to a case with 3D at rest.

Each run is a fresh process that does what `theatrum gui` and `theatrum gui CASE` do. Run it under a display or off
screen: `python tests/benchmarks/bench_window.py`. Nothing is asserted; the bars are 1.0 s warm for the first frame, 3 s
for everything usable. "structures" is the first picture with every visible surface and the plan's cut; "cut" is when a
cut can be dragged with its numbers, the liver made ready for it by a job; "3D" is everything at rest. The first opening
finds nothing kept on the disk and is told apart. Seconds by the clock, and the process's own CPU seconds beside them:
on a busy machine only those tell.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REPEATS = 5
BARS = {"frame": 1.0, "usable": 3.0, "slices": 3.0, "structures": 3.0, "cut": 3.0, "3D": 3.0}
# never loaded before they are used
LATE = ("torch", "matplotlib", "highdicom", "openvino", "SimpleITK", "sklearn")
CODE = """
import os, sys, time
from pathlib import Path
case = Path(sys.argv[1]) if sys.argv[1] != "-" else None
def tell(what):
    print(what, time.time(), time.process_time(), flush=True)
from app.cli import build_parser
arguments = build_parser().parse_args(["gui"])
from app.launch import make_application, prepare_display
prepare_display(needs_person=False, scale=None)
from app.settings import load_settings
settings = load_settings()
application = make_application(settings)
from app.workstation import Workstation
from PySide6.QtCore import QObject, QEvent, QTimer
from viewers.overlay import CutItem
seen = ready = False
window = Workstation(settings)
window.is_attended = False
class Watch(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            QTimer.singleShot(0, told)
        return False
def told():
    tell("frame")
    QTimer.singleShot(0, usable)
def usable():
    tell("usable")
    if case is None:
        end()
    else:
        window.opened.connect(lambda: QTimer.singleShot(0, lambda: tell("slices")))
        window.open_paths([case])
        tick.start(5)
def settled():
    global seen, ready
    page = window.page
    if not seen and page is not None and page.scene.is_started and page.scene.is_settled():
        session, content = page.session, page.scene.stage._content
        wanted = {name for name, one in session.case.structures.items() if one.voxel_count} - session.view.state.hidden
        if wanted <= {item.key for item in content.surfaces} and any(isinstance(item, CutItem) for item in content.items):
            seen = True
            tell("structures")
    if not ready and page is not None and page.planner.work.numbers is not None:
        ready = True
        tell("cut")
    if page is not None and page.is_settled and page.scene.is_started and not window.jobs.active:
        tell("3D")
        end()
def end():
    late = [name for name in sys.argv[2:] if name in sys.modules]
    print("loaded", ",".join(late) or "none", flush=True)
    os._exit(0)
tick = QTimer()
tick.timeout.connect(settled)
watch = Watch()
window.start.installEventFilter(watch)
window.show()
application.exec()
"""


def one_start(case: Path | None = None) -> tuple[dict[str, tuple[float, float]], str]:
    """What was reached: seconds by the clock from exec, CPU seconds; and what of LATE was loaded by then."""
    start = time.time()
    given = str(case) if case is not None else "-"
    done = subprocess.run(
        [sys.executable, "-c", CODE, given, *LATE],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    found = {row[0]: (float(row[1]) - start, float(row[2])) for row in rows if len(row) == 3}
    if "frame" not in found:
        raise SystemExit(f"the window did not start: {done.stderr[-400:]}")
    return found, next((row[1] for row in rows if row[:1] == ["loaded"]), "?")


def main() -> None:
    """Print the median and the slowest of several starts, without a case and with the planned sample liver."""
    with tempfile.TemporaryDirectory(prefix="theatrum-bench-") as folder:
        os.environ.setdefault("THEATRUM_HOME", str(Path(folder) / "home"))
        sys.path.insert(0, str(PROJECT))
        from app.window_states import planned_sample

        case = planned_sample("liver", Path(folder))
        for words, given in (("no case", None), ("sample liver with a plan", case)):
            first = one_start(given)[0]
            if "3D" in first:
                told = ", ".join(
                    f"{key} {first[key][0]:.2f} s (CPU {first[key][1]:.2f})" for key in BARS if key in first
                )
                print(f"{words}, the first time: {told}")
            runs = [one_start(given) for _ in range(REPEATS)]
            for key, bar in BARS.items():
                if key in runs[0][0]:
                    clock, cpu = zip(*(run[0][key] for run in runs), strict=True)
                    print(
                        f"{words:<26} {key:<7} median {statistics.median(clock):.2f} s, slowest {max(clock):.2f} s, "
                        f"CPU {statistics.median(cpu):.2f} s (bar {bar} s)"
                    )
            print(f"{words:<26} loaded of {', '.join(LATE)}: {runs[-1][1]}")


if __name__ == "__main__":
    main()
