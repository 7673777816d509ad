"""Reports say the plan's numbers, what they are for, and nothing about who the patient is."""

from __future__ import annotations

import csv
import errno
import re
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from roots import make_root

from app.report.chart import _label_place
from app.report.content import DISCLAIMER, NumberRow, Picture, ReportContent, Table
from app.report.describe import bare, quantity, subject_line
from app.report.pictures import ball_surface, feret_ends, marked_png, tube_surface
from app.report.theatre_scene import theatre_scene
from app.report.write import report_content, write_report
from planning.case.commands import AddMeasurement, AddStructure, Batch, SetPlan
from planning.case.document import Document
from planning.case.importing import import_study
from planning.case.model import Case, Measurement, Structure
from planning.case.plans import liver_record, vessel_record
from planning.case.standing import told_plan
from planning.case.tavr_plans import tavr_record
from planning.case.vessel_plans import with_comparison
from planning.errors import CaseError, InputError, UsageError
from planning.geometry import Grid, Plane
from planning.liver.resection import PlaneResection
from planning.provenance import Provenance
from planning.registry import structure_style
from planning.section import Measures
from planning.tavr.devices import size_devices
from planning.tavr.inputs import TavrInputs
from planning.units import text_quantity
from planning.volume import Mask


@pytest.fixture(scope="module")
def heart(tmp_path_factory: pytest.TempPathFactory) -> Document:
    import SimpleITK

    folder = tmp_path_factory.mktemp("heart")
    root = make_root(12.5, 10.0, (0.7, 0.7, 0.7), 12.0, seed=2)
    image = SimpleITK.GetImageFromArray(root.volume.voxels)
    grid = root.volume.grid
    image.SetSpacing(grid.spacing_mm.tolist())
    image.SetOrigin(grid.origin_mm.tolist())
    image.SetDirection((grid.world_from_index[:3, :3] / grid.spacing_mm).reshape(-1).tolist())
    SimpleITK.WriteImage(image, str(folder / "heart.nrrd"))
    path = folder / "Erika Karlsson 0815.theatrum"
    import_study([folder / "heart.nrrd"], path)
    document = Document.open(path)
    document.do(SetPlan(tavr_record(document, "root", TavrInputs(hinges_mm=root.hinges_mm), parts=frozenset())))
    middle, normal = root.hinges_mm.mean(axis=0), np.asarray(root.normal)
    document.do(SetPlan(vessel_record(document, "way", middle - 8 * normal, middle + 8 * normal)))
    return document


@pytest.fixture(scope="module")
def liver(tmp_path_factory: pytest.TempPathFactory) -> Document:
    import SimpleITK

    folder = tmp_path_factory.mktemp("liver")
    grid = Grid.from_parts((80, 70, 60), (1.5, 1.5, 1.5))
    k, j, i = np.indices(grid.shape_kji)
    organ = ((i - 40) / 34) ** 2 + ((j - 35) / 28) ** 2 + ((k - 30) / 24) ** 2 <= 1
    tumor = (i - 24) ** 2 + (j - 35) ** 2 + (k - 30) ** 2 <= 6.0**2
    image = SimpleITK.GetImageFromArray(np.where(tumor, 70, np.where(organ, 110, -90)).astype(np.int16))
    image.SetSpacing((1.5, 1.5, 1.5))
    SimpleITK.WriteImage(image, str(folder / "liver.nrrd"))
    path = folder / "Erika Karlsson 0815.theatrum"
    import_study([folder / "liver.nrrd"], path)
    document = Document.open(path)
    own = next(iter(document.case.images.values())).grid
    commands = [
        AddStructure(_structure(document, name, Mask.from_full(own, voxels)))
        for name, voxels in (("liver", organ), ("tumor_1", tumor))
    ]
    document.do(Batch(tuple(commands), "structures"))
    plane = Plane(own.to_world((36, 35, 30)), np.array([-1.0, 0.1, 0.0]))
    document.do(SetPlan(liver_record(document, "A", [PlaneResection(plane)], weight_kg=70.0, height_cm=172.0)))
    return document


