"""What was measured by hand, for the report's details and its table of numbers: value, place and plane of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.i18n import said, text_position, text_quantity, text_value, tr
from app.report.content import Cell, ReportContent, Section, Table
from planning import units
from planning.case.measured import (
    VOXELS,
    definition_of,
    is_of_plane_in_slab,
    middle_of,
    numbers_of,
    plane_words,
    thick_slices,
)
from planning.case.model import Case, Measurement
from planning.case.untrue_slices import LOST_SLICES, untrue_measured
from planning.measure.definitions import SPREAD, VALUES
from planning.measure.kinds import REGIONS
from planning.measure.lumen import UNCLEAR_SHARE
from planning.measure.reading import Reading

KIND = "measurement"
VALUE_COLUMNS = ("Mean", "SD", "Median", "Min", "Max", VOXELS, "Outside the scan")
# a unit within a column's name
UNIT_KEYS = {"²": "2", "°": "deg", "%": "percent"}
CsvRow = tuple[str, str, str, str, str, str, str, str, str, str]


def with_measurements(content: ReportContent, case: Case) -> ReportContent:
    """The report with one more part when anything was measured by hand in the case."""
    listed = [(item, found) for item in case.measurements.values() if (found := numbers_of(case, item))]
    if not listed:
        return content
    table = Table(
        "",
        (tr("Name"), tr("Value"), tr("Also"), tr("Place")),
        [
            (
                Cell(item.name, strong=True),
                Cell(_words(found[0]), strong=True),
                Cell(", ".join([*map(_words, _further(item, found)), *_doubts(case, item)]) or "–"),
                Cell(f"{text_position(middle_of(item))}, {said(_place(item))}{_image(case, item)}"),
            )
            for item, found in listed
        ],
        note=" ".join((tr("Taken by a person."), said(SPREAD))),
    )
    values = [_values(case, item) for item in case.measurements.values() if item.kind in REGIONS and item.readings]
    names = [said(name) for name in VALUE_COLUMNS]
    sentences = [said(part) for part in VALUES.split("; ")]
    note = " ".join(f"{words[:1].upper()}{words[1:]}." for words in sentences)
    told = Table(tr("Values in regions"), (tr("Name"), *names), values, note=note)
    parts = [(table,), (told,)] if values else [(table,)]
    return replace(content, sections=(*content.sections, Section(tr("Measured by hand"), parts)))


def untrue_words(case: Case, item: Measurement) -> str:
    """A few words for a table: "slices lost", "an estimate", "" where all slices are the scanner's."""
    untrue = untrue_measured(case, item)
    if untrue is None:
        return ""
    return tr("slices lost") if untrue.code == LOST_SLICES else tr("an estimate")


def _further(item: Measurement, numbers: Sequence[Reading]) -> Sequence[Reading]:
    """What stands beside the first number; a region's values have a table of their own."""
    kept = [number for number in numbers if number not in item.readings] if item.kind in REGIONS else numbers
    return kept[1:]


def _values(case: Case, item: Measurement) -> tuple[Cell, ...]:
    by_name = {reading.name: reading for reading in item.readings}
    cells = [Cell(_number(by_name[name]) if name in by_name else "–") for name in VALUE_COLUMNS]
    # a number never stands in a table without what speaks against it
    beside = untrue_words(case, item) or (tr("of the plane, not of the slab") if is_of_plane_in_slab(item) else "")
    name = f"{item.name} ({beside})" if beside else item.name
    return Cell(name, strong=True), *cells


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
            definition_of(case, item),
            # a table for programs is in English
            f"{units.text_position(middle_of(item))}, {_place(item)}{_image(case, item)}",
        )
        for item in case.measurements.values()
        for reading in numbers_of(case, item)
    ]


def _place(item: Measurement) -> str:
    words = plane_words(item)
    return f"{words}, {item.phase}" if item.phase else words


def _image(case: Case, item: Measurement) -> str:
    """Which image was measured in, where the case has several."""
    return f", {item.image}" if item.image and len(case.images) > 1 else ""


def _column(reading: Reading) -> str:
    letters = reading.unit
    for sign, written in UNIT_KEYS.items():
        letters = letters.replace(sign, written)
    return "_".join(part for part in (reading.name.lower().replace(" ", "_"), letters) if part)


def _doubts(case: Case, item: Measurement) -> Sequence[str]:
    untrue = untrue_measured(case, item)
    if untrue is not None:
        return (said(untrue.text),)
    if is_of_plane_in_slab(item):
        return (tr("of the plane, not of the slab"),)
    thick = thick_slices(case, item)
    found = () if thick is None else (said(thick.text),)
    unclear = item.unclear or item.area_unclear
    if unclear <= UNCLEAR_SHARE:
        return found
    return (
        *found,
        tr("edge unclear over {percent} %", percent=text_value(100.0 * unclear, 0)),
    )


def _words(reading: Reading) -> str:
    return f"{said(reading.name)} {_number(reading)}"


def _number(reading: Reading) -> str:
    # a count has no decimals
    is_count = reading.name == VOXELS
    return text_value(reading.value, 0) if is_count else text_quantity(reading.value, reading.unit, reading.plus_minus)
