"""A new, whole case from what is left of a damaged one, and what could not be brought back, said in words.

    told = recover_case(path, default_target(path), key=key)     # key: of an encrypted case
    print("\\n".join(told.lines()))

The damaged file is only read. What is brought back is what its hashes prove: images block by block, structures whole or not
at all, plans and measurements as the last step left them to which the journal leads. Slices that are lost are filled with
the value of air, are named among the image's findings, and nothing can be measured there. Where neither journal nor snapshot
leads anywhere, images and structures come back by their second copy (`second_copy.py`), without plans and measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from planning.case import journal
from planning.case.accepted import AcceptFaults
from planning.case.commands import AddImage, AddMeasurement, Batch, Command, SetIdentifiers, SetLabel, SetPlan
from planning.case.database import locked
from planning.case.held import held_header, is_locked
from planning.case.keys import CaseKey
from planning.case.manifest import case_json, dumps
from planning.case.model import ArrayRef, Case, Image
from planning.case.parts_left import written_aside
from planning.case.raw_pages import RawFile
from planning.case.recovered import ImageTold, Recovered
from planning.case.salvage import HEAD, Salvage, block_bytes, block_count, block_shape, head_number
from planning.case.second_copy import second_case
from planning.case.sought import KeepInVain
from planning.case.standing import structure_names
from planning.case.store import CHUNK_SLICES, CaseStore, array_id, put_in_place
from planning.case.structure_commands import AddStructure
from planning.case.untrue_slices import LOST_SLICES
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.files.place import exists, writing
from planning.findings import Finding
from planning.progress import CancelToken, Progress, no_progress, part_of

AIR_HU = -1024.0
STEP_NAME = "Recovered from a damaged file"


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """rows: of the journal from its first step to the one that `case` stands on; none where steps between are lost."""

    case: Case
    steps: int
    steps_lost: int | None
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """case: of what is there. holed: arrays to be stored with their lost blocks filled: old → its blocks."""

    case: Case
    images: tuple[ImageTold, ...]
    images_lost: tuple[str, ...]
    structures_lost: tuple[str, ...]
    doubts_lost: tuple[str, ...]
    blocks: dict[ArrayRef, list[str | None]]


def default_target(path: Path) -> Path:
    """Where the new case lies unless another place is named."""
    return path.with_name(f"{path.stem}-recovered.theatrum")


def recover_case(
    path: Path,
    target: Path,
    *,
    key: CaseKey | None = None,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Recovered:
    """Write what is sound of a damaged case to `target`; of an encrypted one encrypted with the same key.

    The new case is verified before it gets its name. Raises CaseError, code "nothing_left" where nothing can be brought
    back; Cancelled.
    """
    path, target = Path(path), Path(target)
    _check_places(path, target, force)
    with written_aside(target) as part:
        with RawFile(path, key) as raw:
            salvage = Salvage(raw)
            salvage.gather(part_of(progress, 0.0, 0.4), cancel)
            state = _state(salvage)
            kept = _kept(salvage, state.case, cancel)
            without_journal = state.steps < 1 or _is_empty(kept.case)
            if without_journal:
                state = _State(second_case(salvage.meta), 0, None, ())
                kept = _kept(salvage, state.case, cancel)
            if _is_empty(kept.case):
                raise _nothing(path.name)
            progress(0.6, "Writing the new case")
            with writing(target), CaseStore.create(part, force=True, draft=True, key=key) as store:
                undo_kept, case = _write(salvage, state, kept, store)
        verify_case(part, key)
        put_in_place(part, target)
    progress(1.0, "")
    return Recovered(
        output=target,
        steps=state.steps,
        steps_lost=state.steps_lost,
        undo_kept=undo_kept,
        images=kept.images,
        images_lost=kept.images_lost,
        structures=tuple(case.structures),
        structures_lost=kept.structures_lost,
        doubts_lost=kept.doubts_lost,
        plans=tuple(case.plans),
        plans_on_lost=_plans_on_lost(case, kept),
        measurements=len(case.measurements),
        without_journal=without_journal,
    )


def _check_places(path: Path, target: Path, force: bool) -> None:
    if not path.is_file():
        raise CaseError(f"{path.name} is not there", "Check the name of the case", "not_there")
    if exists(target) and target.samefile(path):
        raise CaseError("The damaged case itself is never written to", "Choose another name", "exists")
    if target.exists() and not force:
        raise CaseError(f"{target.name} exists already", "Choose another name or use --force", "exists")
    if not target.parent.is_dir():
        raise CaseError(f"The folder of {target.name} does not exist", "Make it first", "no_folder")
    if held_header(path) is not None or is_locked(path):
        raise locked(path.name)


def _nothing(name: str) -> CaseError:
    return CaseError(f"Nothing can be brought back of {name}", "Use a copy or a backup of it", "nothing_left")


# the state that the journal leads to


def _state(salvage: Salvage) -> _State:
    """From the newest sound snapshot, or the beginning, as far as sound steps follow on each other."""
    prefix = _chain(salvage, 0, journal.GENESIS)
    best = _followed(Case(), 0, prefix)
    for seq, text, digest in sorted(salvage.snapshots, key=lambda row: -row[0]):
        heads = _heads(salvage, seq) if seq else {journal.GENESIS}
        head = next((one for one in heads if journal.snapshot_sha256(seq, one, text) == digest), None)
        if head is None:
            continue
        try:
            from planning.case.reading import case_from_json

            case = case_from_json(journal.parsed(text))
        except CaseError:
            continue
        leads_here = len(prefix) >= seq and _head_of(prefix, seq) == head
        known = dict(enumerate(prefix[:seq], start=1)) if leads_here else {}
        found = _followed(case, seq, _chain(salvage, seq, head), known)
        if found[1] > best[1] or (found[1] == best[1] and found[1]):
            best = found
            # steps that lead elsewhere would be undone on a state that they did not make
            prefix = prefix if leads_here else []
        break
    case, reached = best
    whole = tuple(prefix[:reached]) if len(prefix) >= reached else ()
    return _State(case, reached, _steps_lost(salvage, reached), whole)


def _chain(salvage: Salvage, start: int, head: str) -> list[tuple[Any, ...]]:
    """Rows that follow on a step, each sound and each on the one before."""
    rows: list[tuple[Any, ...]] = []
    while True:
        following = [row for row in salvage.steps.get(start + 1, ()) if row[7] == head]
        if not following:
            return rows
        rows.append(following[-1])
        start, head = start + 1, str(following[-1][8])


def _head_of(rows: Sequence[tuple[Any, ...]], seq: int) -> str:
    return str(rows[seq - 1][8]) if seq else journal.GENESIS


def _heads(salvage: Salvage, seq: int) -> set[str]:
    """What the hash of a step may be: by itself, by the one after it, by the head beside the journal."""
    found = {str(row[8]) for row in salvage.steps.get(seq, ())} | {
        str(row[7]) for row in salvage.steps.get(seq + 1, ())
    }
    told = salvage.meta.get(HEAD, "")
    return found | {told.partition(" ")[2]} if head_number(told) == seq else found


def _followed(
    case: Case, seq: int, rows: Sequence[tuple[Any, ...]], before: dict[int, tuple[Any, ...]] | None = None
) -> tuple[Case, int]:
    """The case after as many of the rows as can be done again, and the last one's number."""
    steps = {n: (str(row[3]), int(row[4]), row[5]) for n, row in (before or {}).items()}
    for row in rows:
        steps[seq + 1] = (str(row[3]), int(row[4]), row[5])
        try:
            case = journal.replayed(case, steps, seq + 1)
        except (CaseError, KeyError):
            break
        seq += 1
    return case, seq