def _structure(document: Document, name: str, mask: Mask) -> Structure:
    start, reference = document.put_mask(mask)
    return Structure(
        name=name,
        grid=mask.grid,
        start_ijk=start,
        array=reference,
        voxel_count=mask.voxel_count,
        color=structure_style(name).color,
        source="imported",
        confidence=None,
        provenance=Provenance("test"),
    )


def _pages(path: Path) -> list[str]:
    from pypdf import PdfReader

    return [page.extract_text().replace("\u202f", " ") for page in PdfReader(path).pages]


def _plain(text: str) -> str:
    return text.replace("\u202f", " ")


def test_a_tavr_pdf_says_the_numbers_of_its_plan(heart: Document, tmp_path: Path) -> None:
    told = write_report(heart, ["root"], tmp_path / "r.pdf")
    assert told["plans"] == ["root"]
    pages = _pages(tmp_path / "r.pdf")
    annulus = heart.case.plans["root"].results["annulus"]
    assert _plain(text_quantity(annulus["area_mm2"], "mm²")) in pages[0]
    assert f"{annulus['max_diameter_mm']:.1f} · {annulus['min_diameter_mm']:.1f}" in pages[0]
    assert _plain(quantity(annulus["perimeter_mm"], "mm", annulus["uncertainty"]["perimeter_mm"])) in pages[1]
    for page in pages:
        assert "Research use only" in page
        assert "Not a medical device" in page
        assert DISCLAIMER in page
        assert "nan" not in page.lower().split()
        assert "None" not in page.split()
        assert re.search(rf"Page \d of {len(pages)}", page)


def test_what_was_not_measured_keeps_its_heading_and_says_why(heart: Document, tmp_path: Path) -> None:
    write_report(heart, ["root"], tmp_path / "r.pdf")
    page = _pages(tmp_path / "r.pdf")[0]
    # the tube has no sinuses and no coronaries: dashes, never a zero
    assert re.search(r"Sinus N, R, L\s*–|–\s*Sinus N, R, L", page)
    assert "Look at these before you sign" in page
    assert "Access" in page
    second = _pages(tmp_path / "r.pdf")[1]
    assert "Second estimate" in second
    assert "Placed and edited by hand" in second
    assert "hinge N" in second


def _row(content: ReportContent, name: str) -> NumberRow:
    return next(row for numbers in content.numbers for row in numbers.rows if row.name == name)


def test_the_parts_of_the_uncertainty_are_named_and_contradict_nothing(heart: Document, tmp_path: Path) -> None:
    plan = heart.case.plans["root"]
    annulus = plan.results["annulus"]

    def told(parts: dict[str, float], **more: dict[str, float]) -> ReportContent:
        known = {key: value for key, value in annulus.items() if key != "uncertainty_readers"}
        changed = {**plan.results, "annulus": {**known, "uncertainty_parts": parts, **more}}
        return report_content(heart, replace(plan, results=changed), pictures=False)

    measured = {"hinges_mm2": 3.0, "edge_mm2": 4.0, "spacing_mm2": 1.0}
    content = told({**measured, "reader_mm2": 12.0, "phase_mm2": 20.0}, uncertainty_readers={"area_mm2": 13.1})
    # what readers and phases differ by is no part of the measurement's own ±, but sizes are held against it
    assert [name for name, _ in content.uncertainty_parts] == ["hinge points", "edge", "spacing"]
    assert content.uncertainty_note.startswith("Not in it: expert readers differ by 12")
    assert "± 13" in content.uncertainty_note
    assert "r readers" in content.uncertainty_letters
    assert content.limits[0] == "Hinge points were given by a person."
    before = told({**measured, "hinges_mm2": 8.0})
    assert "Not in it: differences between readers" in before.uncertainty_note
    assert "largest part" in before.limits[0]
    row = _row(content, "Longest, shortest")
    unsure = annulus["uncertainty"]
    # once where both are the same
    spreads = dict.fromkeys(f"{unsure[key]:.1f}" for key in ("max_diameter_mm", "min_diameter_mm"))
    assert row.spread == " · ".join(spreads)
    write_report(heart, ["root"], tmp_path / "r.pdf")
    assert "_mm2" not in "".join(_pages(tmp_path / "r.pdf"))


