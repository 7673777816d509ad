"""The Agatston score of the aortic valve on a scan without contrast.

Σ area · weight over islands of at least 1 mm² in slices of 3 mm: weight 1 from 130 HU, 2 from 200, 3 from 300, 4 from
400 by the island's brightest pixel (Agatston et al. 1990). Thin slices are first averaged into slabs of 3 mm, since the
score depends on their thickness. Severe stenosis is likely from 2000 in men and 1200 in women (ESC 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.volume import Volume

THRESHOLDS_HU = (130.0, 200.0, 300.0, 400.0)
SLICE_MM, LEAST_MM2 = 3.0, 1.0
LIKELY_SEVERE = {"men": 2000.0, "women": 1200.0}
REACH_MM = 25.0
# no calcified valve fills as much of the ball as enhanced blood does
LEAST_TISSUE_HU = -50.0
CONTRAST_HU, CONTRAST_SHARE, BLOOD_SHARE = 130.0, 0.06, 0.15
THICK_MM = 3.3


@dataclass(frozen=True, slots=True, eq=False)
class Agatston:
    """score, volume above 130 HU in mm³, islands with slab, area and weight, and what a reader must know."""

    score: float
    volume_mm3: float
    islands: tuple[dict[str, Any], ...]
    center_mm: FloatArray
    reach_mm: float
    slice_mm: float
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data; the limits stand beside the score, for sex is not asked for here."""
        return {
            "score": self.score,
            "volume_mm3": self.volume_mm3,
            "islands": list(self.islands),
            "center_mm": self.center_mm.tolist(),
            "reach_mm": self.reach_mm,
            "slice_mm": self.slice_mm,
            "thresholds_hu": list(THRESHOLDS_HU),
            "severe_likely_from": dict(LIKELY_SEVERE),
            "severe_likely": {sex: self.score >= limit for sex, limit in LIKELY_SEVERE.items()},
            "warnings": [finding.as_json() for finding in self.findings],
        }


def agatston_score(volume: Volume, center_mm: npt.ArrayLike, reach_mm: float = REACH_MM) -> Agatston:
    """The score of what lies within reach_mm of a point (3,) LPS, e.g. the middle of the aortic valve.

    Slabs run along the image axis nearest the patient's long axis. Raises MeasurementError when the image is no CT, the
    place is outside the scan or the scan carries contrast.
    """
    from scipy import ndimage

    if volume.quantity != "HU":
        raise MeasurementError("The Agatston score is read in a CT only", "Use a CT without contrast", "modality")
    center = np.asarray(center_mm, dtype=np.float64)
    if center.shape != (3,) or not np.isfinite(center).all():
        raise MeasurementError("A point is needed", "Place the middle of the aortic valve", "center")
    if not volume.grid.contains(center[None]).all():
        raise MeasurementError("The point is outside the scan", "Move it into the scan", "outside_scan")
    block = _block(volume, center, reach_mm)
    values, inside, spacing = block.values, block.inside, block.spacing
    share = float((values[inside] > CONTRAST_HU).mean()) if inside.any() else 0.0
    if share > BLOOD_SHARE:
        over = values[inside & (values > CONTRAST_HU)]
        raise MeasurementError(
            f"This scan carries contrast ({np.median(over):.0f} HU in {100 * share:.0f} % of the valve's surroundings)",
            "The Agatston score needs a scan without contrast",
            "contrast",
        )
    middle = float(np.median(values[inside])) if inside.any() else -1024.0
    if middle < LEAST_TISSUE_HU:
        raise MeasurementError(
            f"There is no heart at this point ({middle:.0f} HU round it: air, lung or fat)",
            "Place it in the middle of the aortic valve",
            "no_heart",
        )
    slabs, weights, thickness = _slabs(values, spacing[0])
    mask = np.tensordot(weights, inside.astype(np.float64), axes=1) >= 0.5
    pixel = float(spacing[1] * spacing[2])
    islands: list[dict[str, Any]] = []
    score = volume_mm3 = 0.0
    for number, slab in enumerate(slabs):
        labels, count = ndimage.label((slab >= THRESHOLDS_HU[0]) & mask[number], structure=np.ones((3, 3)))
        for island in range(1, count + 1):
            own = labels == island
            area = float(own.sum()) * pixel
            if area < LEAST_MM2:
                continue
            peak = float(slab[own].max())
            weight = int(np.searchsorted(THRESHOLDS_HU, peak, side="right"))
            score += area * weight * thickness / SLICE_MM
            volume_mm3 += area * thickness
            slices = np.average(np.arange(len(values)), weights=weights[number])
            place = block.world(np.array([slices, *(float(axis.mean()) for axis in np.nonzero(own))]))
            islands.append(
                {
                    "slab": number,
                    "area_mm2": area,
                    "hu_max": peak,
                    "weight": weight,
                    "center_mm": place.round(2).tolist(),
                }
            )
    findings = []
    if spacing[0] > THICK_MM:
        text = f"Slices are {spacing[0]:.1f} mm apart; the score is defined for 3 mm."
        findings.append(Finding("agatston_slices", text))
    if share > CONTRAST_SHARE:
        text = f"{100 * share:.0f} % of this region is above 130 HU: contrast, bone or a device may be counted."
        findings.append(Finding("agatston_region", text))
    return Agatston(score, volume_mm3, tuple(islands), center, reach_mm, thickness, tuple(findings))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Voxels about a centre as [slab axis, row, column]; `inside` is the ball. axes: the grid's axes in that order."""

    values: FloatArray
    inside: npt.NDArray[np.bool_]
    axes: tuple[int, int, int]
    low: npt.NDArray[np.int64]
    grid: Grid

    def world(self, index: npt.ArrayLike) -> FloatArray:
        """LPS mm of (…, 3) places in the block, in the order of its axes."""
        at = np.asarray(index, dtype=np.float64)
        ijk = np.empty_like(at)
        for n, axis in enumerate(self.axes):
            ijk[..., axis] = at[..., n] + self.low[axis]
        return self.grid.to_world(ijk)

    @property
    def spacing(self) -> FloatArray:
        """(slab, row, column) mm."""
        return np.asarray(self.grid.spacing_mm)[list(self.axes)]


