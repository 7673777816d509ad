"""Objects from files to an archive: several lines at once, each image with its own answer, a broken line made anew."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from planning.dicom.unpack import unpacked
from planning.errors import DicomError, InputError, NetworkError, TheatrumError
from planning.files.temporary import temporary_folder
from planning.pacs.association import MOST_CONTEXTS, Association, Context, associate
from planning.pacs.node import Node, Own
from planning.pacs.query import FIND, find_images
from planning.pacs.services import PLAIN, status_words, store
from planning.pacs.wire import SILENT
from planning.progress import CancelToken, Progress, no_progress

LINES = 5
"""Associations at once: while one waits for an answer, another sends."""
TRIES = 3
NOT_TAKEN, NO_KIND, STUCK = -1, -2, -3
WHY = {
    NOT_TAKEN: "is not taken in its compression",
    NO_KIND: "is of a kind that is not taken",
    STUCK: "broke the line each time that it was sent",
}
AT_ONCE, AT_ONCE_BYTES = 200, 256 << 20
"""Objects that are unpacked at a time, for what lies on the disk meanwhile."""
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
    unpacked_from: str = ""
    """The name of the file that it was unpacked from."""

    @property
    def name(self) -> str:
        """The name of the file that a person knows."""
        return self.unpacked_from or self.path.name


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the objects. `failed` tells why by file name.

    unpacked: how many of those stored went without their compression. may_pass: some were refused for a reason that may pass.
    is_stuck: the line broke at some each time.
    """

    stored: int
    warned: int
    there_before: int
    failed: tuple[tuple[str, str], ...]
    uids: tuple[tuple[str, str], ...]
    """(SOP class, SOP instance) of all that the archive has now: what a storage commitment is asked for."""
    unpacked: int = 0
    may_pass: bool = False
    is_stuck: bool = False

    @property
    def advice(self) -> str:
        """What to do about those that failed."""
        if self.is_stuck:
            return "the same command tries them again; leave these files out if it ends like this once more"
        if self.may_pass:
            return "the same command sends the rest"
        return "ask the archive's administrator what it takes, or leave these files out"


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
    packed: list[tuple[Outgoing, str]] = field(default_factory=list)
    """Not taken in their compression, with the transfer syntax in which the archive takes their kind."""
    aside: list[Outgoing] = field(default_factory=list)
    """Of kinds that an association had no room for: for the next."""
    at_work: dict[str, int] = field(default_factory=dict)
    """How often a line broke while this object was on it."""
    moved: int = 0
    """Objects of which the partner said anything."""
    has_met: bool = False
    may_pass: bool = False
    is_stuck: bool = False
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
        """Its answer did not come: to be sent again, after the others, so that it holds none of them up."""
        with self.lock:
            self.at_work[one.uid] = self.at_work.get(one.uid, 0) + 1
            if self.at_work[one.uid] < TRIES:
                self.left.append(one)
            else:
                self.is_stuck = True
                self.failed.append((one.name, WHY[STUCK]))

    def answered(self, one: Outgoing, status: int) -> None:
        """Note what the partner said of it."""
        with self.lock:
            self.moved += 1
            if status == 0 or status >> 12 == 0xB:
                self.stored += 1
                self.warned += status != 0
                self.done.append((one.abstract, one.uid))
            elif status in PASSING and not self.is_last_try:
                self.later.append(one)
            else:
                self.may_pass |= status in PASSING or status >> 8 == 0xA7
                self.failed.append((one.name, WHY[status] if status in WHY else status_words(status)))
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
    packed = 0
    while work.packed:
        before = work.stored
        _unpacked_round(node, own, work, lines, answer_s, again)
        packed += work.stored - before
    return Sent(
        work.stored, work.warned, len(there), tuple(work.failed), tuple(work.done), packed, work.may_pass, work.is_stuck
    )  # fmt: skip


def _unpacked_round(node: Node, own: Own, work: _Work, lines: int, answer_s: float, again: bool) -> None:
    """Some of the objects that were not taken in their compression, decoded and sent without it."""
    syntax = work.packed[0][1]
    batch: list[Outgoing] = []
    size = 0
    for one, takes in list(work.packed):
        if takes == syntax and len(batch) < AT_ONCE and size < AT_ONCE_BYTES:
            batch.append(one)
            size += one.path.stat().st_size if one.path.exists() else 0
            work.packed.remove((one, takes))
    with temporary_folder("unpacked") as folder:
        try:
            made, refused = unpacked([one.path for one in batch], Path(folder), syntax, work.cancel)
        except DicomError:
            made, refused = {}, dict.fromkeys(range(len(batch)), WHY[NOT_TAKEN])
        for place, one in enumerate(batch):
            new = _object(made[place]) if place in made else None
            if isinstance(new, Outgoing):
                work.left.append(replace(new, unpacked_from=one.name))
            else:
                work.failed.append((one.name, refused.get(place, WHY[NOT_TAKEN])))
        work.is_last_try = False
        _all(node, own, work, lines, answer_s, again)


