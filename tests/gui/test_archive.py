"""Archives in the window: real widgets and keys against an archive in this process."""

from __future__ import annotations

import json
import logging
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import faults_of
from archives import ct_series, free_port
from liver_case import liver_document
from pydicom import dcmread
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from small_archive import SmallArchive, small_archive
from two_series import opened, shut

import app.archive.screen as screen_module
from app.archive.asking import Answer
from app.archive.kept import (
    Kept,
    archives_file,
    keep_archive,
    keep_own,
    received_folder,
    remove_received,
    study_folder,
)
from app.archive.node_dialog import NodeDialog
from app.archive.rows import study_row
from app.archive.screen import ArchiveScreen
from app.archive.send_dialog import DeliveryDialog, SendDialog
from app.case_page import CasePage
from app.palette_entries import palette_entries
from app.workstation import Workstation
from planning.case.trail import trail
from planning.errors import NetworkError
from planning.pacs.node import MOVE, Node, Own, WebNode
from planning.pacs.query import RETURNED
from planning.pacs.send import outgoing, send

pytestmark = pytest.mark.gui
LEFT, RETURN = Qt.MouseButton.LeftButton, Qt.Key.Key_Return
NAME, NUMBER = "Muster", "P1"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three studies: two of Muster^Anna, one of Beispiel^Karl with 12 images."""
    made = []
    for number, count in enumerate((4, 3, 12)):
        some = ct_series(tmp_path_factory.mktemp("ct"), count, seed=number)
        if number == 2:
            for path in some:
                image = dcmread(path)
                image.PatientName, image.PatientID = "Beispiel^Karl", "P2"
                image.save_as(path, enforce_file_format=True)
        made += some
    return made


@pytest.fixture(scope="module")
def archive(files: list[Path]) -> Iterator[SmallArchive]:
    with small_archive(files) as made:
        yield made


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("home")))
        path = tmp_path_factory.mktemp("case") / "liver.theatrum"
        liver_document(path).close()
        made = opened(None, path)
        yield made
        shut(made)


@pytest.fixture
def node(archive: SmallArchive) -> Node:
    archive.more, archive.slow_s, archive.refused = 0, 0.0, ()
    for told in (archive.asked, archive.taken, archive.questions):
        told.clear()
    return Node("Hospital", "127.0.0.1", archive.port, "ARCHIVE")


@pytest.fixture
def page(window: Workstation, node: Node) -> Iterator[ArchiveScreen]:
    """The archive's page with one archive, and nothing here yet."""
    archives_file().unlink(missing_ok=True)
    shutil.rmtree(received_folder())
    keep_own(Own(port=free_port()))
    keep_archive(node)
    window.show_archive()
    made = window.archives.screen
    made.form.clear()
    made.load("Hospital")
    yield made
    window.archives.receiver.switch_off()
    for dialog in window.findChildren(QDialog):
        dialog.reject()


def _button(parent: QWidget, name: str) -> QAbstractButton:
    found = parent.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def _text(parent: QWidget, name: str) -> str:
    found = parent.findChild(QLabel, name)
    assert found is not None, name
    return found.accessibleName() or found.text()


def _press(parent: QWidget, name: str) -> None:
    QTest.mouseClick(_button(parent, name), LEFT)


def _found(page: ArchiveScreen, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(page.area.tree.rows()) == count and not page.area.words, timeout=10000)


def _search(page: ArchiveScreen, qtbot: QtBot, name: str, count: int) -> None:
    page.form.name.setText(name)
    page.form.name.setFocus()
    QTest.keyClick(page.form.name, RETURN)
    _found(page, qtbot, count)


def _fetched(page: ArchiveScreen, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._fetching is None and page.fetch.isVisible(), timeout=15000)


def _type(parent: QWidget, name: str, text: str) -> None:
    field = parent.findChild(QLineEdit, name)
    assert field is not None, name
    field.clear()
    QTest.keyClicks(field, text)


# the list of archives


