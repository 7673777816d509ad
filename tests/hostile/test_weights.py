"""Weights that attack: every one is refused in one line with exit code 3, soon, in little memory, and nothing is left."""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nnunet_folder as small
import numpy as np
import pytest

from inference.importers import child, nnunet, safe_zip, theatrum
from inference.importers.checkpoint import open_checkpoint, tensors_of
from inference.importers.child import convert_in_child
from inference.importers.safe_zip import open_zip, unpack
from inference.manifest import MANIFEST_NAME, write_manifest
from inference.weights import check_weights, read_weights, write_weights
from inference.zoo import file_sha256
from planning.errors import ModelError
from planning.progress import CancelToken

MARK = "it-ran"
SECONDS = 10.0
BYTES = 1 << 30


class Runs:
    """Calls something when it is unpickled."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


class HasState:
    """Runs `__setstate__` when it is unpickled."""

    def __init__(self) -> None:
        self.it = 1

    def __setstate__(self, state: Any) -> None:
        raise AssertionError("it ran")


class NewWithKeywords:
    """Is made by `__new__` with keywords."""

    def __new__(cls, **kwargs: Any) -> NewWithKeywords:
        return super().__new__(cls)

    def __getnewargs_ex__(self) -> Any:
        return (), {"a": 1}


def _read_all(path: Path) -> None:
    with open_checkpoint(path) as root:
        for tensor in tensors_of(root["state"] if isinstance(root, dict) else root).values():
            tensor.array()


def _refused(path: Path) -> str:
    """The refusal's text, in one line and soon."""
    begun = time.process_time()
    with pytest.raises(ModelError) as caught:
        _read_all(path)
    assert time.process_time() - begun < SECONDS
    assert caught.value.exit_code == 3
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 500
    assert not Path(MARK).exists()
    return text


def _payloads() -> dict[str, tuple[Any, str]]:
    import torch

    return {
        "os.system": (Runs(os.system, f"touch {MARK}"), "posix.system"),
        "subprocess": (Runs(subprocess.check_output, ["touch", MARK]), "check_output"),
        "eval": (Runs(eval, f"open('{MARK}', 'w')"), "eval"),
        "exec": (Runs(exec, f"open('{MARK}', 'w')"), "exec"),
        "open": (Runs(open, MARK, "w"), "open"),
        # PySide6 puts a function of its own, which cannot be pickled, in the place of __import__
        "import": (Runs(importlib.import_module, "antigravity"), "import_module"),
        "getattr": (Runs(getattr, os, "system") if os.name == "nt" else Runs(getattr, "a", "upper"), "getattr"),
        "numpy load": (Runs(np.load, "x.npy"), "load"),
        "torch load": (Runs(torch.load, "x.pth"), "torch"),
        "pickle": (Runs(pickle.loads, b"N."), "loads"),
        "set state": (HasState(), "HasState"),
        "keywords": (NewWithKeywords(), "NewWithKeywords"),
        "whole module": (torch.nn.Conv3d(1, 1, 1), "torch.nn.modules.conv.Conv3d"),
        "path": (Path("x"), "pathlib"),
        "slice": (slice(1, 2), "slice"),
        "default dict": (defaultdict(list), "defaultdict"),
        "array of objects": (np.array([{}, 1], dtype=object), "other than numbers"),
        "numbers of another byte order": (np.array([1.0], ">f8"), "byte order"),
        "array of text": (np.array(["a", "b"]), "other than numbers"),
    }


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("case", sorted(_payloads()))
def test_nothing_in_a_pickle_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, legacy: bool) -> None:
    import torch

    monkeypatch.chdir(tmp_path)
    payload, word = _payloads()[case]
    torch.save({"state": {"w": torch.ones(2)}, "extra": payload}, "w.pth", _use_new_zipfile_serialization=not legacy)
    text = _refused(Path("w.pth"))
    assert word in text


def test_all_that_a_file_asks_for_is_named_at_once(tmp_path: Path) -> None:
    import torch

    content = {"a": Runs(os.system, "x"), "b": Path("y"), "c": torch.nn.ReLU(), "d": slice(1), "e": defaultdict(list)}
    torch.save(content, tmp_path / "w.pth")
    assert "and " in _refused(tmp_path / "w.pth")


