"""Objects from files to an archive: several lines at once, each image with its own answer, a broken line made anew."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from planning.errors import InputError, NetworkError, TheatrumError
from planning.pacs.association import MOST_CONTEXTS, Association, Context, associate
from planning.pacs.node import Node, Own
from planning.pacs.query import FIND, find_images
from planning.pacs.services import status_words, store
from planning.progress import CancelToken, Progress, no_progress

LINES = 5
"""Associations at once: while one waits for an answer, another sends."""
TRIES = 3
NOT_TAKEN = -1
PASSING = (0x0110, 0xA700, 0xC000)
"""What an archive says that only lost its breath: DCMTK's does where several lines bring a series at once."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One object in a file: where its data set begins, and what it is."""

    path: Path
    start: int
    abstract: str
    syntax: str
    uid: str
    study: str
    series: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the objects. `failed` tells why by file name."""

    stored: int
    warned: int
    there_before: int
    failed: tuple[tuple[str, str], ...]
    uids: tuple[tuple[str, str], ...]
    """(SOP class, SOP instance) of all that the archive has now: what a storage commitment is asked for."""


def outgoing(paths: Iterable[Path]) -> tuple[list[Outgoing], list[tuple[str, str]]]:
    """DICOM objects among files and folders, each instance once; and what was left out, by file name with the reason."""
    found: dict[str, Outgoing] = {}
    skipped: list[tuple[str, str]] = []
    for path in _files(paths):
        one = _object(path)
        if isinstance(one, str):
            skipped.append((path.name, one))
        elif one.uid not in found:
            found[one.uid] = one
    return sorted(found.values(), key=lambda one: (one.study, one.series, one.path)), skipped


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and file.name != "DICOMDIR")
        elif path.exists():
            yield path
        else:
            raise InputError(f"{path.name} is not there", "Check the name", "missing")


def _object(path: Path) -> Outgoing | str:
    from pydicom.filereader import read_file_meta_info, read_preamble

    from planning.pacs.intake import read_head

    try:
        with path.open("rb") as file:
            if read_preamble(file, False) is None:
                return "is no DICOM file"
        meta = read_file_meta_info(path)
        # preamble, "DICM", the group's length element and the group
        start = 128 + 4 + 12 + int(meta.FileMetaInformationGroupLength)
        head = read_head(path)
        if head is None:
            return "is no readable DICOM file"
        uid = str(head.SOPInstanceUID)
        if uid != str(meta.MediaStorageSOPInstanceUID):
            return "says two different object numbers"
        return Outgoing(
            path, start, str(meta.MediaStorageSOPClassUID), str(meta.TransferSyntaxUID), uid,
            str(head.get("StudyInstanceUID", "")), str(head.get("SeriesInstanceUID", "")),
        )  # fmt: skip
    except Exception:
        # files that are no DICOM break a reader in any way
        return "is no readable DICOM file"


@dataclass(slots=True)
class _Work:
    """What the lines share."""

    left: deque[Outgoing]
    total: int
    progress: Progress
    cancel: CancelToken | None
    stored: int = 0
    warned: int = 0
    done: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    broken: list[NetworkError] = field(default_factory=list)
    later: list[Outgoing] = field(default_factory=list)
    """Refused for a reason that may pass: tried once more when all others are through."""
    is_last_try: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Outgoing | None:
        """One to send, or None when there is none left or the work should stop."""
        with self.lock:
            stopped = self.cancel is not None and self.cancel.is_set
            return None if stopped or not self.left else self.left.popleft()

    def back(self, one: Outgoing) -> None:
        """Its answer did not come: to be sent again."""
        with self.lock:
            self.left.appendleft(one)

    def answered(self, one: Outgoing, status: int) -> None:
        """Note what the partner said of it."""
        with self.lock:
            if status == 0 or status >> 12 == 0xB:
                self.stored += 1
                self.warned += status != 0
                self.done.append((one.abstract, one.uid))
            elif status in PASSING and not self.is_last_try:
                self.later.append(one)
            else:
                why = "is not taken in its compression" if status == NOT_TAKEN else status_words(status)
                self.failed.append((one.path.name, why))
            told = self.stored + len(self.failed)
            self.progress(told / self.total, f"Sending image {told} of {self.total}")


def send(
    node: Node,
    own: Own,
    objects: Sequence[Outgoing],
    *,
    again: bool = False,
    lines: int = LINES,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    answer_s: float = 30.0,
) -> Sent:
    """C-STORE of all objects that the archive does not have yet (all of them with `again`).

    Raises NetworkError when no line holds, with how many are there by then; Cancelled.
    """
    there = set() if again else _there(node, own, objects, answer_s)
    work = _Work(
        deque(one for one in objects if one.uid not in there), max(len(objects) - len(there), 1), progress, cancel
    )
    work.done += [(one.abstract, one.uid) for one in objects if one.uid in there]
    _all(node, own, work, lines, answer_s, again)
    return Sent(work.stored, work.warned, len(there), tuple(work.failed), tuple(work.done))


def _all(node: Node, own: Own, work: _Work, lines: int, answer_s: float, again: bool) -> None:
    """Send what is left until nothing is, over new lines where old ones broke."""
    tries = 0
    while work.left:
        before = len(work.done) + len(work.failed) + len(work.later)
        work.broken.clear()
        _one_round(node, own, work, min(lines, len(work.left)), answer_s)
        if work.cancel is not None:
            work.cancel.raise_if_set()
        if not work.left and work.later:
            work.left, work.later = deque(work.later), []
            work.is_last_try, lines, tries = True, 1, 0
            continue
        if not work.left:
            break
        tries = 0 if len(work.done) + len(work.failed) + len(work.later) > before else tries + 1
        if tries >= TRIES or not work.broken:
            error = work.broken[-1] if work.broken else NetworkError(f"{node.name} ended the connection")
            said = f"{work.stored} of {work.total} objects are there; the same command sends the rest"
            raise NetworkError(error.what, said, "network")
        if not again:
            # what was on its way when the line broke may have arrived
            there_now = _there(node, own, list(work.left), answer_s)
            for one in [one for one in work.left if one.uid in there_now]:
                work.left.remove(one)
                work.answered(one, 0)


def _one_round(node: Node, own: Own, work: _Work, lines: int, answer_s: float) -> None:
    def run() -> None:
        try:
            with associate(node, own, _contexts(work.left), answer_s) as association:
                _one_line(association, work)
        except NetworkError as error:
            with work.lock:
                work.broken.append(error)
        except TheatrumError as error:
            with work.lock:
                work.broken.append(NetworkError(str(error)))

    threads = [threading.Thread(target=run, name=f"send {number}", daemon=True) for number in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _one_line(association: Association, work: _Work) -> None:
    while (one := work.next()) is not None:
        context = association.context_for(one.abstract, one.syntax)
        if context is None:
            work.answered(one, NOT_TAKEN)
            continue
        try:
            with one.path.open("rb") as file:
                file.seek(one.start)
                status = store(association, context, one.uid, file)
        except OSError as error:
            # nothing can follow on this line: a part of the object is under way
            with work.lock:
                work.failed.append((one.path.name, f"cannot be read ({error.strerror})"))
            raise NetworkError(f"{one.path.name} cannot be read", "", "network") from error
        except NetworkError:
            work.back(one)
            raise
        work.answered(one, status)


def _contexts(objects: Iterable[Outgoing]) -> list[Context]:
    kinds = dict.fromkeys((one.abstract, one.syntax) for one in list(objects))
    return [Context(abstract, (syntax,)) for abstract, syntax in kinds][:MOST_CONTEXTS]


def _there(node: Node, own: Own, objects: Sequence[Outgoing], answer_s: float) -> set[str]:
    """Which of the objects the archive has; none where it does not answer such questions."""
    found: set[str] = set()
    if not objects:
        return found
    with suppress(NetworkError), associate(node, own, [FIND], answer_s) as association:
        if association.context_for(FIND.abstract) is None:
            return found
        for study, series in dict.fromkeys((one.study, one.series) for one in objects):
            if study and series:
                found |= {row["SOPInstanceUID"] for row in find_images(association, study, series)}
    return found & {one.uid for one in objects}
