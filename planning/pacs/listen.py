"""A receiving node: this program as a place that archives and scanners send to. Off until it is switched on."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType

from pydicom.dataset import Dataset
from pydicom.uid import UID, AllTransferSyntaxes

from planning.errors import InputError, NetworkError
from planning.pacs.answering import Word, asked_word, give_word, give_word_anew, told_status
from planning.pacs.association import Accepted, Association, Message, accepted_from
from planning.pacs.command import Command
from planning.pacs.intake import Incoming, Intake
from planning.pacs.node import LOOPBACK, Node, Own, place
from planning.pacs.services import (
    ANSWER,
    C_ECHO,
    C_STORE,
    COMMITMENT,
    N_ACTION,
    N_EVENT_REPORT,
    VERIFICATION,
    acknowledge,
)
from planning.pacs.wire import Line

MOST_LINES = 16
IDLE_S = 60.0
ASK_S = 10.0
"""Who connects and asks for nothing holds a line no longer (the ARTIM timer of PS3.8 §9.1.5)."""
STORAGE = "1.2.840.10008.5.1.4."
NOT_SUPPORTED = 0x0211
Arrival = Callable[[Incoming, int], None]
Report = Callable[[int, Dataset], None]


@dataclass(slots=True)
class Listener:
    """Takes objects into an intake while it is open. Use it by `with`; `port` tells where it listens."""

    own: Own
    intake: Intake
    allowed: frozenset[str] = frozenset()
    """AE titles that may call; empty for any that can reach the address."""
    arrival: Arrival = lambda incoming, status: None
    """Told of every object once it lies at its place or is refused, in the thread that put it there."""
    report: Report = lambda event, what: None
    """Told of a storage commitment: event 1 all kept, 2 some failed; with the data set."""
    partners: tuple[Node, ...] = ()
    """Who may ask for our word on what lies here and leave before it is given: it is brought to them, by their AE title."""
    idle_s: float = IDLE_S
    port: int = 0
    faults: list[str] = field(default_factory=list)
    """What went wrong with single lines, newest last, a hundred at most."""
    _server: socket.socket | None = None
    _secure: ssl.SSLContext | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _lines: dict[threading.Thread, socket.socket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Listener:
        self._secure = self.own.tls.server() if self.own.tls is not None else None
        try:
            self._server = socket.create_server((self.own.address or LOOPBACK, self.own.port), backlog=MOST_LINES)
        except OSError as error:
            raise InputError(
                f"Nothing can be received at {place(self.own.address, self.own.port)} ({error.strerror or error})",
                "Choose another port, or end the program that has it",
                "port",
            ) from error
        self._server.settimeout(0.2)
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="receiving node", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            lines = dict(self._lines)
        for thread, link in lines.items():
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            thread.join(5.0)
        if self._server is not None:
            self._server.close()
        self.intake.close()

    def _serve(self) -> None:
        assert self._server is not None
        while not self._stop.is_set():
            try:
                link, address = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with self._lock:
                full = len(self._lines) >= MOST_LINES
                if not full:
                    thread = threading.Thread(
                        target=self._line, args=(link, address[0]), name="received line", daemon=True
                    )
                    self._lines[thread] = link
            if full:
                link.close()
                self._fault(f"{address[0]} was turned away: {MOST_LINES} partners are connected already")
                continue
            thread.start()

    def _line(self, link: socket.socket, partner: str) -> None:
        try:
            if self._secure is not None:
                link.settimeout(10.0)
                link = self._secure.wrap_socket(link, server_side=True)
                with self._lock:
                    self._lines[threading.current_thread()] = link
            line = Line(link, partner, self.idle_s)
            association = accepted_from(line, self.own, _choice, self.allowed, min(ASK_S, self.idle_s))
            if association is None:
                self._fault(f"{partner} was turned away: it called another AE title, or its own is not allowed")
                line.__exit__(None, None, None)
                return
            with association:
                self._talk(association)
        except NetworkError as error:
            self._fault(error.what)
        except (OSError, InputError) as error:
            self._fault(f"{partner}: {error}")
        finally:
            with suppress(OSError):
                link.close()
            with self._lock:
                self._lines.pop(threading.current_thread(), None)

    def _talk(self, association: Association) -> None:
        begun: list[Incoming] = []
        words: dict[int, Word] = {}

        def sink(context: Accepted, command: Command) -> Incoming | None:
            if command.get("CommandField") != C_STORE:
                return None
            begun.append(self.intake.open(context, command))
            return begun[-1]

        try:
            while (message := association.receive(sink)) is not None:
                field_ = message.command.get("CommandField")
                if isinstance(message.sink, Incoming):
                    begun.clear()
                    status = self.intake.finish(message.sink, partial(self.arrival, message.sink))
                    acknowledge(association, message, status)
                elif field_ == C_ECHO:
                    acknowledge(association, message, 0)
                elif field_ == N_EVENT_REPORT:
                    acknowledge(association, message, self._reported(message.command, message.dataset))
                elif field_ == N_ACTION and message.context.abstract == COMMITMENT:
                    self._asked(association, message, words)
                elif field_ == N_EVENT_REPORT | ANSWER:
                    words.pop(message.command.get("MessageIDBeingRespondedTo", 0), None)
                elif isinstance(field_, int) and not field_ & ANSWER:
                    acknowledge(association, message, NOT_SUPPORTED)
        finally:
            for incoming in begun:
                self.intake.drop(incoming)
            for word in words.values():
                self._bring(association.calling, word)

    def _asked(self, association: Association, message: Message, words: dict[int, Word]) -> None:
        status, word = asked_word(message, self.intake)
        told_status(association, message, status)
        if word is None:
            return
        # a partner that leaves the line has not heard it until it says so
        words[0] = word
        words[give_word(association, message.context, word)] = word
        del words[0]

    def _bring(self, calling: str, word: Word) -> None:
        """To one that left the line before it answered."""
        partner = next((node for node in self.partners if node.title == calling), None)
        if partner is None:
            self._fault(f"{calling} asked for our word on what lies here and left; no archive of this title is known")
            return
        try:
            give_word_anew(partner, self.own, word)
        except NetworkError as error:
            self._fault(error.what)

    def _reported(self, command: Command, dataset: Callable[[], Dataset]) -> int:
        try:
            what = dataset()
        except Exception:
            # what a partner sends may break a reader in any way
            return 0x0110
        self.report(int(command.get("EventTypeID") or 0), what)
        return 0

    def _fault(self, what: str) -> None:
        with self._lock:
            self.faults = [*self.faults[-99:], what]


def _choice(abstract: str, syntaxes: Sequence[str]) -> str | None:
    """The first known transfer syntax of a storage class, an echo or a storage commitment; None refuses the class."""
    if not (abstract in (VERIFICATION, COMMITMENT) or abstract.startswith(STORAGE) or UID(abstract).is_private):
        return None
    if abstract.startswith("1.2.840.10008.5.1.4.1.2."):
        # queries and retrievals: this node only receives
        return None
    return next((syntax for syntax in syntaxes if syntax in AllTransferSyntaxes), None)
