"""Two fronts that start from what was named and run faster through tissue of their own kind: the nearer one wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.settle import settle
from planning.liver.segment.working import BoolArray, FieldArray, check
from planning.progress import CancelToken

# slowest and fastest speed are as 1 to 1 / SLOWEST
SLOWEST = 0.03
# a gradient (HU/mm) above the structure's own by as much slows a front to 1/e
EDGE_HU_MM = 4.0
SMOOTH_VOXELS = 0.7
# of the evidence, what the fronts say against what the forest says
FRONTS_WEIGHT = 0.7
SIGMA_MM, WEIGHT, TURNS = 4.0, 0.35, 20


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """held: the structure. nearer: 0 … 1, how much nearer it is than what is not it; both on the coarse box."""

    held: BoolArray
    nearer: FieldArray


def find_extent(
    probability: FieldArray,
    gradient: FieldArray,
    *,
    own_gradient: float,
    inside: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    open_to_it: BoolArray,
    passable_at_all: BoolArray,
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> Extent:
    """The structure on a coarse box.

    probability: of the forest. gradient: HU/mm. inside, outside: (n, 3) voxels named. open_to_it: where it may be at all;
    passable_at_all: where the other front may run.
    Without outside voxels the box's faces are what it is not. Raises Cancelled.
    """
    from scipy import ndimage

    likely = ndimage.gaussian_filter(probability, SMOOTH_VOXELS)
    passable = np.exp(-np.maximum(gradient - own_gradient, 0.0) / EDGE_HU_MM)
    check(cancel)
    own = _arrival(inside, likely, passable, open_to_it, spacing_kji_mm)
    check(cancel)
    starts = outside if len(outside) else _faces(probability.shape)
    other = _arrival(starts, 1.0 - likely, passable, passable_at_all, spacing_kji_mm)
    check(cancel)
    nearer = _share(own, other)
    evidence = FRONTS_WEIGHT * np.clip(3.0 * (0.5 - nearer), -1.0, 1.0) + (1.0 - FRONTS_WEIGHT) * (1.0 - 2.0 * likely)
    evidence[~open_to_it] = 2.0
    evidence[tuple(outside.T)] = 2.0
    evidence[tuple(inside.T)] = -2.0
    held = settle(
        nearer > 0.5,
        np.asarray(evidence, dtype=np.float32),
        sigma_voxels=SIGMA_MM / spacing_kji_mm,
        weight=WEIGHT,
        turns=TURNS,
        still_below=10,
        cancel=cancel,
    )
    return Extent(_with_marks(held, inside), nearer)


def _arrival(
    starts: npt.NDArray[np.int64], likely: FieldArray, passable: FieldArray, open_: BoolArray, spacing: Vector
) -> npt.NDArray[np.float64]:
    from scipy import ndimage
    from skimage.graph import MCP_Geometric

    cost = np.where(open_, 1.0 / (SLOWEST + likely**2 * passable), -1.0)
    cost[tuple(starts.T)] = np.abs(cost[tuple(starts.T)])
    step_k, step_j, step_i = (float(step) for step in spacing)
    named = np.zeros(likely.shape, dtype=bool)
    named[tuple(starts.T)] = True
    # each start costs time: of a given structure's inside only the outermost voxels begin
    rim = named & ~ndimage.binary_erosion(named)
    times, _ = MCP_Geometric(cost, sampling=(step_k, step_j, step_i)).find_costs(np.argwhere(rim).tolist())
    times = np.asarray(times)
    times[named] = 0.0
    return times


def _share(own: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> FieldArray:
    """other / (own + other): 1 where only the own front came, 0 where only the other one did."""
    never = ~np.isfinite(own)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = other / (own + other)
    share[np.isinf(other)] = 1.0
    share[never] = 0.0
    return np.nan_to_num(share, nan=0.5).astype(np.float32)


def _faces(shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    on = np.ones(shape, dtype=bool)
    on[1:-1, 1:-1, 1:-1] = False
    return np.argwhere(on)


def _with_marks(held: BoolArray, inside: npt.NDArray[np.int64]) -> BoolArray:
    """The pieces that were named, without holes."""
    from scipy import ndimage

    pieces, _ = ndimage.label(held)
    ours = np.unique(pieces[tuple(inside.T)])
    return np.asarray(ndimage.binary_fill_holes(np.isin(pieces, ours[ours > 0])))
