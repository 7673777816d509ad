"""Panes in windows of their own, e.g. on a second screen; by real events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from two_series import LEFT, NONE, drag, pixels, wait_for, wheel

from app.case_page import CasePage
from app.research_foot import ResearchFoot
from app.window_states import wait_settled
from app.workstation import Workstation

pytestmark = pytest.mark.gui


@pytest.fixture
def compared(page: CasePage, window: Workstation) -> CasePage:
    page.second.choose("CT 2")
    window.actions_["layout_compare"].trigger()
    wait_settled(window)
    return page


def test_a_pane_goes_into_a_window_and_esc_brings_it_back_as_it_was(page: CasePage, window: Workstation) -> None:
    view = page.session.view
    view.set(active="coronal", cross_mm=(3.0, 4.0, 2.0))
    page.slices["coronal"].setFocus()
    window.actions_["pane_window"].trigger()
    wait_settled(window)
    out = page.windows.window_of("coronal")
    assert out is not None
    assert page.slices["coronal"].window() is out
    assert out.isVisible()
    assert "coronal" not in page.grid.shown
    assert page.grid.shown == ("axial", "3d", "sagittal")
    assert "Theatrum" in out.windowTitle()
    # the hand and the keys work there
    wheel(page.slices["coronal"], 1)
    moved = view.state.cross_mm
    assert moved != (3.0, 4.0, 2.0)
    QTest.keyClick(page.slices["coronal"], Qt.Key.Key_Escape)
    wait_settled(window)
    assert page.slices["coronal"].window() is window
    assert page.grid.shown == ("axial", "3d", "coronal", "sagittal")
    assert view.state.cross_mm == moved


def test_the_3d_pane_goes_out_and_back_and_still_draws(page: CasePage, window: Workstation) -> None:
    page.windows.take_out("3d")
    wait_settled(window)
    assert pixels(page.scene.grab_picture())[..., :3].std() > 5
    out = page.windows.window_of("3d")
    assert out is not None
    # a second screen shows numbers, too
    foot = out.findChild(ResearchFoot)
    assert foot is not None
    assert foot.isVisible()
    assert foot.geometry().top() >= page.scene.geometry().bottom()
    out.close()
    wait_settled(window)
    assert page.scene.window() is window
    assert pixels(page.scene.grab_picture())[..., :3].std() > 5


def test_a_drag_of_the_title_out_of_the_pane_takes_it_out_and_a_click_there_does_not(
    page: CasePage, window: Workstation
) -> None:
    pane = page.slices["sagittal"]
    title = QPoint(40, 14)
    QTest.mouseClick(pane, LEFT, NONE, title)
    drag(pane, title, QPoint(60, 20))
    assert page.windows.out == ()
    before = page.session.view.state.cross_mm
    drag(pane, title, QPoint(-200, 14))
    assert page.windows.out == ("sagittal",)
    assert page.session.view.state.cross_mm == before


def test_where_a_window_stood_is_where_it_opens_again(page: CasePage, window: Workstation) -> None:
    page.windows.take_out("axial")
    out = page.windows.window_of("axial")
    assert out is not None
    out.setGeometry(300, 200, 640, 500)
    QTest.qWait(50)
    place = page.windows.places["axial"]
    out.close()
    page.windows.take_out("axial")
    assert page.windows.places["axial"] == place


def test_all_panes_out_leaves_words_and_not_a_hole(page: CasePage, window: Workstation) -> None:
    for name in ("axial", "coronal", "sagittal", "3d"):
        page.windows.take_out(name)
    assert page.grid.shown == ()
    assert page.grid._nothing.isVisible()


def test_esc_in_a_panes_window_leaves_the_tool_first(page: CasePage, window: Workstation) -> None:
    page.windows.take_out("axial")
    out = page.windows.window_of("axial")
    assert out is not None
    QTest.qWait(100)
    out.windowHandle().requestActivate()
    wait_for(lambda: QApplication.activeWindow() is out)
    page.slices["axial"].setFocus()
    # keys of the window's actions work there too
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_D)
    assert page.session.view.state.tool == "distance"
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Escape)
    assert page.session.view.state.tool == "cross"
    assert page.windows.out == ("axial",)
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Escape)
    assert page.windows.out == ()


def test_where_a_compared_pane_would_stand_are_words(compared: CasePage, window: Workstation) -> None:
    place = compared.slices["coronal"].geometry()
    compared.windows.take_out("coronal")
    assert "coronal" not in compared.grid.shown
    assert compared.grid._nothing.isVisible()
    assert place.contains(compared.grid._nothing.geometry())