def test_without_an_archive_one_is_added_tested_and_removed(
    page: ArchiveScreen, window: Workstation, node: Node, qtbot: QtBot
) -> None:
    archives_file().unlink()
    page.load()
    assert "No archive yet" in page.area.words
    assert "THEATRUM" in page.area.words
    assert not page.form.isVisible()
    _press(page, "archive_add_first")
    dialog = window.findChild(NodeDialog)
    assert dialog is not None
    _press(dialog, "archive_node_keep")
    assert dialog.isVisible()
    assert dialog.told.title == "A name is missing"
    for field, text in (("name", "Ward 3"), ("title", "ARCHIVE"), ("host", "127.0.0.1"), ("port", "abc")):
        _type(dialog, f"archive_node_{field}", text)
    _press(dialog, "archive_node_test")
    assert dialog.told.title == "'abc' is no port"
    _type(dialog, "archive_node_port", str(node.port))
    _press(dialog, "archive_node_test")
    qtbot.waitUntil(lambda: dialog.told.title == "Ward 3 answers", timeout=10000)
    assert dialog.told.isVisible()
    _type(dialog, "archive_node_title", "OTHER")
    # what was told was of another title
    assert not dialog.told.isVisible()
    _press(dialog, "archive_node_test")
    qtbot.waitUntil(lambda: "does not know the AE title" in dialog.told.title, timeout=10000)
    _type(dialog, "archive_node_title", "ARCHIVE")
    _press(dialog, "archive_node_keep")
    # the same list as the command line's
    kept = json.loads(archives_file().read_text(encoding="utf-8"))["nodes"]
    assert [(one["name"], one["host"], one["port"], one["title"]) for one in kept] == [
        ("Ward 3", "127.0.0.1", node.port, "ARCHIVE")
    ]
    assert page.form.isVisible()
    _press(page, "archive_edit")
    _press(window.findChildren(NodeDialog)[-1], "archive_node_remove")
    assert "No archive yet" in page.area.words


def test_an_archive_never_takes_the_place_of_another_unasked(
    page: ArchiveScreen, window: Workstation, node: Node
) -> None:
    keep_archive(Node("Ward", "127.0.0.1", 104, "WARD"))
    page.load("Hospital")
    _press(page, "archive_edit")
    dialog = window.findChildren(NodeDialog)[-1]
    _type(dialog, "archive_node_name", "WARD")
    _type(dialog, "archive_node_port", "9" * 5000)
    _press(dialog, "archive_node_keep")
    assert dialog.isVisible()
    assert dialog.told.title == "WARD exists already"
    _type(dialog, "archive_node_name", "Hospital")
    _press(dialog, "archive_node_keep")
    assert dialog.isVisible()
    _type(dialog, "archive_node_port", str(node.port))
    _press(dialog, "archive_node_keep")
    assert {one.name for one in page.known.nodes} == {"Hospital", "Ward"}


def test_what_an_archive_says_is_shown_as_its_letters(page: ArchiveScreen) -> None:
    sent = "<b>Muster</b>"
    row = study_row(dict.fromkeys(RETURNED["STUDY"], "") | {"StudyInstanceUID": "1.2", "PatientName": sent})
    page.area.show_studies("Hospital", [row], 0)
    for label in page.findChildren(QLabel):
        if "Muster" in label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText
            assert "<b>" not in label.toolTip()
    tip = page.area.tree.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;Muster" in tip


