"""Names and numbers that were kept on import go into copies and results: asked before they do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.dialogs.message import ConfirmDialog
from app.i18n import mark, tr
from planning.case.model import Case

COPY = (
    mark("The copy keeps name and number"),
    mark("They were kept on import. Whoever gets the copy can read them."),
    mark("Save copy"),
)
RESULTS = (
    mark("The files keep name and number"),
    mark("They were kept on import. Whoever gets the files can read them."),
    mark("Write files"),
)


def may_give_identity(case: Case, words: tuple[str, str, str], parent: QWidget) -> bool:
    """True where nothing was kept, or a person says so. words: question, reason, the button that goes on."""
    question, reason, go_on = words
    if not case.identifiers_kept:
        return True
    return ConfirmDialog(tr(question), tr(reason), mark("Cancel"), go_on, parent=parent, harmless=True).ask()
