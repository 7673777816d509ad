"""From what a person asked for to the region that it removes of this organ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.liver.anatomical import with_segments
from planning.liver.distance import distance_to_mm
from planning.liver.regions import EllipsoidRegion, FieldRegion, PlaneRegion, Region, SheetRegion
from planning.liver.resection import (
    AblationResection,
    PlaneResection,
    Resection,
    SheetResection,
    SurfaceResection,
    TerritoryResection,
    WedgeResection,
)

if TYPE_CHECKING:
    from planning.liver.model import LiverModel

TERRITORY_SMOOTHING_MM = 0.8
NO_TUMOR = 0


def region_of(model: LiverModel, resection: Resection) -> Region:
    """The region that a resection removes. Raises MeasurementError where it cannot be made on this organ."""
    match resection:
        case PlaneResection(plane=plane):
            return _oriented(model, PlaneRegion(plane), resection.remove)
        case SheetResection():
            from planning.liver.sheet import sheet_region

            return _oriented(model, sheet_region(resection), resection.remove)
        case WedgeResection():
            return _wedge(model, resection)
        case TerritoryResection():
            return _territory(model, _parts(model, resection.names))
        case SurfaceResection():
            from planning.liver.surface_cut import surface_region

            return surface_region(model, resection)
        case AblationResection():
            return EllipsoidRegion(resection.target_mm, resection.axis, resection.long_mm, resection.short_mm)


def solved(model: LiverModel, resection: Resection) -> Resection:
    """The resection with everything decided that it leaves to the program, so that it can be made again exactly.

    A wedge gets its direction, an anatomical resection its segments.
    """
    match resection:
        case TerritoryResection():
            return replace(resection, names=_parts(model, resection.names))
        case WedgeResection(direction=None):
            from planning.liver.wedge import KeptMargin, best_direction, vessels_to_spare

            kept = KeptMargin.of(resection.margin_mm, model.target(resection.tumor))
            spare = vessels_to_spare(model, resection.spare)
            return replace(resection, direction=best_direction(model, kept, spare))
        case _:
            return resection


def _parts(model: LiverModel, names: tuple[str, ...]) -> tuple[str, ...]:
    return with_segments(names, model.couinaud.names if model.couinaud is not None else ())


def _wedge(model: LiverModel, resection: WedgeResection) -> Region:
    from planning.liver.wedge import KeptMargin, wedge_region

    found = solved(model, resection)
    assert isinstance(found, WedgeResection)
    assert found.direction is not None
    kept = KeptMargin.of(resection.margin_mm, model.target(resection.tumor))
    return wedge_region(model.organ, kept, found.direction)


def _oriented(model: LiverModel, region: PlaneRegion | SheetRegion, remove: str) -> Region:
    """With "tumor" turned so that the side with more tumour voxels is removed (the given side when they are equal).

    Raises MeasurementError when there is no tumour to choose by.
    """
    if remove == "side":
        return region
    total = model.tumor_voxels
    if total == 0:
        raise MeasurementError(
            "The side with the tumour cannot be removed: no tumour is named",
            "Name the tumours, or give a normal that points to the side to remove",
            "no_tumor",
        )
    codes = model.codes
    removed = int(codes.removed(model.voxels.removed([region]))[codes.tumor != NO_TUMOR].sum())
    return region if 2 * (total - removed) <= total else region.turned()


def _territory(model: LiverModel, names: tuple[str, ...]) -> Region:
    """The voxels of the named territories; the cut lies half-way between removed and kept voxels, smoothed."""
    removed = np.zeros(model.organ.voxels.shape, dtype=bool)
    for name in names:
        removed |= model.territory_voxels(name)
    kept = model.organ.voxels & ~removed
    grid = model.organ.box_grid
    if not kept.any() or not removed.any():
        field = np.full(grid.shape_kji, 100.0 if removed.any() else -100.0, dtype=np.float32)
        return FieldRegion.of("territory", grid, field, removed, frozenset(names))
    return FieldRegion.of("territory", grid, between(removed, kept, grid.spacing_mm), removed, frozenset(names))


def between(removed: np.ndarray, kept: np.ndarray, spacing_mm: FloatArray) -> np.ndarray:
    """float32 `[k, j, i]`, zero half-way between the voxels removed and kept, positive nearer to the removed ones."""
    from scipy import ndimage

    field = 0.5 * (distance_to_mm(kept, spacing_mm) - distance_to_mm(removed, spacing_mm))
    return np.asarray(ndimage.gaussian_filter(field, TERRITORY_SMOOTHING_MM / spacing_mm[::-1], truncate=3.0))
