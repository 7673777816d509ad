"""Weights files in the safetensors format: written exactly, read only when every byte is accounted for.

The format: 8 bytes with the header's length, a JSON header (name → dtype, shape, place), then the numbers. A header that
lies about lengths is how such files attack; here places must be ascending, without gaps, and end where the file ends.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.manifest import parse_json_bounded
from planning.errors import ModelError

MOST_HEADER_BYTES = 4 << 20
MOST_TENSORS = 10_000
MOST_AXES = 8
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "BOOL": "|b1",
}
_NAMES = {np.dtype(code): name for name, code in _TYPES.items() if name != "BF16"}


def write_weights(path: Path, tensors: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays of plain numbers as safetensors, beside the place and renamed at the end."""
    header: dict[str, Any] = {}
    at = 0
    for name in sorted(tensors):
        array = tensors[name]
        header[name] = {
            "dtype": _NAMES[array.dtype.newbyteorder("<")],
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(tensors):
            array = tensors[name]
            file.write(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_weights(path: Path) -> dict[str, NDArray[Any]]:
    """Every tensor of the file by name, mapped and not loaded; bfloat16 as float32. Raises ModelError."""
    header, start = _header(path)
    whole = np.memmap(path, np.uint8, "r") if path.stat().st_size > start else np.empty(start, np.uint8)
    found = {}
    for name, (kind, shape, first, last) in header.items():
        array = np.frombuffer(whole[start + first : start + last], _TYPES[kind]).reshape(shape)
        found[name] = (array.astype(np.uint32) << 16).view(np.float32) if kind == "BF16" else array
    return found


def check_weights(path: Path) -> int:
    """The number of parameters in the file, whose header was judged. Raises ModelError."""
    header, _ = _header(path)
    return sum(math.prod(shape) for _, shape, _, _ in header.values())


def _header(path: Path) -> tuple[dict[str, tuple[str, tuple[int, ...], int, int]], int]:
    """Name → (type, shape, first byte, last byte) and where the numbers start."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
            length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
            if not 2 <= length <= min(MOST_HEADER_BYTES, size - 8):
                raise _broken(path, "its header has an impossible length")
            text = file.read(length).decode("utf-8")
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read", "Add the model again", "unreadable") from error
    except UnicodeDecodeError as error:
        raise _broken(path, "its header is no text") from error
    content = parse_json_bounded(text, path.name)
    if not isinstance(content, dict) or len(content) > MOST_TENSORS:
        raise _broken(path, "its header is no list of tensors")
    content.pop("__metadata__", None)
    found = {name: _place(path, item) for name, item in content.items()}
    at = 0
    for _, _, first, last in sorted(found.values(), key=lambda item: item[2:]):
        if first != at:
            raise _broken(path, "its tensors overlap or leave gaps")
        at = last
    if 8 + length + at != size:
        raise _broken(path, "it is shorter or longer than its header says")
    return found, 8 + length


def _place(path: Path, item: Any) -> tuple[str, tuple[int, ...], int, int]:
    if not isinstance(item, dict) or set(item) != {"dtype", "shape", "data_offsets"}:
        raise _broken(path, "its header is damaged")
    kind, shape, place = item["dtype"], item["shape"], item["data_offsets"]
    if not isinstance(kind, str) or kind not in _TYPES:
        raise _broken(path, "it has a type of numbers that is not known")
    if not isinstance(shape, list) or not isinstance(place, list) or len(place) != 2 or len(shape) > MOST_AXES:
        raise _broken(path, "its header is damaged")
    if any(type(number) is not int or not 0 <= number < 1 << 40 for number in (*shape, *place)):
        raise _broken(path, "its header has impossible numbers")
    if place[1] - place[0] != math.prod(shape) * np.dtype(_TYPES[kind]).itemsize:
        raise _broken(path, "a tensor has another size than its shape")
    return kind, tuple(shape), place[0], place[1]


def _broken(path: Path, why: str) -> ModelError:
    return ModelError(
        f"{path.name} cannot be trusted: {why}", "Add the model again from where it came", "broken_weights"
    )
