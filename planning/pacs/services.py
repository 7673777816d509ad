"""What is asked of a partner on an association: is it there, what does it hold, send this (PS3.4 annexes A, B, C; PS3.7 §9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from planning.errors import NetworkError
from planning.pacs.association import Accepted, Association, Context, Message
from planning.pacs.command import Command

VERIFICATION = "1.2.840.10008.1.1"
COMMITMENT = "1.2.840.10008.1.20.1"
COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1"
PLAIN = (str(ExplicitVRLittleEndian), str(ImplicitVRLittleEndian))
STUDY_ROOT = {
    "find": "1.2.840.10008.5.1.4.1.2.2.1",
    "move": "1.2.840.10008.5.1.4.1.2.2.2",
    "get": "1.2.840.10008.5.1.4.1.2.2.3",
}
C_STORE, C_GET, C_FIND, C_MOVE, C_ECHO = 0x0001, 0x0010, 0x0020, 0x0021, 0x0030
ANSWER = 0x8000
N_EVENT_REPORT = 0x0100
N_ACTION = 0x0130
MOST_MATCH_BYTES = 1 << 28
PENDING = (0xFF00, 0xFF01)

WORDS = {
    0x0105: "says that an attribute is missing",
    0x0110: "could not process it",
    0x0111: "holds another object of the same number",
    0x0117: "calls the object's number invalid",
    0x0122: "does not offer this service",
    0x0124: "does not allow it",
    0x0210: "saw the same message twice",
    0x0211: "does not know the operation",
    0xA801: "does not know where to send: the AE title is not in its list",
    0xFE00: "stopped as asked",
}
"""Statuses of PS3.7 annex C and PS3.4; ranges are told by `status_words`."""


def status_words(status: int, comment: str = "") -> str:
    """What a status of a partner means, with its own remark."""
    if status in WORDS:
        said = WORDS[status]
    elif status >> 8 == 0xA7:
        said = "is out of room or power"
    elif status >> 8 == 0xA9:
        said = "says that the data do not fit what they claim to be"
    elif status >> 12 == 0xC:
        said = "cannot understand or process it"
    else:
        said = "refuses it"
    remark = "".join(letter for letter in comment if letter.isprintable()).strip()[:80]
    return f"{said} (status {status:04X}{': ' + remark if remark else ''})"


def status_of(message: Message) -> int:
    """The status of an answer, by itself a number whatever the partner sent."""
    value = message.command.get("Status")
    return value if isinstance(value, int) else 0x0110


def refused(association: Association, message: Message) -> NetworkError:
    """The error for an answer that is none of success, warning or pending."""
    comment = str(message.command.get("ErrorComment", "") or "")
    said = status_words(status_of(message), comment)
    if status_of(message) == 0xA801:
        return association.line.failed(said, "Have its administrator add our title, address and port")
    return association.line.failed(said, "Ask the archive's administrator")


def needed(association: Association, abstract: str, what: str) -> Accepted:
    """The agreed context for a service. Raises NetworkError that says which service the partner lacks."""
    context = association.context_for(abstract)
    if context is None:
        raise association.line.failed(f"does not offer {what}", "Ask the archive's administrator, or use another way")
    return context


def request(association: Association, field: int, abstract: str, **more: Any) -> Command:
    """A command of this kind about a SOP class."""
    number = association.next_number()
    return {"AffectedSOPClassUID": abstract, "CommandField": field, "MessageID": number, **more}


def answered(association: Association, within_s: float | None = None) -> Message:
    """The next message. Raises NetworkError when the partner releases instead."""
    message = association.receive(within_s=within_s)
    if message is None:
        raise association.line.failed("ended the conversation instead of answering")
    return message


def echo(association: Association) -> None:
    """C-ECHO: raise NetworkError unless the partner answers that it is there."""
    context = needed(association, VERIFICATION, "an echo")
    association.send(context, request(association, C_ECHO, VERIFICATION))
    message = answered(association)
    if status_of(message) != 0:
        raise refused(association, message)


def identifier(level: str, keys: Mapping[str, str | list[str]]) -> Dataset:
    """The keys of a query at a level: PATIENT, STUDY, SERIES or IMAGE. Text goes as UTF-8."""
    from pydicom.config import IGNORE
    from pydicom.datadict import dictionary_VR, tag_for_keyword
    from pydicom.dataelem import DataElement

    asked = Dataset()
    asked.SpecificCharacterSet = "ISO_IR 192"
    asked.QueryRetrieveLevel = level
    for name, value in keys.items():
        tag = tag_for_keyword(name)
        assert tag is not None
        # what a search may hold (wildcards, ranges) is no value of its kind: the library would warn of it
        asked.add(DataElement(tag, dictionary_VR(tag), value, validation_mode=IGNORE))
    return asked


def encoded(asked: Dataset, context: Accepted) -> bytes:
    """A small data set in the context's transfer syntax."""
    from pydicom.uid import UID
    from pynetdicom import dsutils

    syntax = UID(context.syntax)
    return dsutils.encode(asked, syntax.is_implicit_VR, syntax.is_little_endian, syntax.is_deflated) or b""


