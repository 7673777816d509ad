"""nnU-Net v2 results folders: `plans.json`, `dataset.json` and `fold_*/checkpoint_final.pth` into a model of ours.

Facts after nnunetv2 2.8.1 (Isensee et al., Nature Methods 18:203, 2021). Nothing of the plans is imported or called: a
class is a word that stands for one of our networks, or it is refused by its name. Trainers are never needed: the network
follows from the plans, and weights that do not fit it name by name and size by size are refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.importers import settings
from inference.importers.checkpoint import Tensor, open_checkpoint, plain, tensors_of
from inference.importers.licences import take_licence
from inference.importers.settings import Settings
from inference.importers.store import store
from inference.manifest import (
    Card,
    Crop,
    Input,
    Label,
    Manifest,
    Network,
    Normalise,
    Output,
    Previous,
    Resample,
    Source,
    SourceFile,
    Stage,
    Tiling,
    WeightsFile,
    read_json_bounded,
)
from inference.zoo import file_sha256
from planning.errors import ModelError
from planning.registry import canonical_name, structure_style

CHECKPOINTS = ("checkpoint_final.pth", "checkpoint_best.pth")
MOST_STAGES = 8
MOST_FEATURES = 4096
MOST_CONVOLUTIONS = 32
MOST_KERNEL = 11
MOST_STRIDE = 8
MOST_FOLDS = 10
MOST_LABELS = 512
# "HU" and what trainers write for CT; everything else is another kind of image
_CT_NAMES = frozenset({"ct", "ctonlysingle", "hu", "computed tomography"})
_MR_NAMES = ("mr", "t1", "t2", "flair", "adc", "dwi", "dixon")
_NETWORKS = ("PlainConvUNet", "ResidualEncoderUNet", "ResidualUNet")
_READERS = {
    "SimpleITKIO": "native",
    "NibabelIO": "native",
    "SimpleITKIOWithReorient": "RAS",
    "NibabelIOWithReorient": "RAS",
}
_RESAMPLERS = ("resample_data_or_seg_to_shape", "resample_torch_fornnunet")
_NOT_RESAMPLED = ("no_resampling_data_or_seg_to_shape", "no_resampling_hack")


@dataclass(frozen=True)
class Training:
    """One trained configuration: a folder with plans, dataset and folds, its settings read and judged."""

    folder: Path
    plans: Settings
    dataset: Settings
    configuration_name: str
    configuration: Settings
    checkpoints: tuple[tuple[int | str, Path], ...]
    mirror_axes: tuple[int, ...]
    trainer: str

    @property
    def name(self) -> str:
        """The dataset's name, "Dataset003_Liver"."""
        folder = self.folder.parent.name
        return folder if folder.startswith("Dataset") else str(self.plans.get("dataset_name", folder))[:64]

    @property
    def previous(self) -> str | None:
        """The configuration whose labels this one takes as input."""
        found = self.configuration.get("previous_stage")
        return str(found) if found else None


@dataclass(frozen=True)
class Heads:
    """What the output channels mean. values: what each paints; names: of each painted value above 0."""

    regions: bool
    values: tuple[int, ...]
    names: dict[int, str]
    foreground: tuple[int, ...]


def recognise(path: Path) -> bool:
    """A results folder, the dataset's folder around it, or one of its checkpoints."""
    return bool(_training_folders(path))


def convert(path: Path, into: Path) -> Manifest:
    """Convert the results folder (with its first stage, for a cascade) into `into`. Raises ModelError."""
    folders = _training_folders(path)
    training = read_training(_chosen(folders, path))
    stages, notes, files = build_stages(training, into, "main")
    heads = heads_of(training)
    labels = tuple(label_of(value, name) for value, name in sorted(heads.names.items()))
    return Manifest(
        id=model_id(f"{training.name}-{training.configuration_name}"),
        version="1.0.0",
        title=f"{title_of(training.name)} (nnU-Net, {training.configuration_name})",
        stages=stages,
        labels=labels,
        licence=take_licence(
            [training.folder, training.folder.parent], into, _text(training.dataset, "licence", "license")
        ),
        source=Source(importer="nnunet", files=files, notes=notes),
        card=Card(
            intended_use=_text(training.dataset, "description"),
            limits=("Imported; nothing about its accuracy is stated.", *_limits(training)),
        ),
    )


