"""One association: what both sides agreed to speak of, and messages of a command with its data set (PS3.7 §6.3, §9.3).

Messages are written and read in the caller's thread. pynetdicom encodes the negotiation; its own threads pass each part of a
message on only at every millisecond, so that an image costs 11 to 25 ms however fast the partner is (docs/pacs.md).
"""

from __future__ import annotations

import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from types import TracebackType
from typing import Any, BinaryIO, Protocol

from pydicom.dataset import Dataset
from pydicom.uid import UID, ImplicitVRLittleEndian

from planning.errors import NetworkError
from planning.pacs import wire
from planning.pacs.command import Command, decoded, encoded
from planning.pacs.node import Node, Own
from planning.pacs.wire import Line

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
IMPLEMENTATION_UID = "2.25.214437816284017364520186215703189424587"
IMPLEMENTATION_NAME = "THEATRUM"
MOST_CONTEXTS = 128
NO_DATA = 0x0101
MOST_COMMAND_BYTES = 1 << 16
MOST_IDENTIFIER_BYTES = 1 << 24
BLOCK_BYTES = 1 << 20
FRAGMENT = struct.Struct(">BxLLBB")
COMMAND, LAST = 1, 2


@dataclass(frozen=True, slots=True)
class Context:
    """What one presentation context speaks of: a SOP class, and the transfer syntaxes for it, best first."""

    abstract: str
    syntaxes: tuple[str, ...]
    we_provide: bool = False
    """True where the partner will send objects of this class to us, as in C-GET."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A presentation context that both sides agreed on."""

    number: int
    abstract: str
    syntax: str


class Sink(Protocol):
    """Where a data set goes that is too large to hold."""

    def write(self, part: memoryview, /) -> Any:
        """Take the next bytes of it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A command of the partner, with its data set where that was not taken by a sink."""

    context: Accepted
    command: Command
    data: bytes = b""
    sink: Sink | None = None

    def dataset(self) -> Dataset:
        """The data set. Raises ValueError and others for what cannot be read."""
        from pynetdicom import dsutils

        syntax = UID(self.context.syntax)
        data = self.data
        if syntax.is_deflated:
            unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
            data = unpacking.decompress(data, MOST_IDENTIFIER_BYTES)
            if unpacking.unconsumed_tail:
                raise ValueError("a data set that unpacks to more than any answer needs")
        plain = dsutils.decode(BytesIO(data), syntax.is_implicit_VR, syntax.is_little_endian)
        # elements are read when asked for: what cannot be read is to be found here
        plain.decode()
        return plain


