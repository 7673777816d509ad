"""Vessel trees in the liver panel: seen in slabs and in 3D, doubted, and mended by a click; by the hand, in a case page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from liver_case import close_session, liver_document, open_session
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.actions import SPECS, ActionBook
from app.case_page import CasePage
from app.panels.liver import LiverPanel
from app.panels.liver.panel import VESSELS
from app.panels.liver.step_vessels import VesselStep
from app.panels.quantities import TableRowButton
from planning.case.commands import AddStructure, Batch, RemoveStructure
from planning.case.document import Document
from planning.case.model import Structure
from planning.liver.corrections import Cut, Join, Reassign, Root
from planning.liver.tree import VesselTree
from planning.provenance import Provenance
from planning.volume import Mask
from viewers.overlay import PointItem, TreeItem, TreeMarkItem
from viewers.slice_pane import SlicePane

pytestmark = pytest.mark.gui
LONG_MS = 120_000
LEFT = Qt.MouseButton.LeftButton
# middles of branches of `liver_document`
PORTAL_LEFT, HEPATIC_LEFT, HEPATIC_RIGHT = (20.1, 1.1, 2.2), (18.2, 8.3, 7.8), (-20.2, 10.3, 6.3)
NOWHERE = (0.0, -40.0, -30.0)


@contextmanager
def _shown(qtbot: QtBot, document: Document) -> Iterator[CasePage]:
    """The case's page at step 2, in a window that has the keyboard."""
    session = open_session(document)
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = ActionBook(owner, owner)
    for spec in SPECS:
        actions.connect(spec.id, lambda: None)
    made = CasePage(session, actions, {"liver": lambda: LiverPanel(session)})
    qtbot.addWidget(made)
    made.resize(1280, 760)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    made.show_module("liver")
    made.start_scene()
    _at_rest(qtbot, made)
    _panel(made).go_to(VESSELS)
    _at_rest(qtbot, made)
    yield made
    made.close_case()
    close_session(session)


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[CasePage]:
    with _shown(qtbot, liver_document(tmp_path / "liver.theatrum")) as made:
        yield made


def _one_label(path: Path) -> Document:
    """The same case, but all its vessels in one structure."""
    document = liver_document(path)
    trees = ("portal_vein", "hepatic_veins")
    first, second = (document.mask(name) for name in trees)
    both = Mask.from_full(first.grid, first.full() | second.full())
    start, array = document.put_mask(both)
    known = document.case.structures[trees[0]]
    whole = Structure(
        name="liver_vessels",
        grid=known.grid,
        start_ijk=start,
        array=array,
        voxel_count=both.voxel_count,
        color=known.color,
        provenance=Provenance("test"),
    )
    document.do(Batch((*(RemoveStructure(name) for name in trees), AddStructure(whole)), "One label"))
    return document


def _panel(page: CasePage) -> LiverPanel:
    panel = page.panel("liver")
    assert isinstance(panel, LiverPanel)
    return panel


def _step(page: CasePage) -> VesselStep:
    return _panel(page).vessels


def _at_rest(qtbot: QtBot, page: CasePage) -> None:
    work = _panel(page).work

    def rests() -> bool:
        waits = page.session.jobs.active or work._settle.isActive() or work._rest.isActive() or work.is_preparing
        return work.model is not None and not waits and page.is_settled

    qtbot.waitUntil(rests, timeout=LONG_MS)


def _take(page: CasePage, tool: str) -> None:
    button = _panel(page).findChild(QAbstractButton, f"tree_tool_{tool}")
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, LEFT)
    assert _step(page).trees.mending.tool == tool
    assert button.isChecked()


def _point(page: CasePage, place_mm: tuple[float, float, float], name: str = "axial") -> tuple[SlicePane, QPoint]:
    """The hand goes to a place of a slice pane."""
    page.session.view.fly_to(place_mm)
    pane = page.pane(name)
    assert isinstance(pane, SlicePane)
    x, y = pane.geometry_px().to_screen(np.array(place_mm))
    place = QPoint(round(float(x)), round(float(y)))
    QTest.mouseMove(pane, place + QPoint(9, 5))
    QTest.mouseMove(pane, place)
    return pane, place


def _click(page: CasePage, place_mm: tuple[float, float, float], name: str = "axial") -> None:
    pane, place = _point(page, place_mm, name)
    QTest.mouseClick(pane, LEFT, pos=place)


