"""Names: how long one may be, and what a misspelt one was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LEAST_LIKENESS = 0.7
# letters of a name that a person gives: what a list, a title and a file's name have room for
MOST_LETTERS = 80


def known_names(wanted: str, names: Iterable[str], words: str = "It has") -> str:
    """The hint of an error about an unknown name: the nearest name first, then what there is.

    words: before the list. "Did you mean 'liver'? It has: kidney, liver".
    """
    known = list(dict.fromkeys(names))
    keys = {_key(name): name for name in reversed(known)}
    near = difflib.get_close_matches(_key(wanted), keys, n=1, cutoff=LEAST_LIKENESS)
    start = f"Did you mean '{keys[near[0]]}'? " if near else ""
    return f"{start}{words}: {', '.join(known) or 'none'}"


def _key(name: str) -> str:
    """Upper and lower case, blanks and underscores are no difference."""
    return name.casefold().replace("_", " ").strip()
