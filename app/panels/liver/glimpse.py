"""What is seen of a saved plan's cuts while the organ is being made ready."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import tr
from app.jobs import Job
from app.panels.liver.kept_cut import KeptCut, cut_words, keep_cut, kept_cut
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.kept_files import KeptFiles
    from app.panels.liver.work import LiverWork
    from planning.liver.resection import Resection


class Glimpse:
    """Keeps the cuts of the work's saved plan as they were drawn last and brings them again."""

    def __init__(self, work: LiverWork) -> None:
        self._work = work
        self._shown: KeptCut | None = None
        self._of: object = None
        self._kept_words = ""

    @property
    def shown(self) -> KeptCut | None:
        """What is drawn now, None once the organ is ready or another plan is worked on."""
        work = self._work
        is_own = work.is_saved and work.saved is self._of
        return self._shown if work.model is None and is_own and work.is_preparing else None

    @property
    def until_rest(self) -> KeptCut | None:
        """The coloured cut of before, from when the organ is ready until the cut is coloured anew."""
        work = self._work
        is_own = work.is_saved and work.saved is self._of
        return self._shown if is_own and work.rest is None else None

    def ask(self) -> None:
        """Show the planes that the plan asks for at once, and what is kept of it as soon as it is read."""
        work = self._work
        plan = work.saved
        if plan is None or not work.is_saved or plan is self._of:
            return
        self._of, self._shown = plan, _asked(work.draft.resections)
        work.session.jobs.submit(
            Job(
                key=f"{work.kind} glimpse",
                title=tr("Colouring the cut"),
                work=partial(_read, work.session.files, self._words()),
                done=self._take,
                still_wanted=lambda: work.model is None and work.saved is plan,
                subject=work.session.label,
                quiet=True,
                computes=False,
            )
        )

    def keep(self) -> None:
        """Keep what is drawn now for the next opening, when the case holds it and it is at rest."""
        work = self._work
        cut_map, numbers = work.cut_map, work.numbers
        if not work.is_saved or cut_map is None or numbers is None or not work.regions:
            return
        words = self._words()
        if words == self._kept_words:
            return
        self._kept_words = words
        cut = KeptCut.of(work.regions, cut_map, numbers)
        work.session.jobs.submit(
            Job(
                key=f"{work.kind} glimpse",
                title=tr("Colouring the cut"),
                work=partial(_write, work.session.files, words, cut),
                subject=work.session.label,
                quiet=True,
                computes=False,
            )
        )

    def _words(self) -> str:
        work = self._work
        assert work.saved is not None
        return cut_words(work.session.case, work.saved, work.model_key())

    def _take(self, found: KeptCut | None) -> None:
        if found is not None:
            self._shown, self._kept_words = found, self._words()
            self._work.changed.emit()


def _asked(cuts: tuple[Resection, ...]) -> KeptCut:
    """The planes that are said outright; the side that a tumour decides is not known yet."""
    from planning.liver.resection import PlaneResection

    planes = tuple(cut.plane if isinstance(cut, PlaneResection) else None for cut in cuts)
    sided = all(isinstance(cut, PlaneResection) and cut.remove == "side" for cut in cuts)
    nothing = SurfaceMesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int32))
    return KeptCut(planes, nothing, np.zeros(0), None, is_sided=sided)


def _read(files: KeptFiles, words: str, progress: Progress, cancel: CancelToken) -> KeptCut | None:
    return kept_cut(files, words)


def _write(files: KeptFiles, words: str, cut: KeptCut, progress: Progress, cancel: CancelToken) -> None:
    keep_cut(files, words, cut)
