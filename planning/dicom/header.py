"""Reads what a DICOM file says of itself, without its pixels. Runs in the disposable child.

Plain files go through `quick`; pydicom reads whatever is unusual.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from planning.dicom.damaged import refused_as
from planning.dicom.elements import (
    ACQUISITION_NUMBER,
    ACQUISITION_TIME,
    ACTUAL_DELAY,
    BITS_ALLOCATED,
    BITS_STORED,
    COLUMNS,
    CONTENT_TIME,
    FRAME_ACQUISITION,
    FRAMES,
    GE_DELTA_START,
    HIGH_BIT,
    IN_STACK_POSITION,
    INTERCEPT,
    ORIENTATION,
    PADDING,
    PADDING_LIMIT,
    PER_FRAME_GROUPS,
    PHASE_DELAY,
    PHASE_PERCENT,
    PIXEL_REPRESENTATION,
    POSITION,
    ROWS,
    SAMPLES,
    SHARED_GROUPS,
    SLOPE,
    SPACING,
    STACK_ID,
    TEMPORAL_INDEX,
    TEMPORAL_POSITION,
    TRIGGER_TIME,
    number,
    numbers,
    seconds_of_day,
    text,
)
from planning.dicom.model import FileFacts, Frame, PixelForm
from planning.dicom.quick import BIG, DEFLATED, EXPLICIT, IMPLICIT, read_quick, walk_meta
from planning.dicom.suv import PET_IMAGE, suv_factor
from planning.errors import DicomError

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
META_BYTES = 1 << 14
SUV, HU = "SUV", "HU"
MOST_PIXELS = 1 << 32


def open_dataset(path: str) -> tuple[Any, int, int, str]:
    """(header, offset of the pixel values, their length, transfer syntax).

    The header answers `get_item` and `get`. The offset is 0 when the file has no pixels; the length is -1 for
    compressed ones of undefined length. For a deflated file the offset counts in the inflated bytes. Raises DicomError
    with a plain reason.
    """
    with open(path, "rb", buffering=0) as file:
        quick = read_quick(file)
        if quick is not None:
            if quick.length > 0 and quick.offset + quick.length > os.fstat(file.fileno()).st_size:
                raise DicomError("the file is cut off in its pixels", code="truncated")
            return quick.header, quick.offset, quick.length, quick.transfer_syntax
    return _open_by_pydicom(path)


def quiet_pydicom() -> Any:
    """pydicom, told to take values as they are and to keep its opinions of them to itself."""
    import logging

    import pydicom
    from pydicom import config

    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    config.settings.reading_validation_mode = config.IGNORE
    return pydicom


def _open_by_pydicom(path: str) -> tuple[Any, int, int, str]:
    pydicom = quiet_pydicom()
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
            syntax = _transfer_syntax(file, has_preamble)
            if syntax == DEFLATED:
                source = io.BytesIO(inflate(file.read()))
                size = len(source.getbuffer())
            dataset = pydicom.dcmread(source, stop_before_pixels=True, force=not has_preamble, defer_size=1 << 16)
            offset, length = _pixel_place(source, syntax, size)
        except InvalidDicomError as error:
            raise DicomError("not a DICOM file", code="not_dicom") from error
        except RecursionError as error:
            raise DicomError("its sequences are nested too deeply", code="not_dicom") from error
        except MemoryError as error:
            raise DicomError("reading it would need too much memory", code="not_dicom") from error
        except DicomError:
            raise
        except Exception as error:
            if _is_of_disk(error):
                raise
            # libraries meet damaged bytes with errors of every kind
            raise DicomError("the file is damaged in its header", code="truncated") from error
    return dataset, offset, length, syntax


def _what_else(start: bytes) -> str:
    if start.startswith(b"%PDF"):
        return " (a PDF)"
    if start.startswith((b"\x89PNG", b"\xff\xd8")):
        return " (a picture)"
    if start.startswith(b"PK"):
        return " (an empty or damaged zip)"
    if start.isascii() and all(byte >= 9 for byte in start):
        return " (text)"
    return ""


def _transfer_syntax(file: Any, has_preamble: bool) -> str:
    """The file's own word; where meta elements are missing the first element's VR tells."""
    start = file.read(META_BYTES)
    file.seek(0)
    syntax, at = walk_meta(start, 132 if has_preamble else 0)
    if syntax or has_preamble:
        return syntax or IMPLICIT
    kind = start[at + 4 : at + 6]
    return EXPLICIT if kind.isalpha() and kind.isupper() else IMPLICIT


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


def read_facts(path: str, file_number: int) -> FileFacts:
    """Everything that grouping and decoding need to know of one file. Raises DicomError with a plain reason."""
    with refused_as(DicomError("the file is damaged in its header", code="truncated")):
        try:
            return _facts(path, file_number)
        except OSError as error:
            if not _is_of_disk(error):
                raise
            raise DicomError(f"it cannot be read ({error.strerror})", code="unreadable") from error


def _is_of_disk(error: Exception) -> bool:
    """Whether the system does not give the file. Damaged bytes lead readers to places that no file has: that is theirs."""
    return isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)


def _facts(path: str, file_number: int) -> FileFacts:
    dataset, offset, length, syntax = open_dataset(path)
    sop_class = text(dataset, "SOPClassUID")
    modality = text(dataset, "Modality")
    pixels = _pixel_form(dataset, syntax, offset, length)
    image_type = text(dataset, "ImageType").split("\\")
    samples = number(dataset, SAMPLES) or 1
    is_volume = (sop_class in VOLUME_CLASSES or (not sop_class and modality in ("CT", "MR", "PT"))) and samples == 1
    facts = FileFacts(
        path=path,
        patient=_digest(text(dataset, "PatientID") + "|" + text(dataset, "PatientName")),
        study_uid=text(dataset, "StudyInstanceUID"),
        series_uid=text(dataset, "SeriesInstanceUID") or "no series UID",
        frame_of_reference=text(dataset, "FrameOfReferenceUID"),
        modality=VOLUME_CLASSES.get(sop_class) or modality or "OT",
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
    factor = _suv_factor(path) if sop_class == PET_IMAGE else None
    if factor is not None:
        frames = tuple(replace(one, slope=one.slope * factor, intercept=one.intercept * factor) for one in frames)
        facts = replace(facts, study={**facts.study, "units": SUV})
    return replace(facts, frames=frames)


def _suv_factor(path: str) -> float | None:
    """The tracer lies in a sequence, which only pydicom reads; what cannot be read is no factor."""
    try:
        return suv_factor(quiet_pydicom().dcmread(path, stop_before_pixels=True, force=True))
    except Exception:
        # a damaged file breaks its reader in any way
        return None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:16]


# what scanners and people write where no agent was given: the element is there all the same
_NO_AGENT = re.compile(r"no|non|none|nil|nein|kein\w*|n/?a|n|0|-+|nativ\w*|plain|unenhanced|unknown|not used")
_DENIED = re.compile(
    r"\b(no|non|without|w/?o|ohne|kein\w*|sans|un)[- ]?(iv[- ]?|i\.v\.[- ]?)?(con\w*|enhanced|km|agent)\b"
)
_BY_MOUTH = re.compile(r"\b(oral\w*|rectal\w*|rektal\w*|po\b|p\.o\.)")
_IN_VEIN = re.compile(r"\b(iv|i\.v\.|intra\w*|ven\w*|vein)")


def _is_in_vessels(dataset: Any) -> bool:
    """Whether the file says that vessels hold contrast: an agent is named, not denied, and not only drunk."""
    agent, route = (text(dataset, name).strip().lower() for name in ("ContrastBolusAgent", "ContrastBolusRoute"))
    if not agent or _NO_AGENT.fullmatch(agent) or _DENIED.search(agent):
        return False
    given = f"{agent} {route}"
    return _BY_MOUTH.search(given) is None or _IN_VEIN.search(given) is not None


def _study(dataset: Any, modality: str) -> dict[str, str]:
    """Facts that plans and reports want and that name nobody."""
    age, sex = text(dataset, "PatientAge"), text(dataset, "PatientSex")
    if not re.fullmatch(r"\d{3}[YMWD]", age):
        age = ""
    frame = text(dataset, "FrameOfReferenceUID")
    facts = {
        # the very old are few enough to be known by their age
        "age": "090Y" if age.endswith("Y") and age > "089Y" else age,
        "sex": sex if sex in ("F", "M", "O") else "",
        "kernel": text(dataset, "ConvolutionKernel"),
        "kvp": text(dataset, "KVP"),
        "slice_thickness_mm": text(dataset, "SliceThickness"),
        "manufacturer": text(dataset, "Manufacturer"),
        "scanner": text(dataset, "ManufacturerModelName"),
        "year": text(dataset, "StudyDate")[:4],
        "position": text(dataset, "PatientPosition"),
        "contrast": "yes" if _is_in_vessels(dataset) else "",
        # that values are SUV is said here and not by a file, which may mean by any size of the body
        "units": units if modality == "PT" and (units := text(dataset, "Units")) != SUV else "",
        # scans of one frame lie where they lay in the scanner
        "frame": _digest(frame) if frame else "",
    }
    return {key: value for key, value in facts.items() if value}


def _shown(dataset: Any) -> dict[str, str]:
    """Facts by which a person tells series apart; they are listed and never kept."""
    technique, options = text(dataset, "CardiacSynchronizationTechnique"), text(dataset, "ScanOptions").upper()
    named = any(word in options for word in ("CARDIAC", "ECG", "GATED", "HEART", "RETRO", "PROSPECTIVE"))
    is_gated = (
        technique not in ("", "NONE")
        or named
        or any(number(dataset, tag) for tag in (PHASE_PERCENT, PHASE_DELAY, TRIGGER_TIME))
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
    allocated = int(number(dataset, BITS_ALLOCATED) or 16)
    stored = int(number(dataset, BITS_STORED) or allocated)
    high = number(dataset, HIGH_BIT)
    signed = bool(number(dataset, PIXEL_REPRESENTATION) or 0)
    return PixelForm(
        transfer_syntax=syntax,
        rows=int(rows),
        columns=int(columns),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=stored - 1 if high is None else int(high),
        is_signed=signed,
        frames=max(1, int(number(dataset, FRAMES) or 1)),
        offset=offset,
        length=length,
        padding=_padding(dataset, PADDING, signed),
        padding_limit=_padding(dataset, PADDING_LIMIT, signed),
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
    if not form.bits_stored - 1 <= form.high_bit < form.bits_allocated:
        raise DicomError(f"its highest bit is {form.high_bit} of {form.bits_allocated}", code="not_decodable")
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
    per_frame = _items(dataset, PER_FRAME_GROUPS)
    if not per_frame:
        keys = classic_phase_keys(dataset)
        for frame in range(form.frames):
            yield _frame([dataset], file_number, frame, sop_uid, keys, "")
        return
    if len(per_frame) != form.frames:
        raise DicomError(f"it describes {len(per_frame)} images and claims {form.frames}", code="truncated")
    shared = [item for top in _items(dataset, SHARED_GROUPS) for item in _group_items(top)]
    for frame, group in enumerate(per_frame):
        sources = [*_group_items(group), *shared]
        content = next(
            (item for item in sources if item.get_item(STACK_ID) is not None or item.get_item(IN_STACK_POSITION)), None
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


def _frame(
    sources: list[Any], file_number: int, frame: int, sop_uid: str, keys: Mapping[str, float], stack: str
) -> Frame:
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
        is_hu=next((kind for source in sources if (kind := text(source, "RescaleType"))), HU).upper() == HU,
    )


def classic_phase_keys(dataset: Any) -> dict[str, float]:
    """Values by which slices at one place may belong to different phases, in the order in which they are tried."""
    delay = number(dataset, PHASE_DELAY)
    percent, ms = _phase_in(text(dataset, "ScanOptions"))
    keys = {
        "percent": number(dataset, PHASE_PERCENT),
        "delay_ms": number(dataset, ACTUAL_DELAY) if delay is None else delay,
        "scan_options_percent": percent,
        "scan_options_ms": ms,
        "trigger_ms": number(dataset, TRIGGER_TIME),
        "temporal": number(dataset, TEMPORAL_POSITION),
        "ge_delta_start": number(dataset, GE_DELTA_START),
        "acquisition": number(dataset, ACQUISITION_NUMBER),
        "acquisition_time": seconds_of_day(dataset, ACQUISITION_TIME),
        "content_time": seconds_of_day(dataset, CONTENT_TIME),
    }
    for keyword in ("ImageComments", "SeriesDescription"):
        keys[f"guessed_percent_{keyword}"], keys[f"guessed_ms_{keyword}"] = _phase_in(text(dataset, keyword))
    return {name: value for name, value in keys.items() if value is not None}


def enhanced_phase_keys(sources: list[Any]) -> dict[str, float]:
    """The same for one frame of a multi-frame file."""
    tags = {
        "percent": PHASE_PERCENT,
        "delay_ms": PHASE_DELAY,
        "temporal": TEMPORAL_INDEX,
        "acquisition": FRAME_ACQUISITION,
    }
    found = {name: _first(sources, tag) for name, tag in tags.items()}
    found["delay_ms"] = found["delay_ms"] or _first(sources, ACTUAL_DELAY)
    return {name: values[0] for name, values in found.items() if values}


def _phase_in(value: str) -> tuple[float | None, float | None]:
    """(percent, milliseconds) named in free text: "DS 70%", "Cor 0.75 B26f 300 ms", "HALF;TP0"."""
    percent = re.search(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s*%", value) or re.search(r"\bTP(\d{1,3})\b", value)
    ms = re.search(r"(?<![\d.])(\d{1,4})\s*ms\b", value)
    return float(percent[1]) if percent else None, float(ms[1]) if ms else None
