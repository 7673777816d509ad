"""Body, lungs and bone by Hounsfield values and shape, on coarse voxels.

Arrays are `[k, j, i]` in LPS (k towards the head, j towards the back, i towards the left) with voxels of about `spacing_mm`
(2 to 4 mm; the cube root of their volume where they are no cubes).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# more of a side of the picture than this is dense where the patient goes on beyond it
CUT_SHARE = 0.15

Hu = npt.NDArray[Any]
Labels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


def body(hu: Hu, spacing_mm: float) -> Mask:
    """The patient: what is denser than −300 HU, opened, largest piece, holes filled slice by slice.

    Where the field of view cuts through the patient, lungs that lie open at the cut are holes too.
    """
    from scipy import ndimage

    dense = ndimage.binary_opening(hu > -300, iterations=max(1, round(5 / spacing_mm)))
    found = largest(dense)
    return np.stack([_filled(slice_) for slice_ in found]).astype(bool)


def _filled(plane: Mask) -> Mask:
    """Without holes; what lies between dense parts of a side of the picture is closed there."""
    from scipy import ndimage

    if not plane.any():
        return plane
    framed = np.pad(plane, 1)
    for line, edge in (
        (framed[0, 1:-1], plane[0]),
        (framed[-1, 1:-1], plane[-1]),
        (framed[1:-1, 0], plane[:, 0]),
        (framed[1:-1, -1], plane[:, -1]),
    ):
        dense = np.flatnonzero(edge)
        if len(dense) > CUT_SHARE * len(edge):
            line[dense[0] : dense[-1] + 1] = True
    return np.asarray(ndimage.binary_fill_holes(framed)[1:-1, 1:-1])


def largest(mask: Mask) -> Mask:
    """The largest 6-connected piece."""
    from scipy import ndimage

    pieces, count = ndimage.label(mask)
    if count == 0:
        return mask
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    return np.asarray(pieces == sizes.argmax())


def lungs(hu: Hu, inside: Mask, spacing_mm: float) -> Labels:
    """1 left, 2 right: air inside the body in pieces of 100 ml and more that are a sponge, not gas."""
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(hu.astype(np.float32), 1.0)
    air = ndimage.binary_opening((smooth < -400) & (smooth > -955) & inside, iterations=1)
    pieces, count = ndimage.label(air)
    result = np.zeros(hu.shape, np.uint8)
    if count == 0:
        return result
    middle = float(np.mean(np.nonzero(inside)[2]))
    sizes = np.bincount(pieces.ravel(), minlength=count + 1) * spacing_mm**3 / 1000
    keep = [n for n in range(1, count + 1) if sizes[n] > 100]
    for n in keep:
        piece = pieces == n
        values = hu[piece]
        if np.mean((values > -950) & (values < -500)) < 0.6:  # lung is a sponge; gas in the gut is not
            continue
        centre = float(np.mean(np.nonzero(piece)[2]))
        wide = np.ptp(np.nonzero(piece)[2]) * spacing_mm > 200
        columns = np.arange(hu.shape[2])[None, None]
        left = np.broadcast_to(columns > middle, hu.shape) if wide else np.full(hu.shape, centre > middle)
        result[piece & left] = 1
        result[piece & ~left] = 2
    for side in (1, 2):
        closed = ndimage.binary_closing(result == side, iterations=max(1, round(6 / spacing_mm)))
        result[closed & (result == 0) & inside] = side
    return result


def bone(hu: Hu, inside: Mask, not_bone: Mask, spacing_mm: float) -> Mask:
    """Cortex and what it encloses: cores above 350 HU grown to 160 HU, closed by 5 mm; never where `not_bone` says."""
    from scipy import ndimage

    dense = (hu > 160) & inside & ~not_bone
    pieces, count = ndimage.label(dense)
    if count == 0:
        return dense
    cores = np.bincount(pieces[(hu > 350) & dense], minlength=count + 1) * spacing_mm**3 > 200
    cores[0] = False
    found = cores[pieces]
    closed = ndimage.binary_closing(found, iterations=max(1, round(5 / spacing_mm)))
    filled = np.stack([ndimage.binary_fill_holes(slice_) for slice_ in closed])
    return np.asarray((found | (filled & (hu > -50) & (hu < 400))) & ~not_bone & inside)


def contrast_blood(hu: Hu, seeds: Mask, low_hu: float) -> Mask:
    """What is joined to the seeds above `low_hu` when bone is kept out: vessels and chambers full of contrast."""
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(hu.astype(np.float32), 0.8)
    cortex = ndimage.binary_dilation(hu > 560, iterations=1)
    open_ = ndimage.binary_opening((smooth > low_hu) & (smooth < 560) & ~cortex, iterations=1) | seeds
    return np.asarray(ndimage.binary_propagation(seeds, mask=open_))