def _with_pickle(path: Path, raw: bytes, records: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/data.pkl", raw)
        archive.writestr("m/byteorder", "little")
        for name, content in (records or {}).items():
            archive.writestr(f"m/data/{name}", content)
    return path


def _tensor_pickle(
    count: int = 4, offset: int = 0, shape: tuple[Any, ...] = (4,), strides: tuple[Any, ...] = (1,)
) -> bytes:
    """A state dict with one tensor, opcode by opcode, so that it may lie."""

    def piece(value: Any) -> bytes:
        return pickle.dumps(value, 2)[2:-1]

    storage = b"(" + piece("storage") + b"ctorch\nFloatStorage\n" + piece("0") + piece("cpu") + piece(count) + b"tQ"
    numbers = piece(offset) + piece(shape) + piece(strides) + b"\x89ccollections\nOrderedDict\n)R"
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + numbers + b"tR"
    return b"\x80\x02}" + piece("state") + b"}" + piece("w") + tensor + b"ss."


LIES: dict[str, dict[str, Any]] = {
    "storage larger than its record": {"count": 1 << 40},
    "storage smaller than its record": {"count": 2, "shape": (2,)},
    "beyond the storage": {"offset": 3},
    "offset beyond": {"offset": 1 << 50, "shape": (1,)},
    "negative offset": {"offset": -1},
    "negative stride": {"strides": (-1,)},
    "negative size": {"shape": (-4,)},
    "overlapping view": {"shape": (2, 2), "strides": (1, 1)},
    "a view without end": {"shape": (1 << 39,), "strides": (0,)},
    "nine axes": {"shape": (1,) * 9, "strides": (1,) * 9},
    "strides of another number": {"shape": (2, 2), "strides": (1,)},
    "a size that overflows": {"shape": (1 << 62, 4), "strides": (4, 1)},
    "a size of text": {"shape": ("4",)},
}


@pytest.mark.parametrize("case", LIES)
def test_tensors_that_lie_about_themselves_are_refused(tmp_path: Path, case: str) -> None:
    raw = _tensor_pickle(**LIES[case])
    _refused(_with_pickle(tmp_path / "w.pth", raw, {"0": np.arange(4, dtype=np.float32).tobytes()}))


def test_the_honest_one_is_read(tmp_path: Path) -> None:
    path = _with_pickle(tmp_path / "w.pth", _tensor_pickle(), {"0": np.arange(4, dtype=np.float32).tobytes()})
    with open_checkpoint(path) as root:
        assert tensors_of(root["state"])["w"].array().tolist() == [0, 1, 2, 3]


PICKLES: dict[str, bytes] = {
    "empty": b"",
    "no end": b"}",
    "nothing on the stack": b"\x80\x02a.",
    "a memo that is not there": b"\x80\x02h\x05.",
    "text that is none": b"\x80\x02X\x04\x00\x00\x00\xff\xff\xff\xff.",
    "a length without end": b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc.",
    "an unknown opcode": b"\x80\x02\xff.",
    "a dict as its own key": b"\x80\x02}q\x00h\x00K\x01s.",
    "a number of a million digits": b"L" + b"9" * 1_000_000 + b"L\n.",
    "an extension": b"\x80\x02\x82\x01.",
    "a persistent name": b"Pos.system\n.",
    "an old instance": b"(S'touch it-ran'\nios\nsystem\n.",
    "a call of a call": b"\x80\x02cbuiltins\ngetattr\ncos\nsystem\nX\x01\x00\x00\x00a\x86R.",
    "state for a name": b"\x80\x02ccollections\nOrderedDict\n}X\x08\x00\x00\x00__call__K\x01sb.",
    "a type called": b"\x80\x02cnumpy\nndarray\n(J\xff\xff\xff\x7ftR}b.",
    "a dict of nothing": b"\x80\x02cbuiltins\ndict\nK\x05\x85R.",
}


@pytest.mark.parametrize("case", PICKLES)
def test_broken_and_crooked_pickles_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.chdir(tmp_path)
    _refused(_with_pickle(Path("w.pth"), PICKLES[case]))


def test_laughing_lists_and_circles_are_bounded(tmp_path: Path) -> None:
    level: Any = ["lol"] * 10
    for _ in range(60):
        level = [level] * 10
    circle: list[Any] = []
    circle.append(circle)
    for number, content in enumerate(({"logging": level}, {"logging": circle})):
        folder = tmp_path / str(number)
        path = small.write_folder(folder)
        file = path / "fold_0" / "checkpoint_final.pth"
        raw = pickle.dumps({"inference_allowed_mirroring_axes": content["logging"], "network_weights": {}}, 2)
        _with_pickle(file, raw)
        (tmp_path / f"out{number}").mkdir()
        with pytest.raises(ModelError, match="without end"):
            nnunet.convert(path, tmp_path / f"out{number}")


def test_a_pickle_of_millions_of_steps_is_refused(tmp_path: Path) -> None:
    raw = b"\x80\x02" + b"N0" * 600_000 + b"N."
    assert "too long" in _refused(_with_pickle(tmp_path / "w.pth", raw))


# zips


def _zip(entries: list[tuple[str, bytes]], **more: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", more.get("method", zipfile.ZIP_STORED)) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = more.get("method", zipfile.ZIP_STORED)
            info.external_attr = more.get("mode", 0o100644) << 16
            info.create_system = 3
            with contextlib.suppress(UserWarning):
                archive.writestr(info, content)
    return file.getvalue()


def _many(count: int) -> bytes:
    """A directory of so many entries, all for one file."""
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), len(entry) * count, len(local), 0
    )
    long_end = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 20, 20, 0, 0, count, count, len(entry) * count, len(local))
    place = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(local) + len(entry) * count, 1)
    return local + entry * count + (long_end + place if count >= 0xFFFF else b"") + end


