"""Where in the patient a step of a case changed something, for the strip's [Show] and the editor's list of steps."""

from __future__ import annotations

import numpy as np

from planning.case.commands import Batch, Command, EditStructure
from planning.case.model import Case
from planning.geometry import FloatArray


def step_place_mm(command: Command, case: Case) -> FloatArray | None:
    """(3,) LPS mm, the middle of what an edit by hand changed; None where a step lies nowhere."""
    if isinstance(command, Batch):
        places = [place for one in command.commands if (place := step_place_mm(one, case)) is not None]
        return places[0] if places else None
    structure = case.structures.get(command.name) if isinstance(command, EditStructure) else None
    if not isinstance(command, EditStructure) or structure is None:
        return None
    middle = np.array(command.patch.start_ijk) + (np.array(command.patch.size_ijk) - 1) / 2
    return structure.grid.to_world(middle)
