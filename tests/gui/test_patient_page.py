"""The page for the patient from the window: what is shown is in it, in the window's language, by a job."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app import files
from app.dialogs import identity
from app.i18n import tr, use_language
from app.launch import make_application
from app.settings import Settings
from app.workstation import Workstation
from planning.case.commands import SetIdentifiers
from planning.case.structure_commands import RenameStructure
from planning.geometry import Grid
from planning.volume import Mask, Volume

pytestmark = pytest.mark.gui

GRID = Grid.from_parts((48, 44, 40), (2.0, 2.0, 2.0), (0.0, 0.0, 0.0))


def _ball(i0: float, radius: float) -> Mask:
    k, j, i = np.indices(GRID.shape_kji)
    return Mask.from_full(GRID, (i - i0) ** 2 + (j - 22) ** 2 + (k - 20) ** 2 <= radius**2)


def _said(window: Workstation) -> str:
    found = window.strip.findChild(QLabel, "strip_text")
    assert found is not None
    return str(found.text())


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    path = tmp_path / "case.theatrum"
    with make_case(path, Volume(GRID, np.full(GRID.shape_kji, 60, np.int16))) as document:
        add_structures(document, {"liver": _ball(18, 14), "tumor_1": _ball(20, 4), "spleen": _ball(40, 5)})
    make_application(Settings())
    use_language("de")
    made = Workstation(Settings())
    made.is_attended = False
    made.show()
    qtbot.waitExposed(made)
    with qtbot.waitSignal(made.opened, timeout=60000):
        made.open_paths([path])
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()
    use_language("en")


def test_what_is_shown_becomes_a_page_in_the_windows_language(
    window: Workstation, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.html"
    monkeypatch.setattr(window.files, "choose_save", lambda *_: target)
    assert window.page is not None
    window.page.session.view.set(hidden=frozenset({"spleen"}))
    window.actions_["patient_page"].trigger()
    qtbot.waitUntil(target.exists, timeout=120_000)
    text = target.read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', text)[1])  # type: ignore[index]
    assert [part["label"] for part in data["parts"]] == ["Leber", "Geschwulst 1"]
    assert "Ihre Leber in 3D" in text
    assert text.count('<img alt="') == 4
    qtbot.waitUntil(lambda: "page.html" in _said(window), timeout=20_000)


def test_nothing_shown_is_told_and_asks_for_no_file(window: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.files, "choose_save", lambda *_: pytest.fail("asked for a file"))
    assert window.page is not None
    window.page.session.view.set(hidden=frozenset(window.page.session.case.structures))
    told: list[str] = []
    monkeypatch.setattr(window.strip, "say", lambda text, **_: told.append(text))
    window.actions_["patient_page"].trigger()
    assert told == [tr("Segment or show a structure first.")]


def test_names_that_leave_with_a_file_are_asked_about_before(
    window: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    offered: list[str] = []

    class Refusing(files.ConfirmDialog):
        def ask(self) -> bool:
            asked.append(self.accessibleName() or self.windowTitle())
            return False

    for module in (files, identity):
        monkeypatch.setattr(module, "ConfirmDialog", Refusing)
    monkeypatch.setattr(window.files, "choose_save", lambda title, *_: offered.append(title))
    assert window.page is not None
    session = window.page.session
    window.files.save_as()
    window.files.patient_page()
    assert (len(asked), len(offered)) == (0, 2), "nothing of a person's is in this case"
    session.do(SetIdentifiers({"name": "Somebody^Else"}))
    session.do(RenameStructure("spleen", "mrs_smiths_node"))
    window.files.save_as()
    window.files.patient_page()
    assert (len(asked), len(offered)) == (2, 2)
    window.page.session.view.set(hidden=frozenset({"mrs_smiths_node"}))
    window.files.patient_page()
    assert (len(asked), len(offered)) == (2, 3), "its name is not on a page that does not show it"
