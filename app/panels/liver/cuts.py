"""Resections of a draft: the same objects through saving and undo, their other side, and their sheet for 3D."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import said, tr
from planning.geometry import FloatArray, Plane
from planning.kept import Kept, array_bytes

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.regions import Region
    from planning.liver.resection import Resection, SheetResection
    from planning.mesh import SurfaceMesh

# of former resections: a deformable one is a net of some 0.7 MB
KEPT_BYTES = 16 << 20
SHEET_STEP_MM = 4.0
MOST_MOVES = 8
CLOSE_ENOUGH_MM = 0.01


class CutStore:
    """Resections by what a plan keeps of them: what was built for one is not built again after undo."""

    def __init__(self) -> None:
        self._known: Kept[str, Resection] = Kept(KEPT_BYTES, array_bytes)

    def read(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Resection, ...]:
        """The resections of a plan's inputs. Raises UsageError for a kind that this version does not know."""
        from planning.liver.resection import resection_from_json

        found = []
        for row in rows:
            key = _key(row)
            cut = self._known.get(key)
            if cut is None:
                cut = self._known[key] = resection_from_json(row)
            found.append(cut)
        return tuple(found)

    def keep(self, rows: Sequence[Mapping[str, Any]], cuts: Sequence[Resection]) -> None:
        """These resections gave these rows."""
        for row, cut in zip(rows, cuts, strict=True):
            self._known[_key(row)] = cut


def _key(row: Mapping[str, Any]) -> str:
    """A resection by its values; the stage at which it is done does not change it."""
    return json.dumps({name: value for name, value in row.items() if name != "stage"}, sort_keys=True)


def needs_building(model: LiverModel, cuts: Sequence[Resection]) -> bool:
    """True while a resection that takes long to make is not made for this model."""
    from planning.liver.model import QUICK_KINDS

    return any(cut.kind not in QUICK_KINDS and cut not in model.built for cut in cuts)


def plane_angles_deg(plane: Plane) -> tuple[float, float]:
    """How a plane stands, by where its removed side faces: turned about the head axis (0 left, 90 back), tilted to the head."""
    x, y, z = (float(one) for one in plane.normal)
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arcsin(np.clip(z, -1.0, 1.0))))


def with_angles(plane: Plane, turn_deg: float, tilt_deg: float, pivot_mm: FloatArray) -> Plane:
    """The plane through (3,) pivot_mm that stands so."""
    turn, tilt = np.radians(turn_deg), np.radians(tilt_deg)
    normal = np.array((np.cos(tilt) * np.cos(turn), np.cos(tilt) * np.sin(turn), np.sin(tilt)))
    return Plane(np.asarray(pivot_mm, dtype=np.float64), normal)


def flipped(cut: Resection) -> Resection | None:
    """The cut that removes the other side; None for a kind that has none."""
    from planning.liver.resection import PlaneResection, SheetResection

    if isinstance(cut, PlaneResection):
        return PlaneResection(Plane(cut.plane.origin_mm, -cut.plane.normal))
    return turned_sheet(cut) if isinstance(cut, SheetResection) else None


def turned_sheet(cut: SheetResection) -> SheetResection:
    """The same surface seen from its other side; right and down change places, as their product is the normal."""
    return replace(
        cut,
        base=Plane(cut.base.origin_mm, -cut.base.normal),
        right=cut.down,
        half_mm=(cut.half_mm[1], cut.half_mm[0]),
        heights_mm=-cut.heights_mm.T,
        remove="side",
    )


def settled(model: LiverModel, cut: Resection) -> Resection:
    """A cut that removes the tumour's side as the cut that removes that side. Raises MeasurementError without a tumour."""
    from planning.liver.regions import PlaneRegion, SheetRegion
    from planning.liver.resection import PlaneResection, SheetResection

    if not isinstance(cut, PlaneResection | SheetResection) or cut.remove == "side":
        return cut
    (region,) = model.regions([cut])
    if isinstance(region, PlaneRegion):
        return PlaneResection(region.plane)
    assert isinstance(cut, SheetResection)
    assert isinstance(region, SheetRegion)
    is_turned = float(np.dot(region.base.normal, cut.base.normal)) < 0.0
    return turned_sheet(cut) if is_turned else replace(cut, remove="side")


