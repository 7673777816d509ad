"""From a stack of frames to voxels in a mapped file. Runs in the disposable child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.decode import FrameReader
from planning.dicom.delivery import Delivery
from planning.dicom.group import Stack
from planning.dicom.header import NATIVE
from planning.dicom.model import FileFacts, Frame, PixelForm
from planning.dicom.twin import twin
from planning.errors import DicomError
from planning.geometry import Grid
from planning.volume import CT_PADDING_BELOW_HU, PADDING_HU

SPLINE_RIM = 8
# slices that are decoded before they are handed on, and from how many on two processes decode them
TURN, FEWEST_FOR_TWO = 16, 32
# how far beyond the outermost pixel centres a moved slice is believed, in pixels
EDGE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each output slice comes from: a source slice, or a blend of two of them.

    lower, weight: output k = (1 − weight) · slice[lower] + weight · slice[lower + 1]. filled: blended slices.
    """

    grid: Grid
    lower: npt.NDArray[np.intp]
    weight: npt.NDArray[np.float64]
    filled: tuple[int, ...]


def plan_layout(stack: Stack) -> Layout:
    """The straight grid of a stack, its slices in rising order along the normal, which makes it right-handed."""
    info = stack.info
    offsets = stack.offsets_mm
    if not stack.missing:
        count = len(offsets)
        lower, weight = np.arange(count), np.zeros(count)
        pitch = stack.step_mm
    else:
        least = float(np.diff(offsets).min()) if _is_uneven(offsets, stack.step_mm) else stack.step_mm
        count = max(1, round(float(offsets[-1]) / least))
        # a whole number of steps from the first slice to the last: both lie where they were taken
        pitch = float(offsets[-1]) / count
        places = np.arange(count + 1) * pitch
        lower = np.clip(np.searchsorted(offsets, places + 1e-6, side="right") - 1, 0, len(offsets) - 2)
        weight = (places - offsets[lower]) / (offsets[lower + 1] - offsets[lower])
        weight[np.abs(weight) * pitch < 0.01] = 0.0
        weight[np.abs(weight - 1.0) * pitch < 0.01] = 1.0
    filled = tuple(int(k) for k in np.flatnonzero((weight > 0) & (weight < 1)))
    assert info.direction is not None
    assert info.origin_mm is not None
    assert info.spacing_mm is not None
    direction = np.array(info.direction)
    size, origin = np.array(info.size_ijk), np.array(info.origin_mm, dtype=np.float64)
    if stack.tilted:
        spacing = np.array(info.spacing_mm[:2])
        least, most = stack.drift_mm.min(axis=0), stack.drift_mm.max(axis=0)
        origin = origin + direction[:, :2] @ least
        size[:2] += np.ceil((most - least) / spacing - 1e-6).astype(int)
    grid = Grid.from_parts(
        (int(size[0]), int(size[1]), len(lower)), (info.spacing_mm[0], info.spacing_mm[1], pitch), origin, direction
    )
    return Layout(grid, lower, weight, filled)


def _is_uneven(offsets: npt.NDArray[np.float64], step: float) -> bool:
    multiples = np.diff(offsets) / step
    return bool((np.abs(multiples - np.round(multiples)) * step > max(0.01 * step, 0.01)).any())


def value_type(frames: Sequence[Frame], files: Mapping[int, FileFacts]) -> np.dtype[Any]:
    """int16 when every slope is 1, every intercept whole, and the range fits; float32 otherwise."""
    for frame in frames:
        form = files[frame.file].pixels
        assert form is not None
        if frame.slope != 1.0 or frame.intercept != round(frame.intercept):
            return np.dtype(np.float32)
        low = -(1 << (form.bits_stored - 1)) if form.is_signed else 0
        high = low + (1 << form.bits_stored) - 1
        if form.bits_stored > 16 or (
            form.bits_stored < 16 and (low + frame.intercept < -32768 or high + frame.intercept > 32767)
        ):
            return np.dtype(np.float32)
        if not form.is_signed and form.bits_stored == 16 and frame.intercept > -1:
            # sixteen unsigned bits without an offset may exceed the range
            return np.dtype(np.float32)
    return np.dtype(np.int16)


def build_phase(
    stack: Stack, phase: int, files: Mapping[int, FileFacts], layout: Layout, dtype: np.dtype[Any], delivery: Delivery
) -> None:
    """Decode one phase, slice by slice in rising order. Raises DicomError naming the file's fault."""
    frames = stack.phases[phase][1]
    reader = FrameReader()
    is_ct = stack.info.modality == "CT"
    plain = not stack.tilted and not layout.filled
    cache: dict[int, npt.NDArray[Any]] = {}

    def source(number: int) -> npt.NDArray[Any]:
        if number not in cache:
            for old in [key for key in cache if key < number - 1]:
                del cache[old]
            image = frame_values(reader, files[frames[number].file], frames[number], is_ct, np.dtype(np.float32))
            cache[number] = _straightened(image, stack, number, layout) if stack.tilted else image
        return cache[number]

    def fill(k: int, target: npt.NDArray[Any]) -> None:
        lower, weight = int(layout.lower[k]), float(layout.weight[k])
        if plain:
            frame = frames[lower]
            frame_values(reader, files[frame.file], frame, is_ct, dtype, target)
            return
        image = source(lower) if weight < 1.0 else source(lower + 1)
        if 0.0 < weight < 1.0:
            image = (1.0 - weight) * image + weight * source(lower + 1)
        target[...] = np.round(image) if dtype == np.int16 else image

    count = layout.grid.size_ijk[2]
    form = files[frames[0].file].pixels
    is_packed = plain and form is not None and form.transfer_syntax not in NATIVE
    with ExitStack() as helpers:
        first = delivery.place(phase, 0)
        share = delivery.array(phase)
        helper = helpers.enter_context(twin(fill, share)) if is_packed and count >= FEWEST_FOR_TWO else None
        for start in range(0, count, TURN):
            turn = range(start, min(start + TURN, count))
            places = [delivery.place(phase, k) if k else first for k in turn]
            if helper is None:
                for k, place in zip(turn, places):
                    fill(k, share[place])
            else:
                helper.begin(list(zip(turn, places))[1::2])
                for k, place in list(zip(turn, places))[::2]:
                    fill(k, share[place])
                helper.wait()
            for k in turn:
                delivery.done(phase, k)


