"""A case that another process has open and goes on changing is read whole, as it is at that moment."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from app.cli import main
from planning.case.document import Document
from planning.errors import CaseError
from planning.geometry import Grid
from planning.volume import Volume

GRID = Grid.from_parts((40, 36, 20), (1.0, 1.0, 2.0))
VOXELS = np.random.default_rng(0).integers(-100, 300, GRID.shape_kji).astype(np.int16)
# steps with a few kilobytes each, so that the log is folded in and begun anew again and again meanwhile
WRITER = """
import sys
from planning.case.commands import SetLabel
from planning.case.document import Document

with Document.open(sys.argv[1]) as document:
    number = 0
    while True:
        document.do(SetLabel(f"step {number} " + "x" * 6000))
        number += 1
        if number == 1:
            print("ready", flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "case.theatrum"
    make_case(file, Volume(GRID, VOXELS)).close()
    return file


@pytest.fixture
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    yield started
    started.kill()
    started.wait()


def test_each_look_is_whole_and_none_is_older_than_the_one_before(
    path: Path, writer: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    with pytest.raises(CaseError, match="another window"):
        Document.open(path, read_only=True)
    with pytest.raises(CaseError, match="another window"):
        Document.open(path, beside=True)
    newest = -1
    for _ in range(12):
        with Document.open(path, read_only=True, beside=True) as document:
            assert document.read_only
            assert document.store.path == path
            step = int(document.case.label.split()[1])
            assert step >= newest
            assert document.case.label == f"step {step} " + "x" * 6000
            newest = step
            assert np.array_equal(document.volume("CT").voxels, VOXELS)
        assert not list(aside.iterdir())
    assert newest > 0
    assert writer.poll() is None


@pytest.mark.parametrize("command", [("info",), ("case", "verify"), ("labels", "list")])
def test_commands_that_read_do_so_while_another_process_works(
    path: Path, writer: subprocess.Popen[str], command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    first, *rest = command
    call = [first, str(path), *rest] if first == "labels" else [*command, str(path)]
    assert main(call) == 0, capsys.readouterr().err
    assert writer.poll() is None
    capsys.readouterr()
    assert main(["labels", str(path), "remove", "liver"]) == 3, "nothing is written beside it"
    assert "open in another window" in capsys.readouterr().err
