"""The comparison of an imported model with the plain repetition of its own program's steps, made when it is added."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import nnunet_folder as small
import numpy as np
import pytest

from inference.importers import nnunet
from inference.importers.parity import compare, guessed_seconds, measured, phantom, trial
from inference.keeping import add_model
from inference.manifest import write_manifest
from inference.zoo import InstalledModel, Zoo
from planning.errors import Cancelled
from planning.progress import CancelToken


def _model(tmp_path: Path, **more: Any) -> InstalledModel:
    into = tmp_path / "model"
    into.mkdir()
    manifest = nnunet.convert(small.write_folder(tmp_path, **more), into)
    write_manifest(manifest, into)
    return InstalledModel(into, manifest)


def test_both_roads_give_the_same_labels(tmp_path: Path) -> None:
    model = _model(tmp_path)
    found = compare(model, *phantom(model.manifest.stages[0]))
    assert found.equal_voxels >= 0.9999
    assert found.labels_found >= 1
    assert found.dice_of_ours is not None
    assert 0.8 < found.dice_of_ours <= 1


def test_the_report_says_what_was_compared_with_what(tmp_path: Path) -> None:
    parity = measured(_model(tmp_path))
    assert parity is not None
    assert parity.against == "the steps of nnunetv2 2.8.1"
    assert parity.equal_voxels >= 0.9999
    assert "labels found; our own way: Dice 0.9" in parity.case or "Dice 1.0" in parity.case


def test_a_model_that_is_added_carries_its_report(tmp_path: Path) -> None:
    zoo = Zoo(tmp_path / "zoo")
    model = add_model(zoo, small.write_folder(tmp_path), "mine")
    assert model.manifest.id == "mine"
    assert model.manifest.parity is not None
    assert zoo.find("mine").manifest.parity == model.manifest.parity


def test_nothing_is_claimed_where_nothing_was_measured(tmp_path: Path) -> None:
    model = _model(tmp_path)
    source = model.manifest.source.model_copy(update={"importer": None})
    assert measured(replace(model, manifest=model.manifest.model_copy(update={"source": source}))) is None
    stage = model.manifest.stages[0]
    huge = stage.model_copy(update={"tiling": stage.tiling.model_copy(update={"patch": (256, 256, 256)})})
    assert measured(replace(model, manifest=model.manifest.model_copy(update={"stages": (huge,)}))) is None


def test_of_many_large_networks_the_first_is_compared(tmp_path: Path) -> None:
    model = _model(tmp_path)
    stage = model.manifest.stages[0]
    large = stage.tiling.model_copy(update={"patch": (128, 128, 128)})
    stages = tuple(stage.model_copy(update={"name": f"part-{n}", "tiling": large}) for n in range(5))
    tried = trial(model.manifest.model_copy(update={"stages": stages}))
    assert [one.name for one in tried.stages] == ["part-0"]
    assert tried.stages[0].tiling.mirror_axes == ()
    assert guessed_seconds(tried.stages) < 240


def test_a_comparison_stops_when_asked(tmp_path: Path) -> None:
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        measured(_model(tmp_path), token)


def test_the_phantom_is_a_little_larger_than_a_tile_on_other_voxels(tmp_path: Path) -> None:
    stage = _model(tmp_path).manifest.stages[0]
    image, grid = phantom(stage)
    assert image.shape == grid.shape_kji
    assert image.shape[0] * float(grid.spacing_mm[2]) > 16 * 3.0
    assert not np.allclose(grid.spacing_mm, 3.0)
    assert image.min() < -900
    assert image.max() > 300
