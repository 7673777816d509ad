"""The line to navigation systems: some partners at once, plans out, tools in. All is done in `step`, in the caller's thread."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

from planning.errors import InputError, NetworkError
from planning.navigation.messages import Message, pose_of, take_message
from planning.navigation.tools import MOST_TOOLS, Tools

PORT = 18944
LOOPBACK = "127.0.0.1"
MOST_PARTNERS = 8
CONNECT_S, SEND_S = 5.0, 2.0
READ_BYTES = 1 << 16


@dataclass(slots=True)
class Link:
    """Shows a plan to every partner and takes places of tools. Use it by `with`; listens unless it connects."""

    plan: Sequence[Message] = ()
    address: str = LOOPBACK
    port: int = PORT
    connect: bool = False
    """Go to a partner that listens at `address` instead of listening there."""
    clock: Callable[[], float] = time.monotonic
    tools: Tools = field(default_factory=Tools)
    partners: int = 0
    received: int = 0
    faults: list[str] = field(default_factory=list)
    """What went wrong with partners, newest last, a hundred at most."""
    _server: socket.socket | None = None
    _lines: dict[socket.socket, tuple[str, bytearray]] = field(default_factory=dict)

    def __enter__(self) -> Link:
        if self.connect:
            try:
                line = socket.create_connection((self.address, self.port), CONNECT_S)
            except (OSError, UnicodeError) as error:
                # a part of a name that is empty or longer than 63 letters is asked of nobody
                said = "no such name" if isinstance(error, UnicodeError) else error.strerror or "no answer"
                raise NetworkError(
                    f"{self.address}:{self.port} cannot be reached ({said})",
                    "Start the navigation system first",
                    "network",
                ) from error
            self._greet(line, f"{self.address}:{self.port}")
            return self
        try:
            self._server = socket.create_server((self.address or LOOPBACK, self.port), backlog=MOST_PARTNERS)
        except OSError as error:
            raise InputError(
                f"Nothing can be received at {self.address}:{self.port} ({error.strerror or error})",
                "Choose another port, or end the program that has it",
                "port",
            ) from error
        self.port = self._server.getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for line in [*self._lines, *([self._server] if self._server else [])]:
            with suppress(OSError):
                line.close()
        self._lines.clear()

    @property
    def is_alone(self) -> bool:
        """True where nobody is on the line."""
        return not self._lines

    def step(self, within_s: float = 0.05) -> None:
        """Take what has come, waiting so long for the first of it."""
        heard = [*self._lines, *([self._server] if self._server else [])]
        if not heard:
            time.sleep(within_s)
            return
        for line in select.select(heard, [], [], within_s)[0]:
            if line is self._server:
                self._accept()
            else:
                self._read(line)

    def _accept(self) -> None:
        assert self._server is not None
        with suppress(OSError):
            line, (host, port, *_) = self._server.accept()
            if len(self._lines) >= MOST_PARTNERS:
                line.close()
                self._fault(f"{host}:{port} was turned away: {MOST_PARTNERS} partners are connected already")
                return
            self._greet(line, f"{host}:{port}")

    def _greet(self, line: socket.socket, partner: str) -> None:
        line.settimeout(SEND_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines[line] = partner, bytearray()
        self.partners += 1
        try:
            for message in self.plan:
                line.sendall(message.packed(time.time()))
        except OSError:
            self._leave(line, f"{partner} does not take the plan")

    def _read(self, line: socket.socket) -> None:
        partner, held = self._lines[line]
        try:
            came = line.recv(READ_BYTES)
        except OSError:
            came = b""
        if not came:
            self._leave(line, f"{partner} ended the connection")
            return
        held += came
        try:
            while (message := take_message(held, partner)) is not None:
                self.received += 1
                pose = pose_of(message)
                if pose is not None and not self.tools.came(
                    message.device, pose, self.clock(), message.stamp, partner=partner
                ):
                    self._left_out(partner)
        except NetworkError as error:
            self._leave(line, error.what)

    def _leave(self, line: socket.socket, why: str) -> None:
        partner, _ = self._lines.pop(line, ("", None))
        self.tools.left(partner)
        with suppress(OSError):
            line.close()
        self.faults = [*self.faults[-99:], why]

    def _left_out(self, partner: str) -> None:
        """Said once of each partner, for it goes on telling."""
        why = f"{partner} tells of a tool more than the {MOST_TOOLS} that are kept: it is left out"
        if why not in self.faults:
            self._fault(why)

    def _fault(self, why: str) -> None:
        self.faults = [*self.faults[-99:], why]
