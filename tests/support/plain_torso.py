"""A torso of simple solids for what needs no network: body, lungs, spine, liver, an aorta full of contrast, a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid

SPACING_MM = 3.0
SHAPE = (90, 84, 120)


@dataclass(frozen=True, slots=True, eq=False)
class Torso:
    """volume: int16 HU `[k, j, i]` in LPS. parts: bool masks by name."""

    volume: npt.NDArray[np.int16]
    grid: Grid
    parts: dict[str, npt.NDArray[np.bool_]]

    def turned(self, order: tuple[int, int, int], flips: tuple[int, ...]) -> Torso:
        """The same patient stored with other axes. order: of `[k, j, i]`; flips: axes that run the other way."""

        def moved(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return np.ascontiguousarray(np.flip(array.transpose(order), flips))

        matrix = self.grid.world_from_index
        columns = [matrix[:3, 2 - axis].copy() for axis in order]
        origin = matrix[:3, 3].copy()
        for axis in flips:
            origin += columns[axis] * (self.volume.shape[order[axis]] - 1)
            columns[axis] = -columns[axis]
        new = np.eye(4)
        new[:3, :3], new[:3, 3] = np.stack(columns[::-1], axis=1), origin
        volume = moved(self.volume)
        return Torso(volume, Grid(volume.shape[::-1], new), {name: moved(part) for name, part in self.parts.items()})


def plain_torso(aorta_hu: float = 350.0, noise_hu: float = 12.0, seed: int = 0) -> Torso:
    """Lungs above, liver on the right below, spine behind, aorta left in front of it."""
    k, j, i = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1], 0 : SHAPE[2]].astype(np.float32) * SPACING_MM
    x, y = i - 178.0, j - 110.0
    body = (x / 150.0) ** 2 + (y / 90.0) ** 2 < 1
    upper = k > 140.0

    def ellipsoid(cx: float, cy: float, cz: float, rx: float, ry: float, rz: float) -> npt.NDArray[np.bool_]:
        return np.asarray(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((k - cz) / rz) ** 2 < 1)

    parts = {
        "body": body,
        "lung_left": upper & ellipsoid(75.0, 0.0, 200.0, 50.0, 60.0, 75.0),
        "lung_right": upper & ellipsoid(-75.0, 0.0, 200.0, 50.0, 60.0, 75.0),
        "liver": ellipsoid(-60.0, -5.0, 85.0, 72.0, 62.0, 55.0),
        "bone": (np.hypot(x, y - 62.0) < 17.0) & body,
        "aorta": np.hypot(x - 12.0, y - 30.0) < 11.0,
    }
    hu = np.full(SHAPE, -1000.0, dtype=np.float32)
    hu[body] = 45.0
    hu[body & ((x / 143.0) ** 2 + (y / 83.0) ** 2 > 1)] = -100.0
    # fat about the liver gives it an edge
    hu[ellipsoid(-60.0, -5.0, 85.0, 78.0, 68.0, 61.0)] = -95.0
    for name, value in (("lung_left", -830.0), ("lung_right", -830.0), ("liver", 90.0), ("aorta", aorta_hu)):
        hu[parts[name]] = value
    hu[parts["bone"]] = 250.0
    hu[parts["bone"] & (np.hypot(x, y - 62.0) > 13.0)] = 700.0
    # the table
    hu[(np.abs(x) < 170.0) & (y > 98.0) & (y < 104.0)] = 100.0
    hu += np.random.default_rng(seed).normal(0, noise_hu, SHAPE)
    grid = Grid.from_parts(SHAPE[::-1], (SPACING_MM,) * 3, (-178.0, -110.0, 0.0))
    return Torso(np.round(hu).astype(np.int16), grid, parts)
