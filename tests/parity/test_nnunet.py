"""Imported nnU-Net folders against nnU-Net's own predictor, and TotalSegmentator's tasks against its steps and itself.

The peers live in `.venv-parity` (tools/parity_env.sh). What they say is made once for each version of `make_nnunet.py`
and `make_total.py`, and kept beside them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from inference.importers import nnunet, totalsegmentator
from inference.importers.child import convert_in_child
from inference.importers.parity import plain_labels
from inference.manifest import Manifest, write_manifest
from inference.pipeline import RunOptions, segment
from inference.zoo import InstalledModel
from planning.geometry import Grid

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parents[1] / ".venv-parity" / "bin" / "python"
RANDOM_SHARE = 0.999
TRAINED_SHARE = 0.9995

RANDOM = (
    *(
        "plain",
        "residual",
        "residual_both",
        "batchnorm",
        "old",
        "aniso",
        "aniso_sharp",
        "regions",
        "folds",
        "transpose",
    ),
    *("inherits", "zscore", "slices", "cascade", "total"),
)
TRAINED = ("plain_trained", "aniso_trained", "regions_trained", "task_trained")
CUT = ("vessels", "segments", "chambers")


@dataclass(frozen=True)
class Case:
    """A folder of theirs, a scan, and their labels."""

    folder: Path
    image: Any
    truth: Any
    grid: Grid


@pytest.fixture(scope="module")
def made() -> Path:
    """The folder with every kind of nnU-Net's."""
    return _made("nnunet", (*RANDOM, *TRAINED), "make_nnunet.py")


@pytest.fixture(scope="module")
def made_total() -> Path:
    """The folder with TotalSegmentator's tasks that cut the scan."""
    return _made("total", CUT, "make_total.py", "make_nnunet.py")


