"""What an nnU-Net folder becomes, and what is refused in words: on small folders made without nnU-Net."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nnunet_folder as small
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.importers import nnunet
from inference.importers.checkpoint import open_checkpoint, plain, tensors_of
from inference.importers.licences import KNOWN, known_licence, licence_of_text
from inference.importers.store import load_network
from inference.manifest import Manifest
from inference.weights import check_weights, read_weights, write_weights
from planning.errors import ModelError


def _convert(folder: Path, into: Path) -> Manifest:
    into.mkdir(exist_ok=True)
    return nnunet.convert(folder, into)


def _refusal(folder: Path, into: Path) -> str:
    with pytest.raises(ModelError) as caught:
        _convert(folder, into)
    assert caught.value.exit_code == 3
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 400
    return text


def test_a_folder_becomes_one_stage_with_the_steps_of_its_plans(tmp_path: Path) -> None:
    manifest = _convert(small.write_folder(tmp_path), tmp_path / "out")
    assert manifest.id == "dataset901-small-3d-fullres"
    assert manifest.title == "Small (nnU-Net, 3d_fullres)"
    (stage,) = manifest.stages
    assert stage.input.normalise.clip == (-300.0, 400.0)
    assert (stage.input.resample.data_order, stage.input.resample.separate_z) == (3, "auto")
    assert stage.input.crop.rule == "nonzero"
    assert stage.tiling.mirror_axes == (0, 1)
    assert stage.output.upsample == "linear-separate-z"
    assert any("direction" in limit for limit in manifest.card.limits)
    liver, spleen = manifest.labels
    assert liver.code == ("SCT", "10200004", "Liver")
    assert (spleen.index, spleen.name, spleen.laterality) == (2, "spleen_left", "left")


def test_the_weights_are_the_same_numbers(tmp_path: Path) -> None:
    import torch

    manifest = _convert(small.write_folder(tmp_path), tmp_path / "out")
    stage = manifest.stages[0]
    ours = load_network(stage.network, tmp_path / "out" / stage.weights[0].file)
    image = torch.randn(1, 1, 16, 16, 16)
    with torch.inference_mode():
        assert torch.equal(ours(image), small.network()(image))
    assert check_weights(tmp_path / "out" / stage.weights[0].file) == sum(
        value.numel() for value in small.network().state_dict().values()
    )


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "_orig_mod.module."])
def test_names_of_several_cards_and_of_compiled_networks_are_read(tmp_path: Path, prefix: str) -> None:
    weights = {prefix + key: value for key, value in small.all_names(dict(small.network().state_dict())).items()}
    _convert(small.write_folder(tmp_path, saved=small.checkpoint(weights)), tmp_path / "out")


def test_the_checkpoint_names_the_configuration(tmp_path: Path) -> None:
    plans = small.plans()
    plans["configurations"] = {
        "3d_fullres": small.configuration(spacing=[9.0, 9.0, 9.0]),
        "mine": {"inherits_from": "3d_fullres", "spacing": [2.0, 2.0, 2.0]},
    }
    folder = small.write_folder(
        tmp_path, its_plans=plans, change=lambda saved: saved["init_args"].update(configuration="mine")
    )
    assert _convert(folder, tmp_path / "out").stages[0].input.spacing_mm == (2.0, 2.0, 2.0)


def test_all_is_the_fold_only_where_there_is_no_other(tmp_path: Path) -> None:
    both = _convert(small.write_folder(tmp_path / "a", folds=(0, 3, "all")), tmp_path / "out")
    assert [weights.fold for weights in both.stages[0].weights] == [0, 3]
    alone = _convert(small.write_folder(tmp_path / "b", folds=("all",)), tmp_path / "out2")
    assert [weights.fold for weights in alone.stages[0].weights] == ["all"]


def test_a_checkpoint_and_a_dataset_folder_are_recognised(tmp_path: Path) -> None:
    folder = small.write_folder(tmp_path)
    for path in (folder, folder.parent, folder / "fold_0", folder / "fold_0" / "checkpoint_final.pth"):
        assert nnunet.recognise(path)
    assert not nnunet.recognise(tmp_path)
    assert not nnunet.recognise(tmp_path / "nothing")


def test_a_missing_mirroring_entry_means_none(tmp_path: Path) -> None:
    folder = small.write_folder(tmp_path, change=lambda saved: saved.pop("inference_allowed_mirroring_axes"))
    assert _convert(folder, tmp_path / "out").stages[0].tiling.mirror_axes == ()


def test_half_and_brain_float_weights_become_full(tmp_path: Path) -> None:
    import torch

    def change(saved: dict[str, Any]) -> None:
        saved["network_weights"] = {key: value.bfloat16() for key, value in saved["network_weights"].items()}

    manifest = _convert(small.write_folder(tmp_path, change=change), tmp_path / "out")
    numbers = read_weights(tmp_path / "out" / manifest.stages[0].weights[0].file)
    for name, value in small.network().state_dict().items():
        assert numbers[name].dtype == np.float32
        assert np.array_equal(numbers[name], value.to(torch.bfloat16).float().numpy())


def _changed(key: str, value: Any) -> dict[str, Any]:
    return small.plans(configurations={"3d_fullres": small.configuration(**{key: value})})


def _network(**more: Any) -> dict[str, Any]:
    return _changed("architecture", small.architecture(**more))


def _class(name: str) -> dict[str, Any]:
    return _changed("architecture", {**small.architecture(), "network_class_name": name})


REFUSED_PLANS: dict[str, tuple[dict[str, Any], str]] = {
    "another network": (_class("dynamic_network_architectures.architectures.primus.Primus"), "Primus"),
    "a callable": (_class("os.system"), "os.system"),
    "another convolution": (_network(conv_op="subprocess.Popen"), "subprocess.Popen"),
    "another norm": (_network(norm_op="torch.nn.GroupNorm"), "GroupNorm"),
    "another nonlinearity": (_network(nonlin="torch.nn.PReLU"), "PReLU"),
    "unknown keyword": (_network(squeeze_excitation=True), "squeeze_excitation"),
    "another preprocessor": (_changed("preprocessor_name", "Mine"), "Mine"),
    "another resampling": (_changed("resampling_fn_data", "mine"), "mine"),
    "another normalisation": (_changed("normalization_schemes", ["Mine"]), "Mine"),
    "another reader": (small.plans(image_reader_writer="NaturalImage2DIO"), "NaturalImage2DIO"),
    "a circle": (
        small.plans(configurations={"3d_fullres": {"inherits_from": "b"}, "b": {"inherits_from": "3d_fullres"}}),
        "circle",
    ),
    "no parent": (small.plans(configurations={"3d_fullres": {"inherits_from": "b"}}), "no configuration 'b'"),
    "10 000 features": (_network(features_per_stage=[10_000, 10_000]), "features_per_stage"),
    "forty stages": (_network(n_stages=40), "n_stages"),
    "a patch of 4096": (_changed("patch_size", [4096, 4096, 4096]), "4096"),
    "a kernel of 99": (_network(kernel_sizes=[[99, 3, 3], [3, 3, 3]]), "kernel_sizes"),
    "a stride of 0": (_network(strides=[[1, 1, 1], [0, 2, 2]]), "strides"),
    "a thousand convolutions": (_network(n_conv_per_stage=[1000, 1]), "n_conv_per_stage"),
    "too many parameters": (_network(features_per_stage=[4096, 4096]), "million parameters"),
    "voxels of a micrometre": (_changed("spacing", [0.001, 1.0, 1.0]), "0.1"),
    "axes twice": (small.plans(transpose_forward=[0, 0, 1]), "order of axes"),
    "an infinite spread": (
        small.plans(
            foreground_intensity_properties_per_channel={
                "0": {"mean": 0.0, "std": 1e300, "percentile_00_5": -1.0, "percentile_99_5": 1.0}
            }
        ),
        "std",
    ),
}


@pytest.mark.parametrize("case", REFUSED_PLANS)
def test_plans_that_are_not_ours_to_run_are_refused_by_name(tmp_path: Path, case: str) -> None:
    plans, word = REFUSED_PLANS[case]
    assert word in _refusal(small.write_folder(tmp_path, its_plans=plans), tmp_path / "out")


REFUSED_DATASETS: dict[str, tuple[dict[str, Any], str]] = {
    "two images": (small.dataset(channel_names={"0": "T1", "1": "T2"}), "2 images"),
    "labels with a gap": (small.dataset(labels={"background": 0, "a": 1, "b": 3}), "numbered"),
    "no background": (small.dataset(labels={"a": 0, "b": 1}), "background"),
    "a million labels": (small.dataset(labels={f"l{n}": n for n in range(10_000)}), "labels"),
    "labels of text": (small.dataset(labels={"background": 0, "a": "1"}), "whole numbers"),
    "regions without an order": (small.dataset(labels={"background": 0, "a": [1, 2], "b": [2]}), "regions_class_order"),
}


@pytest.mark.parametrize("case", REFUSED_DATASETS)
def test_datasets_that_cannot_be_used_are_refused(tmp_path: Path, case: str) -> None:
    described, word = REFUSED_DATASETS[case]
    assert word in _refusal(small.write_folder(tmp_path, its_dataset=described), tmp_path / "out")


def _weights(change: str) -> Any:
    import torch

    def changed(saved: dict[str, Any]) -> None:
        weights = saved["network_weights"]
        first = "encoder.stages.0.0.convs.0.conv.weight"
        if change == "missing":
            del weights[first]
        elif change == "left over":
            weights["encoder.attention.weight"] = torch.ones(3)
        elif change == "another size":
            weights["decoder.seg_layers.0.weight"] = torch.ones(7, 4, 1, 1, 1)
        elif change == "nan":
            weights[first][0, 0, 0, 0, 0] = float("nan")
        elif change == "infinite":
            weights["decoder.seg_layers.0.bias"] = torch.full((3,), float("inf"))
        elif change == "denormal":
            for key in weights:
                weights[key] = torch.full_like(weights[key], 1e-40)
        elif change == "two versions":
            weights["decoder." + first] = weights[first] + 1
        elif change == "none":
            saved["network_weights"] = {}
        elif change == "list":
            saved["network_weights"] = [1, 2]

    return changed


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("missing", "two versions"),
        ("left over", "left over, such as encoder.attention.weight"),
        ("another size", "should be (3, 4, 1, 1, 1)"),
        ("nan", "NaN"),
        ("infinite", "infinity"),
        ("denormal", "too small"),
        ("two versions", "two versions"),
        ("none", "no state dict"),
        ("list", "no state dict"),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, change: str, word: str) -> None:
    assert word in _refusal(small.write_folder(tmp_path, change=_weights(change)), tmp_path / "out")


def test_a_cascade_without_its_first_half_says_what_is_missing(tmp_path: Path) -> None:
    plans = _changed("previous_stage", "3d_lowres")
    text = _refusal(small.write_folder(tmp_path, its_plans=plans), tmp_path / "out")
    assert "nnUNetTrainer__nnUNetPlans__3d_lowres" in text


def test_several_models_are_not_guessed_among(tmp_path: Path) -> None:
    folder = small.write_folder(tmp_path)
    small.write_folder(tmp_path / "other", name="mine__nnUNetPlans__3d_fullres")
    (tmp_path / "other" / "Dataset901_Small" / "mine__nnUNetPlans__3d_fullres").rename(
        folder.parent / "mine__x__3d_fullres"
    )
    assert "holds 2 models" in _refusal(folder.parent, tmp_path / "out")


def test_a_licence_is_what_its_text_says_or_unknown(tmp_path: Path) -> None:
    folder = small.write_folder(tmp_path, its_dataset=small.dataset(licence="CC-BY-SA 4.0"))
    assert _convert(folder, tmp_path / "a").licence.id == "CC-BY-SA-4.0"
    (folder / "LICENSE").write_text(
        "Attribution-NonCommercial-ShareAlike 4.0 International\n\nterms …", encoding="utf-8"
    )
    both = _convert(folder, tmp_path / "b").licence
    assert (both.id, both.commercial, both.must_be_accepted) == ("unknown", None, True)
    assert (tmp_path / "b" / str(both.text)).read_text(encoding="utf-8").startswith("Attribution")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Apache License\n   Version 2.0, January 2004 …", "Apache-2.0"),
        ("Apache License, Version 2.0, but for non-commercial research only", "unknown"),
        ("MIT License\n\nPermission is hereby granted, free of charge, to anyone", "MIT"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
        ("Attribution 4.0 International", "CC-BY-4.0"),
        ("<script>alert('free for all')</script>", "unknown"),
        ("", "unknown"),
    ],
)
def test_licence_texts(text: str, name: str) -> None:
    assert licence_of_text(text) == name


def test_licence_names() -> None:
    assert known_licence("CC BY-NC-SA 4.0") == "CC-BY-NC-SA-4.0"
    assert known_licence("mine") == "unknown"
    assert all(known_licence(name) == name for name in KNOWN)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), min_size=1, max_size=12),
        st.tuples(
            st.sampled_from(["<f4", "<f8", "<f2", "<i8", "<i4", "|u1", "|b1"]),
            st.lists(st.integers(0, 4), max_size=4),
        ),
        max_size=6,
    )
)
def test_a_weights_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, kinds: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("weights") / "w.safetensors"
    random = np.random.default_rng(0)
    written = {
        name: (random.random(shape) * 5).astype(kind) for name, (kind, shape) in kinds.items() if name != "__metadata__"
    }
    write_weights(path, written)
    read = read_weights(path)
    assert read.keys() == written.keys()
    for name, array in written.items():
        assert read[name].dtype == array.dtype
        assert np.array_equal(read[name], array)
    assert check_weights(path) == sum(array.size for array in written.values())


def test_other_programs_read_our_weights_file(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    written = {"b": np.arange(6, dtype=np.float32).reshape(2, 3), "a": np.ones((), np.int64)}
    write_weights(tmp_path / "w.safetensors", written)
    read = load_file(tmp_path / "w.safetensors")
    assert all(np.array_equal(read[name], array) for name, array in written.items())


@pytest.mark.parametrize("legacy", [False, True])
def test_checkpoints_of_both_formats_hold_what_torch_put_in(tmp_path: Path, legacy: bool) -> None:
    import torch

    base = torch.arange(24.0).reshape(2, 3, 4)
    content = {
        "whole": base,
        "turned": base.permute(2, 0, 1),
        "part": base[1, 1:],
        "half": torch.ones(3).half(),
        "brain": torch.tensor([1.5, -2.0]).bfloat16(),
        "flag": torch.tensor([True, False]),
        "none": torch.zeros(0, 3),
        "number": torch.tensor(7),
        "parameter": torch.nn.Parameter(torch.ones(2)),
    }
    more = {
        "size": torch.Size([1, 2]),
        "kind": [1, 2.5, None, True, "text", (1,), {3}],
        "numpy": np.float64(0.5),
        "array": np.arange(3),
    }
    path = tmp_path / "c.pth"
    torch.save({"state": content, **more}, path, _use_new_zipfile_serialization=not legacy)
    with open_checkpoint(path) as root:
        for name, tensor in tensors_of(root["state"]).items():
            wanted = content[name].detach()
            assert np.array_equal(tensor.array(), (wanted.float() if name == "brain" else wanted).numpy()), name
            assert tensor.shape == tuple(wanted.shape)
        assert plain(root["kind"]) == [1, 2.5, None, True, "text", [1], [3]]
        assert plain(root["numpy"]) == 0.5
        assert plain(root["array"]) == [0, 1, 2]
        assert plain(root["size"]) == [1, 2]


def test_manifests_of_imports_survive_the_disk(tmp_path: Path) -> None:
    manifest = _convert(small.write_folder(tmp_path), tmp_path / "out")
    again = Manifest.model_validate(json.loads(manifest.model_dump_json(by_alias=True, exclude_none=True)))
    assert again.stages == manifest.stages
