"""Weights in torch's file formats, read as data by our own reader: no unpickler runs, so nothing in the file can.

A `.pth`, `.pt` or `.ckpt` is a pickle, a small program that may call anything. Here its opcodes are walked (`pickles.py`)
by a reader that knows how to make numbers, texts, lists, dicts and tensors; every other name is left as a mark, the file is
read to its end, and then refused with all such names. Tensors stay where they lie until they are asked for, so an
optimiser's state costs nothing. The formats: a zip with `data.pkl` and one record a storage (torch 1.6 and later), and the
older row of pickles with the storages behind.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inference.importers.pickle_names import Array
from inference.importers.pickles import PickleReader
from inference.importers.safe_zip import SafeZip, is_zip, open_zip
from inference.importers.tensors import Storage, Tensor, held, item_bytes, untrusted
from planning.errors import ModelError

MOST_PICKLE_BYTES = 64 << 20
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_PROTOCOL = 1001


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
        raise untrusted("its settings are nested without end")
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
            item = held(str(name), item.content)
        if not isinstance(name, str) or not isinstance(item, Tensor):
            raise ModelError(
                "The state dict holds something other than tensors", "Ask for the file again", "no_weights"
            )
        found[name] = item
    return found


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
            raise untrusted(f"storage {key} is missing")
        found = Storage(type_, key, count, lambda: archive.read(record))
        if entry.bytes != found.bytes:
            raise untrusted(f"storage {key} has {entry.bytes} bytes, {found.bytes} are asked of it")
        return found

    reader = PickleReader(storage)
    content = reader.read(io.BytesIO(archive.read(pickles[0], MOST_PICKLE_BYTES)))
    reader.judge(name)
    return content


def _read_legacy(path: Path) -> Any:
    """Magic number, protocol, system, content, names of the storages, storages: one behind the other."""
    places: dict[str, tuple[int, int]] = {}

    def storage(type_: str, key: str, count: int) -> Storage:
        wanted = count * item_bytes(type_)

        def read() -> bytes:
            if key not in places:
                raise untrusted(f"storage {key} is missing")
            start, length = places[key]
            if length != wanted:
                raise untrusted(f"storage {key} has {length} bytes, {wanted} are asked of it")
            with path.open("rb") as again:
                again.seek(start)
                return again.read(length)

        if wanted > size:
            raise untrusted(f"storage {key} is larger than the file")
        types[key] = type_
        return Storage(type_, key, count, read)

    types: dict[str, str] = {}
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = PickleReader(storage)
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
            raise untrusted("the list of its storages is damaged")
        for key in keys:
            raw = file.read(8)
            if not isinstance(key, str) or key not in types or len(raw) != 8:
                raise untrusted("its storages are damaged")
            (count,) = struct.unpack("<q", raw)
            length, start = count * item_bytes(types[key]), file.tell()
            if count < 0 or start + length > size:
                raise untrusted(f"storage {key} is larger than the file")
            places[key] = (start, length)
            file.seek(length, io.SEEK_CUR)
    return content


class _Bounded:
    """A file that gives at most so many bytes."""

    def __init__(self, file: io.BufferedReader, most: int) -> None:
        self._file, self._left = file, most

    def read(self, count: int = -1) -> bytes:
        if count > self._left:
            raise untrusted("its description is too long")
        got = self._file.read(count if count >= 0 else self._left)
        self._left -= len(got)
        return got

    def readline(self) -> bytes:
        got = self._file.readline(min(self._left, 1 << 16))
        self._left -= len(got)
        return got

    def tell(self) -> int:
        return self._file.tell()
