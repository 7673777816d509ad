"""Closing a case or the window: a person is asked before work that runs or a draft is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dialogs.message import ConfirmDialog
from app.i18n import said, tr

if TYPE_CHECKING:
    from app.workstation import Workstation


def may_stop(window: Workstation, *, of_case: bool = False) -> bool:
    """Whether running work may be stopped, of the open case or all, and drafts be lost; a person is asked."""
    # what was stopped already and only ends has nothing to lose
    running = [
        state
        for state in window.jobs.active
        if (not state.job.quiet or state.job.by_hand)
        and not state.job.key.startswith("mesh")
        and not state.cancel.is_set
        # not by its subject: a case may be renamed while it works
        and (state.job.of_case or not of_case)
    ]
    # without a person nobody draws
    draft = said(window.page.unkept()) if window.page is not None and window.is_attended else ""
    if not running and not draft:
        return True
    lost = tr("Not in the case yet, and lost: {draft}.", draft=draft) if draft else ""
    if not running:
        title, rest = tr("Close what is not finished?"), tr("Everything else is saved.")
        text = f"{lost} {rest}"
    else:
        title = tr("Close while work is running?")
        # by what was asked for, not by the step that it is at
        named, others = running[0].job.title, len(running) - 1
        if others:
            stopped = tr(
                "“{title}” and {count} more are not done and would have to start again. Everything else is saved.",
                title=named,
                count=others,
            )
        else:
            stopped = tr("“{title}” is not done and would have to start again. Everything else is saved.", title=named)
        text = f"{lost} {stopped}" if lost else stopped
    return ConfirmDialog(
        title,
        text,
        safe=tr("Keep open"),
        danger=tr("Stop and close") if running else tr("Close"),
        parent=window,
    ).ask()
