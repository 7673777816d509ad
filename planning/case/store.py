"""The case file: one SQLite database that holds voxels in chunks, snapshots and the journal.

All calls come from one thread at a time (a lock guards against two). A commit returns only after the disk has it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.case import codec
from planning.case.database import (
    Connection,
    begin_log,
    connect,
    disk_error,
    has_pending_log,
    locked,
    remove_logs,
    sqlite_errors,
)
from planning.case.held import held_header, hold, identity_of, let_go
from planning.case.keys import CaseKey, key_for, remember, wrong_key
from planning.case.model import ArrayRef
from planning.case.parts_left import sweep_parts
from planning.case.schema import check_header, check_schema, create_tables, damaged
from planning.errors import CaseError
from planning.files.json_text import parsed_json
from planning.kept import Kept

CHUNK_SLICES = 16
# of images; who asks for a structure's voxels keeps them as a mask
CACHE_BYTES = 1 << 30
MOST_ALONG, MOST_VOXELS = 1 << 20, 1 << 36
DTYPES = ("int16", "uint16", "float32", "uint8")


class CaseStore:
    """An open case file. Use `create` or `open`, and as a context manager."""

    def __init__(
        self, path: Path, connection: Connection, read_only: bool, draft: bool = False, key: CaseKey | None = None
    ) -> None:
        self.path = path
        self.read_only = read_only
        self.draft = draft
        self.key = key
        self._logging = self._begun = False
        self._flusher = _Flusher(path) if draft else None
        self._connection = connection
        self._lock = threading.RLock()
        self._cache: Kept[str, npt.NDArray[Any]] = Kept(CACHE_BYTES, lambda array: array.nbytes, least=1)
        # what somebody else still holds is not read a second time, whether the cache keeps it or not
        self._alive: weakref.WeakValueDictionary[str, npt.NDArray[Any]] = weakref.WeakValueDictionary()
        self._closed = False
        self._identity = identity_of(path)
        # of a case that another process has open: where its copy lies
        self._folder: TemporaryDirectory[str] | None = None
        if not read_only and not draft:
            # a log that an interrupted session left behind is folded in at the end
            self._logging = self._begun = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        if not read_only:
            hold(self._identity, b"" if key is None else key.header)
        if key is not None:
            remember(key)

    @classmethod
    def create(cls, path: Path, *, force: bool = False, draft: bool = False, key: CaseKey | None = None) -> CaseStore:
        """A new, empty case. Raises CaseError when the file exists (without `force`) or cannot be written.

        A draft is on the disk only after `close`, and worthless before: for a file that gets its name at the end.
        key: to encrypt it with (`planning.case.keys.new_key`).
        """
        path = Path(path)
        if path.exists() and not force:
            raise CaseError(f"{path.name} exists already", "Choose another name or use --force", "exists")
        if path.is_dir():
            raise CaseError(f"{path.name} is a folder", "Choose another name", "exists")
        if not path.parent.is_dir():
            raise CaseError(f"The folder of {path.name} does not exist", "Make it first", "no_folder")
        _require_closed(path)
        path.unlink(missing_ok=True)
        remove_logs(path)
        try:
            connection = connect(path, read_only=False, draft=draft, key=key)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                create_tables(connection)
        except sqlite_errors() as error:
            raise disk_error(error, path.name) from error
        return cls(path, connection, False, draft, key)

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = False, beside: bool = False, key: CaseKey | None = None
    ) -> CaseStore:
        """An existing case; every check of the format is done before anything is believed. Raises CaseError.

        beside: to read one that another process has open, as it is on the disk now; what comes later is not seen.
        key: of an encrypted one; without it whoever `planning.case.keys` knows is asked (CaseError "encrypted" where
        nobody has it, "wrong_key" where it does not open the case).
        """
        path = Path(path)
        if held_header(path) is not None:
            raise locked(path.name)
        check_header(path)
        if beside and read_only and _cannot_fold(path):
            return cls._open_copy(path, key if key is not None else key_for(path))
        _check_place(path, read_only)
        key = key if key is not None else key_for(path)
        try:
            connection = connect(path, read_only, key=key)
        except sqlite_errors() as error:
            raise _not_opened(error, path, key) from error
        try:
            check_schema(connection, path.name, sealed=key is not None)
        except sqlite_errors() as error:
            connection.close()
            told = _not_opened(error, path, key)
            # to read a log takes a little room beside it, which a full disk does not have
            no_room = has_pending_log(path) and told.code in ("damaged", "disk_full", "read_only")
            if beside and read_only and (told.code == "locked" or no_room):
                return cls._open_copy(path, key)
            raise told from error
        except CaseError:
            connection.close()
            raise
        if not read_only:
            # the case is ours alone now: what somebody was writing in its place is nobody's any more
            sweep_parts(path)
        return cls(path, connection, read_only, key=key)

    @classmethod
    def _open_copy(cls, path: Path, key: CaseKey | None) -> CaseStore:
        from planning.case.beside import copied_aside

        folder, copy = copied_aside(path)
        try:
            found = cls.open(copy, read_only=True, key=key)
        except CaseError:
            folder.cleanup()
            raise
        found.path, found._folder, found._identity = path, folder, identity_of(path)
        return found

    @property
    def encrypted(self) -> bool:
        """True when everything of it lies on the disk encrypted: what is made of it must not lie there plain unasked."""
        return self.key is not None

    def __enter__(self) -> CaseStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_closed(self) -> bool:
        """True once the file was let go of."""
        return self._closed

    def close(self) -> None:
        """Fold the write-ahead log into the one file and let go of it."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._cache.clear()
            self._alive.clear()
            try:
                if self._logging:
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self._connection.execute("PRAGMA journal_mode=DELETE")
            except sqlite_errors() as error:
                # every commit is on disk already; folding can happen at the next opening
                if not self.path.exists():
                    raise self._gone() from error
                if "disk" not in str(error) and "locked" not in str(error) and "full" not in str(error):
                    raise disk_error(error, self.path.name) from error
            finally:
                self._connection.close()
                if self._folder is not None:
                    self._folder.cleanup()
                if not self.read_only:
                    let_go(self._identity)
            if not self.read_only and not has_pending_log(self.path):
                # an index of the log that a reader made; with the log gone it is of no use
                self.path.with_name(self.path.name + "-shm").unlink(missing_ok=True)
            if self._flusher is not None:
                self._flusher.finish()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside becomes durable together, or nothing does."""
        with self._lock:
            if self.read_only:
                raise CaseError("This case is open to read", "Open it for writing to change it", "read_only")
            if self._connection.in_transaction:
                yield self._connection
                return
            if not self.draft and not self.path.exists():
                # the open file would still take it, and with the program's end nobody would find it again
                raise self._gone()
            try:
                self._begin_log()
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    yield self._connection
            except sqlite_errors() as error:
                raise disk_error(error, self.path.name) from error

    def _gone(self) -> CaseError:
        return CaseError(
            f"The folder or drive of {self.path.name} is gone", "Bring it back, or save a copy elsewhere", "gone"
        )

    def _begin_log(self) -> None:
        """Write ahead from the first change on: a file that is only opened stays as it is to the byte."""
        if self._begun or self.draft:
            return
        self._logging = begin_log(self._connection, self.path)
        self._begun = True

    def flush_along(self) -> None:
        """Let the disk begin on what a draft has so far, so that little is left to wait for at the end."""
        if self._flusher is not None:
            self._flusher.begin()

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a reading query. Raises CaseError when the file is damaged."""
        with self._lock:
            try:
                found: list[tuple[Any, ...]] = self._connection.execute(query, values).fetchall()
                return found
            except sqlite_errors() as error:
                raise disk_error(error, self.path.name) from error

    @contextmanager
    def still(self) -> Iterator[CaseStore]:
        """Nobody of this process changes the case inside: for what reads more than one query of it."""
        with self._lock:
            yield self

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a reading query one by one, for those that would fill the memory together. Raises CaseError."""
        try:
            yield from self._connection.execute(query)
        except sqlite_errors() as error:
            raise disk_error(error, self.path.name) from error

    def put_array(self, voxels: npt.NDArray[Any]) -> ArrayRef:
        """Store an array `[k, j, i]`; equal chunks are stored once."""
        writer = self.array_writer(voxels.dtype, voxels.shape)
        for start in range(0, voxels.shape[0], CHUNK_SLICES):
            writer.write(voxels[start : start + CHUNK_SLICES])
        return writer.finish()

    def array_writer(self, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> ArrayWriter:
        """Store an array slice block by slice block while later ones are still being made."""
        return ArrayWriter(self, np.dtype(dtype), shape)

    def array(self, reference: ArrayRef) -> npt.NDArray[Any]:
        """The array, read-only and kept for the next who asks. Raises CaseError when damaged."""
        key = array_id(reference)
        with self._lock:
            known = self._cache.get(key)
            if known is None and (known := self._alive.get(key)) is not None:
                self._cache[key] = known
        if known is not None:
            return known
        array = self.array_once(reference)
        with self._lock:
            self._cache[key] = self._alive[key] = array
        return array

    def forget_read(self) -> None:
        """Keep no array for the next who asks; those that somebody holds are still not read a second time."""
        with self._lock:
            self._cache.clear()

    def array_once(self, reference: ArrayRef) -> npt.NDArray[Any]:
        """The array, read-only, every chunk checked against its hash. Raises CaseError when damaged."""
        array = self._read_array(reference)
        array.flags.writeable = False
        return array

    def _read_array(self, reference: ArrayRef) -> npt.NDArray[Any]:
        rows = self.rows("SELECT dtype, shape, chunk_slices FROM array WHERE id=?", (array_id(reference),))
        if len(rows) != 1 or rows[0][0] != reference.dtype or rows[0][0] not in DTYPES:
            raise damaged("an image is missing")
        dtype, shape, step = np.dtype(rows[0][0]), _shape(rows[0][1]), int(rows[0][2])
        if shape != reference.shape or step < 1:
            raise damaged("an image has another size")
        numbers = self.rows("SELECT n, sha256 FROM array_chunk WHERE array_id=? ORDER BY n", (array_id(reference),))
        if [row[0] for row in numbers] != list(range(-(-shape[0] // step))):
            raise damaged("parts of an image are missing")
        voxels = np.empty(shape, dtype=dtype)

        def read(number: int, digest: str) -> None:
            found = self.rows("SELECT codec, raw_bytes, data FROM chunk WHERE sha256=?", (digest,))
            block = voxels[number * step : (number + 1) * step]
            if len(found) != 1 or found[0][1] != block.nbytes:
                raise damaged("parts of an image are missing")
            if hashlib.sha256(found[0][2]).hexdigest() != digest:
                raise damaged("voxels differ from their hash")
            codec.decode(str(found[0][0]), found[0][2], block)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda row: read(row[0], row[1]), numbers))
        return voxels

    def meta(self, key: str) -> str | None:
        """A value of the meta table."""
        rows = self.rows("SELECT value FROM meta WHERE key=?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str | None) -> None:
        """Write a value of the meta table, None takes it away; on the disk when this returns. Raises CaseError."""
        with self.transaction() as connection:
            if value is None:
                connection.execute("DELETE FROM meta WHERE key=?", (key,))
            else:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


class _Flusher:
    """Brings a draft to the disk beside the work on it; at most one flush runs at a time.

    Its own handle of the file would end the locks of an ordinary case when it is closed; nobody else knows a draft.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb+")
        self._pool = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None

    def begin(self) -> None:
        if self._running is None or self._running.done():
            self._running = self._pool.submit(os.fsync, self._file.fileno())

    def finish(self) -> None:
        self._pool.shutdown(wait=True)
        with self._file:
            os.fsync(self._file.fileno())


