"""A beating aortic root with analytic truth: one small CT a phase, each phase moved, turned and widened by its own law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from planning.geometry import Grid
from planning.section import Frame
from planning.volume import Volume

LUMEN_HU, WALL_HU, FAT_HU, ATRIUM_HU, LEAFLET_HU = 380.0, 75.0, -85.0, 350.0, 130.0


@dataclass(frozen=True)
class BeatingRoot:
    """volumes: one a phase. hinges_mm: (phases, 3, 3) N, R, L. areas_mm2: (phases,) of the lumen in the hinge plane."""

    volumes: tuple[Volume, ...]
    labels: tuple[str, ...]
    hinges_mm: np.ndarray
    areas_mm2: np.ndarray


def _turned(axis: np.ndarray, degrees: float) -> np.ndarray:
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    a = np.radians(degrees)
    return np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * (k @ k)


def make_beating_root(
    *,
    phases: int = 10,
    spacing_mm: tuple[float, float, float] = (0.6, 0.6, 0.8),
    noise_hu: float = 25.0,
    seed: int = 0,
    swing: float = 0.05,
    travel_mm: float = 6.0,
    systole_percent: float = 25.0,
    size_mm: float = 60.0,
) -> BeatingRoot:
    """swing: how far the diameters go from their mean, e.g. 0.05 for ± 5 %. The root is widest at `systole_percent`."""
    generator = np.random.default_rng(seed)
    spacing = np.array(spacing_mm)
    size = tuple(int(size_mm / s) for s in spacing)
    grid = Grid.from_parts(size, spacing, tuple(-(np.array(size) - 1) / 2 * spacing))
    places = grid.to_world(np.stack(np.meshgrid(*[np.arange(n) for n in size], indexing="ij"), -1))
    frame = Frame.of(np.zeros(3), np.array((-0.55, -0.15, 0.8)))
    a, b = generator.uniform(12.5, 14.0), generator.uniform(10.0, 11.5)
    angles = np.radians((100.0, 220.0, 340.0))
    hinge_plane = np.stack([_ellipse(angles, a, b) * np.cos(angles), _ellipse(angles, a, b) * np.sin(angles)], -1)
    base = frame.to_world(hinge_plane)
    if np.cross(base[1] - base[0], base[2] - base[0]) @ frame.normal < 0:
        base = base[[0, 2, 1]]
    way, axis = generator.normal(size=3), generator.normal(size=3)
    way /= np.linalg.norm(way)
    volumes, hinges, areas = [], [], []
    for number in range(phases):
        percent = 100.0 * number / phases
        beat = np.cos(2 * np.pi * (percent - systole_percent) / 100.0)
        wider = np.array((1 + swing * beat, 1 + 0.8 * swing * beat))
        moved = 0.5 * travel_mm * np.cos(2 * np.pi * (percent - systole_percent - 10.0) / 100.0) * way
        turn = _turned(axis, 4.0 * beat)
        local = (places - moved) @ turn  # the inverse turn of row vectors
        plane = frame.to_plane(local) / wider
        height = local @ frame.normal
        volumes.append(Volume(grid, _image(plane, height, a, b, angles, beat > 0.3, spacing, noise_hu, generator)))
        flat = frame.to_plane(base) * wider
        hinges.append(frame.to_world(flat) @ turn.T + moved)
        areas.append(np.pi * a * b * wider[0] * wider[1])
    labels = tuple(f"{100 * n / phases:.0f} % of R–R" for n in range(phases))
    return BeatingRoot(tuple(volumes), labels, np.array(hinges), np.array(areas))


def _ellipse(angles: np.ndarray, a: float, b: float) -> np.ndarray:
    return a * b / np.hypot(b * np.cos(angles), a * np.sin(angles))


def _image(
    plane: np.ndarray,
    height: np.ndarray,
    a: float,
    b: float,
    lobes: np.ndarray,
    is_open: bool,
    spacing: np.ndarray,
    noise_hu: float,
    generator: np.random.Generator,
) -> np.ndarray:
    angle, radius = np.arctan2(plane[..., 1], plane[..., 0]), np.hypot(plane[..., 0], plane[..., 1])
    share = np.clip(height / 20.0, 0, 1)
    lobed = 0.6 + 0.4 * np.cos(3 * (angle - lobes[0]))
    wall = _ellipse(angle, a, b) + 4.0 * np.sin(np.pi * share) ** 1.5 * lobed + 0.012 * np.clip(-height, 0, 12) ** 2
    soft = 0.5

    def cover(distance: np.ndarray) -> np.ndarray:
        return np.clip(0.5 - distance / soft, 0, 1)

    image = np.full(radius.shape, FAT_HU)
    atrium = np.hypot(plane[..., 0] + 0.2, plane[..., 1] - (b + 2.2 + 16.0)) - 16.0
    image += (ATRIUM_HU - image) * cover(np.maximum(atrium, np.abs(height) - 18.0))
    image += (WALL_HU - image) * cover(radius - wall - 1.7)
    image += (LUMEN_HU - image) * cover(radius - wall)
    away = np.abs(np.angle(np.exp(3j * (angle - lobes[0])))) / 3.0
    crown = 14.0 * (away / (np.pi / 3)) ** 2
    inner = np.clip(radius / wall, 0, 1)
    sheet = crown + (1 - inner) * (16.0 if is_open else 9.0) if is_open else crown * inner**3 + 9.0 * (1 - inner**1.6)
    steep = np.sqrt(1 + ((16.0 if is_open else 12.0) / wall) ** 2)
    leaf = np.maximum(np.abs(height - sheet) / steep - 0.35, radius - wall)
    leaf = np.maximum(leaf, 0.55 - inner) if is_open else leaf
    image += (LEAFLET_HU - image) * cover(leaf)
    image = ndimage.gaussian_filter(image, 0.4 / spacing)
    noise = ndimage.gaussian_filter(generator.normal(size=image.shape), 0.6)
    return np.round(image + noise / noise.std() * noise_hu).transpose(2, 1, 0).astype(np.int16)
