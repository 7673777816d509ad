"""How much memory a stage will hold, before anything large is made."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from inference import devices, memory
from inference.grid import Field
from inference.manifest import Stage
from inference.run import Image
from inference.slab import slab_bytes
from inference.tiles import plan_tiles

if TYPE_CHECKING:
    from torch import nn

# rules, masks of each structure and measures, once the network is done: measured with all structures
AFTERWARDS_BYTES_PER_VOXEL = 13


def memory_needs(image: Image, stage: Stage, whole: Field, *, half: bool) -> tuple[memory.Need, ...]:
    """What a stage will hold on the processor's side, its image and labels included."""
    plan = plan_tiles(whole.shape, stage.tiling, stage.network.dims)
    channels = stage.network.out_channels
    patch = int(np.prod(plan.patch))
    members = len(stage.weights) if half else 1
    plane = plan.field_shape[1] * plan.field_shape[2]
    # a spline is made from all image planes at once, resampled in their own plane; twice while they are put together
    middle = 2 * 4 * whole.maps[0].n_image * plane if stage.input.resample.data_order == 3 else 0
    padded = 4 * int(np.prod(plan.shape))
    weights = network_bytes(stage)
    needs = (
        memory.Need("program", memory.RUNTIME_BYTES),
        memory.Need("scan and labels", image.nbytes + 2 * image.size),
        memory.Need("resampled scan", max(2 * stage.network.in_channels * padded, middle + padded)),
        memory.Need("sums of tiles", slab_bytes(plan, channels * members, half=half) + 4 * plane * channels * 4),
        memory.Need("network", len(stage.weights) * weights[0] + weights[1] + 3 * patch * channels * 4),
    )
    # what the network took is free again by then
    more = AFTERWARDS_BYTES_PER_VOXEL * image.size - sum(need.bytes for need in needs[2:])
    return (*needs, memory.Need("what comes after the network", max(more, 0)))


def network_bytes(stage: Stage) -> tuple[int, int]:
    """(weights, largest intermediate results) of a stage's network, before any weights are read."""
    if stage.network.family == "onnx":
        return 400 << 20, int(np.prod(stage.tiling.patch)) * 4 * 128
    import torch

    from inference.networks import build

    with torch.device("meta"):
        network = build(stage.network.family, stage.network.kwargs)
    weights = sum(value.numel() * 4 for value in network.state_dict().values())
    shape = devices.input_shape(stage)
    largest = None
    if stage.network.family in devices.CONVOLUTIONS_ONLY:
        # on shapes alone torch would load 800 modules, which takes longer than the network itself
        largest = _largest_of_small(build(stage.network.family, stage.network.kwargs), shape)
    if largest is None:
        largest = _largest(network, shape, "meta")
    if largest is None:
        # some operations have no shapes-only form: what U-Nets of usual width need
        return weights, int(np.prod(stage.tiling.patch)) * 4 * 64 * 4
    # a skip connection, its counterpart, both joined and the next result
    return weights, 5 * largest


def _largest_of_small(network: nn.Module, shape: list[int]) -> int | None:
    """Bytes of the largest result for `shape`, from a small patch: convolutions' results grow as the patch does."""
    small = [*shape[:2], *(devices.small_side(side) for side in shape[2:])]
    found = _largest(network.eval(), small, "cpu")
    return None if found is None else math.ceil(found * math.prod(shape[2:]) / math.prod(small[2:]))


def _largest(network: nn.Module, shape: list[int], device: str) -> int | None:
    """Bytes of the largest result of any part of a network, None where it cannot be run on this shape there."""
    import torch

    largest = [0]

    def told(_module: Any, _inputs: Any, output: Any) -> None:
        if isinstance(output, torch.Tensor):
            largest[0] = max(largest[0], output.numel() * 4)

    hooks = [module.register_forward_hook(told) for module in network.modules()]
    try:
        with torch.inference_mode():
            network(torch.zeros(shape, device=device))
    except (RuntimeError, NotImplementedError, ValueError):
        return None
    finally:
        for hook in hooks:
            hook.remove()
    return largest[0]
