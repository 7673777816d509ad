"""Slices between painted ones, filled by the shapes on both sides.

Source: Raya and Udupa, IEEE Trans Med Imaging 1990;9:32 (interpolation of signed distances), with the shapes laid over one
another by their middles where they would hardly overlap.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.holes import AXES, Axis
from planning.errors import InputError
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

# of the smaller shape; below it the shapes are moved onto one another
LEAST_OVERLAP = 0.5


def fill_between(
    mask: Mask, axis: Axis, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Mask:
    """The structure with the empty slices between painted ones filled; painted slices stay as they are.

    axis: across the painted slices. Raises InputError with fewer than two painted slices or no gap (code "no_gap"),
    Cancelled.
    """
    number = AXES[axis]
    stack = np.moveaxis(mask.voxels, number, 0)
    painted = np.flatnonzero(stack.any(axis=(1, 2)))
    gaps = [(int(a), int(b)) for a, b in pairwise(painted) if b - a > 1]
    if not gaps:
        raise no_gap()
    spacing = np.delete(mask.grid.spacing_mm[::-1], number)
    answer = stack.copy()
    for count, (a, b) in enumerate(gaps):
        if cancel is not None:
            cancel.raise_if_set()
        progress(count / len(gaps))
        for place, shape in _shapes(stack[a], stack[b], b - a, spacing):
            answer[a + place] = shape
    progress(1.0)
    return boxes.made(mask.grid, np.ascontiguousarray(np.moveaxis(answer, 0, number)), mask.box_kji)


def no_gap() -> InputError:
    """What is said where there is nothing to fill."""
    return InputError("No empty slices lie between painted ones", "Paint two slices with some between them", "no_gap")


def least_move(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """(2,) pixels from the first shape's middle to the second's where they hardly overlap, zeros where they do."""
    overlap = np.count_nonzero(first & second)
    if overlap >= LEAST_OVERLAP * min(np.count_nonzero(first), np.count_nonzero(second)):
        return np.zeros(2)
    middles = [[np.mean(axis) for axis in np.nonzero(shape)] for shape in (first, second)]
    return np.asarray(np.array(middles[1]) - middles[0])


def _shapes(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], steps: int, spacing: npt.NDArray[np.float64]
) -> list[tuple[int, npt.NDArray[np.bool_]]]:
    from scipy import ndimage

    move = least_move(first, second)
    from_first, from_second = (signed_mm(shape, spacing) for shape in (first, second))
    answer = []
    for step in range(1, steps):
        share = step / steps
        here, there = from_first, from_second
        if move.any():
            # beyond the border the distance goes on as at the border: outside
            here = ndimage.shift(from_first, share * move, order=1, mode="nearest")
            there = ndimage.shift(from_second, (share - 1.0) * move, order=1, mode="nearest")
        answer.append((step, np.asarray((1.0 - share) * here + share * there < 0.0)))
    return answer


def signed_mm(shape: npt.NDArray[np.bool_], spacing: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Distance to the edge between voxels, below 0 inside; what touches the border ends there."""
    from scipy import ndimage

    padded = np.pad(shape, 1)
    half = float(spacing.mean()) / 2
    outer = ndimage.distance_transform_edt(~padded, sampling=spacing)
    inner = ndimage.distance_transform_edt(padded, sampling=spacing)
    return np.asarray(np.where(padded, half - inner, outer - half)[1:-1, 1:-1])