def find(association: Association, asked: Dataset, most: int = 100_000) -> Iterator[Dataset]:
    """C-FIND: each match. Raises NetworkError where the partner refuses, lies about the message or never ends."""
    abstract = STUDY_ROOT["find"]
    context = needed(association, abstract, "queries")
    command = request(association, C_FIND, abstract, Priority=0)
    association.send(context, command, encoded(asked, context))
    held = 0
    for _ in range(most):
        message = answered(association)
        held += len(message.data)
        if held > MOST_MATCH_BYTES:
            raise association.line.failed("sends matches without an end", "Ask for less")
        status = status_of(message)
        if message.command.get("MessageIDBeingRespondedTo") != command["MessageID"]:
            raise association.line.failed("answers a question that was not asked")
        if status in PENDING:
            try:
                yield message.dataset()
            except Exception as error:
                # a match may break a reader in any way
                raise association.line.failed("sends a match that cannot be read") from error
            continue
        if status != 0:
            raise refused(association, message)
        return
    raise association.line.failed(f"sends more than {most} matches", "Ask for less")


def store(association: Association, context: Accepted, uid: str, data: bytes | BinaryIO) -> int:
    """C-STORE of one object in the context's transfer syntax: the status, which a warning (B…) may be."""
    command = request(association, C_STORE, context.abstract, Priority=0, AffectedSOPInstanceUID=uid)
    association.send(context, command, data)
    message = answered(association)
    if message.command.get("MessageIDBeingRespondedTo") != command["MessageID"]:
        raise association.line.failed("answers a question that was not asked")
    return status_of(message)


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a partner is with what it was asked to bring, as it says."""

    left: int | None
    done: int
    failed: int
    warned: int

    @classmethod
    def of(cls, message: Message) -> Counts:
        """The counts of an answer to C-GET or C-MOVE; a partner need not tell them."""

        def number(name: str) -> int | None:
            value = message.command.get(name)
            return value if isinstance(value, int) else None

        return cls(
            number("NumberOfRemainingSuboperations"),
            number("NumberOfCompletedSuboperations") or 0,
            number("NumberOfFailedSuboperations") or 0,
            number("NumberOfWarningSuboperations") or 0,
        )


def move(association: Association, asked: Dataset, to: str, told: Callable[[Counts], None]) -> Counts:
    """C-MOVE to an AE title. The partner tells how far it is; raises NetworkError where it refuses."""
    abstract = STUDY_ROOT["move"]
    context = needed(association, abstract, "moving")
    command = request(association, C_MOVE, abstract, Priority=0, MoveDestination=to)
    association.send(context, command, encoded(asked, context))
    while True:
        message = answered(association)
        status = status_of(message)
        counts = Counts.of(message)
        told(counts)
        if status in PENDING:
            continue
        if status != 0 and status >> 12 != 0xB:
            error = refused(association, message)
            if status == 0xA801 or status >> 12 == 0xC:
                # what most archives answer when they know no node of this title
                hint = f"It may not know '{to}': have its administrator add this title, its address and port"
                raise NetworkError(error.what, hint, error.code) from None
            raise error
        return counts


def contexts_for_retrieval() -> tuple[Context, ...]:
    """What a query and a move need."""
    return (Context(STUDY_ROOT["find"], PLAIN), Context(STUDY_ROOT["move"], PLAIN))


def acknowledge(association: Association, message: Message, status: int) -> None:
    """Answer a C-STORE, C-ECHO or N-EVENT-REPORT of the partner."""
    command = message.command
    reply: Command = {
        "AffectedSOPClassUID": command.get("AffectedSOPClassUID", message.context.abstract),
        "CommandField": command["CommandField"] | ANSWER,
        "MessageIDBeingRespondedTo": command.get("MessageID", 0),
        "Status": status,
    }
    if command.get("AffectedSOPInstanceUID"):
        reply["AffectedSOPInstanceUID"] = command["AffectedSOPInstanceUID"]
    if "EventTypeID" in command and command["CommandField"] == N_EVENT_REPORT:
        reply["EventTypeID"] = command["EventTypeID"]
    association.send(message.context, reply)
