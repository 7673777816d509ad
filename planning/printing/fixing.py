"""The fixes that a person asked for, put on the planned solids: what is written and compared is the mended part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from planning.errors import MeasurementError
from planning.printing.mending import Wish, mended
from planning.printing.parts import Piece

# what a person calls the fixes at the command line
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "holes": ("fill_holes",),
        "triangles": ("turn_triangles", "turn_shells", "drop_flat"),
        "crossings": ("unite",),
        "crumbs": ("drop_crumbs",),
        "loose": ("drop_loose",),
        "voids": ("fill_voids",),
        "drains": ("add_drains",),
        "walls": ("thicken",),
    }
)
# done where all is asked for: what takes away or fills a piece of anatomy has to be named
USUAL = ("holes", "triangles", "crossings", "crumbs", "drains", "walls")
# what these make must not be lost when triangles are saved
SPARED = ("thicken", "add_drains")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fix and what came of it. of: the object's name. changed: False where there was nothing to do, or it could not be
    done; `text` says what."""

    of: str
    fix: str
    changed: bool
    text: str

    def as_json(self) -> dict[str, Any]:
        """For the contract's `print`."""
        return {"object": self.of, "fix": self.fix, "changed": self.changed, "text": self.text}


def fix_pieces(
    pieces: Sequence[Piece], fixes: Sequence[tuple[str, str]], wish: Wish
) -> tuple[list[Piece], list[Fixed]]:
    """The pieces with these (object, fix) done to them in their order, and what each did.

    A piece that is thickened or bored is `exact`: triangles are saved sparingly from it, so that its walls and holes stay as
    wide. One that is not there any more is left out. A fix that fails leaves its piece as it was and says why.
    """
    made = list(pieces)
    told: list[Fixed] = []
    numbers = {piece.name: number for number, piece in enumerate(made)}
    for name, fix in fixes:
        number = numbers.get(name)
        if number is None:
            continue
        piece = made[number]
        try:
            result = mended(piece.planned, fix, wish)
        except MeasurementError as error:
            told.append(Fixed(name, fix, False, str(error)))
            continue
        if result.changed:
            made[number] = replace(piece, planned=result.mesh, exact=piece.exact or fix in SPARED)
        told.append(Fixed(name, fix, result.changed, result.finding.text))
    return made, told


def kind_of(fix: str) -> str:
    """What a person calls a fix, "" for one that is none of a surface's."""
    return next((kind for kind, own in KINDS.items() if fix in own), "")


def wanted_fixes(
    rows: Sequence[Mapping[str, Any]], pieces: Sequence[Piece], kinds: Sequence[str], *, drains: bool
) -> list[tuple[str, str]]:
    """(object, fix) for the faults of these rows that the kinds mend, each once.

    kinds: of KINDS; () means the USUAL ones. Then small loose pieces of lesions stay, which may be lesions of their own, and
    holes into hollows are bored only if `drains`, what the process needs. A hollow whose filling is asked for is not bored.
    """
    asked = kinds or USUAL
    found: dict[tuple[str, str], None] = {}
    for row, piece in zip(rows, pieces, strict=True):
        for fault in row["faults"]:
            fix = str(fault.get("fix", ""))
            if fault["kind"] == "trapped" and "voids" in asked:
                fix = "fill_voids"
            if fix == "drop_crumbs" and "loose" in asked:
                fix = "drop_loose"
            kind = kind_of(fix)
            spared = not kinds and (
                (kind == "crumbs" and piece.part.kind == "lesion") or (kind == "drains" and not drains)
            )
            if kind in asked and not spared:
                found[(piece.name, fix)] = None
    order = [fix for own in KINDS.values() for fix in own]
    return sorted(found, key=lambda one: order.index(one[1]))
