"""Names that a step gives: held to what stands in one line of a list, a title and a message.

Only a step that is done now is asked. One that a journal keeps is done again as it was: a case must open with any name.
"""

from __future__ import annotations

from planning.case.commands import Batch, Command, RenameMeasurement, RenamePlan, RenameStructure, SetLabel
from planning.errors import CaseError


def check_new_names(command: Command) -> None:
    """Raises CaseError where a step would call something by a name that holds line breaks or other control characters."""
    if isinstance(command, Batch):
        for one in command.commands:
            check_new_names(one)
    elif isinstance(command, RenameStructure | RenamePlan | RenameMeasurement):
        _check(command.new)
    elif isinstance(command, SetLabel):
        _check(command.label)


def _check(name: str) -> None:
    if not name.isprintable():
        shown = "".join(letter if letter.isprintable() else "?" for letter in name)
        raise CaseError(f"'{shown[:40]}' holds characters that are no letters", "Choose a name of printable letters")
