"""A case that takes another one's name: never while that one is open, and never with that one's log."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from planning.case.commands import SetLabel
from planning.case.document import Document
from planning.case.importing import import_study
from planning.case.saving import save_copy
from planning.dicom.write import write_ct_series
from planning.errors import CaseError
from planning.geometry import Grid
from planning.volume import Volume

GRID = Grid.from_parts((12, 12, 12), (1.0, 1.0, 1.0))
HOLD = """
import sys
from pathlib import Path
from planning.case.document import Document
with Document.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def _case(path: Path, value: int) -> Document:
    document = make_case(path, Volume(GRID, np.full(GRID.shape_kji, value, dtype=np.int16)))
    document.do(SetLabel(path.stem))
    return document


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Document]:
    with _case(tmp_path / "copied.theatrum", 7) as document:
        yield document


def test_a_copy_never_takes_the_place_of_a_case_that_is_open_here(tmp_path: Path, copied: Document) -> None:
    other = _case(tmp_path / "other.theatrum", 1)
    with pytest.raises(CaseError, match="open in another window"):
        save_copy(copied, other.path, force=True)
    other.do(SetLabel("goes on"))
    other.close()
    with Document.open(other.path) as again:
        assert again.case.label == "goes on"
        assert again.volume("CT").voxels.max() == 1
    save_copy(copied, other.path, force=True)
    with Document.open(other.path) as again:
        assert again.case.label == "copied"


def test_neither_a_copy_nor_an_import_replaces_a_case_that_another_process_has_open(
    tmp_path: Path, copied: Document
) -> None:
    other = tmp_path / "other.theatrum"
    _case(other, 1).close()
    write_ct_series(Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16)), tmp_path / "scan")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(other)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(CaseError, match="open in another window"):
            save_copy(copied, other, force=True)
        with pytest.raises(CaseError, match="open in another window"):
            import_study([tmp_path / "scan"], other, force=True)
    finally:
        holder.communicate("")
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]
    with Document.open(other) as again:
        assert again.case.label == "other"


def test_the_log_of_a_case_that_was_never_closed_is_not_played_into_its_successor(
    tmp_path: Path, copied: Document
) -> None:
    stopped = tmp_path / "stopped.theatrum"
    with _case(tmp_path / "other.theatrum", 1) as other:
        # as a crash leaves them
        for ending in ("", "-wal"):
            shutil.copy(f"{other.path}{ending}", f"{stopped}{ending}")
    assert Path(f"{stopped}-wal").stat().st_size > 0
    save_copy(copied, stopped, force=True)
    with Document.open(stopped) as again:
        assert again.case.label == "copied"
        assert again.volume("CT").voxels.max() == 7


def test_what_is_no_case_may_be_replaced(tmp_path: Path, copied: Document) -> None:
    target = tmp_path / "notes.theatrum"
    target.write_text("nothing of a case", encoding="utf-8")
    save_copy(copied, target, force=True)
    with Document.open(target) as again:
        assert again.case.label == "copied"