def _made(name: str, kinds: tuple[str, ...], *scripts: str) -> Path:
    """What the first script makes; made where it is not there yet."""
    if not PYTHON.is_file():
        pytest.skip("nnU-Net is not here to be compared with (tools/parity_env.sh brings it)")
    text = b"".join((HERE / script).read_bytes() for script in scripts)
    place = PYTHON.parents[1] / f"{name}-{hashlib.sha256(text).hexdigest()[:12]}"
    if not all((place / kind / "case.json").is_file() for kind in kinds):
        done = subprocess.run(
            [str(PYTHON), "-W", "ignore", str(HERE / scripts[0]), str(place), *kinds],
            capture_output=True,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stderr[-3000:]
    return place


def _case(made: Path, kind: str) -> Case:
    place = made / kind
    case = json.loads((place / "case.json").read_text())
    image = np.load(place / "image.npy")
    k, j, i = case["spacing_kji_mm"]
    grid = Grid.from_parts((image.shape[2], image.shape[1], image.shape[0]), spacing_mm=(i, j, k))
    return Case(place / case["folder"], image, np.load(place / "truth.npy"), grid)


def _converted(case: Case, into: Path) -> InstalledModel:
    into.mkdir(exist_ok=True)
    importer = totalsegmentator if totalsegmentator.recognise(case.folder) else nnunet
    assert importer.recognise(case.folder)
    manifest: Manifest = importer.convert(case.folder, into)
    write_manifest(manifest, into)
    return InstalledModel(into, manifest)


def _equal(case: Case, model: InstalledModel, **options: Any) -> float:
    run = segment(case.image, case.grid, model, RunOptions(mode="parity", engine="torch", threads=1, **options))
    assert len(np.unique(case.truth)) > 2, "the peer finds next to nothing: such a comparison would tell nothing"
    return float((run.labels == case.truth).mean())


@pytest.mark.parametrize("kind", RANDOM)
def test_networks_of_random_weights_give_the_peers_labels(made: Path, kind: str, tmp_path: Path) -> None:
    case = _case(made, kind)
    assert _equal(case, _converted(case, tmp_path / "model")) >= RANDOM_SHARE


@pytest.mark.parametrize("kind", TRAINED)
def test_trained_networks_give_the_peers_labels(made: Path, kind: str, tmp_path: Path) -> None:
    case = _case(made, kind)
    assert _equal(case, _converted(case, tmp_path / "model")) >= TRAINED_SHARE


@pytest.mark.parametrize("kind", CUT)
def test_tasks_that_cut_the_scan_give_totalsegmentators_own_labels(made_total: Path, kind: str, tmp_path: Path) -> None:
    case = _case(made_total, kind)
    model = _converted(case, tmp_path / "model")
    assert model.manifest.stages[-1].within is not None
    assert _equal(case, model) >= TRAINED_SHARE


@pytest.mark.parametrize("kind", [*RANDOM, *TRAINED])
def test_the_plain_repetition_is_the_peer(made: Path, kind: str, tmp_path: Path) -> None:
    case = _case(made, kind)
    labels = plain_labels(_converted(case, tmp_path / "model"), case.image, case.grid)
    assert float((labels == case.truth).mean()) >= 0.9999


@pytest.mark.parametrize("kind", ["plain_trained", "task_trained"])
def test_our_own_way_differs_from_the_peers_only_at_boundaries(made: Path, kind: str, tmp_path: Path) -> None:
    case = _case(made, kind)
    model = _converted(case, tmp_path / "model")
    run = segment(case.image, case.grid, model, RunOptions(quality="best", engine="torch", threads=1))
    differs = run.labels != case.truth
    # TotalSegmentator copies labels to the nearest voxel, we interpolate: half a voxel of the network either way
    boundary = ndimage.maximum_filter(case.truth, 3) != ndimage.minimum_filter(case.truth, 3)
    assert differs.mean() < 0.02
    assert (differs & ~boundary).mean() < 0.001


def test_the_child_converts_what_the_importer_converts(made: Path, tmp_path: Path) -> None:
    case = _case(made, "cascade")
    direct = _converted(case, tmp_path / "direct").manifest
    through = convert_in_child(case.folder, tmp_path / "child")
    told = [stage.model_dump() for stage in through.stages]
    assert told == [stage.model_dump() for stage in direct.stages]
    assert [stage.keeps for stage in through.stages] == [False, True]
    assert through.stages[1].previous is not None
    assert through.stages[1].previous.values == (1, 2, 3, 4, 5)
    assert sorted(path.name for path in (tmp_path / "child").iterdir()) == [
        "main-before-fold0.safetensors",
        "main-fold0.safetensors",
        "manifest.json",
    ]


def test_what_a_manifest_says_of_a_folder(made: Path, tmp_path: Path) -> None:
    folds = _converted(_case(made, "folds"), tmp_path / "folds").manifest
    assert [weights.fold for weights in folds.stages[0].weights] == [0, 1]
    assert folds.stages[0].tiling.mirror_axes == (0,)
    assert folds.licence.id == "unknown"
    assert folds.licence.must_be_accepted
    turned = _converted(_case(made, "transpose"), tmp_path / "turned").manifest.stages[0]
    assert turned.input.axes == "ikj"
    assert turned.input.spacing_mm == (2.0, 2.5, 1.9)
    flat = _converted(_case(made, "slices"), tmp_path / "flat").manifest.stages[0]
    assert flat.network.dims == 2
    assert flat.tiling.patch == (1, 32, 24)
    assert flat.tiling.mirror_axes == (1, 2)
    assert flat.input.spacing_mm == (None, 1.8, 1.8)
    total = _converted(_case(made, "total"), tmp_path / "total").manifest
    assert len(total.stages) == 5
    assert len(total.labels) == 117
    assert {label.name: label.index for label in total.labels}["liver"] == 5
    assert total.label("kidney_left").code == ("SCT", "64033007", "Kidney")
    assert total.label("kidney_left").laterality == "left"
    assert total.licence.id == "Apache-2.0"
    regions = _converted(_case(made, "regions"), tmp_path / "regions").manifest
    assert {label.index: label.name for label in regions.labels} == {1: "all", 2: "pair", 4: "vessel"}
