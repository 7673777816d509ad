"""The window's way to DICOM files without identifiers: the dialog, the job, and what came of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.dialogs.message import Choice, ChoiceDialog
from app.dialogs.privacy import PrivacyDialog, PrivacyWish
from app.i18n import mark, said, tr
from app.jobs import Job
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.workstation import Workstation
    from planning.dicom.privacy import Made

MOST_LINES = 6


def ask_privacy(window: Workstation) -> None:
    """Show the dialog; the files are written in a job."""
    from planning.dicom.privacy_profile import profile

    dialog = PrivacyDialog(window.files.choose_folder, profile().edition, window)
    dialog.asked.connect(lambda wish: start(window, wish))
    dialog.open()


def start(window: Workstation, wish: PrivacyWish) -> None:
    """Write the files. What is stopped or fails leaves nothing."""

    def work(progress: Progress, cancel: CancelToken) -> Made:
        from planning.dicom.child import prepare
        from planning.dicom.privacy import deidentify

        prepare()
        return deidentify((wish.source,), wish.target, wish.options, progress=progress, cancel=cancel)

    window.jobs.submit(
        Job(
            # another folder meanwhile stops none; a key stands in the log, a folder's name must not
            key=f"deidentify {id(wish)}",
            of_case=False,
            title=tr("De-identifying files"),
            # the folder that is read may be called after a person
            subject=wish.target.name,
            work=work,
            done=lambda made: _tell(window, wish, made),
            failed=window.tell_error,
            computes=False,
        )
    )


def _tell(window: Workstation, wish: PrivacyWish, made: Made) -> None:
    from planning.dicom.privacy_file import LEFT_OUT

    lines = [tr("%n file(s) written.", "", made.files)]
    # what names an option of the command line is left out: the dialog has its own words for it
    told = (re.split(r"(?<=\.) (?=--)", finding.text)[0] for finding in made.warnings)
    # first what was given away: not all lines may have room
    lines += [said(text) for text in told]
    for reason, count in sorted(made.left_out.items()):
        why = "a head whose face could not be taken away" if reason == "face" else LEFT_OUT[reason]
        lines.append(tr("Left out: {count}, {why}.", count=count, why=said(why.partition(";")[0])))
    if len(lines) > MOST_LINES:
        more = len(lines) - MOST_LINES + 1
        lines = [*lines[: MOST_LINES - 1], tr("And %n more.", "", more)]
    lines.append(tr("Look at what you give away: no program can promise that nobody is recognised."))
    dialog = ChoiceDialog(
        tr("The files lie in {name}", name=wish.target.name),
        "\n".join(lines),
        (Choice("show", tr("Show in folder"), main=True),),
        safe=mark("Close"),
        icon="shield",
        parent=window,
    )
    if dialog.ask() == "show":
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(wish.target)))
