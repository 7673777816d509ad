"""An open case: its state, its journal, and those who want to know of changes.

`do` writes the step to the disk before anybody sees it. Undo and redo are steps too, so nothing is ever rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from planning.case import journal
from planning.case.commands import Command
from planning.case.edited import Masks
from planning.case.keys import CaseKey
from planning.case.model import ArrayRef, Case, Structure
from planning.case.new_names import check_new_names
from planning.case.store import CaseStore
from planning.errors import CaseError
from planning.kept import Kept
from planning.naming import known_names
from planning.volume import Mask, Volume

# of steps that were read, about ten bytes for a letter of a plan's numbers; the last done and undone whatever their size
STEP_BYTES, BYTES_A_LETTER, NEWEST_STEPS = 4 << 20, 10, 2


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A step that happened: the case before, the case after, and the command that led from one to the other."""

    old: Case
    new: Case
    command: Command


class Document:
    """A case file opened for work, or to read. Use `open` or `create`, and as a context manager."""

    def __init__(self, store: CaseStore, case: Case, history: journal.History) -> None:
        self.store = store
        self._case = case
        self._history = history
        self._snapshot_at = history.length
        self._listeners: list[Callable[[Change], None]] = []
        self._masks = Masks(store)
        # the newest ones are asked for again and again: what undo would take back, and whether it can
        self._steps: Kept[int, journal.ReadStep] = Kept(
            STEP_BYTES, lambda step: BYTES_A_LETTER * step.letters, least=NEWEST_STEPS
        )

    @classmethod
    def create(cls, path: Path, *, force: bool = False, draft: bool = False, key: CaseKey | None = None) -> Document:
        """A new, empty case. Raises CaseError when the file exists (without `force`).

        A draft is on the disk only after `close`: for a file that gets its name at the end. key: to encrypt it with.
        """
        return cls(CaseStore.create(Path(path), force=force, draft=draft, key=key), Case(), journal.History())

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, beside: bool = False, key: CaseKey | None = None) -> Document:
        """An existing case, checked whole before anything of it is shown. Raises CaseError.

        beside: to read one that another process has open, as it is on the disk now. key: of an encrypted one, where
        `planning.case.keys` does not know it already and nobody is to be asked.
        """
        store = CaseStore.open(Path(path), read_only=read_only, beside=beside, key=key)
        try:
            case, history = journal.read_state(store)
        except CaseError:
            store.close()
            raise
        return cls(store, case, history)

    def __enter__(self) -> Document:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def keep_snapshot(self) -> None:
        """Write the newest state beside the journal, so that the next opening needs no replay; nothing when it is."""
        if not self.store.read_only and self._history.length != self._snapshot_at:
            journal.write_snapshot(self.store, self._history, self._case)
            self._snapshot_at = self._history.length

    def close(self) -> None:
        """Keep a snapshot of the newest state and let go of the file."""
        try:
            self.keep_snapshot()
        except CaseError as error:
            # every step is on the disk; where there is no room for a snapshot the next opening replays them
            if error.code != "disk_full":
                raise
        finally:
            self.store.close()

    def reader(self) -> Document:
        """The case as it stands now, for a thread that only reads: it keeps this state while this document goes on.

        It shares the open file, so it is neither written to nor closed.
        """
        history = journal.History(self._history.head_sha256, self._history.length)
        reader = Document(self.store, self._case, history)
        reader._masks = self._masks
        return reader

    @property
    def case(self) -> Case:
        """The state now."""
        return self._case

    @property
    def path(self) -> Path:
        """The case's file."""
        return self.store.path

    @property
    def read_only(self) -> bool:
        """True when nothing can be changed."""
        return self.store.read_only

    @property
    def encrypted(self) -> bool:
        """True when the case's file is encrypted: nothing of it may lie on a disk plain unasked."""
        return self.store.encrypted

    @property
    def journal_length(self) -> int:
        """How many steps the journal holds, undos included."""
        return self._history.length

    @property
    def head_sha256(self) -> str:
        """Hash of the newest step: names this very state."""
        return self._history.head_sha256

    def do(self, command: Command) -> Change:
        """Apply a command; it is on the disk when this returns. Raises CaseError when it does not apply."""
        old = self._case
        check_new_names(command)
        new = command.apply(old)
        parameters = journal.command_parameters(command, old)
        arrays = [reference.sha256 for reference in command.arrays()]
        journal.append(self.store, self._history, command.op, command.op_version, parameters, arrays)
        return self._became(old, new, command)

    @property
    def can_undo(self) -> bool:
        """True when there is a step to undo."""
        return bool(self._history.undoable) and not self.read_only

    @property
    def can_redo(self) -> bool:
        """True when the last thing was an undo."""
        return bool(self._history.redoable) and not self.read_only

    @property
    def undo_empties(self) -> bool:
        """True when undo would take the last image away: the case began with it."""
        if not self._history.undoable or not self._case.images:
            return False
        return not self._step(self._history.undoable[-1]).inverse.apply(self._case).images

    @property
    def undo_text(self) -> str:
        """What undo would take back, "" when nothing."""
        return self._step_title(self._history.undoable)

    @property
    def redo_text(self) -> str:
        """What redo would bring back, "" when nothing."""
        return self._step_title(self._history.redoable)

    def newest_steps(self, most: int) -> tuple[tuple[Command, Command], ...]:
        """(command, its inverse) of the steps that undo would take back, the newest first."""
        steps = [self._step(seq) for seq in self._history.undoable[: -most - 1 : -1]]
        return tuple((step.command, step.inverse) for step in steps)

    def undo(self) -> Change:
        """Take the newest step back. Raises CaseError when there is none."""
        if not self._history.undoable:
            raise CaseError("There is nothing to undo", code="nothing")
        seq = self._history.undoable[-1]
        return self._moved(journal.UNDO, seq, self._step(seq).inverse)

    def redo(self) -> Change:
        """Bring the step back that was undone last. Raises CaseError when there is none."""
        if not self._history.redoable:
            raise CaseError("There is nothing to redo", code="nothing")
        seq = self._history.redoable[-1]
        return self._moved(journal.REDO, seq, self._step(seq).command)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Be told of every change after it is on the disk; call the answer to be left alone."""
        self._listeners.append(callback)

        def unsubscribe() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return unsubscribe

    def volume(self, image_name: str, phase: int = 0) -> Volume:
        """An image's voxels. Raises CaseError for an unknown image or phase, or damaged voxels."""
        image = self._case.images.get(image_name)
        if image is None or not 0 <= phase < len(image.arrays):
            raise CaseError(
                f"There is no image named '{image_name}' with phase {phase}",
                f"It has: {', '.join(self._case.images) or 'none'}",
            )
        return Volume(
            image.grid, self.store.array(image.arrays[phase]), quantity=image.quantity, phase=image.phases[phase]
        )

    def mask(self, structure_name: str) -> Mask:
        """A structure's voxels. Raises CaseError for an unknown structure or damaged voxels.

        The same object as long as somebody holds it; after an edit by hand one that shares with it what did not change.
        """
        structure = self._case.structures.get(structure_name)
        if structure is None:
            raise CaseError(
                f"There is no structure named '{structure_name}'", known_names(structure_name, self._case.structures)
            )
        return self._masks.of(structure)

    def forget_read(self) -> None:
        """Let go of voxels that were read and that nobody holds; they are read again where somebody asks."""
        self._masks.forget()
        self.store.forget_read()

    def know(self, structure: Structure, mask: Mask) -> None:
        """What a structure looks like whose whole shape was just stored (`put_mask`) for a step to come."""
        self._masks.know(structure, mask)

    def doubt(self, structure_name: str) -> Mask | None:
        """Where the model that found a structure is not sure of it; None where nothing is kept of that."""
        structure = self._case.structures[structure_name]
        if structure.doubt is None:
            return None
        return Mask(structure.grid, structure.doubt.start_ijk, self.store.array_once(structure.doubt.array) != 0)

    def put_mask(self, mask: Mask) -> tuple[tuple[int, int, int], ArrayRef]:
        """Store a mask's box; the answer goes into a Structure."""
        return mask.start_ijk, self.store.put_array(mask.voxels.view(np.uint8))

    def _moved(self, op: str, seq: int, command: Command) -> Change:
        old = self._case
        new = command.apply(old)
        journal.append(self.store, self._history, op, 1, {"of": seq}, [])
        return self._became(old, new, command)

    def _became(self, old: Case, new: Case, command: Command) -> Change:
        self._case = new
        if self._history.length - self._snapshot_at >= journal.SNAPSHOT_EACH:
            journal.write_snapshot(self.store, self._history, new)
            self._snapshot_at = self._history.length
        change = Change(old, new, command)
        for listener in tuple(self._listeners):
            listener(change)
        return change

    def _step_title(self, steps: list[int]) -> str:
        if not steps:
            return ""
        return self._step(steps[-1]).command.title

    def _step(self, seq: int) -> journal.ReadStep:
        found = self._steps.get(seq)
        if found is None:
            found = self._steps[seq] = journal.opened(journal.read_step(self.store, seq))
        return found
