"""How sure a network is inside the structures it finds, not only where they end: what tells best that it is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.upsample import Decision, Values

# boundaries and interiors alike are everywhere: every other sample of each axis tells enough
STEP = 2
# a plane with more values than this tells enough by every fourth row
LARGE = 160 * 160

Sums = npt.NDArray[np.float64]


@dataclass(slots=True)
class Certainty:
    """Sums over every other sample of the network's grid, by the decision's number.

    samples: how many were given to it. certain: sum of the probability that it had there.
    """

    decision: Decision
    numbers: int
    values_are: str = "logits"
    samples: Sums = field(init=False)
    certain: Sums = field(init=False)

    def __post_init__(self) -> None:
        self.samples, self.certain = np.zeros(self.numbers), np.zeros(self.numbers)

    def look(self, z: int, plane: Values) -> None:
        """Plane z (channels, n1, n2) of the network's grid."""
        if z % STEP:
            return
        rows = STEP if plane[0].size <= LARGE else 2 * STEP
        values = np.ascontiguousarray(plane[:, ::rows, ::STEP], dtype=np.float32)
        winner = self.decision.decide(values)
        share = self._probability(values, winner)
        self.samples += np.bincount(winner.ravel(), minlength=self.numbers)
        self.certain += np.bincount(winner.ravel(), weights=share.ravel(), minlength=self.numbers)

    def _probability(self, values: Values, winner: npt.NDArray[Any]) -> Values:
        """Of the winner; of nothing, where no channel is above its threshold, 0."""
        logits = self.values_are == "logits"
        if self.decision.regions:
            channel = np.maximum(winner.astype(np.intp) - 1, 0)
            own = np.take_along_axis(values, channel[None], axis=0)[0]
            share = 1.0 / (1.0 + np.exp(-own)) if logits else own
            return np.where(winner > 0, share, np.float32(0.0))
        top = values.max(axis=0)
        whole = np.exp(values - top).sum(axis=0) if logits else values.sum(axis=0)
        return np.asarray((np.float32(1.0) if logits else top) / np.maximum(whole, np.float32(1e-12)))
