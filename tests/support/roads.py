"""A road to a port that tests lay between two partners: it counts what goes over it, breaks, and may be secured."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cut_once(
    target: int, after_bytes: int, secure: ssl.SSLContext | None = None, *, backwards: bool = False
) -> Iterator[tuple[int, list[int]]]:
    """A road to a port that breaks once, after so many bytes in all, and what went over it: counted by connection.

    secure: its near end asks for a certificate. backwards: what comes from the port is counted, not what goes there.
    """
    server = socket.create_server(("127.0.0.1", 0))
    counted: list[int] = []
    state = {"cut": False}

    def carry(source: socket.socket, sink: socket.socket, number: int | None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if number is not None:
                    counted[number] += len(data)
                    if not state["cut"] and sum(counted) > after_bytes:
                        state["cut"] = True
                        break
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = server.accept()
                if secure is not None:
                    try:
                        link = secure.wrap_socket(link, server_side=True)
                    except OSError:
                        continue
                there = socket.create_connection(("127.0.0.1", target))
                counted.append(0)
                number = len(counted) - 1
                for source, sink, is_back in ((link, there, False), (there, link, True)):
                    way = source, sink, number if is_back is backwards else None
                    threading.Thread(target=carry, args=way, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1], counted
    finally:
        server.close()
