"""Names in messages and lists: a folder without a name of its own is told by the one it has, a name is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from planning.case.commands import Batch, Command, RenameMeasurement, RenamePlan, RenameStructure, SetLabel
from planning.case.document import Document
from planning.errors import CaseError


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["deidentify", "../scan", "-o", ".", "--force"], "here holds other files too"),
        (["deidentify", "../scan", "-o", "."], "here is there already"),
        (["case", "verify", "."], "here is a folder, not a case"),
        (["patient-page", ".", "-o", "../page.html"], "here is a folder, not a case"),
    ],
)
def test_the_folder_that_one_stands_in_has_a_name(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    for name in ("here", "scan"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    assert main(arguments) == 3
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith(f"theatrum: error: {said}")
    assert (tmp_path / "here" / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["x\ny", "a\x1b[2Jb", "left\u202eright"])
def test_a_new_name_is_one_line(name: str, tmp_path: Path) -> None:
    renames: tuple[Command, ...] = (
        RenameStructure("liver", name),
        RenamePlan("A", name),
        RenameMeasurement("A", name),
        SetLabel(name),
        Batch((SetLabel("good"), SetLabel(name)), "Two names"),
    )
    with Document.create(tmp_path / "one.theatrum") as document:
        for command in renames:
            with pytest.raises(CaseError, match="characters that are no letters") as raised:
                document.do(command)
            assert str(raised.value).isprintable()
        assert document.case.label == ""
        document.do(SetLabel("Müller’s 2nd – “CT”"))
    with Document.open(tmp_path / "one.theatrum") as document:
        assert document.case.label == "Müller’s 2nd – “CT”"


def test_a_case_that_has_such_a_name_still_opens_and_loses_it_by_undo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Document.create(tmp_path / "old.theatrum") as document, monkeypatch.context() as former:
        former.setattr("planning.case.document.check_new_names", lambda command: None)
        document.do(SetLabel("x\ny"))
    with Document.open(tmp_path / "old.theatrum") as document:
        assert document.case.label == "x\ny"
        document.undo()
        assert document.case.label == ""
