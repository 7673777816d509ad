"""Studies and series from an archive into a folder: what lies there already is not asked for again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from planning.errors import InputError, NetworkError
from planning.pacs.association import MOST_CONTEXTS, Accepted, Association, Context, associate
from planning.pacs.command import Command
from planning.pacs.intake import Incoming, Intake, safe_uid
from planning.pacs.node import Node, Own
from planning.pacs.query import FIND, Wish, find_images, find_series
from planning.pacs.services import (
    C_GET,
    C_STORE,
    PENDING,
    PLAIN,
    STUDY_ROOT,
    acknowledge,
    encoded,
    identifier,
    needed,
    refused,
    request,
    status_of,
)
from planning.progress import CancelToken, Progress, no_progress

AT_ONCE = 100
"""Images asked for in one C-GET: partners bound the length of a list."""
LINES = 4
"""Associations at once: while one waits, another brings."""
TRIES = 3

# as an archive keeps it, before it would have to unpack it
KEPT = tuple(map(str, (
    JPEGLSLossless, JPEGLSNearLossless, JPEGLosslessSV1, JPEGLossless, JPEG2000Lossless, JPEG2000, HTJ2KLossless,
    HTJ2KLosslessRPCL, HTJ2K, RLELossless, JPEGBaseline8Bit, JPEGExtended12Bit, DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
)))  # fmt: skip

USUAL = tuple(f"1.2.840.10008.5.1.4.1.1.{end}" for end in (
    "2", "2.1", "2.2", "4", "4.1", "4.3", "128", "130", "20", "7", "7.2", "7.4", "1", "1.1", "12.1", "66.4", "66.7", "66.5",
    "88.11", "88.22", "88.33", "88.34", "104.1", "104.3", "104.4", "481.3", "11.1",
))  # fmt: skip
"""Asked for where an archive does not say of which classes a series' images are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One series to fetch. `images` is empty where the archive does not list them: then the series is asked for as a whole."""

    study: str
    series: str
    images: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, what lay there before, and what the archive has but did not deliver."""

    new: int
    known: int
    missing: tuple[str, ...]
    refused: int


def wanted(association: Association, wish: Wish) -> list[Wanted]:
    """The series that a wish means, each with its images. Raises InputError where the archive has none."""
    if not wish.study:
        raise InputError("A study is fetched by its number", "Give --study; theatrum pacs find tells it", "query")
    asked = Wish(study=wish.study, series=wish.series, modality=wish.modality)
    # what a partner calls a number is asked for again: nothing else may go into a question
    rows = [row for row in find_series(association, asked) if _is_uid(row["SeriesInstanceUID"])]
    if not rows:
        raise InputError("The archive has nothing like this", "Check --study, --series and --modality", "query")
    found = []
    for row in rows:
        try:
            images = find_images(association, wish.study, row["SeriesInstanceUID"])
        except NetworkError:
            if association.over:
                raise
            # an archive may refuse this level alone
            images = []
        images = [one for one in images if not wish.image or one["SOPInstanceUID"] == wish.image]
        if wish.image and not images:
            continue
        found.append(
            Wanted(
                wish.study,
                row["SeriesInstanceUID"],
                tuple(one["SOPInstanceUID"] for one in images if _is_uid(one["SOPInstanceUID"])),
                tuple(dict.fromkeys(one["SOPClassUID"] for one in images if _is_uid(one["SOPClassUID"]))),
            )
        )
    if not found:
        raise InputError("The archive has no such image in this study", "Check --image", "query")
    return found


def fetch(
    node: Node,
    own: Own,
    wish: Wish,
    intake: Intake,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    answer_s: float = 30.0,
    lines: int = LINES,
) -> Fetched:
    """C-GET what is not in the folder yet, over several lines. A broken line is made anew; three times without an image end it.

    What arrived stays, also when this raises: the next call asks for the rest. Raises NetworkError, InputError, Cancelled.
    """
    progress(0.0, "Asking the archive")
    known = intake.known()
    with associate(node, own, [FIND], answer_s) as association:
        series = wanted(association, wish)
    listed = [uid for one in series for uid in one.images]
    total = len(listed)

    def told() -> None:
        if cancel is not None:
            cancel.raise_if_set()
        here = len(intake.arrived)
        progress(min((here + len(known)) / max(total, here + 1), 1.0), f"Fetching image {here} of {max(total, here)}")

    pieces = deque(piece for one in series for piece in _pieces(one, known))
    try:
        in_lines(pieces, lines, lambda piece: _fetch_piece(node, own, piece, intake, known, told, answer_s))
    finally:
        intake.settle()
    missing = tuple(uid for uid in listed if uid not in intake.arrived and uid not in known)
    return Fetched(len(intake.arrived), sum(uid in known for uid in listed), missing, len(intake.refused))


def _pieces(one: Wanted, known: Mapping[str, object]) -> Iterator[Wanted]:
    """What one line asks for at a time: images of one series, or the whole of one that is not listed."""
    if not one.images:
        yield one
    left = [uid for uid in one.images if uid not in known]
    for start in range(0, len(left), AT_ONCE):
        yield Wanted(one.study, one.series, tuple(left[start : start + AT_ONCE]), one.classes)


def in_lines(pieces: deque[Wanted], lines: int, act: Callable[[Wanted], None]) -> None:
    """Do this with every piece, several at once. A line that fails gives its piece to the others; the last one's error is raised.

    An archive may not let us have as many lines as we ask for.
    """
    lock = threading.Lock()
    failures: list[BaseException] = []
    going = min(max(lines, 1), len(pieces))

    def run() -> None:
        nonlocal going
        while True:
            with lock:
                if failures or not pieces:
                    going -= 1
                    return
                piece = pieces.popleft()
            try:
                act(piece)
            except BaseException as error:
                with lock:
                    going -= 1
                    if isinstance(error, NetworkError) and going:
                        pieces.appendleft(piece)
                    else:
                        failures.append(error)
                return

    threads = [threading.Thread(target=run, name=f"fetch {number}", daemon=True) for number in range(going)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _fetch_piece(
    node: Node,
    own: Own,
    piece: Wanted,
    intake: Intake,
    known: Mapping[str, object],
    told: Callable[[], None],
    answer_s: float,
) -> None:
    def left() -> list[str]:
        intake.settle()
        return [uid for uid in piece.images if uid not in intake.arrived and uid not in intake.refused]

    tries = 0
    while True:
        arrived, asked_for = len(intake.arrived), left()
        if piece.images and not asked_for:
            return
        try:
            with associate(node, own, _contexts(piece.classes or USUAL), answer_s) as association:
                _get(association, _asked(piece, asked_for), intake, told)
            # an archive that brings nothing more will not be asked for ever
            if not piece.images or len(left()) == len(asked_for):
                return
        except NetworkError:
            moved = len(left()) < len(asked_for) if piece.images else len(intake.arrived) > arrived
            tries = 0 if moved else tries + 1
            if tries >= TRIES:
                raise


def _is_uid(value: str) -> bool:
    return bool(value) and safe_uid(value) == value


def _asked(one: Wanted, images: Sequence[str]) -> Dataset:
    keys: dict[str, str | list[str]] = {"StudyInstanceUID": one.study, "SeriesInstanceUID": one.series}
    if not images:
        return identifier("SERIES", keys)
    return identifier("IMAGE", {**keys, "SOPInstanceUID": list(images)})


def _contexts(classes: Iterable[str]) -> list[Context]:
    """Each class as the archive keeps it and unpacked, as many as an association may hold."""
    classes = list(classes)
    contexts = [Context(STUDY_ROOT["get"], PLAIN)]
    room = (MOST_CONTEXTS - 1) // max(len(classes), 1)
    for abstract in classes:
        contexts.append(Context(abstract, PLAIN, we_provide=True))
        if room > len(KEPT):
            contexts += [Context(abstract, (syntax,), we_provide=True) for syntax in KEPT]
        elif room > 1:
            contexts.append(Context(abstract, KEPT, we_provide=True))
    return contexts[:MOST_CONTEXTS]


def _get(association: Association, asked: Dataset, intake: Intake, told: Callable[[], None]) -> None:
    abstract = STUDY_ROOT["get"]
    context = needed(association, abstract, "fetching on the same line")
    association.send(context, request(association, C_GET, abstract, Priority=0), encoded(asked, context))
    begun: list[Incoming] = []

    def sink(context: Accepted, command: Command) -> Incoming | None:
        if command.get("CommandField") != C_STORE:
            return None
        begun.append(intake.open(context, command))
        return begun[-1]

    try:
        while True:
            told()
            message = association.receive(sink)
            if message is None:
                raise association.line.failed("ended the conversation before all images had come")
            if isinstance(message.sink, Incoming):
                begun.clear()
                acknowledge(association, message, intake.finish(message.sink))
                continue
            status = status_of(message)
            if status in PENDING:
                continue
            # some images that failed are a warning: they are found by what is missing
            if status != 0 and status >> 12 != 0xB and status not in (0xA702,):
                raise refused(association, message)
            return
    finally:
        for incoming in begun:
            intake.drop(incoming)
