"""Zip files of unknown origin, read by our own reader: the directory is judged before a single entry is unpacked.

Two readers that understand one file differently are how checks are passed by; here the bytes that were checked are the
bytes that are used, and nothing else reads the file.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from planning.errors import ModelError

MOST_ENTRIES = 2000
MOST_BYTES = 4 << 30
MOST_DIRECTORY_BYTES = 2 << 20
MOST_RATIO = 200
STORED, DEFLATED = 0, 8

_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
_END64_PLACE = b"PK\x06\x07"
_ENTRY = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_LINK_MODE, _KIND_MASK = 0o120000, 0o170000
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:]{1,400}")


@dataclass(frozen=True)
class Entry:
    """One file in a zip: where its bytes lie, and how long it is when unpacked."""

    name: str
    method: int
    start: int
    packed_bytes: int
    bytes: int
    crc: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


@dataclass(frozen=True)
class SafeZip:
    """A zip whose directory was judged. `data` is the whole file, mapped."""

    data: mmap.mmap
    entries: dict[str, Entry]

    def read(self, name: str, most_bytes: int = MOST_BYTES) -> bytes:
        """The unpacked bytes of an entry, its check sum proved. Raises ModelError."""
        entry = self.entries.get(name)
        if entry is None:
            raise ModelError(f"The zip has no {name}", "The file is incomplete; get it again", "incomplete")
        if entry.bytes > most_bytes:
            raise ModelError(
                f"{name} in the zip is larger than {most_bytes >> 20} MB", "This is no model file", "too_large"
            )
        packed = self.data[entry.start : entry.start + entry.packed_bytes]
        content = packed if entry.method == STORED else _inflate(packed, entry)
        if zlib.crc32(content) != entry.crc:
            raise ModelError(f"{name} in the zip is damaged", "Get the file again", "damaged")
        return content


def is_zip(path: Path) -> bool:
    """Whether the file says that it is a zip."""
    try:
        with path.open("rb") as file:
            return file.read(4) == _LOCAL
    except OSError:
        return False


@contextmanager
def open_zip(path: Path) -> Iterator[SafeZip]:
    """The zip at `path`, its directory judged: count, sizes, ratios, names, overlaps. Raises ModelError."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read", "Check the path and your rights", "unreadable") from error
    with file:
        length = os.fstat(file.fileno()).st_size
        if length < 22:
            raise _broken("it is too short")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield SafeZip(data, _entries(data))


def unpack(archive: SafeZip, into: Path) -> list[Path]:
    """Write every file of the zip below the folder `into`; no name leads out of it. Raises ModelError."""
    written = []
    for entry in archive.entries.values():
        place = into.joinpath(*PurePosixPath(entry.name).parts)
        if entry.is_folder:
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as file:
                file.write(archive.read(entry.name))
        except (FileExistsError, NotADirectoryError) as error:
            raise _broken("two entries have one place") from error
        written.append(place)
    return written


def _entries(data: mmap.mmap) -> dict[str, Entry]:
    count, size, start = _directory(data)
    if count > MOST_ENTRIES:
        raise ModelError(
            f"The zip has {count} entries, more than {MOST_ENTRIES}", "This is no model file", "too_many_entries"
        )
    if size > MOST_DIRECTORY_BYTES:
        raise ModelError("The directory of the zip is too large", "This is no model file", "too_large")
    at, found = start, dict[str, Entry]()
    folded = set[str]()
    for _ in range(count):
        entry, at = _entry(data, at, start + size)
        if entry.name.casefold() in folded:
            raise _broken(f"the name {_shown(entry.name)} comes twice")
        folded.add(entry.name.casefold())
        found[entry.name] = entry
    if at != start + size:
        raise _broken("its directory has another length than it says")
    _judge_sizes(found, start)
    return found


def _directory(data: mmap.mmap) -> tuple[int, int, int]:
    """(number of entries, bytes, start) of the directory; the only one that any reader could find."""
    at = data.rfind(_END, max(0, len(data) - 22 - 0xFFFF))
    if at < 0 or at + 22 > len(data):
        raise _broken("its end is missing")
    disk, start_disk, here, count, size, start, comment = struct.unpack_from("<4H2IH", data, at + 4)
    if at + 22 + comment != len(data):
        raise _broken("something follows its end")
    end = at
    if 0xFFFF in (here, count) or 0xFFFFFFFF in (size, start):
        count, here, size, start, disk, start_disk, end = _directory64(data, at)
    if disk or start_disk or here != count:
        raise _broken("it is one part of several")
    if start + size > end or size < 46 * count:
        raise _broken("its directory lies outside of the file")
    return count, size, start


