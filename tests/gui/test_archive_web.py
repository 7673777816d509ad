"""DICOMweb over a secured line by clicks, and the archive that a case came from, which is offered first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from archives import ct_series
from cases import add_structures
from certificates import Certificates
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from small_web import SmallWeb, small_web
from two_series import shut

from app.archive.kept import archives_file, keep_archive, received_folder
from app.archive.node_dialog import NodeDialog
from app.archive.origin import kept_origin, note_origin, origin_of
from app.archive.send_dialog import SendDialog
from app.launch import make_application
from app.opening import ImportRequest, import_series
from app.settings import Settings
from app.workstation import Workstation
from planning.case.document import Document
from planning.pacs.node import Node, Tls, WebNode
from planning.progress import CancelToken, no_progress
from planning.volume import Mask

pytestmark = pytest.mark.gui
RETURN = Qt.Key.Key_Return


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def web(certificates: Certificates, tmp_path: Path) -> Iterator[SmallWeb]:
    them = certificates.pair("them")
    secure = Tls(str(certificates.authority), str(them[0]), str(them[1])).server()
    with small_web(ct_series(tmp_path / "ct", 5, seed=3), secure) as made:
        yield made


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workstation]:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1400, 900)
    made.show()
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.reject()
    shut(made)


def _button(parent: QWidget, name: str) -> QAbstractButton:
    found = parent.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def _press(parent: QWidget, name: str) -> None:
    QTest.mouseClick(_button(parent, name), Qt.MouseButton.LeftButton)


def _type(parent: QWidget, name: str, text: str) -> None:
    field = parent.findChild(QLineEdit, name)
    assert field is not None, name
    field.clear()
    QTest.keyClicks(field, text)


def test_dicomweb_over_mutual_tls_by_clicks(
    window: Workstation, web: SmallWeb, certificates: Certificates, qtbot: QtBot, tmp_path: Path
) -> None:
    us = certificates.pair("us")
    window.show_archive()
    page = window.archives.screen
    page.add_node()
    dialog = window.findChildren(NodeDialog)[-1]
    _press(dialog, "archive_node_web")
    _type(dialog, "archive_node_name", "Web")
    _type(dialog, "archive_node_url", web.url)
    # on its box: the words' width is the dialog's
    QTest.mouseClick(dialog.tls.tick, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.tls.tick.height() // 2))
    assert dialog.tls.tick.isChecked()

    def tested(authority: Path, said: str) -> None:
        _type(dialog, "archive_node_authority", str(authority))
        _press(dialog, "archive_node_test")
        qtbot.waitUntil(lambda: said in f"{dialog.told.title} {dialog.told.words}", timeout=15000)

    # whom nobody vouches for is not spoken to, and who shows nothing is not let in
    tested(certificates.stranger, "cannot be trusted")
    tested(certificates.authority, "does not trust us")
    assert not web.asked
    _type(dialog, "archive_node_certificate", str(us[0]))
    _type(dialog, "archive_node_key", str(us[1]))
    tested(certificates.authority, "Web answers")
    assert web.asked
    assert web.certified
    _press(dialog, "archive_node_keep")
    assert page.node == WebNode("Web", web.url, Tls(str(certificates.authority), str(us[0]), str(us[1])))
    # looked for, fetched, opened
    page.form.name.setText("Muster")
    page.form.name.setFocus()
    QTest.keyClick(page.form.name, RETURN)
    qtbot.waitUntil(lambda: len(page.area.tree.rows()) == 1 and not page.area.words, timeout=15000)
    QTest.keyClick(page.area.tree, RETURN)
    qtbot.waitUntil(lambda: page._fetching is None and page.fetch.isVisible(), timeout=15000)
    assert page.fetch.words.startswith("5 images are here")
    here = sorted(received_folder().rglob("*.dcm"))
    assert len(here) == 5
    # a case made of them knows the archive's name and nothing else of it
    folder = here[0].parent
    assert origin_of([folder]) == "Web"
    case = import_series(ImportRequest((folder,), None), tmp_path / "case.theatrum", no_progress, CancelToken())
    with Document.open(case) as document:
        assert kept_origin(document) == "Web"
        grid = document.case.images["CT"].grid
        add_structures(document, {"liver": Mask.from_full(grid, np.ones(grid.shape_kji, bool))})
    assert web.url.encode() not in case.read_bytes()
    # its results go back by the same road
    keep_archive(Node("Another", "127.0.0.1", 1, "ANOTHER"))
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([case])
    window.actions_["send_archive"].trigger()
    asked = window.findChildren(SendDialog)[-1]
    assert asked.node is not None
    assert asked.node.name == "Web"
    assert "came from here" in asked._where.text()
    _press(asked, "send_archive_send")
    qtbot.waitUntil(lambda: bool(web.taken) and not window.jobs.active, timeout=20000)
    assert {one.Modality for one in web.taken} == {"CT", "SEG"}
    assert {str(one.PatientName).rstrip("^") for one in web.taken} == {"Anonymous"}


def test_the_origin_is_a_name_and_forgotten_with_the_images(tmp_path: Path) -> None:
    one, other = received_folder() / "1.2.3", received_folder() / "1.2.4"
    for folder in (one, other):
        folder.mkdir()
    note_origin("1.2.3", "Hospital")
    note_origin("1.2.4", "Ward")
    assert origin_of([one]) == origin_of([one / "1.9"]) == "Hospital"
    # of two archives, or of neither, there is none
    assert origin_of([one, other]) == origin_of([tmp_path]) == origin_of([received_folder()]) == ""
    other.rmdir()
    note_origin("1.2.3", "Clinic")
    (kept,) = received_folder().parent.glob("received-from.json")
    assert json.loads(kept.read_text(encoding="utf-8")) == {"1.2.3": "Clinic"}
    for broken in ("[1]", "{", '{"1.2.3": 7}'):
        kept.write_text(broken, encoding="utf-8")
        assert origin_of([one]) in ("", "7")
    assert not archives_file().exists()
