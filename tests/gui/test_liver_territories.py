"""Step 4 of the liver: coloured territories, and Couinaud's segments told by landmarks and by naming branches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from book_liver import ANTERIOR, ENDS, LANDMARKS, book_liver
from liver_case import liver_document
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.launch import make_application
from app.panels.liver import LiverPanel
from app.panels.liver.panel import RESECTION, TERRITORIES
from app.panels.liver.segment_landmarks import PREFIX
from app.panels.liver.territory_view import KEY
from app.panels.quantities import TableRowButton
from app.panels.rows import NameField
from app.settings import Settings
from app.theme.tokens import SEGMENTS
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.liver.anatomy import LiverAnatomy
from planning.liver.couinaud import NUMERALS, CouinaudInputs
from viewers.overlay import PointItem, TreeItem

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 900)
    made.show()
    qtbot.waitExposed(made)
    made.windowHandle().requestActivate()
    qtbot.waitActive(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.hide()
    made.deleteLater()


@pytest.fixture
def page(qtbot: QtBot, window: Workstation, tmp_path: Path) -> CasePage:
    """The book's liver at step 4."""
    book_liver(tmp_path / "book.theatrum").close()
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "book.theatrum"], module="liver")
    assert window.page is not None
    wait_settled(window)
    panel = _panel(window.page)
    panel.go_to(TERRITORIES)
    wait_settled(window)
    return window.page


def _panel(page: CasePage) -> LiverPanel:
    panel = page.panel("liver")
    assert isinstance(panel, LiverPanel)
    return panel


def _said(page: CasePage) -> CouinaudInputs:
    return LiverAnatomy.from_json(_panel(page).work.draft.anatomy).segments


def _click(page: CasePage, name: str) -> None:
    # buttons of the footer that were replaced a moment ago may still be there
    buttons = [button for button in page.findChildren(QAbstractButton, name) if button.isVisible()]
    assert buttons, name
    QTest.mouseClick(buttons[0], LEFT)


def _choose(page: CasePage, name: str, entry: str) -> None:
    """An entry of a combo box, by the keyboard."""
    box = page.findChild(QComboBox, name)
    assert box is not None, name
    box.setFocus()
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(box.findText(entry), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)


def _pane_point(page: CasePage, place: tuple[float, float, float], pane: str = "axial") -> tuple[QWidget, QPoint]:
    """A slice pane whose plane goes through a place, and where that place is in it."""
    page.session.view.set(cross_mm=place)
    slice_pane = page.slices[pane]
    x, y = slice_pane.geometry_px().to_screen(np.array(place))
    return slice_pane, QPoint(round(x), round(y))


def _click_place(page: CasePage, place: tuple[float, float, float], pane: str = "axial") -> None:
    pane_widget, at = _pane_point(page, place, pane)
    QTest.mouseMove(pane_widget, at + QPoint(3, 0))
    QTest.mouseMove(pane_widget, at)
    QTest.mouseClick(pane_widget, LEFT, NONE, at)


def _row(page: CasePage, key: str) -> TableRowButton:
    row = next(row for row in page.findChildren(TableRowButton, f"row_{key}") if row.isVisible())
    assert isinstance(row, TableRowButton)
    return row


def test_segments_are_coloured_named_and_told_with_how_sure(page: CasePage) -> None:
    panel = _panel(page)
    parts = panel.parts()
    assert parts is not None
    assert parts.names == ("II", "III", "IV", "V", "VI", "VII", "VIII")
    assert parts.colors == SEGMENTS[1:]
    assert set(panel.parted()) == {"liver"}
    content = page.slices["axial"]._content
    assert content.parts is parts
    assert next(label for label in content.labels if label.key == "liver").fill_opacity == 0.0
    liver = next(item for item in page.scene._content.surfaces if item.key == "liver")
    assert liver.codes is not None
    assert set(np.unique(liver.codes)) == set(range(1, 8))
    row = _row(page, "VIII").row
    assert row.status.endswith("sure")
    assert "above the portal bifurcation" in row.reason
    assert "Fed by Portal branch" in row.reason
    assert "Drained by Hepatic vein" in row.reason
    missing = _row(page, "I").row
    assert (missing.value, missing.clickable) == ("–", False)
    assert panel.territories._note.title == "Segment I has no branch of its own here."


