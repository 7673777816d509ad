"""Files that are still being written beside their place, and those that a killed program left there."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from planning.case.database import remove_logs
from planning.errors import CaseError
from planning.running import WRITER, is_left, writer


def part_name(target: Path) -> Path:
    """Where this process writes what will be `target`."""
    return target.with_name(f".{target.name}.{writer()}.part")


@contextlib.contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """Where to write what will be `target`; whoever puts it in place does so inside. Afterwards nothing of it is left, and an
    error names the target."""
    sweep_parts(target)
    part = part_name(target)
    try:
        yield part
    except CaseError as error:
        raise CaseError(error.what.replace(part.name, target.name), error.hint, error.code) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
            remove_logs(part)


def sweep_parts(target: Path) -> None:
    """Take away what processes that are gone were writing for this name: it may be half a case, unencrypted."""
    pattern = re.compile(re.escape(f".{target.name}.") + WRITER + r"\.part(-wal|-journal|-shm)?")
    with contextlib.suppress(OSError):
        for path in target.parent.iterdir():
            found = pattern.fullmatch(path.name)
            if found is None:
                continue
            with contextlib.suppress(OSError):
                if is_left(path, found[1], found[2]):
                    path.unlink()
