"""Where a network's voxels lie in the image: orientation, crop and the grid conventions of the model families.

Everything is separable: after axes are permuted and flipped (a view, nothing is copied) each axis has its own map from the
network's index to the image's index. Conventions, for n image samples of spacing s and m network samples of spacing t:

- "edge" (nnU-Net, scipy's grid mode): m = round(n·s/t), outer faces coincide, x = (y + ½)·n/m − ½;
- "centre" (MONAI's Spacing): m = round((n−1)·s/t + 1), first centres coincide, x = y·t/s;
- "corner" (scipy's zoom without grid mode): m = round(n·s/t), first and last centres coincide, x = y·(n−1)/(m−1).

Rounding is half to even as in all three sources.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.manifest import Input
from planning.geometry import FloatArray, Grid

# more between greatest and least spacing than this, and a volume is treated slice by slice (nnU-Net)
ANISOTROPY = 3.0
# a voxel at a whole network voxel's distance takes nothing of it; places are rounded
EXACTLY = 1e-9
BODY_STEP_MM = 4.0
BODY_HU = -300
LETTERS = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "H": (2, 1), "S": (2, 1), "F": (2, -1), "I": (2, -1)}

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Axes:
    """How the image's array becomes the network's: transposed, then flipped. Both are views.

    order: image axis (of `[k, j, i]`) for each network axis. flipped: network axes that run the other way.
    """

    order: tuple[int, int, int]
    flipped: tuple[bool, bool, bool]

    def apply(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The view in the network's order; writing into it writes into `array`."""
        turned = array.transpose(self.order)
        return turned[tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flipped)]


def axes_of(grid: Grid, wanted: Input) -> Axes:
    """Permutation and flips that bring an image on `grid` into the orientation and axis order a model wants."""
    letters_to_kji = {"k": 0, "j": 1, "i": 2}
    if wanted.orientation == "native":
        order = [letters_to_kji[letter] for letter in wanted.axes]
        return Axes((order[0], order[1], order[2]), (False, False, False))
    side_of_axis, sign_of_axis = _sides(grid.direction)
    found: dict[str, tuple[int, bool]] = {}
    for letter, name in zip(wanted.orientation, "ijk", strict=True):
        side, sign = LETTERS[letter]
        axis = side_of_axis.index(side)
        # image axes are i, j, k here and k, j, i in the array
        found[name] = (2 - axis, sign_of_axis[axis] != sign)
    chosen = [found[name] for name in wanted.axes]
    return Axes(
        (chosen[0][0], chosen[1][0], chosen[2][0]),
        (chosen[0][1], chosen[1][1], chosen[2][1]),
    )


def _sides(direction: FloatArray) -> tuple[list[int], list[int]]:
    """For i, j, k: the patient axis (x, y, z) it follows most, each once, and the sign."""
    left = np.abs(direction).copy()
    sides, signs = [0, 0, 0], [1, 1, 1]
    # the axis with the clearest direction chooses first
    for _ in range(3):
        side, axis = np.unravel_index(int(np.argmax(left)), left.shape)
        sides[axis] = int(side)
        signs[axis] = 1 if direction[side, axis] > 0 else -1
        left[side, :] = -1.0
        left[:, axis] = -1.0
    return sides, signs


@dataclass(frozen=True, slots=True)
class AxisMap:
    """One axis: image samples `start` … `start + n_image`, seen as `n_net` network samples, of which `low` are used.

    x = scale · y + offset takes a network index (of all n_net) to an image index counted from `start`. faces: the outer
    faces coincide; then positions are made from ½ on as scipy and nnU-Net make them, so that halves round the same way.
    reach: network voxels around a used sample for which it speaks beyond the used ones.
    """

    start: int
    n_image: int
    n_net: int
    low: Range
    scale: float
    offset: float
    faces: bool = False
    reach: float = 0.5

    @property
    def is_identity(self) -> bool:
        """True when network samples are image samples."""
        return self.scale == 1.0 and self.offset == 0.0 and self.n_net == self.n_image

    @property
    def size(self) -> int:
        """Network samples that are used."""
        return self.low[1] - self.low[0]

    def image_positions(self) -> FloatArray:
        """(size,) image indices, counted from `start`, of the used network samples."""
        network = np.arange(self.low[0], self.low[1], dtype=np.float64)
        return self.scale * (network + 0.5) - 0.5 if self.faces else self.scale * network + self.offset

    def image_range(self) -> Range:
        """Image samples (of the whole axis) that the used network samples speak for."""
        if self.low == (0, self.n_net):
            return self.start, self.start + self.n_image
        # a used sample speaks for half a network voxel around it, or for less than a whole one
        closed = 0.0 if self.reach < 1 else EXACTLY
        first = max(int(np.ceil(self.scale * (self.low[0] - self.reach) + self.offset + closed)), 0)
        after = self.low[1] - 1 + self.reach
        last = min(int(np.floor(self.scale * after + self.offset - closed)), self.n_image - 1)
        if self.low[0] == 0:
            first = 0
        if self.low[1] == self.n_net:
            last = self.n_image - 1
        return self.start + first, self.start + max(last, first) + 1

    def network_positions(self) -> FloatArray:
        """(image samples of `image_range`,) their network indices counted from `low[0]`, kept inside."""
        first, last = self.image_range()
        image = np.arange(first - self.start, last - self.start, dtype=np.float64)
        if self.faces:
            positions = (self.n_net / self.n_image) * (image + 0.5) - 0.5 - self.low[0]
        else:
            positions = (image - self.offset) / self.scale - self.low[0]
        return np.asarray(np.clip(positions, 0.0, self.size - 1.0))

    def part(self, low: Range, reach: float = 0.5) -> AxisMap:
        """The same map with fewer network samples used."""
        return replace(self, low=low, reach=reach)


