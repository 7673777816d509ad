"""Which part of a kidney a clamped artery branch leaves without blood, and which branches a tumour asks for.

Rule, as for the liver's territories: each voxel of the kidney belongs to the named branch whose centreline is nearest;
a clamp stops all that lies beyond it. Branches are named where they run in the kidney or its sinus. Proposed is every
branch that feeds at least 2 % of a tumour that is cut, with the margin about it; without a cut, of any tumour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Vector
from planning.liver.distance import distance_to_mm
from planning.liver.neighbours import wall_mm
from planning.liver.organ import NamedMask, OrganLookup, padded, within
from planning.liver.territories import ClosedOrgan, TreeTerritories, find_territories
from planning.liver.tree import find_tree
from planning.liver.tumors import Tumor
from planning.volume import Mask, union

if TYPE_CHECKING:
    from planning.kidney.outline import Hull

KIND = "artery"
LEAST_FED_SHARE = 0.02
RULE = "nearest branch; proposed is each that feeds at least 2 % of a tumour that is cut, with its margin"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClampTerritory:
    """An artery branch. clamp_mm: where it begins; volume_ml, share_percent: what is without blood behind it.

    tumors, margins: by a tumour's number the share (0 … 1) of it, and of it with the margin about it, that this branch
    feeds.
    """

    name: str
    clamp_mm: Vector
    diameter_mm: float
    volume_ml: float
    share_percent: float
    tumors: Mapping[int, float]
    margins: Mapping[int, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.name,
            "clamp_mm": self.clamp_mm.tolist(),
            "diameter_mm": self.diameter_mm,
            "volume_ml": self.volume_ml,
            "share_percent": self.share_percent,
            "tumors": [
                {"id": number, "share": self.tumors.get(number, 0.0), "margin_share": share}
                for number, share in self.margins.items()
            ],
        }


def find_artery(
    organ: Mask, hull: Hull, artery: Sequence[NamedMask]
) -> tuple[TreeTerritories | None, tuple[Finding, ...]]:
    """The kidney parted among its artery's branches; None, and why, where none is named or it does not reach in."""
    if not any(mask.voxel_count for _, mask in artery):
        return None, (Finding("no_artery", "No artery is named: clamp territories are left out"),)
    parted, findings = part_vessel(organ, hull, artery, KIND)
    if parted is None:
        return None, (*findings, Finding("no_clamp", "The artery does not reach into the kidney"))
    return parted, findings


def part_vessel(
    organ: Mask, hull: Hull, vessel: Sequence[NamedMask], kind: str
) -> tuple[TreeTerritories | None, tuple[Finding, ...]]:
    """The kidney parted among a vessel's branches where it divides in the kidney or its sinus."""
    given = [mask for _, mask in vessel if mask.voxel_count]
    if not given:
        return None, ()
    found = find_tree(union(given), kind, OrganLookup.of(organ))
    parted = None if found.tree is None else find_territories(found.tree, organ, closed=_WithSinus.of_hull(organ, hull))
    return parted, found.findings


def main_wall_mm(vessel: Sequence[NamedMask], parted: TreeTerritories | None) -> FloatArray:
    """(N, 3) the wall of the main vessel, up to where it divides; all of it where it does not."""
    from scipy.spatial import cKDTree

    given = [mask for _, mask in vessel if mask.voxel_count]
    wall = wall_mm(union(given)) if given else np.zeros((0, 3))
    if parted is None or len(parted.names) < 2 or not len(wall):
        return wall
    nearest = np.asarray(cKDTree(parted.tree.points_mm).query(wall)[1])
    return np.asarray(wall[parted.branch[nearest] < 0])


@dataclass(frozen=True, slots=True, eq=False)
class _WithSinus(ClosedOrgan):
    """The organ with its sinus, where its artery divides: all that lies in its convex hull."""

    hull: Hull

    @classmethod
    def of_hull(cls, organ: Mask, hull: Hull) -> _WithSinus:
        """Of the organ and the hull about it."""
        closed = ClosedOrgan.of(organ)
        return cls(closed.grid, closed.closed, closed.stride, closed.pad, hull)

    def contains(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) True for the (N, 3) points in it."""
        return np.asarray(ClosedOrgan.contains(self, points_mm) | (self.hull.height_mm(points_mm) <= 0.0))


def margin_voxels(organ: Mask, tumor: Tumor, margin_mm: float) -> npt.NDArray[np.bool_]:
    """(M,) which of the organ's voxels (C order of its box) are the tumour's or lie within a margin about it."""
    reach = int(np.ceil(margin_mm / float(tumor.mask.grid.spacing_mm.min()))) + 1
    around = padded(tumor.mask, reach)
    near = distance_to_mm(around.voxels, around.grid.spacing_mm) <= margin_mm
    return within(Mask(around.grid, around.start_ijk, near), organ)[organ.voxels]


def find_clamps(
    artery: TreeTerritories, organ: Mask, tumors: Sequence[Tumor], margin_mm: float
) -> tuple[ClampTerritory, ...]:
    """The branches of the kidney's artery, the largest territory first."""
    owner = artery.branch[artery.nearest]
    count = len(artery.names)
    own = {tumor.id: _shares(owner, margin_voxels(organ, tumor, 0.0), count) for tumor in tumors}
    wide = {tumor.id: _shares(owner, margin_voxels(organ, tumor, margin_mm), count) for tumor in tumors}
    total = sum(artery.volumes_ml)
    rows = []
    for number, (name, volume) in enumerate(zip(artery.names, artery.volumes_ml, strict=True)):
        # points lie in the order of their way from the root
        start = int(np.flatnonzero(artery.branch == number)[0])
        rows.append(
            ClampTerritory(
                name=name,
                clamp_mm=artery.tree.points_mm[start],
                diameter_mm=2.0 * float(artery.tree.radius_mm[start]),
                volume_ml=volume,
                share_percent=100.0 * volume / total,
                tumors={one: float(shares[number]) for one, shares in own.items()},
                margins={one: float(shares[number]) for one, shares in wide.items()},
            )
        )
    return tuple(rows)


def _shares(owner: npt.NDArray[np.int64], flags: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.float64]:
    """(count,) share of the flagged voxels that each branch owns."""
    found = np.bincount(owner[flags], minlength=count).astype(np.float64)
    return np.asarray(found / max(found.sum(), 1.0))


def proposed_clamps(clamps: Sequence[ClampTerritory], tumors: Sequence[int]) -> tuple[str, ...]:
    """The branches that feed one of these tumours with its margin, in the order of the territories."""
    return tuple(one.name for one in clamps if any(one.margins.get(tumor, 0.0) >= LEAST_FED_SHARE for tumor in tumors))


def checked_clamps(clamps: Sequence[ClampTerritory], names: Sequence[str]) -> tuple[str, ...]:
    """The branches of these names. Raises MeasurementError for one that the artery does not have."""
    known = [one.name for one in clamps]
    for name in names:
        if name not in known:
            there = f"The branches are: {', '.join(known)}" if known else "Name the kidney's artery"
            raise MeasurementError(f"There is no artery branch '{name}'", there, "no_clamp")
    return tuple(name for name in known if name in names)
