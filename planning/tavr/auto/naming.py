"""Which cusp is which: the sense of rotation, the most anterior one, and the sinuses that have a coronary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray
from planning.tavr.auto.ostia import Opening

FRONT_WEIGHT = 1.5
OSTIA_WEIGHT = 0.9
CLEAR = 0.2


@dataclass(frozen=True, slots=True)
class Naming:
    """order: numbers of the cusps N, R, L. sure: 0 … 1. conflict: the coronaries speak against the front."""

    order: tuple[int, int, int]
    sure: float
    conflict: bool


def name_cusps(front: FloatArray, openings: Sequence[Opening | None]) -> Naming:
    """front: (3,) −1 … 1 how far each cusp lies to the front, cusps counter-clockwise seen from the aorta.

    From above, N → R → L runs counter-clockwise; so there are three ways to name. The right cusp is the most anterior
    one; left and right have a coronary, the third has none.
    """
    clear = np.array([0.0 if o is None else max(0.0, o.clear - CLEAR) / (1.0 - CLEAR) for o in openings])
    scores, front_scores, ostia_scores = [], [], []
    for right in range(3):
        left, non = (right + 1) % 3, (right + 2) % 3
        by_front = FRONT_WEIGHT * float(front[right] - 0.5 * (front[left] + front[non]))
        by_ostia = OSTIA_WEIGHT * float(clear[right] + clear[left] - 2.0 * clear[non])
        front_scores.append(by_front)
        ostia_scores.append(by_ostia)
        scores.append(by_front + by_ostia)
    ranked = np.argsort(scores)[::-1]
    right = int(ranked[0])
    margin = scores[right] - scores[int(ranked[1])]
    seen = clear > 0.2
    # an opening in all three sinuses is a chamber behind a thin wall somewhere, and tells nothing
    otherwise = int(np.argmax(ostia_scores)) != int(np.argmax(front_scores))
    conflict = bool((np.count_nonzero(seen) == 2 and otherwise) or (seen[(right + 2) % 3] and not seen.all()))
    return Naming(((right + 2) % 3, right, (right + 1) % 3), float(np.clip(0.4 + 0.35 * margin, 0.2, 0.98)), conflict)
