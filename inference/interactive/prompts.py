"""What a hand gives: points, scribbles, boxes and lassos, each "this" or "not this", and the voxels they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.geometry import FloatArray, Grid, frozen_array

Kind = Literal["point", "scribble", "box", "lasso"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Index = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# a lasso is drawn in a slice: its points may leave the slice by as many voxels
FLAT_VOXELS = 0.75
LEAST_POINTS = {"point": 1, "scribble": 1, "box": 2, "lasso": 3}


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """One prompt. points_mm: (n, 3) LPS mm; a point has one, a box two opposite corners, a lasso its outline."""

    kind: Kind
    positive: bool
    points_mm: FloatArray

    @property
    def text(self) -> str:
        """ "scribble + 10.0,-4.5,88.0 …" with all places, as the provenance keeps it."""
        places = " ".join(",".join(f"{value:.3f}" for value in place) for place in self.points_mm.tolist())
        return f"{self.kind} {'+' if self.positive else '-'} {places}"

    @property
    def is_click(self) -> bool:
        """True for one place."""
        return self.kind == "point"

    @classmethod
    def from_text(cls, text: str, grid: Grid) -> Prompt:
        """The prompt of a `text`. Raises InputError for another one, or where it does not lie in the image."""
        kind, _, rest = text.partition(" ")
        sign, _, places = rest.partition(" ")
        if kind not in KINDS or sign not in ("+", "-"):
            raise InputError(f"'{text[:40]}' is no prompt")
        try:
            points = [[float(value) for value in place.split(",")] for place in places.split()]
            return cls.checked(kind, sign == "+", points, grid)
        except ValueError:
            raise InputError(f"'{text[:40]}' is no prompt") from None

    @classmethod
    def checked(cls, kind: Kind, positive: bool, points_mm: npt.ArrayLike, grid: Grid) -> Prompt:
        """Raises InputError when there are too few points or one lies outside the image."""
        points = np.atleast_2d(np.asarray(points_mm, dtype=np.float64))
        if points.ndim != 2 or points.shape[1] != 3 or not np.isfinite(points).all():
            raise InputError("A prompt needs points of three finite coordinates", "Draw it again")
        if len(points) < LEAST_POINTS[kind] or (kind in ("point", "box") and len(points) != LEAST_POINTS[kind]):
            raise InputError(f"A {kind} cannot be made of {len(points)} points", "Draw it again")
        if not grid.contains(points).all():
            raise InputError("A prompt lies outside the image", "Draw inside the picture")
        prompt = cls(kind, bool(positive), frozen_array(points))
        if kind == "lasso":
            flat_axis(prompt, grid)
        return prompt


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Voxels (n, 3) `[k, j, i]` that a prompt says belong to the structure, and those it says do not."""

    inside: Index
    outside: Index


def flat_axis(prompt: Prompt, grid: Grid) -> int:
    """The array axis (0 for k) across which a lasso lies flat. Raises InputError when there is none."""
    index = grid.to_index(prompt.points_mm)[:, ::-1]
    spread = np.ptp(index, axis=0)
    axis = int(np.argmin(spread))
    if spread[axis] > FLAT_VOXELS:
        raise InputError("A lasso must lie in one slice of the image", "Draw it in a view along the slices")
    return axis


def line_voxels(prompt: Prompt, grid: Grid) -> Index:
    """(n, 3) voxels under a point or a drawn line, without repeats."""
    points = prompt.points_mm
    steps = np.diff(points, axis=0)
    half = 0.5 * float(grid.spacing_mm.min())
    counts = np.maximum(np.ceil(np.linalg.norm(steps, axis=1) / half).astype(np.int64), 1)
    piece = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts) + 1.0) / counts[piece]
    between = points[piece] + share[:, None] * steps[piece]
    return _unique(_nearest(np.concatenate([points[:1], between]), grid))


def box_bounds(prompt: Prompt, grid: Grid) -> tuple[Index, Index]:
    """First and last voxel `[k, j, i]` of a box, both inside it."""
    corners = _nearest(prompt.points_mm, grid)
    return corners.min(axis=0), corners.max(axis=0)


