"""Which part of a kidney a clamped artery branch leaves without blood.

Rule, as for the liver's territories: each voxel of the kidney belongs to the named branch whose centreline is nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.geometry import Vector
from planning.liver.neighbours import owner_shares
from planning.liver.organ import NamedMask, OrganLookup, common_grid
from planning.liver.territories import find_territories
from planning.liver.tree import find_tree
from planning.liver.tumors import Tumor
from planning.volume import union

KIND = "artery"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClampTerritory:
    """An artery branch. clamp_mm: where it begins; volume_ml, share_percent: what is without blood behind it.

    tumors: by a tumour's number the share of it (0 … 1) that this branch feeds.
    """

    name: str
    clamp_mm: Vector
    diameter_mm: float
    volume_ml: float
    share_percent: float
    tumors: dict[int, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.name,
            "clamp_mm": self.clamp_mm.tolist(),
            "diameter_mm": self.diameter_mm,
            "volume_ml": self.volume_ml,
            "share_percent": self.share_percent,
            "tumors": [{"id": number, "share": share} for number, share in self.tumors.items()],
        }


def find_clamps(
    kidney: Sequence[NamedMask], tumors: Sequence[Tumor], artery: Sequence[NamedMask]
) -> tuple[tuple[ClampTerritory, ...], tuple[Finding, ...]]:
    """The branches of the kidney's artery, the largest territory first, and what has to be said.

    kidney: parenchyma and tumours on one grid with the artery. Nothing is found, and said, where no artery is named or
    it does not reach the kidney. Raises GeometryError for other grids.
    """
    given = [mask for _, mask in artery if mask.voxel_count]
    if not given:
        return (), (Finding("no_artery", "No artery is named: clamp territories are left out"),)
    common_grid([*kidney, *artery])
    organ = union([mask for _, mask in kidney])
    found = find_tree(union(given), KIND, OrganLookup.of(organ))
    parted = None if found.tree is None else find_territories(found.tree, organ)
    if parted is None:
        return (), (*found.findings, Finding("no_clamp", "The artery does not reach into the kidney"))
    tree = parted.tree
    total = sum(parted.volumes_ml)
    shares = {tumor.id: owner_shares(parted, organ, tumor.mask) for tumor in tumors}
    rows = []
    for number, (name, volume) in enumerate(zip(parted.names, parted.volumes_ml, strict=True)):
        # points lie in the order of their way from the root
        start = int(np.flatnonzero(parted.branch == number)[0])
        rows.append(
            ClampTerritory(
                name=name,
                clamp_mm=tree.points_mm[start],
                diameter_mm=2.0 * float(tree.radius_mm[start]),
                volume_ml=volume,
                share_percent=100.0 * volume / total,
                tumors={one: own[name] for one, own in shares.items() if name in own},
            )
        )
    return tuple(rows), found.findings
