"""Networks that this program can build, by family name; torch is loaded when one is built, not before.

A family is one line in `FAMILIES`: its name as a manifest writes it, and the module and function that build it. A builder
takes the manifest's `network.kwargs` as keywords, refuses what it does not know with `ValueError`, and returns a module
whose state-dict names are those of the weights file.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from torch import nn

FAMILIES: dict[str, tuple[str, str]] = {
    "PlainConvUNet": ("inference.networks.nnunet", "plain_conv_unet"),
    "ResidualEncoderUNet": ("inference.networks.nnunet", "residual_encoder_unet"),
    "ResidualUNet": ("inference.networks.nnunet", "residual_unet"),
    "AttentionUnet": ("inference.networks.monai_unet", "AttentionUnet"),
    "BasicUNet": ("inference.networks.monai_unet", "BasicUNet"),
    "DynUNet": ("inference.networks.monai_unet", "DynUNet"),
    "MedNeXt": ("inference.networks.monai_mednext", "MedNeXt"),
    "SegResNet": ("inference.networks.monai_segresnet", "SegResNet"),
    "SegResNetDS": ("inference.networks.monai_segresnet", "SegResNetDS"),
    "SegResNetDS2": ("inference.networks.monai_segresnet", "SegResNetDS2"),
    "SwinUNETR": ("inference.networks.monai_transformers", "SwinUNETR"),
    "UNETR": ("inference.networks.monai_transformers", "UNETR"),
    "UNet": ("inference.networks.monai_unet", "UNet"),
    "VNet": ("inference.networks.monai_unet", "VNet"),
    "Vista3d": ("inference.networks.monai_vista", "Vista3d"),
}


def build(family: str, kwargs: Mapping[str, Any]) -> nn.Module:
    """The network of `family` in evaluation mode, with weights as torch makes them. ValueError names what is unknown."""
    if family not in FAMILIES:
        raise ValueError(f"No network family {family!r}; known are {', '.join(sorted(FAMILIES))}.")
    module, builder = FAMILIES[family]
    make = getattr(importlib.import_module(module), builder)
    try:
        network = make(**kwargs)
    except TypeError as error:
        raise ValueError(f"{family} cannot be built from {dict(kwargs)}: {error}") from error
    return cast("nn.Module", network.eval())