def filled_lasso(prompt: Prompt, grid: Grid) -> tuple[int, int, BoolArray]:
    """(axis, slice along it, bool of that slice): the voxels a lasso encloses, its own line included."""
    from skimage.draw import polygon2mask

    axis = flat_axis(prompt, grid)
    index = grid.to_index(prompt.points_mm)[:, ::-1]
    at = int(np.clip(np.rint(np.median(index[:, axis])), 0, grid.shape_kji[axis] - 1))
    others = [a for a in range(3) if a != axis]
    shape = (grid.shape_kji[others[0]], grid.shape_kji[others[1]])
    filled = np.asarray(polygon2mask(shape, index[:, others]), dtype=bool)
    closed = Prompt("scribble", prompt.positive, np.concatenate([prompt.points_mm, prompt.points_mm[:1]]))
    line = line_voxels(closed, grid)[:, others]
    filled[tuple(line.T)] = True
    return axis, at, filled


def named_voxels(prompt: Prompt, grid: Grid, *, core_mm: float = 3.0) -> Named:
    """The voxels of `grid` that a prompt names.

    A point names a ball of core_mm, a scribble its line. A box that holds the structure names its middle third and, as not
    belonging, the voxels just outside its faces (of a box one voxel thin: round it in that slice). A lasso round the
    structure names what lies core_mm inside its line and a rim outside it. "Not this" boxes and lassos name all in them.
    """
    none = np.zeros((0, 3), dtype=np.int64)
    if prompt.kind in ("point", "scribble"):
        voxels = line_voxels(prompt, grid)
        if prompt.kind == "point":
            voxels = _ball(voxels[0], grid, core_mm)
        return Named(voxels, none) if prompt.positive else Named(none, voxels)
    if prompt.kind == "lasso":
        return _lasso(prompt, grid, core_mm)
    return _box(prompt, grid)


def _lasso(prompt: Prompt, grid: Grid, core_mm: float) -> Named:
    from scipy import ndimage

    axis, at, filled = filled_lasso(prompt, grid)
    none = np.zeros((0, 3), dtype=np.int64)
    if not prompt.positive:
        return Named(none, _in_slice(axis, at, filled))
    steps = [float(step) for a, step in enumerate(grid.spacing_mm[::-1]) if a != axis]
    depth = ndimage.distance_transform_edt(filled, sampling=steps)
    core = depth > min(core_mm, 0.6 * float(depth.max()))
    rim = ndimage.binary_dilation(filled, iterations=2) & ~ndimage.binary_dilation(filled)
    return Named(_in_slice(axis, at, core), _in_slice(axis, at, rim))


def _box(prompt: Prompt, grid: Grid) -> Named:
    low, high = box_bounds(prompt, grid)
    none = np.zeros((0, 3), dtype=np.int64)
    if not prompt.positive:
        return Named(none, _all_between(low, high))
    third = (high - low) // 3
    thin = high == low
    wide_low, wide_high = np.where(thin, low, low - 1), np.where(thin, high, high + 1)
    shell = _all_between(wide_low, wide_high)
    on_face = ((shell == wide_low) | (shell == wide_high))[:, ~thin].any(axis=1)
    held = ((shell >= 0) & (shell < np.array(grid.shape_kji))).all(axis=1)
    return Named(_all_between(low + third, high - third), shell[on_face & held])


def _all_between(low: Index, high: Index) -> Index:
    axes = [np.arange(first, last + 1) for first, last in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


def _in_slice(axis: int, at: int, inside: BoolArray) -> Index:
    return np.insert(np.argwhere(inside), axis, at, axis=1)


def _ball(center: Index, grid: Grid, radius_mm: float) -> Index:
    reach = np.ceil(radius_mm / grid.spacing_mm[::-1]).astype(np.int64)
    around = _all_between(center - reach, center + reach)
    away = np.linalg.norm((around - center) * grid.spacing_mm[::-1], axis=1)
    held = ((around >= 0) & (around < np.array(grid.shape_kji))).all(axis=1)
    return np.asarray(around[held & (away <= radius_mm)])


def _nearest(points_mm: FloatArray, grid: Grid) -> Index:
    index = np.rint(grid.to_index(points_mm)).astype(np.int64)[:, ::-1]
    return np.asarray(np.clip(index, 0, np.array(grid.shape_kji) - 1))


def _unique(index: Index) -> Index:
    return np.unique(index, axis=0)
