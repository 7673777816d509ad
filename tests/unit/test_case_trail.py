"""The audit trail says every step, also those that were taken back, in the order in which they were done."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from durability import light_key
from installed import program

from app.cli import main
from planning.case.commands import RemoveImage, SetLabel
from planning.case.document import Document
from planning.case.encrypting import encrypt_case
from planning.case.outgoing import note_outgoing
from planning.case.trail import trail
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.geometry import Grid
from planning.provenance import APPLICATION_VERSION
from planning.volume import Volume


@pytest.fixture
def document(tmp_path: Path):  # type: ignore[no-untyped-def]
    volume = Volume(Grid.from_parts((4, 4, 4), (1, 1, 1)), np.zeros((4, 4, 4), dtype=np.int16))
    with make_case(tmp_path / "a.theatrum", volume) as made:
        yield made


def test_undone_and_done_again_are_steps_of_their_own(document: Document) -> None:
    before = document.journal_length
    document.do(SetLabel("One"))
    document.do(SetLabel("Two"))
    document.undo()
    document.redo()
    document.undo()
    steps = trail(document)[before:]
    assert [step.what for step in steps] == ["done", "done", "undone", "done again", "undone"]
    assert [step.number for step in steps] == list(range(before + 1, before + 6))
    assert [step.of for step in steps] == [None, None, before + 2, before + 2, before + 2]
    assert [step.is_undone for step in steps] == [False, True, False, False, False]
    assert steps[2].text == steps[1].text == SetLabel("Two").title
    assert {step.version for step in steps} == {APPLICATION_VERSION}
    times = [step.time_utc for step in steps]
    assert times == sorted(times)
    assert all(time.startswith("20") for time in times)


def test_it_outlives_closing_and_a_reader_sees_no_later_step(document: Document, tmp_path: Path) -> None:
    document.do(SetLabel("One"))
    reader = document.reader()
    seen = len(trail(reader))
    document.do(RemoveImage(next(iter(document.case.images))))
    assert len(trail(reader)) == seen
    known = trail(document)
    document.close()
    with Document.open(document.path, read_only=True) as again:
        assert trail(again) == known


def test_a_step_that_cannot_be_read_is_told(document: Document) -> None:
    document.do(SetLabel("One"))
    with document.store.transaction() as connection:
        connection.execute("UPDATE journal SET parameters_json='[]' WHERE seq=?", (document.journal_length,))
    with pytest.raises(CaseError, match="damaged"):
        trail(document)


def test_the_command_lists_it(document: Document, capsys: pytest.CaptureFixture[str]) -> None:
    document.do(SetLabel("One"))
    document.undo()
    document.close()
    assert main(["case", "history", str(document.path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "theatrum.case/1"
    assert [step["what"] for step in told["steps"]][-2:] == ["done", "undone"]
    assert main(["case", "history", str(document.path)]) == 0
    assert "undone: " in capsys.readouterr().out.splitlines()[-1]


def _keep_out(path: Path, name: str) -> bool:
    return name.encode() not in path.read_bytes()


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_what_went_out_is_told_after_the_step_it_was_made_of(document: Document, encrypted: bool) -> None:
    document.do(SetLabel("One"))
    at = document.journal_length
    document.close()
    key = light_key() if encrypted else None
    if key is not None:
        encrypt_case(document.path, key=key)
    with Document.open(document.path, key=key) as opened:
        before = opened.head_sha256
        note_outgoing(opened, "report (.pdf)")
        note_outgoing(opened, "results (SEG, SR)", "Ward 7")
        opened.do(SetLabel("Two"))
        note_outgoing(opened, "plan (.json)")
        # no step: undo takes the label back and not the note
        assert opened.undo().old.label == "Two"
        assert opened.head_sha256 != before
    with Document.open(document.path, key=key, read_only=True) as opened:
        steps = trail(opened)[at - 1 :]
        assert [(step.number, step.what) for step in steps] == [
            (at, "done"), (at, "written out"), (at, "sent"), (at + 1, "done"), (at + 1, "written out"), (at + 2, "undone"),
        ]  # fmt: skip
        assert (steps[2].text, steps[2].to) == ("results (SEG, SR)", "Ward 7")
        assert {step.version for step in steps} == {APPLICATION_VERSION}
    verify_case(document.path, key)
    # a copy takes them with it
    if key is None:
        copy = document.path.with_name("b.theatrum")
        made = encrypt_case(document.path, key=light_key(), out=copy)
        with Document.open(copy, key=made, read_only=True) as copied:
            assert trail(copied)[at - 1 :] == steps


@pytest.mark.parametrize("harm", ["value", "order", "first", "last", "step"])
def test_a_note_that_was_changed_or_left_out_is_found(document: Document, harm: str) -> None:
    document.do(SetLabel("One"))
    for what in ("a", "b", "c"):
        note_outgoing(document, what)
    statements = {
        "value": """UPDATE meta SET value=replace(value, '"what":"b"', '"what":"x"') WHERE key='outgoing 00000002'""",
        "order": "UPDATE meta SET key='outgoing 00000009' WHERE key='outgoing 00000001'",
        "first": "DELETE FROM meta WHERE key='outgoing 00000001'",
        "last": "DELETE FROM meta WHERE key='outgoing 00000003'",
        "step": """UPDATE meta SET value=replace(value, '"step":2', '"step":1') WHERE key='outgoing 00000002'""",
    }
    with document.store.transaction() as connection:
        assert connection.execute(statements[harm]).rowcount == 1
    with pytest.raises(CaseError, match="damaged"):
        trail(document)
    document.close()
    with pytest.raises(CaseError, match="damaged"):
        verify_case(document.path)


def test_commands_note_what_they_wrote_and_no_name_of_a_file(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document.close()
    for name in ("Mustermann.nii.gz", "Mustermann.nrrd"):
        assert main(["export", str(document.path), str(tmp_path / name), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["warnings"] == []
    assert main(["dicom", "export", str(document.path), "-o", str(tmp_path / "Results.Mustermann"), "--image"]) == 0
    assert main(["case", "history", str(document.path)]) == 0
    lines = capsys.readouterr().out.splitlines()[-3:]
    told = [line.split("written out: ")[1] for line in lines]
    assert told == ["image (.nii.gz)", "image (.nrrd)", "DICOM objects (folder)"]
    assert _keep_out(document.path, "ustermann")
    # a case that another program holds is exported all the same, and says that its history knows nothing of it
    with Document.open(document.path):
        call = [*program(), "export", str(document.path), str(tmp_path / "again.nrrd"), "--json"]
        done = subprocess.run(call, capture_output=True, check=True)
    warnings = json.loads(done.stdout)["warnings"]
    assert [one["code"] for one in warnings] == ["not_in_history"]
    assert "open in another window" in warnings[0]["text"]
