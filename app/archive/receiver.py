"""The window's receiving switch: archives and scanners may send to this computer while it is on. Off at first and at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.archive.kept import Kept, received_folder
from app.i18n import mark
from planning.errors import InputError
from planning.pacs.intake import DUPLICATE, NOT_AS_CLAIMED, OUT_OF_ROOM, Incoming
from planning.pacs.listen import Listener
from planning.pacs.node import Node, Own

QUIET_MS = 1500
REFUSAL_WORDS: Mapping[int, str] = {
    OUT_OF_ROOM: mark("The disk is full"),
    NOT_AS_CLAIMED: mark("An image was not what it claimed to be"),
    DUPLICATE: mark("Another image of the same number is here already"),
}
OTHER_REFUSAL = mark("An image could not be read")


@dataclass(frozen=True, slots=True)
class Received:
    """What came in one go. series: their folders; studies: theirs."""

    images: int = 0
    series: tuple[Path, ...] = ()

    @property
    def studies(self) -> tuple[Path, ...]:
        """The folders to look for series in."""
        return tuple(dict.fromkeys(folder.parent for folder in self.series))


class Receiver(QObject):
    """Switched on and off on the GUI thread; its lines run in threads of their own.

    `changed` after anything that is shown of it; `came` with a Received when nothing more arrived for a moment.
    """

    changed = Signal()
    came = Signal(object)
    _arrived = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listener: Listener | None = None
        self.whole = Received()
        self.refused = 0
        self.refusal = ""
        self._now = Received()
        self._faults = 0
        self._arrived.connect(self._note, Qt.ConnectionType.QueuedConnection)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._tell)
        # partners that were turned away tell nobody by themselves
        self._look = QTimer(self)
        self._look.setInterval(500)
        self._look.timeout.connect(self._look_for_faults)

    @property
    def is_on(self) -> bool:
        """True while somebody may send."""
        return self.listener is not None

    @property
    def faults(self) -> tuple[str, ...]:
        """Partners that were turned away or broke off, newest last."""
        return tuple(self.listener.faults) if self.listener is not None else ()

    def switch_on(self, own: Own, nodes: tuple[Node, ...] = (), *, only_known: bool = False) -> None:
        """Listen from now on. only_known: to the titles of these archives alone. Raises InputError."""
        self.switch_off()
        allowed = frozenset(node.title for node in nodes) if only_known else frozenset()
        if only_known and not allowed:
            raise InputError(
                mark("No archive is known that could send here"), mark("Add it first, or let all send"), "nobody"
            )
        intake = Kept(received_folder())
        listener = Listener(own, intake, allowed, partial(self._heard, intake), partners=nodes)
        try:
            listener.__enter__()
        except InputError as error:
            if error.code != "port":
                raise
            raise InputError(
                f"Port {own.port} is taken by another program",
                mark("Another window of Theatrum may be receiving: switch it off there, or take another port"),
                "port",
            ) from error
        self.listener = listener
        self.whole, self._now, self.refused, self.refusal, self._faults = Received(), Received(), 0, "", 0
        self._look.start()
        self.changed.emit()

    def switch_off(self) -> None:
        """Nobody may send any more; what is under way ends unfinished and leaves nothing."""
        listener, self.listener = self.listener, None
        if listener is None:
            return
        self._look.stop()
        listener.__exit__(None, None, None)
        self._tell()
        self.changed.emit()

    def _heard(self, intake: Kept, incoming: Incoming, status: int) -> None:
        """In the thread that put it there, perhaps before or after the switch is on for the window."""
        place = intake.arrived.get(incoming.uid)
        self._arrived.emit(str(place.parent) if place is not None and status == 0 else "", status)

    def _note(self, folder: str, status: int) -> None:
        if folder:
            self._now, self.whole = _with(self._now, Path(folder)), _with(self.whole, Path(folder))
        elif status:
            self.refused += 1
            self.refusal = REFUSAL_WORDS.get(status, OTHER_REFUSAL)
        self._quiet.start()
        self.changed.emit()

    def _tell(self) -> None:
        self._quiet.stop()
        came, self._now = self._now, Received()
        if came.images:
            self.came.emit(came)

    def _look_for_faults(self) -> None:
        count = len(self.faults)
        if count != self._faults:
            self._faults = count
            self.changed.emit()


def _with(received: Received, folder: Path) -> Received:
    series = received.series if folder in received.series else (*received.series, folder)
    return replace(received, images=received.images + 1, series=series)
