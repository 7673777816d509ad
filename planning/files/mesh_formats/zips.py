"""A zip from outside, looked through before a library unpacks it: how much it really holds, by what it unpacks to."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path

from planning.errors import InputError

MOST_BYTES = 2 << 30
MOST_ENTRIES = 2000
BLOCK = 1 << 20


def check_zip(path: Path, most_bytes: int = MOST_BYTES) -> list[str]:
    """The names in the zip, every entry unpacked once and counted.

    Raises InputError for what is no zip or is damaged, and for one that unpacks to more than `most_bytes`, whatever it
    says of itself.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _refused(path, "holds too many files")
            told = sum(entry.file_size for entry in entries)
            if told > most_bytes:
                raise _refused(path, "unpacks to more than a model needs")
            total = 0
            for entry in entries:
                if entry.flag_bits & 1:
                    raise _refused(path, "is locked by a password")
                with archive.open(entry) as file:
                    while block := file.read(BLOCK):
                        total += len(block)
                        if total > most_bytes:
                            raise _refused(path, "unpacks to more than a model needs")
            return [entry.filename for entry in entries]
    except (InputError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        # a damaged archive breaks its reader in any way; its table may lead to before the file's first byte
        raise _refused(path, "is damaged") from error


def _refused(path: Path, what: str) -> InputError:
    return InputError(f"{path.name} {what}", "Ask for the file again, or write it again", "mesh")
