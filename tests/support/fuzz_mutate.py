"""Changes that a damaged disk, a broken program or an enemy makes to bytes: each follows from its random numbers alone."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)
WORDS = ("", "0", "-1", "1e308", "NaN", "-inf", "99999999999999999999", "../../x", "1,5", "\\", "\0", "é" * 300, "%s%n")
LARGEST = 1 << 20


def mutated(content: bytes, dice: random.Random, seeds: Sequence[bytes] = (), hot: int = 0) -> bytes:
    """One to six changes. seeds: what parts may be taken from. hot: most changes fall into that many first bytes."""
    found = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        at = dice.randrange(min(hot, len(found)) if hot and found and dice.random() < 0.7 else len(found) + 1)
        dice.choice(CHANGES)(found, at, dice, seeds)
        if not found:
            break
    return bytes(found[:LARGEST])


def _flip(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    if at < len(found):
        found[at] ^= 1 << dice.randrange(8)


def _noise(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    for place in range(at, min(at + dice.choice((1, 2, 4, 16)), len(found))):
        found[place] = dice.randrange(256)


def _number(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    width, order = dice.choice((1, 2, 4, 8)), dice.choice(("little", "big"))
    value = dice.choice((*NUMBERS, len(found), -1, -(1 << 31))) % (1 << 8 * width)
    found[at : at + width] = value.to_bytes(width, order)  # type: ignore[arg-type]


def _float(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    import struct

    value = dice.choice((0.0, -1.0, 1e-30, 1e30, float("nan"), float("inf"), 1e300))
    kind = "<f" if value < 1e38 and dice.random() < 0.5 else "<d"
    found[at : at + struct.calcsize(kind)] = struct.pack(kind, value)


def _cut(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    del found[at:]


def _remove(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    del found[at : at + dice.choice((1, 2, 4, 8, 100, 1000))]


def _repeat(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    part = found[at : at + dice.choice((1, 8, 64, 512))]
    found[at:at] = part * dice.choice((1, 2, 50))


def _insert(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    found[at:at] = dice.randbytes(dice.choice((1, 2, 4, 8, 32)))


def _zeros(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    length = min(dice.choice((4, 32, 512)), len(found) - at)
    found[at : at + length] = bytes(length)


def _splice(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    other = dice.choice(seeds) if seeds else bytes(found)
    start = dice.randrange(len(other) + 1)
    part = other[start : start + dice.choice((4, 16, 128, 4096))]
    found[at : at + (len(part) if dice.random() < 0.5 else 0)] = part


def _word(found: bytearray, at: int, dice: random.Random, seeds: Sequence[bytes]) -> None:
    word = dice.choice(WORDS).encode()
    found[at : at + (len(word) if dice.random() < 0.7 else 0)] = word


CHANGES: tuple[Callable[[bytearray, int, random.Random, Sequence[bytes]], None], ...] = (
    _flip,
    _flip,
    _noise,
    _number,
    _number,
    _number,
    _float,
    _cut,
    _remove,
    _repeat,
    _insert,
    _zeros,
    _splice,
    _word,
)


def mutated_json(content: bytes, dice: random.Random) -> bytes:
    """A JSON text with some of its values replaced, removed, doubled or nested; now and then its bytes are changed too."""
    try:
        document = json.loads(content)
    except ValueError:
        return mutated(content, dice)
    if dice.random() < 0.02:
        return b"[" * 100_000
    for _ in range(dice.choice((1, 1, 2, 4))):
        document = _changed_value(document, dice)
    text = json.dumps(document, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    return mutated(text, dice) if dice.random() < 0.15 else text


def _changed_value(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        if dice.random() < 0.12:
            return {name: item for name, item in value.items() if name != key}
        return {name: _changed_value(item, dice) if name == key else item for name, item in value.items()}
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        if dice.random() < 0.12:
            return [*value[:at], *value[at + 1 :]] if dice.random() < 0.5 else [*value, value[at]]
        return [*value[:at], _changed_value(value[at], dice), *value[at + 1 :]]
    deep: Any = 1
    for _ in range(dice.choice((2, 60))):
        deep = [deep] if dice.random() < 0.5 else {"a": deep}
    odd: tuple[Any, ...] = (None, True, [], {}, -1, 0, 1e300, float("nan"), 1 << 70, -0.5, deep, *WORDS, "\ud800")
    return dice.choice(odd)


def mutated_zip(content: bytes, dice: random.Random, inner: Callable[[str, bytes], bytes]) -> bytes:
    """A zip with one of its entries changed by `inner` and packed again; a third of the time its own bytes are."""
    if dice.random() < 0.34:
        return mutated(content, dice)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        names = old.namelist()
        chosen = dice.choice(names)
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, inner(entry.filename, data) if entry.filename == chosen else data, entry.compress_type)
    return packed.getvalue()


def mutated_gzip(content: bytes, dice: random.Random, hot: int) -> bytes:
    """What a gzip file holds is changed and packed again; a third of the time its own bytes are."""
    if dice.random() < 0.34:
        return mutated(content, dice)
    return gzip.compress(mutated(gzip.decompress(content), dice, hot=hot), 1)