def frame_values(
    reader: FrameReader,
    facts: FileFacts,
    frame: Frame,
    is_ct: bool,
    dtype: np.dtype[Any],
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]:
    """(rows, columns) rescaled values of one frame in `dtype` (int16 or float32), padding set to air."""
    form = facts.pixels
    assert form is not None
    image = np.empty((form.rows, form.columns), dtype) if out is None else out
    floor = PADDING_HU if is_ct else frame.intercept
    if dtype == np.int16:
        stored = reader.read(facts, frame.frame, image)
        low, high = int(stored.min()), int(stored.max())
        padding = _padding_mask(stored, form, low, high)
        lowest = low + frame.intercept
        if lowest < -32768 or high + frame.intercept > 32767:
            # padding without a tag, or metal: no CT number is that far out
            np.copyto(image, np.clip(stored.astype(np.int32) + int(frame.intercept), -32768, 32767), casting="unsafe")
        else:
            if stored is not image:
                np.copyto(image, stored, casting="unsafe")
            if frame.intercept:
                np.add(image, np.int16(frame.intercept), out=image)
    else:
        stored = reader.read(facts, frame.frame)
        padding = _padding_mask(stored, form, int(stored.min()), int(stored.max()))
        np.multiply(stored, np.float32(frame.slope), out=image, casting="unsafe")
        image += np.float32(frame.intercept)
        lowest = float(image.min())
    if padding is not None:
        image[padding] = floor
    if is_ct and lowest <= CT_PADDING_BELOW_HU:
        image[image <= CT_PADDING_BELOW_HU] = PADDING_HU
    return image


def _padding_mask(stored: npt.NDArray[Any], form: PixelForm, least: int, most: int) -> npt.NDArray[np.bool_] | None:
    """Where the file says that nothing was measured; None when nowhere."""
    if form.padding is None:
        return None
    limit = form.padding if form.padding_limit is None else form.padding_limit
    low, high = min(form.padding, limit), max(form.padding, limit)
    if high < least or low > most:
        return None
    return np.asarray((stored >= low) & (stored <= high))


def _straightened(image: npt.NDArray[Any], stack: Stack, number: int, layout: Layout) -> npt.NDArray[Any]:
    """The slice moved by its drift within its plane, cubic, on the widened field; outside it is padding."""
    from scipy import ndimage

    info = stack.info
    assert info.spacing_mm is not None
    least = stack.drift_mm.min(axis=0)
    shift = (stack.drift_mm[number] - least) / np.array(info.spacing_mm[:2])
    rows, columns = layout.grid.size_ijk[1], layout.grid.size_ijk[0]
    j = np.arange(rows, dtype=np.float64) - shift[1]
    i = np.arange(columns, dtype=np.float64) - shift[0]
    # continued beyond its border by odd reflection, so that a ramp stays a ramp up to the last pixel
    rim = min(SPLINE_RIM, min(image.shape) - 1)
    continued = np.pad(image, rim, mode="reflect", reflect_type="odd")
    moved = ndimage.map_coordinates(
        continued,
        np.meshgrid(j + rim, i + rim, indexing="ij"),
        order=3 if rim == SPLINE_RIM else 1,
        mode="nearest",
        output=np.float32,
    )
    # a cubic may swing below what a scanner can measure at the edge of the padding
    moved = np.clip(moved, float(image.min()), float(image.max()))
    outside_j, outside_i = (j < -EDGE) | (j > image.shape[0] - 1 + EDGE), (i < -EDGE) | (i > image.shape[1] - 1 + EDGE)
    moved[outside_j, :] = PADDING_HU
    moved[:, outside_i] = PADDING_HU
    return np.asarray(moved)


def check_memory(layout: Layout, phases: int, dtype: np.dtype[Any], limit: int) -> None:
    """Refuse a volume larger than the limit before any memory is asked for. Raises DicomError."""
    needed = int(np.prod(layout.grid.size_ijk, dtype=np.float64)) * dtype.itemsize * phases
    if needed > limit:
        raise DicomError(
            f"The series would need {needed / 1e9:.1f} GB, the limit is {limit / 1e9:.1f} GB",
            "Choose a smaller series",
            "too_large",
        )