def _block(volume: Volume, center: FloatArray, reach: float, spare: float = 0.0) -> _Block:
    grid = volume.grid
    axis = int(np.argmax(np.abs(grid.direction[2])))
    middle = grid.to_index(center)
    steps = np.ceil((reach + spare) / grid.spacing_mm).astype(int)
    low = np.maximum(np.rint(middle).astype(int) - steps, 0)
    high = np.minimum(np.rint(middle).astype(int) + steps + 1, np.array(grid.size_ijk))
    part = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]].astype(np.float64)
    index = np.stack(np.meshgrid(*[np.arange(low[n], high[n]) for n in range(3)], indexing="ij"), axis=-1)
    inside = np.transpose(np.linalg.norm(grid.to_world(index) - center, axis=-1) <= reach, (2, 1, 0))
    others = [n for n in (2, 1, 0) if n != axis]
    return _Block(
        np.moveaxis(part, 2 - axis, 0),
        np.moveaxis(inside, 2 - axis, 0),
        (axis, others[0], others[1]),
        np.asarray(low, dtype=np.int64),
        grid,
    )


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPicture:
    """The brightest of every column through the ball, seen along the slabs: hu (R, C) and what was counted, (R, C).

    corner_mm: middle of pixel (0, 0), at the centre's height; right_mm, down_mm: one pixel's step. Rows run to posterior
    or feet, columns to the patient's left or posterior.
    """

    hu: npt.NDArray[np.float32]
    counted: npt.NDArray[np.bool_]
    corner_mm: FloatArray
    right_mm: FloatArray
    down_mm: FloatArray


def scored_picture(
    volume: Volume, center_mm: npt.ArrayLike, reach_mm: float = REACH_MM, spare_mm: float = 15.0
) -> ScoredPicture:
    """What `agatston_score` of the same place counts, to be looked at; spare_mm of the surroundings are shown too."""
    center = np.asarray(center_mm, dtype=np.float64)
    block = _block(volume, center, reach_mm, spare_mm)
    near = np.abs(np.arange(len(block.values)) - _slab_of(block, center)) * block.spacing[0] <= reach_mm
    hu = block.values[near].max(axis=0)
    counted = np.asarray(((block.values >= THRESHOLDS_HU[0]) & block.inside).any(axis=0))
    corner = block.world(np.array([_slab_of(block, center), 0.0, 0.0]))
    right = block.world(np.array([_slab_of(block, center), 0.0, 1.0])) - corner
    down = block.world(np.array([_slab_of(block, center), 1.0, 0.0])) - corner
    # as a reader holds it, whatever way the scan runs
    if right[int(np.argmax(np.abs(right)))] < 0:
        hu, counted = hu[:, ::-1], counted[:, ::-1]
        corner, right = corner + (hu.shape[1] - 1) * right, -right
    towards = int(np.argmax(np.abs(down)))
    if (down[towards] < 0) != (towards == 2):
        hu, counted = hu[::-1], counted[::-1]
        corner, down = corner + (hu.shape[0] - 1) * down, -down
    return ScoredPicture(hu.astype(np.float32), counted, corner, right, down)


def _slab_of(block: _Block, center: FloatArray) -> float:
    return float(block.grid.to_index(center)[block.axes[0]] - block.low[block.axes[0]])


def _slabs(values: FloatArray, step_mm: float) -> tuple[FloatArray, FloatArray, float]:
    """Means over slabs of 3 mm, the (S, K) shares of each slice in them, and the slabs' thickness."""
    count = len(values)
    if step_mm >= SLICE_MM:
        return values, np.eye(count), step_mm
    edges = np.arange(0.0, count * step_mm - SLICE_MM + 1e-6, SLICE_MM)
    begin, end = np.arange(count) * step_mm, (np.arange(count) + 1) * step_mm
    shares = np.clip(np.minimum(end, edges[:, None] + SLICE_MM) - np.maximum(begin, edges[:, None]), 0.0, None)
    shares = shares / SLICE_MM
    return np.tensordot(shares, values, axes=1), shares, SLICE_MM
