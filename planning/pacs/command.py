"""Commands of messages (PS3.7 §6.3.1, annex E): few elements of group 0000, always in implicit little endian.

They are plain dicts by keyword. A data set of pydicom says the same in thirty times the time, twice for each image.
"""

from __future__ import annotations

import struct
from typing import Any

Command = dict[str, Any]
"""By keyword: int for numbers, str for a UID, title or text, list of str where there are several."""

ELEMENTS = {
    "AffectedSOPClassUID": (0x0002, "UI"),
    "RequestedSOPClassUID": (0x0003, "UI"),
    "CommandField": (0x0100, "US"),
    "MessageID": (0x0110, "US"),
    "MessageIDBeingRespondedTo": (0x0120, "US"),
    "MoveDestination": (0x0600, "AE"),
    "Priority": (0x0700, "US"),
    "CommandDataSetType": (0x0800, "US"),
    "Status": (0x0900, "US"),
    "ErrorComment": (0x0902, "LO"),
    "ErrorID": (0x0903, "US"),
    "AffectedSOPInstanceUID": (0x1000, "UI"),
    "RequestedSOPInstanceUID": (0x1001, "UI"),
    "EventTypeID": (0x1002, "US"),
    "ActionTypeID": (0x1008, "US"),
    "NumberOfRemainingSuboperations": (0x1020, "US"),
    "NumberOfCompletedSuboperations": (0x1021, "US"),
    "NumberOfFailedSuboperations": (0x1022, "US"),
    "NumberOfWarningSuboperations": (0x1023, "US"),
    "MoveOriginatorApplicationEntityTitle": (0x1030, "AE"),
    "MoveOriginatorMessageID": (0x1031, "US"),
}
"""What is written and read; others that a partner adds are passed over."""

NEEDED = frozenset(
    (
        "CommandField",
        "MessageID",
        "MessageIDBeingRespondedTo",
        "CommandDataSetType",
        "Status",
        "EventTypeID",
        "AffectedSOPClassUID",
        "AffectedSOPInstanceUID",
    )
)
"""What a message is understood by or an answer repeats: where one of these is no number or UID, it is no command."""

FILLERS = {"UI": b"\0", "AE": b" ", "LO": b" "}
_BY_NUMBER = {number: (keyword, kind) for keyword, (number, kind) in ELEMENTS.items()}
_HEAD = struct.Struct("<HHL")
_SHORT = struct.Struct("<H")
_LONG = struct.Struct("<HHLL")
_NUMBER = struct.Struct("<HHLH")


def encoded(command: Command) -> bytes:
    """The command as bytes, its elements in order, their length first. Raises ValueError for what no command holds."""
    body = b""
    for keyword in sorted(command, key=_number_of):
        number, kind = ELEMENTS[keyword]
        value = command[keyword]
        if kind == "US":
            body += _NUMBER.pack(0, number, 2, value)
            continue
        text = (value if isinstance(value, str) else "\\".join(value)).encode("ascii", "replace")
        text += FILLERS[kind] * (len(text) % 2)
        body += _HEAD.pack(0, number, len(text)) + text
    return _LONG.pack(0, 0, 4, len(body)) + body


def _number_of(keyword: str) -> int:
    if keyword not in ELEMENTS:
        raise ValueError(f"no command holds {keyword}")
    return ELEMENTS[keyword][0]


def decoded(raw: bytes) -> Command:
    """The command that these bytes are. Raises ValueError where they are none: an answer repeats what it says."""
    command: Command = {}
    at, end = 0, len(raw)
    while at < end:
        if end - at < _HEAD.size:
            raise ValueError("an element without its head")
        group, number, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        if length > end - at:
            raise ValueError("an element that goes beyond the command")
        known = _BY_NUMBER.get(number) if group == 0 else None
        if known is not None:
            keyword, kind = known
            if keyword in command:
                raise ValueError("a command that says two things of itself")
            value = _value(kind, raw[at : at + length])
            if value is not None:
                command[keyword] = value
            elif keyword in NEEDED:
                raise ValueError("a value that is none of its kind")
        at += length
    return command


def _value(kind: str, raw: bytes) -> int | str | None:
    """None for one that is no single number or UID."""
    if kind == "US":
        return _SHORT.unpack(raw)[0] if len(raw) == _SHORT.size else None
    text = raw.decode("latin-1").rstrip("\0 ")
    return None if kind == "UI" and "\\" in text else text
