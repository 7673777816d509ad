"""The plans that the demo, the pictures and the tour make on the sample cases, by the commands everybody uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.samples import SampleKind
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.plans import liver_names, liver_record_of, vessel_record
from planning.case.tavr_plans import automatic_inputs, tavr_record

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.resection import PlaneResection, Resection, SheetResection

# two points in the descending aorta of the sample heart, LPS mm
AORTA_FROM_MM, AORTA_TO_MM = (21.5, 62.5, 45.0), (17.3, 64.3, -55.0)
# the valve a person would choose for the sample heart: its sinotubular junction is too narrow for the wider frames
VALVE = {"model": "Evolut FX", "size": "29", "depth_mm": 3.0, "rotation_deg": 0.0}
# the cuts lie a little beyond what is asked, so that the ± stays above it too
ASKED_MARGIN_MM, SPARE_MM, CONDITION, MOST_CUTS = 5.0, 0.4, "chemotherapy", 3
# a bent cut: how far its rim is drawn, from this far beside the tumour, over this length
MOST_BEND_MM, BEND_FROM_MM, BEND_OVER_MM = 22.0, 14.0, 30.0


def plan_sample(kind: SampleKind, document: Document) -> str:
    """Plan a sample case as the demo does; the plan's name."""
    return plan_heart(document) if kind == "heart" else plan_liver(document)


def plan_heart(document: Document) -> str:
    """A TAVR plan from what the program finds in the image, with a valve chosen."""
    found = automatic_inputs(document)
    record = tavr_record(document, "tavr", replace(found.inputs, valve=VALVE), phases=found.phases, source="demo")
    document.do(SetPlan(record))
    return record.name


def plan_vessel(document: Document) -> str:
    """The descending aorta of the sample heart."""
    record = vessel_record(document, "vessel", AORTA_FROM_MM, AORTA_TO_MM, source="demo")
    document.do(SetPlan(record))
    return record.name


def plan_liver(document: Document) -> str:
    """A resection of all tumours of the sample liver: the proposed cuts, one after another, until none stays."""
    return _plan_planes(document, _sample_liver(document))[0]


def _plan_planes(document: Document, model: LiverModel) -> tuple[str, tuple[PlaneResection, ...]]:
    from planning.liver.proposal import propose_plane
    from planning.liver.resection import PlaneResection

    cuts: tuple[PlaneResection, ...] = ()
    for tumor, _ in zip(model.tumors, range(MOST_CUTS)):
        shares = model.evaluate(cuts).removed_share if cuts else (0.0,) * len(model.tumors)
        if shares[model.tumors.index(tumor)] < 1.0:
            cuts = (*cuts, PlaneResection(propose_plane(model, tumor, ASKED_MARGIN_MM + SPARE_MM, cuts)))
    return _keep(document, "A", model, cuts), cuts


def plan_compared(document: Document) -> None:
    """Three plans of the sample liver: planes, wedges about its tumours, and a cut that is bent away from the middle."""
    from planning.geometry import Plane
    from planning.liver.realise import solved
    from planning.liver.resection import WedgeResection

    model = _sample_liver(document)
    _, planes = _plan_planes(document, model)
    wedges = [solved(model, WedgeResection(tumor.id, ASKED_MARGIN_MM + SPARE_MM)) for tumor in model.tumors]
    _keep(document, "B", model, wedges)
    bent = _bent(model, planes[0])
    # the bend came nearer to the tumour, and the whole cut makes way for it
    nearest = model.evaluate([bent]).margins[0]
    assert nearest is not None
    back_mm = max(ASKED_MARGIN_MM + 2 * SPARE_MM - nearest.minimum_mm, 0.0)
    base = Plane(bent.base.origin_mm - back_mm * bent.base.normal, bent.base.normal)
    _keep(document, "C", model, [replace(bent, base=base), *wedges[1:]])


def _bent(model: LiverModel, cut: PlaneResection) -> SheetResection:
    """A plane with its rim drawn to the removed side: it keeps more where no tumour is near."""
    from planning.liver.sheet import flat_sheet, handles_mm

    sheet = flat_sheet(cut, model.corners_mm)
    points = model.targets[0].surface.mesh.points_mm
    heights = sheet.heights_mm.copy()
    for place in np.ndindex(*heights.shape):
        beside = handles_mm(sheet)[place] - points
        beside -= (beside @ cut.plane.normal)[:, None] * cut.plane.normal
        away_mm = float(np.linalg.norm(beside, axis=1).min())
        heights[place] += MOST_BEND_MM * float(np.clip((away_mm - BEND_FROM_MM) / BEND_OVER_MM, 0.0, 1.0))
    return replace(sheet, heights_mm=heights)


def _sample_liver(document: Document) -> LiverModel:
    from planning.liver.model import LiverModel

    roles = _sample_roles(document)
    return LiverModel.prepare(
        **{role: [(name, document.mask(name)) for name in names] for role, names in roles.items()}
    )


def _sample_roles(document: Document) -> dict[str, tuple[str, ...]]:
    return liver_names(document.case, portal=["portal_vein"], hepatic=["hepatic_veins", "vena_cava"])


def _keep(document: Document, name: str, model: LiverModel, cuts: Sequence[Resection]) -> str:
    from planning.liver.limit import RemnantLimit

    record = liver_record_of(
        document.case,
        name,
        model,
        _sample_roles(document),
        cuts,
        weight_kg=78.0,
        height_cm=178.0,
        asked_margin_mm=ASKED_MARGIN_MM,
        limit=RemnantLimit.of_condition(CONDITION),
        source="demo",
    )
    document.do(SetPlan(record))
    return record.name
