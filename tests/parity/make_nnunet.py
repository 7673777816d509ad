"""Runs in .venv-parity: makes nnU-Net results folders with small networks, and what nnU-Net's own predictor says to them.

Usage: make_nnunet.py OUT KIND...   Each kind becomes OUT/<kind>/ with the results folder, `image.npy` (k, j, i; int16),
`case.json` (spacing, which folder) and `truth.npy`, the labels of nnUNetPredictor.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ.setdefault(name, "/nonexistent")

LABELS = {"background": 0, "liver": 1, "spleen": 2, "kidney_left": 3, "aorta": 4, "bone": 5}
HU = (-80.0, 110.0, 140.0, 190.0, 300.0, 450.0)


def scene(shape_kji: tuple[int, int, int], spacing_kji: tuple[float, float, float], seed: int) -> tuple[Any, Any]:
    """A CT-like volume with five organs as ellipsoids, and its labels."""
    from scipy import ndimage

    random = np.random.default_rng(seed)
    places = np.stack(np.meshgrid(*(np.arange(n) * s for n, s in zip(shape_kji, spacing_kji)), indexing="ij"), -1)
    size = np.array(shape_kji) * np.array(spacing_kji)
    labels = np.zeros(shape_kji, np.uint8)
    body = (((places - size / 2) / (size * (0.6, 0.46, 0.46))) ** 2).sum(-1) < 1
    for label, (middle, radii) in enumerate(
        (
            ((0.5, 0.4, 0.3), (0.3, 0.22, 0.16)),
            ((0.6, 0.6, 0.75), (0.18, 0.12, 0.1)),
            ((0.35, 0.7, 0.65), (0.15, 0.1, 0.08)),
            ((0.5, 0.62, 0.5), (0.7, 0.05, 0.05)),
            ((0.5, 0.8, 0.48), (0.8, 0.07, 0.07)),
        ),
        1,
    ):
        middle_mm = (np.array(middle) + random.normal(0, 0.03, 3)) * size
        radii_mm = np.array(radii) * size * random.uniform(0.85, 1.15, 3)
        labels[(((places - middle_mm) / radii_mm) ** 2).sum(-1) < 1] = label
    labels[~body] = 0
    image = np.array(HU)[labels] + random.normal(0, 25, shape_kji)
    image = ndimage.gaussian_filter(np.where(body, image, -1000.0 + random.normal(0, 8, shape_kji)), 0.6)
    return np.round(image).astype(np.int16), labels


def new_architecture(kind: str, dims: int, features: list[int], strides: list[list[int]], norm: str) -> dict[str, Any]:
    """The `architecture` entry as nnU-Net's planner writes it."""
    counts = "n_conv_per_stage" if kind == "PlainConvUNet" else "n_blocks_per_stage"
    kernels = [
        [1, 3, 3][-dims:] if dims == 3 and stage == 0 and strides[1][0] == 1 else [3] * dims
        for stage in range(len(features))
    ]
    return {
        "network_class_name": f"dynamic_network_architectures.architectures.unet.{kind}",
        "arch_kwargs": {
            "n_stages": len(features),
            "features_per_stage": features,
            "conv_op": f"torch.nn.modules.conv.Conv{dims}d",
            "kernel_sizes": kernels,
            "strides": strides,
            counts: [1, 2, 2, 2][: len(features)] if counts.startswith("n_blocks") else [2] * len(features),
            "n_conv_per_stage_decoder": [1 if counts.startswith("n_blocks") else 2] * (len(features) - 1),
            "conv_bias": True,
            "norm_op": f"torch.nn.modules.{norm.lower()}.{'Instance' if norm == 'instancenorm' else 'Batch'}Norm{dims}d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


def configuration(patch: list[int], spacing: list[float], architecture: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A configuration of plans.json."""
    data = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}
    return {
        "data_identifier": "nnUNetPlans_x",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": patch,
        "median_image_size_in_voxels": [64.0] * len(patch),
        "spacing": spacing,
        "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False],
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_seg": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": data,
        "resampling_fn_seg_kwargs": data | {"is_seg": True, "order": 1},
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": data | {"order": 1},
        "batch_dice": True,
        **({"architecture": architecture} if "UNet_class_name" not in architecture else architecture),
        **more,
    }


def plans_of(configurations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "dataset_name": "Dataset900_Parity",
        "plans_name": "nnUNetPlans",
        "original_median_spacing_after_transp": [2.0, 1.5, 1.5],
        "original_median_shape_after_transp": [40, 80, 80],
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {
            "0": {
                "max": 1500.0,
                "mean": 120.0,
                "median": 110.0,
                "min": -900.0,
                "percentile_00_5": -300.0,
                "percentile_99_5": 500.0,
                "std": 130.0,
            }
        },
        "configurations": configurations,
        **more,
    }


def dataset_of(labels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"channel_names": {"0": "CT"}, "labels": labels, "numTraining": 4, "file_ending": ".nii.gz", **more}


def network_of(plans: dict[str, Any], name: str, dataset: dict[str, Any]) -> Any:
    """The network as nnU-Net builds it for its predictor."""
    from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
    from nnunetv2.utilities.label_handling.label_handling import determine_num_input_channels
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    manager = PlansManager(plans)
    chosen = manager.get_configuration(name)
    inputs = determine_num_input_channels(manager, chosen, dataset)
    outputs = manager.get_label_manager(dataset).num_segmentation_heads
    return nnUNetTrainer.build_network_architecture(manager, chosen, inputs, outputs, enable_deep_supervision=False)


def write_training(
    folder: Path,
    plans: dict[str, Any],
    dataset: dict[str, Any],
    name: str,
    networks: dict[Any, Any],
    mirrors: tuple[int, ...] | None,
    prefix: str = "",
) -> None:
    """A results folder whose checkpoints hold what real ones hold."""
    import torch

    folder.mkdir(parents=True)
    (folder / "plans.json").write_text(json.dumps(plans))
    (folder / "dataset.json").write_text(json.dumps(dataset))
    for fold, network in networks.items():
        (folder / f"fold_{fold}").mkdir()
        weights = {prefix + key: value for key, value in network.state_dict().items()}
        optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.99)
        torch.save(
            {
                "network_weights": weights,
                "optimizer_state": optimizer.state_dict(),
                "grad_scaler_state": {"scale": 65536.0, "growth_factor": 2.0},
                "logging": {"mean_fg_dice": [np.float64(0.5), np.float32(0.6)], "ema_fg_dice": [np.float64(0.51)]},
                "_best_ema": np.float64(0.61),
                "current_epoch": 1000,
                "init_args": {
                    "plans": plans,
                    "configuration": name,
                    "fold": fold,
                    "dataset_json": dataset,
                    "unpack_dataset": True,
                    "device": torch.device("cuda"),
                },
                "trainer_name": "nnUNetTrainer",
                "inference_allowed_mirroring_axes": mirrors,
            },
            folder / f"fold_{fold}" / "checkpoint_final.pth",
        )


def predictor_for(folder: Path, folds: tuple[Any, ...], mirrors: bool = True, step: float = 0.5) -> Any:
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(
        tile_step_size=step,
        use_gaussian=True,
        use_mirroring=mirrors,
        perform_everything_on_device=False,
        device=torch.device("cpu"),
        verbose=False,
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(str(folder), folds)
    return predictor


def train(
    network: Any,
    patch: list[int],
    spacing: tuple[float, ...],
    steps: int,
    regions: list[tuple[int, ...]] | None = None,
    merged: tuple[int, ...] | None = None,
) -> None:
    """Some seconds of training, so that logits are smooth where real ones are."""
    import torch

    random = np.random.default_rng(5)
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    scenes = [scene((26, 40, 38), (2.5, 2.0, 2.0), seed) for seed in range(4)]
    network.train()
    for _ in range(steps):
        image, labels = scenes[random.integers(4)]
        start = [random.integers(0, max(1, n - p + 1)) for n, p in zip(image.shape, patch)]
        box = tuple(slice(s, s + p) for s, p in zip(start, patch))
        x = torch.from_numpy(((np.clip(image[box], -300, 500) - 120) / 130).astype(np.float32))[None, None]
        wanted_labels = labels[box] if merged is None else np.array(merged)[labels[box]]
        y = torch.from_numpy(wanted_labels.astype(np.int64))[None]
        optimizer.zero_grad()
        answer = network(x)
        if regions is None:
            loss = torch.nn.functional.cross_entropy(answer, y)
        else:
            wanted = torch.stack([torch.isin(y, torch.tensor(values)).float() for values in regions], 1)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(answer, wanted)
        loss.backward()
        optimizer.step()
    network.eval()


def spread(network: Any, seed: int) -> None:
    """Random weights that use all classes: drawn anew from the seed, so that no class wins everywhere."""
    import torch

    torch.manual_seed(seed)
    with torch.no_grad():
        network.apply(network.initialize)
        for name, value in network.named_parameters():
            if value.ndim == 1:
                value.copy_(
                    torch.randn_like(value) * 0.3 + (1.0 if "norm" in name and name.endswith("weight") else 0.0)
                )
            elif "seg_layers" in name:
                value.copy_(torch.randn_like(value))
        for name, value in network.named_buffers():
            if name.endswith("running_mean"):
                value.copy_(torch.randn_like(value) * 0.2)
            elif name.endswith("running_var"):
                value.copy_(torch.rand_like(value) + 0.5)


class Maker:
    """Makes one kind below `out`."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def make(
        self,
        plans: dict[str, Any],
        dataset: dict[str, Any],
        name: str = "3d_fullres",
        *,
        folds: tuple[Any, ...] = (0,),
        mirrors: tuple[int, ...] | None = (1,),
        steps: int = 0,
        regions: list[tuple[int, ...]] | None = None,
        shape: tuple[int, int, int] = (20, 46, 42),
        spacing: tuple[float, float, float] = (3.0, 1.6, 1.6),
        prefix: str = "",
        ask: bool = True,
        holes: bool = False,
    ) -> Path:
        import copy

        folder = self.out / plans["dataset_name"] / f"nnUNetTrainer__nnUNetPlans__{name}"
        networks = {}
        for number, fold in enumerate(folds):
            network = network_of(copy.deepcopy(plans), name, dataset)
            spread(network, 11 + number)
            if steps:
                chosen = plans["configurations"][name]
                train(network, chosen["patch_size"], tuple(chosen["spacing"]), steps, regions)
            networks[fold] = network
        write_training(folder, plans, dataset, name, networks, mirrors, prefix)
        if ask:
            image, _ = scene(shape, spacing, 77)
            if holes:
                # padding of exactly 0, as some scanners write it: nnU-Net crops it away
                image[:, :4], image[:, :, -5:], image[:2] = 0, 0, 0
            self.ask(folder, folds, image, spacing)
        return folder

    def ask(
        self,
        folder: Path,
        folds: tuple[Any, ...],
        image: Any,
        spacing: tuple[float, ...],
        previous: Any = None,
        mirrors: bool = True,
    ) -> None:
        begun, spent = time.perf_counter(), time.process_time()
        predictor = predictor_for(folder, folds, mirrors)
        truth = predictor.predict_single_npy_array(
            image[None].astype(np.float32), {"spacing": list(spacing)}, None if previous is None else previous[None]
        )
        self.keep(image, spacing, truth, folder, (time.perf_counter() - begun, time.process_time() - spent))

    def keep(
        self, image: Any, spacing: tuple[float, ...], truth: Any, folder: Path, seconds: tuple[float, float]
    ) -> None:
        np.save(self.out / "image.npy", image)
        np.save(self.out / "truth.npy", np.asarray(truth).astype(np.uint8))
        case = {
            "spacing_kji_mm": list(spacing),
            "folder": str(folder.relative_to(self.out)),
            "seconds": seconds[0],
            "cpu_seconds": seconds[1],
        }
        (self.out / "case.json").write_text(json.dumps(case))


STRIDES = [[1, 1, 1], [2, 2, 2], [2, 2, 2]]
PATCH, SPACING = [16, 24, 24], [2.5, 2.0, 2.0]


def plain(maker: Maker, **more: Any) -> None:
    more = {"mirrors": (0, 1, 2)} | more
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    maker.make(plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)}), dataset_of(LABELS), **more)