def test_a_row_flies_there_and_marks_its_segment(qtbot: QtBot, page: CasePage) -> None:
    panel = _panel(page)
    row = _row(page, "VII")
    QTest.mouseMove(row, QPoint(5, 5))
    panel.territories._hover("VII")
    parts = panel.parts()
    assert parts is not None
    assert parts.names[parts.chosen] == "VII"
    QTest.mouseClick(row, LEFT)
    code = panel.territories.view.field.codes_at(np.array([page.session.view.state.cross_mm]))[0]
    assert parts.names[code - 1] == "VII"


@pytest.mark.parametrize(("entry", "first"), [("Portal branches", "P1"), ("Hepatic veins", "V1")])
def test_branches_and_veins_are_shown_as_well(
    qtbot: QtBot, window: Workstation, page: CasePage, entry: str, first: str
) -> None:
    _choose(page, "territory_kind", entry)
    wait_settled(window)
    panel = _panel(page)
    parts = panel.parts()
    assert parts is not None
    assert parts.names[0] == first
    whole = panel.work.model.voxels.count * panel.work.model.voxel_ml
    assert sum(panel.territories.view.field.volumes_ml) == pytest.approx(whole)
    table = panel.territories._table
    assert all(row.share for row in table._rows)
    assert panel.territories.result() == f"{len(parts.names)} {'branches' if first == 'P1' else 'veins'}"


def test_eight_clicks_tell_the_segments_by_landmarks_and_undo_takes_them_back(
    qtbot: QtBot, window: Workstation, page: CasePage
) -> None:
    panel = _panel(page)
    _choose(page, "segment_method", "Landmarks")
    for number, (name, place) in enumerate(LANDMARKS.items()):
        assert page.session.view.state.placing == f"{PREFIX}{name}"
        _click_place(page, place)
        assert len(_said(page).landmarks) == number + 1
    assert page.session.view.state.tool == "cross"
    wait_settled(window)
    for name, place in _said(page).landmarks:
        assert np.linalg.norm(np.array(place) - LANDMARKS[name]) < 1.5
    assert panel.work.model.couinaud.method == "landmarks"
    assert panel.parts().names == NUMERALS
    assert panel.territories._hero._note == "by landmarks"
    assert [item.key for item in panel.items() if isinstance(item, PointItem)] == [f"{PREFIX}{n}" for n in LANDMARKS]
    (plan,) = page.session.case.plans.values()
    assert {row["method"] for row in plan.results["territories"] if row["tree"] == "couinaud"} == {"by landmarks"}
    window.actions_["undo"].trigger()
    wait_settled(window)
    assert len(_said(page).landmarks) < 8
    window.actions_["redo"].trigger()
    wait_settled(window)
    assert len(_said(page).landmarks) == 8


def _set_landmarks(window: Workstation, page: CasePage) -> None:
    panel = _panel(page)
    panel.work.set_anatomy(LiverAnatomy(segments=CouinaudInputs(tuple(LANDMARKS.items()))))
    wait_settled(window)


def test_a_landmark_is_dragged_typed_and_taken_away(qtbot: QtBot, window: Workstation, page: CasePage) -> None:
    panel = _panel(page)
    _set_landmarks(window, page)
    before = panel.work.model.couinaud.volumes_ml
    pane, at = _pane_point(page, LANDMARKS["umbilical_portion"])
    QTest.mouseMove(pane, at)
    QTest.mousePress(pane, LEFT, NONE, at)
    for step in (4, 10, 16):
        QTest.mouseMove(pane, at + QPoint(step, 0))
    (held,) = [item for item in panel.items() if item.key == f"{PREFIX}umbilical_portion"]
    assert held.position_mm[0] > LANDMARKS["umbilical_portion"][0] + 2.0
    assert dict(_said(page).landmarks)["umbilical_portion"] == LANDMARKS["umbilical_portion"]
    QTest.mouseRelease(pane, LEFT, NONE, at + QPoint(16, 0))
    assert dict(_said(page).landmarks)["umbilical_portion"][0] > LANDMARKS["umbilical_portion"][0] + 2.0
    wait_settled(window)
    assert panel.work.model.couinaud.volumes_ml != before
    field = page.findChild(NameField, "landmark_place")
    assert field.isVisible()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "here")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "three numbers" in panel.territories.landmarks._field_row.complaint.text()
    field.selectAll()
    QTest.keyClicks(field, "14 -14 8")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dict(_said(page).landmarks)["umbilical_portion"] == (14.0, -14.0, 8.0)
    wait_settled(window)
    assert panel.work.model.couinaud.volumes_ml == before
    _click(page, "landmark_remove")
    wait_settled(window)
    assert "umbilical_portion" not in dict(_said(page).landmarks)
    assert panel.work.model.couinaud.method == "branches"
    assert _row(page, f"{PREFIX}umbilical_portion").row.value == "–"
    QTest.mouseClick(_row(page, f"{PREFIX}umbilical_portion"), LEFT)
    assert page.session.view.state.placing == f"{PREFIX}umbilical_portion"