def _is_in(tree: VesselTree | None, place_mm: tuple[float, float, float]) -> bool:
    return tree is not None and bool(np.linalg.norm(tree.points_mm - place_mm, axis=1).min() < 3.0)


def _kept(page: CasePage) -> list[str]:
    """The kinds of the corrections that the case's plan keeps."""
    anatomy = page.session.case.plans[_panel(page).work.draft.name].inputs.get("anatomy") or {}
    return [one["kind"] for one in anatomy.get("corrections", ())]


def _marks(page: CasePage) -> list[TreeMarkItem]:
    return [item for item in _panel(page).items() if isinstance(item, TreeMarkItem)]


def test_both_trees_are_drawn_in_slabs_and_in_3d_as_long_as_the_step_is_open(qtbot: QtBot, page: CasePage) -> None:
    panel = _panel(page)
    trees = {item.key: item for item in panel.items() if isinstance(item, TreeItem)}
    assert set(trees) == {"tree_portal", "tree_hepatic"}
    assert trees["tree_portal"].color != trees["tree_hepatic"].color
    assert panel.vessels.result() == "2 trees"
    heading, rows = panel.rows()
    assert heading == "Vessel trees"
    assert [row.name for row in rows] == ["Portal tree", "Hepatic tree"]
    # the walls give way to the trees, the liver is seen through
    assert panel.opacities()["portal_vein"] == 0.0
    assert 0.0 < panel.opacities()["liver"] < 0.3
    state = page.session.view.state
    assert state.slab_mm("axial") == state.slab_mm("coronal") == 12.0
    assert state.slab_mm("sagittal") == 0.0
    panel.vessels.slab.setFocus()
    QTest.keyClick(panel.vessels.slab, Qt.Key.Key_Home)
    panel.vessels.slab.activated.emit(panel.vessels.slab.currentIndex())
    assert page.session.view.state.slab_mm("axial") == 0.0
    panel.go_to(VESSELS + 1)
    assert not page.session.view.state.slabs
    assert not [item for item in panel.items() if isinstance(item, TreeItem)]


def test_a_branch_is_marked_under_the_hand_given_by_a_click_and_undone(qtbot: QtBot, page: CasePage) -> None:
    step, work = _step(page), _panel(page).work
    numbers = work.model.hepatic.volumes_ml
    _take(page, "give")
    _point(page, HEPATIC_LEFT)
    (mark,) = _marks(page)
    assert mark.words == "to the portal tree"
    assert mark.color == step.trees.colors()["portal"]
    marked = mark.points_mm[np.concatenate(mark.lines)]
    assert marked[:, 0].max() > 30.0
    assert marked[:, 0].min() > -8.0
    _click(page, HEPATIC_LEFT)
    # at once in the picture, in the case when territories and numbers have followed
    assert _is_in(step.trees.trees().portal, HEPATIC_LEFT)
    assert page.draft == "correction of the vessels"
    # what the next click would do is told when the hand moves on
    assert not _marks(page)
    _at_rest(qtbot, page)
    assert _kept(page) == ["reassign"]
    assert page.draft == ""
    assert _is_in(work.model.trees.portal, HEPATIC_LEFT)
    assert not _is_in(work.model.trees.hepatic, HEPATIC_LEFT)
    assert work.model.hepatic.volumes_ml != numbers
    assert [row.name.accessibleName() for row in step.list.rows] == ["Branch to the portal tree"]
    page.undo()
    _at_rest(qtbot, page)
    assert step.trees.corrections == ()
    assert _is_in(work.model.trees.hepatic, HEPATIC_LEFT)
    page.session.redo()
    _at_rest(qtbot, page)
    assert _is_in(work.model.trees.portal, HEPATIC_LEFT)
    # the tool is still in the hand and means the new trees; Esc puts it down
    assert not _marks(page)
    _point(page, HEPATIC_LEFT)
    assert [mark.words for mark in _marks(page)] == ["to the hepatic tree"]
    assert step.trees.mending.tool == "give"
    page.session.view.set(tool="cross", placing="")
    assert step.trees.mending.tool == ""
    assert not _marks(page)


