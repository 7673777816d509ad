"""Everything that can be done to a case. Each command is frozen, serialisable, pure and has an inverse.

`apply(case)` gives the new case; `inverse(case)` the command that leads back to `case` from there; `title` is what
undo says. The window, the command line and scripts all issue these and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar

from planning.case import manifest
from planning.case.model import ArrayRef, Case, Edits, Image, Measurement, PlanRecord, StoredPatch, Structure
from planning.case.schema import damaged
from planning.errors import CaseError
from planning.naming import known_names

Item = TypeVar("Item")
# inputs of plans that name structures
STRUCTURE_LISTS = ("organ", "tumors", "portal", "hepatic", "sinus", "artery", "vein")
STRUCTURE_NAMES = ("structure",)


class Command(Protocol):
    """One step of work on a case."""

    op: ClassVar[str]
    op_version: ClassVar[int]

    @property
    def title(self) -> str:
        """What undo says: "Plan A", "Rename liver"."""

    def apply(self, case: Case) -> Case:
        """The case after this step. Raises CaseError when it does not apply."""

    def inverse(self, case: Case) -> Command:
        """The command that undoes this one, given the case before it."""

    def parameters(self) -> dict[str, Any]:
        """JSON from which `load_command` makes an equal command."""

    def arrays(self) -> tuple[ArrayRef, ...]:
        """Arrays that must be in the file for this command to be replayed."""


def _with(items: Mapping[str, Item], name: str, item: Item) -> Mapping[str, Item]:
    return MappingProxyType({**items, name: item})


def _without(items: Mapping[str, Item], name: str, kind: str) -> Mapping[str, Item]:
    if name not in items:
        raise CaseError(f"There is no {kind} named '{name}'", known_names(name, items))
    return MappingProxyType({key: item for key, item in items.items() if key != name})


def _require_unlocked(structure: Structure) -> None:
    if structure.locked:
        raise CaseError(f"'{structure.name}' is locked", "Unlock it first", "locked")


def changed_meanwhile(name: str) -> CaseError:
    """Two edits were made of one shape at once: the second would undo or break the first."""
    return CaseError(f"'{name}' has changed meanwhile", "Do it again", "stale")


def _require_fresh(structure: Structure, fits: bool) -> None:
    if not fits:
        raise changed_meanwhile(structure.name)


def _renamed(items: Mapping[str, Any], old: str, new: str, kind: str) -> Mapping[str, Any]:
    if old not in items:
        raise CaseError(f"There is no {kind} named '{old}'", known_names(old, items))
    if new in items or not new.strip():
        raise CaseError(f"A {kind} cannot be called '{new}'", "Choose a name that is free and not empty")
    return MappingProxyType(
        {(new if key == old else key): (replace(item, name=new) if key == old else item) for key, item in items.items()}
    )


def _added(items: Mapping[str, Item], name: str, item: Item, kind: str) -> Mapping[str, Item]:
    if name in items:
        raise CaseError(f"There is a {kind} named '{name}' already", "Choose another name or remove it first")
    return _with(items, name, item)


def _in_order(items: Mapping[str, Item], order: tuple[str, ...]) -> Mapping[str, Item]:
    # undoing a removal puts the thing back where it stood
    places = {name: number for number, name in enumerate(order)}
    return MappingProxyType(dict(sorted(items.items(), key=lambda pair: places.get(pair[0], len(places)))))


def _plan_renamed(plan: PlanRecord, old: str, new: str) -> PlanRecord:
    """The plan with a structure's name replaced in its inputs; itself when it does not use it."""

    def renamed(role: str, value: Any) -> Any:
        if role in STRUCTURE_LISTS and isinstance(value, list):
            return [new if item == old else item for item in value]
        return new if role in STRUCTURE_NAMES and value == old else value

    inputs = {role: renamed(role, value) for role, value in plan.inputs.items()}
    return plan if inputs == dict(plan.inputs) else replace(plan, inputs=MappingProxyType(inputs))


