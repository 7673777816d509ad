"""The vena cava in a hepatic venous tree: it runs through the liver's bed, and no resection of the liver takes it.

Veins without it are rooted where they are thickest: that is where they met it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from planning.geometry import FloatArray
from planning.liver.graph import IntArray
from planning.liver.tree import VesselTree, rooted

LEAST_RISE_MM = 40.0
LEAST_UPRIGHT = 0.75
"""Height over length of a way that may be the cava; hepatic veins run aslant."""
LEAST_RADIUS_MM = 4.5
STILL_THICK = 0.5
"""Where the way is thinner than this share of its median it is the cava no more."""

ABOUT_MM = 8.0
"""A vein's thickness is the median over this distance."""
AS_THICK = 0.8


def rooted_at_cava(tree: VesselTree) -> VesselTree:
    """A hepatic tree as it is where it holds the cava; else each piece rooted where its veins are thick.

    Where the cava was left out of a label, the veins may merge without an end there, and an end is then a tip. A root
    that is about as thick as the thickest place stays; else it is the one of such places that is nearest to the head.
    """
    if find_cava(tree).any():
        return tree
    near = cKDTree(tree.points_mm).query_ball_point(tree.points_mm, ABOUT_MM)
    thickness = np.array([float(np.median(tree.radius_mm[own])) for own in near])
    roots = []
    for root in tree.roots:
        piece = np.flatnonzero(tree.below(int(root)))
        thick = piece[thickness[piece] >= AS_THICK * thickness[piece].max()]
        roots.append(int(root) if root in thick else int(thick[int(np.argmax(tree.points_mm[thick, 2]))]))
    if sorted(roots) == sorted(int(root) for root in tree.roots):
        return tree
    return rooted(tree.kind, tree.graph(), roots, tree.confidence)


def find_cava(tree: VesselTree) -> npt.NDArray[np.bool_]:
    """(N,) True for the points of the cava: of all ways from a root the thickest that runs along the body.

    The first points of the veins that join it, which lie in its lumen, are its points too. All False where there is
    none: a label of hepatic veins alone. The axis is the patient's (LPS z).
    """
    none = np.zeros(len(tree.parent), dtype=bool)
    best, most = none, 0.0
    for root in tree.roots:
        for way in _ways(tree, int(root)):
            rise = tree.points_mm[way[-1], 2] - tree.points_mm[way[0], 2]
            volume = float((tree.radius_mm[way[1:]] ** 2 * np.abs(np.diff(tree.points_mm[way, 2]))).sum())
            if volume > most and _is_cava(tree, way, abs(float(rise))):
                best, most = _thick_part(tree, way), volume
    return best


def _ways(tree: VesselTree, root: int) -> list[IntArray]:
    """For each end that is high above or below the root the points on the way to it."""
    below = tree.children()
    ends = [point for point, following in enumerate(below) if not following]
    found = []
    for end in ends:
        if abs(float(tree.points_mm[end, 2] - tree.points_mm[root, 2])) < LEAST_RISE_MM:
            continue
        way = [end]
        while tree.parent[way[-1]] >= 0:
            way.append(int(tree.parent[way[-1]]))
        if way[-1] == root:
            found.append(np.array(way[::-1]))
    return found


def _is_cava(tree: VesselTree, way: IntArray, rise_mm: float) -> bool:
    length = float(tree.step_mm[way[1:]].sum())
    return rise_mm >= LEAST_UPRIGHT * length and float(np.median(tree.radius_mm[way])) >= LEAST_RADIUS_MM


def _thick_part(tree: VesselTree, way: IntArray) -> npt.NDArray[np.bool_]:
    """The way up to the last place where it is still thick."""
    radius: FloatArray = tree.radius_mm[way]
    last = int(np.flatnonzero(radius >= STILL_THICK * float(np.median(radius)))[-1])
    cava = way[: last + 1]
    gap, nearest = cKDTree(tree.points_mm[cava]).query(tree.points_mm)
    return np.asarray(gap <= np.maximum(radius[nearest], 1e-6))
