"""Which of our networks a MONAI configuration names, with which arguments: an allow-list, nothing is imported or called.

Arguments are checked by kind and size before anything is built, so that a configuration cannot ask for more than a
planning workstation can hold. Those that matter in training only (dropout, checkpointing) are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planning.errors import ModelError

MOST_PARAMETERS = 500_000_000
MOST_WIDTH = 8192
MOST_LEVELS = 12
MOST_BLOCKS = 64
MOST_SIDE = 512

PREFIXES = ("", "monai.networks.nets.", "nets.")
MODULES = {
    "segresnet": ("SegResNet",),
    "segresnet_ds": ("SegResNetDS", "SegResNetDS2"),
    "unet": ("UNet", "Unet"),
    "basic_unet": ("BasicUNet", "BasicUnet", "Basicunet", "basicunet"),
    "dynunet": ("DynUNet", "DynUnet", "Dynunet"),
    "swin_unetr": ("SwinUNETR",),
    "unetr": ("UNETR",),
    "vnet": ("VNet",),
    "attentionunet": ("AttentionUnet",),
    "mednext": (
        *("MedNeXt", "MedNext", "MedNeXtS", "MedNextS", "MedNextSmall", "MedNeXtSmall", "MedNeXtB", "MedNextB"),
        *("MedNextBase", "MedNeXtBase", "MedNeXtM", "MedNextM", "MedNextMedium", "MedNeXtMedium", "MedNeXtL"),
        *("MedNextL", "MedNextLarge", "MedNeXtLarge"),
    ),
    "vista3d": ("vista3d132",),
}
NAMES = {name for names in MODULES.values() for name in names}
FAMILY = {
    "Unet": "UNet",
    "BasicUnet": "BasicUNet",
    "Basicunet": "BasicUNet",
    "basicunet": "BasicUNet",
    "DynUnet": "DynUNet",
    "Dynunet": "DynUNet",
    "vista3d132": "Vista3d",
}

# what a family takes; the kinds: n count, w width, f real number, b yes or no, t text, l layer, s size, S sizes per
# level, W widths per level, C counts per level, B one count or one per level, P prompts
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "SegResNet": {
        **{"init_filters": "w", "in_channels": "w", "out_channels": "w", "act": "l", "norm": "l"},
        **{"use_conv_final": "b", "blocks_down": "C", "blocks_up": "C", "upsample_mode": "t"},
    },
    "SegResNetDS": {
        **{"init_filters": "w", "in_channels": "w", "out_channels": "w", "act": "l", "norm": "l", "blocks_down": "C"},
        **{"blocks_up": "C", "dsdepth": "n", "upsample_mode": "t", "resolution": "r"},
    },
    "UNet": {
        **{"in_channels": "w", "out_channels": "w", "channels": "W", "strides": "S", "kernel_size": "s"},
        **{"up_kernel_size": "s", "num_res_units": "n", "act": "l", "norm": "l", "bias": "b", "adn_ordering": "t"},
    },
    "BasicUNet": {
        **{"in_channels": "w", "out_channels": "w", "features": "W", "act": "l", "norm": "l", "bias": "b"},
        **{"upsample": "t"},
    },
    "DynUNet": {
        **{"in_channels": "w", "out_channels": "w", "kernel_size": "S", "strides": "S", "upsample_kernel_size": "S"},
        **{"filters": "W", "norm_name": "l", "act_name": "l", "deep_supervision": "b", "deep_supr_num": "n"},
        **{"res_block": "b", "trans_bias": "b"},
    },
    "SwinUNETR": {
        **{"in_channels": "w", "out_channels": "w", "patch_size": "n", "depths": "C", "num_heads": "C"},
        **{"window_size": "s", "qkv_bias": "b", "mlp_ratio": "f", "feature_size": "w", "norm_name": "l"},
        **{"normalize": "b", "patch_norm": "b", "downsample": "t", "use_v2": "b"},
    },
    "UNETR": {
        **{"in_channels": "w", "out_channels": "w", "img_size": "s", "feature_size": "w", "hidden_size": "w"},
        **{"mlp_dim": "w", "num_heads": "n", "proj_type": "t", "norm_name": "l", "conv_block": "b", "res_block": "b"},
        **{"qkv_bias": "b"},
    },
    "VNet": {"in_channels": "w", "out_channels": "w", "act": "l", "bias": "b"},
    "AttentionUnet": {
        **{"in_channels": "w", "out_channels": "w", "channels": "W", "strides": "S", "kernel_size": "s"},
        **{"up_kernel_size": "s"},
    },
    "MedNeXt": {
        **{"init_filters": "w", "in_channels": "w", "out_channels": "w", "encoder_expansion_ratio": "B"},
        **{"decoder_expansion_ratio": "B", "bottleneck_expansion_ratio": "n", "kernel_size": "n"},
        **{"deep_supervision": "b", "use_residual_connection": "b", "blocks_down": "C", "blocks_bottleneck": "n"},
        **{"blocks_up": "C", "norm_type": "t", "global_resp_norm": "b"},
    },
    "Vista3d": {"encoder_embed_dim": "w", "in_channels": "w", "prompts": "P"},
}
ARGUMENTS = {**ARGUMENTS, "SegResNetDS2": ARGUMENTS["SegResNetDS"]}

TRAINING_ONLY = {
    *("dropout", "dropout_prob", "dropout_prob_down", "dropout_prob_up", "dropout_dim", "dropout_rate", "drop_rate"),
    *("attn_drop_rate", "dropout_path_rate", "use_checkpoint", "use_flash_attention", "save_attn"),
}
# which may stand there, but only with this value
ONLY: Mapping[str, tuple[Any, ...]] = {
    "spatial_dims": (3,),
    "dimensions": (3,),
    "preprocess": (None,),
    "use_hyena": (False, None),
    "hyena_stages": (None,),
    "norm_layer": (None, "nn.LayerNorm", "torch.nn.LayerNorm"),
}

MEDNEXT = {
    "S": {},
    "B": {
        "encoder_expansion_ratio": [2, 3, 4, 4],
        "decoder_expansion_ratio": [4, 4, 3, 2],
        "bottleneck_expansion_ratio": 4,
    },
    "M": {
        "encoder_expansion_ratio": [2, 3, 4, 4],
        "decoder_expansion_ratio": [4, 4, 3, 2],
        "bottleneck_expansion_ratio": 4,
        "blocks_down": [3, 4, 4, 4],
        "blocks_bottleneck": 4,
        "blocks_up": [4, 4, 4, 3],
    },
    "L": {
        "encoder_expansion_ratio": [3, 4, 8, 8],
        "decoder_expansion_ratio": [8, 8, 4, 3],
        "bottleneck_expansion_ratio": 8,
        "blocks_down": [3, 4, 8, 8],
        "blocks_bottleneck": 8,
        "blocks_up": [8, 8, 4, 3],
    },
}


def network_of(target: str, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Family and arguments for `inference.networks.build` of what MONAI calls `target` with `settings`.

    Raises ModelError for a network that is not ours, an unknown argument and a value out of bounds.
    """
    name = _class_name(target)
    family = FAMILY.get(name, name)
    if name.startswith(("MedNext", "MedNeXt")):
        family = "MedNeXt"
        settings = {**_mednext_variant(name), **settings}
    if family == "UNETR" and "pos_embed" in settings:
        settings = {**settings, "proj_type": settings["pos_embed"]}
        settings.pop("pos_embed")
    kinds = ARGUMENTS[family]
    kwargs: dict[str, Any] = {}
    for key, value in settings.items():
        if family == "SwinUNETR" and key == "img_size":
            continue
        if key in TRAINING_ONLY or (key not in kinds and key.startswith("hyena_") and not settings.get("use_hyena")):
            continue
        if key in ONLY and key not in kinds:
            if value not in ONLY[key]:
                raise ModelError(
                    f"The {name} has {key} {_shown(repr(value))}",
                    "Only its three-dimensional, plain form can be used",
                    "network",
                )
            continue
        if family == "SegResNet" and key in ("norm_name", "num_groups"):
            kwargs["norm"] = ["group", {"num_groups": _checked("n", "num_groups", settings.get("num_groups", 8))}]
            continue
        if key not in kinds:
            raise ModelError(
                f"The {name} has an argument {_shown(key)} that is not known here", "Ask for it", "network"
            )
        if value is None and key in ("filters", "blocks_up", "resolution"):
            continue
        kwargs[key] = _checked(kinds[key], key, value)
    return family, kwargs


