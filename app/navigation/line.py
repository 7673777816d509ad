"""A line to a navigation system in a thread of its own; the window only reads what it last saw. Knows no Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planning.errors import InputError, TheatrumError
from planning.navigation.link import Link
from planning.navigation.messages import Message
from planning.navigation.tools import ToolState

STEP_S = 0.02
CONNECTING, CONNECTED, ENDED = "connecting", "connected", "ended"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a line knew at a moment. at_s: of the clock that only goes forwards. error: why it ended, None when asked to.

    left_out: the partner tells of more tools than are kept.
    """

    phase: str
    at_s: float
    tools: tuple[ToolState, ...] = ()
    error: TheatrumError | None = None
    left_out: bool = False

    def tools_at(self, now_s: float) -> tuple[ToolState, ...]:
        """The tools with their ages at a later moment: they grow old even where the line does not get on."""
        late_s = max(now_s - self.at_s, 0.0)
        return tuple(replace(tool, age_s=tool.age_s + late_s) for tool in self.tools)


class NavigationLine:
    """Goes to a partner that listens, shows it the messages and takes places until `stop`, or until the partner ends it."""

    def __init__(self, messages: Sequence[Message], address: str, port: int) -> None:
        # emptied by `stop`, so that a partner that answers late is shown nothing
        self._messages = list(messages)
        self._address, self._port = address, port
        self._stopped = threading.Event()
        self.seen = Seen(CONNECTING, time.monotonic())
        self.thread = threading.Thread(target=self._run, name="navigation", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Leave the partner; the thread ends within a step, or once a partner that does not answer is given up."""
        self._messages.clear()
        self._stopped.set()

    def _run(self) -> None:
        error: TheatrumError | None = None
        try:
            with Link(self._messages, self._address, self._port, connect=True) as link:
                while not self._stopped.is_set() and not link.is_alone:
                    self.seen = self._look(link)
                    link.step(STEP_S)
                if link.is_alone and not self._stopped.is_set():
                    why = link.faults[-1] if link.faults else "The navigation system ended the connection"
                    error = InputError(why, "Connect again", "network")
        except TheatrumError as found:
            error = found
        except (OSError, ValueError, OverflowError):
            # names that no computer can have, and lines that break between two looks
            error = InputError(f"{self._address}:{self._port} cannot be reached", "Check the address", "network")
        self.seen = Seen(ENDED, time.monotonic(), error=None if self._stopped.is_set() else error)

    @staticmethod
    def _look(link: Link) -> Seen:
        now_s = time.monotonic()
        return Seen(CONNECTED, now_s, tuple(link.tools.states(now_s)), left_out=link.tools.left_out)
