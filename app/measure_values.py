"""What the image says of a measurement by hand: values in a region or at a place, as the hand moves and when it rests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planning.case.model import Measurement
from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, Vector, unit
from planning.measure.kinds import REGIONS, curve_mm
from planning.measure.outlines import area_vector, evenly, greatest_loop
from planning.measure.reading import Reading
from planning.measure.regions import probe_readings, region_mean, region_readings
from planning.volume import Volume

# a region of more voxels is read in a job
SOON_VOXELS = 4000
MOST_CORNERS = 400


def smoothed(line_mm: FloatArray, grid: Grid) -> FloatArray:
    """A line that a hand drew as a closed outline of even steps, which does not cross itself."""
    if len(line_mm) < 3:
        raise MeasurementError("The outline encloses nothing", "Draw round what is to be measured", "no_area")
    around = float(np.linalg.norm(np.diff(line_mm, axis=0, append=line_mm[:1]), axis=1).sum())
    return greatest_loop(evenly(line_mm, max(float(grid.spacing_mm.min()) / 2.0, around / MOST_CORNERS, 1e-3)))


def glanced(draft: Measurement, volume: Volume | None) -> Measurement:
    """While the hand drags: the mean alone, where it is read soon enough."""
    if volume is None or draft.kind not in (*REGIONS, "probe_point") or voxels_of(draft, volume.grid) > SOON_VOXELS:
        return draft
    try:
        if draft.kind == "probe_point":
            return with_values(draft, volume)
        mean = region_mean(volume, _region(draft), flat_normal(draft))
    except MeasurementError:
        return draft
    return draft if mean is None else replace(draft, readings=(Reading("Mean", mean, volume.quantity),))


def flat_normal(item: Measurement) -> Vector:
    return np.eye(3)[2] if item.normal is None else unit(item.normal)


def _region(item: Measurement) -> FloatArray:
    """(N, 3) outline of what the image's values are read in."""
    curve = curve_mm(item.kind, np.array(item.points_mm, dtype=np.float64))
    assert curve is not None, item.kind
    return curve


def voxels_of(item: Measurement, grid: Grid) -> float:
    """About how many voxels a region touches."""
    if item.kind not in REGIONS:
        return 0.0
    return float(np.linalg.norm(area_vector(_region(item)))) / float(grid.voxel_mm3 ** (2.0 / 3.0))


def with_values(item: Measurement, volume: Volume) -> Measurement:
    """The measurement with what the image says. Raises MeasurementError outside the scan."""
    if item.kind != "probe_point":
        return replace(item, readings=region_readings(volume, _region(item), flat_normal(item)))
    told = probe_readings(volume, item.points_mm[0], flat_normal(item))
    return replace(item, readings=told, value=told[0].value, unit=told[0].unit)
