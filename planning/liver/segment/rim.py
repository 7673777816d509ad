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
# a click beyond the core: the lesion goes on there by LEAST_MM and CLICK_PART of the way from the core to the click, and by
# what parts of that across and behind. Near the best for 120 wavy ellipsoids of 2 to 9 ml about a ball or a core, clicked
# with 1 to 2 mm of scatter
LEAST_MM = 2.0
CLICK_PART, ACROSS, BEHIND = 1.1, 0.7, 0.7
# of a lesion that hardly differs the shape alone tells the rim where what lies in the shape's outer part is as near to the
# liver's HU as noise alone (0.8 standard deviations on average); where it is twice as far, the HU count too
RIM_FROM, NOISE_SD = 0.7, 0.8
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


def out_to_marks(core: Ellipsoid, points_mm: npt.NDArray[np.float64]) -> Ellipsoid | None:
    """The core's ellipsoid grown by what clicks, (n, 3) mm, lie beyond it; None where none lies beyond.

    A click is put into the middle of what is missing, and as what is missing lies round the core, all of it grows.
    """
    shape = core
    for point in points_mm:
        ray = point - shape.center
        away_mm = max(float(np.linalg.norm(ray)), 1e-6)
        along = ray / away_mm
        rim_mm = 1.0 / float(np.linalg.norm((along @ shape.axes) / shape.radii))
        thick_mm = LEAST_MM + CLICK_PART * max(away_mm - rim_mm, 0.0)
        half_axes = shape.axes * (shape.radii + ACROSS * thick_mm)
        stretched = (rim_mm + thick_mm * (1.0 + BEHIND) / 2.0) / (rim_mm + ACROSS * thick_mm)
        half_axes = (np.eye(3) + (stretched - 1.0) * np.outer(along, along)) @ half_axes
        axes, radii, _ = np.linalg.svd(half_axes)
        shape = Ellipsoid(shape.center + thick_mm * (1.0 - BEHIND) / 2.0 * along, radii, axes)
    return None if shape is core else shape


def with_rim(
    image: FieldArray,
    around_hu: float,
    sd_hu: float,
    shape: Ellipsoid,
    *,
    unseen: bool,
    allowed: BoolArray,
    push: FieldArray | np.float32,
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> BoolArray:
    """What fills a shape and is no plain liver, or lies so well inside that its HU do not matter. unseen: the lesion's core
    hardly differs from the liver. Raises Cancelled.
    """
    level = shape.level(image.shape, spacing_kji_mm)
    away = np.abs(image - around_hu) / sd_hu
    differs = np.clip(1.0 - away / 1.5, -1.0, 1.0)
    part = SHAPE_PART
    shell = away[(level > RIM_FROM) & (level < 1.0) & allowed]
    if unseen and shell.size:
        part = 1.0 - (1.0 - SHAPE_PART) * float(np.clip((np.mean(shell) - NOISE_SD) / NOISE_SD, 0.0, 1.0))
    evidence = part * np.clip(2.5 * (level - 1.0), -1.0, 1.0) + (1.0 - part) * differs + push
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
