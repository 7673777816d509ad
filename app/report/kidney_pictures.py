"""Pictures of a kidney report: the slice that proves each letter, the clamped part, and the cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import inside, said, text_position, text_quantity, text_value, tr
from app.report.content import Picture
from app.report.pictures import HEIGHT, WIDTH, Sheet, View, surface_item, surfaces_picture
from app.theme.tokens import DARK, PLANS
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.geometry import FloatArray, plane_basis
from planning.kidney.letters import NAMES
from planning.registry import structure_style
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    from planning.kidney.model import KidneyModel

WINDOW = (400.0, 60.0)
REACH_MM, LONG_REACH_MM = 105.0, 140.0
FROM = (0.15, -1.0, 0.12)


@dataclass(frozen=True, slots=True)
class KidneyPictures:
    """letters: of each tumour's number, R E N A L in this order as far as they are known. clamp, cut: none without."""

    letters: Mapping[int, tuple[Picture, ...]]
    clamp: tuple[Picture, ...]
    cut: tuple[Picture, ...]

    def all(self) -> list[Picture]:
        """Those of the first page first."""
        return [*(picture for pictures in self.letters.values() for picture in pictures), *self.clamp, *self.cut]


def kidney_pictures(document: Document, plan: PlanRecord) -> KidneyPictures:
    """Drawn from the plan's results; what was cut and clamped is built again from its inputs."""
    from planning.case.kidney_plans import kidney_model, roles_of
    from planning.liver.resection import resection_from_json

    results = plan.results
    model = kidney_model(document, roles_of(plan))
    volume = document.volume(planning_image(document.case).name)
    letters = {
        tumor["id"]: tuple(
            _letter(Sheet(volume, _view(letter), WINDOW), letter, model, tumor["id"])
            for letter in tumor["renal"]["letters"]
            if letter["slice"] is not None
        )
        for tumor in results["tumors"]
    }
    clamping = results["clamping"]
    clamp: tuple[Picture, ...] = ()
    if clamping is not None and clamping["names"]:
        clamped = _territory(model, clamping["names"])
        sheet = _section(document, model, clamped.centroid_mm())
        sheet.hatch(clamped, PLANS["a"])
        _outlines(sheet, model)
        clamp = (
            sheet.picture(tr("Coronal: what the clamps leave without blood is hatched")),
            _surfaces(document, plan, clamped),
        )
    cuts = [resection_from_json(row) for row in plan.inputs["resections"]]
    cut: tuple[Picture, ...] = ()
    if cuts:
        gone = model.voxels.box(model.voxels.removed(model.regions(cuts)))
        removed = Mask(model.organ.grid, model.organ.start_ijk, np.asarray(gone, dtype=bool))
        cut = _cut(volume, model, removed, results)
    return KidneyPictures(letters, clamp, cut)


def _cut(volume: Volume, model: KidneyModel, removed: Mask, results: Mapping[str, Any]) -> tuple[Picture, ...]:
    """An axial section through the least margin, and a coronal one through that tumour."""
    margin = results["margin"]
    tumor = next((one for one in model.tumors if one.id == margin["tumor_id"]), None)
    middle = model.organ.centroid_mm() if tumor is None else tumor.centroid_mm
    at = middle if margin["at_mm"] is None else np.array(margin["at_mm"])
    drawn = []
    for words, normal, place, reach in (
        (tr("Axial at the least margin"), (0.0, 0.0, 1.0), at, REACH_MM),
        (
            tr("Coronal") if tumor is None else tr("Coronal through T{id}", id=tumor.id),
            (0.0, 1.0, 0.0),
            middle,
            LONG_REACH_MM,
        ),
    ):
        right, down = plane_basis(np.array(normal))
        sheet = Sheet(volume, View(place, right, down, reach / HEIGHT), WINDOW)
        sheet.hatch(removed, PLANS["a"])
        _outlines(sheet, model)
        if margin["at_mm"] is not None and normal[2]:
            _margin(sheet, margin)
        drawn.append(sheet.picture(tr("{view}: removed part hatched", view=words)))
    return tuple(drawn)


def _view(letter: Mapping[str, Any]) -> View:
    """The letter's slice; a coronal one shows the length of the kidney."""
    right, down = plane_basis(np.array(letter["slice"]["normal"]))
    origin = np.array(letter["slice"]["origin_mm"])
    if letter["letter"] != "L":
        return View(origin, right, down, REACH_MM / HEIGHT)
    # the kidney's middle, so that both its ends are seen
    middle = np.array(letter["lines_mm"][1]).mean(axis=0)
    middle[1] = origin[1]
    return View(middle, right, down, LONG_REACH_MM / HEIGHT)


