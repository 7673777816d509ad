"""What is said of measurements by hand: names, hints, values for lists, tooltips and letters, and why to look again."""

from __future__ import annotations

from dataclasses import replace

from app.i18n import mark, said, text_position, text_quantity, text_value, tr
from planning.case.measured import PLANE_NOT_SLAB as SLAB_DEFINITION
from planning.case.measured import (
    VOXELS,
    definition_of,
    is_of_plane_in_slab,
    middle_of,
    numbers_of,
    thick_slices,
)
from planning.case.model import Case, Measurement
from planning.case.untrue_slices import untrue_measured
from planning.measure.kinds import REGIONS
from planning.measure.lumen import UNCLEAR_SHARE
from planning.measure.reading import Reading
from planning.tavr.phases import percent_of

# how the labels of a scan's phases end where the files state a percentage
OF_BEAT = "% of R–R"
NAMES = {
    "distance": mark("Distance"),
    "polyline": mark("Path"),
    "diameter": mark("Diameter"),
    "circle": mark("Circle"),
    "ellipse": mark("Ellipse"),
    "calliper": mark("Calliper"),
    "angle": mark("Angle"),
    "cobb": mark("Cobb angle"),
    "oval": mark("Region"),
    "rectangle": mark("Rectangle"),
    "polygon": mark("Polygon"),
    "freehand": mark("Freehand"),
    "probe_point": mark("Probe"),
}
ICONS = {
    "distance": "ruler",
    "polyline": "route",
    "diameter": "diameter",
    "circle": "circle",
    "ellipse": "ellipse",
    "calliper": "calliper",
    "angle": "angle",
    "cobb": "angle-lines",
    "oval": "ellipse-region",
    "rectangle": "square-dashed",
    "polygon": "pentagon",
    "freehand": "lasso",
    "probe_point": "crosshair",
}
HINTS = {
    "distance": mark("Click two places, or drag from one to the other. Esc leaves."),
    "polyline": mark("Click along the way; a double click or Enter ends it. Backspace takes a place back, Esc leaves."),
    "diameter": mark("Drag from one side to the other, or click both. Esc leaves."),
    "circle": mark("Click three places on the edge. Esc leaves."),
    "ellipse": mark("Drag a box around it, then drag its handles. Esc leaves."),
    "calliper": mark("Click inside a bright vessel, or drag from one side to the other. Esc leaves."),
    "angle": mark("Click one end, the corner and the other end. Esc leaves."),
    "cobb": mark("Drag along one line, then along the other. Esc leaves."),
    "oval": mark("Drag a box around the region. Esc leaves."),
    "rectangle": mark("Drag from corner to corner. Esc leaves."),
    "polygon": mark(
        "Click the corners; a double click, Enter or the first corner closes it. Backspace takes one back."
    ),
    "freehand": mark("Draw round the region. Esc leaves."),
    "probe_point": mark("Click to keep the value there. Esc leaves."),
}
READING_NAMES = {
    "Distance": mark("Distance"),
    "Length": mark("Length"),
    "Straight": mark("Straight"),
    "Angle": mark("Angle"),
    "Diameter": mark("Diameter"),
    "Area": mark("Area"),
    "Area diameter": mark("Area diameter"),
    "Least": mark("Least"),
    "Greatest": mark("Greatest"),
    "Width": mark("Width"),
    "Perimeter": mark("Perimeter"),
    "Value": mark("Value"),
    "Mean": mark("Mean"),
    "SD": mark("SD"),
    "Median": mark("Median"),
    "Min": mark("Min"),
    "Max": mark("Max"),
    "Voxels": mark("Voxels"),
    "Outside the scan": mark("Outside the scan"),
}
# beside the values of a region or a probe that was drawn over a slab's picture
PLANE_NOT_SLAB = mark("of the plane, not of the slab")


def reading_words(reading: Reading) -> str:
    """A number with its name as the window says it: "Mean 312 HU ± 4"."""
    name = tr(READING_NAMES[reading.name]) if reading.name in READING_NAMES else reading.name
    # a count has no decimals
    value = text_value(reading.value, 0) if reading.name == VOXELS else _quantity(reading)
    return f"{name} {value}"


def _quantity(reading: Reading) -> str:
    return text_quantity(reading.value, reading.unit, reading.plus_minus)


def short_text(case: Case, item: Measurement) -> str:
    """The value as the list shows it: "24.3 mm", least × greatest where there are two widths, a region with its mean.

    Of a moving image with the phase before it, where a narrow row cannot leave it out: "75 %: 24.3 mm".
    """
    phase = f"{_short_phase(item.phase)}: " if item.phase else ""
    return f"{phase}{_short_value(case, item)}"


