"""Objects that come over the network, put into a folder: whole or not at all, under names that no partner chooses."""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import os
import re
import shutil
import struct
import threading
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO, FileIO
from pathlib import Path
from typing import BinaryIO

from pydicom.dataset import Dataset

from planning.dicom.elements import KEYWORD_TAGS
from planning.dicom.quick import DEFLATED, EXPLICIT, read_quick, walk_meta
from planning.errors import InputError
from planning.files.place import FULL, writing
from planning.pacs.association import IMPLEMENTATION_NAME, IMPLEMENTATION_UID, Accepted
from planning.pacs.command import Command
from planning.pacs.to_disk import ToDisk
from planning.running import STALE_S, WRITER, is_left, writer

UID = re.compile(r"[0-9]+(\.[0-9]+)*")
DRAFT = re.compile(WRITER + r"-[0-9a-f]{32}\.part")
LEAST_FREE_BYTES = 1 << 28
CHECKED_EVERY_BYTES = 1 << 25
META_BYTES, HEAD_BYTES = 1 << 14, 1 << 20
# the group of a study's and a series' numbers
LAST_GROUP, PIXELS = 0x0020, 0x7FE0
NUMBERS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
UID_KINDS = ("UI", None)
SUCCESS, DUPLICATE, OUT_OF_ROOM, NOT_AS_CLAIMED, UNREADABLE = 0x0000, 0x0111, 0xA700, 0xA900, 0xC000


def safe_uid(value: object) -> str:
    """A UID as a name of a file or folder; anything else that a partner calls one becomes a hash of it."""
    text = str(value or "")
    if len(text) <= 64 and UID.fullmatch(text):
        return text
    return "x" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(slots=True)
class Incoming:
    """One object while it arrives."""

    path: Path
    uid: str
    abstract: str
    file: FileIO
    refusal: int = SUCCESS
    _unchecked: int = 0

    def write(self, part: memoryview) -> None:
        """Take the next bytes. What cannot be kept is read to its end all the same, so that it can be answered."""
        if self.refusal:
            return
        try:
            _write_all(self.file, part)
            self._unchecked += len(part)
            if self._unchecked >= CHECKED_EVERY_BYTES:
                # an object without an end must not take the last room of the disk
                self._unchecked = 0
                if shutil.disk_usage(self.path.parent).free < LEAST_FREE_BYTES:
                    self.refusal = OUT_OF_ROOM
                    self.file.truncate(0)
        except OSError as error:
            self.refusal = OUT_OF_ROOM if error.errno in FULL else UNREADABLE


