"""A lesion whose rim is not its core: a ring of contrast or of near-liver tissue that the core's HU cannot tell.

Where a stroke reaches clearly farther than what has the core's HU, the lesion goes on to the stroke's end, by the same
thickness all round, for a capsule or a ring of contrast is about as thick everywhere. Inside that, whatever is no plain
liver, brighter or darker, counts to it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.ellipsoid import Ellipsoid
from planning.liver.segment.settle import settle
from planning.liver.segment.working import BoolArray, FieldArray
from planning.progress import CancelToken

# a core that leaves free more than this part of the line at each end, and in all, is not the whole lesion: a line whose
# ends scatter by 2 mm covers a plain lesion of 2 ml better
FREE_END, FREE = 0.07, 0.24
SAMPLES = 41
# a ring is no thicker than this part of the line's half
MOST_PART = 0.9
SHAPE_PART = 0.6
REACH = 1.25
SIGMA_MM = 1.6
WEIGHT = 0.35
TURNS = 6


def free_ends(held: BoolArray, line: Ellipsoid, spacing_kji_mm: Vector) -> tuple[float, float]:
    """Parts of a line's length, 0 … 1, from either end to the first of a mask's voxels under it; (1, 1) without any."""
    index = np.rint(_along(line) / spacing_kji_mm).astype(np.int64)
    within = ((index >= 0) & (index < np.array(held.shape))).all(axis=1)
    hit = np.zeros(SAMPLES, dtype=bool)
    hit[within] = held[tuple(index[within].T)]
    at = np.flatnonzero(hit)
    if not at.size:
        return 1.0, 1.0
    return float(at[0]) / (SAMPLES - 1), 1.0 - float(at[-1]) / (SAMPLES - 1)


def falls_short(held: BoolArray, line: Ellipsoid, spacing_kji_mm: Vector) -> bool:
    """True when a line goes on beyond a mask at both ends."""
    ends = free_ends(held, line, spacing_kji_mm)
    return min(ends) > FREE_END and sum(ends) > FREE


def _along(line: Ellipsoid) -> npt.NDArray[np.float64]:
    half = line.radii[0] * line.axes[:, 0]
    return np.asarray(line.center + np.linspace(-1.0, 1.0, SAMPLES)[:, None] * half)


def out_to_line(core: Ellipsoid, line: Ellipsoid) -> Ellipsoid:
    """The core's ellipsoid grown all round by what the line reaches beyond it, its centre drawn to the line's."""
    way = line.axes[:, 0]
    half_mm = 1.0 / float(np.linalg.norm((way @ core.axes) / core.radii))
    thick_mm = float(np.clip(line.radii[0] - half_mm, 0.0, MOST_PART * line.radii[0]))
    part = thick_mm / max(float(line.radii[0]), 1e-6)
    center = core.center + part * (line.center - core.center)
    return Ellipsoid(center, np.minimum(core.radii + thick_mm, 1.15 * line.radii[0]), core.axes)


def with_rim(
    image: FieldArray,
    around_hu: float,
    sd_hu: float,
    shape: Ellipsoid,
    *,
    allowed: BoolArray,
    push: FieldArray | np.float32,
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> BoolArray:
    """What fills a shape and is no plain liver, or lies so well inside that its HU do not matter. Raises Cancelled."""
    level = shape.level(image.shape, spacing_kji_mm)
    differs = np.clip(1.0 - np.abs(image - around_hu) / (1.5 * sd_hu), -1.0, 1.0)
    evidence = SHAPE_PART * np.clip(2.5 * (level - 1.0), -1.0, 1.0) + (1.0 - SHAPE_PART) * differs + push
    evidence[~allowed | (level > REACH)] = 3.0
    return settle(
        evidence < 0.0,
        evidence.astype(np.float32),
        sigma_voxels=SIGMA_MM / spacing_kji_mm,
        weight=WEIGHT,
        turns=TURNS,
        still_below=3,
        cancel=cancel,
    )
