"""A tool's keys beside the window's: one meaning at a time, and none after the case is closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from front_window import window_in_front
from liver_case import liver_document
from PySide6.QtCore import Qt, qInstallMessageHandler
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest

from app.keymap import current_keymap
from app.panels.liver.panel import VESSELS, LiverPanel
from app.window_states import turn, wait_until
from app.workstation import Workstation

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    path = tmp_path_factory.mktemp("keys") / "liver.theatrum"
    with liver_document(path):
        pass
    with window_in_front(is_attended=True) as made:
        made.open_paths([path])
        wait_until(lambda: made.place == "case" and made.page is not None, "opening", 60.0)
        yield made


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    told: list[str] = []
    before = qInstallMessageHandler(lambda kind, context, text: told.append(text))
    yield told
    qInstallMessageHandler(before)


def _vessel_step(window: Workstation) -> LiverPanel:
    page = window.page
    assert page is not None
    panel = page.panel("liver")
    assert isinstance(panel, LiverPanel)
    wait_until(lambda: not window.jobs.active, "the trees", 60.0)
    panel.go_to(VESSELS)
    wait_until(lambda: not window.jobs.active, "the step", 60.0)
    return panel


def test_esc_in_the_panel_puts_the_tool_down(window: Workstation, warnings: list[str]) -> None:
    panel = _vessel_step(window)
    page, cut, give = window.page, panel.vessels.tools.buttons["cut"], panel.vessels.tools.buttons["give"]
    assert page is not None
    for where in (give, page.slices["axial"]):
        cut.click()
        wait_until(cut.isChecked, "taking the tool", 5.0)
        where.setFocus()
        QTest.keyClick(where, Qt.Key.Key_Escape)
        turn(20)
        assert not cut.isChecked()
    assert not [text for text in warnings if "Ambiguous" in text]


def test_a_tools_key_that_a_person_gave_it_wins_in_the_panes(window: Workstation, warnings: list[str]) -> None:
    page = window.page
    assert page is not None
    panel = page.panel("segment")
    window.case_actions._bind(current_keymap().bound("stroke_tool:swap", "Del"))
    try:
        panel.go_to([type(step).__name__ for step in panel.steps].index("StrokesStep"))  # type: ignore[attr-defined]
        asked: list[str] = []
        panel.step.tools.be_silent()  # type: ignore[attr-defined]
        panel.step.tools.listen(window, {"swap": lambda: asked.append("swap")})  # type: ignore[attr-defined]
        pane = page.slices["axial"]
        pane.setFocus()
        QTest.keyClick(pane, Qt.Key.Key_Delete)
        assert asked == ["swap"]
        assert not [text for text in warnings if "Ambiguous" in text]
    finally:
        window.case_actions._bind(current_keymap().as_it_came())


def test_a_closed_case_leaves_no_keys_of_a_tool(window: Workstation) -> None:
    _vessel_step(window)
    own = [action.text() for action in window.actions_.all() if not action.shortcuts()]
    assert [one for one in window.findChildren(QShortcut) if one.parent() is window]
    window.close_case()
    turn(20)
    assert not [one for one in window.findChildren(QShortcut) if one.parent() is window]
    without = [action.text() for action in window.actions_.all() if not action.shortcuts()]
    assert set(without) < set(own)
