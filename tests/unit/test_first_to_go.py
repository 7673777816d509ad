"""Disposable processes go first when memory runs out; volumes that no memory takes are refused before they are read."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from planning.errors import InputError
from planning.files import volumes
from planning.geometry import Grid


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a score")
def test_a_disposable_process_has_the_highest_score() -> None:
    code = "from planning.first_to_go import be_first_to_go, PLACE; be_first_to_go(); print(PLACE.read_text())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1000"


def _claiming(path: Path, side: int) -> Path:
    """A NIfTI file of few bytes that claims a cube."""
    small = path.with_name("small.nii")
    volumes.write_volume(small, np.zeros((4, 4, 4), np.int16), Grid.from_parts((4, 4, 4)))
    head = bytearray(small.read_bytes())
    head[42:48] = struct.pack("<3h", side, side, side)
    path.write_bytes(gzip.compress(bytes(head)) if path.suffix == ".gz" else bytes(head))
    return path


@pytest.mark.parametrize("name", ["huge.nii.gz", "huge.nii"])
def test_a_claim_of_gigabytes_is_refused_before_it_is_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "free_bytes", lambda: 1 << 30)
    begun = time.process_time()
    with pytest.raises(InputError, match=r"free memory can take \(1.1 GB\)|cut off"):
        volumes.read_volumes(_claiming(tmp_path / name, 1000))
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_the_room_counts_the_voxels_own_bytes(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"ct{ending}"
    volumes.write_volume(path, np.zeros((20, 20, 20), np.int16), Grid.from_parts((20, 20, 20)))
    monkeypatch.setattr(volumes, "free_bytes", lambda: 8000 * 2 * volumes.HELD_TIMES)
    assert volumes.read_volumes(path)[0][0].shape == (20, 20, 20)
    monkeypatch.setattr(volumes, "free_bytes", lambda: 8000 * 2 * volumes.HELD_TIMES - 1)
    with pytest.raises(InputError, match="free memory"):
        volumes.read_volumes(path)
