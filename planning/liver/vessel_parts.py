"""Vessels of one mask parted by clicks: portal vein, hepatic veins, and what is neither.

Every place of the centre lines belongs to the click that it is reached from with the least resistance, length over the
fourth power of the radius (Hagen and Poiseuille). Vessels that touch do so through a thin neck, so the border comes to lie
there; a click on a branch that went to the wrong side turns it and what hangs on it. On a real portal-venous scan whose
vessels hang together, one click in each tree put 1.00 of the labelled portal and 0.50 of the hepatic veins on their side,
four clicks 0.99 and 0.96, six 0.98 and 0.98 (`bench_guided`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.geometry import FloatArray
from planning.liver.graph import IntArray, VesselGraph
from planning.progress import CancelToken
from planning.volume import Mask

NEITHER, PORTAL, HEPATIC = 0, 1, 2
# a click may lie this far beyond the wall of the vessel that it means
BESIDE_MM = 4.0
RESISTANCE_POWER = 4.0
LEAST_RADIUS_MM = 0.4
SMOOTHING = 3
NEAREST = 8

Places = Sequence[npt.ArrayLike]


@dataclass(frozen=True, slots=True, eq=False)
class PartedVessels:
    """portal, hepatic: masks on the grid of the whole, None where no click asks for it; no voxel is in both.

    touching_mm: (N, 3) LPS, where centre lines go from one to the other and were cut.
    """

    portal: Mask | None
    hepatic: Mask | None
    touching_mm: FloatArray


def part_vessels(
    whole: Mask,
    graph: VesselGraph,
    *,
    portal: Places,
    hepatic: Places,
    neither: Places = (),
    cancel: CancelToken | None = None,
) -> PartedVessels:
    """The vessels that the clicks mean.

    whole: all vessels found; graph: `graph_of(whole)`. portal, hepatic, neither: clicks, (3,) LPS mm each. What no click
    of the first two reaches is left out.
    Raises InputError when there is no click for either, or one lies by no vessel; Cancelled.
    """
    if not len(portal) and not len(hepatic):
        raise InputError("No click says which vessels are meant", "Click on the portal trunk and on a hepatic vein")
    seeds = {
        kind: [_under(graph, place) for place in places]
        for kind, places in ((PORTAL, portal), (HEPATIC, hepatic), (NEITHER, neither))
    }
    owner = _owners(graph, seeds)
    if cancel is not None:
        cancel.raise_if_set()
    voxels = _of_voxels(whole, graph, owner)
    ends = owner[graph.edges]
    cut = np.sort(ends, axis=1)
    touching = (cut[:, 0] == PORTAL) & (cut[:, 1] == HEPATIC)
    return PartedVessels(
        _mask(whole, voxels == PORTAL) if len(portal) else None,
        _mask(whole, voxels == HEPATIC) if len(hepatic) else None,
        np.asarray(graph.points_mm[graph.edges[touching]].mean(axis=1)),
    )


def _under(graph: VesselGraph, place: npt.ArrayLike) -> int:
    """The centre point whose vessel a click lies in. Raises InputError for a click beside every vessel."""
    away = np.linalg.norm(graph.points_mm - np.asarray(place, dtype=np.float64), axis=1) - graph.radius_mm
    if not away.size or float(away.min()) > BESIDE_MM:
        raise InputError("The click lies on no vessel that was found", "Click into a bright vessel of the liver")
    return int(away.argmin())


def _owners(graph: VesselGraph, seeds: dict[int, list[int]]) -> IntArray:
    """(N,) which kind of click each centre point is reached from most easily; NEITHER where from none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    count = len(graph.points_mm)
    first, second = graph.edges.T
    radius = _smoothed(graph)
    narrowest = np.maximum(np.minimum(radius[first], radius[second]), LEAST_RADIUS_MM)
    cost = graph.length_mm / narrowest**RESISTANCE_POWER
    both_ways = (np.concatenate([first, second]), np.concatenate([second, first]))
    ways = coo_array((np.concatenate([cost, cost]), both_ways), shape=(count, count)).tocsr()
    owner = np.full(count, NEITHER, dtype=np.int64)
    best = np.full(count, np.inf)
    for kind, points in seeds.items():
        if points:
            reached = dijkstra(ways, indices=points, min_only=True)
            nearer = reached < best
            owner[nearer], best[nearer] = kind, reached[nearer]
    return owner


def _smoothed(graph: VesselGraph) -> FloatArray:
    """(N,) radii, each some times the mean of its own and its neighbours': a voxel more or less is no neck."""
    first, second = graph.edges.T
    weight = 1.0 + graph.degree
    radius = np.asarray(graph.radius_mm, dtype=np.float64)
    for _ in range(SMOOTHING):
        total = radius.copy()
        np.add.at(total, first, radius[second])
        np.add.at(total, second, radius[first])
        radius = total / weight
    return radius


def _of_voxels(whole: Mask, graph: VesselGraph, owner: IntArray) -> IntArray:
    """For each voxel of the mask, in the order of its non-zero voxels, the owner of the centre line that it follows.

    By the power distance d² − r² to the nearest centre points: a thick vessel beside a thin one keeps its own rim.
    """
    from scipy.spatial import cKDTree

    k, j, i = np.nonzero(whole.voxels)
    places = whole.box_grid.to_world(np.stack([i, j, k], axis=1))
    count = min(NEAREST, len(graph.points_mm))
    away, nearest = (part.reshape(len(places), -1) for part in cKDTree(graph.points_mm).query(places, k=count))
    best = np.argmin(away**2 - graph.radius_mm[nearest] ** 2, axis=1)
    return np.asarray(owner[nearest[np.arange(len(places)), best]], dtype=np.int64)


def _mask(whole: Mask, chosen: npt.NDArray[np.bool_]) -> Mask:
    """The chosen ones of the mask's non-zero voxels, cropped."""
    inside = np.zeros(whole.voxels.shape, dtype=bool)
    inside[whole.voxels] = chosen
    full = np.zeros(whole.grid.shape_kji, dtype=bool)
    full[whole.box_kji] = inside
    return Mask.from_full(whole.grid, full)
