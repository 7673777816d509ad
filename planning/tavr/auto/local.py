"""The root in a frame of its own: a fine lattice about its axis, its wall, and its thin dark leaflets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.section import Frame, Sampler
from planning.volume import Volume

STEP_MM = 0.5
SIDE_MM = 25.0
BELOW_MM, ABOVE_MM = -26.0, 30.0
ANGLES = 90
LEVEL_MM = 1.0
LEAST_RADIUS_MM = 6.0
INSIDE_MM, OUTSIDE_MM = 1.5, 2.0
SHEET_MM = 0.8
CLEAR_HU = 40.0
WALL_HU = 80.0


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """float32 HU `[w, v, u]` every `STEP_MM` in a frame; u along `right`, v along `up`, w along `normal`."""

    frame: Frame
    values: npt.NDArray[np.float32]

    def index(self, u: FloatArray, v: FloatArray, w: FloatArray) -> FloatArray:
        """(3, …) fractional `[w, v, u]` indices."""
        return np.stack([(w - BELOW_MM) / STEP_MM, (v + SIDE_MM) / STEP_MM, (u + SIDE_MM) / STEP_MM])


def facing_front(origin_mm: FloatArray, normal: FloatArray) -> Frame:
    """A plane whose `right` looks to the patient's front as nearly as it can."""
    return Frame.of(origin_mm, normal, np.array((0.0, -1.0, 0.0)))


