"""Voxels that pass by in shared memory reach the case unchanged however long each block takes to pack."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest

import planning.case.store as store
from planning.case.document import Document
from planning.case.importing import ReleaseOrder, import_study
from planning.files.volumes import write_volume
from planning.geometry import Grid


def test_blocks_are_given_back_in_the_order_they_came() -> None:
    order, told = ReleaseOrder(), []
    first, second, third = (order.ticket(lambda n=n: told.append(n)) for n in range(3))
    third()
    second()
    assert not told
    first()
    assert len(told) == 3


def test_a_block_that_takes_long_to_pack_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    voxels = generator.integers(-900, 900, (330, 24, 24)).astype(np.int16)
    write_volume(tmp_path / "a.nii.gz", voxels, Grid.from_parts((24, 24, 330)))
    pack, turns = store._pack, random.Random(3)

    def slow(block: np.ndarray) -> tuple[str, str, int, bytes]:
        time.sleep(turns.choice((0.0, 0.0, 0.25)))
        return pack(block)

    monkeypatch.setattr(store, "_pack", slow)
    import_study([tmp_path / "a.nii.gz"], tmp_path / "a.theatrum")
    with Document.open(tmp_path / "a.theatrum") as document:
        kept = document.volume(next(iter(document.case.images))).voxels
    assert np.array_equal(kept, voxels)
