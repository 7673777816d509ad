"""What happens when an event of the window fails: the place goes into the log, a person reads one calm sentence."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.dialogs.fault import offer_log
from app.i18n import tr
from planning.errors import TheatrumError

if TYPE_CHECKING:
    from app.workstation import Workstation

logger = logging.getLogger(__name__)


def handle_exceptions(window: Workstation) -> Callable[[type[BaseException], BaseException, object], None]:
    """The Qt border's exception hook: log the place, say one calm sentence, go on. The first time the log is offered."""
    offered = False

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        forget_last_error()
        if issubclass(kind, (KeyboardInterrupt, SystemExit)):
            window.close()
            return
        if isinstance(error, TheatrumError):
            window.tell_error(error)
            return
        logger.error("an event stopped unexpectedly", exc_info=(kind, error, trace))  # type: ignore[arg-type]
        window.strip.say(tr("Something went wrong. Nothing was lost; the log tells where."), state="bad")
        nonlocal offered
        if not offered:
            offered = True
            # once the event that failed is over, and not under a dialog that is open
            QTimer.singleShot(0, window, lambda: None if QApplication.activeModalWidget() else offer_log(window))

    return hook


def forget_last_error() -> None:
    """Python keeps the newest error of an event, for debuggers: with it all that its functions worked on, until the next one."""
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)
