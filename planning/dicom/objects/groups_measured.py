"""Groups of what a hand measured: each measurement with its numbers and the points that they were taken at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.dicom.objects import codes
from planning.dicom.objects.codes import Coded
from planning.dicom.objects.groups import Group, Number
from planning.geometry import FloatArray
from planning.measure.kinds import ELLIPTIC, OUTLINES
from planning.measure.reading import Reading

GRAPHICS = {
    "cobb": "MULTIPOINT",
    "circle": "MULTIPOINT",
    "ellipse": "ELLIPSE",
    "oval": "ELLIPSE",
    "probe_point": "POINT",
}
"""How a kind's points are written; others' are a line from point to point, an outline's the edge of a region."""
UNITS = {
    "mm": codes.MM, "mm²": codes.MM2, "°": codes.DEGREE, "HU": codes.HU, "SUV": codes.SUV_UNIT, "%": codes.PERCENT,
    "": codes.NO_UNIT,
}  # fmt: skip
NAMES = {
    "Distance": (codes.DISTANCE, None),
    "Width": (codes.DIAMETER, None),
    "Straight": (codes.DISTANCE, None),
    "Length": (codes.PATH_LENGTH, None),
    "Angle": (codes.ANGLE, None),
    "Diameter": (codes.DIAMETER, None),
    "Least": (codes.DIAMETER, codes.LEAST),
    "Greatest": (codes.DIAMETER, codes.GREATEST),
    "Area diameter": (codes.AREA_DIAMETER, None),
    "Area": (codes.AREA, None),
    "Perimeter": (codes.PERIMETER, None),
    "Voxels": (codes.VOXELS, None),
    "Outside the scan": (codes.OUTSIDE, None),
}
VALUES = {"HU": codes.ATTENUATION, "SUV": codes.SUV, "": codes.IMAGE_VALUE}
"""What the image's values are called, by their unit."""
OF_IMAGE = {
    "Value": None, "Mean": codes.MEAN, "SD": codes.DEVIATION, "Median": codes.MEDIAN, "Min": codes.LEAST,
    "Max": codes.GREATEST,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One measurement by hand: kind and (N, 3) points in LPS mm as in `planning.measure.kinds`, and its numbers."""

    name: str
    kind: str
    points_mm: FloatArray
    numbers: tuple[Reading, ...]


def kind_code(kind: str) -> Coded:
    """What a group says that it is of."""
    return codes.local(f"HAND_{kind.upper()}"[:16], f"{kind.replace('_', ' ').capitalize()} measured by hand")


def measured_groups(items: Sequence[Measured]) -> list[Group]:
    """A group for each measurement that has a number with a code."""
    return [group for group in map(_group, items) if group.numbers]


def _group(item: Measured) -> Group:
    is_region = item.kind in OUTLINES
    points = None if is_region else _as_written(item)
    graphic = "" if is_region else GRAPHICS.get(item.kind, "POLYLINE")
    numbers: list[Number] = []
    for reading in item.numbers:
        coded = _coded(reading)
        if coded is None or not np.isfinite(reading.value):
            continue
        name, derivation, unit = coded
        # the points stand with the first number, which is what the measurement is known by
        first = not numbers and points is not None
        numbers.append(
            Number(
                name,
                reading.value,
                unit,
                derivation,
                reading.plus_minus,
                reading.plus_minus,
                points_mm=points if first else None,
                graphic=graphic if first else "",
            )
        )
    return Group(item.name, kind_code(item.kind), tuple(numbers), None, item.points_mm if is_region else None)


def _as_written(item: Measured) -> FloatArray:
    """The points in the order of the standard: an ellipse's longer axis first."""
    points = item.points_mm
    if item.kind in ELLIPTIC and np.linalg.norm(points[1] - points[0]) < np.linalg.norm(points[3] - points[2]):
        return points[[2, 3, 0, 1]]
    return points


def _coded(reading: Reading) -> tuple[Coded, Coded | None, Coded] | None:
    if reading.name in NAMES and reading.unit in UNITS:
        name, derivation = NAMES[reading.name]
        return name, derivation, UNITS[reading.unit]
    if reading.name in OF_IMAGE and reading.unit in VALUES:
        return VALUES[reading.unit], OF_IMAGE[reading.name], UNITS[reading.unit]
    return None