def _all(node: Node, own: Own, work: _Work, lines: int, answer_s: float, again: bool) -> None:
    """Send what is left until nothing is, over new lines where old ones broke."""
    tries = 0
    while work.left:
        before = work.moved
        work.broken.clear()
        _one_round(node, own, work, min(lines, len(work.left)), answer_s)
        if work.cancel is not None:
            work.cancel.raise_if_set()
        work.left.extend(work.aside)
        work.aside.clear()
        if not work.left and work.later:
            work.left, work.later = deque(work.later), []
            work.is_last_try, lines, tries = True, 1, 0
            continue
        if not work.left:
            break
        if work.moved > before:
            tries = 0
            if not work.broken:
                continue
        else:
            tries += 1
        is_silent = not work.has_met and all(error.code == SILENT for error in work.broken)
        if tries >= TRIES or is_silent or not work.broken:
            raise _given_up(node, work)
        if not again:
            # what was on its way when the line broke may have arrived
            try:
                there_now = _there(node, own, list(work.left), answer_s)
            except NetworkError as error:
                # silent: that was a try as well
                work.broken.append(error)
                tries += 1
                there_now = set()
            for one in [one for one in work.left if one.uid in there_now]:
                work.left.remove(one)
                work.answered(one, 0)


def _given_up(node: Node, work: _Work) -> NetworkError:
    """The error when no line holds any more, with the file that the last ones broke at."""
    error = work.broken[-1] if work.broken else NetworkError(f"{node.name} ended the connection")
    stuck = [one.name for one in work.left if one.uid in work.at_work]
    if stuck:
        said = (
            f"{work.stored} of {work.total} objects are there; the same command sends the rest. "
            f"If it ends at {stuck[0]} again, leave that file out"
        )
    else:
        said = f"{work.stored} of {work.total} objects are there; the same command sends the rest"
    return NetworkError(error.what, said, "network")


def _one_round(node: Node, own: Own, work: _Work, lines: int, answer_s: float) -> None:
    # of all that is left now: what another line gives back may come to any of them
    contexts = _contexts(work.left)

    def run() -> None:
        try:
            with associate(node, own, contexts, answer_s) as association:
                work.has_met = True
                _one_line(association, work, {(one.abstract, one.syntaxes[0]) for one in contexts})
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


def _one_line(association: Association, work: _Work, offered: set[tuple[str, str]]) -> None:
    while (one := work.next()) is not None:
        context = association.context_for(one.abstract, one.syntax)
        if context is None:
            _not_taken(association, work, one, (one.abstract, one.syntax) in offered)
            continue
        try:
            with one.path.open("rb") as file:
                file.seek(one.start)
                status = store(association, context, one.uid, file)
        except OSError as error:
            # nothing can follow on this line: a part of the object is under way
            with work.lock:
                work.moved += 1
                work.failed.append((one.name, f"cannot be read ({error.strerror})"))
            raise NetworkError(f"{one.name} cannot be read", "", "network") from error
        except NetworkError:
            work.back(one)
            raise
        work.answered(one, status)


def _not_taken(association: Association, work: _Work, one: Outgoing, was_offered: bool) -> None:
    """Note an object that the partner did not agree to, with what could be done about it."""
    if not was_offered:
        with work.lock:
            work.aside.append(one)
        return
    takes = next((syntax for syntax in PLAIN if association.context_for(one.abstract, syntax)), None)
    if takes is None or one.unpacked_from:
        work.answered(one, NOT_TAKEN if association.context_for(one.abstract) else NO_KIND)
        return
    with work.lock:
        work.moved += 1
        work.packed.append((one, takes))


def _contexts(objects: Iterable[Outgoing]) -> list[Context]:
    """Each kind of object as it is, and as every archive may take it where it does not take that."""
    objects = list(objects)
    kinds = dict.fromkeys((one.abstract, one.syntax) for one in objects)
    kinds |= dict.fromkeys((one.abstract, syntax) for one in objects for syntax in PLAIN)
    return [Context(abstract, (syntax,)) for abstract, syntax in kinds][:MOST_CONTEXTS]


def _there(node: Node, own: Own, objects: Sequence[Outgoing], answer_s: float) -> set[str]:
    """Which of the objects the archive has; none where it does not answer such questions.

    Raises NetworkError where nothing at all is heard of it.
    """
    found: set[str] = set()
    if not objects:
        return found
    try:
        association = associate(node, own, [FIND], answer_s)
    except NetworkError as error:
        if error.code == SILENT:
            raise
        return found
    with suppress(NetworkError), association:
        if association.context_for(FIND.abstract) is None:
            return found
        for study, series in dict.fromkeys((one.study, one.series) for one in objects):
            if study and series:
                found |= {row["SOPInstanceUID"] for row in find_images(association, study, series)}
    return found & {one.uid for one in objects}
