"""One bundle of each network, end to end: our road against MONAI's transforms, sliding window and inversion."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import bundles
import numpy as np
import pytest

from inference.importers import auto3dseg, monai_bundle
from inference.importers.plain_monai import plain_labels
from inference.pipeline import RunOptions, segment
from inference.zoo import InstalledModel
from planning.geometry import Grid

PYTHON = Path(__file__).resolve().parents[2] / ".venv-parity" / "bin" / "python"
EQUAL_VOXELS = 0.9995

STRAIGHT = {"size": (56, 52, 30), "spacing": (1.2, 1.0, 2.6), "direction": np.eye(3)}
# feet first, axes exchanged, a little oblique
TURNED = {
    "size": (48, 30, 50),
    "spacing": (1.1, 2.2, 1.3),
    "direction": np.array([[0, -0.0998334, 0.9950042], [-1, 0, 0], [0, -0.9950042, -0.0998334]]),
}

SOFTMAX: list[dict[str, Any]] = bundles.SPLEEN["postprocessing"]["transforms"]
THRESHOLD = [
    {"_target_": "Activationsd", "keys": "pred", "sigmoid": True},
    {
        "_target_": "Invertd",
        "keys": "pred",
        "transform": "@preprocessing",
        "orig_keys": "image",
        "nearest_interp": False,
    },
    {"_target_": "AsDiscreted", "keys": "pred", "threshold": 0.5},
]
DECIDED_FIRST = [
    {"_target_": "Activationsd", "keys": "pred", "softmax": True},
    {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
    {
        "_target_": "Invertd",
        "keys": "pred",
        "transform": "@preprocessing",
        "orig_keys": "image",
        "nearest_interp": True,
    },
]
LOAD = bundles.SPLEEN["preprocessing"]["transforms"][:2]
RAS = {"_target_": "Orientationd", "keys": "image", "axcodes": "RAS"}
RANGE = {"_target_": "ScaleIntensityRanged", "keys": "image", "a_min": -175, "a_max": 250, "b_min": 0, "b_max": 1,
         "clip": True}  # fmt: skip


def _spacing(*pixdim: float) -> dict[str, Any]:
    return {"_target_": "Spacingd", "keys": "image", "pixdim": list(pixdim), "mode": "bilinear"}


def _network(target: str, **kwargs: Any) -> dict[str, Any]:
    return {"_target_": target, "in_channels": 1, "out_channels": 4, **kwargs}


def _config(network: Any, before: list[Any], after: list[Any], roi: Any, **inferer: Any) -> dict[str, Any]:
    config = bundles.without(bundles.SPLEEN)
    config["network_def"] = network
    config["preprocessing"]["transforms"] = [*LOAD, *before]
    config["postprocessing"]["transforms"] = after
    config["inferer"] = {"_target_": "SlidingWindowInferer", "roi_size": roi, "overlap": 0.5, **inferer}
    return config


def _vista() -> dict[str, Any]:
    before = [
        _spacing(1.5, 1.5, 1.5),
        {"_target_": "CropForegroundd", "keys": "image", "source_key": "image", "margin": 2, "allow_smaller": True},
        {"_target_": "monai.apps.vista3d.transforms.VistaPreTransformd", "keys": "image"},
        {**RANGE, "a_min": -963.8, "a_max": 1053.7},
        RAS,
    ]
    after = [
        {"_target_": "monai.apps.vista3d.transforms.VistaPostTransformd", "keys": "pred"},
        {"_target_": "Invertd", "keys": "pred", "transform": "$copy.deepcopy(@preprocessing)", "orig_keys": "image",
         "nearest_interp": True},
        {"_target_": "Lambdad", "func": "$lambda x: torch.nan_to_num(x, nan=255)", "keys": "pred"},
    ]  # fmt: skip
    config = _config(
        "$monai.networks.nets.vista3d132(encoder_embed_dim=16, in_channels=@input_channels)", before, after, [32] * 3
    )
    config |= {
        "input_channels": 1,
        "everything_labels": "$list(set([i+1 for i in range(8)]) - set([2, 5]))",
        "preprocessing_transforms": config["preprocessing"]["transforms"],
        "preprocessing": {"_target_": "Compose", "transforms": "$@preprocessing_transforms "},
        "inferer": {"_target_": "scripts.inferer.Vista3dInferer", "roi_size": [32] * 3, "overlap": 0.3},
    }
    return config


AUTO3DSEG: dict[str, Any] = {
    "bundle_root": "/work_dir/segresnet_0",
    "orientation_ras": True,
    "crop_foreground": True,
    "resample_resolution": [1.4, 1.4, 1.4],
    "normalize_mode": "ct",
    "intensity_bounds": [-250.0, 400.0],
    "roi_size": [32, 32, 24],
    "sigmoid": False,
    "class_names": ["liver", "spleen", "aorta"],
    "class_index": None,
    "network": {"_target_": "SegResNetDS", "init_filters": 8, "blocks_down": [1, 2, 2], "norm": "INSTANCE",
                "in_channels": 1, "out_channels": 4, "dsdepth": 2, "resolution": [1.4, 1.4, 1.4]},
}  # fmt: skip


def _cases() -> list[dict[str, Any]]:
    flat = [RAS, _spacing(1.5, 1.5, 2.0), RANGE]
    small = [RAS, _spacing(1.5, 1.5, 1.5), RANGE]
    crop = {"_target_": "CropForegroundd", "keys": ["image"], "source_key": "image", "mode": ["minimum"]}
    conv = {"kernel_size": [3, 3, 3], "strides": [1, 2, [2, 2, 1]], "upsample_kernel_size": [2, [2, 2, 1]]}
    return [
        {"case": "UNet", "scan": STRAIGHT,
         "config": _config(_network("UNet", spatial_dims=3, channels=[8, 16, 24], strides=[2, 2], num_res_units=2,
                                    norm="batch"), flat, SOFTMAX, [32, 32, 32])},
        {"case": "SegResNet", "scan": TURNED,
         "config": _config(_network("SegResNet", init_filters=8, blocks_down=[1, 2, 2], blocks_up=[1, 1],
                                    dropout_prob=0.2),
                           [RAS, _spacing(2.0, 2.0, 2.0), {"_target_": "NormalizeIntensityd", "keys": "image",
                                                           "nonzero": True},
                            {"_target_": "ScaleIntensityd", "keys": "image", "minv": -1.0, "maxv": 1.0}],
                           DECIDED_FIRST, [32, 40, 48], mode="gaussian", padding_mode="replicate")},
        {"case": "SegResNetDS", "scan": TURNED,
         "config": _config(_network("monai.networks.nets.SegResNetDS", init_filters=8, blocks_down=[1, 2, 2],
                                    dsdepth=2, norm="INSTANCE"), small, THRESHOLD, [32, 32, 24], mode="gaussian",
                           overlap=0.625)},
        {"case": "BasicUNet", "scan": STRAIGHT,
         "config": _config(_network("BasicUNet", features=[8, 8, 12, 16, 20, 8]), [*flat, crop], SOFTMAX, [32, 32, 32],
                           overlap=0.75)},
        {"case": "DynUNet", "scan": STRAIGHT,
         "config": _config(_network("monai.networks.nets.DynUNet", spatial_dims=3, norm_name="instance",
                                    deep_supervision=True, res_block=True, filters=[8, 12, 16], **conv),
                           flat, SOFTMAX, [32, 32, 24], overlap=0.25)},
        {"case": "SwinUNETR", "scan": STRAIGHT,
         "config": _config(_network("SwinUNETR", spatial_dims=3, feature_size=12, depths=[1, 1, 1, 1],
                                    use_checkpoint=False), flat, SOFTMAX, [64, 32, 32])},
        {"case": "UNETR", "scan": TURNED,
         "config": _config(_network("UNETR", img_size=[32, 32, 32], feature_size=8, hidden_size=48, mlp_dim=64,
                                    num_heads=4), small, SOFTMAX, [32, 32, 32], mode="gaussian")},
        {"case": "VNet", "scan": STRAIGHT,
         "config": _config({"_target_": "VNet", "out_channels": 1}, [RAS, _spacing(2.5, 2.5, 2.5), RANGE], THRESHOLD,
                           [32, 32, 32], overlap=0.25)},
        {"case": "AttentionUnet", "scan": TURNED,
         "config": _config(_network("AttentionUnet", spatial_dims=3, channels=[8, 16], strides=[2]),
                           [{**RAS, "axcodes": "LPS"}, RANGE], SOFTMAX, [32, 32, 32])},
        {"case": "MedNeXt", "scan": STRAIGHT,
         "config": _config(_network("MedNeXt", init_filters=8, kernel_size=3, blocks_down=[1, 1], blocks_up=[1, 1],
                                    use_residual_connection=True), [_spacing(1.7, 1.7, 1.7), RANGE], SOFTMAX,
                           [32, 32, 32])},
        {"case": "auto3dseg", "scan": TURNED, "auto3dseg": True, "config": AUTO3DSEG},
        {"case": "auto3dseg-regions", "scan": STRAIGHT, "auto3dseg": True,
         "config": {**AUTO3DSEG, "sigmoid": True, "class_index": [[1, 2, 3], [2, 3], [2]], "crop_foreground": False,
                    "resample_resolution": [1.5, 1.5, 2.0], "orientation_ras": False,
                    "network": {**AUTO3DSEG["network"], "out_channels": 3}}},
        {"case": "vista3d", "scan": STRAIGHT, "config": _vista(), "prompts": [1, 3, 4, 6, 7, 8]},
    ]  # fmt: skip


CASES = _cases()


def _grid(scan: dict[str, Any]) -> Grid:
    return Grid.from_parts(scan["size"], scan["spacing"], (10.0, -20.0, 30.0), scan["direction"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with bundles, scans and MONAI's labels of all cases."""
    if not PYTHON.exists():
        pytest.skip("MONAI is not here: tools/parity_env.sh makes its environment")
    folder = tmp_path_factory.mktemp("bundles")
    told = []
    for number, case in enumerate(CASES):
        affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ _grid(case["scan"]).world_from_index
        scan = {"size": list(case["scan"]["size"]), "seed": number, "affine_ras": affine.tolist()}
        told.append({**case, "scan": scan})
    (folder / "cases.json").write_text(json.dumps(told), encoding="utf-8")
    peer = Path(__file__).with_name("monai_bundle_peer.py")
    subprocess.run([str(PYTHON), str(peer), str(folder / "cases.json"), str(folder)], check=True, cwd=folder)
    return folder


