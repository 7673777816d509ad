"""From MONAI's names of weights to ours: the same names, without copies and without what takes no part.

A state dict of MONAI may hold a tensor under two names (DynUNet keeps its levels a second time as `skip_layers`), tables
that follow from the network's sizes, and parts that never act on an image. What is dropped is dropped by rule; copies
must be equal. Whatever else does not fit exactly is refused by the strict comparison with our network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.errors import ModelError

WRAPPERS = ("module.", "_orig_mod.", "model.module.")

# of no effect on the result: attention across images that never is given, and counters of training
UNUSED = re.compile(r"\.(norm_cross_attn|cross_attn)\.")
VISTA_UNUSED = re.compile(r"^(point_head\.|image_encoder\.up_layers\.)")
SKIP_LAYER = re.compile(r"^skip_layers\.((?:next_layer\.)*)(downsample|upsample|super_head|next_layer)\.(.+)$")


def unwrapped(names: Mapping[str, Any]) -> dict[str, Any]:
    """Without the prefixes of parallel or compiled training, when all names carry one."""
    found = dict(names)
    for prefix in WRAPPERS:
        if found and all(name.startswith(prefix) for name in found):
            found = {name[len(prefix) :]: value for name, value in found.items()}
    return found


def canonical(
    family: str, state: Mapping[str, Any], array: Callable[[Any], NDArray[Any]], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """The tensors under our names.

    state: MONAI's names to tensors of any kind; `array` gives a tensor's numbers. wanted: our names.
    Raises ModelError when two copies of one tensor differ.
    """
    found = unwrapped(state)
    if family == "DynUNet":
        found = _without_skip_layers(found, array)
    if family == "Vista3d":
        found = {name: value for name, value in found.items() if not VISTA_UNUSED.match(name)}
    if family == "UNETR":
        found = {name: value for name, value in found.items() if not UNUSED.search(name)}
    if family in ("DynUNet", "UNETR", "SwinUNETR"):
        # before its version 0.6 MONAI made shortcuts in blocks that do not use them
        spare = re.compile(r"\.(conv3|norm3)\.")
        found = {name: value for name, value in found.items() if name in wanted or not spare.search(name)}
    return found


def _without_skip_layers(state: dict[str, Any], array: Callable[[Any], NDArray[Any]]) -> dict[str, Any]:
    copies = {name: value for name, value in state.items() if name.startswith("skip_layers.")}
    kept = {name: value for name, value in state.items() if name not in copies}
    levels = 1 + max((int(name.split(".")[1]) for name in kept if name.startswith("downsamples.")), default=-1)
    for name, value in copies.items():
        twin = _twin(name, levels)
        if twin is None or twin not in kept or not np.array_equal(array(kept[twin]), array(value)):
            raise ModelError(
                f"The weights hold {name} in two versions", "Get the file again from where it came", "contradiction"
            )
    return kept


def _twin(name: str, levels: int) -> str | None:
    """The first name of a tensor of `skip_layers`: level 0 is the input block, the last `next_layer` the bottleneck."""
    match = SKIP_LAYER.match(name)
    if match is None:
        return None
    depth = match.group(1).count("next_layer.")
    part, rest = match.group(2), match.group(3)
    if part == "downsample":
        return f"input_block.{rest}" if depth == 0 else f"downsamples.{depth - 1}.{rest}"
    if part == "upsample":
        return f"upsamples.{levels - depth}.{rest}"
    if part == "super_head":
        return f"deep_supervision_heads.{depth - 1}.{rest}"
    return f"bottleneck.{rest}" if depth == levels else None
