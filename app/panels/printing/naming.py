"""Which row of the parts list an object of the file belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.panels.printing.troubles import Trouble
from app.panels.printing.wish import PrintWish
from planning.case.printing import part_name
from planning.registry import canonical_name


def row_keys(wish: PrintWish) -> dict[str, str]:
    """Row key by the name of the object that comes of it before it is cut into pieces."""
    plans = dict.fromkeys(plan for plan, _ in wish.plan_parts)
    keys: dict[str, str] = {}
    for plan, part in wish.plan_parts:
        before = f"{canonical_name(plan)}_" if len(plans) > 1 else ""
        key = f"{plan}\n{part}"
        group, _, side = part.partition("_")
        if group == "vessels":
            keys |= {f"{before}{tree}_{side}": key for tree in ("portal", "hepatic")}
        elif group == "tumors":
            keys[f"{before}tumor"] = key
        else:
            keys[f"{before}{part}"] = key
    taken = set(keys)
    for name in wish.structures:
        keys[part_name(name, taken)] = name
    return keys


def row_key(name: str, keys: Mapping[str, str]) -> str:
    """The row of an object, "" for none; pieces are called NAME_1, NAME_kept and the like."""
    while name:
        if name in keys:
            return keys[name]
        name = name.rpartition("_")[0]
    return ""


def row_states(troubles: Sequence[Trouble], wish: PrintWish) -> dict[str, str]:
    """The gravest open state of each row."""
    keys = row_keys(wish)
    states: dict[str, str] = {}
    for trouble in troubles:
        if trouble.is_accepted:
            continue
        for place in trouble.places:
            for name in place.of.split(", "):
                key = row_key(name, keys)
                if key and states.get(key) != "bad":
                    states[key] = trouble.state
    return states