def read_training(folder: Path) -> Training:
    """Read and judge the settings of a results folder; its weights are not touched yet. Raises ModelError.

    The configuration is the one that the checkpoint names, as nnU-Net takes it; the folder's name may differ.
    """
    plans = settings.of(read_json_bounded(folder / "plans.json"), "plans.json")
    dataset = settings.of(read_json_bounded(folder / "dataset.json"), "dataset.json")
    checkpoints = _checkpoints(folder)
    with open_checkpoint(checkpoints[0][1]) as root:
        head = settings.of(root, "the checkpoint")
        begun = head.get("init_args")
        named = begun.get("configuration") if isinstance(begun, Mapping) else None
        axes = plain(head.get("inference_allowed_mirroring_axes"))
        trainer = str(plain(head.get("trainer_name")) or "")[:80]
    name = named if isinstance(named, str) else folder.name.rsplit("__", 1)[-1]
    configuration = resolve(plans, name)
    dims = len(configuration.numbers("patch_size", int, 2, 3))
    if axes is None:
        axes = []
    if not isinstance(axes, list) or any(type(axis) is not int or not 0 <= axis < dims for axis in axes):
        raise ModelError("The model is mirrored about axes that it has not", "The checkpoint is damaged", "axes")
    mirrored = tuple(sorted({axis + 3 - dims for axis in axes}))
    return Training(folder, plans, dataset, name, configuration, checkpoints, mirrored, trainer)


def resolve(plans: Settings, name: str) -> Settings:
    """A configuration with what it inherits; the child's own entries stand. Raises ModelError in a circle."""
    configurations = plans.table("configurations")
    merged: dict[str, Any] = {}
    seen: list[str] = []
    while name:
        if name in seen or len(seen) > 32:
            raise ModelError(
                f"The configurations inherit in a circle ({' → '.join(seen)[:80]})", "Mend plans.json", "circle"
            )
        if name not in configurations:
            raise ModelError(f"The plans have no configuration {name[:40]!r}", "Mend plans.json", "configuration")
        seen.append(name)
        own = settings.of(configurations[name], f"configuration {name[:40]}")
        merged = dict(own.values) | merged
        parent = own.get("inherits_from")
        name = str(parent) if parent is not None else ""
    merged.pop("inherits_from", None)
    return Settings(merged, f"configuration {seen[0][:40]}")


