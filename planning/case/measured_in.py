"""Measurements of a structured report into a case: ours, or another program's that are told with points in patient space.

A measurement is taken only where its points lie in the image's frame of reference and make the number that is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.case.commands import AddMeasurement, Command
from planning.case.dicom_reference import reference_of
from planning.case.document import Document
from planning.case.model import Image, Measurement
from planning.case.plans import planning_image
from planning.dicom.objects.groups_measured import NAMES, OF_IMAGE, UNITS, VALUES, kind_code
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.measure.kinds import KINDS, OUTLINES, plane_normal, readings
from planning.measure.reading import Reading
from planning.naming import MOST_LETTERS

# points are kept with 24 bits; other programs may round what they tell
SHARE, LEAST = 2e-3, 0.02
OWN = {kind_code(kind)[:2]: kind for kind in KINDS}
# units of other programs in ours
SCALES = {"mm": ("mm", 1.0), "cm": ("mm", 10.0), "mm2": ("mm²", 1.0), "cm2": ("mm²", 100.0), "deg": ("°", 1.0)}
# as earlier editions of the standard wrote it
EARLIER_UNITS = {"{SUVbw}g/ml": "SUV"}
STRAIGHT = ("distance", "polyline", "diameter", "calliper", "probe_point")
SAME_MM = 1e-3


@dataclass(frozen=True, slots=True)
class FromReport:
    """What to do to a case, and what was left out."""

    commands: tuple[Command, ...]
    names: tuple[str, ...]
    left_out: tuple[Finding, ...]


def measurements_of(document: Document, content: Mapping[str, Any]) -> FromReport:
    """The measurements of `planning.dicom.measured_report.report_content` as steps for this case. Raises CaseError."""
    case = document.case
    frame = reference_of(case, 0).frame_of_reference
    image = planning_image(case)
    taken = dict(case.measurements)
    added: list[Measurement] = []
    left_out: list[Finding] = []
    for number, group in enumerate(content["groups"], 1):
        name = group["tracking"][:MOST_LETTERS].strip() or f"Measurement {number}"
        if not group["shapes"]:
            continue
        group = {**group, "shapes": [_in_space(shape, image, frame) for shape in group["shapes"]]}
        why, item = _measurement(name, group, frame, image)
        if item is None:
            left_out.append(Finding("not_taken", f"{name}: {why}."))
            continue
        if name in taken and _is_same(taken[name], item):
            left_out.append(Finding("there", f"{name}: the case has it already."))
            continue
        item = _renamed(item, taken)
        taken[item.name] = item
        added.append(item)
    return FromReport(tuple(map(AddMeasurement, added)), tuple(item.name for item in added), tuple(left_out))


def _in_space(shape: Mapping[str, Any], image: Image, frame: str) -> Mapping[str, Any]:
    """A shape on one of the image's own slices as one in patient space; any other as it is."""
    if "points_px" not in shape:
        return shape
    known = () if image.series is None else image.series.instances
    slices = {uid: (k, number) for number, phase in enumerate(known) for k, uid in enumerate(phase)}
    if shape["instance"] not in slices or not shape["points_px"]:
        return {"type": shape["type"], "points_mm": [], "frame": ""}
    pixels = np.asarray(shape["points_px"], dtype=np.float64)
    # the middle of the first pixel is half a pixel from its corner
    k, number = slices[shape["instance"]]
    phase = image.phases[number] if len(image.phases) > 1 else ""
    places = np.column_stack([pixels - 0.5, np.full(len(pixels), float(k))])
    points = image.grid.to_world(places)
    form = shape["type"]
    if form == "CIRCLE" and len(points) == 2:
        # its middle and a place on it
        return {"type": form, "points_mm": [2.0 * points[0] - points[1], points[1]], "frame": frame, "phase": phase}
    if form == "POLYLINE" and len(points) > 3 and np.array_equal(pixels[0], pixels[-1]):
        form = "POLYGON"
    return {"type": form, "points_mm": points, "frame": frame, "phase": phase}