@pytest.mark.parametrize("case", [case["case"] for case in CASES])
def test_a_bundle_gives_the_voxels_of_monai(made: Path, tmp_path: Path, case: str) -> None:
    (spec,) = [spec for spec in CASES if spec["case"] == case]
    importer = auto3dseg if "auto3dseg" in spec else monai_bundle
    assert importer.recognise(made / case / "bundle")
    manifest = importer.convert(made / case / "bundle", tmp_path)
    volume = np.ascontiguousarray(np.load(made / case / "scan.npy").transpose(2, 1, 0))
    expected = np.load(made / case / "labels.npy").transpose(2, 1, 0)
    options = RunOptions(mode="parity", reproducible=True, engine="torch", device="cpu")
    found = segment(volume, _grid(spec["scan"]), InstalledModel(tmp_path, manifest), options)
    equal = float((found.labels == expected).mean())
    counts = np.bincount(expected.ravel().astype(int), minlength=5)
    print(f"{case}: {100 * equal:.4f} % equal voxels, labels {counts.tolist()}")
    assert np.count_nonzero(counts) >= 2
    # the repetition that an added model is compared with is MONAI's too
    plain = plain_labels(InstalledModel(tmp_path, manifest), manifest.stages[0], volume, _grid(spec["scan"]))
    assert float((plain == expected).mean()) >= EQUAL_VOXELS
    assert equal >= EQUAL_VOXELS
