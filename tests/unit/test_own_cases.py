"""A site's own labelled cases: what is read, what is left out and why, what is learned from how many."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from installed import in_sources

from inference.confidence.calibration import read_calibration
from inference.confidence.own_cases import calibrate, case_paths, read_case
from inference.confidence.variants import repeat
from inference.pipeline import RunOptions, segment
from inference.road import calibrate_on, calibration_of, own_calibration_file, own_results
from inference.zoo import InstalledModel, Zoo
from planning.case.commands import ReplaceStructure
from planning.case.document import Document
from planning.case.trust import Trust
from planning.errors import InputError, ModelError
from planning.files.volumes import write_volume
from planning.geometry import Grid
from planning.volume import Mask, Volume
from tests.support.cases import add_structures, make_case
from tests.support.model_zoo import GRID, random_model, scan_case
from tests.support.small_models import smooth_scan

TORCH = RunOptions(device="cpu", engine="torch", threads=1)


@pytest.fixture
def model(tmp_path: Path) -> InstalledModel:
    return random_model(tmp_path / "model")


@pytest.fixture
def zoo(tmp_path: Path, model: InstalledModel) -> Zoo:
    found = Zoo(tmp_path / "zoo")
    found.user.mkdir()
    found.add(model.folder)
    return found


def pair(folder: Path, name: str, grid: Grid = GRID, structure: str = "liver") -> Path:
    """A CT beside its labels."""
    folder.mkdir(parents=True, exist_ok=True)
    scan = smooth_scan(grid.shape_kji)
    labels = np.zeros(grid.shape_kji, np.uint8)
    labels[5:20, 5:20, 5:20] = 3
    write_volume(folder / f"{name}.nii.gz", scan, grid)
    write_volume(folder / f"{name}_labels.nii.gz", labels, grid)
    (folder / f"{name}_labels.json").write_text(json.dumps({structure: 3}))
    return folder / f"{name}.nii.gz"


def labelled(path: Path, names: tuple[str, ...] = ("liver",)) -> Path:
    """A case file with a box for each structure."""
    scan_case(path)
    box = np.zeros(GRID.shape_kji, dtype=bool)
    box[5:20, 5:20, 5:20] = True
    with Document.open(path) as document:
        add_structures(document, {name: Mask.from_full(GRID, box) for name in names})
    return path


def test_case_files_pairs_and_folders_are_found(tmp_path: Path, model: InstalledModel) -> None:
    folder = tmp_path / "cases"
    pair(folder, "b")
    labelled(folder / "a.theatrum")
    pair(folder / "c", "ct")
    (folder / "notes.txt").write_text("nothing")
    paths = case_paths(folder)
    assert [path.name for path in paths] == ["a.theatrum", "b.nii.gz", "ct.nii.gz"]
    cases = [read_case(path, model.manifest) for path in paths]
    assert [case.name for case in cases] == ["a", "b", "c"]
    for case in cases:
        assert list(case.truth) == ["liver"]
        assert int(case.truth["liver"].sum()) == 15**3
        assert case.volume.shape == case.truth["liver"].shape
        assert case.quantity == "HU"


def test_names_may_be_spelled_otherwise(tmp_path: Path, model: InstalledModel) -> None:
    case = read_case(pair(tmp_path / "d", "x", structure="Kidney left"), model.manifest)
    assert list(case.truth) == ["kidney_left"]


def test_what_a_model_made_is_no_truth_until_a_person_looked(tmp_path: Path, model: InstalledModel) -> None:
    path = labelled(tmp_path / "a.theatrum", ("liver", "spleen"))
    with Document.open(path) as document:
        own = document.case.structures
        document.do(ReplaceStructure(replace(own["liver"], trust=Trust(light="amber"))))
        document.do(ReplaceStructure(replace(own["spleen"], trust=Trust(light="amber", checked=True))))
    assert list(read_case(path, model.manifest).truth) == ["spleen"]


def test_cases_that_cannot_be_used_are_told(tmp_path: Path, model: InstalledModel) -> None:
    folder = tmp_path / "cases"
    pair(folder, "good")
    pair(folder, "other", structure="stapes")
    (folder / "broken.theatrum").write_bytes(b"no case")
    learned = calibrate(model, folder, segment, TORCH)
    assert sorted(name for name, _ in learned.skipped) == ["broken.theatrum", "other.nii.gz"]
    assert learned.calibration.patients == ("good",)
    assert any("uncalibrated" in note for note in learned.notes)
    with pytest.raises(ModelError, match="no labelled cases"):
        calibrate(model, tmp_path / "model", segment, TORCH)
    with pytest.raises(InputError):
        case_paths(tmp_path / "nowhere")


def test_own_cases_are_kept_and_shown_in_the_card(tmp_path: Path, zoo: Zoo, model: InstalledModel) -> None:
    (tmp_path / "cases").mkdir()
    labelled(tmp_path / "cases" / "a.theatrum")
    assert own_results(zoo, model) == []
    learned = calibrate_on(zoo, model, tmp_path / "cases")
    kept = read_calibration(own_calibration_file(zoo, model))
    assert kept == learned.calibration
    assert calibration_of(zoo, model) == kept
    rows = own_results(zoo, model)
    assert [(row["structure"], row["n"]) for row in rows] == [("liver", 1)]
    assert 0 <= rows[0]["dice"] <= 1
    # other weights under the same name are another model
    path = own_calibration_file(zoo, model)
    path.write_text(path.read_text().replace(kept.model_hash, "0" * 64))
    assert calibration_of(zoo, model) is None


def test_the_command_tells_what_was_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli import main
    from tests.support.model_zoo import add_random_model

    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    in_sources(monkeypatch, "inference.zoo.shipped_folder", lambda: None)
    add_random_model(tmp_path / "home")
    pair(tmp_path / "cases", "one")
    pair(tmp_path / "cases", "other", structure="stapes")
    assert main(["models", "calibrate", "small", "--cases", str(tmp_path / "cases"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["patients"] == 1
    assert [(row["structure"], row["calibrated"]) for row in told["own_cases"]] == [("liver", False)]
    assert {warning["code"] for warning in told["warnings"]} == {"skipped", "calibration"}
    assert main(["models", "card", "small", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["own_cases"][0]["n"] == 1
    assert main(["models", "calibrate", "small", "--cases", str(tmp_path / "home")]) == 3


@pytest.mark.parametrize("patients", [8, 24])
def test_what_a_study_learned_ships_with_the_model_and_tells_intervals(
    patients: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the study's rows over the model's folder to the rows of `segment`."""
    from app.cli import main
    from inference.pipeline import model_hash
    from tests.benchmarks import bench_confidence
    from tests.support.model_zoo import add_random_model

    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("inference.zoo.shipped_folder", lambda: None)
    model = add_random_model(tmp_path / "home")
    rng = np.random.default_rng(0)
    rows = []
    for n in range(patients):
        for structure, good in (("liver", True), ("spleen", False)):
            rows.append({
                "model": model_hash(model.manifest), "case": f"p{n}", "corruption": "", "structure": structure,
                "features": [0.2 if good else 1.2, 0.05 if good else 0.4, 0.0, 0.0], "difficulty": 1.0,
                "dice": 0.95 if good else 0.3, "network_dice": 0.9, "found_ml": 100.0 * float(np.exp(rng.normal(0, 0.05))),
                "true_ml": 100.0, "interval_ml": [60.0, 160.0], "light": "amber", "engine": "network", "reasons": [],
            })  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(bench_confidence, "HELD_OUT", tuple(f"p{n}" for n in range(patients)))
    monkeypatch.setattr(
        "sys.argv", ["bench", "report", str(file), "--model", str(model.folder),
                     "--calibration", str(model.folder / "calibration.json")],
    )  # fmt: skip
    assert bench_confidence.main() == 0
    capsys.readouterr()

    path = scan_case(tmp_path / "c.theatrum")
    assert main(["segment", str(path), "--model", "small", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = {row["name"]: row for row in told["structures"]}
    assert told["calibration_cases"] == patients
    assert found["liver"]["calibrated"] is (patients >= 20)
    assert found["kidney_left"]["calibrated"] is False
    low, high = found["liver"]["interval_ml"]
    assert low <= found["liver"]["volume_ml"] <= high
    # what is calibrated is narrower than what states ignorance
    assert (high / low < 1.9) is (patients >= 20)
    # rows of other weights are not taken
    for row in rows:
        row["model"] = "0" * 64
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(SystemExit, match="not of small"):
        bench_confidence.main()


def test_a_run_that_is_repeated_tells_how_alike_it_is(model: InstalledModel) -> None:
    scan = smooth_scan(GRID.shape_kji)
    first = segment(scan, GRID, model, TORCH)
    again = repeat(first, scan, GRID, model, TORCH, shifts=2)
    assert again.runs == 3
    assert set(again.stability) == {"liver", "spleen", "kidney_left"}
    assert all(0 <= value <= 1 for value in again.stability.values())


def test_volumes_on_other_grids_are_refused(tmp_path: Path, model: InstalledModel) -> None:
    path = pair(tmp_path / "e", "x")
    shifted = Grid.from_parts(GRID.size_ijk, (3.0, 3.0, 3.0), (0.0, 0.0, 0.0))
    write_volume(tmp_path / "e" / "x_labels.nii.gz", np.ones(GRID.shape_kji, np.uint8), shifted)
    with pytest.raises(InputError):
        read_case(path, model.manifest)


def test_an_image_alone_is_no_case(tmp_path: Path) -> None:
    write_volume(tmp_path / "x.nii.gz", smooth_scan(GRID.shape_kji), GRID)
    with make_case(tmp_path / "y.theatrum", Volume(GRID, smooth_scan(GRID.shape_kji))):
        pass
    assert [path.name for path in case_paths(tmp_path)] == ["y.theatrum"]
