"""Which series gets which badge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydicom.dataset import Dataset

from planning.dicom.fitness import coverage_mm, has_contrast, rank_series
from planning.dicom.header import _study
from planning.dicom.model import SeriesInfo
from planning.findings import Finding

STRAIGHT = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def a_series(
    index: int, description: str, step: float = 0.75, slices: int = 400, pixel: float = 0.4, **facts: str
) -> SeriesInfo:
    return SeriesInfo(
        id=f"1.2.{index}",
        index=index,
        modality="CT",
        description=description,
        kind="volume",
        file_count=slices,
        size_ijk=(512, 512, slices),
        spacing_mm=(pixel, pixel, step),
        origin_mm=(0.0, 0.0, 0.0),
        direction=STRAIGHT,
        phases=1,
        importable=True,
        problems=(),
        facts=facts,
    )


ROOT = a_series(1, "Coronary CTA 0.75, 35 %", gated="yes", contrast="yes", phase="35 % of R–R")
MOVING = replace(a_series(2, "Coronary CTA, ten phases", gated="yes", contrast="yes"), phases=10, kind="4d")
ACCESS = a_series(3, "Access CTA 1.0", 1.0, 690, 0.78, contrast="yes")
ABDOMEN = a_series(4, "Abdomen 5.0, portal venous", 5.0, 96, 0.74, contrast="yes")
GAP = replace(
    a_series(5, "Thorax 1.0", 1.0, 341, 0.7),
    importable=False,
    fillable=True,
    problems=(Finding("missing_slices", "4 slices are missing."),),
)
SCOUT = replace(a_series(6, "Localizer", slices=2), kind="localizer", importable=False, spacing_mm=None, direction=None)


def test_a_whole_study_comes_in_order_of_use() -> None:
    ranked = rank_series([SCOUT, GAP, ABDOMEN, ACCESS, MOVING, ROOT])
    assert [item.series.index for item in ranked] == [1, 2, 3, 4, 5, 6]
    assert [item.badges for item in ranked] == [("tavr",), ("moving",), ("access",), (), (), ()]
    assert [item.usable for item in ranked] == [True, True, True, True, True, False]
    assert [note.text for note in ranked[3].notes] == ["Thick slices: margins will be ± 2 mm or worse."]


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"contrast": "yes"}},
        {"facts": {"gated": "yes"}, "description": "Thorax"},
        {"spacing_mm": (0.4, 0.4, 1.5)},
        {"spacing_mm": (1.2, 1.2, 0.75)},
        {"size_ijk": (512, 512, 90)},
        {"modality": "MR"},
        {"importable": False},
    ],
)
def test_what_the_root_needs_and_a_series_lacks_costs_the_badge(change: dict[str, object]) -> None:
    (item,) = rank_series([replace(ROOT, **change)])  # type: ignore[arg-type]
    assert "tavr" not in item.badges


def test_systole_is_taken_before_diastole() -> None:
    diastole = replace(ROOT, id="1.2.9", index=9, facts={**ROOT.facts, "phase": "75 % of R–R"})
    ranked = rank_series([diastole, ROOT])
    assert [(item.series.index, item.badges) for item in ranked] == [(1, ("tavr",)), (9, ())]


def test_all_phases_serve_where_no_single_one_is_there() -> None:
    (item,) = rank_series([MOVING])
    assert item.badges == ("tavr", "moving")


def test_thin_portal_venous_liver_is_best_for_liver() -> None:
    thin = a_series(7, "Abdomen 1.5 portal venous", 1.5, 200, 0.75, contrast="yes")
    arterial = a_series(8, "Abdomen 1.0 arterial", 1.0, 300, 0.75, contrast="yes")
    plain = a_series(9, "Abdomen 1.0 native", 1.0, 300, 0.75)
    ranked = {item.series.index: item.badges for item in rank_series([plain, arterial, thin, ABDOMEN])}
    assert ranked == {7: ("liver",), 8: (), 9: (), 4: ()}


@pytest.mark.parametrize(
    ("description", "tag", "expected"),
    [
        ("Thorax", "yes", True),
        ("CTA_thin", "", True),
        ("Abdomen venös 1.0", "", True),
        ("Thorax", "", False),
        ("Chest without contrast", "yes", False),
        ("NON-CONTRAST 3.0", "yes", False),
        ("ABDOMEN W/O CONTRAST", "", False),
        ("Abdomen WO IV contrast", "yes", False),
        ("Liver pre-contrast 3.0", "yes", False),
        ("Abdomen noncon", "yes", False),
        ("ABDOMEN W CONTRAST", "", True),
        ("Dekompression", "", False),
    ],
)
def test_contrast_is_known_or_not_claimed(description: str, tag: str, expected: bool) -> None:
    assert has_contrast(a_series(1, description, contrast=tag)) is expected


def test_coverage_follows_the_patient_not_the_stack() -> None:
    coronal = replace(ROOT, direction=((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)))
    assert coverage_mm(ROOT) == pytest.approx(300.0)
    assert coverage_mm(coronal) == pytest.approx(512 * 0.4)
    tilted = replace(ROOT, direction=tuple(map(tuple, np.eye(3)[[1, 0, 2]])))
    assert coverage_mm(tilted) == pytest.approx(300.0)


@pytest.mark.parametrize(
    ("agent", "route", "expected"),
    [
        ("OMNIPAQUE 350", "IV", True),
        ("ISOVUE 370", "", True),
        ("APPLIED", "", True),
        ("CONTRAST & ORAL", "IV", True),
        ("IV AND ORAL", "", True),
        ("", "", False),
        ("NONE", "", False),
        ("No", "", False),
        ("N", "", False),
        ("NO CONTRAST", "", False),
        ("non-contrast", "", False),
        ("W/O IV CONTRAST", "", False),
        ("Kein KM", "", False),
        ("ORAL", "", False),
        ("GASTROGRAFIN", "ORAL", False),
    ],
)
def test_an_agent_that_a_file_denies_or_that_was_drunk_is_no_contrast_in_vessels(
    agent: str, route: str, expected: bool
) -> None:
    dataset = Dataset()
    dataset.ContrastBolusAgent, dataset.ContrastBolusRoute = agent, route
    assert (_study(dataset, "CT").get("contrast") == "yes") is expected
