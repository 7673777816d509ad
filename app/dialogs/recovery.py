"""A case that was not closed: what was saved, and going on from there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.dialogs.message import Choice, ChoiceDialog
from app.i18n import tr
from app.texts import day_text


def last_edit(case_path: Path) -> datetime | None:
    """When a case that was not closed was last written; None for one that was. A log beside it tells so."""
    log = case_path.with_name(case_path.name + "-wal")
    try:
        found = log.stat()
    except OSError:
        return None
    return datetime.fromtimestamp(found.st_mtime) if found.st_size else None


class RecoveryDialog(ChoiceDialog):
    """ "Work from 10:38 was found". `ask` gives "continue" or ""."""

    def __init__(
        self, label: str, edited: datetime, parent: QWidget | None = None, now: datetime | None = None
    ) -> None:
        day = "" if (now or datetime.now()).date() == edited.date() else f"{day_text(edited)}, "
        at = f"{day}{edited:%H:%M}"
        super().__init__(
            tr("Work from {at} was found", at=at),
            tr(
                "Theatrum stopped without closing “{label}”. Every step up to {edited:%H:%M:%S} is here.",
                label=label,
                edited=edited,
            ),
            (Choice("continue", tr("Continue from {at}", at=at), main=True),),
            safe=tr("Not now"),
            icon="rotate-ccw",
            parent=parent,
        )
        self.setObjectName("recovery_dialog")
        button = self.findChild(QWidget, "choice_dialog_continue")
        assert button is not None
        # going on loses nothing: it is the safe way
        self._start = button

    def first_focus(self) -> QWidget | None:
        """Going on."""
        return self._start
