"""Organs with natural outlines: shapes on bent coordinates, worked out on a coarse lattice and painted on the fine one.

Signed distances are smooth, so a lattice of about 2 mm holds them; linear interpolation brings them to the voxels with
sharp edges. Bending the coordinates by slow noise turns ellipsoids into organs. What has analytic truth is painted on
straight coordinates instead, after all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planning.geometry import FloatArray
from planning.phantoms.shapes import Canvas, Field, Shape, smooth_noise
from planning.volume import Mask

Slices = tuple[slice, slice, slice]
# a voxel of a painted region counts as one; beside it noise of the lattice and what the scanner adds take so much longer
NOISE_WORK, SCAN_WORK = 4.0, 4.0


class Scene:
    """The coarse side of a canvas. Fields are (nz, ny, nx) float32 mm on the lattice, negative inside."""

    def __init__(
        self,
        canvas: Canvas,
        generator: np.random.Generator,
        *,
        step_mm: float = 2.0,
        bends: Sequence[tuple[float, float]] = ((3.0, 26.0), (1.0, 9.0)),
        straight_near: FloatArray | None = None,
        straight_mm: float = 22.0,
    ) -> None:
        """bends: (mm of displacement, mm of wavelength scale). Near `straight_near` (3,) nothing is bent."""
        grid = canvas.grid
        self.canvas, self.step_mm = canvas, step_mm
        self._generator = generator
        self.low = grid.to_world((0, 0, 0)) - step_mm
        span = (np.array(grid.size_ijk) - 1) * grid.spacing_mm + 2.0 * step_mm
        self.size_xyz = np.ceil(span / step_mm).astype(int) + 1
        self._axes = [
            (self.low[n] + step_mm * np.arange(self.size_xyz[n], dtype=np.float64)).astype(np.float32) for n in range(3)
        ]
        x, y, z = self._axes[0][None, None, :], self._axes[1][None, :, None], self._axes[2][:, None, None]
        calm: Any = np.float32(1.0)
        if straight_near is not None:
            far = np.sqrt(sum((axis - np.float32(c)) ** 2 for axis, c in zip((x, y, z), straight_near, strict=True)))
            calm = np.clip((far - np.float32(straight_mm)) / np.float32(18.0), 0.0, 1.0)
        self.straight = (x, y, z)
        self.bent = tuple(
            np.asarray(axis + calm * sum(np.float32(by) * self.noise(scale) for by, scale in bends), dtype=np.float32)
            for axis in (x, y, z)
        )

    @property
    def shape_zyx(self) -> tuple[int, int, int]:
        """Size of a coarse field."""
        nx, ny, nz = (int(n) for n in self.size_xyz)
        return nz, ny, nx

    def noise(self, scale_mm: float) -> Field:
        """Slow noise of standard deviation 1 on the lattice, correlated over about `scale_mm`."""
        every = max(scale_mm / 3.0, self.step_mm)
        small = [int(np.ceil(n * self.step_mm / every)) + 4 for n in self.shape_zyx]
        values = smooth_noise((small[0], small[1], small[2]), [scale_mm / every] * 3, self._generator)
        for axis, count in enumerate(self.shape_zyx):
            values = _lerp(values, axis, np.asarray(np.arange(count) * (self.step_mm / every) + 1.0, np.float64))
        self.canvas.worked(NOISE_WORK * values.size)
        return np.asarray(values / np.float32(values.std()))

    def field(self, shape: Shape) -> Field:
        """A shape's distance on bent coordinates."""
        self.canvas.worked(0.0)
        x, y, z = self.bent
        return np.asarray(shape(x, y, z), dtype=np.float32)

    def straight_field(self, shape: Shape) -> Field:
        """A shape's distance where it stands."""
        return np.ascontiguousarray(np.broadcast_to(shape(*self.straight), self.shape_zyx), dtype=np.float32)

    def tube(self, line: FloatArray, radii: FloatArray, reach_mm: float = 24.0, *, bent: bool = True) -> Field:
        """A tapering tube (N points, N radii), right within `reach_mm` and at least that far beyond."""
        axes = self.bent if bent else self.straight
        field = np.full(self.shape_zyx, np.float32(reach_mm), dtype=np.float32)
        slack = reach_mm + (8.0 if bent else 0.0)
        for a, b, ra, rb in zip(line[:-1], line[1:], radii[:-1], radii[1:], strict=True):
            part = self._around(np.minimum(a, b) - max(ra, rb) - slack, np.maximum(a, b) + max(ra, rb) + slack)
            x, y, z = (
                axis[tuple(side if size > 1 else slice(None) for side, size in zip(part, axis.shape, strict=True))]
                for axis in axes
            )
            along = (b - a).astype(np.float32)
            length = np.float32(max(float(along @ along), 1e-6))
            dx, dy, dz = x - np.float32(a[0]), y - np.float32(a[1]), z - np.float32(a[2])
            share = np.clip((dx * along[0] + dy * along[1] + dz * along[2]) / length, 0.0, 1.0)
            squared = (dx - share * along[0]) ** 2 + (dy - share * along[1]) ** 2 + (dz - share * along[2]) ** 2
            here = np.sqrt(squared) - (np.float32(ra) + share * np.float32(rb - ra))
            field[part] = np.minimum(field[part], here)
        return field

    def _around(self, low: FloatArray, high: FloatArray) -> Slices:
        first = np.clip(np.floor((low - self.low) / self.step_mm).astype(int), 0, self.size_xyz - 1)
        last = np.clip(np.ceil((high - self.low) / self.step_mm).astype(int) + 1, first + 1, self.size_xyz)
        return slice(first[2], last[2]), slice(first[1], last[1]), slice(first[0], last[0])

    def fine(self, field: Field, reach_mm: float = 2.0) -> tuple[Field, Slices]:
        """The field at the voxels of the box that holds everything nearer than `reach_mm`."""
        near = field < reach_mm
        if not near.any():
            return np.zeros((0, 0, 0), np.float32), (slice(0, 0),) * 3
        spans = [np.flatnonzero(near.any(axis=tuple(n for n in range(3) if n != axis))) for axis in range(3)]
        low = [self.low[2 - n] + self.step_mm * (span[0] - 1) for n, span in enumerate(spans)]
        high = [self.low[2 - n] + self.step_mm * (span[-1] + 1) for n, span in enumerate(spans)]
        where = self.canvas.region((low[::-1], high[::-1]))
        return self.at(field, where), where

    def at(self, values: Field, where: Slices | None = None) -> Field:
        """Coarse values, linearly interpolated at the voxels of a region (None: all)."""
        where = self.canvas.region(None) if where is None else where
        coordinates = self.canvas.coordinates(where)
        # along the rows first: the last step, over the most values, then copies whole slices
        for axis, along in ((2, coordinates[0]), (1, coordinates[1]), (0, coordinates[2])):
            position = (along.reshape(-1).astype(np.float64) - self.low[2 - axis]) / self.step_mm
            values = _lerp(values, axis, position)
        return values

    def paint(self, field: Field, hu: Any) -> None:
        """Paint a coarse field; hu: a number, a coarse array, or an array of the whole canvas."""
        fine, where = self.fine(field)
        if not fine.size:
            return
        if isinstance(hu, np.ndarray):
            hu = hu[where] if hu.shape == self.canvas.hu.shape else self.at(hu, where)
        self.canvas.paint_distance(fine, where, hu)

    def mask(self, field: Field) -> Mask:
        """The voxels whose centre lies inside a coarse field."""
        return self.canvas.mask(*self.fine(field))


