"""The real window: opening, looking, measuring, undoing, finding, closing; by real events on its widgets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.actions import SPECS
from app.dialogs.message import ConfirmDialog
from app.files import with_ending
from app.launch import make_application
from app.settings import Settings, load_settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import AddStructure
from planning.case.document import Document
from planning.case.model import Structure
from planning.case.trail import trail
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.provenance import Provenance
from planning.volume import Mask, Volume

pytestmark = pytest.mark.gui
LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def _volume() -> Volume:
    grid = Grid.from_parts((64, 60, 40), (1.5, 1.5, 2.0), (-48.0, -45.0, -40.0))
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)
    inside = np.linalg.norm(points / (40, 36, 36), axis=-1) <= 1
    voxels = np.where(inside, 60, -1000) + np.random.default_rng(1).normal(0, 10, inside.shape)
    return Volume(grid, voxels.astype(np.int16))


def _structure(document: Document, name: str, center: tuple[float, float, float], radius: float) -> Structure:
    grid = document.case.images["CT"].grid
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)
    mask = Mask.from_full(grid, np.linalg.norm(points - center, axis=-1) <= radius)
    start, reference = document.put_mask(mask)
    return Structure(
        name=name,
        grid=grid,
        start_ijk=start,
        array=reference,
        voxel_count=mask.voxel_count,
        color="#DD8265",
        provenance=Provenance("test"),
    )


@pytest.fixture
def case_path(tmp_path: Path) -> Path:
    path = tmp_path / "case.theatrum"
    with make_case(path, _volume()) as document:
        document.do(AddStructure(_structure(document, "liver", (0, 0, 0), 24.0)))
        document.do(AddStructure(_structure(document, "spleen", (20, 10, 0), 8.0)))
    return path


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.show()
    qtbot.waitExposed(made)
    made.windowHandle().requestActivate()
    qtbot.waitActive(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


@pytest.fixture
def opened(window: Workstation, case_path: Path, qtbot: QtBot) -> Workstation:
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([case_path])
    wait_settled(window)
    return window


def _button(window: QWidget, name: str) -> QAbstractButton:
    return next(b for b in window.findChildren(QAbstractButton, name) if b.isVisible())


def test_a_case_opens_with_its_slices_and_structures_shown(opened: Workstation) -> None:
    assert opened.place == "case"
    assert opened.page is not None
    names = [row.key for row in opened.page.structures.list.rows.rows if row.kind == "structure"]
    assert names == ["liver", "spleen"]
    picture = opened.page.slices["axial"].grab_picture()
    middle = picture.pixelColor(picture.width() // 2 + 15, picture.height() // 2 + 15)
    assert max(middle.red(), middle.green(), middle.blue()) > 60


def test_a_saved_picture_says_what_it_is_for(
    opened: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "axial.png"
    monkeypatch.setattr(opened.files, "choose_save", lambda *_: target)
    shown = QImage(600, 400, QImage.Format.Format_RGB32)
    shown.fill(QColor("white"))
    shown.setDevicePixelRatio(1.5)
    opened.files.save_picture("axial", shown)
    saved = QImage(str(target))
    assert saved.width() == 600
    assert saved.height() > 400
    assert all(saved.pixelColor(x, y).lightness() == 255 for x in (0, 300, 599) for y in (0, 200, 399))
    strip = [saved.pixelColor(x, y).lightness() for y in range(400, saved.height()) for x in range(600)]
    assert min(strip) < 30
    assert max(strip) > 180


def test_an_ending_that_the_window_adds_replaces_no_file_unasked(
    opened: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's dialog asked about "plan"; what would be written is plan.stl."""
    there = tmp_path / "plan.stl"
    there.write_bytes(b"mine")
    typed = (str(tmp_path / "plan"), "Chosen structure, STL (*.stl)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: typed)
    answers = iter((False, True))
    asked: list[str] = []

    def ask(dialog: ConfirmDialog) -> bool:
        asked.append(dialog.accessibleName())
        return next(answers)

    monkeypatch.setattr(ConfirmDialog, "ask", ask)
    assert opened.files.choose_save("Export", "theatrum-export", typed[1]) is None
    assert opened.files.choose_save("Export", "theatrum-export", typed[1]) == there
    assert asked == ["plan.stl is there already. Replace it?"] * 2
    there.unlink()
    assert opened.files.choose_save("Export", "theatrum-export", typed[1]) == there


def test_a_film_of_a_kind_that_cannot_be_written_is_told_and_gif_is_proposed(
    opened: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = (str(tmp_path / "turn.MP4"), "Film, GIF (*.gif)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: typed)
    shot: list[Path] = []
    monkeypatch.setattr(opened.files, "_shoot", lambda title, path, *_: shot.append(path))
    answers = iter((False, True, True, True))
    asked: list[str] = []

    def ask(dialog: ConfirmDialog) -> bool:
        asked.append(dialog.accessibleName())
        return next(answers)

    monkeypatch.setattr(ConfirmDialog, "ask", ask)
    opened.files.film(240, 4)
    assert shot == []
    opened.files.film(240, 4)
    assert shot == [tmp_path / "turn.gif"]
    shot[0].write_bytes(b"mine")
    opened.files.film(240, 4)
    assert asked == ["MP4 films cannot be written"] * 3 + ["turn.gif is there already. Replace it?"]


def test_a_dialog_that_tells_no_filter_leaves_the_typed_ending() -> None:
    kinds = "Report, PDF (*.pdf);;Pages (*.html *.htm);;Numbers (*.csv)"
    for name in ("plan.pdf", "plan.htm", "plan.CSV"):
        assert with_ending(Path(name), kinds) == Path(name)
    assert with_ending(Path("plan"), kinds) == Path("plan.pdf")
    assert with_ending(Path("plan.pdf"), "Numbers (*.csv)") == Path("plan.pdf.csv")


def test_an_exported_surface_is_the_chosen_structure_and_the_strip_names_it(
    opened: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    assert opened.page is not None
    target = tmp_path / "part.stl"
    monkeypatch.setattr(opened.files, "choose_save", lambda *_: target)
    said: list[str] = []
    monkeypatch.setattr(opened.strip, "say", lambda words, **_: said.append(words))
    opened.files.export()
    assert said == ["Choose a structure in the list first."]
    assert not opened.jobs.active
    opened.page.session.view.set(selected="spleen")
    opened.files.export()
    qtbot.waitUntil(target.exists, timeout=30000)
    qtbot.waitUntil(lambda: said[-1] == "Exported Spleen as part.stl", timeout=30000)
    # two that follow each other at once are both written
    both = [tmp_path / "liver.stl", tmp_path / "spleen.stl"]
    for path in both:
        monkeypatch.setattr(opened.files, "choose_save", lambda *_, path=path: path)
        opened.page.session.view.set(selected=path.stem)
        opened.files.export()
    qtbot.waitUntil(
        lambda: {f"Exported {path.stem.title()} as {path.name}" for path in both} <= set(said), timeout=30000
    )
    assert all(path.exists() for path in both)
    steps = trail(opened.page.session.document)
    assert [(step.what, step.text) for step in steps[-3:]] == [("written out", "structure (.stl)")] * 3


def test_a_folder_is_listed_imported_and_opened(window: Workstation, tmp_path: Path, qtbot: QtBot) -> None:
    write_ct_series(_volume(), tmp_path / "scan", description="abdomen", label="DOE JANE")
    window.open_paths([tmp_path / "scan"])
    qtbot.waitUntil(lambda: window.browser.has_scan and not window.jobs.active, timeout=30000)
    assert window.place == "browser"
    with qtbot.waitSignal(window.opened, timeout=30000):
        QTest.mouseClick(_button(window, "open_series"), LEFT)
    assert window.session is not None
    assert window.session.label == "Case 0001"
    assert window.page is not None
    assert window.page.module == "study"
    assert b"DOE" not in window.session.path.read_bytes()
    assert "DOE" not in window.windowTitle()


def test_what_cannot_be_opened_is_said_and_nothing_changes(
    window: Workstation, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("app.workstation.show_error", lambda parent, error: told.append(str(error)))
    (tmp_path / "text.theatrum").write_text("no case at all")
    window.open_paths([tmp_path / "text.theatrum"])
    qtbot.waitUntil(lambda: len(told) == 1, timeout=10000)
    (tmp_path / "empty").mkdir()
    window.open_paths([tmp_path / "empty"])
    qtbot.waitUntil(lambda: len(told) == 2, timeout=20000)
    assert window.place == "start"
    assert all("Traceback" not in text for text in told)


def test_files_dropped_on_an_open_case_are_opened(opened: Workstation, case_path: Path, qtbot: QtBot) -> None:
    other = case_path.with_name("other.theatrum")
    with make_case(other, _volume()):
        pass
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(other))])
    place = QPointF(opened.rect().center())
    actions, modifiers = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(opened, QDragEnterEvent(place.toPoint(), actions, data, LEFT, modifiers))
    with qtbot.waitSignal(opened.opened, timeout=20000):
        QApplication.sendEvent(opened, QDropEvent(place, actions, data, LEFT, modifiers))
    assert opened.session is not None
    assert opened.session.path == other


def test_the_crosshair_follows_a_click_and_is_shared(opened: Workstation) -> None:
    assert opened.page is not None
    pane = opened.page.slices["axial"]
    before = opened.page.session.view.state.cross_mm
    place = pane.rect().center() + QPoint(30, -20)
    clicked = pane.geometry_px().to_world((place.x() + 0.5, place.y() + 0.5))
    QTest.mouseClick(pane, LEFT, NONE, place)
    after = opened.page.session.view.state.cross_mm
    assert after[:2] == pytest.approx(clicked[:2], abs=pane.geometry_px().mm_per_px)
    assert after[2] == pytest.approx(before[2], abs=1e-9)
    assert opened.page.slices["coronal"].geometry_px().distance_mm(np.array(after)) == pytest.approx(0.0, abs=1e-6)


def test_a_distance_is_measured_kept_deleted_and_brought_back(opened: Workstation, qtbot: QtBot) -> None:
    assert opened.page is not None
    page = opened.page
    pane = page.slices["axial"]
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_D)
    assert page.session.view.state.tool == "distance"
    start, end = pane.rect().center(), pane.rect().center() + QPoint(40, 0)
    QTest.mousePress(pane, LEFT, NONE, start)
    for step in range(1, 9):
        QTest.mouseMove(pane, start + QPoint(5 * step, 0))
    QTest.mouseRelease(pane, LEFT, NONE, end)
    (measurement,) = page.session.case.measurements.values()
    assert measurement.value == pytest.approx(40 * pane.geometry_px().mm_per_px, rel=0.05)
    assert page.structures.measurements.isVisible()
    page.session.view.set(selected=measurement.name)
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    assert not page.session.case.measurements
    QTest.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    assert list(page.session.case.measurements) == [measurement.name]
    opened.close_case()
    with Document.open(opened.settings.recent[0].path if opened.settings.recent else page.session.path) as document:
        assert list(document.case.measurements) == [measurement.name]


def test_the_eye_hides_a_structure_in_every_pane(opened: Workstation) -> None:
    assert opened.page is not None
    page = opened.page
    rows = page.structures.list
    number = [row.key for row in rows.rows.rows].index("liver")
    rectangle = rows.visualRect(rows.rows.index(number))
    QTest.mouseClick(rows.viewport(), LEFT, NONE, QPoint(rectangle.left() + 14, rectangle.center().y()))
    assert page.session.view.state.hidden == {"liver"}
    wait_settled(opened)
    assert [item.key for item in page._builder.panes(None).labels] == ["spleen"]


def test_the_palette_finds_an_action_and_runs_it(opened: Workstation, qtbot: QtBot) -> None:
    assert opened.page is not None
    QTest.keyClick(opened, Qt.Key.Key_K, CONTROL)
    field = next(f for f in opened.findChildren(QLineEdit) if f.isVisible() and f.property("k") == "bare")
    QTest.keyClicks(field, "crossh")
    assert opened.page.session.view.state.show_crosshair
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not opened.page.session.view.state.show_crosshair, timeout=2000)


