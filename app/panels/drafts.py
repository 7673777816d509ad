"""What a person placed but has no numbers yet, kept in the state folder so that a crash does not take it.

A case's journal holds finished steps only; a draft is a small file beside the settings, named by the case's path
and bound to its scan. That of an encrypted case lies beside the journal inside the case, so that it is encrypted too.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.paths import state_folder
from planning.case.document import Document
from planning.errors import CaseError
from planning.files.json_text import parsed_json

if TYPE_CHECKING:
    from app.session import Session

logger = logging.getLogger(__name__)


INSIDE = "draft "


def _folder() -> Path:
    return state_folder() / "drafts"


def _name(case: Path) -> str:
    return hashlib.sha256(str(case.resolve()).encode()).hexdigest()[:24]


def _file(case: Path, module: str) -> Path:
    return _folder() / f"{_name(case)}-{module}.json"


def _scan_sha256(session: Session) -> str:
    """The scan that a draft's places lie in: a case of the same name may hold another patient."""
    return "" if session.image is None else session.image.arrays[0].sha256


def keep_draft(session: Session, module: str, draft: Mapping[str, Any] | None) -> None:
    """Keep this draft of a place of work for a case; None forgets it. A disk that refuses is only logged."""
    file, document = _file(session.path, module), session.document
    text = None if draft is None else json.dumps({"scan": _scan_sha256(session), "draft": draft})
    inside, outside = (text, None) if document.encrypted else (None, text)
    try:
        if document.store.meta(INSIDE + module) != inside:
            document.store.set_meta(INSIDE + module, inside)
        if outside is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(outside, encoding="utf-8")
        os.replace(part, file)
    except (OSError, CaseError) as error:
        logger.warning("unfinished points were not kept: %s", type(error).__name__)


def take_drafts_in(path: Path) -> None:
    """What a case that is encrypted now kept of drafts outside goes into it. Its key is known. Raises CaseError, OSError."""
    files = sorted(_folder().glob(f"{_name(path)}-*.json"))
    if not files:
        return
    with Document.open(path) as document:
        for file in files:
            module = file.stem.partition("-")[2]
            document.store.set_meta(INSIDE + module, file.read_text(encoding="utf-8", errors="replace"))
            file.unlink()


def kept_draft(session: Session, module: str) -> dict[str, Any] | None:
    """The draft kept for a case, None when there is none of its scan that can be read."""
    try:
        # one of a case that was encrypted lies in it, and still does once it is decrypted
        text = session.document.store.meta(INSIDE + module) or _file(session.path, module).read_text(encoding="utf-8")
        found = parsed_json(text)
    except (OSError, ValueError, CaseError):
        return None
    if not isinstance(found, dict) or found.get("scan") != _scan_sha256(session):
        return None
    draft = found.get("draft")
    return draft if isinstance(draft, dict) else None
