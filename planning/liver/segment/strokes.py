"""What a hand tells the segmentation: clicks and strokes, each either "this" or "not this"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.geometry import FloatArray, Grid, frozen_array


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A click (one point) or a drawn line (several). Counted as one, however long it is.

    points_mm: (n, 3) LPS mm, n >= 1. is_inside: True for "this belongs to it", False for "not this".
    """

    points_mm: FloatArray
    is_inside: bool = True

    def __post_init__(self) -> None:
        points = frozen_array(np.atleast_2d(np.asarray(self.points_mm, dtype=np.float64)))
        if points.ndim != 2 or points.shape[1] != 3 or len(points) < 1 or not np.isfinite(points).all():
            raise InputError("A stroke needs at least one point of three finite coordinates", "Click again")
        object.__setattr__(self, "points_mm", points)

    @property
    def length_mm(self) -> float:
        """Length of the line; 0 for a click."""
        return float(np.linalg.norm(np.diff(self.points_mm, axis=0), axis=1).sum())

    def spread_mm(self, step_mm: float) -> FloatArray:
        """(m, 3) points along the line, no two neighbours farther apart than step_mm."""
        parts = [self.points_mm[:1]]
        for first, last in zip(self.points_mm[:-1], self.points_mm[1:], strict=True):
            count = max(int(np.ceil(np.linalg.norm(last - first) / step_mm)), 1)
            parts.append(first + np.linspace(0.0, 1.0, count + 1)[1:, None] * (last - first))
        return np.concatenate(parts)


def click(position_mm: npt.ArrayLike, is_inside: bool = True) -> Stroke:
    """A stroke of one point, LPS mm."""
    return Stroke(np.asarray(position_mm, dtype=np.float64).reshape(1, 3), is_inside)


def stroke_indices(stroke: Stroke, image: Grid, working: Grid) -> npt.NDArray[np.int64]:
    """(m, 3) voxels `[k, j, i]` of the working grid under a stroke, without repeats, in order.

    Raises InputError when part of it lies outside the image.
    """
    points = stroke.spread_mm(float(working.spacing_mm.min()))
    if not image.contains(points).all():
        raise InputError("A click or stroke lies outside the image", "Click inside the picture")
    index = np.rint(working.to_index(points)).astype(np.int64)[:, ::-1]
    index = np.clip(index, 0, np.array(working.shape_kji) - 1)
    keep = np.ones(len(index), dtype=bool)
    keep[1:] = (np.diff(index, axis=0) != 0).any(axis=1)
    return np.asarray(index[keep])
