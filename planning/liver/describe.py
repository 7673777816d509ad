"""Resections in words, from what a plan keeps of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planning.geometry import FloatArray
from planning.liver.anatomical import named_resection
from planning.units import text_direction, text_position, text_value

MOST_NAMES = 4


def branch_words(name: str) -> str:
    """ "Portal branch 3" from "portal_3", "Hepatic vein 1" from "hepatic_1", "Portal branch of segment IV" from "portal_IV";
    others without underscores."""
    tree, _, number = name.rpartition("_")
    words = {"portal": "Portal branch", "hepatic": "Hepatic vein"}.get(tree)
    if words and number.isdigit():
        return f"{words} {number}"
    if words and number and set(number) <= set("IVX"):
        return f"{words} of segment {number}"
    # Couinaud's numerals stay as they are
    return f"segment {name}" if name and set(name) <= set("IVX") else name.replace("_", " ").capitalize()


def say_resections(rows: Sequence[Mapping[str, Any]]) -> str:
    """A plan's resections in a few words: "Two planes", "Wedges about T1 and T2", "Deformable cut, ablation"."""
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    words = [_several(kind, [row for row in rows if row["kind"] == kind]) for kind in kinds]
    said = ", ".join(words)
    return said[:1].upper() + said[1:]


def _several(kind: str, rows: Sequence[Mapping[str, Any]]) -> str:
    count = _count(len(rows))
    if kind == "wedge":
        names = [f"T{row['tumor']}" for row in rows]
        return f"wedge{'s' if len(rows) > 1 else ''} about {_listed(names)}"
    if kind == "territory":
        whole = [named_resection(row["names"]) for row in rows]
        if all(whole):
            return _listed([_lowered(one.words) for one in whole if one is not None])
        return f"territory of {say_branches([name for row in rows for name in row['names']], MOST_NAMES)}"
    one = {"plane": "plane", "sheet": "deformable cut", "surface": "surface from a file", "ablation": "ablation zone"}
    many = {**{key: f"{text}s" for key, text in one.items()}, "surface": "surfaces from files"}
    return one.get(kind, kind) if len(rows) == 1 else f"{count} {many.get(kind, kind)}"


def say_resection(row: Mapping[str, Any]) -> str:
    """One resection so that it could be given again, as far as words can."""
    kind = row["kind"]
    side = ", the tumours’ side" if row.get("remove") == "tumor" else ""
    if kind == "plane":
        return (
            f"plane through {text_position(row['origin_mm'])}, removing towards {text_direction(row['normal'])}{side}"
        )
    if kind == "sheet":
        heights = np.asarray(row["heights_mm"], dtype=np.float64)
        m, n = heights.shape
        return (
            f"deformable cut, net of {m} × {n} over a plane through {text_position(row['origin_mm'])}, removing "
            f"towards {text_direction(row['normal'])}, heights {_range(heights)} mm{side}"
        )
    if kind == "wedge":
        way = "" if row.get("direction") is None else f", out towards {text_direction(row['direction'])}"
        spared = row.get("spare") or ()
        spare = f", sparing {say_branches(spared, MOST_NAMES)}" if spared else ""
        return f"wedge about T{row['tumor']} with {row['margin_mm']:g} mm{way}{spare}"
    if kind == "territory":
        whole = named_resection(row["names"])
        parts = f"territory of {say_branches(row['names'])}"
        return parts if whole is None else f"{_lowered(whole.words)}, {parts}"
    if kind == "ablation":
        size = f"{2 * row['long_mm']:g} × {2 * row['short_mm']:g} mm"
        device = f"{row['device']}, " if row.get("device") else ""
        return (
            f"ablation zone, {device}{size}, from {text_position(row['entry_mm'])} to {text_position(row['target_mm'])}"
        )
    return f"surface from a file{side}"


def _range(heights: FloatArray) -> str:
    return f"{text_value(float(heights.min()), 1)} to {text_value(float(heights.max()), 1)}"


def say_branches(names: Sequence[str], most: int | None = None) -> str:
    """ "portal branch 1 and hepatic vein 2", "segments V, VI and VII"; of more than `most` only the first are named."""
    most = len(names) if most is None else most
    if len(names) > 1 and all(set(name) <= set("IVX") for name in names):
        return f"segments {_listed(names, most)}"
    return _listed([_lowered(branch_words(name)) for name in names], most)


def _listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """ "T1 and T2", "a, b, c and 3 more"."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _count(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))
