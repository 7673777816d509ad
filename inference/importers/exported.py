"""Weights out of an exported torch program (`.pt2`), read by our own zip reader; the program itself is never loaded.

Loading such a file runs code: torch 2.13 unpickles weights that say `use_pickle`, unpickles sample inputs after a failed
safe attempt, and hands symbolic sizes to `eval`. Here only the raw bytes of tensors with plain sizes are taken, and the
network is one of ours, named by a description beside the file. A `.pt2` or TorchScript by itself is refused with what to
do instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inference.importers.checkpoint import kind_of
from inference.importers.safe_zip import SafeZip, open_zip
from inference.importers.tensors import Storage, Tensor
from inference.manifest import Manifest, parse_json_bounded
from planning.errors import ModelError

CONFIG = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
MOST_CONFIG_BYTES = 8 << 20
MOST_AXES = 8
# torch's numbers of types (torch/_export/serde/schema.py, ScalarType)
_TYPES = {1: "<u1", 2: "<i1", 3: "<i2", 4: "<i4", 5: "<i8", 6: "<f2", 7: "<f4", 8: "<f8", 12: "?", 13: "bf16"}
_STRIDED = 7


def recognise(path: Path) -> bool:
    """A `.pt2` or TorchScript file by itself."""
    return path.is_file() and program_kind(path) != ""


def convert(path: Path, into: Path) -> Manifest:
    """Refuse, in words. Raises ModelError always: such a file alone does not say which network it is."""
    if program_kind(path) == "torchscript":
        raise torchscript_refusal(path)
    raise ModelError(
        f"{path.name} is an exported program, which would run code when it is loaded",
        "Add the MONAI bundle that it belongs to (the folder with configs/), or export the network as ONNX",
        "exported_program",
    )


def program_kind(path: Path) -> str:
    """ "exported", "torchscript" or "" for every other file."""
    try:
        kind = kind_of(path)
    except (ModelError, OSError):
        return ""
    return kind if kind in ("exported", "torchscript") else ""


def torchscript_refusal(path: Path) -> ModelError:
    """Why TorchScript is not read, and what to do."""
    return ModelError(
        f"{path.name} is TorchScript, a program that runs when it is loaded",
        "Add its bundle with models/model.pt (a state dict of torch.save), or export the network as ONNX",
        "torchscript",
    )


@contextmanager
def open_exported(path: Path) -> Iterator[dict[str, Tensor]]:
    """The weights of a `.pt2` by name, valid inside the context. Raises ModelError for anything that is pickled."""
    with open_zip(path) as archive:
        configs = [name for name in archive.entries if name == CONFIG or name.endswith(f"/{CONFIG}")]
        if len(configs) != 1:
            raise ModelError(
                f"{path.name} holds no weights that can be read", "Export it again with torch 2.9 or later"
            )
        root = configs[0][: -len(CONFIG)]
        _judge(archive, root, path.name)
        folder = f"{root}data/weights/"
        table = _table(archive, configs[0], path.name)
        yield {name: _tensor(archive, folder, name, item) for name, item in table.items()}


def _judge(archive: SafeZip, root: str, name: str) -> None:
    """Constants and order of bytes: nothing may be pickled, not even what is not used."""
    constants = f"{root}{CONSTANTS}"
    if constants in archive.entries:
        for item in _table(archive, constants, name).values():
            if not isinstance(item, Mapping) or item.get("use_pickle") is not False:
                raise _pickled(name)
    order = f"{root}byteorder"
    if order in archive.entries and archive.read(order, 16) != b"little":
        raise ModelError(f"{name} was written on a big-endian machine", "Save it again on an ordinary one", "byteorder")


def _table(archive: SafeZip, entry: str, name: str) -> Mapping[str, Any]:
    try:
        text = archive.read(entry, MOST_CONFIG_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _damaged(name) from error
    content = parse_json_bounded(text, name)
    table = content.get("config") if isinstance(content, dict) else None
    if not isinstance(table, dict) or len(table) > 10_000:
        raise _damaged(name)
    return table


def _tensor(archive: SafeZip, folder: str, name: str, item: Any) -> Tensor:
    if not isinstance(item, Mapping) or item.get("use_pickle") is not False:
        raise _pickled(name)
    meta, file = item.get("tensor_meta"), item.get("path_name")
    if not isinstance(meta, Mapping) or not isinstance(file, str) or not file.replace("_", "").isalnum():
        raise _damaged(name)
    kind = _TYPES.get(meta.get("dtype")) if type(meta.get("dtype")) is int else None  # type: ignore[arg-type]
    if kind is None or meta.get("layout") != _STRIDED:
        raise ModelError(f"{name[:80]} has a kind of numbers that cannot be read", "Save it as float32", "type")
    shape, strides = _plain_sizes(name, meta.get("sizes")), _plain_sizes(name, meta.get("strides"))
    offset = _plain_size(name, meta.get("storage_offset"))
    record = archive.entries.get(f"{folder}{file}")
    if record is None:
        raise _damaged(name)
    item_bytes = (
        2 if kind == "bf16" else {"<u1": 1, "<i1": 1, "?": 1, "<i2": 2, "<f2": 2, "<f8": 8, "<i8": 8}.get(kind, 4)
    )
    count = record.bytes // item_bytes
    ordinary, step = [], 1
    for size in reversed(shape):
        ordinary.append(step)
        step *= max(size, 1)
    # weights are saved contiguous; other strides could overlap or reach out
    if tuple(reversed(ordinary)) != strides or offset != 0 or step > count or record.bytes != count * item_bytes:
        raise ModelError(f"{name[:80]} is not laid out plainly in its file", "Export it again", "layout")
    entry = f"{folder}{file}"
    return Tensor(Storage(kind, file, count, lambda: archive.read(entry)), 0, shape, strides)


def _plain_sizes(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > MOST_AXES:
        raise _damaged(name)
    return tuple(_plain_size(name, item) for item in value)


def _plain_size(name: str, value: Any) -> int:
    """A size that is a number: symbolic ones (`as_expr`) are programs."""
    if not isinstance(value, Mapping) or set(value) != {"as_int"}:
        raise ModelError(f"{name[:80]} has a size that is computed", "Export it with fixed sizes", "symbolic")
    number = value["as_int"]
    if type(number) is not int or not 0 <= number < 1 << 40:
        raise _damaged(name)
    return number


def _pickled(name: str) -> ModelError:
    return ModelError(
        f"{name[:80]} holds pickled parts, which run code", "Ask for the weights as a state dict or as ONNX", "pickled"
    )


def _damaged(name: str) -> ModelError:
    return ModelError(f"The weights {name[:80]} are damaged", "Get the file again from where it came", "damaged")
