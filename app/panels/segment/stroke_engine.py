"""What answers strokes: a process beside the window for the scan in sight, and what a network thinks of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from planning.case.model import ArrayRef
from planning.registry import canonical_name, structure_style

if TYPE_CHECKING:
    from inference.interactive.beside import Answer, Beside
    from inference.interactive.prior import NetworkView
    from inference.interactive.prompts import Prompt
    from inference.zoo import InstalledModel
    from planning.progress import CancelToken, Progress
    from planning.volume import Mask, Volume

OWN = ""


class StrokeEngine:
    """Its methods run in jobs. `view`: what a network thinks of the scan, once it was asked; `by`: which network."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._beside: tuple[ArrayRef, str, Beside] | None = None
        self._is_closed = False
        self._view: tuple[ArrayRef, str, NetworkView] | None = None

    def has_view(self, array: ArrayRef) -> bool:
        """True when a network was asked about this scan."""
        return self._view is not None and self._view[0] == array

    def prepare(
        self,
        array: ArrayRef,
        volume: Callable[[], Volume],
        model: InstalledModel | None,
        progress: Progress,
        cancel: CancelToken,
    ) -> None:
        """Everything that needs no stroke. model: an interactive one, None for the program's own strokes."""
        self._at(array, volume, model).prepare(progress, cancel)

    def look(
        self,
        array: ArrayRef,
        volume: Callable[[], Volume],
        model: InstalledModel,
        progress: Progress,
        cancel: CancelToken,
    ) -> None:
        """Ask a network about the scan, in a process of its own that gives way to the strokes'."""
        from app.models import network_cache
        from inference.interactive.beside import Beside
        from inference.pipeline import RunOptions

        beside = Beside(volume(), is_polite=True)
        try:
            found = beside.look(model, RunOptions(cache=network_cache()), progress, cancel)
        finally:
            beside.close()
        self._view = (array, model.key, found)

    def answer(
        self,
        array: ArrayRef,
        volume: Callable[[], Volume],
        model: InstalledModel | None,
        prompts: tuple[Prompt, ...],
        initial: Mask | None,
        name: str,
        progress: Progress,
        cancel: CancelToken,
    ) -> tuple[Answer, str]:
        """What all prompts mean for a structure, and the network that had a say.

        A structure that is corrected is asked about by its strokes alone: a network was not measured there.
        """
        view, known, by = None, "", OWN if model is None else model.key
        if self._view is not None and self._view[0] == array and initial is None and model is None:
            known = known_as(name, tuple(self._view[2].probabilities))
            view, by = (self._view[2], self._view[1]) if known else (None, OWN)
        beside = self._at(array, volume, model)
        return beside.answer(prompts, initial, view, known, progress, cancel), by

    def close(self) -> None:
        """End the process."""
        self._is_closed = True
        with self._lock:
            kept, self._beside = self._beside, None
        if kept is not None:
            kept[2].close()

    def _at(self, array: ArrayRef, volume: Callable[[], Volume], model: InstalledModel | None) -> Beside:
        from inference.interactive.beside import Beside
        from planning.errors import Cancelled

        key = OWN if model is None else model.key
        with self._lock:
            if self._is_closed:
                raise Cancelled("stopped")
            if self._beside is not None and self._beside[:2] != (array, key):
                self._beside[2].close()
                self._beside = None
            if self._beside is None:
                self._beside = (array, key, Beside(volume(), model))
            return self._beside[2]


def known_as(name: str, names: tuple[str, ...]) -> str:
    """A network's own name of a structure, "" where it does not know it."""
    wanted, shown = canonical_name(name), structure_style(name).display
    return next((one for one in names if canonical_name(one) == wanted or structure_style(one).display == shown), "")
