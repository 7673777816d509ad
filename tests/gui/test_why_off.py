"""A key or an entry that can do nothing now says why, and what was done is said in place of an older refusal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from cases import add_structures
from measure_window import measure_window, press_key, untouched
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.case_page import CasePage
from app.palette_entries import palette_entries
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.volume import Mask

pytestmark = pytest.mark.gui
KEY = Qt.Key
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def window(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("home")))
        with measure_window(tmp_path_factory.mktemp("case")) as made:
            yield made


@pytest.fixture
def page(window: Workstation) -> CasePage:
    return untouched(window)


def said(window: Workstation) -> str:
    return window.strip._text.text()


@pytest.mark.parametrize(
    ("key", "held", "words"),
    [
        (KEY.Key_A, NONE, "This scan has one phase."),
        (KEY.Key_Right, ALT, "This scan has one phase."),
        (KEY.Key_O, SHIFT, "This case has one series: drop another on the window to add it."),
        (KEY.Key_Z, CONTROL, "Nothing to undo."),
        (KEY.Key_PageUp, CONTROL, "This is the first step."),
    ],
)
def test_a_key_that_can_do_nothing_says_why(
    window: Workstation, page: CasePage, key: Qt.Key, held: Qt.KeyboardModifier, words: str
) -> None:
    page.show_module("liver")
    window.strip.say("")
    press_key(page.slices["axial"], key, held)
    QTest.qWait(20)
    assert said(window) == words


def test_enter_and_edit_in_a_step_that_waits_say_what_for(window: Workstation, page: CasePage) -> None:
    page.show_module("liver")
    wait_settled(window)
    blocked = page.planner.step.actions().main.blocked
    assert blocked, "a case without a liver has nothing to accept"
    window.strip.say("")
    press_key(page.slices["axial"], KEY.Key_Return)
    assert said(window) == f"{blocked.rstrip('.')}."


def test_the_palette_says_why_nothing_can_be_compared(window: Workstation, page: CasePage) -> None:
    entry = next(entry for entry in palette_entries(window) if entry.id == "layout_compare")
    assert not entry.enabled
    assert entry.reason == "This case has one series: drop another on the window to add it"


def test_a_lock_is_told_in_place_of_the_refusal_before_it(window: Workstation, page: CasePage) -> None:
    session = page.session
    grid = session.image.grid
    full = np.zeros(grid.shape_kji, dtype=bool)
    full[20:30, 20:30, 20:30] = True
    add_structures(session.document, {"liver": Mask.from_full(grid, full)})
    wait_settled(window)
    session.view.set(selected="")
    window.actions_["lock"].trigger()
    assert said(window) == "Choose a structure in the list first."
    session.view.set(selected="liver")
    window.actions_["lock"].trigger()
    assert session.case.structures["liver"].locked
    assert said(window) == "Locked: Liver"
    window.actions_["lock"].trigger()
    assert said(window) == "Unlocked: Liver"
