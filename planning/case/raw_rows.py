"""Rows out of single pages of an SQLite file, whatever the pages around them are worth.

Only what the case's tables need: leaves of tables, all pages of indexes (tables without row ids lie in these), chains of
overflow pages. A cell that does not fit its page is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planning.case.raw_pages import INDEX_INNER, INDEX_LEAF, TABLE_LEAF

Value = None | int | float | str | bytes
MOST_COLUMNS = 16
FIRST_PAGE_HEADER = 100


@dataclass(frozen=True, slots=True)
class Row:
    """rowid: None of a row of an index."""

    rowid: int | None
    values: tuple[Value, ...]


class _Broken(Exception):
    """This cell is none."""


def rows_of(
    page: bytes, number: int, usable: int, page_at: Callable[[int], bytes | None], most_bytes: int
) -> Iterator[Row]:
    """The rows that begin on a page. page_at: where overflow pages come from. most_bytes: no row can be longer."""
    start = FIRST_PAGE_HEADER if number == 1 else 0
    kind = page[start]
    if kind not in (TABLE_LEAF, INDEX_LEAF, INDEX_INNER):
        return
    head = start + (12 if kind == INDEX_INNER else 8)
    for n in range(int.from_bytes(page[start + 3 : start + 5], "big")):
        at = head + 2 * n
        if at + 2 > usable:
            return
        place = int.from_bytes(page[at : at + 2], "big")
        if head <= place < usable:
            try:
                yield _cell(page, kind, place, usable, page_at, most_bytes)
            except (_Broken, IndexError, UnicodeDecodeError, struct.error):
                continue


def _cell(
    page: bytes, kind: int, place: int, usable: int, page_at: Callable[[int], bytes | None], most_bytes: int
) -> Row:
    if kind == INDEX_INNER:
        place += 4
    length, place = _varint(page, place)
    rowid = None
    if kind == TABLE_LEAF:
        rowid, place = _varint(page, place)
        if rowid >= 1 << 63:
            rowid -= 1 << 64
    if not 0 < length <= most_bytes:
        raise _Broken
    most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
    if length <= most:
        if place + length > usable:
            raise _Broken
        return Row(rowid, _values(page[place : place + length]))
    least = (usable - 12) * 32 // 255 - 23
    local = least + (length - least) % (usable - 4)
    local = local if local <= most else least
    if place + local + 4 > usable:
        raise _Broken
    following = int.from_bytes(page[place + local : place + local + 4], "big")
    return Row(rowid, _values(_overflowed(page[place : place + local], length, following, usable, page_at)))


def _overflowed(
    first: bytes, length: int, following: int, usable: int, page_at: Callable[[int], bytes | None]
) -> bytes:
    parts, missing = [first], length - len(first)
    while missing > 0:
        page = page_at(following)
        if page is None:
            raise _Broken
        parts.append(page[4 : 4 + min(missing, usable - 4)])
        missing -= len(parts[-1])
        following = int.from_bytes(page[:4], "big")
    return b"".join(parts)


def _varint(page: bytes, place: int) -> tuple[int, int]:
    value = 0
    for n in range(8):
        byte = page[place + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + n + 1
    return value << 8 | page[place + 8], place + 9


def _values(record: bytes) -> tuple[Value, ...]:
    header, at = _varint(record, 0)
    if header > len(record):
        raise _Broken
    kinds = []
    while at < header:
        kind, at = _varint(record, at)
        kinds.append(kind)
        if len(kinds) > MOST_COLUMNS:
            raise _Broken
    values: list[Value] = []
    at = header
    for kind in kinds:
        size = _size(kind)
        part = record[at : at + size]
        if len(part) != size:
            raise _Broken
        values.append(_value(kind, part))
        at += size
    return tuple(values)


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise _Broken
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind]


def _value(kind: int, part: bytes) -> Value:
    if kind >= 12:
        return part.decode("utf-8") if kind % 2 else part
    if kind == 0:
        return None
    if kind == 7:
        (number,) = struct.unpack(">d", part)
        return float(number)
    if kind in (8, 9):
        return kind - 8
    return int.from_bytes(part, "big", signed=True)
