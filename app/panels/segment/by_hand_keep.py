"""How a change by hand becomes one step of the case: at once, or in a job where storing it takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.i18n import tr
from app.jobs import Job
from app.panels.segment.by_hand_words import free_name
from app.session import Session
from planning.case.commands import AddStructure, Batch, Command
from planning.case.document import Document
from planning.case.model import Structure
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
        self._session.jobs.submit(
            Job(
                key="by hand keep",
                title=tr("Keeping the change"),
                work=lambda progress, cancel: step_command(document, name, patches, title, parts),
                done=self._do,
                failed=self._failed,
                subject=self._session.label,
            )
        )


def step_command(
    document: Document, name: str, patches: Mapping[str, Patch], title: str, parts: tuple[Mask, ...]
) -> Command:
    """The step of these patches, with a structure of its own for each part; any thread."""
    from planning.by_hand import editing

    step = editing.edit_step(document, patches, title)
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
