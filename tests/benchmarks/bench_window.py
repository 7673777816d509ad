"""From the start of the process to the window's first painted frame, and to a usable start screen.

Each run is a fresh process that does what `theatrum gui` does. Run it under a display or off screen:
`python tests/benchmarks/bench_window.py`. Nothing is asserted; the bar is 1.5 s warm for the first frame, 3 s usable.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REPEATS = 5
CODE = """
import sys, time
from app.cli import build_parser
arguments = build_parser().parse_args(["gui"])
from app.launch import make_application, prepare_display
prepare_display(needs_person=False, scale=None)
from app.settings import load_settings
settings = load_settings()
application = make_application(settings)
from app.workstation import Workstation
from PySide6.QtCore import QObject, QEvent, QTimer
window = Workstation(settings)
class Watch(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            QTimer.singleShot(0, told)
        return False
def told():
    print("frame", time.time())
    QTimer.singleShot(0, usable)
def usable():
    print("usable", time.time(), flush=True)
    application.quit()
watch = Watch()
window.start.installEventFilter(watch)
window.show()
application.exec()
heavy = [name for name in ("vtkmodules", "torch", "SimpleITK", "scipy", "pyvista") if name in sys.modules]
print("loaded", ",".join(heavy) or "none")
os._exit(0)
"""


def one_start() -> dict[str, str]:
    """Seconds from exec to frame and usable, and what heavy modules were loaded by then."""
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    rows = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    if "frame" not in rows:
        raise SystemExit(f"the window did not start: {done.stderr[-400:]}")
    return {key: f"{float(rows[key]) - start:.3f}" for key in ("frame", "usable")} | {"loaded": rows["loaded"]}


def main() -> None:
    """Print the median and the slowest of several starts."""
    one_start()
    runs = [one_start() for _ in range(REPEATS)]
    for key, bar in (("frame", 1.5), ("usable", 3.0)):
        values = [float(run[key]) for run in runs]
        print(f"{key:<7} median {statistics.median(values):.2f} s, slowest {max(values):.2f} s (bar {bar} s)")
    print(f"heavy modules loaded by then: {runs[-1]['loaded']}")


if __name__ == "__main__":
    main()
