"""Storage commitment asked of us (PS3.4 annex J): which of the objects that a partner names lie here, on the disk and whole.

The answer goes on the line that asked; where the partner has left it, on a new one to the partner's known address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset

from planning.errors import NetworkError
from planning.pacs.association import Accepted, Association, Context, Message, associate
from planning.pacs.command import Command
from planning.pacs.intake import Intake
from planning.pacs.node import Node, Own
from planning.pacs.services import (
    ANSWER,
    COMMITMENT,
    COMMITMENT_INSTANCE,
    N_EVENT_REPORT,
    PLAIN,
    answered,
    encoded,
    needed,
    refused,
    request,
    status_of,
)

ALL_KEPT, SOME_FAILED = 1, 2
ASK = 1
NO_SUCH_OBJECT, OTHER_CLASS = 0x0112, 0x0119
INVALID, NO_SUCH_ACTION = 0x0115, 0x0123
ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Word:
    """Our word on what a partner asked for: the event's number and its data set."""

    event: int
    what: Dataset


def asked_word(message: Message, intake: Intake) -> tuple[int, Word | None]:
    """The status for an N-ACTION, and our word where it is a question that can be answered."""
    if message.command.get("ActionTypeID") != ASK:
        return NO_SUCH_ACTION, None
    try:
        asked = message.dataset()
        transaction = str(asked.TransactionUID)
        named = [
            (str(one.ReferencedSOPClassUID), str(one.ReferencedSOPInstanceUID)) for one in asked.ReferencedSOPSequence
        ]
    except Exception:
        # what a partner sends may break a reader in any way
        return INVALID, None
    intake.settle()
    kept: list[Dataset] = []
    failed: list[Dataset] = []
    for abstract, uid in named:
        row = Dataset()
        row.ReferencedSOPClassUID, row.ReferencedSOPInstanceUID = abstract, uid
        lies = intake.class_of(uid)
        if lies != abstract:
            row.FailureReason = NO_SUCH_OBJECT if lies is None else OTHER_CLASS
        (kept if lies == abstract else failed).append(row)
    what = Dataset()
    what.TransactionUID = transaction
    if kept:
        what.ReferencedSOPSequence = kept
    if failed:
        what.FailedSOPSequence = failed
    return 0, Word(SOME_FAILED if failed else ALL_KEPT, what)


def told_status(association: Association, message: Message, status: int) -> None:
    """Answer the N-ACTION itself."""
    reply: Command = {
        "AffectedSOPClassUID": COMMITMENT,
        "AffectedSOPInstanceUID": COMMITMENT_INSTANCE,
        "CommandField": message.command["CommandField"] | ANSWER,
        "MessageIDBeingRespondedTo": message.command.get("MessageID", 0),
        "Status": status,
    }
    if "ActionTypeID" in message.command:
        reply["ActionTypeID"] = message.command["ActionTypeID"]
    association.send(message.context, reply)


def give_word(association: Association, context: Accepted, word: Word) -> int:
    """Send our word; the number of the message, which the partner answers."""
    more: dict[str, Any] = {"AffectedSOPInstanceUID": COMMITMENT_INSTANCE, "EventTypeID": word.event}
    command = request(association, N_EVENT_REPORT, COMMITMENT, **more)
    association.send(context, command, encoded(word.what, context))
    return int(command["MessageID"])


def give_word_anew(node: Node, own: Own, word: Word) -> None:
    """Send our word on a line of its own. Raises NetworkError."""
    with associate(node, own, [Context(COMMITMENT, PLAIN, we_provide=True)], ANSWER_S) as association:
        give_word(association, needed(association, COMMITMENT, "answers to storage commitment"), word)
        message = answered(association)
        if message.command.get("CommandField") != N_EVENT_REPORT | ANSWER:
            raise NetworkError(f"{node.name} does not answer what it is told", "Ask its administrator", "network")
        if status_of(message) != 0:
            raise refused(association, message)
