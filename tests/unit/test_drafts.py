"""Points without numbers are brought back to the scan that they were placed in, and to no other; of an encrypted case they
lie in it and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from cases import make_case
from durability import light_key

from app.panels.drafts import keep_draft, kept_draft
from app.paths import state_folder
from app.sealed import take_in
from planning.case import keys
from planning.case.document import Document
from planning.case.encrypting import decrypt_case, encrypt_case
from planning.geometry import Grid
from planning.volume import Volume

POINTS = {"points_mm": {"hinge_r": [1.0, 2.0, 3.0]}}
GRID = Grid.from_parts((6, 5, 4), (1.0, 1.0, 1.0))


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "case.theatrum"
    make_case(made, Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16))).close()
    yield made
    keys.forget()


def _session(document: Document, path: Path, scan: str = "a") -> SimpleNamespace:
    image = SimpleNamespace(arrays=(SimpleNamespace(sha256=scan),))
    return SimpleNamespace(path=path, image=image, document=document)


def _outside() -> list[Path]:
    return [found for found in state_folder().rglob("*") if found.is_file()]


@pytest.mark.parametrize("module", ["heart", "vessel", "segment"])
def test_a_case_of_the_same_name_with_another_scan_gets_no_points_of_the_first(path: Path, module: str) -> None:
    with Document.open(path) as document:
        first, second = (_session(document, path, scan) for scan in ("a", "b"))
        keep_draft(first, module, POINTS)
        assert kept_draft(first, module) == POINTS
        assert kept_draft(second, module) is None
        keep_draft(first, module, None)
        assert kept_draft(first, module) is None


def test_points_of_an_encrypted_case_lie_in_it_alone(path: Path) -> None:
    encrypt_case(path, key=light_key())
    with Document.open(path) as document:
        keep_draft(_session(document, path), "heart", POINTS)
    assert _outside() == []
    assert b"hinge_r" not in path.read_bytes()
    with Document.open(path) as document:
        assert kept_draft(_session(document, path), "heart") == POINTS
        keep_draft(_session(document, path), "heart", None)
        assert kept_draft(_session(document, path), "heart") is None


def test_points_go_into_a_case_that_is_encrypted_and_stay_when_it_is_decrypted(path: Path) -> None:
    with Document.open(path) as document:
        keep_draft(_session(document, path), "heart", POINTS)
    assert len(_outside()) == 1
    encrypt_case(path, key=light_key())
    take_in(path)
    assert _outside() == []
    decrypt_case(path)
    with Document.open(path) as document:
        assert kept_draft(_session(document, path), "heart") == POINTS
        keep_draft(_session(document, path), "heart", None)
        assert kept_draft(_session(document, path), "heart") is None
