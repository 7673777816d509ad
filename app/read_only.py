"""What cannot be done in a case that is open to read: it is off from the beginning and says why, by tooltip and by key."""

from __future__ import annotations

from PySide6.QtGui import QAction

from app.actions import ActionBook, action_text
from app.i18n import mark, tr
from app.session import Session
from viewers.measures import TOOLS

REASON = mark("This case is open to read")
# actions that write into the case
WRITES = ("rename", "delete", "lock", "add_series", "add_series_file", "add_structures", "edit_by_hand", *TOOLS)


def show_access(book: ActionBook, session: Session) -> None:
    """Switch the actions that write on or off."""
    read_only = session.document.read_only
    for identifier in WRITES:
        keys, words = book.key_text(identifier), action_text(book.specs[identifier])
        if read_only:
            words = f"{words}. {tr(REASON)}"
        book[identifier].setEnabled(not read_only)
        book[identifier].setToolTip(f"{words} ({keys})" if keys else words)


def is_refused(session: Session) -> bool:
    """True, and said, for a case that is open to read."""
    if session.document.read_only:
        session.said.emit(f"{tr(REASON)}.")
    return session.document.read_only


def writing(session: Session, action: QAction) -> QAction:
    """A menu's entry that writes into the case: off where nothing may be written."""
    if session.document.read_only:
        action.setEnabled(False)
        action.setToolTip(tr(REASON))
    return action