class ArrayWriter:
    """Packs and stores an array in the order of its slices; compression runs beside the caller."""

    def __init__(self, store: CaseStore, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        if dtype.name not in DTYPES:
            raise CaseError(f"Voxels of type {dtype.name} cannot be stored", f"Use one of {', '.join(DTYPES)}")
        self._store, self._dtype, self._shape = store, dtype.newbyteorder("<"), shape
        self._whole = hashlib.sha256()
        self._pool = ThreadPoolExecutor(2)
        self._hashing = ThreadPoolExecutor(1)
        self._blocks: deque[tuple[Future[tuple[str, str, int, bytes]], Future[None]]] = deque()
        self._digests: list[str] = []
        self._written = 0

    def write(self, slices: npt.NDArray[Any], release: Callable[[], None] | None = None) -> None:
        """The next slices: CHUNK_SLICES of them, fewer only at the end.

        They must not change until `release` is called, from another thread, or the array is finished.
        """
        expected = min(CHUNK_SLICES, self._shape[0] - self._written)
        if slices.shape != (expected, *self._shape[1:]):
            raise CaseError(f"A block of voxels has shape {slices.shape}, {(expected, *self._shape[1:])} was expected")
        self._written += expected
        block = np.ascontiguousarray(slices, dtype=self._dtype)
        hashed = self._hashing.submit(self._whole.update, block.data.cast("B"))
        packed = self._pool.submit(_pack, block)
        self._blocks.append((packed, hashed))
        if release is not None:
            # blocks are hashed in their order, so this one frees the thread soon after it is packed
            packed.add_done_callback(lambda _: hashed.add_done_callback(lambda _: release()))
        if self._store.draft:
            # nobody can see a draft: its blocks need not wait in memory for one transaction
            with self._store.transaction() as connection:
                self._store_packed(connection, wait=False)

    def _store_packed(self, connection: Connection, wait: bool) -> None:
        while self._blocks and (wait or (self._blocks[0][0].done() and self._blocks[0][1].done())):
            packed, hashed = self._blocks.popleft()
            digest, name, raw_bytes, data = packed.result()
            hashed.result()
            self._digests.append(digest)
            connection.execute("INSERT OR IGNORE INTO chunk VALUES (?, ?, ?, ?)", (digest, name, raw_bytes, data))
            self._store.flush_along()

    def finish(self) -> ArrayRef:
        """Store all chunks in one transaction and return the array's reference."""
        try:
            if self._written != self._shape[0]:
                raise CaseError(f"{self._written} of {self._shape[0]} slices were written")
            with self._store.transaction() as connection:
                self._store_packed(connection, wait=True)
                reference = ArrayRef(self._whole.hexdigest(), self._dtype.name, tuple(self._shape))
                key = array_id(reference)
                connection.execute(
                    "INSERT OR IGNORE INTO array VALUES (?, ?, ?, ?)",
                    (key, reference.dtype, json.dumps(list(self._shape)), CHUNK_SLICES),
                )
                connection.executemany(
                    "INSERT OR IGNORE INTO array_chunk VALUES (?, ?, ?)",
                    [(key, n, digest) for n, digest in enumerate(self._digests)],
                )
        finally:
            self.abandon()
        return reference

    def abandon(self) -> None:
        """Stop the threads; nothing of the array is stored unless `finish` was done."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._hashing.shutdown(wait=True, cancel_futures=True)


def array_id(reference: ArrayRef) -> str:
    """What an array is called in the file."""
    # equal bytes in another shape are another array: two all-inside masks, for one
    return f"{reference.sha256} {reference.dtype} {'x'.join(map(str, reference.shape))}"


def _pack(block: npt.NDArray[Any]) -> tuple[str, str, int, bytes]:
    name, data = codec.encode(block)
    return hashlib.sha256(data).hexdigest(), name, block.nbytes, data


def _shape(text: str) -> tuple[int, ...]:
    try:
        values = parsed_json(text)
    except ValueError as error:
        raise damaged("an image has no size") from error
    if not isinstance(values, list) or not all(isinstance(n, int) for n in values):
        raise damaged("an image has no size")
    if not is_possible(values):
        raise damaged("an image claims an impossible size")
    return tuple(values)


def is_possible(shape: Sequence[int]) -> bool:
    """Whether an array may have this shape, before memory is taken for it."""
    is_one = bool(shape) and all(0 < n < MOST_ALONG for n in shape)
    return is_one and float(np.prod(shape, dtype=np.float64)) <= MOST_VOXELS


def _not_opened(error: BaseException, path: Path, key: CaseKey | None) -> CaseError:
    """A wrong key and a broken first page look the same to the database; other pages tell them apart."""
    told = disk_error(error, path.name)
    if key is None or told.code == "locked":
        return told
    from planning.case.keys import opens

    return told if opens(path, key) else wrong_key(path.name)


def _cannot_fold(path: Path) -> bool:
    """True where steps in a log can be taken in only from a copy."""
    return has_pending_log(path) and not os.access(path.parent, os.W_OK)


def _check_place(path: Path, read_only: bool) -> None:
    """Whether the folder allows what is wanted; SQLite would only speak of an I/O error."""
    can_write = os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
    if can_write:
        return
    if not read_only:
        raise CaseError(
            f"{path.name} lies where nothing can be written",
            "Copy it to another folder, or open it to read",
            "read_only",
        )
    if _cannot_fold(path):
        raise CaseError(
            f"{path.name} has unfinished steps in {path.name}-wal, which cannot be taken in here",
            "Copy both files to a folder that can be written",
            "pending",
        )


def put_in_place(part: Path, target: Path) -> None:
    """Give a finished case its name, in the place of an older one. Raises CaseError (code "locked") while that is open.

    Whoever has it open would go on writing to a file without a name, and its log would be played into the new one.
    """
    _require_closed(target)
    remove_logs(target)
    os.replace(part, target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Bring a rename to the disk; some systems have no handle for a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _require_closed(path: Path) -> None:
    """Raises CaseError (code "locked") for a case that is open, here or in another process."""
    if held_header(path) is not None:
        raise locked(path.name)
    if not path.is_file():
        return
    try:
        # without a key too: the lock comes before the first page is read
        connect(path, read_only=False).close()
    except sqlite_errors() as error:
        found = disk_error(error, path.name)
        # what is no case at all, or a damaged one, may be replaced
        if found.code == "locked":
            raise found from error
