"""Two acquisitions between each other are told from the voxels; one acquisition never is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from planning.alternation import INTERLEAVED, Alternation
from planning.case.document import Document
from planning.case.importing import import_study
from planning.case.untrue_slices import untrue_findings
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.volume import Volume


def _body(noise_hu: float, count: int = 24) -> np.ndarray:
    """A tilted vessel of 300 HU and a bone in soft tissue and air: slices `[k, j, i]`."""
    k, j, i = np.meshgrid(np.arange(count), np.arange(96), np.arange(96), indexing="ij")
    voxels = np.where(np.hypot(j - 48, i - 48) < 44, 40.0, -1000.0)
    voxels[np.hypot(j - 40 - 0.8 * k, i - 48) < 8] = 300.0
    voxels[np.hypot(j - 70, i - 30 - 0.5 * k) < 6] = 900.0
    return voxels + np.random.default_rng(5).normal(0.0, noise_hu, voxels.shape)


def _found(voxels: np.ndarray) -> bool:
    # blocks of any size are one volume
    likeness = Alternation()
    for first in range(0, len(voxels), 5):
        likeness.add(voxels[first : first + 5].round().astype(np.int16))
    return likeness.found()


@pytest.mark.parametrize("noise_hu", [0.0, 15.0, 100.0])
def test_one_acquisition_is_left_alone(noise_hu: float) -> None:
    assert not _found(_body(noise_hu))


def test_another_contrast_and_another_place_of_the_heart_are_found() -> None:
    brighter = _body(15.0)
    brighter[1::2][brighter[1::2] > 200.0] += 200.0
    assert _found(brighter)
    shifted = _body(15.0)
    shifted[1::2] = np.roll(shifted[1::2], 5, axis=1)
    assert _found(shifted)
    # only where both overlap
    partly = _body(15.0)
    partly[9:20:2] += 60.0
    assert _found(partly)


def test_the_import_says_so_and_not_of_an_honest_scan(tmp_path: Path) -> None:
    grid = Grid((96, 96, 24), np.diag((0.7, 0.7, 0.75, 1.0)))
    for name, step_hu in (("honest", 0.0), ("mixed", 300.0)):
        voxels = _body(15.0)
        voxels[1::2] += step_hu
        write_ct_series(Volume(grid, voxels.round().astype(np.int16)), tmp_path / name)
        import_study((tmp_path / name,), tmp_path / f"{name}.theatrum")
        with Document.open(tmp_path / f"{name}.theatrum") as document:
            (image,) = document.case.images.values()
            # a plan that is told to others says so again
            told = untrue_findings(document.case, image, SimpleNamespace(kind="liver", inputs={}, results={}))  # type: ignore[arg-type]
        codes = {finding.code for finding in image.findings}
        assert (INTERLEAVED in codes) == (name == "mixed") == (INTERLEAVED in {finding.code for finding in told})
