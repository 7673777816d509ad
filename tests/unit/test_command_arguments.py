"""What a person may type wrong at the command line: one calm line, and nothing is lost by it."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.console import finite, plan_name, plane, positive, whole
from app.selftest import CHECKS, run_checks
from planning.errors import Cancelled, UsageError
from planning.files.volumes import write_volume
from planning.geometry import Grid
from planning.naming import MOST_LETTERS
from planning.tavr.calcium import check_threshold


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "ct.nii.gz"
    voxels = np.arange(8000, dtype=np.int16).reshape(20, 20, 20)
    write_volume(path, voxels, Grid.from_parts((20, 20, 20), (1, 1, 1), (0, 0, 0)))
    return path


@pytest.mark.parametrize("text", ["1_5", "٣", "1,5", "nan", "inf", "0x10", "", " ", "1 5", "1e9", "--1", "+", "1e"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    for parse in (finite, positive, whole):
        with pytest.raises(Exception, match="number"):
            parse(text)


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("-3.5", -3.5), ("−3", -3), (".5", 0.5), ("2.", 2), ("1e-3", 0.001)]
)
def test_plain_numbers_are_read(text: str, value: float) -> None:
    assert finite(text) == value
    assert plane(f"{text}, 0,0,1,0,0")[0] == value


def test_half_a_phase_is_none() -> None:
    assert whole("3") == 3
    with pytest.raises(Exception, match="whole"):
        whole("3.5")


def test_a_scan_is_never_replaced_by_its_own_case(
    scan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = scan.read_bytes()
    link = tmp_path / "link.theatrum"
    link.symlink_to(scan)
    for output in (scan, link):
        assert main(["import", str(scan), "-o", str(output), "--force", "--quiet"]) == 3
        assert "itself read" in capsys.readouterr().err
    assert main(["import", str(tmp_path), "-o", str(scan), "--force", "--quiet"]) == 3
    assert "is no case" in capsys.readouterr().err
    assert scan.read_bytes() == before
    assert link.is_symlink()
    case = tmp_path / "a.theatrum"
    for _ in range(2):
        assert main(["import", str(scan), "-o", str(case), "--force", "--quiet"]) == 0


def test_an_empty_name_is_not_the_folder_one_stands_in(
    scan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(scan.parent)
    for call in (["series", ""], ["import", "", "-o", "x.theatrum"], ["info", ""]):
        assert main(call) == 2
        assert "is empty" in capsys.readouterr().err
    assert main(["info", "."]) == 3
    assert "is a folder" in capsys.readouterr().err
    assert not Path("x.theatrum").exists()


def test_a_name_of_bytes_that_are_no_letters_is_told(
    scan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(scan), "-o", str(tmp_path / "a\udcff.theatrum"), "--quiet"]) == 2
    assert "letters that cannot be read" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [scan.name]


def test_a_home_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "file"))
    assert main(["models", "list"]) == 3
    assert "Set THEATRUM_HOME" in capsys.readouterr().err


def test_a_bug_is_told_where_no_log_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(logging.getLogger("app.cli"), "disabled", True)
    monkeypatch.setattr("app.commands.info.run", lambda _: 1 // 0)
    assert main(["info", "x"]) == 1
    assert capsys.readouterr().err == "theatrum: error: Theatrum stopped unexpectedly. No log can be written.\n"


@pytest.mark.parametrize("given_hu", [1e-9, 10.0, 129.0, 2501.0, 1e8])
def test_a_calcium_threshold_that_counts_everything_or_nothing_is_refused(given_hu: float) -> None:
    with pytest.raises(UsageError, match="threshold"):
        check_threshold(given_hu)
    check_threshold(None)
    check_threshold(850.0)


def test_a_stopped_self_test_is_no_failed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped() -> str:
        raise Cancelled("stopped")

    monkeypatch.setattr("app.selftest.CHECKS", ((CHECKS[0][0], stopped),))
    with pytest.raises(Cancelled):
        run_checks()


def test_a_plans_name_has_a_length_that_lists_and_titles_have_room_for() -> None:
    assert plan_name(" Plan A ") == "Plan A"
    assert plan_name("x" * MOST_LETTERS) == "x" * MOST_LETTERS
    with pytest.raises(argparse.ArgumentTypeError, match="80 letters at most, this one has 300"):
        plan_name("x" * 300)
