"""The measurements of a structured report, ours or another program's, as plain rows. Runs in the disposable child."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planning.dicom.damaged import refused_as
from planning.dicom.elements import CONTROL, clean_text
from planning.dicom.header import quiet_pydicom
from planning.errors import InputError

GROUP, TRACKING, TRACKING_UID = ("125007", "DCM"), ("112039", "DCM"), ("112040", "DCM")
FINDING, SITE, DERIVATION, COMMENT = ("121071", "DCM"), ("363698007", "SCT"), ("121401", "DCM"), ("121106", "DCM")
UPPER, LOWER = ("371886008", "SCT"), ("371885007", "SCT")
# earlier editions wrote these by SNOMED-RT codes
SITES = (SITE, ("G-C0E3", "SRT"))
UPPERS, LOWERS = (UPPER, ("R-00364", "SRT")), (LOWER, ("R-00362", "SRT"))
FINDINGS = (FINDING, ("276214006", "SCT"))
SEGMENTATIONS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
DEEPEST, MOST_ROWS = 40, 20_000
# how far the text of a number may lie from its other form
ROUNDED = 1e-6


def report_content(path: Path, name: str) -> dict[str, Any]:
    """{"title", "comments", "groups": [{"tracking", "finding", "site", "roi", "polygon_mm", "shapes", "segment", "numbers"}]}.

    Codes are {"value", "scheme", "meaning"}; "shapes" are {"type", "points_mm", "frame"} in patient space or
    {"type", "points_px", "instance"} on an image, from the corner of its first pixel; "roi" is "planar",
    "volumetric" or "none". A group's numbers have "name", "derivation", "value", "unit", "below", "above". Nothing of the
    patient. Raises InputError.
    """
    pydicom = quiet_pydicom()
    unreadable = InputError(f"{name} is no DICOM file that can be read", "Name a structured report", "report")
    with refused_as(unreadable):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        modality = str(dataset.get("Modality", ""))
    if modality != "SR" or "ContentSequence" not in dataset:
        raise InputError(f"{name} is no structured report", "Name a DICOM SR file", "report")
    with refused_as(InputError(f"{name} is damaged in its content", "Ask for the file again", "report")):
        items = list(_walk(dataset, 0))
        groups = [_group(item) for item in items if _name(item) == GROUP]
        comments = [CONTROL.sub(" ", str(item.TextValue)) for item in dataset.ContentSequence if _name(item) == COMMENT]
        return {"title": _code(dataset.get("ConceptNameCodeSequence")), "comments": comments, "groups": groups}


def _walk(item: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise ValueError("items within items without end")
    for child in item.get("ContentSequence") or ():
        yield child
        yield from _walk(child, depth + 1)


def _group(item: Any) -> dict[str, Any]:
    children = list(item.get("ContentSequence") or ())[:MOST_ROWS]
    numbers = [_number(child) for child in children if child.get("ValueType") == "NUM"]
    polygon, segment, is_region = None, None, False
    shapes: list[dict[str, Any]] = []
    for child in _walk(item, 0):
        kind = child.get("ValueType")
        if kind == "SCOORD3D":
            is_region = True
            data = [float(v) for v in child.GraphicData]
            points = [data[n : n + 3] for n in range(0, len(data) - 2, 3)]
            frame = str(child.get("ReferencedFrameOfReferenceUID", ""))
            shapes.append({"type": str(child.get("GraphicType", "")), "points_mm": points, "frame": frame})
            polygon = points if polygon is None else polygon
        elif kind == "SCOORD":
            is_region = True
            data = [float(v) for v in child.GraphicData]
            places = [data[n : n + 2] for n in range(0, len(data) - 1, 2)]
            shapes.append(
                {"type": str(child.get("GraphicType", "")), "points_px": places, "instance": _image_of(child)}
            )
        elif kind == "IMAGE":
            to = child.ReferencedSOPSequence[0]
            if str(to.ReferencedSOPClassUID) in SEGMENTATIONS:
                segment = {
                    "sop_instance": str(to.ReferencedSOPInstanceUID),
                    "number": int(to.get("ReferencedSegmentNumber") or 0),
                }
    return {
        "tracking": _string_of(children, TRACKING),
        "finding": next((_code(one.ConceptCodeSequence) for one in children if _name(one) in FINDINGS), None),
        "site": next((_code(one.ConceptCodeSequence) for one in children if _name(one) in SITES), None),
        "roi": "volumetric" if segment is not None else ("planar" if is_region else "none"),
        "polygon_mm": polygon,
        "shapes": shapes,
        "segment": segment,
        "numbers": [one for one in numbers if one is not None],
    }


def _image_of(region: Any) -> str:
    """The SOP instance that a region in pixels was drawn on; empty for a frame of several, or where none is told."""
    for child in region.get("ContentSequence") or ():
        to = child.get("ReferencedSOPSequence") or ()
        if child.get("ValueType") == "IMAGE" and to and "ReferencedFrameNumber" not in to[0]:
            return str(to[0].ReferencedSOPInstanceUID)
    return ""


def _number(item: Any) -> dict[str, Any] | None:
    """A number with its unit; None where the report says that there is none."""
    measured = item.get("MeasuredValueSequence") or ()
    if not measured:
        return None
    children = list(item.get("ContentSequence") or ())
    return {
        "name": _code(item.ConceptNameCodeSequence),
        "derivation": next((_code(one.ConceptCodeSequence) for one in children if _name(one) == DERIVATION), None),
        "value": _value(measured[0]),
        "unit": clean_text(str(measured[0].MeasurementUnitsCodeSequence[0].CodeValue)),
        "below": next((_value(one.MeasuredValueSequence[0]) for one in children if _name(one) in LOWERS), None),
        "above": next((_value(one.MeasuredValueSequence[0]) for one in children if _name(one) in UPPERS), None),
    }


def _value(measured: Any) -> float:
    # the decimal text holds sixteen characters; the other field, where it is there, every digit
    told, exact = float(measured.NumericValue), measured.get("FloatingPointValue")
    if exact is not None and abs(float(exact) - told) > ROUNDED * max(1.0, abs(told)):
        raise ValueError("a number that is told in two ways")
    value = told if exact is None else float(exact)
    if not math.isfinite(value):
        raise ValueError("a number without a value")
    return value


def _name(item: Any) -> tuple[str, str]:
    named = item.get("ConceptNameCodeSequence") or ()
    return (str(named[0].get("CodeValue", "")), str(named[0].CodingSchemeDesignator)) if named else ("", "")


def _code(sequence: Any) -> dict[str, str] | None:
    if not sequence:
        return None
    one = sequence[0]
    return {
        "value": clean_text(str(one.get("CodeValue") or one.get("LongCodeValue") or "")),
        "scheme": clean_text(str(one.get("CodingSchemeDesignator", ""))),
        "meaning": clean_text(str(one.get("CodeMeaning", ""))),
    }


def _string_of(items: list[Any], name: tuple[str, str]) -> str:
    return next((clean_text(str(getattr(one, "TextValue", ""))) for one in items if _name(one) == name), "")