def _steps_lost(salvage: Salvage, reached: int) -> int | None:
    head = head_number(salvage.meta.get(HEAD, ""))
    # a snapshot names the step that it follows: it may be all that is left of the last step
    doubtful = (*salvage.broken, *(row[0] for row in salvage.snapshots))
    seen = max([reached, *salvage.steps, *(seq for seq in doubtful if seq < reached + (1 << 20))])
    if head >= seen:
        return head - reached
    return None if head < 0 or salvage.lost_pages else seen - reached


# what of it has its voxels


def _kept(salvage: Salvage, case: Case, cancel: CancelToken | None) -> _Kept:
    blocks: dict[ArrayRef, list[str | None]] = {}

    def found(reference: ArrayRef) -> list[str | None]:
        if cancel is not None:
            cancel.raise_if_set()
        if reference not in blocks:
            blocks[reference] = salvage.array(reference)
        return blocks[reference]

    images, told, images_lost = {}, [], []
    for image in case.images.values():
        phases = [found(reference) for reference in image.arrays]
        if all(block is None for phase in phases for block in phase):
            images_lost.append(image.name)
            continue
        for reference, label, phase in zip(image.arrays, image.phases, phases, strict=True):
            told.append(ImageTold(image.name, label, reference.shape[0], _runs(phase, reference.shape[0])))
        images[image.name] = image
    structures, structures_lost, doubts_lost = {}, [], []
    for structure in case.structures.values():
        doubt = None if structure.doubt is None else structure.doubt.array
        if any(None in found(reference) for reference in structure.arrays if reference != doubt):
            structures_lost.append(structure.name)
            continue
        structures[structure.name] = structure
        if doubt is not None and None in found(doubt):
            structures[structure.name] = replace(structure, doubt=None)
            doubts_lost.append(structure.name)
    kept = replace(case, images=MappingProxyType(images), structures=MappingProxyType(structures))
    return _Kept(kept, tuple(told), tuple(images_lost), tuple(structures_lost), tuple(doubts_lost), blocks)


