"""What a person said of an organ's vessels and segments, on the disk while the plan that follows from it is measured.

A plan becomes a step only with its results, which take seconds. Its question is kept beside the journal until then, with
the state that it was asked in: after any other step it is void, and a note that is not whole is none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.case.document import Document
from planning.files.json_text import parsed_json


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """anatomy: as `planning.liver.anatomy` keeps it, None where nothing is said any more. plan, roles: what it is of."""

    plan: str
    roles: Mapping[str, tuple[str, ...]]
    anatomy: Mapping[str, Any] | None


def keep_pending(document: Document, kind: str, pending: Pending | None) -> None:
    """Write it, on the disk when this returns; None takes it away. kind: of the plan. Raises CaseError."""
    key = _key(kind)
    if pending is None:
        if document.store.meta(key) is not None:
            document.store.set_meta(key, None)
        return
    said = {
        "after": document.head_sha256,
        "plan": pending.plan,
        "roles": pending.roles,
        "anatomy": pending.anatomy,
    }
    text = json.dumps(said, ensure_ascii=True, sort_keys=True)
    document.store.set_meta(key, f"{_digest(text)} {text}")


def read_pending(document: Document, kind: str) -> Pending | None:
    """What was asked and not measured when the case was closed or the program stopped."""
    digest, _, text = (document.store.meta(_key(kind)) or "").partition(" ")
    if digest != _digest(text):
        return None
    try:
        said = parsed_json(text)
        if said["after"] != document.head_sha256:
            return None
        roles = {str(role): tuple(map(str, names)) for role, names in said["roles"].items()}
        return Pending(str(said["plan"]), roles, None if said["anatomy"] is None else dict(said["anatomy"]))
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _key(kind: str) -> str:
    return f"pending_{kind}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
