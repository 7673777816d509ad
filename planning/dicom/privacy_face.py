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
from planning.geometry import FloatArray

AIR_HU = -1000.0
# the sheet is looked for on a coarser image
COARSE_MM = 1.6
MOST_UNEVEN_MM = 0.5
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"


def answer_face(request: ReadRequest, send: Callable[[tuple[Any, ...]], None]) -> None:
    """Answer with ("face", "") when it is done, or with the reason why it cannot be done and nothing was changed."""
    from planning.dicom.header import read_facts

    facts: dict[int, FileFacts] = {}
    for number, (path, _) in enumerate(request.files):
        send(("file", number))
        facts[number] = read_facts(path, number)
    try:
        frames, affine = _regular(facts)
        sheet = _sheet(facts, frames, affine, send)
    except InputError as error:
        send(("face", error.what))
        return
    for k, frame in enumerate(frames):
        send(("file", frame.file))
        form = facts[frame.file].pixels
        assert form is not None
        _take(facts[frame.file], frame, form, _before(sheet, affine, k, form))
    send(("face", ""))


def _regular(facts: dict[int, FileFacts]) -> tuple[tuple[Frame, ...], FloatArray]:
    """The slices from one end to the other, each a file, and LPS mm of (i, j, k) as 4×4; a tilted gantry makes it oblique.

    Raises GeometryError.
    """
    from planning.dicom.group import group_stacks

    if any(len(item.frames) != 1 for item in facts.values()):
        raise GeometryError("only series of single slices are done")
    stacks, _ = group_stacks(facts, lambda frame: frame.sop_uid, {})
    if len(stacks) != 1 or len(stacks[0].phases) != 1 or not stacks[0].info.importable:
        raise GeometryError("it is not one volume")
    stack = stacks[0]
    frames = tuple(stack.phases[0][1])
    places = np.array([frame.position for frame in frames], dtype=np.float64)
    orientation, spacing = frames[0].orientation, frames[0].spacing
    assert orientation is not None
    assert spacing is not None
    affine = np.eye(4)
    affine[:3, 0] = np.array(orientation[:3]) * spacing[1]
    affine[:3, 1] = np.array(orientation[3:]) * spacing[0]
    affine[:3, 2] = (places[-1] - places[0]) / (len(frames) - 1)
    affine[:3, 3] = places[0]
    even = places[0] + np.arange(len(frames))[:, None] * affine[:3, 2]
    if stack.missing or len(frames) != len(facts) or np.abs(places - even).max() > MOST_UNEVEN_MM:
        raise GeometryError("its slices do not lie evenly and straight")
    return frames, affine


def _sheet(
    facts: dict[int, FileFacts], frames: tuple[Frame, ...], affine: FloatArray, send: Callable[[tuple[Any, ...]], None]
) -> Sheet:
    from planning.dicom.decode import FrameReader

    spacing = np.linalg.norm(affine[:3, :2], axis=0)
    across, along = (max(1, int(COARSE_MM / spacing[n])) for n in (0, 1))
    coarse: list[npt.NDArray[np.float32]] = []
    for frame in frames:
        send(("file", frame.file))
        stored = FrameReader().read(facts[frame.file], frame.frame)[::along, ::across]
        coarse.append((stored * np.float32(frame.slope) + np.float32(frame.intercept)).astype(np.float32))
    coarser = affine @ np.diag([float(across), float(along), 1.0, 1.0])
    return face_sheet(np.stack(coarse), coarser, is_ct=facts[frames[0].file].modality == "CT")


def _before(sheet: Sheet, affine: FloatArray, k: int, form: PixelForm) -> npt.NDArray[np.bool_]:
    j, i = np.indices((form.rows, form.columns), dtype=np.float64)
    index = np.stack([i, j, np.full_like(i, float(k))], axis=-1)
    return sheet.before(index @ affine[:3, :3].T + affine[:3, 3])


def _take(facts: FileFacts, frame: Frame, form: PixelForm, before: npt.NDArray[np.bool_]) -> None:
    import pydicom
    from pydicom.dataelem import DataElement

    from planning.dicom.decode import FrameReader
    from planning.dicom.privacy_file import coded, encoded

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