def build_stages(
    training: Training,
    into: Path,
    name: str,
    *,
    folds: tuple[int | str, ...] | None = None,
) -> tuple[tuple[Stage, ...], tuple[str, ...], tuple[SourceFile, ...]]:
    """The stages of a training, the one before it first; weights are written into `into`. Raises ModelError."""
    before: tuple[Stage, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = ()
    previous = None
    if training.previous is not None:
        earlier = read_training(_sibling(training, training.previous))
        if earlier.previous is not None:
            raise ModelError("A cascade of more than two stages cannot be used", "Choose its first stage", "cascade")
        before, notes, files = build_stages(earlier, into, f"{name}-before", folds=folds)
        before = (*before[:-1], before[-1].model_copy(update={"keeps": False}))
        previous = Previous(stage=before[-1].name, values=heads_of(earlier).foreground)
    wanted = tuple(item for item in training.checkpoints if folds is None or item[0] in folds)
    if not wanted:
        raise ModelError(
            f"{training.name} has none of the folds that are used", "Choose the whole folder", "no_weights"
        )
    network = network_of(training)
    kept: list[WeightsFile] = []
    for fold, path in wanted:
        found, told = store_fold(path, network, into, f"{name}-fold{fold}", fold)
        kept.append(found)
        notes = (*notes, *told)
        files = (
            *files,
            SourceFile(name=f"{training.folder.name}/{path.parent.name}/{path.name}"[:400], sha256=file_sha256(path)),
        )
    stage = stage_of(training, name, tuple(kept), previous)
    return (*before, stage), (*notes, *_notes(training)), files


def stage_of(
    training: Training, name: str, weights: tuple[WeightsFile, ...], previous: Previous | None = None
) -> Stage:
    """How the network is run, step by step as nnU-Net's own predictor does it."""
    heads = heads_of(training)
    return Stage(
        name=name,
        weights=weights,
        network=network_of(training),
        input=_input(training),
        tiling=Tiling(patch=patch_of(training)[0], mirror_axes=training.mirror_axes),
        output=Output(
            decision="regions" if heads.regions else "argmax",
            upsample=_upsample(training.configuration),
            values=heads.values,
        ),
        previous=previous,
    )


def heads_of(training: Training) -> Heads:
    """Output channels from `labels` and `regions_class_order`. Raises ModelError."""
    labels = training.dataset.table("labels")
    if len(labels) > MOST_LABELS:
        raise ModelError(
            f"The model has {len(labels)} labels, more than {MOST_LABELS}", "It cannot be used", "too_large"
        )
    wanted = {str(name): _label_values(value) for name, value in labels.items() if name != "ignore"}
    if wanted.get("background") != (0,):
        raise ModelError("The model's background is not label 0", "It cannot be used", "labels")
    every = sorted({value for values in wanted.values() for value in values})
    if every != list(range(len(every))):
        raise ModelError("The model's labels are not numbered 0, 1, 2 …", "It cannot be used", "labels")
    foreground = tuple(every[1:])
    if not any(len(values) > 1 for values in wanted.values()):
        names = {values[0]: name for name, values in wanted.items() if values[0] > 0}
        if len(names) != len(foreground):
            raise ModelError("Two of the model's labels have one number", "It cannot be used", "labels")
        return Heads(False, tuple(every), _distinct(names), foreground)
    regions = [name for name, values in wanted.items() if set(values) != {0}]
    order = training.dataset.numbers("regions_class_order", int, 1, MOST_LABELS)
    if len(order) != len(regions) or min(order, default=0) < 1 or max(order, default=0) > 65_535:
        raise ModelError("The order of the model's regions does not fit its regions", "Mend dataset.json", "labels")
    # a value that is painted twice keeps the later name, as it keeps the later paint
    names = dict(zip(order, regions))
    return Heads(True, tuple(order), _distinct(names), foreground)


def channels_in(training: Training) -> int:
    """Image channels and, in a cascade, one a foreground label of the stage before."""
    channels = training.dataset.get("channel_names") or training.dataset.get("modality")
    if not isinstance(channels, Mapping) or not channels:
        raise ModelError("dataset.json names no image channels", "Mend dataset.json", "channels")
    if len(channels) != 1:
        told = ", ".join(str(name)[:20] for name in list(channels.values())[:4])
        raise ModelError(
            f"The model wants {len(channels)} images of one patient ({told})",
            "Only models that take a single image can be used",
            "channels",
        )
    return 1 + (len(heads_of(training).foreground) if training.previous is not None else 0)


def patch_of(training: Training) -> tuple[tuple[int, int, int], Any]:
    """The patch with three sides, and 2 or 3 for what the network convolves."""
    patch = training.configuration.numbers("patch_size", int, 2, 3)
    if any(not 1 <= side <= 4096 for side in patch) or math.prod(patch) > 2 * 256**3:
        raise ModelError(
            f"The model wants tiles of {' × '.join(map(str, patch))} voxels", "That is too large", "too_large"
        )
    return (1, patch[0], patch[1]) if len(patch) == 2 else (patch[0], patch[1], patch[2]), len(patch)


def network_of(training: Training) -> Network:
    """Our network with the same layers. Raises ModelError for what we do not have, by its name."""
    configuration = training.configuration
    heads, inputs = len(heads_of(training).values), channels_in(training)
    _, dims = patch_of(training)
    architecture = configuration.get("architecture")
    if architecture is None:
        family, kwargs = _old_network(configuration, dims)
    else:
        family, kwargs = _new_network(settings.of(architecture, "architecture"), dims)
    _bound(kwargs, dims)
    kwargs = {"input_channels": inputs, "num_classes": heads, "dimensions": dims} | kwargs
    return Network(family=family, kwargs=kwargs, dims=dims, in_channels=inputs, out_channels=heads)


def _old_network(configuration: Settings, dims: int) -> tuple[str, dict[str, Any]]:
    """Plans without `architecture` (before nnunetv2 2.4; TotalSegmentator's weights of v2.0)."""
    family = _known_network(configuration.word("UNet_class_name"), ("PlainConvUNet", "ResidualEncoderUNet"))
    counts = configuration.numbers("n_conv_per_stage_encoder", int, 2, MOST_STAGES)
    base = configuration.number("UNet_base_num_features", int, 1, MOST_FEATURES)
    most = configuration.number("unet_max_num_features", int, 1, MOST_FEATURES)
    stages = len(counts)
    return family, {
        "features_per_stage": [min(base * 2**stage, most) for stage in range(stages)],
        "kernel_sizes": _sizes(configuration, "conv_kernel_sizes", stages, dims, MOST_KERNEL),
        "strides": _sizes(configuration, "pool_op_kernel_sizes", stages, dims, MOST_STRIDE),
        ("n_conv_per_stage" if family == "PlainConvUNet" else "n_blocks_per_stage"): counts,
        "n_conv_per_stage_decoder": configuration.numbers("n_conv_per_stage_decoder", int, 1, MOST_STAGES),
        "conv_bias": True,
        "norm": "instance",
        "norm_eps": 1e-5,
        "norm_affine": True,
        "nonlinearity": "leaky_relu",
        "negative_slope": 0.01,
    }


_NEW_KEYS = {
    *("n_stages", "features_per_stage", "conv_op", "kernel_sizes", "strides", "n_conv_per_stage", "n_blocks_per_stage"),
    *(
        "n_conv_per_stage_decoder",
        "conv_bias",
        "norm_op",
        "norm_op_kwargs",
        "dropout_op",
        "dropout_op_kwargs",
        "nonlin",
    ),
    *("nonlin_kwargs", "deep_supervision", "nonlin_first", "block", "bottleneck_channels", "stem_channels"),
}


def _new_network(architecture: Settings, dims: int) -> tuple[str, dict[str, Any]]:
    family = _known_network(architecture.word("network_class_name"), _NETWORKS)
    own = settings.of(architecture.get("arch_kwargs"), "arch_kwargs")
    unknown = sorted(str(key)[:40] for key in own.values if key not in _NEW_KEYS)
    if unknown:
        raise ModelError(
            f"The network asks for {', '.join(unknown[:4])}, which is not known", "It cannot be used", "network"
        )
    stages = own.number("n_stages", int, 2, MOST_STAGES)
    _operation(own, "conv_op", (f"Conv{dims}d",))
    counts = "n_conv_per_stage" if family == "PlainConvUNet" else "n_blocks_per_stage"
    kwargs: dict[str, Any] = {
        "features_per_stage": _per_stage(own, "features_per_stage", stages, MOST_FEATURES),
        "kernel_sizes": _sizes(own, "kernel_sizes", stages, dims, MOST_KERNEL),
        "strides": _sizes(own, "strides", stages, dims, MOST_STRIDE),
        counts: _per_stage(own, counts, stages, MOST_CONVOLUTIONS),
        "n_conv_per_stage_decoder": _per_stage(own, "n_conv_per_stage_decoder", stages - 1, MOST_CONVOLUTIONS),
        "conv_bias": own.flag("conv_bias", False),
    }
    _operation(own, "dropout_op", ("Dropout", "Dropout2d", "Dropout3d"), optional=True)
    kwargs |= _norm(own, dims) | _nonlinearity(own)
    if own.flag("nonlin_first", False):
        if family != "PlainConvUNet":
            raise ModelError("The network's order of steps is not known", "It cannot be used", "network")
        kwargs["nonlin_first"] = True
    if family != "PlainConvUNet":
        kwargs |= _residual(own, stages)
    return family, kwargs


def _residual(own: Settings, stages: int) -> dict[str, Any]:
    block = str(own.get("block") or "BasicBlockD").rsplit(".", 1)[-1]
    if block not in ("BasicBlockD", "BottleneckD"):
        raise ModelError(f"The network is made of {block[:40]}, which is not known", "It cannot be used", "network")
    found: dict[str, Any] = {}
    if own.get("stem_channels") is not None:
        found["stem_channels"] = own.number("stem_channels", int, 1, MOST_FEATURES)
    if block == "BottleneckD":
        found["bottleneck_channels"] = _per_stage(own, "bottleneck_channels", stages, MOST_FEATURES)
    return found


def _norm(own: Settings, dims: int) -> dict[str, Any]:
    name = _operation(own, "norm_op", (f"InstanceNorm{dims}d", f"BatchNorm{dims}d"), optional=True)
    if name is None:
        return {"norm": None}
    more = settings.of(own.get("norm_op_kwargs") or {}, "norm_op_kwargs")
    instance = name.startswith("Instance")
    if more.flag("track_running_stats", not instance) is instance:
        raise ModelError("The network's normalisation is of a kind that is not known", "It cannot be used", "network")
    eps = more.get("eps", 1e-5)
    if not isinstance(eps, (int, float)) or not 0 < eps < 1:
        raise ModelError("The network's normalisation has an impossible eps", "Mend plans.json", "network")
    return {
        "norm": "instance" if instance else "batch",
        "norm_eps": float(eps),
        "norm_affine": more.flag("affine", not instance),
    }


def _nonlinearity(own: Settings) -> dict[str, Any]:
    name = _operation(own, "nonlin", ("LeakyReLU", "ReLU"))
    more = settings.of(own.get("nonlin_kwargs") or {}, "nonlin_kwargs")
    slope = more.get("negative_slope", 0.01)
    if not isinstance(slope, (int, float)) or not 0 <= slope <= 1:
        raise ModelError("The network's nonlinearity has an impossible slope", "Mend plans.json", "network")
    return {"nonlinearity": "relu" if name == "ReLU" else "leaky_relu", "negative_slope": float(slope)}


def _operation(own: Settings, key: str, known: tuple[str, ...], *, optional: bool = False) -> str | None:
    """The last part of a class's name, if it is one that we have."""
    value = own.get(key)
    if value is None and optional:
        return None
    name = str(value).rsplit(".", 1)[-1]
    if name not in known:
        raise ModelError(
            f"The network uses {str(value)[:60]} ({key}), which is not known", "It cannot be used", "network"
        )
    return name


def _known_network(name: str, known: tuple[str, ...]) -> str:
    short = name.rsplit(".", 1)[-1]
    if short not in known:
        raise ModelError(
            f"The network {name[-60:]} is not known", f"Networks that can be used: {', '.join(_NETWORKS)}", "network"
        )
    return short


def _per_stage(own: Settings, key: str, count: int, most: int) -> list[int]:
    value = own.get(key)
    found = [value] * count if type(value) is int else value
    if (
        not isinstance(found, list)
        or len(found) != count
        or any(type(item) is not int or not 1 <= item <= most for item in found)
    ):
        raise ModelError(
            f"The network's {key} is not {count} whole numbers from 1 to {most}", "It cannot be used", "network"
        )
    return found


def _sizes(own: Settings, key: str, stages: int, dims: int, most: int) -> list[list[int]]:
    value = own.get(key)
    rows = [value] * stages if type(value) is int else value
    if not isinstance(rows, list) or len(rows) != stages:
        raise ModelError(f"The network's {key} does not fit its {stages} stages", "Mend plans.json", "network")
    found = [[row] * dims if type(row) is int else row for row in rows]
    for row in found:
        if (
            not isinstance(row, list)
            or len(row) != dims
            or any(type(item) is not int or not 1 <= item <= most for item in row)
        ):
            raise ModelError(
                f"The network's {key} is not whole numbers from 1 to {most}", "It cannot be used", "network"
            )
    return found


def _bound(kwargs: Mapping[str, Any], dims: int) -> None:
    if len(kwargs["n_conv_per_stage_decoder"]) != len(kwargs["features_per_stage"]) - 1:
        raise ModelError("The network's decoder does not fit its encoder", "Mend plans.json", "network")
    counts = [
        *kwargs.get("n_conv_per_stage", kwargs.get("n_blocks_per_stage", ())),
        *kwargs["n_conv_per_stage_decoder"],
    ]
    if any(not 1 <= count <= MOST_CONVOLUTIONS for count in counts):
        raise ModelError("The network has too many convolutions in a stage", "It cannot be used", "too_large")
    if any(all(kernel % 2 == 0 for kernel in row) for row in kwargs["kernel_sizes"]):
        raise ModelError("The network has kernels of even size", "It cannot be used", "network")
    reach = [math.prod(row[axis] for row in kwargs["strides"]) for axis in range(dims)]
    if max(reach) > 512:
        raise ModelError("The network shrinks its tiles to nothing", "It cannot be used", "network")


def _input(training: Training) -> Input:
    configuration, plans = training.configuration, training.plans
    if configuration.get("preprocessor_name", "DefaultPreprocessor") != "DefaultPreprocessor":
        raise ModelError(
            f"The model prepares images with {str(configuration.get('preprocessor_name'))[:40]}",
            "Only nnU-Net's own DefaultPreprocessor can be repeated",
            "preprocessor",
        )
    if plans.get("label_manager", "LabelManager") != "LabelManager":
        raise ModelError("The model reads its labels in a way of its own", "It cannot be used", "labels")
    reader = str(plans.get("image_reader_writer", "SimpleITKIO"))
    if reader not in _READERS:
        raise ModelError(
            f"The model reads its images with {reader[:40]}", "Only models of 3D scans can be used", "reader"
        )
    forward = plans.numbers("transpose_forward", int, 3, 3)
    if sorted(forward) != [0, 1, 2]:
        raise ModelError("The model's order of axes is impossible", "Mend plans.json", "axes")
    _, dims = patch_of(training)
    spacing = configuration.numbers("spacing", float, dims, 3)
    if any(not 0.1 <= side <= 20 for side in spacing[-dims:]):
        raise ModelError("The model's voxels are smaller than 0.1 or larger than 20 mm", "It cannot be used", "spacing")
    resample, resampled = _resample(configuration)
    kept = [None] * 3 if not resampled else [None] * (3 - len(spacing)) + [float(side) for side in spacing]
    if dims == 2:
        kept[0] = None
    return Input(
        modality=_modality(training.dataset),  # type: ignore[arg-type]
        orientation=_READERS[reader],
        axes="".join("kji"[axis] for axis in forward),  # type: ignore[arg-type]
        spacing_mm=(kept[0], kept[1], kept[2]),
        resample=resample,
        normalise=_normalise(training),
        crop=Crop(rule="nonzero"),
    )


def _modality(dataset: Settings) -> str:
    channels = dataset.get("channel_names") or dataset.get("modality") or {}
    name = str(next(iter(channels.values()), "")).strip().casefold()
    if name in _CT_NAMES or name.startswith("ct"):
        return "CT"
    return "MR" if any(sign in name for sign in _MR_NAMES) else "other"


def _resample(configuration: Settings) -> tuple[Resample, bool]:
    """How the image is resampled, and whether it is at all."""
    name = str(configuration.get("resampling_fn_data", _RESAMPLERS[0]))
    if name in _NOT_RESAMPLED:
        return Resample(grid="edge", data_order=1), False
    own = settings.of(configuration.get("resampling_fn_data_kwargs") or {}, "resampling_fn_data_kwargs")
    if name == _RESAMPLERS[1]:
        return Resample(grid="edge", data_order=1, separate_z=_separate(own), order_z=0), True
    if name != _RESAMPLERS[0]:
        raise ModelError(f"The model resamples images with {name[:40]}", "That cannot be repeated", "resampling")
    orders = [own.get("order", 3), own.get("order_z", 0)]
    if any(order not in (0, 1, 3) for order in orders):
        raise ModelError(f"The model resamples images with order {orders[0]}", "That cannot be repeated", "resampling")
    return (
        Resample(grid="edge", data_order=orders[0], separate_z=_separate(own), order_z=orders[1], clip_to_input=True),
        True,
    )


def _separate(own: Settings) -> Any:
    force = own.get("force_separate_z", False)
    return "auto" if force is None else "always" if force else "never"


def _upsample(configuration: Settings) -> Any:
    name = str(configuration.get("resampling_fn_probabilities", _RESAMPLERS[0]))
    if name in _NOT_RESAMPLED:
        return "linear"
    if name not in _RESAMPLERS:
        raise ModelError(f"The model resamples its answer with {name[:40]}", "That cannot be repeated", "resampling")
    own = settings.of(
        configuration.get("resampling_fn_probabilities_kwargs") or {}, "resampling_fn_probabilities_kwargs"
    )
    order = own.get("order", 3 if name == _RESAMPLERS[0] else 1)
    if order == 0:
        return "labels-nearest"
    return "linear" if _separate(own) == "never" else "linear-separate-z"


def _normalise(training: Training) -> Normalise:
    schemes = training.configuration.get("normalization_schemes")
    masks = training.configuration.get("use_mask_for_norm")
    scheme = str(schemes[0]) if isinstance(schemes, list) and schemes else "CTNormalization"
    masked = bool(masks[0]) if isinstance(masks, list) and masks else False
    if scheme == "CTNormalization":
        table = training.plans.get("foreground_intensity_properties_per_channel")
        table = training.plans.get("foreground_intensity_properties_by_modality") if table is None else table
        own = settings.of(settings.of(table, "intensities").get("0"), "intensities of channel 0")
        low, high = own.real("percentile_00_5"), own.real("percentile_99_5")
        if not low < high:
            raise ModelError("The model's range of intensities is empty", "Mend plans.json", "intensities")
        return Normalise(scheme="ct", clip=(low, high), mean=own.real("mean"), std=max(own.real("std"), 1e-8))
    if scheme == "ZScoreNormalization":
        return Normalise(scheme="zscore", nonzero=masked)
    if scheme == "RescaleTo01Normalization":
        return Normalise(scheme="minmax", to=(0.0, 1.0))
    if scheme == "RGBTo01Normalization":
        return Normalise(scheme="range", clip=(0.0, 255.0), to=(0.0, 1.0), clip_output=False)
    if scheme == "NoNormalization":
        return Normalise(scheme="none")
    raise ModelError(f"The model normalises images with {scheme[:40]}", "That cannot be repeated", "normalisation")


def canonical(tensors: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], list[tuple[str, str, Tensor]]]:
    """The state dict under the names that each weight has once, and its copies as (name, name of the original, copy).

    A checkpoint holds every convolution also as `all_modules.*`, the encoder also below the decoder, and all of it with
    `module.` (several GPUs) or `_orig_mod.` (compiled) before. Raises ModelError when a copy has no original.
    """
    found: dict[str, Tensor] = {}
    copied: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        short = re.sub(r"^(?:module\.|_orig_mod\.){1,3}", "", name)
        kept = copied if short.startswith("decoder.encoder.") or ".all_modules." in short else found
        if short in kept:
            raise ModelError(f"The weights hold {short[:80]} twice", "The checkpoint is damaged", "no_weights")
        kept[short] = tensor
    copies = []
    for name, copy in copied.items():
        own = re.sub(r"\.all_modules\.([0-3])\.", lambda part: f".{'norm' if int(part[1]) else 'conv'}.", name)
        own = own.removeprefix("decoder.") if own.startswith("decoder.encoder.") else own
        if own not in found or found[own].shape != copy.shape:
            raise _two_versions(name)
        copies.append((name, own, copy))
    return found, copies


