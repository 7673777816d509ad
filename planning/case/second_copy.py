"""A second copy of what images and structures are, apart from the journal and its snapshots.

Voxels alone say neither how large they are nor where they lie. Where a damage takes the journal and every snapshot, what is
kept here lets images and structures come back: each in a row of its own, held by its own hash, written with each snapshot.
Plans, measurements and names of the case are not among it: without the journal nobody can tell whether they still stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planning.case.manifest import dumps, image_json, structure_json, text_sha256
from planning.errors import CaseError
from planning.files.json_text import parsed_json

if TYPE_CHECKING:
    from planning.case.database import Connection
    from planning.case.model import Case

# keys of the meta table: which rows there are, in the case's order, since plans stand on the first image; one of an image or
# structure
INDEX, PREFIX, BEHIND = "second", "second ", "second!"
KINDS = ("image", "structure")
DIGITS = 12


def write_second_copy(connection: Connection, seq: int, case: Case) -> None:
    """Bring the copy to the case after step `seq`, inside a transaction; rows that stay as they are are not written."""
    wanted = {f"{PREFIX}image {image.name}": dumps(image_json(image)) for image in case.images.values()}
    wanted |= {f"{PREFIX}structure {one.name}": dumps(structure_json(one)) for one in case.structures.values()}
    wanted[INDEX] = dumps(list(wanted))
    rows = connection.execute("SELECT key, value FROM meta WHERE key=? OR (key>=? AND key<?)", (INDEX, PREFIX, BEHIND))
    known = {str(key): str(value)[DIGITS + 1 :] for key, value in rows.fetchall()}
    texts = {key: f"{text_sha256(text)} {text}" for key, text in wanted.items()}
    connection.executemany("DELETE FROM meta WHERE key=?", [(key,) for key in known if key not in texts])
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
        [(key, f"{seq:0{DIGITS}d} {text}") for key, text in texts.items() if known.get(key) != text],
    )


def is_second(key: str) -> bool:
    """Whether a key of the meta table belongs to the copy; of two values of one key the greater is the newer."""
    return key == INDEX or key.startswith(PREFIX)


def second_case(meta: Mapping[str, str]) -> Case:
    """The images and structures whose rows are sound, in a case of their own; an empty one where there are none."""
    from planning.case.reading import case_from_json

    index = _sound(meta.get(INDEX, ""))
    rows = sorted(key for key in meta if key.startswith(PREFIX))
    listed = dict.fromkeys(map(str, index)) if isinstance(index, list) else rows
    parts: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for key in listed:
        kind, value = key.removeprefix(PREFIX).partition(" ")[0], _sound(meta.get(key, ""))
        if kind not in KINDS or value is None:
            continue
        try:
            case_from_json(_whole({kind: [value]}))
        except CaseError:
            continue
        parts[kind].append(value)
    return case_from_json(_whole(parts))


def _whole(parts: Mapping[str, list[Any]]) -> dict[str, Any]:
    """A case's JSON of these images and structures alone."""
    nothing: dict[str, Any] = {"plans": [], "measurements": [], "identifiers": {}, "label": ""}
    return {f"{kind}s": parts.get(kind, []) for kind in KINDS} | nothing


def _sound(text: str) -> Any:
    """What a row says, None where its hash does not fit."""
    digest, _, content = text[DIGITS + 1 :].partition(" ")
    try:
        return parsed_json(content) if text_sha256(content) == digest else None
    except ValueError:
        return None
