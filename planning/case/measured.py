"""Measurements by hand as numbers for lists, reports and tables: with their ±, their definition, place and plane."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from planning.case.model import Case, Measurement
from planning.case.untrue_slices import untrue_measured
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid, unit
from planning.measure.definitions import definition
from planning.measure.kinds import REGIONS, center_mm
from planning.measure.reading import Reading
from planning.measure.spread import off_across_slices_mm, with_spread

PLANES = (("sagittal", 0), ("coronal", 1), ("axial", 2))
STRAIGHT_DEG = 0.5
VOXELS = "Voxels"
PLANE_NOT_SLAB = "values are of the plane, not of the slab that was shown"
# a width that is off by less is told as it is
LEAST_OFF_MM = 0.3
# a ± asks for its number some twenty times
MOST_KEPT = 512


def numbers_of(case: Case, item: Measurement) -> tuple[Reading, ...]:
    """What follows from the points, with ± where the image's grid is known, then what the image said.

    Nothing of a kind of another version of the program.
    """
    return _numbers(item, grid_of(case, item))


@functools.lru_cache(maxsize=MOST_KEPT)
def _numbers(item: Measurement, grid: Grid | None) -> tuple[Reading, ...]:
    """Kept, since lists and pictures ask again at every change of the case; both are the same objects until they change."""
    points, outline = np.array(item.points_mm, dtype=np.float64), np.array(item.outline_mm, dtype=np.float64)
    try:
        is_found = item.unclear is not None
        return (*with_spread(item.kind, points, grid, outline.reshape(-1, 3), is_found=is_found), *item.readings)
    except MeasurementError:
        return ()


def grid_of(case: Case, item: Measurement) -> Grid | None:
    """The grid of the image that was measured in; None where that is not known any more."""
    if item.image:
        return case.images[item.image].grid if item.image in case.images else None
    # earlier versions did not say which one
    return next(iter(case.images.values())).grid if len(case.images) == 1 else None


def middle_of(item: Measurement) -> FloatArray:
    """(3,) middle of a measurement of any kind."""
    points = np.array(item.points_mm, dtype=np.float64)
    try:
        return center_mm(item.kind, points)
    except MeasurementError:
        return np.asarray(points.mean(axis=0))


def definition_of(case: Case, item: Measurement) -> str:
    """What it is, without a full stop, and what slices that are not the scanner's have to do with it."""
    edge = "" if not item.outline_mm else "around" if item.unclear is None else "found"
    words = definition(item.kind, edge=edge, has_values=bool(item.readings) and item.kind in REGIONS)
    untrue = untrue_measured(case, item)
    parts = (
        words,
        PLANE_NOT_SLAB if words and is_of_plane_in_slab(item) else "",
        "" if untrue is None else untrue.text,
    )
    return "; ".join(part for part in parts if part)


def thick_slices(case: Case, item: Measurement) -> Finding | None:
    """That an edge was found across slices so far apart that its widths may be off by what a person would see."""
    grid = grid_of(case, item)
    if item.unclear is None or item.normal is None or grid is None:
        return None
    off = off_across_slices_mm(grid, item.normal)
    if off < LEAST_OFF_MM:
        return None
    step = float(grid.spacing_mm.max())
    return Finding("thick_slices", f"slices lie {step:.1f} mm apart, a width across them may be off by {off:.1f} mm")


def is_of_plane_in_slab(item: Measurement) -> bool:
    """Whether it tells values of a plane though a slab was on the screen when it was drawn."""
    return item.slab_mm > 0.0 and bool(item.readings)


def plane_words(item: Measurement) -> str:
    """ "axial", "axial turned by 12°", or "–" where the plane was not kept."""
    if item.normal is None:
        return "–"
    normal = np.abs(unit(item.normal))
    name, axis = max(PLANES, key=lambda plane: float(normal[plane[1]]))
    angle = float(np.degrees(np.arccos(np.clip(normal[axis], -1.0, 1.0))))
    return name if angle < STRAIGHT_DEG else f"{name} turned by {angle:.0f}°"


def measurements_json(case: Case) -> list[dict[str, Any]]:
    """Every measurement with its numbers, for programs that read them."""
    return [
        {
            "name": item.name,
            "kind": item.kind,
            "definition": definition_of(case, item),
            "warnings": [
                found.as_json()
                for found in (untrue_measured(case, item), thick_slices(case, item))
                if found is not None
            ],
            "numbers": [
                {"name": number.name, "value": number.value, "unit": number.unit, "plus_minus": number.plus_minus}
                for number in numbers_of(case, item)
            ],
            "points_mm": [list(point) for point in item.points_mm],
            "middle_mm": middle_of(item).tolist(),
            "normal": None if item.normal is None else list(item.normal),
            "image": item.image,
            "phase": item.phase,
        }
        for item in case.measurements.values()
    ]
