"""Why an action that is off cannot be done now: for the palette, tooltips and for its key when it is pressed all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.i18n import mark, tr
from app.read_only import REASON, WRITES

if TYPE_CHECKING:
    from app.workstation import Workstation

ONE_SERIES = mark("This case has one series: drop another on the window to add it")
# an action that is off although a case is open, and why
REASONS = {
    "undo": mark("Nothing to undo"),
    "redo": mark("Nothing to redo"),
    "layout_compare": ONE_SERIES,
    "second_over": ONE_SERIES,
}


def reason_off(window: Workstation, identifier: str) -> str:
    """The reason in the window's language, without a full stop."""
    session = window.session
    if session is None or window.place != "case":
        return tr("Open a case first")
    if identifier in WRITES and session.document.read_only:
        return tr(REASON)
    return tr(REASONS[identifier]) if identifier in REASONS else tr("Not possible now")


def why_not(window: Workstation, pressed: QKeySequence) -> str:
    """Why the key of an action that is off does nothing in an open case, "" for any other key."""
    if window.session is None or window.place != "case":
        return ""
    for action in window.actions_.all():
        if not action.isEnabled() and pressed in action.shortcuts():
            return f"{reason_off(window, action.objectName())}."
    return ""