@dataclass(slots=True)
class Association:
    """Agreed contexts on a line. Leave it by `with`: it is released, or aborted when something went wrong."""

    line: Line
    contexts: Mapping[int, Accepted]
    their_pdu_bytes: int
    calling: str = ""
    over: bool = False
    _number: int = 0
    _pending: deque[tuple[int, int, memoryview]] = field(default_factory=deque)

    def __enter__(self) -> Association:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self.line, suppress(NetworkError):
            if self.over:
                return
            if kind is None:
                self._release()
            else:
                self.line.write(wire.HEADER.pack(wire.ABORT, 4) + b"\0\0\0\0")

    def next_number(self) -> int:
        """The number of the next request."""
        self._number = self._number % 0xFFFF + 1
        return self._number

    def context_for(self, abstract: str, syntax: str | None = None) -> Accepted | None:
        """An agreed context of this class (and transfer syntax), or None."""
        for context in self.contexts.values():
            if context.abstract == abstract and syntax in (None, context.syntax):
                return context
        return None

    def send(self, context: Accepted, command: Command, data: bytes | BinaryIO | None = None) -> None:
        """A command, and its data set as bytes or as the rest of a file, in the context's transfer syntax."""
        block = bytearray()
        told = {**command, "CommandDataSetType": NO_DATA if data is None else 0x0001}
        self._put(block, context, COMMAND | LAST, encoded(told))
        if data is None:
            self.line.write(block)
            return
        source = BytesIO(data) if isinstance(data, bytes) else data
        room = self._room()
        part = source.read(room)
        while True:
            following = source.read(room)
            self._put(block, context, 0 if following else LAST, part)
            if len(block) >= BLOCK_BYTES or not following:
                self.line.write(block)
                block.clear()
            if not following:
                return
            part = following

    def _room(self) -> int:
        # the partner's limit holds for all but the PDU's own six bytes; 0 is no limit
        limit = self.their_pdu_bytes or wire.OWN_PDU_BYTES
        return max(min(limit, wire.OWN_PDU_BYTES) - 6, 64)

    def _put(self, block: bytearray, context: Accepted, kind: int, part: bytes) -> None:
        block += FRAGMENT.pack(wire.P_DATA, len(part) + 6, len(part) + 2, context.number, kind)
        block += part

    def receive(
        self, sink: Callable[[Accepted, Command], Sink | None] | None = None, within_s: float | None = None
    ) -> Message | None:
        """The partner's next message; None when it releases the association.

        sink: asked, once a command is whole, where its data set should go; None for one that is held in memory.
        """
        raw = bytearray()
        command: Command | None = None
        context: Accepted | None = None
        taker: Sink | None = None
        held = bytearray()
        while True:
            fragment = self._fragment(within_s)
            if fragment is None:
                return None
            number, kind, part = fragment
            if context is None:
                context = self.contexts.get(number)
            if context is None or context.number != number or bool(kind & COMMAND) is (command is not None):
                raise self.line.failed("sends parts of messages that do not belong together")
            if command is None:
                raw += part
                if len(raw) > MOST_COMMAND_BYTES:
                    raise self.line.failed("sends a command without an end")
                if not kind & LAST:
                    continue
                command = self._decoded(bytes(raw))
                if command.get("CommandDataSetType", NO_DATA) == NO_DATA:
                    return Message(context, command)
                taker = sink(context, command) if sink else None
                continue
            if taker is not None:
                taker.write(part)
            else:
                held += part
                if len(held) > MOST_IDENTIFIER_BYTES:
                    raise self.line.failed("sends an answer without an end")
            if kind & LAST:
                return Message(context, command, bytes(held), taker)

    def _decoded(self, raw: bytes) -> Command:
        try:
            return decoded(raw)
        except ValueError as error:
            raise self.line.failed("sends a command that cannot be read") from error

    def _fragment(self, within_s: float | None) -> tuple[int, int, memoryview] | None:
        while not self._pending:
            kind, content = self.line.read(within_s)
            if kind == wire.RELEASE_RQ:
                self.over = True
                with suppress(NetworkError):
                    self.line.write(wire.HEADER.pack(wire.RELEASE_RP, 4) + b"\0\0\0\0")
                return None
            if kind != wire.P_DATA:
                self.over = True
                raise self.line.failed("broke off the conversation")
            at = 0
            if not len(content):
                # nothing, again and again, would keep a line busy for ever
                raise self.line.failed("sends parts of messages with wrong lengths")
            while at < len(content):
                if len(content) - at < 6:
                    raise self.line.failed("sends parts of messages with wrong lengths")
                length, number, flags = struct.unpack_from(">LBB", content, at)
                if not 2 <= length <= len(content) - at - 4:
                    raise self.line.failed("sends parts of messages with wrong lengths")
                self._pending.append((number, flags, content[at + 6 : at + 4 + length]))
                at += 4 + length
        return self._pending.popleft()

    def _release(self) -> None:
        self.line.write(wire.HEADER.pack(wire.RELEASE_RQ, 4) + b"\0\0\0\0")
        for _ in range(64):
            kind, _ = self.line.read(min(5.0, self.line.answer_s))
            if kind in (wire.RELEASE_RP, wire.ABORT):
                return


REJECTED = {
    (1, 1): "gives no reason",
    (1, 2): "does not know the application context",
    (1, 3): "does not know our AE title",
    (1, 7): "does not know the AE title that it was called by",
    (2, 1): "gives no reason",
    (2, 2): "speaks another protocol version",
    (3, 1): "is busy for the moment",
    (3, 2): "has no more room for connections",
}