def test_a_correction_on_its_way_is_taken_back_before_the_case_is(qtbot: QtBot, page: CasePage) -> None:
    _take(page, "give")
    _click(page, HEPATIC_LEFT)
    page.undo()
    assert _step(page).trees.corrections == ()
    _at_rest(qtbot, page)
    assert _is_in(_panel(page).work.model.trees.hepatic, HEPATIC_LEFT)


def test_a_correction_is_on_the_disk_before_its_plan_is_measured(qtbot: QtBot, tmp_path: Path) -> None:
    with _shown(qtbot, liver_document(tmp_path / "liver.theatrum")) as page:
        _take(page, "give")
        _click(page, PORTAL_LEFT)
        made = _step(page).trees.corrections
        assert len(made) == 1
        # the program ends here, while the territories are still computed
        assert not page.session.case.plans
    with _shown(qtbot, Document.open(tmp_path / "liver.theatrum")) as page:
        assert _step(page).trees.corrections == made
        assert _kept(page) == ["reassign"]


def test_a_vessel_is_cut_in_3d_and_the_loose_piece_joined_again(qtbot: QtBot, page: CasePage) -> None:
    step, scene = _step(page), page.scene
    _take(page, "cut")
    tree = step.trees.trees().portal
    point = int(np.linalg.norm(tree.points_mm - PORTAL_LEFT, axis=1).argmin())
    x, y = scene.projection().to_screen(tree.points_mm[point])
    place = QPoint(round(float(x)), round(float(y)))
    QTest.mouseMove(scene, place + QPoint(6, 6))
    QTest.mouseMove(scene, place)
    (mark,) = _marks(page)
    assert mark.words.endswith("beyond")
    QTest.mouseClick(scene, LEFT, pos=place)
    _at_rest(qtbot, page)
    assert _kept(page) == ["cut"]
    assert isinstance(step.trees.corrections[0], Cut)
    beyond = (34.0, 1.8, 3.4)
    assert _is_in(step.trees.trees().loose, beyond)
    assert {item.key for item in _panel(page).items() if isinstance(item, TreeItem)} >= {"tree_loose"}
    _take(page, "join")
    _click(page, beyond)
    assert page.draft == "piece to join"
    page.undo()
    assert page.draft == ""
    assert _kept(page) == ["cut"]
    _click(page, beyond)
    _click(page, (12.0, 0.7, 1.3))
    _at_rest(qtbot, page)
    assert isinstance(step.trees.corrections[1], Join)
    assert step.trees.trees().loose is None
    assert _is_in(step.trees.trees().portal, beyond)
    # without the cut there is nothing to join: the list says so
    QTest.mouseClick(step.list.rows[0].remove, LEFT)
    _at_rest(qtbot, page)
    assert _kept(page) == ["join"]
    assert "one vessel already" in step.list.rows[0]._note.text()


def test_a_click_beside_all_vessels_is_said_and_not_kept(qtbot: QtBot, page: CasePage) -> None:
    step = _step(page)
    _take(page, "cut")
    with qtbot.waitSignal(page.session.said) as said:
        _click(page, NOWHERE)
    assert said.args[0] == "There is no vessel here."
    assert step._hint.text() == "There is no vessel here."
    assert step.trees.corrections == ()
    # giving a branch of the one and only tree back to where it is changes nothing either
    _take(page, "join")
    _click(page, PORTAL_LEFT)
    _click(page, (12.0, 0.7, 1.3))
    assert "one vessel already" in step.trees.said
    assert step.trees.corrections == ()


def test_keys_take_the_tools_while_the_step_is_open(qtbot: QtBot, page: CasePage) -> None:
    step, pane = _step(page), page.pane("axial")
    pane.setFocus()
    for key, tool in ((Qt.Key.Key_G, "give"), (Qt.Key.Key_X, "cut"), (Qt.Key.Key_M, "join"), (Qt.Key.Key_T, "root")):
        QTest.keyClick(pane, key)
        assert step.trees.mending.tool == tool
    QTest.keyClick(pane, Qt.Key.Key_T)
    assert step.trees.mending.tool == ""
    # Enter places at the crosshair, without a mouse
    QTest.keyClick(pane, Qt.Key.Key_G)
    page.session.view.fly_to(HEPATIC_RIGHT)
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert isinstance(step.trees.corrections[0], Reassign)
    _at_rest(qtbot, page)
    _panel(page).go_to(VESSELS + 1)
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_G)
    assert page.session.view.state.tool == "cross"


