"""Which files a path stands for: folders, single files, DICOMDIRs, and zips unpacked into a private folder."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from planning.errors import InputError, TheatrumError
from planning.files.endings import ending, is_volume_file
from planning.files.temporary import temporary_folder
from planning.progress import CancelToken

MOST_ENTRIES = 200_000
MOST_BYTES = 8 << 30
MOST_RATIO = 200
RATIO_FROM_BYTES = 256 << 20
BLOCK = 1 << 20
DEEPEST = 2
ZIP_START = b"PK\x03\x04"


@contextmanager
def open_sources(paths: Sequence[Path], cancel: CancelToken | None = None) -> Iterator[list[tuple[str, str]]]:
    """(path to read, name to show) of every file under `paths`; unpacked zips disappear at the end.

    Zips inside folders and inside zips are unpacked too, two deep. Raises InputError for a path that is not there, an
    empty folder, or a zip that must not be unpacked.
    """
    with ExitStack() as stack:
        found: list[tuple[str, str]] = []
        for path in map(Path, paths):
            if not path.exists():
                raise InputError(f"{path.name or path} is not there", "Check the path", "not_there")
            if path.is_dir():
                found += _walk(path)
            elif not path.is_file():
                raise InputError(f"{path.name} is neither a file nor a folder", "Name the scan itself", "not_a_file")
            elif path.name.upper() == "DICOMDIR":
                found += _walk(path.parent)
            else:
                found.append((str(path), path.name))
        budget = Budget()
        for _ in range(DEEPEST):
            found = [item for file in found for item in _opened(file, stack, budget, cancel)]
        if not found:
            raise InputError("There are no files in this folder", "Choose the folder with the scan", "nothing")
        yield found


def only_volume(files: Sequence[tuple[str, str]]) -> bool:
    """True when all there is is one NIfTI, NRRD or MHA file. Raises InputError when there are only several of them."""
    volumes = [name for _, name in files if is_volume_file(Path(name))]
    if len(volumes) > 1 and len(volumes) == len(files):
        raise InputError(f"There are {len(volumes)} volume files here", "Name one of them", "several_volumes")
    return len(files) == 1 == len(volumes)


def _walk(folder: Path) -> list[tuple[str, str]]:
    """Files below the folder in the order of their names; links are left alone, so that none leads in a circle."""
    found: list[tuple[str, str]] = []
    waiting = [(str(folder), "")]
    while waiting:
        at, shown = waiting.pop()
        try:
            with os.scandir(at) as entries:
                for entry in entries:
                    name = f"{shown}/{entry.name}" if shown else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, name))
                    elif entry.is_file(follow_symlinks=False):
                        found.append((entry.path, name))
        except OSError as error:
            raise InputError(
                f"The folder {Path(at).name} cannot be read ({error.strerror})", "Check its permissions", "unreadable"
            ) from error
    return sorted(found)


@dataclass(slots=True)
class Budget:
    """What all zips of one call may unpack to."""

    entries: int = 0
    bytes: int = 0


def _opened(
    file: tuple[str, str], stack: ExitStack, budget: Budget, cancel: CancelToken | None
) -> list[tuple[str, str]]:
    path, name = file
    try:
        with open(path, "rb") as start:
            if start.read(len(ZIP_START)) != ZIP_START:
                return [file]
    except OSError:
        # the reader will say what is wrong with it
        return [file]
    if not zipfile.is_zipfile(path):
        return [file]
    folder = Path(stack.enter_context(temporary_folder("zip")))
    return [(inner, f"{name}/{shown}") for inner, shown in unpack_zip(Path(path), name, folder, budget, cancel)]


def unpack_zip(
    path: Path, name: str, folder: Path, budget: Budget, cancel: CancelToken | None = None
) -> list[tuple[str, str]]:
    """Unpack into `folder` under numbered names, counting real bytes. Raises InputError for a hostile archive."""
    useless = InputError(
        f"{Path(name).name} is not a usable zip file", "Pack the folder again without a password", "zip"
    )
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(archive, path, name, folder, budget, cancel)
    except OSError as error:
        if error.errno in (errno.EINVAL, None):
            # a table that leads to before the file's first byte, or data that bzip2 does not know
            raise useless from error
        raise InputError(
            f"{Path(name).name} cannot be unpacked ({error.strerror})", "Free some space and try again", "zip"
        ) from error
    except (TheatrumError, MemoryError):
        raise
    except Exception as error:
        # a damaged archive breaks its reader in any way
        raise useless from error


def _unpack(
    archive: zipfile.ZipFile, path: Path, name: str, folder: Path, budget: Budget, cancel: CancelToken | None
) -> list[tuple[str, str]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    budget.entries += len(entries)
    if budget.entries > MOST_ENTRIES:
        raise InputError(
            f"{Path(name).name} holds {len(entries)} files, the limit is {MOST_ENTRIES}", "Unpack it by hand", "zip"
        )
    for entry in entries:
        _check_name(entry, Path(name))
    claimed = sum(entry.file_size for entry in entries)
    packed = max(1, path.stat().st_size)
    if budget.bytes + claimed > MOST_BYTES or (claimed > RATIO_FROM_BYTES and claimed > MOST_RATIO * packed):
        raise InputError(
            f"The zip would unpack to {claimed / 1e9:.1f} GB. The limit is {MOST_BYTES / 1e9:.1f} GB, and "
            f"{MOST_RATIO} times its own size",
            "Unpack it by hand and look at it",
            "zip_bomb",
        )
    found, total = [], 0
    for number, entry in enumerate(entries):
        if cancel is not None:
            cancel.raise_if_set()
        # numbers for names, so that no name of the archive's ever reaches the disk; readers go by some endings
        suffix = ending(Path(entry.filename)) if is_volume_file(Path(entry.filename)) else ""
        target = folder / f"{number:06d}{suffix}"
        with archive.open(entry) as source, target.open("wb") as file:
            while block := source.read(BLOCK):
                total += len(block)
                budget.bytes += len(block)
                if budget.bytes > MOST_BYTES or (total > RATIO_FROM_BYTES and total > MOST_RATIO * packed):
                    raise InputError("The zip unpacks to far more than it says", "Do not use it", "zip_bomb")
                file.write(block)
        found.append((str(target), entry.filename))
    return found


def _check_name(entry: zipfile.ZipInfo, path: Path) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or (len(name) > 1 and name[1] == ":"):
        raise InputError(f"{path.name} wants to write outside its own folder", "Do not use this zip", "zip_path")
    if entry.compress_type == zipfile.ZIP_LZMA:
        # its own header asks for memory, up to gigabytes
        raise InputError(f"{path.name} is packed in an unusual way (LZMA)", "Pack the files as a plain zip", "zip")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(f"{path.name} holds links", "Pack the files themselves", "zip_path")
