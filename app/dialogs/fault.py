"""A fault of the program's own: that nothing was lost, and the log for those who mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.dialogs.message import Choice, ChoiceDialog
from app.i18n import tr
from app.paths import log_file

FOLDER, SAVE = "folder", "save"


class FaultDialog(ChoiceDialog):
    """`ask` gives "save", "folder" or "". ended: the fault ended the run before this one."""

    def __init__(self, parent: QWidget | None = None, *, ended: bool = False) -> None:
        super().__init__(
            tr("Theatrum was brought down last time") if ended else tr("Something went wrong inside Theatrum"),
            tr(
                "Every step that was shown is on the disk. The log says where it happened; names of patients and files "
                "are not in it. Whoever looks after this program can find the fault with it."
            ),
            (
                Choice(FOLDER, tr("Show its folder")),
                Choice(SAVE, tr("Save the log"), main=True),
            ),
            safe=tr("Close"),
            icon="octagon-alert",
            parent=parent,
        )
        self.setObjectName("fault_dialog")


def offer_log(parent: QWidget | None, *, ended: bool = False) -> None:
    """Show the dialog and do what was chosen. Raises OSError where the log cannot be saved."""
    chosen = FaultDialog(parent, ended=ended).ask()
    if chosen == FOLDER:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file().parent)))
    elif chosen == SAVE:
        target, _ = QFileDialog.getSaveFileName(parent, tr("Save the log"), "theatrum-log.txt")
        if target:
            save_log(Path(target))


def save_log(target: Path) -> None:
    """The newest log, as it lies in the state folder."""
    shutil.copyfile(log_file(), target)
