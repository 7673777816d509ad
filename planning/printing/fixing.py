"""The fixes that a person asked for, put on the planned solids: what is written and compared is the mended part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from planning.errors import MeasurementError
from planning.printing.mending import Wish, mended
from planning.printing.parts import Piece

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