def _short_phase(label: str) -> str:
    """ "75 %" of "75 % of R–R": beside the whole label a row has no room for the measurement's name."""
    percent = percent_of(label) if label.endswith(OF_BEAT) else None
    if percent is None:
        return said(label)
    return text_quantity(percent, "%") if percent % 1 else f"{text_value(percent, 0)}\u202f%"


def _short_value(case: Case, item: Measurement) -> str:
    by_name = {reading.name: reading for reading in numbers_of(case, item)}
    beside = f" · {tr(PLANE_NOT_SLAB)}" if is_of_plane_in_slab(item) else ""
    beside += f" · {item.image}" if is_elsewhere(case, item) else ""
    if item.kind in REGIONS and "Area" in by_name:
        parts = [replace(by_name[name], plus_minus=None) for name in ("Area", "Mean") if name in by_name]
        return " · ".join(map(_quantity, parts)) + beside
    if item.kind not in ("ellipse", "calliper") or "Least" not in by_name:
        return text_quantity(item.value, item.unit) + beside
    return f"{text_value(by_name['Least'].value, 1)} × {text_quantity(by_name['Greatest'].value, 'mm')}{beside}"


def is_elsewhere(case: Case, item: Measurement) -> bool:
    """Whether another image than the first was measured in."""
    return item.image not in ("", next(iter(case.images), ""))


def long_text(case: Case, item: Measurement) -> str:
    """Every number of a measurement, a line each, with ± where the image's grid is known; then what it is."""
    sentences = [said(part) for part in definition_of(case, item).split("; ")]
    if item.image and len(case.images) > 1:
        sentences.append(tr("measured in {image}", image=item.image))
    if item.phase:
        sentences.append(tr("measured at {phase}", phase=item.phase))
    return "\n".join(
        (*map(reading_words, numbers_of(case, item)), *(f"{words[:1].upper()}{words[1:]}." for words in sentences))
    )


def as_text(case: Case, item: Measurement) -> str:
    """A measurement for a letter: its name, numbers and middle."""
    numbers = ", ".join(map(reading_words, numbers_of(case, item)))
    beside = f"; {tr(PLANE_NOT_SLAB)}" if is_of_plane_in_slab(item) else ""
    beside += f"; {item.image}" if is_elsewhere(case, item) else ""
    # a diameter of the systole is not one of the diastole
    beside += f"; {tr('measured at {phase}', phase=item.phase)}" if item.phase else ""
    untrue = untrue_measured(case, item)
    beside += "".join(f"; {said(found.text)}" for found in (untrue, thick_slices(case, item)) if found is not None)
    return f"{item.name}: {numbers}; {tr('middle {place}', place=text_position(middle_of(item)))}{beside}"


def untrue_sentence(case: Case, item: Measurement) -> str:
    """What is said of a measurement that reaches into slices that are not the scanner's, "" of all others."""
    found = untrue_measured(case, item)
    words = "" if found is None else said(found.text)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def doubt(case: Case, item: Measurement) -> str:
    """Why a measurement is to be looked at, "" when nothing speaks against it."""
    untrue = untrue_sentence(case, item)
    if untrue:
        return untrue
    outside = next((reading.value for reading in item.readings if reading.name == "Outside the scan"), 0.0)
    if outside > 0:
        return tr("{share} % of the region lie outside the scan.", share=text_value(outside, 0))
    thick = thick_slices(case, item)
    if thick is not None and (item.unclear or 0.0) <= UNCLEAR_SHARE:
        words = said(thick.text)
        return f"{words[:1].upper()}{words[1:]}."
    if (item.unclear or 0.0) > UNCLEAR_SHARE:
        share = text_value(100.0 * (item.unclear or 0.0), 0)
        return tr("The edge is unclear over {share} % of the contour. Check the widths.", share=share)
    if item.area_unclear > UNCLEAR_SHARE:
        share = text_value(100.0 * item.area_unclear, 0)
        return tr("The edge is unclear over {share} % of the contour. Check the area.", share=share)
    return ""


def slab_sentence(item: Measurement) -> str:
    """What is said of values that were read in a plane while a slab was shown, "" of all others."""
    if not is_of_plane_in_slab(item):
        return ""
    words = said(SLAB_DEFINITION)
    return f"{words[:1].upper()}{words[1:]}."
