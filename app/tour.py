"""The whole job in the real window, by mouse and keys on its widgets, with a picture at each step.

Nothing here calls what a button calls: places in the body are clicked in the panes where they are drawn, steps are
accepted by their buttons. Only the file choosers are answered beforehand, since they belong to the desktop.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.case_page import CasePage
from app.launch import make_application
from app.samples import sample_case
from app.settings import load_settings
from app.window_states import picture, turn, wait_settled, wait_until
from app.workstation import Workstation
from planning.errors import InputError, TheatrumError
from viewers.slice_pane import SlicePane

Step = tuple[str, Path]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Hand:
    """Acts on the window's widgets as a person does."""

    def __init__(self, window: Workstation) -> None:
        self.window = window

    @property
    def page(self) -> CasePage:
        """The open case."""
        if self.window.page is None:
            raise TheatrumError("No case is open")
        return self.window.page

    def button(self, name: str) -> QAbstractButton:
        """The visible button of this name. Raises TheatrumError."""
        found = [b for b in self.window.findChildren(QAbstractButton, name) if b.isVisible()]
        if not found:
            raise TheatrumError(f"There is no button {name} here")
        return found[0]

    def sees(self, name: str) -> bool:
        """Whether there is a visible button of this name."""
        return any(b.isVisible() for b in self.window.findChildren(QAbstractButton, name))

    def click(self, name: str) -> None:
        """Click a button as soon as it can be used."""
        wait_until(lambda: self.button(name).isEnabled(), f"preparing {name}")
        QTest.mouseClick(self.button(name), LEFT)
        turn()

    def keys(self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, count: int = 1) -> None:
        """Press a key in a widget that has the focus."""
        widget.setFocus()
        for _ in range(count):
            QTest.keyClick(widget, key, modifiers)
        turn()

    def wheel(self, widget: QWidget, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Turn the wheel over the middle of a widget; positive is away from the person."""
        middle = QPointF(widget.rect().center())
        for _ in range(abs(notches)):
            event = QWheelEvent(
                middle,
                QPointF(widget.mapToGlobal(middle.toPoint())),
                QPoint(),
                QPoint(0, 120 if notches > 0 else -120),
                Qt.MouseButton.NoButton,
                modifiers,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(widget, event)
        turn()

    def place_in(self, pane: SlicePane, position_mm: npt.ArrayLike) -> QPoint:
        """Where a place in the body is drawn in a pane that shows it."""
        x, y = pane.geometry_px().to_screen(np.asarray(position_mm, dtype=np.float64))
        return QPoint(round(float(x)), round(float(y)))

    def show_place(self, position_mm: npt.ArrayLike) -> None:
        """Turn the slices to a place, as a click on a row does."""
        self.page.fly_to(np.asarray(position_mm, dtype=np.float64))
        wait_settled(self.window)

    def click_place(self, pane: SlicePane, position_mm: npt.ArrayLike) -> None:
        """Click where a place is drawn."""
        self.show_place(position_mm)
        QTest.mouseClick(pane, LEFT, NONE, self.place_in(pane, position_mm))
        turn()

    def drag(self, widget: QWidget, start: QPoint, end: QPoint, steps: int = 8) -> None:
        """Press, move and release."""
        QTest.mousePress(widget, LEFT, NONE, start)
        for number in range(1, steps + 1):
            QTest.mouseMove(widget, start + (end - start) * number / steps)
            turn()
        QTest.mouseRelease(widget, LEFT, NONE, end)
        turn()


class _Album:
    """Saves numbered pictures."""

    def __init__(self, window: Workstation, folder: Path) -> None:
        self._window, self._folder = window, folder
        self.steps: list[Step] = []

    def take(self, name: str, title: str) -> None:
        wait_settled(self._window)
        file = self._folder / f"{len(self.steps) + 1:02d}-{name}.png"
        if not picture(self._window).save(str(file)):
            raise InputError(f"{file.name} cannot be written", "Choose another folder", "not_written")
        self.steps.append((title, file))


def run_tour(folder: Path, *, size: tuple[int, int] = (1280, 800), force: bool = False) -> list[Step]:
    """Do the whole job; (what was done, its picture) for each step. Raises InputError for a folder in use."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder.name} is a file", "Name a folder", "not_a_folder")
    if folder.is_dir() and any(folder.glob("*.png")) and not force:
        raise InputError(f"{folder} holds pictures already", "Use --force or another folder", "exists")
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings()
    make_application(settings)
    with tempfile.TemporaryDirectory(prefix="theatrum-tour-") as scratch:
        window = Workstation(settings)
        window.is_attended = False
        window.resize(*size)
        window.show()
        try:
            return _drive(window, folder, Path(scratch))
        finally:
            window.jobs.shutdown()
            window.close_case(show_start=False)
            window.hide()
            window.deleteLater()


def _drive(window: Workstation, folder: Path, scratch: Path) -> list[Step]:
    album, hand = _Album(window, folder), Hand(window)
    failures: list[TheatrumError] = []
    window.jobs.finished.connect(lambda state: failures.append(state.error) if state.status == "failed" else None)
    album.take("start", "The start screen")
    for act in (_open_scan, _look, _measure, _plan_heart, _plan_liver, _print, _report):
        act(hand, album, scratch)
        if failures:
            raise failures[0]
    return album.steps


