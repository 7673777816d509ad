"""A second generator of analytic roots, written apart from `roots.py` and from the product's phantoms.

Every seed draws its own root: ellipse, third-harmonic dent, tilt and turn, sinuses above and outflow tract below, wall,
sectors of muscle, fat or an enhanced atrium behind it, bellied leaflets that reach the hinge plane, calcium in wall and
leaflets. The scan is a Gaussian point spread, the voxel's own box and correlated noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from planning.geometry import Grid
from planning.section import Frame, Measures, measure_contour
from planning.volume import Volume

LUMEN_HU, MUSCLE_HU, FAT_HU, LEAFLET_HU, ATRIUM_HU = 380.0, 105.0, -85.0, 110.0, 350.0
ATRIUM_MM = 2.4
LEAFLET_MM = 0.6
FINE_MM = 0.2


@dataclass(frozen=True)
class RootB:
    """The scan and its truth: hinges N, R, L on the lumen's edge, the plane, the annulus's sizes, what was drawn."""

    volume: Volume
    hinges_mm: np.ndarray
    normal: np.ndarray
    truth: Measures
    kind: str


@dataclass(frozen=True)
class _Shape:
    """One seed's root in its own coordinates: angle about the axis, radius, height above the hinge plane."""

    half_a: float
    half_b: float
    turn: float
    dent: float
    dent_phase: float
    wall_mm: float
    wall_hu: float
    bulge_mm: float
    bulge_power: float
    slope_below: float
    flare_below: float
    belly: float
    hinge_angles: np.ndarray
    atrium: tuple[float, float]
    muscle: tuple[float, float]

    def annulus(self, angle: np.ndarray) -> np.ndarray:
        t = angle - self.turn
        ellipse = self.half_a * self.half_b / np.hypot(self.half_b * np.cos(t), self.half_a * np.sin(t))
        return ellipse * (1.0 + self.dent * np.cos(3.0 * (angle - self.dent_phase)))

    def lobes(self, angle: np.ndarray) -> np.ndarray:
        """0 at a commissure, 1 over a hinge."""
        away = np.abs(np.angle(np.exp(1j * (angle[..., None] - self.hinge_angles)))).min(axis=-1)
        return np.asarray(0.5 + 0.5 * np.cos(np.clip(away * 3.0, 0.0, np.pi)))

    def radius(self, angle: np.ndarray, height: np.ndarray) -> np.ndarray:
        above, below = np.clip(height, 0.0, 22.0), np.clip(-height, 0.0, 20.0)
        swell = np.sin(np.pi * above / 22.0) ** self.bulge_power
        sinus = self.bulge_mm * swell * (0.45 + 0.55 * self._lobes_of(angle))
        return self.annulus(angle) + sinus - self.slope_below * below + self.flare_below * below**2

    def _lobes_of(self, angle: np.ndarray) -> np.ndarray:
        table = np.arange(721) * (2.0 * np.pi / 720)
        return np.interp(np.mod(angle, 2.0 * np.pi), table, self.lobes(table))

    def crown(self, angle: np.ndarray) -> np.ndarray:
        """Height of the leaflets' attachment."""
        table = np.arange(721) * (2.0 * np.pi / 720)
        away = np.abs(np.angle(np.exp(1j * (table[:, None] - self.hinge_angles)))).min(axis=-1)
        return np.interp(np.mod(angle, 2.0 * np.pi), table, 15.0 * (away / (np.pi / 3.0)) ** 2)


def _within(angle: np.ndarray, arc: tuple[float, float]) -> np.ndarray:
    middle, half = arc
    return np.abs(np.angle(np.exp(1j * (angle - middle)))) <= half


def _shape(rng: np.random.Generator) -> _Shape:
    wide = rng.uniform(23.0, 29.5)
    right = rng.uniform(0.0, 2.0 * np.pi)
    hinges = right + np.radians((-120.0, 0.0, 120.0)) + rng.normal(0.0, np.radians(6.0), 3)
    return _Shape(
        half_a=wide / 2.0,
        half_b=wide / 2.0 * rng.uniform(0.72, 0.92),
        turn=rng.uniform(0.0, np.pi),
        dent=rng.uniform(0.0, 0.015),
        dent_phase=rng.uniform(0.0, 2.0),
        wall_mm=rng.uniform(1.5, 2.0),
        wall_hu=70.0,
        bulge_mm=rng.uniform(2.5, 5.0),
        bulge_power=rng.choice((1.2, 1.6, 2.0)),
        slope_below=rng.choice((0.0, 0.03, -0.05)),
        flare_below=rng.choice((0.0, 0.006, 0.012)),
        belly=rng.uniform(1.6, 2.8),
        hinge_angles=hinges,
        atrium=(hinges[0] + rng.uniform(0.3, 1.0), rng.uniform(0.5, 1.0)),
        muscle=(hinges[1] + rng.uniform(-0.6, 0.6), rng.uniform(0.5, 1.2)),
    )


def _frame(rng: np.random.Generator) -> Frame:
    tilt, turn = np.radians(rng.uniform(36.0, 60.0)), np.radians(rng.uniform(-35.0, 15.0))
    normal = np.array((-np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)))
    return Frame.of(rng.uniform(-0.4, 0.4, 3), normal)


