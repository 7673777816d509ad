"""Where pixels hide words: bits beside the stored ones, bytes after the last pixel, comments within compressed streams.

The pixels themselves are never changed here. A compression that is not known here is refused: nothing is passed on unread.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from planning.dicom.quick import DEFLATED_FRAME
from planning.errors import DicomError

ITEM = b"\xfe\xff\x00\xe0"
JPEG_START, J2K_START = b"\xff\xd8", b"\xff\x4f"
JPEGS = tuple(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55, 57, 70, 80, 81, 90, 91, 201, 202, 203))
RLE, RLE_HEAD = "1.2.840.10008.1.2.5", 64
# what says how to decode: JFIF without its small picture, HP's colour transform of JPEG-LS, Adobe's colour transform
NEEDED_APPS = {0xE0: (b"JFIF\0", 12), 0xE8: (b"mrfx", 5), 0xEE: (b"Adobe", 12)}
ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
# frames, tables, scans, and what JPEG-LS adds: all else that has a length holds words, or nothing that is needed
NEEDED = frozenset((*(n for n in range(0xC0, 0xD0) if n != 0xC8), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xF7, 0xF8))
SCAN = 0xDA
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


def quiet_streams(data: bytes, syntax: str, pixel_bytes: int, bits: int = 0) -> bytes:
    """Encapsulated pixel data where only pixels and what decoding them needs is left; all else is zeroed.

    The same length, or shorter: a table of places that is none goes, and what follows the last fragment; deflated frames are
    packed anew. pixel_bytes: of one frame, unpacked, all its samples. bits: pixels of one frame of single bits, which some
    write as a byte each. Raises DicomError, code "packed", for a compression whose bytes cannot be checked, and for streams
    that are not what they say.
    """
    spans = _fragments(data)
    if not spans:
        raise _unchecked()
    table, spans = _table(data, spans[0], spans[1:]), spans[1:]
    if syntax == DEFLATED_FRAME:
        return _items([b"", *(_packed_anew(data[start:stop], pixel_bytes, bits) for start, stop in spans)])
    made = [bytearray(data[start:stop]) for start, stop in spans]
    if syntax == RLE:
        for fragment in made:
            _quiet_rle(fragment, pixel_bytes, bits)
    elif syntax in JPEGS:
        _quiet_pictures(made)
    else:
        raise _unchecked()
    return _items([table, *(bytes(fragment) for fragment in made)])


def _unchecked() -> DicomError:
    return DicomError("its compression cannot be checked", code="packed")


def _fragments(data: bytes) -> list[tuple[int, int]]:
    """(start, stop) of each item's bytes."""
    at, spans = 0, []
    while data[at : at + 4] == ITEM and at + 8 <= len(data):
        start = at + 8
        at = start + int(struct.unpack_from("<I", data, at + 4)[0])
        if at > len(data):
            raise _unchecked()
        spans.append((start, at))
    return spans


def _items(contents: list[bytes]) -> bytes:
    return b"".join(ITEM + struct.pack("<I", len(one)) + one for one in contents)


def _table(data: bytes, place: tuple[int, int], spans: list[tuple[int, int]]) -> bytes:
    """The table of frames' places where it is one: rising places of fragments."""
    table = data[place[0] : place[1]]
    if len(table) % 4:
        return b""
    starts = {start - 8 - place[1] for start, _ in spans}
    places = [number for (number,) in struct.iter_unpack("<I", table)]
    return table if set(places) <= starts and places == sorted(places) else b""


def _quiet_pictures(fragments: list[bytearray]) -> None:
    """JPEG and JPEG 2000: one picture after the other, each in one fragment or several."""
    pictures: list[list[bytearray]] = []
    for fragment in fragments:
        if fragment[:2] in (JPEG_START, J2K_START):
            pictures.append([fragment])
        elif not pictures:
            raise _unchecked()
        else:
            pictures[-1].append(fragment)
    for picture in pictures:
        stream = bytearray(b"".join(picture))
        if stream.startswith(JPEG_START):
            _quiet_jpeg(stream)
        else:
            _quiet_j2k(stream)
        at = 0
        for fragment in picture:
            fragment[:] = stream[at : at + len(fragment)]
            at += len(fragment)


