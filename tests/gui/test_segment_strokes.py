"""Correcting by strokes in the real window: every tool, this and not this, undo and redo, keeping, coming again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures
from guided_scene import LIVER_AT, NEIGHBOUR_AT, GuidedScene, dice, guided_document
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from segment_window import panel_of, press, shown_window, shut
from small_models import NORMALISE, make_stage

from app.models import zoo
from app.panels.drafts import kept_draft
from app.panels.segment.draft import STROKES
from app.workstation import Workstation
from inference.manifest import Input, Label, Licence, Manifest, Prompting, write_manifest
from inference.zoo import InstalledModel
from planning.case.document import Document
from planning.volume import Mask

pytestmark = pytest.mark.gui
LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
# the network is asked meanwhile, beside much other work
LONG_MS = 400_000
PROMPT_CHANNELS = ("previous", "box+", "box-", "point+", "point-", "scribble+", "scribble-")
X, Y, Z = NEIGHBOUR_AT
Place = tuple[float, float, float]
# round the organ that hangs on the liver
RING = tuple((X + 36.0 * np.cos(a), Y + 40.0 * np.sin(a), Z) for a in np.linspace(0.0, 2.0 * np.pi, 24))


@pytest.fixture(scope="module")
def scene() -> GuidedScene:
    return GuidedScene()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> Iterator[Workstation]:
    guided_document(tmp_path / "case.theatrum", scene).close()
    made = shown_window(qtbot, tmp_path / "case.theatrum")
    yield made
    shut(made)


def pick(window: Workstation, words: str) -> None:
    box = window.findChild(QComboBox, "stroke_structure")
    n = box.findText(words)
    assert n >= 0, [box.itemText(k) for k in range(box.count())]
    box.setCurrentIndex(n)
    box.activated.emit(n)


def on_screen(window: Workstation, place: Place, pane: str) -> QPoint:
    x, y = window.page.slices[pane].geometry_px().to_screen(np.array(place))
    return QPoint(round(x), round(y))


def draw(window: Workstation, *places: Place, keys: Qt.KeyboardModifier = NONE, pane: str = "axial") -> None:
    window.page.session.view.fly_to(np.array(places[0]))
    QTest.qWait(20)
    widget = window.page.slices[pane]
    points = [on_screen(window, place, pane) for place in places]
    QTest.mousePress(widget, LEFT, keys, points[0])
    for point in points[1:]:
        QTest.mouseMove(widget, point)
        QTest.qWait(2)
    QTest.mouseRelease(widget, LEFT, keys, points[-1])


def answered(qtbot: QtBot, window: Workstation) -> None:
    work = panel_of(window).strokes
    qtbot.waitUntil(lambda: not work.is_running(STROKES) and not window.jobs.active, timeout=LONG_MS)


def callouts(window: Workstation) -> str:
    return " ".join(label.text() for label in panel_of(window).guided.body.findChildren(QLabel) if label.isVisible())


def key(window: Workstation, code: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    pane = window.page.slices["axial"]
    pane.setFocus()
    QTest.keyClick(pane, code, keys)


def test_a_new_structure_by_strokes_is_kept_as_one_step(qtbot: QtBot, window: Workstation, scene: GuidedScene) -> None:
    press(window, "open_strokes")
    panel, session = panel_of(window), window.page.session
    field = window.findChild(QLineEdit, "stroke_name")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "spleen")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.strokes.draft.name == "spleen"
    assert (session.view.state.tool, session.view.state.placing) == ("stroke", STROKES)
    steps = session.document.journal_length
    draw(window, (X - 16, Y, Z), (X, Y, Z), (X + 16, Y, Z))
    # the window is never held while a stroke is answered
    assert panel.strokes.is_running(STROKES)
    answered(qtbot, window)
    draw(window, *RING, keys=CONTROL)
    answered(qtbot, window)
    (preview,) = panel.labels()
    assert preview.key == "spleen"
    assert dice(preview.mask.full(), scene.neighbour) > 0.85
    assert [item.key for item in panel.surfaces()] == ["spleen"]
    assert session.document.journal_length == steps
    assert panel.guided._counts.row("strokes").value == "1 this, 1 not"
    press(window, "accept_strokes")
    assert session.document.journal_length == steps + 1
    # 3D never misses it: the preview's surface stays until the structure has its own
    assert session.surface("spleen") is not None or [item.key for item in panel.surfaces()] == ["spleen"]
    answered(qtbot, window)
    assert session.surface("spleen") is not None
    assert panel.surfaces() == ()
    kept = session.case.structures["spleen"]
    assert kept.provenance.source.startswith("strokes, 2 prompts")
    assert [text.partition(" ")[0] for text in kept.provenance.inputs] == ["scribble", "scribble"]
    assert kept_draft(session, STROKES) is None
    # undo takes the step back and the strokes are there again, one by one
    window.actions_["undo"].trigger()
    assert "spleen" not in session.case.structures
    assert panel.strokes.is_open(STROKES)
    window.actions_["undo"].trigger()
    assert len(panel.strokes.draft.marks) == 1
    for _ in range(2):
        assert window.actions_["redo"].isEnabled()
        window.actions_["redo"].trigger()
    assert len(panel.strokes.draft.marks) == 2
    assert session.case.structures["spleen"].array == kept.array


def test_every_stroke_is_undone_and_done_again_by_keys(qtbot: QtBot, window: Workstation) -> None:
    press(window, "open_strokes")
    panel = panel_of(window)
    draw(window, (X - 14, Y, Z), (X + 14, Y, Z))
    answered(qtbot, window)
    first = panel.labels()[0].mask
    draw(window, *RING, keys=CONTROL)
    answered(qtbot, window)
    both = panel.labels()[0].mask
    key(window, Qt.Key.Key_Z, CONTROL)
    assert panel.labels()[0].mask is first
    key(window, Qt.Key.Key_Y, CONTROL)
    assert panel.labels()[0].mask is both
    for _ in range(2):
        key(window, Qt.Key.Key_Z, CONTROL)
    assert panel.labels() == ()
    assert not panel.strokes.draft.marks
    for _ in range(2):
        key(window, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert panel.labels()[0].mask is both
    press(window, "strokes_start_over")
    assert not panel.strokes.draft.marks


def test_click_box_and_lasso_work_in_their_planes(qtbot: QtBot, window: Workstation, scene: GuidedScene) -> None:
    press(window, "open_strokes")
    panel = panel_of(window)
    press(window, "stroke_tool_box")
    draw(window, (X - 25, Y - 29, Z), (X + 25, Y + 29, Z))
    answered(qtbot, window)
    press(window, "stroke_tool_lasso")
    outline = [(X + 24.0 * np.cos(a), Y, Z + 28.0 * np.sin(a)) for a in np.linspace(0.0, 6.0, 20)]
    draw(window, *outline, pane="coronal")
    answered(qtbot, window)
    press(window, "stroke_tool_click")
    draw(window, (X, Y + 10, Z))
    answered(qtbot, window)
    draw(window, LIVER_AT, keys=CONTROL)
    answered(qtbot, window)
    marks = panel.strokes.draft.marks
    assert [(mark.kind, mark.positive) for mark in marks] == [
        ("box", True),
        ("lasso", True),
        ("point", True),
        ("point", False),
    ]
    assert dice(panel.labels()[0].mask.full(), scene.neighbour) > 0.85
    lines = [item for item in panel.items() if item.key.endswith(":line")]
    assert len(lines[0].points_mm) == 5
    for item in lines:
        assert np.allclose(item.points_mm[0], item.points_mm[-1])


def test_a_box_in_a_turned_plane_is_refused_in_words(qtbot: QtBot, window: Workstation) -> None:
    press(window, "open_strokes")
    window.page.session.view.align(
        "cut", np.array(NEIGHBOUR_AT), np.array([0.5, 0.5, 0.7]) / np.linalg.norm([0.5, 0.5, 0.7])
    )
    QTest.qWait(30)
    press(window, "stroke_tool_box")
    pane = window.page.slices["axial"]
    middle = on_screen(window, NEIGHBOUR_AT, "axial")
    QTest.mousePress(pane, LEFT, NONE, middle - QPoint(40, 40))
    QTest.mouseMove(pane, middle + QPoint(10, 10))
    QTest.mouseRelease(pane, LEFT, NONE, middle + QPoint(40, 40))
    assert not panel_of(window).strokes.draft.marks
    assert "one slice" in callouts(window)


def test_keys_swap_the_meaning_and_the_brush_shows_it(qtbot: QtBot, window: Workstation) -> None:
    press(window, "open_strokes")
    view = window.page.session.view
    assert (view.state.brush_mm, view.state.refuses) == (2.0, False)
    key(window, Qt.Key.Key_X)
    assert view.state.refuses
    pane = window.page.slices["axial"]
    middle = on_screen(window, NEIGHBOUR_AT, "axial")
    QTest.mouseMove(pane, middle)
    assert pane.hands.has_brush
    assert pane.hands.refuses
    QTest.keyPress(pane, Qt.Key.Key_Control, CONTROL)
    assert not pane.hands.refuses
    QTest.keyRelease(pane, Qt.Key.Key_Control)
    assert pane.hands.refuses
    for pane_name in ("coronal", "sagittal"):
        other = window.page.slices[pane_name]
        QTest.mouseMove(other, QPoint(80, 80))
        assert other.hands.has_brush
    key(window, Qt.Key.Key_K)
    assert (view.state.tool, view.state.brush_mm) == ("click", 6.0)
    key(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert (view.state.tool, view.state.refuses) == ("stroke", True)
    key(window, Qt.Key.Key_Escape)
    assert view.state.tool == "cross"
    press(window, "panel_back")
    key(window, Qt.Key.Key_X)
    assert view.state.tool == "cross"


def test_a_structure_of_the_case_is_corrected_and_strokes_for_another_wait(
    qtbot: QtBot, tmp_path: Path, scene: GuidedScene
) -> None:
    path = tmp_path / "both.theatrum"
    with guided_document(path, scene) as document:
        add_structures(document, {"liver": Mask.from_full(scene.grid, scene.liver | scene.neighbour)})
    window = shown_window(qtbot, path)
    # as the structure's menu does, from another place
    window.page.show_module("study")
    window.case_actions._correct("liver")
    panel, session = panel_of(window), window.page.session
    assert panel.strokes.draft.name == "liver"
    before = session.mask("liver").volume_ml
    draw(window, (X - 10, Y - 10, Z), (X + 10, Y + 10, Z), keys=CONTROL)
    answered(qtbot, window)
    assert panel.labels()[0].mask.volume_ml < before - 20.0
    assert panel.replaced() == {"liver"}
    pick(window, "New structure")
    draw(window, (X - 14, Y, Z), (X + 14, Y, Z))
    answered(qtbot, window)
    assert panel.strokes.waiting() == {"liver": 1, "Structure 1": 1}
    assert "Liver: choose it above" in callouts(window)
    press(window, "panel_back")
    session.view.set(selected="")
    press(window, "open_strokes")
    assert panel.strokes.draft.name == "Structure 1"
    # as a crash would: nothing kept, both are there again
    shut(window)
    again = shown_window(qtbot, path)
    panel = panel_of(again)
    assert panel.step is panel.by_strokes
    answered(qtbot, again)
    assert panel.strokes.waiting() == {"liver": 1, "Structure 1": 1}
    pick(again, "Liver")
    answered(qtbot, again)
    assert panel.labels()[0].mask.volume_ml < before - 20.0
    press(again, "accept_strokes")
    kept = again.page.session.case.structures["liver"]
    assert (kept.source, kept.volume_ml < before) == ("edited", True)
    press(again, "panel_back")
    assert panel.page._facts.row("marks").value == "1 stroke"
    shut(again)
    with Document.open(path, read_only=True) as document:
        assert set(document.case.structures) == {"liver"}


def test_a_stopped_stroke_is_taken_back_and_the_window_closes_without_it(qtbot: QtBot, window: Workstation) -> None:
    press(window, "open_strokes")
    panel = panel_of(window)
    draw(window, (X - 14, Y, Z), (X + 14, Y, Z))
    state = next(state for state in window.jobs.active if state.job.key == "guide strokes")
    window.jobs.cancel(state)
    assert not panel.strokes.draft.marks
    assert "The last stroke was taken back" in callouts(window)
    qtbot.waitUntil(lambda: state.status == "cancelled", timeout=1000)
    answered(qtbot, window)
    assert panel.labels() == ()


def test_only_not_this_cannot_be_kept(qtbot: QtBot, window: Workstation) -> None:
    press(window, "open_strokes")
    draw(window, (X - 14, Y, Z), (X + 14, Y, Z), keys=CONTROL)
    answered(qtbot, window)
    assert "this" in panel_of(window).by_strokes.actions().main.blocked
    # a line that goes beyond the image goes along its border
    draw(window, (X, Y, Z), (8.0, Y, Z), (-12.0, Y, Z), (-12.0, Y - 20.0, Z), (8.0, Y - 20.0, Z), keys=CONTROL)
    answered(qtbot, window)
    newest = panel_of(window).strokes.draft.marks[-1]
    assert len(newest.points_mm) == 5
    assert newest.points_mm[:, 0].min() == pytest.approx(0.0, abs=1e-6)
    draw(window, (X, Y, Z), keys=CONTROL)
    answered(qtbot, window)


def test_a_case_open_to_read_says_why(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> None:
    path = tmp_path / "read.theatrum"
    guided_document(path, scene).close()
    window = shown_window(qtbot, path, read_only=True)
    panel = panel_of(window)
    panel.open_strokes()
    assert panel.by_strokes.blocked() == "This case is open to read"
    draw(window, (X - 14, Y, Z), (X + 14, Y, Z))
    assert not panel.strokes.draft.marks
    shut(window)


def added_model(licence: Licence) -> InstalledModel:
    """A small network that takes prompts, in the zoo of this home."""
    folder = zoo().user / "prompted" / "1.0.0"
    stage = make_stage(
        folder,
        2,
        channels=1 + len(PROMPT_CHANNELS),
        patch=(16, 16, 16),
        prompting=Prompting(channels=PROMPT_CHANNELS),
        wanted=Input(orientation="native", spacing_mm=(None, None, None), normalise=NORMALISE),
    )
    manifest = Manifest(
        id="prompted",
        version="1.0.0",
        title="A prompted network",
        kind="interactive",
        stages=(stage,),
        labels=(Label(index=1, name="structure"),),
        licence=licence,
    )
    write_manifest(manifest, folder)
    return InstalledModel(folder, manifest)


def test_a_network_that_takes_prompts_says_before_any_stroke_what_it_lacks(qtbot: QtBot, window: Workstation) -> None:
    model = added_model(Licence(id="CC-BY-NC-SA-4.0", commercial=False))
    press(window, "open_strokes")
    panel = panel_of(window)
    box = window.findChild(QComboBox, "stroke_engine")
    assert [box.itemText(n) for n in range(box.count())] == ["Own strokes", "A prompted network"]
    box.activated.emit(1)
    assert "licence of A prompted network is not accepted" in callouts(window)
    assert panel.strokes.model is None
    zoo().accept(model)
    box.activated.emit(1)
    answered(qtbot, window)
    qtbot.waitUntil(lambda: panel.strokes.model is None and not window.jobs.active, timeout=LONG_MS)
    assert "needs a graphics card" in callouts(window)
    assert box.currentText() == "Own strokes"
    draw(window, (X - 14, Y, Z), (X + 14, Y, Z))
    answered(qtbot, window)
    assert panel.labels()[0].mask.voxel_count
