"""A patient's data that a killed program left in the place of temporary files goes, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from planning.files.temporary import temporary_folder


def test_what_a_killed_program_left_goes_with_the_next_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "a").touch()
    left, running = tmp_path / f"theatrum-read-{gone.pid}-abc", tmp_path / f"theatrum-read-{os.getppid()}-abc"
    others = [tmp_path / "theatrum-read", tmp_path / f"other-{gone.pid}-abc", running]
    for folder in (left, *others):
        folder.mkdir()
        (folder / "case.theatrum").touch()
    (tmp_path / f"theatrum-zip-{gone.pid}-link").symlink_to(kept)
    with temporary_folder("zip") as made:
        assert Path(made).parent == tmp_path
        with temporary_folder("read"):
            assert Path(made).is_dir()
        assert not left.exists()
        assert all((folder / "case.theatrum").exists() for folder in others)
        assert (kept / "a").exists()
    assert not Path(made).exists()
