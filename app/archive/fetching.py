"""What a person chose in an archive's list, fetched by the way that the archive's entry says."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from app.archive.asking import ANSWER_S
from app.archive.kept import Kept, received_folder, study_folder
from app.archive.origin import note_origin
from planning.pacs.intake import safe_uid
from planning.pacs.listen import Listener
from planning.pacs.node import MOVE, Node, Own, WebNode
from planning.pacs.query import Wish
from planning.progress import CancelToken, Progress, part_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """A study, or one series of it, and how many images the archive says that it has; None where it does not say."""

    study: str
    series: str = ""
    told: int | None = None

    @property
    def folder(self) -> Path:
        """Where it lies once it is here."""
        return study_folder(self.study) / safe_uid(self.series) if self.series else study_folder(self.study)


@dataclass(frozen=True, slots=True)
class Brought:
    """What came, what was here before, how many did not come, and what the archive had said before."""

    chosen: tuple[Chosen, ...]
    new: int
    known: int
    missing: int
    refused: int

    @property
    def here(self) -> int:
        """Images that are here now."""
        return self.new + self.known

    @property
    def told(self) -> int | None:
        """What the archive had said, None where it did not say it of all."""
        numbers = [one.told for one in self.chosen if one.told is not None]
        return sum(numbers) if len(numbers) == len(self.chosen) else None


def fetch_chosen(
    node: Node | WebNode,
    own: Own,
    chosen: Sequence[Chosen],
    progress: Progress,
    cancel: CancelToken,
    receiver: Listener | None = None,
    answer_s: float = ANSWER_S,
    port: threading.Lock | None = None,
) -> Brought:
    """Fetch all of these, one after the other; what is here already is not asked for again.

    receiver: one that holds our port, for archives that send on a line of their own. port: held while one listens there
    without it, so that a fetch that was stopped has left the port before the next one takes it. Raises NetworkError, InputError,
    Cancelled; what arrived by then stays.
    """
    from planning.pacs.bring import bring
    from planning.pacs.fetch import fetch
    from planning.pacs.web import fetch_web

    new = known = missing = refused = 0
    weights = [max(one.told or 1, 1) for one in chosen]
    for number, one in enumerate(chosen):
        low = sum(weights[:number]) / sum(weights)
        told = part_of(progress, low, low + weights[number] / sum(weights))
        wish = Wish(study=one.study, series=one.series)
        intake = Kept(received_folder(), study=one.study)
        if isinstance(node, WebNode):
            got = fetch_web(node, wish, intake, told, cancel, answer_s)
        elif node.by == MOVE:
            shared = receiver.intake if receiver is not None else None
            if isinstance(shared, Kept):
                # the receiver's own list of what arrived, with this study's question
                intake = shared.for_study(one.study)
            with nullcontext() if port is None or receiver is not None else port:
                cancel.raise_if_set()
                got = bring(node, own, wish, intake, told, cancel, answer_s, receiver)
        else:
            got = fetch(node, own, wish, intake, told, cancel, answer_s)
        note_origin(one.study, node.name)
        new, known = new + got.new, known + got.known
        missing, refused = missing + len(got.missing), refused + got.refused
    return Brought(tuple(chosen), new, known, missing, refused)