def test_delete_takes_the_selected_landmark_away(qtbot: QtBot, window: Workstation, page: CasePage) -> None:
    _set_landmarks(window, page)
    page.session.view.set(selected_point=f"{PREFIX}cava")
    pane, _ = _pane_point(page, LANDMARKS["cava"])
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    assert "cava" not in dict(_said(page).landmarks)


def test_branches_are_wanted_while_landmarks_stay_and_all_goes_back_to_automatic(
    window: Workstation, page: CasePage
) -> None:
    panel = _panel(page)
    _set_landmarks(window, page)
    _choose(page, "segment_method", "Portal branches")
    wait_settled(window)
    assert panel.work.model.couinaud.method == "branches"
    assert len(_said(page).landmarks) == 8
    _choose(page, "segment_method", "Landmarks")
    wait_settled(window)
    assert panel.work.model.couinaud.method == "landmarks"
    _click(page, "segments_automatic")
    wait_settled(window)
    assert _said(page) == CouinaudInputs()
    assert panel.work.model.couinaud.method == "branches"


def _name_by_click(qtbot: QtBot, page: CasePage, place: tuple[float, float, float], segment: str) -> None:
    panel = _panel(page)
    _click_place(page, place)
    menu = panel.territories.names.menu
    assert menu is not None
    qtbot.waitUntil(menu.isVisible, timeout=5000)
    action = menu.findChild(QAction, f"name_{segment}")
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_a_clicked_branch_takes_the_segment_of_the_menu(qtbot: QtBot, window: Workstation, page: CasePage) -> None:
    panel = _panel(page)
    before = dict(zip(panel.work.model.couinaud.names, panel.work.model.couinaud.volumes_ml, strict=True))
    _click(page, "name_branch")
    assert page.session.view.state.tool == "place"
    trees = [item for item in panel.items() if isinstance(item, TreeItem)]
    assert {item.color for item in trees} >= {SEGMENTS[NUMERALS.index("IV")]}
    _name_by_click(qtbot, page, ENDS["IV"], "III")
    assert [one.segment for one in _said(page).names] == ["III"]
    wait_settled(window)
    after = dict(zip(panel.work.model.couinaud.names, panel.work.model.couinaud.volumes_ml, strict=True))
    assert "IV" not in after
    assert after["III"] == pytest.approx(before["III"] + before["IV"], rel=0.05)
    assert _row(page, "IV").row.detail == "No branch of its own here"
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Escape)
    assert page.session.view.state.tool == "cross"
    # the same branch again, from the box of its row
    QTest.mouseClick(_row(page, "named_0"), LEFT)
    _choose(page, "branch_segment", "IV")
    wait_settled(window)
    assert [one.segment for one in _said(page).names] == ["IV"]
    assert dict(zip(panel.work.model.couinaud.names, panel.work.model.couinaud.confidence, strict=True))[
        "IV"
    ] == pytest.approx(1.0)
    _click(page, "remove_segment_name")
    wait_settled(window)
    assert not _said(page).names


def test_a_click_beside_every_branch_names_nothing(qtbot: QtBot, window: Workstation, page: CasePage) -> None:
    panel = _panel(page)
    _click(page, "name_branch")
    _click_place(page, (60.0, 40.0, -10.0))
    assert panel.territories.names.hint.text() == "There is no portal branch here."
    assert not _said(page).names


