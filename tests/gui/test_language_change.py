"""Another language holds at once: the window is made anew where the person was, and waits where something would be lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.dialogs.settings_dialog import NEXT_START, SettingsDialog
from app.i18n import language, use_language
from app.jobs import Job
from app.launch import make_application
from app.settings import Settings, load_settings
from app.window_holder import WindowHolder
from app.window_states import wait_settled
from planning.geometry import Grid
from planning.volume import Volume

pytestmark = pytest.mark.gui


@pytest.fixture
def holder(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowHolder]:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    settings = Settings(language="en")
    make_application(settings)
    made = WindowHolder(settings)
    made.window.is_attended = False
    made.window.resize(1280, 800)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.jobs.cancel_all()
    made.window.jobs.shutdown()
    made.window.close_case(show_start=False)
    made.window.close()
    use_language("en", QApplication.instance())  # type: ignore[arg-type]


def _choose_german(holder: WindowHolder, qtbot: QtBot) -> SettingsDialog:
    holder.window.actions_["settings"].trigger()
    qtbot.wait(20)
    sheet = holder.window.findChild(SettingsDialog)
    assert sheet is not None
    sheet.findChild(QAbstractButton, "settings_language_de").click()
    return sheet


def test_the_window_goes_on_in_german_where_it_was(holder: WindowHolder, qtbot: QtBot, tmp_path: Path) -> None:
    grid = Grid.from_parts((24, 22, 20), (2.0, 2.0, 2.0), (0.0, 0.0, 0.0))
    make_case(tmp_path / "case.theatrum", Volume(grid, np.zeros(grid.shape_kji, np.int16))).close()
    first = holder.window
    with qtbot.waitSignal(first.opened, timeout=20000):
        first.open_paths([tmp_path / "case.theatrum"])
    wait_settled(first)
    assert first.page is not None
    first.page.panel("print").go_to(1)  # type: ignore[attr-defined]
    first.page.session.view.set(cross_mm=(10.0, 12.0, 8.0), window=777.0)
    wait_settled(first)
    _choose_german(holder, qtbot)
    qtbot.waitUntil(lambda: holder.window is not first and holder.window.page is not None, timeout=20000)
    wait_settled(holder.window)
    page = holder.window.page
    assert page is not None
    assert language() == "de"
    assert load_settings().language == "de"
    assert page.session.path == tmp_path / "case.theatrum"
    assert not page.session.document.read_only
    assert page.module == "print"
    assert page.planner.where.current == 1  # type: ignore[union-attr]
    assert np.allclose(page.session.view.state.cross_mm, (10.0, 12.0, 8.0))
    assert page.session.view.state.window == 777.0
    assert "Einstellungen" in holder.window.actions_["settings"].toolTip()
    # the sheet is open again, so that a person goes on choosing
    sheet = holder.window.findChild(SettingsDialog)
    assert sheet is not None
    assert sheet.isVisible()
    sheet.reject()


def test_with_running_work_the_language_waits_and_says_so(holder: WindowHolder, qtbot: QtBot) -> None:
    first = holder.window

    def work(progress: object, cancel: object) -> None:
        while not cancel.is_set:  # type: ignore[attr-defined]
            time.sleep(0.01)

    first.jobs.submit(Job(key="long", title="A long work", work=work, done=lambda _: None))
    sheet = _choose_german(holder, qtbot)
    qtbot.wait(100)
    assert holder.window is first
    assert language() == "en"
    assert all(words in sheet._hint.text() for words in NEXT_START.values())
    assert first.settings.language == "de"
    sheet.reject()
    # what was stopped is not asked about, also before the window has heard that it ended
    first.jobs.cancel_all()
    assert first.jobs.active
    assert first.close()
