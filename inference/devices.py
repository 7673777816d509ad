"""Where networks run: graphics cards through torch, processors through OpenVINO, torch where that cannot.

A predictor takes patches and gives logits. It never changes the patch: instance normalisation ties a network to it. What
ran, and in which precision, is told with every result.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from inference.manifest import Stage
from planning.errors import ModelError

if TYPE_CHECKING:
    import torch
    from torch import nn

Patches = npt.NDArray[np.float32]
Waiting = Callable[[], None]

# their tracing keeps no sizes: they are traced small and reshaped, which takes seconds in place of minutes
CONVOLUTIONS_ONLY = frozenset(
    {
        *("PlainConvUNet", "ResidualEncoderUNet", "ResidualUNet", "SegResNet", "SegResNetDS", "SegResNetDS2"),
        *("UNet", "BasicUNet", "DynUNet", "VNet", "AttentionUnet", "MedNeXt"),
    }
)
SMALL_SIDE = 32
WAIT_MS = 100
# OpenVINO and torch sum in another order
LARGEST_DIFFERENCE = 1e-3
GPU_TILES = 4


class DeviceFailed(Exception):
    """The graphics card cannot do what the network asks of it."""


class OutOfDeviceMemory(DeviceFailed):
    """The graphics card cannot hold one more tile."""


class DeviceLost(DeviceFailed):
    """The graphics card stopped in the middle: a driver that restarted, a card that was taken away, a fault inside."""


@contextmanager
def failures_told(device: str) -> Iterator[None]:
    """What a graphics card refuses inside becomes DeviceFailed; on the processor errors stay what they are."""
    try:
        yield
    except RuntimeError as error:
        if device == "cpu":
            raise
        # some backends raise a plain RuntimeError
        if "out of memory" in str(error).lower():
            raise OutOfDeviceMemory(str(error)) from error
        if isinstance(error, NotImplementedError):
            raise DeviceFailed(str(error)) from error
        raise DeviceLost(str(error)) from error


class Predictor(Protocol):
    """A network that is ready to run."""

    device: str
    precision: str

    def __call__(self, patches: Patches, waiting: Waiting) -> torch.Tensor:
        """(n, out, *patch) logits of (n, in, *patch) patches; `waiting` is called now and then and may raise."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run asks of a device.

    device: "auto", "cpu", "cuda", "mps" or "xpu". exact: fp32 everywhere. threads: None leaves it to the machine.
    engine: "openvino" or "torch", for the processor.
    """

    device: str = "auto"
    exact: bool = False
    threads: int | None = None
    cache: Path | None = None
    engine: str = "openvino"


def present_devices() -> tuple[str, ...]:
    """Devices of this machine, best first."""
    import torch

    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found.append("xpu")
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def choose_device(wanted: str) -> str:
    """The device to use. Raises ModelError when it is asked for by name and is not there."""
    if wanted == "cpu":
        return "cpu"
    present = present_devices()
    if wanted == "auto":
        return present[0]
    if wanted not in present:
        raise ModelError(f"This machine has no '{wanted}' device", f"It has: {', '.join(present)}", "no_device")
    return wanted


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_network(stage: Stage, folder: Path, number: int) -> nn.Module:
    """The stage's network with the weights of its file `number`, float32. Raises ModelError when they do not fit."""
    from safetensors.torch import load_file

    from inference.networks import build

    file = stage.weights[number].file
    try:
        network = build(stage.network.family, stage.network.kwargs)
        network.load_state_dict(load_file(folder / file), strict=True)
    except (ValueError, RuntimeError, OSError) as error:
        raise ModelError(f"The weights in {file} do not fit their network", "Add the model again") from error
    return network.eval().float()


def prepare(
    stage: Stage, folder: Path, request: Request, device: str, numbers: Sequence[int], notes: list[str]
) -> list[Predictor]:
    """A predictor for each weights file in `numbers`. notes: gets a line for everything that is not as asked."""
    if device != "cpu":
        return [TorchPredictor(load_network(stage, folder, number), device, exact=request.exact) for number in numbers]
    set_threads(request)
    if request.engine == "torch":
        return [_torch_on_cpu(stage, folder, number, request) for number in numbers]
    made: list[Predictor] = []
    for number in numbers:
        try:
            made.append(_openvino(stage, folder, number, request))
        except (RuntimeError, ImportError) as error:
            if stage.network.family == "onnx":
                raise ModelError("The ONNX network cannot be run here", str(error).splitlines()[0][:200]) from error
            notes.append("OpenVINO cannot run this network: torch does, more slowly")
            made.append(_torch_on_cpu(stage, folder, number, request))
    return made


