"""The window in German at 150 % text: what it says, by the walker that lists English words, and that nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from clips import clipped
from kidney_case import kidney_document
from liver_case import liver_document
from PySide6.QtCore import QRegularExpression
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from roots import make_tube
from spoken import english_words, painted_texts, still_english

from app.i18n import in_source, use_language
from app.launch import make_application
from app.panels.guide import GuidedPlanner
from app.sample_plans import VALVE
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import SetPlan
from planning.case.plans import liver_record, vessel_record
from planning.case.tavr_plans import tavr_record
from planning.geometry import Grid, Plane
from planning.liver.resection import AblationResection, PlaneResection, WedgeResection
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs
from planning.volume import Volume

pytestmark = pytest.mark.gui
PLACES = ("study", "segment", "print", "report", "heart", "liver", "kidney", "vessel")
# where the planned cases have something to say
PLANNED = {
    "heart": ("study", "heart", "print", "report"),
    "vessel": ("vessel",),
    "liver": ("study", "segment", "liver", "print", "report"),
    "kidney": ("kidney",),
}
TREES = {"portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}
BODY = {"weight_kg": 60.0}
PANEL_PX = 420


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


def test_places_of_an_empty_case_are_german(window: Workstation, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.opened, timeout=20000):
        window.open_paths([tmp_path / "case.theatrum"])
    wait_settled(window)
    assert _walk(window, PLACES) == []


def _planned(kind: str, path: Path) -> None:
    """A small case of this kind with its plans."""
    if kind == "heart":
        phantom = cardiac_phantom(root_only=True)
        with make_case(path, phantom.volume) as document:
            inputs = TavrInputs(hinges_mm=phantom.truth.hinges_mm, valve=VALVE)
            document.do(SetPlan(tavr_record(document, "tavr", inputs)))
    elif kind == "vessel":
        way = np.linspace(0.0, 60.0, 1200)
        curve = np.stack([0 * way, 0 * way, way], 1)
        with make_case(path, make_tube(curve, np.full(len(way), 3.5), spacing=0.8)) as document:
            document.do(SetPlan(vessel_record(document, "vessel", curve[60].tolist(), curve[-60].tolist())))
    elif kind == "liver":
        with liver_document(path) as document:
            half = [PlaneResection(Plane((-10.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))]
            document.do(SetPlan(liver_record(document, "A", half, **BODY, **TREES)))
            document.do(SetPlan(liver_record(document, "B", [WedgeResection(1, 5.0), WedgeResection(2, 5.0)], **TREES)))
            # two stages and an ablation: every row of the comparison has something to say
            zone = AblationResection(np.array((22.0, -8.0, -6.0)), np.array((22.0, -80.0, -6.0)), 16.0, 13.0)
            staged = [WedgeResection(1, 5.0), zone]
            document.do(SetPlan(liver_record(document, "C", staged, stages=(1, 2), height_cm=170.0, **BODY, **TREES)))
    else:
        kidney_document(path).close()


@pytest.mark.parametrize("kind", PLANNED)
def test_places_of_a_planned_case_are_german(window: Workstation, tmp_path: Path, qtbot: QtBot, kind: str) -> None:
    with in_source():
        _planned(kind, tmp_path / "fall.theatrum")
    with qtbot.waitSignal(window.opened, timeout=60000):
        window.open_paths([tmp_path / "fall.theatrum"])
    wait_settled(window)
    assert _walk(window, PLANNED[kind]) == []


def _walk(window: Workstation, places: Sequence[str]) -> list[str]:
    """What is English or cut in each step of each place."""
    assert window.page is not None
    found: dict[str, None] = {}
    for place in places:
        planner = window.page.panel(place)
        assert isinstance(planner, GuidedPlanner)
        for number in range(len(planner.steps)):
            with painted_texts() as painted:
                planner.go_to(number)
                if planner.where.current != number:
                    continue
                wait_settled(window)
                window.grab()
                # panes that share one place, as those of compared plans do here
                for tab in window.page.grid.findChildren(QPushButton, QRegularExpression("^tab_")):
                    tab.click()
                    wait_settled(window)
                    window.grab()
            said = [*(text for text, _ in still_english(window)), *(text for text in painted if english_words(text))]
            for fault in (*said, *clipped(window)):
                found.setdefault(f"{place} {number + 1}: {fault}")
            # long words make no panel wider than its column
            assert window.page.right.width() <= PANEL_PX
            assert window.width() == 1280
    print(*found, sep="\n")
    return list(found)