def _overlapping() -> bytes:
    raw = bytearray(_zip([("a", b"x" * 400), ("b", b"y" * 10)]))
    # the second entry's place becomes the first one's inside
    second = raw.rfind(b"PK\x01\x02")
    inner = raw.find(b"PK\x03\x04", 4)
    body = raw[inner : raw.find(b"PK\x01\x02")]
    raw[60 : 60 + len(body)] = body
    struct.pack_into("<I", raw, second + 42, 60)
    first = raw.find(b"PK\x01\x02")
    struct.pack_into("<I", raw, first + 16, zlib.crc32(bytes(raw[31:431])))
    return bytes(raw)


def _patched(raw: bytes, place: int, form: str, value: int) -> bytes:
    changed = bytearray(raw)
    struct.pack_into(form, changed, changed.rfind(b"PK\x01\x02") + place, value)
    return bytes(changed)


ZIPS: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: _zip([("m/data.pkl", b"\0" * 50_000_000)], method=zipfile.ZIP_DEFLATED),
    "a million entries": lambda: _many(1_000_000),
    "two thousand and one entries": lambda: _many(2001),
    "one name many times": lambda: _many(1000),
    "overlapping entries": _overlapping,
    "up and out": lambda: _zip([("../../x", b"1")]),
    "up and out inside": lambda: _zip([("m/../../x", b"1")]),
    "absolute": lambda: _zip([("/etc/x", b"1")]),
    "a drive": lambda: _zip([("C:/x", b"1")]),
    "backslashes": lambda: _zip([("..\\x", b"1")]).replace(b"../x", b"..\\x"),
    "a control letter": lambda: _zip([("a\x01b", b"1")]),
    "a link": lambda: _zip([("m/link", b"/etc/passwd")], mode=0o120777),
    "a device": lambda: _zip([("m/device", b"")], mode=0o020644),
    "names that differ in case": lambda: _zip([("m/A", b"1"), ("m/a", b"2")]),
    "twice": lambda: _zip([("m/a", b"1"), ("m/a", b"2")]),
    "encrypted": lambda: _patched(_zip([("m/a", b"1")]), 8, "<H", 1),
    "an unknown packing": lambda: _patched(_zip([("m/a", b"1")]), 10, "<H", 12),
    "sizes that contradict": lambda: _patched(_zip([("m/a", b"1")]), 24, "<I", 99),
    "five gigabytes": lambda: _patched(_patched(_zip([("m/a", b"1")]), 24, "<I", 0xFFFFFFF0), 20, "<I", 0xFFFFFFF0),
    "a place outside": lambda: _patched(_zip([("m/a", b"1")]), 42, "<I", 0x7FFFFFFF),
    "two ends": lambda: _zip([("m/a", b"1")]) + b"tail",
    "two names": lambda: _zip([("m/abc", b"1")]).replace(b"m/abc", b"m/xyz", 1),
    "no end": lambda: _zip([("m/a", b"1")])[:-10],
    "a damaged entry": lambda: _zip([("m/data.pkl", b"hello")]).replace(b"hello", b"hellO", 1),
    "nothing in it": lambda: _zip([]),
    "only a head": lambda: b"PK\x03\x04" + b"\0" * 10,
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", ZIPS)
def test_hostile_zips_are_refused(tmp_path: Path, case: str) -> None:
    path = tmp_path / "w.pth"
    path.write_bytes(ZIPS[case]())
    _refused(path)
    (tmp_path / "into").mkdir()
    with contextlib.suppress(ModelError), open_zip(path) as archive:
        unpack(archive, tmp_path / "into")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["into", "w.pth"]
    assert not any(p.is_symlink() for p in tmp_path.rglob("*"))


