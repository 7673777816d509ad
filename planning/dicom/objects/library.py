"""The standard's tables of attributes, which highdicom reads for the first object that is written."""

from __future__ import annotations

import importlib
import json
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

TABLES = "highdicom._standard_utils"
# smaller ones are read whole
LARGE_LETTERS = 1 << 20
ROW, NAMED_LIST = re.compile(r'^  "', re.MULTILINE), re.compile(r'^  "([^"\\]+)": (?=\[)', re.MULTILINE)
_lock = threading.Lock()
_at_work: list[int] = []


class Table(Mapping[str, list[Any]]):
    """A table of lists in JSON, of which only those are read that somebody asks for. Raises ValueError for another text."""

    def __init__(self, text: str) -> None:
        found = list(NAMED_LIST.finditer(text))
        if not found or len(found) != sum(1 for _ in ROW.finditer(text)):
            raise ValueError("no table with a list on each row")
        ends = [one.start() for one in found[1:]] + [text.rindex("}")]
        self._text = text
        self._places = {one[1]: (one.end(), end) for one, end in zip(found, ends, strict=True)}
        self._read: dict[str, list[Any]] = {}

    def __getitem__(self, name: str) -> list[Any]:
        if name not in self._read:
            start, end = self._places[name]
            self._read[name] = json.loads(self._text[start:end].rstrip().removesuffix(","))
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Reader:
    """What the library reads JSON with while objects are written."""

    @staticmethod
    def loads(text: str) -> Any:
        if len(text) >= LARGE_LETTERS:
            try:
                return Table(text)
            except ValueError:
                # another version of the library writes its tables in another way
                pass
        return json.loads(text)


@contextmanager
def tables_for_now(*, loads: bool = True) -> Iterator[None]:
    """They are there while a case's objects are written and go afterwards. loads: whether an object is made by the library.

    Read whole they are 100,000 entries: a second, some 120 MB, and pages all over Python's memory that some other small
    object keeps for ever, 10 to 14 MB more with each export. Objects ask for some 30 of its lists.
    """
    module = importlib.import_module(TABLES) if loads else None
    with _lock:
        _at_work.append(1)
        if hasattr(module, "json"):
            vars(module)["json"] = _Reader
    try:
        yield
    finally:
        with _lock:
            _at_work.pop()
            if not _at_work:
                _forget_tables()


def _forget_tables() -> None:
    module = sys.modules.get(TABLES)
    if hasattr(module, "json"):
        vars(module)["json"] = json
    for one in () if module is None else vars(module).values():
        # what another version of the library keeps in another way stays
        if getattr(one, "__module__", "") == TABLES and hasattr(one, "cache_clear"):
            one.cache_clear()
