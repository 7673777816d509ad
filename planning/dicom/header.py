"""Reads what a DICOM file says of itself, without its pixels. Runs in the disposable child.

Numbers are parsed here and not by pydicom: a decimal comma, "NaN" or an over-long string must be noticed, not coerced.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import re
import zlib
from collections.abc import Iterator
from typing import Any, Literal

from planning.dicom.model import FileFacts, Frame, PixelForm
from planning.errors import DicomError

IMPLICIT, EXPLICIT, DEFLATED, BIG = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
)
NATIVE = (IMPLICIT, EXPLICIT, DEFLATED, BIG)
LOSSY = (
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.53",
    "1.2.840.10008.1.2.4.55",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.203",
)
VOLUME_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.2": "CT",
    "1.2.840.10008.5.1.4.1.1.2.1": "CT",
    "1.2.840.10008.5.1.4.1.1.2.2": "CT",
    "1.2.840.10008.5.1.4.1.1.4": "MR",
    "1.2.840.10008.5.1.4.1.1.4.1": "MR",
    "1.2.840.10008.5.1.4.1.1.4.4": "MR",
    "1.2.840.10008.5.1.4.1.1.128": "PT",
    "1.2.840.10008.5.1.4.1.1.130": "PT",
    "1.2.840.10008.5.1.4.1.1.128.1": "PT",
}
MOST_INFLATED_BYTES = 64 << 20
MOST_PIXELS = 1 << 32

ROWS, COLUMNS, FRAMES = 0x00280010, 0x00280011, 0x00280008
POSITION, ORIENTATION, SPACING = 0x00200032, 0x00200037, 0x00280030
SLOPE, INTERCEPT = 0x00281053, 0x00281052
SHARED, PER_FRAME = 0x52009229, 0x52009230


def open_dataset(path: str) -> tuple[Any, int, int, str]:
    """(dataset without pixels, offset of the pixel values, their length, transfer syntax).

    The offset is 0 when the file has no pixels; the length is -1 for compressed ones of undefined length. For a
    deflated file the offset counts in the inflated bytes. Raises DicomError with a plain reason.
    """
    import pydicom
    from pydicom.errors import InvalidDicomError

    size = os.path.getsize(path)
    with open(path, "rb") as file:
        start = file.read(132)
        if len(start) == 0:
            raise DicomError("the file is empty", code="not_dicom")
        has_preamble = start[128:132] == b"DICM"
        looks_bare = start[:2] in (b"\x08\x00", b"\x02\x00") and start[3:4] == b"\x00"
        if not has_preamble and not looks_bare:
            raise DicomError(f"not a DICOM file{_what_else(start)}", code="not_dicom")
        file.seek(0)
        try:
            source: Any = file
            syntax = _transfer_syntax(file) if has_preamble else IMPLICIT
            file.seek(0)
            if syntax == DEFLATED:
                source = io.BytesIO(inflate(file.read()))
                size = len(source.getbuffer())
            dataset = pydicom.dcmread(source, stop_before_pixels=True, force=not has_preamble, defer_size=1 << 16)
            if syntax == DEFLATED:
                syntax = EXPLICIT
                offset, length = _pixel_place(source, DEFLATED, size)
                return dataset, offset, length, DEFLATED
            offset, length = _pixel_place(source, syntax, size)
        except InvalidDicomError as error:
            raise DicomError("not a DICOM file", code="not_dicom") from error
        except RecursionError as error:
            raise DicomError("its sequences are nested too deeply", code="not_dicom") from error
        except MemoryError as error:
            raise DicomError("reading it would need too much memory", code="not_dicom") from error
        except (
            OSError,
            EOFError,
            ValueError,
            KeyError,
            AttributeError,
            TypeError,
            IndexError,
            NotImplementedError,
            OverflowError,
            zlib.error,
            UnicodeError,
        ) as error:
            raise DicomError("the file is damaged in its header", code="truncated") from error
    return dataset, offset, length, syntax


def _what_else(start: bytes) -> str:
    if start.startswith(b"%PDF"):
        return " (a PDF)"
    if start.startswith((b"\x89PNG", b"\xff\xd8")):
        return " (a picture)"
    if start.isascii() and all(byte >= 9 for byte in start):
        return " (text)"
    return ""


def _transfer_syntax(file: Any) -> str:
    from pydicom.filereader import read_file_meta_info

    file.seek(132)
    file.seek(0)
    meta = read_file_meta_info(file.name)
    return str(getattr(meta, "TransferSyntaxUID", IMPLICIT))


def inflate(data: bytes) -> bytes:
    """A deflated file as an explicit little-endian one, no larger than the limit. Raises DicomError beyond it."""
    group_length = int.from_bytes(data[140:144], "little") if data[132:136] == b"\x02\x00\x00\x00" else 0
    body = 144 + group_length
    if not group_length or body >= len(data):
        raise DicomError("the file is damaged in its header", code="truncated")
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    raw = stream.decompress(data[body:], MOST_INFLATED_BYTES)
    if stream.unconsumed_tail:
        raise DicomError(f"it would unpack to more than {MOST_INFLATED_BYTES >> 20} MB", code="bomb")
    meta = data[132:body].replace(b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.1\x00\x00\x00")
    return data[:132] + meta + raw


def _pixel_place(file: Any, syntax: str, size: int) -> tuple[int, int]:
    at = file.tell()
    order: Literal["big", "little"] = "big" if syntax == BIG else "little"
    head = file.read(12)
    if (
        len(head) < 8
        or int.from_bytes(head[:2], order) != 0x7FE0
        or int.from_bytes(head[2:4], order) not in (0x10, 8, 9)
    ):
        return 0, 0
    if syntax == IMPLICIT:
        length, offset = int.from_bytes(head[4:8], order), at + 8
    else:
        length, offset = int.from_bytes(head[8:12], order), at + 12
    if length == 0xFFFFFFFF:
        return offset, -1
    if offset + length > size:
        raise DicomError("the file is cut off in its pixels", code="truncated")
    return offset, length


def numbers(dataset: Any, tag: int) -> tuple[float, ...] | None:
    """The element's numbers; None when it is absent, empty, or any of it is no finite number."""
    element = dataset.get_item(tag)
    if element is None or element.value is None:
        return None
    value = element.value
    if isinstance(value, bytes):
        if element.VR not in (None, "DS", "IS", "UN", "LO", "SH") and element.VR in (
            "US",
            "SS",
            "FD",
            "FL",
            "UL",
            "SL",
        ):
            value = dataset[tag].value
        elif element.VR is None or element.VR in ("DS", "IS", "UN", "LO", "SH"):
            value = _binary_or_text(dataset, tag, value)
    if isinstance(value, str):
        value = value.split("\\")
    if not isinstance(value, list | tuple) and not hasattr(value, "__iter__"):
        value = [value]
    parsed = []
    for item in value:
        text = str(getattr(item, "original_string", item)).replace("\x00", "").strip()
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
            return None
        parsed.append(float(text))
    return tuple(parsed) if parsed and all(map(math.isfinite, parsed)) else None


