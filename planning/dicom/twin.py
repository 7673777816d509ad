"""A second process for slow decoders, forked from the disposable child where that is possible.

The child has one thread and no window, which makes a fork safe; the twin shares its mapped memory and its limits.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import numpy.typing as npt

from planning.errors import DicomError

Fill = Callable[[int, "npt.NDArray[Any]"], None]


class Twin:
    """Fills slices on demand; `begin` and `wait` take turns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, slices: Sequence[tuple[int, int]]) -> None:
        """(k, place) of the slices to be filled meanwhile."""
        self._connection.send(list(slices))

    def wait(self) -> None:
        """Until they are filled. Raises DicomError as the twin met it."""
        try:
            trouble = self._connection.recv()
        except EOFError as error:
            raise DicomError("reading its pixels stopped the reader", code="not_decodable") from error
        if trouble is not None:
            raise DicomError(*trouble)


@contextmanager
def twin(fill: Fill, array: npt.NDArray[Any]) -> Iterator[Twin | None]:
    """A twin that calls `fill(k, array[place])`; None where there is one processor or no fork."""
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2:
        yield None
        return
    ours, theirs = Pipe()
    process = os.fork()
    if process == 0:
        ours.close()
        _serve(theirs, fill, array)
    theirs.close()
    try:
        yield Twin(ours)
    finally:
        ours.close()
        os.waitpid(process, 0)


def _serve(connection: Connection, fill: Fill, array: npt.NDArray[Any]) -> None:
    """Never returns: whatever happens, the twin ends here and not in its parent's code."""
    try:
        while True:
            trouble = None
            for k, place in connection.recv():
                try:
                    fill(k, array[place])
                except DicomError as error:
                    trouble = (error.what, error.hint, error.code)
                    break
            connection.send(trouble)
    finally:
        os._exit(0)
