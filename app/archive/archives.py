"""What one window has to do with archives: its page, its receiver, and sending from a case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.archive.receive_card import came_words
from app.archive.receiver import Received, Receiver
from app.archive.screen import ArchiveScreen
from app.i18n import tr

if TYPE_CHECKING:
    from app.session import Session
    from app.workstation import Workstation


class Archives(QObject):
    """Made at the first question; the receiver goes on while other pages are shown."""

    def __init__(self, window: Workstation) -> None:
        super().__init__(window)
        self._window = window
        self.receiver = Receiver(self)
        self.screen = ArchiveScreen(window.jobs, self.receiver, window.files.choose_open)
        self.screen.open_asked.connect(window.series.look_for)
        self.screen.back_asked.connect(window.leave_archive)
        self.receiver.came.connect(self._received)
        self.receiver.changed.connect(self._show_receiving)
        window.pages.addWidget(self.screen)

    def _received(self, received: Received) -> None:
        """Said wherever the person is."""
        self._window.strip.say(
            came_words(received),
            action=tr("Open"),
            run=partial(self._window.series.look_for, list(received.studies)),
            state="ok",
        )

    def _show_receiving(self) -> None:
        own = self.receiver.listener.own if self.receiver.listener is not None else None
        where = "" if own is None else tr("{title}, port {port}", title=own.title, port=own.port)
        self._window.strip.show_receiving(where)

    def send(self, session: Session) -> None:
        """Ask what of the case goes to which archive."""
        from app.archive.send_dialog import SendDialog, cut_off_words, tell_delivery

        window = self._window
        dialog = SendDialog(session, self.receiver, window)
        dialog.archives_asked.connect(window.show_archive)
        dialog.when_ended(
            partial(tell_delivery, window, window.strip.say),
            window.tell_error,
            # it stays until somebody has read it
            lambda name: window.strip.say(cut_off_words(name), state="bad"),
        )
        dialog.open()