def residual(maker: Maker) -> None:
    architecture = new_architecture("ResidualEncoderUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    maker.make(
        plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)}),
        dataset_of(LABELS),
        prefix="_orig_mod.",
        ask=False,
    )
    # the predictor itself does not know the prefix
    folder = maker.out / "Dataset900_Parity" / "nnUNetTrainer__nnUNetPlans__3d_fullres"
    import torch

    path = folder / "fold_0" / "checkpoint_final.pth"
    whole = torch.load(path, weights_only=False)
    prefixed = whole["network_weights"]
    whole["network_weights"] = {key.removeprefix("_orig_mod."): value for key, value in prefixed.items()}
    torch.save(whole, path)
    image, _ = scene((20, 46, 42), (3.0, 1.6, 1.6), 77)
    maker.ask(folder, (0,), image, (3.0, 1.6, 1.6))
    whole["network_weights"] = prefixed
    torch.save(whole, path)


def residual_both(maker: Maker) -> None:
    architecture = new_architecture("ResidualUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    maker.make(plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)}), dataset_of(LABELS))


def batchnorm(maker: Maker) -> None:
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "batchnorm")
    architecture["arch_kwargs"]["nonlin"] = "torch.nn.ReLU"
    maker.make(plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)}), dataset_of(LABELS), mirrors=None)


