"""Strokes answered in a process beside the window's.

An answer's loops hold the interpreter for tenths of a second, and a network may take memory that is not there: neither may
reach the window. The process maps the scan, keeps what it prepared, and lives as long as its `Beside`. A request that is
cancelled is left at once; the process finishes or drops it, and its late answer is thrown away.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.apart import Shared, share
from inference.interactive.prompts import Prompt
from inference.interactive.session import State, is_same_mask
from inference.worker import NICE, OUT_OF_MEMORY, POLL_SECONDS, STOP_SECONDS, death_in_words
from planning.errors import Cancelled, InputError, ModelError
from planning.geometry import Grid
from planning.interrupts import interrupts_held
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    from inference.interactive.image import PreparedImage
    from inference.interactive.prior import NetworkView
    from inference.interactive.session import Session
    from inference.pipeline import RunOptions
    from inference.zoo import InstalledModel

# a mesh that follows every stroke is made of no more voxels of its box than these
MOST_SURFACE_VOXELS, SMOOTH_VOXELS = 400_000, 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """mask: the structure now. surface: for looking at only, None where nothing is left.

    seconds, cpu_seconds: the process took, by the wall and of all its threads.
    """

    mask: Mask
    surface: SurfaceMesh | None
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """What the process gets of the image."""

    voxels: Shared
    grid: Grid
    quantity: str

    def open(self) -> Volume:
        return Volume(self.grid, self.voxels.open("r"), quantity=self.quantity)


class Beside:
    """One process for one scan. model: an interactive model that answers instead of the program's own engine.

    Its methods wait, so they are called in jobs; they come one at a time, and waiting can be stopped.
    """

    def __init__(self, volume: Volume, model: InstalledModel | None = None, *, is_polite: bool = False) -> None:
        self._held = contextlib.ExitStack()
        voxels = self._held.enter_context(share(volume.voxels.dtype.name, volume.voxels.shape))
        np.copyto(voxels.open("r+"), volume.voxels)
        self._scan, self._model, self._is_polite = _Scan(voxels, volume.grid, volume.quantity), model, is_polite
        self._lock = threading.Lock()
        self._process: tuple[BaseProcess, Connection, Any] | None = None
        self._unanswered = 0
        self._told: tuple[NetworkView | None, str] = (None, "")
        self._is_closed = False

    @property
    def grid(self) -> Grid:
        """The scan's grid."""
        return self._scan.grid

    def prepare(self, progress: Progress = no_progress, cancel: CancelToken | None = None) -> None:
        """Everything that needs no stroke. Raises InputError for no CT, ModelError without what the engine needs."""
        with self._alone(cancel):
            self._ask(("prepare",), progress, cancel)

    def look(
        self,
        model: InstalledModel,
        options: RunOptions,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> NetworkView:
        """`prior.look` of another model on this scan. Raises as it does."""
        with self._alone(cancel):
            found: NetworkView = self._ask(("look", model, options), progress, cancel)
            return found

    def answer(
        self,
        prompts: Sequence[Prompt],
        initial: Mask | None = None,
        view: NetworkView | None = None,
        known: str = "",
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> Answer:
        """What all prompts together mean. view, known: what a network thinks, and its name of the structure.

        Raises InputError for prompts that cannot be used, ModelError when the process dies, Cancelled.
        """
        with self._alone(cancel):
            own = view if view is None or not known else view.only(known)
            if (view, known) != self._told:
                self._ask(("prior", own, known), progress, cancel)
                self._told = (view, known)
            given = None if initial is None else State.of((), None, initial)
            state, *rest = self._ask(("answer", tuple(prompts), given), progress, cancel)
            return Answer(state.mask(self.grid), *rest)

    def close(self) -> None:
        """End the process; what waits for it ends as cancelled."""
        self._is_closed = True
        self._end()
        self._held.close()

    @contextlib.contextmanager
    def _alone(self, cancel: CancelToken | None) -> Iterator[None]:
        while not self._lock.acquire(timeout=POLL_SECONDS):
            self._check(cancel)
        try:
            self._check(cancel)
            if self._process is not None and not self._process[0].is_alive():
                # it died between two requests: the next one starts another
                self._end()
            if self._process is None:
                self._process, self._unanswered, self._told = self._start(), 0, (None, "")
            yield
        finally:
            if self._is_closed:
                self._end()
            self._lock.release()

    def _check(self, cancel: CancelToken | None) -> None:
        if self._is_closed or (cancel is not None and cancel.is_set):
            raise Cancelled("stopped")

    def _ask(self, request: tuple[Any, ...], progress: Progress, cancel: CancelToken | None) -> Any:
        if self._process is None:
            raise Cancelled("stopped")
        _, connection, stop = self._process
        try:
            while self._unanswered:
                self._receive(connection, no_progress, cancel)
            stop.clear()
            connection.send(request)
            self._unanswered += 1
            while True:
                message = self._receive(connection, progress, cancel)
                if message is not None:
                    break
        except Cancelled:
            stop.set()
            raise
        except (EOFError, OSError):
            self._check(cancel)
            raise ModelError(*self._died(), "worker") from None
        kind, *rest = message
        if kind == "cancelled":
            raise Cancelled("stopped")
        if kind == "refused":
            raise (InputError if rest[0] == "input" else ModelError)(*rest[1:])
        if kind == "bug":
            raise RuntimeError(f"the process of the strokes failed\n{rest[0]}")
        return rest[0]

    def _receive(
        self, connection: Connection, progress: Progress, cancel: CancelToken | None
    ) -> tuple[Any, ...] | None:
        """The last message of a request; None for one on the way, or none yet."""
        self._check(cancel)
        if not connection.poll(POLL_SECONDS):
            return None
        message: tuple[Any, ...] = connection.recv()
        if message[0] == "progress":
            progress(*message[1:])
            return None
        self._unanswered -= 1
        return message

    def _start(self) -> tuple[BaseProcess, Connection, Any]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        stop = context.Event()
        process = context.Process(
            target=_main,
            args=(theirs, stop, self._scan, self._model, self._is_polite),
            daemon=True,
            name="theatrum-strokes",
        )
        with interrupts_held():
            process.start()
        theirs.close()
        return process, ours, stop

    def _died(self) -> tuple[str, str]:
        process = self._process[0] if self._process is not None else None
        if process is not None:
            process.join(STOP_SECONDS)
        words = death_in_words(process.exitcode if process is not None else None)
        self._end()
        return words

    def _end(self) -> None:
        if self._process is None:
            return
        process, connection, _ = self._process
        self._process = None
        connection.close()
        if process.is_alive():
            process.kill()
        process.join(STOP_SECONDS)


# the process


class _Stop(CancelToken):
    """Set from the window's side."""

    __slots__ = ("_other",)

    def __init__(self, other: Any) -> None:
        super().__init__()
        self._other = other

    @property
    def is_set(self) -> bool:
        return bool(self._other.is_set())

    def raise_if_set(self) -> None:
        if self.is_set:
            raise Cancelled("stopped")


class _Desk:
    """What the process keeps between requests."""

    def __init__(self, scan: _Scan, model: InstalledModel | None, cancel: CancelToken) -> None:
        self._scan, self._model, self._cancel = scan, model, cancel
        self._image: PreparedImage | None = None
        self._session: Session | None = None
        self._initial: Mask | None = None

    def prepare(self, progress: Progress) -> None:
        self._opened(progress)

    def look(self, progress: Progress, model: InstalledModel, options: RunOptions) -> NetworkView:
        from inference.interactive.prior import look

        return look(self._scan.open(), model, options, progress=progress, cancel=self._cancel)

    def prior(self, progress: Progress, view: NetworkView | None, known: str) -> None:
        from inference.interactive.strokes import StrokeSession

        session = self._opened(progress)
        if isinstance(session, StrokeSession) and self._image is not None:
            session.prior = None if view is None or not known else view.on(self._image, known)

    def answer(
        self, progress: Progress, prompts: tuple[Prompt, ...], initial: State | None
    ) -> tuple[State, SurfaceMesh | None, float, float]:
        session = self._opened(progress)
        wall, cpu = time.perf_counter(), time.process_time()
        session.follow(prompts, self._kept(initial, session), self._cancel)
        state = State.of((), None, session.mask)
        surface = _surface(session.mask)
        return state, surface, time.perf_counter() - wall, time.process_time() - cpu

    def _kept(self, initial: State | None, session: Session) -> Mask | None:
        """The same object for the same structure, so that it is not read again."""
        given = None if initial is None else initial.mask(session.grid)
        if not is_same_mask(given, self._initial):
            self._initial = given
        return self._initial

    def _opened(self, progress: Progress) -> Session:
        if self._session is not None:
            return self._session
        volume = self._scan.open()
        if self._model is not None:
            from inference.interactive.network import open_session

            self._session = open_session(volume, self._model)
            return self._session
        from inference.interactive.image import prepare_image
        from inference.interactive.strokes import StrokeSession

        self._image = prepare_image(volume, progress=progress, cancel=self._cancel)
        self._session = StrokeSession(self._image)
        return self._session


def _surface(mask: Mask) -> SurfaceMesh | None:
    """Its surface on voxels of SURFACE_MM, None where nothing is left."""
    from scipy import ndimage

    from planning.liver.segment.working import Blocks
    from planning.surface import contour

    if not mask.voxel_count:
        return None
    nk, nj, ni = mask.voxels.shape
    # as coarse as keeps a large structure quick, as fine as the voxels for a small one
    size_mm = (mask.voxels.size * mask.grid.voxel_mm3 / MOST_SURFACE_VOXELS) ** (1.0 / 3.0)
    blocks = Blocks.near(mask.box_grid, size_mm)
    # whole blocks, and one more on every side, so that the surface is closed
    pads = [(factor, factor + -size % factor) for factor, size in zip(blocks.factors_kji, (nk, nj, ni), strict=True)]
    padded = np.pad(mask.voxels, pads)
    start = tuple(-pads[axis][0] for axis in (2, 1, 0))
    matrix = mask.box_grid.world_from_index.copy()
    matrix[:3, 3] = mask.box_grid.to_world(start)
    wide = Blocks.near(Grid((padded.shape[2], padded.shape[1], padded.shape[0]), matrix), size_mm)
    spacing = wide.coarse.spacing_mm[::-1]
    soft = ndimage.gaussian_filter(wide.down(padded), SMOOTH_VOXELS * float(spacing.max()) / spacing)
    return contour(soft, wide.coarse, 0.5 * min(1.0, float(soft.max())))


def _main(connection: Connection, stop: Any, scan: _Scan, model: InstalledModel | None, is_polite: bool) -> None:
    """Answer requests until the window's side is gone."""
    if is_polite and hasattr(os, "nice"):
        os.nice(NICE)
    desk = _Desk(scan, model, _Stop(stop))
    last = [0.0]

    def told(fraction: float, text: str = "") -> None:
        now = time.monotonic()
        if now - last[0] >= POLL_SECONDS or fraction in (0.0, 1.0):
            last[0] = now
            connection.send(("progress", fraction, text))

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        while True:
            name, *arguments = connection.recv()
            connection.send(_answered(desk, name, arguments, told))


def _answered(desk: _Desk, name: str, arguments: list[Any], told: Progress) -> tuple[Any, ...]:
    try:
        return ("done", getattr(desk, name)(told, *arguments))
    except Cancelled:
        return ("cancelled", None)
    except ModelError as error:
        return ("refused", "model", error.what, error.hint, error.code)
    except InputError as error:
        return ("refused", "input", error.what, error.hint, error.code)
    except MemoryError:
        return ("refused", "model", *OUT_OF_MEMORY, "memory")
    except RuntimeError as error:
        # torch and OpenVINO raise this for memory too
        if "alloc" in str(error).lower():
            return ("refused", "model", *OUT_OF_MEMORY, "memory")
        return ("bug", traceback.format_exc())
