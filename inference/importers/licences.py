"""What a licence text is, as far as it can be told. What is not on the list is unknown, and counts as not commercial."""

from __future__ import annotations

import re
from pathlib import Path

from inference.manifest import Licence

MOST_BYTES = 512 << 10
NAME = "LICENSE.txt"
_FILES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "License.txt", "license.txt", "COPYING")

# id → whether commercial work is allowed
KNOWN: dict[str, bool] = {
    "Apache-2.0": True,
    "MIT": True,
    "BSD-2-Clause": True,
    "BSD-3-Clause": True,
    "CC0-1.0": True,
    "CC-BY-4.0": True,
    "CC-BY-SA-4.0": True,
    "CC-BY-NC-4.0": False,
    "CC-BY-NC-SA-4.0": False,
    "CC-BY-NC-ND-4.0": False,
    "NVIDIA-Open-Model-License": True,
    "NVIDIA-OneWay-Non-Commercial": False,
    "TotalSegmentator-non-commercial": False,
}
# narrower ones first: a non-commercial text also holds the words of the freer one
_SIGNS: tuple[tuple[str, str], ...] = (
    ("CC-BY-NC-SA-4.0", r"attribution-?\s*non-?commercial-?\s*share-?alike 4\.0|cc[- ]by-nc-sa[- ]4\.0"),
    ("CC-BY-NC-ND-4.0", r"attribution-?\s*non-?commercial-?\s*no-?derivatives 4\.0|cc[- ]by-nc-nd[- ]4\.0"),
    ("CC-BY-NC-4.0", r"attribution-?\s*non-?commercial 4\.0|cc[- ]by-nc[- ]4\.0"),
    ("NVIDIA-OneWay-Non-Commercial", r"nvidia oneway non-?commercial"),
    ("NVIDIA-Open-Model-License", r"nvidia open model license"),
    ("CC-BY-SA-4.0", r"attribution-?\s*share-?alike 4\.0|cc[- ]by-sa[- ]4\.0"),
    ("CC-BY-4.0", r"attribution 4\.0 international|cc[- ]by[- ]4\.0"),
    ("CC0-1.0", r"cc0 1\.0|cc0-1\.0"),
    ("Apache-2.0", r"apache license,?\s*version 2\.0|apache-2\.0|licensed under the apache license"),
    ("MIT", r"\bmit license\b|permission is hereby granted, free of charge"),
    ("BSD-3-Clause", r"neither the name of .{0,200} endorse or promote"),
    ("BSD-2-Clause", r"redistribution and use in source and binary forms"),
)
_RESTRICTED = re.compile(r"non-?\s?commercial|research (use )?only|not for commercial|academic use", re.I)


def licence_of_text(text: str) -> str:
    """The licence's id, "unknown" where it cannot be told or contradicts itself."""
    folded = re.sub(r"\s+", " ", text[:MOST_BYTES]).casefold()
    for name, sign in _SIGNS:
        if re.search(sign, folded):
            # freedom with a restriction written beside it is no freedom that a program could judge
            return "unknown" if KNOWN[name] and _RESTRICTED.search(folded) else name
    return "unknown"


def known_licence(name: str) -> str:
    """A licence named by itself, as in "CC BY-NC-SA 4.0": its id, else "unknown"."""
    wanted = re.sub(r"[^a-z0-9.]+", "-", name.strip().casefold()).strip("-")
    for known in KNOWN:
        if known.casefold() == wanted:
            return known
    return "unknown"


def take_licence(folders: list[Path], into: Path, stated: str | None = None) -> Licence:
    """The licence of a model whose files lie in `folders` (nearest first), its text copied into `into`.

    stated: an id that the model's description names. A text and a statement that differ make it unknown.
    """
    ids = set() if not stated else {known_licence(stated)}
    name = None
    for folder in folders:
        for file in (folder / name for name in _FILES):
            if name is None and file.is_file() and not file.is_symlink() and file.stat().st_size <= MOST_BYTES:
                text = file.read_text(encoding="utf-8", errors="replace")
                first = text.strip().splitlines()[0] if text.strip() else ""
                named = known_licence(first)
                ids.add(named if named != "unknown" else licence_of_text(text))
                name = NAME
                (into / NAME).write_text(text, encoding="utf-8")
    found = ids.pop() if len(ids) == 1 else "unknown"
    return Licence(id=found, commercial=KNOWN.get(found), text=name)
