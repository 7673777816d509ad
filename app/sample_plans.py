"""The plans that the demo, the pictures and the tour make on the sample cases, by the commands everybody uses."""

from __future__ import annotations

from dataclasses import replace

from app.samples import SampleKind
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.plans import liver_names, liver_record_of, vessel_record
from planning.case.tavr_plans import automatic_inputs, tavr_record

# two points in the descending aorta of the sample heart, LPS mm
AORTA_FROM_MM, AORTA_TO_MM = (21.5, 62.5, 45.0), (17.3, 64.3, -55.0)
# the valve a person would choose for the sample heart: its sinotubular junction is too narrow for the wider frames
VALVE = {"model": "Evolut FX", "size": "29", "depth_mm": 3.0, "rotation_deg": 0.0}
# 30 % is the limit after chemotherapy; the cuts lie a little beyond what is asked, so that the ± stays above it too
ASKED_MARGIN_MM, SPARE_MM, LEAST_REMNANT_PERCENT, MOST_CUTS = 5.0, 0.4, 30.0, 3


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
    from planning.liver.model import LiverModel
    from planning.liver.proposal import propose_plane
    from planning.liver.resection import PlaneResection

    roles = liver_names(document.case, portal=["portal_vein"], hepatic=["hepatic_veins"])
    masks = {role: [(name, document.mask(name)) for name in names] for role, names in roles.items()}
    model = LiverModel.prepare(**masks)
    cuts: tuple[PlaneResection, ...] = ()
    for tumor, _ in zip(model.tumors, range(MOST_CUTS)):
        shares = model.evaluate(cuts).removed_share if cuts else (0.0,) * len(model.tumors)
        if shares[model.tumors.index(tumor)] < 1.0:
            cuts = (*cuts, PlaneResection(propose_plane(model, tumor, ASKED_MARGIN_MM + SPARE_MM, cuts)))
    record = liver_record_of(
        document.case,
        "A",
        model,
        roles,
        cuts,
        weight_kg=78.0,
        height_cm=178.0,
        asked_margin_mm=ASKED_MARGIN_MM,
        least_remnant_percent=LEAST_REMNANT_PERCENT,
        source="demo",
    )
    document.do(SetPlan(record))
    return record.name