def _class_name(target: str) -> str:
    module, _, name = target.rpartition(".")
    known = module in ("", "monai.networks.nets", "nets") or any(
        module == f"monai.networks.nets.{file}" and name in names for file, names in MODULES.items()
    )
    if not known or name not in NAMES:
        raise ModelError(
            f"The network {_shown(target)} is not one of ours", f"Known are {', '.join(sorted(ARGUMENTS))}", "network"
        )
    return name


def _mednext_variant(name: str) -> Mapping[str, Any]:
    rest = name[len("MedNext") :]
    if not rest:
        return {}
    return {"kernel_size": 3, "use_residual_connection": True, "norm_type": "group", **MEDNEXT[rest[0]]}


def _checked(kind: str, key: str, value: Any) -> Any:
    """The value when it is of the kind and inside the bounds. Raises ModelError."""
    if not _CHECKS[kind](value):
        raise ModelError(f"The network's {_shown(key)} is {_shown(repr(value))}", "That is out of bounds", "network")
    return list(value) if isinstance(value, tuple) else value


def _count(value: Any, most: int, least: int = 0) -> bool:
    return type(value) is int and least <= value <= most


def _row(value: Any, test: Any, most: int = MOST_LEVELS) -> bool:
    return (
        isinstance(value, Sequence) and not isinstance(value, str) and 0 < len(value) <= most and all(map(test, value))
    )


