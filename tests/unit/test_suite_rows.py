"""The suite's own rows: nothing goes untested unseen, whatever a test file does."""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest
from shared_queue import take

FILES = {
    "test_good.py": "def test_one(): pass\ndef test_two(): pass\n",
    "test_bad.py": "def test_wrong():\n    assert 1 == 2\n",
    "test_crash.py": "import os\ndef test_before(): pass\ndef test_gone(): os._exit(9)\ndef test_never(): pass\n",
    "test_unreadable.py": "import no_such_module\n",
    "test_last.py": "import pytest\n@pytest.mark.skip(reason='no scan')\ndef test_skipped(): pass\ndef test_runs(): pass\n",
}


@pytest.fixture
def rows(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(project_root / "tools"))
    return importlib.import_module("suite_rows")


@pytest.fixture
def suite(tmp_path: Path, project_root: Path) -> Path:
    """A small project whose tests pass, fail, crash and cannot be read."""
    support = project_root / "tests" / "support"
    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\npythonpath = {support}\naddopts = -p no:pytest-qt -p no:cacheprovider\n", encoding="utf-8"
    )
    (tmp_path / "conftest.py").write_text(
        "from shared_queue import join\ndef pytest_configure(config): join(config)\n", encoding="utf-8"
    )
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_what_fails_crashes_or_cannot_be_read_is_told_and_the_rest_still_runs(
    rows: ModuleType, suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["test_crash.py", "test_bad.py", "test_unreadable.py", "test_last.py", "test_good.py"]
    assert not rows.run({"windows": [], "plain": names}, 1, suite)
    said = capsys.readouterr().out
    assert "CRASH test_crash.py::test_gone" in said
    assert "FAILED test_bad.py::test_wrong" in said
    assert "assert 1 == 2" in said
    assert "No module named 'no_such_module'" in said
    assert "test_crash.py (not finished)" in said
    assert "no scan (1)" in said
    # the crash's own first test, two good ones, the last one
    assert "1 error, 1 failed, 4 passed, 1 skipped" in said


def test_rows_share_the_files_and_a_good_suite_is_good(
    rows: ModuleType, suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rows.run({"windows": [], "plain": ["test_good.py", "test_last.py"]}, 2, suite)
    assert "3 passed, 1 skipped" in capsys.readouterr().out


def test_every_test_file_is_in_one_queue_and_the_longest_are_there(rows: ModuleType, project_root: Path) -> None:
    queued = [name for folders in rows.QUEUES.values() for name in rows.files_of(folders)]
    assert len(queued) == len(set(queued))
    # parity needs a set-up of its own: make parity
    there = {path.relative_to(project_root).as_posix() for path in (project_root / "tests").rglob("test_*.py")}
    assert {name for name in there if not name.startswith("tests/parity/")} == set(queued)
    assert set(rows.LONGEST.read_text(encoding="utf-8").split()) <= set(queued)


def test_no_file_is_taken_twice(tmp_path: Path) -> None:
    queue = tmp_path / "queue"
    queue.write_text("\n".join(map(str, range(60))), encoding="utf-8")
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: take(queue), range(80)))
    assert sorted(int(name) for name in taken if name) == list(range(60))
