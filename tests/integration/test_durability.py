"""In short what `make durability` measures at length: nothing that was acknowledged is lost, whatever happens."""

from __future__ import annotations

from pathlib import Path

import durability
import pytest

from planning.case.parts_left import sweep_parts


@pytest.mark.parametrize("kind", ["encrypted", "shared"])
def test_kills_lose_nothing(kind: str, tmp_path: Path) -> None:
    told = durability.kill_runs(tmp_path, 3, encrypted=kind == "encrypted", shared=kind == "shared")
    assert told.runs == 3
    assert told.acknowledged > 0
    assert (told.lost, told.not_opened, told.reasons) == (0, 0, [])


def test_kills_while_it_is_encrypted_leave_one_or_the_other(tmp_path: Path) -> None:
    told = durability.kills_while_encrypting(tmp_path, 3)
    assert (told.runs, told.lost, told.reasons) == (3, 0, [])
    left = [item.name for item in tmp_path.iterdir() if item.name.endswith(".part")]
    if left:
        sweep_parts(tmp_path / "sealed.theatrum")
    assert [item.name for item in tmp_path.iterdir() if ".part" in item.name] == []


def test_each_commit_waits_for_the_disk(tmp_path: Path) -> None:
    found = durability.syncs_per_commit(tmp_path / "case.theatrum")
    if found is None:
        pytest.skip("strace is not installed")
    assert found >= 1.0


def test_a_full_disk_refuses_edits_and_loses_none(tmp_path: Path) -> None:
    try:
        told = durability.full_disk(tmp_path / "disk", durability.light_key())
    except OSError as error:
        pytest.skip(f"no small disk: {error}")
    assert told["refused"] == ["disk_full"]
    assert told["kept"] == told["acknowledged"]
    assert told["after"] == 10


@pytest.mark.parametrize("with_log", [False, True])
def test_a_read_only_disk_is_read_with_what_a_kill_left(with_log: bool, tmp_path: Path) -> None:
    try:
        told = durability.read_only_disk(tmp_path / "disk", with_log=with_log)
    except OSError as error:
        pytest.skip(f"no small disk: {error}")
    assert (told["read"], told["write"]) == (True, "read_only")
    # of the log that was left
    assert str(told["label"]).startswith("edit " if with_log else "label 4")


def test_changed_bits_of_an_encrypted_case_are_all_found(tmp_path: Path) -> None:
    told = durability.flip_runs(tmp_path, 40, key=durability.light_key(), recover=4)
    assert (told.found, told.same, told.wrong, told.recovered) == (40, 0, 0, 4)
