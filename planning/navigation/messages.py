"""Messages of OpenIGTLink, version 1: bounded, the checksum of places held against what came. All numbers are big-endian.

OpenIGTLink itself fixes no patient axes; navigation systems speak of RAS millimetres as a rule, this program of LPS.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from planning.errors import NetworkError
from planning.geometry import FloatArray

HEADER = struct.Struct(">H12s20sQQQ")
MOST_BODY_BYTES = 1 << 24
POLYNOMIAL = 0x42F0E1EBA9EA3693
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
OK = 1
PLACES = ("TRANSFORM", "POSITION")
"""Kinds of which anything is taken. Pictures that come on the same line are only stepped over: their checksums alone would
keep it busier than they come, and places behind them would be old when they are read."""
POINT = struct.Struct(">64s32s4B3ff20s")


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its type, the name of the device or thing that it is of, its body.

    stamp: when it was made, as its sender's clock told it; 0 where that is not told.
    """

    kind: str
    device: str
    body: bytes
    stamp: int = field(default=0, compare=False)

    def packed(self, seconds: float = 0.0) -> bytes:
        """The bytes on the line. seconds: of the clock since 1970, 0 for none told."""
        stamp = (int(seconds) << 32) | int((seconds % 1.0) * (1 << 32))
        names = self.kind.encode("ascii"), plain_name(self.device, 20)
        return HEADER.pack(1, *names, stamp, len(self.body), checksum(self.body)) + self.body


def plain_name(text: str, most: int) -> bytes:
    """A name as this protocol writes it: printable ASCII, cut, always with an end."""
    return "".join(letter if " " <= letter <= "~" else "_" for letter in text).encode("ascii")[: most - 1]


@functools.cache
def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        value = byte << 56
        for _ in range(8):
            value = (value << 1) ^ (POLYNOMIAL if value >> 63 else 0)
            value &= (1 << 64) - 1
        rows.append(value)
    return tuple(rows)


def checksum(body: bytes | bytearray | memoryview) -> int:
    """CRC-64 after ECMA-182."""
    table, value = _table(), 0
    for byte in body:
        value = table[(value >> 56) ^ byte] ^ ((value << 8) & 0xFFFFFFFFFFFFFFFF)
    return value


def take_message(held: bytearray, partner: str) -> Message | None:
    """The first whole message at the start of what came, taken off it; None until more has come.

    Only of PLACES the body is looked at. Raises NetworkError.
    """
    if len(held) < HEADER.size:
        return None
    version, kind, device, stamp, length, told = HEADER.unpack_from(held)
    if not 1 <= version <= 3:
        raise NetworkError(f"{partner} does not speak OpenIGTLink", "Check the port", "network")
    if length > MOST_BODY_BYTES:
        raise NetworkError(
            f"{partner} announces {length} bytes, more than {MOST_BODY_BYTES}", "Check the port", "network"
        )
    if len(held) < HEADER.size + length:
        return None
    raw = bytes(held[HEADER.size : HEADER.size + length])
    del held[: HEADER.size + length]
    is_taken = _text(kind) in PLACES
    if is_taken and checksum(raw) != told:
        raise NetworkError(f"{partner} sends a message that arrives damaged", "Connect again", "network")
    if is_taken and version >= 2 and len(raw) >= 12:
        # an extended header before, metadata behind the content
        size, index_bytes, text_bytes = struct.unpack_from(">HHL", raw)
        if size > len(raw) or size + index_bytes + text_bytes > len(raw):
            raise NetworkError(f"{partner} sends a message with wrong lengths", "Check its version", "network")
        raw = raw[size : len(raw) - index_bytes - text_bytes]
    return Message(_text(kind), _text(device), raw, stamp)


def _text(raw: bytes) -> str:
    told = raw.split(b"\0", 1)[0].decode("ascii", "replace")
    return "".join(letter if letter.isprintable() else "_" for letter in told)


def transform_message(device: str, pose: FloatArray) -> Message:
    """(4, 4) of a place in LPS mm as TRANSFORM."""
    ras = LPS_TO_RAS @ pose
    return Message("TRANSFORM", device, struct.pack(">12f", *ras[:3].T.ravel()))


def pose_of(message: Message) -> FloatArray | None:
    """(4, 4) in LPS mm of a TRANSFORM or POSITION; None for other messages and for what is no rigid place."""
    if message.kind == "TRANSFORM" and len(message.body) == 48:
        columns = np.array(struct.unpack(">12f", message.body), dtype=np.float64).reshape(4, 3)
        ras = np.vstack([columns.T, [0.0, 0.0, 0.0, 1.0]])
    elif message.kind == "POSITION" and len(message.body) in (12, 24, 28):
        numbers = np.array(struct.unpack(f">{len(message.body) // 4}f", message.body), dtype=np.float64)
        ras = np.eye(4)
        ras[:3, 3] = numbers[:3]
        if len(numbers) > 3:
            # the last part is left out where the real one follows from it
            rest = numbers[3:]
            w = rest[3] if len(rest) == 4 else np.sqrt(max(0.0, 1.0 - float(rest @ rest)))
            ras[:3, :3] = _turned(np.array([*rest[:3], w]))
    else:
        return None
    turn = ras[:3, :3]
    if not np.isfinite(ras).all() or np.abs(turn @ turn.T - np.eye(3)).max() > 0.01 or np.linalg.det(turn) < 0:
        return None
    return np.asarray(LPS_TO_RAS @ ras)


def _turned(quaternion: FloatArray) -> FloatArray:
    size = float(np.linalg.norm(quaternion))
    if not np.isfinite(size) or abs(size - 1.0) > 0.01:
        return np.full((3, 3), np.nan)
    x, y, z, w = quaternion / size
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def points_message(device: str, points: Sequence[tuple[str, str, Sequence[float]]]) -> Message:
    """(name, group, LPS mm) of points as POINT."""
    body = b""
    for name, group, (x, y, z) in points:
        body += POINT.pack(plain_name(name, 64), plain_name(group, 32), 255, 200, 0, 255, -x, -y, z, 0.0, b"")
    return Message("POINT", device, body)


def lines_message(device: str, lines: Sequence[FloatArray]) -> Message:
    """(N, 3) LPS mm lines as POLYDATA without attributes."""
    places = np.concatenate(lines) * (-1.0, -1.0, 1.0)
    cells, start = b"", 0
    for line in lines:
        indices = np.arange(start, start + len(line))
        cells += struct.pack(">L", len(line)) + indices.astype(">u4").tobytes()
        start += len(line)
    counts = struct.pack(">10L", len(places), 0, 0, len(lines), len(cells), 0, 0, 0, 0, 0)
    return Message("POLYDATA", device, counts + places.astype(">f4").tobytes() + cells)


def status_message(device: str, text: str) -> Message:
    """STATUS: all is well, with a remark."""
    return Message("STATUS", device, struct.pack(">Hq20s", OK, 0, b"") + plain_name(text, 1024) + b"\0")
