"""Whether slices of two acquisitions lie between each other, told from the voxels alone.

In one acquisition a slice is at least as like its neighbour as the next but one: nearer anatomy, equal noise. Where two
acquisitions interleave (two contrasts, two phases of the heart, moved by half a slice), it is the other way round, and
no tag has to say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.volume import PADDING_HU

INTERLEAVED = "interleaved"
# every so many pixels of a row and of a column are looked at
SAMPLE = 4
# so many slices in a row must be more like the next but one
WINDOW = 8
# honest scans have 1.06 (noise of 100 HU) to 1.8
MOST_RATIO = 0.92
# edges of bone and air that move from slice to slice must not hide a change of the soft parts
MOST_STEP = 40.0


class Alternation:
    """Takes the slices of one volume by rising place, a block at a time."""

    def __init__(self) -> None:
        self._last: list[npt.NDArray[np.float32]] = []
        # for each slice from the third on: how unlike the next and the next but one, plain and with edges held down
        self._unlike: list[tuple[tuple[float, float], tuple[float, float]]] = []

    def add(self, block: npt.NDArray[Any]) -> None:
        """block: `[k, j, i]`, the slices that follow those given before."""
        for each in block[:, ::SAMPLE, ::SAMPLE].astype(np.float32):
            if len(self._last) == 2:
                before, between = self._last
                # what is outside the scanner's round says nothing
                seen = (each > PADDING_HU) & (between > PADDING_HU) & (before > PADDING_HU)
                steps = [np.abs(one - other)[seen] for one, other in _pairs(before, between, each)]
                self._unlike.append((_near_and_far(steps), _near_and_far([np.minimum(s, MOST_STEP) for s in steps])))
            self._last = [*self._last, each][-2:]

    def found(self) -> bool:
        """True where a stretch of slices is more like the next but one than like the next."""
        if len(self._unlike) < WINDOW:
            return False
        # (slices, plain or held down, near or far) summed over stretches
        sums = np.apply_along_axis(np.convolve, 0, np.array(self._unlike), np.ones(WINDOW), "valid")
        return bool((sums[..., 1] < MOST_RATIO * sums[..., 0]).any())


def _pairs(
    before: npt.NDArray[np.float32], between: npt.NDArray[np.float32], each: npt.NDArray[np.float32]
) -> tuple[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]], ...]:
    return (before, between), (between, each), (before, each)


def _near_and_far(steps: Sequence[npt.NDArray[np.float32]]) -> tuple[float, float]:
    if not steps[0].size:
        return 0.0, 0.0
    first, second, far = (float(step.mean()) for step in steps)
    return (first + second) / 2.0, far


def alternation_findings(phases: Sequence[Alternation]) -> tuple[Finding, ...]:
    """A warning where any of these volumes alternates."""
    if not any(each.found() for each in phases):
        return ()
    return (
        Finding(
            INTERLEAVED,
            "Every other slice looks unlike its neighbours: two acquisitions may be mixed, and sizes would be wrong. "
            "Look at it from the side.",
        ),
    )