def set_threads(request: Request) -> int:
    """Tell torch how many threads to use; returns the number."""
    import torch

    threads = request.threads or cores()
    torch.set_num_threads(threads)
    return threads


def _torch_on_cpu(stage: Stage, folder: Path, number: int, request: Request) -> Predictor:
    half = not request.exact and "bf16" in _capabilities()
    return TorchPredictor(load_network(stage, folder, number), "cpu", exact=not half)


@dataclass(slots=True)
class TorchPredictor:
    """A torch network on any device."""

    network: nn.Module
    device: str
    exact: bool = False
    precision: str = field(init=False)

    def __post_init__(self) -> None:
        half = {"cuda": "fp16", "mps": "fp16", "xpu": "bf16", "cpu": "bf16"}[self.device]
        self.precision = "fp32" if self.exact else half
        if self.exact and self.device == "cuda":
            import torch

            torch.backends.cuda.matmul.allow_tf32 = False
            torch.backends.cudnn.allow_tf32 = False
            torch.backends.cudnn.deterministic = True
        with failures_told(self.device):
            self.network = self.network.to(self.device)

    def __call__(self, patches: Patches, waiting: Waiting) -> torch.Tensor:
        """See Predictor. Raises DeviceFailed."""
        import torch

        waiting()
        with failures_told(self.device), torch.inference_mode(), self._autocast():
            answer = self.network(torch.from_numpy(patches).to(self.device))
            # networks with deep supervision give the finest output first
            answer = answer[0] if isinstance(answer, list | tuple) else answer
            return cast("torch.Tensor", answer.float())

    def _autocast(self) -> AbstractContextManager[Any]:
        import torch

        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.device, dtype=torch.float16 if self.precision == "fp16" else torch.bfloat16)


@dataclass(slots=True)
class OpenVinoPredictor:
    """A compiled OpenVINO model of one fixed patch."""

    compiled: Any
    precision: str
    device: str = "cpu"
    _request: Any = field(init=False)

    def __post_init__(self) -> None:
        self._request = self.compiled.create_infer_request()

    def __call__(self, patches: Patches, waiting: Waiting) -> torch.Tensor:
        """See Predictor. The answer is overwritten by the next call."""
        import torch

        waiting()
        found = []
        for patch in patches:
            self._request.start_async([np.ascontiguousarray(patch[None])], share_inputs=True)
            while not self._request.wait_for(WAIT_MS):
                waiting()
            answer = torch.from_numpy(self._request.get_output_tensor(0).data)
            found.append(answer if len(patches) == 1 else answer.clone())
        return found[0] if len(found) == 1 else torch.cat(found)


def openvino() -> Any:
    """The module, kept from telling anybody that it is used: its converter would send a message over the network."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))
    import openvino as module

    return module


def _capabilities() -> tuple[str, ...]:
    """Precisions of this processor that are faster than fp32."""
    found = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("bf16",) if "BF16" in found else ()


def _openvino(stage: Stage, folder: Path, number: int, request: Request) -> Predictor:
    ov = openvino()
    half = not request.exact and "bf16" in _capabilities()
    core = ov.Core()
    model = _representation(stage, folder, number, request, core)
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if half else "f32",
        "INFERENCE_NUM_THREADS": request.threads or cores(),
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
    }
    return OpenVinoPredictor(core.compile_model(model, "CPU", settings), "bf16" if half else "fp32")


def input_shape(stage: Stage) -> list[int]:
    """(1, channels, *patch), without the first side for a network of slices."""
    return [1, stage.network.in_channels, *stage.tiling.patch[3 - stage.network.dims :]]


def _representation(stage: Stage, folder: Path, number: int, request: Request, core: Any) -> Any:
    """The network as OpenVINO reads it, from the cache where it was made before."""
    ov = openvino()
    shape = input_shape(stage)
    if stage.network.family == "onnx":
        model = core.read_model(folder / stage.weights[number].file)
        model.reshape(shape)
        return model
    network = stage.network
    wanted = [stage.weights[number].sha256, network.family, network.kwargs, shape, ov.get_version(), 1]
    key = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:32]
    kept = None if request.cache is None else request.cache / f"{key}.xml"
    if kept is not None and kept.is_file() and kept.with_suffix(".bin").is_file():
        return core.read_model(kept)
    model = convert(load_network(stage, folder, number), shape, small=network.family in CONVOLUTIONS_ONLY)
    if kept is not None:
        _keep(ov, model, kept)
    return model


def _keep(ov: Any, model: Any, kept: Path) -> None:
    """Save beside, rename at the end: another process never reads half a file."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".making-", dir=kept.parent))
    try:
        ov.save_model(model, beside / kept.name, compress_to_fp16=False)
        # the description comes last: without it nobody looks for the weights
        for suffix in (".bin", ".xml"):
            (beside / kept.name).with_suffix(suffix).replace(kept.with_suffix(suffix))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def convert(network: nn.Module, shape: list[int], *, small: bool) -> Any:
    """An OpenVINO model of a torch network for inputs of `shape`.

    small: traced on a small input and reshaped, then held against torch at another size; where that fails, traced whole.
    """
    first = FirstOutput.wrap(network)
    if small:
        sides = [small_side(side) for side in shape[2:]]
        model = _traced(first, [*shape[:2], *sides])
        other = [min(2 * sides[0], shape[2]), *sides[1:]]
        if model is not None and _agrees(first, model, [*shape[:2], *other]):
            model.reshape(shape)
            return model
    model = _traced(first, shape)
    if model is None:
        raise RuntimeError("the network cannot be converted")
    model.reshape(shape)
    return model


