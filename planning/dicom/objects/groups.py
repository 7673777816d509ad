"""A plan's numbers as groups of coded measurements, before anybody writes them as DICOM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.dicom.objects import codes
from planning.dicom.objects.codes import Coded
from planning.geometry import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """One number. derivation: how it was chosen of several (least, greatest, mean). below, above: the half-widths of its
    95 % interval in its own unit, None where not estimated; a margin's is one-sided. points_mm, graphic: (N, 3) places that it
    was taken at, and what they make in DICOM's words: POINT, MULTIPOINT, POLYLINE or ELLIPSE."""

    name: Coded
    value: float
    unit: Coded
    derivation: Coded | None = None
    below: float | None = None
    above: float | None = None
    points_mm: FloatArray | None = None
    graphic: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Numbers about one thing. tracking: its name. site: where. polygon_mm: (N, 3) planar outline that they were taken on.

    structure: the structure of the case that they are of, where its voxels are just what was measured.
    """

    tracking: str
    finding: Coded
    numbers: tuple[Number, ...]
    site: Coded | None = None
    polygon_mm: FloatArray | None = None
    structure: str | None = None


def number(
    row: Mapping[str, Any] | None,
    key: str,
    name: Coded,
    unit: Coded,
    derivation: Coded | None = None,
    spread: Any = None,
    *,
    is_one_sided: bool = False,
) -> tuple[Number, ...]:
    """One number, or none where the plan has none: what was not measured is left out and never a zero."""
    value = (row or {}).get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        return ()
    half = float(spread) if isinstance(spread, int | float) else None
    return (Number(name, float(value), unit, derivation, half, None if is_one_sided else half),)


def section(row: Mapping[str, Any]) -> tuple[Number, ...]:
    """The numbers of a section, by the keys that all sections have."""
    spread = row.get("uncertainty") or dict.fromkeys(("min_diameter_mm", "max_diameter_mm"), row.get("uncertainty_mm"))
    return (
        *number(row, "area_mm2", codes.AREA, codes.MM2, None, spread.get("area_mm2")),
        *number(row, "perimeter_mm", codes.PERIMETER, codes.MM, None, spread.get("perimeter_mm")),
        *number(row, "min_diameter_mm", codes.DIAMETER, codes.MM, codes.LEAST, spread.get("min_diameter_mm")),
        *number(row, "max_diameter_mm", codes.DIAMETER, codes.MM, codes.GREATEST, spread.get("max_diameter_mm")),
        *number(row, "mean_diameter_mm", codes.DIAMETER, codes.MM, codes.MEAN),
        *number(row, "area_diameter_mm", codes.AREA_DIAMETER, codes.MM),
        *number(row, "perimeter_diameter_mm", codes.PERIMETER_DIAMETER, codes.MM),
        *number(row, "eccentricity", codes.ECCENTRICITY, codes.NO_UNIT),
    )


def outline(row: Mapping[str, Any], key: str = "contour_mm") -> FloatArray | None:
    """(N, 3) of a section's contour, None where it has none that closes."""
    points = row.get(key)
    if not points or len(points) < 3:
        return None
    return np.asarray(points, dtype=np.float64).reshape(-1, 3)


def groups_of(kind: str, results: Mapping[str, Any], volumes_ml: Mapping[str, float]) -> list[Group]:
    """All groups of a plan; those without a number are left out. volumes_ml: of the structures that a segmentation holds."""
    from planning.dicom.objects.groups_organ import kidney_groups, liver_groups
    from planning.dicom.objects.groups_vessel import tavr_groups, vessel_groups

    if kind == "tavr":
        found = tavr_groups(results)
    elif kind == "vessel":
        found = vessel_groups(results)
    elif kind == "liver":
        found = liver_groups(results, volumes_ml)
    else:
        found = kidney_groups(results, volumes_ml)
    return [group for group in found if group.numbers]
