"""From a folder of DICOM to a plan, a report and a printable model, by the command line alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from installed import program

from app.cli import main
from planning.dicom.write import write_ct_series
from planning.files.volumes import write_volume
from planning.geometry import Grid
from planning.volume import Volume


def _json(capfd: pytest.CaptureFixture[str], *arguments: object) -> dict:
    assert main([*map(str, arguments), "--json"]) == 0, capfd.readouterr().err
    out = capfd.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A round liver of 70 HU with a tumour of 30 HU, as DICOM, and its labels as NIfTI."""
    grid = Grid.from_parts((70, 66, 40), (1.2, 1.2, 2.0), (-40, -30, 100))
    points = (
        grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3) - grid.center_mm
    )
    liver = np.linalg.norm(points / (34, 30, 30), axis=-1) <= 1
    tumor = np.linalg.norm(points - (-12, 0, 0), axis=-1) <= 8
    hu = np.where(tumor, 30, np.where(liver, 70, -100)) + np.random.default_rng(0).normal(0, 8, liver.shape)
    write_ct_series(
        Volume(grid, hu.astype(np.int16)), tmp_path / "dicom", description="abdomen", label="DOENITZ^JOHANNES"
    )
    write_volume(tmp_path / "labels.nii.gz", np.where(tumor, 2, liver).astype(np.uint8), grid)
    (tmp_path / "names.json").write_text('{"liver": 1, "tumor": 2}')
    return tmp_path


def test_the_whole_road(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case = study / "case.theatrum"
    listed = _json(capfd, "series", study / "dicom")
    assert listed["series"][0]["importable"]
    _json(
        capfd,
        "import",
        study / "dicom",
        "-o",
        case,
        "--labels",
        study / "labels.nii.gz",
        "--names",
        study / "names.json",
        "--quiet",
    )
    info = _json(capfd, "info", case)
    assert [item["name"] for item in info["structures"]] == ["liver", "tumor"]
    assert not info["identifiers_kept"]
    assert b"DOENITZ" not in case.read_bytes()
    plan = _json(capfd, "liver", case, "--plane=5,9,139,-1,0,0", "--plan", "a")
    assert plan["removed_ml"] + plan["kept_ml"] == pytest.approx(plan["organ_ml"], abs=1e-9)
    assert plan["margin"]["minimum_mm"] == pytest.approx(float(5 - (-40 + 69 * 0.6 - 12 + 8)), abs=0.4)
    for ending in (".pdf", ".html", ".csv"):
        assert main(["report", str(case), "-o", str(study / f"report{ending}")]) == 0
        capfd.readouterr()
    assert "Research use only" in (study / "report.html").read_text(encoding="utf-8")
    assert (study / "report.pdf").read_bytes().startswith(b"%PDF-")
    printed = _json(capfd, "print", case, "-o", study / "model.3mf", "--plan", "a", "--structures", "tumor", "--quiet")
    assert [part["name"] for part in printed["objects"]] == ["removed", "kept", "tumor"]
    assert all(part["watertight"] for part in printed["objects"])
    _json(capfd, "export", case, study / "plan.nii.gz", "--plan", "a")
    _json(capfd, "export", case, study / "liver.stl", "--structure", "liver")
    _json(capfd, "export", case, study / "plan.json", "--plan", "a")
    assert main(["case", "verify", str(case)]) == 0
    capfd.readouterr()
    assert main(["labels", str(case), "rename", "tumor", "T1"]) == 0
    assert main(["labels", str(case), "remove", "T1"]) == 0


def test_an_exported_plan_mask_counts_what_the_plan_says(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from planning.files.volumes import read_volume

    case = study / "case.theatrum"
    main(
        [
            "import",
            str(study / "dicom"),
            "-o",
            str(case),
            "--labels",
            str(study / "labels.nii.gz"),
            "--names",
            str(study / "names.json"),
            "--quiet",
        ]
    )
    capfd.readouterr()
    plan = _json(capfd, "liver", case, "--plane=5,9,139,-1,0.2,0.1")
    _json(capfd, "export", case, study / "parts.nrrd", "--plan", plan["plan"])
    voxels, _ = read_volume(study / "parts.nrrd")
    assert [int((voxels == value).sum()) for value in (1, 2)] == [
        round(plan["removed_ml"] / plan["voxel_ml"]),
        round(plan["kept_ml"] / plan["voxel_ml"]),
    ]


@pytest.mark.parametrize("ending", [".nii.gz", ".nrrd", ".mha"])
def test_an_exported_image_imports_as_the_same_image(
    study: Path, ending: str, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = study / "a.theatrum", study / "b.theatrum"
    one = _json(capfd, "import", study / "dicom", "-o", first, "--quiet")
    _json(capfd, "export", first, study / f"image{ending}")
    two = _json(capfd, "import", study / f"image{ending}", "-o", second, "--quiet")
    assert one["images"][0]["sha256"] == two["images"][0]["sha256"]
    for key in ("origin_mm", "spacing_mm"):
        assert one["images"][0][key] == pytest.approx(two["images"][0][key], abs=1e-4)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["liver"], 2),
        (["nonsense"], 2),
        (["segment", "x"], 3),
        (["info", "nowhere.theatrum"], 3),
        (["print", "nowhere.theatrum", "-o", "a.3mf"], 3),
    ],
)
def test_exit_codes(arguments: list[str], code: int, project_root: Path) -> None:
    done = subprocess.run([*program(), *arguments], cwd=project_root, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if code:
        assert done.stderr.startswith("theatrum: error: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_sample_heart_is_planned_from_what_is_found(tmp_path: Path) -> None:
    from app.window_states import planned_sample
    from planning.case.document import Document
    from planning.phantoms.cardiac import cardiac_truth

    truth = cardiac_truth()
    with Document.open(planned_sample("heart", tmp_path), read_only=True) as document:
        plan = document.case.plans["tavr"]
    away = np.linalg.norm(np.array(plan.inputs["hinges_mm"]) - truth.hinges_mm, axis=1)
    assert away.max() < 1.0
    assert plan.results["annulus"]["area_mm2"] == pytest.approx(truth.area_mm2, rel=0.03)
    marks = plan.results["landmarks"]
    for key, place in zip(("ostium_left", "ostium_right"), truth.ostia_mm, strict=True):
        assert marks[key]["source"] == "automatic"
        assert np.linalg.norm(np.array(marks[key]["position_mm"]) - place) < 1.5
    valve = plan.results["valve"]
    assert (valve["model"], valve["size"], valve["depth_mm"], valve["chosen"]) == ("Evolut FX", "29", 3.0, True)