def make_root_b(
    seed: int,
    slice_mm: float,
    noise_hu: float,
    *,
    pixel_mm: float = 0.6,
    calcium: bool = True,
    bellied: bool = True,
    point_spread_mm: float = 0.40,
    half_mm: float = 24.0,
) -> RootB:
    """One seed's root, scanned with these slices and this noise. The same seed is the same root at every slice."""
    rng = np.random.default_rng(seed)
    shape, frame = _shape(rng), _frame(rng)
    nodules = _nodules(rng, shape) if calcium else []
    spacing = np.array((pixel_mm, pixel_mm, slice_mm))
    parts = np.maximum(np.rint(spacing / FINE_MM).astype(int), 1)
    low, high = np.full(3, -half_mm), np.array((half_mm, half_mm, half_mm))
    size = np.ceil((high - low) / spacing).astype(int)
    grid = Grid.from_parts(tuple(int(n) for n in size), spacing, low)
    fine_spacing = spacing / parts
    axes = [low[n] - spacing[n] / 2 + fine_spacing[n] * (np.arange(size[n] * parts[n]) + 0.5) for n in range(3)]
    fine = np.empty([len(axis) for axis in axes[::-1]], dtype=np.float32)
    for k, z in enumerate(axes[2]):
        points = np.stack(np.broadcast_arrays(axes[0][None, :], axes[1][:, None], z), axis=-1).astype(np.float64)
        fine[k] = _tissue(shape, frame, points, nodules, bellied)
    for axis in range(3):
        fine = ndimage.gaussian_filter1d(fine, point_spread_mm / fine_spacing[2 - axis], axis=axis, truncate=4.5)
    p, n = parts, size
    voxels = fine.reshape(n[2], p[2], n[1], p[1], n[0], p[0]).mean(axis=(1, 3, 5))
    noise = ndimage.gaussian_filter(np.random.default_rng(seed + 7919).normal(size=voxels.shape), (0.5, 0.7, 0.7))
    voxels = voxels + noise / noise.std() * noise_hu
    around = np.arange(7200) * (2.0 * np.pi / 7200)
    curve = shape.annulus(around)[:, None] * np.stack([np.cos(around), np.sin(around)], axis=-1)
    at = shape.annulus(shape.hinge_angles)[:, None]
    hinges = frame.to_world(at * np.stack([np.cos(shape.hinge_angles), np.sin(shape.hinge_angles)], axis=-1))
    kind = f"bulge^{shape.bulge_power} below {shape.slope_below:+.2f} {shape.flare_below:.3f} nodules {len(nodules)}"
    return RootB(
        Volume(grid, np.round(voxels).astype(np.int16)), hinges, frame.normal, measure_contour(curve, 0.1), kind
    )


def _nodules(rng: np.random.Generator, shape: _Shape) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """(centre in the root's own x, y, height; half-axes; HU): some in the wall near the plane, some on the leaflets."""
    found = []
    for _ in range(rng.integers(0, 4)):
        angle, height, size = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(-2.0, 2.5), rng.uniform(0.8, 1.7, 3)
        away = float(shape.radius(np.array(angle), np.array(height))) + size[0] * rng.uniform(0.3, 1.3)
        found.append((np.array((away * np.cos(angle), away * np.sin(angle), height)), size, rng.uniform(700.0, 1100.0)))
    for _ in range(rng.integers(0, 5)):
        angle = rng.choice(shape.hinge_angles) + rng.uniform(-0.5, 0.5)
        height, size = rng.uniform(1.5, 8.0), rng.uniform(0.8, 1.8, 3)
        away = float(shape.annulus(np.array(angle))) * rng.uniform(0.5, 0.9)
        found.append((np.array((away * np.cos(angle), away * np.sin(angle), height)), size, rng.uniform(700.0, 1100.0)))
    return found


def _tissue(
    shape: _Shape,
    frame: Frame,
    points: np.ndarray,
    nodules: list[tuple[np.ndarray, np.ndarray, float]],
    bellied: bool,
) -> np.ndarray:
    plane = frame.to_plane(points)
    height = (points - frame.origin_mm) @ frame.normal
    x, y = plane[..., 0], plane[..., 1]
    angle, away = np.arctan2(y, x), np.hypot(x, y)
    table = np.arange(1441) * (2.0 * np.pi / 1440)
    turn = np.mod(angle, 2.0 * np.pi)
    edge = np.interp(turn, table, shape.annulus(table))
    edge = edge + (shape.radius(angle, height) - shape.annulus(angle))
    beyond = away - edge
    outside = np.where(_within(angle, shape.muscle), MUSCLE_HU, FAT_HU)
    outside = np.where(_within(angle, shape.atrium) & (beyond > ATRIUM_MM) & (beyond < 20.0), ATRIUM_HU, outside)
    values = np.where(beyond <= 0.0, LUMEN_HU, np.where(beyond <= shape.wall_mm, shape.wall_hu, outside))
    if bellied:
        inwards = np.clip(-beyond, 0.0, 11.0)
        crown = shape.crown(angle)
        sheet = crown * (1.0 - inwards / 11.0) + 9.0 * (inwards / 11.0) ** shape.belly
        steep = np.sqrt(1.0 + (9.0 * shape.belly / 11.0 * (inwards / 11.0) ** (shape.belly - 1.0)) ** 2)
        leaflet = (np.abs(height - sheet) / steep <= LEAFLET_MM / 2.0) & (beyond <= 0.0) & (crown < 14.5)
        values = np.where(leaflet, LEAFLET_HU, values)
    for center, size, hu in nodules:
        local = np.stack([x, y, height], axis=-1) - center
        values = np.where(((local / size) ** 2).sum(axis=-1) <= 1.0, hu, values)
    return values.astype(np.float32)