def test_a_case_that_is_open_to_read_is_looked_at_only(qtbot: QtBot, tmp_path: Path) -> None:
    liver_document(tmp_path / "liver.theatrum").close()
    with _shown(qtbot, Document.open(tmp_path / "liver.theatrum", read_only=True)) as page:
        button = _panel(page).findChild(QAbstractButton, "tree_tool_give")
        assert not button.isEnabled()
        assert button.toolTip() == "This case is open to read"
        QTest.keyClick(page.pane("axial"), Qt.Key.Key_G)
        assert _step(page).trees.mending.tool == ""
        assert [item for item in _panel(page).items() if isinstance(item, TreeItem)]


def test_a_tree_begins_where_one_clicks(qtbot: QtBot, page: CasePage) -> None:
    step = _step(page)
    _take(page, "root")
    assert {item.label for item in _panel(page).items() if isinstance(item, PointItem)} >= {"Root"}
    trunk = (0.0, 19.0, -19.0)
    _click(page, trunk)
    assert isinstance(step.trees.corrections[0], Root)
    _at_rest(qtbot, page)
    tree = _panel(page).work.model.trees.portal
    assert np.linalg.norm(tree.points_mm[int(tree.roots[0])] - trunk) < 3.0


def test_a_doubtful_branch_is_listed_flown_to_and_confirmed(qtbot: QtBot, page: CasePage) -> None:
    step, work = _step(page), _panel(page).work
    model, trees = work.model, work.model.trees.trees
    hepatic = trees.hepatic
    doubtful = (hepatic.points_mm[:, 0] > 6.0) & (hepatic.points_mm[:, 0] < 60.0)
    doubted = trees.with_tree("hepatic", replace(hepatic, confidence=np.where(doubtful, 0.1, 1.0)))
    found = replace(model.branching.trees, trees=doubted)
    work.model = replace(model, branching=replace(model.branching, trees=found))
    step.refresh()
    (place,) = step.trees.places
    assert (place.kind, place.tree) == ("doubt", "hepatic")
    row = step._look_table.findChild(TableRowButton, "row_look_1")
    QTest.mouseClick(row, LEFT)
    assert np.linalg.norm(np.array(page.session.view.state.cross_mm) - place.at_mm) < 1.0
    ringed = [item for item in _panel(page).items() if isinstance(item, PointItem) and item.key == place.key]
    assert ringed[0].label == "1"
    assert step.confirm.isVisible()
    QTest.mouseClick(step.confirm, LEFT)
    assert step.trees.places == []
    assert step.trees.corrections[0] == Reassign(tuple(round(float(v), 2) for v in place.at_mm), "hepatic")
    assert step._hero._note == ""


def test_roots_are_named_by_two_clicks_where_one_label_holds_both_trees(qtbot: QtBot, tmp_path: Path) -> None:
    with _shown(qtbot, _one_label(tmp_path / "one.theatrum")) as page:
        step, work = _step(page), _panel(page).work
        assert work.draft.roles.portal == work.draft.roles.hepatic == ("liver_vessels",)
        assert step._note.title == "Where do the trees begin?"
        assert set(step.trees.colors()) == {"portal", "hepatic", "loose"}
        assert _is_in(step.trees.trees().loose, PORTAL_LEFT)
        _take(page, "root")
        _click(page, (0.0, 18.0, -18.0))
        _at_rest(qtbot, page)
        _click(page, (3.8, 25.0, 23.0))
        _at_rest(qtbot, page)
        assert [(one.kind, one.tree) for one in step.trees.corrections] == [("root", "portal"), ("root", "hepatic")]
        assert step.result() == "2 trees"
        assert "touch at 1 place" in step._note.title
        assert [place.kind for place in step.trees.places] == ["touch"]
        assert _is_in(work.model.trees.portal, PORTAL_LEFT)
        # their ends touch, too, and were taken for one vessel: what went to the wrong tree is given back
        _take(page, "give")
        for place in (HEPATIC_LEFT, HEPATIC_RIGHT):
            assert _is_in(work.model.trees.portal, place)
            _click(page, place)
            _at_rest(qtbot, page)
            assert _is_in(work.model.trees.hepatic, place)
            assert not _is_in(work.model.trees.portal, place)
        assert _is_in(work.model.trees.portal, PORTAL_LEFT)
        assert _kept(page) == ["root", "root", "reassign", "reassign"]
