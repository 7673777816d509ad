"""An analytic abdomen and pelvis: aorta, fork, iliac arteries, bone and veins close by. Written apart from the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from planning.geometry import Grid
from planning.volume import Volume

LUMEN, WALL, FAT, MUSCLE, VEIN, CALCIUM, CORTEX, MARROW = 350.0, 60.0, -95.0, 55.0, 90.0, 1150.0, 850.0, 230.0


@dataclass
class Artery:
    """A lumen's truth: (N, 3) curve 0.25 mm apart from the fork outwards, (N,) lumen radii, and what is in the wall."""

    name: str
    curve_mm: np.ndarray
    radius_mm: np.ndarray
    outer_mm: np.ndarray
    plaques: list[tuple[float, float, float, float]] = field(default_factory=list)  # s, half length, from deg, to deg

    @property
    def along_mm(self) -> np.ndarray:
        return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(self.curve_mm, axis=0), axis=1))])

    @property
    def length_mm(self) -> float:
        return float(self.along_mm[-1])


def spline(points: list[tuple[float, float, float]] | np.ndarray, step: float = 0.25) -> np.ndarray:
    """A smooth curve through points in even steps."""
    p = np.asarray(points, dtype=float)
    t = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1) ** 0.7)])
    fine = CubicSpline(t, p)(np.linspace(0, t[-1], 4000))
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))])
    at = np.arange(0, s[-1], step)
    return np.stack([np.interp(at, s, fine[:, n]) for n in range(3)], 1)


def artery(name: str, points: list[tuple[float, float, float]], start: float, end: float) -> Artery:
    """An artery that tapers from one radius to another."""
    curve = spline(points)
    radius = np.linspace(start, end, len(curve))
    return Artery(name, curve, radius.copy(), radius.copy())


def narrow(vessel: Artery, at_mm: float, least_mm: float, half_mm: float, arc_deg: tuple[float, float] | None) -> None:
    """A concentric stenosis to a least radius over about ±half; calcium fills the given arc, soft plaque the rest."""
    s = vessel.along_mm
    own = float(np.interp(at_mm, s, vessel.outer_mm))
    vessel.radius_mm -= (own - least_mm) * np.exp(-(((s - at_mm) / half_mm) ** 4))
    if arc_deg is not None:
        vessel.plaques.append((at_mm, half_mm * 1.2, *arc_deg))


def close(vessel: Artery, from_mm: float, to_mm: float) -> None:
    """No lumen between two places."""
    s = vessel.along_mm
    vessel.radius_mm[(s >= from_mm) & (s <= to_mm)] = -3.0


@dataclass
class Pelvis:
    """The image and its truth."""

    volume: Volume
    arteries: dict[str, Artery]
    fork_mm: np.ndarray


def standard_arteries(kinked: bool = True) -> dict[str, Artery]:
    """Aorta and iliac arteries in LPS mm; the fork at z = 0, femoral heads at z = −150, the head side up."""
    fork = (5.0, 0.0, 0.0)
    right = [fork, (-6.0, 1.0, -14.0), (-19.0, 6.0, -38.0), (-33.0, 14.0, -62.0), (-44.0, 6.0, -84.0)]
    if kinked:
        right += [(-58.0, -6.0, -92.0), (-62.0, -20.0, -84.0), (-66.0, -32.0, -94.0)]
    else:
        right += [(-55.0, -8.0, -100.0)]
    right += [(-68.0, -38.0, -118.0), (-70.0, -42.0, -140.0), (-71.0, -42.0, -178.0)]
    left = [fork, (15.0, 1.0, -14.0), (27.0, 7.0, -40.0), (38.0, 14.0, -64.0), (50.0, 4.0, -88.0)]
    left += [(60.0, -16.0, -104.0), (66.0, -32.0, -120.0), (69.0, -40.0, -142.0), (70.0, -41.0, -178.0)]
    aorta = [(2.0, 6.0, 150.0), (3.0, 4.0, 110.0), (6.0, 0.0, 60.0), (6.0, -1.0, 30.0), fork]
    found = {
        "aorta": artery("aorta", aorta, 10.0, 8.0),
        "right": artery("right", right, 5.2, 3.6),
        "left": artery("left", left, 5.2, 3.6),
    }
    for side, sign in (("right", -1.0), ("left", 1.0)):
        parent = found[side].curve_mm
        n = int(np.searchsorted(found[side].along_mm, 62.0))
        start = parent[n]
        inner = [
            start,
            start + (sign * 1.0, 9.0, -9.0),
            start + (-sign * 4.0, 22.0, -26.0),
            start + (-sign * 6, 30, -44),
        ]
        found[f"{side}_internal"] = artery(f"{side}_internal", [tuple(p) for p in inner], 3.2, 2.2)
    return found


