"""The pages of a case's file as they lie on the disk, for one that SQLite does not open any more; the file is only read.

Pages of the main file, those of a write-ahead log that was left beside it, and those that a rollback journal keeps. What
cannot be read or, in an encrypted case, bears no sound seal is None. Nothing here is believed: rows are held against their
hashes by `planning.case.salvage`.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from planning.case.database import MOST_VALUE_BYTES
from planning.case.keys import CaseKey
from planning.case.sealed_pages import RESERVED_BYTES, SEALED_END, SQLITE_HEADER, PageOpener
from planning.errors import CaseError

SIZES = (16384, 4096, 1024, 2048, 8192, 32768, 65536, 512)
TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
WAL_HEADER, FRAME_HEADER = 32, 24
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
# pages that are looked at to find the size of all
SAMPLED = 400


@dataclass(frozen=True, slots=True)
class PageAt:
    """Where a version of a page lies. number: which page of the database it is, from 1."""

    number: int
    handle: int
    start: int


class RawFile:
    """A damaged case's file, open to read; as a context manager. key: of an encrypted one."""

    def __init__(self, path: Path, key: CaseKey | None = None) -> None:
        self._opener = None if key is None else PageOpener(key)
        try:
            self._main = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise CaseError(
                f"{path.name} cannot be read ({error.strerror})", "Check its permissions", "unreadable"
            ) from error
        self._handles = [self._main]
        self.size = os.fstat(self._main).st_size
        self._log = self._beside(path, "-wal")
        self._journal = self._beside(path, "-journal")
        self.page_bytes = self._found_page_bytes(encrypted=key is not None)
        self.usable = self.page_bytes - self._reserved()
        self.pages = -(-self.size // self.page_bytes)
        # by number the versions in the log, the newest last
        self._frames = self._log_frames()

    def __enter__(self) -> RawFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in self._handles:
            os.close(handle)

    @property
    def all_bytes(self) -> int:
        """Of the file and of what lies beside it."""
        return sum(os.fstat(handle).st_size for handle in self._handles)

    @property
    def most_row_bytes(self) -> int:
        """No row can be longer: it lies in these files, and longer ones are not read of a sound case either."""
        return min(self.all_bytes, MOST_VALUE_BYTES)

    @property
    def has_log(self) -> bool:
        """True where a log or a rollback journal lies beside the file."""
        return len(self._handles) > 1

    def page(self, number: int, *, newest: bool = True) -> bytes | None:
        """A page as SQLite would see it (newest: the log's version, where it has a sound one), else the main file's."""
        if newest:
            for at in reversed(self._frames.get(number, ())):
                found = self.read(at)
                if found is not None:
                    return found
        if number < 1 or number > self.pages:
            return None
        return self.read(self._in_main(number))

    def places(self) -> Iterator[PageAt]:
        """Every version of every page: of the main file, then of the log and of the rollback journal."""
        for number in range(1, self.pages + 1):
            yield self._in_main(number)
        for versions in self._frames.values():
            yield from versions
        yield from self._rolled_back()

    def read(self, at: PageAt) -> bytes | None:
        """The page that lies there."""
        raw = self._bytes(at.handle, at.start, self.page_bytes)
        if self._opener is not None:
            return self._opener.opened(raw, at.number)
        # what a cut left of a page may hold whole rows all the same
        return raw.ljust(self.page_bytes, b"\0") if raw else None

    def _in_main(self, number: int) -> PageAt:
        return PageAt(number, self._main, (number - 1) * self.page_bytes)

    def _beside(self, path: Path, ending: str) -> int | None:
        with contextlib.suppress(OSError):
            handle = os.open(path.with_name(path.name + ending), os.O_RDONLY | getattr(os, "O_BINARY", 0))
            self._handles.append(handle)
            return handle
        return None

    @staticmethod
    def _bytes(handle: int, start: int, count: int) -> bytes:
        """Bytes of a file; fewer at its end, none where the disk itself does not read."""
        try:
            if hasattr(os, "pread"):
                return os.pread(handle, count, start)
            os.lseek(handle, start, os.SEEK_SET)
            return os.read(handle, count)
        except OSError:
            return b""

    def _found_page_bytes(self, encrypted: bool) -> int:
        if encrypted:
            return SIZES[0]
        header = self._bytes(self._main, 0, 100)
        told = int.from_bytes(header[16:18], "big")
        told = 65536 if told == 1 else told
        if header[:16] == SQLITE_HEADER and told in SIZES:
            return told
        # the size at which most pages begin as pages do
        return max(SIZES, key=lambda size: (self._looking_right(size), -SIZES.index(size)))

    def _looking_right(self, size: int) -> float:
        count = min(self.size // size, SAMPLED)
        step = max(1, self.size // size // SAMPLED)
        right = 0
        for number in range(1, count):
            start = self._bytes(self._main, number * step * size, 8)
            cells, content = int.from_bytes(start[3:5], "big"), int.from_bytes(start[5:7], "big")
            kinds = (TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER)
            right += (
                bool(start) and start[0] in kinds and 0 < cells < size and 8 + 2 * cells <= (content or 65536) <= size
            )
        return right * size / max(1, self.size)

    def _reserved(self) -> int:
        usual = 0 if self._opener is None else RESERVED_BYTES
        raw = self._bytes(self._main, 0, self.page_bytes)
        header = raw if self._opener is None else self._opener.opened(raw, 1) or b""
        is_told = header[:16] == SQLITE_HEADER and len(header) > 20
        return header[20] if is_told and header[20] in (0, SEALED_END, RESERVED_BYTES) else usual

    def _log_frames(self) -> dict[int, list[PageAt]]:
        """Pages of the log up to its last commit: what came after it was never done."""
        if self._log is None:
            return {}
        stride = FRAME_HEADER + self.page_bytes
        count = max(0, (os.fstat(self._log).st_size - WAL_HEADER) // stride)
        heads = [self._bytes(self._log, WAL_HEADER + n * stride, FRAME_HEADER) for n in range(count)]
        heads = [head if len(head) == FRAME_HEADER else bytes(FRAME_HEADER) for head in heads]
        # older frames that were not written over yet bear another salt than the header
        salt = self._bytes(self._log, 0, WAL_HEADER)[16:24]
        salts = Counter(head[8:16] for head in heads)
        if salt not in salts and salts:
            salt = salts.most_common(1)[0][0]
        frames: dict[int, list[PageAt]] = {}
        waiting: list[PageAt] = []
        for n, head in enumerate(heads):
            if head[8:16] != salt:
                continue
            place = WAL_HEADER + n * stride + FRAME_HEADER
            waiting.append(PageAt(int.from_bytes(head[:4], "big"), self._log, place))
            if int.from_bytes(head[4:8], "big"):
                for at in waiting:
                    frames.setdefault(at.number, []).append(at)
                waiting.clear()
        return frames

    def _rolled_back(self) -> Iterator[PageAt]:
        """Pages as they were before a change that was not finished."""
        if self._journal is None:
            return
        size = os.fstat(self._journal).st_size
        header = self._bytes(self._journal, 0, 28)
        if len(header) < 28 or header[:8] != JOURNAL_MAGIC:
            return
        sector = int.from_bytes(header[20:24], "big") or 512
        place = sector
        while place + 4 + self.page_bytes + 4 <= size:
            number = int.from_bytes(self._bytes(self._journal, place, 4), "big")
            yield PageAt(number, self._journal, place + 4)
            place += 4 + self.page_bytes + 4
