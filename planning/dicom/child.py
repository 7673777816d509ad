"""The disposable child: untrusted files are read in a process of their own, with limits on memory, time and files.

A child that dies takes nothing with it: the parent says which file it was reading, leaves that file out, and goes on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from planning.dicom.model import ReadRequest
from planning.errors import Cancelled, DicomError, GeometryError, InputError
from planning.progress import CancelToken

MEMORY_BYTES = 24 << 30
CPU_SECONDS = 900
SILENT_SECONDS = 60.0
MOST_CRASHES = 8


def _child_main(connection: Connection, request: ReadRequest) -> None:
    _set_limits()
    # decoders write to the terminal while they probe, and what they write may name a file
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from planning.dicom.worker import read_study

    # a message for each of thousands of files or slices would cost more than the reading: gather them
    waiting: list[tuple[Any, ...]] = []
    last = [0.0]

    def send(message: tuple[Any, ...]) -> None:
        waiting.append(message)
        now = time.monotonic()
        if message[0] not in ("ready",) or now - last[0] > 0.01:
            connection.send(list(waiting))
            waiting.clear()
            last[0] = now

    try:
        read_study(request, send, connection.recv)
    except InputError as error:
        send(("refused", type(error).__name__, error.what, error.hint, error.code))
    except MemoryError:
        send(
            (
                "refused",
                "DicomError",
                "Reading this scan needs more memory than is allowed",
                "Choose a smaller series",
                "memory",
            )
        )
    send(("end",))
    # what is shared lives as long as this process: the parent ends it
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.recv()


def _set_limits() -> None:
    try:
        import resource
    except ImportError:
        # no such limits on this system; the parent's clock still holds
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard))


def run_child(
    request: ReadRequest,
    receive: Callable[[tuple[Any, ...]], None],
    cancel: CancelToken | None,
    started: Callable[[Callable[[], None]], None] | None = None,
) -> None:
    """Run a request, giving every message to `receive`; a file that kills the child is left out and said.

    `started` is given a function, callable from any thread, by which a block of voxels is given back. Raises InputError
    as the child found it, Cancelled when asked to stop.
    """
    for _ in range(MOST_CRASHES):
        last_file = _run_once(request, receive, cancel, started)
        if last_file is None:
            return
        skipped = (*request.skip, (last_file, "reading it stopped the reader; the file is damaged or hostile"))
        request = replace(request, skip=skipped)
    raise DicomError("Too many of these files stop the reader", "Ask for a new copy of the scan", "not_decodable")


def _run_once(
    request: ReadRequest,
    receive: Callable[[tuple[Any, ...]], None],
    cancel: CancelToken | None,
    started: Callable[[Callable[[], None]], None] | None,
) -> int | None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child_main, args=(theirs, request), daemon=True)
    with _interrupts_held():
        process.start()
    theirs.close()
    if started is not None:
        giving_back = threading.Lock()

        def give_back() -> None:
            with giving_back, contextlib.suppress(OSError):
                ours.send(None)

        started(give_back)
    last_file, decoding, heard = -1, False, time.monotonic()
    try:
        while True:
            if cancel is not None and cancel.is_set:
                raise Cancelled("stopped")
            if not ours.poll(0.05):
                if time.monotonic() - heard > SILENT_SECONDS:
                    break
                continue
            try:
                messages = ours.recv()
            except EOFError:
                break
            heard = time.monotonic()
            for message in messages:
                if message[0] in ("file", "decoding"):
                    last_file = message[1]
                decoding = decoding or message[0] in ("scanned", "layout")
                if message[0] == "end":
                    return None
                if message[0] == "refused":
                    _raise(message)
                receive(message)
    finally:
        process.kill()
        process.join()
        ours.close()
    if decoding or last_file < 0:
        raise DicomError(
            "The pixels of this series cannot be decoded", "Ask for a new copy of the scan", "not_decodable"
        )
    return last_file


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal; a child started with it held leaves the answer to its parent."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _raise(message: tuple[Any, ...]) -> None:
    kinds: dict[str, type[InputError]] = {"DicomError": DicomError, "GeometryError": GeometryError}
    raise kinds.get(message[1], InputError)(message[2], message[3], message[4])
