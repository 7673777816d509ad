"""Takes empty room out of ELF libraries: what a wheel's tools leave where they moved a table to another place.

Such room lies in the middle of a part that is only read, holds zeros once symbols were stripped, and belongs to no section.
The part is told to the loader as two, before and behind it: every address keeps its content. 29 MB of OpenUSD's 116.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

PAGE = 4096
# less is not worth a change
LEAST = 256 << 10
LOAD, NOTE = 1, 4
READ_ONLY = 4
SYMBOLS, NO_BITS = 2, 8
HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
SECTION = struct.Struct("<IIQQQQIIQQ")


@dataclass(slots=True)
class Segment:
    """A row of the loader's table."""

    kind: int
    flags: int
    offset: int
    address: int
    size: int
    room: int
    align: int

    def pack(self) -> bytes:
        """As it lies in the file."""
        return SEGMENT.pack(
            self.kind, self.flags, self.offset, self.address, self.address, self.size, self.room, self.align
        )


def segments(content: bytes) -> list[Segment]:
    """The loader's table of a 64-bit little-endian file. Raises ValueError for another."""
    if content[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no 64-bit ELF file")
    head = HEADER.unpack_from(content)
    rows = (SEGMENT.unpack_from(content, head[5] + number * SEGMENT.size) for number in range(head[10]))
    return [Segment(row[0], row[1], row[2], row[3], *row[5:]) for row in rows]


def sections(content: bytes) -> list[list[int]]:
    """The rows of the table of sections: name, kind, flags, address, offset, size and what a linker wants."""
    head = HEADER.unpack_from(content)
    return [list(SECTION.unpack_from(content, head[6] + number * SECTION.size)) for number in range(head[12])]


def has_symbols(path: Path) -> bool:
    """Whether a debugger's table is still there. What was stripped once must not go through the tool again."""
    return any(row[1] == SYMBOLS for row in sections(path.read_bytes()))


def _largest_gap(content: bytes, table: list[Segment]) -> tuple[int, int] | None:
    """(begin, end) in the file, whole pages: the largest run of zeros outside all sections in a part that is only read."""
    taken = sorted((row[4], row[4] + row[5]) for row in sections(content) if row[1] not in (0, NO_BITS) and row[5])
    head = HEADER.unpack_from(content)
    taken.append((0, head[5] + head[10] * SEGMENT.size))
    best: tuple[int, int] | None = None
    for part in table:
        if part.kind != LOAD or part.flags != READ_ONLY or part.align > PAGE:
            continue
        begin = part.offset
        for start, end in sorted((a, b) for a, b in taken if a < part.offset + part.size and b > part.offset):
            pages = (-(-begin // PAGE) * PAGE, start // PAGE * PAGE)
            if pages[1] - pages[0] >= max(LEAST, best[1] - best[0] + 1 if best else 0):
                best = pages
            begin = max(begin, end)
    if best is None or content.count(0, *best) != best[1] - best[0]:
        return None
    return best


def without_gap(content: bytes) -> bytes:
    """The same library without its largest empty room; the same bytes where there is none, or no row left to tell it.

    The build's note makes room in the table for the row that is needed.
    """
    table = segments(content)
    gap = _largest_gap(content, table)
    note = next((part for part in table if part.kind == NOTE), None)
    if gap is None or note is None:
        return content
    begin, end = gap
    removed = end - begin
    rows: list[Segment] = []
    for part in table:
        if part is note:
            continue
        if part.kind == LOAD and part.offset <= begin and part.offset + part.size >= end:
            before = begin - part.offset
            after = part.offset + part.size - end
            rows.append(Segment(LOAD, part.flags, part.offset, part.address, before, before, part.align))
            behind = part.address + before + removed
            rows.append(Segment(LOAD, part.flags, begin, behind, after, after + part.room - part.size, part.align))
            continue
        part.offset -= removed if part.offset >= end else 0
        rows.append(part)
    told = sections(content)
    head = list(HEADER.unpack_from(content))
    out = bytearray(content[:begin] + content[end:])
    head[6] -= removed if head[6] >= end else 0
    HEADER.pack_into(out, 0, *head)
    out[head[5] : head[5] + len(rows) * SEGMENT.size] = b"".join(part.pack() for part in rows)
    for number, row in enumerate(told):
        row[4] -= removed if row[4] >= end else 0
        SECTION.pack_into(out, head[6] + number * SECTION.size, *row)
    return bytes(out)


def close_gaps(path: Path) -> int:
    """Write a library again without empty room, as often as there is any. Returns the bytes that it lost."""
    content = path.read_bytes()
    size = len(content)
    shorter = without_gap(content)
    while len(shorter) < len(content):
        content, shorter = shorter, without_gap(shorter)
    if len(content) < size:
        path.write_bytes(content)
    return size - len(content)
