"""The pages before a case is open: dropping, recent cases, samples, and choosing a series."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import use_language
from app.jobs import Job, JobRunner
from app.samples import sample_path
from app.screens.browser import SeriesBrowser
from app.screens.preview import direction_letters, opposite_letters, plane_name, ruler_mm
from app.screens.series_text import fact_rows, line_text, problem_texts, study_title
from app.screens.start import StartScreen
from app.settings import CaseTold, RecentCase, Settings, remember_case
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from app.thumbnails import make_thumbnail, save_thumbnail, thumbnail_path
from planning.dicom.fitness import rank_series
from planning.dicom.model import ScanResult, SeriesInfo, SkippedFile
from planning.dicom.scan import scan
from planning.dicom.write import write_ct_series
from planning.findings import Finding
from planning.geometry import Grid
from planning.volume import Volume

pytestmark = pytest.mark.gui
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def look(theme: str = "dark", scale: int = 100) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look(theme, scale))


@pytest.fixture
def jobs(qtbot: QtBot):
    look()
    runner = JobRunner()
    yield runner
    runner.shutdown()
    look()


def shown(qtbot: QtBot, page: QWidget, size: tuple[int, int] = (1280, 720)) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    holder.resize(*size)
    qtbot.addWidget(holder)
    holder.show()
    qtbot.waitExposed(holder)
    holder.activateWindow()
    return holder


def button(parent: QWidget, name: str) -> QPushButton:
    found = parent.findChild(QPushButton, name)
    assert found is not None, name
    return found


# start


@pytest.fixture
def start(qtbot: QtBot, jobs: JobRunner) -> StartScreen:
    page = StartScreen(jobs)
    page.refresh(Settings())
    page.holder = shown(qtbot, page)  # type: ignore[attr-defined]
    return page


def recent(path: Path, label: str, **more: object) -> RecentCase:
    return RecentCase(path=str(path), label=label, opened="2020-11-19 10:00", **more)  # type: ignore[arg-type]


def test_buttons_ask(start: StartScreen, qtbot: QtBot) -> None:
    for name, signal in (
        ("open_folder", start.folder_asked),
        ("open_case", start.case_asked),
        ("open_file", start.file_asked),
    ):
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button(start, name), LEFT)
    with qtbot.waitSignal(start.sample_chosen) as said:
        QTest.mouseClick(start.samples["liver"], LEFT)
    assert said.args == ["liver"]


def test_files_dropped_anywhere_are_told(start: StartScreen, tmp_path: Path) -> None:
    dropped: list[object] = []
    start.paths_dropped.connect(dropped.append)
    data = QMimeData()
    data.setUrls(
        [QUrl.fromLocalFile(str(tmp_path / "a b")), QUrl("https://example.org/x"), QUrl.fromLocalFile("/c.zip")]
    )
    enter = QDragEnterEvent(QPoint(900, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    QApplication.sendEvent(start, enter)
    assert enter.isAccepted()
    assert start.zone.is_lit
    QApplication.sendEvent(start, QDragLeaveEvent())
    assert not start.zone.is_lit
    QApplication.sendEvent(start, enter)
    QApplication.sendEvent(start, QDropEvent(QPointF(900, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY))
    assert dropped == [[tmp_path / "a b", Path("/c.zip")]]
    assert not start.zone.is_lit


def test_text_that_is_dropped_is_not_taken(start: StartScreen) -> None:
    data = QMimeData()
    data.setText("hello")
    enter = QDragEnterEvent(QPoint(200, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    enter.ignore()
    QApplication.sendEvent(start, enter)
    assert not start.zone.is_lit


def test_recent_cases_open_and_leave_the_list(start: StartScreen, qtbot: QtBot, tmp_path: Path) -> None:
    there = [tmp_path / f"{n}.theatrum" for n in range(5)]
    for path in there[:4]:
        path.write_bytes(b"")
    start.refresh(Settings(recent=tuple(recent(path, f"Case {n}") for n, path in enumerate(there))))
    assert len(start.cards()) == 3
    QTest.mouseClick(button(start, "recent_show_all"), LEFT)
    assert [card.is_there for card in start.cards()] == [True] * 4 + [False]
    assert "The file is not there" in start.cards()[4].accessibleName()
    opened: list[str] = []
    start.recent_chosen.connect(opened.append)
    QTest.mouseClick(start.cards()[1], LEFT)
    start.cards()[2].setFocus()
    QTest.keyClick(start.cards()[2], Qt.Key.Key_Return)
    QTest.mouseClick(start.cards()[4], LEFT)
    assert opened == [str(there[1]), str(there[2])]
    with qtbot.waitSignal(start.recent_removed) as said:
        QTest.keyClick(start.cards()[4], Qt.Key.Key_Delete)
    assert said.args == [str(there[4])]
    assert len(start.cards()) == 4
    assert button(start, "recent_show_all").text() == "Show fewer"


def test_right_click_removes_from_the_list(start: StartScreen, qtbot: QtBot, tmp_path: Path) -> None:
    start.refresh(Settings(recent=(recent(tmp_path / "gone.theatrum", "Case 9"),)))
    card = start.cards()[0]
    middle = card.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, card.mapToGlobal(middle))
    QApplication.sendEvent(card, event)
    menu = card.findChild(QMenu, "recent_menu")
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    with qtbot.waitSignal(start.recent_removed):
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[0]).center())
    none = start.findChild(QLabel, "recent_none")
    assert none is not None
    assert none.isVisible()


def test_settings_remember_the_newest_case_first(tmp_path: Path) -> None:
    settings = remember_case(Settings(), tmp_path / "a.theatrum", "A", "now", told=CaseTold(age="074Y"))
    settings = remember_case(settings, tmp_path / "b.theatrum", "B", "now")
    assert [case.label for case in settings.recent] == ["B", "A"]
    assert settings.recent[1].told == CaseTold(age="074Y")


def test_recent_cases_say_how_far_they_are_in_the_language_of_now(start: StartScreen, tmp_path: Path) -> None:
    told = CaseTold(age="074Y", sex="F", modality="CT", year="2026", plans=("tavr", "liver", "liver"))
    cases = tuple(recent(tmp_path / name, name, told=one) for name, one in (("a", told), ("b", CaseTold(structures=2))))
    for case in cases:
        Path(case.path).touch()
    start.refresh(Settings(recent=cases))
    first, second = (card.accessibleName() for card in start.cards())
    assert "74\u202fy · female · CT 2026, TAVR plan, 2 liver plans" in first
    assert "2 structures, no plan yet" in second
    use_language("de", QApplication.instance())  # type: ignore[arg-type]
    try:
        start.refresh(Settings(recent=cases))
        first, second = (card.accessibleName() for card in start.cards())
    finally:
        use_language("en", QApplication.instance())  # type: ignore[arg-type]
    assert "weiblich · CT 2026, TAVR-Plan, 2 Leberpläne" in first
    assert "2 Strukturen, noch kein Plan" in second


def test_cases_and_samples_get_their_pictures_by_themselves(start: StartScreen, qtbot: QtBot, jobs: JobRunner) -> None:
    path = sample_path("heart")
    path.parent.mkdir(parents=True, exist_ok=True)
    voxels = np.full((20, 30, 40), -800, dtype=np.int16)
    voxels[10:, :, :20] = 300
    make_case(path, Volume(Grid.from_parts((40, 30, 20), (1, 1, 2), (0, 0, 0)), voxels)).close()
    # the first start has no sample yet, and no black boxes either
    assert all(card.has_picture for card in start.samples.values())
    start.refresh(Settings(recent=(recent(path, "Sample"),)))
    qtbot.waitUntil(lambda: not QImage(str(thumbnail_path(path))).isNull(), timeout=10000)
    picture = QImage(str(thumbnail_path(path)))
    # head up, the patient's right at the left, millimetres as they are
    assert (picture.width(), picture.height()) == (20, 20)
    assert picture.pixelColor(4, 4).lightness() > 200
    assert picture.pixelColor(15, 4).lightness() < 40
    assert picture.pixelColor(4, 15).lightness() < 40


def test_thumbnails_are_small_and_name_nobody(tmp_path: Path) -> None:
    case = tmp_path / "Doe Jane.theatrum"
    save_thumbnail(case, QImage(1600, 900, QImage.Format.Format_RGB32))
    target = thumbnail_path(case)
    assert "Doe" not in str(target)
    assert QImage(str(target)).width() <= 464
    document = make_case(case, Volume(Grid.from_parts((4, 4, 4), (1, 1, 1), (0, 0, 0)), np.zeros((4, 4, 4), np.int16)))
    document.close()
    assert make_thumbnail(case) == target


@pytest.mark.parametrize(("theme", "scale"), [("dark", 100), ("light", 150)])
def test_start_fits_into_the_smallest_window(
    qtbot: QtBot, jobs: JobRunner, tmp_path: Path, theme: str, scale: int
) -> None:
    look(theme, scale)
    page = StartScreen(jobs)
    page.refresh(
        Settings(recent=tuple(recent(tmp_path / f"{n}", f"Case {n}", facts="74 y · female") for n in range(3)))
    )
    holder = shown(qtbot, page, (1120, 620))
    assert (holder.width(), holder.height()) == (1120, 620)
    for child in page.findChildren(QPushButton):
        if child.isVisible():
            assert child.width() >= child.fontMetrics().horizontalAdvance(child.text()), child.objectName()
            assert child.accessibleName()
            assert child.objectName()
    promise = page.findChild(QLabel, "start_promise")
    assert promise is not None
    assert promise.height() >= promise.heightForWidth(promise.width())
    assert page.zone.rect().contains(promise.mapTo(page.zone, promise.rect().bottomRight()))


# browser


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScanResult, tuple[Path, ...]]:
    """Three real series on the disk: a whole one, one with a gap, and a single slice."""
    folder = tmp_path_factory.mktemp("study")
    generator = np.random.default_rng(1)

    def write(name: str, count: int, without: tuple[int, ...] = ()) -> None:
        grid = Grid.from_parts((40, 36, count), (1.0, 1.0, 2.0), (0, 0, 0))
        voxels = generator.integers(-100, 300, grid.shape_kji).astype(np.int16)
        written = write_ct_series(Volume(grid, voxels), folder / name, description=name)
        files = sorted(written) if isinstance(written, list) else sorted((folder / name).iterdir())
        for number in without:
            files[number].unlink()

    write("Whole", 12)
    write("Gap", 12, (5, 6))
    write("Scout", 1)
    (folder / "notes.txt").write_text("nothing")
    return scan([folder]), (folder,)


@pytest.fixture
def browser(qtbot: QtBot, jobs: JobRunner, study: tuple[ScanResult, tuple[Path, ...]]):
    page = SeriesBrowser(jobs)
    holder = shown(qtbot, page)
    page.show_scan(*study)
    qtbot.waitUntil(page.list.hasFocus)
    yield page
    holder.hide()


def names(browser: SeriesBrowser) -> list[str]:
    model = browser.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_series_come_in_order_with_words(browser: SeriesBrowser) -> None:
    assert names(browser) == ["Whole", "Gap", "Scout"]
    spoken = browser.list.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "2 slices are missing" in spoken
    assert "They can be filled in and stay marked." in spoken
    about = browser.findChild(QLabel, "browser_about")
    assert about is not None
    assert about.text().endswith("3 series · 23 images")
    left_out = browser.findChild(QLabel, "browser_skipped")
    assert left_out is not None
    assert left_out.text() == "1 other file is left out."
    assert "notes.txt" in left_out.toolTip()


def test_the_slice_itself_is_shown_soon(browser: SeriesBrowser, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: browser._previews != {}, timeout=30000)
    picture = browser.preview.picture
    assert picture is not None
    assert picture.pixels.shape == (36, 40)
    assert picture.place == "7 of 12"
    assert browser.has_scan


def test_enter_opens_and_ticks_are_told(browser: SeriesBrowser, qtbot: QtBot) -> None:
    with qtbot.waitSignal(browser.open_asked) as said:
        QTest.keyClick(browser.list, Qt.Key.Key_Return)
    assert said.args is not None
    info, keep, fill = said.args
    assert isinstance(info, SeriesInfo)
    assert (info.description, keep, fill) == ("Whole", False, False)


def test_a_series_with_a_gap_wants_a_decision(browser: SeriesBrowser, qtbot: QtBot) -> None:
    opened: list[tuple[object, bool, bool]] = []
    browser.open_asked.connect(lambda *values: opened.append(values))
    assert not browser.fill.isVisible()
    QTest.keyClick(browser.list, Qt.Key.Key_Down)
    assert browser.fill.isVisible()
    assert not button(browser, "open_series").isEnabled()
    QTest.keyClick(browser.list, Qt.Key.Key_Return)
    assert opened == []
    browser.fill.setFocus()
    QTest.keyClick(browser.fill, Qt.Key.Key_Space)
    QTest.mouseClick(button(browser, "open_series"), LEFT)
    assert [(info.description, keep, fill) for info, keep, fill in opened] == [("Gap", False, True)]  # type: ignore[attr-defined]
    QTest.keyClick(browser.list, Qt.Key.Key_End)
    assert not browser.fill.isVisible()
    assert not button(browser, "open_series").isEnabled()


def test_keeping_names_is_asked_once_more(browser: SeriesBrowser, qtbot: QtBot) -> None:
    def answer(name: str) -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        QTest.mouseClick(button(dialog, name), LEFT)

    for name, expected in (("confirm_dialog_safe", False), ("confirm_dialog_danger", True)):
        QTimer.singleShot(100, lambda name=name: answer(name))
        browser.keep.setFocus()
        QTest.keyClick(browser.keep, Qt.Key.Key_Space)
        assert browser.keep.isChecked() is expected
    with qtbot.waitSignal(browser.open_asked) as said:
        QTest.mouseClick(button(browser, "open_series"), LEFT)
    assert said.args is not None
    assert said.args[1] is True


def test_mouse_chooses_and_double_click_opens(browser: SeriesBrowser, qtbot: QtBot) -> None:
    place = browser.list.visualRect(browser.list.model().index(1, 0)).center()
    QTest.mouseClick(browser.list.viewport(), LEFT, pos=place)
    assert browser.current is not None
    assert browser.current.series.description == "Gap"
    first = browser.list.visualRect(browser.list.model().index(0, 0)).center()
    QTest.mouseClick(browser.list.viewport(), LEFT, pos=first)
    with qtbot.waitSignal(browser.open_asked):
        QTest.mouseDClick(browser.list.viewport(), LEFT, pos=first)


def test_back_by_key_and_button(browser: SeriesBrowser, qtbot: QtBot) -> None:
    with qtbot.waitSignal(browser.back_asked):
        QTest.keyClick(browser.list, Qt.Key.Key_Escape)
    with qtbot.waitSignal(browser.back_asked):
        QTest.mouseClick(button(browser, "browser_back"), LEFT)


def test_nothing_else_while_the_volume_is_built(browser: SeriesBrowser) -> None:
    opened: list[object] = []
    browser.open_asked.connect(lambda *values: opened.append(values))
    browser.set_busy(True)
    assert button(browser, "open_series").text() == "Building the volume"
    QTest.keyClick(browser.list, Qt.Key.Key_Return)
    QTest.mouseClick(button(browser, "open_series"), LEFT)
    assert opened == []
    browser.set_busy(False)
    assert button(browser, "open_series").isEnabled()


def test_reading_is_told_and_stopped(qtbot: QtBot, jobs: JobRunner) -> None:
    page = SeriesBrowser(jobs)
    page.holder = shown(qtbot, page)  # type: ignore[attr-defined]
    go_on = threading.Event()

    def work(progress, cancel):
        progress(0.25, "Reading 412 of 2846 files")
        go_on.wait(10)
        cancel.raise_if_set()

    state = jobs.submit(Job(key="scan", title="Reading the folder", work=work))
    page.show_reading(state)
    qtbot.waitUntil(lambda: page.reading_text.text() == "Reading 412 of 2\u202f846 files")
    assert page.reading_bar.value() == 250
    QTest.mouseClick(button(page, "browser_stop"), LEFT)
    go_on.set()
    qtbot.waitUntil(lambda: state.status == "cancelled")


@pytest.mark.parametrize(("theme", "scale"), [("dark", 100), ("light", 150)])
def test_browser_fits_into_the_smallest_window(
    qtbot: QtBot, jobs: JobRunner, study: tuple[ScanResult, tuple[Path, ...]], theme: str, scale: int
) -> None:
    look(theme, scale)
    page = SeriesBrowser(jobs)
    holder = shown(qtbot, page, (1120, 620))
    page.show_scan(*study)
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    for name in ("open_series", "browser_back"):
        found = button(page, name)
        assert holder.rect().contains(found.mapTo(holder, found.rect().bottomRight())), name
        assert found.width() >= found.fontMetrics().horizontalAdvance(found.text()), name
    assert (holder.width(), holder.height()) == (1120, 620)
    for box in (page.keep, page.fill):
        assert box.width() >= box.sizeHint().width()
    holder.hide()


def test_words_of_series() -> None:
    info = SeriesInfo(
        id="1",
        index=1,
        modality="CT",
        description="Coronary CTA",
        kind="4d",
        file_count=4120,
        size_ijk=(512, 512, 412),
        spacing_mm=(0.38, 0.38, 0.75),
        origin_mm=(0.0, 0.0, 0.0),
        direction=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        phases=10,
        importable=True,
        problems=(),
        facts={
            "gated": "yes",
            "phase": "0 % of R–R to 90 % of R–R",
            "patient_position": "FFS",
            "age": "074Y",
            "sex": "F",
        },
    )
    assert line_text(info) == "10 × 412 slices · 0 to 90 % · gated · contrast"
    (ranked,) = rank_series([info])
    rows = dict(fact_rows(ranked))
    assert rows["Phase"] == "0 to 90 % of R–R"
    assert rows["Patient"] == "74\u202fy · female"
    assert rows["Orientation"] == "axial, feet first, on the back"
    assert rows["Field of view"] == "195 × 195 × 309\u202fmm"
    scout = replace(info, kind="localizer", importable=False, spacing_mm=None, problems=(Finding("no_geometry", "X."),))
    (ranked,) = rank_series([scout])
    assert problem_texts(ranked) == ("A scout image. It cannot be used for planning.",)
    assert line_text(scout) == "4\u202f120 images"
    several = ScanResult((info,), (SkippedFile("a", "b"),), (Finding("several_patients", "Two."),))
    assert study_title(several) == "Several patients"


def test_letters_and_ruler_of_the_picture() -> None:
    assert direction_letters((1.0, 0.0, 0.0)) == "L"
    assert direction_letters((0.0, 0.0, -1.0)) == "F"
    assert direction_letters((0.6, -0.8, 0.0)) == "AL"
    assert opposite_letters("AL") == "PR"
    assert plane_name((1, 0, 0), (0, 1, 0)) == "axial"
    assert plane_name((1, 0, 0), (0, 0, -1)) == "coronal"
    assert plane_name((0, 1, 0), (0, 0, -1)) == "sagittal"
    assert ruler_mm(0.7, 80) == 50
    assert ruler_mm(0.05, 80) == 5