def associate(node: Node, own: Own, contexts: Sequence[Context], answer_s: float = wire.ANSWER_S) -> Association:
    """An association with the node, about what it agrees to among the contexts. Raises NetworkError, with its reason."""
    from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RJ, A_ASSOCIATE_RQ

    line = wire.connected(node, answer_s)
    try:
        request = A_ASSOCIATE_RQ()
        request.from_primitive(_request(node.title, own.title, contexts))
        line.write(request.encode())
        kind, content = line.read()
        whole = wire.HEADER.pack(kind, len(content)) + bytes(content)
        if kind == wire.ASSOCIATE_RJ:
            refusal = A_ASSOCIATE_RJ()
            refusal.decode(whole)
            why = REJECTED.get((refusal.source, refusal.reason_diagnostic), "gives no reason that is known")
            raise line.failed(f"refuses to talk to us and {why}", f"We are '{own.title}', it is called '{node.title}'")
        if kind != wire.ASSOCIATE_AC:
            raise line.failed("refuses to talk to us", "Check the port and whether it must be a secured one")
        answer = A_ASSOCIATE_AC()
        try:
            answer.decode(whole)
            primitive = answer.to_primitive()
            # in an answer the abstract syntax is not repeated: it is found by its number
            accepted = {
                one.context_id: Accepted(
                    one.context_id, contexts[(one.context_id - 1) // 2].abstract, str(one.transfer_syntax[0])
                )
                for one in primitive.presentation_context_definition_results_list
                if one.result == 0
                # of a context that is answered in another way than was asked nothing can be read
                and str(one.transfer_syntax[0]) in contexts[(one.context_id - 1) // 2].syntaxes
            }
            longest = primitive.maximum_length_received or 0
        except Exception as error:
            raise line.failed("answers with what cannot be read") from error
        return Association(line, accepted, longest)
    except BaseException:
        with line:
            pass
        raise


def _request(called: str, calling: str, contexts: Sequence[Context]) -> Any:
    from pynetdicom.pdu_primitives import A_ASSOCIATE
    from pynetdicom.presentation import build_context

    primitive = A_ASSOCIATE()
    primitive.application_context_name = UID(APPLICATION_CONTEXT)
    primitive.calling_ae_title, primitive.called_ae_title = calling, called
    proposed = []
    for place, context in enumerate(contexts[:MOST_CONTEXTS]):
        built = build_context(context.abstract, list(context.syntaxes))
        built.context_id = 2 * place + 1
        proposed.append(built)
    primitive.presentation_context_definition_list = proposed
    primitive.user_information = _about_us(one.abstract for one in contexts if one.we_provide)
    return primitive


def _about_us(provided: Iterable[str] = ()) -> list[Any]:
    from pynetdicom.pdu_primitives import (
        ImplementationClassUIDNotification,
        ImplementationVersionNameNotification,
        MaximumLengthNotification,
        SCP_SCU_RoleSelectionNegotiation,
    )

    longest, identity, version = (
        MaximumLengthNotification(),
        ImplementationClassUIDNotification(),
        ImplementationVersionNameNotification(),
    )
    longest.maximum_length_received = wire.OWN_PDU_BYTES
    identity.implementation_class_uid = UID(IMPLEMENTATION_UID)
    version.implementation_version_name = IMPLEMENTATION_NAME
    roles = []
    for abstract in dict.fromkeys(provided):
        role = SCP_SCU_RoleSelectionNegotiation()
        role.sop_class_uid, role.scu_role, role.scp_role = UID(abstract), False, True
        roles.append(role)
    return [longest, identity, version, *roles]


def accepted_from(
    line: Line,
    own: Own,
    choose: Callable[[str, Sequence[str]], str | None],
    allowed: frozenset[str] = frozenset(),
    within_s: float | None = None,
) -> Association | None:
    """The association that a partner asks for on a line it opened; None when it is refused.

    choose: the transfer syntax for a SOP class among those offered, None to refuse the class. allowed: AE titles that may
    call; empty for any. within_s: the time to ask in.
    """
    from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RJ, A_ASSOCIATE_RQ
    from pynetdicom.pdu_primitives import A_ASSOCIATE
    from pynetdicom.presentation import PresentationContext

    kind, content = line.read(within_s)
    if kind != wire.ASSOCIATE_RQ:
        raise line.failed("does not ask for an association")
    request = A_ASSOCIATE_RQ()
    try:
        request.decode(wire.HEADER.pack(kind, len(content)) + bytes(content))
        asked = request.to_primitive()
        calling, called = asked.calling_ae_title.strip(), asked.called_ae_title.strip()
        offers = [
            (one.context_id, str(one.abstract_syntax), [str(syntax) for syntax in one.transfer_syntax])
            for one in asked.presentation_context_definition_list
        ]
        their_pdu_bytes = asked.maximum_length_received or 0
        roles = [item for item in asked.user_information if type(item).__name__ == "SCP_SCU_RoleSelectionNegotiation"]
    except Exception as error:
        raise line.failed("asks for an association in a way that cannot be read") from error
    reason = 7 if called != own.title else 3 if allowed and calling not in allowed else None
    if reason is not None:
        refusal = A_ASSOCIATE_RJ()
        refusal.result, refusal.source, refusal.reason_diagnostic = 1, 1, reason
        line.write(refusal.encode())
        return None
    accepted, results = {}, []
    for number, abstract, syntaxes in offers:
        chosen = choose(abstract, syntaxes)
        result = PresentationContext()
        result.context_id = number
        result.result = 0 if chosen else 3
        result.transfer_syntax = [UID(chosen or ImplicitVRLittleEndian)]
        results.append(result)
        if chosen:
            accepted[number] = Accepted(number, abstract, chosen)
    answer = A_ASSOCIATE()
    answer.application_context_name = UID(APPLICATION_CONTEXT)
    answer.calling_ae_title, answer.called_ae_title = calling or "UNKNOWN", called
    answer.result, answer.result_source = 0, 1
    answer.presentation_context_definition_results_list = results
    answer.user_information = [*_about_us(), *roles]
    reply = A_ASSOCIATE_AC()
    reply.from_primitive(answer)
    line.write(reply.encode())
    return Association(line, accepted, their_pdu_bytes, calling)
