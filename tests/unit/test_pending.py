"""What was said and not measured yet survives the program's end, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cases import make_case

from planning.case.commands import SetLabel
from planning.case.document import Document
from planning.case.pending import Pending, keep_pending, read_pending
from planning.geometry import Grid
from planning.volume import Volume

SAID = Pending("B", {"organ": ("liver",), "portal": ()}, {"corrections": [{"kind": "join"}]})


def _case(path: Path) -> Document:
    grid = Grid.from_parts((4, 4, 4), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    return make_case(path, Volume(grid, np.zeros(grid.shape_kji, np.int16)))


def test_it_is_there_when_the_case_is_opened_again(tmp_path: Path) -> None:
    with _case(tmp_path / "c.theatrum") as document:
        keep_pending(document, "liver", SAID)
    with Document.open(tmp_path / "c.theatrum") as document:
        found = read_pending(document, "liver")
        assert found is not None
        assert (found.plan, found.roles, found.anatomy) == (SAID.plan, SAID.roles, SAID.anatomy)
        assert read_pending(document, "kidney") is None
        keep_pending(document, "liver", None)
        assert read_pending(document, "liver") is None


def test_after_another_step_it_is_void(tmp_path: Path) -> None:
    with _case(tmp_path / "c.theatrum") as document:
        keep_pending(document, "liver", SAID)
        document.do(SetLabel("another"))
        assert read_pending(document, "liver") is None


def test_a_note_that_is_not_whole_is_none(tmp_path: Path) -> None:
    with _case(tmp_path / "c.theatrum") as document:
        keep_pending(document, "liver", SAID)
        text = document.store.meta("pending_liver")
        assert text is not None
        document.store.set_meta("pending_liver", text.replace("join", "joim"))
        assert read_pending(document, "liver") is None
        document.store.set_meta("pending_liver", "[]")
        assert read_pending(document, "liver") is None