def _directory64(data: mmap.mmap, end: int) -> tuple[int, int, int, int, int, int, int]:
    place = end - 20
    if place < 0 or data[place : place + 4] != _END64_PLACE:
        raise _broken("its end is damaged")
    (at,) = struct.unpack_from("<Q", data, place + 8)
    if at + 56 > place or data[at : at + 4] != _END64:
        raise _broken("its end is damaged")
    disk, start_disk, here, count, size, start = struct.unpack_from("<2I4Q", data, at + 16)
    return count, here, size, start, disk, start_disk, at


def _entry(data: mmap.mmap, at: int, end: int) -> tuple[Entry, int]:
    if at + 46 > end or data[at : at + 4] != _ENTRY:
        raise _broken("its directory is damaged")
    made_by, _, flags, method, _, _, crc = struct.unpack_from("<4H2HI", data, at + 4)
    packed, size, named, extras, commented, disk, _, outside, local = struct.unpack_from("<2I5H2I", data, at + 20)
    after = at + 46 + named + extras + commented
    if after > end:
        raise _broken("its directory is damaged")
    name = _name(data[at + 46 : at + 46 + named])
    packed, size, local = _long_sizes(data[at + 46 + named : at + 46 + named + extras], packed, size, local)
    if flags & 0x2041:
        raise ModelError(f"{_shown(name)} in the zip is encrypted", "Unpack it first", "encrypted")
    if method not in (STORED, DEFLATED):
        raise _broken(f"{_shown(name)} is packed in an unknown way")
    if made_by >> 8 == 3 and (outside >> 16) & _KIND_MASK not in (0, 0o100000, 0o040000):
        kind = "a link" if (outside >> 16) & _KIND_MASK == _LINK_MODE else "no plain file"
        raise _broken(f"{_shown(name)} is {kind}")
    if disk or (method == STORED and packed != size):
        raise _broken(f"the sizes of {_shown(name)} contradict each other")
    if local + 30 > len(data) or data[local : local + 4] != _LOCAL:
        raise _broken(f"{_shown(name)} lies outside of the file")
    local_named, local_extras = struct.unpack_from("<2H", data, local + 26)
    if data[local + 30 : local + 30 + local_named] != data[at + 46 : at + 46 + named]:
        raise _broken(f"{_shown(name)} has two names")
    return Entry(name, method, local + 30 + local_named + local_extras, packed, size, crc), after


def _long_sizes(extra: bytes, packed: int, size: int, local: int) -> tuple[int, int, int]:
    """Sizes beyond 4 GB stand in an extra field, in this order, only those that do not fit."""
    values = [size, packed, local]
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field, place = extra[at + 4 : at + 4 + length], 0
            for number in range(3):
                if values[number] == 0xFFFFFFFF:
                    if place + 8 > len(field):
                        raise _broken("its directory is damaged")
                    (values[number],) = struct.unpack_from("<Q", field, place)
                    place += 8
        at += 4 + length
    return values[1], values[0], values[2]


def _name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _broken("it has a name that is no text") from error
    parts = name.rstrip("/").split("/")
    if not _NAME.fullmatch(name) or name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise ModelError(
            f"The zip has an entry that leads out of its folder ({_shown(name)})",
            "It is hostile; do not use it",
            "escapes",
        )
    return name


def _judge_sizes(entries: dict[str, Entry], directory_start: int) -> None:
    total = sum(entry.bytes for entry in entries.values())
    if total > MOST_BYTES:
        raise ModelError(
            f"The zip unpacks to {total / 2**30:.1f} GB, more than {MOST_BYTES >> 30} GB",
            "This is no model file",
            "too_large",
        )
    for entry in entries.values():
        if entry.method == DEFLATED and entry.bytes > MOST_RATIO * max(entry.packed_bytes, 64):
            raise ModelError(
                f"{_shown(entry.name)} in the zip unpacks to {entry.bytes / max(entry.packed_bytes, 1):.0f} times its size",
                "It is a trap, not a model",
                "bomb",
            )
    end = 0
    for entry in sorted(entries.values(), key=lambda entry: entry.start):
        if entry.start < end:
            raise _broken(f"{_shown(entry.name)} overlaps another entry")
        end = entry.start + entry.packed_bytes
    if end > directory_start:
        raise _broken("an entry runs into its directory")


def _inflate(packed: bytes, entry: Entry) -> bytes:
    unpacker = zlib.decompressobj(-15)
    try:
        content = unpacker.decompress(packed, entry.bytes + 1)
    except zlib.error as error:
        raise ModelError(f"{_shown(entry.name)} in the zip is damaged", "Get the file again", "damaged") from error
    if len(content) != entry.bytes or not unpacker.eof:
        raise _broken(f"{_shown(entry.name)} has another length than it says")
    return content


def _shown(name: str) -> str:
    """A foreign name as plain, short text."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= 60 else plain[:57] + "…"


def _broken(why: str) -> ModelError:
    return ModelError(f"The zip cannot be trusted: {why}", "Get the file again from where it came", "broken_zip")
