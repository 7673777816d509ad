"""The disposable child: untrusted files are read in a process of their own, with limits on memory, time and files.

A child that dies takes nothing with it: the parent says which file it was reading, leaves that file out, and goes on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from planning.errors import Cancelled, DicomError, GeometryError, InputError
from planning.first_to_go import be_first_to_go
from planning.interrupts import interrupts_held
from planning.progress import CancelToken

if TYPE_CHECKING:
    from planning.dicom.model import ReadRequest

MEMORY_BYTES = 24 << 30
CPU_SECONDS = 900
SILENT_SECONDS = 60.0
MOST_CRASHES = 8
GATHERED_SECONDS = 0.03
ENDING_SECONDS = 2.0
KILLED = 9

_ready: list[tuple[BaseProcess, Connection]] = []
_ready_lock = threading.Lock()


def prepare() -> None:
    """Start a child ahead of its request, so that it is there when the request comes. Cheap; call it early."""
    child = _start()
    with _ready_lock:
        _ready.append(child)


def _start() -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child_main, args=(theirs,), daemon=True)
    with interrupts_held():
        process.start()
    theirs.close()
    return process, ours


def _take() -> tuple[BaseProcess, Connection]:
    with _ready_lock:
        while _ready:
            process, connection = _ready.pop()
            if process.is_alive():
                return process, connection
    return _start()


def _child_main(connection: Connection) -> None:
    _set_limits()
    # decoders write to the terminal while they probe, and what they write may name a file
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from planning.dicom import build, worker  # noqa: F401 - what most requests need, loaded before one comes

    try:
        request = connection.recv()
    except (EOFError, OSError):
        return
    # a message for each of thousands of files or slices would cost more than the reading: gather them
    waiting: list[tuple[Any, ...]] = []
    last = [time.monotonic()]

    def send(message: tuple[Any, ...]) -> None:
        waiting.append(message)
        now = time.monotonic()
        may_wait = message[0] == "ready" or (message[0] in ("file", "decoding") and not request.careful)
        if not may_wait or now - last[0] > GATHERED_SECONDS:
            connection.send(list(waiting))
            waiting.clear()
            last[0] = now

    connection.send([("begun",)])
    try:
        worker.read_study(request, send, connection.recv)
    except InputError as error:
        send(("refused", type(error).__name__, error.what, error.hint, error.code))
    except MemoryError:
        what, hint = "Reading this scan needs more memory than is allowed", "Choose a smaller series"
        send(("refused", "DicomError", what, hint, "memory"))
    send(("end",))
    # what is shared lives as long as this process: the parent ends it
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.recv()


def _set_limits() -> None:
    be_first_to_go()
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
    from dataclasses import replace

    for _ in range(MOST_CRASHES):
        stopped_at = _run_once(request, receive, cancel, started)
        if stopped_at is None:
            return
        if not request.careful:
            # messages were gathered: the same again, with a word before every file, tells which one it was
            request = replace(request, careful=True)
            continue
        skipped = (*request.skip, (stopped_at, "reading it stopped the reader; the file is damaged or hostile"))
        request = replace(request, skip=skipped)
    raise DicomError("Too many of these files stop the reader", "Ask for a new copy of the scan", "not_decodable")


def _run_once(
    request: ReadRequest,
    receive: Callable[[tuple[Any, ...]], None],
    cancel: CancelToken | None,
    started: Callable[[Callable[[], None]], None] | None,
) -> int | None:
    """None when all went well, else the number of the file at which the child died."""
    process, ours = _take()
    with contextlib.suppress(OSError):
        ours.send(request)
    if started is not None:
        giving_back = threading.Lock()

        def give_back() -> None:
            with giving_back, contextlib.suppress(OSError):
                ours.send(None)

        started(give_back)
    last_file, decoding, heard = -1, False, time.monotonic()
    begun, out_of_memory = False, False
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
            except (EOFError, ConnectionError):
                process.join(ENDING_SECONDS)
                # the system's own way to say that memory ran out
                out_of_memory = not begun or process.exitcode == -KILLED
                break
            heard = time.monotonic()
            for message in messages:
                if message[0] == "begun":
                    begun = True
                    continue
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
    if out_of_memory:
        raise DicomError(
            "The scan cannot be read: the system stopped its reader, mostly for want of memory",
            "Close other programs and try again",
            "memory",
        )
    if len(request.files) == 1 and request.careful and last_file < 0 and not decoding:
        raise DicomError(
            f"{request.files[0][1]} is damaged and cannot be read", "Ask for the file again", "not_decodable"
        )
    if decoding or (last_file < 0 and request.careful):
        raise DicomError(
            "The pixels of this series cannot be decoded", "Ask for a new copy of the scan", "not_decodable"
        )
    return last_file


def _raise(message: tuple[Any, ...]) -> None:
    kinds: dict[str, type[InputError]] = {"DicomError": DicomError, "GeometryError": GeometryError}
    raise kinds.get(message[1], InputError)(message[2], message[3], message[4])
