"""Kill −9 in the middle of edits: every acknowledged edit is there afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from planning.case.document import Document
from planning.case.verify import verify_case

EDITS = """
import sys
from pathlib import Path
from planning.case.commands import SetLabel
from planning.case.document import Document
document = Document.create(Path(sys.argv[1]))
print("open", flush=True)
for number in range(100000):
    document.do(SetLabel(f"edit {number}"))
    print(number, flush=True)
"""


def test_no_acknowledged_edit_is_lost(tmp_path: Path, project_root: Path) -> None:
    generator = np.random.default_rng(5)
    for run in range(6):
        path = tmp_path / f"{run}.theatrum"
        child = subprocess.Popen(
            [sys.executable, "-c", EDITS, str(path)],
            cwd=project_root,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        time.sleep(float(generator.uniform(0.05, 0.5)))
        child.send_signal(signal.SIGKILL)
        child.wait()
        acknowledged = [int(line) for line in child.stdout.read().split("\n") if line.strip().isdigit()]
        with Document.open(path) as document:
            kept = int(document.case.label.split()[1]) if document.case.label else -1
            assert document.journal_length == kept + 1
        assert kept >= (acknowledged[-1] if acknowledged else -1)
        verify_case(path)