def _letter(sheet: Sheet, letter: Mapping[str, Any], model: KidneyModel, tumor: int) -> Picture:
    _outlines(sheet, model)
    lines = [np.array(line) for line in letter["lines_mm"]]
    places = [np.array(place) for place in letter["at_mm"]]
    name = letter["letter"]
    if name in ("R", "N"):
        _measured(sheet, np.stack(places), quantity_words(letter))
    else:
        words = (tr("upper polar line"), tr("middle", "between two polar lines"), tr("lower polar line"))
        for number, line in enumerate(lines):
            is_middle = name == "L" and number == 1
            sheet.line(line, DARK["t2"] if is_middle else PLANS["a"], width=4)
            if name == "L":
                x, y = (float(v) for v in sheet.view.pixels(line[0]))
                sheet.text(max(x, 20.0), y - 28, words[number], DARK["t2"] if is_middle else PLANS["a"], "lm")
    points = "" if letter["points"] is None else tr(", {points} of 3", points=letter["points"])
    return sheet.picture(f"T{tumor} {name}{points}: {inside(said(NAMES[name]))}{_level(letter)}")


def quantity_words(letter: Mapping[str, Any]) -> str:
    """ "2.62 cm", with the decimals of the table."""
    digits = {"cm": 2, "mm": 1}.get(letter["unit"], 0)
    return f"{text_value(letter['value'], digits)} {letter['unit']}"


def _level(letter: Mapping[str, Any]) -> str:
    """ ", H 34.0" of a slice that is axial or coronal."""
    plane = letter["slice"]
    axis = int(np.abs(plane["normal"]).argmax())
    is_straight = abs(plane["normal"][axis]) > 1.0 - 1e-9
    return f", {text_position(plane['origin_mm']).split('  ')[axis]}" if is_straight else ""


def _measured(sheet: Sheet, ends_mm: FloatArray, words: str) -> None:
    """A line with its length beside its right end."""
    sheet.line(ends_mm, PLANS["a"])
    ends = sheet.view.pixels(ends_mm)
    x, y = (float(v) for v in ends[int(ends[:, 0].argmax())])
    sheet.text(min(x + 20.0, WIDTH - 190.0), y - 34.0, words, PLANS["a"], "lm")


def _outlines(sheet: Sheet, model: KidneyModel) -> None:
    """Parenchyma in grey, tumours in their colour with their names."""
    sheet.outline(model.kidney.parenchyma, DARK["t1"], 3)
    color = structure_style("tumor").color
    for tumor in model.tumors:
        sheet.outline(tumor.mask, color, 4)
    for tumor in model.tumors:
        spot = sheet.middle_of(tumor.mask)
        if spot is not None and len(model.tumors) > 1:
            sheet.text(*spot, f"T{tumor.id}")


def _margin(sheet: Sheet, margin: Mapping[str, Any]) -> None:
    ends = np.array([margin["tumor_at_mm"], margin["at_mm"]])
    _measured(sheet, ends, text_quantity(margin["minimum_mm"], "mm"))


def _territory(model: KidneyModel, names: list[str]) -> Mask:
    """The kidney behind the clamps."""
    voxels = np.zeros(model.organ.voxels.shape, dtype=bool)
    for name in names:
        voxels |= model.territory_voxels(name)
    return Mask(model.organ.grid, model.organ.start_ijk, voxels)


def _section(document: Document, model: KidneyModel, at_mm: FloatArray) -> Sheet:
    """A coronal section of the whole kidney."""
    low, high = model.organ.bounds_mm()
    middle = 0.5 * (np.asarray(low) + np.asarray(high))
    middle[1] = at_mm[1]
    right, down = plane_basis(np.array((0.0, 1.0, 0.0)))
    span = 1.2 * max(float(high[2] - low[2]) / HEIGHT, float(high[0] - low[0]) / WIDTH)
    return Sheet(document.volume(planning_image(document.case).name), View(middle, right, down, span), WINDOW)


def _surfaces(document: Document, plan: PlanRecord, clamped: Mask) -> Picture:
    """The kidney seen through, its clamped part, tumours and vessels from the front."""
    from planning.surface import surface_from_mask

    items = [surface_item("clamped", surface_from_mask(clamped, kind="preview"), PLANS["a"], 0.5)]
    for role, opacity in (("organ", 0.3), ("tumors", 1.0), ("artery", 1.0), ("vein", 0.6)):
        for name in plan.inputs[role]:
            structure = document.case.structures.get(name)
            if structure is not None and structure.voxel_count:
                mesh = surface_from_mask(document.mask(name), kind="picture")
                items.append(surface_item(name, mesh, structure.color, opacity))
    low, high = clamped.bounds_mm()
    kidneys = [document.mask(name).bounds_mm() for name in plan.inputs["organ"]]
    low = np.min([low, *(bounds[0] for bounds in kidneys)], axis=0)
    high = np.max([high, *(bounds[1] for bounds in kidneys)], axis=0)
    reach = 0.5 * max(float(high[0] - low[0]) * HEIGHT / WIDTH, float(high[2] - low[2]))
    return surfaces_picture(items, tr("From the front: clamped part coloured"), FROM, ((low + high) / 2.0, 1.2 * reach))
