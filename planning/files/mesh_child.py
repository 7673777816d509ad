"""Surface files from outside, read in a process of its own with limits on memory and time.

Readers of other people's libraries may crash or run away on a damaged or hostile file: then the child dies, and the
program says which file it was.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.first_to_go import be_first_to_go
from planning.interrupts import interrupts_held
from planning.mesh import SurfaceMesh

MEMORY_BYTES = 8 << 30
SECONDS = 120
MOST_FILE_BYTES = 2 << 30


def in_child(path: Path) -> SurfaceMesh:
    """The surface of `planning.files.meshes.whole_in_lps`. Raises InputError, also where reading kills the child."""
    if path.is_dir():
        raise InputError(f"{path.name} is a folder", "Name a surface file", "mesh")
    if path.stat().st_size > MOST_FILE_BYTES:
        raise InputError(f"{path.name} is larger than 2 GB", "Use fewer triangles", "mesh")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, path), daemon=True, name="theatrum-surface")
    with interrupts_held():
        process.start()
    theirs.close()
    try:
        answer = _answer(ours)
    finally:
        process.kill()
        process.join()
        ours.close()
    if answer is None:
        raise InputError(
            f"{path.name} is damaged and cannot be read", "Ask for the file again, or write it again", "mesh"
        )
    kind, value = answer
    if kind == "refused":
        raise InputError(*value)
    return SurfaceMesh(*value)


def _answer(pipe: Connection) -> tuple[str, Any] | None:
    until = time.monotonic() + SECONDS
    while not pipe.poll(0.05):
        if time.monotonic() > until:
            return None
    try:
        found: tuple[str, Any] = pipe.recv()
    except (EOFError, ConnectionError):
        return None
    return found


def _work(pipe: Connection, path: Path) -> None:
    """The process: one file, one answer."""
    _limit()
    # readers tell their findings on the terminal, and what they tell may name the file's folders
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    from planning.files.meshes import whole_in_lps

    try:
        mesh = whole_in_lps(path)
        pipe.send(("read", (np.asarray(mesh.points_mm), np.asarray(mesh.triangles))))
    except InputError as error:
        pipe.send(("refused", (error.what, error.hint, error.code)))
    except MemoryError:
        pipe.send(("refused", (f"{path.name} needs more memory than is allowed", "Use fewer triangles", "memory")))
    except OSError as error:
        pipe.send(("refused", (f"{path.name} cannot be read ({error.strerror})", "Check its permissions", "mesh")))
    finally:
        pipe.close()
        os._exit(0)


def _limit() -> None:
    be_first_to_go()
    try:
        import resource
    except ImportError:
        # no such limits on this system; the parent's clock still holds
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