def _two_versions(name: str) -> ModelError:
    return ModelError(f"The weights hold {name[:80]} in two versions", "The checkpoint is damaged", "no_weights")


def store_fold(
    path: Path, network: Network, into: Path, name: str, fold: int | str
) -> tuple[WeightsFile, tuple[str, ...]]:
    """Write one fold's weights for `network` into `into`; their entry and what was seen on the way. Raises ModelError."""
    with open_checkpoint(path) as root:
        tensors, copies = canonical(tensors_of(settings.of(root, "the checkpoint").get("network_weights")))
        strides = network.kwargs["strides"]
        multiple = [math.prod(row[axis] for row in strides) for axis in range(network.dims)]
        stored = store(tensors, network, into, name, fold, multiple)
        for copied, own, copy in copies:
            # a copy at the same place of the file is the same numbers, and real ones all are
            if tensors[own] != copy and not np.array_equal(tensors[own].array(), copy.array()):
                raise _two_versions(copied)
    return stored.file, stored.notes


def _limits(training: Training) -> tuple[str, ...]:
    if _READERS[str(training.plans.get("image_reader_writer", "SimpleITKIO"))] != "native":
        return ()
    return (
        "Takes a scan's axes in the direction in which they are stored, as nnU-Net does; which direction its training"
        " scans had is not stated.",
    )