def old(maker: Maker) -> None:
    architecture = {
        "UNet_class_name": "PlainConvUNet",
        "UNet_base_num_features": 8,
        "unet_max_num_features": 24,
        "n_conv_per_stage_encoder": [2, 2, 2],
        "n_conv_per_stage_decoder": [2, 2],
        "num_pool_per_axis": [2, 2, 2],
        "pool_op_kernel_sizes": STRIDES,
        "conv_kernel_sizes": [[3, 3, 3]] * 3,
    }
    plans = plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)})
    plans["foreground_intensity_properties_by_modality"] = plans.pop("foreground_intensity_properties_per_channel")
    plans.pop("label_manager")
    dataset = dataset_of(LABELS)
    maker.make(plans, dataset)


def aniso(maker: Maker, **more: Any) -> None:
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], [[1, 1, 1], [1, 2, 2], [2, 2, 2]], "instancenorm")
    plans = plans_of({"3d_fullres": configuration([8, 32, 32], [6.0, 1.5, 1.5], architecture)})
    maker.make(plans, dataset_of(LABELS), shape=(12, 56, 52), spacing=(7.0, 1.1, 1.1), **more)


def aniso_sharp(maker: Maker) -> None:
    """Coarse slices as a scan, fine ones for the network: separate z upwards."""
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)})
    maker.make(plans, dataset_of(LABELS), shape=(8, 48, 46), spacing=(8.0, 1.4, 1.4))


