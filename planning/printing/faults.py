"""What is wrong with a printed part, as data: one fault with its measure, its place and the fix that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray

Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at one place.

    kind: "hole", "edge", "bow_tie", "orientation", "zero_area", "crossing", "thin_wall", "trapped", "narrow", "loose",
    "bed", "clearance" or "overlap". measure: how much, in `unit` ("mm", "ml", "mm²", "triangles", "pairs"). limit: what it
    is held against, None where nothing of the kind may be. at_mm: where, LPS mm. count: how many of the elements that are
    meant (edges, triangles, pairs) lie there. area_mm2: the surface concerned, for thin walls. fix: what mends it, a name
    in `planning.printing.mending.FIXES`, "" where a person has to. of: the two objects' names
    with a comma, for what is between them.
    """

    kind: str
    measure: float
    unit: str
    at_mm: Place
    limit: float | None = None
    count: int = 1
    area_mm2: float | None = None
    fix: str = ""
    of: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the contract's `print`; what does not apply is left out."""
        told: dict[str, Any] = {
            "kind": self.kind,
            "measure": self.measure,
            "unit": self.unit,
            "limit": self.limit,
            "at_mm": list(self.at_mm),
            "count": self.count,
        }
        if self.area_mm2 is not None:
            told["area_mm2"] = self.area_mm2
        if self.fix:
            told["fix"] = self.fix
        if self.of:
            told["of"] = self.of
        return told


def place(point: FloatArray) -> Place:
    """(x, y, z) as plain numbers."""
    x, y, z = (float(value) for value in point)
    return x, y, z


def groups_of(points_mm: FloatArray, apart_mm: float) -> npt.NDArray[np.int64]:
    """(N,) number of the group of each of (N, 3) points: points in one cell of `apart_mm` or in neighbouring ones belong
    together, so that what lies farther apart than twice that is never one place."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    if not len(points_mm):
        return np.zeros(0, dtype=np.int64)
    cells, inverse = np.unique(np.floor(points_mm / apart_mm).astype(np.int64), axis=0, return_inverse=True)
    pairs = cKDTree(cells).query_pairs(1.8, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(cells),) * 2)
    labels = connected_components(graph, directed=False)[1]
    return np.asarray(labels[inverse.reshape(-1)], dtype=np.int64)
