"""Places beside an organ's plan that ask before they use what a model calls red: a needle's ways, simulated pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.jobs import JobRunner
from app.panels.liver import RESECTION, LiverPanel
from app.panels.tavr.fluoroscope import Fluoroscope
from app.session import Session
from planning.case.commands import ReplaceStructure, TickStructure
from planning.case.document import Document
from planning.case.trust import Trust
from planning.findings import Finding
from planning.geometry import Grid
from planning.volume import Mask, Volume
from tests.support.cases import add_structures, make_case
from tests.support.guided_panel import at_rest, shown_panel
from tests.support.liver_case import liver_document

RED = Trust(light="red", reasons=(Finding("pieces", "It fell into pieces"),), model="small", version="1.0")


def add_red(document: Document, name: str) -> None:
    grid = next(iter(document.case.images.values())).grid
    voxels = np.zeros(grid.shape_kji, dtype=bool)
    voxels[:3, :3, :3] = True
    add_structures(document, {name: Mask.from_full(grid, voxels)})
    document.do(ReplaceStructure(replace(document.case.structures[name], trust=RED, source="automatic")))


def test_ways_of_a_needle_wait_for_a_look_at_what_they_keep_clear_of(qtbot: QtBot, tmp_path: Path) -> None:
    document = liver_document(tmp_path / "liver.theatrum")
    add_red(document, "stomach")
    with shown_panel(qtbot, document, LiverPanel) as panel:
        panel.go_to(RESECTION)
        action = panel.findChild(QAction, "add_ablation")
        action.trigger()
        at_rest(qtbot, panel)
        form = panel.resection.form
        assert not form.ways
        assert "stomach" in form.note.accessibleName().lower()
        # it is not there as drawn: nothing needs to keep clear of it
        panel.session.do(TickStructure("stomach", False))
        form._ask_ways()
        at_rest(qtbot, panel)
        assert "stomach" not in form.note.accessibleName().lower() or not form.note.isVisibleTo(panel)


def test_simulated_pictures_fill_a_red_aorta_only_after_a_tick(qtbot: QtBot, tmp_path: Path) -> None:
    grid = Grid.from_parts((12, 12, 12), (2.0, 2.0, 2.0))
    document = make_case(tmp_path / "heart.theatrum", Volume(grid, np.zeros(grid.shape_kji, dtype=np.int16)))
    add_red(document, "aorta")
    jobs = JobRunner()
    session = Session(document, jobs)
    scope = Fluoroscope(session, ())
    assert scope.used_structures() == ("aorta",)
    assert scope.lumen is None
    session.do(TickStructure("aorta"))
    assert scope.lumen is not None
    jobs.shutdown()
    session.close()