def sheet_mesh(model: LiverModel, region: Region) -> SurfaceMesh | None:
    """A coarse net of a cut inside the organ; None for planes, which have their own picture."""
    from planning.liver.cut_map import map_cut
    from planning.liver.regions import PlaneRegion

    if isinstance(region, PlaneRegion):
        return None
    return map_cut(model.organ, [region], (), step_mm=SHEET_STEP_MM).mesh


def reach_sheet(model: LiverModel, cuts: tuple[Resection, ...], number: int, wanted_mm: float) -> SheetResection:
    """A deformable cut moved along its normal until the least margin less its ± is what was asked.

    Raises MeasurementError where another resection comes nearer, or none is reached.
    """
    from planning.errors import MeasurementError
    from planning.liver.resection import SheetResection

    cut = cuts[number]
    assert isinstance(cut, SheetResection)
    for _ in range(MOST_MOVES):
        moved = (*cuts[:number], cut, *cuts[number + 1 :])
        least = model.evaluate(moved, alone=False, only_least=True).minimum
        if least is None or least.cut_index != number:
            break
        tumor = next(one for one in model.tumors if one.id == least.tumor_id)
        short_mm = wanted_mm + least.uncertainty_mm - least.minimum_mm
        if abs(short_mm) <= CLOSE_ENOUGH_MM:
            return cut
        # away from a tumour that is removed is against the normal, away from one that is kept is along it
        (region,) = model.regions([cut])
        away = -1.0 if float(region.signed_mm(tumor.centroid_mm[None])[0]) > 0.0 else 1.0
        cut = replace(cut, base=Plane(cut.base.origin_mm + away * short_mm * cut.base.normal, cut.base.normal))
    raise MeasurementError(
        f"This cut cannot be moved to {wanted_mm:g} mm", "Bend it away from the tumour, or use a wedge", "no_margin"
    )


def cut_key(number: int) -> str:
    """ "cut", "cut_2", …: of what a resection draws."""
    return "cut" if number == 0 else f"cut_{number + 1}"


def number_of(key: str) -> int:
    """The resection of a drawn key, its handles included; −1 for another item."""
    name = key.partition(":")[0]
    if not name.startswith("cut"):
        return -1
    figures = name.removeprefix("cut").lstrip("_")
    return int(figures) - 1 if figures.isdigit() else 0 if not figures else -1


def cut_name(cut: Resection) -> str:
    """ "Wedge about T1", "Territory of 2 branches": what a list calls a resection."""
    from planning.liver.anatomical import named_resection
    from planning.liver.resection import AblationResection, TerritoryResection, WedgeResection

    if isinstance(cut, WedgeResection):
        return tr("Wedge about T{tumor}", tumor=cut.tumor)
    if isinstance(cut, TerritoryResection):
        whole = named_resection(cut.names)
        if whole is not None:
            return whole.words
        return branch_label(cut.names[0]) if len(cut.names) == 1 else tr("{names} territories", names=len(cut.names))
    if isinstance(cut, AblationResection):
        return cut.device or tr("Ablation zone")
    return {"plane": tr("Plane"), "sheet": tr("Deformable cut"), "surface": tr("Surface from file")}[cut.kind]


def cut_title(cuts: Sequence[Resection], number: int) -> str:
    """Its name, with a number where others of the plan have the same."""
    names = [cut_name(cut) for cut in cuts]
    name = names[number]
    return name if names.count(name) == 1 else f"{name} {names[: number + 1].count(name)}"


def branch_label(name: str) -> str:
    """ "Portal branch 3" from "portal_3", "Hepatic vein 1" from "hepatic_1", "Segment IV" from "IV"."""
    from planning.liver.describe import branch_words

    words = branch_words(name)
    return said(words[:1].upper() + words[1:])
