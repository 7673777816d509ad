"""Measurements by hand in a case: kept through closing, undone, written as before, told in reports and tables."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from app.measure_words import as_text, doubt
from planning.case.commands import AddMeasurement, ReplaceMeasurement, load_command
from planning.case.document import Document
from planning.case.exporting import export_case
from planning.case.manifest import measurement_json
from planning.case.measured import definition_of, measurements_json, numbers_of, plane_words
from planning.case.model import Case, Measurement
from planning.case.reading import measurement_from_json
from planning.errors import UsageError
from planning.geometry import Grid
from planning.measure.definitions import DEFINITIONS
from planning.measure.kinds import KINDS
from planning.measure.reading import Reading
from planning.volume import Volume

EMPTY = Case()
OVAL = ((-4.0, 0.0, 1.0), (4.0, 0.0, 1.0), (0.0, -3.0, 1.0), (0.0, 3.0, 1.0))
PLAIN = Measurement(
    name="Distance 1", kind="distance", points_mm=OVAL[:2], value=8.0, unit="mm", normal=(0.0, 0.0, 1.0)
)
REGION = Measurement(
    name="Region 1",
    kind="oval",
    points_mm=OVAL,
    value=37.7,
    unit="mm²",
    normal=(0.0, 0.0, 1.0),
    readings=(Reading("Mean", 61.5, "HU", 2.5), Reading("SD", 12.0, "HU"), Reading("Voxels", 38.0, "")),
    image="scan",
    phase="35 %",
    color="#FFD65C",
    label_mm=(9.0, -4.0, 0.0),
)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    voxels = np.zeros((20, 24, 24), dtype=np.int16)
    return make_case(
        tmp_path / "case.theatrum", Volume(Grid.from_parts((24, 24, 20), (0.8, 0.8, 1.0), (-9, -9, -9)), voxels)
    )


def test_those_of_earlier_versions_are_written_as_they_were() -> None:
    written = measurement_json(PLAIN)
    assert list(written) == ["name", "kind", "points_mm", "value", "unit", "normal", "outline_mm", "unclear"]
    again = measurement_from_json(written)
    assert (again.readings, again.image, again.phase, again.color, again.label_mm) == ((), "", "", "", None)


def test_everything_of_a_region_survives_closing_and_undo(document: Document) -> None:
    document.do(AddMeasurement(REGION))
    moved = replace(REGION, label_mm=None, color="#102030")
    document.do(ReplaceMeasurement(moved, "Recolour"))
    assert document.undo_text == "Recolour Region 1"
    path = document.path
    document.close()
    with Document.open(path) as again:
        assert again.case.measurements["Region 1"].color == "#102030"
        again.undo()
        kept = again.case.measurements["Region 1"]
        assert measurement_json(kept) == measurement_json(REGION)
        again.undo()
        assert not again.case.measurements
        again.redo()
        again.redo()
        assert again.case.measurements["Region 1"].label_mm is None


def test_a_step_of_an_earlier_version_still_means_a_move() -> None:
    step = load_command("replace_measurement", 1, {"measurement": measurement_json(PLAIN)})
    assert step.title == "Move Distance 1"


def test_numbers_have_their_plus_minus_from_the_image_that_was_measured_in(document: Document) -> None:
    with document:
        (name,) = document.case.images
        document.do(AddMeasurement(replace(PLAIN, image=name)))
        document.do(AddMeasurement(replace(REGION, image="gone")))
        one, other = document.case.measurements.values()
        (distance,) = numbers_of(document.case, one)
        assert distance.plus_minus == pytest.approx(1.96 * 0.8 * np.sqrt(2 / 12))
        told = {number.name: number for number in numbers_of(document.case, other)}
        assert told["Area"].plus_minus is None
        assert told["Mean"].plus_minus == 2.5


def test_every_kind_says_what_it_is() -> None:
    assert set(DEFINITIONS) == set(KINDS)
    assert definition_of(EMPTY, REGION).startswith(
        "area of an ellipse drawn by its two axes; all values are of the voxels"
    )
    found = replace(PLAIN, kind="calliper", points_mm=OVAL, outline_mm=OVAL, unclear=0.1)
    assert definition_of(EMPTY, found) == "width between parallel jaws, at the edge found in the image"
    moved = definition_of(EMPTY, replace(found, unclear=None))
    assert moved == "width between parallel jaws; area and area diameter are of the edge found in the image"
    in_slab = replace(REGION, slab_mm=20.0)
    assert definition_of(EMPTY, in_slab).endswith("; values are of the plane, not of the slab that was shown")
    assert measurement_from_json(measurement_json(in_slab)).slab_mm == 20.0
    assert "slab" not in definition_of(EMPTY, REGION)
    assert "slab" not in definition_of(EMPTY, replace(PLAIN, slab_mm=20.0)), "a length is the same in both"
    assert plane_words(replace(PLAIN, normal=(0.0, 0.6, 0.8))) == "axial turned by 37°"
    assert plane_words(replace(PLAIN, normal=None)) == "–"


def test_they_are_exported_as_tables(document: Document, tmp_path: Path) -> None:
    with document:
        document.do(AddMeasurement(PLAIN))
        document.do(AddMeasurement(REGION))
        export_case(document, tmp_path / "m.json", measurements=True)
        export_case(document, tmp_path / "m.csv", measurements=True)
        told = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["measurements"]
        assert [item["name"] for item in told] == ["Distance 1", "Region 1"]
        assert told == json.loads(json.dumps(measurements_json(document.case)))
        with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        mean = next(row for row in rows if row["number"] == "Mean")
        assert (mean["value"], mean["uncertainty_95"], mean["unit"], mean["phase"]) == ("61.5", "2.5", "HU", "35 %")
        assert float(mean["head_mm"]) == 1.0
        with pytest.raises(UsageError, match=r"\.json or \.csv"):
            export_case(document, tmp_path / "m.nrrd", measurements=True)
        with pytest.raises(UsageError, match="Only one of"):
            export_case(document, tmp_path / "n.json", measurements=True, plan="A")


def test_numbers_are_found_once_for_a_measurement_and_anew_for_another(document: Document) -> None:
    document.do(AddMeasurement(PLAIN))
    item = document.case.measurements["Distance 1"]
    first = numbers_of(document.case, item)
    assert numbers_of(document.case, item) is first
    document.do(ReplaceMeasurement(replace(item, points_mm=((-5.0, 0.0, 1.0), (5.0, 0.0, 1.0)))))
    assert numbers_of(document.case, document.case.measurements["Distance 1"])[0].value == pytest.approx(10.0)
    assert first[0].value == pytest.approx(8.0)


def test_an_edge_found_across_thick_slices_says_how_far_its_widths_may_be_off(tmp_path: Path) -> None:
    thick = Volume(Grid.from_parts((24, 24, 9), (0.8, 0.8, 5.0), (-9, -9, -20)), np.zeros((9, 24, 24), dtype=np.int16))
    across = replace(
        PLAIN, name="C", kind="calliper", points_mm=OVAL, outline_mm=OVAL, unclear=0.0, normal=(1.0, 0.0, 0.0)
    )
    words = "lices lie 5.0 mm apart, a width across them may be off by 1.5 mm"
    with make_case(tmp_path / "thick.theatrum", thick) as made:
        case = replace(made.case, measurements={"C": across})
        assert doubt(case, across) == f"S{words}."
        assert words in as_text(case, across)
        (told,) = measurements_json(case)
        assert [one["code"] for one in told["warnings"]] == ["thick_slices"]
        # in the slices' own plane, and where a hand put the points, which has a ± of its own
        for other in (replace(across, normal=(0.0, 0.0, 1.0)), replace(across, unclear=None)):
            assert doubt(case, other) == ""