def _packed_anew(fragment: bytes, pixel_bytes: int, bits: int) -> bytes:
    """A deflated frame cut to its pixels."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        pixels = unpacker.decompress(fragment, max(pixel_bytes, bits))
    except zlib.error:
        raise _unchecked() from None
    if len(pixels) < pixel_bytes:
        raise _unchecked()
    if len(pixels) < bits:
        pixels = pixels[:pixel_bytes]
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    made = packer.compress(pixels) + packer.flush()
    return made + b"\0" * (len(made) & 1)


def _quiet_rle(frame: bytearray, pixel_bytes: int, bits: int) -> None:
    """Keeps of each segment what unpacks to a plane of bytes, zeroes all between and behind (PS3.5 annex G)."""
    count = int.from_bytes(frame[:4], "little") if len(frame) >= RLE_HEAD else 0
    if not 0 < count < 16 or pixel_bytes % count:
        raise _unchecked()
    starts = list(struct.unpack_from(f"<{count}I", frame, 4))
    if starts != sorted(starts) or starts[0] < RLE_HEAD or starts[-1] >= len(frame):
        raise _unchecked()
    if bits and _run_length(frame, starts[0]) >= bits:
        pixel_bytes = bits
    kept = bytearray(len(frame))
    kept[: 4 + 4 * count] = frame[: 4 + 4 * count]
    for start, stop in zip(starts, [*starts[1:], len(frame)], strict=True):
        left, at = pixel_bytes // count, start
        while left and at < stop:
            head = frame[at]
            if head == 0x80:
                kept[at] = head
                at += 1
                continue
            length, run = (head + 1, head + 1) if head < 0x80 else (1, 257 - head)
            if at + 1 + length > stop:
                raise _unchecked()
            # of the last letters no more than there are pixels
            needed = min(length, left)
            kept[at : at + 1 + needed] = frame[at : at + 1 + needed]
            left -= min(run, left)
            at += 1 + length
        if left:
            raise _unchecked()
    frame[:] = kept


def _run_length(frame: bytearray, at: int) -> int:
    """Bytes that a segment from `at` to the end unpacks to."""
    found = 0
    while at < len(frame):
        head = frame[at]
        found += 0 if head == 0x80 else head + 1 if head < 0x80 else 257 - head
        at += 1 if head == 0x80 else 2 + head if head < 0x80 else 2
    return found


def _quiet_jpeg(stream: bytearray) -> None:
    at, in_scan = 2, False
    while at + 4 <= len(stream):
        if stream[at] != 0xFF or (in_scan and _is_data(stream[at + 1])):
            if not in_scan:
                raise _unchecked()
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
            start, most = NEEDED_APPS.get(marker, (b"", 0))
            if marker not in NEEDED:
                kept = most if most and stream[at + 4 : stop].startswith(start) else 0
                stream[at + 4 + kept : stop] = b"\0" * max(0, stop - at - 4 - kept)
            in_scan = marker == SCAN
            at = stop


def _is_data(after: int) -> bool:
    # a stuffed zero, a bit-stuffed byte of JPEG-LS, or a restart marker
    return after < 0x80 or 0xD0 <= after <= 0xD7 or after == 0xFF


def _quiet_j2k(stream: bytearray) -> None:
    at, tile_end = 2, 0
    while at + 4 <= len(stream):
        if stream[at] != 0xFF:
            raise _unchecked()
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
            # the tile's data, which has no markers of use here; the last one's may go on to the end
            if tile_end <= at:
                end = stream.rfind(b"\xff\xd9") + 2
                if end > at:
                    stream[end:] = b"\0" * (len(stream) - end)
                return
            stop = tile_end
        at = stop
