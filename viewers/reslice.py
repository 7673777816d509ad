"""Slices of a volume at the pixels of a pane: array in, array out.

Planes along the grid's axes are cut and stretched by NumPy, oblique ones are sampled in blocks (`viewers.oblique`): no VTK
is loaded for them. Only the magnifier's cubic picture comes from vtkImageReslice, in index space.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid, Vector
from planning.volume import Mask, Volume
from viewers.lut import OUTSIDE
from viewers.oblique import cut_oblique
from viewers.pane_geometry import PaneGeometry
from viewers.sagittal import SagittalSlices

# a plane counts as straight when it leaves its slice by less than this over the whole pane
STRAIGHT_TOLERANCE_VOXELS = 0.02
# as many pixels are computed together, by rows: what is between fits the processor's own cache
STRIP_PIXELS = 40_000
# sagittal slices of arrays larger than this are fetched with their neighbours
LEAST_BLOCK_BYTES = 1_000_000
Box = tuple[int, int, int, int]
Kind = Literal["nearest", "linear", "cubic"]
# VTK_RESLICE_NEAREST, _LINEAR and _CUBIC; the constants themselves are not in the Python modules
VTK_MODES: dict[Kind, int] = {"nearest": 0, "linear": 1, "cubic": 3}


@dataclass(frozen=True, slots=True, eq=False)
class PixelGrid:
    """Device pixels in index space: index of the first pixel, steps to the next column and row, and their numbers."""

    first: Vector
    column: Vector
    row: Vector
    width: int
    height: int

    def straight_axes(self) -> tuple[int, int, int] | None:
        """(axis of columns, axis of rows, axis across) when the plane follows the grid, else None."""
        a, b = int(np.argmax(np.abs(self.column))), int(np.argmax(np.abs(self.row)))
        if a == b:
            return None
        drift = np.abs(self.column) * self.width
        drift[a] = 0.0
        sinking = np.abs(self.row) * self.height
        sinking[b] = 0.0
        if max(drift.max(), sinking.max()) > STRAIGHT_TOLERANCE_VOXELS:
            return None
        return a, b, 3 - a - b


@dataclass(frozen=True, slots=True)
class Slab:
    """Over what thickness a picture shows one value of each line of sight: the greatest ("max"), least ("min") or "mean"."""

    thickness_mm: float
    kind: str

    def slices(self, across: float, spacing_mm: float, count: int) -> range:
        """The slices whose middles lie in the slab about a place given as a slice's index; the nearest one at least."""
        half = 0.5 * self.thickness_mm / spacing_mm
        first, last = max(int(np.ceil(across - half - 1e-6)), 0), min(int(np.floor(across + half + 1e-6)), count - 1)
        return range(first, last + 1) if last >= first else range(round(across), round(across) + 1)


