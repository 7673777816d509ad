"""The liver, kidney and guide commands asked for what cannot be: one plain line, the contract's code, the case unchanged."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from installed import in_sources

from app.cli import main
from app.console import keep
from planning.alternation import INTERLEAVED
from planning.case.commands import AddStructure, Batch, RenameStructure
from planning.case.document import Document
from planning.case.guiding import wall_findings
from planning.case.manifest import case_json, dumps
from planning.case.model import Structure
from planning.case.untrue_slices import FILLED_SLICES
from planning.errors import Cancelled, CaseError
from planning.findings import Finding
from planning.geometry import Grid
from planning.liver.guide import GuideShape
from planning.provenance import Provenance
from planning.volume import Mask, Volume

GRID = Grid.from_parts((48, 42, 36), (3.0, 3.0, 3.0), (-72.0, -63.0, -54.0))
SHIFTED = Grid.from_parts((48, 42, 36), (3.0, 3.0, 3.0), (-71.0, -63.0, -54.0))


def _ball(grid: Grid, middle: tuple[float, float, float], radii: tuple[float, float, float]) -> Mask:
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    inside = (((places - middle) / radii) ** 2).sum(axis=1) <= 1.0
    return Mask.from_full(grid, inside.reshape(grid.shape_kji))


def _added(document: Document, name: str, mask: Mask) -> AddStructure:
    start, array = document.put_mask(mask)
    return AddStructure(
        Structure(
            name=name,
            grid=mask.grid,
            start_ijk=start,
            array=array,
            voxel_count=mask.voxel_count,
            color="#aa8866",
            provenance=Provenance("test"),
        )
    )


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A liver with a tumour, an empty structure, a speck, and one of another image's grid."""
    masks = {
        "liver": _ball(GRID, (0.0, 0.0, 0.0), (56.0, 46.0, 44.0)),
        "tumor": _ball(GRID, (-20.0, 0.0, 6.0), (12.0, 12.0, 12.0)),
        "speck": _ball(GRID, (0.0, 0.0, 0.0), (1.6, 1.6, 1.6)),
        "nothing": Mask(GRID, (0, 0, 0), np.zeros((1, 1, 1), dtype=bool)),
        "shifted": _ball(SHIFTED, (20.0, 0.0, 6.0), (12.0, 12.0, 12.0)),
    }
    path = tmp_path / "liver.theatrum"
    voxels = np.where(masks["liver"].full(), 120, -80).astype(np.int16)
    with make_case(path, Volume(GRID, voxels)) as document:
        document.do(Batch(tuple(_added(document, name, mask) for name, mask in masks.items()), "structures"))
    return path


