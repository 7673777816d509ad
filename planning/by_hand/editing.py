"""From patches to one step of a case, and the steps that make, copy and fold structures by hand.

A structure that was edited is a stored shape and a list of patches. Every step keeps its own patch in the journal, so all
can be undone, however many; the list is folded into a newly stored shape once it is long, so that opening a case stays
quick. Nothing that can be undone is ever thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from planning.by_hand import boxes
from planning.by_hand.patches import Patch, grown_box, patched, prepare
from planning.case.commands import AddStructure, Batch, Command, EditStructure, ReplaceStructure
from planning.case.document import Document
from planning.case.manifest import shape_names
from planning.case.model import ArrayRef, Case, Edits, StoredPatch, Structure
from planning.case.structure_commands import changed_meanwhile, edited
from planning.errors import CaseError
from planning.geometry import Grid
from planning.naming import known_names
from planning.provenance import Provenance

# patches of one structure before they are folded, and their bits together: what opening a case has to read again
MOST_PATCHES, MOST_PATCH_BYTES = 256, 64 << 20
# share of its box that a folded structure must still fill; else it gets a smaller one and shares no pages any more
CROPPED_BELOW = 0.7
# packing more bits than these takes longer than a hand waits
LONG_BYTES = 2 << 20
PAINTED, EDITED = "painted", "edited"


def edit_step(document: Document, patches: Mapping[str, Patch], said: str) -> Command:
    """The step that applies a patch to each named structure; the patches lie in the file when this returns.

    said: what undo calls it, "Brush stroke on liver". Safe in any thread. Raises CaseError for a structure that is not
    there, is locked (code "locked"), that a patch does not fit, or whose voxels there are not those that the patch was made
    of any more (code "stale"). If another step changes a structure meanwhile, doing this one raises the same.
    """
    commands = []
    for name, patch in patches.items():
        structure = _structure(document.case, name)
        if structure.locked:
            raise CaseError(f"'{name}' is locked", "Unlock it first", "locked")
        if boxes.common(patch.box, boxes.whole(structure.grid)) != patch.box:
            raise CaseError(f"The edit of '{name}' leaves its grid", "Edit it on the image that it was made on", "grid")
        commands.append(_command(document, structure, patch, said))
    return commands[0] if len(commands) == 1 else Batch(tuple(commands), said)


def _command(document: Document, structure: Structure, patch: Patch, said: str) -> Command:
    gained, lost = patch.counts(document.mask(structure.name))
    if patch.gained >= 0 and (gained, lost) != (patch.gained, patch.lost):
        raise changed_meanwhile(structure.name)
    source = PAINTED if structure.source == PAINTED else EDITED
    if _must_fold(structure, patch):
        mask = patched(document.mask(structure.name), patch)
        found = boxes.tight(mask.voxels, mask.box_kji)
        if found is None or np.prod(boxes.shape_of(found)) < CROPPED_BELOW * mask.voxels.size:
            mask = boxes.made(mask.grid, mask.voxels, mask.box_kji)
        start, array = document.put_mask(mask)
        folded = replace(
            structure, array=array, start_ijk=start, voxel_count=mask.voxel_count, source=source, edits=None
        )
        document.know(folded, mask)
        return Batch((ReplaceStructure(folded, structure.array.sha256),), said)
    array = document.store.put_array(patch.packed)
    stored = StoredPatch(patch.start_ijk, patch.size_ijk, array.sha256)
    edits = edited(structure.edits or Edits(structure.array, structure.start_ijk, ()), stored)
    start, reference = edits.base_start_ijk, edits.base
    if edits.patches:
        k, j, i = structure.array.shape
        own = boxes.box_of(structure.start_ijk, (i, j, k))
        box = grown_box(own, patch.box, structure.grid, structure.voxel_count == 0)
        start, reference = boxes.start_of(box), ArrayRef(shape_names(edits)[-1], "uint8", boxes.shape_of(box))
    return EditStructure(
        name=structure.name,
        patch=stored,
        array=reference,
        start_ijk=start,
        voxel_count=structure.voxel_count + gained - lost,
        source=source,
        said=said,
    )


def _must_fold(structure: Structure, patch: Patch) -> bool:
    if structure.edits is None:
        return False
    held = sum(int(np.prod(stored.array.shape)) for stored in structure.edits.patches)
    return len(structure.edits.patches) >= MOST_PATCHES or held + patch.nbytes > MOST_PATCH_BYTES


def is_long(document: Document, patches: Mapping[str, Patch]) -> bool:
    """Whether `edit_step` takes longer than a hand waits: a very large patch, or a list of patches that is folded."""
    return any(
        patch.nbytes > LONG_BYTES or _must_fold(_structure(document.case, name), patch)
        for name, patch in patches.items()
    )


def prepare_edits(document: Document, name: str) -> None:
    """Bring a structure to where a first stroke on it is as quick as all others; for a job, when a tool is taken up."""
    # the first smart stroke would wait for it
    from scipy import ndimage  # noqa: F401

    prepare(document.mask(name))


def change_ml(structure: Structure, patch: Patch) -> float:
    """By how much a patch changes a structure's volume."""
    return (patch.gained - patch.lost) * structure.grid.voxel_mm3 / 1000.0


def new_structure(document: Document, name: str, color: str, grid: Grid, phase: str = "") -> Command:
    """The step that adds an empty structure to paint into. color: "#rrggbb". phase: of a moving scan, which is shown now.

    Raises CaseError when the name is taken.
    """
    if name in document.case.structures or not name.strip():
        raise CaseError(f"A structure cannot be called '{name}'", "Choose a name that is free and not empty", "name")
    array = document.store.put_array(np.zeros((1, 1, 1), dtype=np.uint8))
    return AddStructure(
        Structure(
            name=name,
            grid=grid,
            start_ijk=(0, 0, 0),
            array=array,
            voxel_count=0,
            color=color,
            source=PAINTED,
            provenance=Provenance("by hand"),
            phase=phase,
        )
    )


def copy_structure(case: Case, name: str, new_name: str) -> Command:
    """The step that adds a structure's copy, not locked; its voxels are not written again."""
    structure = _structure(case, name)
    if new_name in case.structures or not new_name.strip():
        raise CaseError(
            f"A structure cannot be called '{new_name}'", "Choose a name that is free and not empty", "name"
        )
    return AddStructure(replace(structure, name=new_name, locked=False))


def _structure(case: Case, name: str) -> Structure:
    if name not in case.structures:
        raise CaseError(f"There is no structure named '{name}'", known_names(name, case.structures))
    return case.structures[name]