def _size(value: Any) -> bool:
    return _count(value, MOST_SIDE, 1) or (_row(value, lambda one: _count(one, MOST_SIDE, 1), 3) and len(value) == 3)


def _layer(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= 40
    if not isinstance(value, Sequence) or len(value) != 2 or not isinstance(value[0], str):
        return False
    options = value[1]
    return (
        len(value[0]) <= 40
        and isinstance(options, Mapping)
        and len(options) <= 8
        and all(isinstance(key, str) and _scalar(item) for key, item in options.items())
    )


def _scalar(value: Any) -> bool:
    return isinstance(value, (bool, type(None))) or _count(value, MOST_WIDTH) or _real(value)


def _real(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6


_CHECKS: Mapping[str, Any] = {
    "n": lambda value: _count(value, MOST_BLOCKS),
    "w": lambda value: _count(value, MOST_WIDTH, 1),
    "f": _real,
    "b": lambda value: isinstance(value, bool),
    "t": lambda value: isinstance(value, str) and len(value) <= 40,
    "l": _layer,
    "s": _size,
    "S": lambda value: _row(value, _size),
    "W": lambda value: _row(value, lambda one: _count(one, MOST_WIDTH, 1)),
    "B": lambda value: _count(value, MOST_BLOCKS) or _row(value, lambda one: _count(one, MOST_BLOCKS)),
    "C": lambda value: _row(value, lambda one: _count(one, MOST_BLOCKS)),
    "r": lambda value: _row(value, lambda one: _real(one) and 0.05 <= one <= 50, 3) and len(value) == 3,
    "P": lambda value: _row(value, lambda one: _count(one, 511), 511),
}


def _shown(text: Any) -> str:
    """Foreign text as one short, plain line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in str(text))
    return plain if len(plain) <= 80 else plain[:77] + "…"
