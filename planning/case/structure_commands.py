"""Steps on structures: added, replaced, edited by hand, locked, renamed, ticked. A locked one refuses what changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

from planning.case import manifest
from planning.case.command import Command, added_item, in_order, renamed_item, with_item, without_item
from planning.case.model import ArrayRef, Case, Edits, PlanRecord, StoredPatch, Structure
from planning.errors import CaseError

# inputs of plans that name structures
STRUCTURE_LISTS = ("organ", "tumors", "portal", "hepatic", "sinus", "artery", "vein")
STRUCTURE_NAMES = ("structure",)


def _require_unlocked(structure: Structure) -> None:
    if structure.locked:
        raise CaseError(f"'{structure.name}' is locked", "Unlock it first", "locked")


def changed_meanwhile(name: str) -> CaseError:
    """Two edits were made of one shape at once: the second would undo or break the first."""
    return CaseError(f"'{name}' has changed meanwhile", "Do it again", "stale")


def _require_fresh(structure: Structure, fits: bool) -> None:
    if not fits:
        raise changed_meanwhile(structure.name)


def _plan_renamed(plan: PlanRecord, old: str, new: str) -> PlanRecord:
    """The plan with a structure's name replaced in its inputs; itself when it does not use it."""

    def renamed(role: str, value: Any) -> Any:
        if role in STRUCTURE_LISTS and isinstance(value, list):
            return [new if item == old else item for item in value]
        return new if role in STRUCTURE_NAMES and value == old else value

    inputs = {role: renamed(role, value) for role, value in plan.inputs.items()}
    return plan if inputs == dict(plan.inputs) else replace(plan, inputs=MappingProxyType(inputs))


@dataclass(frozen=True, slots=True, eq=False)
class AddStructure:
    """A structure into the case."""

    op: ClassVar[str] = "add_structure"
    op_version: ClassVar[int] = 1
    structure: Structure
    order: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Add {self.structure.name}"

    def apply(self, case: Case) -> Case:
        added = added_item(case.structures, self.structure.name, self.structure, "structure")
        return replace(case, structures=in_order(added, self.order))

    def inverse(self, case: Case) -> Command:
        return RemoveStructure(self.structure.name)

    def parameters(self) -> dict[str, Any]:
        return {"structure": manifest.structure_json(self.structure), "order": list(self.order)}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return self.structure.arrays


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceStructure:
    """Another shape for a structure of the same name: an edit, or a model's new answer.

    instead_of: SHA-256 of the only array that it may take the place of, "" for any.
    """

    op: ClassVar[str] = "replace_structure"
    op_version: ClassVar[int] = 1
    structure: Structure
    instead_of: str = ""

    @property
    def title(self) -> str:
        return f"Change {self.structure.name}"

    def apply(self, case: Case) -> Case:
        without_item(case.structures, self.structure.name, "structure")
        before = case.structures[self.structure.name]
        _require_unlocked(before)
        _require_fresh(before, not self.instead_of or before.array.sha256 == self.instead_of)
        return replace(case, structures=with_item(case.structures, self.structure.name, self.structure))

    def inverse(self, case: Case) -> Command:
        return ReplaceStructure(case.structures[self.structure.name])

    def parameters(self) -> dict[str, Any]:
        only = {"instead_of": self.instead_of} if self.instead_of else {}
        return {"structure": manifest.structure_json(self.structure), **only}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return self.structure.arrays


def edited(edits: Edits, patch: StoredPatch) -> Edits:
    """The edits after one more; the same one twice is none, so that undoing leads back to the very same structure."""
    if edits.patches and edits.patches[-1] == patch:
        return replace(edits, patches=edits.patches[:-1])
    return replace(edits, patches=(*edits.patches, patch))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EditStructure:
    """An edit by hand: voxels of a box change, the rest of the structure stays in the file as it is.

    array, start_ijk, voxel_count, source: of the structure after it. said: what undo says, "Brush stroke on liver".
    `planning.by_hand.editing.edit_step` makes it.
    """

    op: ClassVar[str] = "edit_structure"
    op_version: ClassVar[int] = 1
    name: str
    patch: StoredPatch
    array: ArrayRef
    start_ijk: tuple[int, int, int]
    voxel_count: int
    source: str
    said: str

    @property
    def title(self) -> str:
        return self.said

    def apply(self, case: Case) -> Case:
        without_item(case.structures, self.name, "structure")
        before = case.structures[self.name]
        _require_unlocked(before)
        edits = edited(before.edits or Edits(before.array, before.start_ijk, ()), self.patch)
        name = manifest.shape_names(edits)[-1] if edits.patches else edits.base.sha256
        _require_fresh(before, name == self.array.sha256)
        after = replace(
            before,
            array=self.array,
            start_ijk=self.start_ijk,
            voxel_count=self.voxel_count,
            source=self.source,
            edits=edits if edits.patches else None,
        )
        return replace(case, structures=with_item(case.structures, self.name, after))

    def inverse(self, case: Case) -> Command:
        before = case.structures[self.name]
        return replace(
            self,
            array=before.array,
            start_ijk=before.start_ijk,
            voxel_count=before.voxel_count,
            source=before.source,
        )

    def parameters(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "patch": manifest.patch_json(self.patch),
            "array": manifest.array_json(self.array),
            "start_ijk": list(self.start_ijk),
            "voxel_count": self.voxel_count,
            "source": self.source,
            "said": self.said,
        }

    def arrays(self) -> tuple[ArrayRef, ...]:
        return (self.patch.array,)


