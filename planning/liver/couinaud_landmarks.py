"""Couinaud's landmarks as far as the vessel trees tell them, for a person to look at and to complete."""

from __future__ import annotations

import numpy as np

from planning.geometry import FloatArray, Vector
from planning.liver.couinaud import LANDMARKS, angles_about, boundary_through
from planning.liver.couinaud_branches import find_main_fork, find_veins, umbilical_portion
from planning.liver.places import Place
from planning.liver.territories import TreeTerritories
from planning.volume import Mask

NEAR_GALLBLADDER_MM = 10.0


def suggest_landmarks(
    portal: TreeTerritories | None,
    hepatic: TreeTerritories | None,
    organ: Mask,
    gallbladder: Mask | None = None,
) -> tuple[tuple[str, Place], ...]:
    """(name of `LANDMARKS`, place in LPS mm) of those that can be told, in their order; never all eight.

    Veins: the middle of each centreline. Cava: its axis where the middle (else the left, else the right) vein leaves it.
    Bifurcation and umbilical portion: of the portal tree's main fork. Gallbladder fossa: the organ's place nearest to
    the gallbladder's middle, within 10 mm of its wall. The ligamentum venosum is seen in the image alone.
    """
    found: dict[str, Vector] = {}
    leftwards = None
    if hepatic is not None:
        axis, veins = find_veins(hepatic)
        for side, line in veins.items():
            found[f"{side}_vein"] = line[len(line) // 2]
        leaving = next((veins[side] for side in ("middle", "left", "right") if side in veins), None)
        if leaving is not None:
            found["cava"] = _on_axis(axis, float(leaving[0][2]))
        if "middle" in veins and portal is not None:
            points = portal.tree.points_mm
            leftwards = angles_about(axis, points) < boundary_through(axis, veins["middle"]).at(points[:, 2])
    fork = find_main_fork(portal, leftwards) if portal is not None else None
    if portal is not None and fork is not None:
        found["portal_bifurcation"] = portal.tree.points_mm[portal.tree.parent[fork.point]]
        found["umbilical_portion"] = umbilical_portion(portal, fork)[0]
    fossa = None if gallbladder is None else _fossa(organ, gallbladder)
    if fossa is not None:
        found["gallbladder_fossa"] = fossa
    return tuple((name, _place(found[name])) for name in LANDMARKS if name in found)


def _on_axis(axis: FloatArray, height_mm: float) -> Vector:
    """The point of the cava's axis at a height; straight up and down beyond its ends."""
    x, y = (float(np.interp(height_mm, axis[:, 2], axis[:, n])) for n in (0, 1))
    return np.array((x, y, height_mm))


def _fossa(organ: Mask, gallbladder: Mask) -> Vector | None:
    """The organ's voxel nearest to the gallbladder's middle; None where the two lie apart."""
    from scipy.spatial import cKDTree

    if not gallbladder.voxel_count or not organ.voxel_count:
        return None
    middle = gallbladder.centroid_mm()
    k, j, i = np.nonzero(organ.voxels)
    near = organ.box_grid.to_world(np.stack([i, j, k], axis=1))
    place = near[int(np.square(near - middle).sum(axis=1).argmin())]
    k, j, i = np.nonzero(gallbladder.voxels)
    gap, _ = cKDTree(gallbladder.box_grid.to_world(np.stack([i, j, k], axis=1))).query(place)
    return place if gap <= NEAR_GALLBLADDER_MM else None


def _place(point_mm: Vector) -> Place:
    x, y, z = (round(float(value), 2) for value in point_mm)
    return x, y, z