@dataclass(slots=True)
class Intake:
    """A folder that fills: FOLDER/study/series/object.dcm. Safe to use from several threads."""

    folder: Path
    arrived: dict[str, Path] = field(default_factory=dict)
    """By SOP Instance UID: where it lies."""
    refused: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _to_disk: ToDisk = field(default_factory=ToDisk)

    def __post_init__(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"{self.folder.name} is a file", "Choose a folder for -o", "exists")

    def open(self, context: Accepted, command: Command) -> Incoming:
        """Begin with the object that a C-STORE announces."""
        uid = command.get("AffectedSOPInstanceUID", "")
        incoming = self._begun(uid, context.abstract)
        if incoming.refusal:
            return incoming
        if safe_uid(uid) != uid or command.get("AffectedSOPClassUID", "") != context.abstract:
            incoming.refusal = NOT_AS_CLAIMED
            return incoming
        incoming.write(memoryview(b"\0" * 128 + b"DICM" + _meta_group(context.abstract, uid, context.syntax)))
        return incoming

    def put(self, uid: str, abstract: str, whole: bytes) -> int:
        """One object as the bytes of a file: the status, as `finish` gives it."""
        incoming = self._begun(uid, abstract)
        if not incoming.refusal and safe_uid(uid) != uid:
            incoming.refusal = NOT_AS_CLAIMED
        incoming.write(memoryview(whole))
        return self.finish(incoming)

    def _begun(self, uid: str, abstract: str) -> Incoming:
        """An empty draft, refused at once where the disk is nearly full."""
        drafts = self.folder / ".arriving"
        path = drafts / f"{writer()}-{uuid.uuid4().hex}.part"
        try:
            file = FileIO(path, "x+")
        except FileNotFoundError:
            with writing(self.folder):
                drafts.mkdir(parents=True, exist_ok=True)
            file = FileIO(path, "x+")
        incoming = Incoming(path, uid, abstract, file)
        if shutil.disk_usage(drafts).free < LEAST_FREE_BYTES:
            incoming.refusal = OUT_OF_ROOM
        return incoming

    def finish(self, incoming: Incoming, placed: Callable[[int], None] = lambda status: None) -> int:
        """Check a whole object: the status for the partner. An object that is here already stays as it is.

        It reaches the disk and its place a little later, in another thread; `placed` is told then, or at once where it is
        refused. `settle` waits for it.
        """
        try:
            status = incoming.refusal or self._checked(incoming, placed)
        except OSError as error:
            status = _status_of(error)
        if status:
            self.drop(incoming)
            self._refuse(incoming, status)
            placed(status)
        return status

    def drop(self, incoming: Incoming) -> None:
        """Leave nothing of an object that will not be whole."""
        with contextlib.suppress(OSError):
            incoming.file.close()
        with contextlib.suppress(OSError):
            incoming.path.unlink(missing_ok=True)

    def _refuse(self, incoming: Incoming, status: int) -> None:
        with self._lock:
            self.refused[incoming.uid] = status

    def _checked(self, incoming: Incoming, placed: Callable[[int], None]) -> int:
        numbers = _numbers(incoming.file, incoming.path)
        if numbers is None:
            return UNREADABLE
        uid, study, series = numbers
        if uid != incoming.uid:
            return NOT_AS_CLAIMED
        place = self.folder / safe_uid(study) / safe_uid(series)
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        target = place / f"{incoming.uid}.dcm"

        def ended(error: OSError | None) -> None:
            if error is None:
                with self._lock:
                    self.arrived[incoming.uid] = target
                placed(SUCCESS)
            else:
                self.drop(incoming)
                self._refuse(incoming, _status_of(error))
                placed(_status_of(error))

        while True:
            if _holds(target, incoming.uid) and not filecmp.cmp(target, incoming.path, shallow=False):
                return DUPLICATE
            if self._to_disk.take(incoming.file, incoming.path, target, ended):
                return SUCCESS
            self._to_disk.settle(target)

    def settle(self) -> None:
        """Wait until all objects that were taken are on the disk and at their place."""
        self._to_disk.settle()

    def class_of(self, uid: str) -> str | None:
        """The SOP class of an object that lies here and reads back, None where there is none."""
        if safe_uid(uid) != uid:
            return None
        with self._lock:
            place = self.arrived.get(uid)
        if place is None or not place.exists():
            place = next(self.folder.glob(f"*/*/{uid}.dcm"), None)
        if place is None or not _holds(place, uid):
            return None
        from pydicom.filereader import read_file_meta_info

        return str(read_file_meta_info(place).MediaStorageSOPClassUID)

    def close(self) -> None:
        """Leave no folder for drafts behind; what arrived and its folders' entries reach the disk."""
        self.settle()
        with contextlib.suppress(OSError):
            (self.folder / ".arriving").rmdir()
        for place in {path.parent for path in self.arrived.values()}:
            with contextlib.suppress(OSError):
                handle = os.open(place, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def known(self) -> dict[str, Path]:
        """What lies here already and reads back, by SOP Instance UID; drafts of a run that was killed are removed."""
        sweep_drafts(self.folder)
        return {path.stem: path for path in self.folder.glob("*/*/*.dcm") if _holds(path, path.stem)}


def sweep_drafts(folder: Path) -> None:
    """Take away what processes that are gone were receiving. Who still receives into the same folder is left alone: what
    waits there for the disk has been answered for."""
    for draft in (folder / ".arriving").glob("*.part"):
        found = DRAFT.fullmatch(draft.name)
        with contextlib.suppress(OSError):
            # a draft that bears no process's number is of an earlier version
            if found is None:
                is_over = time.time() - draft.stat().st_mtime > STALE_S
            else:
                is_over = is_left(draft, found[1], found[2])
            if is_over:
                draft.unlink()


def _write_all(file: FileIO, part: memoryview) -> None:
    while part:
        # a file that is nearly at the end of its room takes a part of it
        part = part[file.write(part) :]


def _status_of(error: OSError) -> int:
    return OUT_OF_ROOM if error.errno in FULL else UNREADABLE


def _meta_group(abstract: str, uid: str, syntax: str) -> bytes:
    """The group 0002 of a file (PS3.10 §7.1): explicit little endian, its length first."""

    def element(number: int, kind: bytes, value: bytes, filler: bytes = b"\0") -> bytes:
        value += filler * (len(value) % 2)
        return struct.pack("<HH2sH", 0x0002, number, kind, len(value)) + value

    rest = struct.pack("<HH2s2xL2s", 0x0002, 0x0001, b"OB", 2, b"\0\1")
    for number, value in enumerate((abstract, uid, syntax)):
        rest += element((0x0002, 0x0003, 0x0010)[number], b"UI", value.encode("ascii", "replace"))
    rest += element(0x0012, b"UI", IMPLEMENTATION_UID.encode()) + element(
        0x0013, b"SH", IMPLEMENTATION_NAME.encode(), b" "
    )
    return element(0x0000, b"UL", struct.pack("<L", len(rest))) + rest


def _holds(path: Path, uid: str) -> bool:
    """True where a file is there and reads back as this object; a spoilt one may be replaced."""
    head = read_head(path) if path.exists() else None
    return head is not None and str(head.get("SOPInstanceUID", "")) == uid


def _numbers(file: FileIO, path: Path) -> tuple[str, str, str] | None:
    """What a file says that its object's, study's and series' numbers are; None for what no reader understands."""
    quick = read_quick(file)
    if quick is not None:
        found = [quick.header.get_item(KEYWORD_TAGS[name]) for name in NUMBERS]
        texts = [one.value.rstrip(b"\0 ").decode("latin-1") for one in found if one is not None and one.VR in UID_KINDS]
        if len(texts) == len(NUMBERS) and all(safe_uid(text) == text for text in texts):
            uid, study, series = texts
            return uid, study, series
    # all that is unusual is left to pydicom
    head = read_head(path)
    if head is None:
        return None
    uid, study, series = (str(head.get(name, "") or "") for name in NUMBERS)
    return uid, study, series


def read_head(path: Path) -> Dataset | None:
    """The first elements of a file, up to its study and series; None for what no reader understands."""
    from pydicom.filereader import read_partial
    from pydicom.tag import Tag

    try:
        with path.open("rb") as file:
            source = _unpacked_start(file)
            # a plain file is looked through to its pixels: what says two things of itself is none
            last = PIXELS - 1 if source is file else LAST_GROUP
            head = read_partial(
                source,
                stop_when=lambda tag, kind, length: tag >> 16 > last,
                specific_tags=[Tag(name) for name in NUMBERS],
            )
        head.decode()
    except Exception:
        # what a partner sent may break a reader in any way
        return None
    return head


def _unpacked_start(file: BinaryIO) -> BinaryIO:
    """The file; of a deflated one only its start, as much as the first elements take, whatever it would unpack to."""
    start = file.read(META_BYTES)
    file.seek(0)
    syntax, at = walk_meta(start, 132)
    if syntax != DEFLATED:
        return file
    file.seek(at)
    raw = zlib.decompressobj(-zlib.MAX_WBITS).decompress(file.read(HEAD_BYTES), HEAD_BYTES)
    plain = EXPLICIT.encode().ljust(len(DEFLATED), b"\0")
    return BytesIO(start[:at].replace(DEFLATED.encode(), plain) + raw)
