"""Commands, journal and file of a case."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.by_hand.editing import edit_step
from planning.by_hand.patches import Patch
from planning.case import commands
from planning.case.commands import Batch, SetPlan, load_command
from planning.case.document import Document
from planning.case.manifest import case_json
from planning.case.model import AcceptedFault, Image, InVain, Measurement, PlanRecord, Structure
from planning.case.trust import Trust
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.findings import Finding
from planning.geometry import Grid
from planning.provenance import Provenance, now_utc
from planning.volume import Mask, array_sha256

GRID = Grid.from_parts((20, 18, 40), (0.8, 0.8, 1.5), (-5, 3, 100))


def _voxels(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-1024, 2000, GRID.shape_kji).astype(np.int16)


def _structure(document: Document, name: str, seed: int = 1) -> Structure:
    mask = Mask.from_full(GRID, np.random.default_rng(seed).random(GRID.shape_kji) < 0.1)
    start, reference = document.put_mask(mask)
    return Structure(
        name=name,
        grid=GRID,
        start_ijk=start,
        array=reference,
        voxel_count=mask.voxel_count,
        color="#DD8265",
        provenance=Provenance("test"),
    )


def _plan(name: str, value: float = 1.0) -> PlanRecord:
    return PlanRecord(
        name=name,
        kind="liver",
        inputs={"organ": ["liver"]},
        results={"organ_ml": value},
        created="2026-01-01",
        provenance=Provenance("test"),
    )


@pytest.fixture
def document(tmp_path: Path):
    with Document.create(tmp_path / "case.theatrum") as opened:
        reference = opened.store.put_array(_voxels())
        opened.do(
            commands.AddImage(
                Image(name="CT", modality="CT", grid=GRID, arrays=(reference,), provenance=Provenance("test"))
            )
        )
        opened.do(commands.AddStructure(_structure(opened, "liver")))
        opened.do(commands.AddStructure(_structure(opened, "tumor", 2)))
        trust = Trust(light="red", reasons=(Finding("border", "It reaches the border"),), interval_ml=(1.0, 2.0))
        opened.do(commands.AddStructure(replace(_structure(opened, "found", 3), trust=trust)))
        opened.do(commands.SetPlan(_plan("a")))
        opened.do(
            commands.AddMeasurement(
                Measurement(name="d1", kind="distance", points_mm=((0, 0, 0), (3, 4, 0)), value=5.0, unit="mm")
            )
        )
        yield opened


def _patch(document: Document) -> Patch:
    mask = document.mask("liver")
    patch = Patch.of(~mask.voxels, mask.box_kji, mask)
    assert patch is not None
    return patch


def _every_command(document: Document) -> list:
    other = document.store.put_array(_voxels(5))
    image = Image(name="CT 2", modality="CT", grid=GRID, arrays=(other,), provenance=Provenance("test"))
    measurement = Measurement(name="d2", kind="distance", points_mm=((0, 0, 0),), value=1.0, unit="mm")
    moved = Measurement(
        name="d1",
        kind="calliper",
        points_mm=((0, 0, 0), (6, 0, 0)),
        value=6.0,
        unit="mm",
        normal=(0, 0, 1),
        outline_mm=((0, 0, 0), (6, 0, 0), (3, 3, 0)),
        unclear=0.25,
    )
    return [
        commands.AddImage(image),
        commands.RemoveImage("CT"),
        commands.AddStructure(_structure(document, "spleen", 7)),
        commands.ReplaceStructure(_structure(document, "liver", 9)),
        edit_step(document, {"liver": _patch(document)}, "Brush stroke on liver"),
        commands.LockStructure("liver"),
        commands.RemoveStructure("liver"),
        commands.RenameStructure("liver", "Leber"),
        commands.RecolourStructure("liver", "#112233"),
        commands.TickStructure("found"),
        commands.SetPlan(_plan("a", 2.0)),
        commands.SetPlan(_plan("b")),
        commands.RemovePlan("a"),
        commands.RenamePlan("a", "c"),
        commands.AddMeasurement(measurement),
        commands.ReplaceMeasurement(moved),
        commands.RemoveMeasurement("d1"),
        commands.RenameMeasurement("d1", "d3"),
        commands.SetLabel("Case 1"),
        commands.SetIdentifiers({"name": "X"}),
        commands.AcceptFaults((AcceptedFault("liver", "thin_wall", 0.7, 0.8, (1.0, 2.0, 3.0)),)),
        commands.KeepInVain((InVain("sample", "1", "ab", ("liver", "spleen")),), "Look for 2 structures"),
        Batch((commands.RemovePlan("a"), commands.SetLabel("y")), "Two things"),
    ]


def test_every_command_is_undone_replayed_and_named(document: Document) -> None:
    every = _every_command(document)
    assert {command.op for command in every} == set(commands.OPS)
    for command in every:
        before = case_json(document.case)
        after = command.apply(document.case)
        assert case_json(command.inverse(document.case).apply(after)) == before
        loaded = load_command(command.op, command.op_version, command.parameters())
        assert case_json(loaded.apply(document.case)) == case_json(after)
        assert command.title


def test_undo_and_redo_survive_closing(document: Document, tmp_path: Path) -> None:
    document.do(commands.RenameStructure("liver", "Leber"))
    document.undo()
    document.close()
    with Document.open(tmp_path / "case.theatrum") as again:
        assert "liver" in again.case.structures
        assert again.redo_text == "Rename liver"
        again.redo()
        assert "Leber" in again.case.structures
        again.undo()
        again.undo()
        assert not again.case.measurements
        length = again.journal_length
    with Document.open(tmp_path / "case.theatrum", read_only=True) as again:
        assert again.journal_length == length
        assert not again.can_undo


def test_voxels_come_back_with_their_hash(document: Document, tmp_path: Path) -> None:
    document.close()
    with Document.open(tmp_path / "case.theatrum", read_only=True) as again:
        assert np.array_equal(again.volume("CT").voxels, _voxels())
        assert again.case.images["CT"].arrays[0].sha256 == array_sha256(_voxels())
    assert verify_case(tmp_path / "case.theatrum")["images"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["case.theatrum"]


def test_commits_are_synced_and_a_second_window_is_told(document: Document, tmp_path: Path) -> None:
    pragmas = [document.store.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "locking_mode")]
    assert pragmas == ["wal", 2, "exclusive"]
    with pytest.raises(CaseError, match="another window"):
        Document.open(tmp_path / "case.theatrum")


def test_a_case_that_is_opened_and_not_changed_stays_the_same_to_the_byte(document: Document, tmp_path: Path) -> None:
    document.close()
    path = tmp_path / "case.theatrum"
    before, changed_at = path.read_bytes(), path.stat().st_mtime_ns
    with Document.open(path) as again:
        with pytest.raises(CaseError, match="another window"):
            Document.open(path, read_only=True)
        with pytest.raises(CaseError, match="no structure"):
            again.mask("nothing")
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == changed_at
    assert [file.name for file in tmp_path.iterdir()] == ["case.theatrum"]


def test_listeners_hear_after_the_commit(document: Document) -> None:
    heard = []
    stop = document.subscribe(heard.append)
    document.do(commands.SetLabel("new"))
    stop()
    document.do(commands.SetLabel("newer"))
    assert len(heard) == 1
    assert heard[0].old.label == ""
    assert heard[0].new.label == "new"


def test_a_renamed_structure_keeps_its_place_in_plans(tmp_path: Path) -> None:
    with Document.create(tmp_path / "a.theatrum") as document:
        document.do(commands.AddStructure(_structure(document, "liver")))
        inputs = {"organ": ["liver"], "tumors": [], "structure": None}
        document.do(
            commands.SetPlan(
                PlanRecord(name="A", kind="liver", inputs=inputs, results={}, created="", provenance=Provenance("test"))
            )
        )
        document.do(commands.RenameStructure("liver", "hepar"))
        assert document.case.plans["A"].inputs["organ"] == ["hepar"]
        document.undo()
        assert document.case.plans["A"].inputs["organ"] == ["liver"]
        document.redo()
    with Document.open(tmp_path / "a.theatrum") as document:
        assert document.case.plans["A"].inputs["organ"] == ["hepar"]


def test_long_steps_are_packed_and_read_back_and_undone(tmp_path: Path) -> None:
    """A plan is written at every edit with the one before it; the file must not grow by both."""
    values = np.random.default_rng(0).normal(size=40_000).tolist()
    path = tmp_path / "long.theatrum"
    with Document.create(path) as document:
        for number in range(8):
            results = {"edit": number, "values": values}
            plan = PlanRecord(
                name="p", kind="tavr", inputs={}, results=results, created=now_utc(), provenance=Provenance("test")
            )
            document.do(SetPlan(plan))
    plain = 15 * len(json.dumps(values))
    assert path.stat().st_size < 0.5 * plain
    with Document.open(path) as document:
        assert document.case.plans["p"].results["edit"] == 7
        assert list(document.case.plans["p"].results["values"]) == values
        document.undo()
        assert document.case.plans["p"].results["edit"] == 6


def test_a_step_is_read_once_however_often_undo_asks_about_it(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning.case import journal

    document.do(commands.SetLabel("first"))
    document.do(commands.SetLabel("second"))
    read: list[int] = []
    real = journal.read_step
    monkeypatch.setattr(journal, "read_step", lambda store, seq: read.append(seq) or real(store, seq))
    for _ in range(3):
        assert document.undo_text
        assert not document.undo_empties
        assert document.newest_steps(1)
    document.undo()
    assert document.case.label == "first"
    assert document.redo_text
    document.redo()
    assert document.case.label == "second"
    assert len(read) == 1
