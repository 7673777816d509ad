"""The journal: every step ever done to a case, appended, hash-chained, never rewritten.

A step holds its command and the inverse, so that undo works after any reopening. `undo` and `redo` are steps too;
the state of a case is its newest snapshot plus the steps after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planning.case.commands import Command, load_command
from planning.case.database import Connection
from planning.case.manifest import case_json, dumps, text_sha256
from planning.case.model import Case
from planning.case.schema import damaged
from planning.case.second_copy import write_second_copy
from planning.case.store import CaseStore
from planning.files.json_text import parsed_json
from planning.provenance import APPLICATION_VERSION, now_utc

UNDO, REDO = "undo", "redo"
GENESIS = "0" * 64
# (op, op_version, parameters as they are kept: text, or zstd of a long one)
Step = tuple[str, int, str | bytes]
SNAPSHOT_EACH = 500
# a plan's step holds the plan before and after, some hundred kilobytes that are almost alike: packed, a tenth
PACK_FROM, LONGEST = 4096, 1 << 28


@dataclass(slots=True)
class History:
    """Which steps can be undone and redone, newest last, and where the chain stands."""

    head_sha256: str = GENESIS
    length: int = 0
    undoable: list[int] = field(default_factory=list)
    redoable: list[int] = field(default_factory=list)

    def note(self, seq: int, op: str, parameters: Mapping[str, Any]) -> None:
        """Follow one step. Raises CaseError when an undo does not fit what was done."""
        self.length = seq
        if op == UNDO:
            self._move(self.undoable, self.redoable, parameters)
        elif op == REDO:
            self._move(self.redoable, self.undoable, parameters)
        else:
            self.undoable.append(seq)
            self.redoable.clear()

    @staticmethod
    def _move(source: list[int], target: list[int], parameters: Mapping[str, Any]) -> None:
        if not source or source[-1] != parameters.get("of"):
            raise damaged("its undo steps do not fit")
        target.append(source.pop())


def step_sha256(row: tuple[Any, ...]) -> str:
    """Hash of a journal row without its last column, its parameters as plain text."""
    return text_sha256(dumps([str(value) for value in row]))


def _packed(text: str) -> str | bytes:
    raw = text.encode("utf-8")
    if len(raw) < PACK_FROM:
        return text
    import zstandard

    return bytes(zstandard.ZstdCompressor(level=3).compress(raw))


def step_text(kept: str | bytes) -> str:
    """The parameters of a step as plain text. Raises CaseError."""
    if isinstance(kept, str):
        return kept
    if not isinstance(kept, bytes):
        raise damaged("a step of its journal cannot be read")
    import zstandard

    try:
        # the size that a frame states is not believed before it is held against what a step can be
        if zstandard.frame_content_size(kept) > LONGEST:
            raise damaged("a step of its journal cannot be read")
        return bytes(zstandard.ZstdDecompressor().decompress(kept, max_output_size=LONGEST)).decode("utf-8")
    except (zstandard.ZstdError, UnicodeDecodeError) as error:
        raise damaged("a step of its journal cannot be read") from error


def command_parameters(command: Command, case: Case) -> dict[str, Any]:
    """What the journal keeps of a command: its parameters and its inverse on this case."""
    inverse = command.inverse(case)
    return {
        "parameters": command.parameters(),
        "inverse": {"op": inverse.op, "op_version": inverse.op_version, "parameters": inverse.parameters()},
    }


def append(
    store: CaseStore, history: History, op: str, op_version: int, parameters: Mapping[str, Any], array_ids: list[str]
) -> None:
    """Write one step; it is on the disk when this returns. `history` follows only then."""
    seq = history.length + 1
    text = dumps(parameters)
    row = (seq, now_utc(), APPLICATION_VERSION, op, op_version, text, dumps(array_ids), history.head_sha256)
    digest = step_sha256(row)
    kept = (*row[:5], _packed(text), *row[6:], digest)
    with store.transaction() as connection:
        connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", kept)
        _write_head(connection, seq, digest)
    history.note(seq, op, parameters)
    history.head_sha256 = digest


def _write_head(connection: Connection, seq: int, digest: str) -> None:
    # a chain cannot tell that its end was cut off; the head beside it can
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('head', ?)", (f"{seq} {digest}",))


def write_snapshot(store: CaseStore, history: History, case: Case) -> None:
    """Keep the state after the newest step, so that opening needs no long replay, and what its voxels are apart from it."""
    text = dumps(case_json(case))
    with store.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?)",
            (history.length, text, snapshot_sha256(history.length, history.head_sha256, text)),
        )
        write_second_copy(connection, history.length, case)


def snapshot_sha256(seq: int, head: str, text: str) -> str:
    """Hash of a snapshot after a step whose own hash is `head`."""
    return text_sha256(f"{seq} {head} {text}")


def read_state(store: CaseStore) -> tuple[Case, History]:
    """The case and its history, after checking the whole chain. Raises CaseError when anything does not fit."""
    history, heads, steps = _read_chain(store)
    head = store.meta("head")
    if (head or f"0 {GENESIS}") != f"{history.length} {history.head_sha256}":
        raise damaged("the end of its journal is missing")
    case, start = _newest_snapshot(store, heads)
    for seq in range(start + 1, history.length + 1):
        case = replayed(case, steps, seq)
    return case, history


def _read_chain(store: CaseStore) -> tuple[History, list[str], dict[int, Step]]:
    history, heads = History(), [GENESIS]
    steps: dict[int, Step] = {}
    rows = store.rows(
        "SELECT seq, time_utc, application_version, op, op_version, parameters_json, array_ids, "
        "previous_sha256, sha256 FROM journal ORDER BY seq"
    )
    for number, row in enumerate(rows, start=1):
        text = step_text(row[5])
        if row[0] != number or row[7] != heads[-1] or step_sha256((*row[:5], text, *row[6:-1])) != row[8]:
            raise damaged(f"step {number} of its journal does not fit the chain")
        op, version = str(row[3]), int(row[4])
        history.note(number, op, parsed(text) if op in (UNDO, REDO) else {})
        heads.append(str(row[8]))
        # packed as it lies: a long history of plans would fill the memory
        steps[number] = (op, version, row[5])
    history.head_sha256 = heads[-1]
    return history, heads, steps


def _newest_snapshot(store: CaseStore, heads: list[str]) -> tuple[Case, int]:
    rows = store.rows("SELECT seq, manifest_json, sha256 FROM snapshot ORDER BY seq DESC LIMIT 1")
    if not rows:
        return Case(), 0
    seq, text, digest = int(rows[0][0]), str(rows[0][1]), str(rows[0][2])
    if not 0 <= seq < len(heads) or snapshot_sha256(seq, heads[seq], text) != digest:
        raise damaged("its snapshot does not fit its journal")
    from planning.case.reading import case_from_json

    return case_from_json(parsed(text)), seq


def replayed(case: Case, steps: Mapping[int, Step], seq: int) -> Case:
    """The case after one more step. Raises CaseError; KeyError where an undone step is not among `steps`."""
    step = steps[seq]
    if step[0] == UNDO:
        return inverse_of(steps[moved_step(step)]).apply(case)
    if step[0] == REDO:
        return command_of(steps[moved_step(step)]).apply(case)
    return command_of(step).apply(case)


@dataclass(frozen=True, slots=True, eq=False)
class ReadStep:
    """A step as it was read. command: what it did, or would do again. inverse: what takes it back. letters: of its text."""

    command: Command
    inverse: Command
    letters: int


def opened(step: Step) -> ReadStep:
    """The commands of a journal step. Raises CaseError when it is damaged."""
    text = step_text(step[2])
    kept = parsed(text)
    inverse = _part(kept, "inverse")
    try:
        back = load_command(str(inverse["op"]), int(inverse["op_version"]), inverse["parameters"])
    except (KeyError, TypeError, ValueError) as error:
        raise damaged("a step of its journal is not whole") from error
    return ReadStep(load_command(step[0], step[1], _part(kept, "parameters")), back, len(text))


def command_of(step: Step) -> Command:
    """The command of a journal step."""
    return load_command(step[0], step[1], _part(parsed(step_text(step[2])), "parameters"))


def inverse_of(step: Step) -> Command:
    """The command that undoes a journal step."""
    return opened(step).inverse


def moved_step(step: Step) -> int:
    """The step that an undo or redo is about."""
    try:
        return int(parsed(step_text(step[2]))["of"])
    except (KeyError, TypeError, ValueError) as error:
        raise damaged("a step of its journal is not whole") from error


def read_step(store: CaseStore, seq: int) -> Step:
    """The command of one step as it is kept."""
    rows = store.rows("SELECT op, op_version, parameters_json FROM journal WHERE seq=?", (seq,))
    if len(rows) != 1:
        raise damaged(f"step {seq} is missing")
    return str(rows[0][0]), int(rows[0][1]), rows[0][2]


def _part(kept: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = kept.get(key)
    if not isinstance(value, dict):
        raise damaged("a step of its journal is not whole")
    return value


def parsed(text: str) -> dict[str, Any]:
    """A step's parameters, or a snapshot. Raises CaseError."""
    try:
        value = parsed_json(text)
    except ValueError as error:
        raise damaged("a step of its journal cannot be read") from error
    if not isinstance(value, dict):
        raise damaged("a step of its journal cannot be read")
    return value
