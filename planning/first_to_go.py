"""Which process the system ends first when memory runs out: a disposable one, never the window with a person's work."""

from __future__ import annotations

import contextlib
from pathlib import Path

PLACE = Path("/proc/self/oom_score_adj")
FIRST = "1000"


def be_first_to_go() -> None:
    """Called by a process whose end is answered in one line. On Linux; elsewhere there is nothing to say it with."""
    with contextlib.suppress(OSError):
        PLACE.write_text(FIRST, encoding="ascii")
