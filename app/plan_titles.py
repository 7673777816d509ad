"""What a plan of each kind is called: as a title, and counted in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.i18n import mark, tr

PLAN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "tavr": mark("TAVR plan"),
        "liver": mark("Liver plan"),
        "kidney": mark("Kidney plan"),
        "vessel": mark("Vessel plan"),
    }
)


def kind_words(kind: str) -> str:
    """ "Liver plan"; one word in languages that join them."""
    return tr(PLAN_WORDS.get(kind, "Plan"))


def titled(kind: str, name: str) -> str:
    """ "Liver plan A", "TAVR plan 2"; the kind is not said twice."""
    rest = name.removeprefix(kind)
    # "vessels of the leg" is a name that a person gave, "vessel 2" is not
    own = rest.strip() if rest != name and not rest[:1].strip() else name
    return f"{kind_words(kind)} {own}" if own else kind_words(kind)


def counted(kinds: Sequence[str]) -> str:
    """ "TAVR plan, 3 liver plans": how many of each kind, in the order they come in."""
    return ", ".join(_count(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds))


def _count(kind: str, number: int) -> str:
    if number == 1:
        return kind_words(kind)
    if kind == "tavr":
        return tr("%n TAVR plan(s)", "", number)
    if kind == "liver":
        return tr("%n liver plan(s)", "", number)
    if kind == "kidney":
        return tr("%n kidney plan(s)", "", number)
    return tr("%n vessel plan(s)", "", number)