def axis_map(
    start: int, n_image: int, spacing: float, wanted: float | None, rule: str, *, far: bool = False
) -> AxisMap:
    """The map of one axis; `wanted` None or rule "none" leaves the axis as it is; `far`: "centre" keeps the last voxel."""
    if wanted is None or rule == "none":
        return AxisMap(start, n_image, n_image, (0, n_image), 1.0, 0.0)
    if rule == "centre":
        count = max(int(np.round((n_image - 1) * spacing / wanted + 1)), 1)
        scale = wanted / spacing
        return AxisMap(start, n_image, count, (0, count), scale, n_image - 1 - scale * (count - 1) if far else 0.0)
    count = max(int(round(spacing / wanted * n_image)), 1)
    if rule == "corner":
        scale = (n_image - 1) / (count - 1) if count > 1 and n_image > 1 else 1.0
        return AxisMap(start, n_image, count, (0, count), scale, 0.0)
    scale = n_image / count
    return AxisMap(start, n_image, count, (0, count), scale, 0.5 * scale - 0.5, faces=True)


@dataclass(frozen=True, slots=True)
class Field:
    """What a network looks at.

    shape_image: the whole image in the network's axes. spacing_mm: of the image, in the network's axes.
    low_axis: the coarse axis that is resampled apart, None when all three go together.
    """

    axes: Axes
    shape_image: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    maps: tuple[AxisMap, AxisMap, AxisMap]
    low_axis: int | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Network samples along each axis."""
        return self.maps[0].size, self.maps[1].size, self.maps[2].size

    @property
    def voxels(self) -> int:
        """Network samples in all."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def network_spacing_mm(self) -> tuple[float, float, float]:
        """Between network samples."""
        found = [spacing * axis.scale for spacing, axis in zip(self.spacing_mm, self.maps, strict=True)]
        return found[0], found[1], found[2]

    @property
    def image_box(self) -> tuple[slice, slice, slice]:
        """The part of the image (network's axes) that gets labels."""
        return _slices([axis.image_range() for axis in self.maps])

    def part(self, low: tuple[Range, Range, Range], reach: float = 0.5) -> Field:
        """A box of this field, in network samples counted from its own first ones.

        reach: ½, or 1 where zeros stand beyond the box and are interpolated with it (MONAI).
        """
        maps = [
            axis.part((axis.low[0] + first, axis.low[0] + last), reach)
            for axis, (first, last) in zip(self.maps, low, strict=True)
        ]
        return replace(self, maps=(maps[0], maps[1], maps[2]))


def _slices(ranges: list[Range]) -> tuple[slice, slice, slice]:
    a, b, c = (slice(first, last) for first, last in ranges)
    return a, b, c


def make_field(grid: Grid, wanted: Input, box: tuple[Range, Range, Range] | None = None) -> Field:
    """The field of an image for a model's input; `box`: image samples (network's axes) that are resampled alone."""
    axes = axes_of(grid, wanted)
    shape = tuple(grid.shape_kji[axis] for axis in axes.order)
    spacing = tuple(float(grid.spacing_mm[2 - axis]) for axis in axes.order)
    ranges = box or ((0, shape[0]), (0, shape[1]), (0, shape[2]))
    rule = wanted.resample
    maps = [
        axis_map(
            first,
            last - first,
            spacing[n],
            _target_spacing(spacing[n], wanted.spacing_mm[n], rule.keep_within),
            rule.grid,
            far=rule.anchor == "image" and axes.flipped[n],
        )
        for n, (first, last) in enumerate(ranges)
    ]
    return Field(
        axes,
        (shape[0], shape[1], shape[2]),
        (spacing[0], spacing[1], spacing[2]),
        (maps[0], maps[1], maps[2]),
        coarse_axis(wanted, (spacing[0], spacing[1], spacing[2])),
    )


def _target_spacing(spacing: float, wanted: float | None, keep_within: tuple[float, float] | None) -> float | None:
    if wanted is None or keep_within is None:
        return wanted
    # the tolerance is MONAI's own, for spacings that went through a file
    return None if keep_within[0] * wanted - 1e-3 <= spacing <= keep_within[1] * wanted + 1e-3 else wanted


