"""The archive's page and the dialogs of archives, pass-phrases, privacy and a case's history by keys alone: names, the way of
Tab and back, what Enter does, and that Esc leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from accessible import faults_of
from front_window import window_in_front
from liver_case import liver_document
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from tab_walk import focused, tab_walk, unreached

from app.archive.kept import forget_archive, keep_archive, known_archives
from app.archive.rows import study_row
from app.archive.screen import ArchiveScreen
from app.dialogs.case_history import CaseHistoryDialog
from app.dialogs.identity import COPY
from app.dialogs.message import Choice, ChoiceDialog, ConfirmDialog
from app.dialogs.passphrase import NewPassphraseDialog, PassphraseDialog
from app.dialogs.privacy import PrivacyDialog
from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation
from planning.pacs.node import Node
from planning.pacs.query import RETURNED

pytestmark = pytest.mark.gui
TAB, BACKTAB, RETURN, ESCAPE = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Escape)
PRIVACY_TICKS = [
    f"privacy_{key}"
    for key in (
        "dates_removed", "patient", "descriptors", "device", "institution", "uids", "structured", "graphics",
        "safe_private", "burned_in", "deface",
    )
]  # fmt: skip
FORM = ["archive_name", "archive_patient_id", "archive_accession", "archive_description", "archive_date", "archive_modality",
        "archive_search"]  # fmt: skip
RECEIVE = ["archive_only_known", "archive_own", "archive_receive"]
LIST = ["archive_edit", "archive_add", "archive_chooser"]


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("home")))
        path = tmp_path_factory.mktemp("case") / "liver.theatrum"
        liver_document(path).close()
        with window_in_front(is_attended=False) as made:
            made.open_paths([path], module="study")
            wait_until(lambda: made.session is not None, "opening", 60.0)
            wait_settled(made)
            yield made


def _history(window: Workstation) -> QDialog:
    dialog = CaseHistoryDialog(window.session, window)
    dialog.open()
    wait_until(lambda: not window.jobs.active, "reading the steps", 20.0)
    return dialog


def _privacy(window: Workstation) -> QDialog:
    return PrivacyDialog(lambda title: None, "2026a", window)


def _open_case(window: Workstation) -> QDialog:
    return PassphraseDialog("Case 1", lambda typed: None, window)


def _new(window: Workstation) -> QDialog:
    return NewPassphraseDialog("Encrypt this case", "Encrypt", can_keep=True, parent=window)


def _identity(window: Workstation) -> QDialog:
    question, reason, go_on = COPY
    return ConfirmDialog(question, reason, "Cancel", go_on, parent=window, harmless=True)


def _bring_back(window: Workstation) -> QDialog:
    return ChoiceDialog(
        "It is damaged", "", (Choice("bring_back", "Bring back", main=True),), safe="Close", parent=window
    )


def _add_archive(window: Workstation) -> QDialog:
    window.archives.screen.add_node()
    return window.findChildren(QDialog, "archive_node")[-1]


def _this_computer(window: Workstation) -> QDialog:
    window.archives.screen.edit_own()
    return window.findChildren(QDialog, "archive_own")[-1]


WALKS: dict[str, tuple[Callable[[Workstation], QDialog], list[str]]] = {
    "history": (
        _history,
        ["case_history_close", "case_history_search", "case_history_list", "case_history_copy"],
    ),
    "privacy": (_privacy, ["privacy_source", "privacy_options", *PRIVACY_TICKS, "privacy_cancel"]),
    "pass-phrase": (_open_case, ["passphrase_field", "passphrase_field_eye", "passphrase_cancel"]),
    "new pass-phrase": (
        _new,
        [
            "new_passphrase_first", "new_passphrase_first_eye", "new_passphrase_second", "new_passphrase_second_eye",
            "new_passphrase_keep", "new_passphrase_cancel",
        ],
    ),
    "identity": (_identity, ["confirm_dialog_safe", "confirm_dialog_danger"]),
    "bring back": (_bring_back, ["choice_dialog_safe", "choice_dialog_bring_back"]),
    "add archive": (
        _add_archive,
        [
            "archive_node_name", "archive_node_dicom", "archive_node_title", "archive_node_host", "archive_node_port",
            "archive_node_way", "archive_node_tls", "archive_node_test", "archive_node_cancel", "archive_node_keep",
        ],
    ),
    "this computer": (
        _this_computer,
        [
            "archive_own_title", "archive_own_port", "archive_own_place", "archive_own_tls", "archive_own_cancel",
            "archive_own_keep",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", WALKS)
def test_a_dialog_is_walked_through_and_left(window: Workstation, which: str) -> None:
    make, wanted = WALKS[which]
    before = focused()
    dialog = make(window)
    dialog.open()
    wait_until(dialog.isActiveWindow, "coming to the front", 10.0)
    answers: list[int] = []
    dialog.finished.connect(answers.append)
    assert faults_of(dialog, which) == set()
    walked = tab_walk(dialog)
    assert walked == wanted
    assert tab_walk(dialog, BACKTAB) == [wanted[0], *reversed(wanted[1:])]
    assert unreached(dialog, walked) == []
    QTest.keyClick(focused(), ESCAPE)
    turn(20)
    assert answers == [int(QDialog.DialogCode.Rejected)]
    assert focused() is before


@pytest.mark.parametrize(("which", "answer"), [("history", 1), ("identity", 0), ("bring back", 0)])
def test_enter_does_the_safe_thing_where_there_is_nothing_to_type(window: Workstation, which: str, answer: int) -> None:
    dialog = WALKS[which][0](window)
    dialog.open()
    wait_until(dialog.isActiveWindow, "coming to the front", 10.0)
    answers: list[int] = []
    dialog.finished.connect(answers.append)
    QTest.keyClick(focused(), RETURN)
    assert answers == [answer]


def test_enter_in_a_field_tries_the_pass_phrase_and_the_eye_is_a_key_away(window: Workstation) -> None:
    tried: list[str] = []
    dialog = PassphraseDialog("Case 1", tried.append, window)
    dialog.open()
    wait_until(dialog.isActiveWindow, "coming to the front", 10.0)
    field = focused()
    assert isinstance(field, QLineEdit)
    QTest.keyClick(field, RETURN)
    assert tried == []
    QTest.keyClicks(field, "blue horse")
    QTest.keyClick(field, TAB)
    eye = focused()
    assert (eye.objectName(), eye.accessibleName()) == ("passphrase_field_eye", "Show the pass-phrase")
    QTest.keyClick(eye, Qt.Key.Key_Space)
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    assert eye.accessibleName() == "Hide the pass-phrase"
    QTest.keyClick(eye, BACKTAB)
    QTest.keyClick(field, RETURN)
    assert tried == ["blue horse"]
    dialog.reject()


def test_enter_in_a_field_adds_the_archive_or_says_what_is_missing(window: Workstation) -> None:
    dialog = _add_archive(window)
    wait_until(dialog.isActiveWindow, "coming to the front", 10.0)
    QTest.keyClick(focused(), RETURN)
    assert dialog.isVisible()
    assert dialog.told.title == "A name is missing"  # type: ignore[attr-defined]
    for name, text in (("name", "Ward"), ("title", "WARD"), ("host", "127.0.0.1"), ("port", "104")):
        field = dialog.findChild(QLineEdit, f"archive_node_{name}")
        assert field is not None
        field.setFocus()
        QTest.keyClicks(field, text)
    QTest.keyClick(focused(), RETURN)
    assert [node.name for node in known_archives().nodes] == ["Ward"]
    forget_archive("Ward")


def _page(window: Workstation) -> ArchiveScreen:
    window.show_archive()
    turn(20)
    return window.archives.screen


def _begin_at(widget: QWidget) -> None:
    widget.setFocus()
    turn(1)


def test_the_page_of_archives_is_walked_through_and_left(window: Workstation) -> None:
    page = _page(window)
    # where a person begins has the keys, not the first button of the page
    assert focused().objectName() == "archive_add_first"
    assert faults_of(page, "no archive") == set()
    walked = tab_walk(page)
    assert walked == ["archive_add_first", "archive_back", *RECEIVE]
    assert unreached(page, walked) == []
    keep_archive(Node("Hospital", "127.0.0.1", 104, "A"))
    page.load()
    told = dict.fromkeys(RETURNED["STUDY"], "") | {"StudyInstanceUID": "1.2", "PatientName": "A"}
    page.area.show_studies("Hospital", [study_row(told)], 1)
    _begin_at(page.form.name)
    assert faults_of(page, "one archive") == set()
    walked = tab_walk(page)
    assert walked == [*FORM, *RECEIVE, "archive_results", "archive_more", "archive_main", "archive_back", *LIST]
    assert tab_walk(page, BACKTAB) == [walked[0], *reversed(walked[1:])]
    assert unreached(page, walked) == []
    for name in ("archive_name", "archive_results", "archive_main", "archive_back"):
        page = _page(window)
        _begin_at(page.findChild(QWidget, name))
        QTest.keyClick(focused(), ESCAPE)
        assert window.place == "case", name