@dataclass(frozen=True, slots=True, eq=False)
class LockStructure:
    """A structure that a person wants left alone, or not any more."""

    op: ClassVar[str] = "lock_structure"
    op_version: ClassVar[int] = 1
    name: str
    locked: bool = True

    @property
    def title(self) -> str:
        return f"Lock {self.name}" if self.locked else f"Unlock {self.name}"

    def apply(self, case: Case) -> Case:
        without_item(case.structures, self.name, "structure")
        changed = replace(case.structures[self.name], locked=self.locked)
        return replace(case, structures=with_item(case.structures, self.name, changed))

    def inverse(self, case: Case) -> Command:
        return LockStructure(self.name, case.structures[self.name].locked)

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name, "locked": self.locked}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RemoveStructure:
    """A structure out of the case."""

    op: ClassVar[str] = "remove_structure"
    op_version: ClassVar[int] = 1
    name: str

    @property
    def title(self) -> str:
        return f"Remove {self.name}"

    def apply(self, case: Case) -> Case:
        left = without_item(case.structures, self.name, "structure")
        _require_unlocked(case.structures[self.name])
        return replace(case, structures=left)

    def inverse(self, case: Case) -> Command:
        return AddStructure(case.structures[self.name], tuple(case.structures))

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RenameStructure:
    """Another name for a structure, in the case and in the inputs of the plans that use it."""

    op: ClassVar[str] = "rename_structure"
    op_version: ClassVar[int] = 1
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename {self.old}"

    def apply(self, case: Case) -> Case:
        structures = renamed_item(case.structures, self.old, self.new, "structure")
        plans = {name: _plan_renamed(plan, self.old, self.new) for name, plan in case.plans.items()}
        return replace(case, structures=structures, plans=MappingProxyType(plans))

    def inverse(self, case: Case) -> Command:
        return RenameStructure(self.new, self.old)

    def parameters(self) -> dict[str, Any]:
        return {"old": self.old, "new": self.new}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RecolourStructure:
    """Another default colour for a structure."""

    op: ClassVar[str] = "recolour_structure"
    op_version: ClassVar[int] = 1
    name: str
    color: str

    @property
    def title(self) -> str:
        return f"Recolour {self.name}"

    def apply(self, case: Case) -> Case:
        without_item(case.structures, self.name, "structure")
        changed = replace(case.structures[self.name], color=self.color)
        return replace(case, structures=with_item(case.structures, self.name, changed))

    def inverse(self, case: Case) -> Command:
        return RecolourStructure(self.name, case.structures[self.name].color)

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name, "color": self.color}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class TickStructure:
    """A person looked at what a model found and lets plans use it, or not; None: nobody decided."""

    op: ClassVar[str] = "tick_structure"
    op_version: ClassVar[int] = 1
    name: str
    checked: bool | None = True

    @property
    def title(self) -> str:
        return f"Use {self.name}" if self.checked else f"Do not use {self.name}"

    def apply(self, case: Case) -> Case:
        without_item(case.structures, self.name, "structure")
        before = case.structures[self.name]
        if before.trust is None:
            raise CaseError(f"No model found '{self.name}'", "It can be used as it is", "no_model")
        changed = replace(before, trust=replace(before.trust, checked=self.checked))
        return replace(case, structures=with_item(case.structures, self.name, changed))

    def inverse(self, case: Case) -> Command:
        trust = case.structures[self.name].trust
        return TickStructure(self.name, None if trust is None else trust.checked)

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name, "checked": self.checked}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()
