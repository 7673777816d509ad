"""Plans that reach into slices that are not the scanner's: told where they were filled in, refused where they were lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import add_structures, make_case

from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import Case, Image
from planning.case.plans import plan_record
from planning.case.standing import told_plan
from planning.case.untrue_slices import LOST_SLICES, REACH_MM, runs, untrue_slices
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import Grid
from planning.volume import Mask, Volume

# slices lie obliquely and 2 mm apart
TURN = np.array([[1.0, 0.0, 0.0], [0.0, 0.8, -0.6], [0.0, 0.6, 0.8]])
GRID = Grid.from_parts((10, 10, 60), (1.0, 1.0, 2.0), (5.0, -30.0, 200.0), TURN)
LOST = tuple(range(32, 48))


@pytest.fixture
def document(tmp_path: Path):  # type: ignore[no-untyped-def]
    with make_case(tmp_path / "a.theatrum", Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16))) as made:
        yield made


def case_with(document: Document, *, lost: bool) -> tuple[Case, Image]:
    image = next(iter(document.case.images.values()))
    findings = (*image.findings, *((Finding(LOST_SLICES, "lost"),) if lost else ()))
    image = replace(image, filled_slices=LOST, findings=findings)
    return replace(document.case, images={image.name: image}), image


def results_at(*slices: float) -> dict[str, Any]:
    places = [[float(v) for v in GRID.to_world((4.0, 4.0, k))] for k in slices]
    return {"annulus": {"contour_mm": places, "normal": [0.0, 0.0, 1.0]}, "warnings": []}


def test_what_reaches_into_them_is_found_and_no_more(document: Document) -> None:
    case, image = case_with(document, lost=False)
    reach = REACH_MM / 2.0
    assert untrue_slices(case, image, {}, results_at(10.0, 20.0)) == ()
    assert untrue_slices(case, image, {}, results_at(32.0 - reach - 0.1)) == ()
    assert untrue_slices(case, image, {}, results_at(32.0 - reach + 0.1)) == (32,)
    assert untrue_slices(case, image, {}, results_at(10.0, 55.0)) == LOST
    # a direction is no place
    assert untrue_slices(case, image, {}, {"normal": [5.0, -30.0, 264.0]}) == ()


def test_structures_count_by_their_box(document: Document) -> None:
    voxels = np.zeros(GRID.shape_kji, dtype=bool)
    voxels[40:58, 2:5, 2:5] = True
    add_structures(document, {"liver": Mask.from_full(GRID, voxels)})
    case, image = case_with(document, lost=False)
    assert untrue_slices(case, image, {"organ": ["liver"]}, {}) == tuple(range(40, 48))
    assert untrue_slices(case, image, {}, {}) == ()


def test_filled_slices_are_told_and_lost_ones_refused(document: Document) -> None:
    inside, outside = results_at(36.0), results_at(10.0)
    case, _ = case_with(document, lost=False)
    plan = plan_record(case, "P", "tavr", {}, inside, "test", False)
    (told,) = told_plan(case, plan).results["warnings"]
    assert told["code"] == "filled_slices"
    assert "33–42" in told["text"]
    case, _ = case_with(document, lost=True)
    with pytest.raises(MeasurementError, match="lost when the case was damaged"):
        plan_record(case, "P", "tavr", {}, inside, "test", False)
    assert told_plan(case, plan_record(case, "P", "tavr", {}, outside, "test", False)).results["warnings"] == []
    # one that was measured before tells that it cannot be checked any more
    (told,) = [one for one in told_plan(case, plan).results["warnings"] if one["code"] == LOST_SLICES]
    assert "cannot be checked" in told["text"]


def test_slices_are_said_as_a_person_counts_them() -> None:
    assert runs((112, 113, 114, 130)) == "113–115, 131"
    assert runs(()) == ""


def test_a_plan_may_stay_in_the_case(document: Document) -> None:
    document.do(SetPlan(plan_record(document.case, "P", "tavr", {}, results_at(36.0), "test", False)))
    assert told_plan(document.case, document.case.plans["P"]).results["warnings"] == []