CUT = "--plane=-2,0,0,-1,0,0"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("liver", "--orgn", "liver", CUT), 2, "did you mean --organ?"),
        (("liver", "--organ", "livr", CUT), 3, "Did you mean 'liver'?"),
        (("liver", "--organ", "nothing", "--tumors", "tumor", CUT), 3, "has no voxels"),
        (("liver", "--tumors", "liver", CUT), 2, "The whole organ is named as tumour"),
        (("liver", "--tumors", "nothing", "--wedge-mm", "5"), 3, "empty or too small"),
        (("liver", "--tumors", "speck", "--wedge-mm", "5"), 3, "empty or too small"),
        (("liver", "--tumors", "shifted", CUT), 3, "another grid"),
        (("liver", "--wedge-mm", "nan"), 2, "above zero"),
        (("liver", "--plane=inf,0,0,1,0,0"), 2, "a plane is"),
        (("liver", "--tumors", "tumor", "--territory", "V"), 3, "There is no territory 'V'"),
        (("kidney", "--kidny", "liver"), 2, "did you mean --kidney?"),
        (("kidney", "--kidney", "nothing", "--tumors", "tumor"), 3, "has no voxels"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(
    case: Path, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    before = case.read_bytes()
    command, *others = arguments
    assert main([command, str(case), *others, "--quiet"]) == code
    told = capfd.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith("theatrum: error: ")
    assert words in line
    assert case.read_bytes() == before
    assert list(case.parent.iterdir()) == [case]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("liver", "--wedge-mm", "5", "--tumor", "4"), 3, "There is no tumour 4. The tumours are: 1"),
        (("liver", "--wedge-mm", "5", "--spare", "portal_1"), 3, "There is no branch 'portal_1' to spare"),
        (("liver", "--territory", "right_hepatectmy"), 3, "Did you mean 'right_hepatectomy'?"),
        (("liver", "--territory", "portal_2"), 3, "There is no territory 'portal_2'"),
        (("kidney", "--kidney", "liver", "--wedge-mm", "5", "--tumor", "2"), 3, "There is no tumour 2"),
        (("kidney", "--kidney", "liver", "--territory", "artery_1"), 3, "There is no territory 'artery_1'"),
        (("kidney", "--kidney", "liver", "--margin-mm", "60"), 2, "A margin of 60 mm cannot be used"),
    ],
)
def test_names_that_cannot_be_are_refused_before_the_organ_is_made_ready(
    case: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the organ is made ready for nothing")

    in_sources(monkeypatch, "planning.liver.model.LiverModel.prepare", never)
    command, *others = arguments
    assert main([command, str(case), "--tumors", "tumor", *others, "--quiet"]) == code
    (line,) = capfd.readouterr().err.splitlines()
    assert words in line


def test_a_line_as_short_as_a_click_is_refused(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", str(case), "tumor", "--line", "0,0,0 1,0,0", "--quiet"]) == 2
    assert "A line of 1.0 mm is too short" in capfd.readouterr().err


def test_a_structure_of_another_image_stops_no_plan_and_is_still_looked_for_in_the_organ(
    case: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["liver", str(case), "--tumors", "tumor", CUT, "--json", "--quiet"]) == 0
    assert "enclosed_structure" not in [row["code"] for row in json.loads(capfd.readouterr().out)["warnings"]]
    with Document.open(case) as document:
        hollow = document.mask("liver").full() & ~_ball(GRID, (20.0, 0.0, 6.0), (12.0, 12.0, 12.0)).full()
        document.do(_added(document, "hollow", Mask.from_full(GRID, hollow)))
    assert main(["liver", str(case), "--organ", "hollow", "--tumors", "tumor", CUT, "--json", "--quiet"]) == 0
    said = {row["code"]: row["text"] for row in json.loads(capfd.readouterr().out)["warnings"]}
    assert "'shifted'" in said["enclosed_structure"]


def test_a_tumour_inside_the_kidneys_own_label_lies_at_this_kidney(
    case: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["kidney", str(case), "--kidney", "liver", "--tumors", "tumor", "--json", "--quiet"]) == 0
    assert len(json.loads(capfd.readouterr().out)["tumors"]) == 1


def test_a_stop_after_the_step_is_written_is_too_late(case: Path) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Document.open(case) as document:
            keep(document, RenameStructure("speck", "spot"))
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)
            assert "spot" in document.case.structures
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def test_a_stop_that_a_loading_module_turns_into_its_own_error_is_still_a_stop(
    case: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def loads(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except Cancelled:
            raise ImportError("a module could not be loaded") from None

    monkeypatch.setattr("planning.case.plans.liver_record", loads)
    assert main(["liver", str(case), CUT, "--quiet"]) == 4
    assert capfd.readouterr().err == "theatrum: stopped\n"


def test_warnings_of_several_plans_say_whose_they_are(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("A", "B"):
        assert main(["liver", str(case), "--tumors", "tumor", CUT, "--plan", name, "--quiet"]) == 0
    capfd.readouterr()
    out = case.with_name("both.csv")
    assert main(["report", str(case), "-o", str(out), "--json"]) == 0
    warnings = json.loads(capfd.readouterr().out)["warnings"]
    assert {row["plan"] for row in warnings} == {"A", "B"}
    assert main(["report", str(case), "-o", str(out), "--force"]) == 0
    assert "look here: B: " in capfd.readouterr().err
    assert main(["report", str(case), "-o", str(out), "--plan", "A", "--json", "--force"]) == 0
    assert all("plan" not in row for row in json.loads(capfd.readouterr().out)["warnings"])


def test_a_guides_thin_places_are_told_as_a_share() -> None:
    shape = GuideShape(thickness_mm=3.0)
    (said,) = wall_findings("guide", np.array([0.5] * 4 + [3.0] * 96), shape)
    assert said.code == "thin"
    assert "4 % are thinner than 2.4 mm where 3 are asked; the thinnest hundredth has 0.5 mm" in said.text
    assert wall_findings("guide", np.full(100, 2.9), shape) == []


def test_no_damage_of_the_file_changes_what_a_plan_rests_on(case: Path) -> None:
    whole, good = case.read_bytes(), _rests_on(case)
    chance = np.random.default_rng(12)
    copy = case.with_name("damaged.theatrum")
    refused = 0
    for number in range(200):
        start, length = int(chance.integers(len(whole))), int(chance.choice([1, 16, 512, 4096, 16384]))
        length = min(length, len(whole) - start)
        new = bytes(length) if number % 2 else chance.bytes(length)
        copy.write_bytes(whole[:start] + new + whole[start + length :])
        try:
            found = _rests_on(copy)
        except CaseError:
            refused += 1
        else:
            assert found == good, (number, start, length)
    assert refused > 50


def _rests_on(path: Path) -> list[bytes]:
    """The whole state and every voxel, as bytes."""
    with Document.open(path, read_only=True) as document:
        masks = [document.mask(name).voxels.tobytes() for name in document.case.structures]
        return [dumps(case_json(document.case)).encode(), document.volume("CT").voxels.tobytes(), *masks]


def test_the_command_says_what_a_plan_lies_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mixed = Finding(INTERLEAVED, "two acquisitions seem to be mixed")
    path = tmp_path / "liver.theatrum"
    liver = _ball(GRID, (0.0, 0.0, 0.0), (56.0, 46.0, 44.0))
    voxels = np.where(liver.full(), 120, -80).astype(np.int16)
    with make_case(path, Volume(GRID, voxels), filled_slices=(17, 18), findings=(mixed,)) as document:
        document.do(_added(document, "liver", liver))
    assert main(["liver", str(path), "--organ", "liver", CUT, "--plan", "P", "--json", "--quiet"]) == 0
    said = {one["code"]: one["text"] for one in json.loads(capsys.readouterr().out)["warnings"]}
    assert said[INTERLEAVED] == mixed.text
    assert "18–19" in said[FILLED_SLICES]
    # it is told of the image, not kept among what was measured
    with Document.open(path) as document:
        kept = {one["code"] for one in document.case.plans["P"].results["warnings"]}
    assert not kept & {INTERLEAVED, FILLED_SLICES}
