"""What can be told to be impossible before an organ is made ready: tumours that there are not, names no territory has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from planning.errors import MeasurementError
from planning.liver.anatomical import ANATOMICAL
from planning.liver.couinaud import NUMERALS
from planning.liver.organ import NamedMask
from planning.liver.territories import LEAST_SHARE
from planning.liver.tumors import count_tumors
from planning.naming import known_names


def check_tumors(structures: Sequence[NamedMask], numbers: Iterable[int | None]) -> None:
    """numbers: of tumours that wedges are for, None for every one there is.

    Raises MeasurementError for a number that no tumour of these structures can have, and where there is none at all.
    """
    asked = list(numbers)
    if not asked:
        return
    count = count_tumors(structures)
    if not count and structures:
        raise MeasurementError(
            "A wedge needs a tumour, and those named are empty or too small to measure", "Name others", "no_tumor"
        )
    if not count:
        raise MeasurementError("A wedge needs a tumour and none is named", "Name the tumours", "no_tumor")
    for number in asked:
        if number is not None and not 1 <= number <= count:
            known = ", ".join(map(str, range(1, count + 1)))
            raise MeasurementError(f"There is no tumour {number}", f"The tumours are: {known}", "no_tumor")


def check_territories(names: Iterable[str], trees: Sequence[str], *, segments: bool = True) -> None:
    """trees: kinds of the vessel trees that are named ("portal"), whose branches are numbered. segments: of a liver.

    Raises MeasurementError for a name that no territory can have, whatever the trees look like.
    """
    whole = [*NUMERALS, *(one.name for one in ANATOMICAL)] if segments else []
    for name in names:
        if name in whole or _is_branch(name, trees):
            continue
        hint = known_names(name, [*_first(trees), *whole], "Territories are named like")
        if not trees:
            hint = f"{hint}; no vessel tree is named"
        raise MeasurementError(f"There is no territory '{name}'", hint, "no_territory")


def check_spared(names: Iterable[str], trees: Sequence[str]) -> None:
    """Raises MeasurementError for a name that no branch of these kinds of trees can have."""
    for name in names:
        if not _is_branch(name, trees):
            hint = (
                known_names(name, _first(trees), "Branches are named like")
                if trees
                else "Name the vessel trees as well"
            )
            raise MeasurementError(f"There is no branch '{name}' to spare", hint, "no_branch")


def _first(trees: Sequence[str]) -> list[str]:
    return [f"{tree}_1" for tree in trees]


def _is_branch(name: str, trees: Sequence[str]) -> bool:
    """ "portal_3" of the trees' kinds, whose named branches hold a share of the tree that only so many can have."""
    kind, _, number = name.rpartition("_")
    return kind in trees and re.fullmatch(r"[1-9]\d?", number) is not None and int(number) <= 1.0 / LEAST_SHARE
