"""Everything that can be done to a case. Each command is frozen, serialisable, pure and has an inverse.

`apply(case)` gives the new case; `inverse(case)` the command that leads back to `case` from there; `title` is what
undo says. The window, the command line and scripts all issue these and nothing else. Steps on structures lie in
`structure_commands` and are named here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

from planning.case import manifest
from planning.case.accepted import AcceptFaults
from planning.case.command import Command, added_item, in_order, renamed_item, with_item, without_item
from planning.case.model import ArrayRef, Case, Image, Measurement, PlanRecord
from planning.case.schema import damaged
from planning.case.sought import KeepInVain
from planning.case.structure_commands import (
    STRUCTURE_LISTS,
    STRUCTURE_NAMES,
    AddStructure,
    EditStructure,
    LockStructure,
    RecolourStructure,
    RemoveStructure,
    RenameStructure,
    ReplaceStructure,
    TickStructure,
)
from planning.errors import CaseError

__all__ = (
    "OPS",
    "STRUCTURE_LISTS",
    "STRUCTURE_NAMES",
    "AcceptFaults",
    "AddImage",
    "AddMeasurement",
    "AddStructure",
    "Batch",
    "Command",
    "EditStructure",
    "KeepInVain",
    "LockStructure",
    "RecolourStructure",
    "RemoveImage",
    "RemoveMeasurement",
    "RemovePlan",
    "RemoveStructure",
    "RenameMeasurement",
    "RenamePlan",
    "RenameStructure",
    "ReplaceMeasurement",
    "ReplaceStructure",
    "SetIdentifiers",
    "SetLabel",
    "SetPlan",
    "TickStructure",
    "load_command",
)


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
        return replace(case, images=in_order(added_item(case.images, self.image.name, self.image, "image"), self.order))

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
        return replace(case, images=without_item(case.images, self.name, "image"))

    def inverse(self, case: Case) -> Command:
        return AddImage(case.images[self.name], tuple(case.images))

    def parameters(self) -> dict[str, Any]:
        return {"name": self.name}

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
        return replace(case, plans=in_order(with_item(case.plans, self.plan.name, self.plan), self.order))

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
        return replace(case, plans=without_item(case.plans, self.name, "plan"))

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
        return replace(case, plans=renamed_item(case.plans, self.old, self.new, "plan"))

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
        added = added_item(case.measurements, self.measurement.name, self.measurement, "measurement")
        return replace(case, measurements=in_order(added, self.order))

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
        without_item(case.measurements, name, "measurement")
        return replace(case, measurements=with_item(case.measurements, name, self.measurement))

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
        return replace(case, measurements=without_item(case.measurements, self.name, "measurement"))

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
        return replace(case, measurements=renamed_item(case.measurements, self.old, self.new, "measurement"))

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
        AcceptFaults.op: lambda p: AcceptFaults(
            tuple(_reading().accepted_from_json(row) for row in p["faults"]), str(p["verb"])
        ),
        KeepInVain.op: lambda p: KeepInVain(
            tuple(_reading().in_vain_from_json(row) for row in p["runs"]), str(p["title"])
        ),
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