def _binary_or_text(dataset: Any, tag: int, value: bytes) -> Any:
    from pydicom.datadict import dictionary_has_tag, dictionary_VR

    known = dictionary_VR(tag) if dictionary_has_tag(tag) else "DS"
    if known in ("DS", "IS"):
        return value.decode("latin-1")
    if known == "FD" and len(value) % 8 == 0:
        import struct

        order = "<" if dataset.get_item(tag).is_little_endian else ">"
        return list(struct.unpack(f"{order}{len(value) // 8}d", value))
    if known in ("US", "SS") or "US" in known:
        order = "little" if dataset.get_item(tag).is_little_endian else "big"
        return [int.from_bytes(value[n : n + 2], order, signed=known == "SS") for n in range(0, len(value) - 1, 2)]  # type: ignore[arg-type]
    return value.decode("latin-1")


def number(dataset: Any, tag: int) -> float | None:
    """The element's first number, None when there is none."""
    found = numbers(dataset, tag)
    return found[0] if found else None


def text(dataset: Any, keyword: str) -> str:
    """An element as clean text: no control characters, at most 200 letters, never an error."""
    try:
        value = dataset.get(keyword)
    except (ValueError, TypeError, LookupError, UnicodeError, AttributeError, NotImplementedError):
        return ""
    if value is None:
        return ""
    if not isinstance(value, str) and hasattr(value, "__iter__"):
        value = "\\".join(str(item) for item in value)
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", str(value)).split())[:200]


