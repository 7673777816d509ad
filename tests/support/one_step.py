"""A case whose whole history is one step, which undo keeps: "undo to the start" ends at exactly this state."""

from __future__ import annotations

from pathlib import Path

from planning.case.commands import AddImage, AddStructure, Batch, SetLabel, SetPlan
from planning.case.document import Document
from planning.case.manifest import case_json, dumps, text_sha256
from planning.case.model import Case


def in_one_step(source: Path, target: Path) -> Path:
    """A new case with the images, structures and plans of another one."""
    with Document.open(source, read_only=True) as old, Document.create(target) as new:
        case = old.case
        for image in case.images.values():
            for array in image.arrays:
                new.store.put_array(old.store.array(array))
        for structure in case.structures.values():
            new.store.put_array(old.store.array(structure.array))
            if structure.doubt is not None:
                new.store.put_array(old.store.array(structure.doubt.array))
        new.do(
            Batch(
                (
                    SetLabel(case.label),
                    *(AddImage(image) for image in case.images.values()),
                    *(AddStructure(structure) for structure in case.structures.values()),
                    *(SetPlan(plan) for plan in case.plans.values()),
                ),
                "The case",
            )
        )
    return target


def case_hash(case: Case) -> str:
    """Hash of everything the case holds; voxels are named in it by theirs."""
    return text_sha256(dumps(case_json(case)))
