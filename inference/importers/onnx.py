"""ONNX files: judged by our own reader of their format, tried once in OpenVINO inside the child, then kept as they are.

An ONNX file is a protobuf message. The reader below knows the few fields that matter (ONNX's `onnx.proto`, IR version
3 to 13): operators and their domains, tensors and where their numbers lie, inputs and outputs. Numbers in other files,
operators outside a list, functions, loops and strings are refused before anything else reads the file. What the values
and the labels mean stands in a description beside it, `<name>.json`, because ONNX cannot say it.
"""

from __future__ import annotations

import math
import mmap
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from inference.importers.bundle_config import shown
from inference.importers.child import load_heavy
from inference.importers.licences import take_licence
from inference.importers.naming import model_id
from inference.importers.validation import told_plainly
from inference.manifest import (
    Card,
    CleanupRule,
    Input,
    Label,
    Manifest,
    Network,
    Output,
    Source,
    SourceFile,
    Stage,
    Tiling,
    WeightsFile,
    read_json_bounded,
)
from inference.zoo import file_sha256
from planning.errors import ModelError

FAMILY = "onnx"
MOST_BYTES = 2 << 30
MOST_NODES = 20_000
MOST_TENSORS = 10_000
MOST_AXES = 8
MOST_FIELDS = 2_000_000
PHANTOM_SEED = 20_26
KNOWN_IR = range(3, 14)
MOST_OPSET = 30
FLOAT = 1
# numbers of TensorProto.DataType → bytes of one number; strings, complex and four-bit kinds are not taken
ITEM_BYTES = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2}

