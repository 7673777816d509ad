"""What runs in the disposable child: reading headers, grouping, decoding. Everything goes back as plain messages."""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.model import FileFacts, Frame, MiddleSlice, ScanResult, SeriesInfo, SkippedFile
from planning.errors import DicomError, InputError

MOST_VOLUME_BYTES = 12 << 30
Send = Callable[[tuple[Any, ...]], None]


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What the child is asked for. `series`: None takes the largest importable one; `load` False only lists.

    volume: the one file is NIfTI, NRRD or MHA. labels: it is a label map. thumbnails: list with a small picture each.
    middle: decode this slice only; for a volume file, `picture` asks for its middle slice.
    """

    files: tuple[tuple[str, str], ...]
    load: bool
    series: str | int | None = None
    fill_missing: bool = False
    keep_identifiers: bool = False
    skip: tuple[tuple[int, str], ...] = ()
    volume: bool = False
    labels: bool = False
    thumbnails: bool = False
    middle: MiddleSlice | None = None
    picture: bool = False


def read_study(request: ReadRequest, send: Send) -> None:
    """Answer with ("scanned", ScanResult) and, when loading, ("layout", …), ("ready", phase, k) … and ("loaded", …)."""
    if request.labels:
        _read_labels(Path(request.files[0][0]), request.files[0][1], send)
        return
    if request.volume:
        _read_volume(request, send)
        return
    warnings.simplefilter("ignore")
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
    result = ScanResult(listed, tuple(skipped), tuple(findings))
    others = _other_series(facts, len(stacks))
    result = ScanResult((*result.series, *others), result.skipped, result.findings)
    send(("scanned", result))
    if request.load:
        _load(request, stacks, facts, result, send)


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
        except (OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, NotImplementedError):
            skipped.append(SkippedFile(name, "the file is damaged in its header"))
    return facts, skipped, unreadable


def _series_of(path: str) -> str:
    """The series of a file whose pixels are cut off, so that the series can say that a slice is broken."""
    from planning.dicom.header import quiet_pydicom

    dcmread = quiet_pydicom().dcmread
    from pydicom.errors import InvalidDicomError

    try:
        return str(
            dcmread(path, stop_before_pixels=True, specific_tags=["SeriesInstanceUID"]).get("SeriesInstanceUID", "")
        )
    except (
        InvalidDicomError,
        OSError,
        EOFError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        NotImplementedError,
    ):
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
        word = {"SEG": "A segmentation", "SR": "A report with measurements"}.get(
            files[0].modality, "Pictures or documents"
        )
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


def _pixel_digest(facts: FileFacts, frame: Frame) -> str:
    from planning.dicom.decode import FrameReader
    from planning.dicom.group import UNREADABLE

    try:
        values = FrameReader().read(facts, frame.frame)
    except DicomError:
        return f"{UNREADABLE} {frame.sop_uid} {frame.frame}"
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def _load(
    request: ReadRequest, stacks: Sequence[Any], facts: dict[int, FileFacts], result: ScanResult, send: Send
) -> None:
    from planning.dicom.build import build_phase, check_memory, plan_layout, value_type

    stack = _chosen(request, stacks, result)
    layout = plan_layout(stack)
    frames = [frame for _, members in stack.phases for frame in members]
    dtype = value_type(frames, facts)
    check_memory(layout, len(stack.phases), dtype, MOST_VOLUME_BYTES)
    first = facts[frames[0].file]
    study = {**first.study, "description": first.description}
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
        )
    )
    folder = mapped_folder(int(np.prod(layout.grid.size_ijk)) * dtype.itemsize * len(stack.phases))

    def map_array(phase: int, kind: np.dtype[Any], shape: tuple[int, int, int]) -> npt.NDArray[Any]:
        handle, name = tempfile.mkstemp(prefix="theatrum-voxels-", dir=folder)
        os.close(handle)
        array = np.memmap(name, dtype=kind, mode="w+", shape=shape)
        send(("mapped", phase, name, kind.name, shape))
        return array

    for phase in range(len(stack.phases)):
        build_phase(stack, phase, facts, layout, map_array, lambda p, k: send(("ready", p, k)))
    send(("loaded",))


def mapped_folder(needed_bytes: int) -> str | None:
    """Shared memory when it is large enough, else the ordinary temporary folder."""
    shared = Path("/dev/shm")
    if shared.is_dir() and os.access(shared, os.W_OK):
        room = os.statvfs(shared)
        if room.f_bavail * room.f_frsize > 1.2 * needed_bytes:
            return str(shared)
    return None


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


def _read_volume(request: ReadRequest, send: Send) -> None:
    from planning.dicom.preview import thumbnail, to_picture
    from planning.files.volumes import image_values, read_volume

    path = Path(request.files[0][0])
    raw, grid = read_volume(path)
    voxels = image_values(raw, path.name)
    info = SeriesInfo(
        id=path.name,
        index=1,
        modality="CT" if float(voxels.min()) < -200 else "OT",
        description="",
        kind="volume",
        file_count=1,
        size_ijk=grid.size_ijk,
        spacing_mm=tuple(grid.spacing_mm.tolist()),
        origin_mm=tuple(grid.origin_mm.tolist()),
        direction=tuple(tuple(row) for row in grid.direction.tolist()),
        phases=1,
        importable=True,
        problems=(),
    )
    if request.thumbnails or request.picture:
        picture = to_picture(voxels[grid.size_ijk[2] // 2], info.modality == "CT")
        info = replace(info, thumbnail=thumbnail(picture))
        if request.picture:
            send(("picture", picture))
    send(("scanned", ScanResult((info,), (), ())))
    if not request.load:
        return
    if request.series not in (None, 1, "1", info.id):
        raise InputError(f"There is no series '{request.series}' in this file", "Leave --series out", "series")
    if info.modality == "CT":
        voxels = np.where(voxels <= -1500, np.array(-1024, voxels.dtype), voxels)
    send(("layout", info, grid.size_ijk, grid.world_from_index.tolist(), voxels.dtype.name, ("",), (), {}, {}))
    _send_array(voxels, send)
    send(("ready", 0, grid.size_ijk[2]))
    send(("loaded",))


def _send_array(voxels: npt.NDArray[Any], send: Send) -> None:
    handle, name = tempfile.mkstemp(prefix="theatrum-voxels-", dir=mapped_folder(voxels.nbytes))
    os.close(handle)
    shared = np.memmap(name, dtype=voxels.dtype, mode="w+", shape=voxels.shape)
    shared[:] = voxels
    send(("mapped", 0, name, voxels.dtype.name, voxels.shape))


def _read_labels(path: Path, name: str, send: Send) -> None:
    from planning.files.labels import label_values
    from planning.files.volumes import is_volume_file, read_volume

    if is_volume_file(path):
        raw, grid = read_volume(path)
        voxels = label_values(raw, name)
        names: dict[int, str] = {}
    else:
        from planning.dicom.segmentation import read_segmentation

        voxels, grid, names = read_segmentation(path)
    send(("labels", grid.size_ijk, grid.world_from_index.tolist(), names))
    _send_array(voxels, send)
