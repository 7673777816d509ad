"""A resection plane as a thin sheet across the organ's box."""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from planning.geometry import FloatArray, Plane
from planning.volume import Mask
from viewers.overlay import CutItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of
from viewers.scene.adapters.curves import dashed_tube_data, disc_mesh, tube_data
from viewers.scene.adapters.mesh import paint, shaded_actor, surface_data

SHEET_OPACITY = 0.16
EDGE_RADIUS_MM = 0.5
DASH_MM, GAP_MM = 7.0, 5.0
# without an organ the sheet is a square of this half width
ALONE_HALF_MM = 40.0
BEYOND = 1.06


def sheet_corners(plane: Plane, organ: Mask | None) -> FloatArray:
    """(N, 3) corners, in order, of the plane's polygon inside the organ's box; N is 0 where it misses the box."""
    if organ is None or not organ.voxel_count:
        return _square(plane)
    low, high = np.zeros(3) - 0.5, np.array(organ.voxels.shape[::-1]) - 0.5
    middle, half = (low + high) / 2.0, (high - low) / 2.0 * BEYOND
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
    corners = organ.box_grid.to_world(middle + signs * half)
    found = []
    for first in range(8):
        for second in range(first + 1, 8):
            if np.count_nonzero(signs[first] != signs[second]) != 1:
                continue
            a, b = (float(plane.signed_distance_mm(corners[n])) for n in (first, second))
            if a * b <= 0.0 and a != b:
                found.append(corners[first] + (corners[second] - corners[first]) * (a / (a - b)))
    return _in_order(plane, np.array(found)) if len(found) >= 3 else np.zeros((0, 3))


def _square(plane: Plane) -> FloatArray:
    right, down = _in_plane(plane)
    turns = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return np.array([plane.origin_mm + ALONE_HALF_MM * (x * right + y * down) for x, y in turns])


def _in_order(plane: Plane, points_mm: FloatArray) -> FloatArray:
    right, down = _in_plane(plane)
    offset = points_mm - points_mm.mean(axis=0)
    ordered = points_mm[np.argsort(np.arctan2(offset @ down, offset @ right))]
    # an edge of the box that lies in the plane gives the same corner twice
    apart = np.linalg.norm(ordered - np.roll(ordered, 1, axis=0), axis=1) > 1e-6
    return np.asarray(ordered[apart])


def _in_plane(plane: Plane) -> tuple[FloatArray, FloatArray]:
    smallest = np.eye(3)[int(np.argmin(np.abs(plane.normal)))]
    right = np.cross(plane.normal, smallest)
    right /= np.linalg.norm(right)
    return right, np.cross(plane.normal, right)


class CutView(ActorGroup):
    """One plane: a sheet and its edge. The sheet gives way to the margin map that lies in it."""

    def __init__(self, renderer: vtkRenderer, item: CutItem) -> None:
        super().__init__(renderer)
        self._sheet_shown = True
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner of the sheet."""
        return box_of(self.corners_mm)

    def update(self, item: CutItem) -> None:
        """Take the changed item over."""
        before = self._item
        if item.plane is not before.plane or item.organ is not before.organ or item.dashed != before.dashed:
            self.remove()
            self._build(item)
            return
        self._item = item
        self._paint()

    def show_sheet(self, shown: bool) -> None:
        """Show the sheet or its edge alone."""
        self._sheet_shown = shown
        self.set_visible(self._visible)

    def set_visible(self, visible: bool) -> None:
        """Show or hide; the sheet only when it may."""
        super().set_visible(visible)
        if self._actors:
            self._actors[0].SetVisibility(visible and self._sheet_shown)

    def _build(self, item: CutItem) -> None:
        self._item = item
        self.corners_mm = sheet_corners(item.plane, item.organ)
        if not len(self.corners_mm):
            return
        sheet = self._add(shaded_actor(surface_data(disc_mesh(self.corners_mm)), item.color))
        sheet.GetProperty().LightingOff()
        edge = (
            dashed_tube_data(self.corners_mm, EDGE_RADIUS_MM, DASH_MM, GAP_MM)
            if item.dashed
            else tube_data(self.corners_mm, EDGE_RADIUS_MM, closed=True)
        )
        self._add(shaded_actor(edge, item.color))
        self._paint()
        self.set_visible(self._visible)

    def _paint(self) -> None:
        if not self._actors:
            return
        sheet, edge = self._actors
        paint(sheet, self._item.color, SHEET_OPACITY)
        paint(edge, self._item.color, 1.0)
