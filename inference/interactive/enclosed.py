"""What closed lines say about the slices between them.

A "not this" line drawn round a "this" stroke, or a lasso, bounds the structure in its slice. Between two such slices the
outlines' signed distances go over into each other, beyond the last one they count for less and less. It is a leaning, no
rule: tissue and edges may say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from inference.interactive.image import PreparedImage
from inference.interactive.prompts import Prompt, filled_lasso, line_voxels
from inference.interactive.seeds import Seeds
from planning.liver.segment.working import BoolArray, FieldArray

# a line round a structure is drawn about this far outside it
USUAL_GAP_MM = 8.0
SOFT_MM = 6.0
FADES_MM = 25.0
MOST = 2.0


def leaning(image: PreparedImage, prompts: Sequence[Prompt], seeds: Seeds) -> FieldArray | None:
    """Log odds, −2 … 2, on the coarse box; None when no line is closed round anything."""
    shape = tuple(part.stop - part.start for part in seeds.box)
    total: FieldArray | None = None
    for axis in range(3):
        layers = dict(_layers(image, prompts, seeds, axis))
        if layers:
            total = _between(shape, axis, layers, image) + (0.0 if total is None else total)
    return None if total is None else np.clip(total, -MOST, MOST).astype(np.float32)


def _layers(
    image: PreparedImage, prompts: Sequence[Prompt], seeds: Seeds, axis: int
) -> Iterator[tuple[int, FieldArray]]:
    """(slice of the box, signed distance in mm to where the structure's edge should be, > 0 inside) per closed slice."""
    from scipy import ndimage

    spacing = np.delete(image.coarse_mm, axis)
    shape = np.delete(np.array([part.stop - part.start for part in seeds.box]), axis)
    drawn: dict[int, BoolArray] = {}
    ours: dict[int, list[npt.NDArray[np.int64]]] = {}
    lassos: dict[int, BoolArray] = {}
    for prompt in prompts:
        if prompt.kind == "lasso" and prompt.positive:
            across, at, filled = filled_lasso(prompt, image.coarse)
            if across == axis:
                part = filled[tuple(one for a, one in enumerate(seeds.box) if a != axis)]
                lassos[at - seeds.box[axis].start] = part | lassos.get(at - seeds.box[axis].start, np.zeros_like(part))
        if prompt.kind != "scribble":
            continue
        index = line_voxels(prompt, image.fine)
        if np.ptp(index[:, axis]) > 1:
            continue
        coarse = image.coarse_of(index) - seeds.low
        at, flat = int(np.median(coarse[:, axis])), np.delete(coarse, axis, axis=1)
        if prompt.positive:
            ours.setdefault(at, []).append(flat)
        else:
            drawn.setdefault(at, np.zeros(shape, dtype=bool))[tuple(flat.T)] = True
    for at, line in drawn.items():
        closed = ndimage.binary_closing(np.pad(line, 2), structure=np.ones((3, 3)))[2:-2, 2:-2] | line
        pieces, _ = ndimage.label(ndimage.binary_fill_holes(closed) & ~closed)
        meant = np.unique(np.concatenate([pieces[tuple(flat.T)] for flat in ours.get(at, [])] or [np.zeros(0, int)]))
        inside = np.isin(pieces, meant[meant > 0])
        if inside.any():
            yield at, _signed(inside, spacing) - np.float32(USUAL_GAP_MM)
    for at, inside in lassos.items():
        if inside.any():
            yield at, _signed(inside, spacing)


def _signed(inside: BoolArray, spacing: npt.NDArray[np.float64]) -> FieldArray:
    from scipy import ndimage

    own = ndimage.distance_transform_edt(inside, sampling=spacing)
    other = ndimage.distance_transform_edt(~inside, sampling=spacing)
    return np.asarray(own - other, dtype=np.float32)


def _between(shape: tuple[int, ...], axis: int, layers: dict[int, FieldArray], image: PreparedImage) -> FieldArray:
    """Log odds slice by slice: from the nearest closed slices on both sides, or fading beyond the last."""
    step = float(image.coarse_mm[axis])
    known = sorted(layers)
    found = np.zeros(shape, dtype=np.float32)
    view = np.moveaxis(found, axis, 0)
    for at in range(shape[axis]):
        below = [k for k in known if k <= at]
        above = [k for k in known if k >= at]
        if below and above:
            low, high = below[-1], above[0]
            share = (at - low) / (high - low) if high > low else 0.0
            distance = (1.0 - share) * layers[low] + share * layers[high]
            gap_mm = step * min(at - low, high - at)
        else:
            nearest = below[-1] if below else above[0]
            distance, gap_mm = layers[nearest], step * abs(at - nearest)
        view[at] = MOST * np.tanh(distance / SOFT_MM) * np.exp(-gap_mm / FADES_MM)
    return found
