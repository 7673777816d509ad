"""Numbers and text out of DICOM elements, from pydicom's data sets and from `QuickHeader` alike.

Numbers are parsed here and not by pydicom: a decimal comma, "NaN" or an over-long string must be noticed, not coerced.
"""

from __future__ import annotations

import math
import re
import struct
from typing import Any

ROWS, COLUMNS, FRAMES, SAMPLES = 0x00280010, 0x00280011, 0x00280008, 0x00280002
BITS_ALLOCATED, BITS_STORED, HIGH_BIT, PIXEL_REPRESENTATION = 0x00280100, 0x00280101, 0x00280102, 0x00280103
PADDING, PADDING_LIMIT = 0x00280120, 0x00280121
POSITION, ORIENTATION, SPACING = 0x00200032, 0x00200037, 0x00280030
SLOPE, INTERCEPT = 0x00281053, 0x00281052
TRIGGER_TIME, TEMPORAL_POSITION, ACQUISITION_NUMBER = 0x00181060, 0x00200100, 0x00200012
ACQUISITION_TIME, CONTENT_TIME, GE_DELTA_START = 0x00080032, 0x00080033, 0x0043101E
PHASE_PERCENT, PHASE_DELAY, RR_INTERVAL, ACTUAL_DELAY = 0x00209241, 0x00209153, 0x00209251, 0x00209252
TEMPORAL_INDEX, FRAME_ACQUISITION = 0x00209128, 0x00209156
STACK_ID, IN_STACK_POSITION = 0x00209056, 0x00209057
SHARED_GROUPS, PER_FRAME_GROUPS = 0x52009229, 0x52009230

KEYWORD_TAGS = {
    "SpecificCharacterSet": 0x00080005,
    "ImageType": 0x00080008,
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyDate": 0x00080020,
    "StudyDescription": 0x00081030,
    "AccessionNumber": 0x00080050,
    "Modality": 0x00080060,
    "Manufacturer": 0x00080070,
    "SeriesDescription": 0x0008103E,
    "ManufacturerModelName": 0x00081090,
    "PatientName": 0x00100010,
    "PatientID": 0x00100020,
    "PatientBirthDate": 0x00100030,
    "PatientSex": 0x00100040,
    "PatientAge": 0x00101010,
    "ContrastBolusAgent": 0x00180010,
    "ContrastBolusRoute": 0x00181040,
    "ScanOptions": 0x00180022,
    "CardiacSynchronizationTechnique": 0x00189037,
    "SliceThickness": 0x00180050,
    "KVP": 0x00180060,
    "EchoTime": 0x00180081,
    "ConvolutionKernel": 0x00181210,
    "PatientPosition": 0x00185100,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "FrameOfReferenceUID": 0x00200052,
    "ImageComments": 0x00204000,
    "StackID": STACK_ID,
    "RescaleType": 0x00281054,
    "LossyImageCompression": 0x00282110,
    "Units": 0x00541001,
}
NUMBER_TAGS = frozenset(
    (
        ROWS,
        COLUMNS,
        FRAMES,
        SAMPLES,
        BITS_ALLOCATED,
        BITS_STORED,
        HIGH_BIT,
        PIXEL_REPRESENTATION,
        PADDING,
        PADDING_LIMIT,
        POSITION,
        ORIENTATION,
        SPACING,
        SLOPE,
        INTERCEPT,
        TRIGGER_TIME,
        TEMPORAL_POSITION,
        ACQUISITION_NUMBER,
        ACQUISITION_TIME,
        CONTENT_TIME,
        GE_DELTA_START,
        PHASE_PERCENT,
        PHASE_DELAY,
        RR_INTERVAL,
        ACTUAL_DELAY,
    )
)
# where a file does not say (implicit VR, UN); everything else that is read here is text
BINARY_KINDS = {
    ROWS: "US",
    COLUMNS: "US",
    SAMPLES: "US",
    BITS_ALLOCATED: "US",
    BITS_STORED: "US",
    HIGH_BIT: "US",
    PIXEL_REPRESENTATION: "US",
    PADDING: "US",
    PADDING_LIMIT: "US",
    PHASE_PERCENT: "FD",
    PHASE_DELAY: "FD",
    RR_INTERVAL: "FD",
    ACTUAL_DELAY: "FD",
    TEMPORAL_INDEX: "UL",
    FRAME_ACQUISITION: "US",
    IN_STACK_POSITION: "UL",
    GE_DELTA_START: "FD",
}
STRUCT_LETTERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LONGEST_TEXT = 200


def numbers(dataset: Any, tag: int) -> tuple[float, ...] | None:
    """The element's numbers; None when it is absent, empty, or any of it is no finite number."""
    element = dataset.get_item(tag)
    if element is None or element.value is None:
        return None
    value = element.value
    if isinstance(value, bytes):
        value = _parts(value, element.VR, tag, element.is_little_endian)
    elif isinstance(value, str):
        value = value.split("\\")
    elif not hasattr(value, "__iter__"):
        value = (value,)
    parsed = []
    for item in value:
        if type(item) in (int, float):
            parsed.append(float(item))
            continue
        text_form = str(getattr(item, "original_string", item)).strip(" \x00\t")
        if not PLAIN_NUMBER.fullmatch(text_form):
            return None
        parsed.append(float(text_form))
    return tuple(parsed) if parsed and all(map(math.isfinite, parsed)) else None


def _parts(value: bytes, kind: str | None, tag: int, little: bool) -> Any:
    if kind is None or kind == "UN":
        kind = BINARY_KINDS.get(tag, "DS")
    letter = STRUCT_LETTERS.get(kind)
    if letter is None:
        return value.decode("latin-1").split("\\")
    width = struct.calcsize(f"<{letter}")
    return struct.unpack_from(f"{'<' if little else '>'}{len(value) // width}{letter}", value)


def number(dataset: Any, tag: int) -> float | None:
    """The element's first number, None when there is none."""
    found = numbers(dataset, tag)
    return found[0] if found else None


def clean_text(value: str) -> str:
    """Text for people: no control characters, single blanks, at most 200 letters."""
    return " ".join(CONTROL.sub(" ", value).split())[:LONGEST_TEXT]


def text(dataset: Any, keyword: str) -> str:
    """An element as clean text; "" when it is absent or cannot be decoded, never an error."""
    try:
        value = dataset.get(keyword)
    except Exception:
        # what cannot be decoded breaks its reader in any way
        return ""
    if value is None:
        return ""
    if not isinstance(value, str) and hasattr(value, "__iter__") and not hasattr(value, "original_string"):
        value = "\\".join(str(item) for item in value) if not hasattr(value, "components") else str(value)
    return clean_text(str(value))


def seconds_of_day(dataset: Any, tag: int) -> float | None:
    """A DICOM time (HHMMSS.ffffff) as seconds since midnight."""
    element = dataset.get_item(tag)
    if element is None or element.value is None:
        return None
    value = element.value.decode("latin-1") if isinstance(element.value, bytes) else str(element.value)
    found = re.match(r"(\d{2}):?(\d{2}):?(\d{2}(?:\.\d{1,6})?)", value.strip())
    return int(found[1]) * 3600.0 + int(found[2]) * 60.0 + float(found[3]) if found else None
