"""Makes Qt's library of Unicode's tables small: 32 MB, of which Qt asks for sorting, zones of time and old encodings.

The library holds one package: a header, a table of (name, place) sorted by name, the items. Items that are kept are kept byte
for byte, in the same order; what is asked for in a language that is not carried is answered in the root's, as ICU always does.
Format: ICU's user guide, "ICU Data", common data (`udatamem`, `ucmndata.h`).
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import bundle_elf

# Qt does not ask for these folders: the ends of words and lines, and other scripts for a text, it finds by itself
UNASKED = ("brkitr", "translit", "rbnf")
LANGUAGE = re.compile(r"([a-z]{2,3})(?:_\w+)?")
# a table of one byte a letter; those of Chinese, Japanese and Korean encodings are larger
LARGEST_ENCODING = 16 << 10
ALIGNMENT = 16
SOURCE = """\
.section .rodata
.balign 16
.globl {symbol}
.type {symbol}, %object
{symbol}: .incbin "{content}"
.size {symbol}, . - {symbol}
.section .note.GNU-stack, "", %progbits
"""


def is_kept(name: str, size: int, languages: Iterable[str]) -> bool:
    """Whether an item of this name ("icudt73l/coll/de.res") and size in bytes is carried, for these languages."""
    *folders, last = name.split("/")
    stem, _, kind = last.partition(".")
    if any(folder in UNASKED for folder in folders):
        return False
    if kind == "cnv":
        return size <= LARGEST_ENCODING
    told = LANGUAGE.fullmatch(stem)
    return kind != "res" or told is None or told[1] in {*languages, "en"}


def items(package: bytes) -> list[tuple[str, bytes]]:
    """(name, content) of a package, in its order. Raises ValueError for something else."""
    if package[2:4] != b"\xda\x27" or package[12:16] != b"CmnD" or package[8]:
        raise ValueError("no little-endian package of ICU's")
    table = package[struct.unpack_from("<H", package)[0] :]
    count = struct.unpack_from("<I", table)[0]
    rows = [struct.unpack_from("<II", table, 4 + 8 * row) for row in range(count)]
    names = [table[place : table.index(b"\0", place)].decode("ascii") for place, _ in rows]
    ends = [*(begin for _, begin in rows[1:]), len(table)]
    return [(name, table[row[1] : end]) for name, row, end in zip(names, rows, ends, strict=True)]


def packed(header: bytes, kept: Sequence[tuple[str, bytes]]) -> bytes:
    """A package of these items, sorted by name, behind the header of another."""
    names = b""
    places = []
    for name, _ in kept:
        places.append(4 + 8 * len(kept) + len(names))
        names += name.encode("ascii") + b"\0"
    begin = 4 + 8 * len(kept) + len(names)
    begin += -begin % ALIGNMENT
    table = struct.pack("<I", len(kept))
    contents = b""
    for place, (_, content) in zip(places, kept, strict=True):
        table += struct.pack("<II", place, begin + len(contents))
        contents += content + b"\0" * (-len(content) % ALIGNMENT)
    return header + (table + names).ljust(begin, b"\0") + contents


def shortened(library: Path, languages: Iterable[str]) -> bytes:
    """The package in a library `libicudata.so.73` with what is carried for these languages."""
    package = package_in(library.read_bytes())
    header = package[: struct.unpack_from("<H", package)[0]]
    asked = tuple(languages)
    return packed(header, [(name, held) for name, held in items(package) if is_kept(name, len(held), asked)])


def package_in(content: bytes) -> bytes:
    """The package that a library holds. Raises ValueError where there is none."""
    begin = content.find(b"CmnD") - 12
    for _, _, _, _, offset, size, *_ in bundle_elf.sections(content):
        if offset <= begin < offset + size:
            return content[begin : offset + size]
    raise ValueError("no package of ICU's in it")


def shorten(library: Path, languages: Iterable[str]) -> None:
    """Write the library again with the shortened package, by the tools that `strip` comes with."""
    number = library.name.rpartition(".")[2]
    with tempfile.TemporaryDirectory() as room:
        content, source, thing = (Path(room) / name for name in ("content", "source.s", "thing.o"))
        content.write_bytes(shortened(library, languages))
        source.write_text(SOURCE.format(symbol=f"icudt{number}_dat", content=content), encoding="ascii")
        subprocess.run(["as", "-o", str(thing), str(source)], check=True)
        link = ["ld", "-shared", "-s", "-z", "noexecstack", "--build-id=none", "-soname", library.name]
        subprocess.run([*link, "-o", str(library), str(thing)], check=True)
