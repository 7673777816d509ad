"""A vessel laid straight: where each place of the strip lies in the patient, and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.centerline import rotation_minimising
from planning.geometry import FloatArray
from planning.volume import Volume
from viewers.lut import OUTSIDE


@dataclass(frozen=True, slots=True, eq=False)
class StraightVessel:
    """A centreline with frames that do not twist. points_mm, tangents, normals: (N, 3); along_mm: (N,) rising from 0."""

    points_mm: FloatArray
    along_mm: FloatArray
    tangents: FloatArray
    normals: FloatArray

    @classmethod
    def of(cls, line_mm: npt.ArrayLike) -> StraightVessel:
        """From a centreline (N, 3), N at least 2."""
        points = np.asarray(line_mm, dtype=np.float64)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        points = points[np.concatenate([[True], steps > 1e-6])]
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        tangents = np.gradient(points, along, axis=0, edge_order=1)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        return cls(points, along, tangents, rotation_minimising(points, tangents))

    @property
    def length_mm(self) -> float:
        """Arc length."""
        return float(self.along_mm[-1])

    def frames(self, along_mm: npt.ArrayLike, turn_deg: float) -> tuple[FloatArray, FloatArray]:
        """(N, 3) points and unit directions across the vessel, turned about it."""
        at = np.asarray(along_mm, dtype=np.float64)
        points, tangents, normals = (
            np.stack([np.interp(at, self.along_mm, values[:, n]) for n in range(3)], axis=1)
            for values in (self.points_mm, self.tangents, self.normals)
        )
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        normals -= np.einsum("ij,ij->i", normals, tangents)[:, None] * tangents
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        turn = np.radians(turn_deg)
        return points, np.cos(turn) * normals + np.sin(turn) * np.cross(tangents, normals)

    def picture(
        self, volume: Volume, width: int, height: int, half_mm: float, turn_deg: float
    ) -> npt.NDArray[np.int16]:
        """(height, width) values: along the vessel to the right, across it upwards from −half_mm to half_mm."""
        from scipy import ndimage

        points, across = self.frames((np.arange(width) + 0.5) / width * self.length_mm, turn_deg)
        offsets = half_mm * (1.0 - (np.arange(height) + 0.5) / height * 2.0)
        places = points[None] + offsets[:, None, None] * across[None]
        index = volume.grid.to_index(places.reshape(-1, 3))[:, ::-1].T
        values = ndimage.map_coordinates(
            volume.voxels, index, order=1, mode="constant", cval=OUTSIDE, output=np.float32, prefilter=False
        )
        return np.asarray(np.rint(values).reshape(height, width), dtype=np.int16)

    def edges(self, stations: Sequence[Any], turn_deg: float) -> FloatArray:
        """(S, 3): place along the vessel, and how far the contour reaches up and down there; NaN where not closed."""
        at = np.array([station["s_mm"] for station in stations], dtype=np.float64)
        _, across = self.frames(at, turn_deg)
        found = np.full((len(at), 3), np.nan)
        found[:, 0] = at
        for n, station in enumerate(stations):
            contour = np.asarray(station["contour_mm"], dtype=np.float64).reshape(-1, 3)
            if len(contour) < 3:
                continue
            rest = contour - np.asarray(station["position_mm"])
            aside = np.cross(np.asarray(station["tangent"]), across[n])
            x, y = rest @ across[n], rest @ aside
            angle = np.arctan2(y, x)
            radius = np.hypot(x, y)
            order = np.argsort(angle)
            found[n, 1:] = np.interp([0.0, np.pi], angle[order], radius[order], period=2.0 * np.pi)
        return found
