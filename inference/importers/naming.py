"""What an imported model and its structures are called here."""

from __future__ import annotations

import re

from inference.manifest import Label
from planning.registry import canonical_name, structure_style


def label_of(value: int, name: str) -> Label:
    """A label with the code of our own table of structures, where its name is there."""
    key = canonical_name(name)
    side = {"left": "left", "right": "right"}.get(key.rsplit("_", 1)[-1]) or {"l": "left", "r": "right"}.get(
        key[:1] if key[1:2] == "_" else ""
    )
    return Label(index=value, name=name, code=structure_style(name).code, laterality=side)  # type: ignore[arg-type]


def model_id(name: str) -> str:
    """A name as a model's id: lower case, at most 64 letters."""
    plain = re.sub(r"[^a-z0-9.-]+", "-", name.casefold()).strip("-._")
    return plain[:64].rstrip("-._") or "imported"


def title_of(name: str) -> str:
    """ "Dataset003_Liver" → "Liver"."""
    words = re.sub(r"^Dataset\d+_", "", name).replace("_", " ").strip()
    return "".join(letter for letter in words if letter.isprintable())[:80] or "Imported model"
