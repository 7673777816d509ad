"""`theatrum segment` and `theatrum models` from outside: answers, refusals, and what the case and the zoo hold then."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from installed import in_sources, program

from app.cli import main
from inference.manifest import Licence
from inference.zoo import Zoo
from planning.case.commands import RemoveStructure, ReplaceStructure
from planning.case.document import Document
from planning.provenance import APPLICATION_VERSION
from tests.support.model_zoo import add_random_model, random_model, scan_case, voxels_of

NC = Licence(id="CC-BY-NC-4.0", commercial=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    in_sources(monkeypatch, "inference.zoo.shipped_folder", lambda: None)
    return tmp_path / "home"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return scan_case(tmp_path / "c.theatrum")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and stderr of a command."""
    code = main([*arguments, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out.strip() else {}, err


def _own(listed: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of models that did not come with the program."""
    return [row for row in listed["models"] if row["id"] != "theatrum-ct-body"]


def bytes_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_a_shipped_model_it_says_so(
    home: Path, case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.zoo.shipped_folder", lambda: None)
    before = bytes_of(case)
    code, _, err = told(capsys, "segment", str(case))
    assert code == 2
    assert err.count("\n") == 1
    assert "No model ships" in err
    assert bytes_of(case) == before


def test_the_case_gets_structures_in_one_step(home: Path, case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_random_model(home)
    code, found, _ = told(capsys, "segment", str(case), "--model", "small", "--device", "cpu")
    assert code == 0
    assert found["schema"] == "theatrum.segment/1"
    assert found["model"] == {"id": "small", "version": "1.0", "licence": "Apache-2.0"}
    assert found["device"] == "cpu"
    assert min(found["seconds"], found["peak_memory_mb"]) > 0
    rows = {row["name"]: row for row in found["structures"]}
    assert list(rows) == ["liver", "spleen", "kidney_left", "body"]
    for row in rows.values():
        assert row["light"] in ("green", "amber", "red")
        assert row["light"] == "green" or row["reasons"]
    assert rows["liver"]["code"]["value"] == "10200004"
    with Document.open(case) as document:
        kept = document.case.structures
        present = [name for name, row in rows.items() if row["structure"]]
        assert list(kept) == present
        for name in present:
            assert kept[name].volume_ml == pytest.approx(rows[name]["volume_ml"], abs=0.01)
            trust = kept[name].trust
            assert trust is not None
            assert (trust.light, trust.model, trust.version) == (
                rows[name]["light"],
                "small",
                "1.0",
            )
            assert trust.weights_sha256 == found["model_sha256"]
            assert kept[name].provenance.source == "model small 1.0"
            assert kept[name].provenance.application_version == APPLICATION_VERSION
        document.undo()
        assert not document.case.structures


def test_again_gives_the_same_and_keeps_what_a_person_made(
    home: Path, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_random_model(home)
    ask = ("segment", str(case), "--model", "small", "--device", "cpu", "--reproducible")
    assert told(capsys, *ask)[0] == 0
    first = voxels_of(case)
    assert told(capsys, *ask)[0] == 0
    assert voxels_of(case) == first
    name = next(iter(first))
    assert main(["labels", str(case), "rename", name, "mine"]) == 0
    with Document.open(case) as document:
        document.do(ReplaceStructure(replace(document.case.structures["mine"], trust=None, source="painted")))
        for other in [one for one in document.case.structures if one != "mine"]:
            document.do(RemoveStructure(other))
    assert main(["labels", str(case), "rename", "mine", name]) == 0
    capsys.readouterr()
    code, found, _ = told(capsys, *ask)
    assert code == 0
    assert [w for w in found["warnings"] if w["code"] == "kept_beside"]
    assert voxels_of(case)[name] == first[name]
    assert f"{name}_2" in voxels_of(case)
    code, found, _ = told(capsys, *ask, "--force")
    assert code == 0
    assert not [w for w in found["warnings"] if w["code"] == "kept_beside"]


def test_what_is_asked_wrongly(home: Path, case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_random_model(home)
    before = bytes_of(case)
    for code, words, arguments in (
        (3, "Did you mean 'liver'", ("segment", str(case), "--model", "small", "--structures", "livr")),
        (3, "Did you mean 'small'", ("segment", str(case), "--model", "smal")),
        (3, "This machine has no 'cuda' device", ("segment", str(case), "--model", "small", "--device", "cuda")),
        (2, "invalid choice", ("segment", str(case), "--model", "small", "--quality", "finest")),
        (3, "There is no model", ("models", "card", "nothing")),
        (3, "There is nothing at", ("models", "add", str(case.parent / "absent"))),
        (3, "no model of a known kind", ("models", "add", str(case), "--quiet")),
    ):
        got, _, err = told(capsys, *arguments)
        assert (got, err.count("\n")) == (code, 1), (arguments, err)
        assert words in err, err
    assert bytes_of(case) == before


def test_a_model_is_added_shown_tried_and_removed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random_model(tmp_path / "folder", "organs")
    code, added, _ = told(capsys, "models", "add", str(tmp_path / "folder"), "--id", "mine", "--quiet")
    assert (code, added["id"]) == (0, "mine")
    code, listed, _ = told(capsys, "models", "list")
    assert [row["id"] for row in _own(listed)] == ["mine"]
    assert told(capsys, "models", "add", str(tmp_path / "folder"), "--id", "mine", "--quiet")[0] == 3
    code, card, _ = told(capsys, "models", "card", "mine")
    assert card["card"]["intended_use"] == "Tests of the program"
    assert card["card"]["training_population"]["countries"] is None
    assert main(["models", "card", "mine"]) == 0
    assert "not stated" in capsys.readouterr().out
    code, checked, _ = told(capsys, "models", "check", "mine", "--quiet")
    assert (code, checked["ok"]) == (0, True), checked
    assert [row["name"] for row in checked["checks"]] == ["files", "weights", "run", "licence"]
    weights = next((home / "data" / "models" / "mine" / "1.0").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\1")
    code, checked, _ = told(capsys, "models", "check", "mine", "--quiet")
    assert (code, checked["ok"]) == (1, False)
    assert told(capsys, "models", "remove", "mine")[0] == 0
    assert _own(told(capsys, "models", "list")[1]) == []
    left = [path for path in (home / "data" / "models").rglob("*") if path.is_file()]
    assert [path.name for path in left] in ([], [".timings.json"])


def test_a_licence_is_accepted_once(home: Path, case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_random_model(home, licence=NC)
    code, _, err = told(capsys, "segment", str(case), "--model", "small", "--device", "cpu")
    assert code == 3
    assert "theatrum models accept small" in err
    assert _own(told(capsys, "models", "list")[1])[0]["licence"] == {
        "id": "CC-BY-NC-4.0",
        "commercial": False,
        "accepted": False,
    }
    assert told(capsys, "models", "accept", "small")[0] == 0
    assert told(capsys, "segment", str(case), "--model", "small", "--device", "cpu")[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_stopped_half_way_changes_nothing(home: Path, case: Path) -> None:
    add_random_model(home)
    before = bytes_of(case)
    process = subprocess.Popen(
        [*program(), "segment", str(case), "--model", "small", "--device", "cpu"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "THEATRUM_HOME": str(home)},
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line, "progress comes before the stop"
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert process.returncode == 4, err
    assert out == ""
    assert "Traceback" not in err
    assert time.monotonic() - began < 5
    assert bytes_of(case) == before
    assert Zoo(home / "data" / "models").find("small").key == "small 1.0"