def test_layouts_and_maximising_keep_the_crosshair(opened: Workstation) -> None:
    assert opened.page is not None
    page, view = opened.page, opened.page.session.view
    view.set(cross_mm=(5.0, 6.0, 7.0))
    for layout in ("1+3", "3d", "2x2"):
        opened.actions_[f"layout_{layout}"].trigger()
        assert view.state.layout == layout
        assert page.scene.isVisible()
    QTest.mouseDClick(page.slices["axial"], LEFT, NONE, QPoint(40, 120))
    assert view.state.maximised == "axial"
    assert not page.slices["coronal"].isVisible()
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Escape)
    assert view.state.maximised == ""
    assert page.slices["coronal"].isVisible()


def test_window_presets_have_keys_and_the_button_says_which(opened: Workstation) -> None:
    assert opened.page is not None
    pane = opened.page.slices["axial"]
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_2)
    state = opened.page.session.view.state
    assert (state.window, state.level) == (360, 70)
    assert opened.top.preset.text().strip() == "Liver"


def test_letters_typed_into_a_field_do_nothing_else(opened: Workstation) -> None:
    assert opened.page is not None
    field = opened.page.structures.find
    field.setFocus()
    QTest.keyClicks(field, "hold2")
    assert field.text() == "hold2"
    assert opened.page.session.view.state.show_overlays
    assert opened.page.structures._empty_text.text() == "Nothing matches “hold2”."


