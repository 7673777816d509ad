"""What clicks need of a scan before any comes, made once by whichever job asks first, and kept while the case is open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planning.case.model import ArrayRef
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.case.guided import FoundVessels
    from planning.liver.segment.liver import PreparedScan
    from planning.volume import Mask, Volume

ASK_AGAIN_S = 0.05


class PreparedScans:
    """The newest scan and the newest liver's vessels. Its methods run in jobs, one at a time; waiting can be stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scan: tuple[ArrayRef, PreparedScan] | None = None
        self._vessels: tuple[tuple[ArrayRef, ...], FoundVessels] | None = None

    def has_vessels(self, arrays: tuple[ArrayRef, ...]) -> FoundVessels | None:
        """The vessels of this scan and liver, None while they were not looked for."""
        kept = self._vessels
        return kept[1] if kept is not None and kept[0] == arrays else None

    def scan(
        self, array: ArrayRef, volume: Callable[[], Volume], progress: Progress, cancel: CancelToken
    ) -> PreparedScan:
        """The prepared scan of an array. Raises InputError for what is no CT; Cancelled."""
        from planning.liver.segment.liver import prepare_scan

        with self._alone(cancel):
            if self._scan is None or self._scan[0] != array:
                self._scan = (array, prepare_scan(volume(), progress=progress, cancel=cancel))
            return self._scan[1]

    def vessels(
        self,
        scan: PreparedScan,
        arrays: tuple[ArrayRef, ...],
        liver: Sequence[Mask],
        progress: Progress,
        cancel: CancelToken,
    ) -> FoundVessels:
        """The vessels of a liver; arrays: of the scan and of the liver's parts. Raises InputError, Cancelled."""
        from planning.case.guided import find_vessels
        from planning.volume import union

        with self._alone(cancel):
            if self._vessels is None or self._vessels[0] != arrays:
                found = find_vessels(scan, union(list(liver)), progress=progress, cancel=cancel)
                self._vessels = (arrays, found)
            return self._vessels[1]

    def forget(self) -> None:
        """Let go of the scan, which is large, unless a job is at it; who asks next makes it again."""
        if self._lock.acquire(blocking=False):
            self._scan = None
            self._lock.release()

    @contextmanager
    def _alone(self, cancel: CancelToken) -> Iterator[None]:
        while not self._lock.acquire(timeout=ASK_AGAIN_S):
            cancel.raise_if_set()
        try:
            yield
        finally:
            self._lock.release()