def test_the_reason_of_a_size_has_units() -> None:
    devices = size_devices(Measures(442.0, 75.2, 22.3, 25.4), {"area_mm2": 9.0, "perimeter_mm": 0.8}, True)
    reasons = {f"{device['model']} {device['size']}": device["reason"] for device in devices}
    assert reasons["Evolut FX 23"] == "annulus 12.4 mm over 62.8 mm"
    assert reasons["SAPIEN 3 23"] == "annulus 12.0 mm² over 430 mm²"
    assert all(reason.endswith((" mm", " mm²")) for reason in reasons.values())


def test_a_vessel_of_the_case_stands_under_access(heart: Document) -> None:
    content = report_content(heart, heart.case.plans["root"], pictures=False)
    access = next(table for table in content.tables if table.title == "Access")
    assert [row[0].text for row in access.rows] == ["way"]


def test_a_vessel_report_has_its_numbers_and_four_pictures(heart: Document, tmp_path: Path) -> None:
    write_report(heart, ["way"], tmp_path / "v.pdf")
    text = "\n".join(_pages(tmp_path / "v.pdf"))
    results = heart.case.plans["way"].results
    assert f"{results['length_mm']:.1f}" in text
    least = results["minimum"]
    assert f"{least['min_diameter_mm']:.1f} ± {least['uncertainty_mm']:.1f}" in text
    assert len(report_content(heart, heart.case.plans["way"]).pictures) == 4


def test_a_liver_pdf_says_the_numbers_of_its_plan(liver: Document, tmp_path: Path) -> None:
    write_report(liver, None, tmp_path / "l.pdf")
    pages = _pages(tmp_path / "l.pdf")
    results = liver.case.plans["A"].results
    for key, unit in (("removed_ml", "ml"), ("kept_ml", "ml"), ("flr_percent", "%"), ("sflr_percent", "%")):
        assert bare(results[key], unit).replace("\u202f", " ") in pages[0], key
    assert f"{results['margin']['minimum_mm']:.1f}" in pages[0]
    assert "Territories" in pages[0]
    assert "No vessel tree was named in this plan" in pages[0]
    assert "There is one liver plan in this case" in pages[0]


def _liver_told(liver: Document, margins: list[dict[str, Any]], **changes: Any) -> ReportContent:
    plan = liver.case.plans["A"]
    margin = {**plan.results["margin"], "by_tumor": margins}
    results = {**plan.results, "margin": margin, **changes}
    inputs = {**plan.inputs, "asked_margin_mm": 5.0, "least_remnant_percent": 40.0}
    return report_content(liver, replace(plan, inputs=inputs, results=results), pictures=False)


def _margin(number: int, minimum_mm: float | None, side: str) -> dict[str, Any]:
    place = None if minimum_mm is None else [1.0, 2.0, 3.0]
    return {"id": number, "minimum_mm": minimum_mm, "uncertainty_mm": 0.5, "at_mm": place, "side": side}


