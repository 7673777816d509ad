"""Weights on their way into our own file: named as our networks name them, complete, finite, tried once.

The order of the checks is from cheap to dear: names and sizes are compared with the network built without memory, then
the numbers are read one tensor at a time, written, and the real network answers a fixed small phantom.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inference.importers.child import load_heavy
from inference.importers.tensors import Tensor
from inference.manifest import Network, WeightsFile
from inference.weights import read_weights, write_weights
from inference.zoo import file_sha256
from planning.errors import ModelError

if TYPE_CHECKING:
    import torch
    from torch import nn

MOST_PARAMETERS = 500_000_000
MOST_LAYERS = 5000
# a real net has a few numbers too small for full precision, never a tenth of them
MOST_DENORMAL = 0.1
PHANTOM_SEED = 20_26


@dataclass(frozen=True)
class Stored:
    """A weights file of ours and what was seen on the way. notes: sentences for the model's source."""

    file: WeightsFile
    parameters: int
    notes: tuple[str, ...]


def store(
    tensors: Mapping[str, Tensor],
    network: Network,
    into: Path,
    name: str,
    fold: int | str = 0,
    multiple: Sequence[int] = (),
) -> Stored:
    """Write the tensors as `<name>.safetensors` for `network` after all checks. Raises ModelError.

    tensors: by the names of our network's state dict. multiple: what the sides of an input must be multiples of.
    """
    load_torch()
    expected = expected_shapes(network)
    judge_names(expected, {key: tensor.shape for key, tensor in tensors.items()})
    parameters = sum(tensor.count for tensor in tensors.values())
    notes = []
    numbers: dict[str, NDArray[Any]] = {}
    small = 0
    for key, tensor in tensors.items():
        array = tensor.array()
        if array.dtype.kind == "f":
            array = array.astype(np.float32, copy=False)
            judge_finite(key, array)
            tiny = (np.abs(array) < np.finfo(np.float32).tiny) & (array != 0)
            if tiny.any():
                small += int(tiny.sum())
                array = np.where(tiny, np.float32(0), array)
        numbers[key] = array
    if small > MOST_DENORMAL * parameters:
        raise ModelError(
            "The weights are too small to be numbers of a trained network", "They cannot be used", "denormal"
        )
    if small:
        notes.append(f"{small} weights below 1e-38 were set to 0.")
    path = into / f"{name}.safetensors"
    write_weights(path, numbers)
    answer = try_once(network, path, multiple)
    file = WeightsFile(file=path.name, sha256=file_sha256(path), fold=fold, answer=answer)
    return Stored(file, parameters, tuple(notes))


def expected_shapes(network: Network) -> dict[str, tuple[int, ...]]:
    """State-dict names and sizes of our network, built without memory. Raises ModelError."""
    import torch

    from inference.networks import build

    try:
        with torch.device("meta"), _bounded_building():
            module = build(network.family, network.kwargs)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise ModelError(
            f"The network cannot be built: {str(error).rstrip('.')[:160]}", "It cannot be used", "network"
        ) from error
    shapes = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    total = sum(int(np.prod(shape, dtype=np.float64)) for shape in shapes.values())
    if total > MOST_PARAMETERS:
        raise ModelError(
            f"The network has {total / 1e6:.0f} million parameters, more than {MOST_PARAMETERS // 10**6} million",
            "It is too large for this program",
            "too_large",
        )
    return shapes


@contextmanager
def _bounded_building() -> Iterator[None]:
    """A description that asks for layers without end is stopped while they are made. Raises ValueError."""
    from torch.nn.modules.module import register_module_module_registration_hook

    left = MOST_LAYERS

    def made(module: Any, name: str, part: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise ValueError(f"it has more than {MOST_LAYERS} layers")

    hook = register_module_module_registration_hook(made)
    try:
        yield
    finally:
        hook.remove()


def judge_names(expected: Mapping[str, tuple[int, ...]], found: Mapping[str, tuple[int, ...]]) -> None:
    """Weights fit a network when every name is there, none is left over, and every size is the same."""
    missing, left = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
    wrong = sorted(key for key in expected.keys() & found.keys() if expected[key] != found[key])
    if not (missing or left or wrong):
        return
    if missing or left:
        key = (missing or left)[0]
        what = f"{len(missing)} missing, {len(left)} left over, such as {key[:80]}"
    else:
        key = wrong[0]
        what = f"{key[:80]} is {found[key]} and should be {expected[key]}"
    raise ModelError(
        f"The weights do not fit the network that is described: {what}",
        "The training changed the network; such a model cannot be used",
        "does_not_fit",
    )


def judge_finite(name: str, numbers: NDArray[Any]) -> None:
    """Raises ModelError for NaN and infinity."""
    if not np.isfinite(numbers).all():
        raise ModelError(
            f"The weights {name} hold NaN or infinity", "The training failed; they cannot be used", "not_finite"
        )


def load_network(network: Network, path: Path) -> nn.Module:
    """The network with the weights of a file of ours, strictly. Raises ModelError."""
    import torch

    from inference.networks import build

    module = build(network.family, network.kwargs)
    numbers = {key: torch.from_numpy(np.array(array)) for key, array in read_weights(path).items()}
    module.load_state_dict(numbers, strict=True)
    return module.eval()


def try_once(network: Network, path: Path, multiple: Sequence[int] = ()) -> str:
    """Run the network on a fixed phantom: a hash of its answer, rounded to 0.01. Raises ModelError."""
    import torch

    module = load_network(network, path)
    sides = [max(16, 2 * int(side)) for side in multiple] or [32] * network.dims
    phantom = np.random.default_rng(PHANTOM_SEED).standard_normal((1, network.in_channels, *sides)).astype(np.float32)
    try:
        with torch.inference_mode():
            answer: torch.Tensor = module(torch.from_numpy(phantom))
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise ModelError("The network cannot answer a test image", "It cannot be used", "smoke_test") from error
    found = answer.float().numpy()
    if found.shape[1] != network.out_channels or found.ndim != 2 + network.dims:
        raise ModelError(
            f"The network answers with {found.shape[1]} classes, {network.out_channels} are described",
            "It cannot be used",
            "smoke_test",
        )
    if not np.isfinite(found).all():
        raise ModelError("The network answers a test image with NaN or infinity", "It cannot be used", "smoke_test")
    # + 0: no zero is negative
    return hashlib.sha256((np.round(found, 2) + np.float32(0)).tobytes()).hexdigest()[:12]


def load_torch() -> None:
    """torch on one thread, its code not counted against the child's memory."""

    def load() -> None:
        import torch

        torch.set_num_threads(1)

    load_heavy(load)