def test_series_of_another_archive_are_never_listed(
    page: ArchiveScreen, archive: SmallArchive, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, real = threading.Event(), screen_module.ask_series

    def slow(*asked: Any) -> Answer:
        may_end.wait(20)
        return real(*asked)

    monkeypatch.setattr(screen_module, "ask_series", slow)
    _search(page, qtbot, "Beispiel", 1)
    page.area.tree.open_study(page.area.tree.rows()[0].study)
    qtbot.waitUntil(lambda: any(one.job.key.startswith("archive series") for one in page._jobs.active), timeout=5000)
    _search(page, qtbot, "Beispiel", 1)
    may_end.set()
    qtbot.waitUntil(lambda: not page._jobs.active, timeout=10000)
    assert [row.series for row in page.area.tree.rows()] == [""]


def test_an_address_of_dicomweb_and_a_secured_line_are_kept(
    page: ArchiveScreen, window: Workstation, tmp_path: Path
) -> None:
    page.add_node()
    dialog = window.findChildren(NodeDialog)[-1]
    _press(dialog, "archive_node_web")
    assert not dialog.host.isVisible()
    _type(dialog, "archive_node_name", "Web")
    _type(dialog, "archive_node_url", "ftp://archive")
    _press(dialog, "archive_node_keep")
    assert "is no address" in dialog.told.title
    _type(dialog, "archive_node_url", "https://archive/dicom-web")
    dialog.tls.tick.setChecked(True)
    _press(dialog, "archive_node_keep")
    assert "needs the file of an authority" in dialog.told.title
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing", encoding="utf-8")
    _type(dialog, "archive_node_authority", str(broken))
    _press(dialog, "archive_node_keep")
    assert "cannot be used" in dialog.told.title
    dialog.tls.tick.setChecked(False)
    _press(dialog, "archive_node_keep")
    assert page.node == WebNode("Web", "https://archive/dicom-web")


# asking


def test_a_name_finds_studies_and_a_study_opens_to_series(
    page: ArchiveScreen, archive: SmallArchive, qtbot: QtBot
) -> None:
    _search(page, qtbot, "muster, anna".title(), 2)
    assert archive.questions[-1].PatientName == "Muster^Anna*"
    tree = page.area.tree
    assert tree.window().focusWidget() is tree
    first = tree.model().index(0, 0)
    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Muster, Anna" in spoken
    assert "2 Jan 2020" in spoken
    assert re.search(r"[34] images", spoken)
    QTest.keyClick(tree, Qt.Key.Key_Right)
    _found(page, qtbot, 3)
    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert [row.title for row in tree.chosen_rows()] == ["portal venous"]
    assert _text(page, "archive_chosen") == "portal venous"
    assert _button(page, "archive_main").text().startswith("Fetch ")


def test_too_many_are_told_and_more_are_shown(
    page: ArchiveScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_module, "MOST_STUDIES", 2)
    _search(page, qtbot, "", 2)
    assert _text(page, "archive_more_text") == "These are the first 2; there are more. Fill in more, or show more."
    _press(page, "archive_more")
    _found(page, qtbot, 3)
    assert not _button(page, "archive_more").isVisible()


def test_what_cannot_be_asked_or_answered_is_said_calmly(
    page: ArchiveScreen, archive: SmallArchive, node: Node, qtbot: QtBot
) -> None:
    page.form.date.setCurrentIndex(4)
    _type(page.form, "archive_date_from", "31.2.2026")
    _press(page.form, "archive_search")
    assert page.form.complaint.text() == "'31.2.2026' is no date. Write it like 2026-03-11."
    _type(page.form, "archive_date_from", "1.3.2026")
    _type(page.form, "archive_date_to", "2026-03-31")
    wish = page.form.wish()
    assert wish is not None
    assert wish.date == "20260301-20260331"
    page.form.clear()
    page.form.name.setText("Nobody")
    page.search()
    qtbot.waitUntil(lambda: "Hospital has nothing like this" in page.area.words, timeout=10000)
    for other, words in (
        (Node("Hospital", "127.0.0.1", archive.port, "OTHER"), "does not know the AE title"),
        (Node("Hospital", "127.0.0.1", free_port(), "ARCHIVE"), "cannot be reached"),
    ):
        keep_archive(other)
        page.load()
        page.search()
        qtbot.waitUntil(lambda words=words: words in page.area.words, timeout=10000)
        assert _button(page, "archive_again").isVisible()
    keep_archive(node)
    page.load()
    page.form.clear()
    page.search()
    _found(page, qtbot, 3)


def test_a_silent_archive_can_be_left(page: ArchiveScreen, window: Workstation, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        keep_archive(Node("Hospital", "127.0.0.1", silent.getsockname()[1], "ARCHIVE"))
        page.load()
        page.search()
        assert page.area.words == "Asking Hospital"
        _press(page, "archive_stop")
        qtbot.waitUntil(lambda: "What is looked for?" in page.area.words and not window.jobs.active, timeout=3000)


# fetching


def test_a_study_comes_by_enter_and_opens(
    page: ArchiveScreen, window: Workstation, archive: SmallArchive, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _search(page, qtbot, "Beispiel", 1)
    QTest.keyClick(page.area.tree, RETURN)
    _fetched(page, qtbot)
    assert page.fetch.words.startswith("12 images are here")
    here = sorted(received_folder().rglob("*.dcm"))
    assert len(here) == 12
    assert not any(word in str(path) for path in here for word in ("Beispiel", "Karl", "P2"))
    assert page.area.tree.rows()[0].badge == ("Here", "ok")
    # the main action opens it now, as any other folder
    QTest.keyClick(page.area.tree, RETURN)
    qtbot.waitUntil(lambda: window.place == "browser" and window.browser.has_scan, timeout=20000)
    # searched once more from the list, it goes back to the archive all the same
    window.series.look_for(list(window.browser.paths))
    qtbot.waitUntil(lambda: window.place == "browser" and window.browser.has_scan, timeout=20000)
    # back from it to the archive, and from there to the case
    QTest.keyClick(window.browser.list, Qt.Key.Key_Escape)
    assert window.place == "archive"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert window.place == "case"
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("app", "planning")))
    assert "Beispiel" not in said
    assert archive.asked


def test_fetching_is_stopped_and_goes_on_where_it_was(page: ArchiveScreen, archive: SmallArchive, qtbot: QtBot) -> None:
    archive.slow_s = 0.15
    _search(page, qtbot, "Beispiel", 1)
    page.area.tree.taken.emit()
    qtbot.waitUntil(lambda: bool(re.search(r"image [3-9] of 12", page.fetch.words)), timeout=15000)
    assert not _button(page, "archive_main").isEnabled()
    _press(page, "archive_fetch_stop")
    _fetched(page, qtbot)
    archive.slow_s = 0.0
    assert page.fetch.words.startswith("Stopped")
    before = len(list(received_folder().rglob("*.dcm")))
    assert 2 <= before < 12
    assert _button(page, "archive_main").text() == "Fetch the rest"
    _press(page, "archive_fetch_go_on")
    _fetched(page, qtbot)
    assert page.fetch.words.startswith("12 images are here")
    # what was on its way may still have arrived; nothing that is here was asked for again
    assert len(archive.wishes[-1].SOPInstanceUID) in (12 - before - 1, 12 - before)
    assert len(list(received_folder().rglob("*.dcm"))) == 12


def test_an_archive_that_lies_about_its_images_is_told(
    page: ArchiveScreen, archive: SmallArchive, qtbot: QtBot
) -> None:
    archive.more = 2
    _search(page, qtbot, "Beispiel", 1)
    assert _button(page, "archive_main").text() == "Fetch 14 images"
    page.area.tree.taken.emit()
    _fetched(page, qtbot)
    assert page.fetch.words == "12 images are here. The archive had said 14; it lists 12."
    assert page.area.tree.rows()[0].badge == ("12 of 14 here", "acc")


def test_an_archive_that_sends_on_its_own_line(
    page: ArchiveScreen, window: Workstation, archive: SmallArchive, node: Node, qtbot: QtBot
) -> None:
    keep_archive(Node(node.name, node.host, node.port, node.title, by=MOVE))
    page.load()
    archive.us = ("127.0.0.1", page.known.own.port)
    _search(page, qtbot, "Beispiel", 1)
    page.area.tree.taken.emit()
    _fetched(page, qtbot)
    assert page.fetch.words.startswith("12 images are here")
    # what is missing comes through a receiver that is on already, and nothing else is asked for
    for path in sorted(received_folder().rglob("*.dcm"))[:5]:
        path.unlink()
    archive.asked.clear()
    page._look_again()
    _press(page, "archive_receive")
    assert window.archives.receiver.is_on
    page.area.tree.taken.emit()
    qtbot.waitUntil(lambda: len(archive.asked) == 5, timeout=15000)
    _fetched(page, qtbot)
    assert page.fetch.words.startswith("12 images are here. 5 came now.")


def test_going_on_waits_until_the_stopped_line_has_left_the_port(
    page: ArchiveScreen, archive: SmallArchive, node: Node, qtbot: QtBot
) -> None:
    keep_archive(Node(node.name, node.host, node.port, node.title, by=MOVE))
    page.load()
    archive.us, archive.slow_s = ("127.0.0.1", page.known.own.port), 1.0
    _search(page, qtbot, "Beispiel", 1)
    page.area.tree.taken.emit()
    qtbot.waitUntil(lambda: bool(re.search(r"image [1-9] of 12", page.fetch.words)), timeout=15000)
    _press(page, "archive_fetch_stop")
    _fetched(page, qtbot)
    # it hears of the stop with the archive's next word alone
    assert page._port.locked()
    archive.slow_s = 0.0
    _press(page, "archive_fetch_go_on")
    _fetched(page, qtbot)
    assert page.fetch.words.startswith("12 images are here")
    assert not page._port.locked()


def test_what_came_is_removed_after_a_question(page: ArchiveScreen, qtbot: QtBot) -> None:
    _search(page, qtbot, "Beispiel", 1)
    page.area.tree.taken.emit()
    _fetched(page, qtbot)

    def answer(which: str) -> None:
        dialog = next(one for one in page.window().findChildren(QDialog, "confirm_dialog") if one.isVisible())
        _press(dialog, which)

    QTimer.singleShot(50, lambda: answer("confirm_dialog_safe"))
    _press(page, "archive_remove_files")
    assert len(list(received_folder().rglob("*.dcm"))) == 12
    QTimer.singleShot(50, lambda: answer("confirm_dialog_danger"))
    _press(page, "archive_remove_files")
    assert not list(received_folder().rglob("*.dcm"))
    assert page.area.tree.rows()[0].badge == ("", "")


def test_one_of_several_series_is_removed_alone(
    page: ArchiveScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for series in ("1.1", "1.2"):
        folder = study_folder("1") / series
        folder.mkdir(parents=True)
        (folder / f"{series}.9.dcm").write_bytes(b"")
    remove_received([("1", "1.1")])
    assert [path.name for path in study_folder("1").iterdir()] == ["1.2"]
    remove_received([("1", "1.2")])
    assert not study_folder("1").exists()


def test_what_was_removed_has_not_arrived(page: ArchiveScreen, files: list[Path]) -> None:
    intake = Kept(received_folder())
    for path in files[:2]:
        head = dcmread(path)
        assert intake.put(head.SOPInstanceUID, head.SOPClassUID, path.read_bytes()) == 0
    intake.settle()
    assert len(intake.arrived) == 2
    study = str(dcmread(files[0]).StudyInstanceUID)
    # one that another study's question is asked with knows it too
    asked = intake.for_study(study)
    assert len(asked.known()) == 2
    remove_received([(study, "")])
    assert asked.known() == {}
    assert intake.arrived == {}


# receiving


def _send_here(own: Own, title: str, files: list[Path]) -> None:
    send(Node("us", "127.0.0.1", own.port, own.title), Own(title, port=0), outgoing(files)[0], again=True)


def test_images_are_received_while_it_is_switched_on(
    page: ArchiveScreen, window: Workstation, files: list[Path], qtbot: QtBot
) -> None:
    receiver, own = window.archives.receiver, page.known.own
    with pytest.raises(NetworkError):
        _send_here(own, "ARCHIVE", files[:1])
    _press(page, "archive_receive")
    assert _text(page, "archive_receive_where") == f"On · THEATRUM, port {own.port}"
    assert _text(page, "archive_receive_reach") == "Only programs on this computer can send here."
    told = window.findChild(QLabel, "strip_receiving")
    assert told is not None
    assert told.isVisible()
    with qtbot.waitSignal(receiver.came, timeout=10000) as said:
        _send_here(own, "ARCHIVE", files[:7])
    assert said.args is not None
    assert (said.args[0].images, len(said.args[0].series)) == (7, 2)
    assert _text(page, "archive_receive_came") == "2 series received, 7 images"
    assert window.strip.findChild(QLabel, "strip_text").text() == "2 series received, 7 images"  # type: ignore[union-attr]
    # who is not known is turned away, and that is said
    with pytest.raises(NetworkError):
        _send_here(own, "STRANGER", files[:1])
    qtbot.waitUntil(lambda: "was turned away" in _text(page, "archive_receive_faults"), timeout=5000)
    _press(window.strip, "strip_action")
    qtbot.waitUntil(lambda: window.place == "browser" and window.browser.has_scan, timeout=20000)
    window.show_archive()
    _press(page, "archive_receive")
    assert not told.isVisible()
    with pytest.raises(NetworkError):
        _send_here(own, "ARCHIVE", files[:1])


def test_a_port_that_is_taken_is_said(page: ArchiveScreen, window: Workstation) -> None:
    with socket.create_server(("127.0.0.1", page.known.own.port)):
        _press(page, "archive_receive")
    words = _text(page, "archive_receive_faults")
    assert words.startswith(f"Port {page.known.own.port} is taken by another program.")
    assert "Another window of Theatrum may be receiving" in words
    assert not window.archives.receiver.is_on


def test_who_can_reach_it_is_said_before(page: ArchiveScreen, window: Workstation) -> None:
    _press(page, "archive_own")
    dialog = window.findChild(QDialog, "archive_own")
    assert dialog is not None
    dialog.place.setCurrentIndex(1)  # type: ignore[attr-defined]
    assert "Every computer that reaches this one" in dialog.reach.title  # type: ignore[attr-defined]
    _type(dialog, "archive_own_title", "WARD3")
    _press(dialog, "archive_own_keep")
    assert (page.known.own.title, page.known.own.address) == ("WARD3", "0.0.0.0")
    assert _text(page, "archive_receive_where").startswith("Off · WARD3, port ")


# sending


@pytest.fixture
def case_page(page: ArchiveScreen, window: Workstation) -> CasePage:
    window.leave_archive()
    assert window.page is not None
    return window.page


def _send_dialog(window: Workstation) -> SendDialog:
    window.actions_["send_archive"].trigger()
    return window.findChildren(SendDialog)[-1]


def test_results_of_a_case_are_sent_without_a_name(
    case_page: CasePage, window: Workstation, archive: SmallArchive, qtbot: QtBot
) -> None:
    dialog = _send_dialog(window)
    assert dialog.identity.title == "They go without name and number"
    assert "The image itself goes with them" in dialog.identity.words
    # the safe way out has the focus, and what the case lacks is not offered
    assert dialog.focusWidget() is _button(dialog, "send_archive_cancel")
    assert {row.key for row in dialog.kinds.rows if row.blocked} == {"sr", "pdf", "sc"}
    dialog.kinds.ticked.emit("stl", True)
    _press(dialog, "send_archive_send")
    qtbot.waitUntil(lambda: not window.jobs.active and bool(archive.taken), timeout=30000)
    kinds = {one.Modality for one in archive.taken}
    assert {"CT", "SEG", "M3D"} <= kinds
    assert {str(one.PatientName).rstrip("^") for one in archive.taken} == {"Anonymous"}
    assert "at Hospital" in window.strip.findChild(QLabel, "strip_text").text()  # type: ignore[union-attr]
    # the case knows what went where, by the archive's name and no address
    newest = trail(case_page.session.document)[-1]
    assert (newest.what, newest.text, newest.to) == ("sent", "results (SEG, STL)", "Hospital")


def test_a_sending_that_is_cut_off_is_told(
    case_page: CasePage, window: Workstation, archive: SmallArchive, qtbot: QtBot
) -> None:
    archive.slow_s = 0.3
    dialog = _send_dialog(window)
    _press(dialog, "send_archive_send")
    qtbot.waitUntil(lambda: bool(archive.taken), timeout=30000)
    (state,) = [one for one in window.jobs.active if one.job.key == "archive send"]
    assert state.job.of_case
    # as closing the case does
    window.jobs.cancel(state)
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=15000)
    told = window.strip.findChild(QLabel, "strip_text").text()  # type: ignore[union-attr]
    assert told.startswith("Sending to Hospital was stopped: a part may be there already")
    archive.slow_s = 0.0


def test_a_sending_that_is_stopped_before_anything_left_says_nothing(
    case_page: CasePage, window: Workstation, archive: SmallArchive, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    told: list[str] = []
    monkeypatch.setattr(window.strip, "say", lambda text, **_: told.append(text))
    dialog = _send_dialog(window)
    _press(dialog, "send_archive_send")
    (state,) = [one for one in window.jobs.active if one.job.key == "archive send"]
    window.jobs.cancel(state)
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=15000)
    assert told == []
    assert not archive.taken


def test_what_an_archive_refuses_is_told_by_what_it_is(
    case_page: CasePage, window: Workstation, archive: SmallArchive, qtbot: QtBot
) -> None:
    from pydicom.uid import SegmentationStorage

    archive.refused = (str(SegmentationStorage),)
    dialog = _send_dialog(window)
    dialog.commit.setChecked(True)
    _press(dialog, "send_archive_send")
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(DeliveryDialog)), timeout=30000)
    told = next(one for one in window.findChildren(DeliveryDialog) if one.isVisible())
    words = " ".join(label.text() for label in told.findChildren(QLabel))
    assert told.windowTitle() == "Not everything is at Hospital"
    assert "Structures as a segmentation (SEG)" in words
    assert "status C123" in words
    # commitment was asked for, and this archive does not offer it
    assert "does not offer storage commitment" in words


