"""Slabs, padlock, view history, probe, magnifier and typed numbers in the real window: by keys alone, and kept with the case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu

from app.case_page import CasePage
from app.key_loan import KeyLoan
from app.launch import make_application
from app.settings import Settings
from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation
from planning.case.document import Document
from planning.geometry import Grid, Plane, unit
from planning.mesh import SurfaceMesh
from planning.volume import Volume
from viewers.overlay import ContourItem, CurvedCutItem, CutItem
from viewers.slice_pane import SlicePane
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Key = Qt.Key


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    grid = Grid.from_parts((64, 60, 40), (1.5, 1.5, 2.0), (-48.0, -45.0, -40.0))
    voxels = np.random.default_rng(1).normal(40, 10, grid.shape_kji).astype(np.int16)
    made = tmp_path_factory.mktemp("view") / "case.theatrum"
    make_case(made, Volume(grid, voxels)).close()
    return made


@pytest.fixture(scope="module")
def window(path: Path) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.show()
    made.windowHandle().requestActivate()
    made.open_paths([path])
    wait_until(lambda: made.place == "case", "opening")
    wait_settled(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


@pytest.fixture
def page(window: Workstation) -> CasePage:
    """The case with straight planes and the keys in the axial pane."""
    shown = window.page
    assert shown is not None
    first = ViewState(cross_mm=(0.0, 0.0, 0.0))
    shown.session.view.become(first)
    axial(shown).setFocus()
    turn()
    wait_settled(window)
    return shown


def axial(page: CasePage) -> SlicePane:
    return page.slices["axial"]


def press(page: CasePage, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> ViewState:
    QTest.keyClick(axial(page), key, keys)
    turn()
    return page.session.view.state


def test_t_is_a_slab_and_shift_t_what_it_shows(page: CasePage) -> None:
    assert press(page, Key.Key_T).slab_mm("axial") == 10.0
    assert press(page, Key.Key_T, SHIFT).slab_kind == "min"
    assert press(page, Key.Key_T, SHIFT).slab_kind == "mean"
    assert press(page, Key.Key_T).slab_mm("axial") == 0.0
    # asking for a kind shows it
    state = press(page, Key.Key_T, SHIFT)
    assert (state.slab_kind, state.slab_mm("axial")) == ("max", 10.0)


def test_ctrl_r_opens_the_padlock_which_the_panes_button_shows_too(page: CasePage, window: Workstation) -> None:
    assert press(page, Key.Key_R, CTRL).is_free
    assert window.actions_["free_planes"].isChecked()
    button = page.findChild(QAbstractButton, "axial_lock")
    assert button is not None
    axial(page)._show_buttons()
    assert button.toolTip().endswith("(Ctrl+R)")
    button.click()
    assert not page.session.view.state.is_free


def test_backspace_goes_back_through_alignments_and_flights(page: CasePage) -> None:
    view = page.session.view
    start = view.state
    view.align("cut", (5.0, 0.0, 0.0), (0.2, 0.0, 0.9))
    page.fly_to(np.array((10.0, 4.0, 2.0)))
    assert press(page, Key.Key_Backspace).cross_mm == (5.0, 0.0, 0.0)
    state = press(page, Key.Key_Backspace)
    assert (state.cross_mm, state.frame) == (start.cross_mm, start.frame)
    assert press(page, Key.Key_Backspace, SHIFT).frame_name == "cut"
    assert not page.session.can_undo


@pytest.mark.parametrize(
    ("key", "name"), [(Key.Key_V, "probe"), (Key.Key_M, "magnifier"), (Key.Key_H, "show_overlays")]
)
def test_a_key_that_is_tapped_stays_and_one_that_is_held_goes_with_the_hand(
    page: CasePage, key: Qt.Key, name: str
) -> None:
    before = getattr(page.session.view.state, name)
    assert getattr(press(page, key), name) != before
    assert getattr(press(page, key), name) == before
    QTest.keyPress(axial(page), key)
    turn()
    assert getattr(page.session.view.state, name) != before
    turn(450)
    QTest.keyRelease(axial(page), key)
    turn()
    assert getattr(page.session.view.state, name) == before


def test_numbers_are_typed_without_a_mouse(page: CasePage) -> None:
    press(page, Key.Key_G, CTRL)
    entry = axial(page).numbers.entry
    assert entry.isVisible()
    assert entry.accessibleName() == "Position, millimetres"
    for text in ("1", "2"):
        # digits are no window presets here
        QTest.keyClicks(entry, text)
    QTest.keyClick(entry, Key.Key_Return)
    assert page.session.view.state.cross_mm == (0.0, 0.0, 12.0)
    assert not entry.isVisible()
    assert axial(page).hasFocus()
    press(page, Key.Key_G, CTRL)
    QTest.keyClick(entry, Key.Key_Tab)
    QTest.keyClicks(entry, "777")
    QTest.keyClick(entry, Key.Key_Return)
    assert page.session.view.state.window == 777.0


def test_the_panes_menu_has_at_most_eight_entries(page: CasePage, window: Workstation) -> None:
    counted: list[int] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        counted.append(len([action for action in menu.actions() if not action.isSeparator()]))
        for action in menu.actions():
            assert action.text()
        menu.close()

    QTimer.singleShot(100, look)
    QTest.keyClick(axial(page), Key.Key_F10, SHIFT)
    assert counted
    assert 0 < counted[0] <= 8


def test_presets_and_automatic_are_on_the_figures(page: CasePage) -> None:
    for key, keys, values in (
        (Key.Key_1, NONE, (900.0, 260.0)),
        (Key.Key_2, NONE, (360.0, 70.0)),
        (Key.Key_2, SHIFT, (160.0, 80.0)),
        (Key.Key_3, NONE, (1500.0, -600.0)),
        (Key.Key_4, NONE, (1800.0, 400.0)),
        (Key.Key_5, NONE, (400.0, 40.0)),
    ):
        state = press(page, key, keys)
        assert (state.window, state.level) == values
    state = press(page, Key.Key_0)
    assert state.level == pytest.approx(40.0, abs=2.0)
    assert state.window == pytest.approx(46.5, abs=4.0)


def test_a_tools_own_keys_win_while_it_is_on(page: CasePage, window: Workstation) -> None:
    loan = KeyLoan(window, ["V", "T"])
    state = press(page, Key.Key_V)
    assert not state.probe
    assert not press(page, Key.Key_T).slabs
    loan.give_back()
    assert press(page, Key.Key_V).probe
    assert press(page, Key.Key_V).probe is False


def test_a_case_is_seen_again_as_it_was_left(page: CasePage, window: Workstation, path: Path) -> None:
    view = page.session.view
    view.become(view.state.with_turn("coronal", 0.4).with_slab("axial", 14.0))
    view.set(cross_mm=(6.0, 3.0, 2.0), window=321.0, level=22.0)
    left = view.state
    window.close_case()
    with Document.open(path) as document:
        assert not document.can_undo or document.undo_empties
    window.open_paths([path])
    wait_until(lambda: window.place == "case", "opening")
    wait_settled(window)
    assert window.page is not None
    again = window.page.session.view.state
    for name in ("cross_mm", "frame", "turns", "slabs", "window", "level"):
        assert getattr(again, name) == getattr(left, name), name


def test_n_puts_the_planes_onto_what_the_open_step_shows(
    page: CasePage, window: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, view = page.planner, page.session.view
    assert planner is not None
    press(page, Key.Key_N)
    assert view.state.frame_name == ""
    assert window.strip._text.text() == "There is no plan's plane here yet."
    normal = unit((0.5, -0.2, 0.8))
    plane = Plane(np.array((4.0, 3.0, 2.0)), normal)
    sheet = ring(plane, 12.0)
    for item, name in (
        (ContourItem(key="annulus", points_mm=sheet, color="#35D6E6"), "annulus"),
        (CutItem(key="cut", plane=plane, organ=None, color="#35D6E6"), "cut"),
        (CurvedCutItem(key="cut", side=Nowhere(), organ=None, color="#35D6E6", mesh=fan(plane)), "cut"),
    ):
        view.straighten()
        monkeypatch.setattr(planner, "items", lambda item=item: (item,))
        state = press(page, Key.Key_N)
        assert state.frame_name == name
        assert abs(float(state.axes("axial")[2] @ normal)) == pytest.approx(1.0, abs=1e-6)
        assert abs(float(plane.signed_distance_mm(np.array(state.cross_mm)))) < 1e-6
        # the place before is one step back
        assert press(page, Key.Key_Backspace).frame_name == ""
    # a step that knows its own plane, as the section of a vessel, goes before all of them
    monkeypatch.setattr(planner, "look_at_plane", lambda: True)
    view.straighten()
    assert press(page, Key.Key_N).frame_name == ""


class Nowhere:
    """A side that nothing lies on."""

    def signed_mm(self, points_mm: np.ndarray) -> np.ndarray:
        """Far away from every point."""
        return np.full(len(points_mm), -1e3)


def ring(plane: Plane, radius: float) -> np.ndarray:
    across = unit(np.cross(plane.normal, (1.0, 0.0, 0.0)))
    other = np.cross(plane.normal, across)
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)[:, None]
    return plane.origin_mm + radius * (np.cos(angle) * across + np.sin(angle) * other)


def fan(plane: Plane) -> SurfaceMesh:
    points = np.concatenate([[plane.origin_mm], ring(plane, 15.0)])
    triangles = np.array([(0, n, n % 60 + 1) for n in range(1, 61)], dtype=np.int32)
    return SurfaceMesh(points, triangles)
