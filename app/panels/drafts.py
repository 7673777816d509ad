"""What a person placed but has no numbers yet, kept in the state folder so that a crash does not take it.

A case's file holds finished steps only; a draft is a small file beside the settings, named by the case's path
and bound to its scan.
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
from planning.files.json_text import parsed_json

if TYPE_CHECKING:
    from app.session import Session

logger = logging.getLogger(__name__)


def _file(case: Path, module: str) -> Path:
    name = hashlib.sha256(str(case.resolve()).encode()).hexdigest()[:24]
    return state_folder() / "drafts" / f"{name}-{module}.json"


def _scan_sha256(session: Session) -> str:
    """The scan that a draft's places lie in: a case of the same name may hold another patient."""
    return "" if session.image is None else session.image.arrays[0].sha256


def keep_draft(session: Session, module: str, draft: Mapping[str, Any] | None) -> None:
    """Keep this draft of a place of work for a case; None forgets it. A disk that refuses is only logged."""
    file = _file(session.path, module)
    try:
        if draft is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(json.dumps({"scan": _scan_sha256(session), "draft": draft}), encoding="utf-8")
        os.replace(part, file)
    except OSError as error:
        logger.warning("unfinished points were not kept: %s", error)


def kept_draft(session: Session, module: str) -> dict[str, Any] | None:
    """The draft kept for a case, None when there is none of its scan that can be read."""
    try:
        found = parsed_json(_file(session.path, module).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.get("scan") != _scan_sha256(session):
        return None
    draft = found.get("draft")
    return draft if isinstance(draft, dict) else None