def _lerp(values: Field, axis: int, position: FloatArray) -> Field:
    low = np.clip(np.floor(position).astype(np.intp), 0, values.shape[axis] - 2)
    shape = [1, 1, 1]
    shape[axis] = len(position)
    share = np.clip(position - low, 0.0, 1.0).astype(np.float32).reshape(shape)
    first = np.take(values, low, axis)
    return np.asarray(first + share * (np.take(values, low + 1, axis) - first), dtype=np.float32)


def union(first: Field, second: Field, blend_mm: float = 0.0) -> Field:
    """Both, their crease rounded over `blend_mm`."""
    low = np.minimum(first, second)
    if blend_mm > 0.0:
        near = np.maximum(np.float32(blend_mm) - np.abs(first - second), 0.0)
        low = low - near * near / np.float32(4.0 * blend_mm)
    return np.asarray(low)


def cut(first: Field, second: Field, blend_mm: float = 0.0) -> Field:
    """The first less the second."""
    return np.asarray(-union(-first, second, blend_mm))


def overlap(first: Field, second: Field, blend_mm: float = 0.0) -> Field:
    """What lies in both."""
    return np.asarray(-union(-first, -second, blend_mm))


def scanned(
    canvas: Canvas, generator: np.random.Generator, *, point_spread_mm: float, noise_hu: float, middle_xy: FloatArray
) -> Any:
    """What a scanner makes of the canvas, int16: point spread, noise of a filtered back projection, whole HU.

    The noise has the spectrum of a ramp filter with a soft roll-off and is strongest in the body's middle.
    """
    from scipy import fft, ndimage

    spacing = canvas.grid.spacing_mm
    image = ndimage.gaussian_filter(canvas.hu, (point_spread_mm / spacing)[::-1], truncate=3.0)
    nk, nj, ni = image.shape
    v, u = np.meshgrid(fft.fftfreq(nj, spacing[1]), fft.rfftfreq(ni, spacing[0]), indexing="ij")
    frequency = np.hypot(u, v)
    filtered = ((0.03 + frequency) ** 0.8 * np.exp(-((frequency / 0.5) ** 2))).astype(np.float32)
    x, y, _ = canvas.coordinates(canvas.region(None))
    off = ((x - np.float32(middle_xy[0])) / 170.0) ** 2 + ((y - np.float32(middle_xy[1])) / 120.0) ** 2
    strength = (np.float32(noise_hu) * np.clip(1.12 - 0.4 * off, 0.55, 1.12))[0].astype(np.float32)
    before = np.zeros((nj, ni), np.float32)
    scale = 0.0
    for k in range(nk):
        white = generator.standard_normal((nj, ni), dtype=np.float32)
        drawn = fft.irfft2(fft.rfft2(white) * filtered, s=(nj, ni))
        scale = scale or float(drawn.std())
        # neighbouring slices share rays
        mixed = 0.87 * drawn + 0.5 * before
        before = drawn
        canvas.worked(SCAN_WORK * white.size)
        image[k] += strength * (mixed / scale)
    return np.clip(np.rint(image), -1024, 3071).astype(np.int16)
