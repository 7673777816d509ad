"""What a first day with the window must not do: lose the scan to Ctrl+Z, hide words at large text, leave gaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.dialogs.palette import CommandPalette
from app.launch import make_application
from app.panels.heart import ROOT, HeartPanel
from app.panels.vessel import VesselPanel
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import SetLabel
from planning.case.document import Document
from planning.case.saving import save_copy
from planning.geometry import Grid
from planning.volume import Volume
from viewers.keys import key_now

pytestmark = pytest.mark.gui


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    grid = Grid.from_parts((40, 40, 30), (2.0, 2.0, 2.0), (-40.0, -40.0, -30.0))
    make_case(tmp_path / "case.theatrum", Volume(grid, np.zeros(grid.shape_kji, np.int16))).close()
    make_application(Settings())
    window = Workstation(Settings())
    window.show()
    window.windowHandle().requestActivate()
    qtbot.waitActive(window)
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "case.theatrum"])
    wait_settled(window)
    yield window
    window.jobs.shutdown()
    window.close_case(show_start=False)
    window.close()


def test_undo_stops_at_the_scan(opened: Workstation) -> None:
    assert opened.session is not None
    assert not opened.actions_["undo"].isEnabled()
    assert opened.actions_["undo"].toolTip() == "Nothing to undo (Ctrl+Z)"
    opened.session.undo()
    assert opened.session.image is not None


def test_undo_takes_hinges_before_they_are_measured(opened: Workstation) -> None:
    assert opened.page is not None
    panel = opened.page.panel("heart")
    assert isinstance(panel, HeartPanel)
    panel.go_to(ROOT)
    panel.point_placed("hinge_ncc", np.array([-10.0, 0.0, 0.0]))
    panel.point_placed("hinge_rcc", np.array([0.0, -10.0, 0.0]))
    assert opened.actions_["undo"].toolTip() == "Undo RCC hinge (Ctrl+Z)"
    opened.actions_["undo"].trigger()
    assert opened.session is not None
    assert opened.session.view.state.placing == "hinge_rcc"
    assert panel.drafted() == "NCC hinge"
    opened.actions_["undo"].trigger()
    assert opened.session.view.state.placing == "hinge_ncc"
    assert not opened.actions_["undo"].isEnabled()
    assert opened.session.image is not None


def test_undo_takes_the_first_end_of_a_vessel(opened: Workstation) -> None:
    assert opened.page is not None
    panel = opened.page.panel("vessel")
    assert isinstance(panel, VesselPanel)
    panel.point_placed("vessel_start", np.array([-10.0, 0.0, 0.0]))
    assert opened.actions_["undo"].isEnabled()
    opened.actions_["undo"].trigger()
    assert panel.drafted() == ""
    # what one place of work holds is no step of another
    panel.point_placed("vessel_start", np.array([-10.0, 0.0, 0.0]))
    opened.page.show_module("study")
    assert not opened.actions_["undo"].isEnabled()


def test_all_words_of_the_rail_are_read_at_large_text(opened: Workstation) -> None:
    assert opened.page is not None
    right = opened.page.right.width()
    opened.apply_settings(opened.settings.model_copy(update={"text_scale_percent": 150}))
    for button in opened.page.rail.findChildren(QToolButton):
        button.ensurePolished()
        if button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon:
            assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width(), button.text()
    wait_settled(opened)
    # the list becomes a drawer before the panes are squeezed
    assert not opened.page.structures.isVisible()
    assert opened.page.right.width() > right
    opened.close_case()
    promise = opened.start.findChild(QLabel, "start_promise")
    assert promise is not None
    wait_settled(opened)
    assert promise.wordWrap() or promise.fontMetrics().horizontalAdvance(promise.text()) <= promise.width()


def test_the_palette_is_as_high_as_what_it_found(opened: Workstation) -> None:
    opened.actions_["palette"].trigger()
    palette = opened.findChild(CommandPalette)
    assert palette is not None
    whole = palette.card.height()
    QTest.keyClicks(palette.field, "window liver")
    assert 0 < len(palette.titles()) < 8
    assert palette.card.height() < whole
    assert palette.list.geometry().top() == palette.found.contentsRect().top() + 7


def test_one_place_of_work_is_lit(opened: Workstation) -> None:
    assert opened.page is not None
    for module in ("heart", "study", "liver", "study"):
        opened.page.show_module(module)
        assert opened.page.module == module
        lit = [button.objectName() for button in opened.page.rail.findChildren(QToolButton) if button.isChecked()]
        assert lit == [f"rail_{module}"]


def test_a_case_deleted_while_open_says_so_is_saved_elsewhere_and_closes(opened: Workstation, tmp_path: Path) -> None:
    session = opened.session
    assert session is not None
    for file in session.path.parent.glob(f"{session.path.name}*"):
        file.unlink()
    errors: list[Exception] = []
    session.failed.disconnect()
    session.failed.connect(errors.append)
    assert not session.do(SetLabel("Other"))
    assert str(errors[0]).startswith("The case file is not there any more")
    # the key is the one that is bound now
    assert key_now("save_as") in str(errors[0])
    assert key_now("save_as")
    assert session.label != "Other"
    save_copy(session.document, tmp_path / "copy.theatrum")
    with Document.open(tmp_path / "copy.theatrum") as copy:
        assert copy.case.images.keys() == session.case.images.keys()
    opened.close_case()
    assert opened.place == "start"
