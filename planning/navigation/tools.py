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
    """One tool. pose: (4, 4) in LPS mm, its tip at the origin; age_s: since it came."""

    name: str
    pose: FloatArray
    age_s: float

    @property
    def is_stale(self) -> bool:
        """Whether the tool may be elsewhere by now."""
        return self.age_s > STALE_S

    def as_json(self) -> dict[str, Any]:
        """For programs that read it."""
        return {
            "name": self.name,
            "position_mm": self.pose[:3, 3].tolist(),
            "matrix": self.pose.tolist(),
            "age_s": self.age_s,
            "stale": self.is_stale,
        }


@dataclass(slots=True)
class Tools:
    """The last place of each tool, by a clock that only goes forwards."""

    _seen: dict[str, tuple[FloatArray, float, int]] = field(default_factory=dict)

    def came(self, name: str, pose: FloatArray, now_s: float, stamp: int = 0) -> None:
        """A place arrived. More tools than can be told apart are left out.

        stamp: when the partner says that it was there, 0 where it does not. The same place of the same moment is told once
        more, by a system that has lost sight of the tool: it grows old.
        """
        before = self._seen.get(name)
        if before is not None and stamp and stamp == before[2] and np.array_equal(pose, before[0]):
            return
        if before is not None or len(self._seen) < MOST_TOOLS:
            self._seen[name] = (pose, now_s, stamp)

    def states(self, now_s: float) -> list[ToolState]:
        """All tools that were seen, by name."""
        return [ToolState(name, pose, now_s - at) for name, (pose, at, _) in sorted(self._seen.items())]
