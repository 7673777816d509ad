"""Broken, foreign and newer case files: refused, or the same content, never another picture."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from planning.case.commands import AddImage, SetLabel
from planning.case.document import Document
from planning.case.manifest import case_json
from planning.case.model import Image
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.geometry import Grid
from planning.provenance import Provenance

GRID = Grid.from_parts((24, 24, 20))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "whole.theatrum"
    with Document.create(path) as document:
        reference = document.store.put_array(
            np.random.default_rng(3).integers(-1000, 1000, GRID.shape_kji).astype(np.int16)
        )
        document.do(
            AddImage(Image(name="CT", modality="CT", grid=GRID, arrays=(reference,), provenance=Provenance("test")))
        )
        for number in range(5):
            document.do(SetLabel(f"label {number}"))
    return path


def _content(path: Path) -> tuple[object, bytes]:
    with Document.open(path, read_only=True) as document:
        return case_json(document.case), document.volume("CT").voxels.tobytes()


def test_flipped_bits_are_found_or_change_nothing(whole: Path, tmp_path: Path) -> None:
    true = _content(whole)
    raw = whole.read_bytes()
    generator = np.random.default_rng(11)
    # a small case has much unused room in its pages, which is zero: a flip there changes nothing
    used = np.flatnonzero(np.frombuffer(raw, np.uint8))
    found = 0
    for number in range(150):
        damaged = bytearray(raw)
        at = int(generator.choice(used))
        damaged[at] ^= 1 << int(generator.integers(8))
        path = tmp_path / f"{number}.theatrum"
        path.write_bytes(bytes(damaged))
        try:
            verify_case(path)
            assert _content(path) == true
        except CaseError:
            found += 1
        path.unlink()
    assert found > 120


@pytest.mark.parametrize("kind", ["cut", "zeros", "noise", "swapped pages"])
def test_larger_damage_is_found_or_changes_nothing(kind: str, whole: Path, tmp_path: Path) -> None:
    true, raw = _content(whole), whole.read_bytes()
    generator = np.random.default_rng(5)
    for number in range(25):
        damaged = bytearray(raw)
        at = int(generator.integers(len(raw)))
        if kind == "cut":
            damaged = damaged[:at]
        elif kind == "zeros":
            damaged[at : at + 4096] = bytes(len(damaged[at : at + 4096]))
        elif kind == "noise":
            damaged[at : at + 64] = generator.bytes(len(damaged[at : at + 64]))
        else:
            first, second = (int(n) * 4096 for n in generator.integers(len(raw) // 4096, size=2))
            damaged[first : first + 4096], damaged[second : second + 4096] = (
                raw[second : second + 4096],
                raw[first : first + 4096],
            )
        path = tmp_path / f"{number}.theatrum"
        path.write_bytes(bytes(damaged))
        try:
            assert _content(path) == true
        except CaseError:
            continue


def test_a_second_look_from_the_same_program_does_not_let_go_of_the_lock(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "case.theatrum"
    shutil.copyfile(whole, path)
    other = (
        "import sys\nfrom pathlib import Path\nfrom planning.case.document import Document\n"
        "from planning.errors import CaseError\n"
        "try:\n    Document.open(Path(sys.argv[1])).close()\nexcept CaseError as error:\n    print(error.code)"
    )
    with Document.open(path):
        for read_only in (False, True):
            with pytest.raises(CaseError, match="another window"):
                Document.open(path, read_only=read_only)
        told = subprocess.run(
            [sys.executable, "-c", other, str(path)], capture_output=True, text=True, encoding="utf-8", check=True
        )
        assert told.stdout.strip() == "locked"
    assert [item.name for item in tmp_path.iterdir()] == ["case.theatrum"]
    with Document.open(path) as document:
        assert document.case.label == "label 4"


def test_what_is_no_case_is_refused_in_plain_words(whole: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.theatrum"
    text.write_text("hello")
    empty = tmp_path / "empty.theatrum"
    empty.write_bytes(b"")
    cut = tmp_path / "cut.theatrum"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    foreign = tmp_path / "foreign.theatrum"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE a (b)")
    for path in (text, empty, cut, foreign, tmp_path / "not-there.theatrum", tmp_path):
        with pytest.raises(CaseError) as error:
            Document.open(path)
        assert error.value.what


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("PRAGMA user_version=7", "newer Theatrum"),
        ("PRAGMA application_id=1", "another program"),
        ("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM journal; END", "not a case's"),
        ("DELETE FROM journal WHERE seq=6", "damaged"),
        ("UPDATE journal SET parameters_json=replace(parameters_json, 'label 3', 'label 9')", "damaged"),
        ("UPDATE snapshot SET manifest_json=replace(manifest_json, 'label 4', 'label 9')", "damaged"),
        ("UPDATE meta SET value='0 0'", "damaged"),
    ],
)
def test_changed_files_are_refused(whole: Path, tmp_path: Path, change: str, words: str) -> None:
    path = tmp_path / "changed.theatrum"
    shutil.copyfile(whole, path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(change)
    connection.close()
    with pytest.raises(CaseError, match=words):
        Document.open(path)