def _notes(training: Training) -> tuple[str, ...]:
    notes = []
    if training.configuration.get("resampling_fn_data") == _RESAMPLERS[1]:
        notes.append("Images are resampled linearly by torch in nnU-Net; here the same weights, other rounding.")
    if _normalise(training).scheme == "zscore" and _normalise(training).nonzero:
        notes.append("Mean and spread are taken where the image is not 0; nnU-Net also counts zeros inside the body.")
    return tuple(notes)


def _sibling(training: Training, configuration: str) -> Path:
    """The folder of another configuration of the same trainer and plans."""
    stem = training.folder.name.rsplit("__", 1)[0]
    place = training.folder.parent / f"{stem}__{configuration}"
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", configuration) or not _is_training(place):
        raise ModelError(
            f"The model is the second half of a cascade; its first half {configuration[:40]} is missing",
            f"Put the folder {stem[:60]}__{configuration[:40]} beside it",
            "cascade",
        )
    return place


def _training_folders(path: Path) -> list[Path]:
    if path.is_file() and path.suffix == ".pth":
        path = path.parent.parent
    if not path.is_dir():
        return []
    if _is_training(path):
        return [path]
    if _is_training(path.parent) and path.name.startswith("fold_"):
        return [path.parent]
    return sorted(place for place in path.iterdir() if "__" in place.name and _is_training(place))