def test_doubtful_branches_are_listed_and_named_from_the_list(window: Workstation, page: CasePage) -> None:
    panel = _panel(page)
    doubts = panel.work.model.couinaud.doubts
    assert len(doubts) == 1
    QTest.mouseClick(_row(page, "doubt_0"), LEFT)
    box = page.findChild(QComboBox, "branch_segment")
    assert box.isVisible()
    assert "% sure" in box.itemText(0)
    _choose(page, "branch_segment", "II")
    wait_settled(window)
    assert [one.segment for one in _said(page).names] == ["II"]
    assert not panel.work.model.couinaud.doubts


def test_on_the_resection_the_colours_are_a_click_away_and_the_removed_part_stays_grey(
    window: Workstation, page: CasePage
) -> None:
    panel = _panel(page)
    panel.go_to(RESECTION)
    wait_settled(window)
    assert KEY in page.session.view.state.hidden
    assert page.slices["axial"]._content.parts is None
    _, rows = panel.rows()
    assert KEY in [row.key for row in rows]
    page.session.view.set(hidden=page.session.view.state.hidden - {KEY})
    wait_settled(window)
    content = page.slices["axial"]._content
    assert content.parts is not None
    liver = next(label for label in content.labels if label.key == "liver")
    assert liver.fill_opacity > 0.0
    assert liver.split
    panel.go_to(TERRITORIES)
    assert KEY not in page.session.view.state.hidden


def test_without_segments_the_branches_are_shown_and_the_reason_is_said(
    qtbot: QtBot, window: Workstation, tmp_path: Path
) -> None:
    liver_document(tmp_path / "plain.theatrum").close()
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "plain.theatrum"], module="liver")
    wait_settled(window)
    assert window.page is not None
    panel = _panel(window.page)
    panel.go_to(TERRITORIES)
    wait_settled(window)
    assert panel.work.model.couinaud is None
    assert panel.parts().names[0] == "P1"
    assert panel.territories._note.title == "Segments I–VIII are not named"
    assert panel.territories._note.words.endswith(".")
    _click(window.page, "callout_territories_link")
    assert window.page.session.view.state.placing == f"{PREFIX}cava"
    assert not panel.territories._table.isVisible()
    assert panel.territories.landmarks.widget.isVisible()


def test_an_unsure_segment_says_so_where_it_stands(page: CasePage, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = _panel(page)
    monkeypatch.setattr("planning.liver.couinaud_branches.LEAST_AGREED", 0.6)
    view = panel.territories.view
    view._item = None
    panel.refresh()
    parts = panel.parts()
    assert view.unsure()
    assert {name for name in parts.names if name.endswith("?")} == {f"{name}?" for name in view.unsure()}
    assert panel.territories._note.title.endswith("not sure")
    assert {_row(page, name).row.state for name in view.unsure()} == {"warn"}


def test_vessels_give_six_landmarks_and_two_clicks_complete_them(
    qtbot: QtBot, window: Workstation, page: CasePage
) -> None:
    panel = _panel(page)
    _choose(page, "segment_method", "Landmarks")
    wait_settled(window)
    _click(page, "suggest_landmarks")
    wait_settled(window)
    assert len(_said(page).landmarks) == 6
    for name in ("gallbladder_fossa", "ligamentum_venosum"):
        assert page.session.view.state.placing == f"{PREFIX}{name}"
        _click_place(page, LANDMARKS[name])
    wait_settled(window)
    assert panel.work.model.couinaud.method == "landmarks"
    assert not [one for one in page.findChildren(QAbstractButton, "suggest_landmarks") if one.isVisible()]


def test_a_branch_is_named_in_3d(qtbot: QtBot, window: Workstation, page: CasePage) -> None:
    panel = _panel(page)
    _click(page, "name_branch")
    wait_settled(window)
    scene = page.scene
    # halfway along the branch of VIII
    place = 0.5 * (np.array(ENDS["VIII"]) + np.array(ANTERIOR))
    x, y = scene.projection().to_screen(place)
    at = QPoint(round(x), round(y))
    QTest.mouseMove(scene, at + QPoint(2, 0))
    QTest.mouseMove(scene, at)
    assert any(item.key == "segment_tree_aim" for item in panel.items())
    QTest.mouseClick(scene, LEFT, NONE, at)
    menu = panel.territories.names.menu
    assert menu is not None
    qtbot.waitUntil(menu.isVisible, timeout=5000)
    menu.setActiveAction(menu.findChild(QAction, "name_V"))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    (name,) = _said(page).names
    assert name.segment == "V"
    assert np.linalg.norm(np.array(name.at_mm) - place) < 8.0