def test_a_tumour_left_behind_has_no_margin_that_is_met(liver: Document) -> None:
    content = _liver_told(liver, [_margin(1, 9.0, "removed"), _margin(2, 7.0, "kept")])
    box = content.boxes[0]
    assert (box.title, _plain(box.value), box.status) == ("Least margin, T1 to cut", "9.0 mm", "bad")
    assert box.note == "5 mm asked · T2 stays"
    assert _row(content, "T2 stays, to cut").status == "bad"
    assert _row(content, "T1 to cut").status == "ok"
    divided = _liver_told(liver, [_margin(1, 9.0, "removed"), _margin(2, -2.0, "both")])
    assert _plain(divided.boxes[0].value) == "−2.0 mm"
    assert _row(divided, "T2 stays in part, to cut").status == "bad"
    alone = _liver_told(liver, [_margin(1, 30.0, "kept")])
    assert (alone.boxes[0].value, alone.boxes[0].status) == ("–", "bad")
    whole = _liver_told(liver, [_margin(1, 9.0, "removed"), _margin(2, 7.0, "removed")])
    assert (whole.boxes[0].title, whole.boxes[0].status) == ("Least margin, T2 to cut", "ok")
    wider = _liver_told(liver, [_margin(1, 5.6, "removed"), {**_margin(2, 5.7, "removed"), "uncertainty_mm": 0.9}])
    assert (wider.boxes[0].title, wider.boxes[0].status) == ("Least margin, T1 to cut", "warn")


def test_the_viable_remnant_decides_where_it_is_known(liver: Document) -> None:
    margins = [_margin(1, 9.0, "removed")]
    content = _liver_told(liver, margins, flr_percent=53.5, viable_flr_percent=38.0)
    box = content.boxes[1]
    assert (box.title, _plain(box.value), box.status) == ("Viable remnant", "38.0 %", "bad")
    assert _plain(box.note) == "40 % asked · FLR 53.5 %"
    assert _row(content, "Viable remnant").status == "bad"
    assert _row(content, "Future remnant, FLR").status == "ok"
    assert _liver_told(liver, margins, viable_flr_percent=None).boxes[1].title == "Future liver remnant"


def test_a_picture_of_its_own_says_what_it_is_for() -> None:
    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (460, 380), "white").save(data, "PNG")
    marked = np.asarray(Image.open(BytesIO(marked_png(data.getvalue()))).convert("L"))
    assert marked.shape[1] == 460
    assert (marked[:380] == 255).all()
    strip = marked[380:]
    assert strip.max() > 180
    assert strip.min() < 30
    columns = np.nonzero((strip > 120).any(axis=0))[0]
    assert columns[0] > 0
    assert columns[-1] < 459


def test_the_pictures_of_a_liver_plan_are_drawn(liver: Document) -> None:
    from PIL import Image

    pictures = report_content(liver, liver.case.plans["A"]).pictures
    assert len(pictures) == 4
    for picture in pictures:
        assert isinstance(picture, Picture)
        image = Image.open(BytesIO(picture.png))
        assert image.size == (picture.width_px, picture.height_px)
        assert np.asarray(image).std() > 5.0
        assert not image.info.get("Author")


def test_no_identifier_is_in_the_file_or_its_metadata(heart: Document, tmp_path: Path) -> None:
    from pypdf import PdfReader

    write_report(heart, None, tmp_path / "r.pdf")
    metadata = PdfReader(tmp_path / "r.pdf").metadata or {}
    assert metadata.get("/Author", "") in ("", "anonymous", None)
    assert all("Karlsson" not in str(value) and str(tmp_path) not in str(value) for value in metadata.values())
    assert str(metadata["/Title"]) == "Theatrum report"


def test_a_case_called_after_its_patient_does_not_name_it(heart: Document, liver: Document, tmp_path: Path) -> None:
    write_report(heart, None, tmp_path / "r.pdf")
    told = ["\n".join(_pages(tmp_path / "r.pdf"))]
    for document, name in ((heart, "r"), (liver, "l")):
        for ending in ("html", "csv"):
            write_report(document, None, tmp_path / f"{name}.{ending}")
            told.append((tmp_path / f"{name}.{ending}").read_text(encoding="utf-8"))
    assert [text.count("Karlsson") for text in told] == [0] * 5
    assert "Case · plan “root”" in told[0]
    assert theatre_scene(liver, liver.case.plans["A"]).label == "Case"


