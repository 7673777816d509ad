"""What was measured by hand, for the report's details and its table of numbers: value, place and plane of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.report.content import Cell, ReportContent, Section, Table
from planning.case.measured import VOXELS, definition_of, middle_of, numbers_of, plane_words
from planning.case.model import Case, Measurement
from planning.measure.definitions import SPREAD, VALUES
from planning.measure.kinds import REGIONS
from planning.measure.lumen import UNCLEAR_SHARE
from planning.measure.reading import Reading
from planning.units import text_position, text_quantity, text_value

KIND = "measurement"
# a unit within a column's name
UNIT_KEYS = {"²": "2", "°": "deg", "%": "percent"}
CsvRow = tuple[str, str, str, str, str, str, str, str, str, str]


def with_measurements(content: ReportContent, case: Case) -> ReportContent:
    """The report with one more part when anything was measured by hand in the case."""
    listed = [(item, found) for item in case.measurements.values() if (found := numbers_of(case, item))]
    if not listed:
        return content
    notes = ["Taken by a person.", SPREAD]
    if any(item.kind in REGIONS for item, _ in listed):
        notes.append(f"Of regions, {VALUES}.")
    table = Table(
        "",
        ("Name", "Value", "Also", "Middle", "Plane"),
        [
            (
                Cell(item.name, strong=True),
                Cell(_words(found[0]), strong=True),
                Cell(", ".join([*map(_words, found[1:]), *_doubts(item)]) or "–"),
                Cell(text_position(middle_of(item))),
                Cell(_place(item)),
            )
            for item, found in listed
        ],
        note=" ".join(notes),
    )
    return replace(content, sections=(*content.sections, Section("Measured by hand", [(table,)])))


def measurement_rows(case: Case) -> list[CsvRow]:
    """One row a number, in the columns of `app.report.rows.HEADER`."""
    return [
        (
            "",
            KIND,
            f"{item.name}.{_column(reading)}",
            repr(float(reading.value)),
            reading.unit,
            "" if reading.plus_minus is None else repr(float(reading.plus_minus)),
            "G",
            item.name,
            definition_of(item),
            f"{text_position(middle_of(item))}, {_place(item)}",
        )
        for item in case.measurements.values()
        for reading in numbers_of(case, item)
    ]


def _place(item: Measurement) -> str:
    words = plane_words(item)
    return f"{words}, {item.phase}" if item.phase else words


def _column(reading: Reading) -> str:
    unit = reading.unit
    for sign, letters in UNIT_KEYS.items():
        unit = unit.replace(sign, letters)
    return "_".join(part for part in (reading.name.lower().replace(" ", "_"), unit) if part)


def _doubts(item: Measurement) -> Sequence[str]:
    if item.unclear is None or item.unclear <= UNCLEAR_SHARE:
        return ()
    return (f"edge unclear over {text_value(100.0 * item.unclear, 0)} %",)


def _words(reading: Reading) -> str:
    if reading.name == VOXELS:
        return f"{reading.name} {text_value(reading.value, 0)}"
    return f"{reading.name} {text_quantity(reading.value, reading.unit, reading.plus_minus)}"