def test_the_theme_changes_at_once_and_is_kept(opened: Workstation) -> None:
    opened.apply_settings(opened.settings.model_copy(update={"theme": "light", "text_scale_percent": 120}))
    assert load_settings().theme == "light"
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    assert application.palette().window().color().lightness() > 200
    wait_settled(opened)
    opened.apply_settings(opened.settings.model_copy(update={"theme": "dark", "text_scale_percent": 100}))


def test_every_control_has_a_name_for_screen_readers_and_tests(opened: Workstation) -> None:
    assert opened.page is not None
    for module in ("study", "segment", "heart", "liver", "vessel", "print", "report"):
        opened.page.show_module(module)
        nameless = [
            f"{module}: {type(button).__name__} {button.text()!r}"
            for button in opened.findChildren(QAbstractButton)
            if button.isVisible() and not (button.accessibleName() or button.text() or button.toolTip())
        ]
        assert nameless == []
    wait_settled(opened)


def test_every_action_is_connected(window: Workstation) -> None:
    assert {action.objectName() for action in window.actions_.all()} == {spec.id for spec in SPECS}


def test_opening_and_closing_leaves_no_widgets_behind(window: Workstation, case_path: Path, qtbot: QtBot) -> None:
    counts = []
    for _ in range(5):
        with qtbot.waitSignal(window.opened, timeout=20000):
            window.open_paths([case_path], module="study")
        wait_settled(window)
        window.close_case()
        qtbot.wait(30)
        counts.append(len(QApplication.allWidgets()))
    assert counts[-1] <= counts[1] + 5


