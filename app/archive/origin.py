"""Which archive a case's images came from, so that its results are offered to the same one first.

Beside what was fetched stands the archive's name in this computer's list for each study; a case keeps that name in its file,
outside journal and undo. No address, no title of a partner, and nothing of it is in any export.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from app.archive.kept import received_folder
from app.paths import data_folder
from planning.case.document import Document
from planning.files.json_text import parsed_json
from planning.pacs.intake import safe_uid
from planning.pacs.node import NAME

logger = logging.getLogger(__name__)
KEY = "archive"


def _file() -> Path:
    return data_folder() / "received-from.json"


def _known() -> dict[str, str]:
    """Archive's name by study; nothing where the file is none of ours."""
    try:
        found = parsed_json(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(study): str(name) for study, name in found.items()} if isinstance(found, dict) else {}


def note_origin(study: str, name: str) -> None:
    """A study comes from the archive of this name. Studies that are not here any more are forgotten."""
    known = {one: of for one, of in _known().items() if (received_folder() / one).is_dir()} | {safe_uid(study): name}
    import json

    part = _file().with_suffix(".part")
    try:
        part.write_text(json.dumps(known), encoding="utf-8")
        os.replace(part, _file())
    except OSError as error:
        # the images came all the same
        logger.warning("the archive that images came from was not kept: %s", error.strerror)


def origin_of(paths: Sequence[Path]) -> str:
    """The archive that all of these folders or files were fetched from, "" where that is not one."""
    known, found = _known(), set[str]()
    base = received_folder().resolve()
    for path in paths:
        whole = path.resolve()
        found.add(known.get(whole.relative_to(base).parts[0], "") if base in whole.parents else "")
    return found.pop() if len(found) == 1 else ""


def keep_origin(document: Document, name: str) -> None:
    """Write the archive's name into a case. Raises CaseError."""
    if name:
        document.store.set_meta(KEY, name)


def kept_origin(document: Document) -> str:
    """The archive that the case's images came from, "" where it does not say one that can be."""
    name = document.store.meta(KEY) or ""
    return name if NAME.fullmatch(name) else ""
