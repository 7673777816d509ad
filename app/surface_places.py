"""Which structures' surfaces a measurement in space was taken on: it leaves 3D with them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from app.session import Session
from planning.case.model import Measurement
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

# from a place on a triangle to a corner of it
NEAR_MM = 3.0


class SurfacePlaces:
    """Asks the surfaces that are made; what was found is kept while measurement and surface stay the same objects."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[str, str], tuple[Measurement, SurfaceMesh, frozenset[int]]] = {}

    def floats(self, item: Measurement, hidden: Collection[str]) -> bool:
        """True when a place of it lies on surfaces of structures that are all hidden.

        A place that is on no structure's surface, but on a plan's, or on one that is not made yet, stays.
        """
        seen: set[int] = set()
        unseen: set[int] = set()
        for name in self._session.case.structures:
            places = self._places_on(item, name)
            (unseen if name in hidden else seen).update(places)
        return bool(unseen - seen)

    def _places_on(self, item: Measurement, name: str) -> frozenset[int]:
        """Numbers of the measurement's places that lie on a structure's surface."""
        mesh = self._session.surface(name) or self._session.former_surface(name)
        if mesh is None:
            return frozenset()
        known = self._known.get((item.name, name))
        if known is None or known[0] is not item or known[1] is not mesh:
            points = np.asarray(item.points_mm, dtype=np.float64)
            found = frozenset(n for n, point in enumerate(points) if _is_near(mesh.points_mm, point))
            known = self._known[item.name, name] = item, mesh, found
        return known[2]


def _is_near(corners_mm: FloatArray, place_mm: FloatArray) -> bool:
    """Whether a corner of a surface is within reach of a place."""
    inside = np.ones(len(corners_mm), dtype=bool)
    for axis in range(3):
        inside &= np.abs(corners_mm[:, axis] - place_mm[axis]) <= NEAR_MM
        if not inside.any():
            return False
    return bool((np.linalg.norm(corners_mm[inside] - place_mm, axis=1) <= NEAR_MM).any())
