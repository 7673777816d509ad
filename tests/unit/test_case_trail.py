"""The audit trail says every step, also those that were taken back, in the order in which they were done."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from app.cli import main
from planning.case.commands import RemoveImage, SetLabel
from planning.case.document import Document
from planning.case.trail import trail
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
