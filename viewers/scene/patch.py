"""A frame that is kept, and the part of it that has to be drawn anew: only where something changed.

The part is seen by the same camera through a smaller window (its centre moved, its height less), so its pixels are
those of the whole frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from vtkmodules.vtkRenderingCore import vtkCamera

    from viewers.scene.adapters.base import Box

# a box's own edge may round
ROUND_PX = 2
# edges are smoothed by what lies this near, so a part's rim is drawn and left out
RIM_PX = 16
# above, one drawing of all is no dearer
MOST_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Patch:
    """Columns and rows of a frame, the rows from below. rim: of them, drawn and left out."""

    left: int
    low: int
    wide: int
    tall: int
    rim: int = RIM_PX

    def kept(self, size: tuple[int, int]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """Rows and columns, without the rim, of a frame of `size` (columns, rows) and of the part itself."""
        own, whole = [], []
        for first, count, most in ((self.low, self.tall, size[1]), (self.left, self.wide, size[0])):
            start = self.rim if first > 0 else 0
            # what lies beside the frame, and nearer to it than its rim, changes none of its pixels
            stop = max(count - (self.rim if first + count < most else 0), start)
            own.append(slice(start, stop))
            whole.append(slice(first + start, first + stop))
        return (whole[0], whole[1]), (own[0], own[1])


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What was drawn: (H, W, 3) pixels and (H, W) depths, the lowest row first, and what they hang on."""

    pixels: npt.NDArray[np.uint8]
    depths: npt.NDArray[np.float32]
    seen_by: tuple[float, ...]
    doubled: bool

    def is_of(self, seen_by: tuple[float, ...], size: tuple[int, int], doubled: bool) -> bool:
        """Whether a frame of this look and size differs only where the scene did."""
        tall, wide, _ = self.pixels.shape
        return (wide, tall) == size and self.doubled == doubled and np.allclose(self.seen_by, seen_by, atol=1e-9)


def seen_by(camera: vtkCamera) -> tuple[float, ...]:
    """All that a frame takes from its camera."""
    return (
        *camera.GetPosition(),
        *camera.GetFocalPoint(),
        *camera.GetViewUp(),
        *camera.GetClippingRange(),
        camera.GetParallelScale(),
    )


def patch_of(boxes: Sequence[Box], camera: vtkCamera, size: tuple[int, int]) -> Patch | None:
    """The part of a frame of `size` (columns, rows) in which the boxes lie; None where that is most of the frame.

    A patch without pixels where the boxes lie beside the frame.
    """
    wide, tall = size
    view = camera.GetViewTransformMatrix()
    rows = np.array([[view.GetElement(row, column) for column in range(4)] for row in range(2)])
    corners = np.array([corner for low, high in boxes for corner in product(*zip(low, high, strict=True))])
    px_per_mm = 0.5 * tall / camera.GetParallelScale()
    places = px_per_mm * (corners @ rows[:, :3].T + rows[:, 3]) + 0.5 * np.array(size)
    # even numbers: pixels may be averaged in pairs
    around = ROUND_PX + RIM_PX
    low = np.clip((np.floor(places.min(axis=0)).astype(int) - around) // 2 * 2, 0, size)
    high = np.clip(-(-(np.ceil(places.max(axis=0)).astype(int) + around) // 2) * 2, low, size)
    (left, below), (columns, lines) = low.tolist(), (high - low).tolist()
    return None if columns * lines > MOST_SHARE * wide * tall else Patch(left, below, columns, lines)


def tiles_of(size: tuple[int, int], most: int, reach_px: int = 0) -> list[Patch]:
    """Patches of at most `most` columns and rows that cover a frame of `size` once their rims are left out.

    reach_px: how far beside it a pixel's neighbours change it, beyond what smooths edges.
    """
    rim = min(RIM_PX + reach_px, most // 4)
    spans = []
    for whole in size:
        step = most - 2 * rim
        starts = [max(start - rim, 0) for start in range(0, whole, step)]
        spans.append([(start, min(start + most, whole) - start) for start in starts])
    return [Patch(left, low, wide, tall, rim) for low, tall in spans[1] for left, wide in spans[0]]


def look_at_patch(camera: vtkCamera, patch: Patch, size: tuple[int, int]) -> None:
    """Let a camera that shows a whole frame show one part of it, in a window of the part's size."""
    wide, tall = size
    # in half heights of the part
    middle = (patch.left + 0.5 * patch.wide - 0.5 * wide, patch.low + 0.5 * patch.tall - 0.5 * tall)
    camera.SetParallelScale(camera.GetParallelScale() * patch.tall / tall)
    camera.SetWindowCenter(middle[0] / (0.5 * patch.wide), middle[1] / (0.5 * patch.tall))