def read_facts(path: str, file_number: int) -> FileFacts:
    """Everything that grouping and decoding need to know of one file. Raises DicomError with a plain reason."""
    dataset, offset, length, syntax = open_dataset(path)
    sop_class = text(dataset, "SOPClassUID")
    modality = text(dataset, "Modality")
    pixels = _pixel_form(dataset, syntax, offset, length)
    image_type = text(dataset, "ImageType").split("\\")
    samples = number(dataset, 0x00280002) or 1
    is_volume = (sop_class in VOLUME_CLASSES or (not sop_class and modality in ("CT", "MR", "PT"))) and samples == 1
    facts = FileFacts(
        path=path,
        patient=_digest(text(dataset, "PatientID") + "|" + text(dataset, "PatientName")),
        study_uid=text(dataset, "StudyInstanceUID"),
        series_uid=text(dataset, "SeriesInstanceUID") or "no series UID",
        frame_of_reference=text(dataset, "FrameOfReferenceUID"),
        modality=modality or "OT",
        sop_class=sop_class,
        description=text(dataset, "SeriesDescription"),
        image_kind="LOCALIZER" if "LOCALIZER" in image_type else "",
        is_volume_class=is_volume and pixels is not None,
        is_lossy=syntax in LOSSY or text(dataset, "LossyImageCompression") == "01",
        echo=text(dataset, "EchoTime") if modality == "MR" else "",
        study=_study(dataset, modality),
        shown=_shown(dataset),
        identifiers=_identifiers(dataset),
        pixels=pixels,
        frames=(),
    )
    if not facts.is_volume_class:
        if sop_class in VOLUME_CLASSES and pixels is None:
            raise DicomError("the file is cut off before its pixels", code="truncated")
        if not sop_class and not modality and pixels is None:
            raise DicomError(
                "nothing in it can be understood (its transfer syntax may be a wrong one)", code="not_dicom"
            )
        return facts
    _check_budget(facts)
    frames = tuple(_frames(dataset, facts, file_number))
    return _with_frames(facts, frames)


def _with_frames(facts: FileFacts, frames: tuple[Frame, ...]) -> FileFacts:
    from dataclasses import replace

    return replace(facts, frames=frames)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:16]


def _study(dataset: Any, modality: str) -> dict[str, str]:
    """Facts that plans and reports want and that name nobody."""
    age = text(dataset, "PatientAge")
    facts = {
        "age": age
        if re.fullmatch(r"\d{3}[YMWD]", age) and age <= "089Y"
        else ("090Y" if age.endswith("Y") and age else ""),
        "sex": text(dataset, "PatientSex") if text(dataset, "PatientSex") in ("F", "M", "O") else "",
        "kernel": text(dataset, "ConvolutionKernel"),
        "kvp": text(dataset, "KVP"),
        "slice_thickness_mm": text(dataset, "SliceThickness"),
        "manufacturer": text(dataset, "Manufacturer"),
        "scanner": text(dataset, "ManufacturerModelName"),
        "year": text(dataset, "StudyDate")[:4],
        "position": text(dataset, "PatientPosition"),
        "contrast": "yes" if text(dataset, "ContrastBolusAgent") else "",
        "units": text(dataset, "Units") if modality == "PT" else "",
    }
    return {key: value for key, value in facts.items() if value}


