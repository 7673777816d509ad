"""Small nnU-Net results folders without nnU-Net: our own network's weights under all the names that theirs have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

LABELS = {"background": 0, "liver": 1, "spleen_left": 2}
STRIDES = [[1, 1, 1], [2, 2, 2]]


def architecture(**more: Any) -> dict[str, Any]:
    """The `architecture` entry of a network with two stages."""
    return {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": 2,
            "features_per_stage": [4, 8],
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": [[3, 3, 3], [3, 3, 3]],
            "strides": STRIDES,
            "n_conv_per_stage": [1, 1],
            "n_conv_per_stage_decoder": [1],
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
            **more,
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


def configuration(**more: Any) -> dict[str, Any]:
    kwargs = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}
    return {
        "preprocessor_name": "DefaultPreprocessor",
        "patch_size": [16, 16, 16],
        "spacing": [3.0, 3.0, 3.0],
        "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False],
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": kwargs,
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {**kwargs, "order": 1},
        "architecture": architecture(),
        **more,
    }


def plans(**more: Any) -> dict[str, Any]:
    return {
        "dataset_name": "Dataset901_Small",
        "plans_name": "nnUNetPlans",
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {
            "0": {"mean": 100.0, "std": 120.0, "percentile_00_5": -300.0, "percentile_99_5": 400.0}
        },
        "configurations": {"3d_fullres": configuration()},
        **more,
    }


def dataset(**more: Any) -> dict[str, Any]:
    return {"channel_names": {"0": "CT"}, "labels": dict(LABELS), "file_ending": ".nii.gz", **more}


def network(outputs: int = 3, inputs: int = 1, **more: Any) -> Any:
    """Our network for `architecture()`, with steady weights."""
    import torch

    from inference.networks import build

    torch.manual_seed(4)
    kwargs = {
        "input_channels": inputs,
        "num_classes": outputs,
        "features_per_stage": [4, 8],
        "kernel_sizes": [[3, 3, 3], [3, 3, 3]],
        "strides": STRIDES,
        "n_conv_per_stage": [1, 1],
        "n_conv_per_stage_decoder": [1],
        **more,
    }
    return build("PlainConvUNet", kwargs)


def all_names(state: dict[str, Any]) -> dict[str, Any]:
    """A state dict with every copy that nnU-Net's own has: `all_modules.*`, and the encoder below the decoder."""
    whole: dict[str, Any] = {}
    for name, value in state.items():
        copy = re.sub(r"\.(conv|norm)\.(weight|bias)$", lambda m: f".all_modules.{int(m[1] == 'norm')}.{m[2]}", name)
        names = [name] if copy == name else [name, copy]
        whole |= dict.fromkeys(names, value)
        if name.startswith("encoder."):
            whole |= dict.fromkeys([f"decoder.{one}" for one in names], value)
    return whole


def checkpoint(weights: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What nnU-Net saves, numpy numbers and a device among it."""
    import torch

    return {
        "network_weights": weights,
        "optimizer_state": {"state": {}, "param_groups": [{"lr": 0.01, "params": [0, 1]}]},
        "grad_scaler_state": None,
        "logging": {"mean_fg_dice": [np.float64(0.5), np.float32(0.25)], "epoch_start_timestamps": [1.0]},
        "_best_ema": np.float64(0.61),
        "current_epoch": 1000,
        "init_args": {"configuration": "3d_fullres", "fold": 0, "device": torch.device("cuda")},
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (0, 1),
        **more,
    }


def write_folder(
    root: Path,
    *,
    name: str = "nnUNetTrainer__nnUNetPlans__3d_fullres",
    its_plans: dict[str, Any] | None = None,
    its_dataset: dict[str, Any] | None = None,
    saved: dict[str, Any] | None = None,
    folds: tuple[Any, ...] = (0,),
    change: Callable[[dict[str, Any]], None] | None = None,
) -> Path:
    """A results folder below `root`; `change` may alter what is saved."""
    import torch

    folder = root / "Dataset901_Small" / name
    folder.mkdir(parents=True)
    (folder / "plans.json").write_text(json.dumps(plans() if its_plans is None else its_plans))
    (folder / "dataset.json").write_text(json.dumps(dataset() if its_dataset is None else its_dataset))
    for fold in folds:
        content = checkpoint(all_names(dict(network().state_dict()))) if saved is None else saved
        if change is not None:
            change(content)
        (folder / f"fold_{fold}").mkdir()
        torch.save(content, folder / f"fold_{fold}" / "checkpoint_final.pth")
    return folder
