"""Looks for words in files as a thief would: in every usual spelling, inside every container that the program writes."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

DEEPEST = 4


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
    """The bytes, and what is within them: zips, gzip, PDF's streams, PNG's texts, deflated DICOM."""
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
        at = 8
        while at + 8 <= len(data):
            length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
            if kind in (b"zTXt", b"iTXt"):
                body = data[at + 8 : at + 8 + length]
                for cut in range(min(len(body), 90)):
                    yield from _inflated(body[cut:])
            at += 12 + length
    elif data[128:132] == b"DICM" and b"1.2.840.10008.1.2.1.99" in data[:600]:
        group = int.from_bytes(data[140:144], "little")
        yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[144 + group :])


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
            for data in (name.encode(), *opened(file.read_bytes())):
                small = data.lower()
                for place, forms in searched.items():
                    if any(form in (data if exact else small) for form, exact in forms):
                        hits.setdefault(place, set()).add(name)
    return hits