def test_a_name_that_was_kept_is_asked_about(
    case_page: CasePage, window: Workstation, archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = case_page.session
    monkeypatch.setattr(type(session.case), "identifiers_kept", True, raising=False)
    dialog = _send_dialog(window)
    assert dialog.identity.title == "The patient’s name and number go with them"

    def refuse() -> None:
        question = next(one for one in window.findChildren(QDialog, "confirm_dialog") if one.isVisible())
        assert "Send the patient’s name and number to Hospital?" in question.windowTitle()
        _press(question, "confirm_dialog_safe")

    QTimer.singleShot(50, refuse)
    _press(dialog, "send_archive_send")
    assert dialog.isVisible()
    assert not window.jobs.active
    assert not archive.taken


# its place in the window


def test_the_page_is_reached_by_key_palette_and_buttons(page: ArchiveScreen, window: Workstation, qtbot: QtBot) -> None:
    window.leave_archive()
    window.windowHandle().requestActivate()
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.place == "archive"
    # what is asked of an archive leaves this computer
    assert "Nothing leaves this computer" not in window.strip._idle
    entries = {entry.id: entry for entry in palette_entries(window)}
    assert entries["archive"].enabled
    for place in (window.start, window.browser):
        window.leave_archive()
        place.archive_asked.emit()
        assert window.place == "archive"
    assert not window.can_begin_anew


@pytest.mark.parametrize("percent", [100, 150])
def test_everything_says_what_it_is_and_fits(
    page: ArchiveScreen, window: Workstation, qtbot: QtBot, percent: int
) -> None:
    window.apply_settings(window.settings.model_copy(update={"text_scale_percent": percent}))
    window.resize(1280, 800)
    faults = set()
    try:
        _search(page, qtbot, "Beispiel", 1)
        page.area.tree.taken.emit()
        _fetched(page, qtbot)
        faults |= faults_of(page, "archive") | _cut(page)
        for ask in (page.edit_node, page.edit_own, window.send_to_archive):
            ask()
            dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
            faults |= faults_of(dialog, dialog.objectName()) | _cut(dialog)
            assert dialog.height() <= window.height()
            dialog.reject()
    finally:
        window.apply_settings(window.settings.model_copy(update={"text_scale_percent": 100}))
    assert sorted(faults) == []


def _cut(root: QWidget) -> set[str]:
    """Buttons and ticks whose words are wider than they are."""
    return {
        f"{one.objectName()}: {one.text()}"
        for one in root.findChildren(QAbstractButton)
        if one.isVisible() and one.text() and one.fontMetrics().horizontalAdvance(one.text()) > one.width()
    }
