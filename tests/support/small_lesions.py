"""Small lesions in a piece of liver, of known truth, for the guided segmentation; no constant is fitted to any one of them.

Lesions of 2 to 10 ml: ellipsoids of any turn with a wavy surface, darker or brighter than the liver, plain or with a ring
about another core; vessels pass by and touch them; noise of 10 to 30 HU, correlated as a soft kernel makes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid
from planning.volume import Volume

BoolArray = npt.NDArray[np.bool_]
LIVER_MM = 58.0
KINDS = ("dark", "bright", "ring")


@dataclass(frozen=True, slots=True, eq=False)
class SmallLesion:
    """liver: the closed organ, lesion: in it; bool `[k, j, i]` on the volume's grid. gap_hu: lesion less liver."""

    volume: Volume
    liver: BoolArray
    lesion: BoolArray
    kind: str
    gap_hu: float
    noise_hu: float


def small_lesion(seed: int) -> SmallLesion:
    """One lesion; kinds go round with the seed."""
    from scipy import ndimage

    draw = np.random.default_rng([seed, 41])
    kind = KINDS[seed % len(KINDS)]
    spacing = np.array((0.8, 0.8, draw.uniform(1.0, 2.5)))
    size = np.rint(np.array((134.0, 134.0, 126.0)) / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (0.8, 0.8, float(spacing[2])))
    middle = grid.to_world((size - 1) / 2.0)
    k, j, i = (np.arange(n) for n in grid.shape_kji)
    x, y, z = (
        (spacing[axis] * at - middle[axis]).astype(np.float32).reshape([-1 if axis == 2 - n else 1 for n in range(3)])
        for axis, at in enumerate((i, j, k))
    )
    away = np.sqrt(x**2 + y**2 + z**2)
    liver = away <= LIVER_MM
    hu = np.where(away <= LIVER_MM + 6.0, -90.0, -1000.0).astype(np.float32)
    liver_hu, noise_hu = float(draw.uniform(85.0, 125.0)), float(draw.uniform(10.0, 30.0))
    hu[liver] = liver_hu

    center = draw.normal(size=3) * 9.0
    level, radius_mm = _wavy(draw, x - center[0], y - center[1], z - center[2])
    lesion = (level <= 1.0) & liver
    for _ in range(int(draw.integers(3, 7))):
        _vessel(draw, hu, (x, y, z), center, radius_mm, liver_hu + float(draw.uniform(35.0, 70.0)))
    hu[~liver & (away <= LIVER_MM + 6.0)] = -90.0
    sign = {"dark": -1.0, "bright": 1.0, "ring": -1.0}[kind]
    gap_hu = sign * float(draw.uniform(15.0, 50.0))
    hu[lesion] = liver_hu + gap_hu
    if kind == "ring":
        hu[lesion & (level > draw.uniform(0.6, 0.8))] = liver_hu + float(draw.uniform(0.0, 40.0))
    blurred = ndimage.gaussian_filter(hu, 0.7 / spacing[::-1])
    noise = ndimage.gaussian_filter(draw.normal(size=hu.shape).astype(np.float32), 0.5 / spacing[::-1])
    noise *= noise_hu / float(noise.std())
    volume = Volume(grid, np.maximum(blurred + noise, -1024.0).astype(np.int16))
    return SmallLesion(volume, liver, lesion, kind, gap_hu, noise_hu)


def _wavy(
    draw: np.random.Generator, x: npt.NDArray[np.float32], y: npt.NDArray[np.float32], z: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], float]:
    """1 on the surface, less inside, and the radius of a ball of the same volume."""
    from scipy.spatial.transform import Rotation

    volume_mm3 = 1000.0 * np.exp(draw.uniform(np.log(2.0), np.log(10.0)))
    radius = float((0.75 * volume_mm3 / np.pi) ** (1.0 / 3.0))
    ratios = draw.uniform(0.75, 1.3, 3)
    radii = radius * ratios / float(np.prod(ratios)) ** (1.0 / 3.0)
    turn = Rotation.random(random_state=int(draw.integers(1 << 30))).as_matrix()
    along = [turn[axis, 0] * x + turn[axis, 1] * y + turn[axis, 2] * z for axis in range(3)]
    level = np.sqrt(sum((part / r) ** 2 for part, r in zip(along, radii, strict=True)))
    waves = np.zeros_like(level)
    for _ in range(3):
        way, phase = draw.normal(size=3), draw.uniform(0.0, 2.0 * np.pi)
        way *= draw.uniform(1.5, 3.0) / np.linalg.norm(way) / radius
        waves += np.cos(way[0] * x + way[1] * y + way[2] * z + phase)
    return np.asarray(level * (1.0 + 0.05 * waves), dtype=np.float32), radius


def _vessel(
    draw: np.random.Generator,
    hu: npt.NDArray[np.float32],
    places: tuple[npt.NDArray[np.float32], ...],
    center: npt.NDArray[np.float64],
    radius_mm: float,
    vessel_hu: float,
) -> None:
    """A straight vessel that passes the lesion's middle at one to three radii."""
    way, side = draw.normal(size=3), draw.normal(size=3)
    way /= np.linalg.norm(way)
    side -= (side @ way) * way
    through = center + side / np.linalg.norm(side) * radius_mm * draw.uniform(1.0, 3.0)
    rest = [place - at for place, at in zip(places, through, strict=True)]
    along = sum(part * step for part, step in zip(rest, way, strict=True))
    off = sum(part**2 for part in rest) - along**2
    hu[off <= draw.uniform(1.2, 4.0) ** 2] = vessel_hu
