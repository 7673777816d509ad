"""The search for planted words finds them wherever a container of the program's could hide one."""

from __future__ import annotations

import base64
import io
import sqlite3
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from byte_search import found_in
from PIL import Image

WORD = "QXZVKWPLMR"
WORDS = {"planted": WORD}
CLEAN = {"planted": "ABSENTWORD"}


def _png(kind: bytes, body: bytes) -> bytes:
    """A picture with one more chunk."""
    made = io.BytesIO()
    Image.new("RGB", (8, 6), "#334455").save(made, "PNG")
    picture = made.getvalue()
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return picture[:33] + chunk + picture[33:]


def _gif(comment: bytes) -> bytes:
    made = io.BytesIO()
    first, second = Image.new("P", (8, 6), 0), Image.new("P", (8, 6), 1)
    first.save(made, "GIF", save_all=True, append_images=[second], comment=comment)
    return made.getvalue()


def _webp() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 6)).save(made, "WEBP", xmp=f"<x>{WORD}</x>".encode())
    return made.getvalue()


def _mp4() -> bytes:
    """Boxes as a film's maker writes a title: moov, udta, meta, ilst, ©nam, data."""
    box = struct.pack(">II", 1, 0) + WORD.encode()
    for kind in (b"data", b"\xa9nam", b"ilst", b"meta", b"udta", b"moov"):
        box = struct.pack(">I", len(box) + 8) + kind + box
    return struct.pack(">I", 16) + b"ftypisom\0\0\2\0" + box


def _database(path: Path, value: object) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, value)")
    connection.execute("INSERT INTO kept (value) VALUES (?)", (value,))
    connection.commit()
    connection.close()


TEXT = WORD.encode()
# letters enough that a packer codes them by their frequency, so that none lies there as it was
PACKED = zstandard.compress(b"".join(bytes([65 + (n * n) % 26]) * (n % 3 + 1) for n in range(900)) + TEXT)
FILES: dict[str, Callable[[], bytes]] = {
    "text.png": lambda: _png(b"tEXt", b"Title\0" + TEXT),
    "packed-text.png": lambda: _png(b"zTXt", b"Title\0\0" + zlib.compress(TEXT)),
    "international.png": lambda: _png(b"iTXt", b"Title\0\1\0de\0Titel\0" + zlib.compress(TEXT)),
    "exif.png": lambda: _png(b"eXIf", b"II*\0" + TEXT),
    "behind.png": lambda: _png(b"tEXt", b"a\0b") + TEXT,
    # the word goes over the end of a block
    "comment.gif": lambda: _gif(b"x" * 250 + TEXT + b"x" * 300),
    "film.webp": _webp,
    "film.mp4": _mp4,
    "page.html": lambda: b"<img src='data:image/png;base64," + base64.b64encode(FILES["packed-text.png"]()) + b"'>",
    "packed.bin": lambda: PACKED,
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_planted_word_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    assert found_in([tmp_path], WORDS) == {"planted": {name}}
    assert found_in([tmp_path], CLEAN) == {}


@pytest.mark.parametrize("value", [PACKED, "x" * 729 + WORD + "y" * 12271], ids=["packed", "over two pages"])
def test_a_word_in_a_database_is_found(tmp_path: Path, value: object) -> None:
    path = tmp_path / "kept.theatrum"
    _database(path, value)
    # only the whole value has it
    assert TEXT not in path.read_bytes()
    assert found_in([path], WORDS) == {"planted": {path.name}}
    assert found_in([path], CLEAN) == {}
