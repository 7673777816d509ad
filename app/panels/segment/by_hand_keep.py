"""How a change by hand becomes one step of the case: at once, or in a job where storing it takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n import tr
from app.jobs import Job
from app.panels.segment.by_hand_words import free_name
from app.session import Session
from planning.case.commands import AddStructure, Batch, Command, EditStructure, ReplaceStructure
from planning.case.document import Document
from planning.case.model import Case, Structure
from planning.errors import CaseError, TheatrumError
from planning.provenance import Provenance
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.by_hand.patches import Patch


class Keeper:
    """do: what to do with the step once it is there; failed: what to do when it cannot be stored."""

    def __init__(
        self, session: Session, do: Callable[[Command], None], failed: Callable[[TheatrumError], None]
    ) -> None:
        self._session, self._do, self._failed = session, do, failed

    def keep(self, name: str, patches: Mapping[str, Patch], title: str, parts: tuple[Mask, ...] = ()) -> None:
        """One step of these patches; parts: new structures beside the one named."""
        from planning.by_hand import editing

        document = self._session.document
        try:
            if not parts and not editing.is_long(document, patches):
                self._do(editing.edit_step(document, patches, title))
                return
        except CaseError as error:
            self._failed(error)
            return
        # a person may rename or recolour a structure while its edit is stored
        before = {one: document.case.structures[one] for one in (name, *patches)}
        self._session.jobs.submit(
            Job(
                key="by hand keep",
                title=tr("Keeping the change"),
                work=lambda progress, cancel: step_command(document, name, patches, title, parts, before),
                done=lambda made: self._do(brought_up(made, before, document.case)),
                failed=self._failed,
                subject=self._session.label,
            )
        )


def name_now(before: Structure, case: Case) -> str:
    """What a structure is called now: the one of its name, or of another name with the very same shape."""
    if before.name in case.structures:
        return before.name
    same = [name for name, one in case.structures.items() if one.array.sha256 == before.array.sha256]
    return same[0] if len(same) == 1 else before.name


def brought_up(command: Command, before: Mapping[str, Structure], case: Case) -> Command:
    """A step that was made of structures as they were before, for a case in which they have other names or colours since.

    What it says of shapes stays; one whose shape has changed is refused by the step itself.
    """
    if isinstance(command, Batch):
        return replace(command, commands=tuple(brought_up(one, before, case) for one in command.commands))
    if isinstance(command, EditStructure):
        name = next((old for old in before if command.name in (old, name_now(before[old], case))), "")
        return replace(command, name=name_now(before[name], case)) if name else command
    if isinstance(command, ReplaceStructure):
        made = command.structure
        name = next((old for old in before if made.name in (old, name_now(before[old], case))), "")
        now = case.structures.get(name_now(before[name], case)) if name else None
        if now is None:
            return command
        shaped = replace(
            now,
            array=made.array,
            start_ijk=made.start_ijk,
            voxel_count=made.voxel_count,
            source=made.source,
            edits=made.edits,
        )
        return replace(command, structure=shaped)
    return command


def step_command(
    document: Document,
    name: str,
    patches: Mapping[str, Patch],
    title: str,
    parts: tuple[Mask, ...],
    before: Mapping[str, Structure] = MappingProxyType({}),
) -> Command:
    """The step of these patches, with a structure of its own for each part; any thread. before: the structures when it
    was asked for."""
    from planning.by_hand import editing

    names = {one: name_now(before[one], document.case) if one in before else one for one in (name, *patches)}
    step = editing.edit_step(document, {names[one]: patch for one, patch in patches.items()}, title)
    name = names[name]
    if not parts:
        return step
    structure = document.case.structures[name]
    taken, commands = set(document.case.structures), [step]
    for part in parts:
        new_name = free_name(name, taken)
        taken.add(new_name)
        start, array = document.put_mask(part)
        made = Structure(
            name=new_name,
            grid=structure.grid,
            start_ijk=start,
            array=array,
            voxel_count=part.voxel_count,
            color=structure.color,
            source="edited",
            provenance=Provenance("by hand"),
            phase=structure.phase,
        )
        commands.append(AddStructure(made))
    return Batch(tuple(commands), title)