def test_a_case_is_told_by_its_label_and_with_identifiers_by_its_file(heart: Document) -> None:
    image = next(iter(heart.case.images.values()))
    before = heart.case
    named = replace(before, identifiers={"name": "Karlsson"})
    assert subject_line(_Told(named, heart.path), image).startswith("Erika Karlsson 0815 ·")  # type: ignore[arg-type]
    labelled = replace(before, label="Case 0007")
    assert subject_line(_Told(labelled, heart.path), image).startswith("Case 0007")  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Told:
    """A document as far as its head line looks."""

    case: Case
    path: Path


def test_the_file_of_the_other_study_is_not_named_without_identifiers(heart: Document) -> None:
    plan, width = heart.case.plans["way"], heart.case.plans["way"].results
    compared = with_comparison(plan, "Karlsson 2021: way", width, 1.0)
    grown = replace(compared, results={**compared.results, "growth": {"case": "Karlsson.theatrum", "plan": "A"}})
    told = told_plan(heart.case, grown)
    assert "Karlsson" in str(grown.inputs) + str(grown.results)
    assert "Karlsson" not in str(told.inputs) + str(told.results)
    assert told.inputs["comparison"]["with"] == told.results["growth"]["case"] == "another study"
    kept = told_plan(replace(heart.case, identifiers={"name": "Karlsson"}), grown)
    assert kept.inputs["comparison"]["with"] == "Karlsson 2021: way"
    # a plan of the same case stays named
    own = with_comparison(plan, "root", width, 1.0)
    assert told_plan(heart.case, own).inputs["comparison"]["with"] == "root"


