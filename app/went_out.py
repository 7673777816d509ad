"""Notes in a case's history of what was written out of it or sent, for commands and for the window.

A file's own name stays out of them, for people name files after patients: its ending tells its kind.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from planning.case.document import Document
from planning.case.outgoing import note_outgoing
from planning.errors import CaseError

logger = logging.getLogger(__name__)
# what people call several endings at once
LONG_ENDINGS = (".labels.nii.gz", ".nii.gz")


def what_of(kind: str, output: Path) -> str:
    """ "report (.pdf)"; a folder is called one."""
    name = output.name.lower()
    ending = next((long for long in LONG_ENDINGS if name.endswith(long)), output.suffix.lower())
    known = ending[1:].replace(".", "").isalnum() and len(ending) <= 16
    return f"{kind} ({ending})" if known else f"{kind} (folder)"


def noted_by_command(case: Path, what: str, to: str = "") -> list[dict[str, Any]]:
    """Put a note into the file of a case that the command had open to read. Warnings where that cannot be."""
    try:
        with Document.open(case) as document:
            note_outgoing(document, what, to)
    except CaseError as error:
        text = f"This is not in the case's history: {error.what}."
        return [{"code": "not_in_history", "text": text}]
    return []


def note_in_window(document: Document, what: str, to: str = "") -> None:
    """Put a note into an open case, from any thread; one that was closed meanwhile is opened for it.

    A case that is open to read gets none, and the log says so.
    """
    try:
        if document.store.is_closed:
            with Document.open(document.path) as again:
                note_outgoing(again, what, to)
        else:
            note_outgoing(document, what, to)
    except CaseError as error:
        logger.warning("what went out is not in the case's history: %s", error.code)