def _measurement(name: str, group: Mapping[str, Any], frame: str, image: Image) -> tuple[str, Measurement | None]:
    if len(group["shapes"]) != 1:
        return "it is told with several shapes", None
    (shape,) = group["shapes"]
    if shape["frame"] != frame:
        return (
            "its points lie in another frame of reference than the image, or on images that the case does not know",
            None,
        )
    found = _kind_and_points(group, shape)
    if found is None:
        return f"no measurement here is made like this ({shape['type'].lower()})", None
    kind, points = found
    try:
        computed = readings(kind, points)
    except MeasurementError as error:
        return error.what[0].lower() + error.what[1:], None
    told = _geometric(group["numbers"])
    if computed and not any(_agrees(one, told) for one in computed):
        return "its points do not make the number that is told", None
    normal = None if kind in STRAIGHT else plane_normal(kind, points, np.array([0.0, 0.0, 1.0]))
    first = computed[0] if computed else Reading("", 0.0, "")
    return "", Measurement(
        name=name,
        kind=kind,
        points_mm=tuple((float(x), float(y), float(z)) for x, y, z in points),
        value=first.value,
        unit=first.unit,
        normal=None if normal is None else (float(normal[0]), float(normal[1]), float(normal[2])),
        readings=_of_image(group["numbers"]),
        image=image.name,
        # places in space alone do not say in which phase of a beat they were seen
        phase=shape.get("phase", ""),
    )


def _kind_and_points(group: Mapping[str, Any], shape: Mapping[str, Any]) -> tuple[str, FloatArray] | None:
    points = np.asarray(shape["points_mm"], dtype=np.float64).reshape(-1, 3)
    form, count, units = shape["type"], len(points), {one["unit"] for one in group["numbers"]}
    finding = group["finding"] or {}
    own = OWN.get((finding.get("value", ""), finding.get("scheme", "")))
    if form == "POLYGON" and count > 3 and np.allclose(points[0], points[-1]):
        return own if own in OUTLINES else "polygon", points[:-1]
    if own is not None:
        return own, points
    is_length, is_angle = bool(units & {"mm", "cm"}), "deg" in units
    if form == "POLYLINE" and count == 3 and is_angle:
        return "angle", points
    if form == "POLYLINE" and is_length and count >= 2:
        return "distance" if count == 2 else "polyline", points
    if form == "CIRCLE":
        return "diameter", points
    if form == "MULTIPOINT" and count == 4 and is_angle:
        return "cobb", points
    if form == "ELLIPSE" and count == 4:
        return "ellipse", points
    if form == "POINT" and count == 1 and _of_image(group["numbers"]):
        return "probe_point", points
    return None


def _geometric(numbers: Sequence[Mapping[str, Any]]) -> list[tuple[float, str]]:
    return [
        (one["value"] * scale, unit)
        for one in numbers
        if one["unit"] in SCALES
        for unit, scale in (SCALES[one["unit"]],)
    ]


def _agrees(computed: Reading, told: Sequence[tuple[float, str]]) -> bool:
    return any(
        unit == computed.unit and abs(value - computed.value) <= max(LEAST, SHARE * abs(computed.value))
        for value, unit in told
    )


def _of_image(numbers: Sequence[Mapping[str, Any]]) -> tuple[Reading, ...]:
    """What the image said in a region or at a place, as it was told."""
    by_code = {None if how is None else how.value: name for name, how in OF_IMAGE.items()}
    plain = {NAMES[name][0].value: name for name in ("Voxels", "Outside the scan")}
    values = {coded.value for coded in VALUES.values()}
    units = {coded.value: unit for unit, coded in UNITS.items()} | EARLIER_UNITS
    found = []
    for one in numbers:
        code = (one["name"] or {}).get("value", "")
        how = (one["derivation"] or {}).get("value")
        if code in values and how in by_code and one["unit"] in units:
            found.append(Reading(by_code[how], one["value"], units[one["unit"]], one["below"]))
        elif code in plain:
            found.append(Reading(plain[code], one["value"], units.get(one["unit"], ""), one["below"]))
    return tuple(found)


def _is_same(one: Measurement, other: Measurement) -> bool:
    if one.kind != other.kind or len(one.points_mm) != len(other.points_mm):
        return False
    # the axes of an ellipse may have changed places
    points, others = (np.array(sorted(item.points_mm)) for item in (one, other))
    return bool(np.abs(points - others).max() < SAME_MM)


def _renamed(item: Measurement, taken: Mapping[str, Measurement]) -> Measurement:
    from dataclasses import replace

    name, count = item.name, 1
    while name in taken:
        count += 1
        name = f"{item.name} ({count})"
    return replace(item, name=name)
