"""Weights in torch's file formats, read as data by our own reader: no unpickler runs, so nothing in the file can.

A `.pth`, `.pt` or `.ckpt` is a pickle, a small program that may call anything. Here its opcodes are walked by a reader
that knows how to make numbers, texts, lists, dicts and tensors; every other name is left as a mark, the file is read to
its end, and then refused with all such names. Tensors stay where they lie until they are asked for, so an optimiser's
state costs nothing. The formats: a zip with `data.pkl` and one record a storage (torch 1.6 and later), and the older
row of pickles with the storages behind.
"""

from __future__ import annotations

import io
import math
import pickletools
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.importers.safe_zip import SafeZip, is_zip, open_zip
from planning.errors import ModelError

MOST_STEPS = 1_000_000
MOST_PICKLE_BYTES = 64 << 20
MOST_AXES = 8
MOST_NAMES_TOLD = 4

# storage class → (numpy type of its bytes, size); bfloat16 has no numpy type and is widened by hand
_STORAGES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "BFloat16Storage": "bf16",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "?",
}
_TORCH_TYPES = {
    "float32": "<f4",
    "float64": "<f8",
    "float16": "<f2",
    "bfloat16": "bf16",
    "int64": "<i8",
    "int32": "<i4",
    "int16": "<i2",
    "int8": "<i1",
    "uint8": "<u1",
    "bool": "?",
}
_NUMERIC_KINDS = "biuf"
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_PROTOCOL = 1001


