"""ONNX files for tests, written field by field: the format is a protobuf message, and bad files are the point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def number(field: int, value: int) -> bytes:
    """A whole number."""
    return _varint(field << 3) + _varint(value & ((1 << 64) - 1))


def part(field: int, value: bytes | str) -> bytes:
    """Bytes, a text or a message."""
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def tensor(name: str, array: np.ndarray, extra: bytes = b"") -> bytes:
    """A TensorProto of 32-bit numbers."""
    dims = b"".join(number(1, size) for size in array.shape)
    return dims + number(2, 1) + part(8, name) + part(9, array.astype("<f4").tobytes()) + extra


def described(name: str, sizes: list[int | str], kind: int = 1) -> bytes:
    """A ValueInfoProto."""
    shape = b"".join(part(1, number(1, size) if isinstance(size, int) else part(2, size)) for size in sizes)
    return part(1, name) + part(2, part(1, number(1, kind) + part(2, shape)))


def attribute(name: str, values: list[int]) -> bytes:
    """An AttributeProto of whole numbers."""
    return part(1, name) + b"".join(number(8, value) for value in values) + number(20, 7)


def node(operator: str, inputs: list[str], outputs: list[str], *extra: bytes) -> bytes:
    """A NodeProto; `extra`: encoded fields."""
    names = b"".join(part(1, name) for name in inputs) + b"".join(part(2, name) for name in outputs)
    return names + part(4, operator) + b"".join(extra)


def write_onnx(path: Path, **changed: Any) -> Path:
    """A convolution of 3³ to three classes. Changed: ir, opset (domain, version), nodes, tensors, inputs, outputs, model."""
    generator = np.random.default_rng(3)
    weights = generator.standard_normal((3, 1, 3, 3, 3))
    nodes = changed.get("nodes", [node("Conv", ["image", "w"], ["logits"], part(5, attribute("pads", [1] * 6)))])
    tensors = changed.get("tensors", [tensor("w", weights)])
    inputs = changed.get("inputs", [described("image", [1, 1, "x", "y", "z"])])
    outputs = changed.get("outputs", [described("logits", [1, 3, "x", "y", "z"])])
    graph = b"".join(part(1, item) for item in nodes) + part(2, "net")
    graph += b"".join(part(5, item) for item in tensors)
    graph += b"".join(part(11, item) for item in inputs) + b"".join(part(12, item) for item in outputs)
    domain, version = changed.get("opset", ("", 17))
    model = number(1, changed.get("ir", 8)) + part(7, graph) + part(8, part(1, domain) + number(2, version))
    path.write_bytes(model + changed.get("model", b""))
    return path


DESCRIPTION: dict[str, Any] = {
    "title": "Three classes",
    "input": {
        "orientation": "RAS",
        "axes": "ijk",
        "spacing_mm": [2, 2, 2],
        "resample": {"grid": "centre"},
        "normalise": {"scheme": "range", "clip": [-200, 300]},
    },
    "tiling": {"patch": [16, 16, 16], "rule": "monai", "step": 0.5},
    "output": {"values": [0, 1, 2]},
    "labels": [{"index": 1, "name": "liver"}, {"index": 2, "name": "spleen"}],
}
