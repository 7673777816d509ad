"""What strokes made goes into the case as one step, which can be undone like any other."""

from __future__ import annotations

from collections.abc import Sequence

from inference.interactive.prompts import Prompt
from planning.case.commands import AddStructure, Command, ReplaceStructure
from planning.case.document import Document
from planning.case.model import Structure
from planning.errors import InputError
from planning.provenance import Provenance
from planning.registry import structure_style
from planning.volume import Mask

SOURCE = "strokes"


def stroke_command(
    document: Document, name: str, mask: Mask, prompts: Sequence[Prompt], by: str = "", *, phase: str = ""
) -> Command:
    """A structure found or corrected by strokes, for `document.do`; its voxels lie in the file already.

    by: the model that answered or whose prior was used, such as "theatrum-ct-body 1.0.0". phase: of a moving scan, in words.
    A person judged the outline, so what a model once said of how far it may be trusted holds no longer. Raises InputError
    for an empty structure.
    """
    if not mask.voxel_count:
        raise InputError(f"Nothing of {structure_style(name).display} is left", "Take the last stroke back")
    start, reference = document.put_mask(mask)
    before = document.case.structures.get(name)
    counted = f"{SOURCE}, {len(prompts)} prompt{'' if len(prompts) == 1 else 's'}"
    made = Structure(
        name=name,
        grid=mask.grid,
        start_ijk=start,
        array=reference,
        voxel_count=mask.voxel_count,
        color=structure_style(name).color if before is None else before.color,
        source="automatic" if before is None else "edited",
        provenance=Provenance(f"{counted}, {by}" if by else counted, tuple(prompt.text for prompt in prompts)),
        phase=phase,
    )
    return AddStructure(made) if before is None else ReplaceStructure(made)