def _shown(dataset: Any) -> dict[str, str]:
    """Facts by which a person tells series apart; they are listed and never kept."""
    technique, options = text(dataset, "CardiacSynchronizationTechnique"), text(dataset, "ScanOptions").upper()
    named = any(word in options for word in ("CARDIAC", "ECG", "GATED", "HEART", "RETRO", "PROSPECTIVE"))
    is_gated = (
        technique not in ("", "NONE")
        or named
        or any(number(dataset, tag) for tag in (PERCENT_TAG, DELAY_TAG, TRIGGER_TAG))
    )
    facts = {
        "study_description": text(dataset, "StudyDescription"),
        "study_date": text(dataset, "StudyDate"),
        "gated": "yes" if is_gated else "",
    }
    return {key: value for key, value in facts.items() if value}


def _identifiers(dataset: Any) -> dict[str, str]:
    named = {
        "name": "PatientName",
        "number": "PatientID",
        "birth date": "PatientBirthDate",
        "study date": "StudyDate",
        "accession": "AccessionNumber",
    }
    return {key: value for key, keyword in named.items() if (value := text(dataset, keyword))}


def _pixel_form(dataset: Any, syntax: str, offset: int, length: int) -> PixelForm | None:
    rows, columns = number(dataset, ROWS), number(dataset, COLUMNS)
    if not offset or not rows or not columns:
        return None
    allocated = int(number(dataset, 0x00280100) or 16)
    stored = int(number(dataset, 0x00280101) or allocated)
    signed = bool(number(dataset, 0x00280103) or 0)
    return PixelForm(
        transfer_syntax=syntax,
        rows=int(rows),
        columns=int(columns),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=int(number(dataset, 0x00280102) or stored - 1),
        is_signed=signed,
        frames=max(1, int(number(dataset, FRAMES) or 1)),
        offset=offset,
        length=length,
        padding=_padding(dataset, 0x00280120, signed),
        padding_limit=_padding(dataset, 0x00280121, signed),
    )


def _padding(dataset: Any, tag: int, signed: bool) -> float | None:
    """Its VR is US or SS and often the wrong one: the pixels' own sign decides."""
    value = number(dataset, tag)
    if value is None:
        return None
    whole = int(value) & 0xFFFF
    return float(whole - 0x10000 if signed and whole >= 0x8000 else whole)


def _check_budget(facts: FileFacts) -> None:
    form = facts.pixels
    assert form is not None
    if form.bits_allocated not in (8, 16, 32) or not 1 <= form.bits_stored <= form.bits_allocated:
        raise DicomError(f"its pixels have {form.bits_stored} of {form.bits_allocated} bits", code="not_decodable")
    values = form.rows * form.columns * form.frames
    if values > MOST_PIXELS or form.rows > 1 << 15 or form.columns > 1 << 15:
        raise DicomError(
            f"it claims {form.frames} images of {form.columns}×{form.rows}, which cannot be", code="truncated"
        )
    if form.transfer_syntax in NATIVE and form.length < values * form.bits_allocated // 8:
        raise DicomError("its pixels are shorter than it claims", code="truncated")
    if form.transfer_syntax not in NATIVE and form.frames > 100_000:
        raise DicomError(f"it claims {form.frames} images, which cannot be", code="truncated")


def _frames(dataset: Any, facts: FileFacts, file_number: int) -> Iterator[Frame]:
    sop_uid = text(dataset, "SOPInstanceUID")
    form = facts.pixels
    assert form is not None
    per_frame = _items(dataset, PER_FRAME)
    if not per_frame:
        for frame in range(form.frames):
            yield _frame([dataset], file_number, frame, sop_uid, classic_phase_keys(dataset), "")
        return
    if len(per_frame) != form.frames:
        raise DicomError(f"it describes {len(per_frame)} images and claims {form.frames}", code="truncated")
    shared = _items(dataset, SHARED)
    for frame, group in enumerate(per_frame):
        sources = [*_group_items(group), *(item for top in shared for item in _group_items(top))]
        content = next(
            (item for item in sources if item.get_item(0x00209056) is not None or item.get_item(0x00209057)), None
        )
        stack = text(content, "StackID") if content is not None else ""
        yield _frame(sources, file_number, frame, sop_uid, enhanced_phase_keys(sources), stack)


