"""Takes the face from one series, file by file, in place. Runs in the disposable child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.model import FileFacts, Frame, PixelForm, ReadRequest
from planning.dicom.privacy_head import Sheet, face_sheet
from planning.dicom.privacy_profile import FACE_CODE
from planning.errors import DicomError, GeometryError, InputError
from planning.geometry import Grid

AIR_HU = -1000.0
# the sheet is looked for on a coarser image
COARSE_MM = 1.6
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"


def answer_face(request: ReadRequest, send: Callable[[tuple[Any, ...]], None]) -> None:
    """Answer with ("face", "") when it is done, or with the reason why it cannot be done and nothing was changed."""
    from planning.dicom.header import read_facts

    facts: dict[int, FileFacts] = {}
    for number, (path, _) in enumerate(request.files):
        send(("file", number))
        facts[number] = read_facts(path, number)
    try:
        frames, grid = _regular(facts)
        sheet = _sheet(facts, frames, grid, send)
    except InputError as error:
        send(("face", error.what))
        return
    for k, frame in enumerate(frames):
        send(("file", frame.file))
        _take(facts[frame.file], frame, _before(sheet, grid, k))
    send(("face", ""))


def _regular(facts: dict[int, FileFacts]) -> tuple[tuple[Frame, ...], Grid]:
    """The slices from one end to the other, each a file, on a straight, even grid. Raises GeometryError."""
    from planning.dicom.build import plan_layout
    from planning.dicom.group import group_stacks

    if any(len(item.frames) != 1 for item in facts.values()):
        raise GeometryError("only series of single slices are done")
    stacks, _ = group_stacks(facts, lambda frame: frame.sop_uid, {})
    if len(stacks) != 1 or len(stacks[0].phases) != 1 or not stacks[0].info.importable:
        raise GeometryError("it is not one volume")
    stack = stacks[0]
    frames = tuple(stack.phases[0][1])
    if stack.tilted or stack.missing or len(frames) != len(facts):
        raise GeometryError("its slices do not lie evenly and straight")
    return frames, plan_layout(stack).grid


def _sheet(
    facts: dict[int, FileFacts], frames: tuple[Frame, ...], grid: Grid, send: Callable[[tuple[Any, ...]], None]
) -> Sheet:
    from planning.dicom.decode import FrameReader

    spacing = grid.spacing_mm
    across, along = (max(1, int(COARSE_MM / spacing[n])) for n in (0, 1))
    coarse: list[npt.NDArray[np.float32]] = []
    for frame in frames:
        send(("file", frame.file))
        stored = FrameReader().read(facts[frame.file], frame.frame)[::along, ::across]
        coarse.append((stored * np.float32(frame.slope) + np.float32(frame.intercept)).astype(np.float32))
    affine = np.array(grid.world_from_index) @ np.diag([float(across), float(along), 1.0, 1.0])
    return face_sheet(np.stack(coarse), affine, is_ct=facts[frames[0].file].modality == "CT")


def _before(sheet: Sheet, grid: Grid, k: int) -> npt.NDArray[np.bool_]:
    ni, nj, _ = grid.size_ijk
    j, i = np.meshgrid(np.arange(nj, dtype=np.float64), np.arange(ni, dtype=np.float64), indexing="ij")
    return sheet.before(grid.to_world(np.stack([i, j, np.full_like(i, float(k))], axis=-1)))


def _take(facts: FileFacts, frame: Frame, before: npt.NDArray[np.bool_]) -> None:
    import pydicom
    from pydicom.dataelem import DataElement

    from planning.dicom.decode import FrameReader
    from planning.dicom.privacy_file import coded, encoded

    form = facts.pixels
    assert form is not None
    stored = np.array(FrameReader().read(facts, frame.frame))
    stored[before] = _air(facts, frame, form, stored)
    dataset = pydicom.dcmread(facts.path)
    dataset.HighBit = form.bits_stored - 1
    kind = f"{'i' if form.is_signed else 'u'}{form.bits_allocated // 8}"
    data = stored.astype(np.dtype(kind).newbyteorder("<")).tobytes()
    dataset["PixelData"] = DataElement(0x7FE00010, "OW", data + b"\0" * (len(data) & 1))
    for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue"):
        if keyword in dataset:
            delattr(dataset, keyword)
    dataset.DeidentificationMethod = [*dataset.DeidentificationMethod, "face removed"]
    dataset.DeidentificationMethodCodeSequence.append(coded(FACE_CODE))
    dataset.RecognizableVisualFeatures = "NO"
    part = Path(f"{facts.path}.part")
    part.write_bytes(encoded(dataset, EXPLICIT_LITTLE))
    part.replace(facts.path)


def _air(facts: FileFacts, frame: Frame, form: PixelForm, stored: npt.NDArray[Any]) -> int:
    """The stored value of air: -1000 HU, or an MR image's darkest."""
    least = -(1 << (form.bits_stored - 1)) if form.is_signed else 0
    if facts.modality != "CT":
        return max(least, min(0, int(stored.min())))
    if not frame.slope:
        raise DicomError("its values cannot be told", code="not_decodable")
    value = round((AIR_HU - frame.intercept) / frame.slope)
    return int(min(max(value, least), least + (1 << form.bits_stored) - 1))