def regions(maker: Maker, **more: Any) -> None:
    labels = {"background": 0, "all": [1, 2, 3, 4, 5], "pair": [2, 3], "vessel": [4]}
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)})
    maker.make(
        plans, dataset_of(labels, regions_class_order=[1, 2, 4]), regions=[(1, 2, 3, 4, 5), (2, 3), (4,)], **more
    )


def folds(maker: Maker) -> None:
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of({"3d_fullres": configuration(PATCH, SPACING, architecture)})
    maker.make(plans, dataset_of(LABELS), folds=(0, 1), mirrors=(0,))


def transpose(maker: Maker) -> None:
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of(
        {"3d_fullres": configuration([24, 16, 24], [2.0, 2.5, 1.9], architecture)},
        transpose_forward=[2, 0, 1],
        transpose_backward=[1, 2, 0],
    )
    maker.make(plans, dataset_of(LABELS), mirrors=(0, 2))


def inherits(maker: Maker) -> None:
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of(
        {
            "3d_fullres": configuration(PATCH, SPACING, architecture),
            "3d_big": {"inherits_from": "3d_fullres", "patch_size": [16, 32, 24], "batch_size": 4},
        }
    )
    maker.make(plans, dataset_of({**LABELS, "ignore": 6}), "3d_big", mirrors=None, holes=True)


def zscore(maker: Maker) -> None:
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of(
        {"3d_fullres": configuration(PATCH, SPACING, architecture, normalization_schemes=["ZScoreNormalization"])}
    )
    maker.make(plans, dataset_of(LABELS, channel_names={"0": "T1"}))


