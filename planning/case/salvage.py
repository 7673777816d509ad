"""What is sound in a damaged case's file: found page by page, each row held against its own hash.

Blocks of voxels are named by what they hold, steps of the journal are chained, a snapshot fits a step: so a row that is
whole can be told from one that is not, wherever it lies and whatever became of the pages that lead to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.case import codec
from planning.case.journal import step_sha256, step_text
from planning.case.model import ArrayRef
from planning.case.raw_pages import PageAt, RawFile
from planning.case.raw_rows import Row, rows_of
from planning.case.second_copy import is_second
from planning.case.store import CHUNK_SLICES, array_id, is_possible
from planning.errors import CaseError
from planning.progress import CancelToken, Progress, no_progress

HEX = 64
HEAD = "head"
JOURNAL_COLUMNS = 9
# runs of blocks that are tried for an image whose list of blocks is lost
MOST_TRIES = 64
# a sound file's chains are read once or twice
MOST_PASSES = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A sound block of voxels. newest: whether its chain of pages goes through the log. number: of its row."""

    at: PageAt
    number: int
    newest: bool
    codec: str
    raw_bytes: int


@dataclass(slots=True)
class Salvage:
    """blocks: by the hash of what they hold. lists: array → its blocks' hashes by their number.

    steps: rows of the journal by their number whose own hash fits; several where one is there twice. snapshots: (seq, text,
    hash). meta: values by key. broken: numbers of steps that are there and do not fit. lost_pages: that could not be read.
    """

    raw: RawFile
    blocks: dict[str, Block] = field(default_factory=dict)
    lists: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    steps: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    snapshots: list[tuple[int, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
    lost_pages: int = 0
    # bytes that chains of pages may still take while pages are looked at: a hostile file makes them endless
    chained_bytes: int = 0

    def array(self, reference: ArrayRef) -> list[str | None]:
        """The hash of each block of an array in its order, None for one that is lost; one None for an impossible array."""
        if not is_possible(reference.shape) or block_bytes(reference, 0) > codec.MOST_RAW_BYTES:
            return [None]
        known = self.lists.get(array_id(reference), {})
        # a number that is there twice with different blocks is damaged itself
        told = [next(iter(known[n])) if len(known.get(n, ())) == 1 else None for n in range(block_count(reference))]
        found = [digest if digest in self.blocks else None for digest in told]
        if None not in found and self._is_whole(reference, [str(digest) for digest in found]):
            return found
        if None in told or None not in found:
            searched = self._searched(reference)
            if searched is not None:
                return list(searched)
        return found if None in found and self._in_order(reference, found) else [None] * len(found)

    def codec_of(self, reference: ArrayRef, digest: str) -> str:
        """How a block is packed; a damaged word for it is replaced by the one that arrays of this type have."""
        told = self.blocks[digest].codec
        if told in codec.CODECS:
            return told
        return codec.PLANES_ZSTD if np.dtype(reference.dtype).itemsize == 2 else codec.ZSTD

    def _is_whole(self, reference: ArrayRef, digests: list[str]) -> bool:
        whole = hashlib.sha256()
        try:
            for number, digest in enumerate(digests):
                whole.update(self.voxels(reference, number, digest).data.cast("B"))
        except CaseError:
            return False
        return whole.hexdigest() == reference.sha256

    def _in_order(self, reference: ArrayRef, digests: list[str | None]) -> bool:
        """Where the hash of the whole cannot tell: blocks were stored one after another, but for those of one value."""
        last = -(1 << 62)
        try:
            for number, digest in enumerate(digests):
                if digest is None:
                    continue
                voxels = self.voxels(reference, number, digest)
                if (voxels == voxels.flat[0]).all():
                    continue
                if self.blocks[digest].number <= last:
                    return False
                last = self.blocks[digest].number
        except CaseError:
            return False
        return True

    def packed(self, digest: str) -> bytes:
        """The packed bytes of a sound block."""
        block = self.blocks[digest]
        page = self.raw.read(block.at)
        self.chained_bytes = MOST_PASSES * self.raw.most_row_bytes
        for row in () if page is None else self._rows(page, block.at.number, newest=block.newest):
            if row.rowid == block.number and len(row.values) == 4:
                data = row.values[3]
                if isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == digest:
                    return data
        raise CaseError("The file changed while it was read", "Try again", "changed")

    def voxels(self, reference: ArrayRef, number: int, digest: str) -> npt.NDArray[Any]:
        """The voxels of a block of an array. Raises CaseError where they do not fit it."""
        target = np.empty(block_shape(reference, number), dtype=np.dtype(reference.dtype).newbyteorder("<"))
        codec.decode(self.codec_of(reference, digest), self.packed(digest), target)
        return target

    def _searched(self, reference: ArrayRef) -> list[str] | None:
        """An array whose list is lost: blocks lie in the order of its slices, and the hash of the whole tells."""
        sizes = [block_bytes(reference, number) for number in range(block_count(reference))]
        order = sorted(self.blocks, key=lambda digest: self.blocks[digest].number)
        tries = 0
        for start in range(len(order) - len(sizes) + 1):
            window = order[start : start + len(sizes)]
            if [self.blocks[digest].raw_bytes for digest in window] != sizes:
                continue
            tries += 1
            if tries > MOST_TRIES:
                return None
            if self._is_whole(reference, window):
                return window
        return None

    def gather(self, progress: Progress = no_progress, cancel: CancelToken | None = None) -> None:
        """Look at every page. Raises Cancelled."""
        places = list(self.raw.places())
        self.chained_bytes = MOST_PASSES * self.raw.all_bytes
        for n, at in enumerate(places):
            if n % 256 == 0:
                progress(n / len(places), "Reading what is left")
                if cancel is not None:
                    cancel.raise_if_set()
            page = self.raw.read(at)
            if page is None:
                self.lost_pages += 1
                continue
            # a row whose later pages were written anew in the log, and one whose were not
            for newest in (True, False):
                for row in self._rows(page, at.number, newest=newest):
                    self._sort(row, at, newest)
                if not self.raw.has_log:
                    break

    def _rows(self, page: bytes, number: int, *, newest: bool) -> Iterator[Row]:
        def page_at(following: int) -> bytes | None:
            if self.chained_bytes < 0:
                return None
            self.chained_bytes -= self.raw.page_bytes
            return self.raw.page(following, newest=newest)

        return rows_of(page, number, self.raw.usable, page_at, self.raw.most_row_bytes)

    def _sort(self, row: Row, at: PageAt, newest: bool) -> None:
        """By the number and the kinds of its values: the tables have no two alike."""
        values = row.values
        kinds = tuple(type(value) for value in values)
        if row.rowid is None:
            if kinds == (str, str):
                self._note(str(values[0]), str(values[1]))
            elif kinds == (str, int, str):
                numbers = self.lists.setdefault(str(values[0]), {})
                numbers.setdefault(int(str(values[1])), set()).add(str(values[2]))
        elif kinds == (str, str, int, bytes) and isinstance(values[3], bytes):
            digest = hashlib.sha256(values[3]).hexdigest()
            # its name may be damaged where what it holds is not
            self.blocks[digest] = Block(at, row.rowid, newest, str(values[1]), int(str(values[2])))
        elif len(values) == JOURNAL_COLUMNS and values[0] is None:
            self._step(row.rowid, values)
        elif kinds == (type(None), str, str) and len(str(values[2])) == HEX:
            self.snapshots.append((row.rowid, str(values[1]), str(values[2])))

    def _note(self, key: str, value: str) -> None:
        """A value of the meta table; of several heads of the journal the farthest, of copies the newest."""
        if is_second(key) and value < self.meta.get(key, ""):
            return
        if key == HEAD and head_number(value) < head_number(self.meta.get(key, "")):
            return
        self.meta[key] = value

    def _step(self, seq: int, values: tuple[Any, ...]) -> None:
        row = (seq, *values[1:])
        try:
            text = step_text(row[5])
            fits = step_sha256((*row[:5], text, *row[6:-1])) == row[8]
        except (CaseError, UnicodeError):
            fits = False
        if not fits:
            self.broken.add(seq)
        elif row not in self.steps.setdefault(seq, []):
            self.steps[seq].append(row)


def head_number(text: str) -> int:
    """The number of the newest step that a head names, -1 where it is none."""
    number = text.partition(" ")[0]
    return int(number) if number.isdecimal() and len(number) < 12 else -1


def block_count(reference: ArrayRef) -> int:
    """Of an array in the file."""
    return -(-reference.shape[0] // CHUNK_SLICES)


def block_shape(reference: ArrayRef, number: int) -> tuple[int, ...]:
    """Of one block of an array."""
    return (min(CHUNK_SLICES, reference.shape[0] - number * CHUNK_SLICES), *reference.shape[1:])


def block_bytes(reference: ArrayRef, number: int) -> int:
    """Of one block, unpacked."""
    return int(np.prod(block_shape(reference, number), dtype=np.int64)) * np.dtype(reference.dtype).itemsize