def make_pelvis(
    arteries: dict[str, Artery],
    *,
    spacing: tuple[float, float, float] = (0.7, 0.7, 1.0),
    noise_hu: float = 25.0,
    blur_mm: float = 0.55,
    lumen_hu: float = LUMEN,
    vein_hu: float = VEIN,
    low: tuple[float, float, float] = (-120.0, -75.0, -170.0),
    high: tuple[float, float, float] = (120.0, 75.0, 130.0),
    bone: bool = True,
    seed: int = 0,
) -> Pelvis:
    """The scan: partial volume by soft edges, a Gaussian blur and correlated noise."""
    step = np.array(spacing)
    size = np.ceil((np.array(high) - low) / step).astype(int)
    grid = Grid.from_parts(tuple(int(n) for n in size), step, low)
    z, y, x = np.meshgrid(*[low[n] + step[n] * np.arange(size[n]) for n in (2, 1, 0)], indexing="ij", sparse=True)
    hu = np.where((x / 115.0) ** 2 + (y / 72.0) ** 2 < 1.0, FAT, -1000.0) + 0.0 * z
    hu = hu.astype(np.float32)
    if bone:
        _bone(hu, x, y, z)
    soft = 0.25 * float(step.mean())
    for side, sign in (("right", -1.0), ("left", 1.0)):
        if side in arteries:
            # the vein: behind and medial, nearly touching
            curve = arteries[side].curve_mm + (-sign * 7.0, 9.5, 0.0)
            _tube(hu, grid, curve, np.full(len(curve), 5.0), vein_hu, soft, wall=0.8)
        if bone and side in arteries:
            # the brim of the pelvis runs along the artery, two millimetres from its lumen
            own = (arteries[side].along_mm > 85.0) & (arteries[side].along_mm < 125.0)
            brim = arteries[side].curve_mm[own] + np.array((sign * 0.8, 0.6, 0.0)) * (6.5 + 2.0 + 4.3)
            _tube(hu, grid, brim, np.full(len(brim), 6.5), CORTEX, soft)
            _tube(hu, grid, brim, np.full(len(brim), 4.5), MARROW, soft)
    for vessel in arteries.values():
        _tube(hu, grid, vessel.curve_mm, vessel.outer_mm + 1.3, WALL, soft)
    for vessel in arteries.values():
        _tube(hu, grid, vessel.curve_mm, vessel.radius_mm, lumen_hu, soft)
    for vessel in arteries.values():
        for plaque in vessel.plaques:
            _plaque(hu, grid, vessel, plaque, soft)
    hu = ndimage.gaussian_filter(hu, blur_mm / step[::-1])
    generator = np.random.default_rng(seed)
    noise = ndimage.gaussian_filter(generator.standard_normal(hu.shape, dtype=np.float32), 0.6)
    hu += noise * (noise_hu / float(noise.std()))
    return Pelvis(Volume(grid, np.rint(hu).astype(np.int16)), arteries, np.array((5.0, 0.0, 0.0)))


def turned(volume: Volume, axes: tuple[int, int, int], flips: tuple[bool, bool, bool]) -> Volume:
    """The same image stored with other axes: array axes permuted, then flipped, the grid with them."""
    voxels = np.transpose(volume.voxels, axes)
    matrix = volume.grid.world_from_index.copy()
    columns = matrix[:3, [2, 1, 0]][:, list(axes)]  # of the array axes k, j, i
    origin = matrix[:3, 3].copy()
    for axis, flip in enumerate(flips):
        if flip:
            voxels = np.flip(voxels, axis)
            origin = origin + columns[:, axis] * (voxels.shape[axis] - 1)
            columns[:, axis] = -columns[:, axis]
    matrix[:3, :3] = columns[:, ::-1]
    matrix[:3, 3] = origin
    return Volume(Grid(voxels.shape[::-1], matrix), np.ascontiguousarray(voxels))