def slices(maker: Maker) -> None:
    architecture = new_architecture("PlainConvUNet", 2, [8, 16, 24], [[1, 1], [2, 2], [2, 2]], "instancenorm")
    plans = plans_of({"2d": configuration([32, 24], [1.8, 1.8], architecture)})
    maker.make(plans, dataset_of(LABELS), "2d", mirrors=(0, 1))


def cascade(maker: Maker, **more: Any) -> None:
    coarse = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    fine = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of(
        {
            "3d_lowres": configuration([12, 16, 16], [4.5, 3.5, 3.5], coarse, next_stage="3d_cascade_fullres"),
            "3d_cascade_fullres": configuration(PATCH, SPACING, fine, previous_stage="3d_lowres"),
        }
    )
    shape, spacing = (20, 46, 42), (3.0, 1.6, 1.6)
    image, _ = scene(shape, spacing, 77)
    first = maker.make(plans, dataset_of(LABELS), "3d_lowres", ask=False, **more)
    last = maker.make(plans, dataset_of(LABELS), "3d_cascade_fullres", ask=False)
    before = predictor_for(first, (0,)).predict_single_npy_array(
        image[None].astype(np.float32), {"spacing": list(spacing)}
    )
    maker.ask(last, (0,), image, spacing, before.astype(np.int8))


def total(maker: Maker) -> None:
    """A folder shaped as TotalSegmentator's five parts, and its steps of 2.18.0 repeated on a small scan."""
    from scipy import ndimage

    table = json.loads((Path(__file__).resolve().parents[2] / "assets" / "totalsegmentator.json").read_text())
    begun, spent = time.perf_counter(), time.process_time()
    architecture = {
        "UNet_class_name": "PlainConvUNet",
        "UNet_base_num_features": 8,
        "unet_max_num_features": 24,
        "n_conv_per_stage_encoder": [2, 2, 2],
        "n_conv_per_stage_decoder": [2, 2],
        "num_pool_per_axis": [2, 2, 2],
        "pool_op_kernel_sizes": STRIDES,
        "conv_kernel_sizes": [[3, 3, 3]] * 3,
    }
    shape, spacing = (20, 44, 40), (2.0, 1.3, 1.3)
    image, _ = scene(shape, spacing, 77)
    # the scan lies LPS; its closest canonical orientation is RAS
    canonical = image[:, ::-1, ::-1].astype(np.float64)
    zoomed = ndimage.zoom(canonical, np.array(spacing) / 1.5, mode="nearest", order=1).astype(np.int32)
    names = {name: int(key) for key, name in table["tasks"]["total"]["labels"].items()}
    merged = np.zeros(zoomed.shape, np.uint8)
    for number in table["tasks"]["total"]["datasets"]:
        entry = table["datasets"][str(number)]
        labels = {"background": 0, **{name: int(key) for key, name in entry["labels"].items()}}
        plans = plans_of(
            {"3d_fullres": configuration([16, 24, 24], [1.5, 1.5, 1.5], dict(architecture))},
            dataset_name=entry["folder"],
        )
        trainer = "nnUNetTrainerNoMirroring__nnUNetPlans__3d_fullres"
        network = network_of(json.loads(json.dumps(plans)), "3d_fullres", dataset_of(labels))
        spread(network, number)
        folder = maker.out / entry["folder"] / trainer
        write_training(folder, plans, dataset_of(labels), "3d_fullres", {0: network}, None)
        part = predictor_for(folder, (0,), mirrors=False, step=0.8).predict_single_npy_array(
            zoomed[None].astype(np.float32), {"spacing": [1.5, 1.5, 1.5]}
        )
        lut = np.zeros(256, np.uint8)
        for key, name in entry["labels"].items():
            lut[int(key)] = names[name]
        mapped = lut[part]
        np.copyto(merged, mapped, where=mapped != 0)
    back = ndimage.zoom(merged.astype(np.float64), np.array(shape) / np.array(merged.shape), mode="nearest", order=0)
    truth = np.round(back).astype(np.uint8)[:, ::-1, ::-1]
    maker.keep(image, spacing, truth, maker.out, (time.perf_counter() - begun, time.process_time() - spent))


