"""What a pickle of weights may make: the few names that are known, and our own makers behind them.

A name is compared with a list and never looked up; every other becomes `Foreign`, for which its file is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.importers.tensors import Storage, Tensor, untrusted

MOST_AXES = 8
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


@dataclass(frozen=True)
class Foreign:
    """Something of a foreign class; never made, only named."""

    name: str


@dataclass(frozen=True)
class Name:
    """A name that stands for one of the few things this reader can make."""

    module: str
    name: str


@dataclass(frozen=True)
class DType:
    code: str


@dataclass(eq=False)
class Array:
    """A numpy array in the pickle; its content comes in a later step of the same pickle."""

    content: NDArray[Any] | None = None


def known_name(module: str, name: str) -> Any:
    if module in ("torch", "torch.storage") and name in _STORAGES:
        return DType(_STORAGES[name])
    if module == "torch" and name in _TORCH_TYPES:
        return DType(_TORCH_TYPES[name])
    for modules, names in _NAMES:
        if module in modules and name in names:
            return Name(module, name)
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
        raise untrusted("a tensor has a size or stride below 0")
    if len(shape) > MOST_AXES or any(number > 1 << 40 for number in whole):
        raise untrusted("a tensor has an impossible shape")
    count = math.prod(shape)
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides)) if count else offset - 1
    if last >= storage.count or offset > storage.count:
        raise untrusted("a tensor reaches beyond its storage")
    reach = 1
    for stride, size in sorted((stride, size) for size, stride in zip(shape, strides) if size > 1) if count else ():
        if stride < reach:
            raise untrusted("a tensor's parts overlap")
        reach = stride * size
    return Tensor(storage, offset, shape, strides)


def _parameter(tensor: Any, *_: Any) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError("a parameter without a tensor")
    return tensor


def _numpy_type(code: Any, *_: Any) -> DType:
    # numpy's own parser of types is large: only short codes of plain numbers come near it
    if not isinstance(code, str) or len(code) > 3 or not code.isalnum() or code[0] not in _NUMERIC_KINDS:
        raise untrusted("it has an array of something other than numbers")
    return DType(f"<{code}")


def _numpy_scalar(dtype: Any, raw: Any) -> Any:
    kind = np.dtype(dtype.code)
    return np.frombuffer(_raw(raw), kind, 1)[0].item()


def numpy_array(shape: Any, dtype: Any, fortran: Any, raw: Any) -> NDArray[Any]:
    kind = np.dtype(dtype.code)
    flat = np.frombuffer(_raw(raw), kind)
    if any(type(size) is not int or size < 0 for size in shape) or math.prod(shape) != flat.size:
        raise untrusted("an array has another size than its numbers")
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


MAKERS: dict[str, Callable[..., Any]] = {
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
