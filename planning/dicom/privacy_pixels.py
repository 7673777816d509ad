"""Where pixels hide words: bits beside the stored ones, bytes after the last pixel, comments within compressed streams.

The pixels themselves are never changed here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

ITEM, DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
JPEG_START, J2K_START = b"\xff\xd8", b"\xff\x4f"
# JFIF, HP's colour transform of JPEG-LS, and Adobe's colour transform say how to decode
NEEDED_APPS = (0xE0, 0xE8, 0xEE)
ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
CHUNK_BYTES = 1 << 24


def plain_pixels(
    data: bytes, *, bits_allocated: int, bits_stored: int, high_bit: int, is_signed: bool, values: int, big: bool
) -> bytes:
    """Native pixel data cut to its `values`, with the bits that store no value set as its sign says (signed) or to 0.

    Decoding gives the same values before and after.
    """
    if bits_allocated == 1:
        length = (values + 7) // 8
        return data[:length] + b"\0" * (length & 1)
    length = values * (bits_allocated // 8)
    cut = data[:length] if len(data) > length else data
    if bits_stored < bits_allocated and bits_allocated in (8, 16, 32) and high_bit < bits_allocated:
        cut = _masked(cut, bits_allocated, bits_stored, high_bit, is_signed, big)
    return cut + b"\0" * (len(cut) & 1)


def _masked(data: bytes, allocated: int, stored: int, high: int, is_signed: bool, big: bool) -> bytes:
    kind = np.dtype(f"{'i' if is_signed else 'u'}{allocated // 8}").newbyteorder(">" if big else "<")
    usable = len(data) // kind.itemsize * kind.itemsize
    made = bytearray(data)
    low = high + 1 - stored
    if low < 0:
        return data
    words = np.frombuffer(made, kind, usable // kind.itemsize)
    step = CHUNK_BYTES // kind.itemsize
    for at in range(0, len(words), step):
        part = words[at : at + step]
        native = part.astype(kind.newbyteorder("="))
        np.left_shift(native, allocated - 1 - high, out=native)
        np.right_shift(native, allocated - stored, out=native)
        np.left_shift(native, low, out=native)
        part[:] = native
    return bytes(made)


def quiet_streams(data: bytes) -> bytes:
    """Encapsulated pixel data, of the same length, with comments and application data in JPEG and JPEG 2000 zeroed."""
    made = bytearray(data)
    for spans in _streams(data):
        stream = bytearray(b"".join(data[start:stop] for start, stop in spans))
        if stream.startswith(JPEG_START):
            _quiet_jpeg(stream)
        elif stream.startswith(J2K_START):
            _quiet_j2k(stream)
        at = 0
        for start, stop in spans:
            made[start:stop] = stream[at : at + stop - start]
            at += stop - start
    return bytes(made)


def _streams(data: bytes) -> Iterator[list[tuple[int, int]]]:
    """(start, stop) of the fragments of one picture after the other; the offset table is left out."""
    at, spans, first = 0, list[tuple[int, int]](), True
    while data[at : at + 4] == ITEM and at + 8 <= len(data):
        length = struct.unpack_from("<I", data, at + 4)[0]
        start, stop = at + 8, min(at + 8 + length, len(data))
        if not first:
            if spans and data[start : start + 2] in (JPEG_START, J2K_START):
                yield spans
                spans = []
            spans.append((start, stop))
        first = False
        at = stop
    if spans:
        yield spans


def _quiet_jpeg(stream: bytearray) -> None:
    at = 2
    while at + 4 <= len(stream):
        if stream[at] != 0xFF:
            # entropy-coded data up to the next marker that is none of its own
            following = stream.find(b"\xff", at)
            while following >= 0 and following + 1 < len(stream) and _is_data(stream[following + 1]):
                following = stream.find(b"\xff", following + 2 if stream[following + 1] != 0xFF else following + 1)
            if following < 0 or following + 1 >= len(stream):
                return
            at = following
            continue
        marker = stream[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0xD9:
            stream[at + 2 :] = b"\0" * (len(stream) - at - 2)
            return
        elif marker in ALONE:
            at += 2
        else:
            length = max(struct.unpack_from(">H", stream, at + 2)[0], 2)
            stop = min(at + 2 + length, len(stream))
            if marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in NEEDED_APPS):
                stream[at + 4 : stop] = b"\0" * max(0, stop - at - 4)
            at = stop


def _is_data(after: int) -> bool:
    # a stuffed zero, a bit-stuffed byte of JPEG-LS, or a restart marker
    return after < 0x80 or 0xD0 <= after <= 0xD7 or after == 0xFF


def _quiet_j2k(stream: bytearray) -> None:
    at, tile_end = 2, 0
    while at + 4 <= len(stream) and stream[at] == 0xFF:
        marker, length = stream[at + 1], struct.unpack_from(">H", stream, at + 2)[0]
        stop = min(at + 2 + max(length, 2), len(stream))
        if marker == 0xD9:
            # the end: what follows is no picture
            stream[at + 2 :] = b"\0" * (len(stream) - at - 2)
            return
        if marker == 0x64:
            # the first two bytes say whether letters follow
            stream[at + 6 : stop] = b"\0" * max(0, stop - at - 6)
        elif marker == 0x90 and at + 10 <= len(stream):
            tile_length = struct.unpack_from(">I", stream, at + 6)[0]
            tile_end = at + tile_length if tile_length else 0
        elif marker == 0x93:
            # the tile's data, which has no markers of use here
            if tile_end <= at:
                return
            stop = tile_end
        at = stop
