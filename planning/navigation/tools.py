"""Where tracked tools are, and since when that is known: a place that is not fresh is never shown as if it were."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planning.geometry import FloatArray

STALE_S = 0.5
MOST_TOOLS = 32


@dataclass(frozen=True, slots=True, eq=False)
class ToolState:
    """One tool. pose: (4, 4) in LPS mm, its tip at the origin; age_s: since it came. partner: who tells of it, "" for the
    only one."""

    name: str
    pose: FloatArray
    age_s: float
    partner: str = ""

    @property
    def is_stale(self) -> bool:
        """Whether the tool may be elsewhere by now."""
        return self.age_s > STALE_S

    def as_json(self) -> dict[str, Any]:
        """For programs that read it."""
        return {
            "name": self.name,
            "partner": self.partner,
            "position_mm": self.pose[:3, 3].tolist(),
            "matrix": self.pose.tolist(),
            "age_s": self.age_s,
            "stale": self.is_stale,
        }


@dataclass(slots=True)
class Tools:
    """The last place of each tool, by a clock that only goes forwards.

    Two partners may call different tools the same, so each tool is its partner's. left_out: more came than are kept.
    """

    left_out: bool = False
    _seen: dict[tuple[str, str], tuple[FloatArray, float, int]] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)

    def came(self, name: str, pose: FloatArray, now_s: float, stamp: int = 0, *, partner: str = "") -> bool:
        """A place arrived. False for a tool that is left out, since more would not be told apart.

        stamp: when the partner says that it was there, 0 where it does not. The same place of the same moment is told once
        more, by a system that has lost sight of the tool: it grows old.
        """
        key = name, partner
        before = self._seen.get(key)
        if before is not None and stamp and stamp == before[2] and np.array_equal(pose, before[0]):
            return True
        self._gone.discard(partner)
        if before is None:
            # a partner that comes again, from another port, goes on with its tool and does not bring another one
            for old in [one for one in self._seen if one[0] == name and one[1] in self._gone]:
                if _host(old[1]) == _host(partner):
                    del self._seen[old]
            if len(self._seen) >= MOST_TOOLS:
                self.left_out = True
                return False
        self._seen[key] = (pose, now_s, stamp)
        return True

    def left(self, partner: str) -> None:
        """A partner is gone. Its tools stay as they were last seen, and grow old."""
        self._gone = {one for _, one in self._seen if one == partner or one in self._gone}

    def states(self, now_s: float) -> list[ToolState]:
        """All tools that were seen, by name."""
        return [
            ToolState(name, pose, now_s - at, partner) for (name, partner), (pose, at, _) in sorted(self._seen.items())
        ]


def _host(partner: str) -> str:
    return partner.rpartition(":")[0]
