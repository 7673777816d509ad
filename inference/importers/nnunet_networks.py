"""The network of nnU-Net's plans as one of ours. A class is a word that stands for one, or it is refused by its name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from inference.importers import settings
from inference.importers.nnunet_folders import Training
from inference.importers.nnunet_labels import channels_in, heads_of
from inference.importers.settings import Settings
from inference.manifest import Network
from planning.errors import ModelError

MOST_STAGES = 8
MOST_FEATURES = 4096
MOST_CONVOLUTIONS = 32
MOST_KERNEL = 11
MOST_STRIDE = 8
_NETWORKS = ("PlainConvUNet", "ResidualEncoderUNet", "ResidualUNet")


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


def patch_of(training: Training) -> tuple[tuple[int, int, int], Any]:
    """The patch with three sides, and 2 or 3 for what the network convolves."""
    patch = training.configuration.numbers("patch_size", int, 2, 3)
    if any(not 1 <= side <= 4096 for side in patch) or math.prod(patch) > 2 * 256**3:
        raise ModelError(
            f"The model wants tiles of {' × '.join(map(str, patch))} voxels", "That is too large", "too_large"
        )
    return (1, patch[0], patch[1]) if len(patch) == 2 else (patch[0], patch[1], patch[2]), len(patch)


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
