"""A damaged case in the window: what can be brought back goes into a new one, and what is lost is said before it opens."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.dialogs.message import Choice, ChoiceDialog
from app.i18n import mark, said, tr
from app.jobs import Job
from app.texts import error_text
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.workstation import Workstation
    from planning.case.recovered import Recovered

MOST_LINES = 8


def bring_back(window: Workstation, path: Path, error: TheatrumError) -> None:
    """Ask about a damaged case, and bring back what can be in a job. The damaged file stays as it is."""
    words = error_text(error)
    dialog = ChoiceDialog(
        words.title,
        tr("What is whole of it can be written into a new case. The damaged file stays as it is.")
        + (f" {words.text}" if words.text else ""),
        (Choice("bring_back", tr("Bring back"), main=True),),
        safe=mark("Close"),
        icon="octagon-alert",
        parent=window,
    )
    if dialog.ask() == "bring_back":
        before = window.session
        window.jobs.submit(
            Job(
                key="bring_back",
                of_case=False,
                title=tr("Bringing back what is whole"),
                subject=path.name,
                work=lambda progress, cancel: _work(path, progress, cancel),
                done=lambda told: _tell(window, told, is_awaited=window.session is before),
                failed=window.tell_error,
                computes=False,
            )
        )


def _work(path: Path, progress: Progress, cancel: CancelToken) -> Recovered:
    from planning.case.keys import key_for
    from planning.case.recovering import recover_case

    return recover_case(path, free_target(path), key=key_for(path), progress=progress, cancel=cancel)


def free_target(path: Path) -> Path:
    """A name for the new case that nothing has yet: what was brought back before is not replaced."""
    from planning.case.recovering import default_target

    first = default_target(path)
    number, target = 2, first
    while target.exists():
        target = first.with_name(f"{first.stem}-{number}{first.suffix}")
        number += 1
    return target


def _tell(window: Workstation, told: Recovered, *, is_awaited: bool) -> None:
    """What is lost, before anything is measured in what came back. is_awaited: no other case was opened or closed
    meanwhile."""
    if told.is_whole:
        words, opened = (
            tr("Everything came back, as {name}", name=told.output.name),
            partial(window.open_case, told.output),
        )
        if is_awaited:
            opened()
            window.strip.say(words, state="ok")
        else:
            window.strip.say(words, action=tr("Open"), run=opened, state="ok")
        return
    losses = [f"{said(text)}." for _, text in told.losses()]
    if len(losses) > MOST_LINES:
        more = len(losses) - MOST_LINES + 1
        losses = [*losses[: MOST_LINES - 1], tr("And %n more.", "", more)]
    dialog = ChoiceDialog(
        tr("{name} was written, not all came back", name=told.output.name),
        "\n".join(losses),
        (Choice("open", tr("Open it"), main=True),),
        safe=mark("Not now"),
        icon="triangle-alert",
        parent=window,
    )
    if dialog.ask() == "open":
        window.open_case(told.output)
