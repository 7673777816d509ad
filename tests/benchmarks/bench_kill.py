"""Sixty kills −9 in the middle of scripted edits: how many acknowledged edits are lost, how many cases are damaged.

Run it by itself: `python tests/benchmarks/bench_kill.py [runs]`. Nothing is asserted; the numbers are printed.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SYNCED_EDITS = 50
EDITS = """
import sys
from pathlib import Path
from planning.case.commands import SetLabel
from planning.case.document import Document
document = Document.create(Path(sys.argv[1]))
print("open", flush=True)
for number in range(int(sys.argv[2])):
    document.do(SetLabel(f"edit {number}"))
    print(number, flush=True)
"""


def killed_run(path: Path, seconds: float) -> tuple[int, int, bool]:
    """(edits acknowledged, edits lost, damaged) after a kill so many seconds into the edits."""
    from planning.case.document import Document
    from planning.case.verify import verify_case
    from planning.errors import CaseError

    child = subprocess.Popen(
        [sys.executable, "-c", EDITS, str(path), "1000000"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()
    acknowledged = len([line for line in child.stdout.read().split("\n") if line.strip().isdigit()])
    try:
        with Document.open(path) as document:
            kept = document.journal_length
            label_fits = not kept or document.case.label == f"edit {kept - 1}"
        verify_case(path)
    except CaseError:
        return acknowledged, acknowledged, True
    return acknowledged, max(0, acknowledged - kept), not label_fits


def syncs_per_commit(path: Path) -> float | None:
    """fsync and fdatasync calls for each edit, counted from outside by strace; None where it is not installed."""
    if shutil.which("strace") is None:
        return None

    def count(edits: int) -> int:
        target = path.with_name(f"{edits}-{path.name}")
        done = subprocess.run(
            ["strace", "-f", "-e", "trace=fsync,fdatasync", sys.executable, "-c", EDITS, str(target), str(edits)],
            cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return len(re.findall(r"\bf(?:data)?sync\(", done.stderr))

    # the difference of two runs leaves out what opening and closing need
    return (count(2 * SYNCED_EDITS) - count(SYNCED_EDITS)) / SYNCED_EDITS


def main() -> None:
    """Print one line a figure."""
    sys.path.insert(0, str(PROJECT))
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    generator = random.Random(5)
    acknowledged = lost = damaged = 0
    with tempfile.TemporaryDirectory(prefix="theatrum-kill-") as folder:
        for run in range(runs):
            edits, gone, broken = killed_run(Path(folder) / f"{run}.theatrum", generator.uniform(0.0, 0.6))
            acknowledged, lost, damaged = acknowledged + edits, lost + gone, damaged + broken
        syncs = syncs_per_commit(Path(folder) / "synced.theatrum")
    print(f"kills −9: {runs}, edits acknowledged: {acknowledged}, lost: {lost}, damaged cases: {damaged}")
    print(f"syncs to the disk for each commit: {'not counted, strace is missing' if syncs is None else f'{syncs:.2f}'}")


if __name__ == "__main__":
    main()
