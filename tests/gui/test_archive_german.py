"""The archive's page in German at 150 % text: no English word, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import ct_series, free_port
from clips import clipped
from liver_case import liver_document
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from small_archive import small_archive
from spoken import still_english

from app.archive.kept import keep_archive, keep_own
from app.archive.send_dialog import DeliveryDialog, SendDialog
from app.archive.sending import Delivery, Refusal
from app.i18n import use_language
from app.launch import make_application
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.pacs.node import Node, Own

pytestmark = pytest.mark.gui
# what an archive holds and partners are called is nobody's language
DATA = ("US", "Abdomen", "ZWEI")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    german = Settings(language="de", text_scale_percent=150)
    make_application(german)
    made = Workstation(german)
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.archives.receiver.switch_off()
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()
    use_language("en", QApplication.instance())  # type: ignore[arg-type]
    make_application(Settings())


def test_all_of_the_archive_is_german_and_fits(window: Workstation, qtbot: QtBot, tmp_path: Path) -> None:
    found: dict[str, None] = {}

    def look(root: QWidget, place: str) -> None:
        qtbot.wait(30)
        said = [text for text, _ in still_english(root) if not any(word in text for word in DATA)]
        for fault in (*said, *clipped(root)):
            found.setdefault(f"{place}: {fault}")

    liver_document(tmp_path / "fall.theatrum").close()
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "fall.theatrum"])
    wait_settled(window)
    window.show_archive()
    page = window.archives.screen
    look(page, "empty")
    with small_archive(ct_series(tmp_path / "ct", 3)) as archive:
        keep_own(Own(port=free_port()))
        for title in ("ARCHIVE", "ZWEI"):
            keep_archive(Node("Klinik eins" if title == "ARCHIVE" else "Klinik ZWEI", "127.0.0.1", archive.port, title))
        page.load("Klinik ZWEI")
        look(page, "ready")
        page.search()
        qtbot.waitUntil(lambda: "AE-Titel" in page.area.words, timeout=10000)
        look(page, "refused")
        page.load("Klinik eins")
        page.form.date.setCurrentIndex(4)
        page.form.begin.setText("gestern")
        page.search()
        look(page, "no date")
        page.form.clear()
        page.search()
        qtbot.waitUntil(lambda: len(page.area.tree.rows()) == 1, timeout=10000)
        look(page, "found")
        page.area.tree.taken.emit()
        qtbot.waitUntil(lambda: page._fetching is None and page.fetch.isVisible(), timeout=10000)
        look(page, "fetched")
        page._switch(True)
        look(page, "receiving")
        page._switch(False)
        for name, ask in (
            ("edit", page.edit_node),
            ("own", page.edit_own),
            ("send", window.send_to_archive),
        ):
            ask()
            dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
            look(dialog, name)
            if not isinstance(dialog, SendDialog):
                dialog.tls.tick.setChecked(True)  # type: ignore[attr-defined]
                look(dialog, f"{name} secured")
            dialog.reject()
    refused = (Refusal("stl", "liver", "is not taken in its compression"), Refusal("image", "", "refuses it", 40))
    doubt = (
        "Klinik (127.0.0.1:1) does not offer storage commitment. Ask the archive's administrator, or use another way"
    )
    told = DeliveryDialog(Delivery("Klinik", 50, 9, 0, refused, None, doubt), window)
    told.open()
    look(told, "delivered")
    told.reject()
    print(*found, sep="\n")
    assert list(found) == []
