"""The key of an encrypted case whose first 16 bytes are damaged: they are the salt, and without them no pass-phrase opens it.

The kind of file and the cost are known words; of the random bytes each single changed bit is tried. A try costs what the
pass-phrase's key costs, about a second, and there are a hundred: who has many bytes of them damaged cannot be helped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planning.case.held import held_header
from planning.case.keys import COSTS, HEADER_BYTES, MAGIC, CaseKey, derived, opens
from planning.errors import CaseError
from planning.progress import CancelToken, Progress, no_progress


def searched_key(
    path: Path, passphrase: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> CaseKey:
    """The key that opens a page of the file. Raises CaseError, code "wrong_key", where none of them does; Cancelled."""
    if held_header(path) is not None:
        raise CaseError("This case is open in another window", "Close it there and try again", "locked")
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError as error:
        raise CaseError(f"{path.name} cannot be read ({error.strerror})", "Check its name", "not_there") from error
    if len(header) == HEADER_BYTES:
        candidates = list(dict.fromkeys(_candidates(header)))
        for n, candidate in enumerate(candidates):
            if cancel is not None:
                cancel.raise_if_set()
            progress(n / len(candidates), "Trying changed first bytes")
            key = derived(candidate, passphrase)
            if opens(path, key):
                return key
    raise CaseError(
        f"The pass-phrase does not open {path.name}, whichever bit of its first bytes is taken for changed",
        "Use a copy or a backup of it",
        "wrong_key",
    )


def _candidates(header: bytes) -> Iterator[bytes]:
    """The likely ones first: as it is, with its known bytes put right, then a bit of the others changed."""
    told = header[len(MAGIC)]
    costs = [told] if told in COSTS else list(COSTS)
    costs += [cost for cost in COSTS if cost not in costs]
    start, rest = len(MAGIC) + 1, header[len(MAGIC) + 1 :]
    for cost in costs:
        yield MAGIC + bytes([cost]) + rest
    first = MAGIC + bytes([costs[0]])
    for place in range(HEADER_BYTES - start):
        for bit in range(8):
            changed = bytearray(rest)
            changed[place] ^= 1 << bit
            yield first + bytes(changed)
