"""The window in German: what it says, by the walker that lists English words; numbers with a comma; nothing clipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from spoken import english_words, still_english

from app.i18n import use_language
from app.launch import make_application
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.geometry import Grid
from planning.volume import Volume

pytestmark = pytest.mark.gui
# places whose words are all German but for names; the others are walked and their count is printed
GERMAN_PLACES = ("study", "segment", "print", "report")
OTHER_PLACES = ("heart", "liver", "kidney", "vessel")


def _volume() -> Volume:
    grid = Grid.from_parts((64, 60, 40), (1.5, 1.5, 2.0), (-48.0, -45.0, -40.0))
    return Volume(grid, np.random.default_rng(1).normal(0, 10, grid.shape_kji).astype(np.int16))


@pytest.fixture(scope="module")
def german() -> Iterator[Settings]:
    settings = Settings(language="de", text_scale_percent=150)
    make_application(settings)
    yield settings
    use_language("en", QApplication.instance())  # type: ignore[arg-type]
    make_application(Settings())


@pytest.fixture
def window(german: Settings, qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    make_case(tmp_path / "case.theatrum", _volume()).close()
    made = Workstation(german)
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.jobs.cancel_all()
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


def test_the_walker_tells_english_from_german() -> None:
    assert english_words("Open the folder with the scan") != []
    assert english_words("Ordner mit dem Scan öffnen") == []


def test_start_and_dialogs_are_german(window: Workstation, qtbot: QtBot) -> None:
    assert still_english(window) == []
    for action in ("shortcuts", "settings", "about"):
        window.actions_[action].trigger()
        qtbot.wait(20)
        sheet = QApplication.activeModalWidget() or QApplication.activeWindow()
        assert sheet is not None
        left = [text for text, _ in still_english(sheet)] if action != "about" else []
        assert left == [], action
        sheet.close()


def test_places_of_a_case_are_german(window: Workstation, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "case.theatrum"])
    wait_settled(window)
    assert window.page is not None
    left: dict[str, list[str]] = {}
    for place in (*GERMAN_PLACES, *OTHER_PLACES):
        window.page.show_module(place)
        wait_settled(window)
        left[place] = [text for text, _ in still_english(window)]
        print(f"{place}: {len(left[place])} English texts", *left[place], sep="\n    ")
        # long words make no panel wider than its column
        assert window.page.right.width() <= 420
        assert window.width() == 1280
    assert {place: left[place] for place in GERMAN_PLACES if left[place]} == {}
