"""The newest steps that changed a structure, read from the case's own journal: they are there after a reload too."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import said
from app.panels.segment.by_hand_words import small, volume_words
from planning.case.commands import AddStructure, Batch, Command, EditStructure, ReplaceStructure
from planning.case.document import Document
from planning.registry import structure_style

# steps of other structures between them are passed over, but not without end
LOOKED_AT = 24


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step that undo would take back. change: of the structure's volume in words. is_newest: undo takes it next."""

    command: Command
    words: str
    change: str
    is_newest: bool


def step_lines(document: Document, name: str, most: int) -> list[Step]:
    """The newest steps that changed a structure's shape, the newest first."""
    structure = document.case.structures.get(name)
    if structure is None:
        return []
    found: list[Step] = []
    aside = f" on {small(structure_style(name).display)}"
    for number, (command, inverse) in enumerate(document.newest_steps(LOOKED_AT)):
        after, before = _count(command, name), _count(inverse, name)
        if after is None or before is None:
            continue
        change = _change_words((after - before) * structure.grid.voxel_mm3 / 1000.0)
        found.append(Step(command, said(command.title.replace(aside, "")), change, number == 0))
        if len(found) == most:
            break
    return found


def _change_words(change_ml: float) -> str:
    sign = "\u2212" if change_ml < 0 else "+"
    return f"{sign}{volume_words(abs(change_ml))}"


def _count(command: Command, name: str) -> int | None:
    """How many voxels a structure has after a command, None when it does not speak of it."""
    if isinstance(command, EditStructure):
        return command.voxel_count if command.name == name else None
    if isinstance(command, (ReplaceStructure, AddStructure)):
        return command.structure.voxel_count if command.structure.name == name else None
    if isinstance(command, Batch):
        counts = [count for one in command.commands if (count := _count(one, name)) is not None]
        return counts[-1] if counts else None
    return None
