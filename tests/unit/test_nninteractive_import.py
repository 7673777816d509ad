"""What nnInteractive's folder becomes: a model of the interactive tools, with its prompts, its licence and its limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nnunet_folder as small
import numpy as np
import pytest

from inference.importers import convert as convert_with
from inference.importers import load, nninteractive
from inference.importers.store import load_network
from inference.pipeline import segment
from inference.zoo import InstalledModel
from planning.errors import ModelError
from planning.geometry import Grid

LABELS = {"background": 0, "structure": 1}


def _folder(root: Path, described: Any = None, name: str = nninteractive.NEW, licence: str | None = None) -> Path:
    weights = small.all_names(dict(small.network(2, 8).state_dict()))
    its_dataset = small.dataset(labels=LABELS, channel_names={"0": "image"})
    folder = small.write_folder(root, its_dataset=its_dataset, saved=small.checkpoint(weights))
    (folder / name).write_text(json.dumps({} if described is None else described), encoding="utf-8")
    if licence is not None:
        (folder / "LICENSE").write_text(licence, encoding="utf-8")
    return folder


def _converted(folder: Path, into: Path) -> Any:
    into.mkdir()
    return convert_with(load(), folder, into)


def test_a_folder_becomes_a_model_of_the_interactive_tools(tmp_path: Path) -> None:
    import torch

    folder = _folder(tmp_path, licence="CC BY-NC-SA 4.0\n\nThe wording.\n")
    manifest = _converted(folder, tmp_path / "out")
    assert manifest.kind == "interactive"
    (stage,) = manifest.stages
    assert stage.prompting is not None
    assert stage.prompting.channels == ("previous", "box+", "box-", "point+", "point-", "scribble+", "scribble-")
    assert stage.prompting.decay == 0.98
    assert (stage.network.in_channels, stage.network.out_channels) == (8, 2)
    assert stage.input.spacing_mm == (None, None, None)
    assert manifest.licence.id == "CC-BY-NC-SA-4.0"
    assert manifest.licence.commercial is False
    assert manifest.licence.must_be_accepted
    assert any("graphics card" in limit for limit in manifest.card.limits)
    network = load_network(stage.network, tmp_path / "out" / stage.weights[0].file)
    image = torch.randn(1, 8, 16, 16, 16)
    with torch.inference_mode():
        assert torch.equal(network(image), small.network(2, 8)(image))


def test_it_is_not_run_without_a_person(tmp_path: Path) -> None:
    manifest = _converted(_folder(tmp_path), tmp_path / "out")
    grid = Grid.from_parts((8, 8, 8))
    with pytest.raises(ModelError, match="clicks and strokes"):
        segment(np.zeros((8, 8, 8), np.int16), grid, InstalledModel(tmp_path / "out", manifest))


def test_without_a_licence_it_is_unknown_and_must_be_accepted(tmp_path: Path) -> None:
    manifest = _converted(_folder(tmp_path), tmp_path / "out")
    assert manifest.licence.id == "unknown"
    assert manifest.licence.must_be_accepted


def test_the_published_weights_have_a_known_licence(tmp_path: Path) -> None:
    name = "3d_fullres_ps192_bs24"
    weights = small.all_names(dict(small.network(2, 8).state_dict()))
    plans = small.plans(dataset_name="Dataset225_nnInteractiveV2", configurations={name: small.configuration()})
    saved = small.checkpoint(weights, init_args={"configuration": name, "fold": 0})
    folder = small.write_folder(tmp_path, its_plans=plans, its_dataset=small.dataset(labels=LABELS), saved=saved)
    (folder / nninteractive.OLD).write_text('"nnInteractiveInferenceSession"', encoding="utf-8")
    assert _converted(folder, tmp_path / "out").licence.id == "CC-BY-NC-SA-4.0"


def test_the_first_version_names_a_class_and_decays_faster(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "nnInteractiveInferenceSession", nninteractive.OLD)
    (stage,) = _converted(folder, tmp_path / "out").stages
    assert stage.prompting.decay == 0.9


def test_channels_of_their_own_are_kept_in_order(tmp_path: Path) -> None:
    mapping = {"prev_seg": 6, "points": [0, 1], "bbox2d": [2, 3], "bbox3d": [2, 3], "scribble": [4, 5]}
    folder = _folder(
        tmp_path, {"channel_mapping": mapping, "point_radius": 3, "preferred_scribble_thickness": [1, 2, 2]}
    )
    (stage,) = _converted(folder, tmp_path / "out").stages
    assert stage.prompting.channels == ("point+", "point-", "box+", "box-", "scribble+", "scribble-", "previous")
    assert (stage.prompting.point_radius, stage.prompting.scribble_thickness) == (3.0, 1.0)


@pytest.mark.parametrize(
    ("described", "word"),
    [
        ({"channel_mapping": {"prev_seg": 0, "points": [1, 1]}}, "share"),
        ({"channel_mapping": {"prev_seg": 0, "points": [1, 3]}}, "gaps"),
        ({"channel_mapping": {"points": [0, 1]}}, "gaps"),
        ({"channel_mapping": {"prev_seg": 0, "gaze": [1, 2]}}, "gaze"),
        ({"channel_mapping": {"prev_seg": -1, "points": [1, 2]}}, "impossible"),
        ({"channel_mapping": {"prev_seg": 0, "points": [1, 10**9]}}, "impossible"),
        ({"channel_mapping": [0, 1]}, "missing or damaged"),
        ({"point_radius": 1e9}, "point_radius"),
        ({"interaction_decay": "x"}, "interaction_decay"),
        ([], "missing or damaged"),
    ],
)
def test_impossible_descriptions_are_refused(tmp_path: Path, described: Any, word: str) -> None:
    folder = _folder(tmp_path, described)
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match=word):
        nninteractive.convert(folder, tmp_path / "out")


def test_weights_for_other_prompts_do_not_fit(tmp_path: Path) -> None:
    folder = _folder(tmp_path, {"channel_mapping": {"prev_seg": 0, "points": [1, 2]}})
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match="do not fit"):
        nninteractive.convert(folder, tmp_path / "out")