def test_an_honest_zip_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "w.zip"
    path.write_bytes(_zip([("m/", b""), ("m/a", b"1"), ("m/b/c.txt", b"hello" * 100)], method=zipfile.ZIP_DEFLATED))
    with open_zip(path) as archive:
        unpack(archive, tmp_path / "into")
    assert (tmp_path / "into" / "m" / "b" / "c.txt").read_bytes() == b"hello" * 100
    assert safe_zip.is_zip(path)


def test_torchscript_and_exported_programs_are_told_apart(tmp_path: Path) -> None:
    script, exported = tmp_path / "a.ts", tmp_path / "b.pt2"
    script.write_bytes(_zip([("m/data.pkl", b"N."), ("m/constants.pkl", b"N."), ("m/code/x.py", b"")]))
    exported.write_bytes(_zip([("m/archive_format", b"pt2"), ("m/data/weights/weight_0", b"")]))
    assert "TorchScript" in _refused(script)
    assert ".pt2" in _refused(exported)


# safetensors


def _safetensors(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


ONE = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
SAFETENSORS: dict[str, bytes] = {
    "a header of exabytes": _safetensors({"a": ONE}, b"1234", 1 << 62),
    "a header of 100 MB": _safetensors({"a": ONE}, b"1234", 100 << 20),
    "a header longer than the file": _safetensors({"a": ONE}, b"1234", 4096),
    "an empty header": _safetensors(b"", b""),
    "no JSON": _safetensors(b"{'a': 1}"),
    "no text": _safetensors(b"\xff\xfe\xff\xfe"),
    "deep": _safetensors(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a text without end": _safetensors(b'{"' + b'\\"' * 500_000),
    "a name twice": _safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":1}', b"1"),
    "NaN": _safetensors(b'{"a":NaN}'),
    "a list": _safetensors(b"[1, 2]"),
    "a gap": _safetensors({"a": {**ONE, "data_offsets": [4, 8]}}, b"12345678"),
    "overlap": _safetensors({"a": ONE, "b": ONE}, b"1234"),
    "too much behind": _safetensors({"a": ONE}, b"12345"),
    "too little": _safetensors({"a": ONE}, b"12"),
    "another type": _safetensors({"a": {**ONE, "dtype": "F8_E4M3"}}, b"1234"),
    "a type of list": _safetensors({"a": {**ONE, "dtype": ["F32"]}}, b"1234"),
    "a shape that overflows": _safetensors({"a": {**ONE, "shape": [1 << 62, 4]}}, b"1234"),
    "a shape of another size": _safetensors({"a": {**ONE, "shape": [2]}}, b"1234"),
    "a negative shape": _safetensors({"a": {**ONE, "shape": [-1, -1]}}, b"1234"),
    "a broken number": _safetensors({"a": {**ONE, "shape": [1.0]}}, b"1234"),
    "ends before it begins": _safetensors({"a": {**ONE, "data_offsets": [4, 0]}}, b"1234"),
    "an unknown entry": _safetensors({"a": {**ONE, "more": 1}}, b"1234"),
    "eleven thousand tensors": _safetensors(
        {str(n): {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for n in range(11_000)}
    ),
    "nothing": b"",
}


@pytest.mark.parametrize("case", SAFETENSORS)
def test_hostile_safetensors_are_refused(tmp_path: Path, case: str) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(SAFETENSORS[case])
    begun = time.process_time()
    for read in (read_weights, check_weights):
        with pytest.raises(ModelError) as caught:
            read(path)
        assert "\n" not in str(caught.value)
    assert time.process_time() - begun < SECONDS


# settings

TEXTS: dict[str, bytes] = {
    "nine megabytes": b'{"a": "' + b"x" * (9 << 20) + b'"}',
    "deep": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a key twice": b'{"configurations": {}, "configurations": {}}',
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "a number of a million digits": b'{"a": ' + b"9" * 1_000_000 + b"}",
    "no JSON": b"__import__('os').system('x')",
    "no text": b"\xff\xfe\x00",
    "a list": b"[1]",
    "a number": b"7",
    "empty": b"",
    "a text without end": b'{"' + b'\\"' * 2_000_000,
}


@pytest.mark.parametrize("file", ["plans.json", "dataset.json"])
@pytest.mark.parametrize("case", TEXTS)
def test_hostile_descriptions_are_refused(tmp_path: Path, file: str, case: str) -> None:
    folder = small.write_folder(tmp_path)
    (folder / file).write_bytes(TEXTS[case])
    (tmp_path / "out").mkdir()
    begun = time.process_time()
    with pytest.raises(ModelError) as caught:
        nnunet.convert(folder, tmp_path / "out")
    assert time.process_time() - begun < SECONDS
    assert "\n" not in str(caught.value)


# the child


def _leaves_nothing(path: Path, into: Path) -> str:
    before = _children_peak()
    begun = time.perf_counter()
    with pytest.raises(ModelError) as caught:
        convert_in_child(path, into)
    # on a busy machine starting the child is what takes the time
    assert time.perf_counter() - begun < 6 * SECONDS
    assert max(_children_peak() - before, 0) < BYTES
    assert caught.value.exit_code == 3
    assert list(into.iterdir()) == []
    text = str(caught.value)
    assert "\n" not in text
    return text


def _children_peak() -> int:
    resource = pytest.importorskip("resource")
    return int(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * 1024


def test_the_child_refuses_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hostile = small.write_folder(tmp_path / "a", change=lambda saved: saved.update(x=Runs(os.system, f"touch {MARK}")))
    assert "system" in _leaves_nothing(hostile, tmp_path / "out")
    late = small.write_folder(tmp_path / "b", folds=(0, 1), change=lambda saved: saved.update(current_epoch=1))
    broken = late / "fold_1" / "checkpoint_final.pth"
    broken.write_bytes(broken.read_bytes()[:-200])
    # the first fold was written already when the second is found broken
    assert "zip" in _leaves_nothing(late, tmp_path / "out")
    (tmp_path / "text.txt").write_text("hello")
    assert "known kind" in _leaves_nothing(tmp_path / "text.txt", tmp_path / "out")
    assert not Path(MARK).exists()


def test_a_missing_path_and_a_full_folder_are_refused_before_a_child_starts(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing at"):
        convert_in_child(tmp_path / "none", tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(ModelError, match="not empty"):
        convert_in_child(tmp_path, tmp_path / "full")
    assert (tmp_path / "full" / "mine.txt").read_text() == "keep"


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL_SECONDS", 0.05)
    assert "too long" in _leaves_nothing(small.write_folder(tmp_path), tmp_path / "out")


def test_a_child_is_stopped_when_asked(tmp_path: Path) -> None:
    from planning.errors import Cancelled

    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        convert_in_child(small.write_folder(tmp_path), tmp_path / "out", token)
    assert list((tmp_path / "out").iterdir()) == []


WATCHED = """
import os, sys
from inference.importers import child
child._without_network()
inside = os.path.join(os.getcwd(), "inside")
os.mkdir(inside)
child._watch((inside,))
tried = {
    "socket": lambda: __import__("socket").create_connection(("127.0.0.1", 9), 1),
    "names": lambda: __import__("socket").getaddrinfo("localhost", 80),
    "system": lambda: os.system("touch it-ran"),
    "process": lambda: __import__("subprocess").run(["touch", "it-ran"]),
    "fork": lambda: os.fork(),
    "execute": lambda: os.execv("/bin/true", ["true"]),
    "write outside": lambda: open("it-ran", "w"),
    "write outside in another way": lambda: os.open("it-ran", os.O_CREAT | os.O_WRONLY),
    "remove": lambda: os.remove("keep"),
    "rename": lambda: os.rename("keep", "it-ran"),
    "rename out": lambda: os.rename(os.path.join(inside, "a"), "it-ran"),
    "folder": lambda: os.mkdir("it-ran"),
    "link": lambda: os.symlink("/etc/passwd", os.path.join(inside, "link")),
    "kill": lambda: os.kill(1, 0),
}
for name, act in tried.items():
    try:
        act()
    except PermissionError as error:
        print("refused", name)
    except Exception as error:
        print("failed", name, type(error).__name__, error)
    else:
        print("did", name)
with open(os.path.join(inside, "a"), "w") as file:
    file.write("allowed")
print("wrote", open(os.path.join(inside, "a")).read())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the list of acts is of unix")
def test_what_the_child_may_not_do(tmp_path: Path, project_root: Path) -> None:
    (tmp_path / "keep").write_text("x")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(project_root)},
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    assert lines[-1] == "wrote allowed", done.stdout + done.stderr
    assert len(lines) == 15
    assert not [line for line in lines[:-1] if not line.startswith("refused")], done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "keep"]


def test_a_model_folder_of_ours_is_judged_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    manifest = nnunet.convert(small.write_folder(tmp_path / "a"), tmp_path / "made")
    write_manifest(manifest, tmp_path / "made")
    assert convert_in_child(tmp_path / "made", tmp_path / "good").stages == manifest.stages
    weights = tmp_path / "made" / manifest.stages[0].weights[0].file
    numbers = dict(read_weights(weights))
    numbers["more"] = np.ones(3, np.float32)
    write_weights(weights, numbers)
    assert "do not fit" in _leaves_nothing(tmp_path / "made", tmp_path / "bad")
    described = json.loads((tmp_path / "made" / MANIFEST_NAME).read_text())
    described["stages"][0]["weights"][0]["file"] = "../../etc/passwd"
    (tmp_path / "made" / MANIFEST_NAME).write_text(json.dumps(described))
    assert "manifest.json cannot be used" in _leaves_nothing(tmp_path / "made", tmp_path / "bad")


def _ours(root: Path) -> tuple[Path, dict[str, Any]]:
    """A model folder of our own and its manifest as a table."""
    made = root / "made"
    made.mkdir()
    write_manifest(nnunet.convert(small.write_folder(root / "source"), made), made)
    return made, json.loads((made / MANIFEST_NAME).read_text(encoding="utf-8"))


def _changed_folder(made: Path, described: dict[str, Any]) -> Path:
    weights = described["stages"][0]["weights"][0]
    weights["sha256"] = file_sha256(made / weights["file"])
    (made / MANIFEST_NAME).write_text(json.dumps(described), encoding="utf-8")
    return made


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_model_folder_of_ours_with_numbers_that_are_none_is_refused(tmp_path: Path, value: float) -> None:
    made, described = _ours(tmp_path)
    path = made / described["stages"][0]["weights"][0]["file"]
    numbers = {name: np.array(array) for name, array in read_weights(path).items()}
    next(iter(numbers.values())).flat[0] = value
    write_weights(path, numbers)
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match="NaN or infinity"):
        theatrum.convert(_changed_folder(made, described), tmp_path / "out")


@pytest.mark.parametrize(
    "changed",
    [
        {"n_conv_per_stage": 10**30},
        {"n_conv_per_stage": [10**7, 1]},
        {"features_per_stage": [10**9, 10**9]},
        {"features_per_stage": [1] * 10**5, "strides": [1] * 10**5, "kernel_sizes": [3] * 10**5},
        {"num_classes": 10**12},
        {"norm_eps": "x"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_model_folder_of_ours_that_asks_for_layers_without_end_is_refused(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    made, described = _ours(tmp_path)
    described["stages"][0]["network"]["kwargs"].update(changed)
    (tmp_path / "out").mkdir()
    begun = time.process_time()
    with pytest.raises(ModelError) as caught:
        theatrum.convert(_changed_folder(made, described), tmp_path / "out")
    assert time.process_time() - begun < SECONDS
    assert len(str(caught.value)) < 500


def test_what_a_terminal_obeys_comes_into_no_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli import _say
    from inference.manifest import manifest_from_json
    from inference.zoo import InstalledModel

    made, described = _ours(tmp_path)
    described["title"] = "A\x1b[2J title\nin two lines \u202eesrever"
    described["card"] = {"intended_use": "For\x1b[31m all\nof it"}
    described["labels"][0]["name"] = "li\x1b[31mver"
    described["licence"] = {"id": "Apache\r-2.0", "text": "LICENSE"}
    (made / "LICENSE").write_text("Free\x1b[8m\nfor all", encoding="utf-8")
    manifest = manifest_from_json(described)
    assert manifest.title == "A [2J title in two lines esrever"
    assert manifest.card.intended_use == "For [31m all\nof it"
    assert manifest.labels[0].name == "li [31mver"
    assert manifest.licence.id == "Apache -2.0"
    assert InstalledModel(made, manifest).licence_text() == "Free [8m\nfor all"
    _say("x\x1b[2J.bin is no model", "Choose another", 3)
    assert capsys.readouterr().err == "theatrum: error: x?[2J.bin is no model. Choose another.\n"


def test_what_the_system_refuses_is_not_called_hostile() -> None:
    told = child._in_words(PermissionError(errno.EACCES, "Permission denied", "/far/plans.json"), "/far")
    assert told[0] == "plans.json cannot be read (Permission denied)"
    assert "full" in child._in_words(OSError(errno.ENOSPC, "No space left on device"), "/far/model")[0]
    assert "hostile" not in "".join(told)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    folder = small.write_folder(tmp_path)
    (folder / "fold_0").chmod(0)
    try:
        assert "cannot be read" in _leaves_nothing(folder, tmp_path / "out")
    finally:
        (folder / "fold_0").chmod(0o700)


# fuzz


@pytest.mark.parametrize("file", ["checkpoint", "plans", "dataset"])
def test_truncations_and_flipped_bits_are_refused_or_change_nothing(tmp_path: Path, file: str) -> None:
    folder = small.write_folder(tmp_path)
    path = {
        "checkpoint": folder / "fold_0" / "checkpoint_final.pth",
        "plans": folder / "plans.json",
        "dataset": folder / "dataset.json",
    }[file]
    raw = path.read_bytes()
    random = np.random.default_rng(13)
    changed: list[bytes] = [raw[: int(cut)] for cut in random.integers(0, len(raw), 50)]
    for _ in range(150):
        flipped = bytearray(raw)
        for place in random.integers(0, len(raw), int(random.integers(1, 4))):
            flipped[place] ^= 1 << int(random.integers(8))
        changed.append(bytes(flipped))
    (tmp_path / "true").mkdir()
    true = nnunet.convert(folder, tmp_path / "true").stages[0].weights[0].sha256
    refused = 0
    for number, content in enumerate(changed):
        path.write_bytes(content)
        into = tmp_path / f"out{number}"
        into.mkdir()
        begun = time.process_time()
        try:
            manifest = nnunet.convert(folder, into)
        except ModelError as error:
            refused += "\n" not in str(error)
        else:
            # a flip in a name of the description, or in bytes that nobody reads, gives the same weights
            assert manifest.stages[0].weights[0].sha256 == true
        assert time.process_time() - begun < SECONDS
    assert refused >= 50


@pytest.mark.slow
def test_damaged_folders_are_refused_by_the_child_too(tmp_path: Path) -> None:
    folder = small.write_folder(tmp_path)
    path = folder / "fold_0" / "checkpoint_final.pth"
    raw = path.read_bytes()
    random = np.random.default_rng(17)
    for cut in random.integers(0, len(raw), 4):
        path.write_bytes(raw[: int(cut)])
        _leaves_nothing(folder, tmp_path / "out")
