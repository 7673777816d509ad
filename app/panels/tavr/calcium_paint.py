"""The calcium that was counted, as voxels and surfaces to be painted by region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.theme.tokens import DARK
from app.theme.tokens import HINGES as HINGE_COLORS
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress
from planning.volume import Mask, Volume

REGIONS = ("ncc", "rcc", "lcc", "lvot")
COLORS = {**HINGE_COLORS, "lvot": DARK["t1"]}
REACH_MM, NEAR_MM = 26.0, 2.5
MOST_BEYOND = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class PaintedCalcium:
    """What one region holds."""

    region: str
    mask: Mask
    surface: SurfaceMesh


def painted_calcium(volume: Volume, results: Mapping[str, Any]) -> Any:
    """A job's work: for each region its lumps over the plan's threshold, as far as they were counted."""
    calcium, annulus = results["calcium"], results["annulus"]
    nodules = calcium.get("nodules") or []
    center = np.asarray(annulus["centroid_mm"])

    def work(progress: Progress, cancel: CancelToken) -> tuple[PaintedCalcium, ...]:
        from scipy import ndimage

        from planning.surface import surface_from_mask

        grid = volume.grid
        box = center + np.array([[-1.0], [1.0]]) * REACH_MM * np.sqrt(3.0)
        corners = np.array([[box[i][0], box[j][1], box[k][2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
        index = grid.to_index(corners)
        size = np.array(grid.size_ijk)
        start = np.clip(np.floor(index.min(axis=0)).astype(int), 0, size - 1)
        stop = np.clip(np.ceil(index.max(axis=0)).astype(int) + 1, start + 1, size)
        part = volume.voxels[start[2] : stop[2], start[1] : stop[1], start[0] : stop[0]]
        lumps, count = ndimage.label(part > calcium["threshold_hu"], np.ones((3, 3, 3)))
        made = []
        for region in REGIONS:
            cancel.raise_if_set()
            own = _own_voxels(lumps, [n for n in nodules if n["region"] == region], grid, start)
            if not count or not own.any():
                continue
            i, j, k = (int(v) for v in start)
            mask = Mask(grid, (i, j, k), own)
            made.append(PaintedCalcium(region, mask, surface_from_mask(mask, kind="lesion")))
        return tuple(made)

    return work


def _own_voxels(lumps: Any, nodules: list[Mapping[str, Any]], grid: Any, start: Any) -> Any:
    """The voxels of lumps that the nodules' middles lie in or next to.

    Of a lump that goes on beyond what was counted (into a chamber full of dense contrast), as much as was counted.
    """
    own = np.zeros(lumps.shape, dtype=bool)
    places = np.argwhere(lumps > 0)
    if not len(places):
        return own
    world = grid.to_world(places[:, ::-1] + start)
    lump_of = lumps[tuple(places.T)]
    for nodule in nodules:
        away = np.linalg.norm(world - np.asarray(nodule["center_mm"]), axis=1)
        nearest = int(np.argmin(away))
        if away[nearest] > NEAR_MM:
            continue
        members = np.flatnonzero(lump_of == lump_of[nearest])
        counted = max(round(nodule["volume_mm3"] / grid.voxel_mm3), 1)
        if len(members) > MOST_BEYOND * counted:
            members = members[np.argsort(away[members], kind="stable")[:counted]]
        own[tuple(places[members].T)] = True
    return own