def coarse_axis(wanted: Input, spacing_mm: tuple[float, float, float]) -> int | None:
    """The axis nnU-Net resamples apart: the one coarse axis of the image, else of the network; None when there is none."""
    rule = wanted.resample.separate_z
    if rule == "never" or wanted.resample.grid == "none":
        return None
    target = [
        float(spacing if want is None else want) for spacing, want in zip(spacing_mm, wanted.spacing_mm, strict=True)
    ]
    current = list(spacing_mm)
    if rule == "always" or max(current) / min(current) > ANISOTROPY:
        return _only_greatest(current)
    return _only_greatest(target) if max(target) / min(target) > ANISOTROPY else None


def _only_greatest(spacing: list[float]) -> int | None:
    greatest = [axis for axis, value in enumerate(spacing) if max(spacing) / value == 1]
    return greatest[0] if len(greatest) == 1 else None


def nonzero_box(image: npt.NDArray[Any]) -> tuple[Range, Range, Range]:
    """The box of values other than 0; the whole image when there is none."""
    return _box_of(image, lambda planes: planes != 0)


def above_box(image: npt.NDArray[Any], threshold: float, margin_voxels: int) -> tuple[Range, Range, Range]:
    """The box of values above a threshold, wider by whole voxels and kept inside; the whole image when there is none."""
    box = _box_of(image, lambda planes: planes > threshold)
    return _wider(box, (margin_voxels,) * 3, image.shape)


def _box_of(image: npt.NDArray[Any], inside: Any) -> tuple[Range, Range, Range]:
    n = image.shape
    hit0 = np.zeros(n[0], dtype=bool)
    hit1 = np.zeros(n[1], dtype=bool)
    hit2 = np.zeros(n[2], dtype=bool)
    for start in range(0, n[0], 16):
        mask = inside(image[start : start + 16])
        hit0[start : start + 16] = mask.any(axis=(1, 2))
        flat = mask.any(axis=0)
        hit1 |= flat.any(axis=1)
        hit2 |= flat.any(axis=0)
    if not hit0.any():
        return (0, n[0]), (0, n[1]), (0, n[2])
    return _first_last(hit0), _first_last(hit1), _first_last(hit2)


def _first_last(hit: npt.NDArray[np.bool_]) -> Range:
    where = np.flatnonzero(hit)
    return int(where[0]), int(where[-1]) + 1


def _wider(box: tuple[Range, Range, Range], margin: tuple[int, int, int], shape: Any) -> tuple[Range, Range, Range]:
    wide = [(max(a - m, 0), min(b + m, int(n))) for (a, b), m, n in zip(box, margin, shape, strict=True)]
    return wide[0], wide[1], wide[2]


def body_box(
    image: npt.NDArray[Any], spacing_mm: tuple[float, float, float], margin_mm: float
) -> tuple[Range, Range, Range]:
    """The box of the patient without table and air, in image samples; the whole image when nothing is found.

    image: HU in any axis order. Every nth voxel (about 4 mm) above −300 HU, opened by one voxel so that table and
    clothes come off, the largest piece, `margin_mm` wider.
    """
    from scipy import ndimage

    steps = [max(int(round(BODY_STEP_MM / spacing)), 1) for spacing in spacing_mm]
    coarse = np.ascontiguousarray(image[:: steps[0], :: steps[1], :: steps[2]]) > BODY_HU
    whole = ((0, image.shape[0]), (0, image.shape[1]), (0, image.shape[2]))
    if min(coarse.shape) < 3:
        opened = coarse
    else:
        # what touches the border of the scan goes on outside it: erosion must not eat it there
        opened = ndimage.binary_dilation(ndimage.binary_erosion(coarse, border_value=1))
    pieces, count = ndimage.label(opened)
    if count == 0:
        return whole
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    box = _box_of(pieces == int(np.argmax(sizes)), lambda planes: planes)
    fine = [(a * step, min(b * step, n)) for (a, b), step, n in zip(box, steps, image.shape, strict=True)]
    margin = [int(np.ceil(margin_mm / spacing)) for spacing in spacing_mm]
    return _wider((fine[0], fine[1], fine[2]), (margin[0], margin[1], margin[2]), image.shape)


def network_box(field: Field, box: tuple[Range, Range, Range]) -> tuple[Range, Range, Range]:
    """Network samples (counted from the field's first) that cover a box of image samples, rounded outwards."""
    found = []
    for axis, (first, last) in zip(field.maps, box, strict=True):
        low = int(np.floor((first - axis.start - axis.offset) / axis.scale)) - axis.low[0]
        high = int(np.ceil((last - 1 - axis.start - axis.offset) / axis.scale)) - axis.low[0] + 1
        low = min(max(low, 0), axis.size - 1)
        found.append((low, min(max(high, low + 1), axis.size)))
    return found[0], found[1], found[2]
