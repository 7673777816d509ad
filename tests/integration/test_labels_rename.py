"""Names of structures on the command line follow the window's rule: no two are shown by one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from planning.by_hand.editing import new_structure
from planning.case.document import Document
from planning.geometry import Grid


def test_no_structure_is_renamed_to_what_another_one_is_shown_by(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.theatrum"
    with Document.create(case) as document:
        for name in ("liver", "spleen", "tumor_1"):
            document.do(new_structure(document, name, "#808080", Grid.from_parts((3, 3, 3))))
    for taken in ("liver", "LIVER", "Tumour 1"):
        assert main(["labels", str(case), "rename", "spleen", taken]) == 3
        told = capsys.readouterr().err
        assert "There is a structure called" in told
        assert "Traceback" not in told
    # its own name may be written in another way
    assert main(["labels", str(case), "rename", "spleen", "Spleen"]) == 0
    with Document.open(case, read_only=True) as document:
        assert set(document.case.structures) == {"liver", "Spleen", "tumor_1"}