@pytest.mark.slow
def test_a_monkey_cannot_stop_the_window(opened: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random clicks, drags, wheels and keys on panes and lists; dialogs are answered, nothing may raise."""
    assert opened.page is not None
    for name in ("choose_open", "choose_folder", "choose_save"):
        monkeypatch.setattr(opened.files, name, lambda *_: None)
    generator = random.Random(7)
    targets: list[QWidget] = [*opened.page.slices.values(), opened.page.scene, opened.page.structures.list.viewport()]
    keys = [getattr(Qt.Key, f"Key_{letter}") for letter in "CHOILJDZFRN0123456"] + [Qt.Key.Key_Up, Qt.Key.Key_Escape]
    for _ in range(150):
        target = generator.choice([widget for widget in targets if widget.isVisible()] or [opened])
        place = QPoint(generator.randrange(max(target.width(), 1)), generator.randrange(max(target.height(), 1)))
        act = generator.randrange(4)
        if act == 0:
            QTest.mouseClick(target, LEFT, NONE, place)
        elif act == 1:
            QTest.mousePress(target, LEFT, NONE, place)
            QTest.mouseMove(target, place + QPoint(generator.randrange(-40, 40), generator.randrange(-40, 40)))
            QTest.mouseRelease(target, LEFT, NONE, place + QPoint(9, 9))
        elif act == 2:
            QTest.keyClick(target, generator.choice(keys))
        else:
            event = QWheelEvent(
                QPointF(place),
                QPointF(target.mapToGlobal(place)),
                QPoint(),
                QPoint(0, generator.choice((-120, 120))),
                Qt.MouseButton.NoButton,
                generator.choice((NONE, CONTROL)),
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(target, event)
        QApplication.processEvents()
    assert opened.isVisible()
    assert opened.place == "case"
