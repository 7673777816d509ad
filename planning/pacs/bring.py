"""Studies and series that an archive sends to us on its own line (C-MOVE), put where C-GET puts them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from pydicom.dataset import Dataset

from planning.errors import InputError
from planning.pacs.association import associate
from planning.pacs.fetch import AT_ONCE, Fetched, Wanted, wanted
from planning.pacs.intake import Intake
from planning.pacs.listen import Listener
from planning.pacs.node import LOOPBACK, Node, Own
from planning.pacs.query import Wish
from planning.pacs.services import Counts, contexts_for_retrieval, identifier, move
from planning.progress import CancelToken, Progress, no_progress

THIS_COMPUTER = (LOOPBACK, "localhost", "::1")


def bring(
    node: Node,
    own: Own,
    wish: Wish,
    intake: Intake,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    answer_s: float = 30.0,
    listener: Listener | None = None,
) -> Fetched:
    """C-MOVE to ourselves of what is not in the folder yet.

    listener: one that holds our port already and fills `intake`; without it one listens meanwhile. What arrived stays, also
    when this raises: the next call asks for the rest. Raises NetworkError, InputError, Cancelled.
    """
    ours = listener.own if listener is not None else own
    if ours.address in THIS_COMPUTER and node.host not in THIS_COMPUTER:
        raise InputError(
            f"{node.name} cannot send to us: only this computer is listened to",
            "Choose an address of this computer that the archive reaches",
            "reach",
        )
    progress(0.0, "Asking the archive")
    known = intake.known()
    with contextlib.ExitStack() as open_:
        if listener is None:
            open_.enter_context(Listener(own, intake))
        association = open_.enter_context(associate(node, own, contexts_for_retrieval(), answer_s))
        series = wanted(association, wish)
        listed = [uid for one in series for uid in one.images]
        # one that others send to as well has more than what is asked for here
        arrived_before, refused_before = set(intake.arrived), set(intake.refused)

        def came() -> int:
            if listed:
                return sum(uid in intake.arrived and uid not in known for uid in listed)
            return len(intake.arrived.keys() - arrived_before)

        def told(counts: Counts | None = None) -> None:
            if cancel is not None:
                cancel.raise_if_set()
            here, lies = came(), sum(uid in known for uid in listed)
            whole = len(listed) or here + ((counts.left or 0) if counts is not None else 0)
            progress(min((here + lies) / max(whole, 1), 1.0), f"Fetching image {here + lies} of {whole}")

        for one in series:
            told()
            for asked in _asked(one, [uid for uid in one.images if uid not in known]):
                move(association, asked, ours.title, told)
        intake.settle()
        missing = tuple(uid for uid in listed if uid not in intake.arrived and uid not in known)
        lies = sum(uid in known for uid in listed)
        return Fetched(came(), lies, missing, len(intake.refused.keys() - refused_before))


def _asked(one: Wanted, missing: Sequence[str]) -> Iterator[Dataset]:
    """What to ask for: the whole series where none of it is here, else the images that are not."""
    keys: dict[str, str | list[str]] = {"StudyInstanceUID": one.study, "SeriesInstanceUID": one.series}
    if len(missing) == len(one.images):
        yield identifier("SERIES", keys)
        return
    for batch in range(0, len(missing), AT_ONCE):
        yield identifier("IMAGE", {**keys, "SOPInstanceUID": list(missing[batch : batch + AT_ONCE])})
