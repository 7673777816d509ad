"""What a killed program was writing in a case's place goes when the case is next opened to be changed, and not before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from cases import make_case

from planning.case.document import Document
from planning.geometry import Grid
from planning.running import writer
from planning.volume import Volume


def test_it_goes_with_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "a.theatrum"
    volume = Volume(Grid.from_parts((4, 4, 4), (1, 1, 1)), np.zeros((4, 4, 4), dtype=np.int16))
    make_case(path, volume).close()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f".a.theatrum.{writer(gone.pid)}.part"
    beside = left.with_name(f"{left.name}-wal")
    running = tmp_path / f".a.theatrum.{writer(os.getppid())}.part"
    other = tmp_path / f".b.theatrum.{writer(gone.pid)}.part"
    for file in (left, beside, running, other):
        file.write_bytes(b"half a case")
    with Document.open(path, read_only=True):
        assert left.exists()
    with Document.open(path):
        assert [file.exists() for file in (left, beside, running, other)] == [False, False, True, True]