def test_html_holds_everything_offline(heart: Document, liver: Document, tmp_path: Path) -> None:
    write_report(heart, None, tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert DISCLAIMER in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    shown = [report_content(heart, plan) for plan in heart.case.plans.values()]
    drawn = [item for content in shown for item in content.pictures]
    drawn += [item for content in shown for section in content.sections for row in section.rows for item in row]
    assert text.count("<figure>") == sum(not isinstance(item, Table) for item in drawn)
    words = re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
    assert not re.search(r"\b(nan|NaN|None)\b", words)
    write_report(liver, None, tmp_path / "l.html")
    assert "Future liver remnant" in (tmp_path / "l.html").read_text(encoding="utf-8")


def test_csv_has_plain_numbers_with_units(heart: Document, tmp_path: Path) -> None:
    write_report(heart, ["root"], tmp_path / "r.csv")
    rows = {row[2]: row for row in csv.reader((tmp_path / "r.csv").open(encoding="utf-8"))}
    annulus = heart.case.plans["root"].results["annulus"]
    assert float(rows["annulus.area_mm2"][3]) == annulus["area_mm2"]
    assert rows["annulus.area_mm2"][4] == "mm²"
    assert float(rows["annulus.area_mm2"][5]) == annulus["uncertainty"]["area_mm2"]


def test_a_refused_report_leaves_nothing(heart: Document, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_report(heart, None, tmp_path / "r.docx")
    with pytest.raises(CaseError):
        write_report(heart, ["nobody"], tmp_path / "r.pdf")
    (tmp_path / "there.pdf").write_bytes(b"before")
    with pytest.raises(InputError, match="exists"):
        write_report(heart, None, tmp_path / "there.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["there.pdf"]
    assert (tmp_path / "there.pdf").read_bytes() == b"before"


def test_a_place_that_refuses_the_report_is_named(heart: Document, tmp_path: Path, monkeypatch) -> None:
    def refuse(**_: Any) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(tmp_path / ".theatrum-x.pdf"))

    # the stick that was pulled out between the dialog and the writing
    monkeypatch.setattr("app.report.write.tempfile.NamedTemporaryFile", refuse)
    with pytest.raises(InputError, match=r"^report\.csv cannot be written") as told:
        write_report(heart, None, tmp_path / "report.csv")
    assert told.value.code == "place"


def test_quantities_are_written_as_on_screen() -> None:
    assert _plain(quantity(476.2, "mm²", 8.7)) == "476 ± 9 mm²"
    assert _plain(quantity(-3.14, "mm", 0.21)) == "−3.1 ± 0.2 mm"
    assert quantity(None, "mm", 0.2) == "–"
    assert _plain(quantity(25.0, "°")) == "25°"


def test_diameters_are_drawn_where_the_contour_is_widest() -> None:
    turn = np.linspace(0.0, 2.0 * np.pi, 180, endpoint=False)
    right, down = np.array((1.0, 0, 0)), np.array((0, 1.0, 0))
    contour = 14.0 * np.cos(turn)[:, None] * right + 10.0 * np.sin(turn)[:, None] * down
    longest, shortest = feret_ends(contour, np.zeros(3), right, down)
    assert np.linalg.norm(longest[1] - longest[0]) == pytest.approx(28.0, abs=0.05)
    assert np.linalg.norm(shortest[1] - shortest[0]) == pytest.approx(20.0, abs=0.05)


def test_marks_in_3d_have_their_size_and_place() -> None:
    turn = np.linspace(0.0, 2.0 * np.pi, 90, endpoint=False)
    ring = np.stack([12.0 * np.cos(turn), 12.0 * np.sin(turn), 0.0 * turn + 5.0], axis=1)
    tube = tube_surface(ring, 0.7, closed=True)
    assert tube.is_watertight
    away = np.hypot(np.hypot(tube.points_mm[:, 0], tube.points_mm[:, 1]) - 12.0, tube.points_mm[:, 2] - 5.0)
    np.testing.assert_allclose(away, 0.7, atol=0.01)
    ball = ball_surface(np.array((1.0, 2.0, 3.0)), 1.7)
    np.testing.assert_allclose(np.linalg.norm(ball.points_mm - (1.0, 2.0, 3.0), axis=1), 1.7, atol=0.02)


def test_labels_of_a_chart_keep_clear_of_each_other_and_of_the_edge() -> None:
    taken: list[tuple[float, float, float, float]] = []
    frame = (0.0, 100.0, 0.0, 80.0)
    for x, y in ((4.0, 40.0), (8.0, 41.0), (96.0, 40.0)):
        tx, _ = _label_place(x, y, 40.0, frame, taken)
        assert tx >= 2.0
        assert tx + 40.0 <= 98.0
    for n, one in enumerate(taken):
        for other in taken[n + 1 :]:
            assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def test_measurements_by_hand_stand_behind_the_last_plan(heart: Document, tmp_path: Path) -> None:
    ellipse = ((-10.0, 0.0, 5.0), (10.0, 0.0, 5.0), (0.0, -8.0, 5.0), (0.0, 8.0, 5.0))
    item = Measurement(name="Neck", kind="ellipse", points_mm=ellipse, value=17.9, unit="mm", normal=(0.0, 0.0, 1.0))
    tilted = replace(item, name="Tilted", kind="distance", points_mm=ellipse[:2], normal=(0.0, 0.6, 0.8))
    heart.do(Batch((AddMeasurement(item), AddMeasurement(tilted)), "Two by hand"))
    try:
        for name in ("a.csv", "a.html", "a.json", "a.pdf"):
            write_report(heart, ["way"], tmp_path / name)
    finally:
        heart.undo()
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["number"]: row for row in csv.DictReader(file)}
    assert float(rows["Neck.area_diameter_mm"]["value"]) == pytest.approx(np.sqrt(320.0))
    assert float(rows["Neck.area_mm2"]["value"]) == pytest.approx(80.0 * np.pi)
    assert rows["Neck.least_mm"]["unit"] == "mm"
    assert rows["Neck.least_mm"]["origin"] == "G"
    assert rows["Neck.least_mm"]["place"].endswith("axial")
    assert rows["Tilted.distance_mm"]["place"].endswith("axial turned by 37°")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Measured by hand" in page
    assert "Least 16.0" in page
    assert "Measured by hand" in (tmp_path / "a.json").read_text(encoding="utf-8")
    write_report(heart, ["way"], tmp_path / "without.html")
    assert "Measured by hand" not in (tmp_path / "without.html").read_text(encoding="utf-8")
