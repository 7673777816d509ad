"""A plan tells when its numbers were measured by another version, or on structures that changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from cases import add_structures, make_case

from app.report.theatre_draw import _foot_words
from app.theme.tokens import DARK
from planning.by_hand.editing import edit_step
from planning.by_hand.patches import Patch
from planning.case.commands import RemoveStructure, RenameStructure, SetPlan
from planning.case.document import Document
from planning.case.liver_asides import asides_of, asked_again, growth_asked, with_asides
from planning.case.model import PlanRecord
from planning.case.plans import plan_record
from planning.case.standing import CODE, Standing, measured_on, standing_of, told_plan
from planning.geometry import Grid
from planning.liver.compare import least_margin
from planning.provenance import Provenance
from planning.volume import Mask, Volume

GRID = Grid.from_parts((12, 10, 8), (1.0, 1.0, 2.0), (0.0, 0.0, 0.0))


@pytest.fixture
def document(tmp_path: Path) -> Document:
    made = make_case(tmp_path / "a.theatrum", Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16)))
    voxels = np.zeros(GRID.shape_kji, dtype=bool)
    voxels[2:6, 2:8, 2:9] = True
    add_structures(made, {name: Mask.from_full(GRID, voxels) for name in ("liver", "tumor", "renal_artery")})
    return made


def _plan(document: Document) -> PlanRecord:
    inputs = {"organ": ["liver"], "tumors": ["tumor"], "artery": ["renal_artery"], "asked_margin_mm": 5.0}
    return plan_record(document.case, "A", "liver", inputs, {"warnings": []}, "test", False)


def _paint(document: Document, name: str) -> None:
    mask = document.mask(name)
    voxels = mask.full().copy()
    voxels[2, 2, 2] = False
    patch = Patch.between(mask, Mask.from_full(GRID, voxels))
    assert patch is not None
    document.do(edit_step(document, {name: patch}, "painted"))


def _kept(document: Document) -> PlanRecord:
    return document.case.plans["A"]


def test_a_plan_stands_until_a_structure_of_it_changes_and_again_after_undo(document: Document) -> None:
    document.do(SetPlan(_plan(document)))
    assert standing_of(document.case, _kept(document)).is_current
    _paint(document, "tumor")
    assert standing_of(document.case, _kept(document)) == Standing(changed=("tumor",))
    (finding,) = standing_of(document.case, _kept(document)).findings()
    assert (finding.code, finding.text) == (CODE, "These numbers were measured before a change of: tumor")
    document.undo()
    assert standing_of(document.case, _kept(document)).is_current


def test_another_name_of_a_structure_is_no_change_and_follows_into_every_role(document: Document) -> None:
    document.do(SetPlan(_plan(document)))
    document.do(RenameStructure("renal_artery", "artery of the left kidney"))
    assert _kept(document).inputs["artery"] == ["artery of the left kidney"]
    assert standing_of(document.case, _kept(document)).is_current


def test_a_structure_that_is_gone_and_another_version_are_told(document: Document) -> None:
    document.do(SetPlan(_plan(document)))
    document.do(RemoveStructure("renal_artery"))
    kept = _kept(document)
    assert standing_of(document.case, kept) == Standing(gone=("renal_artery",))
    old = replace(kept, provenance=replace(kept.provenance, application_version="0.0.9"))
    found = standing_of(document.case, old)
    assert found == Standing("0.0.9", gone=("renal_artery",))
    assert "version 0.0.9" in found.findings()[0].text


def test_a_plan_of_before_without_shapes_goes_by_the_days(document: Document) -> None:
    plan = _plan(document)
    image = next(iter(document.case.images.values()))
    voxels = tuple(array.sha256 for array in image.arrays)
    assert measured_on(document.case, image, plan.inputs)[: len(voxels)] == voxels
    later = replace(plan, provenance=Provenance("test", voxels, created="2999-01-01T00:00:00+00:00"))
    earlier = replace(plan, provenance=Provenance("test", voxels, created="2001-01-01T00:00:00+00:00"))
    assert standing_of(document.case, later) == Standing(is_early=True)
    assert "an earlier state" in standing_of(document.case, later).findings()[0].text
    assert standing_of(document.case, earlier) == Standing(changed=("liver", "tumor", "renal_artery"), is_early=True)


def test_the_least_margin_is_of_a_tumour_that_goes() -> None:
    rows = [
        {"id": 1, "minimum_mm": 2.0, "uncertainty_mm": 0.3, "side": "kept"},
        {"id": 2, "minimum_mm": 7.0, "uncertainty_mm": 0.4, "side": "removed"},
    ]
    assert least_margin({"minimum_mm": 2.0, "by_tumor": rows}) == (7.0, 0.4)
    assert least_margin({"minimum_mm": 2.0, "by_tumor": rows[:1]}) == (None, None)


def test_growth_told_against_what_another_plan_has_no_more_is_said(document: Document) -> None:
    volumes = {"flr_ml": 300.0, "flr_percent": 30.0, "sflr_percent": None}
    measured = {**volumes, "organ_ml": 1000.0, "removed_tumor_ml": 0.0, "kept_tumor_ml": 0.0}
    first = plan_record(document.case, "first", "liver", {"organ": ["liver"]}, measured, "test", False)
    document.do(SetPlan(first))
    later = plan_record(document.case, "A", "liver", {"organ": ["tumor"]}, {**measured, "flr_ml": 400.0}, "test", False)
    asked = {"growth": growth_asked(first, date(2026, 1, 1), date(2026, 2, 1))}
    document.do(SetPlan(with_asides(later, asked)))
    assert standing_of(document.case, _kept(document)).is_current
    document.do(SetPlan(replace(first, results={**measured, "flr_ml": 310.0})))
    assert standing_of(document.case, _kept(document)) == Standing(outdated=("first",))
    again = with_asides(_kept(document), asked_again(document.case, asides_of(_kept(document))))
    document.do(SetPlan(again))
    assert again.inputs["growth"]["before"]["flr_ml"] == 310.0
    assert standing_of(document.case, _kept(document)).is_current


class _Draw:
    """What is written, in the place of a picture."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []

    def text(self, corner: tuple[float, float], text: str, *, fill: str, font: object, anchor: str) -> None:
        """One line of words."""
        self.written.append((text, fill))


def test_pictures_for_the_theatre_say_that_their_numbers_were_stored_earlier(document: Document) -> None:
    plan = _plan(document)
    old = replace(plan, provenance=replace(plan.provenance, application_version="0.0.9"))
    for told, begins, ink in ((plan, "Parallel", "t3"), (old, "These numbers were measured by version 0.0.9", "warn")):
        draw, scene = _Draw(), SimpleNamespace(plan=told_plan(document.case, told))
        _foot_words(draw, scene, "Parallel view", (2500.0, 40.0), 30)
        ((text, fill),) = draw.written
        assert text.startswith(begins)
        assert fill == DARK[ink]