def _runs(blocks: list[str | None], slices: int) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for number, digest in enumerate(blocks):
        if digest is not None:
            continue
        first, last = number * CHUNK_SLICES, min((number + 1) * CHUNK_SLICES, slices) - 1
        if runs and runs[-1][1] == first - 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return tuple(runs)


def _is_empty(case: Case) -> bool:
    return not (case.images or case.structures or case.plans or case.measurements)


def _plans_on_lost(case: Case, kept: _Kept) -> tuple[str, ...]:
    holed = bool(kept.images_lost) or any(image.lost for image in kept.images)
    gone = set(kept.structures_lost)
    return tuple(plan.name for plan in case.plans.values() if holed or gone.intersection(structure_names(plan.inputs)))


# the new case


def _write(salvage: Salvage, state: _State, kept: _Kept, store: CaseStore) -> tuple[bool, Case]:
    """(whether the journal came back as it was, the case that was written)."""
    nothing_lost = not (kept.images_lost or kept.structures_lost or kept.doubts_lost)
    nothing_lost = nothing_lost and not any(image.lost for image in kept.images)
    past = [] if not nothing_lost or not state.rows else _past_arrays(state.rows)
    past_blocks = {reference: salvage.array(reference) for reference in past}
    if nothing_lost and state.rows and not any(None in blocks for blocks in past_blocks.values()):
        with store.transaction():
            for reference, blocks in {**kept.blocks, **past_blocks}.items():
                _copy_array(salvage, reference, [str(digest) for digest in blocks], store)
        _copy_journal(salvage, state, store)
        return True, kept.case
    images = {name: _with_holes(salvage, image, kept, store) for name, image in kept.case.images.items()}
    case = replace(kept.case, images=MappingProxyType(images))
    with store.transaction():
        for structure in case.structures.values():
            for reference in structure.arrays:
                _copy_array(salvage, reference, [str(digest) for digest in kept.blocks[reference]], store)
    _write_anew(case, store)
    for kept_key in ("view", "archive"):
        if kept_key in salvage.meta:
            store.set_meta(kept_key, salvage.meta[kept_key])
    return False, case


def _past_arrays(rows: Sequence[tuple[Any, ...]]) -> list[ArrayRef]:
    """All that steps and their inverses name: undo needs them."""
    found: dict[ArrayRef, None] = {}
    for row in rows:
        if row[3] in (journal.UNDO, journal.REDO):
            continue
        step = journal.opened((str(row[3]), int(row[4]), row[5]))
        found.update(dict.fromkeys((*step.command.arrays(), *step.inverse.arrays())))
    return list(found)