@dataclass(frozen=True, slots=True, eq=False)
class AddImage:
    """An image into the case; `order` names the images as they stood when an undo puts one back."""

    op: ClassVar[str] = "add_image"
    op_version: ClassVar[int] = 1
    image: Image
    order: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Import {self.image.name}"

    def apply(self, case: Case) -> Case:
        return replace(case, images=_in_order(_added(case.images, self.image.name, self.image, "image"), self.order))

    def inverse(self, case: Case) -> Command:
        return RemoveImage(self.image.name)

    def parameters(self) -> dict[str, Any]:
        return {"image": manifest.image_json(self.image), "order": list(self.order)}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return self.image.arrays


@dataclass(frozen=True, slots=True, eq=False)
class RemoveImage:
    """An image out of the case."""

    op: ClassVar[str] = "remove_image"
    op_version: ClassVar[int] = 1
    name: str

    @property
    def title(self) -> str:
        return f"Remove {self.name}"

    def apply(self, case: Case) -> Case:
        return replace(case, images=_without(case.images, self.name, "image"))

    def inverse(self, case: Case) -> Command:
        return AddImage(case.images[self.name], tuple(case.images))

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


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
        added = _added(case.structures, self.structure.name, self.structure, "structure")
        return replace(case, structures=_in_order(added, self.order))

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
        _without(case.structures, self.structure.name, "structure")
        before = case.structures[self.structure.name]
        _require_unlocked(before)
        _require_fresh(before, not self.instead_of or before.array.sha256 == self.instead_of)
        return replace(case, structures=_with(case.structures, self.structure.name, self.structure))

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
        _without(case.structures, self.name, "structure")
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
        return replace(case, structures=_with(case.structures, self.name, after))

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
        _without(case.structures, self.name, "structure")
        changed = replace(case.structures[self.name], locked=self.locked)
        return replace(case, structures=_with(case.structures, self.name, changed))

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
        left = _without(case.structures, self.name, "structure")
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
        structures = _renamed(case.structures, self.old, self.new, "structure")
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
        _without(case.structures, self.name, "structure")
        changed = replace(case.structures[self.name], color=self.color)
        return replace(case, structures=_with(case.structures, self.name, changed))

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
        _without(case.structures, self.name, "structure")
        before = case.structures[self.name]
        if before.trust is None:
            raise CaseError(f"No model found '{self.name}'", "It can be used as it is", "no_model")
        changed = replace(before, trust=replace(before.trust, checked=self.checked))
        return replace(case, structures=_with(case.structures, self.name, changed))

    def inverse(self, case: Case) -> Command:
        trust = case.structures[self.name].trust
        return TickStructure(self.name, None if trust is None else trust.checked)

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name, "checked": self.checked}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class SetPlan:
    """A plan into the case, or in place of the one of the same name."""

    op: ClassVar[str] = "set_plan"
    op_version: ClassVar[int] = 1
    plan: PlanRecord
    order: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Plan {self.plan.name}"

    def apply(self, case: Case) -> Case:
        return replace(case, plans=_in_order(_with(case.plans, self.plan.name, self.plan), self.order))

    def inverse(self, case: Case) -> Command:
        before = case.plans.get(self.plan.name)
        return RemovePlan(self.plan.name) if before is None else SetPlan(before)

    def parameters(self) -> dict[str, Any]:
        return {"plan": manifest.plan_json(self.plan), "order": list(self.order)}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RemovePlan:
    """A plan out of the case."""

    op: ClassVar[str] = "remove_plan"
    op_version: ClassVar[int] = 1
    name: str

    @property
    def title(self) -> str:
        return f"Remove plan {self.name}"

    def apply(self, case: Case) -> Case:
        return replace(case, plans=_without(case.plans, self.name, "plan"))

    def inverse(self, case: Case) -> Command:
        return SetPlan(case.plans[self.name], tuple(case.plans))

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RenamePlan:
    """Another name for a plan."""

    op: ClassVar[str] = "rename_plan"
    op_version: ClassVar[int] = 1
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename plan {self.old}"

    def apply(self, case: Case) -> Case:
        return replace(case, plans=_renamed(case.plans, self.old, self.new, "plan"))

    def inverse(self, case: Case) -> Command:
        return RenamePlan(self.new, self.old)

    def parameters(self) -> dict[str, Any]:
        return {"old": self.old, "new": self.new}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class AddMeasurement:
    """A measurement into the case."""

    op: ClassVar[str] = "add_measurement"
    op_version: ClassVar[int] = 1
    measurement: Measurement
    order: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Measure {self.measurement.name}"

    def apply(self, case: Case) -> Case:
        added = _added(case.measurements, self.measurement.name, self.measurement, "measurement")
        return replace(case, measurements=_in_order(added, self.order))

    def inverse(self, case: Case) -> Command:
        return RemoveMeasurement(self.measurement.name)

    def parameters(self) -> dict[str, Any]:
        return {"measurement": manifest.measurement_json(self.measurement), "order": list(self.order)}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceMeasurement:
    """A measurement that was changed, in the place of the one of that name. verb: what was done to it."""

    op: ClassVar[str] = "replace_measurement"
    op_version: ClassVar[int] = 1
    measurement: Measurement
    verb: str = "Move"

    @property
    def title(self) -> str:
        return f"{self.verb} {self.measurement.name}"

    def apply(self, case: Case) -> Case:
        name = self.measurement.name
        _without(case.measurements, name, "measurement")
        return replace(case, measurements=_with(case.measurements, name, self.measurement))

    def inverse(self, case: Case) -> Command:
        return ReplaceMeasurement(case.measurements[self.measurement.name], self.verb)

    def parameters(self) -> dict[str, Any]:
        return {"measurement": manifest.measurement_json(self.measurement), "verb": self.verb}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RemoveMeasurement:
    """A measurement out of the case."""

    op: ClassVar[str] = "remove_measurement"
    op_version: ClassVar[int] = 1
    name: str

    @property
    def title(self) -> str:
        return f"Remove {self.name}"

    def apply(self, case: Case) -> Case:
        return replace(case, measurements=_without(case.measurements, self.name, "measurement"))

    def inverse(self, case: Case) -> Command:
        return AddMeasurement(case.measurements[self.name], tuple(case.measurements))

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class RenameMeasurement:
    """Another name for a measurement."""

    op: ClassVar[str] = "rename_measurement"
    op_version: ClassVar[int] = 1
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename {self.old}"

    def apply(self, case: Case) -> Case:
        return replace(case, measurements=_renamed(case.measurements, self.old, self.new, "measurement"))

    def inverse(self, case: Case) -> Command:
        return RenameMeasurement(self.new, self.old)

    def parameters(self) -> dict[str, Any]:
        return {"old": self.old, "new": self.new}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class SetLabel:
    """What the case is called on screen; never the patient's name unless a person types it."""

    op: ClassVar[str] = "set_label"
    op_version: ClassVar[int] = 1
    label: str

    @property
    def title(self) -> str:
        return "Rename case"

    def apply(self, case: Case) -> Case:
        return replace(case, label=self.label)

    def inverse(self, case: Case) -> Command:
        return SetLabel(case.label)

    def parameters(self) -> dict[str, Any]:
        return {"label": self.label}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class SetIdentifiers:
    """The patient's identity, kept on purpose."""

    op: ClassVar[str] = "set_identifiers"
    op_version: ClassVar[int] = 1
    identifiers: Mapping[str, str]

    @property
    def title(self) -> str:
        return "Keep identifiers"

    def apply(self, case: Case) -> Case:
        return replace(case, identifiers=MappingProxyType(dict(self.identifiers)))

    def inverse(self, case: Case) -> Command:
        return SetIdentifiers(case.identifiers)

    def parameters(self) -> dict[str, Any]:
        return {"identifiers": dict(self.identifiers)}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Several commands that are one step to a person."""

    op: ClassVar[str] = "batch"
    op_version: ClassVar[int] = 1
    commands: tuple[Command, ...]
    name: str

    @property
    def title(self) -> str:
        return self.name

    def apply(self, case: Case) -> Case:
        for command in self.commands:
            case = command.apply(case)
        return case

    def inverse(self, case: Case) -> Command:
        inverses = []
        for command in self.commands:
            inverses.append(command.inverse(case))
            case = command.apply(case)
        return Batch(tuple(reversed(inverses)), self.name)

    def parameters(self) -> dict[str, Any]:
        return {
            "commands": [
                {"op": command.op, "op_version": command.op_version, "parameters": command.parameters()}
                for command in self.commands
            ],
            "name": self.name,
        }

    def arrays(self) -> tuple[ArrayRef, ...]:
        return tuple(array for command in self.commands for array in command.arrays())


def _reading() -> Any:
    # pydantic and its models take a tenth of a second to load, and a new case has nothing to read
    from planning.case import reading

    return reading


def _order(values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(name) for name in values["order"])


_LOADERS: Mapping[str, Callable[[Mapping[str, Any]], Command]] = MappingProxyType(
    {
        AddImage.op: lambda p: AddImage(_reading().image_from_json(p["image"]), _order(p)),
        RemoveImage.op: lambda p: RemoveImage(str(p["name"])),
        AddStructure.op: lambda p: AddStructure(_reading().structure_from_json(p["structure"]), _order(p)),
        ReplaceStructure.op: lambda p: ReplaceStructure(
            _reading().structure_from_json(p["structure"]), str(p.get("instead_of", ""))
        ),
        EditStructure.op: lambda p: EditStructure(**_reading().edit_from_json(p)),
        LockStructure.op: lambda p: LockStructure(str(p["name"]), bool(p["locked"])),
        RemoveStructure.op: lambda p: RemoveStructure(str(p["name"])),
        RenameStructure.op: lambda p: RenameStructure(str(p["old"]), str(p["new"])),
        RecolourStructure.op: lambda p: RecolourStructure(str(p["name"]), str(p["color"])),
        TickStructure.op: lambda p: TickStructure(str(p["name"]), None if p["checked"] is None else bool(p["checked"])),
        SetPlan.op: lambda p: SetPlan(_reading().plan_from_json(p["plan"]), _order(p)),
        RemovePlan.op: lambda p: RemovePlan(str(p["name"])),
        RenamePlan.op: lambda p: RenamePlan(str(p["old"]), str(p["new"])),
        AddMeasurement.op: lambda p: AddMeasurement(_reading().measurement_from_json(p["measurement"]), _order(p)),
        ReplaceMeasurement.op: lambda p: ReplaceMeasurement(
            _reading().measurement_from_json(p["measurement"]), str(p.get("verb", "Move"))
        ),
        RemoveMeasurement.op: lambda p: RemoveMeasurement(str(p["name"])),
        RenameMeasurement.op: lambda p: RenameMeasurement(str(p["old"]), str(p["new"])),
        SetLabel.op: lambda p: SetLabel(str(p["label"])),
        SetIdentifiers.op: lambda p: SetIdentifiers({str(k): str(v) for k, v in p["identifiers"].items()}),
        Batch.op: lambda p: Batch(
            tuple(load_command(c["op"], c["op_version"], c["parameters"]) for c in p["commands"]), str(p["name"])
        ),
    }
)

OPS = tuple(_LOADERS)


def load_command(op: str, op_version: int, parameters: Mapping[str, Any]) -> Command:
    """The command that a journal entry holds. Raises CaseError for an unknown or malformed one."""
    if op not in _LOADERS:
        raise CaseError(
            f"The case holds a step unknown to this version ({op[:40]})", "Update Theatrum to open it", "newer"
        )
    if op_version != 1:
        raise CaseError(f"The case holds a newer form of a step ({op[:40]})", "Update Theatrum to open it", "newer")
    try:
        return _LOADERS[op](parameters)
    except (KeyError, TypeError, AttributeError) as error:
        raise damaged("a step of its journal is not whole") from error
