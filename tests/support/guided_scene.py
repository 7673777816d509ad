"""A small abdomen of known truth for guided segmentation: liver, lesion, portal and hepatic veins that touch, an organ
of the liver's own HU that hangs on by a neck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cases import make_case

from planning.case.document import Document
from planning.geometry import Grid
from planning.volume import Volume

SPACING, SIZE = (1.6, 1.6, 2.0), (140, 110, 80)
LIVER_AT, LIVER_MM = (80.0, 85.0, 80.0), (62.0, 52.0, 56.0)
NEIGHBOUR_AT, NEIGHBOUR_MM = (176.0, 85.0, 80.0), (24.0, 28.0, 28.0)
LESION_AT, LESION_MM = (54.0, 70.0, 80.0), 13.0
PLAIN_AT, AIR_AT = (100.0, 60.0, 90.0), (1.0, 1.0, 80.0)
PORTAL = (((112.0, 100.0, 60.0), (84.0, 96.0, 66.0), 4.6), ((84.0, 96.0, 66.0), (46.0, 100.0, 74.0), 3.6))
HEPATIC = (((96.0, 112.0, 122.0), (88.0, 104.0, 100.0), 4.6), ((88.0, 104.0, 100.0), (60.0, 104.0, 92.0), 3.6))
# a thin vessel that joins both trees
BRIDGE = (((70.0, 97.0, 69.0), (72.0, 104.0, 96.0), 1.9),)
PORTAL_AT, HEPATIC_AT = (94.0, 97.0, 63.8), (90.0, 106.0, 105.5)
LIVER_HU, LESION_HU, VESSEL_HU, FAT_HU = 110.0, 70.0, 190.0, -90.0


class GuidedScene:
    """The volume, and bool `[k, j, i]` truths on its grid."""

    def __init__(self, liver_hu: float = LIVER_HU) -> None:
        self.grid = Grid.from_parts(SIZE, SPACING)
        self._places = self.grid.to_world(np.indices(self.grid.shape_kji).reshape(3, -1)[::-1].T)
        hu = np.full(self.grid.shape_kji, -1000.0)
        hu[self._ellipsoid((112.0, 88.0, 80.0), (108.0, 84.0, 400.0))] = FAT_HU
        self.liver = self._ellipsoid(LIVER_AT, LIVER_MM)
        self.neighbour = self._ellipsoid(NEIGHBOUR_AT, NEIGHBOUR_MM)
        hu[self.neighbour | self._ellipsoid((147.0, 85.0, 80.0), (14.0, 7.0, 7.0))] = liver_hu
        hu[self.liver] = liver_hu
        self.portal, self.hepatic = self._tubes(PORTAL), self._tubes(HEPATIC)
        hu[self.portal | self.hepatic | self._tubes(BRIDGE)] = liver_hu + VESSEL_HU - LIVER_HU
        self.lesion = self._ellipsoid(LESION_AT, (LESION_MM,) * 3)
        hu[self.lesion] = liver_hu + LESION_HU - LIVER_HU
        hu += np.random.default_rng(5).normal(0.0, 10.0, hu.shape)
        self.volume = Volume(self.grid, hu.astype(np.int16))

    def _ellipsoid(self, center: tuple[float, ...], radii: tuple[float, ...]) -> np.ndarray:
        return (((self._places - center) / radii) ** 2).sum(axis=1).reshape(self.grid.shape_kji) <= 1.0

    def _tubes(self, lines: tuple) -> np.ndarray:
        inside = np.zeros(len(self._places), dtype=bool)
        for first, last, radius in lines:
            start, along = np.array(first), np.array(last) - np.array(first)
            share = np.clip(((self._places - start) @ along) / (along @ along), 0.0, 1.0)
            inside |= np.linalg.norm(self._places - start - share[:, None] * along, axis=1) <= radius
        return inside.reshape(self.grid.shape_kji)


def dice(first: np.ndarray, second: np.ndarray) -> float:
    """Overlap of two bool arrays."""
    return 2.0 * np.count_nonzero(first & second) / max(np.count_nonzero(first) + np.count_nonzero(second), 1)


def guided_document(path: Path, scene: GuidedScene | None = None) -> Document:
    """A new case with the scene's CT and nothing else."""
    return make_case(path, (scene or GuidedScene()).volume)
