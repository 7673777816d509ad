"""Pictures along a vessel: straightened, and curved but stretched flat; each with the way from pixel to patient and back.

Both use frames that do not twist (Wang 2008, in `planning.centerline`), so a turn about the centreline turns the whole
picture by the same angle everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.volume import Volume

NEAREST_ROWS_MM = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Straightened:
    """A strip: columns along the vessel, rows across it.

    line: the centreline. along_mm: (columns,) arc length at each column. across_mm: (rows,) distance from the line.
    turn_deg: how far the strip is turned about the line. points, across: (columns, 3) place on the line and direction of
    growing `across_mm`.
    """

    line: Centerline
    along_mm: FloatArray
    across_mm: FloatArray
    turn_deg: float
    points_mm: FloatArray
    across: FloatArray
    tangents: FloatArray

    @classmethod
    def of(
        cls, line: Centerline, columns: int, rows: int, *, half_width_mm: float = 20.0, turn_deg: float = 0.0
    ) -> Straightened:
        """The whole line over `columns` pixels, ±half_width_mm over `rows`. Raises MeasurementError without pixels."""
        if columns < 2 or rows < 2:
            raise MeasurementError("A strip needs at least two pixels each way", "Make it larger", "size")
        along = np.linspace(0.0, line.length_mm, columns)
        across_mm = np.linspace(-half_width_mm, half_width_mm, rows)
        points, tangents, normals = (
            np.stack([np.interp(along, line.arc_length_mm, values[:, n]) for n in range(3)], axis=1)
            for values in (line.points_mm, line.tangents, line.normals)
        )
        tangents /= np.linalg.norm(tangents, axis=1)[:, None]
        normals -= (normals * tangents).sum(axis=1)[:, None] * tangents
        normals /= np.linalg.norm(normals, axis=1)[:, None]
        angle = np.radians(turn_deg)
        across = np.cos(angle) * normals + np.sin(angle) * np.cross(tangents, normals)
        return cls(line, along, across_mm, turn_deg, points, across, tangents)

    def sampled(self, volume: Volume, *, order: int = 1) -> npt.NDArray[np.float32]:
        """(rows, columns) values; −1024 outside the scan. order: 1 linear, 0 nearest."""
        from scipy import ndimage

        # in voxel coordinates the whole grid of places is one sum: no (rows, columns, 3) array of millimetres is needed
        start = volume.grid.to_index(self.points_mm)[:, ::-1]
        step = (self.across @ volume.grid.index_from_world[:3, :3].T)[:, ::-1]
        index = start.T[:, None, :] + self.across_mm[None, :, None] * step.T[:, None, :]
        return np.asarray(
            ndimage.map_coordinates(
                volume.voxels, index, order=order, mode="constant", cval=-1024.0, output=np.float32, prefilter=False
            )
        )

    def to_world(self, row_column: npt.ArrayLike) -> FloatArray:
        """(…, 3) LPS mm of (…, 2) fractional pixels (row, column)."""
        at = np.asarray(row_column, dtype=np.float64)
        columns, rows = np.arange(len(self.along_mm)), np.arange(len(self.across_mm))
        across = np.interp(at[..., 0], rows, self.across_mm)
        point, direction = (
            np.stack([np.interp(at[..., 1], columns, values[:, n]) for n in range(3)], axis=-1)
            for values in (self.points_mm, self.across)
        )
        return np.asarray(point + across[..., None] * direction)

    def to_pixel(self, points_mm: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """(…, 2) fractional (row, column) of LPS points, and (…,) how far each lies off the strip's sheet.

        The column is where the plane across the line holds the point, near the closest place of the line.
        """
        from scipy.spatial import cKDTree

        points = np.asarray(points_mm, dtype=np.float64).reshape(-1, 3)
        near = np.clip(cKDTree(self.points_mm).query(points)[1], 1, len(self.points_mm) - 2)
        column = near.astype(np.float64)
        for _ in range(6):
            here, tangent, _ = self._at(column)
            speed = float(self.along_mm[-1]) / (len(self.along_mm) - 1)
            moved = column + ((points - here) * tangent).sum(axis=1) / speed
            column = np.clip(moved, near - NEAREST_ROWS_MM / speed, near + NEAREST_ROWS_MM / speed)
            column = np.clip(column, 0.0, len(self.points_mm) - 1.0)
        here, tangent, direction = self._at(column)
        offset = points - here
        across = (offset * direction).sum(axis=1)
        off = np.abs((offset * np.cross(tangent, direction)).sum(axis=1))
        step = float(self.across_mm[1] - self.across_mm[0])
        row = (across - self.across_mm[0]) / step
        shape = np.asarray(points_mm).shape[:-1]
        return np.stack([row, column], axis=1).reshape(*shape, 2), off.reshape(shape)

    def _at(self, column: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        numbers = np.arange(len(self.along_mm))
        here, tangent, direction = (
            np.stack([np.interp(column, numbers, values[:, n]) for n in range(3)], axis=1)
            for values in (self.points_mm, self.tangents, self.across)
        )
        return (
            here,
            tangent / np.linalg.norm(tangent, axis=1)[:, None],
            direction / np.linalg.norm(direction, axis=1)[:, None],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Stretched:
    """The vessel on a curved sheet rolled out flat: the line keeps its length and its bends seen along one direction.

    The sheet is the line moved along `ruling`; flat, the line's height above the picture's edge is its height along the
    ruling. points_mm: (columns, 3) on the line. start_mm: (columns,) height of each column's lowest row.
    """

    line: Centerline
    ruling: FloatArray
    points_mm: FloatArray
    heights_mm: FloatArray
    along_mm: FloatArray
    flat_mm: FloatArray
    pixel_mm: float
    lowest_mm: float
    rows: int

    @classmethod
    def of(
        cls, line: Centerline, *, turn_deg: float = 0.0, pixel_mm: float = 0.5, margin_mm: float = 20.0
    ) -> Stretched:
        """The sheet whose ruling is the picture's up: turned about the chord of the line by `turn_deg`.

        Flat, columns advance by the part of the arc length that runs across the ruling, so that lengths along the line
        are kept. Raises MeasurementError for a line that runs along the ruling only.
        """
        chord = line.points_mm[-1] - line.points_mm[0]
        axis = chord / max(float(np.linalg.norm(chord)), 1e-9)
        normal = line.normals[0] - (line.normals[0] @ axis) * axis
        normal /= max(float(np.linalg.norm(normal)), 1e-9)
        angle = np.radians(turn_deg)
        ruling = np.cos(angle) * normal + np.sin(angle) * np.cross(axis, normal)
        height = (line.points_mm - line.points_mm[0]) @ ruling
        steps = np.diff(line.points_mm, axis=0)
        rise = steps @ ruling
        flat_steps = np.sqrt(np.maximum((steps**2).sum(axis=1) - rise**2, 0.0))
        flat = np.concatenate([[0.0], np.cumsum(flat_steps)])
        if flat[-1] < 2.0 * pixel_mm:
            raise MeasurementError("The vessel runs straight away from this view", "Turn it", "edge_on")
        columns = np.arange(0.0, flat[-1] + 1e-9, pixel_mm)
        # a stretch that runs along the ruling has no width of its own
        rising = flat + 1e-9 * np.arange(len(flat))
        points = np.stack([np.interp(columns, rising, line.points_mm[:, n]) for n in range(3)], axis=1)
        heights = np.interp(columns, rising, height)
        along = np.interp(columns, rising, line.arc_length_mm)
        lowest = float(height.min()) - margin_mm
        rows = int(np.ceil((float(height.max()) + margin_mm - lowest) / pixel_mm)) + 1
        return cls(line, ruling, points, heights, along, columns, pixel_mm, lowest, rows)

    def sampled(self, volume: Volume) -> npt.NDArray[np.float32]:
        """(rows, columns) values, the first row lowest along the ruling; −1024 outside the scan."""
        from scipy import ndimage

        base = self.points_mm + (self.lowest_mm - self.heights_mm)[:, None] * self.ruling
        start = volume.grid.to_index(base)[:, ::-1]
        step = (volume.grid.index_from_world[:3, :3] @ self.ruling)[::-1] * self.pixel_mm
        index = start.T[:, None, :] + np.arange(self.rows)[None, :, None] * step[:, None, None]
        return np.asarray(
            ndimage.map_coordinates(volume.voxels, index, order=1, mode="constant", cval=-1024.0, output=np.float32)
        )

    def to_world(self, row_column: npt.ArrayLike) -> FloatArray:
        """(…, 3) LPS mm of (…, 2) fractional pixels (row, column)."""
        at = np.asarray(row_column, dtype=np.float64)
        numbers = np.arange(len(self.flat_mm))
        point = np.stack([np.interp(at[..., 1], numbers, self.points_mm[:, n]) for n in range(3)], axis=-1)
        height = self.lowest_mm + at[..., 0] * self.pixel_mm - np.interp(at[..., 1], numbers, self.heights_mm)
        return np.asarray(point + height[..., None] * self.ruling)

    def to_pixel(self, points_mm: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """(…, 2) fractional (row, column) of LPS points, and (…,) how far each lies off the sheet."""
        from scipy.spatial import cKDTree

        points = np.asarray(points_mm, dtype=np.float64).reshape(-1, 3)
        across = np.eye(3) - np.outer(self.ruling, self.ruling)
        sheet = self.points_mm @ across
        dropped = points @ across
        near = np.clip(cKDTree(sheet).query(dropped)[1], 1, len(sheet) - 2)
        direction = sheet[near + 1] - sheet[near - 1]
        length = np.maximum((direction**2).sum(axis=1), 1e-12)
        share = ((dropped - sheet[near]) * direction).sum(axis=1) / length * 2.0
        column = np.clip(near + np.clip(share, -1.0, 1.0), 0.0, len(sheet) - 1.0)
        numbers = np.arange(len(sheet))
        foot = np.stack([np.interp(column, numbers, sheet[:, n]) for n in range(3)], axis=1)
        off = np.linalg.norm(dropped - foot, axis=1)
        height = (points - self.line.points_mm[0]) @ self.ruling
        row = (height - self.lowest_mm) / self.pixel_mm
        shape = np.asarray(points_mm).shape[:-1]
        return np.stack([row, column], axis=1).reshape(*shape, 2), off.reshape(shape)
