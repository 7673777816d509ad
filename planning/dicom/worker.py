"""What runs in the disposable child: reading headers, grouping, decoding. Everything goes back as plain messages."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from planning.dicom.clean import clean_study
from planning.dicom.delivery import Delivery, RingDelivery, Send, Shape, Wait, WholeDelivery
from planning.dicom.model import FileFacts, Frame, ReadRequest, ScanResult, SeriesInfo, SkippedFile
from planning.errors import DicomError, InputError

MOST_VOLUME_BYTES = 12 << 30
CAPTURES = "1.2.840.10008.5.1.4.1.1.7"
OTHER_KINDS = {
    "SEG": "A segmentation",
    "SR": "A report with measurements",
    "US": "Ultrasound pictures",
    "SM": "Pictures of a microscope",
    **dict.fromkeys(("CR", "DX", "MG", "RF", "XA"), "Projections (X-ray pictures)"),
}


def read_study(request: ReadRequest, send: Send, wait: Wait) -> None:
    """Answer with ("scanned", ScanResult) and, when loading, ("layout", …), voxels as `delivery` says, ("loaded",).

    `wait` returns when the parent gives a block back. Raises InputError.
    """
    warnings.simplefilter("ignore")
    if request.privacy is not None:
        from planning.dicom.privacy_file import answer_privacy

        answer_privacy(request, send)
        return
    if request.unpack is not None:
        from planning.dicom.unpack import answer_unpack

        answer_unpack(request, send)
        return
    if request.labels or request.volume:
        from planning.dicom.volume_file import answer_labels, answer_volume

        if request.labels:
            answer_labels(request, send)
        else:
            answer_volume(request, send, wait)
        return
    if request.report:
        from planning.dicom.measured_report import report_content

        send(("report", report_content(Path(request.files[0][0]), request.files[0][1])))
        return
    if request.middle is not None:
        from planning.dicom.preview import slice_pixels

        send(("picture", slice_pixels(request.middle)))
        return
    from planning.dicom.group import group_stacks

    facts, skipped, unreadable = _read_headers(request, send)

    def digest(frame: Frame) -> str:
        # a decoder that dies takes the child with it; the parent must know which file it was
        send(("decoding", frame.file))
        return _pixel_digest(facts[frame.file], frame)

    stacks, findings = group_stacks(facts, digest, unreadable)
    listed = tuple(_shown(stack.info, request, send) for stack in stacks)
    result = ScanResult((*listed, *_other_series(facts, len(stacks))), tuple(skipped), tuple(findings))
    send(("scanned", result))
    if request.load:
        _load(request, stacks, facts, result, send, wait)


def delivery_for(request: ReadRequest, dtype: np.dtype[Any], shape: Shape, send: Send, wait: Wait) -> Delivery:
    """Whole volumes, or blocks when the request says so."""
    if request.block_slices:
        return RingDelivery(dtype, shape, request.block_slices, send, wait)
    return WholeDelivery(dtype, shape, send)


def _shown(info: SeriesInfo, request: ReadRequest, send: Send) -> SeriesInfo:
    """The series with the name of its middle file and, when asked, its small picture."""
    if info.middle is None:
        return info
    middle = replace(info.middle, name=request.files[info.middle.frame.file][1])
    if not request.thumbnails:
        return replace(info, middle=middle)
    from planning.dicom.preview import slice_pixels, thumbnail

    send(("decoding", middle.frame.file))
    try:
        return replace(info, middle=middle, thumbnail=thumbnail(slice_pixels(middle)))
    except DicomError:
        return replace(info, middle=middle)


def _read_headers(request: ReadRequest, send: Send) -> tuple[dict[int, FileFacts], list[SkippedFile], dict[str, int]]:
    from planning.dicom.header import read_facts

    facts: dict[int, FileFacts] = {}
    skipped: list[SkippedFile] = []
    unreadable: dict[str, int] = {}
    known_bad = dict(request.skip)
    for number, (path, name) in enumerate(request.files):
        if number in known_bad:
            skipped.append(SkippedFile(name, known_bad[number]))
            continue
        send(("file", number))
        try:
            facts[number] = read_facts(path, number)
        except DicomError as error:
            skipped.append(SkippedFile(name, error.what))
            if error.code == "truncated":
                uid = _series_of(path)
                unreadable[uid] = unreadable.get(uid, 0) + 1
        except (MemoryError, RecursionError):
            skipped.append(SkippedFile(name, "reading it would need too much memory"))
        except OSError as error:
            skipped.append(SkippedFile(name, f"it cannot be read ({error.strerror or 'the disk does not answer'})"))
        except Exception:
            # a damaged file breaks its reader in any way
            skipped.append(SkippedFile(name, "the file is damaged in its header"))
    return facts, skipped, unreadable


def _series_of(path: str) -> str:
    """The series of a file whose pixels are cut off, so that the series can say that a slice is broken."""
    from planning.dicom.header import quiet_pydicom

    dcmread = quiet_pydicom().dcmread
    try:
        return str(
            dcmread(path, stop_before_pixels=True, specific_tags=["SeriesInstanceUID"]).get("SeriesInstanceUID", "")
        )
    except Exception:
        # what broke one reader may break the other in any way
        return ""


def _other_series(facts: dict[int, FileFacts], first: int) -> list[SeriesInfo]:
    """Series without a volume (pictures, reports, segmentations), listed so that nobody misses them."""
    from planning.findings import Finding

    members: dict[tuple[str, str], list[FileFacts]] = {}
    for item in facts.values():
        if not item.frames:
            members.setdefault((item.patient, item.series_uid), []).append(item)
    found = []
    for number, files in enumerate(members.values(), start=first + 1):
        form = files[0].pixels
        size = (form.columns, form.rows, form.frames) if form else (0, 0, 0)
        word = _kind_in_words(files[0])
        found.append(
            SeriesInfo(
                id=files[0].series_uid
                + (
                    ""
                    if not any(f.frames and f.series_uid == files[0].series_uid for f in facts.values())
                    else "#other"
                ),
                index=number,
                modality=files[0].modality,
                description=files[0].description,
                kind="other",
                file_count=len(files),
                size_ijk=size,
                spacing_mm=None,
                origin_mm=None,
                direction=None,
                phases=1,
                importable=False,
                problems=(Finding("no_geometry", f"{word}, not a volume."),),
            )
        )
    return found


def _kind_in_words(facts: FileFacts) -> str:
    """What is no volume, as a person calls it."""
    if facts.sop_class == CAPTURES or facts.sop_class.startswith(f"{CAPTURES}."):
        return "A secondary capture (a picture of a screen or a page)"
    return OTHER_KINDS.get(facts.modality, "Pictures or documents")


def _pixel_digest(facts: FileFacts, frame: Frame) -> str:
    from planning.dicom.decode import FrameReader
    from planning.dicom.phases import UNREADABLE

    try:
        values = FrameReader().read(facts, frame.frame)
    except DicomError:
        return f"{UNREADABLE} {frame.sop_uid} {frame.frame}"
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def _load(
    request: ReadRequest,
    stacks: Sequence[Any],
    facts: dict[int, FileFacts],
    result: ScanResult,
    send: Send,
    wait: Wait,
) -> None:
    from planning.dicom.build import build_phase, check_memory, plan_layout, value_type
    from planning.dicom.references import source_of

    stack = _chosen(request, stacks, result)
    layout = plan_layout(stack)
    frames = [frame for _, members in stack.phases for frame in members]
    dtype = value_type(frames, facts)
    check_memory(layout, len(stack.phases), dtype, MOST_VOLUME_BYTES)
    first = facts[frames[0].file]
    study: dict[str, str] = {**first.study, "description": first.description}
    if not request.keep_identifiers:
        study = clean_study(study)
    send(
        (
            "layout",
            stack.info,
            layout.grid.size_ijk,
            layout.grid.world_from_index.tolist(),
            dtype.name,
            tuple(label for label, _ in stack.phases),
            layout.filled,
            study,
            dict(first.identifiers) if request.keep_identifiers else {},
            source_of(stack, layout, facts) if request.keep_identifiers else None,
        )
    )
    delivery = delivery_for(request, dtype, layout.grid.shape_kji, send, wait)
    try:
        for phase in range(len(stack.phases)):
            build_phase(stack, phase, facts, layout, dtype, delivery)
    except DicomError as error:
        hint = error.hint or "Ask for a new copy of the scan"
        raise DicomError(f"A slice of this series cannot be used: {error.what}", hint, error.code) from error
    send(("loaded",))


def _chosen(request: ReadRequest, stacks: Sequence[Any], result: ScanResult) -> Any:
    from planning.errors import GeometryError

    if not result.series:
        raise InputError(_nothing_here(result), "Choose the folder with the scan", "nothing")
    usable = [stack for stack in stacks if stack.info.importable or (request.fill_missing and stack.info.fillable)]
    if request.series is not None:
        named = [
            stack for stack in stacks if request.series in (stack.info.id, stack.info.index, str(stack.info.index))
        ]
        if not named:
            ids = ", ".join(str(series.index) for series in result.series)
            raise InputError(f"There is no series '{request.series}' here", f"There are: {ids}", "series")
        if named[0] not in usable:
            raise GeometryError(*_why_not(named[0].info), code="series")
        return named[0]
    if not usable:
        raise GeometryError(*_why_not(result.series[0]), code="series")
    return max(usable, key=lambda stack: (stack.info.importable, stack.info.voxel_count * stack.info.phases))


def _why_not(info: Any) -> tuple[str, str]:
    texts = " ".join(problem.text for problem in info.problems)
    hint = "Fill them with --fill-missing, or choose another series" if info.fillable else "Choose another series"
    return f"This series cannot be opened. {texts}".rstrip("."), hint


def _nothing_here(result: ScanResult) -> str:
    if len(result.skipped) == 1:
        return f"{Path(result.skipped[0].file).name} cannot be used: {result.skipped[0].reason}"
    return f"There are no scans here, only {len(result.skipped)} other files"
