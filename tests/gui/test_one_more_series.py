"""A series that is dropped on an open case, or asked for; by real events."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from two_series import LEFT, NONE, body_volume, button_of, wait_for

from app.case_page import CasePage
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.dicom.write import write_ct_series

pytestmark = pytest.mark.gui


def _drop(widget: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, copy = QPointF(widget.rect().center()), Qt.DropAction.CopyAction
    entering = QDragEnterEvent(place.toPoint(), copy, data, LEFT, NONE)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(place, copy, data, LEFT, NONE))


def test_a_folder_dropped_on_an_open_case_can_join_it(page: CasePage, window: Workstation, tmp_path: Path) -> None:
    write_ct_series(body_volume(9.0), tmp_path / "scan", description="late", label="DOE JANE")
    page.windows.take_out("axial")
    out = page.windows.window_of("axial")
    assert out is not None
    # wherever it is dropped
    _drop(out, tmp_path / "scan")
    wait_for(lambda: window.browser.has_scan and not window.jobs.active)
    button = button_of(window.browser, "add_to_case")
    assert button.isVisible()
    assert button.text() == f"Add to {page.session.label}"
    QTest.mouseClick(button, LEFT)
    wait_for(lambda: window.place == "case" and "CT 3" in page.session.case.images)
    assert page.second.state.image == "CT 3"
    assert next(iter(page.session.case.images)) == "CT"
    assert b"DOE" not in page.session.path.read_bytes()
    QTest.mouseClick(window.strip._action, LEFT)
    wait_settled(window)
    assert page.session.view.state.layout == "compare"
    page.session.undo()
    assert "CT 3" not in page.session.case.images


def test_a_field_never_takes_the_files_that_are_dropped_on_it(page: CasePage, window: Workstation) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/scan")])
    page.structures.find.setAcceptDrops(True)
    entering = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    assert not page.structures.find.acceptDrops()


def test_adding_offers_only_to_add_and_enter_does_it(page: CasePage, window: Workstation, tmp_path: Path) -> None:
    write_ct_series(body_volume(7.0), tmp_path / "scan", description="late")
    window.series.look_for([tmp_path / "scan"], adding=True)
    wait_for(lambda: window.browser.has_scan and not window.jobs.active)
    assert not button_of(window.browser, "open_series").isVisible()
    QTest.keyClick(window.browser.list, Qt.Key.Key_Return)
    wait_for(lambda: window.place == "case" and "CT 3" in page.session.case.images)
    page.session.undo()