def _is_training(path: Path) -> bool:
    return (path / "plans.json").is_file() and (path / "dataset.json").is_file()


def _chosen(folders: list[Path], path: Path) -> Path:
    """The only folder, or the last stage of the only cascade."""
    if len(folders) == 1:
        return folders[0]
    later = [folder for folder in folders if read_training(folder).previous is not None]
    if len(later) == 1 and len(folders) == 2:
        return later[0]
    names = ", ".join(folder.name for folder in folders[:4])
    raise ModelError(f"{path.name} holds {len(folders)} models", f"Choose one of its folders: {names}", "several")


def _checkpoints(folder: Path) -> tuple[tuple[int | str, Path], ...]:
    """(fold, checkpoint) of every numbered fold; `fold_all` only where there is no other, as nnU-Net does it."""
    found: list[tuple[int | str, Path]] = []
    for place in sorted(folder.glob("fold_*")):
        number = place.name.removeprefix("fold_")
        files = [place / name for name in CHECKPOINTS if (place / name).is_file()]
        if files and number.isdigit() and len(number) < 4:
            found.append((int(number), files[0]))
    if not found:
        found += [
            ("all", folder / "fold_all" / name) for name in CHECKPOINTS if (folder / "fold_all" / name).is_file()
        ][:1]
    if not found:
        raise ModelError(f"{folder.name} has no checkpoint", "A fold's folder holds checkpoint_final.pth", "no_weights")
    if len(found) > MOST_FOLDS:
        raise ModelError(f"{folder.name} has {len(found)} folds", "That is too many", "too_large")
    return tuple(sorted(found, key=str))