OPERATORS = frozenset(
    {
        *("Conv", "ConvTranspose", "BatchNormalization", "InstanceNormalization", "GroupNormalization"),
        *("LayerNormalization", "MeanVarianceNormalization", "LpNormalization", "Relu", "LeakyRelu", "PRelu", "Elu"),
        *("Selu", "Celu", "Gelu", "Sigmoid", "HardSigmoid", "HardSwish", "Mish", "Softplus", "Softsign", "Tanh"),
        *("ThresholdedRelu", "Softmax", "LogSoftmax", "Add", "Sub", "Mul", "Div", "Pow", "Sqrt", "Exp", "Log", "Erf"),
        *("Clip", "Min", "Max", "Abs", "Neg", "Reciprocal", "Sign", "Floor", "Ceil", "Round", "Mod", "Sum", "Mean"),
        *("MatMul", "Gemm", "Einsum", "Concat", "Split", "Slice", "Reshape", "Transpose", "Squeeze", "Unsqueeze"),
        *("Flatten", "Expand", "Tile", "Pad", "Resize", "Upsample", "MaxPool", "AveragePool", "GlobalAveragePool"),
        *("GlobalMaxPool", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceProd"),
        *("ReduceSumSquare", "Shape", "Size", "Gather", "GatherElements", "GatherND", "ScatterND", "ScatterElements"),
        *("Constant", "ConstantOfShape", "Range", "Cast", "CastLike", "Identity", "Dropout", "Where", "Equal"),
        *("Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Not", "And", "Or", "ArgMax", "DepthToSpace"),
        *("SpaceToDepth", "CumSum", "Trilu", "Sin", "Cos", "Swish"),
    }
)


# inputs without which an operator means nothing; OpenVINO 2026.4 falls over some of these (Conv without weights)
NEEDED_INPUTS = {
    **dict.fromkeys(("Conv", "ConvTranspose", "PRelu", "MatMul", "Gemm", "Reshape", "Expand", "Tile", "Gather"), 2),
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Equal", "Greater", "Less", "And", "Or", "CastLike"), 2),
    **dict.fromkeys(("GreaterOrEqual", "LessOrEqual", "GatherElements", "GatherND", "LayerNormalization", "CumSum"), 2),
    **dict.fromkeys(
        ("InstanceNormalization", "GroupNormalization", "Where", "ScatterND", "ScatterElements", "Range"), 3
    ),
    "BatchNormalization": 5,
    "Constant": 0,
}
MOST_INPUTS = 1000


class Description(BaseModel):
    """What stands beside an ONNX file: everything of a stage but its network, in the words of our manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=200)
    version: str = "1.0.0"
    input: Input
    tiling: Tiling
    output: Output
    labels: tuple[Label, ...] = Field(min_length=1)
    cleanup: tuple[CleanupRule, ...] = ()
    card: Card = Card()


@dataclass
class Judged:
    """What was found in the file.

    inputs: kind of numbers and sizes by name, a size None where it is free. used, made: names that operators take and
    give.
    """

    nodes: int = 0
    tensors: int = 0
    fields: int = 0
    initial: set[str] = field(default_factory=set)
    inputs: dict[str, tuple[int, tuple[int | None, ...]]] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


def recognise(path: Path) -> bool:
    """A file that ends on .onnx."""
    return path.is_file() and path.suffix.lower() == ".onnx"


def convert(path: Path, into: Path) -> Manifest:
    """Judge and try the file, and keep it with what its description says. Raises ModelError."""
    judge(path)
    beside = path.with_suffix(".json")
    if not beside.is_file():
        raise ModelError(
            f"{path.name} does not say which values and voxels it wants and what its classes are",
            f"Write {beside.name} beside it: title, input, tiling, output and labels, as docs/importing-models.md shows",
            "no_description",
        )
    with told_plainly(beside.name):
        described = Description.model_validate(read_json_bounded(beside))
        file, channels, note = store_onnx(path, into, described.tiling.patch)
        network = Network(family=FAMILY, out_channels=channels)
        stage = Stage(
            name="main",
            weights=(file,),
            network=network,
            input=described.input,
            tiling=described.tiling,
            output=described.output,
        )
        return Manifest(
            id=model_id(described.title),
            version=described.version,
            title=described.title,
            stages=(stage,),
            labels=described.labels,
            cleanup=described.cleanup,
            licence=take_licence([path.parent], into),
            source=Source(
                importer="onnx",
                files=tuple(SourceFile(name=item.name, sha256=file_sha256(item)) for item in (path, beside)),
                notes=(note,),
            ),
            card=described.card,
        )


def store_onnx(path: Path, into: Path, patch: Sequence[int]) -> tuple[WeightsFile, int, str]:
    """The judged file copied into `into`; its entry, its number of classes, and how its trial went. Raises ModelError."""
    judge(path)
    place = into / "main.onnx"
    place.write_bytes(path.read_bytes())
    channels, seconds = try_once(place, patch)
    size = " × ".join(map(str, patch))
    note = f"Answered a test image of {size} voxels in {seconds:.2f} s."
    return WeightsFile(file=place.name, sha256=file_sha256(place)), channels, note


def try_once(path: Path, patch: Sequence[int]) -> tuple[int, float]:
    """Run a judged file on a fixed phantom of the patch's size: number of classes and seconds. Raises ModelError."""
    load_heavy(_load_openvino)
    from inference.devices import openvino

    phantom = np.random.default_rng(PHANTOM_SEED).standard_normal((1, 1, *patch)).astype(np.float32)
    begun = time.perf_counter()
    try:
        core = openvino().Core()
        model = core.read_model(path)
        model.reshape([1, 1, *patch])
        compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})
        found = np.asarray(next(iter(compiled([phantom]).values())))
    except (RuntimeError, ValueError, TypeError) as error:
        raise ModelError(
            "The ONNX network cannot answer a test image of its window", "It cannot be used here", "smoke_test"
        ) from error
    if found.ndim != 5 or found.shape[0] != 1 or found.shape[2:] != tuple(patch):
        raise ModelError(
            f"The ONNX network answers with {'×'.join(map(str, found.shape))} numbers",
            "It should give one value for each class and voxel",
            "smoke_test",
        )
    if not np.isfinite(found).all():
        raise ModelError("The ONNX network answers with NaN or infinity", "It cannot be used", "smoke_test")
    return int(found.shape[1]), time.perf_counter() - begun


def _load_openvino() -> None:
    from inference.devices import openvino

    openvino()