def small_side(side: int) -> int:
    """A short side with as many halvings as the patch's, at least `SMALL_SIDE` or twice the halvings."""
    halvings = side & -side
    if halvings == side:
        return min(side, SMALL_SIDE)
    wanted = max(SMALL_SIDE, 2 * halvings)
    return min(side, halvings * -(-wanted // halvings))


class FirstOutput:
    """Makes a module whose forward gives one tensor."""

    @staticmethod
    def wrap(network: nn.Module) -> nn.Module:
        """The finest output alone of a network that may give several."""
        import torch

        class First(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.network = network

            def forward(self, image: torch.Tensor) -> torch.Tensor:
                answer = self.network(image)
                return cast("torch.Tensor", answer[0] if isinstance(answer, list | tuple) else answer)

        return First().eval()


def _traced(network: nn.Module, shape: list[int]) -> Any:
    import torch

    ov = openvino()
    try:
        with torch.inference_mode(), warnings.catch_warnings():
            # the tracer warns of every comparison of sizes; whether sizes were kept is tried afterwards
            warnings.simplefilter("ignore")
            return ov.convert_model(network, example_input=torch.zeros(shape))
    except (RuntimeError, ValueError, TypeError):
        # a side too short for the network's depth, or an operation without a counterpart
        return None


def _agrees(network: nn.Module, model: Any, shape: list[int]) -> bool:
    import torch

    ov = openvino()
    image = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    try:
        model.reshape(shape)
        compiled = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        with torch.inference_mode():
            ours = network(image).numpy()
        theirs = compiled([image.numpy()])[0]
    except RuntimeError:
        return False
    scale = max(float(np.abs(ours).max()), 1.0)
    return ours.shape == theirs.shape and float(np.abs(ours - theirs).max()) < LARGEST_DIFFERENCE * scale


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Mean of the logits of several networks and of mirrored patches, turned back. mirror_axes: of the patch.

    apart: each network's own mean, behind each other along the channels; who sums the tiles makes the mean of them.
    """

    members: tuple[Predictor, ...]
    mirror_axes: tuple[int, ...] = ()
    dims: int = 3
    apart: bool = False

    @property
    def passes(self) -> int:
        """Networks run per patch."""
        return len(self.members) << len(self.mirror_axes)

    def __call__(self, patches: Patches, waiting: Waiting) -> torch.Tensor:
        """(n, out, *patch) of (n, in, *patch); (n, members · out, *patch) when they stay apart."""
        if self.apart and len(self.members) > 1:
            import torch

            alone = [replace(self, members=(member,), apart=False)(patches, waiting) for member in self.members]
            return torch.cat(alone, dim=1)
        if self.passes == 1:
            return self._once(self.members[0], patches, waiting)
        total: torch.Tensor | None = None
        for member in self.members:
            for axes in mirrorings(self.mirror_axes):
                behind = tuple(axis + 2 for axis in axes)
                turned = np.ascontiguousarray(np.flip(patches, behind)) if axes else patches
                answer = self._once(member, turned, waiting)
                if axes:
                    answer = answer.flip(behind)
                total = answer.clone() if total is None else total.add_(answer)
        assert total is not None
        return total.div_(self.passes)

    def _once(self, member: Predictor, patches: Patches, waiting: Waiting) -> torch.Tensor:
        if self.dims == 3:
            return member(patches, waiting)
        return member(patches[:, :, 0], waiting)[:, :, None]


def mirrorings(axes: Sequence[int]) -> list[tuple[int, ...]]:
    """Every set of the axes, the empty one first, in the order nnU-Net adds them."""
    return [chosen for count in range(len(axes) + 1) for chosen in itertools.combinations(axes, count)]
