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
# to whom a plan is shown that no archive has
NAVIGATION = "a navigation system"
# all that this program writes; what else stands behind a dot may be a name
ENDINGS = (
    ".labels.nii.gz", ".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".stl", ".ply", ".obj", ".glb", ".usdz", ".vtp",
    ".3mf", ".json", ".csv", ".pdf", ".html", ".png", ".gif", ".webp", ".dcm",
)  # fmt: skip


def what_of(kind: str, output: Path) -> str:
    """ "report (.pdf)"; what ends in nothing known is a folder."""
    ending = next((known for known in ENDINGS if output.name.lower().endswith(known)), "folder")
    return f"{kind} ({ending})"


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
