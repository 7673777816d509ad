"""Plans that reach into slices that are not the scanner's: told where they were filled in, refused where they were lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import add_structures, make_case

from app.measure_words import as_text, doubt, long_text
from app.report.by_hand import measurement_rows, with_measurements
from app.report.content import ReportContent
from planning.case.commands import SetPlan
from planning.case.dicom_reference import measured_of
from planning.case.document import Document
from planning.case.measured import measurements_json
from planning.case.model import Case, Image, Measurement
from planning.case.plans import plan_record
from planning.case.standing import told_plan
from planning.case.untrue_slices import FILLED_SLICES, LOST_SLICES, REACH_MM, runs, untrue_measured, untrue_slices
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import Grid
from planning.measure.reading import Reading
from planning.volume import Mask, Volume

# slices lie obliquely and 2 mm apart
TURN = np.array([[1.0, 0.0, 0.0], [0.0, 0.8, -0.6], [0.0, 0.6, 0.8]])
GRID = Grid.from_parts((10, 10, 60), (1.0, 1.0, 2.0), (5.0, -30.0, 200.0), TURN)
LOST = tuple(range(32, 48))
CONTENT = ReportContent("", "", (), (), (), (), (), (), (), "", ())


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


def hand(kind: str, *places: tuple[float, float, float], readings: tuple[Reading, ...] = ()) -> Measurement:
    """A measurement at these indices of the grid."""
    points = tuple(tuple(float(v) for v in GRID.to_world(place)) for place in places)
    normal = tuple(float(v) for v in TURN[:, 2])
    return Measurement(name="M", kind=kind, points_mm=points, value=1.0, unit="mm", normal=normal, readings=readings)


@pytest.mark.parametrize(
    ("item", "reached"),
    [
        # in a plane: the last slice of the scanner's is sound, half a slice further is not
        (hand("distance", (2, 2, 31), (7, 7, 31)), ""),
        (hand("distance", (2, 2, 31.5), (7, 7, 31.5)), "33"),
        (hand("distance", (2, 2, 36), (7, 7, 36)), "37"),
        # both ends lie in sound slices, and all between is air
        (hand("distance", (2, 2, 10), (7, 7, 55)), "33–48"),
        (hand("polyline", (2, 2, 10), (3, 3, 20), (4, 4, 30)), ""),
        (hand("angle", (2, 2, 20), (3, 3, 34), (4, 4, 20)), "33–35"),
        (hand("probe_point", (4, 4, 40)), "41"),
        (hand("rectangle", (2, 4, 26), (7, 4, 26), (7, 4, 34), (2, 4, 34)), "33–35"),
        # a circle reaches farther than the three points that it is kept by
        (hand("circle", (2, 4, 26), (3, 4, 27), (4, 4, 26)), ""),
        (hand("oval", (4, 4, 24), (4, 4, 28), (2, 4, 26), (6, 4, 26)), ""),
        (hand("circle", (1, 4, 30.5), (9, 4, 30.5), (5, 4, 26.5)), "33"),
    ],
)
def test_what_a_hand_measured_there_says_so(item: Measurement, reached: str, document: Document) -> None:
    case, _ = case_with(document, lost=True)
    found = untrue_measured(case, item)
    assert (found is not None) == bool(reached)
    if found is not None:
        assert found.code == LOST_SLICES
        assert f"slices {reached}," in found.text
    filled, _ = case_with(document, lost=False)
    told = untrue_measured(filled, item)
    assert (told is not None) == bool(reached)
    assert told is None or (told.code == FILLED_SLICES and told.text.startswith("an estimate"))
    # of an image that is not known any more nothing is said
    assert untrue_measured(case, replace(item, image="gone")) is None


def test_it_is_said_wherever_its_numbers_are_told(document: Document) -> None:
    region = hand(
        "rectangle", (2, 2, 36), (7, 2, 36), (7, 7, 36), (2, 7, 36), readings=(Reading("Mean", -1000.0, "HU", 1.0),)
    )
    for lost, words in ((True, "lost when the case was damaged"), (False, "filled in between their neighbours")):
        case, _ = case_with(document, lost=lost)
        case = replace(case, measurements={"M": region})
        assert words in doubt(case, region)
        assert words in long_text(case, region)
        assert words in as_text(case, region)
        assert as_text(case, replace(region, phase="35 %")).count("measured at 35 %") == 1
        (told,) = measurements_json(case)
        assert words in told["definition"]
        assert [one["code"] for one in told["warnings"]] == [LOST_SLICES if lost else FILLED_SLICES]
        assert all(words in row[8] for row in measurement_rows(case))
        (by_hand,) = with_measurements(CONTENT, case).sections
        names, values = (row[0] for row in by_hand.rows)
        assert words in names.rows[0][2].text
        assert values.rows[0][0].text == f"M ({'slices lost' if lost else 'an estimate'})"
        coded, said = measured_of(case, case.measurements, 0)
        # a reader of coded numbers sees no words beside them
        assert len(coded) == (0 if lost else 1)
        assert words in said[0].text
    # where the slices are sound, nothing is said
    sound = replace(document.case, measurements={"M": region})
    assert doubt(sound, region) == ""
    assert measurements_json(sound)[0]["warnings"] == []
    assert measured_of(sound, sound.measurements, 0)[1] == []


def test_slices_are_said_as_a_person_counts_them() -> None:
    assert runs((112, 113, 114, 130)) == "113–115, 131"
    assert runs(()) == ""


def test_a_plan_may_stay_in_the_case(document: Document) -> None:
    document.do(SetPlan(plan_record(document.case, "P", "tavr", {}, results_at(36.0), "test", False)))
    assert told_plan(document.case, document.case.plans["P"]).results["warnings"] == []