def _items(dataset: Any, tag: int) -> list[Any]:
    if dataset.get_item(tag) is None:
        return []
    value = dataset[tag].value
    return list(value) if value is not None else []


def _group_items(group: Any) -> list[Any]:
    """The items of all sequences of a functional group."""
    found = []
    for element in group:
        if element.VR == "SQ" and element.value:
            found += list(element.value)
    return found


def _first(sources: list[Any], tag: int) -> tuple[float, ...] | None:
    for source in sources:
        if source.get_item(tag) is not None:
            return numbers(source, tag)
    return None


def _frame(sources: list[Any], file_number: int, frame: int, sop_uid: str, keys: dict[str, float], stack: str) -> Frame:
    slope, intercept = _first(sources, SLOPE), _first(sources, INTERCEPT)
    position, orientation, spacing = (_first(sources, tag) for tag in (POSITION, ORIENTATION, SPACING))
    return Frame(
        file=file_number,
        frame=frame,
        sop_uid=sop_uid,
        position=position if position and len(position) == 3 else None,
        orientation=orientation if orientation and len(orientation) == 6 else None,
        spacing=spacing if spacing and len(spacing) == 2 else None,
        slope=slope[0] if slope else 1.0,
        intercept=intercept[0] if intercept else 0.0,
        has_rescale=slope is not None and intercept is not None,
        stack=stack,
        phase_keys=keys,
    )


PERCENT_TAG, DELAY_TAG, ACTUAL_DELAY_TAG, RR_TAG, TRIGGER_TAG = (
    0x00209241,
    0x00209153,
    0x00209252,
    0x00209251,
    0x00181060,
)


def classic_phase_keys(dataset: Any) -> dict[str, float]:
    """Values by which slices at one place may belong to different phases, in the order in which they are tried."""
    keys: dict[str, float] = {}
    _put(keys, "percent", number(dataset, PERCENT_TAG))
    _put(keys, "delay_ms", _or(number(dataset, DELAY_TAG), number(dataset, ACTUAL_DELAY_TAG)))
    _put(keys, "scan_options_percent", _percent_in(text(dataset, "ScanOptions")))
    _put(keys, "trigger_ms", number(dataset, TRIGGER_TAG))
    _put(keys, "temporal", number(dataset, 0x00200100))
    for keyword in ("ImageComments", "SeriesDescription"):
        _put(keys, f"guessed_{keyword}", _percent_in(text(dataset, keyword)))
    _put(keys, "acquisition", number(dataset, 0x00200012))
    for tag in (0x00080032, 0x00080033):
        _put(keys, f"time_{tag:08x}", number(dataset, tag))
    return keys


def enhanced_phase_keys(sources: list[Any]) -> dict[str, float]:
    """The same for one frame of a multi-frame file."""
    keys: dict[str, float] = {}
    for name, tag in (
        ("percent", PERCENT_TAG),
        ("delay_ms", DELAY_TAG),
        ("temporal", 0x00209128),
        ("acquisition", 0x00209156),
    ):
        found = _first(sources, tag)
        _put(keys, name, found[0] if found else None)
    return keys


def _put(keys: dict[str, float], name: str, value: float | None) -> None:
    if value is not None:
        keys[name] = value


def _or(first: float | None, second: float | None) -> float | None:
    return second if first is None else first


def _percent_in(value: str) -> float | None:
    found = re.search(r"(\d{1,3}(?:\.\d+)?)\s*(%|ms\b)", value) or re.search(r"\bTP(\d{1,3})\b", value)
    return float(found[1]) if found else None