@dataclass(frozen=True)
class Tensor:
    """A tensor that still lies in its file. `shape` and `strides` in elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    def array(self) -> NDArray[Any]:
        """Its numbers, contiguous; bfloat16 as float32. Raises ModelError when the record is damaged."""
        flat = self.storage.numbers()
        item = flat.itemsize
        steps = tuple(stride * item for stride in self.strides)
        view = np.lib.stride_tricks.as_strided(flat[self.offset :], self.shape, steps, writeable=False)
        numbers = np.ascontiguousarray(view).reshape(self.shape)
        if self.storage.type == "bf16":
            return (numbers.astype(np.uint32) << 16).view(np.float32)
        return numbers


@dataclass(frozen=True)
class Storage:
    """A row of numbers in the file; several tensors may look at one."""

    type: str
    key: str
    count: int
    read: Callable[[], bytes] = field(compare=False, repr=False)

    @property
    def bytes(self) -> int:
        return self.count * _item_bytes(self.type)

    def numbers(self) -> NDArray[Any]:
        raw = self.read()
        if len(raw) != self.bytes:
            raise _hostile(f"storage {self.key} has {len(raw)} bytes, {self.bytes} are asked of it")
        return np.frombuffer(raw, "<u2" if self.type == "bf16" else self.type)


@dataclass(frozen=True)
class Foreign:
    """Something of a foreign class; never made, only named."""

    name: str


@dataclass(frozen=True)
class _Name:
    """A name that stands for one of the few things this reader can make."""

    module: str
    name: str


@dataclass(frozen=True)
class _DType:
    code: str


@dataclass(eq=False)
class Array:
    """A numpy array in the pickle; its content comes in a later step of the same pickle."""

    content: NDArray[Any] | None = None


class _Mark:
    pass


def kind_of(path: Path) -> str:
    """What a weights file is: "zip", "torchscript", "exported", "legacy" or "unknown". Reads the directory only."""
    if not is_zip(path):
        with path.open("rb") as file:
            head = file.read(16)
        return "legacy" if head[:1] == b"\x80" else "unknown"
    with open_zip(path) as archive:
        names = {name.split("/", 1)[-1] for name in archive.entries}
    if "constants.pkl" in names or any(name.startswith("code/") for name in names):
        return "torchscript"
    if "archive_format" in names or any(
        name.startswith("data/weights/") or name == "serialized_exported_program.json" for name in names
    ):
        return "exported"
    return "zip"


@contextmanager
def open_checkpoint(path: Path) -> Iterator[Any]:
    """What the file holds: dicts, lists, numbers, texts, numpy arrays and `Tensor`s, valid inside the context.

    Raises ModelError for anything else in it, naming what the file asked for.
    """
    try:
        kind = kind_of(path)
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read", "Check the path and your rights", "unreadable") from error
    if kind == "torchscript":
        raise ModelError(
            f"{path.name} is TorchScript, a program and not only weights",
            "Ask for the weights as a state dict (model.pt of torch.save) or as ONNX",
            "torchscript",
        )
    if kind == "exported":
        raise ModelError(
            f"{path.name} is an exported program (.pt2)", "Ask for the weights as a state dict", "exported_program"
        )
    if kind == "unknown":
        raise ModelError(
            f"{path.name} is no weights file of torch", "Choose the checkpoint that was trained", "no_weights"
        )
    if kind == "legacy":
        yield _read_legacy(path)
        return
    with open_zip(path) as archive:
        yield _read_zip(archive, path.name)


def plain(value: Any, depth: int = 0, budget: list[int] | None = None) -> Any:
    """A checkpoint's settings as JSON-like data: numpy numbers become numbers, tensors None. Raises ModelError.

    Shared and circular parts are written out, so depth and amount are bounded.
    """
    budget = [200_000] if budget is None else budget
    budget[0] -= 1
    if depth > 64 or budget[0] < 0:
        raise _hostile("its settings are nested without end")
    if isinstance(value, dict):
        return {str(plain(key, depth + 1, budget)): plain(item, depth + 1, budget) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth + 1, budget) for item in value]
    if isinstance(value, Array) and value.content is not None:
        return plain(value.content.tolist(), depth + 1, budget) if value.content.size <= 10_000 else None
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return None


def tensors_of(value: Any) -> dict[str, Tensor]:
    """The tensors of a state dict, by name. Raises ModelError when it is none."""
    if not isinstance(value, Mapping) or not value:
        raise ModelError("The weights file has no state dict", "Choose the checkpoint that was trained", "no_weights")
    found = {}
    for name, item in value.items():
        if isinstance(item, Array) and item.content is not None:
            item = _held(str(name), item.content)
        if not isinstance(name, str) or not isinstance(item, Tensor):
            raise ModelError(
                "The state dict holds something other than tensors", "Ask for the file again", "no_weights"
            )
        found[name] = item
    return found


def _held(name: str, array: NDArray[Any]) -> Tensor:
    flat = np.ascontiguousarray(array)
    storage = Storage(flat.dtype.newbyteorder("<").str, name, flat.size, flat.tobytes)
    strides = tuple(step // max(flat.itemsize, 1) for step in flat.strides)
    return Tensor(storage, 0, flat.shape, strides)


def _read_zip(archive: SafeZip, name: str) -> Any:
    pickles = [entry for entry in archive.entries if entry == "data.pkl" or entry.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise ModelError(f"{name} is no weights file of torch", "Choose the checkpoint that was trained", "no_weights")
    root = pickles[0][: -len("data.pkl")]
    order = f"{root}byteorder"
    if order in archive.entries and archive.read(order, 16) != b"little":
        raise ModelError(f"{name} was written on a big-endian machine", "Save it again on an ordinary one", "byteorder")

    def storage(type_: str, key: str, count: int) -> Storage:
        record = f"{root}data/{key}"
        entry = archive.entries.get(record)
        if entry is None:
            raise _hostile(f"storage {key} is missing")
        found = Storage(type_, key, count, lambda: archive.read(record))
        if entry.bytes != found.bytes:
            raise _hostile(f"storage {key} has {entry.bytes} bytes, {found.bytes} are asked of it")
        return found

    reader = _Reader(storage)
    content = reader.read(io.BytesIO(archive.read(pickles[0], MOST_PICKLE_BYTES)))
    reader.judge(name)
    return content


def _read_legacy(path: Path) -> Any:
    """Magic number, protocol, system, content, names of the storages, storages: one behind the other."""
    places: dict[str, tuple[int, int]] = {}

    def storage(type_: str, key: str, count: int) -> Storage:
        wanted = count * _item_bytes(type_)

        def read() -> bytes:
            if key not in places:
                raise _hostile(f"storage {key} is missing")
            start, length = places[key]
            if length != wanted:
                raise _hostile(f"storage {key} has {length} bytes, {wanted} are asked of it")
            with path.open("rb") as again:
                again.seek(start)
                return again.read(length)

        if wanted > size:
            raise _hostile(f"storage {key} is larger than the file")
        types[key] = type_
        return Storage(type_, key, count, read)

    types: dict[str, str] = {}
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = _Reader(storage)
        bounded = _Bounded(file, MOST_PICKLE_BYTES)
        if reader.read(bounded) != _LEGACY_MAGIC or reader.read(bounded) != _LEGACY_PROTOCOL:
            reader.judge(path.name)
            raise ModelError(
                f"{path.name} is no weights file of torch", "Choose the checkpoint that was trained", "no_weights"
            )
        system = reader.read(bounded)
        if not isinstance(system, dict) or system.get("little_endian") is not True:
            raise ModelError(
                f"{path.name} was written on a big-endian machine", "Save it again on an ordinary one", "byteorder"
            )
        content = reader.read(bounded)
        keys = reader.read(bounded)
        reader.judge(path.name)
        if not isinstance(keys, list) or len(keys) > 10_000:
            raise _hostile("the list of its storages is damaged")
        for key in keys:
            raw = file.read(8)
            if not isinstance(key, str) or key not in types or len(raw) != 8:
                raise _hostile("its storages are damaged")
            (count,) = struct.unpack("<q", raw)
            length, start = count * _item_bytes(types[key]), file.tell()
            if count < 0 or start + length > size:
                raise _hostile(f"storage {key} is larger than the file")
            places[key] = (start, length)
            file.seek(length, io.SEEK_CUR)
    return content


class _Bounded:
    """A file that gives at most so many bytes."""

    def __init__(self, file: io.BufferedReader, most: int) -> None:
        self._file, self._left = file, most

    def read(self, count: int = -1) -> bytes:
        if count > self._left:
            raise _hostile("its description is too long")
        got = self._file.read(count if count >= 0 else self._left)
        self._left -= len(got)
        return got

    def readline(self) -> bytes:
        got = self._file.readline(min(self._left, 1 << 16))
        self._left -= len(got)
        return got

    def tell(self) -> int:
        return self._file.tell()


class _Reader:
    """Walks the opcodes of a pickle and makes data of them; what it does not know becomes `Foreign`."""

    def __init__(self, storage: Callable[[str, str, int], Storage]) -> None:
        self._storage = storage
        self._storages: dict[str, Storage] = {}
        self._steps = 0
        self.foreign: set[str] = set()

    def judge(self, name: str) -> None:
        """Refuse when the pickle asked for anything that this reader does not make."""
        if not self.foreign:
            return
        names = sorted(self.foreign)
        told = ", ".join(names[:MOST_NAMES_TOLD]) + (
            f" and {len(names) - MOST_NAMES_TOLD} more" if len(names) > MOST_NAMES_TOLD else ""
        )
        hint = "Save the model's state dict again with torch.save, without whole objects"
        if any(name.startswith("pathlib.") for name in names):
            hint = "Save the checkpoint again with paths written as text"
        raise ModelError(f"{name} asks for more than weights: {told}", hint, "foreign_objects")

    def read(self, file: Any) -> Any:
        """One pickle from the file. Raises ModelError when it is damaged."""
        try:
            return self._walk(file)
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            OverflowError,
            EOFError,
            struct.error,
            RecursionError,
        ) as error:
            raise ModelError("The description of the weights is damaged", "Get the file again", "damaged") from error

    def _walk(self, file: Any) -> Any:
        stack: list[Any] = []
        memo: dict[int, Any] = {}
        for opcode, given, _ in pickletools.genops(file):
            argument: Any = given
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise _hostile("its description is too long")
            name = opcode.name
            if name == "STOP":
                return stack.pop()
            if name in ("PROTO", "FRAME"):
                continue
            if name in _LITERALS:
                stack.append(argument)
            elif name in _CONSTANTS:
                stack.append(_CONSTANTS[name]())
            elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
                memo[int(argument)] = stack[-1]
            elif name == "MEMOIZE":
                memo[len(memo)] = stack[-1]
            elif name in ("BINGET", "LONG_BINGET", "GET"):
                stack.append(memo[int(argument)])
            elif name == "GLOBAL":
                module, _, attribute = argument.partition(" ")
                stack.append(self._named(module, attribute))
            elif name == "STACK_GLOBAL":
                attribute, module = stack.pop(), stack.pop()
                stack.append(self._named(str(module), str(attribute)))
            elif name == "BINPERSID":
                stack.append(self._stored(stack.pop()))
            else:
                self._step(name, stack)
        raise _hostile("its description has no end")

    def _step(self, name: str, stack: list[Any]) -> None:
        if name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            _to_mark(stack)
        elif name == "DUP":
            stack.append(stack[-1])
        elif name in _TUPLES:
            count = _TUPLES[name]
            if len(stack) < count:
                raise IndexError(name)
            parts = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            stack.append(parts)
        elif name == "TUPLE":
            stack.append(tuple(_to_mark(stack)))
        elif name == "LIST":
            stack.append(_to_mark(stack))
        elif name == "FROZENSET":
            stack.append(frozenset(_to_mark(stack)))
        elif name == "DICT":
            items = _to_mark(stack)
            stack.append(dict(zip(items[::2], items[1::2], strict=True)))
        elif name == "APPEND":
            self._extend(stack, [stack.pop()])
        elif name == "APPENDS":
            self._extend(stack, _to_mark(stack))
        elif name == "ADDITEMS":
            items = _to_mark(stack)
            if isinstance(stack[-1], set):
                stack[-1].update(items)
            elif not isinstance(stack[-1], Foreign):
                raise TypeError(name)
        elif name == "SETITEM":
            value, key = stack.pop(), stack.pop()
            self._set(stack[-1], [key, value])
        elif name == "SETITEMS":
            items = _to_mark(stack)
            self._set(stack[-1], items)
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, callee = stack.pop(), stack.pop()
            stack.append(self._call(callee, arguments))
        elif name == "NEWOBJ_EX":
            stack.pop()
            arguments, callee = stack.pop(), stack.pop()
            stack.append(self._call(callee, arguments))
        elif name == "BUILD":
            state = stack.pop()
            self._build(stack[-1], state)
        elif name in ("INST", "OBJ"):
            self.foreign.add("an old-style instance")
            _to_mark(stack)
            stack.append(Foreign("instance"))
        else:
            self.foreign.add(f"pickle opcode {name}")
            raise _hostile(f"it uses {name}")

    def _named(self, module: str, name: str) -> Any:
        known = _known_name(module, name)
        if known is not None:
            return known
        shown = "".join(letter if letter.isprintable() else "?" for letter in f"{module}.{name}")[:80]
        self.foreign.add(shown)
        return Foreign(shown)

    def _stored(self, persistent: Any) -> Storage | Foreign:
        """`("storage", type, key, place, count)`, with a sixth part for views in the older format."""
        if isinstance(persistent, tuple) and persistent[:1] == ("module",) and len(persistent) == 4:
            # the older format says a class together with its source
            return persistent[1] if isinstance(persistent[1], Foreign) else Foreign("module")
        if not isinstance(persistent, tuple) or len(persistent) not in (5, 6) or persistent[0] != "storage":
            raise ValueError("no storage")
        _, type_, key, _, count = persistent[:5]
        if len(persistent) == 6 and persistent[5] is not None:
            raise _hostile("it has views of storages in the oldest format")
        if not isinstance(type_, _DType):
            self.foreign.add(type_.name if isinstance(type_, Foreign) else "an unknown storage")
            return Foreign("storage")
        if not isinstance(key, str) or not key.isascii() or len(key) > 40 or type(count) is not int or count < 0:
            raise ValueError("no storage")
        if key not in self._storages:
            self._storages[key] = self._storage(type_.code, key, count)
        found = self._storages[key]
        if (found.type, found.count) != (type_.code, count):
            raise _hostile(f"storage {key} is asked for in two ways")
        return found

    def _extend(self, stack: list[Any], items: list[Any]) -> None:
        if isinstance(stack[-1], list):
            stack[-1].extend(items)
        elif not isinstance(stack[-1], Foreign):
            raise TypeError("no list")

    def _set(self, target: Any, items: list[Any]) -> None:
        if isinstance(target, Foreign):
            return
        if not isinstance(target, dict):
            raise TypeError("no dict")
        target.update(zip(items[::2], items[1::2], strict=True))

    def _build(self, target: Any, state: Any) -> None:
        if isinstance(target, Array):
            _, shape, dtype, fortran, raw = state
            target.content = _numpy_array(shape, dtype, fortran, raw)
        elif isinstance(target, _DType):
            # the state of a type is its byte order and nothing else that numbers need
            if not isinstance(state, tuple) or len(state) < 2 or state[1] not in ("<", "|", "="):
                raise _hostile("it has numbers of another byte order")
        elif not isinstance(target, (dict, Foreign)):
            # a dict's own attributes (`_metadata` of a state dict) are not needed
            raise TypeError("state without a place")

    def _call(self, callee: Any, arguments: Any) -> Any:
        if isinstance(callee, Foreign):
            return callee
        if not isinstance(callee, _Name) or not isinstance(arguments, tuple):
            raise TypeError("not to be called")
        if any(isinstance(item, Foreign) for item in arguments):
            return Foreign(callee.name)
        return _MAKERS[callee.name](*arguments)


def _to_mark(stack: list[Any]) -> list[Any]:
    for at in range(len(stack) - 1, -1, -1):
        if isinstance(stack[at], _Mark):
            items = stack[at + 1 :]
            del stack[at:]
            return items
    raise IndexError("no mark")


def _known_name(module: str, name: str) -> Any:
    if module in ("torch", "torch.storage") and name in _STORAGES:
        return _DType(_STORAGES[name])
    if module == "torch" and name in _TORCH_TYPES:
        return _DType(_TORCH_TYPES[name])
    for modules, names in _NAMES:
        if module in modules and name in names:
            return _Name(module, name)
    return None


_NAMES = (
    (("torch._utils",), ("_rebuild_tensor_v2", "_rebuild_tensor", "_rebuild_parameter")),
    (("torch",), ("Size", "device")),
    (("collections",), ("OrderedDict",)),
    (("builtins", "__builtin__"), ("set", "frozenset", "complex", "dict", "list", "tuple", "bytearray")),
    (("_codecs",), ("encode",)),
    (("numpy",), ("dtype", "ndarray")),
    (("numpy.core.multiarray", "numpy._core.multiarray"), ("scalar", "_reconstruct")),
)


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> Tensor:
    if not isinstance(storage, Storage):
        raise TypeError("a tensor without numbers")
    shape, strides = tuple(shape), tuple(strides)
    whole = (offset, *shape, *strides)
    if any(type(number) is not int or number < 0 for number in whole) or len(shape) != len(strides):
        raise _hostile("a tensor has a size or stride below 0")
    if len(shape) > MOST_AXES or any(number > 1 << 40 for number in whole):
        raise _hostile("a tensor has an impossible shape")
    count = math.prod(shape)
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides)) if count else offset - 1
    if last >= storage.count or offset > storage.count:
        raise _hostile("a tensor reaches beyond its storage")
    reach = 1
    for stride, size in sorted((stride, size) for size, stride in zip(shape, strides) if size > 1) if count else ():
        if stride < reach:
            raise _hostile("a tensor's parts overlap")
        reach = stride * size
    return Tensor(storage, offset, shape, strides)


def _parameter(tensor: Any, *_: Any) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError("a parameter without a tensor")
    return tensor


def _numpy_type(code: Any, *_: Any) -> _DType:
    # numpy's own parser of types is large: only short codes of plain numbers come near it
    if not isinstance(code, str) or len(code) > 3 or not code.isalnum() or code[0] not in _NUMERIC_KINDS:
        raise _hostile("it has an array of something other than numbers")
    return _DType(f"<{code}")


def _numpy_scalar(dtype: Any, raw: Any) -> Any:
    kind = np.dtype(dtype.code)
    return np.frombuffer(_raw(raw), kind, 1)[0].item()


def _numpy_array(shape: Any, dtype: Any, fortran: Any, raw: Any) -> NDArray[Any]:
    kind = np.dtype(dtype.code)
    flat = np.frombuffer(_raw(raw), kind)
    if any(type(size) is not int or size < 0 for size in shape) or math.prod(shape) != flat.size:
        raise _hostile("an array has another size than its numbers")
    return flat.reshape(tuple(shape), order="F" if fortran is True else "C")


def _raw(raw: Any) -> bytes:
    if not isinstance(raw, (bytes, bytearray)):
        raise TypeError("no bytes")
    return bytes(raw)


def _empty_array(*_: Any) -> Array:
    return Array()


def _encoded(text: Any, encoding: Any = "latin1", *_: Any) -> bytes:
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise ValueError("unknown text")
    return text.encode("latin1")


def _pairs(items: Any = ()) -> dict[Any, Any]:
    return dict(items)


def _sequence(make: Callable[[Any], Any]) -> Callable[..., Any]:
    def made(items: Any = (), *_: Any) -> Any:
        if not isinstance(items, (list, tuple, set, frozenset, bytes)):
            raise TypeError("no sequence")
        return make(items)

    return made


def _device(name: Any, *_: Any) -> str:
    return str(name)[:40]


_MAKERS: dict[str, Callable[..., Any]] = {
    "_rebuild_tensor_v2": _tensor,
    "_rebuild_tensor": _tensor,
    "_rebuild_parameter": _parameter,
    "Size": _sequence(tuple),
    "device": _device,
    "OrderedDict": _pairs,
    "dict": _pairs,
    "set": _sequence(set),
    "frozenset": _sequence(frozenset),
    "list": _sequence(list),
    "tuple": _sequence(tuple),
    "bytearray": _sequence(bytes),
    "complex": lambda real, imaginary=0.0: complex(float(real), float(imaginary)),
    "encode": _encoded,
    "dtype": _numpy_type,
    "ndarray": _empty_array,
    "scalar": _numpy_scalar,
    "_reconstruct": _empty_array,
}
_LITERALS = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_SET": set,
    "MARK": _Mark,
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def _item_bytes(type_: str) -> int:
    return 2 if type_ == "bf16" else np.dtype(type_).itemsize


def _hostile(why: str) -> ModelError:
    return ModelError(f"The weights file cannot be trusted: {why}", "Get it again from where it came", "hostile")
