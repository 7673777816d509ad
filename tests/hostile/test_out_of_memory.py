"""Memory that runs out, drives that vanish, a graphics card that is lost: one line, and nothing half-written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import fuzz_seeds as seeds
import numpy as np
import pytest

from planning.case.document import Document
from planning.case.importing import import_study
from planning.dicom import child
from planning.dicom.scan import scan
from planning.dicom.write import write_ct_series
from planning.errors import DicomError, InputError
from planning.geometry import Grid
from planning.running import writer
from planning.volume import Volume


def _series(folder: Path, count: int = 6) -> Path:
    grid = Grid.from_parts((36, 34, count), (1.0, 1.0, 2.0))
    write_ct_series(Volume(grid, np.zeros(grid.shape_kji, np.int16), quantity="HU"), folder)
    return folder


def test_a_reader_that_the_system_kills_is_said_to_want_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _series(tmp_path / "ct")
    take = child._take

    def killed() -> object:
        process, connection = take()
        os.kill(process.pid, signal.SIGKILL)
        return process, connection

    monkeypatch.setattr(child, "_take", killed)
    with pytest.raises(DicomError, match="want of memory") as found:
        import_study([folder], tmp_path / "x.theatrum")
    assert found.value.code == "memory"
    assert [path.name for path in tmp_path.iterdir()] == ["ct"]


def test_a_draft_of_an_import_that_the_system_killed_is_gone_after_the_next(tmp_path: Path) -> None:
    folder = _series(tmp_path / "ct")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for number in (ended.pid, os.getppid()):
        (tmp_path / f".x.theatrum.{writer(number)}.part").write_bytes(b"half")
    running, other = f".x.theatrum.{writer(os.getppid())}.part", f".y.theatrum.{writer(ended.pid)}.part"
    (tmp_path / other).write_bytes(b"of another case")
    import_study([folder], tmp_path / "x.theatrum")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted(["ct", "x.theatrum", running, other])


def test_a_source_that_vanishes_while_it_is_read_is_said_to_be_gone(tmp_path: Path) -> None:
    folder = _series(tmp_path / "ct", 300)

    def gone(share: float, text: str = "") -> None:
        if share > 0.31:
            shutil.rmtree(folder, ignore_errors=True)

    with pytest.raises(InputError, match="cannot be read any more"):
        import_study([folder], tmp_path / "x.theatrum", progress=gone)
    assert not list(tmp_path.iterdir())


def test_a_case_whose_folder_vanished_takes_no_step_and_can_be_copied(tmp_path: Path) -> None:
    # as a drive that is taken away: the open file lives on, and nobody finds it again
    from planning.case.commands import SetLabel
    from planning.case.saving import save_copy
    from planning.errors import CaseError

    path = seeds.case_file(tmp_path / "drive")
    document = Document.open(path)
    document.do(SetLabel("before"))
    steps = document.journal_length
    shutil.rmtree(tmp_path / "drive")
    with pytest.raises(CaseError, match="gone"):
        document.do(SetLabel("after"))
    copy = save_copy(document, tmp_path / "copy.theatrum")
    with pytest.raises(CaseError, match="gone"):
        document.close()
    with Document.open(copy) as saved:
        assert saved.journal_length == steps
        assert saved.volume("CT").voxels.shape == seeds.GRID.shape_kji


def test_a_stream_that_keeps_a_decoder_busy_ends_the_reader(tmp_path: Path) -> None:
    # found by mutation: a JPEG-LS file of 6 kB that takes its decoder longer than 10 s
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copyfile(Path(__file__).parent / "corpus" / "dicom-pixels-busy", folder / "busy.dcm")
    _series(folder / "true")
    used = _used_s()
    found = scan([folder])
    assert [one.importable for one in found.series] == [True]
    assert [(one.file, "stopped the reader" in one.reason) for one in found.skipped] == [("busy.dcm", True)]
    assert _used_s() - used < 15


def _used_s() -> float:
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def test_a_command_without_memory_says_so_in_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from app.cli import main
    from planning.case.store import ArrayWriter

    def none_left(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ArrayWriter, "write", none_left)
    folder = _series(tmp_path / "ct")
    assert main(["import", str(folder), "-o", str(tmp_path / "x.theatrum"), "--quiet"]) == 3
    told = capfd.readouterr().err
    assert told == "theatrum: error: There is too little memory for this. Close other programs and try again.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["ct"]
