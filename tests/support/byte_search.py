"""Looks for words in files as a thief would: in every usual spelling, inside every container that the program writes."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

DEEPEST = 4
ZSTD, SQLITE = b"\x28\xb5\x2f\xfd", b"SQLite format 3\0"


def spellings(word: str) -> list[tuple[bytes, bool]]:
    """(bytes, whether capitals matter) of a word as UTF-8, UTF-16, Latin-1, its sets of DICOM, base64 and hex."""
    found: set[tuple[bytes, bool]] = set()
    for form in ("utf-8", "utf-16-le", "utf-16-be", "latin-1", "iso2022_jp", "shift_jis"):
        try:
            found.add((word.lower().encode(form), False))
        except UnicodeEncodeError:
            continue
    plain = word.encode("utf-8")
    found.add((plain.hex().encode(), False))
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        first, last = (shift * 8 + 5) // 6, (shift + len(plain)) * 8 // 6
        found.add((coded[first:last], True))
    return sorted(found)


def opened(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and what is within them: zips, gzip, zstd, PDF's streams, PNG's and GIF's texts, pictures within HTML,
    deflated DICOM."""
    yield data
    if depth >= DEEPEST:
        return
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode()
                yield from opened(archive.read(entry), depth + 1)
    elif data[:2] == b"\x1f\x8b":
        yield from opened(gzip.decompress(data), depth + 1)
    elif data[:5] == b"%PDF-":
        # fonts number their letters as they like: the text as a reader shows it
        from pypdf import PdfReader

        reader = PdfReader(io.BytesIO(data))
        yield "".join("".join(page.extract_text().split()) for page in reader.pages).encode()
        yield str(reader.metadata).encode()
        for stream in re.findall(rb"stream\r?\n(.*?)\s*endstream", data, re.DOTALL):
            yield from _inflated(stream)
            text = stream.strip()
            if text.endswith(b"~>"):
                yield from _inflated(base64.a85decode(text if text.startswith(b"<~") else b"<~" + text, adobe=True))
    elif data[:8] == b"\x89PNG\r\n\x1a\n":
        for kind, body in _png_chunks(data):
            if kind in (b"zTXt", b"iTXt", b"iCCP"):
                for cut in range(min(len(body), 90)):
                    yield from _inflated(body[cut:])
    elif data[:6] in (b"GIF87a", b"GIF89a"):
        yield from _gif_texts(data)
    elif data[:4] == ZSTD:
        yield from _unpacked(data, depth)
    elif b"base64," in data[: 1 << 24]:
        for coded in re.findall(rb"base64,([A-Za-z0-9+/]{16,}={0,2})", data):
            yield from opened(base64.b64decode(coded + b"=" * (-len(coded) % 4)), depth + 1)
    elif data[128:132] == b"DICM" and b"1.2.840.10008.1.2.1.99" in data[:600]:
        group = int.from_bytes(data[140:144], "little")
        yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[144 + group :])


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _gif_texts(data: bytes) -> Iterator[bytes]:
    """Comments, plain texts and what applications add, put together: a word may go over the end of a block of 255 bytes."""
    for found in re.finditer(rb"\x21[\xfe\x01\xff]", data):
        at, text = found.end(), b""
        while at < len(data) and data[at] and len(text) < len(data):
            text += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
        yield text


def _unpacked(data: bytes, depth: int) -> Iterator[bytes]:
    import zstandard

    try:
        yield from opened(zstandard.ZstdDecompressor().decompress(data, max_output_size=1 << 28), depth + 1)
    except zstandard.ZstdError:
        return


def _rows(file: Path) -> Iterator[bytes]:
    """Every value of an SQLite file and of its log, whole: long ones lie in pieces, and packed ones are unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for end in ("", "-wal"):
            if Path(f"{file}{end}").is_file():
                shutil.copyfile(f"{file}{end}", f"{copy}{end}")
        connection = sqlite3.connect(copy)
        try:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            for table in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        if isinstance(value, str):
                            yield value.encode()
                        elif isinstance(value, bytes):
                            yield from opened(value, 1)
        finally:
            connection.close()


def _inflated(stream: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompress(stream)
    except zlib.error:
        return


def found_in(paths: Iterable[Path], words: Mapping[str, str]) -> dict[str, set[str]]:
    """Names of files, by the place (key of `words`) whose word is in them or in their names."""
    searched = {place: spellings(word) for place, word in words.items()}
    hits: dict[str, set[str]] = {}
    for top in paths:
        files = [file for file in top.rglob("*") if file.is_file()] if top.is_dir() else [top]
        # a journal beside an SQLite file is part of it
        files += [
            Path(f"{file}{end}") for file in files for end in ("-wal", "-journal") if Path(f"{file}{end}").is_file()
        ]
        for file in files:
            name = str(file.relative_to(top)) if top.is_dir() else file.name
            content = file.read_bytes()
            parts = _rows(file) if content.startswith(SQLITE) else iter(())
            for data in itertools.chain((name.encode(),), opened(content), parts):
                small = data.lower()
                for place, forms in searched.items():
                    if any(form in (data if exact else small) for form, exact in forms):
                        hits.setdefault(place, set()).add(name)
    return hits
