"""Where a network is not sure: only thick layers of doubtful voxels, near the structure's own boundary, kept in the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.doubt import doubt_of, thick_layers
from inference.run import Segmentation
from planning.case.commands import ReplaceStructure, load_command
from planning.case.document import Document
from planning.case.manifest import structure_json
from planning.case.model import Doubt
from planning.case.reading import structure_from_json
from planning.geometry import Grid
from planning.volume import Mask, Volume
from tests.support.cases import add_structures, make_case

GRID = Grid.from_parts((60, 60, 40), (1.0, 1.0, 1.5), (-30.0, -30.0, 0.0))


def run_with(doubtful: np.ndarray) -> Segmentation:
    return Segmentation(
        labels=np.zeros(GRID.shape_kji, dtype=np.uint8),
        evidence=(),
        device="cpu",
        precision="fp32",
        seconds=0.0,
        peak_memory_mb=0.0,
        notes=(),
        changes=(),
        stages=(),
        model_hash="",
        doubt=np.packbits(doubtful),
    )


def box_of_voxels() -> np.ndarray:
    voxels = np.zeros(GRID.shape_kji, dtype=bool)
    voxels[8:32, 15:45, 15:45] = True
    return voxels


def test_a_thin_layer_along_a_boundary_is_no_doubt_and_a_thick_one_is() -> None:
    doubtful = np.zeros(GRID.shape_kji, dtype=bool)
    doubtful[8:32, 15:45, 15] = True
    assert not doubt_of(run_with(doubtful), GRID, {"liver": Mask.from_full(GRID, box_of_voxels())})
    doubtful[8:32, 15:45, 42:48] = True
    found = doubt_of(run_with(doubtful), GRID, {"liver": Mask.from_full(GRID, box_of_voxels())})
    marked = found["liver"].full()
    i = np.nonzero(marked)[2]
    # within 2 mm of the boundary on that side alone
    assert i.min() >= 30
    assert i.max() <= 46
    assert marked[20, 30, 43:47].all()
    assert not marked[20, 30, :40].any()


def test_doubt_far_from_a_structure_is_not_its_own() -> None:
    doubtful = np.zeros(GRID.shape_kji, dtype=bool)
    doubtful[:, :, :8] = True
    assert not doubt_of(run_with(doubtful), GRID, {"liver": Mask.from_full(GRID, box_of_voxels())})
    assert thick_layers(doubtful, GRID)[:, :, :6].all()


def test_a_run_without_doubt_has_none() -> None:
    bare = replace(run_with(np.zeros(GRID.shape_kji, dtype=bool)), doubt=np.zeros(0, dtype=np.uint8))
    assert doubt_of(bare, GRID, {"liver": Mask.from_full(GRID, box_of_voxels())}) == {}


@pytest.mark.parametrize("spacing", [(0.5, 0.7, 5.0), (3.0, 3.0, 3.0)])
def test_any_spacing_gives_voxels_of_the_same_grid(spacing: tuple[float, float, float]) -> None:
    grid = Grid.from_parts((33, 29, 17), spacing)
    assert thick_layers(np.ones(grid.shape_kji, dtype=bool), grid).all()
    assert thick_layers(np.zeros(grid.shape_kji, dtype=bool), grid).shape == grid.shape_kji


def test_doubt_is_there_after_reload_and_goes_with_undo(tmp_path: Path) -> None:
    path = tmp_path / "c.theatrum"
    with make_case(path, Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16))) as document:
        add_structures(document, {"liver": Mask.from_full(GRID, box_of_voxels())})
        assert document.doubt("liver") is None
        unsure = np.zeros(GRID.shape_kji, dtype=bool)
        unsure[10:12, 15:30, 14:17] = True
        start, array = document.put_mask(Mask.from_full(GRID, unsure))
        liver = replace(document.case.structures["liver"], doubt=Doubt(start, array))
        assert liver.arrays == (liver.array, array)
        command = ReplaceStructure(liver)
        assert load_command(command.op, command.op_version, command.parameters()).arrays() == liver.arrays
        assert structure_from_json(structure_json(liver)).doubt == liver.doubt
        document.do(command)
    with Document.open(path) as again:
        mask = again.doubt("liver")
        assert mask is not None
        assert np.array_equal(mask.full(), unsure)
        again.undo()
        assert again.doubt("liver") is None