def _open_scan(hand: Hand, album: _Album, scratch: Path) -> None:
    from app.window_states import sample_study

    window = hand.window
    window.files.choose_folder = lambda title: sample_study()  # type: ignore[method-assign]
    hand.click("open_folder")
    wait_until(lambda: window.browser.has_scan and not window.jobs.active, "reading")
    album.take("series", "The series of a folder")
    hand.click("open_series")
    wait_until(lambda: window.place == "case", "the import")
    album.take("study", "The series opened")


def _open_copy(hand: Hand, kind: str, scratch: Path) -> None:
    copy = scratch / f"{kind}.theatrum"
    shutil.copyfile(sample_case(kind), copy)  # type: ignore[arg-type]
    hand.window.files.choose_open = lambda title, kinds: copy  # type: ignore[method-assign]
    opened: list[bool] = []
    hand.window.opened.connect(lambda: opened.append(True))
    hand.keys(hand.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: bool(opened), "opening")
    wait_settled(hand.window)


def _look(hand: Hand, album: _Album, scratch: Path) -> None:
    _open_copy(hand, "heart", scratch)
    pane = hand.page.slices["axial"]
    hand.wheel(pane, -6)
    hand.wheel(pane, 4, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(pane, LEFT, NONE, pane.rect().center() + QPoint(20, 12))
    album.take("look", "Slices turned by wheel, click and zoom")
    hand.keys(pane, Qt.Key.Key_F)
    album.take("maximised", "One pane alone")
    hand.keys(pane, Qt.Key.Key_F)
    hand.keys(pane, Qt.Key.Key_Z)


def _measure(hand: Hand, album: _Album, scratch: Path) -> None:
    from planning.phantoms.cardiac import cardiac_truth

    truth = cardiac_truth()
    pane = hand.page.slices["axial"]
    hand.show_place(truth.hinges_mm.mean(axis=0))
    hand.keys(pane, Qt.Key.Key_D)
    middle = pane.rect().center()
    hand.drag(pane, middle - QPoint(30, 8), middle + QPoint(26, 10))
    album.take("distance", "A distance measured by hand")


def _plan_heart(hand: Hand, album: _Album, scratch: Path) -> None:
    from planning.phantoms.cardiac import cardiac_truth

    hinges = cardiac_truth().hinges_mm
    hand.click("rail_heart")
    album.take("scan", "TAVR: the scan is looked at")
    hand.click("heart_accept")
    pane = hand.page.slices["axial"]
    for hinge in hinges:
        hand.click_place(pane, hinge)
    wait_until(lambda: bool(hand.page.session.case.plans) and not hand.window.jobs.active, "measuring")
    album.take("hinges", "Three hinge points placed by clicks")
    hand.keys(pane, Qt.Key.Key_Right, count=2)
    wait_settled(hand.window)
    hand.keys(hand.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    album.take("corrected", "A point nudged by keys, and that undone")
    hand.click("heart_accept")
    album.take("annulus", "The annulus, measured and drawn in every pane")
    for name, title in (
        ("dimensions", "Root dimensions"),
        ("calcium", "Calcium"),
        ("projections", "Projections"),
        ("valve", "Valve sizes"),
    ):
        hand.click("heart_accept")
        album.take(name, title)


def _plan_liver(hand: Hand, album: _Album, scratch: Path) -> None:
    _open_copy(hand, "liver", scratch)
    hand.click("rail_liver")
    wait_settled(hand.window)
    for name in ("accept_liver", "accept_vessels", "accept_tumors", "accept_territories"):
        hand.click(name)
        album.take(name.removeprefix("accept_"), f"Liver: {name.removeprefix('accept_')}")
    pane = hand.page.slices["axial"]
    _drag_cut(hand, pane)
    album.take("cut", "The cut dragged by its handle, numbers followed")
    hand.click("keep_plan")
    album.take("kept", "Kept as plan A")


def _drag_cut(hand: Hand, pane: SlicePane) -> None:
    from viewers.overlay import CutItem

    cuts = [item for item in hand.page.planner.items() if isinstance(item, CutItem)] if hand.page.planner else []
    if not cuts or cuts[0].organ is None:
        raise TheatrumError("There is no cut to drag")
    plane = cuts[0].plane
    middle = plane.project(cuts[0].organ.centroid_mm())
    hand.show_place(middle)
    start = hand.place_in(pane, middle)
    hand.drag(pane, start, start + QPoint(10, 2))
    wait_settled(hand.window)


def _print(hand: Hand, album: _Album, scratch: Path) -> None:
    hand.click("rail_print")
    album.take("parts", "Print: parts")
    hand.click("print_shape")
    album.take("shape", "Print: shape")
    hand.click("print_check")
    wait_settled(hand.window)
    album.take("check", "Print: the model checked")
    while hand.sees("accept_fault"):
        hand.click("accept_fault")
    hand.click("accept_model")
    _save_to(hand, scratch / "model.3mf", "write_model")
    album.take("printed", "Print: written and read back")


def _report(hand: Hand, album: _Album, scratch: Path) -> None:
    hand.click("rail_report")
    album.take("report", "The report looked at")
    _save_to(hand, scratch / "report.pdf", "write_report")
    album.take("reported", "The report written")


def _save_to(hand: Hand, file: Path, button: str) -> None:
    answer: Callable[[str, str, str], Path] = lambda title, name, kinds: file  # noqa: E731
    hand.window.files.choose_save = answer  # type: ignore[method-assign]
    hand.click(button)
    wait_until(file.exists, f"writing {file.name}")
