"""What was measured by hand, for the report's details and its table of numbers: value, place and plane of each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.report.content import Cell, ReportContent, Section, Table
from planning.case.model import Case, Measurement
from planning.errors import MeasurementError
from planning.geometry import FloatArray, unit
from planning.measure.kinds import center_mm, readings
from planning.measure.lumen import UNCLEAR_SHARE
from planning.measure.reading import Reading
from planning.units import text_position, text_quantity, text_value

KIND = "measurement"
DEFINITIONS = {
    "distance": "straight distance between two places",
    "circle": "circle through three places",
    "ellipse": "ellipse drawn by its two axes; its area diameter is that of a circle of its area",
    "calliper": "width between parallel jaws",
}
PLANES = (("sagittal", 0), ("coronal", 1), ("axial", 2))
STRAIGHT_DEG = 0.5
CsvRow = tuple[str, str, str, str, str, str, str, str, str, str]


def with_measurements(content: ReportContent, case: Case) -> ReportContent:
    """The report with one more part when anything was measured by hand in the case."""
    listed = [(item, found) for item in case.measurements.values() if (found := _numbers(item))]
    if not listed:
        return content
    table = Table(
        "",
        ("Name", "Value", "Also", "Middle", "Plane"),
        [
            (
                Cell(item.name, strong=True),
                Cell(_words(found[0]), strong=True),
                Cell(", ".join([*map(_words, found[1:]), *_doubts(item)]) or "–"),
                Cell(text_position(_middle(item))),
                Cell(plane_words(item)),
            )
            for item, found in listed
        ],
        note="Taken by a person; ± is not estimated.",
    )
    return replace(content, sections=(*content.sections, Section("Measured by hand", [(table,)])))


def measurement_rows(case: Case) -> list[CsvRow]:
    """One row a number, in the columns of `app.report.rows.HEADER`."""
    return [
        (
            "",
            KIND,
            f"{item.name}.{reading.name.lower().replace(' ', '_')}_{reading.unit.replace('²', '2')}",
            repr(float(reading.value)),
            reading.unit,
            "",
            "G",
            item.name,
            _definition(item),
            f"{text_position(_middle(item))}, {plane_words(item)}",
        )
        for item in case.measurements.values()
        for reading in _numbers(item)
    ]


def plane_words(item: Measurement) -> str:
    """ "axial", "axial turned by 12°", or "–" where the plane was not kept."""
    if item.normal is None:
        return "–"
    normal = np.abs(unit(item.normal))
    name, axis = max(PLANES, key=lambda plane: float(normal[plane[1]]))
    angle = float(np.degrees(np.arccos(np.clip(normal[axis], -1.0, 1.0))))
    return name if angle < STRAIGHT_DEG else f"{name} turned by {angle:.0f}°"


def _definition(item: Measurement) -> str:
    words = DEFINITIONS[item.kind]
    return f"{words}, at the edge found in the image" if item.outline_mm else words


def _numbers(item: Measurement) -> tuple[Reading, ...]:
    try:
        return readings(item.kind, item.points_mm, item.outline_mm)
    except MeasurementError:
        # an angle or a probe of another version of the program
        return ()


def _doubts(item: Measurement) -> tuple[str, ...]:
    if item.unclear is None or item.unclear <= UNCLEAR_SHARE:
        return ()
    return (f"edge unclear over {text_value(100.0 * item.unclear, 0)} %",)


def _middle(item: Measurement) -> FloatArray:
    return center_mm(item.kind, np.array(item.points_mm, dtype=np.float64))


def _words(reading: Reading) -> str:
    return f"{reading.name} {text_quantity(reading.value, reading.unit)}"
