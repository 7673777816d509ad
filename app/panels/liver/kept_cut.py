"""The cuts of a saved plan as they were drawn when they were measured last: seen at once when the case opens.

They are looked at only. Nothing is measured, dragged or reported of them; the model takes their place when it is ready.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planning.geometry import FloatArray, Plane
from planning.mesh import SurfaceMesh
from planning.provenance import APPLICATION_VERSION

if TYPE_CHECKING:
    from app.kept_files import KeptFiles
    from planning.case.model import Case, PlanRecord
    from planning.liver.cut_map import CutMap
    from planning.liver.model import LiverNumbers
    from planning.liver.regions import Region

# another number whenever cuts are drawn in another way
WAY = 1
# of a resection that is no plane
NO_PLANE = np.full(6, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class KeptCut:
    """planes: one for each resection, None for what is no plane. mesh, values_mm (V,): the coloured cut.

    least_mm: ((2, 3) places on tumour and cut, margin, its ±), None without a margin. is_sided: the planes' normals point
    to what is removed.
    """

    planes: tuple[Plane | None, ...]
    mesh: SurfaceMesh
    values_mm: FloatArray
    least_mm: tuple[FloatArray, float, float] | None
    is_sided: bool = True

    @classmethod
    def of(cls, regions: tuple[Region, ...], cut_map: CutMap, numbers: LiverNumbers) -> KeptCut:
        """What is drawn of these cuts at rest."""
        from planning.liver.regions import PlaneRegion

        least = numbers.decisive
        return cls(
            planes=tuple(one.plane if isinstance(one, PlaneRegion) else None for one in regions),
            mesh=cut_map.mesh,
            values_mm=cut_map.values_mm,
            least_mm=None
            if least is None
            else (np.array([least.tumor_at_mm, least.at_mm]), least.minimum_mm, least.uncertainty_mm),
        )


def cut_words(case: Case, plan: PlanRecord, model_key: Hashable) -> str:
    """All that a plan's cuts follow from. model_key: of the structures and of what was said of their anatomy."""
    asked = json.dumps({key: plan.inputs.get(key) for key in ("resections", "tumors", "organ")}, sort_keys=True)
    places = [
        (name, item.start_ijk, hashlib.sha256(item.grid.world_from_index.tobytes()).hexdigest())
        for name, item in sorted(case.structures.items())
    ]
    return f"cut {WAY} {APPLICATION_VERSION} {plan.kind} {asked} {model_key!r} {places!r}"


def keep_cut(files: KeptFiles, words: str, cut: KeptCut) -> None:
    """Keep a plan's cuts for the next opening."""
    planes = [NO_PLANE if one is None else np.concatenate([one.origin_mm, one.normal]) for one in cut.planes]
    ends, *margin = cut.least_mm if cut.least_mm is not None else (np.zeros((0, 3)),)
    files.put(
        words,
        {
            "planes": np.array(planes).reshape(-1, 6),
            "points_mm": cut.mesh.points_mm,
            "triangles": cut.mesh.triangles,
            "values_mm": cut.values_mm,
            "ends_mm": ends,
            "margin_mm": np.array(margin, dtype=np.float64),
        },
    )


def kept_cut(files: KeptFiles, words: str) -> KeptCut | None:
    """A plan's cuts as they were drawn last, None where they are not kept."""
    found = files.get(words)
    if found is None:
        return None
    margin = found["margin_mm"]
    return KeptCut(
        planes=tuple(None if np.isnan(row).any() else Plane(row[:3], row[3:]) for row in found["planes"]),
        mesh=SurfaceMesh(found["points_mm"], found["triangles"]),
        values_mm=found["values_mm"],
        least_mm=(found["ends_mm"], float(margin[0]), float(margin[1])) if len(margin) else None,
    )