def make_lattice(volume: Volume, frame: Frame) -> Lattice:
    """The volume about a frame, by cubic splines; air where the scan ends."""
    reach = float(np.hypot(SIDE_MM, max(-BELOW_MM, ABOVE_MM))) + 2.0
    sampler = Sampler.around(volume, frame.origin_mm[None], reach)
    side = np.arange(-SIDE_MM, SIDE_MM + 1e-6, STEP_MM)
    plane = frame.to_world(np.stack(np.meshgrid(side, side), axis=-1))
    heights = np.arange(BELOW_MM, ABOVE_MM + 1e-6, STEP_MM)
    values = np.stack([sampler.at(plane + w * frame.normal) for w in heights])
    return Lattice(frame, np.nan_to_num(values, nan=-1024.0).astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """Radius of the lumen's wall, leaflets and calcium overlooked: (levels, ANGLES) mm about the frame's axis."""

    heights_mm: FloatArray
    radii_mm: FloatArray
    contrast_hu: FloatArray

    def radius_at(self, angles: FloatArray, heights_mm: FloatArray) -> FloatArray:
        """(…,) radii between the levels and angles."""
        column = np.mod(angles, 2.0 * np.pi) * (ANGLES / (2.0 * np.pi))
        row = np.clip((heights_mm - self.heights_mm[0]) / LEVEL_MM, 0.0, len(self.heights_mm) - 1.001)
        r0, c0 = np.floor(row).astype(int), np.floor(column).astype(int) % ANGLES
        fr, fc = row - r0, column - np.floor(column)
        c1 = (c0 + 1) % ANGLES
        low = self.radii_mm[r0, c0] * (1 - fc) + self.radii_mm[r0, c1] * fc
        high = self.radii_mm[r0 + 1, c0] * (1 - fc) + self.radii_mm[r0 + 1, c1] * fc
        return np.asarray(low * (1 - fr) + high * fr)

    def area_mm2(self) -> FloatArray:
        """(levels,) areas of the sections."""
        return np.asarray(np.pi / ANGLES * (self.radii_mm**2).sum(axis=1))

    def centers_mm(self) -> FloatArray:
        """(levels, 2) centroids of the sections, in the frame's plane."""
        turn = 2.0 * np.pi * np.arange(ANGLES) / ANGLES
        weight = (2.0 * np.pi / ANGLES) * self.radii_mm**3 / 3.0
        moment = np.stack([(weight * np.cos(turn)).sum(axis=1), (weight * np.sin(turn)).sum(axis=1)], axis=1)
        return np.asarray(moment / self.area_mm2()[:, None])


def find_wall(lattice: Lattice, blood_hu: float) -> Wall:
    """The wall level by level: a closed path where it is bright for long inside and dark for long outside.

    Thin dark leaflets are closed first, calcium is cut down to blood; what lies behind a dark wall is never reached.
    """
    from scipy import ndimage

    calm = ndimage.gaussian_filter(np.clip(lattice.values, -150.0, blood_hu + 60.0), 0.6)
    shut = ndimage.grey_closing(calm, (5, 5, 5))
    turn = 2.0 * np.pi * np.arange(ANGLES) / ANGLES
    reach = np.arange(0.0, SIDE_MM, STEP_MM)
    heights = np.arange(BELOW_MM + 2.0, ABOVE_MM - 2.0 + 1e-6, LEVEL_MM)
    w, t, r = np.meshgrid(heights, turn, reach, indexing="ij")
    polar = ndimage.map_coordinates(shut, lattice.index(r * np.cos(t), r * np.sin(t), w), order=1, mode="nearest")
    polar = ndimage.uniform_filter1d(polar, 3, axis=0)
    total = np.concatenate([np.zeros((*polar.shape[:2], 1)), np.cumsum(polar, axis=2)], axis=2)
    n_in, n_out = round(INSIDE_MM / STEP_MM), round(OUTSIDE_MM / STEP_MM)
    at = np.arange(len(reach))
    inner = (total[:, :, at + 1] - total[:, :, np.maximum(at + 1 - n_in, 0)]) / np.minimum(at + 1, n_in)
    last = np.minimum(at + 1 + n_out, len(reach))
    outer = (total[:, :, last] - total[:, :, at + 1]) / np.maximum(last - at - 1, 1)
    score = (inner - outer) / blood_hu
    # beyond a wall there is no way back
    dark = (inner < 0.5 * blood_hu) & (reach >= LEAST_RADIUS_MM)
    crossed = np.cumsum(dark, axis=2) > 0
    score = np.where(crossed, -1.0, score)
    score[:, :, reach < LEAST_RADIUS_MM] = -1.0
    score[:, :, reach > SIDE_MM - OUTSIDE_MM] = np.minimum(score[:, :, reach > SIDE_MM - OUTSIDE_MM], 0.0)
    path = _closed_paths(score)
    column = np.arange(ANGLES)[None]
    row = np.arange(len(heights))[:, None]
    contrast = score[row, column, path] * blood_hu
    radii = _on_half_level(polar, reach, path, 0.5 * (blood_hu + WALL_HU))
    wrapped = np.concatenate([radii[:, -6:], radii, radii[:, :6]], axis=1)
    calm_radii = ndimage.median_filter(wrapped, (5, 5), mode="nearest")
    calm_radii = ndimage.gaussian_filter(calm_radii, (0.8, 1.2))[:, 6:-6]
    return Wall(heights, calm_radii, contrast)


def _on_half_level(
    polar: npt.NDArray[np.float32], reach: FloatArray, path: npt.NDArray[np.intp], level_hu: float
) -> FloatArray:
    """(levels, ANGLES) radii where the profile falls through half level, as near to the path as 2 mm allow.

    The path alone lies too far out where there is fat behind the wall, too far in where there is a chamber.
    """
    around = np.arange(-4, 5)
    at = np.clip(path[..., None] + around, 0, len(reach) - 2)
    here, ahead = np.take_along_axis(polar, at, axis=2), np.take_along_axis(polar, at + 1, axis=2)
    falls = (here >= level_hu) & (ahead < level_hu)
    cost = np.where(falls, np.abs(around), 99)
    pick = np.argmin(cost, axis=2)[..., None]
    high, low = (np.take_along_axis(side, pick, axis=2)[..., 0] for side in (here, ahead))
    start = reach[np.take_along_axis(at, pick, axis=2)[..., 0]]
    crossing = start + STEP_MM * np.clip((high - level_hu) / np.maximum(high - low, 1.0), 0.0, 1.0)
    return np.where(falls.any(axis=2), crossing, reach[path] + STEP_MM / 2.0)


def _closed_paths(score: FloatArray) -> npt.NDArray[np.intp]:
    """(levels, ANGLES) best radius numbers; (levels, ANGLES, R) scores; steps between rays of at most two samples."""
    levels, rays, count = score.shape
    turns = np.concatenate([np.arange(rays)] * 3)
    bonus = -0.04 * np.abs(np.arange(-2, 3))
    best = score[:, 0].copy()
    came = np.zeros((len(turns), levels, count), dtype=np.int8)
    for n, ray in enumerate(turns[1:], start=1):
        padded = np.full((levels, count + 4), -1e9)
        padded[:, 2:-2] = best
        options = np.stack([padded[:, d : d + count] + bonus[d] for d in range(5)])
        pick = np.argmax(options, axis=0)
        came[n] = pick - 2
        best = np.take_along_axis(options, pick[None], axis=0)[0] + score[:, ray]
    path = np.zeros((levels, len(turns)), dtype=np.intp)
    path[:, -1] = np.argmax(best, axis=1)
    every = np.arange(levels)
    for n in range(len(turns) - 1, 0, -1):
        path[:, n - 1] = path[:, n] + came[n][every, path[:, n]]
    return path[:, rays : 2 * rays]


def sheets(lattice: Lattice, wall: Wall, blood_hu: float, margin_mm: float = 0.4) -> npt.NDArray[np.float32]:
    """0 … 1 how much each lattice point lies on a thin dark sheet in the lumen; calcium neither counts nor hides.

    The greatest second derivative at `SHEET_MM`, less the next one, against that of a clear leaflet. Nearer than
    margin_mm to the wall nothing counts.
    """
    from scipy import ndimage

    sigma = SHEET_MM / STEP_MM
    flat = np.minimum(lattice.values, np.float32(blood_hu + 60.0))
    side = np.arange(-SIDE_MM, SIDE_MM + 1e-6, STEP_MM)
    heights = np.arange(BELOW_MM, ABOVE_MM + 1e-6, STEP_MM)
    v, u = np.meshgrid(side, side, indexing="ij")
    angle, radius = np.arctan2(v, u), np.hypot(v, u)
    edge = np.stack([wall.radius_at(angle, np.full_like(angle, w)) for w in heights])
    inside = radius[None] < edge - margin_mm
    inside[: round(2.0 / STEP_MM)] = False
    # outside the wall there is blood for all that the filter knows, so that the wall itself is no sheet
    flat = np.where(radius[None] < edge + 0.2, flat, np.float32(blood_hu))
    parts = {}
    for order in ((2, 0, 0), (0, 2, 0), (0, 0, 2), (1, 1, 0), (1, 0, 1), (0, 1, 1)):
        parts[order] = ndimage.gaussian_filter(flat, sigma, order=order, output=np.float32)[inside] / STEP_MM**2
    matrix = np.empty((int(inside.sum()), 3, 3), dtype=np.float32)
    matrix[:, 0, 0], matrix[:, 1, 1], matrix[:, 2, 2] = parts[2, 0, 0], parts[0, 2, 0], parts[0, 0, 2]
    matrix[:, 0, 1] = matrix[:, 1, 0] = parts[1, 1, 0]
    matrix[:, 0, 2] = matrix[:, 2, 0] = parts[1, 0, 1]
    matrix[:, 1, 2] = matrix[:, 2, 1] = parts[0, 1, 1]
    values = np.linalg.eigvalsh(matrix)
    strength = np.maximum(values[:, 2] - np.maximum(np.abs(values[:, 1]), 0.0), 0.0)
    found = np.zeros(flat.shape, dtype=np.float32)
    found[inside] = np.minimum(strength / np.float32(CLEAR_HU * blood_hu / 380.0), 1.0)
    calcium = ndimage.binary_dilation(lattice.values > blood_hu + 170.0, iterations=2)
    found[calcium] = 0.0
    return found
