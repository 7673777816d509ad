"""Every number of every plan's panel says in its tooltip what it is and whose definition that is; a click goes there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from guided_panel import LONG_MS
from kidney_case import kidney_document
from liver_case import close_session, liver_document, open_session
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from roots import make_tube
from tavr_results import full_results

from app.panels import definitions
from app.panels.cards import StateCard
from app.panels.definitions import Definition, definition_of, said_definition
from app.panels.guide import GuidedPlanner, Step
from app.panels.heart import HeartPanel
from app.panels.kidney import KidneyPanel
from app.panels.liver import LiverPanel
from app.panels.quantities import HeroNumber, NumberTable, TableRowButton
from app.panels.tavr.mitral_part import mitral_rows
from app.panels.vessel import VesselPanel
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.liver_asides import graft_asked, remnant_after_asked
from planning.case.plans import liver_record, vessel_record
from planning.case.tavr_plans import tavr_record
from planning.geometry import Plane
from planning.liver.resection import PlaneResection
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs

pytestmark = pytest.mark.gui
FAR_MM = (-400.0, -400.0, -400.0)


@contextmanager
def _shown(qtbot: QtBot, document: Document, kind: type[GuidedPlanner]) -> Iterator[GuidedPlanner]:
    session = open_session(document)
    made = kind(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 1400)
    made.show()
    made.entered()
    yield made
    close_session(session)


def _rests(qtbot: QtBot, panel: GuidedPlanner) -> None:
    work = panel.work
    timers = [getattr(work, name) for name in ("_settle", "_rest") if hasattr(work, name)]
    qtbot.waitUntil(
        lambda: not panel.session.jobs.active and not any(timer.isActive() for timer in timers), timeout=LONG_MS
    )


def _tables(step: Step) -> list[NumberTable]:
    return [step.body] if isinstance(step.body, NumberTable) else step.body.findChildren(NumberTable)


def _check_tips(step: Step) -> set[str]:
    """Every row, card and great number of the step is defined; the rows' keys."""
    found = set()
    for table in _tables(step):
        for button, row in zip(table.findChildren(TableRowButton), table.rows, strict=False):
            what = definition_of(table.defined, row.key)
            assert what is not None, f"{step.name}: {row.key} ({row.name})"
            assert what.source, f"{step.name}: {row.key}"
            assert what.words or row.reason, f"{step.name}: {row.key} says nowhere what it is"
            assert said_definition(what) in button.toolTip(), f"{step.name}: {row.key}: {button.toolTip()}"
            # a number of the image has its ±, or says that none is known
            assert what.known == ("No ± is known of it." not in button.toolTip()), row.key
            assert what.known or not row.plus_minus, row.key
            found.add(row.key)
    for card in step.body.findChildren(StateCard):
        assert card.isHidden() or "Source: " in card.toolTip(), card.objectName()
    if isinstance(step.hero, HeroNumber):
        assert "Source: " in step.hero.toolTip(), step.name
    return found


def _check_clicks(qtbot: QtBot, panel: GuidedPlanner, exempt: frozenset[str] = frozenset()) -> None:
    """A row that may be clicked moves the view, asks to fly, or puts the keyboard into a field."""
    view = panel.session.view
    for number in range(sum(len(table.rows) for table in _tables(panel.step))):
        rows = [(table, row) for table in _tables(panel.step) if not table.isHidden() for row in table.rows]
        if number >= len(rows):
            return
        table, row = rows[number]
        if not row.clickable or row.key in exempt:
            continue
        panel.frame.setFocus()
        view.set(cross_mm=FAR_MM)
        before, flown = view.state, []
        panel.fly_asked.connect(flown.append)
        steps = panel.session.document.journal_length
        button = next(one for one in table.findChildren(TableRowButton) if one.row.key == row.key)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        panel.fly_asked.disconnect(flown.append)
        typed = QApplication.focusWidget() is not button and QApplication.focusWidget() is not panel.frame
        is_changed = view.state != before or panel.session.document.journal_length != steps
        assert flown or is_changed or typed, f"{panel.step.name}: a click on {row.key} does nothing"
        _rests(qtbot, panel)


def _walk(qtbot: QtBot, panel: GuidedPlanner, exempt: frozenset[str] = frozenset()) -> set[str]:
    found = set()
    for number in range(len(panel.steps)):
        panel.go_to(number)
        assert panel.where.current == number, f"step {number} cannot be reached"
        _rests(qtbot, panel)
        found |= _check_tips(panel.step)
        _check_clicks(qtbot, panel, exempt)
    return found