def _bone(hu: np.ndarray, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> None:
    """Spine, iliac wings with a shelf 2 mm from the arteries, hip joints; cortex over marrow."""

    def paint(depth: Callable[..., np.ndarray], low: tuple[float, ...], high: tuple[float, ...]) -> None:
        """depth: in mm, positive in the bone, asked for in the box only."""
        k, j, i = (
            slice(int(np.searchsorted(axis.ravel(), a)), int(np.searchsorted(axis.ravel(), b)))
            for axis, a, b in zip((z, y, x), low[::-1], high[::-1])
        )
        inside = depth(x[..., i], y[:, j], z[k])
        box = hu[k, j, i]
        box[inside > 0] = CORTEX
        box[inside > 2.2] = MARROW

    def spine(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        disc = np.abs((z + 1000.0) % 36.0 - 18.0) > 14.0
        return np.where(disc, -1.0, 21.0 - np.hypot(x, y - 42.0))

    paint(spine, (-22.0, 20.0, -40.0), (22.0, 64.0, 500.0))
    for sign in (-1.0, 1.0):

        def wing(x: np.ndarray, y: np.ndarray, z: np.ndarray, sign: float = sign) -> np.ndarray:
            t = np.clip((-z - 20.0) / 110.0, 0.0, 1.0)
            return 7.0 - np.hypot(x - sign * (62.0 + 22.0 * t), 0.35 * (y - (30.0 - 22.0 * t)))

        def ball(x: np.ndarray, y: np.ndarray, z: np.ndarray, sign: float = sign) -> np.ndarray:
            return 23.5 - np.sqrt((x - sign * 82.0) ** 2 + (y + 5.0) ** 2 + (z + 150.0) ** 2)

        def shaft(x: np.ndarray, y: np.ndarray, z: np.ndarray, sign: float = sign) -> np.ndarray:
            return 13.0 - np.hypot(x - sign * 100.0, y - 5.0) + 0.0 * z

        paint(wing, (min(sign * 50, sign * 95), -20.0, -136.0), (max(sign * 50, sign * 95), 60.0, -20.0))
        paint(ball, (sign * 82.0 - 24, -30.0, -175.0), (sign * 82.0 + 24, 20.0, -125.0))
        paint(shaft, (sign * 100.0 - 14, -10.0, -400.0), (sign * 100.0 + 14, 20.0, -160.0))


def _boxes(grid: Grid, curve: np.ndarray, reach: float, chunk: int = 80):  # type: ignore[no-untyped-def]
    for first in range(0, len(curve), chunk):
        part = curve[first : first + chunk + 1]
        index = grid.to_index(np.array([part.min(0) - reach, part.max(0) + reach]))
        low = np.clip(np.floor(index[0]).astype(int), 0, grid.size_ijk)
        high = np.clip(np.ceil(index[1]).astype(int) + 1, 0, grid.size_ijk)
        if (high > low).all():
            box = tuple(slice(int(a), int(b)) for a, b in zip(low[::-1], high[::-1]))
            shape = [s.stop - s.start for s in box]
            points = grid.to_world(np.indices(shape).reshape(3, -1)[::-1].T + low)
            yield first, box, shape, points


def _tube(
    hu: np.ndarray, grid: Grid, curve: np.ndarray, radius: np.ndarray, value: float, soft: float, wall: float = 0.0
) -> None:
    if wall:
        _tube(hu, grid, curve, radius + wall, WALL, soft)
    tree = cKDTree(curve)
    rim = np.full(hu.shape, 1e3, dtype=np.float32)
    for _, box, shape, points in _boxes(grid, curve, float(radius.max()) + 1.5):
        away, nearest = tree.query(points)
        rim[box] = np.minimum(rim[box], (away - radius[nearest]).reshape(shape))
    near = rim < 4.0 * soft
    cover = 0.5 * (1.0 - np.tanh(rim[near] / soft))
    hu[near] += cover * (value - hu[near])


def _plaque(hu: np.ndarray, grid: Grid, vessel: Artery, plaque: tuple[float, float, float, float], soft: float) -> None:
    at, half, first_deg, last_deg = plaque
    s = vessel.along_mm
    own = np.abs(s - at) <= half
    curve, radius, outer = vessel.curve_mm[own], vessel.radius_mm[own], vessel.outer_mm[own]
    tangent = np.gradient(curve, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    right = np.cross(tangent, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right, axis=1)[:, None]
    up = np.cross(tangent, right)
    tree = cKDTree(curve)
    for _, box, shape, points in _boxes(grid, curve, float(outer.max()) + 1.5, 10_000):
        away, n = tree.query(points)
        offset = points - curve[n]
        angle = np.degrees(np.arctan2((offset * up[n]).sum(1), (offset * right[n]).sum(1))) % 360.0
        inside_arc = (angle - first_deg) % 360.0 <= (last_deg - first_deg)
        along = np.abs((offset * tangent[n]).sum(1)) < 0.6
        edge = np.minimum(away - radius[n], outer[n] + 0.3 - away)
        cover = np.where(inside_arc & along, 0.5 * (1.0 + np.tanh(edge / soft)), 0.0).reshape(shape)
        hu[box] += (cover * (CALCIUM - hu[box])).astype(np.float32)


def make_ellipse_tube(
    a_mm: float, b_mm: float, *, spacing: float = 0.6, noise_hu: float = 25.0, length: float = 50.0, seed: int = 0
) -> tuple[Volume, np.ndarray, np.ndarray]:
    """A slanting tube of elliptic section with a wall, and two points on its axis; half axes in mm."""
    axis = np.array((0.25, -0.12, 0.96))
    axis /= np.linalg.norm(axis)
    right = np.cross(axis, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right)
    up = np.cross(axis, right)
    size = np.ceil(np.array((36.0, 36.0, length + 16.0)) / spacing).astype(int)
    grid = Grid.from_parts(tuple(int(n) for n in size), (spacing,) * 3)
    middle = grid.center_mm
    offset = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T) - middle
    x, y = offset @ right, offset @ up
    # the distance to an ellipse to first order: exact on it, good within a blur of it
    value = np.sqrt((x / a_mm) ** 2 + (y / b_mm) ** 2)
    slope = np.sqrt((x / a_mm**2) ** 2 + (y / b_mm**2) ** 2) / np.maximum(value, 1e-6)
    rim = (value - 1.0) / np.maximum(slope, 1e-6)
    soft = 0.25 * spacing
    hu = -90.0 + 75.0 * (1.0 - np.tanh((rim - 1.5) / soft)) + 160.0 * (1.0 - np.tanh(rim / soft))
    hu = ndimage.gaussian_filter(hu.reshape(grid.shape_kji), 0.4 / spacing)
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=hu.shape), 0.6)
    volume = Volume(grid, np.rint(hu + noise / noise.std() * noise_hu).astype(np.int16))
    return volume, middle - 0.42 * length * axis, middle + 0.42 * length * axis


