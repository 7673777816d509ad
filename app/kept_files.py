"""What took long and follows from a case alone, kept on this computer's disk: a case opens as it was left.

Never the only copy of anything: a file that is missing, damaged or of other content is as if it had never been there.
Numbers are made of some of it (`planning/kept_steps.py`), so a file tells the sum of all that it holds and under what.
Files are named by the hash of all that their content follows from, so none is ever stale; the least recently used go
when all together are too large.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.paths import cache_folder

logger = logging.getLogger(__name__)

MOST_BYTES = 512 << 20
ENDING = ".npz"
PROOF = "proof"
Arrays = Mapping[str, npt.NDArray[Any]]


class KeptFiles:
    """Arrays by key, in a folder of their own. For jobs, any number at once; failing disks are only logged.

    most_bytes: of all files together.
    """

    def __init__(self, folder: Callable[[], Path] = cache_folder, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._most_bytes = folder, most_bytes

    def get(self, key: str) -> Arrays | None:
        """What was put under a key; None where it is not there or not whole."""
        try:
            path = self._path(key)
            if not path.is_file():
                return None
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                found = {name: kept[name] for name in kept.files}
            if not np.array_equal(found.pop(PROOF), _proof(key, found)):
                raise ValueError("other content than was kept")
            os.utime(path)
        except Exception as error:
            # the readers of a damaged archive raise whatever its bytes lead them to, syntax errors among others
            logger.info("a kept file could not be read: %s", type(error).__name__)
            return None
        return found

    def put(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key, as a whole or not at all."""
        try:
            path = self._path(key)
            draft = path.with_name(f"{path.stem}-{os.getpid()}-{threading.get_ident()}.part")
            try:
                with draft.open("wb") as file:
                    np.savez(file, **arrays, **{PROOF: _proof(key, arrays)})
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            self._trim()
        except OSError as error:
            logger.info("what can be made again was not kept: %s", type(error).__name__)

    def _path(self, key: str) -> Path:
        return self._folder() / f"{hashlib.sha256(key.encode('utf-8')).hexdigest()}{ENDING}"

    def _trim(self) -> None:
        known = []
        for path in self._folder().glob(f"*{ENDING}"):
            try:
                told = path.stat()
            except FileNotFoundError:
                # another window was faster
                continue
            known.append((told.st_mtime_ns, told.st_size, path))
        held = sum(size for _, size, _ in known)
        for _, size, path in sorted(known, key=lambda row: row[0]):
            if held <= self._most_bytes:
                return
            path.unlink(missing_ok=True)
            held -= size


def _proof(key: str, arrays: Arrays) -> npt.NDArray[np.uint8]:
    """(32,) the sum of arrays with their names, as they lie under a key."""
    whole = hashlib.sha256(key.encode("utf-8"))
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        whole.update(f" {name} {array.dtype.str} {array.shape} ".encode())
        whole.update(array.data)
    return np.frombuffer(whole.digest(), dtype=np.uint8)


class NoFiles(KeptFiles):
    """Of an encrypted case: nothing that shows it is kept outside its file."""

    def get(self, key: str) -> Arrays | None:
        """Nothing is there."""
        return None

    def put(self, key: str, arrays: Arrays) -> None:
        """Nothing is kept."""