class Reduction:
    """The greatest ("max"), least ("min") or "mean" value of planes of one shape; OUTSIDE counts in none of them, unless
    all are."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._result: npt.NDArray[Any] | None = None
        self._inside: npt.NDArray[np.float32] | None = None
        self._dtype: npt.DTypeLike = np.float32

    def add(self, plane: npt.NDArray[Any]) -> None:
        """One plane more."""
        result = self._result
        if result is None:
            self._dtype = plane.dtype
            self._result = plane.astype(np.float32) if self._kind == "mean" else plane.copy()
            if self._kind == "mean":
                self._inside = (plane != OUTSIDE).astype(np.float32)
                self._result[plane == OUTSIDE] = 0.0
        elif self._kind == "max":
            np.maximum(result, plane, out=result)
        elif self._kind == "min":
            # what is outside is less than anything
            np.copyto(result, plane, where=((plane < result) & (plane != OUTSIDE)) | (result == OUTSIDE))
        else:
            assert self._inside is not None
            is_inside = plane != OUTSIDE
            np.add(result, plane, out=result, where=is_inside)
            self._inside += is_inside

    def result(self) -> npt.NDArray[Any]:
        """Of all planes so far, one at least."""
        assert self._result is not None
        if self._kind != "mean":
            return self._result
        inside = self._inside
        assert inside is not None
        mean = np.where(inside > 0, self._result / np.maximum(inside, 1.0), np.float32(OUTSIDE))
        return np.rint(mean).astype(np.int16) if self._dtype == np.int16 else mean


def reduced(planes: Iterable[npt.NDArray[Any]], kind: str) -> npt.NDArray[Any]:
    """As `Reduction` of planes, one at least."""
    whole = Reduction(kind)
    for plane in planes:
        whole.add(plane)
    return whole.result()


class Reslicer:
    """Cuts one array `[k, j, i]` (voxels of a volume or of a mask's box) along any plane."""

    def __init__(self, voxels: npt.NDArray[Any], grid: Grid, outside: float) -> None:
        self.voxels, self.grid, self.outside = voxels, grid, outside
        self._to_index = grid.index_from_world[:3, :3]
        self._directions = self._to_index.tobytes()
        self._image: Any = None
        self._sagittal = SagittalSlices(voxels)
        # an image never changes; a structure may under a brush
        self._is_still = False

    @classmethod
    def of_volume(cls, volume: Volume) -> Reslicer:
        """Of an image; what lies outside is OUTSIDE."""
        made = cls(volume.voxels, volume.grid, OUTSIDE)
        made._is_still = True
        return made

    @classmethod
    def of_mask(cls, mask: Mask, *, is_still: bool = False) -> Reslicer:
        """Of a structure as 0 … 1; between voxels smooth ones rise linearly, the edge is at a half.

        is_still: nothing writes into the mask's voxels as long as this object lives.
        """
        made = cls(mask.voxels.view(np.uint8), mask.box_grid, 0)
        made._is_still = is_still
        return made

    def cut(self, geometry: PaneGeometry, *, kind: Kind = "linear", box: Box | None = None) -> npt.NDArray[Any]:
        """(height, width) values at the device pixels; int16 stays int16, all else becomes float32."""
        pixels = self._pixels(geometry, box)
        # what is straight over the pane is so in a part of it
        axes = self._axes(geometry) or pixels.straight_axes()
        if axes is not None and kind != "cubic":
            return self._cut_straight(pixels, axes, kind == "linear")
        return self._cut_oblique(pixels, kind)

    def cut_rows(self, geometry: PaneGeometry, rows: range, *, kind: Kind = "linear") -> npt.NDArray[Any]:
        """(rows, width) some rows of what `cut` gives of a plane oblique to contiguous voxels, to the bit."""
        return self._cut_oblique(self._pixels(geometry), kind, rows)

    def cut_slab(
        self, geometry: PaneGeometry, slab_mm: float, slab_kind: str, *, smooth: bool
    ) -> npt.NDArray[Any] | None:
        """(height, width) greatest, least or mean of the slices in a slab about a straight plane; None for an oblique one."""
        axes = self._axes(geometry)
        if axes is None:
            return None
        return self._cut_straight(self._pixels(geometry), axes, smooth, Slab(slab_mm, slab_kind))

    def _pixels(self, geometry: PaneGeometry, box: Box | None = None) -> PixelGrid:
        """All pixels of a pane, or those of a box (left, top, right, bottom; right and bottom not included)."""
        first, column, row = geometry.pixel_steps()
        left, top, right, bottom = box or (0, 0, *geometry.device_size)
        start = self._to_index @ (first + left * column + top * row - self.grid.origin_mm)
        return PixelGrid(start, self._to_index @ column, self._to_index @ row, right - left, bottom - top)

    def cut_coarse(self, geometry: PaneGeometry, box: Box | None = None) -> npt.NDArray[np.float32]:
        """As `cut`, but sampled at every second pixel and stretched: a quarter of the work for oblique planes."""
        left, top, right, bottom = box or (0, 0, *geometry.device_size)
        half = replace(geometry, ratio=geometry.ratio / 2)
        coarse_box = (left // 2 - 1, top // 2 - 1, right // 2 + 1, bottom // 2 + 1)
        part = self.cut(half, box=coarse_box)
        # a pixel's middle is at a half in both grids
        columns = (np.arange(left, right) + 0.5) / 2 - 0.5 - coarse_box[0]
        rows = (np.arange(top, bottom) + 0.5) / 2 - 0.5 - coarse_box[1]
        wide = np.empty((bottom - top, right - left), dtype=np.float32)
        _stretch((part,), 0.0, Between.of(columns, part.shape[1]), Between.of(rows, part.shape[0]), wide)
        return wide

    def is_straight(self, geometry: PaneGeometry) -> bool:
        """True when the pane's plane follows the voxels' axes."""
        return self._axes(geometry) is not None

    def _axes(self, geometry: PaneGeometry) -> tuple[int, int, int] | None:
        """As `PixelGrid.straight_axes` of all of the pane's pixels."""
        return _straight_axes(self._directions, geometry)

    def _cut_straight(
        self, pixels: PixelGrid, axes: tuple[int, int, int], smooth: bool, slab: Slab | None = None
    ) -> npt.NDArray[Any]:
        a, b, c = axes
        size = self.grid.size_ijk
        kind = np.int16 if self.voxels.dtype == np.int16 else np.float32
        picture = np.full((pixels.height, pixels.width), self.outside, dtype=kind)
        # the place across is taken in the middle of the pane, where the little drift that is allowed is nil
        across = (pixels.first + pixels.column * pixels.width / 2 + pixels.row * pixels.height / 2)[c]
        if not -0.5 <= across <= size[c] - 0.5:
            return picture
        columns = _pixels_along(float(pixels.first[a]), float(pixels.column[a]), pixels.width, size[a])
        rows = _pixels_along(float(pixels.first[b]), float(pixels.row[b]), pixels.height, size[b])
        if columns.stop <= columns.start or rows.stop <= rows.start:
            return picture
        shown = picture[rows.start : rows.stop, columns.start : columns.stop]
        across = min(max(across, 0.0), size[c] - 1.0)
        slices = () if slab is None else slab.slices(across, float(self.grid.spacing_mm[c]), size[c])
        if not smooth:
            plane = self._slices(axes, round(across), 1)[..., 0] if slab is None else self._joined(axes, slices, slab)
            shown[...] = plane[rows.nearest[:, None], columns.nearest]
            return picture
        if slab is not None:
            _stretch((self._joined(axes, slices, slab),), 0.0, columns.between, rows.between, shown)
            return picture
        low = int(np.floor(across + 1e-4))
        between = across - low if across - low > 1e-3 else 0.0
        # sagittal neighbours share their cache lines: both are fetched at once
        pair = self._slices(axes, low, 2 if between else 1)
        _stretch([pair[..., n] for n in range(pair.shape[-1])], between, columns.between, rows.between, shown)
        return picture

    def _joined(self, axes: tuple[int, int, int], slices: Sequence[int], slab: Slab) -> npt.NDArray[Any]:
        """What a slab shows of its slices (rows, columns)."""
        return reduced((self._slices(axes, number, 1)[..., 0] for number in slices), slab.kind)

    def _slices(self, axes: tuple[int, int, int], first: int, count: int) -> npt.NDArray[Any]:
        """(rows, columns, count) voxel slices with rows along axis b and columns along axis a, a view."""
        a, b, c = axes
        voxels = self.voxels
        if c == 0 and self._is_still and voxels.nbytes > LEAST_BLOCK_BYTES:
            return self._sagittal.pair(first, count).transpose(2 - b, 2 - a, 2 - c)
        span: list[slice] = [slice(None)] * 3
        span[2 - c] = slice(first, first + count)
        return voxels[tuple(span)].transpose(2 - b, 2 - a, 2 - c)

    def _cut_oblique(self, pixels: PixelGrid, kind: Kind, rows: range | None = None) -> npt.NDArray[Any]:
        if kind == "cubic" or not self.voxels.flags.c_contiguous:
            return self._cut_by_vtk(pixels, kind)
        return cut_oblique(
            self.voxels,
            pixels.first,
            pixels.column,
            pixels.row,
            pixels.width,
            range(pixels.height) if rows is None else rows,
            linear=kind == "linear",
            outside=self.outside,
        )

    def _cut_by_vtk(self, pixels: PixelGrid, kind: Kind) -> npt.NDArray[Any]:
        from vtkmodules.util.numpy_support import vtk_to_numpy
        from vtkmodules.vtkCommonCore import VTK_FLOAT, VTK_SHORT
        from vtkmodules.vtkCommonMath import vtkMatrix4x4
        from vtkmodules.vtkImagingCore import vtkImageReslice

        if self._image is None:
            self._image = self._vtk_image()
        matrix = vtkMatrix4x4()
        across = np.cross(pixels.column, pixels.row)
        for column, vector in enumerate((pixels.column, pixels.row, across, pixels.first)):
            for line in range(3):
                matrix.SetElement(line, column, float(vector[line]))
        reslice = vtkImageReslice()
        reslice.SetInputData(self._image)
        reslice.SetResliceAxes(matrix)
        reslice.SetOutputDimensionality(2)
        reslice.SetOutputOrigin(0.0, 0.0, 0.0)
        reslice.SetOutputSpacing(1.0, 1.0, 1.0)
        reslice.SetOutputExtent(0, pixels.width - 1, 0, pixels.height - 1, 0, 0)
        reslice.SetBackgroundLevel(self.outside)
        reslice.SetOutputScalarType(VTK_SHORT if self.voxels.dtype == np.int16 else VTK_FLOAT)
        reslice.SetInterpolationMode(VTK_MODES[kind])
        reslice.Update()
        scalars = reslice.GetOutput().GetPointData().GetScalars()
        # the view holds a reference to the array that VTK made, so nothing dangles
        return vtk_to_numpy(scalars).reshape(pixels.height, pixels.width)

    def _vtk_image(self) -> Any:
        """The voxels as VTK sees them, shared and in index space (spacing 1, origin 0)."""
        from vtkmodules.util.numpy_support import numpy_to_vtk
        from vtkmodules.vtkCommonDataModel import vtkImageData

        image = vtkImageData()
        image.SetDimensions(*self.grid.size_ijk)
        # not copied: self.voxels keeps the memory alive as long as this object
        image.GetPointData().SetScalars(numpy_to_vtk(self.voxels.reshape(-1), deep=False))
        return image


@functools.lru_cache(maxsize=16)
def _straight_axes(directions: bytes, geometry: PaneGeometry) -> tuple[int, int, int] | None:
    """Asked for by the image and by every structure on its grid in one picture; directions: (3, 3) index from mm."""
    _, column, row = geometry.pixel_steps()
    to_index = np.frombuffer(directions, dtype=np.float64).reshape(3, 3)
    return PixelGrid(to_index[0], to_index @ column, to_index @ row, *geometry.device_size).straight_axes()


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """(P,) the two voxels that each pixel of a line lies between, and its share of the second."""

    low: npt.NDArray[np.intp]
    high: npt.NDArray[np.intp]
    share: npt.NDArray[np.float32]

    @classmethod
    def of(cls, positions: npt.NDArray[np.float64], count: int) -> Between:
        """For positions given as indices of `count` voxels; beyond the outermost centres their values go on."""
        place = np.clip(positions, 0, count - 1)
        low = np.minimum(place.astype(np.intp), max(count - 2, 0))
        return cls(low, np.minimum(low + 1, count - 1), (place - low).astype(np.float32))

    def part(self, pixels: slice) -> Between:
        """Some of the pixels."""
        return Between(self.low[pixels], self.high[pixels], self.share[pixels])

    def after(self, first: int) -> Between:
        """The same where the voxels before one are left away."""
        return Between(self.low - first, self.high - first, self.share)

    @property
    def span(self) -> slice:
        """The voxels that are needed; the pixels rise or fall steadily."""
        first, last = self.low.item(0), self.low.item(-1)
        return slice(min(first, last), max(self.high.item(0), self.high.item(-1)) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class PixelsAlong:
    """The pixels of a line that lie in the voxels, from `start` to before `stop`: the voxels of each."""

    start: int
    stop: int
    nearest: npt.NDArray[np.intp]
    between: Between


@functools.lru_cache(maxsize=128)
def _pixels_along(first: float, step: float, pixels: int, voxels: int) -> PixelsAlong:
    """For pixels whose indices begin with `first` and rise or fall by `step`: the same in every slice of a plane."""
    positions = first + step * np.arange(pixels)
    inside = np.flatnonzero((positions >= -0.5) & (positions < voxels - 0.5))
    start, stop = (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)
    shown = positions[start:stop]
    return PixelsAlong(start, stop, np.rint(shown).astype(np.intp), Between.of(shown, voxels))


def _stretch(
    planes: Sequence[npt.NDArray[Any]], share: float, columns: Between, rows: Between, into: npt.NDArray[Any]
) -> None:
    """Linear interpolation along columns and rows, the cheaper one first, and between two planes where there are two.

    planes: of one shape (voxels, voxels). share: of the second plane. into: (rows, columns), rounded where it holds whole
    numbers.
    """
    needed = columns.span
    columns = columns.after(needed.start)
    span = rows.span
    columns_first = len(rows.low) >= span.stop - span.start
    step = max(STRIP_PIXELS // len(columns.low), 1)
    for start in range(0, len(rows.low), step):
        strip = slice(start, start + step)
        own = rows.part(strip)
        here = own.span
        part = planes[0][here, needed].astype(np.float32)
        if len(planes) > 1:
            part *= np.float32(1.0 - share)
            part += planes[1][here, needed] * np.float32(share)
        own = own.after(here.start)
        part = _mixed(_mixed(part, columns, 1), own, 0) if columns_first else _mixed(_mixed(part, own, 0), columns, 1)
        into[strip] = np.rint(part, out=part) if into.dtype == np.int16 else part


def _mixed(part: npt.NDArray[np.float32], between: Between, axis: int) -> npt.NDArray[np.float32]:
    """Linear interpolation along rows (0) or columns (1)."""
    # "clip" spares a check of every place
    here, there = (part.take(places, axis=axis, mode="clip") for places in (between.low, between.high))
    there -= here
    there *= between.share if axis else between.share[:, None]
    here += there
    return here
