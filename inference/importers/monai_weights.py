"""Weights of a network of MONAI's, from any file that holds them safely, into our own file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inference.importers.checkpoint import open_checkpoint, tensors_of
from inference.importers.child import load_heavy
from inference.importers.exported import open_exported, program_kind, torchscript_refusal
from inference.importers.monai_names import canonical
from inference.importers.pickle_names import Array
from inference.importers.store import Stored, expected_shapes, store
from inference.importers.tensors import Tensor, held
from inference.manifest import Network
from inference.weights import read_weights
from planning.errors import ModelError

KEYS = ("model", "state_dict", "network", "net", "model_state_dict")


@contextmanager
def open_state(path: Path, key: str | None = None) -> Iterator[Mapping[str, Tensor]]:
    """The state dict in a file: under `key` where it has one, else under a usual name, else the whole.

    Raises ModelError for TorchScript, pickled objects and files without tensors.
    """
    kind = program_kind(path)
    if kind == "torchscript":
        raise torchscript_refusal(path)
    if kind == "exported":
        with open_exported(path) as state:
            yield state
        return
    if path.suffix == ".safetensors":
        yield {name: held(name, array) for name, array in read_weights(path).items()}
        return
    with open_checkpoint(path) as content:
        yield _state_in(content, key)


def _state_in(content: Any, key: str | None) -> Mapping[str, Tensor]:
    if not isinstance(content, Mapping):
        raise ModelError("The weights file has no state dict", "Choose the checkpoint that was trained", "no_weights")
    for name in (key, *KEYS):
        if name is not None and isinstance(content.get(name), Mapping):
            content = content[name]
            break
    return tensors_of({name: item for name, item in content.items() if isinstance(item, (Tensor, Array))} or content)


def store_state(state: Mapping[str, Tensor], network: Network, into: Path, name: str) -> Stored:
    """Bring MONAI's names to ours and write the weights after all checks. Raises ModelError."""
    load_heavy(_load_torch)
    expected = expected_shapes(network)
    tensors = canonical(network.family, state, lambda tensor: tensor.array(), expected)
    return store(tensors, network, into, name, 0, sides_multiple(network))


def sides_multiple(network: Network) -> Sequence[int]:
    """What the sides of a tile must be multiples of, half of the smallest sensible tile; a fixed tile halved."""
    kwargs = network.kwargs
    family = network.family
    if family == "UNETR":
        size = kwargs["img_size"]
        sides = [size] * 3 if isinstance(size, int) else list(size)
        return [max(side // 2, 8) for side in sides]
    if family == "SwinUNETR":
        # one side is longer, so that its last level has more than one voxel, of which it takes a mean
        step = kwargs.get("patch_size", 2) ** 5 // 2
        return [2 * step, step, step]
    if family == "MedNeXt":
        return [2 ** len(kwargs.get("blocks_down", (2, 2, 2, 2)))] * 3
    if family in ("SegResNet", "SegResNetDS", "SegResNetDS2"):
        return [2 ** (len(kwargs.get("blocks_down", (1, 2, 2, 4))) - 1)] * 3
    if family in ("UNet", "AttentionUnet", "DynUNet"):
        return [_product(kwargs["strides"], axis) for axis in range(3)]
    return [16, 16, 16]


def judge_patch(network: Network, patch: Sequence[int]) -> None:
    """The window of the description fits the network. Raises ModelError."""
    multiple = list(sides_multiple(network))
    if network.family == "UNETR":
        fits = list(patch) == [2 * side for side in multiple]
    elif network.family == "SwinUNETR":
        multiple = [2 * min(multiple)] * 3
        fits = all(side % step == 0 for side, step in zip(patch, multiple, strict=True))
    elif network.family == "BasicUNet":
        fits = min(patch) >= 16
    else:
        fits = all(side % step == 0 for side, step in zip(patch, multiple, strict=True))
    if not fits:
        raise ModelError(
            f"A window of {' × '.join(map(str, patch))} voxels does not fit a {network.family}",
            f"Its sides are multiples of {' × '.join(map(str, multiple))}",
            "window",
        )


def _product(strides: Sequence[Any], axis: int) -> int:
    product = 1
    for stride in strides:
        product *= stride if isinstance(stride, int) else int(stride[axis])
    return product


def _load_torch() -> None:
    import torch

    torch.set_num_threads(1)
