"""nnU-Net's state dict under the names that each weight has once, written as our own file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from inference.importers import settings
from inference.importers.checkpoint import open_checkpoint, tensors_of
from inference.importers.store import store
from inference.importers.tensors import Tensor
from inference.manifest import Network, WeightsFile
from planning.errors import ModelError


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
