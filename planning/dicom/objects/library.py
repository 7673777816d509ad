"""The standard's tables of attributes, which highdicom reads for the first object that is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

TABLES = "highdicom._standard_utils"


@contextmanager
def tables_for_now() -> Iterator[None]:
    """They are there while a case's objects are written and go afterwards: 100,000 entries, some 120 MB, read in a second."""
    try:
        yield
    finally:
        module = sys.modules.get(TABLES)
        for one in vars(module).values() if module is not None else ():
            # what another version of the library keeps in another way stays
            if getattr(one, "__module__", "") == TABLES and hasattr(one, "cache_clear"):
                one.cache_clear()
