"""What MONAI bundles and Auto3DSeg files become: the steps of their configurations in the words of our manifest."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import bundles
import numpy as np
import pytest
import yaml

from inference.grid import make_field
from inference.importers import auto3dseg, monai_bundle
from inference.importers import convert as convert_with
from inference.importers import load as importers
from inference.importers.bundle_config import read_bundle
from inference.importers.monai_names import canonical
from inference.importers.monai_networks import network_of
from inference.importers.monai_steps import read_inferer, read_postprocessing, read_preprocessing, steps_of
from inference.keeping import add_model
from inference.manifest import Input, Manifest, Resample, Tiling
from inference.tiles import plan_tiles
from inference.zoo import Zoo
from planning.errors import ModelError
from planning.geometry import Grid


def _converted(path: Path, into: Path) -> Manifest:
    into.mkdir(exist_ok=True)
    return convert_with(importers(), path, into)


def _pre(*steps: dict[str, Any]) -> Input:
    return read_preprocessing(steps_of([{"keys": "image", **step} for step in steps], "pre"), "image", "CT")[0]


def _post(channels: int, *steps: dict[str, Any]) -> Any:
    names = {value: f"class {value}" for value in range(1, channels + 1)}
    return read_postprocessing(steps_of([{"keys": "pred", **step} for step in steps], "post"), channels, names)


def test_a_bundle_of_the_zoo_becomes_one_stage(tmp_path: Path) -> None:
    manifest = _converted(bundles.write_bundle(tmp_path / "spleen"), tmp_path / "out")
    assert (manifest.id, manifest.version, manifest.title) == (
        "spleen-ct-segmentation",
        "0.5.9",
        "Spleen CT segmentation",
    )
    (stage,) = manifest.stages
    assert stage.network.family == "UNet"
    assert (stage.input.orientation, stage.input.axes, stage.input.spacing_mm) == ("RAS", "ijk", (1.5, 1.5, 2.0))
    assert stage.input.resample.grid == "centre"
    assert (stage.input.normalise.scheme, stage.input.normalise.clip) == ("range", (-57.0, 164.0))
    assert (stage.tiling.rule, stage.tiling.step, stage.tiling.weight) == ("monai", 0.5, "constant")
    assert (stage.output.activation, stage.output.decision, stage.output.upsample) == ("softmax", "argmax", "linear")
    assert manifest.labels[0].code == ("SCT", "78961009", "Spleen")
    assert (manifest.licence.id, manifest.licence.commercial) == ("Apache-2.0", True)
    assert {file.name for file in manifest.source.files} == {"model.pt", "inference.json", "metadata.json"}
    assert "0.96" in " ".join(manifest.card.limits)


def test_the_same_in_a_zip_by_its_weights_and_as_yaml(tmp_path: Path) -> None:
    folder = bundles.write_bundle(tmp_path / "spleen")
    wanted = _converted(folder, tmp_path / "folder").stages
    with zipfile.ZipFile(tmp_path / "spleen.zip", "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(tmp_path))
    assert _converted(tmp_path / "spleen.zip", tmp_path / "zip").stages == wanted
    assert _converted(folder / "models" / "model.pt", tmp_path / "file").stages == wanted
    (folder / "configs" / "inference.json").unlink()
    text = yaml.safe_dump(bundles.SPLEEN, sort_keys=False)
    (folder / "configs" / "inference.yaml").write_text(text, encoding="utf-8")
    assert _converted(folder, tmp_path / "yaml").stages == wanted


def test_values_are_computed_where_they_are_plain(tmp_path: Path) -> None:
    config = bundles.without(bundles.SPLEEN)
    config["display"] = {"highres": True, "overlap": 0.25}
    config["size"] = [16, 16, 16]
    config["network_def"]["spatial_dims"] = "$len(@size)"
    config["network_def"]["strides"] = "$[2] if @display#highres else [4]"
    config["inferer"]["roi_size"] = "@size"
    config["inferer"]["overlap"] = "$@display::overlap * 2"
    config["preprocessing"]["transforms"][3]["pixdim"] = "$[1.5, 1.5, 1.5] if @display#highres else [3.0, 3.0, 3.0]"
    config["modelname"] = "$'model.pt' if @display#highres else 'model_lowres.pt'"
    config["checkpointloader"]["load_path"] = "$@bundle_root + '/models/' + @modelname"
    (stage,) = _converted(bundles.write_bundle(tmp_path / "bundle", config), tmp_path / "out").stages
    assert stage.input.spacing_mm == (1.5, 1.5, 1.5)
    assert stage.tiling.step == 0.5


def test_lists_of_classes_are_computed() -> None:
    from inference.importers.bundle_config import Bundle

    bundle = Bundle(
        Path(), "x", {"a": "$list(set([i+1 for i in range(8)]) - set([2, 5]))", "b": "@a", "c": "$@a + [9]"}
    )
    assert bundle.get("b") == [1, 3, 4, 6, 7, 8]
    assert bundle.get("c") == [1, 3, 4, 6, 7, 8, 9]


def test_vista3d_answers_by_classes(tmp_path: Path) -> None:
    config = bundles.without(bundles.SPLEEN, "network_def", "checkpointloader")
    config["network_def"] = "$monai.networks.nets.vista3d132(encoder_embed_dim=16, in_channels=1)"
    config["everything_labels"] = "$[1, 3, 6]"
    config["inferer"] = {"_target_": "scripts.inferer.Vista3dInferer", "roi_size": [32, 32, 32], "overlap": 0.3}
    config["postprocessing"]["transforms"] = [
        {"_target_": "monai.apps.vista3d.transforms.VistaPostTransformd", "keys": "pred"},
        {"_target_": "Invertd", "keys": "pred", "transform": "$copy.deepcopy(@preprocessing)", "nearest_interp": True},
    ]
    names = {"0": "background", "1": "liver", "3": "spleen", "6": "aorta"}
    described = {"network_data_format": {"outputs": {"pred": {"channel_def": names}}}}
    path = bundles.write_bundle(tmp_path / "vista", config, described, weights=False)
    bundles.write_state(
        path / "models" / "model.pt", {"_target_": "vista3d132", "encoder_embed_dim": 16, "prompts": [1, 3, 6]}
    )
    manifest = _converted(path, tmp_path / "out")
    (stage,) = manifest.stages
    assert stage.output.values == (0, 1, 3, 6)
    assert [(label.index, label.name) for label in manifest.labels] == [(1, "liver"), (3, "spleen"), (6, "aorta")]
    assert stage.output.upsample == "labels-nearest"
    assert (stage.tiling.weight, stage.tiling.pad) == ("gaussian", "edge")


def test_sides_that_stand_first_are_known() -> None:
    left, liver = monai_bundle._labels((1, 2), {1: "left kidney", 2: "liver"})
    assert (left.name, left.laterality) == ("left kidney", "left")
    assert left.code is not None
    assert "kidney" in left.code[2].casefold()
    assert liver.laterality is None


def test_the_order_of_steps_is_kept() -> None:
    spacing = {"_target_": "Spacingd", "pixdim": [2.0, 2.0, 2.0], "mode": "bilinear"}
    scale = {"_target_": "ScaleIntensityRanged", "a_min": -100, "a_max": 300, "b_min": -1, "b_max": 1, "clip": False}
    crop = {"_target_": "CropForegroundd", "source_key": "image", "margin": 3, "allow_smaller": True}
    turn = {"_target_": "Orientationd", "axcodes": "LPS"}
    late = _pre(turn, spacing, scale, crop)
    assert (late.normalise.when, late.crop.when, late.resample.anchor) == ("after", "after", "network")
    # 0 in the network's values is half-way
    assert late.crop.threshold == pytest.approx(100)
    early = _pre(crop, scale, spacing, turn)
    assert (early.normalise.when, early.crop.when, early.resample.anchor) == ("before", "before", "image")
    assert (early.crop.threshold, early.crop.margin_voxels) == (0.0, 3)


def test_two_steps_of_values_are_one() -> None:
    found = _pre({"_target_": "NormalizeIntensityd", "nonzero": True}, {"_target_": "ScaleIntensityd", "minv": -1})
    assert (found.normalise.scheme, found.normalise.then, found.normalise.to) == ("zscore", "minmax", (-1.0, 1.0))
    constant = _pre({"_target_": "NormalizeIntensityd", "subtrahend": 50, "divisor": 200})
    assert (constant.normalise.scheme, constant.normalise.mean, constant.normalise.std) == ("ct", 50.0, 200.0)


@pytest.mark.parametrize(
    "steps",
    [
        ({"_target_": "ScaleIntensityd"}, {"_target_": "NormalizeIntensityd"}),
        ({"_target_": "NormalizeIntensityd"}, {"_target_": "CropForegroundd"}),
        ({"_target_": "Spacingd", "pixdim": 2.0}, {"_target_": "Spacingd", "pixdim": 1.0}),
        ({"_target_": "Spacingd", "pixdim": 2.0, "diagonal": True},),
        ({"_target_": "Spacingd", "pixdim": 2.0, "mode": "bicubic"},),
        ({"_target_": "Orientationd", "axcodes": "RAR"},),
        ({"_target_": "CropForegroundd", "margin": 4, "allow_smaller": False},),
        ({"_target_": "CropForegroundd", "select_fn": "x"},),
        ({"_target_": "ScaleIntensityRanged", "a_min": 0, "a_max": 1},),
        ({"_target_": "SpatialPadd", "spatial_size": [1, 1, 1]},),
        ({"_target_": "Orientationd", "keys": "label", "axcodes": "RAS"},),
    ],
)
def test_steps_that_cannot_be_repeated_are_refused(steps: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ModelError):
        _pre(*steps)


def test_the_way_back_follows_the_order_of_deciding() -> None:
    softmax, argmax = {"_target_": "Activationsd", "softmax": True}, {"_target_": "AsDiscreted", "argmax": True}
    linear = {"_target_": "Invertd", "nearest_interp": False}
    nearest = {"_target_": "Invertd", "nearest_interp": True}
    assert _post(3, softmax, linear, argmax)[0].upsample == "linear"
    assert _post(3, softmax, argmax, nearest)[0].upsample == "labels-nearest"
    assert _post(3, softmax, nearest, argmax)[0].upsample == "labels-nearest"
    assert _post(3, linear, softmax, argmax)[0].activation == "none"
    with pytest.raises(ModelError, match="interpolates between labels"):
        _post(3, argmax, linear)
    regions, rules, _ = _post(
        2,
        {"_target_": "Activationsd", "sigmoid": True},
        linear,
        {"_target_": "AsDiscreted", "threshold": 0.3},
        {"_target_": "KeepLargestConnectedComponentd", "applied_labels": [2]},
    )
    assert (regions.decision, regions.values, regions.threshold) == ("regions", (1, 2), 0.3)
    assert [(rule.rule, rule.labels) for rule in rules] == [("keep_largest", ("class 2",))]


def test_windows_are_read() -> None:
    inferer = {"_target_": "SlidingWindowInferer", "roi_size": 96, "padding_mode": "replicate", "mode": "gaussian"}
    found = read_inferer(inferer)
    assert (found.patch, found.step, found.pad, found.weight) == ((96, 96, 96), 0.75, "edge", "gaussian")


def test_names_of_networks_have_many_forms() -> None:
    assert network_of("monai.networks.nets.segresnet_ds.SegResNetDS", {"out_channels": 3})[0] == "SegResNetDS"
    assert network_of("Unet", {"channels": [4, 8], "strides": [2], "dimensions": 3, "dropout": 0.2}) == (
        "UNet",
        {"channels": [4, 8], "strides": [2]},
    )
    assert network_of("MedNeXtLarge", {})[1]["blocks_bottleneck"] == 8
    assert network_of("SegResNet", {"norm_name": "group", "num_groups": 4})[1]["norm"] == ["group", {"num_groups": 4}]
    assert network_of("SwinUNETR", {"img_size": 96, "use_checkpoint": False, "use_hyena": False}) == ("SwinUNETR", {})
    assert network_of("UNETR", {"img_size": 96, "pos_embed": "perceptron"})[1]["proj_type"] == "perceptron"


def test_copies_of_a_tensor_must_be_equal() -> None:
    def of(array: np.ndarray) -> np.ndarray:
        return array

    one, other = np.ones(3), np.zeros(3)
    names = {"downsamples.0.conv1.conv.weight": one, "skip_layers.next_layer.downsample.conv1.conv.weight": one}
    assert list(canonical("DynUNet", names, of, {})) == ["downsamples.0.conv1.conv.weight"]
    with pytest.raises(ModelError, match="two versions"):
        canonical("DynUNet", {**names, "skip_layers.next_layer.downsample.conv1.conv.weight": other}, of, {})
    assert list(canonical("UNet", {"module.a": one, "module.b": one}, of, {})) == ["a", "b"]
    kept = canonical("UNETR", {"vit.blocks.0.cross_attn.qkv.weight": one, "vit.norm.weight": one}, of, {})
    assert list(kept) == ["vit.norm.weight"]


AUTO: dict[str, Any] = {
    "orientation_ras": True,
    "crop_foreground": True,
    "resample_resolution": [1.5, 1.5, 2.0],
    "normalize_mode": "ct",
    "intensity_bounds": [-250.0, 400.0],
    "roi_size": [16, 16, 16],
    "class_names": ["liver", "spleen"],
    "network": {"_target_": "SegResNetDS", "init_filters": 8, "blocks_down": [1, 1], "out_channels": 3},
}


def _auto(path: Path, **changed: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    config = {**AUTO, **changed}
    bundles.write_state(path, config["network"], config=config, epoch=3, best_metric=np.float64(0.9))
    return path


def test_auto3dseg_becomes_one_stage(tmp_path: Path) -> None:
    manifest = _converted(_auto(tmp_path / "abdomen.pt"), tmp_path / "out")
    (stage,) = manifest.stages
    assert stage.input.resample.keep_within == (0.75, 1.25)
    assert (stage.input.normalise.to, stage.input.normalise.squash) == ((-1.0, 1.0), "sigmoid")
    assert (stage.input.crop.rule, stage.input.crop.margin_voxels) == ("above", 10)
    assert (stage.tiling.step, stage.tiling.weight) == (0.375, "gaussian")
    assert [label.name for label in manifest.labels] == ["liver", "spleen"]
    assert manifest.licence.must_be_accepted


def test_auto3dseg_takes_names_and_codes_of_slicers_table_from_folder_and_zip(tmp_path: Path) -> None:
    folder = _auto(tmp_path / "abdomen-v2.0.0" / "model.pt").parent
    part = "SegmentedPropertyTypeCodeSequence"
    columns = ["LabelValue", "Name", f"{part}.CodingSchemeDesignator", f"{part}.CodeValue", f"{part}.CodeMeaning",
               "SegmentedPropertyTypeModifierCodeSequence.CodeMeaning"]  # fmt: skip
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [
            ["1", "kidney left", "SCT", "64033007", "Kidney", "Left"],
            ["2", "liver", "SCT", "10200004", "Liver", ""],
        ]
        csv.writer(file).writerows([columns, *rows, ["x", "bad"], ["999999", "bad"]])
    first, second = _converted(folder, tmp_path / "out").labels
    assert (first.name, first.code, first.laterality) == ("kidney left", ("SCT", "64033007", "Kidney"), "left")
    assert second.code == ("SCT", "10200004", "Liver")
    with zipfile.ZipFile(tmp_path / "abdomen.zip", "w") as archive:
        for file_ in folder.iterdir():
            archive.write(file_, f"abdomen/{file_.name}")
    assert _converted(tmp_path / "abdomen.zip", tmp_path / "zip").labels == (first, second)


def test_nested_classes_paint_what_is_left() -> None:
    assert auto3dseg._painted([[1, 2, 3], [2, 3], [2]], 3) == (1, 3, 2)
    assert auto3dseg._painted([[1, 2, 3], [1, 3], [3]], 3) == (2, 1, 3)
    assert auto3dseg._painted(None, 2) == (1, 2)
    for wrong in ([[1, 2], [3]], [[1, 2, 3], [2], [2]], [1], "x", [[0], [1]]):
        with pytest.raises(ModelError):
            auto3dseg._painted(wrong, len(wrong) if wrong != [1] else 2)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"normalize_mode": "own"}, "own"),
        ({"intensity_bounds": [3, 1]}, "grow"),
        ({"roi_size": [0, 0, 0]}, "window"),
        ({"resample_resolution": [0.001, 1, 1]}, "0.1"),
        ({"roi_size": None}, "roi_size"),
        ({"network": {**AUTO["network"], "out_channels": 100_000}}, "out of bounds"),
    ],
)
def test_impossible_auto3dseg_settings_are_refused(tmp_path: Path, changed: dict[str, Any], word: str) -> None:
    path = _auto(tmp_path / "model.pt")
    import torch

    content = torch.load(path, weights_only=False)
    content["config"] |= changed
    torch.save(content, path)
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match=word):
        auto3dseg.convert(path, tmp_path / "out")


def test_weights_alone_are_told_what_they_lack(tmp_path: Path) -> None:
    bundles.write_state(tmp_path / "weights.pt", bundles.SPLEEN["network_def"])
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match="no description of its network"):
        _converted(tmp_path / "weights.pt", tmp_path / "out")
    (tmp_path / "damaged.pt").write_bytes((tmp_path / "weights.pt").read_bytes()[:200])
    with pytest.raises(ModelError):
        _converted(tmp_path / "damaged.pt", tmp_path / "out")


def test_a_spacing_that_is_near_stays() -> None:
    wanted = Input(spacing_mm=(1.5, 1.5, 1.5), axes="ijk", orientation="native",
                   resample=Resample(grid="centre", keep_within=(0.75, 1.25)))  # fmt: skip
    field = make_field(Grid.from_parts((40, 40, 40), (1.2, 1.0, 3.0)), wanted)
    assert field.network_spacing_mm == pytest.approx((1.2, 1.5, 1.5))


def test_the_image_keeps_its_own_first_voxel() -> None:
    grid = Grid.from_parts((11, 11, 11), (1.0, 1.0, 1.0))
    turned = Input(
        spacing_mm=(1.5, 1.5, 1.5), axes="ijk", orientation="RAS", resample=Resample(grid="centre", anchor="image")
    )
    positions = make_field(grid, turned).maps[0].image_positions()
    # i runs the other way in RAS: the image's first voxel is the network's last
    assert positions[-1] == pytest.approx(10.0)
    assert positions[0] == pytest.approx(10.0 - 1.5 * (len(positions) - 1))


def test_the_border_may_be_repeated() -> None:
    tiling = Tiling(patch=(4, 4, 4), rule="monai", pad="edge")
    padded = plan_tiles((2, 4, 4), tiling).padded(np.arange(32, dtype=np.float32).reshape(2, 4, 4))
    assert padded.shape == (4, 4, 4)
    assert np.array_equal(padded[0], padded[1])


def test_unknown_paths_are_recognised_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "b.pt").write_text("x", encoding="utf-8")
    (tmp_path / "c.zip").write_text("x", encoding="utf-8")
    for path in (tmp_path, *tmp_path.iterdir()):
        assert not monai_bundle.recognise(path)
        assert not auto3dseg.recognise(path)
    with pytest.raises(ModelError):
        read_bundle(tmp_path)


def test_an_added_bundle_is_compared_with_monais_steps(tmp_path: Path) -> None:
    model = add_model(Zoo(tmp_path / "zoo"), bundles.write_bundle(tmp_path / "spleen"), "spleen")
    assert model.manifest.parity is not None
    assert model.manifest.parity.against == "the steps of MONAI 1.6.1"
    assert model.manifest.parity.equal_voxels >= 0.9995


def test_an_added_auto3dseg_file_is_compared_with_its_steps(tmp_path: Path) -> None:
    model = add_model(Zoo(tmp_path / "zoo"), _auto(tmp_path / "abdomen.pt"), "abdomen")
    assert model.manifest.parity is not None
    assert model.manifest.parity.equal_voxels >= 0.9995
