"""A run in a process of its own: what goes wrong there, out-of-memory included, never takes the window down.

The scan and the labels are mapped by both processes (on Linux memory without a name), so nothing is copied through pipes.
Cancelling kills the process: that alone stops any computation in well under a second.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np
import numpy.typing as npt

from inference import memory
from inference.apart import Shared, share
from inference.pipeline import RunOptions, Seeing, Segmentation, segment
from inference.zoo import InstalledModel
from planning.errors import Cancelled, InputError, ModelError
from planning.first_to_go import be_first_to_go
from planning.geometry import Grid
from planning.interrupts import interrupts_held
from planning.progress import CancelToken, Progress, no_progress, part_of

POLL_SECONDS = 0.05
STOP_SECONDS = 5.0
# a worker that is not told to stop runs beside the window, not before it
NICE = 5


# what is done in the worker after the run, by a function that can be found by its name: final labels and anything small
Afterwards = Callable[[Segmentation, npt.NDArray[Any], Grid, Progress], tuple[npt.NDArray[Any], Any]]
# how much of the whole the run itself takes where something comes after it
RUN_SHARE = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """What the worker gets."""

    scan: Shared
    labels: Shared
    size_ijk: tuple[int, int, int]
    world_from_index: npt.NDArray[np.float64]
    model: InstalledModel
    options: RunOptions
    then: Afterwards | None = None


def run_in_worker(
    volume_hu: npt.NDArray[Any],
    geometry: Grid,
    model: InstalledModel,
    options: RunOptions | None = None,
    progress: Progress = no_progress,
    cancelled: CancelToken | None = None,
) -> Segmentation:
    """`pipeline.segment` in a spawned process; same arguments, same result, same errors.

    Raises Cancelled within a second of being asked, ModelError in plain words when the process dies.
    """
    return run_and_then(volume_hu, geometry, model, options, None, progress, cancelled)[0]


def run_and_then(
    volume_hu: npt.NDArray[Any],
    geometry: Grid,
    model: InstalledModel,
    options: RunOptions | None,
    then: Afterwards | None,
    progress: Progress = no_progress,
    cancelled: CancelToken | None = None,
    seen: Seeing | None = None,
) -> tuple[Segmentation, Any]:
    """The same, and in the same process what comes after it: the labels it gives are the run's, and what it tells.

    seen: told after each network what it found, as by `pipeline.segment`.
    """
    cancel = cancelled or CancelToken()
    cancel.raise_if_set()
    wide = max(label.index for label in model.manifest.labels) > 255
    with contextlib.ExitStack() as held:
        scan = held.enter_context(share(volume_hu.dtype.name, volume_hu.shape))
        labels = held.enter_context(share("uint16" if wide else "uint8", volume_hu.shape))
        mapped = scan.open("r+")
        np.copyto(mapped, volume_hu)
        job = _Job(scan, labels, geometry.size_ijk, geometry.world_from_index, model, options or RunOptions(), then)
        told, more = _run(job, progress, cancel, seen)
        # private memory: what is shared goes now
        return replace(told, labels=np.array(labels.open("r"))), more


def _run(job: _Job, progress: Progress, cancel: CancelToken, seen: Seeing | None) -> tuple[Segmentation, Any]:
    process, connection = _start(job)
    try:
        while True:
            if cancel.is_set:
                raise Cancelled("stopped")
            try:
                message = connection.recv() if connection.poll(POLL_SECONDS) else None
            except (EOFError, ConnectionResetError):
                process.join(STOP_SECONDS)
                raise ModelError(*death_in_words(process.exitcode), "worker") from None
            if message is None:
                continue
            kind, *rest = message
            if kind == "progress":
                progress(*rest)
            elif kind == "seen":
                if seen is not None:
                    seen(rest[0])
            elif kind == "done":
                found: Segmentation = rest[0]
                return found, rest[1]
            elif kind == "refused":
                raise ModelError(*rest)
            elif kind == "bug":
                raise RuntimeError(f"the worker failed\n{rest[0]}")
    finally:
        _end(process, connection)


def _start(job: _Job) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, job), daemon=True, name="theatrum-model")
    with interrupts_held():
        process.start()
    theirs.close()
    return process, ours


def _end(process: BaseProcess, connection: Connection) -> None:
    connection.close()
    if process.is_alive():
        process.kill()
    process.join(STOP_SECONDS)


def _main(connection: Connection, job: _Job) -> None:
    """The worker."""
    be_first_to_go()
    if hasattr(os, "nice"):
        os.nice(NICE)
    last, began = [0.0], time.perf_counter()

    def told(fraction: float, text: str = "") -> None:
        now = time.monotonic()
        if now - last[0] >= POLL_SECONDS or fraction in (0.0, 1.0):
            last[0] = now
            connection.send(("progress", fraction, text))

    def sent(volumes_ml: Mapping[str, float]) -> None:
        connection.send(("seen", volumes_ml))

    labels = job.labels.open("r+")
    try:
        grid = Grid(job.size_ijk, job.world_from_index)
        scan = job.scan.open("r")
        share = RUN_SHARE if job.then is not None else 1.0
        found, more = segment(scan, grid, job.model, job.options, part_of(told, 0.0, share), seen=sent), None
        labels[...] = found.labels
        if job.then is not None:
            labels[...], more = job.then(found, scan, grid, part_of(told, share, 1.0))
        seconds, peak = time.perf_counter() - began, memory.peak_bytes() / 2**20
        found = replace(found, labels=np.zeros((0, 0, 0), dtype=labels.dtype), seconds=seconds, peak_memory_mb=peak)
        connection.send(("done", found, more))
    except InputError as error:
        connection.send(("refused", error.what, error.hint, error.code))
    except MemoryError:
        connection.send(("refused", *OUT_OF_MEMORY, "memory"))
    except BrokenPipeError:
        # the window is gone: nobody waits for the answer
        return
    except (RuntimeError, ImportError, OSError) as error:
        # torch, OpenVINO and their libraries raise these for memory too
        if any(word in str(error).lower() for word in ("alloc", "map segment")):
            connection.send(("refused", *OUT_OF_MEMORY, "memory"))
        else:
            connection.send(("bug", traceback.format_exc()))
    connection.close()


OUT_OF_MEMORY = (
    "The model needed more memory than this machine has",
    "Close other programs, choose fewer structures or the fast quality",
)


def death_in_words(code: int | None) -> tuple[str, str]:
    """What is wrong and what to do, for the exit code of a worker that died. Negative codes are signals."""
    if code is None:
        return "The model's process does not answer", "Try again"
    windows = {0xC0000005: "an invalid memory access", 0xC0000017: "too little memory", 0xC00000FD: "a stack overflow"}
    if code in windows or code & 0xFFFFFFFF in windows:
        what = windows.get(code, windows.get(code & 0xFFFFFFFF, ""))
        return f"The model's process ended by {what}", "Try again on the processor (device cpu); the case is unchanged"
    if code == -9:
        return (
            "The model's process was killed, most likely because memory ran out",
            "Close other programs, choose fewer structures or the fast quality; the case is unchanged",
        )
    if code < 0:
        names = {one.value: one.name for one in signal.Signals}
        name = names.get(-code, f"signal {-code}")
        if name == "SIGILL":
            return "This processor lacks an instruction that the model's engine uses", "Try the engine 'torch'"
        return f"The model's process ended by {name}", "Try again on the processor (device cpu); the case is unchanged"
    return f"The model's process ended with code {code}", "Try again; the case is unchanged"
