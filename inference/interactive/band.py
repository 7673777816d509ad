"""The edge, on finer voxels: a random walker in a band about the coarse surface.

A walker on a band voxel goes to a neighbour the likelier the more alike their HU are, or stops there and answers by the
prior of its voxel; beyond the band the answer is fixed. What it answers on average is the smoothest field that the image's
own edges allow (Grady 2005, with prior models): one sparse, symmetric system, solved by conjugate gradients.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.working import BoolArray, FieldArray, check
from planning.progress import CancelToken

STEP_HU = 12.0
STOPS = 0.05
LEAST_WAY = 1e-3
SMALL_ERROR = 1e-3
MOST_TURNS = 200

Numbers = npt.NDArray[np.float64]


def walked(
    smooth: FieldArray,
    prior: FieldArray,
    free: BoolArray,
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> FieldArray:
    """0 … 1, the answer on every voxel; outside `free` it is the prior itself.

    smooth: HU. prior: 0 … 1. All `[k, j, i]` of one box. Raises Cancelled.
    """
    from scipy import sparse

    count = int(np.count_nonzero(free))
    answer = np.asarray(prior, dtype=np.float32).copy()
    if not count:
        return answer
    number = np.full(free.shape, -1, dtype=np.int32)
    number[free] = np.arange(count, dtype=np.int32)
    total, fixed = np.full(count, STOPS), STOPS * prior[free].astype(np.float64)
    firsts, seconds, ways = [], [], []
    for axis in range(3):
        low, high = _neighbours(axis)
        either = free[low] | free[high]
        one, two = number[low][either], number[high][either]
        way = np.exp(-(((smooth[low][either] - smooth[high][either]) / STEP_HU) ** 2)).astype(np.float64) + LEAST_WAY
        way *= (float(spacing_kji_mm.min()) / float(spacing_kji_mm[axis])) ** 2
        for here, there, beyond in ((one, two, prior[high][either]), (two, one, prior[low][either])):
            is_free = here >= 0
            total += np.bincount(here[is_free], way[is_free], count)
            at_rim = is_free & (there < 0)
            fixed += np.bincount(here[at_rim], (way * beyond)[at_rim], count)
        both = (one >= 0) & (two >= 0)
        firsts.append(one[both])
        seconds.append(two[both])
        ways.append(way[both])
    check(cancel)
    first, second, way = np.concatenate(firsts), np.concatenate(seconds), np.concatenate(ways)
    upper = sparse.coo_matrix((-way, (first, second)), shape=(count, count)).tocsr()
    answer[free] = _solved(upper + upper.T, total, fixed, prior[free].astype(np.float64), cancel)
    return answer


def _neighbours(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    low, high = [slice(None)] * 3, [slice(None)] * 3
    low[axis], high[axis] = slice(0, -1), slice(1, None)
    return tuple(low), tuple(high)


def _solved(
    others: npt.NDArray[np.float64], total: Numbers, fixed: Numbers, start: Numbers, cancel: CancelToken | None
) -> Numbers:
    """Conjugate gradients with the diagonal as preconditioner. (others + diag(total)) x = fixed."""
    answer = start.copy()
    rest = fixed - others @ answer - total * answer
    scaled = rest / total
    way = scaled.copy()
    power = _dot(rest, scaled)
    small = SMALL_ERROR**2 * max(_dot(fixed, fixed), 1e-30)
    for turn in range(MOST_TURNS):
        if _dot(rest, rest) <= small:
            break
        if turn % 20 == 0:
            check(cancel)
        changed = others @ way + total * way
        length = power / _dot(way, changed)
        answer += length * way
        rest -= length * changed
        scaled = rest / total
        power, before = _dot(rest, scaled), power
        way *= power / before
        way += scaled
    return answer


def _dot(first: Numbers, second: Numbers) -> float:
    # not through the linear algebra library: its threads cost more here than they save
    return float(np.einsum("i,i->", first, second))