def task(maker: Maker) -> None:
    """A folder shaped as one of TotalSegmentator's tasks with a single, trained network."""
    from scipy import ndimage

    folder = "Dataset305_vertebrae_discs_1559subj"
    labels = {"background": 0, "vertebrae_body": 1, "intervertebral_discs": 2}
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    plans = plans_of({"3d_fullres": configuration(PATCH, [1.5, 1.5, 1.5], architecture)}, dataset_name=folder)
    network = network_of(json.loads(json.dumps(plans)), "3d_fullres", dataset_of(labels))
    spread(network, 3)
    train(network, PATCH, (1.5, 1.5, 1.5), 160, merged=(0, 1, 1, 1, 2, 2))
    place = maker.out / folder / "nnUNetTrainer_DASegOrd0__nnUNetPlans__3d_fullres"
    write_training(place, plans, dataset_of(labels), "3d_fullres", {0: network}, (0, 1, 2))
    shape, spacing = (20, 44, 40), (2.0, 1.3, 1.3)
    image, _ = scene(shape, spacing, 77)
    begun, spent = time.perf_counter(), time.process_time()
    canonical = image[:, ::-1, ::-1].astype(np.float64)
    zoomed = ndimage.zoom(canonical, np.array(spacing) / 1.5, mode="nearest", order=1).astype(np.int32)
    part = predictor_for(place, (0,), mirrors=False).predict_single_npy_array(
        zoomed[None].astype(np.float32), {"spacing": [1.5, 1.5, 1.5]}
    )
    back = ndimage.zoom(part.astype(np.float64), np.array(shape) / np.array(part.shape), mode="nearest", order=0)
    maker.keep(
        image,
        spacing,
        np.round(back)[:, ::-1, ::-1],
        maker.out / folder,
        (time.perf_counter() - begun, time.process_time() - spent),
    )


def large(maker: Maker) -> None:
    """A scan of ordinary size and sixteen classes at 3 mm, for the time of nnU-Net's own road; trained a little."""
    labels = {"background": 0, **{f"structure_{n}": n for n in range(1, 16)}}
    strides = [[1, 1, 1], [2, 2, 2], [2, 2, 2], [2, 2, 2]]
    architecture = new_architecture("PlainConvUNet", 3, [16, 32, 64, 128], strides, "instancenorm")
    plans = plans_of({"3d_fullres": configuration([64, 64, 64], [3.0, 3.0, 3.0], architecture)})
    shape, spacing = (150, 300, 300), (2.0, 1.2, 1.2)
    folder = maker.make(plans, dataset_of(labels), mirrors=None, ask=False)
    network = network_of(json.loads(json.dumps(plans)), "3d_fullres", dataset_of(labels))
    spread(network, 11)
    train(network, [24, 40, 32], (3.0, 3.0, 3.0), 60)
    shutil.rmtree(folder)
    write_training(folder, plans, dataset_of(labels), "3d_fullres", {0: network}, None)
    image, _ = scene(shape, spacing, 77)
    maker.ask(folder, (0,), image, spacing, mirrors=False)


KINDS = {
    "plain": plain,
    "plain_trained": lambda maker: plain(maker, mirrors=(1,), steps=160),
    "residual": residual,
    "residual_both": residual_both,
    "batchnorm": batchnorm,
    "old": old,
    "aniso": aniso,
    "aniso_trained": lambda maker: aniso(maker, steps=160),
    "aniso_sharp": aniso_sharp,
    "regions": regions,
    "regions_trained": lambda maker: regions(maker, steps=160),
    "folds": folds,
    "transpose": transpose,
    "inherits": inherits,
    "zscore": zscore,
    "slices": slices,
    "cascade": cascade,
    "total": total,
    "task_trained": task,
}


def main() -> None:
    import torch

    torch.set_num_threads(1)
    out = Path(sys.argv[1])
    for kind in sys.argv[2:] or KINDS:
        if (out / kind / "case.json").is_file():
            continue
        (out / kind).mkdir(parents=True)
        begun = time.perf_counter()
        (large if kind == "large" else KINDS[kind])(Maker(out / kind))
        print(f"{kind}: {time.perf_counter() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()
