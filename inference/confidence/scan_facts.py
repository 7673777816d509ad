"""What the scan itself tells, before any structure: is it CT in Hounsfield units, how thick are its slices, which way up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.confidence.facts import Phase
from inference.grid import axes_of
from inference.manifest import Input
from planning.geometry import Grid

AIR_HU, AIR_WITHIN_HU = -1000.0, 60.0
FAT_HU = (-135.0, -55.0)
DARK_HU = -40.0
BIN_HU = 5.0
LPS = Input(spacing_mm=(None, None, None))


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """air_hu, fat_hu: most frequent values about air and fat, None when there is no such peak. slice_mm: greatest spacing.

    wide_over_deep: the body's width by its depth; None when no body is seen. noise_hu: standard deviation of neighbours.
    quantity: as the volume says ("HU" for CT). dark_share: of the voxels below DARK_HU, where fat and air lie. solid_ml:
    right and left of the spine, see `solid.solid_by_side`; None when there is no spine.
    """

    quantity: str
    air_hu: float | None
    fat_hu: float | None
    slice_mm: float
    length_mm: float
    wide_over_deep: float | None
    noise_hu: float
    dark_share: float = 1.0
    solid_ml: tuple[float, float] | None = None


def look_at(volume_hu: npt.NDArray[Any], grid: Grid, quantity: str = "HU") -> ScanFacts:
    """volume_hu: (k, j, i). Looks at every nth voxel; a scan that fills its field of view has no air peak."""
    turned = axes_of(grid, LPS).apply(volume_hu)
    spacing = _spacing(grid)
    every = [max(1, round(3.0 / step)) for step in spacing]
    part = np.asarray(turned[:: every[0], :: every[1], :: every[2]], dtype=np.float32)
    step = [a * b for a, b in zip(spacing, every, strict=True)]
    return ScanFacts(
        quantity=quantity,
        air_hu=_air(part),
        fat_hu=_fat(part),
        slice_mm=max(spacing),
        length_mm=spacing[0] * turned.shape[0],
        wide_over_deep=_wide_over_deep(part, step),
        noise_hu=_noise(turned),
        dark_share=float(np.mean(part < DARK_HU)),
    )


def _spacing(grid: Grid) -> tuple[float, float, float]:
    order = axes_of(grid, LPS).order
    step = [float(grid.spacing_mm[2 - axis]) for axis in order]
    return step[0], step[1], step[2]


def _air(part: npt.NDArray[np.float32]) -> float | None:
    """The most frequent value below −700; what scanners write outside their circle (−2000 and less) is left out."""
    low = part[(part < -700.0) & (part > -1500.0)]
    # the padding of volumes that were cropped to the body is exact and says nothing against it
    if low.size < 0.005 * part.size:
        return None
    return _mode(low)


def _fat(part: npt.NDArray[np.float32]) -> float | None:
    """A peak between muscle and lung; None when values there only fall or rise."""
    from scipy import ndimage

    edges = np.arange(-400.0, 200.0, BIN_HU)
    counts = ndimage.gaussian_filter1d(np.histogram(part, edges)[0].astype(float), 2.0)
    peaks = np.flatnonzero((counts[1:-1] > counts[:-2]) & (counts[1:-1] >= counts[2:])) + 1
    # the highest of the two tissue peaks that lies below the other is fat; fat alone is taken as it is
    tall = [int(n) for n in peaks if counts[n] > 0.08 * counts.max()]
    if not tall:
        return None
    return float(edges[tall[0]] + BIN_HU / 2)


def _mode(values: npt.NDArray[np.float32]) -> float:
    edges = np.arange(-1500.0, -695.0, BIN_HU)
    counts = np.histogram(values, edges)[0]
    return float(edges[int(counts.argmax())] + BIN_HU / 2)


def _wide_over_deep(part: npt.NDArray[np.float32], step_mm: list[float]) -> float | None:
    from scipy import ndimage

    dense = part > -300.0
    if min(dense.shape) >= 3:
        dense = ndimage.binary_opening(dense, iterations=2)
    shares = []
    for plane in dense[:: max(1, len(dense) // 24)]:
        pieces, count = ndimage.label(plane)
        if not count:
            continue
        sizes = np.bincount(pieces.ravel())
        sizes[0] = 0
        body = pieces == int(sizes.argmax())
        rows, columns = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
        if np.count_nonzero(body) * step_mm[1] * step_mm[2] < 15_000.0:
            continue
        # a body cut off at a side is not as narrow as it looks
        if columns[0] == 0 or columns[-1] == plane.shape[1] - 1 or (rows[0] == 0 and rows[-1] == plane.shape[0] - 1):
            continue
        shares.append(len(columns) * step_mm[2] / (len(rows) * step_mm[1]))
    return float(np.median(shares)) if len(shares) >= 3 else None


def _noise(turned: npt.NDArray[Any]) -> float:
    middle = turned[len(turned) // 2].astype(np.float32)
    soft = (middle > -20.0) & (middle < 200.0)
    apart = middle[:, 2:] - middle[:, :-2]
    both = soft[:, 2:] & soft[:, :-2]
    if np.count_nonzero(both) < 200:
        return 0.0
    return float(1.4826 * np.median(np.abs(apart[both])) / np.sqrt(2.0))


def phase_of(median_hu: Mapping[str, float]) -> Phase | None:
    """The contrast phase, from medians by SNOMED code of what was found; None when neither aorta nor liver tells.

    Blood tells first: without contrast it lies below 80 HU; above 200 HU, or clearly above a liver that is still dark, it
    is arterial; portal when the liver is bright; late when all is even.
    """
    from inference.confidence.facts import AORTA, HEART, KIDNEY, LIVER, SPLEEN

    liver, spleen = median_hu.get(LIVER), median_hu.get(SPLEEN)
    blood = median_hu.get(AORTA, median_hu.get(HEART))
    kidney = median_hu.get(KIDNEY)
    if blood is not None and blood > 210.0:
        return "arterial"
    if blood is not None and blood < 78.0:
        return "native" if kidney is None or kidney < 80.0 else None
    if blood is None:
        bright = kidney if kidney is not None else spleen
        if bright is None or liver is None:
            return None
        if bright < 70.0 and liver < 78.0:
            return "native"
        return "portal" if liver > 82.0 else None
    if liver is None:
        return None
    if blood > 130.0 and liver < 75.0:
        return "arterial"
    return "portal" if blood > 105.0 else "late"