def make_artery_beside_vein(
    gap_mm: float, *, least_mm: float = 3.0, spacing: tuple[float, float, float] = (0.7, 0.7, 1.0), seed: int = 0
) -> tuple[Volume, np.ndarray]:
    """An artery of 3 mm radius and its axis, with a vein of 5 mm and the same brightness winding about it.

    gap_mm: between the two lumens. least_mm: radius of the artery half way.
    """
    t = np.linspace(0.0, 1.0, 8)
    curve = spline(np.stack([8 * np.sin(3 * t), 5 * np.cos(2.5 * t), 150 * t], 1))
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    turn = 1.5 * along / along[-1]
    vein = curve + (8.0 + gap_mm) * np.stack([np.cos(turn), np.sin(turn), 0.0 * turn], 1)
    radius = 3.0 - (3.0 - least_mm) * np.exp(-(((along - 0.5 * along[-1]) / 4.0) ** 4))
    both = np.concatenate([curve, vein])
    low, high = both.min(axis=0) - (12.0, 12.0, 0.0), both.max(axis=0) + (12.0, 12.0, 0.0)
    size = np.ceil((high - low) / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, low)
    soft = 0.25 * float(np.mean(spacing))
    hu = np.full(grid.shape_kji, -60.0, dtype=np.float32)
    for wall, value in ((0.6, WALL), (0.0, LUMEN)):
        _tube(hu, grid, vein, np.full(len(vein), 5.0 + wall), value, soft)
        _tube(hu, grid, curve, radius + wall, value, soft)
    hu = ndimage.gaussian_filter(hu, 0.55 / np.array(spacing)[::-1])
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal(hu.shape), 0.6)
    return Volume(grid, np.rint(hu + noise * 25.0 / noise.std()).astype(np.int16)), curve
