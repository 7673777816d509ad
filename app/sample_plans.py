"""The plans that the demo, the pictures and the tour make on the sample cases, by the commands everybody uses."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.samples import SampleKind
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.plans import liver_record, tavr_record, vessel_record
from planning.geometry import FloatArray, Plane, unit
from planning.volume import Mask

# two points in the descending aorta of the sample heart, LPS mm
AORTA_FROM_MM, AORTA_TO_MM = (21.5, 62.5, 45.0), (17.3, 64.3, -55.0)
CUT_NORMAL = (-1.0, -0.25, 0.1)
CUT_GAP_MM = 8.0


def plan_sample(kind: SampleKind, document: Document) -> str:
    """Plan a sample case as the demo does; the plan's name."""
    return plan_heart(document) if kind == "heart" else plan_liver(document)


def plan_heart(document: Document) -> str:
    """A TAVR plan from the phantom's own hinge points."""
    from planning.phantoms.cardiac import cardiac_truth

    truth = cardiac_truth()
    record = tavr_record(document, "tavr", truth.hinges_mm.tolist(), ostia_mm=truth.ostia_mm.tolist(), source="demo")
    document.do(SetPlan(record))
    return record.name


def plan_vessel(document: Document) -> str:
    """The descending aorta of the sample heart."""
    record = vessel_record(document, "vessel", AORTA_FROM_MM, AORTA_TO_MM, source="demo")
    document.do(SetPlan(record))
    return record.name


def sample_cut(document: Document) -> Plane:
    """A slanting cut beyond the largest tumour's near side, towards the middle of the body."""
    tumor = document.mask("tumor_1")
    center, normal = tumor.centroid_mm(), unit(np.array(CUT_NORMAL))
    return Plane(center - normal * (_reach_mm(tumor, center, -normal) + CUT_GAP_MM), normal)


def plan_liver(document: Document) -> str:
    """A resection of the largest tumour of the sample liver."""
    record = liver_record(
        document,
        "A",
        [(sample_cut(document), "side")],
        portal=["portal_vein"],
        hepatic=["hepatic_veins"],
        weight_kg=78.0,
        height_cm=178.0,
        source="demo",
    )
    document.do(SetPlan(record))
    return record.name


def _reach_mm(mask: Mask, center_mm: FloatArray, direction: Any) -> float:
    points = mask.box_grid.to_world(np.argwhere(mask.voxels)[:, ::-1])
    return float(((points - center_mm) @ direction).max())