def _label_values(value: Any) -> tuple[int, ...]:
    items = value if isinstance(value, list) else [value]
    if (
        not items
        or len(items) > MOST_LABELS
        or any(type(item) is not int or not 0 <= item <= MOST_LABELS for item in items)
    ):
        raise ModelError("The model's labels are not whole numbers", "Mend dataset.json", "labels")
    return tuple(items)


def _distinct(names: Mapping[int, str]) -> dict[int, str]:
    """Names that can be read and told apart."""
    found: dict[int, str] = {}
    for value, name in names.items():
        plain = " ".join("".join(letter if letter.isprintable() else " " for letter in str(name)).split())[:100]
        plain = plain or f"label {value}"
        found[value] = plain if plain not in found.values() else f"{plain} {value}"
    return found


def label_of(value: int, name: str) -> Label:
    """A label with the code of our own table of structures, where its name is there."""
    key = canonical_name(name)
    side = {"left": "left", "right": "right"}.get(key.rsplit("_", 1)[-1]) or {"l": "left", "r": "right"}.get(
        key[:1] if key[1:2] == "_" else ""
    )
    return Label(index=value, name=name, code=structure_style(name).code, laterality=side)  # type: ignore[arg-type]


def model_id(name: str) -> str:
    """A name as a model's id: lower case, at most 64 letters."""
    plain = re.sub(r"[^a-z0-9.-]+", "-", name.casefold()).strip("-._")
    return plain[:64].rstrip("-._") or "imported"


def title_of(name: str) -> str:
    """ "Dataset003_Liver" → "Liver"."""
    words = re.sub(r"^Dataset\d+_", "", name).replace("_", " ").strip()
    return "".join(letter for letter in words if letter.isprintable())[:80] or "Imported model"


def _text(own: Settings, *keys: str) -> str | None:
    for key in keys:
        value = own.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()[:2000]
    return None
