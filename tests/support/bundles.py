"""Small MONAI bundles for tests: the configuration of MONAI's own model zoo in short, weights of our own networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SPLEEN: dict[str, Any] = {
    "imports": ["$import glob", "$import os"],
    "bundle_root": ".",
    "output_dir": "$@bundle_root + '/eval'",
    "dataset_dir": "/data/Task09_Spleen",
    "datalist": "$list(sorted(glob.glob(@dataset_dir + '/imagesTs/*.nii.gz')))",
    "device": "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
    "network_def": {
        "_target_": "UNet",
        "spatial_dims": 3,
        "in_channels": 1,
        "out_channels": 2,
        "channels": [4, 8],
        "strides": [2],
        "num_res_units": 1,
        "norm": "batch",
    },
    "network": "$@network_def.to(@device)",
    "preprocessing": {
        "_target_": "Compose",
        "transforms": [
            {"_target_": "LoadImaged", "keys": "image"},
            {"_target_": "EnsureChannelFirstd", "keys": "image"},
            {"_target_": "Orientationd", "keys": "image", "axcodes": "RAS"},
            {"_target_": "Spacingd", "keys": "image", "pixdim": [1.5, 1.5, 2.0], "mode": "bilinear"},
            {
                "_target_": "ScaleIntensityRanged",
                "keys": "image",
                "a_min": -57,
                "a_max": 164,
                "b_min": 0,
                "b_max": 1,
                "clip": True,
            },
            {"_target_": "EnsureTyped", "keys": "image"},
        ],
    },
    "dataset": {"_target_": "Dataset", "data": "$[{'image': i} for i in @datalist]", "transform": "@preprocessing"},
    "dataloader": {"_target_": "DataLoader", "dataset": "@dataset", "batch_size": 1},
    "inferer": {"_target_": "SlidingWindowInferer", "roi_size": [16, 16, 16], "sw_batch_size": 4, "overlap": 0.5},
    "postprocessing": {
        "_target_": "Compose",
        "transforms": [
            {"_target_": "Activationsd", "keys": "pred", "softmax": True},
            {
                "_target_": "Invertd",
                "keys": "pred",
                "transform": "@preprocessing",
                "orig_keys": "image",
                "nearest_interp": False,
                "to_tensor": True,
            },
            {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
            {"_target_": "SaveImaged", "keys": "pred", "output_dir": "@output_dir"},
        ],
    },
    "handlers": [{"_target_": "StatsHandler", "iteration_log": False}],
    "evaluator": {"_target_": "SupervisedEvaluator", "network": "@network", "inferer": "@inferer", "amp": True},
    "checkpointloader": {
        "_target_": "CheckpointLoader",
        "load_path": "$@bundle_root + '/models/model.pt'",
        "load_dict": {"model": "@network"},
    },
    "initialize": ["$monai.utils.set_determinism(seed=123)", "$@checkpointloader(@evaluator)"],
    "run": ["$@evaluator.run()"],
}
METADATA: dict[str, Any] = {
    "version": "0.5.9",
    "name": "Spleen CT segmentation",
    "description": "A test of the spleen.",
    "intended_use": "This is an example, not to be used for diagnostic purposes",
    "eval_metrics": {"mean_dice": 0.96},
    "network_data_format": {
        "inputs": {"image": {"format": "hounsfield", "modality": "CT"}},
        "outputs": {"pred": {"channel_def": {"0": "background", "1": "spleen"}}},
    },
}


def without(config: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A copy that can be changed, without some entries."""
    copy: dict[str, Any] = json.loads(json.dumps(config))
    for key in keys:
        copy.pop(key)
    return copy


def write_bundle(folder: Path, config: Any = None, metadata: Any = None, weights: bool = True) -> Path:
    """A bundle in `folder`; `config` as a table, or as the text of inference.json."""
    (folder / "configs").mkdir(parents=True)
    text = config if isinstance(config, str) else json.dumps(SPLEEN if config is None else config)
    (folder / "configs" / "inference.json").write_text(text, encoding="utf-8")
    described = METADATA if metadata is None else metadata
    (folder / "configs" / "metadata.json").write_text(json.dumps(described), encoding="utf-8")
    (folder / "LICENSE").write_text("Apache License, Version 2.0\n", encoding="utf-8")
    (folder / "models").mkdir()
    if weights:
        write_state(folder / "models" / "model.pt", SPLEEN["network_def"])
    return folder


def write_state(path: Path, network: dict[str, Any], **around: Any) -> None:
    """A state dict of random weights for a network, as torch.save writes it; `around`: other entries beside it."""
    import torch

    from inference.importers.monai_networks import network_of
    from inference.networks import build

    torch.manual_seed(4)
    arguments = {key: value for key, value in network.items() if not key.startswith("_")}
    module = build(*network_of(network["_target_"], arguments))
    content = {"state_dict": module.state_dict(), **around} if around else module.state_dict()
    torch.save(content, path)
