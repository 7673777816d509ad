"""Storage commitment: an archive's word that it keeps what it was sent (PS3.4 annex J). Its answer may come on a new line."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from planning.errors import NetworkError
from planning.pacs.association import Context, associate
from planning.pacs.command import Command
from planning.pacs.intake import Intake
from planning.pacs.listen import Listener, Report
from planning.pacs.node import Node, Own
from planning.pacs.services import (
    COMMITMENT,
    COMMITMENT_INSTANCE,
    N_ACTION,
    N_EVENT_REPORT,
    PLAIN,
    acknowledge,
    encoded,
    needed,
    refused,
    status_of,
)
from planning.progress import CancelToken

ALL_KEPT = 1


@dataclass(frozen=True, slots=True)
class Committed:
    """How many objects the archive answers for, and which it does not, by SOP Instance UID."""

    kept: int
    failed: tuple[str, ...]


def commit(
    node: Node,
    own: Own,
    objects: Sequence[tuple[str, str]],
    within_s: float = 60.0,
    cancel: CancelToken | None = None,
    answer_s: float = 30.0,
    listener: Listener | None = None,
) -> Committed:
    """Ask whether the archive keeps these (SOP class, SOP instance), and wait for its answer at our port.

    listener: one that holds our port already; its own `report` comes back afterwards.
    Raises NetworkError where it does not offer this, refuses, or does not answer in time; Cancelled.
    """
    answer: list[tuple[int, Dataset]] = []
    came = threading.Event()
    asked = Dataset()
    asked.TransactionUID = generate_uid(prefix=None)
    asked.ReferencedSOPSequence = [_reference(*one) for one in objects]

    def reported(event: int, what: Dataset) -> None:
        if what.get("TransactionUID") == asked.TransactionUID:
            answer.append((event, what))
            came.set()

    with _hearing(own, reported, listener):
        with associate(node, own, [Context(COMMITMENT, PLAIN)], answer_s) as association:
            context = needed(association, COMMITMENT, "storage commitment")
            command: Command = {
                "RequestedSOPClassUID": COMMITMENT,
                "RequestedSOPInstanceUID": COMMITMENT_INSTANCE,
                "CommandField": N_ACTION,
                "MessageID": association.next_number(),
                "ActionTypeID": 1,
            }
            association.send(context, command, encoded(asked, context))
            while True:
                message = association.receive()
                if message is None:
                    raise association.line.failed("ended the conversation instead of answering")
                if message.command.get("CommandField") == N_EVENT_REPORT:
                    acknowledge(association, message, 0)
                    reported(int(message.command.get("EventTypeID") or 0), message.dataset())
                    continue
                if status_of(message) != 0:
                    raise refused(association, message)
                break
        until = time.monotonic() + within_s
        while not came.wait(0.1):
            if cancel is not None:
                cancel.raise_if_set()
            if time.monotonic() > until:
                raise NetworkError(
                    f"{node.name} did not answer for what it was sent within {within_s:g} s",
                    f"Have its administrator add '{own.title}' with this computer's address and port {own.port}",
                    "network",
                )
    event, what = answer[0]
    failed = tuple(str(one.get("ReferencedSOPInstanceUID", "")) for one in what.get("FailedSOPSequence") or ())
    if event != ALL_KEPT and not failed:
        failed = tuple(uid for _, uid in objects)
    return Committed(len(objects) - len(failed), failed)


@contextmanager
def _hearing(own: Own, reported: Report, listener: Listener | None) -> Iterator[None]:
    """Somebody listens at our port and tells of the archive's answer."""
    if listener is None:
        with TemporaryDirectory() as nowhere, Listener(own, Intake(Path(nowhere)), report=reported):
            yield
        return
    before, listener.report = listener.report, reported
    try:
        yield
    finally:
        listener.report = before


def _reference(abstract: str, uid: str) -> Dataset:
    one = Dataset()
    one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = abstract, uid
    return one
