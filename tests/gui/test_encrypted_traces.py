"""Working in the window on an encrypted case leaves nothing of it outside its file; the same on a plain one does."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from byte_search import spellings
from cases import add_structures, make_case
from durability import light_key
from pytestqt.qtbot import QtBot
from segment_window import shown_window, shut

from app.archive.sending import send_results
from app.paths import cache_folder, thumbnail_folder
from app.report.dicom_drawing import ReportDrawing
from app.sealed import drafts_place, forget_plain
from app.thumbnails import make_thumbnail
from app.window_states import wait_settled
from planning.case import keys
from planning.case.commands import SetLabel
from planning.case.document import Document
from planning.case.encrypting import encrypt_case
from planning.errors import InputError
from planning.geometry import Grid
from planning.pacs.node import Node, Own
from planning.progress import CancelToken, no_progress
from planning.volume import Mask, Volume

pytestmark = pytest.mark.gui
GRID = Grid.from_parts((40, 36, 32), (1.5, 1.5, 1.5))
NAME = "Zirbelnuss Quarkteig"


def _kept() -> list[str]:
    return sorted(path.name for folder in (cache_folder(), thumbnail_folder()) for path in folder.glob("*"))


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_what_is_left_on_the_disk(
    encrypted: bool, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, aside = tmp_path / "home", tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv("THEATRUM_HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    path = tmp_path / "case-0001.theatrum"
    voxels = np.random.default_rng(1).integers(-100, 200, GRID.shape_kji).astype(np.int16)
    k, j, i = np.indices(GRID.shape_kji)
    ball = (k - 16) ** 2 + (j - 18) ** 2 + (i - 20) ** 2 < 120
    with make_case(path, Volume(GRID, voxels)) as document:
        add_structures(document, {"liver": Mask.from_full(GRID, ball)})
        document.do(SetLabel(NAME))
    pieces = [piece for piece, _ in spellings(NAME)] + [voxels[10, 10, :16].tobytes(), voxels[20, 4, :16].tobytes()]
    if encrypted:
        encrypt_case(path, key=light_key())
    window = shown_window(qtbot, path)
    try:
        wait_settled(window)
        page = window.page
        assert page is not None
        assert page.session.surface("liver") is not None
        window.files.keep_thumbnail(page)
        make_thumbnail(tmp_path / "case-0001.theatrum") if encrypted else None
    finally:
        shut(window)
        keys.forget()
    found = [item for item in tmp_path.rglob("*") if item.is_file()]
    if not encrypted:
        # so that an empty answer below means something
        assert len(_kept()) == 2
        forget_plain()
    else:
        found = [item for item in found if any(piece.lower() in item.read_bytes().lower() for piece in pieces)]
        assert found == []
    assert _kept() == []


def test_drafts_of_an_encrypted_case_lie_in_memory_where_the_system_has_such_a_place() -> None:
    assert drafts_place(False) is None
    assert drafts_place(True) in ("/dev/shm", None)


def test_what_is_sent_or_made_a_document_lies_there_meanwhile_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case-0001.theatrum"
    make_case(path, Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16))).close()
    encrypt_case(path, key=light_key())
    places: list[Path] = []

    def exported(document: Document, folder: Path, *_: object, **__: object) -> None:
        places.append(folder)
        raise InputError("far enough", "", "input")

    def written(document: Document, plans: object, path: Path) -> None:
        places.append(path)
        path.write_bytes(b"%PDF")

    monkeypatch.setattr("planning.case.dicom_out.export_dicom", exported)
    monkeypatch.setattr("app.report.write.write_report", written)
    try:
        with Document.open(path) as document:
            assert ReportDrawing().report(document, ()) == b"%PDF"
            with pytest.raises(InputError):
                send_results(document, Node("A", "127.0.0.1", 1, "A"), Own(), ["pdf"], None, no_progress, CancelToken())
    finally:
        keys.forget()
    wanted = Path(drafts_place(True) or tempfile.gettempdir())
    assert [place.parent.parent for place in places] == [wanted, wanted]
    assert not any(place.parent.exists() for place in places)