def judge(path: Path) -> Judged:
    """Read the whole structure of the file. Raises ModelError for what is not taken."""
    try:
        size = path.stat().st_size
        if not 0 < size <= MOST_BYTES:
            raise _refused(f"{path.name} is empty or larger than {MOST_BYTES >> 30} GB")
        with path.open("rb") as file:
            # not closed by hand: parts of it are looked at until the last of them is gone
            return _model(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read", "Check the path and your rights", "unreadable") from error
    except (struct.error, IndexError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(f"{path.name} is no ONNX file or is damaged") from error


Value = int | memoryview


def _model(data: memoryview) -> Judged:
    found = Judged()
    graphs = 0
    for number, value in _fields(data, found):
        if number == 1 and value not in KNOWN_IR:
            raise _refused(f"The ONNX file has version {shown(value)} of its format")
        if number == 8:
            _opset(_part(value), found)
        if number in (20, 25):
            raise _refused("The ONNX file brings functions or training of its own")
        if number == 7:
            graphs += 1
            _graph(_part(value), found)
    if graphs != 1:
        raise _refused("The ONNX file has no network")
    free = {name: entry for name, entry in found.inputs.items() if name not in found.initial}
    if len(free) != 1 or len(found.outputs) != 1:
        raise _refused(
            f"The ONNX network has {len(free)} inputs and {len(found.outputs)} outputs, one of each is needed"
        )
    ((kind, shape),) = free.values()
    if kind != FLOAT or len(shape) != 5 or shape[0] not in (1, None) or shape[1] not in (1, None):
        raise _refused("The ONNX network does not take one three-dimensional image of 32-bit numbers")
    loose = (found.used | set(found.outputs)) - found.made - found.initial - found.inputs.keys() - {""}
    if loose:
        raise _refused(f"The ONNX network uses {shown(min(loose))}, which nothing makes")
    return found


def _opset(data: memoryview, found: Judged) -> None:
    domain, version = "", 0
    for number, value in _fields(data, found):
        if number == 1:
            domain = _text(value)
        if number == 2 and isinstance(value, int):
            version = value
    if domain not in ("", "ai.onnx") or not 1 <= version <= MOST_OPSET:
        raise _refused(
            f"The ONNX file uses operators of {shown(domain) or 'a version not known here'}", "custom_operator"
        )


def _graph(data: memoryview, found: Judged) -> None:
    for number, value in _fields(data, found):
        if number == 1:
            _node(_part(value), found)
        elif number == 5:
            found.initial.add(_tensor(_part(value), found))
        elif number == 15:
            raise _refused("The ONNX network has sparse tensors")
        elif number == 11:
            name, kind, shape = _described(_part(value), found)
            found.inputs[name] = (kind, shape)
        elif number == 12:
            found.outputs.append(_described(_part(value), found)[0])


def _node(data: memoryview, found: Judged) -> None:
    found.nodes += 1
    if found.nodes > MOST_NODES:
        raise _refused(f"The ONNX network has more than {MOST_NODES} operators")
    operator, domain = "", ""
    inputs: list[str] = []
    for number, value in _fields(data, found):
        if number == 1:
            inputs.append(_text(value))
        elif number == 2:
            found.made.add(_text(value))
        elif number == 4:
            operator = _text(value)
        elif number == 7:
            domain = _text(value)
        elif number == 5:
            _attribute(_part(value), found)
    if domain not in ("", "ai.onnx"):
        raise _refused(f"The ONNX network uses {shown(operator)} of {shown(domain)}", "custom_operator")
    if operator not in OPERATORS:
        raise _refused(f"The ONNX network uses the operator {shown(operator)}", "operator")
    needed = NEEDED_INPUTS.get(operator, 1)
    if not needed <= len(inputs) <= MOST_INPUTS or not all(inputs[:needed]):
        raise _refused(f"The operator {shown(operator)} of the ONNX network has too few or too many inputs")
    found.used.update(inputs)


def _attribute(data: memoryview, found: Judged) -> None:
    """Tensors are judged like weights; graphs inside operators (loops, branches) are not taken."""
    for number, value in _fields(data, found):
        if number in (5, 10):
            _tensor(_part(value), found)
        elif number in (6, 11):
            raise _refused("The ONNX network has loops or branches", "operator")
        elif number in (22, 23):
            raise _refused("The ONNX network has sparse tensors")


def _tensor(data: memoryview, found: Judged) -> str:
    """Judge one tensor's kind, size and place; its name."""
    found.tensors += 1
    if found.tensors > MOST_TENSORS:
        raise _refused(f"The ONNX network has more than {MOST_TENSORS} tensors")
    dims: list[int] = []
    kind, name, raw, others = 0, "", None, 0
    for number, value in _fields(data, found):
        if number == 1:
            dims += [value] if isinstance(value, int) else _packed(value, found)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8:
            name = _text(value)
        elif number == 9:
            raw = len(_part(value))
        elif number in (4, 5, 7, 10, 11):
            others += 1 if isinstance(value, int) else len(value)
        elif number == 6:
            raise _refused("The ONNX network holds texts")
        elif number in (3, 13) or (number == 14 and value != 0):
            raise ModelError(
                "The ONNX file keeps numbers in another file", "Save it again as one file", "external_data"
            )
    if kind not in ITEM_BYTES or len(dims) > MOST_AXES or any(not 0 <= size < 1 << 40 for size in dims):
        raise _refused(f"The tensor {shown(name)} of the ONNX network has an impossible kind or size")
    count = math.prod(dims)
    if raw is not None and raw != count * ITEM_BYTES[kind]:
        raise _refused(f"The tensor {shown(name)} of the ONNX network has another size than its numbers")
    if raw is None and count > others:
        # a packed list has one byte or more for each number
        raise _refused(f"The tensor {shown(name)} of the ONNX network has fewer numbers than its size")
    return name


def _described(data: memoryview, found: Judged) -> tuple[str, int, tuple[int | None, ...]]:
    """Name, kind of numbers and sizes of an input or output (ValueInfoProto)."""
    name, kind = "", 0
    sizes: list[int | None] = []
    for number, value in _fields(data, found):
        if number == 1:
            name = _text(value)
        elif number == 2:
            for inner, tensor in _fields(_part(value), found):
                if inner != 1:
                    raise _refused("The ONNX network takes or gives something other than tensors")
                for part, entry in _fields(_part(tensor), found):
                    if part == 1 and isinstance(entry, int):
                        kind = entry
                    elif part == 2:
                        sizes = [_size(_part(size), found) for at, size in _fields(_part(entry), found) if at == 1]
    return name, kind, tuple(sizes)


def _size(data: memoryview, found: Judged) -> int | None:
    for number, value in _fields(data, found):
        if number == 1 and isinstance(value, int):
            return value if value > 0 else None
    return None


def _fields(data: memoryview, found: Judged) -> Iterator[tuple[int, Value]]:
    """Number and value of each field of a protobuf message; nothing is copied."""
    at = 0
    while at < len(data):
        found.fields += 1
        if found.fields > MOST_FIELDS:
            raise _refused("The ONNX file has fields without end")
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if number == 0:
            raise IndexError("field 0")
        value: Value
        if kind == 0:
            value, at = _varint(data, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
            value = data[at : at + length]
            at += length
        elif kind == 2:
            length, at = _varint(data, at)
            value = data[at : at + length]
            at += length
        else:
            raise IndexError("kind of field")
        if at > len(data):
            raise IndexError("end of data")
        yield number, value


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            # 64 bits, two's complement
            return (value if value < 1 << 63 else value - (1 << 64)), at
        shift += 7
        if shift > 63:
            raise IndexError("number without end")


def _packed(data: memoryview, found: Judged) -> list[int]:
    numbers: list[int] = []
    at = 0
    while at < len(data):
        if len(numbers) > MOST_AXES:
            raise _refused("A tensor of the ONNX network has too many axes")
        value, at = _varint(data, at)
        numbers.append(value)
    return numbers


def _part(value: Value) -> memoryview:
    if isinstance(value, int):
        raise IndexError("a number in the place of a message")
    return value


def _text(value: Value) -> str:
    part = _part(value)
    if len(part) > 1000:
        raise _refused("The ONNX file has a name without end")
    return bytes(part).decode("utf-8")


def _refused(what: str, code: str = "onnx") -> ModelError:
    return ModelError(what, "Export the network again as plain ONNX of one image and one answer", code)