def test_the_liver_says_what_each_number_is(qtbot: QtBot, tmp_path: Path) -> None:
    from datetime import date

    document = liver_document(tmp_path / "liver.theatrum")
    asides = {
        "graft": graft_asked(60.0),
        "remnant_after": remnant_after_asked(250.0, date(2026, 1, 1), date(2026, 2, 1)),
    }
    plane = Plane(np.array((-18.0, 0.0, 0.0)), np.array((1.0, 0.0, 0.0)))
    body = {"weight_kg": 70.0, "height_cm": 175.0, "portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}
    document.do(SetPlan(liver_record(document, "A", [PlaneResection(plane)], asides=asides, **body)))
    with _shown(qtbot, document, LiverPanel) as panel:
        _rests(qtbot, panel)
        # a landmark's row asks for its place
        found = _walk(qtbot, panel)
    assert {
        "voxel",
        "tree_portal",
        "tumor_1",
        "place",
        "removed",
        "sflr_vauthey",
        "congested",
        "graft",
        "measured",
    } <= found


def test_the_kidney_says_what_each_number_is(qtbot: QtBot, tmp_path: Path) -> None:
    with _shown(qtbot, kidney_document(tmp_path / "kidney.theatrum"), KidneyPanel) as panel:
        _rests(qtbot, panel)
        panel.go_to(3)
        panel.work.propose()
        _rests(qtbot, panel)
        panel.keep_plan()
        _rests(qtbot, panel)
        found = _walk(qtbot, panel)
    assert {"renal_R", "renal_L", "contact", "covered_1", "clamp_territory", "removed_ml", "ischaemic"} <= found


def test_a_vessel_says_what_each_number_is(qtbot: QtBot, tmp_path: Path) -> None:
    along = np.linspace(0, 1, 400)
    curve = np.stack([0 * along + 0.2, 0 * along - 0.1, 30 * along], 1)
    document = make_case(tmp_path / "vessel.theatrum", make_tube(curve, np.full(400, 3.5)))
    document.do(
        SetPlan(
            vessel_record(document, "vessel", curve[60].tolist(), curve[-60].tolist(), via_mm=[curve[200].tolist()])
        )
    )
    with _shown(qtbot, document, VesselPanel) as panel:
        found = _walk(qtbot, panel)
    assert {"vessel_start", "minimum", "length", "tortuosity", "here", "here_area", "main"} <= found


def test_a_valve_says_what_each_number_is(qtbot: QtBot, tmp_path: Path) -> None:
    phantom = cardiac_phantom(root_only=True)
    document = make_case(tmp_path / "heart.theatrum", phantom.volume)
    record = tavr_record(document, "tavr", TavrInputs(hinges_mm=phantom.truth.hinges_mm), parts=frozenset())
    # what this root does not have, beside what was measured of it
    full = full_results(record.results)
    results = {**full, **{key: value for key, value in record.results.items() if value}, "access": full["access"]}
    results["septum"] = full["septum"]
    # the crest of the septum lies at the wall
    edge = np.array(results["annulus"]["contour_mm"][0])
    results["septum"]["line_mm"] = [edge.tolist(), (edge - 5.0 * np.array(results["annulus"]["normal"])).tolist()]
    record = replace(record, results=results)
    document.do(SetPlan(record))
    with _shown(qtbot, document, HeartPanel) as panel:
        found = _walk(qtbot, panel)
    assert {"spacing", "hinge_ncc", "perimeter", "lvot", "sinus_ncc", "septum", "leaflet_ncc", "above_850"} <= found
    assert {"three_cusp", "limits", "vtc_left_mm"} <= found


def test_what_phantoms_do_not_have_is_defined_too() -> None:
    threshold = {"limit_mm2": 170.0, "state": "ok", "source": "Yoon", "text": ""}
    annulus = {"area_mm2": 900.0, "mean_diameter_mm": 34.0}
    phases = {
        "mean_mm2": 200.0,
        "rows": [{"label": "", "phase": 0, "area_mm2": 1.0, "uncertainty_mm2": 0.1, "reason": ""}],
    }
    found = {"lvot_mm2": 400.0, "left_percent": 50.0, "thresholds": [threshold], "annulus": annulus, "phases": phases}
    for row in mitral_rows(found, ("",)):
        assert definition_of(definitions.TAVR_VALVE, row.key) is not None, row.key


def test_every_definition_has_words_or_a_row_of_its_own_and_a_source() -> None:
    for name, table in vars(definitions).items():
        known = [table] if isinstance(table, Definition) else table.values() if isinstance(table, Mapping) else ()
        for one in known:
            if isinstance(one, Definition):
                assert one.source, name