def _copy_array(salvage: Salvage, reference: ArrayRef, digests: Sequence[str], store: CaseStore) -> None:
    with store.transaction() as connection:
        for number, digest in enumerate(digests):
            known = connection.execute("SELECT 1 FROM chunk WHERE sha256=?", (digest,)).fetchone()
            if known is None:
                row = (
                    digest,
                    salvage.codec_of(reference, digest),
                    block_bytes(reference, number),
                    salvage.packed(digest),
                )
                connection.execute("INSERT INTO chunk VALUES (?, ?, ?, ?)", row)
        name = array_id(reference)
        shape = dumps(list(reference.shape)).replace(",", ", ")
        connection.execute(
            "INSERT OR IGNORE INTO array VALUES (?, ?, ?, ?)", (name, reference.dtype, shape, CHUNK_SLICES)
        )
        connection.executemany(
            "INSERT OR IGNORE INTO array_chunk VALUES (?, ?, ?)",
            [(name, n, digest) for n, digest in enumerate(digests)],
        )


def _copy_journal(salvage: Salvage, state: _State, store: CaseStore) -> None:
    with store.transaction() as connection:
        connection.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", state.rows)
        for name, value in salvage.meta.items():
            if name != HEAD:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        head = _head_of(state.rows, state.steps)
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (HEAD, f"{state.steps} {head}"))
        history = journal.History(head, state.steps)
        journal.write_snapshot(store, history, state.case)


def _with_holes(salvage: Salvage, image: Image, kept: _Kept, store: CaseStore) -> Image:
    """The image with its lost slices filled; what is whole stays as it is."""
    air = AIR_HU if image.quantity == "HU" else 0.0
    air = air if image.minimum is None else min(air, image.minimum)
    arrays, findings = [], []
    lost = set(image.filled_slices)
    for reference, label in zip(image.arrays, image.phases, strict=True):
        blocks = kept.blocks[reference]
        if None not in blocks:
            _copy_array(salvage, reference, [str(digest) for digest in blocks], store)
            arrays.append(reference)
            continue
        limits = np.iinfo(reference.dtype) if np.dtype(reference.dtype).kind in "iu" else None
        value = air if limits is None else max(air, float(limits.min))
        writer = store.array_writer(reference.dtype, reference.shape)
        for number in range(block_count(reference)):
            digest = blocks[number]
            shape = block_shape(reference, number)
            writer.write(
                np.full(shape, value, dtype=reference.dtype)
                if digest is None
                else salvage.voxels(reference, number, digest)
            )
        arrays.append(writer.finish())
        spans = _runs(blocks, reference.shape[0])
        lost |= {k for first, last in spans for k in range(first, last + 1)}
        runs = ", ".join(f"{first + 1}–{last + 1}" for first, last in spans)
        which = f" of {label}" if label else ""
        findings.append(
            Finding(
                LOST_SLICES,
                f"Slices {runs}{which} were lost when the case was damaged and are filled with air: measure nothing there.",
            )
        )
    if not findings:
        return image
    # results may not refer to slices that are not the scanner's any more
    return replace(
        image,
        arrays=tuple(arrays),
        findings=(*image.findings, *findings),
        filled_slices=tuple(sorted(lost)),
        series=None,
    )


def _write_anew(case: Case, store: CaseStore) -> None:
    """A journal of one step."""
    commands: list[Command] = [AddImage(image) for image in case.images.values()]
    commands += [AddStructure(structure) for structure in case.structures.values()]
    commands += [SetPlan(plan) for plan in case.plans.values()]
    commands += [AddMeasurement(measurement) for measurement in case.measurements.values()]
    if case.label:
        commands.append(SetLabel(case.label))
    if case.identifiers:
        commands.append(SetIdentifiers(case.identifiers))
    if case.accepted:
        commands.append(AcceptFaults(case.accepted))
    if case.in_vain:
        commands.append(KeepInVain(case.in_vain, STEP_NAME))
    step, history = Batch(tuple(commands), STEP_NAME), journal.History()
    made = step.apply(Case())
    if dumps(case_json(made)) != dumps(case_json(case)):
        raise CaseError("The case cannot be written anew", "Use a copy or a backup of it", "nothing_left")
    parameters = journal.command_parameters(step, Case())
    names = [reference.sha256 for reference in step.arrays()]
    journal.append(store, history, step.op, step.op_version, parameters, names)
    journal.write_snapshot(store, history, made)
